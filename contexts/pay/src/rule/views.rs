//! Markup of pay rules.

use kernel::{Id, T};
use kit::{Cx, FormErrors, Perm, Result};
use orders::api::{CallbackClass, FixClass, Grouping, Mode, WorkKind};
use ui::{Field, Form, Markup, html};

use super::{
    model::{Base, Measure, NewCommission, NewItem, NewStep, NewWage, Party, Sign, Trigger},
    words,
};

pub const COMMISSION: T = T("新提成规则", "New commission rule");
pub const STEP: T = T("新扣费档次", "New step of deductions");
pub const ITEM: T = T("新奖惩项", "New reward or penalty");
pub const WAGE: T = T("设定岗位工资", "Set a post wage");

fn labels(cx: &Cx, options: &[(&'static str, T)]) -> Vec<(String, String)> {
    options.iter().map(|(code, label)| ((*code).to_string(), cx.t(*label).to_string())).collect()
}

fn grade_field(cx: &Cx, grade: i64, errors: &FormErrors) -> Field {
    let mut grades = vec![("0".to_string(), cx.t(T("全部", "Any")).to_string())];
    grades.extend((1..=5).map(|grade| (grade.to_string(), grade.to_string())));
    Field::select("grade", cx.t(T("技术等级", "Technical grade")))
        .options(grades)
        .value(grade)
        .error(errors.of("grade"))
}

/// A form of one kind of rule with its usual ends.
fn rule_page(cx: &Cx, title: T, list: (T, &str), intro: T, errors: &FormErrors, fields: Markup) -> Markup {
    let form = Form::post(list.1, cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        (ui::fieldset("", "", fields))
        (ui::form_actions(cx.lang, cx.t(T("保存", "Save")), Some(list.1)))
    });
    let crumbs = [(cx.t(list.0), Some(list.1)), (cx.t(title), None)];
    ui::form_page(cx.lang, &crumbs, cx.t(title), cx.t(intro), form, None)
}

const REPLACES: T = T(
    "同一情况的现行规则将到前一日为止；已算好的薪酬不变",
    "The present rule for the same case will end the day before; pay already computed stays",
);

/// Kinds of work, for choice.
pub async fn kinds(cx: &Cx) -> Result<Vec<WorkKind>> {
    let mut conn = cx.read().await?;
    let kinds = orders::api::work_kinds(&mut conn).await?;
    cx.count(&conn);
    Ok(kinds)
}

pub fn commission_form(cx: &Cx, kinds: &[WorkKind], input: &NewCommission, errors: &FormErrors) -> Markup {
    let t = |text: T| cx.t(text);
    let any = t(T("全部", "Any"));
    let fields = html! {
        (Field::text("name", t(T("名称", "Name"))).value(&input.name).required().wide().error(errors.of("name")).autofocus())
        (Field::select("grouping_code", t(T("工单类别", "Group of work"))).options(labels(cx, Grouping::OPTIONS)).blank(any).value(&input.grouping_code))
        (Field::select("kind", t(T("工单类型", "Kind of work"))).options(kinds.iter().map(|kind| (kind.code.as_str(), kind.label(cx.lang)))).blank(any).value(&input.kind))
        (Field::select("mode", t(T("服务方式", "Mode"))).options(labels(cx, Mode::OPTIONS)).blank(any).value(&input.mode))
        (grade_field(cx, input.grade, errors))
        (Field::chips("base", t(T("计提基数", "Base"))).options(labels(cx, Base::OPTIONS)).value(input.base.as_str()).full())
        (Field::text("ratio", t(T("比例", "Ratio"))).value(input.ratio.0).attr("inputmode", "decimal").error(errors.of("ratio")))
        (Field::money("amount", t(T("固定金额", "Fixed amount"))).value(input.amount.0.fmt_plain()).error(errors.of("amount")))
        (Field::date("valid_from", t(T("自", "From"))).value(input.valid_from).required().error(errors.of("valid_from")))
        (Field::area("note", t(T("说明", "Note")), 2).value(&input.note).full().error(errors.of("note")))
    };
    rule_page(cx, COMMISSION, (T("提成规则", "Commission rules"), "/pay/rules"), REPLACES, errors, fields)
}

pub fn step_form(cx: &Cx, input: &NewStep, errors: &FormErrors) -> Markup {
    let t = |text: T| cx.t(text);
    let fields = html! {
        (Field::chips("party", t(T("对象", "Whose"))).options(labels(cx, Party::OPTIONS)).value(input.party.as_str()))
        (Field::select("clock", t(T("时限", "Deadline"))).options(labels(cx, words::CLOCKS)).blank(t(T("全部（没有自己档次的）", "Any without steps of its own"))).value(&input.clock))
        (Field::number("after_hours", t(T("超过（小时）", "More than (hours)"))).value(input.after_hours).required().error(errors.of("after_hours")))
        (Field::money("amount", t(T("扣款", "Deduction"))).value(input.amount.0.fmt_plain()).required().error(errors.of("amount")))
        (Field::date("valid_from", t(T("自", "From"))).value(input.valid_from).required().error(errors.of("valid_from")))
        (Field::area("note", t(T("说明", "Note")), 2).value(&input.note).full().error(errors.of("note")))
    };
    let intro = T(
        "超时取已达到的最高一档，不足一小时按一小时计",
        "The highest step passed applies; a begun hour counts as one",
    );
    rule_page(cx, STEP, (T("期限扣费", "Deductions for lateness"), "/pay/deadlines"), intro, errors, fields)
}

pub fn item_form(cx: &Cx, input: &NewItem, errors: &FormErrors) -> Markup {
    let t = |text: T| cx.t(text);
    let mut classes = labels(cx, CallbackClass::OPTIONS);
    classes.extend(
        labels(cx, FixClass::OPTIONS).into_iter().filter(|(code, _)| code == FixClass::First.as_str()),
    );
    let fields = html! {
        (Field::text("code", t(T("编码", "Code"))).value(&input.code).required().error(errors.of("code")).autofocus())
        (Field::text("name", t(T("名称", "Name"))).value(&input.name).required().wide().error(errors.of("name")))
        (Field::chips("sign", t(T("奖惩", "Reward or penalty"))).options(labels(cx, Sign::OPTIONS)).value(input.sign.as_str()))
        (Field::chips("cause", t(T("触发", "Cause"))).options(labels(cx, Trigger::OPTIONS)).value(input.cause.as_str()).full())
        (Field::select("cause_code", t(T("结果", "Result"))).options(classes).blank("—").value(&input.cause_code).error(errors.of("cause_code")))
        (Field::number("threshold", t(T("评分", "Score"))).value(input.threshold))
        (Field::chips("measure", t(T("计量", "Measure"))).options(labels(cx, Measure::OPTIONS)).value(input.measure.as_str()).wide())
        (Field::money("amount", t(T("金额", "Amount"))).value(input.amount.0.fmt_plain()).error(errors.of("amount")))
        (Field::text("percent", t(T("提成比例", "Percent of the commission"))).value(input.percent.0).attr("inputmode", "decimal").error(errors.of("percent")))
        (Field::number("points", t(T("积分", "Points"))).value(input.points).error(errors.of("points")))
        (Field::date("valid_from", t(T("自", "From"))).value(input.valid_from).required().error(errors.of("valid_from")))
        (Field::area("note", t(T("说明", "Note")), 2).value(&input.note).full().error(errors.of("note")))
    };
    rule_page(cx, ITEM, (T("奖惩项", "Rewards and penalties"), "/pay/items"), REPLACES, errors, fields)
}

/// People that a permission reaches, for choice.
pub async fn people(cx: &Cx, perm: &Perm) -> Result<Vec<(Id, String)>> {
    let scope = cx.scope(perm)?;
    let mut conn = cx.read().await?;
    let found = org::api::engineers(&mut conn, &scope).await?;
    cx.count(&conn);
    Ok(found.into_iter().map(|staff| (staff.id, format!("{} {}", staff.no, staff.name))).collect())
}

pub fn wage_form(cx: &Cx, people: &[(Id, String)], input: &NewWage, errors: &FormErrors) -> Markup {
    let t = |text: T| cx.t(text);
    let options: Vec<(String, String)> =
        people.iter().map(|(id, name)| (id.to_string(), name.clone())).collect();
    let fields = html! {
        (Field::select("staff_id", t(T("员工", "Person"))).options(options).blank(t(T("按等级", "By grade")))
            .value(input.staff_id.map_or_else(String::new, |id| id.to_string())).wide())
        (grade_field(cx, input.grade, errors))
        (Field::money("wage", t(T("岗位工资（月）", "Post wage per month"))).value(input.wage.0.fmt_plain()).required().error(errors.of("wage")))
        (Field::money("allowance", t(T("岗位补贴（月）", "Allowance per month"))).value(input.allowance.0.fmt_plain()).error(errors.of("allowance")))
        (Field::date("valid_from", t(T("自", "From"))).value(input.valid_from).required().error(errors.of("valid_from")))
    };
    let intro = T(
        "本人的优先于等级的，等级的优先于全部的",
        "One's own comes before the grade's, the grade's before everybody's",
    );
    rule_page(cx, WAGE, (T("岗位工资", "Post wages"), "/pay/wages"), intro, errors, fields)
}
