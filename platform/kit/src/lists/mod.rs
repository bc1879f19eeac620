//! Lists: table, full-field filters, saved views, columns, keyset paging, export and API from one description
//! (DESIGN §5, PLAT-08, PLAT-09). Scope and masking are applied here, so no list can forget them.

mod cells;
// mod export;
mod filter;
// pub mod page;
mod query;
// pub mod rest;
mod spec;
// pub mod views;

pub use cells::{Cell, ListPage, ListRow};
// pub use export::{ExportFormat, export};
pub use filter::{Filter, Group, Op};
pub use query::{ListQuery, fetch};
pub use spec::{Badge, Col, Kind, ListSpec, Preset};
