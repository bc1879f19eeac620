//! The list of receipts.

use kernel::T;
use kit::lists::{Col, Kind, ListSpec, Preset};

use super::model::{ReceiptKind, ReceiptState};
use crate::perms::{STOCK_READ, STOCK_RECEIVE};

/// Receipts.
pub fn receipts() -> ListSpec {
    ListSpec {
        joins: &[
            ("d", "join depot d on d.id = r.depot_id"),
            ("s", "left join pub_staff s on s.id = r.staff_id"),
        ],
        org: "r.org_id",
        columns: vec![
            Col::new("no", T("入库单号", "Receipt no."), "r.no", Kind::No).width(11),
            Col::new("kind", T("类别", "Kind"), "r.kind", Kind::Code(ReceiptKind::OPTIONS))
                .badge(|_| ui::Tone::Blue)
                .width(8),
            Col::new("depot", T("仓库", "Depot"), "d.name", Kind::Text).width(9),
            Col::new("supplier", T("来源", "From"), "r.supplier", Kind::Text),
            Col::new("source_no", T("来源单号", "Their number"), "r.source_no", Kind::Text).width(9),
            Col::new("person", T("经手人", "By"), "s.name", Kind::Person).width(7),
            Col::new("state", T("状态", "State"), "r.state", Kind::Code(ReceiptState::OPTIONS)).width(6),
            Col::new("created_at", T("时间", "When"), "r.created_at", Kind::Time).width(8),
            Col::new("depot_id", T("仓库标识", "Depot id"), "r.depot_id", Kind::Id).hidden(),
        ],
        presets: vec![
            Preset {
                key: "week",
                label: T("近 7 天", "Last 7 days"),
                filter: "created_at~last~7",
                hot: false,
            },
            Preset {
                key: "reversed",
                label: T("已冲销", "Reversed"),
                filter: "state~eq~reversed",
                hot: false,
            },
        ],
        search_kind: Some("receipt"),
        row_href: "/receipts/{id}",
        create: Some(("/receipts/new", T("入库", "Receive"), &STOCK_RECEIVE)),
        ..ListSpec::new("receipts", T("入库单", "Receipts"), "/receipts", &STOCK_READ, "receipt r", "r")
    }
}
