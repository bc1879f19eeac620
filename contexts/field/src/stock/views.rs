//! Markup of the van and of oneself.

use kernel::T;
use kit::{Cx, format};
use maud::{Markup, html};
use ui::{Btn, Field, Form, Tone};

use super::model::{Held, Van};

/// What the van has, with search and the return of what is not needed.
pub fn stock(cx: &Cx, van: &Van, query: &str) -> Markup {
    if van.depot.is_none() {
        let hint = cx.t(T("请库管员为你建立车载库", "Ask the storekeeper to set one up"));
        return ui::empty("package-off", cx.t(T("你还没有车载库", "You have no van yet")), hint, None);
    }
    let search = html! {
        form method="get" action="/m/stock" role="search" {
            (Field::text("q", cx.t(T("扫码或输入编码、名称、拼音首字母", "Scan or type code or name"))).value(query)
                .attr("type", "search").attr("enterkeyhint", "search").scan_send(cx.lang).after(html! { (Btn::submit(cx.t(T("查找", "Find"))).touch()) }))
        }
    };
    let body = if van.items.is_empty() {
        ui::empty(
            "package",
            cx.t(if query.is_empty() {
                T("车上没有备件", "The van is empty")
            } else {
                T("车上没有这个备件", "Not in the van")
            }),
            "",
            None,
        )
    } else {
        let rows: Vec<Markup> = van.items.iter().map(|item| line(cx, item)).collect();
        ui::card(cx.t(T("库存", "Stock")), ui::small(van.items.len()), ui::stack(&rows))
    };
    ui::stack(&[search, body, give_back(cx, van)])
}

fn line(cx: &Cx, item: &Held) -> Markup {
    let name = if item.spec.is_empty() { item.name.clone() } else { format!("{} {}", item.name, item.spec) };
    let reserved = html! { (item.code) @if !item.reserved.is_zero() { " · " (cx.t(T("已预约 ", "reserved "))) (format::qty(item.reserved)) } };
    ui::row_end(
        ui::two_lines(name, reserved),
        ui::strong(ui::num(format!("{} {}", format::qty(item.available), item.unit))),
    )
}

/// Unused parts go back to a depot of the own organisation; parts keeps the sheet (PARTS-48).
fn give_back(cx: &Cx, van: &Van) -> Markup {
    let free: Vec<&Held> = van.items.iter().filter(|item| !item.available.is_zero()).collect();
    let Some(depot) = van.depot.as_ref().filter(|_| !free.is_empty()) else { return html! {} };
    if van.returns.is_empty() {
        return ui::alert(
            Tone::Blue,
            cx.t(T("本组织没有可退回的仓库。", "Your organisation has no depot to return to.")),
        );
    }
    let parts = free.iter().map(|item| {
        (item.code.clone(), format!("{} {} ({})", item.code, item.name, format::qty(item.available)))
    });
    let depots = van.returns.iter().map(|to| (to.id.to_string(), to.name.clone()));
    let form = Form::post("/transfers/new", cx.form_key()).body(ui::stack(&[
        ui::hidden("kind", "return_unused"),
        ui::hidden("from_id", depot.id),
        ui::hidden("reason", cx.t(T("退回未用件", "Unused parts"))),
        html! {
            (Field::select("lines.0.part", cx.t(T("备件", "Part"))).options(parts))
            (ui::qty_line(cx.lang, cx.t(T("数量", "Quantity")), "lines.0.quantity", "1"))
            (Field::select("to_id", cx.t(T("退到", "Back to"))).options(depots))
            (Btn::new(cx.t(T("退回仓库", "Give back"))).icon("arrow-back-up").attr("type", "submit").soft().touch().block())
        },
    ]));
    ui::card(cx.t(T("退回未用件", "Give back unused parts")), html! {}, form)
}

/// Links about oneself.
pub fn me(cx: &Cx) -> Markup {
    let link = |icon: &str, label: T, href: &str| html! { (Btn::link(cx.t(label), href).icon(icon).touch().block()) };
    let (code, other) = (cx.t(T("en", "zh")), cx.t(T("English", "中文")));
    ui::stack(&[
        link("coin-yuan", T("我的薪酬", "My pay"), "/pay/mine"),
        link("recycle", T("应收旧件", "Old parts I owe"), "/old-parts"),
        link("speakerphone", T("我的上报", "My reports"), "/field-reports"),
        link("user", T("账户与密码", "Account and password"), "/me"),
        html! { (Btn::new(other).icon("language").attr("data-lang", code).attr("lang", cx.t(T("en", "zh-CN"))).touch().block()) },
        html! { (Btn::new(cx.t(T("切换深浅色", "Light or dark"))).icon("moon").attr("data-theme-toggle", "").touch().block()) },
        Form::post("/logout", cx.form_key()).plain().inline().body(
            html! { (Btn::new(cx.t(T("退出登录", "Sign out"))).icon("logout").attr("type", "submit").danger().touch().block()) },
        ),
    ])
}
