//! The stock ledger (DESIGN §7.1): balances, movements, reservations, levels.

pub mod ledger;
pub mod levels;
pub mod line;
pub mod model;
pub mod rules;
pub mod store;
