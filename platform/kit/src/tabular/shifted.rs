//! Finds rows whose cells slipped one column to the side although their number is right.
//!
//! It happens in real files: a text with an unquoted comma becomes two fields, and a blank field elsewhere in
//! the row was lost or the exporter cut the row to length. Such a row parses well and puts every value into
//! its neighbour's column, which is worse than an error. The columns of the file itself tell: most have few
//! values or one pattern (`99/99/9999`, `AID9`), and in a slipped row many of them do not fit, but would one
//! place to the side.

use std::collections::{HashMap, HashSet};

use kernel::T;

use super::problem::Problem;
use super::read::RawRow;

/// Fewer rows say too little about what is usual.
const MIN_ROWS: usize = 30;
/// Rows from which the usual is learnt.
const SAMPLE: usize = 5_000;
/// A column with at most this many values (or patterns) is regular.
const MAX_VARIANTS: usize = 24;
/// So many columns must be wrong in place before a row is suspected at all.
const MIN_MISFITS: usize = 3;

/// Adds the problem `row.shifted` to every row that fits the file's columns clearly better when moved by one.
pub(super) fn mark_shifted_rows(header: &[String], rows: &mut [RawRow]) {
    let usual = {
        let good: Vec<&RawRow> = rows.iter().filter(|r| r.problems.is_empty()).take(SAMPLE).collect();
        if good.len() < MIN_ROWS {
            return;
        }
        (0..header.len()).map(|column| Usual::learn(&good, column)).collect::<Vec<_>>()
    };
    for row in rows.iter_mut().filter(|r| r.problems.is_empty()) {
        if let Some(first) = first_shifted(&usual, &row.cells) {
            row.problems.push(
                Problem::row(
                    row.number,
                    "row.shifted",
                    T(
                        "从“{column}”列起内容错位一列；可能是文字中的分隔符没有加引号",
                        "From column “{column}” on the cells are one place off; a separator inside a text may lack quotes",
                    ),
                )
                .arg("column", header[first].clone()),
            );
        }
    }
}

/// What a regular column holds; `None` for free text, names, running numbers of any form.
enum Usual {
    Values(HashSet<String>),
    Patterns(HashSet<String>),
    Anything,
}

impl Usual {
    fn learn(rows: &[&RawRow], column: usize) -> Self {
        let cells = || rows.iter().filter_map(|r| r.cells.get(column));
        if let Some(values) = frequent(cells().map(|c| c.trim().to_owned()), rows.len()) {
            return Self::Values(values);
        }
        frequent(cells().map(|c| pattern(c)), rows.len()).map_or(Self::Anything, Self::Patterns)
    }

    fn fits(&self, cell: &str) -> Option<bool> {
        match self {
            Self::Values(set) => Some(set.contains(cell.trim())),
            Self::Patterns(set) => Some(set.contains(&pattern(cell))),
            Self::Anything => None,
        }
    }
}

/// The variants that are no accident (three times, and in half a per cent of the rows), if they are few and
/// cover 97 % of them.
fn frequent(texts: impl Iterator<Item = String>, total: usize) -> Option<HashSet<String>> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for text in texts {
        *counts.entry(text).or_default() += 1;
        // Free text: stop collecting early, most columns of a large file end here.
        if counts.len() > MAX_VARIANTS * 20 {
            return None;
        }
    }
    counts.retain(|_, count| *count > 2 && *count * 200 >= total);
    let covered: usize = counts.values().sum();
    (counts.len() <= MAX_VARIANTS && covered * 100 >= total * 97).then(|| counts.into_keys().collect())
}

/// `12/02/2006` → `9/9/9`, `AID5` → `a9`, `two words` → `a a`.
fn pattern(cell: &str) -> String {
    let mut out = String::new();
    for c in cell.trim().chars() {
        let class = match c {
            '0'..='9' => '9',
            c if c.is_alphabetic() => 'a',
            c => c,
        };
        if out.len() > 40 {
            break;
        }
        if !(out.ends_with(class) && (class == '9' || class == 'a')) {
            out.push(class);
        }
    }
    out
}

/// The first column that is off, when the row is off.
fn first_shifted(usual: &[Usual], cells: &[String]) -> Option<usize> {
    let misfits: Vec<usize> = (0..usual.len())
        .filter(|c| cells.get(*c).is_some_and(|cell| usual[*c].fits(cell) == Some(false)))
        .collect();
    // A row may hold an unusual value before the place where it slips, so each misfit may be the start.
    let starts = misfits.len().saturating_sub(MIN_MISFITS - 1);
    let last = *misfits.last()?;
    misfits[..starts].iter().copied().find(|first| falls_into_place(usual, cells, *first, last))
}

/// True when nearly all cells from `first` to `last` fit their neighbour's column, and more of them than fit
/// their own.
fn falls_into_place(usual: &[Usual], cells: &[String], first: usize, last: usize) -> bool {
    let judged = |offset: isize| {
        let results = (first..=last).filter_map(|column| {
            let source = column.checked_add_signed(offset)?;
            usual[column].fits(cells.get(source)?)
        });
        results.fold((0_usize, 0_usize), |(fit, all), ok| (fit + usize::from(ok), all + 1))
    };
    let (in_place, _) = judged(0);
    [1, -1].into_iter().map(judged).any(|(moved, all)| moved > in_place && moved * 10 >= all * 8)
}
