//! Topics and their contents (CALL-03): shipped ones, and those that a company adds.

pub mod model;
mod pages;
mod rest;
pub mod service;
pub mod store;
mod views;

use kernel::T;
use kit::{Access::Perm, Routes};

use crate::perms::{REQUEST_READ, TOPIC_WRITE};
use model::{SaveContent, SaveTopic, TopicOut};

/// Pages and API.
pub fn routes() -> Routes {
    Routes::new()
        .page("/intake/topics", Perm(&TOPIC_WRITE), pages::topics)
        .form("/intake/topics", Perm(&TOPIC_WRITE), pages::save_topic)
        .form("/intake/contents", Perm(&TOPIC_WRITE), pages::save_content)
        .api_get::<Vec<TopicOut>, _, _>(
            "/topics",
            Perm(&REQUEST_READ),
            T("服务主题和内容", "Topics and contents"),
            rest::topics,
        )
        .api_post::<SaveTopic, Vec<TopicOut>, _, _>(
            "/topics",
            Perm(&TOPIC_WRITE),
            T("新增或修改主题", "Add or change a topic"),
            rest::save_topic,
        )
        .api_post::<SaveContent, Vec<TopicOut>, _, _>(
            "/topic-contents",
            Perm(&TOPIC_WRITE),
            T("新增或修改服务内容", "Add or change a content"),
            rest::save_content,
        )
}
