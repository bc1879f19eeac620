//! Products and the installed base: what is sold, and what each customer has (PROD).

pub mod api;
mod category;
mod codes;
mod label;
mod perms;
mod product;
mod record;
mod unit;

use kit::Module;

pub use perms::{MODEL_READ, UNIT_READ, UNIT_WRITE};

/// What this context brings.
pub fn module() -> Module {
    Module {
        name: "products",
        migrations: vec![db::Migration {
            context: "products",
            number: 1,
            name: "products and installed base",
            sql: include_str!("../migrations/0001_products.sql"),
        }],
        perms: perms::ALL.to_vec(),
        ..Module::default()
    }
}
