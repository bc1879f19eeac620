//! Data tables and the list page around them. On phones each row becomes a card.

use kernel::{Lang, T};
use maud::{Markup, Render, html};

use crate::{Btn, Pager, Tab, icon_sm, kbd, list_tabs, page_header, pager};

/// Where a cell goes when the row is a card (under 640 px).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Card {
    /// First line, left: number or id.
    Id,
    /// First line, right: deadline or amount.
    End,
    /// Second line, large: what the record is about.
    Title,
    /// A labelled line.
    #[default]
    Line,
    /// Last line, without label: state, person.
    Foot,
    Hide,
}

/// Present order of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sorted {
    Asc,
    Desc,
}

/// A column of a table.
#[derive(Clone, Debug, Default)]
pub struct Col {
    pub label: String,
    /// Address that sorts by this column.
    pub sort: Option<String>,
    pub sorted: Option<Sorted>,
    pub right: bool,
    /// CSS length; absent takes what is left.
    pub width: Option<String>,
    pub card: Card,
}

impl Col {
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), ..Self::default() }
    }
    pub fn right(mut self) -> Self {
        self.right = true;
        self
    }
    pub fn width(mut self, w: impl Into<String>) -> Self {
        self.width = Some(w.into());
        self
    }
    pub fn card(mut self, c: Card) -> Self {
        self.card = c;
        self
    }
    /// What it needs at least: its width, or room for a few words.
    fn rem(&self) -> f32 {
        let given = self.width.as_deref().and_then(|width| width.strip_suffix("rem")?.parse().ok());
        given.unwrap_or(5.5)
    }
    pub fn sort(mut self, href: impl Into<String>, now: Option<Sorted>) -> Self {
        self.sort = Some(href.into());
        self.sorted = now;
        self
    }
}

/// A row. `id` is the value of its tick box; Enter follows the first `id_link`, or `href`.
#[derive(Default)]
pub struct Row {
    pub id: String,
    pub href: Option<String>,
    pub label: String,
    pub cells: Vec<Markup>,
    pub actions: Option<Markup>,
    pub selected: bool,
    /// Dimmed: retired, cancelled.
    pub faded: bool,
    /// Heading of the group that begins with this row.
    pub group: Option<String>,
}

impl Row {
    pub fn new(id: impl ToString, label: impl Into<String>, cells: Vec<Markup>) -> Self {
        Self { id: id.to_string(), label: label.into(), cells, ..Self::default() }
    }
    pub fn href(mut self, h: impl Into<String>) -> Self {
        self.href = Some(h.into());
        self
    }
    pub fn actions(mut self, a: Markup) -> Self {
        self.actions = Some(a);
        self
    }
    pub fn group(mut self, heading: impl Into<String>) -> Self {
        self.group = Some(heading.into());
        self
    }
    pub fn faded(mut self, f: bool) -> Self {
        self.faded = f;
        self
    }
}

/// A table with its columns and rows. `select` adds tick boxes (name `ids`).
pub struct Table {
    pub caption: String,
    pub cols: Vec<Col>,
    pub rows: Vec<Row>,
    pub select: bool,
    /// Shown instead of rows.
    pub empty: Markup,
    /// CSS length below which the table scrolls sideways; by itself what its columns need.
    pub min_width: String,
}

impl Table {
    pub fn new(caption: impl Into<String>, cols: Vec<Col>, rows: Vec<Row>) -> Self {
        let rem: f32 = cols.iter().map(Col::rem).sum();
        let min_width = format!("{rem}rem");
        Self { caption: caption.into(), cols, rows, select: false, empty: html! {}, min_width }
    }
    pub fn select(mut self) -> Self {
        self.select = true;
        self
    }
    pub fn empty(mut self, m: Markup) -> Self {
        self.empty = m;
        self
    }
    pub fn min_width(mut self, w: impl Into<String>) -> Self {
        self.min_width = w.into();
        self
    }
}

fn card_code(c: Card) -> &'static str {
    match c {
        Card::Id => "id",
        Card::End => "end",
        Card::Title => "title",
        Card::Line => "line",
        Card::Foot => "foot",
        Card::Hide => "hide",
    }
}

/// Table that fills a list page: sticky head, fixed widths, keyboard rows.
pub fn data_table(lang: Lang, t: &Table) -> Markup {
    let acts = t.rows.iter().any(|r| r.actions.is_some());
    html! {
        div.dt-wrap tabindex="0" role="region" aria-label=(t.caption) {
            @if t.rows.is_empty() { (t.empty) } @else {
                table.dt.fixed data-rows style={ "min-width:" (t.min_width) } {
                    caption.vh { (t.caption) }
                    colgroup {
                        @if t.select { col style="width:2.375rem"; }
                        @for c in &t.cols { @match &c.width { Some(w) => { col style={ "width:" (w) }; } None => { col; } } }
                        @if acts { col style="width:2.75rem"; }
                    }
                    thead { tr {
                        @if t.select {
                            th.sel.pin scope="col" {
                                input.check type="checkbox" data-check-all aria-label=(T("选择本页全部", "Select all on this page").get(lang));
                            }
                        }
                        @for c in &t.cols { (head_cell(c)) }
                        @if acts { th scope="col" { span.vh { (T("操作", "Actions").get(lang)) } } }
                    } }
                    tbody #rows { @for (i, r) in t.rows.iter().enumerate() { (body_row(lang, t, r, i == 0, acts)) } }
                }
            }
        }
    }
}

fn head_cell(c: &Col) -> Markup {
    let sorted = c.sorted.map(|s| if s == Sorted::Asc { "ascending" } else { "descending" });
    html! {
        th.r[c.right] scope="col" aria-sort=[sorted] {
            @match &c.sort {
                Some(h) => { a href=(h) data-nav { (c.label) @if let Some(s) = c.sorted { (icon_sm(if s == Sorted::Asc { "chevron-up" } else { "chevron-down" })) } } }
                None => { (c.label) }
            }
        }
    }
}

fn body_row(lang: Lang, t: &Table, r: &Row, first: bool, acts: bool) -> Markup {
    let wide = t.cols.len() + usize::from(t.select) + usize::from(acts);
    html! {
        @if let Some(heading) = &r.group { tr.group { th colspan=(wide) scope="rowgroup" { (heading) } } }
        tr.faded[r.faded] tabindex=(if first { "0" } else { "-1" }) aria-selected=[r.selected.then_some("true")] data-href=[r.href.as_deref()] {
            @if t.select {
                td.sel.pin {
                    input.check type="checkbox" name="ids" form="bulk-form" value=(r.id) checked[r.selected]
                        aria-label={ (T("选择", "Select").get(lang)) " " (r.label) };
                }
            }
            @for (c, cell) in t.cols.iter().zip(&r.cells) {
                td.clip.r[c.right].num[c.right] data-c=(card_code(c.card)) data-l=[(c.card == Card::Line).then_some(&c.label)] { (cell) }
            }
            @if acts { td.acts data-c="acts" { @if let Some(a) = &r.actions { (a) } } }
        }
    }
}

/// A short table inside a card or section: no ticks, no sticky head.
pub fn small_table(t: &Table) -> Markup {
    html! {
        @if t.rows.is_empty() { (t.empty) } @else {
            div.card.scroll-x tabindex="0" role="region" aria-label=(t.caption) {
                table.dt.lines style={ "--mw:" (t.min_width) } {
                    caption.vh { (t.caption) }
                    thead { tr { @for c in &t.cols { (head_cell(c)) } @if t.rows.iter().any(|r| r.actions.is_some()) { td {} } } }
                    tbody { @for r in &t.rows {
                        tr.faded[r.faded] {
                            @for (c, cell) in t.cols.iter().zip(&r.cells) {
                                td.r[c.right].num[c.right] data-c=(card_code(c.card)) data-l=[(c.card == Card::Line).then_some(&c.label)] { (cell) }
                            }
                            @if let Some(a) = &r.actions { td.acts.shown data-c="acts" { (a) } }
                        }
                    } }
                }
            }
        }
    }
}

/// Sums under a table of lines: `(label, amount)`, the last one is the total.
pub fn sums(items: &[(&str, String)]) -> Markup {
    html! {
        div.sum { dl { @for (i, (k, v)) in items.iter().enumerate() {
            dt.tot[i + 1 == items.len()] { (k) } dd.num.tot[i + 1 == items.len()] { (v) }
        } } }
    }
}

/// The foot of a list: what is shown, and the pager.
#[derive(Clone, Debug, Default)]
pub struct Foot {
    /// "1–50 / 共 326 条" or just "50 条".
    pub range: String,
    /// A quiet extra, such as a sum.
    pub note: String,
    pub pager: Pager,
    /// Page sizes as `(label, href, current)`.
    pub sizes: Vec<(String, String, bool)>,
}

/// Everything of a list page below the shell.
pub struct ListView {
    pub title: String,
    pub count: Option<String>,
    pub actions: Markup,
    /// Saved views; empty leaves the tab row out unless `tools` has something.
    pub views: Vec<Tab>,
    /// Buttons at the end of the tab row: group, columns, refresh.
    pub tools: Markup,
    /// From `filter_bar`.
    pub filters: Markup,
    pub table: Table,
    /// A tree beside the list, to walk it by.
    pub tree: Option<TreeNav>,
    /// Buttons of the bar that appears when rows are ticked, see [`Btn::bulk`].
    pub bulk: Vec<Btn>,
    pub foot: Foot,
    /// Popovers and dialogs that belong to the page.
    pub overlays: Markup,
    /// Idempotency key of the bulk form; empty: none.
    pub idem: String,
    /// `compact`, `relaxed` or empty.
    pub density: String,
}

impl ListView {
    pub fn new(title: impl Into<String>, table: Table) -> Self {
        Self {
            title: title.into(),
            count: None,
            actions: html! {},
            views: vec![],
            tools: html! {},
            filters: html! {},
            table,
            tree: None,
            bulk: vec![],
            foot: Foot::default(),
            overlays: html! {},
            idem: String::new(),
            density: String::new(),
        }
    }
}

/// The list page. The part that changes with filters has the id `list` ([`list_body`]).
pub fn list_view(lang: Lang, v: &ListView) -> Markup {
    html! {
        (page_header(&v.title, v.count.as_deref(), &v.actions))
        @if !v.views.is_empty() {
            (list_tabs(lang, T("视图", "Views").get(lang), &v.views, Some(v.tools.clone())))
        }
        @match &v.tree {
            Some(tree) => { div.treed { (tree_nav(lang, tree)) div.treed-c { (v.filters) (list_body(lang, v)) } } }
            None => { (v.filters) (list_body(lang, v)) }
        }
        (v.overlays)
    }
}

/// A branch of a tree beside a list.
#[derive(Clone, Debug)]
pub struct TreeItem {
    pub depth: usize,
    pub label: String,
    pub href: String,
    /// What the choice on a phone sends for it.
    pub value: String,
    pub current: bool,
}

/// A tree beside a list; a choice on narrow screens.
#[derive(Clone, Debug, Default)]
pub struct TreeNav {
    pub label: String,
    /// Address of the list.
    pub action: String,
    /// Name of the value.
    pub name: String,
    pub keep: Vec<(String, String)>,
    pub items: Vec<TreeItem>,
}

/// Items in reading order as branches with what is below them.
fn nested(items: &[TreeItem]) -> Vec<crate::Branch> {
    let mut branches = Vec::new();
    let mut at = 0;
    while let Some(item) = items.get(at) {
        let below = items[at + 1..].iter().take_while(|next| next.depth > item.depth).count();
        branches.push(crate::Branch {
            icon: "folder",
            text: item.label.clone(),
            note: String::new(),
            href: item.href.clone(),
            current: item.current,
            open: true,
            below: nested(&items[at + 1..=at + below]),
        });
        at += 1 + below;
    }
    branches
}

fn tree_nav(lang: Lang, t: &TreeNav) -> Markup {
    html! {
        aside.treed-l { (crate::branch_tree(&t.label, &nested(&t.items))) }
        form.treed-s method="get" action=(t.action) data-nav {
            @for (k, v) in &t.keep { input type="hidden" name=(k) value=(v); }
            select.select.sm name=(t.name) aria-label=(t.label) {
                @for i in &t.items { option value=(i.value) selected[i.current] { ("　".repeat(i.depth)) (i.label) } }
            }
            (Btn::submit(T("查看", "Show").get(lang)).sm())
        }
    }
}

/// Table, bulk bar and foot: the fragment that a changed filter or page brings.
pub fn list_body(lang: Lang, v: &ListView) -> Markup {
    html! {
        div.list #list data-density=[(!v.density.is_empty()).then_some(&v.density)] {
            // Apart from the rows, so that a row may hold forms of its own.
            form #bulk-form method="post" hidden { @if !v.idem.is_empty() { (crate::idem(&v.idem)) } }
            (data_table(lang, &v.table))
            @if !v.bulk.is_empty() { (bulk_bar(lang, &v.bulk)) }
            (list_foot(lang, &v.foot, !v.bulk.is_empty()))
        }
    }
}

fn bulk_bar(lang: Lang, buttons: &[Btn]) -> Markup {
    html! {
        div.bulk #bulk role="toolbar" aria-label=(T("批量操作", "For selected rows").get(lang)) hidden {
            span.cnt {
                (T("已选", "Selected").get(lang)) " " b data-count { "0" }
            }
            span.sep {}
            @for b in buttons { (b.clone().sm().attr("form", "bulk-form")) }
            span.sep {}
            (Btn::icon_only("x", T("取消选择", "Clear selection").get(lang)).sm().attr("data-clear", ""))
        }
    }
}

fn list_foot(lang: Lang, f: &Foot, ticks: bool) -> Markup {
    html! {
        footer.dt-foot {
            span.num { (f.range) }
            @if !f.note.is_empty() { span.t3.hide-s { (f.note) } }
            span.end.row {
                span.t3.hide-s.keys-hint {
                    (kbd(&["J", "K"])) (T("移动", "move").get(lang))
                    @if ticks { (kbd(&["X"])) (T("选择", "select").get(lang)) }
                    (kbd(&["?"])) (T("快捷键", "keys").get(lang))
                }
                @if !f.sizes.is_empty() {
                    nav.seg.hide-s aria-label=(T("每页条数", "Rows per page").get(lang)) {
                        @for (l, h, on) in &f.sizes { a href=(h) data-nav aria-current=[on.then_some("true")] { (l) } }
                    }
                }
                (pager(lang, &f.pager))
            }
        }
    }
}

/// Rows of the "recent" kind in side panels: `(link text, href, title, date)`.
pub fn recent(items: &[(String, String, String, String)]) -> Markup {
    html! {
        ul.recent { @for (text, href, title, date) in items {
            li { a href=(href) { (text) } span.trunc { (title) } span.t3.num { (date) } }
        } }
    }
}

/// A block of several buttons, for `actions` arguments.
pub fn btns(items: &[Btn]) -> Markup {
    html! { @for b in items { (b) } }
}

/// Any renderable things one after the other.
pub fn all(items: &[&dyn Render]) -> Markup {
    let mut out = String::new();
    for i in items {
        i.render_to(&mut out);
    }
    maud::PreEscaped(out)
}
