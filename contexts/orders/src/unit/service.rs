//! Commands on the items of an order.

use kernel::{Id, RuleError, T};
use kit::{Cx, Error, Result, Tx};
use serde_json::json;

use super::model::EditUnit;
use crate::{
    line,
    order::{
        create, fast,
        input::NewOrderUnit,
        job::{Job, answer, trimmed},
        model::OrderUnit,
        out::OrderOut,
        rules, store,
    },
};

/// Most items of an order.
pub const MOST: usize = 100;

/// Too many items. Field `units`.
pub fn too_many() -> RuleError {
    RuleError::new("orders.too_many_units", T("一张工单最多 100 个故障项", "An order has at most 100 items"))
        .field("units")
}

/// Another unit or fault of the same visit, with its own decision; its fees come on the order (WO-39, WO-46).
///
/// A serial number and a model that nobody knows become a unit (CALL-30). Errors: `orders.unit`, `orders.unit_model` and
/// `pricing.kind` by field; `orders.too_many_units`; locked (409).
pub async fn add(cx: &Cx, order: Id, input: NewOrderUnit) -> Result<OrderOut> {
    let mut tx = kit::begin!(cx, "orders.add_unit", &(order, &input));
    let (mut job, mut units) = open(&mut tx, order).await?;
    if units.len() >= MOST {
        return Err(too_many().into());
    }
    let place = units.iter().map(|unit| unit.place).max().unwrap_or(0);
    let place = usize::try_from(place).unwrap_or(MOST);
    let customer = job.old.customer_id;
    let wanted = fast::item_in(&mut tx, &job.old, &input).await?;
    let (unit, _) = create::draft_unit(cx, &mut tx, &job.old, &wanted, place, "", customer).await?;
    store::insert_units(&mut tx, std::slice::from_ref(&unit)).await?;
    job.detail.push(("unit_added", told(&unit)));
    units.push(unit);
    finish(tx, job, &units).await
}

/// What an item is about was not as it seemed. Errors: as [`add`]; 404.
pub async fn change(cx: &Cx, order: Id, id: Id, input: EditUnit) -> Result<OrderOut> {
    let mut tx = kit::begin!(cx, "orders.change_unit", &(order, id, &input));
    let (mut job, mut units) = open(&mut tx, order).await?;
    let at = units.iter().position(|unit| unit.id == id).ok_or(Error::NotFound)?;
    let old = units[at].clone();
    let said = |new: &Option<String>, old: &str| match new {
        Some(text) => Some(trimmed(Some(text))),
        None => Some(old.to_string()),
    };
    let typed = NewOrderUnit {
        unit_id: input.unit_id,
        model_id: input.model_id,
        serial: input.serial.clone(),
        model: input.model.clone(),
        ..NewOrderUnit::default()
    };
    let typed = fast::item_in(&mut tx, &job.old, &typed).await?;
    let wanted = NewOrderUnit {
        unit_id: typed.unit_id.or(old.unit_id),
        model_id: typed.model_id.or(old.model_id),
        serial: None,
        model: None,
        fault: said(&input.fault, &old.fault),
        group_code: said(&input.group_code, &old.group_code),
        work_kind: said(&input.work_kind, &old.work_kind).filter(|kind| !kind.is_empty()),
    };
    let customer = job.old.customer_id;
    let (mut unit, _) = create::draft_unit(cx, &mut tx, &job.old, &wanted, at, "", customer).await?;
    (unit.id, unit.place, unit.created_at) = (old.id, old.place, old.created_at);
    (unit.cause, unit.result) = (old.cause.clone(), old.result.clone());
    store::replace_unit(&mut tx, &unit).await?;
    job.detail.push(("unit", json!([told(&old), told(&unit)])));
    units[at] = unit;
    finish(tx, job, &units).await
}

/// An item that was none. Lines somebody entered for it must go first; an order keeps one item.
///
/// Errors: `orders.last_unit`, `orders.unit_lines` (422); 404.
pub async fn remove(cx: &Cx, order: Id, id: Id) -> Result<OrderOut> {
    let mut tx = kit::begin!(cx, "orders.remove_unit", &(order, id));
    let (mut job, mut units) = open(&mut tx, order).await?;
    let at = units.iter().position(|unit| unit.id == id).ok_or(Error::NotFound)?;
    if units.len() == 1 {
        let text = T("工单至少保留一个故障项", "An order keeps one item at least");
        return Err(RuleError::new("orders.last_unit", text).into());
    }
    let lines = line::store::select_lines(&mut tx, order).await?;
    if lines.iter().any(|line| line.order_unit_id == Some(id) && !line.auto) {
        let text = T("请先删除该故障项的备件与费用行", "Delete the parts and fees of this item first");
        return Err(RuleError::new("orders.unit_lines", text).into());
    }
    let fees: Vec<Id> =
        lines.iter().filter(|line| line.order_unit_id == Some(id)).map(|line| line.id).collect();
    line::store::delete_lines(&mut tx, &fees).await?;
    let gone = units.remove(at);
    store::delete_unit(&mut tx, id).await?;
    job.detail.push(("unit_removed", told(&gone)));
    finish(tx, job, &units).await
}

async fn open(tx: &mut Tx, order: Id) -> Result<(Job, Vec<OrderUnit>)> {
    let mut job = Job::open(tx, order, "lines", None).await?;
    job.silent = true;
    let units = store::select_units(tx, order).await?;
    Ok((job, units))
}

/// The head follows the first item; class and fees follow all of them.
async fn finish(mut tx: Box<Tx>, mut job: Job, units: &[OrderUnit]) -> Result<OrderOut> {
    if let Some(first) = units.first() {
        let new = &mut job.new;
        (new.unit_id, new.model_id) = (first.unit_id, first.model_id);
        (new.model_name, new.serial) = (first.model_name.clone(), first.serial.clone());
    }
    if !job.new.warranty_set {
        job.new.warranty = rules::class_of(units);
    }
    let lines = line::service::renew_fees(&mut tx, &mut job.new).await?.unwrap_or_default();
    let row = job.save(&mut tx).await?;
    let out = answer(&tx, &row, &lines);
    tx.commit(out).await
}

/// What the audit keeps of an item.
fn told(unit: &OrderUnit) -> serde_json::Value {
    json!({
        "id": unit.id, "unit_id": unit.unit_id, "model": unit.model_name, "serial": unit.serial, "fault": unit.fault,
        "group": unit.group_code, "work_kind": unit.work_kind, "verdict": unit.verdict,
    })
}
