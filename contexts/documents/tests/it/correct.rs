//! What was said at opening is corrected later: on the record, with a reason, and nothing follows from it.

use kit::Role;
use serde_json::json;
use testkit::app_test;

use crate::world::*;

const CASE: &str = r#"
code = "case"
name = "报修单"
number = "BX"
title = "{customer} {kind}"
open = ["role:agent"]
asks = ["customer", "phone", "kind", "serial?", "fee", "wish?"]
start = "take"
fields = [
  { key = "customer", name = "客户", name_en = "Customer", bind = "customer", list = true },
  { key = "phone", name = "电话", name_en = "Phone", type = "phone" },
  { key = "kind", name = "类型", name_en = "Kind", type = "choice", options = ["in=保内|covered", "out=保外|not covered"] },
  { key = "serial", name = "编号", type = "serial", required_when = "f.kind == 'in'" },
  { key = "fee", name = "费用", name_en = "Fee", type = "money" },
  { key = "fee_note", name = "费用说明" },
  { key = "wish", name = "希望上门日期", name_en = "Wished day", type = "date" },
]
messages = [{ key = "taken", name = "受理", text = "已受理", steps = [] }]
steps = [
  { key = "take", name = "受理", macro = "accepted", who = ["role:agent"], asks = ["fee_note"], enter = "f.fee >= 0", enter_text = "费用不能为负|Not below nothing" },
  { key = "sign", name = "审批", macro = "waiting", approval = { scheme = "quote", amount = "f.fee", approved = "agreed", rejected = "refused" } },
  { key = "go", name = "上门", macro = "in_progress", who = ["role:engineer"] },
  { key = "end", name = "完成", macro = "closed", end = true },
]
moves = [
  { act = "ask", name = "报批", from = ["take"], to = "sign" },
  { act = "agreed", name = "同意", from = ["sign"], to = "go", system = true },
  { act = "refused", name = "退回", from = ["sign"], to = "take", kind = "rework", system = true },
  { act = "done", name = "完成", from = ["go"], to = "end" },
]
timers = [{ key = "visit", name = "按日上门", from = "create", at = "wish" }]
triggers = [
  { key = "told", on = "enter:take", make = "message", what = "taken" },
  { key = "deal", on = "enter:take", when = "f.kind == 'out'", make = "task", who = ["role:cashier"], text = "预收{fee}" },
]
"#;

app_test! {
    async fn what_was_said_at_opening_is_corrected_on_the_record_and_nothing_follows(app: TestApp) {
        let w = world(app).await;
        let made = w.admin.post("/process-templates", json!({ "source": CASE })).await.ok();
        w.admin.post(&format!("/process-templates/{}/activate", id(&made)), json!({})).await.ok();
        let said = json!({ "customer": "王五", "phone": "13900001111", "kind": "in", "serial": "S1", "fee": "200" });
        let doc = open(&w.agent, "case", said).await;
        assert_eq!(doc["correctable"], json!(["customer", "phone", "kind", "serial", "fee", "wish"]));
        let path = format!("/documents/{}/correct", id(&doc));
        let no = |fields: serde_json::Value| {
            let (agent, path) = (w.agent.clone(), path.clone());
            async move { agent.post(&path, json!({ "reason": "听错", "fields": fields })).await.refused(422) }
        };
        // A reason, a difference, only what was asked then, nothing that was needed gone, values of their form.
        assert_eq!(w.agent.post(&path, json!({ "fields": { "customer": "王武" } })).await.refused(422), "document.reason");
        assert_eq!(no(json!({ "customer": "王五" })).await, "process.unchanged");
        assert_eq!(no(json!({ "fee_note": "x" })).await, "process.not_opening");
        assert_eq!(no(json!({ "customer": "" })).await, "process.needed");
        assert_eq!(no(json!({ "serial": "" })).await, "process.needed");
        assert_eq!(no(json!({ "kind": "maybe" })).await, "process.field_option");
        assert_eq!(no(json!({ "fee": "-5" })).await, "process.enter");
        assert_eq!(w.agent.post(&path, json!({ "reason": "x", "version": 0, "fields": { "customer": "王武" } })).await.refused(409), "stale");
        let wrong = json!({ "reason": "客户听错了，其实保外", "fields": { "customer": "王武", "phone": "13900002222", "kind": "out", "serial": "", "wish": "2026-11-20" } });
        let new = w.dispatcher.post(&path, wrong).await.ok();
        assert_eq!((step(&new), new["title"].as_str(), new["fields"]["kind"].as_str()), ("take", Some("王武 保外"), Some("out")));
        // The clock at the field follows it; nothing is told or made again.
        assert_eq!(due(&w.agent, &doc, "visit").await, "2026-11-20T16:00:00Z");
        assert_eq!(new["messages"]["taken"], 1);
        assert!(tasks(&w.agent, &doc).await.is_empty(), "no trigger fired again");
        let lines = w.agent.get(&format!("/documents/{}/history", id(&doc))).await.ok();
        let line = lines.as_array().into_iter().flatten().find(|l| l["kind"] == "corrected").expect("a line").clone();
        let text = line["text"].as_str().unwrap_or_default();
        assert!(text.contains("王五 → 王武") && text.contains("类型 保内 → 保外") && text.contains("客户听错了"), "{text}");
        assert!(text.contains("电话") && !text.contains("1390000"), "{text}");
        let list = w.agent.get("/documents?q=王武").await.ok();
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "{list}");
        let page = w.agent.page(&path).await.text();
        assert!(page.contains("更正原因") && page.contains("fields.customer") && !page.contains("fields.fee_note"), "{page}");
        // Somebody of another outlet has no business with it.
        let far = app.outlet("远").await;
        let stranger = app.user_in(Role::Agent, far).await;
        stranger.post(&path, json!({ "reason": "x", "fields": { "customer": "x" } })).await.refused(404);

        // While it is being signed nothing changes under the signers' hands; what was signed for stays.
        act(&w.agent, &doc, "ask", json!({ "fee_note": "上门费" })).await;
        assert_eq!(no(json!({ "customer": "王舞" })).await, "process.signing");
        assert_eq!(now(&w.agent, &doc).await["correctable"], json!([]));
        let waiting = w.manager.get("/inbox/approvals").await.ok();
        w.manager.post(&format!("/approvals/{}/sign", id(&waiting[0])), json!({ "approve": true })).await.ok();
        assert_eq!(step(&now(&w.agent, &doc).await), "go");
        assert_eq!(no(json!({ "fee": "90000" })).await, "process.signed_for");
        w.agent.post(&path, json!({ "reason": "写错字", "fields": { "customer": "王舞" } })).await.ok();
        act(&w.engineer, &doc, "done", json!({})).await;
        assert_eq!(no(json!({ "customer": "王五" })).await, "process.ended");
    }

    /// Whoever does the step falls ill: somebody who may write the document names another, who hears of it.
    async fn another_person_takes_a_step_over(app: TestApp) {
        let w = world(app).await;
        let second = app.user(Role::Engineer).await;
        let fields = json!({ "customer": "某厂", "phone": "13800136027", "equipment": "贴片机", "serial": "TP-1", "fault": "报警", "in_warranty": true });
        let doc = open(&w.agent, "equipment-maker", fields).await;
        let doc = act(&w.agent, &doc, "send", json!({})).await;
        let doc = act(&w.dispatcher, &doc, "depart", json!({ "engineer": w.engineer.staff })).await;
        assert_eq!(refused(&second, &doc, "arrive", json!({})).await, "process.who_may");
        // What was shown in place of the number, and altered, is no number.
        let altered = json!({ "fields": { "phone": "138****9999" }, "reason": "听错" });
        assert_eq!(w.agent.post(&format!("/documents/{}/correct", id(&doc)), altered).await.refused(422), "sensitive.masked");
        let change = json!({ "fields": { "engineer": second.staff }, "reason": "生病" });
        let doc = w.dispatcher.post(&format!("/documents/{}/correct", id(&doc)), change).await.ok();
        assert!(has(&told(app, &second).await, "轮到您"), "the other hears of it");
        assert_eq!(refused(&w.engineer, &doc, "arrive", json!({})).await, "process.who_may", "it is not his any more");
        let doc = act(&second, &doc, "arrive", json!({})).await;
        assert_eq!(step(&doc), "repair");
    }
}
