//! Register of calls and letters (CALL-20), and the answer to "who is calling?" for telephone systems (CALL-02).

pub mod model;
mod pages;
mod rest;
pub mod service;
pub(crate) mod store;
mod views;

use kernel::T;
use kit::{
    Access::Perm,
    Routes,
    lists::{Col, Kind, ListSpec, Preset},
};

use crate::perms::{CALL_READ, CALL_WRITE};
use model::{CallAnswer, Direction, Medium, NewCall, Outcome};

/// Pages and API.
pub fn routes() -> Routes {
    Routes::new()
        .page("/calls/new", Perm(&CALL_WRITE), pages::new)
        .page("/customers/{id}/calls", Perm(&CALL_READ), pages::of_customer)
        .form("/calls", Perm(&CALL_WRITE), pages::create)
        .api_post::<NewCall, CallAnswer, _, _>(
            "/calls",
            Perm(&CALL_WRITE),
            T("登记来去电并返回来电人资料（弹屏）", "Register a call; answers who it is (screen pop)"),
            rest::create,
        )
}

/// The register as a list.
pub fn list() -> ListSpec {
    ListSpec {
        joins: &[],
        org: "l.org_id",
        owner: Some("l.staff_id"),
        sort: ("at", true),
        create: Some(("/calls/new", T("登记", "Register"), &CALL_WRITE)),
        columns: vec![
            Col::new("at", T("时间", "Time"), "l.at", Kind::Time).sortable().width(8),
            Col::new("medium", T("类别", "Kind"), "l.medium", Kind::Code(Medium::OPTIONS)).hidden(),
            Col::new("direction", T("方向", "Direction"), "l.direction", Kind::Code(Direction::OPTIONS))
                .width(5),
            Col::new("outcome", T("结果", "Outcome"), "l.outcome", Kind::Code(Outcome::OPTIONS)).width(6),
            Col::new("party", T("对方", "Party"), "l.party", Kind::Text).width(10),
            Col::new("phone", T("号码", "Number"), "l.phone", Kind::Text)
                .sensitive(kit::Sens::Phone)
                .width(9),
            Col::new("staff", T("经手人", "Handled by"), "l.staff_name", Kind::Person),
            Col::new("to_return", T("待回拨", "To call back"), "l.to_return", Kind::Bool),
            Col::new("ring_seconds", T("应答秒数", "Rang (s)"), "l.ring_seconds", Kind::Int)
                .nullable()
                .hidden(),
            Col::new("rings", T("响铃声数", "Rings"), "l.rings", Kind::Int).nullable().hidden(),
            Col::new("line", T("被叫号码", "Called line"), "l.line", Kind::Text).hidden(),
            Col::new("extension", T("分机", "Extension"), "l.extension", Kind::Text).hidden(),
            Col::new("seconds", T("时长（秒）", "Seconds"), "l.seconds", Kind::Int).width(5),
            Col::new("request", T("请求", "Request"), "l.request_no", Kind::Text).hidden(),
            Col::new("order", T("工单", "Order"), "l.order_no", Kind::Text).width(9),
            Col::new("note", T("摘要", "Note"), "l.note", Kind::Text),
            Col::new("customer_id", T("客户编号", "Customer"), "l.customer_id", Kind::Id).hidden(),
            Col::new("staff_id", T("经手人编号", "Staff"), "l.staff_id", Kind::Id).hidden(),
        ],
        presets: vec![
            Preset { key: "mine", label: T("我的", "Mine"), filter: "staff_id~eq~{me}", hot: false },
            Preset {
                key: "missed", label: T("未接", "Missed"), filter: "outcome~in~missed,busy", hot: true
            },
            Preset {
                key: "to_return",
                label: T("待回拨", "To call back"),
                filter: "to_return~eq~true",
                hot: true,
            },
            Preset {
                key: "letters",
                label: T("信函", "Letters"),
                filter: "medium~in~notice,invitation,reply",
                hot: false,
            },
        ],
        ..ListSpec::new(
            "calls",
            T("电话与信函登记", "Calls and letters"),
            "/calls",
            &CALL_READ,
            "call_log l",
            "l",
        )
    }
}
