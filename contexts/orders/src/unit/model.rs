//! What callers say of an item.

use kernel::Id;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Changes of an item; absent fields stay. The warranty is decided again.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct EditUnit {
    /// The installed unit, when it was not known before.
    pub unit_id: Option<Id>,
    /// What is wrong.
    pub fault: Option<String>,
    /// Component group, for the warranty decision; empty: the whole unit.
    pub group_code: Option<String>,
    /// Kind of work of this item.
    pub work_kind: Option<String>,
}
