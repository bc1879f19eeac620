//! What happens in the demo company: orders in every state, most of them finished.

use aftercare::StartError;
use kernel::Ts;
use serde_json::{Value, json};

use super::{Company, DAY, MINUTE, client::id, names};

/// One pixel, as a signature.
const SIGNATURE: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/// How far an order of the last days gets.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum End {
    New,
    Accepted,
    Scheduled,
    AtWork,
    Waiting,
    Done,
    Confirmed,
    Closed,
    Cancelled,
}

impl Company {
    /// Spreads orders over the months; those of the last days stop half-way, so that every state is seen.
    pub(super) async fn live(&mut self, orders: usize, now: Ts) -> Result<(), StartError> {
        let start = self.app.now();
        let span = now.0 - start.0 - 40 * MINUTE;
        let recent = orders.min(26);
        for number in 0..orders {
            // The last orders come within the last two days, the others evenly before.
            let old = orders - recent;
            let at = if number < old {
                start.0 + (span - 3 * DAY) / old.max(1) as i64 * number as i64
            } else {
                now.0 - 2 * DAY + (2 * DAY - 60 * MINUTE) / recent.max(1) as i64 * (number - old) as i64
            };
            let wait = (open_hours(at).min(now.0) - self.app.now().0) / MINUTE;
            if wait > 0 {
                self.pass(wait).await?;
            }
            if number % 9 == 4 {
                self.phone_advice().await?;
            }
            let left = number.checked_sub(old);
            let end = left.map_or(End::Closed, |n| ENDS[n % ENDS.len()]);
            self.order(number, end, left.is_some()).await?;
        }
        let rest = (now.0 - self.app.now().0) / MINUTE;
        if rest > 0 {
            self.pass(rest).await?;
        }
        Ok(())
    }

    /// A question answered on the phone: followed up two hours later.
    async fn phone_advice(&mut self) -> Result<(), StartError> {
        let unit = self.dice.pick(&self.units.clone()).clone();
        let body = json!({ "channel": "phone", "topic": "consult", "caller_name": unit["demo_name"], "customer_id": unit["demo_customer"],
            "unit_id": unit["id"], "text": "显示屏提示保养，是否需要停机？", "demand": "" });
        let request = id(&self.person("agent").post("/requests", body).await?)?;
        let answer = json!({ "answer": "提示仅为保养到期提醒，可继续运行，已指导复位。" });
        self.person("agent").post(&format!("/requests/{request}/solve"), answer).await?;
        Ok(())
    }

    async fn order(&mut self, number: usize, end: End, recent: bool) -> Result<(), StartError> {
        let unit = self.dice.pick(&self.units.clone()).clone();
        let prefix = unit["serial"].as_str().unwrap_or_default().split('-').next().unwrap_or_default();
        let fitting: Vec<_> =
            names::FAULTS.iter().filter(|fault| fault.4.is_empty() || fault.4.contains(&prefix)).collect();
        let (symptom, cause, result, part, _) = **self.dice.pick(&fitting);
        let urgent = self.dice.percent(12);
        let priority = if urgent { 4 } else { 1 + self.dice.below(3) };
        let request = json!({ "channel": if number.is_multiple_of(5) { "walk_in" } else { "phone" }, "topic": "repair", "caller_name": unit["demo_name"],
            "customer_id": unit["demo_customer"], "unit_id": unit["id"], "text": symptom, "demand": "尽快恢复" });
        let request = id(&self.person("agent").post("/requests", request).await?)?;
        let kind =
            *self.dice.pick(&["repair_minor", "repair_minor", "repair_medium", "repair_major", "install"]);
        let order = json!({ "kind": kind, "mode": "on_site", "symptom": symptom, "priority": priority, "urgent": urgent });
        let made = self.person("agent").post(&format!("/requests/{request}/order"), order).await?;
        let order = ["/order/id", "/order_id", "/id"]
            .iter()
            .find_map(|p| made.pointer(p)?.as_str())
            .ok_or("no order")?
            .to_string();
        if end == End::Cancelled {
            self.act("agent", &order, "cancel", json!({ "reason": "客户自行恢复" })).await?;
            return Ok(());
        }
        if end < End::Accepted {
            return Ok(());
        }
        self.pass(self.minutes(recent, 8)).await?;
        self.act("dispatcher", &order, "accept", json!({})).await?;
        if end < End::Scheduled {
            return Ok(());
        }
        let org = unit["demo_org"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(3);
        let candidates: Vec<usize> =
            (0..self.engineers.len()).filter(|i| self.engineers[*i].org == org).collect();
        // The model says what it takes; the outlet's own people come first.
        let model = names::MODELS.iter().find(|model| model.1 == prefix);
        let able = |i: &usize| model.is_some_and(|m| names::ENGINEERS[*i].4.contains(&m.2));
        let here = candidates.iter().copied().find(able);
        let engineer = here.or_else(|| (0..self.engineers.len()).find(able)).unwrap_or(0);
        self.assign(&order, engineer, recent && end == End::Scheduled).await?;
        if end < End::AtWork {
            return Ok(());
        }
        self.work(&order, engineer, part, end, recent).await?;
        if end < End::Done {
            return Ok(());
        }
        self.finish(&order, engineer, [cause, result], end, recent).await
    }

    /// Steps of the last days are minutes apart, older ones up to hours.
    fn minutes(&self, recent: bool, usual: i64) -> i64 {
        if recent { 1 } else { usual }
    }

    async fn act(
        &self,
        who: &'static str,
        order: &str,
        action: &str,
        body: Value,
    ) -> Result<Value, StartError> {
        self.person(who).post(&format!("/orders/{order}/{action}"), body).await
    }

    async fn by_engineer(
        &self,
        engineer: usize,
        order: &str,
        action: &str,
        body: Value,
    ) -> Result<Value, StartError> {
        self.engineers[engineer].person.post(&format!("/orders/{order}/{action}"), body).await
    }

    async fn assign(&mut self, order: &str, engineer: usize, future: bool) -> Result<(), StartError> {
        self.pass(self.minutes(future, 12)).await?;
        let engineer_id = self.engineers[engineer].id.clone();
        let begin = self.app.now().0 + if future { 3 * 60 * MINUTE } else { 30 * MINUTE };
        for attempt in 0..6 {
            let from = appointment(begin + attempt * 120 * MINUTE);
            let body = json!({ "engineer_id": engineer_id, "verified": true, "appointment_from": from, "appointment_to": Ts(from.0 + 90 * MINUTE) });
            match self.person("dispatcher").post(&format!("/orders/{order}/assign"), body).await {
                Ok(_) => return Ok(()),
                Err(error) if error.to_string().contains("dispatch.clash") => {}
                Err(error) => return Err(error),
            }
        }
        let body = json!({ "engineer_id": engineer_id, "verified": true });
        self.person("dispatcher").post(&format!("/orders/{order}/assign"), body).await?;
        Ok(())
    }

    async fn work(
        &mut self,
        order: &str,
        engineer: usize,
        part: usize,
        end: End,
        recent: bool,
    ) -> Result<(), StartError> {
        let van = self.engineers[engineer].van.clone();
        self.pass(self.minutes(recent, 25)).await?;
        self.by_engineer(engineer, order, "depart", json!({})).await?;
        self.pass(self.minutes(recent, 30)).await?;
        self.by_engineer(
            engineer,
            order,
            "arrive",
            json!({ "lat": 31.27, "lng": 120.6, "note": "已到现场" }),
        )
        .await?;
        if let Some(part) = self.parts.get(part).cloned() {
            let line = json!({ "part_id": part["id"], "depot_id": van, "quantity": 1000, "stock": "issue", "old_part_taken": true });
            self.by_engineer(engineer, order, "lines", line).await?;
        }
        if end == End::Waiting {
            self.by_engineer(engineer, order, "wait", json!({ "reason": "parts", "note": "等总部调拨" }))
                .await?;
        }
        Ok(())
    }

    async fn finish(
        &mut self,
        order: &str,
        engineer: usize,
        words: [&str; 2],
        end: End,
        recent: bool,
    ) -> Result<(), StartError> {
        let hours = 40 + i64::try_from(self.dice.below(100))?;
        self.pass(self.minutes(recent, hours)).await?;
        let lines = self.admin.get(&format!("/orders/{order}/lines")).await?;
        let lines = lines["items"].as_array().or(lines.as_array()).cloned().unwrap_or_default();
        let used: Vec<Value> = lines
            .iter()
            .filter(|line| line["kind"] == "part")
            .map(|line| json!({ "id": line["id"], "quantity": line["quantity"], "old_part_taken": true }))
            .collect();
        let cause = *self.dice.pick(&["product", "product", "material", "workmanship", "customer", "other"]);
        let complete = json!({ "cause": cause, "root_cause": words[0], "result": words[1], "used": used, "signature": SIGNATURE,
            "assistance": "已向客户说明使用要点" });
        // Whoever exceeds the customer's limit asks first.
        self.by_engineer(engineer, order, "complete", complete).await?;
        if end < End::Confirmed {
            return Ok(());
        }
        let score = 80 + self.dice.below(20);
        self.by_engineer(engineer, order, "confirm", json!({ "score": score })).await?;
        if end < End::Closed {
            return Ok(());
        }
        self.pass(self.minutes(recent, 60)).await?;
        let callback =
            id(&self.person("callback").post(&format!("/orders/{order}/callbacks"), json!({})).await?)?;
        if self.dice.percent(8) {
            let class = *self.dice.pick(&["unsatisfied", "not_fixed_once", "complaint"]);
            let body = json!({ "class": class, "quality": 2, "attitude": 3, "demand": "第二天故障又出现，希望彻底解决" });
            self.person("callback").post(&format!("/callbacks/{callback}/result"), body).await?;
            return self.rework(order, engineer).await;
        }
        self.satisfied(order, &callback).await
    }

    async fn satisfied(&mut self, order: &str, callback: &str) -> Result<(), StartError> {
        let quality = 4 + self.dice.below(2);
        let body = json!({ "class": "satisfied", "quality": quality, "attitude": 5, "answers": [{ "question": "use", "asked": true, "note": "正常" }] });
        self.person("callback").post(&format!("/callbacks/{callback}/result"), body).await?;
        self.pass(30).await?;
        let deduction = if self.dice.percent(5) { 2000 } else { 0 };
        self.act("auditor", order, "audit", json!({ "note": "单据齐全", "deduction": deduction })).await?;
        self.act("auditor", order, "close", json!({})).await?;
        Ok(())
    }

    async fn rework(&mut self, order: &str, engineer: usize) -> Result<(), StartError> {
        self.pass(40).await?;
        self.act("dispatcher", order, "accept", json!({})).await?;
        let body = json!({ "engineer_id": self.engineers[engineer].id, "verified": true, "reason": "返工" });
        self.act("dispatcher", order, "assign", body).await?;
        self.pass(90).await?;
        self.by_engineer(engineer, order, "start", json!({})).await?;
        self.pass(60).await?;
        let lines = self.admin.get(&format!("/orders/{order}/lines")).await?;
        let lines = lines["items"].as_array().or(lines.as_array()).cloned().unwrap_or_default();
        let used: Vec<Value> = lines
            .iter()
            .filter(|line| line["kind"] == "part")
            .map(|line| json!({ "id": line["id"], "quantity": line["quantity"], "old_part_taken": true }))
            .collect();
        let complete = json!({ "cause": "workmanship", "root_cause": "上次未校准", "result": "重新校准并连续运行测试", "used": used, "signature": SIGNATURE });
        self.by_engineer(engineer, order, "complete", complete).await?;
        self.by_engineer(engineer, order, "confirm", json!({ "score": 85 })).await?;
        let callback =
            id(&self.person("callback").post(&format!("/orders/{order}/callbacks"), json!({})).await?)?;
        self.satisfied(order, &callback).await
    }
}

/// Wall-clock time of the demo company, eight hours ahead of UTC, as microseconds since its midnight.
fn of_day(at: i64) -> (i64, i64) {
    let local = at + 8 * 60 * MINUTE;
    (local.div_euclid(DAY) * DAY - 8 * 60 * MINUTE, local.rem_euclid(DAY))
}

/// The day's hours drawn together into those in which somebody answers the telephone: 8:30 to 16:30.
fn open_hours(at: i64) -> i64 {
    let (midnight, since) = of_day(at);
    midnight + 8 * 60 * MINUTE + 30 * MINUTE + since / 3
}

/// Nobody is visited before half past eight or after five: then it is the next morning.
fn appointment(at: i64) -> Ts {
    let (midnight, since) = of_day(at);
    let morning = 8 * 60 * MINUTE + 30 * MINUTE;
    let minute = at - at.rem_euclid(15 * MINUTE);
    match since {
        _ if since < morning => Ts(midnight + morning),
        _ if since > 17 * 60 * MINUTE => {
            Ts(midnight + DAY + morning + since % (8 * 60 * MINUTE) / MINUTE / 15 * 15 * MINUTE)
        }
        _ => Ts(minute),
    }
}

/// Ends of the orders of the last days, in turn.
const ENDS: &[End] = &[
    End::Closed,
    End::Confirmed,
    End::Done,
    End::Waiting,
    End::AtWork,
    End::Scheduled,
    End::Scheduled,
    End::Accepted,
    End::New,
    End::AtWork,
    End::Cancelled,
    End::New,
    End::Accepted,
];
