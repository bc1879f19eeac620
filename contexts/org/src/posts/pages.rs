//! Pages of posts.

use axum::response::Response;
use kernel::Id;
use kit::extract::{Path, Query};
use kit::{Body, Cx, FormErrors, Result};
use serde::Deserialize;

use super::{model::*, service, views};

/// Organisation of a new post.
#[derive(Deserialize)]
pub struct NewQuery {
    org: Id,
}

pub async fn new(cx: Cx, Query(query): Query<NewQuery>) -> Result<Response> {
    let superiors = service::superiors(&cx, query.org).await?;
    let input = NewPost { org_id: query.org, name: String::new(), superior_id: None, duties: None };
    cx.page(cx.t(views::NEW), views::new(&cx, &input, &superiors, &FormErrors::default())).await
}

pub async fn create(cx: Cx, Body(input): Body<NewPost>) -> Result<Response> {
    match cx.form(service::create(&cx, input.clone()).await)? {
        Ok(post) => Ok(cx.redirect(&format!("/orgs/tree/{}", post.org_id))),
        Err(errors) => {
            let superiors = service::superiors(&cx, input.org_id).await?;
            Ok(cx.refused(views::new(&cx, &input, &superiors, &errors)))
        }
    }
}

pub async fn edit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let post = service::post(&cx, id).await?;
    let superiors = service::superiors(&cx, post.org_id).await?;
    cx.page(&post.name, views::edit(&cx, &post, &superiors, &FormErrors::default())).await
}

/// The whole form: what is empty or off is not sent, and is meant all the same.
pub async fn change(cx: Cx, Path(id): Path<Id>, Body(input): Body<ChangePost>) -> Result<Response> {
    let input = ChangePost {
        active: Some(input.active.unwrap_or(false)),
        duties: Some(input.duties.unwrap_or_default()),
        ..input
    };
    match cx.form(service::change(&cx, id, input.clone()).await)? {
        Ok(post) => Ok(cx.redirect(&format!("/orgs/tree/{}", post.org_id))),
        Err(errors) => {
            let stored = service::post(&cx, id).await?;
            let superiors = service::superiors(&cx, stored.org_id).await?;
            let ChangePost { name, superior_id, duties, active, .. } = input;
            let post = PostOut {
                name: name.unwrap_or(stored.name),
                superior_id,
                duties: duties.unwrap_or(stored.duties),
                active: active.unwrap_or(stored.active),
                ..stored
            };
            Ok(cx.refused(views::edit(&cx, &post, &superiors, &errors)))
        }
    }
}
