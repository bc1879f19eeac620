//! Old parts owed for new ones given (PARTS-30, 51, 52).

pub mod model;
pub mod service;
pub mod store;
