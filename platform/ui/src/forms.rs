//! Forms: one way to post, one way to show what is wrong.

use kernel::{Lang, T};
use maud::{Markup, Render, html};

use crate::{Btn, icon};

/// A form that posts. Without htmx it is a plain form; with htmx the answer replaces `target`
/// (default `#main`): 422 brings the form back with errors, success redirects or swaps.
pub struct Form {
    id: Option<String>,
    action: String,
    idem: String,
    target: String,
    swap: &'static str,
    multipart: bool,
    plain: bool,
    close: bool,
    class: &'static str,
    attrs: Vec<(&'static str, String)>,
}

impl Form {
    /// `idem`: a fresh UUIDv7 made by the server for this rendering.
    pub fn post(action: impl Into<String>, idem: impl ToString) -> Self {
        Self {
            id: None,
            action: action.into(),
            idem: idem.to_string(),
            target: "#main".into(),
            swap: "innerHTML",
            multipart: false,
            plain: false,
            close: false,
            class: "form",
            attrs: vec![],
        }
    }
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }
    pub fn target(mut self, css: impl Into<String>) -> Self {
        self.target = css.into();
        self
    }
    pub fn swap(mut self, how: &'static str) -> Self {
        self.swap = how;
        self
    }
    /// With files.
    pub fn multipart(mut self) -> Self {
        self.multipart = true;
        self
    }
    /// A full page load even with htmx (sign-in, downloads).
    pub fn plain(mut self) -> Self {
        self.plain = true;
        self
    }
    /// In a dialog: the answer to an error stays in the dialog, success closes it.
    pub fn in_dialog(mut self) -> Self {
        self.target = "this".into();
        self.swap = "outerHTML";
        self.close = true;
        self
    }
    /// No grid: for single-button forms inside a row.
    pub fn inline(mut self) -> Self {
        self.class = "form-inline";
        self
    }
    /// Any other attribute, such as `data-autosave`.
    pub fn attr(mut self, name: &'static str, v: impl Into<String>) -> Self {
        self.attrs.push((name, v.into()));
        self
    }
    /// The whole form around `body`.
    pub fn body(self, body: impl Render) -> Markup {
        let mut open = String::from("<form method=\"post\"");
        crate::controls::push_attr(&mut open, "class", self.class);
        crate::controls::push_attr(&mut open, "action", &self.action);
        if let Some(id) = &self.id {
            crate::controls::push_attr(&mut open, "id", id);
        }
        if self.multipart {
            open.push_str(" enctype=\"multipart/form-data\"");
        }
        if !self.plain {
            crate::controls::push_attr(&mut open, "hx-post", &self.action);
            crate::controls::push_attr(&mut open, "hx-target", &self.target);
            crate::controls::push_attr(&mut open, "hx-swap", self.swap);
        }
        if self.close {
            open.push_str(" data-close-ok");
        }
        for (k, v) in &self.attrs {
            crate::controls::push_attr(&mut open, k, v);
        }
        open.push_str(" novalidate>");
        html! { (maud::PreEscaped(open)) (idem(&self.idem)) (body) (maud::PreEscaped("</form>")) }
    }
}

/// The idempotency key of one submit; the script copies it to `Idempotency-Key`.
pub fn idem(key: impl ToString) -> Markup {
    html! { input type="hidden" name="idem" value=(key.to_string()); }
}

pub fn hidden(name: &str, value: impl ToString) -> Markup {
    html! { input type="hidden" name=(name) value=(value.to_string()); }
}

/// A titled group of fields in a grid of up to four columns.
pub fn fieldset(title: &str, hint: &str, fields: impl Render) -> Markup {
    html! {
        section.fset {
            @if !title.is_empty() { header { h2 { (title) } @if !hint.is_empty() { p.t3.fs12 { (hint) } } } }
            div.fgrid { (fields) }
        }
    }
}

/// From and to: two fields that never part, half a row together.
pub fn pair(from: impl Render, to: impl Render) -> Markup {
    html! { div.pair { (from) (to) } }
}

/// The grid alone, for dialogs and panels.
pub fn fields(fields: impl Render) -> Markup {
    html! { div.fgrid { (fields) } }
}

/// Buttons at the foot of a form; the bar stays in view.
pub fn form_actions(lang: Lang, submit_label: &str, cancel_href: Option<&str>) -> Markup {
    html! {
        div.factions {
            (Btn::submit(submit_label))
            @if let Some(h) = cancel_href { (Btn::link(T("取消", "Cancel").get(lang), h)) }
        }
    }
}

/// The same with buttons of your own.
pub fn form_buttons(buttons: &[Btn]) -> Markup {
    html! { div.factions { @for b in buttons { (b) } } }
}

/// What is wrong, above the form. `errors`: `(field name or "", message)`; each links to its field.
pub fn error_summary(lang: Lang, errors: &[(&str, String)]) -> Markup {
    html! {
        @if !errors.is_empty() {
            div.alert.tone-red.fsum role="alert" tabindex="-1" data-error-summary {
                (icon("alert-circle"))
                div {
                    b { (T("没有保存，请改正：", "Not saved. Please correct:").get(lang)) }
                    ul { @for (name, message) in errors {
                        li {
                            @if name.is_empty() { (message) }
                            @else { a href={ "#f-" (name.replace(['.', '[', ']'], "-")) } { (message) } }
                        }
                    } }
                }
            }
        }
    }
}

/// One button that posts: for state changes that need nothing more.
pub fn post_button(action: &str, idem_key: impl ToString, button: Btn) -> Markup {
    Form::post(action, idem_key).inline().body(button.attr("type", "submit"))
}

/// A note with its own send button, Ctrl+Enter sends.
pub fn comment_form(lang: Lang, action: &str, idem_key: impl ToString, me: &str, target: &str) -> Markup {
    Form::post(action, idem_key).inline().target(target).swap("afterbegin").attr("data-reset-ok", "").body(html! {
        div.comment {
            (crate::avatar_md(me))
            textarea.textarea.grow name="text" rows="1" required aria-label=(T("备注", "Note").get(lang)) data-ctrl-enter
                placeholder=(T("写备注，Ctrl ↵ 发送", "Write a note, Ctrl ↵ sends").get(lang)) {}
            (Btn::new(T("发送", "Send").get(lang)).attr("type", "submit"))
        }
    })
}
