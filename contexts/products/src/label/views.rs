//! Markup of labels.

use kernel::T;
use kit::Cx;
use maud::{Markup, html};

use super::service::Label;

/// The printable label.
pub fn label(cx: &Cx, label: &Label, url: &str, qr: &str) -> Markup {
    let unit = &label.unit;
    let note = cx.t(T("扫码报修、查看保修", "Scan to report a fault"));
    let facts = [
        (cx.t(T("型号", "Model")), html! { (label.model.code) }, 1),
        (cx.t(T("序列号", "Serial no.")), html! { (cx.mask(kit::Sens::Serial, &unit.serial)) }, 1),
        (cx.t(T("服务热线", "Hotline")), html! { (label.hotline) }, 1),
        (cx.t(T("网址", "Address")), html! { (url) }, 3),
    ];
    html! {
        (ui::print_head(&cx.app.config.company, &label.model.name, &unit.no, note, (!qr.is_empty()).then_some(qr)))
        (ui::print_facts(&facts))
    }
}
