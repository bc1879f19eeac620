//! The lists of pay rules.

use kernel::T;
use kit::{
    Sens,
    lists::{Col, Kind, ListSpec, Preset},
};

use super::{
    model::{Base, Measure, Party, Sign, Trigger},
    words,
};
use crate::perms::{RULES_READ, RULES_WRITE, WAGES_WRITE};

fn held() -> [Col; 3] {
    [
        Col::new("valid_from", T("自", "From"), "r.valid_from", Kind::Date),
        Col::new("valid_until", T("至", "Until"), "r.valid_until", Kind::Date),
        Col::new("created_at", T("登记时间", "Made"), "r.created_at", Kind::Time).hidden().sortable(),
    ]
}

fn in_force() -> Vec<Preset> {
    vec![Preset { key: "open", label: T("未结束", "In force"), filter: "valid_until~empty~", hot: false }]
}

/// `/pay/rules`
pub fn commissions() -> ListSpec {
    let grouping = "case when r.grouping_code = '' then 'any' else r.grouping_code end";
    let kind = "case when r.kind = '' then '全部' else coalesce(k.name, r.kind) end";
    let kind_en = "case when r.kind = '' then 'Any' else coalesce(nullif(k.name_en, ''), k.name, r.kind) end";
    let mode = "case when r.mode = '' then 'any' else r.mode end";
    let mut columns = vec![
        Col::new("name", T("名称", "Name"), "r.name", Kind::Text),
        Col::new("number", T("版本", "Version"), "r.number", Kind::Int).hidden(),
        Col::new("grouping", T("工单类别", "Group of work"), grouping, Kind::Code(words::GROUPS)),
        Col::new("kind_name", T("工单类型", "Kind of work"), kind, Kind::Text).english(kind_en).width(6),
        Col::new("kind", T("工单类型代码", "Kind code"), "r.kind", Kind::Text).hidden(),
        Col::new("mode", T("服务方式", "Mode"), mode, Kind::Code(words::MODES)),
        Col::new("grade", T("技术等级", "Grade"), "cast(r.grade as text)", Kind::Code(words::GRADES)),
        Col::new("base", T("计提基数", "Base"), "r.base", Kind::Code(Base::OPTIONS)).width(12),
        Col::new("ratio", T("比例（%）", "Ratio (%)"), "nullif(r.ratio_bp, 0) * 10", Kind::Qty).apart(),
        Col::new("ratio_bp", T("比例（万分比）", "Ratio (basis points)"), "r.ratio_bp", Kind::Int).hidden(),
        Col::new("amount", T("固定金额", "Fixed amount"), "nullif(r.amount, 0)", Kind::Money),
    ];
    columns.extend(held());
    ListSpec {
        joins: &[("k", "left join pub_work_kind k on k.code = r.kind")],
        columns,
        presets: in_force(),
        sort: ("created_at", true),
        create: Some(("/pay/rules/new", T("新提成规则", "New commission rule"), &RULES_WRITE)),
        ..ListSpec::new(
            "commission_rules",
            T("提成规则", "Commission rules"),
            "/pay/rules",
            &RULES_READ,
            "commission_rule r",
            "r",
        )
    }
}

/// `/pay/deadlines`
pub fn steps() -> ListSpec {
    let clock = "case when r.clock = '' then 'any' else r.clock end";
    let mut columns = vec![
        Col::new("party", T("对象", "Whose"), "r.party", Kind::Code(Party::OPTIONS)),
        Col::new("clock", T("时限", "Deadline"), clock, Kind::Code(words::CLOCKS_OR_ANY)),
        Col::new("after_hours", T("超过（小时）", "More than (hours)"), "r.after_hours", Kind::Int),
        Col::new("amount", T("扣款", "Deduction"), "r.amount", Kind::Money),
        Col::new("number", T("版本", "Version"), "r.number", Kind::Int),
    ];
    columns.extend(held());
    ListSpec {
        columns,
        presets: in_force(),
        sort: ("created_at", true),
        create: Some(("/pay/deadlines/new", T("新扣费档次", "New step"), &RULES_WRITE)),
        ..ListSpec::new(
            "deadline_steps",
            T("期限扣费", "Deductions for lateness"),
            "/pay/deadlines",
            &RULES_READ,
            "deadline_step r",
            "r",
        )
    }
}

/// `/pay/items`
pub fn items() -> ListSpec {
    let mut columns = vec![
        Col::new("code", T("编码", "Code"), "r.code", Kind::Text),
        Col::new("name", T("名称", "Name"), "r.name", Kind::Text),
        Col::new("sign", T("奖惩", "Sign"), "r.sign", Kind::Code(Sign::OPTIONS)),
        Col::new("cause", T("触发", "Cause"), "r.cause", Kind::Code(Trigger::OPTIONS)).width(7),
        Col::new("cause_code", T("结果", "Result"), "nullif(r.cause_code, '')", Kind::Code(words::CAUSES))
            .width(7),
        Col::new("threshold", T("评分", "Score"), "r.threshold", Kind::Int).hidden(),
        Col::new("measure", T("计量", "Measure"), "r.measure", Kind::Code(Measure::OPTIONS)).width(7),
        Col::new("amount", T("金额", "Amount"), "nullif(r.amount, 0)", Kind::Money),
        Col::new("percent", T("比例（%）", "Rate (%)"), "nullif(r.percent_bp, 0) * 10", Kind::Qty).apart(),
        Col::new("percent_bp", T("比例（万分比）", "Rate (basis points)"), "r.percent_bp", Kind::Int)
            .hidden(),
        Col::new("points", T("积分", "Points"), "r.points", Kind::Int),
        Col::new("number", T("版本", "Version"), "r.number", Kind::Int).hidden(),
    ];
    columns.extend(held());
    ListSpec {
        columns,
        presets: in_force(),
        sort: ("created_at", true),
        create: Some(("/pay/items/new", T("新奖惩项", "New item"), &RULES_WRITE)),
        ..ListSpec::new(
            "reward_items",
            T("奖惩项", "Rewards and penalties"),
            "/pay/items",
            &RULES_READ,
            "reward_item r",
            "r",
        )
    }
}

/// `/pay/wages`
pub fn wages() -> ListSpec {
    let grade = "case when w.staff_id is null then cast(w.grade as text) end";
    ListSpec {
        columns: vec![
            Col::new("staff_name", T("员工", "Person"), "w.staff_name", Kind::Person),
            Col::new("grade", T("技术等级", "Grade"), grade, Kind::Code(words::GRADES)),
            Col::new("wage", T("岗位工资", "Post wage"), "w.wage", Kind::Money).sensitive(Sens::Pay),
            Col::new("allowance", T("岗位补贴", "Allowance"), "w.allowance", Kind::Money)
                .sensitive(Sens::Pay),
            Col::new("valid_from", T("自", "From"), "w.valid_from", Kind::Date),
            Col::new("created_at", T("登记时间", "Made"), "w.created_at", Kind::Time).hidden().sortable(),
        ],
        sort: ("created_at", true),
        create: Some(("/pay/wages/new", T("设定岗位工资", "Set a post wage"), &WAGES_WRITE)),
        ..ListSpec::new(
            "post_wages",
            T("岗位工资", "Post wages"),
            "/pay/wages",
            &WAGES_WRITE,
            "post_wage w",
            "w",
        )
    }
}
