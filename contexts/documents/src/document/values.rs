//! Values of fields as people type them and as far as they may see them.

use std::collections::BTreeMap;

use kit::{Cx, Result, Sens};
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

/// What people may not see they don't send back: a sensitive field that is empty, or holds what was shown in its place,
/// stays as it was (ORG-11). `state`: what the document holds; none when it is opened.
///
/// Error `sensitive.masked` at the field for what was shown and altered.
pub fn unmask(
    cx: &Cx,
    template: &Template,
    state: Option<&State>,
    fields: &mut BTreeMap<String, Value>,
) -> Result<()> {
    for field in &template.fields {
        let Some(kind) = secret(field.kind) else { continue };
        let Some(new) = fields.get(&field.key) else { continue };
        let leave = match new.as_str().filter(|text| !text.trim().is_empty()) {
            Some(text) => {
                let old = state.map(|state| state.text(&field.key)).unwrap_or_default();
                kit::perm::said(kind, cx.shows(kind), &old, text, &field.key)?.is_none()
            }
            None => cx.shows(kind) != kit::Show::Full,
        };
        if leave {
            fields.remove(&field.key);
        }
    }
    Ok(())
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
