//! Form fields: label, control, hint and error always wired together for screen readers.

use kernel::{Lang, T};
use maud::{Markup, Render, html};

use crate::{controls::push_attr, icon, icon_sm};

#[derive(Clone, Debug, PartialEq)]
enum Control {
    /// Any single-line `input`; the type, and an addition such as `¥` in front.
    Input(&'static str, Option<&'static str>),
    Area(u8),
    Select,
    Chips {
        many: bool,
    },
    Check,
    Switch,
    Combo {
        url: String,
        text: String,
    },
    File {
        accept: &'static str,
        many: bool,
    },
}

/// One field of a form. Build with a kind, add what is needed, put it into `html!` with `(..)`.
///
/// `Field::tel("phone", "联系电话").value(&form.phone).required().error(errors.get("phone"))`
#[derive(Clone, Debug)]
pub struct Field {
    name: String,
    label: String,
    id: String,
    value: String,
    values: Vec<String>,
    hint: String,
    error: Option<String>,
    required: bool,
    span: u8,
    hide_label: bool,
    options: Vec<(String, String)>,
    control: Control,
    attrs: Vec<(&'static str, String)>,
    after: Option<Markup>,
    scan: Option<(Lang, bool)>,
}

/// A form's controls are properties of the form: under one of these names a control hides what scripts call on the form,
/// and nothing is sent any more.
const CLOBBERS: &[&str] = &[
    "after",
    "append",
    "attributes",
    "before",
    "children",
    "closest",
    "dataset",
    "elements",
    "form",
    "matches",
    "method",
    "parentElement",
    "parentNode",
    "remove",
    "reset",
    "submit",
    "tagName",
    "target",
];

impl Field {
    fn make(name: &str, label: impl Into<String>, control: Control) -> Self {
        debug_assert!(
            !CLOBBERS.contains(&name),
            "a control called {name} hides what scripts ask its form for"
        );
        Self {
            name: name.into(),
            label: label.into(),
            id: format!("f-{}", name.replace(['.', '[', ']'], "-")),
            value: String::new(),
            values: vec![],
            hint: String::new(),
            error: None,
            required: false,
            span: 1,
            hide_label: false,
            options: vec![],
            control,
            attrs: vec![],
            after: None,
            scan: None,
        }
    }
    pub fn text(name: &str, label: impl Into<String>) -> Self {
        Self::make(name, label, Control::Input("text", None))
    }
    /// Whole or decimal numbers; typed freely, checked by the server.
    pub fn number(name: &str, label: impl Into<String>) -> Self {
        Self::text(name, label).attr("inputmode", "decimal").attr("autocomplete", "off")
    }
    /// An amount in yuan.
    pub fn money(name: &str, label: impl Into<String>) -> Self {
        Self::make(name, label, Control::Input("text", Some("¥")))
            .attr("inputmode", "decimal")
            .attr("autocomplete", "off")
    }
    pub fn tel(name: &str, label: impl Into<String>) -> Self {
        Self::make(name, label, Control::Input("tel", None))
            .attr("inputmode", "tel")
            .attr("autocomplete", "off")
    }
    pub fn email(name: &str, label: impl Into<String>) -> Self {
        Self::make(name, label, Control::Input("email", None))
    }
    pub fn password(name: &str, label: impl Into<String>) -> Self {
        Self::make(name, label, Control::Input("password", None))
    }
    /// `YYYY-MM-DD`.
    pub fn date(name: &str, label: impl Into<String>) -> Self {
        Self::make(name, label, Control::Input("date", None))
    }
    /// `YYYY-MM-DDTHH:MM`, local to the reader.
    pub fn datetime(name: &str, label: impl Into<String>) -> Self {
        Self::make(name, label, Control::Input("datetime-local", None))
    }
    pub fn time(name: &str, label: impl Into<String>) -> Self {
        Self::make(name, label, Control::Input("time", None))
    }
    pub fn area(name: &str, label: impl Into<String>, rows: u8) -> Self {
        Self::make(name, label, Control::Area(rows))
    }
    pub fn select(name: &str, label: impl Into<String>) -> Self {
        Self::make(name, label, Control::Select)
    }
    /// One of few, all visible.
    pub fn chips(name: &str, label: impl Into<String>) -> Self {
        Self::make(name, label, Control::Chips { many: false })
    }
    /// Some of few, all visible; set with `.values`.
    pub fn multi(name: &str, label: impl Into<String>) -> Self {
        Self::make(name, label, Control::Chips { many: true })
    }
    /// A tick box that sends `on`.
    pub fn check(name: &str, label: impl Into<String>) -> Self {
        Self::make(name, label, Control::Check)
    }
    /// A tick box shown as a switch; sends `on`.
    pub fn switch(name: &str, label: impl Into<String>) -> Self {
        Self::make(name, label, Control::Switch)
    }
    /// Search a record while typing. `url` gets `?q=`, answers with [`suggestions`]; the chosen id is
    /// sent as `name`, the text seen as `{name}_text`. `.value` is the id.
    pub fn combo(name: &str, label: impl Into<String>, url: impl Into<String>) -> Self {
        Self::make(name, label, Control::Combo { url: url.into(), text: String::new() })
    }
    /// The form needs `multipart`.
    pub fn file(name: &str, label: impl Into<String>, accept: &'static str, many: bool) -> Self {
        Self::make(name, label, Control::File { accept, many })
    }

    pub fn value(mut self, v: impl ToString) -> Self {
        self.value = v.to_string();
        self
    }
    pub fn maybe(self, v: Option<impl ToString>) -> Self {
        match v {
            Some(v) => self.value(v),
            None => self,
        }
    }
    pub fn values(mut self, v: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.values = v.into_iter().map(Into::into).collect();
        self
    }
    /// For `check` and `switch`.
    pub fn checked(mut self, on: bool) -> Self {
        self.value = if on { "on".into() } else { String::new() };
        self
    }
    /// What a combo shows for its present value.
    pub fn shown(mut self, t: impl Into<String>) -> Self {
        if let Control::Combo { text, .. } = &mut self.control {
            *text = t.into();
        }
        self
    }
    /// `(value, label)` pairs.
    pub fn options<A: Into<String>, B: Into<String>>(mut self, o: impl IntoIterator<Item = (A, B)>) -> Self {
        // A blank choice stays in front, whichever was said first.
        self.options.retain(|(code, _)| code.is_empty());
        self.options.extend(o.into_iter().map(|(a, b)| (a.into(), b.into())));
        self
    }
    /// A first empty choice, such as "all".
    pub fn blank(mut self, label: impl Into<String>) -> Self {
        self.options.insert(0, (String::new(), label.into()));
        self
    }
    pub fn hint(mut self, h: impl Into<String>) -> Self {
        self.hint = h.into();
        self
    }
    pub fn error(mut self, e: Option<impl Into<String>>) -> Self {
        self.error = e.map(Into::into);
        self
    }
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }
    pub fn placeholder(self, p: impl Into<String>) -> Self {
        self.attr("placeholder", p)
    }
    pub fn autofocus(self) -> Self {
        self.attr("autofocus", "")
    }
    pub fn readonly(self) -> Self {
        self.attr("readonly", "")
    }
    /// Two columns of the form grid.
    pub fn wide(mut self) -> Self {
        self.span = 2;
        self
    }
    /// A row of its own.
    pub fn full(mut self) -> Self {
        self.span = 4;
        self
    }
    /// The label is only spoken, for rows of a table of lines.
    pub fn bare(mut self) -> Self {
        self.hide_label = true;
        self
    }
    /// When a name occurs twice on a page.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }
    /// Anything else, such as `hx-get` to look things up when the value changes.
    pub fn attr(mut self, name: &'static str, v: impl Into<String>) -> Self {
        self.attrs.push((name, v.into()));
        self
    }
    /// Something beside the control: a button, a unit.
    pub fn after(mut self, m: impl Render) -> Self {
        self.after = Some(html! { (m) });
        self
    }

    /// A button beside the control that reads a bar code or QR code with the camera into it. The label of a unit of ours
    /// stands for its serial number; a combo takes what it finds when that is one thing, an area one code a line.
    pub fn scan(mut self, lang: Lang) -> Self {
        self.scan = Some((lang, false));
        self
    }
    /// The same, and the form is sent with what was read.
    pub fn scan_send(mut self, lang: Lang) -> Self {
        self.scan = Some((lang, true));
        self
    }

    /// Codes that may stand in it, to pick from: put behind `join` after what stands there, or in its place when `join` is
    /// empty. Anything else may still be typed.
    pub fn offer(self, lang: Lang, codes: &[(String, String)], join: &'static str) -> Self {
        if codes.is_empty() {
            return self;
        }
        let label = format!("{} · {}", self.label, T("选择代码", "pick a code").get(lang));
        let list = html! {
            select.select.offer aria-label=(label) title=(label) data-offer=(self.id) data-join=(join) {
                option value="" {}
                @for (code, name) in codes {
                    option value=(code) { (code) @if !name.is_empty() { " · " (name) } }
                }
            }
        };
        self.after(list)
    }

    fn beside(&self) -> Option<Markup> {
        let scan = self.scan.map(|(lang, send)| {
            let label = T("用摄像头扫码", "Scan with the camera").get(lang);
            html! {
                button.btn.icon type="button" data-scan=(self.id) data-send[send] aria-label=(label) title=(label) {
                    (icon("scan"))
                }
            }
        });
        (scan.is_some() || self.after.is_some()).then(
            || html! { @if let Some(scan) = scan { (scan) } @if let Some(after) = &self.after { (after) } },
        )
    }

    fn open(&self, buf: &mut String, tag: &str, class: &str, extra: &[(&str, &str)]) {
        buf.push('<');
        buf.push_str(tag);
        push_attr(buf, "class", class);
        push_attr(buf, "id", &self.id);
        for (k, v) in extra {
            push_attr(buf, k, v);
        }
        self.aria(buf);
        for (k, v) in &self.attrs {
            push_attr(buf, k, v);
        }
        buf.push('>');
    }

    fn aria(&self, buf: &mut String) {
        if self.required {
            buf.push_str(" required");
        }
        if self.error.is_some() {
            push_attr(buf, "aria-invalid", "true");
        }
        let by = self.described_by();
        if !by.is_empty() {
            push_attr(buf, "aria-describedby", &by);
        }
    }

    fn described_by(&self) -> String {
        let mut ids = vec![];
        if self.error.is_some() {
            ids.push(format!("{}-e", self.id));
        }
        if !self.hint.is_empty() {
            ids.push(format!("{}-h", self.id));
        }
        ids.join(" ")
    }

    fn control(&self) -> Markup {
        let mut b = String::new();
        match &self.control {
            Control::Input(kind, prefix) => {
                let class = if prefix.is_some() { "input num" } else { "input" };
                self.open(
                    &mut b,
                    "input",
                    class,
                    &[("type", kind), ("name", &self.name), ("value", &self.value)],
                );
                if let Some(p) = prefix {
                    return html! { span.input-p { span.pre aria-hidden="true" { (p) } (maud::PreEscaped(b)) } };
                }
            }
            Control::Area(rows) => {
                self.open(
                    &mut b,
                    "textarea",
                    "textarea",
                    &[("name", &self.name), ("rows", &rows.to_string())],
                );
                // A first line break right after the tag is dropped by parsers.
                b.push('\n');
                self.value.render_to(&mut b);
                b.push_str("</textarea>");
            }
            Control::Select => {
                self.open(&mut b, "select", "select", &[("name", &self.name)]);
                html! { @for (v, l) in &self.options { option value=(v) selected[*v == self.value] { (l) } } }
                    .render_to(&mut b);
                b.push_str("</select>");
            }
            Control::Combo { url, text } => return self.combo_control(url, text),
            Control::File { accept, many } => {
                let mut extra = vec![("type", "file"), ("name", self.name.as_str()), ("accept", accept)];
                if *many {
                    extra.push(("multiple", ""));
                }
                self.open(&mut b, "input", "input file", &extra);
            }
            Control::Chips { .. } | Control::Check | Control::Switch => {}
        }
        maud::PreEscaped(b)
    }

    fn combo_control(&self, url: &str, text: &str) -> Markup {
        let list = format!("{}-list", self.id);
        let text_name = format!("{}_text", self.name);
        let target = format!("#{list}");
        let vals = [
            ("type", "text"),
            ("name", text_name.as_str()),
            ("value", text),
            ("role", "combobox"),
            ("aria-autocomplete", "list"),
            ("aria-expanded", "false"),
            ("aria-controls", list.as_str()),
            ("autocomplete", "off"),
            ("spellcheck", "false"),
            ("hx-get", url),
            ("hx-trigger", "combo"),
            ("hx-target", target.as_str()),
            ("hx-swap", "innerHTML"),
            ("hx-sync", "this:replace"),
        ];
        let mut b = String::new();
        self.open(&mut b, "input", "input", &vals);
        html! {
            div.combo data-combo {
                (maud::PreEscaped(b))
                input type="hidden" id={ (self.id) "-id" } name=(self.name) value=(self.value) data-combo-id;
                div.combo-list.menu id=(list) role="listbox" tabindex="-1" aria-label=(self.label) hidden {}
            }
        }
    }

    fn notes(&self) -> Markup {
        html! {
            @if let Some(e) = &self.error { span.err id={ (self.id) "-e" } { (icon_sm("alert-circle")) (e) } }
            @if !self.hint.is_empty() { span.hint id={ (self.id) "-h" } { (self.hint) } }
        }
    }

    fn label_text(&self) -> Markup {
        html! { (self.label) @if self.required { " " span.req aria-hidden="true" { "*" } } }
    }

    fn tick(&self, switch: bool) -> Markup {
        let mut b = String::new();
        let class = if switch { "switch" } else { "check" };
        let mut extra = vec![("type", "checkbox"), ("name", self.name.as_str()), ("value", "on")];
        if switch {
            extra.push(("role", "switch"));
        }
        if matches!(self.value.as_str(), "on" | "true" | "1") {
            extra.push(("checked", ""));
        }
        self.open(&mut b, "input", class, &extra);
        html! {
            div.field.w2[self.span == 2].w-all[self.span > 2] {
                label.row.tick for=(self.id) { (maud::PreEscaped(b)) span { (self.label_text()) } }
                (self.notes())
            }
        }
    }

    fn chip_group(&self, many: bool) -> Markup {
        let kind = if many { "checkbox" } else { "radio" };
        let by = self.described_by();
        let mut extra = String::new();
        for (k, v) in &self.attrs {
            push_attr(&mut extra, k, v);
        }
        html! {
            fieldset.field.w2[self.span == 2].w-all[self.span > 2] id=(self.id) tabindex="-1"
                aria-describedby=[(!by.is_empty()).then_some(by)] data-invalid[self.error.is_some()] {
                legend.label.vh[self.hide_label] { (self.label_text()) }
                div.opts {
                    @for (v, l) in &self.options {
                        @let on = if many { self.values.contains(v) } else { *v == self.value };
                        label {
                            input type=(kind) name=(self.name) value=(v) checked[on] required[self.required && !many];
                            span { (l) }
                        }
                    }
                }
                (self.notes())
            }
        }
    }
}

impl Render for Field {
    fn render(&self) -> Markup {
        match self.control {
            Control::Check => return self.tick(false),
            Control::Switch => return self.tick(true),
            Control::Chips { many } => return self.chip_group(many),
            _ => {}
        }
        html! {
            div.field.w2[self.span == 2].w-all[self.span > 2] {
                label.vh[self.hide_label] for=(self.id) { (self.label_text()) }
                @if let Some(beside) = self.beside() { div.row { div.grow { (self.control()) } (beside) } } @else { (self.control()) }
                (self.notes())
            }
        }
    }
}

/// One record offered by a combo: `hint` is the quiet second part.
pub struct Suggestion {
    pub id: String,
    pub text: String,
    pub hint: String,
}

/// The answer to a combo's request. `create` offers "make new: …" at the end.
pub fn suggestions(lang: Lang, items: &[Suggestion], create: Option<&str>) -> Markup {
    html! {
        @for s in items {
            div.combo-o role="option" aria-selected="false" data-id=(s.id) data-text=(s.text) {
                span.trunc { (s.text) } span.end.t3.fs12.trunc { (s.hint) }
            }
        }
        @if let Some(text) = create {
            div.combo-o role="option" aria-selected="false" data-id="" data-text=(text) {
                (icon_sm("plus")) span.trunc { (T("新建", "New").get(lang)) "：" (text) }
            }
        }
        @if items.is_empty() && create.is_none() {
            div.combo-none.t3 role="option" aria-disabled="true" aria-selected="false" { (T("没有匹配项", "Nothing found").get(lang)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_to_scan_into_names_its_control_and_keeps_what_stands_beside_it() {
        let field =
            Field::text("scan", "Code").scan_send(Lang::En).after(html! { b { "x" } }).render().into_string();
        assert!(field.contains("data-scan=\"f-scan\" data-send") && field.contains("<b>x</b>"), "{field}");
        let field = Field::area("serials", "Serials", 3).scan(Lang::Zh).render().into_string();
        assert!(field.contains("data-scan=\"f-serials\"") && !field.contains("data-send"), "{field}");
    }

    #[test]
    fn a_blank_choice_stays_in_front_whichever_is_said_first() {
        let options = [("a", "A"), ("b", "B")];
        for field in [
            Field::select("x", "X").blank("all").options(options),
            Field::select("x", "X").options(options).blank("all"),
        ] {
            let html = field.render().into_string();
            let (blank, first) = (html.find(">all<"), html.find(">A<"));
            assert!(blank.is_some() && blank < first, "{html}");
        }
    }
}
