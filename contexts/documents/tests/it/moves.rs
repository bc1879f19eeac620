//! No move of a shipped template goes untested.
//!
//! Every test runs in a process of its own, so none can know what the others did. The texts of the tests are read
//! instead: some test that names the template has to make the move by its key and not only see it refused; what nobody
//! makes (decisions, approvals, clocks) has to be seen to arrive where it leads.

use std::{collections::BTreeSet, fs, path::Path};

use process::{Template, parse};

/// Tests that make moves: through documents, and through the orders they run for.
const TESTS: &[&str] =
    &["contexts/documents/tests/it", "contexts/orders/tests/it", "apps/aftercare/tests/it"];
/// How a test makes a move, and how it is refused one.
const MADE: &[&str] = &["act(", "act_why(", "because("];
const REFUSED: &[&str] = &["refused(", "refused_why(", "refuse("];

fn read(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
    let files = fs::read_dir(&root).unwrap_or_else(|e| panic!("{}: {e}", root.display()));
    let file = |entry: fs::DirEntry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        (name, fs::read_to_string(entry.path()).expect("a text"))
    };
    files.flatten().map(file).collect()
}

/// The functions of a file, each with the text of the helpers that it calls.
fn functions(text: &str) -> Vec<String> {
    let parts: Vec<&str> = text.split("fn ").skip(1).collect();
    let name = |part: &str| part.split(['(', '<']).next().unwrap_or_default().trim().to_string();
    let is_test = |part: &str| part.lines().next().is_some_and(|line| line.contains("app: TestApp"));
    let helpers: Vec<(String, &str)> =
        parts.iter().filter(|part| !is_test(part)).map(|part| (format!("{}(", name(part)), *part)).collect();
    let whole = |part: &&str| {
        let called = helpers.iter().filter(|(name, helper)| helper != part && calls(part, name));
        std::iter::once(*part).chain(called.map(|(_, helper)| *helper)).collect::<String>()
    };
    parts.iter().map(whole).collect()
}

/// A call, not the end of a longer name.
fn calls(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        !text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.')
    })
}

fn makes(text: &str, act: &str) -> bool {
    let key = format!("\"{act}\"");
    text.split(';').filter(|statement| statement.contains(&key)).any(|statement| {
        let posted = statement.contains("\"act\":") && statement.contains(".ok()");
        let made = posted || MADE.iter().any(|name| calls(statement, name));
        made && !REFUSED.iter().any(|name| statement.contains(name))
    })
}

/// Moves that no test makes, by template.
fn untested(template: &Template, tests: &[String]) -> BTreeSet<String> {
    let code = format!("\"{}\"", template.code);
    let of_it: Vec<&String> = tests.iter().filter(|text| text.contains(&code)).collect();
    let auto = |step: &str| template.step(step).is_some_and(|step| step.auto);
    let seen = |made: &process::Move| {
        if made.system || made.from.iter().all(|from| auto(from)) {
            // Nobody stands at a decision.
            auto(&made.to) || of_it.iter().any(|text| text.contains(&format!("\"{}\"", made.to)))
        } else {
            of_it.iter().any(|text| makes(text, &made.act))
        }
    };
    template.moves.iter().filter(|made| !seen(made)).map(|made| made.act.clone()).collect()
}

#[test]
fn every_move_of_every_shipped_template_is_made_by_a_test() {
    let sources = TESTS.iter().flat_map(|folder| read(folder));
    let tests: Vec<String> =
        sources.filter(|(name, _)| name != "moves.rs").flat_map(|(_, text)| functions(&text)).collect();
    let mut missing = Vec::new();
    for (name, source) in read("templates") {
        let template = parse(&source).unwrap_or_else(|faults| panic!("{name}: {faults:?}"));
        missing.extend(untested(&template, &tests).into_iter().map(|act| format!("{} {act}", template.code)));
    }
    assert!(missing.is_empty(), "no test makes these moves: {missing:#?}");
}

#[test]
fn a_move_that_is_only_refused_counts_as_untested() {
    let source = r#"
        async fn one(app: TestApp) {
            open(&w.agent, "battery", fields).await;
            assert_eq!(refused(&w.agent, &doc, "visit", json!({})).await, "process.when");
            let doc = helper(&w, &doc).await;
        }
        async fn helper(w: &World, doc: &Value) -> Value { act(&w.agent, doc, "cancel", json!({})).await }
    "#;
    let tests = functions(source);
    assert!(makes(&tests[0], "cancel") && !makes(&tests[0], "visit"));
}
