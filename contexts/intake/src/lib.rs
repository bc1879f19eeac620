//! Intake: every word of a customer is taken down once, answered, and passed on (CALL-01…36).

pub mod api;
mod call;
mod desk;
mod perms;
mod personal;
mod public;
mod request;
mod ring;
mod settings;
mod subs;
mod topic;

use kernel::T;
use kit::{Command, Module, Nav, Routes};

pub use perms::{CALL_EVENT, CALL_READ, CALL_WRITE, REQUEST_LEAD, REQUEST_READ, REQUEST_WRITE, TOPIC_WRITE};

/// What this context brings.
pub fn module() -> Module {
    Module {
        name: "intake",
        migrations: vec![db::Migration {
            context: "intake",
            number: 1,
            name: "intake",
            sql: include_str!("../migrations/0001_intake.sql"),
        }],
        perms: perms::ALL.to_vec(),
        settings: settings::ALL.to_vec(),
        routes: routes(),
        lists: vec![request::lists::list(), call::list()],
        starts: vec![start_page],
        subs: subs::all(),
        timers: request::clocks::kinds(),
        docs: vec![request::doc()],
        checks: request::checks(),
        nouns: vec![("topic", T("受理主题", "Topic")), ("call", T("来电", "Call"))],
        actions: vec![
            ("order_stopped", T("工单未完成即结束", "its order was stopped")),
            ("advice_failed", T("电话指导未奏效", "advice did not help")),
            ("registered", T("登记来电", "call registered")),
            ("reported", T("网上报修", "reported on the web")),
            ("saved", T("保存", "saved")),
            ("rang", T("来电", "rang")),
            ("seated", T("设置分机", "extension set")),
        ],
        nav: nav(),
        commands: commands(),
        guards: vec![kit::Guard {
            doc: "customer",
            check: |tx, id, action| Box::pin(personal::may_erase(tx, id, action)),
            ahead: None,
        }],
        personal: personal::holdings(),
        impersonal: vec![("service_request.serial", "of the machine")],
        ..Module::default()
    }
}

/// Whoever takes calls and sends nobody starts where callers are taken down.
fn start_page(cx: &kit::Cx, _browser: &str) -> Option<&'static str> {
    (cx.can(&REQUEST_WRITE) && !cx.can(&orders::api::ORDER_ASSIGN)).then_some("/intake")
}

fn routes() -> Routes {
    let parts = [
        request::routes(),
        desk::routes(),
        call::routes(),
        topic::routes(),
        public::routes(),
        ring::routes(),
    ];
    Routes(parts.into_iter().flat_map(|routes| routes.0).collect())
}

fn nav() -> Vec<Nav> {
    let service = T("服务", "Service");
    let entry = |group, order, icon, label, href, perm| Nav { group, order, icon, label, href, perm };
    vec![
        entry(service, 200, "headset", T("受理", "Intake"), "/intake", &REQUEST_WRITE),
        entry(service, 205, "inbox", T("服务请求", "Requests"), "/requests", &REQUEST_READ),
        entry(service, 245, "phone-call", T("电话登记", "Calls"), "/calls", &CALL_READ),
    ]
}

fn commands() -> Vec<Command> {
    vec![
        Command {
            label: T("受理来电", "Take a call"),
            href: "/intake",
            icon: "headset",
            keys: &["N"],
            perm: &REQUEST_WRITE,
        },
        Command {
            label: T("待答复的请求", "Requests to answer"),
            href: "/requests?view=waiting",
            icon: "inbox",
            keys: &[],
            perm: &REQUEST_READ,
        },
        Command {
            label: T("登记电话或信函", "Register a call or letter"),
            href: "/calls/new",
            icon: "phone-outgoing",
            keys: &[],
            perm: &CALL_WRITE,
        },
        Command {
            label: T("来电弹屏与分机", "Call pop-up and extensions"),
            href: "/calls/desk",
            icon: "phone-incoming",
            keys: &[],
            perm: &CALL_WRITE,
        },
        Command {
            label: T("服务主题与内容", "Topics and contents"),
            href: "/intake/topics",
            icon: "list-details",
            keys: &[],
            perm: &TOPIC_WRITE,
        },
    ]
}
