//! Demand and parts brought together for the engine.

use std::collections::HashMap;

use planning::{
    Panel,
    fit::Attributes,
    prep::{Supersession, supersede},
};

use crate::{
    Input, Trouble,
    demand::{Demand, read_demand},
    parts::{Part, read_parts},
};

/// Demand with the parts in the same order.
pub struct Known {
    /// Histories.
    pub demand: Demand,
    /// One per row of the panel.
    pub parts: Vec<Part>,
    /// What the forecast may learn from.
    pub attributes: Attributes,
}

/// Reads both files.
///
/// # Errors
/// Every wrong row.
pub fn load(input: &Input) -> Result<Known, Trouble> {
    let listed = input.parts.as_deref().map(read_parts).transpose()?;
    let names: Option<Vec<String>> = listed.as_ref().map(|l| l.iter().map(|p| p.part.clone()).collect());
    let mut demand = read_demand(&input.demand, names.as_deref())?;
    if let Some(listed) = &listed {
        supersede_all(&mut demand, listed, input)?;
    }
    let parts = listed.unwrap_or_else(|| {
        demand.parts.iter().map(|p| Part { part: p.clone(), ..Part::default() }).collect()
    });
    let column = |value: &dyn Fn(&Part) -> Option<f64>| -> Option<Vec<f32>> {
        let found = parts.iter().filter(|p| value(p).is_some()).count();
        (found * 2 > parts.len())
            .then(|| parts.iter().map(|p| value(p).map_or(f32::NAN, |v| v.max(1e-6).ln() as f32)).collect())
    };
    let columns = [
        column(&|p| p.unit_cost),
        column(&|p| p.lead_time.map(|l| l + 0.5)),
        column(&|p| p.installed.map(|n| n + 1.0)),
    ];
    let attributes = Attributes { columns: columns.into_iter().flatten().collect() };
    Ok(Known { demand, parts, attributes })
}

/// Moves histories of superseded parts to their successors.
fn supersede_all(demand: &mut Demand, parts: &[Part], input: &Input) -> Result<(), Trouble> {
    if parts.iter().all(|p| p.successor.is_none()) {
        return Ok(());
    }
    let index: HashMap<&str, usize> = parts.iter().enumerate().map(|(i, p)| (p.part.as_str(), i)).collect();
    let links: Vec<Supersession> = parts
        .iter()
        .enumerate()
        .filter_map(|(old, p)| {
            let new = *index.get(p.successor.as_deref()?)?;
            Some(Supersession { old, new, ratio: 1.0 })
        })
        .collect();
    let panel = &demand.panel;
    let mut rows: Vec<Vec<f64>> =
        (0..panel.series()).map(|i| panel.row(i).iter().map(|x| f64::from(*x)).collect()).collect();
    let wrong = |e| Trouble::file(input.parts.as_deref().unwrap_or(&input.demand), e);
    supersede(&mut rows, &links).map_err(wrong)?;
    let data = rows.into_iter().flatten().map(|x| x as f32).collect();
    demand.panel = Panel::new(panel.series(), panel.periods(), data).map_err(wrong)?;
    Ok(())
}

/// A list of levels in (0, 1), rising, without repeats.
///
/// # Errors
/// When one is not a number or out of range.
pub fn levels(text: &str) -> Result<Vec<f64>, Trouble> {
    let mut levels = Vec::new();
    for word in text.split(',').map(str::trim).filter(|w| !w.is_empty()) {
        match word.parse::<f64>() {
            Ok(p) if p > 0.0 && p < 1.0 => levels.push(p),
            _ => return Err(Trouble::text(format!("--quantiles: `{word}` is not between 0 and 1"))),
        }
    }
    if levels.is_empty() {
        return Err(Trouble::text("--quantiles: at least one level is needed, for example 0.5,0.9,0.95"));
    }
    if levels.len() > 200 {
        return Err(Trouble::text("--quantiles: at most 200 levels"));
    }
    Ok(levels)
}
