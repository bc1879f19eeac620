//! Three levels of repair: outlet, branch office, head office (WO-16, N-56). An order is raised by hand or by rule; it
//! stays visible where it came from, keeps every promised time, and the next level is told.

pub mod rules;
pub mod service;
mod store;
