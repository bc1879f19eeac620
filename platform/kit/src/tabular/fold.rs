//! Making names comparable.

/// Column names, choice labels and truth words compare by their letters and digits alone: `购买 日期*` and
/// `购买日期`,
/// `Serial_No.` and `serial no`, `購買日期` and `购买日期`.
pub(super) fn fold_name(name: &str) -> String {
    kernel::fold(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Full-width letters, digits and signs as Chinese keyboards type them, to plain ones.
pub(super) fn half_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            '\u{3000}' | '\u{00A0}' | '\u{202F}' => ' ',
            '−' => '-',
            c => c,
        })
        .collect()
}
