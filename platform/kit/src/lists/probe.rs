//! Tries a list description against a real database: every column, comparison, order and tab. For tests, which
//! call it for every list of the product on both engines.

use super::{
    filter::{Filter, Group, Op},
    query::{ListQuery, count, fetch},
    spec::{Col, Kind, ListSpec},
    summary::{groupable, summarise},
};
use crate::{Cx, Result};

/// What is wrong with a list, one line each. Use an actor who may see everything.
pub async fn probe(cx: &Cx, list: &ListSpec) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for (what, query) in questions(list) {
        let mut conn = cx.read().await?;
        let answer = match fetch(cx, &mut conn, list, &query, true).await {
            Ok(_) => count(cx, &mut conn, list, &query).await.map(drop),
            Err(error) => Err(error),
        };
        if let Err(error) = answer {
            wrong.push(format!("{}: {what}: {error}", list.key));
        }
    }
    wrong.extend(grouped(cx, list).await);
    wrong.extend(data(cx, list).await?);
    wrong.extend(links(cx, list));
    Ok(wrong)
}

fn sample(col: &Col, op: Op) -> String {
    let value = match (op, col.kind) {
        (Op::Empty | Op::Filled, _) => "",
        (Op::Last, _) => "7",
        (_, Kind::Int | Kind::Money | Kind::Qty | Kind::Priority) => "1",
        (_, Kind::Time | Kind::Date | Kind::Due) => "2026-11-18",
        (_, Kind::Bool) => "true",
        (_, Kind::Id) => super::filter::ME,
        (_, Kind::Code(options) | Kind::State(options)) => options.first().map_or("x", |(code, _)| code),
        (_, Kind::Text | Kind::No | Kind::Person) => "海 x",
    };
    value.to_string()
}

fn questions(list: &ListSpec) -> Vec<(String, ListQuery)> {
    let one = |filter: Filter| ListQuery {
        filter: Some(Group(vec![vec![filter]]).text()),
        limit: Some(3),
        ..ListQuery::default()
    };
    let mut all = vec![
        ("all columns".to_string(), ListQuery { limit: Some(3), ..ListQuery::default() }),
        ("search".to_string(), ListQuery { q: Some("测试 a1".into()), ..ListQuery::default() }),
    ];
    for col in &list.columns {
        for op in &Op::of_col(col) {
            let filter = Filter { key: col.key.into(), op: *op, value: sample(col, *op) };
            all.push((format!("{} {}", col.key, op.info().0), one(filter)));
        }
        if col.sort {
            all.push((
                format!("sort {}", col.key),
                ListQuery { sort: Some(col.key.into()), limit: Some(3), ..ListQuery::default() },
            ));
            all.push((
                format!("sort -{}", col.key),
                ListQuery { sort: Some(format!("-{}", col.key)), limit: Some(3), ..ListQuery::default() },
            ));
        }
    }
    for preset in &list.presets {
        all.push((
            format!("tab {}", preset.key),
            ListQuery { view: Some(preset.key.into()), ..ListQuery::default() },
        ));
    }
    all
}

/// Every column that can be grouped by, alone and with a neighbour: no row is lost or counted twice, and the
/// conditions of a group find as many rows as it says.
async fn grouped(cx: &Cx, list: &ListSpec) -> Vec<String> {
    let keys: Vec<&str> = list.columns.iter().filter(|col| groupable(cx, col)).map(|col| col.key).collect();
    let pairs = keys.chunks_exact(2).map(|two| two.join(","));
    let mut wrong = Vec::new();
    for group in keys.iter().map(ToString::to_string).chain(pairs) {
        if let Err(fault) = one_group(cx, list, &group).await {
            wrong.push(format!("{}: group {group}: {fault}", list.key));
        }
    }
    wrong
}

async fn one_group(cx: &Cx, list: &ListSpec, group: &str) -> Result<(), String> {
    let said = |error: crate::Error| error.to_string();
    let query = ListQuery { group: Some(group.to_string()), ..ListQuery::default() };
    let mut conn = cx.read().await.map_err(said)?;
    let summary = summarise(cx, &mut conn, list, &query).await.map_err(said)?;
    let all = count(cx, &mut conn, list, &query).await.map_err(said)?;
    if all.count != summary.total.count && !all.more {
        return Err(format!("{} of {} rows are in groups", summary.total.count, all.count));
    }
    for row in summary.rows.iter().take(2) {
        let Some(filter) = row.filter.clone() else { continue };
        let query = ListQuery { filter: Some(filter.clone()), ..ListQuery::default() };
        let found = count(cx, &mut conn, list, &query).await.map_err(said)?;
        if found.count != row.count && !found.more {
            return Err(format!("{filter} finds {} rows, the group has {}", found.count, row.count));
        }
    }
    Ok(())
}

/// Joins keep one row per base row; what is sorted by is never NULL.
async fn data(cx: &Cx, list: &ListSpec) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let mut conn = cx.read().await?;
    let joins: String = list.joins.iter().map(|(_, join)| format!(" {join}")).collect();
    let base: i64 = conn.scalar(&format!("select count(*) from {}", list.from), vec![]).await?;
    let joined: i64 = conn.scalar(&format!("select count(*) from {}{joins}", list.from), vec![]).await?;
    if base != joined {
        wrong.push(format!("{}: joins make {joined} of {base} rows", list.key));
    }
    for col in list.columns.iter().filter(|col| (col.sort || col.key == list.sort.0) && !col.nullable) {
        let sql = format!("select count(*) from {}{joins} where {} is null", list.from, col.expr);
        let nulls: i64 = conn.scalar(&sql, vec![]).await?;
        if nulls > 0 {
            wrong.push(format!(
                "{}: sorted by {}, which is NULL in {nulls} rows: use .nullable()",
                list.key, col.key
            ));
        }
    }
    Ok(wrong)
}

/// What the page links to exists.
fn links(cx: &Cx, list: &ListSpec) -> Vec<String> {
    let registry = &cx.app.registry;
    let shape = |path: &str| -> Vec<String> {
        let path = path.split('?').next().unwrap_or_default();
        path.split('/')
            .map(|part| if part.starts_with('{') { "{}".into() } else { part.to_string() })
            .collect()
    };
    let served = |method: &str, path: &str| {
        registry.routes.iter().any(|route| route.method == method && shape(&route.path) == shape(path))
    };
    let mut wrong = Vec::new();
    let mut needs = |method: &'static str, path: &str| {
        if !path.is_empty() && !served(method, path) {
            wrong.push(format!("{}: {method} {path} is not served", list.key));
        }
    };
    needs("GET", list.row_href);
    needs("GET", list.create.map_or("", |(href, _, _)| href));
    for (_, _, href, _) in &list.bulk {
        needs("POST", href);
    }
    for (_, _, href, _) in &list.shows {
        // Which of several sheets is the last part of the address.
        let (head, _) = href.rsplit_once('/').unwrap_or_default();
        needs("GET", &format!("{head}/{{}}"));
    }
    if let Some(kind) = list.sheet {
        match registry.sheets.get(kind) {
            None => wrong.push(format!("{}: there is no sheet {kind}", list.key)),
            Some(sheet) => {
                let missing = (sheet.columns)()
                    .into_iter()
                    .filter(|col| col.required && list.column(col.key).is_none());
                wrong.extend(
                    missing.map(|col| format!("{}: export lacks {} that an import needs", list.key, col.key)),
                );
            }
        }
    }
    wrong
}
