//! What is done with proofs.

use kernel::{Id, RuleError, T};
use kit::{Cx, DocRef, Result};

use super::{
    model::{NewProof, ProofKind, ProofRow},
    store,
};
use crate::{
    perms::{POLICY_READ, PROOF_WRITE},
    policy::service::see_unit,
};

/// Proofs of a unit that the caller may see.
pub async fn proofs(cx: &Cx, unit: Id) -> Result<Vec<ProofRow>> {
    cx.require(&POLICY_READ)?;
    let mut conn = cx.read().await?;
    see_unit(cx, &mut conn, unit).await?;
    let rows = store::select_proofs(&mut conn, unit).await?;
    cx.count(&conn);
    Ok(rows)
}

/// Notes what was shown, and who checked it (WARR-22).
pub async fn add_proof(cx: &Cx, unit: Id, input: NewProof) -> Result<ProofRow> {
    cx.require(&PROOF_WRITE)?;
    check(&input)?;
    let actor = cx.actor()?.clone();
    let mut tx = kit::begin!(cx, "warranty.add_proof", &(unit, &input));
    let org_id = see_unit(cx, &mut tx, unit).await?;
    let row = ProofRow {
        id: tx.id(),
        org_id,
        unit_id: unit,
        kind: input.kind,
        number: input.number.trim().to_string(),
        proof_date: input.proof_date,
        note: input.note.trim().to_string(),
        verified_by: actor.user,
        verified_name: actor.name.clone(),
        created_at: tx.now(),
    };
    store::insert_proof(&mut tx, &row).await?;
    tx.log(DocRef::new("unit", unit, ""), "warranty_proof", serde_json::to_value(&row)?);
    tx.commit(row).await
}

fn check(input: &NewProof) -> Result<(), RuleError> {
    if input.number.chars().count() > 80 || input.note.chars().count() > 500 {
        return Err(RuleError::new(
            "warranty.proof_long",
            T("号码最多 80 字，说明最多 500 字", "At most 80 characters for the number and 500 for the note"),
        )
        .field("number"));
    }
    if input.kind != ProofKind::Missing && input.number.trim().is_empty() && input.proof_date.is_none() {
        return Err(RuleError::new("warranty.proof_empty", T("请填写号码或日期", "Give a number or a date"))
            .field("number"));
    }
    Ok(())
}
