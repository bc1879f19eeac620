//! What may become of a requisition.

use kernel::{Problems, Quantity, RuleError, T};

use super::model::{OrderInput, PurchaseInput, PurchaseRow, PurchaseState};
use crate::stock::rules::MOST;

/// All faults of a new requisition's fields.
pub fn check(input: &PurchaseInput) -> Result<(), Problems> {
    let mut problems = Problems::new();
    problems.check(input.quantity.0 > 0 && input.quantity.0 <= MOST, || {
        RuleError::new("parts.quantity", T("请填写大于零的数量", "The quantity must be above zero"))
            .field("quantity")
    });
    problems.check(input.depot_id.is_some(), || {
        RuleError::new("parts.depot", T("请选择仓库", "Choose a depot")).field("depot_id")
    });
    problems.finish()
}

fn wrong_state(row: &PurchaseRow) -> RuleError {
    RuleError::new("parts.purchase_state", T("采购申请{state}，不能这样做", "The requisition is {state}"))
        .label("state", row.state.label())
}

/// Ordered from a supplier. Errors: `parts.purchase_state` (409), `parts.supplier`.
pub fn order(row: &PurchaseRow, input: &OrderInput) -> Result<PurchaseRow, RuleError> {
    if row.state != PurchaseState::Draft {
        return Err(wrong_state(row));
    }
    let supplier = input.supplier.trim();
    if !(1..=80).contains(&supplier.chars().count()) {
        return Err(
            RuleError::new("parts.supplier", T("请填写供应商", "Name the supplier")).field("supplier")
        );
    }
    Ok(PurchaseRow {
        state: PurchaseState::Ordered,
        supplier: supplier.to_string(),
        expected_on: input.expected_on.or(row.wanted_on),
        ..row.clone()
    })
}

/// Not wanted any more, or no longer coming; what was received stays received.
pub fn cancel(row: &PurchaseRow, reason: String) -> Result<PurchaseRow, RuleError> {
    if !matches!(row.state, PurchaseState::Draft | PurchaseState::Ordered) {
        return Err(wrong_state(row));
    }
    Ok(PurchaseRow { state: PurchaseState::Cancelled, reason, ..row.clone() })
}

/// Pieces came with a receipt; received when all have come.
pub fn receive(row: &PurchaseRow, quantity: Quantity) -> Result<PurchaseRow, RuleError> {
    if row.state != PurchaseState::Ordered {
        return Err(wrong_state(row));
    }
    let received = Quantity(row.received.0 + quantity.0);
    let state = if received >= row.quantity { PurchaseState::Received } else { PurchaseState::Ordered };
    Ok(PurchaseRow { received, state, ..row.clone() })
}

/// A receipt was taken back: its pieces are to come again, unless the requisition was cancelled.
pub fn give_back(row: &PurchaseRow, quantity: Quantity) -> PurchaseRow {
    let received = Quantity((row.received.0 - quantity.0).max(0));
    let state = match row.state {
        PurchaseState::Received if received < row.quantity => PurchaseState::Ordered,
        state => state,
    };
    PurchaseRow { received, state, ..row.clone() }
}

#[cfg(test)]
mod tests {
    use kernel::{Id, Ts};

    use super::*;

    fn row(state: PurchaseState, received: i64) -> PurchaseRow {
        PurchaseRow {
            id: Id::NIL,
            no: String::new(),
            part_id: Id::NIL,
            depot_id: Id::NIL,
            org_id: Id::NIL,
            quantity: Quantity(5000),
            received: Quantity(received),
            source_no: String::new(),
            wanted_on: None,
            supplier: String::new(),
            expected_on: None,
            note: String::new(),
            state,
            reason: String::new(),
            staff_id: Id::NIL,
            version: 1,
            created_at: Ts(0),
            updated_at: Ts(0),
        }
    }

    #[test]
    fn each_state_allows_what_comes_after_it() {
        use PurchaseState::{Cancelled, Draft, Ordered, Received};
        let input = OrderInput { supplier: " 宁波轴承 ".into(), expected_on: None };
        for (state, orders, cancels, receives) in [
            (Draft, true, true, false),
            (Ordered, false, true, true),
            (Received, false, false, false),
            (Cancelled, false, false, false),
        ] {
            let row = row(state, 0);
            assert_eq!(order(&row, &input).is_ok(), orders, "{state:?}");
            assert_eq!(cancel(&row, "不需要".into()).is_ok(), cancels, "{state:?}");
            assert_eq!(receive(&row, Quantity(1000)).is_ok(), receives, "{state:?}");
        }
        assert_eq!(order(&row(Draft, 0), &input).expect("ordered").supplier, "宁波轴承");
        assert!(order(&row(Draft, 0), &OrderInput::default()).is_err());
    }

    #[test]
    fn parts_of_it_may_come_and_go_back() {
        use PurchaseState::{Cancelled, Ordered, Received};
        let some = receive(&row(Ordered, 1000), Quantity(2000)).expect("received");
        assert_eq!((some.state, some.received.0), (Ordered, 3000));
        let all = receive(&some, Quantity(4000)).expect("received");
        assert_eq!((all.state, all.received.0), (Received, 7000), "more may come than was asked for");
        let back = give_back(&all, Quantity(4000));
        assert_eq!((back.state, back.received.0), (Ordered, 3000));
        assert_eq!(give_back(&row(Cancelled, 1000), Quantity(1000)).state, Cancelled);
    }
}
