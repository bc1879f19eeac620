//! Which visit belongs to which segment. Pure.

use kernel::Ts;
use orders::api::State;

use super::model::{View, VisitRow};

/// Limits of the day: midnight, next midnight, and the one after.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Today begins.
    pub start: Ts,
    /// Tomorrow begins.
    pub next: Ts,
    /// The day after begins.
    pub after: Ts,
}

/// The work on it is finished: it only waits for others.
pub const fn finished(state: State) -> bool {
    matches!(state, State::Done | State::Confirmed | State::Audited | State::Closed)
}

/// The segment of a visit. Work under way is today's whatever the calendar says; a visit that should have been
/// yesterday is today's; what waits or has no time is to do.
pub fn view_of(row: &VisitRow, bounds: Bounds) -> View {
    if finished(row.state) {
        return View::Done;
    }
    match (row.state, row.appoint_from) {
        (State::InProgress, _) => View::Today,
        (State::Waiting, _) | (_, None) => View::Todo,
        (_, Some(at)) if at < bounds.next => View::Today,
        (_, Some(at)) if at < bounds.after => View::Tomorrow,
        _ => View::Todo,
    }
}

/// Order of work: what is under way first, then by agreed time, urgent before others; finished ones newest first.
pub fn sort(rows: &mut [VisitRow], view: View) {
    if view == View::Done {
        rows.sort_by_key(|row| std::cmp::Reverse((row.done_at, row.id)));
        return;
    }
    let under_way = |row: &VisitRow| row.state == State::InProgress || row.departed_at.is_some();
    rows.sort_by_key(|row| {
        (!under_way(row), row.appoint_from.unwrap_or(Ts::MAX), -row.priority, row.next_due_at, row.id)
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Id;

    const HOUR: i64 = 3_600_000_000;
    const BOUNDS: Bounds = Bounds { start: Ts(0), next: Ts(24 * HOUR), after: Ts(48 * HOUR) };

    fn visit(state: State, at: Option<i64>) -> VisitRow {
        VisitRow {
            id: Id::NIL,
            no: String::new(),
            customer_name: String::new(),
            address: String::new(),
            region: String::new(),
            kind: String::new(),
            priority: 2,
            urgent: false,
            state,
            waiting: String::new(),
            symptom: String::new(),
            model_name: String::new(),
            appoint_from: at.map(|hours| Ts(hours * HOUR)),
            appoint_to: None,
            reworks: 0,
            next_due_at: Ts::MAX,
            next_due_total: 0,
            departed_at: None,
            arrived_at: None,
            done_at: None,
        }
    }

    #[test]
    fn segments_table() {
        for (state, at, want) in [
            (State::Scheduled, Some(10), View::Today),
            (State::Scheduled, Some(-30), View::Today),
            (State::Scheduled, Some(24), View::Tomorrow),
            (State::Scheduled, Some(48), View::Todo),
            (State::Scheduled, None, View::Todo),
            (State::InProgress, None, View::Today),
            (State::InProgress, Some(30), View::Today),
            (State::Waiting, Some(10), View::Todo),
            (State::Done, Some(10), View::Done),
            (State::Closed, None, View::Done),
        ] {
            assert_eq!(view_of(&visit(state, at), BOUNDS), want, "{state:?} at {at:?}");
        }
    }

    #[test]
    fn work_under_way_comes_first_and_then_the_clock() {
        let mut rows = vec![
            visit(State::Scheduled, Some(9)),
            visit(State::InProgress, Some(14)),
            visit(State::Scheduled, Some(8)),
        ];
        sort(&mut rows, View::Today);
        assert_eq!(
            rows.iter().map(|r| r.appoint_from.map(|t| t.0 / HOUR)).collect::<Vec<_>>(),
            [Some(14), Some(8), Some(9)]
        );
    }
}
