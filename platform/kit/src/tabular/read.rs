//! Reading a table from an uploaded CSV or XLSX file (PLAT-09).
//!
//! The reader is forgiving with rows and strict with files. A bad row is reported and the others are kept; a
//! file whose shape cannot be trusted (no header, two columns of the same name, a bomb) is refused as a whole
//! with a text a user can act on.

use std::collections::BTreeMap;

use kernel::{RuleError, T};

use super::problem::{Problem, refuse};
use super::{read_csv, read_xlsx};

/// What a file may cost. Every bound is checked while reading, before memory is spent.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Size of the file as uploaded, in bytes.
    pub bytes: usize,
    /// Size after unpacking, in bytes; also the bound on the text of all cells together.
    pub unpacked_bytes: u64,
    /// Data rows, without the header.
    pub rows: usize,
    pub columns: usize,
    /// Characters in one cell. A spreadsheet program itself stops at 32,767.
    pub cell_chars: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 50 << 20, unpacked_bytes: 400 << 20, rows: 200_000, columns: 500, cell_chars: 32_767 }
    }
}

/// A table as it stands in the file: texts, not yet values.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Column names, trimmed, all different. A column without a name and without data has been left out.
    pub header: Vec<String>,
    /// Rows with at least one non-blank cell. Blank rows are skipped but counted in the row numbers.
    pub rows: Vec<RawRow>,
    /// `UTF-8`, `UTF-16LE`, `UTF-16BE`, `GB18030`, `windows-1252` or, for a workbook, `XLSX`.
    pub encoding: &'static str,
    /// The separator of a CSV file.
    pub delimiter: Option<char>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
}

/// One row of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct RawRow {
    /// What the user sees at the left edge of a spreadsheet: the header is 1 unless blank lines precede it. A
    /// quoted line break inside a CSV field does not count.
    pub number: usize,
    /// At least as many cells as the header has names; more when the row is too long (then a problem says
    /// so).
    pub cells: Vec<String>,
    /// Why the row can't be trusted; empty for a good row.
    pub problems: Vec<Problem>,
}

/// Reads the first visible sheet of a workbook, or a CSV/TSV file. The content decides which it is; the name
/// only helps the texts.
///
/// # Errors
/// `sheet.too_large`, `sheet.empty`, `sheet.unreadable`, `sheet.unsupported`, `sheet.protected`,
/// `sheet.too_many_rows`,
/// `sheet.too_many_columns`, `sheet.header_missing`, `sheet.header_duplicate`, `sheet.header_only`.
pub fn read_table(bytes: &[u8], filename: &str, limits: &Limits) -> Result<Table, RuleError> {
    read_sheet(bytes, filename, None, limits)
}

/// As [`read_table`], with the name of the sheet wanted (ignored for CSV). Error `sheet.no_such_sheet` names
/// those that exist.
pub fn read_sheet(
    bytes: &[u8],
    filename: &str,
    sheet: Option<&str>,
    limits: &Limits,
) -> Result<Table, RuleError> {
    if bytes.len() > limits.bytes {
        return Err(refuse(
            "sheet.too_large",
            T("文件太大，最多 {max} MB", "The file is too large; at most {max} MB"),
            &[("max", (limits.bytes >> 20).max(1).to_string())],
        ));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(empty_file());
    }
    match sniff(bytes, filename) {
        Format::Workbook => read_xlsx::read(bytes, sheet, limits),
        Format::Text => read_csv::read(bytes, limits),
        Format::OldWorkbook => Err(refuse(
            "sheet.unsupported",
            T(
                "不支持旧版 .xls 或加密的工作簿，请另存为未加密的 .xlsx 或 CSV 后再上传",
                "Old .xls and encrypted workbooks are not supported; save it as an unprotected .xlsx or as CSV",
            ),
            &[],
        )),
        Format::Other(name) => Err(refuse(
            "sheet.unsupported",
            T(
                "这是{format}文件，不是表格；请上传 .xlsx 或 CSV",
                "This is a {format} file, not a table; upload .xlsx or CSV",
            ),
            &[("format", name.to_owned())],
        )),
    }
}

enum Format {
    Workbook,
    OldWorkbook,
    Text,
    Other(&'static str),
}

/// Decides by content. A name that lies is common: a CSV saved as `.xls`, a workbook renamed to `.csv`.
fn sniff(bytes: &[u8], filename: &str) -> Format {
    const SIGNATURES: [(&[u8], &str); 6] = [
        (b"%PDF", "PDF"),
        (b"\x89PNG", "PNG"),
        (b"\xFF\xD8\xFF", "JPEG"),
        (b"GIF8", "GIF"),
        (b"\x1F\x8B", "gzip"),
        (b"Rar!", "RAR"),
    ];
    let lower = filename.to_ascii_lowercase();
    if bytes.starts_with(b"PK") {
        return if lower.ends_with(".zip") { Format::Other("ZIP") } else { Format::Workbook };
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Format::OldWorkbook;
    }
    if let Some((_, name)) = SIGNATURES.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Format::Other(name);
    }
    // A truncated or damaged workbook no longer starts with its signature; its name still says what it was
    // meant to be.
    if lower.ends_with(".xlsx") || lower.ends_with(".xlsm") { Format::Workbook } else { Format::Text }
}

/// A record of either format before the header is known.
pub(super) struct Record {
    pub number: usize,
    pub cells: Vec<String>,
    pub problems: Vec<Problem>,
    /// CSV rows promise as many fields as the header; workbook rows simply end early.
    pub exact: bool,
}

/// Turns records into a table: first record with text is the header, the rest are rows.
pub(super) fn assemble(
    records: Vec<Record>,
    encoding: &'static str,
    delimiter: Option<char>,
    sheet: Option<String>,
) -> Result<Table, RuleError> {
    let mut records = records.into_iter().filter(|r| !r.problems.is_empty() || !is_blank(&r.cells));
    let Some(first) = records.next() else { return Err(empty_file()) };
    let names: Vec<String> = first.cells.iter().map(|c| clean_name(c)).collect();
    let width = names.iter().rposition(|n| !n.is_empty()).map_or(0, |p| p + 1);
    if names[..width].iter().all(|n| n.is_empty() || looks_like_data(n)) {
        return Err(refuse(
            "sheet.header_missing",
            T(
                "第 {row} 行应为列名，但看起来是数据",
                "Row {row} should hold the column names but looks like data",
            ),
            &[("row", first.number.to_string())],
        ));
    }
    if let Some(problem) = first.problems.into_iter().next() {
        return Err(problem.into_error());
    }
    check_duplicates(&names[..width])?;
    let by_letters: BTreeMap<String, &str> =
        names[..width].iter().enumerate().map(|(i, n)| (column_letters(i), n.as_str())).collect();
    let mut rows: Vec<RawRow> = records.map(|r| shape_row(r, first.cells.len(), width)).collect();
    for column in rows.iter_mut().flat_map(|r| &mut r.problems).filter_map(|p| p.column.as_mut()) {
        // Cells were read before the header was known; now they get the name the user knows.
        if let Some(name) = by_letters.get(column.as_str()).filter(|n| !n.is_empty()) {
            (*name).clone_into(column);
        }
    }
    if rows.is_empty() {
        return Err(refuse(
            "sheet.header_only",
            T("文件只有列名，没有数据行", "The file has column names but no rows"),
            &[],
        ));
    }
    let header = drop_unnamed(&names[..width], &mut rows)?;
    Ok(Table { header, rows, encoding, delimiter, sheet })
}

/// Pads a short row and reports a row whose length differs from the header's.
fn shape_row(record: Record, header_len: usize, width: usize) -> RawRow {
    let Record { number, mut cells, mut problems, exact } = record;
    let found = cells.len();
    let surplus = cells.iter().skip(width).any(|c| !c.trim().is_empty());
    if surplus || (exact && found > header_len.max(width)) {
        problems.push(
            Problem::row(
                number,
                "row.too_many_fields",
                T(
                    "该行有 {found} 个字段，列名只有 {expected} 个；可能是文字中的分隔符没有加引号",
                    "The row has {found} fields, the header {expected}; a separator inside a text may lack quotes",
                ),
            )
            .arg("found", found.to_string())
            .arg("expected", width.to_string()),
        );
    } else {
        if exact && found < width {
            problems.push(
                Problem::row(
                    number,
                    "row.too_few_fields",
                    T(
                        "该行只有 {found} 个字段，列名有 {expected} 个",
                        "The row has only {found} fields, the header {expected}",
                    ),
                )
                .arg("found", found.to_string())
                .arg("expected", width.to_string()),
            );
        }
        cells.resize(width, String::new());
    }
    RawRow { number, cells, problems }
}

/// Removes columns that have neither a name nor data; a column with data but no name is an error.
fn drop_unnamed(names: &[String], rows: &mut [RawRow]) -> Result<Vec<String>, RuleError> {
    let unnamed: Vec<usize> = (0..names.len()).filter(|i| names[*i].is_empty()).collect();
    for &index in &unnamed {
        // A row that is already known to be shifted says nothing about the column.
        let used = rows
            .iter()
            .find(|r| r.problems.is_empty() && r.cells.get(index).is_some_and(|c| !c.trim().is_empty()));
        if let Some(row) = used {
            return Err(refuse(
                "sheet.header_missing",
                T(
                    "{column} 列没有列名，但第 {row} 行有数据",
                    "Column {column} has no name, but row {row} has data in it",
                ),
                &[("column", column_letters(index)), ("row", row.number.to_string())],
            ));
        }
    }
    for row in rows.iter_mut() {
        for &index in unnamed.iter().rev() {
            if index < row.cells.len() {
                row.cells.remove(index);
            }
        }
    }
    Ok(names.iter().filter(|n| !n.is_empty()).cloned().collect())
}

fn check_duplicates(names: &[String]) -> Result<(), RuleError> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, name) in names.iter().enumerate().filter(|(_, n)| !n.is_empty()) {
        if let Some(before) = seen.insert(name, index) {
            return Err(refuse(
                "sheet.header_duplicate",
                T(
                    "列名“{name}”出现两次（{first} 列和 {second} 列）",
                    "The column name “{name}” occurs twice ({first} and {second})",
                ),
                &[
                    ("name", name.clone()),
                    ("first", column_letters(before)),
                    ("second", column_letters(index)),
                ],
            ));
        }
    }
    Ok(())
}

pub(super) fn empty_file() -> RuleError {
    refuse("sheet.empty", T("文件是空的", "The file is empty"), &[])
}

pub(super) fn too_many_rows(limits: &Limits) -> RuleError {
    refuse(
        "sheet.too_many_rows",
        T("行数超过上限 {max}，请分成几个文件", "More than {max} rows; split the file"),
        &[("max", limits.rows.to_string())],
    )
}

pub(super) fn too_many_columns(limits: &Limits) -> RuleError {
    refuse(
        "sheet.too_many_columns",
        T("列数超过上限 {max}", "More than {max} columns"),
        &[("max", limits.columns.to_string())],
    )
}

pub(super) fn too_large_unpacked(limits: &Limits) -> RuleError {
    refuse(
        "sheet.too_large",
        T("文件解压后太大，最多 {max} MB", "The file is too large once unpacked; at most {max} MB"),
        &[("max", (limits.unpacked_bytes >> 20).max(1).to_string())],
    )
}

/// Replaces an overlong cell by nothing and says so, so that the row is refused and memory is kept.
pub(super) fn bound_cell(
    text: String,
    number: usize,
    index: usize,
    limits: &Limits,
    problems: &mut Vec<Problem>,
) -> String {
    // Bytes are an upper bound on characters, so the count is only made for the rare long cell.
    if text.len() <= limits.cell_chars || text.chars().count() <= limits.cell_chars {
        return text;
    }
    problems.push(
        Problem::cell(
            number,
            column_letters(index),
            "cell.too_long",
            T("文字超过 {max} 个字符", "The text is longer than {max} characters"),
        )
        .arg("max", limits.cell_chars.to_string()),
    );
    String::new()
}

pub(super) fn is_blank(cells: &[String]) -> bool {
    cells.iter().all(|c| c.trim().is_empty())
}

/// `0` → `A`, `26` → `AA`: how a spreadsheet names its columns.
pub fn column_letters(index: usize) -> String {
    let mut rest = index + 1;
    let mut letters = Vec::new();
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// Column names lose outer blanks, inner line breaks and invisible marks.
fn clean_name(raw: &str) -> String {
    let spaced: String = raw.chars().filter(|c| !matches!(c, '\u{FEFF}' | '\u{200B}')).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A number, date or truth value: nobody names a column like that, years in a cross table excepted, which are
/// not rows anyway.
fn looks_like_data(name: &str) -> bool {
    name.chars().any(|c| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_digit() || " -/.:,+%¥$".contains(c))
}
