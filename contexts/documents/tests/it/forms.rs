//! A document type of one's own, written in the forms of the template alone (P-10, DOC-19).

use serde_json::json;

use crate::world::{act, check, clock, id, open, prove, refused, save, step, tasks, told, world};

testkit::app_test! {
    async fn every_kind_of_item_is_written_in_its_form_and_works(app: TestApp) {
        let w = world(app).await;
        let body = json!({ "code": "patrol", "name": "巡检", "number": "XJ" });
        let made = w.admin.post("/process-templates/begin", body).await.ok();
        let items = [
            ("posts/0", "key=lead&name=班长&name_en=Leader&role=manager"),
            ("fields/2", "key=level&name=等级&name_en=Level&type=choice&options=a%3D甲|A%0Ab%3D乙|B&list=true"),
            ("checklists/0", "key=look&name=外观检查&name_en=Looks&all_ok=true&items=漏油|Leaks%0A异响|Noise"),
            ("evidence/0", "key=pic&name=现场照片&name_en=Picture&kind=photo&least=1"),
            ("surveys/0", "key=ask&name=意见&questions=happy | 满意吗 | Happy? | score"),
            ("steps/2", "key=work&name=巡检中&name_en=On patrol&macro=in_progress&who=role:agent&asks=level&checklists=look&evidence=pic&surveys=ask"),
            ("moves/0", "act=finish&name=完成&from=work&to=done"),
            ("moves/1", "act=start&name=开始&from=todo&to=work"),
            ("moves/2", "act=back&name=退回&from=work&to=todo&kind=rework&reasons=填错|Wrong%0A漏项|Missed"),
            ("messages/0", "key=tell&name=告知&text=您的{subject}已安排&steps=work"),
            ("timers/1", "key=patrol&name=两小时&from=enter:work&until=leave:work&span=2h&ladder= | post:lead%0A1h | role:admin"),
            ("triggers/0", "key=inform&on=act:start&make=task&who=post:lead&text={subject}已开始|{subject} has begun&stays=true"),
            ("prints/0", "key=sheet&name=巡检单&fields=subject，level&checklists=look&sign=班长|Leader"),
        ];
        for (item, words) in items {
            let path = format!("/process-templates/{}/items/{item}", id(&made));
            let page = w.admin.page(&path).await.text();
            assert!(page.contains("values."), "{item}: {page}");
            let words: Vec<String> = words.split('&').map(|pair| format!("values.{pair}")).collect();
            let saved = w.admin.form(&path, &words.join("&").replace(' ', "+")).await;
            assert!(saved.status.is_redirection() || saved.status.is_success(), "{item}: {}", saved.text());
        }
        let made = w.admin.get(&format!("/process-templates/{}", id(&made))).await.ok();
        assert_eq!(made["faults"].as_array().map(Vec::len), Some(0), "{made}");
        let form = w.admin.page(&format!("/process-templates/{}?view=form", id(&made))).await.text();
        for word in ["班长", "等级", "外观检查", "现场照片", "意见", "巡检中", "退回", "告知", "两小时", "inform", "巡检单"] {
            assert!(form.contains(word), "{word}");
        }
        w.admin.post(&format!("/process-templates/{}/activate", id(&made)), json!({})).await.ok();

        let doc = open(&w.agent, "patrol", json!({ "subject": "3 号机" })).await;
        let doc = act(&w.agent, &doc, "start", json!({ "result": "到场" })).await;
        assert_eq!((step(&doc), clock(&w.agent, &doc, "patrol").await["state"].as_str()), ("work", Some("open")));
        assert_eq!(tasks(&w.agent, &doc).await[0]["text"], "3 号机已开始");
        w.agent.post(&format!("/documents/{}/tell", id(&doc)), json!({ "message": "tell" })).await.ok();
        assert_eq!(refused(&w.agent, &doc, "finish", json!({ "level": "c" })).await, "process.field_option");
        assert_eq!(refused(&w.agent, &doc, "finish", json!({ "level": "a" })).await, "process.checklist");
        let doc = check(&w.agent, &doc, "look", 2).await;
        assert_eq!(refused(&w.agent, &doc, "finish", json!({ "level": "a" })).await, "process.evidence");
        prove(app, &w.agent, &doc, "pic").await;
        assert_eq!(refused(&w.agent, &doc, "finish", json!({ "level": "a" })).await, "process.survey");
        let doc = save(&w.agent, &doc, json!({ "answers": { "ask": { "happy": 4 } } })).await;
        app.advance(2 * 3_600 + 60).await;
        assert!(told(app, &w.manager).await.iter().any(|text| text.contains("两小时")), "the leader's post is empty: his role hears");
        let doc = act(&w.agent, &doc, "finish", json!({ "level": "a" })).await;
        assert_eq!(doc["stage"], "closed");
        assert!(w.agent.page(&format!("/documents/{}/print/sheet", id(&doc))).await.text().contains("巡检单"));
    }
}
