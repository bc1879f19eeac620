//! The import of customer files; an export of the list can be imported again.

use futures::future::BoxFuture;
use kernel::T;
use kit::{
    Error, Result, Tx,
    numbering::Number,
    sheets::{Applied, SheetRow, SheetSpec, left_by_undo},
    tabular::{CellKind, ColumnSpec},
};

use super::{
    model::{CustomerRow, FileState, Grade, NewCustomer, Standing},
    service, store,
};
use crate::{
    class,
    perms::{CUSTOMER_IMPORT, CUSTOMER_WRITE},
};

/// The import.
pub fn customers() -> SheetSpec {
    SheetSpec {
        kind: "customers",
        title: T("客户档案", "Customer files"),
        perm: &CUSTOMER_IMPORT,
        list: "customers",
        columns,
        apply,
        undo,
        prepare: None,
    }
}

fn columns() -> Vec<ColumnSpec> {
    let text = |key, label, max| ColumnSpec::new(key, label, CellKind::Text { max });
    vec![
        text("no", T("客户编号", "Customer no."), 40).aliases(&["编号", "客户代码"]),
        text("name", T("名称", "Name"), 100)
            .required()
            .aliases(&["客户名称", "姓名", "customer"])
            .example("苏州恒达电器有限公司"),
        text("class", T("类别", "Class"), 40).aliases(&["客户类别", "客户类型"]).example("经销商"),
        ColumnSpec::new("grade", T("等级", "Grade"), CellKind::Choice(Grade::OPTIONS)).example("A 级"),
        ColumnSpec::new("standing", T("性质", "Standing"), CellKind::Choice(Standing::OPTIONS))
            .example("现有客户"),
        text("phone", T("电话", "Phone"), 40).aliases(&["联系电话", "手机", "mobile"]).example("13800136027"),
        text("email", T("电子邮件", "E-mail"), 200).aliases(&["邮箱"]),
        text("region", T("省市", "Region"), 60).aliases(&["城市", "city"]).example("江苏省苏州市"),
        text("district", T("区县", "District"), 60).example("吴中区"),
        text("address", T("地址", "Address"), 200).aliases(&["联系地址"]).example("太湖东路9号"),
        text("call_from", T("方便接听从", "Convenient from"), 5).example("09:00"),
        text("call_to", T("方便接听到", "Convenient to"), 5).example("18:00"),
        ColumnSpec::new("member", T("会员", "Member"), CellKind::Bool),
        text("notes", T("备注", "Remarks"), 2000),
    ]
}

/// The file a row means: by its number, or else the same phone and name in the caller's organisation.
async fn find(tx: &mut Tx, row: &SheetRow<'_>) -> Result<Option<CustomerRow>> {
    if let Some(no) = row.text("no") {
        return store::find_by_no(tx, &no).await;
    }
    let org = tx.cx().actor()?.org;
    match (row.text("phone"), row.text("name")) {
        (Some(phone), Some(name)) => store::find_same(tx, org, false, &phone, &name).await,
        _ => Ok(None),
    }
}

/// The content of the file as the row wants it; what the sheet says nothing of stays.
async fn input(tx: &mut Tx, row: &SheetRow<'_>, old: Option<&CustomerRow>) -> Result<NewCustomer> {
    let text = |key: &str, old: Option<&String>| if row.has(key) { row.text(key) } else { old.cloned() };
    let class = match row.text("class") {
        Some(label) => {
            let classes = class::store::select_classes(tx).await?;
            let found = classes.into_iter().find(|k| k.code == label || k.zh == label || k.en == label);
            Some(found.map_or(label, |k| k.code))
        }
        None => old.map(|row| row.class.clone()),
    };
    Ok(NewCustomer {
        version: None,
        org_id: old.map(|row| row.org_id),
        name: row.text("name").unwrap_or_default(),
        class,
        grade: row.choice("grade").and_then(Grade::parse),
        standing: row.choice("standing").and_then(Standing::parse),
        member: row.boolean("member").unwrap_or_else(|| old.is_some_and(|row| row.member)),
        phone: text("phone", old.map(|row| &row.phone)),
        email: text("email", old.map(|row| &row.email)),
        region: text("region", old.map(|row| &row.region)),
        district: text("district", old.map(|row| &row.district)),
        address: text("address", old.map(|row| &row.address)),
        call_from: text("call_from", old.map(|row| &row.call_from)),
        call_to: text("call_to", old.map(|row| &row.call_to)),
        custodian_id: None,
        notes: text("notes", old.map(|row| &row.notes)),
    })
}

fn apply<'a>(tx: &'a mut Tx, row: &'a SheetRow<'a>) -> BoxFuture<'a, Result<Applied>> {
    Box::pin(async move {
        let old = find(tx, row).await?;
        let input = input(tx, row, old.as_ref()).await?;
        let Some(old) = old else {
            let no = row.text("no").map_or(Number::late("C"), Number::from);
            let new = service::create_in(tx, &input, no).await?;
            tx.authorize(&CUSTOMER_WRITE, &new)?;
            return Ok(applied("create", &new, None, Vec::new()));
        };
        tx.authorize(&CUSTOMER_WRITE, &old)?;
        let mut base = old.clone();
        let back = old.state == FileState::Archived && left_by_undo(tx, old.id).await?;
        if back {
            base.state = FileState::Active;
        }
        let open = super::rules::check_changeable(&base, None);
        let new = super::rules::change(&base, &input, &|kind| tx.cx().shows(kind), tx.now());
        let changes = new.as_ref().map_or_else(|_| Ok(Vec::new()), |new| changes(&old, new))?;
        // A closed file stands in exports as it is; only a change to it is refused.
        if new.is_ok() && changes.is_empty() && !back {
            return Ok(applied("skip", &old, None, changes));
        }
        open.map_err(Error::Conflict)?;
        let new = new?;
        service::save_in(tx, &old, &new).await?;
        Ok(applied("update", &new, Some(serde_json::to_string(&old)?), changes))
    })
}

fn applied(
    action: &'static str,
    row: &CustomerRow,
    before: Option<String>,
    changes: Vec<(&'static str, String, String)>,
) -> Applied {
    Applied { action, doc_kind: "customer", doc_id: row.id, version: row.version, before, changes }
}

/// Field changes for the dry run, by column.
fn changes(old: &CustomerRow, new: &CustomerRow) -> Result<Vec<(&'static str, String, String)>> {
    let (old, new) = (serde_json::to_value(old)?, serde_json::to_value(new)?);
    let plain = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_string);
    let differs = |spec: &ColumnSpec| old[spec.key] != new[spec.key];
    Ok(columns()
        .iter()
        .filter(|spec| differs(spec))
        .map(|spec| (spec.key, plain(&old[spec.key]), plain(&new[spec.key])))
        .collect())
}

/// Created files are archived until a corrected file names them, changed ones get their old content back.
fn undo<'a>(tx: &'a mut Tx, applied: &'a Applied) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let now = store::lock_customer(tx, applied.doc_id).await?;
        tx.authorize(&CUSTOMER_IMPORT, &now)?;
        applied.unchanged(now.version)?;
        let next = (now.version + 1, tx.now());
        let row = match &applied.before {
            Some(before) => {
                let before: CustomerRow = serde_json::from_str(before)?;
                CustomerRow { version: next.0, updated_at: next.1, ..before }
            }
            None if now.state == FileState::Active => {
                CustomerRow { state: FileState::Archived, version: next.0, updated_at: next.1, ..now.clone() }
            }
            None => return Err(Error::NotFound),
        };
        service::save_in(tx, &now, &row).await
    })
}
