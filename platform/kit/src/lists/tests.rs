//! Lists on both engines.

use std::collections::BTreeSet;

use super::{ListPage, ListQuery, count, fetch, probe};
use crate::{
    Cx, Error,
    search::tests::indexed,
    testing::{Shop, found, on_both, things},
};

async fn rows(cx: &Cx, query: &str) -> ListPage {
    let mut conn = cx.read().await.expect("a reader");
    fetch(cx, &mut conn, &things(), &ListQuery::read(query).expect("readable"), true).await.expect("rows")
}

async fn number(cx: &Cx, query: &str) -> i64 {
    let mut conn = cx.read().await.expect("a reader");
    count(cx, &mut conn, &things(), &ListQuery::read(query).expect("readable")).await.expect("a count").count
}

/// Pages through everything after cursors; then back again. Returns the ids in order.
async fn walk(cx: &Cx, sort: &str) -> Vec<kernel::Id> {
    let mut query = ListQuery { sort: Some(sort.into()), limit: Some(4), ..ListQuery::default() };
    let (mut there, mut pages, mut starts) = (Vec::new(), Vec::new(), Vec::new());
    loop {
        let page = rows(cx, &query.text()).await;
        let ids: Vec<_> = page.rows.iter().map(|row| row.id).collect();
        there.extend(ids.clone());
        pages.push(ids);
        starts.push(page.prev.clone());
        let Some(next) = page.next else { break };
        query.after = Some(next);
    }
    assert!(starts[0].is_none(), "the first page has nothing before it");
    let mut cursor = starts.pop().flatten();
    for expected in pages.iter().rev().skip(1) {
        let back = ListQuery { after: None, before: cursor.clone(), ..query.clone() };
        let page = rows(cx, &back.text()).await;
        let ids: Vec<_> = page.rows.iter().map(|row| row.id).collect();
        assert_eq!(&ids, expected, "{sort}: going back shows the same page");
        cursor = page.prev;
    }
    assert!(cursor.is_none(), "{sort}: nothing before the first page");
    there
}

#[tokio::test]
async fn every_order_shows_every_row_once_there_and_back() {
    on_both(async |shop| {
        shop.stock(23).await;
        for key in ["no", "at", "day", "due", "state", "flag", "qty", "phone"] {
            let up = walk(&shop.admin, key).await;
            let mut down = walk(&shop.admin, &format!("-{key}")).await;
            assert_eq!(up.iter().collect::<BTreeSet<_>>().len(), 23, "{key}");
            down.reverse();
            assert_eq!(up, down, "{key}: descending is ascending reversed");
        }
        let last = rows(&shop.admin, "sort=due&columns=due&limit=500").await;
        assert_eq!(
            last.rows.last().map(|row| row.cells[0].clone()),
            Some(super::Cell::Empty),
            "no deadline comes last"
        );
    })
    .await;
}

#[tokio::test]
async fn conditions_of_every_kind_find_the_same_on_both_engines() {
    on_both(async |shop| {
        shop.stock(30).await;
        for (filter, expected) in [
            ("state~in~done", 6),
            ("state~nin~done", 24),
            ("state~in~done,new", 30),
            ("no~eq~N00003", 1),
            ("no~ne~N00003", 29),
            ("no~starts~N0002", 10),
            ("name~has~品 1", 11),
            ("name~has~'%3B drop table thing", 0),
            ("qty~gte~6", 4),
            ("cost~lte~1.00", 2),
            ("flag~eq~true", 15),
            ("due~empty~", 8),
            ("due~filled~", 22),
            ("day~gte~2026-11-27", 2),
            ("day~last~2", 3),
            ("flag~in~true,false", 30),
            ("at~lte~1970-01-01", 30),
            ("at~last~3650", 0),
            ("maker~has~海尔", 20),
            ("maker~has~HAIER", 20),
            ("(state~in~done|no~eq~N00001);flag~eq~true", 3),
            ("owner~eq~{me}", 15),
            ("owner~empty~", 15),
        ] {
            let text = ListQuery { filter: Some(filter.into()), ..ListQuery::default() }.text();
            assert_eq!(number(&shop.admin, &text).await, expected, "{filter}");
            assert_eq!(
                rows(&shop.admin, &format!("{text}&limit=100")).await.rows.len() as i64,
                expected,
                "{filter}"
            );
        }
        for nonsense in ["state~eq~nonsense", "state~in~new,nonsense", "flag~eq~true,false", "flag~eq~maybe"]
        {
            let text = ListQuery { filter: Some(nonsense.into()), ..ListQuery::default() }.text();
            assert_eq!(shop.get("admin", &format!("/api/v1/things?{text}")).await.0, 422, "{nonsense}");
        }
        assert_eq!(number(&shop.admin, "view=mine").await, 15);
        assert_eq!(number(&shop.admin, "view=open").await, 24);
        assert_eq!(number(&shop.admin, "view=open&filter=").await, 30, "the address wins over the view");
        assert_eq!(
            number(&shop.admin, "q=N00007").await,
            1,
            "a list without an index is searched in its texts"
        );
    })
    .await;
}

#[tokio::test]
async fn names_come_in_the_readers_language_and_today_is_today() {
    on_both(async |shop| {
        shop.stock(6).await;
        let english = Cx { lang: kernel::Lang::En, ..shop.admin.clone() };
        let names = async |cx: &Cx| {
            let page = rows(cx, "columns=maker&limit=100").await;
            page.rows.iter().map(|row| format!("{:?}", row.cells[0])).collect::<BTreeSet<_>>()
        };
        let (zh, en) = (names(&shop.admin).await, names(&english).await);
        assert_ne!(zh, en);
        assert_eq!(
            zh.iter().map(|name| name.to_uppercase()).collect::<BTreeSet<_>>(),
            en.iter().map(|name| name.to_uppercase()).collect()
        );
        let upper = ListQuery { filter: Some("maker~eq~HAIER".into()), ..ListQuery::default() }.text();
        assert_eq!(number(&shop.admin, &upper).await, 0);
        let before = number(
            &shop.admin,
            &ListQuery { filter: Some("at~lte~{today}".into()), ..ListQuery::default() }.text(),
        )
        .await;
        let after = number(
            &shop.admin,
            &ListQuery { filter: Some("at~gte~{today}".into()), ..ListQuery::default() }.text(),
        )
        .await;
        assert!(before + after >= 6, "{before} {after}");
        assert_eq!(number(&shop.admin, "view=all").await, 6);
    })
    .await;
}

#[tokio::test]
async fn scope_and_masks_hold_for_rows_filters_order_search_and_export() {
    on_both(async |shop| {
        shop.stock(12).await;
        let clerk = &shop.clerk;
        assert_eq!(number(clerk, "").await, 4, "only the own organisation");
        let page = rows(clerk, "columns=phone,cost").await;
        assert_eq!(page.rows[0].cells[0], super::Cell::Text("138****0009".into()));
        assert_eq!(page.rows[0].cells[1], super::Cell::Text("****".into()));
        let mut conn = clerk.read().await.expect("a reader");
        for query in ["filter=phone~eq~13800000009", "sort=phone", "filter=cost~gte~1"] {
            let asked = ListQuery::read(query).expect("readable");
            let answer = fetch(clerk, &mut conn, &things(), &asked, true).await;
            assert!(matches!(answer, Err(Error::Invalid(_))), "{query} would tell what is masked");
        }
        // The organisation stands in a joined table; without its join this would be an error.
        assert_eq!(count(clerk, &mut conn, &found(), &ListQuery::default()).await.expect("a count").count, 4);
        assert_eq!(
            number(clerk, "q=13800000009").await,
            0,
            "the search box doesn't look into masked columns"
        );
        drop(conn);
        let (status, file) = shop.get("clerk", "/things/export?format=csv").await;
        assert_eq!((status, file.lines().count()), (200, 5));
        assert!(file.contains("138****0009") && !file.contains("13800000009"), "{file}");
        assert!(file.contains("电话（已隐藏）"), "{file}");
        assert_eq!(shop.get("", "/api/v1/things").await.0, 401);
    })
    .await;
}

#[tokio::test]
async fn exports_stream_all_pages_and_run_no_formulas() {
    on_both(async |shop| {
        shop.stock(1203).await;
        let (_, csv) = shop.get("admin", "/things/export?format=csv&sort=no").await;
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines.len(), 1204);
        assert!(lines[1].starts_with("N00000,'=物品 0,"), "{}", lines[1]);
        assert!(lines[1203].starts_with("N01202,"), "{}", lines[1203]);
        let (_, json) = shop
            .get("admin", "/api/v1/things/export?format=json&filter=state~in~done&columns=no,state")
            .await;
        let items: Vec<serde_json::Value> = serde_json::from_str(&json).expect("one array");
        assert_eq!(items.len(), 241);
        assert_eq!(items[0].as_object().map(serde_json::Map::len), Some(2));
        let (_, none) = shop.get("admin", "/things/export?format=json&filter=no~eq~x").await;
        assert_eq!(none, "[]");
        assert_eq!(shop.get("admin", "/things/export?format=xlsx").await.0, 200);
        assert_eq!(shop.get("admin", "/things/export?format=doc").await.0, 422);
        let recorded = shop.scalar("select count(*) from audit where command = 'lists.export'").await;
        assert_eq!(recorded, 4);
    })
    .await;
}

async fn page_has(shop: &Shop, path: &str, wanted: &[&str]) {
    let (status, html) = shop.get("admin", path).await;
    assert_eq!(status, 200, "{path}: {html}");
    for part in wanted {
        assert!(html.contains(part), "{path} lacks {part}:\n{html}");
    }
}

#[tokio::test]
async fn a_deadline_in_a_list_knows_its_whole_span_for_its_bar() {
    on_both(async |shop| {
        shop.stock(3).await;
        page_has(&shop, "/things?columns=no,due", &["data-total=\"7200\""]).await;
        let plain = rows(&shop.admin, "columns=no").await;
        assert_eq!(plain.rows[0].span, 0, "a list without the column asks for nothing");
    })
    .await;
}

#[tokio::test]
async fn the_page_keeps_its_state_in_the_address_and_lives_beside_the_context_s_routes() {
    on_both(async |shop| {
        shop.stock(60).await;
        let page = "/things?filter=state~in~new&limit=20";
        page_has(
            &shop,
            page,
            &["物品", "N000", "after=", "/things/export?", "name=\"ids\"", "/things/new", "/import/things"],
        )
        .await;
        page_has(&shop, "/things/counts?view=open", &["48", "60"]).await;
        page_has(&shop, "/things/count?match=all&c0.f=flag&c0.o=eq&c0.v=true", &["30"]).await;
        page_has(
            &shop,
            "/things/filter-row?field=state&name=c3&op_name=c3.o&c3.o=nin&c3.v=new",
            &["c3.v", "checked"],
        )
        .await;
        page_has(&shop, "/things/0190", &["0190"]).await;
        let (_, to) = shop.get("admin", "/things?view=open&match=all&c0.f=no&c0.o=eq&c0.v=N00001").await;
        assert_eq!(to, "→/things?view=open&filter=no%7Eeq%7EN00001");
        assert_eq!(
            shop.post("admin", "/things", "").await.1,
            "made",
            "GET is the platform's, POST the context's"
        );
        assert_eq!(shop.send("admin", "POST", "/api/v1/things", "application/json", b"{}").await.1, "api");
        assert_eq!(shop.get("admin", "/things?filter=nope").await.0, 422);
        assert_eq!(shop.get("admin", "/things?view=nope").await.0, 404);
        let (_, json) = shop.get("admin", "/api/v1/things?limit=2&sort=no").await;
        let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(json["items"][1]["no"], "N00001");
        assert_eq!(json["items"][1]["qty"], 1000);
        let (_, json) = shop.get("admin", "/api/v1/things/count?view=mine").await;
        assert_eq!(json, r#"{"count":30,"more":false}"#);
    })
    .await;
}

#[tokio::test]
async fn views_and_columns_are_kept_per_person() {
    on_both(async |shop| {
        shop.stock(10).await;
        let (status, to) =
            shop.post("admin", "/things/views", "name=%E5%AE%8C%E6%88%90&filter=state~in~done").await;
        assert_eq!(status, 303, "{to}");
        let id = to.split_once("view=").expect("the view").1.to_string();
        page_has(&shop, &format!("/things?view={id}"), &["完成", "N00005", "/delete"]).await;
        assert_eq!(number(&shop.admin, &format!("view={id}")).await, 2);
        assert_eq!(shop.get("clerk", &format!("/things?view={id}")).await.0, 404, "somebody else's");
        assert_eq!(shop.post("clerk", &format!("/things/views/{id}/delete"), "").await.0, 404);
        assert_eq!(shop.post("admin", "/things/views", "name=&filter=state~in~done").await.0, 422);
        assert_eq!(shop.post("admin", "/things/views", "name=x&filter=nope~eq~1").await.0, 422);
        assert_eq!(shop.post("clerk", "/things/views", "name=x&filter=phone~eq~1").await.0, 422, "masked");
        let (_, views) = shop.get("admin", "/api/v1/things/views").await;
        assert!(views.contains("state~in~done"), "{views}");
        assert_eq!(shop.send("admin", "DELETE", &format!("/api/v1/things/views/{id}"), "", b"").await.0, 200);
        let back = "col=no&col=maker&density=compact&back=%2Fthings%3Fsort%3Dno%26columns%3Dno";
        let (_, to) = shop.post("admin", "/things/columns", back).await;
        assert_eq!(to, "→/things?sort=no");
        page_has(&shop, "/things", &["Haier", "data-density=\"compact\""]).await;
        shop.post("admin", "/things/columns", "reset=1").await;
        let (_, html) = shop.get("admin", "/things").await;
        assert!(!html.contains("Haier"));
    })
    .await;
}

#[tokio::test]
async fn the_search_index_finds_chinese_words_within_the_scope() {
    on_both(async |shop| {
        shop.stock(6).await;
        let crate::Begun::New(mut tx) = shop.admin.begin("test", &()).await.expect("a transaction") else {
            panic!("new")
        };
        let rows: Vec<(kernel::Id, kernel::Id, String)> = tx
            .all("select t.id, m.org_id, t.no from thing t join maker m on m.id = t.maker_id", vec![])
            .await
            .expect("rows");
        for (id, org, no) in &rows {
            let doc = crate::search::SearchDoc {
                kind: "thing",
                id: *id,
                org: *org,
                owner: None,
                title: no,
                sub: "",
                text: "格力空调 外机",
                secret: &[],
            };
            crate::search::put_in(&mut tx, &doc).await.expect("indexed");
        }
        tx.commit(()).await.expect("committed");
        for (q, all, own) in [("空调", 6, 2), ("N00003", 1, 1), ("洗衣机", 0, 0), ("n00001 外机", 1, 0)]
        {
            let asked = ListQuery { q: Some(q.into()), ..ListQuery::default() };
            for (cx, expected) in [(&shop.admin, all), (&shop.clerk, own)] {
                let mut conn = cx.read().await.expect("a reader");
                assert_eq!(
                    count(cx, &mut conn, &found(), &asked).await.expect("a count").count,
                    expected,
                    "{q}"
                );
                let page = fetch(cx, &mut conn, &found(), &asked, false).await.expect("rows");
                assert_eq!(page.rows.len() as i64, expected, "{q}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_broad_search_says_that_it_was_cut_and_loses_nothing_of_the_own_organisation_or_of_an_export() {
    on_both(async |shop| {
        shop.stock(12).await;
        indexed(&shop, "空调", &[]).await;
        // As if a page looked at three hits only.
        let narrow = async |cx: &Cx, hits: Option<i64>| {
            let mut conn = cx.read().await.expect("a reader");
            let (list, asked) = (found(), ListQuery { q: Some("空调".into()), ..ListQuery::default() });
            let plan =
                super::query::Plan { hits, ..super::query::plan(cx, &list, &asked, true).expect("a plan") };
            let page = super::query::fetch_plan(cx, &mut conn, &list, &asked, &plan).await.expect("rows");
            (page.rows.len(), page.cut)
        };
        assert_eq!(narrow(&shop.admin, Some(3)).await, (3, true));
        assert_eq!(narrow(&shop.admin, Some(12)).await, (12, false));
        assert_eq!(narrow(&shop.admin, None).await, (12, false));
        // Four belong to the clerk's organisation, whatever the newest of all are.
        assert_eq!(narrow(&shop.clerk, Some(4)).await, (4, false));
        assert_eq!(narrow(&shop.clerk, Some(3)).await, (3, true));
        let (_, csv) = shop.get("admin", "/found/export?format=csv&q=%E7%A9%BA%E8%B0%83").await;
        assert_eq!(csv.lines().count(), 13);
    })
    .await;
}

#[tokio::test]
async fn an_export_of_a_broad_search_asks_the_index_once_and_has_the_rows_of_the_search() {
    on_both(async |shop| {
        shop.stock(21).await;
        indexed(&shop, "空调", &[]).await;
        let mut tx = shop.app.db.begin().await.expect("a transaction");
        let others =
            "delete from search_doc where ref_id in (select t.id from thing t where t.no >= 'N00012')";
        tx.exec(others, vec![]).await.expect("not found by the word");
        tx.commit().await.expect("committed");
        for (cx, expected) in [(&shop.admin, 12), (&shop.clerk, 4)] {
            let (list, asked) = (found(), ListQuery { q: Some("空调".into()), ..ListQuery::default() });
            // As if three hits were many, and pages short: some of them have nothing that is found.
            let mut job = super::export::prepare(cx, &list, &asked, 3).await.expect("an export");
            assert!(job.query.q.is_none() && job.hits.is_some(), "the index is not asked for each page");
            job.query.limit = Some(2);
            let (mut after, mut ids) = (None, BTreeSet::new());
            loop {
                let page = job.page(after).await.expect("a page");
                ids.extend(page.rows.iter().map(|row| row.id));
                assert!(!page.rows.is_empty() || page.next.is_none(), "no page is empty but the last");
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(ids.len(), expected);
            assert!(super::export::prepare(cx, &list, &asked, 100).await.expect("narrow").hits.is_none());
        }
    })
    .await;
}

#[tokio::test]
async fn a_saved_view_that_can_not_be_counted_takes_no_count_from_the_other_tabs() {
    on_both(async |shop| {
        shop.stock(10).await;
        shop.post("admin", "/things/views", "name=x&filter=state~in~done").await;
        let mut tx = shop.app.db.begin().await.expect("a transaction");
        let gone = "filter=state~in~gone";
        tx.exec("update saved_view set query = $1", db::args![gone]).await.expect("an option less");
        tx.commit().await.expect("committed");
        page_has(&shop, "/things/counts", &[">10<", ">8<"]).await;
    })
    .await;
}

#[tokio::test]
async fn a_list_description_can_be_tried_as_a_whole() {
    on_both(async |shop| {
        shop.stock(5).await;
        let wrong = probe(&shop.admin, &things()).await.expect("tried");
        assert_eq!(wrong, ["things: POST /things/close is not served"]);
        let mut broken = things();
        broken.joins = &[("m", "join maker m on 1 = 1")];
        broken.columns[7].nullable = false;
        let wrong = probe(&shop.admin, &broken).await.expect("tried").join("\n");
        assert!(wrong.contains("joins make 10 of 5 rows") && wrong.contains("sorted by due"), "{wrong}");
    })
    .await;
}

#[tokio::test]
async fn groups_count_and_add_up_what_the_list_shows_and_lead_to_their_rows() {
    on_both(async |shop| {
        shop.stock(30).await;
        let (status, json) = shop.get("admin", "/api/v1/things?group=state,flag").await;
        assert_eq!(status, 200, "{json}");
        let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        let groups = json["groups"].as_array().expect("groups");
        let counts: Vec<_> = groups.iter().map(|g| (g["by"]["state"].clone(), g["count"].clone())).collect();
        assert_eq!(
            counts,
            [
                ("new".into(), 12.into()),
                ("new".into(), 12.into()),
                ("done".into(), 3.into()),
                ("done".into(), 3.into())
            ]
        );
        assert_eq!(groups[0]["by"]["flag"], true, "yes before no");
        assert_eq!(json["total"]["count"], 30);
        // 0 + 100 + … + 2900 minor units.
        assert_eq!(json["total"]["sums"]["cost"], 43_500);
        let of_done: i64 = groups[2..].iter().filter_map(|g| g["sums"]["cost"].as_i64()).sum();
        assert_eq!(of_done, (0..30).step_by(5).map(|n| n * 100).sum::<i64>());
        assert_eq!(json["more"], false);
        for group in groups {
            let filter = group["filter"].as_str().expect("a filter");
            let text = ListQuery { filter: Some(filter.into()), ..ListQuery::default() }.text();
            assert_eq!(
                number(&shop.admin, &text).await,
                group["count"].as_i64().expect("a count"),
                "{filter}"
            );
        }
        // Under the conditions of a view; times as months of the local calendar, nothing as a group of its own.
        let (_, json) = shop.get("admin", "/api/v1/things?view=open&group=due").await;
        let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(json["groups"][0]["by"]["due"], "1970-01");
        assert_eq!(json["groups"][1]["by"]["due"], serde_json::Value::Null);
        assert_eq!(json["total"]["count"], 24);
        let (_, json) = shop.get("admin", "/api/v1/things?group=day").await;
        assert!(json.contains("day~gte~2026-11-01;day~lte~2026-11-30"), "{json}");

        // The clerk: the own organisation only, and neither the telephone nor the cost.
        let (_, json) = shop.get("clerk", "/api/v1/things?group=state").await;
        let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(json["total"]["count"], 10);
        assert_eq!(
            json["total"]["sums"].as_object().map(|sums| sums.keys().collect::<Vec<_>>()),
            Some(vec![&"qty".to_string()])
        );
        assert_eq!(shop.get("clerk", "/api/v1/things?group=phone").await.0, 422, "masked");
        assert_eq!(shop.get("admin", "/api/v1/things?group=phone").await.0, 200);
        for wrong in ["no", "cost", "nope", "state,flag,day,maker"] {
            assert_eq!(shop.get("admin", &format!("/api/v1/things?group={wrong}")).await.0, 422, "{wrong}");
        }
    })
    .await;
}

#[tokio::test]
async fn groups_have_a_page_a_file_a_view_and_an_end() {
    on_both(async |shop| {
        shop.stock(1203).await;
        page_has(
            &shop,
            "/things?group=state&group=flag&group=",
            &["状态 × 标记", "4 组", "%3Bflag%7Eeq%7Etrue", "恢复明细", "成本"],
        )
        .await;
        page_has(&shop, "/things?group=at", &["时间（月）", "1970-01"]).await;
        let (_, html) = shop.get("admin", "/things?group=state").await;
        assert!(!html.contains("name=\"ids\""), "groups can't be ticked");
        let (status, csv) = shop.get("admin", "/things/export?format=csv&group=state").await;
        assert_eq!(status, 200, "{csv}");
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines.len(), 3, "{csv}");
        assert!(lines[0].contains("状态,条数,成本,数量") && lines[1].starts_with("新建,962,"), "{csv}");
        assert_eq!(shop.get("admin", "/things/export?format=xlsx&group=state").await.0, 200);
        let (_, clerk) = shop.get("clerk", "/things/export?format=csv&group=state").await;
        assert!(!clerk.contains("成本"), "{clerk}");
        let (_, to) = shop.post("admin", "/things/views", "name=x&group=state&filter=flag~eq~true").await;
        let id = to.split_once("view=").expect("the view").1.to_string();
        page_has(&shop, &format!("/things?view={id}"), &["2 组"]).await;
        let (_, rows) = shop.get("admin", &format!("/api/v1/things?view={id}&group=&limit=1")).await;
        assert!(rows.contains("\"items\""), "{rows}");
        assert_eq!(shop.post("admin", "/things/views", "name=x&group=no").await.0, 422);
        // 1,203 names, of which 1,000 are shown; the total is of all.
        let (_, json) = shop.get("admin", "/api/v1/things?group=name").await;
        let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!((json["groups"].as_array().map(Vec::len), &json["more"]), (Some(1000), &true.into()));
        assert_eq!(json["total"]["count"], 1203);
        page_has(&shop, "/things?group=name", &["最大的 1000 组", "共 1203 条"]).await;
    })
    .await;
}
