//! The list of process templates.

use kernel::T;
use kit::lists::{Col, Kind, ListSpec, Preset};

use super::model::TemplateState;
use crate::perms::{TEMPLATE_READ, TEMPLATE_WRITE};

fn tone(state: &str) -> ui::Tone {
    match state {
        "active" => ui::Tone::Green,
        "draft" => ui::Tone::Amber,
        _ => ui::Tone::Neutral,
    }
}

/// Versions of templates, by name.
pub fn templates() -> ListSpec {
    ListSpec {
        columns: vec![
            Col::new("name", T("名称", "Name"), "t.name", Kind::No)
                .english("case when t.name_en = '' then t.name else t.name_en end")
                .sortable()
                .width(14),
            Col::new("state", T("状态", "State"), "t.state", Kind::Code(TemplateState::OPTIONS))
                .badge(tone)
                .width(7),
            Col::new("code", T("代码", "Code"), "t.code", Kind::Text).sortable().width(12),
            Col::new("number", T("版本", "Version"), "t.number", Kind::Int).width(6),
            // What came with the product counts since ever.
            Col::new(
                "effective_from",
                T("启用时间", "In use from"),
                "nullif(t.effective_from, 0)",
                Kind::Time,
            )
            .width(9),
            Col::new("note", T("说明", "Note"), "t.note", Kind::Text),
            Col::new("created_by", T("编制人", "Written by"), "t.created_by", Kind::Person).width(8),
            Col::new("shipped", T("随产品提供", "Shipped"), "t.shipped", Kind::Bool).hidden(),
            Col::new("created_at", T("建立时间", "Made"), "t.created_at", Kind::Time).sortable().hidden(),
        ],
        presets: vec![
            Preset { key: "active", label: T("启用", "Active"), filter: "state~in~active", hot: false },
            Preset { key: "draft", label: T("草稿", "Drafts"), filter: "state~in~draft", hot: false },
        ],
        sort: ("code", false),
        row_href: "/process-templates/{id}",
        create: Some(("/process-templates/new", T("新建模板", "New template"), &TEMPLATE_WRITE)),
        ..ListSpec::new(
            "process-templates",
            T("流程模板", "Process templates"),
            "/process-templates",
            &TEMPLATE_READ,
            "process_template t",
            "t",
        )
    }
}
