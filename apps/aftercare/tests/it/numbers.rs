//! How documents are numbered is the company's and the outlet's word (DESIGN §6); no number is left out.

use serde_json::{Value, json};

use crate::world::{World, world_in};

async fn set(world: &World, org: Option<kernel::Id>, value: &str) -> testkit::Answer {
    world.admin.put("/settings", json!({ "key": "number.SO", "org_id": org, "value": value })).await
}

async fn order(world: &World) -> String {
    let body = json!({ "customer_id": world.customer["id"], "unit_id": world.unit["id"], "kind": "repair_minor", "mode": "on_site", "symptom": "异响", "demand": "修复" });
    let made: Value = world.admin.post("/orders", body).await.ok();
    made["no"].as_str().expect("a number").to_string()
}

fn tail(no: &str) -> &str {
    no.rsplit('-').next().expect("a counter")
}

testkit::app_test! {
    async fn a_pattern_holds_for_the_company_or_one_outlet(app: TestApp) {
        let (one, two) = (app.outlet("一店").await, app.outlet("二店").await);
        let (here, there) = (world_in(app, one, "NUMA", 1).await, world_in(app, two, "NUMB", 1).await);
        let first = order(&here).await;
        assert_eq!((first.len(), &first[..3], tail(&first)), (16, "SO-", "0001"));
        set(&here, Some(one), "WX-{org}-{yyyyMM}-{00000}").await.ok();
        let (a, b) = (order(&here).await, order(&here).await);
        let code = here.admin.get(&format!("/orgs/{one}")).await.ok()["code"].as_str().expect("a code").to_string();
        assert!(a.starts_with(&format!("WX-{code}-20")) && tail(&a) == "00001" && tail(&b) == "00002", "{a} {b}");
        // The other outlet goes on as before, and leaves nothing out.
        assert_eq!(tail(&order(&there).await), "0002");
        // A refused order costs no number of either kind.
        let refused = here.admin.post("/orders", json!({ "customer_id": here.customer["id"], "kind": "nothing" })).await;
        assert!(!refused.status.is_success());
        assert_eq!(tail(&order(&here).await), "00003");
        // Without a date the counter never begins again; documents of all kinds keep their own.
        set(&here, None, "GD-{000000}").await.ok();
        assert_eq!(order(&there).await, "GD-000001");
        assert_eq!(tail(&order(&here).await), "00004", "the outlet's own word is stronger");
        let numbers: Vec<String> = here.admin.get("/orders").await.ok()["items"].as_array().into_iter().flatten().map(|row| row["no"].to_string()).collect();
        let mut once = numbers.clone();
        once.sort();
        once.dedup();
        assert_eq!((once.len(), numbers.len()), (7, 7), "{numbers:?}");
    }

    async fn a_wrong_pattern_is_refused_at_its_field_and_the_page_shows_an_example(app: TestApp) {
        let world = world_in(app, app.root, "NUMC", 1).await;
        for bad in ["SO", "{0000}", "SO-{yyyy}-{yyyy}-{0000}", "单-{0000}"] {
            assert_eq!(set(&world, None, bad).await.refused(422), "number.pattern", "{bad}");
        }
        set(&world, None, "SO-{org}-{yyyy}-{0000}").await.ok();
        let page = world.admin.page("/settings/number.SO").await.text();
        assert!(page.contains("SO-SZ01-20") && page.contains("{yyyyMM}"), "{page}");
        let form = world.admin.form("/settings/number.SO", "value=so-1").await;
        assert_eq!(form.status.as_u16(), 422);
    }
}
