//! Permissions of customer files.

use kernel::T;
use kit::{Perm, Reach, Role};

/// Read files. Wide for those who take calls, so that branches share what they know (CUST-23).
pub static CUSTOMER_READ: Perm = Perm {
    key: "customers.customer.read",
    label: T("查看客户档案", "Read customer files"),
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

/// Find files of other branches by their telephone number, and take in requests and orders for them: what branches know
/// is shared, phone and address stay masked as the role has it, the whole file stays with its branch (CUST-23).
pub static CUSTOMER_SHARED: Perm = Perm {
    key: "customers.customer.shared",
    label: T("按电话找到其他机构的客户并受理", "Find customers of other branches by number and serve them"),
    grants: &[(Role::Agent, Reach::All), (Role::Dispatcher, Reach::All)],
};

/// Open and change files.
pub static CUSTOMER_WRITE: Perm = Perm {
    key: "customers.customer.write",
    label: T("新建、修改客户档案", "Open and change customer files"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Agent, Reach::Below),
        (Role::Callback, Reach::Below),
        (Role::Outlet, Reach::Outlet),
    ],
};

/// Archive, merge and share out files.
pub static CUSTOMER_MERGE: Perm = Perm {
    key: "customers.customer.merge",
    label: T("合并、归档客户档案", "Merge and archive customer files"),
    grants: &[(Role::Manager, Reach::Below)],
};

/// See masked phone numbers, e-mail and addresses one at a time, on record.
pub static CUSTOMER_REVEAL: Perm = Perm {
    key: "customers.customer.reveal",
    label: T("查看客户电话、地址（留痕）", "Reveal phone numbers and addresses (recorded)"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Agent, Reach::Below),
        (Role::Dispatcher, Reach::Below),
        (Role::Engineer, Reach::Outlet),
        (Role::Callback, Reach::Below),
        (Role::Outlet, Reach::Outlet),
    ],
};

/// Import files from a table.
pub static CUSTOMER_IMPORT: Perm = Perm {
    key: "customers.customer.import",
    label: T("导入客户档案", "Import customer files"),
    grants: &[(Role::Manager, Reach::Below)],
};

/// Give out a copy of everything held about a customer, for the person itself (PIPL).
pub static PERSONAL_EXPORT: Perm = Perm {
    key: "customers.personal.export",
    label: T("导出客户个人信息副本（留痕）", "Copy everything held about a customer (recorded)"),
    grants: &[(Role::Manager, Reach::Below)],
};

/// Make everything held about a customer anonymous (PIPL); the administrator's alone until somebody is given it.
pub static PERSONAL_ERASE: Perm = Perm {
    key: "customers.personal.erase",
    label: T("匿名化客户个人信息（不可恢复）", "Make a customer's personal data anonymous (for good)"),
    grants: &[],
};

/// Keep the table of customer classes.
pub static CLASS_WRITE: Perm = Perm {
    key: "customers.class.write",
    label: T("维护客户类别", "Keep customer classes"),
    grants: &[(Role::Manager, Reach::All)],
};

/// All of them.
pub const ALL: &[&Perm] = &[
    &CUSTOMER_READ,
    &CUSTOMER_SHARED,
    &CUSTOMER_WRITE,
    &CUSTOMER_MERGE,
    &CUSTOMER_REVEAL,
    &CUSTOMER_IMPORT,
    &PERSONAL_EXPORT,
    &PERSONAL_ERASE,
    &CLASS_WRITE,
];
