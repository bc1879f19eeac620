//! What a process needs (DOC-04): pieces that are there are held, the rest is asked to be bought. Called by the trigger
//! `requisition` of a document's process, for an order by its lines, elsewhere by the codes its text names.

use contracts::ProcessAsked;
use db::Conn;
use kernel::{Id, Money, Quantity, T};
use kit::{DocRef, Result, Scope, Tx, numbering};

use crate::{
    depot::{self, model::DepotKind, model::DepotRow},
    part::{self, model::PartRow},
    purchase::{
        self,
        model::{PurchaseRow, PurchaseState},
    },
    slip,
    slip::model::{SlipLineRow, SlipPick, SlipRow, SlipState},
    stock::{model::IssueKind, store as stock},
};

/// Most parts that one text names.
const MOST_NAMED: usize = 50;

/// Something that a document needs.
#[derive(Clone, Debug)]
pub struct Need {
    /// Which part.
    pub part_id: Id,
    /// How many.
    pub quantity: Quantity,
    /// Number of the document.
    pub source_no: String,
    /// Until when.
    pub wanted_on: Option<kernel::Date>,
    /// For whoever buys it.
    pub note: String,
}

/// Words of a text that may be codes of parts, each with how many: `P-100 ×2；P-200 x 1，P-300`.
pub fn named(text: &str) -> Vec<(String, Quantity)> {
    let parts = text.split(['；', ';', '，', ',', '、', '\n', '|', '：']);
    let mut found: Vec<(String, Quantity)> = Vec::new();
    for part in parts {
        let words: Vec<&str> = part
            .split(|c: char| c.is_whitespace() || matches!(c, '×' | '*' | '(' | ')' | '（' | '）'))
            .filter(|w| !w.is_empty())
            .collect();
        for (at, word) in words.iter().enumerate() {
            // A number belongs to the code before it.
            let next = words.get(at + 1).map(|w| w.trim_start_matches(['x', 'X']));
            let next = next.filter(|w| !w.is_empty()).or_else(|| words.get(at + 2).copied());
            let count = next.and_then(|w| Quantity::parse(w).ok()).filter(|q| q.0 > 0);
            let code = word.trim_matches(['.', '。', ':']);
            let number = Quantity::parse(code.trim_start_matches(['x', 'X'])).is_ok() || code.len() <= 1;
            if code.is_empty() || number || found.iter().any(|(c, _)| c == code) {
                continue;
            }
            found.push((code.to_string(), count.unwrap_or(Quantity(1000))));
        }
    }
    found.truncate(MOST_NAMED * 4);
    found
}

/// Where an organisation takes parts from: its own store, then those above, the nearest first.
pub async fn stores_of(conn: &mut Conn, org: Id) -> Result<Vec<DepotRow>> {
    let mut stores = Vec::new();
    for unit in org::api::above(conn, org).await? {
        let own = depot::store::select_in_scope(conn, &Scope::Orgs([unit].into())).await?;
        let wanted = |kind| own.iter().find(|d| d.kind == kind && d.holder_id.is_none());
        stores.extend(wanted(DepotKind::Parts).or_else(|| wanted(DepotKind::Outlet)).cloned());
    }
    Ok(stores)
}

/// Asks for what is missing to be bought, less what was asked for the same document already. None: nothing is missing.
pub async fn ask_in(tx: &mut Tx, depot: &DepotRow, need: &Need) -> Result<Option<PurchaseRow>> {
    let asked = purchase::store::find_asked(tx, need.part_id, &need.source_no).await?;
    let missing = need.quantity.0 - asked.0;
    if missing <= 0 {
        return Ok(None);
    }
    let now = tx.now();
    let row = PurchaseRow {
        id: tx.id(),
        no: numbering::next_for(tx, "CG", depot.org_id, now).await?,
        part_id: need.part_id,
        depot_id: depot.id,
        org_id: depot.org_id,
        quantity: Quantity(missing),
        received: Quantity::ZERO,
        source_no: need.source_no.clone(),
        wanted_on: need.wanted_on,
        supplier: String::new(),
        expected_on: None,
        note: need.note.chars().take(200).collect(),
        state: PurchaseState::Draft,
        reason: String::new(),
        staff_id: tx.staff(),
        version: 1,
        created_at: now,
        updated_at: now,
    };
    purchase::store::insert_purchase(tx, &row).await?;
    tx.created(purchase::service::doc_ref(&row), &row)?;
    Ok(Some(row))
}

/// Parts that a text names by their codes, with how many.
pub async fn named_parts(conn: &mut Conn, text: &str) -> Result<Vec<(PartRow, Quantity)>> {
    let mut found: Vec<(PartRow, Quantity)> = Vec::new();
    for (code, quantity) in named(text) {
        let part = part::store::find_by_code(conn, &code).await?.filter(|part| part.active);
        if let Some(part) = part.filter(|part| found.iter().all(|(other, _)| other.id != part.id)) {
            found.push((part, quantity));
        }
        if found.len() == MOST_NAMED {
            break;
        }
    }
    Ok(found)
}

/// What came of a requisition, for people.
#[derive(Clone, Debug, Default)]
pub struct Supplied {
    /// Numbers of the slips that hold pieces, one for each store.
    pub slips: Vec<String>,
    /// Numbers of purchase requisitions.
    pub asked: Vec<String>,
}

impl Supplied {
    /// Nothing came of it.
    pub fn is_empty(&self) -> bool {
        self.slips.is_empty() && self.asked.is_empty()
    }
}

/// Supplies the parts that the text of a requisition names by their codes: pieces are held on a slip for the document in
/// the nearest store that has them all, else what the organisation's own has, and the rest is asked to be bought. A text
/// without codes supplies nothing: somebody has to read it.
pub async fn supply_named_in(tx: &mut Tx, event: &ProcessAsked) -> Result<Supplied> {
    let parts = named_parts(tx, &event.text).await?;
    let stores = stores_of(tx, event.org_id).await?;
    let mut supplied = Supplied::default();
    let mut held: Vec<(usize, PartRow, Quantity)> = Vec::new();
    for (part, quantity) in parts {
        let asked = slip::store::find_held_for(tx, part.id, &event.doc_no).await?;
        let wanted = (quantity.0 - asked.0).max(0);
        let ids: Vec<Id> = stores.iter().map(|store| store.id).collect();
        let Some((at, free)) = nearest(tx, part.id, &ids, Quantity(wanted)).await? else { break };
        let here = wanted.min(free.0);
        let need = Need {
            part_id: part.id,
            quantity: Quantity(wanted - here),
            source_no: event.doc_no.clone(),
            wanted_on: event.due.map(|due| kit::format::date_of(tx.cx().zone_of(event.org_id), due)),
            note: event.text.clone(),
        };
        if need.quantity.0 > 0 {
            supplied.asked.extend(ask_in(tx, &stores[at], &need).await?.map(|row| row.no));
        }
        if here > 0 {
            held.push((at, part, Quantity(here)));
        }
    }
    for (at, store) in stores.iter().enumerate() {
        let lines = held.iter().filter(|(place, ..)| *place == at);
        let lines: Vec<(PartRow, Quantity)> = lines.map(|(_, part, n)| (part.clone(), *n)).collect();
        if !lines.is_empty() {
            supplied.slips.push(hold_in(tx, store, event, &lines).await?);
        }
    }
    Ok(supplied)
}

/// The first of some depots that has so many pieces free, else the first of all, with what is free there; none of no
/// depots.
pub async fn nearest(
    conn: &mut Conn,
    part: Id,
    depots: &[Id],
    wanted: Quantity,
) -> Result<Option<(usize, Quantity)>> {
    let mut first = None;
    for (at, depot) in depots.iter().enumerate() {
        let free = Quantity(stock::find_available(conn, part, *depot).await?.available.0.max(0));
        if free >= wanted {
            return Ok(Some((at, free)));
        }
        first = first.or(Some((at, free)));
    }
    Ok(first)
}

/// A slip that holds the pieces for the document until somebody issues it.
async fn hold_in(
    tx: &mut Tx,
    depot: &DepotRow,
    event: &ProcessAsked,
    held: &[(PartRow, Quantity)],
) -> Result<String> {
    let now = tx.now();
    let row = SlipRow {
        id: tx.id(),
        no: numbering::next_for(tx, "CK", depot.org_id, now).await?,
        kind: IssueKind::Requisition,
        depot_id: depot.id,
        org_id: depot.org_id,
        holder_id: depot.holder_id,
        recipient: event.doc_no.clone(),
        voucher: event.doc_no.clone(),
        pick: SlipPick::RepairedFirst,
        reason: String::new(),
        note: event.text.chars().take(200).collect(),
        state: SlipState::Reserved,
        staff_id: tx.staff(),
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let mut lines: Vec<SlipLineRow> = Vec::with_capacity(held.len());
    for (n, (part, quantity)) in (1_i64..).zip(held) {
        lines.push(SlipLineRow { id: tx.id(), n, part_id: part.id, quantity: *quantity, cost: Money::ZERO });
    }
    let parts: Vec<PartRow> = held.iter().map(|(part, _)| part.clone()).collect();
    slip::service::make_in(tx, &row, &mut lines, &parts).await?;
    Ok(row.no)
}

/// A stand-alone document asks for parts; an order's are its own lines. What is held on a slip goes out when the process
/// says that it was handed over.
pub async fn asked_in(tx: &mut Tx, event: &ProcessAsked) -> Result<()> {
    match event.what.as_str() {
        "handed_over" => return hand_over_in(tx, event).await,
        _ if event.doc_kind == "order" => return Ok(()),
        "requisition" => {}
        "withdrawn" => return withdraw_in(tx, event).await,
        _ => return Ok(()),
    }
    let supplied = supply_named_in(tx, event).await?;
    if !supplied.is_empty() {
        let doc = DocRef::new(&event.doc_kind, event.doc_id, &event.doc_no);
        tx.log(
            doc,
            "supplied",
            serde_json::json!({ "slip": supplied.slips.join("、"), "asked": supplied.asked }),
        );
    }
    Ok(())
}

/// The storekeeper handed over what was held for the document: its slips are issued (PARTS-32).
async fn hand_over_in(tx: &mut Tx, event: &ProcessAsked) -> Result<()> {
    for id in slip::store::select_reserved_for(tx, &event.doc_no).await? {
        slip::service::hand_over_in(tx, id, event.staff_id).await?;
    }
    Ok(())
}

/// The document came to nothing: pieces held for it and not issued are free again, what was asked for and not ordered
/// is not bought.
async fn withdraw_in(tx: &mut Tx, event: &ProcessAsked) -> Result<()> {
    let reason = T("单据 {no} 已取消", "{no} was called off").told(&[("no", event.doc_no.clone())]);
    for id in slip::store::select_reserved_for(tx, &event.doc_no).await? {
        slip::service::withdraw_in(tx, id, &reason).await?;
    }
    for id in purchase::store::select_drafts_for(tx, &event.doc_no).await? {
        purchase::service::withdraw_in(tx, id, &reason).await?;
    }
    Ok(())
}

/// What the log calls it.
pub const ACTION: (&str, T) = ("supplied", T("占用配件或申请采购", "parts held or asked for"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_quantities_are_read_out_of_a_text() {
        let cases: [(&str, &[(&str, i64)]); 6] = [
            ("P-100 ×2；P-200", &[("P-100", 2000), ("P-200", 1000)]),
            ("P-100×2、P-200 x3", &[("P-100", 2000), ("P-200", 3000)]),
            ("P-100 x 1.5, P-100 x 9", &[("P-100", 1500)]),
            ("京A12345 按委托书领料", &[("京A12345", 1000), ("按委托书领料", 1000)]),
            ("2 3", &[]),
            ("", &[]),
        ];
        for (text, wanted) in cases {
            let found = named(text);
            let codes: Vec<(&str, i64)> = found.iter().map(|(code, n)| (code.as_str(), n.0)).collect();
            assert_eq!(codes, wanted, "{text}");
        }
    }
}
