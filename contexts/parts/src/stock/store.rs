//! SQL of the ledger. Balances are locked in the order of their ids, so that commands never wait in a circle, and
//! changed by conditional update, so that nothing goes below zero and nothing is promised twice.

use db::{Conn, Sql, Val, args};
use kernel::{Id, Money, Quantity, Ts};
use kit::{DocRef, Result, Tx};

use super::model::{Available, End, Held, LineStock, MoveKind, MoveRow, Place, StockState};

const HELD: &str = "select b.id, b.part_id, b.depot_id, b.org_id, b.stock_state, b.on_hand, b.reserved, b.value, b.version,
    coalesce(i.quantity, 0) as issued, coalesce(i.cost, 0) as issued_cost, coalesce(i.version, 0) as issued_version,
    coalesce(r.quantity, 0) as mine, coalesce(r.version, 0) as mine_version,
    l.id as level_id, coalesce(l.minimum, 0) as minimum, coalesce(l.low, false) as low
    from stock_balance b
    left join stock_level l on l.part_id = b.part_id and l.depot_id = b.depot_id ";

fn locked(conn: &Conn, sql: &mut Sql) {
    sql.push(" order by b.id");
    let lock = conn.for_update();
    if !lock.is_empty() {
        sql.push(lock).push(" of b");
    }
}

/// Locks what a line may take from, and what it holds already, wherever that is. One statement.
pub async fn lock_line(tx: &mut Tx, line: &LineStock) -> Result<Vec<Held>> {
    let mut sql = Sql::with(
        format!(
            "{HELD} left join line_issue i on i.line_id = $3 and i.balance_id = b.id
             left join reservation r on r.line_id = $3 and r.balance_id = b.id
             where b.id in (
                select x.id from stock_balance x
                 where x.part_id = $1 and x.depot_id = $2 and x.stock_state in ('repaired', 'new')
                union select x.balance_id from line_issue x where x.line_id = $3 and x.quantity > 0
                union select x.balance_id from reservation x where x.line_id = $3 and x.quantity > 0)"
        ),
        args![line.part_id, line.depot_id, line.line_id],
    );
    locked(tx, &mut sql);
    Ok(tx.all_sql(sql).await?)
}

/// Locks the balances of several lines at once, in order; used before they are worked on one by one.
pub async fn lock_balances_of(tx: &mut Tx, lines: &[LineStock]) -> Result<()> {
    let mut sql = Sql::new(
        "select b.id from stock_balance b where b.id in (select x.balance_id from line_issue x where x.line_id in ",
    );
    sql.list(lines.iter().map(|line| line.line_id));
    sql.push(" union select x.balance_id from reservation x where x.quantity > 0 and x.line_id in ");
    sql.list(lines.iter().map(|line| line.line_id));
    for line in lines {
        sql.push(" union select x.id from stock_balance x where x.stock_state in ('repaired', 'new')");
        sql.and("x.part_id =", line.part_id).and("x.depot_id =", line.depot_id);
    }
    sql.push(")");
    locked(tx, &mut sql);
    tx.rows_sql(sql).await?;
    Ok(())
}

/// A balance by what it is of.
pub type Key = (Id, Id, StockState);

/// Locks the balances with these keys, without regard to any line. One statement per 200 keys.
pub async fn lock_keys(tx: &mut Tx, keys: &[Key]) -> Result<Vec<Held>> {
    let mut held = Vec::with_capacity(keys.len());
    for chunk in keys.chunks(200) {
        let mut sql = Sql::with(
            format!(
                "{HELD} left join line_issue i on i.line_id = $1 and i.balance_id = b.id
                     left join reservation r on r.line_id = $1 and r.balance_id = b.id where "
            ),
            args![Id::NIL],
        );
        for (index, (part, depot, state)) in chunk.iter().enumerate() {
            sql.push(if index == 0 { "((b.part_id = " } else { " or (b.part_id = " }).bind(*part);
            sql.and("b.depot_id =", *depot).and("b.stock_state =", *state).push(")");
        }
        sql.push(")");
        locked(tx, &mut sql);
        held.extend(tx.all_sql::<Held>(sql).await?);
    }
    Ok(held)
}

/// Makes empty balances where none are yet; whoever comes second finds the first one's.
pub async fn insert_balances(tx: &mut Tx, keys: &[(Key, Id, Option<Id>)]) -> Result<()> {
    let now = tx.now();
    for chunk in keys.chunks(200) {
        let mut sql = Sql::new(
            "insert into stock_balance (id, part_id, depot_id, stock_state, org_id, holder_id, on_hand, reserved, value, version, updated_at) values ",
        );
        for (index, ((part, depot, state), org, holder)) in chunk.iter().enumerate() {
            sql.push(if index == 0 { "" } else { ", " });
            let id = tx.id();
            let row: Vec<Val> = args![id, *part, *depot, *state, *org, *holder, 0, 0, 0, 1, now];
            sql.list(row);
        }
        sql.push(" on conflict (part_id, depot_id, stock_state) do nothing");
        tx.exec_sql(sql).await?;
    }
    Ok(())
}

/// A change of one balance.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// Added to what lies there.
    pub on_hand: i64,
    /// Added to what is promised.
    pub reserved: i64,
    /// Added to its value.
    pub value: i64,
}

/// Changes a locked balance. The condition repeats the rule beside the CHECK: a row that was changed by someone
/// else, or has too little, is not touched, and the command is run again.
pub async fn update_balance(tx: &mut Tx, held: &mut Held, change: Change) -> Result<()> {
    let now = tx.now();
    let sql = Sql::with(
        "update stock_balance set on_hand = on_hand + $2, reserved = reserved + $3, value = value + $4,
                version = version + 1, updated_at = $5
          where id = $1 and version = $6 and reserved + $3 >= 0 and on_hand + $2 >= reserved + $3",
        args![held.id, change.on_hand, change.reserved, change.value, now, held.version],
    );
    // Between two readings of the balances, which send what waits, each of them is written once.
    tx.later(sql.must(1, db::BUSY).apart()).await?;
    held.on_hand += change.on_hand;
    held.reserved += change.reserved;
    held.value += change.value;
    held.version += 1;
    Ok(())
}

/// A movement to be written.
pub struct NewMove<'a> {
    /// What it is.
    pub kind: MoveKind,
    /// Why it is issued; empty for others.
    pub issue_kind: &'a str,
    /// Which part.
    pub part_id: Id,
    /// Pieces.
    pub quantity: i64,
    /// Value that moves.
    pub cost: i64,
    /// Out of: balance, if ours.
    pub from: (End, Option<Id>),
    /// Into: balance, if ours.
    pub to: (End, Option<Id>),
    /// On which document.
    pub doc: &'a DocRef,
    /// On which of its lines.
    pub line_id: Option<Id>,
    /// Why.
    pub reason: &'a str,
    /// What it takes back.
    pub reversal_of: Option<Id>,
    /// Whose movement.
    pub org_id: Id,
}

fn end_columns(end: End) -> (Place, Option<Id>, &'static str) {
    match end {
        End::Stock { depot_id, state } => (Place::Depot, Some(depot_id), state.as_str()),
        End::Outside(place) => (place, None, ""),
    }
}

/// Writes movements; returns their ids in order. One statement per 50.
pub async fn insert_moves(tx: &mut Tx, moves: &[NewMove<'_>]) -> Result<Vec<Id>> {
    let (now, staff) = (tx.now(), tx.staff());
    let user = tx.cx().actor.as_ref().map_or(Id::NIL, |actor| actor.user);
    let mut ids = Vec::with_capacity(moves.len());
    for chunk in moves.chunks(50) {
        let mut sql = Sql::new(
            "insert into stock_move (id, at, kind, issue_kind, part_id, quantity, cost, from_place, from_balance_id, from_depot_id,
             from_state, to_place, to_balance_id, to_depot_id, to_state, doc_kind, doc_id, doc_no, line_id, reason, reversal_of,
             user_id, staff_id, org_id) values ",
        );
        for (index, m) in chunk.iter().enumerate() {
            sql.push(if index == 0 { "" } else { ", " });
            let (from_place, from_depot, from_state) = end_columns(m.from.0);
            let (to_place, to_depot, to_state) = end_columns(m.to.0);
            let id = tx.id();
            let row: Vec<Val> = args![
                id,
                now,
                m.kind,
                m.issue_kind,
                m.part_id,
                m.quantity,
                m.cost,
                from_place,
                m.from.1,
                from_depot,
                from_state,
                to_place,
                m.to.1,
                to_depot,
                to_state,
                m.doc.kind.as_str(),
                m.doc.id,
                m.doc.no.as_str(),
                m.line_id,
                m.reason,
                m.reversal_of,
                user,
                staff,
                m.org_id
            ];
            sql.list(row);
            ids.push(id);
        }
        tx.later(sql).await?;
    }
    Ok(ids)
}

/// Writes what a line now has of each balance: (balance, quantity, cost, version before). A row that someone
/// changed since it was read is not touched, and the command is run again.
pub async fn put_line_issues(tx: &mut Tx, line_id: Id, rows: &[(Id, i64, i64, i64)]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    let mut sql =
        Sql::new("insert into line_issue (line_id, balance_id, quantity, cost, version, updated_at) values ");
    for (index, (balance, quantity, cost, version)) in rows.iter().enumerate() {
        sql.push(if index == 0 { "" } else { ", " });
        let row: Vec<Val> = args![line_id, *balance, *quantity, *cost, *version + 1, now];
        sql.list(row);
    }
    sql.push(
        " on conflict (line_id, balance_id) do update set quantity = excluded.quantity, cost = excluded.cost,
          version = excluded.version, updated_at = excluded.updated_at where line_issue.version = excluded.version - 1",
    );
    Ok(tx.later(sql.must(rows.len(), db::BUSY).apart()).await?)
}

/// Writes what a line now has reserved of each balance: (balance, quantity, asked, version before).
pub async fn put_reservations(
    tx: &mut Tx,
    line: &LineStock,
    rows: &[(&Held, i64)],
    used: bool,
) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    let user = tx.cx().actor.as_ref().map_or(Id::NIL, |actor| actor.user);
    let mut sql = Sql::new(
        "insert into reservation (id, line_id, balance_id, part_id, depot_id, org_id, stock_state, doc_kind, doc_id, doc_no,
         quantity, asked, state, user_id, version, created_at, updated_at) values ",
    );
    for (index, (held, quantity)) in rows.iter().enumerate() {
        sql.push(if index == 0 { "" } else { ", " });
        let state = match *quantity {
            0 if used => "used",
            0 => "released",
            _ => "open",
        };
        let id = tx.id();
        let row: Vec<Val> = args![
            id,
            line.line_id,
            held.id,
            held.part_id,
            held.depot_id,
            held.org_id,
            held.state,
            line.doc.kind.as_str(),
            line.doc.id,
            line.doc.no.as_str(),
            *quantity,
            *quantity,
            state,
            user,
            held.mine_version + 1,
            now,
            now
        ];
        sql.list(row);
    }
    sql.push(
        " on conflict (line_id, balance_id) do update set quantity = excluded.quantity, state = excluded.state,
          asked = case when excluded.asked > reservation.asked then excluded.asked else reservation.asked end,
          version = excluded.version, updated_at = excluded.updated_at where reservation.version = excluded.version - 1",
    );
    Ok(tx.later(sql.must(rows.len(), db::BUSY).apart()).await?)
}

/// What a line has, and its cost.
pub async fn find_line_total(conn: &mut Conn, line_id: Id) -> Result<(Quantity, Money)> {
    Ok(conn
        .one(
            "select cast(coalesce(sum(quantity), 0) as bigint), cast(coalesce(sum(cost), 0) as bigint) from line_issue where line_id = $1",
            args![line_id],
        )
        .await?)
}

/// What a depot has of a part, over the states that may be issued.
pub async fn find_available(conn: &mut Conn, part_id: Id, depot_id: Id) -> Result<Available> {
    let (on_hand, reserved): (Quantity, Quantity) = conn
        .one(
            "select cast(coalesce(sum(on_hand), 0) as bigint), cast(coalesce(sum(reserved), 0) as bigint) from stock_balance
              where part_id = $1 and depot_id = $2 and stock_state in ('new', 'repaired')",
            args![part_id, depot_id],
        )
        .await?;
    Ok(Available { on_hand, reserved, available: Quantity(on_hand.0 - reserved.0) })
}

/// What the books have under one key, and how much of it is promised.
pub async fn find_book(conn: &mut Conn, (part, depot, state): Key) -> Result<(Quantity, Quantity)> {
    let found = conn
        .opt(
            "select on_hand, reserved from stock_balance where part_id = $1 and depot_id = $2 and stock_state = $3",
            args![part, depot, state],
        )
        .await?;
    Ok(found.unwrap_or((Quantity::ZERO, Quantity::ZERO)))
}

/// Names for messages: code and name of the part, name of the depot.
pub async fn find_names(conn: &mut Conn, part_id: Id, depot_id: Id) -> Result<(String, String)> {
    let part: Option<(String, String)> =
        conn.opt("select code, name from part where id = $1", args![part_id]).await?;
    let depot: Option<String> =
        conn.scalar_opt("select name from depot where id = $1", args![depot_id]).await?;
    let part = part.map_or_else(|| "?".to_string(), |(code, name)| format!("{code} {name}"));
    Ok((part, depot.unwrap_or_else(|| "?".to_string())))
}

/// Switches the alarm of a level if nobody did meanwhile; true when this call did.
pub async fn update_low(tx: &mut Tx, level_id: Id, low: bool) -> Result<bool> {
    let now = tx.now();
    let since: Option<Ts> = low.then_some(now);
    let done = tx
        .exec(
            "update stock_level set low = $2, low_since = $3 where id = $1 and low <> $2",
            args![level_id, low, since],
        )
        .await?;
    Ok(done > 0)
}

/// Movements of one document, oldest first.
pub async fn select_moves_of(conn: &mut Conn, doc_id: Id) -> Result<Vec<MoveRow>> {
    let sql = format!("select {} from stock_move m where m.doc_id = $1 order by m.id", MoveRow::cols("m"));
    Ok(conn.all(&sql, args![doc_id]).await?)
}
