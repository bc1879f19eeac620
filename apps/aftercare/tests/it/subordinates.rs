//! ORG-04: the relation of posts gives sight of the work of people on posts below one's own, and of nobody else's.

use kit::Reach;
use serde_json::json;

use crate::world::{id, world_in};

testkit::app_test! {
    async fn a_superior_sees_the_work_of_posts_below_and_no_other(app: TestApp) {
        let (here, away) = (app.outlet("总店").await, app.outlet("分店").await);
        let world = world_in(app, away, "POSTS", 5).await;
        let admin = &world.admin;
        let post = async |org, name: &str, superior: Option<&serde_json::Value>| {
            admin.post("/posts", json!({ "org_id": org, "name": name, "superior_id": superior })).await.ok()["id"].clone()
        };
        let chief_post = post(here, "服务总监", None).await;
        let lead_post = post(away, "分店主管", Some(&chief_post)).await;
        let fitter_post = post(away, "安装工", Some(&lead_post)).await;
        let chief = app.user_with_all(Reach::Posts, here).await;
        let (mine, other) = (&world.engineer, app.user_in(kit::Role::Engineer, away).await);
        let put = async |staff: Option<kernel::Id>, body| {
            admin.put(&format!("/staff/{}", staff.expect("a person")), body).await.ok()
        };
        put(chief.staff, json!({ "post_id": chief_post })).await;
        let (order, foreign) = (world.order_of(mine).await, world.order_of(&other).await);
        app.drain().await;
        let numbers = async || -> Vec<String> {
            let rows = chief.get("/orders").await.ok();
            rows["items"].as_array().into_iter().flatten().map(|row| row["id"].as_str().unwrap_or_default().to_string()).collect()
        };
        // Nobody stands below yet.
        assert_eq!(numbers().await, Vec::<String>::new());
        put(mine.staff, json!({ "post_id": fitter_post })).await;
        assert_eq!(numbers().await, [id(&order)], "two steps down, in another outlet");
        assert!(chief.get(&format!("/orders/{}", id(&order))).await.status.is_success());
        assert!(chief.page(&format!("/orders/{}", id(&order))).await.status.is_success());
        assert_eq!(chief.get(&format!("/orders/{}", id(&foreign))).await.status.as_u16(), 404, "same outlet, not below");
        let export = chief.page("/orders/export?format=csv").await.text();
        let no = |order: &serde_json::Value| order["no"].as_str().expect("a number").to_string();
        assert!(export.contains(&no(&order)) && !export.contains(&no(&foreign)), "{export}");
        let found = chief.get("/search?q=POSTS").await.ok();
        let orders: Vec<_> = found.as_array().into_iter().flatten().filter(|hit| hit["kind"] == "order").map(|hit| hit["ref_id"].clone()).collect();
        assert_eq!(orders, [order["id"].clone()]);
        // What is written is bounded by the same: the other one's order can't be touched.
        let refused = chief.post(&format!("/orders/{}/accept", id(&foreign)), json!({})).await;
        assert_eq!(refused.status.as_u16(), 404);
        // From the side and from below nothing is seen.
        let lead = app.user_with_roles(&["all_posts"], away).await;
        put(lead.staff, json!({ "post_id": fitter_post })).await;
        assert_eq!(lead.get("/orders").await.ok()["items"], json!([]), "the same post is not below");
        // A post that moves away takes its people's work with it.
        admin.put(&format!("/posts/{}", lead_post.as_str().expect("an id")), json!({ "superior_id": null })).await.ok();
        assert_eq!(numbers().await, Vec::<String>::new());
    }
}
