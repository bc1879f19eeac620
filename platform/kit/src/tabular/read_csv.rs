//! CSV and its relatives: comma, semicolon, tab; any of the encodings of [`super::encoding`].

use csv::{ReaderBuilder, StringRecord};
use kernel::{RuleError, T};

use super::cell::short;
use super::problem::{Problem, refuse};
use super::read::{
    Limits, Record, Table, assemble, bound_cell, column_letters, is_blank, too_many_columns, too_many_rows,
};
use super::{encoding, neutral, shifted};

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Table, RuleError> {
    let file = encoding::decode(bytes);
    let text = file.text.strip_prefix('\u{FEFF}').unwrap_or(&file.text);
    // NUL in what should be text: an unknown binary format that found no better match.
    if text.chars().take(4096).filter(|c| *c == '\0').count() > 8 {
        return Err(refuse(
            "sheet.unsupported",
            T("无法识别该文件，请上传 .xlsx 或 CSV", "The file was not recognised; upload .xlsx or CSV"),
            &[],
        ));
    }
    let (declared, body) = separator_line(text);
    let delimiter = declared.unwrap_or_else(|| sniff_delimiter(body));
    let mut records = read_records(body, delimiter, limits)?;
    if file.damaged {
        records.iter_mut().for_each(mark_damaged);
    }
    let mut table = assemble(records, file.encoding, Some(char::from(delimiter)), None)?;
    shifted::mark_shifted_rows(&table.header, &mut table.rows);
    Ok(table)
}

/// Reports cells with bytes that are no characters in the file's encoding.
fn mark_damaged(record: &mut Record) {
    let damaged =
        record.cells.iter().enumerate().filter(|(_, cell)| cell.contains(char::REPLACEMENT_CHARACTER));
    let problems = damaged.map(|(index, cell)| {
        Problem::cell(
            record.number,
            column_letters(index),
            "cell.damaged_text",
            T("含有无法识别的字符：{value}", "The text holds damaged characters: {value}"),
        )
        .arg("value", short(cell))
    });
    record.problems.extend(problems.collect::<Vec<_>>());
}

/// The line `sep=;` that spreadsheet programs understand and do not show.
fn separator_line(text: &str) -> (Option<u8>, &str) {
    let Some(rest) = text.strip_prefix("sep=") else { return (None, text) };
    let (line, body) = rest.split_once('\n').unwrap_or((rest, ""));
    match line.trim_end_matches('\r').as_bytes() {
        [one] => (Some(*one), body),
        _ => (None, text),
    }
}

/// The separator under which the first records are widest and most alike.
fn sniff_delimiter(text: &str) -> u8 {
    let mut best = (0, b',');
    for delimiter in DELIMITERS {
        let mut reader = builder(delimiter).from_reader(text.as_bytes());
        let widths: Vec<usize> = reader.records().take(20).map_while(Result::ok).map(|r| r.len()).collect();
        let Some(first) = widths.first().copied().filter(|w| *w > 1) else { continue };
        let alike = widths.iter().filter(|w| **w == first).count();
        // Agreement counts most: a comma inside one name must not beat a semicolon that fits every line.
        let score = alike * 1000 / widths.len() * 1000 + first.min(999);
        if score > best.0 {
            best = (score, delimiter);
        }
    }
    best.1
}

fn builder(delimiter: u8) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(delimiter).has_headers(false).flexible(true);
    builder
}

fn read_records(text: &str, delimiter: u8, limits: &Limits) -> Result<Vec<Record>, RuleError> {
    let mut reader = builder(delimiter).from_reader(text.as_bytes());
    let mut raw = StringRecord::new();
    let mut records: Vec<Record> = Vec::new();
    let mut number = 0;
    let mut start = 0;
    loop {
        let more = reader.read_record(&mut raw).map_err(|_| unreadable())?;
        if !more {
            return Ok(records);
        }
        let end = usize::try_from(reader.position().byte()).unwrap_or(text.len()).min(text.len());
        number += 1 + blank_lines(text.as_bytes(), start, end);
        if raw.len() > limits.columns {
            return Err(too_many_columns(limits));
        }
        let mut record = to_record(&raw, number, limits);
        if quote_left_open(&text.as_bytes()[start..end], delimiter) && end == text.len() {
            record.problems.push(Problem::row(
                number,
                "row.unclosed_quote",
                T("从该行开始有未闭合的引号，其后的内容都被并入该行", "A quote is opened in this row and never closed; everything after it was taken into the row"),
            ));
        }
        start = end;
        if record.problems.is_empty() && is_blank(&record.cells) {
            continue;
        }
        records.push(record);
        if records.len() > limits.rows + 1 {
            return Err(too_many_rows(limits));
        }
    }
}

fn to_record(raw: &StringRecord, number: usize, limits: &Limits) -> Record {
    let mut problems = Vec::new();
    let cells = raw
        .iter()
        .enumerate()
        .map(|(index, field)| {
            bound_cell(neutral::strip(field).to_owned(), number, index, limits, &mut problems)
        })
        .collect();
    Record { number, cells, problems, exact: true }
}

/// The csv crate steps over empty lines; a spreadsheet program shows them, so they count in the row number.
fn blank_lines(text: &[u8], start: usize, end: usize) -> usize {
    let mut blank = 0;
    let mut index = start;
    // The line feed of the record before may still be unread.
    if index > 0 && text[index - 1] == b'\r' && text.get(index) == Some(&b'\n') {
        index += 1;
    }
    while index < end && matches!(text[index], b'\r' | b'\n') {
        blank += 1;
        index += if text[index] == b'\r' && text.get(index + 1) == Some(&b'\n') { 2 } else { 1 };
    }
    blank
}

/// True when the record ends inside a quoted field. Follows the rule of RFC 4180: a quote opens only at the
/// start of a field.
fn quote_left_open(record: &[u8], delimiter: u8) -> bool {
    let (mut open, mut at_start) = (false, true);
    let mut bytes = record.iter().peekable();
    while let Some(&byte) = bytes.next() {
        if open {
            if byte == b'"' && bytes.peek() == Some(&&b'"') {
                bytes.next();
            } else if byte == b'"' {
                open = false;
            }
        } else if byte == b'"' && at_start {
            open = true;
        }
        at_start = !open && (byte == delimiter || byte == b'\n' || byte == b'\r');
    }
    open
}

fn unreadable() -> RuleError {
    refuse("sheet.unreadable", T("文件内容无法解析", "The file could not be read"), &[])
}
