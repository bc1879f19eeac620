//! Templates as things that change: drafts, checks, dates, differences, dry runs; broken ones do no harm.

use kit::Role;
use serde_json::{Value, json};
use testkit::{Client, app_test};

use crate::world::*;

const NOTE: &str = r#"
code = "note"
name = "便条"
number = "BT"
title = "{what}"
open = ["role:agent"]
asks = ["what"]
start = "todo"
fields = [{ key = "what", name = "事项" }, { key = "amount", name = "金额", type = "money" }]
steps = [
  { key = "todo", name = "待办", macro = "new", who = ["role:agent"], asks = ["amount?"] },
  { key = "done", name = "完成", macro = "closed", end = true },
]
moves = [{ act = "finish", name = "完成", from = ["todo"], to = "done" }]
timers = [{ key = "limit", name = "时限", from = "create", span = "24h" }]
"#;

async fn draft(admin: &Client, source: &str) -> Value {
    admin.post("/process-templates", json!({ "source": source })).await.ok()
}

async fn activate(admin: &Client, made: &Value, from: Option<&str>) -> Value {
    admin.post(&format!("/process-templates/{}/activate", id(made)), json!({ "from": from })).await.ok()
}

app_test! {
    async fn a_choice_that_the_newest_version_has_no_more_can_still_be_filtered_by(app: TestApp) {
        let admin = app.admin().await;
        let agent = app.user(Role::Agent).await;
        let cover = r#"{ key = "cover", name = "保修", type = "choice", options = ["in=保内|in", "out=保外|out"] }"#;
        let source = NOTE
            .replace(r#"{ key = "amount", name = "金额", type = "money" }"#, cover)
            .replace("amount?", "cover?")
            .replace(r#"asks = ["what"]"#, r#"asks = ["what", "cover"]"#);
        activate(&admin, &draft(&admin, &source).await, None).await;
        open(&agent, "note", json!({ "what": "a", "cover": "out" })).await;
        open(&agent, "note", json!({ "what": "b", "cover": "in" })).await;
        let found = async || {
            let rows = agent.get("/documents/of/note?filter=f_cover~in~out").await.ok();
            rows["items"].as_array().map(Vec::len)
        };
        assert_eq!(found().await, Some(1));
        activate(&admin, &draft(&admin, &source.replace(r#", "out=保外|out""#, "")).await, None).await;
        assert_eq!(found().await, Some(1));
    }
}

app_test! {
    async fn what_comes_with_the_product_is_shown_without_warnings_and_in_the_readers_language(app: TestApp) {
        let admin = app.admin().await;
        let list = admin.get("/process-templates?limit=100").await.ok();
        let items = list["items"].as_array().cloned().unwrap_or_default();
        assert!(items.len() > 15, "the shipped ones");
        for item in items {
            let path = format!("/process-templates/{}", id(&item));
            let out = admin.get(&path).await.ok();
            assert_eq!(out["warnings"], json!([]), "{}", out["code"]);
        }
        let path = format!("/process-templates/{}", id(&admin.get("/process-templates?limit=100").await.ok()["items"][0]));
        let page = admin.send(http::Method::GET, &path, &[("accept", "text/html"), ("cookie", "lang=en")], Vec::new()).await.text();
        assert!(page.contains("Comes with the product") && !page.contains("随产品提供"), "the card of versions");
    }
}

app_test! {
    async fn running_documents_keep_their_version_and_say_why(app: TestApp) {
        let admin = app.admin().await;
        let agent = app.user(Role::Agent).await;
        let first = draft(&admin, NOTE).await;
        agent.post("/documents", json!({ "template": "note", "fields": { "what": "a" } })).await.refused(404);
        activate(&admin, &first, None).await;
        let old = open(&agent, "note", json!({ "what": "旧" })).await;
        let second = draft(&admin, &NOTE.replace("24h", "8wh")).await;
        assert_eq!(second["number"], 2);
        activate(&admin, &second, Some("2026-11-19T00:00:00Z")).await;
        let still = open(&agent, "note", json!({ "what": "还" })).await;
        assert_eq!(still["template_number"], 1, "not before its date");
        pass(app, 24 * 60).await;
        let new = open(&agent, "note", json!({ "what": "新" })).await;
        assert_eq!((new["template_number"].as_i64(), now(&agent, &old).await["template_number"].as_i64()), (Some(2), Some(1)));
        let why = clock(&agent, &old, "limit").await;
        assert_eq!((why["due_at"].as_str(), why["explained"][0].as_str()), (Some("2026-11-19T01:00:00Z"), Some("24 小时")));
        assert_eq!(clock(&agent, &new, "limit").await["explained"][0], "8 工作小时");
        // Taken back: the first counts again for new ones.
        admin.post(&format!("/process-templates/{}/retire", id(&second)), json!({})).await.ok();
        assert_eq!(open(&agent, "note", json!({ "what": "再" })).await["template_number"], 1);
        assert_eq!(now(&agent, &new).await["template_number"], 2);
        // What ran under a version is not rewritten.
        let body = json!({ "source": NOTE });
        assert_eq!(admin.put(&format!("/process-templates/{}", id(&first)), body).await.refused(422), "template.not_draft");
        let past = json!({ "from": "2026-01-01T00:00:00Z" });
        let third = draft(&admin, NOTE).await;
        assert_eq!(admin.post(&format!("/process-templates/{}/activate", id(&third)), past).await.refused(422), "template.past");
        agent.post("/process-templates", json!({ "source": NOTE })).await.refused(403);
    }

    async fn broken_templates_are_refused_with_line_and_field(app: TestApp) {
        let admin = app.admin().await;
        let check = |source: String| {
            let admin = admin.clone();
            async move { admin.post("/process-templates/check", json!({ "source": source })).await.ok() }
        };
        assert_eq!(check(NOTE.into()).await["ok"], true);
        let cases = [
            (r#"to = "done""#, r#"to = "gone""#, "process.no_step", "moves[finish].to", 14),
            (r#"who = ["role:agent"], asks"#, r#"who = ["role:nobody"], asks"#, "process.no_role", "steps[todo].who", 11),
            (r#"who = ["role:agent"], asks"#, r#"who = ["post:head"], asks"#, "process.no_post", "steps[todo].who", 11),
            (r#"asks = ["what"]"#, r#"asks = ["wat"]"#, "process.no_field", "asks", 7),
            (r#"from = ["todo"], to"#, r#"from = ["todo"], when = "f.amount >", to"#, "process.expr_syntax", "moves[finish].when", 14),
            (r#"from = ["todo"], to"#, r#"from = ["todo"], when = "f.cost > 1", to"#, "process.expr_name", "moves[finish].when", 14),
            (r#"from = ["todo"], to"#, r#"from = ["todo"], when = "[1,2].all(a, [1,2].all(b, a == b))", to"#, "process.expr_costly", "moves[finish].when", 14),
            (r#"span = "24h""#, r#"span = "soon""#, "span.form", "timers[limit].span", 15),
            (r#"macro = "new""#, r#"macro = "newish""#, "process.form", "", 11),
        ];
        for (from, to, code, field, line) in cases {
            let found = check(NOTE.replace(from, to)).await;
            let fault = &found["faults"][0];
            assert_eq!((fault["code"].as_str(), fault["line"].as_i64()), (Some(code), Some(line)), "{to}: {found}");
            if !field.is_empty() {
                assert_eq!(fault["field"], field);
            }
        }
        // Steps nobody reaches, that lead nowhere, and triggers that never stop.
        let island = NOTE.replace("  { key = \"done\"", "  { key = \"island\", name = \"岛\", macro = \"waiting\", who = [\"role:agent\"] },\n  { key = \"done\"");
        let found = check(island).await.to_string();
        assert!(found.contains("process.unreachable") && found.contains("process.dead_end"), "{found}");
        let endless = format!("{NOTE}triggers = [{{ key = \"again\", on = \"create\", make = \"document\", what = \"note\", copy = [\"what=what\"] }}]\n");
        let found = check(endless.clone()).await;
        assert_eq!((found["faults"][0]["code"].as_str(), found["faults"][0]["line"].as_i64()), (Some("process.endless"), Some(16)));
        // It can be kept as a draft, but it never counts.
        let made = draft(&admin, &endless).await;
        assert_eq!(admin.post(&format!("/process-templates/{}/activate", id(&made)), json!({})).await.refused(422), "template.faults");
        // Two templates that make each other are no better than one.
        let ping = NOTE.replace("\"note\"", "\"ping\"") + "triggers = [{ key = \"t\", on = \"create\", make = \"document\", what = \"pong\", copy = [\"what=what\"] }]\n";
        let pong = NOTE.replace("\"note\"", "\"pong\"") + "triggers = [{ key = \"t\", on = \"create\", make = \"document\", what = \"ping\", copy = [\"what=what\"] }]\n";
        let ping = draft(&admin, &ping).await;
        activate(&admin, &ping, None).await;
        let pong = draft(&admin, &pong).await;
        assert_eq!(admin.post(&format!("/process-templates/{}/activate", id(&pong)), json!({})).await.refused(422), "template.faults");
    }

    async fn what_can_only_fail_at_run_time_is_stopped_without_harm(app: TestApp) {
        let admin = app.admin().await;
        let agent = app.user(Role::Agent).await;
        // Makes a document of a template that is not there: refused as a whole.
        let source = format!("{NOTE}triggers = [{{ key = \"t\", on = \"act:finish\", make = \"document\", what = \"absent\" }}]\n");
        let made = draft(&admin, &source).await;
        activate(&admin, &made, None).await;
        let doc = open(&agent, "note", json!({ "what": "x" })).await;
        assert_eq!(agent.post(&format!("/documents/{}/act", id(&doc)), json!({ "act": "finish" })).await.refused(422), "document.no_template");
        assert_eq!((now(&agent, &doc).await["version"].as_i64(), history(&agent, &doc).await.len()), (doc["version"].as_i64(), 1));
        // Divides by nothing: the move is refused, the document stays.
        let source = NOTE.replace("from = [\"todo\"], to", "from = [\"todo\"], when = \"f.amount == 0 ? true : 100 / (f.amount - f.amount) > 1\", to");
        let made = draft(&admin, &source).await;
        activate(&admin, &made, None).await;
        let doc = open(&agent, "note", json!({ "what": "x" })).await;
        assert_eq!(refused(&agent, &doc, "finish", json!({ "amount": "1" })).await, "process.expr_failed");
        assert_eq!(step(&now(&agent, &doc).await), "todo");
    }

    async fn what_a_made_document_lacks_is_asked_at_its_first_step(app: TestApp) {
        let w = world(app).await;
        let with = |what: &str, copy: &str| format!("{NOTE}triggers = [{{ key = \"t\", on = \"create\", make = \"document\", what = \"{what}\", copy = [{copy}] }}]\n");
        let check = async |source: String| w.admin.post("/process-templates/check", json!({ "source": source })).await.ok();
        let found = check(with("front-desk-repair", "\"client=what\"")).await;
        assert_eq!((found["ok"].as_bool(), found["faults"][0]["code"].as_str(), found["faults"][0]["line"].as_i64()), (Some(false), Some("process.copy"), Some(16)), "{found}");
        let found = check(with("absent", "")).await;
        assert_eq!((found["ok"].as_bool(), found["warnings"][0]["code"].as_str()), (Some(true), Some("process.no_template")), "{found}");
        let source = with("front-desk-repair", "\"customer=what\"");
        assert_eq!(check(source.clone()).await["warnings"], json!([]));
        activate(&w.admin, &draft(&w.admin, &source).await, None).await;
        open(&w.agent, "note", json!({ "what": "王芳" })).await;
        let made = w.agent.get("/documents?filter=code~eq~front-desk-repair").await.ok()["items"][0].clone();
        let made = now(&w.agent, &made).await;
        assert_eq!((step(&made), made["fields"]["customer"].as_str()), ("to_repair", Some("王芳")));
        let technician = json!({ "technician": w.engineer.staff });
        assert_eq!(refused(&w.dispatcher, &made, "start", technician).await, "process.needed", "nobody was there to be asked at its opening");
        let all = json!({ "technician": w.engineer.staff, "phone": "1", "product": "打印机", "fault": "卡纸", "accessories": "无", "warranty": "in" });
        assert_eq!(step(&act(&w.dispatcher, &made, "start", all).await), "repairing");
    }

    async fn a_dry_run_shows_what_would_change(app: TestApp) {
        let admin = app.admin().await;
        let agent = app.user(Role::Agent).await;
        let first = draft(&admin, NOTE).await;
        activate(&admin, &first, None).await;
        for amount in ["10", "", "30"] {
            let doc = open(&agent, "note", json!({ "what": "x" })).await;
            act(&agent, &doc, "finish", json!({ "amount": amount })).await;
        }
        let stricter = NOTE.replace("from = [\"todo\"], to", "from = [\"todo\"], when = \"f.amount > 0\", when_text = \"请填金额\", to");
        let second = draft(&admin, &stricter).await;
        let run = admin.post(&format!("/process-templates/{}/dry-run", id(&second)), json!({})).await.ok();
        assert_eq!((run["documents"].as_i64(), run["same"].as_i64()), (Some(3), Some(2)), "{run}");
        assert!(run.to_string().contains("请填金额"));
        assert_eq!((run["due_changed"].as_i64(), &run["others"]), (Some(0), &Value::Null));
        // A clock of another length: every document would have been due at another time.
        let slower = draft(&admin, &NOTE.replace("24h", "48h")).await;
        let run = admin.post(&format!("/process-templates/{}/dry-run", id(&slower)), json!({})).await.ok();
        assert_eq!((run["same"].as_i64(), run["due_changed"].as_i64()), (Some(3), Some(3)));
        let due = &run["replays"][0]["dues"][0];
        assert_eq!((due["timer"].as_str(), due["was"].as_str(), due["now"].as_str()), (Some("limit"), Some("2026-11-19T01:00:00Z"), Some("2026-11-20T01:00:00Z")));
        // A type that nobody used yet is tried on what followed other steps, as far as that is known.
        let memo = NOTE.replace("code = \"note\"", "code = \"memo\"").replace("asks = [\"amount?\"]", "asks = [\"amount\"]");
        let fresh = draft(&admin, &memo).await;
        let run = admin.post(&format!("/process-templates/{}/dry-run", id(&fresh)), json!({})).await.ok();
        let others = &run["others"];
        assert_eq!((run["documents"].as_i64(), others["looked_at"].as_i64(), others["replayed"].as_i64(), others["through"].as_i64()), (Some(0), Some(3), Some(3), Some(3)), "{run}");
        let asked: Vec<usize> = others["replays"].as_array().into_iter().flatten().map(|r| r["asked"].as_array().map_or(0, Vec::len)).collect();
        assert_eq!(asked.iter().sum::<usize>(), 1, "the one without an amount would have been asked for it");
        let page = admin.page(&format!("/process-templates/{}/dry-run", id(&fresh))).await.text();
        assert!(page.contains("能重放") && page.contains("金额"), "{page}");
        let unfit = memo.replace("code = \"memo\"", "code = \"memo-two\"").replace("asks = [\"what\"]", "asks = [\"what\", \"colour\"]")
            .replace("{ key = \"what\", name = \"事项\" }", "{ key = \"what\", name = \"事项\" }, { key = \"colour\", name = \"颜色\" }");
        let fresh = draft(&admin, &unfit).await;
        let run = admin.post(&format!("/process-templates/{}/dry-run", id(&fresh)), json!({})).await.ok();
        let others = &run["others"];
        assert_eq!((others["replayed"].as_i64(), others["unfit"][0]["count"].as_i64(), others["unfit"][0]["why"].as_str()), (Some(0), Some(3), Some("颜色")), "{run}");
        let diff = admin.get(&format!("/process-templates/{}/diff/{}", id(&first), id(&second))).await.ok();
        let paths: Vec<&str> = diff["changes"].as_array().into_iter().flatten().filter_map(|c| c["path"].as_str()).collect();
        assert_eq!(paths, ["moves[finish<todo].when", "moves[finish<todo].when_text"]);
    }

    async fn a_document_type_of_ones_own_makes_a_requisition(app: TestApp) {
        // DOC-04: creating a certain repair document generates the requisition at once and adds the survey to it.
        let admin = app.admin().await;
        let agent = app.user(Role::Agent).await;
        let source = NOTE
            .replace("code = \"note\"", "code = \"field-repair\"")
            .replace("asks = [\"amount?\"] }", "asks = [\"amount?\"], surveys = [\"quality\"] }")
            + "surveys = [{ key = \"quality\", name = \"质量\", questions = [{ key = \"mark\", name = \"打分\" }] }]\n\
               triggers = [{ key = \"parts\", on = \"create\", make = \"requisition\", text = \"{what} 配件工具\" }]\n\
               prints = [{ key = \"sheet\", name = \"维修单\", surveys = [\"quality\"] }]\n";
        let made = draft(&admin, &source).await;
        activate(&admin, &made, None).await;
        let doc = open(&agent, "field-repair", json!({ "what": "水泵" })).await;
        assert!(has(&history(&agent, &doc).await, "saved requisition"));
        assert_eq!(refused(&agent, &doc, "finish", json!({})).await, "process.survey");
        let doc = save(&agent, &doc, json!({ "answers": { "quality": { "mark": 4 } } })).await;
        act(&agent, &doc, "finish", json!({})).await;
        // It is listed, found and exported like any other.
        let list = agent.get("/documents?filter=code~eq~field-repair").await.ok();
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
        let own = agent.get("/documents/of/field-repair?filter=f_what~eq~水泵&columns=no,f_what,f_amount").await.ok();
        assert_eq!((own["items"].as_array().map(Vec::len), own["items"][0]["f_what"].as_str()), (Some(1), Some("水泵")), "{own}");
        let manager = app.user(Role::Manager).await;
        let csv = manager.get("/documents/of/field-repair/export?format=csv").await;
        assert!(csv.text().contains("水泵") && csv.status.is_success(), "{}", csv.text());
        let view = json!({ "name": "大额", "filter": "f_amount~gte~100", "shared": false });
        agent.post("/documents/of/field-repair/views", view).await.ok();
        assert_eq!(agent.get("/documents/of/field-repair/views").await.ok()[0]["name"], "大额");
        assert_eq!(agent.page("/documents/of/field-repair").await.status, 200);
        agent.get("/documents/of/nothing").await.refused(404);
        let list = agent.get("/documents?q=水泵").await.ok();
        assert_eq!(list["items"][0]["title"], "水泵");
        let elsewhere = app.outlet("外地").await;
        let far = app.user_in(Role::Agent, elsewhere).await;
        assert_eq!(far.get("/documents").await.ok()["items"].as_array().map(Vec::len), Some(0));
        far.get(&format!("/documents/{}", id(&doc))).await.refused(404);
    }

    async fn a_type_of_ones_own_begins_in_a_form(app: TestApp) {
        let admin = app.admin().await;
        let begin = |code: &str, copy: &str| {
            let (admin, body) = (admin.clone(), json!({ "code": code, "name": "巡检", "number": "XJ", "copy": copy }));
            async move { admin.post("/process-templates/begin", body).await }
        };
        assert_eq!(begin("巡检", "").await.refused(422), "template.code");
        assert_eq!(begin("car-4s", "").await.refused(422), "template.taken");
        begin("patrol", "nowhere").await.refused(404);
        let blank = begin("patrol", "").await.ok();
        assert_eq!((blank["code"].as_str(), blank["faults"].as_array().map(Vec::len)), (Some("patrol"), Some(0)));
        let copy = begin("patrol-two", "furniture-delivery").await.ok();
        assert_eq!((copy["code"].as_str(), copy["name"].as_str(), copy["number"].as_i64()), (Some("patrol-two"), Some("巡检"), Some(1)));
        // The form of the head has the code: a copied version becomes another type without a text.
        let path = format!("/process-templates/{}/items/head/0", id(&copy));
        let page = admin.page(&path).await.text();
        assert!(page.contains("values.code") && page.contains("values.reads"), "{page}");
        let changed = copy["source"].as_str().expect("a text").replace(r#"code = "patrol-two""#, r#"code = "patrol-three""#);
        let moved = admin.put(&format!("/process-templates/{}", id(&copy)), json!({ "source": changed })).await.ok();
        assert_eq!((moved["code"].as_str(), moved["number"].as_i64()), (Some("patrol-three"), Some(1)));
        // A step is saved by its form as the page has it, inner tables and all.
        let step = format!("/process-templates/{}/items/steps/0", id(&copy));
        let page = admin.page(&step).await.text();
        assert!(page.contains("values.approval:scheme"), "{page}");
        // What the template knows by name is there to pick from: nobody writes its language by heart.
        assert!(page.contains(r#"<option value="role:agent">"#), "{page}");
        let trigger = admin.page(&format!("/process-templates/{}/items/triggers/0", id(&copy))).await.text();
        assert!(trigger.contains(r#"<option value="create">"#) && trigger.contains(r#"<option value="enter:"#), "{trigger}");
        let saved = admin.form(&step, "values.key=contract&values.name=合同审核&values.macro=new&values.who=role:agent&values.approval%3Ascheme=local-purchase&values.approval%3Aamount=1&values.approval%3Aapproved=contract&values.approval%3Arejected=contract").await;
        assert!(saved.status.is_redirection() || saved.status.is_success(), "{}", saved.text());
        let source = admin.get(&format!("/process-templates/{}", id(&copy))).await.ok()["source"].clone();
        assert!(source.as_str().is_some_and(|text| text.contains("合同审核") && text.contains(r#"scheme = "local-purchase""#)), "{source}");
        let page = admin.page("/process-templates/new").await.text();
        assert!(page.contains("/process-templates/begin") && page.contains("furniture-delivery"), "{page}");
        let form = admin.form("/process-templates/begin", "code=visit&name=拜访&number=BF&copy=").await;
        assert!(form.status.is_redirection() || form.status.is_success(), "{}", form.text());
        assert_eq!(admin.get("/process-templates/of/visit").await.ok()[0]["state"], "draft");
    }
}
