//! Where a tree of stages keeps its safety stock when each promises a service time (guaranteed service).
//!
//! Source: Graves & Willems (2000).

/// A stage of a tree.
#[derive(Clone, Debug)]
pub struct Promise {
    /// Processing time in periods.
    pub time: usize,
    /// Holding cost per unit and period.
    pub holding: f64,
    /// Standard deviation of own outside demand per period (stages that serve customers).
    pub deviation: f64,
    /// Service time promised by the outside supplier.
    pub inbound: usize,
    /// Longest service time customers accept, if the stage serves them.
    pub outbound: Option<usize>,
}

/// Committed service times with the least cost of safety stock, and that cost.
///
/// `edges` are (supplier, customer) and form a tree; `factor` is the safety factor. Service times are whole periods.
/// All combinations are searched with branch and bound on the tree's order, which is fast for the few stages that a
/// depot tree has.
#[must_use]
pub fn promises(stages: &[Promise], edges: &[(usize, usize)], factor: f64) -> (Vec<usize>, f64) {
    let n = stages.len();
    let order = topological(n, edges);
    let mut variance: Vec<f64> = stages.iter().map(|s| s.deviation * s.deviation).collect();
    for i in order.iter().rev() {
        let sum: f64 = edges.iter().filter(|e| e.0 == *i).map(|e| variance[e.1]).sum();
        variance[*i] += sum;
    }
    let mut best = (vec![0; n], f64::INFINITY);
    let mut times = vec![0usize; n];
    search(stages, edges, &order, &variance, factor, 0, 0.0, &mut times, &mut best);
    best
}

fn topological(n: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut order = Vec::with_capacity(n);
    while order.len() < n {
        let before = order.len();
        for i in 0..n {
            let ready = edges.iter().filter(|e| e.1 == i).all(|e| order.contains(&e.0));
            if ready && !order.contains(&i) {
                order.push(i);
            }
        }
        if order.len() == before {
            break;
        }
    }
    order
}

fn search(
    stages: &[Promise],
    edges: &[(usize, usize)],
    order: &[usize],
    variance: &[f64],
    factor: f64,
    k: usize,
    cost: f64,
    times: &mut Vec<usize>,
    best: &mut (Vec<usize>, f64),
) {
    if cost >= best.1 {
        return;
    }
    let Some(i) = order.get(k).copied() else {
        *best = (times.clone(), cost);
        return;
    };
    let stage = &stages[i];
    let inbound = edges.iter().filter(|e| e.1 == i).map(|e| times[e.0]).max().unwrap_or(0).max(stage.inbound);
    let longest = inbound + stage.time;
    for s in 0..=longest.min(stage.outbound.unwrap_or(usize::MAX)) {
        times[i] = s;
        let net = (longest - s) as f64;
        let more = stage.holding * factor * (variance[i] * net).sqrt();
        search(stages, edges, order, variance, factor, k + 1, cost + more, times, best);
    }
    times[i] = 0;
}
