//! Pages of pay rules.

use axum::response::Response;
use kit::{Body, Cx, FormErrors, Result, format::date_of};
use pricing::api::{Amount, Share};

use crate::perms::WAGES_WRITE;

use super::{
    model::{Base, Measure, NewCommission, NewItem, NewStep, NewWage, Party, Sign, Trigger},
    service, views,
};

pub async fn new_commission(cx: Cx) -> Result<Response> {
    let input = NewCommission {
        name: String::new(),
        grouping_code: String::new(),
        kind: String::new(),
        mode: String::new(),
        grade: 0,
        base: Base::LabourGross,
        ratio: Share::default(),
        amount: Amount::default(),
        valid_from: date_of(&cx, cx.now()),
        note: String::new(),
    };
    let kinds = views::kinds(&cx).await?;
    cx.page(cx.t(views::COMMISSION), views::commission_form(&cx, &kinds, &input, &FormErrors::default()))
        .await
}

pub async fn add_commission(cx: Cx, Body(input): Body<NewCommission>) -> Result<Response> {
    match cx.form(service::add_commission(&cx, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect("/pay/rules")),
        Err(errors) => {
            let kinds = views::kinds(&cx).await?;
            Ok(cx.refused(views::commission_form(&cx, &kinds, &input, &errors)))
        }
    }
}

pub async fn new_step(cx: Cx) -> Result<Response> {
    let input = NewStep {
        party: Party::Engineer,
        clock: String::new(),
        after_hours: 0,
        amount: Amount::default(),
        valid_from: date_of(&cx, cx.now()),
        note: String::new(),
    };
    cx.page(cx.t(views::STEP), views::step_form(&cx, &input, &FormErrors::default())).await
}

pub async fn add_step(cx: Cx, Body(input): Body<NewStep>) -> Result<Response> {
    match cx.form(service::add_step(&cx, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect("/pay/deadlines")),
        Err(errors) => Ok(cx.refused(views::step_form(&cx, &input, &errors))),
    }
}

pub async fn new_item(cx: Cx) -> Result<Response> {
    let input = NewItem {
        code: String::new(),
        name: String::new(),
        sign: Sign::Reward,
        cause: Trigger::CallbackClass,
        cause_code: String::new(),
        threshold: 0,
        measure: Measure::Amount,
        amount: Amount::default(),
        percent: Share::default(),
        points: 0,
        valid_from: date_of(&cx, cx.now()),
        note: String::new(),
    };
    cx.page(cx.t(views::ITEM), views::item_form(&cx, &input, &FormErrors::default())).await
}

pub async fn add_item(cx: Cx, Body(input): Body<NewItem>) -> Result<Response> {
    match cx.form(service::add_item(&cx, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect("/pay/items")),
        Err(errors) => Ok(cx.refused(views::item_form(&cx, &input, &errors))),
    }
}

pub async fn new_wage(cx: Cx) -> Result<Response> {
    let input = NewWage {
        staff_id: None,
        grade: 0,
        wage: Amount::default(),
        allowance: Amount::default(),
        valid_from: date_of(&cx, cx.now()).first_of_month(),
    };
    let people = views::people(&cx, &WAGES_WRITE).await?;
    cx.page(cx.t(views::WAGE), views::wage_form(&cx, &people, &input, &FormErrors::default())).await
}

pub async fn set_wage(cx: Cx, Body(input): Body<NewWage>) -> Result<Response> {
    match cx.form(service::set_wage(&cx, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect("/pay/wages")),
        Err(errors) => {
            let people = views::people(&cx, &WAGES_WRITE).await?;
            Ok(cx.refused(views::wage_form(&cx, &people, &input, &errors)))
        }
    }
}
