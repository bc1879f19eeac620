//! Values of fields as people type them and as far as they may see them.

use std::collections::BTreeMap;

use kit::{Cx, Sens};
use process::{FieldType, State, Template};
use serde_json::{Value, json};

/// The kind of sensitive field, if it is one.
pub fn secret(kind: FieldType) -> Option<Sens> {
    match kind {
        FieldType::Phone => Some(Sens::Phone),
        FieldType::Address => Some(Sens::Address),
        _ => None,
    }
}

/// Values as typed, times by the wall clock of whoever typed them.
pub fn typed(cx: &Cx, template: &Template, mut fields: BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    for field in template.fields.iter().filter(|field| field.kind == FieldType::Time) {
        if let Some(value) = fields.get_mut(&field.key)
            && let Some(at) = value.as_str().and_then(|text| kit::format::parse_field_time(cx, text))
        {
            *value = Value::String(at.to_string());
        }
    }
    fields
}

/// What people may not see they don't send back: an empty sensitive field stays as it was.
pub fn unmask(cx: &Cx, template: &Template, fields: &mut BTreeMap<String, Value>) {
    for field in &template.fields {
        let Some(kind) = secret(field.kind) else { continue };
        let blank = fields.get(&field.key).is_some_and(|v| !process::names::is_filled(v));
        let masked = fields.get(&field.key).and_then(Value::as_str).is_some_and(|v| v.contains("**"));
        if masked || (blank && cx.shows(kind) != kit::Show::Full) {
            fields.remove(&field.key);
        }
    }
}

/// Values of fields as far as the caller may see them.
pub fn masked(cx: &Cx, template: &Template, state: &State) -> BTreeMap<String, Value> {
    let shown = template.fields.iter().filter_map(|field| {
        let value = state.fields.get(&field.key)?.clone();
        let value = match (secret(field.kind), value.as_str()) {
            (Some(kind), Some(text)) => json!(cx.mask(kind, text)),
            _ => value,
        };
        Some((field.key.clone(), value))
    });
    shown.collect()
}
