//! Problems made from a seed, odd on purpose: everything the format knows, in all combinations.
#![allow(dead_code)]

use std::{cell::Cell, collections::BTreeMap, sync::atomic::AtomicBool};

use routing::{
    answer::Answer,
    input::{
        Area, Band, Break, Certificate, Depot, Engineer, Job, Objective, Pin, Place, Problem, Rounding,
        Shift, Skill, Travel, Weights,
    },
    model::Model,
    rng::Rng,
    solve::{Budget, Clock, Outside, solve},
};

/// A clock that stands still: only iterations limit a run.
pub struct Still;

impl Clock for Still {
    fn seconds(&self) -> f64 {
        0.0
    }
}

/// Solves with an iteration budget.
pub fn solved(problem: &Problem, iterations: u64, seed: u64, threads: usize) -> Answer {
    let model = Model::new(problem);
    solved_model(&model, iterations, seed, threads)
}

pub fn solved_model(model: &Model, iterations: u64, seed: u64, threads: usize) -> Answer {
    let budget = Budget { seconds: None, iterations: Some(iterations), seed, threads, ..Budget::default() };
    let cancel = AtomicBool::new(false);
    let outside = Outside { clock: &Still, cancel: &cancel, progress: &|_| {} };
    solve(model, &budget, &outside)
}

const SKILLS: [&str; 4] = ["hvac", "fridge", "gas", "tv"];

/// How odd a problem is.
#[derive(Clone, Copy, Debug)]
pub struct Odd {
    pub jobs: usize,
    pub engineers: usize,
    pub breaks: bool,
    pub parts: bool,
    pub crews: bool,
    pub pins: bool,
    pub days: usize,
    pub weights: bool,
    pub travel: usize,
}

struct Maker {
    rng: Rng,
    odd: Odd,
    places: Vec<Place>,
    used: Cell<usize>,
}

impl Maker {
    fn place(&mut self) -> String {
        let n = self.rng.below(self.places.len());
        self.places[n].id.clone()
    }

    fn chance(&mut self, p: f64) -> bool {
        self.rng.unit() < p
    }
}

/// A problem from a seed.
pub fn make(seed: u64, odd: Odd) -> Problem {
    let mut rng = Rng::new(seed);
    let count = (odd.jobs + odd.engineers + 2).max(3);
    let places = (0..count)
        .map(|i| Place {
            id: format!("P{i}"),
            lat: Some(31.0 + rng.unit() * 0.2),
            lon: Some(121.0 + rng.unit() * 0.2),
            x: Some((rng.unit() * 100.0).floor()),
            y: Some((rng.unit() * 100.0).floor()),
        })
        .collect();
    let mut m = Maker { rng, odd, places, used: Cell::new(0) };
    let travel = travel(&mut m, count);
    let engineers: Vec<Engineer> = (0..odd.engineers).map(|e| engineer(&mut m, e)).collect();
    let jobs: Vec<Job> = (0..odd.jobs).map(|j| job(&mut m, j, &engineers)).collect();
    let depots = if odd.parts {
        vec![
            Depot {
                id: "D0".into(),
                place: m.place(),
                parts: vec!["a".into(), "b".into()],
                duration: 300,
                windows: vec![],
            },
            Depot {
                id: "D1".into(),
                place: m.place(),
                parts: vec!["b".into(), "c".into()],
                duration: 0,
                windows: vec![(30_000, 40_000), (45_000, 60_000)],
            },
        ]
    } else {
        Vec::new()
    };
    let weights = Weights {
        unassigned: if seed.is_multiple_of(2) { Some(5000.0) } else { None },
        lateness: 2.0,
        overtime: 3.0,
        fairness: 0.5,
        preferred: 300.0,
        ..Weights::default()
    };
    Problem {
        places: m.places.clone(),
        travel,
        engineers,
        jobs,
        objective: if odd.weights { Objective::Weighted(weights) } else { Objective::Lexicographic },
        depots,
        areas: vec![Area {
            id: "west".into(),
            polygon: vec![(30.9, 121.0), (31.3, 121.0), (31.3, 121.1), (30.9, 121.1)],
        }],
        previous: None,
        now: None,
    }
}

fn travel(m: &mut Maker, count: usize) -> Travel {
    match m.odd.travel {
        0 => Travel::Haversine {
            profile: vec![
                Band { up_to_km: Some(5.0), kmh: 20.0 },
                Band { up_to_km: Some(15.0), kmh: 35.0 },
                Band { up_to_km: None, kmh: 60.0 },
            ],
            factor: 1.35,
            rounding: Rounding::Round,
        },
        1 => Travel::Euclidean { scale: 30.0, rounding: Rounding::Ceil },
        // Neither symmetric nor obeying the triangle rule.
        _ => Travel::Matrix {
            seconds: (0..count)
                .map(|i| (0..count).map(|j| if i == j { 0.0 } else { m.rng.below(3000) as f64 }).collect())
                .collect(),
        },
    }
}

fn engineer(m: &mut Maker, e: usize) -> Engineer {
    let mut skills = BTreeMap::new();
    for _ in 0..3 {
        let grade = 1 + m.rng.below(3) as i64;
        let skill = if m.chance(0.2) {
            Skill::Certificate(Certificate { grade, until: 20_000 + m.rng.below(200_000) as i64 })
        } else {
            Skill::Grade(grade)
        };
        skills.insert(SKILLS[m.rng.below(4)].to_string(), skill);
    }
    let mut shifts = Vec::new();
    for day in 0..m.odd.days.max(1) {
        let from = day as i64 * 86_400 + 28_800 + m.rng.below(4) as i64 * 1800;
        let to = from + 14_400 + m.rng.below(8) as i64 * 3600;
        let mut breaks = Vec::new();
        if m.odd.breaks && m.chance(0.8) {
            breaks.push(Break { from: from + 7200, to: from + 10_800, duration: 1800 });
        }
        if m.odd.breaks && m.chance(0.3) {
            breaks.push(Break { from: from + 3000, to: from + 5000, duration: 600 });
        }
        shifts.push(Shift {
            from,
            to,
            breaks,
            overtime: if m.chance(0.3) { 3600 } else { 0 },
            start: None,
            end: None,
        });
    }
    let leave = if m.odd.breaks && m.chance(0.3) {
        let from = shifts[0].from + m.rng.below(20_000) as i64;
        vec![(from, from + 3600)]
    } else {
        Vec::new()
    };
    let home = m.place();
    Engineer {
        id: format!("e{e}"),
        start: if m.chance(0.9) { Some(home.clone()) } else { None },
        end: if m.chance(0.8) { Some(home) } else { None },
        shifts,
        skills,
        parts: ["a", "b", "c"].iter().filter(|_| m.rng.unit() < 0.5).map(|p| (*p).to_string()).collect(),
        capacity: if m.chance(0.5) && !m.odd.crews { Some(10 + m.rng.below(20) as i64) } else { None },
        areas: if m.chance(0.2) { vec!["east".into()] } else { Vec::new() },
        leave,
        ..Engineer::default()
    }
}

fn job(m: &mut Maker, j: usize, engineers: &[Engineer]) -> Job {
    m.used.set(m.used.get() + 1);
    let day = m.rng.below(m.odd.days.max(1)) as i64 * 86_400;
    let windows = (0..m.rng.below(4))
        .map(|_| {
            let from = day + 28_800 + m.rng.below(12) as i64 * 3600;
            (from, from + 1800 + m.rng.below(3) as i64 * 3600)
        })
        .collect();
    let mut skills = BTreeMap::new();
    if m.chance(0.7) {
        skills.insert(SKILLS[m.rng.below(4)].to_string(), 1 + m.rng.below(3) as i64);
    }
    let crew = if m.odd.crews && m.chance(0.2) { vec![skills.clone(), BTreeMap::new()] } else { Vec::new() };
    let someone = |m: &mut Maker| engineers[m.rng.below(engineers.len())].id.clone();
    let pinned = (m.odd.pins && !engineers.is_empty() && m.chance(0.15)).then(|| Pin {
        engineer: someone(m),
        start: if m.chance(0.5) { Some(day + 30_000 + m.rng.below(20_000) as i64) } else { None },
        started: false,
    });
    let parts = if m.odd.parts && crew.is_empty() && m.chance(0.4) {
        vec![["a", "b", "c"][m.rng.below(3)].to_string()]
    } else {
        Vec::new()
    };
    Job {
        id: format!("j{j}"),
        place: m.place(),
        duration: [0, 600, 1800, 3600][m.rng.below(4)],
        windows,
        skills,
        parts,
        demand: m.rng.below(4) as i64,
        priority: m.rng.below(6) as i64,
        pinned,
        prefer: if !engineers.is_empty() && m.chance(0.3) { vec![someone(m)] } else { Vec::new() },
        exclude: if !engineers.is_empty() && m.chance(0.1) { vec![someone(m)] } else { Vec::new() },
        deadline: if m.chance(0.3) { Some(day + 40_000) } else { None },
        crew,
        ..Job::default()
    }
}
