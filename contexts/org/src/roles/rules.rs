//! Rules of roles, without database.

use std::collections::{BTreeMap, HashMap};

use kernel::{Problems, RuleError, T};
use kit::{Reach, Role, Sens};

use super::model::{ChangeRole, NewRole, RoleField, RoleGrant, RoleRow, Shown};

fn check_names(name: &str, note: &str) -> Problems {
    let mut problems = Problems::new();
    problems.check((1..=40).contains(&name.chars().count()), || {
        RuleError::new(
            "org.role_name",
            T("请填写名称，最多 40 字", "A name of up to 40 characters is needed"),
        )
        .field("name")
    });
    problems.check(note.chars().count() <= 200, || {
        RuleError::new("org.too_long", T("最多 {most} 字", "At most {most} characters"))
            .arg("most", 200)
            .field("note")
    });
    problems
}

pub(super) fn new_role(id: kernel::Id, input: &NewRole) -> Result<RoleRow, Problems> {
    let role = RoleRow {
        id,
        version: 1,
        code: input.code.trim().to_string(),
        name: input.name.trim().to_string(),
        note: input.note.as_deref().map(str::trim).unwrap_or_default().to_string(),
        built_in: false,
    };
    let mut problems = check_names(&role.name, &role.note);
    let good = (2..=30).contains(&role.code.len())
        && role.code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    problems.check(good, || {
        RuleError::new(
            "org.role_code",
            T("代码为 2 至 30 个小写字母、数字或 _", "A code has 2 to 30 lower-case letters, digits or _"),
        )
        .field("code")
    });
    problems.finish()?;
    Ok(role)
}

/// The role with its new name and note. The administrator's role holds everything and always will.
pub(super) fn change_role(old: &RoleRow, input: &ChangeRole) -> Result<RoleRow, Problems> {
    if old.code == Role::Admin.code() {
        return Err(RuleError::new(
            "org.admin_role",
            T(
                "管理员角色拥有全部权限，不能修改",
                "The administrator's role holds everything and can't be changed",
            ),
        )
        .into());
    }
    let text = |new: &Option<String>, old: &String| {
        new.as_ref().map_or_else(|| old.clone(), |text| text.trim().to_string())
    };
    let role =
        RoleRow { name: text(&input.name, &old.name), note: text(&input.note, &old.note), ..old.clone() };
    check_names(&role.name, &role.note).finish()?;
    Ok(role)
}

/// What the role grants after the change, by permission; unknown permissions are refused.
pub(super) fn change_grants(
    old: &BTreeMap<String, Reach>,
    changes: &[RoleGrant],
    known: impl Fn(&str) -> bool,
) -> Result<BTreeMap<String, Reach>, Problems> {
    let mut grants = old.clone();
    let mut problems = Problems::new();
    for (index, change) in changes.iter().enumerate() {
        problems.check(known(&change.perm), || {
            RuleError::new("org.no_perm", T("没有权限“{perm}”", "There is no permission \"{perm}\""))
                .arg("perm", &change.perm)
                .field(format!("grants[{index}].perm"))
        });
        match change.reach {
            Some(reach) => drop(grants.insert(change.perm.clone(), reach)),
            None => drop(grants.remove(&change.perm)),
        }
    }
    problems.finish()?;
    Ok(grants)
}

/// Grants that are new or wider than before: what the caller must hold to hand it out.
pub(super) fn widened(old: &BTreeMap<String, Reach>, new: &BTreeMap<String, Reach>) -> Vec<(String, Reach)> {
    new.iter()
        .filter(|(key, reach)| old.get(*key).is_none_or(|before| before < *reach))
        .map(|(key, reach)| (key.clone(), *reach))
        .collect()
}

/// What the role shows after the change.
pub(super) fn change_fields(
    old: &HashMap<String, Shown>,
    changes: &[RoleField],
) -> Result<HashMap<String, Shown>, Problems> {
    let mut fields = old.clone();
    let mut problems = Problems::new();
    for (index, change) in changes.iter().enumerate() {
        problems.check(Sens::ALL.iter().any(|kind| kind.code() == change.kind), || {
            RuleError::new("org.no_field", T("没有字段类别“{kind}”", "There is no kind of field \"{kind}\""))
                .arg("kind", &change.kind)
                .field(format!("fields[{index}].kind"))
        });
        fields.insert(change.kind.clone(), change.shown);
    }
    problems.finish()?;
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grants(pairs: &[(&str, Reach)]) -> BTreeMap<String, Reach> {
        pairs.iter().map(|(key, reach)| ((*key).to_string(), *reach)).collect()
    }

    fn grant(perm: &str, reach: Option<Reach>) -> RoleGrant {
        RoleGrant { perm: perm.into(), reach }
    }

    #[test]
    fn grants_are_added_changed_and_taken_away() {
        let old = grants(&[("a", Reach::Own), ("b", Reach::All)]);
        let changes = [grant("a", Some(Reach::Below)), grant("b", None), grant("c", Some(Reach::Team))];
        let new = change_grants(&old, &changes, |_| true).expect("known");
        assert_eq!(new, grants(&[("a", Reach::Below), ("c", Reach::Team)]));
        assert!(change_grants(&old, &[grant("z", Some(Reach::Own))], |key| key != "z").is_err());
    }

    #[test]
    fn only_what_becomes_wider_must_be_held() {
        let old = grants(&[("a", Reach::Below), ("b", Reach::Own)]);
        let new = grants(&[("a", Reach::Own), ("b", Reach::All), ("c", Reach::Own)]);
        assert_eq!(widened(&old, &new), [("b".to_string(), Reach::All), ("c".to_string(), Reach::Own)]);
    }

    #[test]
    fn the_administrators_role_stays_as_it_is() {
        let admin = RoleRow {
            id: kernel::Id::NIL,
            version: 1,
            code: "admin".into(),
            name: "x".into(),
            note: String::new(),
            built_in: true,
        };
        assert!(change_role(&admin, &ChangeRole::default()).is_err());
        let own = RoleRow { code: "own".into(), ..admin };
        assert!(change_role(&own, &ChangeRole::default()).is_ok());
    }

    #[test]
    fn codes_of_own_roles_are_plain() {
        for (code, good) in
            [("night_desk", true), ("n", false), ("Night", false), ("a b", false), ("角色", false)]
        {
            let input = NewRole { code: code.into(), name: "x".into(), ..NewRole::default() };
            assert_eq!(new_role(kernel::Id::NIL, &input).is_ok(), good, "{code}");
        }
    }
}
