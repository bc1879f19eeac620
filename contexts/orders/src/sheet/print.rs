//! Layout of the sheets: the same blocks, each sheet takes those it needs.

use std::collections::BTreeMap;

use kernel::{Id, T};
use kit::{Cx, format};
use maud::{Markup, html};

use pricing::api::WorkKind;

use crate::{
    flow::State,
    line::model::{LineKind, LineRow, Stock},
    order::{
        job::move_label,
        model::{CallbackClass, OrderRow, OrderStep, OrderUnit, Share},
    },
};

/// What is printed.
pub struct Sheet {
    pub row: OrderRow,
    pub kind: Option<WorkKind>,
    pub units: Vec<OrderUnit>,
    pub lines: Vec<LineRow>,
    /// Names of the depots that the lines name: the storekeeper signs for them.
    pub depots: BTreeMap<Id, String>,
    pub steps: Vec<OrderStep>,
    pub shares: Vec<Share>,
    pub signature: Option<String>,
    pub hand_over: super::hand_over::HandOver,
    /// Blocks of higher contexts.
    pub more: Vec<Markup>,
}

/// One sheet.
pub fn sheet(cx: &Cx, code: &str, title: &str, data: &Sheet) -> Markup {
    let row = &data.row;
    // Paper is read where the work is done.
    let cx = &cx.clock_of(row.org_id);
    let note = format!("{} {}", cx.t(T("打印", "Printed")), format::full_time(cx, cx.now()));
    html! {
        (ui::print_head(&cx.app.config.company, title, &row.no, &note, None))
        (head(cx, data))
        (units(cx, data))
        @match code {
            "intake" => { (intake(cx, row)) }
            "dispatch" => { (dispatch(cx, data)) (lines(cx, data)) }
            "completion" => { (completion(cx, row)) (data.hand_over.print(cx)) (lines(cx, data)) (steps(cx, data)) }
            "callback" => { (callback(cx, row)) (lines(cx, data)) }
            _ => { (completion(cx, row)) (lines(cx, data)) (audit(cx, data)) }
        }
        @for block in &data.more { (block) }
        (signatures(cx, code, data))
        (ui::print_note(cx.t(T("电话与地址按查看权限显示。", "Phone and address are shown as far as the reader may see them."))))
    }
}

fn text(value: &str) -> Markup {
    ui::or_none(Some(value).filter(|v| !v.is_empty()))
}

fn time(cx: &Cx, at: Option<kernel::Ts>) -> Markup {
    html! { @match at { Some(at) => { (format::full_time(cx, at)) } None => { (ui::none()) } } }
}

fn head(cx: &Cx, data: &Sheet) -> Markup {
    let row = &data.row;
    let kind = data.kind.as_ref().map_or(row.kind.as_str(), |k| k.label(cx.lang));
    let appointment = html! { (time(cx, row.appoint_from)) @if row.appoint_to.is_some() { " – " (time(cx, row.appoint_to)) } };
    ui::print_facts(&[
        (cx.t(T("客户", "Customer")), text(&cx.mask(kit::Sens::Name, &row.customer_name)), 2),
        (cx.t(T("状态", "State")), html! { (cx.t(row.state.label())) }, 1),
        (cx.t(T("联系人", "Contact")), text(&cx.mask(kit::Sens::Name, &row.contact)), 1),
        (cx.t(T("电话", "Phone")), text(&cx.show(&row.phone())), 1),
        (cx.t(T("区域", "Area")), text(&row.region), 1),
        (cx.t(T("地址", "Address")), text(&cx.show(&row.address())), 3),
        (cx.t(T("工种", "Kind of work")), html! { (kind) }, 1),
        (cx.t(T("方式", "Mode")), html! { (cx.t(row.mode.label())) }, 1),
        (cx.t(T("保修类别", "Warranty")), html! { (cx.t(row.warranty.label())) }, 1),
        (cx.t(T("受理时间", "Opened")), time(cx, Some(row.created_at)), 1),
        (cx.t(T("预约", "Appointment")), appointment, 2),
    ])
}

fn units(cx: &Cx, data: &Sheet) -> Markup {
    let head =
        [T("机型", "Model"), T("序列号", "Serial"), T("故障", "Fault"), T("保修判定", "Warranty decision")]
            .map(|t| cx.t(t));
    let rows: Vec<Vec<Markup>> = data
        .units
        .iter()
        .map(|unit| {
            vec![
                text(&unit.model_name),
                text(&cx.mask(kit::Sens::Serial, &unit.serial)),
                text(&unit.fault),
                crate::order::views::verdict_tag(cx, &unit.verdict),
            ]
        })
        .collect();
    ui::print_table(cx.t(T("设备与故障", "Units and faults")), &head, &[], &rows, &[])
}

fn lines(cx: &Cx, data: &Sheet) -> Markup {
    let head =
        [T("编码", "Code"), T("名称", "Name"), T("数量", "Qty"), T("单价", "Price"), T("应收", "Payable")]
            .map(|t| cx.t(t));
    let live = data.lines.iter().filter(|line| line.stock != Stock::Returned);
    let rows: Vec<Vec<Markup>> = live
        .map(|line| {
            let mark = if line.kind == LineKind::Part {
                let depot = line.depot_id.and_then(|id| data.depots.get(&id));
                let depot = depot.map_or(String::new(), |name| format!(" · {name}"));
                format!("{}（{}{depot}）", line.name, cx.t(line.stock.label()))
            } else {
                line.name.clone()
            };
            vec![
                // The code of a fee is for rules, not for customers.
                text(if line.kind == LineKind::Part { &line.code } else { "" }),
                html! { (mark) },
                html! { (line.quantity.to_string()) },
                html! { (cx.mask(kit::Sens::Price, &line.price.to_string())) },
                html! { (cx.mask(kit::Sens::Price, &line.amount.to_string())) },
            ]
        })
        .collect();
    let mut foot = vec![(cx.t(T("合计", "Gross")), format::price(cx, data.row.gross))];
    if !data.row.reduced.is_zero() {
        foot.push((cx.t(crate::order::tabs::REDUCED), format::price(cx, data.row.reduced)));
    }
    foot.push((cx.t(T("客户应付", "Customer pays")), format::price(cx, data.row.payable)));
    ui::print_table(cx.t(T("备件与费用", "Parts and fees")), &head, &[2, 3, 4], &rows, &foot)
}

fn intake(cx: &Cx, row: &OrderRow) -> Markup {
    let limit = row.quote_limit.map(|limit| format::price(cx, limit)).unwrap_or_default();
    html! {
        (ui::print_text(cx.t(T("客户要求", "Customer's demand")), &row.demand))
        (ui::print_facts(&[
            (cx.t(T("超额通知限额", "Over-quote limit")), text(&limit), 1),
            (cx.t(T("取件日期", "Pick-up day")), html! { @match row.pickup_on { Some(day) => { (day.to_string()) } None => { (ui::none()) } } }, 1),
            (cx.t(T("加急", "Urgent")), html! { (cx.t(if row.urgent { T("是", "yes") } else { T("否", "no") })) }, 1),
        ]))
        (ui::print_text(cx.t(T("备注", "Remark")), &row.remark))
    }
}

fn dispatch(cx: &Cx, data: &Sheet) -> Markup {
    let row = &data.row;
    html! {
        (ui::print_facts(&[
            (cx.t(T("工程师", "Engineer")), text(&row.engineer_name), 1),
            (cx.t(T("派工时间", "Assigned")), time(cx, row.scheduled_at), 1),
            (cx.t(T("人数", "People")), html! { (data.shares.len()) }, 1),
        ]))
        (ui::print_text(cx.t(T("客户要求", "Customer's demand")), &row.demand))
    }
}

fn completion(cx: &Cx, row: &OrderRow) -> Markup {
    let cause = warranty::api::Cause::parse(&row.cause).map_or("", |cause| cx.t(cause.label()));
    html! {
        (ui::print_facts(&[
            (cx.t(T("工程师", "Engineer")), text(&row.engineer_name), 1),
            (cx.t(T("到达", "Arrived")), time(cx, row.arrived_at), 1),
            (cx.t(T("完工", "Done")), time(cx, row.done_at), 1),
            (cx.t(T("原因归属", "Cause")), text(cause), 1),
            (cx.t(T("根本原因", "Root cause")), text(&row.root_cause), 2),
        ]))
        (ui::print_text(cx.t(T("处理结果", "Result")), &row.result))
        @if !row.assistance.is_empty() { (ui::print_text(cx.t(T("协助方案", "Plan to help")), &row.assistance)) }
    }
}

fn steps(cx: &Cx, data: &Sheet) -> Markup {
    let head =
        [T("时间", "Time"), T("步骤", "Step"), T("人员", "Person"), T("说明", "Remark")].map(|t| cx.t(t));
    let rows: Vec<Vec<Markup>> = data
        .steps
        .iter()
        .map(|step| {
            vec![
                time(cx, Some(step.at)),
                html! { (cx.t(move_label(&step.action))) },
                text(&step.staff_name),
                text(cx.lang.of(&step.reason)),
            ]
        })
        .collect();
    ui::print_table(cx.t(T("过程", "Steps")), &head, &[], &rows, &[])
}

fn callback(cx: &Cx, row: &OrderRow) -> Markup {
    let class = CallbackClass::parse(&row.callback_class).map_or("", |class| cx.t(class.label()));
    html! {
        (ui::print_facts(&[
            (cx.t(T("回访时间", "Called back")), time(cx, row.callback_at), 1),
            (cx.t(T("回访结果", "Result")), text(class), 1),
            (cx.t(T("修复评定", "Fix class")), html! { (cx.t(row.fix_class.label())) }, 1),
        ]))
        (ui::print_text(cx.t(T("用户意见与建议", "Customer's opinion")), &row.appraisal))
    }
}

fn audit(cx: &Cx, data: &Sheet) -> Markup {
    let row = &data.row;
    let late = data
        .steps
        .iter()
        .filter(|step| step.late)
        .map(|step| cx.t(move_label(&step.action)))
        .collect::<Vec<_>>()
        .join("、");
    let score = row.score.map(|n| n.to_string()).unwrap_or_default();
    let auditor = data.steps.iter().rev().find(|step| step.action == "audit");
    let auditor = auditor.filter(|_| row.audited_at.is_some()).map_or("", |step| &step.staff_name);
    ui::print_facts(&[
        (cx.t(T("审核人", "Auditor")), text(auditor), 1),
        (cx.t(T("收单时间", "Sheet returned")), time(cx, row.sheet_returned_at), 1),
        (cx.t(T("评分", "Score")), text(&score), 1),
        (cx.t(T("扣款", "Deduction")), html! { (format::money(row.deduction)) }, 1),
        (cx.t(T("超时节点", "Late at")), text(&late), 2),
        (cx.t(T("审核时间", "Audited")), time(cx, row.audited_at), 1),
        (cx.t(T("审核意见", "Audit note")), text(&row.audit_note), 2),
    ])
}

fn signatures(cx: &Cx, code: &str, data: &Sheet) -> Markup {
    let row = &data.row;
    let day = |at: Option<kernel::Ts>| at.map(|at| format::date(cx, at)).unwrap_or_default();
    let customer = || {
        (
            cx.t(T("客户签字", "Customer")),
            data.signature.clone().filter(|_| row.state != State::New),
            day(row.confirmed_at.or(row.done_at)),
        )
    };
    let blank = |label: T| (cx.t(label), None, String::new());
    let boxes: Vec<(&str, Option<String>, String)> = match code {
        "intake" => vec![blank(T("接单人", "Received by")), blank(T("客户签字", "Customer"))],
        "dispatch" => vec![
            blank(T("调度", "Dispatcher")),
            blank(T("工程师", "Engineer")),
            blank(T("库管", "Storekeeper")),
        ],
        "completion" => vec![blank(T("工程师", "Engineer")), customer(), blank(T("盖章", "Stamp"))],
        "callback" => vec![blank(T("回访员", "Callback clerk")), blank(T("主管", "Supervisor"))],
        _ => vec![blank(T("审核员", "Auditor")), customer(), blank(T("财务", "Finance"))],
    };
    ui::sign_boxes(&boxes)
}
