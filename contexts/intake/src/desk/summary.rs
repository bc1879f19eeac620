//! What the last twelve months of a customer came to: a part of the customer's page (CUST-01).

use axum::{Json, response::Response};
use kernel::{Id, T};
use kit::{Cx, Result, extract::Path, format};
use maud::{Markup, html};
use orders::api::ORDER_READ;
use ui::Stat;

use super::{model::YearOfCustomer, store};

/// The figures, over the orders that the caller may see.
async fn year_of(cx: &Cx, id: Id) -> Result<YearOfCustomer> {
    let scope = cx.scope(&ORDER_READ)?;
    let mut conn = cx.read().await?;
    let year = store::sum_of_customer(&mut conn, &scope, id, cx.now().plus_days(-365)).await?;
    cx.count(&conn);
    Ok(year)
}

pub async fn get(cx: Cx, Path(id): Path<Id>) -> Result<Json<YearOfCustomer>> {
    year_of(&cx, id).await.map(Json)
}

/// The fragment.
pub async fn page(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let year = year_of(&cx, id).await?;
    let panel = figures(&cx, id, &year);
    if cx.req.partial {
        Ok(cx.fragment(panel))
    } else {
        cx.page(cx.t(T("近 12 个月", "Last 12 months")), panel).await
    }
}

fn figures(cx: &Cx, customer: Id, year: &YearOfCustomer) -> Markup {
    let t = |text: T| cx.t(text);
    let orders = |more: &str| format!("/orders?filter=customer_id~eq~{customer}{more}");
    let satisfied = if year.called == 0 {
        Stat::new(t(T("满意率", "Satisfied")), "—").note(t(T("还没有回访", "Not called back yet")))
    } else {
        let mut note = T("{good} / {all} 次回访", "{good} of {all} callbacks")
            .fill(cx.lang, &[("good", year.satisfied.to_string()), ("all", year.called.to_string())]);
        if year.scores > 0 {
            let tenths = year.score_sum * 10 / year.scores;
            note.push_str(&format!(" · {} {}.{}", t(T("均分", "mean score")), tenths / 10, tenths % 10));
        }
        Stat::new(t(T("满意率", "Satisfied")), year.satisfied * 100 / year.called).unit("%").note(note)
    };
    let items = [
        Stat::new(t(T("工单", "Orders")), year.orders).href(orders("")),
        Stat::new(t(T("未完", "Open")), year.open).href(orders("%3Bopen~eq~true")),
        Stat::new(t(T("客户应付", "Customer pays")), format::money(year.payable)),
        satisfied,
    ];
    html! { div id="part-summary" { (ui::stats(&items)) } }
}
