//! Work of subordinates (ORG-05, ORG-06, WO-49): counts against what was done, the own subtree only.

use super::*;
use kernel::Id;

struct World {
    admin: Client,
    chief: Client,
    lead: Client,
    engineer: Client,
    stranger: Client,
    customer: String,
}

async fn on_post(admin: &Client, app: &TestApp, who: &Client, name: &str, above: Option<&str>) -> String {
    let post = json!({ "org_id": app.root, "name": name, "superior_id": above });
    let post = id(&admin.post("/posts", post).await.ok());
    let staff = who.staff.expect("a person");
    admin.put(&format!("/staff/{staff}"), json!({ "post_id": post })).await.ok();
    post
}

/// Chief above lead above engineer; a stranger beside the lead.
async fn world(app: &TestApp) -> World {
    let admin = app.admin().await;
    let (chief, lead) = (app.user(Role::Manager).await, app.user(Role::Dispatcher).await);
    let (engineer, stranger) = (app.user(Role::Engineer).await, app.user(Role::Engineer).await);
    let top = on_post(&admin, app, &chief, "总监", None).await;
    let middle = on_post(&admin, app, &lead, "客服主管", Some(&top)).await;
    on_post(&admin, app, &engineer, "工程师", Some(&middle)).await;
    on_post(&admin, app, &stranger, "别组工程师", Some(&top)).await;
    let customer = json!({ "name": "湖滨万象城", "phone": "13800136027", "region": "苏州市", "address": "太湖东路 9 号" });
    let customer = id(&admin.post("/customers", customer).await.ok());
    World { admin, chief, lead, engineer, stranger, customer }
}

impl World {
    async fn order(&self, who: &Client, from: &str) -> String {
        let body = json!({ "customer_id": self.customer, "kind": "repair_minor", "mode": "on_site", "symptom": "高压报警", "demand": "今天" });
        let order = id(&self.admin.post("/orders", body).await.ok());
        self.admin.verify_order(&order).await;
        let to = from.replace("T09", "T11");
        let body = json!({ "engineer_id": who.staff, "appointment_from": from, "appointment_to": to });
        self.admin.post(&format!("/orders/{order}/assign"), body).await.ok();
        order
    }
}

fn person<'a>(overview: &'a Value, who: &Client) -> &'a Value {
    let staff = json!(who.staff);
    let people = overview["people"].as_array().expect("people");
    people.iter().find(|p| p["id"] == staff).unwrap_or_else(|| panic!("{staff} in {overview}"))
}

fn seen(overview: &Value) -> usize {
    overview["people"].as_array().map_or(0, Vec::len)
}

testkit::app_test! {
    async fn a_superior_sees_what_every_post_below_does_and_nothing_else(app: TestApp) {
        let world = world(app).await;
        let engineer = &world.engineer;
        let first = world.order(engineer, "2026-11-24T09:00").await;
        world.order(engineer, "2026-11-26T09:00").await;
        let stuck = world.order(engineer, "2026-11-27T09:00").await;
        world.order(&world.stranger, "2026-11-24T09:00").await;
        let unit = json!({ "customer_id": world.customer, "kind": "repair_minor", "mode": "on_site", "symptom": "异响", "demand": "尽快" });
        world.admin.post("/orders", unit).await.ok();
        let overview = world.lead.get("/supervision").await.ok();
        assert_eq!(seen(&overview), 2, "the lead and the engineer: {overview}");
        let work = &person(&overview, engineer)["total"];
        assert_eq!((&work["planned"], &work["doing"], &work["done_today"]), (&json!(3), &json!(0), &json!(0)), "{work}");
        assert_eq!(overview["nobody"]["orders"], 1, "{overview}");
        world.admin.post(&format!("/orders/{stuck}/arrive"), json!({})).await.ok();
        world.admin.post(&format!("/orders/{first}/start"), json!({})).await.ok();
        let sheet = json!({ "cause": "product", "root_cause": "松动", "result": "紧固", "signature": SIGNATURE });
        world.admin.post(&format!("/orders/{first}/complete"), sheet).await.ok();
        let overview = world.lead.get("/supervision").await.ok();
        let work = &person(&overview, engineer)["total"];
        assert_eq!((&work["planned"], &work["doing"], &work["done_today"], &work["done_week"]), (&json!(1), &json!(1), &json!(1), &json!(1)), "{work}");
        app.advance(9 * 86_400).await;
        let overview = world.lead.get("/supervision").await.ok();
        let work = &person(&overview, engineer)["total"];
        assert_eq!((&work["undone"], &work["planned"], &work["done_today"]), (&json!(1), &json!(0), &json!(0)), "the appointment passed: {work}");
        assert!(work["overdue"].as_i64() >= Some(1), "{work}");
        let chief = world.chief.get("/supervision").await.ok();
        assert_eq!(seen(&chief), 4, "{chief}");
        assert_eq!(person(&chief, engineer)["depth"], 2);
        for (who, count) in [(engineer, 1), (&world.stranger, 1)] {
            assert_eq!(seen(&who.get("/supervision").await.ok()), count, "nobody above, nobody beside");
        }
        let staff = engineer.staff.expect("a person");
        world.stranger.get(&format!("/supervision/{staff}")).await.refused(404);
        assert_eq!(world.stranger.page(&format!("/supervision/{staff}")).await.status, 404);
        let day = world.chief.get(&format!("/supervision/{staff}")).await.ok();
        let items = day["items"][0]["items"].as_array().expect("orders").clone();
        assert!(items.iter().any(|i| i["customer"] == "湖滨万象城" && i["stand"] == "undone"), "{day}");
        assert_eq!(items[0]["late"], 1, "overdue first: {day}");
        let page = world.chief.page("/supervision?order=tree").await;
        assert_eq!(page.status, 200, "{}", page.text());
        assert!(page.text().contains("还没有落实到人") && page.text().contains("客服主管"), "{}", page.text());
        assert_eq!(world.chief.page(&format!("/supervision/{staff}")).await.status, 200);
    }

    async fn orders_that_stand_still_are_listed_longest_first(app: TestApp) {
        let world = world(app).await;
        let first = world.order(&world.engineer, "2026-11-24T09:00").await;
        app.advance(30 * 3600).await;
        world.order(&world.engineer, "2026-11-26T09:00").await;
        world.order(&world.stranger, "2026-11-26T09:00").await;
        let ids = async |who: &Client, query: &str| -> Vec<String> {
            let found = who.get(&format!("/supervision/stuck{query}")).await.ok();
            found.as_array().into_iter().flatten().map(id).collect()
        };
        assert_eq!(ids(&world.lead, "?hours=24").await, std::slice::from_ref(&first));
        assert_eq!(ids(&world.lead, "").await.len(), 0, "48 hours unless said");
        app.advance(25 * 3600).await;
        assert_eq!(ids(&world.lead, "?hours=24").await.len(), 2);
        assert_eq!(ids(&world.lead, "?hours=24").await[0], first);
        assert_eq!(ids(&world.chief, "?hours=24").await.len(), 3);
        assert_eq!(world.lead.get("/supervision/stuck?hours=0").await.refused(422), "reports.hours");
        let _: Id = app.root;
    }

    async fn a_deputy_sees_the_people_of_whom_he_stands_in_for(app: TestApp) {
        let world = world(app).await;
        world.order(&world.engineer, "2026-11-24T09:00").await;
        let body = json!({ "absent_id": world.lead.staff, "substitute_id": world.stranger.staff, "until": "2026-12-30T18:00", "reason": "休假" });
        world.admin.post("/acting", body).await.ok();
        app.advance(60).await;
        let overview = world.stranger.get("/supervision").await.ok();
        assert_eq!(person(&overview, &world.engineer)["total"]["planned"], 1, "{overview}");
    }
}
