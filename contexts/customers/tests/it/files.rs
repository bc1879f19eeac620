//! Opening, changing, finding and archiving files.

use kit::Role;
use serde_json::json;

use crate::{at, complete, listed, open};

testkit::app_test! {
    async fn a_file_is_opened_found_changed_and_archived(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let file = open(&agent, complete("苏州恒达电器", "138 0013 6027")).await;
        assert_eq!((file["complete"].as_bool(), file["grade"].as_str(), file["class"].as_str()), (Some(true), Some("c"), Some("direct")));
        for query in ["q=恒达", "q=szhd", "q=6027", &format!("q={}", file["no"].as_str().expect("a number"))] {
            assert_eq!(listed(&agent, query).await, ["苏州恒达电器"], "{query}");
        }
        let found = agent.get("/customers/by-phone?phone=%2B8613800136027").await.ok();
        assert_eq!(found[0]["id"], file["id"]);

        let mut input = complete("苏州恒达", "13800136027");
        input["version"] = file["version"].clone();
        input["class"] = json!("dealer");
        input["call_from"] = json!("9:00");
        input["call_to"] = json!("17:30");
        let changed = agent.put(&at(&file), input.clone()).await.ok();
        assert_eq!((changed["name"].as_str(), changed["call_from"].as_str()), (Some("苏州恒达"), Some("09:00")));
        assert_eq!(agent.put(&at(&file), input).await.refused(409), "customers.stale");

        let manager = app.user(Role::Manager).await;
        manager.post(&format!("{}/archive", at(&file)), json!({})).await.ok();
        assert_eq!(manager.post(&format!("{}/archive", at(&file)), json!({})).await.refused(409), "customers.state");
        assert_eq!(agent.put(&at(&file), complete("x", "")).await.refused(409), "customers.closed");
        assert_eq!(listed(&agent, "view=archived").await, ["苏州恒达"]);
    }

    async fn the_same_key_opens_one_file_and_broken_input_names_every_field(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let first = agent.post_key("/customers", "k-1", complete("张三", "13900139000")).await.ok();
        let again = agent.post_key("/customers", "k-1", complete("张三", "13900139000")).await.ok();
        assert_eq!(first["id"], again["id"]);
        assert_eq!(agent.post_key("/customers", "k-1", complete("李四", "")).await.refused(422), "idempotency.mismatch");
        let answer = agent.post("/customers", json!({ "name": " ", "phone": "abc", "call_from": "9" })).await;
        assert_eq!(answer.status.as_u16(), 422);
        let fields: Vec<_> = answer.json()["errors"].as_array().into_iter().flatten().filter_map(|e| e["field"].as_str().map(str::to_string)).collect();
        assert_eq!(fields, ["name", "phone", "call_from"]);
        let wrong = agent.post("/customers", json!({ "name": "王五", "class": "nobody" })).await;
        assert_eq!(wrong.refused(422), "customers.class");
    }

    async fn other_outlets_files_are_nobodys_business(app: TestApp) {
        let (east, west) = (app.outlet("城东").await, app.outlet("城西").await);
        let clerk = app.user_in(Role::Manager, east).await;
        let other = app.user_in(Role::Manager, west).await;
        let file = open(&clerk, complete("城东客户", "13700137000")).await;
        for path in [at(&file), format!("{}/contacts", at(&file)), format!("{}/addresses", at(&file))] {
            assert_eq!(other.get(&path).await.status.as_u16(), 404, "{path}");
        }
        assert_eq!(other.page(&at(&file)).await.status.as_u16(), 404);
        assert_eq!(other.put(&at(&file), complete("x", "")).await.status.as_u16(), 404);
        assert_eq!(other.post(&format!("{}/reveal/phone", at(&file)), json!({})).await.status.as_u16(), 404);
        assert!(listed(&other, "").await.is_empty() && listed(&other, "q=城东").await.is_empty());
        assert_eq!(other.get("/customers/by-phone?phone=13700137000").await.ok(), json!([]));
        let export = other.page("/customers/export?format=csv").await;
        assert!(export.status.is_success() && !export.text().contains("城东客户"), "{}", export.text());
        assert!(clerk.page("/customers/export?format=csv").await.text().contains("城东客户"));
        let into_other = json!({ "name": "越权", "org_id": west });
        assert_eq!(clerk.post("/customers", into_other).await.status.as_u16(), 404);
        // Above both outlets the file is shared (CUST-23).
        let head_office = app.user(Role::Agent).await;
        assert_eq!(listed(&head_office, "q=城东").await, ["城东客户"]);
    }

    async fn an_incomplete_file_has_a_clock_until_it_is_completed(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let admin = app.admin().await;
        admin.put("/settings", json!({ "key": "customers.complete_from", "value": "opening" })).await.ok();
        let file = open(&agent, json!({ "name": "急件客户", "phone": "13600136000" })).await;
        assert_eq!((file["complete"].as_bool(), file["missing"].clone()), (Some(false), json!(["region", "address"])));
        assert_eq!(listed(&agent, "view=incomplete").await, ["急件客户"]);
        app.advance(100 * 60).await;
        app.advance(21 * 60).await;
        let notes = agent.get("/notifications").await.ok();
        assert_eq!(notes.as_array().map(Vec::len), Some(2), "{notes}");
        assert_eq!(listed(&agent, "view=overdue").await, ["急件客户"]);
        agent.put(&at(&file), complete("急件客户", "13600136000")).await.ok();
        let timers = agent.get(&format!("/docs/customer/{}/timers", file["id"].as_str().expect("an id"))).await.ok();
        assert_eq!(timers[0]["state"], "late");
        assert!(listed(&agent, "view=incomplete").await.is_empty());
    }

    /// CUST-05: the time for the file begins when the customer was served, unless the company counts from its opening.
    async fn the_clock_of_a_file_starts_after_service(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let file = open(&agent, json!({ "name": "服务后建档", "phone": "13600136001" })).await;
        let timers = format!("/docs/customer/{}/timers", file["id"].as_str().expect("an id"));
        assert_eq!(agent.get(&timers).await.ok(), json!([]));
        let served = async || {
            let cx = app.system();
            let kit::Begun::New(mut tx) = cx.begin("test.served", &1).await.expect("begins") else { panic!("no key was given") };
            let (at, order_id) = (tx.now(), tx.id());
            let id: kernel::Id = file["id"].as_str().expect("an id").parse().expect("an id");
            let org_id: kernel::Id = file["org_id"].as_str().expect("an id").parse().expect("an id");
            tx.emit(&contracts::OrderCompleted { order_id, no: "SO-1".into(), customer_id: id, org_id, at }).expect("emitted");
            tx.commit(()).await.expect("commits");
            app.drain().await;
        };
        served().await;
        served().await;
        let running = agent.get(&timers).await.ok();
        assert_eq!((running.as_array().map(Vec::len), &running[0]["state"]), (Some(1), &json!("open")), "one clock: {running}");
        assert!(listed(&agent, "view=overdue").await.is_empty());
        app.advance(121 * 60).await;
        assert_eq!(listed(&agent, "view=overdue").await, ["服务后建档"]);
        agent.put(&at(&file), complete("服务后建档", "13600136001")).await.ok();
        assert!(listed(&agent, "view=overdue").await.is_empty());
        served().await;
        assert_eq!(agent.get(&timers).await.ok().as_array().map(Vec::len), Some(1), "a complete file needs none");
    }

    /// CUST-23: agents of one branch find another branch's customer by number; the file itself stays protected.
    async fn branches_share_who_calls(app: TestApp) {
        let (east, west) = (app.outlet("城东").await, app.outlet("城西").await);
        let (ours, theirs) = (app.user_in(Role::Agent, east).await, app.user_in(Role::Agent, west).await);
        let file = open(&ours, complete("共享客户", "13700137001")).await;
        let found = theirs.get("/customers/by-phone?phone=13700137001").await.ok();
        assert_eq!(found[0]["id"], file["id"]);
        assert_eq!(theirs.get(&at(&file)).await.status.as_u16(), 404, "the file is not theirs");
        assert!(listed(&theirs, "q=共享").await.is_empty());
        let station = app.user_in(Role::Outlet, west).await;
        assert_eq!(station.get("/customers/by-phone?phone=13700137001").await.ok(), json!([]), "strangers' stations share nothing");
    }

    async fn classes_are_a_table_that_companies_extend(app: TestApp) {
        let manager = app.user(Role::Manager).await;
        let class = json!({ "code": "hotel", "zh": "酒店", "en": "Hotel", "sort": 9, "active": true });
        manager.put("/customer-classes", class).await.ok();
        let mut input = complete("湖滨酒店", "051266011100");
        input["class"] = json!("hotel");
        assert_eq!(open(&manager, input).await["class"], "hotel");
        let agent = app.user(Role::Agent).await;
        assert_eq!(agent.put("/customer-classes", json!({ "code": "x", "zh": "x", "en": "x", "sort": 1 })).await.status.as_u16(), 403);
    }

    async fn pages_answer(app: TestApp) {
        let manager = app.user(Role::Manager).await;
        let file = open(&manager, complete("页面客户", "13500135000")).await;
        manager.post(&format!("{}/contacts", at(&file)), json!({ "name": "陈工", "phone": "13500135001" })).await.ok();
        for path in [at(&file), format!("{}/edit", at(&file)), format!("{}/merge", at(&file)), format!("{}/contacts/new", at(&file)),
            "/customers".into(), "/customers/new".into(), "/customer-duplicates".into(), "/customer-classes".into(), "/customers/suggest?q=页面".into()]
        {
            let answer = manager.page(&path).await;
            assert!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.text());
        }
        assert!(manager.page(&at(&file)).await.text().contains("陈工"));
        let refused = manager.form("/customers/new", "name=&phone=1").await;
        assert_eq!(refused.status.as_u16(), 422);
        let made = manager.form("/customers/new", "name=%E8%A1%A8%E5%8D%95&member=on&standing=potential").await;
        assert_eq!(made.status.as_u16(), 303, "{}", made.text());
        assert_eq!(listed(&manager, "view=potential").await, ["表单"]);
    }
}
