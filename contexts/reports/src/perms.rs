//! Permissions of reports.

use kernel::T;
use kit::{Perm, Reach, Role};

/// See the work of the posts below one's own. Everybody sees their own posts' people with "own"; wider reaches add the
/// people of an organisation (ORG-05).
pub static SUPERVISION_READ: Perm = Perm {
    key: "reports.supervision.read",
    label: T("查看下属工作", "See the work of subordinates"),
    grants: &[
        (Role::Manager, Reach::Own),
        (Role::Agent, Reach::Own),
        (Role::Dispatcher, Reach::Own),
        (Role::Engineer, Reach::Own),
        (Role::Storekeeper, Reach::Own),
        (Role::Cashier, Reach::Own),
        (Role::Callback, Reach::Own),
        (Role::Auditor, Reach::Own),
        (Role::Outlet, Reach::Own),
    ],
};

/// Set up mails that bring lists and summaries to people at their time (WO-35, REP-07).
pub static MAIL_WRITE: Perm = Perm {
    key: "reports.mail.write",
    label: T("设置定时邮件", "Set up scheduled mails"),
    grants: &[(Role::Manager, Reach::Below), (Role::Auditor, Reach::Below)],
};

/// See the figures of one's organisations. Somebody who reaches only own orders has no dashboard.
pub static BOARD_READ: Perm = Perm {
    key: "reports.board.read",
    label: T("查看经营看板", "See the dashboard"),
    grants: &[(Role::Manager, Reach::Below), (Role::Auditor, Reach::Below), (Role::Outlet, Reach::Outlet)],
};
