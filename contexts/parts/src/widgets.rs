//! Markup that the forms of this context share: depots, parts, lines with a scan field.

use kernel::{Id, Quantity, RuleError, T};
use kit::{Cx, FormErrors, Perm, Result, format};
use maud::{Markup, html};
use ui::{Btn, Col, Field, Row, Table, Tone};

use crate::{
    depot::{
        self,
        model::{DepotKind, DepotRow},
    },
    part::{self, model::PartRow},
};

/// Depots that the caller may use with a permission: stores before vans, those of the own organisation first.
pub async fn depots(cx: &Cx, perm: &Perm) -> Result<Vec<DepotRow>> {
    let scope = cx.scope(perm)?;
    let mut depots = depot::store::select_in_scope(&mut cx.read().await?, &scope).await?;
    let home = cx.actor()?.org;
    depots.sort_by_key(|depot| (depot.kind == DepotKind::Van, depot.org_id != home));
    Ok(depots)
}

/// The store a form begins with: the only one of the own organisation, or `last`, the one its reader used last. Among
/// several nobody's guess is taken: goods would end in the wrong store by one careless press.
pub async fn own_depot(cx: &Cx, perm: &Perm, last: Option<Id>) -> Result<Option<Id>> {
    let home = cx.actor()?.org;
    let all = depots(cx, perm).await?;
    let mut own = all.iter().filter(|depot| depot.org_id == home && depot.kind != DepotKind::Van);
    Ok(match (own.next(), own.next()) {
        (Some(only), None) => Some(only.id),
        _ => last.filter(|last| all.iter().any(|depot| depot.id == *last)),
    })
}

/// A choice of depot.
pub fn depot_field(
    cx: &Cx,
    name: &str,
    label: T,
    depots: &[DepotRow],
    value: Option<Id>,
    errors: &FormErrors,
) -> Field {
    let options = depots.iter().map(|d| (d.id.to_string(), format!("{} {}", d.code, d.name)));
    Field::select(name, cx.t(label))
        .options(options)
        .blank(cx.t(T("请选择", "Choose")))
        .value(value.map_or_else(String::new, |id| id.to_string()))
        .error(errors.of(name))
        .required()
}

/// The same for a question: all depots unless one is chosen.
pub fn any_depot_field(cx: &Cx, label: T, depots: &[DepotRow], value: Option<Id>) -> Field {
    let options = depots.iter().map(|d| (d.id.to_string(), format!("{} {}", d.code, d.name)));
    Field::select("depot_id", cx.t(label)).options(options).blank(cx.t(T("全部", "All"))).maybe(value)
}

/// A choice of part, by typing or scanning. `typed` is what is shown of the chosen one.
pub fn part_field(cx: &Cx, name: &str, part: &str, typed: &str, errors: &FormErrors) -> Field {
    let shown = if typed.is_empty() { part } else { typed };
    Field::combo(name, cx.t(T("配件", "Part")), "/parts/suggest")
        .value(part)
        .shown(shown)
        .error(errors.of(name))
        .required()
}

/// Choices of codes.
pub fn options(cx: &Cx, all: &[(&'static str, T)]) -> Vec<(&'static str, &'static str)> {
    all.iter().map(|(code, label)| (*code, cx.t(*label))).collect()
}

/// A quantity as a field's value; nothing for zero.
pub fn qty_value(quantity: Quantity) -> String {
    if quantity.is_zero() { String::new() } else { quantity.to_string() }
}

/// The scan field above lines: Enter, or a scanner, adds a line. Its button comes first in the form, so that
/// Enter in any field never saves by accident. Codes that nobody knows stay below it until somebody has seen to them.
pub fn scan_bar(cx: &Cx, errors: &FormErrors, unknown: &str) -> Markup {
    let add = Btn::submit(cx.t(T("加一行", "Add line"))).name_value("add", "true").icon("plus");
    let field = Field::text("scan", cx.t(T("扫码或输入编码后回车", "Scan or type a code, then Enter")))
        .wide()
        .autofocus()
        .attr("autocomplete", "off")
        .attr("data-scans", "")
        .error(errors.of("scan"))
        .scan_send(cx.lang)
        .after(add);
    html! {
        (field)
        @if !unknown.is_empty() {
            (ui::hidden("unknown", unknown))
            div data-unknown=(unknown) {
                (ui::alert_actions(Tone::Red, html! {
                    @for code in unknown.split('\t') {
                        p { (T("没有编码为“{code}”的配件", "There is no part with the code \"{code}\"").fill(cx.lang, &[("code", code.to_string())])) }
                    }
                }, &[Btn::new(cx.t(T("已处理", "Seen to"))).sm().attr("type", "submit").name_value("seen", "true").attr("formnovalidate", "")]))
            }
        }
    }
}

/// Lines of a form as a table, each with a button that takes it out.
pub fn lines(cx: &Cx, heads: &[T], rows: Vec<Vec<Markup>>) -> Markup {
    let cols = heads.iter().map(|head| Col::new(cx.t(*head))).collect();
    let remove = |n: usize| {
        let label = T("删除第 {n} 行", "Remove line {n}").fill(cx.lang, &[("n", (n + 1).to_string())]);
        let button = Btn::icon_only("x", label).sm().attr("type", "submit");
        html! { (button.name_value("remove", n.to_string()).attr("formnovalidate", "")) }
    };
    let row = |(n, cells): (usize, Vec<Markup>)| Row::new(n, (n + 1).to_string(), cells).actions(remove(n));
    let rows = rows.into_iter().enumerate().map(row).collect();
    let empty = ui::empty(
        "package",
        cx.t(T("还没有明细", "No lines yet")),
        cx.t(T("扫码或输入编码", "Scan or type a code")),
        None,
    );
    ui::small_table(&Table::new(cx.t(T("明细", "Lines")), cols, rows).empty(empty))
}

/// The part with a code: its id and how it is shown.
pub async fn known(cx: &Cx, code: &str) -> Result<Option<(String, String)>> {
    let found = part::store::find_by_code(&mut cx.read().await?, code.trim()).await?;
    Ok(found.map(|part| (part.id.to_string(), named(&part))))
}

/// How a chosen part is shown.
pub fn named(part: &PartRow) -> String {
    format!("{} {}", part.code, part.name)
}

/// The parts that were scanned; codes nobody knows are added to `unknown`. A scanner is quicker than an answer: several
/// codes may come at once, parted by tabs. Nothing scanned is an empty line.
pub async fn scanned(cx: &Cx, codes: &str, unknown: &mut String) -> Result<Vec<Option<PartRow>>> {
    let codes: Vec<&str> = codes.split('\t').map(str::trim).filter(|code| !code.is_empty()).collect();
    if codes.is_empty() {
        return Ok(vec![None]);
    }
    let mut parts = Vec::new();
    for code in codes {
        match part::store::find_by_code(&mut cx.read().await?, code).await? {
            Some(part) => parts.push(Some(part)),
            None if unknown.is_empty() => unknown.push_str(code),
            None => unknown.extend(["\t", code]),
        }
    }
    Ok(parts)
}

/// Nothing is saved while somebody hasn't seen to what was scanned and is not known: it would be gone without a word.
pub fn all_known(cx: &Cx, unknown: &str) -> Result<(), FormErrors> {
    if unknown.is_empty() {
        return Ok(());
    }
    let text = T(
        "有扫到的编码没有对应的配件，处理后再保存",
        "Codes were scanned that no part has: see to them first",
    );
    Err(FormErrors::new(&RuleError::new("parts.unknown_scans", text).field("scan").into(), cx.lang))
}

/// A cost, or asterisks for those who may not see it.
pub fn cost(cost: Option<kernel::Money>) -> Markup {
    match cost {
        Some(cost) => ui::num(format::money(cost)),
        None => ui::muted("****"),
    }
}
