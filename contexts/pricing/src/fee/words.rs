//! Words for the codes of orders that rules name. Orders are above prices, so their labels can't be asked for here;
//! `pay` proves that they are the same.

use kernel::{Lang, T};

/// A code with its label.
pub type Word = (&'static str, T);

/// Stands for an empty code in lists and files: the rule is for every case.
pub const ANY: Word = ("any", T("全部", "Any"));

/// Modes of service.
pub const MODES: &[Word] = &[
    ANY,
    ("on_site", T("上门", "On site")),
    ("brought_in", T("送修", "Brought in")),
    ("remote", T("远程", "Remote")),
    ("fetched", T("拉修", "Fetched")),
    ("mailed", T("寄修", "Mailed in")),
    ("factory", T("返厂", "Returned to maker")),
    ("outsourced", T("外协", "Outsourced")),
];

/// What people call a code; the code itself when nothing is known of it.
pub fn label<'a>(words: &[Word], code: &'a str, lang: Lang) -> &'a str {
    words.iter().find(|(known, _)| *known == code).map_or(code, |(_, label)| label.get(lang))
}

/// The code for what a person wrote: a code, or its label in either language. Empty for any.
pub fn code(words: &[Word], text: &str) -> String {
    let text = text.trim();
    let is = |word: &&Word| {
        word.0 == text || word.1.get(Lang::Zh) == text || word.1.get(Lang::En).eq_ignore_ascii_case(text)
    };
    match words.iter().find(is) {
        Some((code, _)) if *code == ANY.0 => String::new(),
        Some((code, _)) => (*code).to_string(),
        None => text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_codes_lead_to_one_another() {
        for words in [MODES] {
            for (known, label) in words.iter().skip(1) {
                assert_eq!(code(words, known), *known);
                assert_eq!(code(words, label.0), *known);
                assert_eq!(code(words, &label.1.to_uppercase()), *known);
            }
            assert_eq!(code(words, " 全部 "), "");
            assert_eq!(code(words, ""), "");
        }
        assert_eq!(code(MODES, " training "), "training");
        assert_eq!(label(MODES, "training", Lang::Zh), "training");
        assert_eq!(label(MODES, "on_site", Lang::En), "On site");
    }
}
