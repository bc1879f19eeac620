//! Units in the workshop of the demo company: one in every state of the bench, each with its story (SHOP, QC).

use aftercare::StartError;
use serde_json::{Value, json};

use super::{Company, DAY, MINUTE, client::id, names};

/// How long before today the first of them came in, microseconds.
pub const BEFORE: i64 = 13 * DAY;

/// One pixel, as a signature.
const SIGNATURE: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/// Models that people carry in.
const SMALL: &[&str] = &["RO80", "LC60", "LN24"];

/// A unit that came in.
pub struct Stay {
    order: String,
    unit: String,
    engineer: usize,
}

impl Company {
    /// What came in some days ago: repaired twice and fetched, never fetched, given back, sent to its maker.
    pub(super) async fn workshop_before(&mut self) -> Result<Stay, StartError> {
        let fixed = self
            .carry_in(0, "不通电，指示灯不亮", "电源适配器\n遥控器\n工具:随机扳手", "面板右下角磕碰 1 cm")
            .await?;
        let waits = self.carry_in(1, "漏水，接头处渗漏", "滤芯 x2\n说明书", "完好").await?;
        let sent = self.carry_in(2, "开机报 E5，主板无输出", "电源线", "底部有锈迹").await?;
        let back = self.carry_in(3, "噪声大，压缩机卡滞", "", "外壳老化发黄").await?;
        for stay in [&fixed, &waits, &sent, &back] {
            self.pass(25).await?;
            self.assign_unit(stay).await?;
        }
        self.pass(90).await?;
        self.at_bench(&fixed, "begin", json!({})).await?;
        self.at_bench(&waits, "begin", json!({ "note": "拆机检查" })).await?;
        let extra = json!({ "what": "更换进水电磁阀", "price": "86.00", "delay": "半天", "necessary": true });
        let extra = id(&self.engineers[waits.engineer].person.post(&shop(&waits, "extras"), extra).await?)?;
        let answer = json!({ "agreed": true, "by": "客户本人", "how": "电话，已录音" });
        self.person("agent").post(&shop(&waits, &format!("extras/{extra}/answer")), answer).await?;
        self.pass(180).await?;
        self.check(&fixed, true).await?;
        self.pass(120).await?;
        self.check(&fixed, false).await?;
        self.finish(&fixed, "电源板电容失效", "更换电源板电容，满载运行 30 分钟正常").await?;
        self.check(&waits, false).await?;
        self.finish(&waits, "电磁阀老化渗漏", "更换进水电磁阀，试压无渗漏").await?;
        let told = json!({ "kind": "repaired", "answer": "周末来取" });
        self.person("agent").post(&shop(&fixed, "notices"), told.clone()).await?;
        self.person("agent").post(&shop(&waits, "notices"), told).await?;
        let give = json!({ "why": "no_parts", "note": "压缩机停产，客户不愿等" });
        self.at_bench(&back, "begin", json!({})).await?;
        self.at_bench(&back, "give-back", give).await?;
        self.pass(20 * 60).await?;
        self.hand_over(&fixed, &["explained", "tested", "articles", "old_parts", "papers"]).await?;
        self.hand_over(&back, &["explained", "articles", "papers"]).await?;
        self.at_bench(&sent, "begin", json!({})).await?;
        Ok(sent)
    }

    /// The maker's date comes near: the reminder to ask stands among today's notifications.
    pub(super) async fn workshop_maker(&mut self, sent: &Stay, today: i64) -> Result<(), StartError> {
        let body = json!({ "maker": "清源净水华东维修站", "looks": "与接修单一致，随电源线一根，底部锈迹已注明", "carrier": "顺丰",
            "waybill": "SF1093350066", "vehicle": "周三随货车", "promised_at": kernel::Ts(today + 8 * 60 * MINUTE) });
        self.person("storekeeper").post(&shop(sent, "maker-returns"), body).await?;
        self.pass(26 * 60).await?;
        let body = json!({ "progress": "主板已到，排在周末前修" });
        self.person("storekeeper").post(&shop(sent, "ask-maker"), body).await?;
        Ok(())
    }

    /// Today's bench: to repair, at work with its self-check, waiting for a part, parts all here, hard, ready.
    pub(super) async fn workshop_today(&mut self) -> Result<(), StartError> {
        self.carry_in(4, "出水量小", "滤芯 x3\n遥控器", "完好").await?;
        let working = self.carry_in(5, "不制冷，风机不转", "遥控器", "侧板划痕 5 cm").await?;
        let missing = self.carry_in(6, "显示花屏", "电源适配器\n包装箱", "屏幕左上角裂纹").await?;
        let here = self.carry_in(7, "漏电跳闸", "", "完好").await?;
        let hard = self.carry_in(8, "间歇性死机，一天两三次", "电源线\n其他:U盘", "完好").await?;
        let ready = self.carry_in(9, "按键失灵", "说明书", "完好").await?;
        for stay in [&working, &missing, &here, &hard, &ready] {
            self.assign_unit(stay).await?;
            self.at_bench(stay, "begin", json!({})).await?;
        }
        self.pass(10).await?;
        let self_check = json!({ "rest_passed": true });
        self.at_bench(&working, "checks/self", self_check).await?;
        self.part_of(&missing, "plan").await?;
        self.at_bench(&missing, "wait", json!({ "reason": "parts", "note": "显示屏总成，已报采购" })).await?;
        self.person("agent")
            .post(&shop(&missing, "notices"), json!({ "kind": "waiting", "answer": "可以等一周" }))
            .await?;
        self.part_of(&here, "reserve").await?;
        self.at_bench(&here, "wait", json!({ "reason": "parts", "note": "漏电保护器" })).await?;
        self.at_bench(&hard, "wait", json!({ "reason": "hard", "note": "故障不复现，申请会诊" })).await?;
        self.pass(10).await?;
        self.check(&ready, false).await?;
        self.finish(&ready, "按键板氧化", "更换按键板，逐键测试正常").await?;
        self.pass(5).await
    }

    /// A unit is carried in: the order, then its slip.
    async fn carry_in(
        &mut self,
        turn: usize,
        fault: &str,
        articles: &str,
        looks: &str,
    ) -> Result<Stay, StartError> {
        let small = |unit: &&super::Unit| SMALL.contains(&names::MODELS[unit.model].1);
        let units: Vec<&super::Unit> = self.units.iter().filter(small).collect();
        let unit = units.get(turn * 5 % units.len().max(1)).ok_or("no small unit")?;
        let client = &self.clients[unit.client];
        let engineer = self.engineers.iter().position(|e| e.org == client.org).ok_or("no engineer")?;
        let order = json!({ "customer_id": client.id, "unit_id": unit.id, "kind": "repair_minor", "mode": "brought_in",
            "symptom": fault, "demand": "修好通知", "source": "walk_in", "over_quote_limit": "600.00" });
        let order = id(&self.person("agent").post("/orders", order).await?)?;
        let promised = kernel::Ts(self.app.now().0 + 3 * DAY);
        let slip = json!({ "articles_text": articles, "outer_look": looks, "parts_look": "齐全", "place": format!("A-{}", 1 + turn % 6),
            "papers": [{ "kind": "invoice", "seen": turn.is_multiple_of(2), "valid": true, "complete": true }],
            "pickup_on": kit::format::date_of(self.app.zones.of(kernel::Id::NIL), promised), "signature": SIGNATURE });
        let unit = id(&self.person("agent").post(&format!("/orders/{order}/receive"), slip).await?)?;
        self.pass(4).await?;
        Ok(Stay { order, unit, engineer })
    }

    async fn assign_unit(&self, stay: &Stay) -> Result<(), StartError> {
        let body = json!({ "engineer_id": self.engineers[stay.engineer].id });
        self.person("dispatcher").post(&shop(stay, "assign"), body).await.map(drop)
    }

    async fn at_bench(&self, stay: &Stay, what: &str, body: Value) -> Result<(), StartError> {
        self.engineers[stay.engineer].person.post(&shop(stay, what), body).await.map(drop)
    }

    async fn part_of(&self, stay: &Stay, stock: &str) -> Result<(), StartError> {
        let line =
            json!({ "part_id": self.parts[2], "depot_id": self.depot, "quantity": 1000, "stock": stock });
        self.person("storekeeper").post(&format!("/orders/{}/lines", stay.order), line).await.map(drop)
    }

    /// All three stages; the final one may fail in two points.
    async fn check(&self, stay: &Stay, fails: bool) -> Result<(), StartError> {
        let pass = json!({ "rest_passed": true });
        self.at_bench(stay, "checks/self", pass.clone()).await?;
        self.person("dispatcher")
            .post(&shop(stay, "checks/team"), json!({ "rest_passed": true, "advice": "建议半年清洁一次" }))
            .await?;
        let mut answers = vec![json!({}); 39];
        for (point, value) in [(9, "0.04"), (10, "50"), (17, "221.5"), (20, "0.21")] {
            answers[point] = json!({ "value": value });
        }
        if fails {
            answers[23] = json!({ "verdict": "fail", "note": "满载有异响" });
            answers[31] = json!({ "verdict": "fail", "note": "运行 20 分钟保护停机" });
        }
        let sheet = json!({ "rest_passed": true, "answers": answers, "note": if fails { "重新固定风扇，复测温升" } else { "" } });
        self.person("manager").post(&shop(stay, "checks/final"), sheet).await.map(drop)
    }

    async fn finish(&self, stay: &Stay, cause: &str, result: &str) -> Result<(), StartError> {
        let body = json!({ "cause": "product", "root_cause": cause, "result": result, "place": "待取架" });
        self.at_bench(stay, "repaired", body).await
    }

    async fn hand_over(&self, stay: &Stay, checks: &[&str]) -> Result<(), StartError> {
        let agent = self.person("agent");
        let seen = agent.get(&shop(stay, "")).await?;
        let body =
            json!({ "identity": "slip", "checks": checks, "received": seen["due"], "signature": SIGNATURE });
        agent.post(&shop(stay, "pick-up"), body).await.map(drop)
    }
}

fn shop(stay: &Stay, what: &str) -> String {
    format!("/workshop/units/{}{}{what}", stay.unit, if what.is_empty() { "" } else { "/" })
}
