//! Rows that know their columns and values: one description for reading, inserting and updating.

use db::{Conn, Sql, Val};
use kit::{Error, Result};

/// Like `db::row!`, and gives `NAMES` and `values()` in the same order.
macro_rules! record {
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $($(#[$fmeta:meta])* $fvis:vis $field:ident : $type:ty),* $(,)? }) => {
        db::row! { $(#[$meta])* $vis struct $name { $($(#[$fmeta])* $fvis $field: $type),* } }
        impl $name {
            /// Column names; the first is the id, the second the version where there is one.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($field)),*];
            /// Values in the order of the names.
            pub fn values(&self) -> Vec<db::Val> {
                vec![$(db::Val::from(self.$field.clone())),*]
            }
        }
    };
}
pub(crate) use record;

/// Inserts a row.
pub async fn insert(conn: &mut Conn, table: &str, names: &[&str], values: Vec<Val>) -> Result<()> {
    let mut sql = Sql::new(format!("insert into {table} ({}) values ", names.join(", ")));
    sql.list(values);
    conn.exec_sql(sql).await?;
    Ok(())
}

/// Updates the row whose `id` and `version` come first, if its version is one less; 409 otherwise. Only columns
/// that differ from `old` are written.
pub async fn update(conn: &mut Conn, table: &str, names: &[&str], old: Vec<Val>, new: Vec<Val>) -> Result<()> {
    let mut sql = Sql::new(format!("update {table} set version = version + 1"));
    for ((name, before), after) in names.iter().zip(&old).zip(&new).skip(2) {
        if before != after {
            sql.push(&format!(", {name} = ")).bind(after.clone());
        }
    }
    let mut ids = old.into_iter();
    let (Some(id), Some(version)) = (ids.next(), ids.next()) else {
        return Err(Error::Internal("a record without id and version".into()));
    };
    sql.push(" where id = ").bind(id).push(" and version = ").bind(version);
    if conn.exec_sql(sql).await? == 0 { Err(Error::stale()) } else { Ok(()) }
}
