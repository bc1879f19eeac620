//! Markup of pay lines.

use kernel::{Id, Money, T};
use kit::{Cx, FormErrors, Result, format};
use ui::{Btn, Card, Col, Detail, Field, Form, Markup, Row, Table, Tone, html};

use super::model::{DisputeRow, GiveReward, LineKind, LineOut, OrderPay};

pub const REWARD: T = T("登记奖惩", "Reward or penalise");
pub const DISPUTE: T = T("薪酬异议", "Question about pay");

/// An amount, or its place where it may not be seen.
pub fn amount(value: Option<Money>) -> String {
    value.map_or_else(|| "****".to_string(), format::money)
}

/// Tone of a kind of line.
pub fn tone(kind: LineKind) -> Tone {
    match kind {
        LineKind::Commission => Tone::Blue,
        LineKind::Reward => Tone::Green,
        LineKind::Deadline | LineKind::AuditDeduction | LineKind::Penalty => Tone::Red,
        LineKind::Reversal => Tone::Amber,
    }
}

/// Lines with how each came about; `ask`: with a form to ask about each.
pub fn lines_table(cx: &Cx, lines: &[LineOut], who: bool, ask: bool) -> Markup {
    let t = |text: T| cx.t(text);
    let mut cols = vec![
        Col::new(t(T("工单", "Order"))).card(Card::Id),
        Col::new(t(T("项目", "Item"))).card(Card::Title),
        Col::new(t(T("计算过程", "How it came about"))),
    ];
    cols.extend([
        Col::new(t(T("金额", "Amount"))).right().card(Card::End),
        Col::new(t(T("积分", "Points"))).right(),
    ]);
    if who {
        cols.insert(0, Col::new(t(T("人员", "Person"))));
    }
    let rows = lines
        .iter()
        .map(|line| {
            let mut cells = vec![
                html! { @match line.order_id { Some(id) => (ui::link(&format!("/orders/{id}"), &line.order_no)), None => (format::time(cx, line.created_at)) } },
                html! { (ui::tag(tone(line.kind), t(line.kind.label()))) " " (line.label) },
                html! { @for said in &line.trace { p { (ui::small(said.get(cx.lang))) } } @if ask { (ask_form(cx, line.id)) } },
                html! { (amount(line.amount)) },
                html! { @if line.points != 0 { (line.points) } },
            ];
            if who {
                cells.insert(0, html! { (line.staff_name) });
            }
            Row::new(line.id, line.label.clone(), cells)
        })
        .collect();
    let none = ui::empty(
        "coin",
        t(T("还没有薪酬明细", "No pay line yet")),
        t(T("工单审核后自动计算", "Computed by itself once an order is audited")),
        None,
    );
    ui::small_table(&Table::new(t(T("薪酬明细", "Pay lines")), cols, rows).empty(none))
}

fn ask_form(cx: &Cx, line: Id) -> Markup {
    let label = cx.t(T("有异议，请说明", "Doubts? Say why"));
    html! {
        details {
            summary { (ui::small(cx.t(T("提出异议", "Ask")))) }
            (Form::post("/pay/disputes", cx.form_key()).inline().body(html! {
                (ui::hidden("line_id", line))
                (Field::text("question", label).bare().id(format!("q-{line}")).placeholder(label).required())
                (Btn::submit(cx.t(T("提交", "Send"))).sm())
            }))
        }
    }
}

pub fn order_page(cx: &Cx, pay: &OrderPay) -> Markup {
    let t = |text: T| cx.t(text);
    let title = t(T("工单薪酬", "Pay of the order"));
    let here = format!("/orders/{}", pay.order_id);
    let no = pay.lines.first().map_or(t(T("工单", "Order")), |line| line.order_no.as_str());
    let crumbs = [(t(T("工单", "Orders")), Some("/orders")), (no, Some(here.as_str())), (title, None)];
    let total = html! { (t(T("合计", "Total"))) " " (amount(pay.total)) };
    let body = ui::section(title, total, lines_table(cx, &pay.lines, true, false));
    ui::detail_view(cx.lang, &Detail::new(&crumbs, title, body))
}

/// One line with the way to its order and to everything the order earned.
pub fn line_page(cx: &Cx, line: &LineOut) -> Markup {
    let list = cx.t(T("薪酬明细", "Pay lines"));
    let crumbs = [(list, Some("/pay/lines")), (line.label.as_str(), None)];
    let all = html! {
        @if let Some(order) = line.order_id { (ui::link(&format!("/orders/{order}/pay"), cx.t(T("工单全部薪酬", "All pay of the order")))) }
    };
    let body = ui::section(list, all, lines_table(cx, std::slice::from_ref(line), true, false));
    ui::detail_view(cx.lang, &Detail::new(&crumbs, &line.label, body))
}

/// Items in force, for choice.
pub async fn items(cx: &Cx) -> Result<Vec<(String, String)>> {
    let rules = crate::rule::service::rules(cx, None).await?;
    Ok(rules
        .items
        .into_iter()
        .map(|item| (item.code, format!("{} · {}", cx.t(item.sign.label()), item.name)))
        .collect())
}

pub fn reward_form(
    cx: &Cx,
    people: &[(Id, String)],
    items: &[(String, String)],
    input: &GiveReward,
    errors: &FormErrors,
) -> Markup {
    let t = |text: T| cx.t(text);
    let staff: Vec<(String, String)> =
        people.iter().map(|(id, name)| (id.to_string(), name.clone())).collect();
    // Nobody is chosen beforehand: one press would book money on the first of the list.
    let choose = t(T("请选择", "Choose"));
    let form = Form::post("/pay/rewards", cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        (ui::fieldset("", "", html! {
            (Field::select("staff_id", t(T("人员", "Person"))).options(staff).blank(choose).maybe((!input.staff_id.is_nil()).then_some(input.staff_id)).required().wide().error(errors.of("staff_id")))
            (Field::select("item", t(T("奖惩项", "Item"))).options(items.iter().cloned()).blank(choose).value(&input.item).required().wide().error(errors.of("item")))
            (Field::money("amount", t(T("金额（留空按奖惩项）", "Amount (empty: the item's)"))).maybe(input.amount.map(|a| a.0.fmt_plain())).error(errors.of("amount")))
            (Field::area("reason", t(T("原因", "Reason")), 2).value(&input.reason).required().full().error(errors.of("reason")))
        }))
        (ui::form_actions(cx.lang, t(T("登记", "Save")), Some("/pay/lines")))
    });
    let crumbs = [(t(T("薪酬明细", "Pay lines")), Some("/pay/lines")), (t(REWARD), None)];
    ui::form_page(cx.lang, &crumbs, t(REWARD), "", form, None)
}

pub fn dispute_page(cx: &Cx, row: &DisputeRow, line: &LineOut, errors: &FormErrors) -> Markup {
    let t = |text: T| cx.t(text);
    let form = Form::post(format!("/pay/disputes/{}/answer", row.id), cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        (ui::fieldset("", "", html! { (Field::area("answer", t(T("答复", "Answer")), 3).required().full().error(errors.of("answer"))) }))
        (ui::form_actions(cx.lang, t(T("答复", "Answer")), Some("/pay/disputes")))
    });
    let body = html! {
        (ui::section(t(T("异议", "Question")), html! {}, html! { p { (row.question) } p { (ui::small(&row.staff_name)) } }))
        (lines_table(cx, std::slice::from_ref(line), true, false))
        @if row.state == "open" { (form) } @else {
            (ui::section(t(T("答复", "Answer")), html! {}, html! { p { (row.answer) } p { (ui::small(&row.answered_by)) } }))
        }
    };
    let crumbs = [(t(DISPUTE), Some("/pay/disputes")), (row.order_no.as_str(), None)];
    ui::detail_view(cx.lang, &Detail::new(&crumbs, t(DISPUTE), body))
}
