//! Markup of issue slips.

use kernel::{Money, T};
use kit::{Cx, FormErrors, format};
use maud::{Markup, html};
use ui::{Btn, Col, Def, Detail, Field, Form, Row, Table, Tone};

use super::model::{SlipInput, SlipLineInput, SlipLineOut, SlipOut, SlipPick, SlipState};
use crate::{
    depot::model::DepotRow,
    perms::{STOCK_EDIT, STOCK_ISSUE},
    stock::model::IssueKind,
    widgets::{self, depot_field, options, part_field, qty_value},
};

fn text(value: &str) -> Markup {
    ui::or_none(Some(value).filter(|v| !v.is_empty()))
}

/// A slip on one screen.
pub fn slip_page(cx: &Cx, out: &SlipOut, side: Markup, errors: &FormErrors) -> Markup {
    let crumbs = [(cx.t(T("出库单", "Issue slips")), Some("/issue-slips")), (out.no.as_str(), None)];
    let open = match out.state {
        SlipState::Reserved => cx.can(&STOCK_ISSUE),
        SlipState::Issued => cx.can(&STOCK_ISSUE) && cx.can(&STOCK_EDIT),
        SlipState::Cancelled => false,
    };
    let tone = match out.state {
        SlipState::Reserved => Tone::Amber,
        SlipState::Issued => Tone::Green,
        SlipState::Cancelled => Tone::Neutral,
    };
    let body = html! {
        (errors.summary(cx.lang))
        (ui::section(cx.t(T("去向", "What for")), html! {}, ui::dl(&[
            Def::new(cx.t(T("仓库", "Depot")), ui::link(&format!("/depots/{}", out.depot_id), &out.depot)),
            Def::new(cx.t(T("领用方", "For")), text(&out.recipient)),
            Def::new(cx.t(T("领料票据", "Voucher")), text(&out.voucher)),
            Def::new(cx.t(T("取用顺序", "Taken")), cx.t(out.pick.label())),
            Def::new(cx.t(T("时间", "When")), ui::num(format::time(cx, out.at))),
            Def::new(cx.t(T("原因", "Why")), text(&out.reason)),
            Def::new(cx.t(T("备注", "Remarks")), text(&out.note)).wide(),
        ])))
        (ui::section(cx.t(T("明细", "Lines")), html! {}, lines(cx, out, open)))
        @if open {
            (ui::section(cx.t(T("增加一行", "Add a line")), html! {}, add_form(cx, out, errors)))
            (ui::section(cx.t(T("取消", "Cancel")), html! {}, cancel_form(cx, out, errors)))
        }
    };
    let issue = Btn::new(cx.t(T("出库", "Issue"))).icon("package-export").primary();
    let detail = Detail {
        meta: html! { (ui::tag(Tone::Blue, cx.t(out.kind.label()))) (ui::tag(tone, cx.t(out.state.label()))) },
        actions: html! {
            @if open && out.state == SlipState::Reserved { (ui::post_button(&format!("/issue-slips/{}/issue", out.id), cx.form_key(), issue)) }
        },
        side: Some(side),
        ..Detail::new(&crumbs, &out.no, body)
    };
    ui::detail_view(cx.lang, &detail)
}

fn lines(cx: &Cx, out: &SlipOut, open: bool) -> Markup {
    let right = |zh, en| Col::new(cx.t(T(zh, en))).right();
    let cols = vec![
        Col::new(cx.t(T("编码", "Code"))),
        Col::new(cx.t(T("名称", "Name"))),
        Col::new(cx.t(T("单位", "Unit"))),
        right("数量", "Quantity"),
        right("销售价", "Price"),
        right("成本", "Cost"),
    ];
    let rows = out.lines.iter().map(|line| line_row(cx, out, line, open)).collect();
    let total: i64 =
        out.lines.iter().map(|line| line.price.checked_mul(line.quantity).map_or(0, |m| m.0)).sum();
    html! {
        (ui::small_table(&Table::new(cx.t(T("明细", "Lines")), cols, rows).min_width("40rem")))
        (ui::sums(&[(cx.t(T("销售价合计", "At list price")), format::money(Money(total)))]))
    }
}

fn line_row(cx: &Cx, out: &SlipOut, line: &SlipLineOut, open: bool) -> Row {
    let cells = vec![
        ui::id_link(&format!("/parts/{}", line.part_id), &line.code),
        html! { (line.name) },
        html! { (line.unit) },
        html! { @if open { (quantity_form(cx, out, line)) } @else { (line.quantity) } },
        html! { (format::money(line.price)) },
        widgets::cost(line.cost),
    ];
    Row::new(line.id, line.code.clone(), cells)
}

/// A line's quantity, changed in place; zero gives everything back.
fn quantity_form(cx: &Cx, out: &SlipOut, line: &SlipLineOut) -> Markup {
    let save =
        Btn::icon_only("device-floppy", cx.t(T("保存数量", "Save quantity"))).sm().attr("type", "submit");
    Form::post(format!("/issue-slips/{}/lines", out.id), cx.form_key()).inline().body(html! {
        (ui::hidden("line_id", line.id))
        (Field::number("quantity", cx.t(T("数量", "Quantity"))).id(format!("q-{}", line.id)).value(line.quantity).bare().after(save))
    })
}

fn add_form(cx: &Cx, out: &SlipOut, errors: &FormErrors) -> Markup {
    Form::post(format!("/issue-slips/{}/lines", out.id), cx.form_key()).body(html! {
        (ui::fields(html! {
            (part_field(cx, "part", "", "", errors).wide())
            (Field::number("quantity", cx.t(T("数量", "Quantity"))).value("1").error(errors.of("quantity")))
        }))
        (ui::form_buttons(&[Btn::new(cx.t(T("增加", "Add"))).attr("type", "submit")]))
    })
}

fn cancel_form(cx: &Cx, out: &SlipOut, errors: &FormErrors) -> Markup {
    let question = cx.t(T(
        "已出库的全部退回仓库，预留的全部释放。",
        "Everything issued goes back, everything reserved is released.",
    ));
    Form::post(format!("/issue-slips/{}/cancel", out.id), cx.form_key()).body(html! {
        (ui::fields(html! { (Field::text("reason", cx.t(T("原因", "Why"))).error(errors.of("reason")).required().wide()) }))
        (ui::form_buttons(&[Btn::new(cx.t(T("取消出库单", "Cancel the slip"))).danger().attr("type", "submit").confirm(question)]))
    })
}

/// The form of a slip.
pub fn slip_form(cx: &Cx, given: &SlipInput, depots: &[DepotRow], errors: &FormErrors) -> Markup {
    let title = cx.t(T("出库/预约", "Issue or reserve"));
    let heads = [T("配件", "Part"), T("数量", "Quantity")];
    let rows = given.lines.iter().enumerate().map(|(n, line)| line_fields(cx, n, line, errors)).collect();
    let pick = given.pick.unwrap_or(SlipPick::RepairedFirst);
    let body = html! {
        (errors.summary(cx.lang))
        (ui::fieldset(cx.t(T("扫码", "Scan")), "", widgets::scan_bar(cx, errors, &given.unknown)))
        (ui::fieldset(cx.t(T("去向", "What for")), "", html! {
            (Field::select("kind", cx.t(T("类别", "Kind"))).options(options(cx, IssueKind::OPTIONS)).value(given.kind.as_str()))
            (depot_field(cx, "depot_id", T("仓库", "Depot"), depots, Some(given.depot_id), errors))
            (Field::text("recipient", cx.t(T("领用方", "For"))).value(&given.recipient))
            (Field::text("voucher", cx.t(T("领料票据号", "Voucher no."))).value(&given.voucher))
            (Field::select("pick", cx.t(T("取用顺序", "Take"))).options(options(cx, SlipPick::OPTIONS)).value(pick.as_str()))
            (Field::text("reason", cx.t(T("不按修复件优先的原因", "Why not repaired first"))).value(&given.reason).error(errors.of("reason")))
            (Field::switch("reserve", cx.t(T("只预约，稍后出库", "Reserve only, issue later"))).checked(given.reserve))
            (Field::text("note", cx.t(T("备注", "Remarks"))).value(&given.note).wide())
        }))
        (widgets::lines(cx, &heads, rows))
        (ui::form_actions(cx.lang, cx.t(T("保存", "Save")), Some("/issue-slips")))
    };
    let form = Form::post("/issue-slips/new", cx.form_key()).body(body);
    ui::form_page(
        cx.lang,
        &[(cx.t(T("出库单", "Issue slips")), Some("/issue-slips")), (title, None)],
        title,
        "",
        form,
        None,
    )
}

fn line_fields(cx: &Cx, n: usize, line: &SlipLineInput, errors: &FormErrors) -> Vec<Markup> {
    let name = |field: &str| format!("lines.{n}.{field}");
    let quantity = name("quantity");
    vec![
        html! { (part_field(cx, &name("part"), &line.part, &line.part_text, errors).bare()) },
        html! { (Field::number(&quantity, cx.t(T("数量", "Quantity"))).value(qty_value(line.quantity)).error(errors.of(&quantity)).bare()) },
    ]
}
