//! Rules of accounts, without database.

use std::collections::HashMap;

use kernel::{Problems, RuleError, T};
use kit::Reach;

use super::model::{ChangeUser, UserRow};

/// Nobody hands out more than they hold: each grant must be held at least as far.
pub(crate) fn not_more_than_held(
    held: &HashMap<String, Reach>,
    given: &[(String, Reach)],
) -> Result<(), RuleError> {
    let missing = given.iter().find(|(key, reach)| held.get(key).is_none_or(|own| own < reach));
    match missing {
        None => Ok(()),
        Some((key, _)) => Err(RuleError::new(
            "org.more_than_held",
            T(
                "不能授予您自己没有的权限（{perm}）",
                "You can't hand out a permission that you do not hold ({perm})",
            ),
        )
        .arg("perm", key)
        .field("roles")),
    }
}

pub(super) fn check(user: &UserRow) -> Result<(), Problems> {
    let mut problems = Problems::new();
    problems.check((1..=40).contains(&user.name.chars().count()), || {
        RuleError::new(
            "org.user_name",
            T("请填写姓名，最多 40 字", "A name of up to 40 characters is needed"),
        )
        .field("name")
    });
    problems.take(crate::staff::check_email(&user.email));
    problems.finish()
}

/// The account with what the input changes.
pub(super) fn change_user(old: &UserRow, input: &ChangeUser) -> Result<UserRow, Problems> {
    let text = |new: &Option<String>, old: &String| {
        new.as_ref().map_or_else(|| old.clone(), |text| text.trim().to_string())
    };
    let user = UserRow {
        name: text(&input.name, &old.name),
        org_id: input.org_id.unwrap_or(old.org_id),
        email: text(&input.email, &old.email),
        active: input.active.unwrap_or(old.active),
        ..old.clone()
    };
    check(&user)?;
    Ok(user)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_hands_out_more_than_they_hold() {
        let held: HashMap<String, Reach> =
            [("a".to_string(), Reach::Below), ("b".to_string(), Reach::All)].into();
        let given = |key: &str, reach| vec![(key.to_string(), reach)];
        for (grants, good) in [
            (given("a", Reach::Below), true),
            (given("a", Reach::Own), true),
            (given("a", Reach::All), false),
            (given("b", Reach::All), true),
            (given("c", Reach::Own), false),
            (vec![], true),
        ] {
            assert_eq!(not_more_than_held(&held, &grants).is_ok(), good, "{grants:?}");
        }
    }
}
