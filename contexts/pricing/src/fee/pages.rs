//! Pages of prices.

use axum::response::Response;
use kernel::{Id, Quantity};
use kit::extract::Path;
use kit::{Body, Cx, FormErrors, Result, format::date_of};
use serde::Deserialize;

use super::{
    model::{
        Basis, ChangeList, EndRule, FeeCode, FeeMore, FeeQuestion, Grade, Nature, NewList, NewPartPrice,
        NewRule, TryFees,
    },
    service, views,
};
use crate::{
    inputs::Share,
    kind::{self, model::WorkKind},
};

/// Kinds of work, for choice and for names.
async fn kinds(cx: &Cx) -> Result<Vec<WorkKind>> {
    Ok(kind::service::list(cx).await?.items)
}

pub async fn new(cx: Cx) -> Result<Response> {
    let empty =
        NewList { code: String::new(), name: String::new(), region: String::new(), nature: Nature::Standard };
    cx.page(cx.t(views::NEW_LIST), views::list_form(&cx, &empty, &FormErrors::default())).await
}

pub async fn create(cx: Cx, Body(input): Body<NewList>) -> Result<Response> {
    match cx.form(service::create_list(&cx, input.clone()).await)? {
        Ok(out) => Ok(cx.redirect(&format!("/prices/{}", out.list.id))),
        Err(errors) => Ok(cx.refused(views::list_form(&cx, &input, &errors))),
    }
}

pub async fn list(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let out = service::list(&cx, id).await?;
    let kinds = kinds(&cx).await?;
    cx.page(&out.list.name, views::list_page(&cx, &kinds, &out, &FormErrors::default())).await
}

pub async fn change(cx: Cx, Path(id): Path<Id>, Body(input): Body<ChangeList>) -> Result<Response> {
    match cx.form(service::change_list(&cx, id, input).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/prices/{id}"))),
        Err(errors) => {
            let out = service::list(&cx, id).await?;
            let kinds = kinds(&cx).await?;
            Ok(cx.refused(views::list_page(&cx, &kinds, &out, &errors)))
        }
    }
}

pub async fn new_rule(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let out = service::list(&cx, id).await?;
    let empty = NewRule {
        code: FeeCode::Labour,
        label: String::new(),
        kind: String::new(),
        mode: String::new(),
        grade: None,
        model_id: None,
        category_id: None,
        basis: Basis::Flat,
        amount: Default::default(),
        rate: Share::default(),
        borne_as: None,
        automatic: true,
        valid_from: date_of(&cx, cx.now()),
        note: String::new(),
    };
    let kinds = kinds(&cx).await?;
    cx.page(&out.list.name, views::rule_form(&cx, &out.list, &kinds, &empty, &FormErrors::default())).await
}

/// A rule from a form: an unticked switch sends nothing, which here means "by hand only".
#[derive(Clone, Debug, Deserialize)]
pub struct RuleForm {
    #[serde(default)]
    by_hand: bool,
    rule: NewRule,
}

pub async fn add_rule(cx: Cx, Path(id): Path<Id>, Body(form): Body<RuleForm>) -> Result<Response> {
    let input = NewRule { automatic: !form.by_hand, ..form.rule };
    match cx.form(service::add_rule(&cx, id, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/prices/{id}"))),
        Err(errors) => {
            let out = service::list(&cx, id).await?;
            let kinds = kinds(&cx).await?;
            Ok(cx.refused(views::rule_form(&cx, &out.list, &kinds, &input, &errors)))
        }
    }
}

pub async fn end_rule(cx: Cx, Path(id): Path<Id>, Body(input): Body<EndRule>) -> Result<Response> {
    let out = service::end_rule(&cx, id, input).await?;
    Ok(cx.redirect(&format!("/prices/{}", out.list.id)))
}

pub async fn new_part_price(cx: Cx) -> Result<Response> {
    let empty = NewPartPrice {
        part_id: Id::NIL,
        part_code: String::new(),
        part_name: String::new(),
        price: Default::default(),
        valid_from: date_of(&cx, cx.now()),
        reason: String::new(),
    };
    cx.page(cx.t(views::PART_PRICE), views::part_price_form(&cx, &empty, &FormErrors::default())).await
}

/// A part's price from a form: the text chosen with the part becomes its name in lists.
#[derive(Clone, Debug, Deserialize)]
pub struct PartPriceForm {
    #[serde(default)]
    part_id_text: String,
    #[serde(flatten)]
    input: NewPartPrice,
}

pub async fn set_part_price(cx: Cx, Body(form): Body<PartPriceForm>) -> Result<Response> {
    let input = NewPartPrice { part_name: form.part_id_text, ..form.input };
    match cx.form(service::set_part_price(&cx, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect("/prices/parts")),
        Err(errors) => Ok(cx.refused(views::part_price_form(&cx, &input, &errors))),
    }
}

/// A job to try the rules on, as a form has it.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct TryForm {
    #[serde(default)]
    pub kind: String,
    #[serde(default)]
    pub mode: String,
    #[serde(default)]
    pub model_id: Option<Id>,
    #[serde(default)]
    pub grade: Option<Grade>,
    #[serde(default)]
    pub covered: Share,
    #[serde(default)]
    pub km: i64,
    #[serde(default)]
    pub hours: i64,
    #[serde(default)]
    pub urgent: bool,
    #[serde(default)]
    pub cost_price: bool,
}

impl TryForm {
    fn asked(&self, cx: &Cx) -> Result<TryFees> {
        let covered = self.covered.0.0;
        Ok(TryFees {
            question: FeeQuestion {
                org_id: cx.actor()?.org,
                kind: self.kind.clone(),
                mode: self.mode.clone(),
                model_id: self.model_id,
                covered_labour_bp: covered,
                covered_travel_bp: covered,
                urgent: self.urgent,
                on: date_of(cx, cx.now()),
            },
            more: FeeMore {
                also: false,
                grade: self.grade,
                distance_km: Quantity::units(self.km.clamp(0, 10_000)),
                hours: Quantity::units(self.hours.clamp(0, 1_000)),
                unit_id: None,
                cost_price: self.cost_price,
            },
        })
    }
}

pub async fn try_page(cx: Cx) -> Result<Response> {
    let kinds = kinds(&cx).await?;
    let page = views::try_page(&cx, &kinds, &TryForm::default(), None, &FormErrors::default());
    cx.page(cx.t(views::TRY), page).await
}

pub async fn try_it(cx: Cx, Body(input): Body<TryForm>) -> Result<Response> {
    let asked = input.asked(&cx)?;
    let kinds = kinds(&cx).await?;
    match cx.form(service::try_fees(&cx, &asked).await)? {
        Ok(out) => {
            let page = views::try_page(&cx, &kinds, &input, Some(&out), &FormErrors::default());
            cx.page(cx.t(views::TRY), page).await
        }
        Err(errors) => Ok(cx.refused(views::try_page(&cx, &kinds, &input, None, &errors))),
    }
}
