//! Products and the installed base: what is sold, and what each customer has (PROD).

pub mod api;
mod category;
mod label;
mod perms;
mod personal;
mod product;
mod record;
mod settings;
mod sheets;
mod subs;
mod unit;

use kernel::T;
use kit::{Check, Command, Module, Nav, Routes};

pub use perms::{MODEL_READ, UNIT_READ, UNIT_WRITE};

/// What this context brings.
pub fn module() -> Module {
    Module {
        name: "products",
        migrations: vec![db::Migration {
            context: "products",
            number: 1,
            name: "products and installed base",
            sql: include_str!("../migrations/0001_products.sql"),
        }],
        perms: perms::ALL.to_vec(),
        routes: label::routes(record::routes(unit::routes(product::routes(category::routes(Routes::new()))))),
        lists: vec![product::lists::models(), unit::lists::units()],
        sheets: vec![product::sheet::models(), unit::sheet::units()],
        settings: vec![&label::service::HOTLINE, &settings::NUMBER_UNIT],
        subs: subs::subs(),
        docs: vec![product::doc_kind(), unit::doc_kind()],
        nouns: vec![("category", T("产品类别", "Category"))],
        actions: vec![
            ("note_opened", T("记录问题", "problem noted")),
            ("note_closed", T("关闭问题", "problem closed")),
            ("wear_seen", T("记录剩余寿命", "remaining life noted")),
            ("meter_read", T("抄表", "meter read")),
            ("item_added", T("添加随机物品", "delivery item added")),
            ("item_ticked", T("勾选随机物品", "delivery item ticked")),
            ("token_renewed", T("更换二维码", "QR code replaced")),
        ],
        nav: nav(),
        checks: checks(),
        commands: vec![Command {
            label: T("登记设备", "Register a unit"),
            href: "/units/new",
            icon: "plus",
            keys: &[],
            perm: &perms::UNIT_WRITE,
        }],
        personal: personal::holdings(),
        impersonal: vec![("model.notes", "about a model"), ("model.name_key", "about a model")],
        ..Module::default()
    }
}

fn nav() -> Vec<Nav> {
    let group = T("客户与设备", "Customers and units");
    let entry = |order, icon, label, href, perm| Nav { group, order, icon, label, href, perm };
    vec![
        entry(310, "device-desktop", T("设备", "Units"), "/units", &perms::UNIT_READ),
        entry(320, "box", T("产品型号", "Models"), "/models", &perms::MODEL_READ),
        entry(325, "sitemap", T("产品分类", "Product tree"), "/categories", &perms::MODEL_READ),
    ]
}

fn checks() -> Vec<Check> {
    vec![
        Check {
            name: "products.open_notes",
            run: |conn| Box::pin(async move { record::store::select_miscounted(conn).await }),
        },
        Check {
            name: "products.owners",
            run: |conn| Box::pin(async move { unit::store::select_ownerless(conn).await }),
        },
    ]
}
