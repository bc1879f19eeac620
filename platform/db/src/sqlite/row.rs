//! Rows of the embedded engine, copied out of SQLite.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use rusqlite::types::Value;

use crate::{Error, Result};

/// One row: its values and, shared with all rows of the statement, the column names.
pub struct SqliteRow {
    names: Arc<[Box<str>]>,
    values: Box<[Value]>,
    /// Where the next name is looked for first: records read their columns in the order of the SELECT.
    next: AtomicUsize,
}

impl SqliteRow {
    pub(crate) fn new(names: Arc<[Box<str>]>, values: Box<[Value]>) -> Self {
        Self { names, values, next: AtomicUsize::new(0) }
    }

    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    pub(crate) fn named(&self, name: &str) -> Result<&Value> {
        let hint = self.next.load(Ordering::Relaxed);
        let index = if self.names.get(hint).is_some_and(|found| **found == *name) {
            hint
        } else {
            self.names
                .iter()
                .position(|found| **found == *name)
                .ok_or_else(|| Error::Other(format!("no column {name}")))?
        };
        self.next.store(index + 1, Ordering::Relaxed);
        self.at(index)
    }

    pub(crate) fn at(&self, index: usize) -> Result<&Value> {
        self.values.get(index).ok_or_else(|| Error::Other(format!("no column {index}")))
    }
}

/// A plain Rust value read from a SQLite value, converted as SQLite itself would.
pub(crate) trait FromValue: Sized {
    /// Errors: NULL, or a value of another nature.
    fn from_value(value: &Value) -> Result<Self>;
}

fn wrong<T>(wanted: &str, value: &Value) -> Result<T> {
    Err(Error::Other(format!("expected {wanted}, found {}", value.data_type())))
}

impl FromValue for i64 {
    fn from_value(value: &Value) -> Result<Self> {
        match value {
            Value::Integer(v) => Ok(*v),
            // Sums of nothing but integers stay integers; what is left is small.
            #[allow(clippy::cast_possible_truncation)]
            Value::Real(v) => Ok(*v as Self),
            Value::Text(text) => text.parse().or_else(|_| wrong("a number", value)),
            _ => wrong("a number", value),
        }
    }
}

impl FromValue for String {
    fn from_value(value: &Value) -> Result<Self> {
        match value {
            Value::Text(text) => Ok(text.clone()),
            Value::Integer(v) => Ok(v.to_string()),
            Value::Real(v) => Ok(v.to_string()),
            _ => wrong("text", value),
        }
    }
}

impl FromValue for bool {
    fn from_value(value: &Value) -> Result<Self> {
        match value {
            Value::Integer(v) => Ok(*v != 0),
            _ => wrong("a truth value", value),
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: &Value) -> Result<Self> {
        match value {
            Value::Blob(bytes) => Ok(bytes.clone()),
            Value::Text(text) => Ok(text.clone().into_bytes()),
            _ => wrong("bytes", value),
        }
    }
}

impl FromValue for uuid::Uuid {
    fn from_value(value: &Value) -> Result<Self> {
        match value {
            Value::Blob(bytes) => Self::from_slice(bytes).or_else(|_| wrong("an id", value)),
            Value::Text(text) => Self::parse_str(text).or_else(|_| wrong("an id", value)),
            _ => wrong("an id", value),
        }
    }
}
