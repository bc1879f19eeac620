//! Posts.

use kernel::Id;
use kit::Owned;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::row! {
    /// A post as stored.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct PostRow {
        pub id: Id,
        pub version: i64,
        pub org_id: Id,
        pub name: String,
        pub superior_id: Option<Id>,
        pub duties: String,
        pub active: bool,
    }
}

impl Owned for PostRow {
    fn org(&self) -> Id {
        self.org_id
    }
}

db::row! {
    /// A post with the name of the one above it.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct PostOut {
        pub id: Id,
        pub version: i64,
        pub org_id: Id,
        pub name: String,
        /// The post above; possibly in another organisation.
        pub superior_id: Option<Id>,
        pub superior_name: Option<String>,
        /// What its holder is there for.
        pub duties: String,
        pub active: bool,
    }
}

/// A new post.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewPost {
    pub org_id: Id,
    pub name: String,
    #[serde(default)]
    pub superior_id: Option<Id>,
    #[serde(default)]
    pub duties: Option<String>,
}

/// Changes to a post; absent fields stay, except the superior.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct ChangePost {
    /// Version that was read: a newer one refuses the change.
    #[serde(default)]
    pub version: Option<i64>,
    #[serde(default)]
    pub name: Option<String>,
    /// The post above; absent: none.
    #[serde(default)]
    pub superior_id: Option<Id>,
    #[serde(default)]
    pub duties: Option<String>,
    #[serde(default)]
    pub active: Option<bool>,
}
