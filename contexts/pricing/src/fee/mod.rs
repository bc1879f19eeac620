//! Price lists, fee rules and what they charge.

pub mod lists;
pub mod model;
mod pages;
mod rest;
pub mod rules;
pub mod service;
pub mod sheet;
pub mod store;
mod views;
pub mod words;

use kernel::T;
use kit::{Access::Perm, Routes};

use self::model::{
    CertificateRow, ChangeList, EndRule, FeesOut, ListOut, NewCertificate, NewList, NewPartPrice, NewRule,
    PartPriceRow, TryFees,
};
use crate::perms::{CERTIFICATE_WRITE, PRICE_READ, PRICE_WRITE};

/// Pages and endpoints.
pub fn routes() -> Routes {
    let mut all = pages();
    all.0.extend(api().0);
    all
}

fn pages() -> Routes {
    Routes::new()
        .page("/prices/new", Perm(&PRICE_WRITE), pages::new)
        .form("/prices", Perm(&PRICE_WRITE), pages::create)
        .page("/prices/{id}", Perm(&PRICE_READ), pages::list)
        .form("/prices/{id}", Perm(&PRICE_WRITE), pages::change)
        .page("/prices/{id}/rules/new", Perm(&PRICE_WRITE), pages::new_rule)
        .form("/prices/{id}/rules", Perm(&PRICE_WRITE), pages::add_rule)
        .form("/prices/rules/{id}/end", Perm(&PRICE_WRITE), pages::end_rule)
        .page("/prices/parts/new", Perm(&PRICE_WRITE), pages::new_part_price)
        .form("/prices/parts", Perm(&PRICE_WRITE), pages::set_part_price)
        .page("/prices/try", Perm(&PRICE_READ), pages::try_page)
        .form("/prices/try", Perm(&PRICE_READ), pages::try_it)
}

fn api() -> Routes {
    Routes::new()
        .api_post::<NewList, ListOut, _, _>(
            "/prices",
            Perm(&PRICE_WRITE),
            T("新建价格表", "Make a price list"),
            rest::create,
        )
        .api_get::<ListOut, _, _>(
            "/prices/{id}",
            Perm(&PRICE_READ),
            T("价格表及其收费规则", "A price list with its fee rules"),
            rest::get,
        )
        .api_put::<ChangeList, ListOut, _, _>(
            "/prices/{id}",
            Perm(&PRICE_WRITE),
            T("修改或停用价格表", "Change or retire a price list"),
            rest::change,
        )
        .api_post::<NewRule, ListOut, _, _>(
            "/prices/{id}/rules",
            Perm(&PRICE_WRITE),
            T(
                "增加收费规则（同一情况的旧规则到前一日为止）",
                "Add a fee rule; the one it replaces ends the day before",
            ),
            rest::add_rule,
        )
        .api_post::<EndRule, ListOut, _, _>(
            "/prices/rules/{id}/end",
            Perm(&PRICE_WRITE),
            T("结束收费规则", "End a fee rule"),
            rest::end_rule,
        )
        .api_post::<NewPartPrice, PartPriceRow, _, _>(
            "/prices/parts",
            Perm(&PRICE_WRITE),
            T("设定偏离统一价的配件价格", "Set a part's price that deviates from the uniform one"),
            rest::set_part_price,
        )
        .api_post::<TryFees, FeesOut, _, _>(
            "/prices/try",
            Perm(&PRICE_READ),
            T("试算费用", "What a job would cost"),
            rest::try_fees,
        )
        .api_get::<Vec<CertificateRow>, _, _>(
            "/units/{id}/certificate",
            Perm(&PRICE_READ),
            T("保修单上的收费标准", "Charges printed on a unit's certificate"),
            rest::certificate,
        )
        .api_post::<NewCertificate, Vec<CertificateRow>, _, _>(
            "/units/{id}/certificate",
            Perm(&CERTIFICATE_WRITE),
            T(
                "登记保修单上的收费标准（与价格表取低者）",
                "Note a charge printed on the certificate; the lower applies",
            ),
            rest::put_certificate,
        )
}
