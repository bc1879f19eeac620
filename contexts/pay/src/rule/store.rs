//! SQL of pay rules.

use db::{Conn, args};
use kernel::{Date, Id};
use kit::Result;

use super::model::{Base, CommissionRow, ItemRow, NewCommission, NewStep, Rules, StepRow, WageRow};
use super::rules::Known;

/// Which table an ending is about.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// commission rules
    Commission,
    /// steps
    Step,
    /// items
    Item,
}

impl Kind {
    const fn table(self) -> &'static str {
        match self {
            Self::Commission => "commission_rule",
            Self::Step => "deadline_step",
            Self::Item => "reward_item",
        }
    }
}

/// All rules in force on a day.
pub async fn select_rules(conn: &mut Conn, on: Date) -> Result<Rules> {
    let held = "where r.valid_from <= $1 and (r.valid_until is null or r.valid_until >= $1)";
    let commissions = format!("select {} from commission_rule r {held}", CommissionRow::cols("r"));
    let steps = format!("select {} from deadline_step r {held}", StepRow::cols("r"));
    let items = format!("select {} from reward_item r {held}", ItemRow::cols("r"));
    Ok(Rules {
        commissions: conn.all(&commissions, args![on]).await?,
        steps: conn.all(&steps, args![on]).await?,
        items: conn.all(&items, args![on]).await?,
    })
}

fn known(rows: Vec<(Id, Date, Option<Date>, i64)>) -> Vec<Known> {
    rows.into_iter().map(|(id, from, until, number)| Known { id, from, until, number }).collect()
}

/// Commission rules for the same case. Both kinds of labour are one case: nobody is paid twice for the same work.
pub async fn select_same_commissions(conn: &mut Conn, input: &NewCommission) -> Result<Vec<Known>> {
    let (first, second) = match input.base {
        Base::LabourGross | Base::LabourNet => (Base::LabourGross, Base::LabourNet),
        other => (other, other),
    };
    let sql = "select r.id, r.valid_from, r.valid_until, r.number from commission_rule r
        where r.grouping_code = $1 and r.kind = $2 and r.mode = $3 and r.grade = $4 and r.base in ($5, $6)";
    let values =
        args![input.grouping_code.trim(), input.kind.trim(), input.mode.trim(), input.grade, first, second];
    Ok(known(conn.all(sql, values).await?))
}

/// Steps for the same case.
pub async fn select_same_steps(conn: &mut Conn, input: &NewStep) -> Result<Vec<Known>> {
    let sql = "select r.id, r.valid_from, r.valid_until, r.number from deadline_step r
        where r.party = $1 and r.clock = $2 and r.after_hours = $3";
    Ok(known(conn.all(sql, args![input.party, input.clock.trim(), input.after_hours]).await?))
}

/// Versions of an item.
pub async fn select_same_items(conn: &mut Conn, code: &str) -> Result<Vec<Known>> {
    let sql = "select r.id, r.valid_from, r.valid_until, r.number from reward_item r where r.code = $1";
    Ok(known(conn.all(sql, args![code]).await?))
}

/// The version of an item in force on a day.
pub async fn find_item(conn: &mut Conn, code: &str, on: Date) -> Result<Option<ItemRow>> {
    let sql = format!(
        "select {} from reward_item r where r.code = $1 and r.valid_from <= $2
         and (r.valid_until is null or r.valid_until >= $2) order by r.number desc limit 1",
        ItemRow::cols("r")
    );
    Ok(conn.opt(&sql, args![code, on]).await?)
}

/// First and last day of a rule, or 404.
pub async fn get_days(conn: &mut Conn, kind: Kind, id: Id) -> Result<(Date, Option<Date>)> {
    let sql = format!("select r.valid_from, r.valid_until from {} r where r.id = $1", kind.table());
    Ok(conn.one(&sql, args![id]).await?)
}

/// Ends a rule.
pub async fn end(conn: &mut Conn, kind: Kind, id: Id, until: Date) -> Result<()> {
    let sql = format!("update {} set valid_until = $2 where id = $1", kind.table());
    conn.exec(&sql, args![id, until]).await?;
    Ok(())
}

/// Stores a commission rule.
pub async fn insert_commission(conn: &mut Conn, row: &CommissionRow) -> Result<()> {
    conn.exec(
        "insert into commission_rule (id, name, number, grouping_code, kind, mode, grade, base, ratio_bp, amount, valid_from,
            valid_until, note, created_at, created_by) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)",
        args![
            row.id,
            &row.name,
            row.number,
            &row.grouping_code,
            &row.kind,
            &row.mode,
            row.grade,
            row.base,
            row.ratio_bp,
            row.amount,
            row.valid_from,
            row.valid_until,
            &row.note,
            row.created_at,
            row.created_by
        ],
    )
    .await?;
    Ok(())
}

/// Stores a step.
pub async fn insert_step(conn: &mut Conn, row: &StepRow) -> Result<()> {
    conn.exec(
        "insert into deadline_step (id, number, party, clock, after_hours, amount, valid_from, valid_until, note, created_at,
            created_by) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)",
        args![
            row.id,
            row.number,
            row.party,
            &row.clock,
            row.after_hours,
            row.amount,
            row.valid_from,
            row.valid_until,
            &row.note,
            row.created_at,
            row.created_by
        ],
    )
    .await?;
    Ok(())
}

/// Stores an item.
pub async fn insert_item(conn: &mut Conn, row: &ItemRow) -> Result<()> {
    conn.exec(
        "insert into reward_item (id, number, code, name, sign, cause, cause_code, threshold, measure, amount, percent_bp,
            points, valid_from, valid_until, note, created_at, created_by)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17)",
        args![
            row.id,
            row.number,
            &row.code,
            &row.name,
            row.sign,
            row.cause,
            &row.cause_code,
            row.threshold,
            row.measure,
            row.amount,
            row.percent_bp,
            row.points,
            row.valid_from,
            row.valid_until,
            &row.note,
            row.created_at,
            row.created_by
        ],
    )
    .await?;
    Ok(())
}

/// All post wages: few rows, one per change.
pub async fn select_wages(conn: &mut Conn) -> Result<Vec<WageRow>> {
    Ok(conn.all(&format!("select {} from post_wage w", WageRow::cols("w")), vec![]).await?)
}

/// Stores a post wage.
pub async fn insert_wage(conn: &mut Conn, row: &WageRow) -> Result<()> {
    conn.exec(
        "insert into post_wage (id, staff_id, staff_name, grade, wage, allowance, valid_from, created_at, created_by)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9)",
        args![
            row.id,
            row.staff_id,
            &row.staff_name,
            row.grade,
            row.wage,
            row.allowance,
            row.valid_from,
            row.created_at,
            row.created_by
        ],
    )
    .await?;
    Ok(())
}
