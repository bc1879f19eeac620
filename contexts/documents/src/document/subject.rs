//! Runs for another document: the document hears of every move, and the run follows the document's own commands, in one
//! transaction. Neither can be somewhere that the other does not know.

use std::collections::BTreeMap;

use kernel::{Id, RuleError, T};
use kit::{DocRef, Error, ProcessStep, Result, Tx};
use process::{Macro, MoveKind, Named, State, Template, facts, machine};
use serde_json::Value;

use super::{
    model::{DocumentRow, Stage},
    people,
    service::{self, Opening},
    store,
    views::who_words,
};
use crate::template;

/// What a document says when it changed.
pub struct Follow<'a> {
    /// Facts about it, see [`process::facts::FACTS`].
    pub facts: &'a BTreeMap<String, Value>,
    /// State it went to, if it went.
    pub to: Option<&'a str>,
    /// Why it waits, one of [`process::facts::WAITS`], when it went to wait.
    pub waits: &'a str,
    /// Nothing more will be done to it.
    pub ended: bool,
    /// Why, in words.
    pub reason: &'a str,
    /// The workshop hands the unit over in person, or keeps it until it is fetched: that it is looked at, paid and signed
    /// for is asked there.
    pub handed_over: bool,
}

/// Starts a run for a document. Facts fill the fields bound to them; what else the template asks at opening is asked
/// at its first step.
pub async fn start_in(
    tx: &mut Tx,
    code: &str,
    subject: DocRef,
    org: Id,
    facts: BTreeMap<String, Value>,
) -> Result<DocumentRow> {
    let opening = Opening {
        code: code.to_string(),
        org,
        subject: Some(subject),
        parent: None,
        fields: facts,
        asked: false,
    };
    service::open_in(tx, opening, &machine::SYSTEM).await
}

/// Tells the document that a run is for where the run stands now, and lets it follow.
pub async fn tell_in(
    tx: &mut Tx,
    template: &Template,
    row: &DocumentRow,
    state: &State,
    reason: &str,
) -> Result<()> {
    let Some(doc) = row.subject_id.filter(|_| tx.hearing() != Some(row.id)) else { return Ok(()) };
    let app = tx.cx().app.clone();
    let Some(subject) = app.registry.subjects.get(row.subject_kind.as_str()) else { return Ok(()) };
    let Some(step) = template.step(&row.step) else { return Ok(()) };
    let said = ProcessStep {
        doc,
        run: row.id,
        step: step.label(tx.cx().lang).to_string(),
        stage: row.stage.as_str().to_string(),
        waits: step.waits.clone(),
        reason: reason.to_string(),
        said: facts::said(template, state),
    };
    let before = tx.set_hearing(Some(row.id));
    let heard = (subject.moved)(tx, &said).await;
    tx.set_hearing(before);
    heard
}

/// Lets a run follow its document: facts are taken over; when the document went to another state the run makes a move
/// that leads there, with everything the template demands of it. A run that knows no such state stays where it is; one
/// that knows it, but not from here, refuses the document's command. The document's end ends the run.
///
/// Errors: `process.not_yet` (409), `process.blocked` (409) with what is missing.
pub async fn follow_in(tx: &mut Tx, run: Id, said: &Follow<'_>) -> Result<()> {
    let row = store::lock_document(tx, run).await?;
    let again = said.to == Some(Stage::Reopened.as_str()) && tx.hearing() != Some(run);
    if row.ended_at.is_some() && !again {
        return Ok(());
    }
    let (_, template) = template::service::version(tx, row.template_id).await?;
    let mut state = service::state_of(tx, &row, &template).await?;
    let known = state.clone();
    let news = facts::refresh(&template, &mut state, said.facts);
    super::apply::retime(tx, &template, &row, &known, &state).await?;
    let stage = said.to.and_then(Stage::parse).filter(|to| *to != row.stage && tx.hearing() != Some(run));
    let Some(stage) = stage else {
        return if news { keep_in(tx, &template, row, &state).await } else { Ok(()) };
    };
    let cx = tx.cx().clone();
    let actor = people::actor(&cx, tx, &template, row.org_id, row.creator_id).await?;
    let now = tx.now();
    let wanted = macro_of(stage);
    // Where a trade ends with the customer, its closed step stands for the confirmation.
    let last = said.handed_over && !template.steps.iter().any(|s| s.stage == wanted);
    let last = last && !said.ended;
    let elsewhere = last || (said.handed_over && said.ended);
    let followed = if row.ended_at.is_some() {
        Ok(None)
    } else if said.handed_over && said.ended {
        machine::done_elsewhere(&template, &state, wanted, said.reason, now)
    } else if last {
        machine::done_elsewhere(&template, &state, Macro::Closed, said.reason, now)
    } else {
        machine::follow(&template, &state, wanted, Some(said.waits), said.reason, &actor, now)
    };
    let actor = if elsewhere { machine::SYSTEM.clone() } else { actor };
    // The customer agrees when he likes: what the trade does before that (papers, a callback) it does all the same.
    let agreed = stage == Stage::Confirmed && row.stage == Stage::Done && !matches!(followed, Ok(Some(_)));
    let outcome = match followed {
        Ok(None) | Err(_) if agreed => {
            return if news { keep_in(tx, &template, row, &state).await } else { Ok(()) };
        }
        Ok(Some(mut outcome)) => {
            // What a step asks anew is known when it comes with the move there.
            facts::refresh(&template, &mut outcome.state, said.facts);
            outcome
        }
        // Who may open it again was decided by the document.
        Ok(None) | Err(_) if again => machine::reopen(&template, &state, said.reason, now)?,
        Ok(None) if said.ended => machine::end(&template, &state, wanted, now),
        // A trade that has no step to wait for this stays where it is meanwhile.
        Ok(None)
            if wanted != Macro::Waiting
                && template.steps.iter().any(|s| s.stage == wanted)
                && !lags(row.stage, stage) =>
        {
            return Err(not_yet(tx, &template, &row, &state, stage).await?);
        }
        // Whoever it is for does it first; nobody is told to fill in what is not theirs.
        Err(problems) if problems.0.iter().all(|p| p.code == "process.who_may") => {
            return Err(not_yet(tx, &template, &row, &state, stage).await?);
        }
        Ok(None) => {
            return if news { keep_in(tx, &template, row, &state).await } else { Ok(()) };
        }
        Err(problems) => {
            let step = template.step(&row.step).map_or("", |s| s.label(cx.lang));
            let what: Vec<String> = problems.0.iter().map(|p| p.message(cx.lang)).collect();
            let text = T(
                "流程“{process}”停在“{step}”：{what}。请先在工单的“流程”里填好并保存，再回来提交",
                "The process \"{process}\" is at \"{step}\": {what}. Fill it in under \"Process\" on the order and save, then send this again",
            );
            return Err(Error::Conflict(
                RuleError::new("process.blocked", text)
                    .arg("process", template.label(cx.lang))
                    .arg("step", step)
                    .arg("what", what.join("；")),
            ));
        }
    };
    let before = tx.set_hearing(Some(run));
    let moved = service::moved_in(tx, &template, row, &state, outcome, said.reason, &actor).await;
    tx.set_hearing(before);
    moved.map(drop)
}

/// The customer was told something elsewhere; whoever told it is not told back.
pub async fn told_in(tx: &mut Tx, run: Id, message: &str, text: &str) -> Result<()> {
    let row = store::lock_document(tx, run).await?;
    let (_, template) = template::service::version(tx, row.template_id).await?;
    let state = service::state_of(tx, &row, &template).await?;
    let Some(outcome) = machine::told(&template, &state, message, text, tx.now())? else { return Ok(()) };
    let before = tx.set_hearing(Some(run));
    let moved = service::moved_in(tx, &template, row, &state, outcome, "", &machine::SYSTEM).await;
    tx.set_hearing(before);
    moved.map(drop)
}

/// A run may be ahead of its document, where the document has states that the trade does not tell apart.
fn lags(run: Stage, doc: Stage) -> bool {
    use Stage as S;
    let rank = |stage: Stage| match stage {
        S::New | S::Reopened => 0,
        S::Accepted => 1,
        S::Scheduled => 2,
        S::InProgress | S::Waiting => 3,
        S::Done => 4,
        S::Confirmed => 5,
        S::Audited => 6,
        S::Closed | S::Cancelled | S::Terminated | S::ReturnedUnrepaired => 7,
    };
    rank(doc) < rank(run) && doc != S::Reopened
}

fn macro_of(stage: Stage) -> Macro {
    serde_json::from_value(Value::String(stage.as_str().to_string())).unwrap_or_default()
}

/// Takes facts over without a move.
async fn keep_in(tx: &mut Tx, template: &Template, mut row: DocumentRow, state: &State) -> Result<()> {
    let now = tx.now();
    service::show(&mut row, template, state, now)?;
    service::store_in(tx, template, &mut row, state).await?;
    row.version += 1;
    store::update_document(tx, &row).await
}

/// What comes first, and whose it is.
async fn not_yet(
    tx: &mut Tx,
    template: &Template,
    row: &DocumentRow,
    state: &State,
    stage: Stage,
) -> Result<Error> {
    let names = people::names(tx, template, state).await?;
    let cx = tx.cx();
    let holder = |field: &str| names.get(&state.text(field)).cloned().unwrap_or_default();
    let onward = template.moves_from(&row.step).filter(|made| made.kind != MoveKind::Cancel && !made.system);
    let next: Vec<String> = onward
        .map(|made| {
            let who = who_words(cx, template, template.who_of(made, &row.step), &holder);
            T("{act}（{who}）", "{act} ({who})")
                .fill(cx.lang, &[("act", made.label(cx.lang).into()), ("who", who)])
        })
        .collect();
    let text = T(
        "流程“{process}”停在“{step}”，还不能到“{stage}”；先办：{next}",
        "The process \"{process}\" is at \"{step}\" and can't go to \"{stage}\" yet; first: {next}",
    );
    Ok(Error::Conflict(
        RuleError::new("process.not_yet", text)
            .arg("process", template.label(cx.lang))
            .arg("step", template.step(&row.step).map_or("", |s| s.label(cx.lang)))
            .arg("stage", cx.t(stage.label()))
            .arg("next", next.join(cx.t(T("、", ", ")))),
    ))
}
