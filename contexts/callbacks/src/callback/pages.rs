//! Pages of callbacks.

use axum::response::Response;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, FormErrors, Result};

use super::{
    model::{PlanCallback, RecordAttempt, RecordResult},
    service, store, views,
};
use crate::perms::CALLBACK_READ;

async fn show(cx: &Cx, id: Id, input: Option<&RecordResult>, errors: &FormErrors) -> Result<Response> {
    let mut conn = cx.read().await?;
    let row = service::get_callback(cx, &mut conn, id).await?;
    let customer = customers::api::brief(&mut conn, row.customer_id).await?;
    let order = match row.order_id {
        Some(order) => Some(orders::api::brief(&mut conn, order).await?),
        None => None,
    };
    // The call may be the caller's business while the customer's file is another branch's.
    let side = customers::api::side_panel(
        cx,
        &mut conn,
        row.customer_id,
        row.order_id.unwrap_or(id),
        maud::html! {},
    )
    .await;
    let side =
        side.unwrap_or_else(|_| maud::html! { (ui::strong(cx.mask(kit::Sens::Name, &customer.name))) });
    let questions = service::questions_of(&mut conn, cx, &row).await?;
    let work = match row.order_id {
        Some(order) => orders::api::callback_lines(cx, &mut conn, order, id).await?,
        None => None,
    };
    cx.count(&conn);
    drop(conn);
    let main =
        views::callback_page(cx, &row, &customer, (order.as_ref(), work), side, (input, &questions), errors);
    if errors.is_empty() { cx.page(&row.no, main).await } else { Ok(cx.refused(main)) }
}

pub async fn callback(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    show(&cx, id, None, &FormErrors::default()).await
}

/// The block on an order's callback sheet: its calls with a result, nothing for who may not see them (WO-06, CB-07).
pub async fn order_block(cx: &Cx, order: Id) -> Result<maud::Markup> {
    let Ok(scope) = cx.scope(&CALLBACK_READ) else { return Ok(maud::html! {}) };
    let mut conn = cx.read().await?;
    let rows = store::select_of_order(&mut conn, order).await?;
    let rows: Vec<_> =
        rows.into_iter().filter(|row| row.called_at.is_some() && scope.covers(row.org_id, &[])).collect();
    let clerks: Vec<Id> = rows.iter().filter_map(|row| row.clerk_id).collect();
    let names = org::api::staff_names(&mut conn, &clerks).await?;
    cx.count(&conn);
    let name = |id: Option<Id>| id.and_then(|id| names.get(&id)).map(String::as_str).unwrap_or_default();
    Ok(maud::html! { @for row in &rows { (views::sheet_block(cx, row, name(row.clerk_id))) } })
}

/// The sheet of a call, to be printed.
pub async fn sheet(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let mut conn = cx.read().await?;
    let row = service::get_callback(&cx, &mut conn, id).await?;
    let customer = customers::api::brief(&mut conn, row.customer_id).await?;
    let order = match row.order_id {
        Some(order) => Some(orders::api::brief(&mut conn, order).await?),
        None => None,
    };
    let clerks: Vec<Id> = row.clerk_id.into_iter().collect();
    let clerk = org::api::staff_names(&mut conn, &clerks).await?.into_values().next().unwrap_or_default();
    cx.count(&conn);
    drop(conn);
    let main = views::sheet(&cx, &row, &customer, order.as_ref(), &clerk);
    Ok(cx.sheet(&row.no, &format!("/callbacks/{id}"), main))
}

pub async fn result(cx: Cx, Path(id): Path<Id>, Body(input): Body<RecordResult>) -> Result<Response> {
    match cx.form(service::record_result(&cx, id, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect("/callbacks?view=open")),
        Err(errors) => show(&cx, id, Some(&input), &errors).await,
    }
}

pub async fn attempt(cx: Cx, Path(id): Path<Id>, Body(input): Body<RecordAttempt>) -> Result<Response> {
    match cx.form(service::record_attempt(&cx, id, input).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/callbacks/{id}"))),
        Err(errors) => show(&cx, id, None, &errors).await,
    }
}

pub async fn plan(cx: Cx, Path(order): Path<Id>) -> Result<Response> {
    let input = PlanCallback { kind: None, planned_at: None };
    let made = service::plan_callback(&cx, order, input).await?;
    Ok(cx.redirect(&format!("/callbacks/{}", made.id)))
}
