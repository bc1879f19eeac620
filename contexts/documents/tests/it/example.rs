//! The worked example of docs/templates.md, run as written.

use kit::Role;
use serde_json::json;
use testkit::app_test;

use crate::world::*;

/// The first TOML block of the page.
fn example() -> String {
    let page = include_str!("../../../../docs/templates.md");
    let start = page.find("```toml\n").expect("a block") + 8;
    let end = page[start..].find("```").expect("its end") + start;
    page[start..end].to_string()
}

app_test! {
    async fn the_documented_example_works(app: TestApp) {
        let w = world(app).await;
        let source = example();
        let checked = w.admin.post("/process-templates/check", json!({ "source": source })).await.ok();
        assert_eq!(checked["ok"], true, "{checked}");
        let made = w.admin.post("/process-templates", json!({ "source": source })).await.ok();
        w.admin.post(&format!("/process-templates/{}/activate", id(&made)), json!({})).await.ok();
        let doc = open(&w.agent, "calibration", json!({ "customer": "质检所", "phone": "13800000000", "instrument": "压力表", "serial": "P-1" })).await;
        assert_eq!((due(&w.agent, &doc, "assign").await.as_str(), due(&w.agent, &doc, "finish").await.as_str()), ("2026-11-19T09:30:00Z", "2026-11-25T09:30:00Z"));
        assert_eq!(refused(&w.agent, &doc, "start", json!({ "technician": w.engineer.staff })).await, "process.who_may");
        let doc = act(&w.dispatcher, &doc, "start", json!({ "technician": w.engineer.staff })).await;
        let doc = check(&w.engineer, &doc, "points", 4).await;
        assert_eq!(refused(&w.engineer, &doc, "measured", json!({ "deviation": "2.5", "result": "pass" })).await, "process.leave");
        assert_eq!(refused(&w.engineer, &doc, "measured", json!({ "deviation": "2.5", "result": "fail" })).await, "process.needed", "what is repaired");
        let doc = act(&w.engineer, &doc, "measured", json!({ "deviation": "2.5", "result": "fail", "repair": "换弹簧管" })).await;
        assert_eq!(refused(&w.agent, &doc, "priced", json!({ "price": "1200" })).await, "process.when");
        let doc = act(&w.dispatcher, &doc, "again", json!({})).await;
        let doc = act(&w.engineer, &doc, "measured", json!({ "deviation": "0.5", "result": "pass" })).await;
        let doc = act(&w.agent, &doc, "priced", json!({ "price": "1200" })).await;
        assert_eq!((step(&doc), clock(&w.agent, &doc, "finish").await["state"].as_str()), ("approval", Some("paused")));
        // 1,200 yuan: the director, then the vice-president; nobody holds the posts, so their role signs.
        let manager = app.user(Role::Manager).await;
        for _ in 0..2 {
            let waiting = manager.get("/inbox/approvals").await.ok();
            manager.post(&format!("/approvals/{}/sign", id(&waiting[0])), json!({ "approve": true })).await.ok();
        }
        let doc = now(&w.agent, &doc).await;
        assert_eq!(step(&doc), "ready");
        prove(app, &w.agent, &doc, "certificate").await;
        assert_eq!(refused(&w.agent, &doc, "collect", json!({})).await, "process.leave");
        let doc = tell(&w.agent, &doc, "ready").await;
        let doc = act(&w.agent, &doc, "collect", json!({})).await;
        assert_eq!(tasks(&w.agent, &doc).await[0]["text"], "回访质检所");
        let doc = save(&w.callback, &doc, json!({ "answers": { "callback": { "satisfied": 5 } } })).await;
        let doc = act(&w.callback, &doc, "called", json!({})).await;
        assert_eq!(doc["stage"], "closed");
    }

    async fn pages_show_and_work(app: TestApp) {
        let w = world(app).await;
        let page = w.agent.page("/documents/new").await;
        assert!(page.text().contains("前台接修") && page.text().contains("软件支持"), "kinds to choose from");
        let form = "fields.customer=王芳&fields.phone=13900001111&fields.product=打印机&fields.fault=卡纸&fields.accessories=电源线&fields.warranty=in&fields.urgent=false&fields.over_quote=";
        let made = w.agent.form("/documents/new/front-desk-repair", form).await;
        assert!(made.status.is_redirection() || made.status.is_success(), "{} {}", made.status, made.text());
        let list = w.agent.get("/documents").await.ok();
        let doc = list["items"][0].clone();
        let seen = w.dispatcher.page(&format!("/documents/{}", id(&doc))).await;
        assert_eq!(seen.status, 200, "{}", seen.text());
        assert!(seen.text().contains("开始修理") && seen.text().contains("保内修理周期") && !seen.text().contains("13900001111"));
        // A refused move shows the form again with the message at its field.
        let refused = w.dispatcher.form(&format!("/documents/{}/work", id(&doc)), "act=start&fields.technician=").await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("请填写“维修员”"), "{}", refused.text());
        let engineer = w.engineer.staff.expect("a person");
        w.dispatcher.form(&format!("/documents/{}/work", id(&doc)), &format!("act=start&fields.technician={engineer}")).await;
        assert_eq!(step(&now(&w.agent, &doc).await), "repairing");
        let apart = w.engineer.page(&format!("/documents/{}/act/wait_part", id(&doc))).await;
        assert!(apart.text().contains("待件配件"));
        w.engineer.form(&format!("/documents/{}/act/wait_part", id(&doc)), "fields.part=搓纸轮").await;
        assert_eq!(step(&now(&w.agent, &doc).await), "waiting_part");
        for path in [format!("/documents/{}/print/receipt", id(&doc)), "/inbox".into(), "/documents".into()] {
            assert_eq!(w.agent.page(&path).await.status, 200, "{path}");
        }
        let templates = w.admin.get("/process-templates?filter=code~eq~forklift").await.ok();
        let forklift = id(&templates["items"][0]);
        for view in ["", "?view=text", "?view=form"] {
            assert_eq!(w.admin.page(&format!("/process-templates/{forklift}{view}")).await.status, 200, "{view}");
        }
        assert_eq!(w.admin.page(&format!("/process-templates/{forklift}/dry-run")).await.status, 200);
        assert_eq!(w.admin.page("/approval-schemes").await.status, 200);
        // The form view writes the same text: a new field of a copied version.
        let source = w.admin.get(&format!("/process-templates/{forklift}")).await.ok()["source"].clone();
        let draft = w.admin.post("/process-templates", json!({ "source": source })).await.ok();
        let count = 19;
        let item = format!("/process-templates/{}/items/fields/{count}", id(&draft));
        assert_eq!(w.admin.page(&item).await.status, 200);
        w.admin.form(&item, "values.key=engine_hours&values.name=工作小时&values.type=int&values.least=0").await;
        let changed = w.admin.get(&format!("/process-templates/{}", id(&draft))).await.ok();
        assert!(changed["source"].as_str().expect("a text").contains("engine_hours"), "{}", changed["source"]);
        assert_eq!(changed["faults"].as_array().map(Vec::len), Some(0));
        let diff = w.admin.page(&format!("/process-templates/{}?with={forklift}", id(&draft))).await;
        assert!(diff.text().contains("fields[engine_hours]"));
    }
}
