//! Process templates (DESIGN §7.3, DOC-01…25): a trade's way of working as data, and the machine that runs it.
//!
//! Pure: text in, a [`Template`] or located problems out ([`read()`]); a run's [`State`] and what somebody does in, the
//! next state and its [`Effect`]s out ([`machine`]). No database, no clock: time is a value.

pub mod access;
mod actor;
pub mod called;
mod check;
pub mod correct;
pub mod diff;
pub mod effects;
mod entry;
pub mod expr;
pub mod facts;
mod graph;
mod limits;
pub mod machine;
mod message;
mod named;
pub mod names;
mod offer;
mod read;
mod state;
mod stuck;
mod survey;
mod template;

pub use access::{Named, Who};
pub use actor::Actor;
pub use effects::Effect;
pub use machine::{Entry, Offer, Outcome, Passed};
pub use read::{Fault, Known, Other, parse, read, warnings, write};
pub use state::{Mark, State, field_value};
pub use template::*;
