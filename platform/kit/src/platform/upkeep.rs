//! For those who look after the system: background work that is stuck, and the audit log, as pages and over the API.

use axum::{Json, response::Response};
use db::args;
use kernel::{Date, Id, T, Ts};
use maud::html;
use serde::{Deserialize, Serialize};
use ui::Btn;

use crate::extract::{Path, Query};
use crate::{
    Cx, Result, begin,
    format::start_of,
    jobs::{self, JobRow, JobState},
    lists::push_contains,
};

/// Jobs shown at once.
const MOST: i64 = 200;

/// Entries of the log in one answer.
pub(super) const PAGE: usize = 100;

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

pub(super) async fn log(cx: &Cx, query: &LogQuery) -> Result<Vec<LogRow>> {
    let mut sql = db::Sql::with(format!("select {} from audit a where 1 = 1", LogRow::cols("a")), args![]);
    // Rows of the log belong to no organisation: who may not see everything sees what was done by himself.
    if cx.scope(&super::AUDIT_READ)? != crate::Scope::All {
        sql.and("a.user_id =", cx.actor()?.user);
    }
    sql.and_opt("a.seq <", query.before)
        .and_opt("a.doc_id =", query.doc_id)
        .and_opt("a.user_id =", query.user_id);
    narrow(cx, query, &mut sql)?;
    let mut conn = cx.read().await?;
    crate::hidden::leave_out(&crate::hidden::of(cx, &mut conn).await?, "a.doc_id", &mut sql);
    sql.push(" order by a.seq desc limit ").bind(PAGE);
    let mut rows: Vec<LogRow> = conn.all_sql(sql).await?;
    let content = crate::veil::Content::of(cx);
    rows.iter_mut().for_each(|row| row.detail = content.shown(&row.detail));
    Ok(rows)
}

/// What was typed. Contents are not searched: who sees a field only masked would guess it.
fn narrow(cx: &Cx, query: &LogQuery, sql: &mut db::Sql) -> Result<()> {
    let texts = [
        (&query.who, &["a.user_name"][..]),
        (&query.doc, &["a.doc_no"]),
        (&query.q, &["a.command", "a.action", "a.doc_no", "a.user_name", "a.ip"]),
    ];
    for (text, columns) in texts {
        let text = text.trim();
        if text.is_empty() {
            continue;
        }
        for (index, column) in columns.iter().enumerate() {
            sql.push(if index == 0 { " and (" } else { " or " });
            push_contains(sql, column, text);
        }
        sql.push(")");
    }
    let action = Some(query.action.trim()).filter(|code| !code.is_empty());
    sql.and_opt("a.action =", action);
    let day = |text: &str, field| match text.trim() {
        "" => Ok(None),
        text => Date::parse_iso(text).map(Some).map_err(|error| error.field(field)),
    };
    sql.and_opt("a.at >=", day(&query.from, "from")?.map(|day| start_of(cx, day)));
    sql.and_opt("a.at <", day(&query.until, "until")?.map(|day| start_of(cx, day.plus_days(1))));
    Ok(())
}

pub async fn log_api(cx: Cx, Query(query): Query<LogQuery>) -> Result<Json<Vec<LogRow>>> {
    log(&cx, &query).await.map(Json)
}
