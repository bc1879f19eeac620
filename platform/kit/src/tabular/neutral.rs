//! Texts that a spreadsheet program would run as formulas when it opens a CSV file (CSV injection).
//!
//! Writing puts an apostrophe before such a text; reading takes one away. A text that already looks guarded
//! gets one more, so that the pair is exact: `strip(guard(x)) == x` for every text.

use std::borrow::Cow;

/// Text as it may stand in a CSV file.
pub fn guard(text: &str) -> Cow<'_, str> {
    if is_dangerous(text.trim_start_matches('\'')) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Reverses [`guard`].
pub fn strip(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_dangerous(rest.trim_start_matches('\'')) => rest,
        _ => text,
    }
}

/// Starts with what a spreadsheet program may read as a formula; the full-width signs count in East Asian
/// locales.
fn is_dangerous(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}
