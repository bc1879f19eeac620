//! What other contexts may call. Queries take any connection, a transaction included, and check no permission:
//! the caller has done that for its own document.

use std::collections::HashMap;

use db::Conn;
use kernel::{Id, RuleError, T};
use kit::{Cx, Result, Scope, Secret, Sens, Tx, numbering::Number};
use maud::Markup;

pub use crate::customer::model::{Grade, NewCustomer, Standing};
use crate::{
    customer::{
        model::{CustomerRow, FileState},
        rules, service, store, views,
    },
    perms::CUSTOMER_SHARED,
};

/// A customer as other documents show it.
#[derive(Clone, Debug)]
pub struct CustomerBrief {
    /// Which; of a merged file: the one it went into.
    pub id: Id,
    /// Number for people.
    pub no: String,
    /// Name.
    pub name: String,
    /// Code of the class.
    pub class: String,
    /// Grade.
    pub grade: Grade,
    /// Owning organisation.
    pub org_id: Id,
    /// Main phone.
    pub phone: Secret,
    /// City or region.
    pub region: String,
    /// Region, district and main address.
    pub address: Secret,
    /// Convenient time for calls, `09:00–18:00` or empty (CUST-13).
    pub call_time: String,
    /// The person asked to be forgotten: nothing new refers to the file.
    pub erased: bool,
}

impl CustomerBrief {
    /// Error `customers.forgotten` for a file without its person.
    pub fn check_usable(&self) -> Result<(), RuleError> {
        if !self.erased {
            return Ok(());
        }
        let text = T(
            "这份客户档案已匿名，不能再用于新单据",
            "This customer's file is anonymous: nothing new can refer to it",
        );
        Err(RuleError::new("customers.forgotten", text).field("customer_id"))
    }
}

impl From<CustomerRow> for CustomerBrief {
    fn from(row: CustomerRow) -> Self {
        let address = format!("{}{}{}", row.region, row.district, row.address);
        Self {
            call_time: rules::call_time(&row.call_from, &row.call_to),
            phone: Secret::new(Sens::Phone, row.phone),
            address: Secret::new(Sens::Address, address),
            erased: row.state == FileState::Erased,
            id: row.id,
            no: row.no,
            name: row.name,
            class: row.class,
            grade: row.grade,
            org_id: row.org_id,
            region: row.region,
        }
    }
}

/// One customer; a merged file answers as the one it went into. `NotFound` otherwise.
pub async fn brief(conn: &mut Conn, id: Id) -> Result<CustomerBrief> {
    let row = store::get_customer(conn, id).await?;
    match row.merged_into {
        Some(into) => store::get_customer(conn, into).await.map(Into::into),
        None => Ok(row.into()),
    }
}

/// Names by id; unknown ids are left out.
pub async fn names(conn: &mut Conn, ids: &[Id]) -> Result<HashMap<Id, String>> {
    store::select_names(conn, ids).await
}

/// Customers within a scope whose own phone, or a contact's, is `phone`, newest first (CALL-02). The number may
/// be written in any way.
pub async fn by_phone(conn: &mut Conn, scope: &Scope, phone: &str) -> Result<Vec<CustomerBrief>> {
    Ok(store::select_by_phone(conn, scope, phone).await?.into_iter().map(Into::into).collect())
}

/// Where a caller whose own reach is `own` finds customers by number and may serve them: everywhere, if what branches
/// know is shared with them (CUST-23).
pub fn shared(cx: &Cx, own: Scope) -> Scope {
    match cx.scope(&CUSTOMER_SHARED) {
        Ok(Scope::All) => Scope::All,
        _ => own,
    }
}

/// Fast entry (CALL-30): the active file with the same organisation, phone and name, one of another branch for those
/// with whom branches share theirs (CUST-23), or a new one numbered
/// `spare_no` (from `cx.number("C")` before the transaction). True when it is new.
///
/// Errors: those of the fields, see `customer::rules`.
pub async fn ensure_in(tx: &mut Tx, input: &NewCustomer, spare_no: Number) -> Result<(CustomerBrief, bool)> {
    let org = input.org_id.unwrap_or(tx.cx().actor()?.org);
    if let Some(phone) = input.phone.as_deref().filter(|p| !kernel::phone_key(p).is_empty()) {
        let everywhere = shared(tx.cx(), Scope::Orgs([org].into())) == Scope::All;
        if let Some(row) = store::find_same(tx, org, everywhere, phone, &input.name).await? {
            return Ok((row.into(), false));
        }
    }
    let row = service::create_in(tx, input, spare_no).await?;
    Ok((row.into(), true))
}

/// Keeps when the customer likes to be called, as asked at hand-over: `18:00-20:00` (CUST-13). An empty text changes
/// nothing. Errors `customers.clock`, `customers.call_time` at `call_time`.
pub async fn set_call_time_in(tx: &mut Tx, id: Id, text: &str) -> Result<()> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(());
    }
    let (from, to) = text.split_once(['-', '–', '—', '－', '~', '～']).unwrap_or((text, ""));
    let (call_from, call_to) =
        rules::check_call_time(from.trim(), to.trim()).map_err(|error| error.field("call_time"))?;
    let old = store::lock_customer(tx, id).await?;
    if (&old.call_from, &old.call_to) == (&call_from, &call_to) {
        return Ok(());
    }
    let row =
        CustomerRow { call_from, call_to, version: old.version + 1, updated_at: tx.now(), ..old.clone() };
    service::save_in(tx, &old, &row).await
}

/// Opens a file without looking for an equal one, for imports and the demo company.
pub async fn create_in(tx: &mut Tx, input: &NewCustomer, no: impl Into<Number>) -> Result<CustomerBrief> {
    Ok(service::create_in(tx, input, no).await?.into())
}

/// The customer beside a call or an order (CUST-04): who it is, how to reach them, their units and orders,
/// each as far as the caller may see it. `NotFound` when the customer is not the caller's business.
pub async fn side_panel(cx: &Cx, conn: &mut Conn, id: Id, doc: Id, own: Markup) -> Result<Markup> {
    views::side_panel(cx, conn, id, doc, own).await
}

/// Takes out a file that was made along with something that is taken back, unless it was changed or anything refers to
/// it by now. True when it is gone.
pub async fn forget_in(tx: &mut Tx, id: Id) -> Result<bool> {
    let Ok(row) = store::lock_customer(tx, id).await else { return Ok(false) };
    if row.version != 1
        || kit::refs::referred(tx, "customer", id).await?
        || store::is_merged_into(tx, id).await?
    {
        return Ok(false);
    }
    service::forget_in(tx, &row).await?;
    Ok(true)
}
