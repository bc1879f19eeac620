//! Warranty: terms, and the decision what of a repair the company bears (WARR-01…05, 21, 22, 24).

pub mod api;
mod exception;

mod perms;
mod personal;
mod policy;
mod proof;

pub use policy::rules;

use kernel::T;
use kit::{Check, DocBrief, DocKind, DocRef, Module, Nav, Routes, inputs};

/// What this context brings.
pub fn module() -> Module {
    Module {
        name: "warranty",
        migrations: vec![db::Migration {
            context: "warranty",
            number: 1,
            name: "policies",
            sql: include_str!("../migrations/0001_policies.sql"),
        }],
        perms: perms::ALL.to_vec(),
        routes: routes(),
        lists: vec![policy::lists::policies(), exception::lists::exceptions()],
        sheets: vec![policy::sheet::policies()],
        docs: vec![policy_doc()],
        actions: vec![
            ("terms", T("条款变更", "terms changed")),
            ("warranty_proof", T("保修凭证", "warranty proof")),
            ("warranty_exception", T("保修例外", "warranty exception")),
        ],
        nav: nav(),
        checks: vec![Check {
            name: "warranty.terms_in_order",
            run: |conn| Box::pin(policy::store::select_broken(conn)),
        }],
        personal: personal::holdings(),
        impersonal: vec![("warranty_term.note", "about a policy")],
        ..Module::default()
    }
}

fn routes() -> Routes {
    let mut all = policy::routes();
    all.0.extend(proof::routes().0);
    all.0.extend(exception::routes().0);
    all
}

fn nav() -> Vec<Nav> {
    let group = T("规则", "Rules");
    vec![
        Nav {
            group,
            order: 800,
            icon: "shield-check",
            label: T("质保政策", "Warranty"),
            href: "/warranty/policies",
            perm: &perms::POLICY_READ,
        },
        Nav {
            group,
            order: 805,
            icon: "shield-half",
            label: T("质保例外", "Warranty exceptions"),
            href: "/warranty/exceptions",
            perm: &perms::EXCEPTION_READ,
        },
    ]
}

fn policy_doc() -> DocKind {
    DocKind {
        kind: "warranty_policy",
        label: T("质保政策", "Warranty policy"),
        href: "/warranty/policies/{id}",
        find: |cx, conn, id, write| {
            Box::pin(async move {
                cx.require(if write { &perms::POLICY_WRITE } else { &perms::POLICY_READ })?;
                let row = policy::store::get_policy(conn, id).await?;
                Ok(DocBrief {
                    doc: DocRef::new("warranty_policy", row.id, &row.code),
                    org: kernel::Id::NIL,
                    title: row.name,
                })
            })
        },
    }
}
