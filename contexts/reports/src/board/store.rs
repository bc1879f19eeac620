//! SQL of the dashboard, over published views.

use db::{Conn, Sql, args};
use kernel::{Id, Ts};
use kit::{Result, Scope};

use super::model::{Ended, Fact, PartOrder, PartUse, Running};

/// True for an order that tells of a fault: a repair that was not called off (REP-03). `k` is its kind of work.
const FAULT: &str = "(k.repair and o.state <> 'cancelled')";

fn facts(scope: &Scope) -> Sql {
    // Every column of a fact is the order's but for the last one.
    let columns = Fact::cols("o").replace("o.fault", &format!("{FAULT} as fault"));
    let mut sql = Sql::new(format!(
        "select {columns} from pub_order o join pub_work_kind k on k.code = o.kind where 1 = 1"
    ));
    scope.push(&mut sql, "o.org_id", None);
    sql
}

/// Orders opened within `[from, to)`.
pub async fn select_taken(conn: &mut Conn, scope: &Scope, from: Ts, to: Ts) -> Result<Vec<Fact>> {
    let mut sql = facts(scope);
    sql.and("o.created_at >=", from).and("o.created_at <", to);
    Ok(conn.all_sql(sql).await?)
}

/// Orders done within `[from, to)` and opened before it, or, where the date was typed, after it: what
/// [`select_taken`] does not give. The index of done orders holds when they were opened, so the rest is not read.
pub async fn select_done_others(conn: &mut Conn, scope: &Scope, from: Ts, to: Ts) -> Result<Vec<Fact>> {
    let mut done = Vec::new();
    for (opened, edge) in [("o.created_at <", from), ("o.created_at >=", to)] {
        let mut sql = facts(scope);
        sql.push(" and o.done_at is not null").and("o.done_at >=", from).and("o.done_at <", to);
        sql.and(opened, edge);
        done.extend(conn.all_sql::<Fact>(sql).await?);
    }
    Ok(done)
}

/// Faults opened within `[edges[n], edges[n + 1])`, for every n. The orders of a year are too many to be read: those
/// opened are counted in the index of that time alone, those called off, which are few, in the index of states.
pub async fn count_faults(conn: &mut Conn, scope: &Scope, edges: &[Ts]) -> Result<Vec<(i64, i64)>> {
    let mut sql = Sql::new(String::new());
    for (place, span) in edges.windows(2).enumerate() {
        let union = if place == 0 { "" } else { " union all " };
        sql.push(&format!("{union}select cast({place} as bigint)"));
        for (sign, state) in [(",", ""), ("-", " and o.state = 'cancelled'")] {
            // Kinds are compared as an expression, lest their own index be taken, which knows nothing of time.
            sql.push(&format!(
                " {sign} (select count(*) from pub_order o where coalesce(o.kind, '') in
                    (select k.code from pub_work_kind k where k.repair){state}"
            ));
            sql.and("o.created_at >=", span[0]).and("o.created_at <", span[1]);
            scope.push(&mut sql, "o.org_id", None);
            sql.push(")");
        }
    }
    Ok(conn.all_sql(sql).await?)
}

/// Open orders by state and column of age; `since` are the instants at which the columns begin, youngest first.
pub async fn count_open(
    conn: &mut Conn,
    scope: &Scope,
    states: &[&str],
    since: [Ts; 3],
) -> Result<Vec<(String, i64, i64)>> {
    let mut sql =
        Sql::new("select n.state, n.age, count(*) from (select o.state as state, case when o.created_at > ");
    sql.bind(since[0])
        .push(" then 0 when o.created_at > ")
        .bind(since[1])
        .push(" then 1 when o.created_at > ");
    sql.bind(since[2])
        .push(" then 2 else 3 end as age from pub_order o where o.state in ")
        .list(states.iter().copied());
    scope.push(&mut sql, "o.org_id", None);
    sql.push(") n group by n.state, n.age");
    Ok(conn.all_sql(sql).await?)
}

/// Units recorded of some models.
pub async fn count_units(conn: &mut Conn, scope: &Scope, models: &[Id]) -> Result<Vec<(Id, i64)>> {
    if models.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("select u.model_id, count(*) from pub_unit u where u.model_id in ");
    sql.list(models.iter().copied());
    scope.push(&mut sql, "u.org_id", None);
    sql.push(" group by u.model_id");
    Ok(conn.all_sql(sql).await?)
}

/// Up to so many units a look at the dashboard counts them itself.
pub const COUNTED_LIVE: i64 = 20_000;

/// True when there are so few units that they are counted when somebody looks.
pub async fn few_units(conn: &mut Conn) -> Result<bool> {
    let sql = format!("select count(*) from (select 1 from pub_unit u limit {}) n", COUNTED_LIVE + 1);
    Ok(conn.scalar::<i64>(&sql, vec![]).await? <= COUNTED_LIVE)
}

/// All units; `live`: counted now, else as counted last.
pub async fn count_all_units(conn: &mut Conn, scope: &Scope, live: bool) -> Result<i64> {
    let mut sql = Sql::new(if live {
        "select count(*) from pub_unit u where 1 = 1"
    } else {
        "select cast(coalesce(sum(u.units), 0) as bigint) from unit_area u where 1 = 1"
    });
    scope.push(&mut sql, "u.org_id", None);
    let rows: Vec<(i64,)> = conn.all_sql(sql).await?;
    Ok(rows.first().map_or(0, |(count,)| *count))
}

/// Units of the customers of some areas; `live`: counted now, else as counted last.
pub async fn count_units_in(
    conn: &mut Conn,
    scope: &Scope,
    regions: &[&str],
    live: bool,
) -> Result<Vec<(String, i64)>> {
    if regions.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(if live {
        "select u.region, count(*) from (select c.region as region, u.org_id as org_id from pub_unit u
            join pub_customer c on c.id = u.customer_id) u where u.region in "
    } else {
        "select u.region, cast(sum(u.units) as bigint) from unit_area u where u.region in "
    });
    sql.list(regions.iter().copied());
    scope.push(&mut sql, "u.org_id", None);
    sql.push(" group by u.region");
    Ok(conn.all_sql(sql).await?)
}

/// Units by organisation and area, all of them.
pub async fn select_areas(conn: &mut Conn) -> Result<Vec<(Id, String, i64)>> {
    let sql =
        "select u.org_id, c.region, count(*) from pub_unit u join pub_customer c on c.id = u.customer_id
        group by u.org_id, c.region";
    Ok(conn.all(sql, vec![]).await?)
}

/// Keeps what was counted instead of what was before.
pub async fn put_areas(conn: &mut Conn, areas: &[(Id, String, i64)]) -> Result<()> {
    conn.exec("delete from unit_area", vec![]).await?;
    for chunk in areas.chunks(200) {
        let rows = chunk.iter().map(|(org, region, units)| args![*org, region, *units]).collect();
        conn.exec_sql(db::insert_many("unit_area", &["org_id", "region", "units"], rows)).await?;
    }
    Ok(())
}

/// Parts used on orders done within `[from, to)`, most value first.
pub async fn select_parts(
    conn: &mut Conn,
    scope: &Scope,
    from: Ts,
    to: Ts,
    most: usize,
) -> Result<Vec<PartUse>> {
    let mut sql = Sql::new(format!(
        "select l.code, max(l.name) as name, cast(sum(l.quantity) as bigint) as quantity, cast(sum(l.gross) as bigint) as gross,
            count(distinct o.id) as orders, count(distinct case when {FAULT} then o.id end) as faults
         from pub_order o join pub_work_kind k on k.code = o.kind join pub_order_line l on l.order_id = o.id
         where l.kind = 'part' and l.stock = 'used' and o.done_at is not null"
    ));
    sql.and("o.done_at >=", from).and("o.done_at <", to);
    scope.push(&mut sql, "o.org_id", None);
    sql.push(&format!(" group by l.code order by 4 desc, 1 limit {most}"));
    Ok(conn.all_sql(sql).await?)
}

/// Repairs done within `[from, to)` that used some parts, by code.
pub async fn count_part_faults(
    conn: &mut Conn,
    scope: &Scope,
    codes: &[&str],
    from: Ts,
    to: Ts,
) -> Result<Vec<(String, i64)>> {
    if codes.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(format!(
        "select l.code, count(distinct o.id)
         from pub_order o join pub_work_kind k on k.code = o.kind join pub_order_line l on l.order_id = o.id
         where l.kind = 'part' and l.stock = 'used' and o.done_at is not null and {FAULT}"
    ));
    sql.and("o.done_at >=", from).and("o.done_at <", to);
    sql.push(" and l.code in ").list(codes.iter().copied());
    scope.push(&mut sql, "o.org_id", None);
    sql.push(" group by l.code");
    Ok(conn.all_sql(sql).await?)
}

/// Orders done within `[from, to)` that used a part, newest first.
pub async fn select_part_orders(
    conn: &mut Conn,
    scope: &Scope,
    code: &str,
    from: Ts,
    to: Ts,
) -> Result<Vec<PartOrder>> {
    let mut sql = Sql::with(
        format!(
            "select o.id, o.no, o.customer_name, o.model_name, o.done_at, cast(sum(l.quantity) as bigint) as quantity,
                cast(sum(l.gross) as bigint) as gross, {FAULT} as fault
             from pub_order o join pub_work_kind k on k.code = o.kind join pub_order_line l on l.order_id = o.id
             where l.kind = 'part' and l.stock = 'used' and o.done_at is not null and l.code = $1"
        ),
        args![code],
    );
    sql.and("o.done_at >=", from).and("o.done_at <", to);
    scope.push(&mut sql, "o.org_id", None);
    sql.push(" group by o.id, o.no, o.customer_name, o.model_name, o.done_at, o.state, k.repair order by o.done_at desc, o.id");
    Ok(conn.all_sql(sql).await?)
}

/// Process documents that stand for themselves. A figure is the same for everybody: confidential ones are in none.
const DOCUMENTS: &str =
    "from pub_document d where (d.subject_id is null or d.parent_id is not null) and not d.guarded";

/// Macro states of documents that were brought to their end.
pub const DONE_STAGES: [&str; 4] = ["done", "confirmed", "audited", "closed"];

/// Documents that run, by kind.
pub async fn count_running(conn: &mut Conn, scope: &Scope) -> Result<Vec<Running>> {
    let mut sql = Sql::new(format!(
        "select d.code, max(d.template) as name, max(d.template_en) as name_en, count(*) as n,
            cast(sum(case when d.late then 1 else 0 end) as bigint) as late,
            cast(sum(case when d.contact then 1 else 0 end) as bigint) as contact {DOCUMENTS} and d.ended_at is null"
    ));
    scope.push(&mut sql, "d.org_id", None);
    sql.push(" group by d.code");
    Ok(conn.all_sql(sql).await?)
}

/// Documents brought to their end within `[from, to)`, by kind.
pub async fn count_ended(conn: &mut Conn, scope: &Scope, from: Ts, to: Ts) -> Result<Vec<Ended>> {
    let mut sql = Sql::new(format!(
        "select d.code, max(d.template) as name, max(d.template_en) as name_en, count(*) as n,
            cast(sum(d.ended_at - d.created_at) as bigint) as micros {DOCUMENTS}"
    ));
    sql.and("d.ended_at >=", from).and("d.ended_at <", to);
    sql.push(" and d.stage in ").list(DONE_STAGES);
    scope.push(&mut sql, "d.org_id", None);
    sql.push(" group by d.code");
    Ok(conn.all_sql(sql).await?)
}

/// Complaints that came in within `[from, to)`.
pub async fn count_complaints(conn: &mut Conn, scope: &Scope, from: Ts, to: Ts) -> Result<i64> {
    let mut sql = Sql::new("select count(*) from pub_request r where r.topic = 'complaint'");
    sql.and("r.created_at >=", from).and("r.created_at <", to);
    scope.push(&mut sql, "r.org_id", None);
    let rows: Vec<(i64,)> = conn.all_sql(sql).await?;
    Ok(rows.first().map_or(0, |(count,)| *count))
}

/// Names of organisations.
pub async fn org_names(conn: &mut Conn, ids: &[Id]) -> Result<Vec<(Id, String)>> {
    names(conn, "pub_org", ids).await
}

/// Names of staff.
pub async fn staff_names(conn: &mut Conn, ids: &[Id]) -> Result<Vec<(Id, String)>> {
    names(conn, "pub_staff", ids).await
}

async fn names(conn: &mut Conn, view: &str, ids: &[Id]) -> Result<Vec<(Id, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(format!("select v.id, v.name from {view} v where v.id in "));
    sql.list(ids.iter().copied());
    Ok(conn.all_sql(sql).await?)
}
