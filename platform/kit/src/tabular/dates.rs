//! Dates as people write them.

use jiff::civil;
use kernel::{Date, RuleError, T, Ts};

use super::cell::{CellOptions, short};
use super::fold::half_width;
use super::problem::{Problem, refuse};

/// An order of day, month and year, from a format such as `d/m/y`. Separators are not looked at; `yy` allows
/// years of two digits (00–69 are 2000–2069).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateOrder {
    /// The letters `d`, `m`, `y` in the order they stand.
    order: [u8; 3],
    short_year: bool,
}

impl DateOrder {
    /// Reads a format; error `map.date_format`.
    pub fn parse(format: &str) -> Result<Self, RuleError> {
        let lower = format.to_lowercase();
        let mut letters: Vec<u8> = lower.bytes().filter(u8::is_ascii_alphabetic).collect();
        let years = letters.iter().filter(|b| **b == b'y').count();
        letters.dedup();
        let mut sorted = letters.clone();
        sorted.sort_unstable();
        match (<[u8; 3]>::try_from(letters), sorted.as_slice()) {
            (Ok(order), b"dmy") => Ok(Self { order, short_year: years == 2 }),
            _ => Err(refuse(
                "map.date_format",
                T(
                    "日期格式“{format}”应由 d、m、y 组成，如 d/m/y",
                    "The date format “{format}” should be made of d, m and y, like d/m/y",
                ),
                &[("format", format.to_owned())],
            )),
        }
    }

    fn read(self, parts: [(i32, usize); 3]) -> Option<(i32, i32, i32)> {
        let of = |letter| self.order.iter().position(|l| *l == letter).map(|i| parts[i]);
        let ((year, digits), month, day) = (of(b'y')?, of(b'm')?.0, of(b'd')?.0);
        match digits {
            4 => Some((year, month, day)),
            2 if self.short_year => Some((if year < 70 { 2000 + year } else { 1900 + year }, month, day)),
            _ => None,
        }
    }
}

/// Reads `2026-01-31`, `2026/1/31`, `20260131`, `2026年1月31日`, and `31/01/2026` when an order allows it or
/// only one reading is possible. A time behind the date is dropped.
pub(super) fn parse_date(text: &str, orders: &[DateOrder]) -> Result<Date, Problem> {
    let plain = half_width(text);
    let (date, _) = split_time(&plain);
    find_date(date, orders).map_err(|problem| problem.arg("value", short(text)))
}

/// Reads a date with a time of day, in the zone of the options unless an offset is given. A bare date is its
/// midnight.
pub(super) fn parse_datetime(text: &str, options: &CellOptions) -> Result<Ts, Problem> {
    let plain = half_width(text);
    // Only a text with an offset is an instant by itself.
    if let Ok(at) = Ts::parse(&plain.replacen(' ', "T", 1)) {
        return Ok(at);
    }
    let (date, time) = split_time(&plain);
    let date = find_date(date, &options.date_orders).map_err(|problem| problem.arg("value", short(text)))?;
    let time = read_time(time).ok_or_else(|| not_a_date().arg("value", short(text)))?;
    let local = civil::DateTime::from_parts(date.0, time).to_zoned(options.zone.clone());
    local.map(|zoned| Ts::from_jiff(zoned.timestamp())).map_err(|_| out_of_range().arg("value", short(text)))
}

fn split_time(text: &str) -> (&str, &str) {
    let text = text.trim();
    match text.split_once(|c: char| c == 'T' || c.is_whitespace()) {
        // `2026年 1月 31日`: the blank is inside the date.
        Some((date, time)) if !time.contains(['月', '日']) => (date, time.trim()),
        _ => (text, ""),
    }
}

fn find_date(text: &str, orders: &[DateOrder]) -> Result<Date, Problem> {
    let parts = number_parts(text).ok_or_else(not_a_date)?;
    if parts[0].1 == 4 {
        return build(parts[0].0, parts[1].0, parts[2].0);
    }
    let readings: Vec<(i32, i32, i32)> = if orders.is_empty() {
        let guesses = [
            DateOrder { order: *b"dmy", short_year: false },
            DateOrder { order: *b"mdy", short_year: false },
        ];
        let mut found: Vec<_> = guesses
            .iter()
            .filter_map(|o| o.read(parts))
            .filter(|(_, m, d)| (1..=12).contains(m) && *d <= 31)
            .collect();
        found.dedup();
        if found.len() > 1 {
            return Err(Problem::row(
                0,
                "cell.date_ambiguous",
                T(
                    "“{value}”分不清日和月，请在映射中写明日期格式，如 d/m/y",
                    "“{value}” may be read two ways; say the date format in the mapping, d/m/y for instance",
                ),
            ));
        }
        found
    } else {
        orders.iter().filter_map(|o| o.read(parts)).collect()
    };
    let mut result = Err(not_a_date());
    for (year, month, day) in readings {
        result = build(year, month, day);
        if result.is_ok() {
            break;
        }
    }
    result
}

/// Three numbers with their count of digits; `20260131` is cut.
fn number_parts(text: &str) -> Option<[(i32, usize); 3]> {
    let text = text.trim().trim_end_matches(['日', '号']);
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return Some([
            (text[..4].parse().ok()?, 4),
            (text[4..6].parse().ok()?, 2),
            (text[6..].parse().ok()?, 2),
        ]);
    }
    let pieces: Vec<&str> = text.split(['-', '/', '.', '年', '月']).map(str::trim).collect();
    let read = |piece: &&str| {
        (piece.len() <= 4 && piece.bytes().all(|b| b.is_ascii_digit()))
            .then(|| Some((piece.parse().ok()?, piece.len())))?
    };
    match pieces.as_slice() {
        [a, b, c] => Some([read(a)?, read(b)?, read(c)?]),
        _ => None,
    }
}

fn build(year: i32, month: i32, day: i32) -> Result<Date, Problem> {
    if !(1900..2200).contains(&year) {
        return Err(out_of_range());
    }
    let parts = (i16::try_from(year), i8::try_from(month), i8::try_from(day));
    let (Ok(year), Ok(month), Ok(day)) = parts else { return Err(not_a_date()) };
    Date::new(year, month, day).map_err(|_| not_a_date())
}

/// Empty, `8:30`, `08:30:15`, `08:30:15.250`.
fn read_time(text: &str) -> Option<civil::Time> {
    if text.is_empty() {
        return Some(civil::Time::midnight());
    }
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let numbers: Option<Vec<i8>> = whole.split(':').map(|p| p.parse().ok()).collect();
    match numbers?.as_slice() {
        [hour, minute] => civil::Time::new(*hour, *minute, 0, 0).ok(),
        [hour, minute, second] => civil::Time::new(*hour, *minute, *second, 0).ok(),
        _ => None,
    }
}

fn not_a_date() -> Problem {
    Problem::row(
        0,
        "cell.date",
        T(
            "“{value}”不是有效的日期；若它表示“无”，请在映射的 [empty] 中列出",
            "“{value}” is not a date; if it stands for none, list it under [empty] in the mapping",
        ),
    )
}

fn out_of_range() -> Problem {
    Problem::row(
        0,
        "cell.date_range",
        T("“{value}”不在 1900–2199 年之间", "“{value}” is not within the years 1900 to 2199"),
    )
}
