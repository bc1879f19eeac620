//! Events, past tense, versioned by name. Written to the outbox in the transaction of what they tell.

use kernel::{Id, Ts};
use serde::{Deserialize, Serialize};

/// Something that happened, told upwards or sideways.
pub trait Event: Serialize {
    /// `context.thing_happened.v1`
    const NAME: &'static str;
}

/// An answer of a customer who was called.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Said {
    /// Key of the question, or `suggestion`.
    pub question: String,
    /// The question as it was asked.
    pub text: String,
    /// `1` to `5`, `yes`, `no`, or words.
    pub value: String,
}

macro_rules! events {
    ($($(#[$meta:meta])* $name:ident = $event:literal { $($(#[$fmeta:meta])* $field:ident : $type:ty),* $(,)? })*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, Serialize, Deserialize)]
        pub struct $name { $($(#[$fmeta])* pub $field: $type),* }
        impl Event for $name { const NAME: &'static str = $event; }
    )*};
}

events! {
    /// A request was answered by phone; a follow-up call is due (CALL-11).
    RequestSolvedByPhone = "intake.request_solved_by_phone.v1" {
        /// The request.
        request_id: Id,
        /// Who asked.
        customer_id: Id,
        /// Owning organisation.
        org_id: Id,
        /// When it was solved.
        at: Ts,
    }
    /// The follow-up call after advice on the phone had a result (CALL-11).
    AdviceFollowedUp = "callbacks.advice_followed_up.v1" {
        /// The request that was solved on the phone.
        request_id: Id,
        /// The call.
        callback_id: Id,
        /// The trouble is not gone: somebody must go there (CALL-09).
        remains: bool,
        /// What the customer said, one line each.
        said: String,
        /// When.
        at: Ts,
    }
    /// A service order was created.
    OrderCreated = "orders.order_created.v1" {
        /// The order.
        order_id: Id,
        /// Its number.
        no: String,
        /// Owning organisation.
        org_id: Id,
        /// When.
        at: Ts,
    }
    /// A service order was assigned to an engineer.
    OrderAssigned = "orders.order_assigned.v1" {
        /// The order.
        order_id: Id,
        /// Its number.
        no: String,
        /// The engineer.
        engineer_id: Id,
        /// Owning organisation.
        org_id: Id,
        /// When.
        at: Ts,
    }
    /// The work of an order was done and signed (CB-01).
    OrderCompleted = "orders.order_completed.v1" {
        /// The order.
        order_id: Id,
        /// Its number.
        no: String,
        /// Its customer.
        customer_id: Id,
        /// Owning organisation.
        org_id: Id,
        /// When.
        at: Ts,
    }
    /// A callback ended with a result (OUTLET-05, CB-09).
    CallbackResulted = "callbacks.callback_resulted.v1" {
        /// The callback.
        callback_id: Id,
        /// The order it asked about.
        order_id: Id,
        /// Code of the result class.
        class: String,
        /// The order went back for rework by it.
        sent_back: bool,
        /// What the customer said.
        said: String,
        /// When.
        at: Ts,
    }
    /// A process made a move (DESIGN §7.3). The document is a custom one, or what the run was started for.
    ProcessMoved = "documents.process_moved.v1" {
        /// The run.
        run_id: Id,
        /// Kind of the document: `order`, or `document` for a custom one.
        doc_kind: String,
        /// The document.
        doc_id: Id,
        /// Code of the template.
        template: String,
        /// The move; empty: the run began.
        act: String,
        /// Step before; empty: the run began.
        from: String,
        /// Step after.
        to: String,
        /// What the step after means in every trade: `in_progress`.
        stage: String,
        /// Coded reason, if one was given.
        reason: String,
        /// When.
        at: Ts,
    }
    /// A process asks for something that contexts above make: a requisition, a callback, a line of the settlement
    /// (DOC-04).
    ProcessAsked = "documents.process_asked.v1" {
        /// The run.
        run_id: Id,
        /// Kind of the document.
        doc_kind: String,
        /// The document.
        doc_id: Id,
        /// Its number.
        doc_no: String,
        /// Owning organisation.
        org_id: Id,
        /// `requisition`, `handed_over`, `withdrawn`, `callback`, `settlement` or `message`.
        what: String,
        /// Whose a line of the settlement is: `engineer`, `engineers`, `outlet`, `maker` or `customer`; empty unless it is one.
        party: String,
        /// Kind of callback, code of the line, kind of message; empty for a requisition.
        code: String,
        /// What is needed, asked or told.
        text: String,
        /// Fen; 0 unless it is a line of the settlement.
        amount: i64,
        /// Not before (callback) or not after (requisition); absent: now.
        due: Option<Ts>,
        /// What the customer answered, of a callback that the process made itself.
        said: Vec<Said>,
        /// When the process came to the step at which this was asked.
        since: Ts,
        /// The employee who asked; nil: a clock.
        staff_id: Id,
        /// Their name; empty: a clock.
        staff_name: String,
        /// When.
        at: Ts,
    }
    /// A completion sheet was audited; pay follows (PAY-02).
    OrderAudited = "orders.order_audited.v1" {
        /// The order.
        order_id: Id,
        /// Its number.
        no: String,
        /// Owning organisation.
        org_id: Id,
        /// When.
        at: Ts,
    }
    /// A part fell to or below its minimum in a depot (PARTS-62).
    StockLow = "parts.stock_low.v1" {
        /// The part.
        part_id: Id,
        /// The depot.
        depot_id: Id,
        /// Owning organisation.
        org_id: Id,
        /// Available quantity, thousandths.
        available: i64,
        /// Minimum, thousandths.
        minimum: i64,
    }
    /// A customer file went into another one; whoever holds the old id follows (CUST-01).
    CustomersMerged = "customers.customers_merged.v1" {
        /// The file that is no more.
        from: Id,
        /// The file it went into.
        into: Id,
        /// When.
        at: Ts,
    }
    /// An order was called off, broken off or given back without repair; nothing more will be done.
    OrderStopped = "orders.order_stopped.v1" {
        /// The order.
        order_id: Id,
        /// Its number.
        no: String,
        /// Owning organisation.
        org_id: Id,
        /// Why, in words.
        reason: String,
        /// When.
        at: Ts,
    }
    /// An order went back for rework: a bad callback, or opened again by hand (OUTLET-05).
    OrderReopened = "orders.order_reopened.v1" {
        /// The order.
        order_id: Id,
        /// Its number.
        no: String,
        /// Owning organisation.
        org_id: Id,
        /// Rounds of rework so far.
        reworks: i64,
        /// When.
        at: Ts,
    }
}
