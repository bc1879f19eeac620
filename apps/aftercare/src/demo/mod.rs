//! `aftercare demo`: a believable company with some months of history, made from a seed, always the same.
//!
//! It is made through the product's own API with a clock that walks through the months, so every rule, clock,
//! stock movement and audit row of it is real, and `aftercare check` holds afterwards.

mod client;
mod names;
mod processes;
mod story;

use std::sync::Arc;

use aftercare::{Parts, StartError, build};
use client::{Person, id};
use db::{Db, Options};
use kernel::{FixedClock, IdGen, SystemClock, Ts};
use kit::App;
use serde_json::{Value, json};

use crate::cli::Place;

/// Password of every demo account.
pub const PASSWORD: &str = "aftercare-demo";

/// Months of history.
const MONTHS: i64 = 4;

/// A small generator of its own: the same company from the same seed on every machine and version.
pub struct Dice(u64);

impl Dice {
    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        usize::try_from(z % n.max(1) as u64).unwrap_or(0)
    }

    /// True in `percent` of a hundred throws.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of several.
    pub fn pick<'a, X>(&mut self, items: &'a [X]) -> &'a X {
        &items[self.below(items.len())]
    }
}

/// The company while it is being made.
pub struct Company {
    app: App,
    clock: FixedClock,
    dice: Dice,
    orgs: Vec<String>,
    engineers: Vec<Engineer>,
    people: std::collections::HashMap<&'static str, Person>,
    admin: Person,
    depot: String,
    parts: Vec<Value>,
    models: Vec<String>,
    customers: Vec<Value>,
    units: Vec<Value>,
}

/// An engineer and the van.
struct Engineer {
    id: String,
    org: usize,
    van: String,
    person: Person,
}

/// Fills an empty database.
pub async fn run(place: &Place, orders: usize, seed: u64) -> Result<(), StartError> {
    std::fs::create_dir_all(&place.data)?;
    // Losing a demo that is half made in a power cut loses nothing: it is started again.
    let db = Db::open(&place.url, &Options { durable: false, ..Options::default() }).await?;
    let now = kernel::Clock::now(&SystemClock);
    let clock = FixedClock::new(Ts(now.0 - MONTHS * 30 * DAY));
    let config = place.file.platform(&place.data);
    let parts = Parts { config, db, clock: Arc::new(clock.clone()), ids: IdGen::seeded(seed) };
    let (app, router) = build(parts).await?;
    aftercare::first_start(&app).await?;
    let mut conn = app.db.read().await?;
    let customers: i64 = conn.scalar("select count(*) from pub_customer", vec![]).await?;
    drop(conn);
    if customers > 0 {
        return Err("the database is not empty; the demo company needs an empty one".into());
    }
    org::cli::set_password(&app, "admin", PASSWORD).await?;
    let admin = Person::new(&router, &org::cli::new_token(&app, "admin").await?);
    let mut company = Company {
        app,
        clock,
        dice: Dice(seed),
        orgs: Vec::new(),
        engineers: Vec::new(),
        people: std::collections::HashMap::new(),
        admin,
        depot: String::new(),
        parts: Vec::new(),
        models: Vec::new(),
        customers: Vec::new(),
        units: Vec::new(),
    };
    company.found(&router).await?;
    // The last hours are for the running processes, so that none of them begins in the future.
    company.live(orders, Ts(now.0 - processes::HOURS * 60 * MINUTE)).await?;
    company.processes().await?;
    company.close().await
}

/// Microseconds of a day.
pub const DAY: i64 = 86_400_000_000;
/// Microseconds of a minute.
pub const MINUTE: i64 = 60_000_000;

impl Company {
    /// Lets time pass and everything due happen.
    async fn pass(&self, minutes: i64) -> Result<(), StartError> {
        self.clock.advance_secs(minutes * 60);
        kit::jobs::drain(&self.app).await?;
        Ok(())
    }

    fn person(&self, role: &'static str) -> &Person {
        self.people.get(role).unwrap_or(&self.admin)
    }

    /// Organisation, people, depots, parts, customers, units.
    async fn found(&mut self, router: &axum::Router) -> Result<(), StartError> {
        let me = self.admin.get("/me").await?;
        self.orgs.push(me["org_id"].as_str().ok_or("no organisation")?.to_string());
        for (code, name, region, kind, parent) in names::ORGS {
            let body = json!({ "code": code, "name": name, "region": region, "kind": kind, "parent_id": self.orgs[*parent] });
            self.orgs.push(id(&self.admin.post("/orgs", body).await?)?);
        }
        self.staff(router).await?;
        self.prices().await?;
        self.stock().await?;
        self.sell().await
    }

    async fn staff(&mut self, router: &axum::Router) -> Result<(), StartError> {
        for (login, no, name, org, role) in names::OFFICE {
            let body = json!({ "no": no, "name": name, "org_id": self.orgs[*org], "grade": 2, "wage": "6800", "email": format!("{login}@example.com") });
            let staff = id(&self.admin.post("/staff", body).await?)?;
            self.account(login, &staff, role).await?;
            self.people.insert(role, Person::new(router, &org::cli::new_token(&self.app, login).await?));
        }
        for (index, (no, name, org, grade, skills)) in names::ENGINEERS.iter().enumerate() {
            let phone = format!("137{:08}", 20_000_000 + index * 137);
            let body = json!({ "no": no, "name": name, "org_id": self.orgs[*org], "grade": grade, "skills": skills,
                "engineer": true, "wage": format!("{}", 5200 + grade * 600), "phone": phone });
            let staff = id(&self.admin.post("/staff", body).await?)?;
            self.account(&no.to_lowercase(), &staff, "engineer").await?;
            let van = json!({ "code": format!("VAN-{no}"), "name": format!("{name} 随车库"), "kind": "van", "org_id": self.orgs[*org], "holder_id": staff });
            let van = id(&self.admin.post("/depots", van).await?)?;
            let person = Person::new(router, &org::cli::new_token(&self.app, &no.to_lowercase()).await?);
            self.engineers.push(Engineer { id: staff, org: *org, van, person });
        }
        Ok(())
    }

    async fn account(&self, login: &str, staff: &str, role: &str) -> Result<(), StartError> {
        self.admin.post("/users", json!({ "login": login, "staff_id": staff, "roles": [role] })).await?;
        org::cli::set_password(&self.app, login, PASSWORD).await?;
        Ok(())
    }

    async fn prices(&mut self) -> Result<(), StartError> {
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
        ];
        for mut rule in rules {
            rule["valid_from"] = json!("2020-01-01");
            self.admin.post(&format!("/prices/{list}/rules"), rule).await?;
        }
        for grade in 1..=5 {
            let wage = json!({ "grade": grade, "wage": 480_000 + grade * 60_000, "allowance": grade * 10_000, "valid_from": "2020-01-01" });
            self.admin.post("/pay/wages", wage).await?;
        }
        Ok(())
    }

    async fn stock(&mut self) -> Result<(), StartError> {
        let body =
            json!({ "code": "WH-01", "name": "苏州中心备件库", "kind": "parts", "org_id": self.orgs[0] });
        self.depot = id(&self.admin.post("/depots", body).await?)?;
        for (code, name, spec, unit, price, cost) in names::PARTS {
            let body = json!({ "code": code, "name": name, "spec": spec, "unit": unit, "price": price, "cost": cost, "lead_days": 14 });
            self.parts.push(self.admin.post("/parts", body).await?);
        }
        let lines: Vec<Value> = names::PARTS
            .iter()
            .map(|(code, _, _, _, price, cost)| json!({ "part": code, "quantity": if *price > 100_000 { 40_000 } else { 160_000 }, "unit_cost": cost }))
            .collect();
        self.receive(&self.depot.clone(), lines).await?;
        let vans: Vec<String> = self.engineers.iter().map(|e| e.van.clone()).collect();
        for van in vans {
            let lines = names::PARTS
                .iter()
                .map(
                    |(code, _, _, _, _, cost)| json!({ "part": code, "quantity": 30_000, "unit_cost": cost }),
                )
                .collect();
            self.receive(&van, lines).await?;
        }
        Ok(())
    }

    async fn receive(&self, depot: &str, lines: Vec<Value>) -> Result<(), StartError> {
        let body =
            json!({ "kind": "ordered", "depot_id": depot, "supplier": "华东备件供应", "lines": lines });
        self.admin.post("/receipts", body).await?;
        Ok(())
    }

    async fn sell(&mut self) -> Result<(), StartError> {
        for (name, code, _) in names::MODELS {
            self.models.push(id(
                &self.admin.post("/models", json!({ "code": code, "name": name })).await?["model"]
            )?);
        }
        for (index, (name, class, region, district, address)) in names::CUSTOMERS.iter().enumerate() {
            let org = match *region {
                "天津市" => 8,
                "江苏省无锡市" => 6,
                _ if index % 2 == 0 => 3,
                _ => 4,
            };
            let phone = format!("138{:08}", 10_000_000 + index * 7919);
            let grade = if *class == "group" { "a" } else { "c" };
            let body = json!({ "name": name, "class": class, "grade": grade, "phone": phone, "region": region, "district": district,
                "address": address, "org_id": self.orgs[org], "call_from": "09:00", "call_to": "18:30" });
            let mut customer = self.admin.post("/customers", body).await?;
            customer["demo_org"] = json!(org);
            for n in 0..1 + self.dice.below(3) {
                self.install(&customer, index * 5 + n).await?;
            }
            self.customers.push(customer);
        }
        Ok(())
    }

    async fn install(&mut self, customer: &Value, number: usize) -> Result<(), StartError> {
        let which = self.dice.below(names::MODELS.len());
        let prefix = names::MODELS[which].1;
        let months = i64::try_from(2 + self.dice.below(30))?;
        let date = kit::format::date(Ts(self.app.now().0 - months * 30 * DAY));
        let org = customer["demo_org"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        let body = json!({ "customer_id": customer["id"], "org_id": self.orgs[org], "model_id": self.models[which], "serial": format!("{prefix}-{:05}", 10_000 + number * 13),
            "purchase_date": date, "install_date": date, "place": customer["address"] });
        let mut unit = self.admin.post("/units", body).await?;
        unit["demo_org"] = json!(org);
        unit["demo_customer"] = customer["id"].clone();
        unit["demo_name"] = customer["name"].clone();
        self.units.push(unit);
        Ok(())
    }

    /// Background work is done, the demo's own tokens are revoked, and every invariant holds.
    async fn close(self) -> Result<(), StartError> {
        kit::jobs::tick(&self.app).await?;
        let broken = aftercare::check(&self.app).await?;
        if let Some(first) = broken.first() {
            return Err(format!("the demo company broke an invariant: {first}").into());
        }
        let mut tx = self.app.db.begin().await?;
        tx.exec(
            "update credential set revoked_at = $1 where kind = 'token' and revoked_at is null",
            db::args![self.app.now()],
        )
        .await?;
        tx.commit().await?;
        self.app.db.close().await;
        println!("demo company made: {} customers, {} units", self.customers.len(), self.units.len());
        println!(
            "sign in as manager, agent, dispatcher, store, callback, auditor, cashier, outlet, e101 … e110 or admin; password {PASSWORD}"
        );
        Ok(())
    }
}
