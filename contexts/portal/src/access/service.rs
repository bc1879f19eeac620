//! Giving codes, taking them, and showing a customer's documents.

use kernel::{Id, T, Ts};
use kit::{
    Cx, DocRef, Error, Result, Scope, Sens, begin,
    http::secret_hash,
    notify::{Notice, tell_in},
};
use serde_json::json;

use super::{
    model::{AskCode, CodeRow, Entered, MinePage, OwnDoc, PassRow, UseCode},
    rules, store,
};
use crate::{follow, guest, settings, unit};

const MINUTE: i64 = 60_000_000;
/// Documents of a year are shown.
const YEAR_DAYS: i64 = 365;

/// Hash of a code: worthless without the unit it is for.
fn hash(unit: Id, code: &str) -> String {
    secret_hash(&format!("{unit}:{code}"))
}

/// A customer asks for a code. When the number is registered with the unit's owner, the desk gets the code and tells it to
/// the registered number. The answer is the same in every case: nobody learns whose number is registered.
///
/// Errors: `portal.phone`; 429 beyond the limits.
pub async fn send_code(cx: &Cx, token: &str, input: &AskCode) -> Result<()> {
    guest::write(cx, "code")?;
    rules::check_phone(&input.phone)?;
    let mut conn = cx.read().await?;
    let unit = unit::service::by_token(cx, &mut conn, token).await?;
    let now = cx.now();
    let many = store::count_codes(&mut conn, unit.id, Ts(now.0 - 60 * MINUTE)).await? >= rules::MOST_AN_HOUR;
    let owners = customers::api::by_phone(&mut conn, &Scope::All, &input.phone).await?;
    cx.count(&conn);
    drop(conn);
    let owner = owners.into_iter().find(|customer| Some(customer.id) == unit.customer_id);
    let Some(owner) = owner.filter(|_| !many) else { return Ok(()) };
    let minutes: i64 = cx.setting(&settings::CODE_MINUTES, Id::NIL).await?;
    let mut tx = begin!(cx, "portal.send_code", &unit.id);
    let code = rules::code(rand::random());
    let row = CodeRow {
        id: tx.id(),
        unit_id: unit.id,
        customer_id: owner.id,
        org_id: owner.org_id,
        phone_key: rules::digits(&input.phone),
        hash: hash(unit.id, &code),
        tries: 0,
        created_at: now,
        expires_at: Ts(now.0 + minutes * MINUTE),
        used_at: None,
    };
    store::insert_code(&mut tx, &row).await?;
    tx.log(DocRef::new("customer", owner.id, &owner.no), "customer_code", json!({ "unit": unit.no }));
    let users = org::api::users_with(&mut tx, intake::api::REQUEST_WRITE.key, owner.org_id).await?;
    let title = T("请把查询验证码告诉客户：{code}", "Tell the customer this code: {code}")
        .told(&[("code", code.clone())]);
    let text = T(
        "{who} · {phone} · 只用登记的号码打电话或发短信",
        "{who} · {phone} · by phone or message to the registered number only",
    );
    let detail = text.told(&[
        ("who", kit::veil::marked(Sens::Name, &owner.name)),
        ("phone", kit::perm::mask(Sens::Phone, &input.phone).clone()),
    ]);
    let href = format!("/customers/{}", owner.id);
    tell_in(&mut tx, &Notice { users: &users, title: &title, detail: &detail, href: &href, mail: false })
        .await?;
    tx.commit(()).await
}

/// Enters with a code. Errors: `portal.code`, whatever is wrong with it.
pub async fn enter(cx: &Cx, token: &str, input: &UseCode) -> Result<Entered> {
    guest::write(cx, "enter")?;
    rules::check_phone(&input.phone)?;
    let mut conn = cx.read().await?;
    let unit = unit::service::by_token(cx, &mut conn, token).await?;
    drop(conn);
    let secret = guest::secret();
    if take(cx, unit.id, input, &secret).await? {
        Ok(Entered { path: format!("/p/{secret}") })
    } else {
        Err(rules::wrong().into())
    }
}

/// Tries a code in a transaction of its own: a wrong one counts although it is refused.
async fn take(cx: &Cx, unit: Id, input: &UseCode, secret: &str) -> Result<bool> {
    let hours: i64 = cx.setting(&settings::PASS_HOURS, Id::NIL).await?;
    let mut tx = begin!(cx, "portal.enter", &unit);
    let now = tx.now();
    let found = store::lock_code(&mut tx, unit, &rules::digits(&input.phone)).await?;
    let Some(row) = found.filter(|row| rules::usable(row, now)) else { return Ok(false) };
    if row.hash != hash(unit, &rules::digits(&input.code)) {
        store::set_tries(&mut tx, row.id, row.tries + 1).await?;
        return tx.commit(false).await;
    }
    store::mark_used(&mut tx, row.id, now).await?;
    let pass = PassRow {
        hash: secret_hash(secret),
        customer_id: row.customer_id,
        org_id: row.org_id,
        unit_id: unit,
        created_at: now,
        expires_at: Ts(now.0 + hours * 60 * MINUTE),
    };
    store::insert_pass(&mut tx, &pass).await?;
    tx.log(DocRef::new("customer", row.customer_id, ""), "customer_pass", json!({}));
    tx.commit(true).await
}

/// The documents of whoever holds a pass; 404 once it is over, or when the unit went to somebody else.
pub async fn mine(cx: &Cx, token: &str) -> Result<MinePage> {
    guest::look(cx)?;
    guest::plausible(token)?;
    let now = cx.now();
    let mut conn = cx.read().await?;
    let pass = store::find_pass(&mut conn, &secret_hash(token), now).await?.ok_or(Error::NotFound)?;
    if products::api::unit(&mut conn, pass.unit_id).await?.customer_id != Some(pass.customer_id) {
        return Err(Error::NotFound);
    }
    let since = Ts(now.0 - YEAR_DAYS * 24 * 60 * MINUTE);
    let mut own = Vec::new();
    for order in store::select_orders(&mut conn, pass.customer_id, since).await? {
        let key = orders::api::find_key(&mut conn, order.id).await?;
        own.push(OwnDoc {
            words: cx.t(follow::rules::words(order.state)).to_string(),
            no: order.no,
            about: order.model_name,
            created_at: order.created_at,
            appointment_from: order.appoint_from.filter(|_| order.state.is_open()),
            path: key.map(|key| orders::api::key_path(&key.token)),
        });
    }
    let requests = intake::api::requests_of(&mut conn, pass.customer_id, 20).await?;
    cx.count(&conn);
    let requests = requests.into_iter().filter(|row| row.order_id.is_none() && row.created_at >= since);
    Ok(MinePage {
        orders: own,
        requests: requests
            .map(|row| OwnDoc {
                words: cx.t(follow::rules::request_words(row.state, row.confirmed_at.is_some())).to_string(),
                path: Some(format!("/r/{}", row.token)),
                about: row.topic_name,
                no: row.no,
                created_at: row.created_at,
                appointment_from: None,
            })
            .collect(),
    })
}

/// Removes codes and passes that are over.
pub async fn tidy(cx: Cx) -> Result<()> {
    let mut tx = cx.app.db.begin().await?;
    store::delete_over(&mut tx, cx.now()).await?;
    tx.commit().await?;
    Ok(())
}
