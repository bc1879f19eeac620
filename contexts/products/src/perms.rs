//! Permissions of products and the installed base.

use kernel::T;
use kit::{Perm, Reach, Role};

/// Read models and the product tree.
pub static MODEL_READ: Perm = Perm {
    key: "products.model.read",
    label: T("查看产品型号", "Read product models"),
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

/// Keep models and the product tree.
pub static MODEL_WRITE: Perm = Perm {
    key: "products.model.write",
    label: T("维护产品型号", "Keep product models"),
    grants: &[(Role::Manager, Reach::All)],
};

/// Read units.
pub static UNIT_READ: Perm = Perm {
    key: "products.unit.read",
    label: T("查看设备", "Read units"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Agent, Reach::Below),
        (Role::Dispatcher, Reach::Below),
        (Role::Engineer, Reach::Outlet),
        (Role::Cashier, Reach::Below),
        (Role::Callback, Reach::Below),
        (Role::Auditor, Reach::Below),
        (Role::Outlet, Reach::Outlet),
    ],
};

/// Register and change units, and record on them.
pub static UNIT_WRITE: Perm = Perm {
    key: "products.unit.write",
    label: T("登记、修改设备", "Register and change units"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Agent, Reach::Below),
        (Role::Engineer, Reach::Outlet),
        (Role::Outlet, Reach::Outlet),
    ],
};

/// Change owner and place.
pub static UNIT_TRANSFER: Perm = Perm {
    key: "products.unit.transfer",
    label: T("设备移交与转场", "Transfer and relocate units"),
    grants: &[(Role::Manager, Reach::Below), (Role::Agent, Reach::Below), (Role::Outlet, Reach::Outlet)],
};

/// Import models and units from a table.
pub static PRODUCT_IMPORT: Perm = Perm {
    key: "products.import",
    label: T("导入型号与设备", "Import models and units"),
    grants: &[(Role::Manager, Reach::Below)],
};

/// All of them.
pub const ALL: &[&Perm] =
    &[&MODEL_READ, &MODEL_WRITE, &UNIT_READ, &UNIT_WRITE, &UNIT_TRANSFER, &PRODUCT_IMPORT];
