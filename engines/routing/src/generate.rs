//! Seeded problems for benchmarks and tests: cities of technicians, and instances in the manner of Solomon.

use std::collections::BTreeMap;

use crate::{
    input::{Band, Break, Engineer, Job, Objective, Place, Problem, Rounding, Shift, Skill, Travel},
    rng::Rng,
};

/// What a city looks like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct City {
    pub engineers: usize,
    pub jobs: usize,
    pub seed: u64,
    /// With a lunch break of 45 minutes between 11:30 and 13:00.
    pub lunch: bool,
    /// Half the width of the city in kilometres.
    pub radius_km: f64,
}

const SKILLS: [&str; 8] = ["hvac", "fridge", "washer", "oven", "tv", "boiler", "lift", "network"];
const PARTS: usize = 12;
const HOUR: i64 = 3600;

/// Technicians with skills in grades and parts on their vans; jobs with mostly two-hour windows.
pub fn city(c: &City) -> Problem {
    let mut rng = Rng::new(c.seed);
    let centres: Vec<(f64, f64)> = (0..(3 + c.jobs / 400))
        .map(|_| (spread(&mut rng, c.radius_km * 0.7), spread(&mut rng, c.radius_km * 0.7)))
        .collect();
    let mut places = Vec::with_capacity(c.engineers + c.jobs);
    let mut point = |rng: &mut Rng, id: String| {
        let (x, y) = if rng.unit() < 0.6 {
            let centre = centres[rng.below(centres.len())];
            (centre.0 + normal(rng) * c.radius_km * 0.15, centre.1 + normal(rng) * c.radius_km * 0.15)
        } else {
            (spread(rng, c.radius_km), spread(rng, c.radius_km))
        };
        let (lat, lon) = (31.23 + y / 111.2, 121.47 + x / (111.2 * 0.855));
        places.push(Place {
            id: id.clone(),
            lat: Some((lat * 1e5).round() / 1e5),
            lon: Some((lon * 1e5).round() / 1e5),
            ..Place::default()
        });
        id
    };
    let engineers = (0..c.engineers).map(|e| engineer(c, e, &mut rng, &mut point)).collect();
    let jobs = (0..c.jobs).map(|j| job(j, &mut rng, &mut point)).collect();
    Problem {
        travel: Travel::Haversine {
            profile: vec![Band { up_to_km: None, kmh: 30.0 }],
            factor: 1.35,
            rounding: Rounding::Round,
        },
        engineers,
        jobs,
        places,
        objective: Objective::Lexicographic,
        depots: Vec::new(),
        areas: Vec::new(),
        previous: None,
        now: None,
    }
}

fn engineer(
    c: &City,
    e: usize,
    rng: &mut Rng,
    point: &mut impl FnMut(&mut Rng, String) -> String,
) -> Engineer {
    let home = point(rng, format!("H{e}"));
    let mut skills = BTreeMap::new();
    for _ in 0..(2 + rng.below(3)) {
        skills.insert(SKILLS[rng.below(8)].to_string(), Skill::Grade(1 + rng.below(3) as i64));
    }
    let parts = (0..PARTS).filter(|_| rng.unit() < 0.6).map(|p| format!("p{p}")).collect();
    let from = 8 * HOUR + rng.below(3) as i64 * HOUR / 2;
    let pause = Break { from: 11 * HOUR + HOUR / 2, to: 13 * HOUR, duration: 2700 };
    Engineer {
        id: format!("e{e}"),
        start: Some(home.clone()),
        end: Some(home),
        shifts: vec![Shift {
            from,
            to: from + 9 * HOUR,
            breaks: if c.lunch { vec![pause] } else { Vec::new() },
            overtime: 0,
            start: None,
            end: None,
        }],
        skills,
        parts,
        ..Engineer::default()
    }
}

fn job(j: usize, rng: &mut Rng, point: &mut impl FnMut(&mut Rng, String) -> String) -> Job {
    let place = point(rng, format!("J{j}"));
    let width = if rng.unit() < 0.8 { 2 * HOUR } else { 4 * HOUR };
    let open = 8 * HOUR + rng.below(8) as i64 * HOUR;
    let mut skills = BTreeMap::new();
    let grade = [1, 1, 1, 2, 2, 3][rng.below(6)];
    skills.insert(SKILLS[rng.below(8)].to_string(), grade);
    let parts = if rng.unit() < 0.3 { vec![format!("p{}", rng.below(PARTS))] } else { Vec::new() };
    Job {
        id: format!("j{j}"),
        place,
        duration: 1200 + rng.below(10) as i64 * 300,
        windows: vec![(open, open + width)],
        skills,
        parts,
        priority: [1, 1, 1, 1, 2, 2, 3, 5][rng.below(8)],
        ..Job::default()
    }
}

fn spread(rng: &mut Rng, radius: f64) -> f64 {
    (rng.unit() * 2.0 - 1.0) * radius
}

/// Roughly normal: the sum of twelve uniforms.
fn normal(rng: &mut Rng) -> f64 {
    (0..12).map(|_| rng.unit()).sum::<f64>() - 6.0
}

/// What a stream of arrivals did.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Streamed {
    pub arrivals: usize,
    /// Travel per planned visit above that of the plan made in hindsight, as a share.
    pub above_hindsight: f64,
    pub left: i64,
    pub left_in_hindsight: i64,
    /// Visits already announced that changed engineer or start (by five minutes), per arrival.
    pub moved_per_arrival: f64,
    pub seconds_per_arrival: f64,
}

/// Price of changing an announced visit while jobs stream in.
const STREAM_STABILITY: f64 = 600.0;
const STREAM_MOVED: f64 = 0.2;

/// Plans the first `known` jobs, then lets the others arrive one by one; each arrival may improve the plan
/// around it for `seconds` by `improve`.
pub fn stream(
    problem: &Problem,
    known: usize,
    outside: &crate::solve::Outside,
    seconds: f64,
    improve: impl Fn(
        &crate::model::Model,
        &mut crate::search::Search<'_, crate::travel::Fly>,
        &[u32],
        f64,
        u64,
        &crate::solve::Outside,
    ) -> u64,
) -> Streamed {
    use crate::{
        core::Core,
        input::{Previous, Weights},
        model::Model,
        plan::from_routes,
        repair::differences,
        search::Search,
        solve::{Budget, solve},
    };
    let budget = Budget { seconds: Some(1.0), ..Budget::default() };
    let mut now = problem.clone();
    now.jobs.truncate(known);
    let mut routes = solve(&Model::new(&now), &budget, outside).routes;
    let mut out = Streamed::default();
    let began = outside.clock.seconds();
    let mut last = None;
    for job in &problem.jobs[known..] {
        now.jobs.push(job.clone());
        now.previous = Some(Previous { routes: routes.clone() });
        now.objective = Objective::Weighted(Weights {
            stability: STREAM_STABILITY,
            moved: STREAM_MOVED,
            ..Weights::default()
        });
        let model = Model::new(&now);
        let Ok(plan) = from_routes(&model, &routes, true) else { break };
        let core = Core::on_the_fly(&model);
        let mut search = Search::new(&core, &model.fly, 1);
        search.adopt(&plan);
        let fresh = model.nodes.len() as u32 - 1;
        improve(&model, &mut search, &[fresh], seconds, u64::MAX, outside);
        let answer = crate::figures::answer(&model, &search);
        let (changes, _) = differences(&routes, &answer.routes, &[]);
        out.moved_per_arrival += changes.iter().filter(|c| c.what != "added").count() as f64;
        out.arrivals += 1;
        routes.clone_from(&answer.routes);
        last = Some(answer);
    }
    out.seconds_per_arrival = (outside.clock.seconds() - began) / out.arrivals.max(1) as f64;
    out.moved_per_arrival /= out.arrivals.max(1) as f64;
    let hindsight = solve(&Model::new(problem), &Budget { seconds: Some(5.0), ..Budget::default() }, outside);
    if let Some(answer) = last {
        let per_visit = |a: &crate::answer::Answer| {
            a.travel_seconds as f64 / (problem.jobs.len() - a.unassigned.len()).max(1) as f64
        };
        out.above_hindsight = per_visit(&answer) / per_visit(&hindsight) - 1.0;
        out.left = answer.unassigned_priority;
    }
    out.left_in_hindsight = hindsight.unassigned_priority;
    out
}
