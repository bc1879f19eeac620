//! Closed history from files.

use super::*;

const FILE: &str = "PONumber,Work_Order_Basic_Start_Date,ACtStartDate,ShortText,AssetID,Functional_Location_Description,SiteID,Priority,Work_Order_Total_Actual_Cost,Work_Order_Type
2374,13/09/2001,0/1/00,1000 hr mechanical and lube service,AID5,overburden drill,SID1,,200,X
2255,1/11/2007,28/02/2008,2 lights out on machine,AID5,lights & power,SID1,,300.50,Y
2256,31/02/2006,0/1/00,impossible day,AID5,mast,SID1,,400,Z
2257,22/02/2006,22/02/2006,broken cost,AID8,mast,SID1,,much,Z
2258,22/02/2006,22/02/2006,,AID8,mast,SID1,,5,Z
";

async fn import(world: &World, dry: bool) -> Value {
    let path = format!("/api/v1/imports/orders?dry_run={dry}&name=orders.csv");
    world.admin.send(http::Method::POST, &path, &[("content-type", "text/csv")], FILE.into()).await.ok()
}

testkit::app_test! {
    /// Good rows come in as closed orders, bad cells are named by row and column, again nothing changes.
    async fn dirty_history_loses_no_good_row(app: TestApp) {
        let world = world(app).await;
        let dry = import(&world, true).await;
        assert_eq!((&dry["created"], &dry["skipped"]), (&json!(2), &json!(3)), "{dry}");
        let problems: Vec<(i64, String)> = dry["problems"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|p| (p["row"].as_i64().unwrap_or(0), p["column"].as_str().unwrap_or_default().to_string()))
            .collect();
        let expected = [(4, "Work_Order_Basic_Start_Date"), (5, "Work_Order_Total_Actual_Cost"), (6, "ShortText")];
        assert_eq!(problems, expected.map(|(row, column)| (row, column.to_string())));
        import(&world, false).await;
        app.drain().await;
        let list = world.admin.get("/orders?filter=source~eq~import&columns=external_no,state,serial,payable,created_at&sort=created_at").await.ok();
        let items = list["items"].as_array().cloned().unwrap_or_default();
        assert_eq!(items.len(), 2, "{list}");
        assert_eq!((&items[0]["external_no"], &items[0]["state"], &items[0]["serial"]), (&json!("2374"), &json!("closed"), &json!("AID5")));
        assert_eq!(items[1]["payable"], 30_050);
        let again = import(&world, true).await;
        assert_eq!((&again["created"], &again["skipped"]), (&json!(0), &json!(5)), "{again}");
    }

    /// `[dates]` of a mapping decides what day and month are; what was undone is not found any more.
    async fn a_mapping_says_the_order_of_dates_and_undo_leaves_nothing_behind(app: TestApp) {
        let world = world(app).await;
        let file = "PONumber,Work_Order_Basic_Start_Date,ShortText,AssetID,SiteID\n9001,1/11/2007,quirky noise,AID77,SID9\n9002,13/09/2001,day first,AID78,SID9\n";
        let part = |name: &str, head: &str, body: &str| format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"{head}\r\n\r\n{body}\r\n");
        let body = part("mapping", "", "[dates]\nformat = \"m/d/y\"\n") + &part("file", "; filename=\"o.csv\"\r\nContent-Type: text/csv", file) + "--X--\r\n";
        let headers = [("content-type", "multipart/form-data; boundary=X")];
        let batch = world.admin.send(http::Method::POST, "/api/v1/imports/orders", &headers, body.into_bytes()).await.ok();
        app.drain().await;
        let batch = batch["id"].as_str().expect("a batch").to_string();
        let report = world.admin.get(&format!("/imports/{batch}")).await.ok();
        assert!(report.to_string().contains("13/09/2001"), "the date that is none month first is told: {report}");
        let list = world.admin.get("/orders?filter=source~eq~import&columns=external_no,created_at").await.ok();
        let items = list["items"].as_array().cloned().unwrap_or_default();
        assert_eq!(items.len(), 1, "{list}");
        assert!(items[0]["created_at"].as_str().is_some_and(|at| at.starts_with("2007-01-11")), "{list}");
        let found = |answer: Value| answer.to_string().contains("quirky");
        assert!(found(world.admin.get("/search?q=quirky").await.ok()));
        world.admin.post(&format!("/imports/{batch}/undo"), json!({})).await.ok();
        app.drain().await;
        assert!(!found(world.admin.get("/search?q=quirky").await.ok()));
    }

    /// What a row made beside its order goes with it; what somebody uses by now stays.
    async fn an_undo_takes_customers_units_and_models_with_it_that_nothing_else_needs(app: TestApp) {
        let world = world(app).await;
        let count = async || {
            let mut conn = app.app.db.read().await.expect("a reader");
            let sql = "select (select count(*) from pub_customer) * 10000 + (select count(*) from pub_unit) * 100 + (select count(*) from pub_model)";
            conn.scalar::<i64>(sql, vec![]).await.expect("a number")
        };
        let before = count().await;
        let batch = import(&world, false).await["id"].as_str().expect("a batch").to_string();
        app.drain().await;
        assert_eq!(count().await, before + 10_101, "a customer, a unit and a model");
        world.admin.post(&format!("/imports/{batch}/undo"), json!({})).await.ok();
        assert_eq!(count().await, before, "nothing is left");
        let found = world.admin.get("/search?q=AID5").await.ok();
        assert!(!found.to_string().contains("AID5"), "nor found: {found}");

        let batch = import(&world, false).await["id"].as_str().expect("a batch").to_string();
        app.drain().await;
        let list = world.admin.get("/units?q=AID5").await.ok();
        let unit = list["items"][0].clone();
        let customer = world.admin.get("/customers?q=SID1").await.ok()["items"][0]["id"].clone();
        let order = json!({ "customer_id": customer, "unit_id": unit["id"], "kind": "repair_minor", "mode": "on_site", "symptom": "x" });
        world.admin.post("/orders", order).await.ok();
        world.admin.post(&format!("/imports/{batch}/undo"), json!({})).await.ok();
        assert_eq!(count().await, before + 10_101, "an order refers to them by now");
    }

    /// An export names orders of every outlet one sees, in the list's own columns; elsewhere it is history.
    async fn every_column_of_the_list_comes_back_here_and_in_an_empty_house(app: TestApp) {
        let world = world(app).await;
        let outlet = app.outlet("无锡店").await;
        let order = json!({ "customer_id": world.customer, "unit_id": world.unit, "kind": "repair_minor", "mode": "on_site", "symptom": "x", "org_id": outlet });
        world.admin.post("/orders", order).await.ok();
        let csv = world.admin.send(http::Method::GET, "/api/v1/orders/export?format=csv&columns=no,kind,symptom,serial,model,customer,created_at,done_at,gross", &[], Vec::new()).await;
        let path = "/api/v1/imports/orders?dry_run=true&name=orders.csv";
        let headers = [("content-type", "text/csv")];
        let here = world.admin.send(http::Method::POST, path, &headers, csv.text().into_bytes()).await.ok();
        assert_eq!((&here["skipped"], &here["problem_count"]), (&json!(1), &json!(0)), "{here}");
        let elsewhere = csv.text().replace("SO-", "OLD-");
        let there = world.admin.send(http::Method::POST, path, &headers, elsewhere.into_bytes()).await.ok();
        assert_eq!((&there["created"], &there["problem_count"]), (&json!(1), &json!(0)), "{there}");
    }

    /// What the list exports is a file that the import takes as it is, and knows again.
    async fn an_export_comes_back_without_mapping_and_changes_nothing(app: TestApp) {
        let world = world(app).await;
        import(&world, false).await;
        app.drain().await;
        let csv = world.admin.send(http::Method::GET, "/api/v1/orders/export?format=csv&columns=no,external_no,kind,kind_name,symptom,serial,model,customer,created_at,state", &[], Vec::new()).await;
        assert_eq!(csv.status, 200, "{}", csv.text());
        let path = "/api/v1/imports/orders?dry_run=true&name=orders.csv";
        let dry = world.admin.send(http::Method::POST, path, &[("content-type", "text/csv")], csv.text().into_bytes()).await.ok();
        let rows = csv.text().lines().count() as i64 - 1;
        assert_eq!((&dry["created"], &dry["updated"], dry["skipped"].as_i64()), (&json!(0), &json!(0), Some(rows)), "{dry}");
        assert_eq!(dry["problems"].as_array().map(Vec::len), Some(0), "{dry}");
    }
}
