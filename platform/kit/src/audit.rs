//! Audit (PLAT-01): who did what, when, from where, for whom, with a field diff; tamper-evident.
//!
//! Each row carries an HMAC of its content when written. A sealer then chains rows in blocks: a block's HMAC
//! covers the previous block's and the HMACs of its rows, so changing or removing any row shows, while writers
//! on PostgreSQL never queue for a chain head (ADR 0004).

use db::{Conn, Db, Sql, Val, args};
use hmac::{Hmac, Mac};
use kernel::{Id, Lang, T, Ts};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use crate::{Cx, DocRef, Result};

/// One thing that happened to one document in a command.
pub struct Entry {
    /// Which document.
    pub doc: DocRef,
    /// `created`, `changed` or the verb of the command.
    pub action: &'static str,
    /// Content or `{field: [old, new]}`.
    pub detail: Value,
}

/// Fields that differ between two JSON objects, as `{field: [old, new]}`.
pub fn diff(old: &Value, new: &Value) -> Value {
    let (Value::Object(old), Value::Object(new)) = (old, new) else {
        return if old == new { json!({}) } else { json!({ "value": [old, new] }) };
    };
    let mut changes = Map::new();
    for (key, after) in new {
        let before = old.get(key).unwrap_or(&Value::Null);
        if before != after {
            changes.insert(key.clone(), json!([before, after]));
        }
    }
    for (key, before) in old {
        if !new.contains_key(key) {
            changes.insert(key.clone(), json!([before, Value::Null]));
        }
    }
    Value::Object(changes)
}

struct RowText<'a> {
    id: Id,
    at: Ts,
    command: &'a str,
    user: Id,
    doc_kind: &'a str,
    doc_id: Id,
    action: &'a str,
    detail: &'a str,
    user_name: &'a str,
    on_behalf: Option<Id>,
    ip: &'a str,
    doc_no: &'a str,
}

fn row_mac(key: &[u8], row: &RowText<'_>) -> Vec<u8> {
    let mut mac = new_mac(key);
    for id in [row.id, row.user, row.doc_id, row.on_behalf.unwrap_or(Id::NIL)] {
        mac.update(id.0.as_bytes());
    }
    mac.update(&row.at.0.to_be_bytes());
    for text in [row.command, row.doc_kind, row.action, row.detail, row.user_name, row.ip, row.doc_no] {
        mac.update(&(text.len() as u64).to_be_bytes());
        mac.update(text.as_bytes());
    }
    mac.finalize().into_bytes().to_vec()
}

fn new_mac(key: &[u8]) -> Hmac<Sha256> {
    <Hmac<Sha256> as Mac>::new_from_slice(key).expect("HMAC takes keys of any length")
}

const COLUMNS: &str =
    "id, at, command, user_id, user_name, on_behalf, ip, doc_kind, doc_id, doc_no, action, detail, mac";

/// The statement that writes the entries of a command; one without entries still leaves its own trace.
pub(crate) fn insert(cx: &Cx, command: &'static str, now: Ts, entries: &[Entry]) -> Result<Sql> {
    let plain = [Entry { doc: DocRef::new("", Id::NIL, ""), action: "done", detail: Value::Null }];
    let entries = if entries.is_empty() { &plain[..] } else { entries };
    let mut sql = Sql::new(format!("insert into audit ({COLUMNS}) values "));
    for (index, entry) in entries.iter().enumerate() {
        sql.push(if index == 0 { "" } else { ", " });
        sql.list(values(cx, command, now, entry)?);
    }
    Ok(sql)
}

fn values(cx: &Cx, command: &str, now: Ts, entry: &Entry) -> Result<Vec<Val>> {
    let (user, name, behalf) = match &cx.actor {
        Some(actor) => (actor.user, actor.name.clone(), actor.acting_for.first().copied()),
        None => (Id::NIL, String::new(), None),
    };
    let detail = serde_json::to_string(&entry.detail)?;
    let id = cx.id();
    let row = RowText {
        id,
        at: now,
        command,
        user,
        doc_kind: &entry.doc.kind,
        doc_id: entry.doc.id,
        action: entry.action,
        detail: &detail,
        user_name: &name,
        on_behalf: behalf,
        ip: &cx.req.ip,
        doc_no: &entry.doc.no,
    };
    let mac = row_mac(&cx.app.audit_key, &row);
    Ok(args![
        id,
        now,
        command,
        user,
        name,
        behalf,
        &cx.req.ip,
        &entry.doc.kind,
        entry.doc.id,
        &entry.doc.no,
        entry.action,
        detail,
        mac
    ])
}

/// Records an attempt that was refused, in a transaction of its own.
pub async fn denied(cx: &Cx, what: &str) -> Result<()> {
    let mut tx = cx.app.db.begin().await?;
    let entry = Entry {
        doc: DocRef::new("", Id::NIL, ""),
        action: "denied",
        detail: json!({ "uri": cx.req.uri, "what": what }),
    };
    let mut sql = Sql::new(format!("insert into audit ({COLUMNS}) values "));
    sql.list(values(cx, "denied", cx.now(), &entry)?);
    tx.exec_sql(sql).await?;
    tx.commit().await?;
    Ok(())
}

/// Rows in one block at most.
const BLOCK: i64 = 5000;

/// Chains rows that are not in a block yet; returns how many.
pub async fn seal(db: &Db, key: &[u8], now: Ts) -> Result<u64> {
    let mut tx = db.begin().await?;
    db::dialect::advisory_lock(&mut tx, 0x4155_4454).await?;
    let last: Option<(i64, Vec<u8>)> =
        tx.opt("select number, mac from audit_block order by number desc limit 1", vec![]).await?;
    let (number, previous) = last.unwrap_or((0, Vec::new()));
    let rows: Vec<(Id, Vec<u8>)> =
        tx.all("select id, mac from audit where block is null order by id limit $1", args![BLOCK]).await?;
    let (Some(first), Some(end)) = (rows.first(), rows.last()) else {
        tx.rollback().await?;
        return Ok(0);
    };
    let number = number + 1;
    let marked = tx
        .exec(
            "update audit set block = $1 where block is null and id >= $2 and id <= $3",
            args![number, first.0, end.0],
        )
        .await?;
    if marked != rows.len() as u64 {
        // A writer committed a smaller id between the two statements; the next round takes all of them.
        tx.rollback().await?;
        return Ok(0);
    }
    let mac = block_mac(key, number, &previous, rows.iter().map(|row| row.1.as_slice()));
    tx.exec(
        "insert into audit_block (number, size, mac, at) values ($1, $2, $3, $4)",
        args![number, rows.len(), mac, now],
    )
    .await?;
    tx.commit().await?;
    Ok(marked)
}

fn block_mac<'a>(key: &[u8], number: i64, previous: &[u8], rows: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut mac = new_mac(key);
    mac.update(&number.to_be_bytes());
    mac.update(previous);
    for row in rows {
        mac.update(row);
    }
    mac.finalize().into_bytes().to_vec()
}

db::row! {
    struct StoredRow {
        id: Id, at: Ts, command: String, user_id: Id, doc_kind: String, doc_id: Id, action: String, detail: String,
        user_name: String, on_behalf: Option<Id>, ip: String, doc_no: String, mac: Vec<u8>,
    }
}

/// Proves the chain; returns what is broken, one line each.
pub async fn verify(conn: &mut Conn, key: &[u8]) -> Result<Vec<String>> {
    let mut broken = Vec::new();
    let mut previous: Vec<u8> = Vec::new();
    let mut expected = 1;
    loop {
        let block: Option<(i64, i64, Vec<u8>)> = conn
            .opt(
                "select number, size, mac from audit_block where number >= $1 order by number limit 1",
                args![expected],
            )
            .await?;
        let Some((number, size, mac)) = block else { break };
        if number != expected {
            broken.push(format!("audit: block {expected} is missing"));
        }
        let sql = format!("select {} from audit a where block = $1 order by id", StoredRow::cols("a"));
        let rows: Vec<StoredRow> = conn.all(&sql, args![number]).await?;
        check_rows(key, &rows, &mut broken);
        if rows.len() as i64 != size
            || block_mac(key, number, &previous, rows.iter().map(|r| r.mac.as_slice())) != mac
        {
            broken.push(format!("audit: block {number} does not match its rows"));
        }
        previous = mac;
        expected = number + 1;
    }
    let stray: i64 = conn
        .scalar("select count(*) from audit where block is not null and block >= $1", args![expected])
        .await?;
    if stray > 0 {
        broken.push(format!("audit: {stray} rows name blocks that do not exist"));
    }
    let sql =
        format!("select {} from audit a where block is null order by id limit 100000", StoredRow::cols("a"));
    let open: Vec<StoredRow> = conn.all(&sql, vec![]).await?;
    check_rows(key, &open, &mut broken);
    Ok(broken)
}

fn check_rows(key: &[u8], rows: &[StoredRow], broken: &mut Vec<String>) {
    for row in rows {
        let text = RowText {
            id: row.id,
            at: row.at,
            command: &row.command,
            user: row.user_id,
            doc_kind: &row.doc_kind,
            doc_id: row.doc_id,
            action: &row.action,
            detail: &row.detail,
            user_name: &row.user_name,
            on_behalf: row.on_behalf,
            ip: &row.ip,
            doc_no: &row.doc_no,
        };
        if row_mac(key, &text) != row.mac {
            broken.push(format!("audit: row {} was changed", row.id));
        }
    }
}

db::row! {
    /// One line of a document's history.
    #[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema)]
    pub struct HistoryRow {
        /// When.
        pub at: Ts,
        /// Who.
        pub user_name: String,
        /// Command.
        pub command: String,
        /// What.
        pub action: String,
        /// Content or `{field: [old, new]}` as JSON.
        pub detail: String,
    }
}

/// The newest `limit` entries of a document.
pub async fn history(conn: &mut Conn, kind: &str, id: Id, limit: i64) -> Result<Vec<HistoryRow>> {
    let sql = format!(
        "select {} from audit a where doc_kind = $1 and doc_id = $2 order by a.id desc limit $3",
        HistoryRow::cols("a")
    );
    Ok(conn.all(&sql, args![kind, id, limit]).await?)
}

/// What an action is called in the log; actions without a name of their own are shown by their code.
pub fn action_label(lang: Lang, action: &str) -> &str {
    LABELS.iter().find(|(code, _)| *code == action).map_or(action, |(_, label)| label.get(lang))
}

const LABELS: &[(&str, T)] = &[
    ("created", T("新建", "created")),
    ("changed", T("修改", "changed")),
    ("done", T("完成", "done")),
    ("accept", T("受理", "accepted")),
    ("assign", T("派工", "assigned")),
    ("complete", T("完工", "completed")),
    ("confirm", T("客户确认", "confirmed")),
    ("callback", T("回访", "called back")),
    ("depart", T("出发", "departed")),
    ("arrive", T("到达", "arrived")),
    ("start", T("开工", "started")),
    ("wait", T("等待", "waiting")),
    ("resume", T("恢复", "resumed")),
    ("audit", T("审核", "audited")),
    ("close", T("关闭", "closed")),
    ("reopen", T("重开", "reopened")),
    ("cancel", T("取消", "cancelled")),
    ("terminate", T("终止", "terminated")),
    ("pay", T("计算薪酬", "pay computed")),
    ("lines", T("明细变更", "lines changed")),
    ("warned", T("时限预警", "deadline near")),
    ("breached", T("超时", "deadline passed")),
    ("revealed", T("查看敏感信息", "revealed")),
    ("exported", T("导出", "exported")),
    ("commented", T("备注", "commented")),
    ("signed_in", T("登录", "signed in")),
    ("signed_out", T("退出", "signed out")),
    ("denied", T("拒绝访问", "refused")),
    ("roles", T("角色变更", "roles changed")),
    ("password_set", T("设置密码", "password set")),
    ("token", T("签发令牌", "token issued")),
    ("rule", T("规则变更", "rule changed")),
    ("merged", T("合并", "merged")),
    ("archived", T("归档", "archived")),
    ("restored", T("恢复档案", "restored")),
    ("deleted", T("删除", "deleted")),
    ("answered", T("答复", "answered")),
    ("imported", T("导入", "imported")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diff_lists_only_what_differs_also_added_and_removed_fields() {
        let changes = diff(&json!({"a": 1, "b": 2, "c": 3}), &json!({"a": 1, "b": 5, "d": 4}));
        assert_eq!(changes, json!({"b": [2, 5], "c": [3, null], "d": [null, 4]}));
    }

    #[test]
    fn changing_any_part_of_a_row_changes_its_mac() {
        let row = |detail, action| RowText {
            id: Id::NIL,
            at: Ts(1),
            command: "c",
            user: Id::NIL,
            doc_kind: "k",
            doc_id: Id::NIL,
            action,
            detail,
            user_name: "",
            on_behalf: None,
            ip: "",
            doc_no: "",
        };
        let base = row_mac(b"key", &row("x", "y"));
        assert_ne!(base, row_mac(b"key", &row("xy", "")));
        assert_ne!(base, row_mac(b"other", &row("x", "y")));
    }
}
