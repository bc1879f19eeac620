//! Statements on staff files.

use db::{Conn, Sql, args};
use kernel::{Id, RuleError, T, Ts};
use kit::{Error, Result, Scope};

use super::model::StaffRow;

/// What is joined to a staff file for showing it.
pub(crate) struct Shown {
    pub row: StaffRow,
    pub org_name: String,
    pub post_name: Option<String>,
    pub user_id: Option<Id>,
    pub login: Option<String>,
}

impl db::FromRow for Shown {
    fn from_row(row: &db::Row) -> db::Result<Self> {
        Ok(Self {
            row: StaffRow::from_row(row)?,
            org_name: row.get("org_name")?,
            post_name: row.get("post_name")?,
            user_id: row.get("user_id")?,
            login: row.get("login")?,
        })
    }
}

fn shown_sql() -> String {
    format!(
        "select {}, o.name as org_name, p.name as post_name, u.id as user_id, u.login from staff s
         join org_unit o on o.id = s.org_id left join post p on p.id = s.post_id left join app_user u on u.staff_id = s.id",
        StaffRow::cols("s")
    )
}

pub(crate) async fn shown(conn: &mut Conn, id: Id) -> Result<Shown> {
    Ok(conn.one(&format!("{} where s.id = $1", shown_sql()), args![id]).await?)
}

/// Most people shown on the page of one organisation; the list shows all.
const MOST: i64 = 500;

pub(crate) async fn shown_of_org(conn: &mut Conn, org: Id, scope: &Scope) -> Result<Vec<Shown>> {
    let mut sql = Sql::new(format!("{} where 1 = 1", shown_sql()));
    sql.and("s.org_id =", org);
    scope.push(&mut sql, "s.org_id", Some("s.id"));
    sql.push(&format!(" order by s.no limit {MOST}"));
    Ok(conn.all_sql(sql).await?)
}

/// People at work who have no account yet, by number (ORG-07).
pub(crate) async fn select_without_account(
    conn: &mut Conn,
    scope: &Scope,
) -> Result<Vec<(Id, String, String)>> {
    let mut sql = Sql::new(
        "select s.id, s.no, s.name from staff s left join app_user u on u.staff_id = s.id where s.active and u.id is null",
    );
    scope.push(&mut sql, "s.org_id", Some("s.id"));
    sql.push(&format!(" order by s.no limit {MOST}"));
    Ok(conn.all_sql(sql).await?)
}

pub(crate) async fn staff(conn: &mut Conn, id: Id) -> Result<StaffRow> {
    let sql = format!("select {} from staff s where s.id = $1", StaffRow::cols("s"));
    Ok(conn.one(&sql, args![id]).await?)
}

pub(crate) async fn lock_staff(conn: &mut Conn, id: Id) -> Result<StaffRow> {
    let sql = format!("select {} from staff s where s.id = $1{}", StaffRow::cols("s"), conn.for_update());
    Ok(conn.one(&sql, args![id]).await?)
}

/// The file with an employee number, locked.
pub(super) async fn lock_by_no(conn: &mut Conn, no: &str) -> Result<Option<StaffRow>> {
    let sql = format!("select {} from staff s where s.no = $1{}", StaffRow::cols("s"), conn.for_update());
    Ok(conn.opt(&sql, args![no]).await?)
}

fn taken(error: db::Error, no: &str) -> Error {
    if error.is_unique("no") {
        return RuleError::new("org.no_taken", T("工号“{no}”已被使用", "The number \"{no}\" is taken"))
            .arg("no", no)
            .field("no")
            .into();
    }
    error.into()
}

pub(super) async fn insert(conn: &mut Conn, row: &StaffRow, now: Ts) -> Result<()> {
    conn.exec(
        "insert into staff (id, version, no, name, org_id, post_id, team, grade, skills, engineer, phone, email,
         hired_on, active, created_at, updated_at, gender, born_on, id_no, education, contract_until)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$15,$16,$17,$18,$19,$20)",
        args![
            row.id, row.version, &row.no, &row.name, row.org_id, row.post_id, &row.team, row.grade,
            serde_json::to_string(&row.skills)?, row.engineer, &row.phone, &row.email, row.hired_on, row.active, now,
            &row.gender, row.born_on, &row.id_no, &row.education, row.contract_until
        ],
    )
    .await
    .map_err(|error| taken(error, &row.no))?;
    Ok(())
}

pub(super) async fn update(conn: &mut Conn, row: &StaffRow, now: Ts) -> Result<()> {
    let rows = conn
        .exec(
            "update staff set version = version + 1, no = $3, name = $4, org_id = $5, post_id = $6, team = $7, grade = $8,
             skills = $9, engineer = $10, phone = $11, email = $12, hired_on = $13, active = $14, updated_at = $15, gender = $16, born_on = $17,
             id_no = $18, education = $19, contract_until = $20
             where id = $1 and version = $2",
            args![
                row.id, row.version, &row.no, &row.name, row.org_id, row.post_id, &row.team, row.grade,
                serde_json::to_string(&row.skills)?, row.engineer, &row.phone, &row.email, row.hired_on, row.active, now,
                &row.gender, row.born_on, &row.id_no, &row.education, row.contract_until
            ],
        )
        .await
        .map_err(|error| taken(error, &row.no))?;
    if rows == 0 { Err(crate::stale()) } else { Ok(()) }
}
