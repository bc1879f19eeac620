//! Every route that writes to a document, called by somebody who may do everything, but only in another outlet:
//! refused as if the document did not exist, and not one row of the business changes.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Value, json};
use testkit::{Answer, Client, TestApp};

use crate::foreign_world::{Documents, documents};

/// Which document a placeholder names: by the path up to it, without `/api/v1`.
const DOCUMENTS: &[(&str, &str)] = &[
    ("/absences/{id}", "absence"),
    ("/acting/{id}", "acting"),
    ("/callbacks/{id}", "callback"),
    ("/customers/{id}", "customer"),
    ("/customers/{id}/addresses/{address}", "address"),
    ("/customers/{id}/contacts/{contact}", "contact"),
    ("/customers/{id}/items/{item}", "contact"),
    ("/depots/{id}", "depot"),
    ("/import/batches/{id}", "batch"),
    ("/document-tasks/{id}", "task"),
    ("/documents/{id}", "document"),
    ("/documents/{id}/act/{act}", "act"),
    ("/documents/{id}/signature/{label}", "label"),
    ("/approvals/{id}", "approval"),
    ("/imports/{id}", "batch"),
    ("/issue-slips/{id}", "issue_slip"),
    ("/jobs/{id}", "job"),
    ("/m/orders/{id}", "order"),
    ("/m/orders/{id}/notes/{note}", "note"),
    ("/m/orders/{id}/parts/{line}", "line"),
    ("/me/credentials/{id}", "credential"),
    ("/old-parts/{id}", "old_part"),
    ("/orders/{id}", "order"),
    ("/orders/{id}/lines/{line}", "line"),
    ("/orders/{id}/units/{item}", "order_unit"),
    ("/orgs/{id}", "org"),
    ("/parts/{id}/levels", "part"),
    ("/pay/disputes/{id}", "dispute"),
    ("/posts/{id}", "post"),
    ("/purchases/{id}", "purchase"),
    ("/receipts/{id}", "receipt"),
    ("/report-mails/{id}", "report_mail"),
    ("/requests/{id}", "request"),
    ("/sessions/{id}", "credential"),
    ("/staff/{id}", "staff"),
    ("/tokens/{id}", "credential"),
    ("/transfers/{id}", "transfer"),
    ("/units/{id}", "unit"),
    ("/units/{id}/items/{item}", "item"),
    ("/units/{id}/notes/{note}", "note"),
    ("/users/{id}", "user"),
    ("/workshop/units/{id}", "shop_unit"),
    ("/workshop/units/{id}/checks/{stage}", "stage"),
    ("/workshop/units/{id}/extras/{item}", "extra_item"),
];

/// What belongs to the company and not to an outlet, so that the permission alone decides (`routes.rs`), and what is
/// guarded by a secret in the address. `/**`: with everything below.
const SHARED: &[&str] = &[
    "/categories/**",
    // Views of a list are one's own; a template belongs to the company, and what is made of it to whom its body says.
    "/documents/new/{code}",
    "/documents/of/**",
    "/process-templates/**",
    "/import/{kind}",
    // Whoever may see background work may see all of it.
    "/jobs/{id}/retry",
    "/imports/{id}",
    "/models/**",
    "/parts/{id}",
    "/parts/{id}/edit",
    "/parts/{id}/substitutes",
    "/parts/{id}/substitutes/**",
    "/pay/deadlines/{id}/end",
    "/pay/items/{id}/end",
    "/pay/rules/{id}/end",
    "/prices/rules/{id}/end",
    "/prices/{id}",
    "/prices/{id}/rules",
    "/roles/**",
    "/settings/{key}",
    "/settings/values/{id}/**",
    "/start/{token}",
    "/u/**",
    // Whoever holds the link of an order is its customer.
    "/f/**",
    "/public/**",
    "/warranty/policies/**",
    "/work-kinds/{code}",
    "/order-processes",
];

/// The same, as kinds of documents that have comments and files.
pub const SHARED_KINDS: &[&str] = &["model", "part", "price_list", "warranty_policy"];

/// Commands without a document in their path whose body may name one, by path; empty: only what is the company's.
const NEW: &[(&str, &str)] = &[
    (
        "/absences",
        r#"{ "staff_id": "@staff", "kind": "leave", "from": "2027-01-01T08:00", "to": "2027-01-02T08:00" }"#,
    ),
    ("/acting", r#"{ "absent_id": "@staff2", "substitute_id": "@staff", "until": "2026-11-30T18:00" }"#),
    ("/call-extensions", r#"{ "extension": "801", "staff_id": "@staff" }"#),
    // A call keeps only customers its taker may see; others are dropped.
    ("/calls", ""),
    ("/categories", ""),
    ("/customers", r#"{ "name": "x", "org_id": "@org" }"#),
    ("/approval-schemes", ""),
    ("/committees", ""),
    ("/documents", r#"{ "template": "probe", "org_id": "@org", "fields": { "what": "x", "amount": "5" } }"#),
    ("/process-templates", ""),
    ("/process-templates/begin", ""),
    ("/process-templates/check", ""),
    ("/depots", r#"{ "code": "D9", "kind": "parts", "name": "x", "org_id": "@org" }"#),
    (
        "/issue-slips",
        r#"{ "kind": "sale", "depot_id": "@depot", "recipient": "x", "reserve": true, "lines": [{ "part": "PLEAKPROBE", "quantity": 1000 }] }"#,
    ),
    ("/models", ""),
    ("/purchases", r#"{ "part": "PLEAKPROBE", "depot_id": "@depot", "quantity": 1000 }"#),
    (
        "/orders",
        r#"{ "customer_id": "@customer", "unit_id": "@unit", "kind": "repair_minor", "mode": "on_site", "symptom": "x" }"#,
    ),
    ("/order-processes", ""),
    ("/orgs", r#"{ "code": "N9", "kind": "station", "name": "x", "parent_id": "@org" }"#),
    ("/parts", ""),
    ("/pay/disputes", r#"{ "line_id": "@pay_line", "question": "比例不对" }"#),
    ("/pay/rewards", r#"{ "staff_id": "@staff", "item": "BONUS", "amount": "5", "reason": "抢修突出" }"#),
    ("/pay/sheets/build", r#"{ "period": "2026-11", "staff_id": "@staff" }"#),
    ("/pay/sheets/lock", r#"{ "period": "2026-11", "staff_id": "@staff" }"#),
    ("/pay/wages", r#"{ "staff_id": "@staff", "wage": 1000, "valid_from": "2026-11-20" }"#),
    ("/posts", r#"{ "org_id": "@org", "name": "x" }"#),
    ("/prices/parts", ""),
    ("/prices/try", ""),
    (
        "/receipts",
        r#"{ "kind": "ordered", "depot_id": "@depot", "lines": [{ "part": "PLEAKPROBE", "quantity": 1000, "unit_cost": 100 }] }"#,
    ),
    (
        "/requests",
        r#"{ "channel": "phone", "topic": "repair", "caller_name": "x", "caller_phone": "13811112222", "customer_id": "@customer", "text": "x", "demand": "" }"#,
    ),
    ("/requests/drafts", r#"{ "topic": "repair", "content": "repair.leak", "draft_id": "@request" }"#),
    ("/roles", ""),
    ("/settings", ""),
    ("/staff", r#"{ "no": "S9", "name": "x", "org_id": "@org", "grade": 1 }"#),
    ("/stock-count", r#"{ "depot_id": "@depot", "part": "PLEAKPROBE", "counted": 9000, "reason": "盘点" }"#),
    (
        "/stock-restate",
        r#"{ "depot_id": "@depot", "part": "PLEAKPROBE", "from_state": "new", "to_state": "scrap", "quantity": 1000, "reason": "损坏" }"#,
    ),
    (
        "/transfers",
        r#"{ "kind": "move", "from_id": "@depot", "to_id": "@depot2", "due": "2026-11-20", "lines": [{ "part": "PLEAKPROBE", "quantity": 1000 }] }"#,
    ),
    (
        "/units",
        r#"{ "customer_id": "@customer", "model_id": "@model", "serial": "S9", "same_serial_ok": true }"#,
    ),
    ("/users", r#"{ "login": "nine", "staff_id": "@staff2", "roles": ["engineer"] }"#),
    ("/warranty/decide", r#"{ "at": "2026-11-20", "cause": "product", "unit_id": "@unit" }"#),
    (
        "/warranty/exceptions",
        r#"{ "doc_kind": "order", "doc_id": "@order", "kind": "goodwill", "amount": "5", "verdict": "covered", "reason": "老客户" }"#,
    ),
    ("/warranty/policies", ""),
];

/// Routes that take a file.
const UPLOADS: &[&str] = &["/docs/{kind}/{id}/files", "/m/orders/{id}/arrive", "/m/orders/{id}/photos"];

/// Bodies that a route's schema does not tell: what its rules want beyond it. `@name` is a document's id. A form
/// without an entry takes what the API command of the same name takes.
const BODIES: &[(&str, &str)] = &[
    ("/customers/{id}/merge", r#"{ "from": "@customer2" }"#),
    (
        "/orders/{id}/delay",
        r#"{ "expected_at": "2026-11-20T10:00", "reason": "traffic", "customer_told": true }"#,
    ),
    ("/documents/{id}/correct", r#"{ "reason": "听错了", "fields": { "what": "y" } }"#),
    (
        "/documents/{id}/signature/{label}",
        r#"{ "signature_png": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==" }"#,
    ),
    ("/orders/{id}/incidents", r#"{ "code": "damage", "note": "x" }"#),
    ("/orders/{id}/limit", r#"{ "span": "4h", "reason": "x" }"#),
    (
        "/parts/{id}/levels",
        r#"{ "depot_id": "@depot", "minimum": 1000, "order_point": 2000, "maximum": 3000 }"#,
    ),
    ("/pay/disputes/{id}/answer", r#"{ "answer": "不变更" }"#),
    ("/requests/{id}/join", r#"{ "order_id": "@order" }"#),
    ("/units/{id}/proofs", r#"{ "kind": "invoice", "number": "X1" }"#),
];

/// One call to make.
struct Call {
    method: &'static str,
    pattern: String,
    target: String,
    body: Value,
    upload: bool,
}

impl Call {
    async fn by(&self, client: &Client) -> Answer {
        let method = Method::from_bytes(self.method.as_bytes()).expect("a method");
        let (kind, body) = if self.upload {
            let part = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\ncontent-type: text/plain\r\n\r\nx\r\n--b--\r\n";
            ("multipart/form-data; boundary=b", part.to_string())
        } else {
            ("application/json", self.body.to_string())
        };
        client
            .send(
                method,
                &self.target,
                &[("content-type", kind), ("sec-fetch-site", "same-origin")],
                body.into_bytes(),
            )
            .await
    }

    /// What it names is gone afterwards: its twin finds nothing any more.
    fn removes(&self) -> bool {
        self.method == "DELETE"
            || ["/remove", "/delete", "/revoke", "/void"].iter().any(|end| self.pattern.ends_with(end))
    }
}

fn bare(path: &str) -> &str {
    path.strip_prefix("/api/v1").unwrap_or(path)
}

fn shared(path: &str) -> bool {
    SHARED.iter().any(|entry| match entry.strip_suffix("/**") {
        Some(above) => path.strip_prefix(above).is_some_and(|rest| rest.starts_with('/')),
        None => path == *entry,
    })
}

/// The name of the document a placeholder of a route stands for.
fn named(path: &str, upto: &str) -> Option<&'static str> {
    if path.contains("/views/{id}") {
        return Some("view");
    }
    DOCUMENTS
        .iter()
        .find(|(prefix, _)| *prefix == upto || (*prefix == path && path.starts_with(upto)))
        .map(|(_, name)| *name)
}

/// Something that fits a schema, with what is required only.
fn sample(schema: &Value, root: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return sample(root.pointer(reference.trim_start_matches('#')).unwrap_or(&Value::Null), root);
    }
    for choice in ["anyOf", "oneOf", "allOf"] {
        if let Some(first) =
            schema[choice].as_array().and_then(|all| all.iter().find(|one| one["type"] != "null"))
        {
            return sample(first, root);
        }
    }
    if let Some(value) = schema.get("const").or_else(|| schema["enum"].get(0)) {
        return value.clone();
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str()).unwrap_or("object");
    match (kind, schema["format"].as_str()) {
        ("string", Some("uuid")) => json!(kernel::Id::NIL.to_string()),
        ("string", Some("date")) => json!("2026-11-20"),
        ("string", Some("date-time")) => json!("2026-11-20T02:00:00Z"),
        ("string", _) => json!("x"),
        ("integer" | "number", _) => json!(1000),
        ("boolean", _) => json!(true),
        ("array", _) => json!([sample(&schema["items"], root)]),
        ("null", _) => Value::Null,
        _ => {
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let fields = required.iter().filter_map(Value::as_str);
            Value::Object(
                fields.map(|field| (field.to_string(), sample(&schema["properties"][field], root))).collect(),
            )
        }
    }
}

/// `/orders/{id}/do/accept` and `/m/orders/{id}/accept` are the command `/orders/{id}/accept`.
fn command(path: &str) -> String {
    bare(path).trim_start_matches("/m").replace("/do/", "/").trim_end_matches("/edit").to_string()
}

/// A body of a table with the documents' ids.
fn filled(text: &str, documents: &Documents) -> Value {
    let mut text = text.to_string();
    for (name, id) in documents {
        text = text.replace(&format!("\"@{name}\""), &format!("\"{id}\""));
    }
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

fn body(app: &TestApp, documents: &Documents, path: &str) -> Value {
    let path = bare(path);
    let own = BODIES
        .iter()
        .find(|(key, _)| *key == path)
        .or_else(|| BODIES.iter().find(|(key, _)| *key == command(path)));
    if let Some((_, text)) = own {
        return filled(text, documents);
    }
    let mut twins = app
        .app
        .registry
        .routes
        .iter()
        .filter(|route| route.method != "GET" && command(&route.path) == command(path));
    match twins.find_map(|route| route.input) {
        Some(kit::module::SchemaOf::Type(make)) => {
            let schema = make();
            sample(schema.as_value(), schema.as_value())
        }
        _ => json!({}),
    }
}

/// All calls; a route that no table tells how to call fails the test with its name.
fn calls(app: &TestApp, documents: &Documents) -> Vec<Call> {
    let (mut calls, mut unknown) = (Vec::new(), Vec::new());
    for route in &app.app.registry.routes {
        let path = bare(&route.path);
        if route.method == "GET" || !path.contains('{') || shared(path) {
            continue;
        }
        let kinds: Vec<&str> = if path.contains("{kind}") {
            app.app.registry.docs.keys().copied().filter(|kind| !SHARED_KINDS.contains(kind)).collect()
        } else {
            vec![""]
        };
        for kind in kinds {
            let mut target = String::new();
            let mut upto = String::new();
            for part in path.split('/').skip(1) {
                upto = format!("{upto}/{part}");
                let filled = match part {
                    "{kind}" => Some(kind.to_string()),
                    "{field}" => Some("phone".to_string()),
                    "{file}" if path.ends_with("/void") => documents.get(&format!("file of {kind}")).cloned(),
                    "{file}" => Some(documents["new"].clone()),
                    "{comment}" => documents.get(&format!("comment of {kind}")).cloned(),
                    "{id}" if !kind.is_empty() => documents.get(kind).cloned(),
                    part if part.starts_with('{') => {
                        named(path, &upto).and_then(|name| documents.get(name).cloned())
                    }
                    part => Some(part.to_string()),
                };
                let Some(filled) = filled else {
                    unknown.push(format!("{} {} ({upto} {kind})", route.method, route.path));
                    break;
                };
                target = format!("{target}/{filled}");
            }
            let api = if route.path.starts_with("/api/v1") { "/api/v1" } else { "" };
            let name = if path.ends_with("{file}") { "?name=a.txt" } else { "" };
            calls.push(Call {
                method: route.method,
                pattern: route.path.clone(),
                target: format!("{api}{target}{name}"),
                body: body(app, documents, &route.path),
                upload: UPLOADS.contains(&path) && api.is_empty(),
            });
        }
    }
    assert!(unknown.is_empty(), "routes without an entry in DOCUMENTS or SHARED:\n{}", unknown.join("\n"));
    calls
}

/// Tables that are not the business: who asked what, and work behind the scenes.
const BESIDE: &[&str] = &["audit", "audit_block", "idempotency", "job", "schedule", "known_perm"];

/// Every row of every table of the business, as text.
async fn content(app: &TestApp) -> BTreeMap<String, Vec<String>> {
    let mut conn = app.app.db.read().await.expect("a reader");
    let sqlite = conn.engine() == db::Engine::Sqlite;
    let tables = if sqlite {
        "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and sql not like 'create virtual%'"
    } else {
        "select cast(tablename as text) from pg_tables where schemaname = 'public'"
    };
    let tables: Vec<(String,)> = conn.all(tables, vec![]).await.expect("tables");
    let mut content = BTreeMap::new();
    for (table,) in tables {
        if BESIDE.contains(&table.as_str()) {
            continue;
        }
        let row = if sqlite {
            let columns: Vec<(String,)> = conn
                .all(&format!("select name from pragma_table_info('{table}')"), vec![])
                .await
                .expect("columns");
            columns.iter().map(|(name,)| format!("quote(\"{name}\")")).collect::<Vec<_>>().join(" || ' ' || ")
        } else {
            "cast(t as text)".to_string()
        };
        let rows: Vec<(String,)> =
            conn.all(&format!("select {row} from {table} t order by 1"), vec![]).await.expect("rows");
        content.insert(table, rows.into_iter().map(|(row,)| row).collect());
    }
    content
}

fn differences(before: &BTreeMap<String, Vec<String>>, after: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let mut found = Vec::new();
    for (table, rows) in after {
        let old = &before[table];
        found.extend(rows.iter().filter(|row| !old.contains(row)).map(|row| format!("{table} + {row}")));
        found.extend(old.iter().filter(|row| !rows.contains(row)).map(|row| format!("{table} - {row}")));
    }
    found
}

testkit::app_test! {
    async fn no_route_changes_what_belongs_to_another_outlet(app: TestApp) {
        let (mine, other) = (app.outlet("甲网点").await, app.outlet("乙网点").await);
        let (world, documents) = documents(app, mine).await;
        let stranger = app.user_with_all(kit::Reach::Outlet, other).await;
        app.drain().await;
        let mut calls = calls(app, &documents);
        // What ends documents comes last; the engineer's phone first, before somebody changes the engineer.
        calls.sort_by_key(|call| (call.removes(), !call.pattern.starts_with("/m/")));
        let before = content(app).await;
        assert!(before.len() > 60 && before["service_order"].len() > 2, "the whole business is looked at");
        let mut faults = Vec::new();
        for call in &calls {
            let answer = call.by(&stranger).await;
            let (status, text) = (answer.status.as_u16(), answer.text());
            if !matches!(status, 403 | 404) {
                faults.push(format!("{} {} answered {status}: {text:.300}", call.method, call.pattern));
            }
            if text.contains("LEAKPROBE") {
                faults.push(format!("{} {} tells {text:.300}", call.method, call.pattern));
            }
        }
        app.drain().await;
        faults.extend(differences(&before, &content(app).await));
        // The same calls by those who may: found, so that the refusals above were about the person.
        for call in &calls {
            let client = if call.pattern.starts_with("/m/") { &world.engineer } else { &world.admin };
            let status = call.by(client).await.status.as_u16();
            if status >= 500 || matches!(status, 401 | 403) || (status == 404 && !call.removes()) {
                faults.push(format!("{} {} answered {status} to the one who may: {}", call.method, call.pattern, call.target));
            }
        }
        assert!(!differences(&before, &content(app).await).is_empty(), "what changes is seen");
        assert!(faults.is_empty(), "{} of {} calls:\n{}", faults.len(), calls.len(), faults.join("\n"));
    }

    async fn nothing_new_can_hang_on_what_belongs_to_another_outlet(app: TestApp) {
        let (mine, other) = (app.outlet("甲网点").await, app.outlet("乙网点").await);
        let (world, documents) = documents(app, mine).await;
        let stranger = app.user_with_all(kit::Reach::Outlet, other).await;
        app.drain().await;
        let before = content(app).await;
        let (mut faults, mut calls) = (Vec::new(), Vec::new());
        for route in &app.app.registry.routes {
            let Some(kit::module::SchemaOf::Type(make)) = route.input else { continue };
            if route.method == "GET" || route.path.contains('{') || !make().as_value().to_string().contains("\"uuid\"") {
                continue;
            }
            let path = bare(&route.path);
            match NEW.iter().find(|(key, _)| *key == path) {
                None => faults.push(format!("{path} stands not in NEW")),
                Some((_, "")) => {}
                Some((_, text)) => calls.push(Call {
                    method: route.method,
                    pattern: route.path.clone(),
                    target: route.path.clone(),
                    body: filled(text, &documents),
                    upload: false,
                }),
            }
        }
        for call in &calls {
            let answer = call.by(&stranger).await;
            let (status, text) = (answer.status.as_u16(), answer.text());
            // A settlement of people out of reach settles nobody.
            let nothing = text.contains("\"sheets\":0");
            if !(nothing || matches!(status, 403 | 404 | 422)) || text.contains("LEAKPROBE") {
                faults.push(format!("{} answered {status}: {text:.300}", call.pattern));
            }
        }
        app.drain().await;
        faults.extend(differences(&before, &content(app).await));
        // The same bodies are good: those who may get what they ask for.
        for call in &calls {
            let client = if call.pattern.ends_with("/pay/disputes") { &world.engineer } else { &world.admin };
            let answer = call.by(client).await;
            if !answer.status.is_success() {
                faults.push(format!("{} answered {} to the one who may: {}", call.pattern, answer.status, answer.text()));
            }
        }
        assert!(faults.is_empty(), "{} of {} calls:\n{}", faults.len(), calls.len(), faults.join("\n"));
    }
}
