//! The list of requests.

use kernel::T;
use kit::{
    Sens,
    lists::{Col, Kind, ListSpec, Preset},
};
use ui::Tone;

use super::model::{Advice, Channel, Class, State};
use crate::perms::{REQUEST_READ, REQUEST_WRITE};

fn class_tone(code: &str) -> Tone {
    if code == "special" { Tone::Violet } else { Tone::Neutral }
}

/// Requests.
pub fn list() -> ListSpec {
    ListSpec {
        joins: &[
            ("t", "left join topic t on t.code = r.topic"),
            ("tc", "left join topic_content tc on tc.code = r.content"),
        ],
        org: "r.org_id",
        owner: Some("r.handler_id"),
        search_kind: Some("request"),
        start: Some("waiting"),
        sort: ("created_at", true),
        row_href: "/requests/{id}",
        create: Some(("/intake", T("受理", "New"), &REQUEST_WRITE)),
        columns: columns(),
        presets: vec![
            Preset {
                key: "waiting",
                label: T("待我方处理", "Waiting for us"),
                filter: "waiting~eq~true",
                hot: false,
            },
            // Clicked and never completed (CALL-03).
            Preset { key: "draft", label: T("登记中", "Drafts"), filter: "state~in~draft", hot: false },
            Preset {
                key: "today",
                label: T("今天", "Last 24 hours"),
                filter: "created_at~last~1",
                hot: false,
            },
            Preset {
                key: "phone",
                label: T("电话解决", "Solved by phone"),
                filter: "state~in~solved_by_phone",
                hot: false,
            },
            Preset {
                key: "visit",
                label: T("须上门", "Visit due"),
                filter: "advice~in~refused,failed;order_no~empty;state~nin~closed",
                hot: true,
            },
            Preset { key: "late", label: T("已超时", "Overdue"), filter: "overdue~eq~true", hot: true },
            Preset {
                key: "special",
                label: T("特殊请求", "Special"),
                filter: "class~in~special;state~nin~closed",
                hot: false,
            },
        ],
        ..ListSpec::new(
            "requests",
            T("服务请求", "Service requests"),
            "/requests",
            &REQUEST_READ,
            "service_request r",
            "r",
        )
    }
}

fn columns() -> Vec<Col> {
    vec![
        Col::new("no", T("编号", "No."), "r.no", Kind::No).width(10),
        Col::new("state", T("状态", "State"), "r.state", Kind::State(State::OPTIONS)),
        Col::new("topic_name", T("主题", "Topic"), "r.topic_name", Kind::Text)
            .english("coalesce(nullif(t.name_en, ''), r.topic_name)")
            .width(6),
        Col::new("content_name", T("内容", "Content"), "r.content_name", Kind::Text)
            .english("coalesce(nullif(tc.name_en, ''), r.content_name)")
            .hidden(),
        Col::new("customer_name", T("客户", "Customer"), "r.customer_name", Kind::Text).width(9),
        Col::new("caller_phone", T("电话", "Phone"), "r.caller_phone", Kind::Text)
            .sensitive(Sens::Phone)
            .hidden(),
        Col::new("channel", T("渠道", "Channel"), "r.channel", Kind::Code(Channel::OPTIONS)).hidden(),
        Col::new("model_name", T("型号", "Model"), "r.model_name", Kind::Text).hidden(),
        Col::new("text", T("描述", "Words"), "r.text", Kind::Text),
        Col::new("promised_at", T("承诺答复", "Answer until"), "r.promised_at", Kind::Due)
            .span("r.promised_at - r.created_at")
            .width(9),
        Col::new("handler", T("受理人", "Handled by"), "r.handler_name", Kind::Person),
        Col::new("order_no", T("工单", "Order"), "r.order_no", Kind::Text).width(9),
        Col::new("created_at", T("登记时间", "Taken at"), "r.created_at", Kind::Time).sortable().width(8),
        Col::new("next_due_at", T("下个时限", "Next deadline"), "r.next_due_at", Kind::Time)
            .sortable()
            .hidden(),
        Col::new("class", T("分类", "Class"), "r.class", Kind::Code(Class::OPTIONS))
            .badge(class_tone)
            .hidden(),
        Col::new("caller_name", T("来电人", "Caller"), "r.caller_name", Kind::Text).hidden(),
        Col::new("serial", T("序列号", "Serial"), "r.serial", Kind::Text).hidden(),
        Col::new("address", T("地址", "Address"), "r.address", Kind::Text).sensitive(Sens::Address).hidden(),
        Col::new("urgent", T("加急", "Urgent"), "r.urgent", Kind::Bool).hidden(),
        Col::new("first_time", T("首次", "First contact"), "r.first_time", Kind::Bool).hidden(),
        Col::new("missing", T("缺少信息", "Missing"), "r.missing", Kind::Text).hidden(),
        Col::new("waiting", T("等待我们", "Waits for us"), "r.waiting", Kind::Bool).hidden(),
        Col::new("overdue", T("已超时", "Overdue"), "r.overdue", Kind::Bool).hidden(),
        Col::new("answer", T("答复", "Answer"), "r.answer", Kind::Text).hidden(),
        Col::new("advice", T("电话指导", "Advice on the phone"), "r.advice", Kind::Code(Advice::OPTIONS))
            .hidden(),
        Col::new("answered_at", T("答复时间", "Answered at"), "r.answered_at", Kind::Time).hidden(),
        Col::new("estimate_low", T("报价下限", "Price from"), "r.estimate_low", Kind::Money).hidden(),
        Col::new("estimate_high", T("报价上限", "Price to"), "r.estimate_high", Kind::Money).hidden(),
        Col::new("topic", T("主题代码", "Topic code"), "r.topic", Kind::Text).hidden(),
        Col::new("customer_id", T("客户编号", "Customer"), "r.customer_id", Kind::Id).hidden(),
        Col::new("unit_id", T("设备编号", "Unit"), "r.unit_id", Kind::Id).hidden(),
        Col::new("handler_id", T("受理人标识", "Handler's id"), "r.handler_id", Kind::Id).hidden(),
        Col::new("org_id", T("组织标识", "Organisation's id"), "r.org_id", Kind::Id).hidden(),
    ]
}
