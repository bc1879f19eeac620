//! Markup of the register.

use kernel::{Id, T};
use kit::{Cx, FormErrors, format};
use maud::{Markup, html};
use ui::{Btn, Field, Form};

use super::model::{CallRow, Direction, Medium, NewCall, Outcome};
use crate::perms::CALL_WRITE;

/// The part of a customer's page, and its short form beside another document. Each line leads to what the call was about.
pub fn of_customer(cx: &Cx, customer: Id, rows: &[CallRow], beside: bool) -> Markup {
    let items: Vec<(String, String, String, String)> = rows
        .iter()
        .map(|row| {
            let href = match (row.request_id, row.order_id) {
                (Some(id), _) => format!("/requests/{id}"),
                (None, Some(id)) => format!("/orders/{id}"),
                _ => format!("/calls?filter=customer_id~eq~{customer}"),
            };
            let words = [cx.t(row.outcome.label()), row.staff_name.as_str(), row.note.as_str()];
            let words = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" · ");
            let head = format!("{} {}", cx.t(row.medium.label()), cx.t(row.direction.label()));
            let at = if beside { format::date(cx, row.at) } else { format::time(cx, row.at) };
            (head, href, words, at)
        })
        .take(if beside { 5 } else { rows.len() })
        .collect();
    if beside {
        return html! { div id="part-calls" { @if !items.is_empty() { (ui::recent(&items)) } } };
    }
    let new = Btn::link(cx.t(T("登记", "Register")), format!("/calls/new?customer_id={customer}"))
        .icon("plus")
        .sm();
    html! {
        div id="part-calls" {
            (ui::stack(&[
                html! { @if items.is_empty() { (ui::muted(cx.t(T("没有电话和信函", "No calls or letters yet")))) } @else { (ui::recent(&items)) } },
                html! { @if cx.can(&CALL_WRITE) { (ui::btns(&[new])) } },
            ]))
        }
    }
}

/// The form.
pub fn form(cx: &Cx, input: &NewCall, errors: &FormErrors) -> Markup {
    let label = |options: &'static [(&'static str, T)]| {
        options.iter().map(|(code, label)| (*code, cx.t(*label))).collect::<Vec<_>>()
    };
    let code = |code: Option<&'static str>, other: &'static str| code.unwrap_or(other);
    let body = html! {
        (errors.summary(cx.lang))
        @if let Some(id) = input.request_id { (ui::hidden("request_id", id)) }
        @if let Some(id) = input.order_id { (ui::hidden("order_id", id)) }
        (ui::fieldset(cx.t(T("内容", "What")), "", html! {
            (Field::chips("medium", cx.t(T("类别", "Kind"))).options(label(Medium::OPTIONS)).value(code(input.medium.map(Medium::as_str), "call")).wide())
            (Field::chips("direction", cx.t(T("方向", "Direction"))).options(label(Direction::OPTIONS)).value(code(input.direction.map(Direction::as_str), "out")).wide())
            (Field::tel("phone", cx.t(T("电话号码", "Number"))).maybe(input.phone.as_deref()).error(errors.of("phone")).autofocus())
            (Field::select("outcome", cx.t(T("结果", "Outcome"))).options(label(Outcome::OPTIONS)).value(code(input.outcome.map(Outcome::as_str), "answered")))
            (Field::combo("customer_id", cx.t(T("客户", "Customer")), "/customers/suggest").maybe(input.customer_id)
                .shown(input.party.clone().unwrap_or_default()).error(errors.of("customer_id").or(errors.of("party"))))
            (Field::number("seconds", cx.t(T("时长（秒）", "Seconds"))).maybe(input.seconds).error(errors.of("seconds")))
            (Field::area("note", cx.t(T("摘要", "Note")), 4).maybe(input.note.as_deref()).full().error(errors.of("note")))
        }))
        (ui::form_actions(cx.lang, cx.t(T("登记", "Register")), Some("/calls")))
    };
    let title = cx.t(T("登记电话或信函", "Register a call or letter"));
    let crumbs = [(cx.t(T("电话与信函登记", "Calls and letters")), Some("/calls")), (title, None)];
    ui::form_page(cx.lang, &crumbs, title, "", Form::post("/calls", cx.form_key()).body(body), None)
}
