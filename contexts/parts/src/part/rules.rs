//! What makes a part sound.

use kernel::{Problems, Quantity, RuleError, T};

use super::model::PartInput;

/// All faults of a part's fields.
pub fn check(input: &PartInput) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let code = input.code.trim();
    problems.check(
        !code.is_empty() && code.chars().count() <= 64 && !code.contains(char::is_control),
        || {
            RuleError::new(
                "parts.part_code",
                T("请填写 64 字以内的编码", "Give a code of at most 64 characters"),
            )
            .field("code")
        },
    );
    let name = input.name.trim();
    problems.check(!name.is_empty() && name.chars().count() <= 200, || {
        RuleError::new(
            "parts.part_name",
            T("请填写 200 字以内的名称", "Give a name of at most 200 characters"),
        )
        .field("name")
    });
    for (field, amount) in [("price", input.price), ("cost", input.cost)] {
        problems.check(amount.is_none_or(|amount| !amount.is_negative()), || {
            RuleError::new("parts.negative_price", T("金额不能为负", "The amount can't be negative"))
                .field(field)
        });
    }
    for (field, days) in [("lead_days", input.lead_days), ("replace_days", input.replace_days)] {
        problems.check(days.is_none_or(|days| (0..=36_500).contains(&days)), || {
            RuleError::new("parts.days", T("天数应在 0 到 36500 之间", "Days must be from 0 to 36,500"))
                .field(field)
        });
    }
    problems.finish()
}

/// Months of a lead time in days: a month is 30 days. `parts.days` unless from 0 to 1,000 months.
pub fn months_to_days(months: Quantity) -> Result<i64, RuleError> {
    if (0..=1_000_000).contains(&months.0) {
        return Ok((months.0 * 30 + 500) / 1000);
    }
    Err(RuleError::new(
        "parts.days",
        T("采购周期（月）应为 0 到 1000 的数", "Lead time in months must be from 0 to 1,000"),
    )
    .field("lead_time_months"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_of_lead_time_is_thirty_days() {
        assert_eq!(months_to_days(Quantity::units(6)).ok(), Some(180));
        assert_eq!(months_to_days(Quantity(500)).ok(), Some(15));
        assert!(months_to_days(Quantity(-1)).is_err());
    }
}
