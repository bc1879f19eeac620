//! Instants, calendar dates and the injected clock.

use std::{
    borrow::Cow,
    fmt,
    str::FromStr,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicI64, Ordering},
    },
};

use jiff::{Timestamp, civil, tz::TimeZoneDatabase};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::{RuleError, T};

pub use jiff::tz::TimeZone as Tz;

const SEC: i64 = 1_000_000;

/// The zone of an IANA name such as `Asia/Shanghai`, from the tables built into the program (the same rules on every
/// machine). Error `time.zone`.
pub fn zone(name: &str) -> Result<Tz, RuleError> {
    static BUNDLED: OnceLock<TimeZoneDatabase> = OnceLock::new();
    BUNDLED.get_or_init(TimeZoneDatabase::bundled).get(name).map_err(|_| {
        RuleError::new("time.zone", T("未知时区：{zone}", "Unknown time zone: {zone}")).arg("zone", name)
    })
}

/// The zone of a company that said nothing of its own; the only place that names one.
pub const HOME_ZONE: &str = "Asia/Shanghai";

/// Zones in which everything that computes with wall clocks is tested: the home zone, summer time that comes and goes on
/// both halves of the earth, that was given up (Brazil in 2019), of half an hour, a day that never was (Samoa), and an
/// offset of three quarters of an hour.
pub const PROBE_ZONES: [&str; 7] = [
    HOME_ZONE,
    "Europe/Berlin",
    "America/Sao_Paulo",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Kathmandu",
];

/// The zone of a name that was checked when it was saved; an empty or unknown one is [`HOME_ZONE`].
pub fn zone_or_home(name: &str) -> Tz {
    zone(name).or_else(|_| zone(HOME_ZONE)).unwrap_or(Tz::UTC)
}

/// How a zone's clocks differ from UTC in seconds: the first offset, and those that follow with the instant from which
/// each holds, for the years in which the product keeps things (1990 to 2060).
pub fn offsets(tz: &Tz) -> (i64, Vec<(Ts, i64)>) {
    const FROM: Ts = Ts(631_152_000 * SEC);
    const TO: Ts = Ts(2_871_763_200 * SEC);
    let at = |ts: Ts| i64::from(tz.to_offset(ts.to_jiff()).seconds());
    let first = at(FROM);
    let mut later: Vec<(Ts, i64)> = Vec::new();
    let changes = tz.following(FROM.to_jiff()).map(|change| Ts::from_jiff(change.timestamp()));
    for change in changes.take_while(|change| *change < TO) {
        // A zone may change its name or rule without moving its clocks.
        if at(change) != later.last().map_or(first, |(_, offset)| *offset) {
            later.push((change, at(change)));
        }
    }
    (first, later)
}

/// An instant: microseconds since 1970-01-01T00:00:00Z. In JSON an RFC 3339 text in UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ts(pub i64);

impl Ts {
    /// 1900-01-01T00:00:00Z, the earliest instant the product accepts.
    pub const MIN: Ts = Ts(-2_208_988_800 * SEC);
    /// The last microsecond before 2200-01-01T00:00:00Z.
    pub const MAX: Ts = Ts(7_258_118_400 * SEC - 1);

    pub fn from_jiff(ts: Timestamp) -> Ts {
        Ts(ts.as_microsecond())
    }

    /// As a jiff timestamp; an instant outside jiff's range is taken to the nearest bound.
    pub fn to_jiff(self) -> Timestamp {
        let bounded = self.0.clamp(Ts::MIN.0, Ts::MAX.0);
        Timestamp::from_microsecond(bounded).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// `self`, or `time.range` when the year is not within 1900..=2199.
    pub fn checked(self) -> Result<Ts, RuleError> {
        if (Ts::MIN..=Ts::MAX).contains(&self) {
            return Ok(self);
        }
        Err(RuleError::new(
            "time.range",
            T("时间超出允许范围（1900–2199 年）", "The time is outside the years 1900 to 2199"),
        ))
    }

    /// Reads RFC 3339 with any offset. Errors `time.format`, `time.range`.
    pub fn parse(text: &str) -> Result<Ts, RuleError> {
        let parsed: Timestamp = text.trim().parse().map_err(|_| {
            RuleError::new(
                "time.format",
                T(
                    "时间格式不正确，应如 2026-11-22T08:30:00+08:00",
                    "The time must look like 2026-11-22T08:30:00+08:00",
                ),
            )
        })?;
        Ts::from_jiff(parsed).checked()
    }

    pub fn to_zoned(self, tz: &Tz) -> jiff::Zoned {
        self.to_jiff().to_zoned(tz.clone())
    }

    /// The calendar date of this instant in a zone.
    pub fn date_in(self, tz: &Tz) -> Date {
        Date(self.to_zoned(tz).date())
    }

    /// The instant at which a zone's clocks show `minute` minutes after midnight of `date` (0..=1440). A time that
    /// clocks skip becomes the moment of the skip; of a time shown twice the first is taken.
    pub fn at_local(date: Date, minute: u16, tz: &Tz) -> Ts {
        let minute = i64::from(minute.min(1440));
        let wall = date.utc_midnight() + minute * 60 * SEC;
        let offset_at = |micros: i64| i64::from(tz.to_offset(Ts(micros).to_jiff()).seconds()) * SEC;
        // Offsets differ from UTC by at most a day and change rarely, so the two that matter are those a day around.
        let (before, after) = (offset_at(wall - 86_400 * SEC), offset_at(wall + 86_400 * SEC));
        let first = wall - before.max(after);
        let second = wall - before.min(after);
        for candidate in [first, second] {
            if candidate + offset_at(candidate) == wall {
                return Ts(candidate);
            }
        }
        let skipped = tz.following(Ts(first - SEC).to_jiff()).next().map(|t| Ts::from_jiff(t.timestamp()));
        skipped.filter(|t| t.0 <= second).unwrap_or(Ts(second))
    }

    #[must_use]
    pub const fn plus_micros(self, n: i64) -> Ts {
        Ts(self.0.saturating_add(n))
    }
    #[must_use]
    pub const fn plus_secs(self, n: i64) -> Ts {
        Ts(self.0.saturating_add(n.saturating_mul(SEC)))
    }
    #[must_use]
    pub const fn plus_mins(self, n: i64) -> Ts {
        self.plus_secs(n.saturating_mul(60))
    }
    #[must_use]
    pub const fn plus_hours(self, n: i64) -> Ts {
        self.plus_secs(n.saturating_mul(3600))
    }
    /// Adds spans of 24 hours (not calendar days of a zone).
    #[must_use]
    pub const fn plus_days(self, n: i64) -> Ts {
        self.plus_secs(n.saturating_mul(86_400))
    }

    pub const fn micros_since(self, earlier: Ts) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
    pub const fn secs_since(self, earlier: Ts) -> i64 {
        self.micros_since(earlier) / SEC
    }
    pub const fn mins_since(self, earlier: Ts) -> i64 {
        self.secs_since(earlier) / 60
    }
}

impl fmt::Display for Ts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_jiff().fmt(f)
    }
}

impl FromStr for Ts {
    type Err = RuleError;
    fn from_str(s: &str) -> Result<Self, RuleError> {
        Ts::parse(s)
    }
}

impl Serialize for Ts {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Ts {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Ts::parse(&Cow::<str>::deserialize(d)?).map_err(D::Error::custom)
    }
}

impl JsonSchema for Ts {
    fn schema_name() -> Cow<'static, str> {
        "Ts".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date-time"})
    }
}

/// A calendar date without time or zone, 'YYYY-MM-DD' in JSON and in the database. Years 1900..=2199 when parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date(pub civil::Date);

/// In which order the numbers of a date stand when the year is not written first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateHint {
    /// `2026/1/31`, `2026-01-31`, `2026.1.31`, `2026年1月31日`, `20260131`
    YearFirst,
    /// `31/1/2026`
    DayFirst,
    /// `1/31/2026`
    MonthFirst,
}

impl Date {
    /// Error `date.invalid` for a day that does not exist, `time.range` for a year outside 1900..=2199.
    pub fn new(year: i16, month: i8, day: i8) -> Result<Date, RuleError> {
        if !(1900..=2199).contains(&year) {
            return Err(RuleError::new(
                "time.range",
                T("日期超出允许范围（1900–2199 年）", "The date is outside the years 1900 to 2199"),
            ));
        }
        civil::Date::new(year, month, day)
            .map(Date)
            .map_err(|_| invalid_date(&format!("{year}-{month}-{day}")))
    }

    /// Strictly `YYYY-MM-DD`.
    pub fn parse_iso(text: &str) -> Result<Date, RuleError> {
        let b = text.as_bytes();
        let shape = b.len() == 10 && b[4] == b'-' && b[7] == b'-';
        if shape { Date::parse_with(text, DateHint::YearFirst) } else { Err(invalid_date(text)) }
    }

    /// Reads numbers in the order of the hint, between `-`, `/`, `.` or 年月日.
    pub fn parse_with(text: &str, hint: DateHint) -> Result<Date, RuleError> {
        let bad = || invalid_date(text);
        let text = text.trim().trim_end_matches('日');
        let compact =
            hint == DateHint::YearFirst && text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
        let parts: Vec<&str> = if compact {
            vec![&text[..4], &text[4..6], &text[6..]]
        } else {
            text.split(['-', '/', '.', '年', '月']).map(str::trim).collect()
        };
        let [a, b, c] = parts[..] else { return Err(bad()) };
        let (y, m, d) = match hint {
            DateHint::YearFirst => (a, b, c),
            DateHint::DayFirst => (c, b, a),
            DateHint::MonthFirst => (c, a, b),
        };
        let plain =
            |s: &str, max: usize| !s.is_empty() && s.len() <= max && s.bytes().all(|b| b.is_ascii_digit());
        if y.len() != 4 || !plain(y, 4) || !plain(m, 2) || !plain(d, 2) {
            return Err(bad());
        }
        Date::new(y.parse().map_err(|_| bad())?, m.parse().map_err(|_| bad())?, d.parse().map_err(|_| bad())?)
    }

    /// Lenient: the year first in any of its spellings, otherwise day/month/year.
    pub fn parse(text: &str) -> Result<Date, RuleError> {
        Date::parse_with(text, DateHint::YearFirst)
            .or_else(|first| Date::parse_with(text, DateHint::DayFirst).map_err(|_| first))
    }

    pub fn year(self) -> i16 {
        self.0.year()
    }
    pub fn month(self) -> i8 {
        self.0.month()
    }
    pub fn day(self) -> i8 {
        self.0.day()
    }
    /// 0 = Monday … 6 = Sunday.
    pub fn weekday(self) -> usize {
        usize::try_from(self.0.weekday().to_monday_zero_offset()).unwrap_or(0)
    }

    /// Adds days, staying within the dates that exist (years -9999..=9999).
    #[must_use]
    pub fn plus_days(self, days: i64) -> Date {
        let bound = days.clamp(-7_300_000, 7_300_000);
        Date(self.0.saturating_add(jiff::Span::new().days(bound)))
    }

    /// Adds months; the 31st becomes the last day of a shorter month.
    #[must_use]
    pub fn plus_months(self, months: i64) -> Date {
        let bound = months.clamp(-200_000, 200_000);
        Date(self.0.saturating_add(jiff::Span::new().months(bound)))
    }

    #[must_use]
    pub fn first_of_month(self) -> Date {
        Date(self.0.first_of_month())
    }
    #[must_use]
    pub fn last_of_month(self) -> Date {
        Date(self.0.last_of_month())
    }

    pub fn days_since(self, earlier: Date) -> i64 {
        (self.utc_midnight() - earlier.utc_midnight()) / (86_400 * SEC)
    }

    /// Microseconds from the epoch to this date's midnight, as if the zone were UTC.
    pub(crate) fn utc_midnight(self) -> i64 {
        // Days from the civil calendar, after Howard Hinnant's "chrono-compatible low-level date algorithms".
        let (y, m, d) = (i64::from(self.year()), i64::from(self.month()), i64::from(self.day()));
        let y = if m <= 2 { y - 1 } else { y };
        let era = y.div_euclid(400);
        let year_of_era = y - era * 400;
        let day_of_year = (153 * ((m + 9) % 12) + 2) / 5 + d - 1;
        let days =
            era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468;
        days * 86_400 * SEC
    }
}

fn invalid_date(text: &str) -> RuleError {
    let shown: String = text.chars().take(40).collect();
    RuleError::new(
        "date.invalid",
        T("日期不正确：{value}，应如 2026-11-22", "Not a date: {value}; write it like 2026-11-22"),
    )
    .arg("value", shown)
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Date {
    type Err = RuleError;
    fn from_str(s: &str) -> Result<Self, RuleError> {
        Date::parse_iso(s)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Date::parse_iso(&Cow::<str>::deserialize(d)?).map_err(D::Error::custom)
    }
}

impl JsonSchema for Date {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date"})
    }
}

/// Where "now" comes from. Handed in, never asked of the machine.
pub trait Clock: Send + Sync {
    fn now(&self) -> Ts;
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> Ts {
        (**self).now()
    }
}

/// The machine's clock: the only place of the product that reads it.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods)]
    fn now(&self) -> Ts {
        Ts::from_jiff(Timestamp::now())
    }
}

/// A clock that stands still until it is moved. Clones share the same hands.
#[derive(Clone, Debug)]
pub struct FixedClock(Arc<AtomicI64>);

impl FixedClock {
    pub fn new(at: Ts) -> Self {
        FixedClock(Arc::new(AtomicI64::new(at.0)))
    }
    pub fn set(&self, at: Ts) {
        self.0.store(at.0, Ordering::SeqCst);
    }
    pub fn advance_secs(&self, secs: i64) {
        self.0.fetch_add(secs.saturating_mul(SEC), Ordering::SeqCst);
    }
    pub fn advance(&self, by: std::time::Duration) {
        let micros = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        self.0.fetch_add(micros, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Ts {
        Ts(self.0.load(Ordering::SeqCst))
    }
}
