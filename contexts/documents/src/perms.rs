//! Permissions of documents, templates and approvals.

use kernel::T;
use kit::{Perm, Reach, Role};

/// See documents and what may be done next.
pub static DOCUMENT_READ: Perm = Perm {
    key: "documents.document.read",
    label: T("查看流程单据", "See documents of processes"),
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

/// Open documents and act on them, as far as the template lets somebody in this post.
pub static DOCUMENT_WRITE: Perm = Perm {
    key: "documents.document.write",
    label: T("办理流程单据", "Open documents and act on them"),
    grants: DOCUMENT_READ.grants,
};

/// See a telephone number or an address in full; every look is recorded.
pub static DOCUMENT_REVEAL: Perm = Perm {
    key: "documents.document.reveal",
    label: T("查看流程单据的敏感信息", "Reveal sensitive fields of documents"),
    grants: &[
        (Role::Manager, Reach::Below),
        (Role::Agent, Reach::Below),
        (Role::Dispatcher, Reach::Below),
        (Role::Engineer, Reach::Outlet),
        (Role::Callback, Reach::Below),
        (Role::Outlet, Reach::Outlet),
    ],
};

/// Act in place of whoever a template names; noted in the history.
pub static DOCUMENT_INSTEAD: Perm = Perm {
    key: "documents.document.instead",
    label: T("代替任何岗位办理", "Act in place of any post"),
    grants: &[],
};

/// See process templates and matrices of signatures.
pub static TEMPLATE_READ: Perm = Perm {
    key: "documents.template.read",
    label: T("查看流程模板", "See process templates"),
    grants: &[(Role::Manager, Reach::All), (Role::Auditor, Reach::All)],
};

/// Write, check and activate process templates and matrices of signatures.
pub static TEMPLATE_WRITE: Perm = Perm {
    key: "documents.template.write",
    label: T("编制与启用流程模板", "Write and activate process templates"),
    grants: &[],
};

/// See approvals of the organisation; those who are to sign see theirs without it.
pub static APPROVAL_READ: Perm = Perm {
    key: "documents.approval.read",
    label: T("查看审批", "See approvals"),
    grants: &[(Role::Manager, Reach::Below), (Role::Auditor, Reach::Below)],
};
