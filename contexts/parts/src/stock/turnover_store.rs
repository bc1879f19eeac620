//! SQL of the stock summary.

use db::{Conn, Sql, args};
use kernel::Ts;
use kit::{Result, Scope};

use super::turnover::{PAGE, TurnoverAsk, TurnoverRow};

/// A page of the summary, by code. One statement: the present balances and the movements since the period began
/// give opening and closing; older movements are not read.
pub async fn select_turnover(
    conn: &mut Conn,
    scope: &Scope,
    ask: &TurnoverAsk,
    (from, to): (Ts, Ts),
) -> Result<Vec<TurnoverRow>> {
    let mut sql = Sql::with(
        "with page as (select p.id, p.code, p.name from part p where p.code > $1
            and exists (select 1 from stock_balance b where b.part_id = p.id",
        args![ask.after.clone().unwrap_or_default()],
    );
    scope.push(&mut sql, "b.org_id", Some("b.holder_id"));
    sql.and_opt("b.depot_id =", ask.depot_id);
    sql.push(&format!(") order by p.code limit {PAGE}), held as (select b.id, b.part_id, b.on_hand, b.reserved from stock_balance b"));
    sql.push(" where b.stock_state in ('new', 'repaired') and b.part_id in (select id from page)");
    scope.push(&mut sql, "b.org_id", Some("b.holder_id"));
    sql.and_opt("b.depot_id =", ask.depot_id);
    sql.push("), flow as (select h.part_id, m.at, m.quantity from held h join stock_move m on m.to_balance_id = h.id where m.at >= ").bind(from);
    sql.push(" union all select h.part_id, m.at, -m.quantity from held h join stock_move m on m.from_balance_id = h.id where m.at >= ").bind(from);
    sql.push(
        "), sums as (select part_id, cast(coalesce(sum(quantity), 0) as bigint) as since,
            cast(coalesce(sum(case when quantity > 0 and at < ",
    )
    .bind(to);
    sql.push(" then quantity else 0 end), 0) as bigint) as came, cast(coalesce(sum(case when quantity < 0 and at < ").bind(to);
    sql.push(
        " then -quantity else 0 end), 0) as bigint) as went from flow group by part_id),
          stock as (select part_id, cast(sum(on_hand) as bigint) as on_hand, cast(sum(reserved) as bigint) as reserved from held group by part_id)
         select p.id as part_id, p.code, p.name, s.on_hand - coalesce(f.since, 0) as opening, coalesce(f.came, 0) as came,
                coalesce(f.went, 0) as went, s.on_hand - coalesce(f.since, 0) + coalesce(f.came, 0) - coalesce(f.went, 0) as closing,
                s.reserved from page p join stock s on s.part_id = p.id left join sums f on f.part_id = p.id order by p.code",
    );
    Ok(conn.all_sql(sql).await?)
}
