//! How instants and amounts are written for people.

use kernel::{Date, Lang, Money, Quantity, Ts, zone};

use crate::Cx;

/// Zone of pages until organisations have their own.
const ZONE: &str = "Asia/Shanghai";

/// `今天 13:30`, `11-18 09:42`, `2025-11-18 09:42`
pub fn time(cx: &Cx, at: Ts) -> String {
    let Ok(tz) = zone(ZONE) else { return String::new() };
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
pub fn full_time(at: Ts) -> String {
    let Ok(tz) = zone(ZONE) else { return String::new() };
    let there = at.to_zoned(&tz);
    format!("{} {:02}:{:02}", there.date(), there.hour(), there.minute())
}

/// Value of a `datetime-local` field.
pub fn field_time(at: Ts) -> String {
    full_time(at).replace(' ', "T")
}

/// From the value of a `datetime-local` field, or RFC 3339.
pub fn parse_field_time(text: &str) -> Option<Ts> {
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
    Some(Ts::at_local(date, hour * 60 + minute, &zone(ZONE).ok()?))
}

/// `YYYY-MM-DD` of an instant.
pub fn date(at: Ts) -> String {
    zone(ZONE).map_or_else(|_| String::new(), |tz| at.date_in(&tz).to_string())
}

/// The local date of an instant.
pub fn date_of(at: Ts) -> Date {
    match zone(ZONE) {
        Ok(tz) => at.date_in(&tz),
        Err(_) => Date::parse_iso("1970-01-01").expect("a date"),
    }
}

/// `¥ 1,234.50`, `−¥ 20.00`
pub fn money(amount: Money) -> String {
    let figure = amount.fmt_money();
    match figure.strip_prefix('-') {
        Some(figure) => format!("−¥ {figure}"),
        None => format!("¥ {figure}"),
    }
}

/// `1.5`
pub fn qty(quantity: Quantity) -> String {
    quantity.to_string()
}

/// A text as a value in the query of an address.
pub fn url_text(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
