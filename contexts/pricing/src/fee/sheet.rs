//! Import of fee rules: a row adds a rule to a list, and ends the one it replaces.

use futures::future::BoxFuture;
use kernel::{Bp, Date, Id, RuleError, T};
use kit::{
    Error, Result, Tx,
    sheets::{Applied, SheetRow, SheetSpec},
    tabular::{CellKind, ColumnSpec},
};
use serde::{Deserialize, Serialize};

use super::{
    model::{Basis, BorneAs, FeeCode, Grade, NewRule, RuleRow},
    rules, service, store, words,
};
use crate::{
    inputs::{Amount, Share},
    perms::PRICE_WRITE,
};

/// `prices`
pub fn prices() -> SheetSpec {
    SheetSpec {
        kind: "prices",
        title: T("收费规则", "Fee rules"),
        perm: &PRICE_WRITE,
        list: "fee_rules",
        columns,
        apply: |tx, row| Box::pin(apply(tx, row)),
        undo,
        prepare: None,
    }
}

fn columns() -> Vec<ColumnSpec> {
    let text = |key, label, max| ColumnSpec::new(key, label, CellKind::Text { max });
    vec![
        text("list", T("价格表", "Price list"), 32).required().example("STD"),
        ColumnSpec::new("code", T("费用", "Fee"), CellKind::Choice(FeeCode::OPTIONS))
            .required()
            .example("上门费"),
        text("label", T("名称", "Label"), 60),
        text("kind", T("工单类型", "Kind of work"), 40).aliases(&["工种", "Work"]).example("大修"),
        ColumnSpec::new("mode", T("服务方式", "Mode"), CellKind::Choice(words::MODES)).example("上门"),
        ColumnSpec::new("grade", T("大中小修", "Size"), CellKind::Choice(Grade::OPTIONS)),
        text("model", T("机型编码", "Model code"), 80),
        text("category", T("产品类别", "Category"), 80),
        ColumnSpec::new("basis", T("计费方式", "Counted"), CellKind::Choice(Basis::OPTIONS)),
        ColumnSpec::new("amount", T("金额", "Amount"), CellKind::Money).example("50.00"),
        ColumnSpec::new("rate", T("比例（%）", "Rate (%)"), CellKind::Qty).example("20"),
        ColumnSpec::new("borne_as", T("质保承担", "Borne"), CellKind::Choice(BorneAs::OPTIONS)),
        ColumnSpec::new("automatic", T("自动计入", "Automatic"), CellKind::Bool),
        ColumnSpec::new("valid_from", T("自", "From"), CellKind::Date).required().example("2026-01-01"),
        ColumnSpec::new("valid_until", T("至", "Until"), CellKind::Date),
        text("note", T("说明", "Note"), 500),
    ]
}

/// What undo needs: whether the rule was made, and the rules that got another end: before, and with the row.
#[derive(Serialize, Deserialize)]
struct Before {
    made: bool,
    ended: Vec<(Id, Option<Date>)>,
    with: Vec<(Id, Option<Date>)>,
}

/// Ends of rules as they are now.
async fn ends(tx: &mut Tx, ids: impl Iterator<Item = Id>) -> Result<Vec<(Id, Option<Date>)>> {
    let mut ends = Vec::new();
    for id in ids {
        ends.push((id, store::get_rule(tx, id).await?.valid_until));
    }
    Ok(ends)
}

async fn apply(tx: &mut Tx, row: &SheetRow<'_>) -> Result<Applied> {
    let code = row.text("list").unwrap_or_default();
    let list = store::find_list_by_code(tx, &code).await?.ok_or_else(|| unknown("list", &code))?;
    // Rules for categories are kept on the page: names of branches are not unique, so a file can't say which.
    if row.text("category").is_some() {
        return Ok(skipped());
    }
    let input = input_of(tx, row).await?;
    let existing = store::select_rules_of(tx, list.id).await?;
    if let Some(old) = existing.iter().find(|old| is_same(old, &input, row)) {
        return update_end(tx, old, row).await;
    }
    let made = service::add_rule_in(tx, &list, &input).await?;
    if let Some(until) = row.date("valid_until").filter(|until| *until >= made.valid_from) {
        store::end_rule(tx, made.id, Some(until)).await?;
    }
    let ended: Vec<_> = rules::replaced(&existing, &made)?
        .into_iter()
        .filter_map(|(id, _)| existing.iter().find(|old| old.id == id).map(|old| (id, old.valid_until)))
        .collect();
    let action = if ended.is_empty() { "create" } else { "update" };
    let touched: Vec<Id> = ended.iter().map(|(id, _)| *id).chain([made.id]).collect();
    let before = Before { made: true, with: ends(tx, touched.into_iter()).await?, ended };
    Ok(Applied {
        action,
        doc_kind: "fee_rule",
        doc_id: made.id,
        version: 0,
        before: Some(serde_json::to_string(&before)?),
        changes: Vec::new(),
    })
}

/// A rule that is there already: only its end may change.
async fn update_end(tx: &mut Tx, old: &RuleRow, row: &SheetRow<'_>) -> Result<Applied> {
    let until = row.date("valid_until");
    if !row.has("valid_until") || until == old.valid_until {
        return Ok(skipped());
    }
    let before = Before { made: false, ended: vec![(old.id, old.valid_until)], with: vec![(old.id, until)] };
    let show = |date: Option<Date>| date.map_or_else(String::new, |date| date.to_string());
    let changes = vec![("valid_until", show(old.valid_until), show(until))];
    store::end_rule(tx, old.id, until).await?;
    Ok(Applied {
        action: "update",
        doc_kind: "fee_rule",
        doc_id: old.id,
        version: 0,
        before: Some(serde_json::to_string(&before)?),
        changes,
    })
}

fn skipped() -> Applied {
    Applied {
        action: "skip",
        doc_kind: "fee_rule",
        doc_id: Id::NIL,
        version: 0,
        before: None,
        changes: Vec::new(),
    }
}

async fn input_of(tx: &mut Tx, row: &SheetRow<'_>) -> Result<NewRule> {
    let missing = |key: &'static str| Error::Internal(format!("{key} is required"));
    let model_id = match row.text("model") {
        Some(text) => {
            Some(products::api::model_by_code(tx, &text).await?.ok_or_else(|| unknown("model", &text))?.id)
        }
        None => None,
    };
    Ok(NewRule {
        code: row.choice("code").and_then(FeeCode::parse).ok_or_else(|| missing("code"))?,
        label: row.text("label").unwrap_or_default(),
        kind: crate::kind::store::code_of(tx, &row.text("kind").unwrap_or_default()).await?,
        mode: words::code(words::MODES, row.choice("mode").unwrap_or_default()),
        grade: row.choice("grade").and_then(Grade::parse),
        model_id,
        category_id: None,
        basis: row.choice("basis").and_then(Basis::parse).unwrap_or(Basis::Flat),
        amount: Amount(row.money("amount").unwrap_or_default()),
        // A quantity holds thousandths, a share hundredths of a per cent.
        rate: Share(Bp(row.qty("rate").map_or(0, |rate| rate.0 / 10))),
        borne_as: row.choice("borne_as").and_then(BorneAs::parse),
        automatic: row.boolean("automatic").unwrap_or(true),
        valid_from: row.date("valid_from").ok_or_else(|| missing("valid_from"))?,
        note: row.text("note").unwrap_or_default(),
    })
}

/// True when a row says what a rule already says; what the row is silent about agrees.
fn is_same(old: &RuleRow, new: &NewRule, row: &SheetRow<'_>) -> bool {
    let grade = new.grade.map_or("", Grade::as_str);
    let same_case =
        (old.code, old.kind.as_str(), old.mode.as_str(), old.grade.as_str(), old.model_id, old.category_id)
            == (new.code, new.kind.trim(), new.mode.trim(), grade, new.model_id, None);
    same_case
        && (old.valid_from, old.automatic) == (new.valid_from, new.automatic)
        && (old.automatic || old.label == new.label.trim())
        && (!row.has("basis") || old.basis == new.basis)
        && (!row.has("amount") || old.amount == new.amount.0)
        && (!row.has("rate") || old.rate_bp == new.rate.0.0)
}

fn unknown(field: &'static str, text: &str) -> Error {
    RuleError::new("pricing.unknown", T("没有“{text}”", "There is no \"{text}\""))
        .arg("text", text)
        .field(field)
        .into()
}

fn undo<'a>(tx: &'a mut Tx, done: &'a Applied) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let Some(json) = &done.before else { return Ok(()) };
        let before: Before = serde_json::from_str(json)?;
        // Rules have no version, and nothing of them changes but their end.
        if ends(tx, before.with.iter().map(|(id, _)| *id)).await? != before.with {
            return Err(kit::sheets::changed_since());
        }
        if before.made {
            store::delete_rule(tx, done.doc_id).await?;
        }
        for (id, until) in before.ended {
            store::end_rule(tx, id, until).await?;
        }
        Ok(())
    })
}
