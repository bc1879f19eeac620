//! Columns to fields, rows to values, and the report.

use kernel::{Lang, Money, RuleError, T};

use super::*;

const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec::new("serial", T("序列号", "Serial number"), CellKind::Text { max: 20 })
        .required()
        .aliases(&["SN", "机身号"])
        .example("SN-001"),
    ColumnSpec::new("bought", T("购买日期", "Bought on"), CellKind::Date).example("2026-03-01"),
    ColumnSpec::new("price", T("价格", "Price"), CellKind::Money).aliases(&["cost"]).example("1299.00"),
    ColumnSpec::new(
        "urgency",
        T("紧急程度", "Urgency"),
        CellKind::Choice(&[("normal", T("普通", "Normal")), ("urgent", T("加急", "Urgent"))]),
    )
    .example("普通"),
];

fn header(names: &[&str]) -> Vec<String> {
    names.iter().map(|n| (*n).to_owned()).collect()
}

fn pairs(mapping: &Mapping) -> Vec<(&str, &str)> {
    mapping.columns.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect()
}

fn error_codes(problems: kernel::Problems) -> Vec<&'static str> {
    problems.into_iter().map(|e| e.code).collect()
}

#[test]
fn columns_are_found_by_key_label_and_alias() {
    let found = Mapping::auto(COLUMNS, &header(&["序列号 *", "BOUGHT_ON", "Cost", "x"]));
    assert_eq!(pairs(&found), [("bought", "BOUGHT_ON"), ("price", "Cost"), ("serial", "序列号 *")]);
    // An exact name goes before an alias, and a traditional heading is understood.
    let found = Mapping::auto(COLUMNS, &header(&["cost", "price", "機身號", "購買日期"]));
    assert_eq!(pairs(&found), [("bought", "購買日期"), ("price", "price"), ("serial", "機身號")]);
    // What was said stays, and its column is not used again.
    let said = Mapping::from_flag("price=SN,urgency=")
        .unwrap()
        .completed(COLUMNS, &header(&["SN", "Price", "Urgency"]));
    assert_eq!(pairs(&said), [("price", "SN"), ("urgency", "")]);
}

#[test]
fn flags_are_read() {
    let mapping =
        Mapping::from_flag(r#" serial = 机身号 ,bought="Date, of ""purchase""",price=a=b"#).unwrap();
    assert_eq!(
        pairs(&mapping),
        [("bought", "Date, of \"purchase\""), ("price", "a=b"), ("serial", "机身号")]
    );
    assert!(Mapping::from_flag("").unwrap().columns.is_empty());
    for bad in ["serial", "=x", r#"a="open"#, r#"a="x"y"#, r#"a=x"y"#, "a=b,,c=d"] {
        assert_eq!(Mapping::from_flag(bad).unwrap_err().code, "map.syntax", "{bad}");
    }
}

#[test]
fn files_are_read_and_checked() {
    let mapping = Mapping::from_toml(
        "[columns]\nserial = \"SN\"\n[dates]\nformat = [\"d/m/y\"]\n[empty]\ntexts = [\"NA\"]\n",
    )
    .unwrap();
    assert_eq!(mapping.columns["serial"], "SN");
    assert_eq!(Mapping::from_toml("[column]\n").unwrap_err().code, "map.toml");
    let bad = Mapping::from_toml(
        "[columns]\nnope = \"SN\"\nbought = \"Gone\"\n[values.what]\na = \"b\"\n[dates]\nformat = \"day\"\n",
    )
    .unwrap();
    let found = error_codes(bad.validate(COLUMNS, &header(&["SN"])).unwrap_err());
    assert_eq!(
        found,
        [
            "map.unknown_target",
            "map.unknown_target",
            "map.unknown_column",
            "map.required_unmapped",
            "map.date_format"
        ]
    );
    assert!(Mapping::auto(COLUMNS, &header(&["SN"])).validate(COLUMNS, &header(&["SN"])).is_ok());
    let joined = mapping.merged(Mapping::from_flag("serial=Other").unwrap());
    assert_eq!((joined.columns["serial"].as_str(), joined.empty.texts.len()), ("Other", 1));
    let text = toml::to_string(&joined).unwrap();
    assert_eq!(Mapping::from_toml(&text).unwrap(), joined);
}

#[test]
fn rows_are_read_with_all_their_problems() {
    let table = read(
        "SN,bought,cost,level\nA1,9/03/2006,NA,P1\n,31/31/2006,x,P9\nA3,0/1/00,5,\nA4,1/1/2020,1,P1,9\n"
            .as_bytes(),
    );
    let mapping = Mapping::from_toml(
        "[columns]\nurgency=\"level\"\n[values.urgency]\np1=\"urgent\"\n[defaults]\nurgency=\"normal\"\n[dates]\nformat=\"d/m/y\"\n[empty]\ntexts=[\"NA\",\"0/1/00\"]",
    )
    .unwrap()
    .completed(COLUMNS, &table.header);
    let plan = Plan::new(COLUMNS, &mapping, &table.header, &CellOptions::default()).unwrap();
    let rows: Vec<_> = table.rows.iter().map(|r| plan.read(r)).collect();

    assert!(rows[0].finish().is_ok());
    assert_eq!(rows[0].text("serial").as_deref(), Some("A1"));
    assert_eq!(rows[0].date("bought").unwrap().to_string(), "2006-03-09");
    assert_eq!((rows[0].money("price"), rows[0].choice("urgency")), (None, Some("urgent")));
    assert!(rows[0].has("price") && !rows[0].has("nope"));

    let found: Vec<_> =
        rows[1].problems().iter().map(|p| (p.row, p.column.as_deref().unwrap(), p.code)).collect();
    assert_eq!(
        found,
        [
            (3, "SN", "cell.required"),
            (3, "bought", "cell.date"),
            (3, "cost", "money.format"),
            (3, "level", "cell.choice")
        ]
    );
    assert_eq!(
        (rows[2].date("bought"), rows[2].money("price"), rows[2].choice("urgency")),
        (None, Some(Money(500)), Some("normal"))
    );
    assert_eq!(rows[3].problems().iter().map(|p| p.code).collect::<Vec<_>>(), ["row.too_many_fields"]);

    let placed = rows[0].refused(RuleError::new("x.y", T("不行", "No")).field("price"));
    assert_eq!((placed.row, placed.column.as_deref(), placed.code), (2, Some("cost"), "x.y"));
}

#[test]
fn errors_in_unused_columns_do_not_matter() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "SN").unwrap();
    sheet.write_string(0, 1, "note").unwrap();
    sheet.write_string(0, 2, "price").unwrap();
    sheet.write_string(1, 0, "A1").unwrap();
    for column in [1, 2] {
        sheet.write_formula(1, column, rust_xlsxwriter::Formula::new("=x").set_result("#NAME?")).unwrap();
    }
    let table = read(&book.save_to_buffer().unwrap());
    let mut mapping = Mapping::auto(COLUMNS, &table.header);
    let codes = |mapping: &Mapping| -> Vec<(String, &'static str)> {
        let plan = Plan::new(COLUMNS, mapping, &table.header, &CellOptions::default()).unwrap();
        plan.read(&table.rows[0]).problems().iter().map(|p| (p.column.clone().unwrap(), p.code)).collect()
    };
    assert_eq!(codes(&mapping), [("price".to_owned(), "cell.error_value")]);
    mapping.empty.texts.push("#NAME?".into());
    assert_eq!(codes(&mapping), []);
}

#[test]
fn reports_count_and_serialise() {
    let mut report = ImportReport::default();
    report.accept(RowOutcome::created(2));
    report.accept(RowOutcome::changed(
        3,
        Change::between("price", T("价格", "Price"), "1.00", "2.00").into_iter().collect(),
    ));
    report.accept(RowOutcome::changed(
        4,
        Change::between("price", T("价格", "Price"), "1.00", "1.00").into_iter().collect(),
    ));
    report.refuse([Problem::cell(5, "SN", "cell.required", T("必填", "A value is required"))]);
    let json = serde_json::to_value(report.in_lang(Lang::En)).unwrap();
    assert_eq!(
        json,
        serde_json::json!({"rows": 4, "created": 1, "updated": 1, "skipped": 2,
            "problems": [{"row": 5, "column": "SN", "code": "cell.required", "message": "A value is required"}]})
    );
    let outcomes = serde_json::to_value(report.outcomes_in(Lang::Zh)).unwrap();
    assert_eq!(
        outcomes[1],
        serde_json::json!({"row": 3, "action": "update",
        "changes": [{"key": "price", "label": "价格", "old": "1.00", "new": "2.00"}]})
    );
}

#[test]
fn templates_explain_themselves_and_import() {
    for lang in Lang::ALL {
        let bytes = template_xlsx(COLUMNS, lang).unwrap();
        let table = read(&bytes);
        let mapping = Mapping::auto(COLUMNS, &table.header);
        let plan = Plan::new(COLUMNS, &mapping, &table.header, &CellOptions::default()).unwrap();
        let row = plan.read(&table.rows[0]);
        assert_eq!(row.problems(), []);
        assert_eq!(
            (row.text("serial").as_deref(), row.money("price"), row.choice("urgency")),
            (Some("SN-001"), Some(Money(129_900)), Some("normal"))
        );
        assert_eq!(row.date("bought").unwrap().to_string(), "2026-03-01");
        let guide =
            read_sheet(&bytes, "t.xlsx", Some(T("说明", "Guide").get(lang)), &Limits::default()).unwrap();
        assert_eq!(
            guide.rows.iter().filter(|r| COLUMNS.iter().any(|c| c.key == r.cells[1])).count(),
            COLUMNS.len()
        );
    }
}
