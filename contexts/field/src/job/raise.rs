//! Raising a visit to the next level of repair from the road (WO-16).

use axum::response::Response;
use kernel::{Id, T};
use kit::extract::Path;
use kit::{Body, Cx, FormErrors, Result};
use maud::html;
use orders::api::{Reason, escalate};
use serde::{Deserialize, Serialize};
use ui::{Btn, Field, Form};

use super::{outcome, pages, service};

/// What the form says.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RaiseForm {
    reason: String,
}

pub async fn page(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    show(&cx, id, &RaiseForm::default(), &FormErrors::default()).await
}

pub async fn raise(cx: Cx, Path(id): Path<Id>, Body(form): Body<RaiseForm>) -> Result<Response> {
    let input = Reason { reason: form.reason.clone(), ..Reason::default() };
    match outcome(&cx, escalate(&cx, id, input).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/m/orders/{id}"))),
        Err(errors) => show(&cx, id, &form, &errors).await,
    }
}

async fn show(cx: &Cx, id: Id, form: &RaiseForm, errors: &FormErrors) -> Result<Response> {
    let job = service::job(cx, id).await?;
    let told = T(
        "网点修不好的交给分公司，再修不好的交给总部；时限照旧，上一级马上收到通知。",
        "What the outlet can't repair goes to the branch office, then to head office; deadlines stay, and they hear of it at once.",
    );
    let main = Form::post(format!("/m/orders/{id}/escalate"), cx.form_key()).id("step").body(ui::stack(&[
        errors.summary(cx.lang),
        ui::small(cx.t(told)),
        html! { (Field::area("reason", cx.t(T("原因、已做的处理", "Why, and what was tried")), 4).value(&form.reason).required().error(errors.of("reason"))) },
    ]));
    let bar = [Btn::submit(cx.t(T("升级", "Escalate"))).icon("arrow-up").form("step").grow()];
    pages::answer(cx, &job, cx.t(T("升级到上一级", "To the next level")), main, &bar, errors).await
}
