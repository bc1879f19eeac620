//! What other contexts may ask of processes. `conn` may be the caller's transaction.

use std::collections::BTreeMap;

use db::Conn;
use kernel::Id;
use kit::{Cx, DocRef, Result, Tx};
use serde_json::Value;

use crate::{document, template};
pub use crate::{
    document::{
        model::{ClockOut, DocumentOut, DocumentRow, EntryRow, OfferOut, Stage},
        service::Opening,
    },
    template::service::seed,
};

/// Starts a run of a template for any document, in the caller's transaction: its clocks start, its triggers fire. The
/// template's own `open` rule does not apply; the caller decided. Values that the template asks for are handed over.
///
/// Errors: 404 without such a template, `process.needed` and `process.field_…` at fields.
pub async fn start_in(
    tx: &mut Tx,
    template: &str,
    subject: DocRef,
    org: Id,
    fields: BTreeMap<String, Value>,
) -> Result<DocumentRow> {
    let opening = Opening { code: template.to_string(), org, subject: Some(subject), parent: None, fields };
    document::service::open_in(tx, opening, &process::machine::SYSTEM).await
}

/// Makes a move of a run for the caller's actor, in the caller's transaction, with everything that follows from it.
///
/// Errors: 404, those of [`process::machine::act`].
pub async fn act_in(
    tx: &mut Tx,
    run: Id,
    act: &str,
    reason: &str,
    entry: &process::Entry,
) -> Result<DocumentRow> {
    document::service::act_in(tx, run, act, reason, entry, false).await
}

/// The same on behalf of the product: a lower rule already decided who may.
pub async fn act_as_system_in(tx: &mut Tx, run: Id, act: &str, reason: &str) -> Result<DocumentRow> {
    document::service::act_in(tx, run, act, reason, &process::Entry::default(), true).await
}

/// Runs for a document, newest first; the first that has not ended is the current one.
pub async fn runs_of(conn: &mut Conn, subject: Id) -> Result<Vec<DocumentRow>> {
    document::store::select_of_subject(conn, subject).await
}

/// What the caller may do next with a run, with the reasons why something can't be done now.
pub async fn offers(cx: &Cx, conn: &mut Conn, run: &DocumentRow) -> Result<Vec<OfferOut>> {
    let (_, template) = template::service::version(conn, run.template_id).await?;
    let state = document::service::state_of(conn, run, &template).await?;
    let actor = document::people::actor(cx, conn, &template, run.org_id, run.creator_id).await?;
    Ok(document::service::offers(cx, &template, &state, &actor))
}

/// The history of a run, oldest first.
pub async fn history(conn: &mut Conn, run: Id) -> Result<Vec<EntryRow>> {
    document::store::select_entries(conn, run).await
}

/// Clocks of a run, each with how its due time came about under the version it runs under (DOC-22).
pub async fn clocks(cx: &Cx, conn: &mut Conn, run: &DocumentRow) -> Result<Vec<ClockOut>> {
    document::clocks::of_row(cx, conn, run).await
}

/// True when a template counts now under this code.
pub async fn has_template(conn: &mut Conn, code: &str, at: kernel::Ts) -> Result<bool> {
    Ok(template::store::find_current(conn, code, at).await?.is_some())
}
