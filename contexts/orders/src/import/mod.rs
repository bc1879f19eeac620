//! Closed history from other systems: `aftercare import orders FILE`. Real files are dirty; every row stands for
//! itself, and what can't be read is named by row and column.

mod columns;
mod rules;
mod store;

use kernel::{Date, Id, Money, Quantity, RuleError, T, Ts, Tz};
use kit::{
    Error, Result, Tx, numbering,
    sheets::{Applied, SheetRow, SheetSpec},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    flow::State,
    line::model::{LineKind, LineRow, Sheet, Stock},
    order::{
        create::first_step,
        job::put_search,
        model::{FixClass, NO_DUE, OrderRow, OrderUnit, Sla, WarrantyClass},
        store as orders,
    },
    perms::{ORDER_IMPORT, ORDER_READ},
};

/// The import kind `orders`.
pub fn sheet() -> SheetSpec {
    SheetSpec {
        kind: "orders",
        title: T("历史工单", "Past orders"),
        perm: &ORDER_IMPORT,
        list: "orders",
        columns: columns::columns,
        apply: |tx, row| Box::pin(apply(tx, row)),
        undo: |tx, applied| Box::pin(undo(tx, applied)),
        prepare: None,
    }
}

fn noon(zone: &Tz, day: Date) -> Ts {
    Ts::at_local(day, 12 * 60, zone)
}

fn date(row: &SheetRow<'_>, key: &'static str) -> Result<Option<Date>, RuleError> {
    let text = row.text(key).unwrap_or_default();
    let Some(text) = rules::filled_date(&text) else { return Ok(None) };
    match row.mapped_date(text) {
        Some(read) => read.map(Some).map_err(|_| rules::no_date(text).field(key)),
        None => rules::date(text).map(Some).map_err(|error| error.field(key)),
    }
}

async fn apply(tx: &mut Tx, row: &SheetRow<'_>) -> Result<Applied> {
    let external = row.text("external_no").unwrap_or_default();
    let no = row.text("no").unwrap_or_default();
    if external.is_empty() && no.is_empty() {
        return Err(RuleError::new("orders.import_no", T("缺少外部单号", "The external number is missing"))
            .field("external_no")
            .into());
    }
    let org_id = org_of(tx).await?;
    if let Some(known) = known(tx, org_id, &external, &no).await? {
        return Ok(Applied {
            action: "skip",
            doc_kind: "order",
            doc_id: known,
            version: 0,
            before: None,
            changes: Vec::new(),
        });
    }
    let (opened, started) = (date(row, "opened_on")?, date(row, "started_on")?);
    let day = opened.or(started).ok_or_else(|| {
        RuleError::new("orders.import_date", T("缺少开单日期", "The opening date is missing"))
            .field("opened_on")
    })?;
    let done = date(row, "done_on")?.or(started).unwrap_or(day).max(day);
    let ((customer_id, customer_name, unit), made) = owner(tx, row, org_id).await?;
    let zone = tx.cx().zone_of(org_id);
    // Of a day only the day is known; what happened today did so before now.
    let (now, today) = (tx.now(), tx.now().date_in(&zone));
    let at = |day: Date| if day == today { noon(&zone, day).min(now) } else { noon(&zone, day) };
    let mut order = closed(tx, org_id, (at(day), at(done)), row)?;
    order.started_at = started.map(at).or(order.started_at);
    (order.customer_id, order.customer_name) = (customer_id, customer_name);
    order.external_no = if external.is_empty() { no } else { external };
    order.kind = rules::kind(&row.text("kind").unwrap_or_default(), &order.symptom).to_string();
    pricing::api::work_kind(tx, &order.kind).await?;
    let at = order.created_at;
    order.no = numbering::next_for(tx, "SO", org_id, at).await?;
    let item = unit.map(|unit| item(tx, &mut order, unit));
    let cost = row.money("cost").unwrap_or_default();
    (order.gross, order.payable) = (cost, cost);
    orders::insert_order(tx, &order).await?;
    orders::insert_units(tx, item.as_slice()).await?;
    if !cost.is_zero() {
        let line = cost_line(tx, &order, cost);
        crate::line::store::insert_lines(tx, &[line]).await?;
    }
    let step = first_step(tx, &order, "import");
    orders::insert_step(tx, &step).await?;
    put_search(tx, &order).await?;
    tx.log(order.doc(), "created", json!({ "source": "import", "external_no": order.external_no }));
    Ok(Applied {
        action: "create",
        doc_kind: "order",
        doc_id: order.id,
        version: order.version,
        before: Some(serde_json::to_string(&made)?),
        changes: told(&zone, &order),
    })
}

/// The order that a row means, if it is there already.
async fn known(tx: &mut Tx, org_id: Id, external: &str, no: &str) -> Result<Option<Id>> {
    if !no.is_empty() {
        let scope = tx.cx().scope(&ORDER_READ)?;
        if let Some(id) = store::find_by_no(tx, &scope, no).await? {
            return Ok(Some(id));
        }
    }
    store::find_imported(tx, org_id, external).await
}

/// What a row made besides its order, because it was not there.
#[derive(Default, Serialize, Deserialize)]
struct Made {
    customer: Option<Id>,
    model: Option<Id>,
    unit: Option<Id>,
}

type Owner = (Id, String, Option<products::api::UnitBrief>);

/// The importer's organisation; the topmost one for the command line.
async fn org_of(tx: &mut Tx) -> Result<Id> {
    let own = tx.cx().actor()?.org;
    if own.is_nil() { Ok(org::api::root(tx).await?.id) } else { Ok(own) }
}

/// The unit by its serial or asset number, made with model and owner if it is new (CALL-30), and its customer.
async fn owner(tx: &mut Tx, row: &SheetRow<'_>, org_id: Id) -> Result<(Owner, Made)> {
    let mut made = Made::default();
    let serial = row.text("serial").unwrap_or_default();
    let name = row.text("customer").filter(|name| !name.is_empty()).unwrap_or_else(|| "历史导入".to_string());
    let known = if serial.is_empty() { None } else { products::api::unit_by_serial(tx, &serial).await? };
    if let Some(unit) = known.filter(|unit| unit.org_id == org_id)
        && let Some(customer) = unit.customer_id
    {
        let brief = customers::api::brief(tx, customer).await?;
        return Ok(((customer, brief.name, Some(unit)), made));
    }
    let customer = match store::find_customer(tx, org_id, &name).await? {
        Some(id) => id,
        None => {
            let no = numbering::Number::late("C");
            let new =
                customers::api::NewCustomer { org_id: Some(org_id), name: name.clone(), ..new_customer() };
            let id = customers::api::create_in(tx, &new, no).await?.id;
            made.customer = Some(id);
            id
        }
    };
    if serial.is_empty() {
        return Ok(((customer, name, None), made));
    }
    let model =
        row.text("model").filter(|model| !model.is_empty()).unwrap_or_else(|| "未登记型号".to_string());
    let known = products::api::model_by_code(tx, &model).await?.is_some();
    let model = products::api::ensure_model_in(tx, &model).await?;
    made.model = Some(model.id).filter(|_| !known);
    let new = products::api::NewUnit {
        org_id: Some(org_id),
        model_id: Some(model.id),
        serial: Some(serial),
        customer_id: Some(customer),
        same_serial_ok: true,
        ..products::api::NewUnit::default()
    };
    let unit = products::api::create_unit_in(tx, &new).await?;
    made.unit = Some(unit.id);
    Ok(((customer, name, Some(unit)), made))
}

fn new_customer() -> customers::api::NewCustomer {
    serde_json::from_value(json!({ "name": "" })).expect("a customer needs nothing but a name")
}

/// A closed order between two instants; everything that this file does not know is empty.
fn closed(tx: &Tx, org_id: Id, (opened, done): (Ts, Ts), row: &SheetRow<'_>) -> Result<OrderRow> {
    let cx = tx.cx();
    let now = tx.now();
    if opened > now {
        let text = T("历史工单的日期不能在将来", "Past orders have no future dates");
        return Err(RuleError::new("orders.import_date", text).field("opened_on").into());
    }
    let input = crate::order::input::NewOrder { source: Some("import".into()), ..Default::default() };
    let mut order = crate::order::create::blank(cx, org_id, &input);
    order.created_at = opened;
    order.symptom = row.text("symptom").unwrap_or_default();
    order.remark = rules::remark(&[
        (T("类型", "Type"), row.text("type")),
        (T("部位", "Component"), row.text("component")),
        (T("位置", "Place"), row.text("place")),
        (T("班组", "Team"), row.text("team")),
    ]);
    order.result = row.text("result").unwrap_or_default();
    order.priority = rules::priority(&row.text("priority").unwrap_or_default());
    order.warranty = WarrantyClass::Out;
    (order.state, order.open, order.sla) = (State::Closed, false, Sla::Fine);
    // Other systems' history does not say whether the first attempt held.
    order.fix_class = FixClass::Unknown;
    (order.accepted_at, order.scheduled_at, order.started_at) = (Some(opened), None, None);
    (order.done_at, order.confirmed_at, order.audited_at, order.closed_at) =
        (Some(done), Some(done), Some(done), Some(done));
    (order.progress_at, order.next_due_at, order.updated_at) = (done, NO_DUE, now);
    Ok(order)
}

fn item(tx: &Tx, order: &mut OrderRow, unit: products::api::UnitBrief) -> OrderUnit {
    order.unit_id = Some(unit.id);
    order.model_id = Some(unit.model_id);
    order.model_name = unit.model_name.clone();
    order.serial = unit.serial.clone();
    OrderUnit {
        id: tx.id(),
        order_id: order.id,
        org_id: order.org_id,
        place: 1,
        unit_id: Some(unit.id),
        model_id: Some(unit.model_id),
        model_name: unit.model_name,
        serial: unit.serial,
        fault: order.symptom.clone(),
        group_code: String::new(),
        work_kind: order.kind.clone(),
        cause: String::new(),
        result: order.result.clone(),
        verdict: "not_covered".into(),
        parts_bp: 0,
        labour_bp: 0,
        travel_bp: 0,
        warranty_until: None,
        policy_id: None,
        policy_version: 0,
        decision: "{}".into(),
        created_at: order.created_at,
    }
}

fn cost_line(tx: &Tx, order: &OrderRow, cost: Money) -> LineRow {
    LineRow {
        id: tx.id(),
        order_id: order.id,
        org_id: order.org_id,
        place: 1,
        order_unit_id: None,
        kind: LineKind::Other,
        code: String::new(),
        name: "历史费用".into(),
        part_id: None,
        depot_id: None,
        quantity: Quantity::ONE,
        price: cost,
        covered_bp: 0,
        gross: cost,
        amount: cost,
        sheet: Sheet::Completion,
        stock: Stock::None,
        verdict: String::new(),
        reclassified: String::new(),
        old_part_due: false,
        old_part_taken: false,
        serials: String::new(),
        auto: false,
        priced: false,
        rule_id: None,
        trace: String::new(),
        note: String::new(),
        cost: Money::ZERO,
        created_at: order.created_at,
        updated_at: order.updated_at,
    }
}

fn told(zone: &Tz, order: &OrderRow) -> Vec<(&'static str, String, String)> {
    vec![
        ("external_no", String::new(), order.external_no.clone()),
        ("opened_on", String::new(), kit::format::date(zone, order.created_at)),
        ("symptom", String::new(), order.symptom.clone()),
        ("serial", String::new(), order.serial.clone()),
    ]
}

/// An imported order goes, and with it what was made for it and nothing else refers to; one that somebody has worked
/// with since stays.
async fn undo(tx: &mut Tx, applied: &Applied) -> Result<()> {
    let order = orders::lock_order(tx, applied.doc_id).await?;
    tx.authorize(&ORDER_IMPORT, &order)?;
    if order.source != "import" || order.version != 1 || store::is_used(tx, order.id).await? {
        let text = T("工单 {no} 已被使用，不能撤销", "Order {no} is in use and can't be undone");
        return Err(Error::Conflict(RuleError::new("orders.import_used", text).arg("no", &order.no)));
    }
    store::delete_order(tx, order.id).await?;
    kit::search::remove_in(tx, "order", order.id).await?;
    tx.log(order.doc(), "import_undone", json!({ "external_no": order.external_no }));
    let made: Made = applied.before.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
    if let Some(unit) = made.unit {
        products::api::forget_unit_in(tx, unit).await?;
    }
    if let Some(model) = made.model {
        products::api::forget_model_in(tx, model).await?;
    }
    if let Some(customer) = made.customer {
        customers::api::forget_in(tx, customer).await?;
    }
    Ok(())
}
