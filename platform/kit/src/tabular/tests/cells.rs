//! Cells to values.

use kernel::{Date, Lang, Money, Quantity, T, Ts};

use super::*;

const URGENCY: CellKind =
    CellKind::Choice(&[("normal", T("普通", "Normal")), ("very_urgent", T("特急", "Very urgent"))]);

fn parse(kind: CellKind, raw: &str) -> Result<Option<CellValue>, &'static str> {
    parse_cell(kind, raw, &CellOptions::default()).map_err(|p| {
        for lang in Lang::ALL {
            assert!(!p.text(lang).contains('{'), "unfilled place in {}", p.text(lang));
        }
        p.code
    })
}

fn date(text: &str) -> CellValue {
    CellValue::Date(Date::parse_iso(text).unwrap())
}

#[test]
fn texts_are_cleaned_and_formulas_stay_texts() {
    let text = CellKind::Text { max: 12 };
    for (raw, expected) in [
        ("  a b ", "a b"),
        ("=1+1", "=1+1"),
        ("@cmd", "@cmd"),
        ("a\u{0}\u{7}b\u{202E}c", "abc"),
        ("line\r\nnext", "line\nnext"),
        ("\u{3000}张三\u{3000}", "张三"),
    ] {
        assert_eq!(parse(text, raw), Ok(Some(CellValue::Text(expected.into()))), "{raw:?}");
    }
    assert_eq!(parse(text, " \t\u{200B}"), Ok(None));
    assert_eq!(parse(text, "1234567890123"), Err("cell.text_length"));
    assert_eq!(parse(text, "#NAME?"), Err("cell.error_value"));
}

#[test]
fn numbers() {
    let int = CellKind::Int { min: -5, max: 5000 };
    for (raw, n) in [("12", 12), ("１２", 12), ("1,234", 1234), ("12.0", 12), ("-3", -3), ("+4", 4)] {
        assert_eq!(parse(int, raw), Ok(Some(CellValue::Int(n))), "{raw}");
    }
    for raw in ["x", "1.5", "1,23", "1E3", "--1", "-", ",", "1 2"] {
        assert_eq!(parse(int, raw), Err("cell.int"), "{raw}");
    }
    for raw in ["-6", "5001", "99999999999999999999999"] {
        assert_eq!(parse(int, raw), Err("cell.int_range"), "{raw}");
    }
    for (raw, minor) in
        [("¥1,234.50", 123_450), ("12元", 1200), ("(3.20)", -320), ("（3.2）", -320), ("-0.01", -1), ("0", 0)]
    {
        assert_eq!(parse(CellKind::Money, raw), Ok(Some(CellValue::Money(Money(minor)))), "{raw}");
    }
    assert_eq!(parse(CellKind::Money, "1.005"), Err("number.decimals"));
    assert_eq!(parse(CellKind::Money, "abc"), Err("money.format"));
    assert_eq!(parse(CellKind::Money, "1e9"), Err("money.format"));
    assert_eq!(parse(CellKind::Money, "99999999999999999"), Err("number.too_large"));
    assert_eq!(parse(CellKind::Qty, "1.125"), Ok(Some(CellValue::Qty(Quantity(1125)))));
    assert_eq!(parse(CellKind::Qty, "1.1255"), Err("number.decimals"));
}

#[test]
fn dates() {
    for raw in [
        "2026-01-31",
        "2026/1/31",
        "2026.01.31",
        "20260131",
        "2026年1月31日",
        "31/01/2026",
        "1/31/2026",
        "2026-01-31 00:00:00",
    ] {
        assert_eq!(parse(CellKind::Date, raw), Ok(Some(date("2026-01-31"))), "{raw}");
    }
    assert_eq!(parse(CellKind::Date, "5/5/2026"), Ok(Some(date("2026-05-05"))));
    assert_eq!(parse(CellKind::Date, "9/03/2006"), Err("cell.date_ambiguous"));
    for raw in [
        "0/1/00",
        "2026-02-30",
        "31/31/2026",
        "1/2/26",
        "46053",
        "soon",
        "2026-01",
        "-1-2-3",
        "2026-1-1-1",
        "9999999999-1-1",
    ] {
        assert_eq!(parse(CellKind::Date, raw), Err("cell.date"), "{raw}");
    }
    for raw in ["1899-12-31", "2200-01-01", "0202-01-01", "31/01/0206"] {
        assert_eq!(parse(CellKind::Date, raw), Err("cell.date_range"), "{raw}");
    }
    let options = |format: &str| CellOptions {
        date_orders: vec![DateOrder::parse(format).unwrap()],
        ..CellOptions::default()
    };
    let with =
        |format: &str, raw: &str| parse_cell(CellKind::Date, raw, &options(format)).map_err(|p| p.code);
    assert_eq!(with("d/m/y", "9/03/2006"), Ok(Some(date("2006-03-09"))));
    assert_eq!(with("mm-dd-yyyy", "9/03/2006"), Ok(Some(date("2006-09-03"))));
    assert_eq!(with("d/m/y", "9/03/06"), Err("cell.date"));
    assert_eq!(with("d/m/yy", "9/03/06"), Ok(Some(date("2006-03-09"))));
    assert_eq!(with("d/m/yy", "0/1/00"), Err("cell.date"));
    assert_eq!(with("d/m/y", "2006-03-09"), Ok(Some(date("2006-03-09"))));
    for bad in ["", "d/m", "d/m/y/d", "day"] {
        assert_eq!(DateOrder::parse(bad).unwrap_err().code, "map.date_format", "{bad}");
    }
}

#[test]
fn instants() {
    let at = Ts::parse("2026-01-31T08:30:00+08:00").unwrap();
    for raw in [
        "2026-01-31 08:30",
        "2026/1/31 8:30:00",
        "2026-01-31T08:30:00",
        "2026-01-31T00:30:00Z",
        "2026-01-31 08:30:00+08:00",
        "2026-01-31 08:30:00.000",
    ] {
        assert_eq!(parse(CellKind::DateTime, raw), Ok(Some(CellValue::DateTime(at))), "{raw}");
    }
    let midnight = Ts::parse("2026-01-31T00:00:00+08:00").unwrap();
    assert_eq!(parse(CellKind::DateTime, "2026-01-31"), Ok(Some(CellValue::DateTime(midnight))));
    for raw in ["2026-01-31 25:00", "2026-01-31 x", "08:30"] {
        assert_eq!(parse(CellKind::DateTime, raw), Err("cell.date"), "{raw}");
    }
}

#[test]
fn choices_truth_phones_addresses() {
    for raw in ["very_urgent", "特急", "very urgent", "VERY-URGENT", " 特急 "] {
        assert_eq!(parse(URGENCY, raw), Ok(Some(CellValue::Choice("very_urgent"))), "{raw}");
    }
    assert_eq!(parse(URGENCY, "later"), Err("cell.choice"));
    assert_eq!(parse(URGENCY, "?"), Err("cell.choice"));
    assert_eq!(parse(CellKind::Bool, "是"), Ok(Some(CellValue::Bool(true))));
    assert_eq!(parse(CellKind::Bool, "FALSE"), Ok(Some(CellValue::Bool(false))));
    assert_eq!(parse(CellKind::Bool, "maybe"), Err("cell.bool"));
    for (raw, phone) in [
        ("138-0013-8000", "13800138000"),
        ("+86 138 0013 8000", "+8613800138000"),
        ("（021）6666 7777 转 12", "02166667777x12"),
        ("010-12345678 ext. 9", "01012345678x9"),
    ] {
        assert_eq!(parse(CellKind::Phone, raw), Ok(Some(CellValue::Text(phone.into()))), "{raw}");
    }
    assert_eq!(parse(CellKind::Phone, "1.38E+10"), Err("cell.phone_scientific"));
    for raw in ["12", "call me", "1380013800013800138000", "138+0013"] {
        assert_eq!(parse(CellKind::Phone, raw), Err("cell.phone"), "{raw}");
    }
    assert_eq!(
        parse(CellKind::Email, "Li.Na@EXAMPLE.com"),
        Ok(Some(CellValue::Text("Li.Na@example.com".into())))
    );
    for raw in ["a@b", "@example.com", "a b@example.com", "a@b@example.com", "a@-b.com", "a@example..com"] {
        assert_eq!(parse(CellKind::Email, raw), Err("cell.email"), "{raw}");
    }
}

#[test]
fn declared_texts_are_empty() {
    let options = CellOptions {
        empty_texts: vec!["NA".into(), "#NAME?".into(), "0/1/00".into()],
        ..CellOptions::default()
    };
    for (kind, raw) in
        [(CellKind::Money, "na"), (CellKind::Text { max: 5 }, "#NAME? "), (CellKind::Date, "0/1/00")]
    {
        assert_eq!(parse_cell(kind, raw, &options), Ok(None), "{raw}");
    }
}
