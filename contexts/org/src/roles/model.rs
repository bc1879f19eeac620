//! Roles and what they allow.

use kernel::Id;
use kit::Reach;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::codes! {
    /// What a role shows of a kind of sensitive field.
    pub enum Shown {
        Absent = "absent" ("不显示", "Absent"),
        Masked = "masked" ("遮盖", "Masked"),
        Full = "full" ("完整", "In full"),
    }
}

db::row! {
    /// A role as stored.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct RoleRow {
        pub id: Id,
        pub version: i64,
        pub code: String,
        pub name: String,
        pub note: String,
        pub built_in: bool,
    }
}

/// One role in the list.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RoleBrief {
    pub id: Id,
    pub code: String,
    pub name: String,
    pub note: String,
    /// Comes with the product and can't be deleted.
    pub built_in: bool,
    /// Accounts holding it.
    pub users: i64,
    /// Permissions it grants.
    pub permissions: i64,
}

/// One permission of a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RoleGrant {
    /// Key of the permission, for example `org.staff.read`.
    pub perm: String,
    /// How far; none: not granted.
    #[serde(default)]
    pub reach: Option<Reach>,
}

/// What a role shows of one kind of field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RoleField {
    /// `phone`, `address`, `cost`, `pay`; `name`, `note`, `serial`, `price` count where parameters make them sensitive.
    pub kind: String,
    pub shown: Shown,
}

/// A role with everything it allows.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RoleOut {
    pub id: Id,
    pub version: i64,
    pub code: String,
    pub name: String,
    pub note: String,
    pub built_in: bool,
    /// Granted permissions by key.
    pub grants: Vec<RoleGrant>,
    pub fields: Vec<RoleField>,
}

/// A new role.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct NewRole {
    /// Lower-case letters, digits and `_`.
    pub code: String,
    pub name: String,
    #[serde(default)]
    pub note: Option<String>,
    /// Role whose permissions and fields it starts with.
    #[serde(default)]
    pub like: Option<Id>,
}

/// Changes to a role; absent fields stay. Permissions that are not named stay; `reach` none takes one away.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct ChangeRole {
    /// Version that was read: a newer one refuses the change.
    #[serde(default)]
    pub version: Option<i64>,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub note: Option<String>,
    #[serde(default)]
    pub grants: Vec<RoleGrant>,
    #[serde(default)]
    pub fields: Vec<RoleField>,
}
