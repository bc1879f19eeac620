//! From departure to confirmation by form posts, as a phone sends them.

use serde_json::json;

use crate::world::{PIXEL, SIGNATURE, TICKS, enc, id, world};

fn complete(extra: &str) -> String {
    let (cause, result) = (enc("探头漂移"), enc("更换传感器"));
    format!("cause=product&root_cause={cause}&result={result}&signature_png={}&{extra}", enc(SIGNATURE))
}

testkit::app_test! {
    async fn a_visit_is_done_on_the_phone(app: TestApp) {
        let world = world(app).await;
        assert_eq!(world.next().await, "depart");
        world.refused("depart", "ticked=tools", "还缺").await;
        world.step("depart", TICKS).await;
        assert_eq!(world.next().await, "arrive");
        let answer = world.arrive(false).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        assert!(answer.text().contains("请先拍摄现场环境"));
        assert_eq!(world.arrive(true).await.status, 303);
        let seen = world.seen().await;
        assert_eq!(seen["files"][0]["label"], "arrival");
        assert_eq!(world.next().await, "start");
        world.step("start", "").await;
        assert_eq!(world.next().await, "complete");
        world.refused("parts", "quantity=1", "请扫码或输入备件编码").await;
        world.refused("parts", "part_id_text=P1&quantity=9", "3").await;
        world.step("parts", "part_id_text=P1&quantity=2").await;
        assert_eq!(world.engineer.get("/field/stock").await.ok()["items"][0]["available"], 1000);
        let line = id(&world.seen().await["order"]["items"].as_array().and_then(|l| l.iter().find(|l| l["kind"] == "part").cloned()).expect("a part"));
        world.step(&format!("parts/{line}"), "quantity=1").await;
        assert_eq!(world.engineer.get("/field/stock").await.ok()["items"][0]["available"], 2000);
        world.refused("escalate", "reason=", "请写明原因").await;
        assert!(world.engineer.page(&world.path("escalate")).await.text().contains("升级到上一级"));
        world.step("escalate", &format!("reason={}", enc("疑难"))).await;
        assert_eq!(world.seen().await["order"]["level"], 2, "raised from the road (WO-16)");
        world.refused("wait", "", "请选择原因").await;
        world.step("wait", "reason=customer").await;
        assert_eq!(world.next().await, "resume");
        world.step("resume", "").await;
        world.refused("complete", &complete(""), "请选择试机结果").await;
        assert!(world.engineer.page(&world.path("complete")).await.text().contains("客户签名"));
        let finding = format!("test_run=done&used.0.id={line}&used.0.quantity=1&findings.0.text={}", enc("滤网老化"));
        world.step("complete", &complete(&finding)).await;
        assert_eq!(world.next().await, "confirm");
        world.step("confirm", "score=100").await;
        let seen = world.seen().await;
        assert_eq!((seen["next"].as_str(), seen["order"]["state"].as_str()), (Some("nothing"), Some("confirmed")));
        assert_eq!(seen["notes"][0]["text"], "滤网老化", "a finding stays open on the unit: {seen}");
        let done = world.engineer.get("/field/today?view=done").await.ok();
        assert_eq!(done["visits"].as_array().map(Vec::len), Some(1), "{done}");
    }

    async fn a_form_sent_twice_is_one_step(app: TestApp) {
        let world = world(app).await;
        world.step("depart", TICKS).await;
        world.arrive(true).await;
        world.step("start", "idem=once").await;
        world.step("start", "idem=once").await;
        world.step("parts", "idem=twice&part_id_text=P1&quantity=1").await;
        world.step("parts", "idem=twice&part_id_text=P1&quantity=1").await;
        assert_eq!(world.engineer.get("/field/stock").await.ok()["items"][0]["available"], 2000, "one piece was taken once");
    }

    async fn departure_with_missing_items_warns_or_stops(app: TestApp) {
        let world = world(app).await;
        world.refused("depart", "ticked=tools", "垫布").await;
        world.step("depart", "ticked=tools&anyway=on").await;
        let seen = world.seen().await;
        assert!(seen["check"]["missing"].to_string().contains("mat"), "{seen}");
        assert!(world.engineer.page(&world.path("")).await.text().contains("出发自检缺"));
    }

    async fn a_wrong_photo_is_taken_back_on_the_phone_and_what_no_browser_shows_is_no_broken_picture(app: TestApp) {
        let world = world(app).await;
        let put = async |body: &[u8], name: &str| {
            let file = app.app.id();
            let path = format!("/api/v1/docs/order/{}/files/{file}?name={name}&label=fault", id(&world.order));
            let sent = world.engineer.send(http::Method::PUT, &path, &[], body.to_vec()).await;
            assert!(sent.status.is_success(), "{}", sent.text());
            file
        };
        let (shown, heic) = (put(PIXEL, "a.png").await, put(b"\0\0\0\x18ftypheic\0\0\0\0xxxx", "a.heic").await);
        let page = world.engineer.page(&world.path("")).await.text();
        assert!(page.contains(&format!("src=\"/files/{shown}/thumb\"")) && !page.contains(&format!("src=\"/files/{heic}")));
        let void = format!("/docs/order/{}/files/{heic}/void", id(&world.order));
        assert!(page.contains(&void), "the menu of the phone");
        let here = format!("http://x{}", world.path(""));
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin"), ("hx-request", "true"), ("hx-current-url", here.as_str())];
        let done = world.engineer.send(http::Method::POST, &void, &headers, b"reason=x".to_vec()).await;
        assert_eq!(done.headers["hx-redirect"].to_str().expect("text"), world.path(""), "back on the phone");
        assert!(!world.engineer.page(&world.path("")).await.text().contains(&heic.to_string()));
    }

    async fn a_refused_completion_keeps_the_signature(app: TestApp) {
        let world = world(app).await;
        world.at_work().await;
        let path = world.path("complete");
        let answer = world.engineer.form(&path, &format!("cause=product&test_run=done&result=&signature_png={}", enc(SIGNATURE))).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text().contains("signature_kept") && answer.text().contains("已保留刚才的签名"));
        let again = format!("cause=product&root_cause=a&result=b&test_run=done&signature_kept={}", enc(SIGNATURE));
        world.step("complete", &again).await;
    }

    /// What a phone keeps of a form is put back only in the round of work it was typed in.
    async fn forms_of_a_visit_name_the_round_they_are_kept_for(app: TestApp) {
        let world = world(app).await;
        let keep = async |what: &str| {
            let page = world.engineer.page(&world.path(what)).await.text();
            page.split("data-keep=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_string()
        };
        assert_eq!(keep("").await, "0.scheduled.depart");
        world.at_work().await;
        assert_eq!(keep("complete").await, "0.in_progress.complete");
        assert_eq!(keep("reports").await, "0.in_progress.complete");
        world.step("complete", &complete("test_run=done")).await;
        let order = id(&world.order);
        world.admin.post(&format!("/orders/{order}/reopen"), json!({ "reason": "又漏水" })).await.ok();
        let page = world.engineer.page(&world.path("")).await.text();
        assert!(page.contains("返工原因：") && page.contains("又漏水"), "{page}");
        app.advance(60).await;
        let assign = json!({ "engineer_id": world.engineer.staff });
        world.admin.post(&format!("/orders/{order}/assign"), assign).await.ok();
        assert_eq!(keep("").await, "1.scheduled.depart");
        // Another departure is another check (FIELD-01).
        let page = world.engineer.page(&world.path("")).await.text();
        assert!(page.contains("name=\"ticked\"") && !page.contains("name=\"ticked\" value=\"tools\" checked"), "{page}");
        assert_eq!(world.seen().await["check"], json!(null));
        world.step("depart", TICKS).await;
        assert!(world.seen().await["check"]["ticked"].to_string().contains("tools"));
    }

    async fn an_empty_completion_tells_everything_that_is_missing_at_once(app: TestApp) {
        let world = world(app).await;
        world.at_work().await;
        let answer = world.engineer.form(&world.path("complete"), "cause=&result=").await;
        assert_eq!(answer.status, 422);
        for missing in ["请选择试机结果", "请选择原因归属", "请填写处理结果", "请客户签字"] {
            assert!(answer.text().contains(missing), "{missing}: {}", answer.text());
        }
        world.refused("complete", &complete(""), "请选择试机结果").await;
        assert_eq!(world.next().await, "complete", "nothing was handed in by trying");
    }

    async fn the_tab_bar_stays_where_its_places_lead_out_of_the_phone_pages(app: TestApp) {
        let world = world(app).await;
        for page in ["/notifications", "/me"] {
            assert!(world.engineer.page(page).await.text().contains("class=\"tabbar\""), "{page}");
        }
        assert!(!world.dispatcher.page("/notifications").await.text().contains("tabbar"), "the office has its menu");
    }

    async fn an_uncertain_repair_is_asked_about_within_hours(app: TestApp) {
        let world = world(app).await;
        world.at_work().await;
        world.step("complete", &complete("test_run=done&uncertain=on")).await;
        app.drain().await;
        let calls = format!("/orders/{}/callbacks", id(&world.order));
        app.advance(2 * 3600).await;
        assert_eq!(world.admin.get(&calls).await.ok().as_array().map(Vec::len), Some(0));
        app.advance(3700).await;
        assert_eq!(world.admin.get(&calls).await.ok().as_array().map(Vec::len), Some(1));
        app.advance(24 * 3600).await;
        assert_eq!(world.admin.get(&calls).await.ok().as_array().map(Vec::len), Some(1), "the later clock makes no second call");
    }

    async fn no_work_over_the_limit_before_consent(app: TestApp) {
        let world = world(app).await;
        let path = format!("/orders/{}", id(&world.order));
        world.admin.put(&path, json!({ "over_quote_limit": 100, "warranty": "out" })).await.ok();
        world.at_work().await;
        world.step("parts", "part_id_text=P1&quantity=1").await;
        assert_eq!(world.next().await, "consent");
        let page = world.engineer.page(&world.path("complete")).await.text();
        assert!(page.contains("先征得客户同意才能完工"), "said before anything is signed: {page}");
        world.refused("consent", "by=&total=1000", "请填写同意人").await;
        world.step("consent", &format!("by={}&total=1000", enc("李建平"))).await;
        assert_eq!(world.next().await, "complete");
    }

    async fn the_site_view_reads_little(app: TestApp) {
        let world = world(app).await;
        let cx = app.system();
        let id = id(&world.order).parse().expect("an id");
        field::job::service::job(&cx, id).await.expect("read");
        let statements = cx.req.statements.load(std::sync::atomic::Ordering::Relaxed);
        assert!(statements <= 14, "{statements} statements");
    }
}
