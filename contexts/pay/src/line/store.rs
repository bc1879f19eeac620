//! SQL of pay lines.

use db::{Conn, Sql, args};
use kernel::{Id, Money, Ts};
use kit::{Result, Scope};

use super::model::{CalcRow, DisputeRow, LineRow};

/// Claims the computation of an order's round; when somebody else does the same right now, one of the two is run again.
pub async fn claim_calc(conn: &mut Conn, row: &CalcRow) -> Result<()> {
    let sql = Sql::with(
        "insert into pay_calc (id, org_id, order_id, order_no, round, state, facts, total, created_at, reversed_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10) on conflict (order_id, round) do nothing",
        args![
            row.id,
            row.org_id,
            row.order_id,
            &row.order_no,
            row.round,
            row.state,
            &row.facts,
            row.total,
            row.created_at,
            row.reversed_at
        ],
    );
    Ok(conn.later(sql.must(1, db::BUSY)).await?)
}

/// Computations of an order, newest first.
pub async fn select_calcs(conn: &mut Conn, order: Id) -> Result<Vec<CalcRow>> {
    let sql =
        format!("select {} from pay_calc c where c.order_id = $1 order by c.round desc", CalcRow::cols("c"));
    Ok(conn.all(&sql, args![order]).await?)
}

/// Marks a computation as taken back: false when it was before.
pub async fn reverse_calc(conn: &mut Conn, id: Id, at: Ts) -> Result<bool> {
    let changed = conn
        .exec(
            "update pay_calc set state = 'reversed', reversed_at = $2 where id = $1 and state = 'valid'",
            args![id, at],
        )
        .await?;
    Ok(changed == 1)
}

fn result_row(callback: Id, order: Id, class: &str, at: Ts) -> Sql {
    Sql::with(
        "insert into pay_callback (callback_id, order_id, class, at) values ($1,$2,$3,$4) on conflict (callback_id) do nothing",
        args![callback, order, class, at],
    )
}

/// Notes the result of a callback: false when it was noted before.
pub async fn insert_result(conn: &mut Conn, callback: Id, order: Id, class: &str, at: Ts) -> Result<bool> {
    Ok(conn.exec_sql(result_row(callback, order, class, at)).await? == 1)
}

/// Notes the result of a callback, if it was not noted before, when nothing follows from that.
pub async fn note_result(conn: &mut Conn, callback: Id, order: Id, class: &str, at: Ts) -> Result<()> {
    Ok(conn.later(result_row(callback, order, class, at)).await?)
}

/// Results of an order's callbacks, oldest first.
pub async fn select_results(conn: &mut Conn, order: Id) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = conn
        .all(
            "select c.class from pay_callback c where c.order_id = $1 order by c.at, c.callback_id",
            args![order],
        )
        .await?;
    Ok(rows.into_iter().map(|(class,)| class).collect())
}

/// Notes that a computation grew: its facts and its total.
pub async fn grow_calc(conn: &mut Conn, id: Id, facts: &str, total: Money) -> Result<()> {
    conn.exec("update pay_calc set facts = $2, total = $3 where id = $1", args![id, facts, total]).await?;
    Ok(())
}

/// Stores lines, in one statement.
pub async fn insert_lines(conn: &mut Conn, rows: &[LineRow]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new(
        "insert into pay_line (id, org_id, party, staff_id, staff_name, calc_id, order_id, order_no, period, kind, amount,
            points, share_bp, rule_kind, rule_id, rule_version, label, said, sheet_id, reverses, created_at, created_by) values ",
    );
    for (index, row) in rows.iter().enumerate() {
        sql.push(if index == 0 { "" } else { ", " });
        sql.list(args![
            row.id,
            row.org_id,
            row.party,
            row.staff_id,
            &row.staff_name,
            row.calc_id,
            row.order_id,
            &row.order_no,
            &row.period,
            row.kind,
            row.amount,
            row.points,
            row.share_bp,
            &row.rule_kind,
            row.rule_id,
            row.rule_version,
            &row.label,
            &row.said,
            row.sheet_id,
            row.reverses,
            row.created_at,
            row.created_by
        ]);
    }
    Ok(conn.later(sql).await?)
}

/// One line, or 404.
pub async fn get_line(conn: &mut Conn, id: Id) -> Result<LineRow> {
    Ok(conn.one(&format!("select {} from pay_line p where p.id = $1", LineRow::cols("p")), args![id]).await?)
}

/// Lines of an order, oldest first.
pub async fn select_of_order(conn: &mut Conn, order: Id) -> Result<Vec<LineRow>> {
    let sql = format!(
        "select {} from pay_line p where p.order_id = $1 order by p.created_at, p.id",
        LineRow::cols("p")
    );
    Ok(conn.all(&sql, args![order]).await?)
}

/// Lines of an order within a scope.
pub async fn select_of_order_in(conn: &mut Conn, order: Id, scope: &Scope) -> Result<Vec<LineRow>> {
    let mut sql = Sql::new(format!("select {} from pay_line p where p.order_id = ", LineRow::cols("p")));
    sql.bind(order);
    scope.push(&mut sql, "p.org_id", Some("p.staff_id"));
    sql.push(" order by p.created_at, p.id");
    Ok(conn.all_sql(sql).await?)
}

/// Lines of a computation.
pub async fn select_of_calc(conn: &mut Conn, calc: Id) -> Result<Vec<LineRow>> {
    let sql = format!(
        "select {} from pay_line p where p.calc_id = $1 order by p.created_at, p.id",
        LineRow::cols("p")
    );
    Ok(conn.all(&sql, args![calc]).await?)
}

/// A person's lines of a month: booked in it, or settled with its sheet.
pub async fn select_of_month(conn: &mut Conn, staff: Id, period: &str) -> Result<Vec<LineRow>> {
    let sql = format!(
        "select {} from pay_line p where p.staff_id = $1 and (p.sheet_id is null and p.period = $2
            or p.sheet_id in (select s.id from pay_sheet s where s.staff_id = $1 and s.period = $2))
         order by p.created_at desc, p.id desc limit 1000",
        LineRow::cols("p")
    );
    Ok(conn.all(&sql, args![staff, period]).await?)
}

/// Lines of a sheet, oldest first.
pub async fn select_of_sheet(conn: &mut Conn, sheet: Id) -> Result<Vec<LineRow>> {
    let sql = format!(
        "select {} from pay_line p where p.sheet_id = $1 order by p.created_at, p.id",
        LineRow::cols("p")
    );
    Ok(conn.all(&sql, args![sheet]).await?)
}

/// Stores a question about a line.
pub async fn insert_dispute(conn: &mut Conn, row: &DisputeRow) -> Result<()> {
    conn.exec(
        "insert into pay_dispute (id, line_id, org_id, staff_id, staff_name, order_no, question, state, answer, answered_by,
            created_at, answered_at) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)",
        args![
            row.id,
            row.line_id,
            row.org_id,
            row.staff_id,
            &row.staff_name,
            &row.order_no,
            &row.question,
            &row.state,
            &row.answer,
            &row.answered_by,
            row.created_at,
            row.answered_at
        ],
    )
    .await?;
    Ok(())
}

/// One question, or 404.
pub async fn get_dispute(conn: &mut Conn, id: Id) -> Result<DisputeRow> {
    Ok(conn
        .one(&format!("select {} from pay_dispute d where d.id = $1", DisputeRow::cols("d")), args![id])
        .await?)
}

/// A person's questions, newest first.
pub async fn select_disputes(conn: &mut Conn, staff: Id) -> Result<Vec<DisputeRow>> {
    let sql = format!(
        "select {} from pay_dispute d where d.staff_id = $1 order by d.created_at desc, d.id desc limit 50",
        DisputeRow::cols("d")
    );
    Ok(conn.all(&sql, args![staff]).await?)
}

/// Stores an answer: false when it was answered before.
pub async fn answer_dispute(conn: &mut Conn, row: &DisputeRow) -> Result<bool> {
    let changed = conn
        .exec(
            "update pay_dispute set state = 'answered', answer = $2, answered_by = $3, answered_at = $4 where id = $1 and state = 'open'",
            args![row.id, &row.answer, &row.answered_by, row.answered_at],
        )
        .await?;
    Ok(changed == 1)
}

/// Computations whose lines do not add up to their total, or to nothing once taken back: for `aftercare check`.
pub async fn select_broken_calcs(conn: &mut Conn) -> Result<Vec<String>> {
    let rows: Vec<(String, Money, i64)> = conn
        .all(
            "select c.order_no, c.total, cast(coalesce(sum(p.amount), 0) as bigint) from pay_calc c
             left join pay_line p on p.calc_id = c.id group by c.id, c.order_no, c.total, c.state
             having cast(coalesce(sum(p.amount), 0) as bigint) <> case when c.state = 'valid' then c.total else 0 end",
            vec![],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|(no, total, sum)| format!("pay of {no}: lines make {sum}, not {}", total.0))
        .collect())
}
