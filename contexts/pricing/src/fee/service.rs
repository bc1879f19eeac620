//! What is done with prices. The only place that opens a transaction.

use kernel::{Id, Money, RuleError, T};
use kit::{Cx, DocRef, Error, Result, Tx};

use super::{
    model::{
        CertificateRow, ChangeList, EndRule, FeeQuestion, FeesOut, ListOut, ListRow, NewCertificate, NewList,
        NewPartPrice, NewRule, PartPriceRow, RuleRow, TryFees,
    },
    rules, store, words,
};
use crate::{
    kind,
    perms::{CERTIFICATE_WRITE, PRICE_READ, PRICE_WRITE},
};

fn doc(row: &ListRow) -> DocRef {
    DocRef::new("price_list", row.id, &row.code)
}

/// A list with its rules.
pub async fn list(cx: &Cx, id: Id) -> Result<ListOut> {
    cx.require(&PRICE_READ)?;
    let mut conn = cx.read().await?;
    let out = load(&mut conn, id).await?;
    cx.count(&conn);
    Ok(out)
}

async fn load(conn: &mut db::Conn, id: Id) -> Result<ListOut> {
    Ok(ListOut { list: store::get_list(conn, id).await?, rules: store::select_rules_of(conn, id).await? })
}

/// Makes a price list (BILL-01).
pub async fn create_list(cx: &Cx, input: NewList) -> Result<ListOut> {
    cx.require(&PRICE_WRITE)?;
    let mut tx = kit::begin!(cx, "pricing.create_list", &input);
    let list = create_list_in(&mut tx, &input).await?;
    tx.commit(ListOut { list, rules: Vec::new() }).await
}

/// Makes a price list in the caller's transaction.
pub async fn create_list_in(tx: &mut Tx, input: &NewList) -> Result<ListRow> {
    rules::check_list(input)?;
    if store::find_list_by_code(tx, input.code.trim()).await?.is_some() {
        return Err(RuleError::new("pricing.code_taken", T("编码已被使用", "This code is taken"))
            .field("code")
            .into());
    }
    let now = tx.now();
    let row = ListRow {
        id: tx.id(),
        code: input.code.trim().to_string(),
        name: input.name.trim().to_string(),
        region: input.region.trim().to_string(),
        nature: input.nature,
        active: true,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    store::insert_list(tx, &row).await?;
    tx.created(doc(&row), &row)?;
    Ok(row)
}

/// Renames, moves or retires a list.
pub async fn change_list(cx: &Cx, id: Id, input: ChangeList) -> Result<ListOut> {
    cx.require(&PRICE_WRITE)?;
    let mut tx = kit::begin!(cx, "pricing.change_list", &(id, &input));
    let old = store::lock_list(&mut tx, id).await?;
    if old.version != input.version {
        return Err(Error::Conflict(rules::stale()));
    }
    if !rules::is_name(&input.name) {
        return Err(rules::bad_name().into());
    }
    let new = ListRow {
        name: input.name.trim().to_string(),
        region: input.region.trim().chars().take(60).collect(),
        active: input.active,
        version: old.version + 1,
        updated_at: tx.now(),
        ..old.clone()
    };
    store::update_list(&mut tx, &new).await?;
    tx.changed(doc(&new), &old, &new)?;
    let out = load(&mut tx, id).await?;
    tx.commit(out).await
}

/// Adds a rule from a day on; the one it replaces ends the day before.
pub async fn add_rule(cx: &Cx, list: Id, input: NewRule) -> Result<ListOut> {
    cx.require(&PRICE_WRITE)?;
    let mut tx = kit::begin!(cx, "pricing.add_rule", &(list, &input));
    let row = store::lock_list(&mut tx, list).await?;
    add_rule_in(&mut tx, &row, &input).await?;
    let out = load(&mut tx, list).await?;
    tx.commit(out).await
}

/// Adds a rule in the caller's transaction.
pub async fn add_rule_in(tx: &mut Tx, list: &ListRow, input: &NewRule) -> Result<RuleRow> {
    rules::check_rule(input)?;
    let label = input.label.trim();
    let row = RuleRow {
        id: tx.id(),
        list_id: list.id,
        code: input.code,
        label: if label.is_empty() { input.code.label().0.to_string() } else { label.to_string() },
        kind: kind::store::code_of(tx, &input.kind).await?,
        mode: words::code(words::MODES, &input.mode),
        grade: input.grade.map_or("", |grade| grade.as_str()).to_string(),
        model_id: input.model_id,
        category_id: input.category_id,
        basis: input.basis,
        amount: input.amount.0,
        rate_bp: input.rate.0.0,
        borne_as: input.borne_as.unwrap_or_else(|| input.code.usually_borne_as()),
        automatic: input.automatic,
        valid_from: input.valid_from,
        valid_until: None,
        note: input.note.trim().to_string(),
        created_at: tx.now(),
        created_by: tx.cx().actor()?.user,
    };
    if let Some(model) = row.model_id {
        products::api::model(tx, model).await?;
    }
    let existing = store::select_rules_of(tx, list.id).await?;
    for (id, until) in rules::replaced(&existing, &row)? {
        store::end_rule(tx, id, Some(until)).await?;
    }
    store::insert_rule(tx, &row).await?;
    tx.log(doc(list), "rule", serde_json::to_value(&row)?);
    Ok(row)
}

/// Ends a rule on a day.
pub async fn end_rule(cx: &Cx, id: Id, input: EndRule) -> Result<ListOut> {
    cx.require(&PRICE_WRITE)?;
    let mut tx = kit::begin!(cx, "pricing.end_rule", &(id, &input));
    let rule = store::get_rule(&mut tx, id).await?;
    let list = store::lock_list(&mut tx, rule.list_id).await?;
    if input.valid_until < rule.valid_from || rule.valid_until.is_some_and(|until| until < input.valid_until)
    {
        return Err(RuleError::new(
            "pricing.end",
            T("结束日期须在规则的有效期内", "The last day must be one of the rule's own"),
        )
        .field("valid_until")
        .into());
    }
    store::end_rule(&mut tx, id, Some(input.valid_until)).await?;
    tx.log(doc(&list), "rule_ended", serde_json::json!({"rule": id, "valid_until": input.valid_until}));
    let out = load(&mut tx, list.id).await?;
    tx.commit(out).await
}

/// Sets a part's deviating price from a day on (BILL-02).
pub async fn set_part_price(cx: &Cx, input: NewPartPrice) -> Result<PartPriceRow> {
    cx.require(&PRICE_WRITE)?;
    let mut tx = kit::begin!(cx, "pricing.set_part_price", &input);
    let row = set_part_price_in(&mut tx, &input).await?;
    tx.commit(row).await
}

/// Sets a part's deviating price in the caller's transaction.
pub async fn set_part_price_in(tx: &mut Tx, input: &NewPartPrice) -> Result<PartPriceRow> {
    if !(2..=500).contains(&input.reason.trim().chars().count()) {
        return Err(RuleError::new(
            "pricing.reason",
            T("偏离统一价须写明理由", "A deviation from the uniform price needs a reason"),
        )
        .field("reason")
        .into());
    }
    if input.price.0.is_negative() {
        return Err(RuleError::new("pricing.amount", T("价格不能为负", "A price can't be negative"))
            .field("price")
            .into());
    }
    for old in store::select_part_prices(tx, input.part_id).await? {
        if old.valid_until.is_some_and(|until| until < input.valid_from) {
            continue;
        }
        if old.valid_from >= input.valid_from {
            return Err(RuleError::new(
                "pricing.not_newer",
                T(
                    "已有 {from} 起的价格，新价须晚于它",
                    "A price begins on {from}; a new one must begin later",
                ),
            )
            .arg("from", old.valid_from)
            .field("valid_from")
            .into());
        }
        store::end_part_price(tx, old.id, input.valid_from.plus_days(-1)).await?;
    }
    let row = PartPriceRow {
        id: tx.id(),
        part_id: input.part_id,
        part_code: input.part_code.trim().to_string(),
        part_name: input.part_name.trim().to_string(),
        price: input.price.0,
        valid_from: input.valid_from,
        valid_until: None,
        reason: input.reason.trim().to_string(),
        created_at: tx.now(),
        created_by: tx.cx().actor()?.user,
    };
    store::insert_part_price(tx, &row).await?;
    tx.log(DocRef::new("part", row.part_id, &row.part_code), "price", serde_json::to_value(&row)?);
    Ok(row)
}

/// What a unit's certificate says (BILL-08).
pub async fn certificate(cx: &Cx, unit: Id) -> Result<Vec<CertificateRow>> {
    cx.require(&PRICE_READ)?;
    let mut conn = cx.read().await?;
    see_unit(cx, &mut conn, unit).await?;
    let rows = store::select_certificate_rows(&mut conn, unit).await?;
    cx.count(&conn);
    Ok(rows)
}

/// Notes a charge printed on a unit's certificate (BILL-08, WARR-22).
pub async fn put_certificate(cx: &Cx, unit: Id, input: NewCertificate) -> Result<Vec<CertificateRow>> {
    cx.require(&CERTIFICATE_WRITE)?;
    if input.amount.0.is_negative() {
        return Err(RuleError::new("pricing.amount", T("金额不能为负", "An amount can't be negative"))
            .field("amount")
            .into());
    }
    let mut tx = kit::begin!(cx, "pricing.put_certificate", &(unit, &input));
    let org_id = see_unit(cx, &mut tx, unit).await?;
    let row = CertificateRow {
        id: tx.id(),
        org_id,
        unit_id: unit,
        code: input.code,
        amount: input.amount.0,
        note: input.note.trim().chars().take(200).collect(),
        created_at: tx.now(),
        created_by: tx.cx().actor()?.user,
    };
    store::put_certificate(&mut tx, &row).await?;
    tx.log(DocRef::new("unit", unit, ""), "certificate_price", serde_json::to_value(&row)?);
    let rows = store::select_certificate_rows(&mut tx, unit).await?;
    tx.commit(rows).await
}

/// 404 unless the caller may see the unit, as its owner says; returns its organisation.
async fn see_unit(cx: &Cx, conn: &mut db::Conn, unit: Id) -> Result<Id> {
    let kind = cx.app.registry.docs.get("unit").ok_or(Error::NotFound)?;
    Ok((kind.find)(cx, conn, unit, false).await?.org)
}

/// What a job would cost, without any document.
pub async fn try_fees(cx: &Cx, input: &TryFees) -> Result<FeesOut> {
    cx.require(&PRICE_READ)?;
    let mut conn = cx.read().await?;
    let question = FeeQuestion {
        kind: kind::store::code_of(&mut conn, &input.question.kind).await?,
        mode: words::code(words::MODES, &input.question.mode),
        ..input.question.clone()
    };
    let fees = crate::api::fees_more(&mut conn, &question, &input.more).await?;
    cx.count(&conn);
    let total = Money::sum(fees.iter().map(|fee| fee.amount))?;
    Ok(FeesOut { fees, total })
}
