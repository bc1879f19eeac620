//! SQL of policies.

use db::{Conn, Sql};
use kit::Result;

use super::model::{Cause, Facts, Policy, PolicyRow, Term, TermRow};

fn causes(json: &str) -> Vec<Cause> {
    serde_json::from_str(json).unwrap_or_default()
}

impl From<&TermRow> for Term {
    fn from(row: &TermRow) -> Self {
        Self {
            number: row.number,
            valid_from: row.valid_from,
            months: row.months,
            start_basis: row.start_basis,
            parts_bp: row.parts_bp,
            labour_bp: row.labour_bp,
            travel_bp: row.travel_bp,
            excluded: causes(&row.excluded),
            referred: causes(&row.referred),
            limit_in_days: row.limit_in_days,
            limit_out_days: row.limit_out_days,
        }
    }
}

/// Active policies that may be for the case, with their terms: two statements however many there are.
pub async fn select_candidates(conn: &mut Conn, facts: &Facts) -> Result<Vec<Policy>> {
    let mut sql = Sql::new(format!("select {} from warranty_policy p where p.active", PolicyRow::cols("p")));
    sql.push(" and (p.model_id is null or p.model_id = ").bind(facts.model_id).push(")");
    sql.push(" and (p.category_id is null or p.category_id in ").list(facts.categories.iter().copied()).push(")");
    sql.push(" and p.group_code in ").list(["", facts.group_code.as_str()]);
    let rows: Vec<PolicyRow> = conn.all_sql(sql).await?;
    let mut sql = Sql::new(format!("select {} from warranty_term t where t.policy_id in ", TermRow::cols("t")));
    sql.list(rows.iter().map(|row| row.id)).push(" order by t.number");
    let terms: Vec<TermRow> = conn.all_sql(sql).await?;
    Ok(rows
        .into_iter()
        .map(|row| Policy {
            terms: terms.iter().filter(|term| term.policy_id == row.id).map(Term::from).collect(),
            id: row.id,
            name: row.name,
            model_id: row.model_id,
            category_id: row.category_id,
            group_code: row.group_code,
        })
        .collect())
}
