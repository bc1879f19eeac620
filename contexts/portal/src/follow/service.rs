//! Reading documents as their customer, and what the customer does with them.

use callbacks::api::Rating;
use db::Conn;
use kernel::{Id, RuleError, T};
use kit::{Cx, Error, Result, begin};
use orders::api::{Confirm, State};
use products::api::HOTLINE;

use super::{
    model::{ConfirmWork, FollowRow, OrderOfRequest, OrderSeen, RequestSeen, Worn},
    rules, store,
};
use crate::{guest, talk, unit};

/// The order behind a link. 404 for unknown links.
async fn order_of(cx: &Cx, conn: &mut Conn, token: &str) -> Result<Id> {
    guest::look(cx)?;
    guest::plausible(token)?;
    orders::api::order_by_key(conn, token).await?.ok_or(Error::NotFound)
}

/// Why a finished order can't be confirmed here.
async fn held(conn: &mut Conn, row: &FollowRow) -> Result<rules::Held> {
    if row.state != State::Done {
        return Ok(rules::Held::default());
    }
    let over_quote = orders::api::brief(conn, row.id).await?.over_quote;
    Ok(rules::Held { over_quote, in_house: store::in_house(conn, row.id).await? })
}

/// An order as its customer sees it.
pub async fn order(cx: &Cx, token: &str) -> Result<OrderSeen> {
    let mut conn = cx.read().await?;
    let id = order_of(cx, &mut conn, token).await?;
    let row = store::get_order(&mut conn, id).await?;
    let held = held(&mut conn, &row).await?;
    let messages = talk::service::for_customer(cx, &mut conn, id).await?;
    let code = match orders::api::find_key(&mut conn, id).await? {
        Some(key) if rules::shows_code(row.state) => Some(key.code),
        _ => None,
    };
    let rated = match row.done_at {
        Some(done) => callbacks::api::said_of_order(&mut conn, id, done).await?.is_some(),
        None => false,
    };
    let cover = match row.unit_id {
        Some(unit) => {
            let unit = products::api::unit(&mut conn, unit).await?;
            Some(unit::service::cover(cx, &mut conn, &unit).await?)
        }
        None => None,
    };
    let wear = match row.done_at {
        Some(_) => orders::api::hand_over(&mut conn, id).await?.wear,
        None => Vec::new(),
    };
    let worn =
        |seen: products::api::WearSeen| Worn { part: seen.part, percent: seen.percent, months: seen.months };
    cx.count(&conn);
    drop(conn);
    let hotline = cx.setting(&HOTLINE, row.org_id).await?;
    let seen = seen(cx, row, held, code, rated, hotline);
    Ok(OrderSeen {
        messages,
        wear: wear.into_iter().map(worn).collect(),
        warranty: cover.map(|(cover, _)| cover),
        warranty_until: cover.and_then(|(_, until)| until),
        ..seen
    })
}

fn seen(
    cx: &Cx,
    row: FollowRow,
    held: rules::Held,
    code: Option<String>,
    rated: bool,
    hotline: String,
) -> OrderSeen {
    let words = match rules::waiting(&row.waiting) {
        Some(reason) if row.state == State::Waiting => reason,
        _ => held.words(row.state).unwrap_or(rules::words(row.state)),
    };
    let finished = matches!(row.state, State::Done | State::Confirmed | State::Audited | State::Closed);
    // Once the work is done the appointment is history.
    let open = row.state.is_open() && !finished;
    OrderSeen {
        zone: kit::zones::name(&cx.zone_of(row.org_id)),
        words: cx.t(words).to_string(),
        engineer: talk::rules::address(&row.engineer_name, cx.lang),
        appointment_from: row.appoint_from.filter(|_| open),
        appointment_to: row.appoint_to.filter(|_| open),
        arrived_at: row.arrived_at.or(row.started_at),
        payable: finished.then_some(row.payable),
        acceptance_code: code,
        wear: Vec::new(),
        messages: Vec::new(),
        may_write: rules::may_write(row.state),
        may_confirm: rules::may_confirm(row.state, held),
        may_rate: rules::may_rate(row.state) && !rated,
        rated,
        hotline,
        no: row.no,
        state: row.state,
        model_name: row.model_name,
        serial: row.serial,
        symptom: row.symptom,
        warranty: None,
        warranty_until: None,
        created_at: row.created_at,
        scheduled_at: row.scheduled_at,
        departed_at: row.departed_at,
        done_at: row.done_at,
        confirmed_at: row.confirmed_at,
    }
}

/// The customer writes. Errors: `portal.message`, `portal.messages_many` at `text`; `portal.over` when nobody reads it
/// any more; 429.
pub async fn say(cx: &Cx, token: &str, text: &str) -> Result<OrderSeen> {
    guest::write(cx, "say")?;
    guest::not_staff(cx)?;
    let mut conn = cx.read().await?;
    let id = order_of(cx, &mut conn, token).await?;
    drop(conn);
    say_once(cx, id, text).await?;
    order(cx, token).await
}

async fn say_once(cx: &Cx, id: Id, text: &str) -> Result<()> {
    let key = cx.req.idem.clone().unwrap_or_default();
    let customer = guest::customer(cx);
    let mut tx = begin!(customer, "portal.say", &id);
    let brief = orders::api::brief(&mut tx, id).await?;
    if !rules::may_write(brief.state) {
        let over =
            T("这张工单已结束，请重新报修或拨打热线", "This order is over; report the fault again, or call");
        return Err(Error::rule(RuleError::new("portal.over", over).field("text")));
    }
    talk::service::say_in(&mut tx, &brief, text, &key).await?;
    tx.commit(()).await
}

/// The customer accepts the work (WO-36, WO-41). Accepted before: nothing happens twice. Errors: `portal.not_done`,
/// `portal.staff`, `text.too_long` at `by`.
pub async fn confirm(cx: &Cx, token: &str, input: &ConfirmWork) -> Result<OrderSeen> {
    guest::write(cx, "confirm")?;
    guest::not_staff(cx)?;
    let by = input.by.as_deref().map(str::trim).filter(|by| !by.is_empty());
    if by.is_some_and(|by| by.chars().count() > 40) {
        let text = T("内容太长（最多 {most} 字）", "Too long ({most} characters at most)");
        return Err(Error::rule(RuleError::new("text.too_long", text).arg("most", 40).field("by")));
    }
    let mut conn = cx.read().await?;
    let id = order_of(cx, &mut conn, token).await?;
    let row = store::get_order(&mut conn, id).await?;
    let held = held(&mut conn, &row).await?;
    drop(conn);
    if row.confirmed_at.is_none() {
        if !rules::may_confirm(row.state, held) {
            let not_done = T("完工后才能确认", "It can be accepted once the work is finished");
            let text = held.words(row.state).unwrap_or(not_done);
            return Err(Error::rule(RuleError::new("portal.not_done", text)));
        }
        let note = cx.t(T("客户在进度页确认", "Accepted on the customer's page")).to_string();
        let command = Confirm {
            by: by.map(str::to_string),
            call_time: input.call_time.clone(),
            note: Some(note),
            proven: true,
            ..Confirm::default()
        };
        orders::api::confirm(&guest::customer(cx), id, command).await?;
    }
    order(cx, token).await
}

/// The customer rates the service. Errors: those of `callbacks::api::rate_in`; `portal.staff`.
pub async fn rate(cx: &Cx, token: &str, input: &Rating) -> Result<OrderSeen> {
    guest::write(cx, "rate")?;
    guest::not_staff(cx)?;
    let mut conn = cx.read().await?;
    let id = order_of(cx, &mut conn, token).await?;
    let row = store::get_order(&mut conn, id).await?;
    drop(conn);
    rate_once(cx, &row, input).await?;
    order(cx, token).await
}

async fn rate_once(cx: &Cx, row: &FollowRow, input: &Rating) -> Result<()> {
    let customer = guest::customer(cx);
    let mut tx = begin!(customer, "portal.rate", &(row.id, input));
    callbacks::api::rate_in(&mut tx, row.id, row.done_at, input).await?;
    tx.commit(()).await
}

/// A request as its customer sees it, with what came of it.
pub async fn request(cx: &Cx, token: &str) -> Result<RequestSeen> {
    guest::look(cx)?;
    let mut conn = cx.read().await?;
    let row = intake::api::request_by_token(&mut conn, token).await?.ok_or(Error::NotFound)?;
    let mut of_request = Vec::new();
    for id in intake::api::orders_of_request(&mut conn, row.id).await? {
        let order = orders::api::brief(&mut conn, id).await?;
        // An order the request was put to may be another customer's file by now: then its page is not theirs.
        let same = order.customer_id == row.customer_id.unwrap_or(order.customer_id);
        let key = if same { orders::api::find_key(&mut conn, id).await? } else { None };
        of_request.push(OrderOfRequest {
            no: order.no,
            words: cx.t(rules::words(order.state)).to_string(),
            path: key.map(|key| orders::api::key_path(&key.token)),
        });
    }
    cx.count(&conn);
    use intake::api::State as Request;
    Ok(RequestSeen {
        zone: kit::zones::name(&cx.zone_of(row.org_id)),
        words: cx.t(rules::request_words(row.state, row.confirmed_at.is_some())).to_string(),
        answered: row.state != Request::Open,
        ordered: matches!(row.state, Request::Ordered | Request::Closed),
        closed: row.state == Request::Closed,
        promised_at: row.promised_at.filter(|_| row.state == Request::Open),
        created_at: row.created_at,
        no: row.no,
        orders: of_request,
    })
}
