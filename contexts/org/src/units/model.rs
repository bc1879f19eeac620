//! Organisations: headquarters, regions, branches, outlets, external partners (ORG-01, ORG-13).

use kernel::Id;
use kit::Owned;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::codes! {
    /// What an organisation is.
    pub enum UnitKind {
        Hq = "hq" ("总部", "Headquarters"),
        Region = "region" ("大区/分公司", "Region"),
        Branch = "branch" ("分中心", "Branch"),
        Department = "department" ("部门", "Department"),
        Outlet = "outlet" ("服务网点", "Outlet"),
        Station = "station" ("特约维修站", "Authorised repair station"),
        Dealer = "dealer" ("经销商", "Dealer"),
        Agent = "agent" ("代理商", "Agent"),
        Supplier = "supplier" ("供应商", "Supplier"),
    }
}

impl UnitKind {
    /// A company of its own, whose people only see their own business (ORG-13).
    pub const fn external(self) -> bool {
        matches!(self, Self::Station | Self::Dealer | Self::Agent | Self::Supplier)
    }
}

db::row! {
    /// An organisation as stored.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct UnitRow {
        pub id: Id,
        pub version: i64,
        pub code: String,
        pub name: String,
        pub kind: UnitKind,
        pub parent_id: Option<Id>,
        pub region: String,
        pub time_zone: String,
        pub phone: String,
        pub address: String,
        pub active: bool,
    }
}

impl Owned for UnitRow {
    fn org(&self) -> Id {
        self.id
    }
}

/// An organisation as callers see it. Its telephone and address are a company's and public.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct UnitOut {
    pub id: Id,
    pub version: i64,
    /// Short code, unique.
    pub code: String,
    pub name: String,
    pub kind: UnitKind,
    /// The organisation above; none for the root.
    pub parent_id: Option<Id>,
    /// Sales and service region in words.
    pub region: String,
    /// IANA time zone.
    pub time_zone: String,
    pub phone: String,
    pub address: String,
    pub active: bool,
}

impl From<&UnitRow> for UnitOut {
    fn from(row: &UnitRow) -> Self {
        let UnitRow { id, version, code, name, kind, parent_id, region, time_zone, phone, address, active } =
            row.clone();
        Self { id, version, code, name, kind, parent_id, region, time_zone, phone, address, active }
    }
}

/// A post in the tree.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TreePost {
    pub id: Id,
    pub name: String,
    /// Its holders within the caller's reach.
    pub people: Vec<TreePerson>,
}

db::row! {
    /// A person in the tree.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct TreePerson {
        pub id: Id,
        pub no: String,
        pub name: String,
        pub org_id: Id,
        pub post_id: Option<Id>,
    }
}

/// One organisation in the tree.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TreeNode {
    /// 0 for a root.
    pub depth: usize,
    /// People working there, sub-organisations not counted.
    pub people: i64,
    /// Its posts with those who hold them (ORG-02).
    #[serde(default)]
    pub posts: Vec<TreePost>,
    /// People without a post.
    #[serde(default)]
    pub unposted: Vec<TreePerson>,
    #[serde(flatten)]
    pub unit: UnitOut,
}

/// A new organisation.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewUnit {
    /// Short code; taken from a counter when absent.
    #[serde(default)]
    pub code: Option<String>,
    pub name: String,
    pub kind: UnitKind,
    /// The organisation above.
    pub parent_id: Id,
    #[serde(default)]
    pub region: Option<String>,
    /// IANA time zone; the parent's when absent.
    #[serde(default)]
    pub time_zone: Option<String>,
    #[serde(default)]
    pub phone: Option<String>,
    #[serde(default)]
    pub address: Option<String>,
}

/// Changes to an organisation; absent fields stay.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct ChangeUnit {
    /// Version that was read: a newer one refuses the change.
    #[serde(default)]
    pub version: Option<i64>,
    #[serde(default)]
    pub code: Option<String>,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub kind: Option<UnitKind>,
    /// Moves it, with everything below.
    #[serde(default)]
    pub parent_id: Option<Id>,
    #[serde(default)]
    pub region: Option<String>,
    #[serde(default)]
    pub time_zone: Option<String>,
    #[serde(default)]
    pub phone: Option<String>,
    #[serde(default)]
    pub address: Option<String>,
    #[serde(default)]
    pub active: Option<bool>,
}
