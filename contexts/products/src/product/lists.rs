//! The list of product models.

use kernel::T;
use kit::lists::{Col, Kind, ListSpec, Preset, Tree};

use crate::perms::{MODEL_READ, MODEL_WRITE};

/// The list. Models belong to everybody, so there is no organisation.
pub fn models() -> ListSpec {
    ListSpec {
        joins: &[("k", "left join category k on k.id = m.category_id")],
        columns: columns(),
        presets: vec![
            Preset { key: "active", label: T("在用", "In use"), filter: "active~eq~true", hot: false },
            Preset {
                key: "retired", label: T("已停用", "Retired"), filter: "active~eq~false", hot: false
            },
        ],
        search_kind: Some("model"),
        sort: ("updated_at", true),
        row_href: "/models/{id}",
        create: Some(("/models/new", T("新建型号", "New model"), &MODEL_WRITE)),
        sheet: Some("models"),
        tree: Some(Tree {
            key: "category_id",
            label: T("产品分类", "Product tree"),
            order: "b.sort, b.name",
            orgs: false,
        }),
        ..ListSpec::new("models", T("产品型号", "Models"), "/models", &MODEL_READ, "model m", "m")
    }
}

/// Keys and labels are those of the sheet `models`, so that an export can be imported again.
fn columns() -> Vec<Col> {
    vec![
        Col::new("code", T("型号代码", "Code"), "m.code", Kind::No).sortable().width(12),
        Col::new("name", T("型号名称", "Name"), "m.name", Kind::Text),
        Col::new("category", T("分类", "Category"), "k.name", Kind::Text).width(10),
        Col::new("category_id", T("分类标识", "Category id"), "m.category_id", Kind::Id)
            .tree("category")
            .hidden(),
        Col::new("spec", T("规格", "Specification"), "m.spec", Kind::Text),
        Col::new("notes", T("备注", "Remarks"), "m.notes", Kind::Text).hidden(),
        Col::new("active", T("在用", "In use"), "m.active", Kind::Bool).width(6),
        Col::new("updated_at", T("更新时间", "Updated"), "m.updated_at", Kind::Time).sortable().width(8),
    ]
}
