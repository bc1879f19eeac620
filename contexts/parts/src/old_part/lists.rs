//! 旧件监控: who owes which old parts (PARTS-51).

use kernel::T;
use kit::lists::{Col, Kind, ListSpec, Preset};

use super::model::{DebtState, DebtorKind};
use crate::perms::OLD_PART_READ;

/// Old parts owed, returned, charged.
pub fn old_parts() -> ListSpec {
    ListSpec {
        joins: &[("p", "join part p on p.id = o.part_id")],
        org: "o.org_id",
        owner: Some("o.owner_id"),
        columns: vec![
            Col::new("no", T("编号", "No."), "o.no", Kind::No).width(11),
            Col::new("part", T("编码", "Code"), "p.code", Kind::Text).width(8),
            Col::new("name", T("名称", "Name"), "p.name", Kind::Text),
            Col::new(
                "debtor_kind",
                T("责任方类别", "Debtor kind"),
                "o.debtor_kind",
                Kind::Code(DebtorKind::OPTIONS),
            )
            .width(7),
            Col::new("debtor", T("责任方", "Owed by"), "o.debtor_name", Kind::Text).width(8),
            Col::new("doc", T("单据", "Document"), "o.doc_no", Kind::Text).width(10),
            Col::new("quantity", T("应退", "Due back"), "o.quantity", Kind::Qty).width(5),
            Col::new("returned", T("已收", "Received"), "o.returned", Kind::Qty).hidden(),
            Col::new(
                "open",
                T("欠退", "Still owed"),
                "(o.quantity - o.returned - o.charged - o.waived)",
                Kind::Qty,
            )
            .width(5),
            Col::new("charged", T("扣款数", "Charged"), "o.charged", Kind::Qty).hidden(),
            Col::new("charge", T("扣款金额", "Charge"), "o.charge", Kind::Money).hidden(),
            Col::new("due", T("期限", "Due"), "o.due", Kind::Date).width(7),
            Col::new("state", T("状态", "State"), "o.state", Kind::Code(DebtState::OPTIONS))
                .badge(|state| match state {
                    "owed" => ui::Tone::Orange,
                    "settled" => ui::Tone::Green,
                    "charged" => ui::Tone::Red,
                    _ => ui::Tone::Neutral,
                })
                .width(6),
            Col::new("created_at", T("时间", "When"), "o.created_at", Kind::Time).hidden(),
            Col::new("part_id", T("配件", "Part id"), "o.part_id", Kind::Id).hidden(),
            Col::new("debtor_id", T("责任方标识", "Debtor id"), "o.debtor_id", Kind::Id).hidden(),
        ],
        presets: vec![
            Preset { key: "owed", label: T("欠退", "Owed"), filter: "state~eq~owed", hot: true },
            Preset {
                key: "charged", label: T("已扣款", "Charged"), filter: "state~eq~charged", hot: false
            },
        ],
        row_href: "/old-parts/{id}",
        ..ListSpec::new(
            "old_parts",
            T("旧件监控", "Old parts"),
            "/old-parts",
            &OLD_PART_READ,
            "old_part_debt o",
            "o",
        )
    }
}
