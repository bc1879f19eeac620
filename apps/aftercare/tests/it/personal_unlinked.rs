//! What nobody put to a person's file: calls and requests from before there was one, documents that stand for themselves.
//! They are found by the telephone number, if it is the person's alone (PIPL).

use kit::Role;
use serde_json::{Value, json};
use testkit::TestApp;

use crate::{
    personal::{erase, keep_for, left},
    world::{World, id, world_in},
};

/// A kind of document that is for nothing else: somebody brings something to be looked at.
const DESK: &str = r#"
code = "desk"
name = "柜台登记"
name_en = "Desk"
number = "GT"
title = "{customer} {thing}"
open = ["role:agent", "role:admin"]
asks = ["customer", "phone", "thing", "how?", "fee?", "paid?", "said?", "fetcher?"]
start = "look"
fields = [
  { key = "customer", name = "客户", name_en = "Customer", list = true },
  { key = "phone", name = "电话", name_en = "Phone", type = "phone" },
  { key = "thing", name = "物品", name_en = "Thing" },
  { key = "how", name = "来法", name_en = "Brought how", type = "choice", options = ["walk=自送|Walked in", "post=邮寄|By post"] },
  { key = "fee", name = "费用", name_en = "Fee", type = "money" },
  { key = "paid", name = "已付", name_en = "Paid", type = "bool" },
  { key = "said", name = "原话", name_en = "Words", type = "area" },
  { key = "fetcher", name = "取件人", name_en = "Fetched by", personal = true },
]
surveys = [{ key = "after", name = "回访", name_en = "Afterwards", questions = [{ key = "words", name = "说了什么", name_en = "What was said", type = "text", optional = true }] }]
steps = [
  { key = "look", name = "检查", name_en = "Looking", macro = "in_progress", who = ["role:agent"], surveys = ["after"] },
  { key = "sign", name = "审批", name_en = "Signing", macro = "waiting", approval = { scheme = "quote", amount = "f.fee", approved = "ok", rejected = "no" } },
  { key = "end", name = "结束", name_en = "Ended", macro = "closed", end = true },
]
moves = [
  { act = "done", name = "看完", name_en = "Seen", from = ["look"], to = "end" },
  { act = "ask", name = "报批", name_en = "Ask", from = ["look"], to = "sign" },
  { act = "ok", name = "同意", name_en = "Approved", from = ["sign"], to = "end", system = true },
  { act = "no", name = "退回", name_en = "Refused", from = ["sign"], to = "look", kind = "rework", system = true },
]
triggers = [{ key = "look_at", on = "create", make = "task", who = ["role:agent"], text = "接待{customer}|Receive {customer}" }]
"#;

const PHONE: &str = "13912340001";
const NAME: &str = "张三丰PROBE";

async fn person(world: &World, name: &str, phone: &str) -> Value {
    let new = json!({ "name": name, "phone": phone, "address": "桃源路 77 号" });
    world.admin.post("/customers", new).await.ok()
}

async fn desk(app: &TestApp) -> World {
    let world = world_in(app, app.root, "DESK", 1).await;
    keep_for(&world, 0).await;
    let made = world.admin.post("/process-templates", json!({ "source": DESK })).await.ok();
    world.admin.post(&format!("/process-templates/{}/activate", id(&made)), json!({})).await.ok();
    world
}

async fn brought(world: &World, phone: &str) -> Value {
    let fields = json!({ "customer": NAME, "phone": phone, "thing": "遥控器", "how": "post", "fee": 12_050, "paid": true, "said": "摔过一次PROBE", "fetcher": "李四PROBE" });
    world.admin.post("/documents", json!({ "template": "desk", "fields": fields })).await.ok()
}

async fn over(world: &World, document: &Value) {
    let answers = json!({ "answers": { "after": { "words": "很快PROBE" } } });
    world.admin.post(&format!("/documents/{}/save", id(document)), answers).await.ok();
    world.admin.post(&format!("/documents/{}/act", id(document)), json!({ "act": "done" })).await.ok();
}

fn numbers(copy: &Value, table: &str) -> Vec<String> {
    let held = copy["held"].as_array().into_iter().flatten().find(|held| held["table"] == table);
    let rows = held.and_then(|held| held["rows"].as_array().cloned()).unwrap_or_default();
    rows.iter().filter_map(|row| row["no"].as_str().map(str::to_string)).collect()
}

testkit::app_test! {
    async fn documents_calls_and_requests_of_nobody_are_found_by_the_number(app: TestApp) {
        let world = desk(app).await;
        let admin = &world.admin;
        // Before there is a file: a call, a request that was answered, and two documents, the number written as people do.
        admin.post("/calls", json!({ "phone": PHONE, "party": NAME, "note": "问价PROBE", "direction": "in", "outcome": "answered" })).await.ok();
        let asked = json!({ "channel": "letter", "topic": "consult", "caller_name": NAME, "caller_phone": PHONE, "text": "问价PROBE", "demand": "" });
        let request = admin.post("/requests", asked).await.ok();
        let document = brought(&world, "+86 139-1234-0001").await;
        let neighbour = brought(&world, "13912349999").await;
        let customer = person(&world, NAME, PHONE).await;
        let path = format!("/customers/{}/personal", id(&customer));

        let copy = admin.get(&path).await.ok();
        assert_eq!(numbers(&copy, "document"), [document["no"].as_str().expect("a number")], "{copy}");
        assert_eq!(numbers(&copy, "service_request"), [request["no"].as_str().expect("a number")], "{copy}");
        for word in ["摔过一次PROBE", "李四PROBE", "接待张三丰PROBE", "问价PROBE"] {
            assert!(copy.to_string().contains(word), "{word} is missing: {copy}");
        }
        let page = admin.page(&path).await.text();
        for word in ["物品", "邮寄", "¥ 120.50", "来法", "开单"] {
            assert!(page.contains(word), "{word} is missing on the page");
        }
        assert!(!page.contains(">12050<") && !page.contains(">post<") && !page.contains(">true<") && !page.contains(">opened<"), "{page}");

        // Work that is under way is in the way.
        assert_eq!(erase(admin, &customer).await.refused(409), "documents.erase_open");
        over(&world, &document).await;
        assert_eq!(erase(admin, &customer).await.refused(409), "intake.erase_open");
        admin.post(&format!("/requests/{}/answer", id(&request)), json!({ "answer": "已答复" })).await.ok();
        admin.post(&format!("/requests/{}/close", id(&request)), json!({ "note": "" })).await.ok();
        app.drain().await;
        let done = erase(admin, &customer).await.ok();
        assert!(done["rows"].as_i64() > Some(5), "{done}");
        app.drain().await;

        // Of the neighbour's document, which has a number of its own, everything stands.
        let kept = admin.get(&format!("/documents/{}", id(&neighbour))).await.ok();
        assert!(kept.to_string().contains("摔过一次PROBE"), "{kept}");
        let erased = admin.get(&format!("/documents/{}", id(&document))).await.ok();
        assert!(!erased.to_string().contains("PROBE") && erased.to_string().contains("12050"), "money stays: {erased}");
        assert!(admin.page(&format!("/documents/{}", id(&document))).await.status.is_success());
        over(&world, &neighbour).await;
        let customer = person(&world, "邻居PROBE", "13912349999").await;
        erase(admin, &customer).await.ok();
        app.drain().await;
        assert_eq!(left(app).await, Vec::<String>::new());
    }

    async fn a_number_of_two_people_proves_nothing(app: TestApp) {
        let world = desk(app).await;
        let admin = &world.admin;
        let document = brought(&world, PHONE).await;
        over(&world, &document).await;
        let customer = person(&world, NAME, PHONE).await;
        let office = person(&world, "前台公司", "051266601110").await;
        let reach = json!({ "name": "前台", "phone": PHONE });
        admin.post(&format!("/customers/{}/contacts", id(&office)), reach).await.ok();
        let path = format!("/customers/{}/personal", id(&customer));
        let copy = admin.get(&path).await.ok();
        assert_eq!(numbers(&copy, "document"), Vec::<String>::new(), "{copy}");
        assert_eq!(copy["unsure"][0]["no"], document["no"], "{copy}");
        let page = admin.page(&path).await.text();
        assert!(page.contains(&format!("/documents/{}", id(&document))), "somebody looks at it: {page}");
        assert!(!admin.page(&format!("{path}.json")).await.text().contains("unsure"), "that is not for the person");
        erase(admin, &customer).await.ok();
        let kept = admin.get(&format!("/documents/{}", id(&document))).await.ok();
        assert!(kept.to_string().contains("摔过一次PROBE"), "{kept}");
        // Now it is one person's.
        let copy = admin.get(&format!("/customers/{}/personal", id(&office))).await.ok();
        assert_eq!(numbers(&copy, "document").len(), 1, "{copy}");
    }

    async fn a_confidential_document_is_given_out_only_by_who_may_know_of_it(app: TestApp) {
        let world = desk(app).await;
        let source = DESK.replace("code = \"desk\"", "code = \"hush\"").replace("number = \"GT\"", "number = \"MM\"\nreads = [\"role:admin\"]");
        let made = world.admin.post("/process-templates", json!({ "source": source })).await.ok();
        world.admin.post(&format!("/process-templates/{}/activate", id(&made)), json!({})).await.ok();
        let fields = json!({ "customer": NAME, "phone": PHONE, "thing": "投诉", "said": "态度差PROBE" });
        let hushed = world.admin.post("/documents", json!({ "template": "hush", "fields": fields })).await.ok();
        let customer = person(&world, NAME, PHONE).await;
        let path = format!("/customers/{}/personal", id(&customer));
        let manager = app.user(Role::Manager).await;
        let copy = manager.get(&path).await.ok();
        assert!(!copy.to_string().contains("态度差") && !copy.to_string().contains(hushed["no"].as_str().unwrap_or("?")), "{copy}");
        let copy = world.admin.get(&path).await.ok();
        assert!(copy.to_string().contains("态度差PROBE"), "{copy}");
    }
}
