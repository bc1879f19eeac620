//! Amounts of lines by properties.

use kernel::{Id, Ts};
use proptest::prelude::*;

use super::*;

fn line(gross: i64, amount: i64, stock: Stock) -> LineRow {
    LineRow {
        id: Id::NIL,
        order_id: Id::NIL,
        org_id: Id::NIL,
        place: 1,
        order_unit_id: None,
        kind: LineKind::Part,
        code: String::new(),
        name: String::new(),
        part_id: None,
        depot_id: None,
        quantity: Quantity::ONE,
        price: Money(gross),
        covered_bp: 0,
        gross: Money(gross),
        amount: Money(amount),
        sheet: Sheet::Dispatch,
        stock,
        verdict: String::new(),
        reclassified: String::new(),
        old_part_due: false,
        old_part_taken: false,
        serials: String::new(),
        auto: false,
        priced: false,
        rule_id: None,
        trace: String::new(),
        note: String::new(),
        cost: Money::ZERO,
        created_at: Ts(0),
        updated_at: Ts(0),
    }
}

#[test]
fn returned_lines_cost_nothing() {
    let lines = [line(1000, 400, Stock::Used), line(900, 900, Stock::Returned), line(50, 50, Stock::None)];
    assert_eq!(totals(&lines).expect("small"), (Money(1050), Money(450)));
}

#[test]
fn sheets_that_go_out_take_parts_and_intake_only_plans() {
    assert_eq!(wish(None, Sheet::Intake), Ok(StockWish::Plan));
    assert_eq!(wish(Some(StockWish::Issue), Sheet::Intake), Ok(StockWish::Issue));
    assert_eq!(wish(Some(StockWish::Reserve), Sheet::Dispatch), Ok(StockWish::Reserve));
    for sheet in [Sheet::Dispatch, Sheet::Completion, Sheet::Callback] {
        assert_eq!(wish(None, sheet), Ok(StockWish::Issue));
    }
    for sheet in [Sheet::Completion, Sheet::Callback] {
        assert!(wish(Some(StockWish::Plan), sheet).is_err());
        assert!(wish(Some(StockWish::Reserve), sheet).is_err());
    }
    assert_eq!(stock_after(StockWish::Issue, Sheet::Dispatch), Stock::Issued);
    assert_eq!(stock_after(StockWish::Issue, Sheet::Completion), Stock::Used);
}

#[test]
fn lines_stand_on_the_sheet_of_the_moment() {
    let at = |said, state| sheet(said, sheet_of(state), state);
    for state in [State::New, State::Scheduled, State::InProgress, State::Reopened] {
        assert_eq!(at(None, state), Ok(sheet_of(state)));
        assert_eq!(at(Some(sheet_of(state)), state), Ok(sheet_of(state)));
        assert!(at(Some(Sheet::Completion), state).is_err());
        assert!(at(Some(Sheet::Callback), state).is_err());
    }
    assert!(at(Some(Sheet::Dispatch), State::New).is_err());
    assert!(at(Some(Sheet::Dispatch), State::Done).is_err());
    assert_eq!(at(Some(Sheet::Callback), State::Done), Ok(Sheet::Callback));
    assert!(sheet(Some(Sheet::Callback), Sheet::Completion, State::InProgress).is_err());
}

#[test]
fn issued_parts_do_not_slip_back_to_planning() {
    assert!(check_wish(Stock::Issued, StockWish::Plan).is_err());
    assert!(check_wish(Stock::Used, StockWish::Reserve).is_err());
    assert!(check_wish(Stock::Reserved, StockWish::Plan).is_ok());
    assert!(check_wish(Stock::Issued, StockWish::Issue).is_ok());
}

#[test]
fn a_change_of_cover_needs_a_share_and_a_reason() {
    assert!(check_reclassify(5000, "厂家鉴定书").is_ok());
    assert!(check_reclassify(5000, "  ").is_err());
    assert!(check_reclassify(10_001, "x").is_err());
    assert!(check_reclassify(-1, "x").is_err());
}

proptest! {
    #[test]
    fn what_the_customer_pays_and_what_is_borne_add_up(price in 0..100_000_000i64, quantity in 1..1_000_000i64, bp in 0..=10_000i64) {
        let (gross, amount) = amounts(Money(price), Quantity(quantity), bp).expect("in range");
        prop_assert!(amount <= gross && amount.0 >= 0);
        let borne = gross.checked_bp(Bp(bp)).expect("in range");
        prop_assert_eq!(amount.checked_add(borne).expect("in range"), gross);
    }

    #[test]
    fn full_cover_is_free_and_no_cover_is_the_gross(price in 0..100_000_000i64, quantity in 1..1_000_000i64) {
        let (gross, free) = amounts(Money(price), Quantity(quantity), 10_000).expect("in range");
        prop_assert_eq!(free, Money::ZERO);
        prop_assert_eq!(amounts(Money(price), Quantity(quantity), 0).expect("in range"), (gross, gross));
    }

    #[test]
    fn totals_are_sums_whatever_the_order(mut amounts in proptest::collection::vec((0..1_000_000i64, 0..1_000_000i64), 0..20)) {
        let of = |list: &[(i64, i64)]| totals(&list.iter().map(|(g, a)| line(*g, *a, Stock::None)).collect::<Vec<_>>()).expect("in range");
        let first = of(&amounts);
        amounts.reverse();
        prop_assert_eq!(first, of(&amounts));
        prop_assert_eq!(first.0.0, amounts.iter().map(|(g, _)| g).sum::<i64>());
    }
}
