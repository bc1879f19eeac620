//! The answer as it stands in a file.

use serde::{Deserialize, Serialize};

/// A plan with its figures.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Answer {
    /// One per engineer and shift with visits.
    pub routes: Vec<RouteOut>,
    /// Jobs that nobody visits, each with a reason.
    #[serde(default)]
    pub unassigned: Vec<Unassigned>,
    /// Sum of their priorities.
    #[serde(default)]
    pub unassigned_priority: i64,
    /// Travel of all routes.
    #[serde(default)]
    pub travel_seconds: i64,
    /// Every term of the objective.
    #[serde(default)]
    pub objective: Terms,
    /// Time used.
    #[serde(default)]
    pub elapsed_seconds: f64,
    /// Ruin-and-recreate iterations.
    #[serde(default)]
    pub iterations: u64,
    /// Odd things in the input, in English, with their path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// One engineer's shift.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RouteOut {
    /// Id of the engineer.
    pub engineer: String,
    /// Index in his `shifts`.
    #[serde(default)]
    pub shift: u32,
    /// In order of time.
    pub stops: Vec<StopOut>,
    /// Travel of this route.
    #[serde(default)]
    pub travel_seconds: i64,
    /// When he is at his last place.
    #[serde(default)]
    pub end: i64,
}

/// Something that happens at a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum StopOut {
    /// A visit.
    Visit {
        /// Id of the job.
        job: String,
        /// At the door.
        arrive: i64,
        /// Service begins.
        start: i64,
        /// Service is over.
        depart: i64,
    },
    /// Parts are picked up.
    Pickup {
        /// Id of the depot.
        pickup: String,
        /// At the depot.
        arrive: i64,
        /// Begins.
        start: i64,
        /// Over.
        depart: i64,
    },
    /// A break.
    Break {
        /// Always true.
        #[serde(rename = "break")]
        is_break: bool,
        /// Begins.
        start: i64,
        /// Over.
        depart: i64,
    },
}

/// A job that nobody visits.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Unassigned {
    /// Id of the job.
    pub job: String,
    /// Code, see [`crate::words`].
    #[serde(default)]
    pub reason: String,
    /// The figures behind it, short.
    #[serde(default)]
    pub detail: String,
    /// The reason in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<crate::words::Text>,
    /// What would have to be different, proven by trying it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counterfactuals: Vec<crate::counterfactual::Counterfactual>,
}

/// Every term of the objective in its own unit, and its price.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Terms {
    /// `lexicographic` or `weighted`.
    pub kind: String,
    /// Sum of weighted terms; for the default objective travel seconds.
    pub total: f64,
    /// Points of priority left out.
    pub unassigned_priority: i64,
    /// Seconds of travel.
    pub travel_seconds: i64,
    /// Seconds of work that ends after its job's deadline.
    pub lateness_seconds: i64,
    /// Seconds after the agreed ends of shifts.
    pub overtime_seconds: i64,
    /// Σ (work − mean)² / mean shift length.
    pub imbalance_seconds: f64,
    /// Largest less smallest work of an engineer with a shift, in seconds.
    pub work_spread_seconds: i64,
    /// Visits with another engineer than in the previous plan.
    pub changed_engineers: i64,
    /// Seconds that starts moved against the previous plan.
    pub moved_seconds: i64,
    /// Visits by others than the preferred engineers.
    pub not_preferred: i64,
    /// Price of each term that counts, by name of its weight.
    pub prices: std::collections::BTreeMap<String, f64>,
}
