//! Kinds of documents of this context: how panels ask who may see or change one.

use kernel::T;
use kit::{DocBrief, DocKind};

use crate::{
    depot, old_part, part,
    perms::{
        OLD_PART_READ, OLD_PART_WRITE, PURCHASE_WRITE, STOCK_ISSUE, STOCK_MOVE, STOCK_READ, STOCK_RECEIVE,
    },
    purchase, receipt, slip, transfer,
};

/// All of them.
pub fn kinds() -> Vec<DocKind> {
    vec![part::doc_kind(), depot::doc_kind(), purchases(), receipts(), transfers(), slips(), old_parts()]
}

fn purchases() -> DocKind {
    DocKind {
        kind: "purchase",
        label: T("采购申请", "Purchase"),
        href: "/purchases/{id}",
        find: |cx, conn, id, write| {
            Box::pin(async move {
                let row = purchase::store::get_purchase(conn, id).await?;
                cx.authorize(if write { &PURCHASE_WRITE } else { &STOCK_READ }, &row)?;
                Ok(DocBrief { doc: purchase::service::doc_ref(&row), org: row.org_id, title: row.no })
            })
        },
    }
}

fn receipts() -> DocKind {
    DocKind {
        kind: "receipt",
        label: T("入库单", "Receipt"),
        href: "/receipts/{id}",
        find: |cx, conn, id, write| {
            Box::pin(async move {
                let row = receipt::store::get_receipt(conn, id).await?;
                cx.authorize(if write { &STOCK_RECEIVE } else { &STOCK_READ }, &row)?;
                Ok(DocBrief { doc: receipt::service::doc_ref(&row), org: row.org_id, title: row.no })
            })
        },
    }
}

fn transfers() -> DocKind {
    DocKind {
        kind: "transfer",
        label: T("调拨单", "Transfer"),
        href: "/transfers/{id}",
        find: |cx, conn, id, write| {
            Box::pin(async move {
                let row = transfer::store::get_transfer(conn, id).await?;
                let perm = if write { &STOCK_MOVE } else { &STOCK_READ };
                let ends = depot::store::select_by_ids(conn, &[row.from_id, row.to_id]).await?;
                // Both ends may see it; one of them is enough.
                if !ends.iter().any(|depot| cx.authorize(perm, depot).is_ok()) {
                    return Err(kit::Error::NotFound);
                }
                Ok(DocBrief { doc: transfer::service::doc_ref(&row), org: row.org_id, title: row.no })
            })
        },
    }
}

fn slips() -> DocKind {
    DocKind {
        kind: "issue_slip",
        label: T("出库单", "Issue slip"),
        href: "/issue-slips/{id}",
        find: |cx, conn, id, write| {
            Box::pin(async move {
                let row = slip::store::get_slip(conn, id).await?;
                cx.authorize(if write { &STOCK_ISSUE } else { &STOCK_READ }, &row)?;
                Ok(DocBrief { doc: slip::service::doc_ref(&row), org: row.org_id, title: row.no })
            })
        },
    }
}

fn old_parts() -> DocKind {
    DocKind {
        kind: "old_part",
        label: T("旧件", "Old part"),
        href: "/old-parts/{id}",
        find: |cx, conn, id, write| {
            Box::pin(async move {
                let row = old_part::store::get_debt(conn, id).await?;
                cx.authorize(if write { &OLD_PART_WRITE } else { &OLD_PART_READ }, &row)?;
                Ok(DocBrief { doc: old_part::service::doc_ref(&row), org: row.org_id, title: row.no })
            })
        },
    }
}
