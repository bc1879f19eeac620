//! Exact numbers for money, quantities and rates. No floating point, and no silent overflow.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use crate::{RuleError, T};

/// No amount or quantity of a service company comes near this; a bigger one is a typing or a program error.
const LIMIT: i64 = 10_000_000_000_000;

fn too_large() -> RuleError {
    RuleError::new("number.too_large", T("数值过大", "The number is too large"))
}

fn bounded(value: i128) -> Result<i64, RuleError> {
    i64::try_from(value).ok().filter(|v| (-LIMIT..=LIMIT).contains(v)).ok_or_else(too_large)
}

/// Division by a positive number, halves rounded away from zero ("half up" for amounts owed and for their refunds).
fn div_half_up(value: i128, by: i128) -> i128 {
    let half = by / 2;
    if value >= 0 { (value + half) / by } else { (value - half) / by }
}

/// An amount in minor units (fen, cents) of the company's currency; CNY unless set otherwise. JSON: an integer of
/// minor units. At most 10^13 minor units either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Money(pub i64);

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self(i64::deserialize(deserializer)?).checked().map_err(D::Error::custom)
    }
}

impl Money {
    /// Itself, unless it is larger than any that can be meant; `number.too_large` then.
    pub fn checked(self) -> Result<Self, RuleError> {
        bounded(i128::from(self.0)).map(Self)
    }
    pub const ZERO: Money = Money(0);

    /// Whole units, `Money::yuan(3)` is 3.00.
    pub const fn yuan(units: i64) -> Money {
        Money(units.saturating_mul(100))
    }

    pub fn checked_add(self, other: Money) -> Result<Money, RuleError> {
        bounded(i128::from(self.0) + i128::from(other.0)).map(Money)
    }
    pub fn checked_sub(self, other: Money) -> Result<Money, RuleError> {
        bounded(i128::from(self.0) - i128::from(other.0)).map(Money)
    }
    /// Unit price × quantity, rounded half up to the minor unit.
    pub fn checked_mul(self, quantity: Quantity) -> Result<Money, RuleError> {
        bounded(div_half_up(i128::from(self.0) * i128::from(quantity.0), 1000)).map(Money)
    }
    /// Share of the amount, rounded half up to the minor unit.
    pub fn checked_bp(self, rate: Bp) -> Result<Money, RuleError> {
        bounded(div_half_up(i128::from(self.0) * i128::from(rate.0), 10_000)).map(Money)
    }
    /// Amount ÷ quantity, as for an average cost; `number.divide_by_zero` without quantity.
    pub fn checked_div(self, quantity: Quantity) -> Result<Money, RuleError> {
        if quantity.0 == 0 {
            return Err(RuleError::new("number.divide_by_zero", T("除数不能为零", "Division by zero")));
        }
        let sign = i128::from(quantity.0.signum());
        bounded(div_half_up(i128::from(self.0) * 1000 * sign, i128::from(quantity.0) * sign)).map(Money)
    }
    /// The same amount owed the other way.
    #[must_use]
    pub const fn neg(self) -> Money {
        Money(self.0.saturating_neg())
    }
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    pub fn sum(amounts: impl IntoIterator<Item = Money>) -> Result<Money, RuleError> {
        amounts.into_iter().try_fold(Money::ZERO, Money::checked_add)
    }

    /// Shares an amount over weights so that the parts add up exactly: leftover minor units go to the largest
    /// remainders, first come first. All weights zero: everything goes to the first.
    pub fn split(self, weights: &[u32]) -> Vec<Money> {
        let total: i128 = weights.iter().map(|w| i128::from(*w)).sum();
        if weights.is_empty() || total == 0 {
            return weights
                .iter()
                .enumerate()
                .map(|(i, _)| if i == 0 { self } else { Money::ZERO })
                .collect();
        }
        let (sign, amount) = (self.0.signum(), i128::from(self.0).abs());
        let exact = |w: u32| amount * i128::from(w);
        let mut parts: Vec<i128> = weights.iter().map(|w| exact(*w) / total).collect();
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by_key(|i| std::cmp::Reverse(exact(weights[*i]) % total));
        let left = amount - parts.iter().sum::<i128>();
        for i in order.into_iter().take(usize::try_from(left).unwrap_or(0)) {
            parts[i] += 1;
        }
        parts.into_iter().map(|p| Money(sign * i64::try_from(p).unwrap_or(0))).collect()
    }

    /// `1,234.50`, for people.
    pub fn fmt_money(&self) -> String {
        let (whole, cents) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        let digits = whole.to_string();
        let mut out = String::with_capacity(digits.len() + 8);
        if self.0 < 0 {
            out.push('-');
        }
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i) % 3 == 0 {
                out.push(',');
            }
            out.push(digit);
        }
        out.push_str(&format!(".{cents:02}"));
        out
    }

    /// `1234.50`, for input fields and files.
    pub fn fmt_plain(&self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        format!("{sign}{}.{:02}", self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100)
    }

    /// Reads what people type: `1,234.5`, `¥ 12`, `￥１２`, `12元`, `-3`. Errors `money.format`, `number.decimals` (more
    /// than two), `number.too_large`.
    pub fn parse(text: &str) -> Result<Money, RuleError> {
        let bad = || {
            RuleError::new(
                "money.format",
                T("金额格式不正确，应如 1,234.50", "The amount must look like 1,234.50"),
            )
        };
        let mut text = narrow(text);
        text.retain(|c| !c.is_whitespace() && c != '¥');
        let text = text.trim_end_matches('元').trim_start_matches("CNY").trim_start_matches("RMB");
        decimal(text, 2, bad).map(Money)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.fmt_money())
    }
}

impl FromStr for Money {
    type Err = RuleError;
    fn from_str(s: &str) -> Result<Self, RuleError> {
        Money::parse(s)
    }
}

/// A quantity in thousandths of its unit. JSON: an integer of thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Quantity(pub i64);

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self(i64::deserialize(deserializer)?).checked().map_err(D::Error::custom)
    }
}

impl Quantity {
    /// Itself, unless it is larger than any that can be meant; `number.too_large` then.
    pub fn checked(self) -> Result<Self, RuleError> {
        bounded(i128::from(self.0)).map(Self)
    }
    pub const ZERO: Quantity = Quantity(0);
    pub const ONE: Quantity = Quantity(1000);

    /// Whole units, `Quantity::units(3)` is 3.
    pub const fn units(n: i64) -> Quantity {
        Quantity(n.saturating_mul(1000))
    }
    pub fn checked_add(self, other: Quantity) -> Result<Quantity, RuleError> {
        bounded(i128::from(self.0) + i128::from(other.0)).map(Quantity)
    }
    pub fn checked_sub(self, other: Quantity) -> Result<Quantity, RuleError> {
        bounded(i128::from(self.0) - i128::from(other.0)).map(Quantity)
    }
    /// Quantity × quantity (per unit × units), rounded half up to thousandths.
    pub fn checked_mul(self, factor: Quantity) -> Result<Quantity, RuleError> {
        bounded(div_half_up(i128::from(self.0) * i128::from(factor.0), 1000)).map(Quantity)
    }
    #[must_use]
    pub const fn neg(self) -> Quantity {
        Quantity(self.0.saturating_neg())
    }
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }
    pub const fn is_whole(self) -> bool {
        self.0 % 1000 == 0
    }
    pub fn sum(items: impl IntoIterator<Item = Quantity>) -> Result<Quantity, RuleError> {
        items.into_iter().try_fold(Quantity::ZERO, Quantity::checked_add)
    }

    /// Reads `1.5`, `2`, `1,000`. Errors `quantity.format`, `number.decimals` (more than three), `number.too_large`.
    pub fn parse(text: &str) -> Result<Quantity, RuleError> {
        let bad = || {
            RuleError::new(
                "quantity.format",
                T("数量格式不正确，应如 2 或 1.5", "The quantity must look like 2 or 1.5"),
            )
        };
        decimal(narrow(text).trim(), 3, bad).map(Quantity)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&trimmed(self.0, 3))
    }
}

impl FromStr for Quantity {
    type Err = RuleError;
    fn from_str(s: &str) -> Result<Self, RuleError> {
        Quantity::parse(s)
    }
}

/// A rate in basis points: `Bp(10_000)` is 100 %. JSON: an integer of basis points.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct Bp(pub i64);

impl Bp {
    pub const ZERO: Bp = Bp(0);
    pub const FULL: Bp = Bp(10_000);

    pub const fn percent(n: i64) -> Bp {
        Bp(n.saturating_mul(100))
    }

    /// Reads `12.5%` or `12.5` (both mean per cent). Errors `rate.format`, `number.decimals`, `number.too_large`.
    pub fn parse(text: &str) -> Result<Bp, RuleError> {
        let bad = || {
            RuleError::new("rate.format", T("比例格式不正确，应如 12.5%", "The rate must look like 12.5%"))
        };
        let text = narrow(text);
        decimal(text.trim().trim_end_matches('%').trim_end(), 2, bad).map(Bp)
    }

    /// `part` of `whole` as a rate, rounded half up; zero when there is no whole.
    pub fn of(part: i64, whole: i64) -> Bp {
        if whole == 0 {
            return Bp::ZERO;
        }
        let sign = i128::from(whole.signum());
        let rate = div_half_up(i128::from(part) * 10_000 * sign, i128::from(whole) * sign);
        Bp(i64::try_from(rate).unwrap_or(if rate < 0 { i64::MIN } else { i64::MAX }))
    }
}

impl fmt::Display for Bp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}%", trimmed(self.0, 2)))
    }
}

impl FromStr for Bp {
    type Err = RuleError;
    fn from_str(s: &str) -> Result<Self, RuleError> {
        Bp::parse(s)
    }
}

/// Full-width digits and signs, as Chinese keyboards type them, to plain ones.
fn narrow(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '０'..='９' | '．' | '，' | '－' | '＋' | '％' => {
                char::from_u32(c as u32 - 0xfee0).unwrap_or(c)
            }
            '￥' => '¥',
            '−' => '-',
            '\u{3000}' => ' ',
            c => c,
        })
        .collect()
}

/// A decimal with at most `places` decimals, in units of the last place. Commas only as thousands separators.
fn decimal(text: &str, places: usize, bad: impl Fn() -> RuleError) -> Result<i64, RuleError> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits_only = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let grouped = whole.split(',').enumerate().all(|(i, group)| {
        let length_ok =
            if i == 0 { !whole.contains(',') || (1..=3).contains(&group.len()) } else { group.len() == 3 };
        length_ok && digits_only(group)
    });
    if whole.is_empty() && fraction.is_empty() || !grouped || !digits_only(fraction) || text.ends_with('.') {
        return Err(bad());
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > places {
        return Err(RuleError::new(
            "number.decimals",
            T("最多 {places} 位小数", "At most {places} decimals"),
        )
        .arg("places", places));
    }
    let mut value: i128 = 0;
    let padding = std::iter::repeat_n(b'0', places - fraction.len());
    for digit in whole.bytes().filter(u8::is_ascii_digit).chain(fraction.bytes()).chain(padding) {
        value = value * 10 + i128::from(digit - b'0');
        if value > i128::from(LIMIT) {
            return Err(too_large());
        }
    }
    bounded(if negative { -value } else { value })
}

/// A scaled integer as a decimal without trailing zeros.
fn trimmed(value: i64, places: u32) -> String {
    let scale = 10_u64.pow(places);
    let (whole, fraction) = (value.unsigned_abs() / scale, value.unsigned_abs() % scale);
    let sign = if value < 0 { "-" } else { "" };
    if fraction == 0 {
        return format!("{sign}{whole}");
    }
    let fraction = format!("{fraction:0width$}", width = places as usize);
    format!("{sign}{whole}.{}", fraction.trim_end_matches('0'))
}
