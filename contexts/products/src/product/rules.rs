//! Pure rules of product models.

use kernel::{Id, Problems, RuleError, T, Ts, fold};

use super::model::{ModelRow, NewModel};

/// A text by which equal names, codes and serial numbers are found: folded, letters and digits only.
pub fn text_key(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A text as it is kept: trimmed, without control characters (a database need not take them, nobody sees them).
pub fn clean(text: &str) -> String {
    let visible: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    visible.trim().to_string()
}

/// Free text, cleaned. Error `products.text` when longer than `max` characters.
pub fn check_text(text: Option<&str>, max: usize, field: &str) -> Result<String, RuleError> {
    let text = clean(text.unwrap_or_default());
    if text.chars().count() <= max {
        return Ok(text);
    }
    Err(RuleError::new("products.text", T("最多 {max} 字", "At most {max} characters"))
        .arg("max", max)
        .field(field))
}

/// Free text that must be there. Errors `products.required`, `products.text`.
pub fn check_filled(text: Option<&str>, max: usize, field: &str) -> Result<String, RuleError> {
    let text = check_text(text, max, field)?;
    if text.is_empty() {
        return Err(RuleError::new("products.required", T("此项必填", "This is needed")).field(field));
    }
    Ok(text)
}

/// Somebody else changed it in between.
pub fn stale() -> RuleError {
    RuleError::new(
        "products.stale",
        T("资料已被他人修改，请刷新后再试", "Somebody changed this; reload and try again"),
    )
}

/// 409 `products.stale` when a change is based on another version.
pub fn check_version(now: i64, based_on: Option<i64>) -> Result<(), RuleError> {
    if based_on.is_none_or(|version| version == now) { Ok(()) } else { Err(stale()) }
}

/// A new model with an id.
pub fn create(input: &NewModel, id: Id, now: Ts) -> Result<ModelRow, Problems> {
    let empty = ModelRow {
        id,
        version: 0,
        code: String::new(),
        name: String::new(),
        category_id: None,
        spec: String::new(),
        notes: String::new(),
        active: true,
        created_at: now,
        updated_at: now,
    };
    change(&empty, input, now)
}

/// The model after a change. Errors of all fields at once.
pub fn change(old: &ModelRow, input: &NewModel, now: Ts) -> Result<ModelRow, Problems> {
    let mut problems = Problems::new();
    let name = problems.take(check_filled(Some(&input.name), 100, "name")).unwrap_or_default();
    let code = input.code.as_deref().filter(|c| !c.trim().is_empty()).unwrap_or(&name);
    let code = problems.take(check_text(Some(code), 60, "code")).unwrap_or_default();
    let spec = problems.take(check_text(input.spec.as_deref(), 400, "spec")).unwrap_or_default();
    let notes = problems.take(check_text(input.notes.as_deref(), 2000, "notes")).unwrap_or_default();
    problems.finish()?;
    Ok(ModelRow {
        version: old.version + 1,
        code,
        name,
        category_id: input.category_id,
        spec,
        notes,
        active: !input.retired,
        updated_at: now,
        ..old.clone()
    })
}

/// Component groups from `code name` lines (PROD-06). A line of one word is code and name alike.
///
/// Errors: `products.groups` for more than 40 groups, a code twice, or a text that is too long.
pub fn parse_groups(text: &str) -> Result<Vec<(String, String)>, RuleError> {
    let bad = || {
        RuleError::new(
            "products.groups",
            T("部件组每行写“代码 名称”，代码不可重复", "Write one \"code name\" a line, each code once"),
        )
        .field("groups")
    };
    let mut groups: Vec<(String, String)> = Vec::new();
    for line in clean(text).lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (code, name) = line.split_once(char::is_whitespace).unwrap_or((line, line));
        let (code, name) = (code.to_string(), name.trim().to_string());
        if groups.len() >= 40
            || code.chars().count() > 30
            || name.chars().count() > 60
            || groups.iter().any(|g| g.0 == code)
        {
            return Err(bad());
        }
        groups.push((code, name));
    }
    Ok(groups)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_without_code_is_known_by_its_name() {
        let row = create(&NewModel { name: " KFR-35GW ".into(), ..NewModel::default() }, Id::NIL, Ts(1))
            .expect("valid");
        assert_eq!((row.code.as_str(), row.version, row.active), ("KFR-35GW", 1, true));
        assert!(create(&NewModel::default(), Id::NIL, Ts(1)).is_err());
    }

    #[test]
    fn groups_are_read_line_by_line() {
        let groups = parse_groups("main 主机\n\n pipe  管路 配件 \n电器").expect("valid");
        assert_eq!(
            groups,
            [
                ("main".into(), "主机".into()),
                ("pipe".into(), "管路 配件".into()),
                ("电器".into(), "电器".into())
            ]
        );
        assert!(parse_groups("a x\na y").is_err());
    }

    #[test]
    fn stale_changes_are_conflicts() {
        assert!(check_version(4, None).is_ok() && check_version(4, Some(4)).is_ok());
        assert_eq!(check_version(4, Some(3)).err().map(|e| e.code), Some("products.stale"));
    }
}
