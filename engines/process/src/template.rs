//! What a process template is made of (DOC-19, REQUIREMENTS §3.5): the language of `templates/*.toml`, which
//! `docs/templates.md` explains with a worked example.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::survey::{Question, QuestionKind, Survey};
use crate::survey::{is_false, is_one, one};

/// A process of a trade: fields, steps, who may do what when, clocks, and what follows from what.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Code, the same over all versions: small letters, digits and `-`.
    pub code: String,
    /// Name in Chinese.
    pub name: String,
    /// Name in English; the Chinese one unless given.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name_en: String,
    /// Processes of the requirements that it implements, for example `P-04`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub processes: Vec<String>,
    /// Purpose and scope, for readers (DOC-18).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub purpose: String,
    /// Who manages the process (归口管理, ORG-16): told where nobody is named; elsewhere `party:manages`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub manages: Vec<String>,
    /// Who executes it: works at every step that names nobody; elsewhere `party:executes`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub executes: Vec<String>,
    /// Who supports and appraises: `party:supports`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supports: Vec<String>,
    /// Makes the documents confidential: only these people see them, with whoever opened one and whoever the template
    /// names for work, messages, tasks and notices. Empty: everybody whose permission reaches them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reads: Vec<String>,
    /// Numbers of its documents: a prefix (`JX` gives `JX-20261122-0001`) or a pattern with `{yyyy}`, `{mm}`, `{dd}`
    /// and `{n}` or `{nnnn}` (DOC-10).
    pub number: String,
    /// Line that names a document in lists; may hold `{field}`.
    pub title: String,
    /// Who may open one.
    pub open: Vec<String>,
    /// Fields asked when one is opened; see [`Step::asks`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<String>,
    /// First step.
    pub start: String,
    /// Posts that steps name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub posts: Vec<Post>,
    /// Fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    /// Check lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checklists: Vec<Checklist>,
    /// Proofs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// Kinds of messages to the customer, each counted (P-04).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<Message>,
    /// Surveys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub surveys: Vec<Survey>,
    /// Steps.
    pub steps: Vec<Step>,
    /// What leads from step to step.
    pub moves: Vec<Move>,
    /// Clocks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub timers: Vec<Timer>,
    /// What follows from what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub triggers: Vec<Trigger>,
    /// Printed forms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prints: Vec<Print>,
}

/// A post named by steps; found in the company by its name, from the document's organisation upwards.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Post {
    /// Referred to as `post:KEY`.
    pub key: String,
    /// Name of the post as in the organisation.
    pub name: String,
    /// In English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name_en: String,
    /// Role that acts where no such post is filled.
    pub role: String,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// one line
    #[default]
    Text,
    /// several lines
    Area,
    /// whole number
    Int,
    /// number with up to three decimals; in expressions thousandths
    Number,
    /// yuan; in expressions fen, see `yuan()`
    Money,
    /// day; in expressions its number
    Date,
    /// instant; in expressions seconds
    Time,
    /// yes or no
    Bool,
    /// one of `options`
    Choice,
    /// an employee
    Person,
    /// telephone number: masked
    Phone,
    /// address: masked
    Address,
    /// serial number: can be scanned
    Serial,
    /// an organisation: its people see the document
    Org,
}

/// A field.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// `f.KEY` in expressions.
    pub key: String,
    /// Label.
    pub name: String,
    /// In English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name_en: String,
    /// What it holds; text unless given.
    #[serde(default, rename = "type")]
    pub kind: FieldType,
    /// Fact of the document that a run is for, such as `customer` or `engineer`, which fills this field; runs that stand
    /// for themselves ask it like any other. See [`crate::facts::FACTS`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub bind: String,
    /// Options of a choice: `code=中文|English` or just a word.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// Another field of the same type, whose value this one keeps once it is empty and `keeps_when` holds at a move: the
    /// first bad result of several.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub keeps: String,
    /// When `keeps` takes it over; as soon as there is a value unless given.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub keeps_when: String,
    /// Emptied when a step that asks it is entered again, unless by waiting: consent to one price is none to the next.
    #[serde(default, skip_serializing_if = "is_false")]
    pub fresh: bool,
    /// A day or an instant that is promised: what is entered must not be over yet.
    #[serde(default, skip_serializing_if = "is_false")]
    pub ahead: bool,
    /// Required when this expression holds, wherever it is asked.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub required_when: String,
    /// Smallest value: whole number, yuan, or number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<i64>,
    /// Largest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<i64>,
    /// Unit, for show.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Hint under the field.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hint: String,
    /// Column of the list of documents.
    #[serde(default, skip_serializing_if = "is_false")]
    pub list: bool,
    /// It names or describes the customer in person: emptied when the customer asks to be forgotten. Telephone numbers,
    /// addresses, `area` texts and what is bound to the customer are anyway.
    #[serde(default, skip_serializing_if = "is_false")]
    pub personal: bool,
}

/// A list of things to look at (the 39 points of P-34).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    /// `checks.KEY` in expressions.
    pub key: String,
    /// Heading.
    pub name: String,
    /// In English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name_en: String,
    /// Every point must be right, not only looked at.
    #[serde(default, skip_serializing_if = "is_false")]
    pub all_ok: bool,
    /// Points.
    pub items: Vec<String>,
}

/// Kinds of proof.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// picture
    #[default]
    Photo,
    /// signature drawn on a screen
    Signature,
    /// scanned serial numbers
    Serial,
    /// any file, for example the scan of signed paper
    File,
}

/// A proof that a step asks for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// `evidence.KEY` in expressions: how many.
    pub key: String,
    /// What it shows.
    pub name: String,
    /// In English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name_en: String,
    /// Kind.
    pub kind: EvidenceKind,
    /// How many are needed; 1 unless given.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub least: i64,
    /// Needed only when this holds.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub when: String,
}

/// A kind of message to the customer; each is logged with time and count.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// `messages.KEY` in expressions: how many were given.
    pub key: String,
    /// Name.
    pub name: String,
    /// In English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name_en: String,
    /// Field with the telephone number it goes to, where it is not the customer's: the first of the template unless given.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub to: String,
    /// What is said; may hold `{field}`.
    pub text: String,
    /// Given by hand only when this holds.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub when: String,
    /// What to tell when it does not.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub when_text: String,
    /// Steps in which people may give it by hand; empty: only triggers do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<String>,
    /// Who may; the step's people unless given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub who: Vec<String>,
}

/// The states that mean the same in every trade (DESIGN §7.2).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Macro {
    /// reported
    #[default]
    New,
    /// taken on
    Accepted,
    /// time and people agreed
    Scheduled,
    /// being worked on
    InProgress,
    /// stands still for a reason
    Waiting,
    /// work done
    Done,
    /// the customer agrees that it is
    Confirmed,
    /// checked by the office
    Audited,
    /// archived
    Closed,
    /// called off
    Cancelled,
    /// given up
    Terminated,
    /// given back as it was
    ReturnedUnrepaired,
    /// open again
    Reopened,
}

/// A step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Key.
    pub key: String,
    /// Name.
    pub name: String,
    /// In English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name_en: String,
    /// What it means in every trade.
    #[serde(rename = "macro")]
    pub stage: Macro,
    /// With the customer present or on the line; otherwise internal (DOC-20).
    #[serde(default, skip_serializing_if = "is_false")]
    pub contact: bool,
    /// Who works here: `role:CODE`, `role:CODE@FIELD`, `post:KEY`, `person:FIELD` or `creator`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub who: Vec<String>,
    /// What is done here, for the people who do it (DOC-18).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub help: String,
    /// Fields filled in here, in order; `name?` may stay empty, others must be filled before the step is left.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<String>,
    /// Check lists gone through here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checklists: Vec<String>,
    /// Proofs taken here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// Surveys answered here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub surveys: Vec<String>,
    /// Condition to come here.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub enter: String,
    /// What to tell when it does not hold.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub enter_text: String,
    /// Condition to go on from here.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub leave: String,
    /// What to tell when it does not hold.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub leave_text: String,
    /// Decided at once by the conditions of its moves, without anybody acting.
    #[serde(default, skip_serializing_if = "is_false")]
    pub auto: bool,
    /// Signatures collected here; the result makes a move.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
    /// Why work stands still here, for steps that mean `waiting`: one of [`crate::facts::WAITS`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub waits: String,
    /// Nothing follows.
    #[serde(default, skip_serializing_if = "is_false")]
    pub end: bool,
}

/// Signatures by a matrix (DOC-05…07).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Code of the matrix.
    pub scheme: String,
    /// Expression of the amount in fen.
    pub amount: String,
    /// Move made when all have signed.
    pub approved: String,
    /// Move made when somebody refuses.
    pub rejected: String,
}

/// What a move is to the process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MoveKind {
    /// onwards: everything the step asks for must be there
    #[default]
    Next,
    /// back, to be done again
    Rework,
    /// aside, while something is waited for
    Wait,
    /// off
    Cancel,
}

/// What leads from steps to a step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// Key; several moves out of different steps may share it.
    pub act: String,
    /// Button.
    pub name: String,
    /// In English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name_en: String,
    /// From which steps.
    pub from: Vec<String>,
    /// To which step.
    pub to: String,
    /// Onwards, back, aside or off.
    #[serde(default)]
    pub kind: MoveKind,
    /// Who may; the people of the step it leaves unless given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub who: Vec<String>,
    /// Only when this holds.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub when: String,
    /// What to tell when it does not.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub when_text: String,
    /// Fields asked with it, as in [`Step::asks`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<String>,
    /// Reasons to choose from; one must be given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// Not offered to people: only clocks, decisions and approvals make it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub system: bool,
}

/// A clock (WO-08, WO-14).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Timer {
    /// `late.KEY` in expressions.
    pub key: String,
    /// Name.
    pub name: String,
    /// In English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name_en: String,
    /// Starts on `create`, `enter:STEP`, `leave:STEP`, `act:MOVE` or `message:KEY`.
    pub from: String,
    /// Ends on any of these; the end of the process ends it too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub until: Vec<String>,
    /// Only started when this holds.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub when: String,
    /// How long: `30m`, `24h`, `24hx`, `8wh`, `3wd`, `7d`, `by25`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub span: String,
    /// Instead of `span`: due at the time in this field.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub at: String,
    /// With `at`: so much earlier, by the clock or by working hours (`4wh`).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub before: String,
    /// Warn so long before it is due: minutes, hours or days by the clock.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub warn: String,
    /// Stands still during these steps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pause: Vec<String>,
    /// Who hears of it, and how long after it was due.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ladder: Vec<Rung>,
    /// Row of the register of numbers, for example `N-15`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub number: String,
}

/// A rung of an escalation ladder.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    /// After the due time, by the clock; at once unless given.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub after: String,
    /// Who is told.
    pub who: Vec<String>,
}

/// What a trigger makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Make {
    /// a task in the inbox
    #[default]
    Task,
    /// a notice to people of the company
    Notice,
    /// a message to the customer
    Message,
    /// another document
    Document,
    /// a requisition of parts and tools
    Requisition,
    /// a call back
    Callback,
    /// a line of the settlement
    Settlement,
    /// a move of this process
    Act,
}

/// What follows from what (DOC-02).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// Key.
    pub key: String,
    /// `create`, `enter:STEP`, `leave:STEP`, `act:MOVE`, `warn:TIMER` or `late:TIMER`.
    pub on: String,
    /// Only when this holds.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub when: String,
    /// What is made.
    pub make: Make,
    /// Its text or name; may hold `{field}`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// For whom: tasks and notices.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub who: Vec<String>,
    /// Due: tasks, callbacks and requisitions.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub span: String,
    /// Instead of `span`: due at the time in this field.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub at: String,
    /// With `at`: so much earlier.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub before: String,
    /// The task stays open when the process ends; what the last move makes stays in any case.
    #[serde(default, skip_serializing_if = "is_false")]
    pub stays: bool,
    /// What exactly: code of the template (document), key of the message, move (act), kind (callback), code of the line
    /// (settlement).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub what: String,
    /// Expression of the amount in fen (settlement).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub amount: String,
    /// Whose the line is (settlement): one of [`crate::facts::PAYEES`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub to: String,
    /// Made whenever the moment comes. Without it a document is made once in a run, and a settlement only by what its
    /// amount has changed since: work done twice is not paid twice.
    #[serde(default, skip_serializing_if = "is_false")]
    pub every: bool,
    /// Fields handed to the new document: `theirs=ours`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copy: Vec<String>,
    /// Fields of the new document: none is made while one of its kind with the same values in these is not over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alone: Vec<String>,
}

/// A printed form (DOC-14).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Print {
    /// Key.
    pub key: String,
    /// Heading.
    pub name: String,
    /// In English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name_en: String,
    /// Names of the copies: one sheet each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<String>,
    /// Fields shown; all unless given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// Check lists printed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checklists: Vec<String>,
    /// Surveys printed, with room for answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub surveys: Vec<String>,
    /// Terms above the signatures.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Lines to sign or stamp.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sign: Vec<String>,
}
