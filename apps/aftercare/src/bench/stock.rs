//! Many clients at once for the last pieces of a part: exactly as many succeed as there are pieces.

use std::time::Instant;

use aftercare::StartError;
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    calls::{Caller, Times},
    process::Server,
};
use crate::cli::Place;

/// How a client gets its piece.
#[derive(Clone, Copy)]
enum Way {
    /// a line that reserves
    Reserve,
    /// a line that is simply booked as used, without asking first
    JustBook,
}

/// Runs both ways and checks the ledger afterwards.
pub async fn run(place: &Place, clients: usize, pieces: i64) -> Result<Value, StartError> {
    let (app, _, _) = place.app().await?;
    let token = org::cli::new_token(&app, "admin").await?;
    app.db.close().await;
    drop(app);
    let postgres = place.url.starts_with("postgres");
    let server = Server::start(&place.data, Some(&place.url)).await?;
    let reserve = rush(&server, &token, clients, pieces, Way::Reserve).await?;
    let book = rush(&server, &token, clients, pieces, Way::JustBook).await?;
    drop(server);
    let (app, _, _) = place.app().await?;
    let broken = aftercare::check(&app).await?;
    Ok(json!({
        "bench": "stock",
        "database": if postgres { "postgres" } else { "sqlite" },
        "clients": clients,
        "pieces": pieces,
        "reserving_first": reserve,
        "just_booking": book,
        "check": if broken.is_empty() { json!("ok") } else { json!(broken) },
    }))
}

async fn rush(
    server: &Server,
    token: &str,
    clients: usize,
    pieces: i64,
    way: Way,
) -> Result<Value, StartError> {
    let times = Times::default();
    let name = format!(
        "{}{}",
        matches!(way, Way::Reserve),
        std::time::UNIX_EPOCH.elapsed().map_or(0, |t| t.as_millis())
    );
    let setup = Caller::new(&server.base, token, &format!("s{name}"), Times::default());
    let org = setup.get("setup", "/api/v1/me").await?["org_id"].clone();
    let post = |path: &'static str, body: Value| {
        let setup = setup.clone();
        async move { setup.post("setup", path, body).await }
    };
    let staff = post("/api/v1/staff", json!({ "no": format!("E{name}"), "name": "抢件工程师", "org_id": org, "grade": 3, "engineer": true })).await?;
    let depot = post(
        "/api/v1/depots",
        json!({ "code": format!("D{name}"), "name": "抢件库", "kind": "parts", "org_id": org }),
    )
    .await?;
    let part = post(
        "/api/v1/parts",
        json!({ "code": format!("P{name}"), "name": "最后几件", "unit": "只", "price": 100, "cost": 50 }),
    )
    .await?;
    post("/api/v1/receipts", json!({ "kind": "ordered", "depot_id": depot["id"], "lines": [{ "part": part["id"], "quantity": pieces * 1000, "unit_cost": 50 }] })).await?;
    let customer =
        post("/api/v1/customers", json!({ "name": format!("抢件{name}"), "phone": "13900000000" })).await?;
    let mut orders = Vec::new();
    for _ in 0..clients {
        let order = post("/api/v1/orders", json!({ "customer_id": customer["id"], "kind": "repair_minor", "mode": "on_site", "symptom": "缺件" })).await?;
        let order = order["id"].as_str().ok_or("no order")?.to_string();
        setup.post("setup", &format!("/api/v1/orders/{order}/accept"), json!({})).await?;
        for with in ["dispatcher", "customer"] {
            setup.post("setup", &format!("/api/v1/orders/{order}/verify"), json!({ "with": with })).await?;
        }
        let assign = json!({ "engineer_id": staff["id"] });
        setup.post("setup", &format!("/api/v1/orders/{order}/assign"), assign).await?;
        orders.push(order);
    }
    let stock = match way {
        Way::Reserve => "reserve",
        Way::JustBook => "issue",
    };
    let began = Instant::now();
    let tasks: Vec<_> = orders
        .into_iter()
        .enumerate()
        .map(|(client, order)| {
            let caller = Caller::new(&server.base, token, &format!("r{name}-{client}"), times.clone());
            let body =
                json!({ "part_id": part["id"], "depot_id": depot["id"], "quantity": 1000, "stock": stock });
            tokio::spawn(async move {
                caller.call("line", Method::POST, &format!("/api/v1/orders/{order}/lines"), Some(body)).await
            })
        })
        .collect();
    let (mut got, mut refused, mut other) = (0, 0, 0);
    for task in tasks {
        match task.await? {
            Ok((status, _)) if status.is_success() => got += 1,
            Ok((_, answer)) if answer["code"] == "parts.not_enough" => refused += 1,
            Ok((status, answer)) => {
                other += 1;
                eprintln!("{status} {answer}");
            }
            Err(error) => return Err(error),
        }
    }
    Ok(json!({
        "succeeded": got,
        "refused_for_lack_of_stock": refused,
        "other_answers": other,
        "milliseconds": began.elapsed().as_millis() as u64,
        "calls": times.report(),
    }))
}
