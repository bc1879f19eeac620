//! What would have to be different.
use serde::{Deserialize, Serialize};
/// A change.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Counterfactual {}
