//! Permissions of this context (ORG-08, ORG-09).

use kernel::T;
use kit::{Perm, Reach, Role};

/// See organisations and their tree.
pub static UNIT_READ: Perm = Perm {
    key: "org.unit.read",
    label: T("查看组织架构", "See the organisation chart"),
    grants: &[
        (Role::Manager, Reach::All),
        (Role::Agent, Reach::All),
        (Role::Dispatcher, Reach::All),
        (Role::Auditor, Reach::All),
        (Role::Callback, Reach::All),
        (Role::Storekeeper, Reach::All),
        (Role::Cashier, Reach::All),
        (Role::Engineer, Reach::Outlet),
        (Role::Outlet, Reach::Outlet),
    ],
};
/// Change organisations and posts.
pub static UNIT_WRITE: Perm =
    Perm {
        key: "org.unit.write", label: T("维护组织架构", "Change organisations and posts"), grants: &[]
    };
/// See staff files.
pub static STAFF_READ: Perm = Perm {
    key: "org.staff.read",
    label: T("查看员工档案", "See staff files"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Dispatcher, Reach::Below),
        (Role::Auditor, Reach::All),
        (Role::Engineer, Reach::Own),
        (Role::Outlet, Reach::Outlet),
    ],
};
/// Change staff files.
pub static STAFF_WRITE: Perm = Perm {
    key: "org.staff.write",
    label: T("维护员工档案", "Change staff files"),
    grants: &[(Role::Manager, Reach::Below)],
};
/// See a masked field of a staff file in full; every look is recorded.
pub static STAFF_REVEAL: Perm = Perm {
    key: "org.staff.reveal",
    label: T("查看员工完整电话（有记录）", "Reveal a staff member's telephone number (recorded)"),
    grants: &[(Role::Manager, Reach::Below), (Role::Dispatcher, Reach::Below)],
};
/// See user accounts.
pub static USER_READ: Perm = Perm {
    key: "org.user.read",
    label: T("查看用户", "See user accounts"),
    grants: &[(Role::Manager, Reach::Below), (Role::Auditor, Reach::All)],
};
/// Change user accounts, end their sessions.
pub static USER_WRITE: Perm =
    Perm { key: "org.user.write", label: T("维护用户", "Change user accounts"), grants: &[] };
/// See roles and what they allow.
pub static ROLE_READ: Perm = Perm {
    key: "org.role.read",
    label: T("查看角色与权限", "See roles and permissions"),
    grants: &[(Role::Auditor, Reach::All)],
};
/// Change roles and hand them out: only holders assign permissions (ORG-08).
pub static ROLE_WRITE: Perm =
    Perm { key: "org.role.write", label: T("分配权限", "Assign permissions"), grants: &[] };
/// Appoint substitutes (ORG-14).
pub static ACTING_WRITE: Perm = Perm {
    key: "org.acting.write",
    label: T("指定代班人", "Appoint substitutes"),
    grants: &[(Role::Manager, Reach::Below)],
};
/// Make API tokens for the own account.
pub static TOKEN_WRITE: Perm = Perm {
    key: "org.token.write",
    label: T("创建接口令牌", "Make API tokens"),
    grants: &[(Role::Manager, Reach::Own)],
};

/// All of them.
pub(crate) fn all() -> Vec<&'static Perm> {
    vec![
        &UNIT_READ,
        &UNIT_WRITE,
        &STAFF_READ,
        &STAFF_WRITE,
        &STAFF_REVEAL,
        &USER_READ,
        &USER_WRITE,
        &ROLE_READ,
        &ROLE_WRITE,
        &ACTING_WRITE,
        &TOKEN_WRITE,
    ]
}
