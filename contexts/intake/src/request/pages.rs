//! Pages of requests.

use axum::response::Response;
use kernel::{Id, T};
use kit::extract::{Beside, Path, Query};
use kit::{Body, Cx, FormErrors, Result, attachments, comments, timers};
use orders::api::NewOrder;

use super::{
    input::{
        AnswerRequest, ClassifyRequest, ClearRequest, CloseRequest, ConfirmRequest, DropRequest, JoinOrder,
        PromiseReply, SolveRequest,
    },
    service, store,
    views::{self, Page},
};
use crate::{call, perms::REQUEST_READ, topic};

async fn load(cx: &Cx, id: Id) -> Result<Page> {
    let mut conn = cx.read().await?;
    let row = store::get_request(&mut conn, id).await?;
    cx.authorize(&REQUEST_READ, &row)?;
    let files = attachments::of_doc(&mut conn, "request", id).await?;
    let page = Page {
        orders: store::select_orders(&mut conn, id).await?,
        voids: kit::panels::voids(cx, &mut conn, "request", id, &files).await?,
        files,
        comments: comments::of_doc(&mut conn, "request", id).await?,
        timers: timers::of_doc(&mut conn, id).await?,
        calls: call::service::of_request(&mut conn, id).await?,
        topics: topic::service::other_names(cx, &mut conn).await?,
        side: match row.customer_id {
            Some(customer) => {
                customers::api::side_panel(cx, &mut conn, customer, id, maud::html! {}).await.ok()
            }
            None => None,
        },
        row,
    };
    cx.count(&conn);
    Ok(page)
}

pub async fn request(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let page = load(&cx, id).await?;
    cx.page(&page.row.no, views::page(&cx, &page, &FormErrors::default())).await
}

/// Back to the request, or the page again with what is wrong.
async fn done<V>(cx: &Cx, id: Id, result: Result<V>) -> Result<Response> {
    match cx.form(result)? {
        Ok(_) => Ok(cx.redirect(&format!("/requests/{id}"))),
        Err(errors) => Ok(cx.refused(views::page(cx, &load(cx, id).await?, &errors))),
    }
}

pub async fn answer(cx: Cx, Path(id): Path<Id>, Body(input): Body<AnswerRequest>) -> Result<Response> {
    done(&cx, id, service::answer(&cx, id, input).await).await
}

pub async fn solve(cx: Cx, Path(id): Path<Id>, Body(input): Body<SolveRequest>) -> Result<Response> {
    done(&cx, id, service::solve(&cx, id, input).await).await
}

pub async fn order(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewOrder>) -> Result<Response> {
    match cx.form(service::order(&cx, id, input).await)? {
        Ok(order) => Ok(cx.redirect(&format!("/orders/{}", order.id))),
        Err(errors) => Ok(cx.refused(views::page(&cx, &load(&cx, id).await?, &errors))),
    }
}

pub async fn join(cx: Cx, Path(id): Path<Id>, Body(input): Body<JoinOrder>) -> Result<Response> {
    done(&cx, id, service::join(&cx, id, input).await).await
}

pub async fn close(cx: Cx, Path(id): Path<Id>, Body(input): Body<CloseRequest>) -> Result<Response> {
    done(&cx, id, service::close(&cx, id, input).await).await
}

pub async fn discard(cx: Cx, Path(id): Path<Id>, Body(input): Body<DropRequest>) -> Result<Response> {
    done(&cx, id, service::discard(&cx, id, input).await).await
}

pub async fn promise(cx: Cx, Path(id): Path<Id>, Body(input): Body<PromiseReply>) -> Result<Response> {
    done(&cx, id, service::promise(&cx, id, input).await).await
}

pub async fn confirm(cx: Cx, Path(id): Path<Id>, Body(input): Body<ConfirmRequest>) -> Result<Response> {
    done(&cx, id, service::confirm(&cx, id, input).await).await
}

pub async fn classify(cx: Cx, Path(id): Path<Id>, Body(input): Body<ClassifyRequest>) -> Result<Response> {
    done(&cx, id, service::classify(&cx, id, input).await).await
}

pub async fn clear(cx: Cx, Path(id): Path<Id>, Body(input): Body<ClearRequest>) -> Result<Response> {
    done(&cx, id, service::clear(&cx, id, input).await).await
}

/// The part of a customer's page with their requests.
pub async fn of_customer(cx: Cx, Path(id): Path<Id>, Query(side): Query<Beside>) -> Result<Response> {
    let scope = cx.scope(&REQUEST_READ)?;
    let mut conn = cx.read().await?;
    let rows = store::select_of_customer(&mut conn, id, 20).await?;
    let topics = topic::service::other_names(&cx, &mut conn).await?;
    cx.count(&conn);
    let rows: Vec<_> = rows.into_iter().filter(|r| scope.covers(r.org_id, &kit::Owned::owners(r))).collect();
    if let Some(doc) = side.beside {
        return Ok(cx.fragment(views::beside(&cx, doc, &rows, &topics)));
    }
    let title = cx.t(T("服务请求", "Requests"));
    let panel = views::of_customer(&cx, id, &rows, &topics);
    if cx.req.partial { Ok(cx.fragment(panel)) } else { cx.page(title, panel).await }
}

/// The part of a unit's page with questions, complaints and other requests about it (PROD-05).
pub async fn of_unit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let scope = cx.scope(&REQUEST_READ)?;
    let mut conn = cx.read().await?;
    let rows = store::select_of_unit(&mut conn, id, 20).await?;
    let topics = topic::service::other_names(&cx, &mut conn).await?;
    cx.count(&conn);
    let rows: Vec<_> = rows.into_iter().filter(|r| scope.covers(r.org_id, &kit::Owned::owners(r))).collect();
    let panel = views::of_unit(&cx, id, &rows, &topics);
    let title = cx.t(T("服务请求", "Requests"));
    if cx.req.partial { Ok(cx.fragment(panel)) } else { cx.page(title, panel).await }
}
