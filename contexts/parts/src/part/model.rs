//! Words of the catalogue.

use kernel::{Id, Money, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::codes! {
    /// Class of a part (PARTS-02).
    pub enum PartClass {
        Component = "component" ("零部件", "Component"),
        Consumable = "consumable" ("消耗品", "Consumable"),
        Standard = "standard" ("标准件", "Standard part"),
        ShortWear = "short_wear" ("短寿命易损件", "Short-life wear part"),
        LongWear = "long_wear" ("长周期易损件", "Long-process wear part"),
        Volume = "volume" ("大量同型件", "High-quantity identical part"),
        Large = "large" ("大型复杂件", "Large, cast or outsourced part"),
        Purchased = "purchased" ("外购件", "Purchased part"),
        KeyEquipment = "key_equipment" ("关键稀有设备件", "Part of rare key equipment"),
        Tool = "tool" ("工具", "Tool"),
        Auxiliary = "auxiliary" ("辅助设备", "Auxiliary equipment"),
    }
}

db::codes! {
    /// How it is stored (PARTS-03).
    pub enum StorageForm {
        Finished = "finished" ("成品", "Finished"),
        SemiFinished = "semi_finished" ("半成品", "Semi-finished"),
        Blank = "blank" ("毛坯", "Blank"),
        Set = "set" ("成对/成套", "Pair or set"),
        Assembly = "assembly" ("部件", "Assembly"),
    }
}

db::codes! {
    /// How much it hurts when it is missing.
    pub enum Criticality {
        Normal = "normal" ("一般", "Normal"),
        Important = "important" ("重要", "Important"),
        Critical = "critical" ("关键", "Critical"),
    }
}

db::row! {
    /// A part.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct PartRow {
        pub id: Id,
        pub code: String,
        pub name: String,
        pub spec: String,
        pub category: String,
        pub category_id: Option<Id>,
        pub class: PartClass,
        pub form: StorageForm,
        pub criticality: Criticality,
        pub unit: String,
        pub price: Money,
        pub cost: Money,
        pub lead_days: i64,
        pub replace_days: i64,
        pub fits: String,
        pub source: String,
        pub serialised: bool,
        pub old_part_due: bool,
        pub active: bool,
        pub note: String,
        pub version: i64,
        pub created_at: Ts,
        pub updated_at: Ts,
    }
}

/// A part, for other contexts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PartBrief {
    /// Which.
    pub id: Id,
    /// Code, unique.
    pub code: String,
    /// Name.
    pub name: String,
    /// Specification or model.
    pub spec: String,
    /// Unit of measure.
    pub unit: String,
    /// List price.
    pub price: Money,
    /// Each piece has a serial number.
    pub serialised: bool,
    /// The old part must come back for a new one (PARTS-30).
    pub old_part_due: bool,
}

impl From<PartRow> for PartBrief {
    fn from(row: PartRow) -> Self {
        Self {
            id: row.id,
            code: row.code,
            name: row.name,
            spec: row.spec,
            unit: row.unit,
            price: row.price,
            serialised: row.serialised,
            old_part_due: row.old_part_due,
        }
    }
}

/// Input: a new part, or all editable fields of an old one.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PartInput {
    /// Code, unique.
    pub code: String,
    /// Name.
    pub name: String,
    /// Specification or model.
    #[serde(default)]
    pub spec: String,
    /// Branch of the goods tree by name or path (`制冷/压缩机`); made when there is none. Only without `category_id`.
    #[serde(default)]
    pub category: String,
    /// Branch of the goods tree (PROD-01).
    #[serde(default)]
    pub category_id: Option<Id>,
    /// Class.
    #[serde(default)]
    pub class: Option<PartClass>,
    /// Storage form; pages call it otherwise, because a control called `form` would hide its form from scripts.
    #[serde(default, alias = "storage_form")]
    pub form: Option<StorageForm>,
    /// Criticality.
    #[serde(default)]
    pub criticality: Option<Criticality>,
    /// Unit of measure.
    #[serde(default)]
    pub unit: String,
    /// List price in fen.
    #[serde(default, deserialize_with = "crate::input::opt_money")]
    pub price: Option<Money>,
    /// Standard cost in fen; left as it is when absent.
    #[serde(default, deserialize_with = "crate::input::opt_money")]
    pub cost: Option<Money>,
    /// Days from order to arrival (采购周期).
    #[serde(default)]
    pub lead_days: Option<i64>,
    /// Replacement interval in days (更换周期); 0: none.
    #[serde(default)]
    pub replace_days: Option<i64>,
    /// Applicable equipment.
    #[serde(default)]
    pub fits: String,
    /// Way of acquiring (获得途径).
    #[serde(default)]
    pub source: String,
    /// Each piece has a serial number.
    #[serde(default)]
    pub serialised: bool,
    /// The old part must come back.
    #[serde(default)]
    pub old_part_due: bool,
    /// Not in use any more.
    #[serde(default)]
    pub inactive: bool,
    /// Anything else.
    #[serde(default)]
    pub note: String,
    /// Version the change is based on.
    #[serde(default)]
    pub version: Option<i64>,
}

impl PartInput {
    /// A part with a code and a name and nothing special.
    pub fn named(code: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            name: name.into(),
            spec: String::new(),
            category: String::new(),
            category_id: None,
            class: None,
            form: None,
            criticality: None,
            unit: String::new(),
            price: None,
            cost: None,
            lead_days: None,
            replace_days: None,
            fits: String::new(),
            source: String::new(),
            serialised: false,
            old_part_due: false,
            inactive: false,
            note: String::new(),
            version: None,
        }
    }
}

/// A part as its page and the API show it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PartOut {
    pub id: Id,
    pub code: String,
    pub name: String,
    pub spec: String,
    /// Name of its branch of the goods tree.
    pub category: String,
    /// That branch.
    pub category_id: Option<Id>,
    pub class: PartClass,
    pub form: StorageForm,
    pub criticality: Criticality,
    pub unit: String,
    pub price: Money,
    /// Standard cost; absent for those who may not see costs.
    pub cost: Option<Money>,
    pub lead_days: i64,
    pub replace_days: i64,
    pub fits: String,
    pub source: String,
    pub serialised: bool,
    pub old_part_due: bool,
    pub active: bool,
    pub note: String,
    pub version: i64,
}

db::row! {
    /// A part that may stand in for another.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct Substitute {
        /// The link.
        pub id: Id,
        /// The other part.
        pub other_id: Id,
        /// Its code.
        pub code: String,
        /// Its name.
        pub name: String,
        /// Works in both directions.
        pub both_ways: bool,
        /// Remark.
        pub note: String,
    }
}

/// Input: a substitute.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SubstituteInput {
    /// Code of the part that may stand in.
    pub code: String,
    /// Also the other way round.
    #[serde(default)]
    pub both_ways: bool,
    /// Remark.
    #[serde(default)]
    pub note: String,
}
