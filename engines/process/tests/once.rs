//! Work that is done again is not paid again (DOC-04): rework and reopening put on the settlement only what changed.

use std::collections::BTreeMap;

use kernel::Ts;
use process::{Effect, Entry, State, Template, machine};
use serde_json::{Value, json};

const NOW: Ts = Ts(1_795_000_000_000_000);

fn shipped(code: &str) -> Template {
    let path = format!("{}/../../templates/{code}.toml", env!("CARGO_MANIFEST_DIR"));
    process::parse(&std::fs::read_to_string(path).expect("a text")).expect("a template")
}

fn entry(fields: Value) -> Entry {
    let fields: BTreeMap<String, Value> = serde_json::from_value(fields).expect("fields");
    Entry { fields, ..Entry::default() }
}

struct Walk {
    template: Template,
    state: State,
    /// Lines of the settlement: whose, fen, text.
    lines: Vec<(String, i64, String)>,
}

impl Walk {
    fn new(code: &str, fields: Value) -> Self {
        let template = shipped(code);
        let fields = serde_json::from_value(fields).expect("fields");
        let state = machine::begin_for(&template, fields, NOW, "").expect("a run").state;
        Self { template, state, lines: Vec::new() }
    }

    fn take(&mut self, outcome: process::Outcome) {
        for effect in outcome.effects {
            if let Effect::Settlement { amount, text, to, .. } = effect {
                self.lines.push((to, amount, kernel::Lang::Zh.of(&text).to_string()));
            }
        }
        self.state = outcome.state;
    }

    fn act(&mut self, act: &str, fields: Value) {
        let reason =
            self.template.moves.iter().find(|m| m.act == act).and_then(|m| m.reasons.first().cloned());
        let made = machine::act(
            &self.template,
            &self.state,
            act,
            &reason.unwrap_or_default(),
            &entry(fields),
            &machine::SYSTEM,
            NOW,
        );
        let outcome = made.unwrap_or_else(|e| panic!("{act} at {}: {e:?}", self.state.step));
        self.take(outcome);
    }

    fn reopen(&mut self) {
        let outcome = machine::reopen(&self.template, &self.state, "又坏了", NOW).expect("a run again");
        self.take(outcome);
    }
}

fn line(to: &str, amount: i64, text: &str) -> (String, i64, String) {
    (to.into(), amount, text.into())
}

#[test]
fn the_audit_of_an_order_that_was_opened_again_deducts_once() {
    let mut walk = Walk::new("integrated", json!({ "mode": "brought_in" }));
    let round = |walk: &mut Walk, audit: Value| {
        walk.act("send", json!({}));
        walk.act("begin", json!({}));
        walk.act("finish", json!({}));
        walk.act("return_sheet", json!({}));
        walk.act("satisfied", json!({ "class": "satisfied" }));
        walk.act("audit", audit);
    };
    walk.act("accept", json!({}));
    round(&mut walk, json!({ "deduction": "5" }));
    let first = line("engineers", -500, "审核扣罚");
    assert_eq!(walk.lines, std::slice::from_ref(&first));
    walk.reopen();
    round(&mut walk, json!({}));
    assert_eq!(walk.lines, std::slice::from_ref(&first), "exactly one line after reopening");
    walk.reopen();
    round(&mut walk, json!({ "deduction": "8" }));
    walk.reopen();
    round(&mut walk, json!({ "deduction": "0" }));
    let more =
        [first, line("engineers", -300, "审核扣罚（差额）"), line("engineers", 800, "审核扣罚（差额）")];
    assert_eq!(walk.lines, more, "a larger one by its difference; none takes all of it back");
}

#[test]
fn outlets_get_their_fee_once() {
    let mut walk = Walk::new(
        "information-centre",
        json!({ "outlet": "昆山网点", "window_from": "2026-12-01T01:00:00Z", "window_to": "2026-12-01T03:00:00Z" }),
    );
    let round = |walk: &mut Walk| {
        walk.act("assign", json!({}));
        walk.act("served", json!({}));
        walk.act("report", json!({}));
        walk.act("called", json!({ "class": "satisfied", "fee": "80" }));
    };
    walk.act("pass", json!({}));
    round(&mut walk);
    assert_eq!(walk.lines.len(), 1);
    assert_eq!((walk.lines[0].0.as_str(), walk.lines[0].1), ("outlet", 8000), "no engineer's pay");
    walk.reopen();
    assert_eq!(walk.state.step, "centre", "another slot is agreed with the customer");
    walk.act("pass", json!({}));
    round(&mut walk);
    assert_eq!(walk.lines.len(), 1);
}

#[test]
fn journeys_are_paid_once_and_by_what_was_added() {
    let mut walk = Walk::new("equipment-maker", json!({ "equipment": "贴片机" }));
    let visit = |walk: &mut Walk, paper: Value| {
        walk.act("depart", json!({}));
        walk.act("arrive", json!({}));
        walk.act("fixed", json!({}));
        walk.act("reported", paper);
    };
    walk.act("send", json!({}));
    visit(&mut walk, json!({ "expenses": "860", "itinerary": "苏州" }));
    walk.act("again", json!({}));
    visit(&mut walk, json!({}));
    assert_eq!(walk.lines, [line("engineer", 86_000, "差旅 苏州")]);
    walk.act("again", json!({}));
    visit(&mut walk, json!({ "expenses": "1000" }));
    assert_eq!(walk.lines[1], line("engineer", 14_000, "差旅 苏州（差额）"));
}

#[test]
fn every_time_is_said_in_so_many_words() {
    let mut walk = Walk::new("equipment-maker", json!({ "equipment": "贴片机" }));
    for trigger in walk.template.triggers.iter_mut().filter(|t| t.key == "expenses") {
        trigger.every = true;
    }
    walk.act("send", json!({}));
    for _ in 0..2 {
        walk.act("depart", json!({}));
        walk.act("arrive", json!({}));
        walk.act("fixed", json!({}));
        walk.act("reported", json!({ "expenses": "860", "itinerary": "苏州" }));
        walk.act("again", json!({}));
    }
    let each = line("engineer", 86_000, "差旅 苏州");
    assert_eq!(walk.lines, [each.clone(), each]);
}

/// P-40 step 5: another visit charges what its lines added to the order's bill, never more than is still due.
#[test]
fn another_home_visit_charges_what_the_order_bills_and_was_not_paid() {
    let anybody = process::Actor { anybody: true, ..process::Actor::default() };
    let repaired = |bill: i64, list: i64| {
        let fields = json!({ "warranty": "out", "bill": bill, "list_price": list, "agreed_price": list, "charged": 20_000 });
        let mut walk = Walk::new("home-visit", fields);
        walk.state.step = "service".into();
        walk.state.visits.insert("charge".into(), 1);
        let made =
            machine::act(&walk.template, &walk.state, "repaired", "", &Entry::default(), &anybody, NOW);
        let faults = made.err().map(|faults| faults.0).unwrap_or_default();
        faults.iter().any(|fault| fault.code == "process.when")
    };
    assert!(repaired(20_000, 10_000), "paid in full: a line comes first");
    assert!(!repaired(30_000, 10_000), "the line is there");
    assert!(repaired(30_000, 10_100));
}

/// P-40 step 5 in the other trades: the customer pays what the order bills; alone, what was agreed.
#[test]
fn the_customer_pays_what_the_order_bills() {
    let anybody = process::Actor { anybody: true, ..process::Actor::default() };
    let old = json!("2020-01-01");
    let cases = [
        (
            "water-heater",
            "finish",
            "finished",
            json!({ "bought": old, "fault_in": "main", "work": "w" }),
            "price",
        ),
        ("forklift", "collect", "collected", json!({ "covered": "out", "collected": 40_000 }), "charge"),
        ("instrument-3-level", "paper", "", json!({ "installed": old, "work": "w" }), "price"),
        ("agri-dealer", "in_shop", "", json!({ "in_warranty": false, "work": "w" }), "price"),
    ];
    for (code, step, act, fields, price) in cases {
        let refused = |bill: Option<i64>| {
            let mut fields = fields.clone();
            fields[price] = json!(35_000);
            if let Some(bill) = bill {
                fields["bill"] = json!(bill);
            }
            let mut walk = Walk::new(code, fields);
            walk.state.step = step.into();
            let made = walk
                .template
                .moves_from(step)
                .find(|m| m.act == act || (act.is_empty() && m.kind == process::MoveKind::Next));
            let act = made.expect("a move").act.clone();
            let made = machine::act(&walk.template, &walk.state, &act, "", &Entry::default(), &anybody, NOW);
            let faults = made.err().map(|faults| faults.0).unwrap_or_default();
            faults.iter().any(|fault| fault.code == "process.leave")
        };
        assert!(refused(Some(20_000)), "{code}");
        assert!(!refused(Some(35_000)) && !refused(None), "{code}");
    }
}
