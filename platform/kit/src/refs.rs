//! Does anything refer to a row? The columns of ids have one name all over the product (`customer_id`, `unit_id`, and
//! `from_…`, `to_…` where something changes hands), so the database itself knows who may.

use db::{Conn, Engine, args};
use kernel::Id;

use crate::Result;

/// Tables that have a column of this name, with the column.
pub async fn places(conn: &mut Conn, column: &str) -> Result<Vec<(String, String)>> {
    let sql = match conn.engine() {
        Engine::Sqlite => {
            "select m.name, c.name from sqlite_master m
               join pragma_table_info(m.name) c on c.name in ($1, 'from_' || $1, 'to_' || $1) where m.type = 'table'"
        }
        Engine::Postgres => {
            "select t.relname::text, c.attname::text from pg_class t
               join pg_attribute c on c.attrelid = t.oid and c.attname::text in ($1::text, 'from_' || $1::text, 'to_' || $1::text)
              where t.relkind = 'r' and t.relnamespace = current_schema()::regnamespace and not c.attisdropped"
        }
    };
    Ok(conn.all(sql, args![column]).await?)
}

/// True when a row somewhere holds `id` in its column called `{kind}_id`, or a file or comment hangs on it. All these
/// columns have an index: an undone import asks for thousands.
pub async fn referred(conn: &mut Conn, kind: &str, id: Id) -> Result<bool> {
    for table in ["attachment", "comment"] {
        let sql = format!("select exists (select 1 from {table} where doc_kind = $1 and doc_id = $2)");
        if conn.scalar(&sql, args![kind, id]).await? {
            return Ok(true);
        }
    }
    for (table, column) in places(conn, &format!("{kind}_id")).await? {
        let sql = format!("select exists (select 1 from {table} where {column} = $1)");
        if conn.scalar(&sql, args![id]).await? {
            return Ok(true);
        }
    }
    Ok(false)
}
