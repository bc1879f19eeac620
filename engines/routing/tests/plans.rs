//! What a user relies on: determinism, odd inputs, reasons, insertion, repair.

mod common;

use std::sync::atomic::AtomicBool;

use common::{Odd, Still, make, solved};
use routing::{
    answer::{Answer, StopOut},
    check::violations,
    core::Core,
    explain::explain,
    generate::{City, city},
    input::{Problem, parse},
    insert::{bump, rank},
    model::{Model, NONE},
    plan::from_routes,
    repair::{Events, repair},
    search::Search,
    solve::Outside,
    windows::{candidates, quotes},
};

fn small_city(jobs: usize, engineers: usize, seed: u64) -> Problem {
    city(&City { engineers, jobs, seed, lunch: true, radius_km: 12.0 })
}

fn problem(jobs: &str, engineers: &str) -> Result<Problem, routing::input::InputError> {
    parse(&format!(
        r#"{{"places":[{{"id":"A","x":0,"y":0}},{{"id":"B","x":3,"y":4}}],
            "travel":{{"kind":"euclidean","scale":60}},"engineers":[{engineers}],"jobs":[{jobs}]}}"#
    ))
}

const E1: &str = r#"{"id":"e1","start":"A","end":"A","shifts":[{"from":0,"to":36000}]}"#;

fn same(a: &Answer, b: &Answer) -> bool {
    a.routes == b.routes && a.unassigned_priority == b.unassigned_priority
}

#[test]
fn the_same_seed_and_iterations_give_the_same_plan_for_any_number_of_threads() {
    for jobs in [60, 500] {
        let p = small_city(jobs, jobs / 12, 5);
        let one = solved(&p, 3000, 9, 1);
        assert!(same(&one, &solved(&p, 3000, 9, 1)), "{jobs} jobs, again");
        assert!(same(&one, &solved(&p, 3000, 9, 4)), "{jobs} jobs, four threads");
    }
}

#[test]
fn parts_in_parallel_keep_all_rules() {
    let p = small_city(600, 40, 11);
    let answer = solved(&p, 20_000, 1, 2);
    assert_eq!(violations(&p, &answer), Vec::<String>::new());
    assert!(answer.unassigned.len() < 300, "{} left", answer.unassigned.len());
}

#[test]
fn degenerate_inputs_get_an_answer() {
    let cases = [
        ("", "", 0),
        (r#"{"id":"j","place":"B"}"#, "", 1),
        ("", E1, 0),
        (r#"{"id":"j","place":"B","duration":0}"#, E1, 0),
        (r#"{"id":"j","place":"A","duration":0}"#, E1, 0),
        (r#"{"id":"j","place":"B","duration":1000000}"#, E1, 1),
        (r#"{"id":"j","place":"B","windows":[[0,10]]}"#, E1, 1),
        (r#"{"id":"j","place":"B","windows":[[90000,99000]]}"#, E1, 1),
        (r#"{"id":"j","place":"B","windows":[[0,99999999999999]],"priority":1000000000}"#, E1, 0),
        (r#"{"id":"j","place":"B","people":2}"#, E1, 1),
        (r#"{"id":"j","place":"B","duration":600.0}"#, E1, 0),
    ];
    for (jobs, engineers, left) in cases {
        let p = problem(jobs, engineers).unwrap();
        let answer = solved(&p, 50, 1, 1);
        assert_eq!(answer.unassigned.len(), left, "{jobs}");
        assert_eq!(violations(&p, &answer), Vec::<String>::new());
        assert!(answer.unassigned.iter().all(|u| !u.reason.is_empty()));
    }
}

#[test]
fn the_past_is_not_planned() {
    let mut p = problem(r#"{"id":"j","place":"B","windows":[[0,5000]]}"#, E1).unwrap();
    p.now = Some(6000);
    let answer = solved(&p, 50, 1, 1);
    assert_eq!(answer.unassigned[0].reason, "no_window");
}

#[test]
fn errors_name_the_field() {
    let at = |jobs: &str, engineers: &str| problem(jobs, engineers).unwrap_err().path;
    assert_eq!(at(r#"{"id":"j","place":"C"}"#, E1), "jobs[0].place");
    assert_eq!(at(r#"{"id":"j","place":"B","colour":1}"#, E1), "jobs[0].colour");
    assert_eq!(at(r#"{"id":"j","place":"B","windows":[[5,1]]}"#, E1), "jobs[0].windows[0]");
    assert_eq!(at(r#"{"id":"j","place":"B","duration":-1}"#, E1), "jobs[0].duration");
    assert_eq!(at(r#"{"id":"j","place":"B","duration":1.5}"#, E1), "jobs[0].duration");
    assert_eq!(at(r#"{"id":"j","place":"B","pinned":{"engineer":"x"}}"#, E1), "jobs[0].pinned.engineer");
    assert_eq!(at("", r#"{"id":"e","start":"Z","shifts":[]}"#), "engineers[0].start");
    assert_eq!(at("", r#"{"id":"e","shifts":[{"from":9,"to":3}]}"#), "engineers[0].shifts[0]");
    assert_eq!(
        at("", r#"{"id":"e","shifts":[{"from":0,"to":9},{"from":5,"to":12}]}"#),
        "engineers[0].shifts[1]"
    );
    assert_eq!(at("", r#"{"id":"e"},{"id":"e"}"#), "engineers[1].id");
    assert_eq!(at("", r#"{"id":"e","skills":{"a":"b"}}"#), "engineers[0].skills.a");
}

#[test]
fn a_pinned_job_is_never_left_out_for_a_weightier_one() {
    let jobs = r#"{"id":"low","place":"B","duration":30000,"pinned":{"engineer":"e1","start":2000}},
        {"id":"high","place":"B","duration":30000,"priority":99}"#;
    let p = problem(jobs, E1).unwrap();
    let answer = solved(&p, 500, 1, 1);
    assert_eq!(answer.unassigned.iter().map(|u| u.job.as_str()).collect::<Vec<_>>(), ["high"]);
    assert_eq!(answer.unassigned[0].reason, "all_busy");
}

#[test]
fn a_started_job_is_a_fact_and_the_day_goes_on_from_there() {
    let jobs = r#"{"id":"now","place":"B","duration":1000,"windows":[[0,1]],"skills":{"x":9},
            "pinned":{"engineer":"e1","start":5000,"started":true}},
        {"id":"next","place":"A","duration":100}"#;
    let p = problem(jobs, E1).unwrap();
    let answer = solved(&p, 200, 1, 1);
    assert_eq!(violations(&p, &answer), Vec::<String>::new());
    let starts: Vec<i64> = answer.routes[0]
        .stops
        .iter()
        .filter_map(|s| if let StopOut::Visit { start, .. } = s { Some(*start) } else { None })
        .collect();
    assert_eq!(starts, [5000, 6300]);
}

#[test]
fn two_people_start_together() {
    let jobs = r#"{"id":"lift","place":"B","duration":1000,"crew":[{"a":2},{}]},{"id":"x","place":"A","duration":500}"#;
    let engineers = r#"{"id":"e1","start":"A","end":"A","shifts":[{"from":0,"to":36000}],"skills":{"a":2}},
        {"id":"e2","start":"B","end":"B","shifts":[{"from":3000,"to":36000}]}"#;
    let p = problem(jobs, engineers).unwrap();
    let answer = solved(&p, 300, 1, 1);
    assert!(answer.unassigned.is_empty());
    assert_eq!(violations(&p, &answer), Vec::<String>::new());
}

#[test]
fn parts_are_picked_up_on_the_way() {
    let mut p = problem(r#"{"id":"j","place":"B","duration":100,"parts":["pump"]}"#, E1).unwrap();
    assert_eq!(solved(&p, 50, 1, 1).unassigned[0].reason, "part_missing");
    p.depots.push(routing::input::Depot {
        id: "D".into(),
        place: "A".into(),
        parts: vec!["pump".into()],
        duration: 60,
        windows: vec![(500, 900)],
    });
    let answer = solved(&p, 50, 1, 1);
    assert_eq!(violations(&p, &answer), Vec::<String>::new());
    assert!(matches!(&answer.routes[0].stops[0], StopOut::Pickup { start: 500, .. }));
}

#[test]
fn every_unassigned_job_has_a_reason_and_a_proven_counterfactual() {
    let p = small_city(150, 6, 3);
    let answer = solved(&p, 3000, 1, 1);
    assert!(answer.unassigned.len() > 10);
    for u in &answer.unassigned {
        assert!(!u.reason.is_empty() && u.text.is_some(), "{}", u.job);
        assert!(!u.counterfactuals.is_empty() && u.counterfactuals.iter().all(|c| c.proven), "{}", u.job);
    }
    for seed in 0..40 {
        let odd = Odd {
            jobs: 12,
            engineers: seed as usize % 3,
            breaks: true,
            parts: true,
            crews: true,
            pins: true,
            days: 2,
            weights: seed % 2 == 0,
            travel: seed as usize % 3,
        };
        let p = make(seed, odd);
        for u in solved(&p, 200, seed, 1).unassigned {
            assert!(!u.counterfactuals.is_empty(), "seed {seed} job {}", u.job);
        }
    }
}

fn with_plan(p: &Problem, answer: &Answer, act: impl FnOnce(&Model, &mut Search<'_, routing::travel::Fly>)) {
    let model = Model::new(p);
    let plan = from_routes(&model, &answer.routes, false).expect("a plan of this problem");
    let core = Core::on_the_fly(&model);
    let mut search = Search::new(&core, &model.fly, 1);
    search.adopt(&plan);
    act(&model, &mut search);
}

#[test]
fn a_plan_read_back_is_the_same_plan() {
    for seed in 0..30 {
        let odd = Odd {
            jobs: 20,
            engineers: 4,
            breaks: true,
            parts: true,
            crews: true,
            pins: true,
            days: 2,
            weights: false,
            travel: seed as usize % 3,
        };
        let p = make(seed, odd);
        let answer = solved(&p, 500, seed, 1);
        with_plan(&p, &answer, |model, search| {
            let again = routing::figures::answer(model, search);
            assert!(same(&answer, &again), "seed {seed}");
        });
    }
}

#[test]
fn insertion_offers_are_feasible_and_sorted_and_bumping_keeps_all_rules() {
    let p = small_city(120, 8, 4);
    let answer = solved(&p, 3000, 1, 1);
    for number in 0..p.jobs.len() {
        with_plan(&p, &answer, |model, search| {
            let u = model.nodes_of[number][0];
            let home = search.at[u as usize];
            if home != NONE {
                return;
            }
            let ranking = rank(model, search, u);
            assert!(ranking.offers.is_sorted_by_key(|o| o.cost));
            assert_eq!(ranking.offers.len() + ranking.refused.len(), model.vehicles.len());
            if let Some(found) = bump(model, search, u) {
                search.accept_bump(u, &found);
                let after = routing::figures::answer(model, search);
                assert_eq!(violations(&p, &after), Vec::<String>::new());
                assert!(after.unassigned_priority < answer.unassigned_priority);
            }
        });
    }
}

#[test]
fn explanations_cover_every_engineer() {
    let p = small_city(80, 8, 6);
    let answer = solved(&p, 2000, 1, 1);
    with_plan(&p, &answer, |model, search| {
        for job in 0..p.jobs.len() as u32 {
            let story = explain(model, search, job, None);
            let told = story.assigned.len() + story.alternatives.len() + story.refused.len();
            assert_eq!(told, 8, "{}", story.job);
            assert!(!story.text.zh.is_empty() && !story.text.en.is_empty());
            assert!(story.refused.iter().all(|r| r.reason != routing::words::Reason::Fits));
        }
    });
}

#[test]
fn windows_are_quoted_cheapest_first_and_a_wider_one_never_costs_more() {
    let p = small_city(60, 8, 8);
    let mut more = p.clone();
    more.jobs[0].windows.clear();
    let answer = solved(&more, 2000, 1, 1);
    let mut routes = answer.clone();
    for route in &mut routes.routes {
        route.stops.retain(|s| !matches!(s, StopOut::Visit { job, .. } if *job == more.jobs[0].id));
    }
    with_plan(&more, &routes, |model, search| {
        let list = candidates(model, 7200, 20);
        let told = quotes(model, search, 0, &list);
        assert!(told.len() >= 4 && told[0].possible);
        let wide = quotes(model, search, 0, &[(0, 86_400)]);
        assert!(told.iter().filter(|q| q.possible).all(|q| q.cost >= wide[0].cost));
    });
}

#[test]
fn repair_after_a_drop_out_keeps_rules_and_most_of_the_plan() {
    let p = small_city(120, 12, 2);
    let answer = solved(&p, 5000, 1, 1);
    let gone = answer.routes[0].engineer.clone();
    let events = Events {
        now: Some(36_000),
        dropped: vec![gone.clone()],
        cancelled: vec![p.jobs[3].id.clone()],
        delayed: vec![(answer.routes[1].engineer.clone(), 1200)],
    };
    let cancel = AtomicBool::new(false);
    let outside = Outside { clock: &Still, cancel: &cancel, progress: &|_| {} };
    let done = repair(&p, &answer.routes, &events, 1.0, 2000, &outside).unwrap();
    assert_eq!(violations(&done.problem, &done.answer), Vec::<String>::new());
    let late = done.answer.routes.iter().filter(|r| r.engineer == gone).flat_map(|r| &r.stops);
    assert!(late.filter(|s| matches!(s, StopOut::Visit { start, .. } if *start >= 36_000)).count() == 0);
    let planned: usize = answer.routes.iter().map(|r| r.stops.len() - 1).sum();
    assert!(done.kept * 2 > planned, "{} of {planned} kept", done.kept);
    assert!(done.answer.objective.prices.contains_key("travel"));
}

#[test]
fn the_checker_notices_damage() {
    let p = small_city(60, 6, 1);
    let answer = solved(&p, 1000, 1, 1);
    assert_eq!(violations(&p, &answer), Vec::<String>::new());
    let damage: [fn(&mut Answer); 6] = [
        |a| a.routes[0].stops.swap(0, 1),
        |a| a.routes[0].engineer = a.routes[1].engineer.clone(),
        |a| a.travel_seconds += 1,
        |a| {
            a.routes[0].stops.retain(|s| !matches!(s, StopOut::Break { .. }));
        },
        |a| {
            a.routes[0].stops.remove(0);
        },
        |a| {
            if let StopOut::Visit { start, depart, .. } = &mut a.routes[0].stops[0] {
                *start -= 7200;
                *depart -= 7200;
            }
        },
    ];
    for (number, harm) in damage.iter().enumerate() {
        let mut broken = answer.clone();
        harm(&mut broken);
        assert_ne!(violations(&p, &broken), Vec::<String>::new(), "damage {number}");
    }
}
