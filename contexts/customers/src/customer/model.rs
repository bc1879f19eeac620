//! What a customer file is made of.

use db::{codes, row};
use kernel::{Id, Ts};
use kit::Owned;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

codes! {
    /// How important the customer is (CUST-03).
    pub enum Grade {
        A = "a" ("A 级", "Grade A"),
        B = "b" ("B 级", "Grade B"),
        C = "c" ("C 级", "Grade C"),
        D = "d" ("D 级", "Grade D"),
    }
}

codes! {
    /// Potential customers have bought nothing yet (CUST-03).
    pub enum Standing {
        Existing = "existing" ("现有客户", "Existing"),
        Potential = "potential" ("潜在客户", "Potential"),
    }
}

codes! {
    /// Files are never deleted: they are archived, or merged into another one.
    pub enum FileState {
        Active = "active" ("有效", "Active"),
        Archived = "archived" ("已归档", "Archived"),
        Merged = "merged" ("已合并", "Merged"),
        Erased = "erased" ("已匿名", "Anonymised"),
    }
}

row! {
    /// A customer file as stored. Holds bare personal data: it never leaves the crate, [`CustomerOut`] does.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    pub struct CustomerRow {
        pub id: Id,
        pub version: i64,
        pub no: String,
        pub org_id: Id,
        pub name: String,
        pub class: String,
        pub grade: Grade,
        pub standing: Standing,
        pub member: bool,
        pub phone: String,
        pub email: String,
        pub region: String,
        pub district: String,
        pub address: String,
        pub call_from: String,
        pub call_to: String,
        pub custodian_id: Option<Id>,
        pub notes: String,
        pub complete: bool,
        pub state: FileState,
        pub merged_into: Option<Id>,
        pub created_by: Option<Id>,
        pub created_at: Ts,
        pub updated_at: Ts,
    }
}

impl Owned for CustomerRow {
    fn org(&self) -> Id {
        self.org_id
    }
    fn owners(&self) -> Vec<Id> {
        self.custodian_id.into_iter().collect()
    }
}

/// The content of a customer file. A change sends all of it, with the version it was read at; a masked value
/// sent back as it was shown stays what it was.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct NewCustomer {
    /// Only when changing: the version the change is based on.
    #[serde(default)]
    pub version: Option<i64>,
    /// Owning organisation; none: the caller's.
    #[serde(default)]
    pub org_id: Option<Id>,
    /// Name of the person or company, 1 to 100 characters.
    pub name: String,
    /// Code of the customer class; none: `direct`.
    #[serde(default)]
    pub class: Option<String>,
    /// Grade; none: `c`.
    #[serde(default)]
    pub grade: Option<Grade>,
    /// Potential or existing; none: existing.
    #[serde(default)]
    pub standing: Option<Standing>,
    /// Member of the club (CUST-15).
    #[serde(default)]
    pub member: bool,
    /// Main telephone number.
    #[serde(default)]
    pub phone: Option<String>,
    /// E-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// Province or city, for example `江苏省苏州市`.
    #[serde(default)]
    pub region: Option<String>,
    /// District, for example `吴中区`.
    #[serde(default)]
    pub district: Option<String>,
    /// Main address within the district.
    #[serde(default)]
    pub address: Option<String>,
    /// Convenient time for calls, from `HH:MM` (CUST-13).
    #[serde(default)]
    pub call_from: Option<String>,
    /// Convenient time for calls, to `HH:MM`.
    #[serde(default)]
    pub call_to: Option<String>,
    /// Staff who keeps the file (CUST-20); none: the caller.
    #[serde(default)]
    pub custodian_id: Option<Id>,
    /// Remarks, up to 2000 characters.
    #[serde(default)]
    pub notes: Option<String>,
}

/// A customer file as its reader may see it: sensitive values are masked or empty.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CustomerOut {
    /// Which.
    pub id: Id,
    /// For `version` of the next change.
    pub version: i64,
    /// Number for people.
    pub no: String,
    /// Owning organisation.
    pub org_id: Id,
    /// Name.
    pub name: String,
    /// Code of the class.
    pub class: String,
    /// Grade.
    pub grade: Grade,
    /// Potential or existing.
    pub standing: Standing,
    /// Member.
    pub member: bool,
    /// Main phone, masked unless the caller may see it.
    pub phone: String,
    /// E-mail, masked likewise.
    pub email: String,
    /// Province or city.
    pub region: String,
    /// District.
    pub district: String,
    /// Address, masked likewise.
    pub address: String,
    /// Convenient from.
    pub call_from: String,
    /// Convenient to.
    pub call_to: String,
    /// Who keeps the file.
    pub custodian_id: Option<Id>,
    /// Remarks.
    pub notes: String,
    /// Nothing that a file must have is missing.
    pub complete: bool,
    /// Names of missing fields.
    pub missing: Vec<String>,
    /// Active, archived or merged.
    pub state: FileState,
    /// The file this one was merged into.
    pub merged_into: Option<Id>,
    /// Created.
    pub created_at: Ts,
    /// Last change.
    pub updated_at: Ts,
}

codes! {
    /// Sensitive fields that can be revealed one at a time.
    pub enum SecretField {
        Phone = "phone" ("电话", "Phone"),
        Email = "email" ("电子邮件", "E-mail"),
        Address = "address" ("地址", "Address"),
    }
}

/// The answer to a reveal.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Revealed {
    /// The full value. Whoever asked is on record.
    pub value: String,
    /// How it is shown otherwise.
    pub masked: String,
}
