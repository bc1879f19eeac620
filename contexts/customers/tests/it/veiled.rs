//! What the company makes sensitive beside telephone numbers and addresses (ORG-11).

use http::Method;
use kit::Role;
use serde_json::json;
use testkit::{Client, TestApp};

use crate::{at, complete, open};

const NAME: &str = "欧阳隐秘公司";

async fn switch(app: &TestApp, key: &str) {
    app.admin().await.put("/settings", json!({ "key": key, "value": true })).await.ok();
}

/// The same request as somebody who pressed the key.
async fn hidden(client: &Client, path: &str) -> String {
    let answer = client.send(Method::GET, path, &[("cookie", "hide=1")], Vec::new()).await;
    assert!(answer.status.is_success(), "{path}: {}", answer.text());
    answer.text()
}

testkit::app_test! {
    async fn a_field_the_company_made_sensitive_is_hidden_everywhere(app: TestApp) {
        let manager = app.user(Role::Manager).await;
        let mut body = complete(NAME, "13800136027");
        body["notes"] = json!("只收现金");
        let file = open(&manager, body).await;
        let doors = [
            format!("/api/v1{}", at(&file)), "/api/v1/customers".into(), "/api/v1/search?q=%E6%AC%A7%E9%98%B3".into(),
            at(&file), "/customers".into(), "/customers?q=%E6%AC%A7%E9%98%B3".into(), format!("{}/edit", at(&file)),
            "/customers/suggest?q=%E6%AC%A7%E9%98%B3".into(), "/customers/export?format=csv".into(),
            "/customers/export?format=json".into(),
        ];
        // As long as nobody made it sensitive the key leaves it alone.
        for door in &doors {
            assert!(hidden(&manager, door).await.contains(NAME), "{door}");
        }
        switch(app, "sensitive.name").await;
        switch(app, "sensitive.note").await;
        for door in &doors {
            let (shut, open) = (hidden(&manager, door).await, manager.send(Method::GET, door, &[], Vec::new()).await.text());
            assert!(!shut.contains(NAME) && shut.contains("欧●●●"), "{door}: {shut}");
            assert!(!shut.contains("只收现金"), "{door}");
            assert!(open.contains(NAME), "{door}: {open}");
        }
        // Nor can it be guessed by filtering and sorting.
        let guess = manager.send(Method::GET, "/api/v1/customers?filter=name~has~%E6%AC%A7", &[("cookie", "hide=1")], Vec::new()).await;
        assert_eq!(guess.refused(422), "filter.column");
    }

    async fn a_hidden_value_is_never_replaced_by_its_shape(app: TestApp) {
        let manager = app.user(Role::Manager).await;
        let file = open(&manager, complete(NAME, "13800136027")).await;
        switch(app, "sensitive.name").await;
        let mut seen: serde_json::Value = serde_json::from_str(&hidden(&manager, &format!("/api/v1{}", at(&file))).await).expect("JSON");
        seen["notes"] = json!("改了备注");
        let body = serde_json::to_vec(&seen).expect("JSON");
        let headers = [("cookie", "hide=1"), ("content-type", "application/json")];
        let refused = manager.send(Method::PUT, &format!("/api/v1{}", at(&file)), &headers, body).await;
        assert_eq!(refused.refused(422), "sensitive.hidden");
        let form = format!("name={}&notes=x", "%E6%AC%A7%E2%97%8F%E2%97%8F%E2%97%8F");
        let headers = [("cookie", "hide=1"), ("content-type", "application/x-www-form-urlencoded")];
        let refused = manager.send(Method::POST, &format!("{}/edit", at(&file)), &headers, form.into_bytes()).await;
        assert!(refused.text().contains("Alt+H"), "{}", refused.text());
        assert_eq!(manager.get(&at(&file)).await.ok()["name"], NAME);
    }

    async fn a_role_may_see_less_of_it(app: TestApp) {
        let (admin, agent) = (app.admin().await, app.user(Role::Agent).await);
        let file = open(&agent, complete(NAME, "13800136027")).await;
        switch(app, "sensitive.name").await;
        assert_eq!(agent.get(&at(&file)).await.ok()["name"], NAME, "who worked with it still does");
        let roles = admin.get("/roles").await.ok();
        let role = roles.as_array().into_iter().flatten().find(|role| role["code"] == "agent").expect("a role")["id"].clone();
        let path = format!("/roles/{}", role.as_str().expect("an id"));
        for (shown, seen) in [("masked", "欧●●●"), ("absent", "●●●"), ("full", NAME)] {
            let version = admin.get(&path).await.ok()["version"].clone();
            admin.put(&path, json!({ "version": version, "fields": [{ "kind": "name", "shown": shown }] })).await.ok();
            assert_eq!(agent.get(&at(&file)).await.ok()["name"], seen);
        }
    }
}
