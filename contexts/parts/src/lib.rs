//! Parts: catalogue, depots and the stock ledger (PARTS-01…64, DESIGN §7.1).

pub mod api;
mod depot;
mod old_part;
mod part;
pub mod perms;
mod settings;
mod stock;

use kit::Module;

/// Everything this context brings.
pub fn module() -> Module {
    Module {
        name: "parts",
        migrations: vec![db::Migration {
            context: "parts",
            number: 1,
            name: "catalogue, depots, ledger",
            sql: include_str!("../migrations/0001_parts.sql"),
        }],
        perms: perms::ALL.to_vec(),
        settings: settings::ALL.to_vec(),
        ..Module::default()
    }
}
