//! SQL of pay sheets.

use db::{Conn, Sql, args};
use kernel::{Id, Money};
use kit::{Result, Scope};

use super::{model::SheetRow, rules::Item};

/// One sheet, or 404.
pub async fn get_sheet(conn: &mut Conn, id: Id) -> Result<SheetRow> {
    Ok(conn
        .one(&format!("select {} from pay_sheet s where s.id = $1", SheetRow::cols("s")), args![id])
        .await?)
}

/// A person's sheet of a month.
pub async fn find_sheet(conn: &mut Conn, staff: Id, period: &str) -> Result<Option<SheetRow>> {
    let sql =
        format!("select {} from pay_sheet s where s.staff_id = $1 and s.period = $2", SheetRow::cols("s"));
    Ok(conn.opt(&sql, args![staff, period]).await?)
}

/// Sheets that matter for settling a month: drafts of any month, and all of this one.
pub async fn lock_for_settling(conn: &mut Conn, scope: &Scope, period: &str) -> Result<Vec<SheetRow>> {
    let mut sql = Sql::new(format!(
        "select {} from pay_sheet s where (s.state = 'draft' or s.period = ",
        SheetRow::cols("s")
    ));
    sql.bind(period).push(")");
    scope.push(&mut sql, "s.org_id", Some("s.staff_id"));
    let lock = conn.for_update();
    sql.push(" order by s.period, s.staff_id").push(lock);
    Ok(conn.all_sql(sql).await?)
}

/// People of a scope with unsettled lines up to a month: id, name and organisation.
pub async fn select_unsettled(conn: &mut Conn, scope: &Scope, period: &str) -> Result<Vec<(Id, String, Id)>> {
    let mut sql = Sql::new(
        "select p.staff_id, p.staff_name, p.org_id from pay_line p where p.sheet_id is null and p.party = 'engineer'",
    );
    sql.and("p.period <=", period);
    scope.push(&mut sql, "p.org_id", Some("p.staff_id"));
    sql.push(" group by p.staff_id, p.staff_name, p.org_id order by p.staff_id");
    Ok(conn.all_sql(sql).await?)
}

/// Puts a person's unsettled lines up to a month on a sheet.
pub async fn attach_lines(conn: &mut Conn, sheet: Id, staff: Id, period: &str) -> Result<u64> {
    Ok(conn
        .exec(
            "update pay_line set sheet_id = $1 where staff_id = $2 and sheet_id is null and period <= $3",
            args![sheet, staff, period],
        )
        .await?)
}

/// What a sheet's lines add up from.
pub async fn select_items(conn: &mut Conn, sheet: Id) -> Result<Vec<Item>> {
    let rows: Vec<(crate::line::model::LineKind, Money, i64, Option<Id>)> = conn
        .all(
            "select p.kind, p.amount, p.points, p.order_id from pay_line p where p.sheet_id = $1",
            args![sheet],
        )
        .await?;
    Ok(rows.into_iter().map(|(kind, amount, points, order)| Item { kind, amount, points, order }).collect())
}

/// Stores a new sheet.
pub async fn insert_sheet(conn: &mut Conn, row: &SheetRow) -> Result<()> {
    conn.exec(
        "insert into pay_sheet (id, org_id, staff_id, staff_name, period, wage, allowance, commission, rewards, deductions,
            corrections, total, points, jobs, state, version, created_at, updated_at, locked_at, locked_by)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20)",
        args![
            row.id,
            row.org_id,
            row.staff_id,
            &row.staff_name,
            &row.period,
            row.wage,
            row.allowance,
            row.commission,
            row.rewards,
            row.deductions,
            row.corrections,
            row.total,
            row.points,
            row.jobs,
            row.state,
            row.version,
            row.created_at,
            row.updated_at,
            row.locked_at,
            &row.locked_by
        ],
    )
    .await?;
    Ok(())
}

/// Stores a renewed or locked sheet; false when it is locked already.
pub async fn update_draft(conn: &mut Conn, row: &SheetRow) -> Result<bool> {
    let changed = conn
        .exec(
            "update pay_sheet set wage = $2, allowance = $3, commission = $4, rewards = $5, deductions = $6, corrections = $7,
                total = $8, points = $9, jobs = $10, state = $11, version = $12, updated_at = $13, locked_at = $14, locked_by = $15
             where id = $1 and state = 'draft'",
            args![
                row.id,
                row.wage,
                row.allowance,
                row.commission,
                row.rewards,
                row.deductions,
                row.corrections,
                row.total,
                row.points,
                row.jobs,
                row.state,
                row.version,
                row.updated_at,
                row.locked_at,
                &row.locked_by
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// Sheets whose total is not their wages plus their lines: for `aftercare check`.
pub async fn select_broken(conn: &mut Conn) -> Result<Vec<String>> {
    let rows: Vec<(String, String)> = conn
        .all(
            "select s.staff_name, s.period from pay_sheet s left join pay_line p on p.sheet_id = s.id
             group by s.id, s.staff_name, s.period, s.wage, s.allowance, s.total
             having s.total <> s.wage + s.allowance + cast(coalesce(sum(p.amount), 0) as bigint)",
            vec![],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|(name, period)| format!("pay sheet {period} of {name} does not add up"))
        .collect())
}
