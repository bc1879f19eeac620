//! Pay sheets: a month's pay of each person, and one's own statement.

pub mod lists;
pub mod model;
mod pages;
mod rest;
pub mod rules;
pub mod service;
pub mod store;
mod views;

use kernel::T;
use kit::{Access::Perm, Routes};

use self::model::{Settle, Settled, Statement};
use crate::perms::{PAY_MINE, PAY_READ, PAY_SETTLE};

/// Pages and endpoints.
pub fn routes() -> Routes {
    Routes::new()
        .page("/pay/mine", Perm(&PAY_MINE), pages::mine)
        .page("/pay/settle", Perm(&PAY_SETTLE), pages::settle)
        .form("/pay/sheets/build", Perm(&PAY_SETTLE), pages::build)
        .form("/pay/sheets/lock", Perm(&PAY_SETTLE), pages::lock)
        .page("/pay/sheets/{id}", Perm(&PAY_READ), pages::sheet)
        .page("/pay/sheets/{id}/print", Perm(&PAY_READ), pages::print)
        .api_get::<Statement, _, _>(
            "/pay/mine",
            Perm(&PAY_MINE),
            T("本人某月的薪酬单（?period=2026-11）", "One's own statement of a month (?period=2026-11)"),
            rest::mine,
        )
        .api_get::<Statement, _, _>(
            "/pay/sheets/{id}",
            Perm(&PAY_READ),
            T("工资结算单及明细", "A pay sheet with its lines"),
            rest::get,
        )
        .api_post::<Settle, Settled, _, _>(
            "/pay/sheets/build",
            Perm(&PAY_SETTLE),
            T("生成或更新某月的工资结算单", "Make or renew the pay sheets of a month"),
            rest::build,
        )
        .api_post::<Settle, Settled, _, _>(
            "/pay/sheets/lock",
            Perm(&PAY_SETTLE),
            T("锁定某月的工资结算单", "Lock the pay sheets of a month"),
            rest::lock,
        )
}
