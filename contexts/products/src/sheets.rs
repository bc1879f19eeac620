//! What the imports of this context share.

use kernel::Id;
use kit::{Result, sheets::Applied, tabular::ColumnSpec};
use serde::Serialize;
use serde_json::Value;

/// What a row did.
pub fn applied(
    action: &'static str,
    kind: &'static str,
    (id, version): (Id, i64),
    before: Option<String>,
    changes: Vec<(&'static str, String, String)>,
) -> Applied {
    Applied { action, doc_kind: kind, doc_id: id, version, before, changes }
}

/// Differences between two states of a row in the columns of its sheet, as people read them.
pub fn changes<R: Serialize>(
    columns: fn() -> Vec<ColumnSpec>,
    old: &R,
    new: &R,
) -> Result<Vec<(&'static str, String, String)>> {
    let (mut old, mut new) = (serde_json::to_value(old)?, serde_json::to_value(new)?);
    // The sheet says `model` and `category` by name, the row by id: equal ids mean an equal name.
    for (column, field) in [("model", "model_id"), ("category", "category_id"), ("customer", "customer_id")] {
        for value in [&mut old, &mut new] {
            if let Some(id) = value.get(field).cloned() {
                value[column] = id;
            }
        }
    }
    let plain = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_string)
    };
    let differs = |spec: &ColumnSpec| old[spec.key] != new[spec.key];
    Ok(columns()
        .iter()
        .filter(|spec| differs(spec))
        .map(|spec| (spec.key, plain(&old[spec.key]), plain(&new[spec.key])))
        .collect())
}
