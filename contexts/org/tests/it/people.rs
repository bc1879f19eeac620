use db::args;
use kernel::Id;
use kit::Role;
use serde_json::json;
use testkit::{TestApp, app_test};

use crate::helpers::{field, id};

async fn scalar<V: db::FromCol>(app: &TestApp, sql: &str, args: Vec<db::Val>) -> V {
    let mut conn = app.app.db.read().await.expect("reads");
    conn.scalar(sql, args).await.expect("a value")
}

app_test! {
    async fn a_staff_file_is_kept(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        let body = json!({ "no": "E001", "name": "王五", "org_id": app.root, "grade": 4, "skills": ["空调，冰箱"], "engineer": true,
            "phone": "13800136027", "email": "wang@example.cn", "hired_on": "2020-03-01", "team": "一班" });
        let made = admin.post("/staff", body.clone()).await.ok();
        assert_eq!(made["phone"], "13800136027");
        assert_eq!(made["skills"], json!(["空调", "冰箱"]));
        assert_eq!(field(&admin.post("/staff", body).await), "no");
        let found = admin.get("/search?q=6027").await.ok();
        assert_eq!(found[0]["ref_id"], made["id"], "{found}");
    }

    async fn numbers_are_shown_to_few(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        let body = json!({ "name": "王五", "org_id": app.root, "phone": "13800136027" });
        let path = format!("/staff/{}", id(&admin.post("/staff", body).await.ok()["id"]));
        let dispatcher = app.user(Role::Dispatcher).await;
        let seen = dispatcher.get(&path).await.ok();
        assert_eq!(seen["phone"], "138****6027");
        let shown = dispatcher.post(&format!("{path}/reveal/phone"), json!({})).await.ok();
        assert_eq!(shown["value"], "13800136027");
        let looks: i64 = scalar(app, "select count(*) from audit where action = 'revealed' and doc_kind = 'staff'", vec![]).await;
        assert_eq!(looks, 1);
        assert_eq!(dispatcher.post(&format!("{path}/reveal/grade"), json!({})).await.status, 404);

        let page = dispatcher.page(&path).await.text();
        assert!(page.contains("138****6027") && !page.contains("13800136027"));

        // The log does not keep the number.
        let logged: i64 = scalar(app, "select count(*) from audit where detail like $1", args!["%13800136027%"]).await;
        assert_eq!(logged, 0);

        // Everybody sees the own file in full.
        let engineer = app.user(Role::Engineer).await;
        let own = engineer.get(&format!("/staff/{}", engineer.staff.expect("a person"))).await.ok();
        assert!(own["phone"].as_str().is_some_and(|phone| phone.starts_with("1370000")), "{own}");
        assert_eq!(engineer.get(&path).await.status, 404);
    }

    async fn personnel_data_are_kept_and_papers_shown_to_few(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        let body = json!({ "no": "E900", "name": "赵六", "org_id": app.root, "gender": "female", "born_on": "1949-12-31",
            "id_no": "11010519491231002x", "education": "大专", "contract_until": "2027-06-30" });
        let made = admin.post("/staff", body).await.ok();
        assert_eq!((made["id_no"].as_str(), made["born_on"].as_str(), made["gender"].as_str()), (Some("11010519491231002X"), Some("1949-12-31"), Some("female")));
        let path = format!("/staff/{}", id(&made["id"]));
        let dispatcher = app.user(Role::Dispatcher).await;
        let seen = dispatcher.get(&path).await.ok();
        assert_eq!((seen["id_no"].as_str(), seen["born_on"].is_null(), seen["education"].as_str()), (Some("110****2X"), true, Some("大专")));
        for door in [path.clone(), "/staff".into(), "/staff/export?format=csv".into()] {
            let text = dispatcher.page(&door).await.text();
            assert!(!text.contains("11010519491231002X") && !text.contains("1949-12-31"), "{door}: {text}");
        }
        let shown = dispatcher.post(&format!("{path}/reveal/id_no"), json!({})).await.ok();
        assert_eq!((shown["value"].as_str(), shown["masked"].as_str()), (Some("11010519491231002X"), Some("110****2X")));
        let logged: i64 = scalar(app, "select count(*) from audit where detail like $1", args!["%11010519491231002X%"]).await;
        assert_eq!(logged, 0);
        for (key, value) in [("id_no", "110105194912310021"), ("gender", "x")] {
            assert_eq!(field(&admin.put(&path, json!({ key: value })).await), key);
        }
        // A form of somebody who doesn't see the papers leaves them as they are.
        let manager_page = admin.page(&format!("{path}/edit")).await.text();
        assert!(manager_page.contains("11010519491231002X"), "{manager_page}");
        // Nor does what was read masked and sent back take their place; touched it is refused.
        admin.put(&path, json!({ "id_no": "110****2X" })).await.ok();
        assert_eq!(admin.put(&path, json!({ "id_no": "110****21" })).await.refused(422), "sensitive.masked");
        assert_eq!(admin.put(&path, json!({ "phone": "138****6027" })).await.refused(422), "sensitive.masked");
        let changed = admin.put(&path, json!({ "education": "本科" })).await.ok();
        assert_eq!((changed["education"].as_str(), changed["id_no"].as_str()), (Some("本科"), Some("11010519491231002X")));
    }

    async fn files_stand_in_groups_by_department_and_post(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        let shop = app.outlet("丙店").await;
        let post = admin.post("/posts", json!({ "org_id": shop, "name": "安装工" })).await.ok();
        for (name, post) in [("有岗", post["id"].clone()), ("无岗", serde_json::Value::Null)] {
            admin.post("/staff", json!({ "name": name, "org_id": shop, "post_id": post })).await.ok();
        }
        let page = admin.page("/staff").await.text();
        for heading in ["丙店 · 安装工", "丙店 · —"] {
            assert!(page.contains(&format!("scope=\"rowgroup\">{heading}</th>")), "{heading}: {page}");
        }
        let by_number = admin.page("/staff?sort=no").await.text();
        assert!(!by_number.contains("scope=\"rowgroup\""));
        // The tree shows the same: department, post, person (ORG-02).
        let tree = admin.get("/orgs/tree").await.ok();
        let node = tree.as_array().into_iter().flatten().find(|node| node["name"] == "丙店").expect("the outlet");
        assert_eq!((&node["posts"][0]["name"], &node["posts"][0]["people"][0]["name"], &node["unposted"][0]["name"]), (&json!("安装工"), &json!("有岗"), &json!("无岗")));
        let page = admin.page(&format!("/orgs/tree/{shop}")).await.text();
        assert!(page.contains("<summary ") && page.contains("有岗") && page.contains(&format!("/orgs/tree/{shop}#post-{}", id(&post["id"]))), "{page}");
        // Who may not see people sees the posts only.
        let stranger = app.user_in(Role::Engineer, shop).await;
        let seen = stranger.get("/orgs/tree").await;
        assert!(!seen.text().contains("有岗"), "{}", seen.text());
    }

    async fn a_manager_keeps_the_files_below(app: TestApp) {
        let outlet = app.outlet("本店").await;
        let manager = app.user_in(Role::Manager, outlet).await;
        let made = manager.post("/staff", json!({ "name": "新人", "org_id": outlet })).await.ok();
        let outside = manager.post("/staff", json!({ "name": "新人", "org_id": app.root })).await;
        assert_eq!(field(&outside), "org_id");
        let away = manager.put(&format!("/staff/{}", id(&made["id"])), json!({ "org_id": app.root })).await;
        assert_eq!(field(&away), "org_id");
    }

    async fn the_account_follows_its_person(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        let outlet = app.outlet("本店").await;
        let staff = admin.post("/staff", json!({ "no": "E9", "name": "王五", "org_id": app.root, "email": "a@example.cn" })).await.ok();
        let user = admin.post("/users", json!({ "login": "e9", "staff_id": staff["id"], "roles": ["agent"] })).await.ok();
        let mail = async || -> Option<String> {
            let mut conn = app.app.db.read().await.expect("reads");
            conn.scalar_opt("select address from mail_address where user_id = $1", args![id(&user["id"])]).await.expect("reads")
        };
        assert_eq!(mail().await.as_deref(), Some("a@example.cn"));
        let path = format!("/staff/{}", id(&staff["id"]));
        admin.put(&path, json!({ "org_id": outlet, "email": "b@example.cn", "name": "王小五" })).await.ok();
        let seen = admin.get(&format!("/users/{}", id(&user["id"]))).await.ok();
        assert_eq!((seen["name"].as_str(), seen["org_id"].clone()), (Some("王小五"), json!(outlet)));
        assert_eq!(mail().await.as_deref(), Some("b@example.cn"));

        let token = org::cli::new_token(&app.app, "e9").await.expect("a token");
        let bearer = format!("Bearer {token}");
        let who = async || app.nobody().send(http::Method::GET, "/api/v1/me", &[("authorization", &bearer)], Vec::new()).await.status.as_u16();
        assert_eq!(who().await, 200);
        admin.put(&path, json!({ "active": false })).await.ok();
        assert_eq!(who().await, 401);
    }

    /// ORG-07: an account that was made without a person is joined to one later, once, by who may for both.
    async fn an_account_is_joined_to_its_person_later(app: TestApp) {
        let admin = app.user(Role::Admin).await;
        let outlet = app.outlet("本店").await;
        let person = async |no: &str, org| id(&admin.post("/staff", json!({ "no": no, "name": format!("员工{no}"), "org_id": org })).await.ok()["id"]);
        let (free, other, away) = (person("E7", app.root).await, person("E8", app.root).await, person("E9", outlet).await);
        let made = admin.post("/users", json!({ "login": "newguy", "org_id": app.root, "roles": ["engineer"] })).await.ok();
        assert_eq!(made["staff_id"], json!(null));
        let path = format!("/users/{}", id(&made["id"]));
        let page = admin.page(&path).await.text();
        assert!(page.contains(&format!("value=\"{free}\"")) && page.contains("E7 员工E7"), "{page}");
        assert!(admin.page("/users/new").await.text().contains(&format!("value=\"{free}\"")));
        let taken = admin.staff.expect("an administrator is a person");
        assert!(!page.contains(&format!("value=\"{taken}\"")), "who has an account is no choice");
        let refused = admin.put(&path, json!({ "staff_id": taken })).await;
        assert_eq!((field(&refused).as_str(), refused.refused(422).as_str()), ("staff_id", "org.staff_has_user"));
        admin.put(&format!("/staff/{other}"), json!({ "active": false })).await.ok();
        assert_eq!(admin.put(&path, json!({ "staff_id": other })).await.refused(422), "org.staff_left");
        // The whole form, as the page sends it.
        let form = format!("version={}&name=newguy&org_id={}&staff_id={free}&email=&roles=engineer&active=on", made["version"], app.root);
        let saved = admin.form(&path, &form).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        assert_eq!(admin.get(&path).await.ok()["staff_id"], json!(free));
        assert!(admin.page(&path).await.text().contains(&format!("/staff/{free}")));
        assert_eq!(admin.put(&path, json!({ "staff_id": away })).await.refused(422), "org.user_has_staff");
        admin.put(&path, json!({ "staff_id": free, "name": "同一人" })).await.ok();
        // Whoever keeps the accounts of one outlet reaches its people only.
        let manager = app.user_in(Role::Manager, outlet).await;
        let role = admin.post("/roles", json!({ "code": "hr", "name": "人事" })).await.ok();
        let grants = json!({ "grants": [{ "perm": "org.user.read", "reach": "outlet" }, { "perm": "org.user.write", "reach": "outlet" }] });
        admin.put(&format!("/roles/{}", id(&role["id"])), grants).await.ok();
        admin.put(&format!("/users/{}", manager.user.expect("an account")), json!({ "roles": ["hr"] })).await.ok();
        let third = person("E6", app.root).await;
        let body = json!({ "login": "theirs", "org_id": outlet, "staff_id": third });
        assert_eq!(manager.post("/users", body).await.status, 404, "a person elsewhere");
        let own = manager.post("/users", json!({ "login": "ours", "org_id": outlet })).await.ok();
        let own = format!("/users/{}", id(&own["id"]));
        assert_eq!(manager.put(&own, json!({ "staff_id": third })).await.status, 404);
        assert_eq!(manager.put(&own, json!({ "staff_id": away })).await.ok()["staff_id"], json!(away));
    }

    async fn notices_reach_those_who_answer_for_an_organisation(app: TestApp) {
        let (here, there) = (app.outlet("本店").await, app.outlet("别店").await);
        let top = app.user(Role::Manager).await;
        let local = app.user_in(Role::Manager, here).await;
        let other = app.user_in(Role::Manager, there).await;
        let mut conn = app.app.db.read().await.expect("reads");
        let told = org::api::users_with_at(&mut conn, "org.staff.write", here, app.app.now()).await.expect("reads");
        let has = |client: &testkit::Client| told.contains(&client.user.expect("an account"));
        assert!(has(&top) && has(&local) && !has(&other));
        let people = org::api::engineers(&mut conn, &kit::Scope::All).await.expect("reads");
        assert!(people.is_empty());
        assert_eq!(org::api::org_names(&mut conn, &[]).await.expect("reads").len(), 0);
        assert_eq!(org::api::above(&mut conn, here).await.expect("reads"), [here, app.root]);
    }

    async fn a_substitute_takes_over_for_a_time(app: TestApp) {
        let manager = app.user(Role::Manager).await;
        let absent = app.user(Role::Callback).await;
        let stand_in = app.user(Role::Agent).await;
        let (away, here): (Id, Id) = (absent.staff.expect("a person"), stand_in.staff.expect("a person"));
        let before = stand_in.get("/me").await.ok();
        let body = json!({ "absent_id": away, "substitute_id": here, "until": "2026-11-18T18:00", "reason": "病假" });
        let period = manager.post("/acting", body.clone()).await.ok();
        assert_eq!(field(&manager.post("/acting", body).await), "from");

        let during = stand_in.get("/me").await.ok();
        assert_eq!(during["acting_for"], json!([away]));
        let name = during["name"].as_str().expect("a name");
        assert!(name.contains(before["name"].as_str().expect("a name")) && name.contains('代'), "the log shows both names");
        let theirs = absent.get("/me").await.ok();
        for (key, reach) in theirs["permissions"].as_object().expect("permissions") {
            if !key.starts_with("org.") && !key.starts_with("kit.") {
                assert!(!during["permissions"][key].is_null(), "{key} {reach}");
            }
        }
        let now = app.app.now();
        let mut conn = app.app.db.read().await.expect("reads");
        let told = org::api::users_of(&mut conn, &[away], now).await.expect("reads");
        drop(conn);
        assert!(told.contains(&stand_in.user.expect("an account")), "reminders move to the substitute");

        app.clock.advance_secs(9 * 3600 + 1);
        assert_eq!(stand_in.get("/me").await.ok()["acting_for"], json!([]));
        let ended = manager.post(&format!("/acting/{}/end", id(&period["id"])), json!({})).await.ok();
        assert!(!ended["ended_at"].is_null());
    }

    async fn nobody_becomes_an_administrator_by_acting(app: TestApp) {
        let manager = app.user(Role::Manager).await;
        let admin = app.user(Role::Admin).await;
        let agent = app.user(Role::Agent).await;
        let own = json!({ "absent_id": admin.staff, "substitute_id": manager.staff, "until": "2026-11-18T18:00" });
        assert_eq!(manager.post("/acting", own).await.refused(422), "org.more_than_held");
        let other = json!({ "absent_id": admin.staff, "substitute_id": agent.staff, "until": "2026-11-18T18:00" });
        manager.post("/acting", other).await.ok();
        assert!(agent.get("/me").await.ok()["permissions"]["org.role.write"].is_null());
    }
}
