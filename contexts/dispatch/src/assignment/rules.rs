//! Who can be booked when: pure.

use kernel::{RuleError, T, Ts};

use super::model::Booking;

/// Longest appointment that makes sense, hours.
const LONGEST_HOURS: i64 = 24 * 14;

/// The booking that overlaps `[from, to)`, if any. Touching ends do not overlap.
pub fn clash(bookings: &[Booking], order: kernel::Id, from: Ts, to: Ts) -> Option<&Booking> {
    bookings.iter().find(|b| b.ref_id != order && b.from_at < to && from < b.to_at)
}

/// Checks an appointment. Errors: `dispatch.window` when it ends before it begins or is absurdly long,
/// `dispatch.clash` with what is in the way.
pub fn check_appointment(
    bookings: &[Booking],
    order: kernel::Id,
    from: Ts,
    to: Ts,
    name: &str,
) -> Result<(), RuleError> {
    if to <= from || to.0 - from.0 > LONGEST_HOURS * 3_600_000_000 {
        return Err(RuleError::new(
            "dispatch.window",
            T(
                "预约结束时间应晚于开始时间，且不超过 14 天",
                "The visit must end after it begins, within 14 days",
            ),
        )
        .field("appointment_to"));
    }
    match clash(bookings, order, from, to) {
        None => Ok(()),
        Some(other) if other.label.is_empty() => {
            Err(RuleError::new("dispatch.clash", T("{name} 在这段时间已有其他安排", "{name} is booked then"))
                .arg("name", name)
                .field("appointment_from"))
        }
        Some(other) => Err(RuleError::new(
            "dispatch.clash",
            T("{name} 在这段时间已有安排：{label} {detail}", "{name} is booked then: {label} {detail}"),
        )
        .arg("name", name)
        .arg("label", &other.label)
        .arg("detail", &other.detail)
        .field("appointment_from")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Id;
    use proptest::prelude::*;

    const HOUR: i64 = 3_600_000_000;

    fn booking(from: i64, to: i64) -> Booking {
        Booking {
            staff_id: Id::NIL,
            ref_id: Id(uuid::Uuid::from_u128(7)),
            label: "SO-1".into(),
            detail: String::new(),
            state: "scheduled".into(),
            from_at: Ts(from * HOUR),
            to_at: Ts(to * HOUR),
            org_id: Id::NIL,
        }
    }

    #[test]
    fn overlap_is_refused_and_touching_is_not() {
        let day = [booking(10, 12)];
        for (from, to, free) in
            [(8, 10, true), (12, 13, true), (9, 11, false), (11, 13, false), (10, 12, false), (9, 13, false)]
        {
            assert_eq!(
                check_appointment(&day, Id::NIL, Ts(from * HOUR), Ts(to * HOUR), "周").is_ok(),
                free,
                "{from}-{to}"
            );
        }
    }

    #[test]
    fn an_order_does_not_clash_with_itself() {
        let day = [booking(10, 12)];
        assert!(check_appointment(&day, day[0].ref_id, Ts(11 * HOUR), Ts(13 * HOUR), "周").is_ok());
    }

    #[test]
    fn windows_must_run_forward() {
        assert!(check_appointment(&[], Id::NIL, Ts(5), Ts(5), "周").is_err());
        assert!(check_appointment(&[], Id::NIL, Ts(0), Ts(400 * HOUR), "周").is_err());
    }

    proptest! {
        #[test]
        fn what_is_accepted_never_overlaps(jobs in proptest::collection::vec((0i64..200, 1i64..10), 1..40)) {
            let mut day: Vec<Booking> = Vec::new();
            for (index, (from, length)) in jobs.into_iter().enumerate() {
                let id = Id(uuid::Uuid::from_u128(100 + index as u128));
                let (from, to) = (Ts(from * HOUR), Ts((from + length) * HOUR));
                if check_appointment(&day, id, from, to, "周").is_ok() {
                    day.push(Booking { ref_id: id, from_at: from, to_at: to, ..booking(0, 1) });
                }
            }
            for a in &day {
                for b in &day {
                    prop_assert!(a.ref_id == b.ref_id || a.to_at <= b.from_at || b.to_at <= a.from_at);
                }
            }
        }
    }
}
