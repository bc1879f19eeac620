//! Receipts, transfers, slips, corrections, alarms, old parts: through the API and the pages.

use kernel::{Date, Money, Quantity};
use kit::{DocRef, Role, begin};
use parts::api::{self, DebtorKind, DepotKind, OldPart, StockState};
use serde_json::{Value, json};
use testkit::Client;

use crate::helpers::{Room, depot_input, make_depot, receive, units};

fn id(value: &Value) -> &str {
    value["id"].as_str().expect("an id")
}

async fn reload(client: &Client, path: &str) -> Value {
    client.get(path).await.ok()
}

async fn room_form(keeper: &testkit::Client, headers: &[(&str, &str)]) -> String {
    let body = b"depot_id=&part=A-100&counted=1&reason=x".to_vec();
    keeper.send(http::Method::POST, "/stock-count", headers, body).await.text()
}

testkit::app_test! {
    async fn a_receipt_fills_stock_and_can_be_reversed_while_nothing_is_used(app: TestApp) {
        let room = Room::new(app, 0, Money(0)).await;
        let keeper = app.user(Role::Storekeeper).await;
        let body = json!({ "kind": "ordered", "depot_id": room.depot, "supplier": "宁波轴承", "lines": [
            { "part": "A-100", "quantity": 4000, "unit_cost": 250, "certificate": "Q-77" },
            { "part": room.part, "quantity": 1000, "unit_cost": 500, "rejected": 1000, "reject_reason": "外壳破损" },
        ] });
        let made = keeper.post("/receipts", body.clone()).await.ok();
        assert!(made["no"].as_str().is_some_and(|no| no.starts_with("RK-")));
        assert_eq!(made["lines"][0]["old_part_due"], true);
        assert_eq!((units(room.available().await), room.value().await), ((5, 0, 5), 1500));
        let path = format!("/receipts/{}/reverse", id(&made));
        let line = room.line();
        room.set(&line, 1).await.expect("issued");
        assert_eq!(keeper.post(&path, json!({ "reason": "录错" })).await.refused(409), "parts.not_enough");
        room.set(&line, 0).await.expect("given back");
        assert_eq!(keeper.post(&path, json!({})).await.refused(422), "parts.reason");
        assert_eq!(keeper.post(&path, json!({ "reason": "录错" })).await.ok()["state"], "reversed");
        assert_eq!((units(room.available().await), room.value().await), ((0, 0, 0), 0));
        assert_eq!(keeper.post(&path, json!({ "reason": "再来" })).await.refused(409), "parts.reversed");
        let bad = json!({ "kind": "ordered", "depot_id": room.depot, "lines": [{ "part": "NO-SUCH", "quantity": 1000 }] });
        assert_eq!(keeper.post("/receipts", bad).await.refused(422), "parts.unknown_part");
        let empty = json!({ "kind": "ordered", "depot_id": room.depot, "lines": [] });
        assert_eq!(keeper.post("/receipts", empty).await.refused(422), "parts.lines");
        // The same key twice is one receipt.
        let first = keeper.post_key("/receipts", "k-1", body.clone()).await.ok();
        let second = keeper.post_key("/receipts", "k-1", body).await.ok();
        assert_eq!((id(&first), units(room.available().await).0), (id(&second), 5));
    }

    async fn what_is_posted_is_read_only_without_a_right_of_its_own(app: TestApp) {
        let room = Room::new(app, 10, Money(0)).await;
        let (keeper, desk) = (app.user(Role::Storekeeper).await, app.user(Role::Outlet).await);
        let lines = json!([{ "part": "A-100", "quantity": 2000 }]);
        let slip = |reserve: bool| json!({ "kind": "sale", "depot_id": room.depot, "recipient": "湖滨", "reserve": reserve, "lines": lines });
        let kept = desk.post("/issue-slips", slip(true)).await.ok();
        let gone = desk.post("/issue-slips", slip(false)).await.ok();
        let path = |of: &Value, what: &str| format!("/issue-slips/{}/{what}", id(of));
        let change = json!({ "part": "A-100", "quantity": 1000 });
        // A reservation is not posted yet; an issued slip is.
        assert_eq!(desk.post(&path(&kept, "lines"), change.clone()).await.ok()["state"], "reserved");
        assert_eq!(desk.post(&path(&kept, "cancel"), json!({ "reason": "录错" })).await.ok()["state"], "cancelled");
        assert_eq!(desk.post(&path(&gone, "lines"), change.clone()).await.status, 403);
        assert_eq!(desk.post(&path(&gone, "cancel"), json!({ "reason": "录错" })).await.status, 403);
        assert_eq!(units(room.available().await), (8, 0, 8));
        let page = desk.page(&format!("/issue-slips/{}", id(&gone))).await.text();
        assert!(!page.contains("/cancel") && !page.contains("/lines"), "read-only");
        assert!(keeper.page(&format!("/issue-slips/{}", id(&gone))).await.text().contains("/cancel"));
        assert_eq!(keeper.post(&path(&gone, "lines"), change).await.ok()["state"], "issued");
        assert_eq!(keeper.post(&path(&gone, "cancel"), json!({ "reason": "录错" })).await.ok()["state"], "cancelled");
        let receipt = json!({ "kind": "ordered", "depot_id": room.depot, "lines": [{ "part": "A-100", "quantity": 1000, "unit_cost": 250 }] });
        let receipt = desk.post("/receipts", receipt).await.ok();
        let reverse = format!("/receipts/{}/reverse", id(&receipt));
        assert_eq!(desk.post(&reverse, json!({ "reason": "录错" })).await.status, 403);
        assert_eq!(keeper.post(&reverse, json!({ "reason": "录错" })).await.ok()["state"], "reversed");
    }

    async fn a_transfer_is_on_the_way_until_it_is_received(app: TestApp) {
        let room = Room::new(app, 10, Money(1001)).await;
        let keeper = app.user(Role::Storekeeper).await;
        let to = make_depot(&room.cx, depot_input("D2", DepotKind::Outlet, app.root, None)).await.expect("a depot");
        let body = json!({ "kind": "move", "from_id": room.depot, "to_id": to, "carrier": "顺丰", "due": "2026-11-20",
            "lines": [{ "part": "A-100", "quantity": 3000 }] });
        let sent = keeper.post("/transfers", body).await.ok();
        assert_eq!((units(room.available().await), units(room.available_of(room.part, to).await)), ((7, 0, 7), (0, 0, 0)));
        assert_eq!(keeper.get("/stock-draw?part=A-100").await.ok()["five"]["on_order"], 3000);
        let path = |what: &str| format!("/transfers/{}/{what}", id(&sent));
        let position = json!({ "carrier": "顺丰", "waybill": "SF1", "place": "无锡", "due": "2026-11-21" });
        assert_eq!(keeper.post(&path("position"), position).await.ok()["place"], "无锡");
        let line = id(&sent["lines"][0]);
        let some = |n: i64| json!({ "lines": [{ "line_id": line, "quantity": n }] });
        assert_eq!(keeper.post(&path("receive"), some(4000)).await.refused(422), "parts.too_many");
        assert_eq!(keeper.post(&path("receive"), some(1000)).await.ok()["state"], "partly");
        assert_eq!(units(room.available_of(room.part, to).await), (1, 0, 1));
        let back = keeper.post(&path("return"), json!({ "reason": "途中破损" })).await.ok();
        assert_eq!((back["state"].as_str(), back["lines"][0]["returned"].as_i64()), (Some("received"), Some(2000)));
        assert_eq!(units(room.available().await), (9, 0, 9));
        assert_eq!(keeper.post(&path("receive"), json!({})).await.refused(409), "parts.not_on_the_way");
        let same = json!({ "kind": "move", "from_id": to, "to_id": to, "lines": [{ "part": "A-100", "quantity": 1000 }] });
        assert_eq!(keeper.post("/transfers", same).await.refused(422), "parts.same_depot");
    }

    async fn an_engineer_draws_into_the_van_and_returns_what_is_left(app: TestApp) {
        let room = Room::new(app, 5, Money(500)).await;
        receive(&room.cx, room.part, room.depot, StockState::Repaired, 1, Money(30)).await.expect("goods");
        let (keeper, engineer) = (app.user(Role::Storekeeper).await, app.user(Role::Engineer).await);
        let van = make_depot(&room.cx, depot_input("V1", DepotKind::Van, app.root, engineer.staff)).await.expect("a van");
        let stranger = app.user(Role::Engineer).await;
        let draw = json!({ "kind": "draw", "from_id": room.depot, "to_id": van, "lines": [{ "part": "A-100", "quantity": 2000 }] });
        assert_eq!(engineer.post("/transfers", draw.clone()).await.status.as_u16(), 404, "not out of the depot by oneself");
        let drawn = keeper.post("/transfers", draw).await.ok();
        assert_eq!((drawn["state"].as_str(), drawn["due"].as_str()), (Some("received"), Some("2026-11-25")));
        let states: Vec<&str> = drawn["lines"].as_array().expect("lines").iter().filter_map(|l| l["state"].as_str()).collect();
        assert_eq!(states, ["repaired", "new"], "repaired goes first");
        assert_eq!(units(room.available_of(room.part, van).await), (2, 0, 2));
        // Booked straight from the van, without a reservation.
        let mut used = room.line();
        used.depot_id = van;
        room.set(&used, 1).await.expect("used");
        let back = json!({ "kind": "return_unused", "from_id": van, "to_id": room.depot, "lines": [{ "part": "A-100", "quantity": 1000 }] });
        assert_eq!(stranger.post("/transfers", back.clone()).await.status.as_u16(), 404, "not out of another's van");
        engineer.post("/transfers", back).await.ok();
        assert_eq!(units(room.available_of(room.part, van).await), (0, 0, 0));
        let wrong = json!({ "kind": "draw", "from_id": room.depot, "to_id": room.depot, "lines": [] });
        keeper.post("/transfers", wrong).await.refused(422);
    }

    async fn a_scan_adds_its_line_before_the_depot_is_chosen_and_saving_asks_for_it(app: TestApp) {
        let room = Room::new(app, 5, Money(500)).await;
        let keeper = app.user(Role::Storekeeper).await;
        for (form, open) in [
            ("/receipts/new", "kind=ordered&depot_id="),
            ("/issue-slips/new", "kind=sale&depot_id="),
            ("/transfers/new", "kind=move&from_id=&to_id="),
        ] {
            let scanned = keeper.form(form, &format!("{open}&scan=A-100")).await;
            assert_eq!(scanned.status, 200, "{form}");
            assert!(scanned.text().contains(&format!("name=\"lines.0.part\" value=\"{}\"", room.part)), "{form}");
            let field = if form == "/transfers/new" { "from_id" } else { "depot_id" };
            let saved = keeper.form(form, &format!("{open}&lines.0.part=A-100&lines.0.quantity=1")).await;
            assert_eq!(saved.status, 422, "{form}");
            assert!(saved.text().contains(&format!("id=\"f-{field}-e\"")) && saved.text().contains("必填"), "{form}");
        }
        // A form that is not sent back names its fields for the script.
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin"), ("hx-request", "true")];
        let told = room_form(&app.admin().await, &headers).await;
        assert!(told.contains("data-field=\"depot_id\" data-code=\"input.required\""), "{told}");
    }

    async fn a_slip_reserves_issues_changes_and_cancels(app: TestApp) {
        let room = Room::new(app, 6, Money(600)).await;
        let keeper = app.user(Role::Storekeeper).await;
        let body = json!({ "kind": "sale", "depot_id": room.depot, "recipient": "恒达电器", "reserve": true,
            "lines": [{ "part": "A-100", "quantity": 2000 }] });
        let slip = keeper.post("/issue-slips", body).await.ok();
        assert_eq!(units(room.available().await), (6, 2, 4));
        assert_eq!(reload(&keeper, "/reservations?filter=state~eq~open").await["items"].as_array().map(Vec::len), Some(1));
        let path = |what: &str| format!("/issue-slips/{}/{what}", id(&slip));
        assert_eq!(keeper.post(&path("issue"), json!({})).await.ok()["state"], "issued");
        assert_eq!(units(room.available().await), (4, 0, 4));
        assert_eq!(keeper.post(&path("issue"), json!({})).await.refused(409), "parts.slip_state");
        let line = id(&slip["lines"][0]);
        keeper.post(&path("lines"), json!({ "line_id": line, "quantity": 5000 })).await.ok();
        assert_eq!(units(room.available().await), (1, 0, 1));
        assert_eq!(keeper.post(&path("lines"), json!({ "line_id": line, "quantity": 7000 })).await.refused(409), "parts.not_enough");
        keeper.post(&path("lines"), json!({ "part": "A-100", "quantity": 1000 })).await.ok();
        let deleted = keeper.post(&path("lines"), json!({ "line_id": line, "quantity": 0 })).await.ok();
        assert_eq!((deleted["lines"].as_array().map(Vec::len), units(room.available().await)), (Some(1), (5, 0, 5)));
        assert_eq!(keeper.post(&path("cancel"), json!({ "reason": "客户取消" })).await.ok()["state"], "cancelled");
        assert_eq!((units(room.available().await), room.value().await), ((6, 0, 6), 600));
        let odd = json!({ "kind": "sale", "depot_id": room.depot, "pick": "new_first", "lines": [{ "part": "A-100", "quantity": 1000 }] });
        assert_eq!(keeper.post("/issue-slips", odd).await.refused(422), "parts.pick_reason");
    }

    async fn counts_and_states_are_corrected_by_movements(app: TestApp) {
        let room = Room::new(app, 5, Money(501)).await;
        let keeper = app.user(Role::Storekeeper).await;
        let count = |n: i64| json!({ "depot_id": room.depot, "part": "A-100", "counted": n, "reason": "月末盘点" });
        let more = keeper.post("/stock-count", count(7000)).await.ok();
        assert_eq!((more["before"].as_i64(), more["after"].as_i64()), (Some(5000), Some(7000)));
        assert_eq!((units(room.available().await), room.value().await), ((7, 0, 7), 501 + 200));
        assert!(keeper.post("/stock-count", count(7000)).await.ok()["move_id"].is_null());
        room.reserve(&room.line(), 3).await.expect("reserved");
        assert_eq!(keeper.post("/stock-count", count(2000)).await.refused(409), "parts.not_enough");
        keeper.post("/stock-count", count(4000)).await.ok();
        assert_eq!(units(room.available().await), (4, 3, 1));
        let restate = |from: &str, to: Value, n: i64| json!({ "depot_id": room.depot, "part": "A-100", "from_state": from, "to_state": to, "quantity": n, "reason": "检验" });
        assert_eq!(keeper.post("/stock-restate", restate("new", json!("scrap"), 2000)).await.refused(409), "parts.not_enough");
        keeper.post("/stock-restate", restate("new", json!("scrap"), 1000)).await.ok();
        keeper.post("/stock-restate", restate("scrap", Value::Null, 1000)).await.ok();
        assert_eq!(keeper.post("/stock-restate", restate("new", json!("in_transit"), 1000)).await.refused(422), "parts.state");
        assert_eq!(units(room.available().await), (3, 3, 0));
        let turnover = keeper.get("/stock-turnover?from=2026-11-18&to=2026-11-18").await.ok();
        assert_eq!((turnover[0]["opening"].as_i64(), turnover[0]["closing"].as_i64()), (Some(0), Some(3000)));
    }

    async fn the_low_stock_alarm_rings_once_per_fall(app: TestApp) {
        let room = Room::new(app, 5, Money(500)).await;
        let keeper = app.user(Role::Storekeeper).await;
        let level = json!({ "depot_id": room.depot, "minimum": 2000, "order_point": 3000, "maximum": 9000, "bin": "1-03-2-15" });
        let put = keeper.put(&format!("/parts/{}/levels", room.part), level).await.ok();
        assert_eq!(put["low"], false);
        let line = room.line();
        let told = async || {
            app.drain().await;
            let mut conn = room.cx.read().await.expect("a reader");
            let sql = "select count(*) from notification where user_id = $1";
            conn.scalar::<i64>(sql, db::args![keeper.user]).await.expect("a count")
        };
        room.set(&line, 2).await.expect("issued");
        assert_eq!(told().await, 0);
        room.set(&line, 3).await.expect("falls to the minimum");
        room.set(&line, 4).await.expect("falls further");
        assert_eq!(told().await, 1);
        assert_eq!(reload(&keeper, "/stock-levels?view=low").await["items"].as_array().map(Vec::len), Some(1));
        room.set(&line, 0).await.expect("given back");
        assert_eq!(reload(&keeper, "/stock-levels?view=low").await["items"].as_array().map(Vec::len), Some(0));
        // Promised pieces are not free either.
        room.reserve(&line, 4).await.expect("reserved");
        assert_eq!(told().await, 2);
        let bad = json!({ "depot_id": room.depot, "minimum": 2000, "order_point": 1000, "bin": "x" });
        keeper.put(&format!("/parts/{}/levels", room.part), bad).await.refused(422);
    }

    async fn old_parts_are_owed_taken_back_and_charged(app: TestApp) {
        let room = Room::new(app, 1, Money(100)).await;
        let (keeper, engineer) = (app.user(Role::Storekeeper).await, app.user(Role::Engineer).await);
        let line = room.line();
        let old = OldPart {
            doc: DocRef::new("order", room.cx.id(), "SO-9"),
            line_id: line.line_id,
            part_id: room.part,
            org_id: app.root,
            debtor: DebtorKind::Staff,
            debtor_id: engineer.staff.expect("a person"),
            debtor_name: "王工".into(),
            owner_id: engineer.staff,
            due: None,
        };
        owe(&room, &old, 1).await;
        owe(&room, &old, 3).await;
        let list = reload(&engineer, "/old-parts").await;
        let debt = list["items"][0]["id"].as_str().expect("an id").to_string();
        let shown = reload(&engineer, &format!("/old-parts/{debt}")).await;
        assert_eq!((shown["open"].as_i64(), shown["due"].as_str()), (Some(3000), Some("2026-12-18")));
        app.advance(31 * 86_400).await;
        let daily = app.app.registry.schedules.iter().find(|s| s.name == "parts.remind_old_parts").expect("a schedule");
        (daily.run)(app.system()).await.expect("a reminder");
        let mut conn = room.cx.read().await.expect("a reader");
        for user in [engineer.user, keeper.user] {
            let told: i64 = conn.scalar("select count(*) from notification where user_id = $1", db::args![user]).await.expect("a count");
            assert_eq!(told, 1, "overdue old parts are brought to mind");
        }
        drop(conn);
        let settle = format!("/old-parts/{debt}/settle");
        assert_eq!(engineer.post(&settle, json!({ "how": "waived", "quantity": 1000, "note": "x" })).await.status.as_u16(), 403);
        let back = json!({ "how": "returned", "quantity": 1000, "depot_id": room.depot });
        keeper.post(&settle, back).await.ok();
        assert_eq!(keeper.post(&settle, json!({ "how": "charged", "quantity": 3000 })).await.refused(422), "parts.owed");
        let done = keeper.post(&settle, json!({ "how": "charged", "quantity": 2000, "amount": 5000, "note": "遗失" })).await.ok();
        assert_eq!((done["state"].as_str(), done["charge"].as_i64(), done["open"].as_i64()), (Some("charged"), Some(5000), Some(0)));
        let stock = reload(&keeper, &format!("/parts/{}/stock", room.part)).await;
        assert_eq!(stock[0]["other"], 1000, "the old piece lies there as repairable");
        assert_eq!(Date::parse_iso("2026-12-18").ok(), Date::parse_iso(shown["due"].as_str().unwrap_or_default()).ok());
    }

    async fn who_keeps_another_outlets_stock_sees_nothing_of_this_one(app: TestApp) {
        let room = Room::new(app, 3, Money(300)).await;
        let (here, there) = (app.outlet("园区网点").await, app.outlet("相城网点").await);
        let depot = make_depot(&room.cx, depot_input("H1", DepotKind::Outlet, here, None)).await.expect("a depot");
        receive(&room.cx, room.part, depot, StockState::New, 2, Money(200)).await.expect("goods");
        let (mine, other) = (app.user_in(Role::Storekeeper, here).await, app.user_in(Role::Storekeeper, there).await);
        assert_eq!(reload(&mine, "/stock").await["items"].as_array().map(Vec::len), Some(1));
        assert_eq!(reload(&other, "/stock").await["items"].as_array().map(Vec::len), Some(0));
        assert_eq!(other.get(&format!("/depots/{depot}")).await.status.as_u16(), 404);
        let take = json!({ "kind": "outlet", "depot_id": depot, "lines": [{ "part": "A-100", "quantity": 1000 }] });
        assert_eq!(other.post("/issue-slips", take.clone()).await.status.as_u16(), 404);
        mine.post("/issue-slips", take).await.ok();
        let body = json!({ "kind": "ordered", "depot_id": depot, "lines": [{ "part": "A-100", "quantity": 1000 }] });
        assert_eq!(other.post("/receipts", body).await.status.as_u16(), 404);
        // Both ends of a transfer see it.
        let away = make_depot(&room.cx, depot_input("T1", DepotKind::Outlet, there, None)).await.expect("a depot");
        let admin = app.admin().await;
        let body = json!({ "kind": "move", "from_id": depot, "to_id": away, "lines": [{ "part": "A-100", "quantity": 1000 }] });
        let sent = admin.post("/transfers", body).await.ok();
        assert_eq!(reload(&other, "/arrivals").await["items"].as_array().map(Vec::len), Some(1));
        let receive = format!("/transfers/{}/receive", id(&sent));
        assert_eq!(mine.post(&receive, json!({})).await.status.as_u16(), 404, "only the receiver receives");
        other.post(&receive, json!({})).await.ok();
        assert_eq!(units(room.available_of(room.part, away).await), (1, 0, 1));
    }

    async fn a_scan_that_nobody_knows_is_told_at_once_and_a_line_can_be_taken_out(app: TestApp) {
        let room = Room::new(app, 4, Money(400)).await;
        let admin = app.admin().await;
        let (depot, part) = (room.depot, room.part);
        for (page, head) in [
            ("/receipts/new", format!("kind=ad_hoc&depot_id={depot}")),
            ("/issue-slips/new", format!("kind=sale&depot_id={depot}")),
            ("/transfers/new", format!("kind=move&from_id={depot}&to_id={depot}")),
        ] {
            let lines = format!("{head}&lines.0.part={part}&lines.0.quantity=7");
            let unknown = admin.form(page, &format!("{lines}&scan=NOPE-1")).await;
            let html = unknown.text();
            assert_eq!(unknown.status.as_u16(), 422, "{page}: {html}");
            assert!(html.contains("没有编码为“NOPE-1”的配件") && !html.contains("lines.1."), "{page}: {html}");
            let field = html.split("name=\"scan\"").nth(1).and_then(|rest| rest.split('>').next()).expect("the field");
            assert!(!field.contains("NOPE-1"), "{page}: the next scan would be appended to it");
            // The next scans, two at once, don't cover it up; saving waits until somebody has seen to it.
            let held = format!("{lines}&unknown=NOPE-1");
            let next = admin.form(page, &format!("{held}&scan=A-100%09NOPE-2")).await.text();
            assert!(next.contains("“NOPE-1”") && next.contains("“NOPE-2”") && next.contains("value=\"8\""), "{page}: {next}");
            let saved = admin.form(page, &held).await;
            assert!(saved.status.as_u16() == 422 && saved.text().contains("处理后再保存"), "{page}: {}", saved.text());
            let seen = admin.form(page, &format!("{held}&seen=true")).await;
            assert!(seen.status.is_success() && !seen.text().contains("NOPE-1"), "{page}: {}", seen.text());
            let out = admin.form(page, &format!("{lines}&lines.1.part={part}&lines.1.quantity=9&remove=0")).await;
            let html = out.text();
            assert!(out.status.is_success() && !html.contains("lines.1."), "{page}: {html}");
            assert!(html.contains("value=\"9\"") && !html.contains("value=\"7\""), "{page}: {html}");
        }
    }

    async fn forms_begin_with_the_own_store_and_offer_vans_last(app: TestApp) {
        let room = Room::new(app, 4, Money(400)).await;
        let admin = app.admin().await;
        let staff = app.user(Role::Engineer).await.staff;
        let van = json!({ "code": "A-VAN", "name": "一号车", "kind": "van", "org_id": app.root, "holder_id": staff });
        let van = admin.post("/depots", van).await.ok();
        let html = admin.page("/receipts/new").await.text();
        let place = |id: &str| html.find(&format!("value=\"{id}\"")).unwrap_or_else(|| panic!("{id} in {html}"));
        let store = room.depot.to_string();
        assert!(place(&store) < place(van["id"].as_str().expect("an id")), "{html}");
        assert!(html.contains(&format!("value=\"{store}\" selected")), "{html}");
    }

    /// One careless press must not put goods into whatever store comes first.
    async fn among_several_stores_a_form_begins_with_the_one_used_last(app: TestApp) {
        let room = Room::new(app, 4, Money(400)).await;
        let keeper = app.user(Role::Storekeeper).await;
        let second = json!({ "code": "A-0", "name": "周转库", "kind": "parts", "org_id": app.root });
        let second = app.admin().await.post("/depots", second).await.ok()["id"].as_str().expect("an id").to_string();
        let chosen = async |page: &str| {
            let html = keeper.page(page).await.text();
            let field = html.split("name=\"depot_id\"").nth(1).and_then(|rest| rest.split("</select>").next()).expect("the field").to_string();
            let at = field.find("\" selected").map(|at| field[..at].rsplit('"').next().unwrap_or_default().to_string());
            at.filter(|id| !id.is_empty())
        };
        for page in ["/receipts/new", "/issue-slips/new"] {
            assert_eq!(chosen(page).await, None, "{page}: nobody's guess is taken");
        }
        for depot in [room.depot.to_string(), second.clone()] {
            let lines = json!([{ "part": room.part, "quantity": 1000, "unit_cost": 100 }]);
            keeper.post("/receipts", json!({ "kind": "ordered", "depot_id": depot, "lines": lines })).await.ok();
            assert_eq!(chosen("/receipts/new").await, Some(depot));
        }
        assert_eq!(chosen("/issue-slips/new").await, None, "what was received says nothing of what is issued");
        assert_eq!(chosen(&format!("/receipts/new?depot_id={}", room.depot)).await, Some(room.depot.to_string()));
    }

    async fn every_page_opens_and_its_forms_work(app: TestApp) {
        let room = Room::new(app, 4, Money(400)).await;
        let admin = app.admin().await;
        for page in [
            "/parts", "/parts/new", "/depots", "/depots/new", "/stock", "/stock-moves", "/reservations", "/stock-levels?view=low",
            "/receipts", "/receipts/new", "/purchases", "/purchases/new", "/transfers", "/transfers/new?kind=draw", "/transfers/new?kind=return_unused", "/arrivals",
            "/issue-slips", "/issue-slips/new?part=A-100&quantity=2", "/old-parts", "/stock-draw", "/stock-draw?part=A-100&quantity=9",
            "/stock-draw?part=NO-SUCH", "/stock-turnover", "/stock-count", "/stock-restate", "/parts/suggest?q=A-1",
            &format!("/parts/{}", room.part), &format!("/parts/{}/edit", room.part), &format!("/parts/{}/card", room.part),
            &format!("/depots/{}", room.depot), &format!("/depots/{}/edit", room.depot),
        ] {
            let answer = admin.page(page).await;
            assert_eq!(answer.status.as_u16(), 200, "{page}: {}", answer.text());
        }
        let (depot, part) = (room.depot, room.part);
        // A scan only adds a line; the same code again counts one more.
        let scan = admin.form("/receipts/new", &format!("kind=ad_hoc&depot_id={depot}&scan=A-100&lines.0.part={part}&lines.0.quantity=2")).await;
        assert_eq!((scan.status.as_u16(), scan.text().contains("value=\"3\"")), (200, true));
        let save = admin.form("/receipts/new", &format!("kind=ad_hoc&depot_id={depot}&scan=&lines.0.part=&lines.0.part_text=A-100&lines.0.quantity=1.5&lines.0.unit_cost=2.50")).await;
        assert_eq!(save.status.as_u16(), 303, "{}", save.text());
        assert_eq!((room.available().await.on_hand, room.value().await), (Quantity(5500), 400 + 375));
        let receipt = save.headers["location"].to_str().expect("an address").to_string();
        assert_eq!(admin.page(&receipt).await.status.as_u16(), 200);
        let short = admin.form("/issue-slips/new", &format!("kind=sale&depot_id={depot}&lines.0.part={part}&lines.0.quantity=99")).await;
        assert_eq!((short.status.as_u16(), short.text().contains("5.5")), (422, true));
        let slip = admin.form("/issue-slips/new", &format!("kind=sale&depot_id={depot}&lines.0.part={part}&lines.0.quantity=1")).await;
        let slip = slip.headers["location"].to_str().expect("an address").to_string();
        assert_eq!(admin.page(&slip).await.status.as_u16(), 200);
        let level = admin.form(&format!("/parts/{part}/levels"), &format!("depot_id={depot}&minimum=1&bin=nonsense")).await;
        assert_eq!(level.status.as_u16(), 422);
        assert_eq!(admin.form(&format!("/parts/{part}/levels"), &format!("depot_id={depot}&minimum=1&bin=1-2-3-4")).await.status.as_u16(), 303);
        let part_form = "code=B-7&name=%E7%94%B5%E6%9C%BA&unit=%E4%BB%B6&price=12.50&cost=&class=component&form=finished&criticality=normal&old_part_due=on";
        let made = admin.form("/parts/new", part_form).await;
        assert_eq!(made.status.as_u16(), 303, "{}", made.text());
        assert_eq!(admin.form("/parts/new", part_form).await.status.as_u16(), 422, "the code is taken");
        let sub = admin.form(&format!("/parts/{part}/substitutes"), "code=B-7&both_ways=on").await;
        assert_eq!(sub.status.as_u16(), 303);
        let ask = admin.get("/stock-draw?part=A-100&quantity=99").await.ok();
        assert_eq!(ask["substitutes"][0]["code"], "B-7");
        assert_eq!(ask["lots"].as_array().map(Vec::len), Some(2));
    }
}

async fn owe(room: &Room, old: &OldPart, units: i64) {
    let run = async || -> kit::Result<()> {
        let cx = &room.cx;
        let mut tx = begin!(cx, "test.owe", &());
        api::old_part_in(&mut tx, old, Quantity::units(units), 30).await?;
        tx.commit(()).await
    };
    run().await.expect("owed");
}
