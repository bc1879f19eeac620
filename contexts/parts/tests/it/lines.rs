//! Stock of document lines: issue, give back, reserve, release (PARTS-29, 33, 35).

use kernel::{Money, Quantity};
use kit::Error;
use parts::api::{DepotKind, PartInput, Pick, StockState};

use crate::helpers::{Room, depot_input, make_depot, make_part, receive, refusal, units};

testkit::app_test! {
    async fn a_line_takes_changes_and_gives_back_what_it_says(app: TestApp) {
        let room = Room::new(app, 10, Money(1000)).await;
        let line = room.line();
        assert_eq!(room.set(&line, 3).await.expect("issued").cost, Money(300));
        assert_eq!(units(room.available().await), (7, 0, 7));
        assert_eq!(room.set(&line, 3).await.expect("the same again").cost, Money(300));
        assert_eq!(room.set(&line, 5).await.expect("more").cost, Money(500));
        assert_eq!(room.set(&line, 1).await.expect("less").cost, Money(100));
        assert_eq!(units(room.available().await), (9, 0, 9));
        assert_eq!(room.set(&line, 0).await.expect("deleted").cost, Money(0));
        assert_eq!((units(room.available().await), room.value().await), ((10, 0, 10), 1000));
        assert_eq!(room.issued(line.line_id).await, 0);
    }

    async fn too_much_is_refused_and_says_what_there_is(app: TestApp) {
        let room = Room::new(app, 2, Money(200)).await;
        let line = room.line();
        let Err(Error::Conflict(rule)) = room.set(&line, 3).await else { panic!("must be refused") };
        assert_eq!((rule.code, rule.field.as_deref()), ("parts.not_enough", Some("quantity")));
        let text = rule.message(kernel::Lang::Zh);
        assert!(text.contains("仓库D1") && text.contains("A-100") && text.contains('2') && text.contains('3'), "{text}");
        room.set(&line, 2).await.expect("what there is");
        // A line that has two and wants three is one short of three, not of one.
        let Err(Error::Conflict(rule)) = room.set(&line, 3).await else { panic!("must be refused") };
        assert!(rule.args.contains(&("have", "2".into())) && rule.args.contains(&("want", "3".into())), "{:?}", rule.args);
        assert_eq!(refusal(room.set(&line, -1).await), "parts.quantity");
        assert_eq!(room.issued(line.line_id).await, 2);
    }

    async fn value_leaves_with_the_last_piece_to_the_last_cent(app: TestApp) {
        let room = Room::new(app, 3, Money(100)).await;
        let lines = [room.line(), room.line(), room.line()];
        let mut costs = Vec::new();
        for line in &lines {
            costs.push(room.set(line, 1).await.expect("issued").cost.0);
        }
        assert_eq!((costs.iter().sum::<i64>(), room.value().await), (100, 0), "{costs:?}");
        // Given back at the cost each was issued for.
        for line in lines.iter().rev() {
            room.set(line, 0).await.expect("given back");
        }
        assert_eq!((room.value().await, units(room.available().await)), (100, (3, 0, 3)));
    }

    async fn what_is_reserved_is_nobody_elses(app: TestApp) {
        let room = Room::new(app, 5, Money(500)).await;
        let (mine, other) = (room.line(), room.line());
        room.reserve(&mine, 4).await.expect("reserved");
        assert_eq!(units(room.available().await), (5, 4, 1));
        assert_eq!(refusal(room.set(&other, 2).await), "parts.not_enough");
        assert_eq!(refusal(room.reserve(&other, 2).await), "parts.not_enough");
        room.set(&other, 1).await.expect("the free one");
        room.set(&mine, 3).await.expect("out of its reservation");
        assert_eq!(units(room.available().await), (1, 1, 0));
        assert_eq!(refusal(room.set(&mine, 5).await), "parts.not_enough");
        room.set(&mine, 4).await.expect("the last one");
        assert_eq!(units(room.available().await), (0, 0, 0));
        // What comes back is free: the reservation was used.
        room.set(&mine, 2).await.expect("two back");
        assert_eq!(units(room.available().await), (2, 0, 2));
    }

    async fn reservations_grow_shrink_and_end(app: TestApp) {
        let room = Room::new(app, 5, Money(500)).await;
        let line = room.line();
        for (units_wanted, reserved) in [(2, 2), (5, 5), (1, 1), (3, 3), (0, 0), (2, 2)] {
            room.reserve(&line, units_wanted).await.expect("reserved");
            assert_eq!(room.available().await.reserved.0 / 1000, reserved);
        }
        room.release(line.line_id).await.expect("released");
        room.release(line.line_id).await.expect("again is nothing");
        assert_eq!(units(room.available().await), (5, 0, 5));
    }

    async fn repaired_pieces_go_first_unless_overridden(app: TestApp) {
        let room = Room::new(app, 3, Money(3000)).await;
        receive(&room.cx, room.part, room.depot, StockState::Repaired, 2, Money(400)).await.expect("goods");
        let (first, second) = (room.line(), room.line());
        assert_eq!(room.set(&first, 3).await.expect("issued").cost, Money(400 + 1000));
        assert_eq!(room.set(&first, 2).await.expect("the new one back").cost, Money(400));
        room.set(&first, 0).await.expect("all back");
        let picked = room.set_picked(&second, Quantity::units(2), Pick::NewFirst).await.expect("issued");
        assert_eq!(picked.cost, Money(2000));
        room.set(&second, 0).await.expect("all back");
        assert_eq!(refusal(room.set_picked(&second, Quantity::units(4), Pick::NewOnly).await), "parts.not_enough");
        assert_eq!(room.value().await, 3400);
    }

    async fn a_line_that_names_another_depot_or_part_gives_back_the_old_one(app: TestApp) {
        let room = Room::new(app, 5, Money(500)).await;
        let second = make_depot(&room.cx, depot_input("D2", DepotKind::Parts, app.root, None)).await.expect("a depot");
        let other = make_part(&room.cx, PartInput::named("B-200", "电机")).await.expect("a part");
        receive(&room.cx, room.part, second, StockState::New, 2, Money(600)).await.expect("goods");
        receive(&room.cx, other, second, StockState::New, 1, Money(50)).await.expect("goods");
        let line = room.line();
        room.reserve(&line, 1).await.expect("reserved");
        room.set(&line, 2).await.expect("issued");
        room.reserve(&line, 1).await.expect("one more reserved");
        let moved = room.set(&room.line_at(line.line_id, room.part, second), 2).await.expect("from the other depot");
        assert_eq!(moved.cost, Money(600));
        assert_eq!(units(room.available().await), (5, 0, 5));
        let moved = room.set(&room.line_at(line.line_id, other, second), 1).await.expect("the other part");
        assert_eq!((moved.cost, room.issued(line.line_id).await), (Money(50), 1));
        assert_eq!(units(room.available_of(room.part, second).await), (2, 0, 2));
        // Refused as a whole: what the line had stays.
        assert_eq!(refusal(room.set(&room.line_at(line.line_id, room.part, second), 3).await), "parts.not_enough");
        assert_eq!(units(room.available_of(other, second).await), (0, 0, 0));
    }

    async fn parts_of_a_unit_are_counted_in_thousandths(app: TestApp) {
        let pipe = PartInput { unit: "米".into(), ..PartInput::named("A-101", "铜管") };
        let room = Room::of(app, pipe, 1, Money(999)).await;
        let lines = [room.line(), room.line(), room.line()];
        for (line, thousandths) in lines.iter().zip([333, 333, 334]) {
            room.set_picked(line, Quantity(thousandths), Pick::RepairedFirst).await.expect("issued");
        }
        assert_eq!((room.available().await.on_hand, room.value().await), (Quantity(0), 0));
        assert_eq!(refusal(room.set_picked(&room.line(), Quantity(1), Pick::RepairedFirst).await), "parts.not_enough");
    }

    async fn issuing_takes_few_statements(app: TestApp) {
        let room = Room::new(app, 9, Money(900)).await;
        let (plain, reserved) = (room.line(), room.line());
        // The audit row is one of them; on PostgreSQL all that is written goes together.
        let few = |most| if app.app.db.engine() == db::Engine::Postgres { 2 } else { most };
        assert_eq!(statements(&room, &plain, 1).await, few(5));
        assert_eq!(statements(&room, &plain, 1).await, 2, "nothing changes");
        assert_eq!(statements(&room, &plain, 0).await, few(5));
        room.reserve(&reserved, 2).await.expect("reserved");
        assert_eq!(statements(&room, &reserved, 2).await, few(6));
    }
}

async fn statements(room: &Room, line: &parts::api::LineStock, units: i64) -> u64 {
    let all = &room.cx.req.statements;
    all.store(0, std::sync::atomic::Ordering::Relaxed);
    room.set(line, units).await.expect("issued");
    all.load(std::sync::atomic::Ordering::Relaxed)
}
