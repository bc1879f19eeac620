//! Identities: UUID version 7 (RFC 9562), made by the application, sorted by the time they were made.

use std::{
    borrow::Cow,
    fmt,
    str::FromStr,
    sync::{Mutex, PoisonError},
};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{RuleError, T, Ts};

/// The identity of a row. People see document numbers instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(pub Uuid);

impl Id {
    /// All zero: stands for "nobody" where a column can't be empty.
    pub const NIL: Id = Id(Uuid::nil());

    pub const fn is_nil(&self) -> bool {
        self.0.is_nil()
    }
}

impl Default for Id {
    fn default() -> Self {
        Id::NIL
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl FromStr for Id {
    type Err = RuleError;
    fn from_str(s: &str) -> Result<Self, RuleError> {
        Uuid::try_parse(s.trim())
            .map(Id)
            .map_err(|_| RuleError::new("id.invalid", T("标识格式不正确", "This is not a valid id")))
    }
}

impl From<Uuid> for Id {
    fn from(uuid: Uuid) -> Self {
        Id(uuid)
    }
}

impl From<Id> for Uuid {
    fn from(id: Id) -> Self {
        id.0
    }
}

impl JsonSchema for Id {
    fn schema_name() -> Cow<'static, str> {
        "Id".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "uuid"})
    }
}

/// The 74 bits of a version 7 UUID that are not time, version or variant.
const TAIL_BITS: u32 = 74;
const TAIL_MASK: u128 = (1 << TAIL_BITS) - 1;
/// A fresh tail leaves its top bit free, so that it can be counted up within the millisecond.
const FRESH_MASK: u128 = (1 << (TAIL_BITS - 1)) - 1;
/// How far the clock may fall behind the last id before its own time is used again (a clock that was set right).
const BACKWARDS_MS: u64 = 10_000;

#[derive(Debug)]
struct Last {
    ms: u64,
    tail: u128,
}

/// One counter for the whole process: two random generators never disturb each other's order.
static SHARED: Mutex<Last> = Mutex::new(Last { ms: 0, tail: 0 });

#[derive(Debug)]
enum Source {
    Random,
    Seeded(Mutex<(Last, u64)>),
}

/// Makes ids. Within one process they only grow, also when many are made in the same millisecond or the clock steps
/// back by less than ten seconds.
#[derive(Debug)]
pub struct IdGen(Source);

impl IdGen {
    /// Unguessable ids for real use.
    pub const fn random() -> Self {
        IdGen(Source::Random)
    }

    /// The same ids on every run, for tests and the demo company.
    pub fn seeded(seed: u64) -> Self {
        IdGen(Source::Seeded(Mutex::new((Last { ms: 0, tail: 0 }, seed))))
    }

    /// The next id. `now` gives its time part (milliseconds; instants before 1970 count as 1970).
    pub fn next(&self, now: Ts) -> Id {
        let ms = u64::try_from(now.0 / 1000).unwrap_or(0);
        match &self.0 {
            Source::Random => {
                let bits = random_bits();
                step(&mut SHARED.lock().unwrap_or_else(PoisonError::into_inner), ms, bits)
            }
            Source::Seeded(state) => {
                let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
                let bits = u128::from(splitmix(&mut state.1)) << 64 | u128::from(splitmix(&mut state.1));
                step(&mut state.0, ms, bits)
            }
        }
    }
}

fn step(last: &mut Last, ms: u64, bits: u128) -> Id {
    let stepped_back = ms.saturating_add(BACKWARDS_MS) < last.ms;
    if ms > last.ms || stepped_back {
        *last = Last { ms, tail: bits & FRESH_MASK };
    } else {
        // A random step of up to 32 bits keeps the ids of one millisecond unguessable too.
        last.tail += 1 + (bits & 0xffff_ffff);
        if last.tail > TAIL_MASK {
            *last = Last { ms: last.ms + 1, tail: bits & FRESH_MASK };
        }
    }
    let (high, low) = (last.tail >> 62, last.tail & ((1 << 62) - 1));
    let time = u128::from(last.ms) & 0xffff_ffff_ffff;
    Id(Uuid::from_u128(time << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low))
}

/// Random bits from the operating system, by way of the uuid crate (only bits that it draws are used).
fn random_bits() -> u128 {
    let draw = || Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, 0, 0)).as_u128();
    let (a, b) = (draw(), draw());
    (a & ((1 << 62) - 1)) << 62 | (b & ((1 << 62) - 1))
}

/// SplitMix64 (Steele, Lea, Flood 2014): small, well mixed, and the same on every machine.
fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
