//! To whom a message goes, and how it says when.

use std::collections::BTreeMap;

use kernel::Ts;
use process::{Effect, Entry, machine};
use serde_json::{Value, json};

const NOW: Ts = Ts(1_795_000_000_000_000);

#[test]
fn a_message_goes_to_the_number_it_names_and_says_the_hour_of_the_house() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../templates/decoration.toml");
    let template = process::parse(&std::fs::read_to_string(path).expect("a text")).expect("a template");
    let of = |fields: Value| serde_json::from_value::<BTreeMap<String, Value>>(fields).expect("fields");
    let owner = of(json!({ "phone": "18900000000", "address_short": "金陵花园", "problem": "开裂" }));
    let state = machine::begin_for(&template, owner, NOW, "Asia/Shanghai").expect("a run").state;
    let go = |state, act: &str, fields| {
        let entry = Entry { fields: of(fields), ..Entry::default() };
        machine::act(&template, state, act, "", &entry, &machine::SYSTEM, NOW).expect(act)
    };
    let state = go(&state, "slip", json!({ "warranty": "in" })).state;
    let vendor = json!({ "cause": "vendor", "vendor": "门厂", "vendor_phone": "02566660000", "vendor_until": "2026-11-21T10:00:00Z" });
    let told: Vec<(String, String)> = go(&state, "vendor", vendor)
        .effects
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::Message { text, phone, .. } => Some((phone, text)),
            _ => None,
        })
        .collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].0, "02566660000", "the vendor, not the owner");
    assert!(told[0].1.contains("2026-11-21 18:00"), "{}", told[0].1);
}
