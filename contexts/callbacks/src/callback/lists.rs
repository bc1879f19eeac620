//! The list of callbacks.

use kernel::T;
use kit::{
    Sens,
    lists::{Col, Kind, ListSpec, Preset},
};

use super::model::{CallbackKind, CallbackState, ResultClass};
use crate::perms::CALLBACK_READ;

fn tone(class: &str) -> ui::Tone {
    if class == "satisfied" { ui::Tone::Green } else { ui::Tone::Red }
}

fn state_tone(state: &str) -> ui::Tone {
    match state {
        "planned" => ui::Tone::Amber,
        "done" => ui::Tone::Green,
        _ => ui::Tone::Neutral,
    }
}

/// Callbacks, soonest first.
pub fn callbacks() -> ListSpec {
    ListSpec {
        joins: &[
            ("c", "join pub_customer c on c.id = b.customer_id"),
            ("s", "left join pub_staff s on s.id = b.clerk_id"),
        ],
        org: "b.org_id",
        columns: vec![
            Col::new("no", T("回访单号", "Callback"), "b.no", Kind::No).width(11),
            Col::new("state", T("状态", "State"), "b.state", Kind::Code(CallbackState::OPTIONS))
                .badge(state_tone)
                .width(7),
            Col::new("planned_at", T("应回访时间", "To be called"), "b.planned_at", Kind::Time)
                .sortable()
                .width(8),
            Col::new("customer", T("客户", "Customer"), "c.name", Kind::Text),
            Col::new("phone", T("电话", "Phone"), "c.phone", Kind::Text).sensitive(Sens::Phone).width(9),
            Col::new("order_no", T("工单", "Order"), "b.order_no", Kind::Text).width(11),
            Col::new("kind", T("类型", "Kind"), "b.kind", Kind::Code(CallbackKind::OPTIONS)).width(8),
            Col::new("class", T("结果", "Result"), "b.class", Kind::Code(ResultClass::OPTIONS))
                .badge(tone)
                .hidden(),
            Col::new("quality", T("维修质量", "Quality"), "b.quality", Kind::Int).hidden(),
            Col::new("attitude", T("服务态度", "Attitude"), "b.attitude", Kind::Int).hidden(),
            Col::new("attempts", T("未接次数", "Tries"), "b.attempts", Kind::Int).width(6),
            Col::new("clerk", T("回访员", "Clerk"), "s.name", Kind::Person).width(7),
            Col::new("called_at", T("回访时间", "Called"), "b.called_at", Kind::Time).hidden(),
            Col::new("demand", T("客户诉求", "Demand"), "b.demand", Kind::Text).hidden(),
            Col::new("created_at", T("生成时间", "Created"), "b.created_at", Kind::Time).hidden(),
            Col::new("order_id", T("工单 ID", "Order id"), "b.order_id", Kind::Id).hidden(),
            Col::new("clerk_id", T("回访员 ID", "Clerk's id"), "b.clerk_id", Kind::Id).hidden(),
            Col::new("org_id", T("组织 ID", "Organisation's id"), "b.org_id", Kind::Id).hidden(),
        ],
        presets: vec![
            Preset {
                key: "due",
                label: T("今日应回访", "Due today"),
                filter: "state~in~planned;planned_at~lte~{today}",
                hot: false,
            },
            Preset { key: "open", label: T("待回访", "To call"), filter: "state~in~planned", hot: false },
            Preset {
                key: "unhappy",
                label: T("不满意", "Unhappy"),
                filter: "class~nin~satisfied;class~filled~",
                hot: true,
            },
            Preset { key: "done", label: T("已回访", "Called"), filter: "state~in~done", hot: false },
        ],
        start: Some("due"),
        sort: ("planned_at", false),
        row_href: "/callbacks/{id}",
        ..ListSpec::new("callbacks", T("回访", "Callbacks"), "/callbacks", &CALLBACK_READ, "callback b", "b")
    }
}
