//! Permissions of reports.

use kernel::T;
use kit::{Perm, Reach, Role};

/// See the figures of one's organisations. Somebody who reaches only own orders has no dashboard.
pub static BOARD_READ: Perm = Perm {
    key: "reports.board.read",
    label: T("查看经营看板", "See the dashboard"),
    grants: &[(Role::Manager, Reach::Below), (Role::Auditor, Reach::Below), (Role::Outlet, Reach::Outlet)],
};
