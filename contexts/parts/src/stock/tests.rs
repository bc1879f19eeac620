//! Arithmetic of the ledger over everything that may come.

use kernel::Id;
use proptest::prelude::*;

use super::{
    model::{Held, Pick, StockState},
    rules::{crossing, leaving, per_piece, plan_back, plan_take, share},
};

fn held(state: StockState, on_hand: i64, others: i64, mine: i64, issued: i64) -> Held {
    let mine = mine.min(on_hand);
    Held {
        id: Id::NIL,
        part_id: Id::NIL,
        depot_id: Id::NIL,
        org_id: Id::NIL,
        state,
        on_hand,
        reserved: mine + others.min(on_hand - mine),
        value: on_hand * 7,
        version: 1,
        issued,
        issued_cost: issued * 7,
        issued_version: 1,
        mine,
        mine_version: 1,
        level: None,
    }
}

fn balances() -> impl Strategy<Value = Vec<Held>> {
    let one = |state| {
        (0..50_i64, 0..50_i64, 0..50_i64, 0..50_i64).prop_map(move |(a, b, c, d)| held(state, a, b, c, d))
    };
    (one(StockState::New), one(StockState::Repaired)).prop_map(|(new, repaired)| vec![new, repaired])
}

fn pick() -> impl Strategy<Value = Pick> {
    prop_oneof![Just(Pick::RepairedFirst), Just(Pick::NewFirst), Just(Pick::NewOnly)]
}

proptest! {
    /// Taking a value apart piece by piece, in any steps, ends at zero with the last piece and never below.
    #[test]
    fn value_is_used_up_exactly(value in 0..10_000_000_000_000_i64, steps in prop::collection::vec(1..1_000_000_000_i64, 1..20)) {
        let mut on_hand: i64 = steps.iter().sum();
        let mut left = value;
        for step in steps {
            let cost = leaving(on_hand, left, step, None);
            prop_assert!(cost >= 0 && cost <= left);
            on_hand -= step;
            left -= cost;
        }
        prop_assert_eq!((on_hand, left), (0, 0));
    }

    /// A share is the exact one rounded half up, and the two shares of a whole differ from it by one at most.
    #[test]
    fn shares_are_fair(total in 0..10_000_000_000_000_i64, whole in 1..1_000_000_000_000_i64, cut in 0..=1000_i64) {
        let part = whole / 1000 * cut;
        let (a, b) = (share(total, part, whole), share(total, whole - part, whole));
        prop_assert!((a + b - total).abs() <= 1, "{a} + {b} = {total}");
        prop_assert!((0..=total).contains(&a));
    }

    /// What is asked for never takes more value than there is, and the last piece takes all of it.
    #[test]
    fn an_asked_value_is_kept_in_bounds(on_hand in 1..1000_i64, value in 0..100_000_i64, take in 1..1000_i64, asked in 0..200_000_i64) {
        let take = take.min(on_hand);
        let cost = leaving(on_hand, value, take, Some(asked));
        prop_assert!(cost >= 0 && cost <= value);
        prop_assert!(take < on_hand || cost == value);
    }

    /// A plan takes exactly what is needed, only from allowed states, the line's own promises first, and never what
    /// is promised to others; or it says the most that could be had.
    #[test]
    fn a_plan_takes_what_is_needed_and_nobody_elses(held in balances(), pick in pick(), need in 1..120_i64) {
        let allowed = |h: &Held| pick.states().contains(&h.state);
        let most: i64 = held.iter().filter(|h| allowed(h)).map(|h| h.on_hand - h.reserved + h.mine).sum();
        match plan_take(&held, pick, need) {
            Ok(steps) => {
                prop_assert!(need <= most);
                prop_assert_eq!(steps.iter().map(|s| s.quantity).sum::<i64>(), need);
                let mine: i64 = held.iter().filter(|h| allowed(h)).map(|h| h.mine).sum();
                prop_assert_eq!(steps.iter().map(|s| s.promised).sum::<i64>(), need.min(mine));
                for step in &steps {
                    let h = &held[step.at];
                    prop_assert!(allowed(h) && step.promised <= h.mine && step.promised <= step.quantity);
                    let (on_hand, reserved) = (h.on_hand - step.quantity, h.reserved - step.promised);
                    prop_assert!(on_hand >= 0 && reserved >= 0 && reserved <= on_hand);
                }
            }
            Err(had) => prop_assert_eq!((had, need > most), (most, true)),
        }
    }

    /// Giving back returns exactly what is asked, never more to a balance than came from it.
    #[test]
    fn giving_back_returns_what_was_taken(held in balances(), pick in pick(), part in 0..=100_i64) {
        let issued: i64 = held.iter().map(|h| h.issued).sum();
        let back = issued * part / 100;
        let steps = plan_back(&held, pick, back);
        prop_assert_eq!(steps.iter().map(|s| s.quantity).sum::<i64>(), back);
        prop_assert!(steps.iter().all(|s| s.quantity <= held[s.at].issued));
    }

    /// The alarm follows what is there, and is only switched when it is wrong.
    #[test]
    fn the_alarm_follows_the_stock(available in -5..50_i64, minimum in 0..50_i64, low: bool) {
        let right = minimum > 0 && available <= minimum;
        prop_assert_eq!(crossing(available, minimum, low), (right != low).then_some(right));
    }
}

#[test]
fn found_pieces_are_worth_the_average() {
    assert_eq!(per_piece(501, 5, 2), 200);
    assert_eq!(per_piece(503, 5, 2), 201);
    assert_eq!(per_piece(0, 5, 2), 0);
    assert_eq!(per_piece(500, 0, 2), 0);
}

#[test]
fn the_widest_numbers_do_not_overflow() {
    let (value, pieces) = (10_000_000_000_000, 1_000_000_000_000);
    assert_eq!(share(value, pieces - 1, pieces), 9_999_999_999_990);
    assert_eq!(leaving(pieces, value, pieces, None), value);
}
