//! Requests from the outside, on both engines.

mod caller;
mod drafts;
mod ends;
mod rings;

use http::Method;
use kit::Role;
use serde_json::{Value, json};
use testkit::{Client, TestApp, app_test};

fn repair(then: &str) -> Value {
    json!({
        "topic": "repair", "content": "repair.dead", "caller_phone": "138 0013 6027", "customer_name": "李建平", "region": "江苏省苏州市",
        "district": "吴中区", "address": "太湖东路9号", "model": "KFR-35GW", "serial": "SN-0001", "purchase_date": "2026-05-01",
        "text": "开机不制冷", "demand": "今天上门", "then": then
    })
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

async fn count(app: &TestApp, sql: &str) -> i64 {
    let mut conn = app.app.db.read().await.expect("a reader");
    conn.scalar(sql, vec![]).await.expect("a number")
}

async fn register(agent: &Client, body: Value) -> Value {
    agent.post("/requests", body).await.ok()
}

app_test! {
    async fn what_is_typed_becomes_files_and_is_found_next_time(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let first = register(&agent, repair("save")).await;
        assert_eq!((text(&first, "state"), &first["first_time"]), ("open", &json!(true)));
        assert_eq!((text(&first, "customer_name"), text(&first, "model_name")), ("李建平", "KFR-35GW"));
        assert!(first["customer_id"].is_string() && first["unit_id"].is_string());
        assert!(first["promised_at"].is_string(), "an answer is owed");
        let again = register(&agent, repair("save")).await;
        assert_eq!((&again["customer_id"], &again["unit_id"]), (&first["customer_id"], &first["unit_id"]));
        assert_eq!(again["first_time"], json!(false));
        // The number alone says who calls.
        let by_number = register(&agent, json!({ "topic": "consult", "caller_phone": "13800136027", "answer": "已告知" })).await;
        assert_eq!(by_number["customer_id"], first["customer_id"]);
        assert_eq!(text(&by_number, "state"), "answered");
        let found = agent.get("/lookup?phone=+86-13800136027").await.ok();
        assert_eq!(found["customers"][0]["id"], first["customer_id"]);
        assert_eq!(found["customers"][0]["units"][0]["id"], first["unit_id"]);
        assert_eq!(found["customers"][0]["requests"].as_array().map(Vec::len), Some(3));
        assert_eq!(count(app, "select count(*) from customer").await, 1);
    }

    async fn whose_a_number_is_can_not_be_found_out_by_taking_requests_down(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        register(&agent, repair("save")).await;
        let by = async |path: &str, phone: &str| {
            let body = json!({ "topic": "consult", "content": "consult.price", "caller_phone": phone, "answer": "已告知" });
            agent.post(path, body).await.status.as_u16()
        };
        for n in 0..20 {
            assert_ne!(by("/requests", &format!("1390000{n:04}")).await, 429);
        }
        assert_eq!(by("/requests", "13800136027").await, 429);
        assert_eq!(by("/requests/drafts", "13800136027").await, 429);
        let named = json!({ "topic": "consult", "caller_phone": "13900005555", "customer_name": "别人", "answer": "已告知" });
        assert_ne!(agent.post("/requests", named).await.status.as_u16(), 429, "whose name is told");
        assert_ne!(by("/requests", "13900000003").await, 429, "what was asked before");
    }

    /// CUST-01: what twelve months came to, on the customer's page and over the API, by the caller's reach.
    async fn a_customers_last_twelve_months_are_summed_up(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let made = register(&agent, repair("order")).await;
        let customer = text(&made, "customer_id").to_string();
        let admin = app.admin().await;
        let second = json!({ "customer_id": customer, "kind": "repair_minor", "mode": "brought_in", "symptom": "漏水", "demand": "修好" });
        let second = admin.post("/orders", second).await.ok();
        let at = |action: &str| format!("/orders/{}/{action}", text(&second, "id"));
        let fee = json!({ "kind": "fee", "name": "检修费", "price": 12_000, "quantity": 1000 });
        admin.post(&at("lines"), fee).await.ok();
        admin.post(&at("cancel"), json!({ "reason": "客户不修了" })).await.ok();
        let path = format!("/customers/{customer}/summary");
        let year = agent.get(&path).await.ok();
        assert_eq!((&year["orders"], &year["open"], &year["called"]), (&json!(1), &json!(1), &json!(0)), "what was called off does not count: {year}");
        let third = json!({ "customer_id": customer, "kind": "repair_minor", "mode": "brought_in", "symptom": "异响", "demand": "修好", "warranty": "out" });
        let third = admin.post("/orders", third).await.ok();
        let engineer = app.user(Role::Engineer).await;
        let at = |action: &str| format!("/orders/{}/{action}", text(&third, "id"));
        admin.verify_order(text(&third, "id")).await;
        for (action, body) in [
            ("assign", json!({ "engineer_id": engineer.staff })),
            ("start", json!({})),
            ("lines", json!({ "kind": "fee", "name": "检修费", "price": 12_000, "quantity": 1000 })),
            ("complete", json!({ "cause": "product", "root_cause": "松动", "result": "紧固", "unsigned_reason": "送修" })),
            ("confirm", json!({ "score": 80 })),
        ] {
            admin.post(&at(action), body).await.ok();
        }
        let cx = app.system();
        let kit::Begun::New(mut tx) = cx.begin("test.callback", &1).await.expect("begins") else { panic!("no key was given") };
        orders::api::callback_result_in(&mut tx, text(&third, "id").parse().expect("an id"), "satisfied").await.expect("a result");
        tx.commit(()).await.expect("commits");
        let year = agent.get(&path).await.ok();
        assert_eq!(
            (&year["orders"], &year["open"], &year["called"], &year["satisfied"], &year["score_sum"], &year["payable"]),
            (&json!(2), &json!(2), &json!(1), &json!(1), &json!(80), &json!(12_000)),
            "{year}"
        );
        let page = agent.page(&path).await.text();
        assert!(page.contains("100") && page.contains("120.00"), "{page}");
        // Another outlet's people see no figures of orders that are not theirs; nobody sees nothing.
        let elsewhere = app.outlet("别处").await;
        let stranger = app.user_in(Role::Outlet, elsewhere).await;
        assert_eq!(stranger.get(&path).await.ok()["orders"], 0);
        app.nobody().get(&path).await.refused(401);
    }

    /// A content names a kind of work that exists, chosen from a list.
    async fn a_content_names_an_existing_kind_of_work(app: TestApp) {
        let admin = app.admin().await;
        let content = |kind: &str| json!({ "topic": "repair", "code": "repair.smell", "name": "异味", "work_kind": kind });
        let refused = admin.post("/topic-contents", content("magic")).await;
        assert_eq!(refused.status, 422);
        assert_eq!(refused.json()["errors"][0]["field"], "work_kind");
        admin.put("/work-kinds/training", json!({ "name": "培训", "name_en": "Training", "grouping": "other", "active": true })).await.ok();
        admin.post("/topic-contents", content("training")).await.ok();
        let page = admin.page("/intake/topics").await.text();
        assert!(page.contains("value=\"training\" selected") && page.contains("培训"), "the kind is chosen, not typed");
    }

    async fn a_part_that_nobody_knew_can_be_asked_for(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let ask = json!({ "topic": "parts", "content": "parts.preorder", "customer_name": "王芳", "caller_phone": "13900001111",
            "part": "遥控器 RC-9", "part_quantity": 2000 });
        let first = register(&agent, ask.clone()).await;
        assert_eq!(text(&first, "part_name"), "遥控器 RC-9");
        let again = register(&agent, ask).await;
        assert_eq!(again["part_id"], first["part_id"]);
    }

    async fn a_request_and_its_order_are_one_transaction(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let made = agent.post_key("/requests", "k-1", repair("order")).await.ok();
        let again = agent.post_key("/requests", "k-1", repair("order")).await.ok();
        assert_eq!((text(&made, "state"), made["orders"].as_array().map(Vec::len)), ("ordered", Some(1)));
        assert_eq!(made["orders"], again["orders"]);
        assert_eq!(count(app, "select count(*) from service_order").await, 1);
        let order = agent.get(&format!("/orders/{}", text(&made["orders"][0], "id"))).await.ok();
        assert_eq!((&order["request_id"], &order["unit_id"]), (&made["id"], &made["unit_id"]));
        assert_eq!((text(&order, "symptom"), text(&order, "demand")), ("开机不制冷", "今天上门"));
        // An impossible order leaves no request behind.
        let mut bad = repair("order");
        bad["kind"] = json!("no_such_kind");
        bad["serial"] = json!("SN-0002");
        agent.post("/requests", bad).await.refused(422);
        assert_eq!(count(app, "select count(*) from service_request").await, 1);
        assert_eq!(count(app, "select count(*) from unit").await, 1);
        // A second call about the same unit names the open order and can be put to it (CALL-19).
        let chasing = register(&agent, json!({ "topic": "consult", "content": "consult.progress", "unit_id": made["unit_id"] })).await;
        assert_eq!(chasing["related_order_id"], made["orders"][0]["id"]);
        let joined = agent.post(&format!("/requests/{}/join", text(&chasing, "id")), json!({ "order_id": made["orders"][0]["id"] })).await.ok();
        assert_eq!((text(&joined, "state"), &joined["orders"][0]["joined"]), ("ordered", &json!(true)));
        assert_eq!(count(app, "select count(*) from service_order").await, 1);
    }

    async fn an_order_can_be_made_later(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let request = register(&agent, repair("save")).await;
        let path = format!("/requests/{}/order", text(&request, "id"));
        let order = agent.post_key(&path, "o-1", json!({ "mode": "brought_in", "urgent": true })).await.ok();
        let same = agent.post_key(&path, "o-1", json!({ "mode": "brought_in", "urgent": true })).await.ok();
        assert_eq!(order["id"], same["id"]);
        assert_eq!((text(&order, "mode"), &order["unit_id"], &order["urgent"]), ("brought_in", &request["unit_id"], &json!(true)));
        let now = agent.get(&format!("/requests/{}", text(&request, "id"))).await.ok();
        assert_eq!((text(&now, "state"), text(&now["orders"][0], "no")), ("ordered", text(&order, "no")));
        let second = agent.post(&path, json!({ "units": [] })).await.ok();
        assert_ne!(second["id"], order["id"]);
    }

    async fn advice_on_the_phone_plans_a_follow_up(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        agent.post("/requests", repair("solve")).await.refused(422);
        let mut body = repair("solve");
        body["answer"] = json!("重新上电后恢复");
        assert_eq!(agent.post("/requests", body.clone()).await.refused(422), "intake.ask_accepted");
        body["advice_accepted"] = json!(true);
        let solved = register(&agent, body).await;
        assert_eq!((text(&solved, "state"), &solved["promised_at"]), ("solved_by_phone", &Value::Null));
        app.drain().await;
        app.clock.advance_secs(2 * 3600 + 60);
        kit::timers::fire_due(&app.app, 100).await.expect("clocks");
        assert_eq!(count(app, "select count(*) from callback where state = 'planned'").await, 1);
    }

    /// CALL-09: who does not accept advice gets a visit; CALL-11: who was not helped by it, too.
    async fn advice_that_does_not_help_leads_to_a_visit(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let with = |more: Value| {
            let mut body = repair("solve");
            body["answer"] = json!("重新上电");
            for (key, value) in more.as_object().expect("an object") { body[key] = value.clone(); }
            body
        };
        // On the phone: not accepted.
        let refused = register(&agent, with(json!({ "advice_accepted": false }))).await;
        assert_eq!((text(&refused, "state"), text(&refused, "advice")), ("ordered", "refused"));
        assert_eq!(refused["orders"].as_array().map(Vec::len), Some(1));
        // On the request's page, about a question that names no kind of work.
        let asked = register(&agent, json!({ "topic": "consult", "content": "consult.use", "caller_phone": "13800136027", "text": "不会用" })).await;
        let solve = format!("/requests/{}/solve", text(&asked, "id"));
        assert_eq!(agent.post(&solve, json!({ "answer": "按说明书" })).await.refused(422), "intake.ask_accepted");
        let visit = agent.post(&solve, json!({ "answer": "按说明书", "advice_accepted": false })).await.ok();
        assert_eq!((text(&visit, "state"), text(&visit, "advice")), ("ordered", "refused"));
        let order = agent.get(&format!("/orders/{}", text(&visit["orders"][0], "id"))).await.ok();
        assert_eq!((text(&order, "kind"), text(&order, "mode")), ("repair_minor", "on_site"));
        // Two hours later: it did not help.
        let clerk = app.user(Role::Callback).await;
        let call_back = async |request: &Value, class: &str| {
            app.drain().await;
            app.clock.advance_secs(2 * 3600 + 60);
            kit::timers::fire_due(&app.app, 100).await.expect("clocks");
            let open = clerk.get("/callbacks?filter=state~in~planned%3Bkind~in~phone_advice").await.ok();
            let call = text(&open["items"][0], "id").to_string();
            let page = clerk.page(&format!("/callbacks/{call}")).await.text();
            assert!(page.contains(&format!("/requests/{}", text(request, "id"))));
            clerk.post(&format!("/callbacks/{call}/result"), json!({ "class": class, "demand": "还是不制冷" })).await.ok();
            app.drain().await;
            agent.get(&format!("/requests/{}", text(request, "id"))).await.ok()
        };
        let solved = register(&agent, with(json!({ "advice_accepted": true }))).await;
        let content = call_back(&solved, "satisfied").await;
        assert_eq!((text(&content, "state"), content["orders"].as_array().map(Vec::len)), ("solved_by_phone", Some(0)));
        let solved = register(&agent, with(json!({ "advice_accepted": true }))).await;
        let failed = call_back(&solved, "unsatisfied").await;
        assert_eq!((text(&failed, "state"), text(&failed, "advice")), ("ordered", "failed"), "{failed}");
        assert_eq!(count(app, "select count(*) from service_order where remark like '%还是不制冷%'").await, 1);
        let told = agent.get("/notifications").await.ok();
        assert!(told.to_string().contains("电话指导未奏效"), "{told}");
        // A special request waits for the head: open again, and not to be closed without a visit.
        let special = register(&agent, with(json!({ "advice_accepted": true, "class": "special", "class_reason": "媒体" }))).await;
        let failed = call_back(&special, "not_fixed_once").await;
        assert_eq!((text(&failed, "state"), text(&failed, "advice")), ("open", "failed"));
        let path = format!("/requests/{}", text(&failed, "id"));
        assert_eq!(agent.post(&format!("{path}/close"), json!({})).await.refused(422), "intake.visit_owed");
        assert!(agent.page(&path).await.text().contains("须安排上门"));
        let due = agent.get("/requests?view=visit").await.ok();
        assert_eq!(due["items"].as_array().map(Vec::len), Some(1));
        app.user(Role::Manager).await.post(&format!("{path}/order"), json!({})).await.ok();
    }

    /// CUST-23: another branch's customer is found and served, not opened once more.
    async fn another_branchs_customer_is_served_without_a_duplicate(app: TestApp) {
        let (a, b) = (app.outlet("一分公司").await, app.outlet("二分公司").await);
        let (ours, theirs) = (app.user_in(Role::Agent, a).await, app.user_in(Role::Agent, b).await);
        let first = register(&ours, repair("save")).await;
        let found = theirs.get("/lookup?phone=13800136027").await.ok();
        assert_eq!((&found["customers"][0]["id"], &found["customers"][0]["elsewhere"]), (&first["customer_id"], &json!(true)));
        assert_eq!(found["customers"][0]["requests"], json!([]), "what was asked there stays there");
        let second = register(&theirs, repair("order")).await;
        assert_eq!((&second["customer_id"], &second["unit_id"]), (&first["customer_id"], &first["unit_id"]));
        assert_eq!(second["org_id"], json!(b));
        let order = theirs.get(&format!("/orders/{}", text(&second["orders"][0], "id"))).await.ok();
        assert_eq!((&order["org_id"], &order["customer_id"]), (&json!(b), &first["customer_id"]));
        assert_eq!(count(app, "select count(*) from customer").await, 1);
        assert_eq!(theirs.page(&format!("/orders/{}", text(&second["orders"][0], "id"))).await.status, 200);
        theirs.get(&format!("/requests/{}", text(&first, "id"))).await.refused(404);
        theirs.get(&format!("/customers/{}", text(&first, "customer_id"))).await.refused(404);
    }

    /// CUST-01: calls and letters on the customer's screen; PROD-05: what was asked about a unit on the unit's.
    async fn customer_and_unit_show_calls_letters_and_requests(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let made = register(&agent, repair("save")).await;
        let customer = text(&made, "customer_id").to_string();
        agent.post("/calls", json!({ "medium": "invitation", "direction": "out", "customer_id": customer, "note": "新品体验邀请" })).await.ok();
        let calls = agent.page(&format!("/customers/{customer}/calls")).await.text();
        assert!(calls.contains("新品体验邀请") && calls.contains("邀请函") && calls.contains(&format!("/requests/{}", text(&made, "id"))), "{calls}");
        assert!(agent.page(&format!("/customers/{customer}")).await.text().contains(&format!("/customers/{customer}/calls")));
        register(&agent, json!({ "topic": "complaint", "content": "complaint.late", "unit_id": made["unit_id"], "caller_phone": "13800136027", "text": "来晚了" })).await;
        let unit = text(&made, "unit_id").to_string();
        let requests = agent.page(&format!("/units/{unit}/requests")).await.text();
        assert!(requests.contains("投诉") && requests.contains("报修"), "{requests}");
        let page = app.admin().await.page(&format!("/units/{unit}")).await.text();
        for part in ["requests", "photos", "orders", "warranty"] {
            assert!(page.contains(&format!("/units/{unit}/{part}")), "{part}");
        }
        let elsewhere = app.outlet("别处").await;
        let stranger = app.user_in(Role::Outlet, elsewhere).await;
        let nothing = stranger.page(&format!("/customers/{customer}/calls")).await.text();
        assert!(!nothing.contains("新品体验邀请"));
    }

    /// CB-07: questions are the company's, by kind of work; answers are kept and printed.
    async fn questions_of_callbacks_are_data(app: TestApp) {
        let admin = app.admin().await;
        let asked = json!([
            { "code": "cool", "zh": "制冷效果如何？", "en": "", "answer": "score", "kinds": "repair_minor" },
            { "code": "clean", "zh": "现场清理干净了吗？", "en": "", "answer": "yes_no" },
            { "code": "install", "zh": "讲解了使用吗？", "en": "", "answer": "yes_no", "kinds": "install" }
        ]);
        admin.put("/settings", json!({ "key": "callbacks.questions", "value": asked })).await.ok();
        let agent = app.user(Role::Agent).await;
        let mut wish = repair("order");
        wish["mode"] = json!("brought_in");
        let made = register(&agent, wish).await;
        let clerk = app.user(Role::Callback).await;
        let order = text(&made["orders"][0], "id").to_string();
        let engineer = app.user(Role::Engineer).await;
        admin.verify_order(&order).await;
        for (action, body) in [
            ("assign", json!({ "engineer_id": engineer.staff })),
            ("start", json!({})),
            ("complete", json!({ "cause": "product", "root_cause": "松动", "result": "紧固", "unsigned_reason": "送修" })),
        ] {
            admin.post(&format!("/orders/{order}/{action}"), body).await.ok();
        }
        let call = clerk.post(&format!("/orders/{order}/callbacks"), json!({})).await.ok();
        let path = format!("/callbacks/{}", text(&call, "id"));
        let questions = clerk.get(&format!("{path}/questions")).await.ok();
        let codes: Vec<_> = questions.as_array().into_iter().flatten().map(|q| text(q, "code").to_string()).collect();
        assert_eq!(codes, ["cool", "clean"]);
        assert!(clerk.page(&path).await.text().contains("制冷效果如何？"));
        let answer = |code: &str, value: &str| json!({ "question": code, "value": value });
        let result = |answers: Value| json!({ "class": "satisfied", "quality": 5, "answers": answers });
        let refused = clerk.post(&format!("{path}/result"), result(json!([answer("cool", "9"), answer("install", "yes")]))).await;
        assert_eq!(refused.status, 422);
        let fields: Vec<_> = refused.json()["errors"].as_array().into_iter().flatten().map(|e| text(e, "field").to_string()).collect();
        assert_eq!(fields, ["answers.0.value", "answers.1.question"]);
        clerk.post(&format!("{path}/result"), result(json!([answer("cool", "4"), answer("clean", "no")]))).await.ok();
        let kept = clerk.get(&path).await.ok();
        assert_eq!((text(&kept["answers"][0], "text"), text(&kept["answers"][0], "value")), ("制冷效果如何？", "4"));
        for page in [path.clone(), format!("{path}/sheet")] {
            let page = clerk.page(&page).await.text();
            assert!(page.contains("现场清理干净了吗？") && page.contains("否"), "{page}");
        }
    }

    /// CALL-30: what is typed into an order becomes files; PROD-17 and CUST-13: wear and convenient time at completion.
    async fn orders_take_words_and_completion_tells_of_wear(app: TestApp) {
        let admin = app.admin().await;
        let typed = json!({ "customer_name": "王芳", "phone": "13900002222", "address": "狮山路8号", "serial": "SN-77", "model": "净水机 R9",
            "kind": "repair_minor", "mode": "brought_in", "warranty": "out", "symptom": "漏水", "demand": "修好",
            "lines": [{ "part": "滤芯 F9", "price": 8000 }] });
        let made = admin.post_key("/orders", "w-1", typed.clone()).await.ok();
        let again = admin.post_key("/orders", "w-1", typed.clone()).await.ok();
        assert_eq!(made["id"], again["id"]);
        let second = admin.post("/orders", typed).await.ok();
        assert_eq!((&second["customer_id"], &second["unit_id"]), (&made["customer_id"], &made["unit_id"]));
        assert_eq!(count(app, "select count(*) from customer").await, 1);
        assert_eq!(count(app, "select count(*) from part").await, 1);
        let refused = admin.post("/orders", json!({ "customer_name": "李四", "phone": "13900003333", "serial": "SN-78", "symptom": "x" })).await;
        assert_eq!(refused.json()["errors"][0]["field"], "model_id");
        assert_eq!(count(app, "select count(*) from customer").await, 1, "refused as a whole");
        let at = |action: &str| format!("/orders/{}/{action}", text(&made, "id"));
        admin.post(&at("lines"), json!({ "kind": "part", "part": "密封圈 M3", "price": 500 })).await.ok();
        assert_eq!(count(app, "select count(*) from part").await, 2);
        let engineer = app.user(Role::Engineer).await;
        admin.verify_order(text(&made, "id")).await;
        admin.post(&at("assign"), json!({ "engineer_id": engineer.staff })).await.ok();
        admin.post(&at("start"), json!({})).await.ok();
        // The parts were not there after all: nothing of them was used.
        let lines = admin.get(&at("lines")).await.ok();
        let parts = lines["items"].as_array().into_iter().flatten().filter(|line| line["kind"] == "part");
        let used: Vec<Value> = parts.map(|line| json!({ "id": line["id"], "quantity": 0 })).collect();
        assert_eq!(used.len(), 2);
        let sheet = |wear: Value, call_time: &str| json!({ "cause": "product", "root_cause": "老化", "result": "更换", "unsigned_reason": "送修",
            "used": used, "wear": wear, "call_time": call_time });
        let wrong = admin.post(&at("complete"), sheet(json!([{ "part": "滤芯", "percent": 140 }]), "")).await;
        assert_eq!(wrong.json()["errors"][0]["field"], "wear.0.percent", "{}", wrong.text());
        let wrong = admin.post(&at("complete"), sheet(json!([]), "晚上")).await;
        assert_eq!(wrong.json()["errors"][0]["field"], "call_time", "{}", wrong.text());
        admin.post(&at("complete"), sheet(json!([{ "part": "滤芯", "percent": 30, "months": 3 }, { "part": "" }]), "18:00-20:00")).await.ok();
        let records = admin.get(&format!("/units/{}/records", text(&made, "unit_id"))).await.ok();
        assert_eq!((&records["wear"][0]["percent"], &records["wear"][0]["source_no"]), (&json!(30), &made["no"]));
        let page = admin.page(&at("sheets/completion")).await.text();
        assert!(page.contains("30 %") && page.contains("18:00"), "{page}");
        let customer = admin.get(&format!("/customers/{}", text(&made, "customer_id"))).await.ok();
        assert_eq!((text(&customer, "call_from"), text(&customer, "call_to")), ("18:00", "20:00"));
        admin.post(&at("confirm"), json!({ "call_time": "09:00-11:00" })).await.ok();
        let customer = admin.get(&format!("/customers/{}", text(&made, "customer_id"))).await.ok();
        assert_eq!(text(&customer, "call_from"), "09:00");
        assert_eq!(admin.get(&format!("/units/{}/photos", text(&made, "unit_id"))).await.ok(), json!([]));
    }

    /// CALL-29: without a unit's code, where the company offers it; and the same over the API, with pictures.
    async fn anybody_can_report_without_a_code_when_it_is_offered(app: TestApp) {
        let (admin, nobody) = (app.admin().await, app.nobody());
        let body = |key: &str| json!({ "name": "过路人", "phone": "13711113333", "text": "机器冒烟", "model": "空压机 K2", "form_key": key,
            "photos": [{ "name": "a.png", "data": "data:image/png;base64,iVBORw0KGgowMDAw" }] });
        nobody.post("/public/report", body("f-1")).await.refused(404);
        assert_eq!(nobody.page("/report").await.status, 404);
        admin.put("/settings", json!({ "key": "intake.open_form", "value": true })).await.ok();
        assert!(nobody.page("/report").await.text().contains("序列号"));
        let first = nobody.post("/public/report", body("f-1")).await.ok();
        let again = nobody.post("/public/report", body("f-1")).await.ok();
        assert_eq!(first["status_path"], again["status_path"]);
        assert_eq!(nobody.page(text(&first, "status_path")).await.status, 200);
        assert_eq!(count(app, "select count(*) from service_request").await, 1);
        assert_eq!(count(app, "select count(*) from attachment where doc_kind = 'request'").await, 1);
        assert_eq!(count(app, "select count(*) from model").await, 0, "a stranger's words open no files");
        let list = admin.get("/requests?filter=channel~in~web").await.ok();
        assert!(text(&list["items"][0], "text").contains("空压机 K2"), "{list}");
        let trapped = json!({ "name": "bot", "phone": "13711113333", "text": "x", "website": "http://x" });
        assert_eq!(nobody.post("/public/report", trapped).await.ok()["status_path"], "");
        let empty = nobody.post("/public/report", json!({})).await;
        assert_eq!(empty.json()["errors"].as_array().map(Vec::len), Some(3));
        let broken = json!({ "name": "a", "phone": "13711113333", "text": "x", "photos": [{ "data": "???" }] });
        assert_eq!(nobody.post("/public/report", broken).await.json()["errors"][0]["field"], "photos.0.data");
        app.clock.advance_secs(61);
        // The same about a unit, by its code.
        let agent = app.user(Role::Agent).await;
        let made = register(&agent, repair("save")).await;
        let unit = agent.get(&format!("/units/{}", text(&made, "unit_id"))).await.ok();
        let token = unit["unit"]["public_path"].as_str().or(unit["public_path"].as_str()).expect("a path").trim_start_matches("/u/").to_string();
        let path = format!("/public/units/{token}/report");
        let told = nobody.post(&path, body("f-2")).await.ok();
        assert!(text(&told, "status_path").starts_with("/r/"));
        assert_eq!(count(app, "select count(*) from service_request where channel = 'web' and unit_id is not null").await, 1);
        nobody.post("/public/units/nothing/report", body("f-3")).await.refused(404);
        for _ in 0..6 {
            nobody.post("/public/report", json!({})).await;
        }
        assert_eq!(nobody.post("/public/report", json!({})).await.status, 429);
    }

    async fn nothing_is_closed_without_an_answer(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let request = register(&agent, repair("save")).await;
        let path = format!("/requests/{}", text(&request, "id"));
        assert_eq!(agent.post(&format!("{path}/close"), json!({})).await.refused(422), "intake.no_answer");
        let answered = agent.post(&format!("{path}/answer"), json!({ "answer": "明天上午上门", "version": 1 })).await.ok();
        assert_eq!(text(&answered, "state"), "answered");
        assert_eq!(agent.post(&format!("{path}/answer"), json!({ "answer": "x", "version": 1 })).await.refused(409), "stale");
        let closed = agent.post(&format!("{path}/close"), json!({ "note": "客户满意" })).await.ok();
        assert_eq!(text(&closed, "state"), "closed");
        assert_eq!(agent.post(&format!("{path}/solve"), json!({ "answer": "x", "advice_accepted": true })).await.refused(409), "intake.state");
    }

    async fn a_broken_promise_is_told_and_marked(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let mut body = repair("save");
        body["promised_at"] = json!("2026-11-18T05:00:00Z");
        let request = register(&agent, body).await;
        app.clock.advance_secs(3 * 3600 + 60);
        kit::timers::fire_due(&app.app, 100).await.expect("clocks");
        assert_eq!(agent.get("/notifications").await.ok().as_array().map(Vec::len), Some(1), "a warning");
        app.clock.advance_secs(3600);
        kit::timers::fire_due(&app.app, 100).await.expect("clocks");
        let late = agent.get(&format!("/requests/{}", text(&request, "id"))).await.ok();
        assert_eq!(late["overdue"], json!(true));
        let list = agent.get("/requests?view=late").await.ok();
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
        let path = format!("/requests/{}/promise", text(&request, "id"));
        let again = agent.post(&path, json!({ "promised_at": "2026-11-19T05:00:00Z" })).await.ok();
        assert_eq!((&again["overdue"], text(&again, "promised_at")), (&json!(false), "2026-11-19T05:00:00Z"));
    }

    async fn a_special_request_waits_for_the_head(app: TestApp) {
        let (agent, manager) = (app.user(Role::Agent).await, app.user(Role::Manager).await);
        let mut body = repair("save");
        body["class"] = json!("special");
        body["class_reason"] = json!("涉及人身安全");
        let request = register(&agent, body).await;
        let path = format!("/requests/{}", text(&request, "id"));
        assert_eq!(manager.get("/notifications").await.ok().as_array().map(Vec::len), Some(1));
        assert_eq!(agent.post(&format!("{path}/order"), json!({})).await.refused(422), "intake.not_cleared");
        agent.post(&format!("{path}/clear"), json!({ "note": "同意" })).await.refused(403);
        manager.post(&format!("{path}/clear"), json!({ "note": "派高级工程师" })).await.ok();
        agent.post(&format!("{path}/order"), json!({})).await.ok();
    }

    async fn a_call_answers_who_it_is(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let made = register(&agent, repair("order")).await;
        let pop = agent.post("/calls", json!({ "phone": "13800136027", "outcome": "ringing" })).await.ok();
        assert_eq!(pop["call"]["customer_id"], made["customer_id"]);
        assert_eq!(pop["lookup"]["customers"][0]["open_orders"][0]["id"], made["orders"][0]["id"]);
        let path = text(&pop, "intake_path").to_string();
        let page = agent.page(&path).await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("李建平") && page.text().contains("SN-0001"));
        let linked = register(&agent, json!({ "topic": "consult", "caller_phone": "13800136027", "call_id": pop["call"]["id"] })).await;
        let calls = agent.get("/calls").await.ok();
        assert_eq!(calls["items"][0]["request"], linked["no"]);
        assert_eq!(calls["items"].as_array().map(Vec::len), Some(2), "the first came by phone too");
        agent.post("/calls", json!({ "phone": "" })).await.refused(422);
    }

    async fn other_outlets_do_not_see_it(app: TestApp) {
        let (a, b) = (app.outlet("一号网点").await, app.outlet("二号网点").await);
        let (ours, theirs) = (app.user_in(Role::Outlet, a).await, app.user_in(Role::Outlet, b).await);
        let request = register(&ours, repair("save")).await;
        let path = format!("/requests/{}", text(&request, "id"));
        ours.get(&path).await.ok();
        theirs.get(&path).await.refused(404);
        theirs.post(&format!("{path}/answer"), json!({ "answer": "x" })).await.refused(404);
        theirs.post("/requests", json!({ "topic": "repair", "customer_id": request["customer_id"] })).await.refused(404);
        theirs.post("/requests", json!({ "topic": "repair", "unit_id": request["unit_id"] })).await.refused(404);
        let found = theirs.get("/lookup?phone=13800136027").await.ok();
        assert_eq!(found["customers"].as_array().map(Vec::len), Some(0));
        app.user(Role::Storekeeper).await.get(&path).await.refused(403);
    }

    async fn anybody_with_the_code_of_a_unit_can_ask_for_service(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let made = register(&agent, repair("save")).await;
        let unit = agent.get(&format!("/units/{}", text(&made, "unit_id"))).await.ok();
        let path = format!("{}/report", unit["unit"]["public_path"].as_str().or(unit["public_path"].as_str()).expect("a path"));
        let nobody = app.nobody();
        let form = nobody.page(&path).await;
        assert_eq!(form.status, 200);
        assert!(!form.text().contains("李建平"), "nothing of the owner is shown");
        let part = |name: &str, value: &str| format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        let headers = [("content-type", "multipart/form-data; boundary=x"), ("sec-fetch-site", "same-origin")];
        let png = b"\x89PNG\r\n\x1a\n0000";
        let mut body = [part("idem", "form-1"), part("name", "邻居"), part("phone", "13711112222"), part("content", "repair.noise"), part("text", "夜里很响")].concat().into_bytes();
        body.extend_from_slice(b"--x\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"a.png\"\r\n\r\n");
        body.extend_from_slice(png);
        body.extend_from_slice(b"\r\n--x--\r\n");
        let sent = nobody.send(Method::POST, &path, &headers, body.clone()).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let status = sent.headers["location"].to_str().expect("a path").to_string();
        let again = nobody.send(Method::POST, &path, &headers, body).await;
        assert_eq!((again.status.as_u16(), again.headers["location"].to_str().ok()), (303, Some(status.as_str())), "the same form, the same answer");
        assert_eq!(count(app, "select count(*) from service_request where channel = 'web'").await, 1);
        assert_eq!(count(app, "select count(*) from web_report").await, 1);
        let page = nobody.page(&status).await;
        assert_eq!(page.status, 200);
        assert!(!page.text().contains("13711112222") && !page.text().contains("邻居"));
        let list = agent.get("/requests?filter=channel~in~web").await.ok();
        let id = text(&list["items"][0], "id").to_string();
        let request = agent.get(&format!("/requests/{id}")).await.ok();
        assert_eq!((text(&request, "caller_name"), &request["confirmed_at"]), ("邻居", &Value::Null));
        assert_eq!(request["customer_id"], made["customer_id"]);
        assert_eq!(count(app, "select count(*) from attachment where doc_kind = 'request'").await, 1);
        // Programs fill what people don't see: nothing is stored.
        let trapped = [part("name", "bot"), part("phone", "13711112222"), part("text", "x"), part("website", "http://x"), "--x--\r\n".into()].concat();
        assert_eq!(nobody.send(Method::POST, &path, &headers, trapped.into_bytes()).await.status, 303);
        assert_eq!(count(app, "select count(*) from service_request where channel = 'web'").await, 1);
        let empty = [part("name", ""), "--x--\r\n".into()].concat().into_bytes();
        assert_eq!(nobody.send(Method::POST, &path, &headers, empty.clone()).await.status, 422);
        for _ in 0..5 {
            nobody.send(Method::POST, &path, &headers, empty.clone()).await;
        }
        assert_eq!(nobody.send(Method::POST, &path, &headers, empty).await.status, 429);
        assert_eq!(nobody.page("/u/nothing/report").await.status, 404);
        assert_eq!(nobody.page("/r/nothing").await.status, 404);
    }

    async fn the_screen_speaks_before_anything_is_typed(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let made = register(&agent, repair("order")).await;
        let page = agent.page("/intake?phone=13800136027").await;
        assert_eq!(page.status, 200);
        let html = page.text();
        for shown in ["李建平", "SN-0001", "KFR-35GW", text(&made["orders"][0], "no"), "并入"] {
            assert!(html.contains(shown), "{shown}");
        }
        let part = agent.send(Method::GET, "/intake/caller?caller_phone=13800136027", &[("hx-request", "true")], Vec::new()).await;
        assert!(part.text().contains("hx-partial"));
        let unknown = agent.page("/intake?phone=13999998888").await.text();
        assert!(unknown.contains("新客户"));
        let refused = agent.form("/intake", "topic=repair&then=solve&caller_phone=13999998888").await;
        assert_eq!(refused.status, 422);
        let saved = agent.form("/intake", "topic=consult&content=consult.use&then=&answer=%E5%B7%B2%E5%91%8A%E7%9F%A5&caller_phone=13800136027&idem=f1").await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        let href = saved.headers["location"].to_str().expect("a path").to_string();
        assert_eq!(agent.page(&href).await.status, 200);
        assert_eq!(agent.page("/requests").await.status, 200);
        assert_eq!(agent.page("/calls").await.status, 200);
        assert_eq!(agent.page("/calls/new?phone=1").await.status, 200);
        let fragment = agent.page(&format!("/customers/{}/requests", text(&made, "customer_id"))).await;
        assert_eq!(fragment.status, 200);
    }

    async fn companies_add_topics_of_their_own(app: TestApp) {
        let (agent, admin) = (app.user(Role::Agent).await, app.admin().await);
        agent.post("/topics", json!({ "name": "租赁" })).await.refused(403);
        admin.post("/topics", json!({ "code": "rent", "name": "租赁" })).await.ok();
        admin.post("/topic-contents", json!({ "code": "rent.ask", "topic": "rent", "name": "询价" })).await.ok();
        admin.post("/topic-contents", json!({ "topic": "none", "name": "x" })).await.refused(422);
        let made = register(&agent, json!({ "topic": "rent", "content": "rent.ask", "caller_name": "陈", "answer": "已报价" })).await;
        assert_eq!((text(&made, "topic_name"), text(&made, "content_name")), ("租赁", "询价"));
        agent.post("/requests", json!({ "topic": "rent", "content": "repair.dead", "caller_name": "陈" })).await.refused(422);
        assert_eq!(admin.page("/intake/topics").await.status, 200);
    }
}
