//! What the demo company has: stores, parts, the product tree, customers and their machines.

use aftercare::StartError;
use kernel::Ts;
use serde_json::{Value, json};

use super::{
    Client, Company, DAY, Store, Unit,
    client::id,
    customers::{ADDRESSES, CONTACTS, CUSTOMERS, region},
    names,
};

/// Parts worth more than this are kept in small numbers, and their old ones must come back, fen.
const DEAR: i64 = 100_000;

/// The place of a model by its serial prefix.
pub fn model(prefix: &str) -> Option<usize> {
    names::MODELS.iter().position(|model| model.1 == prefix)
}

/// True when somebody with these skills has use for the part.
pub fn fits(part: usize, skills: &[&str]) -> bool {
    let needed = |prefix: &&str| model(prefix).is_some_and(|m| skills.contains(&names::MODELS[m].2));
    names::FAULTS.iter().any(|fault| fault.3 == part && fault.4.iter().any(&needed))
}

/// The number that a customer calls from.
pub fn phone(client: usize) -> String {
    format!("138{:08}", 10_000_000 + client * 7919)
}

impl Company {
    pub(super) async fn stock(&mut self) -> Result<(), StartError> {
        let body = json!({ "code": "WH-01", "name": "苏州中心备件库", "kind": "parts", "org_id": self.orgs[0], "address": "苏州市高新区浒莺路 168 号" });
        self.depot = id(&self.admin.post("/depots", body).await?)?;
        for (code, name, org, address) in names::DEPOTS {
            let body = json!({ "code": code, "name": name, "kind": "outlet", "org_id": self.orgs[*org], "address": address });
            let store = id(&self.admin.post("/depots", body).await?)?;
            self.stores.push(Store { id: store, org: *org, held: vec![0; names::PARTS.len()] });
        }
        for (code, name, spec, unit, price, cost) in names::PARTS {
            let back = *price >= 15_000 && *unit != "桶";
            let body = json!({ "code": code, "name": name, "spec": spec, "unit": unit, "price": price, "cost": cost,
                "category": shelf(code), "lead_days": 14, "old_part_due": back });
            self.parts.push(id(&self.admin.post("/parts", body).await?)?);
        }
        let all: Vec<(usize, i64)> =
            names::PARTS.iter().enumerate().map(|(n, p)| (n, if p.4 > DEAR { 24 } else { 90 })).collect();
        self.receive(&self.depot, &all).await?;
        for index in 0..self.stores.len() {
            let org = self.stores[index].org;
            let skills: Vec<&str> =
                self.engineers.iter().filter(|e| e.org == org).flat_map(|e| e.skills).copied().collect();
            let lines = held(&skills, 3, 8);
            self.receive(&self.stores[index].id, &lines).await?;
            lines.iter().for_each(|(part, n)| self.stores[index].held[*part] = *n);
        }
        for index in 0..self.engineers.len() {
            let lines = held(self.engineers[index].skills, 3, 5);
            self.receive(&self.engineers[index].van, &lines).await?;
            lines.iter().for_each(|(part, n)| self.engineers[index].held[*part] = *n);
        }
        self.buy().await
    }

    /// What is asked for, and what is ordered and has not come (PARTS-34).
    async fn buy(&self) -> Result<(), StartError> {
        for (part, units, note, supplier) in [
            ("PT-60001", 40, "夏季换膜高峰备货", Some("苏州膜科技")),
            ("PT-30927", 6, "库存低于订货点", Some("华东备件供应")),
            ("PT-70020", 12, "叉车电池更换，客户已确认报价", None),
        ] {
            let body =
                json!({ "part": part, "depot_id": self.depot, "quantity": units * 1000, "note": note });
            let made = id(&self.admin.post("/purchases", body).await?)?;
            if let Some(supplier) = supplier {
                let path = format!("/purchases/{made}/order");
                self.admin.post(&path, json!({ "supplier": supplier })).await?;
            }
        }
        Ok(())
    }

    async fn receive(&self, depot: &str, lines: &[(usize, i64)]) -> Result<(), StartError> {
        let lines: Vec<Value> = lines
            .iter()
            .map(|(part, n)| json!({ "part": names::PARTS[*part].0, "quantity": n * 1000, "unit_cost": names::PARTS[*part].5 }))
            .collect();
        let body =
            json!({ "kind": "ordered", "depot_id": depot, "supplier": "华东备件供应", "lines": lines });
        self.admin.post("/receipts", body).await?;
        Ok(())
    }

    pub(super) async fn catalogue(&mut self) -> Result<(), StartError> {
        let mut tree: Vec<String> = Vec::new();
        for (sort, (name, above)) in names::CATEGORIES.iter().enumerate() {
            let above = above.map(|place| tree[place].clone());
            let body = json!({ "name": name, "parent_id": above, "sort": sort });
            tree.push(id(&self.admin.post("/categories", body).await?)?);
        }
        for (name, code, _, category) in names::MODELS {
            let body = json!({ "code": code, "name": name, "category_id": tree[*category] });
            self.models.push(id(&self.admin.post("/models", body).await?["model"])?);
        }
        Ok(())
    }

    pub(super) async fn sell(&mut self) -> Result<(), StartError> {
        for (index, (name, class, org, district, address, owned)) in CUSTOMERS.iter().enumerate() {
            let phone = phone(index);
            let grade = if *class == "group" { "a" } else { "c" };
            let body = json!({ "name": name, "class": class, "grade": grade, "phone": phone, "region": region(*org), "district": district,
                "address": address, "org_id": self.orgs[*org], "call_from": "09:00", "call_to": "18:30" });
            let client = id(&self.admin.post("/customers", body).await?)?;
            self.clients.push(Client { id: client, name, org: *org, address });
            for prefix in *owned {
                let months = i64::try_from(5 + self.dice.below(28))?;
                self.install(index, model(prefix).ok_or("no such model")?, Some(months)).await?;
            }
        }
        self.files().await
    }

    /// Further people and places, and a customer whose file was opened twice.
    async fn files(&self) -> Result<(), StartError> {
        for (index, (client, name, role)) in CONTACTS.iter().enumerate() {
            let phone = format!("139{:08}", 30_000_000 + index * 6133);
            let body = json!({ "name": name, "role": role, "phone": phone });
            self.admin.post(&format!("/customers/{}/contacts", self.clients[*client].id), body).await?;
        }
        for (client, label, district, address) in ADDRESSES {
            let client = &self.clients[*client];
            let body = json!({ "label": label, "region": region(client.org), "district": district, "address": address });
            self.admin.post(&format!("/customers/{}/addresses", client.id), body).await?;
        }
        let twice = CUSTOMERS.iter().position(|c| c.0 == "王桂芳").unwrap_or(0);
        let phone = phone(twice);
        let body = json!({ "name": CUSTOMERS[twice].0, "class": "direct", "phone": phone, "region": region(4), "district": "姑苏区",
            "address": "平江新城十二幢 502 室", "org_id": self.orgs[CUSTOMERS[twice].2] });
        self.admin.post("/customers", body).await?;
        Ok(())
    }

    /// Registers a machine of a customer: bought so many months ago, or now and not put up yet.
    pub(super) async fn install(
        &mut self,
        client: usize,
        model: usize,
        months: Option<i64>,
    ) -> Result<usize, StartError> {
        let number = self.units.len();
        let serial = format!("{}-{:05}", names::MODELS[model].1, 10_000 + number * 13);
        let date = kit::format::date(
            self.app.zones.of(kernel::Id::NIL),
            Ts(self.app.now().0 - months.unwrap_or(0) * 30 * DAY),
        );
        let put_up = months.map(|_| date.clone());
        let owner = &self.clients[client];
        let body = json!({ "customer_id": owner.id, "org_id": self.orgs[owner.org], "model_id": self.models[model], "serial": serial,
            "purchase_date": date, "install_date": put_up, "place": owner.address });
        let unit = id(&self.admin.post("/units", body).await?)?;
        self.units.push(Unit { id: unit, client, model, repaired: i64::MIN / 2 });
        Ok(number)
    }
}

/// Parts that people with these skills need, dear ones fewer.
fn held(skills: &[&str], dear: i64, cheap: i64) -> Vec<(usize, i64)> {
    let pieces = |part: usize| if names::PARTS[part].4 > DEAR { dear } else { cheap };
    (0..names::PARTS.len()).filter(|part| fits(*part, skills)).map(|part| (part, pieces(part))).collect()
}

/// Branch of the goods tree where a spare part hangs (PROD-01), by the first figure of its code.
fn shelf(code: &str) -> &'static str {
    match code.trim_start_matches("PT-").as_bytes().first() {
        Some(b'1'..=b'4') => "备件/制冷备件",
        Some(b'5') => "备件/空压机备件",
        Some(b'6') => "备件/净水备件",
        Some(b'7') => "备件/叉车备件",
        _ => "备件/农机备件",
    }
}
