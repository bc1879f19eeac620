//! What can go wrong between us and the database, in the few classes that callers treat differently.

/// Result of a statement or transaction.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Database errors by what the caller can do about them.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// `one` found no row.
    #[error("row not found")]
    NotFound,
    /// A unique constraint refused the row; the text names its columns or its name.
    #[error("unique constraint: {0}")]
    Unique(String),
    /// A CHECK constraint refused the row, for example stock below zero.
    #[error("check constraint: {0}")]
    Check(String),
    /// A row is referenced by, or refers to, another that is missing.
    #[error("foreign key: {0}")]
    ForeignKey(String),
    /// A write hit fewer rows than it had to ([`crate::Sql::must`]); the text says which.
    #[error("nothing to write: {0}")]
    Missed(String),
    /// Locked, deadlocked or not serialisable: the whole command may be run again.
    #[error("database busy: {0}")]
    Busy(String),
    /// Anything else: a bug or a broken database.
    #[error("database: {0}")]
    Other(String),
}

impl Error {
    /// True when the command may simply be run again.
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Busy(_))
    }

    /// True when a unique constraint whose name or columns contain `what` refused the row.
    pub fn is_unique(&self, what: &str) -> bool {
        matches!(self, Self::Unique(text) if text.contains(what))
    }
}

impl Error {
    pub(crate) fn missed(what: &str) -> Self {
        if what == crate::BUSY { Self::Busy("changed meanwhile".into()) } else { Self::Missed(what.into()) }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::error::ErrorKind;
        match &error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::PoolTimedOut => Self::Busy("no connection became free in time".into()),
            sqlx::Error::Database(inner) => {
                let text = match inner.constraint() {
                    Some(name) => format!("{name}: {}", inner.message()),
                    None => inner.message().to_string(),
                };
                match inner.kind() {
                    ErrorKind::UniqueViolation => Self::Unique(text),
                    ErrorKind::CheckViolation => Self::Check(text),
                    ErrorKind::ForeignKeyViolation => Self::ForeignKey(text),
                    _ if inner.code().as_deref() == Some("22P02") && missed(&text).is_some() => {
                        Self::missed(&missed(&text).unwrap_or_default())
                    }
                    _ if is_busy_code(inner.code().as_deref()) => Self::Busy(text),
                    _ => Self::Other(text),
                }
            }
            _ => Self::Other(error.to_string()),
        }
    }
}

/// Which write hit nothing, from the error that its statement raised on purpose.
fn missed(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("\"missed:")?;
    Some(rest.split(':').next()?.to_string())
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::{ErrorCode, ffi};
        let text = error.to_string();
        let rusqlite::Error::SqliteFailure(code, _) = error else { return Self::Other(text) };
        match code.extended_code {
            ffi::SQLITE_CONSTRAINT_UNIQUE
            | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
            | ffi::SQLITE_CONSTRAINT_ROWID => Self::Unique(text),
            ffi::SQLITE_CONSTRAINT_CHECK => Self::Check(text),
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Self::ForeignKey(text),
            _ if matches!(code.code, ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy(text),
            _ => Self::Other(text),
        }
    }
}

/// PostgreSQL: serialisation failure, deadlock, lock timeout.
fn is_busy_code(code: Option<&str>) -> bool {
    matches!(code, Some("40001" | "40P01" | "55P03"))
}
