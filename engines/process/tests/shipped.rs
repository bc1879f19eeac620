//! Every shipped template reads without a fault, and names nothing that is not there.

use process::{Known, read};

fn known() -> Known {
    let roles = [
        "admin",
        "manager",
        "agent",
        "dispatcher",
        "engineer",
        "storekeeper",
        "cashier",
        "callback",
        "auditor",
        "outlet",
    ];
    let schemes = [
        "warranty-parts",
        "beyond-guarantee",
        "dealer-parts",
        "dealer-beyond",
        "local-purchase",
        "working-group",
        "quote",
    ];
    let own = |list: &[&str]| list.iter().map(|s| (*s).to_string()).collect::<Vec<_>>();
    Known { roles: own(&roles), schemes: Some(own(&schemes)), others: Vec::new() }
}

#[test]
fn shipped_templates_have_no_fault() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../templates");
    let mut codes = Vec::new();
    let mut faults = Vec::new();
    for file in std::fs::read_dir(folder).expect("the folder of templates") {
        let path = file.expect("a file").path();
        let text = std::fs::read_to_string(&path).expect("a text");
        match read(&text, &known()) {
            Ok(template) => {
                assert_eq!(
                    path.file_stem().and_then(|s| s.to_str()),
                    Some(template.code.as_str()),
                    "file name and code"
                );
                codes.push(template.code);
            }
            Err(found) => {
                faults.extend(
                    found.iter().map(|f| format!("{}:{} {} {}", path.display(), f.line, f.field, f.en)),
                );
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    assert_eq!(
        codes.len(),
        17,
        "sixteen trades, and the maintenance round that one of them opens: {codes:?}"
    );
}

fn templates() -> Vec<process::Template> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../templates");
    let files = std::fs::read_dir(folder).expect("the folder of templates");
    let text = |file: std::fs::DirEntry| std::fs::read_to_string(file.path()).expect("a text");
    files.map(|file| process::parse(&text(file.expect("a file"))).expect("a template")).collect()
}

/// A way from where a clock starts to an end that neither stops it nor waits there: it would ring although what it waits
/// for can't come any more. Calling off ends every clock.
fn unstopped(template: &process::Template, timer: &process::Timer) -> Option<Vec<String>> {
    let moments = |made: &process::Move, from: &str| {
        [format!("leave:{from}"), format!("act:{}", made.act), format!("enter:{}", made.to)]
    };
    let stops =
        |made: &process::Move, from: &str| moments(made, from).iter().any(|m| timer.until.contains(m));
    let ways =
        || template.moves.iter().flat_map(|made| made.from.iter().map(move |from| (made, from.as_str())));
    let first = ["create".to_string(), format!("enter:{}", template.start)];
    let mut todo: Vec<(&str, Vec<String>)> = ways()
        .filter(|(made, from)| moments(made, from).contains(&timer.from))
        .map(|(made, _)| (made.to.as_str(), vec![made.act.clone()]))
        .collect();
    todo.extend(first.contains(&timer.from).then(|| (template.start.as_str(), Vec::new())));
    let mut seen = std::collections::BTreeSet::new();
    while let Some((at, way)) = todo.pop() {
        let waits = timer.pause.iter().any(|step| step == at);
        if !seen.insert(at) {
            continue;
        }
        let on = ways().filter(|(made, from)| {
            *from == at && made.kind != process::MoveKind::Cancel && !stops(made, from)
        });
        for (made, _) in on {
            let way: Vec<String> = way.iter().chain([&made.act]).cloned().collect();
            if template.step(&made.to).is_some_and(|step| step.end) && !waits {
                return Some(way);
            }
            todo.push((made.to.as_str(), way));
        }
    }
    None
}

#[test]
fn every_clock_of_a_shipped_template_ends_on_every_way() {
    for template in templates() {
        for timer in template.timers.iter().filter(|timer| !timer.until.is_empty()) {
            let way = unstopped(&template, timer);
            assert_eq!(way, None, "{} {} goes on", template.code, timer.key);
        }
    }
}

/// What an order does not know is asked at the first step: the clock that depends on it runs until it is known.
#[test]
fn a_call_of_an_order_is_answered_at_once_before_anybody_said_what_it_is() {
    let template = templates().into_iter().find(|t| t.code == "agri-dealer").expect("it is there");
    let begun = process::machine::begin_for(&template, std::collections::BTreeMap::new(), kernel::Ts(0), "");
    let started = begun.expect("begun").effects.into_iter().filter_map(|effect| match effect {
        process::Effect::Start { timer, .. } => Some(timer),
        _ => None,
    });
    assert_eq!(started.collect::<Vec<_>>(), ["phone"]);
}

/// Keys whose texts people of the company read.
const READ: &[&str] = &[
    "name",
    "purpose",
    "help",
    "hint",
    "unit",
    "enter_text",
    "leave_text",
    "when_text",
    "reasons",
    "items",
    "copies",
    "sign",
    "text",
];

fn texts(value: &serde_json::Value, list: &str, found: &mut Vec<String>) {
    let Some(map) = value.as_object() else {
        value.as_array().into_iter().flatten().for_each(|item| texts(item, list, found));
        return;
    };
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    for (key, value) in map {
        // Messages are the customer's, in the customer's language.
        let read = READ.contains(&key.as_str()) && !(list == "messages" && key == "text");
        let words = value.as_array().map_or_else(|| vec![value.clone()], Clone::clone);
        for word in words.iter().filter_map(serde_json::Value::as_str).filter(|_| read) {
            let english = match key.as_str() {
                "name" => map.get("name_en").and_then(serde_json::Value::as_str).unwrap_or_default(),
                _ => process::access::said(word, kernel::Lang::En),
            };
            if chinese(word) && (english.is_empty() || chinese(english)) {
                found.push(format!("{list}.{key}: {word}"));
            }
        }
        texts(value, if list.is_empty() { key } else { list }, found);
    }
}

#[test]
fn shipped_templates_speak_both_languages() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../templates");
    let mut found = Vec::new();
    for file in std::fs::read_dir(folder).expect("the folder of templates") {
        let text = std::fs::read_to_string(file.expect("a file").path()).expect("a text");
        let template = process::parse(&text).expect("a template");
        texts(&serde_json::to_value(&template).expect("a value"), "", &mut found);
    }
    assert!(found.is_empty(), "without English:\n{}", found.join("\n"));
}
