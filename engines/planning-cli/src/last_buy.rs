//! `planning last-buy`: the last order before a part is no longer made.

use std::{
    collections::HashMap,
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use clap::Args;
use planning::{
    life::{Ageing, LastBuy, decline, declining, field_demand, last_buy},
    reason::Words,
};
use serde_json::{Value, json};

use crate::{
    Common, Input, Trouble,
    backtest::cell,
    input::load,
    outlook::{Beyond, PART, read_beyond},
    parts::Part,
    report::number,
    table::{Column, read_each},
};

/// Arguments of `planning last-buy`.
#[derive(Args)]
pub struct LastBuyCommand {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    beyond: Beyond,
    /// Years to cover, 1 to 15.
    #[arg(long, default_value_t = 5.0)]
    years: f64,
    /// Units put into use per month, CSV or XLSX: part,period (YYYY-MM),units. Later months than those of the demand are
    /// planned sales.
    #[arg(long, value_name = "FILE")]
    sales: Option<PathBuf>,
    /// Doubt about the level of demand over all the years: standard deviation over mean.
    #[arg(long, default_value_t = 0.3)]
    doubt: f64,
    /// Cost of a unit short over the price, for parts without shortage_cost.
    #[arg(long, default_value_t = 4.0)]
    shortage: f64,
    /// Cost of a unit left over (money tied up, keeping, scrapping) over the price, for parts without disposal_cost.
    #[arg(long, default_value_t = 1.0)]
    left_over: f64,
    /// Language of the reasons.
    #[arg(long, value_enum, default_value_t = crate::Language::En)]
    language: crate::Language,
    /// File to write: part,quantity,mean,deviation,expected_short,expected_left,value,cost,reason
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// Months of the file and after it.
struct Sales {
    past: Vec<f64>,
    planned: Vec<f64>,
}

/// Runs it.
///
/// # Errors
/// Wrong arguments or input.
pub fn run(args: &LastBuyCommand) -> Result<Value, Trouble> {
    for (name, value, least, most) in [
        ("--years", args.years, 1.0, 15.0),
        ("--doubt", args.doubt, 0.0, 5.0),
        ("--shortage", args.shortage, 0.0, 1e6),
        ("--left-over", args.left_over, 1e-6, 1e6),
    ] {
        if !(least..=most).contains(&value) {
            return Err(Trouble::text(format!("{name} {value} is out of range ({least} to {most})")));
        }
    }
    let mut known = load(&args.input)?;
    let beyond = read_beyond(&args.beyond, &mut known.demand)?;
    let sales = args.sales.as_deref().map(|path| read_sales(path, &known.demand)).transpose()?;
    let broken = |e: std::io::Error| Trouble::file(&args.out, e);
    let mut out = BufWriter::with_capacity(1 << 18, File::create(&args.out).map_err(broken)?);
    writeln!(out, "part,quantity,mean,deviation,expected_short,expected_left,value,cost,reason")
        .map_err(broken)?;
    let (mut value, mut cost) = (0.0, 0.0);
    for (i, part) in known.parts.iter().enumerate() {
        let y: Vec<f64> = known.demand.panel.row(i).iter().map(|x| f64::from(*x)).collect();
        let horizon = (args.years * 12.0).round() as usize;
        let (path, mut words) = years(part, &y, sales.as_ref().and_then(|s| s.get(&i)), horizon);
        let ratio = spread(&y);
        let mut path: Vec<(f64, f64)> = path.iter().map(|m| (*m, m * ratio)).collect();
        words.extend(beyond.apply(i, &mut path));
        let price = part.unit_cost.unwrap_or(1.0);
        let stock = part.on_hand.unwrap_or(0.0) + part.in_transit.unwrap_or(0.0);
        let means: Vec<f64> = path.iter().map(|p| p.0).collect();
        let (mean, variance) = path.iter().fold((0.0, 0.0), |a, p| (a.0 + p.0, a.1 + p.1));
        let over = part.disposal_cost.unwrap_or(args.left_over * price).max(1e-9);
        let short = part.shortage_cost.unwrap_or(args.shortage * price).max(0.0);
        let buy = last_buy(&means, variance / f64::max(mean, 1e-9), args.doubt, stock, over, short);
        words.push(bought(&buy, stock, over, short));
        let reason: Vec<&str> = words.iter().map(|w| args.language.pick(w)).collect();
        let figures = [
            buy.quantity,
            buy.mean,
            buy.variance.sqrt(),
            buy.short,
            buy.left,
            buy.quantity * price,
            buy.cost,
        ];
        let figures: Vec<String> = figures.iter().map(|x| number((x * 100.0).round() / 100.0)).collect();
        writeln!(out, "{},{},{}", cell(&part.part), figures.join(","), cell(&reason.join("; ")))
            .map_err(broken)?;
        value += buy.quantity * price;
        cost += buy.cost;
    }
    out.flush().map_err(broken)?;
    Ok(json!({
        "parts": known.parts.len(), "years": args.years, "value": value, "expected_cost": cost,
        "out": args.out.display().to_string(),
        "text": format!("{} parts, last orders worth {value:.2} → {}", known.parts.len(), args.out.display()),
    }))
}

/// Expected demand of each coming month, and why.
fn years(part: &Part, y: &[f64], sales: Option<&Sales>, horizon: usize) -> (Vec<f64>, Vec<Words>) {
    if let (Some(sales), Some(life), Some(failures)) = (sales, part.life_months, part.failures) {
        let ageing = Ageing {
            life,
            life_shape: part.life_shape.unwrap_or(3.0),
            failures,
            wear: part.wear.unwrap_or(0.5),
        };
        let path = field_demand(&sales.past, &sales.planned, &ageing, horizon);
        let (first, last) = (path.first().map_or(0.0, |p| p.0), path.last().map_or(0.0, |p| p.0));
        let words = Words {
            en: format!("field of {first:.0} units now, {last:.0} at the end"),
            zh: format!("在用 {first:.0} 台,期末 {last:.0} 台"),
        };
        return (path.iter().map(|p| p.1).collect(), vec![words]);
    }
    let (level, factor) = decline(y);
    let words = if level > 0.0 {
        Words {
            en: format!("{level:.2} a month now, falling by {:.1} % a month", (1.0 - factor) * 100.0),
            zh: format!("目前每月 {level:.2},每月下降 {:.1} %", (1.0 - factor) * 100.0),
        }
    } else {
        Words { en: "no demand in the last four years".into(), zh: "近四年没有需求".into() }
    };
    (declining(level, factor, horizon), vec![words])
}

/// Variance of monthly demand over its mean in the last four years, at least 1.
fn spread(y: &[f64]) -> f64 {
    let part = &y[y.len().saturating_sub(48)..];
    let n = part.len().max(1) as f64;
    let mean = part.iter().sum::<f64>() / n;
    let variance = part.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
    if mean > 0.0 { (variance / mean).max(1.0) } else { 1.0 }
}

fn bought(buy: &LastBuy, stock: f64, over: f64, short: f64) -> Words {
    let share = short / (short + over) * 100.0;
    Words {
        en: format!(
            "{:.1} expected in all, {stock:.0} in stock or on the way; {:.0} more cover it with {share:.0} %, where a \
             unit short costs {short:.2} and one left over {over:.2}",
            buy.mean, buy.quantity
        ),
        zh: format!(
            "预计总需求 {:.1},现有及在途 {stock:.0};再订 {:.0} 件,满足概率 {share:.0} %(缺一件损失 {short:.2},余一件损失 {over:.2})",
            buy.mean, buy.quantity
        ),
    }
}

fn read_sales(path: &Path, demand: &crate::demand::Demand) -> Result<HashMap<usize, Sales>, Trouble> {
    let columns = [
        PART,
        Column { names: &["period", "month", "期间", "月份", "年月"], needed: true },
        Column { names: &["units", "quantity", "qty", "数量"], needed: true },
    ];
    let index: HashMap<String, usize> =
        demand.parts.iter().cloned().enumerate().map(|(i, p)| (p, i)).collect();
    let next = demand.first + demand.panel.periods() as i64;
    let rows = read_each(path, &columns, |cells| {
        let month = cells.needed_month(1)?;
        if (month - next).abs() > 1_200 {
            return Err(format!("period `{}` is more than a hundred years from the demand", cells.text(1)));
        }
        Ok((cells.part(&index)?, month - next, cells.needed(2, 0.0, 1e12)?))
    })?;
    let first = rows.iter().map(|r| r.1).min().unwrap_or(0).min(0);
    let mut all: HashMap<usize, Sales> = HashMap::new();
    for (i, month, units) in rows {
        let sales =
            all.entry(i).or_insert_with(|| Sales { past: vec![0.0; -first as usize], planned: Vec::new() });
        if month < 0 {
            sales.past[(month - first) as usize] += units;
        } else {
            let t = month as usize;
            if sales.planned.len() <= t {
                sales.planned.resize(t + 1, 0.0);
            }
            sales.planned[t] += units;
        }
    }
    Ok(all)
}
