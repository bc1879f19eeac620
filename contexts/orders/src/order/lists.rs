//! The list of orders: table, filters, views, export and API in one description (WO-05, 37, 38, 49).

use kernel::T;
use kit::{
    Sens,
    lists::{Col, Kind, ListSpec, Preset},
};
use ui::Tone;

use super::model::{CallbackClass, FixClass, Mode, Sla, State, Waiting, WarrantyClass};
use crate::perms::{ORDER_CREATE, ORDER_READ};

const GROUPS: &[(&str, T)] = pricing::api::Grouping::OPTIONS;
const CAUSES: &[(&str, T)] = warranty::api::Cause::OPTIONS;

/// The list.
pub fn orders() -> ListSpec {
    ListSpec {
        joins: &[("k", "join pub_work_kind k on k.code = o.kind")],
        org: "o.org_id",
        owner: Some("o.engineer_id"),
        shared: Some(super::store::HELPERS),
        columns: columns(),
        presets: presets(),
        start: Some("open"),
        search_kind: Some("order"),
        sort: ("created_at", true),
        row_href: "/orders/{id}",
        create: Some(("/orders/new", T("新建工单", "New order"), &ORDER_CREATE)),
        sheet: Some("orders"),
        shows: vec![
            (T("打印派工单", "Print dispatch sheets"), "printer", "/orders/sheets/dispatch", &ORDER_READ),
            (T("打印完工单", "Print completion sheets"), "printer", "/orders/sheets/completion", &ORDER_READ),
        ],
        ..ListSpec::new(
            "orders",
            T("服务工单", "Service orders"),
            "/orders",
            &ORDER_READ,
            "service_order o",
            "o",
        )
    }
}

fn columns() -> Vec<Col> {
    let mut columns = vec![
        Col::new("no", T("工单号", "Number"), "o.no", Kind::No).width(10),
        Col::new("state", T("状态", "State"), "o.state", Kind::State(State::OPTIONS)).sortable().width(7),
        Col::new("due", T("时限", "Deadline"), "nullif(o.next_due_at, 7258118399999999)", Kind::Due)
            .span("o.next_due_total")
            .width(8),
        Col::new("priority", T("优先级", "Priority"), "o.priority", Kind::Priority).width(4),
        Col::new("customer", T("客户", "Customer"), "o.customer_name", Kind::Text).width(7),
        Col::new("model", T("机型", "Model"), "o.model_name", Kind::Text).sortable().width(8),
        Col::new("serial", T("序列号", "Serial"), "o.serial", Kind::Text).hidden(),
        // What is wrong takes the room that is left.
        Col::new("symptom", T("故障现象", "Fault"), "o.symptom", Kind::Text),
        Col::new("kind_name", T("工种", "Kind of work"), "k.name", Kind::Text)
            .english("coalesce(nullif(k.name_en, ''), k.name)")
            .hidden(),
        Col::new("mode", T("方式", "Mode"), "o.mode", Kind::Code(Mode::OPTIONS)).sortable().hidden(),
        Col::new("engineer", T("工程师", "Engineer"), "o.engineer_name", Kind::Person).width(6),
        Col::new("appointment_from", T("预约", "Appointment"), "o.appoint_from", Kind::Time).width(7),
        Col::new("created_at", T("受理时间", "Opened"), "o.created_at", Kind::Time).sortable().width(7),
        Col::new("warranty", T("保修", "Warranty"), "o.warranty", Kind::Code(WarrantyClass::OPTIONS))
            .badge(warranty_tone)
            .hidden(),
        Col::new("payable", T("应收", "Payable"), "o.payable", Kind::Money).hidden(),
        Col::new("sla", T("时限状态", "Deadline state"), "o.sla", Kind::Code(Sla::OPTIONS))
            .badge(sla_tone)
            .hidden(),
    ];
    columns.extend(more());
    columns
}

fn more() -> Vec<Col> {
    vec![
        Col::new("kind", T("工种代码", "Kind code"), "o.kind", Kind::Text).sortable().hidden(),
        Col::new("group", T("工种分组", "Group of kinds"), "k.grouping", Kind::Code(GROUPS)).hidden(),
        Col::new("waiting", T("等待原因", "Waits for"), "o.waiting", Kind::Code(Waiting::OPTIONS)).hidden(),
        Col::new("urgent", T("加急", "Urgent"), "o.urgent", Kind::Bool).hidden(),
        Col::new("open", T("未结束", "Open"), "o.open", Kind::Bool).hidden(),
        Col::new("contact", T("联系人", "Contact"), "o.contact", Kind::Text).hidden(),
        Col::new("phone", T("电话", "Phone"), "o.phone", Kind::Text).sensitive(Sens::Phone).hidden(),
        Col::new("address", T("地址", "Address"), "o.address", Kind::Text).sensitive(Sens::Address).hidden(),
        Col::new("region", T("区域", "Area"), "o.region", Kind::Text).hidden(),
        Col::new("source", T("来源", "Source"), "o.source", Kind::Text).hidden(),
        Col::new("external_no", T("外部单号", "External no."), "o.external_no", Kind::Text).hidden(),
        Col::new("missing", T("缺少信息", "Missing data"), "o.missing", Kind::Text).hidden(),
        Col::new(
            "dispatch_verified_at",
            T("与调度核实时间", "Verified with dispatcher at"),
            "o.dispatch_verified_at",
            Kind::Time,
        )
        .hidden(),
        Col::new(
            "dispatch_verified_by",
            T("与调度核实人", "Verified with dispatcher by"),
            "o.dispatch_verified_by",
            Kind::Text,
        )
        .hidden(),
        Col::new(
            "customer_verified_at",
            T("与客户核实时间", "Verified with customer at"),
            "o.customer_verified_at",
            Kind::Time,
        )
        .hidden(),
        Col::new(
            "customer_verified_by",
            T("与客户核实人", "Verified with customer by"),
            "o.customer_verified_by",
            Kind::Text,
        )
        .hidden(),
        Col::new("level", T("维修级别", "Level"), "o.level", Kind::Int).hidden(),
        Col::new("level_org", T("升级到", "Raised to"), "o.level_org_name", Kind::Text).hidden(),
        Col::new("level_org_id", T("升级到（标识）", "Raised to (id)"), "o.level_org_id", Kind::Id).hidden(),
        Col::new("hard", T("疑难", "Hard"), "o.hard", Kind::Bool).hidden(),
        Col::new("progress_at", T("最后进展", "Last progress"), "o.progress_at", Kind::Time).hidden(),
        Col::new("repeat_round", T("重复维修", "Repeat"), "o.repeat_round", Kind::Int).hidden(),
        Col::new("reworks", T("返工次数", "Reworks"), "o.reworks", Kind::Int).hidden(),
        Col::new("fix_class", T("修复评定", "Fix class"), "o.fix_class", Kind::Code(FixClass::OPTIONS))
            .hidden(),
        Col::new("cause", T("原因归属", "Cause"), "o.cause", Kind::Code(CAUSES)).hidden(),
        Col::new(
            "callback_class",
            T("回访结果", "Callback"),
            "o.callback_class",
            Kind::Code(CallbackClass::OPTIONS),
        )
        .hidden(),
        Col::new("score", T("评分", "Score"), "o.score", Kind::Int).hidden(),
        Col::new("callback_at", T("回访时间", "Called back at"), "o.callback_at", Kind::Time).hidden(),
        Col::new("failed_fixes", T("未修好次数", "Times not repaired"), "o.failed_fixes", Kind::Int).hidden(),
        Col::new("root_cause", T("根本原因", "Root cause"), "o.root_cause", Kind::Text).hidden(),
        Col::new("result", T("处理结果", "Work done"), "o.result", Kind::Text).hidden(),
        Col::new("assistance", T("协助情况", "Assistance"), "o.assistance", Kind::Text).hidden(),
        Col::new("signed", T("客户已签字", "Signed"), "o.signed", Kind::Bool).hidden(),
        Col::new("gross", T("总额", "Gross"), "o.gross", Kind::Money).hidden(),
        Col::new("accepted_at", T("接单时间", "Accepted"), "o.accepted_at", Kind::Time).hidden(),
        Col::new("scheduled_at", T("派工时间", "Assigned"), "o.scheduled_at", Kind::Time).hidden(),
        Col::new("departed_at", T("出发时间", "Set out"), "o.departed_at", Kind::Time).hidden(),
        Col::new("arrived_at", T("到达时间", "Arrived"), "o.arrived_at", Kind::Time).hidden(),
        Col::new("started_at", T("开工时间", "Started"), "o.started_at", Kind::Time).hidden(),
        Col::new("done_at", T("完工时间", "Done"), "o.done_at", Kind::Time).hidden(),
        Col::new("confirmed_at", T("确认时间", "Confirmed"), "o.confirmed_at", Kind::Time).hidden(),
        Col::new("sheet_returned_at", T("返单时间", "Sheet returned"), "o.sheet_returned_at", Kind::Time)
            .hidden(),
        Col::new("quote_total", T("报价", "Quoted"), "o.quote_total", Kind::Money).hidden(),
        Col::new("quoted_at", T("报价时间", "Quoted at"), "o.quoted_at", Kind::Time).hidden(),
        Col::new("consent_total", T("同意金额", "Agreed up to"), "o.consent_total", Kind::Money).hidden(),
        Col::new("consent_at", T("同意时间", "Agreed at"), "o.consent_at", Kind::Time).hidden(),
        Col::new("deduction", T("审核扣款", "Deduction"), "o.deduction", Kind::Money).hidden(),
        Col::new("audit_note", T("审核意见", "Audit note"), "o.audit_note", Kind::Text).hidden(),
        Col::new("audited_at", T("审核时间", "Audited"), "o.audited_at", Kind::Time).hidden(),
        Col::new("closed_at", T("关闭时间", "Closed"), "o.closed_at", Kind::Time).hidden(),
        Col::new("pickup_on", T("取件日期", "Pick-up day"), "o.pickup_on", Kind::Date).hidden(),
        Col::new("late", T("曾超时节点", "Late at"), "o.late", Kind::Text).hidden(),
        Col::new("stale", T("停滞", "Stuck"), "o.stale", Kind::Bool).hidden(),
        Col::new("due_order", T("到期先后", "By deadline"), "o.next_due_at", Kind::Time).sortable().hidden(),
        Col::new("customer_id", T("客户标识", "Customer id"), "o.customer_id", Kind::Id).hidden(),
        Col::new("unit_id", T("设备标识", "Unit id"), "o.unit_id", Kind::Id).hidden(),
        Col::new("model_id", T("机型标识", "Model id"), "o.model_id", Kind::Id).hidden(),
        // What fault rates count: repairs that were not called off (REP-03).
        Col::new("fault", T("故障维修", "Fault"), "(k.repair and o.state <> 'cancelled')", Kind::Bool)
            .hidden(),
        Col::new("engineer_id", T("工程师标识", "Engineer id"), "o.engineer_id", Kind::Id).hidden(),
        Col::new("request_id", T("请求标识", "Request id"), "o.request_id", Kind::Id).hidden(),
        Col::new("org_id", T("组织标识", "Organisation id"), "o.org_id", Kind::Id).hidden(),
    ]
}

fn warranty_tone(code: &str) -> Tone {
    match code {
        "in" => Tone::Green,
        "claim" => Tone::Violet,
        _ => Tone::Neutral,
    }
}

fn sla_tone(code: &str) -> Tone {
    match code {
        "over" => Tone::Red,
        "warn" => Tone::Amber,
        "paused" => Tone::Neutral,
        _ => Tone::Green,
    }
}

fn presets() -> Vec<Preset> {
    let preset = |key, label, filter, hot| Preset { key, label, filter, hot };
    vec![
        preset("open", T("处理中", "Open"), "open~eq~true", false),
        preset("mine", T("我负责的", "Mine"), "open~eq~true;engineer_id~eq~{me}", false),
        preset("dispatch", T("待派工", "To assign"), "state~in~new,accepted,reopened", false),
        preset("risk", T("SLA 风险", "At risk"), "open~eq~true;sla~in~warn,over", true),
        preset("parts", T("等待备件", "Waiting for parts"), "state~eq~waiting;waiting~eq~parts", false),
        preset("confirm", T("待确认", "To confirm"), "state~eq~done", false),
        preset("audit", T("待回访/待审核", "To call back, to audit"), "state~eq~confirmed", false),
        preset("week", T("近 7 天完工", "Done in 7 days"), "done_at~last~7", false),
        preset("stale", T("停滞", "Stuck"), "open~eq~true;stale~eq~true", true),
        preset("raised", T("已升级", "Raised"), "open~eq~true;level~gte~2", true),
        preset("pickup", T("取件超期", "Pick-up overdue"), "open~eq~true;late~has~orders.pickup!", true),
        preset("unpaid", T("未结算", "Not settled"), "state~in~done,confirmed;payable~gte~0.01", false),
    ]
}
