//! What is done with policies. The only place that opens a transaction.

use kernel::{Id, T};
use kit::{Cx, DocRef, Error, Result, Tx, format::date_of};

use super::{
    model::{
        Cause, ChangePolicy, Decision, NewPolicy, NewTerm, PolicyOut, PolicyRow, Question, TermRow, UnitQuery,
    },
    rules, store,
};
use crate::perms::{POLICY_READ, POLICY_WRITE};

/// A policy with all its terms.
pub async fn policy(cx: &Cx, id: Id) -> Result<PolicyOut> {
    cx.require(&POLICY_READ)?;
    let mut conn = cx.read().await?;
    let out = load(&mut conn, id).await?;
    cx.count(&conn);
    Ok(out)
}

async fn load(conn: &mut db::Conn, id: Id) -> Result<PolicyOut> {
    Ok(PolicyOut { policy: store::get_policy(conn, id).await?, terms: store::select_terms(conn, id).await? })
}

/// Makes a policy with its first terms (WARR-01).
pub async fn create_policy(cx: &Cx, input: NewPolicy) -> Result<PolicyOut> {
    cx.require(&POLICY_WRITE)?;
    let mut tx = kit::begin!(cx, "warranty.create_policy", &input);
    let row = create_policy_in(&mut tx, &input).await?;
    let out = load(&mut tx, row.id).await?;
    tx.commit(out).await
}

/// Makes a policy in the caller's transaction.
pub async fn create_policy_in(tx: &mut Tx, input: &NewPolicy) -> Result<PolicyRow> {
    rules::check_policy(input)?;
    if store::find_policy_by_code(tx, input.code.trim()).await?.is_some() {
        return Err(kernel::RuleError::new("warranty.code_taken", T("编码已被使用", "This code is taken"))
            .field("code")
            .into());
    }
    let scope_name = scope_name(tx, input).await?;
    let now = tx.now();
    let row = PolicyRow {
        id: tx.id(),
        code: input.code.trim().to_string(),
        name: input.name.trim().to_string(),
        model_id: input.model_id,
        category_id: input.category_id,
        group_code: input.group_code.trim().to_string(),
        scope_name,
        active: true,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    store::insert_policy(tx, &row).await?;
    tx.created(doc(&row), &row)?;
    insert_term(tx, &row, 1, &input.term).await?;
    Ok(row)
}

/// What the policy is for in words; 404 when the model is unknown.
async fn scope_name(tx: &mut Tx, input: &NewPolicy) -> Result<String> {
    match input.model_id {
        Some(id) => Ok(products::api::model(tx, id).await?.name),
        None => Ok(String::new()),
    }
}

fn doc(row: &PolicyRow) -> DocRef {
    DocRef::new("warranty_policy", row.id, &row.code)
}

async fn insert_term(tx: &mut Tx, policy: &PolicyRow, number: i64, input: &NewTerm) -> Result<TermRow> {
    let term = TermRow {
        id: tx.id(),
        policy_id: policy.id,
        number,
        valid_from: input.valid_from,
        months: input.months,
        start_basis: input.start_basis,
        parts_bp: input.parts.0.0,
        labour_bp: input.labour.0.0,
        travel_bp: input.travel.0.0,
        excluded: serde_json::to_string(&input.excluded)?,
        referred: serde_json::to_string(&input.referred)?,
        limit_in_days: input.limit_in_days,
        limit_out_days: input.limit_out_days,
        note: input.note.trim().to_string(),
        created_at: tx.now(),
        created_by: tx.cx().actor()?.user,
    };
    store::insert_term(tx, &term).await?;
    tx.log(doc(policy), "terms", serde_json::to_value(&term)?);
    Ok(term)
}

/// Adds terms from a later day on; the present ones stay for what starts before it.
pub async fn add_term(cx: &Cx, id: Id, input: NewTerm) -> Result<PolicyOut> {
    cx.require(&POLICY_WRITE)?;
    let mut tx = kit::begin!(cx, "warranty.add_term", &(id, &input));
    let row = store::lock_policy(&mut tx, id).await?;
    add_term_in(&mut tx, &row, &input).await?;
    let out = load(&mut tx, id).await?;
    tx.commit(out).await
}

/// Adds terms in the caller's transaction.
pub async fn add_term_in(tx: &mut Tx, policy: &PolicyRow, input: &NewTerm) -> Result<TermRow> {
    let last = store::select_terms(tx, policy.id).await?.into_iter().next();
    rules::check_term(input, last.as_ref().map(|term| term.valid_from))?;
    let new = PolicyRow { version: policy.version + 1, updated_at: tx.now(), ..policy.clone() };
    store::update_policy(tx, &new).await?;
    insert_term(tx, &new, last.map_or(0, |term| term.number) + 1, input).await
}

/// Renames or retires a policy.
pub async fn change_policy(cx: &Cx, id: Id, input: ChangePolicy) -> Result<PolicyOut> {
    cx.require(&POLICY_WRITE)?;
    let mut tx = kit::begin!(cx, "warranty.change_policy", &(id, &input));
    let old = store::lock_policy(&mut tx, id).await?;
    if old.version != input.version {
        return Err(Error::Conflict(rules::stale()));
    }
    if !rules::is_name(&input.name) {
        return Err(rules::bad_name().into());
    }
    let new = PolicyRow {
        name: input.name.trim().to_string(),
        active: input.active,
        version: old.version + 1,
        updated_at: tx.now(),
        ..old.clone()
    };
    store::update_policy(&mut tx, &new).await?;
    tx.changed(doc(&new), &old, &new)?;
    let out = load(&mut tx, id).await?;
    tx.commit(out).await
}

/// What the policies say of a case, without any document (the "try it" panel).
pub async fn try_it(cx: &Cx, question: &Question) -> Result<Decision> {
    cx.require(&POLICY_READ)?;
    let mut conn = cx.read().await?;
    if let Some(unit) = question.unit_id {
        see_unit(cx, &mut conn, unit).await?;
    }
    let decision = crate::api::decide(cx.lang, &mut conn, question).await?;
    cx.count(&conn);
    Ok(decision)
}

/// What the policies say of a unit that the caller may see.
pub async fn unit_decision(cx: &Cx, unit: Id, query: &UnitQuery) -> Result<Decision> {
    cx.require(&POLICY_READ)?;
    let mut conn = cx.read().await?;
    let org = see_unit(cx, &mut conn, unit).await?;
    let question = Question {
        unit_id: Some(unit),
        model_id: None,
        group_code: query.group.clone(),
        org_id: org,
        purchase_date: None,
        install_date: None,
        at: query.at.unwrap_or_else(|| date_of(cx, cx.now())),
        cause: query.cause.unwrap_or(Cause::Product),
    };
    let decision = crate::api::decide(cx.lang, &mut conn, &question).await?;
    cx.count(&conn);
    Ok(decision)
}

/// 404 unless the caller may see the unit, as its owner says; returns its organisation.
pub async fn see_unit(cx: &Cx, conn: &mut db::Conn, unit: Id) -> Result<Id> {
    let kind = cx.app.registry.docs.get("unit").ok_or(Error::NotFound)?;
    Ok((kind.find)(cx, conn, unit, false).await?.org)
}
