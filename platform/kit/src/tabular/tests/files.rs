//! Shapes of files, good and bad.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use super::*;

fn cells(table: &Table) -> Vec<Vec<&str>> {
    table.rows.iter().map(|r| r.cells.iter().map(String::as_str).collect()).collect()
}

#[test]
fn plain_csv_with_row_numbers_as_a_spreadsheet_shows_them() {
    let table = read(b"a,b\r\n1,2\r\n\r\n,\r\n\"x\r\ny\",3\r\n4,5");
    assert_eq!(table.header, ["a", "b"]);
    assert_eq!(cells(&table), [["1", "2"], ["x\r\ny", "3"], ["4", "5"]]);
    assert_eq!(table.rows.iter().map(|r| r.number).collect::<Vec<_>>(), [2, 5, 6]);
    assert_eq!((table.encoding, table.delimiter), ("UTF-8", Some(',')));
    let lf = read(b"\n\na,b\n1,2\n\n3,4\n");
    assert_eq!(lf.rows.iter().map(|r| r.number).collect::<Vec<_>>(), [4, 6]);
}

#[test]
fn delimiters_are_found() {
    for (text, delimiter) in [
        ("a;b;c\n1,5;2;3\n4,5;5;6", ';'),
        ("a\tb\n1,2,3\t2\n", '\t'),
        ("name, first|age|town\nLi, A|3|x\n", '|'),
        ("sep=;\na;b\n1;2\n", ';'),
        ("only\n1\n2\n", ','),
    ] {
        assert_eq!(read(text.as_bytes()).delimiter, Some(delimiter), "{text}");
    }
    assert_eq!(read(b"sep=;\r\na;b\r\n1;2\r\n").rows[0].number, 2);
}

#[test]
fn encodings_are_found() {
    let text = "客户,电话\r\n张三,13800138000\r\n李四（上海）,021\r\n";
    let utf16 = |big: bool| -> Vec<u8> {
        text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    };
    let (gbk, _, _) = encoding_rs::GBK.encode(text);
    let mut marked = "\u{FEFF}".as_bytes().to_vec();
    marked.extend(text.as_bytes());
    let mut marked16 = vec![0xFF, 0xFE];
    marked16.extend(utf16(false));
    for (bytes, encoding) in [
        (text.as_bytes().to_vec(), "UTF-8"),
        (marked, "UTF-8"),
        (gbk.into_owned(), "GB18030"),
        (marked16, "UTF-16LE"),
        (utf16(false), "UTF-16LE"),
        (utf16(true), "UTF-16BE"),
    ] {
        let table = read(&bytes);
        assert_eq!(table.encoding, encoding);
        assert_eq!(table.header, ["客户", "电话"]);
        assert_eq!(cells(&table), [["张三", "13800138000"], ["李四（上海）", "021"]]);
    }
    let french = read(b"pi\xE8ce,\xE9tat\r\n\xE9cran,cass\xE9\r\n");
    assert_eq!((french.encoding, french.header[0].as_str()), ("windows-1252", "pièce"));
    assert_eq!(cells(&french), [["écran", "cassé"]]);
}

#[test]
fn a_damaged_byte_spoils_its_cell_only() {
    let text = format!("客户,备注\n{}", "张三先生,更换滤网和水泵\n".repeat(5));
    let (gbk, _, _) = encoding_rs::GBK.encode(&text);
    for (bytes, encoding) in [(text.as_bytes().to_vec(), "UTF-8"), (gbk.into_owned(), "GB18030")] {
        let mut broken = bytes;
        broken.extend(b"x\xFF,y\n");
        let table = read(&broken);
        assert_eq!((table.encoding, table.header[0].as_str()), (encoding, "客户"));
        assert!(table.rows[..5].iter().all(|r| r.problems.is_empty()));
        assert_eq!(codes(&table.rows[5]), ["cell.damaged_text"]);
        assert_eq!(table.rows[5].problems[0].column.as_deref(), Some("客户"));
    }
}

#[test]
fn bad_rows_are_reported_and_the_others_kept() {
    let table = read(b"a,b,c\n1,2,3\n1,2,3,4\n1,2\n4,5,6\n7,8,\"open\n9,9,9\n");
    let found: Vec<_> = table.rows.iter().map(|r| (r.number, codes(r))).collect();
    assert_eq!(
        found,
        [
            (2, vec![]),
            (3, vec!["row.too_many_fields"]),
            (4, vec!["row.too_few_fields"]),
            (5, vec![]),
            (6, vec!["row.unclosed_quote"])
        ]
    );
    assert_eq!(table.rows[2].cells, ["1", "2", ""]);
    assert_eq!(
        table.rows[1].problems[0].text(kernel::Lang::En),
        "The row has 4 fields, the header 3; a separator inside a text may lack quotes"
    );
    // Blank fields behind the last column are an exporter's habit when every row has them.
    assert!(read(b"a,b,,\n1,2,,\n").rows[0].problems.is_empty());
}

#[test]
fn files_that_are_no_table_are_refused() {
    for (bytes, code) in [
        (&b""[..], "sheet.empty"),
        (b" \r\n\r\n", "sheet.empty"),
        (b",,\n,,\n", "sheet.empty"),
        (b"a,b\n", "sheet.header_only"),
        (b"a,b\n,\n", "sheet.header_only"),
        (b"a,a\n1,2\n", "sheet.header_duplicate"),
        (b"a,,b\n1,2,3\n", "sheet.header_missing"),
        (b"12,2024-01-01\n13,2024-01-02\n", "sheet.header_missing"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1....", "sheet.unsupported"),
        (b"%PDF-1.7 ...", "sheet.unsupported"),
        (
            b"\x00\x01\x02\x00\x00\x05\x00\x00\x00\x07\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
            "sheet.unsupported",
        ),
    ] {
        assert_eq!(refused(bytes, "t.csv"), code, "{bytes:?}");
    }
    assert_eq!(read(b"a,,b\n1,,3\n").header, ["a", "b"]);
    assert_eq!(cells(&read(b"a,,b\n1,,3\n")), [["1", "3"]]);
}

#[test]
fn limits_hold() {
    let limits = Limits { rows: 3, columns: 4, cell_chars: 5, bytes: 200, ..Limits::default() };
    let code = |text: &str| {
        read_table(text.as_bytes(), "t.csv", &limits).map(|t| codes(&t.rows[0])).map_err(|e| e.code)
    };
    assert_eq!(code("a,b\n1,2\n1,2\n1,2\n1,2\n"), Err("sheet.too_many_rows"));
    assert_eq!(code("a,b,c,d,e\n1,2,3,4,5\n"), Err("sheet.too_many_columns"));
    assert_eq!(code(&"a,b\n".repeat(60)), Err("sheet.too_large"));
    assert_eq!(code("a,b\n张三李四王,2\n"), Ok(vec![]));
    assert_eq!(code("a,b\n123456,2\n"), Ok(vec!["cell.too_long"]));
}

#[test]
fn ten_megabytes_are_read() {
    let line = "SN-00012345,2026-01-31,\"a longer text, with a comma\",张三,13800138000\n";
    let mut text = String::from("serial,date,text,name,phone\n");
    while text.len() < 10 << 20 {
        text.push_str(line);
    }
    let table = read(text.as_bytes());
    assert!(table.rows.len() > 100_000);
    assert!(table.rows.iter().all(|r| r.problems.is_empty()));
    let huge = format!("a,b\n{},2\n3,4\n", "x".repeat(10 << 20));
    let table = read(huge.as_bytes());
    assert_eq!((codes(&table.rows[0]), table.rows[1].cells[0].as_str()), (vec!["cell.too_long"], "3"));
}

/// Work orders as exported by a maintenance system: `0/1/00` for no date, `NA`, `#NAME?`, and texts whose
/// comma was not quoted, one of them in a row that was then cut to the right number of fields.
fn work_orders() -> String {
    let mut text = String::from("Type,Number,Start,Finish,Text,Centre,Place,Status,Cost,Plant,Asset,Scope\n");
    for n in 0..120 {
        let finish = if n % 7 == 0 { "0/1/00" } else { "13/09/2001" };
        let cost = if n % 5 == 0 { "NA".to_owned() } else { format!("{}", n * 13) };
        let what = if n % 11 == 0 { "#NAME?" } else { "replace hose on rig" };
        text.push_str(&format!(
            "PM01,{},9/03/2006,{finish},{what} {n},WC1,1234.01.{n:02},Removed,{cost},PI1,AID{},FALSE\n",
            2000 + n,
            n % 8
        ));
    }
    text.push_str(
        "PM01,2270,13/03/2006,0/1/00,cci, routine inspection,1234.02.36,Removed,NA,PI1,AID2,FALSE \n",
    );
    text.push_str(
        "PM01,2271,13/03/2006,0/1/00,cci, routine inspection,WC1,1234.02.36,Removed,NA,PI1,AID2,FALSE\n",
    );
    text.push_str("PM01,2272,13/03/2006,0/1/00,cci, routine inspection,WC1,1234.02.36,Removed,NA,PI1,AID2\n");
    text
}

#[test]
fn slipped_rows_of_a_real_export_are_found() {
    let table = read(work_orders().as_bytes());
    let bad: Vec<_> =
        table.rows.iter().filter(|r| !r.problems.is_empty()).map(|r| (r.number, codes(r))).collect();
    // Row 122 has the right number of fields, but only one of them is out of place: that is for the field's
    // own check.
    assert_eq!(bad, [(123, vec!["row.too_many_fields"]), (124, vec!["row.shifted"])]);
    assert_eq!(
        table.rows[122].problems[0].text(kernel::Lang::Zh),
        "从“Text”列起内容错位一列；可能是文字中的分隔符没有加引号"
    );
}

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn workbook(sheet_data: &str) -> Vec<u8> {
    let sheet = format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{sheet_data}</sheetData></worksheet>"#
    );
    archive(&[
        ("[Content_Types].xml", br#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#),
        (
            "_rels/.rels",
            br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            br#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

#[test]
fn workbook_cells_become_canonical_texts() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let date = rust_xlsxwriter::Format::new().set_num_format("dd.mm.yyyy hh:mm");
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(["number", "date", "time", "truth", "formula", "error", "long"]) {
        sheet.write_string(2, column, name).unwrap();
    }
    sheet.write_number(3, 0, 0.1 + 0.2).unwrap();
    sheet.write_number_with_format(3, 1, 46053.0, &date).unwrap();
    sheet.write_number_with_format(3, 2, 46053.0 + 8.5 / 24.0, &date).unwrap();
    sheet.write_boolean(3, 3, true).unwrap();
    sheet.write_formula(3, 4, rust_xlsxwriter::Formula::new("=1+1").set_result("2")).unwrap();
    sheet.write_formula(3, 5, rust_xlsxwriter::Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    sheet.write_number(3, 6, 310_110_199_001_011_234_f64).unwrap();
    let table = read(&book.save_to_buffer().unwrap());
    let row = &table.rows[0];
    assert_eq!((row.number, table.sheet.as_deref(), table.encoding), (4, Some("Sheet1"), "XLSX"));
    assert_eq!(row.cells[..6], ["0.3", "2026-01-31", "2026-01-31 08:30:00", "TRUE", "2", "#DIV/0!"]);
    assert_eq!(codes(row), ["cell.error_value", "cell.number_precision"]);
    assert_eq!(row.problems[0].column.as_deref(), Some("error"));
}

#[test]
fn sheets_are_chosen_by_name_or_the_first_visible() {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, hidden) in [("lists", true), ("Data", false), ("Other", false)] {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap().set_hidden(hidden);
        sheet.write_string(0, 0, name).unwrap();
        sheet.write_string(1, 0, "x").unwrap();
        if name == "Data" {
            sheet.set_active(true);
        }
    }
    let bytes = book.save_to_buffer().unwrap();
    assert_eq!(read(&bytes).header, ["Data"]);
    assert_eq!(read_sheet(&bytes, "x.xlsx", Some("Other"), &Limits::default()).unwrap().header, ["Other"]);
    assert_eq!(
        read_sheet(&bytes, "x.xlsx", Some("No"), &Limits::default()).unwrap_err().code,
        "sheet.no_such_sheet"
    );
}

#[test]
fn hostile_workbooks_are_refused() {
    let good = write_xlsx(
        &[ColumnSpec::new("a", kernel::T("甲", "A"), CellKind::Text { max: 9 })],
        [vec![Some(CellValue::Text("x".into()))]],
        &Output::new(kernel::Lang::En),
    )
    .unwrap();
    for cut in (0..good.len()).step_by(97) {
        assert!(read_table(&good[..cut], "t.xlsx", &Limits::default()).is_err(), "cut at {cut}");
        let mut bent = good.clone();
        bent[cut] ^= 0xFF;
        // Any answer is right as long as there is one.
        let _ = read_table(&bent, "t.xlsx", &Limits::default());
    }
    assert_eq!(refused(b"PK\x03\x04 nothing", "t.xlsx"), "sheet.unreadable");
    assert_eq!(refused(b"not a workbook", "t.xlsx"), "sheet.unreadable");
    assert_eq!(refused(&archive(&[("a.txt", b"hello")]), "t.xlsx"), "sheet.unreadable");
    assert_eq!(refused(&archive(&[("a.txt", b"hello")]), "t.zip"), "sheet.unsupported");
    assert_eq!(refused(&workbook("<row r=\"1\"><c r=\"A1\"><v>"), "t.xlsx"), "sheet.unreadable");

    let zeros = vec![b' '; 8 << 20];
    let bomb = archive(&[("xl/sharedStrings.xml", &zeros)]);
    let small = Limits { unpacked_bytes: 1 << 20, ..Limits::default() };
    assert!(bomb.len() < 100_000);
    assert_eq!(read_table(&bomb, "t.xlsx", &small).unwrap_err().code, "sheet.too_large");
}

#[test]
fn a_far_cell_costs_nothing() {
    let head = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>"#;
    let far_row = workbook(&format!(r#"{head}<row r="1048576"><c r="A1048576"><v>7</v></c></row>"#));
    assert_eq!(read(&far_row).rows[0].number, 1_048_576);
    let far_column = workbook(&format!(r#"{head}<row r="2"><c r="XFD2"><v>7</v></c></row>"#));
    assert_eq!(refused(&far_column, "t.xlsx"), "sheet.too_many_columns");
    let wide: String =
        (2..9000).map(|r| format!(r#"<row r="{r}"><c r="SF{r}"><v>7</v></c></row>"#)).collect();
    let limits = Limits { unpacked_bytes: 20 << 20, ..Limits::default() };
    let refused = read_table(&workbook(&format!("{head}{wide}")), "t.xlsx", &limits).unwrap_err();
    assert_eq!(refused.code, "sheet.too_large");
}
