//! One search index over everything (DESIGN §6): bigrams for Chinese, fed in the command's transaction.

use std::collections::HashSet;

use db::{Conn, Sql, dialect};
use kernel::{Id, Ts, index_tokens, phone_key, query_tokens};
use serde::Serialize;

use crate::{
    Cx, Error, Result, Tx, audit, hidden,
    lists::ListSpec,
    perm::{Scope, Sens, Show},
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

/// Before tokens of telephone numbers, of whole numbers and their ends, of addresses, and of the organisation a
/// document belongs to: characters that no token of a text holds ([`kernel::search::MARKS`]).
const PHONE: char = '\u{3400}';
const WHOLE_PHONE: char = '\u{3401}';
const ADDRESS: char = '\u{3402}';
const ORG: char = '\u{3403}';

/// Digits of the shortest whole number, and of the end that masks leave visible.
const SHORTEST_PHONE: usize = 7;
const PHONE_END: usize = 4;

/// Whole numbers that somebody who sees them masked may try in a minute, and in a day.
const MOST_TRIED: u32 = 20;
const MOST_TRIED_TODAY: u32 = 400;

/// Organisations that are asked for in the index itself. Who sees more sees so much that the newest hits are his.
const MOST_ORGS: usize = 32;

/// What the index holds of a document, separated by single spaces.
pub fn words(org: Id, text: &str, secret: &[(Sens, &str)]) -> String {
    let mut words = index_tokens(text);
    words.push(org_token(org));
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
                    words.extend(local(&whole).map(|local| marked(WHOLE_PHONE, local)));
                }
            }
            _ => words.extend(tokens.iter().map(|token| marked(ADDRESS, token))),
        }
    }
    words.join(" ")
}

/// A landline without its area code, as it is given within the town.
fn local(whole: &str) -> Option<&str> {
    let area = if whole.starts_with("01") || whole.starts_with("02") { 3 } else { 4 };
    let local = whole.get(area..).filter(|_| whole.starts_with('0'));
    local.filter(|local| matches!(local.len(), 7 | 8))
}

/// The random half of the id; the statement compares the whole one.
fn org_token(org: Id) -> String {
    format!("{ORG}{:016x}", org.0.as_u128() & u128::from(u64::MAX))
}

/// True for digits that can be a whole telephone number: mobile, landline with or without area code, service number.
/// Not for its beginnings, which are asked for while somebody types, nor for most serials.
fn is_number(digits: &str) -> bool {
    let most = digits.len();
    digits.bytes().all(|b| b.is_ascii_digit())
        && match digits.bytes().next() {
            Some(b'0') => matches!(most, 10..=12),
            Some(b'1') => most == 11,
            Some(b'4' | b'8') => matches!(most, 7 | 8 | 10..=12),
            Some(b'2'..=b'7') => matches!(most, 7 | 8),
            _ => false,
        }
}

/// What this caller's words may be found as, word by word.
async fn asked(cx: &Cx, text: &str) -> Vec<Vec<String>> {
    let (phone, address) = (cx.shows(Sens::Phone), cx.shows(Sens::Address));
    let mut groups = Vec::new();
    for token in query_tokens(text) {
        let mut group = Vec::new();
        match phone {
            Show::Full if token.bytes().any(|b| b.is_ascii_digit()) => group.push(format!("{PHONE}{token}")),
            Show::Masked => {
                let end = token.len() == PHONE_END && token.bytes().all(|b| b.is_ascii_digit());
                if end || (is_number(&token) && may_try(cx, &token).await) {
                    group.push(format!("{WHOLE_PHONE}{token}"));
                }
            }
            _ => {}
        }
        if address == Show::Full {
            group.push(format!("{ADDRESS}{token}"));
        }
        group.push(token);
        groups.push(group);
    }
    groups
}

fn tried_key(cx: &Cx, number: &str) -> String {
    format!("number {} {number}", cx.actor.as_ref().map_or(Id::NIL, |actor| actor.user))
}

/// Counts the numbers that somebody tries, whether there is such a number or not. The same one again is none more; one
/// that was refused stays refused until the limit lets it pass.
async fn may_try(cx: &Cx, number: &str) -> bool {
    let user = cx.actor.as_ref().map_or(Id::NIL, |actor| actor.user);
    let (limits, now, key) = (&cx.app.limits, cx.now(), tried_key(cx, number));
    if limits.seen_today(&key, now) {
        return true;
    }
    let numbers = format!("numbers {user}");
    let within = limits
        .hit(&numbers, MOST_TRIED, now)
        .and_then(|()| limits.hit_today(&numbers, MOST_TRIED_TODAY, now));
    if within.is_ok() {
        return limits.hit_today(&key, u32::MAX, now).is_ok();
    }
    // Once a minute is enough to be seen.
    if limits.hit(&format!("numbers refused {user}"), 1, now).is_ok() {
        tracing::warn!(%user, "many telephone numbers tried by somebody who sees them masked");
        if let Err(error) = audit::denied(cx, "kit.search.numbers").await {
            tracing::error!(%error, "could not record a refusal");
        }
    }
    false
}

/// For whoever asks for a whole number by another way than the search: it tells as much, so it counts as much.
///
/// Errors: 429 for trying too many numbers.
pub async fn try_number(cx: &Cx, phone: &str) -> Result<()> {
    let number = phone_key(phone);
    let free = cx.shows(Sens::Phone) == Show::Full || number.len() < SHORTEST_PHONE;
    if free || may_try(cx, &number).await { Ok(()) } else { Err(Error::TooMany(60)) }
}

/// For a search that found nothing: an error if it held a number that was not looked for, since "nothing" would be
/// the wrong answer.
///
/// Errors: 429 for trying too many numbers.
pub(crate) fn check_tried(cx: &Cx, text: &str) -> Result<()> {
    let refused =
        |token: &String| is_number(token) && !cx.app.limits.seen_today(&tried_key(cx, token), cx.now());
    if cx.shows(Sens::Phone) == Show::Masked && query_tokens(text).iter().any(refused) {
        return Err(Error::TooMany(60));
    }
    Ok(())
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
        hash: short_hash(&format!("{} {text} {secret:?}", doc.org)),
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
            Box::new(move || words(doc.org, &doc.text, &secret())) as Box<dyn Fn() -> String + Send + Sync>
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

/// Hits of one kind within a scope, newest first among the first [`WIDEST`].
///
/// Errors: 429 for trying too many numbers.
pub async fn find(
    cx: &Cx,
    conn: &mut Conn,
    kind: &str,
    scope: &Scope,
    text: &str,
    limit: usize,
) -> Result<Vec<Hit>> {
    let hits = newest(cx, conn, (kind, scope), text, limit).await?;
    if hits.is_empty() {
        check_tried(cx, text)?;
    }
    Ok(hits)
}

async fn newest(
    cx: &Cx,
    conn: &mut Conn,
    within: (&str, &Scope),
    text: &str,
    limit: usize,
) -> Result<Vec<Hit>> {
    let tokens = asked(cx, text).await;
    if tokens.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(format!("select {}", Hit::cols("d")));
    push_hits(cx, &mut sql, within, tokens);
    if list_of(cx, within.0).is_some_and(|list| !list.hides.is_empty()) {
        hidden::leave_out(&hidden::of(cx, conn).await?, "d.ref_id", &mut sql);
    }
    push_newest(cx, &mut sql, WIDEST);
    let mut hits: Vec<Hit> = conn.all_sql(sql).await?;
    hits.sort_by_key(|hit| std::cmp::Reverse(hit.at));
    hits.truncate(limit);
    for hit in &mut hits {
        (hit.title, hit.sub) = (crate::veil::shown(cx, &hit.title), crate::veil::shown(cx, &hit.sub));
    }
    Ok(hits)
}

/// Appends to a list query the condition that `id` is among the documents found within a scope: all of them, or of a
/// broad word the newest `most`.
pub async fn push_condition(
    cx: &Cx,
    sql: &mut Sql,
    id: &str,
    within: (&str, &Scope),
    text: &str,
    most: Option<i64>,
) {
    let tokens = asked(cx, text).await;
    if tokens.is_empty() {
        return;
    }
    sql.push(&format!(" and {id} in (select d.ref_id"));
    push_hits(cx, sql, within, tokens);
    if let Some(most) = most {
        push_newest(cx, sql, most);
    }
    sql.push(")");
}

/// True when a word is so broad that there are `most` documents or more.
pub async fn is_broad(
    cx: &Cx,
    conn: &mut Conn,
    within: (&str, &Scope),
    text: &str,
    most: i64,
) -> Result<bool> {
    let tokens = asked(cx, text).await;
    if tokens.is_empty() {
        return Ok(false);
    }
    let mut sql = Sql::new("select count(*) from (select 1 as one");
    push_hits(cx, &mut sql, within, tokens);
    push_newest(cx, &mut sql, most);
    sql.push(") hits");
    let (text, args) = sql.into_parts();
    let found: i64 = conn.scalar(&text, args).await?;
    Ok(found >= most)
}

/// Everything that a word finds within a scope, however much it is.
pub async fn all(cx: &Cx, conn: &mut Conn, within: (&str, &Scope), text: &str) -> Result<HashSet<Id>> {
    let mut sql = Sql::new("select d.ref_id");
    push_hits(cx, &mut sql, within, asked(cx, text).await);
    let found: Vec<(Id,)> = conn.all_sql(sql).await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// Appends `from … where …` of the documents found within a scope, of people who are named too, where the list knows
/// them. Of few organisations the index itself is asked: what others have with the same word is not looked at.
fn push_hits(cx: &Cx, sql: &mut Sql, (kind, scope): (&str, &Scope), mut tokens: Vec<Vec<String>>) {
    let list = list_of(cx, kind);
    let named = list.and_then(|list| list.named);
    if let (Scope::Orgs(orgs), None) = (scope, named)
        && (1..=MOST_ORGS).contains(&orgs.len())
    {
        tokens.push(orgs.iter().copied().map(org_token).collect());
    }
    dialect::push_search(cx.app.db.engine(), sql, kind, &tokens);
    match named {
        Some((_, select)) => scope.push_named(sql, "d.org_id", "d.owner_id", ("d.ref_id", select)),
        None => {
            let shared = list.and_then(|list| list.shared).map(|(_, select)| ("d.ref_id", select));
            scope.push_shared(sql, "d.org_id", Some("d.owner_id"), shared);
        }
    }
}

fn push_newest(cx: &Cx, sql: &mut Sql, most: i64) {
    sql.push(&format!("{} limit {most}", dialect::search_newest(cx.app.db.engine())));
}

fn list_of<'a>(cx: &'a Cx, kind: &str) -> Option<&'a ListSpec> {
    cx.app.registry.lists.values().find(|list| list.search_kind == Some(kind))
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
            hits.extend(newest(cx, &mut conn, (kind, &scope), text, per_kind).await?);
        }
    }
    if hits.is_empty() {
        check_tried(cx, text)?;
    }
    Ok(hits)
}

#[cfg(test)]
pub(crate) mod tests;
