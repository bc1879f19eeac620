//! Every deadline of the product is a row here (DESIGN §5; WO-08, WO-14, PLAT-12, PLAT-19).
//!
//! A timer belongs to a document, runs over a business calendar, can be paused with a coded reason, warns
//! before it is due, and says how its due time was computed.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use db::{Conn, args};
use kernel::{BusinessCalendar, DueExplained, Id, Lang, Pause, Problems, RuleError, Span, T, Ts};
use serde::Serialize;
use serde_json::Value;

use crate::{
    App, Cx, DocRef, Error, Result, Tx,
    settings::{self, Setting, SettingKind},
    zones,
};

/// The business calendar: hours, working days, public holidays and make-up days (PLAT-12).
pub static CALENDAR: Setting = Setting {
    key: "calendar",
    label: T("工作日历", "Business calendar"),
    unit: T("", ""),
    kind: SettingKind::Json(check_calendar),
    default: "null",
    per_org: true,
};

/// 422 for what would not be a calendar when the next clock starts; null is the shipped one.
fn check_calendar(value: &Value) -> Result<(), Problems> {
    let calendar: Option<BusinessCalendar> = settings::read(value)?;
    calendar.map_or(Ok(()), |calendar| calendar.check()).map_err(Into::into)
}

/// The shipped calendar by each wall clock that was asked for.
static SHIPPED: LazyLock<Mutex<Vec<(String, Arc<BusinessCalendar>)>>> = LazyLock::new(Mutex::default);

fn shipped(zone: &str) -> Arc<BusinessCalendar> {
    let mut known = SHIPPED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, calendar)) = known.iter().find(|(name, _)| name == zone) {
        return Arc::clone(calendar);
    }
    let calendar = Arc::new(BusinessCalendar { tz: zone.to_string(), ..BusinessCalendar::china_2026() });
    known.push((zone.to_string(), Arc::clone(&calendar)));
    calendar
}

/// The calendar of an organisation, in its own time zone unless the calendar names another.
pub async fn calendar(cx: &Cx, org: Id) -> Result<Arc<BusinessCalendar>> {
    calendar_at(cx, org, cx.now(), "").await
}

/// The calendar that counted at an instant: a clock keeps the one it was started under, so that it can always say why
/// it was due when it was. `zone` is the one it was started in, also when the organisation moves; empty for a new clock.
async fn calendar_at(cx: &Cx, org: Id, at: Ts, zone: &str) -> Result<Arc<BusinessCalendar>> {
    let own = || if zone.is_empty() { zones::name(&cx.zone_of(org)) } else { zone.to_string() };
    let stored: Option<BusinessCalendar> = cx.setting_at(&CALENDAR, org, at).await?;
    let Some(mut calendar) = stored else { return Ok(shipped(&own())) };
    if calendar.tz.is_empty() || !zone.is_empty() {
        calendar.tz = own();
    }
    Ok(Arc::new(calendar))
}

/// The calendar as it was set, for those who change it: without a zone of its own it follows each organisation's.
pub(crate) async fn calendar_as_set(cx: &Cx, org: Id) -> Result<BusinessCalendar> {
    let stored: Option<BusinessCalendar> = cx.setting_at(&CALENDAR, org, cx.now()).await?;
    Ok(stored.unwrap_or_else(|| BusinessCalendar { tz: String::new(), ..BusinessCalendar::china_2026() }))
}

db::row! {
    /// A clock on a document.
    #[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
    pub struct Timer {
        /// Which clock.
        pub id: Id,
        /// Document kind.
        pub doc_kind: String,
        /// Document.
        pub doc_id: Id,
        /// Owning organisation: its calendar counts.
        pub org_id: Id,
        /// The wall clock it runs by, an IANA name.
        pub zone: String,
        /// Which deadline, for example `orders.arrival`.
        pub kind: String,
        /// Length as JSON.
        pub span: String,
        /// Start.
        pub started_at: Ts,
        /// Due; none while paused.
        pub due_at: Option<Ts>,
        /// When to warn.
        pub warn_at: Option<Ts>,
        /// Pauses with reasons, JSON.
        pub pauses: String,
        /// `open`, `paused`, `met`, `late`, `cancelled`
        pub state: String,
        /// Ended.
        pub ended_at: Option<Ts>,
        /// The due time passed while open.
        pub breached_at: Option<Ts>,
        /// The warning was given.
        pub warned_at: Option<Ts>,
    }
}

/// What happened to a clock.
pub struct Fired {
    /// The clock.
    pub timer: Timer,
    /// True: its time is over. False: it warns.
    pub over: bool,
    /// What was to follow was refused for this reason and undone: the second call, for contexts that can do less.
    pub trouble: Option<RefusedFire>,
}

/// Why the effect of a clock was refused, in both languages.
#[derive(Clone, Debug)]
pub struct RefusedFire {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// A clock to be started.
pub struct NewTimer<'a> {
    /// On which document.
    pub doc: &'a DocRef,
    /// Whose calendar.
    pub org: Id,
    /// Which deadline. What stands behind a `/` tells clocks of one kind apart: `documents.process/arrival` fires as
    /// `documents.process`.
    pub kind: &'a str,
    /// How long.
    pub span: Span,
    /// From when.
    pub start: Ts,
    /// Warn when this part of the time is left, percent; 0: no warning.
    pub warn_percent: i64,
}

fn explain_with(
    calendar: &BusinessCalendar,
    span: &Span,
    start: Ts,
    pauses: &[Pause],
) -> Result<DueExplained> {
    Ok(kernel::due(start, span, calendar, pauses)?)
}

fn warn_time(start: Ts, due: Option<Ts>, percent: i64) -> Option<Ts> {
    let due = due?;
    (percent > 0).then(|| Ts(due.0 - (due.0 - start.0) / 100 * percent))
}

/// Starts clocks in one statement; their due times follow the organisation's calendar.
pub async fn start_in(tx: &mut Tx, timers: &[NewTimer<'_>]) -> Result<()> {
    if timers.is_empty() {
        return Ok(());
    }
    let cx = tx.cx().clone();
    let mut sql = db::Sql::new(
        "insert into timer (id, doc_kind, doc_id, org_id, zone, kind, span, started_at, due_at, warn_at, next_at, pauses, state) values ",
    );
    let mut known: Option<((Id, Ts), Arc<BusinessCalendar>)> = None;
    for (index, new) in timers.iter().enumerate() {
        tx.note_clocks(new.doc.id, true);
        let calendar = match &known {
            Some((key, calendar)) if *key == (new.org, new.start) => Arc::clone(calendar),
            _ => calendar_at(&cx, new.org, new.start, "").await?,
        };
        known = Some(((new.org, new.start), Arc::clone(&calendar)));
        let due = explain_with(&calendar, &new.span, new.start, &[])?.due;
        let warn = warn_time(new.start, due, new.warn_percent);
        sql.push(if index == 0 { "" } else { ", " });
        sql.list(args![
            cx.id(),
            &new.doc.kind,
            new.doc.id,
            new.org,
            &calendar.tz,
            new.kind,
            serde_json::to_string(&new.span)?,
            new.start,
            due,
            warn,
            warn.or(due),
            "[]",
            "open"
        ]);
    }
    Ok(tx.later(sql).await?)
}

/// Starts a clock that is due at a point of time, or after a span, and warns a length of time before, in microseconds
/// (0: no warning).
pub async fn start_at_in(tx: &mut Tx, timer: &NewTimer<'_>, due: Option<Ts>, warn_before: i64) -> Result<()> {
    // Spans count whole minutes: the start gives way by less than one, so that a point of time is kept to the second.
    let (start, span) = match due.map(|due| (due, (due.0 - timer.start.0 + 59_999_999) / 60_000_000)) {
        Some((due, minutes)) if minutes > 0 => (Ts(due.0 - minutes * 60_000_000), Span::Hours(minutes)),
        Some(_) => (timer.start, Span::Hours(0)),
        None => (timer.start, timer.span),
    };
    let cx = tx.cx().clone();
    let calendar = calendar_at(&cx, timer.org, start, "").await?;
    let due = explain_with(&calendar, &span, start, &[])?.due;
    let warn = due.filter(|_| warn_before > 0).map(|due| Ts((due.0 - warn_before).max(timer.start.0)));
    tx.note_clocks(timer.doc.id, true);
    let sql = db::Sql::with(
        "insert into timer (id, doc_kind, doc_id, org_id, zone, kind, span, started_at, due_at, warn_at, next_at, pauses, state)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,'[]','open')",
        args![
            cx.id(),
            &timer.doc.kind,
            timer.doc.id,
            timer.org,
            &calendar.tz,
            timer.kind,
            serde_json::to_string(&span)?,
            start,
            due,
            warn,
            warn.or(due)
        ],
    );
    Ok(tx.later(sql).await?)
}

/// A clock whose point of time is not known yet: it is open, and nothing fires.
pub async fn await_in(tx: &mut Tx, timer: &NewTimer<'_>) -> Result<()> {
    let (id, zone) = (tx.id(), tx.cx().zone_of(timer.org));
    tx.exec(
        "insert into timer (id, doc_kind, doc_id, org_id, zone, kind, span, started_at, due_at, warn_at, next_at, pauses, state)
         values ($1,$2,$3,$4,$5,$6,$7,$8,null,null,null,'[]','open')",
        args![id, &timer.doc.kind, timer.doc.id, timer.org, zones::name(&zone), timer.kind, serde_json::to_string(&timer.span)?, timer.start],
    )
    .await?;
    Ok(())
}

/// Ends clocks of a document: they were met, or late when their time had passed. Unknown kinds are ignored.
pub async fn stop_in(tx: &mut Tx, doc: Id, kinds: &[&str]) -> Result<()> {
    let now = tx.now();
    stop_at_in(tx, doc, kinds, now).await
}

/// The same for something that happened at a time before now and is entered only now: what counts is when it happened.
pub async fn stop_at_in(tx: &mut Tx, doc: Id, kinds: &[&str], at: Ts) -> Result<()> {
    let mut sql = db::Sql::with(
        "update timer set ended_at = $1, next_at = null,
            state = case when due_at is not null and due_at < $1 then 'late'
                when due_at is null and state = 'open' then 'cancelled' else 'met' end
         where doc_id = $2 and state in ('open', 'paused') and kind in ",
        args![at, doc],
    );
    sql.list(kinds.iter().copied());
    // Stopping twice is stopping once, so only clocks that this very command started may be in the way.
    let apart = !tx.has_clocks(doc, true);
    tx.note_clocks(doc, false);
    Ok(tx.later(if apart { sql.apart() } else { sql.into() }).await?)
}

/// Ends the running clock of a kind, because it is set anew: late when its time had passed, else without a verdict.
pub async fn drop_in(tx: &mut Tx, doc: Id, kind: &str) -> Result<bool> {
    let now = tx.now();
    // One that waited for its time never ran.
    let waiting = "delete from timer where doc_id = $1 and kind = $2 and state = 'open' and due_at is null and breached_at is null";
    if tx.exec(waiting, args![doc, kind]).await? > 0 {
        return Ok(true);
    }
    let dropped = tx
        .exec(
            "update timer set ended_at = $1, next_at = null,
                state = case when due_at is not null and due_at < $1 then 'late' else 'cancelled' end
             where doc_id = $2 and state in ('open', 'paused') and kind = $3",
            args![now, doc, kind],
        )
        .await?;
    Ok(dropped > 0)
}

/// Ends all clocks of a document without a verdict.
pub async fn cancel_in(tx: &mut Tx, doc: Id) -> Result<()> {
    let sql = db::Sql::with(
        "update timer set state = 'cancelled', ended_at = $1, next_at = null where doc_id = $2 and state in ('open','paused')",
        args![tx.now(), doc],
    );
    let apart = !tx.has_clocks(doc, true) && !tx.has_clocks(doc, false);
    tx.note_clocks(doc, false);
    Ok(tx.later(if apart { sql.apart() } else { sql.into() }).await?)
}

/// Pauses the running clocks of a document, with a coded reason (WO-14).
pub async fn pause_in(tx: &mut Tx, doc: Id, reason: &str) -> Result<()> {
    pause_some_in(tx, doc, None, reason).await
}

/// Pauses the running clocks of a document that are of these kinds (`None`: all), with a coded reason (WO-14). One whose
/// time had passed keeps its due time: stopped while it is paused, it was late all the same.
pub async fn pause_some_in(tx: &mut Tx, doc: Id, kinds: Option<&[String]>, reason: &str) -> Result<()> {
    let now = tx.now();
    for timer in of_doc_in_state(tx, doc, "open").await? {
        // One that waits for its time has nothing to stand still.
        if timer.due_at.is_none() || kinds.is_some_and(|kinds| !kinds.contains(&timer.kind)) {
            continue;
        }
        let mut pauses: Vec<Pause> = serde_json::from_str(&timer.pauses)?;
        pauses.push(Pause { from: now, to: None, reason: reason.to_string() });
        tx.exec(
            "update timer set state = 'paused', pauses = $2, due_at = case when due_at < $3 then due_at end, next_at = null where id = $1",
            args![timer.id, serde_json::to_string(&pauses)?, now],
        )
        .await?;
    }
    Ok(())
}

/// Lets paused clocks of a document run on; their due times move by the working time paused.
pub async fn resume_in(tx: &mut Tx, doc: Id) -> Result<()> {
    resume_some_in(tx, doc, None).await
}

/// Lets the paused clocks of a document that are of these kinds (`None`: all) run on. A warning that was not given yet
/// keeps its distance to the due time; a clock that was late already stays so and does not fire again.
pub async fn resume_some_in(tx: &mut Tx, doc: Id, kinds: Option<&[String]>) -> Result<()> {
    let (now, cx) = (tx.now(), tx.cx().clone());
    for timer in of_doc_in_state(tx, doc, "paused").await? {
        if kinds.is_some_and(|kinds| !kinds.contains(&timer.kind)) {
            continue;
        }
        let mut pauses: Vec<Pause> = serde_json::from_str(&timer.pauses)?;
        let span: Span = serde_json::from_str(&timer.span)?;
        let calendar = calendar_at(&cx, timer.org_id, timer.started_at, &timer.zone).await?;
        let earlier = &pauses[..pauses.len().saturating_sub(1)];
        let before = explain_with(&calendar, &span, timer.started_at, earlier)?.due;
        if let Some(last) = pauses.last_mut() {
            last.to.get_or_insert(now);
        }
        let due = explain_with(&calendar, &span, timer.started_at, &pauses)?.due;
        let lead = before.zip(timer.warn_at).filter(|_| timer.warned_at.is_none()).map(|(b, w)| b.0 - w.0);
        let warn = due.zip(lead).map(|(due, lead)| Ts(due.0 - lead));
        let next = if timer.breached_at.is_some() { None } else { warn.or(due) };
        tx.exec(
            "update timer set state = 'open', pauses = $2, due_at = $3, warn_at = $4, next_at = $5 where id = $1",
            args![timer.id, serde_json::to_string(&pauses)?, due, warn.or(timer.warn_at), next],
        )
        .await?;
    }
    Ok(())
}

async fn of_doc_in_state(conn: &mut Conn, doc: Id, state: &str) -> Result<Vec<Timer>> {
    let sql = format!("select {} from timer t where doc_id = $1 and state = $2", Timer::cols("t"));
    Ok(conn.all(&sql, args![doc, state]).await?)
}

/// The clocks of a document that run or stand still.
pub async fn unfinished(conn: &mut Conn, doc: Id) -> Result<Vec<Timer>> {
    let sql =
        format!("select {} from timer t where doc_id = $1 and state in ('open', 'paused')", Timer::cols("t"));
    Ok(conn.all(&sql, args![doc]).await?)
}

/// When clocks that are to be started now will be due: the same arithmetic as theirs, without asking the database.
pub async fn first_due(cx: &Cx, org: Id, clocks: &[(Span, Ts)]) -> Result<Option<(Ts, Ts)>> {
    let calendar = calendar(cx, org).await?;
    let mut first: Option<(Ts, Ts)> = None;
    for (span, start) in clocks {
        if let Some(due) = explain_with(&calendar, span, *start, &[])?.due
            && first.is_none_or(|(before, _)| due < before)
        {
            first = Some((due, *start));
        }
    }
    Ok(first)
}

/// All clocks of a document, oldest first.
pub async fn of_doc(conn: &mut Conn, doc: Id) -> Result<Vec<Timer>> {
    let sql = format!("select {} from timer t where doc_id = $1 order by started_at, id", Timer::cols("t"));
    Ok(conn.all(&sql, args![doc]).await?)
}

/// How the due time of a clock came about, step by step.
pub async fn explain(cx: &Cx, timer: &Timer) -> Result<DueExplained> {
    let calendar = calendar_at(cx, timer.org_id, timer.started_at, &timer.zone).await?;
    let pauses: Vec<Pause> = serde_json::from_str(&timer.pauses)?;
    explain_with(&calendar, &serde_json::from_str(&timer.span)?, timer.started_at, &pauses)
}

/// Fires clocks whose warning or due time has come; returns how many. Each fires once: the row is marked in
/// the transaction of the effect, so neither a restart nor a second node repeats it (PLAT-19). One whose effect is
/// refused or breaks never holds up the others.
pub async fn fire_due(app: &App, most: i64) -> Result<usize> {
    let now = app.now();
    let mut conn = app.db.read().await?;
    let sql = format!(
        "select {} from timer t where t.next_at <= $1 and t.state = 'open' order by t.next_at limit $2",
        Timer::cols("t")
    );
    let due: Vec<Timer> = conn.all(&sql, args![now, most]).await?;
    drop(conn);
    let mut fired = 0;
    for timer in due {
        if fire(app, timer, now).await? {
            fired += 1;
        }
    }
    Ok(fired)
}

/// Fires one clock. When what should follow is refused, its context hears why and may do less; when that fails too the
/// clock has fired all the same. A broken machine is tried again in a minute.
async fn fire(app: &App, timer: Timer, now: Ts) -> Result<bool> {
    let over = timer.due_at.is_some_and(|due| due <= now);
    let attempt = |trouble| fire_one(app, Fired { timer: timer.clone(), over, trouble }, now, true);
    let error = match attempt(None).await {
        Ok(fired) => return Ok(fired),
        Err(error) => error,
    };
    tracing::error!(%error, timer = %timer.id, kind = %timer.kind, "clock");
    if !matches!(error, Error::Internal(_) | Error::Busy(_) | Error::Duplicate) {
        let trouble = RefusedFire { zh: error.message(Lang::Zh), en: error.message(Lang::En) };
        match attempt(Some(trouble.clone())).await {
            Ok(fired) => return Ok(fired),
            Err(error) => tracing::error!(%error, timer = %timer.id, kind = %timer.kind, "clock, again"),
        }
        return fire_one(app, Fired { timer, over, trouble: Some(trouble) }, now, false).await;
    }
    put_off(app, timer.id, Ts(now.0 + 60_000_000)).await?;
    Ok(false)
}

async fn fire_one(app: &App, fired: Fired, now: Ts, follow: bool) -> Result<bool> {
    let cx = Cx::system(app);
    let begun = cx.begin("timers.fire", &fired.timer.id).await?;
    let crate::Begun::New(mut tx) = begun else { return Ok(false) };
    let marked = if fired.over {
        tx.exec(
            "update timer set breached_at = $2, next_at = null where id = $1 and state = 'open' and breached_at is null",
            args![fired.timer.id, now],
        )
        .await?
    } else {
        tx.exec(
            "update timer set warned_at = $2, next_at = due_at where id = $1 and state = 'open' and warned_at is null",
            args![fired.timer.id, now],
        )
        .await?
    };
    if marked == 0 {
        return Ok(false);
    }
    let name = fired.timer.kind.split('/').next().unwrap_or_default();
    if let Some(kind) = app.registry.timers.get(name).filter(|_| follow) {
        (kind.fire)(&mut tx, &fired).await?;
    }
    let doc = DocRef::new(&fired.timer.doc_kind, fired.timer.doc_id, "");
    let trouble = fired.trouble.as_ref().map(|t| t.zh.as_str());
    let what = serde_json::json!({ "timer": fired.timer.kind, "trouble": trouble });
    tx.log(doc, if fired.over { "breached" } else { "warned" }, what);
    tx.commit(()).await?;
    Ok(true)
}

async fn put_off(app: &App, timer: Id, until: Ts) -> Result<()> {
    let cx = Cx::system(app);
    let begun = cx.begin("timers.put_off", &timer).await?;
    let crate::Begun::New(mut tx) = begun else { return Ok(()) };
    tx.exec("update timer set next_at = $2 where id = $1 and state = 'open'", args![timer, until]).await?;
    tx.commit(()).await
}

/// A span from a setting's text, see [`Span::parse`].
///
/// Errors: `span.form` when the text is none.
pub fn parse_span(text: &str) -> Result<Span, RuleError> {
    Span::parse(text)
}
