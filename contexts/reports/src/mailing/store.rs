//! SQL of scheduled mails.

use db::{Conn, Sql, args};
use kernel::{Id, Ts};
use kit::{Error, Result, Scope};

use super::model::{MailRow, Reader, SendState, SendingOut, SendingRow};

/// Letters shown in a log.
const MOST_SHOWN: i64 = 100;
/// Mails whose time came, handled in one run.
const MOST_DUE: i64 = 500;

/// A mail, or 404.
pub async fn get_mail(conn: &mut Conn, id: Id) -> Result<MailRow> {
    Ok(conn
        .one(&format!("select {} from report_mail m where m.id = $1", MailRow::cols("m")), args![id])
        .await?)
}

/// The same, held until the end of the transaction.
pub async fn lock_mail(conn: &mut Conn, id: Id) -> Result<MailRow> {
    let sql =
        format!("select {} from report_mail m where m.id = $1{}", MailRow::cols("m"), conn.for_update());
    Ok(conn.one(&sql, args![id]).await?)
}

/// A new mail.
pub async fn insert_mail(conn: &mut Conn, row: &MailRow) -> Result<()> {
    conn.exec_sql(db::insert_many("report_mail", MailRow::NAMES, vec![row.values()])).await?;
    Ok(())
}

/// What changed, with the next version; 409 when somebody was faster.
pub async fn update_mail(conn: &mut Conn, old: &MailRow, new: &MailRow) -> Result<()> {
    let Some(sql) = db::update_changed("report_mail", MailRow::NAMES, old.values(), new.values()) else {
        return Ok(());
    };
    if conn.exec_sql(sql).await? == 0 { Err(Error::stale()) } else { Ok(()) }
}

/// The next time. Not a change of the mail: its version stays, so that nobody's open form goes stale by it.
pub async fn set_next(conn: &mut Conn, id: Id, next_at: Ts) -> Result<()> {
    conn.exec("update report_mail set next_at = $2 where id = $1", args![id, next_at]).await?;
    Ok(())
}

/// Mails whose time has come.
pub async fn select_due(conn: &mut Conn, now: Ts) -> Result<Vec<Id>> {
    let mut sql = Sql::new("select m.id from report_mail m where 1 = 1");
    sql.and("m.paused =", false).and("m.next_at <=", now);
    sql.push(&format!(" order by m.next_at limit {MOST_DUE}"));
    Ok(conn.all_sql::<(Id,)>(sql).await?.into_iter().map(|(id,)| id).collect())
}

/// Who gets a mail, by login.
pub async fn select_readers(conn: &mut Conn, mail: Id) -> Result<Vec<Reader>> {
    let sql = format!(
        "select {} from report_mail_recipient r join pub_user u on u.id = r.user_id where r.mail_id = $1 order by u.login",
        Reader::cols("u")
    );
    Ok(conn.all(&sql, args![mail]).await?)
}

/// Replaces who gets a mail.
pub async fn replace_readers(conn: &mut Conn, mail: Id, users: &[Id]) -> Result<()> {
    conn.exec("delete from report_mail_recipient where mail_id = $1", args![mail]).await?;
    let rows = users.iter().map(|user| args![mail, *user]).collect();
    conn.exec_sql(db::insert_many("report_mail_recipient", &["mail_id", "user_id"], rows)).await?;
    Ok(())
}

/// Active accounts by login name within a scope.
pub async fn select_users(conn: &mut Conn, scope: &Scope, logins: &[String]) -> Result<Vec<Reader>> {
    let mut sql = Sql::new(format!("select {} from pub_user u where 1 = 1", Reader::cols("u")));
    sql.and("u.active =", true).push(" and u.login in ").list(logins.iter().cloned());
    scope.push(&mut sql, "u.org_id", Some("u.staff_id"));
    sql.push(" order by u.login");
    Ok(conn.all_sql(sql).await?)
}

/// Plans a letter; false when there is one for this person and day already.
pub async fn insert_sending(conn: &mut Conn, row: &SendingRow) -> Result<bool> {
    let mut sql = db::insert_many("report_mail_sending", SendingRow::NAMES, vec![row.values()]);
    sql.push(" on conflict (mail_id, user_id, day) do nothing");
    Ok(conn.exec_sql(sql).await? > 0)
}

/// A letter, or 404.
pub async fn get_sending(conn: &mut Conn, id: Id) -> Result<SendingRow> {
    let sql = format!("select {} from report_mail_sending s where s.id = $1", SendingRow::cols("s"));
    Ok(conn.one(&sql, args![id]).await?)
}

/// What became of a letter that was not sent before; false when it was.
pub async fn end_sending(
    conn: &mut Conn,
    id: Id,
    state: SendState,
    note: &str,
    rows: i64,
    at: Ts,
) -> Result<bool> {
    let done = conn
        .exec(
            "update report_mail_sending set state = $2, note = $3, rows = $4, ended_at = $5 where id = $1 and state in ('waiting', 'failed')",
            args![id, state, note, rows, at],
        )
        .await?;
    Ok(done > 0)
}

/// Letters of a mail, newest first.
pub async fn select_log(conn: &mut Conn, mail: Id) -> Result<Vec<SendingOut>> {
    let sql = format!(
        "select s.id, coalesce(u.name, '') as name, s.day, s.state, s.note, s.rows, s.planned_at, s.ended_at
         from report_mail_sending s left join pub_user u on u.id = s.user_id
         where s.mail_id = $1 order by s.planned_at desc, s.id desc limit {MOST_SHOWN}"
    );
    Ok(conn.all(&sql, args![mail]).await?)
}
