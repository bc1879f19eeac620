//! Setting a second factor up and taking it off. Neither secrets nor codes are part of what is stored under an
//! idempotency key.

use std::sync::Arc;

use db::Conn;
use kernel::{Id, RuleError, T};
use kit::{Cx, DocRef, Error, Result, Tx, http::secret_hash, seal};
use serde_json::json;

use super::{model::*, rules, store};
use crate::{USER_WRITE, sessions, users};

const PURPOSE: &str = "second factor";

/// The key of a factor. It lies in the database sealed with the installation's own key, for this account only: a copy of
/// the database alone makes no codes. `None`: sealed by another installation; an administrator takes the factor off.
pub(crate) fn secret(cx: &Cx, factor: &FactorRow) -> Option<Vec<u8>> {
    let opened =
        seal::open(&cx.app.audit_key, PURPOSE, factor.user_id.to_string().as_bytes(), &factor.secret);
    if opened.is_none() {
        tracing::error!(user = %factor.user_id, "the key of a second factor can't be opened: is audit.key the right one?");
    }
    opened
}

/// True when the account signs in with a code.
pub(crate) async fn is_on(conn: &mut Conn, user: Id) -> Result<bool> {
    Ok(store::find(conn, user).await?.is_some_and(|factor| factor.confirmed_at.is_some()))
}

/// The caller's own.
pub async fn mine(cx: &Cx) -> Result<SecondFactor> {
    let user = cx.actor()?.user;
    let mut conn = cx.read().await?;
    status(&mut conn, user).await
}

async fn status(conn: &mut Conn, user: Id) -> Result<SecondFactor> {
    let since = store::find(conn, user).await?.and_then(|factor| factor.confirmed_at);
    let codes_left = if since.is_some() { store::count_codes(conn, user).await? } else { 0 };
    Ok(SecondFactor { on: since.is_some(), since, codes_left })
}

/// What is being set up, if anything.
pub async fn pending(cx: &Cx) -> Result<Option<SetUp>> {
    let actor = Arc::clone(cx.actor()?);
    let mut conn = cx.read().await?;
    let factor = store::find(&mut conn, actor.user).await?.filter(|factor| factor.confirmed_at.is_none());
    let secret = factor.and_then(|factor| secret(cx, &factor));
    Ok(secret.map(|secret| rules::set_up(&secret, &cx.app.config.company, &actor.login)))
}

/// Begins with a new secret. Errors: `org.second_on` (409) when it is on.
pub async fn start(cx: &Cx) -> Result<SetUp> {
    begin_anew(cx).await?;
    pending(cx).await?.ok_or(Error::NotFound)
}

async fn begin_anew(cx: &Cx) -> Result<()> {
    let actor = Arc::clone(cx.actor()?);
    let secret: [u8; 20] = rand::random();
    let mut tx = kit::begin!(cx, "org.second_factor_start", &());
    if is_on(&mut tx, actor.user).await? {
        return Err(already_on());
    }
    let now = tx.now();
    let sealed = seal::seal(&cx.app.audit_key, PURPOSE, actor.user.to_string().as_bytes(), &secret)?;
    store::put(&mut tx, actor.user, sealed, now).await?;
    tx.commit(()).await
}

fn already_on() -> Error {
    Error::Conflict(RuleError::new(
        "org.second_on",
        T("两步验证已启用，请先关闭", "The second factor is on; switch it off first"),
    ))
}

/// Switches it on: the app makes the right codes. Errors: `org.second_code`.
pub async fn confirm(cx: &Cx, input: &Code) -> Result<RecoveryCodes> {
    let actor = Arc::clone(cx.actor()?);
    sessions::limit(cx, &actor.login)?;
    let mut tx = kit::begin!(cx, "org.second_factor_confirm", &());
    let factor = store::find(&mut tx, actor.user).await?.ok_or(Error::NotFound)?;
    if factor.confirmed_at.is_some() {
        return Err(already_on());
    }
    let now = tx.now();
    let step =
        secret(cx, &factor).and_then(|secret| rules::matched(&secret, &input.code, now, factor.last_step));
    store::confirm(&mut tx, actor.user, step.ok_or_else(rules::wrong_code)?, now).await?;
    let codes = codes_in(&mut tx, actor.user).await?;
    tx.log(DocRef::new("user", actor.user, &actor.login), "second_factor_on", json!({}));
    // A repeated answer has no codes: they are stored nowhere.
    tx.commit(RecoveryCodes::default()).await?;
    Ok(RecoveryCodes { codes })
}

/// New recovery codes; only their hashes are kept.
async fn codes_in(tx: &mut Tx, user: Id) -> Result<Vec<String>> {
    let codes: Vec<String> = (0..rules::CODES).map(|_| rules::recovery_code(rand::random())).collect();
    let hashes: Vec<String> =
        codes.iter().filter_map(|code| rules::folded(code)).map(|code| secret_hash(&code)).collect();
    store::replace_codes(tx, user, &hashes).await?;
    Ok(codes)
}

/// New recovery codes instead of the old ones. Errors: `org.current_password`.
pub async fn new_codes(cx: &Cx, input: &Password) -> Result<RecoveryCodes> {
    let actor = Arc::clone(cx.actor()?);
    sessions::check_password(cx, &input.password, "password").await?;
    let mut tx = kit::begin!(cx, "org.second_factor_codes", &());
    if !is_on(&mut tx, actor.user).await? {
        return Err(Error::NotFound);
    }
    let codes = codes_in(&mut tx, actor.user).await?;
    tx.log(DocRef::new("user", actor.user, &actor.login), "recovery_codes", json!({}));
    // A repeated answer has no codes: they are stored nowhere.
    tx.commit(RecoveryCodes::default()).await?;
    Ok(RecoveryCodes { codes })
}

/// Switches it off. Errors: `org.current_password`.
pub async fn off(cx: &Cx, input: &Password) -> Result<SecondFactor> {
    let actor = Arc::clone(cx.actor()?);
    sessions::check_password(cx, &input.password, "password").await?;
    let mut tx = kit::begin!(cx, "org.second_factor_off", &());
    if store::delete(&mut tx, actor.user).await? {
        tx.log(DocRef::new("user", actor.user, &actor.login), "second_factor_off", json!({}));
    }
    tx.commit(SecondFactor::default()).await
}

/// Takes somebody's factor off, whose telephone and recovery codes are lost.
pub async fn reset(cx: &Cx, user: Id) -> Result<()> {
    let mut tx = kit::begin!(cx, "org.second_factor_reset", &user);
    let row = users::store::user(&mut tx, user).await?;
    tx.authorize(&USER_WRITE, &row)?;
    users::not_above(&mut tx, user).await?;
    if store::delete(&mut tx, user).await? {
        tx.log(DocRef::new("user", row.id, &row.login), "second_factor_reset", json!({}));
    }
    tx.commit(()).await
}
