//! The list of signed checks.

use kernel::T;
use kit::lists::{Col, Kind, ListSpec, Preset};

use super::model::Stage;
use crate::perms::SHOP_READ;

/// Signed checks, newest first.
pub fn sheets() -> ListSpec {
    ListSpec {
        joins: &[
            ("u", "join shop_unit u on u.id = s.shop_unit_id"),
            ("o", "join pub_order o on o.id = s.order_id"),
        ],
        org: "s.org_id",
        columns: vec![
            Col::new("no", T("接修单", "Receiving slip"), "u.no", Kind::No).width(11),
            Col::new("stage", T("环节", "Stage"), "s.stage", Kind::Code(Stage::OPTIONS)).width(8),
            Col::new("passed", T("合格", "Passed"), "s.passed", Kind::Bool).width(5),
            Col::new("faults", T("不合格项", "Failed points"), "s.faults", Kind::Int).width(6),
            Col::new("round", T("轮次", "Round"), "s.round", Kind::Int).hidden(),
            Col::new("signed_name", T("签字人", "Signed by"), "s.signed_name", Kind::Person).width(8),
            Col::new("signed_at", T("签字时间", "Signed"), "s.signed_at", Kind::Time).sortable().width(9),
            Col::new("model", T("机型", "Model"), "o.model_name", Kind::Text),
            Col::new("engineer", T("维修人", "Repaired by"), "o.engineer_name", Kind::Person).width(8),
            Col::new("order_no", T("工单", "Order"), "o.no", Kind::Text).width(11),
            Col::new("note", T("返工要求", "To be done again"), "s.note", Kind::Text).hidden(),
            Col::new("advice", T("维修建议", "Advice"), "s.advice", Kind::Text).hidden(),
            Col::new("template", T("模板", "List"), "s.template", Kind::Text).hidden(),
            Col::new("revision", T("版本", "Revision"), "s.revision", Kind::Int).hidden(),
            Col::new("shop_unit_id", T("在修机器标识", "Unit id"), "s.shop_unit_id", Kind::Id).hidden(),
        ],
        presets: vec![
            Preset { key: "failed", label: T("不合格", "Failed"), filter: "passed~eq~false", hot: true },
            Preset {
                key: "final_failed",
                label: T("终检不合格", "Failed final inspection"),
                filter: "passed~eq~false;stage~in~final",
                hot: true,
            },
            Preset {
                key: "week",
                label: T("最近 7 天", "Last 7 days"),
                filter: "signed_at~last~7",
                hot: false,
            },
        ],
        sort: ("signed_at", true),
        row_href: "/check-sheets/{id}",
        ..ListSpec::new(
            "check_sheets",
            T("检验记录", "Checks"),
            "/check-sheets",
            &SHOP_READ,
            "check_sheet s",
            "s",
        )
    }
}
