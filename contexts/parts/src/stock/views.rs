//! Markup of stock.

use kernel::{Id, Quantity, T};
use kit::{Cx, FormErrors, format};
use maud::{Markup, html};
use ui::{Btn, Col, Field, Form, Row, Stat, Table, Tone};

use super::{
    correct::{Book, CountInput, RestateInput},
    draw::{Advice, DrawAsk, DrawOut, Proposal},
    model::StockState,
    turnover::{self, PAGE, TurnoverAsk, TurnoverRow},
};
use crate::{
    depot::model::DepotRow,
    perms::{PURCHASE_WRITE, STOCK_ISSUE, STOCK_MOVE},
    widgets::{any_depot_field, depot_field, options, part_field, qty_value},
};

/// A form that only asks: its answer is a page with an address of its own.
fn ask_form(action: &str, body: &Markup) -> Markup {
    html! { form method="get" action=(action) { (body) } }
}

/// The draw screen: five quantities, what to do, what lies where.
pub fn draw_page(
    cx: &Cx,
    ask: &DrawAsk,
    found: Option<&DrawOut>,
    missing: bool,
    depots: &[DepotRow],
) -> Markup {
    let none = FormErrors::default();
    let shown = found.map_or_else(|| ask.part_text.clone(), |f| format!("{} {}", f.code, f.name));
    let part = found.map_or_else(|| ask.part.clone(), |f| f.part_id.to_string());
    let form = ask_form(
        "/stock-draw",
        &html! {
            @if let Some(order) = ask.order_id { (ui::hidden("order_id", order)) }
            (ui::fieldset("", "", html! {
                (part_field(cx, "part", &part, &shown, &none).wide().autofocus())
                (Field::number("quantity", cx.t(T("需要数量", "Wanted"))).value(qty_value(ask.quantity.unwrap_or(Quantity::ONE))))
                (any_depot_field(cx, T("首选仓库", "From"), depots, ask.depot_id))
            }))
            (ui::form_buttons(&[Btn::submit(cx.t(T("查询", "Look"))).icon("search")]))
        },
    );
    let body = html! {
        (form)
        @if missing { (ui::alert(Tone::Amber, cx.t(T("没有找到这个配件", "There is no such part")))) }
        @if let Some(out) = found { (answer(cx, out)) }
    };
    ui::plain_view(cx.t(T("领料建议", "Draw parts")), html! {}, body)
}

fn answer(cx: &Cx, out: &DrawOut) -> Markup {
    let stat = |label: T, quantity: Quantity| Stat::new(cx.t(label), quantity).unit(&out.unit);
    html! {
        (ui::stats(&[
            stat(T("库存", "In stock"), out.five.on_hand),
            stat(T("占用", "Held for orders"), out.five.occupied),
            stat(T("预约", "Reserved"), out.five.reserved),
            stat(T("预订/在途", "On order, on the way"), out.five.on_order),
            stat(T("在用", "With engineers"), out.five.in_use),
        ]))
        @if let Some(order) = out.order_id {
            (ui::alert(Tone::Blue, html! { (cx.t(T("为这张工单领料：", "For this order: "))) (ui::link(&format!("/orders/{order}"), cx.t(T("打开工单", "open the order")))) }))
        }
        @if out.asked_for.0 > 0 {
            (ui::alert(Tone::Amber, html! { (T("已有待订购的申请：{n} {unit}，请勿重复申请。", "{n} {unit} are asked for already and not yet ordered.").fill(cx.lang, &[("n", out.asked_for.to_string()), ("unit", out.unit.clone())])) " " (ui::link("/purchases?view=draft", cx.t(T("查看", "See them")))) }))
        }
        (ui::section(cx.t(T("建议", "What to do")), html! {}, proposals(cx, out)))
        (ui::section(cx.t(T("各仓库", "By depot")), html! {}, by_depot(cx, out)))
        @if !out.lots.is_empty() { (ui::section(cx.t(T("先进先出", "First in, first out")), html! {}, lots(cx, out))) }
        @if !out.substitutes.is_empty() { (ui::section(cx.t(T("可用代用件", "Substitutes")), html! {}, substitutes(cx, out))) }
    }
}

fn proposals(cx: &Cx, out: &DrawOut) -> Markup {
    let cols = vec![
        Col::new(cx.t(T("建议", "Do"))),
        Col::new(cx.t(T("数量", "Quantity"))).right(),
        Col::new(cx.t(T("仓库", "Depot"))),
        Col::new(cx.t(T("下一步", "Next"))),
    ];
    let rows = out
        .proposals
        .iter()
        .map(|p| {
            let tone = match p.advice {
                Advice::Issue => Tone::Green,
                Advice::Occupy | Advice::Reserve => Tone::Cyan,
                Advice::Transfer => Tone::Blue,
                Advice::Await => Tone::Violet,
                Advice::Order => Tone::Orange,
            };
            let cells = vec![
                ui::tag(tone, cx.t(p.advice.label())),
                html! { (p.quantity) },
                ui::or_none(Some(p.depot.as_str()).filter(|d| !d.is_empty())),
                next(cx, out, p),
            ];
            Row::new(p.advice.as_str(), cx.t(p.advice.label()), cells)
        })
        .collect();
    ui::small_table(&Table::new(cx.t(T("建议", "What to do")), cols, rows).min_width("30rem"))
}

/// Buttons that begin the proposed document with everything filled in.
fn next(cx: &Cx, out: &DrawOut, p: &Proposal) -> Markup {
    let depot = p.depot_id.map_or_else(String::new, |id| id.to_string());
    let slip = |reserve: bool| {
        format!(
            "/issue-slips/new?depot_id={depot}&part={}&quantity={}&reserve={reserve}",
            out.code, p.quantity
        )
    };
    let issue = || Btn::link(cx.t(T("出库", "Issue")), slip(false)).sm();
    let reserve = || Btn::link(cx.t(T("预约", "Reserve")), slip(true)).sm();
    match p.advice {
        Advice::Issue if cx.can(&STOCK_ISSUE) => ui::btns(&[issue().primary(), reserve()]),
        Advice::Reserve if cx.can(&STOCK_ISSUE) => ui::btns(&[reserve().primary(), issue()]),
        Advice::Occupy => match out.order_id {
            // The order's own form: it knows who may change its lines.
            Some(order) => ui::btns(&[Btn::new(cx.t(T("占用", "Hold"))).sm().primary().modal(format!(
                "/orders/{order}/lines/new?part_id={}&depot_id={depot}&quantity={}&stock=reserve",
                out.part_id, p.quantity
            ))]),
            None => ui::none(),
        },
        Advice::Order if cx.can(&PURCHASE_WRITE) => {
            let depot = out.chosen.map_or_else(String::new, |id| id.to_string());
            let href = format!("/purchases/new?depot_id={depot}&part={}&quantity={}", out.code, p.quantity);
            ui::btns(&[Btn::link(cx.t(T("申请采购", "Ask to buy")), href).sm().primary()])
        }
        Advice::Transfer if cx.can(&STOCK_MOVE) => {
            let href =
                format!("/transfers/new?kind=move&from_id={depot}&part={}&quantity={}", out.code, p.quantity);
            ui::btns(&[Btn::link(cx.t(T("调拨", "Transfer")), href).sm()])
        }
        Advice::Await => ui::btns(&[
            Btn::link(cx.t(T("查看在途", "See arrivals")), "/arrivals?view=way").sm(),
            Btn::link(cx.t(T("查看采购", "See purchases")), "/purchases?view=ordered").sm(),
        ]),
        _ => ui::none(),
    }
}

fn by_depot(cx: &Cx, out: &DrawOut) -> Markup {
    let right = |zh, en| Col::new(cx.t(T(zh, en))).right();
    let cols = vec![
        Col::new(cx.t(T("仓库", "Depot"))),
        Col::new(cx.t(T("货位", "Place"))),
        right("新件", "New"),
        right("修复件", "Repaired"),
        right("预留", "Reserved"),
        right("可用", "Available"),
    ];
    let rows = out
        .stock
        .iter()
        .map(|s| {
            let cells = vec![
                ui::link(&format!("/depots/{}", s.depot_id), &s.depot),
                ui::or_none(Some(s.bin.as_str()).filter(|b| !b.is_empty())),
                html! { (s.new) },
                html! { (s.repaired) },
                html! { (s.reserved) },
                html! { @if s.low { (ui::red(s.available.to_string())) } @else { (s.available) } },
            ];
            Row::new(s.depot_id, s.depot.clone(), cells)
        })
        .collect();
    let empty = ui::empty("package", cx.t(T("各仓库都没有", "Nowhere in stock")), "", None);
    ui::small_table(&Table::new(cx.t(T("各仓库", "By depot")), cols, rows).empty(empty).min_width("32rem"))
}

fn lots(cx: &Cx, out: &DrawOut) -> Markup {
    let cols = vec![
        Col::new(cx.t(T("入库时间", "Received"))),
        Col::new(cx.t(T("单据", "Document"))),
        Col::new(cx.t(T("状态", "State"))),
        Col::new(cx.t(T("尚存", "Still there"))).right(),
    ];
    let rows = out
        .lots
        .iter()
        .enumerate()
        .map(|(n, lot)| {
            let state = StockState::parse(&lot.to_state).map_or("", |s| cx.t(s.label()));
            let cells = vec![
                ui::num(format::time(cx, lot.at)),
                html! { (lot.doc_no) },
                html! { (state) },
                html! { (lot.quantity) },
            ];
            Row::new(n, lot.doc_no.clone(), cells)
        })
        .collect();
    ui::small_table(&Table::new(cx.t(T("先进先出", "First in, first out")), cols, rows).min_width("28rem"))
}

fn substitutes(cx: &Cx, out: &DrawOut) -> Markup {
    let cols = vec![Col::new(cx.t(T("编码", "Code"))), Col::new(cx.t(T("名称", "Name"))), Col::new("")];
    let rows = out
        .substitutes
        .iter()
        .map(|s| {
            let href = format!("/stock-draw?part={}&quantity={}", s.other_id, out.wanted);
            let cells = vec![
                ui::id_link(&format!("/parts/{}", s.other_id), &s.code),
                html! { (s.name) },
                ui::btns(&[Btn::link(cx.t(T("看库存", "See stock")), href).sm()]),
            ];
            Row::new(s.id, s.code.clone(), cells)
        })
        .collect();
    ui::small_table(&Table::new(cx.t(T("可用代用件", "Substitutes")), cols, rows).min_width("28rem"))
}

/// In and out over a period.
pub fn turnover_page(cx: &Cx, ask: &TurnoverAsk, rows: &[TurnoverRow], depots: &[DepotRow]) -> Markup {
    let (from, to, ..) = turnover::period(cx, ask);
    let form = ask_form(
        "/stock-turnover",
        &html! {
            (ui::fieldset("", "", html! {
                (ui::pair(
                    Field::date("from", cx.t(T("从", "From"))).value(from),
                    Field::date("to", cx.t(T("到", "To"))).value(to),
                ))
                (any_depot_field(cx, T("仓库", "Depot"), depots, ask.depot_id))
            }))
            (ui::form_buttons(&[Btn::submit(cx.t(T("查询", "Look"))).icon("search")]))
        },
    );
    let depot = ask.depot_id.map_or_else(String::new, |id| id.to_string());
    let full = i64::try_from(rows.len()) == Ok(PAGE);
    let next = rows.last().filter(|_| full).map(|last| {
        format!("/stock-turnover?from={from}&to={to}&depot_id={depot}&after={}", form_encode(&last.code))
    });
    let body = html! {
        (form)
        (turnover_table(cx, rows))
        @if let Some(next) = next { (ui::btns(&[Btn::link(cx.t(T("下一页", "Next page")), next).trailing("arrow-right")])) }
    };
    ui::plain_view(cx.t(T("收发存汇总", "In and out")), html! {}, body)
}

/// A value inside an address.
fn form_encode(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

fn turnover_table(cx: &Cx, rows: &[TurnoverRow]) -> Markup {
    let right = |zh, en| Col::new(cx.t(T(zh, en))).right();
    let cols = vec![
        Col::new(cx.t(T("编码", "Code"))),
        Col::new(cx.t(T("名称", "Name"))),
        right("期初", "Opening"),
        right("入", "In"),
        right("出", "Out"),
        right("期末", "Closing"),
        right("现预留", "Reserved now"),
    ];
    let rows = rows
        .iter()
        .map(|r| {
            let cells = vec![
                ui::id_link(&format!("/parts/{}", r.part_id), &r.code),
                html! { (r.name) },
                html! { (r.opening) },
                html! { (r.came) },
                html! { (r.went) },
                html! { (r.closing) },
                html! { (r.reserved) },
            ];
            Row::new(r.part_id, r.code.clone(), cells)
        })
        .collect();
    let empty = ui::empty("report", cx.t(T("这段时间没有库存", "Nothing in this period")), "", None);
    ui::small_table(
        &Table::new(cx.t(T("收发存汇总", "In and out")), cols, rows).empty(empty).min_width("44rem"),
    )
}

fn states(cx: &Cx) -> Vec<(&'static str, &'static str)> {
    options(cx, StockState::OPTIONS).into_iter().filter(|(code, _)| *code != "in_transit").collect()
}

fn known(id: Id) -> Option<Id> {
    (!id.is_nil()).then_some(id)
}

/// What the books have of what is counted.
pub fn book(cx: &Cx, book: Option<&Book>) -> Markup {
    let Some(book) = book else {
        return ui::muted(
            cx.t(T("选好仓库和配件后显示账面数量", "Choose depot and part to see what the books have")),
        );
    };
    let text = if book.reserved.is_zero() {
        T("账面数量：{quantity} {unit}", "In the books: {quantity} {unit}")
    } else {
        T(
            "账面数量：{quantity} {unit}（其中预留 {reserved}）",
            "In the books: {quantity} {unit} ({reserved} reserved)",
        )
    };
    let args = [
        ("quantity", book.on_hand.to_string()),
        ("unit", book.unit.clone()),
        ("reserved", book.reserved.to_string()),
    ];
    ui::strong(text.fill(cx.lang, &args))
}

/// The form of a count correction.
pub fn count_page(
    cx: &Cx,
    given: &CountInput,
    books: Option<&Book>,
    depots: &[DepotRow],
    errors: &FormErrors,
) -> Markup {
    let title = cx.t(T("盘点更正", "Count correction"));
    let body = html! {
        (errors.summary(cx.lang))
        (ui::fieldset("", cx.t(T("填写实际数量，差异自动记账", "Give what was counted; the difference is posted")), html! {
            (depot_field(cx, "depot_id", T("仓库", "Depot"), depots, known(given.depot_id), errors))
            (part_field(cx, "part", &given.part, &given.part_text, errors).wide())
            (Field::select("state", cx.t(T("状态", "State"))).options(states(cx)).value(given.state.unwrap_or(StockState::New).as_str()).error(errors.of("state")))
            div #count-book aria-live="polite" hx-get="/stock-count?book=true" hx-trigger="change from:'closest form'" hx-include="closest form" hx-target="this" hx-swap="innerHTML" hx-sync="this:replace" {
                (book(cx, books))
            }
            (Field::number("counted", cx.t(T("实盘数量", "Counted"))).maybe(given.counted).error(errors.of("counted")).required())
            @if let Some(question) = errors.of("none_left") {
                (Field::check("none_left", cx.t(T("确认一件不剩", "Nothing is left"))).checked(given.none_left).error(Some(question)))
            }
            (Field::money("unit_cost", cx.t(T("盘盈单位成本", "Unit cost if more"))).maybe(given.unit_cost.map(|m| m.fmt_plain())).error(errors.of("unit_cost")).hint(cx.t(T("不填按移动平均", "Average when empty"))))
            (Field::text("reason", cx.t(T("差异原因", "Why it differs"))).value(&given.reason).error(errors.of("reason")).required().wide())
        }))
        (ui::form_actions(cx.lang, cx.t(T("保存", "Save")), Some("/stock")))
    };
    let form = Form::post("/stock-count", cx.form_key()).body(body);
    ui::form_page(
        cx.lang,
        &[(cx.t(T("库存", "Stock")), Some("/stock")), (title, None)],
        title,
        "",
        form,
        None,
    )
}

/// The form of a change of state, or a disposal.
pub fn restate_page(cx: &Cx, given: &RestateInput, depots: &[DepotRow], errors: &FormErrors) -> Markup {
    let title = cx.t(T("库存状态变更", "Change of state"));
    let body = html! {
        (errors.summary(cx.lang))
        (ui::fieldset("", "", html! {
            (depot_field(cx, "depot_id", T("仓库", "Depot"), depots, known(given.depot_id), errors))
            (part_field(cx, "part", &given.part, &given.part_text, errors).wide())
            (Field::number("quantity", cx.t(T("数量", "Quantity"))).value(qty_value(given.quantity)).error(errors.of("quantity")).required())
            (Field::select("from_state", cx.t(T("现状态", "State now"))).options(states(cx)).value(given.from_state.as_str()).error(errors.of("from_state")))
            (Field::select("to_state", cx.t(T("新状态", "New state"))).options(states(cx)).blank(cx.t(T("处置出库", "Dispose of"))).maybe(given.to_state.map(StockState::as_str)).error(errors.of("to_state")))
            (Field::text("reason", cx.t(T("原因", "Why"))).value(&given.reason).error(errors.of("reason")).required().wide())
        }))
        (ui::form_actions(cx.lang, cx.t(T("保存", "Save")), Some("/stock")))
    };
    let form = Form::post("/stock-restate", cx.form_key()).body(body);
    ui::form_page(
        cx.lang,
        &[(cx.t(T("库存", "Stock")), Some("/stock")), (title, None)],
        title,
        "",
        form,
        None,
    )
}
