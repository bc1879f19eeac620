//! The list of policies.

use kernel::T;
use kit::lists::{Col, Kind, ListSpec, Preset};

use super::model::StartBasis;
use crate::perms::{POLICY_READ, POLICY_WRITE};

/// `/warranty/policies`
pub fn policies() -> ListSpec {
    let newest =
        "(select t.months from warranty_term t where t.policy_id = p.id order by t.number desc limit 1)";
    let from =
        "(select t.valid_from from warranty_term t where t.policy_id = p.id order by t.number desc limit 1)";
    let basis =
        "(select t.start_basis from warranty_term t where t.policy_id = p.id order by t.number desc limit 1)";
    ListSpec {
        joins: &[("m", "left join pub_model m on m.id = p.model_id")],
        columns: vec![
            Col::new("code", T("编码", "Code"), "p.code", Kind::No).sortable().width(9),
            Col::new("name", T("名称", "Name"), "p.name", Kind::Text),
            Col::new("model", T("机型编码", "Model code"), "m.code", Kind::Text),
            Col::new("group", T("部件组", "Component group"), "p.group_code", Kind::Text),
            Col::new("months", T("月数", "Months"), newest, Kind::Int),
            Col::new("basis", T("起算", "Starts with"), basis, Kind::Code(StartBasis::OPTIONS)).width(9),
            Col::new("valid_from", T("现行版本自", "Present terms from"), from, Kind::Date),
            Col::new("active", T("启用", "Active"), "p.active", Kind::Bool),
            Col::new("updated_at", T("更新时间", "Changed"), "p.updated_at", Kind::Time).sortable(),
        ],
        presets: vec![Preset {
            key: "active",
            label: T("启用中", "Active"),
            filter: "active~eq~true",
            hot: false,
        }],
        sort: ("updated_at", true),
        row_href: "/warranty/policies/{id}",
        create: Some(("/warranty/policies/new", T("新建政策", "New policy"), &POLICY_WRITE)),
        sheet: Some("warranty_policies"),
        ..ListSpec::new(
            "warranty_policies",
            T("质保政策", "Warranty policies"),
            "/warranty/policies",
            &POLICY_READ,
            "warranty_policy p",
            "p",
        )
    }
}
