//! Invariants that `aftercare check` proves (DESIGN §7.1).

use db::Conn;
use kit::{Check, Result};

/// All of them.
pub fn checks() -> Vec<Check> {
    vec![
        Check { name: "parts.balance_equals_movements", run: |conn| Box::pin(balances(conn)) },
        Check { name: "parts.reserved_equals_reservations", run: |conn| Box::pin(reservations(conn)) },
        Check { name: "parts.line_equals_movements", run: |conn| Box::pin(lines(conn)) },
        Check { name: "parts.transit_equals_transfers", run: |conn| Box::pin(transit(conn)) },
        Check { name: "parts.purchase_equals_receipts", run: |conn| Box::pin(purchases(conn)) },
        Check { name: "parts.stock_is_sound", run: |conn| Box::pin(sound(conn)) },
    ]
}

/// Runs a statement that lists what is broken: key, is, should be.
async fn broken(conn: &mut Conn, sql: &str, what: &str) -> Result<Vec<String>> {
    let rows: Vec<(String, i64, i64)> = conn.all(sql, Vec::new()).await?;
    Ok(rows.into_iter().map(|(key, is, should)| format!("{what} {key}: {is}, should be {should}")).collect())
}

/// Balance = Σ movements in − Σ movements out, in pieces and in money, for every key.
async fn balances(conn: &mut Conn) -> Result<Vec<String>> {
    let flow = "with flow as (select to_balance_id as id, quantity, cost from stock_move where to_balance_id is not null
        union all select from_balance_id, -quantity, -cost from stock_move where from_balance_id is not null),
        sums as (select id, cast(sum(quantity) as bigint) as quantity, cast(sum(cost) as bigint) as cost from flow group by id)";
    let select = |is: &str, sum: &str| {
        format!(
            "{flow} select cast(b.id as text), b.{is}, coalesce(s.{sum}, 0) from stock_balance b left join sums s on s.id = b.id
             where b.{is} <> coalesce(s.{sum}, 0) limit 100"
        )
    };
    let mut found = broken(conn, &select("on_hand", "quantity"), "on hand of balance").await?;
    found.extend(broken(conn, &select("value", "cost"), "value of balance").await?);
    Ok(found)
}

/// Reserved = Σ open reservations, for every balance.
async fn reservations(conn: &mut Conn) -> Result<Vec<String>> {
    let sql = "select cast(b.id as text), b.reserved, coalesce(s.quantity, 0) from stock_balance b
        left join (select balance_id, cast(sum(quantity) as bigint) as quantity from reservation where state = 'open' group by balance_id) s
          on s.balance_id = b.id
        where b.reserved <> coalesce(s.quantity, 0) limit 100";
    broken(conn, sql, "reserved of balance").await
}

/// Received of a requisition = Σ its part on receipts that stand.
async fn purchases(conn: &mut Conn) -> Result<Vec<String>> {
    let sql = "select p.no, p.received, coalesce(s.quantity, 0) from purchase p
        left join (select r.purchase_id, l.part_id, cast(sum(l.quantity) as bigint) as quantity from receipt r
                     join receipt_line l on l.receipt_id = r.id
                    where r.state = 'posted' and r.purchase_id is not null group by r.purchase_id, l.part_id) s
          on s.purchase_id = p.id and s.part_id = p.part_id
        where p.received <> coalesce(s.quantity, 0) limit 100";
    broken(conn, sql, "received of requisition").await
}

/// What a document line has = Σ issues − Σ given back, per balance, in pieces and in money.
async fn lines(conn: &mut Conn) -> Result<Vec<String>> {
    let flow = "with flow as (select line_id, from_balance_id as id, quantity, cost from stock_move where kind = 'issue'
        union all select line_id, to_balance_id, -quantity, -cost from stock_move where kind = 'give_back'),
        sums as (select line_id, id, cast(sum(quantity) as bigint) as quantity, cast(sum(cost) as bigint) as cost from flow group by line_id, id)";
    let select = |column: &str| {
        format!(
            "{flow} select cast(s.line_id as text), coalesce(i.{column}, 0), s.{column} from sums s
               left join line_issue i on i.line_id = s.line_id and i.balance_id = s.id where coalesce(i.{column}, 0) <> s.{column}
             union all select cast(i.line_id as text), i.{column}, 0 from line_issue i
              where i.{column} <> 0 and not exists (select 1 from sums s where s.line_id = i.line_id and s.id = i.balance_id) limit 100"
        )
    };
    let mut found = broken(conn, &select("quantity"), "quantity of line").await?;
    found.extend(broken(conn, &select("cost"), "cost of line").await?);
    Ok(found)
}

/// What lies in transit = Σ of what transfers still have on the way, per destination's organisation and part.
async fn transit(conn: &mut Conn) -> Result<Vec<String>> {
    let sql = "with way as (select t.to_org_id as org_id, l.part_id, cast(sum(l.quantity - l.received - l.returned) as bigint) as quantity
            from transfer t join transfer_line l on l.transfer_id = t.id where t.kind = 'move' group by t.to_org_id, l.part_id),
        held as (select b.org_id, b.part_id, cast(sum(b.on_hand) as bigint) as quantity from stock_balance b
            where b.stock_state = 'in_transit' group by b.org_id, b.part_id)
        select cast(w.part_id as text), coalesce(h.quantity, 0), w.quantity from way w
          left join held h on h.org_id = w.org_id and h.part_id = w.part_id where coalesce(h.quantity, 0) <> w.quantity
        union all select cast(h.part_id as text), h.quantity, 0 from held h
          where h.quantity <> 0 and not exists (select 1 from way w where w.org_id = h.org_id and w.part_id = h.part_id) limit 100";
    broken(conn, sql, "in transit of part").await
}

/// Nothing below zero, nothing promised that is not there, no value without pieces. The database refuses these
/// too; this proves that nobody took its constraints away.
async fn sound(conn: &mut Conn) -> Result<Vec<String>> {
    let sql = "select cast(b.id as text), b.on_hand, b.reserved from stock_balance b
        where b.on_hand < 0 or b.reserved < 0 or b.reserved > b.on_hand or b.value < 0 or (b.on_hand = 0 and b.value <> 0) limit 100";
    broken(conn, sql, "balance").await
}
