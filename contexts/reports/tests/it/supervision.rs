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
        // A callback that nobody has: no link for who may not see callbacks.
        world.admin.post(&format!("/orders/{first}/confirm"), json!({})).await.ok();
        world.admin.post(&format!("/orders/{first}/callbacks"), json!({})).await.ok();
        let (lead, chief) = (world.lead.page("/supervision").await.text(), world.chief.page("/supervision").await.text());
        assert!(lead.contains("回访 1") && !lead.contains("/callbacks?"), "{lead}");
        assert!(chief.contains("/callbacks?"), "{chief}");
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

/// The desk opens it, the head plans, somebody named works, anybody of an office looks at it, the head closes.
pub const ERRAND: &str = r#"
code = "errand"
name = "外勤"
number = "WQ"
title = "{what}"
open = ["role:agent"]
asks = ["what"]
start = "plan"
posts = [{ key = "lead", name = "客服主管", role = "dispatcher" }]
fields = [{ key = "what", name = "事由" }, { key = "engineer", name = "工程师", type = "person" }]
steps = [
  { key = "plan", name = "安排", macro = "new", contact = true, who = ["post:lead"], asks = ["engineer"] },
  { key = "work", name = "办理", macro = "in_progress", who = ["role:agent", "person:engineer"] },
  { key = "look", name = "核对", macro = "done", who = ["role:auditor"] },
  { key = "file", name = "归档", macro = "done", who = ["post:lead"] },
  { key = "end", name = "结束", macro = "closed", end = true },
]
moves = [
  { act = "plan", name = "安排", from = ["plan"], to = "work" },
  { act = "done", name = "办完", from = ["work"], to = "look" },
  { act = "seen", name = "核对", from = ["look"], to = "file" },
  { act = "file", name = "归档", from = ["file"], to = "end" },
]
timers = [{ key = "work", name = "1 小时", from = "enter:work", until = ["leave:work"], span = "1h" }]
triggers = [{ key = "papers", on = "enter:work", make = "task", who = ["person:engineer"], text = "带上证件", span = "30d" }]
"#;

pub async fn in_force(admin: &Client, source: &str) {
    let made = admin.post("/process-templates", json!({ "source": source })).await.ok();
    admin.post(&format!("/process-templates/{}/activate", id(&made)), json!({})).await.ok();
}

pub async fn act(by: &Client, doc: &str, act: &str, fields: Value) {
    by.post(&format!("/documents/{doc}/act"), json!({ "act": act, "fields": fields })).await.ok();
}

/// Three errands: one brought to its end, one that is late when three hours are over, one just opened.
pub async fn errands(app: &TestApp, admin: &Client) {
    let (agent, engineer) = (app.user(Role::Agent).await, app.user(Role::Engineer).await);
    in_force(admin, ERRAND).await;
    for n in 0..3 {
        let fields = json!({ "what": format!("送合同{n}") });
        let doc = agent.post("/documents", json!({ "template": "errand", "fields": fields })).await.ok();
        let (doc, engineer) = (id(&doc), json!({ "engineer": engineer.staff }));
        if n < 2 {
            act(admin, &doc, "plan", engineer).await;
        }
        if n == 0 {
            app.advance(1_800).await;
            for step in ["done", "seen", "file"] {
                act(admin, &doc, step, json!({})).await;
            }
        }
    }
}

/// What somebody has of documents and tasks, as a superior sees it.
fn papers(overview: &Value, who: &Client) -> (Value, Value) {
    let by = person(overview, who)["by"].clone();
    let of = |source: &str| {
        let found = by.as_array().into_iter().flatten().find(|part| part["source"] == source).cloned();
        found.unwrap_or_default()["work"].clone()
    };
    (of("document"), of("task"))
}

testkit::app_test! {
    /// ORG-05, ORG-06: a document stands with whose turn it is, not with who opened it.
    async fn a_document_is_the_work_of_whoever_has_to_go_on_with_it(app: TestApp) {
        let world = world(app).await;
        let (agent, auditor) = (app.user(Role::Agent).await, app.user(Role::Auditor).await);
        let posts = world.admin.get(&format!("/orgs/{}/posts", app.root)).await.ok();
        let top = posts.as_array().into_iter().flatten().find(|post| post["name"] == "总监").map(id).expect("the top");
        on_post(&world.admin, app, &agent, "前台", Some(&top)).await;
        in_force(&world.admin, ERRAND).await;
        let doc = agent.post("/documents", json!({ "template": "errand", "fields": { "what": "送合同" } })).await.ok();
        let doc = id(&doc);
        let chief = world.chief.get("/supervision").await.ok();
        assert_eq!(papers(&chief, &world.lead).0["planned"], 1, "the holder of the post plans it: {chief}");
        assert_eq!(papers(&chief, &agent), (Value::Null, Value::Null), "who opened it has nothing to do: {chief}");
        let day = world.chief.get(&format!("/supervision/{}", world.lead.staff.expect("a person"))).await.ok();
        assert_eq!(day["items"][0]["items"][0]["about"], "送合同", "{day}");

        act(&world.lead, &doc, "plan", json!({ "engineer": world.engineer.staff })).await;
        let chief = world.chief.get("/supervision").await.ok();
        let (documents, tasks) = papers(&chief, &world.engineer);
        assert_eq!((&documents["doing"], &tasks["planned"]), (&json!(1), &json!(1)), "the person named: {chief}");
        assert_eq!((papers(&chief, &world.lead), papers(&chief, &agent)), ((Value::Null, Value::Null), (Value::Null, Value::Null)), "nobody else: {chief}");
        app.advance(3 * 3_600).await;
        let chief = world.chief.get("/supervision").await.ok();
        let late = papers(&chief, &world.engineer).0;
        assert_eq!((&late["undone"], &late["overdue"], &late["doing"]), (&json!(1), &json!(1), &json!(0)), "not carried out by the engineer: {chief}");
        assert_eq!(chief["nobody"]["documents"], 0, "{chief}");
        assert_eq!(seen(&world.stranger.get("/supervision").await.ok()), 1);

        act(&world.engineer, &doc, "done", json!({})).await;
        let chief = world.chief.get("/supervision").await.ok();
        assert_eq!(chief["nobody"]["documents"], 1, "it waits for anybody of an office: {chief}");
        assert_eq!(papers(&chief, &world.engineer).0, Value::Null);
        assert!(world.chief.page("/supervision").await.text().contains("流程单据 1"));
        act(&auditor, &doc, "seen", json!({})).await;
        act(&world.lead, &doc, "file", json!({})).await;
        let chief = world.chief.get("/supervision").await.ok();
        assert_eq!(papers(&chief, &world.lead).0["done_today"], 1, "who ended it did it: {chief}");
        assert_eq!((chief["nobody"]["documents"].as_i64(), papers(&chief, &agent).0), (Some(0), Value::Null));
    }

    /// An order by a process is one piece of work, not two.
    async fn the_run_of_an_order_is_not_counted_besides_the_order(app: TestApp) {
        let world = world(app).await;
        let rules = json!({ "rules": [{ "mode": "on_site", "template": "integrated" }] });
        world.admin.put("/order-processes", rules).await.ok();
        let body = json!({ "customer_id": world.customer, "kind": "repair_minor", "mode": "on_site", "symptom": "高压报警", "demand": "今天" });
        let order = id(&world.admin.post("/orders", body).await.ok());
        world.admin.verify_order(&order).await;
        world.admin.post(&format!("/orders/{order}/accept"), json!({})).await.ok();
        let assign = json!({ "engineer_id": world.engineer.staff, "appointment_from": "2026-11-24T09:00", "appointment_to": "2026-11-24T11:00" });
        world.admin.post(&format!("/orders/{order}/assign"), assign).await.ok();
        let overview = world.lead.get("/supervision").await.ok();
        let by = person(&overview, &world.engineer)["by"].clone();
        assert_eq!((by[0]["source"].as_str(), by.as_array().map(Vec::len)), (Some("order"), Some(1)), "{overview}");
        assert_eq!(overview["nobody"]["documents"], 0, "{overview}");
    }

    /// A confidential document is in the work list of its readers' people, and of nobody else's.
    async fn only_readers_see_confidential_work_of_their_people(app: TestApp) {
        let world = world(app).await;
        let agent = app.user(Role::Agent).await;
        let secret = ERRAND
            .replace("open = [", "reads = [\"post:chief\"]\nopen = [")
            .replace("posts = [", "posts = [{ key = \"chief\", name = \"总监\", role = \"manager\" }, ")
            .replace("who = [\"post:lead\"]", "who = [\"post:chief\"]")
            .replace("\"role:agent\", \"person:engineer\"", "\"person:engineer\"");
        in_force(&world.admin, &secret).await;
        let doc = agent.post("/documents", json!({ "template": "errand", "fields": { "what": "调查投诉" } })).await.ok();
        act(&world.chief, &id(&doc), "plan", json!({ "engineer": world.engineer.staff })).await;
        app.advance(3 * 3_600).await;
        let chief = world.chief.get("/supervision").await.ok();
        assert_eq!(papers(&chief, &world.engineer).0["undone"], 1, "a reader sees that it is overdue: {chief}");
        let own = world.engineer.get("/supervision").await.ok();
        assert_eq!(papers(&own, &world.engineer).0["undone"], 1, "and so does who has to do it: {own}");
        let lead = world.lead.get("/supervision").await.ok();
        assert_eq!(papers(&lead, &world.engineer), (Value::Null, Value::Null), "a superior who is no reader knows nothing: {lead}");
        let staff = world.engineer.staff.expect("a person");
        let day = world.lead.get(&format!("/supervision/{staff}")).await.ok();
        assert!(!day.to_string().contains("调查投诉"), "{day}");
        act(&world.engineer, &id(&doc), "done", json!({})).await;
        let chief = world.chief.get("/supervision").await.ok();
        assert_eq!(chief["nobody"]["documents"], 0, "no figure of others counts it: {chief}");
    }

    /// ORG-06: behind every count stands a list of as many.
    async fn counts_of_supervision_and_the_lists_behind_them_agree(app: TestApp) {
        let world = world(app).await;
        for from in ["2026-11-24T09:00", "2026-11-26T09:00"] {
            world.order(&world.engineer, from).await;
        }
        let done = world.order(&world.engineer, "2026-11-25T09:00").await;
        for (act, body) in [("arrive", json!({})), ("start", json!({})), ("complete", json!({ "cause": "product", "root_cause": "松动", "result": "紧固", "signature": SIGNATURE }))] {
            world.admin.post(&format!("/orders/{done}/{act}"), body).await.ok();
        }
        let unit = json!({ "customer_id": world.customer, "kind": "repair_minor", "mode": "on_site", "symptom": "异响", "demand": "尽快" });
        world.admin.post("/orders", unit.clone()).await.ok();
        let elsewhere = app.outlet("没有下属的网点").await;
        let mut far = unit;
        far["org_id"] = json!(elsewhere);
        world.admin.post("/orders", far).await.ok();
        for name in ["甲", "乙"] {
            let request = json!({ "channel": "phone", "topic": "repair", "customer_name": name, "caller_phone": "13812345678", "text": "漏水" });
            world.admin.post("/requests", request).await.ok();
        }
        errands(app, &world.admin).await;
        // One waits for anybody of an office, with a task for anybody besides.
        let more = ERRAND.replace("errand", "office").replace("who = [\"post:lead\"], asks", "who = [\"role:agent\"], asks")
            .replace("triggers = [", "triggers = [{ key = \"any\", on = \"create\", make = \"task\", who = [\"role:auditor\"], text = \"看\" }, { key = \"too\", on = \"create\", make = \"task\", who = [\"role:agent\"], text = \"看\" }, ");
        in_force(&world.admin, &more).await;
        world.admin.post("/documents", json!({ "template": "office", "fields": { "what": "甲" } })).await.ok();
        app.advance(8 * 86_400).await;
        let overview = world.chief.get("/supervision").await.ok();
        assert_eq!(overview["nobody"]["orders"], 1, "{overview}");
        assert_eq!((&overview["nobody"]["documents"], &overview["nobody"]["tasks"]), (&json!(1), &json!(1)), "{overview}");
        let page = world.chief.page("/supervision").await.text();
        let mut seen = std::collections::BTreeMap::new();
        for part in page.split("href=\"").skip(1) {
            let (href, rest) = part.split_once('"').expect("an end");
            let href = href.replace("&amp;", "&");
            let Some((path, query)) = href.split_once("?filter=") else { continue };
            let text: String = rest.split("</a>").next().unwrap_or_default().split('>').skip(1).map(|t| t.split('<').next().unwrap_or_default()).collect();
            let Some(count) = text.trim().rsplit(' ').next().and_then(|n| n.parse::<usize>().ok()) else { continue };
            let list = world.admin.get(&format!("{path}?filter={query}&limit=200")).await.ok();
            assert_eq!(list["items"].as_array().map(Vec::len), Some(count), "{text}: {href}");
            *seen.entry(path.to_string()).or_insert(0) += 1;
        }
        assert!(seen["/orders"] >= 2 && seen["/requests"] >= 1 && seen["/documents"] == 2, "{seen:?}");
    }
}
