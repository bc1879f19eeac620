//! Rows that a permission covers, as a condition in SQL and as a question about one row.

use std::sync::Arc;

use db::Sql;
use kernel::Id;

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

    /// Like [`Self::push`], for rows that name people, posts and organisations: `named` is a column and the select of its
    /// values up to who is named, `("d.id", "select p.document_id from document_party p where p.party_id")`. Whoever is
    /// named has such a row like an own one; the scope is that of [`crate::Cx::scope_named`].
    pub fn push_named(&self, sql: &mut Sql, org: &str, owner: &str, (column, select): Shared) {
        let Some((orgs, owners)) = self.parts() else { return };
        sql.push(" and (1 = 0");
        for (place, ids) in [(org, &orgs), (owner, &owners)] {
            if !ids.is_empty() {
                sql.push(&format!(" or {place} in ")).list(ids.iter().copied());
            }
        }
        if !(orgs.is_empty() && owners.is_empty()) {
            sql.push(&format!(" or {column} in ({select} in "))
                .list(orgs.into_iter().chain(owners))
                .push(")");
        }
        sql.push(")");
    }

    /// True when a row of `org`, owned by `owners`, is inside, or names somebody of these people and organisations.
    pub fn covers_named(&self, org: Id, owners: &[Id], named: &[Id]) -> bool {
        let inside = |(orgs, people): (Vec<Id>, Vec<Id>)| {
            named.iter().any(|id| orgs.contains(id) || people.contains(id))
        };
        self.covers(org, owners) || self.parts().is_none_or(inside)
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
    /// People, posts and organisations that it names: each has it like an own one, wherever it is.
    fn named(&self) -> Vec<Id> {
        Vec::new()
    }
}
