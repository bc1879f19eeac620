//! Parts files: what is known of a part besides its demand. Only `part` must be there.

use std::{collections::HashSet, path::Path};

use crate::{
    outlook::PART,
    report::Trouble,
    table::{Column, read_each},
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
    /// Cost of a unit short after the last order, ≥ 0.
    pub shortage_cost: Option<f64>,
    /// Cost of a unit left over in the end, ≥ 0.
    pub disposal_cost: Option<f64>,
    /// Months until a unit that carries the part leaves the field (Weibull scale), > 0.
    pub life_months: Option<f64>,
    /// How sharply units leave around it (Weibull shape), > 0.
    pub life_shape: Option<f64>,
    /// Parts needed per unit and month at one year of age, ≥ 0.
    pub failures: Option<f64>,
    /// Exponent of the growth of that with age.
    pub wear: Option<f64>,
}

/// Reads a parts file.
///
/// # Errors
/// Every wrong row with its number.
pub fn read_parts(path: &Path) -> Result<Vec<Part>, Trouble> {
    let columns = [
        PART,
        Column::free(&["lead_time_months", "lead_time", "提前期", "前置期"]),
        Column::free(&["lead_time_sd", "lead_time_sd_months"]),
        Column::free(&["unit_cost", "price", "cost", "单价", "成本"]),
        Column::free(&["order_cost", "订货费"]),
        Column::free(&["holding_rate"]),
        Column::free(&["pack", "pack_size", "包装量"]),
        Column::free(&["minimum_order", "moq", "起订量"]),
        Column::free(&["criticality", "关键度", "重要度"]),
        Column::free(&["minimum_service", "min_service", "floor"]),
        Column::free(&["on_hand", "stock", "库存"]),
        Column::free(&["in_transit", "on_order", "在途"]),
        Column::free(&["installed", "installed_base", "装机量", "保有量"]),
        Column::free(&["successor", "superseded_by", "替代件"]),
        Column::free(&["shortage_cost", "缺货损失"]),
        Column::free(&["disposal_cost", "报废损失"]),
        Column::free(&["life_months", "寿命月数"]),
        Column::free(&["life_shape"]),
        Column::free(&["failures_per_month", "月故障率"]),
        Column::free(&["wear"]),
    ];
    let mut seen = HashSet::new();
    let parts = read_each(path, &columns, |cells| {
        if !cells.text(0).is_empty() && !seen.insert(cells.text(0).to_string()) {
            return Err(format!("part `{}` is there twice", cells.text(0)));
        }
        let amount = |k: usize, least: f64, most: f64| cells.amount(k, least, most);
        let words = |k: usize| (!cells.text(k).is_empty()).then(|| cells.text(k).to_string());
        Ok(Part {
            part: words(0).ok_or("part is missing")?,
            lead_time: amount(1, 0.0, 240.0)?,
            lead_time_sd: amount(2, 0.0, 120.0)?,
            unit_cost: amount(3, 0.0, f64::MAX)?,
            order_cost: amount(4, 0.0, f64::MAX)?,
            holding_rate: amount(5, 0.0, 10.0)?,
            pack: amount(6, 1e-6, f64::MAX)?,
            minimum_order: amount(7, 0.0, f64::MAX)?,
            criticality: words(8),
            minimum_service: amount(9, 0.0, 0.9999)?,
            on_hand: amount(10, f64::MIN, f64::MAX)?,
            in_transit: amount(11, 0.0, f64::MAX)?,
            installed: amount(12, 0.0, f64::MAX)?,
            successor: words(13),
            shortage_cost: amount(14, 0.0, f64::MAX)?,
            disposal_cost: amount(15, 0.0, f64::MAX)?,
            life_months: amount(16, 0.1, 1e4)?,
            life_shape: amount(17, 0.1, 50.0)?,
            failures: amount(18, 0.0, 1e6)?,
            wear: amount(19, -2.0, 5.0)?,
        })
    })?;
    let mut trouble = Trouble::default();
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
