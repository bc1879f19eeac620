use kernel::*;
use proptest::prelude::*;

fn ts(s: &str) -> Ts {
    Ts::parse(s).unwrap()
}

#[test]
fn ids_sort_by_time_and_never_repeat() {
    for make in [IdGen::random(), IdGen::seeded(7)] {
        let now = ts("2026-11-22T08:00:00Z");
        let mut last = Id::NIL;
        for i in 0..5000 {
            // The clock stands still, steps forward and steps back a little.
            let id = make.next(now.plus_micros((i % 7 - 3) * 900));
            assert!(id > last, "{id} after {last}");
            assert_eq!(id.0.get_version_num(), 7);
            assert_eq!(id.0.get_variant(), uuid::Variant::RFC4122);
            last = id;
        }
    }
}

#[test]
fn seeded_ids_are_the_same_on_every_run() {
    let now = ts("2026-01-01T00:00:00Z");
    let make = |seed| {
        let ids = IdGen::seeded(seed);
        (0..10).map(|_| ids.next(now)).collect::<Vec<_>>()
    };
    assert_eq!(make(1), make(1));
    assert_ne!(make(1), make(2));
    assert!(make(1)[0].to_string().starts_with("019b76da-a800-7"), "{}", make(1)[0]);
}

#[test]
fn an_id_keeps_its_time_when_the_clock_was_set_right() {
    let ids = IdGen::seeded(3);
    let wrong = ids.next(ts("2199-01-01T00:00:00Z"));
    let right = ids.next(ts("2026-01-01T00:00:00Z"));
    assert!(right < wrong);
}

#[test]
fn many_threads_get_different_ids() {
    let ids = std::sync::Arc::new(IdGen::random());
    let now = ts("2026-01-01T00:00:00Z");
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let ids = ids.clone();
            std::thread::spawn(move || (0..500).map(|_| ids.next(now)).collect::<Vec<_>>())
        })
        .collect();
    let all: Vec<Id> = threads.into_iter().flat_map(|t| t.join().unwrap()).collect();
    let distinct: std::collections::BTreeSet<_> = all.iter().collect();
    assert_eq!(distinct.len(), all.len());
}

#[test]
fn instants_read_any_offset_and_write_utc() {
    assert_eq!(ts("2026-11-22T08:30:00+08:00").to_string(), "2026-11-22T00:30:00Z");
    assert_eq!(serde_json::to_string(&Ts(1_500_000)).unwrap(), "\"1970-01-01T00:00:01.5Z\"");
    assert_eq!(serde_json::from_str::<Ts>("\"1970-01-01T08:00:00.000001+08:00\"").unwrap(), Ts(1));
    assert_eq!(Ts::parse("1899-12-31T23:59:59Z").unwrap_err().code, "time.range");
    assert_eq!(Ts::parse("2200-01-01T00:00:00Z").unwrap_err().code, "time.range");
    assert_eq!(Ts::parse("gestern").unwrap_err().code, "time.format");
    assert_eq!(Ts::MIN.to_string(), "1900-01-01T00:00:00Z");
    assert_eq!(Ts::MAX.to_string(), "2199-12-31T23:59:59.999999Z");
    assert_eq!(Ts(i64::MAX).plus_days(1).checked().unwrap_err().code, "time.range");
}

#[test]
fn local_times_that_do_not_exist_or_exist_twice() {
    let berlin = zone("Europe/Berlin").unwrap();
    let at = |date: &str, minute| Ts::at_local(Date::parse(date).unwrap(), minute, &berlin).to_string();
    assert_eq!(at("2026-03-29", 119), "2026-03-29T00:59:00Z");
    assert_eq!(at("2026-03-29", 150), "2026-03-29T01:00:00Z", "02:30 is skipped: the moment of the skip");
    assert_eq!(at("2026-03-29", 180), "2026-03-29T01:00:00Z");
    assert_eq!(at("2026-10-25", 150), "2026-10-25T00:30:00Z", "02:30 comes twice: the first");
    assert_eq!(at("2026-07-01", 1440), "2026-07-01T22:00:00Z");
    assert_eq!(zone("Mars/Olympus").unwrap_err().code, "time.zone");
}

#[test]
fn dates_in_the_spellings_people_use() {
    let day = Date::new(2026, 1, 5).unwrap();
    for text in ["2026-01-05", "2026/1/5", "2026.1.5", " 2026年1月5日 ", "20260105", "5/1/2026", "05.01.2026"]
    {
        assert_eq!(Date::parse(text).unwrap(), day, "{text}");
    }
    assert_eq!(Date::parse_with("1/5/2026", DateHint::MonthFirst).unwrap(), day);
    for text in [
        "",
        "2026-02-30",
        "26-1-5",
        "2026-1",
        "2026-13-01",
        "1/2/3/4",
        "２０２６-01-05",
        "1800-01-01",
        "日日日",
    ] {
        assert!(Date::parse(text).is_err(), "{text}");
    }
    assert!(Date::parse_iso("2026/01/05").is_err());
    assert_eq!(serde_json::to_string(&day).unwrap(), "\"2026-01-05\"");
    assert_eq!(day.weekday(), 0);
    assert_eq!(Date::new(2026, 1, 31).unwrap().plus_months(1).to_string(), "2026-02-28");
}

#[test]
fn periods_include_both_ends() {
    let day = |d| Date::new(2026, 1, d).unwrap();
    let first = Period::new(day(1), Some(day(10))).unwrap();
    let open = Period::new(day(10), None).unwrap();
    assert!(first.contains(day(1)) && first.contains(day(10)) && !first.contains(day(11)));
    assert!(first.overlaps(&open) && open.overlaps(&first));
    assert!(!first.overlaps(&Period::new(day(11), None).unwrap()));
    assert_eq!((first.days(), open.days()), (Some(10), None));
    assert_eq!(Period::new(day(2), Some(day(1))).unwrap_err().code, "period.backwards");
}

#[test]
fn texts_fill_their_places_once() {
    let text = T("还差 {have}，{other}", "{have} left of {need} {");
    let args = [("have", "{need}".to_owned()), ("need", "5".to_owned())];
    assert_eq!(text.fill(Lang::En, &args), "{need} left of 5 {");
    assert_eq!(text.fill(Lang::Zh, &args), "还差 {need}，{other}");
    assert_eq!(Lang::parse("zh_TW"), Some(Lang::Zh));
    assert_eq!(Lang::parse("en-GB"), Some(Lang::En));
    assert_eq!(Lang::parse("fr"), None);
    assert_eq!(serde_json::to_string(&Lang::Zh).unwrap(), "\"zh-CN\"");
}

#[test]
fn problems_are_collected() {
    let problem = || RuleError::new("x.y", T("缺 {n}", "{n} missing")).field("n").arg("n", 3);
    let mut problems = Problems::new();
    problems.check(true, problem);
    assert!(problems.is_empty());
    problems.check(false, problem);
    assert_eq!(problems.take::<()>(Err(problem())), None);
    let found = problems.finish().unwrap_err();
    assert_eq!(found.0.len(), 2);
    assert_eq!(found.0[0].message(Lang::Zh), "缺 3");
    assert_eq!(found.to_string(), "x.y: 3 missing [n]; x.y: 3 missing [n]");
    assert!(Problems::new().finish().is_ok());
}

#[test]
fn a_fixed_clock_moves_only_when_told() {
    let clock = FixedClock::new(Ts(5));
    let other = clock.clone();
    other.advance_secs(1);
    assert_eq!(clock.now(), Ts(1_000_005));
    clock.set(Ts(9));
    other.advance(std::time::Duration::from_micros(2));
    assert_eq!(clock.now(), Ts(11));
    assert!(SystemClock.now() > ts("2024-01-01T00:00:00Z"));
}

proptest! {
    #[test]
    fn reading_never_panics(s in "\\PC{0,40}") {
        let _ = (Ts::parse(&s), Date::parse(&s), s.parse::<Id>(), Lang::parse(&s));
        let _ = Date::parse_with(&s, DateHint::MonthFirst);
    }

    #[test]
    fn instants_and_dates_survive_json(micros in Ts::MIN.0..=Ts::MAX.0) {
        let at = Ts(micros);
        prop_assert_eq!(serde_json::from_str::<Ts>(&serde_json::to_string(&at).unwrap()).unwrap(), at);
        let date = at.date_in(&Tz::UTC);
        prop_assert_eq!(Date::parse(&date.to_string()).unwrap(), date);
        prop_assert_eq!(Ts::at_local(date, 0, &Tz::UTC).0, micros.div_euclid(86_400_000_000) * 86_400_000_000);
    }

    #[test]
    fn days_between_dates(micros in Ts::MIN.0..=Ts::MAX.0, n in -40_000_i64..40_000) {
        let date = Ts(micros).date_in(&Tz::UTC);
        prop_assert_eq!(date.plus_days(n).days_since(date), n);
    }
}

#[test]
fn a_stored_text_speaks_to_readers_of_both_languages() {
    let told = T("{no} 超时：{what}", "{no} is late: {what}")
        .told(&[("no", "SO-1".to_string()), ("what", T::both("派工", "dispatch"))]);
    assert_eq!((Lang::Zh.of(&told), Lang::En.of(&told)), ("SO-1 超时：派工", "SO-1 is late: dispatch"));
    assert_eq!(T::both("SO-1", "SO-1"), "SO-1", "what is the same is stored once");
    assert_eq!((Lang::Zh.of("plain"), Lang::En.of("plain")), ("plain", "plain"));
}
