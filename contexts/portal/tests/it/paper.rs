//! The page behind a label, and what may be read there.

use http::Method;
use kit::Role;
use serde_json::json;
use testkit::app_test;

use crate::{text, world};

app_test! {
    async fn a_label_shows_warranty_and_published_papers_only(app: TestApp) {
        let world = world(app).await;
        let model = text(&world.unit, "model_id").to_string();
        let (shown, hidden) = (app.app.id(), app.app.id());
        for (file, name) in [(shown, "manual.pdf"), (hidden, "internal.pdf")] {
            let path = format!("/api/v1/docs/model/{model}/files/{file}?name={name}");
            let sent = world.admin.send(Method::PUT, &path, &[("content-type", "application/pdf")], b"%PDF-1.4 x".to_vec()).await;
            assert!(sent.status.is_success(), "{}", sent.text());
        }
        let manager = app.user(Role::Manager).await;
        let publish = json!({ "file_id": shown, "published": true, "title": "使用说明书" });
        world.agent.put(&format!("/models/{model}/papers"), publish.clone()).await.refused(403);
        let papers = manager.put(&format!("/models/{model}/papers"), publish).await.ok();
        assert_eq!(papers.as_array().map(Vec::len), Some(2));
        let nobody = app.nobody();
        let page = nobody.get(&format!("/public/units/{}", world.label)).await.ok();
        assert_eq!(page["papers"].as_array().map(Vec::len), Some(1));
        assert_eq!(text(&page["papers"][0], "title"), "使用说明书");
        assert!(!page.to_string().contains("客户甲"));
        let html = nobody.page(&format!("/u/{}", world.label)).await;
        assert_eq!(html.headers["x-robots-tag"], "noindex, nofollow");
        assert!(html.text().contains("使用说明书") && html.text().contains("报修") && !html.text().contains("internal"), "{}", html.text());
        let read = nobody.page(text(&page["papers"][0], "path")).await;
        assert_eq!((read.status.as_u16(), read.headers["content-type"].to_str().expect("text")), (200, "application/pdf"));
        assert!(read.headers["content-security-policy"].to_str().expect("text").contains("sandbox"));
        assert_eq!(nobody.page(&format!("/u/{}/papers/{hidden}", world.label)).await.status, 404);
        // A file of something else is never published.
        let (id, _) = world.order().await;
        let other = app.app.id();
        let path = format!("/api/v1/docs/order/{id}/files/{other}?name=a.pdf");
        world.admin.send(Method::PUT, &path, &[("content-type", "application/pdf")], b"%PDF-1.4 x".to_vec()).await;
        let refused = manager.put(&format!("/models/{model}/papers"), json!({ "file_id": other, "published": true })).await;
        assert_eq!(refused.refused(422), "portal.paper");
        assert_eq!(manager.page(&format!("/models/{model}/papers")).await.status, 200);
        assert_eq!(manager.form(&format!("/models/{model}/papers"), &format!("file_id={shown}&published=")).await.status, 303);
        assert_eq!(nobody.page(text(&page["papers"][0], "path")).await.status, 404, "withdrawn");
        // A file that is taken back is no paper any more, and no dead link.
        manager.put(&format!("/models/{model}/papers"), json!({ "file_id": shown, "published": true })).await.ok();
        let void = format!("/docs/model/{model}/files/{shown}/void");
        world.admin.post(&void, json!({ "reason": "旧版" })).await.ok();
        assert_eq!(nobody.get(&format!("/public/units/{}", world.label)).await.ok()["papers"], json!([]));
        assert!(world.admin.page(&format!("/models/{model}")).await.text().contains("/papers"));
    }

    async fn a_reported_fault_is_followed_to_the_end(app: TestApp) {
        let world = world(app).await;
        let nobody = app.nobody();
        let part = |name: &str, value: &str| format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        let body = [part("name", "客户甲"), part("phone", "13800136027"), part("content", "repair.dead"), part("text", "不制冷"), "--x--\r\n".into()].concat();
        let headers = [("content-type", "multipart/form-data; boundary=x"), ("sec-fetch-site", "same-origin")];
        let sent = nobody.send(Method::POST, &format!("/u/{}/report", world.label), &headers, body.into_bytes()).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let follow = sent.headers["location"].to_str().expect("a path").to_string();
        assert!(nobody.page(&follow).await.text().contains("已收到"));
        let list = world.agent.get("/requests?filter=channel~in~web").await.ok();
        let request = text(&list["items"][0], "id").to_string();
        let order = world.agent.post(&format!("/requests/{request}/order"), json!({})).await.ok();
        let seen = nobody.get(&format!("/public/requests/{}", follow.trim_start_matches("/r/"))).await.ok();
        assert_eq!((&seen["ordered"], text(&seen["orders"][0], "no")), (&json!(true), text(&order, "no")));
        let path = text(&seen["orders"][0], "path").to_string();
        assert!(path.starts_with("/f/") && nobody.page(&follow).await.text().contains(&path));
        assert_eq!(nobody.page(&path).await.status, 200);
    }
}
