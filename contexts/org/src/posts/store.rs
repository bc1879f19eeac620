//! Statements on posts.

use db::{Conn, args};
use kernel::{Id, Ts};
use kit::Result;

use super::model::{PostOut, PostRow};
use crate::units::rules::Shape;

const OUT: &str =
    "select p.id, p.version, p.org_id, p.name, p.superior_id, s.name as superior_name, p.duties, p.active
    from post p left join post s on s.id = p.superior_id";

pub(crate) async fn of_org(conn: &mut Conn, org: Id) -> Result<Vec<PostOut>> {
    Ok(conn.all(&format!("{OUT} where p.org_id = $1 order by p.name, p.id"), args![org]).await?)
}

pub(super) async fn out(conn: &mut Conn, id: Id) -> Result<PostOut> {
    Ok(conn.one(&format!("{OUT} where p.id = $1"), args![id]).await?)
}

pub(crate) async fn post(conn: &mut Conn, id: Id) -> Result<PostRow> {
    let sql = format!("select {} from post p where p.id = $1{}", PostRow::cols("p"), conn.for_update());
    Ok(conn.one(&sql, args![id]).await?)
}

/// The open post of an organisation called so.
pub(crate) async fn by_name(conn: &mut Conn, org: Id, name: &str) -> Result<Option<Id>> {
    Ok(conn
        .scalar_opt(
            "select id from post where org_id = $1 and name = $2 and active order by id limit 1",
            args![org, name],
        )
        .await?)
}

/// All posts and their superiors.
pub(crate) async fn shape(conn: &mut Conn) -> Result<Shape> {
    let pairs: Vec<(Id, Option<Id>)> = conn.all("select id, superior_id from post", vec![]).await?;
    Ok(Shape::new(pairs))
}

/// Posts to choose a superior from: of the organisation and of those above it.
pub(super) async fn superiors(conn: &mut Conn, orgs: &[Id]) -> Result<Vec<(Id, String, String)>> {
    let mut sql = db::Sql::new(
        "select p.id, p.name, o.name from post p join org_unit o on o.id = p.org_id where p.active and p.org_id in ",
    );
    sql.list(orgs.iter().copied()).push(" order by o.code, p.name");
    Ok(conn.all_sql(sql).await?)
}

pub(super) async fn insert(conn: &mut Conn, post: &PostRow, now: Ts) -> Result<()> {
    conn.exec(
        "insert into post (id, version, org_id, name, superior_id, duties, active, created_at, updated_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$8)",
        args![
            post.id,
            post.version,
            post.org_id,
            &post.name,
            post.superior_id,
            &post.duties,
            post.active,
            now
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn update(conn: &mut Conn, post: &PostRow, now: Ts) -> Result<()> {
    let rows = conn
        .exec(
            "update post set version = version + 1, name = $3, superior_id = $4, duties = $5, active = $6, updated_at = $7
             where id = $1 and version = $2",
            args![post.id, post.version, &post.name, post.superior_id, &post.duties, post.active, now],
        )
        .await?;
    if rows == 0 { Err(crate::stale()) } else { Ok(()) }
}

/// Active holders of posts.
pub(super) async fn holders(conn: &mut Conn, posts: &[Id]) -> Result<Vec<Id>> {
    let mut sql = db::Sql::new("select id from staff where active and post_id in ");
    sql.list(posts.iter().copied()).push(" order by no");
    Ok(conn.all_sql::<(Id,)>(sql).await?.into_iter().map(|(id,)| id).collect())
}
