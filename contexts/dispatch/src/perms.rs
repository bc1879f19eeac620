//! Permissions of dispatch. Assigning itself is `orders.order.assign`.

use kernel::T;
use kit::{Perm, Reach, Role};

/// See the day of engineers.
pub static DAY_READ: Perm = Perm {
    key: "dispatch.day.read",
    label: T("查看派工日程", "See the dispatch day"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Dispatcher, Reach::Below),
        (Role::Agent, Reach::Below),
        (Role::Outlet, Reach::Outlet),
    ],
};

/// Enter leave, training and other absences.
pub static ABSENCE_WRITE: Perm = Perm {
    key: "dispatch.absence.write",
    label: T("登记请假与占用", "Enter absences"),
    grants: &[(Role::Manager, Reach::Below), (Role::Dispatcher, Reach::Below), (Role::Outlet, Reach::Outlet)],
};
