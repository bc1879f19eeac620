//! Whom a document names has it wherever he works, and nobody else by that: several organisations.

use kernel::Id;
use kit::Role;
use serde_json::{Value, json};
use testkit::{Client, TestApp, app_test};

use crate::world::*;

/// Ways by which somebody finds a document: number of its kind in a list, a count and a group, its page, the API, the
/// search.
async fn ways(client: &Client, doc: &Value, word: &str) -> Vec<&'static str> {
    let (id, template) = (id(doc), doc["template"].as_str().expect("a kind").to_string());
    let mut found = Vec::new();
    let own = format!("/documents/of/{template}");
    for (way, path) in [
        ("list", "/documents".to_string()),
        ("list of the kind", own.clone()),
        ("list by words", format!("/documents?q={word}")),
        ("search", format!("/search?q={word}")),
        ("document", format!("/documents/{id}")),
        ("files", format!("/docs/document/{id}/files")),
        ("history", format!("/documents/{id}/history")),
    ] {
        let answer = client.get(&path).await;
        let told = ["files", "history"].contains(&way) || answer.text().contains(&id);
        if answer.status.is_success() && told {
            found.push(way);
        }
    }
    let groups = client.get("/documents?group=code").await.ok();
    if groups.to_string().contains(&format!("\"{template}\"")) {
        found.push("count");
    }
    for (way, path) in [("page of the list", "/documents".to_string()), ("page", format!("/documents/{id}"))]
    {
        let answer = client.page(&path).await;
        if answer.status.is_success() && answer.text().contains(doc["no"].as_str().expect("a number")) {
            found.push(way);
        }
    }
    found
}

const ALL: usize = 10;

/// True when it is in what somebody exports who may.
async fn exports(client: &Client, doc: &Value) -> bool {
    let file = client.page("/documents/export?format=csv").await;
    assert_eq!(file.status, 200);
    file.text().contains(doc["no"].as_str().expect("a number"))
}

async fn below(app: &TestApp, parent: Id, name: &str) -> Id {
    let body = json!({ "code": format!("U-{name}"), "name": name, "kind": "outlet", "parent_id": parent });
    let made = app.admin().await.post("/orgs", body).await.ok();
    id(&made).parse().expect("an id")
}

app_test! {
    async fn a_document_is_the_outlets_it_is_passed_to_and_no_other_outlets(app: TestApp) {
        let w = world(app).await;
        let (first, second) = (app.outlet("昆山网点").await, app.outlet("太仓网点").await);
        let desk = app.user_in(Role::Outlet, first).await;
        let engineer = app.user_in(Role::Engineer, first).await;
        let clerk = app.user_in(Role::Callback, first).await;
        let other = app.user_in(Role::Outlet, second).await;
        let (head, stranger) = (app.user_in(Role::Manager, first).await, app.user_in(Role::Manager, second).await);
        let word = "QQNAMEDQQ";
        let fields = json!({ "customer": word, "phone": "13300000000", "request": "安装", "window_from": "2026-11-18T13:00:00+08:00", "window_to": "2026-11-18T15:00:00+08:00" });
        let doc = open(&w.agent, "information-centre", fields).await;
        for (name, client) in [("desk", &desk), ("engineer", &engineer), ("other", &other)] {
            assert_eq!(ways(client, &doc, word).await, Vec::<&str>::new(), "{name}: not named yet");
        }
        assert!(!exports(&head, &doc).await);
        let doc = act(&w.agent, &doc, "pass", json!({ "outlet": first })).await;
        assert_eq!(ways(&desk, &doc, word).await.len(), ALL, "{:?}", ways(&desk, &doc, word).await);
        assert_eq!(ways(&w.agent, &doc, word).await.len(), ALL, "{:?}", ways(&w.agent, &doc, word).await);
        assert_eq!(ways(&other, &doc, word).await, Vec::<&str>::new());
        assert!(exports(&head, &doc).await && !exports(&stranger, &doc).await);
        other.post(&format!("/documents/{}/act", id(&doc)), json!({ "act": "assign" })).await.refused(404);
        let page = desk.page(&format!("/documents/{}", id(&doc))).await.text();
        assert!(page.contains("昆山网点") && !page.contains(&first.to_string().repeat(2)), "the outlet stands there by name");
        let listed = desk.get("/documents/of/information-centre").await.ok();
        assert_eq!(listed["items"][0]["f_outlet"], "昆山网点");

        // Its people act at its steps, by its roles there; a role of the centre is not theirs by being named.
        assert_eq!(refused(&w.outlet, &doc, "assign", json!({ "engineer": engineer.staff })).await, "process.who_may", "another organisation's desk");
        let doc = act(&desk, &doc, "assign", json!({ "engineer": engineer.staff })).await;
        let correct = json!({ "reason": "x", "fields": { "customer": "别人" } });
        desk.post(&format!("/documents/{}/correct", id(&doc)), correct).await.refused(403);
        assert_eq!(desk.get(&format!("/documents/{}", id(&doc))).await.ok()["correctable"], json!([]));
        desk.post(&format!("/documents/{}/reveal/phone", id(&doc)), json!({})).await.ok();
        let doc = act(&engineer, &doc, "served", json!({ "served_at": "2026-11-18T14:00:00+08:00", "result": "装好" })).await;
        let doc = act(&desk, &doc, "report", json!({ "dispatcher_note": "按时" })).await;
        assert_eq!(ways(&clerk, &doc, word).await.len(), ALL, "of the outlet that is named");
        assert_eq!(refused(&clerk, &doc, "called", json!({ "class": "satisfied" })).await, "process.who_may", "the centre calls");
        pass(app, 3 * 24 * 60 + 1).await;
        assert!(has(&told(app, &w.callback).await, "超时：回访 3 日") && !has(&told(app, &clerk).await, "超时：回访 3 日"));
        let doc = act(&w.callback, &doc, "called", json!({ "class": "unsatisfied" })).await;
        assert!(has(&told(app, &w.manager).await, "昆山网点未达满意"), "by name in notices");

        // Handed on: the first outlet has no more to do with it, but for the engineer it still names.
        let slot = json!({ "tracked": "再约", "window_from": "2026-11-25T13:00:00+08:00", "window_to": "2026-11-25T15:00:00+08:00" });
        let doc = act(&w.agent, &doc, "serve_again", slot).await;
        let doc = act_why(&desk, &doc, "refuse", "无人", json!({})).await;
        let doc = act(&w.agent, &doc, "pass", json!({ "outlet": second })).await;
        assert_eq!(ways(&other, &doc, word).await.len(), ALL);
        assert_eq!(ways(&desk, &doc, word).await, Vec::<&str>::new());
    }

    async fn a_document_is_the_persons_it_names_and_not_his_colleagues(app: TestApp) {
        let w = world(app).await;
        let place = app.outlet("昆山网点").await;
        let engineer = app.user_in(Role::Engineer, place).await;
        let colleague = app.user_in(Role::Engineer, place).await;
        let desk = app.user_in(Role::Outlet, place).await;
        let word = "QQNAMEDQQ";
        let fields = json!({ "customer": word, "phone": "1", "equipment": "贴片机", "fault": "报警", "in_warranty": true });
        let doc = open(&w.agent, "equipment-maker", fields).await;
        let doc = act(&w.agent, &doc, "send", json!({})).await;
        let doc = act(&w.dispatcher, &doc, "depart", json!({ "engineer": engineer.staff })).await;
        assert_eq!(ways(&engineer, &doc, word).await.len(), ALL, "{:?}", ways(&engineer, &doc, word).await);
        for (name, client) in [("colleague", &colleague), ("desk", &desk)] {
            assert_eq!(ways(client, &doc, word).await, Vec::<&str>::new(), "{name}");
        }
        // A substitute has what the absent person is named for.
        let admin = &w.admin;
        let stand_in = json!({ "absent_id": engineer.staff, "substitute_id": colleague.staff, "until": "2026-12-30T18:00", "reason": "休假" });
        admin.post("/acting", stand_in).await.ok();
        app.advance(60).await;
        assert_eq!(ways(&colleague, &doc, word).await.len(), ALL, "{:?}", ways(&colleague, &doc, word).await);
        // What he does for the absent person is written down as that (ORG-14).
        assert_eq!(step(&act(&colleague, &doc, "arrive", json!({})).await), "repair");
        let history = w.admin.page(&format!("/documents/{}", id(&doc))).await.text();
        assert_eq!(history.matches("（代 测试员").count(), 1, "the deputy's step and no other: {history}");
        // A task for a person named stands in that person's inbox only.
        let template = r#"
code = "errand"
name = "差事"
number = "CS"
title = "{what} {who}"
open = ["role:agent"]
asks = ["what", "who"]
start = "todo"
fields = [{ key = "what", name = "事" }, { key = "who", name = "谁", type = "person" }]
steps = [
  { key = "todo", name = "办", macro = "new", who = ["role:agent"] },
  { key = "end", name = "完", macro = "closed", end = true },
]
moves = [{ act = "done", name = "完成", from = ["todo"], to = "end" }]
triggers = [{ key = "go", on = "create", make = "task", who = ["person:who"], text = "请{who}去办{what}" }]
"#;
        let made = admin.post("/process-templates", json!({ "source": template })).await.ok();
        admin.post(&format!("/process-templates/{}/activate", id(&made)), json!({})).await.ok();
        let errand = open(&w.agent, "errand", json!({ "what": word, "who": desk.staff })).await;
        let inbox = desk.page("/inbox").await.text();
        assert!(inbox.contains(word) && !engineer.page("/inbox").await.text().contains(word));
        let task = tasks(&w.agent, &errand).await.remove(0);
        let text = task["text"].as_str().expect("a text");
        assert!(text.starts_with("请测试员") && !text.contains(&desk.staff.expect("staff").to_string()), "people by name: {text}");
        assert!(errand["title"].as_str().is_some_and(|t| t.contains("测试员")), "{errand}");
        engineer.post(&format!("/document-tasks/{}/done", id(&task)), json!({})).await.refused(404);
        desk.post(&format!("/document-tasks/{}/done", id(&task)), json!({})).await.ok();
        assert_eq!(refused(&desk, &errand, "done", json!({})).await, "process.who_may", "named for the task, not the step");
    }

    async fn whose_turn_it_becomes_hears_of_it_and_has_it_in_the_inbox(app: TestApp) {
        let w = world(app).await;
        let template = r#"
code = "relay"
name = "接力单"
number = "RL"
title = "{what}"
open = ["role:agent"]
asks = ["what", "who"]
start = "desk"
fields = [{ key = "what", name = "事" }, { key = "who", name = "谁", type = "person" }]
steps = [
  { key = "desk", name = "受理", macro = "new", who = ["role:agent"] },
  { key = "his", name = "他办", name_en = "His part", macro = "in_progress", who = ["person:who"] },
  { key = "end", name = "完", macro = "closed", end = true },
]
moves = [
  { act = "pass", name = "转交", from = ["desk"], to = "his" },
  { act = "done", name = "完成", from = ["his"], to = "end" },
]
"#;
        let made = w.admin.post("/process-templates", json!({ "source": template })).await.ok();
        w.admin.post(&format!("/process-templates/{}/activate", id(&made)), json!({})).await.ok();
        let (his, other) = (app.user_in(Role::Engineer, app.root).await, app.user_in(Role::Engineer, app.root).await);
        let word = "QQRELAYQQ";
        let doc = open(&w.agent, "relay", json!({ "what": word, "who": his.staff })).await;
        assert!(!his.page("/inbox").await.text().contains(word), "not his turn yet");
        let doc = act(&w.agent, &doc, "pass", json!({})).await;
        assert!(his.page("/inbox").await.text().contains(word) && !other.page("/inbox").await.text().contains(word));
        assert!(has(&told(app, &his).await, "轮到您：他办") && !has(&told(app, &other).await, "轮到您"));
        assert!(!has(&told(app, &w.agent).await, "轮到您"));
        let turn = async |client: &Client| client.get("/documents?view=turn").await.ok().to_string().contains(word);
        assert!(turn(&his).await && !turn(&w.agent).await);
        act(&his, &doc, "done", json!({})).await;
        assert!(!his.page("/inbox").await.text().contains(word) && !turn(&his).await, "over");
    }

    async fn the_holder_of_a_post_at_whose_step_a_document_of_an_outlet_below_stands_has_it(app: TestApp) {
        let w = world(app).await;
        let branch = below(app, app.root, "华东分公司").await;
        let agency = below(app, branch, "苏州代理").await;
        let desk = app.user_in(Role::Outlet, agency).await;
        let made = w.admin.post("/posts", json!({ "org_id": branch, "name": "分公司工程师" })).await.ok();
        let (holder, next) = (app.user_in(Role::Engineer, branch).await, app.user_in(Role::Engineer, branch).await);
        put_on_post(&w.admin, &holder, &made["id"]).await;
        let word = "QQNAMEDQQ";
        let fields = json!({ "customer": word, "phone": "1", "instrument": "色谱仪", "fault": "基线漂移", "kind": "repair", "installed": "2026-01-10" });
        let doc = open(&desk, "instrument-3-level", fields).await;
        let doc = act(&desk, &doc, "respond", json!({ "first_reply": "上门" })).await;
        let doc = act_why(&desk, &doc, "to_level2", "疑难故障", json!({ "tried": "换灯" })).await;
        assert_eq!(step(&doc), "level2");
        assert_eq!(ways(&holder, &doc, word).await.len(), ALL, "{:?}", ways(&holder, &doc, word).await);
        assert_eq!(ways(&next, &doc, word).await, Vec::<&str>::new(), "not his colleagues");
        let no = doc["no"].as_str().expect("a number");
        assert!(holder.page("/inbox").await.text().contains(no) && !next.page("/inbox").await.text().contains(no));
        assert_eq!(ways(&w.engineer, &doc, word).await, Vec::<&str>::new(), "nor engineers above");
        // Whoever takes the post over has it, the predecessor no more.
        w.admin.put(&format!("/staff/{}", holder.staff.expect("a person")), json!({ "no_post": true })).await.ok();
        put_on_post(&w.admin, &next, &made["id"]).await;
        assert_eq!(ways(&holder, &doc, word).await, Vec::<&str>::new());
        assert_eq!(step(&act(&next, &doc, "repaired", json!({ "tried": "换检测器" })).await), "paper");
    }
}
