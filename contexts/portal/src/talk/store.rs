//! SQL of messages.

use db::{Conn, args};
use kernel::{Id, Ts};
use kit::Result;

use super::model::MessageRow;

/// Most messages shown.
const MOST: i64 = 200;

/// The newest messages about an order, oldest of them first.
pub async fn select_messages(conn: &mut Conn, order: Id) -> Result<Vec<MessageRow>> {
    let sql = format!(
        "select {} from order_message m where m.order_id = $1 order by m.at desc, m.id desc limit {MOST}",
        MessageRow::cols("m")
    );
    let mut rows: Vec<MessageRow> = conn.all(&sql, args![order]).await?;
    rows.reverse();
    Ok(rows)
}

/// False when a form with this key has said it before.
pub async fn insert_message(conn: &mut Conn, row: &MessageRow) -> Result<bool> {
    let done = conn
        .exec(
            "insert into order_message (id, order_id, org_id, from_customer, author, user_id, text, form_key, at)
             values ($1,$2,$3,$4,$5,$6,$7,$8,$9) on conflict do nothing",
            args![
                row.id, row.order_id, row.org_id, row.from_customer, &row.author, row.user_id, &row.text, &row.form_key,
                row.at
            ],
        )
        .await?;
    Ok(done > 0)
}

/// What the customer wrote about an order since an instant.
pub async fn count_of_customer(conn: &mut Conn, order: Id, since: Ts) -> Result<i64> {
    Ok(conn
        .scalar(
            "select count(*) from order_message where order_id = $1 and from_customer and at >= $2",
            args![order, since],
        )
        .await?)
}

/// Names of customers leave the messages they wrote (PIPL).
pub async fn forget_authors(conn: &mut Conn, orders: &[Id]) -> Result<()> {
    for order in orders {
        let sql = "update order_message set author = $2 where order_id = $1 and from_customer";
        conn.exec(sql, args![order, kit::personal::NOBODY]).await?;
    }
    Ok(())
}
