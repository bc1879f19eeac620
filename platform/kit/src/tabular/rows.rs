//! From a raw row to typed values, with every problem of the row at once.

use std::collections::BTreeMap;

use kernel::{Date, Money, Problems, Quantity, RuleError, T, Ts};

use super::cell::{CellKind, CellOptions, CellValue, parse_cell};
use super::map::{ColumnSpec, Mapping};
use super::problem::{ERROR_VALUE, Problem};
use super::read::RawRow;

/// A checked mapping, ready to read rows.
#[derive(Debug)]
pub struct Plan<'a> {
    columns: Vec<PlanColumn<'a>>,
    options: CellOptions,
}

#[derive(Debug)]
struct PlanColumn<'a> {
    spec: &'a ColumnSpec,
    /// Place in the file, and the name the user knows it by.
    source: Option<(usize, &'a str)>,
    values: Option<&'a BTreeMap<String, String>>,
    default: Option<&'a str>,
}

impl<'a> Plan<'a> {
    /// Checks the mapping and fixes the places of its columns.
    ///
    /// # Errors
    /// Everything [`Mapping::validate`] finds.
    pub fn new(
        specs: &'a [ColumnSpec],
        mapping: &'a Mapping,
        header: &'a [String],
        options: &CellOptions,
    ) -> Result<Self, Problems> {
        mapping.validate(specs, header)?;
        let column = |spec: &'a ColumnSpec| PlanColumn {
            spec,
            source: mapping.column_of(spec.key, header).map(|index| (index, header[index].as_str())),
            values: mapping.values.get(spec.key),
            default: mapping.defaults.get(spec.key).map(String::as_str),
        };
        Ok(Self { columns: specs.iter().map(column).collect(), options: mapping.cell_options(options)? })
    }

    /// Reads one row. A row whose fields are out of place is not read cell by cell: that would only add
    /// noise.
    pub fn read(&self, raw: &RawRow) -> RowReader<'_> {
        let mut reader = RowReader {
            plan: self,
            row: raw.number,
            values: vec![None; self.columns.len()],
            problems: Vec::new(),
            left_out: Vec::new(),
        };
        reader.problems.extend(raw.problems.iter().filter(|p| p.column.is_none()).cloned());
        if !reader.problems.is_empty() {
            return reader;
        }
        for (index, column) in self.columns.iter().enumerate() {
            match self.read_cell(column, raw) {
                Ok(value) => reader.values[index] = value,
                // A text that a spreadsheet could not compute and that may be left out costs its cell, not its row.
                Err(problem)
                    if problem.code == ERROR_VALUE.0
                        && !column.spec.required
                        && matches!(column.spec.kind, CellKind::Text { .. }) =>
                {
                    reader.left_out.push(problem);
                }
                Err(problem) => reader.problems.push(problem),
            }
        }
        reader
    }

    /// What the file says of a row, field by field, as it stands there; defaults and empty cells say nothing.
    pub fn given(&self, raw: &RawRow) -> Vec<(&'a ColumnSpec, String)> {
        let cell = |column: &PlanColumn<'a>| {
            let text = raw.cells.get(column.source?.0)?.trim();
            (!text.is_empty()).then(|| (column.spec, text.chars().take(60).collect()))
        };
        self.columns.iter().filter_map(cell).collect()
    }

    fn read_cell(&self, column: &PlanColumn<'_>, raw: &RawRow) -> Result<Option<CellValue>, Problem> {
        let name = column.source.map_or(column.spec.label.0, |(_, name)| name);
        let text = column.source.and_then(|(index, _)| raw.cells.get(index)).map_or("", String::as_str);
        // A problem of the file matters only in a column that is used. Error values may be declared empty, so
        // the cell decides.
        if let Some(found) =
            raw.problems.iter().find(|p| p.column.as_deref() == Some(name) && p.code != ERROR_VALUE.0)
        {
            return Err(found.clone());
        }
        let text = translate(column.values, text);
        let parse = |text: &str| {
            parse_cell(column.spec.kind, text, &self.options).map_err(|p| p.at(raw.number, name))
        };
        let mut value = parse(text)?;
        if let (None, Some(default)) = (&value, column.default) {
            value = parse(default)?;
        }
        if value.is_none() && column.spec.required {
            return Err(Problem::cell(raw.number, name, "cell.required", T("必填", "A value is required")));
        }
        Ok(value)
    }
}

/// `[values.key]` of the mapping: an exact text first, then without regard to case and outer blanks.
fn translate<'t>(values: Option<&'t BTreeMap<String, String>>, text: &'t str) -> &'t str {
    let Some(values) = values else { return text };
    let trimmed = text.trim();
    let similar = || {
        values.iter().find(|(from, _)| from.trim().to_lowercase() == trimmed.to_lowercase()).map(|(_, to)| to)
    };
    values.get(trimmed).or_else(similar).map_or(text, String::as_str)
}

/// One row's values by field key. Getters give `None` for an empty cell, an unmapped field and a cell with a
/// problem; ask [`RowReader::finish`] before using them.
#[derive(Debug)]
pub struct RowReader<'a> {
    plan: &'a Plan<'a>,
    row: usize,
    values: Vec<Option<CellValue>>,
    problems: Vec<Problem>,
    left_out: Vec<Problem>,
}

impl RowReader<'_> {
    /// The row number the user sees.
    pub fn number(&self) -> usize {
        self.row
    }

    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Cells that are read as empty because they hold no value; the row can be used, the report tells them.
    pub fn left_out(&self) -> &[Problem] {
        &self.left_out
    }

    /// `Ok` when the row can be used, else all its problems.
    pub fn finish(&self) -> Result<(), Vec<Problem>> {
        if self.problems.is_empty() { Ok(()) } else { Err(self.problems.clone()) }
    }

    /// True when the file (or a default) speaks about the field: an empty cell then means “clear it”, else
    /// “leave it alone”.
    pub fn has(&self, key: &str) -> bool {
        self.column(key).is_some_and(|(_, c)| c.source.is_some() || c.default.is_some())
    }

    pub fn value(&self, key: &str) -> Option<&CellValue> {
        self.column(key).and_then(|(index, _)| self.values[index].as_ref())
    }

    /// Reads a text as a date in the orders that the mapping names; none when it names none. For sheets that know
    /// more of what stands in their date columns than the platform does.
    pub fn mapped_date(&self, text: &str) -> Option<Result<kernel::Date, Problem>> {
        let orders = &self.plan.options.date_orders;
        (!orders.is_empty()).then(|| super::dates::parse_date(text, orders))
    }

    /// Text of a text, phone or e-mail column.
    pub fn text(&self, key: &str) -> Option<String> {
        match self.value(key)? {
            CellValue::Text(text) => Some(text.clone()),
            CellValue::Choice(code) => Some((*code).to_owned()),
            _ => None,
        }
    }

    pub fn int(&self, key: &str) -> Option<i64> {
        if let CellValue::Int(n) = self.value(key)? { Some(*n) } else { None }
    }

    pub fn money(&self, key: &str) -> Option<Money> {
        if let CellValue::Money(amount) = self.value(key)? { Some(*amount) } else { None }
    }

    pub fn qty(&self, key: &str) -> Option<Quantity> {
        if let CellValue::Qty(quantity) = self.value(key)? { Some(*quantity) } else { None }
    }

    pub fn date(&self, key: &str) -> Option<Date> {
        if let CellValue::Date(date) = self.value(key)? { Some(*date) } else { None }
    }

    pub fn datetime(&self, key: &str) -> Option<Ts> {
        if let CellValue::DateTime(at) = self.value(key)? { Some(*at) } else { None }
    }

    pub fn boolean(&self, key: &str) -> Option<bool> {
        if let CellValue::Bool(yes) = self.value(key)? { Some(*yes) } else { None }
    }

    pub fn choice(&self, key: &str) -> Option<&'static str> {
        if let CellValue::Choice(code) = self.value(key)? { Some(code) } else { None }
    }

    /// Notes a finding of the feature itself about a field: an unknown customer, a model that is not sold any
    /// more.
    pub fn problem(&mut self, key: &str, code: &'static str, message: T) {
        let problem = Problem { column: self.column_name(key), ..Problem::row(self.row, code, message) };
        self.problems.push(problem);
    }

    /// A refusal by a business rule, placed on the column that feeds the rule's field if there is one.
    pub fn refused(&self, error: RuleError) -> Problem {
        let column = error.field.as_deref().and_then(|field| self.column_name(field));
        Problem { column, ..Problem::from_rule(self.row, error) }
    }

    fn column(&self, key: &str) -> Option<(usize, &PlanColumn<'_>)> {
        self.plan.columns.iter().enumerate().find(|(_, c)| c.spec.key == key)
    }

    fn column_name(&self, key: &str) -> Option<String> {
        self.column(key).map(|(_, c)| c.source.map_or(c.spec.label.0, |(_, name)| name).to_owned())
    }
}
