//! Pages of imports: choose, upload, map, check, import, undo.

use std::collections::BTreeMap;

use axum::{
    extract::Multipart,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use kernel::{Id, RuleError, T};
use serde::{Deserialize, Serialize};

use super::{
    batch::{self, Batch, BatchState},
    engine::File,
    service, views,
};
use crate::extract::{Path, Query};
use crate::{
    Body, Cx, Error, FormErrors, Result,
    tabular::{Mapping, OneOrMany, template_xlsx},
};

/// Batches on the page of all imports.
const RECENT: i64 = 30;

pub async fn index(cx: Cx) -> Result<Response> {
    let recent = service::newest(&cx, None, RECENT).await?;
    let title = cx.t(T("导入", "Import"));
    cx.page(title, views::index(&cx, &service::kinds(&cx), &recent)).await
}

pub async fn kind(cx: Cx, Path(kind): Path<String>) -> Result<Response> {
    let spec = service::find(&cx, &kind)?;
    let recent = service::newest(&cx, Some(&kind), 10).await?;
    cx.page(cx.t(spec.title), views::kind(&cx, spec, &recent, &FormErrors::default())).await
}

/// Reads the file of a multipart form, and its text fields by name.
pub async fn read_upload(form: &mut Multipart) -> Result<(String, Vec<u8>, BTreeMap<String, String>)> {
    let broken = |_| {
        Error::rule(
            RuleError::new("file.form", T("上传内容不完整", "The upload is incomplete")).field("file"),
        )
    };
    let (mut file, mut fields) = (None, BTreeMap::new());
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_string();
        if name == "file" {
            let file_name = field.file_name().unwrap_or("file.csv").to_string();
            file = Some((file_name, field.bytes().await.map_err(broken)?.to_vec()));
        } else {
            fields.insert(name, field.text().await.map_err(broken)?);
        }
    }
    let missing = || RuleError::new("file.missing", T("请选择文件", "Choose a file")).field("file");
    let (name, bytes) = file.filter(|(_, bytes)| !bytes.is_empty()).ok_or_else(missing)?;
    Ok((name, bytes, fields))
}

pub async fn upload(cx: Cx, Path(kind): Path<String>, mut form: Multipart) -> Result<Response> {
    let spec = service::find(&cx, &kind)?;
    let read = async {
        let (name, bytes, _) = read_upload(&mut form).await?;
        service::upload(&cx, &kind, &name, bytes).await
    };
    match cx.form(read.await)? {
        Ok(batch) => Ok(cx.redirect(&format!("/import/batches/{}", batch.id))),
        Err(errors) => {
            let recent = service::newest(&cx, Some(&kind), 10).await?;
            Ok(cx.refused(views::kind(&cx, spec, &recent, &errors)))
        }
    }
}

pub async fn template(cx: Cx, Path(kind): Path<String>) -> Result<Response> {
    let spec = service::find(&cx, &kind)?;
    let bytes = template_xlsx(&(spec.columns)(), cx.lang)?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    let mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{}.xlsx\"", spec.kind)) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// The mapping page as it is posted.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MapForm {
    /// Field → column of the file; empty: left out.
    pub col: BTreeMap<String, String>,
    /// Field → text where the file has none.
    pub def: BTreeMap<String, String>,
    /// Order of day, month, year.
    pub dates: String,
    /// Texts that count as empty, by commas.
    pub empty: String,
    /// A mapping file; what it says wins.
    pub toml: String,
}

impl MapForm {
    fn mapping(&self) -> Result<Mapping, RuleError> {
        let mapping = self.typed();
        if self.toml.trim().is_empty() {
            return Ok(mapping);
        }
        Ok(mapping.merged(Mapping::from_toml(&self.toml).map_err(|error| error.field("toml"))?))
    }

    /// What the fields say, without the mapping file.
    fn typed(&self) -> Mapping {
        let mut mapping = Mapping { columns: self.col.clone(), ..Mapping::default() };
        mapping.defaults = self
            .def
            .iter()
            .filter(|(_, text)| !text.trim().is_empty())
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect();
        if !self.dates.is_empty() {
            mapping.dates.format = OneOrMany::One(self.dates.clone());
        }
        mapping.empty.texts = self
            .empty
            .split([',', '，'])
            .map(str::trim)
            .filter(|t| !t.is_empty())
            .map(str::to_string)
            .collect();
        mapping
    }
}

async fn map_page(
    cx: &Cx,
    batch: &Batch,
    mapping: Mapping,
    toml: &str,
    errors: &FormErrors,
) -> Result<maud::Markup> {
    let spec = service::find(cx, &batch.kind)?;
    let bytes = batch::load_file(cx, batch.id).await?;
    let file = File::read(spec, &bytes, &batch.file_name, mapping)?;
    Ok(views::map(cx, spec, batch, &file, toml, errors))
}

/// Which part of a batch is wanted.
#[derive(Deserialize)]
pub struct Step {
    #[serde(default)]
    step: String,
}

pub async fn batch(cx: Cx, Path(id): Path<Id>, Query(step): Query<Step>) -> Result<Response> {
    let batch = service::get(&cx, id).await?;
    let again = step.step == "map" && matches!(batch.state, BatchState::Checked | BatchState::Failed);
    let title = batch.file_name.clone();
    if batch.state == BatchState::New || again {
        return cx
            .page(&title, map_page(&cx, &batch, batch.mapping()?, "", &FormErrors::default()).await?)
            .await;
    }
    let stuck = service::stuck(&cx, &batch).await?;
    let out = service::show(&cx, id).await?;
    cx.page(&title, views::batch(&cx, &out, id, stuck, &FormErrors::default())).await
}

pub async fn check(cx: Cx, Path(id): Path<Id>, Body(form): Body<MapForm>) -> Result<Response> {
    let batch = service::get(&cx, id).await?;
    let checked = match form.mapping() {
        Ok(mapping) => service::check(&cx, id, mapping).await,
        Err(error) => Err(error.into()),
    };
    match cx.form(checked)? {
        Ok(_) => Ok(cx.redirect(&format!("/import/batches/{id}"))),
        Err(errors) => Ok(cx.refused(map_page(&cx, &batch, form.typed(), &form.toml, &errors).await?)),
    }
}

pub async fn start(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    service::start(&cx, id).await?;
    Ok(cx.redirect(&format!("/import/batches/{id}")))
}

pub async fn cancel(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    service::cancel(&cx, id).await?;
    Ok(cx.redirect(&format!("/import/batches/{id}")))
}

pub async fn undo(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    match cx.form(service::undo(&cx, id).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/import/batches/{id}"))),
        Err(errors) => {
            let out = service::show(&cx, id).await?;
            Ok(cx.refused(views::batch(&cx, &out, id, false, &errors)))
        }
    }
}

/// The progress box asks here every second; when the work has ended, the page is loaded again.
pub async fn progress(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let out = service::show(&cx, id).await?;
    let live = matches!(out.state, BatchState::Checking | BatchState::Running);
    let given_up =
        out.job.as_ref().is_some_and(|job| matches!(job.state.as_str(), "dead" | "cancelled" | "done"));
    if live && !given_up {
        return Ok(cx.fragment(views::progress(&cx, &out, id)));
    }
    Ok(cx.redirect(&format!("/import/batches/{id}")))
}
