//! Things above the page: dialogs, menus, toasts, keyboard help.

use kernel::{Lang, T};
use maud::{Markup, Render, html};

use crate::{Btn, Form, Tone, icon, icon_sm, kbd};

/// What goes into `#modal` (buttons with `.modal(url)`): title, body, and buttons of your own in `foot`.
pub fn modal(lang: Lang, title: &str, body: impl Render, foot: impl Render) -> Markup {
    html! {
        header { h2 { (title) } (close_button(lang)) }
        div.body { (body) }
        footer { (foot) }
    }
}

/// A form in `#modal`. A 422 answer replaces the form; success closes the dialog.
pub fn modal_form(lang: Lang, title: &str, form: Form, submit_label: &str, body: impl Render) -> Markup {
    form.in_dialog().attr("data-modal-form", "").body(html! {
        header { h2 { (title) } (close_button(lang)) }
        div.body { (body) }
        footer {
            (Btn::new(T("取消", "Cancel").get(lang)).attr("data-close", ""))
            (Btn::submit(submit_label))
        }
    })
}

/// The same for `#drawer`: a side sheet for longer content.
pub fn drawer(lang: Lang, title: &str, body: impl Render) -> Markup {
    html! { header { h2 { (title) } (close_button(lang)) } div.body { (body) } }
}

fn close_button(lang: Lang) -> Markup {
    html! { (Btn::icon_only("x", T("关闭", "Close").get(lang)).sm().attr("data-close", "")) }
}

/// A dialog that is already on the page; open it with `Btn::open(id)`.
pub fn dialog(id: &str, inner: Markup) -> Markup {
    html! { dialog.dlg id=(id) aria-label=(id) { (inner) } }
}

/// One entry of a menu.
pub struct MenuItem {
    pub icon: Option<&'static str>,
    pub label: String,
    pub action: MenuAction,
    pub danger: bool,
}

/// What an entry does.
pub enum MenuAction {
    Link(String),
    /// POST; the answer goes to `#main`.
    Post {
        url: String,
        confirm: Option<String>,
    },
    /// Loads into `#modal`.
    Modal(String),
    Separator,
}

impl MenuItem {
    pub fn link(icon: &'static str, label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { icon: Some(icon), label: label.into(), action: MenuAction::Link(href.into()), danger: false }
    }
    pub fn post(icon: &'static str, label: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            icon: Some(icon),
            label: label.into(),
            action: MenuAction::Post { url: url.into(), confirm: None },
            danger: false,
        }
    }
    pub fn modal(icon: &'static str, label: impl Into<String>, url: impl Into<String>) -> Self {
        Self { icon: Some(icon), label: label.into(), action: MenuAction::Modal(url.into()), danger: false }
    }
    pub fn separator() -> Self {
        Self { icon: None, label: String::new(), action: MenuAction::Separator, danger: false }
    }
    pub fn danger(mut self) -> Self {
        self.danger = true;
        self
    }
    pub fn confirm(mut self, question: impl Into<String>) -> Self {
        if let MenuAction::Post { confirm, .. } = &mut self.action {
            *confirm = Some(question.into());
        }
        self
    }
}

/// A popover menu. Its button: `Btn::…id("{id}-btn").popover(id)`.
pub fn menu(id: &str, items: &[MenuItem]) -> Markup {
    html! {
        div.pop.menu id=(id) popover data-anchor={ (id) "-btn" } data-align="end" {
            @for m in items {
                @let inner = html! { @if let Some(i) = m.icon { (icon_sm(i)) } span { (m.label) } };
                @match &m.action {
                    MenuAction::Link(h) => { a.danger[m.danger] href=(h) { (inner) } }
                    MenuAction::Post { url, confirm } => {
                        button.danger[m.danger] type="button" hx-post=(url) hx-target="#main" hx-confirm=[confirm.as_deref()] { (inner) }
                    }
                    MenuAction::Modal(u) => { button.danger[m.danger] type="button" hx-get=(u) hx-target="#modal" { (inner) } }
                    MenuAction::Separator => { hr; }
                }
            }
        }
    }
}

/// A card that comes up by itself over any page and stays until it is put away: a call that rings. `id` names it in the
/// scripts; a newer card of the same id takes its place.
pub fn pop_card(
    lang: Lang,
    id: &str,
    label: &str,
    head: impl Render,
    body: impl Render,
    buttons: impl Render,
) -> Markup {
    html! {
        section.callpop data-pop=(id) aria-label=(label) {
            header {
                div.grow { (head) }
                (Btn::icon_only("x", T("收起", "Put away").get(lang)).sm().attr("data-pop-close", ""))
            }
            div.body { (body) }
            footer { (buttons) }
        }
    }
}

/// A part of an answer that goes somewhere else on the page: `partial("#todo-count", "innerHTML", ..)`.
pub fn partial(target: &str, swap: &str, inner: impl Render) -> Markup {
    html! { hx-partial hx-target=(target) hx-swap=(swap) { (inner) } }
}

/// A short message that goes away by itself, to be added to any htmx answer.
/// `undo`: label and address that is posted to.
pub fn toast(lang: Lang, tone: Tone, title: &str, detail: &str, undo: Option<(&str, &str)>) -> Markup {
    partial("#toasts", "beforeend", toast_body(lang, tone, title, detail, undo))
}

/// What is wrong with single fields of a form that is not sent back: `(field, code, message)`. The script puts each
/// where it belongs.
pub fn field_errors(errors: &[(&str, &str, &str)]) -> Markup {
    html! { @for (field, code, text) in errors { template data-field=(field) data-code=(code) { (text) } } }
}

/// The toast itself, for pages that print one on load.
pub fn toast_body(lang: Lang, tone: Tone, title: &str, detail: &str, undo: Option<(&str, &str)>) -> Markup {
    let name = match tone {
        Tone::Green => "circle-check",
        Tone::Red => "alert-circle",
        Tone::Amber | Tone::Orange => "alert-triangle",
        _ => "info-circle",
    };
    html! {
        div.toast.(tone.class()) data-sticky[undo.is_some()] {
            (icon(name))
            div { b { (title) } @if !detail.is_empty() { p { (detail) } } }
            span.row {
                @if let Some((label, url)) = undo { (Btn::new(label).ghost().sm().post(url)) }
                (Btn::icon_only("x", T("关闭", "Close").get(lang)).sm().attr("data-dismiss", ""))
            }
        }
    }
}

/// The page's own dialogs, once per page: modal, drawer, confirmation, signing in again, keyboard help.
pub(crate) fn page_dialogs(lang: Lang, user: Option<&crate::UserChip>) -> Markup {
    html! {
        dialog.dlg #modal aria-label=(T("对话框", "Dialog").get(lang)) {}
        dialog.drawer #drawer aria-label=(T("侧栏", "Side panel").get(lang)) {}
        dialog.dlg #confirm aria-labelledby="confirm-q" {
            div.body { p #confirm-q {} }
            footer {
                (Btn::new(T("取消", "Cancel").get(lang)).attr("data-close", ""))
                (Btn::new(T("确定", "OK").get(lang)).primary().attr("data-confirm-ok", ""))
            }
        }
        @if let Some(user) = user { (sign_in_again(lang, user)) }
        (keys_help(lang))
    }
}

/// The session ended while somebody typed: signing in happens beside the page, and what was sent is sent again.
fn sign_in_again(lang: Lang, user: &crate::UserChip) -> Markup {
    let text = T(
        "这一步没有保存，填写的内容都还在。请在新打开的页面登录，回到这里会自动再提交一次。",
        "Nothing was saved, and all you typed is still here. Sign in on the page that opens; then this is sent again by itself.",
    );
    html! {
        dialog.dlg #signin aria-labelledby="signin-q" data-user=(user.id) {
            header { h2 #signin-q { (T("登录已过期", "You were signed out").get(lang)) } }
            div.body { p { (text.get(lang)) } }
            footer {
                (Btn::new(T("以后再说", "Later").get(lang)).attr("data-close", ""))
                (Btn::new(T("重新登录", "Sign in").get(lang)).primary().attr("data-sign-in", ""))
            }
        }
    }
}

/// The keyboard map (`?`).
pub fn keys_help(lang: Lang) -> Markup {
    let groups: [(T, &[(&[&str], T)]); 3] = [
        (
            T("全局", "Everywhere"),
            &[
                (&["Ctrl", "K"], T("命令面板", "Command palette")),
                (&["N"], T("新建", "New")),
                (&["?"], T("快捷键", "This list")),
                (&["Alt", "H"], T("隐藏或显示敏感信息", "Hide or show sensitive fields")),
                (&["Esc"], T("关闭、隐藏已显示的号码", "Close, hide revealed numbers")),
            ],
        ),
        (
            T("列表与详情", "Lists and details"),
            &[
                (&["/"], T("搜索", "Search")),
                (&["F"], T("筛选", "Filter")),
                (&["J"], T("下一条", "Next")),
                (&["K"], T("上一条", "Previous")),
                (&["X"], T("选择", "Select")),
                (&["↵"], T("打开", "Open")),
                (&["A"], T("派工", "Assign")),
                (&["E"], T("编辑", "Edit")),
            ],
        ),
        (
            T("前往（先按 G）", "Go to (G first)"),
            &[
                (&["G", "O"], T("工单", "Orders")),
                (&["G", "D"], T("派工", "Dispatch")),
                (&["G", "C"], T("客户", "Customers")),
                (&["G", "P"], T("备件", "Parts")),
                (&["G", "S"], T("设置", "Settings")),
            ],
        ),
    ];
    html! {
        dialog.dlg.keys #keys aria-labelledby="keys-h" {
            header { h2 #keys-h { (T("键盘快捷键", "Keyboard").get(lang)) } (close_button(lang)) }
            div.body.keys-g { @for (title, rows) in groups {
                section {
                    h3 { (title.get(lang)) }
                    dl { @for (k, text) in rows { dt { (kbd(k)) } dd { (text.get(lang)) } } }
                }
            } }
        }
    }
}
