//! Pages of contacts and further addresses: dialogs on the customer's page.

use axum::response::Response;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, FormErrors, Result};

use super::{
    model::{NewAddress, NewContact},
    service, views,
};
use crate::{
    customer::{model::SecretField, service::load_customer},
    perms::CUSTOMER_WRITE,
};

pub async fn new_contact(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    cx.authorize(&CUSTOMER_WRITE, &load_customer(&cx, id).await?)?;
    Ok(cx.fragment(views::contact_form(&cx, id, &NewContact::default(), &FormErrors::default())))
}

pub async fn add_contact(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewContact>) -> Result<Response> {
    match cx.form(service::add_contact(&cx, id, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/customers/{id}"))),
        Err(errors) => Ok(cx.refused(views::contact_form(&cx, id, &input, &errors))),
    }
}

pub async fn new_address(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    cx.authorize(&CUSTOMER_WRITE, &load_customer(&cx, id).await?)?;
    Ok(cx.fragment(views::address_form(&cx, id, &NewAddress::default(), &FormErrors::default())))
}

pub async fn add_address(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewAddress>) -> Result<Response> {
    match cx.form(service::add_address(&cx, id, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/customers/{id}"))),
        Err(errors) => Ok(cx.refused(views::address_form(&cx, id, &input, &errors))),
    }
}

pub async fn remove_contact(cx: Cx, Path((id, contact)): Path<(Id, Id)>) -> Result<Response> {
    service::remove_contact(&cx, id, contact).await?;
    Ok(cx.redirect(&format!("/customers/{id}")))
}

pub async fn remove_address(cx: Cx, Path((id, address)): Path<(Id, Id)>) -> Result<Response> {
    service::remove_address(&cx, id, address).await?;
    Ok(cx.redirect(&format!("/customers/{id}")))
}

/// The full value in place of the masked one; the page hides it again by itself.
pub async fn reveal(cx: Cx, Path((id, item, field)): Path<(Id, Id, SecretField)>) -> Result<Response> {
    let revealed = service::reveal_item(&cx, id, item, field).await?;
    let anchor = views::anchor(item, field);
    Ok(cx.fragment(ui::revealed(cx.lang, &anchor, &revealed.value, &revealed.masked)))
}
