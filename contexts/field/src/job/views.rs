//! The page of one visit.

use kernel::T;
use kit::{Cx, format};
use maud::{Markup, html};
use orders::api::OrderUnit;
use ui::{Btn, Event, Field, Form, MenuItem, Tone};

use super::{
    model::FieldOrder,
    rules,
    steps::{self, Ctx},
};
use crate::{
    day::views as shared,
    report::{rules::advice, service::failures},
};

/// Buttons of the top bar: call, and the menu of everything that is rarely needed.
pub fn tools(cx: &Cx, job: &FieldOrder) -> Markup {
    let id = job.order.order.id;
    let to = |what: &str| format!("/m/orders/{id}/{what}");
    let items = [
        MenuItem::link(
            "phone-off",
            cx.t(T("联系记录、延误、现场情况", "Attempts, delay, incidents")),
            to("reports"),
        ),
        MenuItem::link("package", cx.t(T("备件与费用", "Parts and fees")), to("parts")),
        MenuItem::link("receipt", cx.t(T("报价与同意", "Quote and consent")), to("quote")),
        MenuItem::link("arrow-up", cx.t(T("升级到上一级", "To the next level")), to("escalate")),
        MenuItem::link("file-text", cx.t(T("完整工单", "The whole order")), format!("/orders/{id}")),
        MenuItem::separator(),
        MenuItem::post("alert-octagon", cx.t(T("紧急求助", "Alarm")), to("alarm")).danger().confirm(
            cx.t(T(
                "立即通知中心：发生冲突或安全事件？",
                "Tell the centre now: conflict or safety incident?",
            )),
        ),
    ];
    html! {
        (Btn::icon_only("phone", cx.t(T("拨打电话", "Call"))).lg().post(to("call")).swap("none"))
        (Btn::icon_only("dots", cx.t(T("更多", "More"))).lg().id("more-btn").popover("more"))
        (ui::menu("more", &items))
    }
}

/// The whole page: how it stands, what is next, whom and what it is about, what happened before.
pub fn job(ctx: &Ctx<'_>) -> Markup {
    let (cx, job) = (ctx.cx, ctx.job);
    ui::stack(&[
        head(cx, job),
        warnings(cx, job),
        steps::steps(ctx),
        contact(cx, job),
        unit(cx, job),
        pictures(cx, job, &ctx.voids),
        history(cx, job),
    ])
}

fn head(cx: &Cx, job: &FieldOrder) -> Markup {
    let order = &job.order.order;
    let departed = job.progress.departed_at.is_some();
    let mut items = vec![shared::state(cx, order.state, &order.waiting, departed)];
    if !crate::day::rules::finished(order.state) {
        items.extend(shared::deadline(cx, order.state, order.next_due_at, order.next_due_total));
    }
    if order.urgent || order.priority >= 4 {
        items.push(ui::tag(Tone::Red, cx.t(T("紧急", "Urgent"))));
    }
    if order.reworks > 0 {
        items.push(ui::tag(Tone::Orange, cx.t(T("返工", "Rework"))));
    }
    if order.repeat_of.is_some() {
        items.push(ui::tag(Tone::Orange, cx.t(T("重复维修", "Repeat"))));
    }
    if order.level > 1 {
        let level = T("第 {n} 级", "Level {n}").fill(cx.lang, &[("n", order.level.to_string())]);
        items.push(ui::tag(Tone::Violet, level));
    }
    let next = ui::small(html! { (cx.t(T("下一步 ", "Next: "))) (ui::strong(cx.t(job.next.label()))) });
    ui::row_end(ui::row(&items), next)
}

fn warnings(cx: &Cx, job: &FieldOrder) -> Markup {
    let order = &job.order.order;
    let failed = failures(&job.reports);
    html! {
        @if !crate::day::rules::finished(order.state) {
            @for step in rules::heard(&job.order.steps) {
                @let label = if step.action == "called" { T("客户又来电：", "The customer called again: ") } else { T("返工原因：", "Why it came back: ") };
                (ui::alert(Tone::Orange, html! { (ui::strong(cx.t(label))) (step.reason) " " (ui::small(format::time(cx, step.at))) }))
            }
        }
        @for note in &job.notes {
            @let action = format!("/m/orders/{}/notes/{}/close", order.id, note.id);
            @let label = if note.refused { T("上次客户拒修：", "Refused last time: ") } else { T("上次遗留：", "Left open last time: ") };
            (ui::alert(Tone::Amber, ui::stack(&[
                html! { (ui::strong(cx.t(label))) (note.text) },
                ui::row_end(
                    ui::small(html! { (note.source_no) " " (format::time(cx, note.opened_at)) }),
                    ui::post_button(&action, cx.form_key(), Btn::new(cx.t(T("已处理", "Dealt with"))).icon("check").touch()),
                ),
            ])))
        }
        @if failed > 0 && job.progress.arrived_at.is_none() && !crate::day::rules::finished(order.state) {
            (ui::alert(Tone::Amber, html! {
                (T("已 {n} 次联系不上客户。", "The customer could not be reached {n} times.").fill(cx.lang, &[("n", failed.to_string())])) " "
                (cx.t(advice(failed, order.appointment_from, cx.now())))
            }))
        }
        @if let Some(check) = job.check.as_ref().filter(|check| !check.missing.is_empty() && job.progress.departed_at.is_some()) {
            (ui::alert(Tone::Amber, T("出发自检缺 {n} 项", "{n} items missing at the departure check").fill(cx.lang, &[("n", check.missing.len().to_string())])))
        }
    }
}

fn contact(cx: &Cx, job: &FieldOrder) -> Markup {
    let order = &job.order.order;
    let mut facts = vec![
        (cx.t(T("联系人", "Contact")), html! { (cx.mask(kit::Sens::Name, &order.contact)) }),
        (cx.t(T("电话", "Phone")), ui::num(&order.phone)),
        (cx.t(T("地址", "Address")), html! { (order.address) }),
    ];
    let window = shared::window(cx, order.appointment_from, order.appointment_to);
    if !window.is_empty() {
        facts.push((cx.t(T("约定时间", "Appointment")), ui::num(window)));
    }
    facts.push((cx.t(T("故障现象", "Fault")), ui::or_none(Some(order.symptom.as_str()))));
    if !order.demand.is_empty() {
        facts.push((cx.t(T("客户要求", "Demand")), html! { (order.demand) }));
    }
    let buttons: Vec<Markup> =
        shared::contact_buttons(cx, order.id).into_iter().map(|b| html! { (b) }).collect();
    ui::card(cx.t(T("客户", "Customer")), html! {}, ui::stack(&[ui::kv(&facts), ui::row(&buttons)]))
}

/// The warranty decision as a badge.
fn warranty(cx: &Cx, unit: Option<&OrderUnit>) -> Markup {
    let Some(unit) = unit else { return html! {} };
    match unit.verdict.as_str() {
        "covered" => {
            let until = unit
                .warranty_until
                .map(|date| format!(" {} {date}", cx.t(T("至", "until"))))
                .unwrap_or_default();
            ui::tag(Tone::Green, html! { (cx.t(T("保内", "In warranty"))) (until) })
        }
        "not_covered" => ui::tag(Tone::Orange, cx.t(T("保外", "Out of warranty"))),
        _ => ui::tag(Tone::Amber, cx.t(T("保修待定", "Warranty open"))),
    }
}

fn unit(cx: &Cx, job: &FieldOrder) -> Markup {
    let badge = warranty(cx, job.order.units.first());
    let Some(unit) = &job.unit else {
        return html! { @if !job.order.order.model_name.is_empty() {
            (ui::card(cx.t(T("设备", "Unit")), badge, html! { (job.order.order.model_name) }))
        } };
    };
    let date = |date: Option<kernel::Date>| date.map_or_else(ui::none, |date| ui::num(date.to_string()));
    let mut facts = vec![
        (cx.t(T("型号", "Model")), html! { (unit.model_name) }),
        (cx.t(T("序列号", "Serial")), ui::mono(cx.mask(kit::Sens::Serial, &unit.serial))),
        (cx.t(T("购买日期", "Bought")), date(unit.purchase_date)),
        (cx.t(T("安装日期", "Installed")), date(unit.install_date)),
    ];
    if !unit.place.is_empty() {
        facts.push((cx.t(T("安装位置", "Place")), html! { (unit.place) }));
    }
    ui::card(cx.t(T("设备", "Unit")), badge, ui::kv(&facts))
}

fn pictures(cx: &Cx, job: &FieldOrder, voids: &Markup) -> Markup {
    let order = &job.order.order;
    let labels: Vec<&str> = steps::PHOTO_LABELS.iter().map(|(code, _)| *code).collect();
    let taken = steps::photos(job, &labels, cx);
    let locked = order.state.is_final();
    if locked && taken.is_empty() {
        return html! {};
    }
    let options = steps::PHOTO_LABELS
        .iter()
        .filter(|(code, _)| *code != "arrival")
        .map(|(code, label)| (*code, cx.t(*label)));
    let form = Form::post(format!("/m/orders/{}/photos", order.id), cx.form_key()).multipart().id("photos");
    let form = form.body(ui::stack(&[
        ui::photo_grid(cx.lang, "more", cx.t(T("现场照片", "Photos")), "", &taken),
        html! { @if !locked {
            (Field::chips("label", cx.t(T("拍的是", "It shows"))).options(options).value("fault"))
            (Btn::new(cx.t(T("上传照片", "Upload"))).icon("upload").attr("type", "submit").touch().block())
        } },
    ]));
    ui::card(
        cx.t(T("照片", "Photos")),
        html! {},
        if voids.0.is_empty() { form } else { ui::stack(&[form, voids.clone()]) },
    )
}

fn history(cx: &Cx, job: &FieldOrder) -> Markup {
    if job.history.is_empty() {
        return html! {};
    }
    let events: Vec<Event> = job
        .history
        .iter()
        .map(|past| Event {
            icon: "history",
            tone: Tone::Neutral,
            head: html! { (past.symptom) },
            time: format::date(cx, past.done_at.unwrap_or(past.created_at)),
            body: Some(html! { (past.no) " · " (cx.t(past.state.label())) " · " (past.engineer_name) }),
        })
        .collect();
    ui::card(cx.t(T("设备履历", "History of the unit")), ui::small(job.history.len()), ui::timeline(&events))
}
