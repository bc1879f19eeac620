//! Every outlet has its wall clock: deadlines, days of numbers and what pages show follow it (PLAT-12).

use kernel::{BusinessCalendar, Id, PROBE_ZONES, Pause, Span, Ts, Tz};
use kit::{DocRef, begin, timers};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use serde_json::{Value, json};
use testkit::TestApp;

use crate::world::{id, world_in};

async fn moved(app: &TestApp, org: Id, zone: &str) {
    app.admin().await.put(&format!("/orgs/{org}"), json!({ "time_zone": zone })).await.ok();
}

/// A clock of an outlet from an instant on, perhaps paused for a while; how it stands then.
async fn clock_of(app: &TestApp, org: Id, span: Span, start: Ts, pause: Option<(Ts, Ts)>) -> timers::Timer {
    let doc = app.app.id();
    app.clock.set(start);
    let cx = app.system();
    let open = async || -> kit::Result<()> {
        let mut tx = begin!(cx, "test.start", &doc);
        let doc = DocRef::new("probe", doc, "1");
        let new = timers::NewTimer { doc: &doc, org, kind: "probe", span, start, warn_percent: 0 };
        timers::start_in(&mut tx, &[new]).await?;
        tx.commit(()).await
    };
    open().await.expect("started");
    if let Some((from, to)) = pause {
        let still = async || -> kit::Result<()> {
            app.clock.set(from);
            let mut tx = begin!(cx, "test.pause", &doc);
            timers::pause_in(&mut tx, doc, "parts").await?;
            tx.commit(()).await?;
            app.clock.set(to);
            let mut tx = begin!(cx, "test.resume", &doc);
            timers::resume_in(&mut tx, doc).await?;
            tx.commit(()).await
        };
        still().await.expect("paused and resumed");
    }
    let mut conn = app.app.db.read().await.expect("reads");
    timers::of_doc(&mut conn, doc).await.expect("reads").pop().expect("a clock")
}

fn minute(at: Ts, tz: &Tz) -> i64 {
    let there = at.to_zoned(tz);
    i64::from(there.hour()) * 60 + i64::from(there.minute())
}

testkit::app_test! {
    async fn clocks_run_by_the_outlets_own_hours(app: TestApp) {
        let mut runner = TestRunner::deterministic();
        let spans = prop_oneof![
            (1_i64..2_000).prop_map(Span::WorkingMinutes),
            (0_i64..12).prop_map(Span::WorkingDays),
            (1_i64..5_000).prop_map(Span::Hours),
            (1_u8..=31, 0_u8..=24).prop_map(|(day, hour)| Span::ByDayOfMonth { day, hour }),
        ];
        // From 2009 to 2026, so that rules change on the way; hours after the start at which it stands still, and how long.
        let cases = (spans, 1_230_768_000_i64..1_798_761_600, prop::option::of((0_i64..200, 1_i64..300)));
        for zone in PROBE_ZONES {
            let outlet = app.outlet(zone).await;
            moved(app, outlet, zone).await;
            let tz = kernel::zone(zone).expect("a zone");
            let calendar = BusinessCalendar { tz: zone.into(), ..BusinessCalendar::china_2026() };
            for _ in 0..12 {
                let (span, start, still) = cases.new_tree(&mut runner).expect("a case").current();
                let start = Ts(start * 1_000_000);
                let unpaused = kernel::due(start, &span, &calendar, &[]).expect("due").due.expect("a time");
                // One that is over before the pause is left as it is.
                let still = still
                    .map(|(after, long)| (start.plus_hours(after), start.plus_hours(after + long)))
                    .filter(|(from, _)| *from < unpaused);
                let pauses: Vec<Pause> =
                    still.iter().map(|(from, to)| Pause { from: *from, to: Some(*to), reason: "parts".into() }).collect();
                let wanted = kernel::due(start, &span, &calendar, &pauses).expect("due");
                let clock = clock_of(app, outlet, span, start, still).await;
                assert_eq!((clock.due_at, clock.zone.as_str()), (wanted.due, zone), "{zone} {span:?} {start} {still:?}");
                assert_eq!(timers::explain(&app.system(), &clock).await.expect("explained"), wanted);
                if let (Span::WorkingDays(_), true) = (span, pauses.is_empty()) {
                    assert_eq!(minute(unpaused, &tz), 17 * 60 + 30, "{zone}: close of business there");
                }
            }
        }
        app.clock.set(Ts::parse(testkit::START).expect("a time"));
    }

    async fn an_outlet_that_moves_leaves_running_clocks_as_they_were(app: TestApp) {
        let outlet = app.outlet("柏林").await;
        moved(app, outlet, "Europe/Berlin").await;
        let start = Ts::parse("2026-03-27T15:00:00Z").expect("a time");
        // Friday; the clocks go forward on Sunday.
        let clock = clock_of(app, outlet, Span::WorkingDays(1), start, None).await;
        assert_eq!(clock.due_at, Ts::parse("2026-03-30T15:30:00Z").ok());
        moved(app, outlet, "America/Sao_Paulo").await;
        let explained = timers::explain(&app.system(), &clock).await.expect("explained");
        assert_eq!(explained.due, clock.due_at, "what is explained is what is stored");
        let next = clock_of(app, outlet, Span::WorkingDays(1), start, None).await;
        assert_eq!(next.due_at, Ts::parse("2026-03-30T20:30:00Z").ok());
        // Whoever stands below takes the zone over; a calendar may name one of its own.
        let below = app.admin().await.post("/orgs", json!({ "code": "SP2", "name": "分店", "kind": "outlet", "parent_id": outlet })).await.ok();
        assert_eq!(below["time_zone"], "America/Sao_Paulo");
        let calendar = json!({ "tz": "Asia/Tokyo", "week": vec![vec![(600, 960)]; 7], "holidays": [], "makeup": [] });
        app.admin().await.put("/settings", json!({ "key": "calendar", "org_id": outlet, "value": calendar })).await.ok();
        let held = timers::calendar(&app.system(), id(&below).parse().expect("an id")).await.expect("a calendar");
        assert_eq!(held.tz, "Asia/Tokyo");
        app.clock.set(Ts::parse(testkit::START).expect("a time"));
    }

    async fn people_read_their_own_clock(app: TestApp) {
        let (east, west) = (app.outlet("东店").await, app.outlet("西店").await);
        moved(app, west, "Europe/Berlin").await;
        let (here, there) = (world_in(app, east, "ZONA", 1).await, world_in(app, west, "ZONB", 1).await);
        let order = |world: &crate::world::World| json!({ "customer_id": world.customer["id"], "unit_id": world.unit["id"], "kind": "repair_minor",
            "mode": "on_site", "symptom": "异响", "demand": "修复", "appointment_from": "2026-11-20T09:30:00Z", "appointment_to": "2026-11-20T10:30:00Z" });
        // 23:30 on the 18th in Berlin, the morning of the 19th in China.
        app.clock.set(Ts::parse("2026-11-18T22:30:00Z").expect("a time"));
        let (theirs, ours) = (there.admin.post("/orders", order(&there)).await.ok(), here.admin.post("/orders", order(&here)).await.ok());
        let clerk = app.user_with_all(kit::Reach::Outlet, west).await;
        let far = app.user_with_roles(&["all_outlet"], east).await;
        let page = clerk.page(&format!("/orders/{}", id(&theirs))).await.text();
        assert!(page.contains("11-20 10:30") && !page.contains("11-20 17:30"), "Berlin's clock");
        let page = far.page(&format!("/orders/{}", id(&ours))).await.text();
        assert!(page.contains("11-20 17:30"), "China's clock");
        // The sheet is printed by the clock of the place, whoever prints it.
        let sheet = app.admin().await.page(&format!("/orders/{}/sheets/intake", id(&theirs))).await.text();
        assert!(sheet.contains("2026-11-18 23:30"), "{sheet}");
        // "Today" of lists, of the day list and of days as conditions.
        let count = async |who: &testkit::Client, filter: &str| who.get(&format!("/orders?filter={filter}")).await.ok()["items"].as_array().map_or(0, Vec::len);
        assert_eq!(count(&clerk, "created_at~gte~2026-11-18;created_at~lte~2026-11-18").await, 1);
        assert_eq!(count(&far, "created_at~gte~2026-11-18;created_at~lte~2026-11-18").await, 0);
        assert_eq!(count(&far, "created_at~gte~2026-11-19").await, 1);
        let day = clerk.get("/dispatch/day").await.ok();
        assert_eq!(day["date"], "2026-11-18", "{day}");
        assert_eq!(far.get("/dispatch/day").await.ok()["date"], "2026-11-19");
        // What is typed into a page is meant by the clock of whoever types it.
        let page = clerk.page(&format!("/orders/{}/edit", id(&theirs))).await.text();
        assert!(page.contains("value=\"2026-11-20T10:30\""), "{page}");
        // Groups by month follow it too: the last evening of a month.
        app.clock.set(Ts::parse("2026-11-30T22:30:00Z").expect("a time"));
        let mut late = order(&there);
        (late["appointment_from"], late["appointment_to"]) = (Value::Null, Value::Null);
        there.admin.post("/orders", late).await.ok();
        let months = async |who: &testkit::Client| -> Vec<Value> {
            let out = who.get("/orders?group=created_at").await.ok();
            out["groups"].as_array().into_iter().flatten().map(|group| group["by"]["created_at"].clone()).collect()
        };
        assert_eq!(months(&clerk).await, [json!("2026-11")]);
        assert_eq!(months(&app.admin().await).await.len(), 2, "the company reads China's clock");
        app.clock.set(Ts::parse(testkit::START).expect("a time"));
    }

    async fn days_of_numbers_are_those_of_whoever_counts(app: TestApp) {
        let west = app.outlet("圣保罗").await;
        moved(app, west, "America/Sao_Paulo").await;
        let world = world_in(app, west, "ZONC", 1).await;
        let order = json!({ "customer_id": world.customer["id"], "unit_id": world.unit["id"], "kind": "repair_minor", "mode": "on_site", "symptom": "异响", "demand": "修复" });
        app.clock.set(Ts::parse("2026-11-18T20:00:00Z").expect("a time"));
        let shared = world.admin.post("/orders", order.clone()).await.ok();
        assert!(shared["no"].as_str().is_some_and(|no| no.starts_with("SO-20261119-")), "the company's day: {shared}");
        world.admin.put("/settings", json!({ "key": "number.SO", "org_id": west, "value": "SO-{org}-{yyyyMMdd}-{0000}" })).await.ok();
        let own = world.admin.post("/orders", order).await.ok();
        assert!(own["no"].as_str().is_some_and(|no| no.contains("-20261118-")), "the outlet's day: {own}");
        app.clock.set(Ts::parse(testkit::START).expect("a time"));
    }
}
