//! What other contexts may call. `_in` functions join the caller's transaction; nothing here checks a permission: the
//! caller knows who it is.

pub use crate::callback::{
    model::{CallbackRow, CallbackState, Rating, ResultClass},
    service::{rate_in, said_of_order},
};
