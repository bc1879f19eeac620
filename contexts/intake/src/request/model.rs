//! A request: one contact of a customer, until it is answered.

use kernel::{Date, Id, Money, Quantity, Ts};
use kit::Owned;

db::codes! {
    /// How it reached the house (CALL-04).
    pub enum Channel {
        /// call
        Phone = "phone" ("电话", "Phone"),
        /// somebody stands at the desk
        WalkIn = "walk_in" ("到店", "Walk-in"),
        /// web site or the code on the unit
        Web = "web" ("网站", "Web"),
        /// WeChat
        Wechat = "wechat" ("微信", "WeChat"),
        /// live chat
        Chat = "chat" ("在线客服", "Live chat"),
        /// text message
        Sms = "sms" ("短信", "SMS"),
        /// e-mail
        Email = "email" ("电子邮件", "E-mail"),
        /// video call
        Video = "video" ("视频", "Video"),
        /// a dealer or agent told it
        Dealer = "dealer" ("经销商", "Dealer"),
        /// a supplier told it
        Supplier = "supplier" ("供应商", "Supplier"),
        /// an engineer in the field told it
        Engineer = "engineer" ("工程师", "Engineer"),
        /// fax
        Fax = "fax" ("传真", "Fax"),
        /// letter
        Letter = "letter" ("信函", "Letter"),
        /// said when we called back
        Callback = "callback" ("回访", "Callback"),
    }
}

impl Channel {
    /// Somebody speaks with the customer: nothing is left to be confirmed, and what is said is an answer.
    pub const fn live(self) -> bool {
        matches!(self, Self::Phone | Self::WalkIn | Self::Chat | Self::Video | Self::Callback)
    }
}

db::codes! {
    /// Where a request stands.
    pub enum State {
        /// a content was clicked; the rest is still being taken down (CALL-03)
        Draft = "draft" ("登记中", "Draft"),
        /// nothing was answered yet
        Open = "open" ("待答复", "Open"),
        /// an answer was given and recorded
        Answered = "answered" ("已答复", "Answered"),
        /// service orders do the rest
        Ordered = "ordered" ("已建工单", "Ordered"),
        /// advice on the phone was enough (CALL-09)
        Solved = "solved_by_phone" ("电话解决", "Solved by phone"),
        /// finished
        Closed = "closed" ("已关闭", "Closed"),
        /// a draft that nobody went on with
        Dropped = "dropped" ("已放弃", "Dropped"),
    }
}

impl State {
    /// Taken down and not finished: something can be done about it.
    pub const fn live(self) -> bool {
        matches!(self, Self::Open | Self::Answered | Self::Ordered | Self::Solved)
    }
}

db::codes! {
    /// General, or for the head of the department first (CALL-18).
    pub enum Class {
        /// the desk decides
        General = "general" ("一般", "General"),
        /// the head decides before anything is booked
        Special = "special" ("特殊", "Special"),
    }
}

db::codes! {
    /// What the customer says about warranty (CALL-14).
    pub enum Said {
        /// nothing
        Unknown = "unknown" ("未说明", "Not said"),
        /// in warranty
        In = "in" ("保内", "In warranty"),
        /// out of warranty
        Out = "out" ("保外", "Out of warranty"),
    }
}

db::codes! {
    /// What became of advice on the phone (CALL-09, CALL-11).
    pub enum Advice {
        /// none was given
        NotGiven = "none" ("未指导", "None given"),
        /// the customer accepted it
        Accepted = "accepted" ("客户接受", "Accepted"),
        /// the customer did not accept it: a visit
        Refused = "refused" ("客户不接受", "Not accepted"),
        /// it did not help: a visit
        Failed = "failed" ("未奏效", "Did not help"),
    }
}

impl Advice {
    /// Nothing but a visit is left.
    pub const fn wants_visit(self) -> bool {
        matches!(self, Self::Refused | Self::Failed)
    }
}

/// `next_due_at` of a request nobody waits for: sorts behind every deadline.
pub const NO_DUE: Ts = Ts::MAX;

db::record! {
    /// A request as stored: phone and address are bare here.
    #[derive(Clone, Debug, PartialEq)]
    pub struct RequestRow {
        pub id: Id,
        pub version: i64,
        pub no: String,
        pub org_id: Id,
        pub channel: Channel,
        pub topic: String,
        pub topic_name: String,
        pub content: String,
        pub content_name: String,
        /// Kind of work an order about it would need; empty: none.
        pub work_kind: String,
        pub caller_name: String,
        pub caller_phone: String,
        pub phone_key: String,
        pub customer_id: Option<Id>,
        pub customer_name: String,
        pub unit_id: Option<Id>,
        pub model_name: String,
        pub serial: String,
        pub purchase_date: Option<Date>,
        /// Proof of purchase as told (CALL-29).
        pub proof: String,
        pub address: String,
        pub text: String,
        pub demand: String,
        pub part_id: Option<Id>,
        pub part_name: String,
        pub part_quantity: Quantity,
        pub class: Class,
        pub class_reason: String,
        pub cleared_at: Option<Ts>,
        pub cleared_by: Option<Id>,
        pub clear_note: String,
        pub urgent: bool,
        /// Code of `orders`' mode; empty: not said.
        pub mode: String,
        pub warranty_said: Said,
        pub quote_limit: Option<Money>,
        pub estimate_low: Option<Money>,
        pub estimate_high: Option<Money>,
        pub diagnosis: String,
        pub first_time: bool,
        /// Codes of what CALL-07 wants and nobody said, joined by commas.
        pub missing: String,
        pub state: State,
        pub confirmed_at: Option<Ts>,
        pub genuine: Option<bool>,
        pub in_scope: Option<bool>,
        pub confirm_note: String,
        pub confirm_due_at: Option<Ts>,
        /// An answer was promised until then, and is still owed.
        pub promised_at: Option<Ts>,
        pub next_due_at: Ts,
        /// The customer waits for us.
        pub waiting: bool,
        /// A promise was broken.
        pub overdue: bool,
        pub answer: String,
        pub answered_at: Option<Ts>,
        pub advice: Advice,
        pub handler_id: Option<Id>,
        pub handler_name: String,
        pub order_id: Option<Id>,
        pub order_no: String,
        /// Open order of the same unit when the request came (CALL-19).
        pub related_order_id: Option<Id>,
        pub related_order_no: String,
        pub closed_at: Option<Ts>,
        pub close_note: String,
        /// Secret of the public page.
        pub token: String,
        pub created_by: Option<Id>,
        pub created_at: Ts,
        pub updated_at: Ts,
    }
}

impl Owned for RequestRow {
    fn org(&self) -> Id {
        self.org_id
    }
    fn owners(&self) -> Vec<Id> {
        self.handler_id.into_iter().chain(self.created_by).collect()
    }
}
