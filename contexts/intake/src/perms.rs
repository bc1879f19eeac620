//! Permissions of intake.

use kernel::T;
use kit::{Perm, Reach, Role};

/// See requests.
pub static REQUEST_READ: Perm = Perm {
    key: "intake.request.read",
    label: T("查看服务请求", "See service requests"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Agent, Reach::Below),
        (Role::Dispatcher, Reach::Below),
        (Role::Callback, Reach::Below),
        (Role::Auditor, Reach::Below),
        (Role::Outlet, Reach::Outlet),
    ],
};

/// Take in, answer and close requests.
pub static REQUEST_WRITE: Perm = Perm {
    key: "intake.request.write",
    label: T("受理、答复服务请求", "Take in and answer requests"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Agent, Reach::Below),
        (Role::Dispatcher, Reach::Below),
        (Role::Outlet, Reach::Outlet),
    ],
};

/// Decide on special requests before they are booked (CALL-18).
pub static REQUEST_LEAD: Perm = Perm {
    key: "intake.request.lead",
    label: T("审定特殊请求", "Decide on special requests"),
    grants: &[(Role::Manager, Reach::Below)],
};

/// See the register of calls and letters.
pub static CALL_READ: Perm = Perm {
    key: "intake.call.read",
    label: T("查看电话与信函登记", "See the register of calls and letters"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Agent, Reach::Below),
        (Role::Dispatcher, Reach::Below),
        (Role::Callback, Reach::Below),
        (Role::Outlet, Reach::Outlet),
    ],
};

/// Register calls and letters, look up callers.
pub static CALL_WRITE: Perm = Perm {
    key: "intake.call.write",
    label: T("登记电话与信函", "Register calls and letters"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Agent, Reach::Below),
        (Role::Dispatcher, Reach::Below),
        (Role::Callback, Reach::Below),
        (Role::Outlet, Reach::Outlet),
    ],
};

/// Tell of calls as they ring: for the account of the telephone system, and to try it (CALL-02).
pub static CALL_EVENT: Perm = Perm {
    key: "intake.call.event",
    label: T("上报电话事件（电话系统）", "Tell of calls as they ring (telephone system)"),
    grants: &[(Role::Manager, Reach::Below)],
};

/// Set up topics and contents.
pub static TOPIC_WRITE: Perm = Perm {
    key: "intake.topic.write",
    label: T("设置服务主题", "Set up topics"),
    grants: &[(Role::Manager, Reach::All)],
};

/// All of them, for the module.
pub static ALL: &[&Perm] =
    &[&REQUEST_READ, &REQUEST_WRITE, &REQUEST_LEAD, &CALL_READ, &CALL_WRITE, &CALL_EVENT, &TOPIC_WRITE];
