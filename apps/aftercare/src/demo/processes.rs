//! A running document of every shipped process template, each in some state (DOC-19).

use aftercare::StartError;
use kit::format::field_time;
use serde_json::{Value, json};

use super::{Company, id};

/// How long all of it takes, hours.
pub const HOURS: i64 = 11;

/// A move with what is entered: `(move, reason, entry)`.
type Made = (&'static str, &'static str, Value);

impl Company {
    /// Opens the documents and takes them some steps on, a quarter of an hour apart.
    pub async fn processes(&mut self) -> Result<(), StartError> {
        let engineer = self.engineers.first().map(|e| e.id.clone()).unwrap_or_default();
        let outlet = self.orgs.get(6).cloned().unwrap_or_default();
        let in_hours = |hours: i64| {
            let at = kernel::Ts(self.app.now().0 + hours * 3_600_000_000);
            field_time(self.app.zones.of(kernel::Id::NIL), at)
        };
        let later = |hours: i64| json!(in_hours(hours));
        for (template, fields, moves) in stories(&engineer, &outlet, &later) {
            let made =
                self.admin.post("/documents", json!({ "template": template, "fields": fields })).await?;
            let document = id(&made)?;
            for (act, reason, entry) in moves {
                self.pass(15).await?;
                let mut body = entry;
                if act.is_empty() {
                    self.admin.post(&format!("/documents/{document}/tell"), body).await?;
                    continue;
                }
                body["act"] = json!(act);
                body["reason"] = json!(reason);
                self.admin.post(&format!("/documents/{document}/act"), body).await?;
            }
        }
        self.confidential(&engineer).await
    }

    /// A kind of document of the company's own that only few may see, and a misheard number put right.
    async fn confidential(&mut self, investigator: &str) -> Result<(), StartError> {
        let source = include_str!("../../../../docs/examples/staff-complaint.toml");
        let made = self.admin.post("/process-templates", json!({ "source": source })).await?;
        let template = id(&made)?;
        self.admin.post(&format!("/process-templates/{template}/activate"), json!({})).await?;
        let said = json!({ "subject": "上门态度生硬", "complainant": "何女士", "phone": "13800138000", "story": "到场未说明收费就拆机，客户询问时语气不好。" });
        let body = json!({ "template": "staff-complaint", "fields": said });
        let document = id(&self.admin.post("/documents", body).await?)?;
        self.pass(15).await?;
        let right = json!({ "reason": "回拨核对，记错一位", "fields": { "phone": "13800138006" } });
        self.admin.post(&format!("/documents/{document}/correct"), right).await?;
        self.pass(15).await?;
        let named = json!({ "act": "name", "fields": { "investigator": investigator } });
        self.admin.post(&format!("/documents/{document}/act"), named).await.map(drop)
    }
}

impl Company {
    /// Machines sent in by post and installations work by a process; one of each kind stands at every second step.
    pub async fn orders_by_process(&mut self) -> Result<(), StartError> {
        self.order_processes(true).await?;
        let engineer = self.engineers.first().map(|e| e.id.clone()).unwrap_or_default();
        let start = || ("start", fields(json!({ "technician": engineer, "accessories": "电源线、说明书" })));
        let agreed = fields(json!({ "engineer": engineer, "materials": "" }));
        let sent = [
            ("显示花屏", "mailed"),
            ("开机无反应", "mailed"),
            ("按键失灵", "mailed"),
            ("新机安装调试", "on_site"),
            ("移机后调试", "on_site"),
        ];
        let mut runs = vec![];
        for (index, (symptom, mode)) in sent.into_iter().enumerate() {
            let unit = &self.units[index * 3];
            let kind = if mode == "mailed" { "repair_minor" } else { "install" };
            let input = json!({ "customer_id": self.clients[unit.client].id, "unit_id": unit.id, "kind": kind, "mode": mode, "symptom": symptom, "demand": "尽快" });
            let order = self.admin.post("/orders", input).await?;
            runs.push(order["run_id"].as_str().ok_or("an order without its process")?.to_string());
        }
        // Before time goes on: the orders of the story that are still to come follow the fixed steps.
        self.order_processes(false).await?;
        for (index, run) in runs.iter().enumerate() {
            let moves = match index {
                1 => vec![start()],
                2 => vec![start(), ("wait_part", fields(json!({ "part": "按键板" })))],
                3 => vec![("accept", json!({}))],
                4 => vec![("accept", json!({})), ("send", agreed.clone())],
                _ => vec![],
            };
            for (act, mut body) in moves {
                self.pass(15).await?;
                body["act"] = json!(act);
                self.admin.post(&format!("/documents/{run}/act"), body).await?;
            }
        }
        Ok(())
    }

    /// Which new orders work by which process.
    pub async fn order_processes(&self, on: bool) -> Result<(), StartError> {
        let rules = json!([{ "mode": "mailed", "template": "front-desk-repair" }, { "kind": "install", "mode": "on_site", "template": "integrated" }]);
        let rules = if on { rules } else { json!([]) };
        self.admin.put("/order-processes", json!({ "rules": rules })).await.map(drop)
    }
}

/// All points of a check list found right.
fn points(count: usize) -> Value {
    (1..=count).map(|n| (n.to_string(), json!({ "result": "ok" }))).collect::<serde_json::Map<_, _>>().into()
}

fn fields(value: Value) -> Value {
    json!({ "fields": value })
}

fn stories(
    engineer: &str,
    outlet: &str,
    later: &dyn Fn(i64) -> Value,
) -> Vec<(&'static str, Value, Vec<Made>)> {
    let none = || json!({});
    vec![
        (
            "integrated",
            json!({ "customer": "李建平", "phone": "13800136027", "address": "苏州市吴中区太湖东路9号", "area": "吴中", "demand": "空调不制冷", "mode": "on_site", "warranty": "in" }),
            vec![
                ("accept", "", none()),
                ("assign", "", fields(json!({ "engineer": engineer, "materials": "压缩机 1 台" }))),
            ],
        ),
        (
            "front-desk-repair",
            json!({ "customer": "王芳", "phone": "13900001111", "product": "激光打印机", "serial": "LJ-20817", "fault": "卡纸", "accessories": "电源线", "warranty": "out", "over_quote": "300" }),
            vec![
                ("start", "", fields(json!({ "technician": engineer }))),
                ("wait_part", "", fields(json!({ "part": "搓纸轮" }))),
            ],
        ),
        (
            "computer-shop",
            json!({ "customer": "陈晓", "phone": "13700001234", "device": "笔记本电脑", "symptom": "不开机" }),
            vec![(
                "agree",
                "",
                fields(
                    json!({ "consent": true, "diagnosis": "主板供电故障", "quote_by": "item", "no_guarantee": true, "quote": "480" }),
                ),
            )],
        ),
        (
            "car-4s",
            json!({ "customer": "吴强", "phone": "13600002222", "plate": "苏E12345", "demand": "刹车异响", "booked_by": "customer" }),
            vec![(
                "prepare",
                "",
                fields(
                    json!({ "reception_at": later(30), "provisional": later(38), "price": "800", "adviser": engineer }),
                ),
            )],
        ),
        (
            "car-4s-detailed",
            json!({ "customer": "郑凯", "phone": "13500003333", "plate": "苏B88210", "symptom": "发动机漏油", "booked_by": "customer" }),
            vec![(
                "book",
                "",
                fields(
                    json!({ "reception_at": later(28), "provisional": later(36), "price": "600", "adviser": engineer, "papers": "行驶证、保养手册" }),
                ),
            )],
        ),
        (
            "home-visit",
            json!({ "customer": "孙丽", "phone": "13400004444", "address": "无锡市梁溪区人民路88号", "product": "冰箱", "fault": "不制冷", "promised_at": later(5), "warranty": "out" }),
            vec![
                ("", "", json!({ "message": "confirm" })),
                ("visit", "", fields(json!({ "analysis": "可能缺氟，带压力表和氟", "engineer": engineer }))),
            ],
        ),
        (
            "battery",
            json!({ "customer": "钱进", "phone": "13200005555", "battery": "6-DZM-20", "bought": "2026-03-01", "complaint": "续航变短", "kind": "special", "same_district": true }),
            vec![("register", "", none())],
        ),
        (
            "forklift",
            json!({ "customer": "华东物流园", "phone": "13100006666", "truck": "CPD15-0173", "fault": "门架不起升", "route": "direct", "covered": "in" }),
            vec![
                ("submit", "", fields(json!({ "verified": "油泵磨损，需更换" }))),
                ("apply", "", fields(json!({ "staff": engineer, "needs_parts": true }))),
                ("ask_parts", "", fields(json!({ "parts": "齿轮泵 1 台", "parts_cost": "1280" }))),
            ],
        ),
        (
            "agri-dealer",
            json!({ "customer": "老周", "phone": "13000007777", "machine": "904 拖拉机", "problem": "液压提升无力", "kind": "repair" }),
            vec![("by_phone", "", none()), ("go", "", none())],
        ),
        (
            "instrument-3-level",
            json!({ "customer": "市质检所", "phone": "025-88880000", "instrument": "液相色谱仪", "kind": "repair", "installed": "2026-06-01", "fault": "基线漂移", "urgent": true }),
            vec![
                ("respond", "", fields(json!({ "first_reply": "代理工程师下午到" }))),
                ("to_level2", "疑难故障", none()),
            ],
        ),
        (
            "equipment-maker",
            json!({ "customer": "苏州电子厂", "phone": "0512-66660000", "equipment": "贴片机 S20", "fault": "X 轴报警", "in_warranty": true }),
            vec![("send", "", none()), ("depart", "", fields(json!({ "engineer": engineer })))],
        ),
        (
            "maintenance-round",
            json!({ "customer": "昆山精密", "phone": "0512-57770000", "equipment": "贴片机 S20", "warranty_until": "2027-08-31", "engineer": engineer }),
            vec![("planned", "", none())],
        ),
        (
            "information-centre",
            json!({ "customer": "周敏", "phone": "13300008888", "request": "热水器安装", "window_from": later(8), "window_to": later(10) }),
            vec![("pass", "", fields(json!({ "outlet": outlet })))],
        ),
        (
            "decoration",
            json!({ "customer": "冯先生", "phone": "18900009999", "address": "苏州市姑苏区干将路101号", "address_short": "桂花园", "problem": "墙面开裂", "finished_on": "2026-02-01" }),
            vec![("slip", "", fields(json!({ "warranty": "in" })))],
        ),
        (
            "furniture-delivery",
            json!({ "customer": "何女士", "phone": "18800001212", "address": "苏州市工业园区星湖街1号", "contract": "HT-2611-07", "goods": "衣柜、书桌" }),
            vec![
                ("checked", "", json!({ "checks": { "contract": points(13) } })),
                ("produced", "", fields(json!({ "cycle_days": 12, "deliver_at": later(72) }))),
            ],
        ),
        (
            "water-heater",
            json!({ "agent_outlet": outlet, "customer": "蒋伯", "phone": "18700003434", "address": "昆山市玉山镇1号", "model": "TZ-20", "card_no": "K20817", "bought": "2024-11-01", "fault": "漏水", "fault_in": "piping" }),
            vec![("to_company", "无配件", none())],
        ),
        (
            "software-support",
            json!({ "customer": "百佳商场", "phone": "18600005656", "product": "进销存", "issue": "月报合计不对", "kind": "bug" }),
            vec![("to_test", "", none()), ("reproduced", "", fields(json!({ "reproduced": "yes" })))],
        ),
    ]
}
