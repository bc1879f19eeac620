//! Check lists and signed checks.

use kernel::{Id, Quantity, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::codes! {
    /// Stage of inspection (QC-01, N-30).
    pub enum Stage {
        /// by who repaired
        SelfCheck = "self" ("自检", "Self-check"),
        /// by the team leader
        Team = "team" ("班组检验", "Team leader"),
        /// by the inspector or technical director
        Final = "final" ("终检", "Final inspection"),
    }
}

/// A point of a check list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Point {
    /// Section, for example 断电检查.
    #[serde(default)]
    pub group: String,
    /// The same in English.
    #[serde(default)]
    pub group_en: String,
    /// What is checked.
    pub name: String,
    /// The same in English.
    #[serde(default)]
    pub name_en: String,
    /// Unit of a measured value; empty: passed or failed.
    #[serde(default)]
    pub unit: String,
    /// Least value, thousandths.
    #[serde(default)]
    pub least: Option<Quantity>,
    /// Largest value, thousandths.
    #[serde(default)]
    pub most: Option<Quantity>,
    /// A photo is needed among the files of the unit.
    #[serde(default)]
    pub photo: bool,
}

impl Point {
    /// A value is measured.
    pub fn measured(&self) -> bool {
        !self.unit.is_empty() || self.least.is_some() || self.most.is_some()
    }

    /// What its section is called in a language.
    pub fn section(&self, lang: kernel::Lang) -> &str {
        if lang == kernel::Lang::En && !self.group_en.is_empty() { &self.group_en } else { &self.group }
    }

    /// What it is called in a language.
    pub fn label(&self, lang: kernel::Lang) -> &str {
        if lang == kernel::Lang::En && !self.name_en.is_empty() { &self.name_en } else { &self.name }
    }
}

db::codes! {
    /// What a point showed.
    pub enum Verdict {
        /// as it should be
        Pass = "pass" ("合格", "Pass"),
        /// not as it should be
        Fail = "fail" ("不合格", "Fail"),
        /// this machine does not have it
        None = "none" ("无此项", "Not applicable"),
    }
}

/// What was found at a point.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PointAnswer {
    /// Number of the point, counted from 1; by its place in the list unless given. Forms send it, because fields that
    /// nobody touched are not sent.
    pub point: Option<i64>,
    /// Pass, fail, or not applicable; of measured points it follows from the value.
    pub verdict: Option<Verdict>,
    /// Measured value as text, for example `220.5`.
    pub value: String,
    /// What is wrong.
    pub note: String,
}

db::record! {
    /// A check list of one revision.
    #[derive(Clone, Debug, PartialEq)]
    pub struct CheckTemplate {
        pub id: Id,
        pub code: String,
        pub revision: i64,
        pub name: String,
        pub name_en: String,
        /// JSON list of [`Point`].
        pub points: String,
        pub active: bool,
        pub created_name: String,
        pub created_at: Ts,
    }
}

impl CheckTemplate {
    /// Its points.
    pub fn points(&self) -> Vec<Point> {
        serde_json::from_str(&self.points).unwrap_or_default()
    }

    /// What it is called.
    pub fn label(&self, lang: kernel::Lang) -> &str {
        if lang == kernel::Lang::En && !self.name_en.is_empty() { &self.name_en } else { &self.name }
    }
}

/// A check list for callers.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TemplateOut {
    /// Which revision.
    pub id: Id,
    /// Code.
    pub code: String,
    /// Revision, counted from 1.
    pub revision: i64,
    /// Name.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// Points in order.
    pub points: Vec<Point>,
    /// Used from now on; earlier revisions only show what was signed under them.
    pub active: bool,
}

impl From<&CheckTemplate> for TemplateOut {
    fn from(row: &CheckTemplate) -> Self {
        Self {
            id: row.id,
            code: row.code.clone(),
            revision: row.revision,
            name: row.name.clone(),
            name_en: row.name_en.clone(),
            points: row.points(),
            active: row.active,
        }
    }
}

/// A new revision of a check list, or a new one (QC-07).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SaveTemplate {
    /// Code: letters, digits, `_`; the same code again makes its next revision.
    pub code: String,
    /// Name.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// Points in order.
    pub points: Vec<Point>,
    /// The same as a person types them: one a line, `分组 | 名称 | English | 单位 | 下限 | 上限 | 照片`.
    pub points_text: Option<String>,
}

db::row! {
    /// Which list a stage of a kind of work needs, for how many of a hundred units (QC-01, QC-02).
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
    pub struct CheckRule {
        /// Kind of work; `*`: all repairs without rules of their own.
        pub work_kind: String,
        /// Stage.
        pub stage: Stage,
        /// Code of the check list.
        pub template: String,
        /// Of a hundred units so many; 0: the stage is not needed.
        pub percent: i64,
    }
}

/// Rules of one kind of work: stages that are not named are not needed.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SetRules {
    /// Kind of work, or `*`.
    pub work_kind: String,
    /// Back to what holds for all repairs.
    pub as_usual: bool,
    /// Check list of the self-check; empty: not needed.
    pub self_template: String,
    /// Check list of the team leader; empty: not needed.
    pub team_template: String,
    /// Check list of the final inspection; empty: not needed.
    pub final_template: String,
    /// Final inspection of so many of a hundred units; 100 unless given.
    pub final_percent: Option<i64>,
}

db::record! {
    /// A signed check.
    #[derive(Clone, Debug, PartialEq)]
    pub struct CheckSheet {
        pub id: Id,
        pub org_id: Id,
        pub shop_unit_id: Id,
        pub order_id: Id,
        pub stage: Stage,
        pub round: i64,
        pub template: String,
        pub revision: i64,
        /// JSON list of [`PointAnswer`], in the order of the points.
        pub answers: String,
        pub passed: bool,
        pub faults: i64,
        pub advice: String,
        pub note: String,
        pub signed_by: Id,
        pub signed_name: String,
        pub signed_at: Ts,
    }
}

impl CheckSheet {
    /// What was found.
    pub fn answers(&self) -> Vec<PointAnswer> {
        serde_json::from_str(&self.answers).unwrap_or_default()
    }
}

/// A signed check for callers.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SheetOut {
    /// Which.
    pub id: Id,
    /// On which unit.
    pub shop_unit_id: Id,
    /// Stage.
    pub stage: Stage,
    /// Round: one more after every failure and after a return from the maker.
    pub round: i64,
    /// Code of the list.
    pub template: String,
    /// Its revision.
    pub revision: i64,
    /// What was found, in the order of the points.
    pub answers: Vec<PointAnswer>,
    /// Nothing failed.
    pub passed: bool,
    /// Points that failed.
    pub faults: i64,
    /// Advice for the customer (QC-03).
    pub advice: String,
    /// Remark; what is to be done again.
    pub note: String,
    /// Who signed.
    pub signed_name: String,
    /// When.
    pub signed_at: Ts,
}

impl From<&CheckSheet> for SheetOut {
    fn from(row: &CheckSheet) -> Self {
        Self {
            id: row.id,
            shop_unit_id: row.shop_unit_id,
            stage: row.stage,
            round: row.round,
            template: row.template.clone(),
            revision: row.revision,
            answers: row.answers(),
            passed: row.passed,
            faults: row.faults,
            advice: row.advice.clone(),
            note: row.note.clone(),
            signed_name: row.signed_name.clone(),
            signed_at: row.signed_at,
        }
    }
}

/// A stage of a unit: needed or not, passed or not.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct StageOut {
    /// Stage.
    pub stage: Stage,
    /// Needed by kind of work and share.
    pub needed: bool,
    /// Passed in the present round.
    pub passed: bool,
    /// May be signed now: earlier stages are passed.
    pub next: bool,
    /// Check list that is used.
    pub template: Option<TemplateOut>,
    /// Checks signed, newest first, of all rounds.
    pub sheets: Vec<SheetOut>,
}

/// A check to be signed.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SignCheck {
    /// Revision of the list seen; 409 when a newer one is in use.
    pub revision: Option<i64>,
    /// What was found, in the order of the points.
    pub answers: Vec<PointAnswer>,
    /// Every point not answered passed; measured points still need their value.
    pub rest_passed: bool,
    /// Advice for the customer (QC-03).
    pub advice: String,
    /// Remark; when something failed: what is to be done again.
    pub note: String,
}
