//! Many at once: the last ten pieces, sheets in each other's way, one line from many sides.

use futures::future::join_all;
use kernel::{Money, Quantity};
use kit::{Result, begin};
use parts::api::{self, DepotKind, LineStock, PartInput, StockState};
use serde_json::json;

use crate::helpers::{Room, again, depot_input, make_depot, make_part, receive, units};

testkit::app_test! {
    async fn two_hundred_want_the_last_ten(app: TestApp) {
        let room = Room::new(app, 10, Money(1000)).await;
        let lines: Vec<LineStock> = (0..200).map(|_| room.line()).collect();
        let results = join_all(lines.iter().map(|line| again(|| room.set(line, 1)))).await;
        let got = results.iter().filter(|r| r.is_ok()).count();
        let refused = results.iter().filter(|r| matches!(r, Err(e) if e.code() == "parts.not_enough")).count();
        assert_eq!((got, refused), (10, 190));
        assert_eq!((units(room.available().await), room.value().await), ((0, 0, 0), 0));
    }

    async fn two_hundred_clients_reserve_the_last_ten(app: TestApp) {
        let room = Room::new(app, 10, Money(1000)).await;
        let keeper = app.admin().await;
        let body = json!({ "kind": "sale", "depot_id": room.depot, "reserve": true, "lines": [{ "part": "A-100", "quantity": 1000 }] });
        let answers = join_all((0..200).map(|_| keeper.post("/issue-slips", body.clone()))).await;
        let ok = answers.iter().filter(|a| a.status.is_success()).count();
        let short = answers.iter().filter(|a| a.status.as_u16() == 409 && a.json()["code"] == "parts.not_enough").count();
        assert_eq!((ok, short), (10, 190), "{:?}", answers.iter().map(|a| a.status.as_u16()).collect::<Vec<_>>());
        assert_eq!(units(room.available().await), (10, 10, 0));
    }

    async fn reserving_and_booking_at_once_never_promise_twice(app: TestApp) {
        let room = Room::new(app, 20, Money(777)).await;
        let lines: Vec<LineStock> = (0..60).map(|_| room.line()).collect();
        let results = join_all(lines.iter().enumerate().map(async |(n, line)| match n % 3 {
            // Books what was used without reserving.
            0 => again(|| room.set(line, 1)).await.map(drop),
            // Reserves, then uses the reservation.
            1 => {
                again(|| room.reserve(line, 2)).await?;
                again(|| room.set(line, 2)).await.map(drop)
            }
            // Changes its mind.
            _ => {
                again(|| room.set(line, 2)).await?;
                again(|| room.set(line, 0)).await.map(drop)
            }
        }))
        .await;
        for (n, result) in results.iter().enumerate() {
            assert!(matches!(result, Ok(())) || matches!(result, Err(e) if e.code() == "parts.not_enough"), "{n}: {result:?}");
        }
        let mut out = 0;
        for line in &lines {
            out += room.issued(line.line_id).await;
        }
        let left = room.available().await;
        assert_eq!((out + left.on_hand.0 / 1000, left.reserved.0), (20, 0));
    }

    async fn sheets_with_the_same_parts_in_any_order_never_lock_each_other(app: TestApp) {
        let room = Room::new(app, 400, Money(40_000)).await;
        let second = make_part(&room.cx, PartInput::named("B-200", "电机")).await.expect("a part");
        receive(&room.cx, second, room.depot, StockState::New, 400, Money(8_000)).await.expect("goods");
        let results = join_all((0..80).map(async |n: i64| -> Result<()> {
            let cx = &room.cx;
            let mut lines = [room.line(), room.line_at(cx.id(), second, room.depot)];
            if n % 2 == 0 {
                lines.reverse();
            }
            let mut tx = begin!(cx, "test.sheet", &());
            api::lock_lines_in(&mut tx, &lines).await?;
            for line in &lines {
                api::set_line_in(&mut tx, line, Quantity::units(1 + n % 4)).await?;
            }
            tx.commit(()).await
        }))
        .await;
        // Without one order of locking, PostgreSQL would have had to kill some of them.
        assert!(results.iter().all(Result::is_ok), "{results:?}");
        assert_eq!(units(room.available().await).0, 400 - 200);
    }

    async fn one_line_saved_from_many_sides_has_what_the_last_one_said(app: TestApp) {
        let room = Room::new(app, 50, Money(5_000)).await;
        let line = room.line();
        let results = join_all((0..40).map(|n| { let (room, line) = (&room, &line); again(move || room.set(line, 1 + n % 5)) })).await;
        assert!(results.iter().all(Result::is_ok), "{results:?}");
        let has = room.issued(line.line_id).await;
        assert!((1..=5).contains(&has), "{has}");
        assert_eq!(units(room.available().await), (50 - has, 0, 50 - has));
    }

    async fn transfers_both_ways_keep_every_piece(app: TestApp) {
        let room = Room::new(app, 30, Money(3_000)).await;
        let second = make_depot(&room.cx, depot_input("D2", DepotKind::Parts, app.root, None)).await.expect("a depot");
        receive(&room.cx, room.part, second, StockState::New, 30, Money(9_000)).await.expect("goods");
        let keeper = app.admin().await;
        let answers = join_all((0..40).map(async |n| {
            let (from, to) = if n % 2 == 0 { (room.depot, second) } else { (second, room.depot) };
            let body = json!({ "kind": "move", "from_id": from, "to_id": to, "lines": [{ "part": room.part, "quantity": 1000 }] });
            let made = keeper.post("/transfers", body).await.ok();
            keeper.post(&format!("/transfers/{}/receive", made["id"].as_str().expect("an id")), json!({})).await.ok()
        }))
        .await;
        assert!(answers.iter().all(|a| a["state"] == "received"));
        let (a, b) = (room.available().await, room.available_of(room.part, second).await);
        assert_eq!((units(a).0, units(b).0), (30, 30));
    }
}
