//! Markup of the public pages: made for a phone in one hand.

use kernel::T;
use kit::{Cx, FormErrors, format};
use maud::{Markup, html};
use products::api::UnitBrief;
use ui::{Btn, Field, Form, Step, StepState, Tone};

use super::service::Report;
use crate::{
    request::model::{RequestRow, State},
    topic::model::{TopicOut, name_in},
};

/// Topics that strangers may choose from: those that lead to work, and questions.
const OFFERED: &[&str] = &["repair", "booking", "consult", "complaint"];

/// The form for a unit. Nothing of its owner is shown.
pub fn report(
    cx: &Cx,
    token: &str,
    unit: &UnitBrief,
    topics: &[TopicOut],
    report: &Report,
    errors: &FormErrors,
) -> Markup {
    let topics: Vec<&TopicOut> =
        topics.iter().filter(|t| t.topic.active && OFFERED.contains(&t.topic.code.as_str())).collect();
    let intro = format!("{} {}", unit.model_name, unit.serial);
    let body = html! {
        (errors.summary(cx.lang))
        (ui::fields(html! {
            (Field::text("name", cx.t(T("您的称呼", "Your name"))).value(&report.name).required().error(errors.of("name")).attr("autocomplete", "name"))
            (Field::tel("phone", cx.t(T("联系电话", "Number to call"))).value(&report.phone).required().error(errors.of("phone").or(errors.of("caller_phone"))))
            (contents(cx, &topics, report, errors))
            (Field::area("text", cx.t(T("问题描述", "What is wrong")), 4).value(&report.text).full().error(errors.of("text"))
                .placeholder(cx.t(T("什么时候开始、有什么现象、显示的代码…", "Since when, what happens, codes shown …"))))
            (Field::text("demand", cx.t(T("希望怎样处理", "What you would like"))).value(&report.demand).full().error(errors.of("demand")))
            (Field::text("address", cx.t(T("服务地址", "Where"))).value(&report.address).full().error(errors.of("address")))
            (Field::text("proof", cx.t(T("购买凭证（发票号）", "Proof of purchase (invoice no.)"))).value(&report.proof).full().error(errors.of("proof")))
            (Field::file("photo", cx.t(T("照片或视频（最多 3 个）", "Pictures or videos (3 at most)")), "image/*,video/mp4", true).full().error(errors.of("photo")))
        }))
        (trap(report))
        (ui::muted(cx.t(T("提交后会得到查询链接。您的信息只用于处理这次请求。", "You get a link to follow it. Your data are used for this request only."))))
        (ui::form_buttons(&[Btn::submit(cx.t(T("提交", "Send"))).lg()]))
    };
    let form = Form::post(format!("/u/{token}/report"), cx.form_key()).multipart().body(body);
    ui::bare_card(cx.t(T("报修与服务", "Ask for service")), intro.trim(), form)
}

fn contents(cx: &Cx, topics: &[&TopicOut], report: &Report, errors: &FormErrors) -> Markup {
    let options = topics.iter().flat_map(|t| {
        let topic = name_in(cx.lang, &t.topic.name, &t.topic.name_en);
        t.contents
            .iter()
            .filter(|c| c.active)
            .map(move |c| (c.code.clone(), format!("{topic} · {}", name_in(cx.lang, &c.name, &c.name_en))))
    });
    html! {
        (Field::select("content", cx.t(T("需要什么服务", "What do you need"))).options(options).blank(cx.t(T("请选择", "Choose"))).value(&report.content)
            .full().error(errors.of("content").or(errors.of("topic"))))
    }
}

/// A field that only programs fill: off the screen, out of the tab order, not read aloud.
fn trap(report: &Report) -> Markup {
    html! {
        div style="position:absolute;left:-200vw" aria-hidden="true" {
            label { "Website" input name="website" value=(report.website) tabindex="-1" autocomplete="off"; }
        }
    }
}

/// How a request stands, in words; no personal data.
pub fn status(cx: &Cx, row: &RequestRow, orders: &[(String, String)]) -> Markup {
    let words = match row.state {
        State::Open if row.confirmed_at.is_none() => {
            T("已收到，我们会尽快与您联系确认", "Received; we will get in touch soon")
        }
        State::Open => {
            T("正在处理，我们会在承诺时间内答复", "We are working on it and will answer as promised")
        }
        State::Answered | State::Solved => T("已答复", "Answered"),
        State::Ordered => T("已安排服务", "Service is arranged"),
        State::Closed => T("已办结", "Finished"),
    };
    let at = |state: State| match (row.state, state) {
        (State::Closed, _) => StepState::Done,
        (State::Open, State::Open) => StepState::Now,
        (State::Open, _) => StepState::Todo,
        (_, State::Open) => StepState::Done,
        (_, State::Ordered) => StepState::Now,
        (_, _) => StepState::Todo,
    };
    let steps = [
        Step::new(cx.t(T("已收到", "Received")), format::time(cx, row.created_at), StepState::Done),
        Step::new(cx.t(T("确认与答复", "Checked and answered")), "", at(State::Open)),
        Step::new(cx.t(T("服务进行", "Service")), "", at(State::Ordered)),
        Step::new(cx.t(T("办结", "Finished")), "", at(State::Closed)),
    ];
    let promise = row.promised_at.filter(|_| row.state == State::Open);
    ui::bare_card(
        &row.no,
        cx.t(words),
        html! {
            (ui::steps(cx.lang, &steps))
            @if let Some(at) = promise { (ui::muted(format!("{} {}", cx.t(T("最迟答复：", "Answer until")), format::time(cx, at)))) }
            @for (no, state) in orders {
                @let label = orders::api::State::parse(state).map_or("", |s| cx.t(s.label()));
                (ui::row_end(ui::mono(no), ui::tag(Tone::Blue, label)))
            }
            (ui::muted(cx.t(T("请保存本页链接，随时查看进度。", "Keep this address to see how it goes."))))
        },
    )
}
