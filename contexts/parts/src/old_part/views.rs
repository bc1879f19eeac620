//! Markup of old parts.

use kernel::{Id, T};
use kit::{Cx, FormErrors, format};
use maud::{Markup, html};
use ui::{Btn, Def, Detail, Field, Form, Tone};

use super::model::{DebtOut, DebtState, Settlement};
use crate::{
    depot::model::{DepotKind, DepotRow},
    perms::OLD_PART_WRITE,
    widgets::{depot_field, options},
};

/// A debt on one screen.
pub fn debt_page(cx: &Cx, out: &DebtOut, depots: &[DepotRow], side: Markup, errors: &FormErrors) -> Markup {
    let crumbs = [(cx.t(T("旧件监控", "Old parts")), Some("/old-parts")), (out.no.as_str(), None)];
    let title = format!("{} {}", out.code, out.name);
    let open = out.open.0 > 0 && cx.can(&OLD_PART_WRITE);
    let body = html! {
        (errors.summary(cx.lang))
        (ui::section(cx.t(T("欠退", "What is owed")), html! {}, ui::dl(&[
            Def::new(cx.t(T("配件", "Part")), ui::link(&format!("/parts/{}", out.part_id), &title)),
            Def::new(cx.t(T("责任方", "Owed by")), html! { (out.debtor_name) " " (ui::muted(cx.t(out.debtor_kind.label()))) }),
            Def::new(cx.t(T("单据", "Document")), document(cx, out)),
            Def::new(cx.t(T("期限", "Due")), html! { @if out.overdue { (ui::red(out.due.to_string())) } @else { (out.due) } }),
            Def::new(cx.t(T("应退", "Due back")), ui::num(out.quantity.to_string())),
            Def::new(cx.t(T("已收", "Received")), ui::num(out.returned.to_string())),
            Def::new(cx.t(T("欠退", "Still owed")), ui::num(out.open.to_string())),
            Def::new(cx.t(T("鉴定不合格", "Refused")), ui::num(out.rejected.to_string())),
            Def::new(cx.t(T("已扣款", "Charged")), html! { (out.charged) " / " (format::money(out.charge)) }),
            Def::new(cx.t(T("免退", "Waived")), ui::num(out.waived.to_string())),
            Def::new(cx.t(T("备注", "Remarks")), ui::or_none(Some(out.note.as_str()).filter(|n| !n.is_empty()))).full(),
        ])))
        @if open { (ui::section(cx.t(T("处理", "Settle")), html! {}, settle_form(cx, out, depots, errors))) }
    };
    let tone = match out.state {
        DebtState::Owed if out.overdue => Tone::Red,
        DebtState::Owed => Tone::Orange,
        DebtState::Settled => Tone::Green,
        _ => Tone::Neutral,
    };
    let detail = Detail {
        meta: html! {
            (ui::tag(tone, cx.t(out.state.label())))
            @if out.overdue { (ui::tag(Tone::Red, cx.t(T("已逾期", "Overdue")))) }
        },
        side: Some(side),
        ..Detail::new(&crumbs, &title, body)
    };
    ui::detail_view(cx.lang, &detail)
}

/// The document that issued the new part, as a link where its kind has a page.
fn document(cx: &Cx, out: &DebtOut) -> Markup {
    match cx.app.registry.docs.get(out.doc_kind.as_str()) {
        Some(kind) => ui::link(&kind.href.replace("{id}", &out.doc_id.to_string()), &out.doc_no),
        None => html! { (out.doc_no) },
    }
}

fn settle_form(cx: &Cx, out: &DebtOut, depots: &[DepotRow], errors: &FormErrors) -> Markup {
    let usual: Option<Id> = depots.iter().find(|d| d.kind == DepotKind::ToRepair).map(|d| d.id);
    Form::post(format!("/old-parts/{}/settle", out.id), cx.form_key()).body(html! {
        (ui::fields(html! {
            (Field::chips("how", cx.t(T("方式", "How"))).options(options(cx, Settlement::OPTIONS)).value(Settlement::Returned.as_str()).full())
            (Field::number("quantity", cx.t(T("数量", "Quantity"))).value(out.open).error(errors.of("quantity")).required())
            (depot_field(cx, "depot_id", T("收旧件仓库", "Taken into"), depots, usual, errors))
            (Field::switch("scrap", cx.t(T("报废件（不可修）", "Scrap, not repairable"))))
            (Field::money("amount", cx.t(T("扣款金额", "Amount charged"))).hint(cx.t(T("不填按销售价", "List price when empty"))).error(errors.of("amount")))
            (Field::text("note", cx.t(T("鉴定结果/原因", "Findings, or why"))).error(errors.of("note")).wide())
        }))
        (ui::form_buttons(&[Btn::submit(cx.t(T("保存", "Save")))]))
    })
}
