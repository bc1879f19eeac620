//! The engineer's phone (FIELD-01…07, 16–20, 26; DISP-10, 12; WO-43, 47). See `README.md`.

pub mod day;
pub mod job;
pub mod perms;
mod personal;
pub mod report;
pub mod settings;
pub mod stock;
mod subs;

use kernel::T;
use kit::{Command, Module, Nav};

pub use perms::{PHONE_USE, REPORT_READ};

/// What this context brings.
pub fn module() -> Module {
    Module {
        name: "field",
        migrations: vec![db::Migration {
            context: "field",
            number: 1,
            name: "departure checks and reports",
            sql: include_str!("../migrations/0001_field.sql"),
        }],
        perms: vec![&PHONE_USE, &REPORT_READ],
        settings: settings::ALL.to_vec(),
        routes: stock::routes(report::routes(job::routes(day::routes()))),
        lists: vec![report::lists::reports()],
        subs: subs::subs(),
        actions: vec![
            ("closing", T("试机与收尾", "test run recorded")),
            ("departure_check", T("出发检查", "checked before departure")),
        ],
        nav: vec![
            Nav {
                group: T("服务", "Service"),
                order: 200,
                icon: "device-mobile",
                label: T("我的工单", "My visits"),
                href: "/m",
                perm: &PHONE_USE,
            },
            Nav {
                group: T("服务", "Service"),
                order: 230,
                icon: "speakerphone",
                label: T("现场上报", "Field reports"),
                href: "/field-reports",
                perm: &REPORT_READ,
            },
        ],
        starts: vec![start_page],
        tabs: Some(tabs),
        commands: vec![Command {
            label: T("我的工单（手机）", "My visits (phone)"),
            href: "/m",
            icon: "device-mobile",
            keys: &[],
            perm: &PHONE_USE,
        }],
        personal: personal::holdings(),
        impersonal: vec![("departure_check.note", "about an engineer's outfit")],
        ..Module::default()
    }
}

/// Where somebody starts after signing in: engineers who work in the field on the phone pages. `None`: the
/// ordinary start page. `user_agent` tells a phone from a desk.
fn start_page(cx: &kit::Cx, user_agent: &str) -> Option<&'static str> {
    let phone = ["Mobi", "Android", "iPhone", "MicroMessenger"].iter().any(|mark| user_agent.contains(mark));
    (phone && engineer(cx)).then_some("/m")
}

fn engineer(cx: &kit::Cx) -> bool {
    cx.actor.as_ref().is_some_and(|actor| actor.reach(&PHONE_USE) == Some(kit::Reach::Own))
}

/// The tab bar stays where its own places lead out of the phone pages: to do, notices, pay, account.
fn tabs(cx: &kit::Cx) -> Vec<ui::PhoneTab> {
    if !engineer(cx) {
        return Vec::new();
    }
    let here = match cx.req.uri.split(['/', '?']).nth(1).unwrap_or_default() {
        "inbox" | "approvals" | "documents" => "/inbox",
        "notifications" => "/notifications",
        "me" | "pay" => "/m/me",
        _ => "",
    };
    day::views::tabs(here)
}
