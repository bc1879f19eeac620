//! JSON door of process templates.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{dry_run, model::*, service};

pub async fn get(cx: Cx, Path(id): Path<Id>) -> Result<Json<TemplateOut>> {
    service::get(&cx, id).await.map(Json)
}

pub async fn versions(cx: Cx, Path(code): Path<String>) -> Result<Json<Vec<TemplateBrief>>> {
    service::versions(&cx, &code).await.map(Json)
}

pub async fn create(cx: Cx, Body(input): Body<NewTemplate>) -> Result<Json<TemplateOut>> {
    service::create(&cx, input).await.map(Json)
}

pub async fn begin(cx: Cx, Body(input): Body<BeginTemplate>) -> Result<Json<TemplateOut>> {
    service::begin(&cx, input).await.map(Json)
}

pub async fn change(
    cx: Cx,
    Path(id): Path<Id>,
    Body(input): Body<ChangeTemplate>,
) -> Result<Json<TemplateOut>> {
    service::change(&cx, id, input).await.map(Json)
}

pub async fn check(cx: Cx, Body(input): Body<CheckTemplate>) -> Result<Json<Checked>> {
    service::check(&cx, &input).await.map(Json)
}

pub async fn activate(cx: Cx, Path(id): Path<Id>, Body(input): Body<Activate>) -> Result<Json<TemplateOut>> {
    service::activate(&cx, id, input).await.map(Json)
}

pub async fn retire(cx: Cx, Path(id): Path<Id>) -> Result<Json<TemplateOut>> {
    service::retire(&cx, id).await.map(Json)
}

pub async fn diff(cx: Cx, Path((id, other)): Path<(Id, Id)>) -> Result<Json<Difference>> {
    service::diff(&cx, id, other).await.map(Json)
}

pub async fn dry_run(cx: Cx, Path(id): Path<Id>) -> Result<Json<DryRun>> {
    dry_run::dry_run(&cx, id).await.map(Json)
}
