//! Rows of a CSV or XLSX file as text cells under named columns, whatever the separator.

use std::{
    collections::HashMap,
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

use calamine::{Data, Reader};

use crate::{demand::month, report::Trouble};

/// A place for rows: gets the row number as a person counts (the header is row 1) and the cells in the order of
/// the columns asked for; missing cells are empty.
pub type Row<'a> = dyn FnMut(usize, &[&str]) + 'a;

/// A column: the names that mean it, the first is the one in the documentation.
pub struct Column<'n> {
    /// Names, lower case.
    pub names: &'n [&'n str],
    /// Whether the file must have it.
    pub needed: bool,
}

impl<'n> Column<'n> {
    /// A column that may be missing.
    pub const fn free(names: &'n [&'n str]) -> Self {
        Self { names, needed: false }
    }
}

/// The cells of a row, read as what they should be; errors are what a person should mend.
pub struct Cells<'a> {
    columns: &'a [Column<'a>],
    cells: &'a [&'a str],
}

impl<'a> Cells<'a> {
    /// Cells in the order of the columns.
    pub fn new(columns: &'a [Column<'a>], cells: &'a [&'a str]) -> Self {
        Self { columns, cells }
    }

    /// Text, empty when missing.
    pub fn text(&self, k: usize) -> &'a str {
        self.cells[k]
    }

    /// Row of the part in column 0.
    ///
    /// # Errors
    /// It is missing or unknown.
    pub fn part(&self, index: &HashMap<String, usize>) -> Result<usize, String> {
        let part = self.cells[0];
        if part.is_empty() {
            return Err("part is missing".into());
        }
        index.get(part).copied().ok_or_else(|| format!("unknown part `{part}`"))
    }

    /// A number within limits; none when the cell is empty.
    ///
    /// # Errors
    /// It is no number, or out of range.
    pub fn amount(&self, k: usize, least: f64, most: f64) -> Result<Option<f64>, String> {
        let (text, name) = (self.cells[k], self.columns[k].names[0]);
        if text.is_empty() {
            return Ok(None);
        }
        match text.parse::<f64>() {
            Ok(x) if x.is_finite() && x >= least && x <= most => Ok(Some(x)),
            Ok(_) if most < 1e15 => Err(format!("{name} `{text}` is out of range ({least} to {most})")),
            Ok(_) => Err(format!("{name} `{text}` is out of range (at least {least})")),
            Err(_) => Err(format!("{name} `{text}` is not a number")),
        }
    }

    /// A needed number within limits.
    ///
    /// # Errors
    /// It is missing, no number, or out of range.
    pub fn needed(&self, k: usize, least: f64, most: f64) -> Result<f64, String> {
        self.amount(k, least, most)?.ok_or_else(|| format!("{} is missing", self.columns[k].names[0]))
    }

    /// A month, counted from year 0; none when the cell is empty.
    ///
    /// # Errors
    /// It is no month.
    pub fn month(&self, k: usize) -> Result<Option<i64>, String> {
        let (text, name) = (self.cells[k], self.columns[k].names[0]);
        if text.is_empty() {
            return Ok(None);
        }
        month(text).map(Some).ok_or_else(|| format!("{name} `{text}` is not a month (YYYY-MM)"))
    }

    /// A needed month.
    ///
    /// # Errors
    /// It is missing or no month.
    pub fn needed_month(&self, k: usize) -> Result<i64, String> {
        self.month(k)?.ok_or_else(|| format!("{} is missing (YYYY-MM)", self.columns[k].names[0]))
    }
}

/// Reads a table whose rows become things; see [`read`].
///
/// # Errors
/// Also every wrong row with its number.
pub fn read_each<T>(
    path: &Path,
    columns: &[Column],
    mut make: impl FnMut(&Cells) -> Result<T, String>,
) -> Result<Vec<T>, Trouble> {
    let (mut trouble, mut all) = (Trouble::default(), Vec::new());
    read(path, columns, &mut |row, cells| match make(&Cells::new(columns, cells)) {
        Ok(one) => all.push(one),
        Err(what) => trouble.row(path, row, what),
    })?;
    trouble.check().map(|()| all)
}

/// Reads a table; `.xlsx`, `.xls` and `.ods` are workbooks (first sheet), everything else is text separated by
/// comma, semicolon or tab.
///
/// # Errors
/// When the file cannot be read, has no header or lacks a needed column.
pub fn read(path: &Path, columns: &[Column], row: &mut Row) -> Result<(), Trouble> {
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or("").to_ascii_lowercase();
    if matches!(ending.as_str(), "xlsx" | "xlsm" | "xls" | "xlsb" | "ods") {
        read_workbook(path, columns, row)
    } else {
        read_text(path, columns, row)
    }
}

fn places(path: &Path, header: &[String], columns: &[Column]) -> Result<Vec<Option<usize>>, Trouble> {
    let known: Vec<String> = header
        .iter()
        .map(|h| h.trim().trim_start_matches('\u{feff}').to_lowercase().replace([' ', '-'], "_"))
        .collect();
    let mut places = Vec::new();
    for column in columns {
        let place = known.iter().position(|name| column.names.contains(&name.as_str()));
        if place.is_none() && column.needed {
            return Err(Trouble::file(
                path,
                format!(
                    "the header (row 1) has no column `{}`; it has: {}",
                    column.names[0],
                    if known.is_empty() { "nothing".into() } else { known.join(", ") }
                ),
            ));
        }
        places.push(place);
    }
    Ok(places)
}

fn read_text(path: &Path, columns: &[Column], row: &mut Row) -> Result<(), Trouble> {
    let mut file = File::open(path).map_err(|e| Trouble::file(path, e))?;
    let mut start = vec![0u8; 4_096];
    let n = file.read(&mut start).map_err(|e| Trouble::file(path, e))?;
    let line = start[..n].split(|b| *b == b'\n').next().unwrap_or(&[]);
    let count = |c: u8| line.iter().filter(|b| **b == c).count();
    let separator = [b',', b';', b'\t'].into_iter().max_by_key(|c| (count(*c), *c == b',')).unwrap_or(b',');
    let file = File::open(path).map_err(|e| Trouble::file(path, e))?;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .buffer_capacity(1 << 18)
        .from_reader(BufReader::new(file));
    let header: Vec<String> = reader
        .byte_headers()
        .map_err(|e| Trouble::file(path, e))?
        .iter()
        .map(|h| String::from_utf8_lossy(h).into_owned())
        .collect();
    if header.iter().all(|h| h.trim().is_empty()) {
        return Err(Trouble::file(path, "the file is empty"));
    }
    let places = places(path, &header, columns)?;
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(|e| Trouble::file(path, e))? {
        let number = record.position().map_or(0, |p| p.line() as usize);
        let mut cells: [&str; 24] = [""; 24];
        for (cell, place) in cells.iter_mut().zip(&places) {
            let bytes = place.and_then(|p| record.get(p)).unwrap_or(&[]);
            *cell = std::str::from_utf8(bytes).unwrap_or("\u{fffd}").trim();
        }
        let whole_row_empty = record.iter().all(|c| c.iter().all(u8::is_ascii_whitespace));
        if !whole_row_empty {
            row(number, &cells[..places.len()]);
        }
    }
    Ok(())
}

fn read_workbook(path: &Path, columns: &[Column], row: &mut Row) -> Result<(), Trouble> {
    let mut book = calamine::open_workbook_auto(path).map_err(|e| Trouble::file(path, e))?;
    let sheet = book
        .worksheet_range_at(0)
        .ok_or_else(|| Trouble::file(path, "the workbook has no sheet"))?
        .map_err(|e| Trouble::file(path, e))?;
    let first = sheet.start().map_or(0, |s| s.0 as usize);
    let mut rows = sheet.rows();
    let header: Vec<String> =
        rows.next().ok_or_else(|| Trouble::file(path, "the sheet is empty"))?.iter().map(text).collect();
    let places = places(path, &header, columns)?;
    for (k, cells) in rows.enumerate() {
        let texts: Vec<String> =
            places.iter().map(|p| p.and_then(|p| cells.get(p)).map(text).unwrap_or_default()).collect();
        if texts.iter().any(|t| !t.trim().is_empty()) {
            row(first + k + 2, &texts.iter().map(|t| t.trim()).collect::<Vec<_>>());
        }
    }
    Ok(())
}

fn text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::Float(f) if f.fract() == 0.0 && f.abs() < 1e15 => format!("{f:.0}"),
        Data::DateTime(d) => {
            let (year, month, day, ..) = d.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        other => other.to_string(),
    }
}
