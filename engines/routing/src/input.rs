//! The problem as it stands in a file. Plain data; [`parse`] refuses unknown fields with their path,
//! [`crate::validate`] refuses contradictions.
//!
//! All times are whole seconds from the start of the horizon, between 0 and [`MAX_TIME`].

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, de};

/// Largest time that is told apart, about 31 years. Later times are read as this one.
pub const MAX_TIME: i64 = 1_000_000_000;

/// What is wrong with an input, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message}")]
pub struct InputError {
    /// Path of the field, for example `jobs[3].windows[0]`; `.` for the whole file.
    pub path: String,
    /// One sentence in English.
    pub message: String,
}

impl InputError {
    /// An error at a path.
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into() }
    }
}

/// Reads a problem from JSON and checks what it says.
///
/// Errors carry the path of the field: unknown fields, wrong types, references to nothing, doubled ids.
pub fn parse(text: &str) -> Result<Problem, InputError> {
    let problem: Problem = from_json(text)?;
    check(&problem)?;
    Ok(problem)
}

/// Checks what a problem says; see [`parse`].
pub fn check(problem: &Problem) -> Result<(), InputError> {
    crate::validate::problem(problem)
}

/// Reads any of the format's objects with the path of the field in the error.
pub fn from_json<T: for<'a> Deserialize<'a>>(text: &str) -> Result<T, InputError> {
    let mut reader = serde_json::Deserializer::from_str(text.trim_start_matches('\u{feff}'));
    let value = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| InputError::new(error.path().to_string(), error.inner().to_string()))?;
    reader.end().map_err(|error| InputError::new(".", error.to_string()))?;
    Ok(value)
}

/// A planning problem.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// Points that engineers, jobs and depots refer to.
    pub places: Vec<Place>,
    /// How long it takes from one to another.
    pub travel: Travel,
    /// Who can work, and when.
    pub engineers: Vec<Engineer>,
    /// What is to be done.
    pub jobs: Vec<Job>,
    /// What a good plan is.
    #[serde(default)]
    pub objective: Objective,
    /// Where parts that are not on the van can be picked up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depots: Vec<Depot>,
    /// Areas of outlets, drawn as polygons; jobs without an own `area` belong to the first that contains them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub areas: Vec<Area>,
    /// The plan that people already know; deviations cost `objective.stability`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Previous>,
    /// What is not started yet starts at or after this time.
    #[serde(default, deserialize_with = "maybe_whole", skip_serializing_if = "Option::is_none")]
    pub now: Option<i64>,
}

/// A point, by latitude and longitude in degrees or by plane coordinates.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Unique among places.
    pub id: String,
    /// Degrees, −90…90.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    /// Degrees, −180…180.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lon: Option<f64>,
    /// Plane coordinate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub x: Option<f64>,
    /// Plane coordinate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub y: Option<f64>,
}

/// Travel time between places, always whole seconds.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "TravelFields", into = "TravelFields")]
pub enum Travel {
    /// Great circle on a sphere of 6,371 km × `factor`, at the speeds of `profile`.
    Haversine {
        /// Speeds by distance, at least one; all but the last have an end.
        profile: Vec<Band>,
        /// Detour of roads against the great circle, > 0.
        factor: f64,
        /// To whole seconds.
        rounding: Rounding,
    },
    /// Straight line × `scale`.
    Euclidean {
        /// Seconds per unit of the coordinates, > 0.
        scale: f64,
        /// To whole seconds.
        rounding: Rounding,
    },
    /// Given seconds, `seconds[from][to]` in the order of `places`; need not be symmetric.
    Matrix {
        /// One row per place.
        seconds: Vec<Vec<f64>>,
    },
}

/// [`Travel`] as it stands in the file.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TravelFields {
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kmh: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    factor: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    profile: Option<Vec<Band>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scale: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rounding: Option<Rounding>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seconds: Option<Vec<Vec<f64>>>,
}

impl TryFrom<TravelFields> for Travel {
    type Error = String;

    fn try_from(f: TravelFields) -> Result<Self, String> {
        let given = [
            ("kmh", f.kmh.is_some()),
            ("factor", f.factor.is_some()),
            ("profile", f.profile.is_some()),
            ("scale", f.scale.is_some()),
            ("rounding", f.rounding.is_some()),
            ("seconds", f.seconds.is_some()),
        ];
        let allowed: &[&str] = match f.kind.as_str() {
            "haversine" => &["kmh", "factor", "profile", "rounding"],
            "euclidean" => &["scale", "rounding"],
            "matrix" => &["seconds"],
            other => return Err(format!("unknown kind {other:?}: haversine, euclidean or matrix")),
        };
        if let Some((name, _)) = given.iter().find(|(name, is)| *is && !allowed.contains(name)) {
            return Err(format!("unknown field `{name}` for kind {:?}", f.kind));
        }
        let rounding = f.rounding.unwrap_or_default();
        match f.kind.as_str() {
            "haversine" => {
                let profile = match (f.kmh, f.profile) {
                    (Some(_), Some(_)) => return Err("either kmh or profile, not both".into()),
                    (None, None) => return Err("missing field `kmh` (or `profile`)".into()),
                    (Some(kmh), None) => vec![Band { up_to_km: None, kmh }],
                    (None, Some(profile)) => profile,
                };
                Ok(Self::Haversine { profile, factor: f.factor.unwrap_or(1.0), rounding })
            }
            "euclidean" => Ok(Self::Euclidean { scale: f.scale.unwrap_or(1.0), rounding }),
            _ => Ok(Self::Matrix { seconds: f.seconds.ok_or("missing field `seconds`")? }),
        }
    }
}

impl From<Travel> for TravelFields {
    fn from(travel: Travel) -> Self {
        match travel {
            Travel::Haversine { profile, factor, rounding } => {
                let alone = if let [Band { up_to_km: None, kmh }] = profile[..] { Some(kmh) } else { None };
                Self {
                    kind: "haversine".into(),
                    kmh: alone,
                    profile: if alone.is_none() { Some(profile) } else { None },
                    factor: Some(factor),
                    rounding: Some(rounding),
                    ..Self::default()
                }
            }
            Travel::Euclidean { scale, rounding } => Self {
                kind: "euclidean".into(),
                scale: Some(scale),
                rounding: Some(rounding),
                ..Self::default()
            },
            Travel::Matrix { seconds } => {
                Self { kind: "matrix".into(), seconds: Some(seconds), ..Self::default() }
            }
        }
    }
}

/// A stretch of a journey and the speed on it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// The band ends at this many kilometres from the start of the journey; the last band has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to_km: Option<f64>,
    /// Speed, > 0.
    pub kmh: f64,
}

/// How travel becomes whole seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rounding {
    /// Downwards.
    Floor,
    /// To the nearest, halves up.
    #[default]
    Round,
    /// Upwards.
    Ceil,
}

/// Somebody who visits customers.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Engineer {
    /// Unique among engineers.
    pub id: String,
    /// Shown in reports instead of the id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where shifts begin; left out: at the first visit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// Where shifts end; left out: at the last visit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
    /// Working times; each gives one route.
    #[serde(default)]
    pub shifts: Vec<Shift>,
    /// Skills and certificates with their grades.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub skills: BTreeMap<String, Skill>,
    /// Parts on the van.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
    /// Sum of `demand` that one route can carry; left out: unlimited.
    #[serde(default, deserialize_with = "maybe_whole", skip_serializing_if = "Option::is_none")]
    pub capacity: Option<i64>,
    /// Areas he serves; empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub areas: Vec<String>,
    /// Absences `[from, to]`, cut out of the shifts.
    #[serde(default, deserialize_with = "pairs", skip_serializing_if = "Vec::is_empty")]
    pub leave: Vec<(i64, i64)>,
}

/// One working time.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// Leaves `start` at this time or later.
    #[serde(deserialize_with = "whole")]
    pub from: i64,
    /// Is at `end` at this time.
    #[serde(deserialize_with = "whole")]
    pub to: i64,
    /// All of them are taken in a shift with at least one visit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breaks: Vec<Break>,
    /// Seconds after `to` that are allowed, at the price of `objective.overtime`.
    #[serde(default, deserialize_with = "whole", skip_serializing_if = "is_zero")]
    pub overtime: i64,
    /// Instead of the engineer's `start` (another outlet on that day).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// Instead of the engineer's `end`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
}

fn is_zero(value: &i64) -> bool {
    *value == 0
}

/// A break of a shift; starts in its window, between visits or during travel.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Break {
    /// Earliest start.
    #[serde(deserialize_with = "whole")]
    pub from: i64,
    /// Latest start.
    #[serde(deserialize_with = "whole")]
    pub to: i64,
    /// Length.
    #[serde(deserialize_with = "whole")]
    pub duration: i64,
}

/// What an engineer can do: a grade, or a certificate with an expiry.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a grade (whole number) or {\"grade\": …, \"until\": …}")]
pub enum Skill {
    /// Grade without expiry.
    Grade(i64),
    /// Grade of a certificate that is valid in shifts which end (overtime included) by `until`.
    Certificate(Certificate),
}

/// A grade that expires.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// Grade while valid.
    pub grade: i64,
    /// Expiry.
    pub until: i64,
}

/// A visit to plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Job {
    /// Unique among jobs.
    pub id: String,
    /// Id of a place.
    pub place: String,
    /// Time on site.
    #[serde(default, deserialize_with = "whole")]
    pub duration: i64,
    /// Service starts in one of these `[from, to]`; empty: at any time.
    #[serde(default, deserialize_with = "pairs", skip_serializing_if = "Vec::is_empty")]
    pub windows: Vec<(i64, i64)>,
    /// Skills with the least grade.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub skills: BTreeMap<String, i64>,
    /// Parts that must be on the van or be picked up before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
    /// Share of `capacity`.
    #[serde(default, deserialize_with = "whole", skip_serializing_if = "is_zero")]
    pub demand: i64,
    /// Weight of leaving it out, ≥ 0; 1 if left out.
    #[serde(default = "one_whole", deserialize_with = "whole")]
    pub priority: i64,
    /// Promised or started already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pinned: Option<Pin>,
    /// Engineers that the customer would like; others cost `objective.preferred`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prefer: Vec<String>,
    /// Engineers who must not be sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
    /// The work should be finished by this time; later costs `objective.lateness`.
    #[serde(default, deserialize_with = "maybe_whole", skip_serializing_if = "Option::is_none")]
    pub deadline: Option<i64>,
    /// Area of the job; left out: the polygon of `areas` that contains its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// People who start together, each needing `skills` (or the entry of `crew`); 1 if left out.
    #[serde(default, deserialize_with = "maybe_whole", skip_serializing_if = "Option::is_none")]
    pub people: Option<i64>,
    /// Skills of each of the people, where they differ; its length is the number of people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub crew: Vec<BTreeMap<String, i64>>,
}

impl Default for Job {
    fn default() -> Self {
        Self {
            id: String::new(),
            place: String::new(),
            duration: 0,
            windows: Vec::new(),
            skills: BTreeMap::new(),
            parts: Vec::new(),
            demand: 0,
            priority: 1,
            pinned: None,
            prefer: Vec::new(),
            exclude: Vec::new(),
            deadline: None,
            area: None,
            people: None,
            crew: Vec::new(),
        }
    }
}

fn one_whole() -> i64 {
    1
}

/// Who does a job, and when; the plan keeps to it or leaves the job out with a reason.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// Id of the engineer.
    pub engineer: String,
    /// Start of service; left out: any allowed one.
    #[serde(default, deserialize_with = "maybe_whole", skip_serializing_if = "Option::is_none")]
    pub start: Option<i64>,
    /// The engineer has begun at `start`: a fact, whatever windows and skills say; the day goes on from there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub started: bool,
}

/// A place that hands out parts.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Depot {
    /// Unique among depots.
    pub id: String,
    /// Id of a place.
    pub place: String,
    /// Parts that can be had here.
    pub parts: Vec<String>,
    /// Time to pick them up.
    #[serde(default, deserialize_with = "whole", skip_serializing_if = "is_zero")]
    pub duration: i64,
    /// Opening hours, for the start of the pick-up; empty: always.
    #[serde(default, deserialize_with = "pairs", skip_serializing_if = "Vec::is_empty")]
    pub windows: Vec<(i64, i64)>,
}

/// The area of an outlet.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// Unique among areas.
    pub id: String,
    /// Corners as `[lat, lon]` or `[x, y]`; empty: no jobs belong to it by position.
    #[serde(default)]
    pub polygon: Vec<(f64, f64)>,
}

/// The part of an earlier answer that counts for stability.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Previous {
    /// As in the answer; other fields are ignored.
    #[serde(default)]
    pub routes: Vec<crate::answer::RouteOut>,
}

/// What a good plan is.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Objective {
    /// First the sum of priorities left out, then travel seconds.
    #[default]
    Lexicographic,
    /// A weighted sum.
    Weighted(Weights),
}

impl Objective {
    /// The lexicographic one.
    pub fn is_default(&self) -> bool {
        *self == Self::Lexicographic
    }
}

impl Serialize for Objective {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Lexicographic => out.serialize_str("default"),
            Self::Weighted(weights) => weights.serialize(out),
        }
    }
}

impl<'de> Deserialize<'de> for Objective {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> de::Visitor<'de> for Read {
            type Value = Objective;
            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("\"default\" or an object of weights")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Objective, E> {
                match text {
                    "default" => Ok(Objective::Lexicographic),
                    other => Err(E::custom(format!(
                        "unknown objective {other:?}: \"default\" or an object of weights"
                    ))),
                }
            }
            fn visit_unit<E: de::Error>(self) -> Result<Objective, E> {
                Ok(Objective::Lexicographic)
            }
            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Objective, A::Error> {
                Weights::deserialize(de::value::MapAccessDeserializer::new(map)).map(Objective::Weighted)
            }
        }
        input.deserialize_any(Read)
    }
}

/// Weights of a sum in which travel seconds usually have 1. All ≥ 0, up to [`Weights::LIMIT`], thousandths count.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Weights {
    /// Per point of priority left out; left out: first of all, before every other term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unassigned: Option<f64>,
    /// Per second of travel.
    pub travel: f64,
    /// Per second of work that ends after its job's deadline.
    pub lateness: f64,
    /// Per second after the end of a shift.
    pub overtime: f64,
    /// Per second of imbalance: Σ (work − mean work)² / mean shift length, over the engineers who have a shift.
    pub fairness: f64,
    /// Per visit that has another engineer than in `previous`.
    pub stability: f64,
    /// Per second that the start of a visit moves against `previous`.
    pub moved: f64,
    /// Per visit by somebody else than a preferred engineer.
    pub preferred: f64,
}

impl Weights {
    /// Largest weight.
    pub const LIMIT: f64 = 1e6;
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            unassigned: None,
            travel: 1.0,
            lateness: 0.0,
            overtime: 0.0,
            fairness: 0.0,
            stability: 0.0,
            moved: 0.0,
            preferred: 0.0,
        }
    }
}

/// A whole number, also when it is written as 1800.0.
struct Whole;

impl de::Visitor<'_> for Whole {
    type Value = i64;
    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("a whole number")
    }
    fn visit_i64<E: de::Error>(self, value: i64) -> Result<i64, E> {
        Ok(value)
    }
    fn visit_u64<E: de::Error>(self, value: u64) -> Result<i64, E> {
        Ok(i64::try_from(value).unwrap_or(i64::MAX))
    }
    fn visit_f64<E: de::Error>(self, value: f64) -> Result<i64, E> {
        if value.fract() == 0.0 {
            Ok(value as i64)
        } else {
            Err(E::custom(format!("{value} is not a whole number")))
        }
    }
}

fn whole<'de, D: Deserializer<'de>>(input: D) -> Result<i64, D::Error> {
    input.deserialize_any(Whole)
}

struct W(i64);

impl<'de> Deserialize<'de> for W {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        whole(input).map(W)
    }
}

fn maybe_whole<'de, D: Deserializer<'de>>(input: D) -> Result<Option<i64>, D::Error> {
    Ok(Option::<W>::deserialize(input)?.map(|w| w.0))
}

fn pairs<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<(i64, i64)>, D::Error> {
    Ok(Vec::<(W, W)>::deserialize(input)?.into_iter().map(|(a, b)| (a.0, b.0)).collect())
}
