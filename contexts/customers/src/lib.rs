//! Customer files: who the customers are, how to reach them, what is known of them (CUST).
//!
//! This is the context to copy from when a new one is made: see `README.md`.

pub mod api;
mod class;
mod clock;
mod contact;
mod customer;
mod duplicate;
mod perms;
mod personal;
mod settings;

use kernel::T;
use kit::{Check, Command, Module, Nav, Routes};

pub use perms::{CUSTOMER_READ, CUSTOMER_WRITE};
pub use settings::RETENTION;

/// What this context brings.
pub fn module() -> Module {
    Module {
        name: "customers",
        migrations: vec![db::Migration {
            context: "customers",
            number: 1,
            name: "customer files",
            sql: include_str!("../migrations/0001_customers.sql"),
        }],
        perms: perms::ALL.to_vec(),
        routes: personal::routes(duplicate::routes(class::routes(contact::routes(customer::routes(
            Routes::new(),
        ))))),
        lists: vec![customer::lists::customers()],
        sheets: vec![customer::sheet::customers()],
        settings: vec![
            &clock::COMPLETE_WITHIN,
            &clock::COMPLETE_FROM,
            &settings::NUMBER_CUSTOMER,
            &settings::RETENTION,
        ],
        subs: vec![kit::reaction!(contracts::OrderCompleted, "customers.file_after_service", |tx, event| {
            clock::served_in(tx, &event)
        })],
        timers: vec![clock::timer()],
        docs: vec![customer::doc_kind()],
        nouns: vec![("customer_class", T("客户类别", "Class of customers"))],
        actions: vec![
            ("merged", T("合并", "merged")),
            ("personal_exported", T("导出个人信息", "personal data copied")),
            ("personal_erased", T("匿名化", "made anonymous")),
            ("contact_added", T("添加联系人", "contact added")),
            ("contact_removed", T("删除联系人", "contact removed")),
            ("address_added", T("添加地址", "address added")),
            ("address_removed", T("删除地址", "address removed")),
        ],
        nav: nav(),
        checks: checks(),
        commands: vec![Command {
            label: T("新建客户", "New customer"),
            href: "/customers/new",
            icon: "user-plus",
            keys: &[],
            perm: &perms::CUSTOMER_WRITE,
        }],
        personal: personal::holdings(),
        phones: Some(|conn, files| Box::pin(personal::phones(conn, files))),
        ..Module::default()
    }
}

fn nav() -> Vec<Nav> {
    let group = T("客户与设备", "Customers and units");
    vec![
        Nav {
            group,
            order: 300,
            icon: "users",
            label: T("客户", "Customers"),
            href: "/customers",
            perm: &perms::CUSTOMER_READ,
        },
        Nav {
            group,
            order: 305,
            icon: "git-merge",
            label: T("疑似重复", "Duplicates"),
            href: "/customer-duplicates",
            perm: &perms::CUSTOMER_MERGE,
        },
        Nav {
            group,
            order: 330,
            icon: "tags",
            label: T("客户类别", "Customer classes"),
            href: "/customer-classes",
            perm: &perms::CLASS_WRITE,
        },
    ]
}

fn checks() -> Vec<Check> {
    vec![
        Check {
            name: "customers.complete",
            run: |conn| Box::pin(async move { customer::store::select_wrongly_complete(conn).await }),
        },
        Check {
            name: "customers.merges",
            run: |conn| Box::pin(async move { customer::store::select_lost_merges(conn).await }),
        },
    ]
}
