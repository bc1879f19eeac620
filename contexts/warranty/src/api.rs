//! What other contexts may call.

use db::Conn;
use kernel::Lang;
use kit::Result;

pub use crate::policy::model::{Cause, Decision, Facts, Question, Said, StartBasis, Verdict};
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

async fn facts(_conn: &mut Conn, question: &Question) -> Result<Facts> {
    Ok(Facts {
        model_id: question.model_id,
        categories: Vec::new(),
        group_code: question.group_code.clone().unwrap_or_default(),
        purchase_date: question.purchase_date,
        install_date: question.install_date,
        at: question.at,
        cause: question.cause,
    })
}
