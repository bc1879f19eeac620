//! Permissions of this context.

use kernel::T;
use kit::{Perm, Reach, Role};

/// Sees the catalogue; it is the same for the whole company.
pub static PART_READ: Perm = Perm {
    key: "parts.part.read",
    label: T("查看配件目录", "See the parts catalogue"),
    grants: &[
        (Role::Manager, Reach::All),
        (Role::Agent, Reach::All),
        (Role::Dispatcher, Reach::All),
        (Role::Engineer, Reach::All),
        (Role::Storekeeper, Reach::All),
        (Role::Cashier, Reach::All),
        (Role::Callback, Reach::All),
        (Role::Auditor, Reach::All),
        (Role::Outlet, Reach::All),
    ],
};

/// Keeps the catalogue.
pub static PART_WRITE: Perm = Perm {
    key: "parts.part.write",
    label: T("维护配件目录", "Keep the parts catalogue"),
    grants: &[(Role::Manager, Reach::All), (Role::Storekeeper, Reach::All)],
};

/// Sees depots, what lies in them, and how it moved.
pub static STOCK_READ: Perm = Perm {
    key: "parts.stock.read",
    label: T("查看库存", "See stock"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Agent, Reach::Below),
        (Role::Dispatcher, Reach::Below),
        (Role::Engineer, Reach::Outlet),
        (Role::Storekeeper, Reach::Below),
        (Role::Cashier, Reach::Below),
        (Role::Auditor, Reach::Below),
        (Role::Outlet, Reach::Outlet),
    ],
};

/// Makes and changes depots.
pub static DEPOT_WRITE: Perm = Perm {
    key: "parts.depot.write",
    label: T("维护仓库", "Keep depots"),
    grants: &[(Role::Manager, Reach::Below), (Role::Storekeeper, Reach::Below)],
};

/// Receives goods.
pub static STOCK_RECEIVE: Perm = Perm {
    key: "parts.stock.receive",
    label: T("入库", "Receive goods"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Storekeeper, Reach::Below),
        (Role::Outlet, Reach::Outlet),
    ],
};

/// Sends stock out of a depot: transfers, draws and returns. Engineers: out of their own van.
pub static STOCK_MOVE: Perm = Perm {
    key: "parts.stock.move",
    label: T("调拨、领料、退料", "Transfer, hand out, take back"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Storekeeper, Reach::Below),
        (Role::Outlet, Reach::Outlet),
        (Role::Engineer, Reach::Own),
    ],
};

/// Corrects counts and states, and sets levels.
pub static STOCK_ADJUST: Perm = Perm {
    key: "parts.stock.adjust",
    label: T("盘点更正与库存上下限", "Correct counts, set levels"),
    grants: &[(Role::Manager, Reach::Below), (Role::Storekeeper, Reach::Below)],
};

/// Issues and reserves for a customer or engineer outside a service order.
pub static STOCK_ISSUE: Perm = Perm {
    key: "parts.stock.issue",
    label: T("出库与预约", "Issue and reserve"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Storekeeper, Reach::Below),
        (Role::Outlet, Reach::Outlet),
        (Role::Engineer, Reach::Own),
    ],
};

/// Changes or takes back what was posted (ORG-10): without it a posted slip or receipt is read-only.
pub static STOCK_EDIT: Perm = Perm {
    key: "parts.stock.edit",
    label: T("修改、冲销已过账的出入库单", "Change or reverse posted receipts and issue slips"),
    grants: &[(Role::Manager, Reach::Below), (Role::Storekeeper, Reach::Below)],
};

/// Asks for goods to be bought.
pub static PURCHASE_WRITE: Perm = Perm {
    key: "parts.purchase.write",
    label: T("申请采购", "Ask for purchases"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Storekeeper, Reach::Below),
        (Role::Dispatcher, Reach::Below),
        (Role::Outlet, Reach::Outlet),
        (Role::Engineer, Reach::Outlet),
    ],
};

/// Orders from suppliers, and cancels what is ordered.
pub static PURCHASE_ORDER: Perm = Perm {
    key: "parts.purchase.order",
    label: T("下采购单", "Order from suppliers"),
    grants: &[(Role::Manager, Reach::Below), (Role::Storekeeper, Reach::Below)],
};

/// Sees who owes old parts.
pub static OLD_PART_READ: Perm = Perm {
    key: "parts.old_part.read",
    label: T("查看旧件", "See old parts"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Storekeeper, Reach::Below),
        (Role::Engineer, Reach::Own),
        (Role::Outlet, Reach::Outlet),
        (Role::Cashier, Reach::Below),
        (Role::Auditor, Reach::Below),
    ],
};

/// Takes old parts back, charges or waives them.
pub static OLD_PART_WRITE: Perm = Perm {
    key: "parts.old_part.write",
    label: T("旧件回收与扣款", "Take old parts back, charge them"),
    grants: &[(Role::Manager, Reach::Below), (Role::Storekeeper, Reach::Below)],
};

/// All of them.
pub static ALL: &[&Perm] = &[
    &PART_READ,
    &PART_WRITE,
    &STOCK_READ,
    &DEPOT_WRITE,
    &STOCK_RECEIVE,
    &STOCK_MOVE,
    &STOCK_ADJUST,
    &STOCK_ISSUE,
    &STOCK_EDIT,
    &PURCHASE_WRITE,
    &PURCHASE_ORDER,
    &OLD_PART_READ,
    &OLD_PART_WRITE,
];
