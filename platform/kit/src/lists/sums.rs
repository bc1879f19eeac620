//! A list in groups as markup and as a file (WO-05).

use kernel::T;
use maud::Markup;
use ui::{Card, Foot, GroupChooser};

use super::{
    cells::Cell,
    export::{kind, value},
    markup,
    query::ListQuery,
    spec::{Col, Kind, ListSpec},
    summary::{MOST_GROUPS, MOST_KEYS, Summary, SummaryRow, groupable},
};
use crate::{
    Cx,
    tabular::{CellKind, CellValue, ColumnSpec, OutRow},
};

const COUNT: T = T("条数", "Rows");

fn keys(query: &ListQuery) -> impl Iterator<Item = &str> {
    query.group.as_deref().unwrap_or_default().split(',').filter(|key| !key.is_empty())
}

/// Headings of what it is grouped by.
pub fn labels(cx: &Cx, list: &ListSpec, query: &ListQuery) -> Vec<String> {
    keys(query).filter_map(|key| list.column(key)).map(|col| heading(cx, col)).collect()
}

fn monthly(col: &Col) -> bool {
    matches!(col.kind, Kind::Time | Kind::Date | Kind::Due)
}

fn heading(cx: &Cx, col: &Col) -> String {
    let label = cx.t(col.label);
    if monthly(col) {
        return T("{label}（月）", "{label} (month)").fill(cx.lang, &[("label", label.to_string())]);
    }
    label.to_string()
}

/// What the popover offers. Ids are left to the API: nobody reads them.
pub fn chooser(cx: &Cx, list: &ListSpec, asked: &ListQuery, query: &ListQuery) -> GroupChooser {
    let offered = list.columns.iter().filter(|col| groupable(cx, col) && !matches!(col.kind, Kind::Id));
    let keep = ListQuery { group: None, ..asked.first_page() };
    GroupChooser {
        action: list.href.to_string(),
        columns: offered.map(|col| (col.key.to_string(), heading(cx, col))).collect(),
        chosen: keys(query).map(str::to_string).collect(),
        levels: MOST_KEYS,
        keep: keep.pairs().into_iter().map(|(name, value)| (name.to_string(), value)).collect(),
        rows: query
            .grouped()
            .then(|| ListQuery { group: Some(String::new()), ..asked.first_page() }.url(list.href)),
    }
}

fn key_cell(cx: &Cx, col: &Col, cell: &Cell) -> Markup {
    if *cell == Cell::Empty {
        ui::muted(cx.t(T("（空）", "(empty)")))
    } else {
        markup::cell(cx, col, cell, None)
    }
}

/// Groups as a table; the count of each leads to its rows.
pub fn table(cx: &Cx, list: &ListSpec, asked: &ListQuery, summary: &Summary<'_>, empty: Markup) -> ui::Table {
    let place = |index: usize| match index {
        0 => Card::Id,
        1 => Card::Title,
        _ => Card::Line,
    };
    let by = summary.by.iter().enumerate().map(|(at, col)| ui::Col::new(heading(cx, col)).card(place(at)));
    let count = ui::Col::new(cx.t(COUNT)).right().width("6rem").card(Card::End);
    let summed = summary.summed.iter().map(|col| ui::Col::new(cx.t(col.label)).right().width("9rem"));
    let cols: Vec<ui::Col> = by.chain([count]).chain(summed).collect();
    let row = |(index, row): (usize, &SummaryRow)| {
        // The view stays the tab; its conditions are in the filter, because the address wins over the view.
        let href = row.filter.as_ref().map(|filter| {
            ListQuery {
                group: asked.view.as_ref().map(|_| String::new()),
                sort: None,
                ..asked.with_filter(filter.clone())
            }
            .url(list.href)
        });
        let mut cells: Vec<Markup> =
            summary.by.iter().zip(&row.keys).map(|(col, cell)| key_cell(cx, col, cell)).collect();
        cells.push(match &href {
            Some(href) => ui::id_link(href, row.count.to_string()),
            None => ui::num(row.count.to_string()),
        });
        cells.extend(
            summary.summed.iter().zip(&row.sums).map(|(col, cell)| markup::cell(cx, col, cell, None)),
        );
        let words = summary.by.iter().zip(&row.keys).map(|(col, cell)| markup::text(cx, col, cell));
        let line = ui::Row::new(index, words.collect::<Vec<_>>().join(" · "), cells);
        match href {
            Some(href) => line.href(href),
            None => line,
        }
    };
    let rows = summary.rows.iter().enumerate().map(row).collect();
    let rem = 8 * summary.by.len() + 6 + 9 * summary.summed.len();
    ui::Table::new(cx.t(list.title), cols, rows).empty(empty).min_width(format!("{}rem", rem.clamp(30, 90)))
}

/// All of it together, and what was left out.
pub fn foot(cx: &Cx, summary: &Summary<'_>) -> Foot {
    let words = if summary.more {
        T("最大的 {most} 组，共 {n} 条", "the largest {most} groups, {n} in all")
    } else {
        T("{groups} 组，共 {n} 条", "{groups} groups, {n} in all")
    };
    let sums = summary.summed.iter().zip(&summary.total.sums);
    let note: Vec<String> =
        sums.map(|(col, cell)| format!("{} {}", cx.t(col.label), markup::text(cx, col, cell))).collect();
    Foot {
        range: words.fill(
            cx.lang,
            &[
                ("most", MOST_GROUPS.to_string()),
                ("groups", summary.rows.len().to_string()),
                ("n", summary.total.count.to_string()),
            ],
        ),
        note: note.join(" · "),
        ..Foot::default()
    }
}

/// Groups as columns and rows of a file.
pub fn sheet(summary: &Summary<'_>) -> (Vec<ColumnSpec>, Vec<OutRow>) {
    const NUMBER: CellKind = CellKind::Int { min: i64::MIN, max: i64::MAX };
    let by = |col: &&Col| {
        let kind = if monthly(col) { CellKind::Text { max: 7 } } else { kind(col) };
        ColumnSpec::new(col.key, col.label, kind)
    };
    let specs = summary.by.iter().map(by);
    let specs = specs
        .chain([ColumnSpec::new("count", COUNT, NUMBER)])
        .chain(summary.summed.iter().map(|col| ColumnSpec::new(col.key, col.label, kind(col))))
        .collect();
    let row = |row: &SummaryRow| -> OutRow {
        let keys = summary.by.iter().zip(&row.keys).map(|(col, cell)| match cell {
            Cell::Text(month) if monthly(col) => Some(CellValue::Text(month.clone())),
            cell => value(col, cell),
        });
        let sums = summary.summed.iter().zip(&row.sums).map(|(col, cell)| value(col, cell));
        keys.chain([Some(CellValue::Int(row.count))]).chain(sums).collect()
    };
    (specs, summary.rows.iter().map(row).collect())
}
