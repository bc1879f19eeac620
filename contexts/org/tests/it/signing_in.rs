use http::Method;
use kit::Role;
use serde_json::json;
use testkit::app_test;

use crate::helpers::{account, cookie, field, id, me, sign_in};

const PASSWORD: &str = "correct-horse";

app_test! {
    async fn the_first_start_leads_to_an_administrator(app: TestApp) {
        // Nobody has a password yet, so every start gives a new link and the one before stops working.
        let first = org::first_start(&app.app).await.expect("starts").expect("a link");
        let link = org::first_start(&app.app).await.expect("starts").expect("a link");
        assert_eq!(app.nobody().page(&first).await.status, 404);
        let page = app.nobody().page(&link).await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("value=\"admin\""));

        let short = app.nobody().form(&link, "password=short&repeat=other").await;
        assert_eq!(short.status, 422);
        let set = app.nobody().form(&link, &format!("password={PASSWORD}&repeat={PASSWORD}")).await;
        assert_eq!(set.status, 303, "{}", set.text());
        let who = me(app, &cookie(&set)).await.ok();
        assert_eq!(who["login"], "admin");
        assert_eq!(who["permissions"]["org.role.write"], "all");

        assert_eq!(app.nobody().page(&link).await.status, 404, "a link works once");
        assert_eq!(org::first_start(&app.app).await.expect("starts"), None);
    }

    async fn a_person_signs_in_and_out(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        account(app, &admin, "WangWu", &["agent"], PASSWORD).await;
        let page = app.nobody().page("/login?next=/orders").await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("name=\"password\""));

        let signed = sign_in(app, "%20WANGWU%20", PASSWORD, "/orders").await;
        assert_eq!(signed.status, 303, "{}", signed.text());
        assert_eq!(signed.headers["location"], "/orders");
        let cookie = cookie(&signed);
        assert_eq!(me(app, &cookie).await.ok()["login"], "wangwu");

        // A cookie is no token and a token no cookie.
        let secret = cookie.split_once('=').expect("a value").1.to_string();
        let bearer = format!("Bearer {secret}");
        let as_token = app.nobody().send(Method::GET, "/api/v1/me", &[("authorization", &bearer)], Vec::new()).await;
        assert_eq!(as_token.status, 401);

        let headers = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
        let out = app.nobody().send(Method::POST, "/logout", &headers, Vec::new()).await;
        assert_eq!(out.status, 303);
        assert_eq!(me(app, &cookie).await.status, 401);
    }

    /// A form that is sent after the session ended is not thrown away: its page asks to sign in beside it.
    async fn what_was_typed_survives_the_end_of_a_session(app: TestApp) {
        let parts = [("hx-request", "true"), ("sec-fetch-site", "same-origin"), ("content-type", "application/x-www-form-urlencoded")];
        let answer = app.nobody().send(Method::POST, "/users/new", &parts, b"login=x".to_vec()).await;
        assert_eq!((answer.status.as_u16(), answer.headers.get("hx-redirect")), (401, None), "{}", answer.text());
        let whole = app.nobody().form("/users/new", "login=x").await;
        assert!(whole.headers["location"].to_str().is_ok_and(|to| to.starts_with("/login?next=")), "{:?}", whole.headers);
        let admin = app.user(Role::Admin).await;
        let page = admin.page("/users/new").await.text();
        let user = admin.user.expect("an account");
        assert!(page.contains("id=\"signin\"") && page.contains(&format!("data-user=\"{user}\"")), "{page}");
        assert!(!app.nobody().page("/login").await.text().contains("id=\"signin\""));
    }

    async fn a_refusal_does_not_say_what_was_wrong(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        let user = account(app, &admin, "wangwu", &["agent"], PASSWORD).await;
        let wrong = sign_in(app, "wangwu", "wrong-horse", "/").await;
        let unknown = sign_in(app, "nobody", "wrong-horse", "/").await;
        assert_eq!((wrong.status.as_u16(), unknown.status.as_u16()), (422, 422));
        assert!(wrong.headers.get("set-cookie").is_none());
        let same = |text: String| text.contains("登录名或密码不正确") || text.contains("Login name or password is wrong");
        assert!(same(wrong.text()) && same(unknown.text()));

        admin.put(&format!("/users/{user}"), json!({ "active": false })).await.ok();
        assert_eq!(sign_in(app, "wangwu", PASSWORD, "/").await.status, 422);
    }

    async fn guessing_is_slowed_down(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        account(app, &admin, "wangwu", &["agent"], PASSWORD).await;
        for _ in 0..10 {
            assert_eq!(sign_in(app, "wangwu", "wrong-horse", "/").await.status, 422);
        }
        assert_eq!(sign_in(app, "wangwu", PASSWORD, "/").await.status, 429);
        app.clock.advance_secs(61);
        assert_eq!(sign_in(app, "wangwu", PASSWORD, "/").await.status, 303);
    }

    async fn signing_in_leads_to_local_pages_only(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        account(app, &admin, "wangwu", &["agent"], PASSWORD).await;
        let signed = sign_in(app, "wangwu", PASSWORD, "%2F%2Fevil.example").await;
        assert_eq!(signed.headers["location"], "/");
    }

    async fn a_first_password_must_be_changed_before_anything_else(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        let body = json!({ "login": "lisi", "org_id": app.root, "roles": ["manager"], "password": PASSWORD });
        let user = admin.post("/users", body).await.ok();
        assert_eq!(user["must_change"], true);
        let signed = sign_in(app, "lisi", PASSWORD, "/orders").await;
        assert_eq!(signed.headers["location"], "/me");
        let old = cookie(&signed);
        assert_eq!(me(app, &old).await.ok()["permissions"], json!({}));

        let headers = [("cookie", old.as_str()), ("sec-fetch-site", "same-origin"), ("content-type", "application/json")];
        let change = |current: &str, new: &str| json!({ "current": current, "password": new }).to_string().into_bytes();
        let wrong = app.nobody().send(Method::POST, "/api/v1/me/password", &headers, change("not-it-at-all", "better-horse")).await;
        assert_eq!(field(&wrong), "current");
        let done = app.nobody().send(Method::POST, "/api/v1/me/password", &headers, change(PASSWORD, "better-horse")).await;
        assert!(done.status.is_success(), "{}", done.text());
        assert_eq!(me(app, &old).await.ok()["permissions"]["org.staff.read"], "below");
        assert_eq!(sign_in(app, "lisi", PASSWORD, "/").await.status, 422);
    }

    async fn sessions_end_by_time_and_by_hand(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        let user = account(app, &admin, "wangwu", &["agent"], PASSWORD).await;
        let first = cookie(&sign_in(app, "wangwu", PASSWORD, "/").await);
        let second = cookie(&sign_in(app, "wangwu", PASSWORD, "/").await);
        let list = app.nobody().send(Method::GET, "/api/v1/sessions", &[("cookie", &first)], Vec::new()).await.ok();
        assert_eq!(list.as_array().map(Vec::len), Some(2));

        // Somebody else's session is not there for others.
        let other = app.user(Role::Agent).await;
        let theirs = id(&list[0]["id"]);
        assert_eq!(other.delete(&format!("/sessions/{theirs}")).await.status, 404);

        let of_user = admin.get(&format!("/users/{user}/sessions")).await.ok();
        assert_eq!(of_user.as_array().map(Vec::len), Some(2));
        admin.post(&format!("/users/{user}/sign-out"), json!({})).await.ok();
        assert_eq!((me(app, &first).await.status.as_u16(), me(app, &second).await.status.as_u16()), (401, 401));

        let third = cookie(&sign_in(app, "wangwu", PASSWORD, "/").await);
        assert_eq!(me(app, &third).await.status, 200);
        app.clock.advance_secs(168 * 3600 + 1);
        assert_eq!(me(app, &third).await.status, 401);
    }

    async fn use_of_a_credential_is_noted_seldom(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        account(app, &admin, "wangwu", &["agent"], PASSWORD).await;
        let cookie = cookie(&sign_in(app, "wangwu", PASSWORD, "/").await);
        let seen = async || {
            let list = app.nobody().send(Method::GET, "/api/v1/sessions", &[("cookie", &cookie)], Vec::new()).await.ok();
            list[0]["seen_at"].as_str().expect("a time").to_string()
        };
        let first = seen().await;
        app.clock.advance_secs(300);
        assert_eq!(seen().await, first);
        app.clock.advance_secs(400);
        assert_ne!(seen().await, first);
    }

    async fn a_token_is_shown_once_and_can_be_revoked(app: TestApp) {
        let manager = app.user(Role::Manager).await;
        let body = json!({ "label": "报表", "days": 30 });
        let made = manager.post_key("/tokens", "key-1", body.clone()).await.ok();
        let secret = made["secret"].as_str().expect("a secret").to_string();
        let again = manager.post_key("/tokens", "key-1", body).await.ok();
        assert_eq!((again["id"].clone(), again["secret"].clone()), (made["id"].clone(), serde_json::Value::Null));

        let mut conn = app.app.db.read().await.expect("reads");
        let stored: Vec<(String,)> = conn.all("select output from idempotency", vec![]).await.expect("reads");
        let audited: Vec<(String,)> = conn.all("select detail from audit", vec![]).await.expect("reads");
        drop(conn);
        assert!(stored.iter().chain(&audited).all(|(text,)| !text.contains(&secret)));

        let bearer = format!("Bearer {secret}");
        let who = async || app.nobody().send(Method::GET, "/api/v1/me", &[("authorization", &bearer)], Vec::new()).await;
        assert_eq!(who().await.status, 200);
        manager.delete(&format!("/tokens/{}", id(&made["id"]))).await.ok();
        assert_eq!(who().await.status, 401);

        let engineer = app.user(Role::Engineer).await;
        assert_eq!(engineer.post("/tokens", json!({ "label": "x" })).await.status, 403);
    }

    async fn an_invitation_sets_a_password_once(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        let user = admin.post("/users", json!({ "login": "lisi", "org_id": app.root, "roles": ["agent"] })).await.ok();
        let invite = admin.post(&format!("/users/{}/invite", id(&user["id"])), json!({})).await.ok();
        let path = invite["path"].as_str().expect("a path").to_string();
        let set = app.nobody().form(&path, &format!("password={PASSWORD}&repeat={PASSWORD}")).await;
        assert_eq!(me(app, &cookie(&set)).await.ok()["login"], "lisi");
        assert_eq!(app.nobody().form(&path, &format!("password={PASSWORD}&repeat={PASSWORD}")).await.status, 404);

        let late = admin.post(&format!("/users/{}/invite", id(&user["id"])), json!({})).await.ok();
        app.clock.advance_secs(72 * 3600 + 1);
        assert_eq!(app.nobody().page(late["path"].as_str().expect("a path")).await.status, 404);
    }
}
