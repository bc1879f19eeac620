//! Counting stock on the page: nothing is taken for granted.

use kernel::Money;
use kit::Role;
use serde_json::json;

use crate::helpers::{Room, units};

testkit::app_test! {
    async fn nothing_counted_is_no_count_and_nothing_left_is_asked_about(app: TestApp) {
        let room = Room::new(app, 5, Money(500)).await;
        let keeper = app.user(Role::Storekeeper).await;
        let page = keeper.page("/stock-count").await.text();
        let field = page.split("id=\"f-counted\"").nth(1).and_then(|rest| rest.split('>').next()).expect("the field");
        assert!(!field.contains("value=\"0\"") && page.contains("选好仓库和配件"), "{page}");
        let shown = keeper.page(&format!("/stock-count?book=true&depot_id={}&part_text=A-100&counted=", room.depot)).await.text();
        assert!(shown.contains("账面数量：5") && !shown.contains("f-counted"), "{shown}");
        let whole = keeper.page(&format!("/stock-count?depot_id={}&part=A-100", room.depot)).await.text();
        assert!(whole.contains("账面数量：5") && whole.contains("f-counted"), "{whole}");
        let form = |more: &str| format!("depot_id={}&part=&part_text=A-100&state=new&reason=%E6%9C%88%E6%9C%AB{more}", room.depot);
        let empty = keeper.form("/stock-count", &form("&counted=")).await;
        assert!(empty.status.as_u16() == 422 && empty.text().contains("请填写实盘数量"), "{}", empty.text());
        let zero = keeper.form("/stock-count", &form("&counted=0")).await;
        assert!(zero.status.as_u16() == 422 && zero.text().contains("name=\"none_left\""), "{}", zero.text());
        assert_eq!(units(room.available().await), (5, 0, 5), "nothing was written");
        let body = json!({ "depot_id": room.depot, "part": "A-100", "counted": 0, "reason": "月末盘点" });
        assert_eq!(keeper.post("/stock-count", body).await.refused(422), "parts.count_to_zero");
        let sure = keeper.form("/stock-count", &form("&counted=0&none_left=on")).await;
        assert!(!sure.status.is_client_error(), "{}", sure.text());
        assert_eq!(units(room.available().await), (0, 0, 0));
    }

    /// What the line shows is what is saved: as the part says unless somebody says otherwise.
    async fn whether_the_old_part_is_due_is_saved_as_it_was_shown(app: TestApp) {
        let room = Room::new(app, 0, Money(0)).await;
        let keeper = app.user(Role::Storekeeper).await;
        let part = keeper.get(&format!("/parts/{}", room.part)).await.ok();
        assert_eq!(part["old_part_due"], json!(true), "{part}");
        let head = format!("kind=ad_hoc&depot_id={}", room.depot);
        let scanned = keeper.form("/receipts/new", &format!("{head}&scan=A-100")).await.text();
        let field = scanned.split("name=\"lines.0.old_part_due\"").nth(1).and_then(|rest| rest.split("</select>").next()).expect("the field");
        assert!(field.contains("value=\"true\" selected"), "{field}");
        for (said, saved) in [("", true), ("true", true), ("false", false)] {
            let line = format!("{head}&lines.0.part=A-100&lines.0.quantity=1&lines.0.old_part_due={said}");
            let made = keeper.form("/receipts/new", &line).await;
            let receipt = made.headers["location"].to_str().expect("an address").to_string();
            assert_eq!(keeper.get(&receipt).await.ok()["lines"][0]["old_part_due"], json!(saved), "{said:?}");
        }
    }
}
