//! From an identity to a session. The way there and back is carried by a sealed cookie, so any node can finish it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::Id;
use kit::{Cx, DocRef, Error, Result, app::Sso, seal};
use serde_json::json;

use super::{
    provider,
    rules::{Identity, Journey, Trouble, identity},
    store,
};
use crate::{
    password,
    sessions::{self, Signed},
    users::{self, model::NewUser},
};

/// Minutes that a way to the provider and back may take.
pub(super) const MINUTES: i64 = 10;
const PURPOSE: &str = "single sign-on";
const MINUTE: i64 = 60_000_000;

/// What is configured; 404 without.
pub(super) fn sso(cx: &Cx) -> Result<Sso> {
    cx.app.config.sso.clone().ok_or(Error::NotFound)
}

/// This server as the browser knows it.
fn here(cx: &Cx, path: &str) -> String {
    let base = &cx.app.config.public_url;
    if base.is_empty() { format!("http://{}{path}", cx.req.host) } else { format!("{base}{path}") }
}

fn back(cx: &Cx) -> String {
    here(cx, "/login/sso/callback")
}

/// Where to send the browser, and the cookie that it takes along.
pub(super) async fn begin(
    cx: &Cx,
    sso: &Sso,
    next: &str,
) -> Result<std::result::Result<(String, String), Trouble>> {
    sessions::limit_address(cx)?;
    let leave = match provider::leave(sso, &back(cx)).await {
        Ok(leave) => leave,
        Err(trouble) => return Ok(Err(trouble)),
    };
    let journey = Journey {
        state: leave.state,
        nonce: leave.nonce,
        verifier: leave.verifier,
        next: next.to_string(),
        until: cx.now().0 + MINUTES * MINUTE,
    };
    let sealed = seal::seal(&cx.app.audit_key, PURPOSE, b"", &serde_json::to_vec(&journey)?)?;
    Ok(Ok((leave.url, URL_SAFE_NO_PAD.encode(sealed))))
}

fn journey(cx: &Cx, cookie: &str, state: &str) -> Option<Journey> {
    let sealed = URL_SAFE_NO_PAD.decode(cookie).ok()?;
    let plain = seal::open(&cx.app.audit_key, PURPOSE, b"", &sealed)?;
    let journey: Journey = serde_json::from_slice(&plain).ok()?;
    (journey.until > cx.now().0 && !state.is_empty() && journey.state == state).then_some(journey)
}

/// What the provider sends back.
pub(super) struct Answer<'a> {
    pub code: &'a str,
    pub state: &'a str,
    pub error: &'a str,
    pub cookie: &'a str,
    pub user_agent: &'a str,
}

/// Opens a session for who comes back: with where to go. A refusal is logged.
pub(super) async fn enter(
    cx: &Cx,
    sso: &Sso,
    answer: &Answer<'_>,
) -> Result<std::result::Result<(Signed, String), Trouble>> {
    sessions::limit_address(cx)?;
    let mut login = String::new();
    let entered = try_enter(cx, sso, answer, &mut login).await?;
    if let Err(trouble) = &entered {
        refuse(cx, &login, *trouble).await?;
    }
    Ok(entered)
}

async fn refuse(cx: &Cx, login: &str, trouble: Trouble) -> Result<()> {
    let cx = sessions::as_actor(cx, None);
    let mut tx = kit::begin!(cx, "org.sso_refused", &());
    let doc = DocRef::new("user", Id::NIL, login.chars().take(40).collect::<String>());
    tx.log(doc, "refused", json!({ "sso": trouble.code() }));
    tx.commit(()).await
}

async fn try_enter(
    cx: &Cx,
    sso: &Sso,
    answer: &Answer<'_>,
    login: &mut String,
) -> Result<std::result::Result<(Signed, String), Trouble>> {
    let Some(journey) = journey(cx, answer.cookie, answer.state) else { return Ok(Err(Trouble::Stale)) };
    if !answer.error.is_empty() || answer.code.is_empty() {
        return Ok(Err(Trouble::Denied));
    }
    let claims = provider::claims(sso, &back(cx), answer.code, &journey.nonce, &journey.verifier).await;
    let who = match claims {
        Ok(claims) => identity(&claims, &sso.login_claim),
        Err(trouble) => return Ok(Err(trouble)),
    };
    login.clone_from(if who.login.is_empty() { &who.email } else { &who.login });
    let user = match find(cx, &who).await? {
        Some(user) => user,
        None => match create(cx, sso, &who).await? {
            Some(user) => user,
            None => return Ok(Err(Trouble::Unknown)),
        },
    };
    let signed = sessions::sign_in_by_sso(cx, user, answer.user_agent, &sso.issuer).await?;
    Ok(signed.map(|signed| (signed, journey.next)).ok_or(Trouble::Closed))
}

/// The account of this login name, or the only one with this verified address.
async fn find(cx: &Cx, who: &Identity) -> Result<Option<Id>> {
    let mut conn = cx.read().await?;
    if !who.login.is_empty() {
        match users::store::by_login(&mut conn, &who.login).await {
            Ok(row) => return Ok(Some(row.id)),
            Err(Error::NotFound) => {}
            Err(other) => return Err(other),
        }
    }
    if who.email.is_empty() {
        return Ok(None);
    }
    match store::by_email(&mut conn, &who.email).await?.as_slice() {
        [one] => Ok(Some(*one)),
        _ => Ok(None),
    }
}

/// A new account, where the configuration gives a role to newcomers.
async fn create(cx: &Cx, sso: &Sso, who: &Identity) -> Result<Option<Id>> {
    if sso.new_accounts.is_empty() || who.login.is_empty() || sessions::check_login(&who.login).is_err() {
        return Ok(None);
    }
    let hash = password::hash(&password::secret("")).await?;
    let system = Cx { req: sessions::as_actor(cx, None).req, lang: cx.lang, ..Cx::system(&cx.app) };
    let mut tx = kit::begin!(system, "org.sso_create", &());
    let input = NewUser {
        login: who.login.clone(),
        name: Some(who.name.clone()),
        email: Some(who.email.clone()),
        org_id: Some(crate::api::root(&mut tx).await?.id),
        roles: vec![sso.new_accounts.clone()],
        staff_id: None,
        password: None,
    };
    let made = users::create_user_in(&mut tx, &input, Some(&hash)).await?;
    tx.log(DocRef::new("user", made.id, &made.login), "sso_created", json!({ "sso": sso.issuer }));
    tx.commit(made.id).await.map(Some)
}

/// Where to sign out at the provider; back to our sign-in page.
pub(super) async fn out(cx: &Cx, sso: &Sso) -> Result<String> {
    sessions::limit_address(cx)?;
    Ok(provider::out(sso, &here(cx, "/login")).await.ok().flatten().unwrap_or_else(|| "/login".into()))
}
