//! Statements on approvals.

use db::{Conn, Sql, args};
use kernel::{Id, Ts};
use kit::{Error, Result};

use super::model::{ApprovalRow, CommitteeRow, SchemeRow, SeatRow};

/// Codes of all matrices.
pub async fn codes(conn: &mut Conn) -> Result<Vec<String>> {
    let rows: Vec<(String,)> =
        conn.all("select distinct code from approval_scheme order by code", vec![]).await?;
    Ok(rows.into_iter().map(|(code,)| code).collect())
}

/// The version of a matrix that counts at an instant.
pub async fn find_scheme(conn: &mut Conn, code: &str, at: Ts) -> Result<Option<SchemeRow>> {
    let sql = format!(
        "select {} from approval_scheme s where s.code = $1 and s.effective_from <= $2
         order by s.effective_from desc, s.number desc limit 1",
        SchemeRow::cols("s")
    );
    Ok(conn.opt(&sql, args![code, at]).await?)
}

/// A version of a matrix.
pub async fn get_scheme(conn: &mut Conn, id: Id) -> Result<SchemeRow> {
    let sql = format!("select {} from approval_scheme s where s.id = $1", SchemeRow::cols("s"));
    Ok(conn.one(&sql, args![id]).await?)
}

/// All versions of all matrices, by code, newest first.
pub async fn select_schemes(conn: &mut Conn) -> Result<Vec<SchemeRow>> {
    let sql =
        format!("select {} from approval_scheme s order by s.code, s.number desc", SchemeRow::cols("s"));
    Ok(conn.all(&sql, vec![]).await?)
}

/// Number of the newest version of a matrix.
pub async fn last_number(conn: &mut Conn, code: &str) -> Result<i64> {
    Ok(conn
        .scalar("select coalesce(max(number), 0) from approval_scheme where code = $1", args![code])
        .await?)
}

pub async fn insert_scheme(conn: &mut Conn, row: &SchemeRow) -> Result<()> {
    let made = conn
        .exec(
            "insert into approval_scheme (id, version, code, number, name, name_en, bands, effective_from, created_by, created_at)
             values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10) on conflict (code, number) do nothing",
            args![
                row.id,
                row.version,
                &row.code,
                row.number,
                &row.name,
                &row.name_en,
                &row.bands,
                row.effective_from,
                &row.created_by,
                row.created_at
            ],
        )
        .await?;
    if made == 0 { Err(Error::stale()) } else { Ok(()) }
}

/// All committees, by code.
pub async fn select_committees(conn: &mut Conn) -> Result<Vec<CommitteeRow>> {
    let sql = format!("select {} from committee c order by c.code", CommitteeRow::cols("c"));
    Ok(conn.all(&sql, vec![]).await?)
}

/// A committee.
pub async fn find_committee(conn: &mut Conn, code: &str) -> Result<Option<CommitteeRow>> {
    let sql = format!("select {} from committee c where c.code = $1", CommitteeRow::cols("c"));
    Ok(conn.opt(&sql, args![code]).await?)
}

/// Makes or changes a committee.
pub async fn put_committee(conn: &mut Conn, row: &CommitteeRow) -> Result<()> {
    conn.exec(
        "insert into committee (code, version, name, name_en, posts, updated_at) values ($1,$2,$3,$4,$5,$6)
         on conflict (code) do update set version = committee.version + 1, name = excluded.name,
            name_en = excluded.name_en, posts = excluded.posts, updated_at = excluded.updated_at",
        args![&row.code, row.version, &row.name, &row.name_en, &row.posts, row.updated_at],
    )
    .await?;
    Ok(())
}

/// One approval.
pub async fn get_approval(conn: &mut Conn, id: Id) -> Result<ApprovalRow> {
    let sql = format!("select {} from approval a where a.id = $1", ApprovalRow::cols("a"));
    Ok(conn.one(&sql, args![id]).await?)
}

/// One approval, locked.
pub async fn lock_approval(conn: &mut Conn, id: Id) -> Result<ApprovalRow> {
    let sql =
        format!("select {} from approval a where a.id = $1{}", ApprovalRow::cols("a"), conn.for_update());
    Ok(conn.one(&sql, args![id]).await?)
}

/// Approvals of a document, newest first.
pub async fn select_of_doc(conn: &mut Conn, doc: Id) -> Result<Vec<ApprovalRow>> {
    let sql = format!(
        "select {} from approval a where a.doc_id = $1 order by a.created_at desc, a.id desc",
        ApprovalRow::cols("a")
    );
    Ok(conn.all(&sql, args![doc]).await?)
}

/// Approvals with a signature that waits for one of these posts or roles, oldest first.
pub async fn select_waiting(
    conn: &mut Conn,
    posts: &[String],
    roles: &[String],
    most: i64,
) -> Result<Vec<ApprovalRow>> {
    let cols = ApprovalRow::cols("a");
    let mut sql = Sql::new(format!(
        "select {cols} from approval a where a.state = 'open' and exists (select 1 from approval_seat s
            where s.approval_id = a.id and s.state = 'open' and (s.post in "
    ));
    sql.list(posts.iter().map(String::as_str)).push(" or s.role in ").list(roles.iter().map(String::as_str));
    sql.push(&format!(")) order by a.created_at, a.id limit {most}"));
    Ok(conn.all_sql(sql).await?)
}

/// The line that names the document, in its approvals too.
pub async fn put_title(conn: &mut Conn, document: Id, title: &str, title_en: &str) -> Result<()> {
    let sql = "update approval set title = $2, title_en = $3 where doc_id = $1";
    conn.exec(sql, args![document, title, title_en]).await?;
    Ok(())
}

pub async fn insert_approval(conn: &mut Conn, row: &ApprovalRow) -> Result<()> {
    conn.exec(
        "insert into approval (id, version, scheme_id, doc_kind, doc_id, doc_no, title, title_en, org_id, owner_id, amount, state, band,
            asked_by, created_by, created_at, updated_at, ended_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18)",
        args![
            row.id,
            row.version,
            row.scheme_id,
            &row.doc_kind,
            row.doc_id,
            &row.doc_no,
            &row.title,
            &row.title_en,
            row.org_id,
            row.owner_id,
            row.amount,
            row.state,
            &row.band,
            row.asked_by,
            &row.created_by,
            row.created_at,
            row.updated_at,
            row.ended_at
        ],
    )
    .await?;
    Ok(())
}

/// Saves an approval; 409 when somebody was faster.
pub async fn update_approval(conn: &mut Conn, row: &ApprovalRow) -> Result<()> {
    let saved = conn
        .exec(
            "update approval set version = $2, state = $3, updated_at = $4, ended_at = $5 where id = $1 and version = $2 - 1",
            args![row.id, row.version, row.state, row.updated_at, row.ended_at],
        )
        .await?;
    if saved == 0 { Err(Error::stale()) } else { Ok(()) }
}

/// Signatures of an approval, by stage.
pub async fn select_seats(conn: &mut Conn, approval: Id) -> Result<Vec<SeatRow>> {
    let sql = format!(
        "select {} from approval_seat s where s.approval_id = $1 order by s.stage, s.id",
        SeatRow::cols("s")
    );
    Ok(conn.all(&sql, args![approval]).await?)
}

pub async fn insert_seats(conn: &mut Conn, seats: &[SeatRow]) -> Result<()> {
    let names = [
        "id",
        "approval_id",
        "stage",
        "post",
        "role",
        "state",
        "user_id",
        "user_name",
        "instead_of",
        "opinion",
        "opened_at",
        "signed_at",
        "reminded",
    ];
    let row = |s: &SeatRow| {
        args![
            s.id,
            s.approval_id,
            s.stage,
            &s.post,
            &s.role,
            s.state,
            s.user_id,
            &s.user_name,
            &s.instead_of,
            &s.opinion,
            s.opened_at,
            s.signed_at,
            s.reminded
        ]
    };
    conn.exec_sql(db::insert_many("approval_seat", &names, seats.iter().map(row).collect())).await?;
    Ok(())
}

pub async fn update_seat(conn: &mut Conn, seat: &SeatRow) -> Result<()> {
    conn.exec(
        "update approval_seat set state = $2, user_id = $3, user_name = $4, instead_of = $5, opinion = $6, opened_at = $7,
            signed_at = $8, reminded = $9
         where id = $1",
        args![
            seat.id,
            seat.state,
            seat.user_id,
            &seat.user_name,
            &seat.instead_of,
            &seat.opinion,
            seat.opened_at,
            seat.signed_at,
            seat.reminded
        ],
    )
    .await?;
    Ok(())
}
