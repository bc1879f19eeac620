use kit::Role;
use serde_json::{Value, json};
use testkit::app_test;

use crate::helpers::id;

async fn role_id(admin: &testkit::Client, code: &str) -> Value {
    let roles = admin.get("/roles").await.ok();
    let found = roles.as_array().into_iter().flatten().find(|role| role["code"] == code);
    found.expect("the role")["id"].clone()
}

app_test! {
    async fn the_last_administrator_stays(app: TestApp) {
        let second = app.user(Role::Admin).await;
        let mut conn = app.app.db.read().await.expect("reads");
        let first: kernel::Id = conn.scalar("select id from app_user where login = 'admin'", vec![]).await.expect("the first");
        drop(conn);
        let own = format!("/users/{}", second.user.expect("an account"));
        second.put(&format!("/users/{first}"), json!({ "active": false })).await.ok();
        assert_eq!(second.put(&own, json!({ "active": false })).await.refused(409), "org.last_admin");
        assert_eq!(second.put(&own, json!({ "roles": ["manager"] })).await.refused(409), "org.last_admin");
        let person = format!("/staff/{}", second.staff.expect("a person"));
        assert_eq!(second.put(&person, json!({ "active": false })).await.refused(409), "org.last_admin");
    }

    async fn rights_change_at_once(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        let agent = app.user(Role::Agent).await;
        assert_eq!(agent.get("/staff").await.status, 403);
        let role = id(&role_id(&admin, "agent").await);
        let grant = |reach: Value| json!({ "grants": [{ "perm": "org.staff.read", "reach": reach }], "fields": [{ "kind": "phone", "shown": "full" }] });
        admin.put(&format!("/roles/{role}"), grant(json!("all"))).await.ok();
        let path = format!("/staff/{}", admin.staff.expect("a person"));
        let seen = agent.get(&path).await.ok();
        assert!(seen["phone"].as_str().is_some_and(|phone| !phone.contains('*')));
        admin.put(&format!("/roles/{role}"), grant(Value::Null)).await.ok();
        assert_eq!(agent.get(&path).await.status, 403);

        // What was taken away is not handed out again by the next start.
        org::first_start(&app.app).await.expect("starts");
        assert_eq!(agent.get(&path).await.status, 403);
        assert_eq!(admin.put(&format!("/roles/{role}"), json!({ "grants": [{ "perm": "no.such.perm", "reach": "all" }] })).await.status, 422);
    }

    async fn only_holders_assign_and_never_more_than_they_hold(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        let manager = app.user(Role::Manager).await;
        assert_eq!(manager.post("/users", json!({ "login": "x1", "org_id": app.root })).await.status, 403);

        let made = admin.post("/roles", json!({ "code": "hr", "name": "人事" })).await.ok();
        let grants = json!({ "grants": [
            { "perm": "org.user.read", "reach": "all" }, { "perm": "org.user.write", "reach": "all" },
            { "perm": "org.role.read", "reach": "all" }, { "perm": "org.role.write", "reach": "all" },
        ]});
        admin.put(&format!("/roles/{}", id(&made["id"])), grants).await.ok();
        admin.put(&format!("/users/{}", manager.user.expect("an account")), json!({ "roles": ["hr"] })).await.ok();

        let up = manager.post("/users", json!({ "login": "x2", "org_id": app.root, "roles": ["admin"] })).await;
        assert_eq!(up.refused(422), "org.more_than_held");
        manager.post("/users", json!({ "login": "x3", "org_id": app.root, "roles": ["hr"] })).await.ok();
        let own = manager.put(&format!("/roles/{}", id(&made["id"])), json!({ "grants": [{ "perm": "kit.audit.read", "reach": "all" }] })).await;
        assert_eq!(own.refused(422), "org.more_than_held");
        let link = manager.post(&format!("/users/{}/invite", admin.user.expect("an account")), json!({})).await;
        assert_eq!(link.refused(422), "org.more_than_held");
    }

    async fn built_in_and_held_roles_stay(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        let built_in = id(&role_id(&admin, "agent").await);
        assert_eq!(admin.delete(&format!("/roles/{built_in}")).await.refused(409), "org.built_in_role");
        let all = id(&role_id(&admin, "admin").await);
        assert_eq!(admin.put(&format!("/roles/{all}"), json!({ "name": "x" })).await.refused(422), "org.admin_role");

        let own = admin.post("/roles", json!({ "code": "night", "name": "夜班", "like": built_in })).await.ok();
        assert!(own["grants"].as_array().is_some_and(|grants| !grants.is_empty()));
        let path = format!("/roles/{}", id(&own["id"]));
        let user = admin.post("/users", json!({ "login": "night1", "org_id": app.root, "roles": ["night"] })).await.ok();
        assert_eq!(admin.delete(&path).await.refused(409), "org.role_in_use");
        admin.put(&format!("/users/{}", id(&user["id"])), json!({ "roles": [] })).await.ok();
        admin.delete(&path).await.ok();
        assert_eq!(admin.get(&path).await.status, 404);
    }

    async fn a_role_is_edited_in_its_form(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        let role = admin.post("/roles", json!({ "code": "night", "name": "夜班" })).await.ok();
        let path = format!("/roles/{}", id(&role["id"]));
        let form = "version=1&name=Night&grants.0.perm=org.staff.read&grants.0.reach=below&grants.1.perm=org.user.read&grants.1.reach=\
            &fields.0.kind=pay&fields.0.shown=absent";
        let saved = admin.form(&path, form).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        let seen = admin.get(&path).await.ok();
        assert_eq!(seen["grants"], json!([{ "perm": "org.staff.read", "reach": "below" }]));
        assert_eq!(seen["fields"][3], json!({ "kind": "pay", "shown": "absent" }));
        assert_eq!(admin.form(&path, form).await.status, 422, "the version is an old one now");
    }

    async fn logins_are_unique_and_plain(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        admin.post("/users", json!({ "login": "Wang", "org_id": app.root })).await.ok();
        let again = admin.post("/users", json!({ "login": "wANG", "org_id": app.root })).await;
        assert_eq!(crate::helpers::field(&again), "login");
        for (body, field) in [
            (json!({ "login": "a b", "org_id": app.root }), "login"),
            (json!({ "login": "ok-login" }), "org_id"),
            (json!({ "login": "ok-login", "org_id": app.root, "roles": ["nope"] }), "roles"),
            (json!({ "login": "ok-login", "org_id": app.root, "password": "short" }), "password"),
        ] {
            assert_eq!(crate::helpers::field(&admin.post("/users", body.clone()).await), field, "{body}");
        }
    }
}
