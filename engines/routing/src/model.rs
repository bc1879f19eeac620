//! The problem with numbers instead of names: what the solver, the explanations and the repair work on.

mod build;

use std::collections::HashMap;

use crate::{
    input::{MAX_TIME, Problem},
    travel::Fly,
};

/// No group, no job.
pub const NONE: u32 = u32::MAX;

/// Thousandths: in weighted objectives one second of travel with weight 1 costs this much.
pub const MILLI: i64 = 1000;

/// One person's share of a job. Jobs for several people have several nodes that start together.
#[derive(Debug, Clone)]
pub struct Node {
    /// Index in `problem.jobs`.
    pub job: u32,
    /// Which of the people.
    pub person: u32,
    pub place: u32,
    pub duration: i32,
    /// Ascending, disjoint, within the times that can be told apart; empty when no start is possible.
    pub windows: Vec<(i32, i32)>,
    pub demand: i64,
    /// Priority lost when left out; at the first person only.
    pub priority: i64,
    /// Who can do it; index in [`Model::classes`].
    pub class: u32,
    /// Promised: never left out for the sake of something else.
    pub pinned: bool,
    /// Index in [`Model::groups`] or [`NONE`].
    pub group: u32,
    pub deadline: i32,
}

/// Who can do a kind of job.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ClassKey {
    /// Skill number and least grade, ascending.
    pub skills: Vec<(u32, i64)>,
    /// Part numbers, ascending.
    pub parts: Vec<u32>,
    /// Area number.
    pub area: Option<u32>,
    /// Engineers who must not be sent.
    pub exclude: Vec<u32>,
    /// The only engineer who may.
    pub only: Option<u32>,
}

/// A set of small numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Bits(pub Vec<u64>);

impl Bits {
    /// The empty set with room for `n` members.
    pub fn new(n: usize) -> Self {
        Self(vec![0; n.div_ceil(64)])
    }
    /// Adds a member.
    pub fn set(&mut self, i: usize) {
        self.0[i / 64] |= 1 << (i % 64);
    }
    /// Adds or removes a member.
    #[inline]
    pub fn put(&mut self, i: usize, member: bool) {
        let bit = 1 << (i % 64);
        if member {
            self.0[i / 64] |= bit;
        } else {
            self.0[i / 64] &= !bit;
        }
    }
    /// Is `i` in it?
    #[inline]
    pub fn has(&self, i: usize) -> bool {
        self.0[i / 64] >> (i % 64) & 1 == 1
    }
}

/// Who can do a kind of job, compiled.
#[derive(Debug, Clone)]
pub struct Class {
    pub key: ClassKey,
    /// Vehicles that can, with what is on the van.
    pub direct: Bits,
    /// Vehicles that can after a visit to a depot.
    pub pickup: Bits,
}

/// A break in an order that the schedule keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pause {
    pub from: i32,
    pub to: i32,
    pub duration: i32,
    /// An absence in the middle of a shift.
    pub leave: bool,
}

/// An engineer in one shift: one route.
#[derive(Debug, Clone)]
pub struct Vehicle {
    pub engineer: u32,
    /// Index in the engineer's `shifts`.
    pub shift: u32,
    /// Leaves at this time or later (after leave, `now`, and what has started).
    pub from: i32,
    /// End of the shift as agreed.
    pub due: i32,
    /// End with allowed overtime.
    pub to: i32,
    pub start: u32,
    pub end: u32,
    pub capacity: i64,
    pub breaks: Vec<Pause>,
    /// Jobs that have begun, in order: `(job index, start)`.
    pub begun: Vec<(u32, i32)>,
    /// Travel up to the last begun job.
    pub begun_travel: i64,
    /// Parts on the van.
    pub parts: Vec<u32>,
}

/// Where parts are handed out.
#[derive(Debug, Clone)]
pub struct DepotM {
    pub place: u32,
    pub duration: i32,
    pub windows: Vec<(i32, i32)>,
    pub parts: Vec<u32>,
}

/// Weights in thousandths; all but travel are 0 for the default objective.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Costs {
    /// Per second of travel: 1 for the default objective.
    pub travel: i64,
    /// Per point of priority, or `None`: before everything else.
    pub unassigned: Option<i64>,
    pub lateness: i64,
    pub overtime: i64,
    pub fairness: i64,
    pub stability: i64,
    pub moved: i64,
    pub preferred: i64,
}

impl Costs {
    /// Only travel counts beside what is left out.
    pub fn plain(&self) -> bool {
        self.lateness == 0 && self.overtime == 0 && self.fairness == 0 && self.node_terms_free()
    }

    /// No term depends on which engineer does a job, or when.
    pub fn node_terms_free(&self) -> bool {
        self.stability == 0 && self.moved == 0 && self.preferred == 0
    }

    /// A term depends on when things happen, not only on their order.
    pub fn timed(&self) -> bool {
        self.lateness != 0 || self.overtime != 0 || self.moved != 0
    }
}

/// A compiled problem.
pub struct Model<'a> {
    pub problem: &'a Problem,
    pub fly: Fly,
    pub nodes: Vec<Node>,
    /// Nodes that start together.
    pub groups: Vec<Vec<u32>>,
    pub classes: Vec<Class>,
    pub vehicles: Vec<Vehicle>,
    pub depots: Vec<DepotM>,
    pub costs: Costs,
    /// Per job, engineers the customer would like, ascending.
    pub prefer: Vec<Vec<u32>>,
    /// Per job, who came when in the previous plan.
    pub before: Vec<Vec<(u32, i32)>>,
    /// Nodes of each job; empty for a job that has begun.
    pub nodes_of: Vec<Vec<u32>>,
    /// Names of skills and parts by number.
    pub skill_names: Vec<String>,
    pub part_names: Vec<String>,
    pub area_names: Vec<String>,
    /// Grades of each engineer by skill number, with expiry.
    pub grades: Vec<HashMap<u32, (i64, i64)>>,
    /// What is odd but not wrong, in English, with a path.
    pub warnings: Vec<String>,
    /// Mean length of an engineer's shifts in seconds, at least 1: the scale of fairness.
    pub mean_shift: f64,
    /// Engineers with at least one usable shift.
    pub engineers_present: u32,
}

/// Seconds as the solver counts them.
pub fn clip(time: i64) -> i32 {
    time.clamp(0, MAX_TIME) as i32
}

/// Ascending, disjoint windows; `[0, MAX_TIME]` for none.
pub fn tidy_windows(windows: &[(i64, i64)]) -> Vec<(i32, i32)> {
    let mut list: Vec<(i32, i32)> = windows.iter().map(|w| (clip(w.0), clip(w.1))).collect();
    if list.is_empty() {
        list.push((0, MAX_TIME as i32));
    }
    list.sort_unstable();
    let mut out: Vec<(i32, i32)> = Vec::with_capacity(list.len());
    for window in list {
        match out.last_mut() {
            Some(last) if window.0 <= last.1 => last.1 = last.1.max(window.1),
            _ => out.push(window),
        }
    }
    out
}

impl<'a> Model<'a> {
    /// Compiles a checked problem.
    pub fn new(problem: &'a Problem) -> Self {
        build::Builder::new(problem).build()
    }

    /// Index of the vehicle of an engineer's shift.
    pub fn vehicle_of(&self, engineer: u32, shift: u32) -> Option<u32> {
        self.vehicles.iter().position(|v| v.engineer == engineer && v.shift == shift).map(|v| v as u32)
    }

    /// Does this engineer's shift offer what a class asks for, apart from times and parts?
    pub fn grade_of(&self, engineer: u32, skill: u32, until: i32) -> i64 {
        match self.grades[engineer as usize].get(&skill) {
            Some(&(grade, expiry)) if expiry >= i64::from(until) => grade,
            _ => 0,
        }
    }
}
