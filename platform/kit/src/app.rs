//! The running product: everything that requests and jobs share.

use std::{collections::HashMap, path::PathBuf, sync::Arc};

use db::Db;
use futures::future::BoxFuture;
use kernel::{Clock, Id, IdGen, T, Ts};
use object_store::ObjectStore;
use tokio::sync::Notify;

use crate::{
    Result,
    lists::ListSpec,
    module::{Command, DocKind, JobKind, Lane, Module, Nav, Schedule, Sub, TimerKind},
    numbering::Numbers,
    perm::{Actor, Perm},
    settings::{Setting, SettingsCache},
    sheets::SheetSpec,
};

/// Shared by everything that runs. Cheap to clone.
pub type App = Arc<AppState>;

/// What the configuration file and the command line decide.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where files live: attachments and keys, and the embedded database.
    pub data: PathBuf,
    /// Address people reach the server at, for links in mails and QR codes; empty: the address of the request.
    pub public_url: String,
    /// `Secure` cookies: on when reached by https.
    pub secure_cookies: bool,
    /// `smtp://user:password@host:port`; empty: no mail is sent.
    pub smtp: String,
    /// Sender of mails.
    pub mail_from: String,
    /// Addresses and networks of the reverse proxies in front, whose word about where a request came from is believed.
    pub trusted_proxies: Vec<crate::net::Network>,
    /// Largest body of an ordinary request, in bytes.
    pub body_limit: usize,
    /// Largest upload, in bytes.
    pub upload_limit: usize,
    /// Requests per minute and address before 429; 0: no limit.
    pub rate_limit: u32,
    /// Bearer token for `/metrics`; empty: only from this machine.
    pub metrics_token: String,
    /// Company name on pages before one is set.
    pub company: String,
    /// Single sign-on by OpenID Connect; none: off.
    pub sso: Option<Sso>,
}

/// A provider of identities, and what its word counts for here.
#[derive(Clone, Debug, Default)]
pub struct Sso {
    /// Address of the provider as it calls itself.
    pub issuer: String,
    /// Name of this installation at the provider.
    pub client_id: String,
    /// Its secret; empty for public clients.
    pub client_secret: String,
    /// Claim that holds the login name.
    pub login_claim: String,
    /// Label of the button; empty: the usual words.
    pub label: String,
    /// Nobody signs in with a password.
    pub only: bool,
    /// Role of accounts made for unknown people; empty: none are made.
    pub new_accounts: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("data"),
            public_url: String::new(),
            secure_cookies: false,
            smtp: String::new(),
            mail_from: "aftercare@localhost".into(),
            trusted_proxies: Vec::new(),
            body_limit: 1 << 20,
            upload_limit: 32 << 20,
            rate_limit: 0,
            metrics_token: String::new(),
            company: "Aftercare 售后一体化".into(),
            sso: None,
        }
    }
}

/// How the platform learns who a credential belongs to; the context `org` implements it.
pub trait Directory: Send + Sync {
    /// The actor behind a session or token, by the SHA-256 of its secret; `None`: unknown, revoked or expired.
    fn by_secret<'a>(
        &'a self,
        db: &'a Db,
        secret_hash: &'a str,
        now: Ts,
    ) -> BoxFuture<'a, Result<Option<Arc<Actor>>>>;
    /// The actor of a user, for background work on somebody's behalf.
    fn by_user<'a>(&'a self, db: &'a Db, user: Id, now: Ts) -> BoxFuture<'a, Result<Option<Arc<Actor>>>>;
    /// All organisations, for parameters that are inherited downwards. Without a directory of people: none.
    fn orgs<'a>(&'a self, _db: &'a Db, _now: Ts) -> BoxFuture<'a, Result<Arc<Vec<OrgNode>>>> {
        Box::pin(async { Ok(Arc::default()) })
    }
    /// Forget what was cached, after rights or sessions changed.
    fn forget(&self);
}

/// An organisation in the tree.
#[derive(Clone, Debug)]
pub struct OrgNode {
    /// Which.
    pub id: Id,
    /// The one above.
    pub parent_id: Option<Id>,
    /// Short code, in numbers of documents.
    pub code: String,
    /// For people.
    pub name: String,
    /// IANA time zone.
    pub time_zone: String,
}

/// Everything modules declared, by name.
pub struct Registry {
    /// In level order.
    pub modules: Vec<&'static str>,
    /// Schema steps in level order.
    pub migrations: Vec<db::Migration>,
    /// Permissions by key.
    pub perms: Vec<&'static Perm>,
    /// Lists by key.
    pub lists: HashMap<&'static str, ListSpec>,
    /// Imports by kind.
    pub sheets: HashMap<&'static str, SheetSpec>,
    /// Parameters.
    pub settings: Vec<&'static Setting>,
    /// State tables.
    pub flows: Vec<&'static crate::flow::Flow>,
    /// Background work by kind, reactions to events included.
    pub jobs: HashMap<&'static str, JobKind>,
    /// Reactions by event name.
    pub subs: HashMap<&'static str, Vec<&'static str>>,
    /// Clock-driven work.
    pub schedules: Vec<Schedule>,
    /// Clocks by kind.
    pub timers: HashMap<&'static str, TimerKind>,
    /// Documents by kind.
    pub docs: HashMap<&'static str, DocKind>,
    /// Documents that processes run for, by kind.
    pub subjects: HashMap<&'static str, crate::module::Subject>,
    /// Documents hidden from a caller.
    pub hides: Vec<crate::hidden::Hides>,
    /// What logged actions are called.
    pub actions: HashMap<&'static str, T>,
    /// What logged things are called that are no documents.
    pub nouns: HashMap<&'static str, T>,
    /// Navigation in order.
    pub nav: Vec<Nav>,
    /// Palette commands.
    pub commands: Vec<Command>,
    /// Start pages for some people.
    pub starts: Vec<crate::module::StartPage>,
    /// Tab bar of people who work on a phone.
    pub tabs: Option<crate::module::Tabs>,
    /// What customers read where a link of theirs leads nowhere.
    pub lost: Option<crate::module::Lost>,
    /// Rules of higher contexts on lower ones' documents.
    pub guards: Vec<crate::module::Guard>,
    /// What higher contexts add to printed sheets.
    pub sheet_parts: Vec<crate::module::SheetPart>,
    /// Invariants.
    pub checks: Vec<crate::module::Check>,
    /// Tables with something about people in them, in level order.
    pub personal: Vec<crate::personal::Holding>,
    /// Columns that look so and are not, with the reason.
    pub impersonal: HashMap<&'static str, &'static str>,
    /// Telephone numbers of people's files.
    pub phones: Option<crate::personal::Phones>,
    /// Which files are signatures, beside those called so.
    pub signatures: Option<crate::attachments::Signatures>,
    /// What of every route a test or the documentation needs.
    pub routes: Vec<RouteInfo>,
}

/// A route without its handler.
#[derive(Clone)]
pub struct RouteInfo {
    /// `GET`, `POST` …
    pub method: &'static str,
    /// Path with `{placeholders}`.
    pub path: String,
    /// Who may call it.
    pub access: crate::module::Access,
    /// What it does (API only).
    pub summary: kernel::T,
    /// Body.
    pub input: Option<crate::module::SchemaOf>,
    /// Answer.
    pub output: Option<crate::module::SchemaOf>,
}

impl Registry {
    /// Of several commands with the same keys that somebody may run, the one of the highest context: it knows most of
    /// the work. None for a command without keys, or an address that is none.
    pub fn main_command(&self, cx: &crate::Cx, href: &str) -> Option<&Command> {
        let known = self.commands.iter().find(|command| command.href == href && !command.keys.is_empty())?;
        self.commands.iter().rev().find(|command| command.keys == known.keys && cx.can(command.perm))
    }

    /// Merges modules; returns their routes beside it.
    ///
    /// Panics when two modules use one name: that is a programming error found by the first test.
    pub fn new(modules: Vec<Module>) -> (Self, Vec<crate::module::Endpoint>) {
        let mut registry = Self {
            modules: Vec::new(),
            migrations: Vec::new(),
            perms: Vec::new(),
            lists: HashMap::new(),
            sheets: HashMap::new(),
            settings: Vec::new(),
            flows: Vec::new(),
            jobs: HashMap::new(),
            subs: HashMap::new(),
            schedules: Vec::new(),
            timers: HashMap::new(),
            docs: HashMap::new(),
            subjects: HashMap::new(),
            hides: Vec::new(),
            actions: crate::audit::ACTIONS.iter().copied().collect(),
            nouns: crate::audit::NOUNS.iter().copied().collect(),
            nav: Vec::new(),
            commands: Vec::new(),
            starts: Vec::new(),
            tabs: None,
            lost: None,
            guards: Vec::new(),
            sheet_parts: Vec::new(),
            checks: Vec::new(),
            personal: Vec::new(),
            impersonal: HashMap::new(),
            phones: None,
            signatures: None,
            routes: Vec::new(),
        };
        let mut endpoints = Vec::new();
        for module in modules {
            registry.add(module, &mut endpoints);
        }
        registry.add_lists(&mut endpoints);
        registry.nav.sort_by_key(|nav| nav.order);
        (registry, endpoints)
    }

    fn add(&mut self, module: Module, endpoints: &mut Vec<crate::module::Endpoint>) {
        self.modules.push(module.name);
        self.migrations.extend(module.migrations);
        self.perms.extend(module.perms);
        self.settings.extend(module.settings);
        for step in module.flows.iter().flat_map(|flow| flow.moves) {
            self.actions.entry(step.action).or_insert(step.label);
        }
        self.actions.extend(module.actions);
        self.nouns.extend(module.nouns);
        self.hides.extend(module.hides);
        self.flows.extend(module.flows);
        self.schedules.extend(module.schedules);
        self.nav.extend(module.nav);
        self.starts.extend(module.starts);
        self.tabs = self.tabs.or(module.tabs);
        self.lost = self.lost.or(module.lost);
        self.commands.extend(module.commands);
        self.guards.extend(module.guards);
        self.sheet_parts.extend(module.sheet_parts);
        self.checks.extend(module.checks);
        self.personal.extend(module.personal);
        self.impersonal.extend(module.impersonal);
        self.phones = self.phones.or(module.phones);
        self.signatures = self.signatures.or(module.signatures);
        for list in module.lists {
            assert!(self.lists.insert(list.key, list).is_none(), "two lists of one name in {}", module.name);
        }
        for sheet in module.sheets {
            assert!(
                self.sheets.insert(sheet.kind, sheet).is_none(),
                "two sheets of one name in {}",
                module.name
            );
        }
        for Sub { event, name, run } in module.subs {
            self.subs.entry(event).or_default().push(name);
            self.jobs.insert(name, JobKind { kind: name, lane: Lane::Quick, run });
        }
        for job in module.jobs {
            assert!(self.jobs.insert(job.kind, job).is_none(), "two jobs of one name in {}", module.name);
        }
        for timer in module.timers {
            self.timers.insert(timer.kind, timer);
        }
        for doc in module.docs {
            self.docs.insert(doc.kind, doc);
        }
        for subject in module.subjects {
            self.subjects.insert(subject.kind, subject);
        }
        for endpoint in module.routes.0 {
            self.add_route(endpoint, endpoints);
        }
    }

    fn add_route(&mut self, endpoint: crate::module::Endpoint, endpoints: &mut Vec<crate::module::Endpoint>) {
        self.routes.push(RouteInfo {
            method: endpoint.method,
            path: endpoint.path.clone(),
            access: endpoint.access,
            summary: endpoint.summary,
            input: endpoint.input,
            output: endpoint.output,
        });
        endpoints.push(endpoint);
    }

    /// Page, export, views and API of every list; a route that a context declared itself stays the context's.
    fn add_lists(&mut self, endpoints: &mut Vec<crate::module::Endpoint>) {
        let mut lists: Vec<&ListSpec> = self.lists.values().collect();
        lists.sort_by_key(|list| list.href);
        let routes: Vec<_> = lists.into_iter().flat_map(|list| crate::lists::routes(list).0).collect();
        for endpoint in routes {
            if !self.routes.iter().any(|own| own.method == endpoint.method && own.path == endpoint.path) {
                self.add_route(endpoint, endpoints);
            }
        }
    }
}

/// See [`App`].
pub struct AppState {
    /// The database.
    pub db: Db,
    /// Time; fixed in tests.
    pub clock: Arc<dyn Clock>,
    /// Ids; seeded in tests and for the demo company.
    pub ids: IdGen,
    /// Configuration.
    pub config: Config,
    /// What the modules declared.
    pub registry: Registry,
    /// Who is who.
    pub directory: Arc<dyn Directory>,
    /// Attachments.
    pub blobs: Arc<dyn ObjectStore>,
    /// Parameters in memory.
    pub settings: SettingsCache,
    /// Document numbers in memory.
    pub numbers: Numbers,
    /// Key of the audit chain.
    pub audit_key: [u8; 32],
    /// Rung when a commit left background work.
    pub wake: Notify,
    /// Limits failed sign-ins and requests.
    pub limits: crate::limits::Limits,
    /// Wall clocks of organisations in memory.
    pub zones: crate::zones::Zones,
    /// Browsers that listen on this node.
    pub live: crate::live::Live,
}

impl AppState {
    /// The time, by the injected clock.
    pub fn now(&self) -> Ts {
        self.clock.now()
    }

    /// A new id, by the injected generator.
    pub fn id(&self) -> Id {
        self.ids.next(self.clock.now())
    }
}
