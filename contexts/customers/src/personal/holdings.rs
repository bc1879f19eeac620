//! What a customer's file holds about people.

use kernel::T;
use kit::personal::{Fate::*, Holding};

use crate::customer;

/// Tables with something about people in them.
pub fn holdings() -> Vec<Holding> {
    vec![
        Holding::new("customer", T("并入的档案", "Merged files"), ("customer", "merged_into"), &[])
            .doc("customer", "no"),
        Holding::new(
            "customer",
            T("客户档案", "Customer file"),
            ("customer", "id"),
            &[
                ("no", Keep),
                ("name", Name),
                ("name_key", Key),
                ("class", Keep),
                ("grade", Keep),
                ("phone", Reach),
                ("phone_key", Key),
                ("email", Reach),
                ("region", Keep),
                ("district", Words),
                ("address", Reach),
                ("address_key", Key),
                ("call_from", Words),
                ("call_to", Words),
                ("notes", Words),
                ("created_at", Time),
                ("version", Version),
            ],
        )
        .doc("customer", "no")
        .also(|tx, ids| Box::pin(customer::store::close_erased(tx, ids))),
        Holding::new(
            "customer_contact",
            T("联系人", "Contacts"),
            ("customer", "customer_id"),
            &[
                ("name", Name),
                ("role", Keep),
                ("phone", Reach),
                ("phone_key", Key),
                ("email", Reach),
                ("created_at", Time),
            ],
        ),
        Holding::new(
            "customer_address_more",
            T("其他地址", "More addresses"),
            ("customer", "customer_id"),
            &[("label", Words), ("region", Keep), ("district", Words), ("address", Reach)],
        ),
    ]
}
