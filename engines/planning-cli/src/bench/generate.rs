//! Demand of a believable spare-parts business, the same for every run: mostly rare and lumpy, some smooth, some
//! seasonal, some growing or dying, prices over four powers of ten.

use planning::{Control, Panel, gbdt::unit};

/// Generated part-places.
pub struct World {
    /// Histories.
    pub panel: Panel,
    /// Prices.
    pub prices: Vec<f32>,
    /// Lead times in months, 1 to 3.
    pub leads: Vec<u8>,
}

/// Generates `n` part-places over `months`.
pub fn world(n: usize, months: usize, threads: usize) -> World {
    let rows = Control::threads(threads).pieces(n, 4_096, "", |range| {
        let mut data = Vec::with_capacity(range.len() * months);
        range.for_each(|i| series(i as u64, months, &mut data));
        data
    });
    let data: Vec<f32> = rows.into_iter().flatten().collect();
    let panel = Panel::new(n, months, data).unwrap_or_default();
    let prices = (0..n).map(|i| (10f64.powf(unit(5, i as u64) * 4.0 - 0.5)) as f32).collect();
    let leads = (0..n).map(|i| 1 + (unit(6, i as u64) * 3.0) as u8).collect();
    World { panel, prices, leads }
}

fn series(i: u64, months: usize, data: &mut Vec<f32>) {
    let draw = |k: u64, t: u64| unit(i.wrapping_mul(31).wrapping_add(k), t);
    // Demand per month, log-uniform from once in six years to fifty a month, rare ones more frequent.
    let level = 0.015 * 10f64.powf(3.5 * draw(1, 0) * draw(2, 0).sqrt());
    let season = if draw(3, 0) < 0.15 { 0.5 } else { 0.0 };
    let trend = (draw(4, 0) - 0.5) * 2.0;
    let lumps = 1.0 + 6.0 * draw(5, 0) * draw(6, 0);
    let born = if draw(7, 0) < 0.1 { (draw(8, 0) * months as f64) as usize } else { 0 };
    let dead = if draw(9, 0) < 0.1 { (draw(10, 0) * months as f64) as usize } else { months };
    for t in 0..months {
        let x = t as f64 / months as f64;
        let phase = (t as f64 / 12.0 + draw(11, 0)) * std::f64::consts::TAU;
        let rate = level * (1.0 + season * phase.sin()) * (trend * (x - 0.5)).exp() / lumps;
        if t < born || t > dead {
            data.push(0.0);
            continue;
        }
        let mut lines = 0u32;
        let mut p = (-rate.min(500.0)).exp();
        let (mut sum, u) = (p, draw(12, t as u64));
        while u > sum && lines < 2_000 {
            lines += 1;
            p *= rate / f64::from(lines);
            sum += p;
        }
        let pieces: f64 = (0..lines.min(200))
            .map(|k| (1.0 - (1.0 - draw(13 + u64::from(k), t as u64)).ln() * (lumps - 1.0)).round())
            .sum();
        data.push((pieces * f64::from(lines.max(1)) / f64::from(lines.clamp(1, 200))).round() as f32);
    }
}
