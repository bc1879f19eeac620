//! An order and its run, in one transaction.

use std::collections::BTreeMap;

use db::Conn;
use documents::api::Follow;
use kernel::{Id, Money, RuleError, T, Ts};
use kit::{Cx, DocRef, Error, PastSubject, ProcessStep, Result, Tx, settings};
use serde_json::{Value, json};

use super::{
    model::{ProcessRule, ProcessSet, Processes, SetProcesses},
    rules,
};
use crate::{
    flow::State,
    order::{
        finish,
        input::{AssignOrder, Audit, Complete, Confirm, Note, Place, Reason, Wait},
        model::{OrderRow, Waiting, WarrantyClass},
        rules as order_rules, service, store,
    },
    perms::ORDER_READ,
    settings::PROCESSES,
};

/// The template that a new order works by.
pub async fn template_of(cx: &Cx, row: &OrderRow) -> Result<Option<String>> {
    let rules: Vec<ProcessRule> = cx.setting_at(&PROCESSES, row.org_id, row.created_at).await?;
    Ok(rules::choose(&rules, &row.kind, row.mode).map(str::to_string))
}

/// What a process may know of an order, by the names of [`process::facts::FACTS`]; money in fen.
fn facts(row: &OrderRow) -> BTreeMap<String, Value> {
    let text = |text: &str| json!(text.trim());
    let list: [(&str, Value); 24] = [
        ("no", text(&row.no)),
        ("customer", text(&row.customer_name)),
        ("contact", text(&row.contact)),
        ("phone", text(&row.phone)),
        ("address", text(&row.address)),
        ("region", text(&row.region)),
        ("product", text(&row.model_name)),
        ("serial", text(&row.serial)),
        ("fault", text(&row.symptom)),
        ("demand", text(&row.demand)),
        ("kind", text(&row.kind)),
        ("mode", json!(row.mode)),
        ("warranty", json!(row.warranty)),
        ("in_warranty", json!(row.warranty != WarrantyClass::Out)),
        ("urgent", json!(row.urgent)),
        ("over_quote", json!(row.quote_limit)),
        ("engineer", json!(row.engineer_id)),
        ("outlet", json!(row.outlet_id)),
        ("appointment", json!(row.appoint_from)),
        ("cause", text(&row.cause)),
        ("root_cause", text(&row.root_cause)),
        ("result", text(&row.result)),
        ("amount", json!(row.payable)),
        ("callback", text(&row.callback_class)),
    ];
    let mut facts: BTreeMap<String, Value> = list.into_iter().map(|(k, v)| (k.to_string(), v)).collect();
    // What is not known yet is no fact: it must not wipe out what the process heard first.
    let known = [
        ("done_at", row.done_at.map(|at| json!(at))),
        ("confirmed_by", row.confirmed_at.map(|_| text(&row.confirmed_by))),
        ("sheet_back", row.sheet_returned_at.map(|at| json!(at))),
        ("score", row.score.map(|score| json!(score))),
        ("deduction", row.audited_at.map(|_| json!(row.deduction))),
    ];
    facts.extend(known.into_iter().filter_map(|(name, value)| Some((name.to_string(), value?))));
    facts
}

/// The newest orders that followed the fixed steps, for dry runs of new templates.
pub async fn past(cx: &Cx, conn: &mut Conn, most: i64) -> Result<Vec<PastSubject>> {
    let Ok(scope) = cx.scope(&ORDER_READ) else { return Ok(Vec::new()) };
    let mut list = Vec::new();
    for row in store::select_plain(conn, &scope, most).await? {
        let steps = store::select_steps(conn, row.id).await?;
        let moved = steps.into_iter().filter(|s| s.from_state != s.to_state);
        list.push(PastSubject {
            id: row.id,
            no: row.no.clone(),
            opened: row.created_at,
            facts: facts(&row),
            stages: moved.map(|s| (s.at, s.to_state, s.reason)).collect(),
        });
    }
    Ok(list)
}

/// Starts the process of a new order, before the order is stored; the order names its run. None for a template that
/// was retired since the rule was made: the customer's order is taken all the same, by the fixed steps.
pub async fn start_in(tx: &mut Tx, row: &mut OrderRow, template: &str) -> Result<Option<ProcessStep>> {
    let subject = DocRef::new("order", row.id, &row.no);
    let run = match documents::api::start_in(tx, template, subject, row.org_id, facts(row)).await {
        Err(Error::NotFound) => return Ok(None),
        run => run?,
    };
    row.run_id = Some(run.id);
    Ok(Some(ProcessStep {
        doc: row.id,
        run: run.id,
        step: run.step_name,
        stage: run.stage.as_str().to_string(),
        waits: String::new(),
        reason: String::new(),
        said: BTreeMap::new(),
    }))
}

/// The process begins further on than a new order: the order catches up.
pub async fn catch_up_in(tx: &mut Tx, step: &ProcessStep) -> Result<()> {
    let before = tx.set_hearing(Some(step.run));
    let moved = moved(tx, step).await;
    tx.set_hearing(before);
    moved
}

/// After a command on an order: its run hears of it and makes the move that belongs to it, or refuses (DOC-19).
pub async fn follow_in(
    tx: &mut Tx,
    old: &OrderRow,
    new: &OrderRow,
    reason: &str,
    handed_over: bool,
) -> Result<()> {
    let Some(run) = new.run_id else { return Ok(()) };
    let to = (old.state != new.state).then(|| new.state.as_str());
    // Only news is told: what a process asked for anew, or was told itself, old facts must not overwrite.
    let known = self::facts(old);
    let mut facts = facts(new);
    facts.retain(|name, value| known.get(name) != Some(value));
    if new.waiting == Waiting::Parts.as_str() && new.waiting != old.waiting && !reason.is_empty() {
        facts.insert("missing".into(), json!(reason));
    }
    let said =
        Follow { facts: &facts, to, waits: &new.waiting, ended: new.state.is_final(), reason, handed_over };
    documents::api::follow_in(tx, run, &said).await
}

/// What somebody else learned about an order, by the name of the fact, is told to its run, so that nobody is asked twice.
pub async fn learn_in(tx: &mut Tx, order: Id, facts: &BTreeMap<String, Value>) -> Result<()> {
    let Some(run) = store::get_order(tx, order).await?.run_id else { return Ok(()) };
    let said = Follow { facts, to: None, waits: "", ended: false, reason: "", handed_over: false };
    documents::api::follow_in(tx, run, &said).await
}

/// What the customer was told about an order counts for its run as well (SHOP-24).
pub async fn told_in(tx: &mut Tx, order: Id, message: &str, text: &str) -> Result<()> {
    let Some(run) = store::get_order(tx, order).await?.run_id else { return Ok(()) };
    documents::api::told_in(tx, run, message, text).await
}

/// The run moved: the order goes through the commands that lead there, each with its own rules. Who may was decided by
/// the template.
pub async fn moved(tx: &mut Tx, step: &ProcessStep) -> Result<()> {
    let row = store::lock_order(tx, step.doc).await?;
    let Some(to) = State::parse(&step.stage).filter(|_| row.run_id == Some(step.run)) else { return Ok(()) };
    let mut way = rules::way(row.state, to).unwrap_or_default();
    if way.first() == Some(&"resume") {
        // It goes on from where it stood before it waited, which may be before the work.
        give(tx, step, "resume").await?;
        way = rules::way(store::get_order(tx, step.doc).await?.state, to).unwrap_or_default();
    }
    // Trades whose processes name nobody go on without: the order stays among those to be assigned until the desk names
    // somebody. What is done was done by somebody.
    let open = matches!(to, State::Scheduled | State::InProgress | State::Waiting);
    for command in way {
        if command == "assign" && open && named(step, &row).is_none() {
            if row.state == State::New {
                give(tx, step, "accept").await?;
            }
            break;
        }
        if command == "audit" {
            note_paper(tx, step).await?;
        }
        give(tx, step, command).await?;
    }
    hand_over(tx, step).await?;
    note_paper(tx, step).await
}

/// Whom the process names anew in the middle of the work goes on with it (WO-44).
async fn hand_over(tx: &mut Tx, step: &ProcessStep) -> Result<()> {
    let Some(engineer) = said(step, "engineer").and_then(|text| text.parse::<Id>().ok()) else {
        return Ok(());
    };
    let row = store::get_order(tx, step.doc).await?;
    let at_work = matches!(row.state, State::Scheduled | State::InProgress | State::Waiting);
    if at_work && row.engineer_id != Some(engineer) { assign(tx, step).await.map(drop) } else { Ok(()) }
}

/// The paper and the score go on the order as soon as the process knows them, whichever step asked for them.
async fn note_paper(tx: &mut Tx, step: &ProcessStep) -> Result<()> {
    finish::note_paper_in(tx, step.doc, said_at(step, "sheet_back"), said_number(step, "score")).await
}

fn said_at(step: &ProcessStep, fact: &str) -> Option<Ts> {
    said(step, fact).and_then(|text| Ts::parse(&text).ok())
}

fn said_number(step: &ProcessStep, fact: &str) -> Option<i64> {
    step.said.get(fact).and_then(Value::as_i64)
}

fn said(step: &ProcessStep, fact: &str) -> Option<String> {
    step.said.get(fact).and_then(Value::as_str).map(str::to_string).filter(|text| !text.is_empty())
}

async fn give(tx: &mut Tx, step: &ProcessStep, command: &str) -> Result<()> {
    let id = step.doc;
    let note = || Some(if step.reason.is_empty() { step.step.clone() } else { step.reason.clone() });
    let why = || Reason { version: None, reason: note().unwrap_or_default() };
    match command {
        "accept" => service::accept_in(tx, id, &Note { version: None, note: note() }).await,
        "assign" => assign(tx, step).await,
        "start" => service::start_in(tx, id, &Place { note: note(), ..Place::default() }).await,
        "wait" => {
            let reason = Waiting::parse(&step.waits).unwrap_or(Waiting::Other);
            let input = Wait { version: None, reason, note: note(), hand_over_to: None };
            service::wait_in(tx, id, &input).await
        }
        "resume" => service::resume_in(tx, id, &Note { version: None, note: note() }).await,
        "complete" => {
            let input = Complete {
                cause: said(step, "cause").unwrap_or_default(),
                root_cause: said(step, "root_cause"),
                result: said(step, "result"),
                ..Complete::default()
            };
            // What else is needed, a signature for instance, is asked by the completion sheet alone.
            finish::complete_in(tx, id, &input, None).await.map_err(|error| match error {
                Error::Invalid(problems) => Error::Conflict(
                    RuleError::new(
                        "orders.complete_first",
                        T(
                            "请先保存这里填的内容，再到工单上填写完工单，流程随之前进：{what}",
                            "Save what is filled in here, then fill in the completion sheet on the order; the process follows: {what}",
                        ),
                    )
                    .arg("what", words(tx.cx(), &problems)),
                ),
                other => other,
            })
        }
        "confirm" => {
            // Who names the person that took the unit back saw them: no paper has to come back after that.
            let by = said(step, "confirmed_by");
            let proven = by.is_some();
            let input = Confirm { note: note(), by, proven, ..Confirm::default() };
            finish::confirm_in(tx, id, &input, None).await
        }
        "audit" => {
            let deduction = said_number(step, "deduction").map(Money);
            // Whether a callback had to come first was for the template to say.
            let input = Audit { note: note(), deduction, waive_callback: true, ..Audit::default() };
            finish::audit_in(tx, id, &input).await
        }
        "close" => finish::close_in(tx, id, &Note { version: None, note: note() }).await,
        "reopen" => finish::reopen_in(tx, id, &why()).await,
        "cancel" => {
            let fresh = order_rules::may_cancel(&store::get_order(tx, id).await?);
            service::stop_in(tx, id, if fresh { "cancel" } else { "terminate" }, &why()).await
        }
        "terminate" => service::stop_in(tx, id, "terminate", &why()).await,
        "return" => service::stop_in(tx, id, "return", &why()).await,
        other => return Err(Error::Internal(format!("no command {other}"))),
    }
    .map(drop)
}

fn words(cx: &Cx, problems: &kernel::Problems) -> String {
    problems.0.iter().map(|p| p.message(cx.lang)).collect::<Vec<_>>().join("；")
}

fn named(step: &ProcessStep, row: &OrderRow) -> Option<Id> {
    said(step, "engineer").and_then(|text| text.parse::<Id>().ok()).or(row.engineer_id)
}

/// The engineer whom the process names, or who was named before.
async fn assign(tx: &mut Tx, step: &ProcessStep) -> Result<crate::order::out::OrderOut> {
    let row = store::lock_order(tx, step.doc).await?;
    let engineer_id = named(step, &row).ok_or_else(|| {
        let text = T(
            "请先在工单上派工：工作须有人做",
            "Assign the order to an engineer first: somebody did the work",
        );
        Error::Conflict(RuleError::new("orders.assign_first", text))
    })?;
    let reason = Some(if step.reason.is_empty() { step.step.clone() } else { step.reason.clone() });
    let input = AssignOrder {
        version: None,
        engineer_id,
        outlet_id: said(step, "outlet")
            .and_then(|text| text.parse().ok())
            .filter(|id| row.outlet_id != Some(*id)),
        appointment_from: None,
        appointment_to: None,
        helpers: Vec::new(),
        reason,
    };
    service::assign_in(tx, step.doc, &input).await
}

/// Everything that was set.
pub async fn list(cx: &Cx) -> Result<Processes> {
    cx.require(&ORDER_READ)?;
    let mut conn = cx.read().await?;
    let out = all(&mut conn).await?;
    let notes = retired(cx, &mut conn, &out).await?;
    cx.count(&conn);
    Ok(Processes { notes, ..out })
}

/// Rules in force whose template was retired: their orders go by the fixed steps.
async fn retired(cx: &Cx, conn: &mut Conn, set: &Processes) -> Result<Vec<String>> {
    let known = documents::api::templates(conn, cx.now()).await?;
    let text = T(
        "流程“{process}”已停用：规则不再生效，新工单按固定步骤办理",
        "The process \"{process}\" was retired: the rule has no effect, new orders go by the fixed steps",
    );
    let now = rules::in_force(set.items.clone(), cx.now());
    let mut gone: Vec<&str> = now
        .iter()
        .filter(|set| set.valid_from <= cx.now())
        .flat_map(|set| &set.rules)
        .map(|rule| rule.template.as_str())
        .filter(|code| !code.is_empty() && known.iter().all(|t| t.code != *code))
        .collect();
    gone.sort_unstable();
    gone.dedup();
    Ok(gone.into_iter().map(|code| text.fill(cx.lang, &[("process", code.to_string())])).collect())
}

async fn all(conn: &mut db::Conn) -> Result<Processes> {
    let mut items = Vec::new();
    for row in settings::history(conn, PROCESSES.key).await? {
        items.push(ProcessSet {
            org_id: Some(row.org_id).filter(|org| !org.is_nil()),
            valid_from: row.valid_from,
            rules: serde_json::from_str(&row.value)?,
        });
    }
    Ok(Processes { items, notes: Vec::new() })
}

/// Sets the rules of an organisation, or of all, for orders opened from an instant on.
///
/// Errors: `orders.process_template`, `orders.kind`, `orders.process_mode` at `rules.N.…`; `setting.past`.
pub async fn save(cx: &Cx, input: SetProcesses) -> Result<Processes> {
    cx.require(&pricing::api::KIND_WRITE)?;
    let mut tx = kit::begin!(cx, "orders.set_processes", &input);
    let now = tx.now();
    let templates = documents::api::templates(&mut tx, input.valid_from.unwrap_or(now)).await?;
    let kinds = pricing::api::work_kinds(&mut tx).await?;
    let mut problems = kernel::Problems::new();
    let mut notes = Vec::new();
    let mut kept = Vec::new();
    for (index, rule) in input.rules.iter().enumerate() {
        if *rule == ProcessRule::default() {
            continue;
        }
        let found = templates.iter().find(|t| t.code == rule.template);
        problems.check(rule.template.is_empty() || found.is_some(), || {
            let text = T("没有这个已生效的流程模板", "There is no such template in force");
            RuleError::new("orders.process_template", text).field(format!("rules.{index}.template"))
        });
        problems.check(rule.kind.is_empty() || kinds.iter().any(|k| k.code == rule.kind), || {
            RuleError::new("orders.kind", T("没有这个工种", "There is no such kind of work"))
                .field(format!("rules.{index}.kind"))
        });
        let mode = rule.mode.is_empty() || crate::order::model::Mode::parse(&rule.mode).is_some();
        problems.check(mode, || {
            RuleError::new("orders.process_mode", T("没有这种方式", "There is no such mode"))
                .field(format!("rules.{index}.mode"))
        });
        problems.check(!found.is_some_and(|t| t.confidential), || {
            let text = T(
                "这个流程的单据只有指定的人可见，不能用于工单：工单对同组织的人可见",
                "Its documents are confidential: it does not fit orders, which everybody of the organisation sees",
            );
            RuleError::new("orders.process_reads", text).field(format!("rules.{index}.template"))
        });
        if let Some(found) = found {
            notes.extend(misfits(cx, found));
        }
        kept.push(rule.clone());
    }
    problems.finish()?;
    let set = settings::SetSetting {
        key: PROCESSES.key.into(),
        org_id: input.org_id,
        valid_from: input.valid_from,
        value: serde_json::to_value(&kept)?,
    };
    settings::set_in(&mut tx, &set).await?;
    notes.dedup();
    let out = Processes { notes, ..all(&mut tx).await? };
    tx.commit(out).await
}

/// Moves of a template that the order's state does not follow: it stays where it is meanwhile.
fn misfits(cx: &Cx, template: &documents::api::TemplateBrief) -> Vec<String> {
    let lost = template.moves.iter().filter(|(_, from, to)| {
        let states = (State::parse(from.as_str()), State::parse(to.as_str()));
        matches!(states, (Some(from), Some(to)) if rules::way(from, to).is_none())
    });
    let text = T(
        "流程“{process}”的“{act}”：工单状态不随之变化",
        "\"{act}\" of the process \"{process}\" does not change the order's state",
    );
    lost.map(|(act, _, _)| text.fill(cx.lang, &[("process", template.name.clone()), ("act", act.clone())]))
        .collect()
}

/// Names of templates in force, for choosing.
pub async fn choices(cx: &Cx, at: Ts) -> Result<Vec<(String, String)>> {
    let mut conn = cx.read().await?;
    let list = documents::api::templates(&mut conn, at).await?;
    cx.count(&conn);
    Ok(list.iter().map(|t| (t.code.clone(), cx.lang.of(&t.name).to_string())).collect())
}
