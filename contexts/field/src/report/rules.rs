//! Decisions about reports. Pure.

use kernel::{Date, Problems, RuleError, T, Ts};

use super::model::{Closing, DelayCode, IncidentCode, NewDelay, NewIncident, TestRun, Verdict};
use crate::settings::CheckItem;

/// Longest prose, characters.
pub const LONG: usize = 2000;

/// Trims a note. Errors: `text.length`.
pub fn note(text: Option<&str>) -> Result<String, RuleError> {
    let text = text.map(str::trim).unwrap_or_default();
    if text.chars().count() > LONG || text.contains('\0') {
        return Err(RuleError::new("text.length", T("最多 {most} 个字", "At most {most} characters"))
            .arg("most", LONG)
            .field("note"));
    }
    Ok(text.to_string())
}

/// Mandatory items that were not ticked (FIELD-01).
pub fn missing(items: &[CheckItem], ticked: &[String]) -> Vec<CheckItem> {
    items.iter().filter(|item| item.mandatory && !ticked.contains(&item.code)).cloned().collect()
}

/// How an arrival stands to its appointment (FIELD-05, 07).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Punctual {
    /// nothing was agreed
    Unknown,
    /// minutes before the allowed early margin
    Early(i64),
    /// as agreed
    OnTime,
    /// minutes late, an apology is due
    Late(i64),
    /// so late that the manager apologises
    VeryLate(i64),
}

/// Compares an arrival, made or expected, with the appointment `[from, to]`: on time is up to `early` minutes
/// before it begins and until it ends (without an end: until it begins); from `limit` minutes late it is the
/// manager's business.
pub fn punctual(from: Option<Ts>, to: Option<Ts>, at: Ts, early: i64, limit: i64) -> Punctual {
    let Some(from) = from else { return Punctual::Unknown };
    let before = from.mins_since(at);
    if before > early {
        return Punctual::Early(before);
    }
    let after = at.mins_since(to.unwrap_or(from));
    match after {
        n if n <= 0 => Punctual::OnTime,
        n if n < limit => Punctual::Late(n),
        n => Punctual::VeryLate(n),
    }
}

/// What to say and do when late (FIELD-07).
pub fn late_script(punctual: Punctual) -> Option<T> {
    match punctual {
        Punctual::Late(_) => {
            Some(T("向客户道歉，说明原因，并主动提出可改约", "Apologise, say why, offer another time"))
        }
        Punctual::VeryLate(_) => Some(T(
            "向客户道歉，可赠小礼品；售后经理将亲自致歉",
            "Apologise, a small gift is allowed; the after-sales manager will apologise in person",
        )),
        _ => None,
    }
}

/// What comes after failed attempts (DISP-10, FIELD-04).
pub fn advice(failed: usize, appointment: Option<Ts>, now: Ts) -> T {
    let due = appointment.is_some_and(|at| now >= at.plus_hours(-1));
    match (failed, due) {
        (0, _) => T("先打电话与客户确认时间", "Phone the customer first to confirm the time"),
        (_, true) => T(
            "仍联系不上：按约定时间上门，并向中心反馈",
            "Still unreachable: go there at the agreed time and tell the centre",
        ),
        (1, false) => T("换个时间再打一次", "Try again at another time"),
        (_, false) => T("已多次联系不上，约定时间前继续尝试", "Keep trying until the agreed time"),
    }
}

/// A delay needs a time to come and, for other reasons, words (DISP-12).
pub fn check_delay(input: &NewDelay, expected: Option<Ts>, now: Ts) -> Result<Ts, Problems> {
    let mut problems = Problems::new();
    let words = input.note.as_deref().is_some_and(|n| !n.trim().is_empty());
    problems.check(input.reason != DelayCode::Other || words, || {
        RuleError::new("field.delay_reason", T("请写明原因", "Say why")).field("note")
    });
    let soon = expected.filter(|at| *at > now && *at < now.plus_days(31));
    problems.check(soon.is_some(), || {
        RuleError::new("field.delay_time", T("请填写之后的到达时间", "Give a time to come"))
            .field("expected_at")
    });
    problems.finish()?;
    Ok(soon.unwrap_or(now))
}

/// Incidents are told in words, except an alarm: then every second counts.
pub fn check_incident(input: &NewIncident) -> Result<(), RuleError> {
    let words = input.note.as_deref().is_some_and(|n| !n.trim().is_empty());
    if words || input.code == IncidentCode::Alarm {
        return Ok(());
    }
    Err(RuleError::new("field.incident_note", T("请写明情况", "Say what happened")).field("note"))
}

/// What the three-guarantee rules say of a demand made on site, with the reason in words (FIELD-16): returns within
/// `return_days`, exchanges within `exchange_days` of the purchase; without a date, and for compensation, the centre
/// decides. Nothing is promised on site.
pub fn demand(
    code: IncidentCode,
    bought: Option<Date>,
    today: Date,
    return_days: i64,
    exchange_days: i64,
) -> (Verdict, T) {
    let limit = match code {
        IncidentCode::Return => return_days,
        IncidentCode::Exchange => exchange_days,
        _ => {
            return (
                Verdict::Centre,
                T(
                    "赔偿要求不在现场答复，已报中心",
                    "Compensation is not promised on site; the centre was told",
                ),
            );
        }
    };
    let Some(bought) = bought else {
        return (
            Verdict::Centre,
            T("没有购买日期，请示中心", "The purchase date is unknown; the centre decides"),
        );
    };
    let days = today.days_since(bought);
    if (0..=limit).contains(&days) {
        (
            Verdict::Fits,
            T("在三包期限内，由中心确认后办理", "Within the guarantee period; the centre confirms"),
        )
    } else {
        (
            Verdict::Not,
            T("已超过三包退换期限，按维修处理", "Past the period for returns and exchanges; it is repaired"),
        )
    }
}

/// The earlier follow-up that a closing asks for (FIELD-20, 26).
pub fn follow_up<'a>(closing: &Closing, no_test: &'a str, uncertain: &'a str) -> Option<&'a str> {
    match (closing.test_run, closing.certain) {
        (TestRun::NoTime, _) => Some(no_test),
        (_, false) => Some(uncertain),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIN: i64 = 60_000_000;

    #[test]
    fn punctuality_table() {
        let (from, to) = (Some(Ts(100 * MIN)), Some(Ts(160 * MIN)));
        for (at, want) in [
            (90, Punctual::Early(10)),
            (95, Punctual::OnTime),
            (130, Punctual::OnTime),
            (160, Punctual::OnTime),
            (170, Punctual::Late(10)),
            (174, Punctual::Late(14)),
            (175, Punctual::VeryLate(15)),
        ] {
            assert_eq!(punctual(from, to, Ts(at * MIN), 5, 15), want, "at {at}");
        }
        assert_eq!(punctual(None, None, Ts(0), 5, 15), Punctual::Unknown);
        assert_eq!(punctual(from, None, Ts(101 * MIN), 5, 15), Punctual::Late(1));
    }

    #[test]
    fn scripts_follow_the_threshold() {
        assert!(late_script(Punctual::OnTime).is_none());
        assert!(late_script(Punctual::Late(3)).is_some());
        assert_ne!(late_script(Punctual::Late(3)), late_script(Punctual::VeryLate(20)));
    }

    #[test]
    fn demands_follow_the_three_guarantees() {
        let day = |text: &str| Date::parse_iso(text).expect("a date");
        let today = day("2026-11-18");
        for (code, bought, want) in [
            (IncidentCode::Return, Some("2026-11-11"), Verdict::Fits),
            (IncidentCode::Return, Some("2026-11-10"), Verdict::Not),
            (IncidentCode::Exchange, Some("2026-11-03"), Verdict::Fits),
            (IncidentCode::Exchange, Some("2026-11-02"), Verdict::Not),
            (IncidentCode::Return, None, Verdict::Centre),
            (IncidentCode::Return, Some("2026-12-01"), Verdict::Not),
            (IncidentCode::Compensation, Some("2026-11-18"), Verdict::Centre),
        ] {
            assert_eq!(demand(code, bought.map(day), today, 7, 15).0, want, "{code:?} {bought:?}");
        }
    }

    #[test]
    fn only_doubt_or_a_missing_test_is_asked_about_early() {
        let closing = |test_run, certain| Closing { order_id: kernel::Id::NIL, test_run, certain };
        assert_eq!(follow_up(&closing(TestRun::Done, true), "2h", "3h"), None);
        assert_eq!(follow_up(&closing(TestRun::None, true), "2h", "3h"), None);
        assert_eq!(follow_up(&closing(TestRun::NoTime, true), "2h", "3h"), Some("2h"));
        assert_eq!(follow_up(&closing(TestRun::NoTime, false), "2h", "3h"), Some("2h"));
        assert_eq!(follow_up(&closing(TestRun::Done, false), "2h", "3h"), Some("3h"));
    }

    #[test]
    fn a_delay_names_a_time_to_come() {
        let input = |reason, note: &str| NewDelay {
            expected_at: String::new(),
            reason,
            note: Some(note.into()),
            customer_told: false,
        };
        let now = Ts(1_000 * MIN);
        assert!(check_delay(&input(DelayCode::Traffic, ""), Some(Ts(1_010 * MIN)), now).is_ok());
        assert!(check_delay(&input(DelayCode::Traffic, ""), Some(now), now).is_err());
        assert!(check_delay(&input(DelayCode::Traffic, ""), None, now).is_err());
        assert!(check_delay(&input(DelayCode::Other, " "), Some(Ts(1_010 * MIN)), now).is_err());
    }

    #[test]
    fn mandatory_items_are_missed() {
        let item = |code: &str, mandatory| CheckItem {
            code: code.into(),
            zh: code.into(),
            en: String::new(),
            mandatory,
        };
        let items = [item("mat", true), item("slip", false)];
        assert_eq!(missing(&items, &[]).len(), 1);
        assert!(missing(&items, &["mat".into()]).is_empty());
    }
}
