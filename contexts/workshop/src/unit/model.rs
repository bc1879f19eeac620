//! A unit in the house: what was received, where it stands, how it left.

use kernel::{Date, Id, Money, Ts};
use kit::{Owned, inputs::Amount};
use orders::api::{OrderBrief, State, WarrantyClass};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::codes! {
    /// Where a unit stands (维修机器管理, P-04). Follows from the order and from the pick-up; stored nowhere.
    pub enum BenchState {
        /// not begun
        ToRepair = "to_repair" ("待修", "To repair"),
        /// somebody works on it
        Repairing = "repairing" ("修理中", "Being repaired"),
        /// parts are missing
        Parts = "parts" ("待件", "Waits for parts"),
        /// a hard repair
        Hard = "hard" ("难修", "Hard repair"),
        /// at its maker
        Maker = "maker" ("返厂中", "At the maker"),
        /// for any other reason
        Waiting = "waiting" ("等待中", "Waiting"),
        /// repaired, in the house
        Ready = "ready" ("待取", "To be picked up"),
        /// not repaired, to be given back
        GiveBack = "give_back" ("待退机", "To be given back"),
        /// picked up
        Gone = "gone" ("已取", "Picked up"),
    }
}

impl BenchState {
    /// From the order's state and reason of waiting, and whether the unit has left.
    pub fn of(state: State, waiting: &str, left: bool) -> Self {
        match (state, waiting) {
            _ if left => Self::Gone,
            (State::Done | State::Confirmed | State::Audited | State::Closed, _) => Self::Ready,
            (State::Terminated | State::Returned | State::Cancelled, _) => Self::GiveBack,
            (State::Waiting, "parts") => Self::Parts,
            (State::Waiting, "hard") => Self::Hard,
            (State::Waiting, "factory") => Self::Maker,
            (State::Waiting, _) => Self::Waiting,
            (State::InProgress, _) => Self::Repairing,
            _ => Self::ToRepair,
        }
    }

    /// Code of the design system's state colour and ring.
    pub const fn look(self) -> &'static str {
        match self {
            Self::ToRepair => "new",
            Self::Repairing => "working",
            Self::Parts | Self::Waiting | Self::Maker => "parts",
            Self::Hard => "pending",
            Self::Ready => "done",
            Self::GiveBack => "canceled",
            Self::Gone => "closed",
        }
    }

    /// May be handed over.
    pub const fn leaves(self) -> bool {
        matches!(self, Self::Ready | Self::GiveBack)
    }
}

db::codes! {
    /// Where a unit is kept (SHOP-44).
    pub enum PlaceKind {
        /// on a shelf
        Shelf = "shelf" ("货架", "Shelf"),
        /// at a bench or bay
        Bay = "bay" ("工位", "Bay"),
        /// at a repairer outside
        Outside = "outside" ("外修点", "Outside repairer"),
        /// at its maker
        Maker = "maker" ("厂家", "Maker"),
        /// where finished units wait
        Pickup = "pickup" ("待取区", "Pick-up shelf"),
    }
}

db::codes! {
    /// What comes along with a unit (SHOP-02).
    pub enum ArticleKind {
        /// belongs to the machine
        Accessory = "accessory" ("附件", "Accessory"),
        /// tool of the customer
        Tool = "tool" ("工具", "Tool"),
        /// other article of the customer
        Other = "other" ("随机物品", "Article"),
    }
}

db::codes! {
    /// Papers that come along (SHOP-04).
    pub enum PaperKind {
        /// bill of sale
        Invoice = "invoice" ("发票", "Invoice"),
        /// warranty card
        WarrantyCard = "warranty_card" ("保修卡", "Warranty card"),
        /// maintenance booklet, licence
        Booklet = "booklet" ("手册证件", "Booklet, licence"),
    }
}

db::codes! {
    /// How the person who picks up was recognised (SHOP-26).
    pub enum Identity {
        /// by the slip
        Slip = "slip" ("凭接修单", "Receiving slip"),
        /// by phone
        Phone = "phone" ("核对登记电话", "Registered phone"),
        /// by papers
        Card = "card" ("核对证件", "Identity card"),
    }
}

db::codes! {
    /// What is done before a unit is handed over (SHOP-26, 34, 36).
    pub enum HandOverCheck {
        /// what was done and what it costs
        Explained = "explained" ("已说明维修内容与费用", "Repair and price explained"),
        /// in front of the customer
        Tested = "tested" ("已当面试机", "Tested in front of the customer"),
        /// counted in front of the customer
        Articles = "articles" ("存物箱已清空，附件物品当面点清", "Box emptied, articles counted"),
        /// shown, or said where they went
        OldParts = "old_parts" ("旧件已交还或说明去向", "Old parts shown"),
        /// invoice, card, booklet
        Papers = "papers" ("证件资料已交还", "Papers given back"),
    }
}

db::codes! {
    /// Why a unit goes back unrepaired (SHOP-14).
    pub enum WhyBack {
        /// parts can't be had
        NoParts = "no_parts" ("等不到配件", "Parts can't be had"),
        /// can't be repaired here
        Hard = "hard" ("难修", "Hard repair"),
        /// too dear for the customer
        Quote = "quote" ("客户不同意报价", "Quote refused"),
        /// not worth it
        Worthless = "worthless" ("无维修价值", "Not worth repairing"),
        /// the customer took back the order
        Withdrawn = "withdrawn" ("客户撤回", "Withdrawn by the customer"),
        /// anything else, with a note
        Other = "other" ("其他", "Other"),
    }
}

/// An article that came along.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Article {
    /// What sort of thing.
    #[serde(default = "accessory")]
    pub kind: ArticleKind,
    /// Name.
    #[serde(default)]
    pub name: String,
    /// Pieces, 1…999.
    #[serde(default = "one")]
    pub pieces: i64,
    /// Remark.
    #[serde(default)]
    pub note: String,
}

const fn accessory() -> ArticleKind {
    ArticleKind::Accessory
}
const fn one() -> i64 {
    1
}

/// A paper that came along, verified (SHOP-04).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Paper {
    /// Which.
    pub kind: PaperKind,
    /// It came along; others are left out.
    #[serde(default)]
    pub seen: bool,
    /// It is valid for this unit.
    #[serde(default)]
    pub valid: bool,
    /// It is complete and in order.
    #[serde(default)]
    pub complete: bool,
    /// Number, or what differs.
    #[serde(default)]
    pub note: String,
}

db::record! {
    /// A unit in the house as stored.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    pub struct ShopUnit {
        pub id: Id,
        pub version: i64,
        pub no: String,
        pub org_id: Id,
        pub order_id: Id,
        pub order_no: String,
        pub customer_id: Id,
        /// JSON list of [`Article`].
        pub articles: String,
        pub outer_look: String,
        pub inner_look: String,
        pub parts_look: String,
        pub scratches: String,
        /// JSON list of [`Paper`].
        pub papers: String,
        pub anomalies: String,
        pub box_no: String,
        pub signed: bool,
        pub unsigned_reason: String,
        pub received_by: Id,
        pub received_name: String,
        pub received_at: Ts,
        pub place_kind: PlaceKind,
        pub place: String,
        pub placed_at: Ts,
        /// Whole days in the house; counted by a schedule so that lists can filter by it.
        pub days: i64,
        /// Checks of earlier rounds count no more: one failed, or the unit was at its maker.
        pub check_round: i64,
        /// Ready to be picked up since.
        pub ready_at: Option<Ts>,
        /// Code of [`WhyBack`]; empty unless given back unrepaired.
        pub why_back: String,
        pub back_note: String,
        pub notices: i64,
        pub noticed_at: Option<Ts>,
        pub last_notice: String,
        pub chases: i64,
        pub left_at: Option<Ts>,
        pub taker: String,
        /// Code of [`Identity`].
        pub identity: String,
        /// JSON list of [`HandOverCheck`] codes.
        pub checks: String,
        pub difference: String,
        /// Receivable at pick-up.
        pub due: Money,
        pub received: Money,
        pub settled: bool,
        pub unsettled_reason: String,
        pub settled_at: Option<Ts>,
        pub handed_by: Option<Id>,
        pub handed_name: String,
        pub created_at: Ts,
        pub updated_at: Ts,
    }
}

impl ShopUnit {
    /// A unit just received about which nothing is known yet.
    pub fn fresh(id: Id, now: Ts) -> Self {
        Self {
            id,
            version: 1,
            no: String::new(),
            org_id: Id::NIL,
            order_id: Id::NIL,
            order_no: String::new(),
            customer_id: Id::NIL,
            articles: String::new(),
            outer_look: String::new(),
            inner_look: String::new(),
            parts_look: String::new(),
            scratches: String::new(),
            papers: String::new(),
            anomalies: String::new(),
            box_no: String::new(),
            signed: false,
            unsigned_reason: String::new(),
            received_by: Id::NIL,
            received_name: String::new(),
            received_at: now,
            place_kind: PlaceKind::Shelf,
            place: String::new(),
            placed_at: now,
            days: 0,
            check_round: 1,
            ready_at: None,
            why_back: String::new(),
            back_note: String::new(),
            notices: 0,
            noticed_at: None,
            last_notice: String::new(),
            chases: 0,
            left_at: None,
            taker: String::new(),
            identity: String::new(),
            checks: "[]".into(),
            difference: String::new(),
            due: Money::ZERO,
            received: Money::ZERO,
            settled: false,
            unsettled_reason: String::new(),
            settled_at: None,
            handed_by: None,
            handed_name: String::new(),
            created_at: now,
            updated_at: now,
        }
    }

    /// The reference panels, clocks and logs use.
    pub fn doc(&self) -> kit::DocRef {
        kit::DocRef::new("shop_unit", self.id, &self.no)
    }

    /// What came along.
    pub fn articles(&self) -> Vec<Article> {
        serde_json::from_str(&self.articles).unwrap_or_default()
    }

    /// The papers that came along.
    pub fn papers(&self) -> Vec<Paper> {
        serde_json::from_str(&self.papers).unwrap_or_default()
    }
}

/// A unit with its order: rights are the order's.
#[derive(Clone, Debug)]
pub struct Held {
    pub unit: ShopUnit,
    pub order: OrderBrief,
}

impl Held {
    /// Where it stands.
    pub fn state(&self) -> BenchState {
        BenchState::of(self.order.state, &self.order.waiting, self.unit.left_at.is_some())
    }

    /// What it is called: model and serial, or the fault.
    pub fn name(&self) -> String {
        let name = format!("{} {}", self.order.model_name, self.order.serial);
        if name.trim().is_empty() { self.order.symptom.clone() } else { name.trim().to_string() }
    }
}

impl Owned for Held {
    fn org(&self) -> Id {
        self.unit.org_id
    }
    fn owners(&self) -> Vec<Id> {
        self.order.owners()
    }
}

/// Receiving slip (SHOP-02…04).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ReceiveUnit {
    /// What came along.
    pub articles: Vec<Article>,
    /// The same as a person types it: one a line, `遥控器 x2`, `工具:扳手`.
    pub articles_text: Option<String>,
    /// Outer surface.
    pub outer_look: String,
    /// Inner surface.
    pub inner_look: String,
    /// External parts.
    pub parts_look: String,
    /// Scratches and dents.
    pub scratches: String,
    /// Papers, verified.
    pub papers: Vec<Paper>,
    /// Anything that is not as it should be.
    pub anomalies: String,
    /// Storage box; the next free one unless given, when there are articles.
    pub box_no: Option<String>,
    /// Where the unit is put.
    pub place: String,
    /// Promised pick-up day (SHOP-10).
    pub pickup_on: Option<Date>,
    /// Customer's signature: PNG as data URL or Base64.
    #[serde(alias = "signature_png")]
    pub signature: Option<String>,
    /// Why there is no signature.
    pub unsigned_reason: Option<String>,
}

/// A place on the bench list.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PlaceUnit {
    /// Version seen.
    #[serde(default)]
    pub version: Option<i64>,
    /// What sort of place.
    pub place_kind: PlaceKind,
    /// Shelf, bay, or whom it is with.
    #[serde(default)]
    pub place: String,
}

/// Who repairs it (SHOP-11).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AssignUnit {
    /// Repair person.
    pub engineer_id: Id,
    /// Why, when somebody else had it.
    pub reason: Option<String>,
}

/// The unit is repaired: what caused it and what was done (SHOP-16).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Repaired {
    /// Attribution: `product`, `material`, `workmanship`, `customer`, `other`.
    pub cause: String,
    /// What really caused it.
    pub root_cause: Option<String>,
    /// What was done.
    pub result: Option<String>,
    /// Explanation and plan to help, when the customer caused it.
    pub assistance: Option<String>,
    /// What was seen of wear parts (PROD-17); items without a part are left out.
    pub wear: Vec<orders::api::WornPart>,
    /// Where it waits for its customer.
    pub place: String,
}

/// Given back unrepaired, or terminated before work (SHOP-14, SHOP-15).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct GiveBack {
    /// Why.
    pub why: WhyBack,
    /// In words; needed for `other`.
    #[serde(default)]
    pub note: String,
}

/// Pick-up (SHOP-25, SHOP-26).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PickUp {
    /// Version seen.
    pub version: Option<i64>,
    /// Who takes it; the order's contact unless given.
    pub taker: String,
    /// How they were recognised.
    pub identity: Option<Identity>,
    /// What was done before.
    pub checks: Vec<HandOverCheck>,
    /// What was missing or differed when counted.
    pub difference: String,
    /// Amount received now; minor units, or yuan as text.
    pub received: Option<Amount>,
    /// When the customer likes to be called back, `18:00-20:00`: kept in their file (CUST-13).
    pub call_time: Option<String>,
    /// Why it leaves unpaid, where that is allowed.
    pub unsettled_reason: Option<String>,
    /// Customer's signature: PNG as data URL or Base64. Mandatory.
    #[serde(alias = "signature_png")]
    pub signature: Option<String>,
}

/// The rest of the money came later.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Settle {
    /// Received now.
    pub received: Amount,
    /// Remark.
    #[serde(default)]
    pub note: String,
}

/// How full the workshop is (SHOP-10).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Load {
    /// Units whose repair is still to be done.
    pub waiting: i64,
    /// People who repair.
    pub repairers: i64,
    /// Average hours per unit.
    pub hours_per_unit: i64,
    /// A unit received now can be ready on this day.
    pub earliest: Date,
}

/// A unit in the house for callers.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct UnitOut {
    /// Which.
    pub id: Id,
    /// Number of the receiving slip.
    pub no: String,
    /// Version.
    pub version: i64,
    /// Where it stands.
    pub state: BenchState,
    /// Its order.
    pub order_id: Id,
    /// Number of the order.
    pub order_no: String,
    /// State of the order.
    pub order_state: State,
    /// Customer.
    pub customer_id: Id,
    /// Their name.
    pub customer_name: String,
    /// Model.
    pub model_name: String,
    /// Serial.
    pub serial: String,
    /// Current fault (SHOP-13).
    pub symptom: String,
    /// Warranty class.
    pub warranty: WarrantyClass,
    /// Repair person.
    pub engineer_id: Option<Id>,
    /// Their name.
    pub engineer_name: String,
    /// What came along.
    pub articles: Vec<Article>,
    /// Papers that came along.
    pub papers: Vec<Paper>,
    /// Outer surface.
    pub outer_look: String,
    /// Inner surface.
    pub inner_look: String,
    /// External parts.
    pub parts_look: String,
    /// Scratches.
    pub scratches: String,
    /// Anything that was not as it should be.
    pub anomalies: String,
    /// Storage box.
    pub box_no: String,
    /// The customer signed the slip.
    pub signed: bool,
    /// Received.
    pub received_at: Ts,
    /// What sort of place.
    pub place_kind: PlaceKind,
    /// Shelf, bay, or whom it is with.
    pub place: String,
    /// Whole days in the house.
    pub days: i64,
    /// Promised pick-up day.
    pub pickup_on: Option<Date>,
    /// Ready since.
    pub ready_at: Option<Ts>,
    /// Receivable: what the customer pays.
    pub due: Money,
    /// Received so far.
    pub received: Money,
    /// Nothing is owed any more.
    pub settled: bool,
    /// The over-quote stop is on (SHOP-18).
    pub over_quote: bool,
    /// Picked up.
    pub left_at: Option<Ts>,
    /// By whom.
    pub taker: String,
    /// Times the customer was told something.
    pub notices: i64,
    /// Times somebody was reminded that nobody picks it up.
    pub chases: i64,
    /// Stages of inspection still to be passed.
    pub checks_open: Vec<crate::check::model::Stage>,
    /// What to look at, for example a promise shorter than the workshop can hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}
