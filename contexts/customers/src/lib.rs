//! Customer files: who the customers are, how to reach them, what is known of them (CUST).
//!
//! This is the context to copy from when a new one is made: see `README.md`.

pub mod api;
mod class;
mod clock;
mod codes;
mod contact;
mod customer;
mod perms;

use kit::Module;

pub use perms::{CUSTOMER_READ, CUSTOMER_WRITE};

/// What this context brings.
pub fn module() -> Module {
    Module {
        name: "customers",
        migrations: vec![db::Migration {
            context: "customers",
            number: 1,
            name: "customer files",
            sql: include_str!("../migrations/0001_customers.sql"),
        }],
        perms: perms::ALL.to_vec(),
        settings: vec![&clock::COMPLETE_WITHIN],
        timers: vec![clock::timer()],
        ..Module::default()
    }
}
