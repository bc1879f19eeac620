//! What other contexts may call.

use db::Conn;
use kernel::Lang;
use kit::Result;

pub use crate::{
    exception::{model::ExceptionRow, store::select_of as exceptions_of},
    inputs::Share,
    policy::{
        model::{Cause, Decision, Facts, NewPolicy, NewTerm, PolicyRow, Question, Said, StartBasis, Verdict},
        service::{add_term_in, create_policy_in},
    },
};
use crate::policy::{rules, store};

/// Decides a case by the stored policies (WARR-04): what is missing in the question is taken from the unit and
/// its model. `trace` is in `lang`, `said` in both languages for storing.
pub async fn decide(lang: Lang, conn: &mut Conn, question: &Question) -> Result<Decision> {
    let facts = facts(conn, question).await?;
    let policies = store::select_candidates(conn, &facts).await?;
    let mut decision = rules::decide(&policies, &facts);
    decision.trace = decision.said.iter().map(|said| said.get(lang).to_string()).collect();
    Ok(decision)
}

/// What is known of the case: the question first, then the unit, then the model.
async fn facts(conn: &mut Conn, question: &Question) -> Result<Facts> {
    let unit = match question.unit_id {
        Some(id) => Some(products::api::unit(conn, id).await?),
        None => None,
    };
    let model_id = question.model_id.or(unit.as_ref().map(|unit| unit.model_id));
    let category = match model_id {
        Some(id) => products::api::model(conn, id).await?.category_id,
        None => None,
    };
    Ok(Facts {
        model_id,
        categories: category.into_iter().collect(),
        group_code: question.group_code.clone().unwrap_or_default(),
        purchase_date: question.purchase_date.or(unit.as_ref().and_then(|unit| unit.purchase_date)),
        install_date: question.install_date.or(unit.as_ref().and_then(|unit| unit.install_date)),
        at: question.at,
        cause: question.cause,
    })
}
