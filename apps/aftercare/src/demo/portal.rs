//! Customers of the demo company who follow their orders themselves, and the telephones of today.

use aftercare::StartError;
use kernel::Ts;
use serde_json::{Value, json};

use super::{Company, MINUTE, goods, plan::End};

/// Calls of today: minutes ago, client, rings until, and what became of it.
const CALLS: &[(i64, usize, i64, &str)] = &[
    (214, 2, 8, "answer"),
    (187, 5, 12, "answer"),
    (151, 9, 26, "missed"),
    (133, 13, 6, "answer"),
    (96, 18, 17, "answer"),
    (71, 21, 31, "missed"),
    (48, 24, 0, "busy"),
    (22, 0, 9, "answer"),
];

/// Telephones: role, extension.
const SEATS: &[(&str, &str)] =
    &[("agent", "801"), ("callback", "802"), ("dispatcher", "803"), ("outlet", "901")];

impl Company {
    /// Telephones, messages, ratings: what makes the public pages and the pop-up believable.
    pub(super) async fn customers_speak(&self, now: Ts) -> Result<(), StartError> {
        let hotline = json!({ "key": "products.hotline", "value": "400-812-3600" });
        self.admin.put("/settings", hotline).await?;
        self.telephones(now).await?;
        self.messages().await?;
        self.ratings().await?;
        self.papers().await
    }

    async fn telephones(&self, now: Ts) -> Result<(), StartError> {
        for (role, extension) in SEATS {
            self.person(role).put("/call-extensions", json!({ "extension": extension })).await?;
        }
        for (number, (ago, client, rang, end)) in CALLS.iter().enumerate() {
            let phone = goods::phone(*client);
            let began = now.0 - ago * MINUTE;
            let at = |seconds: i64| Ts(began + seconds * 1_000_000).to_string();
            let extension = if number % 3 == 1 { "802" } else { "801" };
            let event = |event: &str, at: String| {
                json!({ "call_id": format!("pbx-{}", 4100 + number), "event": event, "caller": phone, "line": "4008123600",
                    "extension": extension, "at": at })
            };
            let mut steps = vec![("ring", 0)];
            match *end {
                "answer" => steps.extend([
                    ("answer", *rang),
                    ("hangup", rang + 95 + 20 * i64::try_from(number).unwrap_or(0)),
                ]),
                "busy" => steps = vec![("busy", 0)],
                _ => steps.push(("hangup", *rang)),
            }
            for (step, seconds) in steps {
                self.person("manager").post("/calls/events", event(step, at(seconds))).await?;
            }
        }
        // One of the missed ones was called back.
        let back = json!({ "phone": goods::phone(CALLS[2].1), "direction": "out", "note": "回拨：询问保养时间，已转预约", "seconds": 74 });
        self.person("agent").post("/calls", back).await?;
        Ok(())
    }

    /// Secret of the customer's page of an order.
    async fn link(&self, order: &str) -> Result<String, StartError> {
        let key = self.person("manager").get(&format!("/orders/{order}/key")).await?;
        let path = key["path"].as_str().ok_or("no link")?;
        Ok(path.trim_start_matches("/f/").to_string())
    }

    async fn messages(&self) -> Result<(), StartError> {
        let visits = self.jobs.iter().rev().filter(|job| job.end == End::Scheduled).take(2);
        let talk = [
            (
                "请问大概几点到？上午家里有人，下午两点以后要出门。",
                "您好，按预约时间到，出发前会给您打电话。",
            ),
            ("车位在 B2，和门岗说维修就可以进。", "收到，谢谢。需要断电十分钟，麻烦提前和物业说一声。"),
        ];
        for (job, (asked, answered)) in visits.zip(talk) {
            let link = self.link(&job.order).await?;
            self.admin
                .nobody()
                .post(&format!("/public/orders/{link}/messages"), json!({ "text": asked }))
                .await?;
            let engineer = &self.engineers[job.engineer].person;
            engineer.post(&format!("/orders/{}/messages", job.order), json!({ "text": answered })).await?;
        }
        if let Some(job) = self.jobs.iter().rev().find(|job| job.end == End::Waiting) {
            let link = self.link(&job.order).await?;
            let text = json!({ "text": "备件大概哪天能到？周末前能用上就行。" });
            self.admin.nobody().post(&format!("/public/orders/{link}/messages"), text).await?;
        }
        Ok(())
    }

    /// What customers of the first models may read.
    async fn papers(&self) -> Result<(), StartError> {
        const CARE: &str = "日常保养\n\n1. 每两周清洗一次过滤网，晾干后装回。\n2. 出风口和回风口不要堆放杂物。\n3. 长期不用时拔下电源插头；再次使用前先通电预热。\n4. 有异味、漏水或异响时请停机，扫设备二维码报修。\n";
        for model in self.models.iter().take(4) {
            let file = self.app.id();
            let name = "%E6%97%A5%E5%B8%B8%E4%BF%9D%E5%85%BB.txt";
            self.admin
                .put_file(&format!("/docs/model/{model}/files/{file}?name={name}"), CARE.as_bytes())
                .await?;
            let paper = json!({ "file_id": file, "published": true, "title": "日常保养须知" });
            self.person("manager").put(&format!("/models/{model}/papers"), paper).await?;
        }
        Ok(())
    }

    /// One customer accepted and is content, one is not: the callback clerk finds both.
    async fn ratings(&self) -> Result<(), StartError> {
        let nobody = self.admin.nobody();
        let mut done = self.jobs.iter().rev().filter(|job| job.end == End::Done);
        let said = [
            (
                true,
                json!({ "solved": true, "quality": 5, "attitude": 5, "text": "师傅很专业，还教了怎么清洗滤网" }),
            ),
            (
                false,
                json!({ "solved": false, "quality": 2, "attitude": 4, "text": "晚上又开始有异响，请再来看看" }),
            ),
        ];
        for (accept, rating) in said {
            let Some(job) = done.next() else { break };
            let link = self.link(&job.order).await?;
            if accept {
                nobody.post(&format!("/public/orders/{link}/confirm"), json!({})).await?;
            }
            // A callback that was made in the meantime has said it already.
            let seen: Value = nobody.get(&format!("/public/orders/{link}")).await?;
            if seen["may_rate"] == true {
                nobody.post(&format!("/public/orders/{link}/rate"), rating).await?;
            }
        }
        Ok(())
    }
}
