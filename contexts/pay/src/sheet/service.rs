//! What is done with pay sheets.

use kernel::{Date, Id, Money};
use kit::{Cx, DocRef, Error, Result, Scope, Sens, Show, Tx, format::date_of};

use super::{
    model::{Settle, Settled, SheetOut, SheetRow, SheetState, Statement, Sums},
    rules::{self, Item},
    store,
};
use crate::{
    line::{
        self,
        rules::{first_day, period_of},
    },
    perms::{PAY_MINE, PAY_READ, PAY_SETTLE},
    rule,
};

fn sums(row: &SheetRow) -> Sums {
    Sums {
        wage: row.wage,
        allowance: row.allowance,
        commission: row.commission,
        rewards: row.rewards,
        deductions: row.deductions,
        corrections: row.corrections,
        total: row.total,
        points: row.points,
        jobs: row.jobs,
    }
}

fn out(cx: &Cx, row: &SheetRow) -> SheetOut {
    let own = cx.actor.as_ref().is_some_and(|actor| actor.staff == Some(row.staff_id));
    let full = (own && !cx.req.hidden) || cx.shows(Sens::Pay) == Show::Full;
    SheetOut {
        id: Some(row.id),
        staff_id: row.staff_id,
        staff_name: row.staff_name.clone(),
        period: row.period.clone(),
        state: row.state.as_str().to_string(),
        sums: full.then(|| sums(row)),
        locked_at: row.locked_at,
        locked_by: row.locked_by.clone(),
    }
}

/// One's own statement of a month; none: the present one (PAY-03). Before the sheet is made it shows what the month
/// would come to so far.
pub async fn mine(cx: &Cx, period: Option<String>) -> Result<Statement> {
    cx.require(&PAY_MINE)?;
    let staff = cx.staff()?;
    let period = period.filter(|p| !p.is_empty()).unwrap_or_else(|| period_of(date_of(cx, cx.now())));
    let first = first_day(&period)?;
    let mut conn = cx.read().await?;
    let rows = line::store::select_of_month(&mut conn, staff, &period).await?;
    let sheet = match store::find_sheet(&mut conn, staff, &period).await? {
        Some(row) => out(cx, &row),
        None => so_far(cx, &mut conn, staff, &period, first, &rows).await?,
    };
    let disputes = line::store::select_disputes(&mut conn, staff).await?;
    cx.count(&conn);
    Ok(Statement { sheet, lines: rows.iter().map(|row| line::service::out(cx, row)).collect(), disputes })
}

/// What an open month comes to so far.
async fn so_far(
    cx: &Cx,
    conn: &mut db::Conn,
    staff: Id,
    period: &str,
    first: Date,
    rows: &[line::model::LineRow],
) -> Result<SheetOut> {
    let person = org::api::staff(conn, staff).await?;
    let wages = rule::store::select_wages(conn).await?;
    let (wage, allowance) = wage_on(&wages, staff, person.grade, first);
    let items: Vec<Item> = rows
        .iter()
        .map(|row| Item { kind: row.kind, amount: row.amount, points: row.points, order: row.order_id })
        .collect();
    let total = rules::add_up(wage, allowance, &items)?;
    Ok(SheetOut {
        id: None,
        staff_id: staff,
        staff_name: person.name,
        period: period.to_string(),
        state: "open".to_string(),
        sums: (!cx.req.hidden).then_some(total),
        locked_at: None,
        locked_by: String::new(),
    })
}

/// Wage and allowance that hold on the last day of a month.
fn wage_on(wages: &[rule::model::WageRow], staff: Id, grade: i64, first: Date) -> (Money, Money) {
    rule::rules::wage_of(wages, staff, grade, first.last_of_month())
        .map_or((Money::ZERO, Money::ZERO), |row| (row.wage, row.allowance))
}

/// A sheet that the caller may see, with its lines.
pub async fn statement(cx: &Cx, id: Id) -> Result<Statement> {
    let mut conn = cx.read().await?;
    let row = store::get_sheet(&mut conn, id).await?;
    cx.authorize(&PAY_READ, &row)?;
    let lines = line::store::select_of_sheet(&mut conn, id).await?;
    let disputes = line::store::select_disputes(&mut conn, row.staff_id).await?;
    cx.count(&conn);
    Ok(Statement {
        sheet: out(cx, &row),
        lines: lines.iter().map(|row| line::service::out(cx, row)).collect(),
        disputes,
    })
}

/// Makes or renews the draft sheets of a month for everybody in reach who has unsettled lines or a post wage
/// (PAY-09). Lines of earlier months that no sheet took are taken along, which is how differences reach the next
/// period (PAY-15).
pub async fn build(cx: &Cx, input: Settle) -> Result<Settled> {
    let scope = cx.scope(&PAY_SETTLE)?;
    let first = first_day(&input.period)?;
    let mut tx = kit::begin!(cx, "pay.build_sheets", &input);
    let settled = build_in(&mut tx, &scope, &input, first).await?;
    tx.commit(settled).await
}

async fn build_in(tx: &mut Tx, scope: &Scope, input: &Settle, first: Date) -> Result<Settled> {
    let sheets = store::lock_for_settling(tx, scope, &input.period).await?;
    let wages = rule::store::select_wages(tx).await?;
    let people = people(tx, scope, &input.period).await?;
    let mut settled = Settled { period: input.period.clone(), sheets: 0, waiting: Vec::new() };
    for (staff, name, org_id, grade) in people {
        if input.staff_id.is_some_and(|only| only != staff) {
            continue;
        }
        let own = || sheets.iter().filter(|sheet| sheet.staff_id == staff);
        if own().any(|sheet| sheet.period != input.period && sheet.state == SheetState::Draft) {
            settled.waiting.push(name);
            continue;
        }
        let old = own().find(|sheet| sheet.period == input.period);
        if old.is_some_and(|sheet| sheet.state == SheetState::Locked) {
            continue;
        }
        let (wage, allowance) = wage_on(&wages, staff, grade, first);
        let sheet = match old {
            Some(sheet) => SheetRow { wage, allowance, ..sheet.clone() },
            None => insert_empty(tx, staff, name, org_id, &input.period, (wage, allowance)).await?,
        };
        renew(tx, sheet, &input.period).await?;
        settled.sheets += 1;
    }
    Ok(settled)
}

/// Everybody who gets a sheet: people with unsettled lines, and engineers in reach.
async fn people(tx: &mut Tx, scope: &Scope, period: &str) -> Result<Vec<(Id, String, Id, i64)>> {
    let mut people: Vec<(Id, String, Id, i64)> = org::api::engineers(tx, scope)
        .await?
        .into_iter()
        .map(|staff| (staff.id, staff.name, staff.org_id, staff.grade))
        .collect();
    let mut missing = store::select_unsettled(tx, scope, period).await?;
    missing.retain(|(id, ..)| !people.iter().any(|person| person.0 == *id));
    missing.dedup_by_key(|(id, ..)| *id);
    let ids: Vec<Id> = missing.iter().map(|(id, ..)| *id).collect();
    let files = if ids.is_empty() { Vec::new() } else { org::api::staff_many(tx, &ids).await? };
    for (id, name, org_id) in missing {
        let grade = files.iter().find(|staff| staff.id == id).map_or(0, |staff| staff.grade);
        people.push((id, name, org_id, grade));
    }
    Ok(people)
}

async fn insert_empty(
    tx: &mut Tx,
    staff: Id,
    name: String,
    org_id: Id,
    period: &str,
    wages: (Money, Money),
) -> Result<SheetRow> {
    let row = SheetRow {
        id: tx.id(),
        org_id,
        staff_id: staff,
        staff_name: name,
        period: period.to_string(),
        wage: wages.0,
        allowance: wages.1,
        commission: Money::ZERO,
        rewards: Money::ZERO,
        deductions: Money::ZERO,
        corrections: Money::ZERO,
        total: Money::ZERO,
        points: 0,
        jobs: 0,
        state: SheetState::Draft,
        version: 0,
        created_at: tx.now(),
        updated_at: tx.now(),
        locked_at: None,
        locked_by: String::new(),
    };
    store::insert_sheet(tx, &row).await?;
    Ok(row)
}

/// Takes unsettled lines along and adds the sheet up again.
async fn renew(tx: &mut Tx, sheet: SheetRow, period: &str) -> Result<SheetRow> {
    store::attach_lines(tx, sheet.id, sheet.staff_id, period).await?;
    let items = store::select_items(tx, sheet.id).await?;
    let total = rules::add_up(sheet.wage, sheet.allowance, &items)?;
    let row = SheetRow {
        commission: total.commission,
        rewards: total.rewards,
        deductions: total.deductions,
        corrections: total.corrections,
        total: total.total,
        points: total.points,
        jobs: total.jobs,
        version: sheet.version + 1,
        updated_at: tx.now(),
        ..sheet
    };
    if !store::update_draft(tx, &row).await? {
        return Err(Error::Conflict(locked()));
    }
    Ok(row)
}

fn locked() -> kernel::RuleError {
    kernel::RuleError::new("pay.locked", kernel::T("工资结算单已锁定", "The pay sheet is locked"))
}

/// Locks the drafts of a month after adding them up once more. What comes later goes to the next month (PAY-15).
pub async fn lock(cx: &Cx, input: Settle) -> Result<Settled> {
    let scope = cx.scope(&PAY_SETTLE)?;
    first_day(&input.period)?;
    let mut tx = kit::begin!(cx, "pay.lock_sheets", &input);
    let mut settled = Settled { period: input.period.clone(), sheets: 0, waiting: Vec::new() };
    for sheet in store::lock_for_settling(&mut tx, &scope, &input.period).await? {
        let wanted = sheet.period == input.period && sheet.state == SheetState::Draft;
        if !wanted || input.staff_id.is_some_and(|only| only != sheet.staff_id) {
            continue;
        }
        let old = renew(&mut tx, sheet, &input.period).await?;
        let new = SheetRow {
            state: SheetState::Locked,
            locked_at: Some(tx.now()),
            locked_by: cx.actor()?.name.clone(),
            version: old.version + 1,
            ..old.clone()
        };
        store::update_draft(&mut tx, &new).await?;
        tx.changed(DocRef::new("pay_sheet", new.id, &new.period), &old, &new)?;
        settled.sheets += 1;
    }
    tx.commit(settled).await
}
