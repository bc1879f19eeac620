//! Signatures: bands, stages, deputies, committees by post.

use kit::Role;
use serde_json::{Value, json};
use testkit::{Client, TestApp, app_test};

use crate::world::*;

/// A document that asks for signatures at once.
const REQUEST: &str = r#"
code = "spend"
name = "支出申请"
number = "ZC"
title = "{what}"
open = ["role:agent"]
asks = ["what", "amount"]
start = "sign"
fields = [{ key = "what", name = "用途" }, { key = "amount", name = "金额", type = "money" }]
steps = [
  { key = "sign", name = "审批", macro = "waiting", approval = { scheme = "SCHEME", amount = "f.amount", approved = "yes", rejected = "no" } },
  { key = "ok", name = "同意", macro = "closed", end = true },
  { key = "not", name = "不同意", macro = "cancelled", end = true },
]
moves = [
  { act = "yes", name = "同意", from = ["sign"], to = "ok", system = true },
  { act = "no", name = "不同意", from = ["sign"], to = "not", kind = "cancel", system = true },
]
"#;

async fn request(app: &TestApp, by: &Client, scheme: &str, amount: &str) -> Value {
    let admin = app.admin().await;
    let made =
        admin.post("/process-templates", json!({ "source": REQUEST.replace("SCHEME", scheme) })).await.ok();
    admin.post(&format!("/process-templates/{}/activate", id(&made)), json!({})).await.ok();
    open(by, "spend", json!({ "what": "泵", "amount": amount })).await
}

async fn inbox(by: &Client) -> Vec<Value> {
    by.get("/inbox/approvals").await.ok().as_array().cloned().unwrap_or_default()
}

async fn sign(by: &Client, approval: &Value, approve: bool) -> Value {
    let body = json!({ "approve": approve, "opinion": "意见" });
    by.post(&format!("/approvals/{}/sign", id(approval)), body).await.ok()
}

app_test! {
    async fn both_sign_then_the_vice_president_confirms(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let director = holder(app, Role::Engineer, "售服中心主任").await;
        let qa = holder(app, Role::Engineer, "品管部经理").await;
        let vice = holder(app, Role::Engineer, "售服副总").await;
        let doc = request(app, &agent, "beyond-guarantee", "1000").await;
        assert!(inbox(&vice).await.is_empty(), "the second stage waits for the first");
        let mine = inbox(&director).await;
        assert_eq!((mine.len(), mine[0]["band"].as_str()), (1, Some("≤ 1,000.00")));
        assert!(has(&told(app, &director).await, "待您审批"));
        sign(&director, &mine[0], true).await;
        assert!(inbox(&director).await.is_empty());
        assert_eq!(step(&now(&agent, &doc).await), "sign", "the other signature is missing");
        sign(&qa, &mine[0], true).await;
        assert!(has(&told(app, &vice).await, "待您审批"));
        sign(&vice, &mine[0], true).await;
        assert_eq!(step(&now(&agent, &doc).await), "ok");
        let seen = app.admin().await.get(&format!("/approvals/{}", id(&mine[0]))).await.ok();
        assert_eq!(seen["state"], "approved");
        app.user(Role::Agent).await.get(&format!("/approvals/{}", id(&mine[0]))).await.refused(404);
    }

    /// DOC-08: every signature is in the history of the document, and whoever signs the second request reads what became
    /// of the first, on the page and on paper.
    async fn earlier_approvals_stay_with_their_document(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let director = holder(app, Role::Engineer, "售服中心主任").await;
        let qa = holder(app, Role::Engineer, "品管部经理").await;
        let vice = holder(app, Role::Engineer, "售服副总").await;
        let again = REQUEST
            .replace("SCHEME", "beyond-guarantee")
            .replace(r#"start = "sign""#, r#"start = "draft""#)
            .replace("steps = [", "steps = [\n  { key = \"draft\", name = \"起草\", macro = \"new\", who = [\"role:agent\"], asks = [\"amount\"] },")
            .replace(r#"to = "not", kind = "cancel", system = true"#, r#"to = "draft", kind = "rework", system = true"#)
            .replace("moves = [", "moves = [\n  { act = \"ask\", name = \"送签\", from = [\"draft\"], to = \"sign\" },\n  { act = \"drop\", name = \"放弃\", from = [\"draft\", \"sign\"], to = \"not\", kind = \"cancel\", who = [\"role:agent\"] },");
        let admin = app.admin().await;
        let made = admin.post("/process-templates", json!({ "source": again })).await.ok();
        admin.post(&format!("/process-templates/{}/activate", id(&made)), json!({})).await.ok();
        let doc = open(&agent, "spend", json!({ "what": "泵", "amount": "1000" })).await;
        let doc = act(&agent, &doc, "ask", json!({})).await;
        let first = inbox(&director).await;
        sign(&director, &first[0], true).await;
        let no = json!({ "approve": false, "opinion": "太贵" });
        qa.post(&format!("/approvals/{}/sign", id(&first[0])), no).await.ok();
        let doc = act(&agent, &now(&agent, &doc).await, "ask", json!({ "amount": "900" })).await;
        let second = inbox(&director).await;
        let lines = agent.get(&format!("/documents/{}/history", id(&doc))).await.ok();
        let of = |kind: &str| -> Vec<String> {
            let lines = lines.as_array().into_iter().flatten().filter(|l| l["kind"] == kind);
            lines.map(|l| l["text"].as_str().unwrap_or_default().to_string()).collect()
        };
        assert_eq!((of("signed"), of("refused")), (vec!["售服中心主任 意见".to_string()], vec!["品管部经理 太贵".to_string()]));
        let path = format!("/approvals/{}", id(&second[0]));
        let page = director.page(&path).await.text();
        assert!(page.contains("900.00") && page.contains("1,000.00"), "what was asked for before");
        assert!(!page.contains(">状态<"), "where it stands is said once, beside the chain");
        let paper = director.page(&format!("{path}/print")).await.text();
        assert!(paper.contains("其他审批") && paper.contains("太贵"), "the earlier one is on paper too");
        assert!(agent.page(&format!("/documents/{}", id(&doc))).await.text().contains("太贵"));
        act(&agent, &doc, "drop", json!({})).await;
        assert!(has(&history(&agent, &doc).await, "withdrawn"));
        assert!(inbox(&vice).await.is_empty());
    }

    async fn whoever_signs_reads_who_asks_for_what_and_why(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let qa = holder(app, Role::Engineer, "品管部经理").await;
        request(app, &agent, "beyond-guarantee", "600").await;
        let mine = inbox(&qa).await;
        let asked_by = mine[0]["asked_by"].as_str().expect("who asked").to_string();
        assert!(!asked_by.is_empty() && mine[0]["asked_at"].is_string(), "{mine:?}");
        let page = qa.page(&format!("/approvals/{}", id(&mine[0]))).await.text();
        for said in ["申请人", asked_by.as_str(), "用途", "泵", "发起"] {
            assert!(page.contains(said), "{said}: {page}");
        }
        assert!(qa.page("/inbox").await.text().contains(&asked_by));
        let paper = qa.page(&format!("/approvals/{}/print", id(&mine[0]))).await.text();
        for said in ["申请人", asked_by.as_str(), "用途", "泵"] {
            assert!(paper.contains(said), "on paper too, {said}: {paper}");
        }
    }

    async fn whoever_takes_a_post_over_signs(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let first = holder(app, Role::Engineer, "售服中心主任").await;
        let doc = request(app, &agent, "local-purchase", "500").await;
        let waiting = inbox(&first).await;
        // Transfer: the successor has the signature, the predecessor no longer.
        let admin = app.admin().await;
        let second = app.user(Role::Engineer).await;
        let posts = admin.get(&format!("/orgs/{}/posts", app.root)).await.ok();
        let post = posts.as_array().into_iter().flatten().find(|p| p["name"] == "售服中心主任").expect("the post")["id"].clone();
        admin.put(&format!("/staff/{}", first.staff.expect("a person")), json!({ "no_post": true })).await.ok();
        put_on_post(&admin, &second, &post).await;
        assert!(inbox(&first).await.is_empty());
        assert_eq!(inbox(&second).await.len(), 1);
        first.post(&format!("/approvals/{}/sign", id(&waiting[0])), json!({ "approve": true })).await.refused(404);
        sign(&second, &waiting[0], true).await;
        assert_eq!(step(&now(&agent, &doc).await), "ok");
    }

    async fn a_deputy_signs_visibly(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let director = holder(app, Role::Engineer, "售服中心主任").await;
        let deputy = app.user(Role::Engineer).await;
        let admin = app.admin().await;
        let away = json!({ "absent_id": director.staff, "substitute_id": deputy.staff, "from": "2026-11-18T00:00:00Z", "until": "2026-11-25T00:00:00Z", "reason": "出差" });
        let made = admin.post("/acting", away).await;
        assert!(made.status.is_success(), "{}", made.text());
        let doc = request(app, &agent, "local-purchase", "100").await;
        let waiting = inbox(&deputy).await;
        let signed = sign(&deputy, &waiting[0], true).await;
        assert!(signed["seats"][0]["instead_of"].as_str().is_some_and(|name| name.starts_with("测试员")), "{signed}");
        assert_eq!(step(&now(&agent, &doc).await), "ok");
        assert!(has(&told(app, &agent).await, "审批已同意"), "whoever asked hears it");
    }

    /// Where nobody holds the post its role signs; who stands in for that person says so too.
    async fn a_deputy_of_the_role_signs_visibly_and_the_asker_hears_a_refusal(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let manager = app.user(Role::Manager).await;
        let deputy = app.user(Role::Auditor).await;
        let away = json!({ "absent_id": manager.staff, "substitute_id": deputy.staff, "from": "2026-11-18T00:00:00Z", "until": "2026-11-25T00:00:00Z", "reason": "出差" });
        app.admin().await.post("/acting", away).await.ok();
        let doc = request(app, &agent, "local-purchase", "100").await;
        let waiting = inbox(&deputy).await;
        let signed = sign(&deputy, &waiting[0], false).await;
        assert!(signed["seats"][0]["instead_of"].as_str().is_some_and(|name| name.starts_with("测试员")), "{signed}");
        assert_eq!(step(&now(&agent, &doc).await), "not");
        assert!(has(&told(app, &agent).await, "审批被驳回"), "whoever asked hears it");
    }

    async fn the_committee_is_its_posts(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let manager = app.user(Role::Manager).await;
        let qa = holder(app, Role::Engineer, "品管部经理").await;
        let group = manager.get("/committees").await.ok();
        assert_eq!(group[0]["posts"].as_array().map(Vec::len), Some(5), "five posts (N-60)");
        assert_eq!(group[0]["members"][0][0], "品管部经理");
        let doc = request(app, &agent, "working-group", "1").await;
        let waiting = inbox(&qa).await;
        assert_eq!(waiting[0]["seats"].as_array().map(Vec::len), Some(5));
        sign(&qa, &waiting[0], true).await;
        // The four posts that nobody holds are signed by their role, each seat by another person.
        sign(&manager, &waiting[0], true).await;
        assert!(inbox(&manager).await.is_empty());
        let path = format!("/approvals/{}/sign", id(&waiting[0]));
        assert_eq!(manager.post(&path, json!({ "approve": true })).await.refused(422), "approval.twice");
        for _ in 0..3 {
            assert_eq!(step(&now(&agent, &doc).await), "sign");
            sign(&app.user(Role::Manager).await, &waiting[0], true).await;
        }
        assert_eq!(step(&now(&agent, &doc).await), "ok");
        // A company with one manager may let him sign them all.
        let admin = app.admin().await;
        admin.put("/settings", json!({ "key": "documents.approval_one_seat", "value": false })).await.ok();
        let doc = open(&agent, "spend", json!({ "what": "泵", "amount": "1" })).await;
        let waiting = inbox(&qa).await;
        sign(&qa, &waiting[0], true).await;
        for _ in 0..4 {
            sign(&manager, &waiting[0], true).await;
        }
        assert_eq!(step(&now(&agent, &doc).await), "ok");
    }

    async fn nobody_approves_his_own_request(app: TestApp) {
        // The director asks himself: his seat falls to its role, and not to him by any other right.
        let director = app.user_with_roles(&["agent", "manager"], app.root).await;
        let admin = app.admin().await;
        let made = admin.post("/posts", json!({ "org_id": app.root, "name": "售服中心主任" })).await.ok();
        put_on_post(&admin, &director, &made["id"]).await;
        let doc = request(app, &director, "local-purchase", "500").await;
        assert!(inbox(&director).await.is_empty());
        let manager = app.user(Role::Manager).await;
        let waiting = inbox(&manager).await;
        let path = format!("/approvals/{}/sign", id(&waiting[0]));
        assert_eq!(director.post(&path, json!({ "approve": true })).await.refused(422), "approval.own");
        sign(&manager, &waiting[0], true).await;
        assert_eq!(step(&now(&director, &doc).await), "ok");
        // Also who may act for anybody.
        let boss = app.user_with_roles(&["agent", "admin"], app.root).await;
        let doc = open(&boss, "spend", json!({ "what": "油", "amount": "1" })).await;
        let waiting = inbox(&director).await;
        let path = format!("/approvals/{}/sign", id(&waiting[0]));
        assert_eq!(boss.post(&path, json!({ "approve": true })).await.refused(422), "approval.own");
        sign(&director, &waiting[0], true).await;
        assert_eq!(step(&now(&boss, &doc).await), "ok");
    }

    async fn whoever_applies_does_not_approve(app: TestApp) {
        // The agent opens it, the director applies: his seat is not his (P-19).
        let two = REQUEST.replace("SCHEME", "local-purchase").replace("start = \"sign\"", "start = \"draft\"")
            .replace("steps = [", "steps = [\n  { key = \"draft\", name = \"草稿\", macro = \"new\", who = [\"role:agent\", \"role:engineer\"] },")
            .replace("moves = [", "moves = [\n  { act = \"ask\", name = \"申请\", from = [\"draft\"], to = \"sign\" },\n  { act = \"off\", name = \"撤\", from = [\"draft\"], to = \"not\", kind = \"cancel\" },");
        let admin = app.admin().await;
        let made = admin.post("/process-templates", json!({ "source": two })).await.ok();
        admin.post(&format!("/process-templates/{}/activate", id(&made)), json!({})).await.ok();
        let agent = app.user(Role::Agent).await;
        let director = holder(app, Role::Engineer, "售服中心主任").await;
        let manager = app.user(Role::Manager).await;
        let doc = open(&agent, "spend", json!({ "what": "泵", "amount": "500" })).await;
        act(&director, &doc, "ask", json!({})).await;
        assert!(inbox(&director).await.is_empty());
        let waiting = inbox(&manager).await;
        let path = format!("/approvals/{}/sign", id(&waiting[0]));
        assert_eq!(director.post(&path, json!({ "approve": true })).await.refused(422), "approval.own");
        sign(&manager, &waiting[0], true).await;
        assert_eq!(step(&now(&agent, &doc).await), "ok");
    }

    async fn three_reminders_in_vain_reach_the_post_above(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let admin = app.admin().await;
        let chief = holder(app, Role::Engineer, "总经理").await;
        let posts = admin.get(&format!("/orgs/{}/posts", app.root)).await.ok();
        let above = posts.as_array().into_iter().flatten().find(|p| p["name"] == "总经理").expect("the post")["id"].clone();
        let director = app.user(Role::Engineer).await;
        let made = admin.post("/posts", json!({ "org_id": app.root, "name": "售服中心主任", "superior_id": above })).await.ok();
        put_on_post(&admin, &director, &made["id"]).await;
        request(app, &agent, "local-purchase", "500").await;
        // A reminder when a working day is over, then again.
        for days in [2, 4] {
            pass(app, days * 24 * 60).await;
        }
        assert!(has(&told(app, &director).await, "审批催办") && told(app, &chief).await.is_empty(), "two reminders");
        pass(app, 2 * 24 * 60).await;
        assert!(has(&told(app, &chief).await, "审批久未签：售服中心主任"), "three (DOC-21)");
        assert!(inbox(&chief).await.is_empty(), "he hears of it, he does not sign");
    }

    async fn a_new_matrix_counts_for_new_requests_only(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let director = holder(app, Role::Engineer, "售服中心主任").await;
        let chief = holder(app, Role::Engineer, "总经理").await;
        let old = request(app, &agent, "local-purchase", "100").await;
        let admin = app.admin().await;
        let bands = json!([{ "up_to": null, "stages": [{ "signers": [{ "post": "总经理", "role": "admin" }] }] }]);
        let bad = json!({ "code": "local-purchase", "name": "x", "bands": [{ "up_to": 100, "stages": [] }] });
        assert_eq!(admin.post("/approval-schemes", bad).await.refused(422), "approval.bands");
        admin.post("/approval-schemes", json!({ "code": "local-purchase", "name": "当地采购", "bands": bands, "effective_from": "2026-11-20T00:00:00Z" })).await.ok();
        let still = open(&agent, "spend", json!({ "what": "油", "amount": "1" })).await;
        pass(app, 3 * 24 * 60).await;
        let new = open(&agent, "spend", json!({ "what": "油", "amount": "1" })).await;
        assert_eq!(inbox(&director).await.len(), 2);
        assert_eq!(inbox(&chief).await.len(), 1);
        let due = inbox(&chief).await;
        sign(&chief, &due[0], true).await;
        assert_eq!((step(&now(&agent, &new).await), step(&now(&agent, &old).await), step(&now(&agent, &still).await)), ("ok", "sign", "sign"));
        // Reminders came meanwhile.
        assert!(has(&told(app, &director).await, "审批催办"));
    }
}
