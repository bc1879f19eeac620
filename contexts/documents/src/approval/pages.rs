//! Pages of approvals.

use axum::response::Response;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Error, FormErrors, Result};
use serde::Deserialize;

use super::{model::*, service, views};
use crate::document;

/// What is signed stands in the document; whoever signs reads it without looking for it.
async fn signed_for(cx: &Cx, approval: &ApprovalOut) -> Result<Option<document::views::Page>> {
    match document::pages::load(cx, approval.doc_id).await {
        Ok(page) => Ok(Some(page)),
        Err(Error::NotFound | Error::Forbidden(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

async fn show(cx: &Cx, id: Id, errors: &FormErrors) -> Result<Response> {
    let approval = service::get(cx, id).await?;
    let document = signed_for(cx, &approval).await?;
    let main = views::approval_page(cx, &approval, document.as_ref(), errors);
    if errors.is_empty() { cx.page(&approval.doc_no, main).await } else { Ok(cx.refused(main)) }
}

/// An approval.
pub async fn approval(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    show(&cx, id, &FormErrors::default()).await
}

/// What the form says.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SignForm {
    decision: String,
    opinion: String,
}

/// Signs or refuses.
pub async fn sign(cx: Cx, Path(id): Path<Id>, Body(form): Body<SignForm>) -> Result<Response> {
    let input = Sign { approve: form.decision == "approve", opinion: form.opinion };
    match cx.form(service::sign(&cx, id, input).await)? {
        Ok(_) => Ok(cx.redirect("/inbox")),
        Err(errors) => show(&cx, id, &errors).await,
    }
}

/// The printed approval.
pub async fn print(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let approval = service::get(&cx, id).await?;
    let document = signed_for(&cx, &approval).await?;
    let sheet = views::approval_sheet(&cx, &approval, document.as_ref());
    Ok(cx.sheet(&approval.doc_no, &format!("/approvals/{id}"), sheet))
}

/// Matrices and committees.
pub async fn schemes(cx: Cx) -> Result<Response> {
    let schemes = service::schemes(&cx).await?;
    let committees = service::committees(&cx).await?;
    cx.page(cx.t(views::SCHEMES), views::schemes_page(&cx, &schemes, &committees)).await
}
