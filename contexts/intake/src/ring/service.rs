//! Events of calls, and who sits where.

use db::Conn;
use kernel::{Id, RuleError, T, Ts, phone_key};
use kit::{Cx, DocRef, Error, Result, Scope, Tx, begin};
use serde::Serialize;
use serde_json::json;

use super::{
    model::{CallEventOut, CallFigures, CallStep, Extension, NewCallEvent, Rung, SetExtension},
    rules, store,
};
use crate::{
    call::{self, model::CallRow},
    desk::{
        self,
        model::{Ask, Lookup},
    },
    perms::{CALL_EVENT, CALL_READ, CALL_WRITE},
    request::rules::clean,
    settings,
};

/// What a browser hears: which call, and that it looks again. Who it is it asks with its own rights.
#[derive(Serialize)]
struct Heard {
    call: Id,
    state: &'static str,
}

fn unknown(field: &'static str) -> Error {
    let text = T("没有人使用这个分机或工号", "Nobody sits at that telephone, or has that number");
    RuleError::new("intake.nobody_there", text).field(field).into()
}

/// Who is rung: whoever sits at the extension, or has the employee number. People out of the account's reach are as if
/// they were not there.
async fn rung(cx: &Cx, conn: &mut Conn, input: &NewCallEvent) -> Result<Option<Rung>> {
    let scope = cx.scope(&CALL_EVENT)?;
    let (extension, no) = (clean(input.extension.as_deref()), clean(input.staff_no.as_deref()));
    if !extension.is_empty() {
        let found = store::find_extension(conn, &extension).await?;
        let seat = found.filter(|seat| scope.covers(seat.org_id, &[seat.staff_id]));
        let seat = seat.ok_or_else(|| unknown("extension"))?;
        let Extension { user_id: user, staff_id: staff, staff_name: name, org_id: org, .. } = seat;
        return Ok(Some(Rung { user, staff, name, org }));
    }
    if no.is_empty() {
        return Ok(None);
    }
    let found = org::api::staff_by_no(conn, &no).await?;
    let person = found
        .filter(|person| scope.covers(person.org_id, &[person.id]))
        .ok_or_else(|| unknown("staff_no"))?;
    let user = person.user_id.ok_or_else(|| unknown("staff_no"))?;
    Ok(Some(Rung { user, staff: person.id, name: person.name, org: person.org_id }))
}

/// The one customer with the number whom the organisation of the call serves.
async fn known(conn: &mut Conn, org: Id, phone: &str) -> Result<Option<(Id, String)>> {
    let mut found = Vec::new();
    for customer in customers::api::by_phone(conn, &Scope::All, phone).await? {
        if org::api::above(conn, customer.org_id).await?.contains(&org) {
            found.push((customer.id, customer.name));
        }
    }
    Ok(if found.len() == 1 { found.pop() } else { None })
}

/// An event of a telephone system (CALL-02, CALL-12): the call goes into the register, and open browsers of those who are
/// rung hear of it at once. Told twice or late, it changes nothing twice.
///
/// Errors: those of [`rules::check`]; `intake.nobody_there` (422).
pub async fn event(cx: &Cx, input: NewCallEvent) -> Result<CallEventOut> {
    let scope = cx.scope(&CALL_EVENT)?;
    rules::check(&input, cx.now())?;
    let ring: i64 = cx.setting(&settings::RING_SECONDS, Id::NIL).await?;
    let actor = std::sync::Arc::clone(cx.actor()?);
    let mut conn = cx.read().await?;
    let rung = rung(cx, &mut conn, &input).await?;
    let org = rung.as_ref().map_or(actor.org, |rung| rung.org);
    if !scope.covers(org, &rung.iter().map(|rung| rung.staff).collect::<Vec<_>>()) {
        return Err(Error::NotFound);
    }
    let phone = clean(input.caller.as_deref());
    let known = if phone_key(&phone).is_empty() { None } else { known(&mut conn, org, &phone).await? };
    cx.count(&conn);
    drop(conn);
    let mut tx = begin!(cx, "intake.call_event", &input);
    let at = input.at.unwrap_or(tx.now());
    let name = input.call_id.trim();
    let (old, new) = match store::lock_external(&mut tx, actor.user, name).await? {
        Some(row) => (row, false),
        None => (
            CallRow {
                source_user: Some(actor.user),
                external_id: name.to_string(),
                ..CallRow::fresh(tx.id(), org, at)
            },
            true,
        ),
    };
    let changed = rules::apply(&old, input.event, at, input.rings, ring);
    let mut row = changed.clone().unwrap_or_else(|| old.clone());
    fill(&mut row, &input, &phone, known, rung.as_ref());
    let joined = ring_for(&mut tx, &row, rung.as_ref(), &input, new).await?;
    let news = changed.is_some() || joined;
    if new {
        call::service::insert_in(&mut tx, &row).await?;
    } else if news {
        store::update_call(&mut tx, &row).await?;
        call::service::returned_in(&mut tx, &row).await?;
    }
    let told = if news || new { tell(&mut tx, &row, rung.as_ref(), &input, new).await? } else { 0 };
    if news || new {
        let detail = json!({ "event": input.event, "outcome": row.outcome, "extension": row.extension });
        tx.log(DocRef::new("call", row.id, ""), "rang", detail);
    }
    let out = CallEventOut {
        id: row.id,
        call_id: row.external_id.clone(),
        outcome: row.outcome,
        ring_seconds: row.ring_seconds,
        rings: row.rings,
        seconds: row.seconds,
        ended: row.ended_at.is_some(),
        told,
    };
    tx.commit(out).await
}

/// What the event tells beside the station: number, line, who took it.
fn fill(
    row: &mut CallRow,
    input: &NewCallEvent,
    phone: &str,
    known: Option<(Id, String)>,
    rung: Option<&Rung>,
) {
    if row.phone.is_empty() {
        (row.phone, row.phone_key) = (phone.to_string(), phone_key(phone));
    }
    if row.customer_id.is_none()
        && let Some((id, name)) = known
    {
        (row.customer_id, row.party) = (Some(id), name);
    }
    if row.line.is_empty() {
        row.line = clean(input.line.as_deref());
    }
    let took = input.event == CallStep::Answer && row.answered_at.is_some();
    if let Some(rung) = rung
        && (took || row.staff_id.is_none())
        && row.ended_at.is_none()
    {
        (row.staff_id, row.staff_name) = (Some(rung.staff), rung.name.clone());
        row.extension = clean(input.extension.as_deref());
    }
}

/// True when a further telephone rings for a call that was there before.
async fn ring_for(
    tx: &mut Tx,
    row: &CallRow,
    rung: Option<&Rung>,
    input: &NewCallEvent,
    new: bool,
) -> Result<bool> {
    let Some(rung) = rung.filter(|_| !new && row.ended_at.is_none()) else { return Ok(false) };
    if store::is_rung(tx, row.id, rung.user).await? {
        return Ok(false);
    }
    let (extension, now) = (clean(input.extension.as_deref()), tx.now());
    store::insert_ring(tx, row.id, rung.user, &extension, now).await?;
    Ok(true)
}

/// Tells everybody who is rung; how many accounts that are.
async fn tell(
    tx: &mut Tx,
    row: &CallRow,
    rung: Option<&Rung>,
    input: &NewCallEvent,
    new: bool,
) -> Result<i64> {
    if new {
        let (extension, now) = (clean(input.extension.as_deref()), tx.now());
        let users = match rung {
            Some(rung) => vec![rung.user],
            None => org::api::users_with(tx, CALL_WRITE.key, row.org_id).await?,
        };
        for user in &users {
            store::insert_ring(tx, row.id, *user, &extension, now).await?;
        }
    }
    let users = store::select_rung(tx, row.id).await?;
    let state = match (row.ended_at, row.answered_at) {
        (Some(_), _) => "ended",
        (None, Some(_)) => "answered",
        (None, None) => "ringing",
    };
    tx.tell_live(&users, "call", &Heard { call: row.id, state })?;
    Ok(i64::try_from(users.len()).unwrap_or(i64::MAX))
}

/// A call as the pop-up shows it.
pub struct Popped {
    pub row: CallRow,
    pub lookup: Lookup,
    /// Somebody else took it.
    pub elsewhere: bool,
}

/// A call that rings or rang for the caller of this function, with who it is as far as they may see. 404 otherwise.
pub async fn popped(cx: &Cx, id: Id) -> Result<Popped> {
    cx.require(&CALL_WRITE)?;
    let actor = cx.actor()?;
    let mut conn = cx.read().await?;
    let row = store::get_call(&mut conn, id).await?;
    if !store::is_rung(&mut conn, id, actor.user).await? {
        return Err(Error::NotFound);
    }
    let ask = Ask { phone: row.phone.clone(), ..Ask::default() };
    let lookup = desk::service::lookup_in(cx, &mut conn, &ask).await?;
    cx.count(&conn);
    let elsewhere = row.answered_at.is_some() && row.staff_id.is_some() && row.staff_id != actor.staff;
    Ok(Popped { row, lookup, elsewhere })
}

/// Who sits where, as far as the caller may see.
pub async fn extensions(cx: &Cx) -> Result<Vec<Extension>> {
    let scope = cx.scope(&CALL_WRITE)?;
    let mut conn = cx.read().await?;
    store::select_extensions(&mut conn, &scope).await
}

/// Where the caller sits.
pub async fn mine(cx: &Cx) -> Result<Option<Extension>> {
    let mut conn = cx.read().await?;
    store::find_of_user(&mut conn, cx.actor()?.user).await
}

/// Sits down at a telephone; whoever sat there before does not any more. Others are seated by those who may tell of calls.
///
/// Errors: `intake.extension`; `intake.extension_taken` when it belongs to another outlet; 404 for people out of reach.
pub async fn set_extension(cx: &Cx, input: SetExtension) -> Result<Vec<Extension>> {
    let actor = std::sync::Arc::clone(cx.actor()?);
    let other = input.staff_id.filter(|staff| Some(*staff) != actor.staff);
    let scope = cx.scope(if other.is_some() { &CALL_EVENT } else { &CALL_WRITE })?;
    let extension = clean(input.extension.as_deref());
    if !extension.is_empty() && !rules::is_extension(&extension) {
        return Err(rules::not_an_extension().field("extension").into());
    }
    let mut tx = begin!(cx, "intake.set_extension", &input);
    let id = other.or(actor.staff).ok_or(Error::Forbidden("staff"))?;
    let person = org::api::staff(&mut tx, id).await?;
    if other.is_some() && !scope.covers(person.org_id, &[person.id]) {
        return Err(Error::NotFound);
    }
    let user = person.user_id.filter(|_| person.active).ok_or_else(|| unknown("staff_id"))?;
    if let Some(held) = store::find_extension(&mut tx, &extension).await?
        && held.user_id != user
        && !scope.covers(held.org_id, &[held.staff_id])
    {
        let text = T("这个分机属于其他网点", "This extension belongs to another outlet");
        return Err(RuleError::new("intake.extension_taken", text).field("extension").into());
    }
    store::clear_extension(&mut tx, user, &extension).await?;
    if !extension.is_empty() {
        let row = Extension {
            extension: extension.clone(),
            user_id: user,
            staff_id: person.id,
            staff_name: person.name.clone(),
            org_id: person.org_id,
            updated_at: tx.now(),
        };
        store::insert_extension(&mut tx, &row).await?;
    }
    tx.log(DocRef::new("staff", person.id, &person.no), "seated", json!({ "extension": extension }));
    let all = match cx.scope(&CALL_WRITE) {
        Ok(scope) => store::select_extensions(&mut tx, &scope).await?,
        Err(_) => Vec::new(),
    };
    tx.commit(all).await
}

/// How incoming calls of the last `days` were answered (CALL-12).
pub async fn figures(cx: &Cx, days: i64) -> Result<CallFigures> {
    let scope = cx.scope(&CALL_READ)?;
    let days = days.clamp(1, 366);
    let wanted: i64 = cx.setting(&settings::ANSWER_RINGS, cx.actor()?.org).await?;
    let mut conn = cx.read().await?;
    let since = Ts(cx.now().0 - days * 86_400_000_000);
    let sums = store::sum_calls(&mut conn, &scope, since, wanted).await?;
    cx.count(&conn);
    Ok(rules::figures(&sums, days, wanted))
}
