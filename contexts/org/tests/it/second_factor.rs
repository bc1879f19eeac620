//! The second factor: set up, asked for, lost, taken off.

use kit::Role;
use serde_json::{Value, json};
use testkit::{Answer, Client, TestApp, app_test};
use totp_rs::{Builder, Secret};

use crate::helpers::{account, cookie, field, me, sign_in};

const PASSWORD: &str = "correct-horse";

/// The code that an app shows for a key at the test's own time.
fn code(app: &TestApp, secret: &str) -> String {
    let totp =
        Builder::new().with_secret(Secret::try_from_base32(secret).expect("a key")).build().expect("an app");
    let seconds = u64::try_from(app.app.now().0 / 1_000_000).expect("after 1970");
    totp.generate(seconds).to_string()
}

fn ticket(answer: &Answer) -> String {
    let text = answer.text();
    let from = text.find("name=\"ticket\" value=\"").unwrap_or_else(|| panic!("no ticket: {text}")) + 21;
    text[from..].chars().take_while(|c| *c != '"').collect()
}

async fn enter(app: &TestApp, ticket: &str, code: &str) -> Answer {
    app.nobody().form("/login/code", &format!("ticket={ticket}&code={code}&next=%2Forders")).await
}

/// As the browser of a signed-in person.
async fn post(app: &TestApp, cookie: &str, path: &str, body: Value) -> Answer {
    let headers =
        [("cookie", cookie), ("content-type", "application/json"), ("sec-fetch-site", "same-origin")];
    app.nobody()
        .send(http::Method::POST, &format!("/api/v1{path}"), &headers, body.to_string().into_bytes())
        .await
}

/// An account with its factor on: the account, a session, the key, the recovery codes.
async fn protected(app: &TestApp, admin: &Client) -> (String, String, String, Vec<String>) {
    let user = account(app, admin, "wangwu", &["agent"], PASSWORD).await.to_string();
    let session = cookie(&sign_in(app, "wangwu", PASSWORD, "/").await);
    let made = post(app, &session, "/me/second-factor", json!({})).await.ok();
    let secret = made["secret"].as_str().expect("a key").to_string();
    assert!(made["url"].as_str().is_some_and(|url| url.contains(&secret)));
    assert_eq!(
        field(&post(app, &session, "/me/second-factor/confirm", json!({ "code": "000000" })).await),
        "code"
    );
    let codes =
        post(app, &session, "/me/second-factor/confirm", json!({ "code": code(app, &secret) })).await.ok();
    let codes: Vec<String> = serde_json::from_value(codes["codes"].clone()).expect("codes");
    assert_eq!(codes.len(), 10);
    post(app, &session, "/me/second-factor", json!({})).await.refused(409);
    (user, session, secret, codes)
}

app_test! {
    async fn a_right_password_alone_opens_nothing(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        let (_, _, secret, _) = protected(app, &admin).await;
        app.advance(60).await;
        let first = sign_in(app, "wangwu", PASSWORD, "/orders").await;
        assert_eq!(first.status, 200);
        assert!(first.headers.get("set-cookie").is_none(), "no session yet");
        let ticket = ticket(&first);
        // The ticket is neither a cookie nor a token.
        assert_eq!(me(app, &format!("aftercare={ticket}")).await.status, 401);
        let bearer = format!("Bearer {ticket}");
        let as_token = app.nobody().send(http::Method::GET, "/api/v1/me", &[("authorization", &bearer)], Vec::new()).await;
        assert_eq!(as_token.status, 401);
        assert_eq!(enter(app, &ticket, "123456").await.status, 422);
        let now = code(app, &secret);
        let signed = enter(app, &ticket, &now).await;
        assert_eq!(signed.status, 303, "{}", signed.text());
        assert_eq!(signed.headers["location"], "/orders");
        assert_eq!(me(app, &cookie(&signed)).await.ok()["login"], "wangwu");
        // Neither the ticket nor the code works again.
        assert_eq!(enter(app, &ticket, &now).await.headers["location"], "/login");
        let again = self::ticket(&sign_in(app, "wangwu", PASSWORD, "/").await);
        assert_eq!(enter(app, &again, &now).await.status, 422, "a code works once");
        app.advance(6 * 60).await;
        assert_eq!(enter(app, &again, &code(app, &secret)).await.headers["location"], "/login", "a ticket lasts five minutes");
    }

    async fn a_recovery_code_replaces_the_telephone_once(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        let (_, session, _, codes) = protected(app, &admin).await;
        let typed = codes[3].to_uppercase().replace('-', "+");
        let first = ticket(&sign_in(app, "wangwu", PASSWORD, "/").await);
        assert_eq!(enter(app, &first, &typed).await.status, 303);
        let second = ticket(&sign_in(app, "wangwu", PASSWORD, "/").await);
        assert_eq!(enter(app, &second, &typed).await.status, 422);
        let state = app.nobody().send(http::Method::GET, "/api/v1/me/second-factor", &[("cookie", &session)], Vec::new()).await.ok();
        assert_eq!((&state["on"], &state["codes_left"]), (&json!(true), &json!(9)));
        assert_eq!(field(&post(app, &session, "/me/second-factor/codes", json!({ "password": "wrong-horse" })).await), "password");
        let fresh = post(app, &session, "/me/second-factor/codes", json!({ "password": PASSWORD })).await.ok();
        // Ten tries a minute are enough for anybody.
        app.advance(70).await;
        let old = ticket(&sign_in(app, "wangwu", PASSWORD, "/").await);
        assert_eq!(enter(app, &old, &codes[4]).await.status, 422, "old codes are gone");
        assert_eq!(enter(app, &old, fresh["codes"][0].as_str().expect("a code")).await.status, 303);
    }

    async fn it_is_switched_off_with_the_password_or_by_an_administrator(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        let (user, session, _, _) = protected(app, &admin).await;
        assert_eq!(field(&post(app, &session, "/me/second-factor/off", json!({ "password": "wrong-horse" })).await), "password");
        let stranger = app.user(Role::Dispatcher).await;
        stranger.post(&format!("/users/{user}/second-factor/reset"), json!({})).await.refused(403);
        assert!(admin.page(&format!("/users/{user}")).await.text().contains("second-factor/reset"));
        admin.post(&format!("/users/{user}/second-factor/reset"), json!({})).await.ok();
        assert_eq!(sign_in(app, "wangwu", PASSWORD, "/").await.status, 303);
        let made = post(app, &session, "/me/second-factor", json!({})).await.ok();
        let key = made["secret"].as_str().expect("a key");
        // A code of the same half minute was never used with this key.
        post(app, &session, "/me/second-factor/confirm", json!({ "code": code(app, key) })).await.ok();
        let off = post(app, &session, "/me/second-factor/off", json!({ "password": PASSWORD })).await.ok();
        assert_eq!(off["on"], false);
        assert_eq!(sign_in(app, "wangwu", PASSWORD, "/").await.status, 303);
        let mut conn = app.app.db.read().await.expect("a reader");
        let logged: i64 = conn
            .scalar("select count(*) from audit where action in ('second_factor_on', 'second_factor_off', 'second_factor_reset')", vec![])
            .await
            .expect("counted");
        assert_eq!(logged, 4);
        let leaked: i64 = conn.scalar("select count(*) from audit where detail like $1", db::args![format!("%{key}%")]).await.expect("counted");
        assert_eq!(leaked, 0, "no key in the log");
        let plain = Secret::try_from_base32(key).expect("a key");
        post(app, &session, "/me/second-factor", json!({})).await.ok();
        let stored: Vec<u8> = conn.scalar("select secret from second_factor", vec![]).await.expect("stored");
        assert!(stored.len() >= 60 && !stored.windows(20).any(|part| part == plain.as_bytes()), "sealed at rest");
    }

    /// A new password by link does not get around the factor.
    async fn a_start_link_still_asks_for_the_code(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        let (user, _, secret, _) = protected(app, &admin).await;
        let link = admin.post(&format!("/users/{user}/invite"), json!({})).await.ok();
        let link = link["path"].as_str().expect("a link").to_string();
        app.advance(60).await;
        let set = app.nobody().form(&link, "password=another-horse&repeat=another-horse").await;
        assert_eq!(set.status, 200, "{}", set.text());
        assert!(set.headers.get("set-cookie").is_none());
        assert_eq!(enter(app, &ticket(&set), &code(app, &secret)).await.status, 303);
    }

    async fn the_page_leads_through_it(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        account(app, &admin, "wangwu", &["agent"], PASSWORD).await;
        let session = cookie(&sign_in(app, "wangwu", PASSWORD, "/").await);
        let headers = [("cookie", session.as_str()), ("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
        let get = async |path: &str| app.nobody().send(http::Method::GET, path, &headers, Vec::new()).await.text();
        let form = async |path: &str, fields: &str| app.nobody().send(http::Method::POST, path, &headers, fields.as_bytes().to_vec()).await;
        assert!(get("/me").await.contains("/me/second-factor"));
        assert_eq!(form("/me/second-factor", "").await.status, 303);
        let page = get("/me/second-factor").await;
        assert!(page.contains("<svg") && page.contains("name=\"code\""), "{page}");
        let key: String = page[page.find("密钥：").expect("a key")..].chars().skip_while(|c| *c != '>').skip(1).take_while(|c| *c != '<').filter(|c| *c != ' ').collect();
        let wrong = form("/me/second-factor/confirm", "code=12").await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text().contains("aria-invalid"), "at its field");
        let on = form("/me/second-factor/confirm", &format!("code={}", code(app, &key))).await;
        assert_eq!(on.status, 200, "{}", on.text());
        assert!(on.text().matches("mono").count() >= 10, "the recovery codes are shown");
        assert_eq!(form("/me/second-factor/off", "password=wrong-horse").await.status, 422);
        assert_eq!(form("/me/second-factor/off", &format!("password={PASSWORD}")).await.status, 303);
    }
}
