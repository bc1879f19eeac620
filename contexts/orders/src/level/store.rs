//! SQL of raising by rule.

use db::{Conn, Sql};
use kernel::{Id, Ts};
use kit::Result;

use super::rules::{LEVELS, Limits};

/// Orders raised in one run at most, per organisation: the next run takes the rest.
const MOST: i64 = 200;

/// Organisations with open orders.
pub async fn select_orgs(conn: &mut Conn) -> Result<Vec<Id>> {
    let mut sql = Sql::new("select distinct o.org_id from service_order o where 1 = 1");
    sql.and("o.open =", true).and("o.level <", LEVELS);
    Ok(conn.all_sql::<(Id,)>(sql).await?.into_iter().map(|(id,)| id).collect())
}

/// Orders of an organisation that may be due, longest without progress first; the rule decides.
pub async fn select_candidates(conn: &mut Conn, org: Id, limits: &Limits, now: Ts) -> Result<Vec<Id>> {
    let mut sql = Sql::new("select o.id from service_order o where 1 = 1");
    sql.and("o.org_id =", org).and("o.open =", true).and("o.level <", LEVELS);
    sql.push(" and o.state not in ('done', 'confirmed') and (1 = 0");
    if limits.hard {
        sql.push(" or (o.level = 1 and o.hard = ").bind(true).push(")");
    }
    if limits.repeats > 0 {
        sql.push(" or (o.level = 1 and o.reworks + o.repeat_round >= ").bind(limits.repeats).push(")");
    }
    if limits.hours > 0 {
        sql.push(" or (o.state <> 'waiting' and o.progress_at <= ")
            .bind(now.plus_hours(-limits.hours))
            .push(")");
    }
    sql.push(&format!(") order by o.progress_at limit {MOST}"));
    Ok(conn.all_sql::<(Id,)>(sql).await?.into_iter().map(|(id,)| id).collect())
}
