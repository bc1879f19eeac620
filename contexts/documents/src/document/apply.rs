//! Doing what the machine decided: history, clocks, tasks, notices, messages, documents, signatures, and telling the
//! contexts above.

use contracts::{ProcessAsked, ProcessMoved};
use kernel::{Id, Span, T, Ts};
use kit::{
    DocRef, Result, Tx,
    notify::{Notice, tell_in},
    timers::{self, NewTimer},
};
use process::{Effect, Named, Outcome, Template, access::find, effects};

use super::{
    model::{DocumentRow, EntryRow, MessageRow, Stage, TaskRow},
    people,
    service::{self, Opening},
    store,
};
use crate::approval;

/// Clocks of processes fire under this name; the template's key follows after `/`.
pub const TIMER: &str = "documents.process";
/// Rungs of an escalation ladder that a clock can have.
const MOST_RUNGS: usize = 9;

/// Name of a template's clock.
pub fn timer_kind(key: &str) -> String {
    format!("{TIMER}/{key}")
}

/// Name of the clock of a rung.
pub fn rung_kind(key: &str, rung: usize) -> String {
    format!("{TIMER}/{key}/{rung}")
}

/// What the run is for, to the outside: its subject, or itself.
pub fn subject(row: &DocumentRow) -> (String, Id, String) {
    match row.subject_id {
        Some(id) => (row.subject_kind.clone(), id, row.subject_no.clone()),
        None => ("document".into(), row.id, row.no.clone()),
    }
}

/// A line of the history by the caller.
pub fn entry(tx: &Tx, row: &DocumentRow, kind: &str, act: &str, text: &str) -> EntryRow {
    let actor = tx.cx().actor.clone();
    EntryRow {
        id: tx.id(),
        document_id: row.id,
        at: tx.now(),
        user_id: actor.as_ref().map_or(Id::NIL, |a| a.user),
        user_name: actor.map_or_else(String::new, |a| a.name.clone()),
        instead_of: String::new(),
        kind: kind.into(),
        act: act.into(),
        from_step: row.step.clone(),
        to_step: row.step.clone(),
        contact: false,
        text: text.into(),
    }
}

/// What became of a signature is in the history of what was signed for: `signed`, `refused` or `withdrawn` (DOC-08).
pub async fn signature_in(tx: &mut Tx, document: Id, kind: &str, text: &str) -> Result<()> {
    let row = store::get_document(tx, document).await?;
    let line = entry(tx, &row, kind, "", text);
    store::insert_entries(tx, &[line]).await
}

/// Lines of the moves made: the first by the caller, those that followed by the system. Tells the contexts above.
pub async fn history(
    tx: &mut Tx,
    template: &Template,
    row: &DocumentRow,
    outcome: &Outcome,
    reason: &str,
    instead_of: &str,
) -> Result<()> {
    let mut lines = Vec::with_capacity(outcome.path.len());
    let (doc_kind, doc_id, _) = subject(row);
    for (index, passed) in outcome.path.iter().enumerate() {
        let by_hand = index == 0;
        let kind = if passed.act.is_empty() { "opened" } else { "moved" };
        let mut line = entry(tx, row, kind, &passed.act, if by_hand { reason } else { "" });
        line.from_step = passed.from.clone();
        line.to_step = passed.to.clone();
        line.contact = template.step(&passed.from).is_some_and(|s| s.contact);
        if by_hand {
            line.instead_of = instead_of.to_string();
        } else {
            line.user_id = Id::NIL;
            line.user_name = "系统".into();
        }
        lines.push(line);
        tx.emit(&ProcessMoved {
            run_id: row.id,
            doc_kind: doc_kind.clone(),
            doc_id,
            template: template.code.clone(),
            act: passed.act.clone(),
            from: passed.from.clone(),
            to: passed.to.clone(),
            stage: row.stage.as_str().to_string(),
            reason: if by_hand { reason.to_string() } else { String::new() },
            at: tx.now(),
        })?;
    }
    store::insert_entries(tx, &lines).await
}

/// Carries out effects in order.
pub async fn carry_out(tx: &mut Tx, template: &Template, row: &DocumentRow, outcome: &Outcome) -> Result<()> {
    let names = people::names(tx, template, &outcome.state).await?;
    for effect in &outcome.effects {
        let mut effect = effect.clone();
        if let Some(text) = effect.text_mut() {
            *text = people::in_names(text, &names);
        }
        one(tx, template, row, outcome, &effect).await?;
    }
    Ok(())
}

fn doc(row: &DocumentRow) -> DocRef {
    DocRef::new("document", row.id, &row.no)
}

async fn one(
    tx: &mut Tx,
    template: &Template,
    row: &DocumentRow,
    outcome: &Outcome,
    effect: &Effect,
) -> Result<()> {
    let kinds = |timers: &[String]| -> Vec<String> { timers.iter().map(|key| timer_kind(key)).collect() };
    match effect {
        Effect::Start { timer, span, due } => {
            let due = ahead(tx, template, row.org_id, timer, *due).await?;
            start(tx, template, row, timer, span, due).await
        }
        Effect::Stop { timer } => stop(tx, row.id, timer).await,
        Effect::Pause { timers } if timers.is_empty() => Ok(()),
        Effect::Pause { timers } => timers::pause_some_in(tx, row.id, Some(&kinds(timers)), &row.step).await,
        Effect::Resume { timers } if timers.is_empty() => Ok(()),
        Effect::Resume { timers } => timers::resume_some_in(tx, row.id, Some(&kinds(timers))).await,
        Effect::StopAll => stop_all(tx, template, row).await,
        Effect::Task { key, text, who, span, due, stays } => {
            let until = until(tx, row.org_id, span, *due).await?;
            task(tx, template, row, outcome, NewTask { key, text, who, until, stays: *stays }).await
        }
        Effect::Notice { text, who } => tell(tx, template, row, &outcome.state, who, text).await,
        Effect::Message { kind, text, phone } => message(tx, row, &outcome.state, (kind, text, phone)).await,
        Effect::Document { template: code, fields, alone } => {
            if !alone.is_empty()
                && let Some(running) = running(tx, row, code, fields, alone).await?
            {
                let text = T("已有在办的 {no}，不再开单", "{no} is under way: no other is opened");
                let line = entry(tx, row, "saved", "document", &text.told(&[("no", running)]));
                return store::insert_entries(tx, &[line]).await;
            }
            let opening = Opening {
                code: code.clone(),
                org: row.org_id,
                subject: row.subject_id.map(|id| DocRef::new(&row.subject_kind, id, &row.subject_no)),
                parent: Some((row.id, row.depth + 1)),
                fields: fields.clone(),
                asked: true,
            };
            Box::pin(service::open_in(tx, opening, &process::machine::SYSTEM)).await.map(drop)
        }
        Effect::Requisition { over: true, text, .. } => {
            let event = asked(tx, row, "handed_over", "");
            ask(tx, row, event, text).await?;
            let (tasks, by, now) = (store::select_tasks(tx, row.id).await?, user_name(tx), tx.now());
            for task in tasks.iter().filter(|t| t.trigger_key == "requisition" && t.state == "open") {
                store::finish_task(tx, task.id, &by, now).await?;
            }
            Ok(())
        }
        Effect::Requisition { text, span, due, .. } => {
            let until = until(tx, row.org_id, span, *due).await?;
            let event = ProcessAsked { due: until, ..asked(tx, row, "requisition", "") };
            ask(tx, row, event, text).await?;
            // Orders know their parts: what can be held or bought needs no text (DOC-04).
            if row.subject_kind == "order" {
                return Ok(());
            }
            let told = told(T("申领备件工具：{text}", "Parts and tools: {text}"), text);
            let new =
                NewTask { key: "requisition", text: &told, who: &role("storekeeper"), until, stays: false };
            task(tx, template, row, outcome, new).await
        }
        Effect::Callback { kind, text, said, .. } if process::called::is_over(kind) => {
            // What the order itself heard, or was ended with, it need not be told.
            if tx.hearing() == Some(row.id) {
                return Ok(());
            }
            called(tx, row, outcome, kind, text, said).await
        }
        Effect::Callback { kind, span, due, text, .. } => {
            let until = until(tx, row.org_id, span, *due).await?;
            let event = ProcessAsked { due: until, ..asked(tx, row, "callback", kind) };
            ask(tx, row, event, text).await?;
            // The first callback of an order is the company's own; of every other somebody has to be reminded.
            if row.subject_kind == "order" && kind == contracts::FIRST_CALLBACK {
                return Ok(());
            }
            let told = told(T("回访：{text}", "Callback: {text}"), text);
            let new = NewTask { key: "callback", text: &told, who: &role("callback"), until, stays: true };
            task(tx, template, row, outcome, new).await
        }
        Effect::Settlement { code, amount, text, to } => {
            let event =
                ProcessAsked { party: to.clone(), amount: *amount, ..asked(tx, row, "settlement", code) };
            ask(tx, row, event, text).await?;
            // Pay knows the engineers of orders, and an order what is taken off its bill; what concerns others somebody
            // has to settle.
            let off = to == "customer" && *amount < 0;
            if row.subject_kind == "order" && (off || matches!(to.as_str(), "engineer" | "engineers")) {
                return Ok(());
            }
            let sum = kit::format::money(kernel::Money(*amount));
            let line = |lang: kernel::Lang| format!("{} {sum}", lang.of(text).trim_end());
            let text = T::both(&line(kernel::Lang::Zh), &line(kernel::Lang::En));
            let told = match to.as_str() {
                "outlet" => T("网点结算：{text}", "Settle with the outlet: {text}"),
                "maker" => T("向厂家结算：{text}", "Settle with the maker: {text}"),
                "customer" => T("向客户结算：{text}", "Settle with the customer: {text}"),
                _ => T("工程师结算：{text}", "Settle with the engineer: {text}"),
            };
            let told = self::told(told, &text);
            let new =
                NewTask { key: "settlement", text: &told, who: &role("auditor"), until: None, stays: true };
            task(tx, template, row, outcome, new).await
        }
        Effect::Approval { scheme, amount } => approval::service::open_in(tx, scheme, row, *amount).await,
    }
}

/// Name of the lock under which a document is looked for that must be the only one.
const ALONE_LOCK: i64 = 0x0D0C_A103;

/// A document of the type that is not over and says the same in these fields. Nobody else opens one until the
/// transaction ends: two runs that close at the same moment would each find none.
async fn running(
    tx: &mut Tx,
    row: &DocumentRow,
    code: &str,
    fields: &std::collections::BTreeMap<String, serde_json::Value>,
    alone: &[String],
) -> Result<Option<String>> {
    let text = |key: &String| match fields.get(key) {
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(serde_json::Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    };
    db::dialect::advisory_lock(tx, ALONE_LOCK).await?;
    let same: Vec<(String, String)> = alone.iter().map(|key| (key.clone(), text(key))).collect();
    Ok(store::find_running(tx, code, row.org_id, &same).await?.map(|(no,)| no))
}

/// What an order's process asked for could not be read as parts: the storekeepers read it.
pub async fn requisition_task_in(tx: &mut Tx, run: Id, until: Option<Ts>) -> Result<()> {
    let row = store::lock_document(tx, run).await?;
    let (_, template) = crate::template::service::version(tx, row.template_id).await?;
    let entries = store::select_entries(tx, run).await?;
    let Some(asked) = entries.into_iter().rfind(|line| line.act == "requisition") else { return Ok(()) };
    let told = told(T("申领备件工具：{text}", "Parts and tools: {text}"), &asked.text);
    let state = serde_json::from_str(&row.state)?;
    let outcome = Outcome { state, path: Vec::new(), effects: Vec::new() };
    let new = NewTask { key: "requisition", text: &told, who: &role("storekeeper"), until, stays: false };
    task(tx, &template, &row, &outcome, new).await
}

fn told(what: T, text: &str) -> String {
    what.told(&[("text", text.to_string())])
}

fn role(code: &str) -> [String; 1] {
    [format!("role:{code}")]
}

async fn start(
    tx: &mut Tx,
    template: &Template,
    row: &DocumentRow,
    key: &str,
    span: &str,
    due: Option<Ts>,
) -> Result<()> {
    let kind = timer_kind(key);
    let running = timers::of_doc(tx, row.id).await?;
    if running.iter().any(|t| t.kind == kind && matches!(t.state.as_str(), "open" | "paused")) {
        return Ok(());
    }
    let warn = find(&template.timers, key).map_or(0, |t| process::machine::clock_length(&t.warn));
    let timer = NewTimer {
        doc: &doc(row),
        org: row.org_id,
        kind: &kind,
        span: if span.is_empty() { Span::Hours(0) } else { Span::parse(span)? },
        start: tx.now(),
        warn_percent: 0,
    };
    if due.is_none() && span.is_empty() {
        // Due at a field that nobody has filled in yet: [`retime`] sets it when somebody does.
        return timers::await_in(tx, &timer).await;
    }
    timers::start_at_in(tx, &timer, due, warn).await
}

/// Working hours ahead of a point need the organisation's calendar, which the machine does not know.
async fn ahead(tx: &Tx, template: &Template, org: Id, key: &str, due: Option<Ts>) -> Result<Option<Ts>> {
    let before = find(&template.timers, key).and_then(|t| Span::parse(&t.before).ok());
    let (Some(due), Some(span @ Span::WorkingMinutes(_))) = (due, before) else { return Ok(due) };
    let calendar = timers::calendar(&tx.cx().clone(), org).await?;
    Ok(Some(kernel::ahead(due, &span, &calendar)?))
}

/// Clocks that are due at the time in a field follow it when it changes: a visit that was booked anew is due anew. The
/// old clock stays in the history, late if it was.
pub async fn retime(
    tx: &mut Tx,
    template: &Template,
    row: &DocumentRow,
    before: &process::State,
    after: &process::State,
) -> Result<()> {
    let moved =
        template.timers.iter().filter(|t| !t.at.is_empty() && before.text(&t.at) != after.text(&t.at));
    for timer in moved {
        let Effect::Start { due, .. } = effects::start(timer, after) else { continue };
        let due = ahead(tx, template, row.org_id, &timer.key, due).await?;
        let due = due.map(|due| due.max(tx.now()));
        // One that this very move started is due at the new time already.
        let kind = timer_kind(&timer.key);
        let running = timers::of_doc(tx, row.id).await?;
        let stale = running.iter().any(|t| t.kind == kind && t.state == "open" && t.due_at != due);
        if !stale || !timers::drop_in(tx, row.id, &kind).await? {
            continue;
        }
        for rung in 0..MOST_RUNGS {
            timers::drop_in(tx, row.id, &rung_kind(&timer.key, rung)).await?;
        }
        start(tx, template, row, &timer.key, "", due).await?;
    }
    Ok(())
}

async fn stop(tx: &mut Tx, document: Id, key: &str) -> Result<()> {
    let mut kinds = vec![timer_kind(key)];
    kinds.extend((0..MOST_RUNGS).map(|rung| rung_kind(key, rung)));
    let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
    timers::stop_in(tx, document, &kinds).await
}

/// The process is over: clocks that nothing ended explicitly end without a verdict, open tasks and signatures are off.
async fn stop_all(tx: &mut Tx, _template: &Template, row: &DocumentRow) -> Result<()> {
    timers::cancel_in(tx, row.id).await?;
    let now = tx.now();
    // What was held or asked for and not handed out yet is not needed. Orders let go of their own lines.
    if matches!(row.stage, Stage::Cancelled | Stage::Terminated | Stage::ReturnedUnrepaired)
        && row.subject_kind != "order"
    {
        tx.emit(&asked(tx, row, "withdrawn", ""))?;
    }
    store::cancel_tasks(tx, row.id, now).await?;
    approval::service::cancel_in(tx, row.id).await
}

struct NewTask<'a> {
    key: &'a str,
    text: &'a str,
    who: &'a [String],
    until: Option<Ts>,
    stays: bool,
}

async fn task(
    tx: &mut Tx,
    template: &Template,
    row: &DocumentRow,
    outcome: &Outcome,
    NewTask { key, text, who, until, stays }: NewTask<'_>,
) -> Result<()> {
    let made = TaskRow {
        id: tx.id(),
        document_id: row.id,
        org_id: row.org_id,
        trigger_key: key.into(),
        text: text.into(),
        who: serde_json::to_string(who)?,
        state: "open".into(),
        due_at: until,
        created_at: tx.now(),
        done_at: None,
        done_by: String::new(),
        // What the last move makes is for afterwards.
        stays: stays || outcome.state.ended.is_some(),
    };
    let holder = people::holder(template, who, &outcome.state, row.owner_id);
    store::insert_task(tx, &made, &holder).await?;
    tell(tx, template, row, &outcome.state, who, text).await
}

/// When something is due: at a point of time, or when a span from now is over by the organisation's calendar.
async fn until(tx: &mut Tx, org: Id, span: &str, point: Option<Ts>) -> Result<Option<Ts>> {
    if span.is_empty() {
        return Ok(point);
    }
    let calendar = timers::calendar(&tx.cx().clone(), org).await?;
    Ok(kernel::due(tx.now(), &Span::parse(span)?, &calendar, &[])?.due)
}

/// Notices to the people a template names.
pub async fn tell(
    tx: &mut Tx,
    template: &Template,
    row: &DocumentRow,
    state: &process::State,
    who: &[String],
    text: &str,
) -> Result<()> {
    let now = tx.now();
    let users = people::users(tx, template, who, row.org_id, row.creator_id, state, now).await?;
    if users.is_empty() {
        return Ok(());
    }
    let href = format!("/documents/{}", row.id);
    let detail = format!("{} {}", row.no, row.title);
    tell_in(tx, &Notice { users: &users, title: text, detail: &detail, href: &href, mail: false }).await
}

/// Tells the person whose turn it became by somebody else's hand, `before` being whose it was (ORG-06). Not where the
/// template tells or asks this person itself, and not for orders, which tell their engineers.
pub async fn tell_turn(
    tx: &mut Tx,
    template: &Template,
    row: &DocumentRow,
    before: Option<Id>,
    outcome: &Outcome,
) -> Result<()> {
    let for_order = row.subject_id.is_some() && row.parent_id.is_none();
    let next = row.holder_id.filter(|person| Some(*person) != before && *person != tx.staff());
    let Some(person) = next.filter(|_| row.ended_at.is_none() && !for_order) else { return Ok(()) };
    let told = outcome.effects.iter().any(|effect| match effect {
        Effect::Notice { who, .. } | Effect::Task { who, .. } => {
            people::holder(template, who, &outcome.state, row.owner_id).person == Some(person)
        }
        _ => false,
    });
    if told {
        return Ok(());
    }
    let now = tx.now();
    let users = org::api::users_of(tx, &[person], now).await?;
    let title = T::both(&format!("轮到您：{}", row.step_name), &format!("Your turn: {}", row.step_name_en));
    let (href, detail) = (format!("/documents/{}", row.id), format!("{} {}", row.no, row.title));
    tell_in(tx, &Notice { users: &users, title: &title, detail: &detail, href: &href, mail: false }).await
}

async fn message(
    tx: &mut Tx,
    row: &DocumentRow,
    state: &process::State,
    (kind, text, phone): (&str, &str, &str),
) -> Result<()> {
    let told = MessageRow {
        id: tx.id(),
        document_id: row.id,
        kind: kind.into(),
        count: state.messages.get(kind).copied().unwrap_or(0),
        text: text.into(),
        phone: phone.into(),
        user_name: user_name(tx),
        at: tx.now(),
    };
    store::insert_message(tx, &told).await?;
    let line = entry(tx, row, "told", kind, text);
    store::insert_entries(tx, &[line]).await?;
    // Whoever told it knows.
    if tx.hearing() == Some(row.id) {
        return Ok(());
    }
    let event = asked(tx, row, "message", kind);
    ask(tx, row, event, text).await
}

/// Tells the contexts above what a process asks for (DOC-04).
async fn ask(tx: &mut Tx, row: &DocumentRow, asked: ProcessAsked, text: &str) -> Result<()> {
    let line = entry(tx, row, "saved", &asked.what, text);
    // Callbacks and settlements are written in the language of the company.
    tx.emit(&ProcessAsked { text: kernel::Lang::Zh.of(text).into(), ..asked })?;
    store::insert_entries(tx, &[line]).await
}

/// A run asks for this; nothing is said of it yet.
fn asked(tx: &Tx, row: &DocumentRow, what: &str, code: &str) -> ProcessAsked {
    let (doc_kind, doc_id, doc_no) = subject(row);
    ProcessAsked {
        run_id: row.id,
        doc_kind,
        doc_id,
        doc_no,
        org_id: row.org_id,
        what: what.into(),
        party: String::new(),
        code: code.into(),
        text: String::new(),
        amount: 0,
        due: None,
        said: Vec::new(),
        since: tx.now(),
        staff_id: tx.staff(),
        staff_name: user_name(tx),
        at: tx.now(),
    }
}

/// The run called the customer itself (CB-09).
async fn called(
    tx: &mut Tx,
    row: &DocumentRow,
    outcome: &Outcome,
    class: &str,
    text: &str,
    said: &[process::called::Said],
) -> Result<()> {
    let step = outcome.path.first().map_or(row.step.as_str(), |passed| passed.from.as_str());
    let said = said.iter().cloned();
    let event = ProcessAsked {
        since: outcome.state.came.get(step).copied().unwrap_or(outcome.state.entered),
        said: said.map(|a| contracts::Said { question: a.question, text: a.text, value: a.value }).collect(),
        text: kernel::Lang::Zh.of(text).into(),
        ..asked(tx, row, "callback", class)
    };
    tx.emit(&event)?;
    let line = entry(tx, row, "saved", "called", text);
    store::insert_entries(tx, &[line]).await
}

fn user_name(tx: &Tx) -> String {
    tx.cx().actor.as_ref().map_or_else(String::new, |actor| actor.name.clone())
}

/// Starts the later rungs of a clock that ran out, and tells the people of the first.
pub async fn ladder(
    tx: &mut Tx,
    template: &Template,
    row: &DocumentRow,
    state: &process::State,
    key: &str,
    due: Ts,
) -> Result<()> {
    let Some(timer) = find(&template.timers, key) else { return Ok(()) };
    for (index, rung) in timer.ladder.iter().take(MOST_RUNGS).enumerate() {
        if rung.after.is_empty() || process::machine::clock_length(&rung.after) == 0 {
            tell(
                tx,
                template,
                row,
                state,
                &rung.who,
                &T("超时：{text}", "Late: {text}").told(&[("text", timer.both())]),
            )
            .await?;
            continue;
        }
        let kind = rung_kind(key, index);
        let new = NewTimer {
            doc: &doc(row),
            org: row.org_id,
            kind: &kind,
            span: Span::parse(&rung.after)?,
            start: due,
            warn_percent: 0,
        };
        timers::start_at_in(tx, &new, None, 0).await?;
    }
    Ok(())
}

/// The name of a clock in both languages, for lists.
pub fn timer_names(template: &Template, key: &str) -> (String, String) {
    find(&template.timers, key).map_or_else(
        || (key.to_string(), key.to_string()),
        |t| (t.label(kernel::Lang::Zh).to_string(), t.label(kernel::Lang::En).to_string()),
    )
}
