//! What is held about customers in service orders.

use kernel::{Id, RuleError, T};
use kit::{
    Error, Result, Tx,
    audit::action_label,
    format::date_of,
    lists::Kind,
    personal::{Fate::*, Holding, col},
};

use crate::history::store;

/// Tables with something about people in them.
pub fn holdings() -> Vec<Holding> {
    vec![
        Holding::new(
            "service_order",
            T("服务工单", "Service orders"),
            ("customer", "customer_id"),
            [
                col("no", Keep),
                col("created_at", Time),
                col("customer_name", Name),
                col("contact", Name),
                col("phone", Reach),
                col("address", Reach),
                col("region", Keep),
                col("model_name", Keep),
                col("serial", Keep),
                col("symptom", Keep),
                col("demand", Words).called("客户要求", "Demand"),
                col("remark", Words).called("备注", "Remarks"),
                col("appraisal", Words).called("客户评价", "Appraisal"),
                col("consent_by", Name).called("费用确认人", "Price agreed by"),
                col("confirmed_by", Name).called("完工确认人", "Work confirmed by"),
                col("appoint_from", Time),
                col("done_at", Time),
                col("state", Keep),
                col("gross", Keep),
                col("payable", Keep),
                col("reduced", Keep).called("减免", "Taken off"),
                col("version", Version),
            ],
        )
        .doc("order", "no"),
        Holding::new(
            "order_line",
            T("工单明细", "Lines of orders"),
            ("order", "order_id"),
            [
                col("name", Keep).called("项目", "Item"),
                col("quantity", Keep).of("数量", "Quantity", Kind::Qty),
                col("amount", Keep).of("金额", "Amount", Kind::Money),
                col("note", Words).called("备注", "Note"),
            ],
        ),
        Holding::new(
            "order_step",
            T("工单过程", "Steps of orders"),
            ("order", "order_id"),
            [
                col("at", Time).called("时间", "Time"),
                col("action", Keep)
                    .called("步骤", "Step")
                    .say(|cx, action| action_label(cx, action).to_string()),
                col("reason", Words).called("说明", "Reason"),
            ],
        ),
        Holding::new("order_key", T("客户链接", "Customer links"), ("order", "order_id"), []).gone(),
    ]
}

/// A customer with work under way, or whose trade must still be kept by law, is not made anonymous.
///
/// Errors: 409 `orders.erase_open`, `orders.erase_kept`.
pub async fn may_erase(tx: &mut Tx, customer: Id, action: &str) -> Result<()> {
    if action != "erase" {
        return Ok(());
    }
    let open: Vec<String> =
        store::select_open_numbers(tx, customer).await?.into_iter().map(|(no,)| no).collect();
    if !open.is_empty() {
        let text = T(
            "还有未完结的工单：{orders}，办结后才能匿名化",
            "Orders are not over yet: {orders}; finish them first",
        );
        return Err(Error::Conflict(
            RuleError::new("orders.erase_open", text).arg("orders", open.join("、")),
        ));
    }
    let Some((no, org, ended)) = store::find_last_end(tx, customer).await? else { return Ok(()) };
    let cx = tx.cx().clone();
    let months: i64 = cx.setting(&customers::RETENTION, org).await?;
    let zone = cx.zone_of(org);
    let until = date_of(&zone, ended).plus_months(months);
    if months > 0 && date_of(&zone, tx.now()) < until {
        let text = T(
            "工单 {no} 的交易信息依法须保存到 {until}，此前不能匿名化",
            "Order {no} must be kept by law until {until}; not before that",
        );
        return Err(Error::Conflict(
            RuleError::new("orders.erase_kept", text).arg("no", no).arg("until", until),
        ));
    }
    Ok(())
}
