//! What a label leads to.

use kernel::{Date, Id};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::codes! {
    /// How the warranty of a unit stands.
    pub enum Cover {
        /// covered today
        In = "in" ("保修期内", "In warranty"),
        /// over
        Out = "out" ("已过保修期", "Out of warranty"),
        /// cannot be said without papers
        Ask = "ask" ("保修状态请咨询服务热线", "Ask the hotline about the warranty"),
    }
}

/// A paper that may be read.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PaperLink {
    /// The file.
    pub file_id: Id,
    /// Its title.
    pub title: String,
    /// Where it is read.
    pub path: String,
}

/// A unit as anybody sees it: nothing of its owner.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct UnitPage {
    /// Name of the model.
    pub model_name: String,
    /// Serial number.
    pub serial: String,
    /// Number of the unit.
    pub no: String,
    /// How the warranty stands.
    pub warranty: Cover,
    /// Its last day, when it has one.
    pub warranty_until: Option<Date>,
    /// Whom to call; empty: not set.
    pub hotline: String,
    /// What may be read.
    pub papers: Vec<PaperLink>,
    /// A fault can be reported at this page.
    pub report_path: String,
}
