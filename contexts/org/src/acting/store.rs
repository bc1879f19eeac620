//! Statements on periods of acting.

use db::{Conn, Sql, args};
use kernel::{Id, Ts};
use kit::{Result, Scope};

use super::model::ActingOut;

const OUT: &str = "select a.id, a.version, a.absent_id, x.name as absent_name, a.substitute_id, y.name as substitute_name, a.org_id,
    a.from_at, a.until_at, a.reason, a.ended_at
    from acting a join staff x on x.id = a.absent_id join staff y on y.id = a.substitute_id";

/// Periods that run or will.
pub(super) async fn open(conn: &mut Conn, scope: &Scope, now: Ts) -> Result<Vec<ActingOut>> {
    let mut sql = Sql::new(format!("{OUT} where a.ended_at is null"));
    sql.and("a.until_at >", now);
    scope.push(&mut sql, "a.org_id", Some("a.absent_id"));
    sql.push(" order by a.from_at, a.id limit 500");
    Ok(conn.all_sql(sql).await?)
}

pub(super) async fn acting(conn: &mut Conn, id: Id) -> Result<ActingOut> {
    Ok(conn.one(&format!("{OUT} where a.id = $1"), args![id]).await?)
}

/// Another period of the same absent person that overlaps.
pub(super) async fn overlapping(conn: &mut Conn, absent: Id, from: Ts, until: Ts) -> Result<i64> {
    Ok(conn
        .scalar(
            "select count(*) from acting where absent_id = $1 and ended_at is null and from_at < $3 and until_at > $2",
            args![absent, from, until],
        )
        .await?)
}

pub(super) async fn insert(conn: &mut Conn, row: &ActingOut, by: Id, now: Ts) -> Result<()> {
    conn.exec(
        "insert into acting (id, version, absent_id, substitute_id, org_id, from_at, until_at, reason, ended_at, created_by,
         created_at, updated_at) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$11)",
        args![
            row.id, row.version, row.absent_id, row.substitute_id, row.org_id, row.from_at, row.until_at, &row.reason,
            row.ended_at, by, now
        ],
    )
    .await?;
    Ok(())
}

/// True when it was open until now.
pub(super) async fn end(conn: &mut Conn, id: Id, now: Ts) -> Result<bool> {
    let rows = conn
        .exec(
            "update acting set ended_at = $2, version = version + 1, updated_at = $2 where id = $1 and ended_at is null",
            args![id, now],
        )
        .await?;
    Ok(rows > 0)
}

/// Working people within reach, for choices: id, number, name.
pub(super) async fn people(conn: &mut Conn, scope: &Scope) -> Result<Vec<(Id, String, String)>> {
    let mut sql = Sql::new("select s.id, s.no, s.name from staff s where s.active");
    scope.push(&mut sql, "s.org_id", Some("s.id"));
    sql.push(" order by s.no limit 1000");
    Ok(conn.all_sql(sql).await?)
}
