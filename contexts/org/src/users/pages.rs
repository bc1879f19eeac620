//! Pages of accounts.

use axum::response::Response;
use kernel::Id;
use kit::extract::{Path, Query};
use kit::{Body, Cx, FormErrors, Result};
use serde::Deserialize;

use super::{model::*, service, views};
use crate::{ROLE_WRITE, USER_WRITE, api, sessions};

/// The person an account is made for.
#[derive(Deserialize)]
pub struct NewQuery {
    #[serde(default)]
    staff: Option<Id>,
}

async fn choices(cx: &Cx) -> Result<views::Choices> {
    let roles = service::role_choices(cx).await?;
    let scope = cx.scope(&USER_WRITE)?;
    let mut conn = cx.read().await?;
    let orgs = api::orgs(&mut conn, &scope).await?;
    let people = crate::staff::store::select_without_account(&mut conn, &scope).await?;
    cx.count(&conn);
    Ok(views::Choices { roles, orgs, people })
}

pub async fn new(cx: Cx, Query(query): Query<NewQuery>) -> Result<Response> {
    let mut input = NewUser {
        login: String::new(),
        name: None,
        staff_id: query.staff,
        org_id: Some(cx.actor()?.org),
        email: None,
        roles: Vec::new(),
        password: None,
    };
    if let Some(staff) = query.staff {
        let mut conn = cx.read().await?;
        let person = crate::staff::store::staff(&mut conn, staff).await?;
        cx.authorize(&crate::STAFF_READ, &person)?;
        input = NewUser {
            login: person.no.to_lowercase(),
            name: Some(person.name),
            org_id: Some(person.org_id),
            ..input
        };
    }
    let choices = choices(&cx).await?;
    cx.page(cx.t(views::NEW), views::new(&cx, &input, &choices, &FormErrors::default())).await
}

pub async fn create(cx: Cx, Body(input): Body<NewUser>) -> Result<Response> {
    match cx.form(service::create(&cx, input.clone()).await)? {
        Ok(user) => Ok(cx.redirect(&format!("/users/{}", user.id))),
        Err(errors) => {
            let choices = choices(&cx).await?;
            Ok(cx.refused(views::new(&cx, &input, &choices, &errors)))
        }
    }
}

async fn load(cx: &Cx, id: Id) -> Result<views::Account> {
    let user = service::user(cx, id).await?;
    let credentials = sessions::of_user(cx, id).await?;
    let choices = if cx.can(&USER_WRITE) { Some(choices(cx).await?) } else { None };
    let (org_name, staff_name, second) = {
        let mut conn = cx.read().await?;
        let second = crate::second::is_on(&mut conn, id).await?;
        let orgs = api::org_names(&mut conn, &[user.org_id]).await?;
        let people = api::staff_names(&mut conn, &user.staff_id.into_iter().collect::<Vec<_>>()).await?;
        cx.count(&conn);
        (orgs.into_values().next().unwrap_or_default(), people.into_values().next(), second)
    };
    let role_names = service::role_choices(cx).await?;
    Ok(views::Account {
        user,
        credentials,
        choices,
        org_name,
        staff_name,
        role_names,
        second,
        errors: FormErrors::default(),
        link: None,
    })
}

pub async fn user(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let account = load(&cx, id).await?;
    cx.page(&account.user.name, views::user(&cx, &account)).await
}

/// The whole form: what is empty or off is not sent, and is meant all the same.
pub async fn change(cx: Cx, Path(id): Path<Id>, Body(input): Body<ChangeUser>) -> Result<Response> {
    let input = ChangeUser {
        active: Some(input.active.unwrap_or(false)),
        roles: cx.can(&ROLE_WRITE).then(|| input.roles.clone().unwrap_or_default()),
        email: if views::shows_email(&cx) { Some(input.email.clone().unwrap_or_default()) } else { None },
        ..input
    };
    match cx.form(service::change(&cx, id, input.clone()).await)? {
        Ok(user) => Ok(cx.redirect(&format!("/users/{}", user.id))),
        Err(errors) => {
            let stored = load(&cx, id).await?;
            let user = UserOut {
                name: input.name.unwrap_or(stored.user.name),
                org_id: input.org_id.unwrap_or(stored.user.org_id),
                staff_id: stored.user.staff_id.or(input.staff_id),
                email: input.email.unwrap_or(stored.user.email),
                active: input.active.unwrap_or(stored.user.active),
                roles: input.roles.unwrap_or(stored.user.roles),
                ..stored.user
            };
            Ok(cx.refused(views::user(&cx, &views::Account { user, errors, ..stored })))
        }
    }
}

pub async fn invite(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    match cx.form(service::invite(&cx, id).await)? {
        Ok(invite) => {
            let account = views::Account { link: invite.path, ..load(&cx, id).await? };
            cx.page(&account.user.name, views::user(&cx, &account)).await
        }
        Err(errors) => {
            let account = views::Account { errors, ..load(&cx, id).await? };
            Ok(cx.refused(views::user(&cx, &account)))
        }
    }
}
