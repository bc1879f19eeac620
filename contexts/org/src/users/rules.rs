//! Rules of accounts, without database.

use std::collections::HashMap;

use kernel::{Problems, RuleError, T};
use kit::Reach;

use super::model::{ChangeUser, UserRow};
use crate::staff::model::StaffRow;

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
        staff_id: old.staff_id.or(input.staff_id),
        email: text(&input.email, &old.email),
        active: input.active.unwrap_or(old.active),
        ..old.clone()
    };
    check(&user)?;
    if let (Some(old), Some(wanted)) = (old.staff_id, input.staff_id)
        && old != wanted
    {
        // What was done under an account stays with the person who did it.
        let text = T(
            "这个账户已属于一位员工，不能改给别人；请为他另开账户",
            "The account belongs to a person already; make another one",
        );
        return Err(RuleError::new("org.user_has_staff", text).field("staff_id").into());
    }
    Ok(user)
}

/// A person whose account it may become (ORG-07): at work, and without one; who has one is refused when it is written.
pub(super) fn check_person(person: &StaffRow) -> Result<(), RuleError> {
    if person.active {
        return Ok(());
    }
    Err(RuleError::new("org.staff_left", T("这位员工已离职", "This person has left")).field("staff_id"))
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
