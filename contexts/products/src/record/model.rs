//! What is recorded on a unit over its life.

use db::{codes, row};
use kernel::{Date, Id, Ts};
use kit::DocRef;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

codes! {
    /// Notes stay open until somebody deals with them.
    pub enum NoteState {
        Open = "open" ("未解决", "Open"),
        Closed = "closed" ("已解决", "Closed"),
    }
}

codes! {
    /// Changes of owner and place (PROD-19).
    pub enum EventKind {
        Transfer = "transfer" ("移交产权", "Ownership transferred"),
        Relocation = "relocation" ("转移场地", "Relocated"),
    }
}

row! {
    /// A document or accessory that belongs to the unit, ticked off at delivery (PROD-04).
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct UnitItem {
        /// Which.
        pub id: Id,
        /// What: 合格证, 说明书, 随机工具 …
        pub name: String,
        /// Handed over at; none: still missing.
        pub delivered_at: Option<Ts>,
        /// By this user.
        pub delivered_by: Option<Id>,
    }
}

row! {
    /// A problem found but not fixed, or a repair the customer refused (PROD-08).
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct UnitNote {
        /// Which.
        pub id: Id,
        /// What was found.
        pub text: String,
        /// The customer refused to have it done.
        pub refused: bool,
        /// Open or closed.
        pub state: NoteState,
        /// Kind of the document it was found on; empty: none.
        pub source_kind: String,
        /// That document.
        pub source_id: Option<Id>,
        /// Its number.
        pub source_no: String,
        /// Found at.
        pub opened_at: Ts,
        /// Closed at.
        pub closed_at: Option<Ts>,
        /// How it ended.
        pub result: String,
    }
}

row! {
    /// Remaining life of a wear part as seen at a visit (PROD-17).
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct WearSeen {
        /// Which.
        pub id: Id,
        /// Part: 滤芯, 刹车片 …
        pub part: String,
        /// Remaining life in percent.
        pub percent: Option<i64>,
        /// Expected to last, in months.
        pub months: Option<i64>,
        /// Remark.
        pub remark: String,
        /// Number of the document.
        pub source_no: String,
        /// Seen at.
        pub seen_at: Ts,
    }
}

row! {
    /// A meter reading (PROD-09).
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct Reading {
        /// Which.
        pub id: Id,
        /// What the meter showed.
        pub value: i64,
        /// The meter was replaced before this reading.
        pub replaced: bool,
        /// Number of the document.
        pub source_no: String,
        /// Read at.
        pub read_at: Ts,
    }
}

row! {
    /// A change of owner or place (PROD-19).
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct UnitEvent {
        /// Which.
        pub id: Id,
        /// Transfer or relocation.
        pub kind: EventKind,
        /// Owner before.
        pub from_customer_id: Option<Id>,
        /// Owner after.
        pub to_customer_id: Option<Id>,
        /// Place before.
        pub from_place: String,
        /// Place after.
        pub to_place: String,
        /// Remark.
        pub remark: String,
        /// Took place on.
        pub on_date: Date,
        /// Recorded at.
        pub at: Ts,
    }
}

/// A new item of the delivery list.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewItem {
    /// What; up to 60 characters.
    pub name: String,
    /// Handed over already.
    #[serde(default)]
    pub delivered: bool,
}

/// A tick on the delivery list.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TickItem {
    /// Handed over, or not after all.
    #[serde(default)]
    pub delivered: bool,
}

/// A new note.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewNote {
    /// What was found; up to 1000 characters.
    pub text: String,
    /// The customer refused to have it done.
    #[serde(default)]
    pub refused: bool,
    /// The document it was found on.
    #[serde(default)]
    pub source: Option<DocRef>,
}

/// How a note ended.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CloseNote {
    /// Result; up to 400 characters.
    pub result: String,
}

/// What was seen of a wear part. At least one of percent and months.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewWear {
    /// Part.
    pub part: String,
    /// Remaining life in percent, 0 to 100.
    #[serde(default)]
    pub percent: Option<i64>,
    /// Expected to last, in months, 0 to 600.
    #[serde(default)]
    pub months: Option<i64>,
    /// Remark.
    #[serde(default)]
    pub remark: Option<String>,
    /// Number of the document.
    #[serde(default)]
    pub source_no: Option<String>,
}

/// A new meter reading.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewReading {
    /// What the meter shows.
    pub value: i64,
    /// The meter was replaced; the reading may be lower than the last one.
    #[serde(default)]
    pub replaced: bool,
    /// Number of the document.
    #[serde(default)]
    pub source_no: Option<String>,
}

/// A new owner.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Transfer {
    /// The new owner; none is refused.
    #[serde(default)]
    pub customer_id: Option<Id>,
    /// Took place on; none: today.
    #[serde(default)]
    pub on_date: Option<Date>,
    /// Remark.
    #[serde(default)]
    pub remark: Option<String>,
}

/// A new place.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Relocate {
    /// Where it stands now.
    pub place: String,
    /// Took place on; none: today.
    #[serde(default)]
    pub on_date: Option<Date>,
    /// Remark.
    #[serde(default)]
    pub remark: Option<String>,
}

/// Everything recorded on a unit.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Records {
    /// Delivery list.
    pub items: Vec<UnitItem>,
    /// Problems, open first.
    pub notes: Vec<UnitNote>,
    /// Wear parts, newest first.
    pub wear: Vec<WearSeen>,
    /// Meter readings, newest first.
    pub readings: Vec<Reading>,
    /// Changes of owner and place, newest first.
    pub events: Vec<UnitEvent>,
}
