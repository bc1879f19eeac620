//! Permissions of pay.

use kernel::T;
use kit::{Perm, Reach, Role};

/// Read one's own statement (PAY-03).
pub static PAY_MINE: Perm = Perm {
    key: "pay.statement.mine",
    label: T("查看本人薪酬单", "Read one's own statement"),
    grants: &[
        (Role::Admin, Reach::Own),
        (Role::Manager, Reach::Own),
        (Role::Agent, Reach::Own),
        (Role::Dispatcher, Reach::Own),
        (Role::Engineer, Reach::Own),
        (Role::Storekeeper, Reach::Own),
        (Role::Cashier, Reach::Own),
        (Role::Callback, Reach::Own),
        (Role::Auditor, Reach::Own),
        (Role::Outlet, Reach::Own),
    ],
};
/// Read pay lines and sheets.
pub static PAY_READ: Perm = Perm {
    key: "pay.line.read",
    label: T("查看薪酬明细和结算单", "Read pay lines and sheets"),
    grants: &[
        (Role::Admin, Reach::All),
        (Role::Manager, Reach::Below),
        (Role::Cashier, Reach::All),
        (Role::Auditor, Reach::All),
        (Role::Engineer, Reach::Own),
    ],
};
/// Compute the pay of an audited order at once.
pub static PAY_COMPUTE: Perm = Perm {
    key: "pay.order.compute",
    label: T("计算工单提成", "Compute the pay of an order"),
    grants: &[(Role::Admin, Reach::All), (Role::Manager, Reach::Below), (Role::Auditor, Reach::All)],
};
/// Reward and penalise by hand, answer disputes (PAY-04).
pub static PAY_REWARD: Perm = Perm {
    key: "pay.reward.write",
    label: T("登记奖惩、答复异议", "Reward, penalise, answer disputes"),
    grants: &[(Role::Admin, Reach::All), (Role::Manager, Reach::Below)],
};
/// Make and lock pay sheets (PAY-09).
pub static PAY_SETTLE: Perm = Perm {
    key: "pay.sheet.settle",
    label: T("生成和锁定工资结算单", "Make and lock pay sheets"),
    grants: &[(Role::Admin, Reach::All), (Role::Manager, Reach::Below), (Role::Cashier, Reach::All)],
};
/// Read the rules: everybody whose pay they make may (PAY-03).
pub static RULES_READ: Perm = Perm {
    key: "pay.rule.read",
    label: T("查看提成和奖惩规则", "Read pay rules"),
    grants: &[
        (Role::Admin, Reach::All),
        (Role::Manager, Reach::All),
        (Role::Cashier, Reach::All),
        (Role::Auditor, Reach::All),
        (Role::Engineer, Reach::All),
        (Role::Outlet, Reach::All),
    ],
};
/// Change the rules.
pub static RULES_WRITE: Perm = Perm {
    key: "pay.rule.write",
    label: T("维护提成和奖惩规则", "Change pay rules"),
    grants: &[(Role::Admin, Reach::All), (Role::Manager, Reach::All)],
};
/// Read and set post wages (PAY-16).
pub static WAGES_WRITE: Perm = Perm {
    key: "pay.wage.write",
    label: T("维护岗位工资", "Set post wages"),
    grants: &[(Role::Admin, Reach::All)],
};

/// All of them.
pub const ALL: &[&Perm] =
    &[&PAY_MINE, &PAY_READ, &PAY_COMPUTE, &PAY_REWARD, &PAY_SETTLE, &RULES_READ, &RULES_WRITE, &WAGES_WRITE];
