//! The list of issue slips.

use kernel::T;
use kit::lists::{Col, Kind, ListSpec, Preset};

use super::model::SlipState;
use crate::{
    perms::{STOCK_ISSUE, STOCK_READ},
    stock::model::IssueKind,
};

/// Issue slips and customers' reservations (PARTS-32, 35).
pub fn issue_slips() -> ListSpec {
    ListSpec {
        joins: &[
            ("d", "join depot d on d.id = s.depot_id"),
            ("p", "left join pub_staff p on p.id = s.staff_id"),
        ],
        org: "s.org_id",
        owner: Some("s.holder_id"),
        columns: vec![
            Col::new("no", T("单号", "No."), "s.no", Kind::No).width(11),
            Col::new("kind", T("类别", "Kind"), "s.kind", Kind::Code(IssueKind::OPTIONS))
                .badge(|_| ui::Tone::Blue)
                .width(8),
            Col::new("depot", T("仓库", "Depot"), "d.name", Kind::Text).width(9),
            Col::new("recipient", T("领用方", "For"), "s.recipient", Kind::Text),
            Col::new("voucher", T("领料票据", "Voucher"), "s.voucher", Kind::Text).width(8),
            Col::new("person", T("经手人", "By"), "p.name", Kind::Person).width(7),
            Col::new("state", T("状态", "State"), "s.state", Kind::Code(SlipState::OPTIONS))
                .badge(|state| match state {
                    "reserved" => ui::Tone::Amber,
                    "issued" => ui::Tone::Green,
                    _ => ui::Tone::Neutral,
                })
                .width(7),
            Col::new("created_at", T("时间", "When"), "s.created_at", Kind::Time).width(8),
            Col::new("depot_id", T("仓库标识", "Depot id"), "s.depot_id", Kind::Id).hidden(),
        ],
        presets: vec![
            Preset {
                key: "reserved",
                label: T("已预约", "Reserved"),
                filter: "state~eq~reserved",
                hot: false,
            },
            Preset { key: "sales", label: T("销售", "Sales"), filter: "kind~eq~sale", hot: false },
        ],
        search_kind: Some("issue_slip"),
        row_href: "/issue-slips/{id}",
        create: Some(("/issue-slips/new", T("出库/预约", "Issue or reserve"), &STOCK_ISSUE)),
        ..ListSpec::new(
            "issue_slips",
            T("出库单", "Issue slips"),
            "/issue-slips",
            &STOCK_READ,
            "issue_slip s",
            "s",
        )
    }
}
