//! What is done with pay rules.

use kernel::{Date, Id, RuleError, T};
use kit::{Cx, DocRef, Result, Tx, format::date_of};

use super::{
    model::{
        CommissionRow, EndOn, ItemRow, NewCommission, NewItem, NewStep, NewWage, Rules, StepRow, WageRow,
    },
    rules,
    store::{self, Kind},
};
use crate::perms::{RULES_READ, RULES_WRITE, WAGES_WRITE};

/// The rules in force on a day; none: today.
pub async fn rules(cx: &Cx, on: Option<Date>) -> Result<Rules> {
    cx.require(&RULES_READ)?;
    let mut conn = cx.read().await?;
    let found = store::select_rules(&mut conn, on.unwrap_or_else(|| date_of(cx, cx.now()))).await?;
    cx.count(&conn);
    Ok(found)
}

async fn replace(tx: &mut Tx, kind: Kind, known: &[rules::Known], from: Date) -> Result<i64> {
    let (ends, number) = rules::replaced(known, from)?;
    for (id, until) in ends {
        store::end(tx, kind, id, until).await?;
    }
    Ok(number)
}

/// Adds a commission rule (PAY-01).
pub async fn add_commission(cx: &Cx, input: NewCommission) -> Result<CommissionRow> {
    cx.require(&RULES_WRITE)?;
    let mut tx = kit::begin!(cx, "pay.add_commission", &input);
    let row = add_commission_in(&mut tx, &input).await?;
    tx.commit(row).await
}

/// Adds a commission rule in the caller's transaction.
pub async fn add_commission_in(tx: &mut Tx, input: &NewCommission) -> Result<CommissionRow> {
    rules::check_commission(input)?;
    let known = store::select_same_commissions(tx, input).await?;
    let number = replace(tx, Kind::Commission, &known, input.valid_from).await?;
    let row = CommissionRow {
        id: tx.id(),
        name: input.name.trim().to_string(),
        number,
        grouping_code: input.grouping_code.trim().to_string(),
        kind: input.kind.trim().to_string(),
        mode: input.mode.trim().to_string(),
        grade: input.grade,
        base: input.base,
        ratio_bp: input.ratio.0.0,
        amount: input.amount.0,
        valid_from: input.valid_from,
        valid_until: None,
        note: input.note.trim().to_string(),
        created_at: tx.now(),
        created_by: tx.cx().actor()?.user,
    };
    store::insert_commission(tx, &row).await?;
    tx.created(DocRef::new("commission_rule", row.id, &row.name), &row)?;
    Ok(row)
}

/// Adds a step of the deductions for lateness (PAY-05).
pub async fn add_step(cx: &Cx, input: NewStep) -> Result<StepRow> {
    cx.require(&RULES_WRITE)?;
    let mut tx = kit::begin!(cx, "pay.add_step", &input);
    let row = add_step_in(&mut tx, &input).await?;
    tx.commit(row).await
}

/// Adds a step in the caller's transaction.
pub async fn add_step_in(tx: &mut Tx, input: &NewStep) -> Result<StepRow> {
    rules::check_step(input)?;
    let known = store::select_same_steps(tx, input).await?;
    let number = replace(tx, Kind::Step, &known, input.valid_from).await?;
    let row = StepRow {
        id: tx.id(),
        number,
        party: input.party,
        clock: input.clock.trim().to_string(),
        after_hours: input.after_hours,
        amount: input.amount.0,
        valid_from: input.valid_from,
        valid_until: None,
        note: input.note.trim().to_string(),
        created_at: tx.now(),
        created_by: tx.cx().actor()?.user,
    };
    store::insert_step(tx, &row).await?;
    tx.created(DocRef::new("deadline_step", row.id, ""), &row)?;
    Ok(row)
}

/// Adds a reward or penalty, or its next version (PAY-04).
pub async fn add_item(cx: &Cx, input: NewItem) -> Result<ItemRow> {
    cx.require(&RULES_WRITE)?;
    let mut tx = kit::begin!(cx, "pay.add_item", &input);
    let row = add_item_in(&mut tx, &input).await?;
    tx.commit(row).await
}

/// Adds a reward or penalty in the caller's transaction.
pub async fn add_item_in(tx: &mut Tx, input: &NewItem) -> Result<ItemRow> {
    rules::check_item(input)?;
    let known = store::select_same_items(tx, input.code.trim()).await?;
    let number = replace(tx, Kind::Item, &known, input.valid_from).await?;
    let row = ItemRow {
        id: tx.id(),
        number,
        code: input.code.trim().to_string(),
        name: input.name.trim().to_string(),
        sign: input.sign,
        cause: input.cause,
        cause_code: input.cause_code.trim().to_string(),
        threshold: input.threshold,
        measure: input.measure,
        amount: input.amount.0,
        percent_bp: input.percent.0.0,
        points: input.points,
        valid_from: input.valid_from,
        valid_until: None,
        note: input.note.trim().to_string(),
        created_at: tx.now(),
        created_by: tx.cx().actor()?.user,
    };
    store::insert_item(tx, &row).await?;
    tx.created(DocRef::new("reward_item", row.id, &row.code), &row)?;
    Ok(row)
}

/// Ends a rule, step or item on a day.
pub async fn end(cx: &Cx, kind: Kind, id: Id, input: EndOn) -> Result<EndOn> {
    cx.require(&RULES_WRITE)?;
    let mut tx = kit::begin!(cx, "pay.end_rule", &(id, &input));
    let (from, until) = store::get_days(&mut tx, kind, id).await?;
    if input.valid_until < from || until.is_some_and(|until| until < input.valid_until) {
        return Err(RuleError::new(
            "pay.end",
            T("结束日期须在规则的有效期内", "The last day must be one of the rule's own"),
        )
        .field("valid_until")
        .into());
    }
    store::end(&mut tx, kind, id, input.valid_until).await?;
    tx.log(DocRef::new("pay_rule", id, ""), "ended", serde_json::to_value(&input)?);
    tx.commit(input).await
}

/// Sets a post wage from a day on (PAY-09, 16).
pub async fn set_wage(cx: &Cx, input: NewWage) -> Result<WageRow> {
    cx.require(&WAGES_WRITE)?;
    let scope = cx.scope(&WAGES_WRITE)?;
    let mut tx = kit::begin!(cx, "pay.set_wage", &input);
    if let Some(id) = input.staff_id {
        let staff = org::api::staff(&mut tx, id).await?;
        if !scope.covers(staff.org_id, &[id]) {
            return Err(kit::Error::NotFound);
        }
    }
    let row = set_wage_in(&mut tx, &input).await?;
    tx.commit(row).await
}

/// Sets a post wage in the caller's transaction.
pub async fn set_wage_in(tx: &mut Tx, input: &NewWage) -> Result<WageRow> {
    rules::check_wage(input)?;
    let staff_name = match input.staff_id {
        Some(id) => org::api::staff(tx, id).await?.name,
        None => String::new(),
    };
    let row = WageRow {
        id: tx.id(),
        staff_id: input.staff_id,
        staff_name,
        grade: if input.staff_id.is_some() { 0 } else { input.grade },
        wage: input.wage.0,
        allowance: input.allowance.0,
        valid_from: input.valid_from,
        created_at: tx.now(),
        created_by: tx.cx().actor()?.user,
    };
    store::insert_wage(tx, &row).await?;
    tx.created(DocRef::new("post_wage", row.id, &row.staff_name), &row)?;
    Ok(row)
}
