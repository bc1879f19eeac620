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
    Known { roles: own(&roles), schemes: Some(own(&schemes)), creates: Vec::new() }
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
