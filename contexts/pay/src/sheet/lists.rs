//! The list of pay sheets.

use kernel::T;
use kit::{
    Sens,
    lists::{Col, Kind, ListSpec, Preset},
};

use super::model::SheetState;
use crate::perms::{PAY_READ, PAY_SETTLE};

/// `/pay/sheets`
pub fn sheets() -> ListSpec {
    let money = |key, label, expr| Col::new(key, label, expr, Kind::Money).sensitive(Sens::Pay);
    ListSpec {
        org: "s.org_id",
        owner: Some("s.staff_id"),
        columns: vec![
            Col::new("period", T("期间", "Period"), "s.period", Kind::No).sortable().width(7),
            Col::new("staff_name", T("人员", "Person"), "s.staff_name", Kind::Person),
            Col::new("jobs", T("工单数", "Orders"), "s.jobs", Kind::Int),
            money("wage", T("岗位工资", "Post wage"), "s.wage"),
            money("allowance", T("岗位补贴", "Allowance"), "s.allowance"),
            money("commission", T("提成", "Commissions"), "s.commission"),
            money("rewards", T("奖励", "Rewards"), "s.rewards"),
            money("deductions", T("扣款", "Deductions"), "s.deductions"),
            money("corrections", T("冲回", "Corrections"), "s.corrections"),
            money("total", T("合计", "Total"), "s.total"),
            Col::new("points", T("积分", "Points"), "s.points", Kind::Int).hidden(),
            Col::new("state", T("状态", "State"), "s.state", Kind::State(SheetState::OPTIONS)),
            Col::new("updated_at", T("更新时间", "Changed"), "s.updated_at", Kind::Time).hidden().sortable(),
        ],
        presets: vec![Preset {
            key: "draft",
            label: T("待锁定", "Drafts"),
            filter: "state~in~draft",
            hot: false,
        }],
        sort: ("updated_at", true),
        row_href: "/pay/sheets/{id}",
        create: Some(("/pay/settle", T("生成/锁定", "Make or lock"), &PAY_SETTLE)),
        ..ListSpec::new(
            "pay_sheets",
            T("工资结算单", "Pay sheets"),
            "/pay/sheets",
            &PAY_READ,
            "pay_sheet s",
            "s",
        )
    }
}
