//! SQL of policies.

use db::{Conn, Sql, args};
use kernel::{Date, Id};
use kit::{Error, Result};

use super::model::{Cause, Policy, PolicyRow, StartBasis, Term, TermRow};

fn causes(json: &str) -> Vec<Cause> {
    serde_json::from_str(json).unwrap_or_default()
}

db::row! {
    /// A policy with one version of its terms.
    struct Candidate {
        policy_id: Id,
        name: String,
        model_id: Option<Id>,
        category_id: Option<Id>,
        group_code: String,
        number: i64,
        valid_from: Date,
        months: i64,
        start_basis: StartBasis,
        parts_bp: i64,
        labour_bp: i64,
        travel_bp: i64,
        excluded: String,
        referred: String,
        limit_in_days: i64,
        limit_out_days: i64,
    }
}

/// Active policies that may be for a model and component group, with all their terms: one statement. Which of the
/// categories fits is for the rules to say.
pub async fn select_candidates(conn: &mut Conn, model: Option<Id>, group: &str) -> Result<Vec<Policy>> {
    let mut sql = Sql::new(
        "select t.policy_id, p.name, p.model_id, p.category_id, p.group_code, t.number, t.valid_from, t.months, t.start_basis,
            t.parts_bp, t.labour_bp, t.travel_bp, t.excluded, t.referred, t.limit_in_days, t.limit_out_days
         from warranty_policy p join warranty_term t on t.policy_id = p.id where p.active",
    );
    sql.push(" and (p.model_id is null or p.model_id = ")
        .bind(model)
        .push(") and p.group_code in ")
        .list(["", group]);
    sql.push(" order by t.policy_id, t.number");
    let mut policies: Vec<Policy> = Vec::new();
    for row in conn.all_sql::<Candidate>(sql).await? {
        let term = Term {
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
        };
        match policies.last_mut().filter(|policy| policy.id == row.policy_id) {
            Some(policy) => policy.terms.push(term),
            None => policies.push(Policy {
                id: row.policy_id,
                name: row.name,
                model_id: row.model_id,
                category_id: row.category_id,
                group_code: row.group_code,
                terms: vec![term],
            }),
        }
    }
    Ok(policies)
}

/// One policy, or 404.
pub async fn get_policy(conn: &mut Conn, id: Id) -> Result<PolicyRow> {
    Ok(conn
        .one(&format!("select {} from warranty_policy p where p.id = $1", PolicyRow::cols("p")), args![id])
        .await?)
}

/// One policy, held until the transaction ends.
pub async fn lock_policy(conn: &mut Conn, id: Id) -> Result<PolicyRow> {
    let sql = format!(
        "select {} from warranty_policy p where p.id = $1{}",
        PolicyRow::cols("p"),
        conn.for_update()
    );
    Ok(conn.one(&sql, args![id]).await?)
}

/// A policy by its code.
pub async fn find_policy_by_code(conn: &mut Conn, code: &str) -> Result<Option<PolicyRow>> {
    Ok(conn
        .opt(
            &format!("select {} from warranty_policy p where p.code = $1", PolicyRow::cols("p")),
            args![code],
        )
        .await?)
}

/// Versions of a policy's terms, newest first.
pub async fn select_terms(conn: &mut Conn, policy: Id) -> Result<Vec<TermRow>> {
    let sql = format!(
        "select {} from warranty_term t where t.policy_id = $1 order by t.number desc",
        TermRow::cols("t")
    );
    Ok(conn.all(&sql, args![policy]).await?)
}

/// Stores a new policy.
pub async fn insert_policy(conn: &mut Conn, row: &PolicyRow) -> Result<()> {
    conn.exec(
        "insert into warranty_policy (id, code, name, model_id, category_id, group_code, scope_name, active, version,
            created_at, updated_at) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)",
        args![
            row.id,
            &row.code,
            &row.name,
            row.model_id,
            row.category_id,
            &row.group_code,
            &row.scope_name,
            row.active,
            row.version,
            row.created_at,
            row.updated_at
        ],
    )
    .await?;
    Ok(())
}

/// Stores a changed policy; 409 when somebody else was faster. `row.version` is the new version.
pub async fn update_policy(conn: &mut Conn, row: &PolicyRow) -> Result<()> {
    let changed = conn
        .exec(
            "update warranty_policy set name = $3, active = $4, version = $5, updated_at = $6 where id = $1 and version = $2",
            args![row.id, row.version - 1, &row.name, row.active, row.version, row.updated_at],
        )
        .await?;
    if changed == 0 { Err(Error::Conflict(super::rules::stale())) } else { Ok(()) }
}

/// Stores terms.
pub async fn insert_term(conn: &mut Conn, row: &TermRow) -> Result<()> {
    conn.exec(
        "insert into warranty_term (id, policy_id, number, valid_from, months, start_basis, parts_bp, labour_bp, travel_bp,
            excluded, referred, limit_in_days, limit_out_days, note, created_at, created_by)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16)",
        args![
            row.id,
            row.policy_id,
            row.number,
            row.valid_from,
            row.months,
            row.start_basis,
            row.parts_bp,
            row.labour_bp,
            row.travel_bp,
            &row.excluded,
            &row.referred,
            row.limit_in_days,
            row.limit_out_days,
            &row.note,
            row.created_at,
            row.created_by
        ],
    )
    .await?;
    Ok(())
}

/// Takes a policy out again with its terms: only for the undoing of an import.
pub async fn delete_policy(conn: &mut Conn, id: Id) -> Result<()> {
    conn.exec("delete from warranty_term where policy_id = $1", args![id]).await?;
    conn.exec("delete from warranty_policy where id = $1", args![id]).await?;
    Ok(())
}

/// Takes the newest terms of a policy out again: only for the undoing of an import.
pub async fn delete_last_term(conn: &mut Conn, policy: Id) -> Result<()> {
    conn.exec(
        "delete from warranty_term where policy_id = $1 and number > 1
         and number = (select max(t.number) from warranty_term t where t.policy_id = $1)",
        args![policy],
    )
    .await?;
    Ok(())
}

/// Policies whose terms are not numbered 1, 2, 3 … or whose dates do not rise: for `aftercare check`.
pub async fn select_broken(conn: &mut Conn) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = conn
        .all(
            "select p.code from warranty_policy p where not exists (select 1 from warranty_term t where t.policy_id = p.id and t.number = 1)
             union select p.code from warranty_policy p join warranty_term a on a.policy_id = p.id
             join warranty_term b on b.policy_id = p.id and b.number = a.number + 1 where b.valid_from <= a.valid_from",
            vec![],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|(code,)| format!("warranty policy {code}: its terms are out of order"))
        .collect())
}
