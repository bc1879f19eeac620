//! The fast calendar against one that walks minute by minute and asks what the clock on the wall shows.

use kernel::*;
use proptest::prelude::*;

/// Where the clocks change, and where a day was skipped (Samoa) or midnight does not exist (Brazil before 2019).
fn by_day() -> impl Strategy<Value = (Ts, BusinessCalendar, Vec<Pause>, u8, u8)> {
    (case(), 1_u8..=31, 0_u8..=24).prop_map(|((at, cal, pauses), day, hour)| (at, cal, pauses, day, hour))
}

/// Is this minute worked, by the wall clock?
fn worked(cal: &BusinessCalendar, tz: &Tz, at: Ts) -> bool {
    let zoned = at.to_zoned(tz);
    let date = Date(zoned.date());
    let minute = u16::try_from(i32::from(zoned.hour()) * 60 + i32::from(zoned.minute())).unwrap();
    let hours = if cal.makeup.contains(&date) {
        &cal.week[0]
    } else if cal.holidays.contains(&date) {
        return false;
    } else {
        &cal.week[date.weekday()]
    };
    hours.iter().any(|(s, e)| (*s..*e).contains(&minute))
}

fn paused(pauses: &[Pause], at: Ts) -> bool {
    pauses.iter().any(|p| p.from <= at && p.to.is_none_or(|to| at < to))
}

fn public_holiday(cal: &BusinessCalendar, tz: &Tz, at: Ts) -> bool {
    let date = at.date_in(tz);
    cal.holidays.contains(&date) && !cal.makeup.contains(&date)
}

/// Minute by minute until `minutes` have counted; `None` when a pause without end is reached or time runs out.
fn slow_due(start: Ts, minutes: i64, pauses: &[Pause], counts: impl Fn(Ts) -> bool) -> Option<Ts> {
    let (mut left, mut at) = (minutes, start);
    for _ in 0..60 * 24 * 120 {
        if left == 0 {
            return Some(at);
        }
        if !paused(pauses, at) && counts(at) {
            left -= 1;
        }
        at = at.plus_mins(1);
    }
    None
}

prop_compose! {
    fn hours()(cuts in prop::collection::btree_set(0_u16..=1440, 0..5)) -> Vec<(u16, u16)> {
        let cuts: Vec<u16> = cuts.into_iter().collect();
        cuts.chunks_exact(2).map(|c| (c[0], c[1])).collect()
    }
}

prop_compose! {
    /// Around the days on which the zones change their clocks, and around Samoa's missing 30 December 2011.
    fn start()(year in prop::sample::select(vec![2011_i16, 2018, 2026]), month in 1_i8..=12, day in 1_i8..=28, minute in 0_i64..1440) -> Ts {
        Ts::at_local(Date::new(year, month, day).unwrap(), 0, &Tz::UTC).plus_mins(minute)
    }
}

prop_compose! {
    fn calendar(from: Ts)(
        tz in prop::sample::select(PROBE_ZONES.to_vec()),
        week in prop::array::uniform7(hours()),
        holidays in prop::collection::btree_set(0_i64..20, 0..6),
        makeup in prop::collection::btree_set(0_i64..20, 0..3),
    ) -> BusinessCalendar {
        let day = |n: i64| from.date_in(&Tz::UTC).plus_days(n);
        let (holidays, makeup) = (holidays.into_iter().map(day).collect(), makeup.into_iter().map(day).collect());
        BusinessCalendar { tz: tz.to_owned(), week, holidays, makeup }
    }
}

prop_compose! {
    fn pauses(start: Ts)(raw in prop::collection::vec((-600_i64..6000, 0_i64..3000), 0..4)) -> Vec<Pause> {
        raw.into_iter().map(|(from, len)| Pause {
            from: start.plus_mins(from),
            to: Some(start.plus_mins(from + len)),
            reason: "parts".to_owned(),
        }).collect()
    }
}

fn case() -> impl Strategy<Value = (Ts, BusinessCalendar, Vec<Pause>)> {
    start().prop_flat_map(|at| (Just(at), calendar(at), pauses(at)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn working_minutes_agree((at, cal, pauses) in case(), n in 0_i64..3000) {
        let tz = zone(&cal.tz).unwrap();
        match due(at, &Span::WorkingMinutes(n), &cal, &pauses) {
            Ok(fast) => {
                let slow = slow_due(at, n, &pauses, |t| worked(&cal, &tz, t));
                if slow.is_some() {
                    prop_assert_eq!(fast.due, slow);
                }
            }
            Err(e) => prop_assert!(e.code == "calendar.no_working_time" || e.code == "calendar.too_far"),
        }
    }

    #[test]
    fn clock_minutes_agree((at, cal, pauses) in case(), n in 0_i64..3000) {
        let tz = zone(&cal.tz).unwrap();
        let fast = due(at, &Span::Hours(n), &cal, &pauses).unwrap();
        prop_assert_eq!(fast.due, slow_due(at, n, &pauses, |_| true));
        let fast = due(at, &Span::ClockHoursHolidaysExtended(n), &cal, &pauses).unwrap();
        prop_assert_eq!(fast.due, slow_due(at, n, &pauses, |t| !public_holiday(&cal, &tz, t)));
    }

    #[test]
    fn minutes_between_agree((at, cal, _) in case(), n in 0_i64..20_000) {
        let tz = zone(&cal.tz).unwrap();
        let slow = (0..n).filter(|m| worked(&cal, &tz, at.plus_mins(*m))).count();
        prop_assert_eq!(cal.working_minutes_between(at, at.plus_mins(n)).unwrap(), i64::try_from(slow).unwrap());
    }

    /// N working days: walk on to the end of the N-th date that has a worked minute.
    #[test]
    fn working_days_agree((at, cal, _) in case(), n in 1_i64..8) {
        let tz = zone(&cal.tz).unwrap();
        if let Ok(fast) = due(at, &Span::WorkingDays(n), &cal, &[]) {
            let fast = fast.due.unwrap();
            prop_assume!(fast.mins_since(at) < 60 * 24 * 60);
            let today = at.date_in(&tz);
            let mut dates = std::collections::BTreeSet::new();
            let mut last = at;
            let mut t = at;
            while t < fast.plus_mins(2 * 1440) {
                let date = t.date_in(&tz);
                if date > today && worked(&cal, &tz, t) && (dates.contains(&date) || dates.len() < usize::try_from(n).unwrap()) {
                    dates.insert(date);
                    last = t.plus_mins(1);
                }
                t = t.plus_mins(1);
            }
            prop_assert_eq!(fast, last);
        }
    }
}

proptest! {
    /// "By the 25th": the first time after the start at which a clock on the wall, in the calendar's zone, shows that
    /// day and hour; in a short month its last day. Found here by walking day by day, without months' arithmetic.
    #[test]
    fn by_the_25th_agrees((at, cal, pauses, day, hour) in by_day()) {
        let tz = zone(&cal.tz).unwrap();
        let span = Span::ByDayOfMonth { day, hour };
        let found = due(at, &span, &cal, &[]).unwrap().due.unwrap();
        let last_of = |date: Date| date.plus_days(1).to_string()[5..7] != date.to_string()[5..7];
        let number = |date: Date| date.to_string()[8..10].parse::<u8>().unwrap();
        let wanted = |date: Date| number(date) == day || (last_of(date) && number(date) < day);
        let today = at.date_in(&tz);
        let mut instants = (-2..=64)
            .map(|n| today.plus_days(n))
            .filter(|date| wanted(*date))
            .map(|date| Ts::at_local(date, u16::from(hour) * 60, &tz));
        prop_assert_eq!(Some(found), instants.find(|due| *due > at));
        // Never later than a month and the change of clocks; never in the past.
        prop_assert!(found > at && found.mins_since(at) <= 31 * 1440 + 24 * 60 + 120);
        // The wall shows what was asked for, unless that hour (or day) does not exist there.
        let wall = found.to_zoned(&tz);
        let shown = (Date(wall.date()), u8::try_from(wall.hour()).unwrap(), wall.minute());
        let usual = hour < 24 && wanted(shown.0) && shown.1 == hour && shown.2 == 0;
        let midnight = hour == 24 && shown.1 == 0 && wanted(shown.0.plus_days(-1));
        let changed = (1..=1500).any(|n| {
            let offset = |t: Ts| t.to_zoned(&tz).offset();
            offset(found.plus_mins(-n)) != offset(found) || offset(found.plus_mins(n)) != offset(found)
        });
        prop_assert!(usual || midnight || changed, "{} {} {}", found, day, hour);

        // A pause does not move it, unless it lies in the pause: then it waits for the end of that and of what follows
        // without a gap.
        let paused = due(at, &span, &cal, &pauses).unwrap().due.unwrap();
        let within = pauses.iter().any(|p| p.from < found && p.to.is_none_or(|to| found < to));
        let ends = pauses.iter().any(|p| p.to == Some(paused));
        prop_assert!(paused == found || (within && ends && paused > found));
        if !pauses.iter().any(|p| p.from < found && p.to.is_none_or(|to| found < to)) {
            prop_assert_eq!(paused, found);
        }
        // Starting later never makes it due earlier.
        let later = due(at.plus_mins(1440), &span, &cal, &[]).unwrap().due.unwrap();
        prop_assert!(later >= found);
    }

    #[test]
    fn later_start_or_more_time_is_never_due_earlier((at, cal, _) in case(), n in 0_i64..5000, more in 0_i64..2000) {
        for make in [Span::Hours as fn(i64) -> Span, Span::WorkingMinutes, Span::ClockHoursHolidaysExtended, |n| Span::WorkingDays(n / 100)] {
            let at_due = |start: Ts, n: i64| due(start, &make(n), &cal, &[]).ok().and_then(|d| d.due);
            if let (Some(a), Some(b), Some(c)) = (at_due(at, n), at_due(at, n + more), at_due(at.plus_mins(more), n)) {
                prop_assert!(at <= a && a <= b && a <= c, "{} {} {} {}", at, a, b, c);
            }
        }
    }

    /// A closed pause gives back exactly the working time it took, also for working days.
    #[test]
    fn pauses_shift_by_the_working_time_paused((at, cal, pauses) in case(), n in 1_i64..3000, days in 0_i64..6) {
        for span in [Span::WorkingMinutes(n), Span::WorkingDays(days)] {
            let (Ok(plain), Ok(shifted)) = (due(at, &span, &cal, &[]), due(at, &span, &cal, &pauses)) else { continue };
            let (plain, shifted) = (plain.due.unwrap(), shifted.due.unwrap());
            let between = |a: Ts, b: Ts| cal.working_minutes_between(a, b).unwrap();
            let mut taken = 0;
            let mut seen = at;
            let mut sorted = pauses.clone();
            sorted.sort_by_key(|p| p.from);
            for p in sorted {
                let (from, to) = (p.from.max(seen), p.to.unwrap().min(shifted));
                taken += between(from, to);
                seen = seen.max(to);
            }
            prop_assert_eq!(between(at, shifted), between(at, plain) + taken);
        }
    }

    #[test]
    fn steps_cover_the_time_without_gaps((at, cal, pauses) in case(), n in 1_i64..20_000) {
        let Ok(explained) = due(at, &Span::WorkingMinutes(n), &cal, &pauses) else { return Ok(()) };
        prop_assert!(explained.steps.len() <= 60);
        prop_assert_eq!(explained.steps[0].from, at);
        prop_assert_eq!(explained.steps.last().map(|s| s.to), explained.due);
        for pair in explained.steps.windows(2) {
            prop_assert_eq!(pair[0].to, pair[1].from);
        }
        prop_assert_eq!(explained.steps.iter().map(|s| s.counted_minutes).sum::<i64>(), n);
    }

    #[test]
    fn nonsense_gives_an_error_not_a_panic(start: i64, n: i64, from: i64, to in any::<Option<i64>>(), day: u8, hour: u8, unit in 0..5) {
        let cal = BusinessCalendar::china_2026();
        let span = match unit {
            0 => Span::Hours(n),
            1 => Span::WorkingMinutes(n),
            2 => Span::WorkingDays(n),
            3 => Span::ByDayOfMonth { day, hour },
            _ => Span::ClockHoursHolidaysExtended(n),
        };
        let pause = Pause { from: Ts(from), to: to.map(Ts), reason: String::new() };
        let _ = due(Ts(start), &span, &cal, std::slice::from_ref(&pause));
        let _ = due(Ts(start % Ts::MAX.0), &span, &cal, &[pause]);
        let _ = cal.working_minutes_between(Ts(start), Ts(from));
    }
}

proptest! {
    #[test]
    fn offsets_are_those_of_the_zone(name in prop::sample::select(PROBE_ZONES.to_vec()), at in 631_152_000_i64..2_871_763_200) {
        let tz = zone(name).unwrap();
        let at = Ts(at * 1_000_000);
        let (first, later) = offsets(&tz);
        prop_assert!(later.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 != pair[1].1));
        let said = later.iter().rev().find(|(from, _)| *from <= at).map_or(first, |(_, offset)| *offset);
        prop_assert_eq!(said, i64::from(tz.to_offset(at.to_jiff()).seconds()));
    }
}
