//! The import of the catalogue; an export of the list can be imported again.

use futures::future::BoxFuture;
use kernel::T;
use kit::{
    Result, Tx,
    sheets::{Applied, SheetRow, SheetSpec, left_by_undo},
    tabular::{CellKind, ColumnSpec},
};

use super::{
    model::{Criticality, PartClass, PartInput, PartRow, StorageForm},
    rules, service, store,
};
use crate::perms::PART_WRITE;

/// The import.
pub fn parts() -> SheetSpec {
    SheetSpec {
        kind: "parts",
        title: T("配件目录", "Parts"),
        perm: &PART_WRITE,
        list: "parts",
        columns,
        apply,
        undo,
        prepare: None,
    }
}

/// Costs come from planners' files with tenths of a cent: they are rounded to fen.
fn columns() -> Vec<ColumnSpec> {
    let text = |key, label, max| ColumnSpec::new(key, label, CellKind::Text { max });
    let days = |key, label| ColumnSpec::new(key, label, CellKind::Int { min: 0, max: 36_500 });
    vec![
        text("code", T("编码", "Code"), 64)
            .required()
            .aliases(&["part", "part_no", "配件编码", "物料编码", "零件号", "sku"])
            .example("A-1001"),
        text("name", T("名称", "Name"), 200)
            .aliases(&["配件名称", "description", "part_name"])
            .example("压缩机"),
        text("spec", T("规格型号", "Specification"), 200)
            .aliases(&["规格", "型号", "model"])
            .example("QD-75"),
        text("category", T("类别", "Category"), 200).aliases(&["配件类别", "产品分类"]).example("备件/制冷"),
        ColumnSpec::new("class", T("分类", "Class"), CellKind::Choice(PartClass::OPTIONS)),
        ColumnSpec::new("form", T("储备形式", "Storage form"), CellKind::Choice(StorageForm::OPTIONS)),
        ColumnSpec::new("criticality", T("重要性", "Criticality"), CellKind::Choice(Criticality::OPTIONS)),
        text("unit", T("单位", "Unit"), 20).aliases(&["计量单位", "uom"]).example("件"),
        ColumnSpec::new("price", T("销售价", "Price"), CellKind::Price)
            .aliases(&["单价", "list_price"])
            .example("320.00"),
        ColumnSpec::new("cost", T("标准成本", "Standard cost"), CellKind::Price)
            .aliases(&["unit_cost", "成本", "成本价"])
            .example("180.00"),
        days("lead_time_days", T("采购周期（天）", "Lead time (days)"))
            .aliases(&["采购周期", "lead_time"])
            .example("30"),
        ColumnSpec::new("lead_time_months", T("采购周期（月）", "Lead time (months)"), CellKind::Qty),
        days("replace_days", T("更换周期（天）", "Replaced every (days)")).aliases(&["更换周期"]),
        text("fits", T("适用设备", "Fits"), 400).aliases(&["适用机型"]),
        text("source", T("获得途径", "Source"), 200),
        ColumnSpec::new("serialised", T("序列号管理", "Serialised"), CellKind::Bool),
        ColumnSpec::new("old_part_due", T("以旧换新", "Old part due"), CellKind::Bool),
        ColumnSpec::new("active", T("在用", "In use"), CellKind::Bool),
    ]
}

/// The part as the row wants it; what the sheet says nothing of stays.
fn input(row: &SheetRow<'_>, code: String, old: Option<&PartRow>) -> Result<PartInput> {
    let text = |key: &str, old: Option<&String>| row.text(key).or_else(|| old.cloned()).unwrap_or_default();
    let flag = |key: &str, old: bool| row.boolean(key).unwrap_or(old);
    let lead_days = match (row.int("lead_time_days"), row.qty("lead_time_months")) {
        (None, Some(months)) => Some(rules::months_to_days(months)?),
        (days, _) => days,
    };
    Ok(PartInput {
        name: row.text("name").or_else(|| old.map(|p| p.name.clone())).unwrap_or_else(|| code.clone()),
        code,
        spec: text("spec", old.map(|p| &p.spec)),
        category: text("category", old.map(|p| &p.category)),
        // A sheet that says nothing of it leaves the part where it is; one name may stand in several places.
        category_id: old
            .filter(|p| row.text("category").is_none_or(|name| name == p.category))
            .and_then(|p| p.category_id),
        class: row.choice("class").and_then(PartClass::parse),
        form: row.choice("form").and_then(StorageForm::parse),
        criticality: row.choice("criticality").and_then(Criticality::parse),
        unit: text("unit", old.map(|p| &p.unit)),
        price: row.money("price"),
        cost: row.money("cost"),
        lead_days,
        replace_days: row.int("replace_days"),
        fits: text("fits", old.map(|p| &p.fits)),
        source: text("source", old.map(|p| &p.source)),
        serialised: flag("serialised", old.is_some_and(|p| p.serialised)),
        old_part_due: flag("old_part_due", old.is_some_and(|p| p.old_part_due)),
        inactive: !flag("active", old.is_none_or(|p| p.active)),
        note: old.map_or_else(String::new, |p| p.note.clone()),
        version: None,
    })
}

fn apply<'a>(tx: &'a mut Tx, row: &'a SheetRow<'a>) -> BoxFuture<'a, Result<Applied>> {
    Box::pin(async move {
        let code = row.text("code").unwrap_or_default().trim().to_string();
        let old = store::find_by_code(tx, &code).await?;
        let mut base = old.clone();
        if let Some(base) = base.as_mut().filter(|base| !base.active) {
            base.active = left_by_undo(tx, base.id).await?;
        }
        let input = input(row, code, base.as_ref())?;
        let Some(old) = old else {
            let new = service::create_part_in(tx, &input).await?;
            return Ok(applied("create", &new, None, Vec::new()));
        };
        let next = service::filled(&input, &old);
        let changes = changes(&old, &next)?;
        if changes.is_empty() {
            return Ok(applied("skip", &old, None, changes));
        }
        let before = serde_json::to_string(&old)?;
        let new = service::change_part_in(tx, &old, &input).await?;
        Ok(applied("update", &new, Some(before), changes))
    })
}

fn applied(
    action: &'static str,
    row: &PartRow,
    before: Option<String>,
    changes: Vec<(&'static str, String, String)>,
) -> Applied {
    Applied { action, doc_kind: "part", doc_id: row.id, version: row.version, before, changes }
}

/// Field changes for the dry run, by column.
fn changes(old: &PartRow, new: &PartRow) -> Result<Vec<(&'static str, String, String)>> {
    let (old, new) = (serde_json::to_value(old)?, serde_json::to_value(new)?);
    let plain = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_string);
    let field = |key: &'static str| if key == "lead_time_days" { "lead_days" } else { key };
    let differs = |spec: &ColumnSpec| old[field(spec.key)] != new[field(spec.key)];
    let pair = |spec: &ColumnSpec| (spec.key, plain(&old[field(spec.key)]), plain(&new[field(spec.key)]));
    Ok(columns().iter().filter(|spec| differs(spec)).map(pair).collect())
}

/// Created parts are taken out of use until a corrected file names them, changed ones get their old content back.
fn undo<'a>(tx: &'a mut Tx, applied: &'a Applied) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let now = store::lock_part(tx, applied.doc_id).await?;
        applied.unchanged(now.version)?;
        let row = match &applied.before {
            Some(before) => {
                PartRow { version: now.version, updated_at: tx.now(), ..serde_json::from_str(before)? }
            }
            None => PartRow { active: false, updated_at: tx.now(), ..now.clone() },
        };
        service::save_in(tx, &now, row).await
    })
}
