//! What is done with exceptions.

use kit::{Cx, DocRef, Error, Owned, Result};

use super::{
    model::{ExceptionRow, NewException},
    rules, store,
};
use crate::perms::EXCEPTION_GRANT;

impl Owned for ExceptionRow {
    fn org(&self) -> kernel::Id {
        self.org_id
    }
}

/// Records who decided against the policies, about which document, for how much and why.
pub async fn grant(cx: &Cx, input: NewException) -> Result<ExceptionRow> {
    cx.require(&EXCEPTION_GRANT)?;
    rules::check(&input)?;
    let actor = cx.actor()?.clone();
    let mut tx = kit::begin!(cx, "warranty.grant_exception", &input);
    let kind = cx.app.registry.docs.get(input.doc_kind.as_str()).ok_or(Error::NotFound)?;
    let brief = (kind.find)(cx, &mut tx, input.doc_id, false).await?;
    let row = ExceptionRow {
        id: tx.id(),
        org_id: brief.org,
        doc_kind: input.doc_kind,
        doc_id: input.doc_id,
        doc_no: brief.doc.no.clone(),
        unit_id: input.unit_id,
        kind: input.kind,
        verdict: input.verdict,
        amount: input.amount.0,
        reason: input.reason.trim().to_string(),
        decided_by: actor.user,
        decided_name: actor.name.clone(),
        created_at: tx.now(),
    };
    tx.authorize(&EXCEPTION_GRANT, &row)?;
    store::insert_exception(&mut tx, &row).await?;
    tx.log(
        DocRef::new(&row.doc_kind, row.doc_id, &row.doc_no),
        "warranty_exception",
        serde_json::to_value(&row)?,
    );
    tx.commit(row).await
}
