//! Engineers see and change their own visits only.

use kit::Role;
use serde_json::json;

use crate::world::{TICKS, id, world};

testkit::app_test! {
    async fn an_engineer_sees_only_own_visits(app: TestApp) {
        let world = world(app).await;
        let mine = world.engineer.get("/field/today").await.ok();
        assert_eq!((mine["visits"][0]["customer_name"].as_str(), mine["to_visit"].as_i64()), (Some("湖滨万象城"), Some(1)), "{mine}");
        for view in ["today", "tomorrow", "todo", "done"] {
            let theirs = world.other.get(&format!("/field/today?view={view}")).await.ok();
            assert_eq!(theirs["visits"].as_array().map(Vec::len), Some(0), "{view}: {theirs}");
        }
        assert!(world.engineer.page("/m").await.text().contains("湖滨万象城"));
        assert!(!world.other.page("/m").await.text().contains("湖滨万象城"));
        let order = id(&world.order);
        world.other.get(&format!("/field/orders/{order}")).await.refused(404);
        for what in ["", "parts", "wait", "quote", "complete", "reports"] {
            assert_eq!(world.other.page(&world.path(what)).await.status, 404, "{what}");
            let want = if what == "complete" { 303 } else { 200 };
            assert_eq!(world.engineer.page(&world.path(what)).await.status, want, "{what}");
        }
        for (what, fields) in [
            ("depart", TICKS),
            ("start", ""),
            ("resume", ""),
            ("wait", "reason=parts"),
            ("parts", "part_id_text=P1"),
            ("consent", "by=a"),
            ("complete", "cause=product&test_run=done&result=a"),
            ("call", ""),
            ("route", ""),
            ("attempts", "code=no_answer"),
            ("delay", "reason=traffic&expected_at=2026-11-18T10:30"),
            ("alarm", ""),
        ] {
            let answer = world.other.form(&world.path(what), fields).await;
            assert_eq!(answer.status, 404, "{what}: {}", answer.text());
        }
        for what in ["departure-check", "attempts", "delay", "incidents", "closing"] {
            let body = json!({ "code": if what == "attempts" { "no_answer" } else { "alarm" }, "reason": "traffic",
                "expected_at": "2026-11-18T10:30", "test_run": "done" });
            world.other.post(&format!("/orders/{order}/{what}"), body).await.refused(404);
        }
    }

    async fn a_helper_has_the_visit_in_his_day_and_his_lists(app: TestApp) {
        let world = world(app).await;
        let (lead, helper) = (world.engineer.staff.expect("a person"), world.other.staff.expect("a person"));
        let assign = json!({ "engineer_id": lead, "reason": "两人作业", "helpers": [{ "staff_id": helper, "share_bp": 3000 }] });
        world.admin.post(&format!("/orders/{}/assign", id(&world.order)), assign).await.ok();
        for person in [&world.engineer, &world.other] {
            assert_eq!(person.get("/field/today").await.ok()["visits"][0]["customer_name"], "湖滨万象城");
            let list = person.get("/orders").await.ok();
            assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "{list}");
            assert_eq!(person.page(&world.path("")).await.status, 200);
        }
        let third = app.user(Role::Engineer).await;
        assert_eq!(third.get("/orders").await.ok()["items"].as_array().map(Vec::len), Some(0));
    }

    async fn the_phone_pages_are_for_engineers(app: TestApp) {
        let world = world(app).await;
        app.user(Role::Agent).await.get("/field/today").await.refused(403);
        for path in ["/m", "/m?view=todo", "/m/stock", "/m/me"] {
            let page = world.engineer.page(path).await;
            assert_eq!(page.status, 200, "{path}: {}", page.text());
        }
        assert!(world.engineer.page("/m/stock?q=P1").await.text().contains("压力传感器"));
        assert!(!world.engineer.page("/m/stock?q=zzz").await.text().contains("压力传感器"));
        assert_eq!(world.engineer.get("/field/stock?q=ylcgq").await.ok()["items"][0]["code"], "P1", "found by pinyin");
        assert!(world.engineer.page(&world.path("parts/suggest?q=P1")).await.text().contains("压力传感器"));
        let nothing = world.other.get("/field/stock").await.ok();
        assert!(nothing["depot"].is_null() && nothing["items"] == json!([]), "{nothing}");
    }

    async fn calling_is_one_tap_and_on_record(app: TestApp) {
        let world = world(app).await;
        let answer = world.engineer.form(&world.path("call"), "").await;
        assert_eq!(answer.headers["location"], "tel:13800136027");
        let answer = world.engineer.form(&world.path("route"), "").await;
        assert!(answer.headers["location"].to_str().is_ok_and(|url| url.starts_with("https://") && url.contains("%E5%A4%AA%E6%B9%96")));
        let mut conn = app.app.db.read().await.expect("a reader");
        let looks: i64 = conn.scalar("select count(*) from audit where action = 'revealed'", vec![]).await.expect("counted");
        assert_eq!(looks, 2);
    }

    async fn engineers_on_a_phone_start_with_their_visits(app: TestApp) {
        let world = world(app).await;
        let phone = [("user-agent", "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36")];
        let start = world.engineer.send(http::Method::GET, "/", &phone, Vec::new()).await;
        assert_eq!(start.headers["location"], "/m");
        let desk: [(&str, &str); 0] = [];
        for (client, headers) in [(&world.engineer, &desk[..]), (&world.dispatcher, &phone[..]), (&world.admin, &phone[..])] {
            let start = client.send(http::Method::GET, "/", headers, Vec::new()).await;
            assert_ne!(start.headers["location"], "/m", "not at a desk, and not for others");
        }
    }
}
