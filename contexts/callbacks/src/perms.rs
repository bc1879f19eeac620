//! Permissions of callbacks.

use kernel::T;
use kit::{Perm, Reach, Role};

/// See callbacks and their results.
pub static CALLBACK_READ: Perm = Perm {
    key: "callbacks.callback.read",
    label: T("查看回访", "See callbacks"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Callback, Reach::Below),
        (Role::Agent, Reach::Below),
        (Role::Auditor, Reach::Below),
        (Role::Outlet, Reach::Outlet),
    ],
};

/// Plan callbacks and record their results.
pub static CALLBACK_WRITE: Perm = Perm {
    key: "callbacks.callback.write",
    label: T("登记回访", "Record callbacks"),
    grants: &[(Role::Manager, Reach::Below), (Role::Callback, Reach::Below), (Role::Agent, Reach::Below)],
};
