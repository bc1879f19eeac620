//! Making and changing accounts. Passwords are hashed before a transaction is opened.

use kernel::{Id, Problems, RuleError, T};
use kit::{Cx, DocRef, Error, Result, Role, Sens, Tx};
use serde_json::json;

use super::{model::*, rules, store};
use crate::{ROLE_WRITE, USER_READ, USER_WRITE, password, sessions, staff::model::StaffRow};

fn out(cx: &Cx, row: UserRow, roles: Vec<String>) -> UserOut {
    UserOut {
        email: cx.mask(Sens::Phone, &row.email),
        id: row.id,
        version: row.version,
        login: row.login,
        name: row.name,
        staff_id: row.staff_id,
        org_id: row.org_id,
        must_change: row.must_change,
        active: row.active,
        signed_in_at: row.signed_in_at,
        roles,
    }
}

/// One account within reach.
pub async fn user(cx: &Cx, id: Id) -> Result<UserOut> {
    let mut conn = cx.read().await?;
    let row = store::user(&mut conn, id).await?;
    cx.authorize(&USER_READ, &row)?;
    let roles = store::roles(&mut conn, id).await?;
    cx.count(&conn);
    Ok(out(cx, row, roles))
}

/// Roles to choose from: code and name in the caller's language.
pub(super) async fn role_choices(cx: &Cx) -> Result<Vec<(String, String)>> {
    let mut conn = cx.read().await?;
    let roles = store::all_roles(&mut conn).await?;
    Ok(roles
        .into_iter()
        .map(|(code, name, _)| (code.clone(), crate::roles::name(cx, &code, &name)))
        .collect())
}

/// Makes an account. Handing out roles needs the right to assign permissions, and no more can be given than held.
pub async fn create(cx: &Cx, input: NewUser) -> Result<UserOut> {
    if !input.roles.is_empty() {
        cx.require(&ROLE_WRITE)?;
    }
    let hash = match input.password.as_deref().filter(|password| !password.is_empty()) {
        Some(new) => {
            password::check(new, &sessions::fold_login(&input.login), "password")?;
            Some(password::hash(new).await?)
        }
        None => None,
    };
    // The password stays out of the key's hash: that would be a quick hash of it at rest.
    let NewUser { login, name, staff_id, org_id, email, roles, .. } = &input;
    let mut tx = kit::begin!(cx, "org.create_user", &(login, name, staff_id, org_id, email, roles));
    let row = insert(&mut tx, &input, hash.as_deref()).await?;
    tx.authorize(&USER_WRITE, &row)?;
    let roles = store::roles(&mut tx, row.id).await?;
    let out = out(cx, row, roles);
    tx.commit(out).await
}

/// The person an account is for, within reach of whoever makes it.
async fn person_in(tx: &mut Tx, id: Id) -> Result<StaffRow> {
    let person = crate::staff::store::staff(tx, id).await?;
    tx.authorize(&USER_WRITE, &person)?;
    rules::check_person(&person)?;
    Ok(person)
}

async fn insert(tx: &mut Tx, input: &NewUser, hash: Option<&str>) -> Result<UserRow> {
    let login = sessions::fold_login(&input.login);
    sessions::check_login(&login)?;
    let person = match input.staff_id {
        Some(id) => Some(person_in(tx, id).await?),
        None => None,
    };
    let named = input.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let email = input.email.as_deref().map(str::trim).filter(|email| !email.is_empty());
    let Some(org_id) = input.org_id.or(person.as_ref().map(|person| person.org_id)) else {
        return Err(RuleError::new(
            "org.user_org",
            T("请选择组织或员工", "Choose an organisation or a person"),
        )
        .field("org_id")
        .into());
    };
    let row = UserRow {
        id: tx.id(),
        version: 1,
        name: named.or(person.as_ref().map(|person| person.name.as_str())).unwrap_or(&login).to_string(),
        email: email.or(person.as_ref().map(|person| person.email.as_str())).unwrap_or_default().to_string(),
        login,
        staff_id: input.staff_id,
        org_id,
        must_change: hash.is_some(),
        active: true,
        signed_in_at: None,
    };
    rules::check(&row)?;
    let now = tx.now();
    store::insert(tx, &row, hash.unwrap_or_default(), now).await?;
    store::set_mail(tx, row.id, &row.email).await?;
    tx.created(DocRef::new("user", row.id, &row.login), &row)?;
    if !input.roles.is_empty() {
        give_roles(tx, &row, &input.roles).await?;
    }
    tx.forget_actors();
    Ok(row)
}

/// Replaces the roles of an account; never more than the caller holds.
async fn give_roles(tx: &mut Tx, user: &UserRow, codes: &[String]) -> Result<()> {
    let roles = store::role_ids(tx, codes).await?;
    let mut problems = Problems::new();
    for code in codes {
        problems.check(roles.iter().any(|(_, known)| known == code), || {
            RuleError::new("org.no_role", T("没有角色“{role}”", "There is no role \"{role}\""))
                .arg("role", code)
                .field("roles")
        });
    }
    problems.finish()?;
    let ids: Vec<Id> = roles.iter().map(|(id, _)| *id).collect();
    let actor = std::sync::Arc::clone(tx.cx().actor()?);
    if !actor.system {
        let given = store::grants_of(tx, &ids).await?;
        rules::not_more_than_held(&actor.grants, &given)?;
    }
    let before = store::roles(tx, user.id).await?;
    store::set_roles(tx, user.id, &ids).await?;
    tx.log(DocRef::new("user", user.id, &user.login), "roles", json!({ "roles": [before, codes] }));
    Ok(())
}

/// Makes an account in the caller's transaction, for the demo company and tests. `hash` is of
/// [`crate::api::hash_password`], made before the transaction; none: the account waits for an invitation.
pub async fn create_user_in(tx: &mut Tx, input: &NewUser, hash: Option<&str>) -> Result<UserOut> {
    let mut row = insert(tx, input, hash).await?;
    if hash.is_some() {
        // The caller chose the password knowingly; nobody is asked for another.
        store::keep_password(tx, row.id).await?;
        row.must_change = false;
    }
    let roles = store::roles(tx, row.id).await?;
    let cx = tx.cx().clone();
    Ok(out(&cx, row, roles))
}

/// The first administrator of an empty database.
pub(crate) async fn insert_admin_in(tx: &mut Tx, login: &str, org: Id) -> Result<Id> {
    let input = NewUser {
        login: login.to_string(),
        name: Some("系统管理员".to_string()),
        staff_id: None,
        org_id: Some(org),
        email: None,
        roles: vec![Role::Admin.code().to_string()],
        password: None,
    };
    Ok(insert(tx, &input, None).await?.id)
}

/// Call before a change after which [`keep_an_admin`] is called.
pub(crate) async fn lock_admins(tx: &mut Tx) -> Result<()> {
    store::lock_admin_role(tx).await
}

/// Refuses a change after which nobody could administer any more (ORG-08).
pub(crate) async fn keep_an_admin(tx: &mut Tx) -> Result<()> {
    if store::admins(tx).await? > 0 {
        return Ok(());
    }
    Err(Error::Conflict(RuleError::new(
        "org.last_admin",
        T(
            "这是最后一位系统管理员，不能停用或取消其管理员角色",
            "This is the last administrator: the account must stay open and keep its role",
        ),
    )))
}

/// Changes an account. Closing it ends its sessions at once.
///
/// Errors: `org.last_admin`, `org.more_than_held`, `org.no_role`, `org.user_has_staff`, `org.staff_has_user`.
pub async fn change(cx: &Cx, id: Id, input: ChangeUser) -> Result<UserOut> {
    if input.roles.is_some() {
        cx.require(&ROLE_WRITE)?;
    }
    let mut tx = kit::begin!(cx, "org.change_user", &(id, &input));
    lock_admins(&mut tx).await?;
    let old = store::lock_user(&mut tx, id).await?;
    tx.authorize(&USER_WRITE, &old)?;
    crate::check_version(input.version, old.version)?;
    let email = cx.said(Sens::Phone, "email", &old.email, input.email.clone())?;
    let new = rules::change_user(&old, &ChangeUser { email, ..input.clone() })?;
    if new.org_id != old.org_id {
        tx.authorize(&USER_WRITE, &new)?;
    }
    if let Some(staff) = new.staff_id.filter(|_| old.staff_id.is_none()) {
        person_in(&mut tx, staff).await?;
    }
    let now = tx.now();
    store::update(&mut tx, &new, now).await?;
    if new.email != old.email {
        store::set_mail(&mut tx, id, &new.email).await?;
    }
    if let Some(codes) = &input.roles {
        let before = store::roles(&mut tx, id).await?;
        let mut wanted = codes.clone();
        wanted.sort();
        if before != wanted {
            give_roles(&mut tx, &new, codes).await?;
        }
    }
    if old.active && !new.active {
        sessions::end_sessions_in(&mut tx, id).await?;
    }
    keep_an_admin(&mut tx).await?;
    tx.changed(DocRef::new("user", id, &new.login), &old, &new)?;
    tx.forget_actors();
    let (row, roles) = (store::user(&mut tx, id).await?, store::roles(&mut tx, id).await?);
    let out = out(cx, row, roles);
    tx.commit(out).await
}

/// The account follows its person: name, organisation, address; and is signed out when the person leaves.
pub(crate) async fn follow_staff(tx: &mut Tx, old: &StaffRow, new: &StaffRow) -> Result<()> {
    let Some(user) = store::of_staff(tx, new.id).await? else { return Ok(()) };
    let followed = UserRow {
        name: if user.name == old.name { new.name.clone() } else { user.name.clone() },
        org_id: if user.org_id == old.org_id { new.org_id } else { user.org_id },
        email: if user.email == old.email { new.email.clone() } else { user.email.clone() },
        ..user.clone()
    };
    if (&followed.name, followed.org_id, &followed.email) != (&user.name, user.org_id, &user.email) {
        let now = tx.now();
        store::update(tx, &followed, now).await?;
        store::set_mail(tx, user.id, &followed.email).await?;
        tx.changed(DocRef::new("user", user.id, &user.login), &user, &followed)?;
    }
    if old.active && !new.active {
        sessions::end_sessions_in(tx, user.id).await?;
    }
    Ok(())
}

/// Makes a one-time link under which a person sets the own password.
pub async fn invite(cx: &Cx, id: Id) -> Result<Invite> {
    let secret = password::secret("");
    let mut tx = kit::begin!(cx, "org.invite", &id);
    let row = store::user(&mut tx, id).await?;
    tx.authorize(&USER_WRITE, &row)?;
    if !row.active {
        return Err(Error::Conflict(RuleError::new(
            "org.user_closed",
            T("这个用户已停用", "This account is closed"),
        )));
    }
    not_above(&mut tx, id).await?;
    let expires_at = invite_in(&mut tx, &row, &secret).await?;
    let invite = tx.commit(Invite { path: None, expires_at }).await?;
    Ok(Invite { path: Some(format!("/start/{secret}")), ..invite })
}

/// Refuses to become somebody who may do more: a person whose place the caller takes.
pub(crate) async fn not_above_oneself(tx: &mut Tx, staff: Id) -> Result<()> {
    match store::of_staff(tx, staff).await? {
        Some(user) => not_above(tx, user.id).await,
        None => Ok(()),
    }
}

/// A link lets its maker become somebody: it must not be somebody who may do more.
pub(crate) async fn not_above(tx: &mut Tx, user: Id) -> Result<()> {
    let actor = std::sync::Arc::clone(tx.cx().actor()?);
    if actor.system {
        return Ok(());
    }
    let codes = store::roles(tx, user).await?;
    let roles: Vec<Id> = store::role_ids(tx, &codes).await?.into_iter().map(|(id, _)| id).collect();
    let theirs = store::grants_of(tx, &roles).await?;
    rules::not_more_than_held(&actor.grants, &theirs)?;
    Ok(())
}

pub(crate) async fn invite_in(tx: &mut Tx, user: &UserRow, secret: &str) -> Result<kernel::Ts> {
    let expires = sessions::start_link_in(tx, user.id, secret).await?;
    tx.log(DocRef::new("user", user.id, &user.login), "invited", json!({}));
    Ok(expires)
}
