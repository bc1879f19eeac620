//! Limits on attempts, per key and minute or day, in memory of each node.

use std::{collections::HashMap, sync::Mutex};

use kernel::Ts;

use crate::{Error, Result};

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// Counters of the current minute, and of the current day.
#[derive(Default)]
pub struct Limits {
    minute: Counts,
    day: Counts,
}

type Counts = Mutex<(i64, HashMap<String, u32>)>;

impl Limits {
    /// Counts one attempt under `key`; 429 beyond `most` per minute. 0 means no limit.
    pub fn hit(&self, key: &str, most: u32, now: Ts) -> Result<()> {
        hit(&self.minute, MINUTE, key, most, now)
    }

    /// Like [`Self::hit`], per day.
    pub fn hit_today(&self, key: &str, most: u32, now: Ts) -> Result<()> {
        hit(&self.day, DAY, key, most, now)
    }

    /// True when [`Self::hit_today`] has counted an attempt under `key` today.
    pub fn seen_today(&self, key: &str, now: Ts) -> bool {
        let Ok(counts) = self.day.lock() else { return false };
        counts.0 == now.0.div_euclid(DAY) && counts.1.contains_key(key)
    }
}

fn hit(counts: &Counts, span: i64, key: &str, most: u32, now: Ts) -> Result<()> {
    if most == 0 {
        return Ok(());
    }
    let Ok(mut counts) = counts.lock() else { return Ok(()) };
    let number = now.0.div_euclid(span);
    if counts.0 != number {
        *counts = (number, HashMap::new());
    }
    let count = counts.1.entry(key.to_string()).or_default();
    *count = count.saturating_add(1);
    if *count > most {
        let wait = (span - now.0.rem_euclid(span)) / 1_000_000 + 1;
        return Err(Error::TooMany(u64::try_from(wait).unwrap_or(60)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_beyond_the_limit_wait_for_the_next_minute() {
        let limits = Limits::default();
        assert!(limits.hit("a", 2, Ts(0)).is_ok());
        assert!(limits.hit("a", 2, Ts(1)).is_ok());
        assert!(matches!(limits.hit("a", 2, Ts(2)), Err(Error::TooMany(_))));
        assert!(limits.hit("b", 2, Ts(3)).is_ok());
        assert!(limits.hit("a", 2, Ts(MINUTE)).is_ok());
    }

    #[test]
    fn attempts_of_a_day_are_remembered_until_the_next_one() {
        let limits = Limits::default();
        assert!(!limits.seen_today("a", Ts(0)));
        assert!(limits.hit_today("a", 1, Ts(0)).is_ok());
        assert!(limits.seen_today("a", Ts(MINUTE)) && !limits.seen_today("b", Ts(MINUTE)));
        assert!(matches!(limits.hit_today("a", 1, Ts(MINUTE)), Err(Error::TooMany(_))));
        assert!(!limits.seen_today("a", Ts(DAY)) && limits.hit_today("a", 1, Ts(DAY)).is_ok());
    }
}
