//! Workbooks. Cells are streamed, so that a sheet whose last cell claims to be XFD1048576 costs nothing.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, copy, sink};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Cell, DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use jiff::{ToSpan, civil};
use kernel::{RuleError, T};

use super::problem::{ERROR_VALUE, Problem, refuse};
use super::read::{
    Limits, Record, Table, assemble, bound_cell, column_letters, too_large_unpacked, too_many_columns,
    too_many_rows,
};

/// More parts than this no spreadsheet program writes; an archive of a million empty files is a bomb too.
const MAX_PARTS: usize = 10_000;

pub(super) fn read(bytes: &[u8], sheet: Option<&str>, limits: &Limits) -> Result<Table, RuleError> {
    // The parser is asked to read hostile input; a panic in it must stay a refused file.
    catch_unwind(AssertUnwindSafe(|| {
        check_unpacked_size(bytes, limits)?;
        read_workbook(bytes, sheet, limits)
    }))
    .unwrap_or_else(|_| Err(unreadable()))
}

/// Unpacks everything once into nothing, counting. The sizes written in the archive can lie, so they are not
/// asked.
fn check_unpacked_size(bytes: &[u8], limits: &Limits) -> Result<(), RuleError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| unreadable())?;
    if archive.len() > MAX_PARTS {
        return Err(too_large_unpacked(limits));
    }
    let mut total = 0_u64;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| unreadable())?;
        let room = limits.unpacked_bytes.saturating_sub(total);
        total += copy(&mut part.take(room + 1), &mut sink()).map_err(|_| unreadable())?;
        if total > limits.unpacked_bytes {
            return Err(too_large_unpacked(limits));
        }
    }
    Ok(())
}

fn read_workbook(bytes: &[u8], sheet: Option<&str>, limits: &Limits) -> Result<Table, RuleError> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(refuse_workbook)?;
    let name = choose_sheet(&book, sheet)?;
    let mut reader = book.worksheet_cells_reader(&name).map_err(refuse_workbook)?;
    let mut grid = Grid::new(limits);
    while let Some(cell) = reader.next_cell().map_err(refuse_workbook)? {
        grid.put(&cell)?;
    }
    assemble(grid.into_records(), "XLSX", None, Some(name))
}

/// The sheet asked for, or the first that a user would see.
fn choose_sheet(book: &Xlsx<Cursor<&[u8]>>, wanted: Option<&str>) -> Result<String, RuleError> {
    let sheets: Vec<_> = book.sheets_metadata().iter().filter(|s| s.typ == SheetType::WorkSheet).collect();
    let Some(wanted) = wanted.map(str::trim).filter(|w| !w.is_empty()) else {
        let visible = sheets.iter().find(|s| s.visible == SheetVisible::Visible).or(sheets.first());
        return visible.map(|s| s.name.clone()).ok_or_else(unreadable);
    };
    sheets.iter().find(|s| s.name.trim() == wanted).map(|s| s.name.clone()).ok_or_else(|| {
        let names: Vec<&str> = sheets.iter().map(|s| s.name.as_str()).collect();
        refuse(
            "sheet.no_such_sheet",
            T(
                "工作簿中没有工作表“{name}”，只有：{sheets}",
                "There is no sheet “{name}”; the workbook has: {sheets}",
            ),
            &[("name", wanted.to_owned()), ("sheets", names.join(", "))],
        )
    })
}

/// The cells met so far, by row. Only rows with content take room.
struct Grid<'a> {
    limits: &'a Limits,
    rows: BTreeMap<u32, GridRow>,
    text_bytes: u64,
}

#[derive(Default)]
struct GridRow {
    cells: Vec<String>,
    problems: Vec<Problem>,
}

impl<'a> Grid<'a> {
    fn new(limits: &'a Limits) -> Self {
        Self { limits, rows: BTreeMap::new(), text_bytes: 0 }
    }

    fn put(&mut self, cell: &Cell<DataRef<'_>>) -> Result<(), RuleError> {
        let (row, column) = cell.get_position();
        let (number, index) = (row as usize + 1, column as usize);
        let mut problems = Vec::new();
        let text = cell_text(cell.get_value(), number, index, &mut problems);
        if text.is_empty() && problems.is_empty() {
            return Ok(());
        }
        if index >= self.limits.columns {
            return Err(too_many_columns(self.limits));
        }
        let text = bound_cell(text, number, index, self.limits, &mut problems);
        let slot = self.rows.entry(row).or_default();
        if slot.cells.len() <= index {
            // Empty places cost memory as well, so a row that only fills its last column is counted by its
            // width.
            self.text_bytes += ((index + 1 - slot.cells.len()) * size_of::<String>()) as u64;
            slot.cells.resize(index + 1, String::new());
        }
        self.text_bytes += text.len() as u64;
        slot.cells[index] = text;
        slot.problems.append(&mut problems);
        if self.rows.len() > self.limits.rows + 1 {
            return Err(too_many_rows(self.limits));
        }
        if self.text_bytes > self.limits.unpacked_bytes {
            return Err(too_large_unpacked(self.limits));
        }
        Ok(())
    }

    fn into_records(self) -> Vec<Record> {
        self.rows
            .into_iter()
            .map(|(row, r)| Record {
                number: row as usize + 1,
                cells: r.cells,
                problems: r.problems,
                exact: false,
            })
            .collect()
    }
}

/// The canonical text of a cell: what a user would type into a CSV file for the same value.
fn cell_text(value: &DataRef<'_>, number: usize, index: usize, problems: &mut Vec<Problem>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(n) => n.to_string(),
        DataRef::Float(n) => float_text(*n, number, index, problems),
        DataRef::Bool(b) => if *b { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(at) => date_text(at),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => {
            problems.push(
                Problem::cell(number, column_letters(index), ERROR_VALUE.0, ERROR_VALUE.1)
                    .arg("value", error.to_string()),
            );
            // The text stays, so that a mapping may declare it to mean “empty”.
            error.to_string()
        }
    }
}

/// Fifteen significant digits, which is what a spreadsheet stores and shows: `0.1 + 0.2` reads `0.3`.
fn float_text(n: f64, number: usize, index: usize, problems: &mut Vec<Problem>) -> String {
    if n.fract() == 0.0 && n.abs() >= 1e15 {
        problems.push(
            Problem::cell(
                number,
                column_letters(index),
                "cell.number_precision",
                T(
                    "数字超过 15 位，表格软件已丢失末尾数字；请把该列设为文本后重新填写",
                    "The number has more than 15 digits and lost its last ones in the spreadsheet; format the column as text and enter it again",
                ),
            ),
        );
    }
    let rounded: f64 = format!("{n:.14e}").parse().unwrap_or(n);
    if rounded == 0.0 { "0".to_owned() } else { format!("{rounded}") }
}

/// `2024-01-31`, `2024-01-31 08:30:00`, `08:30:00` for a bare time and `26:30:00` for a duration.
fn date_text(at: &ExcelDateTime) -> String {
    let value = at.as_f64();
    if !value.is_finite() || value < 0.0 {
        return value.to_string();
    }
    if at.is_duration() || value < 1.0 {
        let seconds = (value * 86_400.0).round() as u64;
        return format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    let part = |n: u8| i8::try_from(n).unwrap_or_default();
    let whole = civil::DateTime::new(
        i16::try_from(year).unwrap_or_default(),
        part(month),
        part(day),
        part(hour),
        part(minute),
        part(second),
        0,
    );
    // A time is a fraction of a day in binary, so 08:30 may come as 08:29:59.999.
    let Ok(at) = whole.and_then(|w| w.checked_add(i64::from(milli >= 500).seconds())) else {
        return format!("{year:04}-{month:02}-{day:02}");
    };
    if at.time() == civil::Time::midnight() {
        at.strftime("%Y-%m-%d")
    } else {
        at.strftime("%Y-%m-%d %H:%M:%S")
    }
    .to_string()
}

fn refuse_workbook(error: XlsxError) -> RuleError {
    match error {
        XlsxError::Password => refuse(
            "sheet.protected",
            T(
                "工作簿有密码保护，请去掉密码后再上传",
                "The workbook is protected by a password; remove it and upload again",
            ),
            &[],
        ),
        _ => unreadable(),
    }
}

fn unreadable() -> RuleError {
    refuse(
        "sheet.unreadable",
        T("工作簿已损坏或不是有效的 .xlsx 文件", "The workbook is damaged or not a valid .xlsx file"),
        &[],
    )
}
