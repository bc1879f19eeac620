//! Rows of a list: typed cells, shown as markup, JSON or table cells.

use db::{Row, Val};
use kernel::{Date, Id, Money, Quantity, Ts};
use serde_json::{Value, json};

use super::spec::{Col, Kind};
use crate::{Cx, Result, Show};

/// A typed cell, already masked for the person looking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// nothing
    Empty,
    /// text, codes, masked values
    Text(String),
    /// whole number
    Int(i64),
    /// minor units
    Money(Money),
    /// thousandths
    Qty(Quantity),
    /// instant
    Time(Ts),
    /// date
    Date(Date),
    /// yes or no
    Bool(bool),
    /// id
    Id(Id),
}

/// One row.
#[derive(Clone, Debug)]
pub struct ListRow {
    /// Id of the base row.
    pub id: Id,
    /// One cell per column asked for.
    pub cells: Vec<Cell>,
    /// Whole span of its deadline in microseconds; 0: not known.
    pub span: i64,
}

/// One page of rows.
#[derive(Clone, Debug, Default)]
pub struct ListPage {
    /// Keys of the columns, in the order of the cells.
    pub keys: Vec<&'static str>,
    /// Rows.
    pub rows: Vec<ListRow>,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// Cursor of the page before.
    pub prev: Option<String>,
    /// The search has more hits than were looked at: only the newest ones are here.
    pub cut: bool,
}

impl Cell {
    /// Reads a column; masks what this caller may not see.
    pub fn read(cx: &Cx, col: &Col, row: &Row, index: usize) -> Result<Self> {
        let cell = match col.kind {
            Kind::Text | Kind::No | Kind::Person | Kind::Code(_) | Kind::State(_) => {
                row.at::<Option<String>>(index)?.map_or(Self::Empty, Self::Text)
            }
            Kind::Int | Kind::Priority => row.at::<Option<i64>>(index)?.map_or(Self::Empty, Self::Int),
            Kind::Money => row.at::<Option<Money>>(index)?.map_or(Self::Empty, Self::Money),
            Kind::Qty => row.at::<Option<Quantity>>(index)?.map_or(Self::Empty, Self::Qty),
            Kind::Time | Kind::Due => row.at::<Option<Ts>>(index)?.map_or(Self::Empty, Self::Time),
            Kind::Date => row
                .at::<Option<String>>(index)?
                .and_then(|d| Date::parse_iso(&d).ok())
                .map_or(Self::Empty, Self::Date),
            Kind::Bool => row.at::<Option<bool>>(index)?.map_or(Self::Empty, Self::Bool),
            Kind::Id => row.at::<Option<Id>>(index)?.map_or(Self::Empty, Self::Id),
        };
        Ok(match col.sens {
            Some(kind) => cell.masked(cx, kind),
            None => cell,
        })
    }

    fn masked(self, cx: &Cx, kind: crate::Sens) -> Self {
        match (cx.shows(kind), &self) {
            (Show::Full, _) | (_, Self::Empty) => self,
            (Show::Absent, _) => Self::Empty,
            (Show::Masked, Self::Text(text)) => Self::Text(cx.mask(kind, text)),
            (Show::Masked, _) => Self::Text("****".into()),
        }
    }

    /// For the API: ids, codes, minor units, thousandths, RFC 3339.
    pub fn json(&self) -> Value {
        match self {
            Self::Empty => Value::Null,
            Self::Text(text) => json!(text),
            Self::Int(n) => json!(n),
            Self::Money(m) => json!(m.0),
            Self::Qty(q) => json!(q.0),
            Self::Time(at) => json!(at),
            Self::Date(date) => json!(date),
            Self::Bool(b) => json!(b),
            Self::Id(id) => json!(id),
        }
    }

    /// As a bound value, for cursors.
    pub fn val(&self) -> Val {
        match self {
            Self::Empty => Val::Text(None),
            Self::Text(text) => Val::from(text),
            Self::Int(n) => Val::from(*n),
            Self::Money(m) => Val::from(*m),
            Self::Qty(q) => Val::from(*q),
            Self::Time(at) => Val::from(*at),
            Self::Date(date) => Val::from(*date),
            Self::Bool(b) => Val::from(*b),
            Self::Id(id) => Val::from(*id),
        }
    }
}

impl ListPage {
    /// `{"items": [{key: value}], "next": cursor}`
    pub fn json(&self) -> Value {
        let items: Vec<Value> = self
            .rows
            .iter()
            .map(|row| {
                let mut item = serde_json::Map::new();
                item.insert("id".into(), json!(row.id));
                for (key, cell) in self.keys.iter().zip(&row.cells) {
                    item.insert((*key).to_string(), cell.json());
                }
                Value::Object(item)
            })
            .collect();
        json!({ "items": items, "next": self.next, "prev": self.prev, "cut": self.cut })
    }
}

impl Cell {
    /// Reads a column as it is, for cursors; never shown.
    pub(super) fn read_plain(col: &Col, row: &Row, index: usize) -> Result<Self> {
        let plain = Col { sens: None, ..col.clone() };
        Ok(match plain.kind {
            Kind::Text | Kind::No | Kind::Person | Kind::Code(_) | Kind::State(_) | Kind::Date => {
                row.at::<Option<String>>(index)?.map_or(Self::Empty, Self::Text)
            }
            Kind::Bool => row.at::<Option<bool>>(index)?.map_or(Self::Empty, Self::Bool),
            Kind::Id => row.at::<Option<Id>>(index)?.map_or(Self::Empty, Self::Id),
            _ => row.at::<Option<i64>>(index)?.map_or(Self::Empty, Self::Int),
        })
    }
}
