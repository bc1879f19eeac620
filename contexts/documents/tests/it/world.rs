//! A company with one person per role.

use kit::Role;
use serde_json::{Value, json};
use testkit::{Client, TestApp};

/// One pixel.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82";

pub struct World {
    pub admin: Client,
    pub agent: Client,
    pub dispatcher: Client,
    pub engineer: Client,
    pub storekeeper: Client,
    pub callback: Client,
    pub auditor: Client,
    pub manager: Client,
    pub outlet: Client,
}

pub async fn world(app: &TestApp) -> World {
    World {
        admin: app.admin().await,
        agent: app.user(Role::Agent).await,
        dispatcher: app.user(Role::Dispatcher).await,
        engineer: app.user(Role::Engineer).await,
        storekeeper: app.user(Role::Storekeeper).await,
        callback: app.user(Role::Callback).await,
        auditor: app.user(Role::Auditor).await,
        manager: app.user(Role::Manager).await,
        outlet: app.user(Role::Outlet).await,
    }
}

/// Somebody who holds a post of the root organisation.
pub async fn holder(app: &TestApp, role: Role, post: &str) -> Client {
    let person = app.user(role).await;
    let admin = app.admin().await;
    let made = admin.post("/posts", json!({ "org_id": app.root, "name": post })).await.ok();
    put_on_post(&admin, &person, &made["id"]).await;
    person
}

pub async fn put_on_post(admin: &Client, person: &Client, post: &Value) {
    let staff = person.staff.expect("a person");
    admin.put(&format!("/staff/{staff}"), json!({ "post_id": post })).await.ok();
}

pub fn id(doc: &Value) -> String {
    doc["id"].as_str().expect("an id").to_string()
}

pub fn step(doc: &Value) -> &str {
    doc["step"].as_str().unwrap_or_default()
}

pub async fn open(by: &Client, template: &str, fields: Value) -> Value {
    by.post("/documents", json!({ "template": template, "fields": fields })).await.ok()
}

/// Makes a move that must go through.
#[track_caller]
pub fn act<'a>(
    by: &'a Client,
    doc: &'a Value,
    act: &'a str,
    fields: Value,
) -> impl std::future::Future<Output = Value> + 'a {
    let body = json!({ "act": act, "fields": fields });
    async move { by.post(&format!("/documents/{}/act", id(doc)), body).await.ok() }
}

/// Makes a move with a reason.
pub async fn act_why(by: &Client, doc: &Value, act: &str, reason: &str, fields: Value) -> Value {
    let body = json!({ "act": act, "reason": reason, "fields": fields });
    by.post(&format!("/documents/{}/act", id(doc)), body).await.ok()
}

/// Code of the refusal of a move.
pub async fn refused(by: &Client, doc: &Value, act: &str, fields: Value) -> String {
    let body = json!({ "act": act, "fields": fields });
    by.post(&format!("/documents/{}/act", id(doc)), body).await.refused(422)
}

/// Enters something without going on.
pub async fn save(by: &Client, doc: &Value, body: Value) -> Value {
    by.post(&format!("/documents/{}/save", id(doc)), body).await.ok()
}

/// Marks all points of a check list.
pub async fn check(by: &Client, doc: &Value, list: &str, points: usize) -> Value {
    let marks: serde_json::Map<String, Value> =
        (1..=points).map(|n| (n.to_string(), json!({ "result": "ok" }))).collect();
    save(by, doc, json!({ "checks": { list: marks } })).await
}

pub async fn tell(by: &Client, doc: &Value, message: &str) -> Value {
    by.post(&format!("/documents/{}/tell", id(doc)), json!({ "message": message })).await.ok()
}

/// Attaches proof.
pub async fn prove(app: &TestApp, by: &Client, doc: &Value, label: &str) {
    let path = format!("/api/v1/docs/document/{}/files/{}?name=a.png&label={label}", id(doc), app.app.id());
    let answer = by.send(http::Method::PUT, &path, &[], PNG.to_vec()).await;
    assert!(answer.status.is_success(), "{}", answer.text());
}

pub async fn now(by: &Client, doc: &Value) -> Value {
    by.get(&format!("/documents/{}", id(doc))).await.ok()
}

/// A clock of a document.
pub async fn clock(by: &Client, doc: &Value, timer: &str) -> Value {
    let clocks = by.get(&format!("/documents/{}/clocks", id(doc))).await.ok();
    let found = clocks.as_array().into_iter().flatten().rfind(|c| c["timer"] == timer);
    found.cloned().unwrap_or_else(|| panic!("no clock {timer} in {clocks}"))
}

/// When a clock is due.
pub async fn due(by: &Client, doc: &Value, timer: &str) -> String {
    clock(by, doc, timer).await["due_at"].as_str().unwrap_or("none").to_string()
}

/// True when a document has no such clock.
pub async fn no_clock(by: &Client, doc: &Value, timer: &str) -> bool {
    let clocks = by.get(&format!("/documents/{}/clocks", id(doc))).await.ok();
    clocks.as_array().into_iter().flatten().all(|c| c["timer"] != timer)
}

/// Lets time pass and clocks fire.
pub async fn pass(app: &TestApp, minutes: i64) {
    app.clock.advance_secs(minutes * 60);
    while kit::timers::fire_due(&app.app, 100).await.expect("clocks") > 0 {}
    app.drain().await;
}

/// Kinds and acts of the history.
pub async fn history(by: &Client, doc: &Value) -> Vec<String> {
    let lines = by.get(&format!("/documents/{}/history", id(doc))).await.ok();
    let text = |line: &Value| {
        format!("{} {}", line["kind"].as_str().unwrap_or_default(), line["act"].as_str().unwrap_or_default())
    };
    lines.as_array().into_iter().flatten().map(text).collect()
}

pub async fn tasks(by: &Client, doc: &Value) -> Vec<Value> {
    let list = by.get(&format!("/documents/{}/tasks", id(doc))).await.ok();
    list.as_array().cloned().unwrap_or_default()
}

/// Titles of a person's notifications.
pub async fn told(app: &TestApp, by: &Client) -> Vec<String> {
    let mut conn = app.app.db.read().await.expect("a reader");
    let rows: Vec<(String,)> = conn
        .all(
            "select title from notification where user_id = $1 order by at, id",
            db::args![by.user.expect("an account")],
        )
        .await
        .expect("notifications");
    rows.into_iter().map(|(title,)| title).collect()
}

pub fn has(list: &[String], wanted: &str) -> bool {
    list.iter().any(|line| line.contains(wanted))
}
