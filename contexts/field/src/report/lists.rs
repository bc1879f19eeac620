//! The office's list of reports from the field.

use kernel::T;
use kit::lists::{Col, Kind, ListSpec, Preset};

use super::model::ReportKind;
use crate::perms::REPORT_READ;

fn tone(code: &str) -> ui::Tone {
    match code {
        "alarm" => ui::Tone::Red,
        "demand" | "damage" => ui::Tone::Orange,
        "delay" => ui::Tone::Amber,
        _ => ui::Tone::Neutral,
    }
}

/// Newest first.
pub fn reports() -> ListSpec {
    ListSpec {
        joins: &[("o", "join pub_order o on o.id = r.order_id")],
        org: "r.org_id",
        owner: Some("r.staff_id"),
        columns: vec![
            Col::new("at", T("时间", "When"), "r.at", Kind::Time).sortable().width(8),
            Col::new("kind", T("类型", "Kind"), "r.kind", Kind::Code(ReportKind::OPTIONS))
                .badge(tone)
                .width(8),
            Col::new("order_no", T("工单", "Order"), "r.order_no", Kind::Text).width(11),
            Col::new("customer", T("客户", "Customer"), "o.customer_name", Kind::Text),
            Col::new("staff", T("工程师", "Engineer"), "r.staff_name", Kind::Person).width(8),
            Col::new("note", T("情况", "What happened"), "r.note", Kind::Text),
            Col::new("code", T("代码", "Code"), "r.code", Kind::Text).hidden(),
            Col::new("order_id", T("工单 ID", "Order id"), "r.order_id", Kind::Id).hidden(),
        ],
        presets: vec![
            Preset {
                key: "urgent",
                label: T("求助与退换", "Alarms and demands"),
                filter: "kind~in~alarm,demand,damage",
                hot: true,
            },
            Preset { key: "delays", label: T("延误", "Delays"), filter: "kind~in~delay", hot: false },
            Preset {
                key: "attempts",
                label: T("联系不上", "Attempts"),
                filter: "kind~in~attempt",
                hot: false,
            },
        ],
        sort: ("at", true),
        ..ListSpec::new(
            "field-reports",
            T("现场上报", "Field reports"),
            "/field-reports",
            &REPORT_READ,
            "visit_report r",
            "r",
        )
    }
}
