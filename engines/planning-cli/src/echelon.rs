//! `planning echelon`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use planning::echelon::{
    Base, Item, Method,
    optimise::{Goal, Joint, Plan, ceiling, curve, joint, lateral, method_for},
    tree,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Common, report::Trouble};

/// How backorders are computed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Choice {
    /// Exact while it is affordable, otherwise VARI-METRIC.
    Auto,
    /// Exact split of depot backorders.
    Exact,
    /// Two moments, for size.
    VariMetric,
}

/// Arguments of `planning echelon`.
#[derive(Args)]
pub struct Echelon {
    /// Network, JSON; see above.
    #[arg(long, value_name = "FILE")]
    network: PathBuf,
    /// File to write: depot and base stock per item, expected backorders, method.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// How backorders are computed.
    #[arg(long, value_enum, default_value_t = Choice::Auto)]
    method: Choice,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Deserialize)]
struct Network {
    items: Vec<ItemIn>,
    #[serde(alias = "max_budget", alias = "money")]
    budget: Option<f64>,
    #[serde(alias = "target_backorders", alias = "backorders")]
    max_backorders: Option<f64>,
    #[serde(alias = "units", alias = "stock")]
    total_stock: Option<usize>,
    method: Option<String>,
    lateral: Option<LateralIn>,
}

#[derive(Deserialize)]
struct LateralIn {
    backorder_per_day: f64,
    transfer_cost: f64,
    #[serde(default)]
    transfer_days: f64,
}

#[derive(Deserialize)]
struct ItemIn {
    #[serde(alias = "part", alias = "name", alias = "id")]
    item: Option<String>,
    #[serde(default = "one", alias = "unit_cost", alias = "cost")]
    price: f64,
    #[serde(alias = "depot_lead_days", alias = "supplier_lead_days")]
    depot_repair_days: Option<f64>,
    #[serde(default)]
    bases: Vec<BaseIn>,
    #[serde(default)]
    nodes: Vec<NodeIn>,
    stock: Option<StockIn>,
    total_stock: Option<usize>,
}

fn one() -> f64 {
    1.0
}

#[derive(Deserialize)]
struct StockIn {
    depot: Option<usize>,
    #[serde(default)]
    bases: Vec<usize>,
    #[serde(default)]
    nodes: Vec<usize>,
}

#[derive(Deserialize)]
struct BaseIn {
    #[serde(alias = "name", alias = "id")]
    base: Option<String>,
    #[serde(alias = "lam_per_year", alias = "rate_per_year")]
    demand_per_year: Option<f64>,
    #[serde(alias = "lam_per_day", alias = "rate_per_day")]
    demand_per_day: Option<f64>,
    #[serde(default, alias = "base_repair_prob", alias = "repair_share", alias = "r")]
    base_repair_share: f64,
    #[serde(default, alias = "repair_days")]
    base_repair_days: f64,
    #[serde(default, alias = "order_ship_days")]
    ship_days: f64,
    count: Option<usize>,
}

#[derive(Deserialize)]
struct NodeIn {
    name: String,
    parent: Option<String>,
    demand_per_year: Option<f64>,
    demand_per_day: Option<f64>,
    #[serde(default)]
    repair_share: f64,
    #[serde(default)]
    repair_days: f64,
    #[serde(default)]
    ship_days: f64,
}

const YEAR: f64 = 365.0;

fn rate(year: Option<f64>, day: Option<f64>) -> Result<f64, String> {
    match (year, day) {
        (Some(y), None) if y >= 0.0 && y.is_finite() => Ok(y / YEAR),
        (None, Some(d)) if d >= 0.0 && d.is_finite() => Ok(d),
        (Some(_), Some(_)) => Err("has both demand_per_year and demand_per_day".into()),
        (None, None) => Err("needs demand_per_year or demand_per_day".into()),
        _ => Err("has negative demand".into()),
    }
}

fn check(value: f64, most: f64, what: &str) -> Result<f64, String> {
    if value.is_finite() && value >= 0.0 && value <= most {
        Ok(value)
    } else {
        Err(format!("{what} {value} is out of range"))
    }
}

fn item(input: &ItemIn) -> Result<(Item, Vec<String>), String> {
    let (mut bases, mut names) = (Vec::new(), Vec::new());
    for (k, b) in input.bases.iter().enumerate() {
        let name = b.base.clone().unwrap_or_else(|| format!("base {}", k + 1));
        let base = (|| {
            Ok::<_, String>(Base {
                rate: rate(b.demand_per_year, b.demand_per_day)?,
                repaired: check(b.base_repair_share, 1.0, "base_repair_share")?,
                repair: check(b.base_repair_days, 1e5, "base_repair_days")?,
                ship: check(b.ship_days, 1e5, "ship_days")?,
            })
        })()
        .map_err(|e| format!("{name}: {e}"))?;
        for n in 0..b.count.unwrap_or(1).min(10_000) {
            bases.push(base.clone());
            names.push(if b.count.is_some() { format!("{name} {}", n + 1) } else { name.clone() });
        }
    }
    if bases.is_empty() {
        return Err("has no bases".into());
    }
    let depot = input.depot_repair_days.ok_or("needs depot_repair_days")?;
    let item = Item {
        depot: check(depot, 1e5, "depot_repair_days")?,
        bases,
        price: check(input.price, 1e12, "price")?,
    };
    Ok((item, names))
}

/// Runs it.
///
/// # Errors
/// A network that cannot be read or makes no sense.
pub fn run(args: &Echelon) -> Result<Value, Trouble> {
    let text = std::fs::read_to_string(&args.network).map_err(|e| Trouble::file(&args.network, e))?;
    let network: Network = serde_json::from_str(&text).map_err(|e| Trouble::file(&args.network, e))?;
    if network.items.is_empty() {
        return Err(Trouble::file(&args.network, "there is no item"));
    }
    let (mut flat, mut trees) = (Vec::new(), Vec::new());
    for (k, input) in network.items.iter().enumerate() {
        let name = input.item.clone().unwrap_or_else(|| format!("item {}", k + 1));
        let wrong = |e: String| Trouble::file(&args.network, format!("{name}: {e}"));
        if input.nodes.is_empty() {
            let (item, bases) = item(input).map_err(wrong)?;
            flat.push(Flat { name: name.clone(), item, bases, input });
        } else {
            trees.push((name.clone(), tree_plan(input, &network).map_err(wrong)?));
        }
    }
    let method = method(args, &network, &flat)?;
    let mut items: Vec<Value> = plans(&network, &flat, method, args)?;
    items.extend(trees.into_iter().map(|t| t.1));
    let sum = |key: &str| items.iter().filter_map(|i| i[key].as_f64()).sum::<f64>();
    let plan = json!({
        "method": word(method),
        "expected_backorders": sum("expected_backorders"),
        "stock_value": sum("stock_value"),
        "items": items,
    });
    let pretty = serde_json::to_string_pretty(&plan).map_err(Trouble::text)?;
    std::fs::write(&args.out, pretty + "\n").map_err(|e| Trouble::file(&args.out, e))?;
    Ok(json!({
        "items": items.len(),
        "method": word(method),
        "expected_backorders": plan["expected_backorders"],
        "stock_value": plan["stock_value"],
        "out": args.out.display().to_string(),
        "text": format!(
            "{} items, expected backorders {:.4}, stock value {:.2}, {} → {}",
            items.len(), sum("expected_backorders"), sum("stock_value"), word(method), args.out.display()
        ),
    }))
}

struct Flat<'a> {
    name: String,
    item: Item,
    bases: Vec<String>,
    input: &'a ItemIn,
}

fn word(method: Method) -> &'static str {
    match method {
        Method::Exact => "exact",
        Method::Metric => "metric",
        Method::VariMetric => "vari-metric",
    }
}

fn method(args: &Echelon, network: &Network, flat: &[Flat]) -> Result<Method, Trouble> {
    let wished = match (args.method, network.method.as_deref()) {
        (Choice::Exact, _) => Some(Method::Exact),
        (Choice::VariMetric, _) => Some(Method::VariMetric),
        (Choice::Auto, None | Some("auto")) => None,
        (Choice::Auto, Some("exact")) => Some(Method::Exact),
        (Choice::Auto, Some("vari-metric" | "vari_metric" | "vari")) => Some(Method::VariMetric),
        (Choice::Auto, Some("metric")) => Some(Method::Metric),
        (Choice::Auto, Some(other)) => {
            return Err(Trouble::file(
                &args.network,
                format!("method `{other}`: auto, exact or vari-metric"),
            ));
        }
    };
    Ok(wished.unwrap_or_else(|| {
        let items: Vec<Item> = flat.iter().map(|f| f.item.clone()).collect();
        let most = items.iter().map(|i| ceiling(i, Goal::Backorders(0.0))).max().unwrap_or(0);
        method_for(&items, most)
    }))
}

fn plans(network: &Network, flat: &[Flat], method: Method, args: &Echelon) -> Result<Vec<Value>, Trouble> {
    let given = |f: &Flat| f.input.stock.is_some() || f.input.total_stock.is_some();
    let free: Vec<&Flat> = flat.iter().filter(|f| !given(f)).collect();
    let goal = match (network.budget, network.max_backorders, network.total_stock) {
        (Some(b), None, None) if b >= 0.0 => Some(Goal::Budget(b)),
        (None, Some(b), None) if b >= 0.0 => Some(Goal::Backorders(b)),
        (None, None, Some(n)) => Some(Goal::Budget(n as f64)),
        (None, None, None) if free.is_empty() => None,
        (None, None, None) => {
            return Err(Trouble::file(
                &args.network,
                "a goal is missing: budget, max_backorders or total_stock (or stock per item)",
            ));
        }
        _ => {
            return Err(Trouble::file(
                &args.network,
                "exactly one goal ≥ 0: budget, max_backorders or total_stock",
            ));
        }
    };
    let mut found: Option<Joint> = None;
    if let (Some(goal), false) = (goal, free.is_empty()) {
        let unit = network.total_stock.is_some();
        let items: Vec<Item> = free
            .iter()
            .map(|f| Item { price: if unit { 1.0 } else { f.item.price }, ..f.item.clone() })
            .collect();
        found = Some(joint(&items, goal, method));
    }
    let optimal = found.as_ref().is_none_or(|j| j.optimal);
    let mut next = found.map(|j| j.plans).unwrap_or_default().into_iter();
    let mut out = Vec::new();
    for f in flat {
        let plan = match (&f.input.stock, f.input.total_stock) {
            (Some(stock), _) => {
                let mut bases = stock.bases.clone();
                if bases.len() == 1 {
                    bases = vec![bases[0]; f.bases.len()];
                }
                if bases.len() != f.bases.len() {
                    return Err(Trouble::file(
                        &args.network,
                        format!("{}: stock has {} bases, the item {}", f.name, bases.len(), f.bases.len()),
                    ));
                }
                Plan { depot: stock.depot.unwrap_or(0), bases, backorders: 0.0 }
            }
            (None, Some(n)) => curve(&f.item, n.min(20_000), method).pop().unwrap_or(Plan {
                depot: 0,
                bases: vec![0; f.bases.len()],
                backorders: 0.0,
            }),
            (None, None) => match next.next() {
                Some(plan) => plan,
                None => continue,
            },
        };
        out.push(show(f, &plan, method, network, optimal));
    }
    Ok(out)
}

fn show(f: &Flat, plan: &Plan, method: Method, network: &Network, optimal: bool) -> Value {
    let r = f.item.evaluate(plan.depot, &plan.bases, method);
    let bases: Vec<Value> = f
        .bases
        .iter()
        .zip(&plan.bases)
        .zip(&r.bases)
        .map(|((name, stock), b)| {
            json!({
                "base": name, "stock": stock, "expected_backorders": b.backorders, "fill_rate": b.fill,
                "on_hand": b.on_hand, "pipeline_mean": b.mean, "pipeline_variance": b.variance,
            })
        })
        .collect();
    let mut value = json!({
        "item": f.name,
        "depot_stock": plan.depot,
        "base_stock": plan.bases,
        "total_stock": plan.total(),
        "stock_value": plan.total() as f64 * f.item.price,
        "expected_backorders": r.backorders(),
        "depot_expected_backorders": r.depot.0,
        "depot_backorder_variance": r.depot.1,
        "method": word(method),
        "proven_optimal": optimal,
        "bases": bases,
        "reason": {
            "en": format!(
                "{} of {} at the depot, where {:.2} are on average in repair; the bases miss {:.4} on average",
                plan.depot, plan.total(), f.item.depot_pipeline(), r.backorders()),
            "zh": format!(
                "总量 {} 中 {} 放在中心库,其修理在途平均 {:.2};各基地平均缺货 {:.4}",
                plan.total(), plan.depot, f.item.depot_pipeline(), r.backorders()),
        },
    });
    if let Some(l) = &network.lateral {
        let found = lateral(&f.item, plan, method, l.backorder_per_day, l.transfer_cost, l.transfer_days);
        value["lateral"] = json!({
            "pays": found.pays(),
            "saving_per_day": found.saving,
            "transfers_per_day": found.transfers,
            "expected_backorders_pooled": found.pooled,
        });
    }
    value
}

/// A tree of depots: evaluated, or filled with the wished number of units.
fn tree_plan(input: &ItemIn, network: &Network) -> Result<Value, String> {
    let mut order: Vec<usize> = Vec::new();
    while order.len() < input.nodes.len() {
        let before = order.len();
        for (i, node) in input.nodes.iter().enumerate() {
            let ready = node.parent.as_ref().is_none_or(|p| order.iter().any(|j| input.nodes[*j].name == *p));
            if ready && !order.contains(&i) {
                order.push(i);
            }
        }
        if order.len() == before {
            return Err("nodes: an unknown parent, or a circle".into());
        }
    }
    if input.nodes.iter().filter(|n| n.parent.is_none()).count() != 1 {
        return Err("nodes: exactly one has no parent".into());
    }
    let mut nodes = Vec::new();
    for i in &order {
        let n = &input.nodes[*i];
        let rate = match (n.demand_per_year, n.demand_per_day) {
            (None, None) => 0.0,
            (y, d) => rate(y, d).map_err(|e| format!("{}: {e}", n.name))?,
        };
        nodes.push(tree::Node {
            parent: n.parent.as_ref().and_then(|p| order.iter().position(|j| input.nodes[*j].name == *p)),
            rate,
            repaired: check(n.repair_share, 1.0, "repair_share")?,
            repair: check(n.repair_days, 1e5, "repair_days")?,
            ship: check(n.ship_days, 1e5, "ship_days")?,
        });
    }
    let large = tree::arrivals(&nodes).iter().zip(&nodes).any(|(r, n)| r * n.repair > 300.0);
    let method = if large { Method::VariMetric } else { Method::Exact };
    let stocks = match (&input.stock, input.total_stock.or(network.total_stock)) {
        (Some(stock), _) if stock.nodes.len() == nodes.len() => {
            order.iter().map(|i| stock.nodes[*i]).collect()
        }
        (Some(_), _) => return Err("stock.nodes needs one number per node".into()),
        (None, Some(n)) => tree::spread(&nodes, n.min(5_000), method).0,
        (None, None) => match (network.budget, input.price) {
            (Some(money), price) if price > 0.0 && network.items.len() == 1 => {
                tree::spread(&nodes, ((money / price) as usize).min(5_000), method).0
            }
            _ => return Err("a tree needs total_stock or stock".into()),
        },
    };
    let states = tree::evaluate(&nodes, &stocks, method);
    let rows: Vec<Value> = order
        .iter()
        .zip(&stocks)
        .zip(&states)
        .map(|((i, stock), s)| {
            json!({
                "name": input.nodes[*i].name, "stock": stock, "expected_backorders": s.own,
                "on_hand": s.on_hand, "pipeline_mean": s.mean, "pipeline_variance": s.variance,
            })
        })
        .collect();
    let total: usize = stocks.iter().sum();
    Ok(json!({
        "item": input.item,
        "nodes": rows,
        "total_stock": total,
        "stock_value": total as f64 * input.price,
        "expected_backorders": tree::customers(&states),
        "method": word(method),
        "proven_optimal": false,
    }))
}
