//! Accounts from the command line, for the person who runs the server.

use kit::{App, Cx, Error, Result, Role};

use crate::{password, sessions, users};

/// Makes an account with the administrator's role, or finds it, and returns a one-time path to set its password.
pub async fn add_user(app: &App, login: &str) -> Result<String> {
    let cx = Cx::system(app);
    let login = sessions::fold_login(login);
    let secret = password::secret("");
    let mut tx = kit::begin!(&cx, "org.cli_add_user", &login);
    let user = match users::store::by_login(&mut tx, &login).await {
        Ok(user) => user,
        Err(Error::NotFound) => {
            let root = crate::api::root(&mut tx).await?;
            let input = users::model::NewUser {
                login: login.clone(),
                name: None,
                staff_id: None,
                org_id: Some(root.id),
                email: None,
                roles: vec![Role::Admin.code().to_string()],
                password: None,
            };
            let made = users::create_user_in(&mut tx, &input, None).await?;
            users::store::user(&mut tx, made.id).await?
        }
        Err(other) => return Err(other),
    };
    users::invite_in(&mut tx, &user, &secret).await?;
    tx.commit(()).await?;
    Ok(format!("/start/{secret}"))
}

/// Sets the password of an account; all its sessions end.
pub async fn set_password(app: &App, login: &str, password: &str) -> Result<()> {
    sessions::set_password(&Cx::system(app), login, password).await
}

/// Makes an API token for an account and returns its secret.
pub async fn new_token(app: &App, login: &str) -> Result<String> {
    let cx = Cx::system(app);
    let mut conn = cx.read().await?;
    let user = users::store::by_login(&mut conn, &sessions::fold_login(login)).await?;
    drop(conn);
    let input = sessions::NewToken { label: "cli".to_string(), ..Default::default() };
    let made = sessions::new_token_for(&cx, user.id, &user.login, input).await?;
    made.secret.ok_or(Error::NotFound)
}

/// The account with a login name; 404 when there is none.
pub async fn user_id(app: &App, login: &str) -> Result<kernel::Id> {
    let mut conn = app.db.read().await?;
    Ok(users::store::by_login(&mut conn, &sessions::fold_login(login)).await?.id)
}
