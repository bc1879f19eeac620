//! Documents, process templates and approvals: how every trade works, as configuration (DESIGN §7.3, DOC-01…25).

pub mod api;
pub mod approval;
pub mod document;
mod perms;
mod personal;
mod settings;
mod shipped;
pub mod template;

use kernel::T;
use kit::{Command, Module, Nav};

pub use perms::{
    APPROVAL_READ, DOCUMENT_INSTEAD, DOCUMENT_READ, DOCUMENT_REVEAL, DOCUMENT_WRITE, TEMPLATE_READ,
    TEMPLATE_WRITE,
};
pub use template::service::seed;

/// What this context brings.
pub fn module() -> Module {
    let mut routes = document::routes();
    routes.0.extend(template::routes().0);
    routes.0.extend(approval::routes().0);
    let mut timers = document::timers();
    timers.extend(approval::timers());
    Module {
        name: "documents",
        migrations: vec![db::Migration {
            context: "documents",
            number: 1,
            name: "documents",
            sql: include_str!("../migrations/0001_documents.sql"),
        }],
        perms: vec![
            &DOCUMENT_READ,
            &DOCUMENT_WRITE,
            &DOCUMENT_REVEAL,
            &DOCUMENT_INSTEAD,
            &TEMPLATE_READ,
            &TEMPLATE_WRITE,
            &APPROVAL_READ,
        ],
        settings: vec![&settings::REMIND_AFTER, &settings::CLIMB_AFTER, &settings::ONE_SEAT],
        routes,
        lists: vec![document::documents(), template::templates(), approval::approvals()],
        timers,
        docs: vec![document::doc_kind(), approval::doc_kind()],
        checks: document::checks(),
        signatures: Some(|conn, kind, id| Box::pin(document::guard::signatures(conn, kind, id))),
        hides: Some(|cx, conn| Box::pin(document::guard::hidden(cx, conn))),
        nouns: vec![
            ("process_template", T("流程模板", "Process template")),
            ("committee", T("审批小组", "Committee")),
            ("approval_scheme", T("审批方案", "Approval scheme")),
        ],
        actions: vec![
            ("corrected", T("更正开单内容", "corrected")),
            ("task_done", T("任务完成", "task done")),
            ("signed", T("签署", "signed")),
            ("seeded", T("随产品提供", "came with the product")),
        ],
        nav: vec![
            Nav {
                group: T("服务", "Service"),
                order: 255,
                icon: "inbox",
                label: T("待我办理", "Inbox"),
                href: "/inbox",
                perm: &DOCUMENT_READ,
            },
            Nav {
                group: T("服务", "Service"),
                order: 260,
                icon: "file-text",
                label: T("流程单据", "Documents"),
                href: "/documents",
                perm: &DOCUMENT_READ,
            },
            Nav {
                group: T("设置", "Set-up"),
                order: 930,
                icon: "route",
                label: T("流程模板", "Process templates"),
                href: "/process-templates",
                perm: &TEMPLATE_READ,
            },
            Nav {
                group: T("设置", "Set-up"),
                order: 935,
                icon: "shield-check",
                label: T("审批方案", "Approval matrices"),
                href: "/approval-schemes",
                perm: &TEMPLATE_READ,
            },
        ],
        commands: vec![Command {
            label: T("开单", "New document"),
            href: "/documents/new",
            icon: "file-text",
            keys: &[],
            perm: &DOCUMENT_WRITE,
        }],
        guards: vec![kit::Guard {
            doc: "customer",
            check: |tx, id, action| Box::pin(document::erase::may_erase(tx, id, action)),
            ahead: None,
        }],
        personal: personal::holdings(),
        impersonal: vec![("process_template.note", "about a template")],
        ..Module::default()
    }
}
