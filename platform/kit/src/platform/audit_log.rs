//! The page of the audit log: narrowed by person, day, document, action and word; each entry with what it changed
//! (PLAT-01).

use std::collections::{HashMap, hash_map::Entry};

use axum::{extract::RawQuery, response::Response};
use form_urlencoded::Serializer;
use kernel::{Id, T};
use maud::{Markup, html};
use serde_json::Value;
use ui::{Btn, Field};

use super::upkeep::{FIELDS, LOOKED, LogQuery, LogRow, log};
use crate::extract::Path;
use crate::{Cx, Error, Result, audit, format, panels};

/// Actions to choose from: what the platform and the contexts call by name.
fn actions(cx: &Cx) -> Vec<(String, String)> {
    let mut actions: Vec<(String, String)> = cx
        .app
        .registry
        .actions
        .iter()
        .map(|(code, label)| ((*code).to_string(), cx.t(*label).to_string()))
        .collect();
    actions.sort_by(|a, b| a.1.cmp(&b.1));
    actions
}

fn search_form(cx: &Cx, query: &LogQuery) -> Markup {
    let text = |name: &str, label: T, value: &str| Field::text(name, cx.t(label)).value(value);
    let fields = html! {
        @if let Some(id) = query.doc_id { (ui::hidden("doc_id", id)) }
        @if let Some(id) = query.user_id { (ui::hidden("user_id", id)) }
        (text("who", T("操作员", "Who"), &query.who))
        (text("doc", T("单据号", "Document no."), &query.doc))
        (Field::select("action", cx.t(T("动作", "Action"))).options(actions(cx)).blank(cx.t(T("全部", "All"))).value(&query.action))
        (ui::pair(
            Field::date("from", cx.t(T("从", "From"))).value(&query.from),
            Field::date("until", cx.t(T("到", "Until"))).value(&query.until),
        ))
        (text("q", T("命令、来源等", "Command, address …"), &query.q))
    };
    let buttons = ui::form_buttons(&[
        Btn::submit(cx.t(T("查询", "Search"))).icon("search"),
        Btn::link(cx.t(T("重置", "Reset")), "/audit"),
    ]);
    let form = html! {
        form method="get" action="/audit" role="search" data-nav { (ui::fields(fields)) (buttons) }
    };
    ui::fold(cx.t(T("查询条件", "Conditions")), form)
}

/// The same question further back.
fn earlier(query: &LogQuery, seq: i64) -> String {
    let mut to = Serializer::new(String::new());
    to.append_pair("before", &seq.to_string());
    for (name, id) in [("doc_id", query.doc_id), ("user_id", query.user_id)] {
        if let Some(id) = id {
            to.append_pair(name, &id.to_string());
        }
    }
    let texts = [
        ("who", &query.who),
        ("doc", &query.doc),
        ("action", &query.action),
        ("from", &query.from),
        ("until", &query.until),
        ("q", &query.q),
    ];
    to.extend_pairs(texts.into_iter().filter(|(_, text)| !text.is_empty()));
    format!("/audit?{}", to.finish())
}

/// What the log writes about, in words. Parameters and lists have a name in place of a number.
fn document(cx: &Cx, entry: &LogRow) -> Markup {
    let registry = &cx.app.registry;
    let kind = entry.doc_kind.as_str();
    let named = match kind {
        "setting" => registry.settings.iter().find(|s| s.key == entry.doc_no).map(|s| cx.t(s.label)),
        "list" => registry.lists.get(entry.doc_no.as_str()).map(|list| cx.t(list.title)),
        _ => None,
    };
    let noun = audit::noun(registry, kind).map_or(kind, |noun| cx.t(noun));
    let text = format!("{noun} {}", named.unwrap_or(&entry.doc_no));
    match registry.docs.get(kind) {
        Some(doc) => ui::link(&doc.href.replace("{id}", &entry.doc_id.to_string()), text),
        None => html! { (text) },
    }
}

/// Clocks write without the number of what they run on: it is looked up, as far as the reader may see that.
async fn number(cx: &Cx, rows: &mut [LogRow]) -> Result<()> {
    let mut known: HashMap<Id, String> = HashMap::new();
    let mut conn = cx.read().await?;
    for row in rows.iter_mut().filter(|row| row.doc_no.is_empty()) {
        let Some(doc) = cx.app.registry.docs.get(row.doc_kind.as_str()) else { continue };
        if let Entry::Vacant(unknown) = known.entry(row.doc_id) {
            let brief = (doc.find)(cx, &mut conn, row.doc_id, false).await;
            unknown.insert(brief.map_or_else(|_| String::new(), |brief| brief.doc.no));
        }
        row.doc_no.clone_from(&known[&row.doc_id]);
    }
    Ok(())
}

/// The question in a page's address. An old bookmark that asks for more, and fields left empty, are no error.
fn asked(address: Option<&str>) -> Result<LogQuery> {
    let pairs = form_urlencoded::parse(address.unwrap_or_default().as_bytes());
    let known = pairs.filter(|(name, text)| FIELDS.contains(&name.as_ref()) && !text.trim().is_empty());
    let text = Serializer::new(String::new()).extend_pairs(known).finish();
    crate::body::parse_form(text.as_bytes())
}

pub async fn page(cx: Cx, RawQuery(address): RawQuery) -> Result<Response> {
    let query = asked(address.as_deref())?;
    let mut found = log(&cx, &query).await?;
    number(&cx, &mut found.rows).await?;
    let heads = [
        T("时间", "When"),
        T("操作员", "Who"),
        T("单据", "Document"),
        T("动作", "Action"),
        T("来源", "From"),
    ];
    let cols = heads.iter().map(|h| ui::Col::new(h.get(cx.lang))).collect();
    let rows = found.rows.iter().map(|entry| {
        let cells = vec![
            ui::num(format::time(&cx, entry.at)),
            html! { (entry.user_name) },
            document(&cx, entry),
            html! { (audit::action_label(&cx, &entry.action)) },
            ui::mono(&entry.ip),
        ];
        let open = Btn::icon_only("eye", cx.t(T("内容", "Content")))
            .ghost()
            .sm()
            .attr("hx-get", format!("/audit/{}", entry.seq))
            .target("#modal");
        ui::Row::new(entry.seq, format!("{} {}", entry.command, entry.doc_no), cells)
            .actions(html! { (open) })
    });
    let title = cx.t(T("操作日志", "Audit log"));
    let none = ui::empty("history", cx.t(T("没有符合条件的记录", "Nothing fits")), "", None);
    let table = ui::small_table(&ui::Table::new(title, cols, rows.collect()).empty(none));
    let more = found.before.map(|seq| Btn::link(cx.t(T("更早", "Earlier")), earlier(&query, seq)));
    let looked =
        T("只查了 {n} 条记录，更早的请继续查", "Only {n} entries were looked at; go on for earlier ones");
    let body = html! {
        (search_form(&cx, &query))
        (table)
        @if found.cut { p { (ui::muted(looked.fill(cx.lang, &[("n", LOOKED.to_string())]))) } }
        @if let Some(more) = more { (more) }
    };
    cx.page(title, ui::plain_view(title, html! {}, body)).await
}

/// Field by field what an entry says; what the reader may not see is masked already.
fn content(cx: &Cx, entry: &LogRow) -> Markup {
    let parsed: Value = serde_json::from_str(&entry.detail).unwrap_or_default();
    let fields = parsed.as_object().into_iter().flatten().map(|(name, value)| {
        let col = panels::column(cx, &entry.doc_kind, name);
        let said = |value: &Value| panels::said(cx, col.as_ref(), value).unwrap_or_else(|| value.to_string());
        let said = match value.as_array().map(Vec::as_slice) {
            Some([old, new]) => html! { s { (said(old)) } " → " (said(new)) },
            _ => html! { (said(value)) },
        };
        (col.as_ref().map_or(name.clone(), |col| cx.t(col.label).to_string()), said)
    });
    let fields: Vec<(String, Markup)> = fields.collect();
    let items: Vec<(&str, Markup)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    html! {
        p { (ui::strong(&entry.user_name)) " " (audit::action_label(cx, &entry.action)) " " (document(cx, entry)) }
        p { (format::time(cx, entry.at)) " · " (ui::mono(&entry.command)) " · " (ui::mono(&entry.ip)) }
        @if items.is_empty() { (ui::muted(cx.t(T("没有记下内容", "No content was recorded")))) } @else { (ui::kv(&items)) }
    }
}

pub async fn entry(cx: Cx, Path(seq): Path<i64>) -> Result<Response> {
    let before = seq.checked_add(1).ok_or(Error::NotFound)?;
    let mut found = log(&cx, &LogQuery { before: Some(before), ..LogQuery::default() }).await?;
    found.rows.truncate(1);
    number(&cx, &mut found.rows).await?;
    let entry = found.rows.into_iter().next().filter(|entry| entry.seq == seq).ok_or(Error::NotFound)?;
    let title = cx.t(T("日志内容", "Entry of the log"));
    Ok(cx.fragment(ui::modal(cx.lang, title, content(&cx, &entry), html! {})))
}
