//! What superiors do in the demo company: orders raised to the next level, mails at their time.

use aftercare::StartError;
use serde_json::json;

use super::{Company, plan::End};

impl Company {
    /// Three-level repair (WO-16) and scheduled mails (WO-35, REP-07).
    pub(super) async fn oversight(&self) -> Result<(), StartError> {
        let of = |end: End| (0..self.jobs.len()).rev().filter(move |job| self.jobs[*job].end == end);
        if let Some(job) = of(End::AtWork).nth(1) {
            let body = json!({ "reason": "处理后故障仍在，需分公司工程师支援" });
            self.on_site(job, "escalate", body).await?;
        }
        if let Some(job) = of(End::Waiting).next() {
            for reason in ["等待超过三天，网点协调不动", "需总部协调厂家供货"] {
                let order = &self.jobs[job].order;
                let body = json!({ "reason": reason });
                self.person("dispatcher").post(&format!("/orders/{order}/escalate"), body).await?;
            }
        }
        let mails = [
            json!({ "name": "每日服务与维修记录汇总", "content": "summary", "every": "daily", "at": "18:00", "recipients": ["manager", "auditor"] }),
            json!({ "name": "停滞工单", "content": "list", "list": "orders", "query": "view=stale", "every": "weekly", "day": 1, "at": "08:30", "recipients": ["manager", "dispatcher"] }),
            json!({ "name": "月度统计分析", "content": "summary", "every": "monthly", "day": 5, "at": "08:00", "recipients": ["manager", "auditor"] }),
        ];
        for mail in mails {
            self.person("manager").post("/report-mails", mail).await?;
        }
        Ok(())
    }
}
