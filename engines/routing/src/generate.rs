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
