//! What pay adds to the audit sheet of an order (WO-06, P-03): deductions for lateness with how each was computed.

use kernel::{Id, T};
use kit::{Cx, Result};
use ui::{Markup, html};

use super::{model::LineKind, service, views};
use crate::perms::PAY_READ;

/// Nothing for readers who may not see pay, and before the audit.
pub async fn audit(cx: &Cx, order: Id) -> Result<Markup> {
    if !cx.can(&PAY_READ) {
        return Ok(html! {});
    }
    let pay = service::of_order(cx, order).await?;
    let taken =
        |kind: LineKind| matches!(kind, LineKind::Deadline | LineKind::AuditDeduction | LineKind::Penalty);
    let rows: Vec<Vec<Markup>> = pay
        .lines
        .iter()
        .filter(|line| taken(line.kind))
        .map(|line| {
            let how: Vec<&str> = line.trace.iter().map(|said| said.get(cx.lang)).collect();
            vec![
                html! { (line.staff_name) },
                html! { (cx.t(line.kind.label())) " " (line.label) },
                html! { (how.join("; ")) },
                html! { (views::amount(line.amount)) },
            ]
        })
        .collect();
    if rows.is_empty() {
        return Ok(html! {});
    }
    let head =
        [T("人员", "Person"), T("项目", "Item"), T("计算过程", "How it came about"), T("金额", "Amount")]
            .map(|text| cx.t(text));
    Ok(ui::print_table(cx.t(T("时限扣罚与扣款", "Deductions")), &head, &[3], &rows, &[]))
}
