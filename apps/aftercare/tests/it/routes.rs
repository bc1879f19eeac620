//! Every route as nobody and without permission: refused.

use http::Method;
use kit::{Access, Role};
use testkit::Client;

/// Fills placeholders with something harmless.
fn concrete(path: &str) -> String {
    let nil = kernel::Id::NIL.to_string();
    path.split('/')
        .map(|part| match part {
            "{key}" => "x".to_string(),
            "{kind}" => "order".to_string(),
            p if p.starts_with('{') => nil.clone(),
            p => p.to_string(),
        })
        .collect::<Vec<_>>()
        .join("/")
}

async fn call(client: &Client, method: &str, path: &str) -> u16 {
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    let headers = [("content-type", "application/json"), ("sec-fetch-site", "same-origin")];
    client.send(method, &concrete(path), &headers, b"{}".to_vec()).await.status.as_u16()
}

testkit::app_test! {
    async fn nobody_gets_nowhere_but_to_public_routes(app: TestApp) {
        let nobody = app.nobody();
        for route in &app.app.registry.routes {
            if matches!(route.access, Access::Public) {
                continue;
            }
            let status = call(&nobody, route.method, &route.path).await;
            let refused = status == 401 || (status == 303 && !route.path.starts_with("/api/"));
            assert!(refused, "{} {} answered {status} to nobody", route.method, route.path);
        }
    }

    async fn without_permission_every_guarded_route_answers_403(app: TestApp) {
        let admin = app.admin().await;
        let role = admin.post("/roles", serde_json::json!({ "code": "nothing", "name": "无权限" })).await;
        assert!(role.status.is_success(), "{}", role.text());
        let powerless = app.user_with_roles(&["nothing"], app.root).await;
        for route in &app.app.registry.routes {
            let Access::Perm(perm) = route.access else { continue };
            let status = call(&powerless, route.method, &route.path).await;
            assert_eq!(status, 403, "{} {} needs {} but answered {status}", route.method, route.path, perm.key);
        }
    }

    async fn no_route_answers_500_to_ids_that_do_not_exist(app: TestApp) {
        let admin = app.admin().await;
        for route in &app.app.registry.routes {
            let status = call(&admin, route.method, &route.path).await;
            assert!(status < 500, "{} {} answered {status}", route.method, route.path);
        }
    }

    async fn refusals_are_on_record(app: TestApp) {
        let engineer = app.user(Role::Engineer).await;
        engineer.get("/users").await.refused(403);
        let mut conn = app.app.db.read().await.expect("a reader");
        let denied: i64 = conn.scalar("select count(*) from audit where action = 'denied'", vec![]).await.expect("counted");
        assert!(denied >= 1);
    }
}
