//! Pages of the workshop: what is to be received, the unit with its dialogs, receiving and pick-up.

use axum::response::Response;
use db::Conn;
use kernel::{Id, RuleError, T};
use kit::extract::{Path, Query};
use kit::{Body, Cx, Error, FormErrors, Result};
use orders::api::{self as order, Note, Wait};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    forms::{self, Choices},
    handover,
    model::{AssignUnit, GiveBack, PickUp, PlaceUnit, ReceiveUnit, Repaired, Settle},
    service, store,
    views::{self, UnitPage},
};
use crate::{
    check, extra,
    extra::model::{AnswerExtra, NewExtra},
    maker,
    maker::model::{AskMaker, BackFromMaker, SendToMaker},
    notice,
    notice::model::NewNotice,
    perms::{SHOP_HAND_OVER, SHOP_READ, SHOP_RECEIVE},
};

fn href(id: Id) -> String {
    format!("/workshop/units/{id}")
}

/// Orders whose unit comes into the workshop and is not there yet.
pub async fn to_receive(cx: Cx) -> Result<Response> {
    let scope = cx.scope(&SHOP_RECEIVE)?;
    let mut conn = cx.read().await?;
    let orders = store::select_expected(&mut conn, &scope).await?;
    cx.count(&conn);
    drop(conn);
    cx.page(cx.t(T("收机登记", "Receive a unit")), views::expected_page(&cx, &orders)).await
}

/// What for.
#[derive(Deserialize)]
pub struct Door {
    #[serde(default)]
    pick_up: bool,
}

/// Where the order's page leads: to the unit in the house or its pick-up, else to the receiving slip, else to its last
/// stay.
pub async fn of_order(cx: Cx, Path(id): Path<Id>, Query(door): Query<Door>) -> Result<Response> {
    let mut conn = cx.read().await?;
    let order = order::brief(&mut conn, id).await?;
    cx.authorize(&SHOP_READ, &order)?;
    let stays = store::select_of_order(&mut conn, id).await?;
    let here = stays.iter().find(|unit| unit.left_at.is_none());
    let open = order.state.is_open() && !matches!(order.state, order::State::Done | order::State::Confirmed);
    let hand_over = door.pick_up && cx.authorize(&SHOP_HAND_OVER, &order).is_ok();
    Ok(match (here, stays.last()) {
        (Some(unit), _) if hand_over => cx.redirect(&format!("{}/pick-up", href(unit.id))),
        (Some(unit), _) => cx.redirect(&href(unit.id)),
        (None, _) if open && cx.authorize(&SHOP_RECEIVE, &order).is_ok() => {
            cx.redirect(&format!("/orders/{id}/receive"))
        }
        (None, Some(unit)) => cx.redirect(&href(unit.id)),
        (None, None) => {
            let text =
                T("这张工单的机器没有收机登记", "The unit of this order was never received in the workshop");
            return Err(Error::Conflict(RuleError::new("workshop.never_here", text)));
        }
    })
}

async fn receiving(cx: &Cx, id: Id, input: &ReceiveUnit, errors: &FormErrors) -> Result<Response> {
    let mut conn = cx.read().await?;
    let order = order::brief(&mut conn, id).await?;
    cx.authorize(&SHOP_RECEIVE, &order)?;
    let load = service::load(cx, &mut conn, order.org_id).await?;
    let used = store::select_boxes(&mut conn, order.org_id).await?;
    cx.count(&conn);
    drop(conn);
    let main = forms::receive_form(cx, &order, &load, used.len(), input, errors);
    if errors.is_empty() {
        cx.page(cx.t(T("收机登记", "Receive a unit")), main).await
    } else {
        Ok(cx.refused(main))
    }
}

pub async fn receive_form(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    receiving(&cx, id, &ReceiveUnit::default(), &FormErrors::default()).await
}

pub async fn receive(cx: Cx, Path(id): Path<Id>, Body(input): Body<ReceiveUnit>) -> Result<Response> {
    match cx.form(service::receive(&cx, id, input.clone()).await)? {
        Ok(unit) => Ok(cx.redirect(&href(unit.id))),
        Err(errors) => receiving(&cx, id, &input, &errors).await,
    }
}

/// The unit: state, fault, slip, checks, notices, extra items, returns.
pub async fn unit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let mut conn = cx.read().await?;
    let held = service::visible(&cx, &mut conn, id).await?;
    let page = UnitPage {
        lines: order::lines(&mut conn, held.order.id).await?,
        stages: check::service::stages_in(&mut conn, &held).await?,
        notices: notice::store::select_of_unit(&mut conn, id).await?,
        extras: extra::store::select_of_unit(&mut conn, id).await?,
        returns: maker::store::select_of_unit(&mut conn, id).await?,
        load: service::load(&cx, &mut conn, held.unit.org_id).await?,
        side: kit::panels::side(&cx, &mut conn, "shop_unit", id).await?,
        held,
    };
    cx.count(&conn);
    drop(conn);
    cx.page(&page.held.unit.no, views::unit_page(&cx, &page)).await
}

/// A row of the list of notices leads to its unit.
pub async fn notice(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let mut conn = cx.read().await?;
    let unit = notice::store::get_unit_of(&mut conn, id).await?;
    service::visible(&cx, &mut conn, unit).await?;
    Ok(cx.redirect(&href(unit)))
}

async fn choices(cx: &Cx, conn: &mut Conn, held: &super::model::Held, action: &str) -> Result<Choices> {
    let mut choices = Choices::default();
    if action == "assign" {
        let scope = cx.scope(&order::ORDER_ASSIGN)?;
        let people = org::api::engineers(conn, &scope).await?;
        choices.people =
            people.into_iter().map(|p| (p.id.to_string(), format!("{} {}", p.no, p.name))).collect();
    }
    if action == "notices" {
        choices.texts = notice::service::notices_in(cx, conn, held).await?.texts;
    }
    Ok(choices)
}

async fn show_dialog(cx: &Cx, id: Id, action: &str, typed: &Value, errors: &FormErrors) -> Result<Response> {
    let mut conn = cx.read().await?;
    let held = service::visible(cx, &mut conn, id).await?;
    let choices = choices(cx, &mut conn, &held, action).await?;
    drop(conn);
    let markup = forms::dialog(cx, &held, action, &choices, typed, errors).ok_or(Error::NotFound)?;
    Ok(if errors.is_empty() { cx.fragment(markup) } else { cx.refused(markup) })
}

/// The dialog of a command.
pub async fn dialog(cx: Cx, Path((id, action)): Path<(Id, String)>) -> Result<Response> {
    show_dialog(&cx, id, &action, &json!({}), &FormErrors::default()).await
}

async fn done<V>(cx: &Cx, id: Id, action: &str, typed: &Value, result: Result<V>) -> Result<Response> {
    match cx.form(result)? {
        Ok(_) => Ok(cx.redirect(&href(id))),
        Err(errors) => show_dialog(cx, id, action, typed, &errors).await,
    }
}

macro_rules! commands {
    ($($name:ident $action:literal: $input:ty => $call:expr;)*) => {$(
        pub async fn $name(cx: Cx, Path(id): Path<Id>, Body(input): Body<$input>) -> Result<Response> {
            let typed = serde_json::to_value(&input)?;
            let call = $call;
            let result = call(&cx, id, input).await;
            done(&cx, id, $action, &typed, result).await
        }
    )*};
}

commands! {
    place "place": PlaceUnit => service::place;
    assign "assign": AssignUnit => service::assign;
    begin "begin": Note => service::begin;
    wait "wait": Wait => service::wait;
    repaired "repaired": Repaired => service::repaired;
    give_back "give-back": GiveBack => service::give_back;
    settle "settle": Settle => handover::settle;
    tell "notices": NewNotice => notice::service::tell;
    ask_extra "extras": NewExtra => extra::service::ask;
    send "maker-returns": SendToMaker => maker::service::send;
    ask_maker "ask-maker": AskMaker => maker::service::ask;
    back "maker-back": BackFromMaker => maker::service::back;
}

async fn extra_answer(
    cx: &Cx,
    (id, item): (Id, Id),
    typed: &AnswerExtra,
    errors: &FormErrors,
) -> Result<Response> {
    let mut conn = cx.read().await?;
    service::visible(cx, &mut conn, id).await?;
    let items = extra::store::select_of_unit(&mut conn, id).await?;
    let found = items.into_iter().find(|row| row.id == item).ok_or(Error::NotFound)?;
    let markup = forms::extra_dialog(cx, &found, typed, errors);
    Ok(if errors.is_empty() { cx.fragment(markup) } else { cx.refused(markup) })
}

pub async fn extra_dialog(cx: Cx, Path(ids): Path<(Id, Id)>) -> Result<Response> {
    let typed = AnswerExtra { agreed: true, by: String::new(), how: String::new() };
    extra_answer(&cx, ids, &typed, &FormErrors::default()).await
}

pub async fn answer_extra(
    cx: Cx,
    Path((id, item)): Path<(Id, Id)>,
    Body(input): Body<AnswerExtra>,
) -> Result<Response> {
    match cx.form(extra::service::answer(&cx, id, item, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect(&href(id))),
        Err(errors) => extra_answer(&cx, (id, item), &input, &errors).await,
    }
}

async fn picking_up(cx: &Cx, id: Id, input: &PickUp, errors: &FormErrors) -> Result<Response> {
    let mut conn = cx.read().await?;
    let held = service::visible(cx, &mut conn, id).await?;
    if held.unit.left_at.is_some() {
        return Ok(cx.redirect(&href(id)));
    }
    let choice: String = cx.setting(&crate::settings::UNSETTLED, held.unit.org_id).await?;
    let lines = order::lines(&mut conn, held.order.id).await?;
    drop(conn);
    let main = forms::pick_up_form(cx, &held, &lines, choice == "flag", input, errors);
    if errors.is_empty() { cx.page(cx.t(T("取机", "Pick-up")), main).await } else { Ok(cx.refused(main)) }
}

pub async fn pick_up_form(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    picking_up(&cx, id, &PickUp::default(), &FormErrors::default()).await
}

pub async fn pick_up(cx: Cx, Path(id): Path<Id>, Body(input): Body<PickUp>) -> Result<Response> {
    match cx.form(handover::pick_up(&cx, id, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect(&href(id))),
        Err(errors) => picking_up(&cx, id, &input, &errors).await,
    }
}
