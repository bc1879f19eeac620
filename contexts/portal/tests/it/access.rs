//! Codes told to the registered number.

use serde_json::{Value, json};
use testkit::{Client, app_test};

use crate::{PHONE, text, world};

/// The code that the desk was told.
async fn told(agent: &Client) -> String {
    let notices: Value = agent.get("/notifications").await.ok();
    let title = text(&notices[0], "title").to_string();
    title.chars().filter(char::is_ascii_digit).collect()
}

app_test! {
    async fn the_owner_sees_everything_of_theirs_after_the_code(app: TestApp) {
        let world = world(app).await;
        let (_, link) = world.order().await;
        let nobody = app.nobody();
        let unit = format!("/public/units/{}", world.label);
        let page = nobody.page(&format!("/u/{}/mine", world.label)).await;
        assert_eq!(page.status, 200);
        assert!(!page.text().contains("客户甲"));
        nobody.post(&format!("{unit}/code"), json!({ "phone": PHONE })).await.ok();
        let code = told(&world.agent).await;
        assert_eq!(code.len(), 6, "{code}");
        let wrong = if code == "000000" { "111111" } else { "000000" };
        assert_eq!(nobody.post(&format!("{unit}/enter"), json!({ "phone": PHONE, "code": wrong })).await.refused(422), "portal.code");
        assert_eq!(nobody.post(&format!("{unit}/enter"), json!({ "phone": "13999998888", "code": code })).await.refused(422), "portal.code");
        let entered = nobody.post(&format!("{unit}/enter"), json!({ "phone": PHONE, "code": code })).await.ok();
        let path = text(&entered, "path").to_string();
        let mine = nobody.get(&format!("/public/mine/{}", path.trim_start_matches("/p/"))).await.ok();
        assert_eq!(mine["orders"][0]["path"], json!(format!("/f/{link}")));
        assert!(nobody.page(&path).await.text().contains(&link));
        assert_eq!(nobody.post(&format!("{unit}/enter"), json!({ "phone": PHONE, "code": code })).await.refused(422), "portal.code", "a code works once");
        app.clock.advance_secs(25 * 3600);
        assert_eq!(nobody.page(&path).await.status, 404, "a day is over");
    }

    async fn nobody_learns_whose_number_is_registered(app: TestApp) {
        let world = world(app).await;
        let nobody = app.nobody();
        let unit = format!("/public/units/{}", world.label);
        let known = nobody.form(&format!("/u/{}/mine", world.label), &format!("phone={PHONE}")).await;
        let unknown = nobody.form(&format!("/u/{}/mine", world.label), "phone=13999998888").await;
        assert_eq!((known.status, unknown.status), (unknown.status, known.status));
        let bare = |page: String| page.replace(PHONE, "").replace("13999998888", "").split("name=\"idem\"").next().unwrap_or_default().to_string();
        assert_eq!(bare(known.text()), bare(unknown.text()));
        assert_eq!(world.agent.get("/notifications").await.ok().as_array().map(Vec::len), Some(1), "only the registered number rings anybody");
        assert_eq!(nobody.post(&format!("{unit}/code"), json!({ "phone": "12" })).await.refused(422), "portal.phone");
        assert_eq!(nobody.form(&format!("/u/{}/mine", world.label), "phone=1").await.status, 422);
        let code = told(&world.agent).await;
        // Over after ten minutes.
        app.clock.advance_secs(601);
        assert_eq!(nobody.post(&format!("{unit}/enter"), json!({ "phone": PHONE, "code": code })).await.refused(422), "portal.code");
        let refused = nobody.form(&format!("/u/{}/mine", world.label), &format!("enter=true&phone={PHONE}&code=1")).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains(&format!("value=\"{PHONE}\"")), "the number is still there, at the page's own address");
    }

    async fn guessing_ends_and_nobodys_telephone_rings_all_day(app: TestApp) {
        let world = world(app).await;
        let nobody = app.nobody();
        let unit = format!("/public/units/{}", world.label);
        nobody.post(&format!("{unit}/code"), json!({ "phone": PHONE })).await.ok();
        let code = told(&world.agent).await;
        let wrong = if code == "000000" { "111111" } else { "000000" };
        for _ in 0..5 {
            nobody.post(&format!("{unit}/enter"), json!({ "phone": PHONE, "code": wrong })).await.refused(422);
        }
        assert_eq!(nobody.post(&format!("{unit}/enter"), json!({ "phone": PHONE, "code": code })).await.refused(422), "portal.code");
        for _ in 0..6 {
            nobody.post(&format!("{unit}/code"), json!({ "phone": PHONE })).await.ok();
        }
        assert_eq!(world.agent.get("/notifications").await.ok().as_array().map(Vec::len), Some(4), "four an hour");
        let mut last = 200;
        for _ in 0..8 {
            last = nobody.post(&format!("{unit}/code"), json!({ "phone": PHONE })).await.status.as_u16();
        }
        assert_eq!(last, 429);
    }

    async fn a_pass_ends_when_the_unit_goes_to_somebody_else(app: TestApp) {
        let world = world(app).await;
        let nobody = app.nobody();
        let unit = format!("/public/units/{}", world.label);
        nobody.post(&format!("{unit}/code"), json!({ "phone": PHONE })).await.ok();
        let code = told(&world.agent).await;
        let entered = nobody.post(&format!("{unit}/enter"), json!({ "phone": PHONE, "code": code })).await.ok();
        assert_eq!(nobody.page(text(&entered, "path")).await.status, 200);
        let other = world.admin.post("/customers", json!({ "name": "新主人", "org_id": app.root })).await.ok();
        world.admin.post(&format!("/units/{}/transfer", text(&world.unit, "id")), json!({ "customer_id": other["id"] })).await.ok();
        assert_eq!(nobody.page(text(&entered, "path")).await.status, 404);
    }
}
