//! The list of scheduled mails.

use kernel::T;
use kit::lists::{Col, Kind, ListSpec, Preset};

use super::model::{Content, Every};
use crate::perms::MAIL_WRITE;

/// Scheduled mails, newest first.
pub fn mails() -> ListSpec {
    ListSpec {
        org: "m.org_id",
        joins: &[("o", "join pub_org o on o.id = m.org_id")],
        columns: vec![
            Col::new("name", T("主题", "Subject"), "m.name", Kind::Text),
            Col::new("content", T("内容", "Brings"), "m.content", Kind::Code(Content::OPTIONS)).width(12),
            Col::new("every", T("频率", "How often"), "m.every", Kind::Code(Every::OPTIONS)).width(8),
            Col::new("next_at", T("下次发送", "Next"), "m.next_at", Kind::Time).width(9),
            Col::new("paused", T("停用", "Paused"), "m.paused", Kind::Bool).width(5),
            Col::new("list", T("列表代码", "Key of the list"), "m.list_key", Kind::Text).hidden(),
            Col::new("org", T("组织", "Organisation"), "o.name", Kind::Text).width(10),
            Col::new("created_by", T("设置人", "Made by"), "m.created_by_name", Kind::Person).width(8),
            Col::new("created_at", T("设置时间", "Made"), "m.created_at", Kind::Time).sortable().width(9),
        ],
        presets: vec![Preset {
            key: "running",
            label: T("启用中", "Running"),
            filter: "paused~eq~false",
            hot: false,
        }],
        sort: ("created_at", true),
        row_href: "/report-mails/{id}",
        create: Some(("/report-mails/new", T("新建定时邮件", "New scheduled mail"), &MAIL_WRITE)),
        ..ListSpec::new(
            "report_mails",
            T("定时邮件", "Scheduled mails"),
            "/report-mails",
            &MAIL_WRITE,
            "report_mail m",
            "m",
        )
    }
}
