//! Words for the codes that pay rules name, for lists and explanations.

use kernel::{Lang, T};
use orders::api::{CallbackClass, FixClass, Grouping, Mode};
use pricing::api::words::{ANY, Word};

use crate::said::Said;

/// One list of words after the other.
const fn joined<const N: usize>(first: &[Word], then: &[Word]) -> [Word; N] {
    let mut all = [ANY; N];
    let mut at = 0;
    while at < N {
        all[at] = if at < first.len() { first[at] } else { then[at - first.len()] };
        at += 1;
    }
    all
}

/// Groups of work.
pub const GROUPS: &[Word] = &joined::<{ Grouping::OPTIONS.len() + 1 }>(&[ANY], Grouping::OPTIONS);
/// Modes of service.
pub const MODES: &[Word] = &joined::<{ Mode::OPTIONS.len() + 1 }>(&[ANY], Mode::OPTIONS);
/// Results that bring a reward or penalty about.
pub const CAUSES: &[Word] = &joined::<{ CallbackClass::OPTIONS.len() + FixClass::OPTIONS.len() }>(
    CallbackClass::OPTIONS,
    FixClass::OPTIONS,
);
/// Technical grades, as texts of their numbers.
pub const GRADES: &[Word] = &[
    ("0", ANY.1),
    ("1", T("1 级", "Grade 1")),
    ("2", T("2 级", "Grade 2")),
    ("3", T("3 级", "Grade 3")),
    ("4", T("4 级", "Grade 4")),
    ("5", T("5 级", "Grade 5")),
];
/// Clocks whose lateness may cost something.
pub const CLOCKS: &[Word] = &[
    (orders::api::ARRIVAL, T("到达", "Arrival")),
    (orders::api::FIX, T("修复", "Repair")),
    (orders::api::PAPERWORK, T("回单", "Signed sheet")),
    (orders::api::RESPONSE, T("响应", "Response")),
    (orders::api::DISPATCH, T("派工", "Assignment")),
];
/// The same in lists, where steps for every clock have their word too.
pub const CLOCKS_OR_ANY: &[Word] = &joined::<{ CLOCKS.len() + 1 }>(&[ANY], CLOCKS);

/// What people call a code, in both languages; the code itself when nothing is known of it.
pub fn both(words: &[Word], code: &str) -> Said {
    let label = |lang| pricing::api::words::label(words, code, lang).to_string();
    Said { zh: label(Lang::Zh), en: label(Lang::En) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_call_modes_what_orders_call_them() {
        assert_eq!(pricing::api::words::MODES, MODES);
    }

    #[test]
    fn lists_of_words_follow_one_another() {
        assert_eq!(GROUPS[0], ANY);
        assert_eq!(&GROUPS[1..], Grouping::OPTIONS);
        assert_eq!(both(CAUSES, "bad_attitude").zh, "服务态度不满意");
        assert_eq!(both(CAUSES, "first").en, "Fixed first time");
        assert_eq!(both(CLOCKS, "orders.fix").zh, "修复");
        assert_eq!(both(CLOCKS, "x"), Said { zh: "x".into(), en: "x".into() });
    }
}
