//! Rules of acting, without database.

use kernel::{Problems, RuleError, T, Ts, Tz};
use kit::format::parse_field_time;

use super::model::NewActing;

/// Longest period: a year. Longer is a new holder of the post.
const LONGEST: i64 = 366 * 86_400_000_000;

/// The period asked for.
///
/// Errors: `org.acting_self`, `org.acting_time`, `org.acting_order`, `org.too_long`.
pub(super) fn period(input: &NewActing, now: Ts, zone: &Tz) -> Result<(Ts, Ts), Problems> {
    let time = |text: &str, field: &'static str| {
        parse_field_time(zone, text).ok_or_else(|| {
            RuleError::new("org.acting_time", T("时间格式不正确", "This is not a time")).field(field)
        })
    };
    let mut problems = Problems::new();
    problems.check(input.absent_id != input.substitute_id, || {
        RuleError::new("org.acting_self", T("不能由本人代班", "Nobody stands in for themselves"))
            .field("substitute_id")
    });
    problems.check(input.reason.as_ref().is_none_or(|reason| reason.chars().count() <= 200), || {
        RuleError::new("org.too_long", T("最多 {most} 字", "At most {most} characters"))
            .arg("most", 200)
            .field("reason")
    });
    let from = match input.from.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => problems.take(time(text, "from")),
        None => Some(now),
    };
    let until = problems.take(time(&input.until, "until"));
    if let (Some(from), Some(until)) = (from, until) {
        problems.check(from < until && until > now && until.0 - from.0 <= LONGEST, || {
            RuleError::new(
                "org.acting_order",
                T(
                    "结束时间须晚于开始时间和现在，最长一年",
                    "The end must be after the start and after now, within a year",
                ),
            )
            .field("until")
        });
        problems.finish()?;
        return Ok((from, until));
    }
    problems.finish()?;
    Err(Problems::from(
        RuleError::new("org.acting_time", T("时间格式不正确", "This is not a time")).field("until"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Id;

    fn other() -> Id {
        "018f0000-0000-7000-8000-000000000001".parse().expect("an id")
    }

    fn input(from: Option<&str>, until: &str) -> NewActing {
        NewActing {
            absent_id: Id::NIL,
            substitute_id: other(),
            from: from.map(str::to_string),
            until: until.into(),
            reason: None,
        }
    }

    #[test]
    fn a_period_ends_after_it_began_and_after_now() {
        let now = Ts::parse("2026-11-18T01:00:00Z").expect("valid");
        for (from, until, good) in [
            (None, "2026-11-19T08:00", true),
            (Some(""), "2026-11-19T08:00", true),
            (Some("2026-11-20T08:00"), "2026-11-19T08:00", false),
            (Some("2026-11-01T08:00"), "2026-11-18T08:59", false),
            (Some("2026-11-01T08:00"), "2026-11-18T09:01", true),
            (None, "2028-01-01T08:00", false),
            (None, "tomorrow", false),
            (Some("soon"), "2026-11-19T08:00", false),
        ] {
            assert_eq!(
                period(&input(from, until), now, &kernel::zone_or_home("")).is_ok(),
                good,
                "{from:?} {until}"
            );
        }
    }

    #[test]
    fn nobody_stands_in_for_themselves() {
        let now = Ts::parse("2026-11-18T01:00:00Z").expect("valid");
        let own = NewActing { substitute_id: Id::NIL, ..input(None, "2026-11-19T08:00") };
        assert_eq!(
            period(&own, now, &kernel::zone_or_home("")).expect_err("refused").0[0].code,
            "org.acting_self"
        );
    }
}
