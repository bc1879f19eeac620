//! Commands and queries on units.

use kernel::{Id, RuleError, T};
use kit::{Cx, DocRef, Error, Perm, Result, Sens, Tx, begin, numbering::Number, search};

use super::{
    model::{NewUnit, UnitOut, UnitRow},
    rules::{self, Opening},
    store,
};
use crate::{
    perms::{UNIT_READ, UNIT_WRITE},
    product::{self, model::ModelRow},
};

/// The reference under which panels and the audit know a unit.
pub fn doc(row: &UnitRow) -> DocRef {
    DocRef::new("unit", row.id, &row.no)
}

/// What leaves the house: the place as this caller may see it.
pub fn out(cx: &Cx, row: &UnitRow) -> UnitOut {
    UnitOut {
        id: row.id,
        version: row.version,
        no: row.no.clone(),
        org_id: row.org_id,
        serial: row.serial.clone(),
        model_id: row.model_id,
        customer_id: row.customer_id,
        purchase_date: row.purchase_date,
        invoice_no: row.invoice_no.clone(),
        dealer: row.dealer.clone(),
        install_date: row.install_date,
        acceptance_date: row.acceptance_date,
        place: cx.mask(Sens::Address, &row.place),
        meter: row.meter,
        meter_unit: row.meter_unit.clone(),
        state: row.state,
        notes: row.notes.clone(),
        open_notes: row.open_notes,
        public_path: format!("/u/{}", row.token),
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// One unit, if it is the caller's business.
pub async fn load_unit(cx: &Cx, id: Id) -> Result<UnitRow> {
    let mut conn = cx.read().await?;
    let row = store::get_unit(&mut conn, id).await?;
    cx.count(&conn);
    cx.authorize(&UNIT_READ, &row)?;
    Ok(row)
}

/// Units with a serial number that the caller may see.
pub async fn find_by_serial(cx: &Cx, serial: &str) -> Result<Vec<UnitOut>> {
    let scope = cx.scope(&UNIT_READ)?;
    let mut conn = cx.read().await?;
    let rows = store::select_by_serial(&mut conn, serial).await?;
    cx.count(&conn);
    Ok(rows.iter().filter(|row| scope.covers(row.org_id, &[])).map(|row| out(cx, row)).collect())
}

/// Units of a customer and their models.
pub struct CustomerUnits {
    /// In use first.
    pub units: Vec<UnitRow>,
    /// The models of these units.
    pub models: Vec<ModelRow>,
}

/// Units of a customer that the caller may see.
pub async fn units_of_customer(cx: &Cx, customer: Id) -> Result<CustomerUnits> {
    let scope = cx.scope(&UNIT_READ)?;
    let mut conn = cx.read().await?;
    let units = store::select_of_customer(&mut conn, &scope, customer).await?;
    let ids: Vec<Id> = units.iter().map(|row| row.model_id).collect();
    let models = product::store::select_models(&mut conn, &ids).await?;
    cx.count(&conn);
    Ok(CustomerUnits { units, models })
}

/// Registers a unit (PROD-02).
pub async fn create_unit(cx: &Cx, input: NewUnit) -> Result<UnitOut> {
    cx.require(&UNIT_WRITE)?;
    let no = cx.number("U").await?;
    let mut tx = begin!(cx, "products.create_unit", &input);
    if let Some(customer) = input.customer_id
        && !reaches(&mut tx, &UNIT_WRITE, customer).await?
    {
        return Err(kit::Error::NotFound);
    }
    let model = product::service::resolve_in(&mut tx, input.model_id, input.model.as_deref()).await?;
    check_serial(&mut tx, &input, model.id, None).await?;
    let row = create_in(&mut tx, &input, &model, no).await?;
    tx.authorize(&UNIT_WRITE, &row)?;
    let out = out(cx, &row);
    tx.commit(out).await
}

/// Registers a unit inside the caller's transaction; the caller has checked that it may.
pub async fn create_in(
    tx: &mut Tx,
    input: &NewUnit,
    model: &ModelRow,
    no: impl Into<Number>,
) -> Result<UnitRow> {
    let no = no.into();
    let org = input.org_id.unwrap_or(tx.cx().actor()?.org);
    if org.is_nil() {
        return Err(RuleError::new("products.org", T("请选择所属组织", "Choose the organisation"))
            .field("org_id")
            .into());
    }
    let owner = check_customer(tx, input.customer_id).await?;
    let opening = Opening {
        id: tx.id(),
        org,
        model: model.id,
        token: crate::label::rules::token(rand::random()),
        now: tx.now(),
        today: kit::format::date_of(&tx, tx.now()),
    };
    let mut row = rules::register(input, opening)?;
    row.no = no.take(tx, row.org_id).await?;
    store::insert_unit(tx, &row).await?;
    index_in(tx, &row, model, &owner).await?;
    tx.created(doc(&row), &audit_view(&row))?;
    Ok(row)
}

/// Changes the content of a unit; owner and place change by transfer and relocation.
pub async fn change_unit(cx: &Cx, id: Id, input: NewUnit) -> Result<UnitOut> {
    cx.require(&UNIT_WRITE)?;
    let mut tx = begin!(cx, "products.change_unit", &(id, &input));
    let old = store::lock_unit(&mut tx, id).await?;
    tx.authorize(&UNIT_WRITE, &old)?;
    product::rules::check_version(old.version, input.version).map_err(Error::Conflict)?;
    let (model_id, text) =
        (input.model_id.or(Some(old.model_id).filter(|_| input.model.is_none())), input.model.as_deref());
    let model = product::service::resolve_in(&mut tx, model_id, text).await?;
    let input = NewUnit { model_id: Some(model.id), ..input };
    check_serial(&mut tx, &input, model.id, Some(id)).await?;
    let row = rules::change(&old, &input, tx.now(), kit::format::date_of(&tx, tx.now()))?;
    save_in(&mut tx, &old, &row, &model).await?;
    let out = out(cx, &row);
    tx.commit(out).await
}

/// Stores a changed unit with everything that follows from it.
pub async fn save_in(tx: &mut Tx, old: &UnitRow, row: &UnitRow, model: &ModelRow) -> Result<()> {
    let owner = store::find_customer(tx, row.customer_id).await?.map(|(_, name)| name).unwrap_or_default();
    store::update_unit(tx, old, row).await?;
    index_in(tx, row, model, &owner).await?;
    tx.changed(doc(row), &audit_view(old), &audit_view(row))
}

/// Takes a unit out to which nothing refers, as if it had never been registered; the log keeps that it was.
pub async fn forget_in(tx: &mut Tx, row: &UnitRow) -> Result<()> {
    store::delete_unit(tx, row.id).await?;
    search::remove_in(tx, "unit", row.id).await?;
    tx.log(doc(row), "deleted", serde_json::Value::Null);
    Ok(())
}

/// The secret of the public page stays out of the audit log.
fn audit_view(row: &UnitRow) -> UnitRow {
    UnitRow { token: String::new(), ..row.clone() }
}

/// 409 when another unit of the model has the serial number and the caller did not say that this is right.
async fn check_serial(tx: &mut Tx, input: &NewUnit, model: Id, own: Option<Id>) -> Result<()> {
    let Some(serial) = input.serial.as_deref().filter(|_| !input.same_serial_ok) else { return Ok(()) };
    let same = store::select_by_serial(tx, serial).await?;
    match same.iter().find(|other| other.model_id == model && Some(other.id) != own) {
        Some(other) => {
            let text = T(
                "同型号已有序列号相同的设备 {no}；确认无误请勾选“序列号确实相同”",
                "{no} of this model has the same serial number; confirm if that is right",
            );
            Err(Error::Conflict(
                RuleError::new("products.serial_taken", text).arg("no", &other.no).field("serial"),
            ))
        }
        None => Ok(()),
    }
}

/// The owner's name; error `products.customer` when there is no such owner.
pub async fn check_customer(tx: &mut Tx, id: Option<Id>) -> Result<String> {
    if id.is_none() {
        return Ok(String::new());
    }
    if let Some((_, name)) = store::find_customer(tx, id).await? {
        return Ok(name);
    }
    Err(no_customer())
}

/// No such customer, or none that this caller may know.
pub fn no_customer() -> Error {
    RuleError::new("products.customer", T("没有这个客户", "There is no such customer"))
        .field("customer_id")
        .into()
}

/// True when a customer belongs to where the permission reaches, or does not exist at all: somebody else's customer is
/// nobody's business, also as the owner of one's own unit.
pub async fn reaches(tx: &mut Tx, perm: &Perm, customer: Id) -> Result<bool> {
    let scope = tx.cx().scope(perm)?;
    let place = store::find_customer_place(tx, customer).await?;
    Ok(place.is_none_or(|(org, custodian)| scope.covers(org, custodian.as_slice())))
}

async fn index_in(tx: &mut Tx, row: &UnitRow, model: &ModelRow, owner: &str) -> Result<()> {
    let title = format!("{} {}", model.name, kit::veil::marked(kit::Sens::Serial, &row.serial));
    let text = format!("{} {} {} {}", model.code, row.dealer, row.invoice_no, owner);
    let doc = search::SearchDoc {
        kind: "unit",
        id: row.id,
        org: row.org_id,
        owner: None,
        title: title.trim(),
        sub: &row.no,
        text: &text,
        secret: &[],
    };
    search::put_in(tx, &doc).await
}
