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

/// Columns of the documents that came to their end.
const PAPERS: &str = "no,template,title,stage,owner,org,late,created_at,ended_at";

/// Parts that a letter names.
const MAILED_PARTS: usize = 5;

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
    let Made { body, files, rows } = match content(&reader, mail, letter).await {
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
    let enclose = |(what, bytes)| Enclosure { name: format!("{subject}{what}.xlsx"), mime: XLSX, bytes };
    let enclosures = files.into_iter().map(enclose).collect();
    let key = letter.id.to_string();
    let letter = Letter { address: &address, subject: &subject, body: &body, enclosures, key: &key };
    notify::deliver(&cx.app, letter).await?;
    Ok(Outcome::Sent(rows))
}

/// A letter that was made: files with what distinguishes their names, and the rows in them.
struct Made {
    body: String,
    files: Vec<(String, Vec<u8>)>,
    rows: usize,
}

async fn content(cx: &Cx, mail: &MailRow, letter: &SendingRow) -> Result<Made> {
    let mut papers = None;
    let (list, asked, mut body) = match mail.content {
        Content::List => (mail.list_key.as_str(), ListQuery::read(&mail.query)?, String::new()),
        Content::Summary => {
            let sent = Date::parse_iso(&letter.day).unwrap_or_else(|_| date_of(cx, cx.now()));
            let (from, to) = rules::covered(mail.every, sent, mail.minute);
            papers = finished_documents(cx, Period { from, to }).await?;
            let filter = format!("done_at~gte~{from};done_at~lte~{to}");
            let asked =
                ListQuery { filter: Some(filter), columns: Some(RECORD.into()), ..ListQuery::default() };
            ("orders", asked, figures(cx, Period { from, to }).await?)
        }
    };
    let (file, rows) = lists::workbook_of(cx, list, &asked).await?;
    body.push_str(&T("附件共 {n} 行。", "{n} rows are attached.").fill(cx.lang, &[("n", rows.to_string())]));
    let mut made = Made { body, files: vec![(String::new(), file)], rows };
    if let Some((file, more)) = papers {
        let text = T(
            "\n另附办结的流程单据 {n} 行。",
            "\n{n} rows of process documents that came to their end are attached too.",
        );
        made.body.push_str(&text.fill(cx.lang, &[("n", more.to_string())]));
        made.files.push((format!(" {}", cx.t(T("流程单据", "documents"))), file));
        made.rows += more;
    }
    made.body.push_str(&format!("\n{}", cx.app.config.public_url));
    Ok(made)
}

/// Process documents that came to their end, for companies whose work is not only orders; none: there are none, or the
/// reader may not see them.
async fn finished_documents(cx: &Cx, period: Period) -> Result<Option<(Vec<u8>, usize)>> {
    let filter = format!("own~eq~true;ended_at~gte~{};ended_at~lte~{}", period.from, period.to);
    let columns = Some(PAPERS.into());
    let asked = ListQuery { filter: Some(filter), columns, ..ListQuery::default() };
    match lists::workbook_of(cx, "documents", &asked).await {
        Ok((_, 0)) | Err(Error::Forbidden(_)) => Ok(None),
        Ok(found) => Ok(Some(found)),
        Err(other) => Err(other),
    }
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
    line(T("投诉", "Complaints"), totals.complaints.to_string());
    let used = board.parts.iter().take(MAILED_PARTS).map(|line| {
        format!("{} {} {}", line.part.code, line.part.name, kit::format::qty(line.part.quantity))
    });
    let used: Vec<String> = used.collect();
    line(T("用得最多的备件", "Parts used most"), if used.is_empty() { "—".into() } else { used.join("、") });
    let models: Vec<String> = board.models.iter().map(|m| format!("{} {}", m.name, m.faults)).collect();
    line(T("机型故障", "Faults by model"), if models.is_empty() { "—".into() } else { models.join("、") });
    let kinds = board.documents.iter().filter(|kind| kind.done + kind.running > 0);
    let kinds: Vec<String> = kinds.map(|kind| kind_words(cx, kind)).collect();
    if !kinds.is_empty() {
        line(T("流程单据", "Process documents"), kinds.join("、"));
    }
    let regions: Vec<String> =
        board.regions.iter().map(|area| format!("{} {}", area.region, area.orders)).collect();
    line(T("区域", "Areas"), if regions.is_empty() { "—".into() } else { regions.join("、") });
    Ok(text)
}

fn kind_words(cx: &Cx, kind: &board::KindLine) -> String {
    let text =
        T("{name} 办结 {done}，进行中 {running}", "{name}: {done} brought to an end, {running} running");
    text.fill(
        cx.lang,
        &[
            ("name", board::kind_label(cx, kind).to_string()),
            ("done", kind.done.to_string()),
            ("running", kind.running.to_string()),
        ],
    )
}
