//! SQL of check lists, their rules and signed checks.

use db::{Conn, args};
use kernel::{Id, Ts};
use kit::Result;

use super::model::{CheckRule, CheckSheet, CheckTemplate};

/// Saved revisions of all lists, newest first.
pub async fn select_templates(conn: &mut Conn) -> Result<Vec<CheckTemplate>> {
    let sql =
        format!("select {} from check_template t order by t.code, t.revision desc", CheckTemplate::cols("t"));
    Ok(conn.all(&sql, vec![]).await?)
}

/// Saved revisions of one list, newest first.
pub async fn select_revisions(conn: &mut Conn, code: &str) -> Result<Vec<CheckTemplate>> {
    let sql = format!(
        "select {} from check_template t where t.code = $1 order by t.revision desc",
        CheckTemplate::cols("t")
    );
    Ok(conn.all(&sql, args![code]).await?)
}

pub async fn insert_template(conn: &mut Conn, row: &CheckTemplate) -> Result<()> {
    conn.exec("update check_template set active = false where code = $1", args![&row.code]).await?;
    conn.exec_sql(db::insert_many("check_template", CheckTemplate::NAMES, vec![row.values()])).await?;
    Ok(())
}

/// All rules.
pub async fn select_rules(conn: &mut Conn) -> Result<Vec<CheckRule>> {
    let sql = format!("select {} from check_rule r order by r.work_kind, r.stage", CheckRule::cols("r"));
    Ok(conn.all(&sql, vec![]).await?)
}

/// Replaces the rules of a kind of work.
pub async fn replace_rules(conn: &mut Conn, kind: &str, rules: &[CheckRule], now: Ts) -> Result<()> {
    conn.exec("delete from check_rule where work_kind = $1", args![kind]).await?;
    for rule in rules {
        conn.exec(
            "insert into check_rule (work_kind, stage, template, percent, updated_at) values ($1,$2,$3,$4,$5)",
            args![&rule.work_kind, rule.stage, &rule.template, rule.percent, now],
        )
        .await?;
    }
    Ok(())
}

/// Signed checks of a unit, newest first.
pub async fn select_sheets(conn: &mut Conn, unit: Id) -> Result<Vec<CheckSheet>> {
    let sql = format!(
        "select {} from check_sheet s where s.shop_unit_id = $1 order by s.signed_at desc, s.id desc",
        CheckSheet::cols("s")
    );
    Ok(conn.all(&sql, args![unit]).await?)
}

pub async fn get_sheet(conn: &mut Conn, id: Id) -> Result<CheckSheet> {
    let sql = format!("select {} from check_sheet s where s.id = $1", CheckSheet::cols("s"));
    Ok(conn.one(&sql, args![id]).await?)
}

pub async fn insert_sheet(conn: &mut Conn, row: &CheckSheet) -> Result<()> {
    conn.exec_sql(db::insert_many("check_sheet", CheckSheet::NAMES, vec![row.values()])).await?;
    Ok(())
}
