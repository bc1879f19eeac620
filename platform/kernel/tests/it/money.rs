use kernel::*;
use proptest::prelude::*;

#[test]
fn money_as_people_write_it() {
    for (text, minor) in [
        ("1,234.5", 123_450),
        ("¥ 12", 1200),
        ("￥１２．３０", 1230),
        ("12元", 1200),
        ("CNY 1,000,000.00", 100_000_000),
        ("-0.05", -5),
        ("+3", 300),
        (".5", 50),
        ("1.500", 150),
        ("1234567", 123_456_700),
    ] {
        assert_eq!(Money::parse(text).unwrap(), Money(minor), "{text}");
    }
    for (text, code) in [
        ("1.234", "number.decimals"),
        ("1,23", "money.format"),
        ("1,2345", "money.format"),
        ("1.", "money.format"),
        (".", "money.format"),
        ("", "money.format"),
        ("1e5", "money.format"),
        ("--1", "money.format"),
        ("1.2.3", "money.format"),
        ("٣", "money.format"),
        ("100000000001", "number.too_large"),
        ("99999999999999999999999999999999999999999999999", "number.too_large"),
    ] {
        assert_eq!(Money::parse(text).unwrap_err().code, code, "{text}");
    }
}

#[test]
fn money_for_people_and_files() {
    assert_eq!(Money(123_450).fmt_money(), "1,234.50");
    assert_eq!(Money(-5).to_string(), "-0.05");
    assert_eq!(Money(-100_000_000).to_string(), "-1,000,000.00");
    assert_eq!(Money(99_999).fmt_money(), "999.99");
    assert_eq!(Money(i64::MIN).fmt_plain(), "-92233720368547758.08");
    assert_eq!(format!("{:>8}", Money(5)), "    0.05");
    assert_eq!(serde_json::to_string(&Money(7)).unwrap(), "7");
}

#[test]
fn halves_go_away_from_zero() {
    assert_eq!(Money(333).checked_mul(Quantity(1500)).unwrap(), Money(500));
    assert_eq!(Money(1).checked_mul(Quantity(500)).unwrap(), Money(1));
    assert_eq!(Money(-1).checked_mul(Quantity(500)).unwrap(), Money(-1));
    assert_eq!(Money(1).checked_mul(Quantity(499)).unwrap(), Money(0));
    assert_eq!(Money(999).checked_bp(Bp(5000)).unwrap(), Money(500));
    assert_eq!(Money(1000).checked_div(Quantity(3000)).unwrap(), Money(333));
    assert_eq!(Money(1000).checked_div(Quantity(-3000)).unwrap(), Money(-333));
    assert_eq!(Money(1).checked_div(Quantity::ZERO).unwrap_err().code, "number.divide_by_zero");
}

#[test]
fn overflow_is_an_error() {
    let most = Money(10_000_000_000_000);
    assert_eq!(most.checked_add(Money(1)).unwrap_err().code, "number.too_large");
    assert_eq!(Money(i64::MAX).checked_mul(Quantity(i64::MAX)).unwrap_err().code, "number.too_large");
    assert_eq!(Money(i64::MIN).checked_bp(Bp(i64::MIN)).unwrap_err().code, "number.too_large");
    assert!(Money::sum([most, most, most.neg()]).is_err(), "no sum may pass the limit on the way");
    assert_eq!(Money::sum([Money(1), Money(2)]).unwrap(), Money(3));
}

#[test]
fn quantities_and_rates() {
    for (text, value, shown) in
        [("1.5", 1500, "1.5"), ("2", 2000, "2"), ("-0.250", -250, "-0.25"), ("1,000", 1_000_000, "1000")]
    {
        assert_eq!(Quantity::parse(text).unwrap(), Quantity(value));
        assert_eq!(Quantity(value).to_string(), shown);
    }
    assert_eq!(Quantity::parse("0.0001").unwrap_err().code, "number.decimals");
    assert_eq!(Quantity::parse("two").unwrap_err().code, "quantity.format");
    assert!(Quantity(3000).is_whole() && !Quantity(1).is_whole());
    assert_eq!(Quantity::units(2).checked_mul(Quantity(1500)).unwrap(), Quantity(3000));
    assert_eq!(Bp::parse("12.5%").unwrap(), Bp(1250));
    assert_eq!(Bp::parse("１００ ％").unwrap(), Bp::FULL);
    assert_eq!(Bp(1250).to_string(), "12.5%");
    assert_eq!(Bp::of(1, 3), Bp(3333));
    assert_eq!(Bp::of(5, 0), Bp::ZERO);
}

proptest! {
    #[test]
    fn round_trips(n in -10_000_000_000_000_i64..=10_000_000_000_000) {
        prop_assert_eq!(Money::parse(&Money(n).fmt_money()).unwrap(), Money(n));
        prop_assert_eq!(Money::parse(&Money(n).fmt_plain()).unwrap(), Money(n));
        prop_assert_eq!(Quantity::parse(&Quantity(n).to_string()).unwrap(), Quantity(n));
        prop_assert_eq!(Bp::parse(&Bp(n).to_string()).unwrap(), Bp(n));
        prop_assert_eq!(serde_json::from_str::<Money>(&serde_json::to_string(&Money(n)).unwrap()).unwrap(), Money(n));
    }

    #[test]
    fn never_panics(s in "\\PC{0,30}", a: i64, b: i64) {
        let _ = (Money::parse(&s), Quantity::parse(&s), Bp::parse(&s), Bp::of(a, b));
        let (m, q) = (Money(a), Quantity(b));
        let _ = (m.checked_mul(q), m.checked_div(q), m.checked_bp(Bp(b)), m.checked_add(Money(b)), m.neg(), q.neg());
        let _ = (m.to_string(), m.fmt_plain(), q.to_string(), Bp(a).to_string(), q.checked_mul(Quantity(a)));
    }

    #[test]
    fn shares_add_up(n in -1_000_000_i64..1_000_000, weights in prop::collection::vec(0_u32..1000, 1..8)) {
        let parts = Money(n).split(&weights);
        prop_assert_eq!(Money::sum(parts.iter().copied()).unwrap(), Money(n));
        let total: i64 = weights.iter().map(|w| i64::from(*w)).sum();
        if total > 0 {
            for (part, weight) in parts.iter().zip(&weights) {
                prop_assert!((part.0 * total - n * i64::from(*weight)).abs() < total);
            }
        }
    }

    #[test]
    fn adding_is_undone_by_taking_away(a in -1_000_000_000_i64..1_000_000_000, b in -1_000_000_000_i64..1_000_000_000) {
        let sum = Money(a).checked_add(Money(b)).unwrap();
        prop_assert_eq!(sum.checked_sub(Money(b)).unwrap(), Money(a));
    }
}
