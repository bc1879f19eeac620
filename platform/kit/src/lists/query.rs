//! From a description and a question to rows: scope, filters, keyset, ids first and joins after.

use std::collections::HashSet;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use db::{Conn, Sql, Val};
use kernel::{Id, RuleError, T};
use serde::{Deserialize, Serialize};

use super::views;
use super::{
    cells::{Cell, ListPage, ListRow},
    filter::{Group, comparable, push_contains},
    spec::{Col, Kind, ListSpec},
};
use crate::{Cx, Error, Result, Scope, hidden, search};

/// What is asked of a list; the query string of pages and API.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct ListQuery {
    /// Key of a tab or id of a saved view.
    pub view: Option<String>,
    /// Full-text search.
    pub q: Option<String>,
    /// Conditions, see [`Group`].
    pub filter: Option<String>,
    /// Column key; `-key`: descending.
    pub sort: Option<String>,
    /// Cursor: rows after it.
    pub after: Option<String>,
    /// Cursor: rows before it.
    pub before: Option<String>,
    /// Rows, 1…500; 50 unless given.
    pub limit: Option<usize>,
    /// Column keys joined by commas.
    pub columns: Option<String>,
    /// Up to three column keys joined by commas: groups with counts and sums instead of rows.
    pub group: Option<String>,
}

/// Most rows of one page.
pub const MOST_ROWS: usize = 500;

/// A question after views were looked up and everything was checked.
pub(super) struct Plan<'a> {
    pub columns: Vec<&'a Col>,
    pub filter: Group,
    pub sort: Option<&'a Col>,
    pub descending: bool,
    pub limit: usize,
    /// Hits of a search that are looked at, the newest ones; none: all. A page must not sort a million.
    pub hits: Option<i64>,
}

/// Position of a row in the order.
struct Cursor {
    key: Val,
    id: Id,
}

impl Cursor {
    fn read(text: &str, sort: Option<&Col>) -> Result<Self> {
        let bad = || {
            Error::rule(RuleError::new(
                "list.cursor",
                T("翻页位置无效，请回到第一页", "This page position is invalid; go to the first page"),
            ))
        };
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| bad())?;
        let (id, key): (Id, serde_json::Value) = serde_json::from_slice(&bytes).map_err(|_| bad())?;
        let key = match (key, sort.map(|col| col.kind)) {
            (serde_json::Value::Number(n), _) => Val::Int(n.as_i64()),
            (serde_json::Value::Bool(b), _) => Val::Bool(Some(b)),
            (serde_json::Value::String(s), Some(Kind::Id)) => Val::Id(s.parse().ok()),
            (serde_json::Value::String(s), _) => Val::Text(Some(s)),
            _ => return Err(bad()),
        };
        Ok(Self { key, id })
    }

    fn write(id: Id, key: &Val) -> String {
        let key = match key {
            Val::Int(n) => serde_json::json!(n),
            Val::Text(s) => serde_json::json!(s),
            Val::Bool(b) => serde_json::json!(b),
            Val::Id(id) => serde_json::json!(id),
            Val::Bytes(_) => serde_json::Value::Null,
        };
        URL_SAFE_NO_PAD.encode(serde_json::json!([id, key]).to_string())
    }
}

/// Aliases of joins that expressions mention, with those they build on.
pub(super) fn joins_for<'a>(list: &ListSpec, exprs: impl Iterator<Item = &'a str> + Clone) -> String {
    let mentions = |text: &str, alias: &str| {
        text.match_indices(alias).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            text[at + alias.len()..].starts_with('.')
                && !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
        })
    };
    let mut needed: Vec<bool> =
        list.joins.iter().map(|(alias, _)| exprs.clone().any(|expr| mentions(expr, alias))).collect();
    for index in (0..list.joins.len()).rev() {
        for earlier in 0..index {
            if needed[index] && mentions(list.joins[index].1, list.joins[earlier].0) {
                needed[earlier] = true;
            }
        }
    }
    let used = list.joins.iter().zip(needed).filter(|(_, used)| *used);
    used.map(|((_, join), _)| format!(" {join}")).collect()
}

/// The columns a caller may have at all.
pub(super) fn visible<'a>(cx: &Cx, list: &'a ListSpec) -> Vec<&'a Col> {
    list.columns.iter().filter(|col| col.perm.is_none_or(|perm| cx.can(perm))).collect()
}

pub(super) fn plan<'a>(cx: &Cx, list: &'a ListSpec, query: &ListQuery, api: bool) -> Result<Plan<'a>> {
    let all = visible(cx, list);
    let chosen: Vec<&str> =
        query.columns.as_deref().unwrap_or_default().split(',').filter(|key| !key.is_empty()).collect();
    let columns: Vec<&Col> = if chosen.is_empty() {
        all.iter().copied().filter(|col| api || (col.shown && !matches!(col.kind, Kind::Id))).collect()
    } else {
        chosen.iter().filter_map(|key| all.iter().copied().find(|col| col.key == *key)).collect()
    };
    let filter = match &query.filter {
        Some(text) => Group::parse(text)?,
        None => Group::default(),
    };
    let (key, descending) = match query.sort.as_deref().filter(|sort| !sort.is_empty()) {
        Some(sort) => (sort.trim_start_matches('-'), sort.starts_with('-')),
        None => list.sort,
    };
    let sort = all
        .iter()
        .copied()
        .find(|col| col.key == key && (col.sort || col.key == list.sort.0) && comparable(cx, col));
    if sort.is_none() && key != "id" {
        return Err(Error::rule(
            RuleError::new("list.sort", T("不能按“{key}”排序", "You can't sort by \"{key}\""))
                .arg("key", key)
                .field("sort"),
        ));
    }
    let limit = query.limit.unwrap_or(50).clamp(1, MOST_ROWS);
    Ok(Plan { columns, filter, sort, descending, limit, hits: Some(COUNT_LIMIT) })
}

/// Conditions of who looks and what for.
pub(super) async fn push_conditions(
    cx: &Cx,
    conn: &mut Conn,
    list: &ListSpec,
    plan: &Plan<'_>,
    q: Option<&str>,
    sql: &mut Sql,
) -> Result<()> {
    if !list.condition.is_empty() {
        sql.push(&format!(" and ({})", list.condition));
    }
    let scope = reach(cx, list)?;
    match (list.owner, list.named) {
        (Some(owner), Some(named)) => scope.push_named(sql, list.org, owner, named),
        _ if list.org.is_empty() => {}
        _ => scope.push_shared(sql, list.org, list.owner, list.shared),
    }
    if !list.hides.is_empty() {
        hidden::leave_out(&hidden::of(cx, conn).await?, list.hides, sql);
    }
    plan.filter.push(cx, list, sql)?;
    let Some(q) = q.map(str::trim).filter(|q| !q.is_empty()) else { return Ok(()) };
    match list.search_kind {
        Some(kind) => {
            let id = format!("{}.id", list.alias);
            search::push_condition(cx, sql, &id, (kind, &scope), q, plan.hits).await;
        }
        None => {
            // A small list without an index of its own: any of its texts may contain the words.
            sql.push(" and (1 = 0");
            for col in quick_columns(cx, list) {
                sql.push(" or ");
                push_contains(sql, col.sql(cx.lang), q);
            }
            sql.push(")");
        }
    }
    Ok(())
}

/// The scope of a list's rows; lists of what belongs to no organisation have none.
fn reach(cx: &Cx, list: &ListSpec) -> Result<Scope> {
    match list.named {
        _ if list.org.is_empty() => Ok(Scope::All),
        Some(_) => cx.scope_named(list.perm),
        None => cx.scope(list.perm),
    }
}

/// Nothing was found: an error if that is no answer.
fn check_tried(cx: &Cx, list: &ListSpec, q: Option<&str>) -> Result<()> {
    q.filter(|_| list.search_kind.is_some()).map_or(Ok(()), |q| search::check_tried(cx, q))
}

/// What a search finds that has more than `broad` hits, for who needs all pages: to ask the index again for each would
/// take the square of the time. None when there is no search or it is a narrow one.
pub(super) async fn all_hits(
    cx: &Cx,
    conn: &mut Conn,
    list: &ListSpec,
    q: Option<&str>,
    broad: i64,
) -> Result<Option<HashSet<Id>>> {
    if !cut(cx, conn, list, q, Some(broad)).await? {
        return Ok(None);
    }
    let (Some(kind), Some(q)) = (list.search_kind, q) else { return Ok(None) };
    search::all(cx, conn, (kind, &reach(cx, list)?), q).await.map(Some)
}

/// True when a search has more hits than are looked at.
async fn cut(cx: &Cx, conn: &mut Conn, list: &ListSpec, q: Option<&str>, hits: Option<i64>) -> Result<bool> {
    let (Some(kind), Some(q), Some(hits)) = (list.search_kind, q, hits) else { return Ok(false) };
    let within = reach(cx, list)?;
    search::is_broad(cx, conn, (kind, &within), q, hits + 1).await
}

/// Columns that the search box of a list without a search index looks at.
fn quick_columns<'a>(cx: &'a Cx, list: &'a ListSpec) -> impl Iterator<Item = &'a Col> {
    let texts = list.columns.iter().filter(|col| matches!(col.kind, Kind::Text | Kind::No | Kind::Person));
    texts.filter(|col| comparable(cx, col))
}

/// Everything that conditions mention, so that the joins they need are there.
pub(super) fn condition_exprs<'a>(
    cx: &'a Cx,
    list: &'a ListSpec,
    plan: &Plan<'_>,
    q: Option<&str>,
) -> Vec<&'a str> {
    let mut exprs: Vec<&str> =
        plan.filter.keys().filter_map(|key| list.column(key)).map(|col| col.sql(cx.lang)).collect();
    exprs.extend([list.condition, list.org, list.owner.unwrap_or_default(), list.hides]);
    if list.search_kind.is_none() && q.is_some_and(|q| !q.trim().is_empty()) {
        exprs.extend(quick_columns(cx, list).map(|col| col.sql(cx.lang)));
    }
    exprs
}

/// What rows are ordered by: never NULL, because the engines place NULL differently and no cursor passes it.
fn sort_expr(col: &Col) -> String {
    if !col.nullable {
        return col.expr.to_string();
    }
    let instead = match col.kind {
        // Far in the future: what has no deadline waits behind everything that has one.
        Kind::Time | Kind::Due => "9000000000000000000",
        Kind::Int | Kind::Money | Kind::Qty | Kind::Priority => "-9000000000000000000",
        Kind::Bool => "false",
        Kind::Text | Kind::No | Kind::Person | Kind::Code(_) | Kind::State(_) | Kind::Date | Kind::Id => "''",
    };
    format!("coalesce({}, {instead})", col.expr)
}

/// One page of a list, by the caller's permission, scope and masks.
pub async fn fetch(
    cx: &Cx,
    conn: &mut Conn,
    list: &ListSpec,
    query: &ListQuery,
    api: bool,
) -> Result<ListPage> {
    let query = &views::resolve(cx, conn, list, query).await?;
    let plan = plan(cx, list, query, api)?;
    fetch_plan(cx, conn, list, query, &plan).await
}

/// A page of everything there is, however broad the search: for exports.
pub(super) async fn fetch_whole(
    cx: &Cx,
    conn: &mut Conn,
    list: &ListSpec,
    query: &ListQuery,
) -> Result<ListPage> {
    let query = &views::resolve(cx, conn, list, query).await?;
    let plan = Plan { hits: None, ..plan(cx, list, query, true)? };
    fetch_plan(cx, conn, list, query, &plan).await
}

pub(super) async fn fetch_plan(
    cx: &Cx,
    conn: &mut Conn,
    list: &ListSpec,
    query: &ListQuery,
    plan: &Plan<'_>,
) -> Result<ListPage> {
    let alias = list.alias;
    let backwards = query.before.as_deref().is_some_and(|c| !c.is_empty());
    let sort = plan.sort.map_or_else(|| format!("{alias}.id"), sort_expr);
    let descending = plan.descending != backwards;
    let mut exprs = condition_exprs(cx, list, plan, query.q.as_deref());
    exprs.push(&sort);
    let mut sql = Sql::new(format!("select {alias}.id as page_id, {sort} as page_key from {}", list.from));
    sql.push(&joins_for(list, exprs.iter().copied())).push(" where 1 = 1");
    push_conditions(cx, conn, list, plan, query.q.as_deref(), &mut sql).await?;
    let (sign, word) = if descending { ("<", "desc") } else { (">", "asc") };
    let cursor = query.after.as_deref().or(query.before.as_deref()).filter(|c| !c.is_empty());
    if let Some(text) = cursor {
        let cursor = Cursor::read(text, plan.sort)?;
        if plan.sort.is_some() {
            // The plain bound lets the index range end there; the row value settles ties.
            sql.push(&format!(" and {sort} {sign}= ")).bind(cursor.key.clone());
            sql.push(&format!(" and ({sort}, {alias}.id) {sign} ("))
                .bind(cursor.key)
                .push(", ")
                .bind(cursor.id)
                .push(")");
        } else {
            sql.push(&format!(" and {alias}.id {sign} ")).bind(cursor.id);
        }
    }
    sql.push(&format!(" order by {sort} {word}"));
    if plan.sort.is_some() {
        sql.push(&format!(", {alias}.id {word}"));
    }
    sql.push(&format!(" limit {}", plan.limit + 1));

    let span = plan.columns.iter().find_map(|col| col.span);
    let outer_exprs = plan.columns.iter().map(|col| col.sql(cx.lang)).chain(span);
    let mut outer = String::from("select paged.page_id");
    for expr in outer_exprs.clone() {
        outer.push_str(&format!(", {expr}"));
    }
    let span_at = plan.columns.len() + 1;
    let key_at = span_at + usize::from(span.is_some());
    let (inner, args) = sql.into_parts();
    let order = if plan.descending { "desc" } else { "asc" };
    let text = format!(
        "{outer}, paged.page_key from ({inner}) paged join {} on {alias}.id = paged.page_id{} order by paged.page_key {order}, paged.page_id {order}",
        list.from,
        joins_for(list, outer_exprs)
    );
    let raw = conn.rows(&text, args).await?;
    let mut rows = Vec::with_capacity(raw.len());
    let mut keys = Vec::with_capacity(raw.len());
    for row in &raw {
        let cells = plan
            .columns
            .iter()
            .enumerate()
            .map(|(i, col)| Cell::read(cx, col, row, i + 1))
            .collect::<Result<Vec<_>>>()?;
        let span = if span.is_some() { row.at::<Option<i64>>(span_at)?.unwrap_or(0) } else { 0 };
        rows.push(ListRow { id: row.at(0)?, cells, span });
        keys.push(match plan.sort {
            Some(col) => Cell::read_plain(col, row, key_at)?.val(),
            None => Val::Id(Some(row.at(0)?)),
        });
    }
    if rows.is_empty() {
        check_tried(cx, list, query.q.as_deref())?;
    }
    let more = rows.len() > plan.limit;
    if more {
        // The extra row is the one farthest from the cursor.
        let extra = if backwards { 0 } else { rows.len() - 1 };
        rows.remove(extra);
        keys.remove(extra);
    }
    let first = rows.first().zip(keys.first()).map(|(row, key)| Cursor::write(row.id, key));
    let last = rows.last().zip(keys.last()).map(|(row, key)| Cursor::write(row.id, key));
    Ok(ListPage {
        keys: plan.columns.iter().map(|col| col.key).collect(),
        next: last.filter(|_| more || backwards),
        prev: first.filter(|_| if backwards { more } else { cursor.is_some() }),
        cut: cut(cx, conn, list, query.q.as_deref(), plan.hits).await?,
        rows,
    })
}

/// Largest count worth showing exactly, and hits of a search that a page looks at.
pub const COUNT_LIMIT: i64 = 10_000;

/// How many rows there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// So many, up to [`COUNT_LIMIT`].
    pub count: i64,
    /// And more: over the limit, or among hits of a search that were not looked at.
    pub more: bool,
}

/// How many rows there are.
pub async fn count(cx: &Cx, conn: &mut Conn, list: &ListSpec, query: &ListQuery) -> Result<Count> {
    let query = &views::resolve(cx, conn, list, query).await?;
    let plan = plan(cx, list, query, false)?;
    let exprs = condition_exprs(cx, list, &plan, query.q.as_deref());
    let mut sql = Sql::new(format!("select 1 from {}", list.from));
    sql.push(&joins_for(list, exprs.iter().copied())).push(" where 1 = 1");
    push_conditions(cx, conn, list, &plan, query.q.as_deref(), &mut sql).await?;
    sql.push(&format!(" limit {}", COUNT_LIMIT + 1));
    let (inner, args) = sql.into_parts();
    let found: i64 = conn.scalar(&format!("select count(*) from ({inner}) counted"), args).await?;
    if found == 0 {
        check_tried(cx, list, query.q.as_deref())?;
    }
    let cut = cut(cx, conn, list, query.q.as_deref(), plan.hits).await?;
    Ok(Count { count: found.min(COUNT_LIMIT), more: cut || found > COUNT_LIMIT })
}
