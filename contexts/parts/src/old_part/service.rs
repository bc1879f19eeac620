//! Old parts: owed, taken back, charged.

use kernel::{Date, Money, Quantity};
use kit::{Result, Tx, numbering};

use super::{
    model::{DebtRow, DebtState, OldPart},
    store,
};
use crate::stock::rules;

/// Makes the quantity of old parts owed for a document line equal `quantity`; zero cancels the debt. What was
/// returned, charged or waived already stays.
///
/// `days` is the value of setting `parts.old_part_days`, read before the transaction was opened; used when the
/// debt names no due day. Errors: `parts.quantity` (422).
pub async fn old_part_in(tx: &mut Tx, old: &OldPart, quantity: Quantity, days: i64) -> Result<()> {
    rules::not_negative(quantity, "quantity")?;
    let now = tx.now();
    let found = store::lock_by_line(tx, old.line_id).await?;
    let due = old.due.unwrap_or_else(|| today(now).plus_days(days));
    if let Some(row) = found {
        let mut new = DebtRow {
            part_id: old.part_id,
            debtor_kind: old.debtor,
            debtor_id: old.debtor_id,
            debtor_name: old.debtor_name.clone(),
            owner_id: old.owner_id,
            quantity,
            updated_at: now,
            ..row
        };
        new.state = state_of(&new);
        return store::update_debt(tx, &new).await;
    }
    if quantity.is_zero() {
        return Ok(());
    }
    let row = DebtRow {
        id: tx.id(),
        no: numbering::next_in(tx, "OP", now).await?,
        part_id: old.part_id,
        org_id: old.org_id,
        debtor_kind: old.debtor,
        debtor_id: old.debtor_id,
        debtor_name: old.debtor_name.clone(),
        owner_id: old.owner_id,
        doc_kind: old.doc.kind.clone(),
        doc_id: old.doc.id,
        doc_no: old.doc.no.clone(),
        line_id: old.line_id,
        quantity,
        returned: Quantity::ZERO,
        rejected: Quantity::ZERO,
        charged: Quantity::ZERO,
        charge: Money::ZERO,
        waived: Quantity::ZERO,
        state: DebtState::Owed,
        due,
        note: String::new(),
        version: 1,
        created_at: now,
        updated_at: now,
    };
    store::insert_debt(tx, &row).await
}

/// Where a debt stands, from its quantities.
pub fn state_of(row: &DebtRow) -> DebtState {
    if row.quantity.is_zero() && row.returned.is_zero() {
        DebtState::Cancelled
    } else if row.open() > 0 {
        DebtState::Owed
    } else if row.charged.0 > 0 {
        DebtState::Charged
    } else if row.waived.0 > 0 {
        DebtState::Waived
    } else {
        DebtState::Settled
    }
}

/// The business day of an instant.
pub fn today(now: kernel::Ts) -> Date {
    kernel::zone("Asia/Shanghai").map_or_else(|_| now.date_in(&jiff::tz::TimeZone::UTC), |tz| now.date_in(&tz))
}

/// A debt's identity in the audit.
pub fn doc_ref(row: &DebtRow) -> kit::DocRef {
    kit::DocRef::new("old_part", row.id, &row.no)
}

