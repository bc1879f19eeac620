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
        subject::Follow,
    },
    template::service::seed,
};

/// Starts a run of a template for any document, in the caller's transaction: its clocks start, its triggers fire. The
/// template's own `open` rule does not apply; the caller decided.
///
/// `facts`: what is known of the document, by the names of [`process::facts::FACTS`]. Errors: 404 without such a
/// template.
pub async fn start_in(
    tx: &mut Tx,
    template: &str,
    subject: DocRef,
    org: Id,
    facts: BTreeMap<String, Value>,
) -> Result<DocumentRow> {
    document::subject::start_in(tx, template, subject, org, facts).await
}

/// Lets the run of a document follow what was done to the document, in the same transaction.
///
/// Errors: `process.not_yet`, `process.blocked` (409): the process does not allow it yet.
pub async fn follow_in(tx: &mut Tx, run: Id, said: &Follow<'_>) -> Result<()> {
    document::subject::follow_in(tx, run, said).await
}

/// The customer was told something about the subject of a run elsewhere: it counts for the run, and for the clocks that
/// wait for it (SHOP-24). Nothing happens where the template has no such message.
pub async fn told_in(tx: &mut Tx, run: Id, message: &str, text: &str) -> Result<()> {
    document::subject::told_in(tx, run, message, text).await
}

/// A requisition of an order's process that nothing could be made of becomes a task of the storekeepers, in its words.
pub async fn requisition_task_in(tx: &mut Tx, run: Id, until: Option<kernel::Ts>) -> Result<()> {
    document::apply::requisition_task_in(tx, run, until).await
}

/// What the caller may do next with a run, with the reasons why something can't be done now.
pub async fn offers(cx: &Cx, conn: &mut Conn, run: &DocumentRow) -> Result<Vec<OfferOut>> {
    let (_, template) = template::service::version(conn, run.template_id).await?;
    let state = document::service::state_of(conn, run, &template).await?;
    let actor = document::people::actor_of(cx, conn, &template, run, &crate::perms::DOCUMENT_WRITE).await?;
    Ok(document::service::offers(cx, &template, &state, &actor))
}

/// Clocks of a run, each with how its due time came about under the version it runs under (DOC-22).
pub async fn clocks(cx: &Cx, conn: &mut Conn, run: &DocumentRow) -> Result<Vec<ClockOut>> {
    document::clocks::of_row(cx, conn, run).await
}

/// A template that counts now: its code and names, and what its moves mean in every trade.
pub struct TemplateBrief {
    /// Code.
    pub code: String,
    /// Name in both languages, see [`kernel::T::both`].
    pub name: String,
    /// Its documents are confidential: it does not fit what everybody sees.
    pub confidential: bool,
    /// Moves: name in both languages, stage before, stage after.
    pub moves: Vec<(String, Stage, Stage)>,
}

/// Templates that count at an instant, by code.
pub async fn templates(conn: &mut Conn, at: kernel::Ts) -> Result<Vec<TemplateBrief>> {
    use process::Named;
    let mut list = Vec::new();
    for row in template::store::select_current(conn, at).await? {
        let parsed = template::service::parsed(&row)?;
        let stage = |key: &str| parsed.step(key).map(|step| Stage::from(step.stage));
        let moves = parsed.moves.iter().flat_map(|made| {
            let to = stage(&made.to);
            made.from.iter().filter_map(move |from| Some((made.both(), stage(from)?, to?)))
        });
        list.push(TemplateBrief {
            code: parsed.code.clone(),
            name: parsed.both(),
            confidential: !parsed.reads.is_empty(),
            moves: moves.collect(),
        });
    }
    Ok(list)
}

/// A run as another document shows it.
pub struct RunBrief {
    /// The run, where its page is `/documents/{id}`.
    pub row: DocumentRow,
    /// Name of its template in the caller's language.
    pub process: String,
    /// Name of the current step.
    pub step: String,
    /// What is done there, for the people who do it.
    pub help: String,
    /// What the caller may do next.
    pub offers: Vec<OfferOut>,
    /// Running clocks.
    pub clocks: Vec<ClockOut>,
}

/// The run of a document for its page.
pub async fn run(cx: &Cx, conn: &mut Conn, id: Id) -> Result<RunBrief> {
    use process::Named;
    let row = document::store::get_document(conn, id).await?;
    let (_, parsed) = template::service::version(conn, row.template_id).await?;
    let may = document::guard::authorize(cx, conn, &crate::perms::DOCUMENT_WRITE, &row).await.is_ok();
    let offers = if may { offers(cx, conn, &row).await? } else { Vec::new() };
    let clocks = clocks(cx, conn, &row).await?;
    let step = parsed.step(&row.step);
    Ok(RunBrief {
        process: parsed.label(cx.lang).to_string(),
        step: step.map_or_else(String::new, |s| s.label(cx.lang).to_string()),
        help: step.map_or_else(String::new, |s| process::access::said(&s.help, cx.lang).to_string()),
        offers,
        clocks: clocks.into_iter().filter(|c| matches!(c.state.as_str(), "open" | "paused")).collect(),
        row,
    })
}
