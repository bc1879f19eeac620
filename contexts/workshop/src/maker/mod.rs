//! Returns to the maker: slip, ledger, promised date with its reminder, return (SHOP-21…23).

pub mod lists;
pub mod model;
pub mod service;
pub mod store;
