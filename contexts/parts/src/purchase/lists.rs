//! The list of purchase requisitions.

use kernel::T;
use kit::lists::{Col, Kind, ListSpec, Preset};

use super::model::PurchaseState;
use crate::perms::{PURCHASE_WRITE, STOCK_READ};

fn tone(code: &str) -> ui::Tone {
    match code {
        "draft" => ui::Tone::Amber,
        "ordered" => ui::Tone::Blue,
        "received" => ui::Tone::Green,
        _ => ui::Tone::Neutral,
    }
}

/// Requisitions: what is to be ordered, what is to come.
pub fn purchases() -> ListSpec {
    ListSpec {
        joins: &[
            ("p", "join part p on p.id = c.part_id"),
            ("d", "join depot d on d.id = c.depot_id"),
            ("s", "left join pub_staff s on s.id = c.staff_id"),
        ],
        org: "c.org_id",
        columns: vec![
            Col::new("no", T("采购单号", "Number"), "c.no", Kind::No).width(11),
            Col::new("state", T("状态", "State"), "c.state", Kind::Code(PurchaseState::OPTIONS))
                .badge(tone)
                .width(6),
            Col::new("code", T("编码", "Code"), "p.code", Kind::Text).width(9),
            Col::new("name", T("名称", "Name"), "p.name", Kind::Text),
            Col::new("quantity", T("数量", "Quantity"), "c.quantity", Kind::Qty).width(6),
            Col::new("received", T("已到", "Received"), "c.received", Kind::Qty).width(6),
            Col::new("depot", T("仓库", "Depot"), "d.name", Kind::Text).width(9),
            Col::new("supplier", T("供应商", "Supplier"), "c.supplier", Kind::Text).width(9),
            Col::new("expected_on", T("预计到货", "Expected"), "c.expected_on", Kind::Date).width(7),
            Col::new("wanted_on", T("需要日期", "Needed on"), "c.wanted_on", Kind::Date).hidden(),
            Col::new("source_no", T("来源单号", "For"), "c.source_no", Kind::Text).hidden(),
            Col::new("person", T("申请人", "Asked by"), "s.name", Kind::Person).hidden(),
            Col::new("created_at", T("时间", "When"), "c.created_at", Kind::Time).hidden(),
            Col::new("part_id", T("配件", "Part id"), "c.part_id", Kind::Id).hidden(),
            Col::new("depot_id", T("仓库标识", "Depot id"), "c.depot_id", Kind::Id).hidden(),
        ],
        presets: vec![
            Preset { key: "draft", label: T("待订购", "To order"), filter: "state~eq~draft", hot: true },
            Preset {
                key: "ordered", label: T("待到货", "To come"), filter: "state~eq~ordered", hot: false
            },
            Preset {
                key: "late",
                label: T("逾期未到", "Overdue"),
                filter: "state~eq~ordered;expected_on~lte~{today}",
                hot: true,
            },
        ],
        row_href: "/purchases/{id}",
        create: Some(("/purchases/new", T("申请采购", "Ask to buy"), &PURCHASE_WRITE)),
        ..ListSpec::new("purchases", T("采购申请", "Purchases"), "/purchases", &STOCK_READ, "purchase c", "c")
    }
}
