//! SQL of topics.

use db::{Conn, args};
use kernel::Ts;
use kit::Result;

use super::model::{Content, Topic};

pub async fn select_topics(conn: &mut Conn) -> Result<Vec<Topic>> {
    let sql = format!("select {} from topic t order by t.place, t.code", Topic::cols("t"));
    Ok(conn.all(&sql, vec![]).await?)
}

pub async fn select_contents(conn: &mut Conn) -> Result<Vec<Content>> {
    let sql = format!("select {} from topic_content c order by c.topic, c.place, c.code", Content::cols("c"));
    Ok(conn.all(&sql, vec![]).await?)
}

pub async fn find_topic(conn: &mut Conn, code: &str) -> Result<Option<Topic>> {
    let sql = format!("select {} from topic t where t.code = $1", Topic::cols("t"));
    Ok(conn.opt(&sql, args![code]).await?)
}

pub async fn find_content(conn: &mut Conn, code: &str) -> Result<Option<Content>> {
    let sql = format!("select {} from topic_content c where c.code = $1", Content::cols("c"));
    Ok(conn.opt(&sql, args![code]).await?)
}

pub async fn save_topic(conn: &mut Conn, row: &Topic, now: Ts) -> Result<()> {
    conn.exec(
        "insert into topic (code, name, name_en, place, active, updated_at) values ($1,$2,$3,$4,$5,$6)
         on conflict (code) do update set name = excluded.name, name_en = excluded.name_en, place = excluded.place,
            active = excluded.active, updated_at = excluded.updated_at",
        args![&row.code, &row.name, &row.name_en, row.place, row.active, now],
    )
    .await?;
    Ok(())
}

pub async fn save_content(conn: &mut Conn, row: &Content, now: Ts) -> Result<()> {
    conn.exec(
        "insert into topic_content (code, topic, name, name_en, work_kind, place, active, updated_at) values ($1,$2,$3,$4,$5,$6,$7,$8)
         on conflict (code) do update set topic = excluded.topic, name = excluded.name, name_en = excluded.name_en,
            work_kind = excluded.work_kind, place = excluded.place, active = excluded.active, updated_at = excluded.updated_at",
        args![&row.code, &row.topic, &row.name, &row.name_en, &row.work_kind, row.place, row.active, now],
    )
    .await?;
    Ok(())
}
