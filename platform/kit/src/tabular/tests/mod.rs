//! Everything is tested the way it is used: bytes in, values out.
#![allow(clippy::unwrap_used)]

mod cells;
mod files;
mod mapping;
mod round_trip;

use super::*;

pub(super) fn read(bytes: &[u8]) -> Table {
    read_table(bytes, "t.csv", &Limits::default()).unwrap()
}

pub(super) fn refused(bytes: &[u8], name: &str) -> &'static str {
    read_table(bytes, name, &Limits::default()).unwrap_err().code
}

pub(super) fn codes(row: &RawRow) -> Vec<&'static str> {
    row.problems.iter().map(|p| p.code).collect()
}
