//! Links that lead nowhere any more.

use serde_json::json;
use testkit::app_test;

app_test! {
    async fn an_old_label_or_link_leads_to_the_hotline_and_not_to_the_staff_s_sign_in(app: TestApp) {
        let nobody = app.nobody();
        for gone in ["/u/abcdefghijklmnopqrstuvwxyz", "/f/abcdefghijklmnopqrstuvwxyz", "/r/abcdefghijklmnopqrstuvwxyz", "/u/1"] {
            let answer = nobody.page(gone).await;
            let html = answer.text();
            assert_eq!(answer.status, 404, "{gone}");
            assert!(html.contains("二维码或链接已失效") && !html.contains("href=\"/\""), "{gone}: {html}");
        }
        let admin = app.admin().await;
        admin.put("/settings", json!({ "key": "products.hotline", "value": "400-800-1234" })).await.ok();
        let html = nobody.page("/u/abcdefghijklmnopqrstuvwxyz").await.text();
        assert!(html.contains("tel:400-800-1234"), "{html}");
        assert!(nobody.page("/nothing-here").await.text().contains("回到首页"), "other addresses stay as they are");
    }
}
