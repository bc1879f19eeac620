//! Product models and their component groups.

use db::row;
use kernel::{Id, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

row! {
    /// A product model.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
    pub struct ModelRow {
        /// Which.
        pub id: Id,
        /// For `version` of the next change.
        pub version: i64,
        /// Code, unique: `KFR-35GW`.
        pub code: String,
        /// Name.
        pub name: String,
        /// Place in the product tree.
        pub category_id: Option<Id>,
        /// Specification.
        pub spec: String,
        /// Remarks.
        pub notes: String,
        /// Still offered for new units.
        pub active: bool,
        /// Created.
        pub created_at: Ts,
        /// Last change.
        pub updated_at: Ts,
    }
}

row! {
    /// A component group: a part of the product with warranty terms of its own (PROD-06).
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
    pub struct ComponentGroup {
        /// Which.
        pub id: Id,
        /// Code within the model: `main`, `pipe`.
        pub code: String,
        /// Name: 主机, 管路, 电器.
        pub name: String,
    }
}

/// The content of a model; a change sends all of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct NewModel {
    /// Only when changing: the version the change is based on.
    #[serde(default)]
    pub version: Option<i64>,
    /// Code, 1 to 60 characters; none: the name.
    #[serde(default)]
    pub code: Option<String>,
    /// Name, 1 to 100 characters.
    pub name: String,
    /// Place in the product tree.
    #[serde(default)]
    pub category_id: Option<Id>,
    /// Specification.
    #[serde(default)]
    pub spec: Option<String>,
    /// Remarks.
    #[serde(default)]
    pub notes: Option<String>,
    /// Component groups as `code name`, one a line; none: keep them.
    #[serde(default)]
    pub groups: Option<String>,
    /// No longer offered for new units.
    #[serde(default)]
    pub retired: bool,
}

/// A model with its component groups.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ModelOut {
    /// The model.
    pub model: ModelRow,
    /// Its component groups.
    pub groups: Vec<ComponentGroup>,
}
