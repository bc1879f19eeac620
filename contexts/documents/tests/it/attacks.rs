//! Templates that pass every check and still could do harm when they run: what they set off is stopped, everybody else's
//! work goes on; clocks say why they were due even when calendars and bookings changed.

use kit::Role;
use serde_json::{Value, json};
use testkit::{Client, app_test};

use crate::world::*;

fn template(code: &str, rest: &str) -> String {
    format!(
        r#"
code = "{code}"
name = "便条"
number = "{code}"
title = "{{what}}"
open = ["role:agent"]
asks = ["what", "when?"]
start = "todo"
fields = [{{ key = "what", name = "事项" }}, {{ key = "when", name = "约定时间", type = "time" }}]
steps = [
  {{ key = "todo", name = "待办", macro = "new", who = ["role:agent"], asks = ["when?"] }},
  {{ key = "done", name = "完成", macro = "closed", end = true }},
]
moves = [{{ act = "finish", name = "完成", from = ["todo"], to = "done" }}]
{rest}
"#
    )
}

async fn put(admin: &Client, code: &str, rest: &str) {
    let made = admin.post("/process-templates", json!({ "source": template(code, rest) })).await.ok();
    admin.post(&format!("/process-templates/{}/activate", id(&made)), json!({})).await.ok();
}

async fn count(by: &Client) -> usize {
    by.get("/documents?limit=200").await.ok()["items"].as_array().map_or(0, Vec::len)
}

/// Triggers that make `n` documents of a template.
fn makes(on: &str, what: &str, n: usize) -> String {
    let one = |i| {
        format!(
            "{{ key = \"t{i}\", on = \"{on}\", make = \"document\", what = \"{what}\", copy = [\"what=what\"] }}"
        )
    };
    format!("triggers = [{}]", (0..n).map(one).collect::<Vec<_>>().join(", "))
}

app_test! {
    async fn a_clock_that_cannot_do_its_work_holds_up_nobody(app: TestApp) {
        let admin = app.admin().await;
        let agent = app.user(Role::Agent).await;
        let timer = "timers = [{ key = \"limit\", name = \"时限\", from = \"create\", span = \"1h\", warn = \"30m\", ladder = [{ who = [\"creator\"] }] }]\n";
        put(&admin, "broken", &format!("{timer}{}", makes("late:limit", "absent", 1))).await;
        put(&admin, "sound", &format!("{timer}triggers = [{{ key = \"t\", on = \"late:limit\", make = \"task\", who = [\"creator\"], text = \"催\" }}]")).await;
        let mut broken = Vec::new();
        for n in 0..3 {
            broken.push(open(&agent, "broken", json!({ "what": n.to_string() })).await);
        }
        app.clock.advance_secs(1);
        let sound = open(&agent, "sound", json!({ "what": "好" })).await;
        pass(app, 61).await;
        assert_eq!(tasks(&agent, &sound).await.len(), 1, "the others' clocks ring");
        for doc in &broken {
            let lines = agent.get(&format!("/documents/{}/history", id(doc))).await.ok();
            let kinds: Vec<&str> = lines.as_array().into_iter().flatten().filter_map(|l| l["kind"].as_str()).collect();
            assert_eq!(kinds, ["opened", "late", "trouble"], "once, and said why");
            assert!(lines.to_string().contains("absent"), "{lines}");
            assert!(clock(&agent, doc, "limit").await["breached_at"].is_string() || clock(&agent, doc, "limit").await["state"] == "open");
        }
        assert!(has(&told(app, &agent).await, "超时：时限"), "people hear that it is late");
        pass(app, 61).await;
        assert_eq!(history(&agent, &broken[0]).await.len(), 3, "and it does not ring again");
        act(&agent, &broken[0], "finish", json!({})).await;
        assert_eq!(count(&agent).await, 4);
    }

    async fn an_avalanche_of_documents_is_stopped_and_nothing_remains(app: TestApp) {
        let admin = app.admin().await;
        let agent = app.user(Role::Agent).await;
        put(&admin, "stone3", "").await;
        put(&admin, "stone2", &makes("create", "stone3", 40)).await;
        put(&admin, "stone1", &makes("create", "stone2", 40)).await;
        let begun = std::time::Instant::now();
        let body = json!({ "template": "stone1", "fields": { "what": "石" } });
        assert_eq!(agent.post("/documents", body).await.refused(422), "document.family");
        assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
        assert_eq!(count(&agent).await, 0);
        // A handful is what triggers are for.
        put(&admin, "stone1", &makes("create", "stone2", 2)).await;
        open(&agent, "stone1", json!({ "what": "石" })).await;
        assert_eq!(count(&agent).await, 83);
    }

    async fn a_clock_follows_the_time_it_is_due_at(app: TestApp) {
        let admin = app.admin().await;
        let agent = app.user(Role::Agent).await;
        put(&admin, "visit", "timers = [{ key = \"arrive\", name = \"到场\", from = \"create\", at = \"when\", before = \"1h\" }]").await;
        app.clock.advance_secs(17);
        let doc = open(&agent, "visit", json!({ "what": "上门", "when": "2026-11-18T14:00:00+08:00" })).await;
        assert_eq!(due(&agent, &doc, "arrive").await, "2026-11-18T05:00:00Z", "to the second");
        let doc = save(&agent, &doc, json!({ "fields": { "when": "2026-11-19T10:30:00+08:00" } })).await;
        assert_eq!(doc["due_at"], "2026-11-19T01:30:00Z", "booked anew, due anew");
        pass(app, 6 * 60).await;
        assert!(!has(&history(&agent, &doc).await, "late arrive"), "the old time means nothing any more");
        pass(app, 24 * 60).await;
        assert!(has(&history(&agent, &doc).await, "late arrive"));
        save(&agent, &doc, json!({ "fields": { "when": "2026-11-21T10:30:00+08:00" } })).await;
        let clocks = agent.get(&format!("/documents/{}/clocks", id(&doc))).await.ok();
        let states: Vec<&str> = clocks.as_array().into_iter().flatten().filter_map(|c| c["state"].as_str()).collect();
        assert_eq!(states, ["cancelled", "late", "open"], "that it was late once stays");
        // A time nobody will live to see is refused or kept, never an error of the machine.
        for far in ["9999-12-31T00:00:00Z", "0001-01-01T00:00:00Z"] {
            let answer = agent.post(&format!("/documents/{}/save", id(&doc)), json!({ "fields": { "when": far } })).await;
            assert!(answer.status.as_u16() < 500, "{far}: {}", answer.text());
        }
    }

    async fn a_changed_calendar_does_not_rewrite_why_something_was_due(app: TestApp) {
        let admin = app.admin().await;
        let agent = app.user(Role::Agent).await;
        put(&admin, "slow", "timers = [{ key = \"limit\", name = \"时限\", from = \"create\", span = \"3wd\" }]").await;
        let old = open(&agent, "slow", json!({ "what": "旧" })).await;
        let before = clock(&agent, &old, "limit").await;
        assert_eq!(before["due_at"], "2026-11-23T09:30:00Z");
        app.clock.advance_secs(60);
        let days: Vec<Value> = (0..7).map(|day| if day < 4 { json!([[480, 720]]) } else { json!([]) }).collect();
        let calendar = json!({ "tz": "Asia/Shanghai", "week": days, "holidays": ["2026-11-19"], "makeup": [] });
        admin.put("/settings", json!({ "key": "calendar", "value": calendar })).await.ok();
        assert_eq!(clock(&agent, &old, "limit").await, before, "the old document says what it said");
        let new = open(&agent, "slow", json!({ "what": "新" })).await;
        assert_eq!(due(&agent, &new, "limit").await, "2026-11-25T04:00:00Z", "no Thursday, no Friday, noon is the end of the day");
    }
}
