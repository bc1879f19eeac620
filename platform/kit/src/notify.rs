//! Notifications: in the product, and by mail where a person has an address and the server a mail host (PLAT-10).

use db::{Conn, args};
use kernel::{Id, Ts};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use serde::{Deserialize, Serialize};

use crate::{App, Cx, Error, Result, Tx};

db::row! {
    /// A notification of one user.
    #[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
    pub struct Notification {
        /// Which.
        pub id: Id,
        /// For whom.
        pub user_id: Id,
        /// What it says.
        pub title: String,
        /// More of it.
        pub detail: String,
        /// Where it leads.
        pub href: String,
        /// When.
        pub at: Ts,
        /// Seen.
        pub read_at: Option<Ts>,
    }
}

/// What to tell whom.
pub struct Notice<'a> {
    /// User accounts.
    pub users: &'a [Id],
    /// What it says.
    pub title: &'a str,
    /// More of it.
    pub detail: &'a str,
    /// Where it leads.
    pub href: &'a str,
    /// Also by mail.
    pub mail: bool,
}

/// Work order of the mail job.
#[derive(Serialize, Deserialize)]
pub struct Mail {
    user: Id,
    subject: String,
    body: String,
}

/// Tells people, in the transaction of what they are told.
pub async fn tell_in(tx: &mut Tx, notice: &Notice<'_>) -> Result<()> {
    let now = tx.now();
    for user in notice.users {
        let id = tx.id();
        tx.exec(
            "insert into notification (id, user_id, title, detail, href, at) values ($1,$2,$3,$4,$5,$6)",
            args![id, *user, notice.title, notice.detail, notice.href, now],
        )
        .await?;
        if notice.mail && !tx.cx().app.config.smtp.is_empty() {
            let base = tx.cx().app.config.public_url.clone();
            let body = format!("{}\n\n{base}{}", notice.detail, notice.href);
            tx.enqueue("kit.mail", &Mail { user: *user, subject: notice.title.to_string(), body }, None)?;
        }
    }
    Ok(())
}

/// Newest notifications of the caller.
pub async fn mine(cx: &Cx, conn: &mut Conn, limit: i64) -> Result<Vec<Notification>> {
    let sql = format!(
        "select {} from notification n where user_id = $1 order by at desc, id desc limit $2",
        Notification::cols("n")
    );
    Ok(conn.all(&sql, args![cx.actor()?.user, limit]).await?)
}

/// Marks all notifications of the caller as seen.
pub async fn read_all(cx: &Cx) -> Result<()> {
    let user = cx.actor()?.user;
    let mut tx = crate::begin!(cx, "notifications.read", &user);
    let now = tx.now();
    tx.exec("update notification set read_at = $2 where user_id = $1 and read_at is null", args![user, now])
        .await?;
    tx.commit(()).await
}

/// Sends one mail and logs the attempt with time and count. Runs as a job: retries come from there.
pub async fn send(cx: Cx, mail: Mail) -> Result<()> {
    let mut conn = cx.read().await?;
    let address: Option<String> =
        conn.scalar_opt("select address from mail_address where user_id = $1", args![mail.user]).await?;
    drop(conn);
    let Some(address) = address.filter(|a| !a.is_empty()) else { return Ok(()) };
    deliver(&cx.app, &address, &mail).await?;
    let mut tx = crate::begin!(cx, "notifications.mail", &mail);
    let (id, now) = (tx.id(), tx.now());
    tx.exec(
        "insert into message_log (id, channel, user_id, subject, at) values ($1, 'mail', $2, $3, $4)",
        args![id, mail.user, &mail.subject, now],
    )
    .await?;
    tx.commit(()).await
}

async fn deliver(app: &App, address: &str, mail: &Mail) -> Result<()> {
    let broken = |error: &dyn std::fmt::Display| Error::Internal(format!("mail: {error}"));
    let message = Message::builder()
        .from(app.config.mail_from.parse().map_err(|e| broken(&e))?)
        .to(address.parse().map_err(|e| broken(&e))?)
        .subject(&mail.subject)
        .body(mail.body.clone())
        .map_err(|e| broken(&e))?;
    let transport =
        AsyncSmtpTransport::<Tokio1Executor>::from_url(&app.config.smtp).map_err(|e| broken(&e))?.build();
    transport.send(message).await.map_err(|e| broken(&e))?;
    Ok(())
}
