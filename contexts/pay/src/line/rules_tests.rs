use kernel::Ts;
use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Date {
    Date::parse_iso(text).expect("a date")
}

fn id(n: u128) -> Id {
    Id(uuid::Uuid::from_u128(n))
}

fn worker(n: u128, grade: i64, share_bp: i64) -> Worker {
    Worker { staff_id: id(n), name: format!("W{n}"), grade, share_bp }
}

fn facts() -> Facts {
    Facts {
        on: day("2026-11-22"),
        grouping: "repair".into(),
        kind: "major_repair".into(),
        mode: "on_site".into(),
        labour_gross: Money(10_000),
        labour_net: Money(4_000),
        parts_gross: Money(5_000),
        parts_cost: Money(3_000),
        score: Some(5),
        fix_class: "first".into(),
        callbacks: vec!["satisfied".into()],
        late: vec![],
        deduction: Money::ZERO,
        workers: vec![worker(1, 3, 10_000)],
        outlet: None,
    }
}

fn commission(n: u128, base: Base, ratio_bp: i64) -> CommissionRow {
    CommissionRow {
        id: id(n),
        name: format!("R{n}"),
        number: 1,
        grouping_code: String::new(),
        kind: String::new(),
        mode: String::new(),
        grade: 0,
        base,
        ratio_bp,
        amount: Money(ratio_bp),
        valid_from: day("2020-01-01"),
        valid_until: None,
        note: String::new(),
        created_at: Ts(0),
        created_by: Id::NIL,
    }
}

fn step(n: u128, party: Party, clock: &str, after_hours: i64, amount: i64) -> StepRow {
    StepRow {
        id: id(n),
        number: 1,
        party,
        clock: clock.into(),
        after_hours,
        amount: Money(amount),
        valid_from: day("2020-01-01"),
        valid_until: None,
        note: String::new(),
        created_at: Ts(0),
        created_by: Id::NIL,
    }
}

fn item(n: u128, sign: Sign, cause: Trigger, code: &str, measure: Measure, value: i64) -> ItemRow {
    ItemRow {
        id: id(n),
        number: 1,
        code: format!("I{n}"),
        name: format!("I{n}"),
        sign,
        cause,
        cause_code: code.into(),
        threshold: 4,
        measure,
        amount: Money(value),
        percent_bp: value,
        points: value,
        valid_from: day("2020-01-01"),
        valid_until: None,
        note: String::new(),
        created_at: Ts(0),
        created_by: Id::NIL,
    }
}

fn amounts(facts: &Facts, rules: &Rules) -> Vec<(u128, LineKind, i64)> {
    let lines = compute(facts, rules).expect("small numbers");
    lines.into_iter().map(|l| (l.staff_id.0.as_u128(), l.kind, l.amount.0)).collect()
}

#[test]
fn ratios_differ_by_group_mode_kind_and_grade() {
    let plain = commission(1, Base::LabourGross, 1_000);
    let mut by_grade = commission(2, Base::LabourGross, 1_500);
    by_grade.grade = 3;
    let mut by_mode = commission(3, Base::LabourNet, 2_000);
    by_mode.mode = "on_site".into();
    let mut by_group = commission(4, Base::LabourGross, 3_000);
    by_group.grouping_code = "repair".into();
    let mut by_kind = commission(5, Base::LabourGross, 4_000);
    by_kind.kind = "major_repair".into();
    let mut install = commission(6, Base::LabourGross, 9_999);
    install.grouping_code = "install".into();
    let mut junior = commission(7, Base::LabourGross, 9_999);
    junior.grade = 1;
    let all = [install, junior, plain, by_grade, by_mode, by_group, by_kind];
    for (known, amount) in [(3, 1_000), (4, 1_500), (5, 800), (6, 3_000), (7, 4_000)] {
        let rules = Rules { commissions: all[..known].to_vec(), ..Rules::default() };
        assert_eq!(amounts(&facts(), &rules), [(1, LineKind::Commission, amount)], "with {known} rules");
    }
}

#[test]
fn labour_parts_and_fixed_add_up_side_by_side() {
    let rules = Rules {
        commissions: vec![
            commission(1, Base::LabourGross, 3_000),
            commission(2, Base::PartsMargin, 1_000),
            commission(3, Base::Fixed, 2_000),
        ],
        ..Rules::default()
    };
    let found: Vec<i64> = amounts(&facts(), &rules).into_iter().map(|(_, _, amount)| amount).collect();
    assert_eq!(found, [3_000, 200, 2_000]);
    let loss = Facts { parts_cost: Money(9_000), ..facts() };
    assert_eq!(amounts(&loss, &rules)[1].2, 0, "a loss on parts is not the engineer's");
}

#[test]
fn without_a_rule_the_line_says_so() {
    let lines = compute(&facts(), &Rules::default()).expect("nothing to add up");
    assert_eq!((lines.len(), lines[0].amount, lines[0].rule_id), (1, Money::ZERO, None));
    assert!(lines[0].said[0].zh.contains("没有"));
}

#[test]
fn two_engineers_share_to_the_cent() {
    let both = Facts {
        labour_gross: Money(10_001),
        workers: vec![worker(1, 3, 6_000), worker(2, 1, 4_000)],
        ..facts()
    };
    let rules = Rules { commissions: vec![commission(1, Base::LabourGross, 10_000)], ..Rules::default() };
    assert_eq!(amounts(&both, &rules), [(1, LineKind::Commission, 6_001), (2, LineKind::Commission, 4_000)]);
}

#[test]
fn lateness_goes_by_steps_and_the_clocks_own_steps_come_first() {
    let rules = Rules {
        steps: vec![
            step(1, Party::Engineer, "", 0, 500),
            step(2, Party::Engineer, "", 24, 2_000),
            step(3, Party::Engineer, "orders.fix", 8, 900),
            step(4, Party::Outlet, "", 0, 5_000),
        ],
        ..Rules::default()
    };
    let deducted = |clock: &str, hours: i64| -> Vec<i64> {
        let late = Facts { late: vec![Late { clock: clock.into(), hours }], ..facts() };
        amounts(&late, &rules).into_iter().filter(|l| l.1 == LineKind::Deadline).map(|l| l.2).collect()
    };
    assert_eq!(deducted("orders.arrival", 1), [-500]);
    assert_eq!(deducted("orders.arrival", 24), [-500]);
    assert_eq!(deducted("orders.arrival", 25), [-2_000]);
    assert_eq!(deducted("orders.fix", 8), Vec::<i64>::new());
    assert_eq!(deducted("orders.fix", 9), [-900]);
    let outlet = Facts {
        late: vec![Late { clock: "x".into(), hours: 1 }],
        outlet: Some((id(9), "网点".into())),
        ..facts()
    };
    assert!(amounts(&outlet, &rules).contains(&(9, LineKind::Deadline, -5_000)));
}

#[test]
fn begun_hours_count() {
    let due = Ts(0);
    for (micros, hours) in
        [(0, None), (-1, None), (1, Some(1)), (3_600_000_000, Some(1)), (3_600_000_001, Some(2))]
    {
        assert_eq!(hours_late(due, Ts(micros)), hours);
    }
}

#[test]
fn results_bring_rewards_and_penalties() {
    let rules = Rules {
        commissions: vec![commission(1, Base::LabourGross, 3_000)],
        items: vec![
            item(11, Sign::Reward, Trigger::ScoreAtLeast, "", Measure::Amount, 1_000),
            item(12, Sign::Reward, Trigger::OnTime, "", Measure::Percent, 1_000),
            item(13, Sign::Penalty, Trigger::CallbackClass, "unsatisfied", Measure::Amount, 2_000),
            item(14, Sign::Penalty, Trigger::ScoreBelow, "", Measure::Points, 3),
            item(15, Sign::Reward, Trigger::Manual, "", Measure::Amount, 9_999),
            item(16, Sign::Penalty, Trigger::FixClass, "not_fixed_once", Measure::Points, 5),
        ],
        ..Rules::default()
    };
    let good: Vec<(LineKind, i64)> = amounts(&facts(), &rules).into_iter().map(|l| (l.1, l.2)).collect();
    assert_eq!(good, [(LineKind::Commission, 3_000), (LineKind::Reward, 1_000), (LineKind::Reward, 300)]);
    let bad = Facts {
        score: Some(1),
        fix_class: "not_fixed_once".into(),
        callbacks: vec!["unsatisfied".into(), "unsatisfied".into(), "satisfied".into()],
        late: vec![Late { clock: "orders.fix".into(), hours: 2 }],
        deduction: Money(700),
        ..facts()
    };
    let lines = compute(&bad, &rules).expect("small");
    let found: Vec<(LineKind, i64, i64)> = lines.iter().map(|l| (l.kind, l.amount.0, l.points)).collect();
    assert_eq!(
        found,
        [
            (LineKind::Commission, 3_000, 0),
            (LineKind::AuditDeduction, -700, 0),
            (LineKind::Penalty, -4_000, 0),
            (LineKind::Penalty, 0, -3),
            (LineKind::Penalty, 0, -5),
        ]
    );
    assert_eq!(versions(&lines).len(), 4);
}

#[test]
fn a_result_counts_once_whether_it_comes_before_or_after_the_audit() {
    let list = |classes: &[&str]| classes.iter().map(|c| (*c).to_string()).collect::<Vec<_>>();
    assert_eq!(known_results(list(&["unsatisfied"]), "satisfied"), ["unsatisfied", "satisfied"]);
    assert_eq!(known_results(list(&["satisfied"]), "satisfied"), ["satisfied"]);
    assert_eq!(known_results(list(&[]), ""), Vec::<String>::new());
    assert!(!is_new_result(&list(&["satisfied"]), &list(&["satisfied"]), "satisfied"));
    assert!(is_new_result(&list(&["satisfied"]), &list(&["satisfied", "satisfied"]), "satisfied"));
    let rules = Rules {
        items: vec![item(13, Sign::Penalty, Trigger::CallbackClass, "bad_attitude", Measure::Amount, 2_000)],
        ..Rules::default()
    };
    let late = late_result(&facts(), &rules, "bad_attitude").expect("small");
    assert_eq!(late.iter().map(|l| l.amount.0).collect::<Vec<_>>(), [-2_000]);
    assert!(late_result(&facts(), &rules, "satisfied").expect("small").is_empty());
}

#[test]
fn periods_are_months() {
    assert_eq!(period_of(day("2026-01-31")), "2026-01");
    assert_eq!(first_day("2026-11").expect("valid"), day("2026-11-01"));
    for wrong in ["2026", "2026-13", "26-11", "2026-1", "2026-11-01"] {
        assert_eq!(first_day(wrong).expect_err("wrong").code, "pay.period");
    }
}

#[test]
fn every_reason_is_filled_in_both_languages() {
    let all = Facts {
        late: vec![Late { clock: "orders.fix".into(), hours: 2 }],
        deduction: Money(700),
        workers: vec![worker(1, 3, 6_000), worker(2, 3, 4_000)],
        ..facts()
    };
    let rules = Rules {
        commissions: vec![commission(1, Base::LabourGross, 3_000), commission(2, Base::Fixed, 100)],
        steps: vec![step(3, Party::Engineer, "", 0, 500)],
        items: vec![item(4, Sign::Reward, Trigger::ScoreAtLeast, "", Measure::Percent, 1_000)],
    };
    for line in compute(&all, &rules).expect("small") {
        assert!(!line.label.is_empty());
        for said in &line.said {
            assert!(!said.zh.contains('{') && !said.en.contains('{') && !said.en.is_empty(), "{said:?}");
        }
    }
}

prop_compose! {
    fn teams()(shares in proptest::collection::vec(1i64..10_000, 1..6)) -> Vec<Worker> {
        let total: i64 = shares.iter().sum();
        shares.iter().enumerate().map(|(n, share)| worker(n as u128 + 1, 3, share * 10_000 / total)).collect()
    }
}

proptest! {
    /// Shares of deductions and fixed amounts add up exactly, whoever worked on the order.
    #[test]
    fn shares_add_up(workers in teams(), deduction in 0i64..1_000_000, fixed in 0i64..1_000_000) {
        let facts = Facts { workers, deduction: Money(deduction), ..facts() };
        let rules = Rules { commissions: vec![commission(1, Base::Fixed, fixed)], ..Rules::default() };
        let lines = compute(&facts, &rules).expect("small");
        let sum = |kind: LineKind| -> i64 { lines.iter().filter(|l| l.kind == kind).map(|l| l.amount.0).sum() };
        prop_assert_eq!(sum(LineKind::Commission), fixed);
        prop_assert_eq!(sum(LineKind::AuditDeduction), -deduction);
    }

    /// With one ratio for all, the team's commission is the ratio of the base, to half a cent per head.
    #[test]
    fn a_team_earns_what_one_would(workers in teams(), base in 0i64..10_000_000, ratio in 0i64..=10_000) {
        let heads = workers.len() as i64;
        let facts = Facts { workers, labour_gross: Money(base), ..facts() };
        let rules = Rules { commissions: vec![commission(1, Base::LabourGross, ratio)], ..Rules::default() };
        let sum: i64 = compute(&facts, &rules).expect("small").iter().map(|l| l.amount.0).sum();
        let one = Money(base).checked_bp(Bp(ratio)).expect("small").0;
        prop_assert!((sum - one).abs() <= heads, "{} against {}", sum, one);
    }

    /// Longer delays never cost less.
    #[test]
    fn delay_only_costs_more(steps in proptest::collection::btree_map(0i64..100, 1i64..1_000, 1..6), hours in 0i64..120, more in 0i64..50) {
        // Amounts that rise with the hours, as steps are meant.
        let mut last = 0;
        let rows: Vec<StepRow> = steps.iter().enumerate().map(|(n, (after, add))| {
            last += add;
            step(n as u128 + 1, Party::Engineer, "", *after, last)
        }).collect();
        let cost = |hours| step_of(&rows, Party::Engineer, &Late { clock: "c".into(), hours }, day("2026-11-22")).map_or(0, |s| s.amount.0);
        prop_assert!(cost(hours + more) >= cost(hours));
    }

    /// A reversal and what it takes back make nothing.
    #[test]
    fn a_reversal_leaves_nothing(amount in -1_000_000i64..1_000_000, points in -100i64..100) {
        let (back, points_back, _) = reversal(Money(amount), points, "x", "2026-11");
        prop_assert_eq!((amount + back.0, points + points_back), (0, 0));
    }

    /// The order of the rules never matters.
    #[test]
    fn order_does_not_matter(ratios in proptest::collection::vec((0i64..10_000, 0u8..5), 1..8), turn in 0usize..8) {
        let mut rows: Vec<CommissionRow> = ratios.iter().enumerate().map(|(n, (ratio, how))| {
            let mut row = commission(n as u128 + 1, Base::LabourGross, *ratio);
            match how {
                0 => row.grade = 3,
                1 => row.mode = "on_site".into(),
                2 => row.kind = "major_repair".into(),
                3 => row.grouping_code = "repair".into(),
                _ => {}
            }
            row
        }).collect();
        let first = compute(&facts(), &Rules { commissions: rows.clone(), ..Rules::default() }).expect("small");
        let by = turn % rows.len();
        rows.rotate_left(by);
        prop_assert_eq!(compute(&facts(), &Rules { commissions: rows, ..Rules::default() }).expect("small"), first);
    }
}

#[test]
fn what_a_process_takes_or_gives_is_split_to_the_cent() {
    let workers = [worker(1, 3, 7_000), worker(2, 1, 3_000)];
    let amounts = |lines: Vec<Computed>| -> Vec<(i64, i64, LineKind)> {
        lines.iter().map(|l| (l.amount.0, l.share_bp, l.kind)).collect()
    };
    let taken = process_lines(&workers, Money(-1_001), "返工扣款");
    assert_eq!(taken.iter().map(|l| l.amount.0).sum::<i64>(), -1_001);
    assert_eq!(amounts(taken)[1], (-300, 3_000, LineKind::Penalty));
    assert_eq!(
        amounts(process_lines(&workers[..1], Money(860), "差旅")),
        [(860, 7_000, LineKind::Reward)],
        "alone: all"
    );
}
