//! The intake screen.

use kernel::T;
use kit::{Cx, FormErrors, format};
use maud::{Markup, html};
use orders::api::{Mode, WorkKind};
use ui::{Btn, Field, Form};

use super::{
    model::{CallerUnit, Lookup},
    view_caller,
};
use crate::{
    request::{
        input::NewRequest,
        model::{Channel, Class, RequestRow, Said},
        views::accepted,
    },
    topic::model::{TopicOut, name_in},
};

/// What the screen shows.
pub struct Desk {
    /// What was typed so far.
    pub input: NewRequest,
    /// The draft it goes on with.
    pub draft: Option<RequestRow>,
    /// Who it may be.
    pub lookup: Lookup,
    /// Topics with contents.
    pub topics: Vec<TopicOut>,
    /// Kinds of work.
    pub kinds: Vec<WorkKind>,
    /// What new customers are told.
    pub welcome: String,
}

impl Desk {
    /// The unit chosen, unless it is somebody else's; the only one a caller has is chosen by itself when nothing
    /// was typed.
    pub fn unit(&self) -> Option<&CallerUnit> {
        let caller = self.lookup.sole();
        let typed = |text: &Option<String>| text.as_deref().is_some_and(|t| !t.trim().is_empty());
        if let Some(unit) = &self.lookup.unit {
            let theirs = unit.customer_id.is_none() || caller.is_some_and(|c| unit.customer_id == Some(c.id));
            return theirs.then_some(unit);
        }
        match caller?.units.as_slice() {
            [only] if !typed(&self.input.serial) && !typed(&self.input.model) => Some(only),
            _ => None,
        }
    }

    /// Words typed about a unit; not those that belong to a unit no longer chosen.
    fn typed_unit(&self) -> Option<&NewRequest> {
        (self.input.unit_id.is_none() || self.unit().is_some()).then_some(&self.input)
    }
}

fn labels(cx: &Cx, options: &'static [(&'static str, T)]) -> Vec<(&'static str, &'static str)> {
    options.iter().map(|(code, label)| (*code, cx.t(*label))).collect()
}

/// The whole screen: one form around caller, fields and history.
pub fn page(cx: &Cx, desk: &Desk, errors: &FormErrors) -> Markup {
    let input = &desk.input;
    let caller = html! {
        (ui::fields(html! {
            (Field::tel("caller_phone", cx.t(T("来电号码", "Number"))).maybe(input.caller_phone.as_deref()).error(errors.of("caller_phone"))
                .placeholder(cx.t(T("输入号码即查客户", "Number of the caller"))).attr("hx-get", "/intake/caller").attr("hx-trigger", "change")
                .attr("hx-include", "#f-caller_phone, #what input").attr("hx-target", "#who").attr("hx-swap", "innerHTML").attr("hx-sync", "#who:replace")
                .autofocus())
            (Field::select("channel", cx.t(T("渠道", "Channel"))).options(labels(cx, Channel::OPTIONS)).value(input.channel.map_or("phone", Channel::as_str)))
        }))
        div id="who" hx-get="/intake/caller" hx-trigger="lookup" hx-include=(view_caller::INCLUDE) hx-target="this" hx-swap="innerHTML" hx-sync="this:replace" {
            (view_caller::who(cx, desk, errors))
        }
        @if let Some(id) = input.call_id { (ui::hidden("call_id", id)) }
    };
    let actions = html! {
        (Btn::link(cx.t(T("请求列表", "Requests")), "/requests").icon("list").ghost().wide_only())
        (Btn::link(cx.t(T("新受理", "New")), "/intake").icon("plus").kbd("N"))
    };
    let screen = ui::intake_view(
        cx.lang,
        cx.t(T("受理", "Intake")),
        actions,
        caller,
        center(cx, desk, errors),
        view_caller::history(cx, desk),
    );
    // Going back to it after a call begins a new one: browsers fill in what stood there, unless they are told not to.
    Form::post("/intake", cx.form_key()).inline().id("intake").attr("autocomplete", "off").body(screen)
}

fn center(cx: &Cx, desk: &Desk, errors: &FormErrors) -> Markup {
    ui::stack(&[
        errors.summary(cx.lang),
        html! { div id="warn" aria-live="polite" { (view_caller::warnings(cx, desk)) } },
        problem(cx, desk, errors),
        service(cx, desk, errors),
        more(cx, desk, errors),
        answer(cx, desk, errors),
        // The bar covers the padding of the column beneath it while the fields scroll past.
        html! { div style="position:sticky;bottom:0;z-index:2;box-shadow:0 1.5rem 0 var(--surface)" { (buttons(cx)) } },
    ])
}

/// What the button does when an open order was chosen to put the call to (CALL-19); it follows the choice.
const JOIN: T = T("并入所选工单", "Put to that order");

fn buttons(cx: &Cx) -> Markup {
    ui::form_buttons(&[
        Btn::new(cx.t(T("建服务工单", "Open an order")))
            .icon("clipboard-plus")
            .primary()
            .attr("type", "submit")
            .name_value("then", "order")
            .attr("data-submit", "order")
            .attr("data-join", cx.t(JOIN))
            .kbd("Ctrl ⏎"),
        Btn::new(cx.t(T("电话解决", "Solved by phone")))
            .icon("phone-check")
            .attr("type", "submit")
            .name_value("then", "solve")
            .attr("data-submit", "solve")
            .kbd("Alt P"),
        Btn::new(cx.t(T("保存答复", "Save")))
            .icon("device-floppy")
            .attr("type", "submit")
            .attr("data-submit", "save")
            .kbd("Alt S"),
    ])
}

fn problem(cx: &Cx, desk: &Desk, errors: &FormErrors) -> Markup {
    let input = &desk.input;
    let topics: Vec<(String, String)> = desk
        .topics
        .iter()
        .filter(|t| t.topic.active)
        .map(|t| (t.topic.code.clone(), name_in(cx.lang, &t.topic.name, &t.topic.name_en).to_string()))
        .collect();
    let topic = if input.topic.is_empty() {
        topics.first().map(|t| t.0.clone()).unwrap_or_default()
    } else {
        input.topic.clone()
    };
    ui::fieldset(
        cx.t(T("服务主题", "What about")),
        cx.t(T("Alt+1…9 选主题", "Alt+1…9 choose a topic")),
        html! {
            (Field::chips("topic", cx.t(T("主题", "Topic"))).options(topics).value(&topic).full().bare().error(errors.of("topic")))
            @for one in desk.topics.iter().filter(|t| t.topic.active) { (contents(cx, one, one.topic.code == topic, input, errors)) }
            (draft(cx, desk))
            div id="what" { (unit_fields(cx, desk, errors)) }
            (Field::area("text", cx.t(T("客户描述", "In the customer's words")), 3).maybe(input.text.as_deref()).full().error(errors.of("text")).attr("data-ctrl-enter", ""))
            (Field::text("demand", cx.t(T("客户要求", "What the customer wants"))).maybe(input.demand.as_deref()).full().error(errors.of("demand")))
        },
    )
}

/// A click on a content saves it at once with its time; the form's own buttons complete that very request (CALL-03).
fn draft(cx: &Cx, desk: &Desk) -> Markup {
    let made = desk.draft.as_ref().map(|row| (row.no.as_str(), row.id, row.created_at));
    html! {
        @if let Some(id) = desk.input.draft_id { (ui::hidden("draft_id", id)) }
        div id="draft" aria-live="polite" hx-post="/intake/draft" hx-trigger="draft" hx-target="this" hx-swap="innerHTML" hx-sync="this:queue last" {
            (saved(cx, made))
        }
    }
}

/// When it was saved, and as which request.
pub fn saved(cx: &Cx, made: Option<(&str, kernel::Id, kernel::Ts)>) -> Markup {
    html! {
        @if let Some((no, id, at)) = made {
            (ui::muted(html! { (cx.t(T("已登记 ", "Saved as "))) (ui::id_link(&format!("/requests/{id}"), no)) " " (format::time(cx, at)) (cx.t(T("，填完后保存即补全", "; saving the form completes it"))) }))
        }
    }
}

/// Contents of one topic; only those of the chosen one are there to be clicked.
fn contents(cx: &Cx, one: &TopicOut, shown: bool, input: &NewRequest, errors: &FormErrors) -> Markup {
    let options: Vec<(String, String)> = one
        .contents
        .iter()
        .filter(|c| c.active)
        .map(|c| (c.code.clone(), name_in(cx.lang, &c.name, &c.name_en).to_string()))
        .collect();
    let id = format!("f-content-{}", one.topic.code);
    let value = input.content.clone().filter(|_| shown).unwrap_or_default();
    html! {
        div data-topic=(one.topic.code) hidden[!shown] {
            (Field::chips("content", cx.t(T("内容", "Content"))).id(id).options(options).value(value).full().bare()
                .error(errors.of("content").filter(|_| shown)))
        }
    }
}

/// Unit, model and purchase: renewed when another customer or unit is chosen.
pub fn unit_fields(cx: &Cx, desk: &Desk, errors: &FormErrors) -> Markup {
    let (input, unit, typed) = (&desk.input, desk.unit(), desk.typed_unit());
    let serial = unit
        .map(|u| if u.serial.is_empty() { u.no.clone() } else { cx.mask(kit::Sens::Serial, &u.serial) })
        .or(typed.and_then(|t| t.serial.clone()));
    let model = unit.map(|u| u.model_name.clone()).or(typed.and_then(|t| t.model.clone()));
    let bought = unit.and_then(|u| u.purchase_date).or(typed.and_then(|t| t.purchase_date));
    ui::fields(html! {
        (Field::combo("unit_id", cx.t(T("设备序列号", "Serial number")), "/units/suggest").maybe(unit.map(|u| u.id)).shown(serial.unwrap_or_default())
            .placeholder(cx.t(T("序列号、车牌；新设备直接输入", "Serial number; type a new one"))).wide().error(errors.of("unit_id").or(errors.of("serial"))).scan(cx.lang))
        (Field::combo("model_id", cx.t(T("产品型号", "Model")), "/models/suggest").maybe(input.model_id.filter(|_| unit.is_none())).shown(model.unwrap_or_default())
            .placeholder(cx.t(T("新型号直接输入", "Type a new one"))).wide().error(errors.of("model_id").or(errors.of("model"))))
        (Field::date("purchase_date", cx.t(T("购买日期", "Bought on"))).maybe(bought).wide().error(errors.of("purchase_date")))
        (Field::text("proof", cx.t(T("购买凭证", "Proof of purchase"))).maybe(input.proof.as_deref()).wide().error(errors.of("proof")))
    })
}

fn service(cx: &Cx, desk: &Desk, errors: &FormErrors) -> Markup {
    let input = &desk.input;
    let kinds: Vec<(String, String)> = desk
        .kinds
        .iter()
        .filter(|k| k.active)
        .map(|k| (k.code.clone(), k.label(cx.lang).to_string()))
        .collect();
    ui::fieldset(
        cx.t(T("服务安排", "Service")),
        cx.t(T("保修与费用由系统判定", "Warranty and fees are decided by the rules")),
        html! {
            (Field::chips("mode", cx.t(T("服务方式", "Mode"))).options(labels(cx, Mode::OPTIONS)).value(input.mode.map_or("on_site", Mode::as_str)).full())
            (Field::datetime("appointment_from", cx.t(T("预约开始", "Visit from"))).maybe(input.appointment_from.map(|at| format::field_time(cx, at))).wide().error(errors.of("appointment_from")))
            (Field::datetime("appointment_to", cx.t(T("预约结束", "Visit until"))).maybe(input.appointment_to.map(|at| format::field_time(cx, at))).wide().error(errors.of("appointment_to")))
            (Field::select("kind", cx.t(T("工种", "Kind of work"))).options(kinds).blank(cx.t(T("按服务内容", "By content"))).maybe(input.kind.as_deref()).wide().error(errors.of("kind")))
            (Field::money("quote_limit", cx.t(T("超额通知限额", "Ask above"))).maybe(input.quote_limit.map(|m| m.fmt_plain())).error(errors.of("quote_limit")))
            (Field::switch("urgent", cx.t(T("加急", "Urgent"))).checked(input.urgent))
            (Field::chips("warranty_said", cx.t(T("客户自述保修", "Warranty, as told"))).options(labels(cx, Said::OPTIONS)).value(input.warranty_said.map_or("unknown", Said::as_str)).full())
        },
    )
}

/// What few calls need, folded away.
fn more(cx: &Cx, desk: &Desk, errors: &FormErrors) -> Markup {
    let input = &desk.input;
    let names =
        ["part", "part_quantity", "estimate_low", "estimate_high", "diagnosis", "class", "class_reason"];
    let used = input.part.is_some() || input.class == Some(Class::Special) || input.estimate_low.is_some();
    let open = used || names.iter().any(|name| errors.of(name).is_some());
    let fields = ui::fields(html! {
        (Field::combo("part_id", cx.t(T("配件", "Part")), "/parts/suggest").maybe(input.part_id).shown(input.part.clone().unwrap_or_default())
            .placeholder(cx.t(T("编码、名称；没有的直接输入", "Code or name; type a new one"))).wide().error(errors.of("part").or(errors.of("part_id"))))
        (Field::number("part_quantity", cx.t(T("数量", "Quantity"))).maybe(input.part_quantity).error(errors.of("part_quantity")).wide())
        (Field::money("estimate_low", cx.t(T("报价下限", "Price told, from"))).maybe(input.estimate_low.map(|m| m.fmt_plain())).error(errors.of("estimate_low")))
        (Field::money("estimate_high", cx.t(T("报价上限", "Price told, to"))).maybe(input.estimate_high.map(|m| m.fmt_plain())).error(errors.of("estimate_high")))
        (Field::text("diagnosis", cx.t(T("初步诊断", "First diagnosis"))).maybe(input.diagnosis.as_deref()).wide().error(errors.of("diagnosis")))
        (Field::chips("class", cx.t(T("问题分类", "Class"))).options(labels(cx, Class::OPTIONS)).value(input.class.map_or("general", Class::as_str)))
        (Field::text("class_reason", cx.t(T("特殊原因（转主管审定）", "Why special (the head decides)"))).maybe(input.class_reason.as_deref()).wide().error(errors.of("class_reason")))
    });
    html! {
        details open[open] {
            summary { (cx.t(T("配件、报价与特殊情况", "Parts, prices and special cases"))) }
            (ui::fieldset("", "", fields))
        }
    }
}

fn answer(cx: &Cx, desk: &Desk, errors: &FormErrors) -> Markup {
    let input = &desk.input;
    let hint = cx.t(T("不能马上答复时，填写下次答复时间", "When you can't answer at once, promise a time"));
    ui::fieldset(
        cx.t(T("答复", "Answer")),
        hint,
        html! {
            (Field::area("answer", cx.t(T("告知客户的内容", "What the customer was told")), 2).maybe(input.answer.as_deref()).full().error(errors.of("answer")).attr("data-ctrl-enter", ""))
            (accepted(cx, input.advice_accepted, errors))
            (Field::datetime("promised_at", cx.t(T("下次答复时间", "Answer promised until"))).maybe(input.promised_at.map(|at| format::field_time(cx, at))).wide().error(errors.of("promised_at")))
        },
    )
}
