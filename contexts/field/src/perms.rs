//! Permissions of the phone pages. What may be done to an order is decided by the permissions of orders.

use kernel::T;
use kit::{Perm, Reach, Role};

/// Use the phone pages: own visits, own van.
pub static PHONE_USE: Perm = Perm {
    key: "field.phone.use",
    label: T("使用手机工单", "Use the phone pages"),
    grants: &[(Role::Engineer, Reach::Own)],
};

/// See what engineers reported from road and site.
pub static REPORT_READ: Perm = Perm {
    key: "field.report.read",
    label: T("查看现场上报", "See reports from the field"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Dispatcher, Reach::Below),
        (Role::Agent, Reach::Below),
        (Role::Outlet, Reach::Outlet),
        (Role::Engineer, Reach::Own),
    ],
};
