//! Markup of reports.

use kernel::T;
use kit::{Cx, FormErrors, format};
use maud::{Markup, html};
use ui::{Btn, Event, Field, Form, Tone};

use super::{
    model::{self, AttemptCode, DelayCode, IncidentCode, Report, ReportKind, Verdict},
    pages::{ReportForm, Which},
    rules, service,
};
use crate::job::model::FieldOrder;

struct Part<'a> {
    form: ReportForm,
    errors: &'a FormErrors,
}

/// The part of the page whose form was sent keeps what was typed and shows what is wrong.
fn part<'a>(
    which: Which,
    sent: Option<(Which, &ReportForm)>,
    errors: &'a FormErrors,
    none: &'a FormErrors,
) -> Part<'a> {
    match sent {
        Some((sent, form)) if sent == which => Part { form: form.clone(), errors },
        _ => Part { form: ReportForm::default(), errors: none },
    }
}

/// Three forms and what was reported so far.
pub fn page(cx: &Cx, job: &FieldOrder, sent: Option<(Which, &ReportForm)>, errors: &FormErrors) -> Markup {
    let none = FormErrors::default();
    let order = &job.order.order;
    let over = !order.state.is_open();
    let failed = service::failures(&job.reports);
    html! {
        (ui::stack(&[
            html! { @if !over { (ui::alert(Tone::Blue, cx.t(rules::advice(failed, order.appointment_from, cx.now())))) } },
            html! { @if !over { (ui::section_id("attempt", cx.t(T("联系客户", "Reaching the customer")), "", html! {}, attempt(cx, job, &part(Which::Attempt, sent, errors, &none)))) } },
            html! { @if !over { (ui::section_id("delay", cx.t(T("报告延误", "Report a delay")), "", html! {}, delay(cx, job, &part(Which::Delay, sent, errors, &none)))) } },
            html! { @if !over { (ui::section_id("incident", cx.t(T("现场情况", "Incident")), "", html! {}, incident(cx, job, &part(Which::Incident, sent, errors, &none)))) } },
            said(cx, &job.reports),
        ]))
    }
}

fn action(job: &FieldOrder, what: &str) -> String {
    format!("/m/orders/{}/{what}", job.order.order.id)
}

fn send(cx: &Cx, label: T) -> Markup {
    html! { (Btn::new(cx.t(label)).attr("type", "submit").soft().touch().block()) }
}

fn note(cx: &Cx, id: &str, part: &Part<'_>) -> Markup {
    html! {
        (Field::text("note", cx.t(T("说明", "In words"))).id(format!("f-note-{id}")).value(part.form.note.clone().unwrap_or_default())
            .error(part.errors.of("note")))
    }
}

fn attempt(cx: &Cx, job: &FieldOrder, part: &Part<'_>) -> Markup {
    let options = AttemptCode::OPTIONS.iter().map(|(code, label)| (*code, cx.t(*label)));
    Form::post(action(job, "attempts"), cx.form_key()).attr("data-keep", job.round()).body(ui::stack(&[
        part.errors.summary(cx.lang),
        html! {
            (Field::chips("code", cx.t(T("结果", "How it went"))).id("f-code-attempt").options(options).value(&part.form.code).error(part.errors.of("code"))
                .hint(cx.t(T("敲门无人应：每 30 秒再敲，5 分钟后打电话", "Nobody opens: knock every 30 s, phone after 5 minutes"))))
        },
        note(cx, "attempt", part),
        send(cx, T("记录", "Record")),
    ]))
}

fn delay(cx: &Cx, job: &FieldOrder, part: &Part<'_>) -> Markup {
    let options = DelayCode::OPTIONS.iter().map(|(code, label)| (*code, cx.t(*label)));
    let default =
        job.order.order.appointment_from.filter(|at| *at > cx.now()).unwrap_or(cx.now()).plus_mins(30);
    let expected = if part.form.expected_at.is_empty() {
        format::field_time(cx, default)
    } else {
        part.form.expected_at.clone()
    };
    Form::post(action(job, "delay"), cx.form_key()).attr("data-keep", job.round()).body(ui::stack(&[
        part.errors.summary(cx.lang),
        html! {
            (Field::chips("reason", cx.t(T("原因", "Why"))).options(options).value(&part.form.reason).error(part.errors.of("reason")))
            (Field::datetime("expected_at", cx.t(T("预计到达", "Expected at"))).value(expected).error(part.errors.of("expected_at")))
            (Field::check("customer_told", cx.t(T("已电话告知客户", "The customer was phoned"))).checked(part.form.customer_told)
                .hint(cx.t(T("最迟在约定时间前 1–2 分钟", "At the latest 1–2 minutes before the agreed time"))))
        },
        note(cx, "delay", part),
        send(cx, T("报告给中心", "Tell the centre")),
    ]))
}

fn incident(cx: &Cx, job: &FieldOrder, part: &Part<'_>) -> Markup {
    let options = IncidentCode::OPTIONS.iter().map(|(code, label)| (*code, cx.t(*label)));
    Form::post(action(job, "incidents"), cx.form_key()).attr("data-keep", job.round()).body(ui::stack(&[
        part.errors.summary(cx.lang),
        html! {
            (Field::chips("code", cx.t(T("情况", "What"))).id("f-code-incident").options(options).value(&part.form.code).error(part.errors.of("code"))
                .hint(cx.t(T("退换与赔偿不在现场承诺", "Promise nothing on site"))))
        },
        note(cx, "incident", part),
        html! {
            (Field::text("compensation", cx.t(T("损坏时：赔偿方案", "For damage: what is offered"))).value(part.form.compensation.clone().unwrap_or_default()))
            (Field::check("apologised", cx.t(T("已向客户道歉", "Apologised"))).checked(part.form.apologised))
        },
        send(cx, T("上报", "Report")),
    ]))
}

fn look(report: &Report) -> (&'static str, Tone) {
    match report.kind {
        ReportKind::Attempt if report.code == "reached" => ("phone-check", Tone::Green),
        ReportKind::Attempt => ("phone-off", Tone::Neutral),
        ReportKind::Delay => ("clock-exclamation", Tone::Amber),
        ReportKind::Alarm => ("alert-octagon", Tone::Red),
        ReportKind::Demand | ReportKind::Damage => ("alert-triangle", Tone::Orange),
    }
}

fn detail(cx: &Cx, report: &Report) -> String {
    let mut parts = vec![report.note.clone(), facts(cx, &report.detail)];
    parts.retain(|text| !text.is_empty());
    parts.join(" · ")
}

/// The detail of a report in words: when somebody comes after all, what the rules say of a demand, what is paid for.
pub fn facts(cx: &Cx, detail: &str) -> String {
    let fact = |key| model::fact(detail, key);
    let mut parts = Vec::new();
    if !fact("expected_at").is_empty() {
        parts.push(format!("{} {}", cx.t(T("预计", "expected")), fact("expected_at")));
    }
    if let Some(verdict) = Verdict::parse(&fact("verdict")) {
        parts.push(format!("{}：{}", cx.t(verdict.label()), fact("why")));
    }
    parts.push(fact("compensation"));
    parts.retain(|text| !text.is_empty());
    parts.join(" · ")
}

fn said(cx: &Cx, reports: &[Report]) -> Markup {
    if reports.is_empty() {
        return html! {};
    }
    let events: Vec<Event> = reports
        .iter()
        .map(|report| {
            let (icon, tone) = look(report);
            let text = detail(cx, report);
            Event {
                icon,
                tone,
                head: html! { (cx.t(report.kind.label())) " · " (cx.t(report.code_label())) },
                time: format::time(cx, report.at),
                body: (!text.is_empty()).then(|| html! { (text) }),
            }
        })
        .collect();
    ui::card(cx.t(T("已上报", "Reported so far")), ui::small(reports.len()), ui::timeline(&events))
}
