//! Calling the product as an API client or as a browser would, without a network.

use axum::body::Body;
use futures::StreamExt;
use http::{HeaderMap, Method, Request, StatusCode};
use kernel::Id;
use kit::Role;
use serde_json::Value;
use tower::ServiceExt;

use crate::TestApp;

/// A caller.
#[derive(Clone)]
pub struct Client {
    router: axum::Router,
    token: Option<String>,
    /// The person, when there is one.
    pub staff: Option<Id>,
    /// The account, when there is one.
    pub user: Option<Id>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body as sent.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    /// The JSON of a success; panics with the answer otherwise.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!(self.status.is_success(), "{}: {}", self.status, self.text());
        self.json()
    }

    /// The error code of a refusal with this status; panics otherwise.
    #[track_caller]
    pub fn refused(self, status: u16) -> String {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self.json()["code"].as_str().unwrap_or_default().to_string()
    }
}

/// An open live channel.
pub struct Listener {
    body: axum::body::BodyDataStream,
    text: String,
}

impl Listener {
    /// The next message of a kind, if one comes within the time.
    pub async fn next(&mut self, kind: &str, within: std::time::Duration) -> Option<Value> {
        tokio::time::timeout(within, self.find(kind)).await.ok().flatten()
    }

    async fn find(&mut self, kind: &str) -> Option<Value> {
        loop {
            while let Some((message, rest)) = self.text.split_once("\n\n") {
                let data = message.lines().find_map(|line| line.strip_prefix("data: ")).unwrap_or("null");
                let value: Value = serde_json::from_str(data).unwrap_or(Value::Null);
                self.text = rest.to_string();
                if value["kind"] == kind {
                    return Some(value);
                }
            }
            let chunk = self.body.next().await?.ok()?;
            self.text.push_str(&String::from_utf8_lossy(&chunk));
        }
    }
}

impl Client {
    pub(crate) fn new(router: axum::Router, token: Option<String>) -> Self {
        Self { router, token, staff: None, user: None }
    }

    /// Any request. API paths are given whole.
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body)).expect("a valid request");
        let response = self.router.clone().oneshot(request).await.expect("the router always answers");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a whole body").to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    /// Opens the live channel as a browser does; [`Listener::next`] gives its messages.
    pub async fn listen(&self) -> Listener {
        let mut request = Request::builder().uri("/api/v1/live").header("accept", "text/event-stream");
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let request = request.body(Body::empty()).expect("a valid request");
        let response = self.router.clone().oneshot(request).await.expect("the router always answers");
        assert_eq!(response.status(), StatusCode::OK, "the channel opens");
        Listener { body: response.into_body().into_data_stream(), text: String::new() }
    }

    /// `GET /api/v1{path}`
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, &format!("/api/v1{path}"), &[], Vec::new()).await
    }

    /// `POST /api/v1{path}`
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.json(Method::POST, path, None, body).await
    }

    /// What an order lacks was verified with the dispatcher, then with the customer, so that it may be assigned (CALL-07).
    pub async fn verify_order(&self, order: &str) {
        for with in ["dispatcher", "customer"] {
            self.post(&format!("/orders/{order}/verify"), serde_json::json!({ "with": with })).await.ok();
        }
    }

    /// `PUT /api/v1{path}`
    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.json(Method::PUT, path, None, body).await
    }

    /// `DELETE /api/v1{path}`
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, &format!("/api/v1{path}"), &[], Vec::new()).await
    }

    /// `POST /api/v1{path}` with an idempotency key.
    pub async fn post_key(&self, path: &str, key: &str, body: Value) -> Answer {
        self.json(Method::POST, path, Some(key), body).await
    }

    async fn json(&self, method: Method, path: &str, key: Option<&str>, body: Value) -> Answer {
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(key.map(|key| ("idempotency-key", key)));
        self.send(method, &format!("/api/v1{path}"), &headers, body.to_string().into_bytes()).await
    }

    /// A page, as a browser asks for it.
    pub async fn page(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[("accept", "text/html")], Vec::new()).await
    }

    /// A plain form post.
    pub async fn form(&self, path: &str, fields: &str) -> Answer {
        let headers =
            [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
        self.send(Method::POST, path, &headers, fields.as_bytes().to_vec()).await
    }
}

static COUNTER: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);

fn unique() -> u64 {
    COUNTER.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

/// The built-in administrator.
pub(crate) async fn admin(app: &TestApp) -> Client {
    let token = org::cli::new_token(&app.app, "admin").await.expect("a token");
    Client::new(app.router.clone(), Some(token))
}

/// A person with an account, made through the API like everybody else.
pub(crate) async fn make_user(app: &TestApp, roles: &[&str], org: Id) -> Client {
    let admin = admin(app).await;
    let number = unique();
    let engineer = roles.contains(&Role::Engineer.code());
    let staff = admin
        .post(
            "/staff",
            serde_json::json!({ "no": format!("T{number:04}"), "name": format!("测试员{number}"), "org_id": org,
                "grade": 3, "engineer": engineer, "phone": format!("1370000{number:04}") }),
        )
        .await
        .ok();
    let login = format!("t{number}");
    let user = admin
        .post("/users", serde_json::json!({ "login": login, "staff_id": staff["id"], "roles": roles }))
        .await
        .ok();
    let token = org::cli::new_token(&app.app, &login).await.expect("a token");
    let id = |value: &Value| value["id"].as_str().and_then(|text| text.parse().ok());
    Client { staff: id(&staff), user: id(&user), ..Client::new(app.router.clone(), Some(token)) }
}

/// An outlet below the root organisation.
pub(crate) async fn make_outlet(app: &TestApp, name: &str) -> Id {
    let admin = admin(app).await;
    let body = serde_json::json!({ "code": format!("N{:03}", unique()), "name": name, "kind": "outlet", "parent_id": app.root });
    let made = admin.post("/orgs", body).await.ok();
    made["id"].as_str().and_then(|text| text.parse().ok()).expect("an id")
}

/// A role that holds every permission, but only as far as `reach`.
pub(crate) async fn make_all_role(app: &TestApp, reach: kit::Reach) -> String {
    let code = format!("all_{}", reach.code());
    let mut tx = app.app.db.begin().await.expect("begins");
    let role = app.app.id();
    tx.exec("insert into role (id, version, code, name, note, built_in, created_at, updated_at) values ($1, 1, $2, $2, '', false, 0, 0)", db::args![role, &code])
        .await
        .expect("a role");
    for perm in &app.app.registry.perms {
        tx.exec(
            "insert into role_grant (role_id, perm_key, reach) values ($1, $2, $3)",
            db::args![role, perm.key, reach.code()],
        )
        .await
        .expect("a grant");
    }
    tx.commit().await.expect("commits");
    code
}
