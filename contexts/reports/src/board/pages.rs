//! The dashboard's page, and its tables as files.

use axum::response::Response;
use kernel::T;
use kit::extract::{Path, Query};
use kit::{
    Cx, Error, Result,
    lists::{ExportFormat, export_table},
    tabular::{CellKind, CellValue, ColumnSpec, OutRow},
};
use serde::Deserialize;

use super::{
    model::{Board, League, Rate},
    rest::{PartQuery, PeriodQuery},
    rules::{self, LONGEST_RANKING, TOP},
    service, views,
};

pub async fn board(cx: Cx, Query(query): Query<PeriodQuery>) -> Result<Response> {
    let period = query.period(&cx)?;
    let board = service::board(&cx, period, TOP).await?;
    cx.page(cx.t(T("经营看板", "Dashboard")), views::page(&cx, &board)).await
}

/// The orders behind a line of the parts.
pub async fn part_orders(cx: Cx, Query(query): Query<PartQuery>) -> Result<Response> {
    let period = query.period(&cx)?;
    let orders = service::part_orders(&cx, &query.code, period, query.faults).await?;
    let title = cx.t(T("用了该备件的工单", "Orders that used the part"));
    cx.page(title, views::part_orders(&cx, &query.code, period, &orders)).await
}

/// Which file.
#[derive(Deserialize)]
pub struct ExportQuery {
    /// First day.
    from: Option<String>,
    /// Last day.
    to: Option<String>,
    /// `xlsx`, `csv` or `json`.
    #[serde(default)]
    format: String,
}

pub async fn export(cx: Cx, Path(table): Path<String>, Query(query): Query<ExportQuery>) -> Result<Response> {
    let format = ExportFormat::parse(&query.format)?;
    let period = PeriodQuery { from: query.from, to: query.to, most: None }.period(&cx)?;
    // A file holds the whole ranking and not its first lines.
    let board = service::board(&cx, period, LONGEST_RANKING).await?;
    let (name, columns, rows) = file(&cx, &board, &table).ok_or(Error::NotFound)?;
    export_table(&cx, name, &columns, rows, format).await
}

const TEXT: CellKind = CellKind::Text { max: 200 };
const COUNT: CellKind = CellKind::Int { min: 0, max: i64::MAX };

fn text(value: &str) -> Option<CellValue> {
    Some(CellValue::Text(value.to_string()))
}

fn count(value: i64) -> Option<CellValue> {
    Some(CellValue::Int(value))
}

/// So many per hundred, one decimal; empty of nothing.
fn rate(count: i64, of: i64) -> Option<CellValue> {
    super::rules::per_hundred_tenths(count, of).map(|tenths| CellValue::Qty(kernel::Quantity(tenths * 100)))
}

fn columns(of: &[(&'static str, T, CellKind)]) -> Vec<ColumnSpec> {
    of.iter().map(|(key, label, kind)| ColumnSpec::new(key, *label, *kind)).collect()
}

type File = ((&'static str, T), Vec<ColumnSpec>, Vec<OutRow>);

/// A table of the dashboard by its code.
fn file(cx: &Cx, board: &Board, table: &str) -> Option<File> {
    let name = ("name", T("名称", "Name"), TEXT);
    let number = ("count", T("数量", "Count"), COUNT);
    let faults = [
        name,
        ("faults", T("故障", "Faults"), COUNT),
        ("faults_before", T("上期故障", "Faults before"), COUNT),
        ("units", T("设备", "Units"), COUNT),
        ("per_100", T("每百台次数", "Per 100 units"), CellKind::Qty),
    ];
    Some(match table {
        "totals" => totals(cx, board),
        "days" => (
            ("days", T("每日受理与完工", "Opened and done by day")),
            columns(&[
                ("day", T("日期", "Day"), CellKind::Date),
                ("taken", T("受理", "Opened"), COUNT),
                ("done", T("完工", "Done"), COUNT),
            ]),
            board
                .days
                .iter()
                .map(|d| vec![Some(CellValue::Date(d.day)), count(d.taken), count(d.done)])
                .collect(),
        ),
        "months" => (
            ("months", T("各月故障", "Faults by month")),
            columns(&[
                ("from", T("月首", "First day"), CellKind::Date),
                ("to", T("月末", "Last day"), CellKind::Date),
                ("faults", T("故障", "Faults"), COUNT),
                ("units", T("设备", "Units"), COUNT),
                ("per_100", T("每百台次数", "Per 100 units"), CellKind::Qty),
            ]),
            board
                .months
                .iter()
                .map(|m| {
                    let days = [m.from, m.to].map(|day| Some(CellValue::Date(day)));
                    let counts = [m.faults, board.units].map(count);
                    days.into_iter().chain(counts).chain([rate(m.faults, board.units)]).collect()
                })
                .collect(),
        ),
        "open" => (
            ("open", T("在手工单", "Open orders")),
            columns(&[
                ("state", T("状态", "State"), TEXT),
                ("age0", views::AGE_HEADS[0], COUNT),
                ("age1", views::AGE_HEADS[1], COUNT),
                ("age2", views::AGE_HEADS[2], COUNT),
                ("age3", views::AGE_HEADS[3], COUNT),
            ]),
            board
                .open
                .iter()
                .map(|line| {
                    [text(views::state_label(cx, &line.state))]
                        .into_iter()
                        .chain(line.ages.map(count))
                        .collect()
                })
                .collect(),
        ),
        "engineers" => league(("engineers", T("工程师", "Engineers")), &board.engineers),
        "outlets" => league(("outlets", T("网点", "Outlets")), &board.outlets),
        "documents" => (
            ("documents", T("流程单据", "Process documents")),
            columns(&[
                ("code", T("类型代码", "Code"), TEXT),
                name,
                ("running", T("进行中", "Running"), COUNT),
                ("contact", T("与客户接触", "With the customer"), COUNT),
                ("late", T("已超时", "Late"), COUNT),
                ("done", T("办结", "Brought to an end"), COUNT),
                ("hours", T("平均用时（小时）", "Mean time, h"), CellKind::Qty),
            ]),
            board
                .documents
                .iter()
                .map(|line| {
                    let hours = rules::mean_tenths(line.micros, line.done);
                    let counts = [line.running, line.contact, line.late, line.done].map(count);
                    let names = [text(&line.code), text(views::kind_label(cx, line))];
                    let hours = hours.map(|tenths| CellValue::Qty(kernel::Quantity(tenths * 100)));
                    names.into_iter().chain(counts).chain([hours]).collect()
                })
                .collect(),
        ),
        "classes" => (
            ("classes", T("回访结果", "Callback results")),
            columns(&[name, number]),
            board
                .classes
                .iter()
                .map(|(code, n)| vec![text(views::class_label(cx, code)), count(*n)])
                .collect(),
        ),
        "models" => (
            ("models", T("机型故障", "Faults by model")),
            columns(&faults),
            board
                .models
                .iter()
                .map(|m| {
                    let counts = [m.faults, m.faults_before, m.units].map(count);
                    [text(&m.name)].into_iter().chain(counts).chain([rate(m.faults, m.units)]).collect()
                })
                .collect(),
        ),
        "regions" => (
            ("regions", T("区域", "Areas")),
            {
                let mut columns = columns(&faults);
                columns.insert(1, ColumnSpec::new("orders", T("工单", "Orders"), COUNT));
                columns
            },
            board
                .regions
                .iter()
                .map(|a| {
                    let counts = [a.orders, a.faults, a.faults_before, a.units].map(count);
                    [text(&a.region)].into_iter().chain(counts).chain([rate(a.faults, a.units)]).collect()
                })
                .collect(),
        ),
        "parts" => (
            ("parts", T("备件用量", "Parts used")),
            columns(&[
                ("code", T("编码", "Code"), TEXT),
                name,
                ("quantity", T("数量", "Quantity"), CellKind::Qty),
                ("gross", T("金额", "Value"), CellKind::Money),
                ("orders", T("工单", "Orders"), COUNT),
                ("faults", T("故障", "Faults"), COUNT),
                ("faults_before", T("上期故障", "Faults before"), COUNT),
                ("per_100", T("每百维修单", "Per 100 repairs"), CellKind::Qty),
            ]),
            board
                .parts
                .iter()
                .map(|line| {
                    let p = &line.part;
                    vec![
                        text(&p.code),
                        text(&p.name),
                        Some(CellValue::Qty(p.quantity)),
                        Some(CellValue::Money(p.gross)),
                        count(p.orders),
                        count(p.faults),
                        count(line.faults_before),
                        rate(p.faults, board.totals.repaired),
                    ]
                })
                .collect(),
        ),
        _ => return None,
    })
}

/// The headline figures of the period and of the one before, in the units that people read. Shares are hits of all.
fn totals(cx: &Cx, board: &Board) -> File {
    let columns = columns(&[
        ("figure", T("指标", "Figure"), TEXT),
        ("value", T("本期", "This period"), CellKind::Qty),
        ("of", T("本期基数", "Of"), COUNT),
        ("before", T("上期", "Period before"), CellKind::Qty),
        ("before_of", T("上期基数", "Of, before"), COUNT),
    ]);
    let (now, before) = (&board.totals, &board.totals_before);
    let thousandths = |n: i64| Some(CellValue::Qty(kernel::Quantity(n)));
    let whole = |n: i64| thousandths(n * 1000);
    let plain = |key: T, a: i64, b: i64| vec![text(cx.t(key)), whole(a), None, whole(b), None];
    let share = |key: T, a: Rate, b: Rate| {
        vec![text(cx.t(key)), whole(a.hits), count(a.of), whole(b.hits), count(b.of)]
    };
    let hours = |of| rules::repair_tenths(of).and_then(|tenths| thousandths(tenths * 100));
    let line = |key: T, a, b| vec![text(cx.t(key)), a, None, b, None];
    let rows = vec![
        plain(T("受理工单", "Opened"), now.taken, before.taken),
        plain(T("完工工单", "Done"), now.done, before.done),
        share(T("按时完工", "On time"), now.on_time, before.on_time),
        share(T("一次修复", "Fixed first time"), now.first_fix, before.first_fix),
        share(T("重复维修", "Repeat repairs"), now.repeat, before.repeat),
        share(T("满意", "Satisfied"), now.satisfied, before.satisfied),
        line(T("平均完工用时（小时）", "Time to done (hours)"), hours(now), hours(before)),
        line(
            T("完工金额（元）", "Value done (CNY)"),
            thousandths(now.gross.0 * 10),
            thousandths(before.gross.0 * 10),
        ),
        plain(T("投诉", "Complaints"), now.complaints, before.complaints),
    ];
    (("totals", T("核心指标", "Headline figures")), columns, rows)
}

fn league(name: (&'static str, T), lines: &[League]) -> File {
    let columns = columns(&[
        ("name", T("名称", "Name"), TEXT),
        ("done", T("完工", "Done"), COUNT),
        ("on_time", T("按时", "On time"), COUNT),
        ("judged", T("已评定", "Judged"), COUNT),
        ("first_fix", T("一次修复", "Fixed first time"), COUNT),
        ("called", T("已回访", "Called"), COUNT),
        ("satisfied", T("满意", "Satisfied"), COUNT),
    ]);
    let both = |rate: Rate| [count(rate.of), count(rate.hits)];
    let rows = lines.iter().map(|line| {
        let mut row = vec![text(&line.name), count(line.done), count(line.on_time.hits)];
        row.extend(both(line.first_fix));
        row.extend(both(line.satisfied));
        row
    });
    (name, columns, rows.collect())
}
