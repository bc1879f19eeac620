//! The first start: a root organisation, the built-in roles, an administrator; and new permissions later.

mod store;

use kernel::Id;
use kit::{App, Cx, DocRef, Error, Perm, Reach, Result, Role, Sens, Show, Tx};

use crate::{
    password, sessions,
    units::{
        self,
        model::{UnitKind, UnitRow},
    },
    users,
};

/// Login name of the first administrator.
pub const ADMIN: &str = "admin";

/// Makes what an empty database needs, and on every start hands the defaults of permissions that are new in
/// this version to the built-in roles.
///
/// Returns a one-time sign-in path `/start/TOKEN` as long as nobody has a password, so that a server that was
/// stopped before the first sign-in can still be opened.
pub async fn first_start(app: &App) -> Result<Option<String>> {
    let cx = Cx::system(app);
    let secret = password::secret("");
    let mut tx = kit::begin!(&cx, "org.first_start", &());
    let root = ensure_root(&mut tx).await?;
    ensure_roles(&mut tx).await?;
    let path = if store::with_password(&mut tx).await? == 0 {
        let admin = ensure_admin(&mut tx, root).await?;
        sessions::start_link_in(&mut tx, admin, &secret).await?;
        Some(format!("/start/{secret}"))
    } else {
        None
    };
    tx.forget_actors();
    // The path holds a secret: the stored output must not.
    tx.commit(()).await?;
    Ok(path)
}

async fn ensure_root(tx: &mut Tx) -> Result<Id> {
    match crate::api::root(tx).await {
        Ok(root) => return Ok(root.id),
        Err(Error::NotFound) => {}
        Err(other) => return Err(other),
    }
    let root = UnitRow {
        id: tx.id(),
        version: 1,
        code: "HQ".into(),
        name: "总部".into(),
        kind: UnitKind::Hq,
        parent_id: None,
        region: String::new(),
        time_zone: kernel::HOME_ZONE.into(),
        phone: String::new(),
        address: String::new(),
        active: true,
    };
    let now = tx.now();
    units::store::insert_unit(tx, &root, now).await?;
    tx.created(DocRef::new("org", root.id, &root.code), &root)?;
    Ok(root.id)
}

async fn ensure_admin(tx: &mut Tx, root: Id) -> Result<Id> {
    match users::store::by_login(tx, ADMIN).await {
        Ok(user) => Ok(user.id),
        Err(Error::NotFound) => users::insert_admin_in(tx, ADMIN, root).await,
        Err(other) => Err(other),
    }
}

/// Built-in roles that are missing, and grants of permissions that no start has seen yet. What an administrator
/// took away from a role stays away.
async fn ensure_roles(tx: &mut Tx) -> Result<()> {
    let now = tx.now();
    let known = store::roles(tx).await?;
    let mut roles: Vec<(Role, Id)> = Vec::new();
    for role in Role::ALL.iter().copied() {
        let id = match known.iter().find(|(code, _)| code == role.code()) {
            Some((_, id)) => *id,
            None => {
                let id = tx.id();
                store::insert_role(tx, id, role, now).await?;
                id
            }
        };
        roles.push((role, id));
    }
    let known = store::known_perms(tx).await?;
    let perms = tx.cx().app.registry.perms.clone();
    let new: Vec<&Perm> = perms.into_iter().filter(|perm| !known.iter().any(|key| key == perm.key)).collect();
    store::hand_out(tx, &roles, &new).await
}

/// Who holds a permission at first: what it says itself, and the administrator everything.
pub(crate) fn default_grants(perm: &Perm) -> Vec<(Role, Reach)> {
    let mut grants = vec![(Role::Admin, Reach::All)];
    grants.extend(perm.grants.iter().copied().filter(|(role, _)| *role != Role::Admin));
    grants
}

/// What of sensitive fields a built-in role sees at first (DESIGN §5): desks work with masked data and reveal
/// single values, which is recorded; engineers must call and find their customers.
pub(crate) const fn default_show(role: Role, kind: Sens) -> Show {
    match (role, kind) {
        (_, Sens::Name | Sens::Note | Sens::Serial | Sens::Price) => Show::Full,
        (Role::Admin | Role::Manager, _) | (Role::Auditor, Sens::Cost | Sens::Pay) => Show::Full,
        (Role::Storekeeper | Role::Cashier, Sens::Cost) | (Role::Engineer, Sens::Phone | Sens::Address) => {
            Show::Full
        }
        (Role::Engineer | Role::Outlet, Sens::Cost | Sens::Pay | Sens::Identity) => Show::Absent,
        _ => Show::Masked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_those_who_need_them_see_costs_and_wages() {
        for (role, phone, cost, pay) in [
            (Role::Admin, Show::Full, Show::Full, Show::Full),
            (Role::Manager, Show::Full, Show::Full, Show::Full),
            (Role::Agent, Show::Masked, Show::Masked, Show::Masked),
            (Role::Dispatcher, Show::Masked, Show::Masked, Show::Masked),
            (Role::Engineer, Show::Full, Show::Absent, Show::Absent),
            (Role::Storekeeper, Show::Masked, Show::Full, Show::Masked),
            (Role::Cashier, Show::Masked, Show::Full, Show::Masked),
            (Role::Callback, Show::Masked, Show::Masked, Show::Masked),
            (Role::Auditor, Show::Masked, Show::Full, Show::Full),
            (Role::Outlet, Show::Masked, Show::Absent, Show::Absent),
        ] {
            assert_eq!(default_show(role, Sens::Phone), phone, "{role:?} phone");
            assert_eq!(default_show(role, Sens::Address), phone, "{role:?} address");
            assert_eq!(default_show(role, Sens::Cost), cost, "{role:?} cost");
            assert_eq!(default_show(role, Sens::Pay), pay, "{role:?} pay");
        }
    }

    #[test]
    fn the_administrator_holds_every_permission_everywhere() {
        for perm in crate::perms::all() {
            assert_eq!(default_grants(perm)[0], (Role::Admin, Reach::All));
        }
    }
}
