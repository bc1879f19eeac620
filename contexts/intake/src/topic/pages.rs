//! Page of topics.

use axum::response::Response;
use kernel::T;
use kit::{Body, Cx, FormErrors, Result};

use super::{
    model::{SaveContent, SaveTopic},
    service, views,
};

pub async fn topics(cx: Cx) -> Result<Response> {
    let (all, kinds) = service::topics_and_kinds(&cx).await?;
    cx.page(cx.t(T("服务主题", "Topics")), views::page(&cx, &all, &kinds, &FormErrors::default())).await
}

pub async fn save_topic(cx: Cx, Body(input): Body<SaveTopic>) -> Result<Response> {
    answer(&cx, service::save_topic(&cx, input).await.map(drop)).await
}

pub async fn save_content(cx: Cx, Body(input): Body<SaveContent>) -> Result<Response> {
    answer(&cx, service::save_content(&cx, input).await.map(drop)).await
}

async fn answer(cx: &Cx, result: Result<()>) -> Result<Response> {
    match cx.form(result)? {
        Ok(()) => Ok(cx.redirect("/intake/topics")),
        Err(errors) => {
            let (all, kinds) = service::topics_and_kinds(cx).await?;
            Ok(cx.refused(views::page(cx, &all, &kinds, &errors)))
        }
    }
}
