//! Pages of process templates: text, form view, check, differences, dry run.

use axum::response::Response;
use kernel::{Id, Ts};
use kit::extract::{Path, Query};
use kit::{Body, Cx, FormErrors, Result};
use process::Template;
use serde::Deserialize;

use super::{dry_run, form, model::*, service, views};

/// Text to start from.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct NewQuery {
    /// Version whose text is copied.
    copy: Option<Id>,
}

/// The form of a new template.
pub async fn new(cx: Cx, Query(query): Query<NewQuery>) -> Result<Response> {
    let source = match query.copy {
        Some(id) => service::get(&cx, id).await?.source,
        None => views::BLANK.trim_start().to_string(),
    };
    let input = NewTemplate { source, note: String::new() };
    let begin = (query.copy.is_none()).then(BeginTemplate::default);
    new_form(&cx, begin.as_ref(), &input, &FormErrors::default()).await
}

async fn new_form(
    cx: &Cx,
    begin: Option<&BeginTemplate>,
    input: &NewTemplate,
    errors: &FormErrors,
) -> Result<Response> {
    let kinds = service::kinds(cx).await?;
    let main = views::new_page(cx, begin.map(|b| (b, kinds.as_slice())), input, errors);
    if errors.is_empty() { cx.page(cx.t(views::NEW), main).await } else { Ok(cx.refused(main)) }
}

/// Begins a type of one's own; the form view comes next.
pub async fn begin(cx: Cx, Body(input): Body<BeginTemplate>) -> Result<Response> {
    match cx.form(service::begin(&cx, input.clone()).await)? {
        Ok(made) => Ok(cx.redirect(&format!("/process-templates/{}?view=form", made.brief.id))),
        Err(errors) => {
            let text = NewTemplate { source: views::BLANK.trim_start().to_string(), note: String::new() };
            new_form(&cx, Some(&input), &text, &errors).await
        }
    }
}

/// Stores it as a draft.
pub async fn create(cx: Cx, Body(input): Body<NewTemplate>) -> Result<Response> {
    match cx.form(service::create(&cx, input.clone()).await)? {
        Ok(made) => Ok(cx.redirect(&format!("/process-templates/{}", made.brief.id))),
        Err(errors) => new_form(&cx, None, &input, &errors).await,
    }
}

/// What a page of a template shows besides it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ShowQuery {
    /// `text`, `form` or nothing: the overview.
    view: String,
    /// Version to compare with.
    with: Option<Id>,
}

async fn show(cx: &Cx, id: Id, view: &str, errors: &FormErrors) -> Result<Response> {
    let template = service::get(cx, id).await?;
    let versions = service::versions(cx, &template.brief.code).await?;
    let parsed = process::parse(&template.source).ok();
    let main = views::template_page(cx, &template, parsed.as_ref(), &versions, view, errors);
    if errors.is_empty() { cx.page(&template.brief.name, main).await } else { Ok(cx.refused(main)) }
}

/// A version.
pub async fn template(cx: Cx, Path(id): Path<Id>, Query(query): Query<ShowQuery>) -> Result<Response> {
    if let Some(other) = query.with {
        let difference = service::diff(&cx, other, id).await?;
        return cx.page(&difference.new.name, views::diff_page(&cx, &difference)).await;
    }
    show(&cx, id, &query.view, &FormErrors::default()).await
}

/// A changed text.
pub async fn change(cx: Cx, Path(id): Path<Id>, Body(input): Body<ChangeTemplate>) -> Result<Response> {
    match cx.form(service::change(&cx, id, input).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/process-templates/{id}?view=text"))),
        Err(errors) => show(&cx, id, "text", &errors).await,
    }
}

/// When a draft begins to count, as a form says it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ActivateForm {
    from: String,
}

/// Lets a draft count.
pub async fn activate(cx: Cx, Path(id): Path<Id>, Body(input): Body<ActivateForm>) -> Result<Response> {
    let from: Option<Ts> = kit::format::parse_field_time(&cx, &input.from);
    match cx.form(service::activate(&cx, id, Activate { from }).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/process-templates/{id}"))),
        Err(errors) => show(&cx, id, "", &errors).await,
    }
}

/// Takes a version out of use.
pub async fn retire(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    service::retire(&cx, id).await?;
    Ok(cx.redirect(&format!("/process-templates/{id}")))
}

/// Replays past documents.
pub async fn dry_run(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let template = service::get(&cx, id).await?;
    let run = dry_run::dry_run(&cx, id).await?;
    cx.page(&template.brief.name, views::dry_run_page(&cx, &template, &run)).await
}

async fn draft(cx: &Cx, id: Id) -> Result<(TemplateOut, Option<Template>)> {
    let template = service::get(cx, id).await?;
    let parsed = process::parse(&template.source).ok();
    Ok((template, parsed))
}

/// The form of one item of a draft: `list` and `index`; an index behind the last is a new one.
pub async fn item(cx: Cx, Path((id, list, index)): Path<(Id, String, usize)>) -> Result<Response> {
    let (template, parsed) = draft(&cx, id).await?;
    let Some(part) = parsed.as_ref().and_then(|t| form::part(t, &list, index)) else {
        return Err(kit::Error::NotFound);
    };
    let main =
        views::item_page(&cx, &template, parsed.as_ref(), (&list, index), &part, &FormErrors::default());
    cx.page(&template.brief.name, main).await
}

/// Stores an item of a draft.
pub async fn put_item(
    cx: Cx,
    Path((id, list, index)): Path<(Id, String, usize)>,
    Body(input): Body<form::Part>,
) -> Result<Response> {
    let (template, parsed) = draft(&cx, id).await?;
    let stored = async {
        let parsed = parsed.as_ref().ok_or(kit::Error::NotFound)?;
        let source = form::put(parsed, &list, index, &input)?;
        let input = ChangeTemplate {
            version: Some(template.brief.version),
            source,
            note: template.brief.note.clone(),
        };
        service::change(&cx, id, input).await
    };
    match cx.form(stored.await)? {
        Ok(_) => Ok(cx.redirect(&format!("/process-templates/{id}?view=form"))),
        Err(errors) => {
            Ok(cx.refused(views::item_page(&cx, &template, parsed.as_ref(), (&list, index), &input, &errors)))
        }
    }
}
