//! Commands that record something on a unit.

use kernel::{Id, RuleError, T};
use kit::{Cx, DocRef, Error, Result, Sens, Tx, begin};

use super::{
    model::{
        CloseNote, EventKind, NewItem, NewNote, NewReading, NewWear, Reading, Records, Relocate, TickItem,
        Transfer, UnitEvent, UnitItem, UnitNote, WearSeen,
    },
    rules, store,
};
use crate::{
    perms::{UNIT_READ, UNIT_TRANSFER, UNIT_WRITE},
    product::{self, rules::check_filled},
    unit::{
        self,
        model::{UnitOut, UnitRow},
        service::{check_customer, doc, out, save_in},
    },
};

fn user(tx: &Tx) -> Option<Id> {
    tx.cx().actor.as_ref().map(|actor| actor.user).filter(|id| !id.is_nil())
}

/// Everything recorded on a unit, places as the caller may see them.
pub async fn load_records(cx: &Cx, id: Id) -> Result<Records> {
    let mut conn = cx.read().await?;
    let row = unit::store::get_unit(&mut conn, id).await?;
    cx.authorize(&UNIT_READ, &row)?;
    let mut records = store::select_records(&mut conn, id).await?;
    cx.count(&conn);
    for event in &mut records.events {
        event.from_place = cx.mask(Sens::Address, &event.from_place);
        event.to_place = cx.mask(Sens::Address, &event.to_place);
    }
    Ok(records)
}

async fn lock(tx: &mut Tx, id: Id) -> Result<UnitRow> {
    let row = unit::store::lock_unit(tx, id).await?;
    tx.authorize(&UNIT_WRITE, &row)?;
    Ok(row)
}

/// Adds an item to the delivery list (PROD-04).
pub async fn add_item(cx: &Cx, id: Id, input: NewItem) -> Result<UnitItem> {
    cx.require(&UNIT_WRITE)?;
    let mut tx = begin!(cx, "products.add_item", &(id, &input));
    let row = lock(&mut tx, id).await?;
    let name = check_filled(Some(&input.name), 60, "name")?;
    let now = tx.now();
    let item = UnitItem {
        id: tx.id(),
        name,
        delivered_at: input.delivered.then_some(now),
        delivered_by: user(&tx).filter(|_| input.delivered),
    };
    store::insert_item(&mut tx, &row, &item).await?;
    tx.log(doc(&row), "item_added", serde_json::json!({ "name": &item.name, "delivered": input.delivered }));
    tx.commit(item).await
}

/// Ticks an item off, or takes the tick back.
pub async fn tick_item(cx: &Cx, id: Id, item: Id, input: TickItem) -> Result<Records> {
    cx.require(&UNIT_WRITE)?;
    let mut tx = begin!(cx, "products.tick_item", &(id, item, &input));
    let row = lock(&mut tx, id).await?;
    let (at, by) = (input.delivered.then_some(tx.now()), user(&tx).filter(|_| input.delivered));
    store::tick_item(&mut tx, id, item, at, by).await?;
    tx.log(doc(&row), "item_ticked", serde_json::json!({ "item": item, "delivered": input.delivered }));
    let records = store::select_records(&mut tx, id).await?;
    tx.commit(records).await
}

/// Opens a note on a unit.
pub async fn add_note(cx: &Cx, id: Id, input: NewNote) -> Result<UnitNote> {
    cx.require(&UNIT_WRITE)?;
    let mut tx = begin!(cx, "products.add_note", &(id, &input));
    lock(&mut tx, id).await?;
    let note = add_note_in(&mut tx, id, &input).await?;
    tx.commit(note).await
}

/// Opens a note inside the caller's transaction.
pub async fn add_note_in(tx: &mut Tx, id: Id, input: &NewNote) -> Result<UnitNote> {
    let row = unit::store::get_unit(tx, id).await?;
    let note = rules::open_note(input, tx.id(), tx.now())?;
    let by = user(tx);
    store::insert_note(tx, &row, &note, by).await?;
    store::recount_notes(tx, id).await?;
    tx.log(doc(&row), "note_opened", serde_json::json!({ "text": &note.text, "source": &note.source_no }));
    Ok(note)
}

/// Closes a note of a unit.
pub async fn close_note(cx: &Cx, id: Id, note: Id, input: CloseNote) -> Result<Records> {
    cx.require(&UNIT_WRITE)?;
    let mut tx = begin!(cx, "products.close_note", &(id, note, &input));
    lock(&mut tx, id).await?;
    if store::get_note_unit(&mut tx, note).await? != id {
        return Err(Error::NotFound);
    }
    close_note_in(&mut tx, note, &input.result).await?;
    let records = store::select_records(&mut tx, id).await?;
    tx.commit(records).await
}

/// Closes a note inside the caller's transaction. 409 `products.note_closed` when it was closed before.
pub async fn close_note_in(tx: &mut Tx, note: Id, result: &str) -> Result<()> {
    let result = check_filled(Some(result), 400, "result")?;
    let id = store::get_note_unit(tx, note).await?;
    let (now, by) = (tx.now(), user(tx));
    if !store::close_note(tx, note, &result, now, by).await? {
        return Err(Error::Conflict(RuleError::new(
            "products.note_closed",
            T("该问题已关闭", "This note is closed already"),
        )));
    }
    store::recount_notes(tx, id).await?;
    tx.log(DocRef::new("unit", id, ""), "note_closed", serde_json::json!({ "note": note, "result": result }));
    Ok(())
}

/// Records the remaining life of a wear part.
pub async fn add_wear(cx: &Cx, id: Id, input: NewWear) -> Result<WearSeen> {
    cx.require(&UNIT_WRITE)?;
    let mut tx = begin!(cx, "products.add_wear", &(id, &input));
    lock(&mut tx, id).await?;
    let seen = add_wear_in(&mut tx, id, &input).await?;
    tx.commit(seen).await
}

/// Records the remaining life of a wear part inside the caller's transaction.
pub async fn add_wear_in(tx: &mut Tx, id: Id, input: &NewWear) -> Result<WearSeen> {
    let row = unit::store::get_unit(tx, id).await?;
    let seen = rules::see_wear(input, tx.id(), tx.now())?;
    store::insert_wear(tx, &row, &seen).await?;
    tx.log(
        doc(&row),
        "wear_seen",
        serde_json::json!({ "part": &seen.part, "percent": seen.percent, "months": seen.months }),
    );
    Ok(seen)
}

/// Records a meter reading (PROD-09).
pub async fn add_reading(cx: &Cx, id: Id, input: NewReading) -> Result<Reading> {
    cx.require(&UNIT_WRITE)?;
    let mut tx = begin!(cx, "products.add_reading", &(id, &input));
    lock(&mut tx, id).await?;
    let reading = add_reading_in(&mut tx, id, &input).await?;
    tx.commit(reading).await
}

/// Records a meter reading inside the caller's transaction.
pub async fn add_reading_in(tx: &mut Tx, id: Id, input: &NewReading) -> Result<Reading> {
    let old = unit::store::lock_unit(tx, id).await?;
    unit::rules::check_reading(old.meter, input.value, input.replaced)?;
    let source_no = product::rules::check_text(input.source_no.as_deref(), 60, "source_no")?;
    let reading =
        Reading { id: tx.id(), value: input.value, replaced: input.replaced, source_no, read_at: tx.now() };
    store::insert_reading(tx, &old, &reading).await?;
    let row =
        UnitRow { meter: Some(input.value), version: old.version + 1, updated_at: tx.now(), ..old.clone() };
    unit::store::update_unit(tx, &old, &row).await?;
    tx.log(
        doc(&row),
        "meter_read",
        serde_json::json!({ "meter": [old.meter, row.meter], "replaced": input.replaced }),
    );
    Ok(reading)
}

/// Gives a unit to another owner (PROD-19).
pub async fn transfer_unit(cx: &Cx, id: Id, input: Transfer) -> Result<UnitOut> {
    cx.require(&UNIT_TRANSFER)?;
    let mut tx = begin!(cx, "products.transfer", &(id, &input));
    let old = unit::store::lock_unit(&mut tx, id).await?;
    tx.authorize(&UNIT_TRANSFER, &old)?;
    if let Some(customer) = input.customer_id
        && !unit::service::reaches(&mut tx, &UNIT_TRANSFER, customer).await?
    {
        // The same answer as to an id that nobody has.
        return Err(unit::service::no_customer());
    }
    let row = transfer_in(&mut tx, &old, &input).await?;
    let out = out(cx, &row);
    tx.commit(out).await
}

/// Gives a unit to another owner inside the caller's transaction.
pub async fn transfer_in(tx: &mut Tx, old: &UnitRow, input: &Transfer) -> Result<UnitRow> {
    check_customer(tx, input.customer_id).await?;
    let row = unit::rules::transfer(old, input.customer_id, tx.now())?;
    move_in(tx, EventKind::Transfer, old, &row, input.on_date, input.remark.as_deref()).await?;
    Ok(row)
}

/// Moves a unit to another place (PROD-19).
pub async fn relocate_unit(cx: &Cx, id: Id, input: Relocate) -> Result<UnitOut> {
    cx.require(&UNIT_TRANSFER)?;
    let mut tx = begin!(cx, "products.relocate", &(id, &input));
    let old = unit::store::lock_unit(&mut tx, id).await?;
    tx.authorize(&UNIT_TRANSFER, &old)?;
    let row = unit::rules::relocate(&old, &input.place, tx.now())?;
    move_in(&mut tx, EventKind::Relocation, &old, &row, input.on_date, input.remark.as_deref()).await?;
    let out = out(cx, &row);
    tx.commit(out).await
}

async fn move_in(
    tx: &mut Tx,
    kind: EventKind,
    old: &UnitRow,
    row: &UnitRow,
    on_date: Option<kernel::Date>,
    remark: Option<&str>,
) -> Result<()> {
    let remark = product::rules::check_text(remark, 400, "remark")?;
    let today = kit::format::date_of(&tx, tx.now());
    let event = UnitEvent {
        id: tx.id(),
        kind,
        from_customer_id: old.customer_id,
        to_customer_id: row.customer_id,
        from_place: old.place.clone(),
        to_place: row.place.clone(),
        remark,
        on_date: on_date.unwrap_or(today),
        at: tx.now(),
    };
    let by = user(tx);
    store::insert_event(tx, row, &event, by).await?;
    let model = product::store::get_model(tx, row.model_id).await?;
    save_in(tx, old, row, &model).await
}
