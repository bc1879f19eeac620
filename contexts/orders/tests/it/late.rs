//! Deadlines that are paid for go by when work ended, not by what those who did it would like (PAY-05).

use super::*;

testkit::app_test! {
    async fn who_did_the_work_sets_its_end_back_by_a_little_only(app: TestApp) {
        let world = world(app).await;
        let order = world.working(json!({})).await;
        let (came, path) = (app.app.now(), format!("/orders/{order}/complete"));
        app.advance(600).await;
        let said = |at: kernel::Ts| {
            let mut sheet = world.done();
            sheet["finished_at"] = json!(at);
            sheet
        };
        let opened = came.plus_secs(-60 * 60);
        assert_eq!(world.engineer.post(&path, said(opened)).await.refused(422), "orders.finished_at", "before he came");
        app.advance(7200).await;
        for wrong in [came, came.plus_secs(60), app.app.now().plus_secs(60)] {
            assert_eq!(world.engineer.post(&path, said(wrong)).await.refused(422), "orders.finished_at", "{wrong}");
        }
        let at = app.app.now().plus_secs(-20 * 60);
        world.engineer.post(&path, said(at)).await.ok();
        let full = world.admin.get(&format!("/orders/{order}")).await.ok();
        assert_eq!(full["done_at"], json!(at));
        let last = full["steps"].as_array().and_then(|steps| steps.last().cloned()).unwrap_or_default();
        assert!(last["reason"].as_str().is_some_and(|why| why.contains("补登") && why.contains("客户不在")), "the auditor reads it: {last}");
        let log = world.admin.get(&format!("/docs/order/{order}/history")).await.text();
        assert!(log.contains("补登") && !log.contains("u001f"), "the log speaks one language");

        // The office enters what others did, whenever it was; not what another round did.
        world.act(&order, "reopen", json!({ "reason": "又报警" })).await;
        app.advance(600).await;
        world.assign(&order).await;
        world.act(&order, "arrive", json!({})).await;
        app.advance(7200).await;
        assert_eq!(world.refuse(&order, "complete", said(at), 422).await, "orders.finished_at");
        world.act(&order, "complete", said(app.app.now().plus_secs(-5400))).await;
    }
}
