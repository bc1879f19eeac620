//! Statements on credentials.

use db::{Conn, args};
use kernel::{Id, Lang, Ts};
use kit::Result;

use super::model::{CredentialKind, CredentialOut, NewCredential};

pub(super) async fn insert(conn: &mut Conn, id: Id, new: &NewCredential, ip: &str, now: Ts) -> Result<()> {
    conn.exec(
        "insert into credential (id, kind, user_id, hash, label, ip, user_agent, created_at, expires_at, seen_at, scope)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$8,$10)",
        args![id, new.kind, new.user_id, &new.hash, &new.label, ip, &new.user_agent, now, new.expires_at, &new.scope],
    )
    .await?;
    Ok(())
}

/// Live credentials of an account, newest first.
pub(super) async fn of_user(
    conn: &mut Conn,
    user: Id,
    kinds: &[CredentialKind],
    now: Ts,
) -> Result<Vec<CredentialOut>> {
    let mut sql = db::Sql::new(format!(
        "select {} from credential c where c.revoked_at is null",
        CredentialOut::cols("c")
    ));
    sql.and("c.user_id =", user)
        .push(" and (c.expires_at is null or c.expires_at > ")
        .bind(now)
        .push(") and c.kind in ");
    sql.list(kinds.iter().copied()).push(" order by c.created_at desc");
    Ok(conn.all_sql(sql).await?)
}

pub(super) async fn find(conn: &mut Conn, id: Id) -> Result<CredentialOut> {
    let sql = format!(
        "select {} from credential c where c.id = $1 and c.revoked_at is null",
        CredentialOut::cols("c")
    );
    Ok(conn.one(&sql, args![id]).await?)
}

/// The live one-time link, or the live ticket of somebody who still owes a code, by its hash.
pub(super) async fn one_time(
    conn: &mut Conn,
    kind: CredentialKind,
    hash: &str,
    now: Ts,
) -> Result<Option<CredentialOut>> {
    let sql = format!(
        "select {} from credential c join app_user u on u.id = c.user_id where c.hash = $1 and c.kind = $3
         and c.revoked_at is null and c.expires_at > $2 and u.active",
        CredentialOut::cols("c")
    );
    Ok(conn.opt(&sql, args![hash, now, kind]).await?)
}

/// True when it was live until now.
pub(super) async fn revoke(conn: &mut Conn, id: Id, now: Ts) -> Result<bool> {
    let rows = conn
        .exec("update credential set revoked_at = $2 where id = $1 and revoked_at is null", args![id, now])
        .await?;
    Ok(rows > 0)
}

/// Ends all credentials of the given kinds, except one.
pub(super) async fn revoke_all(
    conn: &mut Conn,
    user: Id,
    kinds: &[CredentialKind],
    except: Option<Id>,
    now: Ts,
) -> Result<u64> {
    let mut sql = db::Sql::new("update credential set revoked_at = ");
    sql.bind(now)
        .push(" where revoked_at is null")
        .and("user_id =", user)
        .and_opt("id <>", except)
        .push(" and kind in ");
    sql.list(kinds.iter().copied());
    Ok(conn.exec_sql(sql).await?)
}

db::row! {
    /// What sign-in needs of an account.
    pub(super) struct Account { pub id: Id, pub login: String, pub password: String, pub must_change: bool, pub active: bool }
}

pub(super) async fn account(conn: &mut Conn, login: &str) -> Result<Option<Account>> {
    let sql = format!("select {} from app_user u where u.login = $1", Account::cols("u"));
    Ok(conn.opt(&sql, args![login]).await?)
}

pub(super) async fn account_of(conn: &mut Conn, user: Id) -> Result<Account> {
    let sql = format!("select {} from app_user u where u.id = $1", Account::cols("u"));
    Ok(conn.one(&sql, args![user]).await?)
}

pub(super) async fn set_password(
    conn: &mut Conn,
    user: Id,
    hash: &str,
    must_change: bool,
    now: Ts,
) -> Result<()> {
    conn.exec(
        "update app_user set password = $2, must_change = $3, version = version + 1, updated_at = $4 where id = $1",
        args![user, hash, must_change, now],
    )
    .await?;
    Ok(())
}

/// Notes a sign-in; the language of its page becomes that of the user's mails.
pub(super) async fn signed_in(conn: &mut Conn, user: Id, lang: Lang, now: Ts) -> Result<()> {
    conn.exec("update mail_address set lang = $2 where user_id = $1", args![user, lang.code()]).await?;
    conn.exec("update app_user set signed_in_at = $2 where id = $1", args![user, now]).await?;
    Ok(())
}

/// Removes what ended before an instant.
pub(super) async fn delete_ended(conn: &mut Conn, before: Ts) -> Result<()> {
    conn.exec("delete from credential where expires_at < $1 or revoked_at < $1", args![before]).await?;
    Ok(())
}
