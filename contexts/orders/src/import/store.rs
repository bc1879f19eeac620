//! SQL of the import of past orders.

use db::{Conn, Sql, args};
use kernel::Id;
use kit::{Result, Scope};

use crate::order::store::HELPERS;

/// The order of this number within a scope: an export of the list names orders of all outlets one sees.
pub async fn find_by_no(conn: &mut Conn, scope: &Scope, no: &str) -> Result<Option<Id>> {
    let mut sql = Sql::new("select o.id from service_order o where 1 = 1");
    sql.and("o.no =", no);
    scope.push_shared(&mut sql, "o.org_id", Some("o.engineer_id"), Some(HELPERS));
    Ok(conn.all_sql::<(Id,)>(sql).await?.pop().map(|(id,)| id))
}

/// The order imported before under this external number.
pub async fn find_imported(conn: &mut Conn, org: Id, external: &str) -> Result<Option<Id>> {
    let sql = "select id from service_order where external_no = $1 and external_no <> '' and org_id = $2 and source = 'import' limit 1";
    Ok(conn.scalar_opt(sql, args![external, org]).await?)
}

/// A customer by name within an organisation, through what the context of customers publishes.
pub async fn find_customer(conn: &mut Conn, org: Id, name: &str) -> Result<Option<Id>> {
    let sql = "select c.id from pub_customer c where c.name = $1 and c.org_id = $2 and c.merged_into is null order by c.id limit 1";
    Ok(conn.scalar_opt(sql, args![name, org]).await?)
}

/// Somebody has attached, commented or timed something since.
pub async fn is_used(conn: &mut Conn, order: Id) -> Result<bool> {
    let uses: i64 = conn
        .scalar(
            "select (select count(*) from attachment where doc_kind = 'order' and doc_id = $1)
                + (select count(*) from comment where doc_kind = 'order' and doc_id = $1)
                + (select count(*) from service_order where repeat_of = $1)",
            args![order],
        )
        .await?;
    Ok(uses > 0)
}

/// Removes an imported order with everything below it.
pub async fn delete_order(conn: &mut Conn, order: Id) -> Result<()> {
    for table in ["order_line", "order_step", "order_engineer", "order_unit"] {
        conn.exec(&format!("delete from {table} where order_id = $1"), args![order]).await?;
    }
    conn.exec("delete from service_order where id = $1", args![order]).await?;
    Ok(())
}
