//! The import of opening stock: quantities by part, depot and state, counted from zero. An export of the list
//! `stock` can be imported again; rows that agree with the ledger are skipped, others become count corrections.

use futures::future::BoxFuture;
use kernel::{Id, Money, Quantity, RuleError, T};
use kit::{
    DocRef, Error, Result, Tx,
    sheets::{Applied, SheetRow, SheetSpec},
    tabular::{CellKind, ColumnSpec},
};

use super::{
    ledger,
    model::{End, MoveKind, Place, Posting, StockState, Worth},
    store,
};
use crate::{depot, part, perms::STOCK_ADJUST};

/// The import.
pub fn stock() -> SheetSpec {
    SheetSpec {
        kind: "stock",
        title: T("期初库存", "Opening stock"),
        perm: &STOCK_ADJUST,
        list: "stock",
        columns,
        apply,
        undo,
        prepare: None,
    }
}

fn columns() -> Vec<ColumnSpec> {
    vec![
        ColumnSpec::new("part", T("编码", "Code"), CellKind::Text { max: 64 })
            .required()
            .aliases(&["code", "配件编码", "part_code", "物料编码"])
            .example("A-1001"),
        ColumnSpec::new("depot", T("仓库编号", "Depot"), CellKind::Text { max: 64 })
            .required()
            .aliases(&["仓库", "depot_code", "warehouse"])
            .example("SZ-01"),
        ColumnSpec::new("state", T("状态", "State"), CellKind::Choice(StockState::OPTIONS)).example("新件"),
        ColumnSpec::new("quantity", T("现存量", "On hand"), CellKind::Qty)
            .required()
            .aliases(&["数量", "库存", "on_hand", "stock"])
            .example("12"),
        ColumnSpec::new("value", T("库存金额", "Value"), CellKind::Price)
            .aliases(&["金额"])
            .example("2160.00"),
        ColumnSpec::new("unit_cost", T("单位成本", "Unit cost"), CellKind::Price)
            .aliases(&["成本", "单价", "cost"])
            .example("180.00"),
    ]
}

fn unknown(code: &'static str, text: T, field: &'static str, value: &str) -> Error {
    Error::rule(RuleError::new(code, text).arg("code", value).field(field))
}

fn apply<'a>(tx: &'a mut Tx, row: &'a SheetRow<'a>) -> BoxFuture<'a, Result<Applied>> {
    Box::pin(async move {
        let (code, depot_code) =
            (row.text("part").unwrap_or_default(), row.text("depot").unwrap_or_default());
        let part = part::store::find_by_code(tx, code.trim()).await?.ok_or_else(|| {
            unknown("parts.unknown_part", T("没有配件 {code}", "There is no part {code}"), "part", &code)
        })?;
        let depot = depot::store::find_by_code(tx, depot_code.trim()).await?.ok_or_else(|| {
            unknown(
                "parts.unknown_depot",
                T("没有仓库 {code}", "There is no depot {code}"),
                "depot",
                &depot_code,
            )
        })?;
        tx.authorize(&STOCK_ADJUST, &depot)?;
        let state = row.choice("state").and_then(StockState::parse).unwrap_or(StockState::New);
        let wanted = super::rules::not_negative(row.qty("quantity").unwrap_or_default(), "quantity")?;
        let held = store::lock_keys(tx, &[(part.id, depot.id, state)]).await?;
        let (on_hand, balance) = held.first().map_or((0, Id::NIL), |h| (h.on_hand, h.id));
        let difference = wanted - on_hand;
        if difference == 0 {
            return Ok(Applied {
                action: "skip",
                doc_kind: "part",
                doc_id: part.id,
                version: 0,
                before: None,
                changes: Vec::new(),
            });
        }
        if state == StockState::InTransit {
            return Err(unknown(
                "parts.state",
                T("在途库存由调拨单决定", "Stock on its way belongs to its transfer"),
                "state",
                &code,
            ));
        }
        let found = Quantity(difference.abs());
        let worth = match (row.money("value"), row.money("unit_cost")) {
            _ if difference < 0 => Worth::Average,
            (Some(value), _) if on_hand == 0 => Worth::Exactly(value),
            (_, Some(cost)) => Worth::Exactly(cost.checked_mul(found)?),
            _ => Worth::Exactly(part.cost.checked_mul(found)?),
        };
        let posting = posting(&part, depot.id, state, difference, worth, MoveKind::Opening, on_hand != 0);
        let posted = ledger::post_in(tx, &[posting]).await?;
        let undo =
            Undo { depot_id: depot.id, state, difference, cost: posted.first().map_or(0, |p| p.cost.0) };
        let action = if balance.is_nil() { "create" } else { "update" };
        let changes = vec![("quantity", Quantity(on_hand).to_string(), Quantity(wanted).to_string())];
        Ok(Applied {
            action,
            doc_kind: "part",
            doc_id: part.id,
            version: 0,
            before: Some(serde_json::to_string(&undo)?),
            changes,
        })
    })
}

/// What taking a row back needs to know.
#[derive(serde::Serialize, serde::Deserialize)]
struct Undo {
    depot_id: Id,
    state: StockState,
    difference: i64,
    cost: i64,
}

fn posting(
    part: &part::model::PartRow,
    depot_id: Id,
    state: StockState,
    difference: i64,
    worth: Worth,
    kind: MoveKind,
    correction: bool,
) -> Posting {
    let stock = End::Stock { depot_id, state };
    let outside = End::Outside(if correction { Place::Count } else { Place::Supplier });
    let more = difference > 0;
    Posting {
        kind: if correction && kind == MoveKind::Opening { MoveKind::Count } else { kind },
        part_id: part.id,
        from: if more { outside } else { stock },
        to: if more { stock } else { outside },
        quantity: Quantity(difference.abs()),
        worth,
        doc: DocRef::new("part", part.id, &part.code),
        line_id: None,
        reason: if correction { "导入".into() } else { String::new() },
        reversal_of: None,
    }
}

/// Posts the reverse; refused while the pieces are used or promised.
fn undo<'a>(tx: &'a mut Tx, applied: &'a Applied) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let Some(before) = &applied.before else { return Ok(()) };
        let back: Undo = serde_json::from_str(before)?;
        let part = part::store::get_part(tx, applied.doc_id).await?;
        let worth = Worth::Exactly(Money(back.cost));
        let posting =
            posting(&part, back.depot_id, back.state, -back.difference, worth, MoveKind::Reverse, true);
        ledger::post_in(tx, &[posting]).await.map(drop)
    })
}
