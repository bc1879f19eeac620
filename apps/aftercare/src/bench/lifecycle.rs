//! The calls of `examples/lifecycle.sh`, from many clients at once.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use aftercare::StartError;
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    calls::{Caller, Times},
    process::{Server, parent_of, postgres_cpu_ms},
};
use crate::cli::Place;

/// A PNG of one pixel, as a signature pad would send a larger one.
const SIGNATURE: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/// Stock received per client: more than any run uses, in thousandths.
const PLENTY: i64 = 1_000_000_000;

/// What a client works with.
struct Ground {
    engineer: String,
    depot: String,
    part: String,
    model: String,
}

fn id(value: &Value) -> Result<String, StartError> {
    value["id"].as_str().map(str::to_string).ok_or_else(|| format!("no id in {value}").into())
}

async fn ground(caller: &Caller, org: &Value, name: &str) -> Result<Ground, StartError> {
    let staff = json!({ "no": format!("E{name}"), "name": format!("工程师{name}"), "org_id": org, "grade": 3, "engineer": true });
    let engineer = id(&caller.post("setup", "/api/v1/staff", staff).await?)?;
    let depot = json!({ "code": format!("D{name}"), "name": format!("备件库{name}"), "kind": "parts", "org_id": org });
    let depot = id(&caller.post("setup", "/api/v1/depots", depot).await?)?;
    let model = json!({ "code": format!("M{name}"), "name": format!("离心式冷水机组 {name}") });
    let model = id(&caller.post("setup", "/api/v1/models", model).await?["model"])?;
    let part = json!({ "code": format!("P{name}"), "name": "冷凝压力传感器", "unit": "只", "price": 38000, "cost": 21000 });
    let part = id(&caller.post("setup", "/api/v1/parts", part).await?)?;
    let receipt = json!({ "kind": "ordered", "depot_id": depot, "lines": [{ "part": part, "quantity": PLENTY, "unit_cost": 21000 }] });
    caller.post("setup", "/api/v1/receipts", receipt).await?;
    Ok(Ground { engineer, depot, part, model })
}

/// One order from call to commission.
async fn cycle(caller: &Caller, ground: &Ground, number: u64) -> Result<(), StartError> {
    let phone = format!("139{:08}", number % 100_000_000);
    let customer = json!({ "name": format!("客户{number}"), "phone": phone, "region": "苏州市", "district": "吴中区", "address": "太湖东路 9 号" });
    let customer = id(&caller.post("customer", "/api/v1/customers", customer).await?)?;
    let unit = json!({ "customer_id": customer, "model_id": ground.model, "serial": format!("YK{number}"),
        "purchase_date": "2024-04-18", "install_date": "2024-05-06" });
    let unit = id(&caller.post("unit", "/api/v1/units", unit).await?)?;
    let request = json!({ "channel": "phone", "topic": "repair", "caller_name": "李建平", "caller_phone": phone, "customer_id": customer,
        "unit_id": unit, "text": "高压报警，停机无法复位", "demand": "今天恢复制冷" });
    let request = id(&caller.post("request", "/api/v1/requests", request).await?)?;
    let order = json!({ "kind": "repair_minor", "mode": "on_site", "symptom": "高压报警，停机无法复位" });
    let made = caller.post("order", &format!("/api/v1/requests/{request}/order"), order).await?;
    let order = ["/order/id", "/order_id", "/id"]
        .iter()
        .find_map(|p| made.pointer(p)?.as_str())
        .ok_or("no order id")?;
    let at = |action: &str| format!("/api/v1/orders/{order}/{action}");
    caller.post("accept", &at("accept"), json!({})).await?;
    let assign = json!({ "engineer_id": ground.engineer });
    caller.post("assign", &at("assign"), assign).await?;
    let line =
        json!({ "part_id": ground.part, "depot_id": ground.depot, "quantity": 2000, "stock": "reserve" });
    caller.post("line_reserve", &at("lines"), line).await?;
    let lines = caller.get("lines", &at("lines")).await?;
    let line = line_id(&lines).ok_or_else(|| format!("no line in {lines}"))?;
    caller.post("arrive", &at("arrive"), json!({ "lat": 31.23, "lng": 120.63 })).await?;
    let (status, issued) = caller
        .call("line_issue", Method::PUT, &at(&format!("lines/{line}")), Some(json!({ "stock": "issue" })))
        .await?;
    if !status.is_success() {
        return Err(format!("issue: {status} {issued}").into());
    }
    let complete = json!({ "cause": "product", "root_cause": "传感器漂移", "result": "更换传感器，试机正常",
        "used": [{ "id": line, "quantity": 1000, "old_part_taken": true }], "signature": SIGNATURE });
    caller.post("complete", &at("complete"), complete.clone()).await?;
    caller.post("confirm", &at("confirm"), json!({ "by": "李建平", "score": 90 })).await?;
    caller.get("bill", &at("lines")).await?;
    let callback = id(&caller.post("callback", &at("callbacks"), json!({})).await?)?;
    let unhappy = json!({ "class": "unsatisfied", "quality": 2, "attitude": 5, "demand": "第二天又报警" });
    caller.post("callback_result", &format!("/api/v1/callbacks/{callback}/result"), unhappy).await?;
    caller.post("accept", &at("accept"), json!({})).await?;
    let again = json!({ "engineer_id": ground.engineer, "reason": "返工" });
    caller.post("assign", &at("assign"), again).await?;
    caller.post("start", &at("start"), json!({})).await?;
    caller.post("complete", &at("complete"), complete).await?;
    caller.post("confirm", &at("confirm"), json!({ "by": "李建平", "score": 95 })).await?;
    let callback = id(&caller.post("callback", &at("callbacks"), json!({})).await?)?;
    let happy = json!({ "class": "satisfied", "quality": 5, "attitude": 5 });
    caller.post("callback_result", &format!("/api/v1/callbacks/{callback}/result"), happy).await?;
    caller.post("audit", &at("audit"), json!({ "note": "单据齐全" })).await?;
    caller.post("commission", &at("pay/compute"), json!({})).await?;
    caller.post("close", &at("close"), json!({})).await?;
    Ok(())
}

fn line_id(value: &Value) -> Option<String> {
    let lines = value["items"].as_array().or_else(|| value.as_array());
    let line = lines.and_then(|lines| lines.iter().find(|line| line["kind"] == "part"));
    let found = line.or_else(|| value.get("line")).unwrap_or(value);
    found["id"].as_str().map(str::to_string)
}

/// Starts the server, prepares one ground per client, runs cycles and reads the processor time they cost.
pub async fn run(place: &Place, clients: usize, seconds: u64) -> Result<Value, StartError> {
    let (app, _, _) = place.app().await?;
    let token = org::cli::new_token(&app, "admin").await?;
    let postgres = place.url.starts_with("postgres");
    let database = if postgres {
        let backend: i64 =
            app.db.read().await?.scalar("select cast(pg_backend_pid() as bigint)", vec![]).await?;
        Some(parent_of(u32::try_from(backend)?))
    } else {
        None
    };
    app.db.close().await;
    drop(app);
    let server = Server::start(&place.data, Some(&place.url)).await?;
    let setup = Caller::new(&server.base, &token, "setup", Times::default());
    let me = setup.get("setup", "/api/v1/me").await?;
    // Numbers of this run differ from those of earlier runs on the same database.
    let run = std::time::UNIX_EPOCH.elapsed().map_or(0, |t| t.as_secs() % 10_000_000);
    let list = setup
        .post("setup", "/api/v1/prices", json!({ "code": format!("L{run}"), "name": "标准价目" }))
        .await?;
    let list = list
        .pointer("/list/id")
        .or(list.get("id"))
        .and_then(Value::as_str)
        .ok_or("no price list")?
        .to_string();
    let rule = json!({ "code": "labour", "amount": 12000, "valid_from": "2020-01-01" });
    setup.post("setup", &format!("/api/v1/prices/{list}/rules"), rule).await?;
    let mut grounds = Vec::new();
    for client in 0..clients {
        grounds.push(ground(&setup, &me["org_id"], &format!("{run}-{client}")).await?);
    }
    let times = Times::default();
    let numbers = Arc::new(AtomicU64::new(run * 1_000_000));
    let errors = Arc::new(AtomicU64::new(0));
    let done = Arc::new(AtomicU64::new(0));
    let database_ms = || database.map_or(0.0, postgres_cpu_ms);
    // Connections open, statements are prepared and caches fill before anything is counted.
    let warm = Duration::from_secs((seconds / 3).max(1));
    let end = Instant::now() + warm + Duration::from_secs(seconds);
    let tasks: Vec<_> = grounds
        .into_iter()
        .enumerate()
        .map(|(client, ground)| {
            let caller = Caller::new(&server.base, &token, &format!("c{run}-{client}"), times.clone());
            let (numbers, errors, done) = (Arc::clone(&numbers), Arc::clone(&errors), Arc::clone(&done));
            tokio::spawn(async move {
                while Instant::now() < end {
                    match cycle(&caller, &ground, numbers.fetch_add(1, Ordering::Relaxed)).await {
                        Ok(()) => {
                            done.fetch_add(1, Ordering::Relaxed);
                        }
                        Err(error) => {
                            if errors.fetch_add(1, Ordering::Relaxed) < 3 {
                                eprintln!("{error}");
                            }
                        }
                    }
                }
            })
        })
        .collect();
    tokio::time::sleep(warm).await;
    let (cpu, pg_cpu, began) = (server.cpu_ms(), database_ms(), Instant::now());
    let before = done.load(Ordering::Relaxed);
    for task in tasks {
        task.await?;
    }
    let cycles = done.load(Ordering::Relaxed) - before;
    let elapsed = began.elapsed().as_secs_f64();
    let per_cycle = |ms: f64| (ms / cycles.max(1) as f64 * 100.0).round() / 100.0;
    let (server_ms, pg_ms) = (server.cpu_ms() - cpu, database_ms() - pg_cpu);
    Ok(json!({
        "bench": "lifecycle",
        "database": if postgres { "postgres" } else { "sqlite" },
        "clients": clients,
        "seconds": (elapsed * 10.0).round() / 10.0,
        "cycles": cycles,
        "cycles_per_second": (cycles as f64 / elapsed * 10.0).round() / 10.0,
        "server_cpu_ms_per_cycle": per_cycle(server_ms),
        "postgres_cpu_ms_per_cycle": per_cycle(pg_ms),
        "cpu_ms_per_cycle": per_cycle(server_ms + pg_ms),
        "errors": errors.load(Ordering::Relaxed),
        "calls": times.report(),
    }))
}
