//! The dashboard through the front doors, on both engines.

mod drill;
mod mailing;
mod supervision;

use kit::Role;
use serde_json::{Value, json};
use testkit::{Client, TestApp};

const SIGNATURE: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap_or_else(|| panic!("no id in {value}")).to_string()
}

/// Orders of two models in two areas and two outlets: some done, some late, some open, one repeated, one an installation,
/// one called off.
async fn history(app: &TestApp, admin: &Client) {
    let outlet = app.outlet("园区网点").await;
    let engineer = app.user(Role::Engineer).await.staff.expect("a person");
    let second = app.user_in(Role::Engineer, outlet).await.staff.expect("a person");
    let depot = admin
        .post("/depots", json!({ "code": "D1", "name": "中心库", "kind": "parts", "org_id": app.root }))
        .await
        .ok();
    let part = json!({ "code": "P1", "name": "压力传感器", "unit": "只", "price": 38000, "cost": 21000 });
    let part = admin.post("/parts", part).await.ok();
    let pieces = json!([{ "part": part["id"], "quantity": 10_000, "unit_cost": 21000 }]);
    admin
        .post("/receipts", json!({ "kind": "ordered", "depot_id": depot["id"], "lines": pieces }))
        .await
        .ok();
    for n in 0..9_usize {
        let org = if n % 3 == 0 { outlet } else { app.root };
        let region = ["吴中区", "相城区"][n % 2];
        let customer = json!({ "name": format!("客户{n}"), "org_id": org, "phone": format!("1380013{n:04}"), "region": region, "address": "太湖东路" });
        let customer = admin.post("/customers", customer).await.ok();
        let model = if n < 2 {
            admin.post("/models", json!({ "code": format!("M{n}"), "name": format!("机组{n}") })).await.ok()["model"].clone()
        } else {
            admin.get(&format!("/models?filter=code~eq~M{}", n % 2)).await.ok()["items"][0].clone()
        };
        let unit = json!({ "customer_id": customer["id"], "org_id": org, "model_id": model["id"], "serial": format!("SN{n}"), "purchase_date": "2026-11-01" });
        let unit = admin.post("/units", unit).await.ok();
        for round in 0..=usize::from(n == 4) {
            let kind = if n == 8 { "install" } else { "repair_minor" };
            let input = json!({ "customer_id": customer["id"], "unit_id": unit["id"], "org_id": org, "kind": kind, "mode": "on_site",
                "region": region, "symptom": "高压报警", "demand": "尽快" });
            if n == 1 {
                let mistake = id(&admin.post("/orders", input.clone()).await.ok());
                admin.post(&format!("/orders/{mistake}/cancel"), json!({ "reason": "重复报修" })).await.ok();
            }
            let order = admin.post("/orders", input).await.ok();
            let act = async |action: &str, body: Value| {
                admin.post(&format!("/orders/{}/{action}", id(&order)), body).await.ok()
            };
            // One takes days: it is done in a period that does not know its opening.
            app.advance(3600 * if n == 6 { 79 } else { 7 }).await;
            if n == 7 {
                continue;
            }
            act("accept", json!({})).await;
            let who = if org == outlet { second } else { engineer };
            act("assign", json!({ "engineer_id": who })).await;
            act("start", json!({})).await;
            if n == 5 {
                continue;
            }
            if n == 2 || n == 8 {
                let used = json!({ "part_id": part["id"], "depot_id": depot["id"], "quantity": 1000, "stock": "issue" });
                act("lines", used).await;
            }
            let sheet =
                json!({ "cause": "product", "root_cause": "松动", "result": "紧固", "signature": SIGNATURE });
            act("complete", sheet).await;
            act("confirm", json!({ "by": "李" })).await;
            if n != 6 && round == 0 && n != 4 {
                let callback = act("callbacks", json!({})).await;
                let class = if n == 3 { "bad_attitude" } else { "satisfied" };
                let result = json!({ "class": class, "demand": "改进态度" });
                admin.post(&format!("/callbacks/{}/result", id(&callback)), result).await.ok();
            }
        }
    }
}

/// All orders with what figures are made of, as the list gives them.
async fn rows(client: &Client) -> Vec<Value> {
    let columns = "org_id,region,model,model_id,fault,engineer_id,late,fix_class,callback_class,repeat_round,gross,created_at,done_at,state";
    let list = client.get(&format!("/orders?columns={columns}&limit=200")).await.ok();
    list["items"].as_array().cloned().unwrap_or_default()
}

fn count(rows: &[Value], fits: impl Fn(&Value) -> bool) -> i64 {
    i64::try_from(rows.iter().filter(|row| fits(row)).count()).unwrap_or(0)
}

fn filled(row: &Value, key: &str) -> bool {
    row[key].as_str().is_some_and(|text| !text.is_empty())
}

/// What the list says must be what the dashboard says.
fn agree(board: &Value, rows: &[Value]) {
    let done: Vec<Value> = rows.iter().filter(|row| filled(row, "done_at")).cloned().collect();
    let rate = |hits: i64, of: i64| json!({ "hits": hits, "of": of });
    let totals = &board["totals"];
    assert_eq!(totals["taken"], count(rows, |_| true), "{board}");
    assert_eq!(totals["done"], count(&done, |_| true), "{board}");
    assert_eq!(totals["on_time"], rate(count(&done, |row| !filled(row, "late")), count(&done, |_| true)));
    let judged = count(&done, |row| row["fix_class"] != "unknown");
    assert_eq!(totals["first_fix"], rate(count(&done, |row| row["fix_class"] == "first"), judged));
    assert_eq!(totals["repeat"], rate(count(rows, |row| row["repeat_round"] != 0), count(rows, |_| true)));
    let called = count(&done, |row| filled(row, "callback_class"));
    assert_eq!(totals["satisfied"], rate(count(&done, |row| row["callback_class"] == "satisfied"), called));
    assert_eq!(totals["gross"], done.iter().filter_map(|row| row["gross"].as_i64()).sum::<i64>());
    let sum = |table: &Value| {
        table.as_array().into_iter().flatten().filter_map(|line| line["done"].as_i64()).sum::<i64>()
    };
    assert_eq!(sum(&board["engineers"]), count(&done, |row| filled(row, "engineer_id")));
    assert_eq!(sum(&board["outlets"]), count(&done, |_| true));
    assert_eq!(sum(&board["days"]), count(&done, |_| true));
    for line in board["models"].as_array().into_iter().flatten() {
        assert_eq!(
            line["faults"],
            count(rows, |row| row["model"] == line["name"] && row["fault"] == true),
            "{line}"
        );
    }
    for line in board["regions"].as_array().into_iter().flatten() {
        assert_eq!(line["orders"], count(rows, |row| row["region"] == line["region"]), "{line}");
        assert_eq!(
            line["faults"],
            count(rows, |row| row["region"] == line["region"] && row["fault"] == true),
            "{line}"
        );
    }
    for line in board["open"].as_array().into_iter().flatten() {
        let ages: i64 = line["ages"].as_array().into_iter().flatten().filter_map(Value::as_i64).sum();
        assert_eq!(ages, count(rows, |row| row["state"] == line["state"]), "{line}");
    }
}

testkit::app_test! {
    async fn figures_are_what_the_list_of_orders_says(app: TestApp) {
        let admin = app.admin().await;
        history(app, &admin).await;
        let board = admin.get("/reports/board").await.ok();
        let all = rows(&admin).await;
        assert_eq!(all.len(), 11);
        assert_eq!(count(&all, |row| row["fault"] == true), 9, "neither the installation nor what was called off is a fault");
        assert!(board["totals"]["repeat"]["hits"].as_i64() > Some(0), "one order repeats another: {board}");
        assert!(board["totals"]["on_time"]["hits"].as_i64() < board["totals"]["on_time"]["of"].as_i64(), "some were late: {board}");
        agree(&board, &all);
        let day = "2026-11-19";
        let one = admin.get(&format!("/reports/board?from={day}&to={day}")).await.ok();
        let columns = "created_at,done_at,gross";
        let opened = admin.get(&format!("/orders?columns={columns}&filter=created_at~gte~{day};created_at~lte~{day}")).await.ok();
        let done = admin.get(&format!("/orders?columns={columns}&filter=done_at~gte~{day};done_at~lte~{day}")).await.ok();
        let len = |list: &Value| list["items"].as_array().map(Vec::len);
        assert_eq!(one["totals"]["taken"].as_u64().map(|n| n as usize), len(&opened), "the list behind the figure: {one}");
        assert_eq!(one["totals"]["done"].as_u64().map(|n| n as usize), len(&done), "the list behind the figure: {one}");
        assert_ne!(len(&opened), Some(0));
    }

    async fn everybody_sees_the_figures_of_the_own_organisations_only(app: TestApp) {
        let admin = app.admin().await;
        history(app, &admin).await;
        let outlets = admin.get("/orgs").await.ok();
        let outlet = outlets["items"].as_array().into_iter().flatten().find(|org| org["name"] == "园区网点").expect("the outlet").clone();
        let chief = app.user_in(Role::Manager, id(&outlet).parse().expect("an id")).await;
        let board = chief.get("/reports/board").await.ok();
        let own = rows(&chief).await;
        assert_eq!(own.len(), 3);
        agree(&board, &own);
        for nobody in [app.user(Role::Engineer).await, app.user(Role::Agent).await] {
            nobody.get("/reports/board").await.refused(403);
            assert_eq!(nobody.page("/reports").await.status, 403);
        }
    }

    async fn the_page_explains_its_figures_and_its_tables_are_files(app: TestApp) {
        let admin = app.admin().await;
        assert_eq!(admin.page("/reports").await.status, 200, "also without any order");
        history(app, &admin).await;
        let page = admin.page("/reports").await;
        assert_eq!(page.status, 200, "{}", page.text());
        assert!(page.text().contains("一次修复率") && page.text().contains("/orders?filter=done_at"), "{}", page.text());
        for table in ["totals", "days", "months", "open", "engineers", "outlets", "classes", "models", "regions", "parts"] {
            let csv = admin.page(&format!("/reports/{table}/export?format=csv")).await;
            assert_eq!(csv.status, 200, "{table}: {}", csv.text());
        }
        let csv = admin.page("/reports/regions/export?format=csv").await;
        assert!(csv.text().contains("吴中区,6,5,0,5,100"), "orders, faults now and before, units, faults per 100 units: {}", csv.text());
        let csv = admin.page("/reports/totals/export?format=csv").await.text();
        let hours = csv.lines().find(|line| line.contains("平均完工用时（小时）")).expect("a line").to_string();
        let tenths = admin.get("/reports/board").await.ok()["totals"].clone();
        let mean = tenths["repair_micros"].as_f64().expect("a sum") / 3_600_000_000.0 / tenths["done"].as_f64().expect("a count");
        let said: f64 = hours.split(',').nth(1).expect("a figure").parse().expect("a number");
        assert!((said - mean).abs() < 0.051, "hours, not tenths of them: {hours} of {mean}");
        // Large companies divide by units counted now and then; the count is the same.
        let counted = app.app.registry.schedules.iter().find(|s| s.name == "reports.count_areas").expect("it is there");
        for _ in 0..2 {
            (counted.run)(kit::Cx::system(&app.app)).await.expect("counted");
        }
        let mut conn = app.app.db.read().await.expect("a reader");
        let kept: Vec<(String, i64)> =
            conn.all("select region, cast(sum(units) as bigint) from unit_area group by region", vec![]).await.expect("rows");
        drop(conn);
        let kept: std::collections::BTreeMap<&str, i64> = kept.iter().map(|(region, units)| (region.as_str(), *units)).collect();
        assert_eq!(kept, [("吴中区", 5), ("相城区", 4)].into());
        let csv = admin.page("/reports/months/export?format=csv").await.text();
        assert!(csv.contains("2026-11-01,2026-11-30,9,9,100"), "faults of the month to the units: {csv}");
        let board = admin.get("/reports/board?most=1").await.ok();
        assert_eq!(board["regions"].as_array().map(Vec::len), Some(1), "{board}");
        assert_eq!(admin.page("/reports/nothing/export").await.status, 404);
        for bad in ["from=2026-11-20&to=2026-11-01", "from=2020-01-01&to=2026-11-01", "from=yesterday"] {
            assert_eq!(admin.get(&format!("/reports/board?{bad}")).await.status, 422, "{bad}");
        }
    }
}
