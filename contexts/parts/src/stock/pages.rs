//! Pages of stock.

use axum::{extract::RawQuery, response::Response};
use kernel::{Id, Quantity, T};
use kit::extract::Path;
use kit::{Body, Cx, Error, FormErrors, Result};

use super::{
    correct::{self, BookAsk, CountInput, RestateInput},
    draw::{self, DrawAsk},
    level::{self, LevelInput},
    model::StockState,
    turnover::{self, TurnoverAsk},
    views,
};
use crate::{
    input,
    part::refused_page,
    perms::{STOCK_ADJUST, STOCK_READ},
    widgets,
};

/// The draw screen (PARTS-34).
pub async fn draw(cx: Cx, RawQuery(query): RawQuery) -> Result<Response> {
    let ask: DrawAsk = input::query(query.as_deref())?;
    let (found, missing) = match draw::ask(&cx, &ask).await {
        Ok(found) => (found, false),
        Err(Error::NotFound) => (None, true),
        Err(other) => return Err(other),
    };
    let depots = widgets::depots(&cx, &STOCK_READ).await?;
    let main = views::draw_page(&cx, &ask, found.as_ref(), missing, &depots);
    cx.page(cx.t(T("领料建议", "Draw parts")), main).await
}

/// In and out over a period (PARTS-46).
pub async fn turnover(cx: Cx, RawQuery(query): RawQuery) -> Result<Response> {
    let ask: TurnoverAsk = input::query(query.as_deref())?;
    let rows = turnover::list_turnover(&cx, &ask).await?;
    let depots = widgets::depots(&cx, &STOCK_READ).await?;
    let main = views::turnover_page(&cx, &ask, &rows, &depots);
    cx.page(cx.t(T("收发存汇总", "In and out")), main).await
}

/// The form of a count; with `book=true` only what the books have of what is chosen in it.
pub async fn count_form(cx: Cx, RawQuery(query): RawQuery) -> Result<Response> {
    let ask: BookAsk = input::query(query.as_deref())?;
    if ask.book {
        return Ok(cx.fragment(views::book(&cx, correct::book(&cx, &ask).await?.as_ref())));
    }
    let given = CountInput {
        depot_id: ask.depot_id.unwrap_or(Id::NIL),
        part: ask.part,
        part_text: ask.part_text,
        state: ask.state,
        counted: None,
        unit_cost: None,
        reason: String::new(),
        none_left: false,
    };
    count_page(&cx, &given, &FormErrors::default(), false).await
}

async fn count_page(cx: &Cx, given: &CountInput, errors: &FormErrors, refused: bool) -> Result<Response> {
    let depots = widgets::depots(cx, &STOCK_ADJUST).await?;
    let ask = BookAsk {
        depot_id: Some(given.depot_id).filter(|id| !id.is_nil()),
        part: given.part.clone(),
        part_text: given.part_text.clone(),
        state: given.state,
        book: true,
    };
    let book = correct::book(cx, &ask).await?;
    let main = views::count_page(cx, given, book.as_ref(), &depots, errors);
    if refused {
        Ok(cx.refused(main))
    } else {
        cx.page(cx.t(T("盘点更正", "Count correction")), main).await
    }
}

pub async fn count(cx: Cx, Body(given): Body<CountInput>) -> Result<Response> {
    match cx.form(correct::count_stock(&cx, given.clone()).await)? {
        Ok(out) => Ok(cx.redirect(&format!("/parts/{}", out.part_id))),
        Err(errors) => count_page(&cx, &given, &errors, true).await,
    }
}

pub async fn restate_form(cx: Cx) -> Result<Response> {
    let given = RestateInput {
        depot_id: Id::NIL,
        part: String::new(),
        part_text: String::new(),
        from_state: StockState::New,
        to_state: Some(StockState::Quarantine),
        quantity: Quantity::ONE,
        reason: String::new(),
    };
    let depots = widgets::depots(&cx, &STOCK_ADJUST).await?;
    let main = views::restate_page(&cx, &given, &depots, &FormErrors::default());
    cx.page(cx.t(T("库存状态变更", "Change of state")), main).await
}

pub async fn restate(cx: Cx, Body(given): Body<RestateInput>) -> Result<Response> {
    match cx.form(correct::restate_stock(&cx, given.clone()).await)? {
        Ok(out) => Ok(cx.redirect(&format!("/parts/{}", out.part_id))),
        Err(errors) => {
            let depots = widgets::depots(&cx, &STOCK_ADJUST).await?;
            Ok(cx.refused(views::restate_page(&cx, &given, &depots, &errors)))
        }
    }
}

pub async fn put_level(cx: Cx, Path(id): Path<Id>, Body(given): Body<LevelInput>) -> Result<Response> {
    match cx.form(level::put_level(&cx, id, given).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/parts/{id}"))),
        Err(errors) => refused_page(&cx, id, &errors).await,
    }
}
