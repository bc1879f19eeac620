//! Statements on documents.

use db::{Conn, Sql, args};
use kernel::{Id, Ts};
use kit::{Error, Result, Scope};

use super::{
    model::{DocumentRow, EntryRow, MessageRow, TaskRow, ValueRow},
    people::Holder,
};

/// One document.
pub async fn get_document(conn: &mut Conn, id: Id) -> Result<DocumentRow> {
    let sql = format!("select {} from document d where d.id = $1", DocumentRow::cols("d"));
    Ok(conn.one(&sql, args![id]).await?)
}

/// One document, if there is such a one.
pub async fn find_document(conn: &mut Conn, id: Id) -> Result<Option<DocumentRow>> {
    let sql = format!("select {} from document d where d.id = $1", DocumentRow::cols("d"));
    Ok(conn.opt(&sql, args![id]).await?)
}

/// One document, locked.
pub async fn lock_document(conn: &mut Conn, id: Id) -> Result<DocumentRow> {
    let sql =
        format!("select {} from document d where d.id = $1{}", DocumentRow::cols("d"), conn.for_update());
    Ok(conn.one(&sql, args![id]).await?)
}

/// Documents made by a document, oldest first.
pub async fn select_children(conn: &mut Conn, parent: Id) -> Result<Vec<DocumentRow>> {
    let sql = format!(
        "select {} from document d where d.parent_id = $1 order by d.created_at, d.id",
        DocumentRow::cols("d")
    );
    Ok(conn.all(&sql, args![parent]).await?)
}

/// How many documents the first ancestor of a document has set off, itself not counted.
pub async fn family(conn: &mut Conn, document: Id) -> Result<i64> {
    let sql = "with recursive up (id, parent_id) as (
            select d.id, d.parent_id from document d where d.id = $1
            union all select d.id, d.parent_id from document d join up on d.id = up.parent_id
        ), down (id) as (
            select up.id from up where up.parent_id is null
            union all select d.id from document d join down on d.parent_id = down.id
        ) select count(*) - 1 from down";
    let (count,): (i64,) = conn.one(sql, args![document]).await?;
    Ok(count)
}

/// How many of the last documents of a type that ended in an organisation ended at which step.
pub async fn count_ends(conn: &mut Conn, code: &str, org: Id) -> Result<Vec<(String, i64)>> {
    let sql = "select e.step, count(*) from (select d.step from document d
            where d.org_id = $1 and d.code = $2 and d.ended_at is not null order by d.ended_at desc limit 200) e
        group by e.step";
    Ok(conn.all(sql, args![org, code]).await?)
}

/// The number of a document of a type that is not over and holds the same texts in these fields; empty ones are empty
/// there too.
pub async fn find_running(
    conn: &mut Conn,
    code: &str,
    org: Id,
    fields: &[(String, String)],
) -> Result<Option<(String,)>> {
    let mut sql = Sql::new("select d.no from document d where d.ended_at is null and d.code = ");
    sql.bind(code).push(" and d.org_id = ").bind(org);
    for (field, text) in fields {
        sql.push(if text.is_empty() { " and not exists" } else { " and exists" });
        sql.push(" (select 1 from document_value v where v.document_id = d.id and v.field = ").bind(field);
        if !text.is_empty() {
            sql.push(" and v.text = ").bind(text);
        }
        sql.push(")");
    }
    sql.push(" order by d.created_at limit 1");
    Ok(conn.all_sql(sql).await?.into_iter().next())
}

/// Versions and organisations that have confidential documents.
pub async fn guarded_kinds(conn: &mut Conn) -> Result<Vec<(Id, Id)>> {
    Ok(conn.all("select distinct d.template_id, d.org_id from document d where d.guarded", vec![]).await?)
}

/// Where the people, posts and organisations stand that a document names.
pub const PARTIES: kit::perm::Shared =
    ("d.id", "select p.document_id from document_party p where p.party_id");

/// Whom a document names, each with whether it is a reader of a confidential kind.
pub async fn put_parties(conn: &mut Conn, document: Id, parties: &[(Id, bool)]) -> Result<()> {
    conn.exec("delete from document_party where document_id = $1", args![document]).await?;
    if parties.is_empty() {
        return Ok(());
    }
    let rows = parties.iter().map(|(party, reader)| args![document, *party, *reader]).collect();
    conn.exec_sql(db::insert_many("document_party", &["document_id", "party_id", "reader"], rows)).await?;
    Ok(())
}

/// Whom a document names.
pub async fn select_parties(conn: &mut Conn, document: Id) -> Result<Vec<Id>> {
    let sql = "select p.party_id from document_party p where p.document_id = $1";
    Ok(conn.all::<(Id,)>(sql, args![document]).await?.into_iter().map(|(id,)| id).collect())
}

/// Confidential documents and their approvals that somebody may not know of: who did not open them, is in none of their
/// fields, and reads none of these kinds in these organisations.
pub fn hidden(user: Id, people: Vec<Id>, open: Vec<(Id, Vec<Id>)>) -> kit::hidden::Hidden {
    let mut hidden = kit::hidden::Hidden::default();
    hidden.push(
        "select h.id from (select d.id, d.id as document_id from document d where d.guarded
            union all select a.id, a.doc_id as document_id from approval a join document d on d.id = a.doc_id where d.guarded) h",
    );
    hidden.push_in(" join document g on g.id = h.document_id where g.creator_id not in ", [user]);
    for (template, orgs) in open {
        hidden
            .push_in(" and not (g.template_id in ", [template])
            .push_in(" and g.org_id in ", orgs)
            .push(")");
    }
    let mine = " and not exists (select 1 from document_party r where r.document_id = g.id and r.reader and r.party_id in ";
    hidden.push_in(mine, people).push(")");
    hidden
}

/// The newest documents of a template, or of any, within a scope, for a dry run.
pub async fn select_past(
    conn: &mut Conn,
    scope: &Scope,
    hidden: &[kit::hidden::Hidden],
    code: Option<&str>,
    most: i64,
) -> Result<Vec<DocumentRow>> {
    let cols = DocumentRow::cols("d");
    let mut sql = Sql::new(format!("select {cols} from document d where 1 = 1"));
    sql.and_opt("d.code =", code);
    scope.push(&mut sql, "d.org_id", Some("d.owner_id"));
    kit::hidden::leave_out(hidden, "d.id", &mut sql);
    sql.push(&format!(" order by d.created_at desc, d.id desc limit {most}"));
    Ok(conn.all_sql(sql).await?)
}

pub async fn insert_document(conn: &mut Conn, row: &DocumentRow) -> Result<()> {
    conn.exec(
        "insert into document (id, no, version, code, template_id, org_id, owner_id, creator_id, subject_kind, subject_id,
            subject_no, parent_id, depth, title, title_en, step, step_name, step_name_en, stage, state, due_at, created_at, updated_at,
            ended_at, guarded, holder_id, holder_post, holder_role, contact)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$27,$28,$29)",
        args![
            row.id,
            &row.no,
            row.version,
            &row.code,
            row.template_id,
            row.org_id,
            row.owner_id,
            row.creator_id,
            &row.subject_kind,
            row.subject_id,
            &row.subject_no,
            row.parent_id,
            row.depth,
            &row.title,
            &row.title_en,
            &row.step,
            &row.step_name,
            &row.step_name_en,
            row.stage,
            &row.state,
            row.due_at,
            row.created_at,
            row.updated_at,
            row.ended_at,
            row.guarded,
            row.holder_id,
            &row.holder_post,
            &row.holder_role,
            row.contact
        ],
    )
    .await?;
    Ok(())
}

/// Saves a document; 409 when somebody was faster.
pub async fn update_document(conn: &mut Conn, row: &DocumentRow) -> Result<()> {
    let saved = conn
        .exec(
            "update document set version = $2, title = $3, step = $4, step_name = $5, step_name_en = $6, stage = $7, state = $8,
                due_at = $9, updated_at = $10, ended_at = $11, title_en = $12, holder_id = $13, holder_post = $14,
                holder_role = $15, contact = $16
             where id = $1 and version = $2 - 1",
            args![
                row.id,
                row.version,
                &row.title,
                &row.step,
                &row.step_name,
                &row.step_name_en,
                row.stage,
                &row.state,
                row.due_at,
                row.updated_at,
                row.ended_at,
                &row.title_en,
                row.holder_id,
                &row.holder_post,
                &row.holder_role,
                row.contact
            ],
        )
        .await?;
    if saved == 0 { Err(Error::stale()) } else { Ok(()) }
}

/// Takes a person out of a document: what it keeps and the lines that name it. Its version is counted by the caller.
pub async fn put_erased(conn: &mut Conn, row: &DocumentRow) -> Result<()> {
    let sql = "update document set state = $2, title = $3, title_en = $4 where id = $1";
    conn.exec(sql, args![row.id, &row.state, &row.title, &row.title_en]).await?;
    Ok(())
}

/// Values of fields as rows; what is empty has none.
pub async fn put_values(conn: &mut Conn, document: Id, values: &[ValueRow]) -> Result<()> {
    conn.exec("delete from document_value where document_id = $1", args![document]).await?;
    if values.is_empty() {
        return Ok(());
    }
    let row = |v: &ValueRow| args![document, &v.field, &v.text, v.number, &v.phone_key];
    let names = ["document_id", "field", "text", "number", "phone_key"];
    conn.exec_sql(db::insert_many("document_value", &names, values.iter().map(row).collect())).await?;
    Ok(())
}

/// Numbers of documents that are not over and stand for the customer alone, or for themselves with one of these telephone
/// numbers in them; without what is hidden.
pub async fn select_open_of_person(
    conn: &mut Conn,
    customer: Id,
    phones: &[String],
    hidden: &[kit::hidden::Hidden],
) -> Result<Vec<(String,)>> {
    let mut sql = Sql::new("select d.no from document d where d.ended_at is null and (d.subject_id = ");
    sql.bind(customer);
    if !phones.is_empty() {
        sql.push(
            " or d.subject_id is null and d.id in (select v.document_id from document_value v
                where v.phone_key <> '' and v.phone_key in ",
        );
        sql.list(phones).push(")");
    }
    sql.push(")");
    kit::hidden::leave_out(hidden, "d.id", &mut sql);
    sql.push(" order by d.created_at, d.id limit 10");
    Ok(conn.all_sql(sql).await?)
}

/// Documents that stand for themselves in which one of these telephone numbers stands, without what is hidden.
pub async fn select_of_nobody(
    conn: &mut Conn,
    phones: &[String],
    hidden: &[kit::hidden::Hidden],
) -> Result<Vec<(Id, String)>> {
    let mut sql = Sql::new(
        "select d.id, d.no from document d where d.subject_id is null
           and d.id in (select v.document_id from document_value v where v.phone_key <> '' and v.phone_key in ",
    );
    sql.list(phones).push(")");
    kit::hidden::leave_out(hidden, "d.id", &mut sql);
    Ok(conn.all_sql(sql).await?)
}

pub async fn insert_entries(conn: &mut Conn, entries: &[EntryRow]) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let names = [
        "id",
        "document_id",
        "at",
        "user_id",
        "user_name",
        "instead_of",
        "kind",
        "act",
        "from_step",
        "to_step",
        "contact",
        "text",
    ];
    let row = |e: &EntryRow| {
        args![
            e.id,
            e.document_id,
            e.at,
            e.user_id,
            &e.user_name,
            &e.instead_of,
            &e.kind,
            &e.act,
            &e.from_step,
            &e.to_step,
            e.contact,
            &e.text
        ]
    };
    conn.exec_sql(db::insert_many("document_entry", &names, entries.iter().map(row).collect())).await?;
    Ok(())
}

/// The history, oldest first.
pub async fn select_entries(conn: &mut Conn, document: Id) -> Result<Vec<EntryRow>> {
    let sql = format!(
        "select {} from document_entry e where e.document_id = $1 order by e.at, e.id",
        EntryRow::cols("e")
    );
    Ok(conn.all(&sql, args![document]).await?)
}

pub async fn insert_task(conn: &mut Conn, row: &TaskRow, holder: &Holder) -> Result<()> {
    conn.exec(
        "insert into document_task (id, document_id, org_id, trigger_key, text, who, state, due_at, created_at, done_at, done_by, stays,
            holder_id, holder_post, holder_role)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)",
        args![
            row.id,
            row.document_id,
            row.org_id,
            &row.trigger_key,
            &row.text,
            &row.who,
            &row.state,
            row.due_at,
            row.created_at,
            row.done_at,
            &row.done_by,
            row.stays,
            holder.person,
            &holder.post,
            &holder.role
        ],
    )
    .await?;
    Ok(())
}

/// Tasks of a document, oldest first.
pub async fn select_tasks(conn: &mut Conn, document: Id) -> Result<Vec<TaskRow>> {
    let sql = format!(
        "select {} from document_task t where t.document_id = $1 order by t.created_at, t.id",
        TaskRow::cols("t")
    );
    Ok(conn.all(&sql, args![document]).await?)
}

pub async fn lock_task(conn: &mut Conn, id: Id) -> Result<TaskRow> {
    let sql =
        format!("select {} from document_task t where t.id = $1{}", TaskRow::cols("t"), conn.for_update());
    Ok(conn.one(&sql, args![id]).await?)
}

/// Open tasks within a scope, soonest first.
pub async fn select_open_tasks(conn: &mut Conn, scope: &Scope, most: i64) -> Result<Vec<TaskRow>> {
    let cols = TaskRow::cols("t");
    let mut sql = Sql::new(format!(
        "select {cols} from document_task t join document d on d.id = t.document_id where t.state = 'open'"
    ));
    scope.push_named(&mut sql, "t.org_id", "d.owner_id", PARTIES);
    sql.push(&format!(" order by coalesce(t.due_at, 9000000000000000000), t.id limit {most}"));
    Ok(conn.all_sql(sql).await?)
}

/// Running documents for themselves that may wait for one of these people, holders of posts or roles, most urgent first.
pub async fn select_turns(
    conn: &mut Conn,
    (people, posts, roles): (&[Id], &[Id], &[String]),
    scope: &Scope,
    hidden: &[kit::hidden::Hidden],
    most: i64,
) -> Result<Vec<DocumentRow>> {
    let mut sql = Sql::new(format!(
        "select {} from document d where d.ended_at is null and (d.subject_id is null or d.parent_id is not null)
            and (d.holder_id in ",
        DocumentRow::cols("d")
    ));
    sql.list(people.iter().copied());
    if !posts.is_empty() {
        let (column, select) = PARTIES;
        sql.push(&format!(" or (d.holder_id is null and d.holder_post <> '' and {column} in ({select} in "));
        sql.list(posts.iter().copied()).push("))");
    }
    if !roles.is_empty() {
        sql.push(" or (d.holder_id is null and d.holder_post = '' and d.holder_role in ");
        sql.list(roles.iter().map(String::as_str)).push(")");
    }
    sql.push(")");
    scope.push_named(&mut sql, "d.org_id", "d.owner_id", PARTIES);
    kit::hidden::leave_out(hidden, "d.id", &mut sql);
    sql.push(&format!(" order by coalesce(d.due_at, 9000000000000000000), d.id limit {most}"));
    Ok(conn.all_sql(sql).await?)
}

pub async fn finish_task(conn: &mut Conn, id: Id, by: &str, at: Ts) -> Result<()> {
    let sql = "update document_task set state = 'done', done_at = $2, done_by = $3 where id = $1 and state = 'open'";
    let done = conn.exec(sql, args![id, at, by]).await?;
    if done == 0 { Err(Error::stale()) } else { Ok(()) }
}

/// What is still open when a process ends is off, except what outlives it.
pub async fn cancel_tasks(conn: &mut Conn, document: Id, at: Ts) -> Result<()> {
    let sql = "update document_task set state = 'cancelled', done_at = $2
        where document_id = $1 and state = 'open' and not stays";
    conn.exec(sql, args![document, at]).await?;
    Ok(())
}

pub async fn insert_message(conn: &mut Conn, row: &MessageRow) -> Result<()> {
    conn.exec(
        "insert into document_message (id, document_id, kind, count, text, phone, user_name, at) values ($1,$2,$3,$4,$5,$6,$7,$8)",
        args![row.id, row.document_id, &row.kind, row.count, &row.text, &row.phone, &row.user_name, row.at],
    )
    .await?;
    Ok(())
}

/// Messages of a document, oldest first.
pub async fn select_messages(conn: &mut Conn, document: Id) -> Result<Vec<MessageRow>> {
    let sql = format!(
        "select {} from document_message m where m.document_id = $1 order by m.at, m.id",
        MessageRow::cols("m")
    );
    Ok(conn.all(&sql, args![document]).await?)
}

/// Ended documents with open tasks, for `aftercare check`.
pub async fn ended_with_tasks(conn: &mut Conn) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = conn
        .all(
            "select d.no from document d where d.ended_at is not null
               and exists (select 1 from document_task t where t.document_id = d.id and t.state = 'open' and not t.stays)
             order by d.no limit 50",
            vec![],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|(no,)| format!("{no} has ended and still has open tasks that should have ended with it"))
        .collect())
}

/// Templates of the processes that a file on this document may prove something for.
pub async fn select_templates_of(conn: &mut Conn, kind: &str, id: Id) -> Result<Vec<Id>> {
    let sql = if kind == "document" {
        "select d.template_id from document d where d.id = $2 and $1 = 'document'"
    } else {
        "select distinct d.template_id from document d where d.subject_id = $2 and d.subject_kind = $1"
    };
    Ok(conn.all::<(Id,)>(sql, args![kind, id]).await?.into_iter().map(|(id,)| id).collect())
}
