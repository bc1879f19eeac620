//! The demo company is founded: organisation, people, prices and pay.

use aftercare::StartError;
use serde_json::{Value, json};

use super::{
    Company, Engineer, PASSWORD,
    client::{Person, id},
    names,
};

/// Posts of the office, by role: places in [`names::POSTS`].
const OFFICE_POSTS: &[(&str, usize)] = &[
    ("manager", 0),
    ("agent", 1),
    ("dispatcher", 1),
    ("callback", 1),
    ("storekeeper", 2),
    ("auditor", 3),
    ("cashier", 3),
    ("outlet", 6),
];

impl Company {
    /// Organisation, people, depots, parts, customers, units.
    pub(super) async fn found(&mut self, router: &axum::Router) -> Result<(), StartError> {
        let me = self.admin.get("/me").await?;
        self.orgs.push(me["org_id"].as_str().ok_or("no organisation")?.to_string());
        for (code, name, region, kind, parent) in names::ORGS {
            let body = json!({ "code": code, "name": name, "region": region, "kind": kind, "parent_id": self.orgs[*parent] });
            self.orgs.push(id(&self.admin.post("/orgs", body).await?)?);
        }
        let posts = self.posts().await?;
        self.office(router, &posts).await?;
        self.field_staff(router, &posts).await?;
        self.prices().await?;
        self.pay().await?;
        self.stock().await?;
        self.catalogue().await?;
        self.sell().await
    }

    async fn posts(&self) -> Result<Vec<String>, StartError> {
        let mut posts: Vec<String> = Vec::new();
        for (org, name, above, duties) in names::POSTS {
            let above = above.map(|place| posts[place].clone());
            let body =
                json!({ "org_id": self.orgs[*org], "name": name, "superior_id": above, "duties": duties });
            posts.push(id(&self.admin.post("/posts", body).await?)?);
        }
        Ok(posts)
    }

    async fn office(&mut self, router: &axum::Router, posts: &[String]) -> Result<(), StartError> {
        for (login, no, name, org, role) in names::OFFICE {
            let post = OFFICE_POSTS.iter().find(|(of, _)| of == role).map(|(_, place)| posts[*place].clone());
            let body = json!({ "no": no, "name": name, "org_id": self.orgs[*org], "grade": 2,
                "email": format!("{login}@example.com"), "post_id": post, "team": "总部", "hired_on": "2019-03-01",
                "education": "本科", "contract_until": "2028-02-29" });
            let staff = id(&self.admin.post("/staff", body).await?)?;
            self.account(login, &staff, role).await?;
            self.people.insert(role, Person::new(router, &org::cli::new_token(&self.app, login).await?));
        }
        Ok(())
    }

    async fn field_staff(&mut self, router: &axum::Router, posts: &[String]) -> Result<(), StartError> {
        for (index, (no, name, org, grade, skills, team)) in names::ENGINEERS.iter().enumerate() {
            let phone = format!("137{:08}", 20_000_000 + index * 137);
            let school = ["中专", "大专", "本科"][index % 3];
            let post = names::POSTS.iter().rposition(|post| post.0 == *org).map(|place| posts[place].clone());
            let body = json!({ "no": no, "name": name, "org_id": self.orgs[*org], "grade": grade, "skills": skills, "engineer": true,
                "phone": phone, "post_id": post, "team": team,
                "hired_on": format!("20{:02}-0{}-15", 16 + index % 8, 1 + index % 9),
                "born_on": format!("19{}-0{}-1{}", 78 + index % 20, 1 + index % 9, index % 10),
                "education": school, "contract_until": format!("20{}-12-31", 27 + index % 3) });
            let staff = id(&self.admin.post("/staff", body).await?)?;
            let login = no.to_lowercase();
            self.account(&login, &staff, "engineer").await?;
            let van = json!({ "code": format!("VAN-{no}"), "name": format!("{name} 随车库"), "kind": "van", "org_id": self.orgs[*org], "holder_id": staff });
            let van = id(&self.admin.post("/depots", van).await?)?;
            let person = Person::new(router, &org::cli::new_token(&self.app, &login).await?);
            let held = vec![0; names::PARTS.len()];
            self.engineers.push(Engineer { id: staff, org: *org, skills, van, person, held, free: 0 });
        }
        Ok(())
    }

    async fn account(&self, login: &str, staff: &str, role: &str) -> Result<(), StartError> {
        self.admin.post("/users", json!({ "login": login, "staff_id": staff, "roles": [role] })).await?;
        org::cli::set_password(&self.app, login, PASSWORD).await?;
        Ok(())
    }

    async fn prices(&self) -> Result<(), StartError> {
        let made = self.admin.post("/prices", json!({ "code": "STD", "name": "标准价目表" })).await?;
        let list = made
            .pointer("/list/id")
            .or(made.get("id"))
            .and_then(Value::as_str)
            .ok_or("no price list")?
            .to_string();
        let rules = [
            json!({ "code": "visit", "mode": "on_site", "amount": 8000 }),
            json!({ "code": "labour", "amount": 12000 }),
            json!({ "code": "labour", "kind": "repair_medium", "amount": 26000 }),
            json!({ "code": "labour", "kind": "repair_major", "amount": 68000 }),
            json!({ "code": "labour", "kind": "install", "amount": 30000 }),
            json!({ "code": "labour", "kind": "outsourced", "amount": 88000 }),
        ];
        for mut rule in rules {
            rule["valid_from"] = json!("2020-01-01");
            self.admin.post(&format!("/prices/{list}/rules"), rule).await?;
        }
        let maintenance = json!({ "name": "保养", "name_en": "Maintenance", "grouping": "cleaning", "level": 0, "repair": false, "active": true, "place": 45 });
        self.admin.put("/work-kinds/maintenance", maintenance).await?;
        Ok(())
    }

    /// Wages by grade, commissions that do not ship, what lateness costs, rewards and penalties.
    async fn pay(&self) -> Result<(), StartError> {
        for grade in 1..=5 {
            let wage = json!({ "grade": grade, "wage": 480_000 + grade * 60_000, "allowance": grade * 10_000, "valid_from": "2020-01-01" });
            self.admin.post("/pay/wages", wage).await?;
        }
        let rules = [
            json!({ "name": "保养清洁提成", "grouping_code": "cleaning", "base": "labour_gross", "ratio": 2500 }),
            json!({ "name": "送货提成", "grouping_code": "delivery", "base": "fixed", "amount": 3000 }),
        ];
        for mut rule in rules {
            rule["valid_from"] = json!("2020-01-01");
            self.admin.post("/pay/rules", rule).await?;
        }
        let late = json!({ "party": "engineer", "clock": "orders.arrival", "after_hours": 0, "amount": 2000, "valid_from": "2020-01-01" });
        self.admin.post("/pay/deadlines", late).await?;
        let items = [
            json!({ "code": "SCORE", "name": "客户评分 98 以上", "sign": "reward", "cause": "score_at_least", "threshold": 98, "measure": "amount", "amount": 2000 }),
            json!({ "code": "COMPL", "name": "有责投诉", "sign": "penalty", "cause": "callback_class", "cause_code": "complaint", "measure": "amount", "amount": 5000 }),
            json!({ "code": "ATT", "name": "服务态度", "sign": "penalty", "cause": "callback_class", "cause_code": "bad_attitude", "measure": "points", "points": 5 }),
            json!({ "code": "PRAISE", "name": "客户来信表扬", "sign": "reward", "cause": "manual", "measure": "amount", "amount": 10_000 }),
        ];
        for mut item in items {
            item["valid_from"] = json!("2020-01-01");
            self.admin.post("/pay/items", item).await?;
        }
        Ok(())
    }
}
