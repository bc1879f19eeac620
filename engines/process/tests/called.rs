//! Callbacks that a process makes itself (CB-09, OUTLET-05).

use std::collections::BTreeMap;

use kernel::Ts;
use process::{Effect, Entry, Known, called, machine, parse};
use serde_json::{Value, json};

const NOW: Ts = Ts(1_800_000_000_000_000);

const SOURCE: &str = r#"
code = "calls"
name = "回访"
number = "C"
title = "回访"
open = ["role:agent"]
start = "call"
fields = [
  { key = "class", name = "结果", bind = "callback", type = "choice", options = ["satisfied=满意", "unsatisfied=不满意", "later=再说"] },
  { key = "hint", name = "建议", bind = "suggestion" },
]
steps = [
  { key = "call", name = "回访", macro = "done", who = ["role:callback"], asks = ["class?", "hint?"], surveys = ["callback"] },
  { key = "end", name = "结束", macro = "closed", end = true },
]
moves = [{ act = "called", name = "已打", from = ["call"], to = "end" }]
triggers = [{ key = "called", on = "act:called", make = "callback", what = "result", text = "{class}" }]
[[surveys]]
key = "callback"
name = "回访"
questions = [
  { key = "quality", name = "质量" },
  { key = "solved", name = "修好了吗", type = "bool" },
  { key = "words", name = "原话", type = "text", optional = true },
]
"#;

fn called(fields: Value) -> Option<(String, Vec<called::Said>)> {
    let template = parse(SOURCE).unwrap_or_else(|e| panic!("{e:?}"));
    let opened = machine::begin_for(&template, BTreeMap::new(), NOW, "").unwrap_or_else(|e| panic!("{e:?}"));
    let entry: Entry = serde_json::from_value(fields).expect("an entry");
    let made = machine::act(&template, &opened.state, "called", "", &entry, &machine::SYSTEM, NOW);
    let effects = made.unwrap_or_else(|e| panic!("{e:?}")).effects;
    effects.into_iter().find_map(|effect| match effect {
        Effect::Callback { kind, said, .. } => Some((kind, said)),
        _ => None,
    })
}

fn said(question: &str, text: &str, value: &str) -> called::Said {
    called::Said { question: question.into(), text: text.into(), value: value.into() }
}

#[test]
fn the_result_is_the_class_in_its_field_with_the_answers_of_the_survey() {
    let answers = json!({ "callback": { "quality": 3, "solved": false } });
    let made = called(json!({ "fields": { "class": "unsatisfied", "hint": "早点来" }, "answers": answers }));
    let expected = vec![
        said("quality", "质量", "3"),
        said("solved", "修好了吗", "no"),
        said("suggestion", "建议", "早点来"),
    ];
    assert_eq!(made, Some(("unsatisfied".to_string(), expected)));
}

#[test]
fn what_is_no_class_of_a_result_is_none() {
    let answers = json!({ "callback": { "quality": 3, "solved": true } });
    for fields in [json!({}), json!({ "class": "later" })] {
        assert_eq!(called(json!({ "fields": fields, "answers": answers })), None, "{fields}");
    }
}

#[test]
fn a_result_needs_a_field_that_holds_it() {
    let source = SOURCE.replace("bind = \"callback\", ", "");
    let found = |source: &str| process::read(source, &Known::default()).err().unwrap_or_default();
    let faults = |source: &str| -> Vec<(String, String)> {
        found(source)
            .into_iter()
            .map(|fault| (fault.code, fault.field))
            .filter(|(code, _)| code.contains("callback"))
            .collect()
    };
    assert_eq!(
        faults(&source),
        [("process.callback_result".to_string(), "triggers[called].what".to_string())]
    );
    assert_eq!(faults(SOURCE), []);
}
