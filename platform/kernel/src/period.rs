//! Effective periods: price lists, policies and rules are valid from a day, until a day or without end.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Date, RuleError, T};

/// Whole days, both ends included. `until: None` means "until further notice".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Period {
    pub from: Date,
    pub until: Option<Date>,
}

impl Period {
    /// Refuses a period that ends before it begins (`period.backwards`, field `until`).
    pub fn new(from: Date, until: Option<Date>) -> Result<Self, RuleError> {
        match until {
            Some(until) if until < from => Err(RuleError::new(
                "period.backwards",
                T("结束日期 {until} 早于开始日期 {from}", "The end {until} is before the start {from}"),
            )
            .field("until")
            .arg("from", from)
            .arg("until", until)),
            _ => Ok(Period { from, until }),
        }
    }

    pub fn contains(&self, date: Date) -> bool {
        self.from <= date && self.until.is_none_or(|until| date <= until)
    }

    pub fn overlaps(&self, other: &Period) -> bool {
        self.until.is_none_or(|until| other.from <= until)
            && other.until.is_none_or(|until| self.from <= until)
    }

    /// Number of days, or `None` without end.
    pub fn days(&self) -> Option<i64> {
        self.until.map(|until| until.days_since(self.from) + 1)
    }
}
