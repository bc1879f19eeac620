//! Commands and queries on customer classes.

use kernel::Id;
use kit::{Cx, DocRef, Result, begin};

use super::{model::ClassRow, rules, store};
use crate::perms::{CLASS_WRITE, CUSTOMER_READ};

/// All classes in order.
pub async fn list_classes(cx: &Cx) -> Result<Vec<ClassRow>> {
    cx.require(&CUSTOMER_READ)?;
    let mut conn = cx.read().await?;
    let rows = store::select_classes(&mut conn).await?;
    cx.count(&conn);
    Ok(rows)
}

/// Adds a class, or changes one by its code (CUST-03). Errors: see [`rules`].
pub async fn save_class(cx: &Cx, input: ClassRow) -> Result<ClassRow> {
    cx.require(&CLASS_WRITE)?;
    rules::check_class(&input)?;
    let mut tx = begin!(cx, "customers.save_class", &input);
    store::put_class(&mut tx, &input).await?;
    tx.log(DocRef::new("customer_class", Id::NIL, &input.code), "saved", serde_json::to_value(&input)?);
    tx.commit(input).await
}
