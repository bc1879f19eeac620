//! Limits on attempts, per key and minute, in memory of each node.

use std::{collections::HashMap, sync::Mutex};

use kernel::Ts;

use crate::{Error, Result};

const MINUTE: i64 = 60_000_000;

/// Counters of the current minute.
#[derive(Default)]
pub struct Limits {
    counts: Mutex<(i64, HashMap<String, u32>)>,
}

impl Limits {
    /// Counts one attempt under `key`; 429 beyond `most` per minute. 0 means no limit.
    pub fn hit(&self, key: &str, most: u32, now: Ts) -> Result<()> {
        if most == 0 {
            return Ok(());
        }
        let Ok(mut counts) = self.counts.lock() else { return Ok(()) };
        let minute = now.0.div_euclid(MINUTE);
        if counts.0 != minute {
            *counts = (minute, HashMap::new());
        }
        let count = counts.1.entry(key.to_string()).or_default();
        *count += 1;
        if *count > most {
            let wait = (MINUTE - now.0.rem_euclid(MINUTE)) / 1_000_000 + 1;
            return Err(Error::TooMany(u64::try_from(wait).unwrap_or(60)));
        }
        Ok(())
    }
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
}
