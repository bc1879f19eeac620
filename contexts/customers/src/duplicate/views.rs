//! Markup of duplicates.

use kernel::{Id, T};
use kit::{Cx, FormErrors, Sens};
use maud::{Markup, html};
use ui::{Btn, Col, Field, Form, Row, Table, Tone};

use super::model::{Suspect, SuspectPair};
use crate::{
    customer::model::{CustomerOut, CustomerRow},
    perms::CUSTOMER_MERGE,
};

fn alike(cx: &Cx, what: &[String]) -> Markup {
    let label = |code: &str| match code {
        "phone" => T("电话相同", "same phone"),
        "name" => T("名称相同", "same name"),
        _ => T("地址相同", "same address"),
    };
    html! { @for code in what { (ui::tag(Tone::Amber, cx.t(label(code)))) " " } }
}

/// A hint on the customer's page that the same customer may be on file twice.
pub fn suspects_alert(cx: &Cx, id: Id, suspects: &[Suspect]) -> Markup {
    let Some(first) = suspects.first() else { return html! {} };
    let text = html! {
        (cx.t(T("可能与这份档案重复：", "This may be the same customer: ")))
        (ui::link(&format!("/customers/{}", first.other.id), format!("{} {}", cx.mask(Sens::Name, &first.other.name), first.other.no))) " "
        (alike(cx, &first.alike))
        @if suspects.len() > 1 { (ui::muted(format!("+{}", suspects.len() - 1))) }
    };
    if !cx.can(&CUSTOMER_MERGE) {
        return ui::alert(Tone::Amber, text);
    }
    let url = format!("/customers/{id}/merge?from={}", first.other.id);
    ui::alert_actions(
        Tone::Amber,
        text,
        &[Btn::new(cx.t(T("合并", "Merge"))).icon("git-merge").sm().modal(url)],
    )
}

fn file(cx: &Cx, out: &CustomerOut) -> Markup {
    ui::two_lines(
        ui::link(&format!("/customers/{}", out.id), cx.mask(Sens::Name, &out.name)),
        html! { (out.no) @for part in [&out.phone, &out.region] { @if !part.is_empty() { " · " (part) } } },
    )
}

/// Pairs of files that may be the same customer.
pub fn duplicates_page(cx: &Cx, pairs: &[SuspectPair]) -> Markup {
    let heads = [
        T("较早的档案", "Older file"),
        T("较新的档案", "Newer file"),
        T("相同之处", "Alike in"),
        T("相似度", "Likeness"),
    ];
    let cols = heads.iter().map(|head| Col::new(cx.t(*head))).collect();
    let rows = pairs
        .iter()
        .map(|pair| {
            let url = format!("/customers/{}/merge?from={}", pair.first.id, pair.second.id);
            let merge = Btn::new(cx.t(T("合并", "Merge"))).icon("git-merge").sm().modal(url);
            let cells = vec![
                file(cx, &pair.first),
                file(cx, &pair.second),
                alike(cx, &pair.alike),
                ui::num(format!("{} %", pair.score)),
            ];
            Row::new(pair.second.id, cx.mask(Sens::Name, &pair.second.name), cells).actions(html! { (merge) })
        })
        .collect();
    let title = cx.t(T("疑似重复客户", "Suspected duplicates"));
    let none = ui::empty(
        "users",
        cx.t(T("没有发现重复的档案", "No duplicates found")),
        cx.t(T("按电话和名称比对，相同的会列在这里。", "Files with equal phones or names appear here.")),
        None,
    );
    let body = if pairs.is_empty() { none } else { ui::small_table(&Table::new(title, cols, rows)) };
    ui::plain_view(title, html! {}, body)
}

/// The dialog that merges another file into this one.
pub fn merge_form(cx: &Cx, into: &CustomerRow, from: Option<&CustomerRow>, errors: &FormErrors) -> Markup {
    let shown = from.map(|row| format!("{} {}", cx.mask(Sens::Name, &row.name), row.no)).unwrap_or_default();
    let body = html! {
        (errors.summary(cx.lang))
        p { (cx.t(T("保留：", "Stays: "))) (ui::strong(format!("{} {}", cx.mask(Sens::Name, &into.name), into.no))) }
        (Field::combo("from", cx.t(T("并入并停用的档案", "File that goes")), "/customers/suggest").maybe(from.map(|row| row.id)).shown(shown).error(errors.of("from")).required())
        (ui::alert(Tone::Blue, cx.t(T("联系人、地址、设备和工单都转到保留的档案；旧编号仍可打开。不能撤销。", "Contacts, addresses, units and orders go to the file that stays; the old number still opens it. This can't be undone."))))
    };
    let form = Form::post(format!("/customers/{}/merge", into.id), cx.form_key());
    ui::modal_form(
        cx.lang,
        cx.t(T("合并客户档案", "Merge customer files")),
        form,
        cx.t(T("合并", "Merge")),
        body,
    )
}
