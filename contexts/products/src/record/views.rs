//! Markup of what is recorded on units.

use std::collections::HashMap;

use kernel::{Id, T};
use kit::{Cx, FormErrors, format};
use maud::{Markup, html};
use serde::Deserialize;
use ui::{Btn, Col, Event, Field, Form, Row, Table, Tone};

use super::model::{EventKind, NoteState, Reading, UnitEvent, UnitItem, UnitNote, WearSeen};
use crate::unit::model::UnitRow;

/// The dialogs of a unit's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialog {
    /// an item of the delivery list
    Item,
    /// a problem
    Note,
    /// remaining life of a wear part
    Wear,
    /// a meter reading
    Reading,
    /// a new owner
    Transfer,
    /// a new place
    Relocation,
}

fn add_button(cx: &Cx, unit: Id, what: &str, write: bool) -> Markup {
    html! { @if write { (Btn::new(cx.t(T("添加", "Add"))).icon("plus").sm().modal(format!("/units/{unit}/add/{what}"))) } }
}

fn cols(cx: &Cx, heads: &[T]) -> Vec<Col> {
    heads.iter().map(|head| Col::new(cx.t(*head))).collect()
}

/// Problems found but not fixed, open first (PROD-08).
pub fn notes_section(cx: &Cx, unit: &UnitRow, notes: &[UnitNote], write: bool) -> Markup {
    let title = cx.t(T("发现未解决的问题", "Found but not fixed"));
    let rows = notes
        .iter()
        .map(|note| {
            let open = note.state == NoteState::Open;
            let state = if open {
                ui::tag(Tone::Orange, cx.t(note.state.label()))
            } else {
                ui::tag(Tone::Green, cx.t(note.state.label()))
            };
            let text = html! {
                (note.text)
                @if note.refused { " " (ui::tag(Tone::Red, cx.t(T("客户拒绝", "refused by customer")))) }
                @if !note.result.is_empty() { " " (ui::muted(&note.result)) }
            };
            let close = Btn::new(cx.t(T("关闭", "Close")))
                .sm()
                .modal(format!("/units/{}/notes/{}/close", unit.id, note.id));
            let cells =
                vec![text, html! { (note.source_no) }, ui::num(format::time(cx, note.opened_at)), state];
            let line = Row::new(note.id, &note.text, cells).faded(!open);
            if open && write { line.actions(html! { (close) }) } else { line }
        })
        .collect();
    let heads = [T("问题", "Problem"), T("来源", "From"), T("时间", "When"), T("状态", "State")];
    let body = if notes.is_empty() {
        ui::muted(cx.t(T("没有遗留问题", "Nothing left open")))
    } else {
        ui::small_table(&Table::new(title, cols(cx, &heads), rows).min_width("30rem"))
    };
    ui::section(title, add_button(cx, unit.id, "note", write), body)
}

/// Documents and accessories ticked off at delivery (PROD-04).
pub fn items_section(cx: &Cx, unit: &UnitRow, items: &[UnitItem], write: bool) -> Markup {
    let title = cx.t(T("随机文件与附件", "Papers and accessories"));
    let rows = items
        .iter()
        .map(|item| {
            let action = format!("/units/{}/items/{}", unit.id, item.id);
            let (label, value) =
                if item.delivered_at.is_some() { (T("取消", "Undo"), "") } else { (T("已交付", "Handed over"), "on") };
            let tick = Form::post(action, cx.form_key()).inline().body(html! {
                (ui::hidden("delivered", value))
                (Btn::new(cx.t(label)).attr("type", "submit").sm())
            });
            let state = match item.delivered_at {
                Some(at) => html! { (ui::tag(Tone::Green, cx.t(T("已交付", "Handed over")))) " " (ui::muted(format::time(cx, at))) },
                None => ui::tag(Tone::Orange, cx.t(T("缺", "Missing"))),
            };
            let line = Row::new(item.id, &item.name, vec![html! { (item.name) }, state]);
            if write { line.actions(tick) } else { line }
        })
        .collect();
    let heads = [T("名称", "Item"), T("状态", "State")];
    let body = if items.is_empty() {
        ui::muted(cx.t(T("未登记随机物品", "No items listed")))
    } else {
        ui::small_table(&Table::new(title, cols(cx, &heads), rows).min_width("30rem"))
    };
    ui::section(title, add_button(cx, unit.id, "item", write), body)
}

/// Remaining life of wear parts (PROD-17).
pub fn wear_section(cx: &Cx, unit: &UnitRow, wear: &[WearSeen], write: bool) -> Markup {
    let title = cx.t(T("易损件剩余寿命", "Remaining life of wear parts"));
    let rows = wear
        .iter()
        .map(|seen| {
            let percent = seen.percent.map_or_else(ui::none, |p| {
                let tone = if p <= 20 {
                    Tone::Red
                } else if p <= 40 {
                    Tone::Amber
                } else {
                    Tone::Green
                };
                ui::tag(tone, format!("{p} %"))
            });
            let months = seen.months.map_or_else(ui::none, |m| html! { (m) " " (cx.t(T("个月", "months"))) });
            let cells = vec![
                html! { (seen.part) },
                percent,
                months,
                html! { (seen.remark) },
                ui::num(format::time(cx, seen.seen_at)),
            ];
            Row::new(seen.id, &seen.part, cells)
        })
        .collect();
    let heads = [
        T("部件", "Part"),
        T("剩余", "Left"),
        T("预计还能用", "Should last"),
        T("备注", "Remark"),
        T("时间", "Seen"),
    ];
    let body = if wear.is_empty() {
        ui::muted(cx.t(T("还没有记录", "Nothing recorded")))
    } else {
        ui::small_table(&Table::new(title, cols(cx, &heads), rows).min_width("30rem"))
    };
    ui::section(title, add_button(cx, unit.id, "wear", write), body)
}

/// Meter readings (PROD-09); nothing where the unit has no meter.
pub fn readings_section(cx: &Cx, unit: &UnitRow, readings: &[Reading], write: bool) -> Markup {
    if unit.meter_unit.is_empty() && readings.is_empty() {
        return html! {};
    }
    let title = cx.t(T("仪表读数", "Meter readings"));
    let rows = readings
        .iter()
        .map(|reading| {
            let replaced = reading.replaced.then(|| ui::tag(Tone::Blue, cx.t(T("换表", "meter replaced"))));
            let value = html! { (ui::num(format!("{} {}", reading.value, unit.meter_unit))) " " @if let Some(tag) = replaced { (tag) } };
            Row::new(reading.id, &unit.no, vec![value, html! { (reading.source_no) }, ui::num(format::time(cx, reading.read_at))])
        })
        .collect();
    let heads = [T("读数", "Reading"), T("来源", "From"), T("时间", "When")];
    let body = if readings.is_empty() {
        ui::muted(cx.t(T("还没有读数", "No readings yet")))
    } else {
        ui::small_table(&Table::new(title, cols(cx, &heads), rows).min_width("30rem"))
    };
    ui::section(title, add_button(cx, unit.id, "reading", write), body)
}

/// Changes of owner and place (PROD-19); nothing where there were none.
pub fn events_section(cx: &Cx, events: &[UnitEvent], owners: &HashMap<Id, String>) -> Markup {
    if events.is_empty() {
        return html! {};
    }
    let name = |id: Option<Id>| id.and_then(|id| owners.get(&id)).map_or("—", String::as_str);
    let lines: Vec<Event> = events
        .iter()
        .map(|event| {
            let (icon, from, to) = match event.kind {
                EventKind::Transfer => ("transfer", name(event.from_customer_id), name(event.to_customer_id)),
                EventKind::Relocation => ("map-pin", event.from_place.as_str(), event.to_place.as_str()),
            };
            Event {
                icon,
                tone: Tone::Blue,
                head: html! { (cx.t(event.kind.label())) (cx.t(T("：", ": "))) (from) " → " (to) },
                time: event.on_date.to_string(),
                body: (!event.remark.is_empty()).then(|| html! { (event.remark) }),
            }
        })
        .collect();
    ui::section(cx.t(T("移交与转场", "Transfers and relocations")), html! {}, ui::timeline(&lines))
}

/// A dialog of the unit's page.
pub fn dialog(cx: &Cx, unit: Id, what: Dialog, errors: &FormErrors) -> Markup {
    let (title, path, fields) = match what {
        Dialog::Item => (T("添加随机物品", "Add an item"), "items", item_fields(cx, errors)),
        Dialog::Note => (T("记录问题", "Note a problem"), "notes", note_fields(cx, errors)),
        Dialog::Wear => (T("记录剩余寿命", "Note remaining life"), "wear", wear_fields(cx, errors)),
        Dialog::Reading => (T("抄表", "Read the meter"), "readings", reading_fields(cx, errors)),
        Dialog::Transfer => (T("移交产权", "Transfer ownership"), "transfer", transfer_fields(cx, errors)),
        Dialog::Relocation => (T("转移场地", "Relocate"), "relocate", relocate_fields(cx, errors)),
    };
    let form = Form::post(format!("/units/{unit}/{path}"), cx.form_key());
    let body = html! { (errors.summary(cx.lang)) (ui::fields(fields)) };
    ui::modal_form(cx.lang, cx.t(title), form, cx.t(T("保存", "Save")), body)
}

fn item_fields(cx: &Cx, errors: &FormErrors) -> Markup {
    html! {
        (Field::text("name", cx.t(T("名称", "Item"))).placeholder(cx.t(T("如 合格证、说明书、随机工具", "such as manual, tools"))).error(errors.of("name")).required().autofocus().full())
        (Field::switch("delivered", cx.t(T("已交付", "Handed over"))))
    }
}

fn note_fields(cx: &Cx, errors: &FormErrors) -> Markup {
    html! {
        (Field::area("text", cx.t(T("发现的问题", "What was found")), 3).error(errors.of("text")).required().autofocus().full())
        (Field::switch("refused", cx.t(T("客户拒绝处理", "The customer refused to have it done"))))
    }
}

fn wear_fields(cx: &Cx, errors: &FormErrors) -> Markup {
    html! {
        (Field::text("part", cx.t(T("部件", "Part"))).placeholder(cx.t(T("如 滤芯、刹车片", "such as filter, brake"))).error(errors.of("part")).required().autofocus())
        (Field::number("percent", cx.t(T("剩余 %", "Left, %"))).error(errors.of("percent")))
        (Field::number("months", cx.t(T("还能用（月）", "Lasts, months"))))
        (Field::text("remark", cx.t(T("备注", "Remark"))).error(errors.of("remark")).wide())
    }
}

fn reading_fields(cx: &Cx, errors: &FormErrors) -> Markup {
    html! {
        (Field::number("value", cx.t(T("读数", "Reading"))).error(errors.of("value")).required().autofocus())
        (Field::switch("replaced", cx.t(T("已换表，读数可低于上次", "The meter was replaced; the reading may be lower"))))
    }
}

fn transfer_fields(cx: &Cx, errors: &FormErrors) -> Markup {
    html! {
        (Field::combo("customer_id", cx.t(T("新客户", "New owner")), "/customers/suggest").error(errors.of("customer_id")).required().full())
        (Field::date("on_date", cx.t(T("日期", "Date"))).error(errors.of("on_date")))
        (Field::text("remark", cx.t(T("备注", "Remark"))).error(errors.of("remark")).wide())
    }
}

fn relocate_fields(cx: &Cx, errors: &FormErrors) -> Markup {
    html! {
        (Field::text("place", cx.t(T("新地点", "New place"))).error(errors.of("place")).required().autofocus().full())
        (Field::date("on_date", cx.t(T("日期", "Date"))).error(errors.of("on_date")))
        (Field::text("remark", cx.t(T("备注", "Remark"))).error(errors.of("remark")).wide())
    }
}

/// The dialog that closes a problem.
pub fn close_form(cx: &Cx, unit: Id, note: &UnitNote, errors: &FormErrors) -> Markup {
    let form = Form::post(format!("/units/{unit}/notes/{}/close", note.id), cx.form_key());
    let body = html! {
        (errors.summary(cx.lang))
        p { (note.text) }
        (Field::text("result", cx.t(T("处理结果", "How it ended"))).error(errors.of("result")).required().autofocus())
    };
    ui::modal_form(cx.lang, cx.t(T("关闭问题", "Close the problem")), form, cx.t(T("关闭", "Close")), body)
}
