//! Statements on organisations.

use db::{Conn, Sql, args};
use kernel::{Id, RuleError, T, Ts};
use kit::{Error, Result, Scope};

use super::{
    model::{TreePerson, UnitRow},
    rules::Shape,
};

pub(crate) async fn unit(conn: &mut Conn, id: Id) -> Result<UnitRow> {
    let sql = format!("select {} from org_unit u where u.id = $1", UnitRow::cols("u"));
    Ok(conn.one(&sql, args![id]).await?)
}

/// The row, locked until the transaction ends.
pub(crate) async fn lock_unit(conn: &mut Conn, id: Id) -> Result<UnitRow> {
    let sql = format!("select {} from org_unit u where u.id = $1{}", UnitRow::cols("u"), conn.for_update());
    Ok(conn.one(&sql, args![id]).await?)
}

/// Locks the root, so that two moves at once can't make a circle together.
pub(crate) async fn lock_tree(conn: &mut Conn) -> Result<()> {
    let sql = format!("select id from org_unit where parent_id is null{}", conn.for_update());
    conn.rows(&sql, vec![]).await?;
    Ok(())
}

pub(crate) async fn shape(conn: &mut Conn) -> Result<Shape> {
    let pairs: Vec<(Id, Option<Id>)> = conn.all("select id, parent_id from org_unit", vec![]).await?;
    Ok(Shape::new(pairs))
}

pub(crate) async fn units(conn: &mut Conn, scope: &Scope) -> Result<Vec<UnitRow>> {
    let mut sql = Sql::new(format!("select {} from org_unit u where 1 = 1", UnitRow::cols("u")));
    scope.push(&mut sql, "u.id", None);
    sql.push(" order by u.code");
    Ok(conn.all_sql(sql).await?)
}

pub(crate) async fn insert_unit(conn: &mut Conn, unit: &UnitRow, now: Ts) -> Result<()> {
    conn.exec(
        "insert into org_unit (id, version, code, name, kind, parent_id, region, time_zone, phone, address, active,
         created_at, updated_at) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$12)",
        args![
            unit.id, unit.version, &unit.code, &unit.name, unit.kind, unit.parent_id, &unit.region, &unit.time_zone,
            &unit.phone, &unit.address, unit.active, now
        ],
    )
    .await
    .map_err(|error| taken(error, &unit.code))?;
    Ok(())
}

pub(crate) async fn update_unit(conn: &mut Conn, unit: &UnitRow, now: Ts) -> Result<()> {
    let rows = conn
        .exec(
            "update org_unit set version = version + 1, code = $3, name = $4, kind = $5, parent_id = $6, region = $7,
             time_zone = $8, phone = $9, address = $10, active = $11, updated_at = $12 where id = $1 and version = $2",
            args![
                unit.id, unit.version, &unit.code, &unit.name, unit.kind, unit.parent_id, &unit.region, &unit.time_zone,
                &unit.phone, &unit.address, unit.active, now
            ],
        )
        .await
        .map_err(|error| taken(error, &unit.code))?;
    if rows == 0 { Err(crate::stale()) } else { Ok(()) }
}

fn taken(error: db::Error, code: &str) -> Error {
    if error.is_unique("code") {
        return RuleError::new("org.code_taken", T("代码“{code}”已被使用", "The code \"{code}\" is taken"))
            .arg("code", code)
            .field("code")
            .into();
    }
    error.into()
}

/// Open posts: organisation, id, name; superiors first is nobody's order, names are.
pub(super) async fn posts(conn: &mut Conn) -> Result<Vec<(Id, Id, String)>> {
    let mut sql = Sql::new("select p.org_id, p.id, p.name from post p where 1 = 1");
    sql.and("p.active =", true).push(" order by p.name, p.id");
    Ok(conn.all_sql(sql).await?)
}

/// Working people within reach.
pub(super) async fn people(conn: &mut Conn, scope: &Scope) -> Result<Vec<TreePerson>> {
    let mut sql = Sql::new(format!("select {} from staff s where 1 = 1", TreePerson::cols("s")));
    sql.and("s.active =", true);
    scope.push(&mut sql, "s.org_id", Some("s.id"));
    sql.push(" order by s.no");
    Ok(conn.all_sql(sql).await?)
}

/// People of every organisation.
pub(crate) async fn head_counts(conn: &mut Conn) -> Result<Vec<(Id, i64)>> {
    Ok(conn.all("select org_id, count(*) from staff where active group by org_id", vec![]).await?)
}

/// What still hangs on an organisation that shall be closed: open sub-organisations, people, accounts.
pub(crate) async fn in_use(conn: &mut Conn, id: Id) -> Result<i64> {
    Ok(conn
        .scalar(
            "select (select count(*) from org_unit where parent_id = $1 and active)
             + (select count(*) from staff where org_id = $1 and active)
             + (select count(*) from app_user where org_id = $1 and active)",
            args![id],
        )
        .await?)
}

/// Every organisation with the one above it and its code.
pub(super) async fn codes(conn: &mut Conn) -> Result<Vec<(Id, Option<Id>, String)>> {
    Ok(conn.all("select id, parent_id, code from org_unit", vec![]).await?)
}

/// The organisation with a code, or else the only one with a name.
pub(crate) async fn by_code_or_name(conn: &mut Conn, text: &str) -> Result<Option<UnitRow>> {
    let sql = format!(
        "select {} from org_unit u where u.code = $1 or u.name = $1 order by u.code limit 3",
        UnitRow::cols("u")
    );
    let found: Vec<UnitRow> = conn.all(&sql, args![text]).await?;
    Ok(match found.iter().position(|row| row.code == text) {
        Some(index) => found.into_iter().nth(index),
        None if found.len() == 1 => found.into_iter().next(),
        None => None,
    })
}
