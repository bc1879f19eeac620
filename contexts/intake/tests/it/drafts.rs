//! Saved with the click on a content, completed or dropped later (CALL-03).

use super::*;

testkit::app_test! {
    /// CALL-03: a click on a content is on record at once; saving completes that very request, whatever comes first.
    async fn a_content_that_was_clicked_is_saved_at_once(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        agent.post("/requests/drafts", json!({ "topic": "repair" })).await.refused(422);
        let click = |content: &str| json!({ "topic": "repair", "content": content, "caller_phone": "13800136027" });
        let draft = agent.post("/requests/drafts", click("repair.leak")).await.ok();
        assert_eq!((text(&draft, "state"), text(&draft, "content")), ("draft", "repair.leak"));
        let mut other = click("repair.noise");
        other["draft_id"] = draft["id"].clone();
        let changed = agent.post("/requests/drafts", other).await.ok();
        assert_eq!((&changed["no"], text(&changed, "content")), (&draft["no"], "repair.noise"));
        assert!(agent.page(&format!("/requests/{}", text(&draft, "id"))).await.text().contains("继续登记"));
        agent.post(&format!("/requests/{}/answer", text(&draft, "id")), json!({ "answer": "x" })).await.refused(409);
        assert!(agent.page(&format!("/intake?draft_id={}", text(&draft, "id"))).await.text().contains(text(&draft, "no")));
        app.advance(300).await;
        let mut whole = repair("order");
        whole["draft_id"] = draft["id"].clone();
        let made = agent.post("/requests", whole.clone()).await.ok();
        assert_eq!((&made["id"], &made["no"], &made["created_at"]), (&draft["id"], &draft["no"], &draft["created_at"]));
        assert_eq!((text(&made, "state"), &made["first_time"]), ("ordered", &json!(true)));
        agent.post("/requests", whole).await.refused(409);
        // A click that arrives after all changes nothing.
        let mut late = click("repair.leak");
        late["draft_id"] = draft["id"].clone();
        assert_eq!(text(&agent.post("/requests/drafts", late).await.ok(), "state"), "ordered");
        assert_eq!(count(app, "select count(*) from service_request").await, 1);
        // Nobody goes on with the next one: it is told apart, and dropped.
        let sent = "draft_id=00000000-0000-7000-8000-0000000000aa&topic=repair&content=repair.leak&channel=phone&caller_phone=&idem=k-1";
        let saved = agent.form("/intake/draft", sent).await;
        assert!(saved.text().contains("已登记"), "{}", saved.text());
        let drafts = agent.get("/requests?view=draft").await.ok();
        assert_eq!(drafts["items"].as_array().map(Vec::len), Some(1), "{drafts}");
        let left = "/requests/00000000-0000-7000-8000-0000000000aa";
        let gone = agent.post(&format!("{left}/discard"), json!({ "note": "挂断" })).await.ok();
        assert_eq!(text(&gone, "state"), "dropped");
        agent.post(&format!("{left}/discard"), json!({})).await.refused(409);
        let elsewhere = app.outlet("别处").await;
        let stranger = app.user_in(Role::Outlet, elsewhere).await;
        let mut theirs = click("repair.leak");
        theirs["draft_id"] = json!("00000000-0000-7000-8000-0000000000aa");
        stranger.post("/requests/drafts", theirs).await.refused(404);
    }
}
