use http::Method;
use kit::Role;
use serde_json::{Value, json};
use testkit::{Client, TestApp, app_test};

/// Imports a CSV file and returns the finished batch.
async fn import(app: &TestApp, who: &Client, kind: &str, csv: &str) -> Value {
    let path = format!("/api/v1/imports/{kind}?name=a.csv");
    let started =
        who.send(Method::POST, &path, &[("content-type", "text/csv")], csv.as_bytes().to_vec()).await.ok();
    app.drain().await;
    who.get(&format!("/imports/{}", started["id"].as_str().expect("an id"))).await.ok()
}

async fn staff(app: &TestApp, no: &str) -> Option<(String, i64, String, bool)> {
    let mut conn = app.app.db.read().await.expect("reads");
    conn.opt("select name, grade, phone, active from staff where no = $1", db::args![no])
        .await
        .expect("reads")
}

app_test! {
    async fn organisations_and_people_come_from_sheets(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        let orgs = "代码,名称,类型,上级\nR1,华东,大区/分公司,HQ\nN1,吴中店,服务网点,R1\n";
        let batch = import(app, &admin, "orgs", orgs).await;
        assert_eq!(batch["state"], "done", "{batch}");
        let tree = admin.get("/orgs/tree").await.ok();
        let depth = |code: &str| tree.as_array().into_iter().flatten().find(|node| node["code"] == code).map(|node| node["depth"].clone());
        assert_eq!((depth("R1"), depth("N1")), (Some(json!(1)), Some(json!(2))));

        let people = "工号,姓名,组织,技术等级,电话,可派工\nE1,王五,N1,4,13800136027,是\nE2,李四,吴中店,2,13900000000,否\n";
        let batch = import(app, &admin, "staff", people).await;
        assert_eq!(batch["state"], "done", "{batch}");
        assert_eq!(staff(app, "E1").await, Some(("王五".into(), 4, "13800136027".into(), true)));

        let again = "工号,姓名,技术等级,在职\nE1,王小五,5,是\nE2,李四,2,是\n";
        let batch = import(app, &admin, "staff", again).await;
        assert_eq!(staff(app, "E1").await, Some(("王小五".into(), 5, "13800136027".into(), true)), "{batch}");
        let undone = admin.post(&format!("/imports/{}/undo", batch["id"].as_str().expect("an id")), json!({})).await.ok();
        app.drain().await;
        assert_eq!(staff(app, "E1").await, Some(("王五".into(), 4, "13800136027".into(), true)), "{undone}");
    }

    async fn an_undo_keeps_what_others_changed_since_and_a_corrected_file_brings_people_back(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        let undo = |batch: &Value| format!("/imports/{}/undo", batch["id"].as_str().expect("an id"));
        let batch = import(app, &admin, "staff", "工号,姓名\nE1,王五\n").await;
        admin.post(&undo(&batch), json!({})).await.ok();
        assert!(!staff(app, "E1").await.expect("a file").3);
        let batch = import(app, &admin, "staff", "工号,姓名\nE1,王小五\n").await;
        assert_eq!(staff(app, "E1").await.map(|row| (row.0, row.3)), Some(("王小五".into(), true)));
        let file = admin.get("/staff?filter=no~eq~E1").await.ok()["items"][0].clone();
        admin.put(&format!("/staff/{}", file["id"].as_str().expect("an id")), json!({ "grade": 3 })).await.ok();
        let refused = admin.post(&undo(&batch), json!({})).await;
        assert!(refused.status == 422 && refused.text().contains("row.2"), "{}", refused.text());
        assert_eq!(staff(app, "E1").await.map(|row| row.1), Some(3));

        let batch = import(app, &admin, "orgs", "代码,名称,类型,上级\nN7,七店,服务网点,HQ\n").await;
        let unit = admin.get("/orgs/tree").await.ok();
        let unit = unit.as_array().into_iter().flatten().find(|node| node["code"] == "N7").cloned().expect("the outlet");
        admin.put(&format!("/orgs/{}", unit["id"].as_str().expect("an id")), json!({ "name": "第七店" })).await.ok();
        let refused = admin.post(&undo(&batch), json!({})).await;
        assert!(refused.status == 422 && refused.text().contains("row.2"), "{}", refused.text());
    }

    async fn a_sheet_reaches_no_further_than_its_sender(app: TestApp) {
        let outlet = app.outlet("本店").await;
        let manager = app.user_in(Role::Manager, outlet).await;
        let batch = import(app, &manager, "staff", "工号,姓名,组织\nE1,王五,HQ\n").await;
        assert_eq!(staff(app, "E1").await, None, "{batch}");
        import(app, &manager, "staff", "工号,姓名\nE1,王五\n").await;
        assert!(staff(app, "E1").await.is_some());
        let engineer = app.user(Role::Engineer).await;
        let refused = engineer.send(Method::POST, "/api/v1/imports/staff?name=a.csv", &[("content-type", "text/csv")], b"a\n".to_vec()).await;
        assert_eq!(refused.status, 403);
    }
}
