//! Notifications: in the product, and by mail where a person has an address and the server a mail host (PLAT-10).

use db::{Conn, args};
use kernel::{Id, Lang, T, Ts};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Attachment, Mailbox, MultiPart, SinglePart, header::ContentType},
};
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

/// What to tell whom. Title and detail hold both languages, see [`kernel::T::both`] and [`kernel::T::told`]: everybody
/// reads them in their own. What may be made sensitive is [`crate::veil::marked`] in them (ORG-11).
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
    // The bell of open pages; what it is about they ask for themselves.
    tx.tell_live(notice.users, "notice", &())?;
    for user in notice.users {
        let id = tx.id();
        tx.exec(
            "insert into notification (id, user_id, title, detail, href, at) values ($1,$2,$3,$4,$5,$6)",
            args![id, *user, notice.title, notice.detail, notice.href, now],
        )
        .await?;
        if notice.mail && !tx.cx().app.config.smtp.is_empty() {
            let base = tx.cx().app.config.public_url.clone();
            let body = |lang: Lang| format!("{}\n\n{base}{}", lang.of(notice.detail), notice.href);
            let body = T::both(&body(Lang::Zh), &body(Lang::En));
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
    let list: Vec<Notification> = conn.all(&sql, args![cx.actor()?.user, limit]).await?;
    let said = |n: Notification| Notification {
        title: crate::veil::shown(cx, cx.lang.of(&n.title)),
        detail: crate::veil::shown(cx, cx.lang.of(&n.detail)),
        ..n
    };
    Ok(list.into_iter().map(said).collect())
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

/// A file that goes with a letter.
pub struct Enclosure {
    /// Name with ending.
    pub name: String,
    /// Media type.
    pub mime: &'static str,
    /// Content.
    pub bytes: Vec<u8>,
}

/// A mail to one address.
pub struct Letter<'a> {
    /// Where to.
    pub address: &'a str,
    /// Subject.
    pub subject: &'a str,
    /// Text.
    pub body: &'a str,
    /// Files.
    pub enclosures: Vec<Enclosure>,
    /// The same for the same letter, however often it is tried: mailboxes drop the second copy. Empty: by chance.
    pub key: &'a str,
}

/// Where mails of a user go; none: nowhere.
pub async fn address_of(conn: &mut Conn, user: Id) -> Result<Option<String>> {
    let address: Option<String> =
        conn.scalar_opt("select address from mail_address where user_id = $1", args![user]).await?;
    Ok(address.filter(|a| !a.is_empty()))
}

/// The language of a user's mails: that of the last sign-in.
pub async fn lang_of(conn: &mut Conn, user: Id) -> Result<Lang> {
    let lang: Option<String> =
        conn.scalar_opt("select lang from mail_address where user_id = $1", args![user]).await?;
    Ok(lang.and_then(|lang| Lang::parse(&lang)).unwrap_or_default())
}

/// Notes that a mail went out, with time, in the transaction of what it was about.
pub async fn log_mail_in(tx: &mut Tx, user: Id, subject: &str) -> Result<()> {
    let (id, now) = (tx.id(), tx.now());
    tx.exec(
        "insert into message_log (id, channel, user_id, subject, at) values ($1, 'mail', $2, $3, $4)",
        args![id, user, subject, now],
    )
    .await?;
    Ok(())
}

/// Sends one mail and logs the attempt with time and count. Runs as a job: retries come from there.
pub async fn send(cx: Cx, mail: Mail) -> Result<()> {
    let mut conn = cx.read().await?;
    let address = address_of(&mut conn, mail.user).await?;
    let lang = lang_of(&mut conn, mail.user).await?;
    drop(conn);
    let Some(address) = address else { return Ok(()) };
    // By the reader's rights; the job itself is the system's.
    let Some(reader) = cx.app.directory.by_user(&cx.app.db, mail.user, cx.now()).await? else {
        return Ok(());
    };
    let reader = Cx { actor: Some(reader), ..cx.clone() };
    let subject = crate::veil::shown(&reader, lang.of(&mail.subject));
    let letter = Letter {
        address: &address,
        subject: &subject,
        body: &crate::veil::shown(&reader, lang.of(&mail.body)),
        enclosures: Vec::new(),
        key: "",
    };
    deliver(&cx.app, letter).await?;
    let mut tx = crate::begin!(cx, "notifications.mail", &mail);
    log_mail_in(&mut tx, mail.user, &subject).await?;
    tx.commit(()).await
}

/// Hands a letter to the mail host. Errors: internal, so that the job is tried again.
pub async fn deliver(app: &App, letter: Letter<'_>) -> Result<()> {
    let broken = |error: &dyn std::fmt::Display| Error::Internal(format!("mail: {error}"));
    let from: Mailbox = app.config.mail_from.parse().map_err(|e| broken(&e))?;
    let domain = from.email.domain().to_string();
    let mut builder = Message::builder()
        .from(from)
        .to(letter.address.parse().map_err(|e| broken(&e))?)
        .subject(letter.subject);
    if !letter.key.is_empty() {
        builder = builder.message_id(Some(format!("<{}@{domain}>", letter.key)));
    }
    let text = SinglePart::plain(letter.body.to_string());
    let message = if letter.enclosures.is_empty() {
        builder.singlepart(text)
    } else {
        let mut parts = MultiPart::mixed().singlepart(text);
        for file in letter.enclosures {
            let kind = ContentType::parse(file.mime).map_err(|e| broken(&e))?;
            parts = parts.singlepart(Attachment::new(file.name).body(file.bytes, kind));
        }
        builder.multipart(parts)
    };
    let transport =
        AsyncSmtpTransport::<Tokio1Executor>::from_url(&app.config.smtp).map_err(|e| broken(&e))?.build();
    transport.send(message.map_err(|e| broken(&e))?).await.map_err(|e| broken(&e))?;
    Ok(())
}
