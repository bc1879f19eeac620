//! When a mail goes out, and which days its summary covers.

use kernel::{Date, Problems, RuleError, T, Ts, Tz};

use super::model::{Content, Every, PutMail};

/// Longest name and query.
const NAME: usize = 80;
const QUERY: usize = 2000;
/// Readers of one mail at most.
pub const MOST_READERS: usize = 100;
/// Minutes of half a day: a mail of the morning tells of the day before.
const NOON: i64 = 720;

/// Minutes since midnight of `HH:MM`.
pub fn minute(text: &str) -> Option<i64> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.get(..2)?.parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
}

/// `HH:MM` of minutes since midnight.
pub fn clock(minute: i64) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// A mail makes sense.
///
/// Errors, all at once: `mail.name`, `mail.list`, `mail.query`, `mail.at`, `mail.day`, `mail.nobody`.
pub fn check(input: &PutMail, logins: &[String]) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let name = input.name.trim().chars().count();
    problems.check((1..=NAME).contains(&name), || {
        RuleError::new("mail.name", T("请填写主题，最多 80 字", "A subject of up to 80 characters is needed"))
            .field("name")
    });
    problems.check(input.content != Content::List || !input.list.is_empty(), || {
        RuleError::new("mail.list", T("请选择列表", "Choose a list")).field("list")
    });
    problems.check(input.query.chars().count() <= QUERY, || {
        RuleError::new("mail.query", T("筛选条件太长", "The filter is too long")).field("query")
    });
    problems.check(minute(&input.at).is_some(), || {
        RuleError::new("mail.at", T("请按 08:30 的形式填写时间", "Write the time like 08:30")).field("at")
    });
    let day = input.day.unwrap_or(0);
    let fits = match input.every {
        Every::Daily => true,
        Every::Weekly => (1..=7).contains(&day),
        Every::Monthly => (1..=31).contains(&day),
    };
    problems.check(fits, || {
        let text = T("每周填 1（周一）到 7，每月填 1 到 31", "Weekly: 1 (Monday) to 7; monthly: 1 to 31");
        RuleError::new("mail.day", text).field("day")
    });
    problems.check((1..=MOST_READERS).contains(&logins.len()), || {
        RuleError::new("mail.nobody", T("请填写 1 到 100 个收件账号", "Name 1 to 100 accounts"))
            .field("recipients")
    });
    problems.finish()
}

/// Login names as typed: one a line, or between commas and blanks; each once.
pub fn logins(typed: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let split = |c: char| c.is_whitespace() || matches!(c, ',' | '，' | ';' | '；' | '、');
    for login in typed.iter().flat_map(|text| text.split(split)).filter(|part| !part.is_empty()) {
        if !found.iter().any(|known| known == login) {
            found.push(login.to_string());
        }
    }
    found
}

/// The first time after an instant.
pub fn next_at(every: Every, day: i64, minute: i64, after: Ts, zone: &Tz) -> Ts {
    let first = after.date_in(zone);
    let minute = u16::try_from(minute).unwrap_or(0);
    let fits = |date: Date| match every {
        Every::Daily => true,
        Every::Weekly => i64::try_from(date.weekday()).is_ok_and(|weekday| weekday + 1 == day),
        Every::Monthly => {
            let last = date.last_of_month();
            i64::from(date.day()) == day || (date == last && i64::from(last.day()) < day)
        }
    };
    let mut date = first;
    // A fitting day comes within two months.
    for _ in 0..64 {
        let at = Ts::at_local(date, minute, zone);
        if fits(date) && at > after {
            return at;
        }
        date = date.plus_days(1);
    }
    Ts::at_local(date, minute, zone)
}

/// Days that a summary sent on a day covers: the day itself, or the one before when it goes out in the morning; seven
/// days; the month before.
pub fn covered(every: Every, sent: Date, minute: i64) -> (Date, Date) {
    let last = if minute < NOON { sent.plus_days(-1) } else { sent };
    match every {
        Every::Daily => (last, last),
        Every::Weekly => (last.plus_days(-6), last),
        Every::Monthly => {
            let end = sent.first_of_month().plus_days(-1);
            (end.first_of_month(), end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse_iso(text).expect("a date")
    }

    #[test]
    fn the_next_time_is_the_first_that_fits() {
        let zone = kernel::zone("Asia/Shanghai").expect("a zone");
        let at = |text: &str| {
            let (day, clock) = text.split_once(' ').expect("both");
            Ts::at_local(date(day), u16::try_from(minute(clock).expect("a time")).expect("small"), &zone)
        };
        let cases = [
            (Every::Daily, 0, "08:30", "2026-11-22 08:00", "2026-11-22 08:30"),
            (Every::Daily, 0, "08:30", "2026-11-22 08:30", "2026-11-23 08:30"),
            (Every::Weekly, 1, "09:00", "2026-11-22 10:00", "2026-11-23 09:00"),
            (Every::Weekly, 7, "09:00", "2026-11-22 10:00", "2026-11-29 09:00"),
            (Every::Monthly, 5, "07:00", "2026-11-22 10:00", "2026-12-05 07:00"),
            (Every::Monthly, 31, "07:00", "2027-02-01 10:00", "2027-02-28 07:00"),
            (Every::Monthly, 31, "07:00", "2026-12-31 07:00", "2027-01-31 07:00"),
        ];
        for (every, day, clock, after, expected) in cases {
            let found = next_at(every, day, minute(clock).expect("a time"), at(after), &zone);
            assert_eq!(found, at(expected), "{every:?} {day} {after}");
        }
    }

    #[test]
    fn a_summary_covers_whole_days() {
        let cases = [
            (Every::Daily, "2026-11-22", 510, "2026-11-21", "2026-11-21"),
            (Every::Daily, "2026-11-22", 1080, "2026-11-22", "2026-11-22"),
            (Every::Weekly, "2026-11-23", 540, "2026-11-16", "2026-11-22"),
            (Every::Monthly, "2026-12-05", 540, "2026-11-01", "2026-11-30"),
        ];
        for (every, sent, minute, from, to) in cases {
            assert_eq!(covered(every, date(sent), minute), (date(from), date(to)), "{every:?} {sent}");
        }
    }

    #[test]
    fn what_is_typed_is_read_or_refused() {
        for (text, expected) in [
            ("08:30", Some(510)),
            ("0:00", Some(0)),
            ("24:00", None),
            ("8", None),
            ("08:6", None),
            ("08:61", None),
        ] {
            assert_eq!(minute(text), expected, "{text}");
        }
        let typed = ["a b\nc，a".to_string(), "d".to_string()];
        assert_eq!(logins(&typed), ["a", "b", "c", "d"]);
        let input = PutMail {
            version: None,
            name: " ".into(),
            content: Content::List,
            list: String::new(),
            query: String::new(),
            every: Every::Weekly,
            day: Some(8),
            at: "x".into(),
            recipients: Vec::new(),
            paused: false,
        };
        let problems = check(&input, &[]).expect_err("refused");
        let codes: Vec<&str> = problems.0.iter().map(|p| p.code).collect();
        assert_eq!(codes, ["mail.name", "mail.list", "mail.at", "mail.day", "mail.nobody"]);
    }
}
