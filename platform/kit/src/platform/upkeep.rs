//! For those who look after the system: background work that is stuck, and the audit log, as pages and over the API.

use axum::{Json, response::Response};
use db::args;
use kernel::{Id, T, Ts};
use maud::html;
use serde::{Deserialize, Serialize};
use ui::Btn;

use crate::extract::{Path, Query};
use crate::{
    Cx, Result, audit, begin,
    jobs::{self, JobRow, JobState},
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

/// Which part of the log.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct LogQuery {
    before: Option<i64>,
    doc_id: Option<Id>,
    user_id: Option<Id>,
}

async fn log(cx: &Cx, query: &LogQuery) -> Result<Vec<LogRow>> {
    let mut conn = cx.read().await?;
    let mut sql = db::Sql::with(format!("select {} from audit a where 1 = 1", LogRow::cols("a")), args![]);
    // Rows of the log belong to no organisation: who may not see everything sees what was done by himself.
    if cx.scope(&super::AUDIT_READ)? != crate::Scope::All {
        sql.and("a.user_id =", cx.actor()?.user);
    }
    sql.and_opt("a.seq <", query.before)
        .and_opt("a.doc_id =", query.doc_id)
        .and_opt("a.user_id =", query.user_id);
    crate::hidden::leave_out(&crate::hidden::of(cx, &mut conn).await?, "a.doc_id", &mut sql);
    sql.push(" order by a.seq desc limit ").bind(PAGE);
    let mut rows: Vec<LogRow> = conn.all_sql(sql).await?;
    let content = crate::veil::Content::of(cx);
    rows.iter_mut().for_each(|row| row.detail = content.shown(&row.detail));
    Ok(rows)
}

pub async fn log_api(cx: Cx, Query(query): Query<LogQuery>) -> Result<Json<Vec<LogRow>>> {
    log(&cx, &query).await.map(Json)
}

pub async fn log_page(cx: Cx, Query(query): Query<LogQuery>) -> Result<Response> {
    let entries = log(&cx, &query).await?;
    let heads = [
        T("时间", "When"),
        T("操作员", "Who"),
        T("命令", "Command"),
        T("单据", "Document"),
        T("动作", "Action"),
        T("来源", "From"),
    ];
    let cols = heads.iter().map(|h| ui::Col::new(h.get(cx.lang))).collect();
    let kinds = &cx.app.registry.docs;
    let rows = entries.iter().map(|entry| {
        let kind = kinds.get(entry.doc_kind.as_str()).map_or(entry.doc_kind.as_str(), |doc| cx.t(doc.label));
        let doc = format!("{kind} {}", entry.doc_no);
        let cells = vec![
            ui::num(crate::format::time(&cx, entry.at)),
            html! { (entry.user_name) },
            ui::mono(&entry.command),
            html! { (doc) },
            html! { (audit::action_label(&cx, &entry.action)) },
            ui::mono(&entry.ip),
        ];
        ui::Row::new(entry.seq, &doc, cells)
    });
    let title = cx.t(T("操作日志", "Audit log"));
    let last = entries.last().map(|entry| entry.seq).filter(|_| entries.len() == PAGE);
    let more = last.map(|seq| Btn::link(cx.t(T("更早", "Earlier")), format!("/audit?before={seq}")));
    let table = ui::small_table(&ui::Table::new(title, cols, rows.collect()));
    let body = html! { (table) @if let Some(more) = more { (more) } };
    cx.page(title, ui::plain_view(title, html! {}, body)).await
}
