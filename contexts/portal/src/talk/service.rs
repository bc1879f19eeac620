//! Writing and reading messages.

use db::Conn;
use kernel::{Id, RuleError, T, Ts};
use kit::{
    Cx, DocRef, Error, Result, Tx, begin,
    notify::{Notice, tell_in},
};
use orders::api::OrderBrief;
use serde_json::json;

use super::{
    model::{MessageOut, MessageRow, NewMessage},
    rules, store,
};
use crate::perms::MESSAGE_WRITE;

/// Messages of a customer about one order in 24 hours.
const MOST_A_DAY: i64 = 40;

fn out(row: MessageRow) -> MessageOut {
    MessageOut {
        id: row.id,
        from_customer: row.from_customer,
        author: row.author,
        text: row.text,
        at: row.at,
    }
}

/// Messages about an order that the caller may see.
pub async fn messages(cx: &Cx, order: Id) -> Result<(OrderBrief, Vec<MessageOut>)> {
    let mut conn = cx.read().await?;
    let brief = orders::api::visible(cx, &mut conn, order).await?;
    let rows = store::select_messages(&mut conn, order).await?;
    cx.count(&conn);
    Ok((brief, rows.into_iter().map(out).collect()))
}

/// The same as its customer reads them: people of the service by how they are addressed.
pub async fn for_customer(cx: &Cx, conn: &mut Conn, order: Id) -> Result<Vec<MessageOut>> {
    let rows = store::select_messages(conn, order).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let author = if row.from_customer {
                cx.t(T("我", "Me")).to_string()
            } else {
                cx.t(T("服务方", "Service")).to_string() + " · " + &rules::address(&row.author, cx.lang)
            };
            MessageOut { author, ..out(row) }
        })
        .collect())
}

/// Somebody of the service writes to the customer. The customer reads it on the order's page.
pub async fn write(cx: &Cx, order: Id, input: NewMessage) -> Result<MessageOut> {
    cx.require(&MESSAGE_WRITE)?;
    let mut tx = begin!(cx, "portal.write", &(order, &input));
    let brief = orders::api::brief(&mut tx, order).await?;
    tx.authorize(&MESSAGE_WRITE, &brief)?;
    let text = rules::check(&input.text)?;
    let actor = std::sync::Arc::clone(cx.actor()?);
    let row = MessageRow {
        id: tx.id(),
        order_id: order,
        org_id: brief.org_id,
        from_customer: false,
        author: actor.name.clone(),
        user_id: Some(actor.user),
        text,
        form_key: String::new(),
        at: tx.now(),
    };
    store::insert_message(&mut tx, &row).await?;
    tx.log(DocRef::new("order", order, &brief.no), "told_customer", json!({}));
    tx.commit(out(row)).await
}

/// The customer writes, in the transaction of the order's page, which knows that it is the customer. The engineer hears of
/// it, or the desk when there is none. A form sent twice says it once. Errors: `portal.message`, `portal.messages_many`.
pub async fn say_in(tx: &mut Tx, brief: &OrderBrief, text: &str, form_key: &str) -> Result<()> {
    let text = rules::check(text)?;
    let now = tx.now();
    if store::count_of_customer(tx, brief.id, Ts(now.0 - 86_400_000_000)).await? >= MOST_A_DAY {
        let rule = T("今天的留言太多，请拨打服务热线", "Too many messages today; please call the hotline");
        return Err(Error::rule(RuleError::new("portal.messages_many", rule).field("text")));
    }
    let row = MessageRow {
        id: tx.id(),
        order_id: brief.id,
        org_id: brief.org_id,
        from_customer: true,
        author: brief.contact.clone(),
        user_id: None,
        text,
        form_key: form_key.chars().take(100).collect(),
        at: now,
    };
    if !store::insert_message(tx, &row).await? {
        return Ok(());
    }
    tx.log(DocRef::new("order", brief.id, &brief.no), "customer_wrote", json!({}));
    let mut users = match brief.engineer_id {
        Some(engineer) => org::api::users_of(tx, &[engineer], now).await?,
        None => Vec::new(),
    };
    if users.is_empty() {
        users = org::api::users_with(tx, MESSAGE_WRITE.key, brief.org_id).await?;
    }
    let title = T("客户留言 {no}", "A customer wrote {no}").told(&[("no", brief.no.clone())]);
    let detail: String = row.text.chars().take(80).collect();
    let href = format!("/orders/{}/messages", brief.id);
    tell_in(tx, &Notice { users: &users, title: &title, detail: &detail, href: &href, mail: false }).await
}
