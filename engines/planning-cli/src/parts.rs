//! Parts files: what is known of a part besides its demand. Only `part` must be there.

use std::{collections::HashSet, path::Path};

use crate::{
    report::Trouble,
    table::{Column, read},
};

/// A row of the parts file; what is not there is `None`.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// Its number.
    pub part: String,
    /// Months from order to arrival, ≥ 0.
    pub lead_time: Option<f64>,
    /// Standard deviation of the lead time in months, ≥ 0.
    pub lead_time_sd: Option<f64>,
    /// Price of a unit, ≥ 0.
    pub unit_cost: Option<f64>,
    /// Cost of placing an order, ≥ 0.
    pub order_cost: Option<f64>,
    /// Holding cost per year and unit of money, ≥ 0.
    pub holding_rate: Option<f64>,
    /// Units per pack, > 0.
    pub pack: Option<f64>,
    /// Least order in units, ≥ 0.
    pub minimum_order: Option<f64>,
    /// Class of criticality, as in the file.
    pub criticality: Option<String>,
    /// Least service of this part, 0 to 1.
    pub minimum_service: Option<f64>,
    /// Stock on hand.
    pub on_hand: Option<f64>,
    /// Ordered, in production, in repair or on the way.
    pub in_transit: Option<f64>,
    /// Units in the field that carry the part.
    pub installed: Option<f64>,
    /// The part that takes over its demand.
    pub successor: Option<String>,
}

const fn column(names: &'static [&'static str]) -> Column {
    Column { names, needed: false }
}

/// Reads a parts file.
///
/// # Errors
/// Every wrong row with its number.
pub fn read_parts(path: &Path) -> Result<Vec<Part>, Trouble> {
    let columns = [
        Column {
            names: &["part", "part_no", "item", "配件", "备件", "物料", "配件编码"], needed: true
        },
        column(&["lead_time_months", "lead_time", "提前期", "前置期"]),
        column(&["lead_time_sd", "lead_time_sd_months"]),
        column(&["unit_cost", "price", "cost", "单价", "成本"]),
        column(&["order_cost", "订货费"]),
        column(&["holding_rate"]),
        column(&["pack", "pack_size", "包装量"]),
        column(&["minimum_order", "moq", "起订量"]),
        column(&["criticality", "关键度", "重要度"]),
        column(&["minimum_service", "min_service", "floor"]),
        column(&["on_hand", "stock", "库存"]),
        column(&["in_transit", "on_order", "在途"]),
        column(&["installed", "installed_base", "装机量", "保有量"]),
        column(&["successor", "superseded_by", "替代件"]),
    ];
    let mut trouble = Trouble::default();
    let (mut parts, mut seen) = (Vec::new(), HashSet::new());
    read(path, &columns, &mut |row, cells| {
        if cells[0].is_empty() {
            return trouble.row(path, row, "part is missing");
        }
        if !seen.insert(cells[0].to_string()) {
            return trouble.row(path, row, format!("part `{}` is there twice", cells[0]));
        }
        let mut amount = |k: usize, least: f64, most: f64| -> Option<f64> {
            let text = cells[k];
            if text.is_empty() {
                return None;
            }
            match text.parse::<f64>() {
                Ok(x) if x.is_finite() && x >= least && x <= most => Some(x),
                Ok(_) => {
                    let range = if most.is_finite() {
                        format!("{least} to {most}")
                    } else {
                        format!("at least {least}")
                    };
                    trouble.row(
                        path,
                        row,
                        format!("{} `{text}` is out of range ({range})", columns[k].names[0]),
                    );
                    None
                }
                Err(_) => {
                    trouble.row(path, row, format!("{} `{text}` is not a number", columns[k].names[0]));
                    None
                }
            }
        };
        let words = |k: usize| (!cells[k].is_empty()).then(|| cells[k].to_string());
        let part = Part {
            part: cells[0].to_string(),
            lead_time: amount(1, 0.0, 240.0),
            lead_time_sd: amount(2, 0.0, 120.0),
            unit_cost: amount(3, 0.0, f64::INFINITY),
            order_cost: amount(4, 0.0, f64::INFINITY),
            holding_rate: amount(5, 0.0, 10.0),
            pack: amount(6, 1e-6, f64::INFINITY),
            minimum_order: amount(7, 0.0, f64::INFINITY),
            criticality: words(8),
            minimum_service: amount(9, 0.0, 0.9999),
            on_hand: amount(10, f64::NEG_INFINITY, f64::INFINITY),
            in_transit: amount(11, 0.0, f64::INFINITY),
            installed: amount(12, 0.0, f64::INFINITY),
            successor: words(13),
        };
        parts.push(part);
    })?;
    for part in &parts {
        if let Some(next) = part.successor.as_ref().filter(|s| !seen.contains(*s)) {
            trouble.line(path, format!("successor `{next}` of `{}` is not in the file", part.part));
        }
    }
    trouble.check()?;
    if parts.is_empty() {
        return Err(Trouble::file(path, "there is no part"));
    }
    Ok(parts)
}
