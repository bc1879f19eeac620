//! Organisations, people and signing in, through the product's own front doors, on both databases.

mod access;
mod helpers;
mod imports;
mod people;
mod second_factor;
mod signing_in;
mod sso;
mod tree;
