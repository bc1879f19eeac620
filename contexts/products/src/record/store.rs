//! All SQL of what is recorded on units.

use db::{Conn, Sql, args};
use kernel::{Id, Ts};
use kit::{Error, Result};

use super::model::{NoteState, Reading, Records, UnitEvent, UnitItem, UnitNote, WearSeen};
use crate::unit::model::UnitRow;

/// Everything recorded on a unit.
pub async fn select_records(conn: &mut Conn, unit: Id) -> Result<Records> {
    let items =
        format!("select {} from unit_item i where i.unit_id = $1 order by i.sort, i.id", UnitItem::cols("i"));
    let notes = format!(
        "select {} from unit_note n where n.unit_id = $1 order by n.state desc, n.opened_at desc limit 100",
        UnitNote::cols("n")
    );
    let wear = format!(
        "select {} from unit_wear w where w.unit_id = $1 order by w.seen_at desc, w.id desc limit 50",
        WearSeen::cols("w")
    );
    let readings = format!(
        "select {} from unit_reading r where r.unit_id = $1 order by r.read_at desc, r.id desc limit 50",
        Reading::cols("r")
    );
    let events = format!(
        "select {} from unit_event e where e.unit_id = $1 order by e.at desc, e.id desc limit 50",
        UnitEvent::cols("e")
    );
    Ok(Records {
        items: conn.all(&items, args![unit]).await?,
        notes: conn.all(&notes, args![unit]).await?,
        wear: conn.all(&wear, args![unit]).await?,
        readings: conn.all(&readings, args![unit]).await?,
        events: conn.all(&events, args![unit]).await?,
    })
}

/// Open notes of a unit, oldest first.
pub async fn select_open_notes(conn: &mut Conn, unit: Id) -> Result<Vec<UnitNote>> {
    let sql = format!(
        "select {} from unit_note n where n.unit_id = $1 and n.state = 'open' order by n.opened_at, n.id",
        UnitNote::cols("n")
    );
    Ok(conn.all(&sql, args![unit]).await?)
}

/// The unit a note is on.
pub async fn get_note_unit(conn: &mut Conn, note: Id) -> Result<Id> {
    Ok(conn.scalar("select n.unit_id from unit_note n where n.id = $1", args![note]).await?)
}

/// Stores an item of the delivery list.
pub async fn insert_item(conn: &mut Conn, unit: &UnitRow, row: &UnitItem) -> Result<()> {
    conn.exec(
        "insert into unit_item (id, unit_id, org_id, name, delivered_at, delivered_by, sort)
         values ($1,$2,$3,$4,$5,$6,(select cast(coalesce(max(sort), 0) + 1 as bigint) from unit_item where unit_id = $2))",
        args![row.id, unit.id, unit.org_id, &row.name, row.delivered_at, row.delivered_by],
    )
    .await?;
    Ok(())
}

/// Ticks or unticks an item.
pub async fn tick_item(conn: &mut Conn, unit: Id, id: Id, at: Option<Ts>, by: Option<Id>) -> Result<()> {
    let sql = "update unit_item set delivered_at = $3, delivered_by = $4 where id = $1 and unit_id = $2";
    found(conn.exec(sql, args![id, unit, at, by]).await?)
}

/// Stores a note.
pub async fn insert_note(conn: &mut Conn, unit: &UnitRow, row: &UnitNote, by: Option<Id>) -> Result<()> {
    conn.exec(
        "insert into unit_note (id, unit_id, org_id, text, refused, state, source_kind, source_id, source_no, opened_at,
            opened_by, result) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)",
        args![
            row.id, unit.id, unit.org_id, &row.text, row.refused, row.state, &row.source_kind, row.source_id,
            &row.source_no, row.opened_at, by, &row.result
        ],
    )
    .await?;
    Ok(())
}

/// Closes an open note; false when it was closed before.
pub async fn close_note(conn: &mut Conn, id: Id, result: &str, at: Ts, by: Option<Id>) -> Result<bool> {
    let sql = "update unit_note set state = $2, result = $3, closed_at = $4, closed_by = $5 where id = $1 and state = 'open'";
    Ok(conn.exec(sql, args![id, NoteState::Closed, result, at, by]).await? == 1)
}

/// Counts the open notes of a unit into its row.
pub async fn recount_notes(conn: &mut Conn, unit: Id) -> Result<()> {
    let sql = "update unit set open_notes = (select count(*) from unit_note n where n.unit_id = unit.id and n.state = 'open')
        where id = $1";
    found(conn.exec(sql, args![unit]).await?)
}

/// Stores what was seen of a wear part.
pub async fn insert_wear(conn: &mut Conn, unit: &UnitRow, row: &WearSeen) -> Result<()> {
    conn.exec(
        "insert into unit_wear (id, unit_id, org_id, part, percent, months, remark, source_no, seen_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9)",
        args![
            row.id,
            unit.id,
            unit.org_id,
            &row.part,
            row.percent,
            row.months,
            &row.remark,
            &row.source_no,
            row.seen_at
        ],
    )
    .await?;
    Ok(())
}

/// What was seen of wear parts on a document, as it was written down.
pub async fn select_wear_of(conn: &mut Conn, units: &[Id], source_no: &str) -> Result<Vec<WearSeen>> {
    if units.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(format!("select {} from unit_wear w where w.unit_id in ", WearSeen::cols("w")));
    sql.list(units.iter().copied());
    sql.and("w.source_no =", source_no);
    sql.push(" order by w.seen_at, w.id");
    Ok(conn.all_sql(sql).await?)
}

/// Stores a reading.
pub async fn insert_reading(conn: &mut Conn, unit: &UnitRow, row: &Reading) -> Result<()> {
    conn.exec(
        "insert into unit_reading (id, unit_id, org_id, value, replaced, source_no, read_at) values ($1,$2,$3,$4,$5,$6,$7)",
        args![row.id, unit.id, unit.org_id, row.value, row.replaced, &row.source_no, row.read_at],
    )
    .await?;
    Ok(())
}

/// Stores a change of owner or place.
pub async fn insert_event(conn: &mut Conn, unit: &UnitRow, row: &UnitEvent, by: Option<Id>) -> Result<()> {
    conn.exec(
        "insert into unit_event (id, unit_id, org_id, kind, from_customer_id, to_customer_id, from_place, to_place, remark,
            on_date, at, by_user) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)",
        args![
            row.id, unit.id, unit.org_id, row.kind, row.from_customer_id, row.to_customer_id, &row.from_place,
            &row.to_place, &row.remark, row.on_date, row.at, by
        ],
    )
    .await?;
    Ok(())
}

fn found(rows: u64) -> Result<()> {
    if rows == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Units whose count of open notes is wrong, for the check of invariants.
pub async fn select_miscounted(conn: &mut Conn) -> Result<Vec<String>> {
    let sql = "select u.no from unit u where u.open_notes <>
        (select count(*) from unit_note n where n.unit_id = u.id and n.state = 'open') limit 100";
    Ok(conn.all::<(String,)>(sql, vec![]).await?.into_iter().map(|(no,)| no).collect())
}
