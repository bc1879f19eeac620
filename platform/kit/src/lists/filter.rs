//! Filters: conditions on any column, all or any, nested one level; a text form for URLs and saved views.
//!
//! Form: conditions joined by `;` (all) — `key~op~value` — a group of alternatives in parentheses joined by
//! `|`: `state~in~new,accepted;(priority~gte~3|customer~has~%E8%8B%8F)`. Values are percent-encoded.

use db::{Sql, Val};
use kernel::{Date, Id, Money, Problems, Quantity, RuleError, T, Ts};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::spec::{Col, Kind, ListSpec};
use crate::{
    Cx, Show,
    format::{date_of, start_of},
};

const SAFE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// How a column is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// equals
    Eq,
    /// differs from
    Ne,
    /// one of several
    In,
    /// none of several
    NotIn,
    /// text begins with
    Starts,
    /// text contains (through a scan; use search on large tables)
    Has,
    /// at least
    Gte,
    /// at most
    Lte,
    /// within the last n days
    Last,
    /// at a branch of a tree, or below it
    Under,
    /// is empty
    Empty,
    /// is not empty
    Filled,
}

impl Op {
    /// All, with codes and labels.
    pub const ALL: &'static [(Self, &'static str, T)] = &[
        (Self::Eq, "eq", T("等于", "is")),
        (Self::Ne, "ne", T("不等于", "is not")),
        (Self::In, "in", T("属于", "is one of")),
        (Self::NotIn, "nin", T("不属于", "is none of")),
        (Self::Starts, "starts", T("开头是", "begins with")),
        (Self::Has, "has", T("包含", "contains")),
        (Self::Gte, "gte", T("不低于", "at least")),
        (Self::Lte, "lte", T("不高于", "at most")),
        (Self::Last, "last", T("最近（天）", "in the last (days)")),
        (Self::Under, "under", T("属于（含下级）", "is in or below")),
        (Self::Empty, "empty", T("为空", "is empty")),
        (Self::Filled, "filled", T("不为空", "is not empty")),
    ];

    /// From the code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, c, _)| *c == code).map(|(op, _, _)| *op)
    }

    /// Code and label.
    pub fn info(self) -> (&'static str, T) {
        Self::ALL
            .iter()
            .find(|(op, _, _)| *op == self)
            .map_or(("eq", T("等于", "is")), |(_, code, label)| (code, *label))
    }

    /// Comparisons that make sense for a kind of column.
    pub fn of(kind: Kind) -> &'static [Self] {
        match kind {
            Kind::Text | Kind::No | Kind::Person => {
                &[Self::Has, Self::Eq, Self::Ne, Self::Starts, Self::In, Self::Empty, Self::Filled]
            }
            Kind::Int | Kind::Money | Kind::Qty | Kind::Priority => {
                &[Self::Eq, Self::Ne, Self::Gte, Self::Lte, Self::Empty, Self::Filled]
            }
            Kind::Time | Kind::Date | Kind::Due => {
                &[Self::Last, Self::Gte, Self::Lte, Self::Empty, Self::Filled]
            }
            Kind::Bool => &[Self::Eq, Self::In],
            Kind::Code(_) | Kind::State(_) => &[Self::In, Self::NotIn, Self::Eq, Self::Empty, Self::Filled],
            Kind::Id => &[Self::Eq, Self::In, Self::Empty, Self::Filled],
        }
    }

    /// Comparisons of a column: those of its kind, and those of a tree where it stands in one.
    pub fn of_col(col: &Col) -> Vec<Self> {
        let tree = col.tree.map(|_| Self::Under);
        tree.into_iter().chain(Self::of(col.kind).iter().copied()).collect()
    }
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Column key.
    pub key: String,
    /// Comparison.
    pub op: Op,
    /// Value as typed; several joined by commas for `in`.
    pub value: String,
}

/// Conditions: all of the outer list; within one entry, any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group(pub Vec<Vec<Filter>>);

/// Stands for the caller's staff id in a value.
pub const ME: &str = "{me}";

/// Stands for the present day in a value: compared with a time, "at most" is until its end.
pub const TODAY: &str = "{today}";

/// Most conditions in one filter.
const MOST: usize = 60;

impl Group {
    /// Reads the text form. Errors: `filter.form` names the part that can't be read.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let mut group = Vec::new();
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()).take(MOST) {
            let inner = part.strip_prefix('(').and_then(|p| p.strip_suffix(')')).unwrap_or(part);
            let any = inner
                .split('|')
                .filter(|one| !one.is_empty())
                .take(MOST)
                .map(parse_one)
                .collect::<Result<Vec<_>, _>>()?;
            if !any.is_empty() {
                group.push(any);
            }
        }
        Ok(Self(group))
    }

    /// Writes the text form.
    pub fn text(&self) -> String {
        let one = |f: &Filter| {
            format!(
                "{}~{}~{}",
                f.key,
                f.op.info().0,
                utf8_percent_encode(&f.value, SAFE).to_string().replace("%2C", ",")
            )
        };
        self.0
            .iter()
            .map(|any| match any.as_slice() {
                [single] => one(single),
                many => format!("({})", many.iter().map(one).collect::<Vec<_>>().join("|")),
            })
            .collect::<Vec<_>>()
            .join(";")
    }

    /// Appends the conditions. Errors: unknown column, a comparison that does not fit, a value that can't be
    /// read, or a column the caller sees only masked (its value could be guessed by filtering).
    pub fn push(&self, cx: &Cx, list: &ListSpec, sql: &mut Sql) -> Result<(), Problems> {
        let mut problems = Problems::new();
        for any in &self.0 {
            sql.push(" and (");
            for (index, filter) in any.iter().enumerate() {
                sql.push(if index == 0 { "" } else { " or " });
                if let Err(problem) = push_one(cx, list, filter, sql) {
                    problems.push(problem.field("filter"));
                    sql.push("1 = 0");
                }
            }
            sql.push(")");
        }
        problems.finish()
    }

    /// Column keys used.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flatten().map(|filter| filter.key.as_str())
    }
}

fn parse_one(text: &str) -> Result<Filter, RuleError> {
    let bad = || {
        RuleError::new("filter.form", T("筛选条件“{text}”看不懂", "The filter \"{text}\" can't be read"))
            .arg("text", text)
            .field("filter")
    };
    let mut parts = text.splitn(3, '~');
    let (Some(key), Some(op)) = (parts.next(), parts.next().and_then(Op::parse)) else { return Err(bad()) };
    let value =
        percent_decode_str(parts.next().unwrap_or_default()).decode_utf8().map_err(|_| bad())?.into_owned();
    Ok(Filter { key: key.to_string(), op, value })
}

/// True when the caller may learn about a column by comparing with it: to filter or sort by a masked value is to
/// guess it.
pub(super) fn comparable(cx: &Cx, column: &Col) -> bool {
    column.sens.is_none_or(|kind| cx.shows(kind) == Show::Full) && column.perm.is_none_or(|perm| cx.can(perm))
}

fn unusable(filter: &Filter) -> RuleError {
    RuleError::new("filter.column", T("不能按“{key}”筛选", "You can't filter by \"{key}\""))
        .arg("key", &filter.key)
}

fn push_one(cx: &Cx, list: &ListSpec, filter: &Filter, sql: &mut Sql) -> Result<(), RuleError> {
    let column = list.column(&filter.key).ok_or_else(|| unusable(filter))?;
    if !comparable(cx, column) || !Op::of_col(column).contains(&filter.op) {
        return Err(unusable(filter));
    }
    let filter = &filled(cx, filter);
    let expr = column.sql(cx.lang);
    let text_like = matches!(
        column.kind,
        Kind::Text | Kind::No | Kind::Person | Kind::Code(_) | Kind::State(_) | Kind::Date
    );
    match filter.op {
        Op::Empty if text_like => drop(sql.push(&format!("({expr} is null or {expr} = '')"))),
        Op::Empty => drop(sql.push(&format!("{expr} is null"))),
        Op::Filled if text_like => drop(sql.push(&format!("({expr} is not null and {expr} <> '')"))),
        Op::Filled => drop(sql.push(&format!("{expr} is not null"))),
        Op::Starts => {
            // Neither LIKE (case differs between the engines) nor a range (order of texts does).
            let length = filter.value.chars().count();
            sql.push(&format!("substr({expr}, 1, {length}) = ")).bind(filter.value.clone());
        }
        Op::Under => {
            let from = column.tree.ok_or_else(|| unusable(filter))?;
            let branch = value_of(cx, column, &filter.value)?;
            // `union` and not `union all`: a circle in the tree would never end.
            sql.push(&format!("{expr} in (with recursive branch (id) as (select id from {from} where id = "))
                .bind(branch)
                .push(&format!(
                    " union select b.id from {from} b join branch on b.parent_id = branch.id) select id from branch)"
                ));
        }
        Op::Has => push_contains(sql, expr, &filter.value),
        Op::In | Op::NotIn => {
            let values = filter
                .value
                .split(',')
                .filter(|v| !v.is_empty())
                .take(200)
                .map(|v| value_of(cx, column, v))
                .collect::<Result<Vec<_>, _>>()?;
            // People count an empty field among those that are "none of" something.
            match (filter.op, values.is_empty()) {
                (Op::In, _) => drop(sql.push(&format!("{expr} in ")).list(values)),
                (_, true) => drop(sql.push("1 = 1")),
                (_, false) => {
                    sql.push(&format!("({expr} is null or {expr} not in ")).list(values).push(")");
                }
            }
        }
        Op::Last => {
            let days: i64 = filter
                .value
                .trim()
                .parse()
                .ok()
                .filter(|d| (0..=36500).contains(d))
                .ok_or_else(|| bad_value(column, &filter.value))?;
            let now = cx.now();
            let bound = |at: Ts| match column.kind {
                Kind::Date => Val::from(date_of(cx, at)),
                _ => Val::from(at),
            };
            sql.push(&format!("({expr} >= ")).bind(bound(Ts(now.0 - days * 86_400_000_000)));
            sql.push(&format!(" and {expr} <= ")).bind(bound(now)).push(")");
        }
        Op::Eq | Op::Ne | Op::Gte | Op::Lte => {
            let sign = match filter.op {
                Op::Eq | Op::Ne => "=",
                Op::Gte => ">=",
                _ => "<=",
            };
            let mut value = value_of(cx, column, &filter.value)?;
            // "At most 3 May" means until the end of that day.
            if let (Op::Lte, Kind::Time | Kind::Due, Ok(day)) =
                (filter.op, column.kind, Date::parse_iso(filter.value.trim()))
            {
                value = Val::from(Ts(start_of(cx, day.plus_days(1)).0 - 1));
            }
            if filter.op == Op::Ne {
                sql.push(&format!("({expr} is null or {expr} <> ")).bind(value).push(")");
            } else {
                sql.push(&format!("{expr} {sign} ")).bind(value);
            }
        }
    }
    Ok(())
}

/// `{me}` is the caller, for an account without a person nobody; `{today}` the present day.
fn filled(cx: &Cx, filter: &Filter) -> Filter {
    let me = cx.actor.as_ref().and_then(|actor| actor.staff).unwrap_or(Id::NIL);
    let value = filter.value.replace(ME, &me.to_string()).replace(TODAY, &date_of(cx, cx.now()).to_string());
    Filter { value, ..filter.clone() }
}

/// `position`-style search that both engines spell alike: replace changes the text if it is in there.
pub(crate) fn push_contains(sql: &mut Sql, expr: &str, text: &str) {
    sql.push(&format!("replace(lower({expr}), "))
        .bind(text.to_lowercase())
        .push(&format!(", '') <> lower({expr})"));
}

fn bad_value(column: &Col, value: &str) -> RuleError {
    RuleError::new(
        "filter.value",
        T("“{label}”不能与“{value}”比较", "\"{label}\" can't be compared with \"{value}\""),
    )
    .label("label", column.label)
    .arg("value", value)
}

fn value_of(cx: &Cx, column: &Col, text: &str) -> Result<Val, RuleError> {
    let text = text.trim();
    let bad = || bad_value(column, text);
    Ok(match column.kind {
        Kind::Text | Kind::No | Kind::Person => Val::from(text),
        Kind::Code(options) | Kind::State(options) => {
            // A code that no row can have is a slip of the pen, not a question without an answer.
            let known = column.open
                || options.is_empty()
                || text.is_empty()
                || options.iter().any(|(code, _)| *code == text);
            Val::from(Some(text).filter(|_| known).ok_or_else(bad)?)
        }
        Kind::Int | Kind::Priority => Val::from(text.parse::<i64>().map_err(|_| bad())?),
        Kind::Money => Val::from(Money::parse(text).map_err(|_| bad())?),
        Kind::Qty => Val::from(Quantity::parse(text).map_err(|_| bad())?),
        Kind::Date => Val::from(Date::parse(text).map_err(|_| bad())?),
        Kind::Time | Kind::Due => match Date::parse_iso(text) {
            Ok(date) => Val::from(start_of(cx, date)),
            Err(_) => Val::from(Ts::parse(text).map_err(|_| bad())?),
        },
        Kind::Bool => Val::from(match text {
            "true" | "1" | "yes" | "on" => true,
            "false" | "0" | "no" | "off" => false,
            _ => return Err(bad()),
        }),
        Kind::Id => Val::from(text.parse::<Id>().map_err(|_| bad())?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_form_round_trips_with_any_value() {
        let group = Group(vec![
            vec![Filter { key: "state".into(), op: Op::In, value: "new,accepted".into() }],
            vec![
                Filter { key: "a".into(), op: Op::Gte, value: "3".into() },
                Filter { key: "b".into(), op: Op::Has, value: "苏州;|()~%".into() },
            ],
        ]);
        assert_eq!(Group::parse(&group.text()).expect("its own text"), group);
    }

    #[test]
    fn what_can_not_be_read_is_refused() {
        assert!(Group::parse("state").is_err());
        assert!(Group::parse("state~nope~x").is_err());
        assert!(Group::parse("").expect("empty is fine").0.is_empty());
    }
}
