//! Staff files (ORG-03).

use db::{FromCol, Row};
use kernel::{Date, Id, T};
use kit::{Owned, Secret, Sens};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Skills of a person, stored as a JSON list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Skills(pub Vec<String>);

db::col_via!(Skills, String, |v| serde_json::from_str(&v)
    .map_err(|error| db::Error::Other(format!("skills: {error}"))));

impl Skills {
    /// From the words people type, separated by commas or spaces of either script.
    pub fn parse(words: &[String]) -> Self {
        let mut skills: Vec<String> = Vec::new();
        for word in words.iter().flat_map(|words| words.split([',', '，', '、', ';', '；', ' ', '\n'])) {
            let word = word.trim();
            if !word.is_empty() && !skills.iter().any(|known| known == word) {
                skills.push(word.to_string());
            }
        }
        Self(skills)
    }
}

db::row! {
    /// A staff file as stored. Never leaves the context: telephone and e-mail are bare. Wages are kept by `pay`.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct StaffRow {
        pub id: Id,
        pub version: i64,
        pub no: String,
        pub name: String,
        pub org_id: Id,
        pub post_id: Option<Id>,
        pub team: String,
        pub grade: i64,
        pub skills: Skills,
        pub engineer: bool,
        pub phone: String,
        pub email: String,
        pub hired_on: Option<Date>,
        /// A code of [`GENDERS`]; empty: not said.
        pub gender: String,
        pub born_on: Option<Date>,
        /// Number of the identity card or passport.
        pub id_no: String,
        pub education: String,
        pub contract_until: Option<Date>,
        pub active: bool,
    }
}

/// What can stand for a person's gender in the file.
pub const GENDERS: &[(&str, T)] = &[("female", T("女", "female")), ("male", T("男", "male"))];

impl Owned for StaffRow {
    fn org(&self) -> Id {
        self.org_id
    }
    fn owners(&self) -> Vec<Id> {
        vec![self.id]
    }
}

/// What other contexts need of a person.
#[derive(Clone, Debug)]
pub struct StaffBrief {
    pub id: Id,
    /// Employee number.
    pub no: String,
    pub name: String,
    pub org_id: Id,
    /// The account, if the person has one.
    pub user_id: Option<Id>,
    /// Technical grade, 1 lowest to 5 highest.
    pub grade: i64,
    pub skills: Vec<String>,
    pub phone: Secret,
    pub active: bool,
    /// Does field work: orders are assigned to such people.
    pub engineer: bool,
}

impl db::FromRow for StaffBrief {
    fn from_row(row: &Row) -> db::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            no: row.get("no")?,
            name: row.get("name")?,
            org_id: row.get("org_id")?,
            user_id: row.get("user_id")?,
            grade: row.get("grade")?,
            skills: Skills::by_name(row, "skills")?.0,
            phone: Secret::new(Sens::Phone, row.get::<String>("phone")?),
            active: row.get("active")?,
            engineer: row.get("engineer")?,
        })
    }
}

/// A staff file as the caller may see it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct StaffOut {
    pub id: Id,
    pub version: i64,
    /// Employee number.
    pub no: String,
    pub name: String,
    pub org_id: Id,
    pub org_name: String,
    pub post_id: Option<Id>,
    pub post_name: Option<String>,
    /// Work group within the organisation; empty: none.
    pub team: String,
    /// Technical grade, 1 lowest to 5 highest.
    pub grade: i64,
    pub skills: Vec<String>,
    /// Does field work and can be assigned orders.
    pub engineer: bool,
    /// Masked for those who may not see it.
    pub phone: String,
    /// Masked for those who may not see it.
    pub email: String,
    pub hired_on: Option<Date>,
    /// `female`, `male`; empty: not said.
    pub gender: String,
    /// Only for those who may see it.
    pub born_on: Option<Date>,
    /// Number of the identity card or passport; masked for those who may not see it.
    pub id_no: String,
    pub education: String,
    /// End of the contract; none: open.
    pub contract_until: Option<Date>,
    pub active: bool,
    /// The account, if the person has one.
    pub user_id: Option<Id>,
    /// Login name of that account.
    pub login: Option<String>,
}

/// A new staff file.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct NewStaff {
    /// Employee number; taken from a counter when absent.
    #[serde(default)]
    pub no: Option<String>,
    pub name: String,
    pub org_id: Id,
    #[serde(default)]
    pub post_id: Option<Id>,
    #[serde(default)]
    pub team: Option<String>,
    /// 1 to 5; 1 when absent.
    #[serde(default)]
    pub grade: Option<i64>,
    #[serde(default)]
    pub skills: Vec<String>,
    #[serde(default)]
    pub engineer: bool,
    #[serde(default)]
    pub phone: Option<String>,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub hired_on: Option<Date>,
    /// `female` or `male`.
    #[serde(default)]
    pub gender: Option<String>,
    #[serde(default)]
    pub born_on: Option<Date>,
    /// Number of the identity card or passport.
    #[serde(default)]
    pub id_no: Option<String>,
    #[serde(default)]
    pub education: Option<String>,
    /// End of the contract.
    #[serde(default)]
    pub contract_until: Option<Date>,
}

/// Changes to a staff file; absent fields stay.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct ChangeStaff {
    /// Version that was read: a newer one refuses the change.
    #[serde(default)]
    pub version: Option<i64>,
    #[serde(default)]
    pub no: Option<String>,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub org_id: Option<Id>,
    #[serde(default)]
    pub post_id: Option<Id>,
    /// Takes the person off the post.
    #[serde(default)]
    pub no_post: bool,
    #[serde(default)]
    pub team: Option<String>,
    #[serde(default)]
    pub grade: Option<i64>,
    #[serde(default)]
    pub skills: Option<Vec<String>>,
    #[serde(default)]
    pub engineer: Option<bool>,
    #[serde(default)]
    pub phone: Option<String>,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub hired_on: Option<Date>,
    /// `female` or `male`.
    #[serde(default)]
    pub gender: Option<String>,
    #[serde(default)]
    pub born_on: Option<Date>,
    /// Number of the identity card or passport.
    #[serde(default)]
    pub id_no: Option<String>,
    #[serde(default)]
    pub education: Option<String>,
    /// End of the contract.
    #[serde(default)]
    pub contract_until: Option<Date>,
    #[serde(default)]
    pub active: Option<bool>,
}

/// A sensitive field of a staff file, shown in full.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Revealed {
    /// The whole value.
    pub value: String,
    /// What stood there before.
    pub masked: String,
}
