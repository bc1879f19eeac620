//! Does anything refer to a row? The columns of ids have one name all over the product (`customer_id`, `unit_id`), so
//! the database itself knows who may.

use db::{Conn, Engine, args};
use kernel::Id;

use crate::Result;

/// Tables that have a column of this name.
async fn tables(conn: &mut Conn, column: &str) -> Result<Vec<String>> {
    let sql = match conn.engine() {
        Engine::Sqlite => {
            "select m.name from sqlite_master m join pragma_table_info(m.name) c on c.name = $1 where m.type = 'table'"
        }
        Engine::Postgres => {
            "select t.relname::text from pg_class t join pg_attribute c on c.attrelid = t.oid and c.attname = $1
              where t.relkind = 'r' and t.relnamespace = current_schema()::regnamespace and not c.attisdropped"
        }
    };
    Ok(conn.all::<(String,)>(sql, args![column]).await?.into_iter().map(|(name,)| name).collect())
}

/// True when a row somewhere holds `id` in its column called `column`, or a file or comment hangs on it. Looks through
/// whole tables where there is no index: for single rows, not for thousands.
pub async fn referred(conn: &mut Conn, column: &str, id: Id) -> Result<bool> {
    let mut places: Vec<(String, &str)> =
        tables(conn, column).await?.into_iter().map(|table| (table, column)).collect();
    places.extend([("attachment".to_string(), "doc_id"), ("comment".to_string(), "doc_id")]);
    for (table, column) in places {
        let sql = format!("select exists (select 1 from {table} where {column} = $1)");
        if conn.scalar(&sql, args![id]).await? {
            return Ok(true);
        }
    }
    Ok(false)
}
