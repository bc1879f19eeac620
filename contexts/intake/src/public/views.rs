//! Markup of the public pages: made for a phone in one hand.

use kernel::T;
use kit::{Cx, FormErrors};
use maud::{Markup, html};
use products::api::UnitBrief;
use ui::{Btn, Field, Form};

use super::service::Report;
use crate::topic::model::{TopicOut, name_in};

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
    let intro = format!("{} {}", unit.model_name, unit.serial);
    form(cx, (&format!("/u/{token}/report"), &intro, html! {}), topics, report, errors)
}

/// The form without a unit: what it is about is said in words.
pub fn open_report(cx: &Cx, topics: &[TopicOut], report: &Report, errors: &FormErrors) -> Markup {
    let thing = html! {
        (Field::text("model", cx.t(T("产品型号", "Model"))).value(&report.model).error(errors.of("model")))
        (Field::text("serial", cx.t(T("序列号（机身铭牌上）", "Serial number, on the type plate"))).value(&report.serial).error(errors.of("serial")))
    };
    form(cx, ("/report", &cx.app.config.company, thing), topics, report, errors)
}

fn form(
    cx: &Cx,
    (action, intro, thing): (&str, &str, Markup),
    topics: &[TopicOut],
    report: &Report,
    errors: &FormErrors,
) -> Markup {
    let topics: Vec<&TopicOut> =
        topics.iter().filter(|t| t.topic.active && OFFERED.contains(&t.topic.code.as_str())).collect();
    let body = html! {
        (errors.summary(cx.lang))
        (ui::fields(html! {
            (Field::text("name", cx.t(T("您的称呼", "Your name"))).value(&report.name).required().error(errors.of("name")).attr("autocomplete", "name"))
            (Field::tel("phone", cx.t(T("联系电话", "Number to call"))).value(&report.phone).required().error(errors.of("phone").or(errors.of("caller_phone"))))
            (thing)
            (contents(cx, &topics, report, errors))
            (Field::area("text", cx.t(T("问题描述", "What is wrong")), 4).value(&report.text).required().full().error(errors.of("text"))
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
    let form = Form::post(action.to_string(), cx.form_key()).multipart().body(body);
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
