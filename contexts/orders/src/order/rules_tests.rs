//! The order's rules by tables and by properties.

use kernel::{Id, Money, Ts};
use proptest::prelude::*;

use super::*;
use crate::order::input::{Complete, Helper};

fn row() -> OrderRow {
    OrderRow {
        version: 3,
        no: "SO-1".into(),
        customer_name: "李".into(),
        phone: "13800136027".into(),
        address: "太湖东路".into(),
        warranty: WarrantyClass::In,
        symptom: "不制冷".into(),
        demand: "尽快".into(),
        model_id: Some(Id::NIL),
        model_name: "K".into(),
        ..OrderRow::fresh(Id::NIL, Id::NIL, Id::NIL, Ts(0))
    }
}

fn id(n: u32) -> Id {
    format!("{n:032x}").parse().expect("an id")
}

fn codes<V>(result: Result<V, Problems>) -> Vec<&'static str> {
    result.err().into_iter().flatten().map(|problem| problem.code).collect()
}

#[test]
fn missing_data_is_what_call_07_asks_for() {
    assert!(missing(&row(), true).is_empty());
    let bare = OrderRow { phone: String::new(), demand: String::new(), model_id: None, ..row() };
    assert_eq!(missing(&bare, false), ["phone", "model", "purchase_date", "demand"]);
}

#[test]
fn the_over_quote_stop_needs_a_limit_and_no_consent_above() {
    let m = |yuan: i64| Some(Money::yuan(yuan));
    for (payable, limit, consent, stopped) in [
        (500, None, None, false),
        (500, m(500), None, false),
        (501, m(500), None, true),
        (501, m(500), m(501), false),
        (600, m(500), m(550), true),
        (500, m(500), m(100), false),
        (1, m(0), None, true),
    ] {
        assert_eq!(
            over_quote(Money::yuan(payable), limit, consent),
            stopped,
            "{payable} {limit:?} {consent:?}"
        );
    }
}

#[test]
fn repeats_count_from_the_end_of_the_last_repair() {
    let now = Ts(0).plus_days(100);
    assert!(is_repeat(Some(now.plus_days(-30)), now, 30));
    assert!(!is_repeat(Some(now.plus_days(-31)), now, 30));
    assert!(!is_repeat(None, now, 30), "what is not finished has not failed");
    assert!(!is_repeat(Some(now), now, 0), "switched off");
}

#[test]
fn the_fix_class_is_derived() {
    use FixClass as F;
    for (done, failed, round, class) in [
        (false, 0, 0, F::Unknown),
        (true, 0, 0, F::First),
        (true, 0, 2, F::First),
        (true, 1, 0, F::NotOnce),
        (true, 2, 0, F::NotRepeatedly),
        (true, 1, 1, F::NotRepeatedly),
    ] {
        assert_eq!(fix_class(done, failed, round), class, "{done} {failed} {round}");
    }
}

#[test]
fn the_class_of_the_order_overrides_the_decision() {
    let half = Cover { parts: 5000, labour: 5000, travel: 0 };
    for class in [WarrantyClass::In, WarrantyClass::Out, WarrantyClass::Claim] {
        assert_eq!(cover(class, false, half), half, "nobody set the class: the unit's own decision");
    }
    assert_eq!(cover(WarrantyClass::In, true, half), half);
    assert_eq!(cover(WarrantyClass::In, true, Cover::default()), Cover::FULL);
    assert_eq!(cover(WarrantyClass::Out, true, half), Cover::default());
    assert_eq!(cover(WarrantyClass::Claim, true, half), Cover::FULL);
}

#[test]
fn an_incomplete_order_is_verified_before_assignment() {
    let incomplete = OrderRow { missing: "phone".into(), ..row() };
    let input = AssignOrder { engineer_id: id(1), ..AssignOrder::default() };
    assert_eq!(codes(check_assign(&incomplete, &input, true)), ["orders.incomplete"]);
    assert!(check_assign(&incomplete, &input, false).is_ok());
    let half = OrderRow { dispatch_verified_at: Some(Ts(1)), ..incomplete.clone() };
    assert_eq!(codes(check_assign(&half, &input, true)), ["orders.incomplete"]);
    let both = OrderRow { customer_verified_at: Some(Ts(2)), ..half.clone() };
    assert!(check_assign(&both, &input, true).is_ok());
    let refused = |row: &OrderRow, with| check_verify(row, with).err().map(|e| e.code);
    for (row, dispatcher, customer) in [
        (&incomplete, None, Some("orders.verify_order")),
        (&half, Some("orders.verified_already"), None),
        (&both, Some("orders.verified_already"), Some("orders.verified_already")),
    ] {
        assert_eq!(refused(row, VerifyWith::Dispatcher), dispatcher);
        assert_eq!(refused(row, VerifyWith::Customer), customer);
    }
}

#[test]
fn reassignment_needs_a_reason_and_shares_leave_something_for_the_lead() {
    let assigned = OrderRow { engineer_id: Some(id(1)), ..row() };
    let input = AssignOrder { engineer_id: id(2), ..AssignOrder::default() };
    assert_eq!(codes(check_assign(&assigned, &input, true)), ["orders.reason"]);
    let same = AssignOrder { engineer_id: id(1), ..AssignOrder::default() };
    assert!(check_assign(&assigned, &same, true).is_ok());
    let helper = |n, share_bp| Helper { staff_id: id(n), share_bp };
    let greedy = AssignOrder { helpers: vec![helper(2, 6000), helper(3, 4000)], ..same.clone() };
    assert_eq!(codes(check_assign(&assigned, &greedy, true)), ["orders.shares"]);
    let twice = AssignOrder { helpers: vec![helper(1, 3000)], ..same.clone() };
    assert_eq!(codes(check_assign(&assigned, &twice, true)), ["orders.helper_twice"]);
    assert!(check_assign(&assigned, &AssignOrder { helpers: vec![helper(2, 3000)], ..same }, true).is_ok());
}

#[test]
fn a_completion_sheet_tells_cause_root_cause_result_and_has_a_signature() {
    let sent = || OrderRow { engineer_id: Some(id(9)), ..row() };
    let empty = Complete::default();
    assert_eq!(
        codes(check_complete(&sent(), &empty, true, true, Ok(Ts(10)))),
        ["orders.cause", "orders.root_cause", "orders.result", "orders.signature"]
    );
    let full = Complete {
        cause: "customer".into(),
        root_cause: Some("滤网堵塞".into()),
        result: Some("清洗".into()),
        unsigned_reason: Some("客户不在场".into()),
        ..Complete::default()
    };
    assert_eq!(codes(check_complete(&sent(), &full, true, true, Ok(Ts(10)))), ["orders.assistance"]);
    let full = Complete { assistance: Some("教会清洗方法".into()), ..full };
    assert_eq!(codes(check_complete(&row(), &full, true, true, Ok(Ts(10)))), ["orders.engineer_missing"]);
    assert!(check_complete(&sent(), &full, true, true, Ok(Ts(10))).is_ok());
    let remote = OrderRow { mode: Mode::Remote, ..sent() };
    let unsigned = Complete { unsigned_reason: None, ..full.clone() };
    assert!(
        check_complete(&remote, &unsigned, true, true, Ok(Ts(10))).is_ok(),
        "remote work is signed later"
    );
}

#[test]
fn work_ends_after_it_began_and_who_did_it_sets_that_back_by_a_little() {
    let at = |minutes: i64| Ts(0).plus_secs(minutes * 60);
    let order =
        OrderRow { created_at: at(100), arrived_at: Some(at(200)), started_at: Some(at(210)), ..row() };
    let back = OrderStep { at: at(150), ..step("reopen", "done", "reopened") };
    let cases: &[(i64, Option<i64>, Option<i64>)] = &[
        (300, Some(30), Some(300)),
        (270, Some(30), Some(270)),
        (269, Some(30), None),
        (301, Some(30), None),
        (210, Some(1000), Some(210)),
        (209, Some(1000), Some(210)),
        (208, Some(1000), None),
        (160, None, Some(160)),
        (149, None, Some(150)),
        (140, None, None),
    ];
    for (said, leeway, want) in cases {
        let got = finished(&order, std::slice::from_ref(&back), at(*said), *leeway, at(300));
        assert_eq!(got.ok(), want.map(at), "{said} {leeway:?}");
    }
    assert_eq!(
        finished(&order, &[], at(101), None, at(300)),
        Ok(at(101)),
        "entered for others, never sent back"
    );
}

fn step(action: &str, from: &str, to: &str) -> OrderStep {
    OrderStep {
        id: Id::NIL,
        order_id: Id::NIL,
        org_id: Id::NIL,
        action: action.into(),
        from_state: from.into(),
        to_state: to.into(),
        at: Ts(0),
        staff_id: Id::NIL,
        staff_name: String::new(),
        on_behalf: None,
        reason: String::new(),
        lat: None,
        lon: None,
        late: false,
    }
}

#[test]
fn an_order_goes_on_from_where_it_waited() {
    assert_eq!(waited_from(&[]), State::InProgress, "imported: nothing is known");
    let mut steps = vec![
        step("create", "", "new"),
        step("accept", "new", "accepted"),
        step("wait", "accepted", "waiting"),
    ];
    assert_eq!(waited_from(&steps), State::Accepted);
    steps.push(step("quote", "waiting", "waiting"));
    assert_eq!(waited_from(&steps), State::Accepted);
    steps.push(step("assign", "waiting", "waiting"));
    assert_eq!(waited_from(&steps), State::Scheduled, "an engineer was named meanwhile");
    steps.push(step("resume", "waiting", "scheduled"));
    steps.push(step("arrive", "scheduled", "in_progress"));
    steps.push(step("wait", "in_progress", "waiting"));
    steps.push(step("assign", "waiting", "waiting"));
    assert_eq!(waited_from(&steps), State::InProgress, "only the last time counts");
}

#[test]
fn the_share_of_the_lead_goes_with_the_order() {
    let share = |n, share_bp, lead| Share { staff_id: id(n), share_bp, lead };
    let before = [share(1, 6000, true), share(2, 3000, false), share(3, 1000, false)];
    assert_eq!(
        handed_over(&before, id(4)),
        [share(4, 6000, true), share(2, 3000, false), share(3, 1000, false)]
    );
    assert_eq!(handed_over(&before, id(2)), [share(2, 9000, true), share(3, 1000, false)]);
    assert_eq!(handed_over(&before, id(1)), before);
}

#[test]
fn a_deduction_says_why() {
    let code = |amount, note: &str| {
        check_deduction(Money(amount), note).err().map(|e| (e.code.to_string(), e.field.unwrap_or_default()))
    };
    let refused = |code: &str, field: &str| Some((code.to_string(), field.to_string()));
    assert_eq!(code(0, ""), None);
    assert_eq!(code(1050, "返单迟了两天"), None);
    assert_eq!(code(1050, ""), refused("orders.deduction_why", "note"));
    assert_eq!(code(-1, "x"), refused("orders.deduction", "deduction"));
}

#[test]
fn an_audit_waits_for_a_satisfied_callback_or_a_waiver_with_a_note() {
    let code = |row: &OrderRow, needs, waived, note: &str| {
        check_audit(row, needs, waived, note).err().map(|e| e.code().to_string())
    };
    assert_eq!(code(&row(), true, false, "").as_deref(), Some("orders.callback_missing"));
    assert_eq!(code(&row(), true, true, "").as_deref(), Some("orders.reason"));
    assert_eq!(code(&row(), true, true, "客户失联"), None);
    assert_eq!(code(&row(), false, false, ""), None);
    assert_eq!(code(&OrderRow { callback_class: "satisfied".into(), ..row() }, true, false, ""), None);
    assert!(code(&OrderRow { callback_class: "complaint".into(), ..row() }, true, false, "").is_some());
}

#[test]
fn continuous_work_is_handed_over_and_other_reasons_are_told() {
    let wait = |reason, note: Option<&str>, to| Wait {
        version: None,
        reason,
        note: note.map(str::to_string),
        hand_over_to: to,
    };
    assert_eq!(codes(check_wait(&row(), &wait(Waiting::Other, None, None))), ["orders.reason"]);
    assert!(check_wait(&row(), &wait(Waiting::Parts, None, None)).is_ok());
    let continuous = OrderRow { continuous: true, ..row() };
    assert_eq!(codes(check_wait(&continuous, &wait(Waiting::Parts, None, None))), ["orders.hand_over"]);
    assert!(check_wait(&continuous, &wait(Waiting::Parts, None, Some(id(2)))).is_ok());
}

proptest! {
    #[test]
    fn consent_up_to_what_is_payable_always_lifts_the_stop(payable in 0..10_000_000i64, limit in proptest::option::of(0..10_000_000i64)) {
        prop_assert!(!over_quote(Money(payable), limit.map(Money), Some(Money(payable))));
    }

    #[test]
    fn a_higher_amount_never_lifts_the_stop(a in 0..1_000_000i64, more in 0..1_000_000i64, limit in 0..1_000_000i64, consent in proptest::option::of(0..1_000_000i64)) {
        let stopped = |m| over_quote(Money(m), Some(Money(limit)), consent.map(Money));
        prop_assert!(!stopped(a) || stopped(a + more));
    }

    #[test]
    fn more_failures_never_make_a_better_class(failed in 0..6i64, round in 0..6i64) {
        prop_assert!(fix_class(true, failed + 1, round) >= fix_class(true, failed, round));
    }

    #[test]
    fn appointments_end_after_they_begin(from in 0..1_000_000i64, length in -100_000..100_000i64) {
        let ok = check_appointment(Some(Ts(from)), Some(Ts(from + length))).is_ok();
        prop_assert_eq!(ok, length >= 0);
    }

    #[test]
    fn a_kind_is_noted_once(kinds in proptest::collection::vec("[a-z]{1,4}", 0..6), kind in "[a-z]{1,4}") {
        let text = kinds.iter().fold(String::new(), |text, k| with_kind(&text, k));
        let once = with_kind(&text, &kind);
        prop_assert_eq!(with_kind(&once, &kind), once.clone());
        prop_assert_eq!(once.split(',').filter(|k| *k == kind).count(), 1);
    }
}

#[test]
fn processes_know_the_classes_of_a_callback_by_the_names_of_orders() {
    use crate::order::model::CallbackClass;
    let ours: Vec<_> = CallbackClass::ALL.iter().map(|class| (class.as_str(), class.label())).collect();
    assert_eq!(ours, process::called::CLASSES);
}
