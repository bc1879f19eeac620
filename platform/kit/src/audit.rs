//! Audit (PLAT-01): who did what, when, from where, for whom, with a field diff; tamper-evident.
//!
//! Each row carries an HMAC of its content when written. A sealer then chains rows in blocks: a block's HMAC
//! covers the previous block's and the HMACs of its rows, so changing or removing any row shows, while writers
//! on PostgreSQL never queue for a chain head (ADR 0004).

use db::{Conn, Db, Sql, Val, args};
use hmac::{Hmac, Mac};
use kernel::{Id, T, Ts};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use crate::{Cx, DocRef, Result, Tx};

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
    let detail = match fingerprint(row.detail) {
        Some(kept) => kept.to_string(),
        None => detail_mac(key, row.id, row.detail),
    };
    for text in [row.command, row.doc_kind, row.action, detail.as_str(), row.user_name, row.ip, row.doc_no] {
        mac.update(&(text.len() as u64).to_be_bytes());
        mac.update(text.as_bytes());
    }
    mac.finalize().into_bytes().to_vec()
}

/// What stands for the content of an entry in its signature, so that the content may be erased and the entry still be
/// proven. Keyed: nobody finds a telephone number by trying all of them.
fn detail_mac(key: &[u8], id: Id, detail: &str) -> String {
    let mut mac = new_mac(key);
    mac.update(b"detail");
    mac.update(id.0.as_bytes());
    mac.update(detail.as_bytes());
    kernel::hex(&mac.finalize().into_bytes())
}

/// Before and after the fingerprint of a content that was erased.
const ERASED: (&str, &str) = ("{\"erased\":\"", "\"}");

fn fingerprint(detail: &str) -> Option<&str> {
    let kept = detail.strip_prefix(ERASED.0)?.strip_suffix(ERASED.1)?;
    (kept.len() == 64 && kept.bytes().all(|b| b.is_ascii_hexdigit())).then_some(kept)
}

/// Entries about these documents that name one of these values give their content up for its fingerprint; returns how
/// many. Who did what, when and to which document stays, and so does the proof of the chain.
pub(crate) async fn erased(tx: &mut Tx, docs: &[Id], told: &[String]) -> Result<i64> {
    let key = tx.cx().app.audit_key;
    // As it stands in JSON.
    let told: Vec<String> =
        told.iter().map(|text| json!(text).to_string().trim_matches('"').to_string()).collect();
    let mut count = 0;
    for docs in docs.chunks(400) {
        let mut sql = Sql::new("select seq, id, detail from audit where doc_id in ");
        sql.list(docs.iter().copied());
        let rows: Vec<(i64, Id, String)> = tx.all_sql(sql).await?;
        for (seq, id, detail) in rows {
            if fingerprint(&detail).is_some() || !told.iter().any(|text| detail.contains(text.as_str())) {
                continue;
            }
            let kept = format!("{}{}{}", ERASED.0, detail_mac(&key, id, &detail), ERASED.1);
            tx.exec("update audit set detail = $2 where seq = $1", args![seq, kept]).await?;
            count += 1;
        }
    }
    Ok(count)
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
        Some(actor) => (actor.user, cx.signature(), cx.on_behalf()),
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
pub(crate) const BLOCK: i64 = 5000;

/// PostgreSQL hands out row numbers before a transaction commits. A block's end is written down this long before the
/// block is sealed, so that whoever got a smaller number has committed (kit's transactions are cut off earlier).
pub(crate) const SETTLE: i64 = 60_000_000;

/// Where the chain ends.
struct Head {
    number: i64,
    /// Last row of the newest block.
    last: i64,
    /// Its HMAC; none while it settles.
    mac: Option<Vec<u8>>,
    at: Ts,
}

/// Chains rows that are not in a block yet; returns how many. Rows are never touched again: a block is a range of
/// their numbers.
pub async fn seal(db: &Db, key: &[u8], now: Ts) -> Result<u64> {
    let settle = if db.engine() == db::Engine::Sqlite { 0 } else { SETTLE };
    // Asked every second: most of the time there is nothing to do, which one reading shows.
    let mut conn = db.read().await?;
    let head = head(&mut conn, now).await?;
    let idle = match head.mac {
        None => now.0 - head.at.0 < settle,
        Some(_) => !any_after(&mut conn, head.last).await?,
    };
    drop(conn);
    if idle {
        return Ok(0);
    }
    let mut tx = db.begin().await?;
    db::dialect::advisory_lock(&mut tx, 0x4155_4454).await?;
    let mut head = self::head(&mut tx, now).await?;
    let mut sealed = 0;
    if head.mac.is_none() && now.0 - head.at.0 >= settle {
        sealed += close_block(&mut tx, key, &mut head, now).await?;
    }
    if head.mac.is_some() && open_block(&mut tx, &mut head, now).await? && settle == 0 {
        sealed += close_block(&mut tx, key, &mut head, now).await?;
    }
    tx.commit().await?;
    Ok(sealed)
}

async fn head(conn: &mut Conn, now: Ts) -> Result<Head> {
    let newest: Option<(i64, i64, Option<Vec<u8>>, Ts)> = conn
        .opt("select number, last_seq, mac, at from audit_block order by number desc limit 1", vec![])
        .await?;
    Ok(newest.map_or(Head { number: 0, last: 0, mac: Some(Vec::new()), at: now }, |row| Head {
        number: row.0,
        last: row.1,
        mac: row.2,
        at: row.3,
    }))
}

async fn any_after(conn: &mut Conn, seq: i64) -> Result<bool> {
    let found: Option<i64> =
        conn.scalar_opt("select 1 from audit where seq > $1 limit 1", args![seq]).await?;
    Ok(found.is_some())
}

/// Writes down where the next block will end; false when there is nothing new.
async fn open_block(conn: &mut Conn, head: &mut Head, now: Ts) -> Result<bool> {
    let last: Option<i64> = conn
        .scalar(
            "select max(n.seq) from (select seq from audit where seq > $1 order by seq limit $2) n",
            args![head.last, BLOCK],
        )
        .await?;
    let Some(last) = last else { return Ok(false) };
    *head = Head { number: head.number + 1, last, mac: None, at: now };
    conn.exec(
        "insert into audit_block (number, last_seq, at) values ($1, $2, $3)",
        args![head.number, head.last, now],
    )
    .await?;
    Ok(true)
}

/// Seals the newest block; returns how many rows it holds.
async fn close_block(conn: &mut Conn, key: &[u8], head: &mut Head, now: Ts) -> Result<u64> {
    let before: Option<(i64, Vec<u8>)> =
        conn.opt("select last_seq, mac from audit_block where number = $1", args![head.number - 1]).await?;
    let (first, previous) = before.unwrap_or_default();
    let macs: Vec<(Vec<u8>,)> = conn
        .all("select mac from audit where seq > $1 and seq <= $2 order by seq", args![first, head.last])
        .await?;
    let mac = block_mac(key, head.number, &previous, macs.iter().map(|row| row.0.as_slice()));
    conn.exec(
        "update audit_block set size = $2, mac = $3, at = $4 where number = $1",
        args![head.number, macs.len(), mac.clone(), now],
    )
    .await?;
    head.mac = Some(mac);
    Ok(macs.len() as u64)
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
    let (mut previous, mut last): (Vec<u8>, i64) = (Vec::new(), 0);
    let mut expected = 1;
    loop {
        let block: Option<(i64, i64, i64, Vec<u8>)> = conn
            .opt(
                "select number, last_seq, size, mac from audit_block where number >= $1 and mac is not null
                 order by number limit 1",
                args![expected],
            )
            .await?;
        let Some((number, end, size, mac)) = block else { break };
        if number != expected {
            broken.push(format!("audit: block {expected} is missing"));
        }
        let rows = rows_between(conn, last, end, i64::MAX).await?;
        check_rows(key, &rows, &mut broken);
        if rows.len() as i64 != size
            || block_mac(key, number, &previous, rows.iter().map(|r| r.mac.as_slice())) != mac
        {
            broken.push(format!("audit: block {number} does not match its rows"));
        }
        (previous, last) = (mac, end);
        expected = number + 1;
    }
    let open = rows_between(conn, last, i64::MAX, 100_000).await?;
    check_rows(key, &open, &mut broken);
    Ok(broken)
}

async fn rows_between(conn: &mut Conn, after: i64, to: i64, limit: i64) -> Result<Vec<StoredRow>> {
    let sql = format!(
        "select {} from audit a where a.seq > $1 and a.seq <= $2 order by a.seq limit $3",
        StoredRow::cols("a")
    );
    Ok(conn.all(&sql, args![after, to, limit]).await?)
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

/// The newest `limit` entries of a document, their contents as the caller may see them.
pub async fn history(cx: &Cx, conn: &mut Conn, kind: &str, id: Id, limit: i64) -> Result<Vec<HistoryRow>> {
    let sql = format!(
        "select {} from audit a where a.doc_id = $2 and a.doc_kind = $1 order by a.seq desc limit $3",
        HistoryRow::cols("a")
    );
    let mut rows: Vec<HistoryRow> = conn.all(&sql, args![kind, id, limit]).await?;
    let content = crate::veil::Content::of(cx);
    rows.iter_mut().for_each(|row| row.detail = content.shown(&row.detail));
    Ok(rows)
}

/// What an action is called for people: as the module says that logs it, or as its state table names the move;
/// others are shown by their code.
pub fn action_label<'a>(cx: &Cx, action: &'a str) -> &'a str {
    cx.app.registry.actions.get(action).map_or(action, |label| cx.t(*label))
}

/// What people call a kind of thing that the log writes about.
pub fn noun(registry: &crate::app::Registry, kind: &str) -> Option<T> {
    registry.docs.get(kind).map(|doc| doc.label).or_else(|| registry.nouns.get(kind).copied())
}

/// Things, no documents, about which the platform itself logs.
pub(crate) const NOUNS: &[(&str, T)] = &[
    ("setting", T("参数", "Parameter")),
    ("list", T("列表", "List")),
    ("view", T("视图", "View")),
    ("job", T("后台任务", "Background work")),
    ("import", T("导入", "Import")),
];

/// Actions that the platform itself logs.
pub(crate) const ACTIONS: &[(&str, T)] = &[
    ("created", T("新建", "created")),
    ("changed", T("修改", "changed")),
    ("done", T("完成", "done")),
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
    ("archived", T("归档", "archived")),
    ("restored", T("恢复档案", "restored")),
    ("deleted", T("删除", "deleted")),
    ("retried", T("重试", "tried again")),
    ("imported", T("导入", "imported")),
    ("uploaded", T("上传导入文件", "import uploaded")),
    ("started", T("开始", "started")),
    ("cancelled", T("中止", "stopped")),
    ("failed", T("失败", "failed")),
    ("undone", T("撤销导入", "import taken back")),
    ("attached", T("上传附件", "file added")),
    ("file_voided", T("撤回附件", "file taken back")),
    ("comment_voided", T("撤回备注", "comment taken back")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diff_lists_only_what_differs_also_added_and_removed_fields() {
        let changes = diff(&json!({"a": 1, "b": 2, "c": 3}), &json!({"a": 1, "b": 5, "d": 4}));
        assert_eq!(changes, json!({"b": [2, 5], "c": [3, null], "d": [null, 4]}));
    }

    #[tokio::test]
    async fn the_log_shows_sensitive_fields_as_the_reader_may_see_them() {
        crate::testing::on_both(async |shop| {
            let doc = DocRef::new("thing", shop.app.id(), "N1");
            let detail = json!({
                "caller_phone": ["13800136027", "13800000778"], "lines": [{ "unit_cost": 1250, "qty": 2 }],
                "address": "苏州市姑苏区人民路 88 号", "state": "new",
            });
            for cx in [&shop.admin, &shop.clerk] {
                let crate::Begun::New(mut tx) = cx.begin("test", &()).await.expect("a transaction") else {
                    panic!("new")
                };
                tx.log(doc.clone(), "changed", detail.clone());
                tx.commit(()).await.expect("committed");
            }
            let told = async |who: &str| shop.get(who, "/api/v1/audit").await.1;
            let history = async |cx: &Cx| {
                let mut conn = cx.read().await.expect("a reader");
                history(cx, &mut conn, "thing", doc.id, 9).await.expect("a history").remove(0).detail
            };
            for (text, full) in [
                (told("admin").await, true),
                (history(&shop.admin).await, true),
                (told("clerk").await, false),
                (history(&shop.clerk).await, false),
            ] {
                for secret in ["13800000778", "13800136027", "1250", "人民路"] {
                    assert_eq!(text.contains(secret), full, "{secret}: {text}");
                }
                assert!(text.contains("N1") || text.contains("new"), "{text}");
                assert!(full || text.contains("138****0778"), "{text}");
            }
        })
        .await;
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
