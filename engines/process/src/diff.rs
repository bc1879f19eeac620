//! What changed between two versions of a template.

use kernel::T;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::template::Template;

/// One difference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// Where: `steps[waiting].who`.
    pub path: String,
    /// Before; none: it is new.
    pub old: Option<String>,
    /// After; none: it is gone.
    pub new: Option<String>,
}

/// What a change is, in words.
pub fn words(change: &Change) -> T {
    match (&change.old, &change.new) {
        (None, _) => T("新增", "new"),
        (_, None) => T("删除", "gone"),
        _ => T("修改", "changed"),
    }
}

/// All differences, in the order of the new version; items of lists are matched by their key.
pub fn diff(old: &Template, new: &Template) -> Vec<Change> {
    let value = |t: &Template| serde_json::to_value(t).unwrap_or(Value::Null);
    let mut changes = Vec::new();
    walk("", Some(&value(old)), Some(&value(new)), &mut changes);
    changes
}

fn key_of(item: &Value) -> Option<String> {
    let text = |name: &str| item.get(name).and_then(Value::as_str).map(str::to_string);
    // Several moves may share a name: what they leave tells them apart.
    let from = item
        .get("from")
        .and_then(Value::as_array)
        .map(|list| list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","));
    text("key").or_else(|| text("act").map(|act| format!("{act}<{}", from.unwrap_or_default())))
}

fn keyed(value: &Value) -> Option<Map<String, Value>> {
    let list = value.as_array()?;
    if list.is_empty() || !list.iter().all(Value::is_object) {
        return None;
    }
    list.iter().map(|item| key_of(item).map(|key| (key, item.clone()))).collect()
}

fn walk(path: &str, old: Option<&Value>, new: Option<&Value>, out: &mut Vec<Change>) {
    if old == new {
        return;
    }
    let lists = (old.and_then(keyed), new.and_then(keyed));
    if let (Some(a), Some(b)) = &lists {
        return pairs(a, b, |key| format!("{path}[{key}]"), out);
    }
    if let (Some(Value::Object(a)), Some(Value::Object(b))) = (old, new) {
        let dot = if path.is_empty() { "" } else { "." };
        return pairs(a, b, |key| format!("{path}{dot}{key}"), out);
    }
    let text =
        |value: Option<&Value>| value.map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_string));
    out.push(Change { path: path.to_string(), old: text(old), new: text(new) });
}

fn pairs(
    a: &Map<String, Value>,
    b: &Map<String, Value>,
    path: impl Fn(&str) -> String,
    out: &mut Vec<Change>,
) {
    for (key, value) in b {
        walk(&path(key), a.get(key), Some(value), out);
    }
    for (key, value) in a.iter().filter(|(key, _)| !b.contains_key(*key)) {
        walk(&path(key), Some(value), None, out);
    }
}
