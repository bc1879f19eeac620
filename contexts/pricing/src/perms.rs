//! Permissions of pricing.

use kernel::T;
use kit::{Perm, Reach, Role};

/// Read prices and fee rules.
pub static PRICE_READ: Perm = Perm {
    key: "pricing.price.read",
    label: T("查看价格和收费规则", "Read prices and fee rules"),
    grants: &[
        (Role::Admin, Reach::All),
        (Role::Manager, Reach::All),
        (Role::Agent, Reach::All),
        (Role::Dispatcher, Reach::All),
        (Role::Engineer, Reach::All),
        (Role::Cashier, Reach::All),
        (Role::Auditor, Reach::All),
        (Role::Outlet, Reach::All),
    ],
};
/// Change prices: deviations from uniform prices are decided by who holds this (BILL-02).
pub static PRICE_WRITE: Perm = Perm {
    key: "pricing.price.write",
    label: T("维护价格和收费规则", "Change prices and fee rules"),
    grants: &[(Role::Admin, Reach::All), (Role::Manager, Reach::All)],
};
/// Note what a certificate says (BILL-08).
pub static CERTIFICATE_WRITE: Perm = Perm {
    key: "pricing.certificate.write",
    label: T("登记保修单上的收费标准", "Note the charges printed on a certificate"),
    grants: &[
        (Role::Admin, Reach::All),
        (Role::Manager, Reach::Below),
        (Role::Agent, Reach::Below),
        (Role::Engineer, Reach::Outlet),
        (Role::Outlet, Reach::Outlet),
    ],
};

/// Kinds of work.
pub static KIND_WRITE: Perm = Perm {
    key: "pricing.kind.write",
    label: T("设置服务工种", "Set up kinds of work"),
    grants: &[(Role::Manager, Reach::All)],
};

/// All of them.
pub const ALL: &[&Perm] = &[&PRICE_READ, &PRICE_WRITE, &CERTIFICATE_WRITE, &KIND_WRITE];
