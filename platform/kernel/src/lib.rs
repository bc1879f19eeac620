//! The ground floor: plain values and pure calculations that every other crate may use.
//!
//! Nothing here reads a file, a socket or the operating system's clock (the one exception, on purpose, is
//! [`SystemClock`]), so everything can be tested with tables and gives the same answer everywhere.
//!
//! - [`Id`], [`IdGen`]: identities that sort by time
//! - [`Ts`], [`Date`], [`Period`], [`Clock`]: instants, calendar dates, effective periods, the injected clock
//! - [`Money`], [`Quantity`], [`Bp`]: exact numbers, no floating point
//! - [`T`], [`Lang`]: texts in both languages, side by side
//! - [`RuleError`], [`Problems`]: why a rule said no
//! - [`search`]: text folding and tokens, one for both database engines
//! - [`calendar`]: working hours, holidays and deadlines
//!
//! [`IdGen::random`] draws random bits; callers receive the generator, they never make one of their own.
#![deny(clippy::float_arithmetic)]

pub mod calendar;
pub mod explain;
pub mod id;
pub mod money;
pub mod period;
pub mod rule;
pub mod search;
pub mod text;
pub mod time;

pub use calendar::{BusinessCalendar, Pause, Span, ahead, due};
pub use explain::{DueExplained, ExplainStep, StepKind};
pub use id::{Id, IdGen};
pub use money::{Bp, Money, Quantity};
pub use period::Period;
pub use rule::{Problems, RuleError};
pub use search::{fold, index_tokens, phone_key, pinyin_initials, query_tokens};
pub use text::{Lang, T, hex};
pub use time::{
    Clock, Date, DateHint, FixedClock, HOME_ZONE, PROBE_ZONES, SystemClock, Ts, Tz, offsets, zone,
    zone_or_home,
};
