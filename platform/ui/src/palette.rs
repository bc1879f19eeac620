//! Command palette: one dialog on every page, results from the server (`/palette?q=`).

use kernel::{Lang, T};
use maud::{Markup, html};

use crate::{icon, kbd};

/// A place to go to or a record found.
pub struct PaletteItem {
    pub icon: &'static str,
    pub label: String,
    pub detail: String,
    /// Word at the end: what it is.
    pub kind: String,
    pub href: String,
    /// Shortcut, if there is one.
    pub keys: &'static [&'static str],
}

impl PaletteItem {
    pub fn new(icon: &'static str, label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            icon,
            label: label.into(),
            detail: String::new(),
            kind: String::new(),
            href: href.into(),
            keys: &[],
        }
    }
    pub fn detail(mut self, d: impl Into<String>) -> Self {
        self.detail = d.into();
        self
    }
    pub fn kind(mut self, k: impl Into<String>) -> Self {
        self.kind = k.into();
        self
    }
    pub fn keys(mut self, k: &'static [&'static str]) -> Self {
        self.keys = k;
        self
    }
}

/// A titled part of the results.
pub struct PaletteGroup {
    pub title: String,
    pub items: Vec<PaletteItem>,
}

/// The answer of `GET /palette?q=`.
pub fn palette_results(lang: Lang, groups: &[PaletteGroup]) -> Markup {
    let mut n = 0;
    html! {
        @for (gi, g) in groups.iter().enumerate() {
            @if !g.items.is_empty() {
                div role="group" aria-labelledby={ "ck-g" (gi) } {
                    h3 id={ "ck-g" (gi) } role="presentation" { (g.title) }
                    @for item in &g.items {
                        @let first = n == 0;
                        (palette_row(item, { n += 1; n }, first))
                    }
                }
            }
        }
        @if groups.iter().all(|g| g.items.is_empty()) {
            p.cmdk-none.t3 { (T("没有找到。换个词，或用拼音首字母。", "Nothing found. Try another word.").get(lang)) }
        }
    }
}

fn palette_row(item: &PaletteItem, n: usize, selected: bool) -> Markup {
    html! {
        div role="option" id={ "ck-" (n) } aria-selected=(if selected { "true" } else { "false" }) data-href=(item.href) {
            (icon(item.icon))
            span.trunc { (item.label) }
            @if !item.detail.is_empty() { span.t3.trunc { (item.detail) } }
            span.end { @if item.keys.is_empty() { (item.kind) } @else { (kbd(item.keys)) } }
        }
    }
}

/// The dialog, empty; the script asks the server as soon as it opens.
pub(crate) fn palette_dialog(lang: Lang) -> Markup {
    let hint = T("搜索或输入命令，例如 “派工”", "Search or type a command").get(lang);
    html! {
        dialog.cmdk #cmdk aria-label=(T("命令面板", "Command palette").get(lang)) {
            div.cmdk-in {
                (icon("search"))
                input type="text" name="q" role="combobox" aria-expanded="true" aria-controls="cmdk-list" aria-label=(hint)
                    placeholder=(hint) autocomplete="off" spellcheck="false"
                    hx-get="/palette" hx-trigger="palette" hx-target="#cmdk-list" hx-sync="this:replace";
                span.kbd aria-hidden="true" { "Esc" }
            }
            div.cmdk-list #cmdk-list role="listbox" aria-label=(T("结果", "Results").get(lang)) {}
            div.cmdk-f aria-hidden="true" {
                span { (kbd(&["↑", "↓"])) (T("选择", "choose").get(lang)) }
                span { (kbd(&["↵"])) (T("打开", "open").get(lang)) }
                span { (kbd(&["Ctrl", "↵"])) (T("新标签页", "new tab").get(lang)) }
            }
        }
    }
}
