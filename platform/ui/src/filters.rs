//! Filter bar, filter builder and column chooser of list pages: markup from plain structs, `kit` fills them.

use kernel::{Lang, T};
use maud::{Markup, html};

use crate::{Btn, Tone, icon, icon_sm, tag};

/// One condition in force, as a chip.
#[derive(Clone, Debug)]
pub struct FilterChip {
    pub field: String,
    pub op: String,
    pub value: String,
    /// Address of the list without this condition.
    pub remove: String,
}

/// Search box, chips and the button that opens the builder.
#[derive(Clone, Debug, Default)]
pub struct FilterBar {
    /// Address of the list; the search box goes there with `q`.
    pub action: String,
    pub q: String,
    pub placeholder: String,
    pub chips: Vec<FilterChip>,
    /// Conditions kept when `q` changes: `(name, value)`.
    pub keep: Vec<(String, String)>,
    /// Address without any condition.
    pub clear: Option<String>,
    /// The list has a builder (`filter_builder`).
    pub builder: bool,
    /// What it is grouped by, when it can be ([`group_chooser`]); empty: rows.
    pub group: Option<Vec<String>>,
}

pub fn filter_bar(lang: Lang, f: &FilterBar) -> Markup {
    html! {
        form.filters role="search" action=(f.action) method="get"
            hx-get=(f.action) hx-target="#list" hx-swap="outerMorph" hx-push-url="true" hx-trigger="input changed delay:250ms, submit" {
            @for (k, v) in &f.keep { input type="hidden" name=(k) value=(v); }
            span.input-i.q {
                (icon_sm("search"))
                input.input.sm type="search" name="q" value=(f.q) placeholder=(f.placeholder) autocomplete="off"
                    aria-label=(T("快速搜索", "Quick search").get(lang)) data-search;
                span.kbd aria-hidden="true" { "/" }
            }
            @for c in &f.chips { (chip(lang, c)) }
            @if f.builder {
                (Btn::new(T("筛选", "Filter").get(lang)).icon("filter").ghost().sm().id("btn-filter").kbd("F").popover("pop-filter"))
            }
            @if let Some(chosen) = &f.group { (group_button(lang, chosen)) }
            @if let Some(h) = &f.clear { (Btn::link(T("清除", "Clear").get(lang), h).ghost().sm()) }
        }
    }
}

fn chip(lang: Lang, c: &FilterChip) -> Markup {
    html! {
        span.chip.on {
            button type="button" popovertarget="pop-filter" {
                span.k { (c.field) } " " span.o { (c.op) } " " span.v { (c.value) }
            }
            a.x href=(c.remove) aria-label={ (T("移除筛选", "Remove filter").get(lang)) " " (c.field) } { (icon_sm("x")) }
        }
    }
}

/// How a value is typed in.
#[derive(Clone, Debug)]
pub enum FilterValue {
    /// The operator needs none ("is empty").
    None,
    Text(String),
    Number(String),
    Date(String),
    /// From, to.
    Numbers(String, String),
    Dates(String, String),
    /// `(value, label, ticked)`.
    Choice(Vec<(String, String, bool)>),
}

/// One condition in the builder. Sends `{name}.f` (field key), `{name}.o` (operator),
/// `{name}.v` (value; repeated for choices), `{name}.w` (upper end of a range) and `{name}.j` (`or`: this or the
/// condition above is enough).
#[derive(Clone, Debug)]
pub struct FilterRow {
    pub name: String,
    pub field: String,
    pub label: String,
    /// `(code, label)`.
    pub ops: Vec<(String, String)>,
    pub op: String,
    pub value: FilterValue,
    /// This or the condition above is enough.
    pub or: bool,
}

/// A field that can be filtered by.
#[derive(Clone, Debug)]
pub struct FilterField {
    pub key: String,
    pub label: String,
    pub icon: &'static str,
}

/// The builder: fields on the left, conditions on the right.
#[derive(Clone, Debug, Default)]
pub struct FilterBuilder {
    pub action: String,
    /// GET `row_url?field=KEY` answers with [`filter_row`] for a new condition;
    /// `row_url?field=KEY&name=N&op=CODE` the same row with another operator.
    pub row_url: String,
    pub groups: Vec<(String, Vec<FilterField>)>,
    pub rows: Vec<FilterRow>,
    /// Any instead of all.
    pub any: bool,
    pub keep: Vec<(String, String)>,
    /// GET with the form's values answers with the number of matches.
    pub count_url: Option<String>,
    pub count: Option<String>,
    /// POST with the form's values keeps them as a view.
    pub save_url: Option<String>,
    pub reset: String,
}

pub fn filter_builder(lang: Lang, b: &FilterBuilder) -> Markup {
    html! {
        div.pop.fb #pop-filter popover data-anchor="btn-filter" role="dialog" aria-label=(T("筛选条件", "Conditions").get(lang)) {
            form method="get" action=(b.action) data-nav {
                @for (k, v) in &b.keep { input type="hidden" name=(k) value=(v); }
                div.pop-h {
                    (T("筛选条件", "Conditions").get(lang))
                    span.end.seg.seg-radio role="radiogroup" aria-label=(T("满足", "Match").get(lang)) {
                        label { input type="radio" name="match" value="all" checked[!b.any]; span { (T("满足全部", "All").get(lang)) } }
                        label { input type="radio" name="match" value="any" checked[b.any]; span { (T("满足任一", "Any").get(lang)) } }
                    }
                }
                div.fb-g {
                    div.fb-fields.menu role="group" tabindex="0" aria-label=(T("字段", "Fields").get(lang)) {
                        div.fb-find { input.input.sm type="text" data-filter-list placeholder=(T("查找字段", "Find a field").get(lang)) aria-label=(T("查找字段", "Find a field").get(lang)); }
                        @for (title, fields) in &b.groups {
                            div.gh { (title) }
                            @for f in fields {
                                button type="button" hx-get={ (b.row_url) (if b.row_url.contains('?') { "&" } else { "?" }) "field=" (f.key) }
                                    hx-target="#filter-rows" hx-swap="beforeend" { (icon_sm(f.icon)) span { (f.label) } }
                            }
                        }
                    }
                    div.fb-rows #filter-rows {
                        @for r in &b.rows { (filter_row(lang, &b.row_url, r)) }
                        p.t3.fs13.fb-none { (T("从左侧选择字段添加条件。", "Pick a field on the left to add a condition.").get(lang)) }
                    }
                }
                div.pop-f {
                    @if let Some(u) = &b.save_url {
                        (Btn::new(T("存为视图", "Save as view").get(lang)).icon("bookmark").ghost().sm().attr("hx-get", u.clone()).attr("hx-include", "closest form").target("#modal"))
                    }
                    span.t3.fs12 #filter-count hx-get=[b.count_url.as_deref()] hx-trigger=[b.count_url.as_deref().map(|_| "change from:'closest form'")] hx-include=[b.count_url.as_deref().map(|_| "closest form")] { @if let Some(c) = &b.count { (T("匹配", "Matches").get(lang)) " " b.num { (c) } } }
                    span.end.row {
                        (Btn::link(T("重置", "Reset").get(lang), &b.reset).sm())
                        (Btn::submit(T("应用", "Apply").get(lang)).sm())
                    }
                }
            }
        }
    }
}

/// One condition; also the answer of `row_url`.
pub fn filter_row(lang: Lang, row_url: &str, r: &FilterRow) -> Markup {
    let v = format!("{}.v", r.name);
    let w = format!("{}.w", r.name);
    let label = T("值", "value").get(lang);
    let input = |kind: &str, name: &str, value: &str| {
        html! { input.input.sm type=(kind) name=(name) value=(value) aria-label={ (r.label) " " (label) } inputmode=[(kind == "text").then_some("text")]; }
    };
    html! {
        div.fb-row data-fb-row {
            input type="hidden" name={ (r.name) ".f" } value=(r.field);
            div {
                span.fs13.trunc { (r.label) }
                label.row.fs12.t3.fb-or {
                    input.check type="checkbox" name={ (r.name) ".j" } value="or" checked[r.or];
                    (T("或上一条", "or above").get(lang))
                }
            }
            select.select.sm name={ (r.name) ".o" } aria-label={ (r.label) " " (T("条件", "condition").get(lang)) }
                hx-get={ (row_url) (if row_url.contains('?') { "&" } else { "?" }) "field=" (r.field) "&name=" (r.name) "&op_name=" (r.name) ".o" }
                hx-target="closest [data-fb-row]" hx-swap="outerHTML" hx-include="closest [data-fb-row]" {
                @for (code, text) in &r.ops { option value=(code) selected[*code == r.op] { (text) } }
            }
            div.fb-v {
                @match &r.value {
                    FilterValue::None => {}
                    FilterValue::Text(t) => { (input("text", &v, t)) }
                    FilterValue::Number(t) => { (input("text", &v, t)) }
                    FilterValue::Date(t) => { (input("date", &v, t)) }
                    FilterValue::Numbers(a, b) => { (input("text", &v, a)) span.t3 { "–" } (input("text", &w, b)) }
                    FilterValue::Dates(a, b) => { (input("date", &v, a)) span.t3 { "–" } (input("date", &w, b)) }
                    FilterValue::Choice(items) => {
                        div.fb-choice { @for (value, text, on) in items {
                            label.row.fs13 { input.check type="checkbox" name=(v) value=(value) checked[*on]; (text) }
                        } }
                    }
                }
            }
            (Btn::icon_only("x", format!("{} {}", T("删除条件", "Remove condition").get(lang), r.label)).sm().attr("data-remove-row", ""))
        }
    }
}

/// A column that may be shown.
#[derive(Clone, Debug)]
pub struct ColumnChoice {
    pub key: String,
    pub label: String,
    pub shown: bool,
    /// Cannot be taken away.
    pub locked: bool,
}

/// Posts `col` for each shown column in order and `density` (`compact`, `normal`, `relaxed`).
#[derive(Clone, Debug, Default)]
pub struct ColumnChooser {
    pub action: String,
    pub columns: Vec<ColumnChoice>,
    pub density: String,
    pub back: String,
}

/// The button for `ListView::tools`.
pub fn columns_button(lang: Lang) -> Markup {
    html! { (Btn::new(T("列", "Columns").get(lang)).icon("columns-3").ghost().sm().id("btn-cols").popover("pop-cols").wide_only()) }
}

pub fn column_chooser(lang: Lang, c: &ColumnChooser) -> Markup {
    let title = T("列设置", "Columns").get(lang);
    html! {
        div.pop.cols-pop #pop-cols popover data-anchor="btn-cols" data-align="end" role="dialog" aria-label=(title) {
            form method="post" action=(c.action) {
                input type="hidden" name="back" value=(c.back);
                div.pop-h { (title) (Btn::new(T("恢复默认", "Reset").get(lang)).ghost().sm().name_value("reset", "1").attr("type", "submit").attr("data-end", "")) }
                div.menu.cols-list data-sortable {
                    @for col in &c.columns {
                        label draggable="true" {
                            (icon_sm("grip-vertical"))
                            input.check type="checkbox" name="col" value=(col.key) checked[col.shown] disabled[col.locked];
                            @if col.locked { input type="hidden" name="col" value=(col.key); }
                            span { (col.label) }
                            @if col.locked { span.end { (tag(Tone::Neutral, T("固定", "fixed").get(lang))) } }
                        }
                    }
                }
                div.pop-f {
                    span.seg.seg-radio role="radiogroup" aria-label=(T("行高", "Row height").get(lang)) {
                        @for (code, text) in [("compact", T("紧凑", "Compact")), ("normal", T("标准", "Normal")), ("relaxed", T("宽松", "Roomy"))] {
                            label { input type="radio" name="density" value=(code) checked[c.density == code]; span { (text.get(lang)) } }
                        }
                    }
                    span.end { (Btn::submit(T("应用", "Apply").get(lang)).sm()) }
                }
            }
        }
    }
}

/// What a list is grouped by: one choice per level, sent as `group` each (分类汇总).
#[derive(Clone, Debug, Default)]
pub struct GroupChooser {
    pub action: String,
    /// `(key, label)` of the columns that can be grouped by.
    pub columns: Vec<(String, String)>,
    /// What it is grouped by now.
    pub chosen: Vec<String>,
    /// How many levels are offered.
    pub levels: usize,
    pub keep: Vec<(String, String)>,
    /// Address of the rows, when it is grouped.
    pub rows: Option<String>,
}

/// The button beside the filter; says by what it is grouped now.
fn group_button(lang: Lang, chosen: &[String]) -> Markup {
    let title = T("汇总", "Group").get(lang);
    let words = if chosen.is_empty() { title.to_string() } else { chosen.join(" × ") };
    html! { (Btn::new(words).icon("sum").ghost().sm().id("btn-group").popover("pop-group")) }
}

pub fn group_chooser(lang: Lang, g: &GroupChooser) -> Markup {
    let title = T("分类汇总", "Group and add up").get(lang);
    let levels = [T("先按", "By"), T("再按", "then by"), T("再按", "then by")];
    html! {
        div.pop.cols-pop #pop-group popover data-anchor="btn-group" role="dialog" aria-label=(title) {
            form method="get" action=(g.action) data-nav {
                @for (k, v) in &g.keep { input type="hidden" name=(k) value=(v); }
                div.pop-h { (title) }
                @for (level, words) in levels.iter().enumerate().take(g.levels) {
                    label.me-h {
                        span.t3.nowrap { (words.get(lang)) }
                        select.select.sm.grow name="group" {
                            option value="" { "—" }
                            @for (key, text) in &g.columns {
                                option value=(key) selected[g.chosen.get(level) == Some(key)] { (text) }
                            }
                        }
                    }
                }
                div.pop-f {
                    @if let Some(rows) = &g.rows { (Btn::link(T("恢复明细", "Show rows").get(lang), rows).ghost().sm()) }
                    span.end { (Btn::submit(T("汇总", "Group").get(lang)).sm()) }
                }
            }
        }
    }
}

/// A row of counts that are also filters, above a list or on a dashboard.
pub fn quick_filters(items: &[(String, String, String, bool)]) -> Markup {
    html! {
        div.quick { @for (label, count, href, on) in items {
            a.quick-i href=(href) aria-current=[on.then_some("true")] { span { (label) } b.num { (count) } (icon("chevron-right")) }
        } }
    }
}
