//! Spare-parts planning: from demand histories to stock levels.
#![warn(missing_docs)]

pub mod dist;
pub mod evaluate;
pub mod features;
pub mod fit;
pub mod gbdt;
pub mod local;
pub mod models;
pub mod panel;
pub mod par;
pub mod special;

pub use panel::{Panel, PlanError};
pub use par::Control;
