//! What a slip must say.

use kernel::{Problems, RuleError, T};

use super::model::{SlipInput, SlipPick};
use crate::{
    input,
    stock::{model::Pick, rules::MOST},
};

/// All faults of a slip's fields.
pub fn check(input: &SlipInput) -> Result<(), Problems> {
    let mut problems = Problems::new();
    problems.take(input::check_count(input.lines.len()));
    for (index, line) in input.lines.iter().enumerate() {
        problems.check(line.quantity.0 > 0 && line.quantity.0 <= MOST, || {
            RuleError::new("parts.quantity", T("请填写大于零的数量", "The quantity must be above zero"))
                .field(format!("lines.{index}.quantity"))
        });
    }
    let usual = matches!(input.pick, None | Some(SlipPick::RepairedFirst));
    problems.check(usual || input.reason.trim().chars().count() >= 2, || {
        RuleError::new(
            "parts.pick_reason",
            T("不按修复件优先时请填写原因", "Say why repaired pieces do not go first"),
        )
        .field("reason")
    });
    problems.finish()
}

/// The ledger's word for the choice.
pub fn pick(pick: SlipPick) -> Pick {
    match pick {
        SlipPick::RepairedFirst => Pick::RepairedFirst,
        SlipPick::NewFirst => Pick::NewFirst,
        SlipPick::NewOnly => Pick::NewOnly,
    }
}
