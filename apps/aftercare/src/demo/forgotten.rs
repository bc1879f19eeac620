//! Somebody who asked a price, bought elsewhere, and wants to be forgotten (PIPL): a file without its person.

use aftercare::StartError;
use serde_json::{Value, json};

use super::{Company, client::id};

/// Her telephone number.
const PHONE: &str = "13962178053";
/// What she is called.
const NAME: &str = "宋雪梅";

impl Company {
    /// She calls about a water purifier, before there is a file of her; the agent opens one, and calls back once more.
    pub(super) async fn asks_a_price(&mut self) -> Result<Value, StartError> {
        let agent = self.person("agent").clone();
        let call = json!({ "phone": PHONE, "party": NAME, "direction": "in", "outcome": "answered", "seconds": 214,
            "note": "展会上看过净水器，问上门安装要多少钱" });
        agent.post("/calls", call).await?;
        let new = json!({ "name": NAME, "class": "direct", "standing": "potential", "org_id": self.orgs[3], "phone": PHONE,
            "region": "江苏省苏州市", "district": "工业园区", "address": "翡翠湖畔 8 幢 1103", "call_from": "18:00", "call_to": "20:30",
            "notes": "白天上班，晚上方便；家里养猫" });
        let customer = agent.post("/customers", new).await?;
        let path = format!("/customers/{}", id(&customer)?);
        agent
            .post(
                &format!("{path}/contacts"),
                json!({ "name": "宋建平", "role": "父亲", "phone": "13962178066" }),
            )
            .await?;
        let said = json!({ "channel": "phone", "topic": "consult", "content": "consult.price", "caller_name": NAME,
            "caller_phone": PHONE, "customer_id": customer["id"], "text": "净水器上门安装的费用，能不能周末来", "demand": "先报价" });
        let request = id(&agent.post("/requests", said).await?)?;
        self.pass(25).await?;
        let answer = json!({ "answer": "已电话报价，含滤芯与安装，周末可上门；客户考虑后答复" });
        agent.post(&format!("/requests/{request}/answer"), answer).await?;
        agent.post(&format!("/requests/{request}/close"), json!({ "note": "客户已在别处购买" })).await?;
        Ok(customer)
    }

    /// Days later she writes: first a copy of what is held, then it is to go.
    pub(super) async fn is_forgotten(&mut self, customer: &Value) -> Result<(), StartError> {
        let path = format!("/customers/{}", id(customer)?);
        self.admin.get(&format!("{path}/personal")).await?;
        self.pass(20).await?;
        let body =
            json!({ "reason": "本人来函（附身份证明），副本已交付，要求删除个人信息", "no": customer["no"] });
        self.admin.post(&format!("{path}/erase"), body).await.map(drop)
    }
}
