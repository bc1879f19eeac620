//! Sensitive fields: shown masked, revealed on request, hidden again after 30 seconds (ORG-11).

use kernel::{Lang, T};
use maud::{Markup, html};

use crate::icon_sm;

/// A masked value. With `reveal_url` an eye button posts there; the answer must be [`revealed`] with the same `id`.
pub fn masked(lang: Lang, id: &str, shown: &str, reveal_url: Option<&str>) -> Markup {
    let label = T("查看完整内容，操作会被记录", "Show in full; this is recorded").get(lang);
    html! {
        span.mask id=(id) {
            span.val { (shown) }
            @if let Some(url) = reveal_url {
                button type="button" hx-post=(url) hx-target={ "#" (id) } hx-swap="outerHTML"
                    aria-label=(label) title=(label) data-reveal { (icon_sm("eye")) }
            }
        }
    }
}

/// The full value. The page's script swaps it back for `masked_as` after 30 s and on Esc.
pub fn revealed(lang: Lang, id: &str, value: &str, masked_as: &str) -> Markup {
    html! {
        span.mask id=(id) data-open data-mask=(masked_as) data-seconds="30" role="status" {
            span.val { (value) }
            span.mask-note.fs12.t3 { (T("已记录 · 30 秒后隐藏", "Recorded · hides in 30 s").get(lang)) }
        }
    }
}

/// A telephone number: masked as [`masked`], or a link that dials when it may be seen.
pub fn phone_number(
    lang: Lang,
    id: &str,
    shown: &str,
    full: Option<&str>,
    reveal_url: Option<&str>,
) -> Markup {
    match full {
        Some(number) => html! { a.num.nowrap href={ "tel:" (number) } { (number) } },
        None => masked(lang, id, shown, reveal_url),
    }
}
