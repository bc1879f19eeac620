//! Periods of acting.

use kernel::{Id, Ts};
use kit::Owned;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::row! {
    /// A period in which one person stands in for another.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct ActingOut {
        pub id: Id,
        pub version: i64,
        /// Who is off duty.
        pub absent_id: Id,
        pub absent_name: String,
        /// Who stands in.
        pub substitute_id: Id,
        pub substitute_name: String,
        /// Organisation of the absent person.
        pub org_id: Id,
        pub from_at: Ts,
        pub until_at: Ts,
        pub reason: String,
        /// Ended early.
        pub ended_at: Option<Ts>,
    }
}

impl Owned for ActingOut {
    fn org(&self) -> Id {
        self.org_id
    }
}

/// A new period.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct NewActing {
    /// Who is off duty.
    pub absent_id: Id,
    /// Who stands in.
    pub substitute_id: Id,
    /// `2026-11-22T08:00` in China's zone, or RFC 3339; now when absent.
    #[serde(default)]
    pub from: Option<String>,
    /// Until when, in the same form.
    pub until: String,
    #[serde(default)]
    pub reason: Option<String>,
}
