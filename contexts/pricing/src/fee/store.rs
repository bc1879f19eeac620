//! SQL of prices.

use db::{Conn, Sql, args};
use kernel::{Date, Id, Money};
use kit::Result;

use super::model::{FeeCode, ListRow, Nature, Rule, RuleRow};

/// Automatic rules in force on a day, of the lists of one nature.
pub async fn select_rules(conn: &mut Conn, nature: Nature, kind: &str, mode: &str, on: Date) -> Result<Vec<Rule>> {
    let lists: Vec<ListRow> = conn
        .all(&format!("select {} from price_list l where l.active and l.nature = $1", ListRow::cols("l")), args![nature])
        .await?;
    let mut sql = Sql::new(format!("select {} from fee_rule r where r.list_id in ", RuleRow::cols("r")));
    sql.list(lists.iter().map(|list| list.id));
    sql.push(" and r.kind in ").list(["", kind]).push(" and r.mode in ").list(["", mode]);
    sql.and("r.valid_from <=", on).push(" and (r.valid_until is null or r.valid_until >= ").bind(on).push(")");
    let rows: Vec<RuleRow> = conn.all_sql(sql).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let list = lists.iter().find(|list| list.id == row.list_id)?;
            Some(Rule { row, region: list.region.clone(), list_name: list.name.clone() })
        })
        .collect())
}

/// What a unit's certificate says.
pub async fn select_certificate(conn: &mut Conn, unit: Id) -> Result<Vec<(String, Money)>> {
    let rows: Vec<(FeeCode, Money)> =
        conn.all("select c.code, c.amount from certificate_price c where c.unit_id = $1", args![unit]).await?;
    Ok(rows.into_iter().map(|(code, amount)| (code.as_str().to_string(), amount)).collect())
}

/// The deviating price of a part on a day, if there is one.
pub async fn find_part_price(conn: &mut Conn, part: Id, on: Date) -> Result<Option<Money>> {
    Ok(conn
        .scalar_opt(
            "select p.price from part_price p where p.part_id = $1 and p.valid_from <= $2
             and (p.valid_until is null or p.valid_until >= $2) order by p.valid_from desc, p.id desc limit 1",
            args![part, on],
        )
        .await?)
}
