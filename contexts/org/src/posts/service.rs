//! Making and changing posts.

use db::Conn;
use kernel::Id;
use kit::{Cx, DocRef, Result, Tx};

use super::{model::*, rules, store};
use crate::{UNIT_READ, UNIT_WRITE, units};

/// Posts of an organisation within reach, by name.
pub(crate) async fn of_org(cx: &Cx, org: Id) -> Result<Vec<PostOut>> {
    let mut conn = cx.read().await?;
    let unit = units::store::unit(&mut conn, org).await?;
    cx.authorize(&UNIT_READ, &unit)?;
    let posts = store::of_org(&mut conn, org).await?;
    cx.count(&conn);
    Ok(posts)
}

/// One post within reach of those who may change it.
pub(super) async fn post(cx: &Cx, id: Id) -> Result<PostOut> {
    let mut conn = cx.read().await?;
    let post = store::out(&mut conn, id).await?;
    let unit = units::store::unit(&mut conn, post.org_id).await?;
    cx.authorize(&UNIT_WRITE, &unit)?;
    Ok(post)
}

/// Posts that can be superior to one of an organisation: its own and those of the organisations above.
pub(super) async fn superiors(cx: &Cx, org: Id) -> Result<Vec<(Id, String, String)>> {
    let mut conn = cx.read().await?;
    let above = units::store::shape(&mut conn).await?.above(org);
    store::superiors(&mut conn, &above).await
}

/// Makes a post.
pub async fn create(cx: &Cx, input: NewPost) -> Result<PostOut> {
    let mut tx = kit::begin!(cx, "org.create_post", &input);
    let unit = units::store::unit(&mut tx, input.org_id).await?;
    tx.authorize(&UNIT_WRITE, &unit)?;
    let id = create_post_in(&mut tx, &input).await?;
    // Whoever stands above sees other people's work from now on (ORG-04).
    tx.forget_actors();
    let out = store::out(&mut tx, id).await?;
    tx.commit(out).await
}

/// Makes a post in the caller's transaction, for imports and the demo company.
pub async fn create_post_in(tx: &mut Tx, input: &NewPost) -> Result<Id> {
    let row = rules::new_post(tx.id(), input)?;
    let now = tx.now();
    store::insert(tx, &row, now).await?;
    tx.created(DocRef::new("post", row.id, &row.name), &row)?;
    Ok(row.id)
}

/// Changes a post. Errors: `org.post_circle`.
pub async fn change(cx: &Cx, id: Id, input: ChangePost) -> Result<PostOut> {
    let mut tx = kit::begin!(cx, "org.change_post", &(id, &input));
    // One change of the tree at a time, or two could make a circle together.
    units::store::lock_tree(&mut tx).await?;
    let old = store::post(&mut tx, id).await?;
    tx.authorize(&UNIT_WRITE, &old)?;
    crate::check_version(input.version, old.version)?;
    let shape = store::shape(&mut tx).await?;
    let new = rules::change_post(&old, &input, &shape)?;
    let now = tx.now();
    store::update(&mut tx, &new, now).await?;
    tx.changed(DocRef::new("post", id, &new.name), &old, &new)?;
    let out = store::out(&mut tx, id).await?;
    tx.commit(out).await
}

/// Everybody whose post is below the post of one of its holders (ORG-05), the holders themselves not included.
pub async fn subordinates(conn: &mut Conn, post: Id) -> Result<Vec<Id>> {
    let mut below = store::shape(conn).await?.below(post);
    below.retain(|id| *id != post);
    if below.is_empty() {
        return Ok(Vec::new());
    }
    store::holders(conn, &below).await
}
