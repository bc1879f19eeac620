//! Imports on both engines.

use db::args;
use kernel::Lang;

use super::{
    batch::{self, BatchState},
    cli::{self, Options},
    engine::{self, File, Run},
    service,
};
use crate::{
    Cx, Error, jobs,
    tabular::{ImportReport, Mapping, RowAction},
    testing::{Shop, on_both},
};

const FILE: &str = "No.,title,Phone,cost,qty\n\
    A1,Alpha,0512-6601110,3.5570000000000004,1.5\n\
    A2,Beta,,x,1\n\
    A3,wrong,,1,1\n\
    A4,broken,,1,1\n\
    N00001,New name,,1,1\n\
    A5,,,1,1\n\
    A6,Zeta,,1,\n";

async fn dry(cx: &Cx, file: &str, mapping: Mapping) -> ImportReport {
    service::preview(cx, "things", "things.csv", file.as_bytes(), mapping).await.expect("a report")
}

fn sums(report: &ImportReport) -> (usize, usize, usize, usize) {
    (report.rows, report.created, report.updated, report.skipped)
}

#[tokio::test]
async fn a_dry_run_tells_every_problem_by_row_and_column_and_keeps_nothing() {
    on_both(async |shop| {
        shop.stock(3).await;
        let report = dry(&shop.admin, FILE, Mapping::default()).await;
        assert_eq!(sums(&report), (7, 2, 1, 4));
        let found: Vec<(usize, Option<&str>, &str)> =
            report.problems.iter().map(|p| (p.row, p.column.as_deref(), p.code)).collect();
        let expected = [
            (3, Some("cost"), "money.format"),
            (4, Some("title"), "thing.wrong"),
            (5, None, "internal"),
            (7, Some("title"), "cell.required"),
        ];
        assert_eq!(found, expected);
        let made = report.outcomes.iter().find(|row| row.action == RowAction::Create).expect("a new one");
        let told: Vec<(&str, &str, &str)> =
            made.changes.iter().map(|c| (c.key, c.old.as_str(), c.new.as_str())).collect();
        assert!(
            told.iter().any(|(key, old, new)| *key == "name" && old.is_empty() && *new == "Alpha"),
            "{told:?}"
        );
        assert!(told.len() <= 4 && told.iter().all(|(_, _, new)| !new.is_empty()), "{told:?}");
        let update = report.outcomes.iter().find(|row| row.row == 6).expect("the update");
        assert_eq!((update.changes[0].old.as_str(), update.changes[0].new.as_str()), ("=物品 1", "New name"));
        assert_eq!(shop.scalar("select count(*) from thing").await, 3);
        assert_eq!(shop.scalar("select count(*) from import_batch").await, 0);
    })
    .await;
}

#[tokio::test]
async fn the_page_leads_from_upload_to_undo() {
    on_both(async |shop| {
        shop.stock(3).await;
        let form = format!("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n{FILE}\r\n--b--\r\n");
        let (status, to) = shop.send("admin", "POST", "/import/things", "multipart/form-data; boundary=b", form.as_bytes()).await;
        assert_eq!(status, 303, "{to}");
        let batch = to.trim_start_matches('→').to_string();
        let (_, html) = shop.get("admin", &batch).await;
        assert!(html.contains("col.name") && html.contains("Alpha"), "the mapping is proposed:\n{html}");
        assert!(html.contains("不导入"), "a field may be left out");
        let mapping = "col.no=No.&col.name=title&col.phone=Phone&col.cost=cost&col.qty=qty";
        let slip = "col.no=No.&col.name=title&def.qty=7&dates=m/d/y&empty=NA,+Removed&toml=%5Bdates%5D%0Aformat+%3D+%22bogus%22";
        let (status, html) = shop.post("admin", &format!("{batch}/check"), slip).await;
        assert_eq!(status, 422, "no such order of dates");
        for typed in ["format = &quot;bogus&quot;", "value=\"NA, Removed\"", "value=\"7\"", "value=\"m/d/y\" selected"] {
            assert!(html.contains(typed), "{typed} is lost");
        }
        assert_eq!(shop.post("admin", &format!("{batch}/check"), "col.no=No.&col.name=").await.0, 422, "a required column");
        assert_eq!(shop.post("admin", &format!("{batch}/check"), mapping).await.0, 303);
        assert!(shop.get("admin", &batch).await.1.contains("/progress"));
        jobs::drain(&shop.app).await.expect("drained");
        let (_, html) = shop.get("admin", &batch).await;
        for part in ["money.format", "New name", "Zeta", "/start", "试运行"] {
            assert!(html.contains(part), "lacks {part}:\n{html}");
        }
        assert_eq!(shop.scalar("select count(*) from thing").await, 3, "a check keeps nothing");
        shop.post("admin", &format!("{batch}/start"), "").await;
        jobs::drain(&shop.app).await.expect("drained");
        assert_eq!(shop.scalar("select count(*) from thing where name in ('Alpha', 'New name', 'Zeta')").await, 3);
        assert_eq!(shop.scalar("select count(*) from thing").await, 5);
        assert!(shop.get("admin", &batch).await.1.contains("/undo"));
        assert_eq!(shop.get("clerk", &batch).await.0, 404, "somebody else's batch");
        // One row in use keeps the whole batch.
        let mut tx = shop.app.db.begin().await.expect("a transaction");
        tx.exec("update thing set state = 'done' where no = 'A1'", args![]).await.expect("done");
        tx.commit().await.expect("committed");
        let (status, html) = shop.post("admin", &format!("{batch}/undo"), "").await;
        assert_eq!(status, 422);
        assert!(html.contains("第 2 行"), "{html}");
        assert_eq!(shop.scalar("select count(*) from thing").await, 5, "nothing was taken back");
        let mut tx = shop.app.db.begin().await.expect("a transaction");
        tx.exec("update thing set state = 'new' where no = 'A1'", args![]).await.expect("done");
        tx.commit().await.expect("committed");
        assert_eq!(shop.post("admin", &format!("{batch}/undo"), "").await.0, 303);
        assert_eq!(shop.scalar("select count(*) from thing").await, 3);
        assert_eq!(shop.scalar("select count(*) from thing where name = '=物品 1'").await, 1, "what was changed is what it was");
        assert_eq!(shop.post("admin", &format!("{batch}/undo"), "").await.0, 422, "once is enough");
    })
    .await;
}

#[tokio::test]
async fn programs_import_through_the_api_and_a_repeated_request_is_one_batch() {
    on_both(async |shop| {
        let (status, body) = shop
            .send(
                "admin",
                "POST",
                "/api/v1/imports/things?dry_run=true&name=a.csv",
                "text/csv",
                FILE.as_bytes(),
            )
            .await;
        assert_eq!(status, 200, "{body}");
        let body: serde_json::Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!((body["created"].clone(), body["problem_count"].clone()), (3.into(), 4.into()));
        for _ in 0..2 {
            let mut cx = shop.admin.clone();
            cx.req = std::sync::Arc::new(crate::Req { idem: Some("k1".into()), ..Default::default() });
            // Without the front door the second one is told that it is a repetition.
            match service::import(&cx, "things", "a.csv", FILE.into(), Mapping::default()).await {
                Ok(_) | Err(Error::Duplicate | Error::Conflict(_)) => {}
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(shop.scalar("select count(*) from import_batch").await, 1);
        jobs::drain(&shop.app).await.expect("drained");
        let (_, list) = shop.get("admin", "/api/v1/imports").await;
        let list: serde_json::Value = serde_json::from_str(&list).expect("JSON");
        let id = list[0]["id"].as_str().expect("an id").to_string();
        let (_, one) = shop.get("admin", &format!("/api/v1/imports/{id}")).await;
        let one: serde_json::Value = serde_json::from_str(&one).expect("JSON");
        assert_eq!(
            (one["state"].clone(), one["created"].clone(), one["job"]["done"].clone()),
            ("done".into(), 3.into(), 7.into())
        );
        assert_eq!(one["problems"][0]["column"], "cost");
        assert_eq!(shop.send("admin", "POST", &format!("/api/v1/imports/{id}/undo"), "", b"").await.0, 200);
        assert_eq!(shop.scalar("select count(*) from thing").await, 0);
        assert_eq!(shop.get("admin", "/api/v1/imports/things/template").await.0, 200);
        assert_eq!(shop.send("admin", "POST", "/api/v1/imports/nope", "text/csv", b"a\n1\n").await.0, 404);
        assert_eq!(shop.send("", "POST", "/api/v1/imports/things", "text/csv", b"a\n1\n").await.0, 401);
    })
    .await;
}

#[tokio::test]
async fn an_interrupted_import_goes_on_behind_what_was_applied() {
    on_both(async |shop| {
        let rows: String = (0..250).map(|n| format!("B{n},thing {n}\n")).collect();
        let file = format!("no,name\n{rows}");
        let batch =
            service::upload(&shop.admin, "things", "b.csv", file.clone().into()).await.expect("a batch");
        // A node died after its first chunk.
        let spec = service::find(&shop.admin, "things").expect("the sheet");
        let head: String = file.lines().take(101).map(|line| format!("{line}\n")).collect();
        let part = File::read(spec, head.as_bytes(), "b.csv", Mapping::default()).expect("readable");
        engine::run(&shop.admin, spec, &part, Run { batch: Some(batch.id), job: None }).await.expect("ran");
        assert_eq!(shop.scalar("select count(*) from thing").await, 100);
        service::start(&shop.admin, batch.id).await.expect("started");
        jobs::drain(&shop.app).await.expect("drained");
        assert_eq!(shop.scalar("select count(*) from thing").await, 250);
        let out = service::show(&shop.admin, batch.id).await.expect("a batch");
        assert_eq!((out.state, out.report.rows, out.report.created), (BatchState::Done, 250, 250));
        service::undo(&shop.admin, batch.id).await.expect("undone");
        assert_eq!(shop.scalar("select count(*) from thing").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_waiting_import_can_be_stopped_and_started_again() {
    on_both(async |shop| {
        let file = "no,name\nC1,c\n";
        let batch = service::upload(&shop.admin, "things", "c.csv", file.into()).await.expect("a batch");
        service::start(&shop.admin, batch.id).await.expect("started");
        let out = service::cancel(&shop.admin, batch.id).await.expect("stopped");
        assert_eq!(out.state, BatchState::Cancelled);
        jobs::drain(&shop.app).await.expect("drained");
        assert_eq!(shop.scalar("select count(*) from thing").await, 0);
        service::start(&shop.admin, batch.id).await.expect("started again");
        // A running job that was cancelled stops at its next chunk.
        let mut tx = shop.app.db.begin().await.expect("a transaction");
        tx.exec("update job set state = 'cancelled'", vec![]).await.expect("cancelled");
        tx.commit().await.expect("committed");
        let mut conn = shop.app.db.read().await.expect("a reader");
        let stored = batch::get(&mut conn, batch.id).await.expect("the batch");
        drop(conn);
        assert!(service::stuck(&shop.admin, &stored).await.expect("known"));
        service::start(&shop.admin, batch.id).await.expect("once more");
        jobs::drain(&shop.app).await.expect("drained");
        assert_eq!(shop.scalar("select count(*) from thing").await, 1);
    })
    .await;
}

#[tokio::test]
async fn an_import_whose_starter_left_while_it_waited_changes_nothing_and_says_why() {
    on_both(async |shop| {
        let file = "no,name\nD1,d\n";
        let batch = service::upload(&shop.clerk, "things", "d.csv", file.into()).await.expect("a batch");
        service::start(&shop.clerk, batch.id).await.expect("started");
        shop.close(&shop.clerk);
        jobs::drain(&shop.app).await.expect("drained");
        assert_eq!(shop.scalar("select count(*) from thing").await, 0);
        let out = service::show(&shop.admin, batch.id).await.expect("a batch");
        assert_eq!((out.state, out.report.problems[0].code.as_str()), (BatchState::Failed, "import.account"));
        // Who has the right may take it over, under their own name.
        service::check(&shop.admin, batch.id, Mapping::default()).await.expect("checked");
        jobs::drain(&shop.app).await.expect("drained");
        service::start(&shop.admin, batch.id).await.expect("started");
        jobs::drain(&shop.app).await.expect("drained");
        let admin = shop.admin.actor().expect("a person").org;
        let mut conn = shop.app.db.read().await.expect("a reader");
        let org: kernel::Id = conn.scalar("select org_id from thing", args![]).await.expect("one thing");
        assert_eq!(org, admin);
    })
    .await;
}

async fn reimport(shop: &Shop, format: &str) {
    let (status, file) = shop.get("admin", &format!("/things/export?format={format}")).await;
    assert_eq!(status, 200);
    let report = dry(&shop.admin, &file, Mapping::default()).await;
    assert_eq!(sums(&report), (40, 0, 0, 40), "{:?}", report.problems);
    assert!(report.problems.is_empty(), "{:?}", report.problems);
}

#[tokio::test]
async fn an_export_can_be_imported_again_and_changes_nothing() {
    on_both(async |shop| {
        shop.stock(40).await;
        reimport(&shop, "csv").await;
        // What is masked is not recognised as a column, so stars never replace a number.
        let (_, file) = shop.get("clerk", "/things/export?format=csv").await;
        let table =
            crate::tabular::read_table(file.as_bytes(), "x.csv", &Default::default()).expect("a table");
        let spec = service::find(&shop.clerk, "things").expect("the sheet");
        let mapping = Mapping::auto(&(spec.columns)(), &table.header);
        assert!(mapping.columns.contains_key("name") && !mapping.columns.contains_key("phone"));
    })
    .await;
}

#[tokio::test]
async fn the_command_line_maps_by_flag_and_file_and_five_thousand_rows_take_seconds() {
    on_both(async |shop| {
        let dir = shop.app.config.data.clone();
        let rows: String = (0..5000).map(|n| format!("{n},part {n},{}.0450000001\n", n % 90)).collect();
        let path = dir.join("parts.csv");
        std::fs::write(&path, format!("part,label,unit_cost\n{rows}")).expect("written");
        let toml = dir.join("map.toml");
        std::fs::write(&toml, "[columns]\nno = \"part\"\nname = \"unit_cost\"\n[defaults]\nqty = \"2\"\n")
            .expect("written");
        let options =
            Options { dry_run: true, map: vec!["name=label,cost=unit_cost".into()], map_file: Some(toml) };
        let dry = cli::import(&shop.admin, "things", &path, &options).await.expect("a report");
        assert_eq!(sums(&dry.report), (5000, 5000, 0, 0));
        assert!(dry.text(Lang::En, false).starts_with("Dry run"));
        let started = std::time::Instant::now();
        let real = cli::import(&shop.admin, "things", &path, &Options { dry_run: false, ..options })
            .await
            .expect("a report");
        eprintln!("5,000 rows in {:?} on {:?}", started.elapsed(), shop.app.db.engine());
        assert!(started.elapsed().as_secs() < 60);
        let json: serde_json::Value = serde_json::from_str(&real.text(Lang::Zh, true)).expect("JSON");
        assert_eq!(
            (json["rows"].clone(), json["created"].clone(), json["problems"].clone()),
            (5000.into(), 5000.into(), serde_json::json!([]))
        );
        assert_eq!(shop.scalar("select count(*) from thing where qty = 2000").await, 5000);
        service::undo(&shop.admin, real.batch.expect("a batch")).await.expect("undone");
        assert_eq!(shop.scalar("select count(*) from thing").await, 0);
        let wrong = Options { map: vec!["nope=label".into()], ..Options::default() };
        assert!(matches!(cli::import(&shop.admin, "things", &path, &wrong).await, Err(Error::Invalid(_))));
    })
    .await;
}

#[tokio::test]
async fn an_undo_never_wipes_what_somebody_changed_since() {
    on_both(async |shop| {
        shop.stock(2).await;
        let file = "no,name\nN00001,imported\nN00001,imported twice\nD1,made\n";
        let (batch, report) =
            service::run_now(&shop.admin, "things", "d.csv", file.into(), Mapping::default())
                .await
                .expect("imported");
        assert_eq!(sums(&report), (3, 1, 2, 0));
        let change = async |no: &str, by: i64| {
            let mut tx = shop.app.db.begin().await.expect("a transaction");
            let sql = "update thing set cost = 99900, version = version + $2 where no = $1";
            tx.exec(sql, args![no, by]).await.expect("changed");
            tx.commit().await.expect("committed");
        };
        let refused = async || match service::undo(&shop.admin, batch).await {
            Err(Error::Invalid(problems)) => {
                problems.0.into_iter().filter_map(|rule| rule.field).collect::<Vec<_>>()
            }
            other => panic!("{other:?}"),
        };
        change("N00001", 1).await;
        assert_eq!(refused().await, ["row.3"], "the last row that touched it is named");
        change("D1", 1).await;
        assert_eq!(refused().await, ["row.4", "row.3"], "what was made is kept as well");
        assert_eq!(shop.scalar("select cost from thing where no = 'N00001'").await, 99_900);
        change("N00001", -1).await;
        change("D1", -1).await;
        service::undo(&shop.admin, batch).await.expect("undone");
        assert_eq!(shop.scalar("select count(*) from thing where name like 'imported%'").await, 0);
        assert_eq!(shop.scalar("select count(*) from thing").await, 2);
    })
    .await;
}
