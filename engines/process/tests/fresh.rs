//! What holds for one round only is asked again in the next, and "told" can mean since the step was entered.

use kernel::Ts;
use process::{Entry, State, Template, machine, parse};
use serde_json::{Value, json};

const NOW: Ts = Ts(1_795_000_000_000_000);

const TEXT: &str = r#"
code = "x"
name = "x"
number = "X"
title = "x"
open = ["creator"]
start = "repair"
fields = [
  { key = "agreed", name = "a", type = "bool", fresh = true },
  { key = "finish", name = "f", fresh = true },
  { key = "work", name = "w" },
]
messages = [{ key = "ready", name = "r", text = "r", steps = ["ready"] }]
steps = [
  { key = "repair", name = "r", macro = "in_progress", who = ["creator"], asks = ["agreed?", "finish?", "work?"] },
  { key = "parts", name = "p", macro = "waiting", who = ["creator"] },
  { key = "test", name = "t", macro = "in_progress", who = ["creator"], asks = ["agreed?"] },
  { key = "ready", name = "o", macro = "done", who = ["creator"] },
  { key = "end", name = "e", macro = "closed", end = true },
]
moves = [
  { act = "wait", name = "w", from = ["repair"], to = "parts", kind = "wait" },
  { act = "here", name = "h", from = ["parts"], to = "repair", kind = "wait" },
  { act = "repaired", name = "d", from = ["repair"], to = "test" },
  { act = "tested", name = "t", from = ["test"], to = "ready" },
  { act = "again", name = "g", from = ["ready"], to = "repair", kind = "rework", asks = ["finish"] },
  { act = "hand_over", name = "e", from = ["ready"], to = "end", when = "told.ready >= entered" },
  { act = "give_up", name = "g", from = ["ready"], to = "end", when = "late.fetch" },
]
timers = [{ key = "fetch", name = "f", from = "enter:ready", until = ["leave:ready"], span = "7d" }]
"#;

fn fields(value: Value) -> Entry {
    Entry { fields: serde_json::from_value(value).expect("fields"), ..Entry::default() }
}

fn go(template: &Template, state: &State, act: &str, entry: Value, at: Ts) -> State {
    let made = machine::act(template, state, act, "", &fields(entry), &machine::SYSTEM, at);
    made.unwrap_or_else(|e| panic!("{act} at {}: {e:?}", state.step)).state
}

fn begun() -> (Template, State) {
    let template = parse(TEXT).expect("a template");
    process::read(TEXT, &process::Known::default()).unwrap_or_else(|f| panic!("{f:?}"));
    let state = machine::begin_for(&template, Default::default(), NOW, "").expect("a run").state;
    (template, state)
}

#[test]
fn a_fresh_field_is_empty_after_rework_but_not_after_waiting() {
    let (t, state) = begun();
    let said = json!({ "agreed": true, "finish": "monday", "work": "fan" });
    let state = go(&t, &state, "wait", said, NOW);
    let state = go(&t, &state, "here", json!({}), NOW);
    assert_eq!((&state.fields["agreed"], &state.fields["work"]), (&json!(true), &json!("fan")));
    let state = go(&t, &state, "repaired", json!({}), NOW);
    let state = go(&t, &state, "tested", json!({}), NOW);
    assert_eq!(state.fields["agreed"], true, "kept on the way on");
    let state = go(&t, &state, "again", json!({ "finish": "tuesday" }), NOW);
    assert!(!state.fields.contains_key("agreed"), "yes to one price is none to the next");
    assert_eq!(state.fields["finish"], "tuesday", "what the move itself asked stays");
    assert_eq!(state.fields["work"], "fan");
    let state = go(&t, &state, "repaired", json!({ "agreed": true }), NOW);
    assert_eq!(
        (state.step.as_str(), &state.fields["agreed"]),
        ("test", &json!(true)),
        "said in this very round"
    );
}

#[test]
fn told_since_the_step_was_entered() {
    let (t, state) = begun();
    let later = |hours: i64| NOW.plus_secs(hours * 3600);
    let state = go(&t, &state, "repaired", json!({}), NOW);
    let state = go(&t, &state, "tested", json!({}), NOW);
    let refused = |state: &State, at| {
        machine::act(&t, state, "hand_over", "", &Entry::default(), &machine::SYSTEM, at).is_err()
    };
    assert!(refused(&state, later(1)), "nobody was told");
    let state = machine::message(&t, &state, "ready", &machine::SYSTEM, later(1)).expect("told").state;
    assert!(!refused(&state, later(2)));
    let state = go(&t, &state, "again", json!({ "finish": "x" }), later(2));
    let state = go(&t, &state, "repaired", json!({}), later(3));
    let state = go(&t, &state, "tested", json!({}), later(3));
    assert_eq!(state.messages["ready"], 1);
    assert!(refused(&state, later(4)), "the first notice was about the first repair");
    let state = machine::message(&t, &state, "ready", &machine::SYSTEM, later(4)).expect("told").state;
    assert!(!refused(&state, later(4)));
}

#[test]
fn a_clock_that_ran_out_in_an_earlier_round_says_nothing_about_this_one() {
    let (t, state) = begun();
    let ready = |state: &State| {
        let state = go(&t, state, "repaired", json!({ "agreed": true, "work": "fan" }), NOW);
        go(&t, &state, "tested", json!({ "agreed": true }), NOW)
    };
    let state = machine::clock(&t, &ready(&state), "fetch", true, NOW).expect("an outcome").state;
    go(&t, &state, "give_up", json!({}), NOW);
    let state = ready(&go(&t, &state, "again", json!({ "finish": "friday" }), NOW));
    assert!(state.late.contains("fetch"), "figures go on counting it");
    let early = machine::act(&t, &state, "give_up", "", &Entry::default(), &machine::SYSTEM, NOW);
    assert!(early.is_err(), "the new seven days are not over");
    let state = machine::clock(&t, &state, "fetch", true, NOW).expect("an outcome").state;
    go(&t, &state, "give_up", json!({}), NOW);
}
