//! Texts of cells to typed values, and back.

use kernel::{Date, Lang, Money, Quantity, RuleError, T, Ts, Tz};

use super::dates::{DateOrder, parse_date, parse_datetime};
use super::fold::{fold_name, half_width};
use super::problem::{ERROR_VALUE, Problem};

/// What a column holds.
#[derive(Debug, Clone, Copy)]
pub enum CellKind {
    /// At most `max` characters; line breaks are kept.
    Text {
        max: usize,
    },
    Int {
        min: i64,
        max: i64,
    },
    Money,
    /// An amount that programs compute: more than two decimals are rounded to the cent, half away from zero.
    Price,
    Qty,
    Date,
    DateTime,
    Bool,
    /// Codes with their labels; a cell may hold either, in both languages.
    Choice(&'static [(&'static str, T)]),
    /// Kept as digits, with a leading `+` and an extension after `x`.
    Phone,
    Email,
}

/// A typed value of a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum CellValue {
    Text(String),
    Int(i64),
    Money(Money),
    Qty(Quantity),
    Date(Date),
    DateTime(Ts),
    Bool(bool),
    /// The code of a [`CellKind::Choice`].
    Choice(&'static str),
}

/// How cells are to be read.
#[derive(Debug, Clone)]
pub struct CellOptions {
    /// The zone of dates with a time but no offset.
    pub zone: Tz,
    /// Orders of day, month and year that the file uses; ISO and Chinese dates are always understood.
    pub date_orders: Vec<DateOrder>,
    /// Texts that mean “nothing here”, compared without regard to case.
    pub empty_texts: Vec<String>,
}

impl Default for CellOptions {
    fn default() -> Self {
        Self { zone: kernel::zone_or_home(""), date_orders: Vec::new(), empty_texts: Vec::new() }
    }
}

const YES: [&str; 9] = ["true", "yes", "y", "1", "是", "有", "对", "√", "✓"];
const NO: [&str; 9] = ["false", "no", "n", "0", "否", "无", "错", "×", "✗"];
const SHEET_ERRORS: [&str; 8] =
    ["#N/A", "#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!"];

/// Reads one cell. `None` means the cell is empty (or holds one of the texts declared empty).
///
/// A text that looks like a formula is plain text. Control and direction characters are removed. The returned
/// problem has no place yet; see [`Problem::at`].
///
/// # Errors
/// `cell.error_value`, `cell.text_length`, `cell.int`, `cell.int_range`, `money.format`, `quantity.format`,
/// `number.decimals`,
/// `number.too_large`, `cell.date`, `cell.date_ambiguous`, `cell.date_range`, `cell.bool`, `cell.choice`,
/// `cell.phone`,
/// `cell.phone_scientific`, `cell.email`.
pub fn parse_cell(kind: CellKind, raw: &str, options: &CellOptions) -> Result<Option<CellValue>, Problem> {
    let text = clean_text(raw);
    if text.is_empty() || options.empty_texts.iter().any(|e| e.trim().eq_ignore_ascii_case(&text)) {
        return Ok(None);
    }
    if SHEET_ERRORS.contains(&text.as_str()) {
        return Err(Problem::row(0, ERROR_VALUE.0, ERROR_VALUE.1).arg("value", text));
    }
    match kind {
        CellKind::Text { max } => parse_text(text, max).map(CellValue::Text),
        CellKind::Int { min, max } => parse_int(&text, min, max).map(CellValue::Int),
        CellKind::Money => Money::parse(&accounting(&text)).map(CellValue::Money).map_err(number_problem),
        CellKind::Price => {
            Money::parse(&to_cents(&accounting(&text))).map(CellValue::Money).map_err(number_problem)
        }
        CellKind::Qty => Quantity::parse(&accounting(&text)).map(CellValue::Qty).map_err(number_problem),
        CellKind::Date => parse_date(&text, &options.date_orders).map(CellValue::Date),
        CellKind::DateTime => parse_datetime(&text, options).map(CellValue::DateTime),
        CellKind::Bool => parse_bool(&text).map(CellValue::Bool),
        CellKind::Choice(choices) => parse_choice(&text, choices).map(CellValue::Choice),
        CellKind::Phone => parse_phone(&text).map(CellValue::Text),
        CellKind::Email => parse_email(&text).map(CellValue::Text),
    }
    .map(Some)
}

/// Removes what a user can't see: control characters, zero-width and direction marks. Line ends become `\n`,
/// outer blanks go.
fn clean_text(raw: &str) -> String {
    let visible: String = raw
        .replace("\r\n", "\n")
        .chars()
        .filter_map(|c| match c {
            '\r' | '\n' => Some('\n'),
            '\t' | '\u{00A0}' => Some(' '),
            '\u{200B}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}'
            | '\u{FEFF}' => None,
            c if c.is_control() => None,
            c => Some(c),
        })
        .collect();
    visible.trim().to_owned()
}

fn parse_text(text: String, max: usize) -> Result<String, Problem> {
    let length = text.chars().count();
    if length <= max {
        return Ok(text);
    }
    Err(Problem::row(
        0,
        "cell.text_length",
        T(
            "文字有 {length} 个字符，最多 {max} 个",
            "The text has {length} characters; at most {max} are allowed",
        ),
    )
    .arg("length", length.to_string())
    .arg("max", max.to_string()))
}

fn parse_int(text: &str, min: i64, max: i64) -> Result<i64, Problem> {
    let plain = half_width(text);
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", plain.strip_prefix('+').unwrap_or(&plain)),
    };
    // `12.0` is how some programs write the number 12; `1,234` is how people do.
    let digits = digits
        .split_once('.')
        .filter(|(_, f)| f.chars().all(|c| c == '0'))
        .map_or(digits, |(whole, _)| whole);
    let grouped = digits.split(',').enumerate().all(|(i, g)| {
        !g.is_empty()
            && g.bytes().all(|b| b.is_ascii_digit())
            && (!digits.contains(',') || if i == 0 { g.len() <= 3 } else { g.len() == 3 })
    });
    if !grouped {
        return Err(Problem::row(0, "cell.int", T("“{value}”不是整数", "“{value}” is not a whole number"))
            .arg("value", short(text)));
    }
    let value = format!("{sign}{}", digits.replace(',', "")).parse::<i64>().ok();
    value.filter(|v| (min..=max).contains(v)).ok_or_else(|| {
        Problem::row(
            0,
            "cell.int_range",
            T("{value} 超出范围 {min} 至 {max}", "{value} is not between {min} and {max}"),
        )
        .arg("value", short(text))
        .arg("min", min.to_string())
        .arg("max", max.to_string())
    })
}

/// `(12.50)` is how accountants write −12.50.
fn accounting(text: &str) -> String {
    let plain = half_width(text);
    match plain.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) if !inner.contains('-') => format!("-{}", inner.trim()),
        _ => plain,
    }
}

/// Rounds a plain decimal number with more than two decimals; leaves everything else for the parser to judge.
fn to_cents(text: &str) -> String {
    let Some((whole, fraction)) = text.split_once('.') else { return text.to_owned() };
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let sign = if whole.starts_with('-') { "-" } else { "" };
    let plain = whole.trim_start_matches(['-', '¥']).replace(',', "");
    if fraction.len() <= 2 || !digits(fraction) || !digits(&plain) || plain.len() > 15 {
        return text.to_owned();
    }
    let cents: u64 = format!("{plain}{}", &fraction[..2]).parse().unwrap_or(u64::MAX / 2);
    let cents = cents + u64::from(fraction.as_bytes()[2] >= b'5');
    format!("{sign}{}.{:02}", cents / 100, cents % 100)
}

fn number_problem(error: RuleError) -> Problem {
    Problem { column: None, ..Problem::from_rule(0, error) }
}

fn parse_bool(text: &str) -> Result<bool, Problem> {
    let lower = half_width(text).to_lowercase();
    if YES.contains(&lower.as_str()) {
        return Ok(true);
    }
    if NO.contains(&lower.as_str()) {
        return Ok(false);
    }
    Err(Problem::row(0, "cell.bool", T("“{value}”应为 是 或 否", "“{value}” should be yes or no"))
        .arg("value", short(text)))
}

fn parse_choice(text: &str, choices: &'static [(&'static str, T)]) -> Result<&'static str, Problem> {
    // An exact hit first: two labels may fold to the same letters.
    let exact = choices.iter().find(|(code, label)| [*code, label.0, label.1].contains(&text));
    let folded = fold_name(text);
    let similar = || {
        choices
            .iter()
            .filter(|_| !folded.is_empty())
            .find(|(code, label)| [*code, label.0, label.1].iter().any(|name| fold_name(name) == folded))
    };
    exact.or_else(similar).map(|(code, _)| *code).ok_or_else(|| {
        Problem::row(
            0,
            "cell.choice",
            T("“{value}”不是可选值，可填：{zh}", "“{value}” is not a choice; use one of: {en}"),
        )
        .arg("value", short(text))
        .arg("zh", choice_list(choices, Lang::Zh))
        .arg("en", choice_list(choices, Lang::En))
    })
}

/// The labels of a choice in one language, for messages and templates.
pub(super) fn choice_list(choices: &[(&str, T)], lang: Lang) -> String {
    choices.iter().map(|(_, label)| label.get(lang)).collect::<Vec<_>>().join(if lang == Lang::Zh {
        "、"
    } else {
        ", "
    })
}

/// Keeps the digits of `+86 138-0013-8000`, `(010) 8888 6666 转 12`.
fn parse_phone(text: &str) -> Result<String, Problem> {
    let plain = half_width(text).to_lowercase();
    let scientific = plain.split_once("e+").is_some_and(|(m, e)| {
        !m.is_empty()
            && m.chars().all(|c| c.is_ascii_digit() || c == '.')
            && e.chars().all(|c| c.is_ascii_digit())
    });
    if scientific {
        return Err(Problem::row(
            0,
            "cell.phone_scientific",
            T(
                "号码“{value}”已被表格软件变成科学计数，末尾数字已丢失；请把该列设为文本后重新填写",
                "The number “{value}” was turned into scientific notation by a spreadsheet and has lost digits; format the column as text and enter it again",
            ),
        )
        .arg("value", short(text)));
    }
    let bad = || {
        Problem::row(0, "cell.phone", T("“{value}”不是有效的电话号码", "“{value}” is not a phone number"))
            .arg("value", short(text))
    };
    let plain = plain.replace("ext.", "x").replace("ext", "x").replace(['转', '轉', '#'], "x");
    let mut out = String::new();
    for c in plain.chars() {
        match c {
            '0'..='9' => out.push(c),
            '+' if out.is_empty() => out.push('+'),
            'x' if out.len() > 2 && !out.contains('x') => out.push('x'),
            ' ' | '-' | '(' | ')' | '.' | '/' | '–' | '\u{2011}' => {}
            _ => return Err(bad()),
        }
    }
    let (number, extension) = out.split_once('x').unwrap_or((&out, "0"));
    let digits = number.trim_start_matches('+').len();
    if (3..=20).contains(&digits) && (1..=8).contains(&extension.len()) { Ok(out) } else { Err(bad()) }
}

fn parse_email(text: &str) -> Result<String, Problem> {
    let plain = half_width(text);
    let valid = plain.rsplit_once('@').filter(|(name, domain)| {
        let labels_ok = domain.split('.').all(|l| !l.is_empty() && !l.starts_with('-') && !l.ends_with('-'));
        let chars_ok = domain.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-');
        let name_ok = !name.is_empty()
            && name.len() <= 64
            && !name.contains(|c: char| c.is_whitespace() || "@,;<>()\"".contains(c));
        domain.contains('.') && labels_ok && chars_ok && name_ok && plain.len() <= 254
    });
    valid.map(|(name, domain)| format!("{name}@{}", domain.to_lowercase())).ok_or_else(|| {
        Problem::row(0, "cell.email", T("“{value}”不是有效的邮箱地址", "“{value}” is not an e-mail address"))
            .arg("value", short(text))
    })
}

/// A value as quoted in a message; nobody wants a page of text there.
pub(super) fn short(text: &str) -> String {
    let mut out: String = text.chars().take(40).collect();
    if text.chars().nth(40).is_some() {
        out.push('…');
    }
    out
}

impl CellValue {
    /// The value as text, in a form that [`parse_cell`] reads back to the same value. Choices show their
    /// label.
    pub fn to_text(&self, kind: CellKind, lang: Lang, zone: &Tz) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Int(n) => n.to_string(),
            Self::Money(amount) => amount.fmt_plain(),
            Self::Qty(quantity) => quantity.to_string(),
            Self::Date(date) => date.to_string(),
            Self::DateTime(at) => at.to_zoned(zone).strftime("%Y-%m-%d %H:%M:%S").to_string(),
            Self::Bool(true) => T("是", "yes").get(lang).to_owned(),
            Self::Bool(false) => T("否", "no").get(lang).to_owned(),
            Self::Choice(code) => match kind {
                CellKind::Choice(choices) => {
                    choices.iter().find(|(c, _)| c == code).map_or(*code, |(_, l)| l.get(lang)).to_owned()
                }
                _ => (*code).to_owned(),
            },
        }
    }
}
