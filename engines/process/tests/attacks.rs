//! Templates written to do harm: refused with line and field, quickly, or harmless when they run.

use std::time::Instant;

use kernel::Ts;
use process::{Actor, Entry, Known, State, Template, effects, expr::Expr, machine, names, read};

const HEAD: &str = r#"code = "base"
name = "基本"
number = "JB"
title = "{what}"
open = ["role:agent"]
asks = ["what"]
start = "one"
"#;
const FIELDS: &str = r#"fields = [{ key = "what", name = "事" }, { key = "phone", name = "电话", type = "phone" }, { key = "n", name = "数", type = "int" }, { key = "at", name = "时", type = "time" }]
"#;
const STEPS: &str = r#"steps = [
  { key = "one", name = "一", macro = "new", who = ["role:agent"] },
  { key = "two", name = "二", macro = "waiting", who = ["role:agent"] },
  { key = "end", name = "完", macro = "closed", end = true },
]
moves = [
  { act = "go", name = "走", from = ["one"], to = "two" },
  { act = "back", name = "回", from = ["two"], to = "one", kind = "rework" },
  { act = "stop", name = "停", from = ["two"], to = "end" },
]
"#;

fn known() -> Known {
    Known { roles: vec!["agent".into()], schemes: Some(vec!["quote".into()]), others: Vec::new() }
}

fn base() -> String {
    format!("{HEAD}{FIELDS}{STEPS}")
}

fn template(text: &str) -> Template {
    read(text, &known()).unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// Codes and places of the faults of a text, and how long reading it took, ms.
fn faults(text: &str) -> (Vec<(i64, String, String)>, u128) {
    let begun = Instant::now();
    let found = read(text, &known()).err().unwrap_or_default();
    (found.into_iter().map(|f| (f.line, f.field, f.code)).collect(), begun.elapsed().as_millis())
}

#[track_caller]
fn refused(text: &str, line: i64, field: &str, code: &str) {
    let (found, _) = faults(text);
    assert!(
        found.iter().any(|f| (f.0, f.1.as_str(), f.2.as_str()) == (line, field, code)),
        "{field} {code}: {found:?}"
    );
}

#[test]
fn spans_are_sensible_or_refused() {
    template(&base());
    let timer = |rest: &str| {
        format!("{}timers = [{{ key = \"t\", name = \"限\", from = \"create\", {rest} }}]\n", base())
    };
    for span in [
        "-5h",
        "1000000000000h",
        "1e3d",
        "0.5h",
        "999999999999999999999999d",
        "",
        "h",
        "by0",
        "by32",
        "by-1",
        "五天",
    ] {
        let code = if span.is_empty() { "process.span" } else { "span.form" };
        refused(&timer(&format!("span = \"{span}\"")), 19, "timers[t].span", code);
    }
    for span in ["100000d", "100000wd", "100000wh", "100000h", "99999hx"] {
        let (found, _) = faults(&timer(&format!("span = \"{span}\"")));
        assert_eq!(found, [(19, "timers[t].span".to_string(), "process.span_long".to_string())], "{span}");
    }
    for span in ["0m", "0wd", "3650d", "2000wd", "87600h"] {
        template(&timer(&format!("span = \"{span}\"")));
    }
    refused(&timer("span = \"1h\", warn = \"-1h\""), 19, "timers[t].warn", "process.clock_span");
    refused(&timer("at = \"at\", before = \"100000d\""), 19, "timers[t].before", "process.span_long");
    let rung = "{ after = \"1h\", who = [\"role:agent\"] }, ";
    refused(
        &timer(&format!("span = \"1h\", ladder = [{}]", rung.repeat(10))),
        19,
        "timers[t].ladder",
        "process.many",
    );
}

#[test]
fn clocks_that_wind_themselves_up_are_refused() {
    let with =
        |timer: &str, triggers: &str| format!("{}timers = [{timer}]\ntriggers = [{triggers}]\n", base());
    let both = "{ key = \"a\", on = \"late:t\", make = \"act\", what = \"back\" }, { key = \"b\", on = \"enter:one\", make = \"act\", what = \"go\" }";
    for due in ["span = \"0m\"", "span = \"1m\"", "span = \"0wh\"", "at = \"at\""] {
        let timer = format!("{{ key = \"t\", name = \"限\", from = \"enter:two\", {due} }}");
        refused(&with(&timer, both), 20, "triggers[a].what", "process.endless");
    }
    // A reminder that comes round once a day is what people want.
    template(&with("{ key = \"t\", name = \"限\", from = \"enter:two\", span = \"1d\" }", both));
    // Warnings count like the end.
    let warned = both.replace("late:t", "warn:t");
    let timer = "{ key = \"t\", name = \"限\", from = \"enter:two\", span = \"5m\", warn = \"5m\" }";
    refused(&with(timer, &warned), 20, "triggers[a].what", "process.endless");
}

#[test]
fn bombs_are_refused_quickly() {
    let deep =
        |open: &str, close: &str, n: usize| format!("{}x = {}1{}\n", base(), open.repeat(n), close.repeat(n));
    let item = "{ key = \"k\", name = \"n\" },";
    let bombs = [
        ("arrays", deep("[", "]", 60_000)),
        ("open arrays", deep("[", "", 150_000)),
        ("tables", deep("{ a = ", " }", 20_000)),
        ("dotted", format!("{}{}a = 1\n", base(), "a.".repeat(90_000))),
        ("headers", format!("{}[{}a]\n", base(), "a.".repeat(90_000))),
        ("many headers", format!("{}{}", base(), "[[x.y]]\n".repeat(20_000))),
        ("fields", format!("{HEAD}fields = [{}]\n{STEPS}", item.repeat(7_000))),
        ("doubles", base().replacen("code", "code = \"base\"\ncode", 1)),
        ("unknown", format!("{}exec = \"rm -rf /\"\n", base())),
        (
            "asks",
            base().replacen("asks = [\"what\"]", &format!("asks = [{}]", "\"what\",".repeat(20_000)), 1),
        ),
        (
            "who",
            base().replacen(
                "open = [\"role:agent\"]",
                &format!("open = [{}]", "\"role:agent\",".repeat(9_000)),
                1,
            ),
        ),
        ("title", base().replacen("{what}", &"{what}".repeat(20_000), 1)),
        (
            "name",
            base().replacen("基本", &"基".repeat(60_000), 1).replacen(
                "name = \"一\"",
                &format!("name = \"{}\"", "一".repeat(1000)),
                1,
            ),
        ),
        ("null", format!("{}\u{0}", base())),
        ("not text", "\u{feff}\u{1b}[2J".repeat(100)),
    ];
    // The stack of a worker thread, not of the main one.
    let small = std::thread::Builder::new().stack_size(2 * 1024 * 1024);
    let checked = small.spawn(move || {
        for (name, text) in bombs {
            let (found, ms) = faults(&text);
            assert!(!found.is_empty(), "{name} was let through");
            assert!(ms < 30_000, "{name}: {ms} ms");
        }
    });
    checked.expect("a thread").join().expect("no bomb went off");
}

#[test]
fn what_is_there_twice_or_nameless_is_refused() {
    refused(
        &base().replacen("asks = [\"what\"]", "asks = [\"what\", \"what?\"]", 1),
        6,
        "asks",
        "process.twice",
    );
    refused(&base().replacen("name = \"一\"", "name = \"  \"", 1), 10, "steps[one].name", "process.name");
    refused(&base().replacen("name = \"走\"", "name = \"\"", 1), 15, "moves[go].name", "process.name");
    refused(&base().replacen("key = \"two\"", "key = \"one\"", 1), 11, "steps[one].key", "process.twice");
    refused(&base().replacen("act = \"back\"", "act = \"stop\"", 1), 17, "moves[stop].act", "process.twice");
}

#[test]
fn nobody_signs_by_walking_past_the_signatures() {
    let signed = base()
        .replacen("macro = \"waiting\", who = [\"role:agent\"]", "macro = \"waiting\", approval = { scheme = \"quote\", amount = \"1\", approved = \"stop\", rejected = \"back\" }", 1);
    refused(&signed, 11, "steps[two].approval", "process.approval_open");
    let good = signed.replacen("to = \"end\" }", "to = \"end\", system = true }", 1).replacen(
        "kind = \"rework\" }",
        "kind = \"rework\", system = true }",
        1,
    );
    template(&good);
}

#[test]
fn arithmetic_never_brings_the_machine_down() {
    let t = template(&base());
    let mut state = State::new(Ts(0));
    state.fields.insert("n".into(), serde_json::json!(i64::MAX));
    state.fields.insert("what".into(), serde_json::json!("长".repeat(4000)));
    let values = names::values(&t, &state, &Actor::default(), "", Ts(i64::MAX / 2));
    let sums = [
        "f.n + f.n",
        "f.n * f.n",
        "-f.n - 2",
        "-(-f.n - 1)",
        "(-f.n - 1) / -1",
        "(-f.n - 1) % -1",
        "f.n / 0",
        "f.n % 0",
        "yuan(f.n) + 1",
        "days(f.n) * 2",
        "size(f.what + f.what + f.what + f.what + f.what + f.what) * f.n",
        "[1, 2, 3][f.n]",
        "[1, 2, 3][-1]",
        "f.what[0]",
        "{'a': 1}['b']",
        "date('9999-99-99')",
        "size([1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1].map(x, f.what + f.what + f.what + f.what + f.what + f.what + f.what + f.what))",
    ];
    for source in sums {
        let begun = Instant::now();
        let result = Expr::compile(source, &names::names(&t)).and_then(|e| e.number(&values));
        assert!(begun.elapsed().as_secs() < 20, "{source}: {result:?}");
    }
    for source in [
        "f.what.matches('(a+)+$')",
        "f.what.replace('a', 'b')",
        "has(f.none)",
        "type(1) == int",
        "timestamp('2026')",
        "f.what.x.y.z == 1",
        "__proto__ == 1",
        "optional.of(1)",
    ] {
        let result = Expr::compile(source, &names::names(&t)).and_then(|e| e.truth(&values));
        assert!(result.is_err(), "{source}");
    }
}

#[test]
fn a_value_is_text_and_never_a_place() {
    let t = template(&base());
    let mut state = State::new(Ts(0));
    state.fields.insert("what".into(), serde_json::json!("{phone}{reason}{what}"));
    state.fields.insert("phone".into(), serde_json::json!("13800136027"));
    assert_eq!(
        effects::fill(&t, "修{what}：{reason}{nothing} {", &state, "{phone}", kernel::Lang::Zh),
        "修{phone}{reason}{what}：{phone}{nothing} {"
    );
    state.fields.insert("what".into(), serde_json::json!("长".repeat(4000)));
    assert!(effects::fill(&t, &"{what}".repeat(300), &state, "", kernel::Lang::Zh).chars().count() < 3000);
}

#[test]
fn a_message_of_a_trigger_ends_the_clock_that_waits_for_it() {
    let text = format!(
        "{}messages = [{{ key = \"told\", name = \"告知\", text = \"好\" }}]\ntimers = [{{ key = \"t\", name = \"限\", from = \"create\", until = [\"message:told\"], span = \"1h\" }}]\n\
         triggers = [{{ key = \"x\", on = \"act:go\", make = \"message\", what = \"told\" }}]\n",
        base()
    );
    let t = template(&text);
    let anybody = Actor { anybody: true, ..Actor::default() };
    let what = Entry { fields: [("what".to_string(), "x".into())].into(), ..Entry::default() };
    let begun = machine::begin(&t, &what, &anybody, Ts(0), "").expect("begun");
    let moved = machine::act(&t, &begun.state, "go", "", &Entry::default(), &anybody, Ts(1)).expect("moved");
    assert!(
        moved.effects.iter().any(|e| matches!(e, process::Effect::Stop { timer } if timer == "t")),
        "{:?}",
        moved.effects
    );
}
