//! Pure rules of records on units.

use kernel::{Id, Problems, RuleError, T, Ts};

use super::model::{NewNote, NewWear, NoteState, UnitNote, WearSeen};
use crate::product::rules::{check_filled, check_text, clean};

/// A new note (PROD-08). Errors `products.required`, `products.text`.
pub fn open_note(input: &NewNote, id: Id, now: Ts) -> Result<UnitNote, RuleError> {
    let text = check_filled(Some(&input.text), 1000, "text")?;
    let source = input.source.clone();
    Ok(UnitNote {
        id,
        text,
        refused: input.refused,
        state: NoteState::Open,
        source_kind: source.as_ref().map(|doc| clean(&doc.kind)).unwrap_or_default(),
        source_id: source.as_ref().map(|doc| doc.id),
        source_no: source.map(|doc| clean(&doc.no)).unwrap_or_default(),
        opened_at: now,
        closed_at: None,
        result: String::new(),
    })
}

/// What was seen of a wear part (PROD-17). Errors `products.required` without a part, `products.wear` when
/// neither percent (0 to 100) nor months (0 to 600) is given.
pub fn see_wear(input: &NewWear, id: Id, now: Ts) -> Result<WearSeen, Problems> {
    let mut problems = Problems::new();
    let part = problems.take(check_filled(Some(&input.part), 60, "part")).unwrap_or_default();
    let remark = problems.take(check_text(input.remark.as_deref(), 400, "remark")).unwrap_or_default();
    let source_no =
        problems.take(check_text(input.source_no.as_deref(), 60, "source_no")).unwrap_or_default();
    let within = |value: Option<i64>, most| value.is_none_or(|v| (0..=most).contains(&v));
    let said = input.percent.is_some() || input.months.is_some();
    problems.check(said && within(input.percent, 100) && within(input.months, 600), || {
        let text =
            T("请填写剩余寿命：0–100 % 或 0–600 个月", "Give the remaining life: 0–100 % or 0–600 months");
        RuleError::new("products.wear", text).field("percent")
    });
    problems.finish()?;
    Ok(WearSeen { id, part, percent: input.percent, months: input.months, remark, source_no, seen_at: now })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remaining_life_needs_a_part_and_a_figure() {
        let wear = |part: &str, percent, months| {
            let input = NewWear { part: part.into(), percent, months, remark: None, source_no: None };
            see_wear(&input, Id::NIL, Ts(1)).is_ok()
        };
        assert!(wear("滤芯", Some(40), None) && wear("滤芯", None, Some(0)));
        assert!(!wear("滤芯", None, None) && !wear("", Some(40), None) && !wear("滤芯", Some(101), None));
    }
}
