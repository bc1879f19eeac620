//! What the dashboard is made of.

use kernel::{Date, Id, Money, Quantity, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Days from `from` to `to`, both included, in the zone of the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Period {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

db::row! {
    /// An order as figures need it.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Fact {
        /// Opened.
        pub created_at: Ts,
        /// Done; none while it is not.
        pub done_at: Option<Ts>,
        /// Organisation.
        pub org_id: Id,
        /// Engineer.
        pub engineer_id: Option<Id>,
        /// Model.
        pub model_id: Option<Id>,
        /// Its name when the order was opened.
        pub model_name: String,
        /// Service area.
        pub region: String,
        /// Clocks that ran out, by kind.
        pub late: String,
        /// How well the repair held (WO-45).
        pub fix_class: String,
        /// Result of the last callback (CB-09); empty: not called yet.
        pub callback_class: String,
        /// The order that this one repeats.
        pub repeat_of: Option<Id>,
        /// Total before warranty.
        pub gross: Money,
        /// A repair that was not called off: what fault rates count. Installations, deliveries and cleaning are no faults.
        pub fault: bool,
    }
}

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Rate {
    /// How many.
    pub hits: i64,
    /// Of how many.
    pub of: i64,
}

impl Rate {
    /// Counts one.
    pub fn add(&mut self, hit: bool) {
        self.of += 1;
        self.hits += i64::from(hit);
    }

    /// Share in basis points; none of nothing.
    pub fn bp(self) -> Option<i64> {
        (self.of > 0).then(|| (self.hits * 20_000 + self.of) / (self.of * 2))
    }
}

/// Figures of a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Totals {
    /// Orders opened.
    pub taken: i64,
    /// Orders done.
    pub done: i64,
    /// Done orders of which no clock ran out (REP-11).
    pub on_time: Rate,
    /// Done orders with a known result that held at the first attempt (REP-12).
    pub first_fix: Rate,
    /// Opened orders that repeat an earlier repair of the unit (REP-12).
    pub repeat: Rate,
    /// Done and called orders whose customer is satisfied (REP-05).
    pub satisfied: Rate,
    /// Sum of the times from opening to done, microseconds, over all done orders.
    pub repair_micros: i64,
    /// Totals of done orders before warranty.
    pub gross: Money,
    /// Complaints that came in (COMP-10, REP-02).
    pub complaints: i64,
    /// Done orders that were repairs: what the fault rate of a part is divided by (REP-03).
    pub repaired: i64,
}

/// One line of a league table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct League {
    /// Engineer or organisation.
    pub id: Id,
    /// Name.
    pub name: String,
    /// Orders done.
    pub done: i64,
    /// As in [`Totals`].
    pub on_time: Rate,
    /// As in [`Totals`].
    pub first_fix: Rate,
    /// As in [`Totals`].
    pub satisfied: Rate,
}

/// A model and its faults (REP-03).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Faults {
    /// Model.
    pub model_id: Id,
    /// Name.
    pub name: String,
    /// Faults: repair orders opened for it that were not called off.
    pub faults: i64,
    /// As many days before.
    pub faults_before: i64,
    /// Units of the model that are recorded within the caller's reach.
    pub units: i64,
}

/// A service area and its faults (REP-03).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Area {
    /// Area; empty: not said.
    pub region: String,
    /// Orders opened in it, of every kind.
    pub orders: i64,
    /// Faults: repair orders among them that were not called off.
    pub faults: i64,
    /// As many days before.
    pub faults_before: i64,
    /// Units of customers of the area that are recorded within the caller's reach.
    pub units: i64,
}

/// One day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DayCount {
    /// Day.
    pub day: Date,
    /// Orders opened.
    pub taken: i64,
    /// Orders done.
    pub done: i64,
}

/// One month of the calendar and its faults (REP-03: by period).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MonthCount {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Faults: repair orders opened in it that were not called off.
    pub faults: i64,
}

/// Open orders of a state by age in days of the calendar: opened today, one or two days ago, three to six, earlier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OpenState {
    /// State.
    pub state: String,
    /// Counts by age.
    pub ages: [i64; 4],
}

db::row! {
    /// A part and how much of it was used.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
    pub struct PartUse {
        /// Code.
        pub code: String,
        /// Name.
        pub name: String,
        /// Thousandths used.
        pub quantity: Quantity,
        /// Before warranty.
        pub gross: Money,
        /// Orders that used it, of every kind.
        pub orders: i64,
        /// Repairs among them: faults of the part.
        pub faults: i64,
    }
}

/// A part that was used, with its faults of the period before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PartLine {
    /// The part.
    #[serde(flatten)]
    pub part: PartUse,
    /// Faults in as many days before.
    pub faults_before: i64,
}

db::row! {
    /// An order that used a part: what stands behind the figure.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
    pub struct PartOrder {
        /// Order.
        pub id: Id,
        /// Its number.
        pub no: String,
        /// Customer.
        pub customer_name: String,
        /// Model.
        pub model_name: String,
        /// Done.
        pub done_at: Ts,
        /// Thousandths used.
        pub quantity: Quantity,
        /// Before warranty.
        pub gross: Money,
        /// A repair: counts as a fault of the part.
        pub fault: bool,
    }
}

db::row! {
    /// Documents of a kind that run now.
    pub struct Running {
        pub code: String,
        pub name: String,
        pub name_en: String,
        pub n: i64,
        pub late: i64,
        pub contact: i64,
    }
}

db::row! {
    /// Documents of a kind that were brought to their end.
    pub struct Ended {
        pub code: String,
        pub name: String,
        pub name_en: String,
        pub n: i64,
        pub micros: i64,
    }
}

/// Process documents of a kind that stand for themselves; runs of orders are counted as orders (REP-01).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct KindLine {
    /// Code of the template.
    pub code: String,
    /// Name in Chinese.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// Running now.
    pub running: i64,
    /// Running, and a clock of them ran out.
    pub late: i64,
    /// Running, and at a step with the customer; the others are inside the company (DOC-20).
    pub contact: i64,
    /// Brought to their end in the period; what was called off, broken off or given back is not.
    pub done: i64,
    /// Sum of the times from opening to the end of those, microseconds.
    pub micros: i64,
}

/// Everything on the page.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Board {
    /// Which days.
    pub period: Period,
    /// As many days before them, for comparison.
    pub before: Period,
    /// Figures of the period.
    pub totals: Totals,
    /// Figures before.
    pub totals_before: Totals,
    /// Day by day.
    pub days: Vec<DayCount>,
    /// Faults of the twelve months that end with the one of the period's last day.
    pub months: Vec<MonthCount>,
    /// Units recorded within the caller's reach: what the faults of a month are divided by.
    pub units: i64,
    /// Open orders now.
    pub open: Vec<OpenState>,
    /// Results of callbacks on done orders, most frequent first.
    pub classes: Vec<(String, i64)>,
    /// Models with most faults.
    pub models: Vec<Faults>,
    /// Areas with most orders.
    pub regions: Vec<Area>,
    /// Engineers with most orders done.
    pub engineers: Vec<League>,
    /// Organisations with most orders done.
    pub outlets: Vec<League>,
    /// Parts used most, by value.
    pub parts: Vec<PartLine>,
    /// Process documents that stand for themselves, by kind.
    pub documents: Vec<KindLine>,
    /// When it was read.
    pub at: Ts,
}
