//! The filter builder: from the form to conditions and back, chips, labels of values.

use form_urlencoded::parse;
use kernel::{Lang, T};
use ui::{FilterBuilder, FilterChip, FilterField, FilterRow, FilterValue};

use super::{
    filter::{Filter, Group, ME, Op, TODAY, comparable},
    query::ListQuery,
    spec::{Col, Kind, ListSpec},
};
use crate::Cx;

/// Conditions as the builder's form sends them (see [`FilterRow`]); `None` when the query string has no such form.
///
/// A row ticked "or above" joins the row before it, so conditions nest one level; "match any" makes one group of
/// all. Rows without a value are left out.
pub fn read_form(query: &str) -> Option<Group> {
    let pairs: Vec<(String, String)> = parse(query.as_bytes()).into_owned().collect();
    let any = match pairs.iter().find(|(name, _)| name == "match") {
        Some((_, how)) => how == "any",
        None => return None,
    };
    let mut groups: Vec<Vec<Filter>> = Vec::new();
    for (row, key) in pairs.iter().filter_map(|(name, key)| Some((name.strip_suffix(".f")?, key))) {
        let named = |part: &str| {
            let name = format!("{row}.{part}");
            pairs
                .iter()
                .filter(move |(n, _)| *n == name)
                .map(|(_, v)| v.trim().to_string())
                .filter(|v| !v.is_empty())
        };
        let Some(op) = named("o").next().as_deref().and_then(Op::parse) else { continue };
        let values: Vec<String> = named("v").collect();
        // Several boxes ticked mean any of them, also where "is" was chosen.
        let op = match op {
            Op::Eq if values.len() > 1 => Op::In,
            Op::Ne if values.len() > 1 => Op::NotIn,
            _ => op,
        };
        let value = values.join(",");
        if value.is_empty() && !matches!(op, Op::Empty | Op::Filled) {
            continue;
        }
        let filter = Filter { key: key.clone(), op, value };
        match groups.last_mut() {
            Some(last) if any || named("j").next().is_some() => last.push(filter),
            _ => groups.push(vec![filter]),
        }
    }
    Some(Group(groups))
}

/// What the row of one field asks the server when its operator changes or it is added.
pub struct RowAsked {
    pub field: String,
    pub name: String,
    pub op: Option<Op>,
    pub value: String,
    pub or: bool,
}

/// Reads `field`, `name`, the operator (`op`, or under the name given by `op_name`) and the value typed so far.
pub fn read_row(cx: &Cx, query: &str) -> RowAsked {
    let pairs: Vec<(String, String)> = parse(query.as_bytes()).into_owned().collect();
    let get = |key: &str| pairs.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value.clone());
    let fresh = || {
        let id = cx.id().to_string();
        format!("c{}", &id[id.len() - 8..])
    };
    let name = get("name")
        .filter(|n| n.len() < 40 && n.chars().all(|c| c.is_ascii_alphanumeric()))
        .unwrap_or_else(fresh);
    let op = get(&format!("{name}.o")).or_else(|| get("op")).as_deref().and_then(Op::parse);
    let values: Vec<String> = pairs
        .iter()
        .filter(|(n, v)| *n == format!("{name}.v") && !v.is_empty())
        .map(|(_, v)| v.clone())
        .collect();
    RowAsked {
        field: get("field").unwrap_or_default(),
        op,
        value: values.join(","),
        or: get(&format!("{name}.j")).is_some(),
        name,
    }
}

/// Columns that can be filtered by.
pub fn fields<'a>(cx: &'a Cx, list: &'a ListSpec) -> impl Iterator<Item = &'a Col> {
    list.columns.iter().filter(|col| comparable(cx, col))
}

/// One condition as a row of the builder.
pub fn row(lang: Lang, col: &Col, name: String, op: Option<Op>, value: &str, or: bool) -> FilterRow {
    let ops = Op::of_col(col);
    let op = op.filter(|op| ops.contains(op)).or_else(|| ops.first().copied()).unwrap_or(Op::Eq);
    FilterRow {
        name,
        field: col.key.to_string(),
        label: col.label.get(lang).to_string(),
        ops: ops.iter().map(|op| (op.info().0.to_string(), op.info().1.get(lang).to_string())).collect(),
        op: op.info().0.to_string(),
        value: input(lang, col.kind, op, value),
        or,
    }
}

const YES_NO: &[(&str, T)] = &[("true", T("是", "yes")), ("false", T("否", "no"))];

fn input(lang: Lang, kind: Kind, op: Op, value: &str) -> FilterValue {
    let choice = |options: &[(&str, T)]| {
        let ticked: Vec<&str> = value.split(',').collect();
        let item = |(code, label): &(&str, T)| {
            ((*code).to_string(), label.get(lang).to_string(), ticked.contains(code))
        };
        FilterValue::Choice(options.iter().map(item).collect())
    };
    match (op, kind) {
        (Op::Empty | Op::Filled, _) => FilterValue::None,
        (Op::Last, _) => FilterValue::Number(value.to_string()),
        (_, Kind::Code(options) | Kind::State(options)) => choice(options),
        (_, Kind::Bool) => choice(YES_NO),
        (_, Kind::Date | Kind::Time | Kind::Due) => FilterValue::Date(value.chars().take(10).collect()),
        (_, Kind::Int | Kind::Money | Kind::Qty | Kind::Priority) => FilterValue::Number(value.to_string()),
        (_, Kind::Text | Kind::No | Kind::Person | Kind::Id) => FilterValue::Text(value.to_string()),
    }
}

fn icon(kind: Kind) -> &'static str {
    match kind {
        Kind::No => "hash",
        Kind::Text => "letter-t",
        Kind::Int | Kind::Qty => "sum",
        Kind::Money => "currency-yuan",
        Kind::Time | Kind::Date => "calendar",
        Kind::Due => "clock",
        Kind::Bool => "checkbox",
        Kind::Code(_) => "tag",
        Kind::State(_) => "circle-dot",
        Kind::Priority => "antenna-bars-5",
        Kind::Person => "user",
        Kind::Id => "key",
    }
}

/// The whole builder for the conditions in force.
pub fn builder(cx: &Cx, list: &ListSpec, asked: &ListQuery, group: &Group) -> FilterBuilder {
    let lang = cx.lang;
    let mut rows = Vec::new();
    let any = group.0.len() == 1 && group.0[0].len() > 1;
    for entry in &group.0 {
        for (index, filter) in entry.iter().enumerate() {
            if let Some(col) = list.column(&filter.key) {
                let name = format!("c{}", rows.len());
                // A field for dates shows dates only.
                let value = filter.value.replace(TODAY, &crate::format::date(cx, cx.now()));
                rows.push(row(lang, col, name, Some(filter.op), &value, index > 0 && !any));
            }
        }
    }
    let field = |col: &Col| FilterField {
        key: col.key.into(),
        label: col.label.get(lang).into(),
        icon: icon(col.kind),
    };
    let keep = ListQuery { filter: None, ..asked.first_page() };
    FilterBuilder {
        action: list.href.to_string(),
        row_url: format!("{}/filter-row", list.href),
        groups: vec![(list.title.get(lang).to_string(), fields(cx, list).map(field).collect())],
        rows,
        any,
        keep: keep.pairs().into_iter().map(|(name, value)| (name.to_string(), value)).collect(),
        count_url: Some(format!("{}/count", list.href)),
        count: None,
        save_url: Some(format!("{}/views/new", list.href)),
        reset: asked.with_filter(String::new()).url(list.href),
    }
}

/// The value of a condition in words.
fn shown(lang: Lang, col: &Col, filter: &Filter) -> String {
    let one = |value: &str| -> String {
        if value == ME {
            return T("本人", "me").get(lang).to_string();
        }
        if value == TODAY {
            return T("今天", "today").get(lang).to_string();
        }
        match col.kind {
            Kind::Code(options) | Kind::State(options) => options
                .iter()
                .find(|(code, _)| *code == value)
                .map_or(value, |(_, label)| label.get(lang))
                .to_string(),
            Kind::Bool => {
                YES_NO.iter().find(|(code, _)| *code == value).map_or(value, |(_, l)| l.get(lang)).to_string()
            }
            _ => value.to_string(),
        }
    };
    match filter.op {
        Op::Empty | Op::Filled => String::new(),
        Op::In | Op::NotIn => {
            let values: Vec<String> = filter.value.split(',').map(one).collect();
            if values.len() > 3 { format!("{} · {}", values[0], values.len()) } else { values.join("、") }
        }
        _ => one(&filter.value),
    }
}

/// Conditions in force, each with the address that takes it away.
pub fn chips(lang: Lang, list: &ListSpec, asked: &ListQuery, group: &Group) -> Vec<FilterChip> {
    let without = |index: usize| {
        let mut rest = group.clone();
        rest.0.remove(index);
        asked.with_filter(rest.text()).url(list.href)
    };
    let words = |filter: &Filter| {
        let col = list.column(&filter.key)?;
        Some((
            col.label.get(lang).to_string(),
            filter.op.info().1.get(lang).to_string(),
            shown(lang, col, filter),
        ))
    };
    let chip = |(index, entry): (usize, &Vec<Filter>)| {
        let mut parts = entry.iter().filter_map(words);
        let (field, op, value) = parts.next()?;
        let others: Vec<String> = parts.map(|(field, op, value)| format!("{field} {op} {value}")).collect();
        let or = T(" 或 ", " or ").get(lang);
        let value = std::iter::once(value).chain(others).collect::<Vec<_>>().join(or);
        Some(FilterChip { field, op, value, remove: without(index) })
    };
    group.0.iter().enumerate().filter_map(chip).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_the_form_become_groups_nested_one_level() {
        let group = read_form(
            "match=all&c0.f=a&c0.o=gte&c0.v=1&c1.f=b&c1.o=in&c1.v=x&c1.v=y&c1.j=or&c2.f=c&c2.o=empty",
        )
        .expect("a form");
        assert_eq!(group.text(), "(a~gte~1|b~in~x,y);c~empty~");
        let ticked =
            read_form("match=all&c0.f=state&c0.o=eq&c0.v=new&c0.v=accepted&c1.f=no&c1.o=ne&c1.v=1,2")
                .expect("a form");
        assert_eq!(ticked.text(), "state~in~new,accepted;no~ne~1,2");
        let any = read_form("match=any&c0.f=a&c0.o=eq&c0.v=1&c1.f=b&c1.o=eq&c1.v=2").expect("a form");
        assert_eq!(any.text(), "(a~eq~1|b~eq~2)");
    }

    #[test]
    fn rows_without_value_or_operator_are_left_out() {
        let group = read_form("match=all&c0.f=a&c0.o=gte&c0.v=&c1.f=b&c1.o=nope&c1.v=1").expect("a form");
        assert!(group.0.is_empty());
        assert!(read_form("q=x").is_none());
    }
}
