//! Fast entry (CALL-30): customers, units and parts typed into an order are found, or become files of their own in the
//! order's transaction, and are offered next time.

use kernel::{RuleError, T};
use kit::{Error, Result, Tx, numbering::Number};

use super::{
    input::{NewOrder, NewOrderUnit},
    model::OrderRow,
};
use crate::line::model::NewLine;

fn said(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

fn typed_unit(unit: &NewOrderUnit) -> bool {
    unit.unit_id.is_none()
        && (said(&unit.serial).is_some() || (unit.model_id.is_none() && said(&unit.model).is_some()))
}

fn typed_line(line: &NewLine) -> bool {
    let part = line.kind.is_none_or(|kind| kind == crate::line::model::LineKind::Part);
    part && line.part_id.is_none() && said(&line.part_code).is_none() && said(&line.part).is_some()
}

fn head_unit(input: &NewOrder) -> NewOrderUnit {
    NewOrderUnit {
        unit_id: input.unit_id,
        model_id: input.model_id,
        serial: input.serial.clone(),
        model: input.model.clone(),
        ..NewOrderUnit::default()
    }
}

/// Something was typed that may have no file yet.
pub fn typed(input: &NewOrder) -> bool {
    let customer = input.customer_id.is_nil() && said(&input.customer_name).is_some();
    customer
        || typed_unit(&head_unit(input))
        || input.units.iter().any(typed_unit)
        || input.lines.iter().any(typed_line)
}

/// The same order with ids in place of words. The caller's reach is checked where the order is drafted, which sees the
/// customer found here. Errors: those of the files' fields, under the order's own names.
pub async fn resolve_in(tx: &mut Tx, input: &NewOrder) -> Result<NewOrder> {
    let mut order = input.clone();
    if let (true, Some(name)) = (input.customer_id.is_nil(), said(&input.customer_name)) {
        let new = customers::api::NewCustomer {
            org_id: input.org_id,
            name: name.to_string(),
            phone: said(&input.phone).map(str::to_string),
            region: input.region.clone(),
            address: input.address.clone(),
            ..customers::api::NewCustomer::default()
        };
        let made = customers::api::ensure_in(tx, &new, Number::late("C")).await;
        order.customer_id = made.map_err(|error| renamed(error, "name", "customer_id"))?.0.id;
    }
    let head = head_unit(input);
    if typed_unit(&head) && input.units.is_empty() {
        order.unit_id = Some(unit_in(tx, &order, &head, "").await?);
    }
    for (place, unit) in input.units.iter().enumerate().filter(|(_, unit)| typed_unit(unit)) {
        order.units[place].unit_id = Some(unit_in(tx, &order, unit, &format!("units.{place}.")).await?);
    }
    for line in &mut order.lines {
        *line = part_in(tx, line).await?;
    }
    Ok(order)
}

async fn unit_in(tx: &mut Tx, order: &NewOrder, unit: &NewOrderUnit, prefix: &str) -> Result<kernel::Id> {
    let customer = customers::api::brief(tx, order.customer_id).await.map_err(|error| match error {
        Error::NotFound => RuleError::new("orders.customer", T("没有这个客户", "There is no such customer"))
            .field("customer_id")
            .into(),
        other => other,
    })?;
    let (serial, model) = (said(&unit.serial), said(&unit.model));
    let found = match (serial, model.is_none() && unit.model_id.is_none()) {
        (Some(serial), true) => match products::api::unit_by_serial(tx, serial).await? {
            Some(found) => Some(found),
            None => {
                let text = T("新设备请填写产品型号", "Name the model of a new unit");
                return Err(RuleError::new("orders.unit_model", text)
                    .field(format!("{prefix}model_id"))
                    .into());
            }
        },
        _ => None,
    };
    let found = match found {
        Some(found) => found,
        None => {
            let new = products::api::NewUnit {
                org_id: order.org_id.or(Some(customer.org_id)),
                model_id: unit.model_id,
                model: model.map(str::to_string).filter(|_| unit.model_id.is_none()),
                serial: serial.map(str::to_string),
                customer_id: Some(customer.id),
                place: order.address.clone(),
                ..products::api::NewUnit::default()
            };
            products::api::ensure_unit_in(tx, &new)
                .await
                .map_err(|error| renamed(error, "model", &format!("{prefix}model_id")))?
                .0
        }
    };
    // Somebody else's unit is refused where the order is drafted.
    if found.customer_id.is_none() {
        products::api::set_owner_in(tx, found.id, customer.id, "").await?;
    }
    Ok(found.id)
}

/// An item of an order that exists, with the id of the unit that was typed; without one, no more than its model.
pub async fn item_in(tx: &mut Tx, order: &OrderRow, unit: &NewOrderUnit) -> Result<NewOrderUnit> {
    if !typed_unit(unit) {
        return Ok(unit.clone());
    }
    let owner = NewOrder {
        customer_id: order.customer_id,
        org_id: Some(order.org_id),
        address: Some(order.address.clone()),
        ..NewOrder::default()
    };
    let id = unit_in(tx, &owner, unit, "").await?;
    Ok(NewOrderUnit { unit_id: Some(id), model_id: None, serial: None, model: None, ..unit.clone() })
}

/// A line whose part was typed, with the part's id.
pub async fn part_in(tx: &mut Tx, line: &NewLine) -> Result<NewLine> {
    let Some(text) = said(&line.part).filter(|_| typed_line(line)) else { return Ok(line.clone()) };
    let part_id = match parts::api::part_by_code(tx, text).await? {
        Some(part) => part.id,
        None => {
            let new = parts::api::PartInput::named(text, text);
            let made = parts::api::create_part_in(tx, &new).await;
            let made = made.map_err(|error| renamed(error, "code", "part_id"));
            made.map_err(|error| renamed(error, "name", "part_id"))?.id
        }
    };
    Ok(NewLine { part_id: Some(part_id), ..line.clone() })
}

/// A problem of another context's field, under the name the order has for it.
fn renamed(error: Error, theirs: &str, ours: &str) -> Error {
    let Error::Invalid(mut problems) = error else { return error };
    for problem in &mut problems.0 {
        if problem.field.as_deref() == Some(theirs) {
            problem.field = Some(ours.to_string());
        }
    }
    Error::Invalid(problems)
}
