//! What goes to whom when.

use kernel::{Id, Ts};
use kit::{DocRef, Owned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::codes! {
    /// What a mail brings.
    pub enum Content {
        /// a list as a workbook
        List = "list" ("列表", "A list"),
        /// figures of the days and the record of what was repaired
        Summary = "summary" ("服务与维修记录汇总", "Summary of service and repair"),
    }
}

db::codes! {
    /// How often.
    pub enum Every {
        Daily = "daily" ("每天", "Every day"),
        Weekly = "weekly" ("每周", "Every week"),
        Monthly = "monthly" ("每月", "Every month"),
    }
}

db::codes! {
    /// How a letter stands.
    pub enum SendState {
        Waiting = "waiting" ("发送中", "sending"),
        Sent = "sent" ("已发送", "sent"),
        Skipped = "skipped" ("未发送", "not sent"),
        Failed = "failed" ("失败，将重试", "failed, will be tried again"),
    }
}

db::record! {
    /// A scheduled mail as stored.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct MailRow {
        pub id: Id,
        pub version: i64,
        pub org_id: Id,
        pub name: String,
        pub content: Content,
        pub list_key: String,
        pub query: String,
        pub every: Every,
        pub day: i64,
        pub minute: i64,
        pub paused: bool,
        pub next_at: Ts,
        pub created_by: Id,
        pub created_by_name: String,
        pub created_at: Ts,
        pub updated_at: Ts,
    }
}

impl Owned for MailRow {
    fn org(&self) -> Id {
        self.org_id
    }
}

impl MailRow {
    /// For the log.
    pub fn doc(&self) -> DocRef {
        DocRef::new("report_mail", self.id, &self.name)
    }
}

db::record! {
    /// A letter as stored.
    #[derive(Clone, Debug, PartialEq)]
    pub struct SendingRow {
        pub id: Id,
        pub mail_id: Id,
        pub user_id: Id,
        pub day: String,
        pub state: SendState,
        pub note: String,
        pub rows: i64,
        pub planned_at: Ts,
        pub ended_at: Option<Ts>,
    }
}

/// A scheduled mail to be made or changed.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PutMail {
    /// Version that was read: a newer one refuses the change.
    #[serde(default)]
    pub version: Option<i64>,
    /// Subject.
    #[serde(default)]
    pub name: String,
    /// What it brings.
    pub content: Content,
    /// Key of the list, for a list.
    #[serde(default)]
    pub list: String,
    /// Filter, view, sort and columns of the list: what stands behind `?` in its address.
    #[serde(default)]
    pub query: String,
    /// How often.
    pub every: Every,
    /// Weekday 1 (Monday) … 7, or day of the month 1 … 31 (its last day where it is shorter). Not used daily.
    #[serde(default)]
    pub day: Option<i64>,
    /// Time of the day in China, `HH:MM`.
    #[serde(default)]
    pub at: String,
    /// Login names; each sees what the own rights allow.
    #[serde(default)]
    pub recipients: Vec<String>,
    /// Nothing is sent.
    #[serde(default)]
    pub paused: bool,
}

db::row! {
    /// Somebody who gets a mail.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
    pub struct Reader {
        /// Account.
        pub id: Id,
        /// Login name.
        pub login: String,
        /// Name.
        pub name: String,
    }
}

db::row! {
    /// A letter in the log.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
    pub struct SendingOut {
        /// Which.
        pub id: Id,
        /// To whom.
        pub name: String,
        /// For which day.
        pub day: String,
        /// How it stands.
        pub state: SendState,
        /// Why it was not sent.
        pub note: String,
        /// Rows in it.
        pub rows: i64,
        /// When its time came.
        pub planned_at: Ts,
        /// When it went out, or was given up.
        pub ended_at: Option<Ts>,
    }
}

/// A scheduled mail as callers see it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct MailOut {
    /// Which.
    pub id: Id,
    /// For optimistic locking.
    pub version: i64,
    /// Owning organisation.
    pub org_id: Id,
    /// Subject.
    pub name: String,
    /// What it brings.
    pub content: Content,
    /// Key of the list.
    pub list: String,
    /// Filter of the list.
    pub query: String,
    /// How often.
    pub every: Every,
    /// Weekday or day of the month.
    pub day: i64,
    /// Time of the day.
    pub at: String,
    /// Nothing is sent.
    pub paused: bool,
    /// When the next one goes out.
    pub next_at: Ts,
    /// Who gets it.
    pub recipients: Vec<Reader>,
    /// What was sent, newest first.
    pub log: Vec<SendingOut>,
}

/// Work order of a letter.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Sending {
    /// Which.
    pub id: Id,
}
