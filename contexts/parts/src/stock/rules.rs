//! Arithmetic of the ledger: pure, in integers only.

use kernel::{Quantity, RuleError, T};

use super::model::{Held, Pick};

/// Largest quantity (thousandths) of one posting; keeps sums far from the ends of `i64`.
pub const MOST: i64 = 1_000_000_000_000;

/// `quantity` if it is above zero and plausible: `parts.quantity` otherwise.
pub fn positive(quantity: Quantity, field: &str) -> Result<i64, RuleError> {
    if quantity.0 > 0 && quantity.0 <= MOST { Ok(quantity.0) } else { Err(bad_quantity(field)) }
}

/// `quantity` if it is zero or more and plausible: `parts.quantity` otherwise.
pub fn not_negative(quantity: Quantity, field: &str) -> Result<i64, RuleError> {
    if quantity.0 >= 0 && quantity.0 <= MOST { Ok(quantity.0) } else { Err(bad_quantity(field)) }
}

/// Units of measure of which there are no fractions. Of others, such as metres, kilograms or rolls, there are.
const COUNTED: &[&str] = &[
    "只", "个", "件", "台", "套", "块", "片", "颗", "支", "张", "把", "部", "辆", "pc", "pcs", "piece",
    "pieces", "ea", "each", "set", "sets", "unit", "units",
];

/// Whether things of this unit of measure come in whole numbers only.
pub fn counted(unit: &str) -> bool {
    COUNTED.contains(&unit.trim().to_lowercase().as_str())
}

/// A fraction of something counted.
pub fn not_whole(unit: &str) -> RuleError {
    let text = T("以“{unit}”计的备件应为整数", "Parts counted by {unit} go in whole numbers");
    RuleError::new("parts.whole", text).arg("unit", unit).field("quantity")
}

fn bad_quantity(field: &str) -> RuleError {
    RuleError::new("parts.quantity", T("数量不合适", "This quantity does not fit")).field(field)
}

/// Share of `total` that belongs to `part` of `whole`, rounded half up; everything for the whole.
///
/// So value leaves a balance with the last piece to the last cent, and no rounding is ever lost or invented.
/// `0 <= part <= whole`, `total >= 0`; the result is within `0..=total`.
pub fn share(total: i64, part: i64, whole: i64) -> i64 {
    if part >= whole {
        return total;
    }
    if part <= 0 || whole <= 0 || total <= 0 {
        return 0;
    }
    let product = i128::from(total) * i128::from(part);
    let rounded = (product * 2 + i128::from(whole)) / (i128::from(whole) * 2);
    i64::try_from(rounded).unwrap_or(total).min(total)
}

/// Value that leaves a balance with `take` pieces when `asked` was said to be their worth: never more than there
/// is, and all there is with the last piece.
pub fn leaving(on_hand: i64, value: i64, take: i64, asked: Option<i64>) -> i64 {
    if take >= on_hand {
        return value;
    }
    match asked {
        Some(asked) => asked.clamp(0, value),
        None => share(value, take, on_hand),
    }
}

/// Value of `count` further pieces at the average of `whole` pieces worth `total`, rounded half up.
pub fn per_piece(total: i64, whole: i64, count: i64) -> i64 {
    if whole <= 0 || count <= 0 || total <= 0 {
        return 0;
    }
    let product = i128::from(total) * i128::from(count);
    i64::try_from((product * 2 + i128::from(whole)) / (i128::from(whole) * 2)).unwrap_or(total)
}

/// Pieces to take from, or give to, one balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Index of the balance.
    pub at: usize,
    /// Pieces.
    pub quantity: i64,
    /// Of these, pieces that were promised to the line itself.
    pub promised: i64,
}

/// Chooses the balances from which `need` pieces are taken: the line's own promises first, then what is free, each
/// in the order of `pick` (PARTS-29, PARTS-33). `Err`: what could be had at most.
pub fn plan_take(held: &[Held], pick: Pick, need: i64) -> Result<Vec<Step>, i64> {
    let mut left = need;
    let mut steps: Vec<Step> = Vec::new();
    let order = || {
        pick.states().iter().flat_map(|state| held.iter().enumerate().filter(move |(_, h)| h.state == *state))
    };
    for (at, balance) in order() {
        let promised = left.min(balance.mine);
        if promised > 0 {
            steps.push(Step { at, quantity: promised, promised });
            left -= promised;
        }
    }
    for (at, balance) in order() {
        let free = left.min(balance.on_hand - balance.reserved);
        if free > 0 {
            match steps.iter_mut().find(|step| step.at == at) {
                Some(step) => step.quantity += free,
                None => steps.push(Step { at, quantity: free, promised: 0 }),
            }
            left -= free;
        }
    }
    if left == 0 { Ok(steps) } else { Err(need - left) }
}

/// Chooses the balances to which `back` of the issued pieces return: the last taken first, so that a repaired
/// piece that was rightly used stays used.
pub fn plan_back(held: &[Held], pick: Pick, back: i64) -> Vec<Step> {
    let mut left = back;
    let mut steps = Vec::new();
    for state in pick.states().iter().rev().chain(super::model::StockState::ALL) {
        for (at, balance) in held.iter().enumerate().filter(|(_, h)| h.state == *state) {
            let quantity = left.min(balance.issued);
            if quantity > 0 && !steps.iter().any(|step: &Step| step.at == at) {
                steps.push(Step { at, quantity, promised: 0 });
                left -= quantity;
            }
        }
    }
    steps
}

/// True when the alarm of a level must be switched, to which side: `available` at or below `minimum` is low.
/// A minimum of zero never alarms.
pub fn crossing(available: i64, minimum: i64, low: bool) -> Option<bool> {
    let is_low = minimum > 0 && available <= minimum;
    (is_low != low).then_some(is_low)
}

/// `parts.not_enough`: what is there, what is wanted, where.
pub fn not_enough(have: i64, want: i64, part: &str, depot: &str) -> RuleError {
    RuleError::new(
        "parts.not_enough",
        T(
            "{depot} 的 {part} 可用 {have}，需要 {want}",
            "{depot} has {have} of {part} available, {want} wanted",
        ),
    )
    .arg("have", Quantity(have))
    .arg("want", Quantity(want))
    .arg("part", part)
    .arg("depot", depot)
    .field("quantity")
}
