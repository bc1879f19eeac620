//! SQL of supervision, over published views: one statement per source, whatever the number of people.

use db::{Conn, Sql};
use kernel::{Id, Ts};
use kit::{
    Result, Scope,
    hidden::{self, Hidden},
};

use super::model::{Item, Post, Posted, PostedItem, Seats, Source, Staff, Stand, Stuck, Tally};

/// Pieces shown of one source.
const MOST_ITEMS: i64 = 200;
/// Open signatures looked at.
const MOST_SEATS: i64 = 1000;
/// Orders shown that stand still.
const MOST_STUCK: i64 = 200;

/// Documents that stand for themselves: the run of an order is the order's work, which is counted already.
const DOCUMENTS: &str =
    "(select d.* from pub_document d where d.subject_id is null or d.parent_id is not null) o";

/// Instants that divide work.
#[derive(Clone, Copy)]
pub struct Times {
    /// Now.
    pub now: Ts,
    /// Begin of today.
    pub today: Ts,
    /// Begin of Monday.
    pub week: Ts,
}

/// Active posts.
pub async fn select_posts(conn: &mut Conn) -> Result<Vec<Post>> {
    let mut sql = Sql::new(
        "select p.id, p.org_id, p.name, p.superior_id, exists (select 1 from pub_staff s where s.post_id = p.id",
    );
    sql.and("s.active =", true).push(") as held from pub_post p where 1 = 1");
    sql.and("p.active =", true).push(" order by p.name, p.id");
    Ok(conn.all_sql(sql).await?)
}

/// Roles of some people, with the organisation of their account.
pub async fn select_roles(conn: &mut Conn, staff: &[Id]) -> Result<Vec<(Id, Id, String)>> {
    let mut sql = Sql::new("select r.staff_id, r.org_id, r.code from pub_user_role r where r.staff_id in ");
    sql.list(staff.iter().copied());
    Ok(conn.all_sql(sql).await?)
}

/// Active people on some posts, and some more by themselves or by their organisation.
pub async fn select_staff(conn: &mut Conn, posts: &[Id], more: &Scope) -> Result<Vec<Staff>> {
    let mut sql = Sql::new(format!("select {} from pub_staff s where 1 = 1", Staff::cols("s")));
    sql.and("s.active =", true);
    sql.push(" and (s.post_id in ").list(posts.iter().copied()).push(" or (1 = 1");
    more.push(&mut sql, "s.org_id", Some("s.id"));
    sql.push(")) order by s.no");
    Ok(conn.all_sql(sql).await?)
}

/// Organisations with the one above each.
pub async fn select_orgs(conn: &mut Conn) -> Result<Vec<(Id, Option<Id>, String)>> {
    Ok(conn.all("select o.id, o.parent_id, o.name from pub_org o", vec![]).await?)
}

/// What of a source belongs to whom and how far it is: select of open work and of finished work, each giving
/// `staff_id, stand, late` and the columns of [`Item`]. `None`: the source keeps no finished work.
struct Parts {
    /// Person.
    staff: &'static str,
    /// Table with alias.
    from: &'static str,
    /// Open pieces.
    open: &'static str,
    /// How far an open piece is; `{now}` is bound.
    stand: &'static str,
    /// 1 when its deadline ran out; `{now}` and `{today}` are bound.
    late: &'static str,
    /// When a piece was finished; empty: not kept.
    done: &'static str,
    /// Number, customer, subject, instant of open pieces, result.
    item: [&'static str; 5],
}

fn parts(source: Source) -> Option<Parts> {
    Some(match source {
        Source::Order => Parts {
            staff: "o.engineer_id",
            from: "pub_order o",
            open: "o.open = {yes} and o.state not in ('done', 'confirmed')",
            stand: "case when o.state in ('in_progress', 'waiting') then 'doing' when o.appoint_from <= {now} or (o.appoint_from is null and o.sla = 'over') then 'undone' else 'planned' end",
            late: "case when o.sla = 'over' then 1 else 0 end",
            done: "o.done_at",
            item: [
                "o.no",
                "o.customer_name",
                "o.symptom",
                "coalesce(o.appoint_from, o.created_at)",
                "case when o.callback_class <> '' then o.callback_class else o.state end",
            ],
        },
        Source::Request => Parts {
            staff: "o.handler_id",
            from: "pub_request o",
            open: "o.state = 'open'",
            stand: "case when o.promised_at < {now} then 'undone' else 'doing' end",
            late: "case when o.overdue = {yes} then 1 else 0 end",
            done: "o.answered_at",
            item: [
                "o.no",
                "o.customer_name",
                "o.content_name",
                "coalesce(o.promised_at, o.created_at)",
                "o.state",
            ],
        },
        Source::Callback => Parts {
            staff: "o.clerk_id",
            from: "pub_callback o",
            open: "o.state = 'planned'",
            stand: "case when o.planned_at <= {now} then 'undone' else 'planned' end",
            late: "case when o.planned_at < {today} then 1 else 0 end",
            done: "o.called_at",
            item: ["o.no", "''", "o.order_no", "o.planned_at", "coalesce(o.class, o.state)"],
        },
        Source::Document => Parts {
            staff: "o.holder_id",
            from: DOCUMENTS,
            open: "o.ended_at is null",
            stand: "case when o.due_at < {now} then 'undone' when o.stage = 'new' then 'planned' else 'doing' end",
            late: "case when o.due_at < {now} then 1 else 0 end",
            done: "o.ended_at",
            item: [
                "o.no",
                "''",
                "o.title",
                "coalesce(o.due_at, o.created_at)",
                "o.step_name || '\u{1f}' || o.step_name_en",
            ],
        },
        Source::Task => Parts {
            staff: "o.holder_id",
            from: "pub_document_task o",
            open: "o.state = 'open'",
            stand: "case when o.due_at < {now} then 'undone' else 'planned' end",
            late: "case when o.due_at < {now} then 1 else 0 end",
            done: "",
            item: ["o.document_no", "''", "o.text", "coalesce(o.due_at, o.created_at)", "o.state"],
        },
        Source::Approval => return None,
    })
}

/// Adds text in which `{now}`, `{today}` and `{yes}` stand for values.
fn push(sql: &mut Sql, text: &str, times: Times) {
    let mut rest = text;
    while let Some((head, tail)) = rest.split_once('{') {
        let (name, after) = tail.split_once('}').unwrap_or((tail, ""));
        sql.push(head);
        match name {
            "now" => sql.bind(times.now),
            "today" => sql.bind(times.today),
            _ => sql.bind(true),
        };
        rest = after;
    }
    sql.push(rest);
}

/// Leaves out what is confidential and not the caller's to know, in sources that have such documents.
fn leave_out(sql: &mut Sql, source: Source, hidden: &[Hidden]) {
    match source {
        Source::Document => hidden::leave_out(hidden, "o.id", sql),
        Source::Task => hidden::leave_out(hidden, "o.document_id", sql),
        Source::Approval => hidden::leave_out(hidden, "s.approval_id", sql),
        _ => {}
    }
}

/// Of whom work is read, when, and what is not to be seen.
pub struct Asked<'a> {
    /// People.
    pub staff: &'a [Id],
    /// Instants.
    pub times: Times,
    /// Confidential documents that the caller may not know of.
    pub hidden: &'a [Hidden],
}

fn select(sql: &mut Sql, source: Source, parts: &Parts, asked: &Asked<'_>, items: bool) {
    let (staff, times) = (asked.staff, asked.times);
    let columns = |sql: &mut Sql, at: &str| {
        if items {
            let [no, customer, about, _, result] = parts.item;
            sql.push(&format!(", o.id as id, {no} as no, {customer} as customer, {about} as about, {at} as at, {result} as result"));
        }
    };
    sql.push(&format!("select {} as staff_id, ", parts.staff));
    push(sql, parts.stand, times);
    sql.push(" as stand, cast(");
    push(sql, parts.late, times);
    sql.push(" as bigint) as late");
    columns(sql, parts.item[3]);
    sql.push(&format!(" from {} where ", parts.from));
    push(sql, parts.open, times);
    sql.push(&format!(" and {} in ", parts.staff)).list(staff.iter().copied());
    leave_out(sql, source, asked.hidden);
    if parts.done.is_empty() {
        return;
    }
    let done = parts.done;
    sql.push(&format!(" union all select {} as staff_id, case when {done} >= ", parts.staff));
    sql.bind(times.today).push(" then 'today' else 'week' end as stand, cast(0 as bigint) as late");
    columns(sql, done);
    sql.push(&format!(" from {} where {done} is not null and {done} >= ", parts.from)).bind(times.week);
    sql.push(&format!(" and {} in ", parts.staff)).list(staff.iter().copied());
    leave_out(sql, source, asked.hidden);
}

/// Counts of a source by person and stand.
pub async fn count(conn: &mut Conn, source: Source, asked: &Asked<'_>) -> Result<Vec<Tally>> {
    let Some(parts) = parts(source) else { return count_signed(conn, asked).await };
    let mut sql =
        Sql::new("select w.staff_id, w.stand, count(*) as n, cast(sum(w.late) as bigint) as late from (");
    select(&mut sql, source, &parts, asked, false);
    sql.push(") w group by w.staff_id, w.stand");
    Ok(conn.all_sql(sql).await?)
}

/// Signatures given.
async fn count_signed(conn: &mut Conn, asked: &Asked<'_>) -> Result<Vec<Tally>> {
    let (staff, times) = (asked.staff, asked.times);
    let mut sql = Sql::new(
        "select w.staff_id, w.stand, count(*) as n, cast(0 as bigint) as late from (select u.staff_id as staff_id, case when s.signed_at >= ",
    );
    sql.bind(times.today).push(" then 'today' else 'week' end as stand from pub_approval_seat s join pub_user u on u.id = s.user_id where s.signed_at >= ");
    sql.bind(times.week).push(" and u.staff_id in ").list(staff.iter().copied());
    leave_out(&mut sql, Source::Approval, asked.hidden);
    sql.push(") w group by w.staff_id, w.stand");
    Ok(conn.all_sql(sql).await?)
}

/// Open signatures by post and organisation.
pub async fn select_seats(conn: &mut Conn, hidden: &[Hidden]) -> Result<Vec<Seats>> {
    let mut sql = Sql::new(
        "select s.post, s.role, s.org_id, count(*) as n, cast(sum(case when s.reminded > 0 then 1 else 0 end) as bigint) as reminded
         from pub_approval_seat s where s.state = 'open'",
    );
    leave_out(&mut sql, Source::Approval, hidden);
    sql.push(" group by s.post, s.role, s.org_id");
    Ok(conn.all_sql(sql).await?)
}

/// Open documents or tasks that wait for a post, by post and organisation.
pub async fn select_posted(
    conn: &mut Conn,
    source: Source,
    times: Times,
    hidden: &[Hidden],
) -> Result<Vec<Posted>> {
    let Some(parts) = parts(source) else { return Ok(Vec::new()) };
    let mut sql = Sql::new(
        "select w.post, w.role, w.org_id, w.stand, count(*) as n, cast(sum(w.late) as bigint) as late from (select o.post, o.role, o.org_id, ",
    );
    posted(&mut sql, source, &parts, times, hidden);
    sql.push(") w group by w.post, w.role, w.org_id, w.stand");
    Ok(conn.all_sql(sql).await?)
}

/// How far each piece is that waits for a post and not for a person.
fn posted(sql: &mut Sql, source: Source, parts: &Parts, times: Times, hidden: &[Hidden]) {
    push(sql, parts.stand, times);
    sql.push(" as stand, cast(");
    push(sql, parts.late, times);
    sql.push(&format!(" as bigint) as late from {} where ", parts.from));
    push(sql, parts.open, times);
    sql.push(" and o.holder_id is null and o.post <> ''");
    leave_out(sql, source, hidden);
}

/// The same as pieces of work, each with organisation, post and role.
pub async fn select_posted_items(
    conn: &mut Conn,
    source: Source,
    times: Times,
    hidden: &[Hidden],
) -> Result<Vec<(Id, String, String, Item)>> {
    let Some(parts) = parts(source) else { return Ok(Vec::new()) };
    let [no, _, about, at, result] = parts.item;
    let mut sql = Sql::new(format!(
        "select o.org_id, o.post, o.role, o.id, {no} as no, {about} as about, {at} as at, {result} as result, "
    ));
    posted(&mut sql, source, &parts, times, hidden);
    sql.push(&format!(" order by 10 desc, 7 limit {MOST_SEATS}"));
    let item = |line: PostedItem| {
        let PostedItem { org_id, post, role, id, no, about, at, result, stand, late } = line;
        (org_id, post, role, Item { id, no, customer: String::new(), about, stand, late, at, result })
    };
    Ok(conn.all_sql::<PostedItem>(sql).await?.into_iter().map(item).collect())
}

/// Pieces of one person from one source, overdue first.
pub async fn select_items(conn: &mut Conn, source: Source, asked: &Asked<'_>) -> Result<Vec<Item>> {
    let Some(parts) = parts(source) else { return Ok(Vec::new()) };
    let mut sql = Sql::new(format!("select {} from (", Item::cols("w")));
    select(&mut sql, source, &parts, asked, true);
    sql.push(&format!(
        ") w order by w.late desc, case w.stand when 'undone' then 0 when 'doing' then 1 when 'planned' then 2 else 3 end, w.at, w.id limit {MOST_ITEMS}"
    ));
    Ok(conn.all_sql(sql).await?)
}

/// Open signatures as pieces of work, oldest first, each with organisation, post and role.
pub async fn select_seat_items(
    conn: &mut Conn,
    hidden: &[Hidden],
) -> Result<Vec<(Id, String, String, Item)>> {
    type Line = (Id, String, String, Id, String, String, i64, Option<Ts>);
    let mut sql = Sql::new(
        "select s.org_id, s.post, s.role, s.approval_id, s.doc_no, s.title, s.reminded, s.opened_at
         from pub_approval_seat s where s.state = 'open'",
    );
    leave_out(&mut sql, Source::Approval, hidden);
    sql.push(&format!(" order by s.opened_at limit {MOST_SEATS}"));
    let item = |(org, post, role, id, no, about, reminded, at): Line| {
        let stand = if reminded > 0 { Stand::Undone } else { Stand::Planned };
        let customer = String::new();
        (org, post, role, Item { id, no, customer, about, stand, late: 0, at, result: "open".into() })
    };
    Ok(conn.all_sql::<Line>(sql).await?.into_iter().map(item).collect())
}

/// What nobody was given in some organisations: orders, requests, callbacks whose time has come, documents that
/// wait for anybody with a role, or have a task that does. Confidential ones are in no figure of others.
pub async fn count_nobody(conn: &mut Conn, orgs: &[Id], now: Ts) -> Result<Vec<(String, i64)>> {
    let mut sql =
        Sql::new("select 'order', count(*) from pub_order o where o.engineer_id is null and o.open = ");
    sql.bind(true)
        .push(" and o.state in ('new', 'accepted', 'reopened') and o.org_id in ")
        .list(orgs.iter().copied());
    sql.push(" union all select 'request', count(*) from pub_request r where r.handler_id is null and r.state = 'open' and r.org_id in ");
    sql.list(orgs.iter().copied());
    sql.push(" union all select 'callback', count(*) from pub_callback b where b.clerk_id is null and b.state = 'planned' and b.planned_at <= ");
    sql.bind(now).push(" and b.org_id in ").list(orgs.iter().copied());
    let anybody = "o.holder_id is null and o.post = '' and o.role <> '' and not o.guarded and o.org_id in ";
    sql.push(&format!(
        " union all select 'document', count(*) from {DOCUMENTS} where o.ended_at is null and {anybody}"
    ));
    sql.list(orgs.iter().copied());
    sql.push(&format!(
        " union all select 'task', count(distinct o.document_id) from pub_document_task o where o.state = 'open' and {anybody}"
    ));
    sql.list(orgs.iter().copied());
    Ok(conn.all_sql(sql).await?)
}

/// Orders of some people, or of nobody in their organisations, without a step since an instant, longest first (WO-49).
pub async fn select_stuck(conn: &mut Conn, staff: &[Id], orgs: &[Id], before: Ts) -> Result<Vec<Stuck>> {
    let mut sql = Sql::new(format!("select {} from pub_order o where 1 = 1", Stuck::cols("o")));
    sql.and("o.open =", true)
        .push(" and o.state not in ('done', 'confirmed')")
        .and("o.progress_at <=", before);
    sql.push(" and (o.engineer_id in ").list(staff.iter().copied());
    sql.push(" or (o.engineer_id is null and o.org_id in ").list(orgs.iter().copied());
    sql.push(&format!(")) order by o.progress_at, o.id limit {MOST_STUCK}"));
    Ok(conn.all_sql(sql).await?)
}
