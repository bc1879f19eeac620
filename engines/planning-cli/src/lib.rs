//! Commands of the planning engine, for the `aftercare` binary: [`Planning`] with [`run`], [`Bench`] with [`bench`].

mod accuracy;
mod backtest;
mod bench;
mod demand;
mod echelon;
mod forecast;
mod input;
mod last_buy;
mod levels;
mod outlook;
mod parts;
mod report;
mod table;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Subcommand, ValueEnum};
use planning::reason::Words;

pub use bench::{Bench, bench};
pub use report::Trouble;

/// Forecasts, stock levels and depot networks from files.
#[derive(Subcommand)]
pub enum Planning {
    /// What earlier forecasts would have been, to compare with what came.
    ///
    /// For each of the last N months before the end of the file the engine is shown only the months up to it and
    /// forecasts the total demand of the following P months: its mean and the quantiles asked for. A quantile of
    /// 0.95 is the stock that would have covered that demand in 95 of 100 cases. Compare with what came to judge
    /// the engine on your own history before you trust it.
    Backtest(backtest::Backtest),
    /// Demand of each of the next months, with a reason per part.
    Forecast(forecast::ForecastCommand),
    /// Minimum, order point and maximum per part for a wished service.
    ///
    /// Order when stock plus what is on its way falls to the order point, up to the maximum. The minimum is the
    /// safety stock in it. With `--objective value` the service holds for the whole stock (share of demand lines
    /// filled at once) and is bought where it is cheapest; floors of critical parts are kept.
    Levels(levels::Levels),
    /// Earlier forecasts against what came, part by part; the next run can be corrected with it.
    ///
    /// Give it what `planning backtest` (or a forecast kept in the same form) said some time ago and the demand as it is
    /// known now. The file it writes goes into `planning forecast --track` and `planning levels --track`: means are
    /// moved by each part's own bias, levels by how often they were exceeded.
    Accuracy(accuracy::Accuracy),
    /// The last order before a part is no longer made: demand of the coming years and the quantity to buy.
    ///
    /// Demand of the coming years follows the field where it is known, and otherwise declines as the last four years did.
    /// The field is known when --sales tells what was put into use and the parts file has for the part: life_months (until
    /// a unit leaves the field) and failures_per_month (parts per unit and month at one year of age), and where known
    /// life_shape [3] and wear [0.5]. Other columns of the parts file: unit_cost, shortage_cost, disposal_cost, on_hand,
    /// in_transit.
    LastBuy(last_buy::LastBuyCommand),
    /// Stock of repairable and consumable parts in a network of depots.
    ///
    /// The network is a JSON file:
    ///
    /// {"items": [{"item": "pump", "price": 1200, "depot_repair_days": 60, "bases": [{"base": "north",
    /// "demand_per_year": 45, "base_repair_share": 0.3, "base_repair_days": 30, "ship_days": 10}, …]}],
    /// "budget": 50000}
    ///
    /// Goal, for all items together: `budget` (money), `max_backorders` (expected, sum of the bases) or `total_stock`
    /// (units, price ignored). An item with `stock: {"depot": 16, "bases": [4, 4]}` is only evaluated. A consumable has no
    /// base repair, and the supplier's lead time as depot_repair_days. Identical bases may be written once with
    /// `"count": 4`. Depots on more than two levels: `nodes` instead of `bases`, each with `name`, `parent`,
    /// `demand_per_year`, `repair_share`, `repair_days`, `ship_days`. `"lateral": {"backorder_per_day": 100,
    /// "transfer_cost": 50, "transfer_days": 1}` asks whether moving stock between bases pays.
    #[command(verbatim_doc_comment)]
    Echelon(echelon::Echelon),
}

/// Language of reasons.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// English.
    En,
    /// 简体中文.
    Zh,
}

impl Language {
    fn pick(self, words: &Words) -> &str {
        match self {
            Self::En => &words.en,
            Self::Zh => &words.zh,
        }
    }
}

/// What all commands understand.
#[derive(Args, Clone)]
pub struct Common {
    /// Processors to use [default: all]; the result does not depend on it.
    #[arg(long)]
    threads: Option<usize>,
    /// Prints a summary as one JSON object to standard output; errors too.
    #[arg(long)]
    json: bool,
    /// No progress on standard error.
    #[arg(long, short)]
    quiet: bool,
}

impl Common {
    fn threads(&self) -> usize {
        self.threads
            .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
            .clamp(1, 256)
    }
}

/// Demand and parts of a run.
#[derive(Args, Clone)]
pub struct Input {
    /// Demand history, CSV or XLSX: part,period(YYYY-MM),quantity. Months without a row have no demand.
    #[arg(long, value_name = "FILE")]
    demand: PathBuf,
    /// Parts, CSV or XLSX: part, and where known lead_time_months, lead_time_sd, unit_cost, order_cost,
    /// holding_rate, pack, minimum_order, criticality, minimum_service, on_hand, in_transit, installed, successor. All of
    /// them are in the output, also without demand.
    #[arg(long, value_name = "FILE")]
    parts: Option<PathBuf>,
}

/// Runs a command; errors go to standard error (with `--json` to standard output) and give exit code 1.
#[must_use]
pub fn run(command: Planning) -> ExitCode {
    let (json, result) = match command {
        Planning::Backtest(c) => (c.common.json, backtest::run(&c)),
        Planning::Forecast(c) => (c.common.json, forecast::run(&c)),
        Planning::Levels(c) => (c.common.json, levels::run(&c)),
        Planning::Accuracy(c) => (c.common.json, accuracy::run(&c)),
        Planning::LastBuy(c) => (c.common.json, last_buy::run(&c)),
        Planning::Echelon(c) => (c.common.json, echelon::run(&c)),
    };
    finish(json, result)
}

fn finish(json: bool, result: Result<serde_json::Value, Trouble>) -> ExitCode {
    match result {
        Ok(summary) => {
            if json {
                println!("{summary}");
            } else if let Some(text) = summary.get("text").and_then(|t| t.as_str()) {
                println!("{text}");
            }
            ExitCode::SUCCESS
        }
        Err(trouble) => {
            if json {
                let (errors, more) = trouble.lines();
                println!("{}", serde_json::json!({ "errors": errors, "more": more }));
            } else {
                eprintln!("{trouble}");
            }
            ExitCode::FAILURE
        }
    }
}
