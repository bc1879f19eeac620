//! The list of customer files: table, filters, export and API in one description.

use kernel::T;
use kit::{
    Sens,
    lists::{Col, Kind, ListSpec, Preset, Tree},
};

use super::model::{FileState, Grade, Standing};
use crate::perms::{CUSTOMER_READ, CUSTOMER_WRITE};

/// The list.
pub fn customers() -> ListSpec {
    ListSpec {
        joins: &[
            ("k", "join customer_class k on k.code = c.class"),
            (
                "t",
                "left join timer t on t.doc_id = c.id and t.kind = 'customers.file_complete' and t.state = 'open'",
            ),
        ],
        condition: "c.state <> 'merged'",
        org: "c.org_id",
        owner: Some("c.custodian_id"),
        columns: columns(),
        presets: presets(),
        search_kind: Some("customer"),
        sort: ("updated_at", true),
        row_href: "/customers/{id}",
        create: Some(("/customers/new", T("新建客户", "New customer"), &CUSTOMER_WRITE)),
        sheet: Some("customers"),
        tree: Some(Tree { key: "org_id", label: T("组织", "Organisations"), order: "b.code", orgs: true }),
        ..ListSpec::new("customers", T("客户", "Customers"), "/customers", &CUSTOMER_READ, "customer c", "c")
    }
}

/// Keys and labels are those of the sheet `customers`, so that an export can be imported again.
fn columns() -> Vec<Col> {
    vec![
        Col::new("no", T("客户编号", "Customer no."), "c.no", Kind::No).width(10),
        Col::new("name", T("名称", "Name"), "c.name", Kind::Text).sensitive(Sens::Name),
        Col::new("class", T("类别", "Class"), "k.zh", Kind::Text).english("k.en").width(6),
        Col::new("grade", T("等级", "Grade"), "c.grade", Kind::Code(Grade::OPTIONS))
            .badge(|_| ui::Tone::Violet)
            .width(5),
        Col::new("standing", T("性质", "Standing"), "c.standing", Kind::Code(Standing::OPTIONS)).hidden(),
        Col::new("phone", T("电话", "Phone"), "c.phone", Kind::Text).sensitive(Sens::Phone).width(9),
        Col::new("email", T("电子邮件", "E-mail"), "c.email", Kind::Text).sensitive(Sens::Phone).hidden(),
        Col::new("region", T("省市", "Region"), "c.region", Kind::Text).width(8),
        Col::new("district", T("区县", "District"), "c.district", Kind::Text).hidden(),
        Col::new("address", T("地址", "Address"), "c.address", Kind::Text).sensitive(Sens::Address).hidden(),
        Col::new("call_from", T("方便接听从", "Convenient from"), "c.call_from", Kind::Text).hidden(),
        Col::new("call_to", T("方便接听到", "Convenient to"), "c.call_to", Kind::Text).hidden(),
        Col::new("member", T("会员", "Member"), "c.member", Kind::Bool).hidden(),
        Col::new("notes", T("备注", "Remarks"), "c.notes", Kind::Text).hidden(),
        Col::new("complete", T("资料完整", "Complete"), "c.complete", Kind::Bool).hidden(),
        Col::new("complete_by", T("完善时限", "Complete by"), "t.due_at", Kind::Due)
            .span("t.due_at - t.started_at")
            .width(8),
        Col::new("file_late", T("建档超时", "File overdue"), "(t.breached_at is not null)", Kind::Bool)
            .hidden(),
        Col::new("state", T("状态", "State"), "c.state", Kind::Code(FileState::OPTIONS)).hidden(),
        Col::new("created_at", T("建档时间", "Opened"), "c.created_at", Kind::Time).hidden(),
        Col::new("updated_at", T("更新时间", "Updated"), "c.updated_at", Kind::Time).sortable().width(8),
        Col::new("custodian_id", T("档案负责人", "Custodian"), "c.custodian_id", Kind::Id).hidden(),
        Col::new("org_id", T("所属组织", "Organisation"), "c.org_id", Kind::Id).tree("pub_org").hidden(),
    ]
}

fn presets() -> Vec<Preset> {
    let preset = |key, label, filter, hot| Preset { key, label, filter, hot };
    vec![
        preset("existing", T("现有客户", "Existing"), "state~eq~active;standing~eq~existing", false),
        preset("potential", T("潜在客户", "Potential"), "state~eq~active;standing~eq~potential", false),
        preset("mine", T("我负责的", "Mine"), "state~eq~active;custodian_id~eq~{me}", false),
        preset("incomplete", T("资料不完整", "Incomplete"), "state~eq~active;complete~eq~false", true),
        preset(
            "overdue",
            T("建档超时", "Overdue files"),
            "state~eq~active;complete~eq~false;file_late~eq~true",
            true,
        ),
        preset("archived", T("已归档", "Archived"), "state~eq~archived", false),
    ]
}
