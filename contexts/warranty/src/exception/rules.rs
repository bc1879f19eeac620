//! Which exceptions may be granted, pure (WARR-24).

use kernel::{Problems, RuleError, T};

use super::model::{ExceptionKind, NewException};
use crate::policy::model::Verdict;

/// Goodwill needs an amount and covers; a borderline case is decided one way or the other; both need a reason.
///
/// Problems: `warranty.reason`, `warranty.amount`, `warranty.undecided`.
pub fn check(input: &NewException) -> Result<(), Problems> {
    let mut problems = Problems::new();
    problems.check((2..=1000).contains(&input.reason.trim().chars().count()), || {
        RuleError::new(
            "warranty.reason",
            T("请写明理由（2–1000 字）", "Give a reason of 2 to 1000 characters"),
        )
        .field("reason")
    });
    let amount = input.amount.0;
    problems.check(
        !amount.is_negative() && (input.kind != ExceptionKind::Goodwill || !amount.is_zero()),
        || {
            RuleError::new("warranty.amount", T("减免必须有正的金额", "Goodwill needs an amount above zero"))
                .field("amount")
        },
    );
    problems.check(input.verdict != Verdict::Refer, || {
        RuleError::new("warranty.undecided", T("必须给出保内或保外的结论", "Decide: covered or not covered"))
            .field("verdict")
    });
    problems.check(input.kind != ExceptionKind::Goodwill || input.verdict != Verdict::NotCovered, || {
        RuleError::new(
            "warranty.goodwill",
            T("减免即由公司承担，结论应为保内", "Goodwill means that the company bears it"),
        )
        .field("verdict")
    });
    problems.finish()
}

#[cfg(test)]
mod tests {
    use kernel::{Id, Money};

    use super::*;
    use crate::inputs::Amount;

    fn codes(kind: ExceptionKind, verdict: Verdict, amount: i64, reason: &str) -> Vec<&'static str> {
        let input = NewException {
            doc_kind: "order".into(),
            doc_id: Id::NIL,
            unit_id: None,
            kind,
            verdict,
            amount: Amount(Money(amount)),
            reason: reason.into(),
        };
        check(&input).map_or_else(|p| p.0.iter().map(|p| p.code).collect(), |()| Vec::new())
    }

    #[test]
    fn goodwill_has_a_price_and_a_borderline_case_an_end() {
        use ExceptionKind::{Borderline, Goodwill};
        use Verdict::{Covered, NotCovered, Refer};
        assert!(codes(Goodwill, Covered, 1, "老客户").is_empty());
        assert!(codes(Borderline, NotCovered, 0, "进水").is_empty());
        assert_eq!(codes(Goodwill, Covered, 0, "老客户"), ["warranty.amount"]);
        assert_eq!(codes(Goodwill, NotCovered, 5, "老客户"), ["warranty.goodwill"]);
        assert_eq!(
            codes(Borderline, Refer, -1, " "),
            ["warranty.reason", "warranty.amount", "warranty.undecided"]
        );
    }
}
