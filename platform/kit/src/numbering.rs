//! Document numbers for people: `SO-20261122-0001`.
//!
//! On PostgreSQL numbers are reserved in blocks, outside the command's transaction, so that busy nodes never queue for
//! one counter row; a number of a refused command goes back and is the next one. Only a block in hand when a node
//! stops leaves a gap. SQLite has one writer, which counts in the transaction itself. Documents that law wants
//! gap-free on either engine take theirs with [`next_in`].

use std::{
    collections::{BTreeSet, HashMap},
    sync::Mutex,
};

use db::{Conn, args};
use kernel::{Date, Ts};

use crate::{App, Cx, Result, Tx};

/// The day that day numbers count from.
const EPOCH: Date = Date(jiff::civil::date(1970, 1, 1));

/// Numbers reserved at once.
const BLOCK: i64 = 32;

/// Numbers in hand: the next one, the end, and those that were given back.
#[derive(Default)]
struct Block {
    next: i64,
    end: i64,
    back: BTreeSet<i64>,
}

/// Blocks in hand by prefix and day.
#[derive(Default)]
pub struct Numbers {
    blocks: Mutex<HashMap<(&'static str, String), Block>>,
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
        let block = blocks.get_mut(&(prefix, day.to_string()))?;
        if let Some(back) = block.back.pop_first() {
            return Some(back);
        }
        if block.next >= block.end {
            return None;
        }
        block.next += 1;
        Some(block.next - 1)
    }

    fn store(&self, prefix: &'static str, day: &str, next: i64) {
        if let Ok(mut blocks) = self.blocks.lock() {
            blocks.retain(|(_, kept), _| kept.as_str() >= day);
            let block = blocks.entry((prefix, day.to_string())).or_default();
            (block.next, block.end) = (next, next + BLOCK);
        }
    }

    /// A number that no document came to bear goes to the next one.
    fn give_back(&self, prefix: &'static str, day: &str, number: i64) {
        if let Ok(mut blocks) = self.blocks.lock()
            && let Some(block) = blocks.get_mut(&(prefix, day.to_string()))
        {
            block.back.insert(number);
        }
    }
}

/// A number on its way to a document: it is the document's when the command commits, and the next one's when the
/// command is refused.
pub struct Number(Way);

enum Way {
    /// Known already: imported, or counted in the transaction.
    Given(String),
    /// One writer at a time: counted in the transaction that writes the document.
    Late(&'static str),
    /// From a block in hand.
    Held(Held),
}

/// A number of a block until it is used.
pub(crate) struct Held {
    app: App,
    prefix: &'static str,
    day: String,
    number: i64,
    used: bool,
}

impl Held {
    /// The command is being committed: from here on the number may be on a document.
    pub(crate) fn keep(mut self) {
        self.used = true;
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if !self.used {
            self.app.numbers.give_back(self.prefix, &self.day, self.number);
        }
    }
}

impl From<String> for Number {
    fn from(number: String) -> Self {
        Self(Way::Given(number))
    }
}

impl Number {
    /// Counted in the transaction that writes the document, on either engine: for work without an eager caller.
    pub const fn late(prefix: &'static str) -> Self {
        Self(Way::Late(prefix))
    }

    /// The number for the document that this command writes: as late as possible, after everything was checked.
    pub async fn take(self, tx: &mut Tx) -> Result<String> {
        match self.0 {
            Way::Given(number) => Ok(number),
            Way::Late(prefix) => {
                let now = tx.now();
                next_in(tx, prefix, now).await
            }
            Way::Held(held) => {
                let text = format!("{}-{}-{:04}", held.prefix, held.day, held.number);
                tx.hold(held);
                Ok(text)
            }
        }
    }
}

impl Cx {
    /// The next number of a kind of document, asked for before the command's transaction is opened and taken in it
    /// ([`Number::take`]).
    pub async fn number(&self, prefix: &'static str) -> Result<Number> {
        if self.app.db.engine() == db::Engine::Sqlite {
            return Ok(Number::late(prefix));
        }
        let day = day_of(self.now());
        let numbers = &self.app.numbers;
        loop {
            if let Some(number) = numbers.take(prefix, &day) {
                return Ok(Number(Way::Held(Held {
                    app: self.app.clone(),
                    prefix,
                    day,
                    number,
                    used: false,
                })));
            }
            let _one_refills = numbers.refill.lock().await;
            if numbers.blocks.lock().is_ok_and(|blocks| {
                blocks.get(&(prefix, day.clone())).is_some_and(|block| block.next < block.end)
            }) {
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
    fn a_number_given_back_is_the_next_one() {
        let numbers = Numbers::default();
        numbers.store("SO", "20261122", 1);
        assert_eq!((numbers.take("SO", "20261122"), numbers.take("SO", "20261122")), (Some(1), Some(2)));
        numbers.give_back("SO", "20261122", 1);
        assert_eq!((numbers.take("SO", "20261122"), numbers.take("SO", "20261122")), (Some(1), Some(3)));
        assert_eq!(numbers.take("RQ", "20261122"), None);
    }

    #[test]
    fn the_day_of_a_number_changes_at_midnight_in_china() {
        assert_eq!(day_of(Ts::parse("2026-11-21T15:59:59Z").expect("valid")), "20261121");
        assert_eq!(day_of(Ts::parse("2026-11-21T16:00:00Z").expect("valid")), "20261122");
    }
}
