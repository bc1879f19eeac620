//! Parts: catalogue, depots and the stock ledger (PARTS-01…64, DESIGN §7.1).

pub mod api;
mod depot;
mod docs;
mod input;
mod jobs;
mod old_part;
mod part;
pub mod perms;
mod purchase;
mod receipt;
mod settings;
mod slip;
mod stock;
mod subs;
mod supply;
mod transfer;
mod widgets;

use kernel::T;
use kit::{Command, Module, Nav, Routes};

/// Everything this context brings.
pub fn module() -> Module {
    let routes = [
        part::routes,
        depot::routes,
        stock::routes,
        purchase::routes,
        receipt::routes,
        transfer::routes,
        slip::routes,
        old_part::routes,
    ];
    Module {
        name: "parts",
        migrations: vec![db::Migration {
            context: "parts",
            number: 1,
            name: "catalogue, depots, ledger",
            sql: include_str!("../migrations/0001_parts.sql"),
        }],
        perms: perms::ALL.to_vec(),
        routes: routes.into_iter().fold(Routes::new(), |all, add| add(all)),
        lists: vec![
            part::lists::parts(),
            depot::lists::depots(),
            stock::lists::stock(),
            stock::lists::stock_moves(),
            stock::lists::reservations(),
            stock::lists::stock_levels(),
            purchase::lists::purchases(),
            receipt::lists::receipts(),
            transfer::lists::transfers(),
            transfer::lists::arrivals(),
            slip::lists::issue_slips(),
            old_part::lists::old_parts(),
        ],
        sheets: vec![part::sheet::parts(), stock::sheet::stock()],
        settings: settings::ALL.to_vec(),
        schedules: jobs::schedules(),
        subs: subs::subs(),
        docs: docs::kinds(),
        actions: vec![
            supply::ACTION,
            ("substitute_added", T("增加代用件", "substitute added")),
            ("substitute_removed", T("删除代用件", "substitute removed")),
            ("level_set", T("设置上下限", "levels set")),
            ("counted", T("盘点更正", "counted")),
            ("restated", T("变更库存状态", "state changed")),
            ("line_set", T("修改明细", "line changed")),
        ],
        nav: nav(),
        checks: stock::checks::checks(),
        commands: commands(),
        impersonal: vec![
            ("part.note", "about a part"),
            ("part_substitute.note", "about a part"),
            ("depot.address", "of a depot"),
            ("depot.note", "about a depot"),
            ("purchase.note", "about a purchase"),
            ("receipt.deliverer", "of a supplier"),
            ("receipt.note", "about goods"),
            ("stock_move.from_place", "a depot"),
            ("stock_move.to_place", "a depot"),
            ("transfer.place", "of a carrier"),
            ("transfer.note", "about goods"),
            ("old_part_debt.note", "about goods"),
            ("issue_slip.recipient", "who took goods out, kept as a voucher"),
            ("issue_slip.note", "about goods, kept as a voucher"),
        ],
        ..Module::default()
    }
}

fn nav() -> Vec<Nav> {
    let nav =
        |order, icon, label, href, perm| Nav { group: T("备件", "Parts"), order, icon, label, href, perm };
    vec![
        nav(400, "packages", T("库存", "Stock"), "/stock", &perms::STOCK_READ),
        nav(401, "bulb", T("领料建议", "Draw parts"), "/stock-draw", &perms::STOCK_READ),
        nav(402, "package-export", T("出库单", "Issue slips"), "/issue-slips", &perms::STOCK_READ),
        nav(403, "package-import", T("入库单", "Receipts"), "/receipts", &perms::STOCK_READ),
        nav(403, "shopping-cart", T("采购申请", "Purchases"), "/purchases", &perms::STOCK_READ),
        nav(404, "truck", T("调拨与领退料", "Transfers"), "/transfers", &perms::STOCK_READ),
        nav(405, "truck-delivery", T("在途到货", "Arrivals"), "/arrivals", &perms::STOCK_READ),
        nav(406, "alert-triangle", T("库存上下限", "Stock levels"), "/stock-levels", &perms::STOCK_READ),
        nav(407, "bookmark", T("预约与占用", "Reservations"), "/reservations", &perms::STOCK_READ),
        nav(408, "recycle", T("旧件监控", "Old parts"), "/old-parts", &perms::OLD_PART_READ),
        nav(409, "history", T("出入库记录", "Movements"), "/stock-moves", &perms::STOCK_READ),
        nav(410, "report", T("收发存汇总", "In and out"), "/stock-turnover", &perms::STOCK_READ),
        nav(411, "tool", T("配件目录", "Parts"), "/parts", &perms::PART_READ),
        nav(412, "building-warehouse", T("仓库", "Depots"), "/depots", &perms::STOCK_READ),
    ]
}

fn commands() -> Vec<Command> {
    let command = |label, href, icon, perm| Command { label, href, icon, keys: &[], perm };
    vec![
        command(T("入库", "Receive goods"), "/receipts/new", "package-import", &perms::STOCK_RECEIVE),
        command(
            T("出库/预约", "Issue or reserve parts"),
            "/issue-slips/new",
            "package-export",
            &perms::STOCK_ISSUE,
        ),
        command(T("申请采购", "Ask to buy parts"), "/purchases/new", "shopping-cart", &perms::PURCHASE_WRITE),
        command(T("调拨", "Transfer stock"), "/transfers/new?kind=move", "truck", &perms::STOCK_MOVE),
        command(
            T("领料", "Hand out to an engineer"),
            "/transfers/new?kind=draw",
            "truck-loading",
            &perms::STOCK_MOVE,
        ),
        command(
            T("退料", "Return unused parts"),
            "/transfers/new?kind=return_unused",
            "truck-return",
            &perms::STOCK_MOVE,
        ),
        command(T("盘点更正", "Correct a count"), "/stock-count", "clipboard-check", &perms::STOCK_ADJUST),
        command(
            T("库存状态变更", "Change the state of stock"),
            "/stock-restate",
            "replace",
            &perms::STOCK_ADJUST,
        ),
        command(T("新建配件", "New part"), "/parts/new", "tool", &perms::PART_WRITE),
        command(T("新建仓库", "New depot"), "/depots/new", "building-warehouse", &perms::DEPOT_WRITE),
    ]
}

#[cfg(test)]
mod schema {
    /// What the program knows and what the database takes are the same (DESIGN §5).
    #[test]
    fn the_database_takes_only_states_that_there_are() {
        let sql = include_str!("../migrations/0001_parts.sql");
        let takes = |table, column, codes| testkit::column_takes(sql, table, column, codes);
        takes("purchase", "state", crate::purchase::model::PurchaseState::OPTIONS);
        takes("receipt", "state", crate::receipt::model::ReceiptState::OPTIONS);
        takes("transfer", "state", crate::transfer::model::TransferState::OPTIONS);
        takes("issue_slip", "state", crate::slip::model::SlipState::OPTIONS);
        takes("old_part_debt", "state", crate::old_part::model::DebtState::OPTIONS);
        takes("stock_balance", "stock_state", crate::stock::model::StockState::OPTIONS);
    }
}
