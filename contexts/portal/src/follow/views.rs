//! Markup for customers: one card, made for a phone in one hand.

use kernel::{T, Ts};
use kit::{Cx, FormErrors, format};
use maud::{Markup, html};
use ui::{Btn, Def, Field, Form, Step, StepState, Tone};

use super::model::{OrderSeen, RequestSeen, Typed, Worn};
use crate::{talk, unit};

fn times(cx: &Cx, order: &OrderSeen) -> Markup {
    let at = |at: Option<Ts>| at.map(|at| format::time(cx, at)).unwrap_or_default();
    let stations = [
        (T("已登记", "Taken down"), Some(order.created_at)),
        (T("已安排", "Arranged"), order.scheduled_at),
        (T("处理中", "At work"), order.arrived_at.or(order.departed_at)),
        (T("已完工", "Finished"), order.done_at),
        (T("您确认", "You accept"), order.confirmed_at),
    ];
    let reached = stations.iter().rposition(|(_, at)| at.is_some()).unwrap_or(0);
    let over = order.state.is_final();
    let steps: Vec<Step> = stations
        .iter()
        .enumerate()
        .map(|(index, (label, when))| {
            let state = match index {
                _ if index <= reached => StepState::Done,
                _ if index == reached + 1 && !over => StepState::Now,
                _ => StepState::Todo,
            };
            Step::new(cx.t(*label), at(*when), state)
        })
        .collect();
    ui::steps(cx.lang, &steps)
}

fn facts(cx: &Cx, order: &OrderSeen) -> Markup {
    let mut items =
        vec![Def::new(cx.t(T("设备", "Unit")), html! { (order.model_name) " " (ui::mono(&order.serial)) })];
    if !order.symptom.is_empty() {
        items.push(Def::new(cx.t(T("问题", "Fault")), html! { (order.symptom) }));
    }
    if let Some(from) = order.appointment_from {
        let until = order.appointment_to.map(|to| format!(" – {}", format::time(cx, to))).unwrap_or_default();
        let window = format!("{}{until}", format::time(cx, from));
        items.push(Def::new(cx.t(T("预约时间", "Appointment")), ui::strong(window)).full());
    }
    if !order.engineer.is_empty() {
        items.push(Def::new(cx.t(T("工程师", "Engineer")), html! { (order.engineer) }));
    }
    if let Some(cover) = order.warranty {
        items
            .push(Def::new(cx.t(T("保修", "Warranty")), unit::cover(cx, cover, order.warranty_until)).full());
    }
    if !order.wear.is_empty() {
        // What will be due next, told before it breaks (PROD-17).
        let parts = order.wear.iter().map(|seen| worn(cx, seen)).collect::<Vec<_>>();
        items.push(
            Def::new(
                cx.t(T("易损件剩余寿命", "Life left of wear parts")),
                html! { (parts.join(cx.t(T("；", "; ")))) },
            )
            .full(),
        );
    }
    if let Some(payable) = order.payable {
        items.push(Def::new(cx.t(T("应付", "To pay")), ui::strong(format::money(payable))));
    }
    ui::dl(&items)
}

fn worn(cx: &Cx, seen: &Worn) -> String {
    let percent = seen.percent.map(|p| format!(" {p}%")).unwrap_or_default();
    let months = seen
        .months
        .map(|m| T("，约可用 {m} 个月", ", about {m} months").fill(cx.lang, &[("m", m.to_string())]))
        .unwrap_or_default();
    format!("{}{percent}{months}", seen.part)
}

/// An order.
pub fn order(cx: &Cx, token: &str, order: &OrderSeen, typed: &Typed, errors: &FormErrors) -> Markup {
    let staff = cx.actor.is_some();
    let acts = html! {
        @if order.may_confirm && !staff { (confirm_part(cx, typed, errors)) }
        @if order.may_rate && !staff { (rate_part(cx, typed, errors)) }
        @if order.rated { (ui::alert(Tone::Green, cx.t(T("已收到您的评价，谢谢。问题没有解决的，我们会打电话与您联系。", "Thank you for your rating. If the fault is not gone, we will call you.")))) }
        @if !order.messages.is_empty() { h2 { (cx.t(T("留言", "Messages"))) } (talk::thread(cx, &order.messages)) }
        @if order.may_write && !staff { (message_part(cx, typed, errors)) }
    };
    let body = html! {
        (errors.summary(cx.lang))
        @if staff { (ui::alert(Tone::Amber, cx.t(T("这是客户的页面。您已登录员工账户，只能查看。", "This is the customer's page. You are signed in as staff and can only look.")))) }
        (times(cx, order))
        (facts(cx, order))
        @if let Some(code) = &order.acceptance_code { (code_part(cx, code)) }
        (Form::post(format!("/f/{token}"), cx.form_key()).plain().body(acts))
        @if !order.hotline.is_empty() {
            (Btn::link(format!("{} {}", cx.t(T("拨打热线", "Call")), order.hotline), format!("tel:{}", order.hotline)).icon("phone").block())
        }
        (ui::muted(cx.t(T("请保存本页链接，不要转发给他人。", "Keep this address, and don't pass it on."))))
    };
    ui::bare_card(&order.no, &order.words, body)
}

fn code_part(cx: &Cx, code: &str) -> Markup {
    let hint = cx.t(T(
        "修好后，满意再把验收码告诉工程师，等同签字确认。",
        "Once it is fixed and you are content, tell the engineer this code; it counts as your signature.",
    ));
    ui::alert(
        Tone::Blue,
        html! { (cx.t(T("验收码", "Acceptance code"))) " " (ui::strong(ui::mono(code))) " " (ui::small(hint)) },
    )
}

fn confirm_part(cx: &Cx, typed: &Typed, errors: &FormErrors) -> Markup {
    let label = cx.t(T("方便接听回访电话的时间（可不填）", "When may we call you back? (optional)"));
    let call_time = Field::text("call_time", label).placeholder("18:00-20:00").value(&typed.call_time).full();
    let confirm = Btn::submit(cx.t(T("确认已修好", "It is done"))).icon("circle-check").lg().block();
    html! {
        (call_time.error(errors.of("call_time")))
        (ui::form_buttons(&[confirm.name_value("act", "confirm")]))
    }
}

fn rate_part(cx: &Cx, typed: &Typed, errors: &FormErrors) -> Markup {
    let marks = || (1..=5).rev().map(|n| (n.to_string(), format!("{n}")));
    let solved = !typed.asked || typed.solved;
    ui::fieldset(
        cx.t(T("评价这次服务", "Rate the service")),
        cx.t(T("5 分最好", "5 is best")),
        html! {
            (ui::hidden("asked", "true"))
            (Field::check("solved", cx.t(T("问题已解决", "The fault is gone"))).checked(solved).full())
            (Field::chips("quality", cx.t(T("维修质量", "Repair quality"))).options(marks()).maybe(typed.quality).full().error(errors.of("quality")))
            (Field::chips("attitude", cx.t(T("服务态度", "Attitude"))).options(marks()).maybe(typed.attitude).full().error(errors.of("attitude")))
            (Field::area("text", cx.t(T("想说的话", "Anything to say")), 2).value(&typed.text).full().error(errors.of("text")))
            (Btn::submit(cx.t(T("提交评价", "Send"))).name_value("act", "rate"))
        },
    )
}

fn message_part(cx: &Cx, typed: &Typed, errors: &FormErrors) -> Markup {
    let send = Btn::new(cx.t(T("发送", "Send"))).attr("type", "submit").name_value("act", "say");
    let message = Field::area("message", cx.t(T("给服务人员留言", "Write to the service")), 2);
    html! {
        (message.value(&typed.message).full().error(errors.of("message")))
        (ui::form_buttons(&[send]))
    }
}

/// A request.
pub fn request(cx: &Cx, request: &RequestSeen) -> Markup {
    let at = |done: bool, now: bool| match (done, now) {
        (true, _) => StepState::Done,
        (false, true) => StepState::Now,
        (false, false) => StepState::Todo,
    };
    let steps = [
        Step::new(cx.t(T("已收到", "Received")), format::time(cx, request.created_at), StepState::Done),
        Step::new(cx.t(T("确认与答复", "Checked and answered")), "", at(request.answered, true)),
        Step::new(cx.t(T("服务进行", "Service")), "", at(request.closed, request.ordered)),
        Step::new(cx.t(T("办结", "Finished")), "", at(request.closed, false)),
    ];
    let body = html! {
        (ui::steps(cx.lang, &steps))
        @if let Some(at) = request.promised_at { (ui::muted(format!("{} {}", cx.t(T("最迟答复：", "Answer until")), format::time(cx, at)))) }
        @for order in &request.orders {
            (ui::side_card(html! {
                (ui::row_end(
                    match &order.path { Some(path) => ui::id_link(path, &order.no), None => ui::mono(&order.no) },
                    ui::tag(Tone::Blue, &order.words),
                ))
                @if let Some(path) = &order.path { (Btn::link(cx.t(T("查看进度、留言、评价", "Follow, write, rate")), path).block()) }
            }))
        }
        (ui::muted(cx.t(T("请保存本页链接，随时查看进度。", "Keep this address to see how it goes."))))
    };
    ui::bare_card(&request.no, &request.words, body)
}
