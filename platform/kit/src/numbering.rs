//! Document numbers for people: `SO-20261122-0001`, or as the company wants them (DESIGN §6).
//!
//! How a kind of document is numbered is a parameter, [`pattern`], that may differ between organisations: prefix, the
//! organisation's code or none, date, digits. Numbers with the same beginning have one counter.
//!
//! On PostgreSQL numbers that are the same for everybody are reserved in blocks, outside the command's transaction, so
//! that busy nodes never queue for one counter row; a number of a refused command goes back and is the next one. Only
//! a block in hand when a node stops leaves a gap. SQLite has one writer, which counts in the transaction itself, and
//! so are counted on both engines the numbers of single organisations. Documents that law wants gap-free on either
//! engine take theirs with [`next_for`].

use std::{
    collections::{BTreeSet, HashMap},
    sync::Mutex,
};

use db::{Conn, args};
use kernel::{Id, RuleError, T, Ts};

use crate::{
    App, Cx, OrgNode, Result, Tx,
    settings::{Setting, SettingKind},
    zones::Zoned,
};

/// What stands before the prefix in the key of a pattern's parameter.
const KEY: &str = "number.";

/// The parameter with the pattern of a kind of document; its key is `number.` and the prefix given to [`Cx::number`].
pub const fn pattern(key: &'static str, label: T, default: &'static str) -> Setting {
    Setting {
        key,
        label,
        unit: T(
            "前缀、{org} 组织代码、日期 {yyyyMMdd} {yyyyMM} {yyyy}、流水 {0000}，用 - 连接；组织代码和日期可省",
            "Prefix, {org} code of the organisation, date {yyyyMMdd} {yyyyMM} {yyyy}, counter {0000}, joined by -; code and date may be left out",
        ),
        kind: SettingKind::Number,
        default,
        per_org: true,
    }
}

/// How the numbers of a kind of document look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    prefix: String,
    org: bool,
    /// Places of the date: 8, 6, 4, or 0 for none.
    date: usize,
    digits: usize,
}

impl Pattern {
    /// As long as nobody says otherwise.
    fn usual(prefix: &str) -> Self {
        Self { prefix: prefix.to_string(), org: false, date: 8, digits: 4 }
    }

    /// Reads `SO-{org}-{yyyyMMdd}-{0000}`. Error: `number.pattern`.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let bad = || {
            RuleError::new(
                "number.pattern",
                T(
                    "编号规则应为：1 至 8 位大写字母或数字的前缀，可接 {org}，可接 {yyyyMMdd}、{yyyyMM} 或 {yyyy}，最后是 3 至 8 位流水如 {0000}，用 - 连接",
                    "A pattern is a prefix of 1 to 8 capital letters or digits, then {org} or not, then {yyyyMMdd}, {yyyyMM}, {yyyy} or nothing, last a counter of 3 to 8 digits such as {0000}, joined by -",
                ),
            )
        };
        let mut parts = text.trim().split('-').peekable();
        let prefix = parts.next().unwrap_or_default();
        let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
        if !(1..=8).contains(&prefix.len()) || !prefix.chars().all(plain) {
            return Err(bad());
        }
        let org = parts.next_if(|part| *part == "{org}").is_some();
        let dates = [("{yyyyMMdd}", 8), ("{yyyyMM}", 6), ("{yyyy}", 4)];
        let date = parts.peek().and_then(|part| dates.iter().find(|(known, _)| known == part));
        let date = date.map_or(0, |(_, places)| *places);
        if date > 0 {
            parts.next();
        }
        let zeros =
            parts.next().and_then(|part| part.strip_prefix('{')?.strip_suffix('}')).unwrap_or_default();
        let counted = (3..=8).contains(&zeros.len()) && zeros.chars().all(|c| c == '0');
        if !counted || parts.next().is_some() {
            return Err(bad());
        }
        Ok(Self { prefix: prefix.to_string(), org, date, digits: zeros.len() })
    }

    /// The counter of an organisation on a day of `20261122`: what its numbers begin with, and the date in them.
    fn counter(&self, code: &str, day: &str) -> Counter {
        let beginning = if self.org { format!("{}-{code}", self.prefix) } else { self.prefix.clone() };
        Counter { beginning, date: day.chars().take(self.date).collect() }
    }

    fn text(&self, counter: &Counter, number: i64) -> String {
        let date = if counter.date.is_empty() { String::new() } else { format!("-{}", counter.date) };
        format!("{}{date}-{number:0width$}", counter.beginning, width = self.digits)
    }

    /// The first number of a day, to show what the pattern means.
    pub fn example(&self, code: &str, by: impl Zoned, at: Ts) -> String {
        self.text(&self.counter(code, &day_of(by, at)), 1)
    }
}

/// What is counted by itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Counter {
    beginning: String,
    date: String,
}

/// Numbers reserved at once.
const BLOCK: i64 = 32;

/// Numbers in hand: the next one, the end, and those that were given back.
#[derive(Default)]
struct Block {
    next: i64,
    end: i64,
    back: BTreeSet<i64>,
}

/// Blocks in hand.
#[derive(Default)]
pub struct Numbers {
    blocks: Mutex<HashMap<Counter, Block>>,
    refill: tokio::sync::Mutex<()>,
}

/// Day that the numbers of an instant carry.
fn day_of(by: impl Zoned, at: Ts) -> String {
    crate::format::date(by, at).replace('-', "")
}

impl Numbers {
    fn take(&self, counter: &Counter) -> Option<i64> {
        let mut blocks = self.blocks.lock().ok()?;
        let block = blocks.get_mut(counter)?;
        if let Some(back) = block.back.pop_first() {
            return Some(back);
        }
        if block.next >= block.end {
            return None;
        }
        block.next += 1;
        Some(block.next - 1)
    }

    fn store(&self, counter: &Counter, next: i64) {
        if let Ok(mut blocks) = self.blocks.lock() {
            blocks.retain(|kept, _| kept.beginning != counter.beginning || kept.date >= counter.date);
            let block = blocks.entry(counter.clone()).or_default();
            (block.next, block.end) = (next, next + BLOCK);
        }
    }

    /// A number that no document came to bear goes to the next one.
    fn give_back(&self, counter: &Counter, number: i64) {
        if let Ok(mut blocks) = self.blocks.lock()
            && let Some(block) = blocks.get_mut(counter)
        {
            block.back.insert(number);
        }
    }

    fn left(&self, counter: &Counter) -> bool {
        self.blocks.lock().is_ok_and(|blocks| blocks.get(counter).is_some_and(|block| block.next < block.end))
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
    counter: Counter,
    number: i64,
    text: String,
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
            self.app.numbers.give_back(&self.counter, self.number);
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

    /// The number for the document of an organisation that this command writes: as late as possible, after everything
    /// was checked.
    pub async fn take(self, tx: &mut Tx, org: Id) -> Result<String> {
        match self.0 {
            Way::Given(number) => Ok(number),
            Way::Late(prefix) => {
                let now = tx.now();
                next_for(tx, prefix, org, now).await
            }
            Way::Held(mut held) => {
                let text = std::mem::take(&mut held.text);
                tx.hold(held);
                Ok(text)
            }
        }
    }
}

impl Cx {
    fn number_setting(&self, prefix: &str) -> Option<&'static Setting> {
        let settings = &self.app.registry.settings;
        settings.iter().copied().find(|setting| setting.key.strip_prefix(KEY) == Some(prefix))
    }

    /// The pattern that an organisation's numbers of a kind follow; nil: everybody's.
    async fn pattern(&self, prefix: &str, org: Id) -> Result<Pattern> {
        let Some(setting) = self.number_setting(prefix) else { return Ok(Pattern::usual(prefix)) };
        let text: String = self.setting(setting, org).await?;
        // Checked when it was set; a broken one must not stop the work.
        Ok(Pattern::parse(&text).unwrap_or_else(|_| Pattern::usual(prefix)))
    }

    /// The next number of a kind of document, asked for before the command's transaction is opened and taken in it
    /// ([`Number::take`]).
    pub async fn number(&self, prefix: &'static str) -> Result<Number> {
        if self.app.db.engine() == db::Engine::Sqlite {
            return Ok(Number::late(prefix));
        }
        let pattern = self.pattern(prefix, Id::NIL).await?;
        let own = match self.number_setting(prefix) {
            Some(setting) => self.app.settings.differs(&self.app.db, setting, self.now()).await?,
            None => false,
        };
        if pattern.org || own {
            return Ok(Number::late(prefix));
        }
        let counter = pattern.counter("", &day_of(self.zone_of(Id::NIL), self.now()));
        let numbers = &self.app.numbers;
        loop {
            if let Some(number) = numbers.take(&counter) {
                let text = pattern.text(&counter, number);
                return Ok(Number(Way::Held(Held {
                    app: self.app.clone(),
                    counter,
                    number,
                    text,
                    used: false,
                })));
            }
            let _one_refills = numbers.refill.lock().await;
            if numbers.left(&counter) {
                continue;
            }
            let mut tx = self.app.db.begin().await?;
            let end = advance(&mut tx, &counter, BLOCK).await?;
            tx.commit().await?;
            numbers.store(&counter, end - BLOCK + 1);
        }
    }
}

async fn advance(conn: &mut Conn, counter: &Counter, by: i64) -> Result<i64> {
    Ok(conn
        .scalar(
            "insert into doc_number (prefix, day, last) values ($1, $2, $3)
             on conflict (prefix, day) do update set last = doc_number.last + excluded.last returning last",
            args![&counter.beginning, &counter.date, by],
        )
        .await?)
}

/// The next gap-free number of an organisation's documents of a kind: given back if the caller's transaction is
/// rolled back.
pub async fn next_for(tx: &mut Tx, prefix: &str, org: Id, at: Ts) -> Result<String> {
    let cx = tx.cx().clone();
    let pattern = cx.pattern(prefix, org).await?;
    let mut code = String::new();
    if pattern.org {
        let orgs = cx.app.directory.orgs(&cx.app.db, cx.now()).await?;
        if let Some(OrgNode { code: known, .. }) = orgs.iter().find(|node| node.id == org) {
            code.clone_from(known);
        }
    }
    // Numbers of one outlet carry its own day, those that all share the company's.
    let day = day_of(cx.zone_of(if pattern.org { org } else { Id::NIL }), at);
    let counter = pattern.counter(&code, &day);
    // A block in hand from before one outlet got its own pattern is used up first: nothing is left out.
    if let Some(number) = cx.app.numbers.take(&counter) {
        let text = pattern.text(&counter, number);
        tx.hold(Held { app: cx.app.clone(), counter, number, text: String::new(), used: false });
        return Ok(text);
    }
    let number = advance(tx, &counter, 1).await?;
    Ok(pattern.text(&counter, number))
}

/// The next gap-free number where the prefix is no parameter: kinds of documents that a company makes itself bring
/// their own.
pub async fn next_in(tx: &mut Tx, prefix: &str, at: Ts) -> Result<String> {
    let pattern = Pattern::usual(prefix);
    let counter = pattern.counter("", &day_of(tx.cx().zone_of(Id::NIL), at));
    let number = advance(tx, &counter, 1).await?;
    Ok(pattern.text(&counter, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(prefix: &str, date: &str) -> Counter {
        Counter { beginning: prefix.into(), date: date.into() }
    }

    #[test]
    fn a_number_given_back_is_the_next_one() {
        let (numbers, orders) = (Numbers::default(), day("SO", "20261122"));
        numbers.store(&orders, 1);
        assert_eq!((numbers.take(&orders), numbers.take(&orders)), (Some(1), Some(2)));
        numbers.give_back(&orders, 1);
        assert_eq!((numbers.take(&orders), numbers.take(&orders)), (Some(1), Some(3)));
        assert_eq!(numbers.take(&day("RQ", "20261122")), None);
        // A new day ends the block of the day before, not that of a month.
        numbers.store(&day("RQ", "202611"), 1);
        numbers.store(&day("SO", "20261123"), 1);
        assert_eq!(numbers.take(&orders), None);
        assert_eq!(numbers.take(&day("RQ", "202611")), Some(1));
    }

    #[test]
    fn the_day_of_a_number_changes_at_local_midnight() {
        let day = |zone: &str, at: &str| day_of(kernel::zone_or_home(zone), Ts::parse(at).expect("valid"));
        assert_eq!(day("Asia/Shanghai", "2026-11-21T15:59:59Z"), "20261121");
        assert_eq!(day("", "2026-11-21T16:00:00Z"), "20261122");
        assert_eq!(day("Europe/Berlin", "2026-11-21T22:59:59Z"), "20261121");
        assert_eq!(day("Europe/Berlin", "2026-07-21T22:00:00Z"), "20260722");
    }

    #[test]
    fn a_pattern_says_how_numbers_look() {
        let at = Ts::parse("2026-11-22T02:00:00Z").expect("valid");
        for (text, example) in [
            ("SO-{yyyyMMdd}-{0000}", "SO-20261122-0001"),
            ("SO-{org}-{yyyyMMdd}-{0000}", "SO-SZ01-20261122-0001"),
            ("WX-{org}-{yyyyMM}-{00000}", "WX-SZ01-202611-00001"),
            ("A1-{yyyy}-{000}", "A1-2026-001"),
            (" SO-{000000} ", "SO-000001"),
            ("SO-{org}-{000}", "SO-SZ01-001"),
        ] {
            let pattern = Pattern::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
            assert_eq!(pattern.example("SZ01", kernel::zone_or_home(""), at), example);
        }
        for bad in [
            "",
            "SO",
            "so-{0000}",
            "SO-{00}",
            "SO-{000000000}",
            "SO{0000}",
            "SO-{0000}-{yyyy}",
            "SO-{yyyy}-{org}-{0000}",
            "SO-{yyyyMMdd}-{yyyy}-{0000}",
            "工单-{0000}",
            "SO-{0001}",
            "-{0000}",
            "SO-{0000}-",
            "TOOLONGPREFIX-{0000}",
        ] {
            assert!(Pattern::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Pattern::parse("SO-{yyyyMMdd}-{0000}"), Ok(Pattern::usual("SO")));
    }

    #[test]
    fn more_digits_than_planned_are_no_fault() {
        let pattern = Pattern::parse("SO-{000}").expect("good");
        assert_eq!(pattern.text(&pattern.counter("", "20261122"), 12345), "SO-12345");
    }
}
