//! Following an order: what is seen, said, accepted and rated, and the code that stands for a signature.

use kit::Role;
use serde_json::{Value, json};
use testkit::app_test;

use crate::{sheet, text, world};

app_test! {
    async fn the_customer_sees_the_order_in_plain_words(app: TestApp) {
        let world = world(app).await;
        let (id, link) = world.order().await;
        let nobody = app.nobody();
        let seen = nobody.get(&format!("/public/orders/{link}")).await.ok();
        assert_eq!((text(&seen, "state"), text(&seen, "words")), ("scheduled", "已安排工程师"));
        assert_eq!((text(&seen, "appointment_from"), text(&seen, "symptom")), ("2026-11-20T02:00:00Z", "不制冷"));
        let page = nobody.page(&format!("/f/{link}")).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.headers["x-robots-tag"], "noindex, nofollow");
        let html = page.text();
        assert!(html.contains("已安排工程师") && html.contains("SN-1") && html.contains(text(&seen, "acceptance_code")), "{html}");
        // Nothing of address, phone, or whole names of people.
        let staff = world.engineer.get("/me").await.text();
        for secret in ["13800136027", "太湖东路", "138****"] {
            assert!(!html.contains(secret) && !seen.to_string().contains(secret), "{secret}");
        }
        assert!(text(&seen, "engineer").ends_with("师傅"), "{seen} {staff}");
        world.done(&id).await;
        let seen = nobody.get(&format!("/public/orders/{link}")).await.ok();
        assert_eq!((&seen["may_confirm"], &seen["may_rate"], &seen["acceptance_code"]), (&json!(true), &json!(true), &Value::Null));
        for wrong in ["/f/nothing", "/f/23456789abcdefghijkmnpqrst", "/f/..%2F..%2Fx", "/r/nothing", "/p/23456789abcdefghijkmnpqrst"] {
            assert_eq!(nobody.page(wrong).await.status, 404, "{wrong}");
        }
    }

    /// SHOP-18, SHOP-36: the button is there only when it can succeed; else the page says what comes first.
    async fn the_customer_confirms_only_what_can_be_confirmed(app: TestApp) {
        let world = world(app).await;
        let nobody = app.nobody();
        let (id, link) = world.order().await;
        let path = format!("/public/orders/{link}");
        world.admin.put(&format!("/orders/{id}"), json!({ "over_quote_limit": 1000 })).await.ok();
        world.done(&id).await;
        assert_eq!(nobody.get(&path).await.ok()["may_confirm"], json!(true));
        let line = json!({ "kind": "other", "name": "高空作业", "price": 99_000 });
        world.admin.post(&format!("/orders/{id}/lines"), line).await.ok();
        let seen = nobody.get(&path).await.ok();
        assert_eq!(seen["may_confirm"], json!(false));
        assert!(text(&seen, "words").contains("先与您联系") && seen["payable"].as_i64() > Some(1000), "{seen}");
        assert_eq!(nobody.post(&format!("{path}/confirm"), json!({})).await.refused(422), "portal.not_done");
        world.act(&id, "consent", json!({ "by": "客户甲" })).await;
        assert_eq!(nobody.get(&path).await.ok()["may_confirm"], json!(true));

        let wish = json!({ "customer_id": world.customer["id"], "unit_id": world.unit["id"], "kind": "repair_minor", "mode": "brought_in", "symptom": "不制冷", "demand": "修好" });
        let order = world.admin.post("/orders", wish).await.ok();
        let id = text(&order, "id").to_string();
        let slip = json!({ "articles_text": "遥控器", "outer_look": "完好", "papers": [], "place": "A-1", "signature": crate::SIGNATURE });
        world.agent.post(&format!("/orders/{id}/receive"), slip).await.ok();
        world.admin.post("/workshop/check-rules", json!({ "work_kind": "repair_minor" })).await.ok();
        let key = world.agent.get(&format!("/orders/{id}/key")).await.ok();
        let path = format!("/public/orders/{}", text(&key, "path").trim_start_matches("/f/"));
        world.act(&id, "assign", json!({ "engineer_id": world.engineer.staff })).await;
        world.act(&id, "start", json!({})).await;
        world.act(&id, "complete", sheet()).await;
        let seen = nobody.get(&path).await.ok();
        assert_eq!((text(&seen, "words"), &seen["may_confirm"]), ("已修好，请来取机", &json!(false)));
        assert_eq!(nobody.post(&format!("{path}/confirm"), json!({})).await.refused(422), "portal.not_done");
    }

    /// One page, one address: what is refused or done leaves what else was typed where it was.
    async fn nothing_typed_is_lost_whichever_button_is_pressed(app: TestApp) {
        let world = world(app).await;
        let (id, link) = world.order().await;
        let nobody = app.nobody();
        let path = format!("/f/{link}");
        world.done(&id).await;
        let typed = "asked=true&quality=4&text=clean&message=see+you&call_time=";
        let kept = |page: &str| {
            page.contains(">\nclean</textarea>") && page.contains(">\nsee you</textarea>") && page.contains("value=\"4\" checked")
                && !page.contains("name=\"solved\" value=\"on\" checked")
        };
        let refused = nobody.form(&path, &format!("act=confirm&{typed}25:99")).await;
        assert_eq!(refused.status, 422);
        let page = refused.text();
        assert!(kept(&page) && page.contains("value=\"25:99\"") && page.contains("f-call_time-e"), "{page}");
        let refused = nobody.form(&path, &format!("act=rate&{typed}")).await;
        assert_eq!(refused.status, 422);
        assert!(kept(&refused.text()) && refused.text().contains("f-attitude-e"), "{}", refused.text());
        // Accepted, and the rating that was begun still stands there.
        let done = nobody.form(&path, &format!("act=confirm&{typed}18:00-20:00")).await;
        assert_eq!(done.status, 200);
        assert!(kept(&done.text()) && !done.text().contains("call_time"), "{}", done.text());
        assert_eq!(nobody.form(&path, "act=rate&asked=true&solved=on&quality=5&attitude=5").await.status, 303);
        assert_eq!(nobody.get(&format!("/public/orders/{link}")).await.ok()["rated"], json!(true));
    }

    async fn customer_and_service_write_to_each_other(app: TestApp) {
        let world = world(app).await;
        let (id, link) = world.order().await;
        let nobody = app.nobody();
        let mut engineer = world.engineer.listen().await;
        nobody.post(&format!("/public/orders/{link}/messages"), json!({ "text": " 能早点来吗？ " })).await.ok();
        assert!(engineer.next("notice", std::time::Duration::from_secs(1)).await.is_some(), "the engineer hears of it");
        // A form that is sent twice says it once.
        for _ in 0..2 {
            assert_eq!(nobody.form(&format!("/f/{link}"), "act=say&message=%E6%A5%BC%E4%B8%8B%E7%AD%89&idem=k1").await.status, 303);
        }
        let answer = world.engineer.post(&format!("/orders/{id}/messages"), json!({ "text": "九点到" })).await.ok();
        assert_eq!(answer["from_customer"], json!(false));
        let seen = nobody.get(&format!("/public/orders/{link}")).await.ok();
        let said: Vec<&str> = seen["messages"].as_array().expect("messages").iter().map(|m| text(m, "text")).collect();
        assert_eq!(said, ["能早点来吗？", "楼下等", "九点到"]);
        assert!(text(&seen["messages"][2], "author").contains("师傅"), "{seen}");
        assert_eq!(nobody.form(&format!("/f/{link}"), "act=say&message=+").await.status, 422);
        let panel = world.agent.page(&format!("/orders/{id}/portal")).await;
        assert!(panel.text().contains("九点到") && panel.text().contains(&link), "{}", panel.text());
        assert_eq!(world.agent.page(&format!("/orders/{id}/messages")).await.status, 200);
        assert_eq!(world.agent.form(&format!("/orders/{id}/messages"), "text=%E5%A5%BD").await.status, 303);
        assert!(world.agent.page(&format!("/orders/{id}")).await.text().contains("/portal"), "the order's page loads it");
        // Engineers write, but see neither link nor code.
        let panel = world.engineer.page(&format!("/orders/{id}/portal")).await.text();
        assert!(!panel.contains(&link), "{panel}");
        world.engineer.get(&format!("/orders/{id}/key")).await.refused(403);
        // Whoever writes too often waits.
        let mut last = 200;
        for n in 0..12 {
            last = nobody.post(&format!("/public/orders/{link}/messages"), json!({ "text": format!("{n}") })).await.status.as_u16();
        }
        assert_eq!(last, 429);
    }

    async fn the_customer_accepts_once_and_staff_cannot_do_it_for_them(app: TestApp) {
        let world = world(app).await;
        let (id, link) = world.order().await;
        let nobody = app.nobody();
        let path = format!("/public/orders/{link}/confirm");
        assert_eq!(nobody.post(&path, json!({})).await.refused(422), "portal.not_done");
        world.done(&id).await;
        assert_eq!(world.agent.post(&path, json!({})).await.refused(422), "portal.staff");
        assert!(world.agent.page(&format!("/f/{link}")).await.text().contains("只能查看"));
        // PROD-17, CUST-13: what wears is told, when to call is asked and kept.
        let page = nobody.page(&format!("/f/{link}")).await.text();
        assert!(page.contains("滤芯 30%") && page.contains("call_time"), "{page}");
        assert_eq!(nobody.get(&format!("/public/orders/{link}")).await.ok()["wear"][0]["months"], 2);
        let seen = nobody.post(&path, json!({ "by": "王女士", "call_time": "9:00-11:00" })).await.ok();
        let customer = world.admin.get(&format!("/customers/{}", text(&world.customer, "id"))).await.ok();
        assert_eq!((text(&customer, "call_from"), text(&customer, "call_to")), ("09:00", "11:00"));
        assert_eq!(text(&seen, "state"), "confirmed");
        nobody.post(&path, json!({})).await.ok();
        let steps = world.admin.get(&format!("/orders/{id}")).await.ok()["steps"].clone();
        let confirm: Vec<&Value> = steps.as_array().expect("steps").iter().filter(|s| s["action"] == "confirm").collect();
        assert_eq!((confirm.len(), text(confirm[0], "staff_name"), text(confirm[0], "reason")), (1, "客户", "客户在进度页确认"));
        app.drain().await;
        app.check().await;
    }

    async fn a_good_rating_replaces_the_callback_and_a_bad_one_makes_it_due(app: TestApp) {
        let world = world(app).await;
        let nobody = app.nobody();
        let (happy, link) = world.order().await;
        assert_eq!(nobody.post(&format!("/public/orders/{link}/rate"), json!({ "solved": true, "quality": 5, "attitude": 5 })).await.refused(422), "callbacks.not_done");
        world.done(&happy).await;
        app.drain().await;
        assert_eq!(nobody.post(&format!("/public/orders/{link}/rate"), json!({ "solved": true, "quality": 6 })).await.refused(422), "callbacks.mark");
        let seen = nobody.post(&format!("/public/orders/{link}/rate"), json!({ "solved": true, "quality": 5, "attitude": 4, "text": "很快" })).await.ok();
        assert_eq!((&seen["rated"], &seen["may_rate"]), (&json!(true), &json!(false)));
        assert_eq!(nobody.post(&format!("/public/orders/{link}/rate"), json!({ "solved": true, "quality": 1, "attitude": 1 })).await.refused(422), "callbacks.rated");
        let order = world.admin.get(&format!("/orders/{happy}")).await.ok();
        assert_eq!(text(&order, "callback_class"), "satisfied");
        // The clock of the first callback is off: nobody is called twice.
        app.advance(3 * 86_400).await;
        let calls = world.admin.get(&format!("/orders/{happy}/callbacks")).await.ok();
        assert_eq!((calls.as_array().map(Vec::len), text(&calls[0], "state"), text(&calls[0], "class")), (Some(1), "done", "satisfied"));
        assert!(calls[0]["self_rated_at"].is_string());

        let (angry, link) = world.order_on("2026-11-23").await;
        world.done(&angry).await;
        app.drain().await;
        let clerk = app.user(Role::Callback).await;
        nobody.post(&format!("/public/orders/{link}/rate"), json!({ "solved": false, "quality": 2, "attitude": 5, "text": "还是不冷" })).await.ok();
        let calls = world.admin.get(&format!("/orders/{angry}/callbacks")).await.ok();
        assert_eq!((text(&calls[0], "state"), &calls[0]["quality"]), ("planned", &json!(2)));
        assert_eq!(world.admin.get(&format!("/orders/{angry}")).await.ok()["state"], "done", "a person decides, not a click");
        assert!(clerk.get("/notifications").await.text().contains("不满意"));
        let page = clerk.page(&format!("/callbacks/{}", text(&calls[0], "id"))).await.text();
        assert!(page.contains("还是不冷") && page.contains("客户网上评价"), "{page}");
        let result = json!({ "class": "not_fixed_once", "demand": "还是不冷" });
        clerk.post(&format!("/callbacks/{}/result", text(&calls[0], "id")), result).await.ok();
        // The work begins again: another round, another rating, another code.
        assert_eq!(world.admin.get(&format!("/orders/{angry}")).await.ok()["state"], "reopened");
        app.drain().await;
        app.check().await;
    }

    async fn a_code_stands_for_the_signature_and_guessing_ends(app: TestApp) {
        let world = world(app).await;
        let (id, link) = world.order().await;
        let key = world.agent.get(&format!("/orders/{id}/key")).await.ok();
        let code = text(&key, "code").to_string();
        assert_eq!(code.len(), 6);
        world.act(&id, "start", json!({})).await;
        let with = |code: &str| {
            let mut body = sheet();
            body.as_object_mut().expect("an object").remove("signature");
            body["acceptance_code"] = json!(code);
            body
        };
        let path = format!("/orders/{id}/complete");
        let mut unsigned = sheet();
        unsigned.as_object_mut().expect("an object").remove("signature");
        assert_eq!(world.engineer.post(&path, unsigned).await.refused(422), "orders.signature");
        let wrong = if code == "000000" { "111111" } else { "000000" };
        assert_eq!(world.engineer.post(&path, with(wrong)).await.refused(422), "orders.code_wrong");
        assert_eq!(world.agent.get(&format!("/orders/{id}/key")).await.ok()["tries_left"], json!(4), "it counts although it was refused");
        for _ in 0..3 {
            world.engineer.post(&path, with(wrong)).await.refused(422);
        }
        assert_eq!(world.engineer.post(&path, with(wrong)).await.refused(422), "orders.code_locked");
        assert_eq!(world.engineer.post(&path, with(&code)).await.refused(422), "orders.code_locked", "the right one comes too late");
        // Somebody who may not touch the order does not learn whether a code is right.
        let stranger = app.user_in(Role::Engineer, app.outlet("别处").await).await;
        stranger.post(&path, with(&code)).await.refused(404);
        world.engineer.post(&format!("/orders/{id}/key/renew"), json!({})).await.refused(403);
        let renewed = world.agent.post(&format!("/orders/{id}/key/renew"), json!({})).await.ok();
        assert_eq!(app.nobody().page(&format!("/f/{link}")).await.status, 404, "the old link is dead");
        let done = world.engineer.post_key(&path, "once", with(text(&renewed, "code"))).await.ok();
        assert_eq!(text(&done, "state"), "done");
        let again = world.engineer.post_key(&path, "once", with(text(&renewed, "code"))).await.ok();
        assert_eq!(again["version"], done["version"], "sent twice, done once");
        let full = world.admin.get(&format!("/orders/{id}")).await.ok();
        let step = full["steps"].as_array().expect("steps").iter().find(|s| s["action"] == "complete").expect("the step").clone();
        assert!(text(&step, "reason").contains("验收码"), "{step}");
        assert!(world.agent.get(&format!("/orders/{id}/key")).await.ok()["used_at"].is_string());
        let history = world.admin.get(&format!("/docs/order/{id}/history")).await.text();
        assert!(history.contains("acceptance_code") && !history.contains(text(&renewed, "code")) && !history.contains(text(&renewed, "path")), "{history}");
        app.drain().await;
        app.check().await;
    }

    async fn another_outlet_sees_no_key_and_no_messages(app: TestApp) {
        let world = world(app).await;
        let (id, link) = world.order().await;
        app.nobody().post(&format!("/public/orders/{link}/messages"), json!({ "text": "请尽快" })).await.ok();
        let stranger = app.user_with_all(kit::Reach::Outlet, app.outlet("别处").await).await;
        stranger.get(&format!("/orders/{id}/key")).await.refused(404);
        stranger.get(&format!("/orders/{id}/messages")).await.refused(404);
        stranger.post(&format!("/orders/{id}/messages"), json!({ "text": "x" })).await.refused(404);
        assert_eq!(stranger.page(&format!("/orders/{id}/portal")).await.status, 404);
    }
}
