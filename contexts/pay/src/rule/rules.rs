//! What a pay rule may say, and which one it replaces; pure (PAY-01, 04, 05, 16).

use kernel::{Date, Id, Problems, RuleError, T};

use super::model::{Base, Measure, NewCommission, NewItem, NewStep, NewWage, Trigger, WageRow};

fn name_of(problems: &mut Problems, name: &str) {
    problems.check((1..=60).contains(&name.trim().chars().count()), || {
        RuleError::new("pay.name", T("名称为 1–60 个字", "The name has 1 to 60 characters")).field("name")
    });
}

fn note_of(problems: &mut Problems, note: &str) {
    problems.check(note.chars().count() <= 500, || {
        RuleError::new("pay.note", T("说明最多 500 字", "The note has at most 500 characters")).field("note")
    });
}

fn amount_of(problems: &mut Problems, amount: i64, least: i64, field: &'static str) {
    problems.check((least..=100_000_000).contains(&amount), || {
        RuleError::new(
            "pay.amount",
            T("金额应在 {least} 至 1,000,000 之间", "The amount must be {least} to 1,000,000"),
        )
        .arg("least", kernel::Money(least))
        .field(field)
    });
}

/// Checks a commission rule. Problems: `pay.name`, `pay.grade`, `pay.ratio`, `pay.amount`, `pay.note`.
pub fn check_commission(input: &NewCommission) -> Result<(), Problems> {
    let mut problems = Problems::new();
    name_of(&mut problems, &input.name);
    note_of(&mut problems, &input.note);
    grade_of(&mut problems, input.grade);
    if input.base == Base::Fixed {
        amount_of(&mut problems, input.amount.0.0, 0, "amount");
    } else {
        problems.check((0..=10_000).contains(&input.ratio.0.0), || {
            RuleError::new("pay.ratio", T("比例应在 0–100% 之间", "The ratio must be 0 to 100 per cent"))
                .field("ratio")
        });
    }
    problems.finish()
}

fn grade_of(problems: &mut Problems, grade: i64) {
    problems.check((0..=5).contains(&grade), || {
        RuleError::new("pay.grade", T("技术等级为 1–5，0 为全部", "A grade is 1 to 5, or 0 for any"))
            .field("grade")
    });
}

/// Checks a step. Problems: `pay.hours`, `pay.amount`, `pay.note`.
pub fn check_step(input: &NewStep) -> Result<(), Problems> {
    let mut problems = Problems::new();
    note_of(&mut problems, &input.note);
    amount_of(&mut problems, input.amount.0.0, 1, "amount");
    problems.check((0..=8_760).contains(&input.after_hours), || {
        RuleError::new("pay.hours", T("小时数应在 0–8760 之间", "Hours must be 0 to 8760"))
            .field("after_hours")
    });
    problems.finish()
}

/// Checks an item. Problems: `pay.code`, `pay.name`, `pay.class`, `pay.amount`, `pay.percent`, `pay.points`.
pub fn check_item(input: &NewItem) -> Result<(), Problems> {
    let mut problems = Problems::new();
    name_of(&mut problems, &input.name);
    note_of(&mut problems, &input.note);
    problems.check((1..=32).contains(&input.code.trim().chars().count()), || {
        RuleError::new("pay.code", T("编码为 1–32 个字", "The code has 1 to 32 characters")).field("code")
    });
    let classed = matches!(input.cause, Trigger::CallbackClass | Trigger::FixClass);
    problems.check(!classed || !input.cause_code.trim().is_empty(), || {
        RuleError::new("pay.class", T("请选择对应的结果", "Say which result")).field("cause_code")
    });
    match input.measure {
        Measure::Amount => amount_of(&mut problems, input.amount.0.0, 1, "amount"),
        Measure::Percent => problems.check((1..=10_000).contains(&input.percent.0.0), || {
            RuleError::new("pay.percent", T("比例应在 0–100% 之间", "The percentage must be 0 to 100"))
                .field("percent")
        }),
        Measure::Points => problems.check((1..=10_000).contains(&input.points), || {
            RuleError::new("pay.points", T("积分应在 1–10000 之间", "Points must be 1 to 10000"))
                .field("points")
        }),
    }
    problems.finish()
}

/// Checks a post wage. Problems: `pay.grade`, `pay.amount`.
pub fn check_wage(input: &NewWage) -> Result<(), Problems> {
    let mut problems = Problems::new();
    grade_of(&mut problems, input.grade);
    amount_of(&mut problems, input.wage.0.0, 0, "wage");
    amount_of(&mut problems, input.allowance.0.0, 0, "allowance");
    problems.finish()
}

/// An existing row for the same case: its id, days and version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Row.
    pub id: Id,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Option<Date>,
    /// Version.
    pub number: i64,
}

/// What adding a row from `from` on does to those for the same case: which end and when, and the new version number.
/// A row that is to begin on or before the day another begins is refused, because what was computed stays explained.
///
/// Errors: `pay.not_newer`.
pub fn replaced(known: &[Known], from: Date) -> Result<(Vec<(Id, Date)>, i64), RuleError> {
    let mut ends = Vec::new();
    for old in known {
        if old.until.is_some_and(|until| until < from) {
            continue;
        }
        if old.from >= from {
            return Err(RuleError::new(
                "pay.not_newer",
                T(
                    "同一情况已有 {from} 起的规则，新规则须晚于它",
                    "A rule for the same case begins on {from}; a new one must begin later",
                ),
            )
            .arg("from", old.from)
            .field("valid_from"));
        }
        ends.push((old.id, from.plus_days(-1)));
    }
    Ok((ends, known.iter().map(|old| old.number).max().unwrap_or(0) + 1))
}

/// The post wage of a person on a day: their own, else their grade's, else everybody's; the newest of each.
pub fn wage_of(rows: &[WageRow], staff: Id, grade: i64, on: Date) -> Option<&WageRow> {
    rows.iter()
        .filter(|row| row.valid_from <= on)
        .filter_map(|row| {
            let rank = match (row.staff_id, row.grade) {
                (Some(owner), _) => (owner == staff).then_some(2)?,
                (None, 0) => 0,
                (None, of) => (of == grade).then_some(1)?,
            };
            Some(((rank, row.valid_from, row.id), row))
        })
        .max_by_key(|(rank, _)| *rank)
        .map(|(_, row)| row)
}

#[cfg(test)]
mod tests {
    use kernel::{Money, Ts};

    use super::*;

    fn day(text: &str) -> Date {
        Date::parse_iso(text).expect("a date")
    }

    fn id(n: u128) -> Id {
        Id(uuid::Uuid::from_u128(n))
    }

    #[test]
    fn a_new_rule_ends_the_one_it_replaces() {
        let old = Known { id: id(1), from: day("2026-01-01"), until: Some(day("2026-05-31")), number: 1 };
        let now = Known { id: id(2), from: day("2026-06-01"), until: None, number: 2 };
        let (ends, number) = replaced(&[old, now], day("2026-09-01")).expect("newer");
        assert_eq!((ends, number), (vec![(id(2), day("2026-08-31"))], 3));
        assert_eq!(replaced(&[now], day("2026-06-01")).expect_err("same day").code, "pay.not_newer");
        assert_eq!(replaced(&[], day("2026-06-01")).expect("first").1, 1);
    }

    #[test]
    fn the_own_wage_comes_before_the_grades() {
        let wage = |n, staff: Option<u128>, grade, from: &str| WageRow {
            id: id(n),
            staff_id: staff.map(id),
            staff_name: String::new(),
            grade,
            wage: Money(i64::try_from(n).expect("small")),
            allowance: Money(0),
            valid_from: day(from),
            created_at: Ts(0),
            created_by: Id::NIL,
        };
        let all = [
            wage(1, None, 0, "2020-01-01"),
            wage(2, None, 3, "2020-01-01"),
            wage(3, Some(7), 0, "2026-01-01"),
            wage(4, Some(7), 0, "2026-06-01"),
        ];
        let found = |staff, grade, on| wage_of(&all, id(staff), grade, day(on)).map(|row| row.wage.0);
        assert_eq!(found(7, 3, "2025-12-31"), Some(2));
        assert_eq!(found(7, 3, "2026-05-31"), Some(3));
        assert_eq!(found(7, 3, "2026-06-01"), Some(4));
        assert_eq!(found(8, 1, "2026-06-01"), Some(1));
        assert_eq!(found(8, 1, "2019-06-01"), None);
    }
}
