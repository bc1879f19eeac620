//! One data layer over SQLite and PostgreSQL (DESIGN §6).
//!
//! All SQL is one portable text with `$1` placeholders. Instants are microseconds since the epoch, money is
//! minor units, quantities are thousandths, JSON is text: plain integers and texts, so both engines compare,
//! sort and sum them alike. What differs between the engines is behind [`dialect`].
//!
//! [`Conn`] runs statements; [`Db::read`] gives a read-only one, [`Db::begin`] a [`Tx`] that derefs to it.

mod conn;
pub mod dialect;
mod error;
mod migrate;
mod open;
mod pg;
mod row;
mod sql;
mod sqlite;
mod val;

pub use conn::{Conn, Tx};
pub use error::{Error, Result};
pub use migrate::{Migration, PendingMigration};
pub use open::{Db, Engine, Options};
pub use row::{FromCol, FromRow, Row, column_list};
pub use sql::{BUSY, Sql, Write, insert_many, update_changed};
pub use val::{Nullable, Val};
