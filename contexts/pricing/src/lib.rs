//! Pricing: price lists and the rules that put fees on an order by themselves (WO-39, BILL-01…03, 08, 19).

pub mod api;
mod fee;
mod kind;
mod perms;

pub use fee::rules;

use kernel::T;
use kit::{Check, DocBrief, DocKind, DocRef, Module, Nav, inputs};

/// What this context brings.
pub fn module() -> Module {
    Module {
        name: "pricing",
        migrations: vec![db::Migration {
            context: "pricing",
            number: 1,
            name: "prices",
            sql: include_str!("../migrations/0001_prices.sql"),
        }],
        perms: perms::ALL.to_vec(),
        routes: kind::routes(fee::routes()),
        lists: vec![fee::lists::lists(), fee::lists::fee_rules(), fee::lists::part_prices()],
        sheets: vec![fee::sheet::prices()],
        docs: vec![list_doc()],
        nouns: vec![("work_kind", T("工种", "Kind of work"))],
        actions: vec![
            ("certificate_price", T("凭证价格", "certificate price")),
            ("price", T("定价", "price set")),
            ("rule_ended", T("规则停用", "rule ended")),
        ],
        nav: nav(),
        checks: vec![Check {
            name: "pricing.rules_do_not_overlap",
            run: |conn| Box::pin(fee::store::select_overlaps(conn)),
        }],
        impersonal: vec![("fee_rule.note", "about a price"), ("certificate_price.note", "about a price")],
        ..Module::default()
    }
}

fn nav() -> Vec<Nav> {
    let group = T("规则", "Rules");
    vec![
        Nav {
            group,
            order: 810,
            icon: "receipt",
            label: T("价格表", "Prices"),
            href: "/prices",
            perm: &perms::PRICE_READ,
        },
        Nav {
            group,
            order: 815,
            icon: "list-details",
            label: T("收费规则", "Fee rules"),
            href: "/prices/rules",
            perm: &perms::PRICE_READ,
        },
        Nav {
            group: T("设置", "Set-up"),
            order: 910,
            icon: "category",
            label: T("服务工种", "Kinds of work"),
            href: "/work-kinds",
            perm: &perms::KIND_WRITE,
        },
    ]
}

fn list_doc() -> DocKind {
    DocKind {
        kind: "price_list",
        label: T("价格表", "Price list"),
        href: "/prices/{id}",
        find: |cx, conn, id, write| {
            Box::pin(async move {
                cx.require(if write { &perms::PRICE_WRITE } else { &perms::PRICE_READ })?;
                let row = fee::store::get_list(conn, id).await?;
                Ok(DocBrief {
                    doc: DocRef::new("price_list", row.id, &row.code),
                    org: kernel::Id::NIL,
                    title: row.name,
                })
            })
        },
    }
}
