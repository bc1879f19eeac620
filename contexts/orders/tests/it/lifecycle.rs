//! From the call to the close, with a rework in between; clocks; derived classes.

use orders::api::{Note, Verify, VerifyWith, accept, verify};

use super::*;

testkit::app_test! {
    /// Ticked orders are printed together, a head for each; not one of them is shown when another is out of reach.
    async fn sheets_of_ticked_orders_are_printed_together(app: TestApp) {
        let world = world(app).await;
        let (first, second) = (world.open(json!({})).await, world.open(json!({})).await);
        let page = world.admin.page(&format!("/orders/sheets/dispatch?ids={first}&ids={second}&idem=x")).await;
        assert_eq!((page.status.as_u16(), page.text().matches("class=\"pr-h\"").count()), (200, 2));
        let list = world.admin.page("/orders").await.text();
        assert!(list.contains("formaction=\"/orders/sheets/dispatch\"") && list.contains("name=\"ids\""));
        let outlet = app.outlet("别的网点").await;
        let other = app.user_in(Role::Outlet, outlet).await;
        let page = other.page(&format!("/orders/sheets/dispatch?ids={first}")).await;
        assert_eq!(page.status, 404);
        assert_eq!(world.admin.page("/orders/sheets/dispatch").await.status, 422);
    }

    /// The whole chain (WO-06), each step by its own person's right.
    async fn an_order_goes_from_the_call_to_the_close_and_back_once(app: TestApp) {
        let world = world(app).await;
        let order = world.open(json!({})).await;
        assert_eq!(world.act(&order, "accept", json!({})).await["state"], "accepted");
        let assigned = world.assign(&order).await;
        assert_eq!(assigned["state"], "scheduled");
        let at = |action: &str| format!("/orders/{order}/{action}");
        let worker = &world.engineer;
        assert_eq!(worker.post(&at("depart"), json!({})).await.ok()["state"], "scheduled");
        assert_eq!(worker.post(&at("arrive"), json!({ "lat": 31.23, "lng": 120.63 })).await.ok()["state"], "in_progress");
        worker.post(&at("start"), json!({})).await.ok();
        let out = worker.post(&at("complete"), world.done()).await.ok();
        assert_eq!((&out["state"], &out["fix_class"]), (&json!("done"), &json!("first")));
        assert_eq!(world.act(&order, "confirm", json!({ "score": 90 })).await["state"], "confirmed");
        assert_eq!(world.refuse(&order, "audit", json!({}), 409).await, "orders.callback_missing");
        assert!(callback(app, &order, "not_fixed_once").await, "it goes back");
        let back = world.admin.get(&format!("/orders/{order}")).await.ok();
        assert_eq!((&back["state"], &back["reworks"], &back["fix_class"]), (&json!("reopened"), &json!(1), &json!("not_fixed_once")));
        world.assign(&order).await;
        world.act(&order, "start", json!({})).await;
        world.act(&order, "complete", world.done()).await;
        world.act(&order, "confirm", json!({})).await;
        assert!(!callback(app, &order, "satisfied").await);
        assert_eq!(world.refuse(&order, "audit", json!({ "deduction": 500, "note": " " }), 422).await, "orders.deduction_why");
        assert_eq!(world.act(&order, "audit", json!({ "deduction": 500, "note": "返单迟了" })).await["state"], "audited");
        assert_eq!(world.refuse(&order, "lines", json!({ "name": "x", "price": 1 }), 409).await, "flow.wrong_state");
        let closed = world.act(&order, "close", json!({})).await;
        assert_eq!(closed["state"], "closed");
        assert_eq!(closed["allowed"], json!(["reopen"]));
        let full = world.admin.get(&format!("/orders/{order}")).await.ok();
        assert_eq!(full["steps"].as_array().expect("steps").len(), 16, "{}", full["steps"]);
        assert_eq!(full["engineers"][0]["share_bp"], 10_000);
    }

    /// AUDIT: people read the log in words, whatever column a step touched.
    async fn the_changes_of_an_order_are_told_in_words(app: TestApp) {
        let world = world(app).await;
        let order = world.working(json!({})).await;
        world.act(&order, "complete", world.done()).await;
        world.act(&order, "confirm", json!({ "by": "李建平", "score": 90 })).await;
        assert!(callback(app, &order, "not_fixed_once").await, "it goes back");
        let page = world.admin.page(&format!("/orders/{order}?tab=history")).await.text();
        let log = page.split("变更记录").last().expect("the log");
        for word in ["未修好次数", "回访时间", "完工时间", "确认时间", "完工确认人", "工程师"] {
            assert!(log.contains(word), "{word}: {log}");
        }
        for name in ["failed_fixes", "callback_at", "confirmed_at", "confirmed_by", "done_at", "signed", "engineer_name", "fix_class", "root_cause"] {
            assert!(!log.contains(&format!("{name}: ")) && !log.contains(&format!("{name}；")), "{name}: {log}");
        }
    }

    /// The writes of a command go to PostgreSQL together (docs/performance.md).
    async fn commands_on_an_order_take_few_statements(app: TestApp) {
        let world = world(app).await;
        let (order, cx) = (world.open(json!({})).await.parse().expect("an id"), app.system());
        let note = || Note { note: None, version: None };
        let postgres = app.app.db.engine() == db::Engine::Postgres;
        // Lock, clocks, and what is written: clock, order, step, audit.
        accept(&cx, order, note()).await.expect("accepted");
        assert_eq!(taken(&cx), if postgres { 3 } else { 6 });
        let asked = Verify { version: None, with: VerifyWith::Dispatcher, note: None };
        verify(&cx, order, asked).await.expect("verified");
        assert_eq!(taken(&cx), if postgres { 2 } else { 4 });
    }

    /// PAY-15: what was audited and closed can be opened again, by who may, with a reason that stays visible.
    async fn an_audited_order_is_reopened_with_a_reason(app: TestApp) {
        let world = world(app).await;
        let order = world.working(json!({})).await;
        world.act(&order, "complete", world.done()).await;
        world.act(&order, "confirm", json!({})).await;
        callback(app, &order, "satisfied").await;
        world.act(&order, "audit", json!({ "deduction": 500, "note": "齐全" })).await;
        let at = format!("/orders/{order}/reopen");
        let dispatcher = app.user(kit::Role::Dispatcher).await;
        dispatcher.post(&at, json!({ "reason": "客户来电" })).await.refused(403);
        assert_eq!(world.refuse(&order, "reopen", json!({ "reason": " " }), 422).await, "orders.reason");
        world.act(&order, "close", json!({})).await;
        let back = world.act(&order, "reopen", json!({ "reason": "保修期内同一故障" })).await;
        assert_eq!((&back["state"], audit_of(app, &order).await), (&json!("reopened"), (None, 0)));
        let full = world.admin.get(&format!("/orders/{order}")).await.ok();
        let last = full["steps"].as_array().and_then(|s| s.last().cloned()).unwrap_or_default();
        assert_eq!(
            (&last["action"], &last["from_state"], &last["to_state"], &last["reason"]),
            (&json!("reopen"), &json!("closed"), &json!("reopened"), &json!("保修期内同一故障"))
        );
        let page = world.admin.page(&format!("/orders/{order}?tab=work")).await.text();
        assert!(page.contains("保修期内同一故障"), "the reason stands in the history");
        world.assign(&order).await;
        world.act(&order, "start", json!({})).await;
        world.act(&order, "complete", world.done()).await;
        world.act(&order, "confirm", json!({})).await;
        assert_eq!(world.refuse(&order, "audit", json!({}), 409).await, "orders.callback_missing");
        callback(app, &order, "satisfied").await;
        assert_eq!(world.act(&order, "audit", json!({})).await["state"], "audited");
    }

    /// PAY-07: what is audited stays locked for the callback clerk too; who may undo an audit voids it by the result.
    async fn a_callback_opens_an_audited_order_only_by_who_may_undo_the_audit(app: TestApp) {
        let world = world(app).await;
        let clerk = app.user(Role::Callback).await;
        for (who, state) in [(&clerk, "audited"), (&world.admin, "reopened")] {
            let order = world.working(json!({})).await;
            world.act(&order, "complete", world.done()).await;
            world.act(&order, "confirm", json!({})).await;
            world.act(&order, "audit", json!({ "waive_callback": true, "note": "齐全", "deduction": 500 })).await;
            let call = who.post(&format!("/orders/{order}/callbacks"), json!({})).await.ok();
            let result = json!({ "class": "unsatisfied", "demand": "又报警了" });
            who.post(&format!("/callbacks/{}/result", id_of(&call)), result).await.ok();
            let now = world.admin.get(&format!("/orders/{order}")).await.ok();
            assert_eq!((&now["state"], &now["callback_class"]), (&json!(state), &json!("unsatisfied")), "{now}");
            assert_eq!(audit_of(app, &order).await, if state == "reopened" { (None, 0) } else { (Some(app.app.now()), 500) });
        }
    }

    /// CB-01: calls are about work that was done; when the order ends without it, a planned call is dropped.
    async fn nobody_is_called_about_an_order_that_ended_without_its_work(app: TestApp) {
        let world = world(app).await;
        let order = world.open(json!({})).await;
        let calls = format!("/orders/{order}/callbacks");
        assert_eq!(world.admin.post(&calls, json!({})).await.refused(409), "callbacks.not_done");
        world.assign(&order).await;
        world.act(&order, "arrive", json!({})).await;
        world.act(&order, "complete", world.done()).await;
        let planned = world.admin.post(&calls, json!({})).await.ok();
        world.act(&order, "reopen", json!({ "reason": "又报警了" })).await;
        world.act(&order, "terminate", json!({ "reason": "客户报废" })).await;
        app.drain().await;
        let call = world.admin.get(&format!("/callbacks/{}", id_of(&planned))).await.ok();
        assert_eq!((&call["state"], &call["note"]), (&json!("cancelled"), &json!("客户报废")));
        assert_eq!(world.admin.post(&calls, json!({})).await.refused(409), "callbacks.not_done");
    }

    /// The clock of the first call makes none for an order that went back meanwhile; the next completion starts it anew.
    async fn the_first_call_waits_for_the_rework(app: TestApp) {
        let world = world(app).await;
        let order = world.working(json!({})).await;
        let calls = async || world.admin.get(&format!("/orders/{order}/callbacks")).await.ok().as_array().map_or(0, Vec::len);
        world.act(&order, "complete", world.done()).await;
        app.drain().await;
        world.act(&order, "reopen", json!({ "reason": "又报警了" })).await;
        app.advance(10 * 86_400).await;
        assert_eq!(calls().await, 0);
        world.assign(&order).await;
        world.act(&order, "arrive", json!({})).await;
        world.act(&order, "complete", world.done()).await;
        app.drain().await;
        app.advance(10 * 86_400).await;
        assert_eq!(calls().await, 1);
    }

    /// A refused form costs no number (PLAT-14): the next order bears the next one.
    async fn a_refused_order_leaves_no_gap(app: TestApp) {
        let world = world(app).await;
        let number = |out: &Value| out["no"].as_str().and_then(|no| no.rsplit('-').next()?.parse::<i64>().ok()).expect("a number");
        let first = number(&world.admin.post("/orders", world.input(json!({}))).await.ok());
        for bad in [json!({ "kind": "magic" }), json!({ "symptom": "长".repeat(5000) }), json!({ "appointment_from": "2026-12-02T10:00:00Z", "appointment_to": "2026-12-01T10:00:00Z" })] {
            let status = world.admin.post("/orders", world.input(bad.clone())).await.status;
            assert!(status.is_client_error(), "{bad}");
        }
        let short = world.input(json!({ "lines": [{ "part_id": world.part, "depot_id": world.depot, "quantity": 99_000, "stock": "issue" }] }));
        world.admin.post("/orders", short).await.refused(409);
        let second = number(&world.admin.post("/orders", world.input(json!({}))).await.ok());
        assert_eq!(second, first + 1);
        let third = number(&world.admin.post("/orders", world.input(json!({}))).await.ok());
        assert_eq!(third, second + 1);
    }

    /// Clocks start, pause with a reason, stop, and tell when they run out (WO-08, 12, 14).
    async fn clocks_run_with_the_order(app: TestApp) {
        let world = world(app).await;
        let order = world.open(json!({ "warranty": "in" })).await;
        let timers = || async { world.admin.get(&format!("/docs/order/{order}/timers")).await.ok() };
        let state = |timers: &Value, kind: &str| {
            let all = timers.as_array().cloned().unwrap_or_default();
            all.iter().find(|t| t["kind"] == kind).map(|t| t["state"].clone()).unwrap_or_default()
        };
        for kind in ["orders.response", "orders.dispatch", "orders.arrival", "orders.fix"] {
            assert_eq!(state(&timers().await, kind), "open", "{kind}");
        }
        app.advance(31 * 60).await;
        let late = world.admin.get(&format!("/orders/{order}")).await.ok();
        assert_eq!(late["sla"], "over", "nobody responded in half an hour");
        world.act(&order, "accept", json!({})).await;
        assert_eq!(state(&timers().await, "orders.response"), "late");
        assert_eq!(world.admin.get(&format!("/orders/{order}")).await.ok()["sla"], "ok");
        world.assign(&order).await;
        world.act(&order, "arrive", json!({})).await;
        assert_eq!(state(&timers().await, "orders.arrival"), "met");
        let waiting = world.act(&order, "wait", json!({ "reason": "parts" })).await;
        assert_eq!((&waiting["sla"], &waiting["next_due_at"]), (&json!("paused"), &Value::Null));
        app.advance(10 * 86_400).await;
        world.act(&order, "resume", json!({})).await;
        assert_eq!(state(&timers().await, "orders.fix"), "open", "waiting did not count");
        app.advance(9 * 86_400).await;
        let late = world.admin.get(&format!("/orders/{order}")).await.ok();
        assert_eq!(late["sla"], "over");
        world.act(&order, "loaner", json!({ "given": true, "note": "备机 3 号" })).await;
        world.act(&order, "complete", world.done()).await;
        let steps = world.admin.get(&format!("/orders/{order}")).await.ok();
        let last = steps["steps"].as_array().and_then(|s| s.last().cloned()).unwrap_or_default();
        assert_eq!((&last["action"], &last["late"]), (&json!("complete"), &json!(true)), "lateness stands against the step");
    }

    /// An order goes on from where it waited: no dispatch, no arrival is jumped over (WO-06, WO-43, PAY-02).
    async fn waiting_leads_back_to_where_the_order_stood(app: TestApp) {
        let world = world(app).await;
        let order = world.open(json!({})).await;
        world.act(&order, "accept", json!({})).await;
        world.act(&order, "wait", json!({ "reason": "customer" })).await;
        let back = world.act(&order, "resume", json!({})).await;
        assert_eq!((&back["state"], &back["engineer_id"]), (&json!("accepted"), &Value::Null), "nobody was sent");
        assert_eq!(world.refuse(&order, "complete", world.done(), 409).await, "flow.wrong_state");
        world.act(&order, "wait", json!({ "reason": "parts" })).await;
        world.assign(&order).await;
        assert_eq!(world.act(&order, "resume", json!({})).await["state"], "scheduled", "named while it waited");
        world.act(&order, "wait", json!({ "reason": "parts" })).await;
        assert_eq!(world.act(&order, "resume", json!({})).await["state"], "scheduled");
        assert_eq!(world.act(&order, "arrive", json!({})).await["state"], "in_progress", "the arrival is still to come");
        let timers = world.admin.get(&format!("/docs/order/{order}/timers")).await.ok();
        let arrival = timers.as_array().into_iter().flatten().find(|timer| timer["kind"] == "orders.arrival").cloned();
        assert_eq!(arrival.unwrap_or_default()["state"], "met");
        world.act(&order, "wait", json!({ "reason": "parts" })).await;
        assert_eq!(world.act(&order, "resume", json!({})).await["state"], "in_progress");
    }

    /// PAY-14, WO-15: who goes on has the lead's share; who helped before has both.
    async fn the_share_of_the_lead_goes_to_who_goes_on(app: TestApp) {
        let world = world(app).await;
        let (helper, next) = (app.user(Role::Engineer).await.staff, app.user(Role::Engineer).await.staff);
        let order = world.open(json!({ "continuous": true })).await;
        let crew = json!({ "engineer_id": world.engineer_id(), "helpers": [{ "staff_id": helper, "share_bp": 3000 }] });
        world.act(&order, "assign", crew).await;
        world.act(&order, "arrive", json!({})).await;
        let shares = async || {
            let full = world.admin.get(&format!("/orders/{order}")).await.ok();
            let of = |share: &Value| (share["staff_id"].clone(), share["share_bp"].clone(), share["lead"].clone());
            full["engineers"].as_array().into_iter().flatten().map(of).collect::<Vec<_>>()
        };
        let out = world.act(&order, "wait", json!({ "reason": "parts", "hand_over_to": next })).await;
        assert_eq!(out["engineer_id"], json!(next));
        assert_eq!(shares().await, [(json!(next), json!(7000), json!(true)), (json!(helper), json!(3000), json!(false))]);
        world.act(&order, "resume", json!({})).await;
        world.act(&order, "wait", json!({ "reason": "parts", "hand_over_to": helper })).await;
        assert_eq!(shares().await, [(json!(helper), json!(10_000), json!(true))]);
    }

    /// A rework that says nothing of hours is charged as the first visit was.
    async fn a_rework_keeps_what_the_first_visit_is_charged_by(app: TestApp) {
        let world = world(app).await;
        let list = world.admin.post("/prices", json!({ "code": "STD", "name": "标准" })).await.ok();
        let rules = format!("/prices/{}/rules", list["list"]["id"].as_str().expect("an id"));
        world.admin.post(&rules, json!({ "code": "labour", "basis": "per_hour", "amount": 10_000, "valid_from": "2026-01-01" })).await.ok();
        let order = world.working(json!({ "warranty": "out" })).await;
        let mut sheet = world.done();
        sheet["hours"] = json!(3000);
        assert_eq!(world.act(&order, "complete", sheet).await["payable"], 30_000);
        assert!(callback(app, &order, "unsatisfied").await);
        world.assign(&order).await;
        world.act(&order, "start", json!({})).await;
        let dialog = world.admin.page(&format!("/orders/{order}/ask/complete")).await.text();
        let hours = dialog.split("name=\"hours\"").nth(1).unwrap_or_default();
        assert!(hours.chars().take(200).collect::<String>().contains("value=\"3\""), "the form begins with what is known");
        let again = world.act(&order, "complete", world.done()).await;
        assert_eq!((&again["payable"], &again["hours"]), (&json!(30_000), &json!(3000)));
    }

    /// PROD-07 and WO-45: the second order within thirty days is a repeat, and the first was not fixed.
    async fn a_second_repair_soon_after_is_a_repeat(app: TestApp) {
        let world = world(app).await;
        let first = world.working(json!({})).await;
        world.act(&first, "complete", world.done()).await;
        app.advance(20 * 86_400).await;
        let second = world.admin.post("/orders", world.input(json!({}))).await.ok();
        assert_eq!(second["repeat_of"], json!(first));
        assert_eq!(world.admin.get(&format!("/orders/{first}")).await.ok()["fix_class"], "not_fixed_once");
        let cleaning = world.admin.post("/orders", world.input(json!({ "kind": "cleaning" }))).await.ok();
        assert_eq!(cleaning["repeat_of"], Value::Null, "cleaning is no repair");
    }

    /// WO-45: neither an order opened by mistake nor a second one beside work in progress says that a repair failed.
    async fn only_a_repair_that_was_done_fails_and_only_by_an_order_that_was_begun(app: TestApp) {
        let world = world(app).await;
        let fix = async |order: &str| world.admin.get(&format!("/orders/{order}")).await.ok()["fix_class"].clone();
        let first = world.working(json!({})).await;
        let beside = world.admin.post("/orders", world.input(json!({}))).await.ok();
        assert_eq!((&beside["repeat_of"], fix(&first).await), (&Value::Null, json!("unknown")), "not even done");
        world.act(&first, "complete", world.done()).await;
        assert_eq!(fix(&first).await, "first");
        for (stop, begun) in [("cancel", false), ("terminate", false), ("terminate", true)] {
            let again = world.open(json!({})).await;
            assert_eq!(fix(&first).await, "not_fixed_once", "{stop}");
            if begun {
                world.assign(&again).await;
                world.act(&again, "arrive", json!({})).await;
            }
            let out = world.act(&again, stop, json!({ "reason": "登记错误" })).await;
            let (class, of) = if begun { ("not_fixed_once", json!(first)) } else { ("first", Value::Null) };
            assert_eq!((fix(&first).await, &out["repeat_of"]), (json!(class), &of), "{stop}, begun: {begun}");
        }
    }

    /// PAY-06: engineers rate their own work only with the customer's signature.
    async fn a_rating_of_ones_own_work_needs_the_customers_signature(app: TestApp) {
        let world = world(app).await;
        let order = world.working(json!({})).await;
        world.act(&order, "complete", world.done()).await;
        let at = format!("/orders/{order}/confirm");
        assert_eq!(world.engineer.post(&at, json!({ "score": 100 })).await.refused(422), "orders.score_unproven");
        assert_eq!(world.admin.post(&at, json!({ "score": 90 })).await.ok()["score"], 90, "somebody else asked the customer");
    }

    /// Words of a step and of a line are read in the reader's language, whoever acted.
    async fn words_on_record_are_in_the_readers_language(app: TestApp) {
        let world = world(app).await;
        let order = world.working(json!({ "warranty": "claim" })).await;
        world.line(&order, 1000, "issue").await;
        world.act(&order, "complete", world.done()).await;
        callback(app, &order, "unsatisfied").await;
        let read = async |cx: kit::Cx| orders::api::get(&cx, order.parse().expect("an id")).await.expect("an order");
        let mut english = app.system();
        english.lang = kernel::Lang::En;
        for (cx, trace, reason) in [(app.system(), "按工单保修类别", "回访不满意"), (english, "By the class set", "Unsatisfied")] {
            let full = read(cx).await;
            let part = full.items.iter().find(|line| line.kind == orders::api::LineKind::Part).expect("a part");
            assert!(part.trace.starts_with(trace), "{}", part.trace);
            assert_eq!(full.steps.last().map(|step| step.reason.as_str()), Some(reason));
        }
    }

    /// What was found and not fixed comes up with the next order (PROD-08, WO-47).
    async fn the_signed_paper_is_back_when_it_is_signed_or_said_so(app: TestApp) {
        let world = world(app).await;
        let clock = async |order: &str| {
            let timers = world.admin.get(&format!("/docs/order/{order}/timers")).await.ok();
            let found = timers.as_array().expect("timers").iter().find(|timer| timer["kind"] == "orders.paperwork").cloned();
            found.unwrap_or_default()["state"].as_str().unwrap_or_default().to_string()
        };
        let order = world.working(json!({})).await;
        world.act(&order, "start", json!({})).await;
        world.act(&order, "complete", world.done()).await;
        assert_eq!(clock(&order).await, "open", "unsigned: the paper must come back");
        world.act(&order, "confirm", json!({ "by": "电话确认" })).await;
        assert_eq!(clock(&order).await, "open", "a word on the phone is no signed paper");
        callback(app, &order, "satisfied").await;
        app.advance(25 * 3600).await;
        for wrong in ["2099-01-01T00:00:00Z", "2026-11-01T00:00:00Z"] {
            assert_eq!(world.refuse(&order, "audit", json!({ "sheet_returned_at": wrong }), 422).await, "orders.sheet_returned_at");
        }
        world.act(&order, "audit", json!({ "sheet_returned_at": "2026-11-19T09:30:00+08:00" })).await;
        let sheet = world.admin.page(&format!("/orders/{order}/sheets/audit")).await.text();
        assert!(sheet.contains("2026-11-19 09:30") && sheet.contains("系统管理员"), "the sheet says when and who");
        let order = world.working(json!({})).await;
        world.act(&order, "start", json!({})).await;
        world.act(&order, "complete", world.done()).await;
        for wrong in ["2099-01-01T00:00:00Z", "2026-11-01T00:00:00Z"] {
            assert_eq!(world.refuse(&order, "confirm", json!({ "sheet_returned_at": wrong }), 422).await, "orders.sheet_returned_at");
        }
        world.act(&order, "confirm", json!({ "sheet_returned_at": "2026-11-19T10:00:00+08:00" })).await;
        assert_eq!(clock(&order).await, "met");
    }

    /// PAY-05: a deadline is met by when the work was done and the paper came back, not by when somebody typed it in.
    async fn what_was_done_in_time_is_not_late_because_it_is_entered_later(app: TestApp) {
        let world = world(app).await;
        let clock = async |order: &str, kind: &str| {
            let timers = world.admin.get(&format!("/docs/order/{order}/timers")).await.ok();
            timers.as_array().expect("timers").iter().find(|timer| timer["kind"] == kind).map(|timer| timer["state"].clone())
        };
        for by_auditor in [false, true] {
            let order = world.working(json!({ "warranty": "in" })).await;
            let done_at = app.app.now().plus_secs(60);
            app.advance(40 * 86_400).await;
            assert_eq!(stands(app, &order).await, ("over".into(), "orders.fix!".into()));
            let mut sheet = world.done();
            sheet["finished_at"] = json!(done_at);
            world.act(&order, "complete", sheet).await;
            assert_eq!(clock(&order, "orders.fix").await, Some(json!("met")));
            let back = app.app.now().plus_secs(60);
            app.advance(40 * 86_400).await;
            assert_eq!(stands(app, &order).await, ("over".into(), "orders.paperwork!".into()));
            let told = json!({ "sheet_returned_at": back });
            world.act(&order, "confirm", if by_auditor { json!({}) } else { told.clone() }).await;
            if by_auditor {
                callback(app, &order, "satisfied").await;
                world.act(&order, "audit", told).await;
            }
            assert_eq!(clock(&order, "orders.paperwork").await, Some(json!("met")), "by the auditor: {by_auditor}");
            assert_eq!(stands(app, &order).await, ("ok".into(), String::new()));
        }
    }

    async fn findings_come_up_with_the_next_order(app: TestApp) {
        let world = world(app).await;
        let first = world.working(json!({})).await;
        let mut sheet = world.done();
        sheet["findings"] = json!([{ "text": "冷却塔风机异响", "refused": true }]);
        world.act(&first, "complete", sheet).await;
        let second = world.open(json!({})).await;
        let page = world.admin.page(&format!("/orders/{second}")).await;
        assert!(page.status.is_success() && page.text().contains("冷却塔风机异响"), "{}", page.status);
    }

    /// Every page of an order opens, and every sheet prints (WO-06).
    async fn pages_and_sheets_open(app: TestApp) {
        let world = world(app).await;
        let order = world.working(json!({ "over_quote_limit": 1 })).await;
        world.line(&order, 1000, "issue").await;
        for tab in ["overview", "work", "lines", "files", "clocks", "history"] {
            let page = world.admin.page(&format!("/orders/{order}?tab={tab}")).await;
            assert!(page.status.is_success(), "{tab}: {} {}", page.status, page.text());
        }
        for sheet in ["intake", "dispatch", "completion", "callback", "audit"] {
            assert!(world.admin.page(&format!("/orders/{order}/sheets/{sheet}")).await.status.is_success(), "{sheet}");
        }
        let dispatch = world.admin.page(&format!("/orders/{order}/sheets/dispatch")).await.text();
        assert!(dispatch.contains("压力传感器（已出库 · 中心库）"), "the storekeeper reads from where");
        for action in ["wait", "complete", "quote", "consent", "escalate", "limit", "loaner", "terminate", "return"] {
            let page = world.admin.page(&format!("/orders/{order}/ask/{action}")).await;
            assert!(page.status.is_success(), "{action}: {} {}", page.status, page.text());
        }
        let others = [
            format!("/orders/{order}/edit"), format!("/orders/{order}/lines/new"), "/orders".into(), "/orders/new".into(),
            "/orders?view=open".into(), "/orders?view=pickup".into(), "/orders?view=unpaid".into(), "/work-kinds".into(), format!("/customers/{}/orders", world.customer),
            format!("/units/{}/orders", world.unit), format!("/orders/new?unit_id={}", world.unit),
        ];
        for path in others {
            let page = world.admin.page(&path).await;
            assert!(page.status.is_success(), "{path}: {} {}", page.status, page.text());
        }
        let dialog = world.admin.form(&format!("/orders/{order}/do/consent"), "by=").await;
        assert_eq!(dialog.status.as_u16(), 422);
        let done = world.admin.form(&format!("/orders/{order}/do/consent"), "by=%E6%9D%8E&total=500.00&idem=k1").await;
        assert_eq!(done.status.as_u16(), 303, "{}", done.text());
    }
}

/// When an order was audited, and what was deducted.
async fn audit_of(app: &TestApp, order: &str) -> (Option<kernel::Ts>, i64) {
    let mut conn = app.app.db.read().await.expect("a reader");
    let id: Id = order.parse().expect("an id");
    conn.one("select audited_at, deduction from service_order where id = $1", db::args![id])
        .await
        .expect("a row")
}

/// What the row says about deadlines: the next one, and those that ran out.
async fn stands(app: &TestApp, order: &str) -> (String, String) {
    let mut conn = app.app.db.read().await.expect("a reader");
    let id: Id = order.parse().expect("an id");
    conn.one("select sla, late from service_order where id = $1", db::args![id]).await.expect("a row")
}

/// Statements since the last look.
fn taken(cx: &kit::Cx) -> u64 {
    cx.req.statements.swap(0, std::sync::atomic::Ordering::Relaxed)
}

/// What a callback reports, in a transaction of its own, as the context of callbacks does.
pub async fn callback(app: &TestApp, order: &str, class: &str) -> bool {
    let cx = app.system();
    let kit::Begun::New(mut tx) = cx.begin("test.callback", &class).await.expect("begins") else {
        panic!("no key was given")
    };
    let back = orders::api::callback_result_in(&mut tx, order.parse().expect("an id"), class)
        .await
        .expect("a result")
        == orders::api::State::Reopened;
    tx.commit(back).await.expect("commits")
}
