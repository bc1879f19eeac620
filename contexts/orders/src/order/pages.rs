//! Pages of orders: the order itself, its dialogs, its forms, and its short list on other documents' pages.

use std::collections::HashMap;

use axum::response::Response;
use db::Conn;
use kernel::{Id, T};
use kit::extract::{Path, Query};
use kit::{Body, Cx, Error, FormErrors, Result, attachments, timers};
use maud::Markup;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    finish,
    forms::{self, Choices},
    input::{
        Arrive, Audit, Complete, Confirm, Consent, EditOrder, Limit, Loaner, NewOrder, Note, Place, Quote,
        Reason, Verify, Wait,
    },
    model::OrderRow,
    out::Revealable,
    service, store, tabs,
    views::{self, OrderPage, Tab1},
};
use crate::{
    flow::FLOW,
    line::{
        self,
        model::{EditLine, NewLine},
    },
    perms::{ORDER_ASSIGN, ORDER_LINES, ORDER_READ},
};

/// Which tab.
#[derive(Deserialize)]
pub struct TabQuery {
    #[serde(default)]
    tab: Tab1,
}

/// The order. Queries: 6 for the head, the tab's own, and the side panel's.
pub async fn order(cx: Cx, Path(id): Path<Id>, Query(query): Query<TabQuery>) -> Result<Response> {
    let mut conn = cx.read().await?;
    let row = store::get_order(&mut conn, id).await?;
    cx.authorize(&ORDER_READ, &row)?;
    let mut page = load(&cx, &mut conn, row, query.tab).await?;
    page.body = match query.tab {
        Tab1::Overview => views::overview(&cx, &page),
        Tab1::Work => tabs::work(&cx, &page),
        Tab1::Lines => tabs::lines_section(&cx, &page),
        Tab1::Files => {
            let files = attachments::of_doc(&mut conn, "order", id).await?;
            let voids = kit::panels::voids(&cx, &mut conn, "order", id, &files).await?;
            tabs::files(&cx, id, &files, &voids)
        }
        Tab1::Clocks => {
            page.timers = timers::of_doc(&mut conn, id).await?;
            tabs::clocks(&cx, &page.timers)
        }
        Tab1::History => tabs::history(&cx, &mut conn, id).await?,
    };
    let verdict = page.units.first().map(|unit| unit.verdict.clone()).unwrap_or_default();
    page.side = tabs::side(&cx, &mut conn, &page.row, &verdict).await?;
    cx.count(&conn);
    drop(conn);
    cx.page(&page.row.no, views::order_page(&cx, &page)).await
}

async fn load(cx: &Cx, conn: &mut Conn, row: OrderRow, tab: Tab1) -> Result<OrderPage> {
    let id = row.id;
    let shares = service::shares_of(&row, store::select_shares(conn, id).await?);
    let ids: Vec<Id> = shares.iter().filter(|s| !s.lead).map(|s| s.staff_id).collect();
    let names = if ids.is_empty() { HashMap::new() } else { org::api::staff_names(conn, &ids).await? };
    let engineers = shares
        .into_iter()
        .map(|share| {
            let name = if share.lead {
                row.engineer_name.clone()
            } else {
                names.get(&share.staff_id).cloned().unwrap_or_default()
            };
            (share, name)
        })
        .collect();
    let files = store::count_files(conn, id).await?;
    let next = views::next_action(row.state);
    let held_in_shop = row.mode.in_shop() && !kit::offered(cx, conn, "order", id, next).await?;
    Ok(OrderPage {
        kind: pricing::api::find_work_kind(conn, &row.kind).await?,
        units: store::select_units(conn, id).await?,
        lines: line::store::select_lines(conn, id).await?,
        steps: store::select_steps(conn, id).await?,
        timers: Vec::new(),
        run: match row.run_id {
            Some(run) => Some(documents::api::run(cx, conn, run).await?),
            None => None,
        },
        engineers,
        files,
        held_in_shop,
        tab,
        body: maud::html! {},
        side: maud::html! {},
        row,
    })
}

async fn visible(cx: &Cx, conn: &mut Conn, id: Id) -> Result<OrderRow> {
    let row = store::get_order(conn, id).await?;
    cx.authorize(&ORDER_READ, &row)?;
    Ok(row)
}

async fn choices(cx: &Cx, conn: &mut Conn, action: &str) -> Result<Choices> {
    let mut choices = Choices::default();
    if action == "wait" {
        let scope = cx.scope(&ORDER_ASSIGN).or_else(|_| cx.scope(&ORDER_READ))?;
        let people = org::api::engineers(conn, &scope).await?;
        choices.engineers =
            people.into_iter().map(|p| (p.id.to_string(), format!("{} {}", p.no, p.name))).collect();
    }
    if action == "head" {
        choices.kinds = pricing::api::work_kinds(conn).await?;
    }
    if action == "line" {
        let depots = parts::api::depots(conn, &cx.scope(&ORDER_LINES)?).await?;
        choices.depots = depots.into_iter().map(|d| (d.id.to_string(), d.name)).collect();
    }
    Ok(choices)
}

/// The dialog of a move.
pub async fn dialog(cx: Cx, Path((id, action)): Path<(Id, String)>) -> Result<Response> {
    if action == "assign" {
        // Dispatch has that dialog, with the engineers' day and the check for clashes.
        return Ok(cx.redirect(&format!("/orders/{id}/assign")));
    }
    let mut conn = cx.read().await?;
    let row = visible(&cx, &mut conn, id).await?;
    let step = FLOW.check(row.state.as_str(), &action)?;
    cx.authorize(step.perm, &row)?;
    let choices = choices(&cx, &mut conn, &action).await?;
    Ok(cx.fragment(forms::dialog(&cx, &row, &action, &choices, &json!({}), &FormErrors::default())))
}

async fn answer(
    cx: &Cx,
    id: Id,
    action: &str,
    typed: Value,
    done: Result<super::out::OrderOut>,
) -> Result<Response> {
    match cx.form(done)? {
        Ok(_) => Ok(cx.redirect(&format!("/orders/{id}"))),
        Err(errors) => {
            let mut conn = cx.read().await?;
            let row = visible(cx, &mut conn, id).await?;
            let choices = choices(cx, &mut conn, action).await?;
            Ok(cx.refused(forms::dialog(cx, &row, action, &choices, &typed, &errors)))
        }
    }
}

macro_rules! moves {
    ($($name:ident $action:literal: $input:ty => $call:expr;)*) => {$(
        pub async fn $name(cx: Cx, Path(id): Path<Id>, Body(input): Body<$input>) -> Result<Response> {
            let typed = serde_json::to_value(&input)?;
            let call = $call;
            let done = call(&cx, id, input).await;
            answer(&cx, id, $action, typed, done).await
        }
    )*};
}

moves! {
    accept "accept": Note => service::accept;
    verify "verify": Verify => service::verify;
    depart "depart": Place => service::depart;
    arrive "arrive": Arrive => service::arrive;
    start "start": Place => service::start;
    wait "wait": Wait => service::wait;
    resume "resume": Note => service::resume;
    quote "quote": Quote => service::quote;
    consent "consent": Consent => service::consent;
    escalate "escalate": Reason => crate::level::service::escalate;
    limit "limit": Limit => service::limit;
    loaner "loaner": Loaner => service::loaner;
    complete "complete": Complete => finish::complete;
    confirm "confirm": Confirm => finish::confirm;
    audit "audit": Audit => finish::audit;
    close "close": Note => finish::close;
    reopen "reopen": Reason => finish::reopen;
    cancel "cancel": Reason => service::cancel;
    terminate "terminate": Reason => service::terminate;
    give_back "return": Reason => service::give_back;
}

/// The form of a new order; `customer_id` and `unit_id` may be given in the address.
pub async fn new_order(cx: Cx, Query(given): Query<HashMap<String, String>>) -> Result<Response> {
    let mut typed = serde_json::to_value(&given)?;
    let mut conn = cx.read().await?;
    if let Some(Ok(unit)) = given.get("unit_id").map(|id| id.parse::<Id>()) {
        let unit = products::api::unit(&mut conn, unit).await?;
        typed["unit_id_text"] = json!(format!("{} {}", unit.model_name, unit.serial));
        typed["customer_id"] = json!(unit.customer_id);
    }
    if let Some(Ok(customer)) = typed["customer_id"].as_str().map(str::parse::<Id>) {
        let names = customers::api::names(&mut conn, &[customer]).await?;
        typed["customer_id_text"] = json!(names.get(&customer).cloned().unwrap_or_default());
    }
    let choices = choices(&cx, &mut conn, "head").await?;
    drop(conn);
    let main = forms::head_form(&cx, None, &choices, &typed, &FormErrors::default());
    cx.page(cx.t(T("新建工单", "New order")), main).await
}

pub async fn create(cx: Cx, Body(input): Body<NewOrder>) -> Result<Response> {
    let typed = serde_json::to_value(&input)?;
    match cx.form(service::create(&cx, input).await)? {
        Ok(out) => Ok(cx.redirect(&format!("/orders/{}", out.id))),
        Err(errors) => {
            let choices = choices(&cx, &mut cx.read().await?, "head").await?;
            Ok(cx.refused(forms::head_form(&cx, None, &choices, &typed, &errors)))
        }
    }
}

pub async fn edit_form(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let mut conn = cx.read().await?;
    let row = visible(&cx, &mut conn, id).await?;
    cx.authorize(FLOW.check(row.state.as_str(), "edit")?.perm, &row)?;
    let choices = choices(&cx, &mut conn, "head").await?;
    drop(conn);
    let main =
        forms::head_form(&cx, Some(&row), &choices, &forms::head_values(&cx, &row), &FormErrors::default());
    cx.page(cx.t(T("编辑工单", "Edit order")), main).await
}

pub async fn edit(cx: Cx, Path(id): Path<Id>, Body(mut input): Body<EditOrder>) -> Result<Response> {
    // The form shows all of it: a box that is off sends nothing and means no, while over the API what is absent stays.
    for ticked in [&mut input.urgent, &mut input.continuous, &mut input.hard] {
        ticked.get_or_insert(false);
    }
    let typed = serde_json::to_value(&input)?;
    match cx.form(service::edit(&cx, id, input).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/orders/{id}"))),
        Err(errors) => {
            let mut conn = cx.read().await?;
            let row = visible(&cx, &mut conn, id).await?;
            let choices = choices(&cx, &mut conn, "head").await?;
            Ok(cx.refused(forms::head_form(&cx, Some(&row), &choices, &typed, &errors)))
        }
    }
}

async fn line_dialog(
    cx: &Cx,
    id: Id,
    line: Option<Id>,
    typed: &Value,
    errors: &FormErrors,
) -> Result<maud::Markup> {
    let mut conn = cx.read().await?;
    let row = visible(cx, &mut conn, id).await?;
    let lines = line::store::select_lines(&mut conn, id).await?;
    let found = match line {
        Some(line) => Some(lines.iter().find(|l| l.id == line).ok_or(Error::NotFound)?),
        None => None,
    };
    let mut choices = choices(cx, &mut conn, "line").await?;
    choices.units = store::select_units(&mut conn, id)
        .await?
        .iter()
        .map(|unit| (unit.id.to_string(), views::item_name(cx, unit)))
        .collect();
    Ok(forms::line_form(cx, &row, found, &choices, typed, errors))
}

/// The page of a call to which a new line leads back.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Back {
    back: Option<Id>,
}

/// What the page of a call about the order shows of it: what was done, and material and fees, to which new lines stand
/// on the callback sheet (CB-22, PARTS-33). None for who may not see the order.
pub async fn callback_lines(cx: &Cx, conn: &mut Conn, id: Id, call: Id) -> Result<Option<(Markup, Markup)>> {
    let Ok(row) = visible(cx, conn, id).await else { return Ok(None) };
    // What went back has no callback sheet: its lines stand on the sheet of the moment.
    let finished = matches!(row.state, crate::flow::State::Done | crate::flow::State::Confirmed);
    let sheet = if finished { "sheet=callback&" } else { "" };
    let page = load(cx, conn, row, Tab1::Lines).await?;
    let lines = tabs::lines_panel(cx, &page, &format!("?{sheet}back={call}"));
    Ok(Some((tabs::done(cx, &page.row), lines)))
}

/// The dialog of a new line; the draw screen of parts fills it in (PARTS-34).
pub async fn new_line(
    cx: Cx,
    Path(id): Path<Id>,
    Query(given): Query<NewLine>,
    Query(back): Query<Back>,
) -> Result<Response> {
    let mut typed = serde_json::to_value(&given)?;
    typed["back"] = json!(back.back);
    if let Some(part) = given.part_id {
        let part = parts::api::part(&mut cx.read().await?, part).await?;
        typed["part"] = format!("{} {}", part.code, part.name).into();
    }
    Ok(cx.fragment(line_dialog(&cx, id, None, &typed, &FormErrors::default()).await?))
}

pub async fn edit_line(cx: Cx, Path((id, line)): Path<(Id, Id)>) -> Result<Response> {
    Ok(cx.fragment(line_dialog(&cx, id, Some(line), &json!({}), &FormErrors::default()).await?))
}

pub async fn add_line(
    cx: Cx,
    Path(id): Path<Id>,
    Query(back): Query<Back>,
    Body(input): Body<NewLine>,
) -> Result<Response> {
    let mut typed = serde_json::to_value(&input)?;
    typed["back"] = json!(back.back);
    match cx.form(line::service::add(&cx, id, input).await)? {
        Ok(_) => Ok(cx.redirect(&match back.back {
            Some(call) => format!("/callbacks/{call}"),
            None => format!("/orders/{id}?tab=lines"),
        })),
        Err(errors) => Ok(cx.refused(line_dialog(&cx, id, None, &typed, &errors).await?)),
    }
}

pub async fn change_line(
    cx: Cx,
    Path((id, line)): Path<(Id, Id)>,
    Body(mut input): Body<EditLine>,
) -> Result<Response> {
    // As with the order itself: a box that is off sends nothing.
    input.old_part_taken.get_or_insert(false);
    let typed = serde_json::to_value(&input)?;
    match cx.form(line::service::change(&cx, id, line, input).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/orders/{id}?tab=lines"))),
        Err(errors) => Ok(cx.refused(line_dialog(&cx, id, Some(line), &typed, &errors).await?)),
    }
}

pub async fn delete_line(cx: Cx, Path((id, line)): Path<(Id, Id)>) -> Result<Response> {
    line::service::remove(&cx, id, line).await?;
    Ok(cx.redirect(&format!("/orders/{id}?tab=lines")))
}

/// The full value in place of the masked one; the page hides it again by itself.
pub async fn reveal(cx: Cx, Path((id, field)): Path<(Id, Revealable)>) -> Result<Response> {
    let shown = service::reveal(&cx, id, field).await?;
    let anchor = if field == Revealable::Phone { "order-phone" } else { "order-address" };
    Ok(cx.fragment(ui::revealed(cx.lang, anchor, &shown.value, &shown.masked)))
}
