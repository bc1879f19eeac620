//! Markup of labels and public pages.

use kernel::T;
use kit::{Access, Cx};
use maud::{Markup, html};
use ui::{Btn, Def};

use super::service::Label;

/// The printable label.
pub fn label(cx: &Cx, label: &Label, url: &str, qr: &str) -> Markup {
    let unit = &label.unit;
    let note = cx.t(T("扫码报修、查看保修", "Scan to report a fault"));
    let facts = [
        (cx.t(T("型号", "Model")), html! { (label.model.code) }, 1),
        (cx.t(T("序列号", "Serial no.")), html! { (unit.serial) }, 1),
        (cx.t(T("服务热线", "Hotline")), html! { (label.hotline) }, 1),
        (cx.t(T("网址", "Address")), html! { (url) }, 3),
    ];
    html! {
        (ui::print_head(&cx.app.config.company, &label.model.name, &unit.no, note, (!qr.is_empty()).then_some(qr)))
        (ui::print_facts(&facts))
    }
}

/// The public page of a unit.
pub fn public(cx: &Cx, label: &Label) -> Markup {
    let unit = &label.unit;
    let facts = ui::dl(&[
        Def::new(cx.t(T("型号", "Model")), html! { (label.model.code) }),
        Def::new(cx.t(T("序列号", "Serial no.")), ui::mono(&unit.serial)),
        Def::new(cx.t(T("设备编号", "Unit no.")), ui::mono(&unit.no)),
    ]);
    // The form to report a fault is brought by the context that takes requests.
    let report =
        cx.app.registry.routes.iter().any(|r| {
            r.method == "GET" && r.path == "/u/{token}/report" && matches!(r.access, Access::Public)
        });
    let body = html! {
        (facts)
        @if report { (Btn::link(cx.t(T("报修", "Report a fault")), format!("/u/{}/report", unit.token)).icon("tool").primary().block()) }
        @if !label.hotline.is_empty() { (Btn::link(format!("{} {}", cx.t(T("拨打热线", "Call")), label.hotline), format!("tel:{}", label.hotline)).icon("phone").block()) }
        @if !report && label.hotline.is_empty() { p { (cx.t(T("需要服务时，请联系您购买产品的商家。", "For service, contact the shop you bought it from."))) } }
    };
    ui::bare_card(&label.model.name, &cx.app.config.company, body)
}
