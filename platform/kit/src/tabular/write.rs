//! Writing tables: CSV, JSON and workbooks (PLAT-09).
//!
//! What is written can be read again by [`super::read_table`] with the automatic mapping and gives the same
//! values. Writers take row after row, so that a list of any length can be exported page by page.

use kernel::{Lang, RuleError, T, Tz};
use serde_json::{Map, Value};

use super::cell::{CellOptions, CellValue};
use super::map::ColumnSpec;
use super::neutral;
use super::problem::refuse;
use super::write_xlsx::XlsxWriter;

/// The cells of one row, in the order of the columns.
pub type OutRow = Vec<Option<CellValue>>;

/// For whom a table is written: the language of headings and labels, the zone of times.
#[derive(Debug, Clone)]
pub struct Output {
    pub lang: Lang,
    pub zone: Tz,
}

impl Output {
    /// As this caller reads it.
    pub fn of(cx: &crate::Cx) -> Self {
        Self { lang: cx.lang, zone: cx.zone() }
    }

    /// With the zone that [`CellOptions`] reads by default.
    pub fn new(lang: Lang) -> Self {
        Self { lang, zone: CellOptions::default().zone }
    }
}

/// A CSV file: UTF-8 with byte order mark, RFC 4180, texts guarded against being run as formulas.
pub fn write_csv(
    columns: &[ColumnSpec],
    rows: impl IntoIterator<Item = OutRow>,
    output: &Output,
) -> Result<Vec<u8>, RuleError> {
    let mut writer = CsvWriter::new(columns, output)?;
    rows.into_iter().try_for_each(|row| writer.push(&row))?;
    writer.finish()
}

/// A workbook with one sheet; memory does not grow with the rows.
pub fn write_xlsx(
    columns: &[ColumnSpec],
    rows: impl IntoIterator<Item = OutRow>,
    output: &Output,
) -> Result<Vec<u8>, RuleError> {
    let mut writer = XlsxWriter::new(columns, output)?;
    rows.into_iter().try_for_each(|row| writer.push(&row))?;
    writer.finish()
}

/// A JSON array of objects by field key. Amounts and quantities are decimal texts, instants RFC 3339 in UTC,
/// choices codes; an empty cell is null.
pub fn write_json(
    columns: &[ColumnSpec],
    rows: impl IntoIterator<Item = OutRow>,
) -> Result<Vec<u8>, RuleError> {
    let objects: Vec<Value> = rows
        .into_iter()
        .map(|row| {
            let cells = columns
                .iter()
                .zip(row)
                .map(|(column, cell)| (column.key.to_owned(), json_value(cell.as_ref())));
            Value::Object(cells.collect::<Map<_, _>>())
        })
        .collect();
    serde_json::to_vec(&objects).map_err(|_| failed())
}

fn json_value(cell: Option<&CellValue>) -> Value {
    match cell {
        None => Value::Null,
        Some(CellValue::Text(text)) => Value::from(text.as_str()),
        Some(CellValue::Int(n)) => Value::from(*n),
        Some(CellValue::Bool(yes)) => Value::from(*yes),
        Some(CellValue::Money(amount)) => Value::from(amount.fmt_plain()),
        Some(CellValue::Qty(quantity)) => Value::from(quantity.to_string()),
        Some(CellValue::Date(date)) => Value::from(date.to_string()),
        Some(CellValue::DateTime(at)) => Value::from(at.to_string()),
        Some(CellValue::Choice(code)) => Value::from(*code),
    }
}

/// Writes a CSV file row by row.
pub struct CsvWriter<'a> {
    columns: &'a [ColumnSpec],
    output: Output,
    inner: csv::Writer<Vec<u8>>,
}

impl<'a> CsvWriter<'a> {
    pub fn new(columns: &'a [ColumnSpec], output: &Output) -> Result<Self, RuleError> {
        // Without the mark, spreadsheet programs on Chinese systems take the file for GBK.
        let mut inner = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer("\u{FEFF}".as_bytes().to_vec());
        let header = columns.iter().map(|c| neutral::guard(c.label.get(output.lang)).into_owned());
        inner.write_record(header).map_err(|_| failed())?;
        Ok(Self { columns, output: output.clone(), inner })
    }

    /// Adds a row; missing cells at its end are empty.
    pub fn push(&mut self, row: &[Option<CellValue>]) -> Result<(), RuleError> {
        let cells = self.columns.iter().enumerate().map(|(index, column)| {
            let Some(value) = row.get(index).and_then(Option::as_ref) else { return String::new() };
            let text = value.to_text(column.kind, self.output.lang, &self.output.zone);
            // Only people's texts can be dangerous; a negative number must stay a number.
            if matches!(value, CellValue::Text(_) | CellValue::Choice(_)) {
                neutral::guard(&text).into_owned()
            } else {
                text
            }
        });
        self.inner.write_record(cells).map_err(|_| failed())
    }

    pub fn finish(self) -> Result<Vec<u8>, RuleError> {
        self.inner.into_inner().map_err(|_| failed())
    }
}

pub(super) fn failed() -> RuleError {
    refuse("sheet.write_failed", T("文件生成失败，请重试", "The file could not be made; try again"), &[])
}
