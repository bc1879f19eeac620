//! A person's rights to what is held about them (PIPL): everything is in the copy, nothing is left after erasure, and no
//! column is forgotten.

use std::collections::BTreeSet;

use kernel::Lang;
use kit::{Reach, Role, personal::Fate};
use serde_json::{Value, json};
use testkit::{Client, TestApp};

use crate::world::{SIGNATURE, World, id, world_in};

/// Stands in every name and text about the person.
const PROBE: &str = "张三丰PROBE";
const PHONE: &str = "13912340001";
const OTHER: &str = "13912340002";
const PLACE: &str = "桃源路 77 号PROBE";

/// Columns of texts that are about people, by their names.
const TELLING: &[&str] = &[
    "phone",
    "caller_phone",
    "phone_key",
    "email",
    "address",
    "address_key",
    "contact",
    "customer_name",
    "caller_name",
    "party",
    "name_key",
    "id_no",
    "identity",
    "taker",
    "born_on",
    "call_from",
    "call_to",
    "consent_by",
    "confirmed_by",
    "place",
    "from_place",
    "to_place",
    "notes",
    "note",
    "remark",
    "text",
    "recipient",
    "deliverer",
    "answers",
    "suggestion",
    "demand",
    "new_need",
    "proposal",
    "symptom",
    "answer",
    "answered_by",
    "detail",
    "serial",
    "invoice_no",
];

/// `table.column` of every text in the database.
async fn texts(app: &TestApp) -> Vec<(String, String)> {
    let mut conn = app.app.db.read().await.expect("a reader");
    let sql = match app.app.db.engine() {
        db::Engine::Sqlite => {
            "select m.name, c.name from sqlite_master m, pragma_table_info(m.name) c
             where m.type = 'table' and lower(c.type) = 'text' and m.name not like 'search_fts%' and m.name not like 'sqlite%' order by 1, 2"
        }
        db::Engine::Postgres => {
            "select c.table_name::text, c.column_name::text from information_schema.columns c
             join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
             where c.table_schema = current_schema() and t.table_type = 'BASE TABLE' and c.data_type = 'text' order by 1, 2"
        }
    };
    conn.all(sql, vec![]).await.expect("the catalog")
}

/// Where the person is still named.
pub async fn left(app: &TestApp) -> Vec<String> {
    let mut found = Vec::new();
    for (table, column) in texts(app).await {
        // Answers of repeated requests live three days; the log is looked at by itself.
        if table == "idempotency" {
            continue;
        }
        let mut conn = app.app.db.read().await.expect("a reader");
        for probe in ["PROBE", PHONE, OTHER] {
            let sql = format!("select count(*) from {table} where {column} like $1");
            let count: i64 = conn.scalar(&sql, db::args![format!("%{probe}%")]).await.expect("a count");
            if count > 0 {
                found.push(format!("{table}.{column}: {probe} {count}×"));
            }
        }
    }
    found
}

/// A customer of whom every context knows something.
async fn known(app: &TestApp) -> (World, Value, Value) {
    let mut world = world_in(app, app.root, "PIPL", 3).await;
    let admin = world.admin.clone();
    let new = json!({ "name": PROBE, "org_id": app.root, "phone": PHONE, "email": "probe-PROBE@example.com", "region": "苏州市", "district": "吴中区PROBE", "address": PLACE, "notes": "怕狗PROBE" });
    world.customer = admin.post("/customers", new).await.ok();
    let customer = format!("/customers/{}", id(&world.customer));
    admin.post(&format!("{customer}/contacts"), json!({ "name": "李四PROBE", "phone": OTHER })).await.ok();
    admin
        .post(&format!("{customer}/addresses"), json!({ "label": "老家PROBE", "address": PLACE }))
        .await
        .ok();
    let model = world.admin.post("/models", json!({ "code": "MPIPL2", "name": "净水机" })).await.ok();
    let unit = json!({ "customer_id": world.customer["id"], "org_id": app.root, "model_id": model["model"]["id"], "serial": "SNPIPL2", "purchase_date": "2024-04-18", "place": PLACE, "invoice_no": "INV-PROBE", "notes": "门锁密码PROBE" });
    world.unit = admin.post("/units", unit).await.ok();
    admin
        .post(
            &format!("/units/{}/notes", id(&world.unit)),
            json!({ "text": "管路老化PROBE", "refused": false }),
        )
        .await
        .ok();
    let said = json!({ "channel": "phone", "topic": "repair", "caller_name": PROBE, "caller_phone": PHONE, "customer_id": world.customer["id"], "text": "漏水PROBE", "demand": "快PROBE" });
    let request = admin.post("/requests", said).await.ok();
    admin.post("/calls", json!({ "phone": PHONE, "customer_id": world.customer["id"], "party": PROBE, "note": "催促PROBE", "direction": "in", "outcome": "answered" })).await.ok();
    let order = json!({ "customer_id": world.customer["id"], "unit_id": world.unit["id"], "kind": "repair_minor", "mode": "on_site", "symptom": "漏水", "demand": "尽快PROBE",
        "contact": "李四PROBE", "phone": OTHER, "address": PLACE, "remark": "先打电话PROBE" });
    let order = admin.post("/orders", order).await.ok();
    world.act(&order, "accept", json!({})).await;
    world.act(&order, "assign", json!({ "engineer_id": world.engineer.staff })).await;
    admin
        .post(&format!("/docs/order/{}/comments", id(&order)), json!({ "text": "客户张三丰PROBE很急" }))
        .await
        .ok();
    (world, order, request)
}

async fn finish(world: &World, order: &Value, request: &Value) {
    world.act(order, "start", json!({})).await;
    let sheet = json!({ "cause": "product", "root_cause": "松动", "result": "紧固", "signature": SIGNATURE, "used": [] });
    world.act(order, "complete", sheet).await;
    world.act(order, "confirm", json!({})).await;
    world.act(order, "audit", json!({ "note": "齐全", "waive_callback": true })).await;
    let close = format!("/requests/{}/close", id(request));
    world.admin.post(&format!("/requests/{}/answer", id(request)), json!({ "answer": "已派工PROBE" })).await;
    world.admin.post(&close, json!({ "note": "办结PROBE" })).await.ok();
}

pub async fn keep_for(world: &World, months: i64) {
    world.admin.put("/settings", json!({ "key": "customers.retention_months", "value": months })).await.ok();
}

pub async fn erase(who: &Client, customer: &Value) -> testkit::Answer {
    let body = json!({ "reason": "本人来函", "no": customer["no"] });
    who.post(&format!("/customers/{}/erase", id(customer)), body).await
}

testkit::app_test! {
    async fn a_copy_holds_everything_and_erasure_leaves_nothing(app: TestApp) {
        let (world, order, request) = known(app).await;
        let customer = world.customer.clone();
        let path = format!("/customers/{}/personal", id(&customer));

        // Work that is under way, and trade that law wants kept, are in the way.
        assert_eq!(erase(&world.admin, &customer).await.refused(409), "orders.erase_open");
        finish(&world, &order, &request).await;
        app.drain().await;
        assert_eq!(erase(&world.admin, &customer).await.refused(409), "orders.erase_kept");
        keep_for(&world, 0).await;

        // What was taken back is no part of the copy.
        let file = app.app.id();
        let at = format!("/docs/customer/{}", id(&customer));
        let sent = world.admin.send(http::Method::PUT, &format!("/api/v1{at}/files/{file}?name=WRONGFILE.txt"), &[], b"other house".to_vec()).await;
        assert!(sent.status.is_success(), "{}", sent.text());
        let said = world.admin.post(&format!("{at}/comments"), json!({ "text": "WRONGWORDS" })).await.ok();
        for what in [format!("files/{file}"), format!("comments/{}", id(&said))] {
            world.admin.post(&format!("{at}/{what}/void"), json!({ "reason": "别家" })).await.ok();
        }
        let copy = world.admin.get(&path).await.ok().to_string();
        assert!(!copy.contains("WRONGFILE") && !copy.contains("WRONGWORDS"), "{copy}");

        // The copy: every table, unmasked, files listed, and on record.
        let copy = world.admin.get(&path).await.ok();
        let text = copy.to_string();
        for word in [PROBE, PHONE, OTHER, PLACE, "李四PROBE", "怕狗PROBE", "先打电话PROBE", "漏水PROBE", "门锁密码PROBE", "客户张三丰PROBE很急", "老家PROBE"] {
            assert!(text.contains(word), "{word} is missing: {text}");
        }
        assert!(copy["files"].as_array().is_some_and(|files| files.iter().any(|file| file["label"] == "signature")), "{copy}");
        let log = world.admin.get(&format!("/audit?doc_id={}", id(&customer))).await.ok().to_string();
        assert!(log.contains("personal_exported"), "{log}");
        let file = world.admin.page(&format!("{path}.json")).await;
        assert!(file.status.is_success() && file.text().contains(PROBE), "{}", file.status);
        let page = world.admin.page(&path).await.text();
        assert!(page.contains(PHONE) && page.contains("服务工单"), "{page}");
        // For people it is in words: no name of a table or a column, no code, no figure in minor units.
        for machine in ["service_order", "created_at", "customer_name", "appoint_from", ">repair_minor<", ">in_progress<", "assign<", "+00:00"] {
            assert!(!page.contains(machine), "{machine} stands on the page");
        }
        let order_held = copy["held"].as_array().into_iter().flatten().find(|held| held["table"] == "service_order").expect("orders");
        assert_eq!(order_held["columns"][0], json!({ "key": "no", "label": "工单号" }));
        assert_eq!((&order_held["rows"][0]["no"], &order_held["rows"][0]["gross"]), (&order["no"], &json!(0)), "stable names and minor units: {order_held}");
        let steps = copy["held"].as_array().into_iter().flatten().find(|held| held["table"] == "order_step").expect("steps");
        assert_eq!(steps["rows"][0]["doc_no"], order["no"], "whose step it is: {steps}");

        // What was typed must be right; it can't be undone.
        let erase_path = format!("/customers/{}/erase", id(&customer));
        assert_eq!(world.admin.post(&erase_path, json!({ "no": customer["no"] })).await.refused(422), "customers.erase_reason");
        assert_eq!(world.admin.post(&erase_path, json!({ "no": "C-0", "reason": "x" })).await.refused(422), "customers.erase_no");
        assert_eq!(world.admin.form(&erase_path, "no=C-0&reason=x").await.status, 422);

        let money = world.admin.get(&format!("/orders/{}", id(&order))).await.ok()["gross"].clone();
        let signature = copy["files"][0]["id"].as_str().expect("a file").to_string();
        let done = erase(&world.admin, &customer).await.ok();
        assert!(done["rows"].as_i64() > Some(5) && done["files"].as_i64() >= Some(1) && done["log"].as_i64() >= Some(3), "{done}");
        app.drain().await;
        assert_eq!(left(app).await, Vec::<String>::new());
        assert!(!app.app.config.data.join("files").join(&signature[signature.len() - 2..]).join(&signature).exists(), "the signature is off the disk");

        // Orders, money and the log's proof stay; the file is closed for good.
        let kept = world.admin.get(&format!("/orders/{}", id(&order))).await.ok();
        assert_eq!((&kept["gross"], &kept["no"]), (&money, &order["no"]));
        let file = world.admin.get(&format!("/customers/{}", id(&customer))).await.ok();
        assert_eq!(file["state"], "erased");
        assert_eq!(world.admin.put(&format!("/customers/{}", id(&customer)), json!({ "name": PROBE })).await.refused(409), "customers.closed");
        assert_eq!(erase(&world.admin, &customer).await.refused(409), "customers.erased");
        let again = world.admin.post("/orders", json!({ "customer_id": customer["id"], "kind": "repair_minor", "mode": "on_site", "symptom": "x" })).await;
        assert!(!again.status.is_success(), "nothing new refers to it");
        for word in [PHONE, "张三丰", "李四"] {
            let found = world.admin.get(&format!("/search?q={word}")).await;
            assert!(!found.text().contains(&id(&customer)) && !found.text().contains(&id(&order)), "{word}");
        }
        let page = world.admin.page(&format!("/orders/{}", id(&order))).await;
        assert!(page.status.is_success() && !page.text().contains("PROBE"));
        assert!(world.admin.page(&format!("/customers/{}", id(&customer))).await.status.is_success());
        // The copy of nothing.
        assert!(!world.admin.get(&path).await.ok().to_string().contains("PROBE"));
        // Neighbours are untouched.
        let other = world.admin.get("/customers").await.ok().to_string();
        assert!(other.contains("客户PIPL"), "{other}");
    }

    async fn only_whom_it_was_given_copies_and_erases(app: TestApp) {
        let world = world_in(app, app.root, "PIPLB", 1).await;
        keep_for(&world, 0).await;
        let path = format!("/customers/{}/personal", id(&world.customer));
        let (agent, manager) = (app.user(Role::Agent).await, app.user(Role::Manager).await);
        agent.get(&path).await.refused(403);
        erase(&agent, &world.customer).await.refused(403);
        manager.get(&path).await.ok();
        erase(&manager, &world.customer).await.refused(403);
        let far = app.user_with_all(Reach::Outlet, app.outlet("别店").await).await;
        far.get(&path).await.refused(404);
        erase(&far, &world.customer).await.refused(404);
        // A request that waits is in the way too.
        let said = json!({ "channel": "phone", "topic": "repair", "caller_name": "x", "customer_id": world.customer["id"], "text": "y", "demand": "" });
        world.admin.post("/requests", said).await.ok();
        assert_eq!(erase(&world.admin, &world.customer).await.refused(409), "intake.erase_open");
    }

    async fn every_column_about_people_has_a_name(app: TestApp) {
        let registry = &app.app.registry;
        let mut nameless = BTreeSet::new();
        for holding in registry.personal.iter().filter(|holding| !holding.columns.is_empty()) {
            if holding.label.get(Lang::Zh).is_empty() || holding.label.get(Lang::En).is_empty() {
                nameless.insert(holding.table.to_string());
            }
            for column in holding.columns.iter().filter(|column| column.fate.shown()) {
                let named = kit::personal::heading(registry, holding, column)
                    .is_some_and(|(label, _)| !label.get(Lang::Zh).is_empty() && !label.get(Lang::En).is_empty());
                if !named {
                    nameless.insert(format!("{}.{}", holding.table, column.name));
                }
            }
        }
        assert!(nameless.is_empty(), "say what they are called where they are declared (`personal.rs`), in both languages: {nameless:#?}");
    }

    async fn no_column_about_people_is_forgotten(app: TestApp) {
        let registry = &app.app.registry;
        let all: BTreeSet<(String, String)> = texts(app).await.into_iter().collect();
        let declared: BTreeSet<(&str, &str)> =
            registry.personal.iter().flat_map(|holding| holding.columns.iter().map(|column| (holding.table, column.name))).collect();
        let deleted: BTreeSet<&str> = registry.personal.iter().filter(|holding| holding.delete).map(|holding| holding.table).collect();
        let mut forgotten = BTreeSet::new();
        for (table, column) in &all {
            let known = declared.contains(&(table.as_str(), column.as_str()))
                || deleted.contains(table.as_str())
                || registry.impersonal.contains_key(format!("{table}.{column}").as_str());
            if TELLING.contains(&column.as_str()) && !known {
                forgotten.insert(format!("{table}.{column}"));
            }
        }
        // What lists show as a person's is one as well, whatever it is called.
        for list in registry.lists.values() {
            for col in list.columns.iter().filter(|col| matches!(col.sens, Some(kit::Sens::Phone | kit::Sens::Address | kit::Sens::Name | kit::Sens::Identity))) {
                let Some((alias, column)) = col.expr.split_once('.').filter(|(a, c)| [a, c].iter().all(|w| w.chars().all(|ch| ch.is_ascii_alphanumeric() || ch == '_'))) else { continue };
                let words: Vec<&str> = list.from.split_whitespace().chain(list.joins.iter().flat_map(|(_, join)| join.split_whitespace())).collect();
                let Some(table) = words.windows(2).find(|pair| pair[1] == alias).map(|pair| pair[0]) else { continue };
                let known = declared.contains(&(table, column)) || deleted.contains(table) || registry.impersonal.contains_key(format!("{table}.{column}").as_str());
                if all.contains(&(table.to_string(), column.to_string())) && !known {
                    forgotten.insert(format!("{table}.{column} (list {})", list.key));
                }
            }
        }
        assert!(forgotten.is_empty(), "declare in the context's personal.rs, or say why not in `impersonal`: {forgotten:#?}");
        // And what is declared exists, so that nothing is believed to be erased that has another name.
        let texts = |table: &str, column: &str| all.contains(&(table.to_string(), column.to_string()));
        for holding in &registry.personal {
            for kit::personal::Column { name: column, fate, .. } in &holding.columns {
                let text = matches!(fate, Fate::Name | Fate::Reach | Fate::Key | Fate::Words | Fate::Json(_));
                assert!(!text || texts(holding.table, column), "{}.{column} does not exist", holding.table);
            }
        }
        for column in registry.impersonal.keys() {
            let (table, name) = column.split_once('.').expect("table.column");
            assert!(texts(table, name), "{column} does not exist");
        }
        let cx = app.system();
        let mut conn = cx.read().await.expect("a reader");
        kit::personal::copy(&cx, &mut conn, ("customer", app.root)).await.expect("every holding can be read");
    }
}
