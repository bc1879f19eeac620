//! Where a run of a template stands, and the values of its fields.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Date, Money, Quantity, RuleError, T, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    access::{Named, asked, option},
    template::*,
};

/// A point of a check list, gone through.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Mark {
    /// `ok`, `failed` or `none` (does not apply).
    pub result: String,
    /// What was found.
    #[serde(default)]
    pub note: String,
}

/// Where a run stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct State {
    /// Current step.
    pub step: String,
    /// The wall clock that its days and times are meant by, an IANA name: that of the organisation it belongs to.
    #[serde(default)]
    pub zone: String,
    /// When it began.
    pub started: Ts,
    /// When the current step was entered.
    pub entered: Ts,
    /// When each step was entered last.
    #[serde(default)]
    pub came: BTreeMap<String, Ts>,
    /// When it ended.
    #[serde(default)]
    pub ended: Option<Ts>,
    /// Values of fields.
    #[serde(default)]
    pub fields: BTreeMap<String, Value>,
    /// Check lists: points by number from 1.
    #[serde(default)]
    pub checks: BTreeMap<String, BTreeMap<String, Mark>>,
    /// Scanned serial numbers.
    #[serde(default)]
    pub scans: BTreeMap<String, Vec<String>>,
    /// Files that prove something, counted by the caller.
    #[serde(default)]
    pub files: BTreeMap<String, i64>,
    /// By end step: how many documents of this type of the same organisation ended there of late, counted by the caller.
    #[serde(default)]
    pub ends: BTreeMap<String, i64>,
    /// Proofs that belong to earlier rounds of their step.
    #[serde(default)]
    pub used: BTreeMap<String, i64>,
    /// Messages given to the customer.
    #[serde(default)]
    pub messages: BTreeMap<String, i64>,
    /// When each message was given last.
    #[serde(default)]
    pub told: BTreeMap<String, Ts>,
    /// Answers to surveys.
    #[serde(default)]
    pub answers: BTreeMap<String, BTreeMap<String, Value>>,
    /// How often each step was entered.
    #[serde(default)]
    pub visits: BTreeMap<String, i64>,
    /// Clocks that ever ran out, which figures count.
    #[serde(default)]
    pub late: BTreeSet<String>,
    /// Those of them that were not started again since, which conditions ask for.
    #[serde(default)]
    pub over: BTreeSet<String>,
    /// By trigger: what was put on the settlement so far, fen; 1 for a document that was made.
    #[serde(default)]
    pub booked: BTreeMap<String, i64>,
}

impl State {
    /// A run that stands before its first step.
    pub fn new(now: Ts) -> Self {
        Self {
            step: String::new(),
            zone: String::new(),
            started: now,
            entered: now,
            came: BTreeMap::new(),
            ended: None,
            fields: BTreeMap::new(),
            checks: BTreeMap::new(),
            scans: BTreeMap::new(),
            files: BTreeMap::new(),
            ends: BTreeMap::new(),
            used: BTreeMap::new(),
            messages: BTreeMap::new(),
            told: BTreeMap::new(),
            answers: BTreeMap::new(),
            visits: BTreeMap::new(),
            late: BTreeSet::new(),
            over: BTreeSet::new(),
            booked: BTreeMap::new(),
        }
    }

    /// How many proofs of a kind there are.
    pub fn proofs(&self, evidence: &Evidence) -> i64 {
        match evidence.kind {
            EvidenceKind::Serial => self.scans.get(&evidence.key).map_or(0, |list| list.len() as i64),
            _ => {
                let used = self.used.get(&evidence.key).copied().unwrap_or(0);
                (self.files.get(&evidence.key).copied().unwrap_or(0) - used).max(0)
            }
        }
    }

    /// It stands at a step from now on.
    pub(crate) fn arrive(&mut self, step: &str, now: Ts) {
        self.step = step.to_string();
        self.entered = now;
        self.came.insert(self.step.clone(), now);
    }

    /// The customer is told something.
    pub fn tell(&mut self, message: &str, now: Ts) {
        *self.messages.entry(message.to_string()).or_insert(0) += 1;
        self.told.insert(message.to_string(), now);
    }

    /// A step that was entered before is done anew: looked at, answered and proven once more; what holds for one round
    /// only is asked again, but for what the move itself asks, and on the way on what the step before asked already.
    pub fn anew(&mut self, template: &Template, step: &Step, made: MoveKind, given: &[String]) {
        let named = |list: &[String], key: &str| list.iter().any(|ask| asked(ask).0 == key);
        let before = template.step(&self.step).filter(|_| made == MoveKind::Next);
        for field in template.fields.iter().filter(|f| f.fresh && named(&step.asks, &f.key)) {
            if !named(given, &field.key) && !before.is_some_and(|step| named(&step.asks, &field.key)) {
                self.fields.remove(&field.key);
            }
        }
        step.checklists.iter().for_each(|key| drop(self.checks.remove(key)));
        step.surveys.iter().for_each(|key| drop(self.answers.remove(key)));
        for key in &step.evidence {
            self.scans.remove(key);
            if let Some(files) = self.files.get(key) {
                self.used.insert(key.clone(), *files);
            }
        }
    }

    /// A field's text as stored, for texts with places.
    pub fn text(&self, key: &str) -> String {
        match self.fields.get(key) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Null) | None => String::new(),
            Some(other) => other.to_string(),
        }
    }
}

fn bad(code: &'static str, text: T, field: &Field) -> RuleError {
    RuleError::new(code, text).field(field.key.clone())
}

/// Longest text of a field, characters.
const MOST_TEXT: usize = 4000;

/// What somebody entered, as it is stored: texts of forms are read, numbers of the API taken as they are (fen,
/// thousandths). Empty becomes null.
///
/// `zone`: what a time without an offset is meant in. Errors, each at the field: `process.field_form`, `process.field_option`, `process.field_range`.
pub fn field_value(field: &Field, given: &Value, zone: &str) -> Result<Value, RuleError> {
    if given.is_null() || given.as_str().is_some_and(|text| text.trim().is_empty()) {
        return Ok(Value::Null);
    }
    let form = || {
        bad("process.field_form", T("“{name}”的格式不对", "\"{name}\" has the wrong form"), field)
            .arg("name", field.both())
    };
    let text = || match given {
        Value::String(text) => Ok(text.trim().to_string()),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(form()),
    };
    let value = match field.kind {
        FieldType::Text | FieldType::Area | FieldType::Phone | FieldType::Address | FieldType::Serial => {
            let text = text()?;
            if text.chars().count() > MOST_TEXT {
                return Err(form());
            }
            json!(text)
        }
        FieldType::Person | FieldType::Org => json!(text()?.parse::<kernel::Id>().map_err(|_| form())?),
        FieldType::Int => json!(text()?.parse::<i64>().map_err(|_| form())?),
        FieldType::Money => match given {
            Value::Number(number) => json!(number.as_i64().ok_or_else(form)?),
            _ => json!(Money::parse(&text()?).map_err(|_| form())?.0),
        },
        FieldType::Number => match given {
            Value::Number(number) => json!(number.as_i64().ok_or_else(form)?),
            _ => json!(Quantity::parse(&text()?).map_err(|_| form())?.0),
        },
        FieldType::Date => json!(Date::parse(&text()?).map_err(|_| form())?),
        FieldType::Time => json!(instant(&text()?, zone).ok_or_else(form)?),
        FieldType::Bool => match given {
            Value::Bool(_) => given.clone(),
            _ => json!(matches!(text()?.as_str(), "true" | "on" | "1" | "yes" | "是")),
        },
        FieldType::Choice => {
            let code = text()?;
            if !field.options.iter().any(|o| option(o).0 == code) {
                let unknown = T("“{name}”没有选项“{value}”", "\"{name}\" has no option \"{value}\"");
                return Err(bad("process.field_option", unknown, field)
                    .arg("name", field.both())
                    .arg("value", code));
            }
            json!(code)
        }
    };
    in_range(field, &value)?;
    Ok(value)
}

fn in_range(field: &Field, value: &Value) -> Result<(), RuleError> {
    let scale = match field.kind {
        FieldType::Int => 1,
        FieldType::Money => 100,
        FieldType::Number => 1000,
        _ => return Ok(()),
    };
    let Some(number) = value.as_i64() else { return Ok(()) };
    let over = field.most.is_some_and(|most| number > most.saturating_mul(scale));
    let under = field.least.is_some_and(|least| number < least.saturating_mul(scale));
    if !over && !under {
        return Ok(());
    }
    let bound = |b: Option<i64>| b.map_or_else(|| "…".to_string(), |b| b.to_string());
    let text = T("“{name}”应在 {least} 到 {most} 之间", "\"{name}\" must lie between {least} and {most}");
    Err(bad("process.field_range", text, field)
        .arg("name", field.both())
        .arg("least", bound(field.least))
        .arg("most", bound(field.most)))
}

/// An instant as sent by programs, or a wall-clock time, which is that of the run.
fn instant(text: &str, zone: &str) -> Option<Ts> {
    Ts::parse(text).ok().or_else(|| {
        let (day, clock) = text.split_once('T')?;
        let mut parts = clock.splitn(3, ':').map(str::parse::<u16>);
        let (hour, minute, second) =
            (parts.next()?.ok()?, parts.next()?.ok()?, parts.next().unwrap_or(Ok(0)).ok()?);
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let minutes =
            Ts::at_local(Date::parse_iso(day).ok()?, hour * 60 + minute, &kernel::zone_or_home(zone));
        Some(minutes.plus_secs(i64::from(second)))
    })
}
