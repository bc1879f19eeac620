//! Permissions, how far they reach, and what of a sensitive field a person may see (ORG-08…11).

mod actor;
mod said;
mod scope;
mod sens;
#[cfg(test)]
mod tests;

use kernel::T;
use serde::{Deserialize, Serialize};

pub use actor::{Actor, Instead, READ_ONLY};
pub use said::{said, whole};
pub use scope::{Owned, Scope, Shared};
pub use sens::{Secret, Sens, Show, VEIL, mask};

/// A permission: one constant per item of the product that can be allowed or denied.
#[derive(Debug)]
pub struct Perm {
    /// `context.thing.action`, for example `orders.order.complete`.
    pub key: &'static str,
    /// What people read when they hand it out.
    pub label: T,
    /// Which built-in roles hold it on first start, and how far.
    pub grants: &'static [(Role, Reach)],
}

/// Built-in roles; companies add their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// holds every permission
    Admin,
    /// sees and steers everything below its organisation
    Manager,
    /// answers calls and walk-ins
    Agent,
    /// assigns work
    Dispatcher,
    /// does the work
    Engineer,
    /// keeps the stock
    Storekeeper,
    /// bills and cashes
    Cashier,
    /// calls customers back
    Callback,
    /// audits completion sheets
    Auditor,
    /// a service outlet's own desk
    Outlet,
}

impl Role {
    /// All built-in roles.
    pub const ALL: &'static [Self] = &[
        Self::Admin,
        Self::Manager,
        Self::Agent,
        Self::Dispatcher,
        Self::Engineer,
        Self::Storekeeper,
        Self::Cashier,
        Self::Callback,
        Self::Auditor,
        Self::Outlet,
    ];

    /// Code and label.
    pub const fn info(self) -> (&'static str, T) {
        match self {
            Self::Admin => ("admin", T("系统管理员", "Administrator")),
            Self::Manager => ("manager", T("服务经理", "Service manager")),
            Self::Agent => ("agent", T("坐席/前台", "Agent / front desk")),
            Self::Dispatcher => ("dispatcher", T("调度员", "Dispatcher")),
            Self::Engineer => ("engineer", T("服务工程师", "Service engineer")),
            Self::Storekeeper => ("storekeeper", T("库管员", "Storekeeper")),
            Self::Cashier => ("cashier", T("收银/结算员", "Cashier")),
            Self::Callback => ("callback", T("回访员", "Callback clerk")),
            Self::Auditor => ("auditor", T("审核员", "Auditor")),
            Self::Outlet => ("outlet", T("网点", "Outlet desk")),
        }
    }

    /// The code stored in the database.
    pub const fn code(self) -> &'static str {
        self.info().0
    }
}

/// How far a permission reaches, from wide to narrow.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// own documents only
    Own,
    /// documents of the own team
    Team,
    /// own documents and those of people whose posts stand below the own one, wherever they are (ORG-04)
    Posts,
    /// documents of the own outlet
    Outlet,
    /// the own organisation and everything below it
    Below,
    /// everything
    All,
}

impl Reach {
    /// From narrow to wide.
    pub const EVERY: [Self; 6] = [Self::Own, Self::Team, Self::Posts, Self::Outlet, Self::Below, Self::All];

    /// The code stored in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Team => "team",
            Self::Posts => "posts",
            Self::Outlet => "outlet",
            Self::Below => "below",
            Self::All => "all",
        }
    }

    /// From the stored code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|reach| reach.code() == code)
    }

    /// For people.
    pub const fn label(self) -> T {
        match self {
            Self::Own => T("本人", "own"),
            Self::Team => T("本组", "own team"),
            Self::Posts => T("本人及下属岗位", "own and subordinate posts"),
            Self::Outlet => T("本网点", "own outlet"),
            Self::Below => T("本组织及下级", "own organisation and below"),
            Self::All => T("全部", "all"),
        }
    }
}
