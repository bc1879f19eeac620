//! Who repairs at which level, and when an order is raised without anybody asking.

use kernel::{Id, RuleError, T, Ts};
use org::api::UnitKind;

use crate::flow::State;

/// Levels of repair (N-56).
pub const LEVELS: i64 = 3;

/// The level at which an organisation repairs.
pub const fn level_of(kind: UnitKind) -> i64 {
    match kind {
        UnitKind::Hq => 3,
        UnitKind::Region | UnitKind::Branch => 2,
        _ => 1,
    }
}

/// Name of a level and who has the order there.
pub fn words(level: i64, org: &str) -> Words {
    Words { level, org: org.to_string() }
}

/// See [`words`].
pub struct Words {
    level: i64,
    org: String,
}

impl Words {
    /// In a language.
    pub fn get(&self, lang: kernel::Lang) -> String {
        let level = match self.level {
            1 => T("一级（网点）", "Level 1 (outlet)"),
            2 => T("二级（分公司）", "Level 2 (branch)"),
            _ => T("三级（总部）", "Level 3 (HQ)"),
        };
        let level = level.get(lang);
        if self.org.is_empty() { level.to_string() } else { format!("{level} {}", self.org) }
    }
}

/// The next level, and the organisation that repairs there: the nearest one above the order's own, itself first, that
/// works at this level or higher; the topmost one where there is none.
///
/// Errors: `orders.top_level`.
pub fn next(level: i64, chain: &[(Id, UnitKind)]) -> Result<(i64, Option<Id>), RuleError> {
    if level >= LEVELS {
        return Err(RuleError::new(
            "orders.top_level",
            T("已是最高级（总部）", "It is at the highest level already"),
        ));
    }
    let next = level + 1;
    let able = chain.iter().find(|(_, kind)| level_of(*kind) >= next).or(chain.last());
    Ok((next, able.map(|(id, _)| *id)))
}

/// What a company has set for raising by rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Hours without progress; 0: never.
    pub hours: i64,
    /// Repeat visits; 0: never.
    pub repeats: i64,
    /// Hard faults at once.
    pub hard: bool,
}

/// What of an order counts.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// Level now.
    pub level: i64,
    /// State now.
    pub state: State,
    /// Last step.
    pub progress_at: Ts,
    /// Rounds of rework and earlier repairs of the same unit.
    pub visits: i64,
    /// Said to be hard.
    pub hard: bool,
}

/// Why an order is raised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// no progress for so many hours
    Stuck(i64),
    /// so many repeat visits
    Repeats(i64),
    /// hard to repair
    Hard,
}

impl Why {
    /// For the history.
    pub fn text(self, lang: kernel::Lang) -> String {
        match self {
            Self::Stuck(hours) => T("按规则：{n} 小时无进展", "By rule: no progress for {n} hours")
                .fill(lang, &[("n", hours.to_string())]),
            Self::Repeats(visits) => T("按规则：重复上门 {n} 次", "By rule: {n} repeat visits")
                .fill(lang, &[("n", visits.to_string())]),
            Self::Hard => T("按规则：疑难故障", "By rule: hard to repair").get(lang).to_string(),
        }
    }
}

/// Whether an order is raised now. Difficulty and repeats raise it from the first level only; standing still raises it
/// from each. Waiting for a coded reason is not standing still.
pub fn due(facts: &Facts, limits: &Limits, now: Ts) -> Option<Why> {
    let unfinished = facts.state.is_open() && !matches!(facts.state, State::Done | State::Confirmed);
    if facts.level >= LEVELS || !unfinished {
        return None;
    }
    if facts.level == 1 && limits.hard && facts.hard {
        return Some(Why::Hard);
    }
    if facts.level == 1 && limits.repeats > 0 && facts.visits >= limits.repeats {
        return Some(Why::Repeats(facts.visits));
    }
    let stuck = limits.hours > 0 && facts.progress_at.plus_hours(limits.hours) <= now;
    (stuck && facts.state != State::Waiting).then_some(Why::Stuck(limits.hours))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> Id {
        format!("00000000-0000-7000-8000-0000000000{n:02}").parse().expect("an id")
    }

    #[test]
    fn the_nearest_office_of_the_next_level_takes_it() {
        use UnitKind::{Branch, Department, Hq, Outlet, Region};
        let full = [(id(1), Outlet), (id(2), Branch), (id(3), Region), (id(4), Hq)];
        assert_eq!(next(1, &full), Ok((2, Some(id(2)))));
        assert_eq!(next(2, &full), Ok((3, Some(id(4)))));
        assert_eq!(next(3, &full).map_err(|e| e.code), Err("orders.top_level"));
        assert_eq!(next(1, &[(id(1), Outlet), (id(4), Hq)]), Ok((2, Some(id(4)))), "no branch: head office");
        assert_eq!(next(1, &[(id(4), Hq)]), Ok((2, Some(id(4)))), "head office's own order stays there");
        assert_eq!(next(2, &[(id(1), Outlet), (id(5), Department)]), Ok((3, Some(id(5)))), "the topmost one");
    }

    #[test]
    fn an_order_is_raised_when_its_rule_says_so() {
        let limits = Limits { hours: 48, repeats: 3, hard: true };
        let never = Limits { hours: 0, repeats: 0, hard: false };
        let facts = Facts { level: 1, state: State::InProgress, progress_at: Ts(0), visits: 0, hard: false };
        let (early, late) = (Ts(0).plus_hours(47), Ts(0).plus_hours(48));
        let cases = [
            (facts, early, None),
            (facts, late, Some(Why::Stuck(48))),
            (Facts { level: 2, ..facts }, late, Some(Why::Stuck(48))),
            (Facts { level: 3, ..facts }, late, None),
            (Facts { state: State::Waiting, ..facts }, late, None),
            (Facts { state: State::Done, ..facts }, late, None),
            (Facts { state: State::Closed, ..facts }, late, None),
            (Facts { visits: 2, ..facts }, early, None),
            (Facts { visits: 3, ..facts }, early, Some(Why::Repeats(3))),
            (Facts { visits: 3, level: 2, ..facts }, early, None),
            (Facts { hard: true, state: State::Waiting, ..facts }, early, Some(Why::Hard)),
            (Facts { hard: true, level: 2, ..facts }, early, None),
        ];
        for (index, (facts, now, expected)) in cases.into_iter().enumerate() {
            assert_eq!(due(&facts, &limits, now), expected, "case {index}");
            assert_eq!(due(&facts, &never, now), None, "case {index}");
        }
    }
}
