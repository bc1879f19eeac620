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
    /// Serial number when the unit is not known: found, else opened together with `model` (CALL-30).
    #[serde(alias = "unit_id_text")]
    pub serial: Option<String>,
    /// The model, when the unit is not known.
    pub model_id: Option<Id>,
    /// Code or name of the model: found, else opened.
    #[serde(alias = "model_id_text")]
    pub model: Option<String>,
    /// What is wrong.
    pub fault: Option<String>,
    /// Component group, for the warranty decision; empty: the whole unit.
    pub group_code: Option<String>,
    /// Kind of work of this item.
    pub work_kind: Option<String>,
}
