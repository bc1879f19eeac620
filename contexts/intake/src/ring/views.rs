//! Markup of ringing calls: the pop-up, and the page where people sit down and try it.

use kernel::T;
use kit::{Cx, FormErrors, Sens, format};
use maud::{Markup, html};
use ui::{Btn, Field, Form, Stat, Tone};

use super::{
    model::{CallFigures, Extension, TestRing},
    service::Popped,
};
use crate::{
    call::{
        model::{CallRow, Outcome},
        service::intake_path,
    },
    desk::model::{Caller, CallerOrder},
    perms::{CALL_EVENT, REQUEST_WRITE},
};

/// Rows of a kind that the pop-up shows.
const FEW: usize = 3;

fn state(row: &CallRow) -> (Tone, T) {
    match (row.outcome, row.ended_at) {
        (Outcome::Missed, _) => (Tone::Red, T("未接来电", "Missed call")),
        (Outcome::Busy, _) => (Tone::Red, T("占线", "Busy")),
        (_, Some(_)) => (Tone::Neutral, T("通话已结束", "Call ended")),
        (Outcome::Answered, None) => (Tone::Green, T("通话中", "On the line")),
        _ => (Tone::Blue, T("来电", "Incoming call")),
    }
}

/// Who is calling, before anything is typed (CALL-02).
pub fn pop(cx: &Cx, popped: &Popped) -> Markup {
    let row = &popped.row;
    let (tone, label) = state(row);
    let phone = if row.phone.is_empty() {
        cx.t(T("号码未显示", "Number withheld")).to_string()
    } else {
        cx.mask(Sens::Phone, &row.phone)
    };
    let line = if row.line.is_empty() {
        String::new()
    } else {
        format!("{} {}", cx.t(T("拨打", "called")), row.line)
    };
    let path = |caller: Option<&Caller>| {
        let row = CallRow { customer_id: caller.map(|c| c.id), ..row.clone() };
        intake_path(&row)
    };
    let customers = &popped.lookup.customers;
    let body = html! {
        @match customers.as_slice() {
            [] => { p { (ui::tag(Tone::Violet, cx.t(T("新客户", "New customer")))) } }
            [one] => { (caller(cx, one)) }
            many => {
                (ui::muted(cx.t(T("这个号码有多个客户，请选择", "Several customers have this number"))))
                @for one in many.iter().take(FEW + 2) { (ui::row_end(ui::link(&path(Some(one)), cx.mask(Sens::Name, &one.name)), ui::muted(&one.no))) }
            }
        }
    };
    let sole = popped.lookup.sole();
    let buttons = html! {
        @if cx.can(&REQUEST_WRITE) { (Btn::link(cx.t(T("受理", "Take it down")), path(sole)).icon("headset").primary()) }
        @if let Some(one) = sole { (Btn::link(cx.t(T("客户档案", "Customer file")), format!("/customers/{}", one.id)).icon("user")) }
    };
    let head = html! { (ui::tag(tone, cx.t(label))) " " (ui::num(&phone)) " " (ui::muted(line)) };
    // Two calls at once are two regions with names of their own.
    let name = format!("{} {phone}", cx.t(label));
    ui::pop_card(cx.lang, &row.id.to_string(), &name, head, body, buttons)
}

fn caller(cx: &Cx, caller: &Caller) -> Markup {
    let first = caller.first_time.then(|| ui::tag(Tone::Violet, cx.t(T("首次来电", "First call"))));
    let tags =
        html! { (ui::tag(Tone::Blue, caller.grade.to_uppercase())) @if let Some(first) = first { (first) } };
    let heading = |text: T| ui::small(ui::strong(cx.t(text)));
    html! {
        (ui::side_head(&cx.mask(Sens::Name, &caller.name), &format!("/customers/{}", caller.id), tags, &caller.no))
        @if !caller.open_orders.is_empty() {
            (heading(T("未完工单", "Open orders")))
            @for order in caller.open_orders.iter().take(FEW) { (order_row(cx, order)) }
        }
        @if !caller.units.is_empty() {
            (heading(T("名下设备", "Units")))
            @for unit in caller.units.iter().take(FEW) {
                (ui::row_end(ui::link(&format!("/units/{}", unit.id), &unit.model_name), ui::mono(if unit.serial.is_empty() { unit.no.clone() } else { cx.mask(Sens::Serial, &unit.serial) })))
            }
        }
        @if !caller.requests.is_empty() {
            (heading(T("最近联系", "Last contacts")))
            @for request in caller.requests.iter().take(FEW) {
                (ui::row_end(
                    ui::link(&format!("/requests/{}", request.id), format!("{} {}", request.topic_name, request.content_name)),
                    ui::muted(format::time(cx, request.created_at)),
                ))
            }
        }
    }
}

fn order_row(cx: &Cx, order: &CallerOrder) -> Markup {
    let when = order.appoint_from.map(|at| format::time(cx, at)).unwrap_or_default();
    let left = html! { (ui::id_link(&format!("/orders/{}", order.id), &order.no)) " " (order.symptom) };
    ui::row_end(left, html! { (ui::st(order.state.look(), cx.t(order.state.label()))) " " (ui::muted(when)) })
}

/// The page where people sit down.
pub struct Desk {
    pub mine: Option<Extension>,
    pub extensions: Vec<Extension>,
    pub figures: Option<CallFigures>,
    pub test: TestRing,
}

/// My telephone, how calls are answered, who sits where, and a test call.
pub fn desk(cx: &Cx, desk: &Desk, errors: &FormErrors) -> Markup {
    let title = cx.t(T("来电弹屏与分机", "Call pop-up and extensions"));
    let body = html! {
        (errors.summary(cx.lang))
        @if let Some(figures) = &desk.figures { (figures_part(cx, figures)) }
        (ui::section(cx.t(T("我的分机", "My telephone")), html! {}, my_seat(cx, desk, errors)))
        @if cx.can(&CALL_EVENT) { (ui::section(cx.t(T("试一试", "Try it")), html! {}, test_form(cx, desk, errors))) }
        (ui::section(cx.t(T("谁坐在哪里", "Who sits where")), html! {}, seats(cx, desk)))
    };
    ui::plain_view(title, Btn::link(cx.t(T("电话登记", "Register")), "/calls").icon("phone-call"), body)
}

fn figures_part(cx: &Cx, figures: &CallFigures) -> Markup {
    let percent =
        |part: i64, all: i64| if all == 0 { "—".to_string() } else { format!("{}", part * 100 / all) };
    let unit = |all: i64| if all == 0 { "" } else { "%" };
    let rings =
        T("{n} 声内接听", "Within {n} rings").fill(cx.lang, &[("n", figures.wanted_rings.to_string())]);
    let lost = figures.missed + figures.busy;
    let items = [
        Stat::new(cx.t(T("近 30 天来电", "Calls in 30 days")), figures.incoming)
            .href("/calls?filter=direction~in~in"),
        Stat::new(rings, percent(figures.in_time, figures.measured)).unit(unit(figures.measured)),
        Stat::new(cx.t(T("未接与占线", "Missed or busy")), percent(lost, figures.incoming))
            .unit(unit(figures.incoming))
            .href("/calls?view=missed"),
        Stat::new(cx.t(T("待回拨", "To call back")), figures.to_return).href("/calls?view=to_return"),
        Stat::new(
            cx.t(T("平均应答", "Mean time to answer")),
            figures.mean_ring_seconds.map_or("—".into(), |s| s.to_string()),
        )
        .unit(if figures.mean_ring_seconds.is_some() { cx.t(T("秒", "s")) } else { "" }),
    ];
    ui::stats(&items)
}

fn my_seat(cx: &Cx, desk: &Desk, errors: &FormErrors) -> Markup {
    Form::post("/calls/desk/extension", cx.form_key()).body(html! {
        (ui::fields(html! {
            (Field::text("extension", cx.t(T("分机号", "Extension"))).maybe(desk.mine.as_ref().map(|seat| seat.extension.as_str()))
                .hint(cx.t(T("话机响铃时，本浏览器弹出来电人资料；留空取消", "When it rings, this browser shows who it is; empty: at none")))
                .error(errors.of("extension")))
        }))
        (ui::form_buttons(&[Btn::submit(cx.t(T("保存", "Save")))]))
    })
}

fn test_form(cx: &Cx, desk: &Desk, errors: &FormErrors) -> Markup {
    let test = &desk.test;
    let extension = test.extension.clone().or(desk.mine.as_ref().map(|seat| seat.extension.clone()));
    let button =
        |label: T, event: &str, icon: &str| Btn::submit(cx.t(label)).icon(icon).name_value("event", event);
    let (talking, running) = (test.event == "answer", test.call_id.is_some());
    Form::post("/calls/desk/test", cx.form_key()).body(html! {
        @if let Some(id) = &test.call_id { (ui::hidden("call_id", id)) }
        (ui::fields(html! {
            (Field::tel("caller", cx.t(T("来电号码", "Caller"))).maybe(test.caller.as_deref()).error(errors.of("caller")))
            (Field::text("extension", cx.t(T("振铃分机", "Telephone that rings"))).maybe(extension)
                .hint(cx.t(T("留空：本组织所有能登记电话的人", "Empty: everybody of your organisation who takes calls"))).error(errors.of("extension")))
        }))
        @if running && !talking { (ui::form_buttons(&[button(T("接听", "Answer"), "answer", "phone"), button(T("挂断", "Hang up"), "hangup", "phone-off")])) }
        @else if running { (ui::form_buttons(&[button(T("挂断", "Hang up"), "hangup", "phone-off")])) }
        @else { (ui::form_buttons(&[button(T("模拟来电", "Ring"), "ring", "phone-incoming")])) }
    })
}

fn seats(cx: &Cx, desk: &Desk) -> Markup {
    if desk.extensions.is_empty() {
        return ui::muted(cx.t(T("还没有人登记分机。", "Nobody has said where they sit.")));
    }
    let seats: Vec<(&str, Markup)> =
        desk.extensions.iter().map(|seat| (seat.staff_name.as_str(), ui::mono(&seat.extension))).collect();
    ui::kv(&seats)
}
