//! Pages of proofs.

use axum::response::Response;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{model::NewProof, service, views};

pub async fn add(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewProof>) -> Result<Response> {
    match cx.form(service::add_proof(&cx, id, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/units/{id}/warranty"))),
        Err(errors) => Ok(cx.refused(views::proof_form(&cx, id, &input, &errors))),
    }
}
