//! What an event makes of a call. Events come late, twice and in any order; whatever was true stays true.

use kernel::{Problems, RuleError, T, Ts};

use super::model::{CallFigures, CallStep, CallSums, NewCallEvent};
use crate::call::model::{CallRow, Outcome};

const SECOND: i64 = 1_000_000;
/// Events older than this are refused: a queue that was stuck for a day helps nobody.
const OLDEST: i64 = 86_400 * SECOND;
/// Clocks of telephone systems may be this much ahead.
const AHEAD: i64 = 300 * SECOND;
/// Longest call kept.
const LONGEST: i64 = 86_400;

/// The words of an event. Errors `intake.call_id`, `intake.extension`, `intake.rings`, `intake.event_at`,
/// `text.too_long` by field.
pub fn check(input: &NewCallEvent, now: Ts) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let id = input.call_id.trim();
    problems.check((1..=100).contains(&id.chars().count()), || {
        RuleError::new(
            "intake.call_id",
            T("请填写通话编号（最多 100 字）", "Name the call (100 characters at most)"),
        )
        .field("call_id")
    });
    problems.check(input.extension.as_deref().is_none_or(|e| e.trim().is_empty() || is_extension(e)), || {
        not_an_extension().field("extension")
    });
    for (field, text) in [("caller", &input.caller), ("line", &input.line), ("staff_no", &input.staff_no)] {
        problems.check(text.as_deref().unwrap_or_default().chars().count() <= 40, || {
            RuleError::new(
                "text.too_long",
                T("内容太长（最多 {most} 字）", "Too long ({most} characters at most)"),
            )
            .arg("most", 40)
            .field(field)
        });
    }
    problems.check(input.rings.is_none_or(|rings| (0..=200).contains(&rings)), || {
        RuleError::new("intake.rings", T("响铃声数应为 0 到 200", "0 to 200 rings")).field("rings")
    });
    problems.check(input.at.is_none_or(|at| at.0 >= now.0 - OLDEST && at.0 <= now.0 + AHEAD), || {
        RuleError::new("intake.event_at", T("事件时间应在一天之内", "The event is from within the last day"))
            .field("at")
    });
    problems.finish()
}

/// Number of a telephone.
pub fn is_extension(text: &str) -> bool {
    let text = text.trim();
    (1..=20).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
}

/// `intake.extension`
pub fn not_an_extension() -> RuleError {
    RuleError::new(
        "intake.extension",
        T("分机号只用字母、数字、-、_，最多 20 位", "Letters, digits, - and _ only, 20 at most"),
    )
}

/// Whole seconds between two instants, none below zero.
fn seconds(from: Ts, to: Ts) -> i64 {
    ((to.0 - from.0) / SECOND).clamp(0, LONGEST)
}

/// The call after an event; `None`: the event tells nothing new. `ring` is how many seconds one ring lasts.
pub fn apply(old: &CallRow, step: CallStep, at: Ts, rings: Option<i64>, ring: i64) -> Option<CallRow> {
    let mut new = old.clone();
    if old.ended_at.is_some() {
        return None;
    }
    // A first event may have been lost: the call rang from what is known.
    let began = old.ring_at.unwrap_or(at);
    new.ring_at = Some(if step == CallStep::Ring { began.min(at) } else { began });
    let rang = seconds(new.ring_at.unwrap_or(at), at);
    let counted =
        rings.unwrap_or_else(|| (rang + ring - 1) / ring.max(1)).max(i64::from(step == CallStep::Answer));
    match step {
        CallStep::Ring => {
            new.outcome = if old.answered_at.is_some() { old.outcome } else { Outcome::Ringing };
        }
        CallStep::Answer => {
            if old.answered_at.is_some() {
                return None;
            }
            new.outcome = Outcome::Answered;
            new.answered_at = Some(at);
            (new.ring_seconds, new.rings) = (Some(rang), Some(counted));
        }
        CallStep::Hangup => {
            new.ended_at = Some(at);
            if let Some(answered) = old.answered_at {
                new.seconds = seconds(answered, at);
            } else {
                new.outcome = Outcome::Missed;
                new.to_return = true;
                (new.ring_seconds, new.rings) = (Some(rang), Some(counted));
            }
        }
        CallStep::Busy => {
            if old.answered_at.is_some() {
                return None;
            }
            new.ended_at = Some(at);
            new.outcome = Outcome::Busy;
            new.to_return = true;
        }
    }
    let same = (old.ring_at, old.outcome) == (new.ring_at, new.outcome) && step == CallStep::Ring;
    (!same).then_some(new)
}

/// Sums as figures.
pub fn figures(sums: &CallSums, days: i64, wanted_rings: i64) -> CallFigures {
    CallFigures {
        days,
        incoming: sums.incoming,
        answered: sums.answered,
        measured: sums.measured,
        in_time: sums.in_time,
        wanted_rings,
        missed: sums.missed,
        busy: sums.busy,
        to_return: sums.to_return,
        mean_ring_seconds: (sums.measured > 0).then(|| sums.ring_sum / sums.measured),
    }
}

#[cfg(test)]
mod tests {
    use kernel::Id;

    use super::*;

    fn at(seconds: i64) -> Ts {
        Ts(1_700_000_000 * SECOND + seconds * SECOND)
    }

    fn run(steps: &[(CallStep, i64)]) -> CallRow {
        steps.iter().fold(CallRow::fresh(Id::NIL, Id::NIL, at(0)), |row, (step, second)| {
            apply(&row, *step, at(*second), None, 5).unwrap_or(row)
        })
    }

    #[test]
    fn stations_of_a_call() {
        use CallStep::{Answer, Busy, Hangup, Ring};
        type Case<'a> = (&'a [(CallStep, i64)], Outcome, Option<i64>, Option<i64>, i64, bool);
        let cases: &[Case] = &[
            (&[(Ring, 0)], Outcome::Ringing, None, None, 0, false),
            (&[(Ring, 0), (Answer, 11), (Hangup, 71)], Outcome::Answered, Some(11), Some(3), 60, false),
            (&[(Ring, 0), (Hangup, 26)], Outcome::Missed, Some(26), Some(6), 0, true),
            (&[(Ring, 0), (Busy, 1)], Outcome::Busy, None, None, 0, true),
            // Twice, and after the end: nothing new.
            (
                &[(Ring, 0), (Ring, 4), (Answer, 9), (Answer, 12), (Hangup, 20), (Hangup, 90), (Ring, 95)],
                Outcome::Answered,
                Some(9),
                Some(2),
                11,
                false,
            ),
            // The ring was lost, or comes after the answer.
            (&[(Answer, 9), (Hangup, 19)], Outcome::Answered, Some(0), Some(1), 10, false),
            (&[(Answer, 9), (Ring, 0), (Hangup, 19)], Outcome::Answered, Some(0), Some(1), 10, false),
            (&[(Hangup, 5)], Outcome::Missed, Some(0), Some(0), 0, true),
        ];
        for (steps, outcome, rang, rings, spoken, to_return) in cases {
            let row = run(steps);
            let got = (row.outcome, row.ring_seconds, row.rings, row.seconds, row.to_return);
            assert_eq!(got, (*outcome, *rang, *rings, *spoken, *to_return), "{steps:?}");
        }
    }

    #[test]
    fn rings_told_by_the_system_win_over_seconds() {
        let row = CallRow::fresh(Id::NIL, Id::NIL, at(0));
        let row = apply(&row, CallStep::Ring, at(0), None, 5).expect("it rings");
        let row = apply(&row, CallStep::Answer, at(11), Some(2), 5).expect("answered");
        assert_eq!((row.rings, row.ring_seconds), (Some(2), Some(11)));
    }

    #[test]
    fn events_are_checked() {
        let good = NewCallEvent {
            call_id: "c1".into(),
            event: CallStep::Ring,
            caller: Some("13800136027".into()),
            line: None,
            extension: Some("801".into()),
            staff_no: None,
            rings: None,
            at: None,
        };
        assert!(check(&good, at(0)).is_ok());
        let bad = |change: fn(&mut NewCallEvent)| {
            let mut input = good.clone();
            change(&mut input);
            check(&input, at(0)).expect_err("refused").0[0].field.clone().unwrap_or_default()
        };
        assert_eq!(bad(|e| e.call_id = " ".into()), "call_id");
        assert_eq!(bad(|e| e.extension = Some("8 01".into())), "extension");
        assert_eq!(bad(|e| e.rings = Some(-1)), "rings");
        assert_eq!(bad(|e| e.at = Some(at(-90_000))), "at");
        assert_eq!(bad(|e| e.at = Some(at(301))), "at");
        assert_eq!(bad(|e| e.caller = Some("1".repeat(41))), "caller");
    }
}
