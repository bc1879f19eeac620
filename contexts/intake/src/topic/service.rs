//! Commands and queries on topics.

use db::Conn;
use kernel::{Lang, Problems, RuleError, T};
use kit::{Cx, DocRef, Error, Result, begin};
use orders::api::WorkKind;

use super::{
    model::{Content, SaveContent, SaveTopic, Topic, TopicOut},
    store,
};
use crate::perms::TOPIC_WRITE;

/// All topics with their contents, two statements.
pub async fn topics_in(conn: &mut Conn) -> Result<Vec<TopicOut>> {
    let contents = store::select_contents(conn).await?;
    let topics = store::select_topics(conn).await?;
    Ok(topics
        .into_iter()
        .map(|topic| {
            let contents = contents.iter().filter(|c| c.topic == topic.code).cloned().collect();
            TopicOut { topic, contents }
        })
        .collect())
}

/// Topics, for pages in another language than the names that documents keep: none in Chinese.
pub async fn other_names(cx: &Cx, conn: &mut Conn) -> Result<Vec<TopicOut>> {
    if cx.lang == Lang::Zh { Ok(Vec::new()) } else { topics_in(conn).await }
}

/// All topics with their contents.
pub async fn topics(cx: &Cx) -> Result<Vec<TopicOut>> {
    let mut conn = cx.read().await?;
    let all = topics_in(&mut conn).await?;
    cx.count(&conn);
    Ok(all)
}

/// The same with the kinds of work to choose from.
pub async fn topics_and_kinds(cx: &Cx) -> Result<(Vec<TopicOut>, Vec<WorkKind>)> {
    let mut conn = cx.read().await?;
    let all = (topics_in(&mut conn).await?, orders::api::work_kinds(&mut conn).await?);
    cx.count(&conn);
    Ok(all)
}

fn check(code: &str, name: &str) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    problems.check(code.len() <= 40 && code.chars().all(plain), || {
        RuleError::new(
            "intake.topic_code",
            T("代码只能用字母、数字和 . - _", "A code has letters, digits and . - _ only"),
        )
        .field("code")
    });
    problems.check((1..=20).contains(&name.trim().chars().count()), || {
        RuleError::new("intake.topic_name", T("名称 1 到 20 个字", "A name has 1 to 20 characters"))
            .field("name")
    });
    problems.finish()
}

/// The code asked for, or one made from a new id.
fn code_or_new(cx: &Cx, code: Option<&str>) -> String {
    match code.map(str::trim).filter(|c| !c.is_empty()) {
        Some(code) => code.to_string(),
        None => format!("x{}", cx.id().to_string().replace('-', "")),
    }
}

/// Adds or changes a topic.
pub async fn save_topic(cx: &Cx, input: SaveTopic) -> Result<Vec<TopicOut>> {
    cx.require(&TOPIC_WRITE)?;
    let code = code_or_new(cx, input.code.as_deref());
    check(&code, &input.name)?;
    let mut tx = begin!(cx, "intake.save_topic", &input);
    let name = input.name.trim().to_string();
    let row = Topic {
        name_en: input.name_en.filter(|n| !n.trim().is_empty()).unwrap_or_else(|| name.clone()),
        place: input.place.unwrap_or(80),
        active: input.active,
        code,
        name,
    };
    let now = tx.now();
    store::save_topic(&mut tx, &row, now).await?;
    tx.log(DocRef::new("topic", kernel::Id::NIL, &row.code), "saved", serde_json::to_value(&row)?);
    let all = topics_in(&mut tx).await?;
    tx.commit(all).await
}

/// Adds or changes a content.
pub async fn save_content(cx: &Cx, input: SaveContent) -> Result<Vec<TopicOut>> {
    cx.require(&TOPIC_WRITE)?;
    let code = code_or_new(cx, input.code.as_deref());
    check(&code, &input.name)?;
    let mut tx = begin!(cx, "intake.save_content", &input);
    if store::find_topic(&mut tx, &input.topic).await?.is_none() {
        return Err(Error::rule(unknown_topic().field("topic")));
    }
    let work_kind = input.work_kind.unwrap_or_default().trim().to_string();
    let kinds = orders::api::work_kinds(&mut tx).await?;
    if !work_kind.is_empty() && !kinds.iter().any(|kind| kind.code == work_kind) {
        let words = T("没有这个服务工种", "There is no such kind of work");
        return Err(Error::rule(RuleError::new("intake.work_kind", words).field("work_kind")));
    }
    let name = input.name.trim().to_string();
    let row = Content {
        topic: input.topic,
        name_en: input.name_en.filter(|n| !n.trim().is_empty()).unwrap_or_else(|| name.clone()),
        work_kind,
        place: input.place.unwrap_or(80),
        active: input.active,
        code,
        name,
    };
    let now = tx.now();
    store::save_content(&mut tx, &row, now).await?;
    tx.log(DocRef::new("topic", kernel::Id::NIL, &row.code), "saved", serde_json::to_value(&row)?);
    let all = topics_in(&mut tx).await?;
    tx.commit(all).await
}

/// No such topic.
pub fn unknown_topic() -> RuleError {
    RuleError::new("intake.unknown_topic", T("没有这个服务主题或内容", "There is no such topic or content"))
}
