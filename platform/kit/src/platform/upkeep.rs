//! For those who look after the system: background work that is stuck, and the audit log, as pages and over the API.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use db::{Conn, args};
use kernel::{Date, Id, T, Ts};
use maud::html;
use serde::{Deserialize, Serialize};
use ui::Btn;

use crate::extract::{Path, Query};
use crate::{
    Cx, Result, audit, begin,
    format::start_of,
    jobs::{self, JobRow, JobState},
    lists::push_contains,
};

/// Jobs shown at once.
const MOST: i64 = 200;

/// Entries of the log in one answer.
const PAGE: usize = 100;

async fn open(cx: &Cx) -> Result<Vec<JobRow>> {
    let mut conn = cx.read().await?;
    jobs::open(&mut conn, MOST).await
}

async fn again(cx: &Cx, id: Id) -> Result<JobState> {
    cx.require(&super::JOBS_READ)?;
    let mut tx = begin!(cx, "jobs.retry", &id);
    let job = jobs::retry_in(&mut tx, id).await?;
    let job = tx.commit(job).await?;
    cx.app.wake.notify_one();
    Ok(job)
}

pub async fn jobs_api(cx: Cx) -> Result<Json<Vec<JobRow>>> {
    open(&cx).await.map(Json)
}

pub async fn retry_api(cx: Cx, Path(id): Path<Id>) -> Result<Json<JobState>> {
    again(&cx, id).await.map(Json)
}

pub async fn retry(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    again(&cx, id).await?;
    Ok(cx.redirect("/jobs"))
}

pub async fn jobs_page(cx: Cx) -> Result<Response> {
    let heads =
        [T("任务", "Work"), T("状态", "State"), T("次数", "Tries"), T("时间", "When"), T("原因", "Why")];
    let cols = heads.iter().map(|head| ui::Col::new(head.get(cx.lang))).collect();
    let rows = open(&cx).await?.into_iter().map(|job| {
        let (tone, state) = match job.state.as_str() {
            "dead" => (ui::Tone::Red, T("已放弃", "gave up")),
            "running" => (ui::Tone::Blue, T("进行中", "running")),
            "cancelled" => (ui::Tone::Neutral, T("已取消", "cancelled")),
            _ if job.error.is_some() => (ui::Tone::Amber, T("将重试", "will be tried again")),
            _ => (ui::Tone::Neutral, T("等待中", "waiting")),
        };
        let cells = vec![
            ui::mono(&job.kind),
            ui::tag(tone, cx.t(state)),
            ui::num(job.attempts),
            ui::num(crate::format::time(&cx, job.run_at)),
            ui::or_none(job.error.as_deref()),
        ];
        let row = ui::Row::new(job.id, &job.kind, cells);
        if job.state != "dead" {
            return row;
        }
        let button = Btn::new(cx.t(T("重试", "Try again"))).sm();
        row.actions(ui::post_button(&format!("/jobs/{}/retry", job.id), cx.form_key(), button))
    });
    let title = cx.t(T("后台任务", "Background work"));
    let none = ui::empty("checks", cx.t(T("没有未完成的任务", "Everything is done")), "", None);
    let table = ui::Table::new(title, cols, rows.collect()).empty(none).min_width("44rem");
    cx.page(title, ui::plain_view(title, html! {}, ui::small_table(&table))).await
}

db::row! {
    /// An entry of the audit log.
    #[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
    pub struct LogRow {
        /// Ever growing; `before` of the next call.
        pub seq: i64,
        /// When.
        pub at: Ts,
        /// Account.
        pub user_id: Id,
        /// Who; with the absent person's name where that person's right was used (ORG-14).
        pub user_name: String,
        /// That absent person.
        pub on_behalf: Option<Id>,
        /// Command.
        pub command: String,
        /// Kind of document; empty: none.
        pub doc_kind: String,
        /// Document.
        pub doc_id: Id,
        /// Its number.
        pub doc_no: String,
        /// What.
        pub action: String,
        /// Content or `{field: [old, new]}` as JSON.
        pub detail: String,
        /// From where.
        pub ip: String,
    }
}

/// Names of what a [`LogQuery`] is made of.
pub(super) const FIELDS: [&str; 9] =
    ["before", "doc_id", "user_id", "who", "doc", "action", "from", "until", "q"];

/// Which part of the log.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogQuery {
    /// Entries before this one.
    pub before: Option<i64>,
    pub doc_id: Option<Id>,
    pub user_id: Option<Id>,
    /// Part of a name.
    pub who: String,
    /// Part of a document's number.
    pub doc: String,
    /// Code of an action.
    pub action: String,
    /// Days by the reader's clock.
    pub from: String,
    pub until: String,
    /// Part of a command, document number, name or address.
    pub q: String,
}

/// A part of the log.
pub(super) struct Log {
    pub rows: Vec<LogRow>,
    /// Where it goes on further back.
    pub before: Option<i64>,
    /// The part ends where looking ended; there may be more that fits.
    pub cut: bool,
}

/// Entries looked at for what is typed: no index knows it, and the log of a large company has tens of millions.
pub(super) const LOOKED: i64 = 50_000;

/// The part of the log that is asked for, newest first.
pub(super) async fn log(cx: &Cx, query: &LogQuery) -> Result<Log> {
    look(cx, query, LOOKED).await
}

pub(super) async fn look(cx: &Cx, query: &LogQuery, most: i64) -> Result<Log> {
    let mut sql = db::Sql::with(format!("select {} from audit a where 1 = 1", LogRow::cols("a")), args![]);
    // Rows of the log belong to no organisation: who may not see everything sees what was done by himself.
    if cx.scope(&super::AUDIT_READ)? != crate::Scope::All {
        sql.and("a.user_id =", cx.actor()?.user);
    }
    sql.and_opt("a.doc_id =", query.doc_id).and_opt("a.user_id =", query.user_id);
    let documents = numbered(cx, query.doc.trim()).await?;
    if !documents.is_empty() {
        sql.push(" and a.doc_id in ").list(documents.iter().copied());
    }
    let doc = Some(query.doc.as_str()).filter(|_| documents.is_empty()).unwrap_or_default();
    let typed = narrow(query, doc, &mut sql);
    let day = |text: &str, field| match text.trim() {
        "" => Ok(None),
        text => Date::parse_iso(text).map(Some).map_err(|error| error.field(field)),
    };
    let from = day(&query.from, "from")?.map(|day| start_of(cx, day));
    let until = day(&query.until, "until")?.map(|day| start_of(cx, day.plus_days(1)));
    let mut conn = cx.read().await?;
    let (first, top) = bounds(&mut conn, from, until).await?;
    let top = query.before.map_or(top, |before| before.min(top));
    let floor = if typed { first.max(top.saturating_sub(most.saturating_add(1))) } else { first };
    sql.and("a.seq <", top).and("a.seq >", floor);
    // The range of numbers is what is walked; the plus keeps the index of instants out of it, which would sort.
    sql.and_opt("+a.at >=", from).and_opt("+a.at <", until);
    crate::hidden::leave_out(&crate::hidden::of(cx, &mut conn).await?, "a.doc_id", &mut sql);
    sql.push(" order by a.seq desc limit ").bind(PAGE);
    let mut rows: Vec<LogRow> = conn.all_sql(sql).await?;
    let content = crate::veil::Content::of(cx);
    rows.iter_mut().for_each(|row| row.detail = content.shown(&row.detail));
    let full = rows.last().map(|row| row.seq).filter(|_| rows.len() == PAGE);
    let cut = full.is_none() && floor > first;
    Ok(Log { before: full.or_else(|| cut.then_some(floor + 1)), cut, rows })
}

/// Between which numbers everything stands that happened within a time. Numbers and instants rise together, except
/// among commands that ran at once: no entry is written later than [`audit::SETTLE`] after its instant.
async fn bounds(conn: &mut Conn, from: Option<Ts>, until: Option<Ts>) -> Result<(i64, i64)> {
    let first: Option<i64> = match from {
        Some(Ts(from)) => {
            let sql = "select seq from audit where at < $1 order by at desc limit 1";
            conn.scalar_opt(sql, args![from.saturating_sub(audit::SETTLE)]).await?
        }
        None => None,
    };
    let top: Option<i64> = match until {
        Some(Ts(until)) => {
            let sql = "select seq from audit where at >= $1 order by at limit 1";
            conn.scalar_opt(sql, args![until.saturating_add(audit::SETTLE)]).await?
        }
        None => None,
    };
    let top = match top {
        Some(top) => top,
        None => {
            conn.scalar::<i64>("select coalesce(max(seq), 0) from audit", vec![]).await?.saturating_add(1)
        }
    };
    Ok((first.unwrap_or(0), top))
}

/// The documents that have exactly this number: the search knows where they are, so that their entries need no search.
async fn numbered(cx: &Cx, no: &str) -> Result<Vec<Id>> {
    if no.is_empty() {
        return Ok(Vec::new());
    }
    let hits = match crate::search::everywhere(cx, no, 20).await {
        Err(crate::Error::TooMany(_)) => Vec::new(),
        hits => hits?,
    };
    let same = |text: &str| text.split_whitespace().any(|word| word.eq_ignore_ascii_case(no));
    Ok(hits.into_iter().filter(|hit| same(&hit.title) || same(&hit.sub)).map(|hit| hit.ref_id).collect())
}

/// Appends what was typed; true if it was something. Contents are not searched: who sees a field only masked would
/// guess it.
fn narrow(query: &LogQuery, doc: &str, sql: &mut db::Sql) -> bool {
    let texts = [
        (query.who.as_str(), &["a.user_name"][..]),
        (doc, &["a.doc_no"]),
        (&query.q, &["a.command", "a.action", "a.doc_no", "a.user_name", "a.ip"]),
    ];
    let mut typed = false;
    for (text, columns) in texts {
        let text = text.trim();
        if text.is_empty() {
            continue;
        }
        typed = true;
        for (index, column) in columns.iter().enumerate() {
            sql.push(if index == 0 { " and (" } else { " or " });
            push_contains(sql, column, text);
        }
        sql.push(")");
    }
    let action = Some(query.action.trim()).filter(|code| !code.is_empty());
    sql.and_opt("a.action =", action);
    typed || action.is_some()
}

/// Tells programs where to go on, see [`Log::before`].
const NEXT: &str = "x-next-before";

pub async fn log_api(cx: Cx, Query(query): Query<LogQuery>) -> Result<Response> {
    let log = log(&cx, &query).await?;
    let next = log.before.map(|before| [(NEXT, before.to_string())]);
    let rows = Json(log.rows);
    Ok(match next {
        Some(next) => (next, rows).into_response(),
        None => rows.into_response(),
    })
}

#[cfg(test)]
mod tests {
    use super::{Log, LogQuery, look};
    use crate::testing::{Shop, on_both};

    async fn comment(shop: &Shop, who: &str, no: &str) {
        let mut conn = shop.app.db.read().await.expect("a reader");
        let id: kernel::Id =
            conn.scalar("select id from thing where no = $1", db::args![no]).await.expect("a thing");
        drop(conn);
        let path = format!("/api/v1/docs/thing/{id}/comments");
        let (status, body) = shop.send(who, "POST", &path, "application/json", br#"{"text":"x"}"#).await;
        assert_eq!(status, 200, "{body}");
    }

    async fn part(shop: &Shop, query: LogQuery) -> Log {
        look(&shop.admin, &query, 3).await.expect("a part")
    }

    #[tokio::test]
    async fn what_is_typed_is_looked_for_part_by_part_and_nothing_is_left_out() {
        on_both(async |shop| {
            shop.stock(3).await;
            comment(&shop, "clerk", "N00000").await;
            for _ in 0..10 {
                comment(&shop, "admin", "N00001").await;
            }
            let (mut before, mut found, mut parts) = (None, 0, 0);
            loop {
                let log = part(&shop, LogQuery { before, who: "cler".into(), ..LogQuery::default() }).await;
                (found, parts, before) = (found + log.rows.len(), parts + 1, log.before);
                assert_eq!(log.cut, before.is_some());
                if before.is_none() {
                    break;
                }
            }
            assert_eq!((found, parts), (1, 4));
            let all = part(&shop, LogQuery::default()).await;
            assert_eq!((all.rows.len(), all.cut), (11, false), "without words an index leads");
            // The number of a document that the search knows leads to its entries, however far back they are.
            crate::search::tests::indexed(&shop, "空调", &[]).await;
            let of = part(&shop, LogQuery { doc: "n00000".into(), ..LogQuery::default() }).await;
            assert_eq!((of.rows.len(), of.cut), (1, false));
        })
        .await;
    }

    #[tokio::test]
    async fn days_of_the_log_begin_and_end_where_they_do() {
        on_both(async |shop| {
            shop.stock(1).await;
            let mut days = Vec::new();
            for _ in 0..3 {
                days.push(crate::format::date(&shop.admin, shop.app.now()));
                comment(&shop, "admin", "N00000").await;
                comment(&shop, "clerk", "N00000").await;
                shop.advance(86_400);
            }
            let between = async |from: usize, until: usize| {
                let (from, until) = (days[from].clone(), days[until].clone());
                part(&shop, LogQuery { from, until, who: "e".into(), ..LogQuery::default() }).await.rows.len()
            };
            assert_eq!((between(0, 0).await, between(1, 1).await, between(2, 2).await), (1, 1, 1));
            let log = part(&shop, LogQuery { from: days[1].clone(), ..LogQuery::default() }).await;
            assert_eq!(log.rows.len(), 4);
            let log = part(&shop, LogQuery { until: days[0].clone(), ..LogQuery::default() }).await;
            assert_eq!(log.rows.len(), 2);
            assert!(log.before.is_none());
        })
        .await;
    }
}
