//! What customers see and do themselves, without an account. See `README.md`.

mod access;
mod follow;
mod guest;
mod paper;
mod perms;
mod personal;
mod settings;
mod talk;
mod unit;

use kernel::T;
use kit::{Module, Routes, Schedule};

pub use perms::MESSAGE_WRITE;

/// What this context brings.
pub fn module() -> Module {
    Module {
        name: "portal",
        migrations: vec![db::Migration {
            context: "portal",
            number: 1,
            name: "portal",
            sql: include_str!("../migrations/0001_portal.sql"),
        }],
        perms: perms::ALL.to_vec(),
        settings: settings::ALL.to_vec(),
        routes: routes(),
        schedules: vec![Schedule {
            name: "portal.tidy",
            every_secs: 3600,
            run: |cx| Box::pin(access::service::tidy(cx)),
        }],
        actions: vec![
            ("customer_wrote", T("客户留言", "message of the customer")),
            ("told_customer", T("回复客户", "message to the customer")),
            ("customer_code", T("发送查询验证码", "code for the customer made")),
            ("customer_pass", T("客户凭验证码查询", "customer signed in by code")),
            ("paper_published", T("发布客户资料", "published for customers")),
            ("paper_withdrawn", T("撤回客户资料", "withdrawn from customers")),
        ],
        personal: personal::holdings(),
        lost: Some(|cx| Box::pin(guest::lost(cx))),
        ..Module::default()
    }
}

fn routes() -> Routes {
    let parts = [unit::routes(), access::routes(), follow::routes(), talk::routes(), paper::routes()];
    Routes(parts.into_iter().flat_map(|routes| routes.0).collect())
}
