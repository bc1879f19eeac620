//! The page of a list, and the fragments that change with it. Its whole state is in the address (PLAT-08).

use axum::{http::HeaderMap, response::Response};
use db::Conn;
use kernel::{Id, T};
use maud::{Markup, html};
use ui::{Btn, ColumnChoice, ColumnChooser, FilterBar, Foot, ListView, MenuItem, Pager, Sorted, Tab};

use super::{
    builder,
    cells::ListPage,
    export::EXPORT,
    filter::{Group, comparable},
    markup,
    query::{self, COUNT_LIMIT, Count, ListQuery, fetch_plan, plan, visible},
    rest::{find, query_of},
    spec::{Col, ListSpec},
    summary::{self, Summary},
    sums, tree,
    views::{self, Chosen, NewView, SavedView},
};
use crate::{Cx, Error, FormErrors, Result};

/// Page sizes offered.
const SIZES: [usize; 3] = [20, 50, 200];

/// Everything the page is made from.
struct Loaded<'a> {
    list: &'a ListSpec,
    /// What the address says.
    asked: ListQuery,
    /// With the view's conditions and the person's columns.
    query: ListQuery,
    group: Group,
    columns: Vec<&'a Col>,
    page: ListPage,
    views: Vec<SavedView>,
    density: String,
    /// Groups instead of rows.
    summary: Option<Summary<'a>>,
    branches: Vec<tree::Branch>,
}

async fn load<'a>(cx: &Cx, conn: &mut Conn, list: &'a ListSpec, asked: ListQuery) -> Result<Loaded<'a>> {
    let mut query = views::resolve(cx, conn, list, &asked).await?;
    let (chosen, density) = views::chosen(cx, conn, list).await?.unwrap_or_default();
    if query.columns.is_none() && !chosen.is_empty() {
        query.columns = Some(chosen);
    }
    let plan = plan(cx, list, &query, false)?;
    let (page, summary) = if query.grouped() {
        (ListPage::default(), Some(summary::summarise(cx, conn, list, &query).await?))
    } else {
        (fetch_plan(cx, conn, list, &query, &plan).await?, None)
    };
    let views = views::visible(cx, conn, list).await?;
    let branches = tree::load(cx, conn, list).await?;
    Ok(Loaded {
        branches,
        list,
        group: plan.filter,
        columns: plan.columns,
        asked,
        query,
        page,
        views,
        density,
        summary,
    })
}

/// `GET {href}`: the page, its main part for htmx, or only `#list` when that is what changes.
pub async fn show(cx: Cx, headers: HeaderMap, key: &'static str) -> Result<Response> {
    let list = find(&cx, key)?;
    let query = query_of(&cx);
    let mut asked = ListQuery::read(query)?;
    // Who asks for nothing in particular gets the work to do.
    if asked.view.is_none() && asked.filter.is_none() && asked.q.is_none() {
        asked.view = list.start.map(str::to_string);
    }
    if let Some(group) = builder::read_form(query) {
        return Ok(cx.redirect(&asked.with_filter(group.text()).url(list.href)));
    }
    let mut conn = cx.read().await?;
    let loaded = load(&cx, &mut conn, list, asked).await?;
    cx.count(&conn);
    drop(conn);
    let view = view(&cx, &loaded);
    let only_rows = headers
        .get("hx-target")
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.rsplit('#').next() == Some("list"));
    if cx.req.partial && only_rows {
        // The popovers stand outside of what is swapped, but their links carry the state as well.
        let overlays = overlays(&cx, &loaded);
        return Ok(cx.fragment(html! {
            (ui::list_body(cx.lang, &view))
            @for (id, overlay) in &overlays { (ui::partial(id, "outerHTML", overlay)) }
        }));
    }
    cx.page(cx.t(list.title), ui::list_view(cx.lang, &view)).await
}

fn view(cx: &Cx, loaded: &Loaded<'_>) -> ListView {
    let Loaded { list, asked, .. } = loaded;
    let button = |(label, icon, url, perm): &(T, &'static str, &'static str, &'static crate::Perm)| {
        (loaded.summary.is_none() && cx.can(perm)).then(|| Btn::new(cx.t(*label)).icon(icon).bulk(*url))
    };
    let shows = list.shows.iter().filter_map(button).map(Btn::bulk_shows);
    let bulk: Vec<Btn> = list.bulk.iter().filter_map(button).chain(shows).collect();
    let title = cx.t(list.title);
    ListView {
        actions: actions(cx, loaded),
        views: tabs(cx, list, asked, &loaded.views, &[]),
        tools: html! {
            // Counts come after the page, so that the page never waits for them.
            span hidden hx-get=(asked.first_page().url(&format!("{}/counts", list.href))) hx-trigger="load" hx-target="closest nav" hx-swap="outerHTML" {}
            (tools(cx, loaded.list, asked, &loaded.views))
        },
        tree: tree::nav(cx, list, asked, &loaded.group, &loaded.branches),
        filters: filters(cx, loaded),
        foot: foot(cx, loaded),
        overlays: html! { @for (_, overlay) in overlays(cx, loaded) { (overlay) } },
        idem: cx.form_key().to_string(),
        density: loaded.density.clone(),
        ..ListView::new(title, match &loaded.summary {
            Some(summary) => sums::table(cx, list, asked, summary, empty(cx, loaded)),
            None => table(cx, loaded, !bulk.is_empty()),
        })
    }
    .with_bulk(bulk)
}

trait WithBulk {
    fn with_bulk(self, bulk: Vec<Btn>) -> Self;
}

impl WithBulk for ListView {
    fn with_bulk(mut self, bulk: Vec<Btn>) -> Self {
        self.bulk = bulk;
        self
    }
}

fn export_items(cx: &Cx, loaded: &Loaded<'_>) -> Vec<MenuItem> {
    let all = ListQuery { columns: None, limit: None, ..loaded.asked.first_page() };
    let shown = ListQuery { columns: Some(loaded.page.keys.join(",")), ..all.clone() };
    let item = |state: &ListQuery, format: &str, label: T| {
        let url = state.url(&format!("{}/export", loaded.list.href));
        let join = if url.contains('?') { '&' } else { '?' };
        MenuItem::link("file-spreadsheet", cx.t(label), format!("{url}{join}format={format}"))
    };
    if loaded.summary.is_some() {
        return vec![
            item(&all, "xlsx", T("汇总 Excel", "Groups as Excel")),
            item(&all, "csv", T("汇总 CSV", "Groups as CSV")),
            item(&all, "json", T("汇总 JSON", "Groups as JSON")),
        ];
    }
    vec![
        item(&shown, "xlsx", T("Excel（当前列）", "Excel, columns shown")),
        item(&all, "xlsx", T("Excel（全部列，可再导入）", "Excel, all columns, to import again")),
        item(&all, "csv", T("CSV（全部列）", "CSV, all columns")),
        item(&all, "json", T("JSON（全部列）", "JSON, all columns")),
    ]
}

fn actions(cx: &Cx, loaded: &Loaded<'_>) -> Markup {
    let list = loaded.list;
    let sheet =
        list.sheet.and_then(|kind| cx.app.registry.sheets.get(kind)).filter(|sheet| cx.can(sheet.perm));
    let create = list.create.filter(|(_, _, perm)| cx.can(perm));
    html! {
        @if cx.can(&EXPORT) {
            (Btn::new(cx.t(T("导出", "Export"))).icon("download").ghost().id("menu-export-btn").popover("menu-export").wide_only())
        }
        @if let Some(sheet) = sheet {
            (Btn::link(cx.t(T("导入", "Import")), format!("/import/{}", sheet.kind)).icon("upload").ghost().wide_only())
        }
        @if let Some(create) = create { (create_button(cx, create).kbd("N")) }
    }
}

/// Makes a new one, in the way that counts for whoever looks.
fn create_button(cx: &Cx, (href, label, _): (&'static str, T, &'static crate::Perm)) -> Btn {
    let (icon, label, href) = match cx.app.registry.main_command(cx, href) {
        Some(other) if other.href != href => (other.icon, other.label, other.href),
        _ => ("plus", label, href),
    };
    Btn::link(cx.t(label), href).icon(icon).primary()
}

fn count_text(count: Count) -> String {
    if count.more { format!("{}+", count.count) } else { count.count.to_string() }
}

/// The state behind a tab, from its first page.
fn tab_state(asked: &ListQuery, view: Option<String>) -> ListQuery {
    let everything = |view: &Option<String>| view.as_deref().is_none_or(|view| view == views::EVERYTHING);
    if asked.view == view || (everything(&asked.view) && everything(&view)) {
        return asked.first_page();
    }
    ListQuery { view, limit: asked.limit, group: asked.group.clone(), ..ListQuery::default() }
}

/// All, the list's own tabs, saved views; with counts in the same order once they are known.
fn tabs(
    cx: &Cx,
    list: &ListSpec,
    asked: &ListQuery,
    saved: &[SavedView],
    counts: &[Option<Count>],
) -> Vec<Tab> {
    let link = |view: Option<String>| {
        let group = asked.group.clone();
        let state = ListQuery { view, limit: asked.limit, group, ..ListQuery::default() };
        state.url(list.href)
    };
    let asked_view = asked.view.as_deref().filter(|view| *view != views::EVERYTHING);
    let current = |view: Option<&str>| asked_view == view;
    let everything = list.start.map(|_| views::EVERYTHING.to_string());
    let mut tabs = vec![Tab::new(cx.t(T("全部", "All")), link(everything), current(None))];
    for preset in &list.presets {
        let tab = Tab::new(cx.t(preset.label), link(Some(preset.key.into())), current(Some(preset.key)));
        tabs.push(if preset.hot { tab.hot() } else { tab });
    }
    for view in saved {
        let id = view.id.to_string();
        tabs.push(Tab::new(view.name.as_str(), link(Some(id.clone())), current(Some(&id))));
    }
    for (tab, count) in tabs.iter_mut().zip(counts) {
        let Some(count) = count else { continue };
        tab.count = Some(count_text(*count));
        // Nothing waits where nothing is.
        tab.hot &= count.count > 0;
    }
    tabs
}

fn tools(cx: &Cx, list: &ListSpec, asked: &ListQuery, views: &[SavedView]) -> Markup {
    let me = cx.actor.as_ref().map(|actor| actor.user);
    let own = views
        .iter()
        .find(|view| Some(view.user_id) == me && asked.view.as_deref() == Some(view.id.to_string().as_str()));
    html! {
        @if let Some(view) = own {
            @let question = T("删除视图“{name}”？", "Delete the view \"{name}\"?").fill(cx.lang, &[("name", view.name.clone())]);
            (ui::post_button(&format!("{}/views/{}/delete", list.href, view.id), cx.form_key(),
                Btn::new(cx.t(T("删除视图", "Delete view"))).icon("trash").ghost().sm().confirm(question)))
        }
        (ui::columns_button(cx.lang))
    }
}

fn filters(cx: &Cx, loaded: &Loaded<'_>) -> Markup {
    let Loaded { list, asked, query, group, .. } = loaded;
    let keep = ListQuery { q: None, ..asked.first_page() };
    let clear = ListQuery { q: None, ..asked.with_filter(String::new()) };
    let active = query.q.is_some() || !group.0.is_empty();
    // Of a tree people know the names, not the ids.
    let chips = builder::chips(cx.lang, list, asked, group).into_iter().map(|mut chip| {
        if let Some(name) = tree::named(&loaded.branches, &chip.value) {
            chip.value = name;
            chip.field = list.tree.map_or(chip.field, |tree| cx.t(tree.label).to_string());
        }
        chip
    });
    let placeholder =
        T("搜索{title}", "Search {title}").fill(cx.lang, &[("title", cx.t(list.title).to_string())]);
    ui::filter_bar(
        cx.lang,
        &FilterBar {
            action: list.href.to_string(),
            q: query.q.clone().unwrap_or_default(),
            placeholder,
            chips: chips.collect(),
            keep: keep.pairs().into_iter().map(|(name, value)| (name.to_string(), value)).collect(),
            clear: active.then(|| clear.url(list.href)),
            builder: true,
            group: Some(sums::labels(cx, list, query)),
        },
    )
}

fn table(cx: &Cx, loaded: &Loaded<'_>, select: bool) -> ui::Table {
    let Loaded { list, asked, query, columns, page, .. } = loaded;
    let (now, down) = match query.sort.as_deref() {
        Some(sort) => (sort.trim_start_matches('-'), sort.starts_with('-')),
        None => list.sort,
    };
    let head = |(col, card): (&&Col, ui::Card)| {
        let mut head = ui::Col::new(cx.t(col.label)).card(card);
        head.right = markup::right(col.kind);
        head.width = col.rem().map(|rem| format!("{rem}rem"));
        if col.sort && comparable(cx, col) {
            let sorted = (now == col.key).then_some(if down { Sorted::Desc } else { Sorted::Asc });
            let turn =
                if sorted == Some(Sorted::Asc) { format!("-{}", col.key) } else { col.key.to_string() };
            head = head.sort(ListQuery { sort: Some(turn), ..asked.first_page() }.url(list.href), sorted);
        }
        head
    };
    let cols: Vec<ui::Col> = columns.iter().zip(markup::cards(columns)).map(head).collect();
    // A column that stands as heading is not said again in each row.
    let grouped =
        list.group.filter(|key| *key == now).and_then(|key| columns.iter().position(|col| col.key == key));
    let mut before = None;
    let rows = page.rows.iter().map(|item| {
        let row = markup::row(cx, list, columns, item);
        let heading = grouped.and_then(|at| Some(markup::text(cx, columns.get(at)?, item.cells.get(at)?)));
        let fresh = heading.is_some() && heading != before;
        before.clone_from(&heading);
        if fresh { row.group(heading.unwrap_or_default()) } else { row }
    });
    let rows = rows.collect();
    let rem: f32 = columns.iter().map(|col| col.least_rem()).sum();
    let table = ui::Table::new(cx.t(list.title), cols, rows)
        .empty(empty(cx, loaded))
        .min_width(format!("{}rem", rem.clamp(40.0, 120.0)));
    if select { table.select() } else { table }
}

fn empty(cx: &Cx, loaded: &Loaded<'_>) -> Markup {
    let Loaded { list, asked, query, group, .. } = loaded;
    if query.q.is_some() || !group.0.is_empty() {
        let clear = ListQuery { q: None, ..asked.with_filter(String::new()) }.url(list.href);
        let all = Btn::link(cx.t(T("清除条件", "Clear conditions")), clear);
        let hint = cx.t(T("换一个关键词，或减少条件。", "Try another word or fewer conditions."));
        return ui::empty("search-off", cx.t(T("没有符合条件的记录", "Nothing matches")), hint, Some(all));
    }
    let create = list.create.filter(|(_, _, perm)| cx.can(perm));
    let create = create.map(|create| create_button(cx, create));
    ui::empty("inbox", cx.t(T("还没有记录", "Nothing here yet")), "", create)
}

fn foot(cx: &Cx, loaded: &Loaded<'_>) -> Foot {
    let Loaded { list, asked, page, query, .. } = loaded;
    if let Some(summary) = &loaded.summary {
        return sums::foot(cx, summary);
    }
    let go = |after: Option<String>, before: Option<String>| {
        ListQuery { after, before, ..asked.clone() }.url(list.href)
    };
    let whole = page.next.is_none() && page.prev.is_none();
    let words = if whole { T("共 {n} 条", "{n} in all") } else { T("本页 {n} 条", "{n} on this page") };
    let broad = T(
        "结果太多，只查了最新的 {n} 条；请输入更具体的词，或导出全部",
        "Too many hits: only the newest {n} were looked at. Search for something narrower, or export all",
    );
    let size = query.limit.unwrap_or(50);
    let sizes = SIZES.map(|n| {
        let url = ListQuery { limit: Some(n), ..asked.first_page() }.url(list.href);
        (n.to_string(), url, n == size)
    });
    Foot {
        range: words.fill(cx.lang, &[("n", page.rows.len().to_string())]),
        note: if page.cut { broad.fill(cx.lang, &[("n", COUNT_LIMIT.to_string())]) } else { String::new() },
        pager: Pager {
            prev: page.prev.clone().map(|cursor| go(None, Some(cursor))),
            next: page.next.clone().map(|cursor| go(Some(cursor), None)),
        },
        sizes: sizes.to_vec(),
    }
}

/// Popovers by their address on the page.
fn overlays(cx: &Cx, loaded: &Loaded<'_>) -> Vec<(&'static str, Markup)> {
    let Loaded { list, asked, group, columns, .. } = loaded;
    let choice = |col: &Col, shown: bool| ColumnChoice {
        key: col.key.into(),
        label: cx.t(col.label).into(),
        shown,
        locked: matches!(col.kind, super::spec::Kind::No),
    };
    let rest = visible(cx, list);
    let rest = rest.into_iter().filter(|col| {
        !columns.iter().any(|shown| shown.key == col.key) && !matches!(col.kind, super::spec::Kind::Id)
    });
    let chooser = ColumnChooser {
        action: format!("{}/columns", list.href),
        columns: columns
            .iter()
            .map(|col| choice(col, true))
            .chain(rest.map(|col| choice(col, false)))
            .collect(),
        density: if loaded.density.is_empty() { "normal".into() } else { loaded.density.clone() },
        back: asked.url(list.href),
    };
    let mut overlays = vec![
        ("#pop-filter", ui::filter_builder(cx.lang, &builder::builder(cx, list, asked, group))),
        ("#pop-cols", ui::column_chooser(cx.lang, &chooser)),
        ("#pop-group", ui::group_chooser(cx.lang, &sums::chooser(cx, list, asked, &loaded.query))),
    ];
    if cx.can(&EXPORT) {
        overlays.push(("#menu-export", ui::menu("menu-export", &export_items(cx, loaded))));
    }
    overlays
}

/// `GET {href}/filter-row`: one condition for the builder.
pub async fn filter_row(cx: Cx, key: &'static str) -> Result<Response> {
    let list = find(&cx, key)?;
    let asked = builder::read_row(&cx, query_of(&cx));
    let col = builder::fields(&cx, list).find(|col| col.key == asked.field).ok_or(Error::NotFound)?;
    let row = builder::row(cx.lang, col, asked.name, asked.op, &asked.value, asked.or);
    Ok(cx.fragment(ui::filter_row(cx.lang, &format!("{}/filter-row", list.href), &row)))
}

/// What the address or the builder's form in it asks for.
fn asked_or_form(cx: &Cx) -> Result<ListQuery> {
    let query = query_of(cx);
    let asked = ListQuery::read(query)?;
    Ok(match builder::read_form(query) {
        Some(group) => asked.with_filter(group.text()),
        None => asked,
    })
}

/// `GET {href}/count`: how many rows the conditions match, as a fragment.
pub async fn count(cx: Cx, key: &'static str) -> Result<Response> {
    let list = find(&cx, key)?;
    let mut conn = cx.read().await?;
    let count = query::count(&cx, &mut conn, list, &asked_or_form(&cx)?).await?;
    Ok(cx.fragment(html! { (cx.t(T("匹配", "Matches"))) " " (ui::num(count_text(count))) }))
}

/// `GET {href}/counts`: the tabs with a count each.
pub async fn counts(cx: Cx, key: &'static str) -> Result<Response> {
    let list = find(&cx, key)?;
    let asked = ListQuery::read(query_of(&cx))?;
    let mut conn = cx.read().await?;
    let saved = views::visible(&cx, &mut conn, list).await?;
    let keys = list
        .presets
        .iter()
        .map(|preset| preset.key.to_string())
        .chain(saved.iter().map(|view| view.id.to_string()));
    let keys: Vec<Option<String>> = std::iter::once(None).chain(keys.map(Some)).collect();
    let mut counts = Vec::with_capacity(keys.len());
    for view in keys {
        // A saved view may name what is gone; that takes no count from the others.
        counts.push(match query::count(&cx, &mut conn, list, &tab_state(&asked, view)).await {
            Ok(count) => Some(count),
            Err(Error::Invalid(_) | Error::TooMany(_)) => None,
            Err(error) => return Err(error),
        });
    }
    drop(conn);
    let tabs = tabs(&cx, list, &asked, &saved, &counts);
    let label = cx.t(T("视图", "Views"));
    Ok(cx.fragment(ui::list_tabs(cx.lang, label, &tabs, Some(tools(&cx, list, &asked, &saved)))))
}

fn view_form(cx: &Cx, list: &ListSpec, input: &NewView, errors: &FormErrors) -> Markup {
    let form = ui::Form::post(format!("{}/views", list.href), cx.form_key());
    let hidden = [
        ("filter", &input.filter),
        ("q", &input.q),
        ("sort", &input.sort),
        ("columns", &input.columns),
        ("group", &input.group),
    ];
    let body = html! {
        (errors.summary(cx.lang))
        @for (name, value) in hidden { @if let Some(value) = value { (ui::hidden(name, value)) } }
        (ui::Field::text("name", cx.t(T("名称", "Name"))).value(&input.name).required().autofocus().full().error(errors.of("name")))
        (ui::Field::check("shared", cx.t(T("本组织的人都能用", "For everybody of my organisation"))).checked(input.shared).full())
    };
    ui::modal_form(cx.lang, cx.t(T("存为视图", "Save as view")), form, cx.t(T("保存", "Save")), body)
}

/// `GET {href}/views/new`: asks for a name.
pub async fn new_view(cx: Cx, key: &'static str) -> Result<Response> {
    let list = find(&cx, key)?;
    let asked = asked_or_form(&cx)?;
    let mut conn = cx.read().await?;
    let state = views::resolve(&cx, &mut conn, list, &asked).await?;
    let input = NewView {
        filter: state.filter,
        q: state.q,
        sort: state.sort,
        columns: state.columns,
        group: state.group,
        ..NewView::default()
    };
    Ok(cx.fragment(view_form(&cx, list, &input, &FormErrors::default())))
}

/// `POST {href}/views`.
pub async fn save_view(cx: Cx, key: &'static str, input: NewView) -> Result<Response> {
    let list = find(&cx, key)?;
    match cx.form(views::save(&cx, list, input.clone()).await)? {
        Ok(view) => Ok(cx.redirect(&format!("{}?view={}", list.href, view.id))),
        Err(errors) => Ok(cx.refused(view_form(&cx, list, &input, &errors))),
    }
}

/// `POST {href}/views/{id}/delete`.
pub async fn delete_view(cx: Cx, key: &'static str, id: Id) -> Result<Response> {
    let list = find(&cx, key)?;
    views::delete(&cx, list, id).await?;
    Ok(cx.redirect(list.href))
}

/// `POST {href}/columns`.
pub async fn choose_columns(cx: Cx, key: &'static str, input: Chosen) -> Result<Response> {
    let list = find(&cx, key)?;
    views::choose(&cx, list, &input).await?;
    // Back to the same state, except that the choice now rules the columns.
    let back = input
        .back
        .as_deref()
        .and_then(|back| back.strip_prefix(list.href)?.strip_prefix('?'))
        .unwrap_or_default();
    let state = ListQuery { columns: None, ..ListQuery::read(back)? };
    Ok(cx.redirect(&state.url(list.href)))
}
