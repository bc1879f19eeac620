//! The order's own page: head, stepper, tabs (DESIGN §9).

use kernel::{Id, T, Ts};
use kit::{Cx, flow::Move, format, timers::Timer};
use maud::{Markup, html};
use ui::{Btn, Def, Detail, MenuItem, SlaKind, Step, StepState, Tab, Tone};

use super::{
    job::VERIFIED,
    model::{
        CallbackClass, FixClass, OrderRow, OrderStep, OrderUnit, Share, VerifyWith, Waiting, WarrantyClass,
    },
    rules,
};
use pricing::api::WorkKind;

use crate::{
    flow::{FLOW, State},
    line::model::LineRow,
    perms::ORDER_REVEAL,
};

/// Everything the page shows.
pub struct OrderPage {
    pub row: OrderRow,
    pub kind: Option<WorkKind>,
    pub units: Vec<OrderUnit>,
    pub lines: Vec<LineRow>,
    pub steps: Vec<OrderStep>,
    pub timers: Vec<Timer>,
    /// The run of its process, where it works by one.
    pub run: Option<documents::api::RunBrief>,
    pub engineers: Vec<(Share, String)>,
    pub files: i64,
    /// The workshop has its say before the next move.
    pub held_in_shop: bool,
    pub tab: Tab1,
    pub body: Markup,
    pub side: Markup,
}

/// Tabs of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tab1 {
    #[default]
    Overview,
    Work,
    Lines,
    Files,
    Clocks,
    History,
}

impl Tab1 {
    const ALL: [(Self, &'static str, T); 6] = [
        (Self::Overview, "overview", T("概况", "Overview")),
        (Self::Work, "work", T("作业记录", "Work")),
        (Self::Lines, "lines", T("备件与费用", "Parts and fees")),
        (Self::Files, "files", T("照片与附件", "Photos and files")),
        (Self::Clocks, "clocks", T("时限", "Deadlines")),
        (Self::History, "history", T("变更记录", "Changes")),
    ];
}

/// Seconds since the epoch, for chips.
pub fn secs(at: Ts) -> i64 {
    at.0.div_euclid(1_000_000)
}

/// State badge; a waiting order says what for.
pub fn state_badge(cx: &Cx, row: &OrderRow) -> Markup {
    let label = match Waiting::parse(&row.waiting) {
        Some(reason) if row.state == State::Waiting => cx.t(reason.label()),
        _ => cx.t(row.state.label()),
    };
    ui::st(row.state.look(), label)
}

/// The running deadline, paused, or none.
pub fn sla_chip(cx: &Cx, row: &OrderRow) -> Markup {
    if row.state == State::Waiting {
        return ui::sla(&ui::Sla::new(SlaKind::Paused, cx.t(T("计时暂停", "Clock paused"))));
    }
    if row.next_due_at >= super::model::NO_DUE {
        return html! {};
    }
    ui::sla(
        &ui::Sla::running(cx.lang, secs(cx.now()), secs(row.next_due_at), row.next_due_total / 1_000_000)
            .big(),
    )
}

/// Warranty class as a tag.
pub fn warranty_tag(cx: &Cx, class: WarrantyClass) -> Markup {
    let tone = match class {
        WarrantyClass::In => Tone::Green,
        WarrantyClass::Claim => Tone::Violet,
        WarrantyClass::Out => Tone::Neutral,
    };
    ui::tag(tone, cx.t(class.label()))
}

/// The page.
pub fn order_page(cx: &Cx, page: &OrderPage) -> Markup {
    let row = &page.row;
    let crumbs = [
        (cx.t(T("服务工单", "Service orders")), Some("/orders")),
        (cx.t(row.state.label()), None),
        (row.no.as_str(), None),
    ];
    let title = if row.symptom.is_empty() {
        cx.mask(kit::Sens::Name, &row.customer_name)
    } else {
        super::clocks::short(&row.symptom, 60)
    };
    let body = html! { (alerts(cx, page)) (page.body) };
    let detail = Detail {
        meta: meta(cx, page),
        actions: actions(cx, page),
        steps: stepper(cx, row),
        tabs: tabs(cx, page),
        side: Some(page.side.clone()),
        ..Detail::new(&crumbs, &title, body)
    };
    ui::detail_view(cx.lang, &detail)
}

fn meta(cx: &Cx, page: &OrderPage) -> Markup {
    let row = &page.row;
    let kind = page.kind.as_ref().map_or(row.kind.as_str(), |k| k.label(cx.lang));
    html! {
        (state_badge(cx, row))
        (sla_chip(cx, row))
        (ui::pri_text(cx.lang, u8::try_from(row.priority).unwrap_or(2)))
        (ui::tag(Tone::Neutral, format!("{} · {kind}", cx.t(row.mode.label()))))
        (warranty_tag(cx, row.warranty))
        @if row.urgent { (ui::tag(Tone::Red, cx.t(T("加急", "Urgent")))) }
        @if row.reworks > 0 { (ui::tag(Tone::Orange, T("返工 {n}", "Rework {n}").fill(cx.lang, &[("n", row.reworks.to_string())]))) }
        @if row.level > 1 { (ui::tag(Tone::Violet, crate::level::rules::words(row.level, &row.level_org_name).get(cx.lang))) }
        @if row.hard { (ui::tag(Tone::Orange, cx.t(T("疑难", "Hard")))) }
        @if matches!(row.fix_class, FixClass::NotOnce | FixClass::NotRepeatedly) { (ui::tag(Tone::Red, cx.t(row.fix_class.label()))) }
    }
}

fn move_icon(action: &str) -> &'static str {
    match action {
        "accept" => "circle-check",
        "assign" => "user-check",
        "depart" => "truck",
        "arrive" => "map-pin",
        "start" | "resume" => "player-play",
        "wait" => "player-pause",
        "complete" => "clipboard-check",
        "confirm" => "writing-sign",
        "audit" => "shield-check",
        "close" => "lock",
        "reopen" => "arrow-back-up",
        "quote" => "receipt",
        "consent" => "thumb-up",
        "escalate" => "arrow-up",
        "limit" => "calendar-time",
        "loaner" => "refresh",
        "verify" => "checks",
        "cancel" | "terminate" => "x",
        "return" => "package-export",
        _ => "edit",
    }
}

/// The move that most likely comes next, by state.
pub const fn next_action(state: State) -> &'static str {
    match state {
        State::New => "accept",
        State::Accepted | State::Reopened => "assign",
        State::Scheduled => "arrive",
        State::InProgress => "complete",
        State::Waiting => "resume",
        State::Done => "confirm",
        State::Confirmed => "audit",
        _ => "close",
    }
}

/// One main button, the second most likely beside it, everything else in a menu; only what is allowed now.
fn actions(cx: &Cx, page: &OrderPage) -> Markup {
    let row = &page.row;
    let mut seen = Vec::new();
    let allowed: Vec<&'static Move> = FLOW
        .allowed(cx, row.state.as_str())
        .filter(|m| !matches!(m.action, "edit" | "lines"))
        .filter(|m| m.action != "verify" || row.unverified())
        .filter(|m| m.action != "cancel" || rules::may_cancel(row))
        .filter(|m| {
            let new = !seen.contains(&m.action);
            seen.push(m.action);
            new
        })
        .collect();
    let url = |m: &Move| match m.action {
        "assign" => format!("/orders/{}/assign", row.id),
        action => format!("/orders/{}/ask/{action}", row.id),
    };
    // What is lacking is asked for before anybody is sent (CALL-07).
    let next = match next_action(row.state) {
        "assign" if row.unverified() => "verify",
        "confirm" | "audit" if rules::check_quote(row).is_err() => "consent",
        // What stands in the workshop is checked there, and confirmed by its pick-up.
        _ if page.held_in_shop => "",
        // Nobody travels to what is brought.
        "arrive" if row.mode.in_shop() => "start",
        next => next,
    };
    let main = allowed.iter().find(|m| m.action == next);
    let second = allowed.iter().find(|m| {
        matches!(m.action, "wait" | "start" | "assign") && Some(m.action) != main.map(|x| x.action)
    });
    let shown: Vec<&str> = main.into_iter().chain(second).map(|m| m.action).collect();
    let items: Vec<MenuItem> = allowed
        .iter()
        .filter(|m| !shown.contains(&m.action))
        .map(|m| {
            let item = MenuItem::modal(move_icon(m.action), cx.t(m.label), url(m));
            if matches!(m.action, "cancel" | "terminate") { item.danger() } else { item }
        })
        .chain(sheet_items(cx, row))
        .collect();
    html! {
        @if row.mode.in_shop() { (shop_button(cx, row, next.is_empty())) }
        @if let Some(m) = second { (Btn::new(cx.t(m.label)).icon(move_icon(m.action)).modal(url(m))) }
        @match main {
            Some(m) => { (ui::btn_split(&Btn::new(cx.t(m.label)).primary().icon(move_icon(m.action)).modal(url(m)).kbd("A"), cx.t(T("更多操作", "More")), "order-more")) }
            None => { (Btn::new(cx.t(T("更多", "More"))).trailing("chevron-down").id("order-more-btn").popover("order-more")) }
        }
        (ui::menu("order-more", &items))
    }
}

/// The workshop's own page of the unit, or its receiving slip; the workshop decides which. The main button while the
/// next move is made there.
fn shop_button(cx: &Cx, row: &OrderRow, main: bool) -> Btn {
    let base = format!("/orders/{}/shop", row.id);
    let shop = cx.t(T("收机与在修", "In the workshop"));
    match (main, row.state) {
        (true, State::Done) => Btn::link(cx.t(T("取机", "Hand over")), format!("{base}?pick_up=true"))
            .icon("package-export")
            .primary()
            .kbd("A"),
        (true, _) => Btn::link(shop, base).icon("tool").primary(),
        (false, _) => Btn::link(shop, base).icon("tool"),
    }
}

fn sheet_items(cx: &Cx, row: &OrderRow) -> Vec<MenuItem> {
    let mut items = vec![MenuItem::separator()];
    items.extend(crate::sheet::SHEETS.iter().map(|(code, label)| {
        MenuItem::link("printer", cx.t(*label), format!("/orders/{}/sheets/{code}", row.id))
    }));
    items
}

/// Stations with the times they were reached (WO-50).
fn stepper(cx: &Cx, row: &OrderRow) -> Markup {
    let stations = [
        (T("建单", "Opened"), Some(row.created_at)),
        (T("受理", "Accepted"), row.accepted_at),
        // What came back is to be assigned again.
        (T("派工", "Assigned"), row.scheduled_at.filter(|_| row.state != State::Reopened)),
        (T("到达", "Arrived"), row.arrived_at.or(row.started_at)),
        (T("完工", "Done"), row.done_at),
        (T("确认", "Confirmed"), row.confirmed_at),
        (T("审核", "Audited"), row.audited_at),
        (T("关闭", "Closed"), row.closed_at),
    ];
    let reached = stations.iter().rposition(|(_, at)| at.is_some()).unwrap_or(0);
    let ended = row.state.is_final();
    let steps: Vec<Step> = stations
        .iter()
        .enumerate()
        .map(|(index, (label, at))| {
            let state = match index {
                _ if index <= reached => StepState::Done,
                _ if index == reached + 1 && !ended => StepState::Now,
                _ => StepState::Todo,
            };
            let note = at.map(|at| format::time(cx, at)).unwrap_or_default();
            Step::new(cx.t(*label), note, state)
        })
        .collect();
    ui::steps(cx.lang, &steps)
}

fn tabs(cx: &Cx, page: &OrderPage) -> Markup {
    let items: Vec<Tab> = Tab1::ALL
        .iter()
        .map(|(tab, code, label)| {
            let item =
                Tab::new(cx.t(*label), format!("/orders/{}?tab={code}", page.row.id), *tab == page.tab);
            match tab {
                Tab1::Work => item.count(page.steps.len()),
                Tab1::Lines => item.count(page.lines.len()),
                Tab1::Files => item.count(page.files),
                _ => item,
            }
        })
        .collect();
    ui::tabs(cx.t(T("工单内容", "Order")), &items, None)
}

/// Where orders come from.
pub const SOURCES: &[(&str, T)] = &[
    ("phone", T("电话", "Phone")),
    ("walk_in", T("到店", "Walk-in")),
    ("web", T("网站", "Web")),
    ("wechat", T("微信", "WeChat")),
    ("email", T("电子邮件", "E-mail")),
];

/// Where an order came from; sources of other systems are shown as they were written.
fn source<'a>(cx: &Cx, code: &'a str) -> &'a str {
    let known = SOURCES.iter().find(|(known, _)| *known == code).map(|(_, label)| *label);
    known.or((code == "import").then_some(T("导入", "Import"))).map_or(code, |label| cx.t(label))
}

/// Data is lacking: what, who verified it with whom, and the next of the two steps (CALL-07).
fn incomplete(cx: &Cx, row: &OrderRow) -> Markup {
    let before = FLOW.allowed(cx, row.state.as_str()).any(|m| m.action == "verify");
    match row.verify_next() {
        Some(next) if before => {
            let label = match next {
                VerifyWith::Dispatcher => T("与调度核实", "Verify with the dispatcher"),
                VerifyWith::Customer => T("与客户核实", "Verify with the customer"),
            };
            let ask = Btn::new(cx.t(label)).sm().modal(format!("/orders/{}/ask/verify", row.id));
            ui::alert_actions(Tone::Amber, verified(cx, row), &[ask])
        }
        next => ui::alert(if next.is_some() { Tone::Amber } else { Tone::Neutral }, verified(cx, row)),
    }
}

/// What is lacking, and the steps already made.
pub fn verified(cx: &Cx, row: &OrderRow) -> Markup {
    let missing: Vec<&str> =
        row.missing.split(',').filter(|m| !m.is_empty()).map(|m| cx.t(rules::missing_label(m))).collect();
    let steps = [
        (VERIFIED[0].1, row.dispatch_verified_at, &row.dispatch_verified_by),
        (VERIFIED[1].1, row.customer_verified_at, &row.customer_verified_by),
    ];
    html! {
        @if missing.is_empty() { (cx.t(T("信息已齐全。", "The data is complete."))) }
        @else if row.unverified() {
            (cx.t(T("信息不全，派工前须先与调度、再与客户核实：", "Incomplete; before assigning, verify with the dispatcher, then with the customer: ")))
            (missing.join(cx.t(T("、", ", "))))
        }
        @else { (cx.t(T("信息不全，已核实：", "Incomplete, verified: "))) (missing.join(cx.t(T("、", ", ")))) }
        @for (label, at, by) in steps { @if let Some(at) = at {
            (cx.t(T("；", "; "))) (cx.t(label)) " " (by) " " (format::time(cx, at))
        } }
    }
}

/// What needs attention, above every tab.
fn alerts(cx: &Cx, page: &OrderPage) -> Markup {
    let row = &page.row;
    let link =
        |action: &str, label: T| Btn::new(cx.t(label)).sm().modal(format!("/orders/{}/ask/{action}", row.id));
    html! {
        @if !row.missing.is_empty() && row.state.is_open() { (incomplete(cx, row)) }
        @if rules::over_quote(row.payable, row.quote_limit, row.consent_total) {
            (ui::alert_actions(Tone::Red, html! {
                (cx.t(T("应收超过约定上限，须客户同意后才能继续：", "Over the agreed limit; the customer must agree: ")))
                (ui::strong(format::price(cx, row.payable))) " / " (format::price(cx, row.consent_total.max(row.quote_limit).unwrap_or_default()))
            }, &[link("quote", T("报价", "Quote")), link("consent", T("登记同意", "Record consent"))]))
        }
        @if let Some(before) = row.repeat_of {
            (ui::alert(Tone::Amber, html! {
                (T("该设备短期内第 {n} 次维修，疑似重复维修。", "Repair number {n} of this unit within a short time: a repeat.").fill(cx.lang, &[("n", (row.repeat_round + 1).to_string())]))
                " " (ui::link(&format!("/orders/{before}"), cx.t(T("查看上次工单", "See the last order"))))
            }))
        }
        @if row.loaner == "due" && row.state.is_open() {
            (ui::alert_actions(Tone::Amber, html! { (cx.t(T("保修期内逾期未修复：请提供周转机，或登记客户放弃。", "In warranty and overdue: give a loaner or record that it was refused."))) }, &[link("loaner", T("登记", "Record"))]))
        }
        @if let Some(call) = page.steps.iter().rev().find(|step| step.action == "called").filter(|_| row.open) {
            (ui::alert(Tone::Blue, html! { (cx.t(T("客户又来电：", "The customer called again: "))) (call.reason) " " (ui::small(format::time(cx, call.at))) }))
        }
        @if let Some(class) = CallbackClass::parse(&row.callback_class) { @if class != CallbackClass::Satisfied {
            @let heard = page.steps.iter().rev().find(|step| step.action == "callback").map(|step| cx.lang.of(&step.reason));
            (ui::alert(Tone::Orange, html! { (cx.t(T("回访结果：", "Callback: "))) (heard.unwrap_or(cx.t(class.label()))) }))
        } }
    }
}

/// A sensitive value with its eye button.
pub fn secret(cx: &Cx, id: Id, field: &str, shown: &str) -> Markup {
    let url = format!("/orders/{id}/reveal/{field}");
    let masked = shown.contains("***");
    ui::masked(
        cx.lang,
        &format!("order-{field}"),
        shown,
        (masked && cx.can(&ORDER_REVEAL)).then_some(url.as_str()),
    )
}

/// Tab 概况.
pub fn overview(cx: &Cx, page: &OrderPage) -> Markup {
    let row = &page.row;
    let edit = Btn::link(cx.t(T("编辑", "Edit")), format!("/orders/{}/edit", row.id))
        .icon("edit")
        .ghost()
        .sm()
        .kbd("E");
    let may = |action: &str| FLOW.allowed(cx, row.state.as_str()).any(|m| m.action == action);
    let (may_edit, may_lines) = (may("edit"), may("lines"));
    let add_unit = Btn::new(cx.t(T("添加设备或故障项", "Add a unit or fault")))
        .icon("plus")
        .sm()
        .modal(format!("/orders/{}/units/new", row.id));
    html! {
        @if let Some(run) = &page.run { (crate::process::views::section(cx, run)) }
        (ui::section(cx.t(T("基本信息", "Basics")), html! { @if may_edit { (edit) } }, basics(cx, page)))
        (ui::section(cx.t(T("设备与故障", "Units and faults")), html! { @if may_lines { (add_unit) } }, units(cx, page, may_lines)))
        (super::tabs::lines_section(cx, page))
        @if row.done_at.is_some() { (ui::section(cx.t(T("完工信息", "Completion")), html! {}, completion(cx, row))) }
    }
}

fn appointment(cx: &Cx, row: &OrderRow) -> Markup {
    match (row.appoint_from, row.appoint_to) {
        (Some(from), Some(to)) => ui::num(format!("{} – {}", format::time(cx, from), format::time(cx, to))),
        (Some(from), None) => ui::num(format::time(cx, from)),
        _ => ui::none(),
    }
}

fn basics(cx: &Cx, page: &OrderPage) -> Markup {
    let row = &page.row;
    let people = html! {
        (ui::person_or(Some(&row.engineer_name), cx.t(T("未派工", "Not assigned"))))
        @for (share, name) in page.engineers.iter().filter(|(share, _)| !share.lead) { " " (ui::small(format!("{name} {}", kernel::Bp(share.share_bp)))) }
    };
    let mut defs = vec![
        Def::new(cx.t(T("联系人", "Contact")), ui::or_none(Some(&cx.mask(kit::Sens::Name, &row.contact)))),
        Def::new(cx.t(T("联系电话", "Phone")), secret(cx, row.id, "phone", &cx.show(&row.phone()))),
        Def::new(cx.t(T("来源", "Source")), ui::or_none(Some(source(cx, &row.source)))),
        Def::new(cx.t(T("预约上门", "Appointment")), appointment(cx, row)),
        Def::new(cx.t(T("地址", "Address")), secret(cx, row.id, "address", &cx.show(&row.address()))).wide(),
        Def::new(cx.t(T("工程师", "Engineer")), people),
        Def::new(
            cx.t(T("超额通知限额", "Over-quote limit")),
            html! { @match row.quote_limit { Some(m) => { (ui::num(format::price(cx, m))) } None => { (ui::none()) } } },
        ),
        Def::new(cx.t(T("外部单号", "External no.")), ui::or_none(Some(&row.external_no))),
        Def::new(cx.t(T("客户要求", "Demand")), ui::or_none(Some(&row.demand))).full(),
        Def::new(cx.t(T("故障描述", "Fault")), ui::prose(&row.symptom)).full(),
    ];
    if !row.remark.is_empty() {
        defs.push(Def::new(cx.t(T("备注", "Remark")), ui::prose(&row.remark)).full());
    }
    ui::dl(&defs)
}

fn completion(cx: &Cx, row: &OrderRow) -> Markup {
    let cause = warranty::api::Cause::parse(&row.cause).map_or("", |cause| cx.t(cause.label()));
    ui::dl(&[
        Def::new(cx.t(T("原因归属", "Cause")), ui::or_none(Some(cause))),
        Def::new(cx.t(T("修复评定", "Fix class")), html! { (cx.t(row.fix_class.label())) }),
        Def::new(
            cx.t(T("评分", "Score")),
            html! { @match row.score { Some(n) => { (ui::num(n)) } None => { (ui::none()) } } },
        ),
        Def::new(cx.t(T("根本原因", "Root cause")), ui::prose(&row.root_cause)).full(),
        Def::new(cx.t(T("处理结果", "Result")), ui::prose(&row.result)).full(),
        Def::new(cx.t(T("确认人", "Confirmed by")), ui::or_none(Some(&row.confirmed_by))),
        Def::new(cx.t(T("审核意见", "Audit note")), ui::or_none(Some(&row.audit_note))).wide(),
    ])
}

/// Verdict of a unit's decision, for people.
pub fn verdict_tag(cx: &Cx, code: &str) -> Markup {
    match warranty::api::Verdict::parse(code) {
        Some(verdict) => {
            let tone = match code {
                "covered" => Tone::Green,
                "refer" => Tone::Amber,
                _ => Tone::Neutral,
            };
            ui::tag(tone, cx.t(verdict.label()))
        }
        None => ui::none(),
    }
}

/// The reasons of a decision, in the reader's language where they were kept in both.
pub fn reasons(cx: &Cx, decision: &str) -> Vec<String> {
    let value: serde_json::Value = serde_json::from_str(decision).unwrap_or_default();
    let decision = &value["decision"];
    let said = decision["said"].as_array().filter(|said| !said.is_empty());
    let key = if cx.lang == kernel::Lang::Zh { "zh" } else { "en" };
    match said {
        Some(said) => said.iter().filter_map(|s| s[key].as_str().map(str::to_string)).collect(),
        None => decision["trace"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|s| s.as_str().map(str::to_string))
            .collect(),
    }
}

/// Which unit or fault, in a line.
pub fn item_name(cx: &Cx, unit: &OrderUnit) -> String {
    let model = if unit.model_name.is_empty() {
        cx.t(T("未登记设备", "No unit recorded"))
    } else {
        &unit.model_name
    };
    let fault = super::clocks::short(&unit.fault, 24);
    [model, &cx.mask(kit::Sens::Serial, &unit.serial), &fault]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn units(cx: &Cx, page: &OrderPage, may: bool) -> Markup {
    let several = page.units.len() > 1;
    let question = cx.t(T("删除该故障项？", "Take this item away?"));
    let change = |item: Id| {
        let at = format!("/orders/{}/units/{item}", page.row.id);
        let remove = Btn::icon_only("trash", cx.t(T("删除", "Delete"))).sm().confirm(question);
        html! {
            (Btn::icon_only("edit", cx.t(T("修改", "Change"))).sm().modal(format!("{at}/edit")))
            @if several { (ui::post_button(&format!("{at}/delete"), cx.form_key(), remove)) }
        }
    };
    html! {
        @for unit in &page.units {
            (ui::side_card(html! {
                (ui::row_end(html! {
                    @match unit.unit_id {
                        Some(id) => { (ui::link(&format!("/units/{id}"), format!("{} {}", unit.model_name, cx.mask(kit::Sens::Serial, &unit.serial)))) }
                        None => { (ui::strong(if unit.model_name.is_empty() { cx.t(T("未登记设备", "No unit recorded")) } else { &unit.model_name })) }
                    }
                    " " (unit.fault)
                    @if !unit.group_code.is_empty() { " " (ui::tag(Tone::Neutral, &unit.group_code)) }
                }, html! { (verdict_tag(cx, &unit.verdict)) @if may { " " (change(unit.id)) } }))
                @if let Some(until) = unit.warranty_until { p { (ui::small(html! { (cx.t(T("保修至 ", "Warranty until "))) (until.to_string()) })) } }
                @for reason in reasons(cx, &unit.decision) { p { (ui::small(reason)) } }
            }))
        }
    }
}
