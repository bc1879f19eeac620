use kernel::{Quantity, Ts};
use proptest::prelude::*;

use super::*;
use crate::inputs::{Amount, Share};

fn day(text: &str) -> Date {
    Date::parse_iso(text).expect("a date")
}

fn id(n: u128) -> Id {
    Id(uuid::Uuid::from_u128(n))
}

fn rule(n: u128, code: FeeCode, basis: Basis, amount: i64) -> Rule {
    Rule {
        region: String::new(),
        list_name: "标准".into(),
        row: RuleRow {
            id: id(n),
            list_id: id(1),
            code,
            label: code.label().0.into(),
            kind: String::new(),
            mode: String::new(),
            grade: String::new(),
            model_id: None,
            category_id: None,
            basis,
            amount: Money(amount),
            rate_bp: amount,
            borne_as: code.usually_borne_as(),
            automatic: true,
            valid_from: day("2020-01-01"),
            valid_until: None,
            note: String::new(),
            created_at: Ts(0),
            created_by: Id::NIL,
        },
    }
}

fn job() -> Job<'static> {
    Job {
        kind: "repair",
        mode: "on_site",
        grade: "",
        region: "江苏/苏州",
        model_id: Some(id(100)),
        categories: &[],
        covered_labour_bp: 0,
        covered_travel_bp: 0,
        urgent: false,
        also: false,
        distance_km: Quantity::ZERO,
        hours: Quantity::ZERO,
        on: day("2026-11-22"),
        certificate: &[],
    }
}

fn amounts(rules: &[Rule], job: &Job<'_>) -> Vec<(String, i64, i64)> {
    fees(rules, job).expect("small numbers").into_iter().map(|f| (f.code, f.gross.0, f.amount.0)).collect()
}

#[test]
fn one_fee_per_kind_by_the_most_special_rule() {
    let plain = rule(1, FeeCode::Labour, Basis::Flat, 100);
    let mut by_kind = rule(2, FeeCode::Labour, Basis::Flat, 200);
    by_kind.row.kind = "repair".into();
    let mut by_mode = rule(3, FeeCode::Labour, Basis::Flat, 300);
    (by_mode.row.kind, by_mode.row.mode) = ("repair".into(), "on_site".into());
    let mut by_model = rule(4, FeeCode::Labour, Basis::Flat, 400);
    by_model.row.model_id = Some(id(100));
    let mut by_region = rule(5, FeeCode::Labour, Basis::Flat, 500);
    by_region.region = "江苏".into();
    let mut elsewhere = rule(6, FeeCode::Labour, Basis::Flat, 600);
    elsewhere.region = "浙江".into();
    let mut other_kind = rule(7, FeeCode::Labour, Basis::Flat, 700);
    other_kind.row.kind = "install".into();
    let all = [elsewhere, other_kind, plain, by_kind, by_mode, by_model, by_region];
    for (known, amount) in [(3, 100), (4, 200), (5, 300), (6, 400), (7, 500)] {
        assert_eq!(amounts(&all[..known], &job()), [("labour".to_string(), amount, amount)], "{known}");
    }
}

#[test]
fn rules_are_dated_to_the_day() {
    let mut one = rule(1, FeeCode::Visit, Basis::Flat, 100);
    one.row.valid_until = Some(day("2026-11-22"));
    let mut two = rule(2, FeeCode::Visit, Basis::Flat, 150);
    two.row.valid_from = day("2026-11-23");
    let all = [one, two];
    assert_eq!(amounts(&all, &job())[0].1, 100);
    assert_eq!(amounts(&all, &Job { on: day("2026-11-23"), ..job() })[0].1, 150);
    assert!(amounts(&all, &Job { on: day("2019-12-31"), ..job() }).is_empty());
}

#[test]
fn a_further_unit_pays_its_own_work_but_not_the_way_the_hours_or_a_flat_surcharge_again() {
    let flat = [
        rule(1, FeeCode::Visit, Basis::Flat, 5_000),
        rule(2, FeeCode::Labour, Basis::Flat, 8_000),
        rule(3, FeeCode::Travel, Basis::PerKm, 150),
        rule(4, FeeCode::Urgent, Basis::Flat, 3_000),
        rule(5, FeeCode::Inspection, Basis::Flat, 2_000),
    ];
    let first = Job { distance_km: Quantity::parse("10").expect("valid"), urgent: true, ..job() };
    assert_eq!(amounts(&flat, &first).len(), 5);
    let also = Job { also: true, ..first };
    assert_eq!(
        amounts(&flat, &also),
        [("labour".to_string(), 8_000, 8_000), ("inspection".to_string(), 2_000, 2_000)]
    );
    let by_hour = [
        rule(6, FeeCode::Labour, Basis::PerHour, 9_000),
        rule(7, FeeCode::Urgent, Basis::PercentOfLabour, 5_000),
    ];
    let hours = Job { hours: Quantity::parse("2").expect("valid"), urgent: true, ..job() };
    assert_eq!(amounts(&by_hour, &hours).len(), 2);
    assert!(amounts(&by_hour, &Job { also: true, ..hours }).is_empty(), "hours are those of the whole job");
}

#[test]
fn urgency_kilometres_and_percentages() {
    let all = [
        rule(1, FeeCode::Labour, Basis::Flat, 8_000),
        rule(2, FeeCode::Travel, Basis::PerKm, 150),
        rule(3, FeeCode::Urgent, Basis::PercentOfLabour, 5_000),
    ];
    assert_eq!(amounts(&all, &job()), [("labour".to_string(), 8_000, 8_000)]);
    let far = Job { distance_km: Quantity::parse("12.5").expect("valid"), urgent: true, ..job() };
    assert_eq!(
        amounts(&all, &far),
        [
            ("labour".to_string(), 8_000, 8_000),
            ("travel".to_string(), 1_875, 1_875),
            ("urgent".to_string(), 4_000, 4_000)
        ]
    );
}

#[test]
fn the_warranty_bears_its_share_but_not_the_hurry() {
    let all = [
        rule(1, FeeCode::Visit, Basis::Flat, 5_000),
        rule(2, FeeCode::Labour, Basis::Flat, 8_000),
        rule(3, FeeCode::Urgent, Basis::Flat, 3_000),
    ];
    let covered = Job { covered_labour_bp: 10_000, covered_travel_bp: 5_000, urgent: true, ..job() };
    let found: Vec<i64> = amounts(&all, &covered).into_iter().map(|(_, _, amount)| amount).collect();
    assert_eq!(found, [2_500, 0, 3_000]);
}

#[test]
fn the_lower_of_list_and_certificate_applies() {
    let all = [rule(1, FeeCode::Labour, Basis::Flat, 8_000)];
    let printed = [("labour".to_string(), Money(6_000))];
    let fee = fees(&all, &Job { certificate: &printed, ..job() }).expect("small")[0].clone();
    assert_eq!((fee.gross, fee.amount), (Money(6_000), Money(6_000)));
    assert!(fee.trace.contains("60.00") && fee.trace_en.contains("certificate"));
    let printed = [("labour".to_string(), Money(9_000))];
    assert_eq!(amounts(&all, &Job { certificate: &printed, ..job() })[0].1, 8_000);
}

#[test]
fn a_limit_is_exceeded_only_above_it() {
    for (limit, total, over) in [(Some(100), 100, false), (Some(100), 101, true), (None, 1_000_000, false)] {
        assert_eq!(exceeds(limit.map(Money), Money(total)), over);
    }
    assert_eq!(deviation(Money(100), Money(80)).expect("small"), (Money(-20), false));
    assert_eq!(cost_price(Money(1_000), 500).expect("small"), Money(1_050));
}

#[test]
fn a_new_rule_ends_the_old_one_and_never_reaches_back() {
    let old = rule(1, FeeCode::Visit, Basis::Flat, 100).row;
    let mut new = rule(2, FeeCode::Visit, Basis::Flat, 150).row;
    new.valid_from = day("2026-12-01");
    assert_eq!(replaced(std::slice::from_ref(&old), &new).expect("newer"), [(id(1), day("2026-11-30"))]);
    let mut other = new.clone();
    other.kind = "install".into();
    assert!(replaced(std::slice::from_ref(&old), &other).expect("another case").is_empty());
    new.valid_from = old.valid_from;
    assert_eq!(replaced(&[old], &new).expect_err("not newer").code, "pricing.not_newer");
}

#[test]
fn rules_are_checked() {
    let mut input = NewRule {
        code: FeeCode::Labour,
        label: String::new(),
        kind: String::new(),
        mode: String::new(),
        grade: None,
        model_id: Some(id(1)),
        category_id: Some(id(2)),
        basis: Basis::PercentOfLabour,
        amount: Amount(Money(-1)),
        rate: Share(Bp(0)),
        borne_as: None,
        automatic: true,
        valid_from: day("2026-01-01"),
        note: "x".repeat(501),
    };
    let codes: Vec<&str> = check_rule(&input).expect_err("bad").0.iter().map(|p| p.code).collect();
    assert_eq!(
        codes,
        ["pricing.scope", "pricing.amount", "pricing.rate", "pricing.circular", "pricing.long"]
    );
    input = NewRule {
        model_id: None,
        basis: Basis::Flat,
        amount: Amount(Money(1)),
        note: String::new(),
        ..input
    };
    assert!(check_rule(&input).is_ok());
}

proptest! {
    /// What the customer pays and what is borne add up to the gross, whatever the share.
    #[test]
    fn shares_add_up(gross in 0i64..10_000_000, covered in -100i64..11_000) {
        let rest = payable(Money(gross), covered).expect("small");
        prop_assert!(rest >= Money::ZERO && rest.0 <= gross);
        let borne = Money(gross).checked_bp(Bp(covered.clamp(0, 10_000))).expect("small");
        prop_assert_eq!(rest.0 + borne.0, gross);
    }

    /// More cover never costs the customer more.
    #[test]
    fn cover_only_helps(gross in 0i64..10_000_000, a in 0i64..=10_000, b in 0i64..=10_000) {
        let (low, high) = (a.min(b), a.max(b));
        prop_assert!(payable(Money(gross), high).expect("small") <= payable(Money(gross), low).expect("small"));
    }

    /// The certificate can only lower a fee.
    #[test]
    fn the_certificate_only_lowers(listed in 0i64..1_000_000, printed in proptest::option::of(0i64..1_000_000)) {
        let gross = lower_of(Money(listed), printed.map(Money));
        prop_assert!(gross.0 <= listed && printed.is_none_or(|p| gross.0 <= p));
    }

    /// The order in which rules are read never matters.
    #[test]
    fn order_does_not_matter(picks in proptest::collection::vec((0usize..3, 0u8..5, 1i64..1000), 1..10), turn in 0usize..10) {
        let codes = [FeeCode::Labour, FeeCode::Visit, FeeCode::Urgent];
        let mut all: Vec<Rule> = picks.iter().enumerate().map(|(n, (code, how, amount))| {
            let mut one = rule(n as u128 + 1, codes[*code], Basis::Flat, *amount);
            match how {
                0 => one.row.kind = "repair".into(),
                1 => one.row.mode = "on_site".into(),
                2 => one.row.model_id = Some(id(100)),
                3 => one.region = "江苏".into(),
                _ => {}
            }
            one
        }).collect();
        let hurry = Job { urgent: true, ..job() };
        let first = amounts(&all, &hurry);
        let by = turn % all.len();
        all.rotate_left(by);
        prop_assert_eq!(amounts(&all, &hurry), first);
    }
}
