//! Small pieces of text and arrangement, so that features never write class names themselves.

use maud::{Markup, Render, html};

/// Quiet text: secondary facts beside a title.
pub fn muted(text: impl Render) -> Markup {
    html! { span.t3 { (text) } }
}

/// 12 px quiet text, for second lines in cells.
pub fn small(text: impl Render) -> Markup {
    html! { span.t3.fs12 { (text) } }
}

pub fn strong(text: impl Render) -> Markup {
    html! { b { (text) } }
}

/// Figures line up in columns.
pub fn num(text: impl Render) -> Markup {
    html! { span.num { (text) } }
}

/// Codes, serial numbers.
pub fn mono(text: impl Render) -> Markup {
    html! { span.mono { (text) } }
}

/// One line, cut with an ellipsis.
pub fn trunc(text: impl Render) -> Markup {
    html! { span.trunc { (text) } }
}

pub fn link(href: &str, text: impl Render) -> Markup {
    html! { a href=(href) { (text) } }
}

/// The link that names a record in a table row; Enter on the row follows it.
pub fn id_link(href: &str, text: impl Render) -> Markup {
    html! { a.id href=(href) { (text) } }
}

pub fn red(text: impl Render) -> Markup {
    html! { span.red { (text) } }
}

pub fn green(text: impl Render) -> Markup {
    html! { span.green { (text) } }
}

/// Read by screen readers only.
pub fn hidden_text(text: impl Render) -> Markup {
    html! { span.vh { (text) } }
}

/// A title with a quiet second line, the usual two-line cell.
pub fn two_lines(first: impl Render, second: impl Render) -> Markup {
    html! { div.two { div.trunc { (first) } div.t3.fs12.trunc { (second) } } }
}

/// Inline row with a gap; wraps on narrow screens.
pub fn row(items: &[Markup]) -> Markup {
    html! { div.row.wrap-row { @for m in items { (m) } } }
}

/// Row whose last item sits at the far end.
pub fn row_end(left: impl Render, right: impl Render) -> Markup {
    html! { div.row.wrap-row { div.grow { (left) } (right) } }
}

/// Vertical stack with a gap.
pub fn stack(items: &[Markup]) -> Markup {
    html! { div.stack { @for m in items { (m) } } }
}

/// Multi-line text as it was typed.
pub fn prose(text: &str) -> Markup {
    html! { p.prose { (text) } }
}

/// A dash for an absent value, the same everywhere.
pub fn none() -> Markup {
    html! { span.t3 { "—" } }
}

/// The value, or the dash.
pub fn or_none(value: Option<&str>) -> Markup {
    match value {
        Some(v) if !v.is_empty() => html! { (v) },
        _ => none(),
    }
}

/// Equal columns that fold into one on phones.
pub fn grid(columns: u8, items: &[Markup]) -> Markup {
    html! { div.cols data-n=(columns.clamp(1, 4)) { @for m in items { div { (m) } } } }
}

/// A QR code on the screen, always dark on white: SVG of our own making.
pub fn qr(svg: &str) -> Markup {
    html! { div.qr { (maud::PreEscaped(svg)) } }
}
