//! Business calendars and deadlines (PLAT-12, WO-08..WO-14, PARTS-27, PARTS-60).
//!
//! A calendar says when people work, in the wall-clock time of its zone. Every instant is working or not by what the
//! clocks show at that instant: an hour that summer time skips is not worked, an hour shown twice is worked twice.
//! Calculations walk from day to day, never from minute to minute.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::explain::Steps;
use crate::{Date, DueExplained, Lang, Quantity, RuleError, StepKind, T, Ts, Tz, zone};

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 1440 * MINUTE;
/// A deadline that is not reached within this many days is refused: something is wrong with the calendar or the span.
const HORIZON_DAYS: i64 = 366 * 20;

/// When an organisation works. `week` is Monday … Sunday, each a list of `(start, end)` in minutes after midnight
/// (0..=1440, end not included). `holidays` are free. `makeup` days are worked with Monday's hours, although weekend or
/// even holiday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BusinessCalendar {
    /// IANA name, such as `Asia/Shanghai`; empty until the organisation that it is for gives its own.
    #[serde(default)]
    pub tz: String,
    pub week: [Vec<(u16, u16)>; 7],
    #[serde(default)]
    pub holidays: BTreeSet<Date>,
    #[serde(default)]
    pub makeup: BTreeSet<Date>,
}

/// How long something may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "unit", content = "value", rename_all = "snake_case")]
pub enum Span {
    /// Minutes by the clock, day and night.
    Hours(i64),
    /// Minutes within working hours.
    WorkingMinutes(i64),
    /// Until the close of business of the n-th working day after the start day. `0`: close of business of the start day,
    /// or of the next working day when the start day has no working time left.
    WorkingDays(i64),
    /// The next such day of a month at that hour (0..=24), after the start; in shorter months their last day.
    ByDayOfMonth { day: u8, hour: u8 },
    /// Minutes by the clock, but public holidays do not count (节假日顺延).
    ClockHoursHolidaysExtended(i64),
}

impl Span {
    /// Hours by the clock, as in "within 24 h".
    pub const fn hours(n: i64) -> Span {
        Span::Hours(n.saturating_mul(60))
    }
    /// Hours of working time.
    pub const fn working_hours(n: i64) -> Span {
        Span::WorkingMinutes(n.saturating_mul(60))
    }

    /// From a text such as `30m`, `4h`, `24hx` (public holidays do not count), `8wh` (working hours), `3wd` (working
    /// days), `7d` (days by the clock) or `by25` (the 25th, 18:00).
    ///
    /// Errors: `span.form` when the text is none of these.
    pub fn parse(text: &str) -> Result<Span, RuleError> {
        let text = text.trim();
        let number = |suffix: &str| {
            let digits = text.strip_suffix(suffix)?.trim();
            digits.parse::<i64>().ok().filter(|n| (0..=100_000).contains(n))
        };
        if let Some(day) = text.strip_prefix("by").and_then(|d| d.parse::<u8>().ok()) {
            if (1..=31).contains(&day) {
                return Ok(Span::ByDayOfMonth { day, hour: 18 });
            }
        } else if let Some(days) = number("wd") {
            return Ok(Span::WorkingDays(days));
        } else if let Some(hours) = number("wh") {
            return Ok(Span::WorkingMinutes(hours * 60));
        } else if let Some(hours) = number("hx") {
            return Ok(Span::ClockHoursHolidaysExtended(hours * 60));
        } else if let Some(minutes) = number("m") {
            return Ok(Span::Hours(minutes));
        } else if let Some(hours) = number("h") {
            return Ok(Span::Hours(hours * 60));
        } else if let Some(days) = number("d") {
            return Ok(Span::Hours(days * 1440));
        }
        Err(RuleError::new(
            "span.form",
            T(
                "时限应写成 30m、4h、24hx、8wh、3wd、7d 或 by25",
                "Write a time limit as 30m, 4h, 24hx, 8wh, 3wd, 7d or by25",
            ),
        ))
    }

    /// Units of the text form with their names, for a number beside a choice of units.
    pub const UNITS: &'static [(&'static str, T)] = &[
        ("m", T("分钟", "minutes")),
        ("h", T("小时", "hours")),
        ("hx", T("小时（节假日顺延）", "hours, holidays excluded")),
        ("wh", T("工作小时", "working hours")),
        ("wd", T("工作日", "working days")),
        ("d", T("天", "days")),
        ("by", T("日（每月该日 18 时前）", "day of the month, 18:00")),
    ];

    /// Number and unit of a text that [`Span::parse`] reads: `3wd` is 3 and `wd`.
    pub fn split(text: &str) -> Option<(&str, &'static str)> {
        let text = text.trim();
        Span::parse(text).ok()?;
        let number = text.trim_start_matches("by").trim_end_matches(|c: char| !c.is_ascii_digit());
        let unit = if text.starts_with("by") { "by" } else { text.strip_prefix(number)?.trim() };
        Self::UNITS.iter().find(|(code, _)| *code == unit).map(|(code, _)| (number, *code))
    }

    /// The text of a number and a unit; not checked, [`Span::parse`] does that.
    pub fn join(number: &str, unit: &str) -> String {
        let number = number.trim();
        if unit == "by" { format!("by{number}") } else { format!("{number}{unit}") }
    }

    /// The limit in words: "24 小时", "3 个工作日", "每月 25 日 18 时前".
    pub fn text(&self, lang: Lang) -> String {
        let hours = |minutes: i64| Quantity(minutes.saturating_mul(1000) / 60).to_string();
        let (text, n) = match *self {
            Span::Hours(m) if m % 60 != 0 && m < 600 => (T("{n} 分钟", "{n} min"), m.to_string()),
            Span::Hours(m) => (T("{n} 小时", "{n} h"), hours(m)),
            Span::WorkingMinutes(m) => (T("{n} 工作小时", "{n} working hours"), hours(m)),
            Span::WorkingDays(n) => (T("{n} 个工作日", "{n} working days"), n.to_string()),
            Span::ByDayOfMonth { day, .. } => {
                (T("每月 {n} 日 {hour} 时前", "by day {n} of the month, {hour}:00"), day.to_string())
            }
            Span::ClockHoursHolidaysExtended(m) => {
                (T("{n} 小时（节假日顺延）", "{n} h, holidays excluded"), hours(m))
            }
        };
        let hour = if let Span::ByDayOfMonth { hour, .. } = self { hour.to_string() } else { String::new() };
        text.fill(lang, &[("n", n), ("hour", hour)])
    }
}

/// The clock stood still from `from` to `to` (`None`: it still does), for a coded reason (WO-14).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Pause {
    pub from: Ts,
    pub to: Option<Ts>,
    pub reason: String,
}

impl BusinessCalendar {
    /// Monday to Friday 08:30–17:30 in Asia/Shanghai, with the public holidays and make-up working days of 2026 as the
    /// State Council published them on 4 November 2025.
    pub fn china_2026() -> Self {
        const FREE: [(i8, i8, i8); 7] =
            [(1, 1, 3), (2, 15, 23), (4, 4, 6), (5, 1, 5), (6, 19, 21), (9, 25, 27), (10, 1, 7)];
        const MAKEUP: [(i8, i8); 6] = [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)];
        let date = |m: i8, d: i8| Date(jiff::civil::date(2026, m, d));
        let day = vec![(8 * 60 + 30, 17 * 60 + 30)];
        BusinessCalendar {
            tz: "Asia/Shanghai".to_owned(),
            week: std::array::from_fn(|i| if i < 5 { day.clone() } else { Vec::new() }),
            holidays: FREE
                .iter()
                .flat_map(|(m, first, last)| (*first..=*last).map(|d| date(*m, d)))
                .collect(),
            makeup: MAKEUP.iter().map(|(m, d)| date(*m, *d)).collect(),
        }
    }

    /// Day and night, every day.
    pub fn always(tz: impl Into<String>) -> Self {
        BusinessCalendar {
            tz: tz.into(),
            week: std::array::from_fn(|_| vec![(0, 1440)]),
            holidays: BTreeSet::new(),
            makeup: BTreeSet::new(),
        }
    }

    /// Checks zone (none is the organisation's) and hours before a calendar is saved. Errors `time.zone`; `calendar.hours`,
    /// `calendar.no_working_time` (field `week`).
    pub fn check(&self) -> Result<(), RuleError> {
        if !self.tz.is_empty() {
            zone(&self.tz).map_err(|e| e.field("tz"))?;
        }
        if self.week.iter().flatten().any(|(start, end)| start >= end || *end > 1440) {
            return Err(RuleError::new(
                "calendar.hours",
                T(
                    "工作时段须在 00:00–24:00 之间，且开始早于结束",
                    "Working hours must lie between 00:00 and 24:00 and start before they end",
                ),
            )
            .field("week"));
        }
        need_working_time(self).map_err(|e| e.field("week"))
    }

    pub fn is_working_day(&self, date: Date) -> bool {
        self.hours(date).is_ok_and(|hours| hours.iter().any(|(start, end)| start < end))
    }

    /// Whole working minutes from `a` to `b`; zero when `b` is not after `a`.
    pub fn working_minutes_between(&self, a: Ts, b: Ts) -> Result<i64, RuleError> {
        Ok(self.working_micros(&zone(&self.tz)?, a.checked()?, b.checked()?) / MINUTE)
    }

    fn working_micros(&self, tz: &Tz, a: Ts, b: Ts) -> i64 {
        let mut total = 0;
        for piece in Pieces::new(tz, a, b) {
            let (hours, _) = self.hours_and_kind(piece.date);
            total += piece.segments(&hours).map(|(from, to)| to.0 - from.0).sum::<i64>();
        }
        total
    }

    /// The working hours of a date, or why there are none.
    fn hours(&self, date: Date) -> Result<&[(u16, u16)], StepKind> {
        if self.makeup.contains(&date) {
            return Ok(&self.week[0]);
        }
        if self.holidays.contains(&date) {
            return Err(StepKind::Holiday);
        }
        let hours = &self.week[date.weekday()];
        if hours.is_empty() { Err(StepKind::Weekend) } else { Ok(hours) }
    }

    /// Hours in order and without overlaps, and the kind of a step that counts or skips the day.
    fn hours_and_kind(&self, date: Date) -> (Vec<(u16, u16)>, StepKind) {
        let hours = match self.hours(date) {
            Ok(hours) => hours,
            Err(kind) => return (Vec::new(), kind),
        };
        let mut sorted: Vec<(u16, u16)> =
            hours.iter().map(|(s, e)| ((*s).min(1440), (*e).min(1440))).filter(|(s, e)| s < e).collect();
        sorted.sort_unstable();
        let mut merged: Vec<(u16, u16)> = Vec::with_capacity(sorted.len());
        for (start, end) in sorted {
            match merged.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => merged.push((start, end)),
            }
        }
        let kind = if self.makeup.contains(&date) { StepKind::CountedMakeup } else { StepKind::Counted };
        (merged, kind)
    }

    fn has_working_time(&self) -> bool {
        self.week.iter().flatten().any(|(start, end)| start < end && *start < 1440)
    }
}

/// Time during which a zone's offset and its calendar date stay the same: a day, or part of one when clocks change.
#[derive(Clone, Copy, Debug)]
struct Piece {
    from: Ts,
    to: Ts,
    date: Date,
    /// The instant of the date's midnight by this piece's offset.
    midnight: i64,
}

impl Piece {
    /// The parts of the piece that lie within working hours (sorted, without overlaps).
    fn segments<'a>(&'a self, hours: &'a [(u16, u16)]) -> impl Iterator<Item = (Ts, Ts)> + 'a {
        hours.iter().filter_map(move |(start, end)| {
            let from = (self.midnight + i64::from(*start) * MINUTE).max(self.from.0);
            let to = (self.midnight + i64::from(*end) * MINUTE).min(self.to.0);
            (from < to).then_some((Ts(from), Ts(to)))
        })
    }
}

/// The pieces of `from..end`, in order.
struct Pieces<'a> {
    tz: &'a Tz,
    at: Ts,
    end: Ts,
    offset: i64,
    next_change: Ts,
}

impl<'a> Pieces<'a> {
    fn new(tz: &'a Tz, from: Ts, end: Ts) -> Self {
        Pieces { tz, at: from, end, offset: 0, next_change: Ts(i64::MIN) }
    }
}

impl Iterator for Pieces<'_> {
    type Item = Piece;
    fn next(&mut self) -> Option<Piece> {
        if self.at >= self.end {
            return None;
        }
        if self.at >= self.next_change {
            let at = self.at.to_jiff();
            self.offset = i64::from(self.tz.to_offset(at).seconds()) * 1_000_000;
            self.next_change =
                self.tz.following(at).next().map_or(Ts(i64::MAX), |t| Ts::from_jiff(t.timestamp()));
        }
        let wall = self.at.0 + self.offset;
        let wall_midnight = wall.div_euclid(DAY) * DAY;
        let midnight = wall_midnight - self.offset;
        let to = Ts(midnight + DAY).min(self.next_change).min(self.end);
        let date = Ts(wall_midnight).date_in(&Tz::UTC);
        let piece = Piece { from: self.at, to, date, midnight };
        self.at = to;
        Some(piece)
    }
}

/// When something that starts at `start` is due, and why.
///
/// Pauses may overlap and come in any order; what lies before the start is ignored. While a pause has no end and the
/// limit is not yet used up, `due` is `None`. Paused time is given back: exactly the clock or working time that was
/// paused is added (for working days: the working time). A fixed date ([`Span::ByDayOfMonth`]) does not move, only when
/// it falls into a pause it waits for the pause's end.
///
/// Errors: `time.zone`, `time.range`, `calendar.span` (negative or impossible), `calendar.no_working_time`,
/// `calendar.too_far` (not reached within 20 years).
pub fn due(
    start: Ts,
    span: &Span,
    cal: &BusinessCalendar,
    pauses: &[Pause],
) -> Result<DueExplained, RuleError> {
    start.checked()?;
    let tz = zone(&cal.tz)?;
    let walk = |micros: i64| Walk::new(start, micros, pauses);
    match *span {
        Span::Hours(minutes) => {
            let mut walk = walk(amount(minutes)?);
            let end = walk.feed(start, horizon(start), StepKind::Counted);
            walk.finish(end)
        }
        Span::ClockHoursHolidaysExtended(minutes) => holidays_extended(walk(amount(minutes)?), cal, &tz),
        Span::WorkingMinutes(minutes) => {
            let budget = amount(minutes)?;
            working(walk(budget), cal, &tz)
        }
        Span::WorkingDays(days) => {
            amount(days)?;
            let close = nth_close(start, days, cal, &tz)?;
            working(walk(cal.working_micros(&tz, start, close)), cal, &tz)
        }
        Span::ByDayOfMonth { day, hour } => by_day(walk(0), day, hour, &tz),
    }
}

/// The latest instant from which a span is over at a point: so long ahead of it by the calendar.
///
/// Errors: those of [`due`].
pub fn ahead(point: Ts, span: &Span, cal: &BusinessCalendar) -> Result<Ts, RuleError> {
    let over = |start: Ts| -> Result<bool, RuleError> {
        Ok(due(start, span, cal, &[])?.due.is_some_and(|end| end <= point))
    };
    // The later it starts, the later it is over: halve the distance until it is a second.
    let (mut early, mut late) = (point.plus_days(-1), point);
    while !over(early)? {
        let back = point.micros_since(early).saturating_mul(2);
        late = early;
        early = Ts(point.0.saturating_sub(back));
        if point.micros_since(early) > 1000 * 86_400_000_000 {
            return Err(too_far());
        }
    }
    while late.0 - early.0 > 1_000_000 {
        let middle = Ts(early.0 + (late.0 - early.0) / 2);
        if over(middle)? { early = middle } else { late = middle }
    }
    // On the second: what a halving leaves over is noise.
    Ok(Ts((early.0 + 999_999).div_euclid(1_000_000) * 1_000_000))
}

fn horizon(start: Ts) -> Ts {
    start.plus_days(HORIZON_DAYS).min(Ts::MAX)
}

fn too_far() -> RuleError {
    RuleError::new(
        "calendar.too_far",
        T(
            "按此日历 20 年内无法到期，请检查期限与工作日历",
            "Not due within 20 years by this calendar; check the limit and the calendar",
        ),
    )
}

/// Minutes to microseconds; refuses negative numbers, keeps huge ones within range (they end as `calendar.too_far`).
fn amount(minutes: i64) -> Result<i64, RuleError> {
    if minutes < 0 {
        return Err(RuleError::new("calendar.span", T("期限不能为负数", "A limit can't be negative")));
    }
    Ok(minutes.saturating_mul(MINUTE))
}

fn holidays_extended(mut walk: Walk, cal: &BusinessCalendar, tz: &Tz) -> Result<DueExplained, RuleError> {
    for piece in Pieces::new(tz, walk.start, horizon(walk.start)) {
        let free = cal.hours(piece.date) == Err(StepKind::Holiday);
        let kind = if free { StepKind::Holiday } else { StepKind::Counted };
        let end = walk.feed(piece.from, piece.to, kind);
        if end != End::Open {
            return walk.finish(end);
        }
    }
    Err(too_far())
}

fn working(mut walk: Walk, cal: &BusinessCalendar, tz: &Tz) -> Result<DueExplained, RuleError> {
    need_working_time(cal)?;
    for piece in Pieces::new(tz, walk.start, horizon(walk.start)) {
        let (hours, kind) = cal.hours_and_kind(piece.date);
        let skipped = match kind {
            StepKind::Weekend | StepKind::Holiday => kind,
            _ => StepKind::OutsideHours,
        };
        let mut at = piece.from;
        for (from, to) in piece.segments(&hours) {
            for end in [walk.feed(at, from, skipped), walk.feed(from, to, kind)] {
                if end != End::Open {
                    return walk.finish(end);
                }
            }
            at = to;
        }
        let end = walk.feed(at, piece.to, skipped);
        if end != End::Open {
            return walk.finish(end);
        }
    }
    Err(too_far())
}

fn need_working_time(cal: &BusinessCalendar) -> Result<(), RuleError> {
    if cal.has_working_time() {
        return Ok(());
    }
    Err(RuleError::new(
        "calendar.no_working_time",
        T("工作日历没有任何工作时间", "The calendar has no working time at all"),
    ))
}

/// Close of business of the n-th working day after the day of `start`.
fn nth_close(start: Ts, n: i64, cal: &BusinessCalendar, tz: &Tz) -> Result<Ts, RuleError> {
    need_working_time(cal)?;
    let today = start.date_in(tz);
    let (mut seen, mut last) = (0, if n == 0 { today.plus_days(-1) } else { today });
    for piece in Pieces::new(tz, start, horizon(start)) {
        if piece.date <= last {
            continue;
        }
        let (hours, _) = cal.hours_and_kind(piece.date);
        if piece.segments(&hours).next().is_none() {
            continue;
        }
        last = piece.date;
        seen += 1;
        if seen >= n {
            // Clocks set back around midnight can show a date twice, so look a little further for its last hour.
            let around = Pieces::new(tz, piece.from, piece.from.plus_days(3)).filter(|p| p.date == last);
            let close = around.filter_map(|p| p.segments(&hours).last()).last();
            return close.map(|(_, to)| to).ok_or_else(too_far);
        }
    }
    Err(too_far())
}

fn by_day(mut walk: Walk, day: u8, hour: u8, tz: &Tz) -> Result<DueExplained, RuleError> {
    if !(1..=31).contains(&day) || hour > 24 {
        return Err(RuleError::new(
            "calendar.span",
            T("每月日期须为 1–31，小时须为 0–24", "The day of the month must be 1 to 31, the hour 0 to 24"),
        ));
    }
    let month = walk.start.date_in(tz).first_of_month();
    let in_month = |months: i64| {
        let first = month.plus_months(months);
        let date = first.plus_days(i64::from(day) - 1).min(first.last_of_month());
        Ts::at_local(date, u16::from(hour) * 60, tz)
    };
    let due = (-1..=2).map(in_month).find(|due| *due > walk.start).ok_or_else(too_far)?;
    let covering = walk.pauses.iter().find(|p| p.from < due && p.to.is_none_or(|to| due < to)).cloned();
    walk.steps.push(walk.start, due, StepKind::FixedDate, "");
    let Some(pause) = covering else { return walk.finish(End::Due(due)) };
    match pause.to {
        Some(to) => {
            walk.steps.push(due, to, StepKind::Pause, &pause.reason);
            walk.finish(End::Due(to))
        }
        None => {
            walk.steps.push(pause.from, pause.from.plus_micros(1), StepKind::Pause, &pause.reason);
            walk.finish(End::Paused)
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Open,
    Due(Ts),
    Paused,
}

/// Uses up a budget of time, stretch by stretch, around the pauses.
struct Walk {
    start: Ts,
    left: i64,
    pauses: Vec<Pause>,
    next: usize,
    end: End,
    steps: Steps,
}

impl Walk {
    fn new(start: Ts, budget: i64, pauses: &[Pause]) -> Self {
        let end = if budget == 0 { End::Due(start) } else { End::Open };
        Walk { start, left: budget, pauses: merge(start, pauses), next: 0, end, steps: Steps::default() }
    }

    /// Takes the stretch `from..to`. Stretches come in order and without gaps.
    fn feed(&mut self, from: Ts, to: Ts, kind: StepKind) -> End {
        let counts = matches!(kind, StepKind::Counted | StepKind::CountedMakeup);
        let mut at = from;
        while self.end == End::Open && at < to {
            let pause = self.pauses.get(self.next);
            let until = match pause {
                Some(pause) if pause.from <= at => {
                    let stop = pause.to.map_or(to, |end| end.min(to));
                    self.steps.push(at, stop, StepKind::Pause, &pause.reason);
                    match pause.to {
                        None => self.end = End::Paused,
                        Some(end) if end <= to => self.next += 1,
                        Some(_) => {}
                    }
                    stop
                }
                pause => {
                    let free = pause.map_or(to, |pause| pause.from.min(to));
                    let stop = if counts { free.min(at.plus_micros(self.left)) } else { free };
                    self.steps.push(at, stop, kind, "");
                    if counts {
                        self.left -= stop.0 - at.0;
                        if self.left == 0 {
                            self.end = End::Due(stop);
                        }
                    }
                    stop
                }
            };
            at = until;
        }
        self.end
    }

    fn finish(self, end: End) -> Result<DueExplained, RuleError> {
        let due = match end {
            End::Due(due) => Some(due.checked()?),
            End::Paused => None,
            End::Open => return Err(too_far()),
        };
        Ok(DueExplained { due, steps: self.steps.finish() })
    }
}

/// Pauses in order, from the start on, without overlaps and empty ones; reasons of joined pauses are joined.
fn merge(start: Ts, pauses: &[Pause]) -> Vec<Pause> {
    let mut sorted: Vec<Pause> = pauses
        .iter()
        .map(|p| Pause { from: p.from.max(start), ..p.clone() })
        .filter(|p| p.to.is_none_or(|to| to > p.from))
        .collect();
    sorted.sort_by_key(|p| p.from);
    let mut out: Vec<Pause> = Vec::with_capacity(sorted.len());
    for pause in sorted {
        match out.last_mut() {
            Some(last) if last.to.is_none_or(|to| pause.from < to) => {
                last.to = match (last.to, pause.to) {
                    (Some(a), Some(b)) => Some(a.max(b)),
                    _ => None,
                };
                if !last.reason.split('；').any(|r| r == pause.reason) {
                    last.reason = format!("{}；{}", last.reason, pause.reason);
                }
            }
            _ => out.push(pause),
        }
    }
    out
}
