//! Making and changing staff files.

use kernel::{Id, RuleError, T};
use kit::{Cx, DocRef, Error, Result, Sens, Tx, numbering, search};
use serde_json::json;

use super::{model::*, rules, store, store::Shown};
use crate::{STAFF_READ, STAFF_REVEAL, STAFF_WRITE, posts, units, users};

/// How a value of this person's file is shown: people see their own file in full.
fn shown_as(cx: &Cx, row: &StaffRow, kind: Sens, value: &str) -> String {
    let own = cx.actor.as_ref().is_some_and(|actor| actor.staff == Some(row.id)) && !cx.req.hidden;
    if own { value.to_string() } else { cx.mask(kind, value) }
}

pub(super) fn out(cx: &Cx, shown: Shown) -> StaffOut {
    let Shown { row, org_name, post_name, user_id, login } = shown;
    StaffOut {
        phone: shown_as(cx, &row, Sens::Phone, &row.phone),
        email: shown_as(cx, &row, Sens::Phone, &row.email),
        id_no: shown_as(cx, &row, Sens::Identity, &row.id_no),
        born_on: row.born_on.filter(|date| {
            let date = date.to_string();
            shown_as(cx, &row, Sens::Identity, &date) == date
        }),
        id: row.id,
        version: row.version,
        no: row.no,
        name: row.name,
        org_id: row.org_id,
        org_name,
        post_id: row.post_id,
        post_name,
        team: row.team,
        grade: row.grade,
        skills: row.skills.0,
        engineer: row.engineer,
        hired_on: row.hired_on,
        gender: row.gender,
        education: row.education,
        contract_until: row.contract_until,
        active: row.active,
        user_id,
        login,
    }
}

/// One staff file within reach.
pub async fn staff(cx: &Cx, id: Id) -> Result<StaffOut> {
    let mut conn = cx.read().await?;
    let shown = store::shown(&mut conn, id).await?;
    cx.count(&conn);
    cx.authorize(&STAFF_READ, &shown.row)?;
    Ok(out(cx, shown))
}

/// People of one organisation that the caller may see; nobody without the permission.
pub(crate) async fn of_org(cx: &Cx, org: Id) -> Result<Vec<StaffOut>> {
    let Ok(scope) = cx.scope(&STAFF_READ) else { return Ok(Vec::new()) };
    let mut conn = cx.read().await?;
    let people = store::shown_of_org(&mut conn, org, &scope).await?;
    cx.count(&conn);
    Ok(people.into_iter().map(|shown| out(cx, shown)).collect())
}

/// Makes a staff file.
pub async fn create(cx: &Cx, input: NewStaff) -> Result<StaffOut> {
    let mut tx = kit::begin!(cx, "org.create_staff", &input);
    let scope = cx.scope(&STAFF_WRITE)?;
    if !scope.covers(input.org_id, &[]) {
        return Err(no_such_org());
    }
    let row = insert(&mut tx, &input).await?;
    let out = out(cx, store::shown(&mut tx, row.id).await?);
    tx.commit(out).await
}

pub(super) fn no_such_org() -> Error {
    RuleError::new(
        "org.no_unit",
        T("没有这个组织，或不在您的管理范围内", "There is no such organisation within your reach"),
    )
    .field("org_id")
    .into()
}

pub(super) async fn check_place(tx: &mut Tx, row: &StaffRow) -> Result<()> {
    let unit = match units::store::unit(tx, row.org_id).await {
        Ok(unit) => unit,
        Err(Error::NotFound) => return Err(no_such_org()),
        Err(other) => return Err(other),
    };
    if !unit.active {
        return Err(RuleError::new("org.unit_closed", T("这个组织已停用", "This organisation is closed"))
            .field("org_id")
            .into());
    }
    if let Some(post) = row.post_id {
        let post = posts::store::post(tx, post).await?;
        if post.org_id != row.org_id {
            return Err(RuleError::new(
                "org.post_elsewhere",
                T("这个岗位属于另一个组织", "This post belongs to another organisation"),
            )
            .field("post_id")
            .into());
        }
    }
    Ok(())
}

pub(super) async fn insert(tx: &mut Tx, input: &NewStaff) -> Result<StaffRow> {
    let now = tx.now();
    let spare = match &input.no {
        Some(no) if !no.trim().is_empty() => String::new(),
        _ => numbering::next_for(tx, "E", input.org_id, now).await?,
    };
    let row = rules::new_staff(tx.id(), input, spare)?;
    check_place(tx, &row).await?;
    store::insert(tx, &row, now).await?;
    tx.created(DocRef::new("staff", row.id, &row.no), &audited(&row))?;
    find_by(tx, &row).await?;
    Ok(row)
}

/// What the log keeps of a file: everything, but what is sensitive only by its shape.
fn audited(row: &StaffRow) -> serde_json::Value {
    let mut value = json!(row);
    if let Some(map) = value.as_object_mut() {
        map.insert("phone".into(), json!(kit::perm::mask(Sens::Phone, &row.phone)));
        map.insert("email".into(), json!(kit::perm::mask(Sens::Phone, &row.email)));
        map.insert("id_no".into(), json!(kit::perm::mask(Sens::Identity, &row.id_no)));
        map.insert("born_on".into(), json!(row.born_on.map(|_| "****")));
    }
    value
}

async fn find_by(tx: &mut Tx, row: &StaffRow) -> Result<()> {
    let org = units::store::unit(tx, row.org_id).await?;
    let title = format!("{} {}", row.name, row.no);
    let text = format!("{} {}", row.team, row.skills.0.join(" "));
    let doc = search::SearchDoc {
        kind: "staff",
        id: row.id,
        org: row.org_id,
        owner: Some(row.id),
        title: &title,
        sub: &org.name,
        text: &text,
        secret: &[(Sens::Phone, &row.phone)],
    };
    search::put_in(tx, &doc).await
}

/// Makes a staff file in the caller's transaction, for imports and the demo company.
pub async fn create_staff_in(tx: &mut Tx, input: &NewStaff) -> Result<StaffBrief> {
    let row = insert(tx, input).await?;
    crate::api::staff(tx, row.id).await
}

/// Changes a staff file. Moving a person moves the account; closing the file ends its sessions.
///
/// Errors: `org.last_admin` when the last administrator would be shut out.
pub async fn change(cx: &Cx, id: Id, input: ChangeStaff) -> Result<StaffOut> {
    let mut tx = kit::begin!(cx, "org.change_staff", &(id, &input));
    users::lock_admins(&mut tx).await?;
    let old = store::lock_staff(&mut tx, id).await?;
    tx.authorize(&STAFF_WRITE, &old)?;
    crate::check_version(input.version, old.version)?;
    let moved = input.org_id.is_some_and(|org| org != old.org_id);
    // A post belongs to an organisation: it is left behind unless a new one is named.
    let input =
        if moved && input.post_id == old.post_id { ChangeStaff { no_post: true, ..input } } else { input };
    let new = rules::change_staff(&old, &unmasked(cx, &old, input)?)?;
    if moved && !cx.scope(&STAFF_WRITE)?.covers(new.org_id, &[]) {
        return Err(no_such_org());
    }
    if moved || new.post_id != old.post_id {
        check_place(&mut tx, &new).await?;
    }
    save_in(&mut tx, &old, &new).await?;
    let out = out(cx, store::shown(&mut tx, id).await?);
    tx.commit(out).await
}

/// What was read masked and comes back so stays as it is.
fn unmasked(cx: &Cx, old: &StaffRow, mut input: ChangeStaff) -> Result<ChangeStaff> {
    input.phone = cx.said(Sens::Phone, "phone", &old.phone, input.phone)?;
    input.email = cx.said(Sens::Phone, "email", &old.email, input.email)?;
    input.id_no = cx.said(Sens::Identity, "id_no", &old.id_no, input.id_no)?;
    Ok(input)
}

/// Writes a changed file with everything that follows from it; [`users::lock_admins`] was called before.
pub(super) async fn save_in(tx: &mut Tx, old: &StaffRow, new: &StaffRow) -> Result<()> {
    let now = tx.now();
    store::update(tx, new, now).await?;
    users::follow_staff(tx, old, new).await?;
    users::keep_an_admin(tx).await?;
    tx.changed(DocRef::new("staff", new.id, &new.no), &audited(old), &audited(new))?;
    find_by(tx, new).await?;
    tx.forget_actors();
    Ok(())
}

/// Shows a telephone number or e-mail address in full and records who looked.
pub async fn reveal(cx: &Cx, id: Id, field: &str) -> Result<Revealed> {
    let mut conn = cx.read().await?;
    let row = store::staff(&mut conn, id).await?;
    drop(conn);
    cx.authorize(&STAFF_REVEAL, &row)?;
    let (kind, value) = match field {
        "phone" => (Sens::Phone, &row.phone),
        "email" => (Sens::Phone, &row.email),
        "id_no" => (Sens::Identity, &row.id_no),
        _ => return Err(Error::NotFound),
    };
    // Every look is recorded, also a repeated one: the key of the form plays no part.
    let look = cx.keyed(cx.id().to_string());
    let mut tx = kit::begin!(look, "org.reveal", &(id, field));
    tx.log(DocRef::new("staff", id, &row.no), "revealed", json!({ "field": field }));
    tx.commit(()).await?;
    Ok(Revealed { value: value.clone(), masked: kit::perm::mask(kind, value) })
}
