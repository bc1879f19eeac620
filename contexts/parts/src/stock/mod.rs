//! The stock ledger (DESIGN §7.1): balances, movements, reservations, levels.

use kernel::T;
use kit::{Access, Routes};

pub mod checks;
pub mod correct;
pub mod draw;
pub mod ledger;
pub mod level;
pub mod level_store;
pub mod levels;
pub mod line;
pub mod lists;
pub mod model;
mod pages;
mod rest;
pub mod rules;
pub mod sheet;
pub mod store;
pub mod turnover;
pub mod turnover_store;
mod views;

#[cfg(test)]
mod tests;

use crate::perms::{STOCK_ADJUST, STOCK_READ};

/// Pages and API.
pub fn routes(routes: Routes) -> Routes {
    routes
        .page("/stock-draw", Access::Perm(&STOCK_READ), pages::draw)
        .page("/stock-turnover", Access::Perm(&STOCK_READ), pages::turnover)
        .page("/stock-count", Access::Perm(&STOCK_ADJUST), pages::count_form)
        .form("/stock-count", Access::Perm(&STOCK_ADJUST), pages::count)
        .page("/stock-restate", Access::Perm(&STOCK_ADJUST), pages::restate_form)
        .form("/stock-restate", Access::Perm(&STOCK_ADJUST), pages::restate)
        .form("/parts/{id}/levels", Access::Perm(&STOCK_ADJUST), pages::put_level)
        .api_get::<draw::DrawOut, _, _>(
            "/stock-draw",
            Access::Perm(&STOCK_READ),
            T("领料建议", "What to do about a wanted part"),
            rest::draw,
        )
        .api_get::<Vec<turnover::TurnoverRow>, _, _>(
            "/stock-turnover",
            Access::Perm(&STOCK_READ),
            T("收发存汇总", "Stock in and out of a period"),
            rest::turnover,
        )
        .api_post::<correct::CountInput, correct::Corrected, _, _>(
            "/stock-count",
            Access::Perm(&STOCK_ADJUST),
            T("盘点更正", "Correct stock to what was counted"),
            rest::count,
        )
        .api_post::<correct::RestateInput, correct::Corrected, _, _>(
            "/stock-restate",
            Access::Perm(&STOCK_ADJUST),
            T("变更库存状态或处置", "Change the state of stock, or dispose of it"),
            rest::restate,
        )
        .api_put::<level::LevelInput, level::LevelOut, _, _>(
            "/parts/{id}/levels",
            Access::Perm(&STOCK_ADJUST),
            T("设置库存上下限与货位", "Set levels and place"),
            rest::put_level,
        )
        .api_get::<Vec<level::PartStock>, _, _>(
            "/parts/{id}/stock",
            Access::Perm(&STOCK_READ),
            T("配件在各仓库的库存", "Stock of a part by depot"),
            rest::part_stock,
        )
}
