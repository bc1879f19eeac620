//! Markup of units.

use std::collections::HashMap;

use kernel::{Date, Id, T};
use kit::{Cx, FormErrors, Sens, format};
use maud::{Markup, html};
use ui::{Btn, Col, Def, Detail, Field, Form, Row, Table, Tone};

use super::{
    model::{NewUnit, UnitRow, UnitState},
    service::CustomerUnits,
};
use crate::{
    perms::{UNIT_TRANSFER, UNIT_WRITE},
    product::model::ModelRow,
    record::{self, model::Records},
};

/// What a unit's page shows.
pub struct UnitPage {
    /// The unit.
    pub row: UnitRow,
    /// Its model.
    pub model: ModelRow,
    /// Number and name of its owner.
    pub customer: Option<(String, String)>,
    /// Everything recorded on it.
    pub records: Records,
    /// Names of present and former owners.
    pub owners: HashMap<Id, String>,
    /// Comments, files, history.
    pub side: Markup,
}

/// Owners named in the history of a unit.
pub fn owners_of(records: &Records) -> Vec<Id> {
    let mut ids: Vec<Id> = records
        .events
        .iter()
        .flat_map(|event| [event.from_customer_id, event.to_customer_id])
        .flatten()
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn or_none(text: &str) -> Markup {
    ui::or_none(Some(text).filter(|text| !text.is_empty()))
}

fn date(at: Option<Date>) -> Markup {
    at.map_or_else(ui::none, |at| ui::num(at.to_string()))
}

/// Tag of a unit's state.
pub fn state_tag(cx: &Cx, state: UnitState) -> Markup {
    let tone = match state {
        UnitState::InUse => Tone::Green,
        UnitState::Stored => Tone::Amber,
        UnitState::Scrapped => Tone::Neutral,
    };
    ui::tag(tone, cx.t(state.label()))
}

/// A unit with its whole life on one screen.
pub fn unit_page(cx: &Cx, page: &UnitPage) -> Markup {
    let row = &page.row;
    let crumbs = [(cx.t(T("设备", "Units")), Some("/units")), (row.no.as_str(), None)];
    let title = if row.serial.is_empty() {
        page.model.name.clone()
    } else {
        format!("{} {}", page.model.name, cx.mask(kit::Sens::Serial, &row.serial))
    };
    let write = cx.can(&UNIT_WRITE);
    let body = html! {
        (record::views::notes_section(cx, row, &page.records.notes, write))
        (ui::section(cx.t(T("基本资料", "Basics")), html! {}, facts(cx, page)))
        @for (route, title) in PARTS {
            @if cx.opens(route) { (ui::section(cx.t(title), html! {}, part(route, row.id))) }
        }
        (record::views::items_section(cx, row, &page.records.items, write))
        (record::views::wear_section(cx, row, &page.records.wear, write))
        (record::views::readings_section(cx, row, &page.records.readings, write))
        (record::views::events_section(cx, &page.records.events, &page.owners))
    };
    let meta = html! {
        (state_tag(cx, row.state))
        @if row.open_notes > 0 { (ui::tag(Tone::Orange, format!("{} {}", row.open_notes, cx.t(T("个未解决问题", "open problems"))))) }
    };
    let detail = Detail {
        meta,
        actions: actions(cx, row),
        side: Some(page.side.clone()),
        ..Detail::new(&crumbs, &title, body)
    };
    ui::detail_view(cx.lang, &detail)
}

/// Parts of the page that upper contexts bring: repair history (PROD-03), pictures of faults (PROD-18), what people
/// asked and complained about (PROD-05).
const PARTS: [(&str, T); 3] = [
    ("/units/{id}/orders", T("维修历史", "Repair history")),
    ("/units/{id}/photos", T("现场照片", "Pictures of faults")),
    ("/units/{id}/requests", T("咨询、投诉与请求", "Questions, complaints, requests")),
];

fn part(route: &str, id: Id) -> Markup {
    let name = route.rsplit('/').next().unwrap_or("part");
    ui::lazy(&format!("part-{name}"), &route.replace("{id}", &id.to_string()))
}

fn actions(cx: &Cx, row: &UnitRow) -> Markup {
    let at = |what: &str| format!("/units/{}/{what}", row.id);
    html! {
        @if cx.opens("/units/{id}/warranty") {
            (Btn::link(cx.t(T("保修与凭证", "Warranty and proofs")), at("warranty")).icon("shield-check"))
        }
        (Btn::link(cx.t(T("二维码标签", "QR label")), at("label")).icon("qrcode"))
        @if cx.can(&UNIT_TRANSFER) {
            (Btn::new(cx.t(T("移交", "Transfer"))).icon("transfer").modal(at("transfer")))
            (Btn::new(cx.t(T("转场", "Relocate"))).icon("map-pin").modal(at("relocate")))
        }
        @if cx.can(&UNIT_WRITE) { (Btn::link(cx.t(T("修改", "Edit")), at("edit")).icon("edit").primary().kbd("E")) }
    }
}

fn facts(cx: &Cx, page: &UnitPage) -> Markup {
    let row = &page.row;
    let owner = match (&page.customer, row.customer_id) {
        (Some((no, name)), Some(id)) => {
            ui::two_lines(ui::link(&format!("/customers/{id}"), name), html! { (no) })
        }
        _ => ui::none(),
    };
    let meter = row.meter.map_or_else(ui::none, |value| ui::num(format!("{value} {}", row.meter_unit)));
    ui::dl(&[
        Def::new(cx.t(T("客户", "Owner")), owner),
        Def::new(
            cx.t(T("型号", "Model")),
            ui::two_lines(
                ui::link(&format!("/models/{}", row.model_id), &page.model.name),
                html! { (page.model.code) },
            ),
        ),
        Def::new(
            cx.t(T("序列号", "Serial no.")),
            if row.serial.is_empty() {
                ui::none()
            } else {
                ui::mono(cx.mask(kit::Sens::Serial, &row.serial))
            },
        ),
        Def::new(cx.t(T("购买日期", "Bought")), date(row.purchase_date)),
        Def::new(cx.t(T("安装日期", "Installed")), date(row.install_date)),
        Def::new(cx.t(T("验收日期", "Accepted")), date(row.acceptance_date)),
        Def::new(cx.t(T("经销商", "Dealer")), or_none(&row.dealer)),
        Def::new(cx.t(T("购买凭证", "Proof of purchase")), or_none(&row.invoice_no)),
        Def::new(cx.t(T("仪表读数", "Meter")), meter),
        Def::new(cx.t(T("所在地点", "Place")), or_none(&cx.mask(Sens::Address, &row.place))).wide(),
        Def::new(cx.t(T("登记", "Registered")), ui::num(format::time(cx, row.created_at))),
        Def::new(cx.t(T("备注", "Remarks")), or_none(&cx.mask(kit::Sens::Note, &row.notes))).full(),
    ])
}

/// Model, serial and day of purchase of the customer's units, for the narrow panel beside another document.
pub fn units_beside(cx: &Cx, found: &CustomerUnits) -> Markup {
    let line = |row: &UnitRow| {
        let model = found.models.iter().find(|m| m.id == row.model_id).map_or("", |m| m.name.as_str());
        let bought = row.purchase_date.map(|date| date.to_string()).unwrap_or_default();
        let name = if model.is_empty() { row.no.as_str() } else { model };
        (name.to_string(), format!("/units/{}", row.id), cx.mask(Sens::Serial, &row.serial), bought)
    };
    let items: Vec<_> = found.units.iter().take(5).map(line).collect();
    html! { div id="part-units" { @if !items.is_empty() { (ui::recent(&items)) } } }
}

/// Units of a customer, as a part of the customer's page.
pub fn customer_units(cx: &Cx, customer: Id, found: &CustomerUnits) -> Markup {
    let register =
        Btn::link(cx.t(T("登记设备", "Register a unit")), format!("/units/new?customer={customer}"))
            .icon("plus")
            .sm();
    let heads = [T("设备", "Unit"), T("序列号", "Serial no."), T("购买", "Bought"), T("状态", "State")];
    let cols = heads.iter().map(|head| Col::new(cx.t(*head))).collect();
    let name = |row: &UnitRow| {
        found.models.iter().find(|m| m.id == row.model_id).map_or("", |m| m.name.as_str()).to_string()
    };
    let rows = found
        .units
        .iter()
        .map(|row| {
            let notes = (row.open_notes > 0).then(|| ui::tag(Tone::Orange, row.open_notes));
            let cells = vec![
                ui::two_lines(ui::link(&format!("/units/{}", row.id), name(row)), html! { (row.no) }),
                ui::mono(cx.mask(kit::Sens::Serial, &row.serial)),
                date(row.purchase_date),
                html! { (state_tag(cx, row.state)) @if let Some(notes) = notes { " " (notes) } },
            ];
            Row::new(row.id, &row.no, cells).faded(row.state == UnitState::Scrapped)
        })
        .collect();
    html! {
        div id="part-units" {
            (ui::stack(&[
                html! {
                    @if found.units.is_empty() { (ui::muted(cx.t(T("还没有登记设备", "No units yet")))) }
                    @else { (ui::small_table(&Table::new(cx.t(T("设备", "Units")), cols, rows).min_width("30rem"))) }
                },
                html! { @if cx.can(&UNIT_WRITE) { (ui::btns(&[register])) } },
            ]))
        }
    }
}

/// A unit in a combo box.
pub fn suggestion(row: &UnitRow, models: &[ModelRow]) -> ui::Suggestion {
    let model = models.iter().find(|m| m.id == row.model_id).map_or("", |m| m.name.as_str());
    ui::Suggestion {
        id: row.id.to_string(),
        text: format!("{model} {}", row.serial).trim().to_string(),
        hint: row.no.clone(),
    }
}

/// What the form of an existing unit begins with.
pub fn input_of(cx: &Cx, row: &UnitRow) -> NewUnit {
    NewUnit {
        version: Some(row.version),
        org_id: Some(row.org_id),
        model_id: Some(row.model_id),
        model: None,
        serial: Some(cx.mask(kit::Sens::Serial, &row.serial)),
        customer_id: row.customer_id,
        purchase_date: row.purchase_date,
        invoice_no: Some(row.invoice_no.clone()),
        dealer: Some(row.dealer.clone()),
        install_date: row.install_date,
        acceptance_date: row.acceptance_date,
        place: None,
        meter_unit: Some(row.meter_unit.clone()),
        state: Some(row.state),
        notes: Some(cx.mask(kit::Sens::Note, &row.notes)),
        same_serial_ok: false,
    }
}

/// The form for a new unit (`id` none) or a change.
pub fn unit_form(
    cx: &Cx,
    id: Option<Id>,
    input: &NewUnit,
    model: Option<&ModelRow>,
    customer: Option<&(String, String)>,
    errors: &FormErrors,
) -> Markup {
    let title = cx.t(if id.is_some() {
        T("修改设备", "Change unit")
    } else {
        T("登记设备", "Register a unit")
    });
    let (action, cancel) = match id {
        Some(id) => (format!("/units/{id}/edit"), format!("/units/{id}")),
        None => ("/units/new".to_string(), "/units".to_string()),
    };
    let model_shown = model.map(|m| m.name.clone()).unwrap_or_default();
    let customer_shown = customer.map(|c| c.1.clone()).unwrap_or_default();
    let what = html! {
        (Field::combo("model_id", cx.t(T("型号", "Model")), "/models/suggest").maybe(input.model_id).shown(model_shown).error(errors.of("model_id")).required().wide())
        (Field::text("serial", cx.t(T("序列号", "Serial no."))).maybe(input.serial.as_ref()).error(errors.of("serial")).scan(cx.lang))
        @if errors.of("serial").is_some() || input.same_serial_ok {
            (Field::check("same_serial_ok", cx.t(T("序列号确实相同", "The serial number is right"))).checked(input.same_serial_ok))
        }
        (Field::select("state", cx.t(T("状态", "State"))).options(UnitState::OPTIONS.iter().map(|(code, label)| (*code, cx.t(*label)))).value(input.state.unwrap_or(UnitState::InUse).as_str()))
        (Field::text("meter_unit", cx.t(T("仪表单位", "Meter counts"))).maybe(input.meter_unit.as_ref()).placeholder("km / h").error(errors.of("meter_unit")))
        (Field::area("notes", cx.t(T("备注", "Remarks")), 2).maybe(input.notes.as_ref()).error(errors.of("notes")).full())
    };
    let whose = html! {
        @if id.is_none() {
            (Field::combo("customer_id", cx.t(T("客户", "Owner")), "/customers/suggest").maybe(input.customer_id).shown(customer_shown).error(errors.of("customer_id")).wide())
            (Field::text("place", cx.t(T("所在地点", "Place"))).maybe(input.place.as_ref()).error(errors.of("place")).wide())
        }
        (Field::date("purchase_date", cx.t(T("购买日期", "Bought on"))).maybe(input.purchase_date).error(errors.of("purchase_date")))
        (Field::text("invoice_no", cx.t(T("购买凭证号", "Proof of purchase"))).maybe(input.invoice_no.as_ref()).error(errors.of("invoice_no")))
        (Field::text("dealer", cx.t(T("经销商", "Dealer"))).maybe(input.dealer.as_ref()).error(errors.of("dealer")))
        (Field::date("install_date", cx.t(T("安装日期", "Installed on"))).maybe(input.install_date).error(errors.of("install_date")))
        (Field::date("acceptance_date", cx.t(T("验收日期", "Accepted on"))).maybe(input.acceptance_date).error(errors.of("acceptance_date")))
    };
    let body = html! {
        (errors.summary(cx.lang))
        @if let Some(version) = input.version { (ui::hidden("version", version)) }
        (ui::fieldset(cx.t(T("设备", "Unit")), "", what))
        (ui::fieldset(cx.t(T("归属与日期", "Owner and dates")), if id.is_some() { cx.t(T("客户和地点请用“移交”“转场”修改", "Owner and place change by transfer and relocation")) } else { "" }, whose))
        (ui::form_actions(cx.lang, cx.t(T("保存", "Save")), Some(&cancel)))
    };
    let crumbs = [(cx.t(T("设备", "Units")), Some("/units")), (title, None)];
    ui::form_page(cx.lang, &crumbs, title, "", Form::post(action, cx.form_key()).body(body), None)
}
