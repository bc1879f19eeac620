//! Workbooks: exports and the import template.

use jiff::civil;
use kernel::{Lang, RuleError, T};
use rust_xlsxwriter::{
    Color, DataValidation, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet,
};

use super::cell::{CellKind, CellOptions, CellValue, choice_list, parse_cell};
use super::map::ColumnSpec;
use super::problem::refuse;
use super::write::{Output, failed};

/// Rows a sheet can hold, the header included.
const MAX_ROWS: u32 = 1_048_576;
/// UTF-16 units a cell can hold.
const MAX_CELL: usize = 32_767;
/// Rows below a template's header that get their drop-down lists.
const TEMPLATE_ROWS: u32 = 5_000;

/// Writes a workbook row by row into a temporary file of the system.
pub struct XlsxWriter<'a> {
    columns: &'a [ColumnSpec],
    output: Output,
    book: Workbook,
    styles: Styles,
    next_row: u32,
}

impl<'a> XlsxWriter<'a> {
    pub fn new(columns: &'a [ColumnSpec], output: &Output) -> Result<Self, RuleError> {
        let styles = Styles::new();
        let mut book = Workbook::new();
        let sheet = book.add_worksheet_with_constant_memory().map_err(|_| failed())?;
        let headings = columns.iter().map(|c| c.label.get(output.lang).to_owned());
        start_sheet(sheet, T("数据", "Data").get(output.lang), columns, headings, &styles)
            .map_err(|_| failed())?;
        Ok(Self { columns, output: output.clone(), book, styles, next_row: 1 })
    }

    /// Adds a row; missing cells at its end are empty. Error `sheet.too_many_rows` beyond what a sheet can
    /// hold.
    pub fn push(&mut self, row: &[Option<CellValue>]) -> Result<(), RuleError> {
        if self.next_row >= MAX_ROWS {
            return Err(refuse(
                "sheet.too_many_rows",
                T(
                    "一个工作表最多 {max} 行，请缩小范围或导出 CSV",
                    "A sheet holds {max} rows; narrow the list or export CSV",
                ),
                &[("max", (MAX_ROWS - 1).to_string())],
            ));
        }
        let sheet = self.book.worksheet_from_index(0).map_err(|_| failed())?;
        for (index, (column, cell)) in (0_u16..).zip(self.columns.iter().zip(row)) {
            if let Some(value) = cell {
                put(sheet, self.next_row, index, value, column, &self.output, &self.styles)
                    .map_err(|_| failed())?;
            }
        }
        self.next_row += 1;
        Ok(())
    }

    pub fn finish(mut self) -> Result<Vec<u8>, RuleError> {
        let last_column = u16::try_from(self.columns.len().saturating_sub(1)).unwrap_or(0);
        let sheet = self.book.worksheet_from_index(0).map_err(|_| failed())?;
        sheet.autofilter(0, 0, self.next_row.saturating_sub(1).max(1), last_column).map_err(|_| failed())?;
        self.book.save_to_buffer().map_err(|_| failed())
    }
}

/// An empty sheet to fill in: headings (required ones with `*`), an example row, drop-down lists for choices,
/// and a second sheet that explains every column.
pub fn template_xlsx(columns: &[ColumnSpec], lang: Lang) -> Result<Vec<u8>, RuleError> {
    let mut book = Workbook::new();
    let styles = Styles::new();
    fill_example(book.add_worksheet(), columns, lang, &styles).map_err(|_| failed())?;
    fill_guide(book.add_worksheet(), columns, lang, &styles).map_err(|_| failed())?;
    book.save_to_buffer().map_err(|_| failed())
}

type Written = Result<(), rust_xlsxwriter::XlsxError>;

struct Styles {
    header: Format,
    text: Format,
    money: Format,
    date: Format,
    datetime: Format,
    wrapped: Format,
}

impl Styles {
    fn new() -> Self {
        Self {
            header: Format::new()
                .set_bold()
                .set_background_color(Color::RGB(0x00E8_EDF3))
                .set_border_bottom(FormatBorder::Thin)
                .set_align(FormatAlign::VerticalCenter),
            text: Format::new().set_num_format("@"),
            money: Format::new().set_num_format("#,##0.00"),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            datetime: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            wrapped: Format::new().set_text_wrap().set_align(FormatAlign::Top),
        }
    }

    /// The format of a whole column, so that what a user types there stays what it is (a phone keeps its
    /// leading zero).
    fn column(&self, kind: CellKind) -> Option<&Format> {
        match kind {
            CellKind::Text { .. } | CellKind::Phone | CellKind::Email | CellKind::Choice(_) => {
                Some(&self.text)
            }
            CellKind::Money | CellKind::Price => Some(&self.money),
            CellKind::Date => Some(&self.date),
            CellKind::DateTime => Some(&self.datetime),
            CellKind::Int { .. } | CellKind::Qty | CellKind::Bool => None,
        }
    }
}

fn start_sheet(
    sheet: &mut Worksheet,
    name: &str,
    columns: &[ColumnSpec],
    headings: impl Iterator<Item = String>,
    styles: &Styles,
) -> Written {
    sheet.set_name(name)?;
    sheet.set_freeze_panes(1, 0)?;
    for (index, (column, heading)) in (0_u16..).zip(columns.iter().zip(headings)) {
        sheet.set_column_width(index, width(column.kind, &heading))?;
        if let Some(format) = styles.column(column.kind) {
            sheet.set_column_format(index, format)?;
        }
        sheet.write_string_with_format(0, index, heading, &styles.header)?;
    }
    Ok(())
}

/// In characters; a Chinese character is two wide.
fn width(kind: CellKind, heading: &str) -> f64 {
    let usual: u32 = match kind {
        CellKind::Text { max } if max > 100 => 40,
        CellKind::DateTime | CellKind::Phone => 20,
        CellKind::Text { .. } | CellKind::Email => 24,
        CellKind::Int { .. }
        | CellKind::Money
        | CellKind::Price
        | CellKind::Qty
        | CellKind::Date
        | CellKind::Bool
        | CellKind::Choice(_) => 14,
    };
    let heading: u32 = heading.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    f64::from(usual.max(heading + 4).min(60))
}

fn put(
    sheet: &mut Worksheet,
    row: u32,
    index: u16,
    value: &CellValue,
    column: &ColumnSpec,
    output: &Output,
    styles: &Styles,
) -> Written {
    let as_text = || cut(value.to_text(column.kind, output.lang, &output.zone));
    match value {
        // A spreadsheet keeps fifteen digits; a longer number is only safe as text.
        CellValue::Int(n) if n.unsigned_abs() < 1_000_000_000_000_000 => {
            sheet.write_number(row, index, *n as f64)?
        }
        CellValue::Money(amount) => {
            sheet.write_number_with_format(row, index, amount.0 as f64 / 100.0, &styles.money)?
        }
        CellValue::Qty(quantity) => sheet.write_number(row, index, quantity.0 as f64 / 1000.0)?,
        CellValue::Date(date) => match excel_time(civil::DateTime::from(date.0)) {
            Some(serial) => sheet.write_datetime_with_format(row, index, &serial, &styles.date)?,
            None => sheet.write_string(row, index, as_text())?,
        },
        CellValue::DateTime(at) => match excel_time(at.to_zoned(&output.zone).datetime()) {
            Some(serial) => sheet.write_datetime_with_format(row, index, &serial, &styles.datetime)?,
            None => sheet.write_string(row, index, as_text())?,
        },
        CellValue::Text(_) | CellValue::Choice(_) | CellValue::Bool(_) | CellValue::Int(_) => {
            let text = as_text();
            if text.is_empty() {
                return Ok(());
            }
            // `write_string` never makes a formula, whatever the text begins with.
            sheet.write_string_with_format(row, index, text, &styles.text)?
        }
    };
    Ok(())
}

/// `None` for the first two months of 1900, where spreadsheet programs count a day that never was.
fn excel_time(at: civil::DateTime) -> Option<ExcelDateTime> {
    if at.date() < civil::date(1900, 3, 1) {
        return None;
    }
    let part = |n: i8| u8::try_from(n).ok();
    let date =
        ExcelDateTime::from_ymd(u16::try_from(at.year()).ok()?, part(at.month())?, part(at.day())?).ok()?;
    date.and_hms(u16::try_from(at.hour()).ok()?, part(at.minute())?, f64::from(at.second())).ok()
}

/// Shortens a text that a cell can't hold; the full text is in the CSV and JSON forms.
fn cut(text: String) -> String {
    if text.len() <= MAX_CELL {
        return text;
    }
    let mut units = 0;
    let fits = text.char_indices().take_while(|(_, c)| {
        units += c.len_utf16();
        units < MAX_CELL
    });
    match fits.last() {
        Some((start, c)) if start + c.len_utf8() < text.len() && text.encode_utf16().count() > MAX_CELL => {
            format!("{}…", &text[..start + c.len_utf8()])
        }
        _ => text,
    }
}

fn fill_example(sheet: &mut Worksheet, columns: &[ColumnSpec], lang: Lang, styles: &Styles) -> Written {
    let headings =
        columns.iter().map(|c| format!("{}{}", c.label.get(lang), if c.required { " *" } else { "" }));
    start_sheet(sheet, T("数据", "Data").get(lang), columns, headings, styles)?;
    let output = Output::new(lang);
    for (index, column) in (0_u16..).zip(columns) {
        if let CellKind::Choice(choices) = column.kind {
            let labels: Vec<&str> = choices.iter().map(|(_, l)| l.get(lang)).collect();
            // Excel refuses longer lists; the guide sheet names the choices anyway.
            if labels.iter().map(|l| l.chars().count() + 1).sum::<usize>() < 250 {
                let rule = DataValidation::new().allow_list_strings(&labels)?;
                sheet.add_data_validation(1, index, TEMPLATE_ROWS, index, &rule)?;
            }
        }
        match parse_cell(column.kind, column.example, &CellOptions::default()) {
            Ok(Some(value)) => put(sheet, 1, index, &value, column, &output, styles)?,
            Ok(None) => {}
            Err(_) => _ = sheet.write_string(1, index, column.example)?,
        }
    }
    Ok(())
}

fn fill_guide(sheet: &mut Worksheet, columns: &[ColumnSpec], lang: Lang, styles: &Styles) -> Written {
    const HEADINGS: [(T, f64); 5] = [
        (T("列", "Column"), 22.0),
        (T("字段", "Field"), 22.0),
        (T("必填", "Required"), 10.0),
        (T("内容", "Content"), 60.0),
        (T("示例", "Example"), 24.0),
    ];
    sheet.set_name(T("说明", "Guide").get(lang))?;
    sheet.set_freeze_panes(1, 0)?;
    for (index, (heading, width)) in (0_u16..).zip(HEADINGS) {
        sheet.set_column_width(index, width)?;
        sheet.write_string_with_format(0, index, heading.get(lang), &styles.header)?;
    }
    for (row, column) in (1_u32..).zip(columns) {
        let required = if column.required { T("是", "yes") } else { T("否", "no") };
        let cells = [
            column.label.get(lang),
            column.key,
            required.get(lang),
            &describe(column.kind, lang),
            column.example,
        ];
        for (index, text) in (0_u16..).zip(cells) {
            sheet.write_string_with_format(row, index, text, &styles.wrapped)?;
        }
    }
    let note = T(
        "第一行是列名，请勿修改；第二行是示例，填写时请覆盖。列的顺序可以改变，不需要的列可以删除。",
        "The first row holds the column names: leave it. The second is an example: overwrite it. Columns may be moved, and those not needed removed.",
    );
    let last = u32::try_from(columns.len()).unwrap_or(0) + 2;
    sheet.write_string(last, 0, note.get(lang))?;
    Ok(())
}

/// What may stand in a column, in words.
pub fn describe(kind: CellKind, lang: Lang) -> String {
    let fill = |text: T, args: &[(&str, String)]| text.fill(lang, args);
    match kind {
        CellKind::Text { max } => {
            fill(T("文字，最多 {max} 个字符", "Text, at most {max} characters"), &[("max", max.to_string())])
        }
        CellKind::Int { min: i64::MIN, max: i64::MAX } => T("整数", "A whole number").get(lang).to_owned(),
        CellKind::Int { min, max: i64::MAX } => {
            fill(T("整数，不小于 {min}", "A whole number, {min} or more"), &[("min", min.to_string())])
        }
        CellKind::Int { min, max } => fill(
            T("整数，{min} 至 {max}", "A whole number from {min} to {max}"),
            &[("min", min.to_string()), ("max", max.to_string())],
        ),
        CellKind::Money => {
            T("金额（元），最多两位小数", "An amount with at most two decimals").get(lang).to_owned()
        }
        CellKind::Price => T(
            "金额（元），多于两位小数时四舍五入到分",
            "An amount; more than two decimals are rounded to the cent",
        )
        .get(lang)
        .to_owned(),
        CellKind::Qty => {
            T("数量，最多三位小数", "A quantity with at most three decimals").get(lang).to_owned()
        }
        CellKind::Date => T("日期，如 2026-01-31", "A date like 2026-01-31").get(lang).to_owned(),
        CellKind::DateTime => {
            T("日期和时间，如 2026-01-31 08:30", "A date and time like 2026-01-31 08:30").get(lang).to_owned()
        }
        CellKind::Bool => T("是 或 否", "yes or no").get(lang).to_owned(),
        CellKind::Choice(choices) => {
            fill(T("可填：{list}", "One of: {list}"), &[("list", choice_list(choices, lang))])
        }
        CellKind::Phone => {
            T("电话号码，可带区号和分机", "A phone number, with area code and extension if any")
                .get(lang)
                .to_owned()
        }
        CellKind::Email => T("邮箱地址", "An e-mail address").get(lang).to_owned(),
    }
}
