//! Cells as markup: each kind of column looks the same in every list, and has its place on a phone's card.

use kernel::{Lang, T};
use maud::{Markup, html};
use ui::{Card, Sla};

use super::{
    cells::{Cell, ListRow},
    spec::{Col, Kind, ListSpec},
};
use crate::{Cx, format};

fn label(options: &[(&str, T)], code: &str, lang: Lang) -> String {
    options.iter().find(|(known, _)| *known == code).map_or(code, |(_, label)| label.get(lang)).to_string()
}

/// The text of a cell for people, without markup.
pub fn text(cx: &Cx, col: &Col, cell: &Cell) -> String {
    match (cell, col.kind) {
        (Cell::Empty, _) => String::new(),
        (Cell::Text(code), Kind::Code(options) | Kind::State(options)) => label(options, code, cx.lang),
        (Cell::Text(text), _) => text.clone(),
        (Cell::Int(n), _) => n.to_string(),
        (Cell::Money(amount), _) => format::money(*amount),
        (Cell::Qty(quantity), _) => format::qty(*quantity),
        (Cell::Time(at), _) => format::time(cx, *at),
        (Cell::Date(date), _) => date.to_string(),
        (Cell::Bool(yes), _) => {
            T(if *yes { "是" } else { "否" }, if *yes { "yes" } else { "no" }).get(cx.lang).into()
        }
        (Cell::Id(id), _) => id.to_string(),
    }
}

fn due(cx: &Cx, due_at: kernel::Ts, span: i64) -> Markup {
    let second = |at: i64| at.div_euclid(1_000_000);
    ui::sla(&Sla::running(cx.lang, second(cx.now().0), second(due_at.0), second(span)))
}

/// The cell; `href` when it is the one that names the row.
pub fn cell(cx: &Cx, col: &Col, cell: &Cell, href: Option<&str>) -> Markup {
    let words = || text(cx, col, cell);
    if let Some(href) = href {
        let words = if *cell == Cell::Empty { "—".to_string() } else { words() };
        return ui::id_link(href, words);
    }
    match (cell, col.kind) {
        (Cell::Empty, _) => ui::none(),
        (Cell::Text(text), _) if text.is_empty() => ui::none(),
        (Cell::Text(code), Kind::State(_)) => ui::st(code, &words()),
        (Cell::Text(code), Kind::Code(_)) => match col.badge {
            Some(badge) => ui::tag(badge(code), words()),
            None => html! { (words()) },
        },
        (Cell::Text(name), Kind::Person) => ui::person(name),
        (Cell::Text(_), Kind::No) => ui::mono(words()),
        (Cell::Time(at), Kind::Due) => due(cx, *at, 0),
        (Cell::Int(level), Kind::Priority) => ui::pri(cx.lang, u8::try_from(*level).unwrap_or(4)),
        (Cell::Text(text), _) => ui::trunc(text),
        (Cell::Money(_) | Cell::Int(_) | Cell::Qty(_) | Cell::Time(_) | Cell::Date(_), _) => ui::num(words()),
        (Cell::Bool(_) | Cell::Id(_), _) => html! { (words()) },
    }
}

/// Lines of a card; what doesn't fit is on the row's page.
const LINES: usize = 4;

/// Where each column stands on a card: number, deadline or amount, subject; then lines; state and person last.
pub fn cards(columns: &[&Col]) -> Vec<Card> {
    let first = |wanted: fn(Kind) -> bool| columns.iter().position(|col| wanted(col.kind));
    let id = first(|kind| matches!(kind, Kind::No));
    let title = first(|kind| matches!(kind, Kind::Text));
    let end = first(|kind| matches!(kind, Kind::Due)).or_else(|| first(|kind| matches!(kind, Kind::Money)));
    let mut lines = 0;
    let place = |(index, col): (usize, &&Col)| match col.kind {
        _ if Some(index) == id => Card::Id,
        _ if Some(index) == title => Card::Title,
        _ if Some(index) == end => Card::End,
        Kind::State(_) | Kind::Person | Kind::Priority => Card::Foot,
        _ => {
            lines += 1;
            if lines > LINES { Card::Hide } else { Card::Line }
        }
    };
    columns.iter().enumerate().map(place).collect()
}

/// True for kinds whose figures line up at the right.
pub fn right(kind: Kind) -> bool {
    matches!(kind, Kind::Int | Kind::Money | Kind::Qty)
}

/// Which column names the row and carries its link.
pub fn naming(columns: &[&Col]) -> Option<usize> {
    let first = |wanted: fn(Kind) -> bool| columns.iter().position(|col| wanted(col.kind));
    first(|kind| matches!(kind, Kind::No)).or_else(|| first(|kind| matches!(kind, Kind::Text | Kind::Person)))
}

/// A row of the table.
pub fn row(cx: &Cx, list: &ListSpec, columns: &[&Col], item: &ListRow) -> ui::Row {
    let href = list.row_url(item.id);
    let naming = naming(columns);
    let link = |index: usize| href.as_deref().filter(|_| Some(index) == naming);
    let cells = columns.iter().zip(&item.cells).enumerate();
    let cells = cells.map(|(index, (col, value))| match (value, col.kind) {
        (Cell::Time(at), Kind::Due) => due(cx, *at, item.span),
        _ => cell(cx, col, value, link(index)),
    });
    let cells: Vec<Markup> = cells.collect();
    let name =
        naming.and_then(|at| Some(text(cx, columns.get(at)?, item.cells.get(at)?))).unwrap_or_default();
    let row = ui::Row::new(item.id, name, cells);
    match href {
        Some(href) => row.href(href),
        None => row,
    }
}
