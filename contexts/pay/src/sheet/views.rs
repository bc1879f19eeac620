//! Markup of pay sheets.

use kernel::{Id, Money, T};
use kit::{Cx, FormErrors, format};
use ui::{Btn, Detail, Field, Form, Markup, Stat, Tone, html};

use super::model::{Settle, Settled, SheetOut, Statement, Sums};
use crate::line::{
    rules::{first_day, period_of},
    views::{amount, lines_table},
};

pub const SETTLE: T = T("生成和锁定工资结算单", "Make and lock pay sheets");

fn parts(cx: &Cx, sums: &Sums) -> Vec<(&'static str, Money)> {
    [
        (T("岗位工资", "Post wage"), sums.wage),
        (T("岗位补贴", "Allowance"), sums.allowance),
        (T("提成", "Commissions"), sums.commission),
        (T("奖励", "Rewards"), sums.rewards),
        (T("扣款", "Deductions"), sums.deductions.neg()),
        (T("冲回", "Corrections"), sums.corrections),
    ]
    .into_iter()
    .map(|(label, amount)| (cx.t(label), amount))
    .collect()
}

fn figures(cx: &Cx, sheet: &SheetOut) -> Markup {
    let Some(sums) = &sheet.sums else {
        return ui::alert(Tone::Neutral, cx.t(T("金额已隐藏", "Amounts are hidden")));
    };
    let mut stats: Vec<Stat> =
        parts(cx, sums).into_iter().map(|(label, amount)| Stat::new(label, format::money(amount))).collect();
    stats.insert(0, Stat::new(cx.t(T("合计", "Total")), format::money(sums.total)));
    stats.push(Stat::new(cx.t(T("工单", "Orders")), sums.jobs));
    stats.push(Stat::new(cx.t(T("积分", "Points")), sums.points));
    ui::stats(&stats)
}

fn state_tag(cx: &Cx, sheet: &SheetOut) -> Markup {
    match sheet.state.as_str() {
        "locked" => ui::tag(Tone::Green, cx.t(T("已锁定", "Locked"))),
        "draft" => ui::tag(Tone::Amber, cx.t(T("待锁定", "Draft"))),
        _ => ui::tag(Tone::Blue, cx.t(T("进行中", "Running"))),
    }
}

/// For accounts that belong to no member of staff: there is nothing to pay.
pub fn no_staff(cx: &Cx) -> Markup {
    let title = cx.t(T("我的薪酬", "My pay"));
    let hint = cx.t(T("当前账号没有关联员工档案", "This account belongs to no staff file"));
    ui::plain_view(title, html! {}, ui::empty("wallet", cx.t(T("没有薪酬记录", "No pay here")), hint, None))
}

/// One's own statement: what the month comes to, each line with how it came about, and questions.
pub fn mine_page(cx: &Cx, statement: &Statement) -> Markup {
    let t = |text: T| cx.t(text);
    let period = statement.sheet.period.as_str();
    let months = first_day(period).map_or_else(
        |_| html! {},
        |first| {
            let link = |day, label: T, icon: &'static str| {
                Btn::link(t(label), format!("/pay/mine?period={}", period_of(day))).icon(icon).sm()
            };
            html! {
                (link(first.plus_months(-1), T("上月", "Month before"), "chevron-left"))
                (link(first.plus_months(1), T("下月", "Month after"), "chevron-right"))
            }
        },
    );
    let body = html! {
        (figures(cx, &statement.sheet))
        (ui::section(t(T("明细", "Lines")), html! {}, lines_table(cx, &statement.lines, false, true)))
        (disputes(cx, statement))
    };
    let title = format!("{} · {period}", t(T("我的薪酬", "My pay")));
    let crumbs = [(t(T("我的薪酬", "My pay")), None)];
    let mut detail = Detail::new(&crumbs, &title, body);
    detail.meta = state_tag(cx, &statement.sheet);
    detail.actions = months;
    ui::detail_view(cx.lang, &detail)
}

/// For accounts that belong to no person.
pub fn nobody(cx: &Cx) -> Markup {
    let t = |text: T| cx.t(text);
    let title = t(T("我的薪酬", "My pay"));
    let hint = t(T("由管理员在员工档案中关联账户", "An administrator links accounts to people"));
    ui::plain_view(
        title,
        html! {},
        ui::empty("wallet", t(T("此账户没有关联员工", "This account belongs to no person")), hint, None),
    )
}

fn disputes(cx: &Cx, statement: &Statement) -> Markup {
    let t = |text: T| cx.t(text);
    html! {
        @if !statement.disputes.is_empty() {
            (ui::section(t(T("异议", "Questions")), html! {}, html! {
                @for row in &statement.disputes {
                    p {
                        (row.order_no) " " (row.question) " "
                        @if row.state == "open" { (ui::tag(Tone::Amber, t(T("待答复", "Open")))) }
                        @else { (ui::tag(Tone::Green, t(T("已答复", "Answered")))) " " (row.answer) " " (ui::small(&row.answered_by)) }
                    }
                }
            }))
        }
    }
}

pub fn sheet_page(cx: &Cx, id: Id, statement: &Statement) -> Markup {
    let t = |text: T| cx.t(text);
    let sheet = &statement.sheet;
    let body = html! {
        (figures(cx, sheet))
        (ui::section(t(T("明细", "Lines")), html! {}, lines_table(cx, &statement.lines, false, false)))
        (disputes(cx, statement))
    };
    let crumbs = [(t(T("工资结算单", "Pay sheets")), Some("/pay/sheets")), (sheet.period.as_str(), None)];
    let mut detail = Detail::new(&crumbs, &sheet.staff_name, body);
    detail.meta = html! {
        (state_tag(cx, sheet))
        @if let Some(at) = sheet.locked_at { " " (ui::small(format!("{} {}", sheet.locked_by, format::time(cx, at)))) }
    };
    detail.actions =
        html! { (Btn::link(t(T("打印", "Print")), format!("/pay/sheets/{id}/print")).icon("printer")) };
    ui::detail_view(cx.lang, &detail)
}

/// The sheet on paper, to be signed.
pub fn print(cx: &Cx, title: &str, statement: &Statement) -> Markup {
    let t = |text: T| cx.t(text);
    let sheet = &statement.sheet;
    let mut facts = vec![
        (t(T("姓名", "Name")), html! { (sheet.staff_name) }, 1),
        (t(T("期间", "Period")), html! { (sheet.period) }, 1),
    ];
    if let Some(sums) = &sheet.sums {
        facts.extend(
            parts(cx, sums).into_iter().map(|(label, amount)| (label, html! { (format::money(amount)) }, 1)),
        );
        facts.push((t(T("合计", "Total")), html! { (format::money(sums.total)) }, 1));
    }
    html! {
        (ui::print_head(&cx.app.config.company, title, &sheet.period, &sheet.staff_name, None))
        (ui::print_facts(&facts))
        @for line in &statement.lines { p { (line.order_no) " " (line.label) " " (amount(line.amount)) } }
        (ui::sign_boxes(&[(t(T("本人", "Employee")), None, String::new()), (t(T("审核", "Checked by")), None, sheet.locked_by.clone())]))
    }
}

pub fn settle_page(cx: &Cx, input: &Settle, done: Option<&Settled>, errors: &FormErrors) -> Markup {
    let t = |text: T| cx.t(text);
    let form = |action: &str, label: T, question: Option<T>| {
        let mut button = Btn::submit(t(label));
        if let Some(question) = question {
            button = button.confirm(t(question));
        }
        Form::post(action, cx.form_key()).body(html! {
            (ui::fields(html! {
                (Field::text("period", t(T("期间", "Period"))).id(format!("f-period{}", action.len())).value(&input.period)
                    .required().placeholder("2026-11").error(errors.of("period")))
            }))
            (ui::form_buttons(&[button]))
        })
    };
    let lock = T(
        "锁定后不再变动，之后的差额计入下期。锁定该月全部结算单？",
        "Locked sheets no longer change; later differences go to the next month. Lock all sheets of the month?",
    );
    let body = html! {
        (errors.summary(cx.lang))
        @if let Some(done) = done { (result(cx, done)) }
        (ui::section(t(T("生成或更新", "Make or renew")), html! {}, form("/pay/sheets/build", T("生成", "Make"), None)))
        (ui::section(t(T("锁定", "Lock")), html! {}, form("/pay/sheets/lock", T("锁定", "Lock"), Some(lock))))
    };
    let crumbs = [(t(T("工资结算单", "Pay sheets")), Some("/pay/sheets")), (t(SETTLE), None)];
    ui::detail_view(cx.lang, &Detail::new(&crumbs, t(SETTLE), body))
}

fn result(cx: &Cx, done: &Settled) -> Markup {
    let text = T("{period}：处理了 {sheets} 张结算单", "{period}: {sheets} sheets")
        .fill(cx.lang, &[("period", done.period.clone()), ("sheets", done.sheets.to_string())]);
    html! {
        (ui::alert(Tone::Green, text))
        @if !done.waiting.is_empty() {
            (ui::alert(Tone::Amber, html! {
                (cx.t(T("须先锁定更早的结算单：", "Lock their earlier sheets first: "))) (done.waiting.join("、"))
            }))
        }
    }
}
