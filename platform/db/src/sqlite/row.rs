//! Rows of the embedded engine, copied out of SQLite.

use std::{
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use rusqlite::types::ValueRef;

use crate::{Error, Result};

/// One row: its values and, shared with all rows of the statement, the column names. All its texts lie in one
/// piece of memory: they become strings when somebody reads them, once.
pub struct SqliteRow {
    names: Arc<[Box<str>]>,
    cells: Vec<Cell>,
    bytes: Vec<u8>,
    /// Where the next name is looked for first: records read their columns in the order of the SELECT.
    next: AtomicUsize,
}

/// A value; texts and blobs are ranges of the row's memory.
enum Cell {
    Null,
    Integer(i64),
    Real(f64),
    Text(Range<usize>),
    Blob(Range<usize>),
}

impl SqliteRow {
    /// Copies what stands at the cursor.
    pub(crate) fn copy(row: &rusqlite::Row<'_>, names: &Arc<[Box<str>]>) -> Result<Self> {
        let (mut cells, mut bytes) = (Vec::with_capacity(names.len()), Vec::new());
        for index in 0..names.len() {
            let mut put = |more: &[u8]| {
                let start = bytes.len();
                bytes.extend_from_slice(more);
                start..bytes.len()
            };
            cells.push(match row.get_ref(index)? {
                ValueRef::Null => Cell::Null,
                ValueRef::Integer(v) => Cell::Integer(v),
                ValueRef::Real(v) => Cell::Real(v),
                ValueRef::Text(text) => Cell::Text(put(text)),
                ValueRef::Blob(blob) => Cell::Blob(put(blob)),
            });
        }
        Ok(Self { names: Arc::clone(names), cells, bytes, next: AtomicUsize::new(0) })
    }

    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    pub(crate) fn named(&self, name: &str) -> Result<ValueRef<'_>> {
        let hint = self.next.load(Ordering::Relaxed);
        let is = |index: &usize| self.names.get(*index).is_some_and(|found| **found == *name);
        // The next one, or once more the last: an optional column is first asked whether it is NULL.
        let index = [hint, hint.wrapping_sub(1)]
            .into_iter()
            .find(is)
            .or_else(|| (0..self.names.len()).find(is))
            .ok_or_else(|| Error::Other(format!("no column {name}")))?;
        self.next.store(index + 1, Ordering::Relaxed);
        self.at(index)
    }

    pub(crate) fn at(&self, index: usize) -> Result<ValueRef<'_>> {
        match self.cells.get(index) {
            Some(Cell::Null) => Ok(ValueRef::Null),
            Some(Cell::Integer(v)) => Ok(ValueRef::Integer(*v)),
            Some(Cell::Real(v)) => Ok(ValueRef::Real(*v)),
            Some(Cell::Text(range)) => Ok(ValueRef::Text(&self.bytes[range.clone()])),
            Some(Cell::Blob(range)) => Ok(ValueRef::Blob(&self.bytes[range.clone()])),
            None => Err(Error::Other(format!("no column {index}"))),
        }
    }
}

/// A plain Rust value read from a SQLite value, converted as SQLite itself would.
pub(crate) trait FromValue: Sized {
    /// Errors: NULL, or a value of another nature.
    fn from_value(value: ValueRef<'_>) -> Result<Self>;
}

fn wrong<T>(wanted: &str, value: ValueRef<'_>) -> Result<T> {
    Err(Error::Other(format!("expected {wanted}, found {}", value.data_type())))
}

fn text_of(bytes: &[u8]) -> Result<&str> {
    str::from_utf8(bytes).map_err(|error| Error::Other(error.to_string()))
}

impl FromValue for i64 {
    fn from_value(value: ValueRef<'_>) -> Result<Self> {
        match value {
            ValueRef::Integer(v) => Ok(v),
            // Sums of nothing but integers stay integers; what is left is small.
            #[allow(clippy::cast_possible_truncation)]
            ValueRef::Real(v) => Ok(v as Self),
            ValueRef::Text(text) => text_of(text)?.parse().or_else(|_| wrong("a number", value)),
            _ => wrong("a number", value),
        }
    }
}

impl FromValue for String {
    fn from_value(value: ValueRef<'_>) -> Result<Self> {
        match value {
            ValueRef::Text(text) => text_of(text).map(str::to_string),
            ValueRef::Integer(v) => Ok(v.to_string()),
            ValueRef::Real(v) => Ok(v.to_string()),
            _ => wrong("text", value),
        }
    }
}

impl FromValue for bool {
    fn from_value(value: ValueRef<'_>) -> Result<Self> {
        match value {
            ValueRef::Integer(v) => Ok(v != 0),
            _ => wrong("a truth value", value),
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: ValueRef<'_>) -> Result<Self> {
        match value {
            ValueRef::Blob(bytes) | ValueRef::Text(bytes) => Ok(bytes.to_vec()),
            _ => wrong("bytes", value),
        }
    }
}

impl FromValue for uuid::Uuid {
    fn from_value(value: ValueRef<'_>) -> Result<Self> {
        match value {
            ValueRef::Blob(bytes) => Self::from_slice(bytes).or_else(|_| wrong("an id", value)),
            ValueRef::Text(text) => Self::parse_str(text_of(text)?).or_else(|_| wrong("an id", value)),
            _ => wrong("an id", value),
        }
    }
}
