//! Spare-parts planning: from demand histories to stock levels.
#![warn(missing_docs)]

pub mod accuracy;
pub mod allocate;
pub mod classify;
pub mod curve;
pub mod dist;
pub mod echelon;
pub mod evaluate;
pub mod events;
pub mod features;
pub mod fit;
pub mod gbdt;
mod law;
mod learn;
pub mod levels;
pub mod life;
pub mod local;
pub mod lots;
mod memory;
pub mod models;
pub mod panel;
pub mod par;
pub mod prep;
mod prior;
pub mod protect;
pub mod reason;
pub mod special;

pub use panel::{Panel, PlanError};
pub use par::Control;
