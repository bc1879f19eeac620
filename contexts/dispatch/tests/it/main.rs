//! Assignment and the day, through the front doors, on both engines.

use kernel::Id;
use kit::Role;
use serde_json::{Value, json};
use testkit::Client;

fn id_of(value: &Value) -> String {
    value["id"].as_str().unwrap_or_else(|| panic!("an id in {value}")).to_string()
}

async fn customer(client: &Client, name: &str, org: Id, region: &str) -> String {
    let body = json!({ "name": name, "phone": format!("138{:08}", name.len() * 7919), "org_id": org, "region": region, "address": "太湖东路 9 号" });
    id_of(&client.post("/customers", body).await.ok())
}

async fn order(client: &Client, customer: &str) -> String {
    let body = json!({ "customer_id": customer, "kind": "repair_minor", "mode": "on_site", "symptom": "高压报警", "demand": "今天恢复" });
    let order = id_of(&client.post("/orders", body).await.ok());
    client.verify_order(&order).await;
    order
}

fn window(engineer: Id, from: &str, to: Option<&str>) -> Value {
    let day = |clock: &str| format!("2026-11-20T{clock}:00+08:00");
    json!({ "engineer_id": engineer, "appointment_from": day(from), "appointment_to": to.map(day), "reason": "按区域" })
}

async fn assign(client: &Client, order: &str, body: Value) -> testkit::Answer {
    client.post(&format!("/orders/{order}/assign"), body).await
}

fn staff(client: &Client) -> Id {
    client.staff.expect("an engineer is a person")
}

testkit::app_test! {
    async fn nobody_is_booked_twice(app: TestApp) {
        let admin = app.admin().await;
        let engineer = app.user(Role::Engineer).await;
        let who = staff(&engineer);
        let customer = customer(&admin, "湖滨万象城", app.root, "吴中").await;
        let (first, second) = (order(&admin, &customer).await, order(&admin, &customer).await);
        assign(&admin, &first, window(who, "10:00", Some("12:00"))).await.ok();
        for (from, to) in [("11:00", "13:00"), ("09:00", "10:30"), ("10:30", "11:00"), ("09:00", "13:00")] {
            let refused = assign(&admin, &second, window(who, from, Some(to))).await;
            assert!(refused.text().contains("appointment_from") && refused.text().contains("湖滨万象城"), "{}", refused.text());
            assert_eq!(refused.refused(422), "dispatch.clash", "{from}–{to}");
        }
        let seen = admin.get(&format!("/orders/{second}")).await.ok();
        assert_eq!((&seen["state"], &seen["engineer_id"]), (&json!("new"), &Value::Null), "refused whole");
        // Touching ends do not clash.
        assign(&admin, &second, window(who, "12:00", Some("13:00"))).await.ok();
        // Nor does a visit clash with itself when it is moved.
        assign(&admin, &second, window(who, "12:30", Some("13:30"))).await.ok();
    }

    async fn a_visit_without_an_end_takes_its_usual_time(app: TestApp) {
        let admin = app.admin().await;
        let engineer = app.user(Role::Engineer).await;
        let customer = customer(&admin, "湖滨万象城", app.root, "吴中").await;
        let (first, second) = (order(&admin, &customer).await, order(&admin, &customer).await);
        assign(&admin, &first, window(staff(&engineer), "10:00", None)).await.ok();
        let code = assign(&admin, &second, window(staff(&engineer), "11:30", Some("12:30"))).await.refused(422);
        assert_eq!(code, "dispatch.clash", "two hours unless said");
        admin.put("/settings", json!({ "key": "dispatch.visit_minutes", "value": 60 })).await.ok();
        assign(&admin, &second, window(staff(&engineer), "11:30", None)).await.ok();
        let day = admin.get("/dispatch/day?date=2026-11-20").await.ok();
        let own = day["engineers"].as_array().expect("engineers").iter().find(|e| e["staff_id"] == json!(staff(&engineer))).expect("the engineer").clone();
        assert_eq!(own["bookings"].as_array().map(Vec::len), Some(2), "both stand in the day: {own}");
    }

    async fn whoever_helps_is_booked_too(app: TestApp) {
        let admin = app.admin().await;
        let (lead, helper) = (app.user(Role::Engineer).await, app.user(Role::Engineer).await);
        let customer = customer(&admin, "湖滨万象城", app.root, "吴中").await;
        let (first, second) = (order(&admin, &customer).await, order(&admin, &customer).await);
        let mut body = window(staff(&lead), "10:00", Some("12:00"));
        body["helpers"] = json!([{ "staff_id": staff(&helper), "share_bp": 4000 }]);
        assign(&admin, &first, body).await.ok();
        assert_eq!(assign(&admin, &second, window(staff(&helper), "11:00", Some("13:00"))).await.refused(422), "dispatch.clash");
        let day = admin.get("/dispatch/day?date=2026-11-20").await.ok();
        let busy = day["engineers"].as_array().expect("engineers").iter().filter(|e| e["bookings"].as_array().is_some_and(|b| b.len() == 1)).count();
        assert_eq!(busy, 2, "{day}");
        // The same over the page: helpers by row, shares in percent, blank rows left out.
        let page = admin.page(&format!("/orders/{second}/assign")).await;
        assert!(page.text().contains("helpers.1.staff_id"), "the dialog asks for helpers");
        let fields = format!("engineer_id={}&from=2026-11-20T14%3A00&to=2026-11-20T15%3A00&helpers.0.staff_id={}&helpers.0.share=30&helpers.1.staff_id=&helpers.1.share=", staff(&lead), staff(&helper));
        assert!(admin.form(&format!("/orders/{second}/assign"), &fields).await.status.is_redirection());
        let full = admin.get(&format!("/orders/{second}")).await.ok();
        let shares: Vec<i64> = full["engineers"].as_array().expect("shares").iter().filter_map(|s| s["share_bp"].as_i64()).collect();
        assert_eq!(shares.iter().sum::<i64>(), 10_000, "{full}");
        assert!(shares.contains(&3_000), "{full}");
    }

    async fn moving_an_appointment_in_the_order_is_checked_like_an_assignment(app: TestApp) {
        let admin = app.admin().await;
        let engineer = app.user(Role::Engineer).await;
        let customer = customer(&admin, "湖滨万象城", app.root, "吴中").await;
        let (first, second) = (order(&admin, &customer).await, order(&admin, &customer).await);
        assign(&admin, &first, window(staff(&engineer), "10:00", Some("12:00"))).await.ok();
        assign(&admin, &second, window(staff(&engineer), "14:00", Some("15:00"))).await.ok();
        let to = |from: &str, to: &str| json!({ "appointment_from": format!("2026-11-20T{from}:00+08:00"), "appointment_to": format!("2026-11-20T{to}:00+08:00") });
        assert_eq!(admin.put(&format!("/orders/{second}"), to("11:00", "12:30")).await.refused(422), "dispatch.clash");
        admin.put(&format!("/orders/{second}"), to("12:00", "13:00")).await.ok();
    }

    async fn an_absence_is_in_the_way_and_the_other_way_round(app: TestApp) {
        let admin = app.admin().await;
        let engineer = app.user(Role::Engineer).await;
        let customer = customer(&admin, "湖滨万象城", app.root, "吴中").await;
        let (first, second) = (order(&admin, &customer).await, order(&admin, &customer).await);
        let leave = |from: &str, to: &str| json!({ "staff_id": staff(&engineer), "kind": "leave", "from": format!("2026-11-20T{from}"), "to": format!("2026-11-20T{to}") });
        // What was left empty is told at its field, both at once.
        let empty = admin.post("/absences", json!({ "staff_id": staff(&engineer), "kind": "leave", "from": "", "to": " " })).await.json();
        let told: Vec<_> = empty["errors"].as_array().into_iter().flatten().map(|e| (e["code"].clone(), e["field"].clone())).collect();
        assert_eq!(told, [(json!("input.required"), json!("from")), (json!("input.required"), json!("to"))]);
        admin.post("/absences", leave("08:00", "12:00")).await.ok();
        assert_eq!(assign(&admin, &first, window(staff(&engineer), "11:00", Some("13:00"))).await.refused(422), "dispatch.clash");
        assign(&admin, &second, window(staff(&engineer), "13:00", Some("14:00"))).await.ok();
        assert_eq!(admin.post("/absences", leave("13:30", "18:00")).await.refused(422), "dispatch.clash");
    }

    async fn the_dialog_says_what_is_to_be_done_and_asks_for_a_person_by_field(app: TestApp) {
        let admin = app.admin().await;
        let engineer = app.user(Role::Engineer).await;
        let customer = customer(&admin, "湖滨万象城", app.root, "江苏省苏州市").await;
        let order = order(&admin, &customer).await;
        let path = format!("/orders/{order}/assign");
        let dialog = admin.page(&path).await.text();
        for said in ["湖滨万象城", "江苏省苏州市", "高压报警", "0 单"] {
            assert!(dialog.contains(said), "{said}: {dialog}");
        }
        let refused = admin.form(&path, "engineer_id=&from=&to=").await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("请选择工程师"), "{}", refused.text());
        assert!(dialog.contains(&staff(&engineer).to_string()), "{dialog}");
    }

    async fn from_the_list_of_a_day_one_comes_back_to_it_and_untimed_jobs_count(app: TestApp) {
        let admin = app.admin().await;
        let engineer = app.user(Role::Engineer).await;
        let customer = customer(&admin, "湖滨万象城", app.root, "江苏省苏州市").await;
        let (first, second) = (order(&admin, &customer).await, order(&admin, &customer).await);
        let back = format!("/orders/{first}/assign?date=2026-11-20&amp;area=");
        let list = admin.page("/dispatch?date=2026-11-20").await.text();
        assert!(list.contains(&back), "{list}");
        let dialog = admin.page(&format!("/orders/{first}/assign?date=2026-11-20&area=")).await.text();
        assert!(dialog.contains("name=\"day\"") && dialog.contains("2026-11-20"), "{dialog}");
        let fields = format!("engineer_id={}&from=&to=&day=2026-11-20&area=%E8%8B%8F%E5%B7%9E", staff(&engineer));
        let done = admin.form(&format!("/orders/{first}/assign"), &fields).await;
        assert_eq!(done.headers["location"], "/dispatch?date=2026-11-20&area=%E8%8B%8F%E5%B7%9E");
        let dialog = admin.page(&format!("/orders/{second}/assign")).await.text();
        assert!(dialog.contains("1 单") && !dialog.contains("name=\"day\""), "without a time, but his: {dialog}");
        let fields = format!("engineer_id={}&from=&to=", staff(&engineer));
        let done = admin.form(&format!("/orders/{second}/assign"), &fields).await;
        assert_eq!(done.headers["location"], format!("/orders/{second}"));
    }

    async fn an_order_that_is_not_verified_offers_no_form_that_would_be_refused(app: TestApp) {
        let admin = app.admin().await;
        let customer = json!({ "name": "新客户", "phone": "13800138000", "org_id": app.root });
        let customer = id_of(&admin.post("/customers", customer).await.ok());
        let body = json!({ "customer_id": customer, "kind": "repair_minor", "mode": "on_site", "symptom": "不制冷" });
        let order = id_of(&admin.post("/orders", body).await.ok());
        let dialog = admin.page(&format!("/orders/{order}/assign")).await.text();
        assert!(dialog.contains("去核实") && !dialog.contains("<form"), "{dialog}");
    }

    async fn people_of_another_branch_can_not_be_sent_and_their_work_does_not_show(app: TestApp) {
        let admin = app.admin().await;
        let (north, south) = (app.outlet("北网点").await, app.outlet("南网点").await);
        let dispatcher = app.user_in(Role::Outlet, north).await;
        let own = app.user_in(Role::Engineer, north).await;
        let foreign = app.user_in(Role::Engineer, south).await;
        let near = customer(&admin, "北方客户", north, "北区").await;
        let far = customer(&admin, "南方机密客户", south, "南区").await;
        let (mine, theirs) = (order(&admin, &near).await, order(&admin, &far).await);
        let lead = assign(&dispatcher, &mine, window(staff(&foreign), "10:00", Some("11:00"))).await;
        let unknown = assign(&dispatcher, &mine, window(Id::NIL, "10:00", Some("11:00"))).await;
        assert_eq!(lead.text(), unknown.text(), "as if there were no such person");
        assert_eq!(lead.refused(422), "orders.engineer");
        let mut body = window(staff(&own), "10:00", Some("11:00"));
        body["helpers"] = json!([{ "staff_id": staff(&foreign), "share_bp": 2000 }]);
        assert_eq!(assign(&dispatcher, &mine, body).await.refused(422), "orders.engineer");
        let mut body = window(staff(&own), "10:00", Some("11:00"));
        body["outlet_id"] = json!(south);
        assert_eq!(assign(&dispatcher, &mine, body).await.refused(422), "orders.outlet");
        // Head office lends the own engineer to the other outlet: what is in the way shows, whose it is does not.
        assign(&admin, &theirs, window(staff(&own), "10:00", Some("12:00"))).await.ok();
        let number = admin.get(&format!("/orders/{theirs}")).await.ok()["no"].as_str().expect("a number").to_string();
        let refused = assign(&dispatcher, &mine, window(staff(&own), "11:00", Some("13:00"))).await;
        assert!(!refused.text().contains("南方") && !refused.text().contains(&number), "{}", refused.text());
        assert_eq!(refused.refused(422), "dispatch.clash");
        let day = dispatcher.get("/dispatch/day?date=2026-11-20").await.ok();
        assert!(!day.to_string().contains("南方") && !day.to_string().contains(&number), "{day}");
        assert!(day.to_string().contains("elsewhere"), "but the time is taken: {day}");
        // Nor can work be handed over to somebody there.
        assign(&dispatcher, &mine, window(staff(&own), "14:00", Some("15:00"))).await.ok();
        dispatcher.put(&format!("/orders/{mine}"), json!({ "continuous": true })).await.ok();
        for (action, body) in [("arrive", json!({})), ("start", json!({}))] {
            admin.post(&format!("/orders/{mine}/{action}"), body).await.ok();
        }
        let over = json!({ "reason": "other", "hand_over_to": staff(&foreign), "note": "交接" });
        assert_eq!(own.post(&format!("/orders/{mine}/wait"), over).await.refused(422), "orders.engineer");
    }

    async fn waiting_orders_are_grouped_by_area(app: TestApp) {
        let admin = app.admin().await;
        for (name, region) in [("甲", "吴中"), ("乙方", "吴中"), ("丙方客户", "相城")] {
            let customer = customer(&admin, name, app.root, region).await;
            order(&admin, &customer).await;
        }
        let day = admin.get("/dispatch/day").await.ok();
        assert_eq!((&day["areas"], day["unassigned"].as_array().map(Vec::len)), (&json!([["吴中", 2], ["相城", 1]]), Some(3)));
        let one = admin.get("/dispatch/day?area=%E7%9B%B8%E5%9F%8E").await.ok();
        assert_eq!((one["unassigned"].as_array().map(Vec::len), &one["areas"]), (Some(1), &day["areas"]));
        let page = admin.page("/dispatch").await;
        assert!(page.text().contains("area=%E7%9B%B8%E5%9F%8E"), "the page links the areas");
    }
}
