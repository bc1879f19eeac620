//! Permissions, how far they reach, and what of a sensitive field a person may see (ORG-08…11).

use std::collections::HashMap;
use std::sync::Arc;

use db::Sql;
use kernel::{Id, T};
use serde::{Deserialize, Serialize};

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
    /// documents of the own outlet
    Outlet,
    /// the own organisation and everything below it
    Below,
    /// everything
    All,
}

impl Reach {
    /// The code stored in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Team => "team",
            Self::Outlet => "outlet",
            Self::Below => "below",
            Self::All => "all",
        }
    }

    /// From the stored code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Own, Self::Team, Self::Outlet, Self::Below, Self::All].into_iter().find(|r| r.code() == code)
    }

    /// For people.
    pub const fn label(self) -> T {
        match self {
            Self::Own => T("本人", "own"),
            Self::Team => T("本组", "own team"),
            Self::Outlet => T("本网点", "own outlet"),
            Self::Below => T("本组织及下级", "own organisation and below"),
            Self::All => T("全部", "all"),
        }
    }
}

/// Kinds of sensitive fields (DESIGN §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sens {
    /// telephone numbers and e-mail addresses of people
    Phone,
    /// where people live
    Address,
    /// purchase and stock cost
    Cost,
    /// wages and commissions
    Pay,
}

impl Sens {
    /// All kinds.
    pub const ALL: &'static [Self] = &[Self::Phone, Self::Address, Self::Cost, Self::Pay];

    /// The code stored in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Address => "address",
            Self::Cost => "cost",
            Self::Pay => "pay",
        }
    }

    /// For people.
    pub const fn label(self) -> T {
        match self {
            Self::Phone => T("电话", "Phone"),
            Self::Address => T("地址", "Address"),
            Self::Cost => T("成本", "Cost"),
            Self::Pay => T("薪酬", "Pay"),
        }
    }
}

/// What of a sensitive field is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    /// nothing, not even that there is something
    Absent,
    /// the shape only: `138****6027`
    Masked,
    /// everything
    Full,
}

impl Show {
    /// From the stored code.
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "absent" => Some(Self::Absent),
            "masked" => Some(Self::Masked),
            "full" => Some(Self::Full),
            _ => None,
        }
    }
}

/// A value that may not be shown as it is. It has no `Display` and no `Serialize`: the only way out is
/// [`crate::Cx::show`], which masks it for the person looking.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    kind: Sens,
    value: String,
}

impl Secret {
    /// Wraps a value.
    pub fn new(kind: Sens, value: impl Into<String>) -> Self {
        Self { kind, value: value.into() }
    }

    /// Which kind.
    pub fn kind(&self) -> Sens {
        self.kind
    }

    /// The bare value, for storing, comparing and dialling; never for showing.
    pub fn expose(&self) -> &str {
        &self.value
    }

    /// What is visible at a given level.
    pub fn at(&self, show: Show) -> String {
        match show {
            Show::Full => self.value.clone(),
            Show::Masked => mask(self.kind, &self.value),
            Show::Absent => String::new(),
        }
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secret({:?})", self.kind)
    }
}

/// Keeps the shape of a value and hides what identifies.
pub fn mask(kind: Sens, value: &str) -> String {
    let chars: Vec<char> = value.chars().collect();
    match kind {
        _ if chars.is_empty() => String::new(),
        Sens::Phone if chars.len() >= 7 => {
            let (head, tail) = (chars.len().min(11) / 4 + 1, 4);
            let head = head.min(chars.len() - tail);
            let first: String = chars[..head].iter().collect();
            let last: String = chars[chars.len() - tail..].iter().collect();
            format!("{first}****{last}")
        }
        Sens::Address if chars.len() > 6 => {
            let first: String = chars[..6].iter().collect();
            format!("{first}***")
        }
        _ => "****".to_string(),
    }
}

/// Who acts: one signed-in person, an API token, or the system itself.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The user account.
    pub user: Id,
    /// The person behind it.
    pub staff: Option<Id>,
    /// Name for people.
    pub name: String,
    /// Login name.
    pub login: String,
    /// The organisation the person belongs to.
    pub org: Id,
    /// Its name.
    pub org_name: String,
    /// That organisation and everything below it.
    pub below: Arc<[Id]>,
    /// Staff of the same team, the person included.
    pub team: Arc<[Id]>,
    /// People the actor stands in for right now (ORG-14).
    pub acting_for: Arc<[Id]>,
    /// Permissions by key.
    pub grants: Arc<HashMap<String, Reach>>,
    /// What is shown of sensitive fields.
    pub fields: HashMap<&'static str, Show>,
    /// The session or token used; `None` for the system.
    pub credential: Option<Id>,
    /// True for an API token, which needs no Origin check.
    pub token: bool,
    /// The built-in system actor: everything is allowed.
    pub system: bool,
}

impl Actor {
    /// The actor of background work.
    pub fn system() -> Self {
        Self {
            user: Id::NIL,
            staff: None,
            name: "系统".into(),
            login: "system".into(),
            org: Id::NIL,
            org_name: String::new(),
            below: Arc::from([]),
            team: Arc::from([]),
            acting_for: Arc::from([]),
            grants: Arc::default(),
            fields: HashMap::new(),
            credential: None,
            token: false,
            system: true,
        }
    }

    /// How far a permission reaches for this actor, if held at all.
    pub fn reach(&self, perm: &Perm) -> Option<Reach> {
        if self.system { Some(Reach::All) } else { self.grants.get(perm.key).copied() }
    }

    /// The rows a permission covers, if held at all.
    pub fn scope(&self, perm: &Perm) -> Option<Scope> {
        Some(match self.reach(perm)? {
            Reach::All => Scope::All,
            Reach::Below => Scope::Orgs(Arc::clone(&self.below)),
            Reach::Outlet => Scope::Orgs(Arc::from([self.org])),
            Reach::Team => Scope::Owners(self.team.iter().chain(self.acting_for.iter()).copied().collect()),
            Reach::Own => Scope::Owners(self.staff.iter().chain(self.acting_for.iter()).copied().collect()),
        })
    }

    /// What is shown of a kind of field when nothing is hidden by key.
    pub fn shows(&self, kind: Sens) -> Show {
        if self.system { Show::Full } else { self.fields.get(kind.code()).copied().unwrap_or(Show::Masked) }
    }
}

/// The rows that somebody may see or change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// all rows
    All,
    /// rows of these organisations
    Orgs(Arc<[Id]>),
    /// rows of these people
    Owners(Arc<[Id]>),
}

/// See [`Scope::push_shared`].
pub type Shared = (&'static str, &'static str);

impl Scope {
    /// Appends the condition to a statement: `org` and `owner` are column expressions. Where a table has no
    /// owner, somebody restricted to own rows sees none.
    pub fn push(&self, sql: &mut Sql, org: &str, owner: Option<&str>) {
        self.push_shared(sql, org, owner, None);
    }

    /// Like [`Self::push`], for rows that may have more people than their owner: `shared` is a column and the select
    /// of its values up to the person, `("o.id", "select e.order_id from order_engineer e where e.staff_id")`.
    pub fn push_shared(&self, sql: &mut Sql, org: &str, owner: Option<&str>, shared: Option<Shared>) {
        if let (Self::Owners(ids), Some(owner), Some((column, select))) = (self, owner, shared) {
            sql.push(&format!(" and ({owner} in ")).list(ids.iter().copied());
            sql.push(&format!(" or {column} in ({select} in ")).list(ids.iter().copied()).push("))");
            return;
        }
        let (column, ids) = match (self, owner) {
            (Self::All, _) => return,
            (Self::Orgs(ids), _) => (org, ids),
            (Self::Owners(ids), Some(owner)) => (owner, ids),
            (Self::Owners(_), None) => {
                sql.push(" and 1 = 0");
                return;
            }
        };
        match ids.as_ref() {
            [one] => drop(sql.and(&format!("{column} ="), *one)),
            many => drop(sql.push(&format!(" and {column} in ")).list(many.iter().copied())),
        }
    }

    /// True when a row of `org`, owned by `owners`, is inside.
    pub fn covers(&self, org: Id, owners: &[Id]) -> bool {
        match self {
            Self::All => true,
            Self::Orgs(ids) => ids.contains(&org),
            Self::Owners(ids) => owners.iter().any(|owner| ids.contains(owner)),
        }
    }
}

/// Something that belongs to an organisation, and perhaps to people.
pub trait Owned {
    /// The owning organisation.
    fn org(&self) -> Id;
    /// Staff it belongs to, for `own` and `team` reach.
    fn owners(&self) -> Vec<Id> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_phone_keeps_head_and_tail() {
        assert_eq!(mask(Sens::Phone, "13800136027"), "138****6027");
        assert_eq!(mask(Sens::Phone, "0512-6601110"), "051****1110");
        assert_eq!(mask(Sens::Phone, "110"), "****");
        assert_eq!(mask(Sens::Phone, ""), "");
    }

    #[test]
    fn a_masked_address_keeps_city_and_district_only() {
        assert_eq!(mask(Sens::Address, "苏州市吴中区太湖东路9号"), "苏州市吴中区***");
        assert_eq!(mask(Sens::Cost, "12.50"), "****");
    }

    #[test]
    fn own_reach_over_a_table_without_owners_sees_nothing() {
        let mut sql = Sql::new("select 1 where true");
        Scope::Owners(Arc::from([Id::NIL])).push(&mut sql, "org_id", None);
        assert!(sql.text().ends_with(" and 1 = 0"));
    }
}
