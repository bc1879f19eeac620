//! Markup that the forms of this context share: depots, parts, lines with a scan field.

use kernel::{Id, Quantity, T};
use kit::{Cx, FormErrors, Perm, Result, format};
use maud::{Markup, html};
use ui::{Btn, Col, Field, Row, Table};

use crate::{
    depot::{self, model::DepotRow},
    part,
};

/// Depots that the caller may use with a permission.
pub async fn depots(cx: &Cx, perm: &Perm) -> Result<Vec<DepotRow>> {
    let scope = cx.scope(perm)?;
    depot::store::select_in_scope(&mut cx.read().await?, &scope).await
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
/// Enter in any field never saves by accident.
pub fn scan_bar(cx: &Cx) -> Markup {
    let add = Btn::submit(cx.t(T("加一行", "Add line"))).name_value("add", "true").icon("plus");
    let field = Field::text("scan", cx.t(T("扫码或输入编码后回车", "Scan or type a code, then Enter")))
        .wide()
        .autofocus()
        .attr("autocomplete", "off")
        .after(add);
    html! { (field) }
}

/// Lines of a form as a table.
pub fn lines(cx: &Cx, heads: &[T], rows: Vec<Vec<Markup>>) -> Markup {
    let cols = heads.iter().map(|head| Col::new(cx.t(*head))).collect();
    let rows =
        rows.into_iter().enumerate().map(|(n, cells)| Row::new(n, (n + 1).to_string(), cells)).collect();
    let empty = ui::empty(
        "package",
        cx.t(T("还没有明细", "No lines yet")),
        cx.t(T("扫码或输入编码", "Scan or type a code")),
        None,
    );
    ui::small_table(&Table::new(cx.t(T("明细", "Lines")), cols, rows).empty(empty))
}

/// A code that was scanned: the part's id and how it is shown; the bare code when there is no such part.
pub async fn scanned(cx: &Cx, code: &str) -> Result<(String, String)> {
    let code = code.trim();
    let found = part::store::find_by_code(&mut cx.read().await?, code).await?;
    Ok(found.map_or_else(
        || (String::new(), code.to_string()),
        |p| (p.id.to_string(), format!("{} {}", p.code, p.name)),
    ))
}

/// A cost, or asterisks for those who may not see it.
pub fn cost(cost: Option<kernel::Money>) -> Markup {
    match cost {
        Some(cost) => ui::num(format::money(cost)),
        None => ui::muted("****"),
    }
}
