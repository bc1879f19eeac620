//! SQL of prices.

use db::{Conn, FromRow, Row, Sql, args};
use kernel::{Date, Id, Money};
use kit::{Error, Result};

use super::{
    model::{CertificateRow, FeeCode, ListRow, Nature, PartPriceRow, Rule, RuleRow},
    rules,
};

impl FromRow for Rule {
    fn from_row(row: &Row) -> db::Result<Self> {
        Ok(Self {
            row: RuleRow::from_row(row)?,
            region: row.get("region")?,
            list_name: row.get("list_name")?,
        })
    }
}

/// Rules in force on a day that may be for a kind of work and mode, of the active lists of one nature: one statement.
pub async fn select_rules(
    conn: &mut Conn,
    nature: Nature,
    kind: &str,
    mode: &str,
    on: Date,
) -> Result<Vec<Rule>> {
    let mut sql = Sql::new(format!(
        "select {}, l.region, l.name as list_name from fee_rule r join price_list l on l.id = r.list_id where l.active",
        RuleRow::cols("r")
    ));
    sql.and("l.nature =", nature)
        .push(" and r.kind in ")
        .list(["", kind])
        .push(" and r.mode in ")
        .list(["", mode]);
    sql.and("r.valid_from <=", on)
        .push(" and (r.valid_until is null or r.valid_until >= ")
        .bind(on)
        .push(")");
    Ok(conn.all_sql(sql).await?)
}

/// What a unit's certificate says.
pub async fn select_certificate(conn: &mut Conn, unit: Id) -> Result<Vec<(String, Money)>> {
    let rows: Vec<(FeeCode, Money)> = conn
        .all("select c.code, c.amount from certificate_price c where c.unit_id = $1", args![unit])
        .await?;
    Ok(rows.into_iter().map(|(code, amount)| (code.as_str().to_string(), amount)).collect())
}

/// The deviating price of a part on a day, if there is one.
pub async fn find_part_price(conn: &mut Conn, part: Id, on: Date) -> Result<Option<Money>> {
    Ok(conn
        .scalar_opt(
            "select p.price from part_price p where p.part_id = $1 and p.valid_from <= $2
             and (p.valid_until is null or p.valid_until >= $2) order by p.valid_from desc, p.id desc limit 1",
            args![part, on],
        )
        .await?)
}

/// One list, or 404.
pub async fn get_list(conn: &mut Conn, id: Id) -> Result<ListRow> {
    Ok(conn
        .one(&format!("select {} from price_list l where l.id = $1", ListRow::cols("l")), args![id])
        .await?)
}

/// One list, held until the transaction ends.
pub async fn lock_list(conn: &mut Conn, id: Id) -> Result<ListRow> {
    let sql = format!("select {} from price_list l where l.id = $1{}", ListRow::cols("l"), conn.for_update());
    Ok(conn.one(&sql, args![id]).await?)
}

/// A list by its code.
pub async fn find_list_by_code(conn: &mut Conn, code: &str) -> Result<Option<ListRow>> {
    Ok(conn
        .opt(&format!("select {} from price_list l where l.code = $1", ListRow::cols("l")), args![code])
        .await?)
}

/// Rules of a list: by kind of fee, newest first.
pub async fn select_rules_of(conn: &mut Conn, list: Id) -> Result<Vec<RuleRow>> {
    let sql = format!(
        "select {} from fee_rule r where r.list_id = $1 order by r.code, r.valid_from desc, r.id desc limit 2000",
        RuleRow::cols("r")
    );
    Ok(conn.all(&sql, args![list]).await?)
}

/// One rule, or 404.
pub async fn get_rule(conn: &mut Conn, id: Id) -> Result<RuleRow> {
    Ok(conn.one(&format!("select {} from fee_rule r where r.id = $1", RuleRow::cols("r")), args![id]).await?)
}

/// Stores a new list.
pub async fn insert_list(conn: &mut Conn, row: &ListRow) -> Result<()> {
    conn.exec(
        "insert into price_list (id, code, name, region, nature, active, version, created_at, updated_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9)",
        args![
            row.id,
            &row.code,
            &row.name,
            &row.region,
            row.nature,
            row.active,
            row.version,
            row.created_at,
            row.updated_at
        ],
    )
    .await?;
    Ok(())
}

/// Stores a changed list; 409 when somebody else was faster. `row.version` is the new version.
pub async fn update_list(conn: &mut Conn, row: &ListRow) -> Result<()> {
    let changed = conn
        .exec(
            "update price_list set name = $3, region = $4, active = $5, version = $6, updated_at = $7 where id = $1 and version = $2",
            args![row.id, row.version - 1, &row.name, &row.region, row.active, row.version, row.updated_at],
        )
        .await?;
    if changed == 0 { Err(Error::Conflict(rules::stale())) } else { Ok(()) }
}

/// Stores a new rule.
pub async fn insert_rule(conn: &mut Conn, row: &RuleRow) -> Result<()> {
    conn.exec(
        "insert into fee_rule (id, list_id, code, label, kind, mode, grade, model_id, category_id, basis, amount, rate_bp,
            borne_as, automatic, valid_from, valid_until, note, created_at, created_by)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19)",
        args![
            row.id,
            row.list_id,
            row.code,
            &row.label,
            &row.kind,
            &row.mode,
            &row.grade,
            row.model_id,
            row.category_id,
            row.basis,
            row.amount,
            row.rate_bp,
            row.borne_as,
            row.automatic,
            row.valid_from,
            row.valid_until,
            &row.note,
            row.created_at,
            row.created_by
        ],
    )
    .await?;
    Ok(())
}

/// Ends a rule, or opens its end again (`None`).
pub async fn end_rule(conn: &mut Conn, id: Id, until: Option<Date>) -> Result<()> {
    conn.exec("update fee_rule set valid_until = $2 where id = $1", args![id, until]).await?;
    Ok(())
}

/// Takes a rule out: only for the undoing of an import.
pub async fn delete_rule(conn: &mut Conn, id: Id) -> Result<()> {
    conn.exec("delete from fee_rule where id = $1", args![id]).await?;
    Ok(())
}

/// Deviating prices of a part, newest first.
pub async fn select_part_prices(conn: &mut Conn, part: Id) -> Result<Vec<PartPriceRow>> {
    let sql = format!(
        "select {} from part_price p where p.part_id = $1 order by p.valid_from desc, p.id desc",
        PartPriceRow::cols("p")
    );
    Ok(conn.all(&sql, args![part]).await?)
}

/// Stores a deviating price.
pub async fn insert_part_price(conn: &mut Conn, row: &PartPriceRow) -> Result<()> {
    conn.exec(
        "insert into part_price (id, part_id, part_code, part_name, price, valid_from, valid_until, reason, created_at, created_by)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)",
        args![
            row.id,
            row.part_id,
            &row.part_code,
            &row.part_name,
            row.price,
            row.valid_from,
            row.valid_until,
            &row.reason,
            row.created_at,
            row.created_by
        ],
    )
    .await?;
    Ok(())
}

/// Ends a deviating price.
pub async fn end_part_price(conn: &mut Conn, id: Id, until: Date) -> Result<()> {
    conn.exec("update part_price set valid_until = $2 where id = $1", args![id, until]).await?;
    Ok(())
}

/// All that is noted of a unit's certificate.
pub async fn select_certificate_rows(conn: &mut Conn, unit: Id) -> Result<Vec<CertificateRow>> {
    let sql = format!(
        "select {} from certificate_price c where c.unit_id = $1 order by c.code",
        CertificateRow::cols("c")
    );
    Ok(conn.all(&sql, args![unit]).await?)
}

/// Notes a charge, or replaces what was noted before.
pub async fn put_certificate(conn: &mut Conn, row: &CertificateRow) -> Result<()> {
    conn.exec(
        "insert into certificate_price (id, org_id, unit_id, code, amount, note, created_at, created_by)
         values ($1,$2,$3,$4,$5,$6,$7,$8)
         on conflict (unit_id, code) do update set amount = excluded.amount, note = excluded.note,
            created_at = excluded.created_at, created_by = excluded.created_by",
        args![
            row.id,
            row.org_id,
            row.unit_id,
            row.code,
            row.amount,
            &row.note,
            row.created_at,
            row.created_by
        ],
    )
    .await?;
    Ok(())
}

/// Rules for the same case whose days overlap: for `aftercare check`.
pub async fn select_overlaps(conn: &mut Conn) -> Result<Vec<String>> {
    let rows: Vec<(String, String, String)> = conn
        .all(
            "select l.code, a.label, b.valid_from from fee_rule a
             join fee_rule b on b.list_id = a.list_id and b.code = a.code and b.kind = a.kind and b.mode = a.mode
                and b.grade = a.grade and b.automatic = a.automatic and b.label = a.label and b.valid_from > a.valid_from
                and coalesce(cast(b.model_id as text), '') = coalesce(cast(a.model_id as text), '')
                and coalesce(cast(b.category_id as text), '') = coalesce(cast(a.category_id as text), '')
             join price_list l on l.id = a.list_id
             where a.valid_until is null or a.valid_until >= b.valid_from",
            vec![],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|(list, label, from)| format!("price list {list}: two rules for {label} from {from}"))
        .collect())
}
