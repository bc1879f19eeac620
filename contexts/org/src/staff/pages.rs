//! Pages of staff files.

use axum::response::Response;
use kernel::Id;
use kit::extract::{Path, Query};
use kit::{Body, Cx, FormErrors, Result};
use serde::Deserialize;

use super::{model::*, service, views};
use crate::{STAFF_WRITE, api, posts};

/// Organisation of a new person.
#[derive(Deserialize)]
pub struct NewQuery {
    #[serde(default)]
    org: Option<Id>,
}

async fn choices(cx: &Cx, org: Id) -> Result<views::Choices> {
    let scope = cx.scope(&STAFF_WRITE)?;
    let mut conn = cx.read().await?;
    let orgs = api::orgs(&mut conn, &scope).await?;
    let posts = posts::store::of_org(&mut conn, org).await?;
    cx.count(&conn);
    Ok(views::Choices { orgs, posts })
}

pub async fn staff(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let staff = service::staff(&cx, id).await?;
    cx.page(&staff.name, views::staff(&cx, &staff)).await
}

pub async fn new(cx: Cx, Query(query): Query<NewQuery>) -> Result<Response> {
    let org_id = match query.org {
        Some(org) => org,
        None => cx.actor()?.org,
    };
    let input = NewStaff { org_id, ..NewStaff::default() };
    let choices = choices(&cx, org_id).await?;
    cx.page(cx.t(views::NEW), views::new(&cx, &input, &choices, &FormErrors::default())).await
}

pub async fn create(cx: Cx, Body(input): Body<NewStaff>) -> Result<Response> {
    match cx.form(service::create(&cx, input.clone()).await)? {
        Ok(staff) => Ok(cx.redirect(&format!("/staff/{}", staff.id))),
        Err(errors) => {
            let choices = choices(&cx, input.org_id).await?;
            Ok(cx.refused(views::new(&cx, &input, &choices, &errors)))
        }
    }
}

pub async fn edit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let staff = service::staff(&cx, id).await?;
    let choices = choices(&cx, staff.org_id).await?;
    cx.page(&staff.name, views::edit(&cx, &staff, &choices, &FormErrors::default())).await
}

/// The whole form: what is empty or off is not sent, and is meant all the same. Masked fields are not in it.
fn whole(cx: &Cx, input: ChangeStaff) -> ChangeStaff {
    let open = views::shows_phone(cx);
    let text = |text: Option<String>| Some(text.unwrap_or_default());
    ChangeStaff {
        no_post: input.post_id.is_none(),
        team: text(input.team),
        skills: Some(input.skills.unwrap_or_default()),
        engineer: Some(input.engineer.unwrap_or(false)),
        active: Some(input.active.unwrap_or(false)),
        phone: if open { text(input.phone) } else { None },
        email: if open { text(input.email) } else { None },
        gender: text(input.gender),
        education: text(input.education),
        id_no: if views::shows_papers(cx) { text(input.id_no) } else { None },
        ..input
    }
}

pub async fn change(cx: Cx, Path(id): Path<Id>, Body(input): Body<ChangeStaff>) -> Result<Response> {
    let input = whole(&cx, input);
    match cx.form(service::change(&cx, id, input.clone()).await)? {
        Ok(staff) => Ok(cx.redirect(&format!("/staff/{}", staff.id))),
        Err(errors) => {
            let stored = service::staff(&cx, id).await?;
            let choices = choices(&cx, stored.org_id).await?;
            let staff = StaffOut {
                no: input.no.unwrap_or(stored.no),
                name: input.name.unwrap_or(stored.name),
                post_id: input.post_id,
                team: input.team.unwrap_or(stored.team),
                grade: input.grade.unwrap_or(stored.grade),
                skills: input.skills.unwrap_or(stored.skills),
                engineer: input.engineer.unwrap_or(stored.engineer),
                phone: input.phone.unwrap_or(stored.phone),
                email: input.email.unwrap_or(stored.email),
                gender: input.gender.unwrap_or(stored.gender),
                education: input.education.unwrap_or(stored.education),
                id_no: input.id_no.unwrap_or(stored.id_no),
                born_on: input.born_on.or(stored.born_on),
                contract_until: input.contract_until.or(stored.contract_until),
                active: input.active.unwrap_or(stored.active),
                ..stored
            };
            Ok(cx.refused(views::edit(&cx, &staff, &choices, &errors)))
        }
    }
}

pub async fn reveal(cx: Cx, Path((id, field)): Path<(Id, String)>) -> Result<Response> {
    let revealed = service::reveal(&cx, id, &field).await?;
    Ok(cx.fragment(ui::revealed(cx.lang, &format!("{field}-{id}"), &revealed.value, &revealed.masked)))
}
