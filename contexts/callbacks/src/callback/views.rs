//! Markup of callbacks.

use customers::api::CustomerBrief;
use kernel::T;
use kit::{Cx, FormErrors, format};
use maud::{Markup, html};
use orders::api::OrderBrief;
use ui::{Btn, Def, Detail, Field, Form, Tone};

use super::model::{Answer, CallbackRow, CallbackState, RecordResult, ResultClass};
use crate::{
    perms::CALLBACK_WRITE,
    settings::{AnswerKind, Question},
};

/// The call: whom, about what, and the result form or what was said.
pub fn callback_page(
    cx: &Cx,
    row: &CallbackRow,
    customer: &CustomerBrief,
    (order, work): (Option<&OrderBrief>, Option<(Markup, Markup)>),
    side: Markup,
    (input, questions): (Option<&RecordResult>, &[Question]),
    errors: &FormErrors,
) -> Markup {
    let lang = cx.lang;
    let list = cx.t(T("回访", "Callbacks"));
    let crumbs = [(list, Some("/callbacks")), (row.no.as_str(), None)];
    let title = format!(
        "{} · {}",
        cx.t(row.kind.label()),
        cx.mask(kit::Sens::Name, &cx.mask(kit::Sens::Name, &customer.name))
    );
    let open = row.state == CallbackState::Planned;
    let (done, lines) = work.unzip();
    let body = html! {
        (ui::section(cx.t(T("联系谁", "Whom to call")), html! {}, facts(cx, row, customer, order)))
        @if let Some(done) = done { (done) }
        @if open && cx.can(&CALLBACK_WRITE) {
            (ui::section(cx.t(T("登记结果", "Record the result")), html! {}, result_form(cx, row, (input, questions), errors)))
            (ui::section(cx.t(T("没有接通", "Nobody answered")), html! {}, attempt_form(cx, row)))
        } @else {
            (ui::section(cx.t(T("回访结果", "Result")), html! {}, said(cx, row)))
        }
        @if let Some(lines) = lines { (lines) }
    };
    let tone = if open { Tone::Amber } else { Tone::Green };
    let detail = Detail {
        meta: html! { (ui::tag(tone, cx.t(row.state.label()))) (ui::tag(Tone::Neutral, cx.t(row.kind.label()))) },
        side: Some(side),
        ..Detail::new(&crumbs, &title, body)
    };
    ui::detail_view(lang, &detail)
}

fn facts(cx: &Cx, row: &CallbackRow, customer: &CustomerBrief, order: Option<&OrderBrief>) -> Markup {
    let url = format!("/customers/{}/reveal/phone", customer.id);
    let mut items = vec![
        Def::new(
            cx.t(T("客户", "Customer")),
            ui::link(&format!("/customers/{}", customer.id), cx.mask(kit::Sens::Name, &customer.name)),
        ),
        Def::new(
            cx.t(T("电话", "Phone")),
            ui::masked(cx.lang, "cb-phone", &cx.show(&customer.phone), Some(&url)),
        ),
        Def::new(
            cx.t(T("方便接听", "Convenient time")),
            ui::or_none(Some(customer.call_time.as_str()).filter(|t| !t.is_empty())),
        ),
        Def::new(cx.t(T("应回访时间", "To be called")), ui::num(format::time(cx, row.planned_at))),
        Def::new(cx.t(T("未接次数", "Tries")), ui::num(row.attempts)),
    ];
    if let Some(order) = order {
        items.push(Def::new(cx.t(T("工单", "Order")), ui::link(&format!("/orders/{}", order.id), &order.no)));
    }
    let sheet = ui::link(&format!("/callbacks/{}/sheet", row.id), cx.t(T("打印", "Print")));
    items.push(Def::new(cx.t(T("回访单", "Callback sheet")), sheet));
    if let Some(request) = row.request_id {
        let open = ui::link(&format!("/requests/{request}"), cx.t(T("查看请求", "Open it")));
        items.push(Def::new(cx.t(T("服务请求", "Request")), open));
    }
    if let Some(at) = row.self_rated_at {
        let marks = |mark: Option<i64>| mark.map_or_else(|| "—".to_string(), |mark| mark.to_string());
        let text = format!(
            "{} · {} {} · {} {}",
            format::time(cx, at),
            cx.t(T("维修质量", "Repair quality")),
            marks(row.quality),
            cx.t(T("服务态度", "Attitude")),
            marks(row.attitude)
        );
        items.push(Def::new(cx.t(T("客户网上评价", "Rated by the customer")), html! { (text) }).full());
    }
    if !row.note.is_empty() {
        items.push(Def::new(cx.t(T("备注", "Note")), html! { (cx.mask(kit::Sens::Note, &row.note)) }).full());
    }
    ui::dl(&items)
}

fn result_form(
    cx: &Cx,
    row: &CallbackRow,
    (input, questions): (Option<&RecordResult>, &[Question]),
    errors: &FormErrors,
) -> Markup {
    let class = input.map(|i| i.class.as_str()).unwrap_or_default();
    let marks = |value: Option<i64>| value.map(|mark| mark.to_string());
    let text =
        |pick: fn(&RecordResult) -> &String| input.map(|i| pick(i).as_str()).unwrap_or_default().to_string();
    let demand = input.map_or(&row.demand, |i| &i.demand);
    let classes = ResultClass::OPTIONS.iter().map(|(code, label)| (*code, cx.t(*label)));
    let one_to_five = || (1..=5).map(|n| (n.to_string(), n.to_string()));
    Form::post(format!("/callbacks/{}/result", row.id), cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        (ui::fields(html! {
            (Field::chips("class", cx.t(T("结果", "Result"))).options(classes).value(class).required().full().error(errors.of("class")))
            (Field::chips("quality", cx.t(T("维修质量", "Repair quality"))).options(one_to_five()).maybe(marks(input.map_or(row.quality, |i| i.quality))).error(errors.of("quality")))
            (Field::chips("attitude", cx.t(T("服务态度", "Attitude"))).options(one_to_five()).maybe(marks(input.map_or(row.attitude, |i| i.attitude))).error(errors.of("attitude")))
            (Field::area("demand", cx.t(T("客户诉求（原话）", "Demand, in the customer's words")), 2).value(demand).full().error(errors.of("demand")))
            (Field::area("suggestion", cx.t(T("建议", "Suggestion")), 2).value(text(|i| &i.suggestion)).full().error(errors.of("suggestion")))
            (Field::text("new_need", cx.t(T("新的需求", "New need"))).value(text(|i| &i.new_need)).wide().error(errors.of("new_need")))
            (Field::text("proposal", cx.t(T("客户希望怎样解决", "The customer's own proposal"))).value(text(|i| &i.proposal)).wide().error(errors.of("proposal")))
        }))
        @if !questions.is_empty() {
            (ui::fieldset(cx.t(T("回访问题", "Questions of the call")), "", html! {
                @for (index, question) in questions.iter().enumerate() {
                    (ui::hidden(&format!("answers.{index}.question"), &question.code))
                    (answer_field(cx, index, question, input, errors))
                }
            }))
        }
        (ui::form_actions(cx.lang, cx.t(T("保存结果", "Save result")), None))
    })
}

/// The way a question is answered.
fn answer_field(
    cx: &Cx,
    index: usize,
    question: &Question,
    input: Option<&RecordResult>,
    errors: &FormErrors,
) -> Field {
    let given = input.and_then(|i| i.answers.iter().find(|answer| answer.question == question.code));
    let value = given.map(|answer| answer.value.clone()).unwrap_or_default();
    let (name, label) = (format!("answers.{index}.value"), question.text(cx.lang));
    match question.answer {
        AnswerKind::Tick => Field::check(&format!("answers.{index}.asked"), label)
            .checked(given.is_some_and(|answer| answer.asked))
            .full(),
        AnswerKind::YesNo => Field::chips(&name, label)
            .options([("yes", cx.t(T("是", "Yes"))), ("no", cx.t(T("否", "No")))])
            .value(value)
            .full()
            .error(errors.of(&name)),
        AnswerKind::Score => Field::chips(&name, label)
            .options((1..=5).map(|n| (n.to_string(), n.to_string())))
            .value(value)
            .full()
            .error(errors.of(&name)),
        AnswerKind::Text => Field::text(&name, label).value(value).full().error(errors.of(&name)),
    }
}

/// A question with its answer.
fn said_of(cx: &Cx, answer: &Answer) -> String {
    let value = match answer.value.as_str() {
        "yes" => cx.t(T("是", "yes")),
        "no" => cx.t(T("否", "no")),
        "" => cx.t(T("已谈到", "talked about")),
        other => other,
    };
    [value, answer.note.as_str()].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("；")
}

/// Every question with its answer in one text, from what is stored.
pub fn answers_said(cx: &Cx, stored: &str) -> String {
    let answers: Vec<Answer> = serde_json::from_str(stored).unwrap_or_default();
    let said = |answer: &Answer| format!("{}：{}", cx.lang.of(&answer.text), said_of(cx, answer));
    answers.iter().map(said).collect::<Vec<_>>().join(" · ")
}

/// The sheet of the call: whom, about what, and what was said (CB-07, CB-08).
pub fn sheet(
    cx: &Cx,
    row: &CallbackRow,
    customer: &CustomerBrief,
    order: Option<&OrderBrief>,
    clerk: &str,
) -> Markup {
    let text = |value: &str| ui::or_none(Some(value).filter(|v| !v.is_empty()));
    let note = format!("{} {}", cx.t(T("打印", "Printed")), format::full_time(cx, cx.now()));
    html! {
        (ui::print_head(&cx.app.config.company, cx.t(T("回访单", "Callback sheet")), &row.no, &note, None))
        (ui::print_facts(&[
            (cx.t(T("客户", "Customer")), text(&cx.mask(kit::Sens::Name, &customer.name)), 2),
            (cx.t(T("电话", "Phone")), text(&cx.show(&customer.phone)), 1),
            (cx.t(T("工单", "Order")), text(order.map_or("", |order| order.no.as_str())), 1),
            (cx.t(T("类别", "Kind")), html! { (cx.t(row.kind.label())) }, 1),
        ]))
        (sheet_block(cx, row, clerk))
        (ui::sign_boxes(&[(cx.t(T("回访员", "Callback clerk")), None, String::new()), (cx.t(T("主管", "Supervisor")), None, String::new())]))
    }
}

/// Who called when, every question with its answer, and the customer's words: also on the order's callback sheet.
pub fn sheet_block(cx: &Cx, row: &CallbackRow, clerk: &str) -> Markup {
    let text = |value: &str| ui::or_none(Some(value).filter(|v| !v.is_empty()));
    let time = |at: Option<kernel::Ts>| at.map_or_else(ui::none, |at| html! { (format::full_time(cx, at)) });
    let mark = |value: Option<i64>| value.map_or_else(ui::none, |n| html! { (n) });
    let class = row.class.map(|class| cx.t(class.label())).unwrap_or_default();
    let rows: Vec<Vec<Markup>> = row
        .answers()
        .iter()
        .map(|answer| vec![html! { (answer.text) }, html! { (said_of(cx, answer)) }])
        .collect();
    let head = [T("问题", "Question"), T("回答", "Answer")].map(|t| cx.t(t));
    let words = [
        (T("客户诉求（原话）", "Demand, in the customer's words"), &row.demand),
        (T("建议", "Suggestion"), &row.suggestion),
        (T("新的需求", "New need"), &row.new_need),
        (T("客户希望怎样解决", "The customer's own proposal"), &row.proposal),
        (T("备注", "Note"), &row.note),
    ];
    html! {
        (ui::print_facts(&[
            (cx.t(T("回访编号", "Callback no.")), text(&row.no), 1),
            (cx.t(T("回访员", "Called by")), text(clerk), 1),
            (cx.t(T("应回访时间", "To be called")), time(Some(row.planned_at)), 1),
            (cx.t(T("回访时间", "Called")), time(row.called_at), 1),
            (cx.t(T("结果", "Result")), text(class), 1),
            (cx.t(T("维修质量", "Repair quality")), mark(row.quality), 1),
            (cx.t(T("服务态度", "Attitude")), mark(row.attitude), 1),
        ]))
        @if !rows.is_empty() { (ui::print_table(cx.t(T("回访问题", "Questions of the call")), &head, &[], &rows, &[])) }
        @for (label, said) in words.iter().filter(|(_, said)| !said.is_empty()) { (ui::print_text(cx.t(*label), said)) }
    }
}

fn attempt_form(cx: &Cx, row: &CallbackRow) -> Markup {
    Form::post(format!("/callbacks/{}/attempt", row.id), cx.form_key()).inline().body(html! {
        (Field::text("note", cx.t(T("情况", "What happened"))).bare().placeholder(cx.t(T("例如 无人接听", "For example: no answer"))))
        (Btn::submit(cx.t(T("一小时后再打", "Try again in an hour"))).icon("phone-off"))
    })
}

fn said(cx: &Cx, row: &CallbackRow) -> Markup {
    let class = row.class.map(|class| {
        let tone = if class == ResultClass::Satisfied { Tone::Green } else { Tone::Red };
        ui::tag(tone, cx.t(class.label()))
    });
    let mark = |value: Option<i64>| value.map_or_else(ui::none, ui::num);
    let texts = [
        (T("客户诉求", "Demand"), &row.demand),
        (T("建议", "Suggestion"), &row.suggestion),
        (T("新的需求", "New need"), &row.new_need),
        (T("客户希望怎样解决", "The customer's own proposal"), &row.proposal),
    ];
    let mut items = vec![
        Def::new(cx.t(T("结果", "Result")), class.unwrap_or_else(ui::none)),
        Def::new(cx.t(T("维修质量", "Repair quality")), mark(row.quality)),
        Def::new(cx.t(T("服务态度", "Attitude")), mark(row.attitude)),
    ];
    if let Some(at) = row.called_at {
        items.push(Def::new(cx.t(T("回访时间", "Called")), ui::num(format::time(cx, at))));
    }
    for (label, text) in texts.iter().filter(|(_, text)| !text.is_empty()) {
        items.push(Def::new(cx.t(*label), html! { (text) }).full());
    }
    let answers = row.answers();
    for answer in &answers {
        items.push(Def::new(&answer.text, html! { (said_of(cx, answer)) }).full());
    }
    ui::dl(&items)
}
