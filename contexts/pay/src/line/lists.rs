//! The lists of pay lines and questions.

use kernel::T;
use kit::{
    Sens,
    lists::{Col, Kind, ListSpec, Preset},
};

use super::model::LineKind;
use crate::{
    perms::{PAY_READ, PAY_REWARD},
    rule::model::Party,
};

const DISPUTE: &[(&str, T)] = &[("open", T("待答复", "Open")), ("answered", T("已答复", "Answered"))];

/// `/pay/lines`
pub fn lines() -> ListSpec {
    ListSpec {
        org: "p.org_id",
        owner: Some("p.staff_id"),
        columns: vec![
            Col::new("created_at", T("时间", "When"), "p.created_at", Kind::Time).sortable(),
            Col::new("staff_name", T("人员", "Person"), "p.staff_name", Kind::Person),
            Col::new("order_no", T("工单", "Order"), "p.order_no", Kind::Text).width(12),
            Col::new("period", T("期间", "Period"), "p.period", Kind::Text).width(7),
            Col::new("kind", T("类型", "Kind"), "p.kind", Kind::Code(LineKind::OPTIONS)).width(10),
            Col::new("label", T("项目", "Item"), "p.label", Kind::Text),
            Col::new("amount", T("金额", "Amount"), "p.amount", Kind::Money).sensitive(Sens::Pay),
            Col::new("points", T("积分", "Points"), "p.points", Kind::Int),
            Col::new("party", T("对象", "Whose"), "p.party", Kind::Code(Party::OPTIONS)).hidden(),
            Col::new("staff_id", T("人员标识", "Person id"), "p.staff_id", Kind::Id).hidden(),
            Col::new("order_id", T("工单标识", "Order id"), "p.order_id", Kind::Id).hidden(),
        ],
        presets: vec![
            Preset {
                key: "penalties",
                label: T("扣款", "Deductions"),
                filter: "kind~in~deadline,audit_deduction,penalty",
                hot: false,
            },
            Preset {
                key: "reversals",
                label: T("冲回", "Reversals"),
                filter: "kind~in~reversal",
                hot: false,
            },
        ],
        sort: ("created_at", true),
        row_href: "/pay/lines/{id}",
        create: Some(("/pay/rewards/new", T("登记奖惩", "Reward or penalise"), &PAY_REWARD)),
        ..ListSpec::new("pay_lines", T("薪酬明细", "Pay lines"), "/pay/lines", &PAY_READ, "pay_line p", "p")
    }
}

/// `/pay/disputes`
pub fn disputes() -> ListSpec {
    ListSpec {
        org: "d.org_id",
        owner: Some("d.staff_id"),
        columns: vec![
            Col::new("created_at", T("时间", "When"), "d.created_at", Kind::Time).sortable(),
            Col::new("staff_name", T("人员", "Person"), "d.staff_name", Kind::Person),
            Col::new("order_no", T("工单", "Order"), "d.order_no", Kind::Text).width(12),
            Col::new("question", T("异议", "Question"), "d.question", Kind::Text),
            Col::new("state", T("状态", "State"), "d.state", Kind::State(DISPUTE)),
            Col::new("answer", T("答复", "Answer"), "d.answer", Kind::Text),
            Col::new("answered_by", T("答复人", "Answered by"), "d.answered_by", Kind::Person),
        ],
        presets: vec![Preset {
            key: "open", label: T("待答复", "Open"), filter: "state~in~open", hot: true
        }],
        start: Some("open"),
        sort: ("created_at", true),
        row_href: "/pay/disputes/{id}",
        ..ListSpec::new(
            "pay_disputes",
            T("薪酬异议", "Questions about pay"),
            "/pay/disputes",
            &PAY_READ,
            "pay_dispute d",
            "d",
        )
    }
}
