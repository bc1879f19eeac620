//! Pages of the organisation tree.

use axum::response::Response;
use kernel::Id;
use kit::extract::{Path, Query};
use kit::{Body, Cx, Error, FormErrors, Result};
use serde::Deserialize;

use super::{model::*, service, views};
use crate::{posts, staff};

/// Where a new organisation shall hang.
#[derive(Deserialize)]
pub struct NewQuery {
    #[serde(default)]
    parent: Option<Id>,
}

pub async fn tree(cx: Cx) -> Result<Response> {
    let nodes = service::tree(&cx).await?;
    match nodes.first().map(|node| node.unit.id) {
        Some(first) => show(&cx, nodes, first).await,
        None => Err(Error::NotFound),
    }
}

pub async fn unit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let nodes = service::tree(&cx).await?;
    show(&cx, nodes, id).await
}

async fn show(cx: &Cx, nodes: Vec<TreeNode>, id: Id) -> Result<Response> {
    let unit =
        nodes.iter().find(|node| node.unit.id == id).map(|node| node.unit.clone()).ok_or(Error::NotFound)?;
    let posts = posts::of_org(cx, id).await?;
    let people = staff::of_org(cx, id).await?;
    cx.page(&unit.name, views::unit(cx, &nodes, &unit, &posts, &people)).await
}

pub async fn new(cx: Cx, Query(query): Query<NewQuery>) -> Result<Response> {
    let nodes = service::tree(&cx).await?;
    let parent = query.parent.or_else(|| nodes.first().map(|node| node.unit.id)).ok_or(Error::NotFound)?;
    let form = views::UnitForm::new(parent);
    cx.page(cx.t(views::NEW), views::form(&cx, &nodes, &form, &FormErrors::default())).await
}

pub async fn create(cx: Cx, Body(input): Body<NewUnit>) -> Result<Response> {
    match cx.form(service::create(&cx, input.clone()).await)? {
        Ok(unit) => Ok(cx.redirect(&format!("/orgs/tree/{}", unit.id))),
        Err(errors) => {
            let nodes = service::tree(&cx).await?;
            Ok(cx.refused(views::form(&cx, &nodes, &views::UnitForm::from_new(&input), &errors)))
        }
    }
}

pub async fn edit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let (unit, nodes) = (service::unit(&cx, id).await?, service::tree(&cx).await?);
    cx.page(&unit.name, views::form(&cx, &nodes, &views::UnitForm::from_unit(&unit), &FormErrors::default()))
        .await
}

/// The whole form: what is empty or off is not sent, and is meant all the same.
fn whole(input: ChangeUnit) -> ChangeUnit {
    let text = |text: Option<String>| Some(text.unwrap_or_default());
    ChangeUnit {
        active: Some(input.active.unwrap_or(false)),
        region: text(input.region),
        phone: text(input.phone),
        address: text(input.address),
        ..input
    }
}

pub async fn change(cx: Cx, Path(id): Path<Id>, Body(input): Body<ChangeUnit>) -> Result<Response> {
    let stored = service::unit(&cx, id).await?;
    // The root's form has no switch: it can't be closed.
    let input =
        if stored.parent_id.is_none() { ChangeUnit { active: None, ..whole(input) } } else { whole(input) };
    match cx.form(service::change(&cx, id, input.clone()).await)? {
        Ok(unit) => Ok(cx.redirect(&format!("/orgs/tree/{}", unit.id))),
        Err(errors) => {
            let (unit, nodes) = (service::unit(&cx, id).await?, service::tree(&cx).await?);
            let form = views::UnitForm::from_unit(&unit).with(&input);
            Ok(cx.refused(views::form(&cx, &nodes, &form, &errors)))
        }
    }
}
