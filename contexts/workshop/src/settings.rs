//! Numbers and texts of the workshop that a company may change (REQUIREMENTS §1.26: N-27…N-30).

use kernel::T;
use kit::settings::{Setting, SettingKind};

const SPAN: SettingKind = SettingKind::Text { max: 12 };
const TEXT: SettingKind = SettingKind::Text { max: 300 };
const NONE: T = T("", "");
const SPAN_UNIT: T = T("12h、7d 写作 168h", "12h; 7 days are 168h");
const FILL: T = T("可用 {product} {no} {part} {date}", "{product} {no} {part} {date} are filled in");

/// What happens when somebody takes a unit without having paid.
pub const UNSETTLED_CHOICES: &[(&str, T)] =
    &[("refuse", T("不允许取机", "refuse")), ("flag", T("允许，须写明原因", "allow with a reason"))];

macro_rules! setting {
    ($($(#[$meta:meta])* $name:ident = $key:literal, ($zh:literal, $en:literal), $unit:expr, $kind:expr, $default:literal;)*) => {
        $($(#[$meta])* pub static $name: Setting = Setting {
            key: $key, label: T($zh, $en), unit: $unit, kind: $kind, default: $default, per_org: true,
        };)*
        /// All of them, for the module.
        pub static ALL: &[&Setting] = &[
    &NUMBER_UNIT, &NUMBER_MAKER, $(&$name),*];
    };
}

setting! {
    /// Storage boxes (SHOP-03).
    BOXES = "workshop.boxes", ("存物箱数量", "Storage boxes"), T("个", "boxes"), SettingKind::Int { min: 0, max: 9999 }, "60";
    /// The customer signs the receiving slip (SHOP-02).
    SIGN_RECEIPT = "workshop.sign_receipt", ("收机须客户签字", "Customers sign the receiving slip"), NONE, SettingKind::Bool, "true";
    /// Hours at the bench that a unit takes on average (SHOP-10).
    HOURS_PER_UNIT = "workshop.hours_per_unit", ("平均每台维修工时", "Hours of work per unit"), T("小时", "hours"), SettingKind::Int { min: 1, max: 200 }, "3";
    /// Pick-up without full payment (SHOP-25).
    UNSETTLED = "workshop.unsettled_pickup", ("未结清取机", "Pick-up before payment"), NONE, SettingKind::Choice(UNSETTLED_CHOICES), "\"refuse\"";
    /// First chase of a unit nobody picks up.
    CHASE_FIRST = "workshop.chase_first", ("无人取机：首次催取", "Not picked up: first chase after"), SPAN_UNIT, SPAN, "\"168h\"";
    /// Second chase.
    CHASE_SECOND = "workshop.chase_second", ("无人取机：二次催取", "Not picked up: second chase after"), SPAN_UNIT, SPAN, "\"720h\"";
    /// From then on it counts as abandoned.
    CHASE_LAST = "workshop.chase_last", ("无人取机：按约定处理", "Not picked up: dealt with as agreed after"), SPAN_UNIT, SPAN, "\"2160h\"";
    /// N-27: ask the maker so long before the promised date (SHOP-22).
    MAKER_ASK = "workshop.maker_ask_before", ("返厂催问提前量", "Ask the maker so long before its date"), SPAN_UNIT, SPAN, "\"12h\"";
    /// Who repaired may not sign the later checks (QC-01).
    OTHER_PERSON = "workshop.check_other_person", ("终检人不得是维修人", "The repairer may not sign the later checks"), NONE, SettingKind::Bool, "true";
    /// SHOP-24: repaired.
    SAY_REPAIRED = "workshop.say.repaired", ("通知：已修好", "Notice: repaired"), FILL, TEXT, "\"您的{product}（单号 {no}）已修好，请携接修单来取。\"";
    /// In English.
    SAY_REPAIRED_EN = "workshop.say.repaired_en", ("通知：已修好（英文）", "Notice: repaired (English)"), FILL, TEXT, "\"Your {product} ({no}) is repaired; please bring the receiving slip to pick it up.\"";
    /// SHOP-24: goods arrived.
    SAY_ARRIVED = "workshop.say.arrived", ("通知：配件到货", "Notice: goods arrived"), FILL, TEXT, "\"您的{product}（单号 {no}）所需配件已到货，我们马上安排维修。\"";
    /// In English.
    SAY_ARRIVED_EN = "workshop.say.arrived_en", ("通知：配件到货（英文）", "Notice: goods arrived (English)"), FILL, TEXT, "\"The parts for your {product} ({no}) have arrived; the repair goes on now.\"";
    /// SHOP-24, SHOP-19: repair takes longer.
    SAY_EXTENDED = "workshop.say.extended", ("通知：延长修理时间", "Notice: repair takes longer"), FILL, TEXT, "\"很抱歉，您的{product}（单号 {no}）需要延长修理时间，预计 {date} 可取。\"";
    /// In English.
    SAY_EXTENDED_EN = "workshop.say.extended_en", ("通知：延长修理时间（英文）", "Notice: repair takes longer (English)"), FILL, TEXT, "\"We are sorry: your {product} ({no}) takes longer; it should be ready on {date}.\"";
    /// SHOP-24, SHOP-20: a part is missing.
    SAY_WAITING = "workshop.say.waiting", ("通知：等待配件", "Notice: waiting for parts"), FILL, TEXT, "\"您的{product}（单号 {no}）在等配件 {part}，到货后马上通知您。\"";
    /// In English.
    SAY_WAITING_EN = "workshop.say.waiting_en", ("通知：等待配件（英文）", "Notice: waiting for parts (English)"), FILL, TEXT, "\"Your {product} ({no}) waits for {part}; we tell you when it is here.\"";
    /// SHOP-24: a part ordered by the customer waits.
    SAY_ORDERED = "workshop.say.ordered", ("通知：预订件待取", "Notice: ordered part waits"), FILL, TEXT, "\"您预订的配件 {part} 已到，请来取。\"";
    /// In English.
    SAY_ORDERED_EN = "workshop.say.ordered_en", ("通知：预订件待取（英文）", "Notice: ordered part waits (English)"), FILL, TEXT, "\"The part you ordered, {part}, has arrived and waits for you.\"";
}

/// Units in the workshop (DESIGN §6).
pub static NUMBER_UNIT: Setting = kit::numbering::pattern(
    "number.RS",
    T("编号规则：店修收机单", "Numbers: units in the workshop"),
    "\"RS-{yyyyMMdd}-{0000}\"",
);
/// Returns to makers (DESIGN §6).
pub static NUMBER_MAKER: Setting = kit::numbering::pattern(
    "number.RF",
    T("编号规则：返厂单", "Numbers: returns to makers"),
    "\"RF-{yyyyMMdd}-{0000}\"",
);
