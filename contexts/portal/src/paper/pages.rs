//! Pages of papers.

use axum::response::Response;
use kernel::{Id, T};
use kit::{Body, Cx, FormErrors, Result, extract::Path};

use super::{model::SetPaper, service, views};

async fn show(cx: &Cx, id: Id, errors: &FormErrors) -> Result<Response> {
    let (name, papers) = service::papers(cx, id).await?;
    let main = views::papers(cx, id, &name, &papers, errors);
    if errors.is_empty() {
        cx.page(cx.t(T("客户资料", "Papers for customers")), main).await
    } else {
        Ok(cx.refused(main))
    }
}

pub async fn papers(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    show(&cx, id, &FormErrors::default()).await
}

pub async fn set(cx: Cx, Path(id): Path<Id>, Body(input): Body<SetPaper>) -> Result<Response> {
    match cx.form(service::set(&cx, id, input).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/models/{id}/papers"))),
        Err(errors) => show(&cx, id, &errors).await,
    }
}
