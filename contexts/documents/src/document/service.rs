//! Opening documents and acting on them.

use std::collections::BTreeMap;

use db::Conn;
use kernel::{Id, Lang, RuleError, T, Ts};
use kit::{Cx, DocRef, Error, Result, Tx, begin};
use process::{Actor, Entry, FieldType, Named, Outcome, State, Template, access, effects, machine};
use serde_json::{Value, json};

pub use super::load::state_of;
use super::{
    apply, clocks, guard,
    load::{Loaded, load_in},
    model::*,
    people, store,
    values::{masked, secret, typed, unmask},
};
use crate::{
    perms::{DOCUMENT_READ, DOCUMENT_REVEAL, DOCUMENT_WRITE},
    template,
};

/// Deepest chain of documents that make documents.
const MOST_DEPTH: i64 = 5;
/// Most documents that one sets off, those that they set off included.
const MOST_FAMILY: i64 = 100;
/// Longest line that names a document, characters.
const MOST_TITLE: usize = 200;

/// A document to be opened in somebody's transaction.
pub struct Opening {
    /// Template.
    pub code: String,
    /// Owning organisation.
    pub org: Id,
    /// What it is for; none: it stands for itself.
    pub subject: Option<DocRef>,
    /// The document that makes it, and its own depth.
    pub parent: Option<(Id, i64)>,
    /// Values of fields.
    pub fields: BTreeMap<String, Value>,
    /// Somebody is there to be asked for what is missing; otherwise the first step asks for it.
    pub asked: bool,
}

/// Reference for panels and audit.
pub fn doc(row: &DocumentRow) -> DocRef {
    DocRef::new("document", row.id, &row.no)
}

/// What the audit keeps of a document: where it stands and its values, sensitive ones masked.
pub(super) fn audited(template: &Template, row: &DocumentRow) -> Result<Value> {
    let state: State = serde_json::from_str(&row.state)?;
    let mut kept = json!({ "no": row.no, "title": row.title, "step": row.step, "stage": row.stage, "version": row.version,
        "template": row.code, "checks": state.checks, "scans": state.scans, "answers": state.answers });
    for field in &template.fields {
        let Some(value) = state.fields.get(&field.key) else { continue };
        kept[format!("f.{}", field.key)] = match (secret(field.kind), value.as_str()) {
            (Some(kind), Some(text)) => json!(kit::perm::mask(kind, text)),
            _ => value.clone(),
        };
    }
    Ok(kept)
}

/// A number by the template's pattern. Patterns that count by the day begin anew every day, others never.
async fn number(tx: &mut Tx, pattern: &str) -> Result<String> {
    let now = tx.now();
    let today = kit::format::date_of(tx.cx().zone_of(Id::NIL), now);
    let day = if process::access::counts_daily(pattern) { now } else { Ts(0) };
    let taken = kit::numbering::next_in(tx, pattern, day).await?;
    let count = taken.rsplit('-').next().and_then(|n| n.parse().ok()).unwrap_or(1);
    Ok(process::access::number(pattern, today, count))
}

/// What a run looks like in its row.
pub(super) fn show(row: &mut DocumentRow, template: &Template, state: &State, now: Ts) -> Result<()> {
    let step = template.step(&state.step);
    // Options of choices have a name in each language, so the line that names a document has too.
    let title =
        |lang| effects::fill(template, &template.title, state, "", lang).chars().take(MOST_TITLE).collect();
    (row.title, row.title_en) = (title(Lang::Zh), title(Lang::En));
    row.step = state.step.clone();
    row.step_name = step.map_or_else(String::new, |s| s.label(Lang::Zh).to_string());
    row.step_name_en = step.map_or_else(String::new, |s| s.label(Lang::En).to_string());
    row.stage = step.map_or(Stage::New, |s| s.stage.into());
    row.contact = step.is_some_and(|s| s.contact);
    row.state = serde_json::to_string(state)?;
    row.updated_at = now;
    row.ended_at = state.ended;
    // Who had it last keeps what is over.
    if let Some(step) = step.filter(|step| !step.end && state.ended.is_none()) {
        let holder = people::holder(template, &step.who, state, row.owner_id);
        (row.holder_id, row.holder_post, row.holder_role) = (holder.person, holder.post, holder.role);
    }
    Ok(())
}

/// Values of fields as rows of their own: texts as people search them, numbers as they sort; and the clocks that ran out.
pub(super) fn values(template: &Template, state: &State) -> Vec<ValueRow> {
    let filled = template.fields.iter().filter_map(|field| {
        let value = state.fields.get(&field.key).filter(|v| process::names::is_filled(v))?;
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_string);
        let number = match field.kind {
            FieldType::Time => Ts::parse(&text).ok().map(|at| at.0),
            _ => value.as_i64(),
        };
        let phone_key = match field.kind {
            FieldType::Phone => kernel::phone_key(&text),
            _ => String::new(),
        };
        Some(ValueRow { field: field.key.clone(), text, number, phone_key })
    });
    let late = |lang, between: &str| {
        let names = template.timers.iter().filter(|t| state.late.contains(&t.key)).map(|t| t.label(lang));
        names.collect::<Vec<_>>().join(between)
    };
    // No key of a field begins so.
    let clocks = [("~late", late(Lang::Zh, "、")), ("~late_en", late(Lang::En, ", "))];
    let clocks = clocks.into_iter().filter(|(_, names)| !names.is_empty());
    let late = clocks.map(|(key, text)| ValueRow {
        field: key.to_string(),
        text,
        number: None,
        phone_key: String::new(),
    });
    filled.chain(late).collect()
}

/// Stores where a run stands after the machine: values, nearest due time, search words.
pub(super) async fn store_in(
    tx: &mut Tx,
    template: &Template,
    row: &mut DocumentRow,
    state: &State,
) -> Result<()> {
    let mut rows = values(template, state);
    // People and organisations stand in lists and in the search by name.
    let names = people::names(tx, template, state).await?;
    for value in rows.iter_mut().filter(|value| names.contains_key(&value.text)) {
        value.text.clone_from(&names[&value.text]);
    }
    (row.title, row.title_en) =
        (people::in_names(&row.title, &names), people::in_names(&row.title_en, &names));
    store::put_values(tx, row.id, &rows).await?;
    let parties = people::parties(tx, row, template, state).await?;
    store::put_parties(tx, row.id, &parties).await?;
    row.due_at = clocks::nearest(tx, row.id).await?;
    let mut words = vec![row.no.as_str(), &row.title, &row.title_en, &row.subject_no];
    let mut secret = Vec::new();
    for said in rows.iter().filter(|row| !row.field.starts_with('~')) {
        match template.field(&said.field).and_then(|field| super::values::secret(field.kind)) {
            Some(kind) => secret.push((kind, said.text.as_str())),
            None => words.push(&said.text),
        }
    }
    let text = words.join(" ");
    let doc = kit::search::SearchDoc {
        kind: "document",
        id: row.id,
        org: row.org_id,
        owner: row.owner_id,
        title: &row.title,
        sub: &row.no,
        text: &text,
        secret: &secret,
    };
    kit::search::put_in(tx, &doc).await
}

/// Opens a document in the caller's transaction.
///
/// Errors: 404 without such a template, `document.depth`, those of [`machine::begin`].
pub async fn open_in(tx: &mut Tx, opening: Opening, actor: &Actor) -> Result<DocumentRow> {
    let now = tx.now();
    let found = template::service::current(tx, &opening.code, now).await;
    let (version, template) = match (found, opening.parent) {
        (Err(Error::NotFound), Some(_)) => {
            let text = T(
                "要自动生成的单据“{code}”没有启用的模板",
                "There is no template \"{code}\" in force for the document to be made",
            );
            return Err(RuleError::new("document.no_template", text).arg("code", opening.code).into());
        }
        (found, _) => found?,
    };
    let depth = opening.parent.map_or(0, |(_, depth)| depth);
    if depth > MOST_DEPTH {
        let text =
            T("单据连锁生成超过 5 层，已停止", "Documents made documents more than five deep: stopped");
        return Err(RuleError::new("document.depth", text).into());
    }
    if let Some((parent, _)) = opening.parent
        && store::family(tx, parent).await? >= MOST_FAMILY
    {
        let text = T(
            "一张单据最多连锁生成 {most} 张单据，已停止",
            "One document sets off at most {most} others: stopped",
        );
        return Err(RuleError::new("document.family", text).arg("most", MOST_FAMILY).into());
    }
    let zone = kit::zones::name(&tx.cx().zone_of(opening.org));
    let outcome = if opening.asked {
        machine::begin(&template, &Entry { fields: opening.fields, ..Entry::default() }, actor, now, &zone)?
    } else {
        machine::begin_for(&template, process::facts::values(&template, &opening.fields), now, &zone)?
    };
    let for_another = opening.subject.is_some() && opening.parent.is_none();
    let guarded = guard::guarded(&template, for_another);
    let (subject_kind, subject_id, subject_no) = match opening.subject {
        Some(subject) => (subject.kind, Some(subject.id), subject.no),
        None => (String::new(), None, String::new()),
    };
    let creator_id = tx.cx().actor()?.user;
    let owner = tx.staff();
    let mut row = DocumentRow {
        id: tx.id(),
        no: number(tx, &template.number).await?,
        version: 1,
        code: template.code.clone(),
        template_id: version.id,
        org_id: opening.org,
        owner_id: (owner != Id::NIL).then_some(owner),
        creator_id,
        subject_kind,
        subject_id,
        subject_no,
        parent_id: opening.parent.map(|(parent, _)| parent),
        depth,
        title: String::new(),
        title_en: String::new(),
        step: String::new(),
        step_name: String::new(),
        step_name_en: String::new(),
        stage: Stage::New,
        state: "{}".into(),
        due_at: None,
        created_at: now,
        updated_at: now,
        ended_at: None,
        guarded,
        holder_id: None,
        holder_post: String::new(),
        holder_role: String::new(),
        contact: false,
    };
    show(&mut row, &template, &outcome.state, now)?;
    store::insert_document(tx, &row).await?;
    tx.created(doc(&row), &audited(&template, &row)?)?;
    let instead = people::instead_of(tx, &template, &row, actor, &template.open, &outcome.state).await?;
    apply::history(tx, &template, &row, &outcome, "", &instead).await?;
    apply::tell_turn(tx, &template, &row, None, &outcome).await?;
    apply::carry_out(tx, &template, &row, &outcome).await?;
    // Effects may have moved it on (a signature of a system, a document that answers at once).
    let mut now_row = store::lock_document(tx, row.id).await?;
    if now_row.version == row.version {
        store_in(tx, &template, &mut now_row, &outcome.state).await?;
        now_row.version += 1;
        store::update_document(tx, &now_row).await?;
    }
    Ok(now_row)
}

/// Opens a document by hand.
pub async fn create(cx: &Cx, input: NewDocument) -> Result<DocumentOut> {
    cx.require(&DOCUMENT_WRITE)?;
    let mut tx = begin!(cx, "documents.create", &input);
    let org = input.org_id.unwrap_or(cx.actor()?.org);
    if !cx.scope(&DOCUMENT_WRITE)?.covers(org, &cx.actor()?.staff.into_iter().collect::<Vec<_>>()) {
        return Err(Error::NotFound);
    }
    let (_, template) = template::service::current(&mut tx, &input.template, cx.now()).await?;
    let actor = people::actor(cx, &mut tx, &template, org, cx.actor()?.user).await?;
    let mut fields = typed(cx, &template, input.fields);
    unmask(cx, &template, None, &mut fields)?;
    let opening = Opening { code: input.template, org, subject: None, parent: None, fields, asked: true };
    let row = open_in(&mut tx, opening, &actor).await?;
    let out = out_of(cx, &mut tx, &row).await?;
    tx.commit(out).await
}

/// Makes a move.
///
/// Errors: 404, 409 when somebody was faster, those of [`machine::act`].
pub async fn act(cx: &Cx, id: Id, input: ActOn) -> Result<DocumentOut> {
    let mut tx = begin!(cx, "documents.act", &(id, &input));
    let Loaded { row, template, state, actor } = load_in(&mut tx, id, input.version).await?;
    let mut entry = input.entry;
    entry.fields = typed(cx, &template, entry.fields);
    unmask(cx, &template, Some(&state), &mut entry.fields)?;
    let now = tx.now();
    let made = template.moves_from(&state.step).find(|made| made.act == input.act);
    let reason = made.and_then(|made| access::reason(made, &input.reason)).unwrap_or(&input.reason);
    let outcome = machine::act(&template, &state, &input.act, reason, &entry, &actor, now)?;
    let row = moved_in(&mut tx, &template, row, &state, outcome, reason, &actor).await?;
    let out = out_of(cx, &mut tx, &row).await?;
    tx.commit(out).await
}

/// Stores an outcome and does what follows; effects may move the run on, then the newest row is returned.
pub(super) async fn moved_in(
    tx: &mut Tx,
    template: &Template,
    old: DocumentRow,
    before: &State,
    outcome: Outcome,
    reason: &str,
    actor: &Actor,
) -> Result<DocumentRow> {
    let mut row = old.clone();
    row.version += 1;
    show(&mut row, template, &outcome.state, tx.now())?;
    if row.ended_at.is_some() && old.ended_at.is_none() {
        // Work that is over was done by whoever ended it.
        row.holder_id = Some(tx.staff()).filter(|staff| !staff.is_nil()).or(row.holder_id);
    }
    store::update_document(tx, &row).await?;
    tx.changed(doc(&row), &audited(template, &old)?, &audited(template, &row)?)?;
    let first = outcome.path.first().and_then(|p| template.moves.iter().find(|m| m.act == p.act));
    let instead = match first {
        Some(made) => {
            let who = template.who_of(made, &before.step);
            people::instead_of(tx, template, &row, actor, who, before).await?
        }
        None => String::new(),
    };
    // Signatures for the step that was left are off.
    if !outcome.path.is_empty() {
        crate::approval::service::cancel_in(tx, row.id).await?;
    }
    apply::history(tx, template, &row, &outcome, reason, &instead).await?;
    apply::tell_turn(tx, template, &row, old.holder_id, &outcome).await?;
    if !outcome.path.is_empty() {
        super::subject::tell_in(tx, template, &row, &outcome.state, reason).await?;
    }
    apply::carry_out(tx, template, &row, &outcome).await?;
    apply::retime(tx, template, &row, before, &outcome.state).await?;
    let mut now_row = store::lock_document(tx, row.id).await?;
    if now_row.version == row.version {
        store_in(tx, template, &mut now_row, &outcome.state).await?;
        now_row.version += 1;
        store::update_document(tx, &now_row).await?;
    }
    Ok(now_row)
}

/// Stores what was entered, without going on.
pub async fn save(cx: &Cx, id: Id, input: SaveEntry) -> Result<DocumentOut> {
    let mut tx = begin!(cx, "documents.save", &(id, &input));
    let Loaded { row, template, state, actor } = load_in(&mut tx, id, input.version).await?;
    let mut entry = input.entry;
    entry.fields = typed(cx, &template, entry.fields);
    unmask(cx, &template, Some(&state), &mut entry.fields)?;
    let now = tx.now();
    let next = machine::save(&template, &state, &entry, &actor, now)?;
    let mut new = row.clone();
    new.version += 1;
    show(&mut new, &template, &next, now)?;
    apply::retime(&mut tx, &template, &row, &state, &next).await?;
    store_in(&mut tx, &template, &mut new, &next).await?;
    store::update_document(&mut tx, &new).await?;
    tx.changed(doc(&new), &audited(&template, &row)?, &audited(&template, &new)?)?;
    let out = out_of(cx, &mut tx, &new).await?;
    tx.commit(out).await
}

/// Gives the customer a message: logged with time and count (P-04).
pub async fn tell(cx: &Cx, id: Id, input: Tell) -> Result<DocumentOut> {
    let mut tx = begin!(cx, "documents.tell", &(id, &input));
    let Loaded { row, template, state, actor } = load_in(&mut tx, id, None).await?;
    let now = tx.now();
    let outcome = machine::message(&template, &state, &input.message, &actor, now)?;
    let row = moved_in(&mut tx, &template, row, &state, outcome, "", &actor).await?;
    let out = out_of(cx, &mut tx, &row).await?;
    tx.commit(out).await
}

/// An approval of the step ended: its move is made by the system (DOC-07).
pub async fn signed_in(tx: &mut Tx, id: Id, approved: bool) -> Result<()> {
    let row = store::lock_document(tx, id).await?;
    let (_, template) = template::service::version(tx, row.template_id).await?;
    let state = state_of(tx, &row, &template).await?;
    let Some(approval) = template.step(&row.step).and_then(|s| s.approval.clone()) else { return Ok(()) };
    let act = if approved { &approval.approved } else { &approval.rejected };
    let now = tx.now();
    let outcome = machine::act(&template, &state, act, "", &Entry::default(), &machine::SYSTEM, now)?;
    moved_in(tx, &template, row, &state, outcome, "", &machine::SYSTEM).await.map(drop)
}

/// A clock of a process warned or ran out.
pub async fn clock_fired(tx: &mut Tx, fired: &kit::timers::Fired) -> Result<()> {
    let row = store::lock_document(tx, fired.timer.doc_id).await?;
    let mut parts = fired.timer.kind.split('/').skip(1);
    let (Some(key), rung) = (parts.next(), parts.next()) else { return Ok(()) };
    let (_, template) = template::service::version(tx, row.template_id).await?;
    let state = state_of(tx, &row, &template).await?;
    if let Some(rung) = rung.and_then(|r| r.parse::<usize>().ok()) {
        let found = process::access::find(&template.timers, key);
        if let Some(people) = found.and_then(|t| t.ladder.get(rung)).filter(|_| fired.over) {
            let (zh, en) = apply::timer_names(&template, key);
            let text =
                T("超时升级：{text}", "Late, one level up: {text}").told(&[("text", T::both(&zh, &en))]);
            apply::tell(tx, &template, &row, &state, &people.who, &text).await?;
        }
        return Ok(());
    }
    let line = apply::entry(tx, &row, if fired.over { "late" } else { "warned" }, key, "");
    store::insert_entries(tx, &[line]).await?;
    if fired.over {
        let due = fired.timer.due_at.unwrap_or(tx.now());
        apply::ladder(tx, &template, &row, &state, key, due).await?;
    }
    let now = tx.now();
    let refused = |problems: &kernel::Problems| {
        let in_lang = |lang| problems.0.iter().map(|p| p.message(lang)).collect::<Vec<_>>().join("; ");
        T::both(&in_lang(Lang::Zh), &in_lang(Lang::En))
    };
    let wanted = match &fired.trouble {
        // What should follow was refused before, by the template or by what it set off elsewhere, and undone.
        Some(trouble) => Err(T::both(&trouble.zh, &trouble.en)),
        None => {
            machine::clock(&template, &state, key, fired.over, now).map_err(|problems| refused(&problems))
        }
    };
    let outcome = match wanted {
        Ok(outcome) => outcome,
        // What a template cannot do is noted; the clock has fired all the same, and nothing is half done.
        Err(why) => {
            let mut late = state.clone();
            if fired.over {
                late.late.insert(key.to_string());
            }
            let line = apply::entry(tx, &row, "trouble", key, &why);
            store::insert_entries(tx, &[line]).await?;
            Outcome { state: late, path: Vec::new(), effects: Vec::new() }
        }
    };
    moved_in(tx, &template, row, &state, outcome, "", &machine::SYSTEM).await.map(drop)
}

/// A document with all the caller may know of it.
pub async fn get(cx: &Cx, id: Id) -> Result<DocumentOut> {
    let mut conn = cx.read().await?;
    let row = get_row(cx, &mut conn, id).await?;
    let out = out_of(cx, &mut conn, &row).await?;
    cx.count(&conn);
    Ok(out)
}

/// The row of a document that the caller may see.
pub async fn get_row(cx: &Cx, conn: &mut Conn, id: Id) -> Result<DocumentRow> {
    cx.require(&DOCUMENT_READ)?;
    let row = store::get_document(conn, id).await?;
    guard::authorize(cx, conn, &DOCUMENT_READ, &row).await?;
    Ok(row)
}

/// Moves the caller may make, in the caller's language.
pub fn offers(cx: &Cx, template: &Template, state: &State, actor: &Actor) -> Vec<OfferOut> {
    let offer = |offer: process::Offer<'_>| OfferOut {
        act: offer.made.act.clone(),
        name: offer.made.label(cx.lang).to_string(),
        kind: offer.made.kind,
        to: offer.made.to.clone(),
        asks: offer.made.asks.clone(),
        reasons: offer.made.reasons.iter().map(|r| access::said(r, cx.lang).to_string()).collect(),
        blocked: offer.blocked.map(|b| b.message(cx.lang)),
        stuck: offer.stuck,
    };
    machine::offers(template, state, actor, cx.now()).into_iter().map(offer).collect()
}

/// A document as the caller sees it.
pub async fn out_of(cx: &Cx, conn: &mut Conn, row: &DocumentRow) -> Result<DocumentOut> {
    let (version, template) = template::service::version(conn, row.template_id).await?;
    let state = state_of(conn, row, &template).await?;
    let actor = people::actor_of(cx, conn, &template, row, &DOCUMENT_WRITE).await?;
    let may = guard::authorize(cx, conn, &DOCUMENT_WRITE, row).await.is_ok();
    let offers = if may { offers(cx, &template, &state, &actor) } else { Vec::new() };
    let open = if may && guard::reaches(cx, &DOCUMENT_WRITE, row)? {
        process::correct::open_fields(&template, &state, row.subject_id.is_some())
    } else {
        Vec::new()
    };
    let step_name = if cx.lang == Lang::En { &row.step_name_en } else { &row.step_name };
    Ok(DocumentOut {
        id: row.id,
        no: row.no.clone(),
        version: row.version,
        template: row.code.clone(),
        template_number: version.number,
        org_id: row.org_id,
        title: row.label(cx.lang).to_string(),
        subject_kind: row.subject_kind.clone(),
        subject_id: row.subject_id,
        step: row.step.clone(),
        step_name: step_name.clone(),
        stage: row.stage,
        due_at: row.due_at,
        fields: masked(cx, &template, &state),
        checks: state.checks,
        answers: state.answers,
        messages: state.messages,
        offers,
        correctable: open.into_iter().map(|ask| access::asked(ask).0.to_string()).collect(),
        created_at: row.created_at,
        ended_at: row.ended_at,
    })
}

/// Shows a sensitive field in full, on the record.
///
/// Errors: 404 without such a field or value.
pub async fn reveal(cx: &Cx, id: Id, key: &str) -> Result<Revealed> {
    cx.require(&DOCUMENT_REVEAL)?;
    let mut conn = cx.read().await?;
    let row = store::get_document(&mut conn, id).await?;
    guard::authorize(cx, &mut conn, &DOCUMENT_REVEAL, &row).await?;
    let (_, template) = template::service::version(&mut conn, row.template_id).await?;
    drop(conn);
    let kind = template.field(key).and_then(|f| secret(f.kind)).ok_or(Error::NotFound)?;
    let state: State = serde_json::from_str(&row.state)?;
    let value = Some(state.text(key)).filter(|v| !v.is_empty()).ok_or(Error::NotFound)?;
    log_reveal(cx, &row, key).await?;
    Ok(Revealed { masked: kit::perm::mask(kind, &value), value })
}

/// The trace of a reveal. The value is not the command's output: it must not be stored under an idempotency key.
async fn log_reveal(cx: &Cx, row: &DocumentRow, key: &str) -> Result<()> {
    let mut tx = begin!(cx, "documents.reveal", &(row.id, key));
    tx.log(doc(row), "revealed", json!({ "field": key }));
    tx.commit(()).await
}

/// The history of a document.
pub async fn history(cx: &Cx, id: Id) -> Result<Vec<EntryRow>> {
    let mut conn = cx.read().await?;
    get_row(cx, &mut conn, id).await?;
    let list = store::select_entries(&mut conn, id).await?;
    cx.count(&conn);
    let said = |line: EntryRow| EntryRow { text: cx.lang.of(&line.text).to_string(), ..line };
    Ok(list.into_iter().map(said).collect())
}

/// Messages given to the customer.
pub async fn messages(cx: &Cx, id: Id) -> Result<Vec<MessageRow>> {
    let mut conn = cx.read().await?;
    get_row(cx, &mut conn, id).await?;
    let list = store::select_messages(&mut conn, id).await?;
    cx.count(&conn);
    Ok(list)
}

/// For panels: the document if the caller may see (or change) it.
pub async fn find_doc(cx: &Cx, conn: &mut Conn, id: Id, write: bool) -> Result<kit::DocBrief> {
    let row = store::get_document(conn, id).await?;
    guard::authorize(cx, conn, if write { &DOCUMENT_WRITE } else { &DOCUMENT_READ }, &row).await?;
    Ok(kit::DocBrief { doc: doc(&row), org: row.org_id, title: row.label(cx.lang).to_string() })
}
