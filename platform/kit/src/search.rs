//! One search index over everything (DESIGN §6): bigrams for Chinese, fed in the command's transaction.

use db::{Conn, Sql, dialect};
use kernel::{Id, Ts, index_tokens, query_tokens};
use serde::Serialize;

use crate::{
    Cx, Result, Tx, hidden,
    perm::{Scope, Shared},
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
    /// Everything it shall be found by, phone numbers and serials included.
    pub text: &'a str,
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
    hash: String,
    at: Ts,
}

/// Puts a document into the index, or renews it there, with the commit.
pub async fn put_in(tx: &mut Tx, doc: &SearchDoc<'_>) -> Result<()> {
    let text = crate::veil::bare(&format!("{} {} {}", doc.title, doc.sub, doc.text));
    // What comes last is how it is.
    tx.drop_doc(doc.kind, doc.id);
    let pending = Pending {
        kind: doc.kind,
        id: doc.id,
        org: doc.org,
        owner: doc.owner,
        title: doc.title.to_string(),
        sub: doc.sub.to_string(),
        hash: short_hash(&text),
        text,
        at: tx.now(),
    };
    tx.put_doc(pending);
    Ok(())
}

/// Writes what a command put into the index.
pub(crate) async fn write(conn: &mut Conn, docs: Vec<Pending>) -> Result<()> {
    let tokens: Vec<Box<dyn Fn() -> String + Send + Sync + '_>> = docs
        .iter()
        .map(|doc| Box::new(|| index_tokens(&doc.text).join(" ")) as Box<dyn Fn() -> String + Send + Sync>)
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
    let tokens = query_tokens(text);
    if tokens.is_empty() {
        return Ok(Vec::new());
    }
    let engine = conn.engine();
    let mut sql = Sql::new(format!("select {}", Hit::cols("d")));
    dialect::push_search(engine, &mut sql, kind, &tokens);
    let list = cx.app.registry.lists.values().find(|list| list.search_kind == Some(kind));
    let people = |(_, select): Shared| ("d.ref_id", select);
    match list.and_then(|list| list.named) {
        Some(named) => scope.push_named(&mut sql, "d.org_id", "d.owner_id", people(named)),
        None => {
            let shared = list.and_then(|list| list.shared).map(people);
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

/// Appends to a list query the condition that `id` is among the documents found.
pub fn push_condition(engine: db::Engine, sql: &mut Sql, id: &str, kind: &str, text: &str) {
    let tokens = query_tokens(text);
    if tokens.is_empty() {
        return;
    }
    sql.push(&format!(" and {id} in (select d.ref_id"));
    dialect::push_search(engine, sql, kind, &tokens);
    sql.push(&format!("{} limit 2000)", dialect::search_newest(engine)));
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
