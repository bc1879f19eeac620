//! What a receipt must say.

use kernel::{Money, Problems, RuleError, T};

use super::model::{ReceiptInput, ReceiptKind, ReceiptLineInput};
use crate::{
    input,
    stock::{model::StockState, rules::MOST},
};

/// All faults of a receipt's fields.
pub fn check(input: &ReceiptInput) -> Result<(), Problems> {
    let mut problems = Problems::new();
    problems.take(input::check_count(input.lines.len()));
    for (index, line) in input.lines.iter().enumerate() {
        let at = |field: &str| format!("lines.{index}.{field}");
        let fits = |n: i64| (0..=MOST).contains(&n);
        problems.check(
            fits(line.quantity.0) && fits(line.rejected.0) && line.quantity.0 + line.rejected.0 > 0,
            || {
                RuleError::new("parts.quantity", T("请填写大于零的数量", "The quantity must be above zero"))
                    .field(at("quantity"))
            },
        );
        problems.check(line.rejected.is_zero() || !line.reject_reason.trim().is_empty(), || {
            RuleError::new("parts.reject_reason", T("请填写拒收原因", "Say why it was refused"))
                .field(at("reject_reason"))
        });
        problems.check(line.unit_cost.is_none_or(|cost| !cost.is_negative()), || {
            RuleError::new("parts.negative_price", T("金额不能为负", "The amount can't be negative"))
                .field(at("unit_cost"))
        });
        problems.check(line.state != Some(StockState::InTransit), || {
            RuleError::new("parts.state", T("不能以此状态入库", "Goods can't be received in this state"))
                .field(at("state"))
        });
    }
    problems.finish()
}

/// State in which a line is received.
pub fn state_of(kind: ReceiptKind, line: &ReceiptLineInput) -> StockState {
    line.state.unwrap_or(if kind == ReceiptKind::Repaired { StockState::Repaired } else { StockState::New })
}

/// Cost of one piece of a line: as given, nothing for compensated goods (PARTS-20), the standard cost otherwise.
pub fn unit_cost(kind: ReceiptKind, line: &ReceiptLineInput, standard: Money) -> Money {
    match line.unit_cost {
        Some(cost) => cost,
        None if kind == ReceiptKind::Compensated => Money::ZERO,
        None => standard,
    }
}
