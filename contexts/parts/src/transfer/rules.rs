//! What a transfer must say.

use kernel::{Problems, RuleError, T};

use super::model::{TransferInput, TransferKind};
use crate::{
    depot::model::{DepotKind, DepotRow},
    input,
    stock::{
        model::StockState,
        rules::{MOST, share},
    },
};

/// All faults of a transfer's fields.
pub fn check(input: &TransferInput, from: &DepotRow, to: &DepotRow) -> Result<(), Problems> {
    let mut problems = Problems::new();
    problems.take(input::check_count(input.lines.len()));
    problems.check(from.id != to.id, || {
        RuleError::new("parts.same_depot", T("发出与接收不能是同一仓库", "The two depots must differ"))
            .field("to_id")
    });
    for (field, depot) in [("from_id", from), ("to_id", to)] {
        problems.check(depot.active && depot.kind != DepotKind::Transit, || {
            RuleError::new("parts.depot_inactive", T("仓库已停用", "The depot is not in use")).field(field)
        });
    }
    problems.check(input.kind != TransferKind::Draw || to.kind == DepotKind::Van, || {
        RuleError::new(
            "parts.draw_to_van",
            T("领料的接收方应为工程师车/包", "Draws go into an engineer's van"),
        )
        .field("to_id")
    });
    problems.check(input.kind != TransferKind::ReturnUnused || from.kind == DepotKind::Van, || {
        RuleError::new(
            "parts.return_from_van",
            T("退料的发出方应为工程师车/包", "Returns come out of an engineer's van"),
        )
        .field("from_id")
    });
    for (index, line) in input.lines.iter().enumerate() {
        problems.check(line.quantity.0 > 0 && line.quantity.0 <= MOST, || {
            RuleError::new("parts.quantity", T("请填写大于零的数量", "The quantity must be above zero"))
                .field(format!("lines.{index}.quantity"))
        });
        problems.check(line.state != Some(StockState::InTransit), || {
            RuleError::new("parts.state", T("不能选择此状态", "This state can't be chosen"))
                .field(format!("lines.{index}.state"))
        });
    }
    problems.finish()
}

/// Splits a wanted quantity over the free pieces by state: repaired before new (PARTS-29). What can't be had is
/// asked of new pieces, so that the ledger names the shortage.
pub fn split(want: i64, free_repaired: i64) -> Vec<(StockState, i64)> {
    let repaired = want.min(free_repaired.max(0));
    [(StockState::Repaired, repaired), (StockState::New, want - repaired)]
        .into_iter()
        .filter(|(_, n)| *n > 0)
        .collect()
}

/// Value of `quantity` of the pieces that are still on the way; all of it with the last piece.
pub fn part_of(open: i64, open_cost: i64, quantity: i64) -> i64 {
    share(open_cost, quantity, open)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repaired_pieces_go_before_new_ones() {
        assert_eq!(split(5, 2), [(StockState::Repaired, 2), (StockState::New, 3)]);
        assert_eq!(split(2, 7), [(StockState::Repaired, 2)]);
        assert_eq!(split(2, 0), [(StockState::New, 2)]);
        assert_eq!(split(2, -3), [(StockState::New, 2)]);
    }
}
