//! Pages of the intake screen.

use axum::response::Response;
use kernel::T;
use kit::{Body, Cx, FormErrors, Result};
use serde::de::DeserializeOwned;

use super::{
    model::{Ask, Lookup},
    service, view_caller,
    views::{self, Desk},
};
use crate::{
    perms::REQUEST_WRITE,
    request::{
        input::{DraftRequest, NewRequest, Then},
        model::{RequestRow, State},
        service as requests,
        store::find_request,
    },
    settings, topic,
};

/// The query string as any input: blanks are absent.
pub fn query<V: DeserializeOwned>(cx: &Cx) -> Result<V> {
    let query = cx.req.uri.split_once('?').map_or("", |(_, query)| query);
    kit::body::parse_form(query.as_bytes())
}

/// Everything the screen shows, in one connection.
async fn load(cx: &Cx, input: NewRequest) -> Result<Desk> {
    let mut conn = cx.read().await?;
    let (input, draft) = with_draft(cx, &mut conn, input).await?;
    let ask = Ask {
        phone: input.caller_phone.clone().unwrap_or_default(),
        customer_id: input.customer_id,
        unit_id: input.unit_id,
    };
    let lookup = service::typed_in(cx, &mut conn, &ask).await?;
    let topics = topic::service::topics_in(&mut conn).await?;
    let kinds = orders::api::work_kinds(&mut conn).await?;
    cx.count(&conn);
    drop(conn);
    let org =
        lookup.sole().filter(|caller| !caller.elsewhere).map_or(cx.actor()?.org, |caller| caller.org_id);
    let welcome: String = cx.setting(&settings::WELCOME, org).await?;
    Ok(Desk { input, draft, lookup, topics, kinds, welcome })
}

/// What a draft says already goes into the form; one that was completed or that others made stays where it is.
async fn with_draft(
    cx: &Cx,
    conn: &mut db::Conn,
    mut input: NewRequest,
) -> Result<(NewRequest, Option<RequestRow>)> {
    let Some(id) = input.draft_id else { return Ok((NewRequest { draft_id: Some(cx.id()), ..input }, None)) };
    let found = find_request(conn, id).await?.filter(|row| cx.authorize(&REQUEST_WRITE, row).is_ok());
    let Some(row) = found.filter(|row| row.state == State::Draft) else { return Ok((input, None)) };
    if input.topic.is_empty() {
        (input.topic, input.content) = (row.topic.clone(), Some(row.content.clone()));
        input.channel = input.channel.or(Some(row.channel));
        input.customer_id = input.customer_id.or(row.customer_id);
        input.unit_id = input.unit_id.or(row.unit_id);
        if cx.shows(kit::Sens::Phone) == kit::Show::Full && !row.caller_phone.is_empty() {
            input.caller_phone = input.caller_phone.or(Some(row.caller_phone.clone()));
        }
    }
    Ok((input, Some(row)))
}

/// Topic and content were clicked: saved at once; what is answered says so beside them (CALL-03).
pub async fn draft(cx: Cx, Body(input): Body<DraftRequest>) -> Result<Response> {
    // The form's own key is for saving the whole; a draft is told apart by its id.
    let once = cx.keyed(cx.id().to_string());
    Ok(match cx.form(requests::draft(&once, input).await)? {
        Ok(out) => {
            cx.fragment(views::saved(&cx, out.draft().then_some((out.no.as_str(), out.id, out.created_at))))
        }
        Err(errors) => cx.fragment(errors.summary(cx.lang)),
    })
}

pub async fn desk(cx: Cx) -> Result<Response> {
    let desk = load(&cx, query(&cx)?).await?;
    page(&cx, &desk, &FormErrors::default()).await
}

async fn page(cx: &Cx, desk: &Desk, errors: &FormErrors) -> Result<Response> {
    let main = views::page(cx, desk, errors);
    cx.page_with(cx.t(T("受理", "Intake")), main, axum::http::StatusCode::OK, &["intake.js"], false).await
}

/// The caller's panel, history and warnings after the number, the customer or the unit changed.
pub async fn caller(cx: Cx) -> Result<Response> {
    let desk = load(&cx, query(&cx)?).await?;
    Ok(cx.fragment(view_caller::changed(&cx, &desk)))
}

pub async fn similar(cx: Cx) -> Result<Response> {
    let input: NewRequest = query(&cx)?;
    let words = [input.model, input.text].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let hits = if words.trim().is_empty() { Vec::new() } else { service::similar(&cx, &words).await? };
    Ok(cx.fragment(view_caller::similar(&cx, &hits)))
}

pub async fn submit(cx: Cx, Body(input): Body<NewRequest>) -> Result<Response> {
    match cx.form(requests::register(&cx, input.clone()).await)? {
        Ok(out) => Ok(cx.redirect(&match (input.then(), out.orders.first()) {
            (Then::Order, Some(order)) => format!("/orders/{}", order.id),
            _ => format!("/requests/{}", out.id),
        })),
        Err(errors) => {
            // Files that can't be reached are not looked up again: the form comes back without a panel.
            let desk = match load(&cx, input.clone()).await {
                Ok(desk) => desk,
                Err(_) => Desk {
                    lookup: Lookup::default(),
                    ..load(&cx, NewRequest { unit_id: None, customer_id: None, ..input }).await?
                },
            };
            Ok(cx.refused(views::page(&cx, &desk, &errors)))
        }
    }
}
