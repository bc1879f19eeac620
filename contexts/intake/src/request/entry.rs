//! Fast entry (CALL-30): what was typed is found, or becomes a file of its own, in the request's transaction.

use customers::api::{CustomerBrief, NewCustomer};
use kernel::{Id, RuleError, T};
use kit::{Cx, Error, Result, Scope, Tx, numbering::Number, search};
use parts::api::PartBrief;
use products::api::{NewUnit, UnitBrief};

use super::{
    input::{NewRequest, Then},
    rules::clean,
};

/// What a request is about, as far as it is known.
#[derive(Default)]
pub struct Known {
    /// Who.
    pub customer: Option<CustomerBrief>,
    /// The file was opened just now.
    pub new_customer: bool,
    /// Which unit.
    pub unit: Option<UnitBrief>,
    /// Model in words.
    pub model_name: String,
    /// Serial number in words.
    pub serial: String,
    /// Which part.
    pub part: Option<PartBrief>,
}

/// Finds or makes customer, model, unit and part. `spare_no` is the number of a new customer. Errors: 404 for
/// files outside `scope`; those of the fields under the request's own names.
pub async fn resolve_in(tx: &mut Tx, input: &NewRequest, scope: &Scope, spare_no: Number) -> Result<Known> {
    let mut known = Known {
        serial: clean(input.serial.as_deref()),
        model_name: clean(input.model.as_deref()),
        ..Known::default()
    };
    // Another branch's customer is found and served, not opened once more (CUST-23).
    let scope = &customers::api::shared(tx.cx(), scope.clone());
    if let Some(id) = input.unit_id {
        let unit = products::api::unit(tx, id).await?;
        inside(scope, unit.org_id)?;
        known.unit = Some(unit);
    }
    customer_in(tx, input, scope, spare_no, &mut known).await?;
    unit_in(tx, input, &mut known).await?;
    if let Some(unit) = &known.unit {
        known.model_name = unit.model_name.clone();
        known.serial = unit.serial.clone();
    }
    known.part = part_in(tx, input).await?;
    Ok(known)
}

/// A number alone says whose it is: where it is all that was said, it counts as a number that was searched for. Asked
/// before the transaction, which could not wait for the log of a refusal. Errors: 429 for trying too many numbers.
pub async fn try_number(cx: &Cx, input: &NewRequest) -> Result<()> {
    let named = input.customer_id.is_some() || !clean(input.customer_name.as_deref()).is_empty();
    match clean(input.caller_phone.as_deref()).as_str() {
        phone if !named && !phone.is_empty() => search::try_number(cx, phone).await,
        _ => Ok(()),
    }
}

fn inside(scope: &Scope, org: Id) -> Result<()> {
    if scope.covers(org, &[]) { Ok(()) } else { Err(Error::NotFound) }
}

async fn customer_in(
    tx: &mut Tx,
    input: &NewRequest,
    scope: &Scope,
    spare_no: Number,
    known: &mut Known,
) -> Result<()> {
    let owner = known.unit.as_ref().and_then(|unit| unit.customer_id);
    if let Some(id) = input.customer_id.or(owner) {
        let customer = customers::api::brief(tx, id).await?;
        inside(scope, customer.org_id)?;
        if !customer.erased && input.other_name(&customer.name).is_some() {
            return Err(other_owner("customer_name"));
        }
        // A machine whose owner was forgotten is told about by somebody else.
        if input.customer_id.is_some() || !customer.erased {
            customer.check_usable()?;
            known.customer = Some(customer);
            return Ok(());
        }
    }
    let phone = clean(input.caller_phone.as_deref());
    let mut name = clean(input.customer_name.as_deref());
    if name.is_empty() && !phone.is_empty() {
        // A number that belongs to exactly one file says who calls.
        let mut found = customers::api::by_phone(tx, scope, &phone).await?;
        if found.len() == 1 {
            known.customer = found.pop();
            return Ok(());
        }
    }
    if name.is_empty() && matches!(input.then(), Then::Solve | Then::Order) {
        name = clean(input.caller_name.as_deref());
    }
    if name.is_empty() {
        return Ok(());
    }
    let new = NewCustomer {
        org_id: input.org_id,
        name,
        phone: Some(phone).filter(|p| !p.is_empty()),
        region: input.region.clone(),
        district: input.district.clone(),
        address: input.address.clone(),
        ..NewCustomer::default()
    };
    let (customer, made) = customers::api::ensure_in(tx, &new, spare_no)
        .await
        .map_err(|e| renamed(e, &[("name", "customer_name"), ("phone", "caller_phone")]))?;
    inside(scope, customer.org_id)?;
    known.new_customer = made;
    known.customer = Some(customer);
    Ok(())
}

async fn unit_in(tx: &mut Tx, input: &NewRequest, known: &mut Known) -> Result<()> {
    let customer = known.customer.as_ref().map(|c| c.id);
    if let Some(unit) = &known.unit {
        return match (unit.customer_id, customer) {
            (Some(owner), Some(customer)) if owner != customer => Err(other_owner("unit_id")),
            (None, Some(customer)) => products::api::set_owner_in(tx, unit.id, customer, "").await,
            _ => Ok(()),
        };
    }
    if !known.serial.is_empty() {
        let found = products::api::unit_by_serial(tx, &known.serial).await?;
        let same_model = known.model_name.is_empty() && input.model_id.is_none();
        if let Some(unit) = found.filter(|u| {
            same_model && (customer.is_none() || u.customer_id.is_none() || u.customer_id == customer)
        }) {
            if let (None, Some(customer)) = (unit.customer_id, customer) {
                products::api::set_owner_in(tx, unit.id, customer, "").await?;
            }
            known.unit = Some(unit);
            return Ok(());
        }
    }
    let with_model = input.model_id.is_some() || !known.model_name.is_empty();
    if !with_model {
        return Ok(());
    }
    if known.serial.is_empty() && (customer.is_none() || input.then() != Then::Order) {
        // Talk about a model makes no unit of it.
        let model = match input.model_id {
            Some(id) => products::api::model(tx, id).await?,
            None => products::api::ensure_model_in(tx, &known.model_name).await?,
        };
        known.model_name = model.name;
        return Ok(());
    }
    let org = known.customer.as_ref().map(|c| c.org_id).or(input.org_id);
    let new = NewUnit {
        org_id: org,
        model_id: input.model_id,
        model: Some(known.model_name.clone()).filter(|m| !m.is_empty()),
        serial: Some(known.serial.clone()).filter(|s| !s.is_empty()),
        customer_id: customer,
        purchase_date: input.purchase_date,
        invoice_no: input.proof.clone(),
        place: input.address.clone(),
        ..NewUnit::default()
    };
    let (unit, _) = products::api::ensure_unit_in(tx, &new)
        .await
        .map_err(|e| renamed(e, &[("model", "model"), ("place", "address")]))?;
    match (unit.customer_id, customer) {
        (Some(owner), Some(customer)) if owner != customer => return Err(other_owner("unit_id")),
        (None, Some(customer)) => products::api::set_owner_in(tx, unit.id, customer, "").await?,
        _ => {}
    }
    known.unit = Some(unit);
    Ok(())
}

fn other_owner(field: &str) -> Error {
    RuleError::new(
        "intake.other_owner",
        T(
            "这台设备登记在别的客户名下，请先过户或改选设备",
            "This unit belongs to another customer; transfer it or choose another",
        ),
    )
    .field(field)
    .into()
}

async fn part_in(tx: &mut Tx, input: &NewRequest) -> Result<Option<PartBrief>> {
    if let Some(id) = input.part_id {
        return parts::api::part(tx, id).await.map(Some);
    }
    let text = clean(input.part.as_deref());
    if text.is_empty() {
        return Ok(None);
    }
    if let Some(part) = parts::api::part_by_code(tx, &text).await? {
        return Ok(Some(part));
    }
    let new = parts::api::PartInput::named(&text, &text);
    let row = parts::api::create_part_in(tx, &new)
        .await
        .map_err(|e| renamed(e, &[("code", "part"), ("name", "part")]))?;
    Ok(Some(row.into()))
}

/// Problems of another context's fields, under the names the request has for them.
fn renamed(error: Error, names: &[(&str, &str)]) -> Error {
    let Error::Invalid(mut problems) = error else { return error };
    for problem in &mut problems.0 {
        if let Some((_, ours)) = names.iter().find(|(theirs, _)| problem.field.as_deref() == Some(*theirs)) {
            problem.field = Some((*ours).to_string());
        }
    }
    Error::Invalid(problems)
}
