//! SQL of levels and of what lies where.

use db::{Conn, Sql, args};
use kernel::{Id, Money, Quantity};
use kit::{Result, Scope, Tx};

use super::{
    draw::Lot,
    level::{LevelInput, LevelOut, PartStock},
    model::StockState,
};

/// Writes the levels of a part in a depot; returns their row.
pub async fn put_level(tx: &mut Tx, part_id: Id, org_id: Id, input: &LevelInput) -> Result<Id> {
    let (id, now) = (tx.id(), tx.now());
    let bin = input.bin.trim().to_ascii_uppercase();
    Ok(tx
        .scalar(
            "insert into stock_level (id, part_id, depot_id, org_id, minimum, order_point, maximum, bin, low, version, created_at, updated_at)
             values ($1,$2,$3,$4,$5,$6,$7,$8,$10,1,$9,$9)
             on conflict (part_id, depot_id) do update set minimum = excluded.minimum, order_point = excluded.order_point,
                maximum = excluded.maximum, bin = excluded.bin, version = stock_level.version + 1, updated_at = excluded.updated_at
             returning id",
            args![id, part_id, input.depot_id, org_id, input.minimum, input.order_point, input.maximum, bin, now, false],
        )
        .await?)
}

/// Levels by row.
pub async fn get_level(conn: &mut Conn, id: Id) -> Result<LevelOut> {
    let sql = format!("select {} from stock_level l where l.id = $1", LevelOut::cols("l"));
    Ok(conn.one(&sql, args![id]).await?)
}

/// Part, depot, organisation, minimum and alarm of a level row.
pub async fn find_alarm(conn: &mut Conn, id: Id) -> Result<Option<(Id, Id, Id, i64, bool)>> {
    Ok(conn
        .opt("select part_id, depot_id, org_id, minimum, low from stock_level where id = $1", args![id])
        .await?)
}

/// Pieces held for service orders (占用).
pub async fn find_occupied(conn: &mut Conn, part_id: Id) -> Result<Quantity> {
    Ok(conn
        .scalar(
            "select cast(coalesce(sum(quantity), 0) as bigint) from reservation where part_id = $1 and state = 'open' and doc_kind = 'order'",
            args![part_id],
        )
        .await?)
}

/// Per balance of a part in a depot: what lies there, and its last 50 arrivals, newest first.
pub async fn select_arrivals(conn: &mut Conn, part_id: Id, depot_id: Id) -> Result<Vec<(i64, Vec<Lot>)>> {
    let balances: Vec<(Id, i64)> = conn
        .all(
            "select id, on_hand from stock_balance where part_id = $1 and depot_id = $2 and stock_state in ('new', 'repaired') and on_hand > 0",
            args![part_id, depot_id],
        )
        .await?;
    let mut found = Vec::with_capacity(balances.len());
    for (balance, on_hand) in balances {
        let sql = format!(
            "select {} from stock_move m where m.to_balance_id = $1 and m.kind <> 'give_back' order by m.id desc limit 50",
            Lot::cols("m")
        );
        found.push((on_hand, conn.all(&sql, args![balance]).await?));
    }
    Ok(found)
}

struct StockLine {
    stock: PartStock,
    state: StockState,
    on_hand: i64,
    reserved: i64,
    value: i64,
}

impl db::FromRow for StockLine {
    fn from_row(row: &db::Row) -> db::Result<Self> {
        Ok(Self {
            stock: PartStock {
                depot_id: row.get("depot_id")?,
                depot_code: row.get("code")?,
                depot: row.get("name")?,
                depot_kind: row.get("kind")?,
                minimum: row.get("minimum")?,
                order_point: row.get("order_point")?,
                maximum: row.get("maximum")?,
                bin: row.get("bin")?,
                low: row.get("low")?,
                ..PartStock::default()
            },
            state: row.get("stock_state")?,
            on_hand: row.get("on_hand")?,
            reserved: row.get("reserved")?,
            value: row.get("value")?,
        })
    }
}

/// What lies of a part in the depots of a scope, and their levels; one statement.
pub async fn select_part_stock(
    conn: &mut Conn,
    part_id: Id,
    scope: &Scope,
    costs: bool,
) -> Result<Vec<PartStock>> {
    let mut sql = Sql::with(
        "select d.id as depot_id, d.code, d.name, d.kind, coalesce(l.minimum, 0) as minimum, coalesce(l.order_point, 0) as order_point,
                coalesce(l.maximum, 0) as maximum, coalesce(l.bin, '') as bin, coalesce(l.low, false) as low,
                coalesce(b.stock_state, 'new') as stock_state, coalesce(b.on_hand, 0) as on_hand,
                coalesce(b.reserved, 0) as reserved, coalesce(b.value, 0) as value
           from depot d
           left join stock_balance b on b.depot_id = d.id and b.part_id = $1
           left join stock_level l on l.depot_id = d.id and l.part_id = $1
          where (b.id is not null or l.id is not null)",
        args![part_id],
    );
    scope.push(&mut sql, "d.org_id", Some("d.holder_id"));
    sql.push(" order by d.code, b.stock_state");
    let mut stock: Vec<PartStock> = Vec::new();
    for line in conn.all_sql::<StockLine>(sql).await? {
        if stock.last().is_none_or(|last| last.depot_id != line.stock.depot_id) {
            stock.push(PartStock { value: costs.then_some(Money::ZERO), ..line.stock });
        }
        let Some(last) = stock.last_mut() else { continue };
        match line.state {
            StockState::New => last.new.0 += line.on_hand,
            StockState::Repaired => last.repaired.0 += line.on_hand,
            _ => last.other.0 += line.on_hand,
        }
        last.reserved.0 += line.reserved;
        if line.state.is_issuable() {
            last.available.0 += line.on_hand - line.reserved;
        }
        if let Some(value) = &mut last.value {
            value.0 += line.value;
        }
    }
    Ok(stock)
}
