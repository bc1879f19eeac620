//! All SQL of duplicates.

use db::{Conn, Sql, args};
use kernel::{Id, phone_key};
use kit::{Result, Scope};

use crate::customer::{model::CustomerRow, rules::text_key};

/// Active files with the same phone, name or address as `row`, within a scope.
pub async fn select_like(conn: &mut Conn, scope: &Scope, row: &CustomerRow) -> Result<Vec<CustomerRow>> {
    let select = format!("select {} from customer c where c.id in (", CustomerRow::cols("c"));
    let mut sql = Sql::new(select + "select x.id from customer x where x.name_key = ");
    sql.bind(text_key(&row.name));
    let phone = phone_key(&row.phone);
    if !phone.is_empty() {
        sql.push(" union select x.id from customer x where x.phone_key = ").bind(phone);
    }
    sql.push(")").and("c.id <>", row.id).push(" and c.state = 'active'");
    scope.push(&mut sql, "c.org_id", Some("c.custodian_id"));
    sql.push(" order by c.id limit 20");
    Ok(conn.all_sql(sql).await?)
}

/// Pairs of active files, older first, that share a phone or a name, within a scope; newest pairs first.
pub async fn select_pairs(conn: &mut Conn, scope: &Scope, limit: i64) -> Result<Vec<(Id, Id)>> {
    let mut sql = Sql::new("");
    for (index, key) in ["phone_key", "name_key"].iter().enumerate() {
        let part = format!(
            "select a.id as first_id, b.id as second_id from customer a join customer b on b.{key} = a.{key} and b.id > a.id
             where a.state = 'active' and b.state = 'active' and a.{key} in
                (select x.{key} from customer x where x.{key} <> '' group by x.{key} having count(*) > 1)"
        );
        sql.push(if index == 0 { "" } else { " union " }).push(&part);
        scope.push(&mut sql, "a.org_id", Some("a.custodian_id"));
        scope.push(&mut sql, "b.org_id", Some("b.custodian_id"));
    }
    sql.push(&format!(" order by second_id desc, first_id limit {limit}"));
    Ok(conn.all_sql(sql).await?)
}

/// Files merged earlier into `from` lead to `into` from now on.
pub async fn repoint(conn: &mut Conn, from: Id, into: Id) -> Result<()> {
    conn.exec("update customer set merged_into = $2 where merged_into = $1", args![from, into]).await?;
    Ok(())
}
