//! Page arrangements: detail, form, intake, dashboard, settings, sign-in, error.

use kernel::{Lang, T};
use maud::{Markup, Render, html};

use crate::{Btn, crumbs, icon, icon_lg};

/// A record's own page: head, tabs, body, and a side panel on wide screens.
pub struct Detail<'a> {
    /// `(label, href)`; the last one is the number of the record.
    pub crumbs: &'a [(&'a str, Option<&'a str>)],
    pub title: &'a str,
    /// State, deadline, priority, tags.
    pub meta: Markup,
    /// Buttons beside them.
    pub actions: Markup,
    /// From [`crate::steps`].
    pub steps: Markup,
    /// From [`crate::tabs`].
    pub tabs: Markup,
    pub body: Markup,
    /// On narrow screens it follows the body.
    pub side: Option<Markup>,
}

impl<'a> Detail<'a> {
    pub fn new(crumbs: &'a [(&'a str, Option<&'a str>)], title: &'a str, body: Markup) -> Self {
        Self {
            crumbs,
            title,
            meta: html! {},
            actions: html! {},
            steps: html! {},
            tabs: html! {},
            body,
            side: None,
        }
    }
}

pub fn detail_view(lang: Lang, d: &Detail) -> Markup {
    html! {
        div.od.solo[d.side.is_none()] {
            div.od-main tabindex="0" role="region" aria-label=(T("内容", "Content").get(lang)) {
                header.od-h {
                    (crumbs(lang, d.crumbs))
                    h1 { (d.title) }
                    div.row.od-meta { (d.meta) span.end.row.od-act { (d.actions) } }
                    (d.steps)
                }
                (d.tabs)
                div.od-body { (d.body) }
            }
            @if let Some(side) = &d.side {
                aside.od-side aria-label=(T("相关信息", "Related").get(lang)) tabindex="0" { (side) }
            }
        }
    }
}

/// A titled part of a detail page, with its buttons.
pub fn section(title: &str, actions: impl Render, body: impl Render) -> Markup {
    html! { section { div.sec-h { h2 { (title) } span.end.row { (actions) } } (body) } }
}

/// The same with an id (for htmx targets) and a quiet remark beside the title.
pub fn section_id(id: &str, title: &str, note: &str, actions: impl Render, body: impl Render) -> Markup {
    html! {
        section id=(id) {
            div.sec-h { h2 { (title) } @if !note.is_empty() { span.t3.fs12 { (note) } } span.end.row { (actions) } }
            (body)
        }
    }
}

/// A titled part of a side panel.
pub fn side_section(title: &str, body: impl Render) -> Markup {
    html! { section { @if !title.is_empty() { h3 { (title) } } (body) } }
}

/// Head of a side panel about a customer or company.
pub fn side_head(name: &str, href: &str, tags: impl Render, note: &str) -> Markup {
    html! {
        div.cust {
            (crate::avatar_org(name))
            div.grow { div.row { a.cust-n.trunc href=(href) { (name) } (tags) } span.fs12.t3 { (note) } }
        }
    }
}

/// A card inside a side panel.
pub fn side_card(body: impl Render) -> Markup {
    html! { div.card.cc { (body) } }
}

/// A card with a title, for dashboards and settings.
pub fn card(title: &str, actions: impl Render, body: impl Render) -> Markup {
    html! { section.card { div.card-h { h2 { (title) } span.end.row { (actions) } } div.card-b { (body) } } }
}

/// Width of a dashboard card in twelfths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    Full,
    Half,
    Third,
    TwoThirds,
    Quarter,
}

/// Cards in a grid, each with its width; set `Shell::plain`.
pub fn dashboard(items: &[(Span, Markup)]) -> Markup {
    html! {
        div.dash { @for (w, m) in items {
            div data-w=(match w { Span::Full => "12", Span::Half => "6", Span::Third => "4", Span::TwoThirds => "8", Span::Quarter => "3" }) { (m) }
        } }
    }
}

/// A page that is one form: crumbs, title, the form in the middle, help at the side.
pub fn form_page(
    lang: Lang,
    crumb: &[(&str, Option<&str>)],
    title: &str,
    intro: &str,
    form: Markup,
    side: Option<Markup>,
) -> Markup {
    html! {
        div.od.solo[side.is_none()] {
            div.od-main {
                header.od-h { (crumbs(lang, crumb)) h1 { (title) } @if !intro.is_empty() { p.t2.fs13.intro { (intro) } } }
                div.od-body.form-body { (form) }
            }
            @if let Some(s) = side { aside.od-side aria-label=(T("说明", "Help").get(lang)) { (s) } }
        }
    }
}

/// Call intake: caller on the left, the form in the middle, history on the right (CALL-02…04).
pub fn intake_view(
    lang: Lang,
    title: &str,
    actions: impl Render,
    caller: Markup,
    form: Markup,
    history: Markup,
) -> Markup {
    html! {
        (crate::page_header(title, None, actions))
        div.ink {
            aside.ink-l #caller aria-label=(T("来电人", "Caller").get(lang)) { (caller) }
            div.ink-c #intake-form { (form) }
            aside.ink-r #history aria-label=(T("历史记录", "History").get(lang)) { (history) }
        }
    }
}

/// Settings: list of areas on the left, one area's content on the right. `(icon, label, href, current)`.
pub fn settings_view(
    lang: Lang,
    areas: &[(&'static str, String, String, bool)],
    title: &str,
    body: Markup,
) -> Markup {
    html! {
        div.set {
            nav.set-l aria-label=(T("设置分类", "Areas").get(lang)) {
                @for (name, label, href, on) in areas { a href=(href) aria-current=[on.then_some("page")] { (icon(name)) (label) } }
            }
            div.set-c { h1 { (title) } (body) }
        }
    }
}

/// Two columns: a list to choose from, and the chosen thing.
pub fn split_view(lang: Lang, list: Markup, content: Markup) -> Markup {
    html! {
        div.split {
            aside.split-l aria-label=(T("列表", "List").get(lang)) { (list) }
            div.split-c #split-content { (content) }
        }
    }
}

/// A node of a tree with what is below it.
#[derive(Clone, Debug)]
pub struct Branch {
    pub icon: &'static str,
    pub text: String,
    /// A number or code at the end of the line.
    pub note: String,
    pub href: String,
    /// The page that is open.
    pub current: bool,
    /// Shows what is below at first.
    pub open: bool,
    pub below: Vec<Self>,
}

/// A tree of links whose branches fold.
pub fn branch_tree(label: &str, branches: &[Branch]) -> Markup {
    html! { nav.tree aria-label=(label) { (twigs(branches)) } }
}

/// What folds is a control beside the link: a link inside `summary` would be a control within a control.
fn twigs(branches: &[Branch]) -> Markup {
    html! {
        ul { @for b in branches {
            li.leaf[b.below.is_empty()].fork[!b.below.is_empty()] {
                (twig(b))
                @if !b.below.is_empty() {
                    details open[b.open] { summary aria-label=(b.text) { (icon("chevron-right")) } (twigs(&b.below)) }
                }
            }
        } }
    }
}

fn twig(b: &Branch) -> Markup {
    html! {
        a href=(b.href) aria-current=[b.current.then_some("page")] {
            (icon(b.icon)) span.trunc { (b.text) } span.end.t3.fs12.num { (b.note) }
        }
    }
}

/// The body of a content page without special form: title line and padded content.
pub fn plain_view(title: &str, actions: impl Render, body: impl Render) -> Markup {
    html! { (crate::page_header(title, None, actions)) div.pad { (body) } }
}

/// What stands open on wide screens and behind its title on phones.
pub fn fold(title: &str, body: impl Render) -> Markup {
    html! { details.fold { summary.btn { (icon("filter")) (title) } (body) } }
}

/// Card in the middle of a bare page: sign-in, first password, confirmations.
pub fn bare_card(title: &str, intro: &str, body: impl Render) -> Markup {
    html! {
        section.bare-card {
            h1 { (title) }
            @if !intro.is_empty() { p.t2.fs13 { (intro) } }
            (body)
        }
    }
}

/// An error as a page: what, why, what next.
pub fn error_view(code: u16, title: &str, reason: &str, actions: &[Btn]) -> Markup {
    let name = match code {
        403 | 401 => "lock",
        404 => "map-question",
        409 => "git-merge",
        _ => "alert-triangle",
    };
    html! {
        div.errp {
            span.ic { (icon_lg(name)) }
            p.t3.num { (code) }
            h1 { (title) }
            p.t2 { (reason) }
            div.row.wrap-row { @for a in actions { (a) } }
        }
    }
}

/// Progress of long work that polls itself until it is done.
pub fn job_progress(
    lang: Lang,
    poll_url: Option<&str>,
    title: &str,
    done: i64,
    total: i64,
    note: &str,
    actions: &[Btn],
) -> Markup {
    let percent = if total > 0 { done as f64 / total as f64 * 100.0 } else { 0.0 };
    html! {
        div.card.jobp hx-get=[poll_url] hx-trigger=[poll_url.map(|_| "every 1s")] hx-swap=[poll_url.map(|_| "outerHTML")] hx-target=[poll_url.map(|_| "this")] {
            div.row { b.grow { (title) } span.num.t3.fs13 { (done) " / " (total) } }
            (crate::meter(T("进度", "Progress").get(lang), percent, crate::Tone::Blue))
            @if !note.is_empty() { p.fs13.t2 { (note) } }
            @if !actions.is_empty() { div.row { @for a in actions { (a) } } }
        }
    }
}

/// A box for choosing or dropping files; goes inside a multipart form.
pub fn upload_box(lang: Lang, name: &str, accept: &str, many: bool, hint: &str) -> Markup {
    html! {
        label.upload data-upload {
            input.vh type="file" name=(name) accept=(accept) multiple[many];
            (icon_lg("cloud-upload"))
            b { (T("拖到这里，或点击选择", "Drop here or choose").get(lang)) }
            span.hint { (hint) }
            span.upload-n aria-live="polite" {}
        }
    }
}

/// Attached files: `(name, href, thumbnail, note)`.
pub fn attachments(items: &[(String, String, Option<String>, String)]) -> Markup {
    html! {
        ul.files { @for (name, href, thumb, note) in items {
            li { a href=(href) {
                @match thumb { Some(t) => { img src=(t) alt="" loading="lazy"; } None => { span.file-i { (icon_lg("file")) } } }
                span.trunc { (name) } small.t3 { (note) }
            } }
        } }
    }
}

/// Grey bars while a part loads.
pub fn skeleton() -> Markup {
    html! { div.stack aria-hidden="true" { div.sk {} div.sk {} div.sk {} } }
}

/// A part that is fetched after the page is there.
pub fn lazy(id: &str, url: &str) -> Markup {
    html! { div id=(id) hx-get=(url) hx-trigger="load" hx-swap="outerHTML" { (skeleton()) } }
}
