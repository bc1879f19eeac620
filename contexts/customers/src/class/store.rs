//! All SQL of customer classes.

use db::{Conn, args};
use kernel::{RuleError, T};
use kit::Result;

use super::model::ClassRow;

/// All classes in order.
pub async fn select_classes(conn: &mut Conn) -> Result<Vec<ClassRow>> {
    let sql = format!("select {} from customer_class k order by k.sort, k.code", ClassRow::cols("k"));
    Ok(conn.all(&sql, vec![]).await?)
}

/// Error `customers.class` unless the class exists and is offered.
pub async fn check_class(conn: &mut Conn, code: &str) -> Result<()> {
    let code = &crate::customer::rules::clean(code);
    let active: Option<bool> =
        conn.scalar_opt("select active from customer_class where code = $1", args![code]).await?;
    if active == Some(true) {
        return Ok(());
    }
    Err(RuleError::new(
        "customers.class",
        T("没有“{code}”这个客户类别", "There is no customer class \"{code}\""),
    )
    .arg("code", code)
    .field("class")
    .into())
}

/// Stores a class, new or changed.
pub async fn put_class(conn: &mut Conn, row: &ClassRow) -> Result<()> {
    conn.exec(
        "insert into customer_class (code, zh, en, sort, active) values ($1,$2,$3,$4,$5)
         on conflict (code) do update set zh = excluded.zh, en = excluded.en, sort = excluded.sort, active = excluded.active",
        args![&row.code, &row.zh, &row.en, row.sort, row.active],
    )
    .await?;
    Ok(())
}
