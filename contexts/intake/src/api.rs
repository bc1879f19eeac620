//! What other contexts may call. Queries check no permission: the caller has done that, or knows a secret.

pub use crate::{
    call::{model::CallRow, service::intake_path},
    perms::REQUEST_WRITE,
    request::{
        model::{RequestRow, State},
        store::{
            find_by_token as request_by_token, select_of_customer as requests_of,
            select_order_ids as orders_of_request,
        },
    },
};
