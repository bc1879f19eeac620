//! The import of staff files; an export of the list can be imported again.

use futures::future::BoxFuture;
use kernel::{RuleError, T};
use kit::{
    Result, Sens, Show, Tx,
    sheets::{Applied, SheetRow, SheetSpec, left_by_undo},
    tabular::{CellKind, ColumnSpec},
};
use serde_json::Value;

use super::{
    model::{ChangeStaff, GENDERS, NewStaff, StaffRow},
    rules, service, store,
};
use crate::{STAFF_WRITE, posts, units, users};

/// The import.
pub(crate) fn sheet() -> SheetSpec {
    SheetSpec {
        kind: "staff",
        title: T("员工档案", "Staff files"),
        perm: &STAFF_WRITE,
        list: "staff",
        columns,
        apply,
        undo,
        prepare: None,
    }
}

fn columns() -> Vec<ColumnSpec> {
    let text = |key, label, max| ColumnSpec::new(key, label, CellKind::Text { max });
    vec![
        text("no", T("工号", "No."), 20).required().aliases(&["员工编号", "编号"]).example("E001"),
        text("name", T("姓名", "Name"), 40).required().example("王五"),
        text("org", T("组织", "Organisation"), 60).aliases(&["部门", "网点", "department"]).example("总部"),
        text("post", T("岗位", "Post"), 40).aliases(&["职务"]).example("服务工程师"),
        text("team", T("班组", "Team"), 40),
        ColumnSpec::new("grade", T("技术等级", "Grade"), CellKind::Int { min: 1, max: 5 }).example("3"),
        text("skills", T("技能", "Skills"), 400).example("空调，冰箱"),
        ColumnSpec::new("engineer", T("可派工", "Field work"), CellKind::Bool).example("是"),
        ColumnSpec::new("phone", T("电话", "Telephone"), CellKind::Phone)
            .aliases(&["手机", "联系电话"])
            .example("13800136027"),
        ColumnSpec::new("email", T("邮箱", "E-mail"), CellKind::Email).aliases(&["电子邮件"]),
        ColumnSpec::new("hired_on", T("入职日期", "Hired on"), CellKind::Date).example("2020-03-01"),
        ColumnSpec::new("gender", T("性别", "Gender"), CellKind::Choice(GENDERS)),
        ColumnSpec::new("born_on", T("出生日期", "Born on"), CellKind::Date).aliases(&["生日"]),
        text("id_no", T("证件号码", "Identity no."), 20).aliases(&["身份证号", "身份证"]),
        text("education", T("学历", "Education"), 40).example("大专"),
        ColumnSpec::new("contract_until", T("合同到期", "Contract until"), CellKind::Date),
        ColumnSpec::new("active", T("在职", "Working"), CellKind::Bool).example("是"),
    ]
}

/// What a row asks for. Who does not see a kind of field in full does not write it either: an export masked it.
struct Asked {
    change: ChangeStaff,
    org: Option<kernel::Id>,
}

async fn asked(tx: &mut Tx, row: &SheetRow<'_>, old: Option<&StaffRow>) -> Result<Asked> {
    let org = match row.text("org") {
        Some(text) => {
            let unit = units::store::by_code_or_name(tx, &text).await?;
            Some(unit.ok_or_else(service::no_such_org)?.id)
        }
        None => old.map(|row| row.org_id).or(tx.cx().actor.as_ref().map(|actor| actor.org)),
    };
    let post = match (row.text("post"), org) {
        (Some(name), Some(org)) => {
            Some(posts::store::by_name(tx, org, &name).await?.ok_or_else(|| no_such_post(&name))?)
        }
        _ => None,
    };
    let cx = tx.cx();
    let full = |kind: Sens| cx.actor.as_ref().is_some_and(|actor| actor.shows(kind) == Show::Full);
    let phones = full(Sens::Phone) || old.is_none();
    let papers = full(Sens::Identity) || old.is_none();
    let moved = old.is_some_and(|old| Some(old.org_id) != org);
    let change = ChangeStaff {
        version: None,
        no: None,
        name: row.text("name"),
        org_id: org,
        post_id: post,
        // A post belongs to an organisation; an empty cell of a mapped column means none.
        no_post: post.is_none() && (moved || row.has("post")),
        team: row.has("team").then(|| row.text("team").unwrap_or_default()),
        grade: row.int("grade"),
        skills: row.has("skills").then(|| row.text("skills").into_iter().collect()),
        engineer: row.boolean("engineer"),
        phone: (phones && row.has("phone")).then(|| row.text("phone").unwrap_or_default()),
        email: (phones && row.has("email")).then(|| row.text("email").unwrap_or_default()),
        hired_on: row.date("hired_on"),
        gender: row.choice("gender").map(str::to_string),
        born_on: row.date("born_on").filter(|_| papers),
        id_no: (papers && row.has("id_no")).then(|| row.text("id_no").unwrap_or_default()),
        education: row.has("education").then(|| row.text("education").unwrap_or_default()),
        contract_until: row.date("contract_until"),
        active: match old.filter(|old| !old.active && !row.has("active")) {
            Some(old) => left_by_undo(tx, old.id).await?.then_some(true),
            None => row.boolean("active"),
        },
    };
    Ok(Asked { change, org })
}

fn no_such_post(name: &str) -> kit::Error {
    RuleError::new("org.no_post", T("该组织没有岗位“{post}”", "The organisation has no post \"{post}\""))
        .arg("post", name)
        .field("post")
        .into()
}

fn apply<'a>(tx: &'a mut Tx, row: &'a SheetRow<'a>) -> BoxFuture<'a, Result<Applied>> {
    Box::pin(async move {
        users::lock_admins(tx).await?;
        let no = row.text("no").unwrap_or_default();
        let old = store::lock_by_no(tx, &no).await?;
        let Asked { change, org } = asked(tx, row, old.as_ref()).await?;
        let reach = tx.cx().scope(&STAFF_WRITE)?;
        if let Some(old) = &old {
            tx.authorize(&STAFF_WRITE, old)?;
        }
        let Some(org) =
            org.filter(|org| old.as_ref().is_some_and(|old| old.org_id == *org) || reach.covers(*org, &[]))
        else {
            return Err(service::no_such_org());
        };
        let Some(old) = old else {
            let new = service::insert(tx, &new_staff(no, org, change)).await?;
            return Ok(applied("create", &new, new.version, None, changes(None, &new)?));
        };
        let new = rules::change_staff(&old, &change)?;
        let changes = changes(Some(&old), &new)?;
        if changes.is_empty() {
            return Ok(applied("skip", &old, old.version, None, changes));
        }
        service::check_place(tx, &new).await?;
        service::save_in(tx, &old, &new).await?;
        Ok(applied("update", &new, new.version + 1, Some(serde_json::to_string(&old)?), changes))
    })
}

fn new_staff(no: String, org_id: kernel::Id, change: ChangeStaff) -> NewStaff {
    NewStaff {
        no: Some(no),
        name: change.name.unwrap_or_default(),
        org_id,
        post_id: change.post_id,
        team: change.team,
        grade: change.grade,
        skills: change.skills.unwrap_or_default(),
        engineer: change.engineer.unwrap_or(false),
        phone: change.phone,
        email: change.email,
        hired_on: change.hired_on,
        gender: change.gender,
        born_on: change.born_on,
        id_no: change.id_no,
        education: change.education,
        contract_until: change.contract_until,
    }
}

fn applied(
    action: &'static str,
    row: &StaffRow,
    version: i64,
    before: Option<String>,
    changes: Vec<(&'static str, String, String)>,
) -> Applied {
    Applied { action, doc_kind: "staff", doc_id: row.id, version, before, changes }
}

/// Field changes for the dry run.
fn changes(old: Option<&StaffRow>, new: &StaffRow) -> Result<Vec<(&'static str, String, String)>> {
    const FIELDS: [(&str, &str); 17] = [
        ("no", "no"),
        ("name", "name"),
        ("org_id", "org"),
        ("post_id", "post"),
        ("team", "team"),
        ("grade", "grade"),
        ("skills", "skills"),
        ("engineer", "engineer"),
        ("phone", "phone"),
        ("email", "email"),
        ("hired_on", "hired_on"),
        ("gender", "gender"),
        ("born_on", "born_on"),
        ("id_no", "id_no"),
        ("education", "education"),
        ("contract_until", "contract_until"),
        ("active", "active"),
    ];
    let (old, new) = (serde_json::to_value(old)?, serde_json::to_value(new)?);
    let plain = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let field = |row: &Value, key: &str| row.get(key).cloned().unwrap_or(Value::Null);
    Ok(FIELDS
        .iter()
        .map(|(key, column)| (*column, field(&old, key), field(&new, key), *key))
        .filter(|(_, before, after, _)| before != after)
        .map(|(column, before, after, _)| (column, plain(&before), plain(&after)))
        .collect())
}

/// Created files are closed until a corrected file names them, changed ones get their old content back.
fn undo<'a>(tx: &'a mut Tx, applied: &'a Applied) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        users::lock_admins(tx).await?;
        let now = store::lock_staff(tx, applied.doc_id).await?;
        tx.authorize(&STAFF_WRITE, &now)?;
        applied.unchanged(now.version)?;
        let before = match &applied.before {
            Some(json) => StaffRow { version: now.version, ..serde_json::from_str(json)? },
            None => StaffRow { active: false, ..now.clone() },
        };
        service::save_in(tx, &now, &before).await
    })
}
