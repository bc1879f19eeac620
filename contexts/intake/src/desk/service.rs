//! Looking up who is calling, in five statements (CALL-02).

use customers::api::CustomerBrief;
use db::Conn;
use kernel::Id;
use kit::{Cx, Result, search};

use super::{
    model::{Ask, Caller, CallerOrder, Lookup},
    store,
};
use crate::perms::{CALL_WRITE, REQUEST_READ};

/// Customers within the caller's reach that match, with units, orders and requests.
pub async fn lookup(cx: &Cx, ask: &Ask) -> Result<Lookup> {
    let mut conn = cx.read().await?;
    let found = typed_in(cx, &mut conn, ask).await?;
    cx.count(&conn);
    Ok(found)
}

/// The same on a connection.
///
/// Errors: 429 for trying too many numbers where they are masked.
pub async fn typed_in(cx: &Cx, conn: &mut Conn, ask: &Ask) -> Result<Lookup> {
    if ask.customer_id.is_none() && ask.unit_id.is_none() {
        search::try_number(cx, &ask.phone).await?;
    }
    lookup_in(cx, conn, ask).await
}

/// The same for a number that rang and was not typed.
pub async fn lookup_in(cx: &Cx, conn: &mut Conn, ask: &Ask) -> Result<Lookup> {
    let scope = customers::api::shared(cx, cx.scope(&CALL_WRITE)?);
    let unit = match ask.unit_id {
        Some(id) => store::find_unit(conn, id).await?.filter(|unit| scope.covers(unit.org_id, &[])),
        None => None,
    };
    let customer = ask.customer_id.or(unit.as_ref().and_then(|unit| unit.customer_id));
    let briefs = match customer {
        Some(id) => {
            let brief = customers::api::brief(conn, id).await?;
            if scope.covers(brief.org_id, &[]) { vec![brief] } else { Vec::new() }
        }
        None => customers::api::by_phone(conn, &scope, &ask.phone).await?,
    };
    Ok(Lookup { customers: fill(cx, conn, briefs).await?, unit })
}

async fn fill(cx: &Cx, conn: &mut Conn, briefs: Vec<CustomerBrief>) -> Result<Vec<Caller>> {
    if briefs.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Id> = briefs.iter().map(|b| b.id).collect();
    let units = store::select_units(conn, &ids).await?;
    let (open, recent) = match cx.scope(&orders::api::ORDER_READ) {
        Ok(scope) => (
            store::select_orders(conn, &scope, &ids, true).await?,
            store::select_orders(conn, &scope, &ids, false).await?,
        ),
        Err(_) => (Vec::new(), Vec::new()),
    };
    let requests = match cx.scope(&REQUEST_READ) {
        Ok(scope) => store::select_requests(conn, &scope, &ids).await?,
        Err(_) => Vec::new(),
    };
    let of = |orders: &[CallerOrder], id: Id| {
        orders.iter().filter(|o| o.customer_id == id).cloned().collect::<Vec<_>>()
    };
    let ours = cx.scope(&CALL_WRITE)?;
    Ok(briefs
        .into_iter()
        .map(|brief| {
            let open_orders = of(&open, brief.id);
            let recent_orders = of(&recent, brief.id);
            let requests: Vec<_> =
                requests.iter().filter(|r| r.customer_id == Some(brief.id)).cloned().collect();
            Caller {
                elsewhere: !ours.covers(brief.org_id, &[]),
                first_time: open_orders.is_empty() && recent_orders.is_empty() && requests.is_empty(),
                phone: cx.show(&brief.phone),
                address: cx.show(&brief.address),
                id: brief.id,
                no: brief.no,
                name: brief.name,
                org_id: brief.org_id,
                class: brief.class,
                grade: brief.grade.as_str().to_string(),
                call_time: brief.call_time,
                units: units.iter().filter(|u| u.customer_id == Some(brief.id)).cloned().collect(),
                open_orders,
                recent_orders,
                requests,
            }
        })
        .collect())
}

/// Former orders about the same trouble, for advice on the phone (CALL-10).
pub async fn similar(cx: &Cx, text: &str) -> Result<Vec<search::Hit>> {
    let scope = cx.scope(&orders::api::ORDER_READ)?;
    let words: String = text.chars().take(60).collect();
    let mut conn = cx.read().await?;
    let hits = search::find(cx, &mut conn, "order", &scope, &words, 8).await?;
    cx.count(&conn);
    Ok(hits)
}
