//! Pure rules of units.

use kernel::{Date, Id, Problems, RuleError, T, Ts};
use kit::Sens;

use super::model::{NewUnit, UnitRow, UnitState};
use crate::product::rules::check_text;

/// What is decided elsewhere when a unit is registered.
pub struct Opening {
    /// New id.
    pub id: Id,
    /// Serving organisation.
    pub org: Id,
    /// Its model.
    pub model: Id,
    /// Secret of its public page.
    pub token: String,
    /// Now.
    pub now: Ts,
    /// The local date of now.
    pub today: Date,
}

/// A new unit. Errors of all fields at once.
pub fn register(input: &NewUnit, opening: Opening) -> Result<UnitRow, Problems> {
    let today = opening.today;
    let empty = UnitRow {
        id: opening.id,
        version: 0,
        // Given last of all, so that a refused unit costs no number.
        no: String::new(),
        org_id: opening.org,
        serial: String::new(),
        model_id: opening.model,
        customer_id: input.customer_id,
        purchase_date: None,
        invoice_no: String::new(),
        dealer: String::new(),
        install_date: None,
        acceptance_date: None,
        place: String::new(),
        meter: None,
        meter_unit: String::new(),
        state: UnitState::InUse,
        notes: String::new(),
        token: opening.token,
        open_notes: 0,
        created_at: opening.now,
        updated_at: opening.now,
    };
    let place = check_text(input.place.as_deref(), 200, "place")?;
    let row = change(&empty, &NewUnit { model_id: None, ..input.clone() }, opening.now, today)?;
    Ok(UnitRow { place, ..row })
}

/// The unit after a change of its own content; owner and place stay, see [`transfer`] and [`relocate`].
///
/// Errors: `products.future`, `products.dates` when a date lies ahead or out of order, and those of the texts.
pub fn change(old: &UnitRow, input: &NewUnit, now: Ts, today: Date) -> Result<UnitRow, Problems> {
    let mut problems = Problems::new();
    let mut text = |value: &Option<String>, max, field| {
        problems.take(check_text(value.as_deref(), max, field)).unwrap_or_default()
    };
    let serial = text(&input.serial, 60, "serial");
    let invoice_no = text(&input.invoice_no, 60, "invoice_no");
    let dealer = text(&input.dealer, 100, "dealer");
    let meter_unit = text(&input.meter_unit, 10, "meter_unit");
    let notes = text(&input.notes, 2000, "notes");
    check_dates(input, today, &mut problems);
    problems.finish()?;
    Ok(UnitRow {
        version: old.version + 1,
        serial,
        model_id: input.model_id.unwrap_or(old.model_id),
        purchase_date: input.purchase_date,
        invoice_no,
        dealer,
        install_date: input.install_date,
        acceptance_date: input.acceptance_date,
        meter_unit,
        state: input.state.unwrap_or(old.state),
        notes,
        updated_at: now,
        ..old.clone()
    })
}

/// Bought, installed, accepted: in this order, none of the first in the future. An installation may be planned
/// for tomorrow, a purchase can't.
fn check_dates(input: &NewUnit, today: Date, problems: &mut Problems) {
    let wrong = |field: &'static str| {
        move || {
            RuleError::new(
                "products.dates",
                T(
                    "日期先后不对：购买、安装、验收依次不早于前者",
                    "The dates are out of order: bought, installed, accepted",
                ),
            )
            .field(field)
        }
    };
    problems.check(input.purchase_date.is_none_or(|d| d <= today), || {
        RuleError::new(
            "products.future",
            T("购买日期不能晚于今天", "The purchase date can't be in the future"),
        )
        .field("purchase_date")
    });
    let ordered = |a: Option<Date>, b: Option<Date>| a.zip(b).is_none_or(|(a, b)| a <= b);
    problems.check(ordered(input.purchase_date, input.install_date), wrong("install_date"));
    problems.check(ordered(input.install_date, input.acceptance_date), wrong("acceptance_date"));
}

/// The unit under a new owner (PROD-19). Errors `products.new_owner`, `products.same_owner`.
pub fn transfer(old: &UnitRow, to: Option<Id>, now: Ts) -> Result<UnitRow, RuleError> {
    if to.is_none() {
        return Err(RuleError::new("products.new_owner", T("请选择新客户", "Choose the new owner"))
            .field("customer_id"));
    }
    if old.customer_id == to {
        return Err(RuleError::new("products.same_owner", T("新旧客户相同", "That is the owner already"))
            .field("customer_id"));
    }
    Ok(UnitRow { customer_id: to, version: old.version + 1, updated_at: now, ..old.clone() })
}

/// The unit at a new place (PROD-19). Errors `products.same_place`, `products.required`.
pub fn relocate(old: &UnitRow, place: &str, now: Ts) -> Result<UnitRow, RuleError> {
    let place = crate::product::rules::check_filled(Some(place), 200, "place")?;
    if place == old.place || place == kit::perm::mask(Sens::Address, &old.place) {
        return Err(RuleError::new("products.same_place", T("新旧地点相同", "It stands there already"))
            .field("place"));
    }
    Ok(UnitRow { place, version: old.version + 1, updated_at: now, ..old.clone() })
}

/// A meter reading (PROD-09): not negative, not below the last one unless the meter was replaced.
///
/// Errors: `products.meter_negative`, `products.meter_falls`.
pub fn check_reading(last: Option<i64>, value: i64, replaced: bool) -> Result<(), RuleError> {
    if value < 0 {
        return Err(RuleError::new(
            "products.meter_negative",
            T("读数不能为负", "A reading can't be negative"),
        )
        .field("value"));
    }
    match last {
        Some(last) if value < last && !replaced => {
            let text = T(
                "读数 {value} 低于上次的 {last}；若已换表请注明",
                "The reading {value} is below the last one, {last}; say so if the meter was replaced",
            );
            Err(RuleError::new("products.meter_falls", text)
                .arg("value", value)
                .arg("last", last)
                .field("value"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<Date> {
        Some(Date::parse_iso(text).expect("a date"))
    }

    fn opening() -> Opening {
        Opening {
            id: Id::NIL,
            org: Id::NIL,
            model: Id::NIL,
            token: "t".into(),
            now: Ts(1),
            today: Date::parse_iso("2026-11-22").expect("a date"),
        }
    }

    #[test]
    fn dates_must_be_in_order_and_not_ahead() {
        let cases = [
            ("2026-01-01", "2026-01-05", "2026-01-05", true),
            ("2026-01-06", "2026-01-05", "2026-01-05", false),
            ("2026-01-01", "2026-02-01", "2026-01-15", false),
            ("2026-11-23", "2026-11-24", "2026-11-24", false),
        ];
        for (bought, installed, accepted, good) in cases {
            let input = NewUnit {
                purchase_date: day(bought),
                install_date: day(installed),
                acceptance_date: day(accepted),
                ..NewUnit::default()
            };
            assert_eq!(register(&input, opening()).is_ok(), good, "{bought} {installed} {accepted}");
        }
    }

    #[test]
    fn a_change_leaves_owner_and_place_alone() {
        let customer = Some("018f0000-0000-7000-8000-000000000007".parse().expect("an id"));
        let input =
            NewUnit { customer_id: customer, place: Some("二号厂房".into()), ..NewUnit::default() };
        let row = register(&input, opening()).expect("valid");
        let sneaky = NewUnit {
            customer_id: None,
            place: Some("别处".into()),
            serial: Some("S1".into()),
            ..NewUnit::default()
        };
        let new = change(&row, &sneaky, Ts(2), opening().today).expect("valid");
        assert_eq!(
            (new.customer_id, new.place.as_str(), new.serial.as_str(), new.version),
            (customer, "二号厂房", "S1", 2)
        );
    }

    #[test]
    fn ownership_and_place_change_only_for_something_new() {
        let row = register(
            &NewUnit { place: Some("苏州市吴中区太湖东路9号".into()), ..NewUnit::default() },
            opening(),
        )
        .expect("valid");
        assert!(transfer(&row, None, Ts(2)).is_err());
        assert!(relocate(&row, "苏州市吴中区***", Ts(2)).is_err());
        assert!(relocate(&row, "", Ts(2)).is_err());
        assert_eq!(relocate(&row, "上海", Ts(2)).map(|r| r.place), Ok("上海".into()));
    }

    #[test]
    fn a_meter_never_runs_backwards_unless_replaced() {
        for (last, value, replaced, good) in [
            (None, 0, false, true),
            (Some(5), 5, false, true),
            (Some(5), 4, false, false),
            (Some(5), 4, true, true),
            (None, -1, true, false),
        ] {
            assert_eq!(check_reading(last, value, replaced).is_ok(), good, "{last:?} {value} {replaced}");
        }
    }
}
