//! Permissions of warranty.

use kernel::T;
use kit::{Perm, Reach, Role};

/// Read terms and ask what they say.
pub static POLICY_READ: Perm = Perm {
    key: "warranty.policy.read",
    label: T("查看质保政策", "Read warranty policies"),
    grants: &[
        (Role::Admin, Reach::All),
        (Role::Manager, Reach::All),
        (Role::Agent, Reach::All),
        (Role::Dispatcher, Reach::All),
        (Role::Engineer, Reach::All),
        (Role::Cashier, Reach::All),
        (Role::Callback, Reach::All),
        (Role::Auditor, Reach::All),
        (Role::Outlet, Reach::All),
    ],
};
/// Make and change terms.
pub static POLICY_WRITE: Perm = Perm {
    key: "warranty.policy.write",
    label: T("维护质保政策", "Change warranty policies"),
    grants: &[(Role::Admin, Reach::All), (Role::Manager, Reach::All)],
};
/// Read goodwill and borderline decisions.
pub static EXCEPTION_READ: Perm = Perm {
    key: "warranty.exception.read",
    label: T("查看质保例外", "Read warranty exceptions"),
    grants: &[
        (Role::Admin, Reach::All),
        (Role::Manager, Reach::Below),
        (Role::Auditor, Reach::All),
        (Role::Outlet, Reach::Outlet),
    ],
};
/// Decide goodwill and borderline cases (WARR-24).
pub static EXCEPTION_GRANT: Perm = Perm {
    key: "warranty.exception.grant",
    label: T("批准质保例外（减免、边界情况）", "Grant warranty exceptions (goodwill, borderline cases)"),
    grants: &[(Role::Admin, Reach::All), (Role::Manager, Reach::Below)],
};
/// Note what a customer showed to prove a warranty (WARR-22).
pub static PROOF_WRITE: Perm = Perm {
    key: "warranty.proof.write",
    label: T("核对质保凭证", "Check proofs of warranty"),
    grants: &[
        (Role::Admin, Reach::All),
        (Role::Manager, Reach::Below),
        (Role::Agent, Reach::Below),
        (Role::Engineer, Reach::Outlet),
        (Role::Outlet, Reach::Outlet),
    ],
};

/// All of them.
pub const ALL: &[&Perm] = &[&PROOF_WRITE, &POLICY_READ, &POLICY_WRITE, &EXCEPTION_READ, &EXCEPTION_GRANT];
