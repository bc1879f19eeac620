use kit::Role;
use serde_json::{Value, json};
use testkit::{Client, app_test};

use crate::helpers::{field, id};

async fn unit(admin: &Client, name: &str, kind: &str, parent: &Value) -> Value {
    admin.post("/orgs", json!({ "name": name, "kind": kind, "parent_id": parent })).await.ok()
}

app_test! {
    async fn organisations_hang_together_at_any_depth(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        let mut parent = json!(app.root);
        for depth in 1..=6 {
            let made = unit(&admin, &format!("第{depth}级"), "branch", &parent).await;
            assert_eq!(made["time_zone"], "Asia/Shanghai", "inherited");
            parent = made["id"].clone();
        }
        let tree = admin.get("/orgs/tree").await.ok();
        let depths: Vec<i64> = tree.as_array().expect("a list").iter().map(|node| node["depth"].as_i64().expect("a depth")).collect();
        assert_eq!(depths, [0, 1, 2, 3, 4, 5, 6]);
    }

    async fn moves_never_make_circles(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        let region = unit(&admin, "华东", "region", &json!(app.root)).await;
        let branch = unit(&admin, "苏州", "branch", &region["id"]).await;
        let outlet = unit(&admin, "吴中店", "outlet", &branch["id"]).await;
        let move_to = async |what: &Value, to: &Value| {
            admin.put(&format!("/orgs/{}", id(&what["id"])), json!({ "parent_id": to["id"] })).await
        };
        assert_eq!(move_to(&region, &outlet).await.refused(422), "org.circle");
        assert_eq!(move_to(&region, &region).await.refused(422), "org.circle");
        let moved = move_to(&outlet, &region).await.ok();
        assert_eq!(moved["parent_id"], region["id"]);
        let root = admin.put(&format!("/orgs/{}", app.root), json!({ "parent_id": region["id"] })).await;
        assert_eq!(root.refused(422), "org.root_moves");
    }

    async fn closing_needs_an_empty_organisation(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        let outlet = unit(&admin, "吴中店", "outlet", &json!(app.root)).await;
        let path = format!("/orgs/{}", id(&outlet["id"]));
        let staff = admin.post("/staff", json!({ "name": "王五", "org_id": outlet["id"] })).await.ok();
        assert_eq!(admin.put(&path, json!({ "active": false })).await.refused(409), "org.unit_in_use");
        admin.put(&format!("/staff/{}", id(&staff["id"])), json!({ "active": false })).await.ok();
        assert_eq!(admin.put(&path, json!({ "active": false })).await.ok()["active"], false);
        let late = admin.post("/staff", json!({ "name": "李四", "org_id": outlet["id"] })).await;
        assert_eq!(field(&late), "org_id");
    }

    async fn a_stale_change_is_refused(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        let outlet = unit(&admin, "吴中店", "outlet", &json!(app.root)).await;
        let path = format!("/orgs/{}", id(&outlet["id"]));
        admin.put(&path, json!({ "version": 1, "region": "江苏" })).await.ok();
        assert_eq!(admin.put(&path, json!({ "version": 1, "region": "浙江" })).await.refused(409), "stale");
        let wrong = admin.put(&path, json!({ "time_zone": "Mars/Base", "name": "" })).await;
        assert_eq!(wrong.json()["errors"].as_array().map(Vec::len), Some(2));
    }

    async fn codes_are_unique(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        let body = json!({ "name": "店", "kind": "outlet", "parent_id": app.root, "code": "SZ01" });
        admin.post("/orgs", body.clone()).await.ok();
        let again = admin.post("/orgs", body).await;
        assert_eq!(field(&again), "code");
    }

    async fn posts_have_superiors_without_circles(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        let head = admin.post("/posts", json!({ "org_id": app.root, "name": "服务总监" })).await.ok();
        let lead = admin.post("/posts", json!({ "org_id": app.root, "name": "班长", "superior_id": head["id"] })).await.ok();
        assert_eq!(lead["superior_name"], "服务总监");
        let circle = admin.put(&format!("/posts/{}", id(&head["id"])), json!({ "superior_id": lead["id"] })).await;
        assert_eq!(circle.refused(422), "org.post_circle");

        let engineer = admin.post("/staff", json!({ "name": "王五", "org_id": app.root, "post_id": lead["id"] })).await.ok();
        let mut conn = app.app.db.read().await.expect("reads");
        let below = org::posts::subordinates(&mut conn, id(&head["id"])).await.expect("reads");
        assert_eq!(below, [id(&engineer["id"])]);
    }

    async fn an_outlet_sees_itself_only(app: TestApp) {
        let mine = app.outlet("本店").await;
        let other = app.outlet("别店").await;
        let admin = app.user(Role::Admin).await;
        let there = admin.post("/staff", json!({ "name": "别店员工", "org_id": other })).await.ok();
        let desk = app.user_in(Role::Outlet, mine).await;
        let tree = desk.get("/orgs/tree").await.ok();
        assert_eq!(tree.as_array().map(Vec::len), Some(1));
        assert_eq!(desk.get(&format!("/orgs/{other}")).await.status, 404);
        assert_eq!(desk.get(&format!("/staff/{}", id(&there["id"]))).await.status, 404);
        assert_eq!(desk.get(&format!("/staff/{}", desk.staff.expect("a person"))).await.status, 200);
        assert_eq!(desk.post("/orgs", json!({ "name": "x", "kind": "outlet", "parent_id": mine })).await.status, 403);
    }

    async fn every_page_answers(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        let staff = admin.staff.expect("a person");
        let user = admin.user.expect("an account");
        let post = admin.post("/posts", json!({ "org_id": app.root, "name": "班长" })).await.ok();
        let role = admin.post("/roles", json!({ "code": "night", "name": "夜班" })).await.ok();
        for path in [
            "/orgs".to_string(), "/orgs/tree".into(), format!("/orgs/tree/{}", app.root), "/orgs/new".into(), format!("/orgs/{}/edit", app.root),
            format!("/posts/new?org={}", app.root), format!("/posts/{}", id(&post["id"])),
            "/staff".into(), "/staff/new".into(), format!("/staff/{staff}"), format!("/staff/{staff}/edit"),
            "/users".into(), "/users/new".into(), format!("/users/new?staff={staff}"), format!("/users/{user}"),
            "/roles".into(), "/roles/new".into(), format!("/roles/{}", id(&role["id"])), "/acting".into(), "/me".into(),
        ] {
            let page = admin.page(&path).await;
            assert_eq!(page.status, 200, "{path}: {}", page.text());
        }
    }
}
