//! The business calendar as people write it: working hours per weekday, public holidays, days worked instead
//! (PLAT-12). What is saved holds for clocks that start from then on; those that run keep the calendar
//! they began with.

use std::collections::BTreeSet;

use axum::response::Response;
use kernel::{BusinessCalendar, Date, Id, Problems, RuleError, T};
use maud::html;
use serde::{Deserialize, Serialize};
use ui::{Field, Form};

use super::{
    rest,
    settings::{OrgQuery, When, values_table, when_fields},
};
use crate::extract::Query;
use crate::{Body, Cx, FormErrors, Result, settings, timers};

const WEEKDAYS: [T; 7] = [
    T("周一", "Monday"),
    T("周二", "Tuesday"),
    T("周三", "Wednesday"),
    T("周四", "Thursday"),
    T("周五", "Friday"),
    T("周六", "Saturday"),
    T("周日", "Sunday"),
];

/// Days that one line of holidays may span at most.
const LONGEST: i64 = 60;

/// The page's fields as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CalendarForm {
    /// IANA name of the zone.
    tz: String,
    /// Monday … Sunday: `08:30-12:00 13:30-17:30`, empty: free.
    week: Vec<String>,
    /// A date or `first-last` per line.
    holidays: String,
    /// The same: days worked with Monday's hours.
    makeup: String,
    /// Whose calendar; empty: everybody's.
    org_id: String,
    /// From when; empty: at once.
    valid_from: String,
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once([':', '：'])?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour <= 24 && minute < 60 && hour * 60 + minute <= 1440).then_some(hour * 60 + minute)
}

fn hours(text: &str) -> Option<Vec<(u16, u16)>> {
    let parts = text.split([' ', ',', '，', '、', ';', '；']).filter(|part| !part.trim().is_empty());
    let mut hours = Vec::new();
    for part in parts {
        let (from, to) = part.split_once(['-', '–', '~', '～'])?;
        let (from, to) = (minute(from)?, minute(to)?);
        let after = hours.last().is_none_or(|(_, end)| *end <= from);
        (from < to && after).then(|| hours.push((from, to)))?;
    }
    Some(hours)
}

/// Dates one per line or between commas; `2026-10-01~2026-10-07` is every day from the one to the other.
fn dates(text: &str) -> Option<BTreeSet<Date>> {
    let mut days = BTreeSet::new();
    for part in text.split(['\n', ',', '，', '、', ';', '；']).map(str::trim).filter(|part| !part.is_empty())
    {
        let (first, last) = part.split_once(['~', '～', '至', '–']).unwrap_or((part, part));
        let (first, last) = (Date::parse_iso(first.trim()).ok()?, Date::parse_iso(last.trim()).ok()?);
        let count = last.days_since(first);
        (0..LONGEST).contains(&count).then_some(())?;
        days.extend((0..=count).map(|n| first.plus_days(n)));
    }
    Some(days)
}

/// Dates as lines, neighbours drawn together.
fn lines(days: &BTreeSet<Date>) -> String {
    let mut spans: Vec<(Date, Date)> = Vec::new();
    for day in days {
        match spans.last_mut() {
            Some((_, last)) if last.plus_days(1) == *day => *last = *day,
            _ => spans.push((*day, *day)),
        }
    }
    let line = |(first, last): (Date, Date)| {
        if first == last { first.to_string() } else { format!("{first}~{last}") }
    };
    spans.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

impl CalendarForm {
    fn of(calendar: &BusinessCalendar) -> Self {
        let day = |hours: &Vec<(u16, u16)>| {
            hours
                .iter()
                .map(|(from, to)| format!("{}-{}", clock(*from), clock(*to)))
                .collect::<Vec<_>>()
                .join(" ")
        };
        Self {
            tz: calendar.tz.clone(),
            week: calendar.week.iter().map(day).collect(),
            holidays: lines(&calendar.holidays),
            makeup: lines(&calendar.makeup),
            ..Self::default()
        }
    }

    fn when(&self) -> When {
        When { org_id: self.org_id.clone(), valid_from: self.valid_from.clone() }
    }

    /// The calendar meant. Errors at `week.0` … `week.6`, `holidays`, `makeup`, `tz`.
    fn parse(&self) -> Result<BusinessCalendar, Problems> {
        let mut problems = Problems::new();
        let mut week: [Vec<(u16, u16)>; 7] = Default::default();
        for (index, day) in week.iter_mut().enumerate() {
            let read = hours(self.week.get(index).map_or("", String::as_str));
            problems.check(read.is_some(), || {
                let text = T(
                    "写作 08:30-12:00 13:30-17:30，先后不重叠；休息日留空",
                    "Write 08:30-12:00 13:30-17:30, in order; leave free days empty",
                );
                RuleError::new("calendar.hours", text).field(format!("week.{index}"))
            });
            *day = read.unwrap_or_default();
        }
        let mut days = |text: &str, field: &'static str| {
            let read = dates(text);
            problems.check(read.is_some(), || {
                let text = T(
                    "每行一个日期 2026-10-01，或一段 2026-10-01~2026-10-07",
                    "One date per line, 2026-10-01, or a span, 2026-10-01~2026-10-07",
                );
                RuleError::new("calendar.dates", text).field(field)
            });
            read.unwrap_or_default()
        };
        let (holidays, makeup) = (days(&self.holidays, "holidays"), days(&self.makeup, "makeup"));
        let calendar = BusinessCalendar { tz: self.tz.trim().to_string(), week, holidays, makeup };
        problems.take(calendar.check());
        problems.finish()?;
        Ok(calendar)
    }
}

async fn form(cx: &Cx, typed: &CalendarForm, errors: &FormErrors) -> Result<Response> {
    let title = cx.t(T("工作日历", "Business calendar"));
    let days = WEEKDAYS.iter().enumerate().map(|(index, label)| {
        let name = format!("week.{index}");
        let value = typed.week.get(index).cloned().unwrap_or_default();
        Field::text(&name, cx.t(*label)).value(value).error(errors.of(&name))
    });
    let when = typed.when();
    let fields = html! {
        (when_fields(cx, &timers::CALENDAR, &when, errors).await?)
        @for day in days { (day) }
        (Field::text("tz", cx.t(T("时区", "Time zone"))).value(&typed.tz).hint(cx.t(T("留空则按各组织自己的时区", "Empty: each organisation by its own zone"))).error(errors.of("tz")))
        (Field::area("holidays", cx.t(T("法定节假日", "Public holidays")), 10).value(&typed.holidays).error(errors.of("holidays")))
        (Field::area("makeup", cx.t(T("调休上班日", "Days worked instead")), 6).value(&typed.makeup).error(errors.of("makeup"))
            .hint(cx.t(T("按周一的时段上班", "With Monday's hours"))))
    };
    let body = Form::post("/calendar", cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        (ui::fields(fields))
        (ui::form_actions(cx.lang, cx.t(T("保存", "Save")), Some("/settings")))
    });
    let body = html! { (body) (values_table(cx, &timers::CALENDAR).await?) };
    let crumbs = [(cx.t(T("参数", "Parameters")), Some("/settings")), (title, None)];
    let intro = cx.t(T(
        "工作时段如 08:30-12:00 13:30-17:30；工作小时与工作日的时限按此计算",
        "Working hours such as 08:30-12:00 13:30-17:30; limits in working hours and days follow them",
    ));
    cx.page(title, ui::form_page(cx.lang, &crumbs, title, intro, body, None)).await
}

pub async fn show(cx: Cx, Query(query): Query<OrgQuery>) -> Result<Response> {
    let org: Option<Id> = query.org.parse().ok();
    let calendar = timers::calendar_as_set(&cx, org.unwrap_or(Id::NIL)).await?;
    let org_id = org.map(|id| id.to_string()).unwrap_or_default();
    form(&cx, &CalendarForm { org_id, ..CalendarForm::of(&calendar) }, &FormErrors::default()).await
}

pub async fn save(cx: Cx, Body(typed): Body<CalendarForm>) -> Result<Response> {
    let when = typed.when();
    let read = when.parse(&cx).and_then(|when| Ok((when, typed.parse()?)));
    let done = match read {
        Ok(((org_id, valid_from), calendar)) => {
            let value = serde_json::to_value(&calendar)?;
            let key = timers::CALENDAR.key.to_string();
            rest::save_setting(&cx, &settings::SetSetting { key, org_id, valid_from, value }).await.map(drop)
        }
        Err(error) => Err(error),
    };
    match cx.form(done)? {
        Ok(()) if typed.org_id.is_empty() => Ok(cx.redirect("/calendar")),
        Ok(()) => Ok(cx.redirect(&format!("/calendar?org={}", typed.org_id))),
        Err(errors) => form(&cx, &typed, &errors).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_read_back_as_the_same_calendar() {
        let calendar = BusinessCalendar::china_2026();
        let form = CalendarForm::of(&calendar);
        assert_eq!(form.parse(), Ok(calendar));
        assert!(form.holidays.contains('~'), "neighbours are one line: {}", form.holidays);
    }

    #[test]
    fn hours_and_days_are_read_as_people_write_them_and_refused_at_their_field() {
        assert_eq!(hours("08:30-12:00，13:30–17:30"), Some(vec![(510, 720), (810, 1050)]));
        assert_eq!(hours(""), Some(vec![]));
        for bad in ["8-12", "12:00-08:00", "09:00-12:00 11:00-15:00", "09:00-25:00"] {
            assert_eq!(hours(bad), None, "{bad}");
        }
        assert_eq!(dates("2026-10-01~2026-10-03\n2026-12-31").map(|days| days.len()), Some(4));
        for bad in ["2026-10-03~2026-10-01", "1 October", "2026-01-01~2027-01-01"] {
            assert_eq!(dates(bad), None, "{bad}");
        }
        let mut form = CalendarForm::of(&BusinessCalendar::china_2026());
        form.week[2] = "late".into();
        form.makeup = "soon".into();
        form.tz = "Mars/Base".into();
        let fields: Vec<String> = form.parse().unwrap_err().0.into_iter().filter_map(|p| p.field).collect();
        assert_eq!(fields, ["week.2", "makeup", "tz"]);
    }
}
