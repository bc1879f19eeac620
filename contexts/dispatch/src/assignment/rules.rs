//! Who can be booked when: pure.

use kernel::{Id, RuleError, T, Ts};

use super::model::{Booking, EngineerDay};

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

/// An area without its province, which is the same for all and hides the part that tells them apart.
pub fn short_area(region: &str) -> &str {
    let cut = ["自治区", "省"].iter().find_map(|word| region.split_once(word)).map(|(_, rest)| rest);
    cut.filter(|rest| !rest.is_empty()).unwrap_or(region)
}

/// Who comes first in the choice for an order: people of the outlet, those who know this kind of unit, those with less
/// to do that day.
pub fn nearness(engineer: &EngineerDay, outlet: Id, model: &str) -> (bool, bool, usize) {
    let knows = engineer.skills.iter().any(|skill| !skill.is_empty() && model.contains(skill.as_str()));
    (engineer.org_id != outlet, !knows, engineer.bookings.len())
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn areas_are_told_apart_by_what_follows_the_province() {
        for (area, short) in [
            ("江苏省苏州市", "苏州市"),
            ("天津市", "天津市"),
            ("广西壮族自治区南宁市", "南宁市"),
            ("江苏省", "江苏省"),
            ("", ""),
        ] {
            assert_eq!(short_area(area), short);
        }
    }

    #[test]
    fn people_of_the_outlet_come_first_then_those_who_know_the_unit_then_the_free() {
        let outlet = Id(uuid::Uuid::from_u128(1));
        let person = |org_id, skills: &[&str], jobs: usize| EngineerDay {
            staff_id: Id::NIL,
            name: String::new(),
            org_id,
            org_name: String::new(),
            grade: 1,
            skills: skills.iter().map(ToString::to_string).collect(),
            bookings: vec![booking(1, 2); jobs],
            untimed: 0,
        };
        let model = "螺杆空压机 GA-75";
        let order = [
            person(outlet, &["空压机"], 2),
            person(outlet, &["电气", ""], 0),
            person(outlet, &[], 1),
            person(Id::NIL, &["空压机"], 0),
        ];
        let keys: Vec<_> = order.iter().map(|e| nearness(e, outlet, model)).collect();
        assert!(keys.is_sorted(), "{keys:?}");
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
