//! Two hundred clients at once for the last ten pieces.

use serde_json::{Value, json};

use crate::world::{World, id, world};

const CLIENTS: usize = 200;
const PIECES: i64 = 10;

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

testkit::app_test! {
    async fn two_hundred_reserving_the_last_ten_pieces_get_exactly_ten(app: TestApp) {
        let world = world(app, PIECES).await;
        assert_eq!(rush(&world, "reserve").await, 10);
    }

    async fn two_hundred_just_booking_the_last_ten_pieces_get_exactly_ten(app: TestApp) {
        let world = world(app, PIECES).await;
        assert_eq!(rush(&world, "issue").await, 10);
    }
}
