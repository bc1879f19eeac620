//! Text folding and search tokens, one for both database engines (PLAT-11).
//!
//! A text is folded (one spelling for everything that looks or means the same), cut into tokens, and the tokens are
//! stored in a full-text index. A query is cut by [`query_tokens`]; a text is found when it has all of them. Tokens hold
//! only `a-z0-9` and ideographs that every tokenizer treats as letters, so SQLite's `unicode61` and PostgreSQL's `simple`
//! keep them whole; none of [`MARKS`].

use std::sync::OnceLock;

use indexmap::IndexSet;
use pinyin::ToPinyin;
use unicode_normalization::UnicodeNormalization;

/// No text gives more tokens than this; whole words and pairs come first, fragments are dropped first.
pub const MAX_TOKENS: usize = 400;
/// No token is longer than this many characters.
pub const MAX_TOKEN_CHARS: usize = 64;
/// Words longer than this are not cut into fragments: nobody types half of one.
const MAX_FRAGMENTED: usize = 32;

/// One spelling for a text: compatibility forms, look-alike radicals (⽤ → 用), full and half width, accents, case,
/// traditional characters → simplified. Folding a folded text changes nothing.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    if text.chars().all(is_plain) {
        return text.chars().map(|c| simplify(c.to_ascii_lowercase())).collect();
    }
    let mut folded = fold_once(text);
    // Lower-casing can open the way for a further normalisation step; it settles after two or three rounds.
    for _ in 0..4 {
        let again = fold_once(&folded);
        if again == folded {
            break;
        }
        folded = again;
    }
    folded
}

/// Digits of a telephone number by which equal numbers are found, without the country code of China:
/// `+86 138-0013-8000` → `13800138000`.
pub fn phone_key(phone: &str) -> String {
    let digits: String = fold(phone).chars().filter(char::is_ascii_digit).collect();
    let mut national = digits.as_str();
    while let Some(rest) = national.strip_prefix("0086") {
        national = rest;
    }
    match national.strip_prefix("86") {
        Some(rest) if rest.len() == 11 && rest.starts_with('1') => rest.to_string(),
        _ => national.to_string(),
    }
}

/// ASCII and the ideographs that have no other form: most texts hold nothing else, and need no normalisation.
fn is_plain(c: char) -> bool {
    c.is_ascii() || ('\u{4e00}'..='\u{9fff}').contains(&c)
}

fn fold_once(text: &str) -> String {
    text.chars()
        .map(unify_radical)
        .nfkd()
        .filter(|c| !('\u{300}'..='\u{36f}').contains(c))
        .nfc()
        .flat_map(char::to_lowercase)
        .map(simplify)
        .collect()
}

/// Traditional → simplified, character by character: search must not depend on the neighbours of a character, or a part
/// of a text would fold differently from the whole.
fn simplify(c: char) -> char {
    const FIRST: u32 = 0x3400;
    const LAST: u32 = 0x9fff;
    static TABLE: OnceLock<Vec<char>> = OnceLock::new();
    let code = c as u32;
    if !(FIRST..=LAST).contains(&code) {
        return c;
    }
    let table = TABLE.get_or_init(|| simplification_table(FIRST, LAST));
    table.get((code - FIRST) as usize).copied().unwrap_or(c)
}

fn simplification_table(first: u32, last: u32) -> Vec<char> {
    let all: Vec<char> = (first..=last).filter_map(char::from_u32).collect();
    // Line breaks between the characters keep the converter from seeing words.
    let lines: String = all.iter().flat_map(|c| [*c, '\n']).collect();
    let converted = zhconv::zhconv(&lines, zhconv::Variant::ZhHans);
    let single = |line: &str| {
        let mut chars = line.chars();
        chars.next().filter(|_| chars.next().is_none())
    };
    let mut table: Vec<char> = all.clone();
    for (i, line) in converted.lines().take(all.len()).enumerate() {
        if let Some(c) = single(line).filter(|c| (first..=last).contains(&(*c as u32))) {
            table[i] = c;
        }
    }
    let step = |c: char| table[(c as u32 - first) as usize];
    // Follow chains to their end, so that folding twice is folding once.
    all.iter().map(|c| (0..4).fold(*c, |now, _| step(now))).collect()
}

/// CJK Radicals Supplement → the ideograph that looks the same (Unicode's EquivalentUnifiedIdeograph). The Kangxi
/// radicals themselves are handled by compatibility normalisation.
fn unify_radical(c: char) -> char {
    const RADICALS: &str = "⺁厂⺃乚⺄乙⺅亻⺆冂⺈刀⺉刂⺊卜⺌小⺍小⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺖忄⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺠民⺡氵\
        ⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺫目⺬示⺭礻⺯糹⺰纟⺱罓⺲罒⺴冗⺶羊⺹耂⺺肀⺻聿⺼肉⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角\
        ⻈讠⻉贝⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻟飠⻠饣⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄\
        ⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟";
    if !('\u{2e80}'..='\u{2eff}').contains(&c) {
        return c;
    }
    let mut pairs = RADICALS.chars();
    while let (Some(radical), Some(ideograph)) = (pairs.next(), pairs.next()) {
        if radical == c {
            return ideograph;
        }
    }
    c
}

/// The tokens under which a text is found: pairs and single characters of Chinese runs, whole latin words and numbers,
/// their beginnings (3+), the ends of those with digits (3+), joined serial and phone numbers. No token twice.
pub fn index_tokens(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut out = Tokens::default();
    let runs = runs(&folded);
    let codes: Vec<String> = joined_codes(&runs).chain(joined_phones(&runs)).collect();
    for run in &runs {
        match run {
            Run::Wide(chars) if chars.len() > 1 => chars.windows(2).for_each(|pair| out.push(wide(pair))),
            Run::Wide(chars) => out.push(wide(chars)),
            Run::Word(word) => out.push(cut(word).to_owned()),
            Run::Gap(_) => {}
        }
    }
    codes.iter().for_each(|code| out.push(cut(code).to_owned()));
    for run in &runs {
        match run {
            Run::Wide(chars) => chars.iter().for_each(|c| out.push(wide(&[*c]))),
            Run::Word(word) => fragments(word, &mut out),
            Run::Gap(_) => {}
        }
    }
    codes.iter().for_each(|code| fragments(code, &mut out));
    out.list()
}

/// What a text must have to be found: all pairs of each Chinese run (or its single character), each latin word, and
/// numbers with their separators taken out. Empty when the query holds nothing to search for.
pub fn query_tokens(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut out = Tokens::default();
    let runs = runs(&folded);
    let mut i = 0;
    while i < runs.len() {
        match &runs[i] {
            Run::Wide(chars) if chars.len() > 1 => chars.windows(2).for_each(|pair| out.push(wide(pair))),
            Run::Wide(chars) => out.push(wide(chars)),
            Run::Word(word) => {
                let (end, code) =
                    phone_at(&runs, i).or_else(|| code_at(&runs, i)).unwrap_or((i, word.clone()));
                i = end;
                out.push(cut(without_country(&code)).to_owned());
            }
            Run::Gap(_) => {}
        }
        i += 1;
    }
    out.list()
}

/// First letters of the pinyin of Chinese characters, latin letters and digits as they are: 张三A1 → `zsa1`.
pub fn pinyin_initials(text: &str) -> String {
    let mut out = String::new();
    for c in fold(text).chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if let Some(sound) = c.to_pinyin() {
            out.extend(sound.plain().chars().next().filter(char::is_ascii_lowercase));
        }
    }
    out
}

/// Tokens in their order, none twice.
#[derive(Default)]
struct Tokens(IndexSet<String, foldhash::fast::RandomState>);

impl Tokens {
    fn push(&mut self, token: String) {
        if !token.is_empty() && self.0.len() < MAX_TOKENS {
            self.0.insert(token);
        }
    }

    fn list(self) -> Vec<String> {
        self.0.into_iter().collect()
    }
}

#[derive(Debug)]
enum Run {
    /// Letters of any script but ASCII, cut into pairs.
    Wide(Vec<char>),
    /// ASCII letters and digits.
    Word(String),
    /// Whatever stands between.
    Gap(String),
}

fn runs(folded: &str) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    for c in folded.chars() {
        match (out.last_mut(), c.is_ascii_alphanumeric(), c.is_alphanumeric()) {
            (Some(Run::Word(word)), true, _) => word.push(c),
            (Some(Run::Wide(chars)), false, true) => chars.push(c),
            (Some(Run::Gap(gap)), false, false) => gap.push(c),
            (_, true, _) => out.push(Run::Word(c.to_string())),
            (_, _, true) => out.push(Run::Wide(vec![c])),
            _ => out.push(Run::Gap(c.to_string())),
        }
    }
    out
}

/// Rare ideographs that no token of a text holds, so that others may mark tokens by them: in texts they are spelled by
/// their code.
pub const MARKS: std::ops::RangeInclusive<char> = '\u{3400}'..='\u{3403}';

/// A token of non-ASCII letters. Characters that a tokenizer might not know as letters are spelled by their code.
fn wide(chars: &[char]) -> String {
    let mut out = String::new();
    for c in chars {
        let known = matches!(c, '\u{3400}'..='\u{4db5}' | '\u{4e00}'..='\u{9fcc}');
        if known && !MARKS.contains(c) {
            out.push(*c);
        } else {
            out.push_str(&format!("u{:x}", *c as u32));
        }
    }
    out
}

fn cut(word: &str) -> &str {
    // Words are ASCII, so bytes are characters.
    &word[..word.len().min(MAX_TOKEN_CHARS)]
}

fn fragments(word: &str, out: &mut Tokens) {
    let n = word.len();
    if !(4..=MAX_FRAGMENTED).contains(&n) {
        return;
    }
    let code_like = word.bytes().any(|b| b.is_ascii_digit());
    for k in 3..n {
        if code_like {
            out.push(word[n - k..].to_owned());
        }
        out.push(word[..k].to_owned());
    }
}

/// Words tied by a hyphen, slash, dot or the like, read as one: `SO-2026/0001` → `so20260001`. Returns the index of the
/// last run used.
fn code_at(runs: &[Run], start: usize) -> Option<(usize, String)> {
    let tie = |gap: &str| matches!(gap, "-" | "_" | "/" | "." | "#" | ":" | "+" | "\\");
    join_from(runs, start, tie)
}

/// Digit groups between blanks, hyphens or brackets with ten to thirteen digits in all: a phone number. It begins with
/// 0 (area), 1 (mobile), 4 or 8 (service, country code 86), so that dates with something behind are left alone.
fn phone_at(runs: &[Run], start: usize) -> Option<(usize, String)> {
    let tie = |gap: &str| gap.len() <= 2 && gap.bytes().all(|b| b" -()".contains(&b));
    let (mut end, mut digits) = (None, String::new());
    for (i, run) in runs.iter().enumerate().skip(start) {
        match run {
            Run::Word(word)
                if word.bytes().all(|b| b.is_ascii_digit()) && digits.len() + word.len() <= 13 =>
            {
                digits.push_str(word);
                end = Some(i);
            }
            Run::Gap(gap) if tie(gap) => {}
            _ => break,
        }
    }
    let begins = digits.starts_with(['0', '1', '4', '8']);
    end.filter(|end| *end > start && begins && digits.len() >= 10).map(|end| (end, digits))
}

fn join_from(runs: &[Run], start: usize, tie: impl Fn(&str) -> bool) -> Option<(usize, String)> {
    let Run::Word(first) = runs.get(start)? else { return None };
    let (mut end, mut code) = (start, first.clone());
    while let (Some(Run::Gap(gap)), Some(Run::Word(word))) = (runs.get(end + 1), runs.get(end + 2)) {
        if !tie(gap) || code.len() > MAX_TOKEN_CHARS {
            break;
        }
        code.push_str(word);
        end += 2;
    }
    (end > start).then_some((end, code))
}

/// Every chain of tied words, and neighbours between single blanks when one of them has digits (`KFR 35GW`).
fn joined_codes(runs: &[Run]) -> impl Iterator<Item = String> {
    let has_digit = |s: &str| s.bytes().any(|b| b.is_ascii_digit());
    (0..runs.len()).flat_map(move |i| {
        let starts_chain = i < 2 || code_at(runs, i - 2).is_none();
        let chain = code_at(runs, i).filter(|_| starts_chain).map(|(_, code)| code);
        let pair = match runs.get(i..i + 3) {
            Some([Run::Word(a), Run::Gap(gap), Run::Word(b)])
                if gap == " " && (has_digit(a) || has_digit(b)) =>
            {
                Some(format!("{a}{b}"))
            }
            _ => None,
        };
        chain.into_iter().chain(pair)
    })
}

fn joined_phones(runs: &[Run]) -> impl Iterator<Item = String> {
    (0..runs.len()).filter_map(|i| match &runs[i] {
        Run::Word(_) => phone_at(runs, i).map(|(_, digits)| digits),
        _ => None,
    })
}

/// A Chinese mobile number without its country code: it is stored with or without.
fn without_country(code: &str) -> &str {
    let digits = code.bytes().all(|b| b.is_ascii_digit());
    match code.strip_prefix("86") {
        Some(rest) if digits && rest.len() == 11 && rest.starts_with('1') => rest,
        _ => code,
    }
}
