//! Signing in and out. Passwords are hashed before a transaction is opened, and never part of what is stored
//! under an idempotency key.

use std::sync::Arc;

use kernel::{Id, RuleError, T, Ts};
use kit::{Actor, Cx, DocRef, Error, Req, Result, Tx, http::secret_hash};
use serde_json::json;

use super::{model::*, rules, store};
use crate::{
    TOKEN_WRITE, USER_READ, USER_WRITE, password,
    second::{self, rules as codes},
    users,
};

/// Sign-ins tried per login name and minute.
const PER_LOGIN: u32 = 10;
/// Sign-ins tried per address and minute: a company may share one.
const PER_ADDRESS: u32 = 60;
const HOUR: i64 = 3_600_000_000;
/// Hours that a one-time link works.
const LINK_HOURS: i64 = 72;
/// Minutes that a right password waits for its code.
const CODE_MINUTES: i64 = 5;

/// The request on behalf of somebody else than its cookie says, and without its idempotency key: a sign-in
/// form sent twice must simply sign in twice.
pub(crate) fn as_actor(cx: &Cx, actor: Option<Arc<Actor>>) -> Cx {
    let req = Req { id: cx.req.id.clone(), ip: cx.req.ip.clone(), uri: cx.req.uri.clone(), ..Req::default() };
    Cx { actor, req: Arc::new(req), ..cx.clone() }
}

pub(crate) fn limit(cx: &Cx, login: &str) -> Result<()> {
    let now = cx.now();
    cx.app.limits.hit(&format!("sign-in:{login}"), PER_LOGIN, now)?;
    limit_address(cx)
}

/// For ways in where the name is not known yet.
pub(crate) fn limit_address(cx: &Cx) -> Result<()> {
    cx.app.limits.hit(&format!("sign-in-from:{}", cx.req.ip), PER_ADDRESS, cx.now())
}

/// The same words whether the name is unknown, the password wrong or the account closed.
fn refused() -> Error {
    RuleError::new("org.sign_in", T("登录名或密码不正确", "Login name or password is wrong"))
        .field("password")
        .into()
}

/// A session just made.
pub struct Signed {
    /// Its secret, for the cookie.
    pub secret: String,
    /// Seconds it lasts.
    pub seconds: i64,
    /// A new password is due first.
    pub must_change: bool,
    /// It is no session yet but a ticket: a code is due first.
    pub code_due: bool,
}

/// Signs in with login name and password.
///
/// Errors: `org.sign_in` whatever was wrong; 429 after too many tries.
pub async fn sign_in(cx: &Cx, input: &SignIn, user_agent: &str) -> Result<Signed> {
    let login = rules::fold_login(&input.login);
    limit(cx, &login)?;
    if cx.app.config.sso.as_ref().is_some_and(|sso| sso.only) {
        let text = T("请使用统一登录", "Use the single sign-on");
        return Err(RuleError::new("org.sso_only", text).field("password").into());
    }
    let mut conn = cx.read().await?;
    let account = store::account(&mut conn, &login).await?;
    drop(conn);
    let open = account.as_ref().is_some_and(|account| account.active);
    let right =
        password::verify(&input.password, account.as_ref().map(|account| account.password.clone())).await?;
    let actor = match &account {
        Some(account) if right && open => cx.app.directory.by_user(&cx.app.db, account.id, cx.now()).await?,
        _ => None,
    };
    let (Some(account), Some(actor)) = (account, actor) else {
        note_refusal(&as_actor(cx, None), &login).await?;
        return Err(refused());
    };
    open_session(&as_actor(cx, Some(actor)), &account, user_agent, Way::Password).await
}

/// The second half of a sign-in: the code for the ticket of a right password.
///
/// Errors: 404 for a ticket that is unknown, used or too old; `org.second_code`; 429 after too many tries.
pub async fn sign_in_code(cx: &Cx, input: &SignInCode, user_agent: &str) -> Result<Signed> {
    limit_address(cx)?;
    let hash = secret_hash(&input.ticket);
    let mut conn = cx.read().await?;
    let ticket = store::one_time(&mut conn, CredentialKind::Second, &hash, cx.now()).await?;
    let ticket = ticket.ok_or(Error::NotFound)?;
    let account = store::account_of(&mut conn, ticket.user_id).await?;
    let factor = second::store::find(&mut conn, account.id).await?;
    drop(conn);
    limit(cx, &account.login)?;
    let step = factor
        .and_then(|factor| {
            let secret = second::secret(cx, &factor)?;
            codes::matched(&secret, &input.code, cx.now(), factor.last_step)
        })
        .map(Proof::Step);
    let recovery = || codes::folded(&input.code).map(|code| Proof::Recovery(secret_hash(&code)));
    let proof = step.or_else(recovery);
    let actor = cx.app.directory.by_user(&cx.app.db, account.id, cx.now()).await?.ok_or(Error::NotFound)?;
    let signed = match proof {
        Some(proof) => {
            let way = Way::Code { ticket: ticket.id, proof };
            open_session(&as_actor(cx, Some(actor)), &account, user_agent, way).await
        }
        None => Err(codes::wrong_code().into()),
    };
    if matches!(signed, Err(Error::Invalid(_))) {
        note_refusal(&as_actor(cx, None), &account.login).await?;
    }
    signed
}

/// Opens a session for an account that the provider of single sign-on answered for; `None`: it is closed.
pub(crate) async fn sign_in_by_sso(
    cx: &Cx,
    user: Id,
    user_agent: &str,
    issuer: &str,
) -> Result<Option<Signed>> {
    let mut conn = cx.read().await?;
    let account = store::account_of(&mut conn, user).await?;
    drop(conn);
    let actor = cx.app.directory.by_user(&cx.app.db, user, cx.now()).await?;
    let Some(actor) = actor.filter(|_| account.active) else { return Ok(None) };
    let unknown = match account.must_change {
        true => Some(password::hash(&password::secret("")).await?),
        false => None,
    };
    let way = Way::Sso { issuer: issuer.to_string(), unknown };
    open_session(&as_actor(cx, Some(actor)), &account, user_agent, way).await.map(Some)
}

async fn note_refusal(cx: &Cx, login: &str) -> Result<()> {
    let mut tx = kit::begin!(cx, "org.sign_in", &());
    tx.log(DocRef::new("user", Id::NIL, login.chars().take(40).collect::<String>()), "refused", json!({}));
    tx.commit(()).await
}

/// What is done to the account in the transaction that opens a session.
enum Way {
    /// The password was right.
    Password,
    /// A new password under a one-time link.
    Link { hash: String, link: Id },
    /// A code of the app, or a recovery code, for a ticket.
    Code { ticket: Id, proof: Proof },
    /// The provider of single sign-on answers for the person, second factor included. A first password that was never
    /// changed is replaced by one that nobody knows.
    Sso { issuer: String, unknown: Option<String> },
}

/// Which code was right.
enum Proof {
    Step(i64),
    Recovery(String),
}

async fn open_session(cx: &Cx, account: &store::Account, user_agent: &str, way: Way) -> Result<Signed> {
    let hours: i64 = cx.setting(&super::SESSION_HOURS, Id::NIL).await?;
    let secret = password::secret("");
    let must_change = account.must_change && !matches!(way, Way::Link { .. } | Way::Sso { .. });
    let (user, login) = (account.id, account.login.clone());
    let mut tx: Box<Tx> = match cx.begin("org.sign_in", &()).await? {
        kit::Begun::New(tx) => tx,
        // Without an idempotency key nothing is ever stored.
        kit::Begun::Done(_) => return Err(Error::Duplicate),
    };
    let now = tx.now();
    let doc = DocRef::new("user", user, &login);
    // Whoever has a second factor gets a ticket for it first, also under a one-time link.
    let code_due = !matches!(way, Way::Code { .. } | Way::Sso { .. }) && second::is_on(&mut tx, user).await?;
    let mut said = json!({});
    match way {
        Way::Password => {}
        Way::Sso { issuer, unknown } => {
            if let Some(hash) = unknown {
                store::set_password(&mut tx, user, &hash, false, now).await?;
                tx.forget_actors();
            }
            said = json!({ "sso": issuer });
        }
        Way::Link { hash, link } => {
            if !store::revoke(&mut tx, link, now).await? {
                return Err(Error::NotFound);
            }
            store::revoke_all(&mut tx, user, &[CredentialKind::Session, CredentialKind::Start], None, now)
                .await?;
            store::set_password(&mut tx, user, &hash, false, now).await?;
            tx.log(doc.clone(), "password_set", json!({}));
            tx.forget_actors();
        }
        Way::Code { ticket, proof } => {
            let right = match &proof {
                Proof::Step(step) => second::store::use_step(&mut tx, user, *step).await?,
                Proof::Recovery(hash) => second::store::use_code(&mut tx, user, hash, now).await?,
            };
            if !right {
                return Err(codes::wrong_code().into());
            }
            if !store::revoke(&mut tx, ticket, now).await? {
                return Err(Error::NotFound);
            }
            if matches!(proof, Proof::Recovery(_)) {
                tx.log(doc.clone(), "recovery_code", json!({}));
            }
        }
    }
    let (kind, lasts) = if code_due {
        (CredentialKind::Second, CODE_MINUTES * HOUR / 60)
    } else {
        (CredentialKind::Session, hours * HOUR)
    };
    let credential = NewCredential {
        kind,
        user_id: user,
        hash: secret_hash(&secret),
        label: String::new(),
        scope: String::new(),
        user_agent: user_agent.chars().take(200).collect(),
        expires_at: Some(Ts(now.0 + lasts)),
    };
    let (id, ip) = (tx.id(), cx.req.ip.clone());
    store::insert(&mut tx, id, &credential, &ip, now).await?;
    if !code_due {
        store::signed_in(&mut tx, user, cx.lang, now).await?;
        tx.log(doc, "signed_in", said);
    }
    tx.commit(()).await?;
    Ok(Signed { secret, seconds: hours * 3600, must_change, code_due })
}

/// Ends the session of the request.
pub async fn sign_out(cx: &Cx) -> Result<()> {
    let Some(credential) = cx.actor.as_ref().and_then(|actor| actor.credential) else { return Ok(()) };
    revoke(&as_actor(cx, cx.actor.clone()), credential).await
}

/// Writes a one-time link for an account; links made before stop working.
pub(crate) async fn start_link_in(tx: &mut Tx, user: Id, secret: &str) -> Result<Ts> {
    let now = tx.now();
    store::revoke_all(tx, user, &[CredentialKind::Start], None, now).await?;
    let expires = Ts(now.0 + LINK_HOURS * HOUR);
    let credential = NewCredential {
        kind: CredentialKind::Start,
        user_id: user,
        hash: secret_hash(secret),
        label: String::new(),
        scope: String::new(),
        user_agent: String::new(),
        expires_at: Some(expires),
    };
    let (id, ip) = (tx.id(), tx.cx().req.ip.clone());
    store::insert(tx, id, &credential, &ip, now).await?;
    Ok(expires)
}

/// The account of a one-time link: 404 when it is unknown, used or too old.
pub(super) async fn link_account(cx: &Cx, token: &str) -> Result<(Id, store::Account)> {
    cx.app.limits.hit(&format!("start-from:{}", cx.req.ip), PER_ADDRESS, cx.now())?;
    let mut conn = cx.read().await?;
    let link = store::one_time(&mut conn, CredentialKind::Start, &secret_hash(token), cx.now()).await?;
    let link = link.ok_or(Error::NotFound)?;
    Ok((link.id, store::account_of(&mut conn, link.user_id).await?))
}

/// Sets the password under a one-time link and signs in.
pub async fn start(cx: &Cx, token: &str, input: &FirstPassword, user_agent: &str) -> Result<Signed> {
    let (link, account) = link_account(cx, token).await?;
    rules::first_password(input, &account.login)?;
    let hash = password::hash(&input.password).await?;
    let actor = cx.app.directory.by_user(&cx.app.db, account.id, cx.now()).await?.ok_or(Error::NotFound)?;
    open_session(&as_actor(cx, Some(actor)), &account, user_agent, Way::Link { hash, link }).await
}

/// The caller's own password, once more. Errors: `org.current_password` at `field`.
pub(crate) async fn check_password(cx: &Cx, given: &str, field: &'static str) -> Result<()> {
    let actor = Arc::clone(cx.actor()?);
    limit(cx, &actor.login)?;
    let mut conn = cx.read().await?;
    let account = store::account_of(&mut conn, actor.user).await?;
    drop(conn);
    if password::verify(given, Some(account.password)).await? {
        return Ok(());
    }
    let words = T("当前密码不正确", "The present password is wrong");
    Err(RuleError::new("org.current_password", words).field(field).into())
}

/// Changes the own password; all other sessions end.
pub async fn change_password(cx: &Cx, input: &ChangePassword) -> Result<()> {
    let actor = Arc::clone(cx.actor()?);
    password::check(&input.password, &actor.login, "password")?;
    if input.repeat.as_ref().is_some_and(|repeat| *repeat != input.password) {
        return Err(rules::repeat_differs().into());
    }
    check_password(cx, &input.current, "current").await?;
    let hash = password::hash(&input.password).await?;
    let mut tx = kit::begin!(cx, "org.change_password", &());
    let now = tx.now();
    store::set_password(&mut tx, actor.user, &hash, false, now).await?;
    store::revoke_all(
        &mut tx,
        actor.user,
        &[CredentialKind::Session, CredentialKind::Start],
        actor.credential,
        now,
    )
    .await?;
    tx.log(DocRef::new("user", actor.user, &actor.login), "password_set", json!({}));
    tx.forget_actors();
    tx.commit(()).await
}

/// Sets a password from the command line; all sessions end.
pub(crate) async fn set_password(cx: &Cx, login: &str, new: &str) -> Result<()> {
    let login = rules::fold_login(login);
    password::check(new, &login, "password")?;
    let mut conn = cx.read().await?;
    let account = store::account(&mut conn, &login).await?.ok_or(Error::NotFound)?;
    drop(conn);
    let hash = password::hash(new).await?;
    let mut tx = kit::begin!(cx, "org.set_password", &login);
    let now = tx.now();
    store::set_password(&mut tx, account.id, &hash, false, now).await?;
    end_sessions_in(&mut tx, account.id).await?;
    tx.log(DocRef::new("user", account.id, &login), "password_set", json!({}));
    tx.commit(()).await
}

/// The caller's live credentials of a kind.
pub async fn mine(cx: &Cx, kind: CredentialKind) -> Result<Vec<CredentialOut>> {
    let user = cx.actor()?.user;
    let mut conn = cx.read().await?;
    store::of_user(&mut conn, user, &[kind], cx.now()).await
}

/// Live sessions and tokens of an account within reach.
pub async fn of_user(cx: &Cx, user: Id) -> Result<Vec<CredentialOut>> {
    let mut conn = cx.read().await?;
    let row = users::store::user(&mut conn, user).await?;
    cx.authorize(&USER_READ, &row)?;
    store::of_user(&mut conn, user, &[CredentialKind::Session, CredentialKind::Token], cx.now()).await
}

/// Ends a session or token: the own ones, or anybody's for those who maintain accounts.
pub async fn revoke(cx: &Cx, id: Id) -> Result<()> {
    let me = cx.actor()?.user;
    let mut tx = kit::begin!(cx, "org.revoke", &id);
    let credential = store::find(&mut tx, id).await?;
    let owner = users::store::user(&mut tx, credential.user_id).await?;
    if credential.user_id != me {
        tx.authorize(&USER_WRITE, &owner).map_err(|_| Error::NotFound)?;
    }
    let now = tx.now();
    store::revoke(&mut tx, id, now).await?;
    tx.log(
        DocRef::new("user", owner.id, &owner.login),
        "revoked",
        json!({ "kind": credential.kind, "label": credential.label }),
    );
    tx.forget_actors();
    tx.commit(()).await
}

/// Ends every session, token and link of an account.
pub(crate) async fn end_sessions_in(tx: &mut Tx, user: Id) -> Result<()> {
    let now = tx.now();
    store::revoke_all(tx, user, CredentialKind::ALL, None, now).await?;
    tx.forget_actors();
    Ok(())
}

/// Ends every session and token of an account.
pub async fn sign_out_user(cx: &Cx, user: Id) -> Result<()> {
    let mut tx = kit::begin!(cx, "org.sign_out_user", &user);
    let row = users::store::user(&mut tx, user).await?;
    tx.authorize(&USER_WRITE, &row)?;
    end_sessions_in(&mut tx, user).await?;
    tx.log(DocRef::new("user", row.id, &row.login), "signed_out", json!({}));
    tx.commit(()).await
}

/// Makes an API token of the own account.
pub async fn new_token(cx: &Cx, input: NewToken) -> Result<TokenOut> {
    cx.require(&TOKEN_WRITE)?;
    let actor = Arc::clone(cx.actor()?);
    // Otherwise a token could make itself one that may do more.
    if actor.narrowed {
        return Err(Error::Forbidden(TOKEN_WRITE.key));
    }
    new_token_for(cx, actor.user, &actor.login, input).await
}

/// What a token may do, as it is stored.
///
/// Errors: `org.token_permission`.
fn token_scope(cx: &Cx, input: &NewToken) -> Result<String> {
    let mut words: Vec<&str> =
        input.permissions.split([' ', ',', '，', '\n', '\r']).filter(|w| !w.is_empty()).collect();
    let known = |key: &&str| cx.app.registry.perms.iter().any(|perm| perm.key == *key);
    if let Some(unknown) = words.iter().copied().find(|key| !known(key)) {
        let words = T("没有权限项“{key}”", "There is no permission {key}");
        return Err(RuleError::new("org.token_permission", words)
            .arg("key", unknown)
            .field("permissions")
            .into());
    }
    if input.read_only {
        words.insert(0, kit::READ_ONLY);
    }
    Ok(words.join(" "))
}

/// Makes an API token for an account. Only its hash is stored, also under the idempotency key.
pub(crate) async fn new_token_for(cx: &Cx, user: Id, login: &str, input: NewToken) -> Result<TokenOut> {
    rules::new_token(&input)?;
    let scope = token_scope(cx, &input)?;
    let secret = password::secret("aft_");
    let mut tx = kit::begin!(cx, "org.new_token", &(user, &input));
    let now = tx.now();
    let expires_at = input.days.map(|days| Ts(now.0 + days * 24 * HOUR));
    let label = input.label.trim().to_string();
    let credential = NewCredential {
        kind: CredentialKind::Token,
        user_id: user,
        hash: secret_hash(&secret),
        label: label.clone(),
        scope: scope.clone(),
        user_agent: String::new(),
        expires_at,
    };
    let (id, ip) = (tx.id(), cx.req.ip.clone());
    store::insert(&mut tx, id, &credential, &ip, now).await?;
    tx.log(DocRef::new("user", user, login), "token", json!({ "label": label, "scope": scope }));
    let out = tx.commit(TokenOut { id, label, expires_at, secret: None }).await?;
    Ok(TokenOut { secret: Some(secret), ..out })
}

/// The caller, for programs.
pub fn me(cx: &Cx) -> Result<Me> {
    let actor = cx.actor()?;
    Ok(Me {
        user_id: actor.user,
        login: actor.login.clone(),
        name: actor.title(),
        staff_id: actor.staff,
        org_id: actor.org,
        org_name: actor.org_name.clone(),
        acting_for: actor.acting_for.to_vec(),
        permissions: actor.held().into_iter().collect(),
        fields: kit::Sens::ALL
            .iter()
            .map(|kind| (kind.code().to_string(), crate::roles::show_code(actor.shows(*kind)).to_string()))
            .collect(),
    })
}

/// Days that ended credentials are kept for looking back.
const KEPT_DAYS: i64 = 90;

pub(super) async fn tidy(cx: Cx) -> Result<()> {
    let before = Ts(cx.now().0 - KEPT_DAYS * 24 * HOUR);
    let mut tx = cx.app.db.begin().await?;
    store::delete_ended(&mut tx, before).await?;
    tx.commit().await?;
    Ok(())
}
