//! Demand files: part, period, quantity.

use std::{collections::HashMap, path::Path};

use planning::Panel;

use crate::{
    outlook::PART,
    report::Trouble,
    table::{Column, read},
};

/// Months a file may span.
const LONGEST: i64 = 1_200;

/// Demand histories by part.
pub struct Demand {
    /// Names of the parts, in the order of the rows.
    pub parts: Vec<String>,
    /// The histories.
    pub panel: Panel,
    /// First month, counted from year 0.
    pub first: i64,
}

/// `2026-11` from a count of months.
#[must_use]
pub fn month_name(month: i64) -> String {
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

/// Months since year 0 of `YYYY-MM`; `YYYY/MM`, `YYYYMM` and `YYYY-MM-DD` are understood as well.
#[must_use]
pub fn month(text: &str) -> Option<i64> {
    let digits = |s: &str| {
        (!s.is_empty() && s.len() <= 4 && s.bytes().all(|b| b.is_ascii_digit()))
            .then(|| s.parse::<i64>().ok())?
    };
    let (year, month) = if text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()) {
        (digits(&text[..4])?, digits(&text[4..])?)
    } else {
        let mut fields = text.split(['-', '/', '.']);
        let (year, month) = (fields.next()?, fields.next()?);
        if let Some(day) = fields.next() {
            let day = digits(day.split([' ', 'T']).next().unwrap_or(""))?;
            if !(1..=31).contains(&day) {
                return None;
            }
        }
        if fields.next().is_some() || year.len() != 4 {
            return None;
        }
        (digits(year)?, digits(month)?)
    };
    ((1..=12).contains(&month) && year >= 1).then_some(year * 12 + month - 1)
}

/// A quantity ≥ 0.
fn quantity(text: &str) -> Result<f64, String> {
    if text.is_empty() {
        return Err("quantity is missing".into());
    }
    match text.parse::<f64>() {
        Ok(x) if !x.is_finite() => Err(format!("quantity `{text}` is not a number")),
        Ok(x) if x < 0.0 => {
            Err(format!("quantity {text} is negative; book returns to another column or leave them out"))
        }
        Ok(x) if x > 1e12 => Err(format!("quantity {text} is too large")),
        Ok(x) => Ok(x),
        Err(_) => Err(format!("quantity `{text}` is not a number")),
    }
}

/// Reads a demand file. `known` are the parts of a parts file: they all get a row, and any other part is an error.
/// Rows of the same part and month are added up; months without a row have no demand.
///
/// # Errors
/// Every wrong row with its number and what is wrong with it.
pub fn read_demand(path: &Path, known: Option<&[String]>) -> Result<Demand, Trouble> {
    let columns = [
        PART,
        Column { names: &["period", "month", "期间", "月份", "年月"], needed: true },
        Column { names: &["quantity", "qty", "demand", "数量", "需求"], needed: true },
    ];
    let mut parts: Vec<String> = known.map(<[String]>::to_vec).unwrap_or_default();
    let mut index: HashMap<String, usize> = parts.iter().cloned().enumerate().map(|(i, p)| (p, i)).collect();
    let mut rows: Vec<(u32, i32, f32)> = Vec::new();
    let mut trouble = Trouble::default();
    let mut last = (String::new(), 0usize);
    read(path, &columns, &mut |row, cells| {
        let mut wrong = |what: String| trouble.row(path, row, what);
        let [part, period, amount] = [cells[0], cells[1], cells[2]];
        if part.is_empty() {
            return wrong("part is missing".into());
        }
        let slot = if last.0 == part {
            last.1
        } else if let Some(slot) = index.get(part) {
            *slot
        } else if known.is_some() {
            return wrong(format!("unknown part `{part}`: it is not in the parts file"));
        } else {
            parts.push(part.to_string());
            index.insert(part.to_string(), parts.len() - 1);
            parts.len() - 1
        };
        if last.0 != part {
            last = (part.to_string(), slot);
        }
        let Some(m) = month(period) else {
            return wrong(if period.is_empty() {
                "period is missing (YYYY-MM)".into()
            } else {
                format!("period `{period}` is not a month (YYYY-MM)")
            });
        };
        match quantity(amount) {
            Ok(x) => rows.push((slot as u32, m as i32, x as f32)),
            Err(what) => wrong(what),
        }
    })?;
    trouble.check()?;
    let (Some(low), Some(high)) = (rows.iter().map(|r| r.1).min(), rows.iter().map(|r| r.1).max()) else {
        return Err(Trouble::file(path, "there is no row of demand"));
    };
    let periods = i64::from(high - low) + 1;
    if periods > LONGEST {
        let text = format!(
            "the periods span {periods} months ({} to {}); is one of them mistyped?",
            month_name(i64::from(low)),
            month_name(i64::from(high))
        );
        return Err(Trouble::file(path, text));
    }
    let periods = periods as usize;
    let mut data = vec![0.0f32; parts.len() * periods];
    for (slot, m, x) in rows {
        data[slot as usize * periods + (m - low) as usize] += x;
    }
    let panel = Panel::new(parts.len(), periods, data).map_err(|e| Trouble::file(path, e))?;
    Ok(Demand { parts, panel, first: i64::from(low) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_understood() {
        assert_eq!(month("2026-11"), Some(2026 * 12 + 10));
        assert_eq!(month("202611"), month("2026/11"));
        assert_eq!(month("2026-11-22"), month("2026-11"));
        for bad in
            ["", "2026", "2026-13", "2026-00", "26-11", "2026-1x", "2026-11-40", "11-2026", "2026-01-01-01"]
        {
            assert_eq!(month(bad), None, "{bad}");
        }
        assert_eq!(month_name(2026 * 12 + 10), "2026-11");
    }
}
