//! Two hundred clients at once for the last ten pieces: people of the office, and engineers with accounts of their own.

use serde_json::{Value, json};

use crate::world::{World, id, world};

const CLIENTS: usize = 200;
const PIECES: i64 = 10;
/// Engineers among whom the clients are shared.
const ENGINEERS: usize = 20;

/// Everybody asks at once for one piece; returns how many got it.
async fn rush(world: &World, stock: &str) -> usize {
    let mut orders: Vec<Value> = Vec::new();
    for _ in 0..20 {
        orders.push(world.assigned_order().await);
    }
    let tasks: Vec<_> = (0..CLIENTS)
        .map(|n| {
            let client = world.admin.clone();
            let path = format!("/orders/{}/lines", id(&orders[n % orders.len()]));
            let body = json!({ "part_id": world.part["id"], "depot_id": world.depot["id"], "quantity": 1000, "stock": stock });
            tokio::spawn(async move { client.post(&path, body).await })
        })
        .collect();
    let mut got = 0;
    for task in tasks {
        let answer = task.await.expect("no panic");
        if answer.status.is_success() {
            got += 1;
        } else {
            assert_eq!(answer.refused(409), "parts.not_enough");
        }
    }
    got
}

/// Engineers with accounts of their own. Each has an order and takes from the depot all of them draw on, ten calls at
/// once each; returns how many got a piece.
async fn engineers_rush(world: &World, app: &testkit::TestApp, stock: &str) -> usize {
    let mut tasks = Vec::new();
    for n in 0..ENGINEERS {
        let engineer = app.user(kit::Role::Engineer).await;
        let van = json!({ "code": format!("V{n}"), "name": format!("车 {n}"), "kind": "van", "org_id": app.root, "holder_id": engineer.staff });
        world.admin.post("/depots", van).await.ok();
        let order = world.order_of(&engineer).await;
        for _ in 0..CLIENTS / ENGINEERS {
            let client = engineer.clone();
            let path = format!("/orders/{}/lines", id(&order));
            let body = json!({ "part_id": world.part["id"], "depot_id": world.depot["id"], "quantity": 1000, "stock": stock });
            tasks.push(tokio::spawn(async move { client.post(&path, body).await }));
        }
    }
    let mut got = 0;
    for task in tasks {
        let answer = task.await.expect("no panic");
        if answer.status.is_success() {
            got += 1;
        } else {
            assert_eq!(answer.refused(409), "parts.not_enough");
        }
    }
    got
}

testkit::app_test! {
    async fn engineers_just_booking_the_last_ten_pieces_get_exactly_ten(app: TestApp) {
        let world = world(app, PIECES).await;
        assert_eq!(engineers_rush(&world, app, "issue").await, 10);
    }

    async fn engineers_reserving_the_last_ten_pieces_get_exactly_ten(app: TestApp) {
        let world = world(app, PIECES).await;
        assert_eq!(engineers_rush(&world, app, "reserve").await, 10);
    }

    async fn two_hundred_reserving_the_last_ten_pieces_get_exactly_ten(app: TestApp) {
        let world = world(app, PIECES).await;
        assert_eq!(rush(&world, "reserve").await, 10);
    }

    async fn two_hundred_just_booking_the_last_ten_pieces_get_exactly_ten(app: TestApp) {
        let world = world(app, PIECES).await;
        assert_eq!(rush(&world, "issue").await, 10);
    }
}
