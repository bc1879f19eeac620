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
        assert_eq!(refused(&w.engineer, &doc, "measured", json!({ "deviation": "0.5", "result": "pass" })).await, "process.checklist", "measured anew");
        check(&w.engineer, &doc, "points", 4).await;
        let doc = act(&w.engineer, &doc, "measured", json!({ "deviation": "0.5", "result": "pass" })).await;
        let doc = act(&w.agent, &doc, "priced", json!({ "price": "1200" })).await;
        assert_eq!((step(&doc), clock(&w.agent, &doc, "finish").await["state"].as_str()), ("approval", Some("paused")));
        // 1,200 yuan: the director, then the vice-president; nobody holds the posts, so their role signs.
        // A second signature is a second person's.
        for manager in [app.user(Role::Manager).await, app.user(Role::Manager).await] {
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

    async fn the_second_example_goes_round_every_fifteen_days(app: TestApp) {
        let w = world(app).await;
        let source = include_str!("../../../../docs/examples/elevator-maintenance.toml");
        let made = w.admin.post("/process-templates", json!({ "source": source })).await.ok();
        assert_eq!(made["faults"], json!([]), "{made}");
        w.admin.post(&format!("/process-templates/{}/activate", id(&made)), json!({})).await.ok();
        let mate = app.user(Role::Engineer).await;
        let fields = json!({ "customer": "物业", "phone": "1", "site": "锦绣园", "lift": "3 号", "technician": w.engineer.staff, "mate": mate.staff, "yearly_on": "2027-03-01" });
        let doc = open(&w.agent, "elevator-maintenance", fields).await;
        assert_eq!((doc["no"].as_str(), due(&w.agent, &doc, "fortnight").await.as_str()), (Some("DT-2026-0001"), "2026-12-03T01:00:00Z"));
        assert_eq!(due(&w.agent, &doc, "yearly").await, "2027-01-30T16:00:00Z", "thirty days before the day is over");
        for round in 0..2 {
            pass(app, 15 * 24 * 60 + 1).await;
            let doc = now(&w.agent, &doc).await;
            assert_eq!(step(&doc), "due", "round {round}");
            assert!(has(&told(app, &mate).await, "锦绣园3 号到保养日"));
            assert_eq!(refused(&mate, &doc, "begin", json!({})).await, "process.who_may");
            let doc = act(&w.engineer, &doc, "begin", json!({})).await;
            assert_eq!(refused(&w.engineer, &doc, "serviced", json!({ "gap": "0.6" })).await, "process.checklist", "every round is checked");
            check(&w.engineer, &doc, "points", 12).await;
            assert_eq!(refused(&w.engineer, &doc, "serviced", json!({ "gap": "0.6" })).await, "process.evidence", "and signed");
            prove(app, &w.engineer, &doc, "signature").await;
            assert_eq!(refused(&w.engineer, &doc, "serviced", json!({ "gap": "0.71" })).await, "process.leave", "0.7 mm");
            let doc = act(&w.engineer, &doc, "serviced", json!({ "gap": "0.7" })).await;
            assert_eq!(step(&doc), "idle");
        }
        // Somebody is trapped.
        let doc = act(&w.agent, &doc, "report", json!({ "trouble": "停在 5 楼", "trapped": true })).await;
        assert_eq!(step(&doc), "rescue");
        assert!(has(&told(app, &mate).await, "困人：锦绣园3 号 停在 5 楼"));
        pass(app, 41).await;
        assert!(has(&told(app, &w.dispatcher).await, "超时：困人 30 分钟到场救出") && has(&told(app, &w.manager).await, "超时升级：困人"));
        assert_eq!(refused(&mate, &doc, "freed", json!({})).await, "process.needed");
        let doc = act(&mate, &doc, "freed", json!({ "rescued_at": "2026-12-18T10:00:00+08:00" })).await;
        assert_eq!(doc["messages"]["stopped"], 1);
        let work = json!({ "cause": "brake", "work": "换制动器", "parts": "制动器", "price": "5000.01" });
        assert_eq!(refused(&w.engineer, &doc, "repaired", work.clone()).await, "process.when");
        let doc = act(&w.engineer, &doc, "ask", work).await;
        for manager in [&w.manager, &app.user(Role::Manager).await] {
            let waiting = manager.get("/inbox/approvals").await.ok();
            manager.post(&format!("/approvals/{}/sign", id(&waiting[0])), json!({ "approve": true })).await.ok();
        }
        assert_eq!(refused(&w.engineer, &doc, "pass", json!({})).await, "process.who_may", "nobody passes his own work");
        let doc = act(&w.manager, &doc, "pass", json!({})).await;
        let doc = save(&w.callback, &doc, json!({ "answers": { "call": { "safe": false, "staff": 5 } } })).await;
        assert_eq!(refused(&w.callback, &doc, "called", json!({})).await, "process.when");
        let doc = save(&w.callback, &doc, json!({ "answers": { "call": { "safe": true, "staff": 5 } } })).await;
        let doc = act(&w.callback, &doc, "called", json!({})).await;
        assert_eq!(step(&doc), "idle");
        let doc = act_why(&w.dispatcher, &doc, "end", "客户解约", json!({})).await;
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
        assert!(apart.text().contains("待件或预订的配件"));
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
        let parsed: process::Template = process::parse(source.as_str().expect("a text")).expect("a template");
        let count = parsed.fields.len();
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
