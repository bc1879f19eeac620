//! A kind of work.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::codes! {
    /// What price and commission go by.
    pub enum Grouping {
        /// repair
        Repair = "repair" ("维修", "Repair"),
        /// installation
        Install = "install" ("安装", "Installation"),
        /// delivery and exchange
        Delivery = "delivery" ("送货", "Delivery"),
        /// cleaning and packing
        Cleaning = "cleaning" ("清洁打包", "Cleaning"),
        /// done by others
        Outsourced = "outsourced" ("外协", "Outsourced"),
        /// anything else
        Other = "other" ("其他", "Other"),
    }
}

db::row! {
    /// A kind of work as stored.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct WorkKind {
        /// Code, unchangeable.
        pub code: String,
        /// Chinese name.
        pub name: String,
        /// English name.
        pub name_en: String,
        /// Price and commission group.
        pub grouping: Grouping,
        /// Size: 1 minor, 2 medium, 3 major; 0: none.
        pub level: i64,
        /// A fault is repaired: root cause, repeat check.
        pub repair: bool,
        /// May be chosen for new orders.
        pub active: bool,
        /// Sort order.
        pub place: i64,
    }
}

impl WorkKind {
    /// Name in a language.
    pub fn label(&self, lang: kernel::Lang) -> &str {
        if lang == kernel::Lang::Zh || self.name_en.is_empty() { &self.name } else { &self.name_en }
    }
}

/// All kinds.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct KindsOut {
    /// In order.
    pub items: Vec<WorkKind>,
}

/// A kind of work as people set it up.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct WorkKindInput {
    /// Chinese name.
    pub name: String,
    /// English name.
    #[serde(default)]
    pub name_en: Option<String>,
    /// Price and commission group.
    pub grouping: Grouping,
    /// Size: 1 minor, 2 medium, 3 major; 0: none.
    #[serde(default)]
    pub level: i64,
    /// A fault is repaired.
    #[serde(default)]
    pub repair: bool,
    /// May be chosen.
    #[serde(default)]
    pub active: bool,
    /// Sort order.
    #[serde(default)]
    pub place: i64,
}
