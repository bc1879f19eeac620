//! From the completion sheet to the closed order: complete, confirm, callback, audit, close, reopen.

use kernel::{Id, Lang, Money, RuleError, T, Ts};
use kit::{Cx, Error, Result, Tx};
use serde_json::json;
use warranty::api::Cause;

use super::{
    clocks::{self, ARRIVAL, FIX, PAPERWORK, PICKUP, RESPONSE},
    create,
    input::{Audit, Complete, Confirm, Finding, Note, Reason, WornPart},
    job::{Job, answer, trimmed},
    model::{CallbackClass, Mode, OrderRow, State, WarrantyClass},
    out::OrderOut,
    picture, rules, store,
};
use crate::{
    flow::FLOW,
    key,
    line::{self, model::LineRow},
    perms::{ORDER_ASSIGN, ORDER_COMPLETE, ORDER_CONFIRM, ORDER_WAIVE},
    settings,
};

/// Completion sheet (WO-17, 18, 21, 42, 47): cause, result, parts really used, signature. Unused parts go back,
/// the warranty is decided again under the cause found, fees follow, clocks stop.
///
/// Errors: `orders.over_quote` (409); `orders.cause`, `orders.root_cause`, `orders.result`, `orders.assistance`,
/// `orders.signature`, `orders.code_wrong`, `orders.code_locked`, `parts.not_enough` by field.
pub async fn complete(cx: &Cx, id: Id, input: Complete) -> Result<OrderOut> {
    let signature = match &input.signature {
        Some(text) => Some(picture::store(cx, id, &ORDER_COMPLETE, text, "signature", "signature").await?),
        None => None,
    };
    let code = trimmed(input.acceptance_code.as_deref());
    if !code.is_empty() {
        key::service::check(cx, id, &code).await?;
    }
    let mut tx = kit::begin!(cx, "orders.complete", &(id, &input));
    let out = complete_in(&mut tx, id, &input, signature.as_ref()).await?;
    tx.commit(out).await
}

/// True when the customer signed for this work on the page of its process already: nobody signs twice. A signature
/// of an earlier attempt says nothing about this one.
async fn signed_there(tx: &mut Tx, row: &OrderRow) -> Result<bool> {
    let Some(run) = row.run_id else { return Ok(false) };
    let files = kit::attachments::of_doc(tx, "document", run).await?;
    let given = files.iter().filter(|file| file.label == "signature").map(|file| file.created_at).max();
    let began = row.arrived_at.max(row.started_at);
    Ok(given.is_some_and(|at| began.map_or(row.reworks == 0, |began| began <= at)))
}

/// The same in the caller's transaction; `signature` is a stored picture.
pub async fn complete_in(
    tx: &mut Tx,
    id: Id,
    input: &Complete,
    signature: Option<&kit::attachments::Attachment>,
) -> Result<OrderOut> {
    let cx = tx.cx().clone();
    let mut job = Job::open(tx, id, "complete", input.version).await?;
    let work = pricing::api::work_kind(tx, &job.old.kind).await?;
    let must_sign: bool = cx.setting(&settings::SIGNATURE, job.old.org_id).await?;
    let signed = signature.is_some() || signed_there(tx, &job.old).await?;
    let ended = ended_at(tx, &mut job, input.finished_at).await?;
    let done_at = rules::check_complete(&job.old, input, work.repair, must_sign && !signed, ended)?;
    if let Some(row) = signature {
        kit::attachments::insert_in(tx, row).await?;
    }
    fill(&mut job, input, signed);
    let code = trimmed(input.acceptance_code.as_deref());
    if !code.is_empty() {
        key::service::use_in(tx, id, &code).await?;
        job.new.signed = true;
        job.detail.push(("acceptance_code", json!(true)));
    }
    let lines = settle_lines(tx, &mut job, input).await?;
    rules::check_quote(&job.new)?;
    note_findings(tx, &job, &input.findings).await?;
    note_wear(tx, &job, &input.wear).await?;
    customers::api::set_call_time_in(tx, job.old.customer_id, input.call_time.as_deref().unwrap_or_default())
        .await?;
    job.new.done_at = Some(done_at);
    job.new.started_at.get_or_insert(done_at);
    job.new.fix_class = rules::fix_class(true, job.new.failed_fixes, job.new.repeat_round);
    job.clocks.reached = Some((vec![RESPONSE, ARRIVAL, FIX], done_at));
    if !job.new.signed {
        let span = settings::span_of(&cx, &settings::PAPERWORK, job.new.org_id, job.new.created_at).await?;
        let now = tx.now();
        job.clocks.start = vec![(PAPERWORK, span, now)];
    }
    let unsigned = trimmed(input.unsigned_reason.as_deref());
    let proof = T("客户报验收码确认", "Accepted with the customer's code");
    let proof = if code.is_empty() { String::new() } else { T::both(proof.0, proof.1) };
    // What is entered later than it happened says so in the history: the auditor looks at it.
    job.reason = also(&also(&proof, &unsigned), &std::mem::take(&mut job.reason));
    let row = job.save(tx).await?;
    let (order_id, at) = (row.id, tx.now());
    tx.emit(&contracts::OrderCompleted {
        order_id,
        no: row.no.clone(),
        customer_id: row.customer_id,
        org_id: row.org_id,
        at,
    })?;
    Ok(answer(tx, &row, &lines))
}

/// Two remarks in one, in both languages.
fn also(first: &str, second: &str) -> String {
    if first.is_empty() || second.is_empty() {
        return format!("{first}{second}");
    }
    let of = |lang: Lang, join: &str| format!("{}{join}{}", lang.of(first), lang.of(second));
    T::both(&of(Lang::Zh, "；"), &of(Lang::En, "; "))
}

/// When the work ended. Who did it can't set that back at will, for deadlines and pay go by it (PAY-05).
async fn ended_at(tx: &mut Tx, job: &mut Job, said: Option<Ts>) -> Result<Result<Ts, RuleError>> {
    let (now, old) = (tx.now(), job.old.clone());
    let Some(said) = said else { return Ok(Ok(now)) };
    let steps = if old.reworks > 0 { store::select_steps(tx, old.id).await? } else { Vec::new() };
    let office = !kit::Owned::owners(&old).contains(&tx.staff()) && tx.authorize(&ORDER_ASSIGN, &old).is_ok();
    let leeway: i64 = tx.cx().clone().setting(&settings::SET_BACK, old.org_id).await?;
    let ended = rules::finished(&old, &steps, said, (!office).then_some(leeway), now);
    if let Some(at) = ended.as_ref().ok().filter(|at| now.mins_since(**at) >= 1) {
        let text = T("完工于 {at}，补登", "Finished at {at}, entered later");
        let at = kit::format::full_time(tx.cx().zone_of(old.org_id), *at);
        job.reason = text.told(&[("at", at)]);
    }
    Ok(ended)
}

fn fill(job: &mut Job, input: &Complete, signed: bool) {
    let new = &mut job.new;
    new.cause = input.cause.clone();
    new.root_cause = trimmed(input.root_cause.as_deref());
    new.result = trimmed(input.result.as_deref());
    new.assistance = trimmed(input.assistance.as_deref());
    new.signed |= signed;
    // What this sheet does not say stays as an earlier round said it: its work is not done for nothing.
    if let Some(size) = input.job_size {
        new.job_size = size.as_str().to_string();
    }
    new.hours = input.hours.unwrap_or(new.hours);
    new.distance_km = input.distance_km.unwrap_or(new.distance_km);
    new.cost_price = input.cost_price.unwrap_or(new.cost_price);
    if signed {
        job.detail.push(("signature", json!(true)));
    }
}

/// Material, warranty and fees as they ended: one read of the lines, one write per line that changed.
async fn settle_lines(tx: &mut Tx, job: &mut Job, input: &Complete) -> Result<Vec<LineRow>> {
    // The customer's own doing is not the warranty's; other causes are decided again where the policy cares, and
    // so is everything when an earlier round ended with another cause.
    let cause = Cause::parse(&input.cause).unwrap_or(Cause::Other);
    let as_opened = |cause: &str| cause.is_empty() || cause == Cause::Product.as_str();
    let same = cause == Cause::Product && as_opened(&job.old.cause);
    let units = if same { None } else { Some(redecide(tx, job, cause).await?) };
    line::service::settle(tx, &mut job.new, input, units).await
}

async fn redecide(tx: &mut Tx, job: &mut Job, cause: Cause) -> Result<Vec<super::model::OrderUnit>> {
    let cx = tx.cx().clone();
    let mut units = store::select_units(tx, job.old.id).await?;
    for unit in &mut units {
        unit.cause = cause.as_str().to_string();
        unit.result = job.new.result.clone();
        if unit.unit_id.is_some() || unit.model_id.is_some() {
            create::decide(&cx, tx, unit, cause, None, None).await?;
        }
        store::update_unit(tx, unit).await?;
    }
    // Given as in warranty by hand, before anybody knew the cause: the decision holds again when it bears nothing.
    let class = rules::class_of(&units);
    if job.new.warranty_set && job.new.warranty == WarrantyClass::In && class == WarrantyClass::Out {
        job.new.warranty_set = false;
    }
    if !job.new.warranty_set {
        job.new.warranty = class;
    }
    Ok(units)
}

/// Problems beside the reported one stay open on the unit and come up with its next order (PROD-08, WO-47).
async fn note_findings(tx: &mut Tx, job: &Job, findings: &[Finding]) -> Result<()> {
    let known = match findings.iter().any(|finding| finding.unit_id.is_some()) {
        true => {
            store::select_units(tx, job.old.id).await?.into_iter().filter_map(|unit| unit.unit_id).collect()
        }
        false => Vec::new(),
    };
    for finding in findings.iter().take(20) {
        let unit = finding.unit_id.filter(|unit| known.contains(unit)).or(job.new.unit_id);
        let text = trimmed(Some(&finding.text));
        if let (Some(unit), false) = (unit, text.is_empty()) {
            let note = products::api::NewNote {
                text: text.chars().take(1000).collect(),
                refused: finding.refused,
                source: Some(job.new.doc()),
            };
            products::api::add_note_in(tx, unit, &note).await?;
        }
    }
    Ok(())
}

/// What was seen of wear parts is kept with the unit under the order's number (PROD-17).
async fn note_wear(tx: &mut Tx, job: &Job, wear: &[WornPart]) -> Result<()> {
    if wear.iter().all(|worn| worn.part.trim().is_empty()) {
        return Ok(());
    }
    let known: Vec<Id> =
        store::select_units(tx, job.old.id).await?.into_iter().filter_map(|unit| unit.unit_id).collect();
    for (index, worn) in wear.iter().enumerate().take(20).filter(|(_, worn)| !worn.part.trim().is_empty()) {
        let Some(unit) = worn.unit_id.filter(|unit| known.contains(unit)).or(job.new.unit_id) else {
            continue;
        };
        let seen = products::api::NewWear {
            part: worn.part.clone(),
            percent: worn.percent,
            months: worn.months,
            remark: worn.remark.clone(),
            source_no: Some(job.new.no.clone()),
        };
        products::api::add_wear_in(tx, unit, &seen).await.map_err(|error| match error {
            Error::Invalid(mut problems) => {
                for problem in &mut problems.0 {
                    let field = problem.field.take().unwrap_or_default();
                    problem.field = Some(format!("wear.{index}.{field}"));
                }
                Error::Invalid(problems)
            }
            other => other,
        })?;
    }
    Ok(())
}

/// The customer acknowledges: only now the report takes effect (WO-41); signed later at the return visit for
/// remote work (WO-42).
pub async fn confirm(cx: &Cx, id: Id, input: Confirm) -> Result<OrderOut> {
    let signature = match &input.signature {
        Some(text) => Some(picture::store(cx, id, &ORDER_CONFIRM, text, "signature", "signature").await?),
        None => None,
    };
    let mut tx = kit::begin!(cx, "orders.confirm", &(id, &input));
    let out = confirm_in(&mut tx, id, &input, signature.as_ref()).await?;
    tx.commit(out).await
}

/// The same in the caller's transaction; `signature` is a stored picture.
pub async fn confirm_in(
    tx: &mut Tx,
    id: Id,
    input: &Confirm,
    signature: Option<&kit::attachments::Attachment>,
) -> Result<OrderOut> {
    let mut job = Job::open(tx, id, "confirm", input.version).await?;
    rules::check_quote(&job.old)?;
    rules::check_score(input.score)?;
    rules::check_sheet_back(&job.old, input.sheet_returned_at, tx.now())?;
    if let Some(row) = signature {
        kit::attachments::insert_in(tx, row).await?;
        job.new.signed = true;
    }
    rules::check_rating(&job.new, input, tx.staff())?;
    let by = trimmed(input.by.as_deref());
    job.new.confirmed_by =
        if by.is_empty() { job.old.contact.clone() } else { by.chars().take(rules::SHORT).collect() };
    job.new.confirmed_at = Some(tx.now());
    customers::api::set_call_time_in(tx, job.old.customer_id, input.call_time.as_deref().unwrap_or_default())
        .await?;
    // The signed sheet is here with the signature on it, or when somebody says that the paper came back (P-03).
    let back = input.sheet_returned_at.or(Some(tx.now()).filter(|_| job.new.signed || input.proven));
    job.new.sheet_returned_at = back.or(job.old.sheet_returned_at);
    job.new.score = input.score.or(job.old.score);
    if let Some(text) = &input.appraisal {
        job.new.appraisal = trimmed(Some(text)).chars().take(rules::LONG).collect();
    }
    if job.old.pickup_on.is_some() {
        job.clocks.stop.push(PICKUP);
    }
    if let Some(at) = job.new.sheet_returned_at.filter(|_| !job.old.signed) {
        job.clocks.reached = Some((vec![PAPERWORK], at));
    }
    job.reason = trimmed(input.note.as_deref());
    job.handed_over = input.handed_over;
    let row = job.save(tx).await?;
    Ok(answer(tx, &row, &[]))
}

/// The process of a finished order heard when the signed sheet came back and how the work is rated (P-03, steps 5 and 7):
/// the order knows it from then on, and nobody is late with a paper that is here. A paper from before the
/// order was sent back belongs to the round before. Before the work is done, and once it is audited, nothing happens.
pub async fn note_paper_in(tx: &mut Tx, id: Id, back: Option<Ts>, score: Option<i64>) -> Result<()> {
    let old = store::lock_order(tx, id).await?;
    let mut sent_back = Ts(0);
    if old.reworks > 0 && back.is_some() {
        let steps = store::select_steps(tx, id).await?;
        // Times that people type have no seconds.
        sent_back = rules::sent_back(&steps).map_or(sent_back, |at| at.plus_secs(-60));
    }
    let back = back.filter(|at| *at >= sent_back).or(old.sheet_returned_at);
    let score = score.or(old.score);
    let news = (back, score) != (old.sheet_returned_at, old.score);
    if !news || !matches!(old.state, State::Done | State::Confirmed) {
        return Ok(());
    }
    rules::check_score(score)?;
    if back != old.sheet_returned_at {
        rules::check_sheet_back(&old, back, tx.now())?;
    }
    let mut job = Job::open(tx, id, "edit", None).await?;
    (job.new.sheet_returned_at, job.new.score) = (back, score);
    if let Some(at) = back.filter(|_| !job.old.signed) {
        job.clocks.reached = Some((vec![PAPERWORK], at.min(tx.now())));
    }
    job.silent = true;
    job.save(tx).await.map(drop)
}

/// What a callback found, in the callback's own transaction: content or not; where the unit is not as it should
/// be, the order goes back for rework (OUTLET-05, CB-09). Returns the state that it leaves.
///
/// `class` is a code of [`CallbackClass`]. Errors: `orders.callback_class` (422); wrong state (409).
pub async fn callback_result_in(tx: &mut Tx, id: Id, class: &str) -> Result<State> {
    callback_said_in(tx, id, class, "").await
}

/// The same with the customer's words: whoever goes again reads why.
pub async fn callback_said_in(tx: &mut Tx, id: Id, class: &str, words: &str) -> Result<State> {
    let class = callback_class(class)?;
    let old = store::get_order(tx, id).await?;
    let reopening = FLOW.check(old.state.as_str(), "reopen")?;
    // What is audited stays locked: the result is kept, and who may undo an audit decides (PAY-07).
    let sends_back =
        class.sends_back() && (old.audited_at.is_none() || tx.authorize(reopening.perm, &old).is_ok());
    let mut job = called_back(old, class, words);
    if sends_back {
        job.step = &SENT_BACK;
        send_back(tx, &mut job).await?;
    }
    // After the send-back, which voids an audit with the callback before it.
    job.new.callback_class = class.as_str().to_string();
    job.new.callback_at = Some(tx.now());
    let row = job.save(tx).await?;
    if sends_back {
        tell_reopened(tx, &row)?;
    }
    Ok(row.state)
}

/// What the order's own process heard when it called the customer: known from now on, in any state. Where the order goes
/// next the process says itself (OUTLET-05, CB-09).
pub async fn callback_known_in(tx: &mut Tx, id: Id, class: &str, words: &str) -> Result<()> {
    let class = callback_class(class)?;
    let mut job = called_back(store::lock_order(tx, id).await?, class, words);
    job.new.callback_at = Some(tx.now());
    job.save(tx).await.map(drop)
}

fn callback_class(class: &str) -> Result<CallbackClass> {
    CallbackClass::parse(class).ok_or_else(|| {
        let text = T("没有这个回访结果", "There is no such result");
        RuleError::new("orders.callback_class", text).field("class").into()
    })
}

fn called_back(old: OrderRow, class: CallbackClass, words: &str) -> Job {
    let mut new = old.clone();
    new.callback_class = class.as_str().to_string();
    Job {
        old,
        new,
        step: &CALLED_BACK,
        clocks: clocks::Clocks::default(),
        reason: heard(class, words),
        place: None,
        detail: vec![("class", json!(class))],
        called: None,
        silent: false,
        handed_over: false,
    }
}

fn heard(class: CallbackClass, words: &str) -> String {
    let T(zh, en) = class.label();
    let words = clocks::short(&words.replace('\n', " "), 400);
    if words.is_empty() {
        T::both(zh, en)
    } else {
        T::both(&format!("{zh}：{words}"), &format!("{en}: {words}"))
    }
}

// Moves made by the callback itself: its own permission is checked there.
static CALLED_BACK: kit::flow::Move = kit::flow::Move {
    from: &["done", "confirmed"],
    action: "callback",
    to: "",
    label: T("回访", "Called back"),
    perm: &crate::perms::ORDER_REOPEN,
};
static SENT_BACK: kit::flow::Move = kit::flow::Move {
    from: &["done", "confirmed"],
    action: "callback",
    to: "reopened",
    label: T("回访不满意，返工", "Sent back by callback"),
    perm: &crate::perms::ORDER_REOPEN,
};

static CHECK_FAILED: kit::flow::Move = kit::flow::Move {
    from: &["in_progress", "waiting"],
    action: "check_failed",
    to: "",
    label: T("检验不合格，返工", "Failed the check"),
    perm: &ORDER_COMPLETE,
};
static CHECK_SENT_BACK: kit::flow::Move = kit::flow::Move {
    from: &["done"],
    action: "check_failed",
    to: "reopened",
    label: T("检验不合格，返工", "Failed the check"),
    perm: &ORDER_COMPLETE,
};

/// The final inspection failed, in the inspection's own transaction: counts as "not fixed first time" (QC-05). Work in
/// progress goes on; an order that was done already goes back. Wrong state: 409.
pub async fn check_failed_in(tx: &mut Tx, id: Id, reason: &str) -> Result<()> {
    let old = store::lock_order(tx, id).await?;
    let done = old.state == State::Done;
    let step = if done { &CHECK_SENT_BACK } else { &CHECK_FAILED };
    if !step.from.contains(&old.state.as_str()) {
        FLOW.check(old.state.as_str(), "complete")?;
    }
    let new = old.clone();
    let (clocks, reason) = (clocks::Clocks::default(), rules::need_reason(Some(reason))?);
    let mut job = Job {
        old,
        new,
        step,
        clocks,
        reason,
        place: None,
        detail: Vec::new(),
        called: None,
        silent: false,
        handed_over: false,
    };
    if done {
        send_back(tx, &mut job).await?;
    } else {
        job.new.reworks += 1;
        job.new.failed_fixes += 1;
        job.new.fix_class = rules::fix_class(false, job.new.failed_fixes, job.new.repeat_round);
    }
    let row = job.save(tx).await?;
    if done {
        tell_reopened(tx, &row)?;
    }
    Ok(())
}

/// The order goes back: one more failed fix, the repair clock starts again, the customer's confirmation and an audit are
/// void.
async fn send_back(tx: &mut Tx, job: &mut Job) -> Result<()> {
    let new = &mut job.new;
    if new.audited_at.is_some() {
        void_audit(new);
    }
    new.reworks += 1;
    new.failed_fixes += 1;
    new.fix_class = rules::fix_class(true, new.failed_fixes, new.repeat_round);
    new.signed = false;
    key::service::renew_code_in(tx, new.id).await?;
    (new.confirmed_at, new.confirmed_by, new.sheet_returned_at) = (None, String::new(), None);
    (new.departed_at, new.arrived_at, new.started_at, new.done_at) = (None, None, None, None);
    let span = clocks::fix_span(tx, &job.new).await?;
    let now = tx.now();
    job.clocks.stop = vec![PAPERWORK];
    job.clocks.start = vec![(FIX, span, now)];
    if job.new.mode == Mode::OnSite {
        let opened = job.new.created_at;
        let span = settings::span_of(tx.cx(), &settings::ARRIVAL, job.new.org_id, opened).await?;
        job.clocks.start.push((ARRIVAL, span, now));
    }
    Ok(())
}

fn tell_reopened(tx: &mut Tx, row: &OrderRow) -> Result<()> {
    tx.emit(&contracts::OrderReopened {
        order_id: row.id,
        no: row.no.clone(),
        org_id: row.org_id,
        reworks: row.reworks,
        at: tx.now(),
    })
}

/// What an audit decided no longer holds; the callback before it is not about the rework either.
fn void_audit(new: &mut OrderRow) {
    (new.audited_at, new.auditor_id, new.closed_at) = (None, None, None);
    (new.audit_note, new.deduction) = (String::new(), Money::ZERO);
    (new.callback_at, new.callback_class) = (None, String::new());
}

/// Opened again by hand, with a reason; after the audit only by who may do that too. Pay follows from the event.
pub async fn reopen(cx: &Cx, id: Id, input: Reason) -> Result<OrderOut> {
    let mut tx = kit::begin!(cx, "orders.reopen", &(id, &input));
    let out = reopen_in(&mut tx, id, &input).await?;
    tx.commit(out).await
}

/// The same in the caller's transaction.
pub async fn reopen_in(tx: &mut Tx, id: Id, input: &Reason) -> Result<OrderOut> {
    let mut job = Job::open(tx, id, "reopen", input.version).await?;
    job.reason = rules::need_reason(Some(&input.reason))?;
    send_back(tx, &mut job).await?;
    let row = job.save(tx).await?;
    tell_reopened(tx, &row)?;
    Ok(answer(tx, &row, &[]))
}

/// Audit sheet: locks the order; pay and settlement follow from the event (PAY-02).
///
/// Errors: `orders.callback_missing` (409) unless the callback was satisfied, or waived with right and note;
/// `orders.deduction_why` (422).
pub async fn audit(cx: &Cx, id: Id, input: Audit) -> Result<OrderOut> {
    if input.waive_callback {
        cx.require(&ORDER_WAIVE)?;
    }
    let mut tx = kit::begin!(cx, "orders.audit", &(id, &input));
    let out = audit_in(&mut tx, id, &input).await?;
    tx.commit(out).await
}

/// The same in the caller's transaction.
pub async fn audit_in(tx: &mut Tx, id: Id, input: &Audit) -> Result<OrderOut> {
    let cx = tx.cx().clone();
    let mut job = Job::open(tx, id, "audit", input.version).await?;
    rules::check_quote(&job.old)?;
    let needs: bool = cx.setting(&settings::CALLBACK_FIRST, job.old.org_id).await?;
    let note = trimmed(input.note.as_deref());
    rules::check_audit(&job.old, needs, input.waive_callback, &note)?;
    rules::check_score(input.score)?;
    rules::check_sheet_back(&job.old, input.sheet_returned_at, tx.now())?;
    let deduction = input.deduction.unwrap_or(Money::ZERO);
    rules::check_deduction(deduction, &note)?;
    job.new.deduction = deduction;
    job.new.score = input.score.or(job.old.score);
    job.new.sheet_returned_at = input.sheet_returned_at.or(job.old.sheet_returned_at).or(job.old.done_at);
    job.new.audited_at = Some(tx.now());
    job.new.auditor_id = Some(tx.staff()).filter(|staff| !staff.is_nil());
    job.new.audit_note = note.clone();
    job.reason = note;
    job.clocks.reached = input.sheet_returned_at.map(|at| (vec![PAPERWORK], at));
    job.clocks.cancel = true;
    let row = job.save(tx).await?;
    let (order_id, at) = (row.id, tx.now());
    tx.emit(&contracts::OrderAudited { order_id, no: row.no.clone(), org_id: row.org_id, at })?;
    Ok(answer(tx, &row, &[]))
}

/// Finished for good.
pub async fn close(cx: &Cx, id: Id, input: Note) -> Result<OrderOut> {
    let mut tx = kit::begin!(cx, "orders.close", &(id, &input));
    let out = close_in(&mut tx, id, &input).await?;
    tx.commit(out).await
}

/// The same in the caller's transaction.
pub async fn close_in(tx: &mut Tx, id: Id, input: &Note) -> Result<OrderOut> {
    let mut job = Job::open(tx, id, "close", input.version).await?;
    job.new.closed_at = Some(tx.now());
    job.reason = trimmed(input.note.as_deref());
    let row = job.save(tx).await?;
    Ok(answer(tx, &row, &[]))
}
