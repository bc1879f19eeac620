//! Registering calls and letters.

use db::Conn;
use kernel::{Id, Problems, RuleError, T, phone_key};
use kit::{Cx, DocRef, Error, Result, Tx, begin};

use super::{
    model::{CallAnswer, CallOut, CallRow, Direction, Medium, NewCall, Outcome},
    store,
};
use crate::{
    desk,
    perms::{CALL_WRITE, REQUEST_READ},
    request::{model::RequestRow, rules::clean},
};

fn check(input: &NewCall) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let phone = input.phone.as_deref().unwrap_or_default();
    let call = input.medium.unwrap_or(Medium::Call) == Medium::Call;
    problems.check(!call || !phone_key(phone).is_empty(), || {
        RuleError::new("intake.number", T("请填写电话号码", "Enter the number")).field("phone")
    });
    problems.take(kit::perm::whole(kit::Sens::Phone, phone, "phone"));
    let long = [("phone", &input.phone, 40), ("party", &input.party, 100), ("note", &input.note, 2000)];
    for (field, text, most) in long {
        problems.check(text.as_deref().unwrap_or_default().chars().count() <= most, || {
            RuleError::new(
                "text.too_long",
                T("内容太长（最多 {most} 字）", "Too long ({most} characters at most)"),
            )
            .arg("most", most)
            .field(field)
        });
    }
    problems.check(input.seconds.is_none_or(|s| (0..=86_400).contains(&s)), || {
        RuleError::new("intake.seconds", T("时长应为 0 到 86400 秒", "0 to 86,400 seconds")).field("seconds")
    });
    problems.finish()
}

/// Registers a call or letter and answers who the other side is (CALL-02, CALL-20).
pub async fn register(cx: &Cx, input: NewCall) -> Result<CallAnswer> {
    let scope = cx.scope(&CALL_WRITE)?;
    check(&input)?;
    let mut conn = cx.read().await?;
    let phone = clean(input.phone.as_deref());
    let lookup = desk::service::typed_in(
        cx,
        &mut conn,
        &desk::model::Ask { phone: phone.clone(), customer_id: input.customer_id, ..Default::default() },
    )
    .await?;
    let about = about(cx, &mut conn, &input).await?;
    cx.count(&conn);
    drop(conn);
    let known = match lookup.customers.as_slice() {
        [one] => Some(one),
        many => many.iter().find(|c| Some(c.id) == input.customer_id),
    };
    let mut tx = begin!(cx, "intake.register_call", &input);
    let actor = cx.actor()?;
    let org = known.filter(|c| !c.elsewhere).map_or(actor.org, |c| c.org_id);
    if !scope.covers(org, &tx.cx().staff().ok().into_iter().collect::<Vec<_>>()) {
        return Err(Error::NotFound);
    }
    let row = CallRow {
        medium: input.medium.unwrap_or(Medium::Call),
        direction: input.direction.unwrap_or(Direction::In),
        outcome: input.outcome.unwrap_or(Outcome::Answered),
        phone_key: phone_key(&phone),
        phone,
        party: input
            .party
            .map(|p| p.trim().to_string())
            .filter(|p| !p.is_empty())
            .or(known.map(|c| c.name.clone()))
            .unwrap_or_default(),
        customer_id: known.map(|c| c.id),
        request_id: input.request_id,
        request_no: about.0,
        order_id: input.order_id,
        order_no: about.1,
        staff_id: actor.staff,
        staff_name: actor.name.clone(),
        seconds: input.seconds.unwrap_or(0),
        note: clean(input.note.as_deref()),
        to_return: matches!(input.outcome, Some(Outcome::Missed | Outcome::Busy))
            && input.direction.unwrap_or(Direction::In) == Direction::In,
        ..CallRow::fresh(tx.id(), org, tx.now())
    };
    store::insert_call(&mut tx, &row).await?;
    returned_in(&mut tx, &row).await?;
    log(&mut tx, &row);
    let intake_path = intake_path(&row);
    tx.commit(CallAnswer { call: out(&row), lookup, intake_path }).await
}

/// A call into the register.
pub async fn insert_in(tx: &mut Tx, row: &CallRow) -> Result<()> {
    store::insert_call(tx, row).await?;
    returned_in(tx, row).await
}

/// Numbers of the request and the order it is about, if the caller may see them.
async fn about(cx: &Cx, conn: &mut Conn, input: &NewCall) -> Result<(String, String)> {
    let request = match input.request_id {
        Some(id) => {
            let row = crate::request::store::get_request(conn, id).await?;
            cx.authorize(&REQUEST_READ, &row)?;
            row.no
        }
        None => String::new(),
    };
    let order = match input.order_id {
        Some(id) => orders::api::visible(cx, conn, id).await?.no,
        None => String::new(),
    };
    Ok((request, order))
}

/// The intake screen, filled with what the call tells.
pub fn intake_path(row: &CallRow) -> String {
    let phone: String = row.phone.chars().filter(|c| c.is_ascii_digit() || *c == '-').collect();
    match row.customer_id {
        Some(id) => format!("/intake?phone={phone}&customer_id={id}&call_id={}", row.id),
        None => format!("/intake?phone={phone}&call_id={}", row.id),
    }
}

fn log(tx: &mut Tx, row: &CallRow) {
    let detail = serde_json::json!({ "medium": row.medium, "direction": row.direction, "outcome": row.outcome, "customer_id": row.customer_id });
    tx.log(DocRef::new("call", row.id, ""), "registered", detail);
}

/// The call with which a request came: the registered one, or a new entry (CALL-20).
pub async fn of_request_in(tx: &mut Tx, request: &RequestRow, call: Option<Id>) -> Result<()> {
    if let Some(call) = call {
        if store::link_call(tx, call, request).await? {
            return Ok(());
        }
        return Err(Error::rule(
            RuleError::new("intake.call", T("没有这条来电记录", "There is no such call")).field("call_id"),
        ));
    }
    let row = CallRow {
        outcome: Outcome::Answered,
        phone: request.caller_phone.clone(),
        phone_key: request.phone_key.clone(),
        party: if request.customer_name.is_empty() {
            request.caller_name.clone()
        } else {
            request.customer_name.clone()
        },
        customer_id: request.customer_id,
        request_id: Some(request.id),
        request_no: request.no.clone(),
        order_id: request.order_id,
        order_no: request.order_no.clone(),
        staff_id: request.handler_id,
        staff_name: request.handler_name.clone(),
        ..CallRow::fresh(tx.id(), request.org_id, request.created_at)
    };
    store::insert_call(tx, &row).await?;
    returned_in(tx, &row).await
}

/// Spoken with, or tried from here: calls of this number that nobody took need no calling back any more.
pub async fn returned_in(tx: &mut Tx, row: &CallRow) -> Result<()> {
    let spoken = row.outcome == Outcome::Answered || row.direction == Direction::Out;
    if row.medium == Medium::Call && spoken && !row.phone_key.is_empty() {
        store::mark_returned(tx, row).await?;
    }
    Ok(())
}

/// Calls about a request.
pub async fn of_request(conn: &mut Conn, request: Id) -> Result<Vec<CallRow>> {
    store::select_of_request(conn, request).await
}

/// What leaves the house.
pub fn out(row: &CallRow) -> CallOut {
    CallOut {
        id: row.id,
        medium: row.medium,
        direction: row.direction,
        outcome: row.outcome,
        party: row.party.clone(),
        customer_id: row.customer_id,
        at: row.at,
    }
}
