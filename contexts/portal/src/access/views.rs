//! Markup of codes and passes.

use kernel::T;
use kit::{Cx, FormErrors, format};
use maud::{Markup, html};
use ui::{Btn, Field, Form};

use super::model::{MinePage, OwnDoc, UseCode};
use crate::unit::model::UnitPage;

/// Which number is registered?
pub fn ask(cx: &Cx, token: &str, page: &UnitPage, phone: &str, errors: &FormErrors) -> Markup {
    let intro = cx.t(T(
        "请填写登记在这台设备上的电话号码，服务台会把 6 位验证码告诉这个号码。",
        "Enter the number registered with this unit; the desk tells a six-digit code to that number.",
    ));
    let form = Form::post(format!("/u/{token}/mine"), cx.form_key()).plain().body(html! {
        (errors.summary(cx.lang))
        (Field::tel("phone", cx.t(T("登记的电话", "Registered number"))).value(phone).required().error(errors.of("phone")).attr("autocomplete", "tel"))
        (ui::form_buttons(&[Btn::submit(cx.t(T("获取验证码", "Get a code"))).lg()]))
    });
    let body = html! { (form) (back(cx, token, page)) };
    ui::bare_card(cx.t(T("我的服务进度", "My services")), intro, body)
}

/// The code.
pub fn enter(cx: &Cx, token: &str, page: &UnitPage, typed: &UseCode, errors: &FormErrors) -> Markup {
    let intro = cx.t(T(
        "如果号码与登记一致，服务台会尽快用电话或短信告诉您验证码。",
        "If this is the registered number, the desk will tell you the code by phone or message soon.",
    ));
    let form = Form::post(format!("/u/{token}/mine"), cx.form_key()).plain().body(html! {
        (errors.summary(cx.lang))
        (ui::hidden("enter", "true"))
        (ui::hidden("phone", &typed.phone))
        (Field::text("code", cx.t(T("6 位验证码", "Six-digit code"))).required().error(errors.of("code"))
            .attr("inputmode", "numeric").attr("autocomplete", "one-time-code"))
        (ui::form_buttons(&[Btn::submit(cx.t(T("查看", "Show"))).lg()]))
    });
    let again = Btn::link(
        cx.t(T("换一个号码或重新获取", "Another number, or another code")),
        format!("/u/{token}/mine"),
    )
    .ghost()
    .block();
    let body = html! { (form) (again) (back(cx, token, page)) };
    ui::bare_card(cx.t(T("输入验证码", "Enter the code")), intro, body)
}

fn back(cx: &Cx, token: &str, page: &UnitPage) -> Markup {
    html! {
        @if !page.hotline.is_empty() {
            (Btn::link(format!("{} {}", cx.t(T("拨打热线", "Call")), page.hotline), format!("tel:{}", page.hotline)).icon("phone").ghost().block())
        }
        (Btn::link(cx.t(T("返回", "Back")), format!("/u/{token}")).icon("chevron-left").ghost().block())
    }
}

/// A customer's documents.
pub fn mine(cx: &Cx, page: &MinePage) -> Markup {
    let body = html! {
        @if page.orders.is_empty() && page.requests.is_empty() { (ui::muted(cx.t(T("近一年没有服务记录。", "No services within the last year.")))) }
        @if !page.orders.is_empty() { h2 { (cx.t(T("服务工单", "Orders"))) } @for doc in &page.orders { (own(cx, doc)) } }
        @if !page.requests.is_empty() { h2 { (cx.t(T("服务请求", "Requests"))) } @for doc in &page.requests { (own(cx, doc)) } }
    };
    ui::bare_card(cx.t(T("我的服务", "My services")), "", body)
}

fn own(cx: &Cx, doc: &OwnDoc) -> Markup {
    let no = match &doc.path {
        Some(path) => ui::id_link(path, &doc.no),
        None => ui::mono(&doc.no),
    };
    let when =
        doc.appointment_from.map(|at| format!("{} {}", cx.t(T("预约", "appointment")), format::time(cx, at)));
    ui::side_card(html! {
        (ui::row_end(no, ui::muted(format::date(cx, doc.created_at))))
        p { (doc.about) }
        p { (ui::strong(&doc.words)) @if let Some(when) = &when { " " (ui::small(when)) } }
    })
}
