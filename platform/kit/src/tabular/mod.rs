//! Tables in and out: CSV and XLSX files, column mapping, typed cells, reports of what an import did
//! (PLAT-09).
//!
//! Knows nothing about documents or databases. The way of an import: [`read_table`] → [`Mapping`] → [`Plan`]
//! → [`RowReader`] per row → [`ImportReport`]. The way of an export: a list of [`ColumnSpec`] and rows of
//! [`CellValue`] → [`write_csv`], [`write_xlsx`], [`write_json`]. The same columns serve both, so every
//! export can be imported again.

mod cell;
mod dates;
mod diff;
mod encoding;
mod fold;
mod map;
mod neutral;
mod problem;
mod read;
mod read_csv;
mod read_xlsx;
mod rows;
mod shifted;
mod write;
mod write_xlsx;

#[cfg(test)]
mod tests;

pub use cell::{CellKind, CellOptions, CellValue, parse_cell};
pub use dates::DateOrder;
pub use diff::{Change, ChangeOut, ImportReport, OutcomeOut, ProblemOut, ReportOut, RowAction, RowOutcome};
pub use map::{ColumnSpec, Dates, Empty, Mapping, OneOrMany};
pub use problem::Problem;
pub use read::{Limits, RawRow, Table, column_letters, read_sheet, read_table};
pub use rows::{Plan, RowReader};
pub use write::{CsvWriter, OutRow, Output, write_csv, write_json, write_xlsx};
pub use write_xlsx::{XlsxWriter, describe, template_xlsx};
