//! Setting up mails, and sending them once per reader and day.

use db::Conn;
use kernel::{Id, RuleError, T, Ts};
use kit::{
    Cx, Error, Result, Tx, begin,
    format::date_of,
    lists::{self, ListQuery},
};
use serde_json::json;

use super::{compose, model::*, rules, store};
use crate::perms::MAIL_WRITE;

/// The job that sends one letter.
pub const SEND: &str = "reports.send_mail";
async fn out(conn: &mut Conn, row: MailRow) -> Result<MailOut> {
    Ok(MailOut {
        recipients: store::select_readers(conn, row.id).await?,
        log: store::select_log(conn, row.id).await?,
        id: row.id,
        version: row.version,
        org_id: row.org_id,
        name: row.name,
        content: row.content,
        list: row.list_key,
        query: row.query,
        every: row.every,
        day: row.day,
        at: rules::clock(row.minute),
        paused: row.paused,
        next_at: row.next_at,
    })
}

/// A mail with its log; 404 outside the caller's reach.
pub async fn get(cx: &Cx, id: Id) -> Result<MailOut> {
    let mut conn = cx.read().await?;
    let row = store::get_mail(&mut conn, id).await?;
    cx.authorize(&MAIL_WRITE, &row)?;
    let out = out(&mut conn, row).await?;
    cx.count(&conn);
    Ok(out)
}

/// Checks everything a mail says and writes a saved view out; gives the readers' accounts.
///
/// Errors: those of [`rules::check`], `mail.list`, `mail.query`, `mail.reader`.
async fn check(cx: &Cx, conn: &mut Conn, input: &mut PutMail) -> Result<Vec<Id>> {
    let logins = rules::logins(&input.recipients);
    rules::check(input, &logins)?;
    if input.content == Content::List {
        let bad = |text: T, field: &'static str, code: &'static str| {
            move |error: Error| match error {
                Error::NotFound | Error::Forbidden(_) => RuleError::new(code, text).field(field).into(),
                Error::Invalid(mut problems) => {
                    problems.0.iter_mut().for_each(|problem| problem.field = Some(field.into()));
                    Error::Invalid(problems)
                }
                other => other,
            }
        };
        let none = T("没有这个列表，或无权查看", "There is no such list, or you may not see it");
        let list = lists::find(cx, &input.list).map_err(bad(none, "list", "mail.list"))?;
        cx.require(list.perm).map_err(bad(none, "list", "mail.list"))?;
        let asked = ListQuery::read(query_text(&input.query)).map_err(bad(none, "query", "mail.query"))?;
        // Readers need not see a view that somebody saved for himself: what it says is kept.
        let settled =
            lists::settled(cx, conn, list, &asked).await.map_err(bad(none, "query", "mail.query"))?;
        lists::count(cx, conn, list, &settled).await.map_err(bad(none, "query", "mail.query"))?;
        input.query = settled.first_page().text();
    }
    let scope = cx.scope(&MAIL_WRITE)?;
    let readers = store::select_users(conn, &scope, &logins).await?;
    if let Some(login) = logins.iter().find(|login| !readers.iter().any(|r| r.login == **login)) {
        let text = T("没有在用账号“{login}”", "There is no active account \"{login}\"");
        return Err(RuleError::new("mail.reader", text).arg("login", login).field("recipients").into());
    }
    Ok(readers.into_iter().map(|reader| reader.id).collect())
}

/// A filter may be pasted with the address before it.
pub fn query_text(text: &str) -> &str {
    let text = text.trim();
    text.split_once('?').map_or(text, |(_, query)| query)
}

fn fill(cx: &Cx, row: &mut MailRow, input: &PutMail, now: Ts) -> Result<()> {
    let list = input.content == Content::List;
    row.name = input.name.trim().to_string();
    row.content = input.content;
    row.list_key = if list { input.list.clone() } else { String::new() };
    row.query = if list { query_text(&input.query).to_string() } else { String::new() };
    row.every = input.every;
    row.day = if input.every == Every::Daily { 0 } else { input.day.unwrap_or(0) };
    row.minute = rules::minute(&input.at).unwrap_or(0);
    row.paused = input.paused;
    row.next_at = rules::next_at(row.every, row.day, row.minute, now, &cx.zone_of(row.org_id));
    row.updated_at = now;
    Ok(())
}

/// Sets up a mail of the caller's organisation.
pub async fn create(cx: &Cx, mut input: PutMail) -> Result<MailOut> {
    cx.require(&MAIL_WRITE)?;
    let mut tx = begin!(cx, "reports.create_mail", &input);
    let users = check(cx, &mut tx, &mut input).await?;
    let (me, now) = (cx.actor()?, tx.now());
    let mut row = MailRow {
        id: tx.id(),
        version: 1,
        org_id: me.org,
        name: String::new(),
        content: input.content,
        list_key: String::new(),
        query: String::new(),
        every: input.every,
        day: 0,
        minute: 0,
        paused: false,
        next_at: now,
        created_by: me.user,
        created_by_name: me.name.clone(),
        created_at: now,
        updated_at: now,
    };
    tx.authorize(&MAIL_WRITE, &row)?;
    fill(cx, &mut row, &input, now)?;
    store::insert_mail(&mut tx, &row).await?;
    store::replace_readers(&mut tx, row.id, &users).await?;
    tx.created(row.doc(), &row)?;
    let out = out(&mut tx, row).await?;
    tx.commit(out).await
}

/// Changes a mail.
pub async fn change(cx: &Cx, id: Id, mut input: PutMail) -> Result<MailOut> {
    let mut tx = begin!(cx, "reports.change_mail", &(id, &input));
    let old = store::lock_mail(&mut tx, id).await?;
    tx.authorize(&MAIL_WRITE, &old)?;
    if input.version.is_some_and(|seen| seen != old.version) {
        return Err(Error::stale());
    }
    let users = check(cx, &mut tx, &mut input).await?;
    let mut new = MailRow { version: old.version + 1, ..old.clone() };
    let now = tx.now();
    fill(cx, &mut new, &input, now)?;
    store::update_mail(&mut tx, &old, &new).await?;
    store::replace_readers(&mut tx, id, &users).await?;
    tx.changed(new.doc(), &old, &new)?;
    let out = out(&mut tx, new).await?;
    tx.commit(out).await
}

/// Plans the letters of a day; returns how many are new.
async fn plan_in(tx: &mut Tx, mail: &MailRow, at: Ts) -> Result<usize> {
    let (day, now) = (date_of(tx.cx().zone_of(mail.org_id), at).to_string(), tx.now());
    let mut planned = 0;
    for reader in store::select_readers(tx, mail.id).await? {
        let row = SendingRow {
            id: tx.id(),
            mail_id: mail.id,
            user_id: reader.id,
            day: day.clone(),
            state: SendState::Waiting,
            note: String::new(),
            rows: 0,
            planned_at: now,
            ended_at: None,
        };
        if store::insert_sending(tx, &row).await? {
            tx.enqueue(SEND, &Sending { id: row.id }, None)?;
            planned += 1;
        }
    }
    Ok(planned)
}

/// Sends today's mail at once, to those who did not get it yet.
///
/// Errors: `mail.sent_today`.
pub async fn send_now(cx: &Cx, id: Id) -> Result<MailOut> {
    let mut tx = begin!(cx, "reports.send_mail_now", &id);
    let row = store::lock_mail(&mut tx, id).await?;
    tx.authorize(&MAIL_WRITE, &row)?;
    let now = tx.now();
    if plan_in(&mut tx, &row, now).await? == 0 {
        let text = T("今天的邮件已经发过", "Today's mail was sent already");
        return Err(Error::Conflict(RuleError::new("mail.sent_today", text)));
    }
    tx.log(row.doc(), "sent_now", json!({}));
    let out = out(&mut tx, row).await?;
    tx.commit(out).await
}

/// Plans the letters of every mail whose time has come.
pub async fn plan_due(cx: Cx) -> Result<()> {
    let mut conn = cx.read().await?;
    let due = store::select_due(&mut conn, cx.now()).await?;
    drop(conn);
    for id in due {
        plan_one(&cx, id).await?;
    }
    Ok(())
}

/// Another node may have been faster: then its time is no longer due. What was missed while the server was down goes
/// out once.
async fn plan_one(cx: &Cx, id: Id) -> Result<()> {
    let mut tx = begin!(cx, "reports.plan_mail", &id);
    let old = store::lock_mail(&mut tx, id).await?;
    let now = tx.now();
    if old.paused || old.next_at > now {
        return Ok(());
    }
    plan_in(&mut tx, &old, old.next_at).await?;
    let next_at = rules::next_at(old.every, old.day, old.minute, now, &cx.zone_of(old.org_id));
    store::set_next(&mut tx, id, next_at).await?;
    tx.commit(()).await
}

/// Sends one letter with the reader's own rights; whatever the reader may not see is not in it.
pub async fn send(cx: Cx, sending: Sending) -> Result<()> {
    let mut conn = cx.read().await?;
    let letter = store::get_sending(&mut conn, sending.id).await?;
    let mail = store::get_mail(&mut conn, letter.mail_id).await?;
    drop(conn);
    if matches!(letter.state, SendState::Sent | SendState::Skipped) {
        return Ok(());
    }
    let (state, note, rows) = match compose::deliver(&cx, &mail, &letter).await {
        Ok(compose::Outcome::Sent(rows)) => {
            (SendState::Sent, String::new(), i64::try_from(rows).unwrap_or(0))
        }
        Ok(compose::Outcome::Skipped(why)) => (SendState::Skipped, why.get(cx.lang).to_string(), 0),
        Err(error) => {
            // Told in a transaction of its own: the job is tried again.
            note_failure(&Cx::system(&cx.app), letter.id, &error).await?;
            return Err(error);
        }
    };
    let mut tx = begin!(cx, "reports.mail_sent", &letter.id);
    let now = tx.now();
    store::end_sending(&mut tx, letter.id, state, &note, rows, now).await?;
    if state == SendState::Sent {
        kit::notify::log_mail_in(&mut tx, letter.user_id, &mail.name).await?;
    }
    tx.log(
        mail.doc(),
        "mailed",
        json!({ "user": letter.user_id, "day": letter.day, "state": state, "rows": rows }),
    );
    tx.commit(()).await
}

async fn note_failure(cx: &Cx, id: Id, error: &Error) -> Result<()> {
    let mut tx = begin!(cx, "reports.mail_failed", &id);
    let now = tx.now();
    let note: String = error.to_string().chars().take(200).collect();
    store::end_sending(&mut tx, id, SendState::Failed, &note, 0, now).await?;
    tx.commit(()).await
}
