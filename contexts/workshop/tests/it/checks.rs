//! Stages of inspection, rework, lists and rules.

use kit::Role;
use serde_json::json;

use crate::world::{id, path, refused, repaired, world};

testkit::app_test! {
    async fn three_stages_in_order_by_who_may(app: TestApp) {
        let world = world(app).await;
        let unit = world.assigned().await;
        let pass = || json!({ "rest_passed": true });
        assert_eq!(refused(world.repairer.post(&path(&unit, "checks/self"), pass()).await), "workshop.not_working");
        world.repairer.post(&path(&unit, "begin"), json!({})).await.ok();
        assert_eq!(world.seen(&unit).await["checks_open"], json!(["self", "team", "final"]));
        assert_eq!(refused(world.repairer.post(&path(&unit, "repaired"), repaired()).await), "workshop.checks_open");
        let order = format!("/orders/{}", unit["order_id"].as_str().expect("an order"));
        assert_eq!(refused(world.repairer.post(&format!("{order}/complete"), repaired()).await), "workshop.checks_open", "the order's own door is guarded");
        assert_eq!(refused(world.head.post(&path(&unit, "checks/final"), pass()).await), "workshop.check_order");
        assert_eq!(world.repairer.post(&path(&unit, "checks/team"), pass()).await.status.as_u16(), 403);
        assert_eq!(world.agent.post(&path(&unit, "checks/self"), pass()).await.status.as_u16(), 403);
        assert_eq!(world.head.post(&path(&unit, "checks/other"), pass()).await.status.as_u16(), 404);
        let signed = world.repairer.post(&path(&unit, "checks/self"), pass()).await.ok();
        assert_eq!((signed["passed"].as_bool(), signed["round"].as_i64(), signed["template"].as_str()), (Some(true), Some(1), Some("repair")));
        assert_eq!(refused(world.repairer.post(&path(&unit, "checks/self"), pass()).await), "workshop.check_order");
        let advice = json!({ "rest_passed": true, "advice": "每半年换滤芯" });
        world.head.post(&path(&unit, "checks/team"), advice).await.ok();
        assert_eq!(refused(world.head.post(&path(&unit, "checks/final"), pass()).await), "workshop.check_value");
        let signed = world.final_check(&unit, json!({})).await.ok();
        assert_eq!(signed["answers"].as_array().map(Vec::len), Some(39));
        assert_eq!(signed["signed_at"], "2026-11-18T01:00:00Z");
        let page = world.head.page(&format!("/check-sheets/{}", id(&signed))).await.text();
        assert!(page.contains("重新通电，开机正常") && page.contains("39"));
        world.repairer.post(&path(&unit, "repaired"), repaired()).await.ok();
        assert_eq!(world.order_of(&unit).await["fix_class"], "first");
        app.check().await;
    }

    async fn a_failed_final_inspection_is_rework_and_not_fixed_first_time(app: TestApp) {
        let world = world(app).await;
        let unit = world.begun().await;
        world.repairer.post(&path(&unit, "checks/self"), json!({ "rest_passed": true })).await.ok();
        world.head.post(&path(&unit, "checks/team"), json!({ "rest_passed": true })).await.ok();
        let failed = world.final_check(&unit, json!({ "23": { "verdict": "fail", "note": "噪声大" }, "17": { "value": "240" } })).await.ok();
        assert_eq!((failed["passed"].as_bool(), failed["faults"].as_i64()), (Some(false), Some(2)));
        let order = world.order_of(&unit).await;
        assert_eq!((order["state"].as_str(), order["reworks"].as_i64(), order["fix_class"].as_str()), (Some("in_progress"), Some(1), Some("not_fixed_once")));
        assert_eq!(world.seen(&unit).await["checks_open"], json!(["self", "team", "final"]), "everything is checked again");
        assert_eq!(refused(world.repairer.post(&path(&unit, "repaired"), repaired()).await), "workshop.checks_open");
        assert_eq!(world.admin.get("/check-sheets?view=final_failed").await.ok()["items"].as_array().map(Vec::len), Some(1));
        world.checked(&unit).await;
        world.repairer.post(&path(&unit, "repaired"), repaired()).await.ok();
        let order = world.order_of(&unit).await;
        assert_eq!((order["state"].as_str(), order["fix_class"].as_str()), (Some("done"), Some("not_fixed_once")));
        let stages = world.admin.get(&path(&unit, "checks")).await.ok();
        assert_eq!(stages[2]["sheets"].as_array().map(Vec::len), Some(2));
        assert_eq!((stages[2]["sheets"][0]["round"].as_i64(), stages[2]["passed"].as_bool()), (Some(2), Some(true)));
        let steps = world.order_of(&unit).await["steps"].to_string();
        assert!(steps.contains("check_failed"), "the history tells: {steps}");
    }

    async fn the_repairer_does_not_pass_his_own_work(app: TestApp) {
        let world = world(app).await;
        let unit = world.received().await;
        // A head who repairs too.
        let head = app.user_with_roles(&[Role::Manager.code(), Role::Engineer.code()], app.root).await;
        let input = json!({ "engineer_id": head.staff });
        head.post(&path(&unit, "assign"), input).await.ok();
        head.post(&path(&unit, "begin"), json!({})).await.ok();
        head.post(&path(&unit, "checks/self"), json!({ "rest_passed": true })).await.ok();
        assert_eq!(refused(head.post(&path(&unit, "checks/team"), json!({ "rest_passed": true })).await), "workshop.check_same_person");
        world.admin.put("/settings", json!({ "key": "workshop.check_other_person", "value": false })).await.ok();
        head.post(&path(&unit, "checks/team"), json!({ "rest_passed": true })).await.ok();
    }

    async fn kinds_of_work_need_what_the_company_says(app: TestApp) {
        let world = world(app).await;
        let set = |input: serde_json::Value| { let admin = world.admin.clone(); async move { admin.post("/workshop/check-rules", input).await } };
        assert_eq!(refused(set(json!({ "work_kind": "nothing" })).await), "workshop.work_kind");
        assert_eq!(refused(set(json!({ "work_kind": "repair_minor", "self_template": "nothing" })).await), "workshop.check_list");
        assert_eq!(refused(set(json!({ "work_kind": "repair_minor", "final_template": "repair", "final_percent": 101 })).await), "workshop.percent");
        assert_eq!(world.head.post("/workshop/check-rules", json!({ "work_kind": "repair_minor" })).await.status.as_u16(), 200);
        let unit = world.begun().await;
        assert_eq!(world.seen(&unit).await["checks_open"], json!([]), "small repairs need no check now");
        set(json!({ "work_kind": "repair_minor", "self_template": "repair" })).await.ok();
        assert_eq!(world.seen(&unit).await["checks_open"], json!(["self"]));
        set(json!({ "work_kind": "repair_minor", "as_usual": true })).await.ok();
        assert_eq!(world.seen(&unit).await["checks_open"], json!(["self", "team", "final"]));
        assert_eq!(world.agent.post("/workshop/check-rules", json!({ "work_kind": "*" })).await.status.as_u16(), 403);
    }

    async fn lists_have_revisions_and_signed_checks_keep_theirs(app: TestApp) {
        let world = world(app).await;
        let unit = world.begun().await;
        let signed = world.repairer.post(&path(&unit, "checks/self"), json!({ "rest_passed": true, "revision": 1 })).await.ok();
        let save = |input: serde_json::Value| { let admin = world.admin.clone(); async move { admin.post("/workshop/check-templates", input).await } };
        assert_eq!(refused(save(json!({ "code": "repair", "name": "x", "points_text": "a|b|c|V|x" })).await), "workshop.point");
        assert_eq!(refused(save(json!({ "code": "Bad code", "name": "x", "points_text": "a" })).await), "workshop.template_code");
        assert_eq!(refused(save(json!({ "code": "repair", "name": "x", "points_text": "" })).await), "workshop.template_points");
        let saved = save(json!({ "code": "repair", "name": "维修检验（新）", "points_text": "通电 | 电压 | Voltage | V | 198 | 236\n外观完好" })).await.ok();
        assert_eq!((saved["revision"].as_i64(), saved["points"][0]["least"].as_i64()), (Some(2), Some(198_000)));
        let old = world.head.post(&path(&unit, "checks/team"), json!({ "rest_passed": true, "revision": 1 })).await;
        assert_eq!(old.status.as_u16(), 409, "the list changed meanwhile");
        let team = world.head.post(&path(&unit, "checks/team"), json!({ "answers": [{ "value": "220" }], "rest_passed": true, "revision": 2 })).await.ok();
        assert_eq!(team["answers"].as_array().map(Vec::len), Some(2));
        let page = world.head.page(&format!("/check-sheets/{}", id(&signed))).await.text();
        assert!(page.contains("断电重启正常") && !page.contains("外观完好"), "signed under revision 1");
        let lists = world.admin.get("/workshop/check-templates").await.ok();
        assert_eq!(lists.as_array().map(Vec::len), Some(2));
        let own = save(json!({ "code": "incoming", "name": "进货检验", "points_text": "包装完好\n数量一致" })).await.ok();
        assert_eq!(own["revision"], 1);
    }
}
