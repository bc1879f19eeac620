//! Rules of posts, without database.

use kernel::{Id, Problems, RuleError, T};

use super::model::{ChangePost, NewPost, PostRow};
use crate::units::rules::Shape;

fn check(post: &PostRow) -> Result<(), Problems> {
    let mut problems = Problems::new();
    problems.check((1..=40).contains(&post.name.chars().count()), || {
        RuleError::new(
            "org.post_name",
            T("请填写岗位名称，最多 40 字", "A name of up to 40 characters is needed"),
        )
        .field("name")
    });
    problems.check(post.duties.chars().count() <= 500, || {
        RuleError::new("org.too_long", T("最多 {most} 字", "At most {most} characters"))
            .arg("most", 500)
            .field("duties")
    });
    problems.finish()
}

pub(super) fn new_post(id: Id, input: &NewPost) -> Result<PostRow, Problems> {
    let post = PostRow {
        id,
        version: 1,
        org_id: input.org_id,
        name: input.name.trim().to_string(),
        superior_id: input.superior_id,
        duties: input.duties.as_deref().map(str::trim).unwrap_or_default().to_string(),
        active: true,
    };
    check(&post)?;
    Ok(post)
}

/// `shape` holds all posts and their superiors.
pub(super) fn change_post(old: &PostRow, input: &ChangePost, shape: &Shape) -> Result<PostRow, Problems> {
    if let Some(superior) = input.superior_id
        && shape.above(superior).contains(&old.id)
    {
        return Err(RuleError::new(
            "org.post_circle",
            T("上级岗位不能是自己或自己的下属", "The superior can't be the post itself or one below it"),
        )
        .field("superior_id")
        .into());
    }
    let post = PostRow {
        name: input.name.as_deref().map_or_else(|| old.name.clone(), |name| name.trim().to_string()),
        superior_id: input.superior_id,
        duties: input
            .duties
            .as_deref()
            .map_or_else(|| old.duties.clone(), |duties| duties.trim().to_string()),
        active: input.active.unwrap_or(old.active),
        ..old.clone()
    };
    check(&post)?;
    Ok(post)
}
