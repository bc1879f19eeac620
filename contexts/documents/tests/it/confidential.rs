//! Confidential kinds of documents: who is not among the readers finds nothing of them anywhere.

use kit::Role;
use serde_json::{Value, json};
use testkit::{Client, app_test};

use crate::world::*;

/// Complaints about colleagues: quality works on them, the named investigator too, the counsel only reads.
const COMPLAINT: &str = r#"
code = "grievance"
name = "内部投诉"
name_en = "Grievance"
number = "TS"
title = "{about}"
open = ["role:agent", "role:engineer"]
reads = ["post:counsel"]
asks = ["about", "phone", "investigator?", "accused?"]
start = "look"
posts = [
  { key = "quality", name = "质量经理", role = "auditor" },
  { key = "counsel", name = "法务", role = "cashier" },
]
evidence = [{ key = "paper", name = "材料", kind = "file", least = 1, when = "false" }]
fields = [
  { key = "about", name = "事由", list = true },
  { key = "phone", name = "电话", type = "phone" },
  { key = "investigator", name = "调查人", type = "person" },
  { key = "accused", name = "被投诉人", type = "person" },
  { key = "place", name = "所在网点", type = "org" },
  { key = "sum", name = "赔偿", type = "money" },
]
steps = [
  { key = "look", name = "调查", macro = "in_progress", who = ["post:quality", "person:investigator"], asks = ["sum", "place?"], evidence = ["paper"] },
  { key = "sign", name = "审批", macro = "waiting", approval = { scheme = "quote", amount = "f.sum", approved = "ok", rejected = "no" } },
  { key = "end", name = "结案", macro = "closed", end = true },
]
moves = [
  { act = "ask", name = "报批", from = ["look"], to = "sign" },
  { act = "ok", name = "同意", from = ["sign"], to = "end", system = true },
  { act = "no", name = "退回", from = ["sign"], to = "look", kind = "rework", system = true },
]
triggers = [{ key = "read", on = "enter:look", make = "task", who = ["post:quality"], text = "看一下{about}", stays = true }]
"#;

/// Everything through which somebody might learn of it.
async fn trace(client: &Client, doc: &Value, word: &str) -> Vec<String> {
    let id = id(doc);
    let mut found = Vec::new();
    let hit = |text: String| text.contains(word) || text.contains(&id);
    for path in [
        "/documents".to_string(),
        format!("/documents?q={word}"),
        "/documents?group=template".into(),
        "/documents/of/grievance".into(),
        "/approvals".into(),
        "/inbox/approvals".into(),
        format!("/search?q={word}"),
        "/audit".into(),
    ] {
        let answer = client.get(&path).await;
        // The log keeps the addresses that somebody was refused, with the ids he typed.
        let found_it = |text: String| if path == "/audit" { text.contains(word) } else { hit(text) };
        if answer.status.is_success() && found_it(answer.text()) {
            found.push(path);
        }
    }
    for path in [
        "/documents",
        "/documents/export?format=csv",
        "/documents/of/grievance",
        "/inbox",
        "/approvals",
        "/process-templates",
    ] {
        let answer = client.page(path).await;
        if answer.status.is_success() && hit(answer.text()) {
            found.push(format!("page {path}"));
        }
    }
    for tail in ["", "/history", "/clocks", "/tasks", "/messages"] {
        if client.get(&format!("/documents/{id}{tail}")).await.status.is_success() {
            found.push(format!("document{tail}"));
        }
    }
    for tail in ["history", "timers", "comments", "files"] {
        if client.get(&format!("/docs/document/{id}/{tail}")).await.status.is_success() {
            found.push(format!("docs {tail}"));
        }
    }
    if client.page(&format!("/documents/{id}")).await.status.is_success() {
        found.push("page".into());
    }
    let said = json!({ "text": "x" });
    if client.post(&format!("/docs/document/{id}/comments"), said).await.status.is_success() {
        found.push("comment".into());
    }
    if client.post(&format!("/documents/{id}/reveal/phone"), json!({})).await.status.is_success() {
        found.push("reveal".into());
    }
    found
}

app_test! {
    async fn a_confidential_kind_is_hidden_from_everybody_else_everywhere(app: TestApp) {
        let w = world(app).await;
        let made = w.admin.post("/process-templates", json!({ "source": COMPLAINT })).await.ok();
        w.admin.post(&format!("/process-templates/{}/activate", id(&made)), json!({})).await.ok();
        let quality = holder(app, Role::Auditor, "质量经理").await;
        let counsel = holder(app, Role::Cashier, "法务").await;
        let cashier = app.user(Role::Cashier).await;
        let investigator = app.user(Role::Engineer).await;
        let word = "ZZSECRETZZ";
        let accused = app.user(Role::Auditor).await;
        let (place, elsewhere) = (app.outlet("昆山网点").await, app.outlet("太仓网点").await);
        let far = app.user_in(Role::Engineer, elsewhere).await;
        let at_place = app.user_in(Role::Outlet, place).await;
        let said = json!({ "about": word, "phone": "13900001111", "investigator": investigator.staff, "accused": accused.staff });
        let doc = open(&w.agent, "grievance", said).await;
        let doc = save(&w.admin, &doc, json!({ "fields": { "place": place } })).await;
        let other = open(&w.engineer, "grievance", json!({ "about": "另一件", "phone": "13900001112" })).await;
        w.agent.post(&format!("/docs/document/{}/comments", id(&doc)), json!({ "text": format!("{word} 备注") })).await.ok();

        for (name, reader) in [("opener", &w.agent), ("quality", &quality), ("counsel", &counsel), ("investigator", &investigator), ("admin", &w.admin)] {
            let rows = reader.get(&format!("/documents?q={word}")).await.ok();
            assert_eq!(rows["items"].as_array().map(Vec::len), Some(1), "{name}: {rows}");
            reader.get(&format!("/documents/{}", id(&doc))).await.ok();
            reader.get(&format!("/docs/document/{}/comments", id(&doc))).await.ok();
            let own = reader.get("/documents/of/grievance").await.ok();
            let wanted = if ["opener", "investigator"].contains(&name) { 1 } else { 2 };
            assert_eq!(own["items"].as_array().map(Vec::len), Some(wanted), "{name}: {own}");
        }
        let colleague = app.user(Role::Agent).await;
        let others = [
            ("manager", &w.manager), ("colleague", &colleague), ("dispatcher", &w.dispatcher), ("auditor", &w.auditor),
            ("accused", &accused), ("accused's outlet", &at_place), ("far away", &far), ("cashier", &cashier), ("outlet", &w.outlet), ("callback", &w.callback), ("storekeeper", &w.storekeeper), ("engineer", &w.engineer),
        ];
        for (name, client) in others {
            let found = trace(client, &doc, word).await;
            assert!(found.is_empty(), "{name} found it: {found:?}");
            let correct = json!({ "reason": "x", "fields": { "about": "y" } });
            client.post(&format!("/documents/{}/correct", id(&doc)), correct).await.refused(404);
        }
        assert!(!trace(&w.agent, &doc, word).await.is_empty(), "the test finds what is to be found");
        w.agent.get(&format!("/documents/{}", id(&other))).await.refused(404);
        for client in [&w.manager, &colleague] {
            let grouped = client.get("/documents?group=template").await.ok();
            assert!(!grouped.to_string().contains("内部投诉"), "nor in a count: {grouped}");
        }
        // Contexts above can tell what is confidential, and leave it out of figures.
        let mut conn = app.app.db.read().await.expect("a reader");
        for view in ["pub_document", "pub_document_task", "pub_approval_seat"] {
            let count: i64 = conn.scalar(&format!("select count(*) from {view} v where not v.guarded"), vec![]).await.expect("a count");
            assert_eq!(count, 0, "{view}");
        }
        drop(conn);

        // Who signs for it reads what he signs; nobody else is let in by that.
        act(&quality, &doc, "ask", json!({ "sum": "100" })).await;
        assert!(trace(&w.callback, &doc, word).await.is_empty());
        assert!(trace(&cashier, &doc, word).await.is_empty());

        // Somebody of another organisation who is named to look into it reads it; somebody accused there does not.
        let abroad = json!({ "about": word, "phone": "13900001113", "investigator": far.staff, "accused": at_place.staff });
        let abroad = open(&w.agent, "grievance", abroad).await;
        far.get(&format!("/documents/{}", id(&abroad))).await.ok();
        let rows = far.get("/documents/of/grievance").await.ok();
        assert_eq!(rows["items"].as_array().map(Vec::len), Some(1), "{rows}");
        assert!(trace(&at_place, &abroad, word).await.is_empty());
        // A reader's role elsewhere is no key to what only names its holder.
        let auditor = app.user_in(Role::Auditor, elsewhere).await;
        let named = json!({ "about": word, "phone": "13900001114", "accused": auditor.staff });
        let named = open(&w.agent, "grievance", named).await;
        assert!(trace(&auditor, &named, word).await.is_empty());

        // A successor in the post reads from then on, the predecessor no more.
        let next = app.user(Role::Cashier).await;
        let posts = w.admin.get(&format!("/orgs/{}/posts", app.root)).await.ok();
        let post = posts.as_array().into_iter().flatten().find(|p| p["name"] == "法务").expect("the post").clone();
        put_on_post(&w.admin, &next, &post["id"]).await;
        w.admin.put(&format!("/staff/{}", counsel.staff.expect("a person")), json!({ "no_post": true })).await.ok();
        next.get(&format!("/documents/{}", id(&doc))).await.ok();
        assert!(trace(&counsel, &doc, word).await.is_empty(), "has left the post");

        // It does not fit orders, which everybody sees.
        let wrong = COMPLAINT.replace(r#"reads = ["post:counsel"]"#, r#"reads = ["post:nobody"]"#);
        let checked = w.admin.post("/process-templates/check", json!({ "source": wrong })).await.ok();
        assert_eq!((checked["faults"][0]["code"].as_str(), checked["faults"][0]["field"].as_str()), (Some("process.no_post"), Some("reads")));
    }

    async fn the_example_of_a_confidential_kind_works(app: TestApp) {
        let w = world(app).await;
        let source = include_str!("../../../../docs/examples/staff-complaint.toml");
        let made = w.admin.post("/process-templates", json!({ "source": source })).await.ok();
        assert_eq!((&made["faults"], &made["warnings"]), (&json!([]), &json!([])), "{made}");
        w.admin.post(&format!("/process-templates/{}/activate", id(&made)), json!({})).await.ok();
        let page = w.admin.page(&format!("/process-templates/{}", id(&made))).await.text();
        assert!(page.contains("保密：仅下列人可见"), "{page}");
        let personnel = holder(app, Role::Auditor, "人事经理").await;
        let fields = json!({ "subject": "上门态度生硬", "complainant": "何女士", "story": "语气不好" });
        let doc = open(&w.agent, "staff-complaint", fields).await;
        assert!(has(&told(app, &personnel).await, "新的员工投诉"));
        w.manager.get(&format!("/documents/{}", id(&doc))).await.refused(404);
        w.engineer.get(&format!("/documents/{}", id(&doc))).await.refused(404);
        let doc = act(&personnel, &doc, "name", json!({ "investigator": w.engineer.staff })).await;
        let list = w.engineer.get("/documents/of/staff-complaint").await.ok();
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "who is named to look into it sees it: {list}");
        let doc = act(&w.engineer, &doc, "found", json!({ "findings": "属实" })).await;
        let doc = act(&personnel, &doc, "decided", json!({ "verdict": "true", "measure": "道歉" })).await;
        assert_eq!(act(&w.agent, &doc, "answered", json!({ "answered": "已致歉" })).await["stage"], "closed");
    }
}
