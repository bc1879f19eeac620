//! Steps from which some answers lead nowhere are named before a template is used.

use process::{parse, read, warnings};

mod common {
    pub const HEAD: &str = r#"
code = "x"
name = "x"
number = "X"
title = "x"
open = ["creator"]
start = "a"
fields = [
  { key = "route", name = "r", type = "choice", options = ["dealer", "direct"] },
  { key = "out", name = "o", type = "bool" },
  { key = "cost", name = "c", type = "money" },
]
steps = [
  { key = "a", name = "a", macro = "new", who = ["creator"] },
  { key = "b", name = "b", macro = "closed", end = true },
]
"#;
}

fn of(moves: &str) -> Vec<(i64, String)> {
    let text = format!("{}moves = [\n{moves}\n]\n", common::HEAD);
    let known = process::Known::default();
    read(&text, &known).unwrap_or_else(|f| panic!("{f:?}"));
    warnings(&text).into_iter().map(|w| (w.line, w.en)).collect()
}

#[test]
fn a_hole_between_conditions_is_named_with_its_answers() {
    let hole = r#"  { act = "one", name = "1", from = ["a"], to = "b", when = "f.route == 'direct'" },
  { act = "two", name = "2", from = ["a"], to = "b", when = "f.route == 'dealer' && !f.out" },
  { act = "off", name = "3", from = ["a"], to = "b", kind = "cancel" },"#;
    let found = of(hole);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, 14, "the line of the step");
    assert!(found[0].1.contains("out = true, route = dealer"), "{}", found[0].1);
}

#[test]
fn what_covers_all_answers_or_waits_for_something_is_none() {
    for covered in [
        r#"{ act = "one", name = "1", from = ["a"], to = "b", when = "f.out" }, { act = "two", name = "2", from = ["a"], to = "b", when = "!f.out" }"#,
        r#"{ act = "one", name = "1", from = ["a"], to = "b" }"#,
        r#"{ act = "one", name = "1", from = ["a"], to = "b", when = "f.cost > 0" }"#,
    ] {
        assert_eq!(of(covered), [], "{covered}");
    }
}

/// Where shipped templates warn, the answer is what people are there to change: a check that has to come out well, a
/// consent that has to be given.
#[test]
fn shipped_templates_warn_only_where_an_answer_is_asked_on_the_spot() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../templates");
    let mut odd = Vec::new();
    for file in std::fs::read_dir(folder).expect("the folder of templates") {
        let text = std::fs::read_to_string(file.expect("a file").path()).expect("a text");
        let template = parse(&text).expect("a template");
        for warning in warnings(&text) {
            let key = warning.field.split(['[', ']']).nth(1).unwrap_or_default().to_string();
            let step = template.step(&key).expect("a step");
            let here: Vec<&str> = step.asks.iter().map(|a| a.trim_end_matches('?')).collect();
            let said = warning.en.split(" with ").nth(1).unwrap_or_default();
            if !here.iter().any(|field| said.contains(&format!("{field} = "))) {
                odd.push(format!("{} {}", template.code, warning.en));
            }
        }
    }
    assert!(odd.is_empty(), "{odd:#?}");
}

#[test]
fn every_shipped_template_can_be_called_off_from_its_first_step() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../templates");
    for file in std::fs::read_dir(folder).expect("the folder of templates") {
        let text = std::fs::read_to_string(file.expect("a file").path()).expect("a text");
        let template = parse(&text).expect("a template");
        let off =
            template.moves_from(&template.start).any(|m| m.kind == process::MoveKind::Cancel && !m.system);
        assert!(off, "{}", template.code);
    }
}
