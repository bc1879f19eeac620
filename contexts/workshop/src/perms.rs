//! What may be allowed or denied in the workshop (ORG-08).

use kernel::T;
use kit::{Perm, Reach, Role};

const DESK: &[(Role, Reach)] = &[
    (Role::Manager, Reach::Below),
    (Role::Agent, Reach::Below),
    (Role::Dispatcher, Reach::Below),
    (Role::Outlet, Reach::Outlet),
];

/// See units in the house, their checks, notices and returns.
pub static SHOP_READ: Perm = Perm {
    key: "workshop.unit.read",
    label: T("查看在修机器", "See units in the workshop"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Agent, Reach::Below),
        (Role::Dispatcher, Reach::Below),
        (Role::Engineer, Reach::Outlet),
        (Role::Storekeeper, Reach::Below),
        (Role::Cashier, Reach::Below),
        (Role::Callback, Reach::Below),
        (Role::Auditor, Reach::Below),
        (Role::Outlet, Reach::Outlet),
    ],
};
/// Take units in.
pub static SHOP_RECEIVE: Perm =
    Perm { key: "workshop.unit.receive", label: T("收机登记", "Receive units"), grants: DESK };
/// Work at the bench: place, begin, wait, self-check.
pub static SHOP_WORK: Perm = Perm {
    key: "workshop.unit.work",
    label: T("在修作业与自检", "Work at the bench and self-check"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Dispatcher, Reach::Below),
        (Role::Storekeeper, Reach::Below),
        (Role::Engineer, Reach::Own),
        (Role::Outlet, Reach::Outlet),
    ],
};
/// Tell customers, and ask them about extra items.
pub static SHOP_NOTIFY: Perm = Perm {
    key: "workshop.unit.notify",
    label: T("通知与征询客户", "Tell and ask customers"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Agent, Reach::Below),
        (Role::Dispatcher, Reach::Below),
        (Role::Callback, Reach::Below),
        (Role::Engineer, Reach::Own),
        (Role::Outlet, Reach::Outlet),
    ],
};
/// Hand units over and take the money.
pub static SHOP_HAND_OVER: Perm = Perm {
    key: "workshop.unit.hand_over",
    label: T("取机交付与收款", "Hand units over"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Agent, Reach::Below),
        (Role::Cashier, Reach::Below),
        (Role::Outlet, Reach::Outlet),
    ],
};
/// Return units to their maker and ask for them.
pub static MAKER_WRITE: Perm = Perm {
    key: "workshop.maker.write",
    label: T("返厂登记", "Return units to the maker"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Dispatcher, Reach::Below),
        (Role::Storekeeper, Reach::Below),
        (Role::Outlet, Reach::Outlet),
    ],
};
/// Sign the team leader's check.
pub static CHECK_TEAM: Perm = Perm {
    key: "workshop.check.team",
    label: T("班组长检验", "Team leader's check"),
    grants: &[(Role::Manager, Reach::Below), (Role::Dispatcher, Reach::Below), (Role::Outlet, Reach::Outlet)],
};
/// Sign the final inspection.
pub static CHECK_FINAL: Perm = Perm {
    key: "workshop.check.final",
    label: T("终检", "Final inspection"),
    grants: &[(Role::Manager, Reach::Below), (Role::Auditor, Reach::Below), (Role::Outlet, Reach::Outlet)],
};
/// Check lists and who must sign what.
pub static CHECK_SETUP: Perm = Perm {
    key: "workshop.check.setup",
    label: T("设置质检模板", "Set up check lists"),
    grants: &[(Role::Manager, Reach::All)],
};

/// All of them, for the module.
pub static ALL: &[&Perm] = &[
    &SHOP_READ,
    &SHOP_RECEIVE,
    &SHOP_WORK,
    &SHOP_NOTIFY,
    &SHOP_HAND_OVER,
    &MAKER_WRITE,
    &CHECK_TEAM,
    &CHECK_FINAL,
    &CHECK_SETUP,
];
