//! `planning levels`.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use planning::{
    Control,
    allocate::{Allocation, Candidate, allocate, frontier},
    fit::Settings,
    levels::{Economy, ThreePoint, three_point},
    models::Window,
    protect::{Protected, Protection, protect},
    reason::Words,
};
use serde_json::{Value, json};

use crate::{
    Common, Input,
    backtest::cell,
    input::{Known, load},
    outlook::{self, Beyond, read_beyond},
    parts::Part,
    report::{Progress, Trouble, number},
};

/// What the service is meant for.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Objective {
    /// The same service for every part.
    Equal,
    /// The service for the whole stock, bought where it is cheapest.
    Value,
}

/// Arguments of `planning levels`.
#[derive(Args)]
pub struct Levels {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    beyond: Beyond,
    /// Wished service, between 0 and 1: chance that stock lasts until the next arrival (equal) or share of demand
    /// lines filled at once (value).
    #[arg(long)]
    service: f64,
    /// What the service is meant for.
    #[arg(long, value_enum, default_value_t = Objective::Equal)]
    objective: Objective,
    /// Least service by class of criticality, for the value objective.
    #[arg(long, default_value = "A=0.95,B=0.85,C=0")]
    floors: String,
    /// Months between two looks at the stock.
    #[arg(long, default_value_t = 1.0)]
    review: f64,
    /// Lead time in months for parts without one.
    #[arg(long, default_value_t = 1.0)]
    lead_time: f64,
    /// Cost of placing an order, for parts without one; 0 orders as often as reviewed.
    #[arg(long, default_value_t = 0.0)]
    order_cost: f64,
    /// Holding cost per year and unit of money, for parts without one.
    #[arg(long, default_value_t = 0.25)]
    holding_rate: f64,
    /// Also writes the frontier of stock value and service: lines_filled,value for targets from 0.5 to 0.99.
    #[arg(long, value_name = "FILE")]
    frontier: Option<PathBuf>,
    /// Further columns: lead time, mean demand, class, what to order now, reason.
    #[arg(long)]
    details: bool,
    /// Language of the reasons.
    #[arg(long, value_enum, default_value_t = crate::Language::En)]
    language: crate::Language,
    /// File to write: part,min,order_point,max,service,value
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    pub(crate) common: Common,
}

fn floors(text: &str) -> Result<Vec<(String, f64)>, Trouble> {
    let mut floors = Vec::new();
    for word in text.split(',').map(str::trim).filter(|w| !w.is_empty()) {
        let pair =
            word.split_once('=').and_then(|(class, p)| Some((class.trim(), p.trim().parse::<f64>().ok()?)));
        match pair {
            Some((class, p)) if (0.0..1.0).contains(&p) => floors.push((class.to_lowercase(), p)),
            _ => return Err(Trouble::text(format!("--floors: `{word}` is not CLASS=SERVICE, like A=0.95"))),
        }
    }
    Ok(floors)
}

fn floor(part: &Part, floors: &[(String, f64)]) -> f64 {
    let class = part.criticality.as_ref().map(|c| c.to_lowercase());
    let of_class = class.and_then(|c| floors.iter().find(|f| f.0 == c)).map_or(0.0, |f| f.1);
    part.minimum_service.unwrap_or(0.0).max(of_class)
}

/// A part's demand, level and reasons on the way to the file.
struct Row {
    demand: Protected,
    months: f64,
    price: f64,
    points: ThreePoint,
    told: Vec<Words>,
}

fn check(args: &Levels) -> Result<(), Trouble> {
    if !(args.service > 0.0 && args.service < 1.0) {
        return Err(Trouble::text("--service must be between 0 and 1, for example 0.95"));
    }
    for (name, value, most) in [
        ("--review", args.review, 24.0),
        ("--lead-time", args.lead_time, 240.0),
        ("--order-cost", args.order_cost, f64::MAX),
        ("--holding-rate", args.holding_rate, 10.0),
    ] {
        if !(0.0..=most).contains(&value) {
            return Err(Trouble::text(format!("{name} {value} is out of range")));
        }
    }
    Ok(())
}

/// Runs it.
///
/// # Errors
/// Wrong arguments or input.
pub fn run(args: &Levels) -> Result<Value, Trouble> {
    check(args)?;
    let floors = floors(&args.floors)?;
    let mut known = load(&args.input)?;
    let beyond = read_beyond(&args.beyond, &mut known.demand)?;
    if args.objective == Objective::Value && known.parts.iter().all(|p| p.unit_cost.is_none()) {
        return Err(Trouble::text("--objective value needs the column unit_cost in --parts"));
    }
    let progress = Progress::new(args.common.quiet);
    let (demand, told, protections) = demands(args, &known, &beyond, &progress)?;
    let prices = prices(&known.parts);
    let candidates: Vec<Candidate> = (0..demand.len())
        .map(|i| Candidate {
            curve: demand[i].curve.clone(),
            price: prices[i],
            lines: demand[i].lines,
            months: protections[i].months,
            size: demand[i].size(),
            floor: match floor(&known.parts[i], &floors) {
                least if least > 0.0 => beyond.level(i, least),
                none => none,
            },
            pack: known.parts[i].pack.unwrap_or(1.0),
        })
        .collect();
    let plan = match args.objective {
        Objective::Value => allocate(&candidates, args.service),
        Objective::Equal => equal(&candidates, |i| beyond.level(i, args.service)),
    };
    if let Some(path) = &args.frontier {
        write_frontier(path, &candidates)?;
    }
    let rows: Vec<Row> = demand
        .into_iter()
        .zip(told)
        .enumerate()
        .map(|(i, (demand, told))| {
            let points = three_point(&demand, plan.levels[i], &economy(args, &known.parts[i], prices[i]));
            Row { demand, months: protections[i].months, price: prices[i], points, told }
        })
        .collect();
    write(args, &known, &rows)?;
    progress.done();
    let value: f64 = rows.iter().map(|r| r.points.on_hand * r.price).sum();
    Ok(json!({
        "parts": rows.len(),
        "expected_lines_filled": plan.lines,
        "expected_stock_value": value,
        "out": args.out.display().to_string(),
        "text": format!(
            "{} parts, expected {:.1} % of lines filled, stock value {:.2} → {}",
            rows.len(), plan.lines * 100.0, value, args.out.display()
        ),
    }))
}

/// Demand of every part over its protection period, with what is known beyond its history, and what that did.
fn demands(
    args: &Levels,
    known: &Known,
    beyond: &outlook::Known,
    progress: &Progress,
) -> Result<(Vec<Protected>, Vec<Vec<Words>>, Vec<Protection>), Trouble> {
    let tell = |stage: &str, f: f64| progress.tell(stage, f);
    let control = Control { threads: args.common.threads(), cancel: None, progress: Some(&tell) };
    let protections: Vec<Protection> = known
        .parts
        .iter()
        .map(|p| Protection {
            months: (p.lead_time.unwrap_or(args.lead_time) + args.review).max(0.1),
            deviation: p.lead_time_sd.unwrap_or(0.0),
        })
        .collect();
    let panel = &known.demand.panel;
    let settings = Settings::new(Window::next(1));
    let mut demand = protect(panel, panel.periods(), &known.attributes, &protections, &settings, &control)
        .map_err(Trouble::text)?;
    let mut told = vec![Vec::new(); demand.len()];
    for (i, d) in demand.iter_mut().enumerate().filter(|(i, _)| beyond.has(*i)) {
        let months = protections[i].months;
        let changed = beyond.change(i, &d.curve, d.mean, (0, months));
        // More demand comes in more lines, until every month has one.
        let extra = (changed.mean - d.mean).max(0.0) / months;
        d.lines = 1.0 - (1.0 - d.lines) * (-extra).exp();
        (d.curve, d.mean, told[i]) = (changed.curve, changed.mean, changed.told);
    }
    Ok((demand, told, protections))
}

fn economy(args: &Levels, part: &Part, price: f64) -> Economy {
    Economy {
        order_cost: part.order_cost.unwrap_or(args.order_cost),
        holding: part.holding_rate.unwrap_or(args.holding_rate) * price,
        pack: part.pack.unwrap_or(1.0),
        minimum_order: part.minimum_order.unwrap_or(0.0),
    }
}

/// Prices; a part without one gets the median, one of zero a hundredth of it (nothing is free to keep).
fn prices(parts: &[Part]) -> Vec<f64> {
    let mut known: Vec<f64> = parts.iter().filter_map(|p| p.unit_cost).filter(|c| *c > 0.0).collect();
    known.sort_by(f64::total_cmp);
    let median = known.get(known.len() / 2).copied().unwrap_or(1.0);
    parts.iter().map(|p| p.unit_cost.unwrap_or(median).max(median * 0.001)).collect()
}

fn equal(candidates: &[Candidate], service: impl Fn(usize) -> f64) -> Allocation {
    let mut plan = Allocation { levels: Vec::new(), lines: 0.0, value: 0.0, worth: 0.0 };
    let mut all = 0.0;
    for (i, c) in candidates.iter().enumerate() {
        let level = c.curve.level_up(service(i).max(c.floor));
        plan.levels.push(level);
        plan.lines += c.lines * c.met().below(level);
        plan.value += c.price * c.curve.left_over(level);
        all += c.lines;
    }
    plan.lines /= f64::max(all, 1e-12);
    plan
}

fn write_frontier(path: &Path, candidates: &[Candidate]) -> Result<(), Trouble> {
    let targets = [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99];
    let mut text = String::from("target,lines_filled,value\n");
    for (target, plan) in targets.iter().zip(frontier(candidates, &targets)) {
        text +=
            &format!("{target},{},{}\n", number(plan.lines), number((plan.value * 100.0).round() / 100.0));
    }
    std::fs::write(path, text).map_err(|e| Trouble::file(path, e))
}

fn write(args: &Levels, known: &Known, rows: &[Row]) -> Result<(), Trouble> {
    let broken = |e: std::io::Error| Trouble::file(&args.out, e);
    let mut out = BufWriter::with_capacity(1 << 18, File::create(&args.out).map_err(broken)?);
    let more = if args.details { ",protection_months,mean_demand,class,order_now,model,reason" } else { "" };
    writeln!(out, "part,min,order_point,max,service,value{more}").map_err(broken)?;
    for (i, (part, row)) in known.parts.iter().zip(rows).enumerate() {
        let p = &row.points;
        let service = row.demand.curve.below(p.order_point);
        write!(
            out,
            "{},{},{},{},{},{}",
            cell(&part.part),
            number(p.minimum),
            number(p.order_point),
            number(p.maximum),
            number((service * 1e4).round() / 1e4),
            number((p.on_hand * row.price * 100.0).round() / 100.0),
        )
        .map_err(broken)?;
        if args.details {
            let y: Vec<f64> = known.demand.panel.row(i).iter().map(|x| f64::from(*x)).collect();
            out.write_all(details(args, part, row, &y, service).as_bytes()).map_err(broken)?;
        }
        writeln!(out).map_err(broken)?;
    }
    out.flush().map_err(broken)
}

fn details(args: &Levels, part: &Part, row: &Row, y: &[f64], service: f64) -> String {
    let position = part.on_hand.unwrap_or(0.0) + part.in_transit.unwrap_or(0.0);
    let order = row.points.order(position, part.pack.unwrap_or(1.0), part.minimum_order.unwrap_or(0.0));
    let class = planning::classify::classify(y);
    let reason = planning::reason::level_reason(&class, &row.demand, &row.points, row.months, service);
    let mut words = args.language.pick(&reason).to_string();
    row.told.iter().for_each(|w| words += &format!("; {}", args.language.pick(w)));
    format!(
        ",{},{},{},{},{},{}",
        number(row.months),
        number(row.demand.mean),
        class.code(),
        number(order),
        row.demand.model.0.name(),
        cell(&words),
    )
}
