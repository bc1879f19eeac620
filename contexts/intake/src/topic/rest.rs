//! API of topics.

use axum::Json;
use kit::{Body, Cx, Result};

use super::{
    model::{SaveContent, SaveTopic, TopicOut},
    service,
};

pub async fn topics(cx: Cx) -> Result<Json<Vec<TopicOut>>> {
    service::topics(&cx).await.map(Json)
}

pub async fn save_topic(cx: Cx, Body(input): Body<SaveTopic>) -> Result<Json<Vec<TopicOut>>> {
    service::save_topic(&cx, input).await.map(Json)
}

pub async fn save_content(cx: Cx, Body(input): Body<SaveContent>) -> Result<Json<Vec<TopicOut>>> {
    service::save_content(&cx, input).await.map(Json)
}
