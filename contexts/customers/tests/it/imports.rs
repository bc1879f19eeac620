//! Import of customer files; what is exported can be imported again.

use http::Method;
use kit::Role;
use testkit::Client;

use crate::listed;

async fn import(client: &Client, query: &str, text: &str) -> serde_json::Value {
    let headers = [("content-type", "text/csv")];
    client
        .send(
            Method::POST,
            &format!("/api/v1/imports/customers?name=c.csv{query}"),
            &headers,
            text.as_bytes().to_vec(),
        )
        .await
        .ok()
}

testkit::app_test! {
    async fn a_table_is_imported_and_an_export_changes_nothing(app: TestApp) {
        let manager = app.user(Role::Manager).await;
        let table = "客户名称,类别,等级,联系电话,城市,地址\n恒达电器,经销商,A 级,13800136027,苏州市,太湖东路9号\n张三,,,13900139000,,\n";
        import(&manager, "&dry_run=true", table).await;
        app.drain().await;
        assert!(listed(&manager, "").await.is_empty(), "a dry run keeps nothing");
        import(&manager, "", table).await;
        app.drain().await;
        assert_eq!(listed(&manager, "q=恒达").await, ["恒达电器"]);
        let file = manager.get("/customers?q=恒达").await.ok()["items"][0].clone();
        assert_eq!((file["grade"].as_str(), file["class"].as_str()), (Some("a"), Some("经销商")));

        let export = manager.page("/customers/export?format=csv").await.text();
        import(&manager, "", &export).await;
        app.drain().await;
        assert_eq!(listed(&manager, "").await.len(), 2, "the same rows again make no new files");
        let same = manager.get("/customers?q=恒达").await.ok()["items"][0].clone();
        assert_eq!(same, file, "and change none");
    }

    async fn an_undo_keeps_what_others_changed_since_and_closed_files_come_back_as_they_were(app: TestApp) {
        let manager = app.user(Role::Manager).await;
        let batch = import(&manager, "", "客户编号,客户名称,备注\nK1,甲,first\nK2,乙,first\n").await;
        app.drain().await;
        let undo = |batch: &serde_json::Value| format!("/imports/{}/undo", batch["id"].as_str().expect("an id"));
        let file = async |no: &str| {
            let found = manager.get(&format!("/customers?filter=no~eq~{no}")).await.ok()["items"][0].clone();
            manager.get(&format!("/customers/{}", found["id"].as_str().expect("an id"))).await.ok()
        };
        let one = file("K1").await;
        let path = format!("/customers/{}", one["id"].as_str().expect("an id"));
        let mut change = serde_json::json!({ "name": "甲", "notes": "by hand" });
        change["version"] = one["version"].clone();
        manager.put(&path, change).await.ok();
        let refused = manager.post(&undo(&batch), serde_json::json!({})).await;
        assert!(refused.status == 422 && refused.text().contains("row.2"), "{}", refused.text());
        assert_eq!(file("K1").await["notes"], "by hand");

        let batch = import(&manager, "", "客户编号,客户名称\nK3,丙\n").await;
        app.drain().await;
        manager.post(&undo(&batch), serde_json::json!({})).await.ok();
        assert_eq!(file("K3").await["state"], "archived");
        let export = manager.page("/customers/export?format=csv").await.text();
        let again = manager.send(
            Method::POST,
            "/api/v1/imports/customers?dry_run=true&name=c.csv",
            &[("content-type", "text/csv")],
            export.into_bytes(),
        );
        let again = again.await.ok();
        assert_eq!(again["problems"].as_array().map(Vec::len), Some(0), "{again}");
        import(&manager, "", "客户编号,客户名称\nK3,丙丙\n").await;
        app.drain().await;
        let back = file("K3").await;
        assert_eq!((back["state"].as_str(), back["name"].as_str()), (Some("active"), Some("丙丙")));
    }
}
