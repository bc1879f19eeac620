//! Small things that several tests need.

use http::Method;
use kernel::Id;
use serde_json::{Value, json};
use testkit::{Answer, Client, TestApp};

pub fn id(value: &Value) -> Id {
    value.as_str().and_then(|text| text.parse().ok()).expect("an id")
}

/// The field a refusal is about.
pub fn field(answer: &Answer) -> String {
    answer.json()["errors"][0]["field"].as_str().unwrap_or_default().to_string()
}

/// The session cookie that an answer sets, as a `cookie` header.
pub fn cookie(answer: &Answer) -> String {
    let set = answer.headers.get("set-cookie").and_then(|value| value.to_str().ok()).expect("a cookie");
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Path=/"), "{set}");
    set.split(';').next().expect("name and value").to_string()
}

/// `GET /api/v1/me` as a browser with this cookie.
pub async fn me(app: &TestApp, cookie: &str) -> Answer {
    app.nobody().send(Method::GET, "/api/v1/me", &[("cookie", cookie)], Vec::new()).await
}

/// An account with a password, without must-change; returns its id.
pub async fn account(app: &TestApp, admin: &Client, login: &str, roles: &[&str], password: &str) -> Id {
    let user = admin.post("/users", json!({ "login": login, "org_id": app.root, "roles": roles })).await.ok();
    org::cli::set_password(&app.app, login, password).await.expect("a password");
    id(&user["id"])
}

/// Signs in through the form.
pub async fn sign_in(app: &TestApp, login: &str, password: &str, next: &str) -> Answer {
    app.nobody().form("/login", &format!("login={login}&password={password}&next={next}")).await
}
