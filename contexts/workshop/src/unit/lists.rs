//! The bench list (维修机器管理, SHOP-11…13, SHOP-44) and what customers were told.

use kernel::T;
use kit::{
    Sens,
    lists::{Col, Kind, ListSpec, Preset},
};
use orders::api::WarrantyClass;
use ui::Tone;

use super::model::{BenchState, PlaceKind, WhyBack};
use crate::{
    notice::model::{Channel, NoticeKind},
    perms::{SHOP_READ, SHOP_RECEIVE},
};

/// The same as [`BenchState::of`]; a test compares the two.
const STATE: &str = "case when u.left_at is not null then 'gone'
    when o.state in ('done', 'confirmed', 'audited', 'closed') then 'ready'
    when o.state in ('terminated', 'returned_unrepaired', 'cancelled') then 'give_back'
    when o.state = 'waiting' and o.waiting = 'parts' then 'parts'
    when o.state = 'waiting' and o.waiting = 'hard' then 'hard'
    when o.state = 'waiting' and o.waiting = 'factory' then 'maker'
    when o.state = 'waiting' then 'waiting'
    when o.state = 'in_progress' then 'repairing' else 'to_repair' end";

/// SHOP-12: every part the order wants is held for it or issued.
const PARTS: &str = "case when u.left_at is not null or o.state in ('done', 'confirmed', 'audited', 'closed',
        'terminated', 'returned_unrepaired', 'cancelled') then null
    when not exists (select 1 from pub_order_line l where l.order_id = u.order_id and l.kind = 'part' and l.stock <> 'returned') then null
    when exists (select 1 from pub_order_line l where l.order_id = u.order_id and l.kind = 'part' and l.stock = 'planned') then 'missing'
    else 'here' end";

const PARTS_CODES: &[(&str, T)] = &[("here", T("已到齐", "All here")), ("missing", T("缺件", "Missing"))];

fn state_tone(code: &str) -> Tone {
    match code {
        "to_repair" => Tone::Blue,
        "repairing" => Tone::Cyan,
        "parts" | "waiting" | "maker" => Tone::Amber,
        "hard" => Tone::Red,
        "ready" => Tone::Green,
        "give_back" => Tone::Orange,
        _ => Tone::Neutral,
    }
}

fn parts_tone(code: &str) -> Tone {
    if code == "here" { Tone::Green } else { Tone::Red }
}

/// Units in the house, longest first.
pub fn bench() -> ListSpec {
    ListSpec {
        joins: &[
            ("o", "join pub_order o on o.id = u.order_id"),
            ("c", "join pub_customer c on c.id = u.customer_id"),
        ],
        org: "u.org_id",
        columns: columns(),
        presets: presets(),
        search_kind: Some("shop_unit"),
        sort: ("received_at", true),
        row_href: "/workshop/units/{id}",
        create: Some(("/workshop/receive", T("收机", "Receive a unit"), &SHOP_RECEIVE)),
        ..ListSpec::new(
            "workshop",
            T("在修机器", "Units in the workshop"),
            "/workshop",
            &SHOP_READ,
            "shop_unit u",
            "u",
        )
    }
}

fn columns() -> Vec<Col> {
    vec![
        Col::new("no", T("接修单号", "Slip"), "u.no", Kind::No).width(11),
        Col::new("state", T("状态", "State"), STATE, Kind::Code(BenchState::OPTIONS))
            .badge(state_tone)
            .width(6),
        Col::new("parts", T("零件", "Parts"), PARTS, Kind::Code(PARTS_CODES)).badge(parts_tone).width(5),
        Col::new("model", T("机型", "Model"), "o.model_name", Kind::Text),
        Col::new("customer", T("客户", "Customer"), "c.name", Kind::Text),
        Col::new("symptom", T("故障", "Fault"), "o.symptom", Kind::Text),
        Col::new("engineer", T("维修人员", "Repair person"), "o.engineer_name", Kind::Person).width(7),
        Col::new("place_kind", T("位置", "Kept at"), "u.place_kind", Kind::Code(PlaceKind::OPTIONS)).hidden(),
        Col::new("place", T("具体位置", "Place"), "u.place", Kind::Text).width(7),
        Col::new("days", T("在店天数", "Days here"), "u.days", Kind::Int).sortable().width(5),
        Col::new("pickup_on", T("约定取机", "Promised"), "o.pickup_on", Kind::Date).width(7),
        Col::new("notices", T("通知次数", "Notices"), "u.notices", Kind::Int).hidden(),
        Col::new("received_at", T("收机时间", "Received"), "u.received_at", Kind::Time).sortable().hidden(),
        Col::new("placed_at", T("放置时间", "Put there"), "u.placed_at", Kind::Time).hidden(),
        Col::new("serial", T("序列号", "Serial"), "o.serial", Kind::Text).hidden(),
        Col::new("box_no", T("存物箱", "Box"), "u.box_no", Kind::Text).hidden(),
        Col::new("phone", T("电话", "Phone"), "o.phone", Kind::Text).sensitive(Sens::Phone).hidden(),
        Col::new("order_no", T("工单", "Order"), "u.order_no", Kind::Text).hidden(),
        Col::new("warranty", T("保修", "Warranty"), "o.warranty", Kind::Code(WarrantyClass::OPTIONS))
            .hidden(),
        Col::new("urgent", T("加急", "Urgent"), "o.urgent", Kind::Bool).hidden(),
        Col::new("late", T("曾超时节点", "Late at"), "o.late", Kind::Text).hidden(),
        Col::new(
            "last_notice",
            T("最近通知", "Last notice"),
            "u.last_notice",
            Kind::Code(NoticeKind::OPTIONS),
        )
        .hidden(),
        Col::new("noticed_at", T("通知时间", "Told"), "u.noticed_at", Kind::Time).hidden(),
        Col::new("chases", T("催取次数", "Chases"), "u.chases", Kind::Int).hidden(),
        Col::new("ready_at", T("可取时间", "Ready"), "u.ready_at", Kind::Time).hidden(),
        Col::new("why_back", T("未修原因", "Why unrepaired"), "u.why_back", Kind::Code(WhyBack::OPTIONS))
            .hidden(),
        Col::new("left_at", T("取机时间", "Picked up"), "u.left_at", Kind::Time).hidden(),
        Col::new("taker", T("取机人", "Picked up by"), "u.taker", Kind::Text).hidden(),
        Col::new("payable", T("应收", "Receivable"), "o.payable", Kind::Money).hidden(),
        Col::new("received", T("实收", "Received"), "u.received", Kind::Money).hidden(),
        Col::new("settled", T("已结清", "Settled"), "u.settled", Kind::Bool).hidden(),
        Col::new("check_round", T("检验轮次", "Check round"), "u.check_round", Kind::Int).hidden(),
        Col::new("engineer_id", T("维修人员标识", "Repair person id"), "o.engineer_id", Kind::Id).hidden(),
        Col::new("order_id", T("工单标识", "Order id"), "u.order_id", Kind::Id).hidden(),
    ]
}

fn presets() -> Vec<Preset> {
    let preset = |key, label, filter, hot| Preset { key, label, filter, hot };
    vec![
        preset("here", T("在店", "In the house"), "left_at~empty~", false),
        preset("mine", T("我的", "Mine"), "left_at~empty~;engineer_id~eq~{me}", false),
        preset("to_repair", T("待修", "To repair"), "left_at~empty~;state~in~to_repair", false),
        preset("repairing", T("修理中", "Being repaired"), "left_at~empty~;state~in~repairing", false),
        preset("parts", T("待件", "Waits for parts"), "left_at~empty~;state~in~parts", false),
        preset("parts_here", T("零件到齐", "Parts all here"), "left_at~empty~;parts~in~here", false),
        preset("hard", T("难修", "Hard repair"), "left_at~empty~;state~in~hard", false),
        preset("maker", T("返厂", "At the maker"), "left_at~empty~;state~in~maker", false),
        preset("ready", T("待取", "To be picked up"), "left_at~empty~;state~in~ready,give_back", false),
        preset("uncollected", T("超期未取", "Not picked up"), "left_at~empty~;chases~gte~1", true),
        preset(
            "pickup_over",
            T("取件日期已过", "Pick-up day passed"),
            "left_at~empty~;late~has~orders.pickup!",
            true,
        ),
        preset("unsettled", T("未结清", "Not settled"), "left_at~filled~;settled~eq~false", true),
        preset("gone", T("已取", "Picked up"), "left_at~filled~", false),
    ]
}

/// What customers were told, newest first (SHOP-24).
pub fn notices() -> ListSpec {
    ListSpec {
        joins: &[
            ("u", "join shop_unit u on u.id = n.shop_unit_id"),
            ("o", "join pub_order o on o.id = u.order_id"),
        ],
        org: "n.org_id",
        columns: vec![
            Col::new("at", T("通知时间", "Told"), "n.at", Kind::Time).sortable().width(9),
            Col::new("kind", T("通知", "Notice"), "n.kind", Kind::Code(NoticeKind::OPTIONS)).width(8),
            Col::new("nth", T("第几次", "Number"), "n.nth", Kind::Int).width(5),
            Col::new("channel", T("方式", "How"), "n.channel", Kind::Code(Channel::OPTIONS)).width(6),
            Col::new("reached", T("通知到", "Reached"), "n.reached", Kind::Bool).width(5),
            Col::new("slip", T("接修单", "Slip"), "u.no", Kind::Text).width(11),
            Col::new("customer", T("客户", "Customer"), "o.customer_name", Kind::Text),
            Col::new("model", T("机型", "Model"), "o.model_name", Kind::Text).hidden(),
            Col::new("text", T("内容", "Words"), "n.text", Kind::Text),
            Col::new("answer", T("客户答复", "Answer"), "n.answer", Kind::Text),
            Col::new("staff", T("通知人", "By"), "n.staff_name", Kind::Person).width(7),
            Col::new("shop_unit_id", T("在修机器标识", "Unit id"), "n.shop_unit_id", Kind::Id).hidden(),
        ],
        presets: vec![
            Preset { key: "week", label: T("最近 7 天", "Last 7 days"), filter: "at~last~7", hot: false },
            Preset {
                key: "missed",
                label: T("未通知到", "Not reached"),
                filter: "reached~eq~false",
                hot: true,
            },
        ],
        sort: ("at", true),
        row_href: "/shop-notices/{id}",
        ..ListSpec::new(
            "shop_notices",
            T("客户通知", "Notices to customers"),
            "/shop-notices",
            &SHOP_READ,
            "shop_notice n",
            "n",
        )
    }
}
