//! Old parts: owed, taken back, charged.

use db::Conn;
use kernel::{Id, Money, Problems, Quantity, RuleError, T};
use kit::{Cx, Error, Result, Tx, begin, format, numbering};

use super::{
    model::{DebtOut, DebtRow, DebtState, OldPart, SettleInput, Settlement},
    store,
};
use crate::{
    depot, part,
    part::model::PartRow,
    perms::{OLD_PART_READ, OLD_PART_WRITE, STOCK_RECEIVE},
    stock::{
        ledger,
        model::{End, MoveKind, Place, Posting, StockState, Worth},
        rules,
    },
};

/// Makes the quantity of old parts owed for a document line equal `quantity`; zero cancels the debt. What was
/// returned, charged or waived already stays.
///
/// `days` is the value of setting `parts.old_part_days`, read before the transaction was opened; used when the
/// debt names no due day. Errors: `parts.quantity` (422).
pub async fn old_part_in(tx: &mut Tx, old: &OldPart, quantity: Quantity, days: i64) -> Result<()> {
    rules::not_negative(quantity, "quantity")?;
    let now = tx.now();
    let found = store::lock_by_line(tx, old.line_id).await?;
    let due = old.due.unwrap_or_else(|| format::date_of(tx.cx().zone_of(old.org_id), now).plus_days(days));
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
        no: numbering::next_for(tx, "OP", old.org_id, now).await?,
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

/// A debt's identity in the audit.
pub fn doc_ref(row: &DebtRow) -> kit::DocRef {
    kit::DocRef::new("old_part", row.id, &row.no)
}

/// Settles pieces of a debt: the old piece came back (and is received as repairable or scrap), was refused at
/// appraisal, is charged, or waived. Refused pieces stay owed until charged (PARTS-53).
///
/// Errors: `parts.owed` (422) when more than is owed; field faults (422).
pub async fn settle_debt(cx: &Cx, id: Id, given: SettleInput) -> Result<DebtOut> {
    let mut tx = begin!(cx, "parts.settle_old_part", &(id, &given));
    let old = store::lock_debt(&mut tx, id).await?;
    tx.authorize(&OLD_PART_WRITE, &old)?;
    check(&old, &given)?;
    let part = part::store::get_part(&mut tx, old.part_id).await?;
    let mut new = DebtRow { updated_at: tx.now(), ..old.clone() };
    match given.how {
        Settlement::Returned => {
            take_in(&mut tx, &old, &part, &given).await?;
            new.returned.0 += given.quantity.0;
        }
        Settlement::Rejected => new.rejected.0 += given.quantity.0,
        Settlement::Charged => {
            let list = part.price.checked_mul(given.quantity)?;
            new.charged.0 += given.quantity.0;
            new.charge = new.charge.checked_add(given.amount.unwrap_or(list))?;
        }
        Settlement::Waived => new.waived.0 += given.quantity.0,
    }
    if !given.note.trim().is_empty() {
        new.note = given.note.trim().to_string();
    }
    new.state = state_of(&new);
    store::update_debt(&mut tx, &new).await?;
    new.version += 1;
    tx.changed(doc_ref(&new), &old, &new)?;
    let out = out(cx, new, &part);
    tx.commit(out).await
}

fn check(old: &DebtRow, given: &SettleInput) -> Result<(), Problems> {
    let mut problems = Problems::new();
    problems.take(rules::positive(given.quantity, "quantity"));
    problems.check(given.quantity.0 <= old.open(), || {
        RuleError::new("parts.owed", T("只欠 {open}", "Only {open} are owed"))
            .arg("open", Quantity(old.open()))
            .field("quantity")
    });
    problems.check(given.how != Settlement::Returned || given.depot_id.is_some(), || {
        RuleError::new("parts.which_depot", T("请选择收旧件的仓库", "Choose the depot that takes it"))
            .field("depot_id")
    });
    let explained = given.note.trim().chars().count() >= 2;
    problems.check(explained || matches!(given.how, Settlement::Returned | Settlement::Charged), || {
        RuleError::new("parts.reason", T("请填写原因", "Say why")).field("note")
    });
    problems.check(given.amount.is_none_or(|amount| !amount.is_negative()), || {
        RuleError::new("parts.negative_price", T("金额不能为负", "The amount can't be negative"))
            .field("amount")
    });
    problems.finish()
}

/// The old pieces come into stock without value: their worth was part of the new ones' issue.
async fn take_in(tx: &mut Tx, old: &DebtRow, part: &PartRow, given: &SettleInput) -> Result<()> {
    let depot = depot::store::get_depot(tx, given.depot_id.ok_or(Error::NotFound)?).await?;
    tx.authorize(&STOCK_RECEIVE, &depot)?;
    let state = if given.scrap { StockState::Scrap } else { StockState::Repairable };
    let posting = Posting {
        kind: MoveKind::OldPart,
        part_id: part.id,
        from: End::Outside(Place::Customer),
        to: End::Stock { depot_id: depot.id, state },
        quantity: given.quantity,
        worth: Worth::Exactly(Money::ZERO),
        doc: doc_ref(old),
        line_id: None,
        reason: given.note.trim().to_string(),
        reversal_of: None,
    };
    ledger::post_in(tx, &[posting]).await.map(drop)
}

/// A debt.
pub async fn get_debt(cx: &Cx, id: Id) -> Result<DebtOut> {
    let mut conn: Conn = cx.read().await?;
    let row = store::get_debt(&mut conn, id).await?;
    cx.authorize(&OLD_PART_READ, &row)?;
    let part = part::store::get_part(&mut conn, row.part_id).await?;
    cx.count(&conn);
    Ok(out(cx, row, &part))
}

fn out(cx: &Cx, row: DebtRow, part: &PartRow) -> DebtOut {
    DebtOut {
        id: row.id,
        code: part.code.clone(),
        name: part.name.clone(),
        open: Quantity(row.open()),
        overdue: row.state == DebtState::Owed && row.due < format::date_of(cx, cx.now()),
        no: row.no,
        part_id: row.part_id,
        debtor_kind: row.debtor_kind,
        debtor_name: row.debtor_name,
        doc_kind: row.doc_kind,
        doc_id: row.doc_id,
        doc_no: row.doc_no,
        quantity: row.quantity,
        returned: row.returned,
        rejected: row.rejected,
        charged: row.charged,
        charge: row.charge,
        waived: row.waived,
        state: row.state,
        due: row.due,
        note: row.note,
        version: row.version,
    }
}
