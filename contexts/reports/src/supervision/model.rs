//! What a superior sees of the work of others.

use kernel::{Id, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::codes! {
    /// Where work comes from.
    pub enum Source {
        Order = "order" ("服务工单", "Service orders"),
        Request = "request" ("服务请求", "Requests"),
        Callback = "callback" ("回访", "Callbacks"),
        Document = "document" ("流程单据", "Process documents"),
        Task = "task" ("流程任务", "Process tasks"),
        Approval = "approval" ("审批", "Approvals"),
    }
}

db::codes! {
    /// How far a piece of work is.
    pub enum Stand {
        /// finished today
        Today = "today" ("今天完成", "Done today"),
        /// finished earlier this week
        Week = "week" ("本周完成", "Done this week"),
        /// begun and not finished
        Doing = "doing" ("正在做", "Doing"),
        /// its time has not come
        Planned = "planned" ("计划做", "Planned"),
        /// its time has come and it was not done (还未落实)
        Undone = "undone" ("未落实", "Not carried out"),
    }
}

/// Pieces of work. `doing`, `planned` and `undone` exclude each other; `overdue` counts those of them whose deadline ran
/// out; `done_week` includes `done_today`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Work {
    /// Finished today.
    pub done_today: i64,
    /// Finished since Monday.
    pub done_week: i64,
    /// Begun and not finished.
    pub doing: i64,
    /// Its time has not come.
    pub planned: i64,
    /// Its time has come and it was not carried out.
    pub undone: i64,
    /// Deadline over.
    pub overdue: i64,
}

db::row! {
    /// A post.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Post {
        pub id: Id,
        pub org_id: Id,
        pub name: String,
        pub superior_id: Option<Id>,
        /// Somebody active holds it.
        pub held: bool,
    }
}

db::row! {
    /// A person.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Staff {
        pub id: Id,
        pub no: String,
        pub name: String,
        pub org_id: Id,
        pub post_id: Option<Id>,
    }
}

db::row! {
    /// A count of one person, as a store gives it.
    pub struct Tally {
        pub staff_id: Id,
        pub stand: Stand,
        pub n: i64,
        pub late: i64,
    }
}

db::row! {
    /// Open signatures of a post.
    pub struct Seats {
        pub post: String,
        /// Role that signs where nobody holds the post.
        pub role: String,
        pub org_id: Id,
        pub n: i64,
        pub reminded: i64,
    }
}

db::row! {
    /// Open work of a post.
    pub struct Posted {
        pub post: String,
        /// Role that acts where nobody holds the post.
        pub role: String,
        pub org_id: Id,
        pub stand: Stand,
        pub n: i64,
        pub late: i64,
    }
}

db::row! {
    /// A piece of work of a post.
    pub struct PostedItem {
        pub org_id: Id,
        pub post: String,
        pub role: String,
        pub id: Id,
        pub no: String,
        pub about: String,
        pub at: Option<Ts>,
        pub result: String,
        pub stand: Stand,
        pub late: i64,
    }
}

/// Work of one person from one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceWork {
    /// Where it comes from.
    pub source: Source,
    /// How much.
    pub work: Work,
}

/// A person below the caller, or the caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Person {
    /// Person.
    pub id: Id,
    /// Employee number.
    pub no: String,
    /// Name.
    pub name: String,
    /// Post; empty: none.
    pub post: String,
    /// Organisation.
    pub org_id: Id,
    /// Its name.
    pub org: String,
    /// Posts between the topmost one shown and this one.
    pub depth: i64,
    /// The caller.
    pub me: bool,
    /// Everything.
    pub total: Work,
    /// By source; sources without work are left out.
    pub by: Vec<SourceWork>,
}

/// Work that nobody has been given yet, in the organisations of the people shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Nobody {
    /// Orders without an engineer.
    pub orders: i64,
    /// Requests without a handler.
    pub requests: i64,
    /// Callbacks whose time has come and that nobody took.
    pub callbacks: i64,
    /// Process documents that wait for anybody with a role.
    pub documents: i64,
    /// Process documents with a task that waits for anybody with a role.
    pub tasks: i64,
    /// Organisations that are counted; none: all there are.
    #[serde(skip)]
    pub orgs: Vec<Id>,
}

/// Everything below the caller.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Overview {
    /// Sums over the people.
    pub total: Work,
    /// People, in the order of the posts.
    pub people: Vec<Person>,
    /// Not given to anybody.
    pub nobody: Nobody,
    /// When it was read.
    pub at: Ts,
}

db::row! {
    /// A piece of work.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct Item {
        /// Document.
        pub id: Id,
        /// Its number.
        pub no: String,
        /// Customer; empty: none.
        pub customer: String,
        /// What it is about.
        pub about: String,
        /// How far it is.
        pub stand: Stand,
        /// Deadline over.
        pub late: i64,
        /// When it was done, is to be done, or began.
        pub at: Option<Ts>,
        /// State, or result once there is one (codes of the source).
        pub result: String,
    }
}

/// Work of one person, piece by piece.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PersonDay {
    /// Who, with counts.
    pub person: Person,
    /// Pieces by source, overdue first.
    pub items: Vec<SourceItems>,
    /// When it was read.
    pub at: Ts,
}

/// Pieces from one source.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SourceItems {
    /// Where they come from.
    pub source: Source,
    /// The pieces.
    pub items: Vec<Item>,
}

db::row! {
    /// An order that stands still (WO-49).
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct Stuck {
        /// Order.
        pub id: Id,
        /// Number.
        pub no: String,
        /// State.
        pub state: String,
        /// Customer.
        pub customer_name: String,
        /// Fault.
        pub symptom: String,
        /// Engineer; empty: none.
        pub engineer_name: String,
        /// Level of repair.
        pub level: i64,
        /// How its deadline stands.
        pub sla: String,
        /// Last step.
        pub progress_at: Ts,
    }
}
