//! The import of units; an export of the list can be imported again.

use futures::future::BoxFuture;
use kernel::{Id, RuleError, T};
use kit::{
    Error, Result, Sens, Tx,
    numbering::Number,
    sheets::{Applied, SheetRow, SheetSpec, left_by_undo},
    tabular::{CellKind, ColumnSpec},
};

use super::{
    model::{NewUnit, UnitRow, UnitState},
    service, store,
};
use crate::{
    perms::{PRODUCT_IMPORT, UNIT_WRITE},
    product::{self, model::ModelRow},
    sheets::{applied, changes},
};

/// The import.
pub fn units() -> SheetSpec {
    SheetSpec {
        kind: "units",
        title: T("设备", "Units"),
        perm: &PRODUCT_IMPORT,
        list: "units",
        columns,
        apply,
        undo,
        prepare: None,
    }
}

fn columns() -> Vec<ColumnSpec> {
    let text = |key, label, max| ColumnSpec::new(key, label, CellKind::Text { max });
    let day = |key, label| ColumnSpec::new(key, label, CellKind::Date).example("2026-03-01");
    vec![
        text("no", T("设备编号", "Unit no."), 40),
        text("model", T("型号", "Model"), 100)
            .required()
            .aliases(&["产品型号", "model_code"])
            .example("KFR-35GW"),
        text("serial", T("序列号", "Serial no."), 60)
            .aliases(&["机身号", "SN", "serial number"])
            .example("A2026030001"),
        text("customer_no", T("客户编号", "Customer no."), 40).aliases(&["客户代码"]),
        day("purchase_date", T("购买日期", "Bought on")),
        day("install_date", T("安装日期", "Installed on")),
        day("acceptance_date", T("验收日期", "Accepted on")),
        text("dealer", T("经销商", "Dealer"), 100).aliases(&["销售商"]),
        text("invoice_no", T("购买凭证", "Proof of purchase"), 60).aliases(&["发票号"]),
        text("place", T("所在地点", "Place"), 200).aliases(&["安装地址"]),
        ColumnSpec::new("state", T("状态", "State"), CellKind::Choice(UnitState::OPTIONS)),
        text("notes", T("备注", "Remarks"), 2000),
    ]
}

async fn model(tx: &mut Tx, row: &SheetRow<'_>) -> Result<ModelRow> {
    let name = row.text("model").unwrap_or_default();
    product::store::find_by_code(tx, &name).await?.ok_or_else(|| {
        let text = T(
            "型号表里没有“{model}”，请先导入型号",
            "There is no model \"{model}\"; import the models first",
        );
        RuleError::new("products.model", text).arg("model", &name).field("model").into()
    })
}

async fn customer(tx: &mut Tx, row: &SheetRow<'_>) -> Result<Option<Id>> {
    let Some(no) = row.text("customer_no") else { return Ok(None) };
    let found = match store::find_customer_by_no(tx, &no).await? {
        Some(id) if super::service::reaches(tx, &PRODUCT_IMPORT, id).await? => Some(id),
        _ => None,
    };
    found.map(Some).ok_or_else(|| {
        let text = T("没有编号为“{no}”的客户", "There is no customer \"{no}\"");
        RuleError::new("products.customer", text).arg("no", &no).field("customer_no").into()
    })
}

/// The unit a row means: by its number, or else by model and serial number.
async fn find(tx: &mut Tx, row: &SheetRow<'_>, model: Id) -> Result<Option<UnitRow>> {
    if let Some(no) = row.text("no") {
        return store::find_by_no(tx, &no).await;
    }
    let serial = row.text("serial").unwrap_or_default();
    Ok(store::select_by_serial(tx, &serial).await?.into_iter().find(|unit| unit.model_id == model))
}

fn input(row: &SheetRow<'_>, old: Option<&UnitRow>, model: Id, customer: Option<Id>) -> NewUnit {
    let text = |key: &str, old: Option<&String>| if row.has(key) { row.text(key) } else { old.cloned() };
    let day = |key: &str, old: Option<kernel::Date>| if row.has(key) { row.date(key) } else { old };
    NewUnit {
        version: None,
        org_id: old.map(|row| row.org_id),
        model_id: Some(model),
        model: None,
        serial: text("serial", old.map(|row| &row.serial)),
        customer_id: customer.or(old.and_then(|row| row.customer_id)),
        purchase_date: day("purchase_date", old.and_then(|row| row.purchase_date)),
        invoice_no: text("invoice_no", old.map(|row| &row.invoice_no)),
        dealer: text("dealer", old.map(|row| &row.dealer)),
        install_date: day("install_date", old.and_then(|row| row.install_date)),
        acceptance_date: day("acceptance_date", old.and_then(|row| row.acceptance_date)),
        place: text("place", old.map(|row| &row.place)),
        meter_unit: old.map(|row| row.meter_unit.clone()),
        state: row.choice("state").and_then(UnitState::parse).or(old.map(|row| row.state)),
        notes: text("notes", old.map(|row| &row.notes)),
        same_serial_ok: false,
    }
}

fn apply<'a>(tx: &'a mut Tx, row: &'a SheetRow<'a>) -> BoxFuture<'a, Result<Applied>> {
    Box::pin(async move {
        let model = model(tx, row).await?;
        let customer = customer(tx, row).await?;
        let old = find(tx, row, model.id).await?;
        let mut base = old.clone();
        if let Some(base) = base.as_mut().filter(|base| base.state == UnitState::Scrapped)
            && left_by_undo(tx, base.id).await?
        {
            base.state = UnitState::InUse;
        }
        let input = input(row, base.as_ref(), model.id, customer);
        let Some(old) = old else {
            let no = row.text("no").map_or(Number::late("U"), Number::from);
            let new = service::create_in(tx, &input, &model, no).await?;
            tx.authorize(&UNIT_WRITE, &new)?;
            return Ok(applied("create", "unit", (new.id, new.version), None, Vec::new()));
        };
        tx.authorize(&UNIT_WRITE, &old)?;
        let new = super::rules::change(&old, &input, tx.now(), kit::format::date_of(&tx, tx.now()))?;
        // An import corrects owner and place; it does not claim that a transfer took place.
        let place = input.place.clone().filter(|place| *place != kit::perm::mask(Sens::Address, &old.place));
        let new = UnitRow {
            customer_id: input.customer_id,
            place: place.unwrap_or_else(|| old.place.clone()),
            ..new
        };
        let changes = changes(columns, &old, &new)?;
        if changes.is_empty() && new.customer_id == old.customer_id {
            return Ok(applied("skip", "unit", (old.id, old.version), None, changes));
        }
        service::save_in(tx, &old, &new, &model).await?;
        Ok(applied("update", "unit", (new.id, new.version), Some(serde_json::to_string(&old)?), changes))
    })
}

/// Created units are marked as scrapped until a corrected file names them, changed ones get their old content back.
fn undo<'a>(tx: &'a mut Tx, applied: &'a Applied) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let now = store::lock_unit(tx, applied.doc_id).await?;
        applied.unchanged(now.version)?;
        tx.authorize(&PRODUCT_IMPORT, &now)?;
        let next = (now.version + 1, tx.now());
        let row = match &applied.before {
            Some(before) => {
                let before: UnitRow = serde_json::from_str(before)?;
                UnitRow { version: next.0, updated_at: next.1, ..before }
            }
            None if now.state != UnitState::Scrapped => {
                UnitRow { state: UnitState::Scrapped, version: next.0, updated_at: next.1, ..now.clone() }
            }
            None => return Err(Error::NotFound),
        };
        let model = product::store::get_model(tx, row.model_id).await?;
        service::save_in(tx, &now, &row, &model).await
    })
}
