//! Corrections: to what was counted, and of the state of pieces (PARTS-23, 25, 58, 59). Both are movements.

use kernel::{Id, Money, Problems, Quantity, RuleError, T};
use kit::{Cx, DocRef, Error, Result, begin};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    ledger,
    model::{End, MoveKind, Place, Posting, StockState, Worth},
    rules, store,
};
use crate::{
    depot,
    input::{self, parts_in},
    part::{self, model::PartRow},
    perms::STOCK_ADJUST,
};

/// Input: what was counted.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CountInput {
    /// Where.
    pub depot_id: Id,
    /// Id or code of the part.
    pub part: String,
    /// Code as typed into a form, when nothing was chosen.
    #[serde(default, skip_serializing)]
    #[schemars(skip)]
    pub part_text: String,
    /// State of the pieces; new when left out.
    #[serde(default)]
    pub state: Option<StockState>,
    /// Counted quantity in thousandths (text: decimal); nothing said is no count.
    #[serde(default, deserialize_with = "input::opt_quantity")]
    pub counted: Option<Quantity>,
    /// Cost of one found piece in fen (text: yuan); average or standard cost when left out.
    #[serde(default, deserialize_with = "input::opt_money")]
    pub unit_cost: Option<Money>,
    /// Why it differs.
    #[serde(default)]
    pub reason: String,
    /// Nothing is left of what the books have: asked before all of it is counted away.
    #[serde(default)]
    pub none_left: bool,
}

/// What a page asks about before somebody counts.
#[derive(Default, Deserialize)]
pub struct BookAsk {
    /// Where.
    #[serde(default)]
    pub depot_id: Option<Id>,
    /// Id or code of the part.
    #[serde(default)]
    pub part: String,
    /// Code as typed, when nothing was chosen.
    #[serde(default)]
    pub part_text: String,
    /// State of the pieces; new when left out.
    #[serde(default)]
    pub state: Option<StockState>,
    /// Only what the books have is asked for, not the page round it.
    #[serde(default)]
    pub book: bool,
}

/// What the books have.
pub struct Book {
    /// Lies there.
    pub on_hand: Quantity,
    /// Of it promised to documents.
    pub reserved: Quantity,
    /// How it is counted.
    pub unit: String,
}

/// What the books have of a part in a depot; none until both are known.
pub async fn book(cx: &Cx, ask: &BookAsk) -> Result<Option<Book>> {
    let (Some(depot_id), name) = (ask.depot_id, input::named(&ask.part, &ask.part_text)) else {
        return Ok(None);
    };
    let mut conn = cx.read().await?;
    let part = match name.parse::<Id>() {
        Ok(id) => part::store::select_by_ids(&mut conn, &[id]).await?.pop(),
        Err(_) => part::store::find_by_code(&mut conn, name).await?,
    };
    let Some(part) = part else { return Ok(None) };
    cx.authorize(&STOCK_ADJUST, &depot::store::get_depot(&mut conn, depot_id).await?)?;
    let key = (part.id, depot_id, ask.state.unwrap_or(StockState::New));
    let (on_hand, reserved) = store::find_book(&mut conn, key).await?;
    Ok(Some(Book { on_hand, reserved, unit: part.unit }))
}

/// Input: pieces change their state, or leave for good.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RestateInput {
    /// Where.
    pub depot_id: Id,
    /// Id or code of the part.
    pub part: String,
    /// Code as typed into a form, when nothing was chosen.
    #[serde(default, skip_serializing)]
    #[schemars(skip)]
    pub part_text: String,
    /// State now.
    pub from_state: StockState,
    /// State after; disposed of when left out.
    #[serde(default)]
    pub to_state: Option<StockState>,
    /// Quantity in thousandths (text: decimal).
    #[serde(deserialize_with = "input::quantity")]
    pub quantity: Quantity,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// What a correction did.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Corrected {
    /// The part.
    pub part_id: Id,
    /// The depot.
    pub depot_id: Id,
    /// What lay there before.
    pub before: Quantity,
    /// What lies there now.
    pub after: Quantity,
    /// The movement; none when nothing differed.
    pub move_id: Option<Id>,
}

/// Makes the ledger agree with a count. What is promised to documents can't be counted away.
pub async fn count_stock(cx: &Cx, given: CountInput) -> Result<Corrected> {
    let mut tx = begin!(cx, "parts.count_stock", &given);
    let depot = depot::store::get_depot(&mut tx, given.depot_id).await?;
    tx.authorize(&STOCK_ADJUST, &depot)?;
    let mut problems = Problems::new();
    problems.check(given.counted.is_some(), || {
        RuleError::new("parts.count_missing", T("请填写实盘数量", "Say how many were counted"))
            .field("counted")
    });
    let counted = given.counted.unwrap_or(Quantity::ZERO);
    problems.take(rules::not_negative(counted, "counted"));
    let reason = problems.take(input::reason(&given.reason)).unwrap_or_default();
    let state = given.state.unwrap_or(StockState::New);
    problems.check(state != StockState::InTransit, || not_countable("state"));
    problems.finish()?;
    let part = one_part(&mut tx, input::named(&given.part, &given.part_text)).await?;
    // Locked first: the difference is to what lies there now, not to what somebody saw.
    let held = store::lock_keys(&mut tx, &[(part.id, depot.id, state)]).await?;
    let (on_hand, value) = held.first().map_or((0, 0), |h| (h.on_hand, h.value));
    if counted.is_zero() && on_hand > 0 && !given.none_left {
        let text = T(
            "账面有 {quantity}，实盘为 0 将全部盘亏：确认后再保存",
            "The books have {quantity}; a count of 0 takes all of it away: confirm it",
        );
        return Err(RuleError::new("parts.count_to_zero", text)
            .arg("quantity", Quantity(on_hand))
            .field("none_left")
            .into());
    }
    let difference = counted.0 - on_hand;
    let mut move_id = None;
    if difference != 0 {
        let stock = End::Stock { depot_id: depot.id, state };
        let outside = End::Outside(Place::Count);
        let found = difference > 0;
        let worth = if found {
            let cost = match given.unit_cost {
                Some(cost) => cost.checked_mul(Quantity(difference))?.0.max(0),
                None if on_hand > 0 => rules::per_piece(value, on_hand, difference),
                None => part.cost.checked_mul(Quantity(difference))?.0,
            };
            Worth::Exactly(Money(cost))
        } else {
            Worth::Average
        };
        let posting = Posting {
            kind: MoveKind::Count,
            part_id: part.id,
            from: if found { outside } else { stock },
            to: if found { stock } else { outside },
            quantity: Quantity(difference.abs()),
            worth,
            doc: doc_ref(&part),
            line_id: None,
            reason: reason.clone(),
            reversal_of: None,
        };
        move_id = ledger::post_in(&mut tx, &[posting])
            .await
            .map_err(|error| at(error, "counted"))?
            .first()
            .map(|p| p.move_id);
    }
    let detail = serde_json::json!({ "depot": depot.code, "state": state, "before": Quantity(on_hand), "counted": counted, "reason": reason });
    tx.log(doc_ref(&part), "counted", detail);
    let out = Corrected {
        part_id: part.id,
        depot_id: depot.id,
        before: Quantity(on_hand),
        after: counted,
        move_id,
    };
    tx.commit(out).await
}

/// Changes the state of pieces (to quarantine, to repairable, to scrap …), or disposes of scrap.
pub async fn restate_stock(cx: &Cx, given: RestateInput) -> Result<Corrected> {
    let mut tx = begin!(cx, "parts.restate_stock", &given);
    let depot = depot::store::get_depot(&mut tx, given.depot_id).await?;
    tx.authorize(&STOCK_ADJUST, &depot)?;
    let mut problems = Problems::new();
    problems.take(rules::positive(given.quantity, "quantity"));
    let reason = problems.take(input::reason(&given.reason)).unwrap_or_default();
    problems.check(given.to_state != Some(given.from_state), || {
        RuleError::new("parts.same_state", T("状态没有变化", "The state is the same")).field("to_state")
    });
    for (field, state) in [("from_state", Some(given.from_state)), ("to_state", given.to_state)] {
        problems.check(state != Some(StockState::InTransit), || not_countable(field));
    }
    problems.finish()?;
    let part = one_part(&mut tx, input::named(&given.part, &given.part_text)).await?;
    let posting = Posting {
        kind: MoveKind::Restate,
        part_id: part.id,
        from: End::Stock { depot_id: depot.id, state: given.from_state },
        to: match given.to_state {
            Some(state) => End::Stock { depot_id: depot.id, state },
            None => End::Outside(Place::Scrapped),
        },
        quantity: given.quantity,
        worth: Worth::Average,
        doc: doc_ref(&part),
        line_id: None,
        reason: reason.clone(),
        reversal_of: None,
    };
    let posted = ledger::post_in(&mut tx, &[posting]).await.map_err(|error| at(error, "quantity"))?;
    let held = store::lock_keys(&mut tx, &[(part.id, depot.id, given.from_state)]).await?;
    let after = held.first().map_or(0, |h| h.on_hand);
    let detail = serde_json::json!({
        "depot": depot.code, "from": given.from_state, "to": given.to_state, "quantity": given.quantity, "reason": reason
    });
    tx.log(doc_ref(&part), "restated", detail);
    let out = Corrected {
        part_id: part.id,
        depot_id: depot.id,
        before: Quantity(after + given.quantity.0),
        after: Quantity(after),
        move_id: posted.first().map(|p| p.move_id),
    };
    tx.commit(out).await
}

async fn one_part(tx: &mut kit::Tx, name: &str) -> Result<PartRow> {
    let mut parts = parts_in(tx, &[name]).await.map_err(|error| at(error, "part"))?;
    parts.pop().ok_or(Error::NotFound)
}

/// Forms of one line have no line numbers in their field names.
fn at(error: Error, field: &str) -> Error {
    match error {
        Error::Conflict(rule) if rule.field.is_some() => Error::Conflict(rule.field(field)),
        Error::Invalid(mut problems) => {
            for problem in &mut problems.0 {
                problem.field = Some(field.to_string());
            }
            Error::Invalid(problems)
        }
        other => other,
    }
}

fn not_countable(field: &str) -> RuleError {
    RuleError::new("parts.state", T("在途库存由调拨单决定", "Stock on its way belongs to its transfer"))
        .field(field)
}

fn doc_ref(part: &PartRow) -> DocRef {
    crate::part::service::doc_ref(part)
}
