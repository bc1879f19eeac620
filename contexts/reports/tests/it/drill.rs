//! Every figure recomputed from the lists, and every link of the dashboard counted.

use std::collections::BTreeMap;

use kernel::{Date, Ts};
use serde_json::{Value, json};
use testkit::Client;

use super::{filled, history, id, rows};

/// Day in China.
fn day(row: &Value, key: &str) -> String {
    let at = Ts::parse(row[key].as_str().expect("a time")).expect("an instant");
    Ts(at.0 + 8 * 3_600_000_000).to_string().chars().take(10).collect()
}

fn inside(row: &Value, key: &str, from: &str, to: &str) -> bool {
    filled(row, key) && (from..=to).contains(&day(row, key).as_str())
}

fn rate(rows: &[&Value], of: impl Fn(&Value) -> bool, hit: impl Fn(&Value) -> bool) -> Value {
    let judged: Vec<_> = rows.iter().filter(|row| of(row)).collect();
    json!({ "hits": judged.iter().filter(|row| hit(row)).count(), "of": judged.len() })
}

fn totals(all: &[Value], complaints: &[Value], from: &str, to: &str) -> Value {
    let taken: Vec<&Value> = all.iter().filter(|row| inside(row, "created_at", from, to)).collect();
    let done: Vec<&Value> = all.iter().filter(|row| inside(row, "done_at", from, to)).collect();
    let micros =
        |row: &Value, key: &str| Ts::parse(row[key].as_str().unwrap_or_default()).map_or(0, |at| at.0);
    json!({
        "taken": taken.len(), "done": done.len(),
        "on_time": rate(&done, |_| true, |row| !filled(row, "late")),
        "first_fix": rate(&done, |row| row["fix_class"] != "unknown", |row| row["fix_class"] == "first"),
        "repeat": rate(&taken, |_| true, |row| row["repeat_round"].as_i64() > Some(0)),
        "satisfied": rate(&done, |row| filled(row, "callback_class"), |row| row["callback_class"] == "satisfied"),
        "repair_micros": done.iter().map(|row| micros(row, "done_at") - micros(row, "created_at")).sum::<i64>(),
        "gross": done.iter().filter_map(|row| row["gross"].as_i64()).sum::<i64>(),
        "complaints": complaints.iter().filter(|row| inside(row, "created_at", from, to)).count(),
        "repaired": done.iter().filter(|row| row["fault"] == true).count(),
    })
}

/// League lines by what an order has under a key.
fn league(done: &[&Value], key: &str) -> BTreeMap<String, Value> {
    let mut found: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    for row in done.iter().filter(|row| filled(row, key)) {
        found.entry(row[key].as_str().unwrap_or_default().into()).or_default().push(row);
    }
    let line = |rows: &[&Value]| {
        json!({ "done": rows.len(), "on_time": rate(rows, |_| true, |row| !filled(row, "late")),
            "first_fix": rate(rows, |row| row["fix_class"] != "unknown", |row| row["fix_class"] == "first"),
            "satisfied": rate(rows, |row| filled(row, "callback_class"), |row| row["callback_class"] == "satisfied") })
    };
    found.into_iter().map(|(id, rows)| (id, line(&rows))).collect()
}

fn counts<'a>(rows: impl Iterator<Item = &'a Value>, key: &str) -> BTreeMap<String, i64> {
    let mut found = BTreeMap::new();
    rows.filter_map(|row| row[key].as_str())
        .for_each(|value| *found.entry(value.to_string()).or_insert(0) += 1);
    found
}

async fn complaints(admin: &Client, n: usize) {
    for index in 0..n {
        let request = json!({ "channel": "phone", "topic": "complaint", "customer_name": format!("投诉人{index}"), "caller_phone": "13812345678", "text": "态度不好" });
        admin.post("/requests", request).await.ok();
    }
}

/// The filter of an area, whatever its name holds.
fn region(name: &str) -> String {
    let is = kit::lists::Filter { key: "region".into(), op: kit::lists::Op::Eq, value: name.into() };
    kit::lists::Group(vec![vec![is]]).text()
}

async fn listed(by: &Client, href: &str) -> usize {
    let (path, query) = href.split_once('?').expect("a filter");
    let list = by.get(&format!("{path}?{query}&limit=200")).await.ok();
    list["items"].as_array().or_else(|| list.as_array()).map_or(0, Vec::len)
}

const MADE_BY_ORDERS: &str = r#"
code = "by-phone"
name = "电话指导"
number = "DH"
title = "{fault}"
open = ["role:agent"]
asks = ["fault"]
start = "talk"
fields = [{ key = "fault", name = "故障", bind = "fault" }]
steps = [
  { key = "talk", name = "指导", macro = "new", who = ["role:agent"] },
  { key = "end", name = "结束", macro = "closed", end = true },
]
moves = [{ act = "done", name = "完成", from = ["talk"], to = "end" }]
triggers = [{ key = "errand", on = "create", make = "document", what = "errand", copy = ["what=fault"] }]
"#;

testkit::app_test! {
    async fn every_figure_is_what_a_recount_says(app: TestApp) {
        let admin = app.admin().await;
        complaints(&admin, 2).await;
        history(app, &admin).await;
        complaints(&admin, 1).await;
        let all = rows(&admin).await;
        let requests = admin.get("/requests?filter=topic~eq~complaint&limit=200").await.ok()["items"].as_array().cloned().unwrap_or_default();
        assert_eq!(requests.len(), 4, "three by phone, one of who was content with the work and not with the manner");
        let days = |row: &Value| { let at = |key: &str| day(row, key).parse::<Date>().expect("a day"); at("done_at").days_since(at("created_at")) };
        let slow = all.iter().find(|row| filled(row, "done_at") && days(row) > 2).expect("an order that took days");
        let (last, eve) = (day(slow, "done_at"), day(slow, "done_at").parse::<Date>().expect("a day").plus_days(-1).to_string());
        for (from, to, before) in [("2026-11-18", "2026-11-20", ("2026-11-15", "2026-11-17")), (last.as_str(), last.as_str(), (eve.as_str(), eve.as_str())), ("2026-11-01", "2026-11-30", ("2026-10-02", "2026-10-31"))] {
            let board = admin.get(&format!("/reports/board?from={from}&to={to}")).await.ok();
            assert_eq!(board["totals"], totals(&all, &requests, from, to), "{from}…{to}");
            assert_eq!(board["totals_before"], totals(&all, &requests, before.0, before.1), "before {from}");
            let done: Vec<&Value> = all.iter().filter(|row| inside(row, "done_at", from, to)).collect();
            let taken: Vec<&Value> = all.iter().filter(|row| inside(row, "created_at", from, to)).collect();
            for (table, key) in [("engineers", "engineer_id"), ("outlets", "org_id")] {
                let lines = board[table].as_array().cloned().unwrap_or_default();
                let mine: BTreeMap<String, Value> = lines.iter().map(|line| (id(line), json!({ "done": line["done"], "on_time": line["on_time"],
                    "first_fix": line["first_fix"], "satisfied": line["satisfied"] }))).collect();
                assert_eq!(mine, league(&done, key), "{table}");
                assert!(lines.iter().all(|line| line["name"].as_str().is_some_and(|name| !name.is_empty())), "{lines:?}");
                assert!(lines.windows(2).all(|pair| pair[0]["done"].as_i64() >= pair[1]["done"].as_i64()), "most first");
            }
            let pairs = |table: &str| -> BTreeMap<String, i64> {
                board[table].as_array().into_iter().flatten().map(|line| (line[0].as_str().unwrap_or_default().into(), line[1].as_i64().unwrap_or(0))).collect()
            };
            let regions: BTreeMap<String, i64> = board["regions"].as_array().into_iter().flatten()
                .map(|line| (line["region"].as_str().unwrap_or_default().into(), line["orders"].as_i64().unwrap_or(0))).collect();
            assert_eq!(regions, counts(taken.iter().copied(), "region"));
            for line in board["regions"].as_array().into_iter().flatten() {
                let customers = admin.get(&format!("/customers?filter=region~eq~{}&limit=200", line["region"].as_str().unwrap_or_default())).await.ok();
                let mut units = 0;
                for customer in customers["items"].as_array().into_iter().flatten() {
                    let list = admin.get(&format!("/units?filter=customer_id~eq~{}&limit=200", id(customer))).await.ok();
                    units += list["items"].as_array().map_or(0, Vec::len) as u64;
                }
                assert_eq!(line["units"].as_u64(), Some(units), "{line}");
            }
            assert_eq!(pairs("classes"), counts(done.iter().copied().filter(|row| filled(row, "callback_class")), "callback_class"));
            let models: BTreeMap<String, i64> = board["models"].as_array().into_iter().flatten()
                .map(|line| (line["model_id"].as_str().unwrap_or_default().into(), line["faults"].as_i64().unwrap_or(0))).collect();
            let fault = |row: &&Value| row["fault"] == true;
            assert_eq!(models, counts(taken.iter().copied().filter(fault), "model_id"));
            let earlier: Vec<&Value> = all.iter().filter(|row| inside(row, "created_at", before.0, before.1)).filter(fault).collect();
            for (table, key) in [("models", "model_id"), ("regions", "region")] {
                let known = counts(earlier.iter().copied(), key);
                for line in board[table].as_array().into_iter().flatten() {
                    let was = known.get(line[key].as_str().unwrap_or_default()).copied().unwrap_or(0);
                    assert_eq!(line["faults_before"].as_i64(), Some(was), "{line}");
                }
            }
            for line in board["models"].as_array().into_iter().flatten() {
                let units = admin.get(&format!("/units?filter=model_id~eq~{}&limit=200", line["model_id"].as_str().unwrap_or_default())).await.ok();
                assert_eq!(line["units"].as_u64(), units["items"].as_array().map(|u| u.len() as u64), "{line}");
            }
            let months = board["months"].as_array().cloned().unwrap_or_default();
            assert_eq!((months.len(), months[11]["from"].as_str(), months[11]["to"].as_str()), (12, Some("2026-11-01"), Some("2026-11-30")));
            for line in &months {
                let (first, last) = (line["from"].as_str().unwrap_or_default(), line["to"].as_str().unwrap_or_default());
                let faults = all.iter().filter(|row| inside(row, "created_at", first, last)).filter(fault).count();
                assert_eq!(line["faults"].as_u64(), Some(faults as u64), "{line}");
            }
            assert!(months[10]["faults"].as_i64() == Some(0) && months[11]["faults"].as_i64() > Some(0), "{months:?}");
            let units = admin.get("/units?limit=200").await.ok();
            assert_eq!(board["units"].as_u64(), units["items"].as_array().map(|u| u.len() as u64));
            for line in board["days"].as_array().into_iter().flatten() {
                let on = |rows: &[&Value], key: &str| rows.iter().filter(|row| day(row, key) == line["day"].as_str().unwrap_or_default()).count() as u64;
                assert_eq!((line["taken"].as_u64(), line["done"].as_u64()), (Some(on(&taken, "created_at")), Some(on(&done, "done_at"))), "{line}");
            }
        }
    }

    async fn parts_used_are_recounted_order_by_order(app: TestApp) {
        let admin = app.admin().await;
        history(app, &admin).await;
        let board = admin.get("/reports/board").await.ok();
        for part in board["parts"].as_array().into_iter().flatten() {
            let orders = admin.get(&format!("/reports/part-orders?code={}", part["code"].as_str().unwrap_or_default())).await.ok();
            let orders = orders.as_array().cloned().unwrap_or_default();
            let sum = |key: &str| orders.iter().filter_map(|o| o[key].as_i64()).sum::<i64>();
            assert_eq!((part["orders"].as_u64(), part["quantity"].as_i64(), part["gross"].as_i64()), (Some(orders.len() as u64), Some(sum("quantity")), Some(sum("gross"))), "{part}");
            let faults = admin.get(&format!("/reports/part-orders?code={}&faults=true", part["code"].as_str().unwrap_or_default())).await.ok();
            assert_eq!(part["faults"].as_u64(), faults.as_array().map(|list| list.len() as u64), "{part}");
            assert!(part["faults"].as_u64() < part["orders"].as_u64(), "the installation used one too: {part}");
        }
        assert_eq!(board["parts"].as_array().map(Vec::len), Some(1), "{board}");
        assert_eq!(admin.page("/reports/part-orders?code=nothing").await.status, 200);
    }

    async fn every_link_leads_to_as_many_as_the_figure_says(app: TestApp) {
        let admin = app.admin().await;
        complaints(&admin, 2).await;
        crate::supervision::errands(app, &admin).await;
        // What the process of an order makes beside it is a document for itself; the run of the order is the order.
        crate::supervision::in_force(&admin, MADE_BY_ORDERS).await;
        admin.put("/order-processes", json!({ "rules": [{ "mode": "remote", "template": "by-phone" }] })).await.ok();
        let customer = admin.post("/customers", json!({ "name": "远程客户" })).await.ok();
        let order = json!({ "customer_id": customer["id"], "kind": "repair_minor", "mode": "remote", "region": "吴中区", "symptom": "x" });
        admin.post("/orders", order).await.ok();
        history(app, &admin).await;
        app.advance(4 * 86_400).await;
        let page = admin.page("/reports").await.text();
        let board = admin.get("/reports/board").await.ok();
        // Whatever is linked in the cells of the page: the link's text is its count.
        let mut seen = 0;
        for part in page.split("href=\"").skip(1) {
            let (href, rest) = part.split_once('"').expect("an end");
            let href = href.replace("&amp;", "&");
            if !["/orders?filter=", "/requests?filter=", "/documents?filter="].iter().any(|list| href.starts_with(list)) {
                continue;
            }
            let text: String = rest.split("</a>").next().unwrap_or_default().split('>').skip(1).map(|t| t.split('<').next().unwrap_or_default()).collect();
            let Ok(count) = text.trim().parse::<usize>() else { continue };
            assert_eq!(listed(&admin, &href).await, count, "{href}");
            seen += 1;
        }
        assert!(seen >= 2, "counts of open orders are links: {seen}");
        let (from, to) = (board["period"]["from"].as_str().expect("a day"), board["period"]["to"].as_str().expect("a day"));
        let opened = format!("created_at~gte~{from};created_at~lte~{to}");
        let done = format!("done_at~gte~{from};done_at~lte~{to}");
        let t = &board["totals"];
        assert_eq!(board["documents"], json!([{ "code": "errand", "name": "外勤", "name_en": "", "running": 3, "late": 1, "contact": 2, "done": 1, "micros": 1_800_000_000_i64 }]));
        // The list of a kind of its own can be split the same way.
        for (filter, count) in [("late~eq~true;ended_at~empty~", 1), ("contact~eq~true", 2), ("contact~eq~false", 2)] {
            assert_eq!(listed(&admin, &format!("/documents/of/errand?filter={filter}")).await, count, "{filter}");
        }
        assert_eq!(listed(&admin, "/documents/of/errand?view=late").await, 1);
        let csv = admin.page("/reports/documents/export?format=csv").await.text();
        assert!(csv.contains("errand,外勤,3,2,1,1,0.5"), "half an hour: {csv}");
        let mut links = vec![
            (format!("/orders?filter={opened}"), &t["taken"]),
            (format!("/orders?filter={done}"), &t["done"]),
            (format!("/orders?filter={done};late~empty~"), &t["on_time"]["hits"]),
            (format!("/orders?filter={done};fix_class~eq~first"), &t["first_fix"]["hits"]),
            (format!("/orders?filter={opened};repeat_round~gte~1"), &t["repeat"]["hits"]),
            (format!("/orders?filter={done};callback_class~eq~satisfied"), &t["satisfied"]["hits"]),
            (format!("/requests?filter=topic~eq~complaint;state~nin~draft,dropped;{opened}"), &t["complaints"]),
        ];
        let each = |table: &str| board[table].as_array().into_iter().flatten();
        links.extend(each("engineers").map(|line| (format!("/orders?filter={done};engineer_id~eq~{}", id(line)), &line["done"])));
        links.extend(each("outlets").map(|line| (format!("/orders?filter={done};org_id~eq~{}", id(line)), &line["done"])));
        links.extend(each("classes").map(|line| (format!("/orders?filter={done};callback_class~eq~{}", line[0].as_str().unwrap_or_default()), &line[1])));
        links.extend(each("regions").map(|line| (format!("/orders?filter={opened};{}", region(line["region"].as_str().unwrap_or_default())), &line["orders"])));
        links.extend(each("models").map(|line| (format!("/orders?filter={opened};fault~eq~true;model_id~eq~{}", line["model_id"].as_str().unwrap_or_default()), &line["faults"])));
        links.extend(each("regions").map(|line| (format!("/orders?filter={opened};{};fault~eq~true", region(line["region"].as_str().unwrap_or_default())), &line["faults"])));
        // Months before the first fault are not shown.
        links.extend(each("months").filter(|line| line["faults"].as_i64() > Some(0)).map(|line| (format!("/orders?filter=created_at~gte~{};created_at~lte~{};fault~eq~true", line["from"].as_str().unwrap_or_default(), line["to"].as_str().unwrap_or_default()), &line["faults"])));
        for (href, count) in links {
            assert_eq!(Some(listed(&admin, &href).await as u64), count.as_u64(), "{href}");
            let (path, filter) = href.split_once("?filter=").expect("a filter");
            let written: String = form_urlencoded::byte_serialize(filter.as_bytes()).collect();
            assert!(page.contains(&format!("{path}?filter={written}")), "the page links {href}");
        }
    }

    async fn drafts_and_dropped_requests_are_no_complaints_in_figure_and_list(app: TestApp) {
        let admin = app.admin().await;
        complaints(&admin, 1).await;
        let content = admin.get("/topics").await.ok();
        let content = content.as_array().or(content["items"].as_array()).into_iter().flatten().find(|t| t["code"] == "complaint")
            .and_then(|t| t["contents"][0]["code"].as_str().map(str::to_string)).unwrap_or_default();
        let click = json!({ "topic": "complaint", "content": content, "caller_phone": "13800136028" });
        admin.post("/requests/drafts", click.clone()).await.ok();
        let dropped = id(&admin.post("/requests/drafts", click).await.ok());
        admin.post(&format!("/requests/{dropped}/discard"), json!({ "note": "误点" })).await.ok();
        let page = admin.page("/reports").await.text();
        let board = admin.get("/reports/board").await.ok();
        assert_eq!(board["totals"]["complaints"], 1);
        let links = page.split("href=\"").skip(1).filter_map(|part| part.split('"').next());
        let link = links.map(|href| href.replace("&amp;", "&")).find(|href| href.starts_with("/requests?")).expect("a link");
        assert_eq!(listed(&admin, &link).await, 1, "{link}");
    }

    async fn areas_lead_to_their_orders_whatever_their_names_hold(app: TestApp) {
        let admin = app.admin().await;
        for (index, region) in ["吴中;相城", "A(1)|B", "园区~100%"].into_iter().enumerate() {
            let customer = json!({ "name": format!("客户{index}"), "phone": format!("1380013600{index}"), "region": region, "address": "太湖东路" });
            let customer = id(&admin.post("/customers", customer).await.ok());
            let order = json!({ "customer_id": customer, "kind": "repair_minor", "mode": "on_site", "region": region, "symptom": "异响", "demand": "尽快" });
            admin.post("/orders", order).await.ok();
        }
        let page = admin.page("/reports").await.text();
        let links = page.split("href=\"").skip(1).filter_map(|part| part.split('"').next());
        let links: Vec<String> = links.map(|href| href.replace("&amp;", "&")).filter(|href| href.contains("region%7Eeq") || href.contains("region~eq")).collect();
        assert_eq!(links.len(), 6, "orders and faults of three areas: {links:?}");
        for link in links {
            assert_eq!(listed(&admin, &link).await, 1, "{link}");
        }
    }
}
