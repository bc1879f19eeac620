//! The product tree (PROD-01).

use db::row;
use kernel::{Id, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

row! {
    /// A branch of the product tree, at any depth.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
    pub struct CategoryRow {
        /// Which.
        pub id: Id,
        /// For `version` of the next change.
        pub version: i64,
        /// Branch above; none: a root.
        pub parent_id: Option<Id>,
        /// Name.
        pub name: String,
        /// Order among its siblings.
        pub sort: i64,
        /// Offered for new models.
        pub active: bool,
        /// Created.
        pub created_at: Ts,
        /// Last change.
        pub updated_at: Ts,
    }
}

/// The content of a branch; a change sends all of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct NewCategory {
    /// Only when changing: the version the change is based on.
    #[serde(default)]
    pub version: Option<i64>,
    /// Branch above; none: a root.
    #[serde(default)]
    pub parent_id: Option<Id>,
    /// Name, 1 to 60 characters.
    pub name: String,
    /// Order among its siblings.
    #[serde(default)]
    pub sort: Option<i64>,
    /// No longer offered.
    #[serde(default)]
    pub retired: bool,
}
