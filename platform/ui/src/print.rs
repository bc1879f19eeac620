//! Printable sheets: A4, ruled tables, boxes for signatures and stamps.

use maud::{Markup, PreEscaped, Render, html};

/// Head of a sheet: company, title, number, and a QR code (SVG) if given.
pub fn print_head(company: &str, title: &str, number: &str, note: &str, qr_svg: Option<&str>) -> Markup {
    html! {
        header.pr-h {
            div { p.pr-co { (company) } h1 { (title) } }
            div.pr-no { p { "No. " b.num { (number) } } @if !note.is_empty() { p { (note) } } }
            @if let Some(svg) = qr_svg { div.pr-qr { (PreEscaped(svg)) } }
        }
    }
}

/// Facts in a ruled grid, `(label, value, columns 1–3)`; three to a row.
pub fn print_facts(items: &[(&str, Markup, u8)]) -> Markup {
    html! {
        dl.pr-f { @for (k, v, span) in items { div style={ "--w:" ((*span).clamp(1, 3)) } { dt { (k) } dd { (v) } } } }
    }
}

/// A ruled table; columns named in `right` are figures.
pub fn print_table(
    title: &str,
    head: &[&str],
    right: &[usize],
    rows: &[Vec<Markup>],
    foot: &[(&str, String)],
) -> Markup {
    html! {
        section.pr-s {
            @if !title.is_empty() { h2 { (title) } }
            table.pr-t {
                thead { tr { @for (i, h) in head.iter().enumerate() { th.r[right.contains(&i)] scope="col" { (h) } } } }
                tbody { @for r in rows { tr { @for (i, c) in r.iter().enumerate() { td.r[right.contains(&i)].num[right.contains(&i)] { (c) } } } } }
                @if !foot.is_empty() {
                    tfoot { @for (k, v) in foot { tr { th.r colspan=(head.len().saturating_sub(1)) { (k) } td.r.num { (v) } } } }
                }
            }
        }
    }
}

/// A titled paragraph of the sheet.
pub fn print_text(title: &str, text: impl Render) -> Markup {
    html! { section.pr-s { h2 { (title) } div.pr-p { (text) } } }
}

/// Boxes to sign or stamp in: `(label, picture, date)`.
pub fn sign_boxes(items: &[(&str, Option<String>, String)]) -> Markup {
    html! {
        div.pr-sign { @for (label, src, date) in items {
            div { p { (label) } @if let Some(s) = src { img src=(s) alt=(label); } p.pr-d { (date) } }
        } }
    }
}

/// Small print at the foot of the sheet.
pub fn print_note(text: &str) -> Markup {
    html! { footer.pr-n { (text) } }
}
