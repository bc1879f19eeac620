//! Pages of scheduled mails.

use axum::response::Response;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, FormErrors, Result};

use super::{
    model::{Content, Every, MailOut, PutMail},
    service, views,
};

/// What a form begins with.
fn blank() -> PutMail {
    PutMail {
        version: None,
        name: String::new(),
        content: Content::Summary,
        list: String::new(),
        query: String::new(),
        every: Every::Daily,
        day: None,
        at: "18:00".into(),
        recipients: Vec::new(),
        paused: false,
    }
}

fn input_of(mail: &MailOut) -> PutMail {
    PutMail {
        version: Some(mail.version),
        name: mail.name.clone(),
        content: mail.content,
        list: mail.list.clone(),
        query: mail.query.clone(),
        every: mail.every,
        day: (mail.day > 0).then_some(mail.day),
        at: mail.at.clone(),
        recipients: mail.recipients.iter().map(|reader| reader.login.clone()).collect(),
        paused: mail.paused,
    }
}

pub async fn new(cx: Cx) -> Result<Response> {
    cx.page(cx.t(views::NEW), views::new_page(&cx, &blank(), &FormErrors::default())).await
}

pub async fn create(cx: Cx, Body(input): Body<PutMail>) -> Result<Response> {
    match cx.form(service::create(&cx, input.clone()).await)? {
        Ok(made) => Ok(cx.redirect(&format!("/report-mails/{}", made.id))),
        Err(errors) => Ok(cx.refused(views::new_page(&cx, &input, &errors))),
    }
}

pub async fn show(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let mail = service::get(&cx, id).await?;
    cx.page(&mail.name, views::mail_page(&cx, &mail, &input_of(&mail), &FormErrors::default())).await
}

pub async fn change(cx: Cx, Path(id): Path<Id>, Body(input): Body<PutMail>) -> Result<Response> {
    match cx.form(service::change(&cx, id, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/report-mails/{id}"))),
        Err(errors) => {
            let mail = service::get(&cx, id).await?;
            Ok(cx.refused(views::mail_page(&cx, &mail, &input, &errors)))
        }
    }
}

pub async fn send(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    match cx.form(service::send_now(&cx, id).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/report-mails/{id}"))),
        Err(errors) => {
            let mail = service::get(&cx, id).await?;
            Ok(cx.refused(views::mail_page(&cx, &mail, &input_of(&mail), &errors)))
        }
    }
}
