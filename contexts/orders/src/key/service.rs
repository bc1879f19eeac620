//! Giving keys, and trying codes.

use db::Conn;
use kernel::Id;
use kit::{Cx, Error, Result, Tx, begin};
use serde_json::json;

use super::{
    model::{KeyOut, KeyRow},
    rules, store,
};
use crate::{
    order::{model::OrderRow, store as orders},
    perms::{ORDER_COMPLETE, ORDER_KEY},
};

/// A new key of an order.
fn fresh(order: &OrderRow, now: kernel::Ts) -> KeyRow {
    KeyRow {
        order_id: order.id,
        org_id: order.org_id,
        token: rules::token(rand::random()),
        code: rules::code(rand::random()),
        tries: 0,
        used_at: None,
        created_at: now,
    }
}

/// The key of a new order.
pub async fn give_in(tx: &mut Tx, order: &OrderRow) -> Result<()> {
    let row = fresh(order, tx.now());
    store::put_key(tx, &row).await
}

/// The work begins again: the old code is known.
pub async fn renew_code_in(tx: &mut Tx, order: Id) -> Result<()> {
    store::renew_code(tx, order, &rules::code(rand::random())).await
}

fn out(row: &KeyRow) -> KeyOut {
    KeyOut {
        path: path(&row.token),
        code: row.code.clone(),
        tries_left: (rules::MOST_TRIES - row.tries).max(0),
        used_at: row.used_at,
    }
}

/// Address of a customer's page.
pub fn path(token: &str) -> String {
    format!("/f/{token}")
}

/// The key of an order the caller may hand out. 404 without one: past orders of other systems.
pub async fn get(cx: &Cx, id: Id) -> Result<KeyOut> {
    cx.require(&ORDER_KEY)?;
    let mut conn = cx.read().await?;
    let order = orders::get_order(&mut conn, id).await?;
    cx.authorize(&ORDER_KEY, &order)?;
    let row = store::find_key(&mut conn, id).await?;
    cx.count(&conn);
    row.map(|row| out(&row)).ok_or(Error::NotFound)
}

/// Another link and code: the old ones got into wrong hands, or were wrong too often.
pub async fn renew(cx: &Cx, id: Id) -> Result<KeyOut> {
    renewed(cx, id).await?;
    get(cx, id).await
}

/// Secrets are no output of a command: stored answers outlive them.
async fn renewed(cx: &Cx, id: Id) -> Result<()> {
    let mut tx = begin!(cx, "orders.renew_key", &id);
    let order = orders::lock_order(&mut tx, id).await?;
    tx.authorize(&ORDER_KEY, &order)?;
    let row = fresh(&order, tx.now());
    store::put_key(&mut tx, &row).await?;
    tx.log(order.doc(), "key_renewed", json!({}));
    tx.commit(()).await
}

/// The page's order, for whoever holds its secret.
pub async fn by_token(conn: &mut Conn, token: &str) -> Result<Option<Id>> {
    store::find_order(conn, token).await
}

/// Tries the code that the customer told the engineer, in a transaction of its own: a wrong one counts although the
/// completion is refused with it.
///
/// Errors: `orders.code_wrong`, `orders.code_locked`, `orders.code_missing` at `acceptance_code`.
pub async fn check(cx: &Cx, id: Id, said: &str) -> Result<()> {
    let left = tried(&cx.keyed(cx.id().to_string()), id, said).await?;
    match left {
        None => Ok(()),
        Some(0) => Err(rules::locked().into()),
        Some(left) => Err(rules::wrong(left).into()),
    }
}

async fn tried(cx: &Cx, id: Id, said: &str) -> Result<Option<i64>> {
    let mut tx = begin!(cx, "orders.try_code", &id);
    let order = orders::lock_order(&mut tx, id).await?;
    tx.authorize(&ORDER_COMPLETE, &order)?;
    let key = store::find_key(&mut tx, id).await?;
    let Some(tries) = rules::try_code(key.as_ref(), said)? else { return tx.commit(None).await };
    store::set_tries(&mut tx, id, tries).await?;
    tx.log(order.doc(), "code_wrong", json!({ "tries": tries }));
    tx.commit(Some((rules::MOST_TRIES - tries).max(0))).await
}

/// The code stands for the signature, in the transaction of the completion: looked at once more, because a caller may
/// not have asked [`check`] before.
pub async fn use_in(tx: &mut Tx, id: Id, said: &str) -> Result<()> {
    let key = store::find_key(tx, id).await?;
    if rules::try_code(key.as_ref(), said)?.is_some() {
        return Err(rules::wrong(key.map_or(0, |key| rules::MOST_TRIES - key.tries)).into());
    }
    let now = tx.now();
    store::mark_used(tx, id, now).await
}
