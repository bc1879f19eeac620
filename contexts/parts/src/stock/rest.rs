//! API of stock.

use axum::{Json, extract::RawQuery};
use kernel::{Id, RuleError, T};
use kit::extract::Path;
use kit::{Body, Cx, Error, Result};

use super::{
    correct::{self, Corrected, CountInput, RestateInput},
    draw::{self, DrawAsk, DrawOut},
    level::{self, LevelInput, LevelOut, PartStock},
    turnover::{self, TurnoverAsk, TurnoverRow},
};
use crate::input;

pub async fn draw(cx: Cx, RawQuery(query): RawQuery) -> Result<Json<DrawOut>> {
    let ask: DrawAsk = input::query(query.as_deref())?;
    let found = draw::ask(&cx, &ask).await?;
    found.map(Json).ok_or_else(|| {
        Error::rule(RuleError::new("parts.which", T("请指定配件", "Name a part")).field("part"))
    })
}

pub async fn turnover(cx: Cx, RawQuery(query): RawQuery) -> Result<Json<Vec<TurnoverRow>>> {
    let ask: TurnoverAsk = input::query(query.as_deref())?;
    turnover::list_turnover(&cx, &ask).await.map(Json)
}

pub async fn count(cx: Cx, Body(input): Body<CountInput>) -> Result<Json<Corrected>> {
    correct::count_stock(&cx, input).await.map(Json)
}

pub async fn restate(cx: Cx, Body(input): Body<RestateInput>) -> Result<Json<Corrected>> {
    correct::restate_stock(&cx, input).await.map(Json)
}

pub async fn put_level(cx: Cx, Path(id): Path<Id>, Body(input): Body<LevelInput>) -> Result<Json<LevelOut>> {
    level::put_level(&cx, id, input).await.map(Json)
}

pub async fn part_stock(cx: Cx, Path(id): Path<Id>) -> Result<Json<Vec<PartStock>>> {
    level::part_stock(&cx, id).await.map(Json)
}
