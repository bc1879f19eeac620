//! Lists: table, full-field filters, saved views, columns, keyset paging, export and API from one description
//! (DESIGN §5, PLAT-08, PLAT-09). Scope and masking are applied here, so no list can forget them.

mod asked;
mod builder;
mod cells;
mod dynamic;
mod export;
mod filter;
mod markup;
mod page;
mod probe;
mod query;
mod rest;
mod routes;
mod spec;
mod summary;
mod sums;
#[cfg(test)]
mod tests;
mod tree;
mod views;

pub use cells::{Cell, ListPage, ListRow};
pub use dynamic::{Resolve, dynamic_routes, keep, publish};
pub use export::{EXPORT, ExportFormat, export, export_table, workbook_of};
pub(crate) use filter::push_contains;
pub use filter::{Filter, Group, Op};
pub(crate) use markup::text;
pub use probe::probe;
pub use query::{Count, ListQuery, count, fetch};
pub(crate) use rest::page_schema;
pub use rest::{CountOut, find};
pub(crate) use routes::routes;
pub use spec::{Badge, Col, Kind, ListSpec, Preset, Tree};
pub use summary::{GroupOut, Summary, SummaryOut, SummaryRow, summarise};
pub use views::{NewView, ViewOut, settled};
