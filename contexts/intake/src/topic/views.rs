//! Markup of topics.

use kernel::T;
use kit::{Cx, FormErrors};
use maud::{Markup, html};
use orders::api::WorkKind;
use ui::{Btn, Field, Form};

use super::model::{Content, TopicOut};

/// All topics, each with its contents and forms to change them.
pub fn page(cx: &Cx, all: &[TopicOut], kinds: &[WorkKind], errors: &FormErrors) -> Markup {
    let body = html! {
        (errors.summary(cx.lang))
        @for one in all { (topic(cx, one, kinds)) }
        (ui::section(cx.t(T("新增主题", "Add a topic")), html! {}, topic_form(cx, None)))
    };
    ui::plain_view(
        cx.t(T("服务主题与内容", "Topics and contents")),
        Btn::link(cx.t(T("返回受理", "Back to intake")), "/intake"),
        body,
    )
}

fn topic(cx: &Cx, one: &TopicOut, kinds: &[WorkKind]) -> Markup {
    let body = html! {
        (ui::stack(&std::iter::once(topic_form(cx, Some(one)))
            .chain(one.contents.iter().map(|content| content_form(cx, &one.topic.code, kinds, Some(content))))
            .chain([content_form(cx, &one.topic.code, kinds, None)])
            .collect::<Vec<_>>()))
    };
    ui::section(&one.topic.name, ui::muted(&one.topic.code), body)
}

fn topic_form(cx: &Cx, one: Option<&TopicOut>) -> Markup {
    let topic = one.map(|o| &o.topic);
    let form = Form::post("/intake/topics", cx.form_key()).inline().body(html! {
        @if let Some(topic) = topic { (ui::hidden("code", &topic.code)) }
        (Field::text("name", cx.t(T("主题", "Topic"))).bare().maybe(topic.map(|t| &t.name)).placeholder(cx.t(T("主题", "Topic"))))
        (Field::text("name_en", cx.t(T("英文名", "English name"))).bare().maybe(topic.map(|t| &t.name_en)).placeholder("English"))
        (Field::number("place", cx.t(T("顺序", "Place"))).bare().maybe(topic.map(|t| t.place)).placeholder(cx.t(T("顺序", "Place"))))
        (active(cx, topic.is_none_or(|t| t.active)))
        (Btn::submit(save_label(cx, topic.is_some())).sm())
    });
    ui::row(&[form])
}

fn content_form(cx: &Cx, topic: &str, kinds: &[WorkKind], content: Option<&Content>) -> Markup {
    let form = Form::post("/intake/contents", cx.form_key()).inline().body(html! {
        (ui::hidden("topic", topic))
        @if let Some(content) = content { (ui::hidden("code", &content.code)) }
        (Field::text("name", cx.t(T("内容", "Content"))).bare().maybe(content.map(|c| &c.name)).placeholder(cx.t(T("新内容", "New content"))))
        (Field::text("name_en", cx.t(T("英文名", "English name"))).bare().maybe(content.map(|c| &c.name_en)).placeholder("English"))
        (kind_field(cx, kinds, content.map_or("", |c| c.work_kind.as_str())))
        (active(cx, content.is_none_or(|c| c.active)))
        (Btn::submit(save_label(cx, content.is_some())).sm().ghost())
    });
    ui::row(&[form])
}

/// Kinds in use, and the one that is set even if it is retired.
fn kind_field(cx: &Cx, kinds: &[WorkKind], code: &str) -> Field {
    let offered = kinds.iter().filter(|kind| kind.active || kind.code == code);
    Field::select("work_kind", cx.t(T("工种", "Kind of work")))
        .bare()
        .options(offered.map(|kind| (kind.code.as_str(), kind.label(cx.lang))))
        .blank(cx.t(T("通常不开工单", "Usually no order")))
        .value(code)
}

fn active(cx: &Cx, on: bool) -> Markup {
    let options = [("true", cx.t(T("启用", "In use"))), ("false", cx.t(T("停用", "Retired")))];
    html! { (Field::select("active", cx.t(T("状态", "State"))).bare().options(options).value(if on { "true" } else { "false" })) }
}

fn save_label(cx: &Cx, there: bool) -> &'static str {
    cx.t(if there { T("保存", "Save") } else { T("新增", "Add") })
}
