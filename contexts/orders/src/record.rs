//! Rows that know their columns and values, so that a change writes only what changed.

use db::Val;
use kernel::Id;
use kit::{Result, Sens, perm::mask};
use serde_json::{Map, Value, json};

/// A column that changed.
pub struct Changed {
    /// Column.
    pub name: &'static str,
    /// Before.
    pub old: Val,
    /// After.
    pub new: Val,
}

/// Columns whose values differ.
pub fn changed(names: &'static [&'static str], old: Vec<Val>, new: Vec<Val>) -> Vec<Changed> {
    let pairs = names.iter().zip(old.into_iter().zip(new));
    pairs.filter(|(_, (old, new))| old != new).map(|(name, (old, new))| Changed { name, old, new }).collect()
}

fn json_of(name: &str, value: &Val) -> Value {
    match value {
        Val::Text(Some(text)) => match name {
            // History is read by people who may see these fields only masked.
            "phone" => json!(mask(Sens::Phone, text)),
            "address" => json!(mask(Sens::Address, text)),
            _ => json!(text),
        },
        Val::Int(Some(n)) => json!(n),
        Val::Bool(Some(b)) => json!(b),
        Val::Id(Some(id)) => json!(id),
        _ => Value::Null,
    }
}

/// The audit form of changes, `{field: [old, new]}`; bookkeeping columns are left out.
pub fn audit_of(changes: &[Changed]) -> Value {
    const QUIET: &[&str] =
        &["progress_at", "fee_key", "open", "helpers", "next_due_at", "next_due_total", "stale"];
    let told = changes.iter().filter(|c| !QUIET.contains(&c.name));
    Value::Object(
        told.map(|c| (c.name.to_string(), json!([json_of(c.name, &c.old), json_of(c.name, &c.new)])))
            .collect::<Map<_, _>>(),
    )
}

/// A JSON list of ids, as some columns hold it.
pub fn ids_of(text: &str) -> Vec<Id> {
    serde_json::from_str(text).unwrap_or_default()
}

/// The same as text.
pub fn ids_text(ids: &[Id]) -> Result<String> {
    Ok(serde_json::to_string(ids)?)
}
