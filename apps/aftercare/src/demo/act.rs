//! One step of one order, done by whoever does it.

use aftercare::StartError;
use kernel::Ts;
use serde_json::{Value, json};

use super::{
    Company, MINUTE,
    client::{id, items},
    plan::Step,
};

/// One pixel, as a signature.
const SIGNATURE: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/// Work that is no repair: kind, content of the request, what the customer says, what was done.
const OTHER_WORK: &[(&str, &str, &str, &str)] = &[
    ("install", "booking.install", "新机到货，预约安装调试", "安装到位，调试合格，已培训操作人员"),
    ("maintenance", "booking.maintain", "年度保养到期，预约保养", "清洁、紧固、润滑，各项参数检测正常"),
    ("cleaning", "booking.clean", "设备积灰，要求深度清洁", "拆洗换热器与滤网，出风温度恢复"),
    ("delivery", "booking.deliver", "新机送货", "已送达并验收，附件齐全"),
    ("exchange", "booking.exchange", "到货外观破损，要求调换", "已换新机，旧机带回"),
    ("outsourced", "booking.move", "主机移位，需要吊装", "外协吊装移位完成，试运行合格"),
    ("dealer_return", "repair.other", "商返机，要求检测维修", "检测修复，重新包装入库"),
];

/// What an unhappy customer says, by class.
const WORDS: &[(&str, &str)] = &[
    ("unsatisfied", "修好了但噪音比以前大，希望再来看看"),
    ("complaint", "第二天又停机，影响生产，要求马上处理"),
    ("not_fixed_once", "用了一天老毛病又出现，希望彻底解决"),
    ("not_fixed_repeatedly", "修了两次还是不行，要求换有经验的师傅"),
    ("bad_attitude", "机器修好了，但师傅说话不耐烦"),
];

impl Company {
    pub(super) async fn step(&mut self, job: usize, step: Step) -> Result<(), StartError> {
        let visited = json!({ "lat": 31.27, "lng": 120.6, "note": "已到现场" });
        match step {
            Step::Request => self.call(job).await,
            Step::Accept => self.act("dispatcher", job, "accept", json!({})).await,
            Step::Assign(from) => self.assign(job, from).await,
            Step::Depart => self.on_site(job, "depart", json!({})).await,
            Step::Arrive => self.on_site(job, "arrive", visited).await,
            Step::Start => self.on_site(job, "start", json!({})).await,
            Step::Part(part) => self.part(job, part).await,
            Step::Wait(reason) => {
                let note = match reason {
                    "parts" => "等总部调拨备件",
                    "customer" => "等客户确认费用",
                    _ => "等第三方断电配合",
                };
                self.on_site(job, "wait", json!({ "reason": reason, "note": note })).await
            }
            Step::Resume => self.on_site(job, "resume", json!({ "note": "条件具备，继续处理" })).await,
            Step::Complete => self.complete(job).await,
            Step::Confirm => {
                let score = 82 + self.dice.below(18);
                // The rating of work at the customer's place comes with the signature.
                let score = (self.jobs[job].mode == "on_site").then_some(score);
                self.on_site(job, "confirm", json!({ "score": score })).await
            }
            Step::Called(class) => self.called(job, class).await,
            Step::Audit => {
                let deduction = if self.dice.percent(5) { 2000 } else { 0 };
                self.act("auditor", job, "audit", json!({ "note": "单据齐全", "deduction": deduction })).await
            }
            Step::Close => self.act("auditor", job, "close", json!({})).await,
            Step::Reopen => {
                self.jobs[job].reworks += 1;
                let reason = "结算后客户来电：同一故障再次出现，经理同意返工";
                self.act("manager", job, "reopen", json!({ "reason": reason })).await
            }
            Step::Cancel => self.act("agent", job, "cancel", json!({ "reason": "客户自行恢复" })).await,
            Step::Terminate => {
                self.act("dispatcher", job, "terminate", json!({ "reason": "设备已拆除报废，客户不再维修" }))
                    .await
            }
            Step::Return => {
                let reason = "维修费用接近新机，客户放弃维修，原样退回";
                self.on_site(job, "return", json!({ "reason": reason })).await
            }
            Step::Advice | Step::AdviceCalls | Step::OldParts => Ok(()),
        }
    }

    /// The customer calls; a new machine is registered; the order is made.
    async fn call(&mut self, job: usize) -> Result<(), StartError> {
        let (client, model) = (self.jobs[job].client, self.jobs[job].model);
        let unit = match self.jobs[job].unit {
            Some(unit) => unit,
            None => self.install(client, model, None).await?,
        };
        let (kind, mode, fault) = (self.jobs[job].kind, self.jobs[job].mode, self.jobs[job].fault);
        let other = OTHER_WORK.iter().find(|work| work.0 == kind);
        let (content, text) = other.map_or(("repair.code", fault.0), |work| (work.1, work.2));
        let urgent = other.is_none() && self.dice.percent(12);
        let priority = if urgent { 4 } else { 1 + self.dice.below(3) };
        let channel = match (mode, job % 6) {
            ("brought_in", _) => "walk_in",
            (_, 2) => "web",
            (_, 5) => "wechat",
            _ => "phone",
        };
        let demand = ["尽快恢复", "请上午来", "来前先打电话", "费用先报价"][job % 4];
        let topic = content.split('.').next();
        let client = &self.clients[client];
        let request = json!({ "channel": channel, "topic": topic, "content": content, "caller_name": client.name,
            "customer_id": client.id, "unit_id": self.units[unit].id, "text": text, "demand": demand });
        let agent = self.person("agent");
        let request = id(&agent.post("/requests", request).await?)?;
        let order =
            json!({ "kind": kind, "mode": mode, "symptom": text, "priority": priority, "urgent": urgent });
        let made = agent.post(&format!("/requests/{request}/order"), order).await?;
        self.jobs[job].order = ["/order/id", "/order_id", "/id"]
            .iter()
            .find_map(|p| made.pointer(p)?.as_str())
            .ok_or("no order")?
            .to_string();
        Ok(())
    }

    async fn act(&self, who: &'static str, job: usize, action: &str, body: Value) -> Result<(), StartError> {
        self.person(who).post(&format!("/orders/{}/{action}", self.jobs[job].order), body).await.map(drop)
    }

    pub(super) async fn on_site(&self, job: usize, action: &str, body: Value) -> Result<(), StartError> {
        let engineer = &self.engineers[self.jobs[job].engineer].person;
        engineer.post(&format!("/orders/{}/{action}", self.jobs[job].order), body).await.map(drop)
    }

    /// What the call lacks: the agent asks the dispatcher first, then the customer (CALL-07).
    pub(super) async fn verify(&self, order: &str) -> Result<(), StartError> {
        for (with, note) in
            [("dispatcher", "调度无更多资料，须问客户"), ("customer", "已电话补充，其余上门核对")]
        {
            let body = json!({ "with": with, "note": note });
            self.person("agent").post(&format!("/orders/{order}/verify"), body).await?;
        }
        Ok(())
    }

    /// At the promised time, or at a later one when the engineer is booked.
    async fn assign(&self, job: usize, from: Ts) -> Result<(), StartError> {
        let engineer = &self.engineers[self.jobs[job].engineer].id;
        let mut asked = false;
        for later in 0..5 {
            let from = Ts(from.0 + later * 60 * MINUTE);
            let body = json!({ "engineer_id": engineer, "reason": "按区域与技能派工",
                "appointment_from": from, "appointment_to": Ts(from.0 + 90 * MINUTE) });
            match self.act("dispatcher", job, "assign", body).await {
                Err(error) if error.to_string().contains("dispatch.clash") => {}
                Err(error) if !asked && error.to_string().contains("orders.incomplete") => {
                    asked = true;
                    self.verify(&self.jobs[job].order).await?;
                }
                other => return other,
            }
        }
        self.act("dispatcher", job, "assign", json!({ "engineer_id": engineer })).await
    }

    async fn part(&mut self, job: usize, part: usize) -> Result<(), StartError> {
        let engineer = self.jobs[job].engineer;
        self.restock(engineer, part).await?;
        self.engineers[engineer].held[part] -= 1;
        let line = json!({ "part_id": self.parts[part], "depot_id": self.engineers[engineer].van, "quantity": 1000,
            "stock": "issue", "old_part_taken": true });
        self.on_site(job, "lines", line).await
    }

    async fn complete(&mut self, job: usize) -> Result<(), StartError> {
        let lines = self.admin.get(&format!("/orders/{}/lines", self.jobs[job].order)).await?;
        let used: Vec<Value> = items(&lines)
            .iter()
            .filter(|line| line["kind"] == "part")
            .map(|line| json!({ "id": line["id"], "quantity": line["quantity"], "old_part_taken": true }))
            .collect();
        let (kind, fault) = (self.jobs[job].kind, self.jobs[job].fault);
        let other = OTHER_WORK.iter().find(|work| work.0 == kind);
        let (cause, root, result) = match (self.jobs[job].reworks, other) {
            (1.., _) => ("workmanship", "上次未校准到位", "重新校准并连续运行测试"),
            (0, Some(work)) => ("other", work.2, work.3),
            (0, None) => {
                let causes = ["product", "product", "product", "material", "customer", "other"];
                (*self.dice.pick(&causes), fault.1, fault.2)
            }
        };
        let signature = (self.jobs[job].mode == "on_site").then_some(SIGNATURE);
        // What every third customer is told of wear parts, and when every fifth likes to be called.
        let wear = if job.is_multiple_of(3) {
            json!([{ "part": "空气滤芯", "percent": 20 + job * 17 % 70, "months": 1 + job % 9 }])
        } else {
            json!([])
        };
        let call_time = if job.is_multiple_of(5) { "09:00-11:30" } else { "" };
        let complete = json!({ "cause": cause, "root_cause": root, "result": result, "used": used, "signature": signature,
            "assistance": "已向客户说明使用要点", "wear": wear, "call_time": call_time });
        self.on_site(job, "complete", complete).await
    }

    async fn called(&mut self, job: usize, class: &'static str) -> Result<(), StartError> {
        let clerk = self.person("callback").clone();
        let call = format!("/orders/{}/callbacks", self.jobs[job].order);
        let call = id(&clerk.post(&call, json!({})).await?)?;
        let words = WORDS.iter().find(|words| words.0 == class).map_or("", |words| words.1);
        let body = if words.is_empty() {
            let quality = 4 + self.dice.below(2);
            json!({ "class": class, "quality": quality, "attitude": 5, "answers": [{ "question": "use", "value": "运行正常" }, { "question": "service", "value": "5" }, { "question": "hints", "asked": true }] })
        } else {
            let (quality, attitude) = if class == "bad_attitude" { (4, 1) } else { (2, 3) };
            json!({ "class": class, "quality": quality, "attitude": attitude, "demand": words })
        };
        self.jobs[job].reworks += usize::from(!matches!(class, "satisfied" | "bad_attitude"));
        clerk.post(&format!("/callbacks/{call}/result"), body).await.map(drop)
    }
}
