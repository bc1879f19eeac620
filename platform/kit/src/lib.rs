//! The platform's mechanisms, each once (DESIGN §5). They know nothing about service orders.
//!
//! A request becomes a [`Cx`]; a service opens a [`Tx`] with [`begin!`], works through stores on it and commits.
//! What a context brings is a [`Module`] of plain values.

pub mod app;
pub mod attachments;
pub mod audit;
pub mod body;
pub mod comments;
mod cx;
mod doc;
mod error;
mod etag;
pub mod extract;
pub mod flow;
pub mod format;
pub mod hidden;
pub mod http;
pub mod inputs;
pub mod jobs;
pub mod limits;
pub mod lists;
pub mod live;
pub mod module;
pub mod net;
pub mod notify;
pub mod numbering;
pub mod openapi;
mod page;
pub mod panels;
pub mod perm;
pub mod personal;
pub mod platform;
pub mod refs;
pub mod seal;
pub mod search;
pub mod settings;
pub mod sheets;
pub mod tabular;
#[cfg(test)]
mod testing;
pub mod timers;
mod tx;
pub mod veil;
mod voids;
pub mod zones;

pub use app::{App, AppState, Config, Directory, OrgNode, Registry};
pub use body::Body;
pub use contracts::Event;
pub use cx::{Cx, Req, Stored, replayed};
pub use doc::{DocBrief, DocRef};
pub use error::{Error, ProblemJson, Result};
pub use module::{
    Access, Check, Command, DocKind, Endpoint, Guard, JobKind, Lane, Module, Nav, PastSubject, ProcessStep,
    Routes, Schedule, SheetPart, StartPage, Sub, Subject, TimerKind, guarded, offered, sheet_parts,
};
pub use openapi::openapi_document;
pub use page::FormErrors;
pub use perm::{Actor, Instead, Owned, Perm, READ_ONLY, Reach, Role, Scope, Secret, Sens, Show};
pub use tx::{Begun, Tx};
pub use zones::Zoned;
