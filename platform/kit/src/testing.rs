//! A tiny shop for the platform's own tests: one table, one list, one import, two people; on both engines.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use db::{Conn, Db, Options, args};
use futures::future::BoxFuture;
use kernel::{FixedClock, Id, IdGen, T, Ts};
use object_store::local::LocalFileSystem;
use tower::ServiceExt;

use crate::{
    Access, App, AppState, Config, Cx, Directory, DocBrief, DocRef, Module, Perm, Reach, Registry, Result,
    Role, Routes, Sens, Show, Tx,
    lists::{Col, Kind, ListSpec, Preset},
    perm::Actor,
    sheets::{Applied, SheetRow, SheetSpec},
    tabular::{CellKind, ColumnSpec},
};

pub static READ: Perm =
    Perm { key: "shop.thing.read", label: T("查看", "Read"), grants: &[(Role::Admin, Reach::All)] };
pub static WRITE: Perm =
    Perm { key: "shop.thing.write", label: T("修改", "Write"), grants: &[(Role::Admin, Reach::All)] };

const STATES: &[(&str, T)] = &[("new", T("新建", "New")), ("done", T("完成", "Done"))];

const SCHEMA: &str = "
create table maker (id uuid primary key, name text not null, org_id uuid not null);
create table thing (
    id uuid primary key, version bigint not null, org_id uuid not null, owner_id uuid, no text not null, name text not null,
    phone text not null, cost bigint not null, qty bigint not null, at bigint not null, day text not null, due_at bigint,
    state text not null, flag boolean not null, maker_id uuid not null references maker (id)
);
create index thing_at on thing (at, id);
create unique index thing_no on thing (no);
";

pub fn things() -> ListSpec {
    ListSpec {
        joins: &[("m", "join maker m on m.id = t.maker_id")],
        org: "t.org_id",
        owner: Some("t.owner_id"),
        columns: vec![
            Col::new("no", T("编号", "No."), "t.no", Kind::No).sortable(),
            Col::new("name", T("名称", "Name"), "t.name", Kind::Text),
            Col::new("phone", T("电话", "Phone"), "t.phone", Kind::Text).sensitive(Sens::Phone).sortable(),
            Col::new("cost", T("成本", "Cost"), "t.cost", Kind::Money).sensitive(Sens::Cost),
            Col::new("qty", T("数量", "Quantity"), "t.qty", Kind::Qty).sortable(),
            Col::new("at", T("时间", "At"), "t.at", Kind::Time).sortable(),
            Col::new("day", T("日期", "Day"), "t.day", Kind::Date).sortable(),
            Col::new("due", T("期限", "Due"), "t.due_at", Kind::Due).span("7200000000").nullable(),
            Col::new("state", T("状态", "State"), "t.state", Kind::State(STATES)).sortable(),
            Col::new("flag", T("标记", "Flag"), "t.flag", Kind::Bool).sortable(),
            Col::new("maker", T("厂家", "Maker"), "m.name", Kind::Text).english("upper(m.name)").hidden(),
            Col::new("owner", T("负责人", "Owner"), "t.owner_id", Kind::Id),
        ],
        presets: vec![
            Preset { key: "mine", label: T("我的", "Mine"), filter: "owner~eq~{me}", hot: false },
            Preset { key: "open", label: T("未完成", "Open"), filter: "state~in~new", hot: true },
        ],
        sort: ("at", true),
        row_href: "/things/{id}",
        create: Some(("/things/new", T("新建", "New"), &WRITE)),
        bulk: vec![(T("关闭", "Close"), "check", "/things/close", &WRITE)],
        sheet: Some("things"),
        ..ListSpec::new("things", T("物品", "Things"), "/things", &READ, "thing t", "t")
    }
}

/// The same rows, found through the search index, with the organisation of a joined table.
pub fn found() -> ListSpec {
    ListSpec {
        search_kind: Some("thing"),
        org: "m.org_id",
        owner: None,
        sheet: None,
        sort: ("id", true),
        ..ListSpec { key: "found", href: "/found", ..things() }
    }
}

const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec::new("no", T("编号", "No."), CellKind::Text { max: 20 }).required().example("A1"),
    ColumnSpec::new("name", T("名称", "Name"), CellKind::Text { max: 20 }).required().aliases(&["title"]),
    ColumnSpec::new("phone", T("电话", "Phone"), CellKind::Phone),
    ColumnSpec::new("cost", T("成本", "Cost"), CellKind::Price),
    ColumnSpec::new("qty", T("数量", "Quantity"), CellKind::Qty),
];

fn sheet() -> SheetSpec {
    SheetSpec {
        kind: "things",
        title: T("物品", "Things"),
        perm: &WRITE,
        list: "things",
        columns: || COLUMNS.to_vec(),
        apply: |tx, row| Box::pin(apply(tx, row)),
        undo: |tx, applied| Box::pin(undo(tx, applied)),
        prepare: None,
    }
}

async fn apply(tx: &mut Tx, row: &SheetRow<'_>) -> Result<Applied> {
    let no = row.text("no").unwrap_or_default();
    let name = row.text("name").unwrap_or_default();
    let qty = row.qty("qty").unwrap_or_default();
    let found: Option<(Id, String, i64)> =
        tx.opt("select id, name, version from thing where no = $1", args![&no]).await?;
    if let Some((id, old, version)) = found {
        if old == name {
            return Ok(Applied {
                action: "skip",
                doc_kind: "thing",
                doc_id: id,
                version: 0,
                before: None,
                changes: vec![],
            });
        }
        tx.exec("update thing set name = $2, version = $3 where id = $1", args![id, &name, version + 1])
            .await?;
        let changes = vec![("name", old.clone(), name)];
        return Ok(Applied {
            action: "update",
            doc_kind: "thing",
            doc_id: id,
            version: version + 1,
            before: Some(old),
            changes,
        });
    }
    let id = insert(tx, &no, &name, qty.0).await?;
    // Written first and refused afterwards: nothing of such a row may stay.
    match name.as_str() {
        "wrong" => return Err(kernel::RuleError::new("thing.wrong", T("不行", "No")).field("name").into()),
        "broken" => drop(tx.exec("insert into thing (id) values ($1)", args![id]).await?),
        _ => {}
    }
    tx.log(DocRef::new("thing", id, &no), "created", serde_json::Value::Null);
    Ok(Applied {
        action: "create",
        doc_kind: "thing",
        doc_id: id,
        version: 1,
        before: None,
        changes: vec![("name", String::new(), name)],
    })
}

async fn insert(tx: &mut Tx, no: &str, name: &str, qty: i64) -> Result<Id> {
    let (id, org, now) = (tx.id(), tx.cx().actor()?.org, tx.now());
    let maker: Id = tx.scalar("select id from maker order by id limit 1", vec![]).await?;
    tx.exec(
        "insert into thing (id, version, org_id, no, name, phone, cost, qty, at, day, state, flag, maker_id)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)",
        args![id, 1, org, no, name, "", 0, qty, now, "2026-11-18", "new", false, maker],
    )
    .await?;
    Ok(id)
}

async fn undo(tx: &mut Tx, applied: &Applied) -> Result<()> {
    let (state, version): (String, i64) =
        tx.one("select state, version from thing where id = $1", args![applied.doc_id]).await?;
    applied.unchanged(version)?;
    if state == "done" {
        return Err(kernel::RuleError::new("thing.used", T("已使用", "In use")).into());
    }
    match &applied.before {
        Some(name) => {
            tx.exec(
                "update thing set name = $2, version = version + 1 where id = $1",
                args![applied.doc_id, name],
            )
            .await?
        }
        None => tx.exec("delete from thing where id = $1", args![applied.doc_id]).await?,
    };
    Ok(())
}

struct Brief(Id);

impl crate::Owned for Brief {
    fn org(&self) -> Id {
        self.0
    }
    fn owners(&self) -> Vec<Id> {
        Vec::new()
    }
}

async fn find_thing(cx: &Cx, conn: &mut Conn, id: Id, write: bool) -> Result<DocBrief> {
    let (no, org): (String, Id) = conn.one("select no, org_id from thing where id = $1", args![id]).await?;
    cx.authorize(if write { &WRITE } else { &READ }, &Brief(org))?;
    Ok(DocBrief { doc: DocRef::new("thing", id, &no), org, title: no })
}

fn module() -> Module {
    Module {
        name: "shop",
        migrations: vec![db::Migration { context: "shop", number: 1, name: "shop", sql: SCHEMA }],
        perms: vec![&READ, &WRITE],
        lists: vec![things(), found()],
        sheets: vec![sheet()],
        docs: vec![crate::DocKind {
            kind: "thing",
            label: T("物品", "Thing"),
            href: "/things/{id}",
            find: |cx, conn, id, write| Box::pin(find_thing(cx, conn, id, write)),
        }],
        signatures: Some(|_, kind, _| {
            let labels = if kind == "thing" { vec!["handover".to_string()] } else { Vec::new() };
            Box::pin(async move { Ok(labels) })
        }),
        routes: Routes::new()
            .page(
                "/things/{id}",
                Access::Perm(&READ),
                |axum::extract::Path(id): axum::extract::Path<String>| async move { id },
            )
            .page("/things/new", Access::Perm(&READ), || async { "new" })
            .form("/things", Access::Perm(&WRITE), || async { "made" })
            .api_post::<(), (), _, _>("/things", Access::Perm(&WRITE), T("", ""), || async { "api" }),
        ..Module::default()
    }
}

/// Two accounts: `admin` sees everything, `clerk` only the own organisation, with masks.
#[derive(Default)]
struct People {
    known: HashMap<&'static str, Arc<Actor>>,
    closed: Mutex<Vec<Id>>,
}

impl People {
    fn find(&self, is: impl Fn(&str, &Actor) -> bool) -> Option<Arc<Actor>> {
        let closed = self.closed.lock().expect("a list");
        let found = self.known.iter().find(|(name, actor)| is(name, actor) && !closed.contains(&actor.user));
        found.map(|(_, actor)| Arc::clone(actor))
    }
}

impl Directory for People {
    fn by_secret<'a>(&'a self, _: &'a Db, hash: &'a str, _: Ts) -> BoxFuture<'a, Result<Option<Arc<Actor>>>> {
        let found = self.find(|name, _| crate::http::secret_hash(name) == hash);
        Box::pin(async move { Ok(found) })
    }
    fn by_user<'a>(&'a self, _: &'a Db, user: Id, _: Ts) -> BoxFuture<'a, Result<Option<Arc<Actor>>>> {
        let found = self.find(|_, actor| actor.user == user);
        Box::pin(async move { Ok(found) })
    }
    fn forget(&self) {}
}

/// A running shop.
pub struct Shop {
    pub app: App,
    pub admin: Cx,
    pub clerk: Cx,
    people: Arc<People>,
    router: axum::Router,
    clock: FixedClock,
    dir: PathBuf,
}

fn actor(ids: &IdGen, name: &str, org: Id, perms: &[&Perm], reach: Reach, show: Show) -> Arc<Actor> {
    let id = || ids.next(Ts(0));
    Arc::new(Actor {
        user: id(),
        staff: Some(id()),
        name: name.into(),
        org,
        below: Arc::from([org]),
        grants: Arc::new(perms.iter().map(|perm| (perm.key.to_string(), reach)).collect()),
        fields: Sens::ALL.iter().map(|sens| (sens.code(), show)).collect(),
        token: true,
        system: false,
        ..Actor::system()
    })
}

impl Shop {
    async fn open(url: &str, dir: PathBuf) -> Self {
        let options = Options { readers: 3, writers: 4, durable: false };
        let db = Db::open(url, &options).await.expect("a database");
        let (registry, endpoints) = Registry::new(vec![crate::platform::module(), module()]);
        let clock = FixedClock::new(Ts::parse("2026-11-18T01:00:00Z").expect("valid"));
        db.migrate(&registry.migrations, Ts(0)).await.expect("migrations");
        let ids = IdGen::seeded(7);
        let (root, outlet) = (ids.next(Ts(0)), ids.next(Ts(0)));
        let platform = [
            &crate::lists::EXPORT,
            &crate::platform::SETTINGS_WRITE,
            &crate::platform::AUDIT_READ,
            &crate::platform::JOBS_READ,
        ];
        let all: Vec<&Perm> = [&READ, &WRITE].into_iter().chain(platform).collect();
        let chief: Vec<&Perm> = all.iter().copied().chain([&crate::voids::VOID]).collect();
        let admin = actor(&ids, "admin", root, &chief, Reach::All, Show::Full);
        let clerk = actor(&ids, "clerk", outlet, &all, Reach::Outlet, Show::Masked);
        let known = HashMap::from([("admin", Arc::clone(&admin)), ("clerk", Arc::clone(&clerk))]);
        let people = Arc::new(People { known, ..People::default() });
        let app = Arc::new(AppState {
            audit_key: [1; 32],
            blobs: Arc::new(LocalFileSystem::new_with_prefix(&dir).expect("a directory")),
            db,
            clock: Arc::new(clock.clone()),
            ids,
            config: Config { data: dir.clone(), ..Config::default() },
            registry,
            directory: people.clone(),
            settings: Default::default(),
            numbers: Default::default(),
            wake: Default::default(),
            limits: Default::default(),
            live: Default::default(),
            zones: Default::default(),
        });
        let router = crate::http::router(&app, endpoints);
        let (admin, clerk) = (Cx::with_actor(&app, admin), Cx::with_actor(&app, clerk));
        let shop = Self { app, admin, clerk, people, router, clock, dir };
        shop.fill().await;
        shop
    }

    /// Makers, one in each organisation.
    async fn fill(&self) {
        let mut tx = self.app.db.begin().await.expect("a transaction");
        for (name, cx) in [("Haier 海尔", &self.admin), ("Midea 美的", &self.clerk)] {
            let org = cx.actor().expect("signed in").org;
            tx.exec(
                "insert into maker (id, name, org_id) values ($1,$2,$3)",
                args![self.app.id(), name, org],
            )
            .await
            .expect("a maker");
        }
        tx.commit().await.expect("committed");
    }

    /// `count` things, every third in the clerk's organisation, times shared by several, some without a due time.
    pub async fn stock(&self, count: i64) {
        let mut tx = self.app.db.begin().await.expect("a transaction");
        let makers: Vec<(Id, Id)> =
            tx.all("select id, org_id from maker order by id", vec![]).await.expect("makers");
        let staff = self.admin.staff().expect("a person");
        for n in 0..count {
            let (maker, org) = makers[usize::from(n % 3 == 0)];
            let due = (n % 4 != 0).then_some(Ts(1_000_000_000 - n * 1000));
            let state = if n % 5 == 0 { "done" } else { "new" };
            let phone = format!("1380000{n:04}");
            tx.exec(
                "insert into thing (id, version, org_id, owner_id, no, name, phone, cost, qty, at, day, due_at, state, flag, maker_id)
                 values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)",
                args![
                    self.app.id(), 1, org, (n % 2 == 0).then_some(staff), format!("N{n:05}"), format!("=物品 {n}"), phone, n * 100,
                    (n % 7) * 1000, Ts(1_000_000 * (n / 3)), format!("2026-11-{:02}", n % 28 + 1), due, state, n % 2 == 0, maker
                ],
            )
            .await
            .expect("a thing");
        }
        tx.commit().await.expect("committed");
    }

    /// The account of `who` can't sign in any more.
    pub fn close(&self, who: &Cx) {
        self.people.closed.lock().expect("a list").push(who.actor().expect("a person").user);
    }

    /// Moves the clock.
    pub fn advance(&self, secs: i64) {
        self.clock.advance_secs(secs);
    }

    pub async fn scalar(&self, sql: &str) -> i64 {
        let mut conn = self.app.db.read().await.expect("a reader");
        conn.scalar(sql, vec![]).await.expect("a number")
    }

    /// A request as `who` (`admin`, `clerk`, nobody): status and body.
    pub async fn send(&self, who: &str, method: &str, path: &str, kind: &str, body: &[u8]) -> (u16, String) {
        let mut request =
            http::Request::builder().method(method).uri(path).header("accept-encoding", "identity");
        if !who.is_empty() {
            request = request.header("authorization", format!("Bearer {who}"));
        }
        if !kind.is_empty() {
            request = request.header("content-type", kind);
        }
        let request = request.body(axum::body::Body::from(body.to_vec())).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        let to = parts.headers.get("location").and_then(|to| to.to_str().ok()).map(|to| format!("→{to}"));
        (parts.status.as_u16(), to.unwrap_or_else(|| String::from_utf8_lossy(&bytes).into_owned()))
    }

    pub async fn get(&self, who: &str, path: &str) -> (u16, String) {
        self.send(who, "GET", path, "", b"").await
    }

    pub async fn post(&self, who: &str, path: &str, form: &str) -> (u16, String) {
        self.send(who, "POST", path, "application/x-www-form-urlencoded", form.as_bytes()).await
    }
}

/// Runs a test on SQLite, and on PostgreSQL when `AFTERCARE_TEST_PG` names a server (`make test` always does).
pub async fn on_both<F, Fut>(test: F)
where
    F: Fn(Arc<Shop>) -> Fut,
    Fut: Future<Output = ()>,
{
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let name = format!("kit_{}_{number}", std::process::id());
    let dir = std::env::temp_dir().join(&name);
    std::fs::create_dir_all(&dir).expect("a directory");
    let shop = Arc::new(Shop::open(&format!("sqlite:{}", dir.join("shop.db").display()), dir.clone()).await);
    test(Arc::clone(&shop)).await;
    shop.app.db.close().await;
    std::fs::remove_dir_all(&shop.dir).expect("removed");
    let Ok(server) = std::env::var("AFTERCARE_TEST_PG") else { return };
    std::fs::create_dir_all(&dir).expect("a directory");
    let small = Options { readers: 1, writers: 1, durable: false };
    let admin = Db::open(&server, &small).await.expect("the PostgreSQL server answers");
    let run = async |sql: String| {
        let mut tx = admin.begin().await.expect("a transaction");
        tx.batch(&sql).await.expect("done");
        tx.commit().await.expect("committed");
    };
    run(format!("create schema {name}")).await;
    let join = if server.contains('?') { '&' } else { '?' };
    let shop = Arc::new(Shop::open(&format!("{server}{join}options=-csearch_path%3D{name}"), dir).await);
    test(Arc::clone(&shop)).await;
    shop.app.db.close().await;
    std::fs::remove_dir_all(&shop.dir).expect("removed");
    run(format!("drop schema {name} cascade")).await;
}
