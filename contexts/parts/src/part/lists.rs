//! The list of parts.

use kernel::T;
use kit::{
    Sens,
    lists::{Col, Kind, ListSpec, Preset, Tree},
};

use super::model::{Criticality, PartClass, StorageForm};
use crate::perms::{PART_READ, PART_WRITE};

/// The catalogue; keys are those of the sheet `parts`, so that an export can be imported again.
pub fn parts() -> ListSpec {
    ListSpec {
        joins: &[("k", "left join pub_category k on k.id = p.category_id")],
        tree: Some(Tree {
            key: "category_id",
            label: T("产品分类", "Product tree"),
            order: "b.sort, b.name",
            orgs: false,
        }),
        columns: vec![
            Col::new("code", T("编码", "Code"), "p.code", Kind::No).sortable().width(10),
            Col::new("name", T("名称", "Name"), "p.name", Kind::Text).sortable(),
            Col::new("spec", T("规格型号", "Specification"), "p.spec", Kind::Text),
            Col::new("category", T("类别", "Category"), "k.name", Kind::Text).width(8),
            Col::new("category_id", T("类别标识", "Category id"), "p.category_id", Kind::Id)
                .tree("pub_category")
                .hidden(),
            Col::new("class", T("分类", "Class"), "p.class", Kind::Code(PartClass::OPTIONS)).hidden(),
            Col::new("form", T("储备形式", "Storage form"), "p.form", Kind::Code(StorageForm::OPTIONS))
                .hidden(),
            Col::new(
                "criticality",
                T("重要性", "Criticality"),
                "p.criticality",
                Kind::Code(Criticality::OPTIONS),
            )
            .badge(|code| match code {
                "critical" => ui::Tone::Red,
                "important" => ui::Tone::Amber,
                _ => ui::Tone::Neutral,
            })
            .width(6),
            Col::new("unit", T("单位", "Unit"), "p.unit", Kind::Text).width(4),
            Col::new("price", T("销售价", "Price"), "p.price", Kind::Money).apart().width(8),
            Col::new("cost", T("标准成本", "Standard cost"), "p.cost", Kind::Money)
                .apart()
                .sensitive(Sens::Cost)
                .width(8),
            Col::new("lead_time_days", T("采购周期（天）", "Lead time (days)"), "p.lead_days", Kind::Int)
                .hidden(),
            Col::new(
                "replace_days",
                T("更换周期（天）", "Replaced every (days)"),
                "p.replace_days",
                Kind::Int,
            )
            .hidden(),
            Col::new("fits", T("适用设备", "Fits"), "p.fits", Kind::Text).hidden(),
            Col::new("source", T("获得途径", "Source"), "p.source", Kind::Text).hidden(),
            Col::new("serialised", T("序列号管理", "Serialised"), "p.serialised", Kind::Bool).hidden(),
            Col::new("old_part_due", T("以旧换新", "Old part due"), "p.old_part_due", Kind::Bool).hidden(),
            Col::new("active", T("在用", "In use"), "p.active", Kind::Bool).hidden(),
            Col::new("updated_at", T("更新时间", "Updated"), "p.updated_at", Kind::Time).hidden(),
        ],
        presets: vec![
            Preset { key: "active", label: T("在用", "In use"), filter: "active~eq~true", hot: false },
            Preset {
                key: "critical",
                label: T("关键件", "Critical"),
                filter: "active~eq~true;criticality~eq~critical",
                hot: false,
            },
            Preset {
                key: "retired", label: T("已停用", "Retired"), filter: "active~eq~false", hot: false
            },
        ],
        search_kind: Some("part"),
        sort: ("code", false),
        row_href: "/parts/{id}",
        create: Some(("/parts/new", T("新建配件", "New part"), &PART_WRITE)),
        sheet: Some("parts"),
        ..ListSpec::new("parts", T("配件目录", "Parts"), "/parts", &PART_READ, "part p", "p")
    }
}
