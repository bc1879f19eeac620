//! Who works where: organisations, posts, people, accounts, roles, substitutes and signing in (ORG-01…14).

pub mod acting;
pub mod api;
pub mod cli;
mod directory;
mod first;
mod lists;
mod password;
mod perms;
pub mod posts;
pub mod roles;
mod second;
mod sessions;
mod settings;
mod sso;
pub mod staff;
pub mod units;
pub mod users;

use kernel::T;
use kit::{Module, Nav, Routes};

pub use directory::directory;
pub use first::first_start;
pub use perms::*;
pub use roles::matrix;

/// What this context brings.
pub fn module() -> Module {
    Module {
        name: "org",
        migrations: vec![db::Migration {
            context: "org",
            number: 1,
            name: "org",
            sql: include_str!("../migrations/0001_org.sql"),
        }],
        perms: perms::all(),
        routes: routes(),
        lists: vec![lists::staff(), lists::users(), lists::units()],
        sheets: vec![units::sheet(), staff::sheet()],
        settings: vec![&sessions::SESSION_HOURS, &settings::NUMBER_UNIT, &settings::NUMBER_STAFF],
        docs: vec![staff::doc_kind(), units::doc_kind()],
        nouns: vec![("user", T("账户", "Account")), ("role", T("角色", "Role")), ("post", T("岗位", "Post"))],
        actions: vec![
            ("invited", T("邀请", "invited")),
            ("refused", T("拒绝", "refused")),
            ("sso_created", T("统一登录建立账户", "account made by single sign-on")),
            ("second_factor_on", T("启用两步验证", "second factor on")),
            ("second_factor_off", T("关闭两步验证", "second factor off")),
            ("second_factor_reset", T("取消两步验证", "second factor taken off")),
            ("recovery_codes", T("重新生成恢复码", "new recovery codes")),
        ],
        nav: nav(),
        schedules: vec![sessions::tidy()],
        checks: vec![units::no_circles(), users::an_administrator()],
        impersonal: vec![
            ("org_unit.phone", "of an organisation"),
            ("org_unit.address", "of an organisation"),
            ("staff.name", "an employee, kept under labour law"),
            ("staff.phone", "an employee"),
            ("staff.email", "an employee"),
            ("staff.born_on", "an employee"),
            ("staff.id_no", "an employee"),
            ("app_user.email", "an employee"),
            ("role.note", "about a role"),
        ],
        ..Module::default()
    }
}

fn routes() -> Routes {
    let mut routes = Routes::new();
    for part in [
        sessions::routes(),
        sso::routes(),
        second::routes(),
        units::routes(),
        posts::routes(),
        staff::routes(),
        users::routes(),
        roles::routes(),
        acting::routes(),
    ] {
        routes.0.extend(part.0);
    }
    routes
}

/// Group of the navigation.
const GROUP: T = T("组织与权限", "Organisation");

fn nav() -> Vec<Nav> {
    let entry = |order, icon, label, href, perm| Nav { group: GROUP, order, icon, label, href, perm };
    vec![
        entry(900, "building", T("组织架构", "Organisation chart"), "/orgs/tree", &UNIT_READ),
        entry(901, "users", T("员工档案", "Staff files"), "/staff", &STAFF_READ),
        entry(902, "user-circle", T("用户", "Users"), "/users", &USER_READ),
        entry(903, "shield-check", T("角色与权限", "Roles"), "/roles", &ROLE_READ),
        entry(904, "user-question", T("代班", "Substitutes"), "/acting", &ACTING_WRITE),
    ]
}

/// Somebody else changed the row since it was read.
pub(crate) fn stale() -> kit::Error {
    kit::Error::Conflict(kernel::RuleError::new(
        "stale",
        T("别人刚刚修改过，请刷新后再试", "Somebody else changed it just now; reload and try again"),
    ))
}

/// Refuses a change that was made on an older version than the stored one.
pub(crate) fn check_version(read: Option<i64>, stored: i64) -> kit::Result<()> {
    if read.is_none_or(|version| version == stored) { Ok(()) } else { Err(stale()) }
}
