//! Figures by hand.

use kernel::Money;

use super::*;

const DAY: i64 = 86_400_000_000;

fn fact(created: i64, done: Option<i64>) -> Fact {
    Fact {
        created_at: Ts(created * DAY),
        done_at: done.map(|day| Ts(day * DAY)),
        org_id: Id::NIL,
        engineer_id: Some(Id::NIL),
        model_id: Some(Id::NIL),
        model_name: "K".into(),
        region: "苏州".into(),
        late: String::new(),
        fix_class: "first".into(),
        callback_class: "satisfied".into(),
        repeat_of: None,
        gross: Money(100),
        fault: true,
    }
}

fn date(text: &str) -> Date {
    Date::parse_iso(text).expect("a date")
}

#[test]
fn an_order_counts_where_it_was_opened_and_where_it_was_done() {
    let facts = [fact(1, Some(4)), fact(5, None), fact(9, Some(9))];
    let first = within(&facts, Ts(0), Ts(5 * DAY)).totals();
    assert_eq!((first.taken, first.done), (1, 1));
    let second = within(&facts, Ts(5 * DAY), Ts(10 * DAY)).totals();
    assert_eq!((second.taken, second.done, second.gross), (2, 1, Money(100)));
    assert_eq!(repair_tenths(&first), Some(720), "three days");
    assert_eq!(repair_tenths(&Totals::default()), None);
}

#[test]
fn shares_leave_out_what_is_not_known_yet() {
    let unknown = Fact { fix_class: "unknown".into(), callback_class: String::new(), ..fact(1, Some(2)) };
    let late = Fact { late: "orders.fix".into(), fix_class: "not_fixed_once".into(), ..fact(1, Some(2)) };
    let facts = [fact(1, Some(2)), unknown, late];
    let totals = within(&facts, Ts(0), Ts(5 * DAY)).totals();
    assert_eq!(totals.on_time, Rate { hits: 2, of: 3 });
    assert_eq!(totals.first_fix, Rate { hits: 1, of: 2 });
    assert_eq!(totals.satisfied, Rate { hits: 2, of: 2 });
    assert_eq!(totals.on_time.bp(), Some(6667));
    assert_eq!(Rate::default().bp(), None);
}

#[test]
fn the_period_before_is_as_long_and_ends_the_day_before() {
    let period = Period { from: date("2026-11-01"), to: date("2026-11-22") };
    assert_eq!(before(period), Period { from: date("2026-10-10"), to: date("2026-10-31") });
    let day = Period { from: date("2026-03-01"), to: date("2026-03-01") };
    assert_eq!(before(day), Period { from: date("2026-02-28"), to: date("2026-02-28") });
}

#[test]
fn every_day_of_the_period_has_a_line() {
    let facts = [fact(0, Some(2)), fact(2, None)];
    let period = Period { from: date("1970-01-01"), to: date("1970-01-03") };
    let zone = kernel::zone("UTC").expect("a zone");
    let days = within(&facts, Ts(0), Ts(3 * DAY)).days(period, |at| at.date_in(&zone));
    assert_eq!(days.iter().map(|d| (d.taken, d.done)).collect::<Vec<_>>(), [(1, 0), (0, 0), (1, 1)]);
}

#[test]
fn rankings_are_by_count_then_by_name() {
    assert_eq!(
        ranked(["b", "a", "c", "a", "b"].into_iter()),
        [("a".into(), 2), ("b".into(), 2), ("c".into(), 1)]
    );
    let facts: Vec<Fact> = (0..30).map(|n| Fact { region: format!("r{n:02}"), ..fact(1, Some(2)) }).collect();
    let all = within(&facts, Ts(0), Ts(5 * DAY));
    assert_eq!(all.regions(&all).len(), 30);
}

#[test]
fn what_is_no_repair_or_was_called_off_is_no_fault() {
    let now = [fact(6, Some(7)), fact(7, None), Fact { fault: false, ..fact(8, Some(8)) }];
    let old = [fact(1, Some(2)), Fact { fault: false, ..fact(2, Some(2)) }];
    let all: Vec<Fact> = now.into_iter().chain(old).collect();
    let (inside, before) = (within(&all, Ts(5 * DAY), Ts(10 * DAY)), within(&all, Ts(0), Ts(5 * DAY)));
    let models = inside.models(&before);
    assert_eq!((models[0].faults, models[0].faults_before), (2, 1));
    let areas = inside.regions(&before);
    assert_eq!((areas[0].orders, areas[0].faults, areas[0].faults_before), (3, 2, 1));
    assert_eq!((inside.totals().done, inside.totals().repaired), (2, 1));
}
