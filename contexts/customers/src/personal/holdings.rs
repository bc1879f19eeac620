//! What a customer's file holds about people.

use kernel::T;
use kit::personal::{Fate::*, Holding, col};

use crate::customer;

/// Tables with something about people in them.
pub fn holdings() -> Vec<Holding> {
    vec![
        // Files that were merged into it.
        Holding::way("customer", ("customer", "merged_into"), ("customer", "no")),
        Holding::new(
            "customer",
            T("客户档案", "Customer file"),
            ("customer", "id"),
            [
                col("no", Keep),
                col("name", Name),
                col("name_key", Key),
                col("class", Keep).called("类别", "Class").read(
                    "(select k.zh from customer_class k where k.code = t.class)",
                    "(select k.en from customer_class k where k.code = t.class)",
                ),
                col("grade", Keep),
                col("phone", Reach),
                col("phone_key", Key),
                col("email", Reach),
                col("region", Keep),
                col("district", Words),
                col("address", Reach),
                col("address_key", Key),
                col("call_from", Words),
                col("call_to", Words),
                col("notes", Words),
                col("created_at", Time),
                col("version", Version),
            ],
        )
        .doc("customer", "no")
        .also(|tx, ids| {
            Box::pin(async move {
                customer::store::close_erased(tx, ids).await?;
                Ok(Vec::new())
            })
        }),
        Holding::new(
            "customer_contact",
            T("联系人", "Contacts"),
            ("customer", "customer_id"),
            [
                col("name", Name).called("姓名", "Name"),
                col("role", Keep).called("职务", "Role"),
                col("phone", Reach).called("电话", "Phone"),
                col("phone_key", Key),
                col("email", Reach).called("电子邮件", "E-mail"),
                col("created_at", Time).called("登记时间", "Entered"),
            ],
        ),
        Holding::new(
            "customer_address_more",
            T("其他地址", "More addresses"),
            ("customer", "customer_id"),
            [
                col("label", Words).called("名称", "Label"),
                col("region", Keep).called("省市", "Region"),
                col("district", Words).called("区县", "District"),
                col("address", Reach).called("地址", "Address"),
            ],
        ),
    ]
}
