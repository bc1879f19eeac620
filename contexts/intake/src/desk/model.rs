//! Who is calling, and what is known of them.

use kernel::{Date, Id, Money, Ts};
use orders::api::State as OrderState;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::request::model::State;

/// What a caller is looked up by: the first that is given.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Ask {
    /// Number they call from.
    #[serde(alias = "caller_phone")]
    pub phone: String,
    /// The customer.
    pub customer_id: Option<Id>,
    /// A unit: its owner.
    pub unit_id: Option<Id>,
}

db::row! {
    /// A unit of a caller.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
    pub struct CallerUnit {
        /// Which.
        pub id: Id,
        /// Number for people.
        pub no: String,
        /// Serving organisation.
        pub org_id: Id,
        /// Owner.
        pub customer_id: Option<Id>,
        /// Serial number.
        pub serial: String,
        /// Model.
        pub model_name: String,
        /// Bought on.
        pub purchase_date: Option<Date>,
        /// Problems found but not fixed (PROD-08).
        pub open_notes: i64,
    }
}

db::row! {
    /// An order of a caller.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
    pub struct CallerOrder {
        /// Which.
        pub id: Id,
        /// Number.
        pub no: String,
        /// Customer.
        pub customer_id: Id,
        /// Unit.
        pub unit_id: Option<Id>,
        /// State.
        pub state: OrderState,
        /// Still being worked on.
        pub open: bool,
        /// Fault as told.
        pub symptom: String,
        /// Model.
        pub model_name: String,
        /// Engineer.
        pub engineer_name: String,
        /// Visit promised from.
        pub appoint_from: Option<Ts>,
        /// Opened.
        pub created_at: Ts,
    }
}

db::row! {
    /// A request of a caller.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
    pub struct CallerRequest {
        /// Which.
        pub id: Id,
        /// Number.
        pub no: String,
        /// Customer.
        pub customer_id: Option<Id>,
        /// Code of the topic.
        pub topic: String,
        /// Topic.
        pub topic_name: String,
        /// Code of the content.
        pub content: String,
        /// Content.
        pub content_name: String,
        /// State.
        pub state: State,
        /// Taken down at.
        pub created_at: Ts,
    }
}

db::row! {
    /// What the orders of a customer came to since a day.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
    pub struct YearOfCustomer {
        /// Orders that were not called off.
        pub orders: i64,
        /// Still being worked on.
        pub open: i64,
        /// What the customer pays for them.
        pub payable: Money,
        /// Called back.
        pub called: i64,
        /// Content when called back.
        pub satisfied: i64,
        /// Scores given.
        pub scores: i64,
        /// Their sum.
        pub score_sum: i64,
    }
}

/// A customer who may be calling.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Caller {
    /// Which.
    pub id: Id,
    /// Number for people.
    pub no: String,
    /// Name.
    pub name: String,
    /// Owning organisation.
    pub org_id: Id,
    /// Another branch's customer (CUST-23).
    pub elsewhere: bool,
    /// Code of the class.
    pub class: String,
    /// Code of the grade.
    pub grade: String,
    /// Phone, masked unless the reader may see it.
    pub phone: String,
    /// Address, masked likewise.
    pub address: String,
    /// Convenient time for calls.
    pub call_time: String,
    /// Never called before, nothing ever repaired (CALL-34).
    pub first_time: bool,
    /// What they have.
    pub units: Vec<CallerUnit>,
    /// Orders being worked on, newest first.
    pub open_orders: Vec<CallerOrder>,
    /// Finished orders, newest first.
    pub recent_orders: Vec<CallerOrder>,
    /// Requests, newest first.
    pub requests: Vec<CallerRequest>,
}

/// Everything known of who is calling.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Lookup {
    /// Customers that match, newest first.
    pub customers: Vec<Caller>,
    /// The unit asked for.
    pub unit: Option<CallerUnit>,
}

impl Lookup {
    /// The one customer it can only be.
    pub fn sole(&self) -> Option<&Caller> {
        match self.customers.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }
}
