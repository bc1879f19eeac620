//! Pages of duplicates.

use axum::response::Response;
use kernel::{Id, T};
use kit::extract::{Path, Query};
use kit::{Body, Cx, FormErrors, Result};

use super::{model::Merge, service, views};

pub async fn duplicates(cx: Cx) -> Result<Response> {
    let pairs = service::list_suspects(&cx).await?;
    cx.page(cx.t(T("疑似重复客户", "Suspected duplicates")), views::duplicates_page(&cx, &pairs)).await
}

pub async fn merge_form(cx: Cx, Path(id): Path<Id>, Query(query): Query<Merge>) -> Result<Response> {
    let (into, from) = service::load_pair(&cx, id, query.from).await?;
    Ok(cx.fragment(views::merge_form(&cx, &into, from.as_ref(), &FormErrors::default())))
}

pub async fn merge(cx: Cx, Path(id): Path<Id>, Body(input): Body<Merge>) -> Result<Response> {
    match cx.form(service::merge_customers(&cx, id, input.clone()).await)? {
        Ok(out) => Ok(cx.redirect(&format!("/customers/{}", out.id))),
        Err(errors) => {
            let (into, from) = service::load_pair(&cx, id, input.from).await?;
            Ok(cx.refused(views::merge_form(&cx, &into, from.as_ref(), &errors)))
        }
    }
}
