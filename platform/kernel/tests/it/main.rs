//! Tests of the kernel: tables for what people expect, properties for what must always hold.
#![allow(clippy::unwrap_used)]

mod basics;
mod deadlines;
mod money;
mod oracle;
mod search;
