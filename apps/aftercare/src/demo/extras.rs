//! Today in the demo company, beside the orders: stock levels, slips, transfers, reports, rewards, absences.

use aftercare::StartError;
use kernel::Ts;
use serde_json::{Value, json};

use super::{Company, DAY, MINUTE, client::id, names, plan::End};

impl Company {
    pub(super) async fn extras(&self, now: Ts) -> Result<(), StartError> {
        self.levels().await?;
        self.slips().await?;
        self.on_the_way().await?;
        self.reports(now).await?;
        self.rewards().await?;
        self.unfinished().await?;
        self.absences(now).await
    }

    /// A call that broke off after its content was clicked (CALL-03), and an order about which little is known: asked of
    /// the dispatcher, not yet of the customer (CALL-07).
    async fn unfinished(&self) -> Result<(), StartError> {
        let agent = self.person("agent");
        let click = json!({ "topic": "repair", "content": "repair.noise", "caller_phone": "13862110457" });
        agent.post("/requests/drafts", click).await?;
        let client = &self.clients[3 % self.clients.len()];
        let order = json!({ "customer_id": client.id, "kind": "repair_minor", "mode": "on_site", "source": "phone",
            "symptom": "客户只说空调不冷，没有报型号" });
        let order = id(&agent.post("/orders", order).await?)?;
        let asked = json!({ "with": "dispatcher", "note": "调度查历史单：该客户有三台机组，须问是哪一台" });
        agent.post(&format!("/orders/{order}/verify"), asked).await.map(drop)
    }

    /// Minimums and bins; a few of each store are below.
    async fn levels(&self) -> Result<(), StartError> {
        let keeper = self.person("storekeeper");
        for (index, store) in self.stores.iter().enumerate() {
            let kept = (0..self.parts.len()).filter(|part| store.held[*part] > 0);
            for (place, part) in kept.take(5).enumerate() {
                let held = store.held[part];
                let minimum = if place == index { held + 2 } else { (held - 1).clamp(1, 3) };
                let body = json!({ "depot_id": store.id, "minimum": minimum * 1000, "order_point": (minimum + 1) * 1000,
                    "maximum": (minimum + 12) * 1000, "bin": format!("{}-0{}-2-{:02}", index + 1, place + 1, part + 1) });
                keeper.put(&format!("/parts/{}/levels", self.parts[part]), body).await?;
            }
        }
        for (part, minimum) in [(2, 30), (10, 12), (16, 8)] {
            let body = json!({ "depot_id": self.depot, "minimum": minimum * 1000, "order_point": (minimum + 6) * 1000,
                "maximum": 60_000, "bin": format!("0-01-1-{part:02}") });
            keeper.put(&format!("/parts/{}/levels", self.parts[part]), body).await?;
        }
        Ok(())
    }

    /// One slip issued for use, one sold, one held for an outlet.
    async fn slips(&self) -> Result<(), StartError> {
        let keeper = self.person("storekeeper");
        let slips = [
            ("requisition", "周启航", false, 1, 2),
            ("sale", "南长街餐饮管理", false, 14, 1),
            ("outlet", "无锡滨湖特约站", true, 11, 10),
        ];
        for (kind, recipient, reserve, part, pieces) in slips {
            let body = json!({ "kind": kind, "depot_id": self.depot, "recipient": recipient, "reserve": reserve, "reason": "日常领用",
                "lines": [{ "part": names::PARTS[part].0, "quantity": pieces * 1000 }] });
            keeper.post("/issue-slips", body).await?;
        }
        Ok(())
    }

    /// A transfer under way, one that came in part, one given back from a van.
    async fn on_the_way(&self) -> Result<(), StartError> {
        let tianjin = &self.stores[3].id;
        let sent = self.send("move", &self.depot, tianjin, &[("PT-80044", 6), ("PT-80052", 10)]).await?;
        let keeper = self.person("storekeeper");
        let place = json!({ "carrier": "顺丰", "waybill": "SF1093350027", "place": "济南转运中心" });
        keeper.post(&format!("/transfers/{sent}/position"), place).await?;
        let sent = self.send("move", &self.depot, &self.stores[2].id, &[("PT-70020", 4)]).await?;
        let seen = keeper.get(&format!("/transfers/{sent}")).await?;
        let line = seen.pointer("/lines/0/id").and_then(Value::as_str).ok_or("no line")?;
        let arrived = json!({ "lines": [{ "line_id": line, "quantity": 3000 }] });
        keeper.post(&format!("/transfers/{sent}/receive"), arrived).await?;
        if let Some((engineer, part)) = self.spare() {
            let store = self.stores.iter().find(|s| s.org == engineer.org).ok_or("no store")?;
            self.send("return_unused", &engineer.van, &store.id, &[(names::PARTS[part].0, 1)]).await?;
        }
        Ok(())
    }

    /// Somebody with more than two of a part in the van.
    fn spare(&self) -> Option<(&super::Engineer, usize)> {
        self.engineers.iter().find_map(|e| Some((e, e.held.iter().position(|n| *n > 2)?)))
    }

    /// What engineers report today: late by traffic, nobody at home, something broken.
    async fn reports(&self, now: Ts) -> Result<(), StartError> {
        let today = |end: End| (0..self.jobs.len()).rev().filter(move |job| self.jobs[*job].end == end);
        if let Some(job) = today(End::Scheduled).next() {
            let expected = Ts(now.0 + 190 * MINUTE).to_string();
            let body = json!({ "expected_at": expected, "reason": "previous", "note": "上一户还要一小时", "customer_told": true });
            self.on_site(job, "delay", body).await?;
        }
        if let Some(job) = today(End::Scheduled).nth(1) {
            self.on_site(job, "attempts", json!({ "code": "no_answer", "note": "连打两次无人接" })).await?;
        }
        if let Some(job) = today(End::AtWork).next() {
            let body = json!({ "code": "damage", "note": "搬运时划伤地板一处", "compensation": "同意补漆修复", "apologised": true });
            self.on_site(job, "incidents", body).await?;
        }
        Ok(())
    }

    async fn rewards(&self) -> Result<(), StartError> {
        for (engineer, reason) in [
            (0, "客户来信表扬：连夜抢修制冷机组"),
            (7, "三夏抢收期间驻点保障"),
            (5, "耐心指导老人使用净水器"),
        ] {
            let body = json!({ "staff_id": self.engineers[engineer].id, "item": "PRAISE", "reason": reason });
            self.person("manager").post("/pay/rewards", body).await?;
        }
        Ok(())
    }

    async fn absences(&self, now: Ts) -> Result<(), StartError> {
        for (engineer, days, kind, note) in [(5, 9, "leave", "年休假"), (8, 12, "training", "国四收割机培训")]
        {
            let (from, to) = (Ts(now.0 + days * DAY).to_string(), Ts(now.0 + (days + 2) * DAY).to_string());
            let body = json!({ "staff_id": self.engineers[engineer].id, "kind": kind, "from": from, "to": to, "note": note });
            id(&self.person("dispatcher").post("/absences", body).await?)?;
        }
        Ok(())
    }
}
