//! What the customer is told and asked at hand-over: remaining life of wear parts (PROD-17), convenient time for the
//! callback (CUST-13).

use db::Conn;
use kernel::{Id, T};
use kit::{Cx, Result};
use maud::{Markup, html};
use products::api::WearSeen;

use crate::order::store;

/// Both, for the completion sheet and the pick-up slip.
pub struct HandOver {
    /// What was seen of wear parts.
    pub wear: Vec<WearSeen>,
    /// When the customer likes to be called.
    pub call_time: String,
}

/// What was seen under the order's number, and the customer's file as it is now.
pub async fn load(conn: &mut Conn, order: Id) -> Result<HandOver> {
    let row = store::get_order(conn, order).await?;
    let units: Vec<Id> =
        store::select_units(conn, row.id).await?.into_iter().filter_map(|unit| unit.unit_id).collect();
    let wear = products::api::wear_of(conn, &units, &row.no).await?;
    let call_time = customers::api::brief(conn, row.customer_id).await?.call_time;
    Ok(HandOver { wear, call_time })
}

impl HandOver {
    /// Blocks of the sheet.
    pub fn print(&self, cx: &Cx) -> Markup {
        let head = [
            T("易损件", "Wear part"),
            T("剩余寿命", "Life left"),
            T("约可用", "Should last"),
            T("备注", "Remark"),
        ];
        let head = head.map(|t| cx.t(t));
        let rows: Vec<Vec<Markup>> = self
            .wear
            .iter()
            .map(|seen| {
                vec![
                    html! { (seen.part) },
                    seen.percent.map_or_else(ui::none, |p| html! { (p) " %" }),
                    seen.months.map_or_else(ui::none, |m| html! { (m) " " (cx.t(T("个月", "months"))) }),
                    html! { (seen.remark) },
                ]
            })
            .collect();
        html! {
            @if !rows.is_empty() { (ui::print_table(cx.t(T("易损件剩余寿命", "Remaining life of wear parts")), &head, &[], &rows, &[])) }
            // Left blank it is asked and written in by hand.
            (ui::print_text(cx.t(T("方便接听回访电话的时间", "Convenient time for the callback")), &self.call_time))
        }
    }
}
