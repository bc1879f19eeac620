//! Sheets of a month, questions, and pages.

use serde_json::json;

use crate::world::{audited, order, pay, world};

testkit::app_test! {
    async fn a_month_is_settled_and_later_lines_go_to_the_next(app: TestApp) {
        let w = world(app).await;
        let staff = w.engineer.staff.expect("a person");
        w.admin.post("/pay/wages", json!({ "grade": 3, "wage": "3000", "allowance": "200", "valid_from": "2026-01-01" })).await.ok();
        w.admin.post("/pay/wages", json!({ "staff_id": staff, "wage": "3500", "allowance": "200", "valid_from": "2026-06-01" })).await.ok();
        let first = order(&w).await;
        audited(&w, &first, json!({ "note": "单据齐全", "waive_callback": true })).await;
        app.drain().await;
        let month = json!({ "period": "2026-11" });
        let built = w.admin.post("/pay/sheets/build", month.clone()).await.ok();
        assert_eq!(built["sheets"], 2, "{built}");
        let mine = w.engineer.get("/pay/mine?period=2026-11").await.ok();
        assert_eq!((mine["sheet"]["state"].as_str(), mine["sheet"]["sums"]["total"].as_i64()), (Some("draft"), Some(350_000 + 20_000 + 2_400)));
        assert_eq!(w.other.get("/pay/mine").await.ok()["sheet"]["sums"]["total"], 320_000);
        assert_eq!(w.admin.post("/pay/sheets/lock", month.clone()).await.ok()["sheets"], 2);

        let second = order(&w).await;
        audited(&w, &second, json!({ "note": "单据齐全", "waive_callback": true })).await;
        app.drain().await;
        assert_eq!(w.admin.post("/pay/sheets/build", month).await.ok()["sheets"], 0, "locked sheets stay");
        assert_eq!(w.engineer.get("/pay/mine?period=2026-11").await.ok()["sheet"]["sums"]["commission"], 2_400);
        let next = w.admin.post("/pay/sheets/build", json!({ "period": "2026-12" })).await.ok();
        assert_eq!(next["sheets"], 2);
        assert_eq!(w.engineer.get("/pay/mine?period=2026-12").await.ok()["sheet"]["sums"]["commission"], 2_400);
        let waiting = w.admin.post("/pay/sheets/build", json!({ "period": "2027-01" })).await.ok();
        assert_eq!(waiting["waiting"].as_array().map(Vec::len), Some(2), "{waiting}");
        let sheet = mine["sheet"]["id"].as_str().expect("an id");
        assert_eq!(w.engineer.get(&format!("/pay/sheets/{sheet}")).await.ok()["lines"].as_array().map(Vec::len), Some(1));
        w.other.get(&format!("/pay/sheets/{sheet}")).await.refused(404);
        for path in [format!("/pay/sheets/{sheet}"), format!("/pay/sheets/{sheet}/print")] {
            assert_eq!(w.admin.page(&path).await.status, 200);
        }
    }

    async fn doubts_are_asked_and_answered(app: TestApp) {
        let w = world(app).await;
        let id = order(&w).await;
        audited(&w, &id, json!({ "note": "单据齐全", "waive_callback": true })).await;
        app.drain().await;
        let line = pay(&w.engineer, &id).await["lines"][0]["id"].clone();
        let ask = json!({ "line_id": line, "question": "比例不对" });
        w.other.post("/pay/disputes", ask.clone()).await.refused(404);
        let asked = w.engineer.post("/pay/disputes", ask).await.ok();
        let path = format!("/pay/disputes/{}", asked["id"].as_str().expect("an id"));
        assert_eq!(w.admin.page(&path).await.status, 200);
        let answer = json!({ "answer": "按等级三计" });
        w.engineer.post(&format!("{path}/answer"), answer.clone()).await.refused(403);
        w.admin.post(&format!("{path}/answer"), answer.clone()).await.ok();
        assert_eq!(w.admin.post(&format!("{path}/answer"), answer).await.refused(409), "pay.answered");
        assert_eq!(w.engineer.get("/pay/mine").await.ok()["disputes"][0]["state"], "answered");
    }

    async fn pages_and_forms_work_without_scripts(app: TestApp) {
        let w = world(app).await;
        let pages = ["/pay/mine", "/pay/lines", "/pay/disputes", "/pay/sheets", "/pay/settle", "/pay/rules", "/pay/rules/new", "/pay/deadlines",
            "/pay/deadlines/new", "/pay/items", "/pay/items/new", "/pay/wages", "/pay/wages/new", "/pay/rewards/new"];
        for path in pages {
            let page = w.admin.page(path).await;
            assert_eq!(page.status, 200, "{path}: {}", page.text());
        }
        let forms = [
            ("/pay/rules", "name=R&grouping_code=repair&kind=&mode=&grade=0&base=labour_net&ratio=12.5&amount=0&valid_from=2026-02-01"),
            ("/pay/deadlines", "party=engineer&clock=orders.fix&after_hours=24&amount=20&valid_from=2026-02-01"),
            ("/pay/items", "code=C&name=N&sign=penalty&cause=callback_class&cause_code=bad_attitude&threshold=0&measure=points&amount=0&percent=0&points=5&valid_from=2026-02-01"),
            ("/pay/wages", "staff_id=&grade=2&wage=2800&allowance=0&valid_from=2026-02-01"),
        ];
        for (path, fields) in forms {
            let answer = w.admin.form(path, fields).await;
            assert_eq!(answer.status, 303, "{path}: {}", answer.text());
        }
        assert_eq!(w.admin.form("/pay/items", "code=&name=&sign=reward&cause=manual&measure=points&points=0&valid_from=2026-02-01").await.status, 422);
        assert!(w.admin.form("/pay/sheets/build", "period=2026-11").await.text().contains("2026-11"));
        assert_eq!(w.admin.form("/pay/sheets/build", "period=nonsense").await.status, 422);
    }
}
