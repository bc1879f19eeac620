//! What a template is refused for, with line and field; and that no run of any template goes wrong.

use kernel::Ts;
use process::{Actor, Entry, Known, State, Template, machine, read};
use proptest::prelude::*;

const BASE: &str = r#"code = "base"
name = "基本"
number = "JB"
title = "{what}"
open = ["role:agent"]
asks = ["what"]
start = "one"
posts = [{ key = "head", name = "主任", role = "manager" }]
fields = [{ key = "what", name = "事" }, { key = "phone", name = "电话", type = "phone" }, { key = "who", name = "人", type = "person" }]
steps = [
  { key = "one", name = "一", macro = "new", who = ["post:head"] },
  { key = "two", name = "二", macro = "done", who = ["person:who"], auto = false },
  { key = "end", name = "完", macro = "closed", end = true },
]
moves = [
  { act = "go", name = "走", from = ["one"], to = "two" },
  { act = "stop", name = "停", from = ["two"], to = "end" },
]
timers = [{ key = "t", name = "限", from = "create", span = "1h" }]
triggers = [{ key = "x", on = "late:t", make = "notice", who = ["role:agent"], text = "迟" }]
"#;

fn known() -> Known {
    Known {
        roles: vec!["agent".into(), "manager".into()],
        schemes: Some(vec!["quote".into()]),
        others: Vec::new(),
    }
}

fn template(text: &str) -> Template {
    read(text, &known()).unwrap_or_else(|faults| panic!("{faults:?}"))
}

#[test]
fn every_fault_has_its_line_and_field() {
    template(BASE);
    let cases = [
        ("code = \"base\"", "code = \"Base\"", 1, "code", "process.key"),
        ("open = [\"role:agent\"]", "open = []", 5, "open", "process.nobody"),
        ("open = [\"role:agent\"]", "open = [\"agent\"]", 5, "open", "process.who"),
        ("title = \"{what}\"", "title = \"{phone}\"", 4, "title", "process.secret"),
        ("start = \"one\"", "start = \"zero\"", 7, "start", "process.no_step"),
        ("role = \"manager\"", "role = \"boss\"", 8, "posts[head].role", "process.no_role"),
        ("key = \"who\"", "key = \"what\"", 9, "fields[what].key", "process.twice"),
        ("type = \"phone\"", "type = \"choice\"", 9, "fields[phone].options", "process.options"),
        ("who = [\"person:who\"]", "who = [\"person:what\"]", 12, "steps[two].who", "process.no_field"),
        ("who = [\"post:head\"]", "who = []", 11, "steps[one].who", "process.nobody"),
        (
            "who = [\"post:head\"]",
            "who = [\"post:head\"], checklists = [\"none\"]",
            11,
            "steps[one].checklists",
            "process.no_field",
        ),
        (
            "who = [\"post:head\"]",
            "who = [\"post:head\"], approval = { scheme = \"none\", amount = \"1\", approved = \"go\", rejected = \"go\" }",
            11,
            "steps[one].approval",
            "process.scheme",
        ),
        ("from = [\"two\"], to", "from = [\"end\"], to", 17, "moves[stop].from", "process.after_end"),
        (
            "from = [\"two\"], to",
            "reasons = [\"迟|\"], from = [\"two\"], to",
            17,
            "moves[stop].reasons",
            "process.both",
        ),
        ("text = \"迟\"", "text = \"迟|late|tard\"", 20, "triggers[x].text", "process.both"),
        ("act = \"stop\"", "act = \"go\"", 12, "steps[two].key", "ok"),
        ("from = \"create\"", "from = \"enter:zero\"", 19, "timers[t].from", "process.no_step"),
        ("from = \"create\"", "from = \"always\"", 19, "timers[t].from", "process.event"),
        ("span = \"1h\"", "span = \"1h\", at = \"what\"", 19, "timers[t].span", "process.span"),
        (
            "span = \"1h\"",
            "span = \"1h\", ladder = [{ who = [] }]",
            19,
            "timers[t].ladder[0].who",
            "process.nobody",
        ),
        ("span = \"1h\"", "span = \"1h\", warn = \"3wd\"", 19, "timers[t].warn", "process.clock_span"),
        ("on = \"late:t\"", "on = \"late:u\"", 20, "triggers[x].on", "process.no_timer"),
        ("make = \"notice\"", "make = \"explode\"", 20, "triggers", "process.form"),
        ("make = \"notice\"", "make = \"act\", what = \"none\"", 20, "triggers[x].what", "process.no_move"),
    ];
    for (from, to, line, field, code) in cases {
        assert!(BASE.contains(from), "{from}");
        let found = read(&BASE.replacen(from, to, 1), &known());
        if code == "ok" {
            assert!(found.is_ok(), "{to}: {found:?}");
            continue;
        }
        let faults = found.expect_err(to);
        assert!(
            faults.iter().any(|f| (f.line, f.field.as_str(), f.code.as_str()) == (line, field, code)),
            "{to}: {faults:?}"
        );
        assert!(faults.iter().all(|f| !f.zh.is_empty() && !f.en.is_empty()));
    }
}

#[test]
fn a_question_with_a_wrong_code_is_the_one_that_is_named() {
    let survey = |questions: &str| {
        format!("{BASE}\nsurveys = [{{ key = \"ask\", name = \"问\", questions = [{questions}] }}]\n")
    };
    let cases = [
        (r#"{ key = "", name = "态度好吗" }"#, "process.key", "态度好吗"),
        (r#"{ key = "Good", name = "态度好吗" }"#, "process.key", "Good"),
        (r#"{ key = "a", name = "一" }, { key = "a", name = "二" }"#, "process.twice", "“a”"),
        ("", "process.missing", "请填写"),
    ];
    for (questions, code, said) in cases {
        let faults = read(&survey(questions), &known()).expect_err(code);
        let found = faults.iter().find(|f| f.code == code && f.field == "surveys[ask].questions");
        assert!(found.is_some_and(|f| f.zh.contains(said)), "{questions}: {faults:?}");
    }
}

#[test]
fn what_is_handed_to_a_new_document_can_stand_there() {
    let makes = |make: &str| {
        BASE.replacen(
            "make = \"notice\", who = [\"role:agent\"], text = \"迟\"",
            &format!("make = \"document\", {make}"),
            1,
        )
    };
    let note =
        BASE.replace("\"base\"", "\"note\"").replacen("asks = [\"what\"]", "asks = [\"what\", \"who\"]", 1);
    let known =
        Known { others: vec![process::Other::of(&process::parse(&note).expect("a template"))], ..known() };
    let fault = |make: &str| {
        let found = read(&makes(make), &known).err().and_then(|faults| faults.into_iter().next());
        found.map(|f| (f.line, f.field, f.code))
    };
    let copy = Some((20, "triggers[x].copy".to_string(), "process.copy".to_string()));
    for (make, wanted) in [
        (r#"what = "note", copy = ["what=what", "who=who"]"#, None),
        (r#"what = "note", copy = ["what=phone"]"#, copy.clone()),
        // It asks for the person at its first step.
        (r#"what = "note", copy = ["what=what"]"#, None),
        (r#"what = "note", copy = ["phone=phone"]"#, copy.clone()),
        (r#"what = "note", copy = ["fault=what"]"#, copy.clone()),
        (r#"what = "note", copy = ["who=what"]"#, copy.clone()),
        (r#"what = "base", copy = ["who=who"]"#, copy),
    ] {
        assert_eq!(fault(make), wanted, "{make}");
    }
    // A type that is not there yet may come; who activates this one is told.
    let absent = makes(r#"what = "absent""#);
    assert!(read(&absent, &known).is_ok());
    let told: Vec<_> =
        process::warnings(&absent, &known).into_iter().map(|w| (w.line, w.field, w.code)).collect();
    assert_eq!(told, [(20, "triggers[x].what".to_string(), "process.no_template".to_string())]);
    assert_eq!(process::warnings(&makes(r#"what = "note""#), &known), []);
}

#[test]
fn what_never_ends_is_refused() {
    let code = |text: String| read(&text, &known()).expect_err("refused")[0].code.clone();
    let with = |from: &str, to: &str| BASE.replacen(from, to, 1);
    // Decisions that lead in a circle.
    let circle = with("who = [\"post:head\"] }", "auto = true }").replacen("auto = false", "auto = true", 1);
    let circle = circle.replacen("{ act = \"stop\"", "{ act = \"back\", name = \"回\", from = [\"two\"], to = \"one\", when = \"f.what == ''\" },\n  { act = \"stop\"", 1);
    assert_eq!(code(circle), "process.endless");
    // A move whose trigger makes it again.
    let again = with(
        "on = \"late:t\", make = \"notice\", who = [\"role:agent\"], text = \"迟\"",
        "on = \"enter:two\", make = \"act\", what = \"round\"",
    );
    let again = again.replacen("{ act = \"stop\"", "{ act = \"round\", name = \"转\", from = [\"two\"], to = \"two\", kind = \"rework\" },\n  { act = \"stop\"", 1);
    assert_eq!(code(again), "process.endless");
    // A decision without a way out for everything else.
    let open = with("auto = false", "auto = true").replacen(
        "from = [\"two\"], to",
        "from = [\"two\"], when = \"f.what == 'a'\", to",
        1,
    );
    assert_eq!(code(open), "process.undecided");
    assert!(read(&"x".repeat(300_000), &known()).is_err());
    assert!(read("a = [[[[[[[[", &known()).is_err());
}

#[test]
fn a_step_is_entered_a_hundred_times_and_no_more() {
    let text = BASE.replacen("{ act = \"stop\"", "{ act = \"back\", name = \"回\", from = [\"two\"], to = \"one\", kind = \"rework\" },\n  { act = \"stop\"", 1);
    let template = template(&text);
    let anybody = Actor { anybody: true, ..Actor::default() };
    let what = Entry { fields: [("what".to_string(), "x".into())].into(), ..Entry::default() };
    let mut state = machine::begin(&template, &what, &anybody, Ts(0), "").expect("begun").state;
    let mut stopped = None;
    for _ in 0..200 {
        let act = if state.step == "one" { "go" } else { "back" };
        match machine::act(&template, &state, act, "", &Entry::default(), &anybody, Ts(1)) {
            Ok(outcome) => state = outcome.state,
            Err(problems) => {
                stopped = Some(problems.0[0].code);
                break;
            }
        }
    }
    assert_eq!(stopped, Some("process.rounds"));
}

fn shipped() -> Vec<Template> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../templates");
    let files = std::fs::read_dir(folder).expect("the folder");
    let text = |path: std::path::PathBuf| std::fs::read_to_string(path).expect("a text");
    files.map(|f| process::parse(&text(f.expect("a file").path())).expect("a template")).collect()
}

/// The step that moves lead to really is where the run stands, and every effect names what exists.
fn consistent(template: &Template, outcome: &process::Outcome) {
    let step = template.step(&outcome.state.step).expect("a known step");
    assert_eq!(outcome.state.ended.is_some(), step.end);
    assert!(!step.auto, "decisions don't wait");
    if let Some(last) = outcome.path.last() {
        assert_eq!(last.to, outcome.state.step);
    }
    for effect in &outcome.effects {
        if let process::Effect::Start { timer, .. } = effect {
            assert!(template.timers.iter().any(|t| t.key == *timer));
        }
    }
}

proptest! {
    /// Whatever moves and clocks come in whatever order, the machine refuses or stands on a step of the template; what
    /// it refuses leaves no trace; the same input gives the same result.
    #[test]
    fn no_walk_goes_wrong(which in 0usize..17, walk in prop::collection::vec((0usize..200, any::<bool>()), 1..60)) {
        let all = shipped();
        let template = &all[which % all.len()];
        let anybody = Actor { anybody: true, system: true, ..Actor::default() };
        let mut state = State::new(Ts(0));
        state.step = template.start.clone();
        for (n, (choice, clock)) in walk.into_iter().enumerate() {
            let now = Ts(n as i64 * 3_600_000_000);
            let before = state.clone();
            let result = if clock && !template.timers.is_empty() {
                let timer = &template.timers[choice % template.timers.len()];
                machine::clock(template, &state, &timer.key, choice % 2 == 0, now)
            } else {
                let made = &template.moves[choice % template.moves.len()];
                let reason = made.reasons.first().cloned().unwrap_or_default();
                let again = machine::act(template, &state, &made.act, &reason, &Entry::default(), &anybody, now);
                let once = machine::act(template, &state, &made.act, &reason, &Entry::default(), &anybody, now);
                prop_assert_eq!(&again, &once);
                once
            };
            prop_assert_eq!(&before, &state);
            if let Ok(outcome) = result {
                if state.ended.is_none() {
                    consistent(template, &outcome);
                }
                state = outcome.state;
            }
        }
    }

    /// Any text at all is read or refused, never more than that.
    #[test]
    fn no_text_breaks_the_reader(at in 0usize..1200, cut in 0usize..60, put in ".{0,12}") {
        let chars: Vec<char> = BASE.chars().collect();
        let at = at.min(chars.len());
        let end = (at + cut).min(chars.len());
        let text: String = chars[..at].iter().chain(put.chars().collect::<Vec<_>>().iter()).chain(&chars[end..]).collect();
        let _ = read(&text, &known());
    }

    /// No expression brings the evaluator down.
    #[test]
    fn no_expression_breaks_the_evaluator(source in "[f.a-c()&|!<>=+*/?:'0-9 \\[\\],]{0,60}") {
        let template = process::parse(BASE).expect("a template");
        if let Ok(expr) = process::expr::Expr::compile(&source, &process::names::names(&template)) {
            let values = process::names::values(&template, &State::new(Ts(0)), &Actor::default(), "", Ts(0));
            let _ = expr.truth(&values);
        }
    }
}
