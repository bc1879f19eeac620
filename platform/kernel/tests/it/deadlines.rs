use kernel::*;

fn ts(s: &str) -> Ts {
    Ts::parse(s).unwrap()
}

/// A time in China, `11-22 08:30`, of 2026.
fn cn(s: &str) -> Ts {
    ts(&format!("2026-{}:00+08:00", s.replace(' ', "T")))
}

fn pause(from: &str, to: &str) -> Pause {
    Pause { from: cn(from), to: (!to.is_empty()).then(|| cn(to)), reason: "等待配件".into() }
}

#[test]
fn the_year_2026_in_china() {
    let cal = BusinessCalendar::china_2026();
    cal.check().unwrap();
    let working = |s: &str| cal.is_working_day(Date::parse(s).unwrap());
    assert!(
        !working("2026-01-01") && working("2026-01-04") && working("2026-02-14") && !working("2026-02-16")
    );
    assert!(
        !working("2026-10-07") && working("2026-10-08") && working("2026-10-10") && !working("2026-10-11")
    );
    let count =
        (0..365).filter(|n| cal.is_working_day(Date::parse("2026-01-01").unwrap().plus_days(*n))).count();
    // 261 weekdays, 33 days off of which 14 are weekend days, 6 make-up days.
    assert_eq!(count, 261 - (33 - 14) + 6);
    assert_eq!(cal.working_minutes_between(cn("11-23 00:00"), cn("11-30 00:00")).unwrap(), 5 * 540);
    assert_eq!(cal.working_minutes_between(cn("11-30 00:00"), cn("11-23 00:00")).unwrap(), 0);
}

#[test]
fn deadlines_in_china() {
    let cal = BusinessCalendar::china_2026();
    for (start, span, want) in [
        // First response within 30 minutes, arrival within 24 h (WO-09, WO-10): the clock never stops.
        ("11-21 23:50", Span::Hours(30), "11-22 00:20"),
        ("09-30 22:00", Span::hours(24), "10-01 22:00"),
        // Repair within 3 working days (WO-11).
        ("11-23 10:00", Span::WorkingDays(3), "11-26 17:30"),
        ("11-20 10:00", Span::WorkingDays(3), "11-25 17:30"),
        ("11-21 10:00", Span::WorkingDays(1), "11-23 17:30"),
        ("09-30 10:00", Span::WorkingDays(3), "10-10 17:30"),
        ("10-03 10:00", Span::WorkingDays(1), "10-08 17:30"),
        ("02-13 16:00", Span::WorkingDays(1), "02-14 17:30"),
        ("11-23 07:00", Span::WorkingDays(0), "11-23 17:30"),
        ("11-23 18:00", Span::WorkingDays(0), "11-24 17:30"),
        // Working hours.
        ("11-23 10:00", Span::working_hours(2), "11-23 12:00"),
        ("11-23 16:30", Span::working_hours(1), "11-23 17:30"),
        ("11-23 16:30", Span::WorkingMinutes(61), "11-24 08:31"),
        ("11-20 17:00", Span::working_hours(1), "11-23 09:00"),
        ("11-22 12:00", Span::WorkingMinutes(0), "11-22 12:00"),
        ("10-03 10:00", Span::WorkingMinutes(1), "10-08 08:31"),
        // Paperwork within 24 h, extended over public holidays (PARTS-27); a plain weekend is not extended.
        ("09-30 22:00", Span::ClockHoursHolidaysExtended(1440), "10-08 22:00"),
        ("10-03 22:00", Span::ClockHoursHolidaysExtended(1440), "10-09 00:00"),
        ("11-20 22:00", Span::ClockHoursHolidaysExtended(1440), "11-21 22:00"),
        // By the 25th of each month (PARTS-60).
        ("11-03 10:00", Span::ByDayOfMonth { day: 25, hour: 18 }, "11-25 18:00"),
        ("11-25 18:00", Span::ByDayOfMonth { day: 25, hour: 18 }, "12-25 18:00"),
        ("10-25 18:01", Span::ByDayOfMonth { day: 25, hour: 18 }, "11-25 18:00"),
        ("02-10 00:00", Span::ByDayOfMonth { day: 31, hour: 0 }, "02-28 00:00"),
        ("04-01 00:00", Span::ByDayOfMonth { day: 31, hour: 24 }, "05-01 00:00"),
        ("05-01 00:00", Span::ByDayOfMonth { day: 31, hour: 24 }, "06-01 00:00"),
    ] {
        let got = due(cn(start), &span, &cal, &[]).unwrap();
        assert_eq!(got.due, Some(cn(want)), "{start} {span:?}: {:#?}", got.steps);
    }
}

#[test]
fn pauses_give_the_time_back() {
    let cal = BusinessCalendar::china_2026();
    for (span, pauses, want) in [
        (Span::hours(4), vec![pause("11-23 10:00", "11-23 11:30")], Some("11-23 14:30")),
        // Unsorted, overlapping, empty, backwards and before the start.
        (
            Span::hours(4),
            vec![
                pause("11-23 11:00", "11-23 12:00"),
                pause("11-23 10:00", "11-23 11:30"),
                pause("11-23 10:30", "11-23 10:30"),
                pause("11-23 10:30", "11-23 09:00"),
                pause("11-22 10:00", "11-23 09:10"),
            ],
            Some("11-23 15:10"),
        ),
        (Span::WorkingDays(1), vec![pause("11-23 16:30", "11-24 09:30")], Some("11-25 10:30")),
        // Paused over a night only: nothing was taken.
        (Span::WorkingDays(1), vec![pause("11-23 17:30", "11-24 08:30")], Some("11-24 17:30")),
        (Span::hours(4), vec![pause("11-23 12:59", "")], None),
        (Span::hours(4), vec![pause("11-23 13:00", "")], Some("11-23 13:00")),
        (Span::WorkingDays(2), vec![pause("11-24 12:00", "")], None),
        (
            Span::ByDayOfMonth { day: 25, hour: 18 },
            vec![pause("11-23 10:00", "11-24 10:00")],
            Some("11-25 18:00"),
        ),
        (
            Span::ByDayOfMonth { day: 25, hour: 18 },
            vec![pause("11-23 10:00", "11-26 10:00")],
            Some("11-26 10:00"),
        ),
        (Span::ByDayOfMonth { day: 25, hour: 18 }, vec![pause("11-23 10:00", "")], None),
    ] {
        let got = due(cn("11-23 09:00"), &span, &cal, &pauses).unwrap();
        assert_eq!(got.due, want.map(cn), "{span:?} {pauses:?}: {:#?}", got.steps);
    }
}

#[test]
fn due_times_are_explained() {
    let cal = BusinessCalendar::china_2026();
    let got = due(cn("09-30 16:30"), &Span::working_hours(2), &cal, &[pause("10-08 09:00", "10-08 10:00")])
        .unwrap();
    let kinds: Vec<StepKind> = got.steps.iter().map(|s| s.kind).collect();
    use StepKind::*;
    assert_eq!(
        kinds,
        [Counted, OutsideHours, Holiday, OutsideHours, Counted, Pause, Counted],
        "{:#?}",
        got.steps
    );
    assert_eq!(got.steps[2].from, cn("10-01 00:00"));
    assert_eq!(got.steps[2].to, cn("10-08 00:00"));
    assert_eq!(got.steps[2].text(Lang::Zh), "法定节假日，不计时");
    assert_eq!(got.steps[5].text(Lang::En), "Clock paused: 等待配件");
    assert_eq!(got.due, Some(cn("10-08 10:30")));
    let long = due(cn("01-01 00:00"), &Span::WorkingDays(100), &cal, &[]).unwrap();
    assert_eq!(long.steps.len(), 60);
    assert_eq!(long.steps.iter().filter(|s| s.kind == Summary).count(), 1);
    assert!(long.steps.iter().any(|s| s.kind == CountedMakeup));
}

#[test]
fn summer_time_in_berlin() {
    let mut cal = BusinessCalendar::always("Europe/Berlin");
    let at = |s: &str| ts(s);
    // The night of 29 March 2026 is an hour short, the one of 25 October an hour long.
    let got = |cal: &BusinessCalendar, start: &str, span| {
        due(at(start), &span, cal, &[]).unwrap().due.unwrap().to_string()
    };
    assert_eq!(got(&cal, "2026-03-28T23:00:00Z", Span::WorkingDays(0)), "2026-03-29T22:00:00Z");
    assert_eq!(
        cal.working_minutes_between(at("2026-03-28T23:00:00Z"), at("2026-03-29T22:00:00Z")).unwrap(),
        23 * 60
    );
    cal.week = std::array::from_fn(|_| vec![(60, 240)]);
    assert_eq!(
        cal.working_minutes_between(at("2026-03-28T23:00:00Z"), at("2026-03-29T22:00:00Z")).unwrap(),
        120
    );
    assert_eq!(
        cal.working_minutes_between(at("2026-10-24T22:00:00Z"), at("2026-10-25T23:00:00Z")).unwrap(),
        240
    );
    cal.week = std::array::from_fn(|_| vec![(120, 180)]);
    assert_eq!(got(&cal, "2026-03-28T22:00:00Z", Span::WorkingMinutes(60)), "2026-03-30T01:00:00Z");
    assert_eq!(got(&cal, "2026-10-24T22:00:00Z", Span::WorkingDays(0)), "2026-10-25T02:00:00Z");
    assert_eq!(
        got(&cal, "2026-10-20T22:00:00Z", Span::ByDayOfMonth { day: 29, hour: 2 }),
        "2026-10-29T01:00:00Z"
    );
}

#[test]
fn a_calendar_without_working_time_is_refused() {
    let mut cal = BusinessCalendar::china_2026();
    cal.week = Default::default();
    for span in [Span::WorkingMinutes(5), Span::WorkingDays(1)] {
        assert_eq!(due(cn("11-23 09:00"), &span, &cal, &[]).unwrap_err().code, "calendar.no_working_time");
    }
    assert!(
        !cal.is_working_day(Date::parse("2026-10-10").unwrap()),
        "a make-up day has Monday's hours: none"
    );
    // Work on Saturdays only, and Monday's (empty) hours on make-up days: those must not count.
    cal.week[5] = vec![(540, 600)];
    let got = due(cn("10-09 09:00"), &Span::WorkingMinutes(60), &cal, &[]).unwrap();
    assert_eq!(got.due, Some(cn("10-17 10:00")));
    assert_eq!(
        due(cn("10-09 09:00"), &Span::WorkingDays(1_000_000), &cal, &[]).unwrap_err().code,
        "calendar.too_far"
    );
    assert_eq!(due(cn("10-09 09:00"), &Span::Hours(-1), &cal, &[]).unwrap_err().code, "calendar.span");
    assert_eq!(
        due(cn("10-09 09:00"), &Span::ByDayOfMonth { day: 0, hour: 1 }, &cal, &[]).unwrap_err().code,
        "calendar.span"
    );
    cal.tz = "Nowhere".into();
    assert_eq!(cal.check().unwrap_err().code, "time.zone");
    cal.tz = "UTC".into();
    cal.week[0] = vec![(600, 540)];
    assert_eq!(cal.check().unwrap_err().code, "calendar.hours");
    cal.week = Default::default();
    assert_eq!(cal.check().unwrap_err().code, "calendar.no_working_time");
}

#[test]
fn spans_and_calendars_as_json() {
    let spans = [Span::Hours(90), Span::WorkingDays(3), Span::ByDayOfMonth { day: 25, hour: 18 }];
    let json = serde_json::to_string(&spans).unwrap();
    assert_eq!(
        json,
        r#"[{"unit":"hours","value":90},{"unit":"working_days","value":3},{"unit":"by_day_of_month","value":{"day":25,"hour":18}}]"#
    );
    assert_eq!(serde_json::from_str::<Vec<Span>>(&json).unwrap(), spans);
    let cal = BusinessCalendar::china_2026();
    assert_eq!(serde_json::from_str::<BusinessCalendar>(&serde_json::to_string(&cal).unwrap()).unwrap(), cal);
    assert_eq!(Span::hours(24).text(Lang::Zh), "24 小时");
    assert_eq!(Span::Hours(30).text(Lang::En), "30 min");
    assert_eq!(Span::working_hours(1).text(Lang::Zh), "1 工作小时");
    assert_eq!(Span::ByDayOfMonth { day: 25, hour: 18 }.text(Lang::Zh), "每月 25 日 18 时前");
}

#[test]
fn so_long_ahead_is_counted_backwards_in_working_time() {
    let cal = BusinessCalendar::china_2026();
    let at = |text: &str| Ts::parse(text).expect("an instant");
    let cases = [
        // Half a day before ten on a Friday is the afternoon before, not the night.
        ("2026-11-20T10:00:00+08:00", 4, "2026-11-19T15:00:00+08:00"),
        ("2026-11-20T12:30:00+08:00", 4, "2026-11-20T08:30:00+08:00"),
        // Over a weekend.
        ("2026-11-23T09:00:00+08:00", 1, "2026-11-20T17:00:00+08:00"),
        // What is due outside working hours is counted from the last of them.
        ("2026-11-22T20:00:00+08:00", 1, "2026-11-20T16:30:00+08:00"),
    ];
    for (point, hours, wanted) in cases {
        let start = kernel::ahead(at(point), &Span::working_hours(hours), &cal).expect("an instant");
        assert_eq!(start, at(wanted), "{hours} h before {point}");
        let end = due(start, &Span::working_hours(hours), &cal, &[]).expect("a due time").due;
        assert!(end.is_some_and(|end| end <= at(point)), "{point}");
    }
}
