//! The embedded engine.
//!
//! Statements run on the thread that awaits them: most take a few microseconds, less than handing them to
//! another thread and back would cost. Only the COMMIT, which waits for the disk, goes to a blocking thread.

mod conn;
mod pool;
mod row;
mod writer;

pub(crate) use conn::Settings;
pub(crate) use conn::SqliteConn;
pub(crate) use pool::{Reader, Readers};
pub(crate) use row::FromValue;
pub use row::SqliteRow;
pub(crate) use writer::{Writer, WriterGuard};
