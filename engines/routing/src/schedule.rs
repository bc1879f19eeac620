//! Time along a route: what a gap between two stops does to departure and arrival when breaks fall into it.
//!
//! A break starts within its window, at or after the departure, and interrupts the travel of the gap where it
//! must; travel goes on afterwards. So for one break (window `[f, l]`, length `d`) and a departure `t` with
//! travel `τ`, the next stop is reached at `max(t + τ, f) + d`, provided `t ≤ l`.

use crate::model::{Pause, Vehicle};

/// A time that is never reached.
pub const NEVER: i32 = i32::MAX;
/// No departure is early enough.
pub const TOO_LATE: i32 = i32::MIN;

/// When the next stop is reached, leaving at `leave` with all of `breaks` in this gap; [`NEVER`] if impossible.
#[inline]
pub fn reach(leave: i32, travel: i32, breaks: &[Pause]) -> i32 {
    let mut free = leave;
    let mut ready = leave.saturating_add(travel);
    for pause in breaks {
        let start = free.max(pause.from);
        if start > pause.to {
            return NEVER;
        }
        free = start.saturating_add(pause.duration);
        ready = ready.max(pause.from).saturating_add(pause.duration);
    }
    ready
}

/// Latest departure that still reaches the next stop at `by` with all of `breaks` in this gap;
/// [`TOO_LATE`] if there is none.
#[inline]
pub fn leave_by(by: i32, travel: i32, breaks: &[Pause]) -> i32 {
    if by == TOO_LATE {
        return TOO_LATE;
    }
    let sum = |list: &[Pause]| list.iter().fold(0i32, |sum, b| sum.saturating_add(b.duration));
    let total = sum(breaks);
    let mut latest = by.saturating_sub(total).saturating_sub(travel);
    for (m, pause) in breaks.iter().enumerate() {
        let rest = sum(&breaks[m..]);
        if i64::from(pause.from) + i64::from(rest) > i64::from(by) {
            return TOO_LATE;
        }
        let mut between = 0i32;
        for earlier in breaks[..m].iter().rev() {
            between = between.saturating_add(earlier.duration);
            if i64::from(earlier.from) + i64::from(between) > i64::from(pause.to) {
                return TOO_LATE;
            }
        }
        latest = latest.min(pause.to.saturating_sub(between));
    }
    latest
}

/// Starts of `breaks` within a gap that is left at `leave`.
pub fn starts(leave: i32, breaks: &[Pause]) -> Vec<i32> {
    let mut free = leave;
    breaks
        .iter()
        .map(|pause| {
            let start = free.max(pause.from);
            free = start.saturating_add(pause.duration);
            start
        })
        .collect()
}

/// When an engineer without visits is home after his breaks; `None` if the breaks are impossible.
pub fn home_after(vehicle: &Vehicle, travel: i32) -> Option<i32> {
    let ready = reach(vehicle.from, travel, &vehicle.breaks);
    (ready != NEVER).then_some(ready)
}
