//! Permissions of the portal's staff side. The public side has none: secrets in addresses decide there.

use kernel::T;
use kit::{Perm, Reach, Role};

/// Write to the customer of an order (WO-40).
pub static MESSAGE_WRITE: Perm = Perm {
    key: "portal.message.write",
    label: T("给客户留言", "Write to customers"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Agent, Reach::Below),
        (Role::Dispatcher, Reach::Below),
        (Role::Callback, Reach::Below),
        (Role::Engineer, Reach::Own),
        (Role::Outlet, Reach::Outlet),
    ],
};

/// Choose which files of a model customers may read.
pub static PAPER_WRITE: Perm = Perm {
    key: "portal.paper.write",
    label: T("发布客户资料", "Publish papers for customers"),
    grants: &[(Role::Manager, Reach::All)],
};

/// All of them, for the module.
pub static ALL: &[&Perm] = &[&MESSAGE_WRITE, &PAPER_WRITE];
