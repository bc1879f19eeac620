//! The copy of what is held about a person: for programs as it is stored, for people in words.

use db::{Conn, Row, Sql};
use kernel::{Date, Id, Lang, Money, Quantity, T, Ts};
use serde_json::{Map, Value, json};

use super::{
    Column, Copy, Fate, Held, HeldColumn, HeldFile, Holding, Line,
    docs::{Docs, docs, within},
};
use crate::{
    Cx, Result,
    app::Registry,
    hidden,
    lists::{self, Cell, Kind},
};

/// Key of the number of the document that a row belongs to.
const OF: &str = "doc_no";

/// What a column is called and what it holds: as declared, or as in the list that shows this column of this table.
pub fn heading(registry: &Registry, holding: &Holding, column: &Column) -> Option<(T, Kind)> {
    if let Some(declared) = column.label {
        return Some(declared);
    }
    let mut of_table: Vec<_> = registry
        .lists
        .values()
        .filter(|list| list.from.split_whitespace().next() == Some(holding.table))
        .collect();
    of_table.sort_by_key(|list| list.key);
    of_table.into_iter().find_map(|list| {
        let shows = |col: &&lists::Col| {
            col.expr.strip_prefix(list.alias).and_then(|rest| rest.strip_prefix('.')) == Some(column.name)
        };
        list.columns.iter().find(shows).map(|col| (col.label, col.kind))
    })
}

/// Rows that belong to documents: the columns in order, then what people read in place of one, then which document.
pub(super) async fn rows(cx: &Cx, conn: &mut Conn, holding: &Holding, ids: &[Id]) -> Result<Vec<Row>> {
    let mut columns: Vec<String> =
        holding.columns.iter().map(|column| format!("cast(t.{} as text)", column.name)).collect();
    let read = holding.columns.iter().filter_map(|column| column.read);
    columns.extend(read.map(|(zh, en)| if cx.lang == Lang::Zh { zh } else { en }.to_string()));
    columns.push(format!("t.{}", holding.of.1));
    // Oldest first, where it is known.
    let order = holding.columns.iter().find(|column| column.fate == Fate::Time);
    let order = order.map_or(holding.of.1, |column| column.name);
    let text = format!("select {} from {} t where t.{} in ", columns.join(", "), holding.table, holding.of.1);
    let mut rows = Vec::new();
    for mut sql in within(ids, || Sql::new(text.clone())) {
        sql.push(&format!(" order by t.{order}"));
        rows.extend(conn.rows_sql(sql).await?);
    }
    Ok(rows)
}

/// A copy of everything held about a person, by the holdings of all contexts. Whether the caller may have it is the
/// caller's business, and so is the entry in the log.
pub async fn copy(cx: &Cx, conn: &mut Conn, person: (&'static str, Id)) -> Result<Copy> {
    let hidden = hidden::of(cx, conn).await?;
    let docs = docs(cx, conn, person, &hidden).await?;
    let mut held = Vec::new();
    for holding in cx.app.registry.personal.iter().filter(|holding| !holding.columns.is_empty()) {
        held.extend(held_in(cx, conn, holding, &docs).await?);
    }
    let ids = docs.all();
    held.extend(comments(cx, conn, &ids).await?);
    // What was taken back may show another person's house, and can't be fetched any more; erasing takes it along.
    let mut files = Vec::new();
    let text = "select id, doc_kind, name, label, mime, size, created_at from attachment
                where voided_at is null and doc_id in ";
    for sql in within(&ids, || Sql::new(text)) {
        let found: Vec<(Id, String, String, String, String, i64, Ts)> = conn.all_sql(sql).await?;
        files.extend(found.into_iter().map(|(id, doc_kind, name, label, mime, size, at)| HeldFile {
            id,
            doc_kind,
            name,
            label,
            mime,
            size,
            at,
        }));
    }
    Ok(Copy { at: cx.now(), held, files, unsure: docs.unsure })
}

/// One column while it is read.
struct Reading {
    column: Column,
    index: usize,
    /// Where the words for people stand, if not there.
    read: Option<usize>,
    list: lists::Col,
}

fn readings(cx: &Cx, holding: &Holding) -> Vec<Reading> {
    let mut next = holding.columns.len();
    let reading = |(index, column): (usize, &Column)| {
        let read = column.read.map(|_| {
            next += 1;
            next - 1
        });
        let (label, kind) =
            heading(&cx.app.registry, holding, column).unwrap_or((T(column.name, column.name), Kind::Text));
        let kind = if column.fate == Fate::Time { Kind::Time } else { kind };
        let list = lists::Col::new(column.name, label, column.name, kind);
        column.fate.shown().then_some(Reading { column: *column, index, read, list })
    };
    holding.columns.iter().enumerate().filter_map(reading).collect()
}

async fn held_in(cx: &Cx, conn: &mut Conn, holding: &Holding, docs: &Docs) -> Result<Option<Held>> {
    let found = rows(cx, conn, holding, &docs.ids(holding.of.0)).await?;
    if found.is_empty() {
        return Ok(None);
    }
    let readings = readings(cx, holding);
    // Rows of a document name it; documents name themselves.
    let of = holding.columns.len() + holding.columns.iter().filter(|column| column.read.is_some()).count();
    let doc = cx.app.registry.docs.get(holding.of.0).map(|doc| doc.label);
    let doc = doc.filter(|_| holding.of.0 != "customer" && holding.of.1 != "id");
    let mut values = Vec::with_capacity(found.len());
    let mut lines = Vec::with_capacity(found.len());
    for row in &found {
        let mut object = Map::new();
        let mut line = Line { of: row.at(of)?, texts: Vec::with_capacity(readings.len()) };
        if doc.is_some() {
            object.insert(OF.into(), json!(docs.no(holding.of.0, line.of)));
        }
        for reading in &readings {
            let cell = cell(reading, row.at(reading.index)?);
            object.insert(reading.column.name.to_string(), json_of(&cell, reading.column.fate));
            let text = match (reading.read, reading.column.say, &cell) {
                (Some(at), ..) => row.at::<Option<String>>(at)?.unwrap_or_default(),
                (None, Some(say), Cell::Text(code)) if !code.is_empty() => say(cx, code),
                (None, ..) => lists::text(cx, &reading.list, &cell),
            };
            line.texts.push((reading.column.name, text));
        }
        values.push(object);
        lines.push(line);
    }
    if let Some(told) = holding.told {
        told(cx, conn, &mut lines).await?;
    }
    let mut columns: Vec<HeldColumn> = readings
        .iter()
        .map(|reading| HeldColumn {
            key: reading.column.name.into(),
            label: cx.t(reading.list.label).into(),
            figures: matches!(reading.list.kind, Kind::Int | Kind::Money | Kind::Qty),
        })
        .collect();
    let mut texts: Vec<Vec<String>> = Vec::with_capacity(lines.len());
    for line in lines {
        let no = doc.map(|_| docs.no(holding.of.0, line.of).to_string());
        texts.push(no.into_iter().chain(line.texts.into_iter().map(|(_, text)| text)).collect());
    }
    if let Some(label) = doc {
        columns.insert(0, HeldColumn { key: OF.into(), label: cx.t(label).into(), figures: false });
    }
    let (table, label) = (holding.table.into(), cx.t(holding.label).into());
    Ok(Some(Held { table, label, columns, rows: values, texts }))
}

/// What stands in a column, read as what it is declared to hold.
fn cell(reading: &Reading, text: Option<String>) -> Cell {
    let Some(text) = text else { return Cell::Empty };
    let number = || text.parse::<i64>().ok();
    let known = match reading.list.kind {
        Kind::Int | Kind::Priority => number().map(Cell::Int),
        Kind::Money => number().map(|n| Cell::Money(Money(n))),
        Kind::Qty => number().map(|n| Cell::Qty(Quantity(n))),
        Kind::Time | Kind::Due => number().map(|n| Cell::Time(Ts(n))),
        Kind::Date => Date::parse_iso(&text).ok().map(Cell::Date),
        // One engine keeps them as figures.
        Kind::Bool => Some(Cell::Bool(matches!(text.as_str(), "1" | "t" | "true"))),
        _ => None,
    };
    known.unwrap_or(Cell::Text(text))
}

fn json_of(cell: &Cell, fate: Fate) -> Value {
    match (cell, fate) {
        (Cell::Text(text), Fate::Json(_)) => {
            serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.clone()))
        }
        _ => cell.json(),
    }
}

/// What colleagues wrote about the documents.
async fn comments(cx: &Cx, conn: &mut Conn, ids: &[Id]) -> Result<Option<Held>> {
    let mut found: Vec<(String, Ts)> = Vec::new();
    for sql in within(ids, || Sql::new("select text, at from comment where voided_at is null and doc_id in "))
    {
        found.extend(conn.all_sql::<(String, Ts)>(sql).await?);
    }
    found.sort_by_key(|(_, at)| *at);
    if found.is_empty() {
        return Ok(None);
    }
    let column = |key: &str, label| HeldColumn { key: key.into(), label: cx.t(label).into(), figures: false };
    let columns = vec![column("at", T("时间", "Time")), column("text", T("内容", "Words"))];
    let texts = found.iter().map(|(text, at)| vec![crate::format::time(cx, *at), text.clone()]).collect();
    let rows = found
        .into_iter()
        .map(|(text, at)| Map::from_iter([("at".to_string(), json!(at)), ("text".to_string(), json!(text))]))
        .collect();
    let label = cx.t(T("内部备注", "Comments")).into();
    Ok(Some(Held { table: "comment".into(), label, columns, rows, texts }))
}
