//! Tabs and side panel of the order's page.

use db::Conn;
use kernel::{Id, T};
use kit::{Cx, Result, attachments::Attachment, format, timers::Timer};
use maud::{Markup, html};
use ui::{Btn, Col, Def, Event, Form, Row, Sla, SlaKind, Table, Tone};

use super::{
    job::move_label,
    model::OrderRow,
    store,
    views::{OrderPage, secs, verdict_tag},
};
use crate::{
    flow::{FLOW, State},
    line::model::{LineKind, LineRow, Stock},
    perms::ORDER_READ,
};

/// What was taken off the bill by agreement.
pub const REDUCED: T = T("协商减免", "Reduced by agreement");

fn stock_tag(cx: &Cx, line: &LineRow) -> Markup {
    let tone = match line.stock {
        Stock::Used => Tone::Green,
        Stock::Issued => Tone::Blue,
        Stock::Reserved => Tone::Violet,
        Stock::Planned => Tone::Orange,
        Stock::None | Stock::Returned => Tone::Neutral,
    };
    html! { @if line.kind == LineKind::Part { (ui::tag_line(tone, cx.t(line.stock.label()))) } @else { (ui::none()) } }
}

/// Material and fees with their sums; changes while the order is not locked.
pub fn lines_section(cx: &Cx, page: &OrderPage) -> Markup {
    lines_panel(cx, page, "")
}

/// The same on the page of another sheet: `query` names that sheet and the way back for new lines.
pub fn lines_panel(cx: &Cx, page: &OrderPage, query: &str) -> Markup {
    let row = &page.row;
    let may = FLOW.allowed(cx, row.state.as_str()).any(|m| m.action == "lines");
    let add = html! { @if may { (Btn::link(cx.t(T("领料建议", "Draw parts")), format!("/stock-draw?order_id={}", row.id)).icon("bulb").sm()) (Btn::new(cx.t(T("添加行", "Add a line"))).icon("plus").sm().modal(format!("/orders/{}/lines/new{query}", row.id))) } };
    let cols = vec![
        Col::new(cx.t(T("编码", "Code"))),
        Col::new(cx.t(T("名称", "Name"))),
        Col::new(cx.t(T("保修", "Cover"))),
        Col::new(cx.t(T("物料状态", "Stock"))),
        Col::new(cx.t(T("数量", "Quantity"))).right(),
        Col::new(cx.t(T("单价", "Price"))).right(),
        Col::new(cx.t(T("应收", "Payable"))).right(),
    ];
    let about = |line: &LineRow| match page.units.iter().find(|unit| line.order_unit_id == Some(unit.id)) {
        Some(unit) if page.units.len() > 1 => super::views::item_name(cx, unit),
        _ => String::new(),
    };
    let rows = page.lines.iter().map(|line| line_row(cx, row.id, line, &about(line), may)).collect();
    let empty = ui::empty("package", cx.t(T("还没有备件与费用", "No parts or fees yet")), "", None);
    let (_, due) = crate::line::rules::totals(&page.lines).unwrap_or((row.gross, row.payable));
    let covered = row.gross.checked_sub(due).unwrap_or_default();
    let mut sums = vec![
        (cx.t(T("合计", "Gross")), format::price(cx, row.gross)),
        (cx.t(T("保修承担", "Borne by warranty")), format::price(cx, covered)),
    ];
    if !row.reduced.is_zero() {
        sums.push((cx.t(REDUCED), format::price(cx, row.reduced)));
    }
    sums.push((cx.t(T("客户应付", "Customer pays")), format::price(cx, row.payable)));
    let sums = ui::sums(&sums);
    let table =
        Table::new(cx.t(T("备件与费用", "Parts and fees")), cols, rows).empty(empty).min_width("44rem");
    ui::section_id(
        "order-lines",
        cx.t(T("备件与费用", "Parts and fees")),
        "",
        add,
        html! { (ui::small_table(&table)) @if !page.lines.is_empty() { (sums) } },
    )
}

fn line_row(cx: &Cx, order: Id, line: &LineRow, about: &str, may: bool) -> Row {
    let serials = cx.mask(kit::Sens::Serial, &line.serials);
    let note =
        [about, serials.as_str(), line.reclassified.as_str(), cx.lang.of(&line.trace), line.note.as_str()]
            .into_iter()
            .filter(|t| !t.is_empty())
            .collect::<Vec<_>>()
            .join(" · ");
    let cover = match line.covered_bp {
        10_000 => ui::tag(Tone::Green, cx.t(T("免费", "Free"))),
        0 => ui::tag(Tone::Neutral, cx.t(T("收费", "Charged"))),
        share => ui::tag(Tone::Amber, format!("{} {}", cx.t(T("保修", "Warranty")), kernel::Bp(share))),
    };
    // A part is known by its code; that of work and fees is for rules and reports.
    let code = if line.kind == LineKind::Part { ui::mono(&line.code) } else { ui::none() };
    let cells = vec![
        code,
        ui::two_lines(&line.name, note),
        cover,
        stock_tag(cx, line),
        ui::num(line.quantity.to_string()),
        ui::num(cx.mask(kit::Sens::Price, &line.price.to_string())),
        ui::num(cx.mask(kit::Sens::Price, &line.amount.to_string())),
    ];
    let row = Row::new(line.id, &line.name, cells).faded(line.stock == Stock::Returned);
    if !may {
        return row;
    }
    let at = format!("/orders/{order}/lines/{}", line.id);
    let question =
        cx.t(T("删除该行？已出库的备件会退回仓库。", "Delete this line? Issued parts go back to the depot."));
    row.actions(html! {
        (Btn::icon_only("edit", cx.t(T("修改", "Change"))).sm().modal(format!("{at}/edit")))
        @if !line.auto { (ui::post_button(&format!("{at}/delete"), cx.form_key(), Btn::icon_only("trash", cx.t(T("删除", "Delete"))).sm().confirm(question))) }
    })
}

/// Tab 作业记录: steps with person, place, reason, newest first.
pub fn work(cx: &Cx, page: &OrderPage) -> Markup {
    let events: Vec<Event> = page
        .steps
        .iter()
        .rev()
        .map(|step| {
            let place = match (step.lat, step.lon) {
                (Some(lat), Some(lon)) => format!(
                    "{}.{:06}, {}.{:06}",
                    lat / 1_000_000,
                    (lat % 1_000_000).abs(),
                    lon / 1_000_000,
                    (lon % 1_000_000).abs()
                ),
                _ => String::new(),
            };
            let text = [cx.lang.of(&step.reason), place.as_str()]
                .into_iter()
                .filter(|t| !t.is_empty())
                .collect::<Vec<_>>()
                .join(" · ");
            let state = State::parse(&step.to_state).map_or("", |state| cx.t(state.label()));
            Event {
                icon: if step.late { "alert-triangle" } else { "tool" },
                tone: if step.late { Tone::Red } else { Tone::Blue },
                head: html! {
                    (ui::strong(&step.staff_name)) " " (cx.t(move_label(&step.action)))
                    @if step.from_state != step.to_state { " → " (state) }
                    @if step.late { " " (ui::tag(Tone::Red, cx.t(T("超时", "late")))) }
                },
                time: format::time(cx, step.at),
                body: (!text.is_empty()).then(|| html! { (text) }),
            }
        })
        .collect();
    ui::section(cx.t(T("作业记录", "Work")), html! {}, ui::timeline(&events))
}

/// Tab 照片与附件.
pub fn files(cx: &Cx, id: Id, rows: &[Attachment], voids: &Markup) -> Markup {
    let label = |label: &str| match label {
        "arrival" => T("到场环境", "On arrival"),
        "signature" => T("客户签字", "Signature"),
        "part" => T("配件", "Part"),
        "old_part" => T("旧件", "Old part"),
        _ => T("附件", "File"),
    };
    let items: Vec<_> = rows
        .iter()
        .map(|file| {
            let note = format!("{} · {}", cx.t(label(&file.label)), format::time(cx, file.created_at));
            (file.name.clone(), format!("/files/{}", file.id), file.picture(), note)
        })
        .collect();
    let upload = Form::post(format!("/docs/order/{id}/files"), cx.form_key()).multipart().plain().body(html! {
        (ui::upload_box(cx.lang, "file", "", true, cx.t(T("现场照片、视频、单据", "Photos, videos, papers"))))
        (ui::form_buttons(&[Btn::submit(cx.t(T("上传", "Upload"))).sm()]))
    });
    ui::section(
        cx.t(T("照片与附件", "Photos and files")),
        html! {},
        html! { @if !items.is_empty() { (ui::attachments(&items)) } (voids) (upload) },
    )
}

/// Tab 时限: every clock with how its due time came about (WO-08, WO-14).
pub fn clocks(cx: &Cx, timers: &[Timer]) -> Markup {
    let cols = [
        T("时限", "Deadline"),
        T("状态", "State"),
        T("开始", "Started"),
        T("到期", "Due"),
        T("暂停", "Pauses"),
    ];
    let rows = timers
        .iter()
        .map(|timer| {
            let pauses: Vec<kernel::Pause> = serde_json::from_str(&timer.pauses).unwrap_or_default();
            let name = cx.app.registry.timers.get(timer.kind.as_str()).map_or(timer.kind.as_str(), |kind| cx.t(kind.label));
            let span = serde_json::from_str::<kernel::Span>(&timer.span).map(|span| span.text(cx.lang)).unwrap_or_default();
            let cells = vec![
                ui::two_lines(name, span),
                clock_chip(cx, timer),
                ui::num(format::time(cx, timer.started_at)),
                html! { @match timer.due_at { Some(at) => { (ui::num(format::time(cx, at))) } None => { (ui::none()) } } },
                html! { @for pause in &pauses { p { (ui::small(format!("{} – {} {}", format::time(cx, pause.from), pause.to.map(|to| format::time(cx, to)).unwrap_or_default(), reason(cx, &pause.reason)))) } } },
            ];
            Row::new(timer.id, name, cells)
                .actions(html! { (Btn::icon_only("info-circle", cx.t(T("怎样算的", "How it was computed"))).sm().modal(format!("/timers/{}/explain", timer.id))) })
        })
        .collect();
    let table = Table::new(cx.t(T("时限", "Deadlines")), cols.map(|c| Col::new(cx.t(c))).to_vec(), rows);
    ui::section(cx.t(T("时限", "Deadlines")), html! {}, ui::small_table(&table))
}

fn reason(cx: &Cx, code: &str) -> String {
    super::model::Waiting::parse(code).map_or(code, |reason| cx.t(reason.label())).to_string()
}

fn clock_chip(cx: &Cx, timer: &Timer) -> Markup {
    let chip = match (timer.state.as_str(), timer.due_at) {
        ("open", Some(due)) => {
            Sla::running(cx.lang, secs(cx.now()), secs(due), due.secs_since(timer.started_at))
        }
        ("paused", _) => Sla::new(SlaKind::Paused, cx.t(T("已暂停", "paused"))),
        ("met", _) => Sla::new(SlaKind::Met, cx.t(T("达标", "met"))),
        ("late", _) => Sla::new(SlaKind::Over, cx.t(T("超时完成", "late"))),
        _ => Sla::new(SlaKind::Paused, cx.t(T("已取消", "cancelled"))),
    };
    ui::sla(&chip)
}

/// Tab 变更记录: the audit trail and comments.
pub async fn history(cx: &Cx, conn: &mut Conn, id: Id) -> Result<Markup> {
    let rows = kit::audit::history(cx, conn, "order", id, 100).await?;
    let events: Vec<Event> = rows
        .iter()
        .map(|entry| Event {
            icon: "history",
            tone: Tone::Neutral,
            head: html! { (ui::strong(&entry.user_name)) " " (kit::audit::action_label(cx, &entry.action)) },
            time: format::time(cx, entry.at),
            body: kit::panels::told(&entry.action, &entry.detail).or_else(|| {
                Some(changes(cx, &entry.detail)).filter(|text| !text.is_empty()).map(|text| html! { (text) })
            }),
        })
        .collect();
    let talk = kit::panels::talk(cx, conn, "order", id).await?;
    Ok(html! {
        (ui::section(cx.t(T("沟通记录", "Messages")), html! {}, talk))
        (ui::section(cx.t(T("变更记录", "Changes")), html! {}, ui::timeline(&events)))
    })
}

/// `field: old → new` of an entry of the log.
fn changes(cx: &Cx, detail: &str) -> String {
    let fields =
        kit::panels::changed(cx, "order", detail).into_iter().take(12).map(|field| match field.values {
            Some((old, new)) => format!("{}: {old} → {new}", field.label),
            None => field.label,
        });
    fields.collect::<Vec<_>>().join(cx.t(T("；", "; ")))
}

/// The side of the page: customer, unit with its recent orders, what else is known of the customer.
pub async fn side(cx: &Cx, conn: &mut Conn, row: &OrderRow, verdict: &str) -> Result<Markup> {
    // What the customer sees and says is brought by the context of the public pages.
    let may = cx.opens("/orders/{id}/portal");
    let unit = unit_side(cx, conn, row, verdict).await?;
    let own = html! {
        (unit)
        @if may { (ui::lazy("part-portal", &format!("/orders/{}/portal", row.id))) }
    };
    match customers::api::side_panel(cx, conn, row.customer_id, row.id, own.clone()).await {
        // The order may be the caller's business while the customer's file is not.
        Err(kit::Error::NotFound | kit::Error::Forbidden(_)) => Ok(html! {
            (ui::side_section(cx.t(T("客户", "Customer")), ui::strong(cx.mask(kit::Sens::Name, &row.customer_name))))
            (own)
        }),
        other => other,
    }
}

async fn unit_side(cx: &Cx, conn: &mut Conn, row: &OrderRow, verdict: &str) -> Result<Markup> {
    let Some(unit_id) = row.unit_id else { return Ok(html! {}) };
    let unit = products::api::unit(conn, unit_id).await?;
    let scope = cx.scope(&ORDER_READ)?;
    let recent = store::select_of_unit(conn, &scope, unit_id).await?;
    let items: Vec<_> = recent
        .iter()
        .filter(|order| order.id != row.id)
        .take(5)
        .map(|order| {
            (
                order.no.clone(),
                format!("/orders/{}", order.id),
                super::clocks::short(&order.symptom, 20),
                format::date(cx, order.created_at),
            )
        })
        .collect();
    let date = |date: Option<kernel::Date>| html! { @match date { Some(d) => { (ui::num(d.to_string())) } None => { (ui::none()) } } };
    let facts = [
        (cx.t(T("序列号", "Serial")), ui::mono(cx.mask(kit::Sens::Serial, &unit.serial))),
        (cx.t(T("购买", "Bought")), date(unit.purchase_date)),
        (cx.t(T("安装", "Installed")), date(unit.install_date)),
        (cx.t(T("维修次数", "Orders")), ui::num(recent.len())),
    ];
    Ok(html! {
        (ui::side_section(cx.t(T("本次设备", "This unit")), ui::side_card(html! {
            (ui::row_end(ui::link(&format!("/units/{unit_id}"), &unit.model_name), verdict_tag(cx, verdict)))
            (ui::kv(&facts))
        })))
        @if !items.is_empty() { (ui::side_section(cx.t(T("本设备最近工单", "Recent orders of the unit")), ui::recent(&items))) }
        @if row.repeat_of.is_some() { (ui::alert(Tone::Amber, cx.t(T("近期重复维修，建议转返修分析。", "Repaired again within a short time: analyse the cause.")))) }
    })
}

/// What was wrong and what was done, by whom and when, in short: for somebody who speaks with the customer about it.
pub fn done(cx: &Cx, row: &OrderRow) -> Markup {
    let text = |value: &str| ui::or_none(Some(value).filter(|value| !value.is_empty()));
    let time = |at: Option<kernel::Ts>| at.map_or_else(ui::none, |at| ui::num(format::time(cx, at)));
    let cause = warranty::api::Cause::parse(&row.cause).map_or("", |cause| cx.t(cause.label()));
    let unit = format!("{} {}", row.model_name, cx.mask(kit::Sens::Serial, &row.serial));
    let facts = ui::dl(&[
        Def::new(cx.t(T("工单", "Order")), ui::id_link(&format!("/orders/{}", row.id), &row.no)),
        Def::new(cx.t(T("设备", "Unit")), text(unit.trim())),
        Def::new(cx.t(T("工程师", "Engineer")), text(&row.engineer_name)),
        Def::new(cx.t(T("到场", "Arrived")), time(row.arrived_at)),
        Def::new(cx.t(T("完工", "Finished")), time(row.done_at)),
        Def::new(cx.t(T("客户应付", "To pay")), ui::num(format::price(cx, row.payable))),
        Def::new(cx.t(T("故障现象", "Fault")), ui::prose(&row.symptom)).full(),
        Def::new(cx.t(T("处理结果", "What was done")), ui::prose(&row.result)).full(),
        Def::new(cx.t(T("根本原因", "Root cause")), text(&row.root_cause)).wide(),
        Def::new(cx.t(T("原因归属", "Cause")), text(cause)),
    ]);
    ui::section(cx.t(T("服务内容", "What was done")), html! {}, facts)
}
