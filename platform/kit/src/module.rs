//! What a context brings to the product, as plain values (DESIGN §2).

use axum::{handler::Handler, routing::MethodRouter};
use futures::future::BoxFuture;
use kernel::{Id, T};
use schemars::{JsonSchema, Schema, generate::SchemaSettings};

use crate::{
    App, Cx, Result, Tx, flow::Flow, lists::ListSpec, perm::Perm, settings::Setting, sheets::SheetSpec,
};

/// A context, listed in `apps/aftercare`.
#[derive(Default)]
pub struct Module {
    /// Folder name, for example `orders`.
    pub name: &'static str,
    /// Schema steps in order.
    pub migrations: Vec<db::Migration>,
    /// Permissions.
    pub perms: Vec<&'static Perm>,
    /// Pages and API.
    pub routes: Routes,
    /// Lists: table, filters, export and API from one description.
    pub lists: Vec<ListSpec>,
    /// Imports.
    pub sheets: Vec<SheetSpec>,
    /// Parameters with effective dates.
    pub settings: Vec<&'static Setting>,
    /// State tables.
    pub flows: Vec<&'static Flow>,
    /// Background work by kind.
    pub jobs: Vec<JobKind>,
    /// Work that starts by itself.
    pub schedules: Vec<Schedule>,
    /// Reactions to events.
    pub subs: Vec<Sub>,
    /// What happens when a clock warns or runs out.
    pub timers: Vec<TimerKind>,
    /// Kinds of documents: how panels (attachments, comments, clocks) ask who may see them.
    pub docs: Vec<DocKind>,
    /// What actions that it logs are called in histories, beside the moves of its state tables.
    pub actions: Vec<(&'static str, T)>,
    /// What the log calls things that it writes about and that are no [`DocKind`].
    pub nouns: Vec<(&'static str, T)>,
    /// Kinds of documents that processes run for.
    pub subjects: Vec<Subject>,
    /// Documents of confidential kinds, hidden from whoever has no business with them.
    pub hides: Option<crate::hidden::Hides>,
    /// Entries of the navigation.
    pub nav: Vec<Nav>,
    /// What of a higher context may forbid on a lower one's documents.
    pub guards: Vec<Guard>,
    /// What it adds to printed sheets of lower contexts.
    pub sheet_parts: Vec<SheetPart>,
    /// Invariants for `aftercare check`.
    pub checks: Vec<Check>,
    /// Tables with something about people in them.
    pub personal: Vec<crate::personal::Holding>,
    /// Columns that look as if they were about customers and are not: `table.column` and why.
    pub impersonal: Vec<(&'static str, &'static str)>,
    /// Telephone numbers of people's files, by which documents are found that no id leads to.
    pub phones: Option<crate::personal::Phones>,
    /// Labels that stand for signatures on a document, beside `signature`.
    pub signatures: Option<crate::attachments::Signatures>,
    /// Filters for lists, dispatch board … of the palette: fixed commands.
    pub commands: Vec<Command>,
    /// Start pages for some people; asked in order with the browser's name, the first answer wins.
    pub starts: Vec<StartPage>,
    /// Places of the tab bar for people who work on a phone, which then stays on the office's pages there.
    pub tabs: Option<Tabs>,
    /// What customers read where a link of theirs leads nowhere any more.
    pub lost: Option<Lost>,
}

/// Where somebody starts after signing in; `None`: this module has no opinion.
pub type StartPage = fn(&crate::Cx, &str) -> Option<&'static str>;

/// The tab bar of whoever is looking; empty for those who have none.
pub type Tabs = fn(&crate::Cx) -> Vec<ui::PhoneTab>;

/// The page in place of a 404 for an address of the public pages; `None`: it is none of them.
pub type Lost = for<'a> fn(&'a crate::Cx) -> BoxFuture<'a, Option<maud::Markup>>;

/// A navigation entry.
pub struct Nav {
    /// Group heading.
    pub group: T,
    /// Sort key over all modules.
    pub order: u32,
    /// Icon name.
    pub icon: &'static str,
    /// Text.
    pub label: T,
    /// Address.
    pub href: &'static str,
    /// Permission needed to see it.
    pub perm: &'static Perm,
}

/// A command of the palette, with the key that also runs it.
pub struct Command {
    /// Text.
    pub label: T,
    /// Address it opens.
    pub href: &'static str,
    /// Icon name.
    pub icon: &'static str,
    /// Keys, for show: `["N"]`.
    pub keys: &'static [&'static str],
    /// Permission needed.
    pub perm: &'static Perm,
}

/// Who may call a route at all. What rows they reach is decided where the work happens.
#[derive(Clone, Copy, Debug)]
pub enum Access {
    /// anybody, signed in or not
    Public,
    /// anybody signed in
    SignedIn,
    /// holders of a permission
    Perm(&'static Perm),
}

/// One route, as values, so that it can be guarded, documented and tested by enumeration.
pub struct Endpoint {
    /// `GET`, `POST` …
    pub method: &'static str,
    /// `/orders/{id}`; API paths begin with `/api/v1`.
    pub path: String,
    /// Who may call it.
    pub access: Access,
    /// For the API documentation.
    pub summary: T,
    /// JSON schema of the body.
    pub input: Option<SchemaOf>,
    /// JSON schema of the answer.
    pub output: Option<SchemaOf>,
    /// The handler.
    pub handler: MethodRouter<App>,
}

/// Routes of a module.
#[derive(Default)]
pub struct Routes(pub Vec<Endpoint>);

/// How to make a schema. Only the API's documentation asks for them, so they are not kept: all of them would take
/// more memory than the rest of an idle server.
#[derive(Clone, Copy)]
pub enum SchemaOf {
    /// Of a type.
    Type(fn() -> Schema),
    /// Of a page of the list with this key.
    List(&'static str),
}

impl SchemaOf {
    /// The schema of `X`.
    pub fn of<X: JsonSchema>() -> Option<Self> {
        Some(Self::Type(|| SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<X>()))
    }
}

impl Routes {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A page: `GET` answered with HTML.
    pub fn page<H, X>(self, path: &str, access: Access, handler: H) -> Self
    where
        H: Handler<X, App>,
        X: 'static,
    {
        self.add("GET", path, access, T("", ""), None, None, axum::routing::get(handler))
    }

    /// A form post of a page: answered with HTML or a redirect.
    pub fn form<H, X>(self, path: &str, access: Access, handler: H) -> Self
    where
        H: Handler<X, App>,
        X: 'static,
    {
        self.add("POST", path, access, T("", ""), None, None, axum::routing::post(handler))
    }

    /// `GET /api/v1{path}` answering `O`.
    pub fn api_get<O: JsonSchema, H, X>(self, path: &str, access: Access, summary: T, handler: H) -> Self
    where
        H: Handler<X, App>,
        X: 'static,
    {
        let path = format!("/api/v1{path}");
        self.add("GET", &path, access, summary, None, SchemaOf::of::<O>(), axum::routing::get(handler))
    }

    /// `POST /api/v1{path}` taking `I` and answering `O`.
    pub fn api_post<I: JsonSchema, O: JsonSchema, H, X>(
        self,
        path: &str,
        access: Access,
        summary: T,
        handler: H,
    ) -> Self
    where
        H: Handler<X, App>,
        X: 'static,
    {
        let path = format!("/api/v1{path}");
        let handler = axum::routing::post(handler);
        self.add("POST", &path, access, summary, SchemaOf::of::<I>(), SchemaOf::of::<O>(), handler)
    }

    /// `PUT /api/v1{path}` taking `I` and answering `O`.
    pub fn api_put<I: JsonSchema, O: JsonSchema, H, X>(
        self,
        path: &str,
        access: Access,
        summary: T,
        handler: H,
    ) -> Self
    where
        H: Handler<X, App>,
        X: 'static,
    {
        let path = format!("/api/v1{path}");
        let handler = axum::routing::put(handler);
        self.add("PUT", &path, access, summary, SchemaOf::of::<I>(), SchemaOf::of::<O>(), handler)
    }

    /// `DELETE /api/v1{path}` answering `O`.
    pub fn api_delete<O: JsonSchema, H, X>(self, path: &str, access: Access, summary: T, handler: H) -> Self
    where
        H: Handler<X, App>,
        X: 'static,
    {
        let path = format!("/api/v1{path}");
        self.add("DELETE", &path, access, summary, None, SchemaOf::of::<O>(), axum::routing::delete(handler))
    }

    /// Any route.
    pub fn add(
        mut self,
        method: &'static str,
        path: &str,
        access: Access,
        summary: T,
        input: Option<SchemaOf>,
        output: Option<SchemaOf>,
        handler: MethodRouter<App>,
    ) -> Self {
        self.0.push(Endpoint { method, path: path.to_string(), access, summary, input, output, handler });
        self
    }
}

/// Background work of one kind. `run` does its writes through `cx.begin`; the job is marked done in that same
/// transaction, so the effect happens once even though delivery is at least once.
pub struct JobKind {
    /// `orders.import`
    pub kind: &'static str,
    /// Slow lanes never starve quick ones.
    pub lane: Lane,
    /// The work; `payload` is what was enqueued.
    pub run: fn(Cx, serde_json::Value) -> BoxFuture<'static, Result<()>>,
}

/// Lanes of background work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// events and timers
    Quick,
    /// imports, reports
    Slow,
}

/// A reaction to an event.
pub struct Sub {
    /// Event name, for example `orders.order_completed.v1`.
    pub event: &'static str,
    /// Unique name of the reaction, for example `callbacks.plan_first_callback`.
    pub name: &'static str,
    /// The work; `payload` is the event.
    pub run: fn(Cx, serde_json::Value) -> BoxFuture<'static, Result<()>>,
}

/// A reaction that is one piece of work in a transaction of its own:
/// `reaction!(CustomersMerged, "orders.follow_merged_customer", |tx, event| store::move_customer(tx, event.from, event.into))`.
#[macro_export]
macro_rules! reaction {
    ($event:ty, $name:literal, |$tx:ident, $told:ident| $work:expr) => {
        $crate::Sub {
            event: <$event as $crate::Event>::NAME,
            name: $name,
            run: |cx, payload| {
                Box::pin(async move {
                    let $told: $event = serde_json::from_value(payload)?;
                    let mut begun = $crate::begin!(cx, $name, &$told);
                    let $tx = &mut *begun;
                    $work.await?;
                    begun.commit(()).await
                })
            },
        }
    };
}

/// Work started by the clock.
pub struct Schedule {
    /// Unique name.
    pub name: &'static str,
    /// Seconds between runs.
    pub every_secs: i64,
    /// The work.
    pub run: fn(Cx) -> BoxFuture<'static, Result<()>>,
}

/// A question upwards (DESIGN §2): may this move be made on this document? Asked in the move's own transaction, before
/// anything is written; `Err` forbids it. Only for rules that must hold whichever door the move comes through.
pub struct Guard {
    /// Kind of document: `order`.
    pub doc: &'static str,
    /// The rule; the text is the move, for example `complete`.
    pub check: for<'a> fn(&'a mut Tx, Id, &'a str) -> BoxFuture<'a, Result<()>>,
    /// The same rule where it can be told without the move: asked before a button is offered.
    pub ahead: Option<Ahead>,
}

/// See [`Guard::ahead`].
pub type Ahead = for<'a> fn(&'a mut db::Conn, Id, &'a str) -> BoxFuture<'a, Result<()>>;

/// What a higher context adds to a printed sheet of a lower one's document (WO-06). It shows nothing to who may not see
/// it.
pub struct SheetPart {
    /// Kind of document: `order`.
    pub doc: &'static str,
    /// Code of the sheet: `callback`.
    pub sheet: &'static str,
    /// Its block.
    pub render: for<'a> fn(&'a Cx, Id) -> BoxFuture<'a, Result<maud::Markup>>,
}

/// What higher contexts add to a sheet.
pub async fn sheet_parts(cx: &Cx, doc: &str, sheet: &str, id: Id) -> Result<Vec<maud::Markup>> {
    let mut blocks = Vec::new();
    let app = App::clone(&cx.app);
    for part in app.registry.sheet_parts.iter().filter(|part| part.doc == doc && part.sheet == sheet) {
        blocks.push((part.render)(cx, id).await?);
    }
    Ok(blocks)
}

/// Asks all guards of a kind of document.
pub async fn guarded(tx: &mut Tx, doc: &str, id: Id, action: &str) -> Result<()> {
    let app = App::clone(&tx.cx().app);
    for guard in app.registry.guards.iter().filter(|guard| guard.doc == doc) {
        (guard.check)(tx, id, action).await?;
    }
    Ok(())
}

/// Whether a move is worth a button: no guard that can tell ahead forbids it. The move itself asks them all again.
pub async fn offered(cx: &crate::Cx, conn: &mut db::Conn, doc: &str, id: Id, action: &str) -> Result<bool> {
    for guard in cx.app.registry.guards.iter().filter(|guard| guard.doc == doc) {
        let Some(ahead) = guard.ahead else { continue };
        match ahead(conn, id, action).await {
            Ok(()) => {}
            Err(crate::Error::Conflict(_) | crate::Error::Invalid(_)) => return Ok(false),
            Err(other) => return Err(other),
        }
    }
    Ok(true)
}

/// A kind of clock on documents.
pub struct TimerKind {
    /// `orders.arrival`
    pub kind: &'static str,
    /// For people.
    pub label: T,
    /// Called once when it warns and once when it runs out, inside the transaction that records it.
    pub fire: for<'a> fn(&'a mut Tx, &'a crate::timers::Fired) -> BoxFuture<'a, Result<()>>,
}

/// A kind of document that panels attach to.
pub struct DocKind {
    /// `order`
    pub kind: &'static str,
    /// For people.
    pub label: T,
    /// Where it is shown: `/orders/{id}`.
    pub href: &'static str,
    /// Finds the document if the caller may see it (`write`: may change it): 404 otherwise.
    pub find: for<'a> fn(&'a Cx, &'a mut db::Conn, Id, bool) -> BoxFuture<'a, Result<crate::DocBrief>>,
}

/// A kind of document that processes run for: it hears of every move in the move's own transaction, so that document
/// and process never tell different stories.
pub struct Subject {
    /// `order`
    pub kind: &'static str,
    /// Makes the document follow.
    pub moved: for<'a> fn(&'a mut Tx, &'a ProcessStep) -> BoxFuture<'a, Result<()>>,
    /// The newest that the caller sees and that ran by no process, as one would have met them: for dry runs.
    pub past: for<'a> fn(&'a Cx, &'a mut db::Conn, i64) -> BoxFuture<'a, Result<Vec<PastSubject>>>,
}

/// A document that went its way without a process.
#[derive(Clone, Debug)]
pub struct PastSubject {
    /// Which.
    pub id: Id,
    /// Its number.
    pub no: String,
    /// When it was opened.
    pub opened: kernel::Ts,
    /// What is known of it, by the name of the fact.
    pub facts: std::collections::BTreeMap<String, serde_json::Value>,
    /// When it went to which stage, and why.
    pub stages: Vec<(kernel::Ts, String, String)>,
}

/// A process moved on, for the document that it runs for.
#[derive(Clone, Debug)]
pub struct ProcessStep {
    /// The document.
    pub doc: Id,
    /// The run.
    pub run: Id,
    /// Name of the step that was reached, in the caller's language.
    pub step: String,
    /// What the step means in every trade, for example `in_progress`.
    pub stage: String,
    /// Why work stands still there: a code, or empty.
    pub waits: String,
    /// Why, as the person said.
    pub reason: String,
    /// What the process knows about the document, by the name of the fact: `engineer`, `result` …
    pub said: std::collections::BTreeMap<String, serde_json::Value>,
}

/// An invariant of the data.
pub struct Check {
    /// `parts.balance_equals_movements`
    pub name: &'static str,
    /// Finds what is broken, one line each.
    pub run: for<'a> fn(&'a mut db::Conn) -> BoxFuture<'a, Result<Vec<String>>>,
}
