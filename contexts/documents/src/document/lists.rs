//! The list of all documents.

use kernel::T;
use kit::lists::{Col, Kind, ListSpec, Preset};

use super::model::Stage;
use crate::perms::{DOCUMENT_READ, DOCUMENT_WRITE};

/// Columns that documents of every template have.
pub fn columns() -> Vec<Col> {
    vec![
        Col::new("no", T("单号", "Number"), "d.no", Kind::No).width(12),
        Col::new("stage", T("状态", "State"), "d.stage", Kind::State(Stage::OPTIONS)).width(8),
        Col::new("step_name", T("步骤", "Step"), "d.step_name", Kind::Text).width(9),
        Col::new("title", T("内容", "About"), "d.title", Kind::Text),
        Col::new("due_at", T("最近时限", "Nearest deadline"), "d.due_at", Kind::Due).nullable().width(9),
        Col::new("subject_no", T("关联单据", "For"), "d.subject_no", Kind::Text).hidden(),
        Col::new("owner", T("经办人", "Opened by"), "s.name", Kind::Person).width(8),
        Col::new("org", T("组织", "Organisation"), "o.name", Kind::Text).hidden(),
        Col::new("created_at", T("开单时间", "Opened"), "d.created_at", Kind::Time).sortable().width(8),
        Col::new("updated_at", T("更新时间", "Changed"), "d.updated_at", Kind::Time).sortable().hidden(),
        Col::new("ended_at", T("结束时间", "Ended"), "d.ended_at", Kind::Time).hidden(),
    ]
}

/// Tables that the columns need.
pub const JOINS: &[(&str, &str)] = &[
    ("t", "join process_template t on t.id = d.template_id"),
    ("s", "left join pub_staff s on s.id = d.owner_id"),
    ("o", "join pub_org o on o.id = d.org_id"),
];

/// Tabs.
pub fn presets() -> Vec<Preset> {
    vec![
        Preset { key: "running", label: T("进行中", "Running"), filter: "ended_at~empty~", hot: false },
        Preset {
            key: "waiting",
            label: T("等待", "Waiting"),
            filter: "stage~in~waiting",
            hot: false,
        },
        Preset { key: "late", label: T("已超时", "Late"), filter: "late~eq~true;ended_at~empty~", hot: true },
        Preset { key: "mine", label: T("我开的", "Opened by me"), filter: "owner_id~eq~{me}", hot: false },
    ]
}

/// Documents of every template, newest first (DOC-01).
pub fn documents() -> ListSpec {
    let mut columns = columns();
    columns.insert(2, Col::new("template", T("单据类型", "Kind"), "t.name", Kind::Text).width(9));
    columns.push(Col::new("code", T("类型代码", "Code of the kind"), "d.code", Kind::Text).hidden());
    columns.push(Col::new("owner_id", T("经办人 ID", "Opener's id"), "d.owner_id", Kind::Id).hidden());
    columns.push(
        Col::new(
            "late",
            T("超时", "Late"),
            "exists (select 1 from document_entry e where e.document_id = d.id and e.kind = 'late')",
            Kind::Bool,
        )
        .hidden(),
    );
    ListSpec {
        joins: JOINS,
        org: "d.org_id",
        owner: Some("d.owner_id"),
        columns,
        presets: presets(),
        search_kind: Some("document"),
        sort: ("created_at", true),
        row_href: "/documents/{id}",
        create: Some(("/documents/new", T("开单", "New document"), &DOCUMENT_WRITE)),
        ..ListSpec::new("documents", T("流程单据", "Documents"), "/documents", &DOCUMENT_READ, "document d", "d")
    }
}
