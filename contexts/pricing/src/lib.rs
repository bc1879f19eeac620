//! Pricing: price lists and the rules that put fees on an order by themselves (WO-39, BILL-01…03, 08, 19).

pub mod api;
mod codes;
mod fee;
mod perms;

pub use fee::rules;

use kit::Module;

/// What this context brings.
pub fn module() -> Module {
    Module {
        name: "pricing",
        migrations: vec![db::Migration {
            context: "pricing",
            number: 1,
            name: "prices",
            sql: include_str!("../migrations/0001_prices.sql"),
        }],
        perms: perms::ALL.to_vec(),
        ..Module::default()
    }
}
