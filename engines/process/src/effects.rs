//! What follows from a move, for the caller to do.

use kernel::{Date, Id, Lang, RuleError, T, Ts};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

use crate::{
    access::{self, Named, find},
    machine::{amount, clock_length},
    state::State,
    template::*,
};

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// start a clock: after a span, or due at an instant
    Start {
        /// Key.
        timer: String,
        /// How long, see [`kernel::Span::parse`].
        span: String,
        /// Or due then.
        due: Option<Ts>,
    },
    /// end a clock
    Stop {
        /// Key.
        timer: String,
    },
    /// clocks that stand still from now on, if they run
    Pause {
        /// Keys.
        timers: Vec<String>,
    },
    /// clocks that run on, if they stood still
    Resume {
        /// Keys.
        timers: Vec<String>,
    },
    /// end all clocks and tasks: the process is over
    StopAll,
    /// a task in the inbox
    Task {
        /// Trigger.
        key: String,
        /// What is to be done.
        text: String,
        /// By whom.
        who: Vec<String>,
        /// Until when; empty: no limit.
        span: String,
        /// Instead of a span: until then.
        due: Option<Ts>,
        /// It stays open when the process ends.
        stays: bool,
    },
    /// a notice to people of the company
    Notice {
        /// What it says.
        text: String,
        /// To whom.
        who: Vec<String>,
    },
    /// a message to the customer
    Message {
        /// Kind.
        kind: String,
        /// What it says.
        text: String,
        /// Telephone number, if the document has one.
        phone: String,
    },
    /// another document
    Document {
        /// Template.
        template: String,
        /// Values handed over.
        fields: BTreeMap<String, Value>,
        /// Not while one of its kind with the same values in these fields runs.
        alone: Vec<String>,
    },
    /// a requisition of parts and tools
    Requisition {
        /// It was handed over, as the text says: what is held in the document's name goes out.
        over: bool,
        /// What is needed.
        text: String,
        /// Until when; empty: no limit.
        span: String,
        /// Instead of a span: until then.
        due: Option<Ts>,
    },
    /// a call back
    Callback {
        /// Kind.
        kind: String,
        /// After this time; empty: now.
        span: String,
        /// Instead of a span: then.
        due: Option<Ts>,
        /// What to ask.
        text: String,
        /// What the customer answered, when the process called itself; see [`crate::called`].
        said: Vec<crate::called::Said>,
    },
    /// a line of the settlement
    Settlement {
        /// Code.
        code: String,
        /// Fen.
        amount: i64,
        /// For what.
        text: String,
        /// Whose: one of [`crate::facts::PAYEES`].
        to: String,
    },
    /// signatures to be collected
    Approval {
        /// Matrix.
        scheme: String,
        /// Fen.
        amount: i64,
    },
}

/// `what` of a requisition that was met: the things were handed over.
pub const HANDED_OVER: &str = "issue";

/// Longest text with its places filled, bytes: a text may name a long field many times.
const MOST_FILLED: usize = 8000;

/// A text for readers of both languages, with the values of its places; see [`T::both`].
pub fn told(template: &Template, text: &str, state: &State, reason: &str) -> String {
    let of = |lang| fill(template, text, state, reason, lang);
    T::both(&of(Lang::Zh), &of(Lang::En))
}

/// Reworked or opened again, a run makes its documents once, and puts on the settlement only what changed (DOC-04).
pub(crate) fn once(state: &mut State, trigger: &Trigger, effect: Effect) -> Option<Effect> {
    if trigger.every {
        return Some(effect).filter(|e| !matches!(e, Effect::Settlement { amount: 0, .. }));
    }
    let before = state.booked.get(&trigger.key).copied().unwrap_or(0);
    match effect {
        Effect::Document { .. } => {
            state.booked.insert(trigger.key.clone(), 1);
            (before == 0).then_some(effect)
        }
        Effect::Settlement { code, amount, text, to } => {
            let more = amount.saturating_sub(before);
            if more == 0 {
                return None;
            }
            state.booked.insert(trigger.key.clone(), amount);
            let text = if before == 0 { text } else { corrected(&text) };
            Some(Effect::Settlement { code, amount: more, text, to })
        }
        other => Some(other),
    }
}

/// What a line of the settlement says when it makes good an earlier one.
fn corrected(text: &str) -> String {
    let (zh, en) = (Lang::Zh.of(text), Lang::En.of(text));
    T::both(&format!("{zh}（差额）"), &format!("{en} (difference)"))
}

/// A text in one language with the values of its places. What a value holds is text, never a place: a customer who is
/// called `{phone}` shows nobody's number.
pub fn fill(template: &Template, text: &str, state: &State, reason: &str, lang: Lang) -> String {
    let mut coded = template.moves.iter().map(|made| access::reason_said(made, reason, lang));
    let reason = coded.find(|text| *text != reason).unwrap_or(reason);
    let text = access::said(text, lang);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('{') {
        out.push_str(before);
        let found = tail.split_once('}');
        match found.and_then(|(key, after)| Some((place(template, key, state, reason, lang)?, after))) {
            Some((value, after)) => {
                out.push_str(&value);
                rest = after;
            }
            None => {
                out.push('{');
                rest = tail;
            }
        }
        if out.len() > MOST_FILLED {
            return out.chars().take(MOST_FILLED / 4).chain(['…']).collect();
        }
    }
    out.push_str(rest);
    out
}

/// What stands in a place; none when it is no place.
fn place(template: &Template, key: &str, state: &State, reason: &str, lang: Lang) -> Option<String> {
    match key {
        "reason" => Some(reason.to_string()),
        "step" => Some(template.step(&state.step)?.label(lang).to_string()),
        _ => template.field(key).map(|field| match (field.kind, state.fields.get(key)) {
            (FieldType::Time, Some(Value::String(text))) => wall_clock(text, &state.zone),
            (_, value) => shown(field, value, lang),
        }),
    }
}

/// An instant by the clock of the run's organisation.
fn wall_clock(text: &str, zone: &str) -> String {
    Ts::parse(text).map_or_else(
        |_| text.to_string(),
        |at| at.to_zoned(&kernel::zone_or_home(zone)).strftime("%Y-%m-%d %H:%M").to_string(),
    )
}

impl Effect {
    /// What people read of it.
    pub fn text_mut(&mut self) -> Option<&mut String> {
        match self {
            Self::Task { text, .. }
            | Self::Notice { text, .. }
            | Self::Message { text, .. }
            | Self::Requisition { text, .. }
            | Self::Callback { text, .. }
            | Self::Settlement { text, .. } => Some(text),
            _ => None,
        }
    }
}

/// A value as people read it; persons and organisations stay ids, which the caller replaces.
pub fn shown(field: &Field, value: Option<&Value>, lang: Lang) -> String {
    match (field.kind, value) {
        (_, None | Some(Value::Null)) => String::new(),
        (FieldType::Money, Some(v)) => kernel::Money(v.as_i64().unwrap_or(0)).to_string(),
        (FieldType::Number, Some(v)) => kernel::Quantity(v.as_i64().unwrap_or(0)).to_string(),
        (FieldType::Bool, Some(v)) => {
            if v.as_bool() == Some(true) { T("是", "yes") } else { T("否", "no") }.get(lang).to_string()
        }
        (FieldType::Choice, Some(v)) => {
            let code = v.as_str().unwrap_or_default();
            let option = field.options.iter().find(|o| access::option(o).0 == code);
            option.map_or(code, |o| access::option_label(o, lang)).to_string()
        }
        (_, Some(Value::String(text))) => text.clone(),
        (_, Some(other)) => other.to_string(),
    }
}

/// The effect that starts a clock. One that is due at a field that is still empty waits for it: neither span nor due.
pub fn start(timer: &Timer, state: &State) -> Effect {
    let due = point(&timer.at, &timer.before, state);
    Effect::Start { timer: timer.key.clone(), span: timer.span.clone(), due }
}

/// The time in a field, or so much earlier; none while it is empty.
fn point(field: &str, before: &str, state: &State) -> Option<Ts> {
    if field.is_empty() {
        return None;
    }
    let text = state.text(field);
    let point = Ts::parse(&text).ok().or_else(|| {
        // A date is over when its day is.
        let day = Date::parse_iso(&text).ok()?.plus_days(1);
        Some(Ts::at_local(day, 0, &kernel::zone_or_home(&state.zone)))
    })?;
    Some(Ts(point.0.saturating_sub(clock_length(before))))
}

/// Clocks that stand still at a step, and those that run there.
pub(crate) fn pauses(template: &Template, step: &str) -> (Vec<String>, Vec<String>) {
    let pausing = template.timers.iter().filter(|t| !t.pause.is_empty());
    let (still, run): (Vec<_>, Vec<_>) = pausing.partition(|t| t.pause.iter().any(|s| s == step));
    let keys = |list: Vec<&Timer>| list.into_iter().map(|t| t.key.clone()).collect();
    (keys(still), keys(run))
}

pub(crate) fn message(template: &Template, kind: &Message, state: &State, reason: &str) -> Effect {
    let named = |f: &&Field| if kind.to.is_empty() { f.kind == FieldType::Phone } else { f.key == kind.to };
    let phone = template.fields.iter().find(named);
    Effect::Message {
        kind: kind.key.clone(),
        // The customer's: one text, as it is sent.
        text: fill(template, &kind.text, state, reason, Lang::Zh),
        phone: phone.map(|f| state.text(&f.key)).unwrap_or_default(),
    }
}

pub(crate) fn of_trigger(
    template: &Template,
    trigger: &Trigger,
    state: &State,
    reason: &str,
    now: Ts,
) -> Result<Effect, RuleError> {
    let text = told(template, &trigger.text, state, reason);
    let (what, span) = (trigger.what.clone(), trigger.span.clone());
    let due = point(&trigger.at, &trigger.before, state);
    Ok(match trigger.make {
        Make::Notice => Effect::Notice { text, who: trigger.who.clone() },
        Make::Message => {
            let kind = find(&template.messages, &what).ok_or_else(|| crate::check::no_step(&what))?;
            message(template, kind, state, reason)
        }
        Make::Document => {
            let pairs = trigger.copy.iter().filter_map(|pair| pair.split_once('='));
            let value = |ours: &str| state.fields.get(ours.trim()).cloned().unwrap_or(Value::Null);
            let fields = pairs.map(|(theirs, ours)| (theirs.trim().to_string(), value(ours))).collect();
            Effect::Document { template: what, fields, alone: trigger.alone.clone() }
        }
        Make::Requisition => Effect::Requisition { over: what == HANDED_OVER, text, span, due },
        Make::Callback => Effect::Callback { kind: what, span, due, text, said: Vec::new() },
        Make::Settlement => {
            let amount = amount(template, &trigger.amount, state, now)?;
            Effect::Settlement { code: what, amount, text, to: trigger.to.clone() }
        }
        Make::Task | Make::Act => {
            let (key, who) = (trigger.key.clone(), trigger.who.clone());
            Effect::Task { key, text, who, span, due, stays: trigger.stays }
        }
    })
}

/// Whom a field for a person or an organisation names, for callers that look them up.
pub fn named_in(state: &State, field: &str) -> Option<Id> {
    state.text(field).parse().ok()
}
