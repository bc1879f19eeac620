//! Best stocks of one item and of many.
//!
//! One item: for every depot stock the bases get their units one by one where they remove most backorders (their
//! curves are convex, so that is optimal); the best depot stock of each total is found by enumeration, because the
//! curve over the total is not convex. Many items: an exact dynamic programme over money while it is affordable,
//! otherwise the convex hulls are merged by backorders removed per money and the rest of the money is spent by swaps.

use super::{Depot, Item, Method};

/// Best plan of an item for one total.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Depot stock.
    pub depot: usize,
    /// Base stocks.
    pub bases: Vec<usize>,
    /// Expected backorders of the bases together.
    pub backorders: f64,
}

impl Plan {
    /// Units in it.
    #[must_use]
    pub fn total(&self) -> usize {
        self.depot + self.bases.iter().sum::<usize>()
    }
}

/// Work (multiplications) up to which a method counts as affordable.
const AFFORDABLE: f64 = 2e9;
/// Cells of the dynamic programme over money.
const CELLS: f64 = 6e7;
/// Steps of money when the prices have no common unit.
const GRID: f64 = 60_000.0;

/// Exact while it is affordable for totals up to `most`, otherwise VARI-METRIC.
#[must_use]
pub fn method_for(items: &[Item], most: usize) -> Method {
    let work: f64 = items
        .iter()
        .map(|item| {
            let depot = item.depot_pipeline() + 12.0 * item.depot_pipeline().sqrt() + 20.0;
            let stocks = (most as f64).min(depot);
            let per_stock: f64 = (0..item.bases.len())
                .map(|j| {
                    let own = item.own_pipeline(j);
                    depot * (depot * item.share(j) + 20.0).min(depot)
                        + depot * (own + 12.0 * own.sqrt() + 20.0)
                })
                .sum();
            stocks * per_stock
        })
        .sum();
    if work <= AFFORDABLE { Method::Exact } else { Method::VariMetric }
}

/// Gives `units` to the bases one by one; `curve[n]` is called with the backorders after n units.
fn spread(at: &Depot, units: usize, mut seen: impl FnMut(usize, f64, &[usize])) {
    let n = at.bases.len();
    let mut stocks = vec![0usize; n];
    let mut now: Vec<f64> = at.bases.iter().map(|b| b.backorders(0)).collect();
    let mut next: Vec<f64> = at.bases.iter().map(|b| b.backorders(1)).collect();
    let mut sum: f64 = now.iter().sum();
    seen(0, sum, &stocks);
    for k in 1..=units {
        let mut best = 0;
        for j in 1..n {
            if now[j] - next[j] > now[best] - next[best] + 1e-13 {
                best = j;
            }
        }
        if n == 0 {
            return;
        }
        sum -= now[best] - next[best];
        stocks[best] += 1;
        now[best] = next[best];
        next[best] = at.bases[best].backorders(stocks[best] + 1);
        seen(k, sum.max(0.0), &stocks);
    }
}

/// Best plans of an item for every total from 0 to `most`.
#[must_use]
pub fn curve(item: &Item, most: usize, method: Method) -> Vec<Plan> {
    let mut plans: Vec<Plan> = (0..=most)
        .map(|_| Plan { depot: 0, bases: vec![0; item.bases.len()], backorders: f64::INFINITY })
        .collect();
    for depot in 0..=most {
        let at = item.at_depot(depot, method);
        spread(&at, most - depot, |n, backorders, stocks| {
            let plan = &mut plans[depot + n];
            if backorders < plan.backorders - 1e-12 {
                *plan = Plan { depot, bases: stocks.to_vec(), backorders };
            }
        });
        // A depot that has nothing to wait for gains nothing from more stock.
        if at.mean < 1e-12 && depot > 0 {
            break;
        }
    }
    plans
}

/// Totals that lie on the lower convex hull of the curve.
#[must_use]
pub fn hull(plans: &[Plan]) -> Vec<usize> {
    let mut kept: Vec<usize> = Vec::new();
    for n in 0..plans.len() {
        while kept.len() >= 2 {
            let (a, b) = (kept[kept.len() - 2], kept[kept.len() - 1]);
            let slope = |x: usize, y: usize| (plans[x].backorders - plans[y].backorders) / (y - x) as f64;
            if slope(a, b) <= slope(b, n) + 1e-15 {
                kept.pop();
            } else {
                break;
            }
        }
        kept.push(n);
    }
    kept
}

/// What many items together are to reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Goal {
    /// Spend at most that much money on stock.
    Budget(f64),
    /// Leave at most that many expected backorders.
    Backorders(f64),
}

/// Best plans of many items together.
#[derive(Clone, Debug)]
pub struct Joint {
    /// One plan per item.
    pub plans: Vec<Plan>,
    /// Money in stock.
    pub value: f64,
    /// Expected backorders.
    pub backorders: f64,
    /// Whether the combination of items is proven optimal (for the method's backorders).
    pub optimal: bool,
}

/// Most units of an item worth looking at: more hardly removes backorders, or the budget is spent.
#[must_use]
pub fn ceiling(item: &Item, goal: Goal) -> usize {
    let tail = |m: f64| m + 6.0 * m.sqrt() + 6.0;
    let all: f64 =
        tail(item.depot_pipeline()) + (0..item.bases.len()).map(|j| tail(item.own_pipeline(j))).sum::<f64>();
    let all = all.ceil().min(20_000.0) as usize;
    match goal {
        Goal::Budget(money) if item.price > 0.0 => all.min((money / item.price + 1e-9).floor() as usize),
        _ => all,
    }
}

/// Best plans for a goal, from the curves of the items.
#[must_use]
pub fn joint(items: &[Item], goal: Goal, method: Method) -> Joint {
    let curves: Vec<Vec<Plan>> = items.iter().map(|item| curve(item, ceiling(item, goal), method)).collect();
    let prices: Vec<f64> = items.iter().map(|i| i.price.max(1e-9)).collect();
    let chosen = exact_choice(&curves, &prices, goal);
    let optimal = chosen.is_some();
    let counts = chosen.unwrap_or_else(|| near_choice(&curves, &prices, goal));
    let plans: Vec<Plan> = counts.iter().zip(&curves).map(|(n, c)| c[*n].clone()).collect();
    Joint {
        value: counts.iter().zip(&prices).map(|(n, p)| *n as f64 * p).sum(),
        backorders: plans.iter().map(|p| p.backorders).sum(),
        plans,
        optimal,
    }
}

/// Dynamic programme over money in units of the prices' common divisor, when that is small enough.
fn exact_choice(curves: &[Vec<Plan>], prices: &[f64], goal: Goal) -> Option<Vec<usize>> {
    let unit = common_unit(prices)?;
    let width = (most_money(curves, prices, goal) / unit + 1e-9).floor() as usize + 1;
    let steps: Vec<usize> = prices.iter().map(|price| (price / unit).round() as usize).collect();
    programme(curves, &steps, width, goal)
}

/// All that could be spent.
fn most_money(curves: &[Vec<Plan>], prices: &[f64], goal: Goal) -> f64 {
    let all: f64 = curves.iter().zip(prices).map(|(c, p)| (c.len() - 1) as f64 * p).sum();
    match goal {
        Goal::Budget(b) => b.min(all),
        Goal::Backorders(_) => all,
    }
}

/// Without a common unit: the better of the merged hulls and the programme over prices rounded to a fine grid, with
/// the grid's last steps given up until the true prices fit the budget.
fn near_choice(curves: &[Vec<Plan>], prices: &[f64], goal: Goal) -> Vec<usize> {
    let merged = merged_choice(curves, prices, goal);
    let money = most_money(curves, prices, goal);
    let cost = |counts: &[usize]| counts.iter().zip(prices).map(|(n, p)| *n as f64 * p).sum::<f64>();
    let short = |counts: &[usize]| counts.iter().zip(curves).map(|(n, c)| c[*n].backorders).sum::<f64>();
    let longest = curves.iter().map(Vec::len).sum::<usize>().max(1);
    let cells = ((CELLS * 4.0 / longest as f64).min(CELLS / curves.len().max(1) as f64)).min(GRID);
    let unit = money / cells.max(1.0);
    let steps: Vec<usize> = prices.iter().map(|price| ((price / unit).round() as usize).max(1)).collect();
    let mut best = merged;
    for given_up in 0..=8usize {
        let Some(width) = (cells as usize + 1).checked_sub(given_up) else { break };
        let Some(counts) = programme(curves, &steps, width, goal) else { break };
        let better = match goal {
            Goal::Budget(budget) => cost(&counts) <= budget + 1e-9 && short(&counts) < short(&best),
            Goal::Backorders(target) => {
                short(&counts) <= target.max(short(&best)) + 1e-12 && cost(&counts) < cost(&best)
            }
        };
        if better {
            best = counts;
            break;
        }
        if matches!(goal, Goal::Backorders(_)) {
            break;
        }
    }
    best
}

/// Least backorders for `width - 1` steps of money, each piece of item k taking `steps[k]`; `None` when the table
/// would be too large.
fn programme(curves: &[Vec<Plan>], steps: &[usize], width: usize, goal: Goal) -> Option<Vec<usize>> {
    let work: f64 = curves.iter().map(|c| c.len() as f64 * width as f64).sum();
    if work > CELLS * 4.0 || width as f64 * curves.len() as f64 > CELLS {
        return None;
    }
    let mut best = vec![0.0f64; width];
    let mut choices: Vec<Vec<u32>> = Vec::with_capacity(curves.len());
    for (curve, step) in curves.iter().zip(steps) {
        let mut next = vec![f64::INFINITY; width];
        let mut choice = vec![0u32; width];
        for m in 0..width {
            for (n, plan) in curve.iter().enumerate() {
                let Some(rest) = m.checked_sub(n * step) else { break };
                let value = best[rest] + plan.backorders;
                if value < next[m] - 1e-13 {
                    (next[m], choice[m]) = (value, n as u32);
                }
            }
        }
        best = next;
        choices.push(choice);
    }
    let mut money = match goal {
        Goal::Budget(_) => (0..width).min_by(|a, b| best[*a].total_cmp(&best[*b]).then(a.cmp(b)))?,
        Goal::Backorders(target) => {
            let least = best.iter().copied().fold(f64::INFINITY, f64::min);
            (0..width).find(|m| best[*m] <= target.max(least) + 1e-12)?
        }
    };
    let mut counts = vec![0usize; curves.len()];
    for k in (0..curves.len()).rev() {
        counts[k] = choices[k][money] as usize;
        money -= counts[k] * steps[k];
    }
    Some(counts)
}

/// The largest unit of which all prices are whole multiples, down to a cent.
fn common_unit(prices: &[f64]) -> Option<f64> {
    let mut divisor = 0u64;
    for p in prices {
        let cents = (p * 100.0).round();
        if (cents / 100.0 - p).abs() > 1e-9 * p || !(1.0..1e15).contains(&cents) {
            return None;
        }
        let (mut a, mut b) = (cents as u64, divisor);
        while b > 0 {
            (a, b) = (b, a % b);
        }
        divisor = a;
    }
    (divisor > 0).then_some(divisor as f64 / 100.0)
}

/// Merges the hulls by backorders removed per money; then spends what is left on single steps that pay most.
fn merged_choice(curves: &[Vec<Plan>], prices: &[f64], goal: Goal) -> Vec<usize> {
    let mut steps: Vec<(f64, usize, usize)> = Vec::new();
    for (k, curve) in curves.iter().enumerate() {
        for w in hull(curve).windows(2) {
            let gain = curve[w[0]].backorders - curve[w[1]].backorders;
            let cost = (w[1] - w[0]) as f64 * prices[k];
            if gain > 0.0 {
                steps.push((gain / cost, k, w[1]));
            }
        }
    }
    steps.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut counts = vec![0usize; curves.len()];
    let mut spent = 0.0;
    let mut left: f64 = curves.iter().map(|c| c[0].backorders).sum();
    let mut stopped = vec![false; curves.len()];
    for (_, k, n) in steps {
        let cost = (n - counts[k]) as f64 * prices[k];
        let gain = curves[k][counts[k]].backorders - curves[k][n].backorders;
        match goal {
            Goal::Budget(money) if spent + cost > money + 1e-9 || stopped[k] => {
                stopped[k] = true;
                continue;
            }
            Goal::Backorders(target) if left <= target => break,
            _ => {}
        }
        counts[k] = n;
        spent += cost;
        left -= gain;
    }
    if let Goal::Budget(money) = goal {
        spend_rest(curves, prices, money, spent, &mut counts);
    }
    counts
}

/// Spends the rest of a budget: the best affordable change of one item, or an exchange between two, until none helps.
fn spend_rest(curves: &[Vec<Plan>], prices: &[f64], money: f64, mut spent: f64, counts: &mut [usize]) {
    for _ in 0..200 {
        let mut best: (f64, Vec<(usize, usize)>) = (1e-12, Vec::new());
        for k in 0..curves.len() {
            let now = curves[k][counts[k]].backorders;
            let most = counts[k] + ((money - spent + 1e-9) / prices[k]).floor() as usize;
            let n = most.min(curves[k].len() - 1);
            let gain = now - curves[k][n].backorders;
            if n > counts[k] && gain > best.0 {
                best = (gain, vec![(k, n)]);
            }
            if curves.len() > 400 || counts[k] == 0 {
                continue;
            }
            // Give up a unit or two of k for more of another item.
            for less in 1..=counts[k].min(2) {
                let loss = curves[k][counts[k] - less].backorders - now;
                let free = money - spent + less as f64 * prices[k];
                for j in (0..curves.len()).filter(|j| *j != k) {
                    let n =
                        (counts[j] + ((free + 1e-9) / prices[j]).floor() as usize).min(curves[j].len() - 1);
                    let gain = curves[j][counts[j]].backorders - curves[j][n].backorders - loss;
                    if gain > best.0 {
                        best = (gain, vec![(k, counts[k] - less), (j, n)]);
                    }
                }
            }
        }
        if best.1.is_empty() {
            return;
        }
        for (k, n) in best.1 {
            spent += (n as f64 - counts[k] as f64) * prices[k];
            counts[k] = n;
        }
    }
}

/// What moving stock between bases would bring (lateral supply).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lateral {
    /// Backorders of the bases together when every base may take from any other at once.
    pub pooled: f64,
    /// Backorders without.
    pub separate: f64,
    /// Transfers per day.
    pub transfers: f64,
    /// Money saved per day: backorder days avoided less transfers.
    pub saving: f64,
}

impl Lateral {
    /// Whether it pays.
    #[must_use]
    pub fn pays(&self) -> bool {
        self.saving > 0.0
    }
}

/// Compares pooled with separate bases: `backorder` is the cost of a missing unit per day, `transfer` of a transfer
/// that takes `days`. Pipelines are taken as independent between bases, transfers as possible whenever one has stock.
#[must_use]
pub fn lateral(
    item: &Item,
    plan: &Plan,
    method: Method,
    backorder: f64,
    transfer: f64,
    days: f64,
) -> Lateral {
    let at = item.at_depot(plan.depot, method);
    let result = item.evaluate(plan.depot, &plan.bases, method);
    let (mean, variance) = at.bases.iter().fold((0.0, 0.0), |(m, v), b| (m + b.mean, v + b.variance));
    let stock: usize = plan.bases.iter().sum();
    let table = super::count_table(mean, variance);
    let pooled = super::expected_short(&table, stock).min(result.backorders());
    let separate = result.backorders();
    // A demand is served from elsewhere when its own base is empty and the pool is not.
    let empty_pool: f64 = 1.0 - table.iter().take(stock).sum::<f64>();
    let transfers: f64 = item
        .bases
        .iter()
        .zip(&result.bases)
        .map(|(b, r)| b.rate * ((1.0 - r.fill) - empty_pool).max(0.0))
        .sum();
    let saving = (separate - pooled - transfers * days) * backorder - transfers * transfer;
    Lateral { pooled, separate, transfers, saving }
}
