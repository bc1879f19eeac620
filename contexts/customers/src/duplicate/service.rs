//! Finding and merging duplicates.

use contracts::CustomersMerged;
use db::Conn;
use kernel::{Id, RuleError, T};
use kit::{Cx, Error, Result, Scope, Tx, begin, search, timers};

use super::{
    model::{Merge, Suspect, SuspectPair},
    rules::{self, Merged},
    store,
};
use crate::{
    contact::{
        self,
        model::{AddressRow, ContactRow},
    },
    customer::{
        self,
        model::{CustomerOut, CustomerRow, FileState},
        service::{doc, index_in, out},
    },
    perms::{CUSTOMER_MERGE, CUSTOMER_READ},
};

/// Pairs looked at for the page of duplicates.
const MOST_PAIRS: i64 = 100;

/// Files that may be the same customer as `row`, the likeliest first. Nothing for closed files.
pub async fn suspects_of(cx: &Cx, conn: &mut Conn, row: &CustomerRow) -> Result<Vec<Suspect>> {
    if row.state != FileState::Active {
        return Ok(Vec::new());
    }
    let scope = cx.scope(&CUSTOMER_READ)?;
    let like = store::select_like(conn, &scope, row).await?;
    let mut suspects: Vec<Suspect> = like
        .iter()
        .map(|other| {
            let (score, alike) = rules::score(row, other);
            Suspect { other: out(cx, other), score, alike: alike.into_iter().map(str::to_string).collect() }
        })
        .collect();
    suspects.sort_by_key(|suspect| std::cmp::Reverse(suspect.score));
    Ok(suspects)
}

/// Pairs of files that may be the same customer, the likeliest first.
pub async fn list_suspects(cx: &Cx) -> Result<Vec<SuspectPair>> {
    let scope: Scope = cx.scope(&CUSTOMER_MERGE)?;
    let mut conn = cx.read().await?;
    let pairs = store::select_pairs(&mut conn, &scope, MOST_PAIRS).await?;
    let mut ids: Vec<Id> = pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = customer::store::select_customers(&mut conn, &ids).await?;
    cx.count(&conn);
    let find = |id: Id| rows.iter().find(|row| row.id == id);
    let mut found: Vec<SuspectPair> = pairs
        .iter()
        .filter_map(|(a, b)| find(*a).zip(find(*b)))
        .map(|(first, second)| {
            let (score, alike) = rules::score(first, second);
            let alike = alike.into_iter().map(str::to_string).collect();
            SuspectPair { first: out(cx, first), second: out(cx, second), score, alike }
        })
        .collect();
    found.sort_by_key(|pair| std::cmp::Reverse(pair.score));
    Ok(found)
}

/// Merges another file into this one. Contacts and addresses move here; the other file leads here; other contexts
/// follow by `customers.customers_merged.v1`.
pub async fn merge_customers(cx: &Cx, id: Id, input: Merge) -> Result<CustomerOut> {
    cx.require(&CUSTOMER_MERGE)?;
    let missing = || {
        RuleError::new("customers.merge_from", T("请选择要并入的档案", "Choose the file to merge"))
            .field("from")
    };
    let from_id = input.from.ok_or_else(missing)?;
    let mut tx = begin!(cx, "customers.merge", &(id, &input));
    // Always in the same order, so that two merges can't wait for each other.
    let (low, high) = (id.min(from_id), id.max(from_id));
    let low = customer::store::lock_customer(&mut tx, low).await?;
    let high = customer::store::lock_customer(&mut tx, high).await?;
    let (into, from) = if low.id == id { (low, high) } else { (high, low) };
    tx.authorize(&CUSTOMER_MERGE, &into)?;
    tx.authorize(&CUSTOMER_MERGE, &from)?;
    let merged = rules::merge(&into, &from, tx.now()).map_err(Error::Conflict)?;
    merge_in(&mut tx, &into, &from, &merged).await?;
    let out = out(cx, &merged.into);
    tx.commit(out).await
}

async fn merge_in(tx: &mut Tx, into: &CustomerRow, from: &CustomerRow, merged: &Merged) -> Result<()> {
    contact::store::move_all(tx, from.id, into.id, into.org_id).await?;
    keep_in(tx, from, merged).await?;
    customer::store::update_customer(tx, from, &merged.from).await?;
    customer::store::update_customer(tx, into, &merged.into).await?;
    store::repoint(tx, from.id, into.id).await?;
    timers::cancel_in(tx, from.id).await?;
    if merged.into.complete && !into.complete {
        timers::stop_in(tx, into.id, &[crate::clock::FILE_COMPLETE]).await?;
    }
    index_in(tx, &merged.into).await?;
    let sub = format!("→ {}", into.no);
    let gone = search::SearchDoc {
        kind: "customer",
        id: from.id,
        org: from.org_id,
        owner: from.custodian_id,
        title: &from.no,
        sub: &sub,
        text: "",
        secret: &[],
    };
    search::put_in(tx, &gone).await?;
    tx.changed(doc(into), into, &merged.into)?;
    tx.log(doc(into), "merged", serde_json::json!({ "from": from.no }));
    tx.log(doc(from), "merged", serde_json::json!({ "into": into.no }));
    let at = tx.now();
    tx.emit(&CustomersMerged { from: from.id, into: into.id, at })
}

/// What of the file that goes has no place in the one that stays becomes a contact or a further address.
async fn keep_in(tx: &mut Tx, from: &CustomerRow, merged: &Merged) -> Result<()> {
    let (customer_id, org_id, created_at) = (merged.into.id, merged.into.org_id, tx.now());
    if merged.keep_phone {
        let row = ContactRow {
            id: tx.id(),
            customer_id,
            org_id,
            name: from.name.clone(),
            role: from.no.clone(),
            phone: from.phone.clone(),
            email: from.email.clone(),
            created_at,
        };
        contact::store::insert_contact(tx, &row).await?;
    }
    if merged.keep_address {
        let row = AddressRow {
            id: tx.id(),
            customer_id,
            org_id,
            label: from.no.clone(),
            region: from.region.clone(),
            district: from.district.clone(),
            address: from.address.clone(),
            created_at,
        };
        contact::store::insert_address(tx, &row).await?;
    }
    Ok(())
}

/// The two files of a merge, for its dialog.
pub async fn load_pair(cx: &Cx, id: Id, from: Option<Id>) -> Result<(CustomerRow, Option<CustomerRow>)> {
    let mut conn = cx.read().await?;
    let into = customer::store::get_customer(&mut conn, id).await?;
    cx.authorize(&CUSTOMER_MERGE, &into)?;
    let from = match from {
        Some(from) => Some(customer::store::get_customer(&mut conn, from).await?),
        None => None,
    };
    if let Some(from) = &from {
        cx.authorize(&CUSTOMER_MERGE, from).map_err(|_| Error::NotFound)?;
    }
    Ok((into, from))
}
