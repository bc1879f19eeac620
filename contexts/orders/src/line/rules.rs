//! Amounts of lines and what saving one does. Pure.

use kernel::{Bp, Money, Quantity, RuleError, T};
use kit::Result;

use super::model::{LineKind, LineRow, Sheet, Stock, StockWish};
use crate::flow::State;

/// Shares of a unit's cost that the warranty bears, basis points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cover {
    /// of parts
    pub parts: i64,
    /// of labour and fees
    pub labour: i64,
    /// of travel
    pub travel: i64,
}

impl Cover {
    /// Everything.
    pub const FULL: Self = Self { parts: 10_000, labour: 10_000, travel: 10_000 };

    /// The share for a kind of line.
    pub const fn of(self, kind: LineKind) -> i64 {
        match kind {
            LineKind::Part => self.parts,
            LineKind::Labour | LineKind::Fee => self.labour,
            LineKind::Travel => self.travel,
            LineKind::Other => 0,
        }
    }
}

/// Gross amount of a line and what of it the customer pays. Errors: amounts out of range.
pub fn amounts(price: Money, quantity: Quantity, covered_bp: i64) -> Result<(Money, Money), RuleError> {
    let gross = price.checked_mul(quantity)?;
    let covered = gross.checked_bp(Bp(covered_bp))?;
    Ok((gross, gross.checked_sub(covered)?))
}

/// Sums over lines: before warranty, and payable. Lines that were given back count nothing.
pub fn totals(lines: &[LineRow]) -> Result<(Money, Money), RuleError> {
    let live = || lines.iter().filter(|line| line.stock != Stock::Returned);
    Ok((Money::sum(live().map(|line| line.gross))?, Money::sum(live().map(|line| line.amount))?))
}

/// What is left to pay after what was taken off by agreement; never below nothing.
pub fn payable(amount: Money, reduced: Money) -> Money {
    Money(amount.0.saturating_sub(reduced.0).max(0))
}

/// The sheet that belongs to a state: what is entered before dispatch stands on the intake sheet, and so on.
pub const fn sheet_of(state: State) -> Sheet {
    match state {
        State::New | State::Accepted => Sheet::Intake,
        State::Scheduled | State::InProgress | State::Waiting | State::Reopened => Sheet::Dispatch,
        State::Done => Sheet::Completion,
        _ => Sheet::Callback,
    }
}

/// The sheet of a new line: `own` is that of the moment. What is entered while the order is done may also stand on the
/// callback sheet (CB-22); no other sheet is the caller's to choose, for parts on sheets after the work count as used.
pub fn sheet(said: Option<Sheet>, own: Sheet, state: State) -> Result<Sheet, RuleError> {
    match said {
        None => Ok(own),
        Some(said) if said == own || (said == Sheet::Callback && state == State::Done) => Ok(said),
        Some(_) => {
            let text = T("当前只能填写{sheet}的行", "Lines are entered on the {sheet} now");
            Err(RuleError::new("orders.line_sheet", text).label("sheet", own.label()).field("sheet"))
        }
    }
}

/// What happens to the stock: sheets that go out with the engineer take parts unless something else is said
/// (PARTS-33). After the work there is nothing left to plan or to hold: what such a sheet names was used.
pub fn wish(said: Option<StockWish>, sheet: Sheet) -> Result<StockWish, RuleError> {
    match (said, sheet) {
        (None, Sheet::Intake) => Ok(StockWish::Plan),
        (Some(StockWish::Plan | StockWish::Reserve), Sheet::Completion | Sheet::Callback) => {
            let text = T(
                "完工后的备件行只能出库，不能仅计划或预约",
                "After the work parts can only be issued, not planned or reserved",
            );
            Err(RuleError::new("orders.line_late", text).field("stock"))
        }
        (said, _) => Ok(said.unwrap_or(StockWish::Issue)),
    }
}

/// The state a wish leads to on a sheet: what is entered with the completion or later is used already.
pub const fn stock_after(wish: StockWish, sheet: Sheet) -> Stock {
    match (wish, sheet) {
        (StockWish::Plan, _) => Stock::Planned,
        (StockWish::Reserve, _) => Stock::Reserved,
        (StockWish::Issue, Sheet::Completion | Sheet::Callback) => Stock::Used,
        (StockWish::Issue, _) => Stock::Issued,
    }
}

/// Quantities must be positive and, for countable things, sensible.
pub fn check_quantity(quantity: Quantity) -> Result<(), RuleError> {
    if quantity.0 > 0 && quantity <= Quantity::units(1_000_000) {
        return Ok(());
    }
    Err(RuleError::new("orders.line_quantity", T("数量应大于 0", "The quantity must be above 0"))
        .field("quantity"))
}

/// Priced by the lists: what commission is paid on (PAY-03).
pub const fn by_list(auto: bool, kind: LineKind) -> bool {
    auto || matches!(kind, LineKind::Part | LineKind::Labour)
}

/// Prices are never negative; discounts are lines of their own kind in billing.
pub fn check_price(price: Money) -> Result<(), RuleError> {
    if price.is_negative() {
        return Err(RuleError::new("orders.line_price", T("单价不能为负", "The price can't be negative"))
            .field("price"));
    }
    Ok(())
}

/// Cover changed by hand needs a share between 0 and 100 % and a reason (WO-48).
pub fn check_reclassify(covered_bp: i64, reason: &str) -> Result<(), RuleError> {
    if !(0..=10_000).contains(&covered_bp) {
        let text = T("保修承担比例应在 0–100% 之间", "The warranty share must be between 0 and 100 %");
        return Err(RuleError::new("orders.line_cover", text).field("covered_bp"));
    }
    if reason.trim().is_empty() {
        let text = T("改判保修须写明依据", "Say what the change of cover rests on");
        return Err(RuleError::new("orders.line_reason", text).field("reason"));
    }
    Ok(())
}

/// Once parts have left a depot the line stays with that depot; nothing goes back to mere planning that way.
pub fn check_wish(now: Stock, wish: StockWish) -> Result<(), RuleError> {
    if now.is_out() && wish != StockWish::Issue {
        let text = T(
            "备件已出库，减少数量或删除该行即可退回",
            "The part was issued; lower the quantity or delete the line to give it back",
        );
        return Err(RuleError::new("orders.line_issued", text).field("stock"));
    }
    Ok(())
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
