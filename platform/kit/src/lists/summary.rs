//! Groups with counts and sums instead of rows (分类汇总, WO-05), for every list and under the same conditions,
//! scope and masks: what a person may not see is neither grouped by nor summed.

use std::collections::HashMap;

use db::{Conn, Row, Sql};
use kernel::{Date, Money, Quantity, RuleError, T};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    cells::Cell,
    filter::{Filter, Group, Op, comparable},
    query::{self, ListQuery, Plan, plan},
    spec::{Col, Kind, ListSpec},
    views,
};
use crate::{Cx, Error, Result, zones::month_sql};

/// Most columns that one summary groups by.
pub const MOST_KEYS: usize = 3;

/// Most groups of one summary; the largest are kept.
pub const MOST_GROUPS: usize = 1000;

/// One group.
#[derive(Clone, Debug)]
pub struct SummaryRow {
    /// What its rows have in common, one cell per column grouped by; times and dates as a month `2026-11`.
    pub keys: Vec<Cell>,
    /// How many rows.
    pub count: i64,
    /// One per summed column.
    pub sums: Vec<Cell>,
    /// Conditions that find exactly its rows; none when no condition says it.
    pub filter: Option<String>,
}

/// A list in groups.
#[derive(Clone, Debug)]
pub struct Summary<'a> {
    /// Columns grouped by.
    pub by: Vec<&'a Col>,
    /// Columns summed: amounts and quantities.
    pub summed: Vec<&'a Col>,
    /// Groups in order.
    pub rows: Vec<SummaryRow>,
    /// All rows together, also those of groups left out.
    pub total: SummaryRow,
    /// There are more groups than [`MOST_GROUPS`].
    pub more: bool,
}

/// A group as the API shows it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct GroupOut {
    /// Column key → common value; months as `2026-11`.
    pub by: Map<String, Value>,
    /// Rows in the group.
    pub count: i64,
    /// Column key → sum: minor units, thousandths.
    pub sums: Map<String, Value>,
    /// `filter` that finds the rows of the group.
    pub filter: Option<String>,
}

/// Answer of `GET …?group=…`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SummaryOut {
    /// Groups, the largest first or in the order of their codes.
    pub groups: Vec<GroupOut>,
    /// All rows together.
    pub total: GroupOut,
    /// There are more than 1,000 groups: narrow the conditions.
    pub more: bool,
}

fn text_like(kind: Kind) -> bool {
    matches!(kind, Kind::Text | Kind::Person | Kind::Code(_) | Kind::State(_))
}

fn monthly(kind: Kind) -> bool {
    matches!(kind, Kind::Time | Kind::Date | Kind::Due)
}

/// True when rows can be grouped by the column: it says what kind of thing a row is, or whose. Numbers of documents
/// and amounts differ in every row.
pub fn groupable(cx: &Cx, col: &Col) -> bool {
    !matches!(col.kind, Kind::No | Kind::Money | Kind::Qty) && comparable(cx, col)
}

/// True when adding the column up makes sense and this person sees its values.
pub fn summable(cx: &Cx, col: &Col) -> bool {
    matches!(col.kind, Kind::Money | Kind::Qty) && col.sum && comparable(cx, col)
}

/// The columns that `group` names. Errors: `group.column`, `group.many`.
pub fn columns<'a>(cx: &Cx, list: &'a ListSpec, group: &str) -> Result<Vec<&'a Col>> {
    let mut by: Vec<&Col> = Vec::new();
    for key in group.split(',').map(str::trim).filter(|key| !key.is_empty()) {
        let Some(col) = list.column(key).filter(|col| groupable(cx, col)) else {
            return Err(Error::rule(
                RuleError::new("group.column", T("不能按“{key}”汇总", "You can't group by \"{key}\""))
                    .arg("key", key)
                    .field("group"),
            ));
        };
        if !by.iter().any(|known| known.key == col.key) {
            by.push(col);
        }
    }
    if by.len() > MOST_KEYS {
        let words = T("最多按 {most} 列汇总", "Group by at most {most} columns");
        return Err(Error::rule(RuleError::new("group.many", words).arg("most", MOST_KEYS).field("group")));
    }
    Ok(by)
}

/// What is grouped by in SQL: nothing and the empty text are one group, times are months of the local calendar.
fn key_expr(cx: &Cx, col: &Col, expr: &str) -> String {
    match col.kind {
        kind if text_like(kind) => format!("coalesce({expr}, '')"),
        Kind::Date => format!("substr(coalesce({expr}, ''), 1, 7)"),
        Kind::Time | Kind::Due => month_sql(cx.app.db.engine(), expr, &cx.zone()),
        _ => expr.to_string(),
    }
}

fn read_key(cx: &Cx, col: &Col, row: &Row, index: usize) -> Result<Cell> {
    if text_like(col.kind) || monthly(col.kind) {
        let text = row.at::<Option<String>>(index)?.unwrap_or_default();
        return Ok(if text.is_empty() { Cell::Empty } else { Cell::Text(text) });
    }
    Cell::read(cx, col, row, index)
}

fn amount(col: &Col, n: i64) -> Cell {
    if matches!(col.kind, Kind::Money) { Cell::Money(Money(n)) } else { Cell::Qty(Quantity(n)) }
}

/// Conditions that the rows of one value meet.
fn conditions(col: &Col, cell: &Cell) -> Option<Vec<Filter>> {
    let one = |op, value: String| Filter { key: col.key.to_string(), op, value };
    Some(match cell {
        Cell::Empty if Op::of(col.kind).contains(&Op::Empty) => vec![one(Op::Empty, String::new())],
        Cell::Empty => return None,
        Cell::Text(month) if monthly(col.kind) => {
            let first = Date::parse_iso(&format!("{month}-01")).ok()?;
            vec![one(Op::Gte, first.to_string()), one(Op::Lte, first.last_of_month().to_string())]
        }
        // What is typed is trimmed, so a text with blanks around it can't be asked for.
        Cell::Text(text) if text.trim() != text => return None,
        Cell::Text(text) => vec![one(Op::Eq, text.clone())],
        Cell::Int(n) => vec![one(Op::Eq, n.to_string())],
        Cell::Bool(yes) => vec![one(Op::Eq, yes.to_string())],
        Cell::Id(id) => vec![one(Op::Eq, id.to_string())],
        Cell::Money(_) | Cell::Qty(_) | Cell::Time(_) | Cell::Date(_) => return None,
    })
}

/// `filter` of a group: the conditions in force and those of its values.
fn filter_of(plan: &Plan<'_>, by: &[&Col], keys: &[Cell]) -> Option<String> {
    let mut group: Group = plan.filter.clone();
    for (col, cell) in by.iter().zip(keys) {
        for filter in conditions(col, cell)? {
            let one = vec![filter];
            if !group.0.contains(&one) {
                group.0.push(one);
            }
        }
    }
    Some(group.text())
}

/// Where a value stands among those of its column: codes as they are declared, numbers and months upwards, names by
/// how often they occur. What is empty comes last.
fn rank(col: &Col, cell: &Cell, often: &HashMap<String, i64>) -> (i64, String) {
    match (cell, col.kind) {
        (Cell::Empty, _) => (i64::MAX, String::new()),
        (Cell::Text(code), Kind::Code(options) | Kind::State(options)) => {
            let at = options.iter().position(|(known, _)| known == code);
            (at.map_or(i64::MAX - 1, |at| at as i64), code.clone())
        }
        (Cell::Int(n), _) => (*n, String::new()),
        (Cell::Bool(yes), _) => (i64::from(!yes), String::new()),
        (Cell::Text(month), kind) if monthly(kind) => (0, month.clone()),
        (other, _) => {
            let text = other.json().to_string();
            (-often.get(&text).copied().unwrap_or_default(), text)
        }
    }
}

fn sort(by: &[&Col], rows: &mut [SummaryRow]) {
    let mut often: Vec<HashMap<String, i64>> = vec![HashMap::new(); by.len()];
    for row in rows.iter() {
        for (cell, often) in row.keys.iter().zip(&mut often) {
            *often.entry(cell.json().to_string()).or_default() += row.count;
        }
    }
    rows.sort_by_cached_key(|row| {
        let ranks = by.iter().zip(&row.keys).zip(&often);
        ranks.map(|((col, cell), often)| rank(col, cell, often)).collect::<Vec<_>>()
    });
}

/// The groups of a list for what is asked, `query.group` naming the columns.
///
/// Errors: those of [`columns`] and of the conditions; `group.column` when no column is named.
pub async fn summarise<'a>(
    cx: &Cx,
    conn: &mut Conn,
    list: &'a ListSpec,
    asked: &ListQuery,
) -> Result<Summary<'a>> {
    let query = &views::resolve(cx, conn, list, asked).await?;
    let by = columns(cx, list, query.group.as_deref().unwrap_or_default())?;
    // A sum over part of what was found would say something else.
    let plan = Plan { hits: None, ..plan(cx, list, query, false)? };
    let summed: Vec<&Col> = list.columns.iter().filter(|col| summable(cx, col)).collect();
    let mut rows = groups(cx, conn, list, query, &plan, (&by, &summed)).await?;
    let more = rows.len() > MOST_GROUPS;
    let total = if more {
        rows.truncate(MOST_GROUPS);
        groups(cx, conn, list, query, &plan, (&[], &summed)).await?.pop()
    } else {
        None
    };
    let total = total.unwrap_or_else(|| added(&summed, &rows));
    sort(&by, &mut rows);
    Ok(Summary { by, summed, rows, total, more })
}

fn added(summed: &[&Col], rows: &[SummaryRow]) -> SummaryRow {
    let sum = |(index, col): (usize, &&Col)| {
        let each = rows.iter().map(|row| match row.sums.get(index) {
            Some(Cell::Money(n)) => n.0,
            Some(Cell::Qty(n)) => n.0,
            _ => 0,
        });
        amount(col, each.sum())
    };
    SummaryRow {
        keys: Vec::new(),
        count: rows.iter().map(|row| row.count).sum(),
        sums: summed.iter().enumerate().map(sum).collect(),
        filter: None,
    }
}

/// One statement: values inside, so that an expression with a question of its own may be grouped by, groups outside.
async fn groups(
    cx: &Cx,
    conn: &mut Conn,
    list: &ListSpec,
    query: &ListQuery,
    plan: &Plan<'_>,
    (by, summed): (&[&Col], &[&Col]),
) -> Result<Vec<SummaryRow>> {
    let named =
        by.iter().enumerate().map(|(i, col)| format!("{} as group_{i}", key_expr(cx, col, col.sql(cx.lang))));
    let inner: Vec<String> = named
        .chain(summed.iter().enumerate().map(|(i, col)| format!("{} as sum_{i}", col.sql(cx.lang))))
        .chain(["1 as one".to_string()])
        .collect();
    let mut exprs = query::condition_exprs(cx, list, plan, query.q.as_deref());
    exprs.extend(by.iter().chain(summed).map(|col| col.sql(cx.lang)));
    let mut sql = Sql::new(format!("select {} from {}", inner.join(", "), list.from));
    sql.push(&query::joins_for(list, exprs.iter().copied())).push(" where 1 = 1");
    query::push_conditions(cx, conn, list, plan, query.q.as_deref(), &mut sql).await?;
    let (inner, args) = sql.into_parts();
    let keys: Vec<String> = (0..by.len()).map(|i| format!("group_{i}")).collect();
    let mut outer: Vec<String> = keys.clone();
    outer.push("count(*) as rows_in".into());
    outer.extend((0..summed.len()).map(|i| format!("cast(coalesce(sum(sum_{i}), 0) as bigint)")));
    let mut text = format!("select {} from ({inner}) grouped", outer.join(", "));
    if !keys.is_empty() {
        let keys = keys.join(", ");
        text.push_str(&format!(" group by {keys} order by rows_in desc, {keys} limit {}", MOST_GROUPS + 1));
    }
    let mut rows = Vec::new();
    for row in &conn.rows(&text, args).await? {
        let keys =
            by.iter().enumerate().map(|(i, col)| read_key(cx, col, row, i)).collect::<Result<Vec<_>>>()?;
        let sum =
            |(i, col): (usize, &&Col)| -> Result<Cell> { Ok(amount(col, row.at::<i64>(by.len() + 1 + i)?)) };
        rows.push(SummaryRow {
            count: row.at(by.len())?,
            sums: summed.iter().enumerate().map(sum).collect::<Result<Vec<_>>>()?,
            filter: filter_of(plan, by, &keys),
            keys,
        });
    }
    Ok(rows)
}

impl Summary<'_> {
    /// For the API.
    pub fn out(&self) -> SummaryOut {
        let group = |row: &SummaryRow| GroupOut {
            by: self.by.iter().zip(&row.keys).map(|(col, cell)| (col.key.into(), cell.json())).collect(),
            count: row.count,
            sums: self
                .summed
                .iter()
                .zip(&row.sums)
                .map(|(col, cell)| (col.key.into(), cell.json()))
                .collect(),
            filter: row.filter.clone(),
        };
        SummaryOut {
            groups: self.rows.iter().map(group).collect(),
            total: group(&self.total),
            more: self.more,
        }
    }

    /// As JSON, for the route that else answers rows.
    pub fn json(&self) -> Value {
        json!(self.out())
    }
}
