//! Rules of signing in, without database.

use kernel::{Problems, RuleError, T};

use super::model::{FirstPassword, NewToken};

/// Where to go after signing in: a path of this server and nothing else. Browsers read `//host` and `/\host` as
/// another server and drop control characters, so all of these lead to the start page.
pub(crate) fn local_path(next: Option<&str>) -> &str {
    let good = |path: &str| {
        path.starts_with('/')
            && !path.starts_with("//")
            && !path.contains('\\')
            && path.chars().all(|c| !c.is_control())
            && path.len() <= 2000
            && !["/login", "/logout", "/start/"].iter().any(|own| path.starts_with(own))
    };
    next.filter(|path| good(path)).unwrap_or("/")
}

/// What a login name is compared by: case and surrounding blanks do not matter.
pub(crate) fn fold_login(login: &str) -> String {
    login.trim().to_lowercase()
}

/// Letters, digits and `. _ - @`, 2 to 40 of them.
pub(crate) fn check_login(login: &str) -> Result<(), RuleError> {
    let length = login.chars().count();
    if (2..=40).contains(&length) && login.chars().all(|c| c.is_alphanumeric() || ".-_@".contains(c)) {
        return Ok(());
    }
    Err(RuleError::new(
        "org.login_form",
        T("登录名为 2 至 40 个字母、数字或 . _ - @", "A login name has 2 to 40 letters, digits or . _ - @"),
    )
    .field("login"))
}

/// Both entries are the same and good enough.
pub(super) fn first_password(input: &FirstPassword, login: &str) -> Result<(), Problems> {
    let mut problems = Problems::new();
    problems.take(crate::password::check(&input.password, login, "password"));
    problems.check(input.password == input.repeat, repeat_differs);
    problems.finish()
}

pub(super) fn repeat_differs() -> RuleError {
    RuleError::new("org.password_repeat", T("两次输入的密码不一致", "The two passwords differ"))
        .field("repeat")
}

/// A token needs a name to be told apart, and at most ten years.
pub(super) fn new_token(input: &NewToken) -> Result<(), Problems> {
    let mut problems = Problems::new();
    problems.check((1..=60).contains(&input.label.trim().chars().count()), || {
        RuleError::new(
            "org.token_label",
            T("请填写用途，最多 60 字", "Say what it is for, in up to 60 characters"),
        )
        .field("label")
    });
    problems.check(input.days.is_none_or(|days| (1..=3650).contains(&days)), || {
        RuleError::new("org.token_days", T("有效天数为 1 至 3650", "1 to 3650 days")).field("days")
    });
    problems.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_local_paths_are_followed_after_signing_in() {
        for (next, expected) in [
            (Some("/orders?state=new"), "/orders?state=new"),
            (Some("//evil.example"), "/"),
            (Some("/\\evil.example"), "/"),
            (Some("https://evil.example"), "/"),
            (Some("javascript:alert(1)"), "/"),
            (Some("/a\r\nset-cookie: x"), "/"),
            (Some("/login?next=/login"), "/"),
            (Some("/logout"), "/"),
            (Some(""), "/"),
            (None, "/"),
        ] {
            assert_eq!(local_path(next), expected, "{next:?}");
        }
    }

    #[test]
    fn login_names_are_folded_and_checked() {
        assert_eq!(fold_login(" WangWu "), "wangwu");
        for (login, good) in
            [("E001", true), ("王五", true), ("a", false), ("a b", false), ("a@b.cn", true), ("x/y", false)]
        {
            assert_eq!(check_login(login).is_ok(), good, "{login}");
        }
    }
}
