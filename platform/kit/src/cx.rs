//! The context of one request or job: who, when, from where, in which language, over which database.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use axum::{extract::FromRequestParts, http::request::Parts};
use db::Conn;
use futures::future::BoxFuture;
use kernel::{Id, Lang, T, Ts};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    App, Error, Result,
    perm::{Actor, Owned, Perm, Scope, Secret, Sens, Show},
    tx::{Begun, Tx},
};

/// Everything a service needs to know of its caller.
#[derive(Clone)]
pub struct Cx {
    /// The running product.
    pub app: App,
    /// Who acts; `None`: nobody is signed in.
    pub actor: Option<Arc<Actor>>,
    /// The language of answers.
    pub lang: Lang,
    /// The request.
    pub req: Arc<Req>,
    /// The wall clock times are shown by; `None`: the actor's own.
    pub shown_in: Option<kernel::Tz>,
}

/// What is known of the request itself.
#[derive(Default)]
pub struct Req {
    /// Correlates log lines.
    pub id: String,
    /// The caller's address.
    pub ip: String,
    /// Path and query.
    pub uri: String,
    /// The page somebody is on, to come back to after signing in.
    pub page: String,
    /// The caller's idempotency key.
    pub idem: Option<String>,
    /// htmx asks for a fragment.
    pub partial: bool,
    /// REST rather than pages.
    pub api: bool,
    /// Sensitive fields are hidden by key (ORG-11).
    pub hidden: bool,
    /// What the company made sensitive too.
    pub veils: crate::veil::Veils,
    /// Colour theme from the cookie.
    pub theme: Option<String>,
    /// Host name the caller used, for links.
    pub host: String,
    /// The job being run.
    pub job: Option<Id>,
    /// The job was marked done in the transaction of its effect.
    pub job_done: AtomicBool,
    /// An answer stored under the idempotency key, to be given instead of doing the work again.
    pub stored: Mutex<Option<Stored>>,
    /// The absent person by whose right this is done, when not by the actor's own (ORG-14).
    pub behalf: Mutex<Option<Id>>,
    /// That answer was given.
    pub replayed: AtomicBool,
    /// Statements run for this request.
    pub statements: AtomicU64,
}

/// An answer stored under an idempotency key.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Hash of command and input.
    pub hash: String,
    /// The command's output as JSON.
    pub output: String,
}

impl Cx {
    /// The context of background work.
    pub fn system(app: &App) -> Self {
        Self {
            app: Arc::clone(app),
            actor: Some(Arc::new(Actor::system())),
            lang: Lang::Zh,
            req: Arc::default(),
            shown_in: None,
        }
    }

    /// The context of background work on behalf of a person.
    pub fn with_actor(app: &App, actor: Arc<Actor>) -> Self {
        Self { actor: Some(actor), ..Self::system(app) }
    }

    /// The same caller with an idempotency key of its own, for example one row of an import.
    pub fn keyed(&self, key: impl Into<String>) -> Self {
        let req = Req {
            idem: Some(key.into()),
            ip: self.req.ip.clone(),
            id: self.req.id.clone(),
            hidden: self.req.hidden,
            veils: self.req.veils,
            ..Req::default()
        };
        Self { req: Arc::new(req), ..self.clone() }
    }

    /// The time.
    pub fn now(&self) -> Ts {
        self.app.now()
    }

    /// The wall clock the caller reads: that of the person's organisation, the company's for nobody and the system.
    pub fn zone(&self) -> kernel::Tz {
        match &self.shown_in {
            Some(zone) => zone.clone(),
            None => self.zone_of(self.actor.as_ref().map_or(Id::NIL, |actor| actor.org)),
        }
    }

    /// The wall clock of an organisation, for what is decided about its documents.
    pub fn zone_of(&self, org: Id) -> kernel::Tz {
        self.app.zones.of(org)
    }

    /// The same caller reading an organisation's clock, for its printed sheets and for people outside.
    pub fn clock_of(&self, org: Id) -> Self {
        Self { shown_in: Some(self.zone_of(org)), ..self.clone() }
    }

    /// The same caller reading the clock of a zone by its name.
    pub fn in_zone(&self, name: &str) -> Self {
        Self { shown_in: Some(kernel::zone_or_home(name)), ..self.clone() }
    }

    /// A new id.
    pub fn id(&self) -> Id {
        self.app.id()
    }

    /// Who acts, or 401.
    pub fn actor(&self) -> Result<&Arc<Actor>> {
        self.actor.as_ref().ok_or(Error::SignIn)
    }

    /// The person who acts, or 403 for accounts without one (the system, API users).
    pub fn staff(&self) -> Result<Id> {
        self.actor()?.staff.ok_or(Error::Forbidden("staff"))
    }

    /// Text in the caller's language.
    pub fn t(&self, text: T) -> &'static str {
        text.get(self.lang)
    }

    /// True when the actor holds the permission, however far.
    pub fn can(&self, perm: &Perm) -> bool {
        self.actor.as_ref().is_some_and(|actor| actor.reach(perm).is_some())
    }

    /// True when a context brings this page and the actor may see it: no link leads to a refusal.
    pub fn opens(&self, route: &str) -> bool {
        let found = self.app.registry.routes.iter().find(|r| r.method == "GET" && r.path == route);
        found.is_some_and(|r| !matches!(r.access, crate::Access::Perm(perm) if !self.can(perm)))
    }

    /// 401 or 403 unless the actor holds the permission.
    pub fn require(&self, perm: &Perm) -> Result<()> {
        let by = self.actor()?.by_right(perm, None).ok_or(Error::Forbidden(perm.key))?;
        self.note_behalf(by, false);
        Ok(())
    }

    /// The rows that the permission covers for this actor; 401 or 403 without it.
    pub fn scope(&self, perm: &Perm) -> Result<Scope> {
        self.require(perm)?;
        self.actor()?.scope(perm).ok_or(Error::Forbidden(perm.key))
    }

    /// The rows that the permission covers where rows name people, posts and organisations ([`Owned::named`]).
    pub fn scope_named(&self, perm: &Perm) -> Result<Scope> {
        self.require(perm)?;
        self.actor()?.scope_named(perm).ok_or(Error::Forbidden(perm.key))
    }

    /// 403 without the permission; 404 when the document is not the caller's business.
    pub fn authorize(&self, perm: &Perm, resource: &impl Owned) -> Result<()> {
        let actor = self.actor()?;
        let (org, owners, named) = (resource.org(), resource.owners(), resource.named());
        let by_name = || actor.by_name(perm, (org, &owners), &named).filter(|_| !named.is_empty());
        let Some(by) = actor.by_right(perm, Some((org, &owners))).or_else(by_name) else {
            return Err(if self.can(perm) { Error::NotFound } else { Error::Forbidden(perm.key) });
        };
        self.note_behalf(by, true);
        Ok(())
    }

    /// The absent person by whose right this request works, so far as it was checked; none for the actor's own.
    pub fn on_behalf(&self) -> Option<Id> {
        self.req.behalf.lock().ok().and_then(|behalf| *behalf)
    }

    /// A document says more exactly than the permission alone whose right is used.
    fn note_behalf(&self, by: Option<Id>, exact: bool) {
        if by.is_some()
            && let Ok(mut behalf) = self.req.behalf.lock()
            && (exact || behalf.is_none())
        {
            *behalf = by;
        }
    }

    /// Who acts, for people: with both names where an absent person's right is used (ORG-14).
    pub fn signature(&self) -> String {
        self.actor.as_ref().map(|actor| actor.signature(self.on_behalf())).unwrap_or_default()
    }

    /// How much of a kind of sensitive field this caller sees right now.
    pub fn shows(&self, kind: Sens) -> Show {
        if !self.req.veils.has(kind) {
            return Show::Full;
        }
        let allowed = match &self.actor {
            Some(actor) => actor.shows(kind),
            // Customers on public pages see their own.
            None if kind.switch().is_some() => return Show::Full,
            None => Show::Absent,
        };
        if self.req.hidden { allowed.min(Show::Masked) } else { allowed }
    }

    /// A sensitive value as this caller may see it.
    pub fn show(&self, secret: &Secret) -> String {
        secret.at(self.shows(secret.kind()))
    }

    /// Like [`Cx::show`] for a bare value.
    pub fn mask(&self, kind: Sens, value: &str) -> String {
        Secret::new(kind, value).at(self.shows(kind))
    }

    /// A connection to read with.
    pub async fn read(&self) -> Result<Conn> {
        Ok(self.app.db.read().await?)
    }

    /// Opens the command's transaction. Use through [`crate::begin!`], which answers a repeated request.
    ///
    /// `input` is everything the caller asked for: the same idempotency key with another input is refused.
    pub async fn begin<I: Serialize>(&self, command: &'static str, input: &I) -> Result<Begun> {
        let hash =
            if self.req.idem.is_some() { crate::tx::request_hash(command, input)? } else { String::new() };
        self.open(command, hash).await
    }

    fn open(&self, command: &'static str, hash: String) -> BoxFuture<'_, Result<Begun>> {
        Box::pin(async move {
            if let Some(stored) = self.take_stored() {
                if stored.hash != hash {
                    return Err(Error::rule(kernel::RuleError::new(
                        "idempotency.mismatch",
                        T("这个幂等键已用于另一项操作", "This idempotency key was used for another request"),
                    )));
                }
                self.req.replayed.store(true, Ordering::Relaxed);
                return Ok(Begun::Done(stored.output));
            }
            let inner = self.app.db.begin().await?;
            Ok(Begun::New(Box::new(Tx::new(inner, self.clone(), command, hash))))
        })
    }

    fn take_stored(&self) -> Option<Stored> {
        self.req.stored.lock().ok().and_then(|mut stored| stored.take())
    }

    /// Remembers how many statements a connection ran, for tests that hold pages to a number.
    pub fn count(&self, conn: &Conn) {
        self.count_more(conn.statements());
    }

    /// The same for a transaction that has ended.
    pub(crate) fn count_more(&self, statements: u64) {
        self.req.statements.fetch_add(statements, Ordering::Relaxed);
    }
}

/// Turns a stored answer back into the command's output.
pub fn replayed<O: DeserializeOwned>(json: &str) -> Result<O> {
    Ok(serde_json::from_str(json)?)
}

/// Opens a command's transaction, or returns the stored answer of a repeated request from the enclosing
/// function: `let mut tx = begin!(cx, "orders.complete", &(id, &input));`
#[macro_export]
macro_rules! begin {
    ($cx:expr, $command:expr, $input:expr) => {
        match $cx.begin($command, $input).await? {
            $crate::Begun::New(tx) => tx,
            $crate::Begun::Done(json) => return $crate::replayed(&json),
        }
    };
}

impl<S: Send + Sync> FromRequestParts<S> for Cx {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Error::Internal("the request has no context".into()))
    }
}
