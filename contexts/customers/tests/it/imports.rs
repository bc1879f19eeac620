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
}
