//! Warranty: terms, and the decision what of a repair the company bears (WARR-01…05, 21, 22, 24).

pub mod api;
mod codes;
mod perms;
mod policy;

pub use policy::rules;

use kit::Module;

/// What this context brings.
pub fn module() -> Module {
    Module {
        name: "warranty",
        migrations: vec![db::Migration {
            context: "warranty",
            number: 1,
            name: "policies",
            sql: include_str!("../migrations/0001_policies.sql"),
        }],
        perms: perms::ALL.to_vec(),
        ..Module::default()
    }
}
