//! The workshop on both engines.

mod checks;
mod makers;
mod stay;
mod world;
