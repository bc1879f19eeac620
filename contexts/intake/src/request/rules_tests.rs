//! Tables of cases for the rules of requests.

use kernel::{Id, Money, Quantity, Ts};
use proptest::prelude::*;

use super::{
    input::{
        AnswerRequest, ClassifyRequest, ClearRequest, CloseRequest, ConfirmRequest, DropRequest, NewRequest,
        PromiseReply, Then,
    },
    model::{Advice, Channel, Class, NO_DUE, RequestRow, Said, State},
    rules::*,
};

const HOUR: i64 = 3_600_000_000;

fn row(channel: Channel) -> RequestRow {
    let row = RequestRow {
        id: Id::NIL,
        version: 1,
        no: "RQ-1".into(),
        org_id: Id::NIL,
        channel,
        topic: "repair".into(),
        topic_name: "报修".into(),
        content: "repair.dead".into(),
        content_name: "不工作".into(),
        work_kind: "repair_minor".into(),
        caller_name: "李建平".into(),
        caller_phone: "13800136027".into(),
        phone_key: "13800136027".into(),
        customer_id: Some(Id::NIL),
        customer_name: "李建平".into(),
        unit_id: None,
        model_name: String::new(),
        serial: String::new(),
        purchase_date: None,
        proof: String::new(),
        address: "太湖东路 9 号".into(),
        text: "不制冷".into(),
        demand: "尽快上门".into(),
        part_id: None,
        part_name: String::new(),
        part_quantity: Quantity(0),
        class: Class::General,
        class_reason: String::new(),
        cleared_at: None,
        cleared_by: None,
        clear_note: String::new(),
        urgent: false,
        mode: String::new(),
        warranty_said: Said::Unknown,
        quote_limit: None,
        estimate_low: None,
        estimate_high: None,
        diagnosis: String::new(),
        first_time: false,
        missing: String::new(),
        state: State::Open,
        confirmed_at: channel.live().then_some(Ts(0)),
        genuine: None,
        in_scope: None,
        confirm_note: String::new(),
        confirm_due_at: (!channel.live()).then_some(Ts(20 * HOUR)),
        promised_at: Some(Ts(24 * HOUR)),
        next_due_at: NO_DUE,
        waiting: false,
        overdue: false,
        answer: String::new(),
        answered_at: None,
        advice: Advice::NotGiven,
        handler_id: None,
        handler_name: String::new(),
        order_id: None,
        order_no: String::new(),
        related_order_id: None,
        related_order_no: String::new(),
        closed_at: None,
        close_note: String::new(),
        token: "t".into(),
        created_by: None,
        created_at: Ts(0),
        updated_at: Ts(0),
    };
    opened(row, Ts(0))
}

fn by(hours: i64) -> By {
    By { staff: Some(Id::NIL), name: "坐席".into(), now: Ts(hours * HOUR) }
}

#[test]
fn a_draft_waits_for_nobody_and_keeps_number_and_time() {
    let first = drafted(row(Channel::Phone), None, Ts(HOUR));
    assert_eq!((first.state, first.waiting, first.next_due_at), (State::Draft, false, NO_DUE));
    assert!(can_complete(&first).is_ok() && answer(&first, &words("x"), &by(1)).is_err());
    let other = RequestRow { no: "RQ-9".into(), created_at: Ts(9 * HOUR), ..row(Channel::Phone) };
    let whole = completed(other, Some(&first));
    assert_eq!((whole.no, whole.created_at, whole.version), (first.no.clone(), first.created_at, 2));
    let gone = dropped(&first, &DropRequest::default(), &by(2)).expect("dropped");
    assert_eq!((gone.state, gone.closed_at), (State::Dropped, Some(Ts(2 * HOUR))));
    assert!(can_complete(&gone).is_err() && dropped(&gone, &DropRequest::default(), &by(3)).is_err());
}

fn words(answer: &str) -> AnswerRequest {
    AnswerRequest { version: None, answer: answer.into() }
}

fn input(then: Then) -> NewRequest {
    NewRequest {
        topic: "repair".into(),
        caller_phone: Some("13800136027".into()),
        then: Some(then),
        ..NewRequest::default()
    }
}

#[test]
fn the_next_deadline_is_the_nearer_one_of_what_is_owed() {
    let web = row(Channel::Web);
    assert_eq!((web.next_due_at, web.waiting), (Ts(20 * HOUR), true));
    let checked =
        confirm(&web, &ConfirmRequest { genuine: true, in_scope: true, ..Default::default() }, &by(1))
            .expect("open");
    assert_eq!(checked.next_due_at, Ts(24 * HOUR));
    let answered = answer(&checked, &words("已远程处理"), &by(2)).expect("open");
    assert_eq!((answered.state, answered.next_due_at, answered.waiting), (State::Answered, NO_DUE, false));
}

#[test]
fn nothing_is_closed_without_an_answer() {
    let open = row(Channel::Phone);
    let refused = close(&open, &CloseRequest::default(), &by(1)).expect_err("no answer");
    assert_eq!(refused.0[0].code, "intake.no_answer");
    let closed =
        close(&open, &CloseRequest { answer: Some("已告知配件价格".into()), ..Default::default() }, &by(1))
            .expect("answered");
    assert_eq!(
        (closed.state, closed.answer.as_str(), closed.waiting),
        (State::Closed, "已告知配件价格", false)
    );
    for refused in [
        answer(&closed, &words("x"), &by(2)).map(drop),
        solve(&closed, "x", &by(2)).map(drop),
        can_order(&closed, true),
        promise(&closed, &PromiseReply { version: None, promised_at: Some(Ts(99 * HOUR)) }, &by(2)).map(drop),
    ] {
        assert_eq!(refused.expect_err("it is over").0[0].code, "intake.state");
    }
}

#[test]
fn a_second_answer_is_added_to_the_first() {
    let once = answer(&row(Channel::Phone), &words("明天回复"), &by(1)).expect("open");
    let twice = answer(&once, &words("已到货"), &by(2)).expect("answered");
    assert_eq!(twice.answer, "明天回复\n已到货");
    assert_eq!(twice.answered_at, Some(Ts(HOUR)));
}

#[test]
fn advice_needs_somebody_to_call_back() {
    let nobody = RequestRow { customer_id: None, ..row(Channel::Phone) };
    assert_eq!(solve(&nobody, "重启即可", &by(1)).expect_err("nobody").0[0].code, "intake.need_customer");
    let solved = solve(&row(Channel::Phone), "重启即可", &by(1)).expect("a customer");
    assert_eq!(solved.state, State::Solved);
    // The customer does not accept the advice after all: an order can still be made (CALL-09).
    assert!(can_order(&solved, false).is_ok());
}

#[test]
fn an_order_answers_those_on_the_line_and_not_those_who_wrote() {
    let live = ordered(&row(Channel::Phone), Id::NIL, "SO-1", false, &by(1)).expect("open");
    assert_eq!((live.state, live.waiting), (State::Ordered, false));
    assert!(live.answer.contains("SO-1"));
    let wrote = ordered(&row(Channel::Email), Id::NIL, "SO-1", false, &by(1)).expect("open");
    assert_eq!((wrote.answer.as_str(), wrote.waiting, wrote.promised_at), ("", true, Some(Ts(24 * HOUR))));
}

#[test]
fn a_special_request_waits_for_the_head() {
    let general = row(Channel::Phone);
    let why =
        |reason: &str| ClassifyRequest { version: None, class: Class::Special, reason: Some(reason.into()) };
    assert!(classify(&general, &why(" "), &by(1)).is_err());
    let special = classify(&general, &why("涉及人身安全"), &by(1)).expect("a reason");
    assert_eq!(can_order(&special, false).expect_err("not decided").0[0].code, "intake.not_cleared");
    assert!(can_order(&special, true).is_ok());
    assert!(clear(&special, &ClearRequest::default(), &by(2)).is_err());
    let decided = clear(&special, &ClearRequest { version: None, note: "同意上门".into() }, &by(2))
        .expect("a decision");
    assert!(can_order(&decided, false).is_ok());
    assert!(clear(&general, &ClearRequest { version: None, note: "x".into() }, &by(2)).is_err());
}

#[test]
fn a_promise_lies_in_the_future() {
    let open = row(Channel::Phone);
    for (at, ok) in [(Some(2), true), (Some(1), false), (Some(0), false), (None, false)] {
        let input = PromiseReply { version: None, promised_at: at.map(|h| Ts(h * HOUR)) };
        assert_eq!(promise(&open, &input, &by(1)).is_ok(), ok, "{at:?}");
    }
}

#[test]
fn what_is_missing_is_named_only_when_work_is_to_be_done() {
    assert_eq!(missing(&row(Channel::Phone)), ["model", "purchase_date"]);
    let question = RequestRow { work_kind: String::new(), text: String::new(), ..row(Channel::Phone) };
    assert!(missing(&question).is_empty());
}

#[test]
fn advice_that_is_not_accepted_or_does_not_help_leaves_only_a_visit() {
    let refused = refuse_advice(&row(Channel::Phone), "重启即可", &by(1)).expect("open");
    assert_eq!(
        (refused.state, refused.advice, refused.answer.as_str()),
        (State::Open, Advice::Refused, "重启即可")
    );
    let solved = solve(&row(Channel::Phone), "重启即可", &by(1)).expect("a customer");
    assert_eq!(solved.advice, Advice::Accepted);
    let failed = advice_failed(&solved, Ts(HOUR), &by(2)).expect("it was solved");
    assert_eq!(
        (failed.state, failed.advice, failed.promised_at, failed.waiting),
        (State::Open, Advice::Failed, Some(Ts(HOUR)), true)
    );
    assert!(advice_failed(&failed, Ts(HOUR), &by(3)).is_none(), "heard once");
    for stuck in [&refused, &failed] {
        assert_eq!(solve(stuck, "再试", &by(4)).expect_err("a visit is owed").0[0].code, "intake.visit_owed");
        assert_eq!(
            close(stuck, &CloseRequest::default(), &by(4)).expect_err("a visit is owed").0[0].code,
            "intake.visit_owed"
        );
        let ordered = ordered(stuck, Id::NIL, "SO-1", false, &by(5)).expect("may be ordered");
        assert!(
            close(&RequestRow { answer: "已上门".into(), ..ordered }, &CloseRequest::default(), &by(6))
                .is_ok()
        );
    }
}

#[test]
fn what_was_typed_is_checked_all_at_once() {
    let cases: Vec<(NewRequest, &[&str])> = vec![
        (input(Then::Save), &[]),
        (input(Then::Order), &[]),
        (NewRequest { topic: " ".into(), ..input(Then::Save) }, &["intake.topic"]),
        (NewRequest { caller_phone: None, ..input(Then::Save) }, &["intake.who"]),
        (input(Then::Answer), &["intake.no_answer"]),
        (input(Then::Solve), &["intake.no_advice", "intake.ask_accepted"]),
        (NewRequest { advice_accepted: Some(true), ..input(Then::Solve) }, &["intake.no_advice"]),
        (NewRequest { advice_accepted: Some(false), ..input(Then::Solve) }, &[]),
        (NewRequest { class: Some(Class::Special), ..input(Then::Save) }, &["intake.why_special"]),
        (
            NewRequest {
                estimate_low: Some(Money(500)),
                estimate_high: Some(Money(400)),
                ..input(Then::Save)
            },
            &["intake.estimate"],
        ),
        (NewRequest { quote_limit: Some(Money(-1)), ..input(Then::Save) }, &["intake.amount"]),
        (NewRequest { promised_at: Some(Ts(0)), ..input(Then::Save) }, &["intake.promise"]),
        (
            NewRequest { caller_name: Some("长".repeat(101)), topic: String::new(), ..input(Then::Save) },
            &["text.too_long", "intake.topic"],
        ),
    ];
    for (input, codes) in cases {
        let found = check_new(&input, Ts(HOUR))
            .err()
            .map(|p| p.0.into_iter().map(|e| e.code).collect::<Vec<_>>())
            .unwrap_or_default();
        assert_eq!(found, codes, "{input:?}");
    }
}

#[test]
fn what_happens_follows_from_the_answer_unless_said() {
    let plain = NewRequest { then: None, ..input(Then::Save) };
    assert_eq!(plain.then(), Then::Save);
    assert_eq!(NewRequest { answer: Some("好的".into()), ..plain }.then(), Then::Answer);
}

#[test]
fn forms_and_the_api_say_the_same() {
    let form: NewRequest = kit::body::parse_form(
        b"topic=repair&caller_phone=13800136027&customer_id=&customer_id_text=%E6%9D%8E&unit_id=&unit_id_text=SN1&model_id_text=KFR&quote_limit=300.50&promised_at=2026-11-22T10:00&urgent=on&part_quantity=2&then=order&join_order_id=",
    )
    .expect("a form");
    let json: NewRequest = serde_json::from_value(serde_json::json!({
        "topic": "repair", "caller_phone": "13800136027", "customer_name": "李", "serial": "SN1", "model": "KFR",
        "quote_limit": 30050, "promised_at": "2026-11-22T02:00:00Z", "urgent": true, "part_quantity": 2000, "then": "order"
    }))
    .expect("json");
    assert_eq!(serde_json::to_value(form).expect("json"), serde_json::to_value(json).expect("json"));
}

proptest! {
    #[test]
    fn whoever_waits_has_a_deadline_and_nobody_else(hours in 1i64..200, live: bool, answered: bool, closed: bool) {
        let mut now = row(if live { Channel::Phone } else { Channel::Letter });
        if answered {
            now = answer(&now, &words("好"), &by(1)).expect("open");
        }
        now = promise(&now, &PromiseReply { version: None, promised_at: Some(Ts((hours + 2) * HOUR)) }, &by(2)).expect("later");
        if closed {
            now = close(&now, &CloseRequest { answer: Some("完".into()), ..Default::default() }, &by(3)).expect("answered");
        }
        prop_assert_eq!(now.waiting, now.next_due_at != NO_DUE);
        prop_assert_eq!(now.waiting, !closed);
    }
}
