//! Pages of policies.

use axum::response::Response;
use kernel::{Id, T};
use kit::extract::{Path, Query};
use kit::{Body, Cx, FormErrors, Result, format::date_of};

use super::{
    model::{Cause, ChangePolicy, NewPolicy, NewTerm, Question, UnitQuery},
    service, views,
};

pub async fn new(cx: Cx) -> Result<Response> {
    let empty = NewPolicy {
        code: String::new(),
        name: String::new(),
        model_id: None,
        category_id: None,
        group_code: String::new(),
        term: NewTerm::usual(date_of(&cx, cx.now())),
    };
    let main = views::policy_form(&cx, &empty, &FormErrors::default());
    cx.page(cx.t(views::NEW_TITLE), main).await
}

pub async fn create(cx: Cx, Body(input): Body<NewPolicy>) -> Result<Response> {
    match cx.form(service::create_policy(&cx, input.clone()).await)? {
        Ok(out) => Ok(cx.redirect(&format!("/warranty/policies/{}", out.policy.id))),
        Err(errors) => Ok(cx.refused(views::policy_form(&cx, &input, &errors))),
    }
}

pub async fn policy(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let out = service::policy(&cx, id).await?;
    cx.page(&out.policy.name, views::policy_page(&cx, &out, &FormErrors::default())).await
}

pub async fn change(cx: Cx, Path(id): Path<Id>, Body(input): Body<ChangePolicy>) -> Result<Response> {
    match cx.form(service::change_policy(&cx, id, input).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/warranty/policies/{id}"))),
        Err(errors) => {
            let out = service::policy(&cx, id).await?;
            Ok(cx.refused(views::policy_page(&cx, &out, &errors)))
        }
    }
}

pub async fn new_term(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let out = service::policy(&cx, id).await?;
    let input = views::next_term(&out, date_of(&cx, cx.now()));
    cx.page(&out.policy.name, views::term_form(&cx, &out, &input, &FormErrors::default())).await
}

/// The form of new terms: the same names as in a new policy.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct TermForm {
    term: NewTerm,
}

pub async fn add_term(cx: Cx, Path(id): Path<Id>, Body(input): Body<TermForm>) -> Result<Response> {
    match cx.form(service::add_term(&cx, id, input.term.clone()).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/warranty/policies/{id}"))),
        Err(errors) => {
            let out = service::policy(&cx, id).await?;
            Ok(cx.refused(views::term_form(&cx, &out, &input.term, &errors)))
        }
    }
}

fn question(cx: &Cx) -> Question {
    Question {
        unit_id: None,
        model_id: None,
        group_code: None,
        org_id: Id::NIL,
        purchase_date: None,
        install_date: None,
        at: date_of(cx, cx.now()),
        cause: Cause::Product,
    }
}

pub async fn try_page(cx: Cx) -> Result<Response> {
    let main = views::try_page(&cx, &question(&cx), None, &FormErrors::default());
    cx.page(cx.t(views::TRY_TITLE), main).await
}

pub async fn try_it(cx: Cx, Body(input): Body<Question>) -> Result<Response> {
    match cx.form(service::try_it(&cx, &input).await)? {
        Ok(decision) => {
            cx.page(
                cx.t(views::TRY_TITLE),
                views::try_page(&cx, &input, Some(&decision), &FormErrors::default()),
            )
            .await
        }
        Err(errors) => Ok(cx.refused(views::try_page(&cx, &input, None, &errors))),
    }
}

pub async fn unit(cx: Cx, Path(id): Path<Id>, Query(query): Query<UnitQuery>) -> Result<Response> {
    let decision = service::unit_decision(&cx, id, &query).await?;
    let proofs = crate::proof::service::proofs(&cx, id).await?;
    cx.page(cx.t(T("质保判定", "Warranty decision")), views::unit_page(&cx, id, &decision, &proofs)).await
}
