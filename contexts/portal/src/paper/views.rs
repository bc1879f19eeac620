//! Markup of papers.

use kernel::{Id, T};
use kit::{Cx, FormErrors};
use maud::{Markup, html};
use ui::{Btn, Field, Form, Tone};

use super::model::PaperOut;

/// Files of a model, each with its switch.
pub fn papers(cx: &Cx, model: Id, name: &str, papers: &[PaperOut], errors: &FormErrors) -> Markup {
    let title = cx.t(T("客户资料", "Papers for customers"));
    let hint = cx.t(T(
        "公开的文件，扫设备二维码的人都能阅读。文件先在型号页上传为附件。",
        "Published files can be read by whoever scans a unit's code. Attach files on the model's page first.",
    ));
    let body = html! {
        (errors.summary(cx.lang))
        (ui::muted(hint))
        @if papers.is_empty() {
            (ui::empty("book", cx.t(T("这个型号还没有附件", "The model has no files yet")), "", Some(Btn::link(name, format!("/models/{model}")))))
        }
        @for paper in papers { (row(cx, model, paper)) }
    };
    ui::plain_view(
        &format!("{title} · {name}"),
        Btn::link(cx.t(T("返回型号", "To the model")), format!("/models/{model}")).icon("chevron-left"),
        body,
    )
}

fn row(cx: &Cx, model: Id, paper: &PaperOut) -> Markup {
    let published = paper.title.is_some();
    let tag = if published {
        ui::tag(Tone::Green, cx.t(T("已公开", "Published")))
    } else {
        ui::tag(Tone::Neutral, cx.t(T("内部", "Internal")))
    };
    let form = Form::post(format!("/models/{model}/papers"), cx.form_key()).inline().body(html! {
        (ui::hidden("file_id", paper.file_id))
        (ui::hidden("published", if published { "" } else { "true" }))
        @if published { (Btn::submit(cx.t(T("撤回", "Withdraw"))).sm()) }
        @else {
            (Field::text("title", cx.t(T("给客户看的标题", "Title for customers"))).bare().placeholder(&paper.name))
            (Btn::submit(cx.t(T("公开", "Publish"))).sm())
        }
    });
    let shown = paper.title.as_deref().unwrap_or(&paper.name);
    ui::side_card(ui::row_end(
        ui::two_lines(
            ui::link(&format!("/files/{}", paper.file_id), shown),
            html! { (paper.name) " " (tag) },
        ),
        form,
    ))
}
