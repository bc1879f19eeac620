//! What other contexts may ask of parts and stock. `conn` may be a transaction.
//!
//! Everything that ends in `_in` joins the caller's transaction and commits or vanishes with it.

use db::{Conn, args};
use kernel::{Id, Quantity};
use kit::{DocRef, Result, Scope, Tx};

use crate::{
    depot, part,
    stock::{
        ledger,
        model::{End, Posting},
        rules, store,
    },
    supply,
};
pub use crate::{
    depot::{
        model::{DepotBrief, DepotInput, DepotKind},
        service::create_depot_in,
    },
    old_part::{
        model::{DebtorKind, OldPart},
        service::old_part_in,
    },
    part::{
        model::{Criticality, PartBrief, PartClass, PartInput, StorageForm},
        service::create_part_in,
    },
    perms::{PART_READ, STOCK_ISSUE, STOCK_READ},
    settings::OLD_PART_DAYS,
    stock::{
        line::{
            clear_line_in, lock_lines_in, release_line_in, reserve_line_in, set_line_in, set_line_picked_in,
        },
        model::{Available, IssueKind, LineMoved, LineStock, MoveKind, Pick, Place, StockState, Worth},
    },
    supply::{Need, Supplied, nearest, supply_named_in},
};

/// Where an organisation takes parts from: its own store, then those above, the nearest first.
pub async fn stores_of(conn: &mut Conn, org: Id) -> Result<Vec<DepotBrief>> {
    Ok(supply::stores_of(conn, org).await?.into_iter().map(Into::into).collect())
}

/// Asks for what is missing to be bought for a depot, less what was asked for the same document already; the number of
/// the requisition.
pub async fn ask_in(tx: &mut Tx, depot_id: Id, need: &Need) -> Result<Option<String>> {
    let depot = depot::store::get_depot(tx, depot_id).await?;
    Ok(supply::ask_in(tx, &depot, need).await?.map(|row| row.no))
}

/// The part, or 404.
pub async fn part(conn: &mut Conn, id: Id) -> Result<PartBrief> {
    Ok(part::store::get_part(conn, id).await?.into())
}

/// Refuses a fraction of what is counted in pieces (`parts.whole` at `quantity`).
pub fn check_whole(part: &PartBrief, quantity: Quantity) -> Result<(), kernel::RuleError> {
    let whole = quantity.0 % Quantity::ONE.0 == 0 || !rules::counted(&part.unit);
    if whole { Ok(()) } else { Err(rules::not_whole(&part.unit)) }
}

/// The part with this code.
pub async fn part_by_code(conn: &mut Conn, code: &str) -> Result<Option<PartBrief>> {
    Ok(part::store::find_by_code(conn, code.trim()).await?.map(Into::into))
}

/// Parts by id, those that exist; one statement.
pub async fn parts(conn: &mut Conn, ids: &[Id]) -> Result<Vec<PartBrief>> {
    Ok(part::store::select_by_ids(conn, ids).await?.into_iter().map(Into::into).collect())
}

/// The depot, or 404.
pub async fn depot(conn: &mut Conn, id: Id) -> Result<DepotBrief> {
    Ok(depot::store::get_depot(conn, id).await?.into())
}

/// Depots in use within a scope, by code.
pub async fn depots(conn: &mut Conn, scope: &Scope) -> Result<Vec<DepotBrief>> {
    Ok(depot::store::select_in_scope(conn, scope).await?.into_iter().map(Into::into).collect())
}

/// The van of a person.
pub async fn van_of(conn: &mut Conn, staff_id: Id) -> Result<Option<DepotBrief>> {
    Ok(depot::store::find_van(conn, staff_id).await?.map(Into::into))
}

/// What a depot has of a part, over the states that may be issued.
pub async fn available(conn: &mut Conn, part_id: Id, depot_id: Id) -> Result<Available> {
    store::find_available(conn, part_id, depot_id).await
}

/// Quantity a document line has now.
pub async fn issued(conn: &mut Conn, line_id: Id) -> Result<Quantity> {
    Ok(store::find_line_total(conn, line_id).await?.0)
}

/// Quantity a document line has reserved.
pub async fn reserved(conn: &mut Conn, line_id: Id) -> Result<Quantity> {
    Ok(conn
        .scalar(
            "select cast(coalesce(sum(quantity), 0) as bigint) from reservation where line_id = $1",
            args![line_id],
        )
        .await?)
}

/// Goods that arrive without a receipt document: opening stock, imports, the demo company.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Which part.
    pub part_id: Id,
    /// Into which depot.
    pub depot_id: Id,
    /// In which state.
    pub state: StockState,
    /// How many, above zero.
    pub quantity: Quantity,
    /// Worth in all.
    pub worth: kernel::Money,
    /// Opening balance or receipt.
    pub kind: MoveKind,
    /// On which document.
    pub doc: DocRef,
}

/// Puts arrived goods into stock. Many at once cost few statements.
pub async fn receive_in(tx: &mut Tx, arrivals: &[Arrival]) -> Result<()> {
    let postings: Vec<Posting> = arrivals
        .iter()
        .map(|arrival| Posting {
            kind: arrival.kind,
            part_id: arrival.part_id,
            from: End::Outside(Place::Supplier),
            to: End::Stock { depot_id: arrival.depot_id, state: arrival.state },
            quantity: arrival.quantity,
            worth: Worth::Exactly(arrival.worth),
            doc: arrival.doc.clone(),
            line_id: None,
            reason: String::new(),
            reversal_of: None,
        })
        .collect();
    ledger::post_in(tx, &postings).await?;
    Ok(())
}
