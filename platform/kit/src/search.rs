//! One search index over everything (DESIGN §6): bigrams for Chinese, fed in the command's transaction.

use db::{Conn, Sql, dialect};
use kernel::{Id, Ts, index_tokens, phone_key, query_tokens};
use serde::Serialize;

use crate::{
    Cx, Result, Tx, hidden,
    lists::ListSpec,
    perm::{Scope, Sens, Shared, Show},
};

/// What is found: one per document.
pub struct SearchDoc<'a> {
    /// `order`, `customer` …
    pub kind: &'static str,
    /// The document.
    pub id: Id,
    /// Whose it is.
    pub org: Id,
    /// Staff it belongs to, for `own` reach.
    pub owner: Option<Id>,
    /// First line of a hit; shown to everybody in scope, so nothing sensitive belongs here, and what may be made
    /// sensitive is [`crate::veil::marked`].
    pub title: &'a str,
    /// Second line of a hit; the same holds.
    pub sub: &'a str,
    /// Everything it shall be found by, serials included, but nothing of `secret`.
    pub text: &'a str,
    /// Telephone numbers and addresses: found by them is only who sees them. Masked numbers are found by the whole
    /// number or its last four digits, so that nobody can try digit after digit.
    pub secret: &'a [(Sens, &'a str)],
}

/// Before tokens of telephone numbers, of whole numbers and their ends, and of addresses: rare characters that every
/// tokenizer takes for letters, so that no other token looks the same.
const PHONE: char = '\u{3400}';
const WHOLE_PHONE: char = '\u{3401}';
const ADDRESS: char = '\u{3402}';

/// Digits of the shortest whole number, and of the end that masks leave visible.
const SHORTEST_PHONE: usize = 7;
const PHONE_END: usize = 4;

/// Whole numbers that somebody who sees them masked may try in a minute.
const MOST_TRIED: u32 = 20;

/// What the index holds of a document, separated by single spaces.
pub fn words(text: &str, secret: &[(Sens, &str)]) -> String {
    let mut words = index_tokens(text);
    for (kind, value) in secret {
        let marked = |mark: char, token: &str| format!("{mark}{token}");
        let tokens = index_tokens(value);
        match kind {
            Sens::Phone => {
                words.extend(tokens.iter().map(|token| marked(PHONE, token)));
                let whole = phone_key(value);
                if whole.len() >= SHORTEST_PHONE {
                    words.push(marked(WHOLE_PHONE, &whole));
                    words.push(marked(WHOLE_PHONE, &whole[whole.len() - PHONE_END..]));
                }
            }
            _ => words.extend(tokens.iter().map(|token| marked(ADDRESS, token))),
        }
    }
    words.join(" ")
}

/// What this caller's words may be found as, word by word.
///
/// Errors: 429 for trying too many numbers.
fn asked(cx: &Cx, text: &str) -> Result<Vec<Vec<String>>> {
    let (phone, address) = (cx.shows(Sens::Phone), cx.shows(Sens::Address));
    let mut groups = Vec::new();
    for token in query_tokens(text) {
        let mut group = Vec::new();
        let digits = token.bytes().all(|b| b.is_ascii_digit());
        match phone {
            Show::Full if token.bytes().any(|b| b.is_ascii_digit()) => group.push(format!("{PHONE}{token}")),
            Show::Masked if digits => {
                if token.len() >= SHORTEST_PHONE {
                    may_try(cx, &token)?;
                }
                group.push(format!("{WHOLE_PHONE}{token}"));
            }
            _ => {}
        }
        if address == Show::Full {
            group.push(format!("{ADDRESS}{token}"));
        }
        group.push(token);
        groups.push(group);
    }
    Ok(groups)
}

/// Counts the numbers that somebody tries; the same one again, by the next part of a page, is none more.
fn may_try(cx: &Cx, number: &str) -> Result<()> {
    let user = cx.actor.as_ref().map_or(Id::NIL, |actor| actor.user);
    let (limits, now) = (&cx.app.limits, cx.now());
    if limits.hit(&format!("number {user} {number}"), 1, now).is_err() {
        return Ok(());
    }
    let tried = limits.hit(&format!("numbers {user}"), MOST_TRIED, now);
    if tried.is_err() {
        tracing::warn!(%user, "many telephone numbers tried by somebody who sees them masked");
    }
    tried
}

/// A document on its way into the index.
pub(crate) struct Pending {
    pub(crate) kind: &'static str,
    pub(crate) id: Id,
    org: Id,
    owner: Option<Id>,
    title: String,
    sub: String,
    text: String,
    secret: Vec<(Sens, String)>,
    hash: String,
    at: Ts,
}

/// Puts a document into the index, or renews it there, with the commit.
pub async fn put_in(tx: &mut Tx, doc: &SearchDoc<'_>) -> Result<()> {
    let text = crate::veil::bare(&format!("{} {} {}", doc.title, doc.sub, doc.text));
    let secret: Vec<(Sens, String)> =
        doc.secret.iter().map(|(kind, value)| (*kind, (*value).to_string())).collect();
    // What comes last is how it is.
    tx.drop_doc(doc.kind, doc.id);
    let pending = Pending {
        kind: doc.kind,
        id: doc.id,
        org: doc.org,
        owner: doc.owner,
        title: doc.title.to_string(),
        sub: doc.sub.to_string(),
        hash: short_hash(&format!("{text} {secret:?}")),
        text,
        secret,
        at: tx.now(),
    };
    tx.put_doc(pending);
    Ok(())
}

/// Writes what a command put into the index.
pub(crate) async fn write(conn: &mut Conn, docs: Vec<Pending>) -> Result<()> {
    let tokens: Vec<Box<dyn Fn() -> String + Send + Sync + '_>> = docs
        .iter()
        .map(|doc| {
            let secret =
                || doc.secret.iter().map(|(kind, value)| (*kind, value.as_str())).collect::<Vec<_>>();
            Box::new(move || words(&doc.text, &secret())) as Box<dyn Fn() -> String + Send + Sync>
        })
        .collect();
    let rows: Vec<_> = docs
        .iter()
        .zip(&tokens)
        .map(|(doc, tokens)| dialect::SearchRow {
            kind: doc.kind,
            ref_id: doc.id,
            org: doc.org,
            owner: doc.owner,
            title: &doc.title,
            sub: &doc.sub,
            hash: &doc.hash,
            tokens: &**tokens,
            at: doc.at,
        })
        .collect();
    Ok(dialect::search_put_all(conn, &rows).await?)
}

/// Takes a document out of the index: it is no longer there.
pub async fn remove_in(tx: &mut Tx, kind: &str, id: Id) -> Result<()> {
    tx.drop_doc(kind, id);
    Ok(dialect::search_remove(tx, kind, id).await?)
}

fn short_hash(text: &str) -> String {
    use sha2::{Digest, Sha256};
    kernel::hex(&Sha256::digest(text.as_bytes())[..8])
}

db::row! {
    /// One hit.
    #[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
    pub struct Hit {
        /// Document kind.
        pub kind: String,
        /// Document.
        pub ref_id: Id,
        /// First line.
        pub title: String,
        /// Second line.
        pub sub: String,
        /// Last change.
        pub at: Ts,
    }
}

/// Rows looked at in one search: a broad word must not sort a million hits.
const WIDEST: i64 = 200;

/// Hits of one kind within a scope (of people who are named too, where its list knows them), newest first among the first [`WIDEST`].
pub async fn find(
    cx: &Cx,
    conn: &mut Conn,
    kind: &str,
    scope: &Scope,
    text: &str,
    limit: usize,
) -> Result<Vec<Hit>> {
    let tokens = asked(cx, text)?;
    if tokens.is_empty() {
        return Ok(Vec::new());
    }
    let engine = conn.engine();
    let mut sql = Sql::new(format!("select {}", Hit::cols("d")));
    dialect::push_search(engine, &mut sql, kind, &tokens);
    let list = list_of(cx, kind);
    match list.and_then(|list| list.named) {
        Some(named) => push_named(&mut sql, scope, named),
        None => {
            let shared = list.and_then(|list| list.shared).map(|(_, select)| ("d.ref_id", select));
            scope.push_shared(&mut sql, "d.org_id", Some("d.owner_id"), shared);
        }
    }
    if list.is_some_and(|list| !list.hides.is_empty()) {
        hidden::leave_out(&hidden::of(cx, conn).await?, "d.ref_id", &mut sql);
    }
    sql.push(&format!("{} limit {WIDEST}", dialect::search_newest(engine)));
    let mut hits: Vec<Hit> = conn.all_sql(sql).await?;
    hits.sort_by_key(|hit| std::cmp::Reverse(hit.at));
    hits.truncate(limit);
    for hit in &mut hits {
        (hit.title, hit.sub) = (crate::veil::shown(cx, &hit.title), crate::veil::shown(cx, &hit.sub));
    }
    Ok(hits)
}

/// Appends to a list query the condition that `id` is among the documents found: all of them, or of a broad word the
/// newest `most`. Rows out of `scope` are left to the list, which knows more of them than the index; those of other
/// organisations are out here already, so that they take no place among the newest.
pub fn push_condition(
    cx: &Cx,
    sql: &mut Sql,
    id: &str,
    (kind, scope): (&str, &Scope),
    text: &str,
    most: Option<i64>,
) -> Result<()> {
    let tokens = asked(cx, text)?;
    if tokens.is_empty() {
        return Ok(());
    }
    sql.push(&format!(" and {id} in (select d.ref_id"));
    push_hits(cx, sql, kind, scope, &tokens, most);
    sql.push(")");
    Ok(())
}

/// True when a word is so broad that there are `most` documents or more.
pub async fn is_broad(
    cx: &Cx,
    conn: &mut Conn,
    (kind, scope): (&str, &Scope),
    text: &str,
    most: i64,
) -> Result<bool> {
    let tokens = asked(cx, text)?;
    if tokens.is_empty() {
        return Ok(false);
    }
    let mut sql = Sql::new("select count(*) from (select 1 as one");
    push_hits(cx, &mut sql, kind, scope, &tokens, Some(most));
    sql.push(") hits");
    let (text, args) = sql.into_parts();
    let found: i64 = conn.scalar(&text, args).await?;
    Ok(found >= most)
}

fn push_hits(cx: &Cx, sql: &mut Sql, kind: &str, scope: &Scope, tokens: &[Vec<String>], most: Option<i64>) {
    let engine = cx.app.db.engine();
    dialect::push_search(engine, sql, kind, tokens);
    match (list_of(cx, kind).and_then(|list| list.named), scope) {
        (Some(named), _) => push_named(sql, scope, named),
        (None, Scope::Orgs(_)) => scope.push(sql, "d.org_id", None),
        (None, _) => {}
    }
    if let Some(most) = most {
        sql.push(&format!("{} limit {most}", dialect::search_newest(engine)));
    }
}

fn list_of<'a>(cx: &'a Cx, kind: &str) -> Option<&'a ListSpec> {
    cx.app.registry.lists.values().find(|list| list.search_kind == Some(kind))
}

fn push_named(sql: &mut Sql, scope: &Scope, (_, select): Shared) {
    scope.push_named(sql, "d.org_id", "d.owner_id", ("d.ref_id", select));
}

/// Hits over all kinds that the caller may read.
pub async fn everywhere(cx: &Cx, text: &str, per_kind: usize) -> Result<Vec<Hit>> {
    let mut conn = cx.read().await?;
    let mut hits = Vec::new();
    let lists = cx.app.registry.lists.values();
    let mut kinds: Vec<_> = lists.filter_map(|list| Some((list.search_kind?, list))).collect();
    kinds.sort_unstable_by_key(|(kind, _)| *kind);
    kinds.dedup_by_key(|(kind, _)| *kind);
    for (kind, list) in kinds {
        let scope = if list.named.is_some() { cx.scope_named(list.perm) } else { cx.scope(list.perm) };
        if let Ok(scope) = scope {
            hits.extend(find(cx, &mut conn, kind, &scope, text, per_kind).await?);
        }
    }
    Ok(hits)
}
