//! How lines become a month's pay; pure (PAY-09, 15).

use kernel::{Id, Money, RuleError};

use super::model::Sums;
use crate::line::model::LineKind;

/// What a sheet needs to know of a line.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    /// What.
    pub kind: LineKind,
    /// Signed amount.
    pub amount: Money,
    /// Signed points.
    pub points: i64,
    /// The order.
    pub order: Option<Id>,
}

/// Adds up a sheet. Every line is in exactly one of the sums, so that the total is the wages plus all lines.
///
/// Errors: `number.too_large`.
pub fn add_up(wage: Money, allowance: Money, items: &[Item]) -> Result<Sums, RuleError> {
    let sum = |kinds: &[LineKind]| {
        Money::sum(items.iter().filter(|item| kinds.contains(&item.kind)).map(|item| item.amount))
    };
    let commission = sum(&[LineKind::Commission])?;
    let rewards = sum(&[LineKind::Reward])?;
    let deductions = sum(&[LineKind::Deadline, LineKind::AuditDeduction, LineKind::Penalty])?.neg();
    let corrections = sum(&[LineKind::Reversal])?;
    let total = Money::sum([wage, allowance, commission, rewards, deductions.neg(), corrections])?;
    let mut jobs: Vec<Id> =
        items.iter().filter(|item| item.kind == LineKind::Commission).filter_map(|item| item.order).collect();
    jobs.sort_unstable();
    jobs.dedup();
    Ok(Sums {
        wage,
        allowance,
        commission,
        rewards,
        deductions,
        corrections,
        total,
        points: items.iter().map(|item| item.points).sum(),
        jobs: i64::try_from(jobs.len()).unwrap_or(i64::MAX),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_sheet_is_wage_plus_commissions_plus_rewards_minus_deductions() {
        let order = Some(Id(uuid::Uuid::from_u128(1)));
        let item = |kind, amount, points| Item { kind, amount: Money(amount), points, order };
        let sums = add_up(
            Money(300_000),
            Money(20_000),
            &[
                item(LineKind::Commission, 5_000, 0),
                item(LineKind::Commission, 1_000, 0),
                item(LineKind::Reward, 500, 3),
                item(LineKind::Deadline, -700, 0),
                item(LineKind::Penalty, 0, -5),
                item(LineKind::Reversal, -1_000, 0),
            ],
        )
        .expect("small");
        assert_eq!(
            (sums.commission, sums.rewards, sums.deductions, sums.corrections),
            (Money(6_000), Money(500), Money(700), Money(-1_000))
        );
        assert_eq!((sums.total, sums.points, sums.jobs), (Money(324_800), -2, 1));
    }

    proptest! {
        #[test]
        fn no_line_is_lost_or_counted_twice(
            wage in 0i64..1_000_000,
            lines in proptest::collection::vec((0usize..6, -100_000i64..100_000), 0..40),
        ) {
            let items: Vec<Item> = lines
                .iter()
                .map(|(kind, amount)| Item { kind: LineKind::ALL[*kind], amount: Money(*amount), points: 0, order: None })
                .collect();
            let sums = add_up(Money(wage), Money::ZERO, &items).expect("small");
            prop_assert_eq!(sums.total.0, wage + lines.iter().map(|(_, amount)| amount).sum::<i64>());
        }
    }
}
