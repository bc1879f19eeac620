//! Calls while they ring: who hears of them, how soon, and what becomes of them (CALL-02, CALL-12).

use std::time::Duration;

use kit::Role;
use serde_json::{Value, json};
use testkit::{Client, TestApp, app_test};

use crate::{count, register, repair, text};

/// The promise: within a second in the agent's browser.
const SECOND: Duration = Duration::from_secs(1);
/// Long enough to be sure that nothing comes.
const QUIET: Duration = Duration::from_millis(1300);

async fn event(pbx: &Client, call: &str, event: &str, more: Value) -> Value {
    let mut body = json!({ "call_id": call, "event": event, "caller": "13800136027" });
    body.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
    pbx.post("/calls/events", body).await.ok()
}

/// An account of a telephone system: it may tell of calls and nothing else.
async fn telephone_system(app: &TestApp) -> Client {
    let admin = app.admin().await;
    let role = admin.post("/roles", json!({ "code": "pbx", "name": "电话系统" })).await.ok();
    let grants = json!({ "grants": [{ "perm": "intake.call.event", "reach": "all" }] });
    admin.put(&format!("/roles/{}", text(&role, "id")), grants).await.ok();
    app.user_with_roles(&["pbx"], app.root).await
}

app_test! {
    async fn a_ring_is_in_the_agents_browser_within_a_second(app: TestApp) {
        let pbx = telephone_system(app).await;
        let (agent, other) = (app.user(Role::Agent).await, app.user(Role::Agent).await);
        let made = register(&agent, repair("order")).await;
        agent.put("/call-extensions", json!({ "extension": "801" })).await.ok();
        other.put("/call-extensions", json!({ "extension": "802" })).await.ok();
        let (mut browser, mut elsewhere) = (agent.listen().await, other.listen().await);
        let rung = event(&pbx, "c1", "ring", json!({ "extension": "801", "line": "4008001234" })).await;
        assert_eq!((text(&rung, "outcome"), &rung["told"]), ("ringing", &json!(1)));
        let heard = browser.next("call", SECOND).await.expect("the ring comes within a second");
        assert_eq!((&heard["data"]["call"], text(&heard["data"], "state")), (&rung["id"], "ringing"));
        assert!(!heard.to_string().contains("6027"), "no personal data on the channel");
        // What it shows is asked with the agent's own rights.
        let path = format!("/calls/{}/pop", text(&rung, "id"));
        let pop = agent.page(&path).await;
        let html = pop.text();
        for shown in ["李建平", "SN-0001", text(&made["orders"][0], "no"), "/intake?phone=13800136027&amp;customer_id=", "4008001234"] {
            assert!(html.contains(shown), "{shown}: {html}");
        }
        assert_eq!(other.page(&path).await.status, 404, "it does not ring there");
        assert!(elsewhere.next("call", QUIET).await.is_none());
        // Told again: nothing new.
        let again = event(&pbx, "c1", "ring", json!({ "extension": "801" })).await;
        assert_eq!((&again["id"], &again["told"]), (&rung["id"], &json!(0)));
        app.clock.advance_secs(11);
        let taken = event(&pbx, "c1", "answer", json!({ "extension": "801" })).await;
        assert_eq!((text(&taken, "outcome"), &taken["ring_seconds"], &taken["rings"]), ("answered", &json!(11), &json!(3)));
        assert_eq!(browser.next("call", SECOND).await.expect("told")["data"]["state"], "answered");
        app.clock.advance_secs(60);
        let over = event(&pbx, "c1", "hangup", json!({})).await;
        assert_eq!((&over["seconds"], &over["ended"]), (&json!(60), &json!(true)));
        assert_eq!(count(app, "select count(*) from call_log where external_id = 'c1' and customer_id is not null").await, 1);
        let linked = register(&agent, json!({ "topic": "consult", "caller_phone": "13800136027", "call_id": rung["id"] })).await;
        assert!(linked["id"].is_string(), "the request that comes of it names the call");
        let figures = agent.get("/calls/figures").await.ok();
        assert_eq!((&figures["in_time"], &figures["measured"], &figures["mean_ring_seconds"]), (&json!(1), &json!(1), &json!(11)));
    }

    async fn a_browser_that_comes_again_gets_what_it_missed(app: TestApp) {
        let (manager, agent) = (app.user(Role::Manager).await, app.user(Role::Agent).await);
        agent.put("/call-extensions", json!({ "extension": "801" })).await.ok();
        let rung = event(&manager, "c1", "ring", json!({ "extension": "801" })).await;
        // The page was loading while it rang.
        let mut browser = agent.listen().await;
        assert_eq!(browser.next("call", SECOND).await.expect("missed")["data"]["call"], rung["id"]);
        drop(browser);
        app.clock.advance_secs(180);
        assert!(agent.listen().await.next("call", QUIET).await.is_none(), "what is long over stays over");
        // Stopping ends every stream, so that it can't hinder the server from stopping.
        let mut browser = agent.listen().await;
        app.app.live.close();
        assert!(browser.next("call", Duration::from_secs(5)).await.is_none());
        assert_eq!(app.app.live.listeners(), 0);
    }

    async fn another_node_tells_too(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let mut browser = agent.listen().await;
        // As another node writes it: nobody rings the bell of this one.
        let mut tx = app.app.db.begin().await.expect("a transaction");
        tx.exec(
            "insert into live_message (id, user_id, kind, payload, at) values ($1,$2,'call','{\"call\":\"x\"}',$3)",
            db::args![app.app.id(), agent.user.expect("an account"), app.app.now()],
        )
        .await
        .expect("written");
        tx.commit().await.expect("committed");
        assert!(browser.next("call", SECOND).await.is_some());
    }

    async fn another_outlets_agents_hear_nothing(app: TestApp) {
        let (a, b) = (app.outlet("一号网点").await, app.outlet("二号网点").await);
        let pbx = telephone_system(app).await;
        let (ours, theirs) = (app.user_in(Role::Outlet, a).await, app.user_in(Role::Outlet, b).await);
        register(&ours, repair("order")).await;
        ours.put("/call-extensions", json!({ "extension": "801" })).await.ok();
        theirs.put("/call-extensions", json!({ "extension": "801" })).await.refused(422);
        theirs.put("/call-extensions", json!({ "extension": "901" })).await.ok();
        let (mut mine, mut other) = (ours.listen().await, theirs.listen().await);
        let rung = event(&pbx, "c1", "ring", json!({ "extension": "801" })).await;
        assert!(mine.next("call", SECOND).await.is_some());
        assert!(other.next("call", QUIET).await.is_none());
        assert_eq!(theirs.page(&format!("/calls/{}/pop", text(&rung, "id"))).await.status, 404);
        // The same customer calls them: they learn nothing of the other outlet's file.
        let rung = event(&pbx, "c2", "ring", json!({ "extension": "901" })).await;
        let pop = theirs.page(&format!("/calls/{}/pop", text(&rung, "id"))).await.text();
        assert!(!pop.contains("李建平"), "{pop}");
        assert_eq!(theirs.get("/calls").await.ok()["items"].as_array().map(Vec::len), Some(1));
        assert!(!theirs.get("/calls").await.ok().to_string().contains("李建平"));
        // Nobody rings telephones of an outlet that is not theirs.
        let stranger = app.user_with_all(kit::Reach::Outlet, b).await;
        let refused = stranger.post("/calls/events", json!({ "call_id": "x", "event": "ring", "extension": "801" })).await;
        assert_eq!(refused.refused(422), "intake.nobody_there");
    }

    async fn what_nobody_took_is_to_be_called_back(app: TestApp) {
        let pbx = telephone_system(app).await;
        let agent = app.user(Role::Agent).await;
        let mut browser = agent.listen().await;
        // No telephone named: everybody hears it.
        event(&pbx, "c1", "ring", json!({})).await;
        assert!(browser.next("call", SECOND).await.is_some());
        app.clock.advance_secs(26);
        let missed = event(&pbx, "c1", "hangup", json!({})).await;
        assert_eq!((text(&missed, "outcome"), &missed["ring_seconds"], &missed["rings"]), ("missed", &json!(26), &json!(6)));
        assert!(agent.page(&format!("/calls/{}/pop", text(&missed, "id"))).await.text().contains("未接来电"));
        let waiting = |list: Value| list["items"].as_array().map(Vec::len).unwrap_or_default();
        assert_eq!(waiting(agent.get("/calls?view=to_return").await.ok()), 1);
        agent.post("/calls", json!({ "phone": "138 0013 6027", "direction": "out" })).await.ok();
        assert_eq!(waiting(agent.get("/calls?view=to_return").await.ok()), 0);
        let figures = agent.get("/calls/figures?days=7").await.ok();
        assert_eq!((&figures["incoming"], &figures["missed"], &figures["to_return"]), (&json!(1), &json!(1), &json!(0)));
        // The telephone system may tell of calls and see nothing.
        pbx.get("/calls").await.refused(403);
        pbx.get("/lookup?phone=13800136027").await.refused(403);
        agent.post("/calls/events", json!({ "call_id": "x", "event": "ring" })).await.refused(403);
        assert_eq!(pbx.post("/calls/events", json!({ "call_id": "", "event": "ring" })).await.refused(422), "intake.call_id");
        assert_eq!(pbx.post("/calls/events", json!({ "call_id": "x", "event": "explode" })).await.status, 422);
        assert_eq!(pbx.post("/calls/events", json!({ "call_id": "x", "event": "ring", "extension": "999" })).await.refused(422), "intake.nobody_there");
    }

    async fn two_telephones_ring_and_one_takes_it(app: TestApp) {
        let pbx = telephone_system(app).await;
        let (one, two) = (app.user(Role::Agent).await, app.user(Role::Agent).await);
        one.put("/call-extensions", json!({ "extension": "801" })).await.ok();
        two.put("/call-extensions", json!({ "extension": "802" })).await.ok();
        let rung = event(&pbx, "c1", "ring", json!({ "extension": "801" })).await;
        let both = event(&pbx, "c1", "ring", json!({ "extension": "802" })).await;
        assert_eq!(both["told"], json!(2));
        event(&pbx, "c1", "answer", json!({ "extension": "802" })).await;
        let path = format!("/calls/{}/pop", text(&rung, "id"));
        assert_eq!(one.page(&path).await.status, 204, "the card goes away");
        assert!(two.page(&path).await.text().contains("通话中"));
    }

    async fn the_page_shows_and_tries_it(app: TestApp) {
        let manager = app.user(Role::Manager).await;
        assert_eq!(manager.form("/calls/desk/extension", "extension=8%2001").await.status, 422);
        assert_eq!(manager.form("/calls/desk/extension", "extension=801").await.status, 303);
        let mut browser = manager.listen().await;
        let rung = manager.form("/calls/desk/test", "event=ring&caller=13800136027&extension=801").await;
        assert_eq!(rung.status, 303, "{}", rung.text());
        assert!(browser.next("call", SECOND).await.is_some());
        let back = rung.headers["location"].to_str().expect("a path").to_string();
        let page = manager.page(&back).await.text();
        assert!(page.contains("接听") && page.contains("801"), "{page}");
        let agent = app.user(Role::Agent).await;
        assert_eq!(agent.page("/calls/desk").await.status, 200);
        assert_eq!(agent.form("/calls/desk/test", "event=ring").await.status, 403);
    }

    async fn the_bell_is_told_of_notices(app: TestApp) {
        let manager = app.user(Role::Manager).await;
        let mut browser = manager.listen().await;
        let agent = app.user(Role::Agent).await;
        let mut body = repair("save");
        body["class"] = json!("special");
        body["class_reason"] = json!("涉及人身安全");
        register(&agent, body).await;
        assert!(browser.next("notice", SECOND).await.is_some());
        assert_eq!(manager.get("/notifications/unread").await.ok()["unread"], json!(1));
    }
}
