//! The letter itself: made as its reader, and handed to the mail host.

use kernel::{Date, T};
use kit::{
    Cx, Error, Result,
    format::date_of,
    lists::{self, ListQuery},
    notify::{self, Enclosure, Letter},
};

use super::{
    model::{Content, MailRow, SendingRow},
    rules,
};
use crate::{
    board::{self, Period},
    perms::BOARD_READ,
};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Columns of the record of what was repaired (WO-35).
const RECORD: &str = "no,customer,model,serial,symptom,kind_name,warranty,cause,fix_class,callback_class,engineer,level,created_at,done_at";

/// What became of a letter.
pub enum Outcome {
    /// Handed over, with so many rows.
    Sent(usize),
    /// Not sent, and won't be.
    Skipped(T),
}

/// Makes the letter with the reader's rights and sends it.
pub async fn deliver(cx: &Cx, mail: &MailRow, letter: &SendingRow) -> Result<Outcome> {
    if cx.app.config.smtp.is_empty() {
        return Ok(Outcome::Skipped(T("没有配置邮件服务器", "No mail host is configured")));
    }
    let mut conn = cx.read().await?;
    let address = notify::address_of(&mut conn, letter.user_id).await?;
    drop(conn);
    let Some(address) = address else {
        return Ok(Outcome::Skipped(T("收件人没有邮箱", "The reader has no mail address")));
    };
    let Some(actor) = cx.app.directory.by_user(&cx.app.db, letter.user_id, cx.now()).await? else {
        return Ok(Outcome::Skipped(T("收件账号已停用", "The reader's account is closed")));
    };
    let reader = Cx::with_actor(&cx.app, actor);
    let (body, file, rows) = match content(&reader, mail, letter).await {
        Ok(made) => made,
        Err(Error::Forbidden(_) | Error::NotFound) => {
            return Ok(Outcome::Skipped(T("收件人无权查看或导出", "The reader may not see or export it")));
        }
        Err(Error::Invalid(_)) => {
            return Ok(Outcome::Skipped(T("筛选条件已失效", "The filter no longer works")));
        }
        Err(other) => return Err(other),
    };
    let subject = format!("{} {}", mail.name, letter.day);
    let enclosure = Enclosure { name: format!("{subject}.xlsx"), mime: XLSX, bytes: file };
    let key = letter.id.to_string();
    let letter =
        Letter { address: &address, subject: &subject, body: &body, enclosures: vec![enclosure], key: &key };
    notify::deliver(&cx.app, letter).await?;
    Ok(Outcome::Sent(rows))
}

async fn content(cx: &Cx, mail: &MailRow, letter: &SendingRow) -> Result<(String, Vec<u8>, usize)> {
    let (list, asked, mut body) = match mail.content {
        Content::List => (mail.list_key.as_str(), ListQuery::read(&mail.query)?, String::new()),
        Content::Summary => {
            let sent = Date::parse_iso(&letter.day).unwrap_or_else(|_| date_of(cx, cx.now()));
            let (from, to) = rules::covered(mail.every, sent, mail.minute);
            let filter = format!("done_at~gte~{from};done_at~lte~{to}");
            let asked =
                ListQuery { filter: Some(filter), columns: Some(RECORD.into()), ..ListQuery::default() };
            ("orders", asked, figures(cx, Period { from, to }).await?)
        }
    };
    let (file, rows) = lists::workbook_of(cx, list, &asked).await?;
    body.push_str(&T("附件共 {n} 行。", "{n} rows are attached.").fill(cx.lang, &[("n", rows.to_string())]));
    body.push_str(&format!("\n{}", cx.app.config.public_url));
    Ok((body, file, rows))
}

/// The figures of the days in words, for those who may see them.
async fn figures(cx: &Cx, period: Period) -> Result<String> {
    let mut text = format!("{} — {}\n", period.from, period.to);
    if !cx.can(&BOARD_READ) {
        return Ok(text);
    }
    let board = board::figures(cx, period, board::TOP).await?;
    let totals = &board.totals;
    let mut line = |label: T, value: String| text.push_str(&format!("{}：{value}\n", label.get(cx.lang)));
    line(T("受理", "Opened"), totals.taken.to_string());
    line(T("完工", "Done"), totals.done.to_string());
    line(T("按时完工", "On time"), format!("{}/{}", totals.on_time.hits, totals.on_time.of));
    line(T("一次修复", "Fixed first time"), format!("{}/{}", totals.first_fix.hits, totals.first_fix.of));
    line(T("重复维修", "Repeat repairs"), format!("{}/{}", totals.repeat.hits, totals.repeat.of));
    line(T("回访满意", "Satisfied"), format!("{}/{}", totals.satisfied.hits, totals.satisfied.of));
    let models: Vec<String> = board.models.iter().map(|m| format!("{} {}", m.name, m.orders)).collect();
    line(T("机型故障", "Faults by model"), if models.is_empty() { "—".into() } else { models.join("、") });
    let regions: Vec<String> =
        board.regions.iter().map(|area| format!("{} {}", area.region, area.orders)).collect();
    line(T("区域", "Areas"), if regions.is_empty() { "—".into() } else { regions.join("、") });
    Ok(text)
}
