//! What may be allowed or denied around service orders (ORG-08).

use kernel::T;
use kit::{Perm, Reach, Role};

const OFFICE: &[(Role, Reach)] = &[
    (Role::Manager, Reach::Below),
    (Role::Agent, Reach::Below),
    (Role::Dispatcher, Reach::Below),
    (Role::Outlet, Reach::Outlet),
];
const STEER: &[(Role, Reach)] =
    &[(Role::Manager, Reach::Below), (Role::Dispatcher, Reach::Below), (Role::Outlet, Reach::Outlet)];
const WORK: &[(Role, Reach)] = &[
    (Role::Manager, Reach::Below),
    (Role::Dispatcher, Reach::Below),
    (Role::Engineer, Reach::Own),
    (Role::Outlet, Reach::Outlet),
];

const WORK_AND_DESK: &[(Role, Reach)] = &[
    (Role::Manager, Reach::Below),
    (Role::Agent, Reach::Below),
    (Role::Dispatcher, Reach::Below),
    (Role::Callback, Reach::Below),
    (Role::Engineer, Reach::Own),
    (Role::Outlet, Reach::Outlet),
];

/// See orders.
pub static ORDER_READ: Perm = Perm {
    key: "orders.order.read",
    label: T("查看服务工单", "See service orders"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Agent, Reach::Below),
        (Role::Dispatcher, Reach::Below),
        (Role::Engineer, Reach::Own),
        (Role::Storekeeper, Reach::Below),
        (Role::Cashier, Reach::Below),
        (Role::Callback, Reach::Below),
        (Role::Auditor, Reach::Below),
        (Role::Outlet, Reach::Outlet),
    ],
};
/// Open an order.
pub static ORDER_CREATE: Perm =
    Perm {
        key: "orders.order.create", label: T("新建服务工单", "Open service orders"), grants: OFFICE
    };
/// Change its head.
pub static ORDER_EDIT: Perm =
    Perm { key: "orders.order.edit", label: T("修改工单信息", "Change order data"), grants: OFFICE };
/// Accept it.
pub static ORDER_ACCEPT: Perm =
    Perm { key: "orders.order.accept", label: T("受理工单", "Accept orders"), grants: OFFICE };
/// Assign and reassign.
pub static ORDER_ASSIGN: Perm =
    Perm {
        key: "orders.order.assign", label: T("派工与改派", "Assign and reassign orders"), grants: STEER
    };
/// Depart, arrive, start, wait, go on.
pub static ORDER_WORK: Perm =
    Perm { key: "orders.order.work", label: T("执行工单", "Work on orders"), grants: WORK };
/// Material and fee lines.
pub static ORDER_LINES: Perm = Perm {
    key: "orders.order.lines",
    label: T("登记备件与费用", "Enter parts and fees"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Agent, Reach::Below),
        (Role::Dispatcher, Reach::Below),
        (Role::Storekeeper, Reach::Below),
        (Role::Callback, Reach::Below),
        (Role::Engineer, Reach::Own),
        (Role::Outlet, Reach::Outlet),
    ],
};
/// Move a line between free and charged after evidence (WO-48).
pub static ORDER_RECLASSIFY: Perm = Perm {
    key: "orders.line.reclassify",
    label: T("改判保修承担", "Reclassify warranty cover"),
    grants: &[(Role::Manager, Reach::Below), (Role::Auditor, Reach::Below)],
};
/// Set prices by hand where the lists have one. Not for engineers: their commission is paid on them (PAY-03).
pub static ORDER_PRICE: Perm =
    Perm { key: "orders.line.price", label: T("手工定价", "Set prices by hand"), grants: OFFICE };
/// Quote, and record the customer's consent.
pub static ORDER_QUOTE: Perm = Perm {
    key: "orders.order.quote",
    label: T("报价与同意登记", "Quote and record consent"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Agent, Reach::Below),
        (Role::Dispatcher, Reach::Below),
        (Role::Engineer, Reach::Own),
        (Role::Outlet, Reach::Outlet),
    ],
};
/// Completion sheet.
pub static ORDER_COMPLETE: Perm =
    Perm { key: "orders.order.complete", label: T("完工回单", "Complete orders"), grants: WORK };
/// The customer's acknowledgement.
pub static ORDER_CONFIRM: Perm = Perm {
    key: "orders.order.confirm",
    label: T("登记客户确认", "Record the customer's acknowledgement"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Agent, Reach::Below),
        (Role::Dispatcher, Reach::Below),
        (Role::Callback, Reach::Below),
        (Role::Cashier, Reach::Below),
        (Role::Engineer, Reach::Own),
        (Role::Outlet, Reach::Outlet),
    ],
};
/// Audit sheet.
pub static ORDER_AUDIT: Perm = Perm {
    key: "orders.order.audit",
    label: T("审核完工单", "Audit completion sheets"),
    grants: &[(Role::Auditor, Reach::Below), (Role::Manager, Reach::Below)],
};
/// Audit without a satisfied callback.
pub static ORDER_WAIVE: Perm = Perm {
    key: "orders.order.waive_callback",
    label: T("免回访审核", "Audit without a callback"),
    grants: &[(Role::Manager, Reach::Below)],
};
/// Cancel, terminate, return unrepaired.
pub static ORDER_STOP: Perm = Perm {
    key: "orders.order.stop",
    label: T("取消、终止工单", "Cancel and terminate orders"),
    grants: OFFICE,
};
/// Reopen after completion.
pub static ORDER_REOPEN: Perm = Perm {
    key: "orders.order.reopen",
    label: T("重新打开工单", "Reopen orders"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Dispatcher, Reach::Below),
        (Role::Callback, Reach::Below),
        (Role::Outlet, Reach::Outlet),
    ],
};
/// Reopen after the audit: what was locked and paid is taken back.
pub static ORDER_UNLOCK: Perm = Perm {
    key: "orders.order.unlock",
    label: T("审核后重新打开工单", "Reopen audited orders"),
    grants: &[(Role::Manager, Reach::Below)],
};
/// Show phone or address in full; recorded.
pub static ORDER_REVEAL: Perm = Perm {
    key: "orders.order.reveal",
    label: T("查看工单完整电话地址", "Reveal phone and address of orders"),
    grants: WORK_AND_DESK,
};
/// The customer's link and acceptance code. Not for engineers: the code proves that the customer was there.
pub static ORDER_KEY: Perm = Perm {
    key: "orders.order.key",
    label: T("查看客户链接与验收码", "See the customer's link and acceptance code"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Agent, Reach::Below),
        (Role::Dispatcher, Reach::Below),
        (Role::Callback, Reach::Below),
        (Role::Outlet, Reach::Outlet),
    ],
};
/// Closed history from files.
pub static ORDER_IMPORT: Perm = Perm {
    key: "orders.order.import",
    label: T("导入历史工单", "Import past orders"),
    grants: &[(Role::Manager, Reach::Below)],
};

/// All of them, for the module.
pub static ALL: &[&Perm] = &[
    &ORDER_READ,
    &ORDER_CREATE,
    &ORDER_EDIT,
    &ORDER_ACCEPT,
    &ORDER_ASSIGN,
    &ORDER_WORK,
    &ORDER_LINES,
    &ORDER_RECLASSIFY,
    &ORDER_PRICE,
    &ORDER_QUOTE,
    &ORDER_COMPLETE,
    &ORDER_CONFIRM,
    &ORDER_AUDIT,
    &ORDER_WAIVE,
    &ORDER_STOP,
    &ORDER_REOPEN,
    &ORDER_UNLOCK,
    &ORDER_REVEAL,
    &ORDER_KEY,
    &ORDER_IMPORT,
];
