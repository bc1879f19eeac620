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
    /// The person's own name; [`Actor::signature`] where both names must show (ORG-14).
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
    /// What each of them may do, and where.
    pub instead: Arc<[Instead]>,
    /// The actor's own permissions by key.
    pub grants: Arc<HashMap<String, Reach>>,
    /// What is shown of sensitive fields.
    pub fields: HashMap<&'static str, Show>,
    /// The session or token used; `None` for the system.
    pub credential: Option<Id>,
    /// True for an API token, which needs no Origin check.
    pub token: bool,
    /// A token made for reading only: the front door refuses what writes.
    pub read_only: bool,
    /// A token with less than its account may do: it makes no further tokens.
    pub narrowed: bool,
    /// The built-in system actor: everything is allowed.
    pub system: bool,
}

/// Word of a token's scope: nothing may be written with it.
pub const READ_ONLY: &str = "read_only";

/// An absent person's rights, as the substitute holds them: in the absent person's place, not the substitute's.
#[derive(Clone, Debug)]
pub struct Instead {
    /// The absent person.
    pub staff: Id,
    /// Name for people.
    pub name: String,
    /// The absent person's organisation.
    pub org: Id,
    /// That organisation and everything below it.
    pub below: Arc<[Id]>,
    /// Staff of the absent person's team.
    pub team: Arc<[Id]>,
    /// What a substitute may take over, by key.
    pub grants: HashMap<String, Reach>,
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
            instead: Arc::from([]),
            grants: Arc::default(),
            fields: HashMap::new(),
            credential: None,
            token: false,
            read_only: false,
            narrowed: false,
            system: true,
        }
    }

    /// The same with less: `read_only` and permission keys, separated by spaces; no keys: all permissions stay.
    #[must_use]
    pub fn narrowed(mut self, scope: &str) -> Self {
        let keys: Vec<&str> = scope.split_whitespace().filter(|word| *word != READ_ONLY).collect();
        self.read_only = scope.split_whitespace().any(|word| word == READ_ONLY);
        self.narrowed = !scope.trim().is_empty();
        if !keys.is_empty() {
            let left = |grants: &HashMap<String, Reach>| {
                grants
                    .iter()
                    .filter(|(key, _)| keys.contains(&key.as_str()))
                    .map(|(k, r)| (k.clone(), *r))
                    .collect()
            };
            self.grants = Arc::new(left(&self.grants));
            let instead = self.instead.iter().map(|one| Instead { grants: left(&one.grants), ..one.clone() });
            self.instead = instead.collect();
        }
        self
    }

    /// How far a permission reaches for this actor, if held at all, as a person or as a substitute.
    pub fn reach(&self, perm: &Perm) -> Option<Reach> {
        let theirs = self.instead.iter().filter_map(|absent| absent.grants.get(perm.key).copied()).max();
        self.own_reach(perm).max(theirs)
    }

    fn own_reach(&self, perm: &Perm) -> Option<Reach> {
        if self.system { Some(Reach::All) } else { self.grants.get(perm.key).copied() }
    }

    /// All permissions held, own and taken over, each with its widest reach.
    pub fn held(&self) -> HashMap<String, Reach> {
        let mut held = HashMap::clone(&self.grants);
        for (key, reach) in self.instead.iter().flat_map(|absent| &absent.grants) {
            let widest = held.entry(key.clone()).or_insert(*reach);
            *widest = (*widest).max(*reach);
        }
        held
    }

    /// The rows a permission covers, if held at all: one's own, and as a substitute those of the absent people.
    pub fn scope(&self, perm: &Perm) -> Option<Scope> {
        let theirs = self.instead.iter().filter_map(|absent| absent.scope(perm));
        self.own_scope(perm).into_iter().chain(theirs).reduce(Scope::or)
    }

    fn own_scope(&self, perm: &Perm) -> Option<Scope> {
        Some(match self.own_reach(perm)? {
            Reach::All => Scope::All,
            Reach::Below => Scope::Orgs(Arc::clone(&self.below)),
            Reach::Outlet => Scope::Orgs(Arc::from([self.org])),
            Reach::Team => Scope::Owners(Arc::clone(&self.team)),
            Reach::Own => Scope::Owners(self.staff.iter().copied().collect()),
        })
    }

    /// By whose right a document may be touched (ORG-14): `Some(None)` is the actor's own, else an absent person's; none
    /// when by nobody's. Without a document: by whose right the permission is held at all.
    pub fn by_right(&self, perm: &Perm, document: Option<(Id, &[Id])>) -> Option<Option<Id>> {
        let covers = |scope: Scope| document.is_none_or(|(org, owners)| scope.covers(org, owners));
        if self.own_scope(perm).is_some_and(covers) {
            return Some(None);
        }
        let absent = self.instead.iter().find(|absent| absent.scope(perm).is_some_and(covers))?;
        Some(Some(absent.staff))
    }

    /// The actor's name, with the name of the absent person where it is done by that person's right: the log must
    /// show both (ORG-14).
    pub fn signature(&self, on_behalf: Option<Id>) -> String {
        match self.instead.iter().find(|absent| Some(absent.staff) == on_behalf) {
            Some(absent) => format!("{}（代 {}）", self.name, absent.name),
            None => self.name.clone(),
        }
    }

    /// The actor's name with everybody stood in for, to greet people with.
    pub fn title(&self) -> String {
        if self.instead.is_empty() {
            return self.name.clone();
        }
        let names: Vec<&str> = self.instead.iter().map(|absent| absent.name.as_str()).collect();
        format!("{}（代 {}）", self.name, names.join("、"))
    }

    /// What is shown of a kind of field when nothing is hidden by key.
    pub fn shows(&self, kind: Sens) -> Show {
        if self.system { Show::Full } else { self.fields.get(kind.code()).copied().unwrap_or(Show::Masked) }
    }
}

impl Instead {
    fn scope(&self, perm: &Perm) -> Option<Scope> {
        Some(match self.grants.get(perm.key)? {
            Reach::All => Scope::All,
            Reach::Below => Scope::Orgs(Arc::clone(&self.below)),
            Reach::Outlet => Scope::Orgs(Arc::from([self.org])),
            Reach::Team => Scope::Owners(Arc::clone(&self.team)),
            Reach::Own => Scope::Owners(Arc::from([self.staff])),
        })
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
    /// rows of these organisations, and rows of these people wherever they are: only substitutes have both
    Either {
        /// organisations
        orgs: Arc<[Id]>,
        /// people
        owners: Arc<[Id]>,
    },
}

/// See [`Scope::push_shared`].
pub type Shared = (&'static str, &'static str);

impl Scope {
    /// What is in either of two scopes.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        if self == other {
            return self;
        }
        let (Some((mut orgs, mut owners)), Some((more_orgs, more_owners))) = (self.parts(), other.parts())
        else {
            return Self::All;
        };
        orgs.extend(more_orgs);
        owners.extend(more_owners);
        for ids in [&mut orgs, &mut owners] {
            ids.sort();
            ids.dedup();
        }
        match (orgs.is_empty(), owners.is_empty()) {
            (false, true) => Self::Orgs(orgs.into()),
            (true, _) => Self::Owners(owners.into()),
            (false, false) => Self::Either { orgs: orgs.into(), owners: owners.into() },
        }
    }

    /// Organisations and people; none for everything.
    fn parts(&self) -> Option<(Vec<Id>, Vec<Id>)> {
        match self {
            Self::All => None,
            Self::Orgs(orgs) => Some((orgs.to_vec(), Vec::new())),
            Self::Owners(owners) => Some((Vec::new(), owners.to_vec())),
            Self::Either { orgs, owners } => Some((orgs.to_vec(), owners.to_vec())),
        }
    }

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
        if let Self::Either { orgs, owners } = self {
            sql.push(&format!(" and ({org} in ")).list(orgs.iter().copied());
            if let Some(owner) = owner {
                sql.push(&format!(" or {owner} in ")).list(owners.iter().copied());
            }
            if let Some((column, select)) = shared {
                sql.push(&format!(" or {column} in ({select} in ")).list(owners.iter().copied()).push(")");
            }
            sql.push(")");
            return;
        }
        let (column, ids) = match (self, owner) {
            (Self::All | Self::Either { .. }, _) => return,
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
            Self::Either { orgs, owners: ids } => {
                orgs.contains(&org) || owners.iter().any(|owner| ids.contains(owner))
            }
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

    const SEE: Perm = Perm { key: "x.see", label: T("", ""), grants: &[] };

    fn id(n: u8) -> Id {
        format!("018f0000-0000-7000-8000-0000000000{n:02x}").parse().expect("an id")
    }

    fn substitute(own: Option<Reach>, theirs: Option<Reach>) -> Actor {
        let grants = |reach: Option<Reach>| reach.map(|r| (SEE.key.to_string(), r)).into_iter().collect();
        Actor {
            staff: Some(id(1)),
            name: "甲".into(),
            org: id(10),
            below: Arc::from([id(10), id(11)]),
            team: Arc::from([id(1)]),
            acting_for: Arc::from([id(2)]),
            instead: Arc::from([Instead {
                staff: id(2),
                name: "乙".into(),
                org: id(20),
                below: Arc::from([id(20)]),
                team: Arc::from([id(2), id(3)]),
                grants: grants(theirs),
            }]),
            grants: Arc::new(grants(own)),
            system: false,
            ..Actor::system()
        }
    }

    #[test]
    fn a_substitute_has_the_absent_persons_rights_in_that_persons_place_only() {
        let (mine, theirs) = (Some(None), Some(Some(id(2))));
        let cases: &[(Option<Reach>, Option<Reach>, u8, u8, Option<Option<Id>>)] = &[
            // own reach, the absent one's, organisation, owner → by whose right
            (None, Some(Reach::Outlet), 20, 9, theirs),
            (None, Some(Reach::Outlet), 10, 9, None),
            (Some(Reach::Outlet), Some(Reach::Outlet), 10, 9, mine),
            (Some(Reach::Outlet), Some(Reach::Outlet), 20, 9, theirs),
            (Some(Reach::Below), Some(Reach::Own), 30, 2, theirs),
            (Some(Reach::Below), Some(Reach::Own), 11, 2, mine),
            (Some(Reach::Own), Some(Reach::Below), 10, 1, mine),
            (Some(Reach::Own), Some(Reach::Below), 10, 9, None),
            (Some(Reach::Own), Some(Reach::Team), 30, 3, theirs),
            (Some(Reach::All), Some(Reach::All), 30, 9, mine),
            (None, None, 20, 2, None),
        ];
        for (own, absent, org, owner, expected) in cases {
            let actor = substitute(*own, *absent);
            let owners = [id(*owner)];
            let found = actor.by_right(&SEE, Some((id(*org), &owners)));
            assert_eq!(found, *expected, "{own:?} {absent:?} {org} {owner}");
            // What may be touched is what is seen in lists.
            let seen = actor.scope(&SEE).is_some_and(|scope| scope.covers(id(*org), &owners));
            assert_eq!(seen, expected.is_some(), "{own:?} {absent:?} {org} {owner}");
        }
        let actor = substitute(None, Some(Reach::Own));
        assert_eq!(
            (actor.signature(None), actor.signature(Some(id(2)))),
            ("甲".into(), "甲（代 乙）".into())
        );
    }

    #[test]
    fn a_narrow_token_holds_no_more_than_its_scope_names() {
        let actor = || substitute(Some(Reach::All), Some(Reach::Own));
        let plain = actor().narrowed("");
        assert!(!plain.narrowed && !plain.read_only && plain.reach(&SEE).is_some());
        let reader = actor().narrowed("read_only");
        assert!(reader.narrowed && reader.read_only && reader.reach(&SEE) == Some(Reach::All));
        let other = actor().narrowed("read_only y.see");
        assert!(other.read_only && other.reach(&SEE).is_none() && other.scope(&SEE).is_none());
        assert_eq!(actor().narrowed("y.see x.see").reach(&SEE), Some(Reach::All));
    }

    #[test]
    fn both_kinds_of_scope_become_one_condition() {
        let scope = substitute(Some(Reach::Outlet), Some(Reach::Own)).scope(&SEE).expect("held");
        let mut sql = Sql::new("");
        scope.push_shared(
            &mut sql,
            "o.org_id",
            Some("o.staff_id"),
            Some(("o.id", "select x from y where z")),
        );
        assert_eq!(
            sql.text(),
            " and (o.org_id in ($1) or o.staff_id in ($2) or o.id in (select x from y where z in ($3)))"
        );
        let mut sql = Sql::new("");
        scope.push(&mut sql, "org_id", None);
        assert_eq!(sql.text(), " and (org_id in ($1))");
    }
}
