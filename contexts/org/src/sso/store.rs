//! Statements of single sign-on.

use db::{Conn, args};
use kernel::Id;
use kit::Result;

/// Accounts with an address, open or closed.
pub(super) async fn by_email(conn: &mut Conn, email: &str) -> Result<Vec<Id>> {
    let rows: Vec<(Id,)> =
        conn.all("select id from app_user where lower(email) = $1 order by id limit 2", args![email]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
