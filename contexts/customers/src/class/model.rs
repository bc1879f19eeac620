//! Customer classes: a table that companies extend (CUST-03).

use db::row;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

row! {
    /// A class of customers.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
    pub struct ClassRow {
        /// Code, never changed.
        pub code: String,
        /// Chinese label.
        pub zh: String,
        /// English label.
        pub en: String,
        /// Order in choices.
        pub sort: i64,
        /// Offered for new files.
        #[serde(default)]
        pub active: bool,
    }
}

impl ClassRow {
    /// The label of one language.
    pub fn label(&self, lang: kernel::Lang) -> &str {
        match lang {
            kernel::Lang::Zh => &self.zh,
            kernel::Lang::En => &self.en,
        }
    }
}
