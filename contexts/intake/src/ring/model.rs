//! Events of calls, who sits where, and how calls were answered.

use kernel::{Id, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::call::model::Outcome;

db::codes! {
    /// What happens to a call.
    pub enum CallStep {
        /// it rings
        Ring = "ring" ("振铃", "Ring"),
        /// somebody took it
        Answer = "answer" ("接听", "Answer"),
        /// it is over
        Hangup = "hangup" ("挂断", "Hang up"),
        /// the line was busy
        Busy = "busy" ("占线", "Busy"),
    }
}

/// An event of a telephone system.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewCallEvent {
    /// The telephone system's own name of the call, the same in all its events; 1 to 100 characters.
    pub call_id: String,
    /// What happened.
    pub event: CallStep,
    /// The caller's number; with the first event at the latest. Absent: withheld.
    #[serde(default)]
    pub caller: Option<String>,
    /// The number that was called.
    #[serde(default)]
    pub line: Option<String>,
    /// The telephone that rings or was taken off the hook. Neither this nor `staff_no`: everybody of the account's
    /// organisation who takes calls.
    #[serde(default)]
    pub extension: Option<String>,
    /// The employee number of who is rung, instead of the extension.
    #[serde(default)]
    pub staff_no: Option<String>,
    /// Rings until it was answered or given up, 0 to 200; from the seconds unless given.
    #[serde(default)]
    pub rings: Option<i64>,
    /// When it happened; now unless given. A day back and five minutes ahead at most.
    #[serde(default)]
    pub at: Option<Ts>,
}

/// Where the call stands after the event.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CallEventOut {
    /// The call in the register.
    pub id: Id,
    /// The telephone system's name of it.
    pub call_id: String,
    /// How it went so far.
    pub outcome: Outcome,
    /// Seconds until it was answered or given up.
    pub ring_seconds: Option<i64>,
    /// Rings until then.
    pub rings: Option<i64>,
    /// Seconds spoken.
    pub seconds: i64,
    /// It is over.
    pub ended: bool,
    /// Browsers of so many accounts were told; 0: the event changed nothing.
    pub told: i64,
}

db::row! {
    /// Who sits at a telephone.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
    pub struct Extension {
        /// Number of the telephone.
        pub extension: String,
        /// The account.
        pub user_id: Id,
        /// The person.
        pub staff_id: Id,
        /// Their name.
        pub staff_name: String,
        /// Their organisation.
        pub org_id: Id,
        /// Since.
        pub updated_at: Ts,
    }
}

/// Sits down at a telephone, or gets up.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SetExtension {
    /// Letters, digits, `-` and `_`, 20 at most; empty: at none.
    pub extension: Option<String>,
    /// Who; the caller unless given.
    pub staff_id: Option<Id>,
}

/// The test form: an event made by hand.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TestRing {
    pub event: String,
    pub call_id: Option<String>,
    pub caller: Option<String>,
    pub extension: Option<String>,
}

db::row! {
    /// Sums over incoming calls.
    #[derive(Clone, Debug, Default)]
    pub struct CallSums {
        pub incoming: i64,
        pub answered: i64,
        pub measured: i64,
        pub in_time: i64,
        pub missed: i64,
        pub busy: i64,
        pub to_return: i64,
        pub ring_sum: i64,
    }
}

/// How incoming calls were answered (CALL-12, N-11).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CallFigures {
    /// Days looked at, back from now.
    pub days: i64,
    /// Incoming calls.
    pub incoming: i64,
    /// Taken.
    pub answered: i64,
    /// Taken with a measured time to answer.
    pub measured: i64,
    /// Of those, taken within the wanted number of rings.
    pub in_time: i64,
    /// Wanted number of rings.
    pub wanted_rings: i64,
    /// Given up by the caller.
    pub missed: i64,
    /// Line busy.
    pub busy: i64,
    /// Nobody took them and nobody has called back.
    pub to_return: i64,
    /// Mean seconds until answered, of the measured ones.
    pub mean_ring_seconds: Option<i64>,
}

/// Who is rung.
#[derive(Clone, Debug)]
pub struct Rung {
    pub user: Id,
    pub staff: Id,
    pub name: String,
    pub org: Id,
}
