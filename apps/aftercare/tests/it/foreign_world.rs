//! One document of every kind in one outlet.

use std::collections::BTreeMap;

use http::Method;
use kernel::Id;
use kit::Role;
use serde_json::{Value, json};
use testkit::TestApp;

use crate::foreign::SHARED_KINDS;
use crate::world::{SIGNATURE, World, id, world_in};

/// Ids by the name of the document.
pub type Documents = BTreeMap<String, String>;

async fn first(app: &TestApp, sql: &str, of: Option<Id>) -> String {
    let mut conn = app.app.db.read().await.expect("a reader");
    let id: Option<Id> = conn.scalar_opt(sql, of.map_or_else(Vec::new, |id| db::args![id])).await.expect(sql);
    id.unwrap_or_else(|| panic!("no row: {sql}")).to_string()
}

/// An order whose work is done and confirmed.
async fn confirmed(world: &World, used: Value) -> Value {
    let order = world.assigned_order().await;
    world.act(&order, "start", json!({})).await;
    let sheet = json!({ "cause": "product", "root_cause": "松动LEAKPROBE", "result": "紧固", "signature": SIGNATURE, "used": used });
    world.act(&order, "complete", sheet).await;
    world.act(&order, "confirm", json!({})).await
}

/// A process whose documents have a task, a personal field and a signature.
const PROCESS: &str = r#"
code = "probe"
name = "试单LEAKPROBE"
number = "PB"
title = "{what}"
open = ["role:agent", "role:admin"]
asks = ["what", "phone?", "amount?"]
start = "do"
evidence = [{ key = "sign", name = "签字", kind = "signature" }]
fields = [
  { key = "what", name = "事项" },
  { key = "amount", name = "金额", type = "money" },
  { key = "phone", name = "电话", type = "phone" },
]
steps = [
  { key = "do", name = "处理", macro = "in_progress", who = ["role:agent", "role:admin"], evidence = ["sign"] },
  { key = "ok", name = "完成", macro = "closed", end = true },
]
moves = [{ act = "finish", name = "完成", from = ["do"], to = "ok" }]
triggers = [{ key = "call", on = "enter:do", make = "task", who = ["role:agent"], text = "{what}", span = "1wd" }]
"#;

/// A document of a process with its open task, and a signature asked for it.
async fn process(app: &TestApp, admin: &testkit::Client, org: Id, documents: &mut Documents) {
    let made = admin.post("/process-templates", json!({ "source": PROCESS })).await.ok();
    admin.post(&format!("/process-templates/{}/activate", id(&made)), json!({})).await.ok();
    let clerk = app.user_in(Role::Agent, org).await;
    let fields = json!({ "what": "LEAKPROBE", "phone": "13811112222" });
    let document =
        clerk.post("/documents", json!({ "template": "probe", "org_id": org, "fields": fields })).await.ok();
    documents.insert("document".into(), id(&document));
    documents.insert("act".into(), "finish".into());
    documents.insert("label".into(), "sign".into());
    documents.insert("task".into(), first(app, "select id from document_task limit 1", None).await);
    // Signatures are asked for by posts that nobody here holds; the row alone is what a stranger may not reach.
    let approval = app.app.id();
    let mut tx = app.app.db.begin().await.expect("a transaction");
    tx.exec(
        "insert into approval (id, version, scheme_id, doc_kind, doc_id, doc_no, title, title_en, org_id, amount, state, band, created_by, created_at, updated_at)
         select $1, 1, s.id, 'document', $2, 'PB', 'LEAKPROBE', 'LEAKPROBE', $3, 0, 'open', '', '', 0, 0 from approval_scheme s order by s.id limit 1",
        db::args![approval, id(&document).parse::<Id>().expect("an id"), org],
    )
    .await
    .expect("an approval");
    tx.commit().await.expect("committed");
    documents.insert("approval".into(), approval.to_string());
}

/// A mail that an outlet's own manager set up.
async fn mail(app: &TestApp, org: Id, documents: &mut Documents) {
    let manager = app.user_in(Role::Manager, org).await;
    let mut conn = app.app.db.read().await.expect("a reader");
    let user = manager.user.expect("an account");
    let login: String =
        conn.scalar("select login from app_user where id = $1", db::args![user]).await.expect("a login");
    drop(conn);
    let body = json!({ "name": "LEAKPROBE", "content": "summary", "every": "daily", "at": "18:00", "recipients": [login] });
    documents.insert("report_mail".into(), id(&manager.post("/report-mails", body).await.ok()));
}

/// A unit in the workshop with an extra item that is not answered yet.
async fn workshop(world: &World, documents: &mut Documents) {
    let order = json!({ "customer_id": world.customer["id"], "unit_id": world.unit["id"], "kind": "repair_minor", "mode": "brought_in",
        "symptom": "LEAKPROBE 不通电" });
    let order = world.admin.post("/orders", order).await.ok();
    world.admin.verify_order(&id(&order)).await;
    let slip =
        json!({ "outer_look": "完好LEAKPROBE", "articles_text": "LEAKPROBE 电源", "signature": SIGNATURE });
    let unit = world.act(&order, "receive", slip).await;
    let path = format!("/workshop/units/{}", id(&unit));
    let staff = world.engineer.staff.expect("a person");
    world.admin.post(&format!("{path}/assign"), json!({ "engineer_id": staff })).await.ok();
    world.admin.post(&format!("{path}/begin"), json!({})).await.ok();
    let item = json!({ "what": "LEAKPROBE 水泵", "price": 1000 });
    let item = world.admin.post(&format!("{path}/extras"), item).await.ok();
    documents.insert("shop_unit".into(), id(&unit));
    documents.insert("extra_item".into(), id(&item));
    documents.insert("stage".into(), "self".into());
}

/// Makes them through the API, like everything else.
/// A comment and a file on a document of every kind; what is the company's, everybody may read.
async fn notes(app: &TestApp, admin: &testkit::Client, documents: &mut Documents) {
    for kind in app.app.registry.docs.keys() {
        let Some(doc) = documents.get(*kind) else { continue };
        let docs = format!("/docs/{kind}/{doc}");
        let word = if SHARED_KINDS.contains(kind) { "Notice" } else { "LEAKPROBE" };
        let comment = admin.post(&format!("{docs}/comments"), json!({ "text": word })).await.ok();
        documents.insert(format!("comment of {kind}"), id(&comment));
        let file = app.app.id();
        let path = format!("/api/v1{docs}/files/{file}?name={word}.txt");
        admin.send(Method::PUT, &path, &[], word.into()).await.ok();
        documents.insert(format!("file of {kind}"), file.to_string());
    }
}

pub async fn documents(app: &TestApp, org: Id) -> (World, Documents) {
    let world = world_in(app, org, "LEAKPROBE", 20).await;
    let admin = &world.admin;
    let staff = world.engineer.staff.expect("a person");
    let mut documents = Documents::new();
    let mut keep = |name: &'static str, value: &Value| documents.insert(name.into(), id(value));
    keep("customer", &world.customer);
    keep("unit", &world.unit);
    keep("depot", &world.depot);
    keep("part", &world.part);

    let customer = format!("/customers/{}", id(&world.customer));
    keep(
        "contact",
        &admin
            .post(&format!("{customer}/contacts"), json!({ "name": "陈工LEAKPROBE", "phone": "15912345678" }))
            .await
            .ok(),
    );
    keep(
        "address",
        &admin.post(&format!("{customer}/addresses"), json!({ "address": "LEAKPROBE 路 1 号" })).await.ok(),
    );
    keep(
        "customer2",
        &admin.post("/customers", json!({ "name": "二号LEAKPROBE", "org_id": org })).await.ok(),
    );
    let unit = format!("/units/{}", id(&world.unit));
    admin.post(&format!("{unit}/items"), json!({ "name": "合格证LEAKPROBE" })).await.ok();
    admin.post(&format!("{unit}/notes"), json!({ "text": "管路老化LEAKPROBE", "refused": false })).await.ok();

    let order = world.assigned_order().await;
    keep("order", &order);
    let wish = json!({ "part_id": world.part["id"], "depot_id": world.depot["id"], "quantity": 2000, "stock": "reserve" });
    world.act(&order, "lines", wish).await;
    let said = json!({ "channel": "phone", "topic": "repair", "caller_name": "LEAKPROBE", "caller_phone": "13811112222",
        "customer_id": world.customer["id"], "text": "LEAKPROBE 故障", "demand": "" });
    keep("request", &admin.post("/requests", said).await.ok());

    // A part whose old piece is owed, used and not brought back; its order waits for the callback.
    let owed = admin
        .post(
            "/parts",
            json!({ "code": "POLD", "name": "压缩机", "unit": "台", "price": 90_000, "old_part_due": true }),
        )
        .await
        .ok();
    let line = json!({ "part": owed["id"], "quantity": 5000, "unit_cost": 50_000 });
    admin
        .post("/receipts", json!({ "kind": "ordered", "depot_id": world.depot["id"], "lines": [line] }))
        .await
        .ok();
    let done = world.assigned_order().await;
    let wish =
        json!({ "part_id": owed["id"], "depot_id": world.depot["id"], "quantity": 1000, "stock": "issue" });
    world.act(&done, "lines", wish).await;
    world.act(&done, "start", json!({})).await;
    let lines = admin.get(&format!("/orders/{}/lines", id(&done))).await.ok();
    let lines = lines["items"].as_array().or(lines.as_array()).expect("lines").clone();
    let part = lines.iter().find(|line| line["kind"] == "part").expect("the part");
    let used = json!([{ "id": part["id"], "quantity": 1000, "old_part_taken": false }]);
    world.act(&done, "complete", json!({ "cause": "product", "root_cause": "x", "result": "y", "signature": SIGNATURE, "used": used })).await;
    world.act(&done, "confirm", json!({})).await;
    keep("callback", &admin.post(&format!("/orders/{}/callbacks", id(&done)), json!({})).await.ok());

    // An audited order pays the engineer, who doubts it.
    let paid = confirmed(&world, json!([])).await;
    world.act(&paid, "audit", json!({ "note": "齐全", "waive_callback": true })).await;
    app.drain().await;
    let pay = world.engineer.get(&format!("/orders/{}/pay", id(&paid))).await.ok();
    let ask = json!({ "line_id": pay["lines"][0]["id"], "question": "比例不对LEAKPROBE" });
    keep("dispute", &world.engineer.post("/pay/disputes", ask).await.ok());

    let second = admin
        .post(
            "/depots",
            json!({ "code": "D2LEAKPROBE", "name": "二库LEAKPROBE", "kind": "outlet", "org_id": org }),
        )
        .await
        .ok();
    let lines = json!([{ "part": world.part["id"], "quantity": 1000 }]);
    let sent = json!({ "kind": "move", "from_id": world.depot["id"], "to_id": second["id"], "carrier": "顺丰", "due": "2026-11-20", "lines": lines });
    keep("transfer", &admin.post("/transfers", sent).await.ok());
    let slip = json!({ "kind": "sale", "depot_id": world.depot["id"], "recipient": "LEAKPROBE", "reserve": true, "lines": lines });
    let wish = json!({ "part": world.part["id"], "depot_id": world.depot["id"], "quantity": 1000, "note": "LEAKPROBE" });
    keep("purchase", &admin.post("/purchases", wish).await.ok());
    keep("issue_slip", &admin.post("/issue-slips", slip).await.ok());

    let away = json!({ "staff_id": staff, "kind": "leave", "from": "2026-12-01T08:00", "to": "2026-12-02T18:00", "note": "LEAKPROBE" });
    keep("absence", &admin.post("/absences", away).await.ok());
    let stand_in = app.user_in(Role::Engineer, org).await;
    let acting = json!({ "absent_id": staff, "substitute_id": stand_in.staff, "until": "2026-11-28T18:00", "reason": "LEAKPROBE" });
    keep("acting", &admin.post("/acting", acting).await.ok());
    keep("post", &admin.post("/posts", json!({ "org_id": org, "name": "班长LEAKPROBE" })).await.ok());
    keep("view", &admin.post("/orders/views", json!({ "name": "LEAKPROBE", "filter": "" })).await.ok());

    let headers = [("content-type", "text/csv")];
    let file = "编号,名称\nX1LEAKPROBE,客户\n".as_bytes().to_vec();
    admin.send(http::Method::POST, "/api/v1/imports/customers?name=t.csv", &headers, file).await.ok();
    let item = json!({ "code": "BONUS", "name": "奖励", "sign": "reward", "cause": "score_at_least", "threshold": 5, "measure": "amount",
        "amount": "10", "valid_from": "2026-01-01" });
    admin.post("/pay/items", item).await.ok();
    keep(
        "staff2",
        &admin
            .post("/staff", json!({ "no": "S8", "name": "无账号LEAKPROBE", "org_id": org, "grade": 1 }))
            .await
            .ok(),
    );
    keep("depot2", &second);
    admin.post("/pay/sheets/build", json!({ "period": "2026-11" })).await.ok();
    // The administrator's second token.
    app.admin().await;
    let line = "select id from order_line where order_id = $1 and kind = 'part'";
    documents.insert("line".into(), first(app, line, id(&order).parse().ok()).await);
    let unit = "select id from order_unit where order_id = $1";
    documents.insert("order_unit".into(), first(app, unit, id(&order).parse().ok()).await);
    for (name, sql) in [
        ("item", "select id from unit_item"),
        ("note", "select id from unit_note"),
        ("receipt", "select id from receipt order by id desc"),
        ("old_part", "select id from old_part_debt"),
        ("pay_line", "select id from pay_line"),
        ("model", "select id from model"),
        ("pay_sheet", "select id from pay_sheet"),
        ("batch", "select id from import_batch"),
        ("job", "select id from job order by id desc"),
        (
            "credential",
            "select c.id from credential c join app_user u on u.id = c.user_id where u.login = 'admin' order by c.id desc",
        ),
    ] {
        documents.insert(name.into(), first(app, &format!("{sql} limit 1"), None).await);
    }
    mail(app, org, &mut documents).await;
    process(app, admin, org, &mut documents).await;
    workshop(&world, &mut documents).await;
    documents.insert("org".into(), org.to_string());
    documents.insert("staff".into(), staff.to_string());
    documents.insert("user".into(), world.engineer.user.expect("an account").to_string());
    documents.insert("new".into(), app.app.id().to_string());
    notes(app, admin, &mut documents).await;
    (world, documents)
}
