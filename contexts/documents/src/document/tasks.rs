//! Tasks that triggers made.

use db::Conn;
use kernel::{Id, Lang, RuleError, T};
use kit::{Cx, Result, begin};
use process::{Actor, State, machine};
use serde_json::json;

use super::{
    guard,
    model::{DocumentRow, TaskRow},
    people,
    service::{doc, get_row, state_of},
    store,
};
use crate::{perms::DOCUMENT_WRITE, template};

/// Documents that an inbox shows.
const MOST_TURNS: i64 = 100;

/// A task is done.
pub async fn finish_task(cx: &Cx, id: Id) -> Result<TaskRow> {
    let mut tx = begin!(cx, "documents.finish_task", &id);
    let task = store::lock_task(&mut tx, id).await?;
    let row = store::get_document(&mut tx, task.document_id).await?;
    guard::authorize(cx, &mut tx, &DOCUMENT_WRITE, &row).await?;
    let (_, template) = template::service::version(&mut tx, row.template_id).await?;
    let actor = people::actor_of(cx, &mut tx, &template, &row, &DOCUMENT_WRITE).await?;
    let who: Vec<String> = serde_json::from_str(&task.who)?;
    let state = state_of(&mut tx, &row, &template).await?;
    if !machine::is_among(&actor, &who, &state) {
        let text = T("这项任务不由您来做", "This task is not yours to do");
        return Err(RuleError::new("process.who_may", text).into());
    }
    let (now, name) = (tx.now(), cx.actor()?.name.clone());
    store::finish_task(&mut tx, id, &name, now).await?;
    tx.log(doc(&row), "task_done", json!({ "task": Lang::Zh.of(&task.text) }));
    let done = TaskRow { state: "done".into(), done_at: Some(now), done_by: name, ..task };
    tx.commit(said(cx, done)).await
}

/// A task in the reader's language.
fn said(cx: &Cx, task: TaskRow) -> TaskRow {
    TaskRow { text: cx.lang.of(&task.text).to_string(), ..task }
}

/// Tasks of a document.
pub async fn tasks(cx: &Cx, id: Id) -> Result<Vec<TaskRow>> {
    let mut conn = cx.read().await?;
    get_row(cx, &mut conn, id).await?;
    let list = store::select_tasks(&mut conn, id).await?;
    cx.count(&conn);
    Ok(list.into_iter().map(|task| said(cx, task)).collect())
}

/// Open tasks that are the caller's, soonest first.
pub async fn my_tasks(cx: &Cx, conn: &mut Conn) -> Result<Vec<(TaskRow, DocumentRow)>> {
    let scope = cx.scope_named(&DOCUMENT_WRITE)?;
    let mut mine = Vec::new();
    for task in store::select_open_tasks(conn, &scope, 300).await? {
        let row = store::get_document(conn, task.document_id).await?;
        let (_, template) = template::service::version(conn, row.template_id).await?;
        let actor = people::actor_of(cx, conn, &template, &row, &DOCUMENT_WRITE).await?;
        let plain = Actor { anybody: false, ..actor };
        let who: Vec<String> = serde_json::from_str(&task.who)?;
        let state: State = serde_json::from_str(&row.state)?;
        if machine::is_among(&plain, &who, &state) {
            mine.push((said(cx, task), row));
        }
    }
    Ok(mine)
}

/// Documents at a step of the caller's, of somebody the caller stands in for, or of a role of his that anybody with it
/// may do, most urgent first (ORG-06). Documents of orders are on the order.
pub async fn my_turns(cx: &Cx, conn: &mut Conn) -> Result<Vec<DocumentRow>> {
    let scope = cx.scope_named(&DOCUMENT_WRITE)?;
    let actor = cx.actor()?;
    let people: Vec<Id> = actor.staff.into_iter().chain(actor.acting_for.iter().copied()).collect();
    let posts: Vec<Id> =
        actor.post.into_iter().chain(actor.instead.iter().filter_map(|absent| absent.post)).collect();
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let hidden = kit::hidden::of(cx, conn).await?;
    let roles = org::api::standing(conn, actor.user, &people).await?.roles;
    let mut mine = Vec::new();
    for row in store::select_turns(conn, (&people, &posts, &roles), &scope, &hidden, MOST_TURNS).await? {
        let (_, template) = template::service::version(conn, row.template_id).await?;
        let actor = people::actor_of(cx, conn, &template, &row, &DOCUMENT_WRITE).await?;
        let plain = Actor { anybody: false, ..actor };
        let state: State = serde_json::from_str(&row.state)?;
        if template.step(&row.step).is_some_and(|step| machine::is_among(&plain, &step.who, &state)) {
            mine.push(row);
        }
    }
    Ok(mine)
}
