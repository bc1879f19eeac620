//! What is written reads back the same.

use kernel::{Date, Lang, Money, Quantity, T, Ts};
use proptest::prelude::*;

use super::super::neutral;
use super::*;

const TYPED: &[ColumnSpec] = &[
    ColumnSpec::new("key", T("编号", "Key"), CellKind::Text { max: 50 }).required(),
    ColumnSpec::new("text", T("文字", "Text"), CellKind::Text { max: 1000 }),
    ColumnSpec::new("int", T("整数", "Integer"), CellKind::Int { min: i64::MIN, max: i64::MAX }),
    ColumnSpec::new("money", T("金额", "Amount"), CellKind::Money),
    ColumnSpec::new("qty", T("数量", "Quantity"), CellKind::Qty),
    ColumnSpec::new("date", T("日期", "Date"), CellKind::Date),
    ColumnSpec::new("at", T("时间", "Time"), CellKind::DateTime),
    ColumnSpec::new("yes", T("是否", "Whether"), CellKind::Bool),
    ColumnSpec::new(
        "kind",
        T("种类", "Kind"),
        CellKind::Choice(&[("a", T("甲", "First")), ("b", T("乙", "Second"))]),
    ),
];

const TEXTS: &[ColumnSpec] = &[
    ColumnSpec::new("c0", T("甲", "A"), CellKind::Text { max: 99 }),
    ColumnSpec::new("c1", T("乙", "=B"), CellKind::Text { max: 99 }),
    ColumnSpec::new("c2", T("丙", "C,\"C\""), CellKind::Text { max: 99 }),
];

/// Any text at all, with the dangerous beginnings made likely.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[=+\\-@'\t\"]{0,3}[a-z0-9,;_ ]{0,6}",
        "\\PC{0,12}",
        "[甲-龟a-c\r\n\t\"',;]{0,10}",
        Just("_x0041_".to_owned()),
        Just("0123".to_owned()),
    ]
}

fn typed_row() -> impl Strategy<Value = OutRow> {
    // Texts as the product stores them: cleaned on the way in, never a spreadsheet's error value.
    let text =
        any_text().prop_map(|t| match parse_cell(CellKind::Text { max: 99 }, &t, &CellOptions::default()) {
            Ok(Some(CellValue::Text(t))) => Some(CellValue::Text(t)),
            _ => None,
        });
    let date = (1900_i16..2200, 1_i8..=12, 1_i8..=28)
        .prop_map(|(y, m, d)| CellValue::Date(Date::new(y, m, d).unwrap()));
    let at = (-2_000_000_000_i64..7_000_000_000).prop_map(|s| CellValue::DateTime(Ts(s * 1_000_000)));
    (
        text,
        proptest::option::of(any::<i64>().prop_map(CellValue::Int)),
        proptest::option::of(
            (-9_999_999_999_999_i64..9_999_999_999_999).prop_map(|m| CellValue::Money(Money(m))),
        ),
        proptest::option::of(
            (-9_999_999_999_999_i64..9_999_999_999_999).prop_map(|q| CellValue::Qty(Quantity(q))),
        ),
        proptest::option::of(date),
        proptest::option::of(at),
        proptest::option::of(any::<bool>().prop_map(CellValue::Bool)),
        proptest::option::of(prop_oneof![Just("a"), Just("b")].prop_map(CellValue::Choice)),
    )
        .prop_map(|(text, int, money, qty, date, at, yes, kind)| {
            vec![Some(CellValue::Text("k".into())), text, int, money, qty, date, at, yes, kind]
        })
}

fn read_typed(bytes: &[u8]) -> Vec<OutRow> {
    let table = read(bytes);
    let mapping = Mapping::auto(TYPED, &table.header);
    let plan = Plan::new(TYPED, &mapping, &table.header, &CellOptions::default()).unwrap();
    table
        .rows
        .iter()
        .map(|raw| {
            let row = plan.read(raw);
            assert_eq!(row.problems(), []);
            TYPED.iter().map(|c| row.value(c.key).cloned()).collect()
        })
        .collect()
}

/// Raw texts of a file, blank rows left out as the reader does.
fn raw(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    rows.iter().filter(|r| r.iter().any(|c| !c.trim().is_empty())).cloned().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn guarding_is_exact(text in any_text()) {
        let guarded = neutral::guard(&text);
        prop_assert_eq!(neutral::strip(&guarded), &text);
        prop_assert!(!guarded.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']));
    }

    #[test]
    fn any_texts_survive_csv_and_xlsx(rows in proptest::collection::vec(proptest::collection::vec(any_text(), 3), 1..6)) {
        let values = |row: &Vec<String>| -> OutRow { row.iter().map(|t| Some(CellValue::Text(t.clone()))).collect() };
        let expected = raw(&rows);
        prop_assume!(!expected.is_empty());
        for lang in Lang::ALL {
            let csv = write_csv(TEXTS, rows.iter().map(values), &Output::new(lang)).unwrap();
            let xlsx = write_xlsx(TEXTS, rows.iter().map(values), &Output::new(lang)).unwrap();
            for bytes in [csv, xlsx] {
                let table = read(&bytes);
                prop_assert_eq!(&table.header, &TEXTS.iter().map(|c| c.label.get(lang).to_owned()).collect::<Vec<_>>());
                let found: Vec<Vec<String>> = table.rows.iter().map(|r| r.cells.clone()).collect();
                prop_assert_eq!(&found, &expected);
                prop_assert!(table.rows.iter().all(|r| r.problems.is_empty()));
            }
        }
    }

    #[test]
    fn typed_values_survive_csv_and_xlsx(rows in proptest::collection::vec(typed_row(), 1..5)) {
        for lang in Lang::ALL {
            let csv = write_csv(TYPED, rows.clone(), &Output::new(lang)).unwrap();
            prop_assert_eq!(&read_typed(&csv), &rows);
            let xlsx = write_xlsx(TYPED, rows.clone(), &Output::new(lang)).unwrap();
            prop_assert_eq!(&read_typed(&xlsx), &rows);
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), name in prop_oneof![Just("a.csv"), Just("a.xlsx")]) {
        let _ = read_table(&bytes, name, &Limits::default());
    }

    #[test]
    fn no_text_makes_a_cell_panic(text in any_text(), digits in "[-0-9/.:T年月日 ]{0,14}") {
        let options = CellOptions::default();
        for column in TYPED {
            let _ = parse_cell(column.kind, &text, &options);
            let _ = parse_cell(column.kind, &digits, &options);
        }
        let _ = parse_cell(CellKind::Phone, &text, &options);
        let _ = parse_cell(CellKind::Email, &text, &options);
        let _ = Mapping::from_flag(&text);
        let _ = DateOrder::parse(&text);
    }
}

#[test]
fn json_is_by_key() {
    let row = vec![
        Some(CellValue::Text("x".into())),
        None,
        Some(CellValue::Int(3)),
        Some(CellValue::Money(Money(150))),
    ];
    let json: serde_json::Value = serde_json::from_slice(&write_json(&TYPED[..4], [row]).unwrap()).unwrap();
    assert_eq!(json, serde_json::json!([{"key": "x", "text": null, "int": 3, "money": "1.50"}]));
}

#[test]
fn long_texts_are_cut_in_workbooks_only() {
    let long = "字".repeat(40_000);
    let row = || [vec![Some(CellValue::Text(long.clone()))]];
    let limits = Limits { cell_chars: 50_000, ..Limits::default() };
    let csv = write_csv(&TEXTS[..1], row(), &Output::new(Lang::En)).unwrap();
    assert_eq!(read_table(&csv, "t.csv", &limits).unwrap().rows[0].cells[0], long);
    let xlsx = write_xlsx(&TEXTS[..1], row(), &Output::new(Lang::En)).unwrap();
    let cell = &read_table(&xlsx, "t.xlsx", &limits).unwrap().rows[0].cells[0];
    assert!(cell.chars().count() == 32_767 && cell.ends_with('…'));
}
