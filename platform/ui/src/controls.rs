//! Buttons, icons, tabs, alerts and the other small parts every page uses.

use kernel::{Lang, T};
use maud::{Escaper, Markup, Render, html};
use std::fmt::Write;

use crate::asset;

/// An icon from the sprite. `assets/build.mjs` puts in every Tabler icon whose name is a string literal in a `.rs` file.
pub fn icon(name: &str) -> Markup {
    icon_with(name, "i")
}

/// 15 px, beside 12–13 px text.
pub fn icon_sm(name: &str) -> Markup {
    icon_with(name, "i i-s")
}

/// 22 px, empty states and phone bars.
pub fn icon_lg(name: &str) -> Markup {
    icon_with(name, "i i-l")
}

fn icon_with(name: &str, class: &str) -> Markup {
    html! { svg class=(class) aria-hidden="true" { use href={ (asset("icons.svg")) "#" (name) } {} } }
}

/// Meaning of a colour; a text or shape always says the same thing beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Neutral,
    Blue,
    Cyan,
    Violet,
    Green,
    Amber,
    Orange,
    Red,
}

impl Tone {
    pub const ALL: [Self; 8] = [
        Self::Neutral,
        Self::Blue,
        Self::Cyan,
        Self::Violet,
        Self::Green,
        Self::Amber,
        Self::Orange,
        Self::Red,
    ];

    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "tone-neutral",
            Self::Blue => "tone-blue",
            Self::Cyan => "tone-cyan",
            Self::Violet => "tone-violet",
            Self::Green => "tone-green",
            Self::Amber => "tone-amber",
            Self::Orange => "tone-orange",
            Self::Red => "tone-red",
        }
    }
}

/// A button, or a link that looks like one when it has `.href`. Put it into `html!` with `(..)`.
///
/// `Btn::new("派工").icon("user-check").primary().kbd("A").open("assign-dialog")`
#[derive(Clone, Debug)]
pub struct Btn {
    label: String,
    icon: Option<String>,
    trailing: Option<&'static str>,
    classes: Vec<&'static str>,
    kbd: Option<String>,
    href: Option<String>,
    icon_only: bool,
    attrs: Vec<(&'static str, String)>,
}

impl Btn {
    /// A plain (secondary) button that does nothing by itself.
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            icon: None,
            trailing: None,
            classes: vec!["btn"],
            kbd: None,
            href: None,
            icon_only: false,
            attrs: vec![],
        }
    }

    /// The main button of a form.
    pub fn submit(label: impl Into<String>) -> Self {
        Self::new(label).primary().attr("type", "submit")
    }

    /// Looks like a button, goes to an address.
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Self {
        let mut b = Self::new(label);
        b.href = Some(href.into());
        b
    }

    /// Square button with an icon; `label` is what screen readers and the tooltip say.
    pub fn icon_only(icon: &str, label: impl Into<String>) -> Self {
        let mut b = Self::new(label).icon(icon).class("icon").class("ghost");
        b.icon_only = true;
        b
    }

    pub fn icon(mut self, name: &str) -> Self {
        self.icon = Some(name.into());
        self
    }
    /// An icon after the text, such as `arrow-right` on "next".
    pub fn trailing(mut self, name: &'static str) -> Self {
        self.trailing = Some(name);
        self
    }
    fn class(mut self, c: &'static str) -> Self {
        self.classes.push(c);
        self
    }
    pub fn primary(self) -> Self {
        self.class("primary")
    }
    pub fn soft(self) -> Self {
        self.class("soft")
    }
    pub fn ghost(self) -> Self {
        self.class("ghost")
    }
    pub fn danger(self) -> Self {
        self.class("danger")
    }
    pub fn sm(self) -> Self {
        self.class("sm")
    }
    pub fn lg(self) -> Self {
        self.class("lg")
    }
    /// 48 px, for phone pages.
    pub fn touch(self) -> Self {
        self.class("touch")
    }
    /// Full width.
    pub fn block(self) -> Self {
        self.class("block")
    }
    /// Takes the free width of a row.
    pub fn grow(self) -> Self {
        self.class("grow")
    }
    /// Not shown under 960 px.
    pub fn wide_only(self) -> Self {
        self.class("hide-s")
    }
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
    pub fn attr(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.attrs.push((name, value.into()));
        self
    }
    pub fn id(self, id: impl Into<String>) -> Self {
        self.attr("id", id)
    }
    /// Shows a key and presses the button when it is typed outside a field (`N`, `A`, `E`, …).
    pub fn kbd(mut self, key: &str) -> Self {
        self.kbd = Some(key.into());
        self.attr("data-key", key.to_lowercase())
    }
    /// htmx GET, usually with `.target(..)`.
    pub fn get(self, url: impl Into<String>) -> Self {
        self.attr("hx-get", url)
    }
    /// htmx POST; carries no fields except those of `.vals` or the enclosing form.
    pub fn post(self, url: impl Into<String>) -> Self {
        self.attr("hx-post", url)
    }
    pub fn target(self, css: impl Into<String>) -> Self {
        self.attr("hx-target", css)
    }
    pub fn swap(self, how: impl Into<String>) -> Self {
        self.attr("hx-swap", how)
    }
    /// Extra values as a JSON object.
    pub fn vals(self, json: impl Into<String>) -> Self {
        self.attr("hx-vals", json)
    }
    /// Submit buttons that tell which one was pressed.
    pub fn name_value(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.attr("name", name).attr("value", value)
    }
    /// Belongs to a form elsewhere on the page.
    pub fn form(self, id: impl Into<String>) -> Self {
        self.attr("type", "submit").attr("form", id)
    }
    /// Sends the ticked rows (`ids`, repeated) to `url` as a plain post.
    pub fn bulk(self, url: impl Into<String>) -> Self {
        self.attr("type", "submit").attr("formaction", url)
    }
    /// Of [`Self::bulk`]: opens the address with the ticked rows in its query in a page of its own.
    pub fn bulk_shows(self) -> Self {
        self.attr("formmethod", "get").attr("formtarget", "_blank")
    }
    /// Loads `url` into the page's dialog with the ticked rows (`ids`, repeated) in its query.
    pub fn bulk_modal(self, url: impl Into<String>) -> Self {
        self.modal(url).attr("hx-include", "[name=ids]:checked")
    }
    /// Asks first in our own dialog; name the object and the effect.
    pub fn confirm(self, question: impl Into<String>) -> Self {
        self.attr("hx-confirm", question)
    }
    /// Opens the dialog with this id.
    pub fn open(self, dialog_id: impl Into<String>) -> Self {
        self.attr("data-open", dialog_id)
    }
    /// Loads `url` into the page's dialog and opens it.
    pub fn modal(self, url: impl Into<String>) -> Self {
        self.get(url).target("#modal")
    }
    /// Loads `url` into the side drawer and opens it.
    pub fn drawer(self, url: impl Into<String>) -> Self {
        self.get(url).target("#drawer")
    }
    /// Toggles the popover with this id.
    pub fn popover(self, id: impl Into<String>) -> Self {
        self.attr("popovertarget", id).attr("aria-haspopup", "true")
    }
    pub fn pressed(self, on: bool) -> Self {
        self.attr("aria-pressed", if on { "true" } else { "false" })
    }
    pub fn disabled(mut self, off: bool) -> Self {
        if off {
            // A link cannot be disabled: without an address it is inert and stays readable.
            if self.href.take().is_some() {
                return self.attr("aria-disabled", "true");
            }
            return self.attr("disabled", "");
        }
        self
    }
}

impl Render for Btn {
    fn render_to(&self, buf: &mut String) {
        let tag = if self.href.is_some() { "a" } else { "button" };
        let _ = write!(buf, "<{tag} class=\"{}\"", self.classes.join(" "));
        if tag == "button" && !self.attrs.iter().any(|(k, _)| *k == "type") {
            buf.push_str(" type=\"button\"");
        }
        if self.icon_only {
            push_attr(buf, "aria-label", &self.label);
            push_attr(buf, "title", &self.label);
        }
        if let Some(h) = &self.href {
            push_attr(buf, "href", h);
        }
        for (k, v) in &self.attrs {
            push_attr(buf, k, v);
        }
        buf.push('>');
        html! {
            @if let Some(i) = &self.icon { (icon(i)) }
            @if !self.icon_only { span { (self.label) } }
            @if let Some(i) = self.trailing { (icon(i)) }
            @if let Some(k) = &self.kbd { span.kbd aria-hidden="true" { (k) } }
        }
        .render_to(buf);
        let _ = write!(buf, "</{tag}>");
    }
}

pub(crate) fn push_attr(buf: &mut String, name: &str, value: &str) {
    let _ = write!(buf, " {name}=\"");
    let _ = Escaper::new(buf).write_str(value);
    buf.push('"');
}

/// A main button with a menu of further moves attached.
pub fn btn_split(main: &Btn, more_label: &str, menu_id: &str) -> Markup {
    html! {
        span.btn-split {
            (main)
            (Btn::new("").primary().icon("chevron-down").id(format!("{menu_id}-btn")).popover(menu_id).attr("aria-label", more_label))
        }
    }
}

/// Switch between a few views of the same thing. `(label, href, current)`.
pub fn segmented(label: &str, items: &[(String, String, bool)]) -> Markup {
    html! {
        nav.seg aria-label=(label) {
            @for (text, href, on) in items { a href=(href) aria-current=[on.then_some("true")] { (text) } }
        }
    }
}

pub fn kbd(keys: &[&str]) -> Markup {
    html! { span.kbds { @for k in keys { kbd.kbd { (k) } } } }
}

/// Message within the page: `icon` and tone follow the meaning.
pub fn alert(tone: Tone, body: impl Render) -> Markup {
    let name = match tone {
        Tone::Red => "alert-circle",
        Tone::Amber | Tone::Orange => "alert-triangle",
        Tone::Green => "circle-check",
        Tone::Violet => "shield-half",
        _ => "info-circle",
    };
    html! {
        div.alert.(tone.class()) role=[(tone == Tone::Red).then_some("alert")] { (icon(name)) div.grow { (body) } }
    }
}

/// Alert with buttons at its end, such as "approve" and "reject".
pub fn alert_actions(tone: Tone, body: impl Render, actions: &[Btn]) -> Markup {
    alert(tone, html! { div.row.wrap-row { div.grow { (body) } @for a in actions { (a) } } })
}

/// Nothing here: say why and offer the next step.
pub fn empty(icon_name: &str, title: &str, hint: &str, action: Option<Btn>) -> Markup {
    html! {
        div.empty {
            span.ic { (icon_lg(icon_name)) }
            b { (title) }
            @if !hint.is_empty() { p.fs13 { (hint) } }
            @if let Some(a) = action { (a) }
        }
    }
}

/// One tab or saved view.
#[derive(Clone, Debug, Default)]
pub struct Tab {
    pub label: String,
    pub href: String,
    pub count: Option<String>,
    /// Red count: something waits.
    pub hot: bool,
    pub current: bool,
}

impl Tab {
    pub fn new(label: impl Into<String>, href: impl Into<String>, current: bool) -> Self {
        Self { label: label.into(), href: href.into(), current, ..Self::default() }
    }
    pub fn count(mut self, n: impl ToString) -> Self {
        self.count = Some(n.to_string());
        self
    }
    pub fn hot(mut self) -> Self {
        self.hot = true;
        self
    }
}

/// Tabs as links: each tab has its own address. `extra` sits at the right end.
pub fn tabs(label: &str, items: &[Tab], extra: Option<Markup>) -> Markup {
    html! {
        nav.tabs aria-label=(label) {
            @for t in items { (tab_link(t)) }
            @if let Some(x) = extra { span.rt { (x) } }
        }
    }
}

/// Room for tabs beside the tools of a list at 1440 px, and what a label, a count and the button "more" take of it.
const TABS_ROOM: usize = 1000;

fn tab_room(t: &Tab) -> usize {
    let label: usize = t.label.chars().map(|c| if c.is_ascii() { 7 } else { 13 }).sum();
    // Counts come later; tabs must not move when they do.
    label + 22 + 7 * t.count.as_ref().map_or(3, |n| n.len().max(3)) + 18
}

/// Tabs of a list: those that don't fit beside the others stand in a menu behind "more"; the present one never does.
pub fn list_tabs(lang: Lang, label: &str, items: &[Tab], extra: Option<Markup>) -> Markup {
    let mut room = TABS_ROOM.saturating_sub(items.iter().find(|t| t.current).map_or(0, tab_room));
    let mut full = false;
    let (shown, more): (Vec<&Tab>, Vec<&Tab>) = items.iter().partition(|t| {
        full |= !t.current && tab_room(t) > room;
        if !t.current && !full {
            room -= tab_room(t);
        }
        t.current || !full
    });
    let late = more.iter().any(|t| t.hot && t.count.is_some());
    html! {
        nav.tabs aria-label=(label) {
            @for t in shown { (tab_link(t)) }
            @if !more.is_empty() {
                button type="button" id="menu-tabs-btn" popovertarget="menu-tabs" aria-haspopup="true" {
                    (T("更多", "More").get(lang)) @if late { span.n.hot { "!" } } (icon_sm("chevron-down"))
                }
                div.pop.menu id="menu-tabs" popover data-anchor="menu-tabs-btn" data-align="end" {
                    @for t in more {
                        a href=(t.href) { span { (t.label) } @if let Some(n) = &t.count { span.end.n.hot[t.hot] { (n) } } }
                    }
                }
            }
            @if let Some(x) = extra { span.rt { (x) } }
        }
    }
}

fn tab_link(t: &Tab) -> Markup {
    html! {
        a href=(t.href) aria-current=[t.current.then_some("page")] {
            (t.label)
            @if let Some(n) = &t.count { span.n.hot[t.hot] { (n) } }
        }
    }
}

/// Links back up: `(label, Some(href))`, the last without address.
pub fn crumbs(lang: Lang, items: &[(&str, Option<&str>)]) -> Markup {
    html! {
        nav.crumbs aria-label=(T("面包屑", "Breadcrumb").get(lang)) {
            @for (i, (label, href)) in items.iter().enumerate() {
                @if i > 0 { (icon("chevron-right")) }
                @match href { Some(h) => { a href=(h) { (label) } } None => { span.num aria-current="page" { (label) } } }
            }
        }
    }
}

/// Title line of a page: `count` beside the title, buttons at the end.
pub fn page_header(title: &str, count: Option<&str>, actions: impl Render) -> Markup {
    html! {
        div.page-h {
            h1 { (title) @if let Some(c) = count { " " small { (c) } } }
            div.actions { (actions) }
        }
    }
}

/// Keyset paging: no page numbers, only back and on.
#[derive(Clone, Debug, Default)]
pub struct Pager {
    pub prev: Option<String>,
    pub next: Option<String>,
}

pub fn pager(lang: Lang, p: &Pager) -> Markup {
    let side = |href: &Option<String>, name: &str, text: T| {
        html! {
            @match href {
                Some(h) => { a href=(h) aria-label=(text.get(lang)) title=(text.get(lang)) { (icon_sm(name)) } }
                None => { span.off aria-hidden="true" { (icon_sm(name)) } }
            }
        }
    };
    html! {
        nav.pager aria-label=(T("分页", "Pages").get(lang)) {
            (side(&p.prev, "chevron-left", T("上一页", "Previous page")))
            (side(&p.next, "chevron-right", T("下一页", "Next page")))
        }
    }
}
