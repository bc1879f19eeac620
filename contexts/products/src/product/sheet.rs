//! The import of product models; an export of the list can be imported again.

use futures::future::BoxFuture;
use kernel::T;
use kit::{
    Error, Result, Tx,
    sheets::{Applied, SheetRow, SheetSpec, left_by_undo},
    tabular::{CellKind, ColumnSpec},
};

use super::{
    model::{ModelRow, NewModel},
    rules, service, store,
};
use crate::{
    category,
    perms::{MODEL_WRITE, PRODUCT_IMPORT},
    sheets::{applied, changes},
};

/// The import.
pub fn models() -> SheetSpec {
    SheetSpec {
        kind: "models",
        title: T("产品型号", "Models"),
        perm: &PRODUCT_IMPORT,
        list: "models",
        columns,
        apply,
        undo,
        prepare: None,
    }
}

fn columns() -> Vec<ColumnSpec> {
    let text = |key, label, max| ColumnSpec::new(key, label, CellKind::Text { max });
    vec![
        text("code", T("型号代码", "Code"), 60)
            .required()
            .aliases(&["型号", "代码", "model"])
            .example("KFR-35GW"),
        text("name", T("型号名称", "Name"), 100).aliases(&["名称", "品名"]).example("1.5 匹挂机"),
        text("category", T("分类", "Category"), 200).aliases(&["类别", "产品分类"]).example("空调/挂机"),
        text("spec", T("规格", "Specification"), 400).example("220 V 50 Hz"),
        text("notes", T("备注", "Remarks"), 2000),
        ColumnSpec::new("active", T("在用", "In use"), CellKind::Bool),
        text("groups", T("部件组", "Component groups"), 2000),
    ]
}

async fn input(tx: &mut Tx, row: &SheetRow<'_>, old: Option<&ModelRow>) -> Result<NewModel> {
    let text = |key: &str, old: Option<&String>| if row.has(key) { row.text(key) } else { old.cloned() };
    let category_id = match row.text("category") {
        Some(path) => category::service::at_path_in(tx, &path).await?.map(|row| row.id),
        None => old.and_then(|row| row.category_id),
    };
    let code = row.text("code");
    Ok(NewModel {
        version: None,
        name: row
            .text("name")
            .or_else(|| old.map(|row| row.name.clone()))
            .or_else(|| code.clone())
            .unwrap_or_default(),
        code,
        category_id,
        spec: text("spec", old.map(|row| &row.spec)),
        notes: text("notes", old.map(|row| &row.notes)),
        groups: row.text("groups"),
        retired: row.boolean("active").map_or_else(|| old.is_some_and(|row| !row.active), |active| !active),
    })
}

fn apply<'a>(tx: &'a mut Tx, row: &'a SheetRow<'a>) -> BoxFuture<'a, Result<Applied>> {
    Box::pin(async move {
        tx.cx().require(&MODEL_WRITE)?;
        let code = row.text("code").unwrap_or_default();
        let old = store::find_by_code(tx, &code).await?.filter(|old| old.code == code.trim());
        let mut base = old.clone();
        if let Some(base) = base.as_mut().filter(|base| !base.active) {
            base.active = left_by_undo(tx, base.id).await?;
        }
        let input = input(tx, row, base.as_ref()).await?;
        let Some(old) = old else {
            let new = service::create_in(tx, &input).await?;
            return Ok(applied("create", "model", (new.id, new.version), None, Vec::new()));
        };
        let new = rules::change(&old, &input, tx.now())?;
        let changes = changes(columns, &old, &new)?;
        if changes.is_empty() && input.groups.is_none() {
            return Ok(applied("skip", "model", (old.id, old.version), None, changes));
        }
        service::save_in(tx, &old, &new, input.groups.as_deref()).await?;
        Ok(applied("update", "model", (new.id, new.version), Some(serde_json::to_string(&old)?), changes))
    })
}

/// Created models are retired until a corrected file names them, changed ones get their old content back.
fn undo<'a>(tx: &'a mut Tx, applied: &'a Applied) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        tx.cx().require(&PRODUCT_IMPORT)?;
        let now = store::lock_model(tx, applied.doc_id).await?;
        applied.unchanged(now.version)?;
        let next = (now.version + 1, tx.now());
        let row = match &applied.before {
            Some(before) => {
                let before: ModelRow = serde_json::from_str(before)?;
                ModelRow { version: next.0, updated_at: next.1, ..before }
            }
            None if now.active => {
                ModelRow { active: false, version: next.0, updated_at: next.1, ..now.clone() }
            }
            None => return Err(Error::NotFound),
        };
        service::save_in(tx, &now, &row, None).await
    })
}
