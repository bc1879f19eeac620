//! Documents that run by a template.

use std::collections::BTreeMap;

use kernel::{Id, Ts};
use process::Entry;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

db::codes! {
    /// What a step means in every trade (DESIGN §7.2).
    pub enum Stage {
        /// reported
        New = "new" ("新建", "new"),
        /// taken on
        Accepted = "accepted" ("已受理", "accepted"),
        /// time and people agreed
        Scheduled = "scheduled" ("已安排", "scheduled"),
        /// being worked on
        InProgress = "in_progress" ("处理中", "in progress"),
        /// stands still for a reason
        Waiting = "waiting" ("等待", "waiting"),
        /// work done
        Done = "done" ("已完工", "done"),
        /// the customer agrees
        Confirmed = "confirmed" ("已确认", "confirmed"),
        /// checked by the office
        Audited = "audited" ("已审核", "audited"),
        /// archived
        Closed = "closed" ("已关闭", "closed"),
        /// called off
        Cancelled = "cancelled" ("已取消", "cancelled"),
        /// given up
        Terminated = "terminated" ("已终止", "terminated"),
        /// given back as it was
        ReturnedUnrepaired = "returned_unrepaired" ("未修退回", "returned unrepaired"),
        /// open again
        Reopened = "reopened" ("重新打开", "reopened"),
    }
}

impl From<process::Macro> for Stage {
    fn from(from: process::Macro) -> Self {
        use process::Macro as M;
        match from {
            M::New => Self::New,
            M::Accepted => Self::Accepted,
            M::Scheduled => Self::Scheduled,
            M::InProgress => Self::InProgress,
            M::Waiting => Self::Waiting,
            M::Done => Self::Done,
            M::Confirmed => Self::Confirmed,
            M::Audited => Self::Audited,
            M::Closed => Self::Closed,
            M::Cancelled => Self::Cancelled,
            M::Terminated => Self::Terminated,
            M::ReturnedUnrepaired => Self::ReturnedUnrepaired,
            M::Reopened => Self::Reopened,
        }
    }
}

db::row! {
    /// A stored document.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct DocumentRow {
        pub id: Id,
        pub no: String,
        pub version: i64,
        pub code: String,
        pub template_id: Id,
        pub org_id: Id,
        pub owner_id: Option<Id>,
        pub creator_id: Id,
        pub subject_kind: String,
        pub subject_id: Option<Id>,
        pub subject_no: String,
        pub parent_id: Option<Id>,
        pub depth: i64,
        pub title: String,
        pub title_en: String,
        pub step: String,
        pub step_name: String,
        pub step_name_en: String,
        pub stage: Stage,
        pub state: String,
        pub due_at: Option<Ts>,
        pub created_at: Ts,
        pub updated_at: Ts,
        pub ended_at: Option<Ts>,
        pub guarded: bool,
        pub holder_id: Option<Id>,
        pub holder_post: String,
        pub holder_role: String,
        pub contact: bool,
    }
}

impl DocumentRow {
    /// The line that names it, for readers of this language.
    pub fn label(&self, lang: kernel::Lang) -> &str {
        if lang == kernel::Lang::En { &self.title_en } else { &self.title }
    }

    /// The step where it stands, for readers of this language.
    pub fn step_label(&self, lang: kernel::Lang) -> &str {
        if lang == kernel::Lang::En { &self.step_name_en } else { &self.step_name }
    }
}

/// The value of a field as lists and searches find it.
#[derive(Clone, Debug)]
pub struct ValueRow {
    /// The field.
    pub field: String,
    /// As people search it.
    pub text: String,
    /// As it sorts.
    pub number: Option<i64>,
    /// Of telephone numbers: by which equal ones are found.
    pub phone_key: String,
}

db::row! {
    /// A line of the history.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct EntryRow {
        /// Which.
        pub id: Id,
        /// Of which document.
        pub document_id: Id,
        /// When.
        pub at: Ts,
        /// Who; nil: a clock or a decision.
        pub user_id: Id,
        /// Their name then.
        pub user_name: String,
        /// For whom they acted: the absent person whom they stand in for (ORG-14), or who should have by the template;
        /// empty: for themselves.
        pub instead_of: String,
        /// `opened`, `moved`, `saved`, `corrected`, `told`, `late`, `warned`, `signed`, `refused` or `trouble`.
        pub kind: String,
        /// Move, message or clock.
        pub act: String,
        /// Step before.
        pub from_step: String,
        /// Step after.
        pub to_step: String,
        /// The step was with the customer (DOC-20).
        pub contact: bool,
        /// Reason, or what was said.
        pub text: String,
    }
}

db::row! {
    /// A task made by a trigger.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct TaskRow {
        /// Which.
        pub id: Id,
        /// For which document.
        pub document_id: Id,
        /// Owning organisation.
        pub org_id: Id,
        /// Trigger that made it.
        pub trigger_key: String,
        /// What is to be done.
        pub text: String,
        /// By whom, as the template says.
        pub who: String,
        /// `open`, `done` or `cancelled`.
        pub state: String,
        /// Until when.
        pub due_at: Option<Ts>,
        /// When it was made.
        pub created_at: Ts,
        /// When it was done.
        pub done_at: Option<Ts>,
        /// By whom it was done.
        pub done_by: String,
        /// It stays open when the process ends.
        pub stays: bool,
    }
}

db::row! {
    /// A message given to the customer.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct MessageRow {
        /// Which.
        pub id: Id,
        /// About which document.
        pub document_id: Id,
        /// Kind.
        pub kind: String,
        /// The how-manieth of its kind.
        pub count: i64,
        /// What was said.
        pub text: String,
        /// To which number; not given out.
        #[serde(skip_serializing, default)]
        pub phone: String,
        /// By whom.
        pub user_name: String,
        /// When.
        pub at: Ts,
    }
}

/// A new document.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct NewDocument {
    /// Code of its template.
    pub template: String,
    /// Owning organisation; the caller's unless given.
    #[serde(default)]
    pub org_id: Option<Id>,
    /// Values of the fields that are asked at opening. Texts are read as forms write them; money as a number is fen.
    #[serde(default)]
    pub fields: BTreeMap<String, Value>,
}

/// A move.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct ActOn {
    /// Which move.
    pub act: String,
    /// Version that was read: a newer one refuses.
    #[serde(default)]
    pub version: Option<i64>,
    /// Coded reason, where the move has reasons.
    #[serde(default)]
    pub reason: String,
    /// What is entered with it.
    #[serde(flatten)]
    pub entry: Entry,
}

/// What is entered at a step, without going on.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct SaveEntry {
    /// Version that was read.
    #[serde(default)]
    pub version: Option<i64>,
    /// What is entered.
    #[serde(flatten)]
    pub entry: Entry,
}

/// A correction of what was said at opening.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct CorrectOn {
    /// Version that was read: a newer one refuses.
    #[serde(default)]
    pub version: Option<i64>,
    /// Why, in words; at most 500 characters.
    #[serde(default)]
    pub reason: String,
    /// New values of fields that were asked at opening; others stay as they are.
    #[serde(default)]
    pub fields: BTreeMap<String, Value>,
}

/// A message given to the customer.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Tell {
    /// Kind, as the template names it.
    pub message: String,
}

/// A move that somebody may make.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct OfferOut {
    /// Which.
    pub act: String,
    /// Its name, in the caller's language.
    pub name: String,
    /// `next`, `rework`, `wait` or `cancel`.
    pub kind: process::MoveKind,
    /// Where it leads.
    pub to: String,
    /// Fields asked with it.
    pub asks: Vec<String>,
    /// Reasons to choose from.
    pub reasons: Vec<String>,
    /// Why it can't be made now.
    pub blocked: Option<String>,
    /// Nothing that can be entered with it would change that: something else has to happen first.
    pub stuck: bool,
}

/// A clock and how its due time came about.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ClockOut {
    /// Key in the template.
    pub timer: String,
    /// Name, in the caller's language.
    pub name: String,
    /// `open`, `paused`, `met`, `late` or `cancelled`.
    pub state: String,
    /// When it started.
    pub started_at: Ts,
    /// When it is due; none while it stands still.
    pub due_at: Option<Ts>,
    /// When it warns.
    pub warn_at: Option<Ts>,
    /// When its time ran out.
    pub breached_at: Option<Ts>,
    /// When it ended.
    pub ended_at: Option<Ts>,
    /// The limit in words, and each step of the calculation, in the caller's language.
    pub explained: Vec<String>,
    /// Row of the register of numbers.
    pub number: String,
}

/// A document as callers see it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DocumentOut {
    /// Which.
    pub id: Id,
    /// Its number.
    pub no: String,
    /// For optimistic locking.
    pub version: i64,
    /// Code of its template.
    pub template: String,
    /// Number of the version it runs under.
    pub template_number: i64,
    /// Owning organisation.
    pub org_id: Id,
    /// Line that names it.
    pub title: String,
    /// Kind of what it was started for; empty: it stands for itself.
    pub subject_kind: String,
    /// What it was started for.
    pub subject_id: Option<Id>,
    /// Step.
    pub step: String,
    /// Name of the step, in the caller's language.
    pub step_name: String,
    /// What the step means in every trade.
    pub stage: Stage,
    /// Nearest due time.
    pub due_at: Option<Ts>,
    /// Values of fields; sensitive ones as far as the caller may see them.
    pub fields: BTreeMap<String, Value>,
    /// Check lists.
    pub checks: BTreeMap<String, BTreeMap<String, process::Mark>>,
    /// Answers.
    pub answers: BTreeMap<String, BTreeMap<String, Value>>,
    /// Messages given, by kind.
    pub messages: BTreeMap<String, i64>,
    /// Moves the caller may make now.
    pub offers: Vec<OfferOut>,
    /// Fields asked at opening that the caller may correct now.
    #[serde(default)]
    pub correctable: Vec<String>,
    /// When it was opened.
    pub created_at: Ts,
    /// When it ended.
    pub ended_at: Option<Ts>,
}

/// A sensitive field, shown in full.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Revealed {
    /// The whole value.
    pub value: String,
    /// What stood there before.
    pub masked: String,
}
