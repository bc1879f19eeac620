//! Markup of the page behind a label: made for a phone in one hand.

use kernel::T;
use kit::Cx;
use maud::{Markup, html};
use ui::{Btn, Def, Tone};

use super::model::{Cover, UnitPage};

/// The warranty as a tag with its last day.
pub fn cover(cx: &Cx, cover: Cover, until: Option<kernel::Date>) -> Markup {
    let tone = match cover {
        Cover::In => Tone::Green,
        Cover::Out => Tone::Neutral,
        Cover::Ask => Tone::Amber,
    };
    html! {
        (ui::tag(tone, cx.t(cover.label())))
        @if let Some(day) = until { " " (ui::small(html! { (cx.t(T("至", "until"))) " " (day) })) }
    }
}

/// The page.
pub fn unit(cx: &Cx, token: &str, page: &UnitPage) -> Markup {
    let facts = ui::dl(&[
        Def::new(cx.t(T("序列号", "Serial no.")), ui::mono(&page.serial)),
        Def::new(cx.t(T("设备编号", "Unit no.")), ui::mono(&page.no)),
        Def::new(cx.t(T("保修", "Warranty")), cover(cx, page.warranty, page.warranty_until)).full(),
    ]);
    let body = html! {
        (facts)
        (Btn::link(cx.t(T("报修", "Report a fault")), &page.report_path).icon("tool").primary().block())
        (Btn::link(cx.t(T("我的服务进度", "My services")), format!("/u/{token}/mine")).icon("list-check").block())
        @if !page.hotline.is_empty() {
            (Btn::link(format!("{} {}", cx.t(T("拨打热线", "Call")), page.hotline), format!("tel:{}", page.hotline)).icon("phone").block())
        }
        @if !page.papers.is_empty() {
            h2 { (cx.t(T("使用资料", "Manuals"))) }
            @for paper in &page.papers { (Btn::link(&paper.title, &paper.path).icon("book").ghost().block()) }
        }
        @if page.hotline.is_empty() { (ui::muted(cx.t(T("也可以联系您购买产品的商家。", "You can also contact the shop you bought it from.")))) }
    };
    ui::bare_card(&page.model_name, "", body)
}
