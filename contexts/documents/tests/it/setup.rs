//! Matrices, committees and templates set up on pages, without the API; parties of a process route its work.

use kit::Role;
use serde_json::{Value, json};
use testkit::{Client, app_test};

use crate::world::*;

fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

async fn newest(by: &Client, code: &str) -> Value {
    let all = by.get("/approval-schemes").await.ok();
    all.as_array()
        .into_iter()
        .flatten()
        .find(|s| s["code"] == code)
        .unwrap_or_else(|| panic!("{code} in {all}"))
        .clone()
}

/// A process whose steps name nobody.
const PARTIES: &str = r#"
code = "three-guarantees"
name = "三包服务"
number = "SB"
title = "{what} {cover}"
open = ["role:agent"]
asks = ["what", "cover?"]
start = "work"
manages = ["post:branch"]
executes = ["role:outlet"]
supports = ["role:auditor"]
posts = [{ key = "branch", name = "销售分公司经理", role = "manager" }]
fields = [{ key = "what", name = "事项" }, { key = "cover", name = "保修", type = "choice", options = ["in=保内|in warranty", "out=保外|out of warranty"] }]
steps = [
  { key = "work", name = "执行", macro = "in_progress" },
  { key = "appraise", name = "鉴定", macro = "in_progress", who = ["party:supports"] },
  { key = "done", name = "完成", macro = "closed", end = true },
]
moves = [
  { act = "finish", name = "送鉴定", from = ["work"], to = "appraise" },
  { act = "agree", name = "同意", from = ["appraise"], to = "done" },
]
triggers = [{ key = "tell", on = "enter:appraise", make = "notice", text = "{what} 待鉴定" }]
"#;

app_test! {
    async fn a_matrix_is_written_in_a_form(app: TestApp) {
        let admin = app.admin().await;
        let page = admin.page("/approval-schemes").await;
        assert!(page.text().contains("现行") && page.text().contains("新建方案"), "{}", page.text());
        let old = newest(&admin, "local-purchase").await;
        let page = admin.page(&format!("/approval-schemes/new?copy={}", id(&old))).await;
        assert!(page.text().contains("local-purchase") && page.text().contains("bands.0.stages"), "{}", page.text());
        let good = [
            ("code", "local-purchase"), ("name", "当地采购"), ("effective_from", "2026-11-20T08:00"),
            ("bands.0.up_to", "800.50"), ("bands.0.inclusive", "on"), ("bands.0.stages", "办事处主任 / 售服员@agent"),
            ("bands.1.up_to", ""), ("bands.1.stages", "办事处主任 + 售服中心主任@服务经理\n[working-group]"),
            ("bands.2.up_to", ""), ("bands.2.stages", ""),
        ];
        let made = admin.form("/approval-schemes/new", &form(&good)).await;
        assert!(made.status.is_redirection() || made.status.is_success(), "{}", made.text());
        let new = newest(&admin, "local-purchase").await;
        assert_eq!(new["number"].as_i64(), old["number"].as_i64().map(|n| n + 1));
        assert_eq!(new["effective_from"], "2026-11-20T00:00:00Z");
        assert_eq!((&new["bands"][0]["up_to"], &new["bands"][0]["inclusive"], &new["bands"][0]["stages"][0]["any"]), (&json!(80_050), &json!(true), &json!(true)));
        assert_eq!(new["bands"][1]["stages"][0]["signers"][1], json!({ "post": "售服中心主任", "role": "manager" }));
        assert_eq!(new["bands"][1]["stages"][1]["committee"], "working-group");
        let wrong = |name: &str, value: &str| {
            let mut fields: Vec<(&str, &str)> = good.iter().copied().filter(|(n, _)| *n != name).collect();
            fields.push((name, value));
            form(&fields)
        };
        let cases = [
            ("bands.0.stages", "主任@皇帝", "没有角色“皇帝”"),
            ("bands.0.stages", "a + b / c", "不能同时用"),
            ("bands.0.up_to", "", "最后一档不限金额"),
            ("bands.0.up_to", "many", "bands.0.up_to"),
            ("bands.1.stages", "", "最后一档不限金额"),
            ("effective_from", "2020-01-01T00:00", "不能早于现在"),
            ("code", "A B", "代码只含小写字母"),
        ];
        for (name, value, told) in cases {
            let answer = admin.form("/approval-schemes/new", &wrong(name, value)).await;
            assert_eq!(answer.status, 422, "{name}={value}: {}", answer.text());
            assert!(answer.text().contains(told), "{name}={value}: {}", answer.text());
        }
        let agent = app.user(Role::Agent).await;
        assert_eq!(agent.form("/approval-schemes/new", &form(&good)).await.status, 403);
    }

    async fn a_committee_is_written_in_a_form(app: TestApp) {
        let admin = app.admin().await;
        let page = admin.page("/committees/edit?code=working-group").await;
        assert!(page.text().contains("品管部经理"), "{}", page.text());
        let fields = [("code", "safety"), ("name", "安全小组"), ("posts", "安全员@engineer\n售服中心主任")];
        let made = admin.form("/committees/edit", &form(&fields)).await;
        assert!(made.status.is_redirection() || made.status.is_success(), "{}", made.text());
        let all = admin.get("/committees").await.ok();
        let safety = all.as_array().into_iter().flatten().find(|c| c["code"] == "safety").expect("it is there").clone();
        assert_eq!(safety["posts"], json!([{ "post": "安全员", "role": "engineer" }, { "post": "售服中心主任", "role": "manager" }]));
        let bad = admin.form("/committees/edit", &form(&[("code", "safety"), ("name", ""), ("posts", "")])).await;
        assert_eq!(bad.status, 422);
        assert!(bad.text().contains("请填写岗位") && bad.text().contains("请填写名称"), "{}", bad.text());
        assert_eq!(admin.page("/committees/edit?code=nothing").await.status, 404);
    }

    async fn parties_route_the_work_of_a_process(app: TestApp) {
        let admin = app.admin().await;
        let made = admin.post("/process-templates", json!({ "source": PARTIES })).await.ok();
        assert_eq!(made["faults"], json!([]), "{made}");
        admin.post(&format!("/process-templates/{}/activate", id(&made)), json!({})).await.ok();
        let page = admin.page(&format!("/process-templates/{}", id(&made))).await;
        for word in ["归口管理", "销售分公司经理", "支持与鉴定方", "网点"] {
            assert!(page.text().contains(word), "{word}: {}", page.text());
        }
        let (agent, outlet, auditor) = (app.user(Role::Agent).await, app.user(Role::Outlet).await, app.user(Role::Auditor).await);
        let branch = holder(app, Role::Engineer, "销售分公司经理").await;
        let doc = open(&agent, "three-guarantees", json!({ "what": "曲轴", "cover": "in" })).await;
        let act = |act: &str| json!({ "act": act });
        // The line that names it holds the option in the reader's language.
        for (lang, title) in [("zh-CN", "曲轴 保内"), ("en", "曲轴 in warranty")] {
            let one = format!("/api/v1/documents/{}", id(&doc));
            let seen = agent.send(http::Method::GET, &one, &[("accept-language", lang)], Vec::new()).await.json();
            assert_eq!(seen["title"], title, "{seen}");
            let list = agent.send(http::Method::GET, "/documents", &[("accept-language", lang), ("accept", "text/html")], Vec::new()).await;
            assert!(list.text().contains(title), "{lang}");
        }
        let path = format!("/documents/{}/act", id(&doc));
        assert_eq!(auditor.post(&path, act("finish")).await.refused(422), "process.who_may");
        outlet.post(&path, act("finish")).await.ok();
        assert!(has(&told(app, &branch).await, "曲轴 待鉴定"), "the managing party hears of it");
        assert_eq!(outlet.post(&path, act("agree")).await.refused(422), "process.who_may");
        auditor.post(&path, act("agree")).await.ok();
        let bad = admin.post("/process-templates/check", json!({ "source": PARTIES.replace("supports = [\"role:auditor\"]", "") })).await.ok();
        assert_eq!(bad["faults"][0]["code"], "process.no_party", "{bad}");
        // The form view writes what the text says.
        let draft = admin.post("/process-templates", json!({ "source": PARTIES })).await.ok();
        let ladder = [("values.key", "slow"), ("values.name", "慢"), ("values.from", "create"), ("values.span", "4h"), ("values.ladder", "| role:agent\n2h | party:manages")];
        let at = format!("/process-templates/{}/items/timers/0", id(&draft));
        assert!(admin.page(&at).await.text().contains("values.ladder"));
        let made = admin.form(&at, &form(&ladder)).await;
        assert!(made.status.is_redirection() || made.status.is_success(), "{}", made.text());
        let now = admin.get(&format!("/process-templates/{}", id(&draft))).await.ok();
        assert!(now["source"].as_str().is_some_and(|s| s.contains("party:manages") && s.contains("after = \"2h\"")), "{now}");
        assert_eq!(now["faults"], json!([]), "{now}");
    }
}
