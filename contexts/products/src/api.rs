//! What other contexts may call. Queries take any connection, a transaction included, and check no permission:
//! the caller has done that for its own document. `_in` functions join the caller's transaction.

use db::Conn;
use kernel::{Date, Id};
use kit::numbering::Number;
use kit::{Result, Scope, Tx};

use crate::{
    category,
    product::{self, model::ModelRow},
    record::{self, model::Transfer},
    unit::{self, model::UnitRow},
};
pub use crate::{
    label::service::HOTLINE,
    product::model::{ComponentGroup, NewModel},
    record::model::{NewNote, NewReading, NewWear, Reading, UnitNote, WearSeen},
    unit::model::{NewUnit, UnitState},
};

/// Branches of the goods tree for a choice, indented by depth (PROD-01).
pub async fn branches(conn: &mut Conn) -> Result<Vec<(String, String)>> {
    Ok(category::views::options(&category::store::select_categories(conn).await?))
}

/// A branch of the goods tree and its name.
pub async fn branch(conn: &mut Conn, id: Id) -> Result<Option<(Id, String)>> {
    let all = category::store::select_categories(conn).await?;
    Ok(all.into_iter().find(|row| row.id == id).map(|row| (row.id, row.name)))
}

/// The branch that a name or path means, made where there is none; none for an empty text.
pub async fn branch_in(tx: &mut Tx, path: &str) -> Result<Option<(Id, String)>> {
    Ok(category::service::at_path_in(tx, path).await?.map(|row| (row.id, row.name)))
}

/// A model as other documents show it.
#[derive(Clone, Debug)]
pub struct ModelBrief {
    /// Which.
    pub id: Id,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Place in the product tree.
    pub category_id: Option<Id>,
    /// Its name; empty without one.
    pub category_name: String,
}

/// A unit as other documents show it.
#[derive(Clone, Debug)]
pub struct UnitBrief {
    /// Which.
    pub id: Id,
    /// Number for people.
    pub no: String,
    /// Serial number.
    pub serial: String,
    /// Model.
    pub model_id: Id,
    /// Its name.
    pub model_name: String,
    /// Owner.
    pub customer_id: Option<Id>,
    /// Serving organisation.
    pub org_id: Id,
    /// Bought on.
    pub purchase_date: Option<Date>,
    /// Installed on.
    pub install_date: Option<Date>,
    /// Where it stands. An address: mask it with `Sens::Address` before showing.
    pub place: String,
    /// Version.
    pub version: i64,
}

async fn model_brief(conn: &mut Conn, row: ModelRow) -> Result<ModelBrief> {
    let category_name = product::store::find_category_name(conn, row.category_id).await?;
    Ok(ModelBrief { id: row.id, code: row.code, name: row.name, category_id: row.category_id, category_name })
}

fn unit_brief(row: UnitRow, model_name: &str) -> UnitBrief {
    UnitBrief {
        id: row.id,
        no: row.no,
        serial: row.serial,
        model_id: row.model_id,
        model_name: model_name.to_string(),
        customer_id: row.customer_id,
        org_id: row.org_id,
        purchase_date: row.purchase_date,
        install_date: row.install_date,
        place: row.place,
        version: row.version,
    }
}

async fn unit_briefs(conn: &mut Conn, rows: Vec<UnitRow>) -> Result<Vec<UnitBrief>> {
    let mut ids: Vec<Id> = rows.iter().map(|row| row.model_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let models = product::store::select_models(conn, &ids).await?;
    let name = |id: Id| models.iter().find(|m| m.id == id).map_or("", |m| m.name.as_str());
    Ok(rows
        .into_iter()
        .map(|row| {
            let name = name(row.model_id);
            unit_brief(row, name)
        })
        .collect())
}

/// A model. `NotFound` otherwise.
pub async fn model(conn: &mut Conn, id: Id) -> Result<ModelBrief> {
    let row = product::store::get_model(conn, id).await?;
    model_brief(conn, row).await
}

/// The model with a code, written in any way, or else with a name.
pub async fn model_by_code(conn: &mut Conn, text: &str) -> Result<Option<ModelBrief>> {
    match product::store::find_by_code(conn, text).await? {
        Some(row) => model_brief(conn, row).await.map(Some),
        None => Ok(None),
    }
}

/// Component groups of a model (PROD-06), for warranty terms.
pub async fn groups(conn: &mut Conn, model: Id) -> Result<Vec<ComponentGroup>> {
    product::store::select_groups(conn, model).await
}

/// The model of that code or name, made if it is missing (CALL-30).
pub async fn ensure_model_in(tx: &mut Tx, name: &str) -> Result<ModelBrief> {
    let row = product::service::ensure_in(tx, name).await?;
    model_brief(tx, row).await
}

/// Creates a model, for imports and the demo company.
pub async fn create_model_in(tx: &mut Tx, input: &NewModel) -> Result<ModelBrief> {
    let row = product::service::create_in(tx, input).await?;
    model_brief(tx, row).await
}

/// A branch of the product tree, for imports and the demo company.
pub async fn create_category_in(tx: &mut Tx, parent: Option<Id>, name: &str) -> Result<Id> {
    crate::category::service::create_in(tx, parent, name).await.map(|row| row.id)
}

/// A unit. `NotFound` otherwise.
pub async fn unit(conn: &mut Conn, id: Id) -> Result<UnitBrief> {
    let row = unit::store::get_unit(conn, id).await?;
    let model = product::store::get_model(conn, row.model_id).await?;
    Ok(unit_brief(row, &model.name))
}

/// Units of a customer, scrapped ones last.
pub async fn units_of(conn: &mut Conn, customer: Id) -> Result<Vec<UnitBrief>> {
    let rows = unit::store::select_of_customer(conn, &Scope::All, customer).await?;
    unit_briefs(conn, rows).await
}

/// The newest unit with a serial number, written in any way.
pub async fn unit_by_serial(conn: &mut Conn, serial: &str) -> Result<Option<UnitBrief>> {
    let rows = unit::store::select_by_serial(conn, serial).await?;
    Ok(unit_briefs(conn, rows.into_iter().take(1).collect()).await?.pop())
}

/// The unit behind the token of its QR code.
pub async fn unit_by_token(conn: &mut Conn, token: &str) -> Result<Option<UnitBrief>> {
    let rows = unit::store::find_by_token(conn, token).await?.into_iter().collect();
    Ok(unit_briefs(conn, rows).await?.pop())
}

/// Fast entry: the unit of that model and serial number (and, without a serial number, of that model and
/// customer), or a new one. The model is made if it is missing. True when the unit is new.
///
/// Errors: `products.model`, and those of the fields, see `unit::rules`.
pub async fn ensure_unit_in(tx: &mut Tx, input: &NewUnit) -> Result<(UnitBrief, bool)> {
    let model = match (input.model_id, input.model.as_deref()) {
        (None, Some(name)) if !name.trim().is_empty() => product::service::ensure_in(tx, name).await?,
        (id, text) => product::service::resolve_in(tx, id, text).await?,
    };
    let serial = input.serial.as_deref().unwrap_or_default();
    let known = match input.customer_id {
        Some(customer) if serial.trim().is_empty() => {
            unit::store::select_of_customer(tx, &Scope::All, customer).await?
        }
        _ => unit::store::select_by_serial(tx, serial).await?,
    };
    if let Some(row) = known.into_iter().find(|row| row.model_id == model.id) {
        return Ok((unit_brief(row, &model.name), false));
    }
    let row = unit::service::create_in(tx, input, &model, Number::late("U")).await?;
    Ok((unit_brief(row, &model.name), true))
}

/// Registers a unit without looking for an equal one, for imports and the demo company.
pub async fn create_unit_in(tx: &mut Tx, input: &NewUnit) -> Result<UnitBrief> {
    let model = product::service::resolve_in(tx, input.model_id, input.model.as_deref()).await?;
    let row = unit::service::create_in(tx, input, &model, Number::late("U")).await?;
    Ok(unit_brief(row, &model.name))
}

/// Problems found but not fixed, oldest first: reminders for the next order (PROD-08).
pub async fn open_notes(conn: &mut Conn, unit: Id) -> Result<Vec<UnitNote>> {
    record::store::select_open_notes(conn, unit).await
}

/// Opens a note on a unit.
pub async fn add_note_in(tx: &mut Tx, unit: Id, input: &NewNote) -> Result<UnitNote> {
    record::service::add_note_in(tx, unit, input).await
}

/// Closes a note. 409 `products.note_closed` when it was closed before.
pub async fn close_note_in(tx: &mut Tx, note: Id, result: &str) -> Result<()> {
    record::service::close_note_in(tx, note, result).await
}

/// Records what was seen of a wear part (PROD-17).
pub async fn add_wear_in(tx: &mut Tx, unit: Id, input: &NewWear) -> Result<WearSeen> {
    record::service::add_wear_in(tx, unit, input).await
}

/// What was seen of wear parts of these units on a document: shown to the customer at hand-over (PROD-17).
pub async fn wear_of(conn: &mut Conn, units: &[Id], source_no: &str) -> Result<Vec<WearSeen>> {
    record::store::select_wear_of(conn, units, source_no).await
}

/// Records a meter reading (PROD-09). Errors `products.meter_falls`, `products.meter_negative`.
pub async fn add_reading_in(tx: &mut Tx, unit: Id, input: &NewReading) -> Result<Reading> {
    record::service::add_reading_in(tx, unit, input).await
}

/// Gives a unit to an owner, with the trace of a transfer (PROD-19). Nothing happens when it is theirs already.
pub async fn set_owner_in(tx: &mut Tx, unit: Id, customer: Id, remark: &str) -> Result<()> {
    let old = unit::store::lock_unit(tx, unit).await?;
    if old.customer_id == Some(customer) {
        return Ok(());
    }
    let input = Transfer { customer_id: Some(customer), on_date: None, remark: Some(remark.to_string()) };
    record::service::transfer_in(tx, &old, &input).await.map(drop)
}

/// Takes out a unit that was registered along with something that is taken back, unless it was changed or anything
/// refers to it by now. True when it is gone.
pub async fn forget_unit_in(tx: &mut Tx, id: Id) -> Result<bool> {
    let Ok(row) = unit::store::lock_unit(tx, id).await else { return Ok(false) };
    if row.version != 1 || kit::refs::referred(tx, "unit", id).await? {
        return Ok(false);
    }
    unit::service::forget_in(tx, &row).await?;
    Ok(true)
}

/// The same for a model.
pub async fn forget_model_in(tx: &mut Tx, id: Id) -> Result<bool> {
    let Ok(row) = product::store::lock_model(tx, id).await else { return Ok(false) };
    if row.version != 1 || kit::refs::referred(tx, "model", id).await? {
        return Ok(false);
    }
    product::service::forget_in(tx, &row).await?;
    Ok(true)
}
