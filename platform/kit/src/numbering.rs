//! Document numbers for people: `SO-20261122-0001`.
//!
//! Numbers are reserved in blocks, outside the command's transaction, so that busy nodes never queue for one
//! counter row. A block lost in a crash leaves a gap; documents that law wants gap-free take theirs with
//! [`next_in`].

use std::{collections::HashMap, sync::Mutex};

use db::{Conn, args};
use kernel::{Date, Ts};

use crate::{Cx, Result};

/// The day that day numbers count from.
const EPOCH: Date = Date(jiff::civil::date(1970, 1, 1));

/// Numbers reserved at once.
const BLOCK: i64 = 32;

/// Blocks in hand: next number and end, by prefix and day.
#[derive(Default)]
pub struct Numbers {
    blocks: Mutex<HashMap<(&'static str, String), (i64, i64)>>,
    refill: tokio::sync::Mutex<()>,
}

/// Business day that the numbers of an instant carry, in China's zone.
fn day_of(at: Ts) -> String {
    // UTC+8 has had no offset change since 1991; a fixed offset spares a zone look-up on a hot path.
    let days = (at.0 + 8 * 3_600_000_000).div_euclid(86_400_000_000);
    EPOCH.plus_days(days).to_string().replace('-', "")
}

impl Numbers {
    fn take(&self, prefix: &'static str, day: &str) -> Option<i64> {
        let mut blocks = self.blocks.lock().ok()?;
        let (next, end) = blocks.get_mut(&(prefix, day.to_string()))?;
        if *next >= *end {
            return None;
        }
        *next += 1;
        Some(*next - 1)
    }

    fn store(&self, prefix: &'static str, day: &str, next: i64) {
        if let Ok(mut blocks) = self.blocks.lock() {
            blocks.retain(|(_, kept), _| kept.as_str() >= day);
            blocks.insert((prefix, day.to_string()), (next, next + BLOCK));
        }
    }
}

impl Cx {
    /// The next number of a kind of document, taken before the command's transaction is opened.
    pub async fn number(&self, prefix: &'static str) -> Result<String> {
        let day = day_of(self.now());
        let numbers = &self.app.numbers;
        loop {
            if let Some(number) = numbers.take(prefix, &day) {
                return Ok(format!("{prefix}-{day}-{number:04}"));
            }
            let _one_refills = numbers.refill.lock().await;
            if numbers
                .blocks
                .lock()
                .is_ok_and(|blocks| blocks.get(&(prefix, day.clone())).is_some_and(|(next, end)| next < end))
            {
                continue;
            }
            let mut tx = self.app.db.begin().await?;
            let end = advance(&mut tx, prefix, &day, BLOCK).await?;
            tx.commit().await?;
            numbers.store(prefix, &day, end - BLOCK + 1);
        }
    }
}

async fn advance(conn: &mut Conn, prefix: &str, day: &str, by: i64) -> Result<i64> {
    Ok(conn
        .scalar(
            "insert into doc_number (prefix, day, last) values ($1, $2, $3)
             on conflict (prefix, day) do update set last = doc_number.last + excluded.last returning last",
            args![prefix, day, by],
        )
        .await?)
}

/// The next gap-free number: given back if the caller's transaction is rolled back.
pub async fn next_in(conn: &mut Conn, prefix: &str, at: Ts) -> Result<String> {
    let day = day_of(at);
    let number = advance(conn, prefix, &day, 1).await?;
    Ok(format!("{prefix}-{day}-{number:04}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_a_number_changes_at_midnight_in_china() {
        assert_eq!(day_of(Ts::parse("2026-11-21T15:59:59Z").expect("valid")), "20261121");
        assert_eq!(day_of(Ts::parse("2026-11-21T16:00:00Z").expect("valid")), "20261122");
    }
}
