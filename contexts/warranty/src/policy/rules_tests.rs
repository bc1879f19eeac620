use kernel::Id;
use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Date {
    Date::parse_iso(text).expect("a date")
}

fn id(n: u128) -> Id {
    Id(uuid::Uuid::from_u128(n))
}

fn term(number: i64, valid_from: &str, months: i64) -> Term {
    Term {
        number,
        valid_from: day(valid_from),
        months,
        start_basis: StartBasis::Purchase,
        parts_bp: 10_000,
        labour_bp: 10_000,
        travel_bp: 10_000,
        excluded: vec![],
        referred: vec![],
        limit_in_days: 3,
        limit_out_days: 5,
    }
}

fn policy(n: u128, model: Option<u128>, category: Option<u128>, group: &str, months: i64) -> Policy {
    Policy {
        id: id(n),
        name: format!("P{n}"),
        model_id: model.map(id),
        category_id: category.map(id),
        group_code: group.into(),
        terms: vec![term(1, "2000-01-01", months)],
    }
}

fn facts(purchase: Option<&str>, install: Option<&str>, at: &str) -> Facts {
    Facts {
        model_id: Some(id(100)),
        categories: vec![id(200), id(201)],
        group_code: "TANK".into(),
        purchase_date: purchase.map(day),
        install_date: install.map(day),
        at: day(at),
        cause: Cause::Product,
    }
}

#[test]
fn the_last_day_is_inside_and_the_next_is_not() {
    let policies = [policy(1, None, None, "", 12)];
    for (at, verdict) in [
        ("2024-02-28", Verdict::Covered),
        ("2025-02-28", Verdict::Covered),
        ("2025-03-01", Verdict::NotCovered),
    ] {
        assert_eq!(decide(&policies, &facts(Some("2024-02-29"), None, at)).verdict, verdict, "{at}");
    }
}

#[test]
fn the_most_special_policy_wins() {
    let all = [
        policy(1, None, None, "", 12),
        policy(2, None, None, "TANK", 13),
        policy(3, None, Some(201), "", 14),
        policy(4, None, Some(200), "", 15),
        policy(5, None, Some(201), "TANK", 16),
        policy(6, Some(100), None, "", 17),
        policy(7, Some(100), None, "TANK", 18),
        policy(8, Some(101), None, "TANK", 99),
        policy(9, Some(100), None, "PIPE", 99),
    ];
    let case = facts(Some("2024-01-01"), None, "2024-06-01");
    for known in 1..=7 {
        let decision = decide(&all[..known], &case);
        assert_eq!(decision.policy_id, Some(id(known as u128)), "with {known} policies");
    }
    assert_eq!(decide(&all, &case).policy_id, Some(id(7)));
    assert_eq!(decide(&all[7..], &case).verdict, Verdict::Refer);
}

#[test]
fn the_terms_in_force_at_the_start_decide_not_todays() {
    let mut one = policy(1, None, None, "", 12);
    one.terms.push(term(2, "2025-01-01", 24));
    let old = decide(std::slice::from_ref(&one), &facts(Some("2024-12-31"), None, "2026-01-01"));
    assert_eq!((old.policy_version, old.verdict), (1, Verdict::NotCovered));
    let new = decide(&[one], &facts(Some("2025-01-01"), None, "2027-01-01"));
    assert_eq!((new.policy_version, new.verdict), (2, Verdict::Covered));
}

#[test]
fn without_a_card_the_completion_date_starts_the_warranty() {
    let policies = [policy(1, None, None, "", 12)];
    let decision = decide(&policies, &facts(None, Some("2024-05-10"), "2025-05-10"));
    assert_eq!((decision.verdict, decision.until), (Verdict::Covered, Some(day("2025-05-10"))));
    let unknown = decide(&policies, &facts(None, None, "2025-05-10"));
    assert_eq!((unknown.verdict, unknown.until, unknown.parts_bp), (Verdict::Refer, None, 0));
}

#[test]
fn causes_exclude_and_refer() {
    let mut one = policy(1, None, None, "", 12);
    one.terms[0].excluded = vec![Cause::Workmanship];
    one.terms[0].referred = vec![Cause::Other];
    let mut case = facts(Some("2024-01-01"), None, "2024-06-01");
    for (cause, verdict) in [
        (Cause::Product, Verdict::Covered),
        (Cause::Customer, Verdict::NotCovered),
        (Cause::Workmanship, Verdict::NotCovered),
        (Cause::Other, Verdict::Refer),
    ] {
        case.cause = cause;
        let decision = decide(std::slice::from_ref(&one), &case);
        assert_eq!(decision.verdict, verdict, "{cause:?}");
        assert_eq!(decision.repair_days, 3, "the limit follows the dates, not the cause");
    }
    case.cause = Cause::Customer;
    (case.purchase_date, case.install_date) = (None, None);
    assert_eq!(decide(&[one], &case).verdict, Verdict::NotCovered, "known even without dates");
}

#[test]
fn repair_limits_differ_inside_and_outside() {
    let policies = [policy(1, None, None, "", 12)];
    assert_eq!(decide(&policies, &facts(Some("2024-01-01"), None, "2024-06-01")).repair_days, 3);
    assert_eq!(decide(&policies, &facts(Some("2024-01-01"), None, "2025-06-01")).repair_days, 5);
}

#[test]
fn the_reasons_are_told_in_both_languages() {
    let decision = decide(&[policy(1, None, None, "", 12)], &facts(Some("2024-01-01"), None, "2024-06-01"));
    assert!(decision.said.len() >= 4);
    for said in &decision.said {
        assert!(!said.zh.is_empty() && !said.en.is_empty());
        assert!(!said.zh.contains('{') && !said.en.contains('{'), "{said:?}");
    }
}

#[test]
fn terms_are_checked() {
    let last = Some(day("2026-01-01"));
    let base = NewTerm::usual(day("2026-01-02"));
    assert!(check_term(&base, last).is_ok());
    let mut bad = NewTerm { months: -1, limit_in_days: 0, valid_from: day("2026-01-01"), ..base };
    bad.parts.0 = Bp(10_001);
    bad.referred = vec![Cause::Customer];
    let codes: Vec<&str> = check_term(&bad, last).expect_err("bad").0.iter().map(|p| p.code).collect();
    assert_eq!(
        codes,
        [
            "warranty.months",
            "warranty.share",
            "warranty.limit",
            "warranty.cause_twice",
            "warranty.term_not_newer"
        ]
    );
}

proptest! {
    /// Exact to the day: inside up to and including the last day, outside from the next on.
    #[test]
    fn boundaries_are_exact(start in 0i64..20_000, months in 0i64..240, off in -40i64..40) {
        let bought = day("1990-01-01").plus_days(start);
        let mut one = policy(1, None, None, "", months);
        one.terms[0].valid_from = day("1980-01-01");
        let until = end_of(bought, months);
        let mut case = facts(None, None, "2024-01-01");
        case.purchase_date = Some(bought);
        case.at = until.plus_days(off);
        let decision = decide(&[one], &case);
        prop_assert_eq!(decision.until, Some(until));
        prop_assert_eq!(decision.verdict == Verdict::Covered, off <= 0);
    }

    /// Once outside, always outside; and a longer warranty never covers less.
    #[test]
    fn cover_only_falls_with_time_and_rises_with_months(months in 0i64..120, more in 0i64..24, days in 0i64..5000, later in 0i64..500) {
        let mut case = facts(Some("2005-03-31"), None, "2005-03-31");
        let shorter = [policy(1, None, None, "", months)];
        let longer = [policy(1, None, None, "", months + more)];
        case.at = day("2005-03-31").plus_days(days);
        let now = decide(&shorter, &case).parts_bp;
        prop_assert!(decide(&longer, &case).parts_bp >= now);
        case.at = case.at.plus_days(later);
        prop_assert!(decide(&shorter, &case).parts_bp <= now);
    }

    /// The order in which policies are read never matters.
    #[test]
    fn order_does_not_matter(months in proptest::collection::vec((0i64..60, 0u8..7), 1..8), turn in 0usize..8) {
        let make = |(n, (months, kind)): (usize, &(i64, u8))| {
            let n = n as u128 + 1;
            match kind {
                0 => policy(n, None, None, "", *months),
                1 => policy(n, None, None, "TANK", *months),
                2 => policy(n, None, Some(200), "", *months),
                3 => policy(n, None, Some(201), "TANK", *months),
                4 => policy(n, Some(100), None, "", *months),
                5 => policy(n, Some(100), None, "TANK", *months),
                _ => policy(n, Some(7), None, "", *months),
            }
        };
        let mut all: Vec<Policy> = months.iter().enumerate().map(make).collect();
        let case = facts(Some("2024-01-01"), None, "2025-01-01");
        let first = decide(&all, &case);
        let by = turn % all.len();
        all.rotate_left(by);
        prop_assert_eq!(decide(&all, &case), first);
    }
}
