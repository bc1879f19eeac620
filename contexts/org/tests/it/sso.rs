//! Single sign-on with a small provider that signs real tokens.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use axum::{Form, Json, Router, extract::State, http::HeaderMap, response::IntoResponse, routing};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use testkit::{Answer, Engine, TestApp};

use crate::helpers::{account, cookie, me, sign_in};

/// What the provider signs, and how wrongly.
#[derive(Clone, Default)]
struct Says {
    claims: Value,
    /// `alg` of the header; empty: ES256.
    alg: String,
    other_key: bool,
    other_nonce: bool,
}

struct Idp {
    issuer: String,
    says: Mutex<Says>,
    /// Challenge and nonce by code.
    codes: Mutex<HashMap<String, (String, String)>>,
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_slice(&[seed; 32]).expect("a key")
}

fn jwk() -> Value {
    let point = key(7).verifying_key().to_sec1_point(false);
    let bytes = point.as_bytes();
    json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "one",
        "x": B64.encode(&bytes[1..33]), "y": B64.encode(&bytes[33..65]) })
}

async fn configuration(State(idp): State<Arc<Idp>>) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", idp.issuer);
    Json(
        json!({ "issuer": idp.issuer, "authorization_endpoint": at("/authorize"), "token_endpoint": at("/token"),
        "jwks_uri": at("/jwks"), "end_session_endpoint": at("/out"), "response_types_supported": ["code"],
        "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["ES256"] }),
    )
}

async fn token(
    State(idp): State<Arc<Idp>>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> axum::response::Response {
    let secret = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode("aftercare:hush"));
    let known = headers.get("authorization").and_then(|v| v.to_str().ok()) == Some(secret.as_str());
    let found = idp.codes.lock().expect("free").remove(form.get("code").map_or("", String::as_str));
    let proven = |challenge: &str| {
        form.get("code_verifier")
            .is_some_and(|verifier| B64.encode(Sha256::digest(verifier.as_bytes())) == challenge)
    };
    let Some((_, nonce)) = found.filter(|(challenge, _)| known && proven(challenge)) else {
        return (axum::http::StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" })))
            .into_response();
    };
    let says = idp.says.lock().expect("free").clone();
    let now = kernel::Clock::now(&kernel::SystemClock).0 / 1_000_000;
    let mut claims = json!({ "iss": idp.issuer, "aud": "aftercare", "sub": "u1", "iat": now, "exp": now + 300,
        "nonce": if says.other_nonce { "another".into() } else { nonce } });
    for (name, value) in says.claims.as_object().expect("claims") {
        claims[name] = value.clone();
    }
    let alg = if says.alg.is_empty() { "ES256" } else { &says.alg };
    let head = B64.encode(json!({ "alg": alg, "kid": "one" }).to_string());
    let text = format!("{head}.{}", B64.encode(claims.to_string()));
    let signature: Signature = key(if says.other_key { 9 } else { 7 }).sign(text.as_bytes());
    let signed = match alg {
        "none" => format!("{text}."),
        _ => format!("{text}.{}", B64.encode(signature.to_bytes())),
    };
    Json(json!({ "access_token": "a", "token_type": "Bearer", "id_token": signed })).into_response()
}

async fn provider() -> Arc<Idp> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let issuer = format!("http://{}", listener.local_addr().expect("an address"));
    let idp = Arc::new(Idp { issuer, says: Mutex::default(), codes: Mutex::default() });
    let router = Router::new()
        .route("/.well-known/openid-configuration", routing::get(configuration))
        .route("/jwks", routing::get(|| async { Json(json!({ "keys": [jwk()] })) }))
        .route("/token", routing::post(token))
        .with_state(Arc::clone(&idp));
    tokio::spawn(async move { axum::serve(listener, router).await });
    idp
}

fn query(url: &str) -> HashMap<String, String> {
    let text = url.split_once('?').map_or("", |(_, query)| query);
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(k, v)| (k.to_string(), v.replace("%3A", ":").replace("%2F", "/").replace('+', " ")))
        .collect()
}

fn location(answer: &Answer) -> String {
    answer.headers["location"].to_str().expect("an address").to_string()
}

fn set_cookie(answer: &Answer) -> String {
    let text = answer.headers["set-cookie"].to_str().expect("a cookie");
    assert!(text.contains("HttpOnly") && text.contains("SameSite=Lax"), "{text}");
    text.split(';').next().expect("name and value").to_string()
}

/// Goes to the provider, who lets in whoever the test says; returns cookie and the address that leads back.
async fn away(app: &TestApp, idp: &Idp, says: Says, next: &str) -> (String, String) {
    let left = app.nobody().page(&format!("/login/sso?next={next}")).await;
    assert_eq!(left.status, 303, "{}", left.text());
    let url = location(&left);
    assert!(url.starts_with(&format!("{}/authorize?", idp.issuer)), "{url}");
    let asked = query(&url);
    assert_eq!((asked["response_type"].as_str(), asked["code_challenge_method"].as_str()), ("code", "S256"));
    assert!(asked["redirect_uri"].ends_with("/login/sso/callback"), "{url}");
    assert!(asked["scope"].contains("openid"), "{url}");
    *idp.says.lock().expect("free") = says;
    let code = format!("code{}", app.app.id());
    let entry = (asked["code_challenge"].clone(), asked["nonce"].clone());
    idp.codes.lock().expect("free").insert(code.clone(), entry);
    (set_cookie(&left), format!("/login/sso/callback?code={code}&state={}", asked["state"]))
}

async fn back(app: &TestApp, cookie: &str, path: &str) -> Answer {
    app.nobody()
        .send(http::Method::GET, path, &[("cookie", cookie), ("accept", "text/html")], Vec::new())
        .await
}

async fn enter(app: &TestApp, idp: &Idp, claims: Value) -> Answer {
    let (cookie, path) = away(app, idp, Says { claims, ..Says::default() }, "%2Forders").await;
    back(app, &cookie, &path).await
}

async fn count(app: &TestApp, sql: &str) -> i64 {
    app.app.db.read().await.expect("a reader").scalar(sql, vec![]).await.expect("counted")
}

async fn world(engine: Engine, idp: &Idp, only: bool, new_accounts: &str) -> TestApp {
    let sso = kit::app::Sso {
        issuer: idp.issuer.clone(),
        client_id: "aftercare".into(),
        client_secret: "hush".into(),
        login_claim: "preferred_username".into(),
        label: "企业微信".into(),
        only,
        new_accounts: new_accounts.into(),
    };
    TestApp::with(engine, |config| {
        config.public_url = "http://aftercare.test".into();
        config.sso = Some(sso);
    })
    .await
}

async fn people_sign_in(engine: Engine) {
    let idp = provider().await;
    let app = world(engine, &idp, false, "").await;
    let admin = app.admin().await;
    account(&app, &admin, "zhangsan", &["agent"], "correct-horse").await;
    assert!(app.nobody().page("/login").await.text().contains("企业微信"));
    // By login name, whatever its case.
    let signed = enter(&app, &idp, json!({ "preferred_username": "ZhangSan" })).await;
    assert_eq!((signed.status.as_u16(), location(&signed).as_str()), (303, "/orders"), "{}", signed.text());
    let session = cookie(&signed);
    assert_eq!(me(&app, &session).await.ok()["login"], "zhangsan");
    // By a verified address only.
    let body =
        json!({ "login": "lisi", "org_id": app.root, "roles": ["agent"], "email": "Li.Si@example.com" });
    admin.post("/users", body).await.ok();
    let unverified = json!({ "email": "li.si@example.com", "email_verified": false });
    assert_eq!(enter(&app, &idp, unverified).await.status, 403);
    let verified =
        json!({ "preferred_username": "someone", "email": "li.si@example.com", "email_verified": true });
    let signed = enter(&app, &idp, verified).await;
    assert_eq!(
        me(&app, &cookie(&signed)).await.ok()["login"],
        "lisi",
        "an account without a password works at once"
    );
    // Strangers stay outside, and nothing is made of them.
    let stranger = enter(&app, &idp, json!({ "preferred_username": "wangwu" })).await;
    assert_eq!(stranger.status, 403);
    assert!(stranger.text().contains("没有与您的统一登录身份对应的账户"));
    assert_eq!(count(&app, "select count(*) from app_user where login = 'wangwu'").await, 0);
    // Closed accounts too.
    app.advance(120).await;
    let mut tx = app.app.db.begin().await.expect("a writer");
    tx.exec("update app_user set active = $1 where login = 'zhangsan'", db::args![false])
        .await
        .expect("closed");
    tx.commit().await.expect("stored");
    app.app.directory.forget();
    assert_eq!(enter(&app, &idp, json!({ "preferred_username": "zhangsan" })).await.status, 403);
    assert_eq!(
        count(&app, "select count(*) from audit where action = 'signed_in' and detail like '%sso%'").await,
        2
    );
    assert_eq!(
        count(&app, "select count(*) from audit where action = 'refused' and detail like '%sso%'").await,
        3
    );
    // Signing out leads past the provider.
    let out = app.nobody().page("/login/sso/out").await;
    assert!(
        location(&out).starts_with(&format!("{}/out?client_id=aftercare", idp.issuer)),
        "{}",
        location(&out)
    );
    assert!(app.nobody().page("/login?out=1").await.text().contains("/login/sso/out"));
    app.finish().await;
}

async fn forgeries_are_refused(engine: Engine) {
    let idp = provider().await;
    let app = world(engine, &idp, false, "").await;
    let admin = app.admin().await;
    account(&app, &admin, "zhangsan", &["agent"], "correct-horse").await;
    let claims = json!({ "preferred_username": "zhangsan" });
    let good = || Says { claims: claims.clone(), ..Says::default() };
    let with = |name: &str, value: Value| {
        let mut says = good();
        says.claims[name] = value;
        says
    };
    let forged = [
        ("another key", Says { other_key: true, ..good() }),
        ("another nonce", Says { other_nonce: true, ..good() }),
        ("no signature", Says { alg: "none".into(), ..good() }),
        ("signed with the secret", Says { alg: "HS256".into(), ..good() }),
        ("another issuer", with("iss", json!("http://127.0.0.1:1"))),
        ("for somebody else", with("aud", json!("other"))),
        ("expired", with("exp", json!(1_000_000_000))),
    ];
    for (what, says) in forged {
        let (cookie, path) = away(&app, &idp, says, "%2F").await;
        let answer = back(&app, &cookie, &path).await;
        assert_eq!(answer.status, 403, "{what}");
        assert!(
            !answer.headers["set-cookie"].to_str().expect("a text").contains("aftercare="),
            "{what}: no session"
        );
        app.advance(60).await;
    }
    // The way back belongs to the browser that left, once, for ten minutes.
    let (cookie, path) = away(&app, &idp, good(), "%2F").await;
    assert_eq!(back(&app, "", &path).await.status, 400, "without its cookie");
    assert_eq!(back(&app, &cookie, &path.replace("state=", "state=x")).await.status, 400, "another state");
    assert_eq!(back(&app, &cookie.replace("sso=", "sso=AAAA"), &path).await.status, 400, "a changed cookie");
    assert_eq!(back(&app, &cookie, &path).await.status, 303);
    assert_eq!(back(&app, &cookie, &path).await.status, 403, "a code works once");
    app.advance(60).await;
    let (cookie, path) = away(&app, &idp, good(), "%2F").await;
    app.advance(11 * 60).await;
    assert_eq!(back(&app, &cookie, &path).await.status, 400, "too late");
    let (cookie, path) = away(&app, &idp, good(), "%2F").await;
    let denied = path.replace("code=", "error=access_denied&x=");
    assert_eq!(back(&app, &cookie, &denied).await.status, 403);
    let (cookie, path) = away(&app, &idp, good(), "https:%2F%2Fevil.example").await;
    assert_eq!(location(&back(&app, &cookie, &path).await), "/", "to this house only");
    app.finish().await;
}

async fn newcomers_get_an_account_where_the_company_says_so(engine: Engine) {
    let idp = provider().await;
    let app = world(engine, &idp, true, "agent").await;
    let admin = app.admin().await;
    account(&app, &admin, "zhangsan", &["agent"], "correct-horse").await;
    let refused = sign_in(&app, "zhangsan", "correct-horse", "/").await;
    assert_eq!(refused.status, 422, "passwords open nothing");
    assert!(!app.nobody().page("/login").await.text().contains("name=\"password\""));
    let claims = json!({ "preferred_username": "newcomer", "name": "新来", "email": "n@example.com", "email_verified": true });
    let signed = enter(&app, &idp, claims.clone()).await;
    let me_now = me(&app, &cookie(&signed)).await.ok();
    assert_eq!((&me_now["login"], &me_now["name"]), (&json!("newcomer"), &json!("新来")));
    assert!(me_now["permissions"].as_object().is_some_and(|list| !list.is_empty()), "{me_now}");
    assert_eq!(enter(&app, &idp, claims).await.status, 303);
    assert_eq!(count(&app, "select count(*) from app_user where login = 'newcomer'").await, 1);
    assert_eq!(count(&app, "select count(*) from audit where action = 'sso_created'").await, 1);
    assert_eq!(
        enter(&app, &idp, json!({ "sub": "x" })).await.status,
        403,
        "without a name there is no account"
    );
    app.finish().await;
}

async fn a_provider_that_is_down_is_said_so(engine: Engine) {
    let idp = Idp { issuer: "http://127.0.0.1:9".into(), says: Mutex::default(), codes: Mutex::default() };
    let app = world(engine, &idp, false, "").await;
    let answer = app.nobody().page("/login/sso").await;
    assert_eq!(answer.status, 502);
    assert!(answer.text().contains("统一登录服务暂时无法使用"));
    app.finish().await;
    let off = TestApp::new(engine).await;
    assert_eq!(off.nobody().page("/login/sso").await.status, 404, "off by default");
    assert!(!off.nobody().page("/login").await.text().contains("/login/sso"));
    off.finish().await;
}

macro_rules! on_both {
    ($($name:ident)*) => {$(
        mod $name {
            use testkit::Engine;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name(Engine::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if !Engine::skip_postgres() {
                    super::$name(Engine::Postgres).await;
                }
            }
        }
    )*};
}

on_both! {
    people_sign_in
    forgeries_are_refused
    newcomers_get_an_account_where_the_company_says_so
    a_provider_that_is_down_is_said_so
}
