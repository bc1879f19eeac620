//! What other contexts may call.

use db::Conn;
use kernel::Lang;
use kit::Result;

use crate::policy::{rules, store};
pub use crate::{
    exception::{model::ExceptionRow, store::select_of as exceptions_of},
    inputs::Share,
    policy::{
        model::{Cause, Decision, Facts, NewPolicy, NewTerm, PolicyRow, Question, Said, StartBasis, Verdict},
        service::{add_term_in, create_policy_in},
    },
};

/// Decides a case by the stored policies (WARR-04): what is missing in the question is taken from the unit and
/// its model. `trace` is in `lang`, `said` in both languages for storing. One statement when model and both dates are
/// given, three when a unit must be asked, two more when a policy is for a category.
pub async fn decide(lang: Lang, conn: &mut Conn, question: &Question) -> Result<Decision> {
    let mut facts = facts(conn, question).await?;
    let policies = store::select_candidates(conn, facts.model_id, &facts.group_code).await?;
    if let Some(model) = facts.model_id.filter(|_| policies.iter().any(|policy| policy.category_id.is_some()))
    {
        facts.categories = products::api::model(conn, model).await?.category_id.into_iter().collect();
    }
    let mut decision = rules::decide(&policies, &facts);
    decision.trace = decision.said.iter().map(|said| said.get(lang).to_string()).collect();
    Ok(decision)
}

/// What is known of the case: the question first, then the unit.
async fn facts(conn: &mut Conn, question: &Question) -> Result<Facts> {
    let complete =
        question.model_id.is_some() && question.purchase_date.is_some() && question.install_date.is_some();
    let unit = match question.unit_id.filter(|_| !complete) {
        Some(id) => Some(products::api::unit(conn, id).await?),
        None => None,
    };
    Ok(Facts {
        model_id: question.model_id.or(unit.as_ref().map(|unit| unit.model_id)),
        categories: Vec::new(),
        group_code: question.group_code.clone().unwrap_or_default(),
        purchase_date: question.purchase_date.or(unit.as_ref().and_then(|unit| unit.purchase_date)),
        install_date: question.install_date.or(unit.as_ref().and_then(|unit| unit.install_date)),
        at: question.at,
        cause: question.cause,
    })
}
