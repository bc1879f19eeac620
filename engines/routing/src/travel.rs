//! Travel times: computed from coordinates on the fly, or from a table over the few places of a part.
//!
//! The solver's inner loop asks a [`Metric`] for a [`Row`] (everything from and to one place) and then for
//! single times; both implementations give the same integers.

use crate::input::{Band, Place, Rounding, Travel};

/// Stands for "no place": an engineer without `start` or `end`. Travel from and to it takes no time.
pub const NOWHERE: u32 = u32::MAX;

/// Longest single journey that is told apart, in seconds.
const LONGEST: f64 = 100_000_000.0;

const EARTH_RADIUS_M: f64 = 6_371_000.0;

/// Travel times between numbered places.
pub trait Metric: Sync + Send {
    /// Times from and to one place.
    type Row<'a>: Row
    where
        Self: 'a;
    /// Seconds from `a` to `b`.
    fn time(&self, a: u32, b: u32) -> i32;
    /// Prepares for many questions about `place`.
    fn row(&self, place: u32) -> Self::Row<'_>;
}

/// Times from and to one place.
pub trait Row {
    /// Seconds from `place` to here.
    fn from(&self, place: u32) -> i32;
    /// Seconds from here to `place`.
    fn to(&self, place: u32) -> i32;
    /// Is the way there always as long as the way back?
    fn symmetric(&self) -> bool;
}

/// Times computed when asked: memory linear in places.
pub enum Fly {
    /// Plane.
    Plane { points: Vec<[f64; 2]>, scale: f64, rounding: Rounding },
    /// Sphere: points as unit vectors, so that one time costs a root and a short series.
    Sphere { points: Vec<[f64; 3]>, factor: f64, bands: Vec<Step>, rounding: Rounding },
    /// Given by the user.
    Given { size: usize, seconds: Vec<i32> },
}

/// A band of a speed profile with what has been spent before it.
pub struct Step {
    from_m: f64,
    seconds_before: f64,
    seconds_per_m: f64,
}

impl Fly {
    /// From a checked problem.
    pub fn new(travel: &Travel, places: &[Place]) -> Self {
        match travel {
            Travel::Euclidean { scale, rounding } => Self::Plane {
                points: places.iter().map(|p| [p.x.unwrap_or(0.0), p.y.unwrap_or(0.0)]).collect(),
                scale: *scale,
                rounding: *rounding,
            },
            Travel::Haversine { profile, factor, rounding } => Self::Sphere {
                points: places.iter().map(unit_vector).collect(),
                factor: *factor,
                bands: steps(profile),
                rounding: *rounding,
            },
            Travel::Matrix { seconds } => Self::Given {
                size: places.len(),
                seconds: seconds.iter().flatten().map(|&s| whole(s, Rounding::Round)).collect(),
            },
        }
    }

    fn compute(&self, a: u32, b: u32) -> i32 {
        let (a, b) = (a as usize, b as usize);
        match self {
            Self::Plane { points, scale, rounding } => {
                let (p, q) = (points[a], points[b]);
                let (dx, dy) = (p[0] - q[0], p[1] - q[1]);
                whole((dx * dx + dy * dy).sqrt() * scale, *rounding)
            }
            Self::Sphere { points, factor, bands, rounding } => {
                let (p, q) = (points[a], points[b]);
                let (dx, dy, dz) = (p[0] - q[0], p[1] - q[1], p[2] - q[2]);
                let half_chord = (dx * dx + dy * dy + dz * dz).sqrt() * 0.5;
                let metres = 2.0 * EARTH_RADIUS_M * arc_sine(half_chord) * factor;
                whole(seconds(metres, bands), *rounding)
            }
            Self::Given { size, seconds } => seconds[a * size + b],
        }
    }
}

impl Metric for Fly {
    type Row<'a> = FlyRow<'a>;

    fn time(&self, a: u32, b: u32) -> i32 {
        if a == NOWHERE || b == NOWHERE { 0 } else { self.compute(a, b) }
    }

    fn row(&self, place: u32) -> FlyRow<'_> {
        FlyRow { metric: self, place }
    }
}

/// See [`Fly`].
pub struct FlyRow<'a> {
    metric: &'a Fly,
    place: u32,
}

impl Row for FlyRow<'_> {
    fn from(&self, place: u32) -> i32 {
        self.metric.time(place, self.place)
    }
    fn to(&self, place: u32) -> i32 {
        self.metric.time(self.place, place)
    }
    fn symmetric(&self) -> bool {
        !matches!(self.metric, Fly::Given { .. })
    }
}

/// All times between the places of a part; the last row and column stand for [`NOWHERE`].
pub struct Table {
    size: usize,
    out: Vec<i32>,
    /// Transposed, when it differs.
    into: Option<Vec<i32>>,
}

impl Table {
    /// Times between `places` of `metric`, which get the numbers 0, 1, 2 …
    pub fn new<M: Metric>(metric: &M, places: &[u32]) -> Self {
        let size = places.len() + 1;
        let mut out = vec![0; size * size];
        for (i, &a) in places.iter().enumerate() {
            for (j, &b) in places.iter().enumerate() {
                out[i * size + j] = metric.time(a, b);
            }
        }
        let symmetric = (0..size).all(|i| (0..i).all(|j| out[i * size + j] == out[j * size + i]));
        let into = (!symmetric).then(|| {
            let mut turned = vec![0; size * size];
            for i in 0..size {
                for j in 0..size {
                    turned[j * size + i] = out[i * size + j];
                }
            }
            turned
        });
        Self { size, out, into }
    }

    /// The number that stands for [`NOWHERE`].
    pub fn nowhere(&self) -> u32 {
        (self.size - 1) as u32
    }
}

impl Metric for Table {
    type Row<'a> = TableRow<'a>;

    #[inline]
    fn time(&self, a: u32, b: u32) -> i32 {
        self.out[a as usize * self.size + b as usize]
    }

    #[inline]
    fn row(&self, place: u32) -> TableRow<'_> {
        let range = place as usize * self.size..(place as usize + 1) * self.size;
        let out = &self.out[range.clone()];
        let into = self.into.as_ref().map_or(out, |turned| &turned[range]);
        TableRow { out, into, symmetric: self.into.is_none() }
    }
}

/// See [`Table`].
pub struct TableRow<'a> {
    out: &'a [i32],
    into: &'a [i32],
    symmetric: bool,
}

impl Row for TableRow<'_> {
    #[inline]
    fn from(&self, place: u32) -> i32 {
        self.into[place as usize]
    }
    #[inline]
    fn to(&self, place: u32) -> i32 {
        self.out[place as usize]
    }
    #[inline]
    fn symmetric(&self) -> bool {
        self.symmetric
    }
}

fn whole(seconds: f64, rounding: Rounding) -> i32 {
    let seconds = match rounding {
        Rounding::Floor => seconds.floor(),
        Rounding::Round => (seconds + 0.5).floor(),
        Rounding::Ceil => seconds.ceil(),
    };
    seconds.clamp(0.0, LONGEST) as i32
}

fn unit_vector(place: &Place) -> [f64; 3] {
    let (lat, lon) = (place.lat.unwrap_or(0.0).to_radians(), place.lon.unwrap_or(0.0).to_radians());
    [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
}

/// Inverse sine for 0 ≤ x; a series where it is exact to the last bits (below 127 km on the earth).
fn arc_sine(x: f64) -> f64 {
    if x < 0.01 {
        let square = x * x;
        x * (1.0 + square * (1.0 / 6.0 + square * (3.0 / 40.0 + square * (15.0 / 336.0))))
    } else {
        x.min(1.0).asin()
    }
}

fn steps(profile: &[Band]) -> Vec<Step> {
    let (mut from_m, mut seconds_before) = (0.0, 0.0);
    let mut steps = Vec::with_capacity(profile.len());
    for band in profile {
        let seconds_per_m = 3.6 / band.kmh;
        steps.push(Step { from_m, seconds_before, seconds_per_m });
        if let Some(km) = band.up_to_km {
            seconds_before += (km * 1000.0 - from_m) * seconds_per_m;
            from_m = km * 1000.0;
        }
    }
    steps
}

fn seconds(metres: f64, bands: &[Step]) -> f64 {
    let band = bands.iter().rev().find(|b| b.from_m <= metres).unwrap_or(&bands[0]);
    band.seconds_before + (metres - band.from_m) * band.seconds_per_m
}
