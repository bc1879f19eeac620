//! What the front door and the pages of every context do alike: methods, figures, parameters, lists of work.

use http::Method;
use serde_json::{Value, json};

use crate::world::{id, world};

testkit::app_test! {
    async fn an_unsupported_method_is_told_what_is_allowed(app: TestApp) {
        let admin = app.admin().await;
        for who in [admin, app.nobody()] {
            for (method, path, allowed) in [
                (Method::DELETE, "/api/v1/orders", vec!["GET", "POST"]),
                (Method::PATCH, "/api/v1/callbacks", vec!["GET"]),
                (Method::POST, "/api/v1/search", vec!["GET"]),
            ] {
                let answer = who.send(method.clone(), path, &[("sec-fetch-site", "same-origin")], Vec::new()).await;
                assert_eq!(answer.status.as_u16(), 405, "{method} {path}: {}", answer.text());
                let allow = answer.headers.get("allow").and_then(|v| v.to_str().ok()).unwrap_or_default().to_string();
                assert!(allowed.iter().all(|method| allow.split(',').any(|one| one.trim() == *method)), "{path}: {allow}");
                assert_eq!(answer.headers.get("content-type").and_then(|v| v.to_str().ok()), Some("application/problem+json"));
                assert_eq!(answer.json()["status"], 405);
            }
            let nowhere = who.send(Method::DELETE, "/api/v1/no-such-thing", &[], Vec::new()).await;
            assert_eq!(nowhere.status.as_u16(), 404);
        }
    }

    /// Who is neither on this machine nor allowed to see background work gets no figures.
    async fn figures_are_not_for_everybody(app: TestApp) {
        let get = async |who: &testkit::Client| who.send(Method::GET, "/metrics", &[], Vec::new()).await.status.as_u16();
        assert_eq!(get(&app.nobody()).await, 303, "sign in first");
        assert_eq!(get(&app.user(kit::Role::Engineer).await).await, 403);
        assert_eq!(get(&app.admin().await).await, 200);
    }

    async fn parameters_are_typed_as_people_write_them(app: TestApp) {
        let admin = app.admin().await;
        let stored = async |key: &str| -> Value {
            let all = admin.get("/settings").await.ok();
            let one = all.as_array().into_iter().flatten().find(|s| s["key"] == key).cloned().unwrap_or_default();
            one["values"][0]["value"].as_str().and_then(|text| serde_json::from_str(text).ok()).unwrap_or(one["default"].clone())
        };
        let page = admin.page("/settings").await.text();
        assert!(!page.contains("[{"), "no raw JSON");
        for unit in ["工作小时", "工作日", "天"] {
            assert!(page.contains(unit), "{unit}");
        }
        let saved = admin.form("/settings/orders.sla.dispatch", "value.number=5&value.unit=wd").await;
        assert_eq!(saved.status.as_u16(), 303, "{}", saved.text());
        assert_eq!(stored("orders.sla.dispatch").await, json!("5wd"), "stored as before");
        let wrong = admin.form("/settings/orders.sla.dispatch", "value.number=soon&value.unit=wd").await;
        assert_eq!(wrong.status.as_u16(), 422);
        let text = wrong.text();
        assert!(text.contains("aria-invalid=\"true\"") && text.contains("soon"), "the error stands at the field, with what was typed");
        assert_eq!(stored("orders.sla.dispatch").await, json!("5wd"));
        let put = json!({ "key": "orders.sla.dispatch", "value": "nonsense" });
        let refused = admin.put("/settings", put).await;
        assert_eq!((refused.status.as_u16(), refused.json()["errors"][0]["field"].as_str()), (422, Some("value")));
        let outside = admin.form("/settings/orders.sla.warn_percent", "value=1000").await;
        assert_eq!(outside.status.as_u16(), 422);

        let list = admin.page("/settings/field.departure_checklist").await.text();
        assert!(list.contains("name=\"value.0.zh\"") && list.contains("value.9.zh"), "a line per item and some spare");
        let fields = "value.0.code=tools&value.0.zh=工具&value.0.en=Tools&value.0.mandatory=on&value.1.code=mat&value.1.zh=&value.1.en=&value.2.code=&value.2.zh=对讲机";
        let saved = admin.form("/settings/field.departure_checklist", fields).await;
        assert_eq!(saved.status.as_u16(), 303, "{}", saved.text());
        assert_eq!(
            stored("field.departure_checklist").await,
            json!([{ "code": "tools", "zh": "工具", "en": "Tools", "mandatory": true }, { "code": "item1", "zh": "对讲机", "en": "" }])
        );
        let wrong = admin.form("/settings/field.departure_checklist", "value.0.code=tools&value.0.zh=&value.0.en=Tools").await;
        assert_eq!(wrong.status.as_u16(), 422);
        assert!(wrong.text().contains("f-value-0-zh-e"), "{}", wrong.text());
        let put = json!({ "key": "field.departure_checklist", "value": [{ "code": "a", "zh": "甲" }, { "code": "a", "zh": "乙" }] });
        assert_eq!(admin.put("/settings", put).await.json()["errors"][0]["field"], "value.1.code");
    }

    /// A list of work opens on the work to do; everything is one tab away, and the API answers everything.
    async fn lists_of_work_open_on_what_is_to_be_done(app: TestApp) {
        let w = world(app, 5).await;
        let order = id(&w.assigned_order().await);
        w.admin.post(&format!("/orders/{order}/terminate"), json!({ "reason": "客户搬走了" })).await.ok();
        let no = w.admin.get(&format!("/orders/{order}")).await.ok()["no"].as_str().unwrap_or_default().to_string();
        assert!(!w.admin.page("/orders").await.text().contains(&no), "an ended order is not work to do");
        assert!(w.admin.page("/orders?view=all").await.text().contains(&no));
        assert!(w.admin.get("/orders").await.ok().to_string().contains(&no));
        for (path, view) in [
            ("/orders", "open"), ("/callbacks", "due"), ("/requests", "waiting"), ("/approvals", "open"), ("/arrivals", "way"),
            ("/pay/disputes", "open"),
        ] {
            let text = w.admin.page(path).await.text();
            let tab = format!("{path}?view={view}\" aria-current=\"page\"");
            assert!(text.contains(&tab), "{path} opens on {view}");
            assert!(text.contains(&format!("{path}?view=all")), "{path} can show everything");
        }
    }

    /// The kind of work by its name in the reader's language, also one the company added itself.
    async fn kinds_of_work_are_named_in_the_readers_language(app: TestApp) {
        let w = world(app, 5).await;
        w.assigned_order().await;
        w.admin.put("/work-kinds/training", json!({ "name": "培训", "name_en": "Training", "grouping": "other", "active": true })).await.ok();
        let rule = json!({ "name": "培训提成", "kind": "training", "base": "fixed", "amount": "50", "valid_from": "2026-11-20" });
        w.admin.post("/pay/rules", rule).await.ok();
        let prices = id(&w.admin.post("/prices", json!({ "code": "T1", "name": "培训价" })).await.ok()["list"]);
        let rule = json!({ "code": "labour", "kind": "培训", "amount": "80", "valid_from": "2026-11-20" });
        w.admin.post(&format!("/prices/{prices}/rules"), rule.clone()).await.ok();
        let mut unknown = rule;
        unknown["kind"] = json!("魔法");
        let refused = w.admin.post(&format!("/prices/{prices}/rules"), unknown).await;
        assert_eq!((refused.status.as_u16(), refused.json()["errors"][0]["field"].as_str()), (422, Some("kind")));
        let page = async |path: &str, lang: &str| {
            w.admin.send(Method::GET, path, &[("accept", "text/html"), ("cookie", &format!("lang={lang}"))], Vec::new()).await.text()
        };
        for (path, zh, en) in [
            ("/orders?columns=no,kind_name", "小修", "Minor repair"), ("/pay/rules", "培训", "Training"), ("/prices/rules", "培训", "Training"),
            (&*format!("/prices/{prices}"), "培训", "Training"),
        ] {
            assert!(page(path, "zh-CN").await.contains(zh), "{path}: {zh}");
            assert!(page(path, "en").await.contains(en), "{path}: {en}");
        }
    }
}
