//! Pages of one visit.

use axum::response::Response;
use kernel::{Id, T};
use kit::extract::{Path, Query};
use kit::{Cx, FormErrors, Result};
use maud::Markup;
use serde::Deserialize;
use ui::{Btn, Phone};

use super::{
    forms::{CompleteForm, DepartForm, PartForm, QuoteForm},
    model::FieldOrder,
    moves::WaitForm,
    service, sheets, steps, views,
};
use crate::{
    settings::{self, CONDUCT, Conduct},
    stock,
};

/// A sub-page of a visit, with a way back to it and fixed buttons; refused forms come back as a fragment.
pub async fn answer(
    cx: &Cx,
    job: &FieldOrder,
    title: &str,
    main: Markup,
    bar: &[Btn],
    errors: &FormErrors,
) -> Result<Response> {
    if !errors.is_empty() {
        return Ok(cx.refused(main));
    }
    let (back, head) = (format!("/m/orders/{}", job.order.order.id), &job.order.order);
    let subtitle = format!("{} · {}", cx.mask(kit::Sens::Name, &head.customer_name), head.no);
    let actions = steps::bar_of(cx, bar);
    let phone =
        Phone { title, subtitle: &subtitle, back: Some(&back), tools: maud::html! {}, tabs: &[], actions };
    cx.phone(title, &phone, main).await
}

async fn main_part(
    cx: &Cx,
    job: &FieldOrder,
    errors: &FormErrors,
    form: Option<&DepartForm>,
) -> Result<Markup> {
    let org = job.order.order.org_id;
    let items = settings::checklist(cx, org).await?;
    let conduct: Vec<Conduct> = cx.setting(&CONDUCT, org).await?;
    let early: i64 = cx.setting(&settings::EARLY_MINUTES, org).await?;
    let limit: i64 = cx.setting(&settings::LATE_MINUTES, org).await?;
    let voids =
        kit::panels::voids(cx, &mut cx.read().await?, "order", job.order.order.id, &job.files).await?;
    let ctx = steps::Ctx { cx, job, errors, form, voids, items: &items, conduct: &conduct, early, limit };
    Ok(views::job(&ctx))
}

pub async fn job(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let job = service::job(&cx, id).await?;
    let main = main_part(&cx, &job, &FormErrors::default(), None).await?;
    let head = &job.order.order;
    let subtitle = if head.model_name.is_empty() {
        head.no.clone()
    } else {
        format!("{} · {}", head.no, head.model_name)
    };
    let actions = steps::bar(&cx, &job);
    let tools = views::tools(&cx, &job);
    let phone = Phone {
        title: &cx.mask(kit::Sens::Name, &head.customer_name),
        subtitle: &subtitle,
        back: Some("/m"),
        tools,
        tabs: &[],
        actions,
    };
    cx.phone(&head.no, &phone, main).await
}

/// The job page again, with what is wrong at its place.
pub async fn refused(cx: &Cx, id: Id, errors: &FormErrors, form: Option<&DepartForm>) -> Result<Response> {
    let job = service::job(cx, id).await?;
    Ok(cx.refused(main_part(cx, &job, errors, form).await?))
}

pub async fn wait(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    wait_again(&cx, id, &WaitForm::default(), &FormErrors::default()).await
}

pub async fn wait_again(cx: &Cx, id: Id, form: &WaitForm, errors: &FormErrors) -> Result<Response> {
    let job = service::job(cx, id).await?;
    let mut people = Vec::new();
    if errors.of("hand_over_to").is_some() {
        let mut conn = cx.read().await?;
        let near = kit::Scope::Orgs(std::sync::Arc::from([job.order.order.org_id]));
        people = org::api::engineers(&mut conn, &near).await?;
    }
    let main = sheets::wait(cx, &job, form, &people, errors);
    let bar = [Btn::submit(cx.t(T("挂起，暂停计时", "Wait, stop the clocks"))).form("step").grow()];
    answer(cx, &job, cx.t(T("挂起", "Wait")), main, &bar, errors).await
}

pub async fn parts(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    parts_again(&cx, id, &PartForm::default(), &FormErrors::default()).await
}

pub async fn parts_again(cx: &Cx, id: Id, form: &PartForm, errors: &FormErrors) -> Result<Response> {
    let job = service::job(cx, id).await?;
    let main = sheets::parts(cx, &job, form, errors);
    let bar = [
        Btn::link(cx.t(T("完成", "Done")), format!("/m/orders/{id}")),
        Btn::submit(cx.t(T("领用备件", "Take the part"))).icon("plus").form("step").grow(),
    ];
    answer(cx, &job, cx.t(T("备件与费用", "Parts and fees")), main, &bar, errors).await
}

/// Text typed into the part field.
#[derive(Deserialize)]
pub struct SuggestQuery {
    #[serde(default)]
    q: String,
}

/// Parts of the own van for the combo.
pub async fn suggest(cx: Cx, Path(_): Path<Id>, Query(query): Query<SuggestQuery>) -> Result<Response> {
    let held = stock::service::van(&cx, &query.q).await?;
    let items: Vec<ui::Suggestion> = held
        .items
        .into_iter()
        .filter(|item| !item.available.is_zero())
        .take(12)
        .map(|item| ui::Suggestion {
            text: format!("{} {}", item.code, item.name),
            hint: format!("{} {}", kit::format::qty(item.available), item.unit),
            id: item.part_id.to_string(),
        })
        .collect();
    Ok(cx.fragment(ui::suggestions(cx.lang, &items, None)))
}

pub async fn quote(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    quote_again(&cx, id, &QuoteForm::default(), &FormErrors::default()).await
}

pub async fn quote_again(cx: &Cx, id: Id, form: &QuoteForm, errors: &FormErrors) -> Result<Response> {
    let job = service::job(cx, id).await?;
    let main = sheets::quote(cx, &job, form, errors);
    let bar = [
        Btn::new(cx.t(T("仅报价", "Quote only")))
            .form("step")
            .attr("formaction", format!("/m/orders/{id}/quote")),
        Btn::submit(cx.t(T("客户已同意", "The customer agrees"))).form("step").grow(),
    ];
    answer(cx, &job, cx.t(T("报价与同意", "Quote and consent")), main, &bar, errors).await
}

pub async fn complete(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    // An old tab, or the way back in the browser: what was handed in is not handed in again.
    let mut conn = cx.read().await?;
    let order = orders::api::visible(&cx, &mut conn, id).await?;
    drop(conn);
    if order.state != orders::api::State::InProgress {
        return Ok(cx.redirect(&format!("/m/orders/{id}")));
    }
    // A second round begins with what the first one was charged by.
    let job = service::job(&cx, id).await?;
    complete_page(&cx, &job, &CompleteForm::of(&job.order.order), &FormErrors::default()).await
}

pub async fn complete_again(cx: &Cx, id: Id, form: &CompleteForm, errors: &FormErrors) -> Result<Response> {
    let job = service::job(cx, id).await?;
    complete_page(cx, &job, form, errors).await
}

async fn complete_page(
    cx: &Cx,
    job: &FieldOrder,
    form: &CompleteForm,
    errors: &FormErrors,
) -> Result<Response> {
    let main = sheets::complete(cx, job, form, errors);
    let bar = [Btn::submit(cx.t(T("提交完工单", "Hand in"))).form("step").grow().trailing("check")];
    answer(cx, job, cx.t(T("完工签字", "Complete and sign")), main, &bar, errors).await
}
