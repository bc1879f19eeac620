//! What a company sets and looks after itself: parameters by organisation and date, clocks that keep their calendar,
//! substitutes, background work, the log, tokens and versions.

use http::Method;
use kernel::{BusinessCalendar, Id, Pause, Span};
use kit::{DocRef, Role, begin, timers};
use serde_json::{Value, json};
use testkit::{Answer, Client, TestApp};

use crate::world::{id, world};

fn the(value: &Value) -> Id {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("no id in {value}"))
}

async fn days(app: &TestApp, org: Id) -> String {
    let setting =
        app.app.registry.settings.iter().find(|s| s.key == "orders.sla.dispatch").expect("a setting");
    app.system().setting(setting, org).await.expect("a value")
}

/// A clock on nothing in particular.
async fn start(app: &TestApp, doc: Id, org: Id, span: Span) {
    let cx = app.system();
    let run = async || -> kit::Result<()> {
        let mut tx = begin!(cx, "test.start", &doc);
        let doc = DocRef::new("probe", doc, "1");
        let start = tx.now();
        let timer = timers::NewTimer { doc: &doc, org, kind: "probe", span, start, warn_percent: 0 };
        timers::start_in(&mut tx, &[timer]).await?;
        tx.commit(()).await
    };
    run().await.expect("started");
}

async fn clock(app: &TestApp, doc: Id) -> timers::Timer {
    let mut conn = app.app.db.read().await.expect("reads");
    timers::of_doc(&mut conn, doc).await.expect("reads").pop().expect("a clock")
}

async fn pause(app: &TestApp, doc: Id) {
    let cx = app.system();
    let run = async || -> kit::Result<()> {
        let mut tx = begin!(cx, "test.pause", &doc);
        timers::pause_in(&mut tx, doc, "parts").await?;
        tx.commit(()).await
    };
    run().await.expect("paused");
}

async fn stop(app: &TestApp, doc: Id) {
    let cx = app.system();
    let run = async || -> kit::Result<()> {
        let mut tx = begin!(cx, "test.stop", &doc);
        timers::stop_in(&mut tx, doc, &["probe"]).await?;
        tx.commit(()).await
    };
    run().await.expect("stopped");
}

async fn log_of(admin: &Client, who: &Client) -> Value {
    let path = format!("/audit?user_id={}", who.user.expect("an account"));
    admin.get(&path).await.ok()[0].clone()
}

async fn with_token(app: &TestApp, secret: &str, method: Method, path: &str) -> Answer {
    let bearer = format!("Bearer {secret}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let body = json!({ "name": "湖滨万象城", "label": "湖滨万象城" }).to_string().into_bytes();
    app.nobody().send(method, path, &headers, body).await
}

testkit::app_test! {
    async fn a_parameter_is_inherited_downwards_and_holds_from_its_day(app: TestApp) {
        let admin = app.admin().await;
        let branch = admin.post("/orgs", json!({ "code": "B1", "kind": "branch", "name": "苏州", "parent_id": app.root })).await.ok();
        let below = admin.post("/orgs", json!({ "code": "O1", "kind": "outlet", "name": "吴中店", "parent_id": branch["id"] })).await.ok();
        let (branch, below) = (the(&branch["id"]), the(&below["id"]));
        let usual = days(app, app.root).await;
        let form = async |fields: String| admin.form("/settings/orders.sla.dispatch", &fields).await;
        let saved = form(format!("value.number=5&value.unit=wd&org_id={branch}")).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        assert_eq!((days(app, branch).await, days(app, below).await), ("5wd".into(), "5wd".into()), "an outlet takes its branch's");
        assert_eq!(days(app, app.root).await, usual);
        let own = json!({ "key": "orders.sla.dispatch", "org_id": below, "value": "2wd" });
        admin.put("/settings", own).await.ok();
        assert_eq!((days(app, branch).await, days(app, below).await), ("5wd".into(), "2wd".into()), "its own goes first");

        // From another day on: neither the rules nor the page take it for today's.
        let saved = form(format!("value.number=9&value.unit=wd&org_id={branch}&valid_from=2026-11-20T00:00")).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        let saved = form("value.number=7&value.unit=wd&valid_from=2026-11-20T00:00".into()).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        assert_eq!(days(app, branch).await, "5wd");
        let number = usual.trim_end_matches(|c: char| c.is_alphabetic()).to_string();
        let page = admin.page("/settings").await.text();
        let at = page.find("value-orders.sla.dispatch").expect("the field");
        let near: String = page[..at].chars().rev().take(600).collect::<Vec<_>>().into_iter().rev().chain(page[at..].chars().take(600)).collect();
        assert!(near.contains(&format!("value=\"{number}\"")), "today's value: {near}");
        let page = admin.page(&format!("/settings/orders.sla.dispatch?org={branch}")).await.text();
        for word in ["苏州", "将生效", "现行", "2026-11-20 00:00"] {
            assert!(page.contains(word), "{word}");
        }
        app.clock.advance_secs(3 * 86_400);
        assert_eq!((days(app, branch).await, days(app, below).await, days(app, app.root).await), ("9wd".into(), "2wd".into(), "7wd".into()));

        let past = form(format!("value.number=5&value.unit=wd&org_id={branch}&valid_from=2026-01-01T00:00")).await;
        assert_eq!(past.status, 422);
        let unknown = json!({ "key": "orders.sla.dispatch", "org_id": Id::NIL.to_string().replace('0', "1"), "value": "2wd" });
        assert_eq!(admin.put("/settings", unknown).await.refused(422), "setting.org");
        let common = json!({ "key": "company.name", "org_id": branch, "value": "x" });
        assert_eq!(admin.put("/settings", common).await.refused(422), "setting.org");
    }

    async fn a_value_to_come_can_be_taken_back_before_it_begins(app: TestApp) {
        let admin = app.admin().await;
        let usual = days(app, app.root).await;
        let set = async |value: &str, from: Option<&str>| {
            let body = json!({ "key": "orders.sla.dispatch", "value": value, "valid_from": from });
            admin.put("/settings", body).await.ok()
        };
        let wrong = set("7wd", Some("2026-11-20T00:00:00+08:00")).await;
        let page = admin.page("/settings/orders.sla.dispatch").await.text();
        let address = format!("/settings/values/{}/withdraw", the(&wrong["id"]));
        assert!(page.contains(&format!("action=\"{address}\"")), "a button for it");
        let clerk = app.user(Role::Agent).await;
        assert_eq!(clerk.post(&address, json!({})).await.status, 403);
        let back = admin.form(&address, "").await;
        assert_eq!(back.status, 303, "{}", back.text());
        admin.post(&address, json!({})).await.refused(404);
        let now = set("6wd", None).await;
        let later = set("8wd", Some("2026-11-20T00:00:00+08:00")).await;
        assert_eq!(admin.post(&format!("/settings/values/{}/withdraw", the(&now["id"])), json!({})).await.refused(409), "setting.begun");
        app.clock.advance_secs(3 * 86_400);
        assert_ne!(usual, "8wd");
        assert_eq!(days(app, app.root).await, "8wd", "the other one began, and the one taken back never does");
        assert_eq!(admin.post(&format!("/settings/values/{}/withdraw", the(&later["id"])), json!({})).await.refused(409), "setting.begun");
    }

    async fn a_clock_keeps_the_calendar_it_began_with(app: TestApp) {
        let admin = app.admin().await;
        let doc = app.app.id();
        start(app, doc, app.root, Span::WorkingDays(3)).await;
        let before = clock(app, doc).await;
        // The next two days become holidays, by the page.
        app.clock.advance_secs(60);
        let week = "week.0=08:30-12:00 13:30-18:00&week.1=08:30-12:00 13:30-18:00&week.2=08:30-12:00 13:30-18:00";
        let saved = admin.form("/calendar", &format!("{week}&tz=Asia/Shanghai&holidays=2026-11-19~2026-11-20")).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        let cx = app.system();
        let explained = timers::explain(&cx, &before).await.expect("explained");
        assert_eq!(explained.due, before.due_at, "what is explained is what is stored");
        let later = app.app.id();
        start(app, later, app.root, Span::WorkingDays(3)).await;
        assert!(clock(app, later).await.due_at > before.due_at, "a new clock follows the new calendar");

        // Also when it goes on after a pause.
        pause(app, doc).await;
        app.clock.advance_secs(3600);
        let run = async || -> kit::Result<()> {
            let mut tx = begin!(cx, "test.resume", &doc);
            timers::resume_in(&mut tx, doc).await?;
            tx.commit(()).await
        };
        run().await.expect("resumed");
        let after = clock(app, doc).await;
        let pauses: Vec<Pause> = serde_json::from_str(&after.pauses).expect("pauses");
        let old = kernel::due(after.started_at, &Span::WorkingDays(3), &BusinessCalendar::china_2026(), &pauses).expect("due");
        assert_eq!((after.due_at, timers::explain(&cx, &after).await.expect("explained").due), (old.due, old.due));
    }

    async fn a_calendar_may_be_a_branchs_own(app: TestApp) {
        let admin = app.admin().await;
        let (here, there) = (app.outlet("本店").await, app.outlet("别店").await);
        let week = "week.0=10:00-16:00&week.1=10:00-16:00&week.2=10:00-16:00&week.3=10:00-16:00&week.4=10:00-16:00";
        let saved = admin.form("/calendar", &format!("{week}&tz=Asia/Urumqi&org_id={here}")).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        let cx = app.system();
        let zone = async |org: Id| timers::calendar(&cx, org).await.expect("a calendar").tz.clone();
        assert_eq!((zone(here).await, zone(there).await), ("Asia/Urumqi".into(), "Asia/Shanghai".into()));
        assert!(admin.page(&format!("/calendar?org={here}")).await.text().contains("Asia/Urumqi"));
    }

    async fn a_clock_that_had_run_out_before_its_pause_was_late(app: TestApp) {
        let (late, good) = (app.app.id(), app.app.id());
        start(app, late, app.root, Span::Hours(60)).await;
        start(app, good, app.root, Span::Hours(600)).await;
        app.clock.advance_secs(2 * 3600);
        pause(app, late).await;
        pause(app, good).await;
        assert!(clock(app, late).await.due_at.is_some() && clock(app, good).await.due_at.is_none());
        app.clock.advance_secs(20 * 3600);
        stop(app, late).await;
        stop(app, good).await;
        assert_eq!((clock(app, late).await.state, clock(app, good).await.state), ("late".into(), "met".into()));
    }

    async fn a_substitute_acts_in_the_absent_persons_place_and_the_log_says_so(app: TestApp) {
        let admin = app.admin().await;
        let (here, there, third) = (app.outlet("本店").await, app.outlet("别店").await, app.outlet("第三店").await);
        let absent = app.user_in(Role::Agent, there).await;
        let stand_in = app.user_in(Role::Agent, here).await;
        let new = |org: Id, name: &str| json!({ "name": name, "org_id": org });
        let foreign = admin.post("/customers", new(there, "别店的客户")).await.ok();
        let path = format!("/customers/{}", id(&foreign));
        assert_eq!(stand_in.get(&path).await.status, 404);
        let told = async || {
            let mut conn = app.app.db.read().await.expect("reads");
            org::api::users_with_at(&mut conn, "customers.customer.write", there, app.app.now()).await.expect("reads")
        };
        assert!(!told().await.contains(&stand_in.user.expect("an account")));
        let acting = json!({ "absent_id": absent.staff, "substitute_id": stand_in.staff, "until": "2026-11-18T18:00" });
        admin.post("/acting", acting).await.ok();

        assert_eq!(stand_in.get(&path).await.ok()["name"], "别店的客户", "seen");
        assert!(stand_in.get("/customers").await.text().contains("别店的客户"), "listed");
        assert!(told().await.contains(&stand_in.user.expect("an account")), "notices reach the substitute");
        let done = stand_in.put(&path, json!({ "name": "别店的客户", "org_id": there, "notes": "代班时改的" })).await;
        assert!(done.status.is_success(), "{}", done.text());
        let entry = log_of(&admin, &stand_in).await;
        assert_eq!(entry["on_behalf"], json!(absent.staff), "{entry}");
        assert!(entry["user_name"].as_str().expect("a name").contains("代"), "the log shows both names: {entry}");

        // One's own work is one's own, also while standing in.
        stand_in.post("/customers", new(here, "本店的客户")).await.ok();
        let entry = log_of(&admin, &stand_in).await;
        assert!(entry["on_behalf"].is_null() && !entry["user_name"].as_str().expect("a name").contains("代"), "{entry}");
        let other = stand_in.post("/customers", new(third, "第三店的客户")).await;
        assert!(!other.status.is_success(), "neither's place");

        app.clock.advance_secs(10 * 3600);
        assert_eq!(stand_in.get(&path).await.status, 404);
        assert!(!told().await.contains(&stand_in.user.expect("an account")));
    }

    async fn work_that_gave_up_is_shown_and_tried_again(app: TestApp) {
        let admin = app.admin().await;
        let job = app.app.id();
        let mut tx = app.app.db.begin().await.expect("a transaction");
        tx.exec(
            "insert into job (id, kind, lane, payload, state, run_at, attempts, error, created_at)
             values ($1, 'kit.nothing', 'quick', '{}', 'dead', $2, 8, 'no such kind', $2)",
            db::args![job, app.app.now()],
        )
        .await
        .expect("a job");
        tx.commit().await.expect("stored");
        assert_eq!(app.user(Role::Engineer).await.get("/jobs").await.status, 403);
        let jobs = admin.get("/jobs").await.ok();
        assert_eq!((jobs[0]["id"].clone(), jobs[0]["state"].as_str()), (json!(job), Some("dead")));
        let page = admin.page("/jobs").await.text();
        assert!(page.contains("no such kind") && page.contains(&format!("/jobs/{job}/retry")));
        let again = admin.post(&format!("/jobs/{job}/retry"), json!({})).await.ok();
        assert_eq!(again["state"], "ready");
        assert_eq!(admin.post(&format!("/jobs/{job}/retry"), json!({})).await.refused(409), "jobs.not_dead");
        let mut tx = app.app.db.begin().await.expect("a transaction");
        tx.exec("update job set state = 'dead' where id = $1", db::args![job]).await.expect("dead again");
        tx.commit().await.expect("stored");
        assert_eq!(admin.form(&format!("/jobs/{job}/retry"), "").await.status, 303);
        let mut tx = app.app.db.begin().await.expect("a transaction");
        tx.exec("delete from job where id = $1", db::args![job]).await.expect("gone");
        tx.commit().await.expect("stored");
    }

    async fn an_undone_import_asks_only_by_index_whether_anything_refers_to_a_row(app: TestApp) {
        let mut conn = app.app.db.read().await.expect("a reader");
        let sqlite = conn.engine() == db::Engine::Sqlite;
        for kind in ["customer", "unit", "model"] {
            let places = kit::refs::places(&mut conn, &format!("{kind}_id")).await.expect("tables");
            assert!(places.len() > 3, "{kind}: {places:?}");
            if kind == "customer" {
                for column in ["from_customer_id", "to_customer_id"] {
                    assert!(places.contains(&("unit_event".into(), column.into())), "a former owner stays: {places:?}");
                }
            }
            let named = places.iter().map(|(table, column)| (table.as_str(), format!("{column} = $1")));
            let hung = ["attachment", "comment"].map(|table| (table, "doc_kind = 'x' and doc_id = $1".to_string()));
            for (table, wanted) in named.chain(hung) {
                let sql = format!("select exists (select 1 from {table} where {wanted})");
                let _: bool = conn.scalar(&sql, db::args![Id::NIL]).await.expect("an answer");
                if sqlite {
                    let plan: Vec<(i64, i64, i64, String)> =
                        conn.all(&format!("explain query plan {sql}"), db::args![Id::NIL]).await.expect("a plan");
                    assert!(!plan.iter().any(|(.., step)| step.contains("SCAN") && step.contains(table)), "{table}: {plan:?}");
                }
            }
        }
    }

    async fn a_token_may_be_for_less_than_its_account(app: TestApp) {
        let admin = app.admin().await;
        let make = async |body: Value| admin.post("/tokens", body).await.ok()["secret"].as_str().expect("a secret").to_string();
        let reader = make(json!({ "label": "报表", "read_only": true })).await;
        let get = async |secret: &str, path: &str| with_token(app, secret, Method::GET, path).await.status.as_u16();
        let post = async |secret: &str, path: &str| with_token(app, secret, Method::POST, path).await.status.as_u16();
        assert_eq!((get(&reader, "/api/v1/customers").await, post(&reader, "/api/v1/customers").await), (200, 403));
        let narrow = make(json!({ "label": "客户同步", "permissions": "customers.customer.read, customers.customer.write" })).await;
        assert_eq!((get(&narrow, "/api/v1/customers").await, post(&narrow, "/api/v1/customers").await), (200, 200));
        assert_eq!((get(&narrow, "/api/v1/orders").await, post(&narrow, "/api/v1/tokens").await), (403, 403));
        let all = make(json!({ "label": "权限表", "permissions": "org.token.write" })).await;
        let more = with_token(app, &all, Method::POST, "/api/v1/tokens").await;
        assert_eq!(more.status, 403, "a narrow token makes no wider one: {}", more.text());
        let unknown = admin.post("/tokens", json!({ "label": "x", "permissions": "customers.nothing" })).await;
        assert_eq!(unknown.json()["errors"][0]["field"], "permissions");
    }

    async fn a_document_is_changed_only_in_the_version_asked_for(app: TestApp) {
        let admin = app.admin().await;
        let made = admin.post("/customers", json!({ "name": "湖滨万象城" })).await.ok();
        let path = format!("/api/v1/customers/{}", id(&made));
        let put = async |tag: &str, name: &str| {
            let headers = [("content-type", "application/json"), ("if-match", tag)];
            admin.send(Method::PUT, &path, &headers, json!({ "name": name }).to_string().into_bytes()).await
        };
        let tag = |answer: &Answer| answer.headers.get("etag").and_then(|v| v.to_str().ok()).unwrap_or_default().to_string();
        let first = admin.send(Method::GET, &path, &[], Vec::new()).await;
        assert_eq!(tag(&first), format!("\"{}\"", first.json()["version"]));
        let changed = put(&tag(&first), "湖滨万象城二期").await;
        assert!(changed.status.is_success(), "{}", changed.text());
        let late = put(&tag(&first), "别人").await;
        assert_eq!((late.status.as_u16(), late.json()["code"].as_str()), (412, Some("stale")), "{}", late.text());
        let seen = admin.send(Method::GET, &path, &[], Vec::new()).await;
        assert_eq!(seen.json()["name"], "湖滨万象城二期");
        assert!(tag(&seen) != tag(&first));
        assert!(put("*", "湖滨万象城").await.status.is_success());
        assert_eq!(put("soon", "x").await.refused(422), "if_match.form");
        let headers = [("content-type", "application/json"), ("if-match", "\"1\"")];
        let read = admin.send(Method::POST, "/api/v1/notifications/read", &headers, Vec::new()).await;
        assert_eq!(read.refused(422), "if_match.unsupported");
        assert!(tag(&admin.get("/customers").await).is_empty(), "a list has no version");
    }

    async fn the_log_names_what_it_writes_about_in_words(app: TestApp) {
        let world = world(app, 5).await;
        let order = world.assigned_order().await;
        app.advance(40 * 86_400).await;
        let clerk = json!({ "login": "words", "name": "林晓雯", "org_id": app.root, "roles": ["agent"] });
        let account = world.admin.post("/users", clerk).await.ok();
        world.admin.put("/settings", json!({ "key": "orders.sla.dispatch", "value": "7wd" })).await.ok();
        let log = async |query: &str| world.admin.page(&format!("/audit?{query}")).await.text();
        assert!(log(&format!("doc_id={}", id(&account))).await.contains("账户 words"));
        let late = log(&format!("action=breached&doc_id={}", id(&order))).await;
        assert!(late.contains(&format!("服务工单 {}", order["no"].as_str().expect("a number"))), "a clock's entry has the number");
        let label = app.app.registry.settings.iter().find(|s| s.key == "orders.sla.dispatch").expect("a setting").label.0;
        assert!(log("q=settings.set").await.contains(&format!("参数 {label}")));
    }
}
