//! What happens in the demo company: the planned steps, each at its time, and what is not about one order.

use aftercare::StartError;
use kernel::Ts;
use serde_json::{Value, json};

use super::{
    Company, DAY, MINUTE,
    client::{id, items},
    plan::{Event, Step},
    processes, workshop,
};

/// Pieces of an old part, thousandths.
const ONE: i64 = 1000;

impl Company {
    /// Spreads orders over the months; those of the last days stop half-way, so that every state is seen.
    pub(super) async fn live(&mut self, orders: usize, now: Ts) -> Result<(), StartError> {
        self.pending = self.plan(orders, now.0)?.into();
        self.wait_for(now.0 - workshop::BEFORE).await?;
        let sent = self.workshop_before().await?;
        let asked = self.asks_a_price().await?;
        self.wait_for(now.0 - 4 * DAY).await?;
        self.workshop_maker(&sent, now.0).await?;
        self.is_forgotten(&asked).await?;
        self.wait_for(now.0 - processes::HOURS * 60 * MINUTE).await?;
        self.processes().await?;
        self.orders_by_process().await?;
        self.wait_for(now.0 - 110 * MINUTE).await?;
        self.workshop_today().await?;
        self.wait_for(now.0).await?;
        self.extras(now).await?;
        self.customers_speak(now).await?;
        self.order_processes(true).await?;
        self.oversight().await
    }

    /// Lets minutes pass.
    pub(super) async fn pass(&mut self, minutes: i64) -> Result<(), StartError> {
        self.wait_for(self.app.now().0 + minutes * MINUTE).await
    }

    /// Lets time pass, and everything planned and everything due happen.
    async fn wait_for(&mut self, at: i64) -> Result<(), StartError> {
        while let Some(event) = self.pending.pop_front_if(|event| event.at <= at) {
            self.advance(event.at).await?;
            self.happen(&event).await?;
        }
        self.advance(at).await
    }

    async fn advance(&self, at: i64) -> Result<(), StartError> {
        let seconds = (at - self.app.now().0) / 1_000_000;
        if seconds > 0 {
            self.clock.advance_secs(seconds);
            kit::jobs::drain(&self.app).await?;
        }
        Ok(())
    }

    async fn happen(&mut self, event: &Event) -> Result<(), StartError> {
        match event.step {
            Step::Advice => self.phone_advice(event.job).await,
            Step::AdviceCalls => self.advice_calls().await,
            Step::OldParts => self.old_parts().await,
            step => self.step(event.job, step).await,
        }
    }

    /// A question answered on the phone: followed up two hours later.
    async fn phone_advice(&self, job: usize) -> Result<(), StartError> {
        const ASKED: &[(&str, &str, &str)] = &[
            (
                "consult.care",
                "显示屏提示保养，是否需要停机？",
                "提示仅为保养到期提醒，可继续运行，已指导复位。",
            ),
            ("consult.use", "断电后重新开机要注意什么？", "先合总闸预热，确认无报警后再启动，已逐步指导。"),
            ("consult.warranty", "保修到什么时候，哪些要收费？", "已告知保修期和收费范围，并发送短信。"),
        ];
        let (content, text, answer) = ASKED[job % ASKED.len()];
        let client = &self.clients[self.jobs[job].client];
        let body = json!({ "channel": "phone", "topic": "consult", "content": content, "caller_name": client.name,
            "customer_id": client.id, "text": text, "demand": "" });
        let agent = self.person("agent");
        let request = id(&agent.post("/requests", body).await?)?;
        agent
            .post(&format!("/requests/{request}/solve"), json!({ "answer": answer, "advice_accepted": true }))
            .await?;
        Ok(())
    }

    /// Calls after phone advice that are due.
    async fn advice_calls(&self) -> Result<(), StartError> {
        let clerk = self.person("callback");
        let open = clerk.get("/callbacks?limit=50&filter=state~in~planned%3Bkind~in~phone_advice").await?;
        for call in items(&open) {
            let body =
                json!({ "class": "satisfied", "quality": 5, "attitude": 5, "note": "问题已解决，无需上门" });
            clerk.post(&format!("/callbacks/{}/result", id(&call)?), body).await?;
        }
        Ok(())
    }

    /// The storekeeper takes old parts back; one of a round is charged, the newest are still owed.
    async fn old_parts(&self) -> Result<(), StartError> {
        let store = self.person("storekeeper");
        let owed = items(&store.get("/old-parts?limit=100&filter=state~eq~owed").await?);
        for (index, debt) in owed.iter().enumerate().skip(2) {
            let body = if index == 9 {
                json!({ "how": "charged", "quantity": ONE, "note": "旧件遗失，按价扣款" })
            } else {
                json!({ "how": "returned", "quantity": ONE, "depot_id": self.depot, "scrap": index % 3 != 0, "note": "旧件已核对" })
            };
            store.post(&format!("/old-parts/{}/settle", id(debt)?), body).await?;
        }
        Ok(())
    }

    /// Fills a van that is running out of a part from its outlet's store, which the centre fills.
    pub(super) async fn restock(&mut self, engineer: usize, part: usize) -> Result<(), StartError> {
        if self.engineers[engineer].held[part] > 2 {
            return Ok(());
        }
        let org = self.engineers[engineer].org;
        let store = self.stores.iter().position(|s| s.org == org).ok_or("no store")?;
        let code = super::names::PARTS[part].0;
        if self.stores[store].held[part] < 3 {
            let sent = self.send("move", &self.depot, &self.stores[store].id, &[(code, 6)]).await?;
            self.person("storekeeper").post(&format!("/transfers/{sent}/receive"), json!({})).await?;
            self.stores[store].held[part] += 6;
        }
        let van = self.engineers[engineer].van.clone();
        self.send("draw", &self.stores[store].id, &van, &[(code, 3)]).await?;
        self.stores[store].held[part] -= 3;
        self.engineers[engineer].held[part] += 3;
        Ok(())
    }

    /// A transfer by the storekeeper.
    pub(super) async fn send(
        &self,
        kind: &str,
        from: &str,
        to: &str,
        parts: &[(&str, i64)],
    ) -> Result<String, StartError> {
        let lines: Vec<Value> =
            parts.iter().map(|(code, n)| json!({ "part": code, "quantity": n * ONE })).collect();
        let moved = kind == "move";
        let body = json!({ "kind": kind, "from_id": from, "to_id": to, "lines": lines, "reason": "补货",
            "carrier": if moved { "顺丰" } else { "" }, "waybill": if moved { format!("SF{:010}", self.app.now().0 / MINUTE) } else { String::new() } });
        id(&self.person("storekeeper").post("/transfers", body).await?)
    }
}
