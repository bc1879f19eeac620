//! The product as a whole, on both engines.

mod audit;
mod bad_input;
mod called;
mod foreign;
mod foreign_world;
mod front_door;
mod generated;
mod idempotency;
mod leaks;
mod lifecycle;
mod numbers;
mod personal;
mod personal_unlinked;
mod process;
mod races;
mod real_files;
mod routes;
mod subordinates;
mod upkeep;
mod veiled;
mod world;
mod zones;
