//! The import of organisations, parents before children; an export of the list can be imported again.

use futures::future::BoxFuture;
use kernel::{RuleError, T};
use kit::{
    Error, Result, Tx,
    sheets::{Applied, SheetRow, SheetSpec, left_by_undo},
    tabular::{CellKind, ColumnSpec},
};

use super::{
    model::{ChangeUnit, NewUnit, UnitKind, UnitRow},
    service, store,
};
use crate::UNIT_WRITE;

/// The import.
pub(crate) fn sheet() -> SheetSpec {
    SheetSpec {
        kind: "orgs",
        title: T("组织", "Organisations"),
        perm: &UNIT_WRITE,
        list: "orgs",
        columns,
        apply,
        undo,
        prepare: None,
    }
}

fn columns() -> Vec<ColumnSpec> {
    let text = |key, label, max| ColumnSpec::new(key, label, CellKind::Text { max });
    vec![
        text("code", T("代码", "Code"), 20).required().aliases(&["网点编号", "编号"]).example("SZ01"),
        text("name", T("名称", "Name"), 60).required().aliases(&["网点名称"]).example("吴中服务网点"),
        ColumnSpec::new("kind", T("类型", "Kind"), CellKind::Choice(UnitKind::OPTIONS)).example("服务网点"),
        text("parent", T("上级", "Above"), 60).aliases(&["上级组织"]).example("总部"),
        text("region", T("区域", "Region"), 60).example("江苏"),
        text("phone", T("电话", "Telephone"), 40),
        text("address", T("地址", "Address"), 200),
        text("time_zone", T("时区", "Time zone"), 40).example(kernel::HOME_ZONE),
        ColumnSpec::new("active", T("启用", "Open"), CellKind::Bool).example("是"),
    ]
}

async fn parent(tx: &mut Tx, row: &SheetRow<'_>) -> Result<Option<UnitRow>> {
    let Some(text) = row.text("parent") else { return Ok(None) };
    match store::by_code_or_name(tx, &text).await? {
        Some(unit) => Ok(Some(unit)),
        None => Err(RuleError::new(
            "org.no_parent",
            T(
                "没有上级组织“{parent}”，或有多个同名",
                "There is no organisation \"{parent}\", or several of that name",
            ),
        )
        .arg("parent", text)
        .field("parent")
        .into()),
    }
}

fn apply<'a>(tx: &'a mut Tx, row: &'a SheetRow<'a>) -> BoxFuture<'a, Result<Applied>> {
    Box::pin(async move {
        let code = row.text("code").unwrap_or_default();
        let parent = parent(tx, row).await?;
        let text = |key: &str| row.has(key).then(|| row.text(key).unwrap_or_default());
        let old = store::by_code_or_name(tx, &code).await?.filter(|unit| unit.code == code);
        let Some(old) = old else {
            let parent = match parent {
                Some(parent) => parent.id,
                None => tx.cx().actor()?.org,
            };
            let above = store::unit(tx, parent).await?;
            tx.authorize(&UNIT_WRITE, &above)?;
            let input = NewUnit {
                code: Some(code),
                name: row.text("name").unwrap_or_default(),
                kind: row.choice("kind").and_then(UnitKind::parse).unwrap_or(UnitKind::Outlet),
                parent_id: parent,
                region: text("region"),
                time_zone: row.text("time_zone"),
                phone: text("phone"),
                address: text("address"),
            };
            let new = service::insert(tx, &input).await?;
            return Ok(applied("create", &new, new.version, None, Vec::new()));
        };
        let change = ChangeUnit {
            name: row.text("name"),
            kind: row.choice("kind").and_then(UnitKind::parse),
            parent_id: parent.map(|parent| parent.id),
            region: text("region"),
            time_zone: row.text("time_zone"),
            phone: text("phone"),
            address: text("address"),
            active: if old.active || row.has("active") {
                row.boolean("active")
            } else {
                left_by_undo(tx, old.id).await?.then_some(true)
            },
            ..ChangeUnit::default()
        };
        change_row(tx, &old, &change).await
    })
}

async fn change_row(tx: &mut Tx, old: &UnitRow, change: &ChangeUnit) -> Result<Applied> {
    tx.authorize(&UNIT_WRITE, old)?;
    let shape = store::shape(tx).await?;
    let wanted = super::rules::change_unit(old, change, &shape)?;
    let changes = changes(old, &wanted)?;
    if changes.is_empty() {
        return Ok(applied("skip", old, old.version, None, changes));
    }
    let (before, new) = service::change_in(tx, old.id, change).await?;
    Ok(applied("update", &new, new.version + 1, Some(serde_json::to_string(&before)?), changes))
}

fn applied(
    action: &'static str,
    row: &UnitRow,
    version: i64,
    before: Option<String>,
    changes: Vec<(&'static str, String, String)>,
) -> Applied {
    Applied { action, doc_kind: "org", doc_id: row.id, version, before, changes }
}

fn changes(old: &UnitRow, new: &UnitRow) -> Result<Vec<(&'static str, String, String)>> {
    let (old, new) = (serde_json::to_value(old)?, serde_json::to_value(new)?);
    let plain = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_string);
    let field = |column: &'static str| if column == "parent" { "parent_id" } else { column };
    Ok(columns()
        .iter()
        .map(|spec| (spec.key, &old[field(spec.key)], &new[field(spec.key)]))
        .filter(|(_, before, after)| before != after)
        .map(|(key, before, after)| (key, plain(before), plain(after)))
        .collect())
}

/// Created organisations are closed until a corrected file names them, changed ones get their old content back.
fn undo<'a>(tx: &'a mut Tx, applied: &'a Applied) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        applied.unchanged(store::lock_unit(tx, applied.doc_id).await?.version)?;
        let change = match &applied.before {
            Some(json) => {
                let UnitRow { name, kind, parent_id, region, time_zone, phone, address, active, .. } =
                    serde_json::from_str(json)?;
                ChangeUnit {
                    name: Some(name),
                    kind: Some(kind),
                    parent_id,
                    region: Some(region),
                    time_zone: Some(time_zone),
                    phone: Some(phone),
                    address: Some(address),
                    active: Some(active),
                    ..ChangeUnit::default()
                }
            }
            None => ChangeUnit { active: Some(false), ..ChangeUnit::default() },
        };
        match service::change_in(tx, applied.doc_id, &change).await {
            Ok(_) => Ok(()),
            Err(Error::Conflict(rule)) => Err(Error::rule(rule)),
            Err(other) => Err(other),
        }
    })
}
