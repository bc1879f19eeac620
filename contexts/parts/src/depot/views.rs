//! Markup of depots.

use kernel::{Id, Quantity, T};
use kit::{Cx, FormErrors};
use maud::{Markup, html};
use ui::{Btn, Col, Def, Detail, Field, Form, Row, Table, Tone};

use super::model::{DepotInput, DepotKind, DepotRow, Lying};
use crate::{
    perms::{DEPOT_WRITE, STOCK_ISSUE, STOCK_MOVE, STOCK_RECEIVE},
    widgets::options,
};

/// What a depot's page shows.
pub struct DepotPage {
    /// The depot.
    pub row: DepotRow,
    /// What lies there.
    pub lying: Vec<Lying>,
    /// Name of its organisation.
    pub org: String,
    /// Name of its holder.
    pub holder: Option<String>,
    /// Comments and history.
    pub side: Markup,
}

/// A depot on one screen.
pub fn depot_page(cx: &Cx, page: &DepotPage) -> Markup {
    let row = &page.row;
    let crumbs = [(cx.t(T("仓库", "Depots")), Some("/depots")), (row.code.as_str(), None)];
    let all = format!("/stock?filter=depot_id~eq~{}", row.id);
    let body = html! {
        (ui::section(cx.t(T("基本资料", "Basics")), html! {}, ui::dl(&[
            Def::new(cx.t(T("编号", "Code")), ui::mono(&row.code)),
            Def::new(cx.t(T("所属组织", "Organisation")), &page.org),
            Def::new(cx.t(T("责任人", "Holder")), ui::or_none(page.holder.as_deref())),
            Def::new(cx.t(T("地址", "Address")), ui::or_none(Some(row.address.as_str()).filter(|a| !a.is_empty()))).wide(),
            Def::new(cx.t(T("备注", "Remarks")), ui::or_none(Some(row.note.as_str()).filter(|a| !a.is_empty()))).full(),
        ])))
        (ui::section(cx.t(T("库存", "Stock")), ui::btns(&[
            Btn::link(cx.t(T("全部库存", "All stock")), all).icon("list").sm(),
            Btn::link(cx.t(T("收发存", "In and out")), format!("/stock-turnover?depot_id={}", row.id)).icon("report").sm(),
        ]), stock(cx, &page.lying)))
    };
    let detail = Detail {
        meta: html! {
            (ui::tag(Tone::Blue, cx.t(row.kind.label())))
            @if !row.active { (ui::tag(Tone::Neutral, cx.t(T("已停用", "Not in use")))) }
        },
        actions: actions(cx, row),
        side: Some(page.side.clone()),
        ..Detail::new(&crumbs, &row.name, body)
    };
    ui::detail_view(cx.lang, &detail)
}

fn actions(cx: &Cx, row: &DepotRow) -> Markup {
    html! {
        @if row.active && cx.can(&STOCK_RECEIVE) { (Btn::link(cx.t(T("入库", "Receive")), format!("/receipts/new?depot_id={}", row.id)).icon("package-import")) }
        @if row.active && cx.can(&STOCK_MOVE) { (Btn::link(cx.t(T("调拨", "Transfer")), format!("/transfers/new?from_id={}", row.id)).icon("truck")) }
        @if row.active && cx.can(&STOCK_ISSUE) { (Btn::link(cx.t(T("出库", "Issue")), format!("/issue-slips/new?depot_id={}", row.id)).icon("package-export")) }
        @if cx.can(&DEPOT_WRITE) { (Btn::link(cx.t(T("修改", "Edit")), format!("/depots/{}/edit", row.id)).icon("edit").primary().kbd("E")) }
    }
}

fn stock(cx: &Cx, lying: &[Lying]) -> Markup {
    let right = |zh, en| Col::new(cx.t(T(zh, en))).right();
    let cols = vec![
        Col::new(cx.t(T("编码", "Code"))),
        Col::new(cx.t(T("名称", "Name"))),
        Col::new(cx.t(T("货位", "Place"))),
        Col::new(cx.t(T("状态", "State"))),
        right("现存", "On hand"),
        right("预留", "Reserved"),
        right("可用", "Available"),
    ];
    let rows = lying
        .iter()
        .map(|l| {
            let free = Quantity(l.on_hand.0 - l.reserved.0);
            Row::new(
                l.part_id,
                l.code.clone(),
                vec![
                    ui::id_link(&format!("/parts/{}", l.part_id), &l.code),
                    html! { (l.name) },
                    ui::or_none(Some(l.bin.as_str()).filter(|b| !b.is_empty())),
                    html! { (cx.t(l.stock_state.label())) },
                    html! { (l.on_hand) },
                    html! { (l.reserved) },
                    html! { @if l.low { (ui::red(free.to_string())) } @else { (free) } },
                ],
            )
        })
        .collect();
    let empty = ui::empty("package", cx.t(T("仓库是空的", "The depot is empty")), "", None);
    ui::small_table(&Table::new(cx.t(T("库存", "Stock")), cols, rows).empty(empty).min_width("40rem"))
}

/// The form of a new depot (`id` none) or a change.
pub fn depot_form(
    cx: &Cx,
    id: Option<Id>,
    input: &DepotInput,
    people: &[(String, String)],
    errors: &FormErrors,
) -> Markup {
    let list = cx.t(T("仓库", "Depots"));
    let title =
        cx.t(if id.is_some() { T("修改仓库", "Change depot") } else { T("新建仓库", "New depot") });
    let (action, cancel) = match id {
        Some(id) => (format!("/depots/{id}/edit"), format!("/depots/{id}")),
        None => ("/depots/new".to_string(), "/depots".to_string()),
    };
    let kinds: Vec<_> =
        options(cx, DepotKind::OPTIONS).into_iter().filter(|(code, _)| *code != "transit").collect();
    let body = html! {
        (errors.summary(cx.lang))
        @if let Some(version) = input.version { (ui::hidden("version", version)) }
        @if let Some(org) = input.org_id { (ui::hidden("org_id", org)) }
        (ui::fieldset(cx.t(T("仓库", "Depot")), "", html! {
            (Field::text("code", cx.t(T("编号", "Code"))).value(&input.code).error(errors.of("code")).required().autofocus())
            (Field::text("name", cx.t(T("名称", "Name"))).value(&input.name).error(errors.of("name")).required())
            (Field::select("kind", cx.t(T("类型", "Kind"))).options(kinds).value(input.kind.as_str()).error(errors.of("kind")))
            (Field::select("holder_id", cx.t(T("责任人", "Holder"))).options(people.to_vec()).blank(cx.t(T("无", "None"))).maybe(input.holder_id).error(errors.of("holder_id")).hint(cx.t(T("车/包库必填", "Needed for vans"))))
            (Field::text("address", cx.t(T("地址", "Address"))).value(&input.address).wide())
            (Field::switch("inactive", cx.t(T("停用", "Not in use"))).checked(input.inactive))
            (Field::area("note", cx.t(T("备注", "Remarks")), 2).value(&input.note).full())
        }))
        (ui::form_actions(cx.lang, cx.t(T("保存", "Save")), Some(&cancel)))
    };
    let form = Form::post(action, cx.form_key()).body(body);
    ui::form_page(cx.lang, &[(list, Some("/depots")), (title, None)], title, "", form, None)
}
