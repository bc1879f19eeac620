//! Who acts, with what rights, and where (ORG-04, ORG-08, ORG-14).

use std::collections::HashMap;
use std::sync::Arc;

use kernel::Id;

use super::{Perm, Reach, Scope, Sens, Show};

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
    /// Staff on posts below the actor's own post, the person included (ORG-04).
    pub posts: Arc<[Id]>,
    /// The person's own post.
    pub post: Option<Id>,
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
    /// Staff on posts below the absent person's, that person included.
    pub posts: Arc<[Id]>,
    /// The absent person's post.
    pub post: Option<Id>,
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
            posts: Arc::from([]),
            post: None,
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
            Reach::Posts => Scope::Owners(Arc::clone(&self.posts)),
            Reach::Own => Scope::Owners(self.staff.iter().copied().collect()),
        })
    }

    /// The same for rows that name people, posts and organisations ([`super::Owned::named`]): whoever is named has them
    /// like own ones, however far the permission reaches otherwise.
    pub fn scope_named(&self, perm: &Perm) -> Option<Scope> {
        let theirs = self.instead.iter().filter_map(|absent| absent.scope_named(perm));
        self.own_scope_named(perm).into_iter().chain(theirs).reduce(Scope::or)
    }

    fn own_scope_named(&self, perm: &Perm) -> Option<Scope> {
        Some(self.own_scope(perm)?.or(Scope::Owners(self.staff.into_iter().chain(self.post).collect())))
    }

    /// By whose right a document may be touched that names people: like [`Self::by_right`].
    pub fn by_name(&self, perm: &Perm, (org, owners): (Id, &[Id]), named: &[Id]) -> Option<Option<Id>> {
        let covers = |scope: Scope| scope.covers_named(org, owners, named);
        if self.own_scope_named(perm).is_some_and(covers) {
            return Some(None);
        }
        let absent = self.instead.iter().find(|absent| absent.scope_named(perm).is_some_and(covers))?;
        Some(Some(absent.staff))
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
        if self.system {
            Show::Full
        } else {
            self.fields.get(kind.code()).copied().unwrap_or(kind.default_show())
        }
    }
}

impl Instead {
    fn scope_named(&self, perm: &Perm) -> Option<Scope> {
        Some(self.scope(perm)?.or(Scope::Owners(std::iter::once(self.staff).chain(self.post).collect())))
    }

    fn scope(&self, perm: &Perm) -> Option<Scope> {
        Some(match self.grants.get(perm.key)? {
            Reach::All => Scope::All,
            Reach::Below => Scope::Orgs(Arc::clone(&self.below)),
            Reach::Outlet => Scope::Orgs(Arc::from([self.org])),
            Reach::Team => Scope::Owners(Arc::clone(&self.team)),
            Reach::Posts => Scope::Owners(Arc::clone(&self.posts)),
            Reach::Own => Scope::Owners(Arc::from([self.staff])),
        })
    }
}
