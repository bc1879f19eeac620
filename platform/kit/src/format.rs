//! How instants and amounts are written for people.

use kernel::{Date, Lang, Money, Quantity, Ts, Tz};

use crate::{Cx, zones::Zoned};

/// `今天 13:30`, `11-18 09:42`, `2025-11-18 09:42`, by the viewer's clock.
pub fn time(cx: &Cx, at: Ts) -> String {
    let tz = cx.zone();
    let (there, now) = (at.to_zoned(&tz), cx.now().to_zoned(&tz));
    let clock = format!("{:02}:{:02}", there.hour(), there.minute());
    let (day, today) = (there.date(), now.date());
    if day == today {
        return format!("{} {clock}", if cx.lang == Lang::Zh { "今天" } else { "today" });
    }
    if day.year() == today.year() {
        return format!("{:02}-{:02} {clock}", day.month(), day.day());
    }
    format!("{:04}-{:02}-{:02} {clock}", day.year(), day.month(), day.day())
}

/// `2026-11-22 13:30`, for prints and exports.
pub fn full_time(by: impl Zoned, at: Ts) -> String {
    let there = at.to_zoned(&by.tz());
    format!("{} {:02}:{:02}", there.date(), there.hour(), there.minute())
}

/// Value of a `datetime-local` field.
pub fn field_time(by: impl Zoned, at: Ts) -> String {
    full_time(by, at).replace(' ', "T")
}

/// From the value of a `datetime-local` field, or RFC 3339.
pub fn parse_field_time(by: impl Zoned, text: &str) -> Option<Ts> {
    parse_in(text, || by.tz())
}

/// The same while a form is being read into its struct: by the clock of whoever sent it.
pub fn typed_time(text: &str) -> Option<Ts> {
    parse_in(text, crate::zones::typed_zone)
}

fn parse_in(text: &str, tz: impl FnOnce() -> Tz) -> Option<Ts> {
    let text = text.trim();
    if let Ok(at) = Ts::parse(text) {
        return Some(at);
    }
    let (date, clock) = text.split_once(['T', ' '])?;
    let date = Date::parse_iso(date).ok()?;
    let (hour, minute) = clock.split_once(':')?;
    let minute = minute.get(..2).unwrap_or(minute);
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    if hour > 23 || minute > 59 {
        return None;
    }
    Some(Ts::at_local(date, hour * 60 + minute, &tz()))
}

/// `YYYY-MM-DD` of an instant.
pub fn date(by: impl Zoned, at: Ts) -> String {
    date_of(by, at).to_string()
}

/// The local date of an instant.
pub fn date_of(by: impl Zoned, at: Ts) -> Date {
    at.date_in(&by.tz())
}

/// When a local date begins.
pub fn start_of(by: impl Zoned, date: Date) -> Ts {
    Ts::at_local(date, 0, &by.tz())
}

/// `¥ 1,234.50`, `−¥ 20.00`
pub fn money(amount: Money) -> String {
    let figure = amount.fmt_money();
    match figure.strip_prefix('-') {
        Some(figure) => format!("−¥ {figure}"),
        None => format!("¥ {figure}"),
    }
}

/// A sale price or what a customer pays, as far as this caller may see it (ORG-11).
pub fn price(cx: &Cx, amount: Money) -> String {
    cx.mask(crate::Sens::Price, &money(amount))
}

/// `1.5`
pub fn qty(quantity: Quantity) -> String {
    quantity.to_string()
}

/// A text as a value in the query of an address.
pub fn url_text(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
