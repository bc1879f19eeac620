//! The copy and the erasure; both are on record.

use kernel::{Id, Problems, RuleError, T};
use kit::{
    Cx, Error, Result, begin, guarded,
    personal::{self, Copy},
    timers,
};
use serde_json::json;

use super::model::{Erase, ErasedOut};
use crate::{
    customer::{
        model::{CustomerRow, FileState},
        service::doc,
        store,
    },
    perms::{PERSONAL_ERASE, PERSONAL_EXPORT},
};

/// Longest reason, characters.
const MOST_REASON: usize = 200;

/// The file, for whoever may give out what it holds.
pub async fn file(cx: &Cx, id: Id) -> Result<CustomerRow> {
    cx.require(&PERSONAL_EXPORT)?;
    let row = store::get_customer(&mut cx.read().await?, id).await?;
    cx.authorize(&PERSONAL_EXPORT, &row)?;
    Ok(row)
}

/// Everything held about a customer, unmasked: it is made for the person itself. On record.
pub async fn copy(cx: &Cx, id: Id) -> Result<Copy> {
    let row = file(cx, id).await?;
    let mut conn = cx.read().await?;
    let copy = personal::copy(cx, &mut conn, ("customer", id)).await?;
    cx.count(&conn);
    drop(conn);
    let mut tx = begin!(cx, "customers.export_personal", &id);
    let rows: usize = copy.held.iter().map(|held| held.rows.len()).sum();
    tx.log(doc(&row), "personal_exported", json!({ "rows": rows, "files": copy.files.len() }));
    // The copy is not the command's output: it must not be stored under an idempotency key.
    tx.commit(()).await?;
    Ok(copy)
}

/// The file, for whoever may erase it.
pub async fn erasable(cx: &Cx, id: Id) -> Result<CustomerRow> {
    cx.require(&PERSONAL_ERASE)?;
    let row = store::get_customer(&mut cx.read().await?, id).await?;
    cx.authorize(&PERSONAL_ERASE, &row)?;
    Ok(row)
}

/// Makes everything held about a customer anonymous; orders, money and stock stay. Not to be undone.
///
/// Errors: `customers.erase_reason` at `reason`, `customers.erase_no` at `no`, 409 `customers.erase_merged`,
/// `customers.erased`, those of higher contexts' guards (`orders.erase_open`, `orders.erase_kept` …).
pub async fn erase(cx: &Cx, id: Id, input: Erase) -> Result<ErasedOut> {
    cx.require(&PERSONAL_ERASE)?;
    let mut tx = begin!(cx, "customers.erase", &(id, &input));
    let row = store::lock_customer(&mut tx, id).await?;
    tx.authorize(&PERSONAL_ERASE, &row)?;
    let reason = input.reason.trim();
    let mut problems = Problems::new();
    if reason.is_empty() || reason.chars().count() > MOST_REASON {
        let text = T(
            "请写明依据（谁、以何种方式提出），最多 {most} 字",
            "Say on what grounds: who asked and how, up to {most} characters",
        );
        problems
            .push(RuleError::new("customers.erase_reason", text).arg("most", MOST_REASON).field("reason"));
    }
    if input.no.trim() != row.no {
        let text = T(
            "请再次输入档案编号 {no}，匿名化后不能恢复",
            "Type the number of the file again, {no}: this can't be undone",
        );
        problems.push(RuleError::new("customers.erase_no", text).arg("no", &row.no).field("no"));
    }
    problems.finish()?;
    match row.state {
        FileState::Merged => {
            let text = T(
                "档案已并入另一份，请在那份档案上操作",
                "The file was merged into another one: erase that one",
            );
            return Err(Error::Conflict(RuleError::new("customers.erase_merged", text)));
        }
        FileState::Erased => {
            let text = T("这份档案已经匿名", "This file is anonymous already");
            return Err(Error::Conflict(RuleError::new("customers.erased", text)));
        }
        FileState::Active | FileState::Archived => {}
    }
    guarded(&mut tx, "customer", id, "erase").await?;
    timers::cancel_in(&mut tx, id).await?;
    let erased = personal::erase_in(&mut tx, ("customer", id)).await?;
    tx.log(
        doc(&row),
        "personal_erased",
        json!({ "reason": reason, "rows": erased.rows, "files": erased.files }),
    );
    let out = ErasedOut { id, no: row.no, erased };
    tx.commit(out).await
}
