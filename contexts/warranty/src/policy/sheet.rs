//! Import of policies: a row makes a policy, or follows its terms by newer ones.

use futures::future::BoxFuture;
use kernel::{Bp, Id, RuleError, T};
use kit::{
    Error, Result, Tx,
    sheets::{Applied, SheetRow, SheetSpec},
    tabular::{CellKind, ColumnSpec},
};

use super::{
    model::{NewPolicy, NewTerm, StartBasis, TermRow},
    service, store,
};
use crate::{inputs::Share, perms::POLICY_WRITE};

/// `warranty_policies`
pub fn policies() -> SheetSpec {
    SheetSpec {
        kind: "warranty_policies",
        title: T("质保政策", "Warranty policies"),
        perm: &POLICY_WRITE,
        list: "warranty_policies",
        columns,
        apply: |tx, row| Box::pin(apply(tx, row)),
        undo,
        prepare: None,
    }
}

fn columns() -> Vec<ColumnSpec> {
    let percent = |key, label| ColumnSpec::new(key, label, CellKind::Qty).example("100");
    vec![
        ColumnSpec::new("code", T("编码", "Code"), CellKind::Text { max: 32 }).required().example("PUMP-24"),
        ColumnSpec::new("name", T("名称", "Name"), CellKind::Text { max: 80 }).required().example("水泵两年"),
        ColumnSpec::new("model", T("机型编码", "Model code"), CellKind::Text { max: 80 }),
        ColumnSpec::new("group", T("部件组", "Component group"), CellKind::Text { max: 32 }),
        ColumnSpec::new("months", T("月数", "Months"), CellKind::Int { min: 0, max: 1200 })
            .required()
            .example("24"),
        ColumnSpec::new("basis", T("起算", "Starts with"), CellKind::Choice(StartBasis::OPTIONS)),
        ColumnSpec::new("valid_from", T("现行版本自", "Present terms from"), CellKind::Date)
            .required()
            .example("2026-01-01"),
        percent("parts", T("配件承担 %", "Parts borne %")),
        percent("labour", T("工时承担 %", "Labour borne %")),
        percent("travel", T("差旅承担 %", "Travel borne %")),
        ColumnSpec::new("note", T("说明", "Note"), CellKind::Text { max: 500 }),
    ]
}

fn term_of(row: &SheetRow<'_>, old: Option<&TermRow>) -> Result<NewTerm> {
    let valid_from =
        row.date("valid_from").ok_or_else(|| Error::Internal("valid_from is required".into()))?;
    let base = NewTerm::usual(valid_from);
    let share = |key: &str, kept: Option<i64>, usual: Share| match row.qty(key) {
        Some(percent) => Share(Bp(percent.0 / 10)),
        None => kept.map_or(usual, |bp| Share(Bp(bp))),
    };
    Ok(NewTerm {
        months: row.int("months").unwrap_or(base.months),
        start_basis: row
            .choice("basis")
            .and_then(StartBasis::parse)
            .or(old.map(|t| t.start_basis))
            .unwrap_or(base.start_basis),
        parts: share("parts", old.map(|t| t.parts_bp), base.parts),
        labour: share("labour", old.map(|t| t.labour_bp), base.labour),
        travel: share("travel", old.map(|t| t.travel_bp), base.travel),
        excluded: old
            .map_or(base.excluded.clone(), |t| serde_json::from_str(&t.excluded).unwrap_or_default()),
        referred: old.map_or(Vec::new(), |t| serde_json::from_str(&t.referred).unwrap_or_default()),
        limit_in_days: old.map_or(base.limit_in_days, |t| t.limit_in_days),
        limit_out_days: old.map_or(base.limit_out_days, |t| t.limit_out_days),
        note: row.text("note").unwrap_or_default(),
        ..base
    })
}

async fn apply(tx: &mut Tx, row: &SheetRow<'_>) -> Result<Applied> {
    let code = row.text("code").unwrap_or_default();
    let Some(policy) = store::find_policy_by_code(tx, &code).await? else {
        return create(tx, row, code).await;
    };
    let last = store::select_terms(tx, policy.id).await?.into_iter().next();
    let term = term_of(row, last.as_ref())?;
    let same = last.as_ref().is_some_and(|last| {
        (last.valid_from, last.months, last.start_basis) == (term.valid_from, term.months, term.start_basis)
            && [last.parts_bp, last.labour_bp, last.travel_bp]
                == [term.parts.0.0, term.labour.0.0, term.travel.0.0]
    });
    if same {
        return Ok(applied("skip", (Id::NIL, 0), None, Vec::new()));
    }
    let before = last.map_or_else(String::new, |last| last.months.to_string());
    service::add_term_in(tx, &policy, &term).await?;
    Ok(applied(
        "update",
        (policy.id, policy.version + 1),
        Some(serde_json::to_string(&policy)?),
        vec![("months", before, term.months.to_string())],
    ))
}

async fn create(tx: &mut Tx, row: &SheetRow<'_>, code: String) -> Result<Applied> {
    let model_id = match row.text("model") {
        Some(text) => {
            Some(products::api::model_by_code(tx, &text).await?.ok_or_else(|| unknown_model(&text))?.id)
        }
        None => None,
    };
    let input = NewPolicy {
        code,
        name: row.text("name").unwrap_or_default(),
        model_id,
        category_id: None,
        group_code: row.text("group").unwrap_or_default(),
        term: term_of(row, None)?,
    };
    let made = service::create_policy_in(tx, &input).await?;
    Ok(applied("create", (made.id, made.version), None, Vec::new()))
}

fn unknown_model(text: &str) -> Error {
    RuleError::new("warranty.model_unknown", T("没有机型“{model}”", "There is no model \"{model}\""))
        .arg("model", text)
        .field("model")
        .into()
}

fn applied(
    action: &'static str,
    (id, version): (Id, i64),
    before: Option<String>,
    changes: Vec<(&'static str, String, String)>,
) -> Applied {
    Applied { action, doc_kind: "warranty_policy", doc_id: id, version, before, changes }
}

fn undo<'a>(tx: &'a mut Tx, done: &'a Applied) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        done.unchanged(store::lock_policy(tx, done.doc_id).await?.version)?;
        match done.before {
            None => store::delete_policy(tx, done.doc_id).await,
            Some(_) => store::delete_last_term(tx, done.doc_id).await,
        }
    })
}
