//! Background work: rows written in the command's transaction, run at least once, marked done in the
//! transaction of their effect. Events, clocks, imports and schedules all come down to these rows.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use db::args;
use kernel::{Id, RuleError, T, Ts};

use crate::{App, Cx, Error, Result, Tx, audit, module::Lane, timers};

/// Attempts before a job is put aside for a person to look at.
const MAX_ATTEMPTS: i64 = 8;

/// A running job not heard of for this long belongs to a node that died.
const LOST_AFTER: i64 = 10 * 60 * 1_000_000;

db::row! {
    struct Due { id: Id, kind: String, payload: String, attempts: i64, run_at: Ts }
}

/// Runs background work until `stop` says so.
pub async fn run(app: App, mut stop: tokio::sync::watch::Receiver<bool>) {
    let quick = tokio::spawn(lane(Arc::clone(&app), Lane::Quick, stop.clone()));
    let slow = tokio::spawn(lane(Arc::clone(&app), Lane::Slow, stop.clone()));
    let clock = tokio::spawn(clock(Arc::clone(&app), stop.clone()));
    let _ = stop.wait_for(|stop| *stop).await;
    let _ = tokio::join!(quick, slow, clock);
}

async fn lane(app: App, lane: Lane, mut stop: tokio::sync::watch::Receiver<bool>) {
    // Told of work by this node's commands, it claims at once; of other nodes' and of what becomes due, it
    // learns by looking: an idle server must not write every second.
    let mut look_first = true;
    while !*stop.borrow() {
        match run_some(&app, lane, look_first).await {
            // As many as fit may not have been all; what those that ran set off wakes this lane by itself.
            Ok(ran) if ran > 0 && ran >= share(lane).unsigned_abs() as usize => continue,
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "background work"),
        }
        look_first = tokio::select! {
            () = app.wake.notified(), if lane == Lane::Quick => false,
            () = tokio::time::sleep(Duration::from_millis(700)) => true,
            _ = stop.changed() => true,
        };
    }
}

/// Clocks, schedules and the audit sealer, once a second.
async fn clock(app: App, mut stop: tokio::sync::watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = tick(&app).await {
            tracing::error!(%error, "clock");
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Everything that time alone sets off, once.
pub async fn tick(app: &App) -> Result<()> {
    crate::zones::refresh(app).await?;
    while timers::fire_due(app, 50).await? > 0 {}
    // A full block may have more behind it; a partly filled one is the newest there is.
    while audit::seal(&app.db, &app.audit_key, app.now()).await? >= audit::BLOCK.unsigned_abs() {}
    run_schedules(app).await?;
    crate::http::upkeep_metrics();
    recover(app).await
}

/// Runs everything that is due now, for tests and one-shot commands; returns how many jobs ran.
pub async fn drain(app: &App) -> Result<usize> {
    let mut ran = 0;
    crate::zones::refresh(app).await?;
    loop {
        timers::fire_due(app, 1000).await?;
        let now = run_some(app, Lane::Quick, true).await? + run_some(app, Lane::Slow, true).await?;
        if now == 0 {
            return Ok(ran);
        }
        ran += now;
    }
}

fn lane_code(lane: Lane) -> &'static str {
    match lane {
        Lane::Quick => "quick",
        Lane::Slow => "slow",
    }
}

/// Jobs claimed at once. Slow ones one by one, so that other nodes can take the next.
fn share(lane: Lane) -> i64 {
    match lane {
        Lane::Quick => 32,
        Lane::Slow => 1,
    }
}

/// Claims some due jobs and runs them one after another; returns how many.
async fn run_some(app: &App, lane: Lane, look_first: bool) -> Result<usize> {
    if look_first && !any_due(app, lane).await? {
        return Ok(0);
    }
    let claimed = claim(app, lane).await?;
    let mut idle = Vec::new();
    let mut failed = Ok(());
    for due in &claimed {
        match run_job(app, due).await {
            Ok(true) => {}
            Ok(false) => idle.push(due.id),
            Err(error) => failed = Err(error),
        }
    }
    finish_idle(app, &idle).await?;
    failed.map(|()| claimed.len())
}

/// Runs a job; false when it ended well and nobody has marked it done yet.
async fn run_job(app: &App, due: &Due) -> Result<bool> {
    let Some(kind) = app.registry.jobs.get(due.kind.as_str()) else {
        finish(app, due, Error::Internal(format!("no job kind {}", due.kind))).await?;
        return Ok(true);
    };
    let payload = serde_json::from_str(&due.payload)?;
    let cx = job_cx(app, due.id).await?;
    let req = Arc::clone(&cx.req);
    let result = match tokio::spawn((kind.run)(cx, payload)).await {
        Ok(result) => result,
        Err(panic) => Err(Error::Internal(format!("job panicked: {panic}"))),
    };
    match result {
        Ok(()) => Ok(req.job_done.load(Ordering::Relaxed)),
        Err(error) => finish(app, due, error).await.map(|()| true),
    }
}

/// Work acts for the system: the person who caused it needs no right to its effects. What only that person may do asks
/// for [`asked_by`].
async fn job_cx(app: &App, id: Id) -> Result<Cx> {
    crate::zones::refresh(app).await?;
    let mut cx = Cx::system(app);
    cx.req = Arc::new(crate::cx::Req {
        job: Some(id),
        veils: crate::veil::Veils::load(app).await,
        ..Default::default()
    });
    Ok(cx)
}

/// The running job as whoever asked for it, with the rights of now; none when that account can't sign in any more.
pub(crate) async fn asked_by(cx: &Cx) -> Result<Option<Cx>> {
    let Some(id) = cx.req.job else { return Ok(Some(cx.clone())) };
    let mut conn = cx.read().await?;
    let user = state(&mut conn, id).await?.created_by.unwrap_or(Id::NIL);
    drop(conn);
    if user.is_nil() {
        return Ok(Some(cx.clone()));
    }
    let actor = cx.app.directory.by_user(&cx.app.db, user, cx.now()).await?;
    Ok(actor.map(|actor| Cx { actor: Some(actor), ..cx.clone() }))
}

async fn any_due(app: &App, lane: Lane) -> Result<bool> {
    let mut conn = app.db.read().await?;
    let due: Option<i64> = conn
        .scalar_opt(
            "select 1 from job where state = 'ready' and lane = $1 and run_at <= $2 limit 1",
            args![lane_code(lane), app.now()],
        )
        .await?;
    Ok(due.is_some())
}

async fn claim(app: &App, lane: Lane) -> Result<Vec<Due>> {
    let sql = format!(
        "update job set state = 'running', attempts = attempts + 1, started_at = $2 where id in (
            select id from job where state = 'ready' and lane = $1 and run_at <= $2 order by run_at, id limit $3{})
         returning id, kind, payload, attempts, run_at",
        db::dialect::for_update_skip_locked(app.db.engine()),
    );
    let mut claimed: Vec<Due> = app.db.alone(&sql, args![lane_code(lane), app.now(), share(lane)]).await?;
    // RETURNING promises no order; what was written first runs first.
    claimed.sort_by_key(|due| (due.run_at, due.id));
    Ok(claimed)
}

/// Marks jobs done that had nothing to write. Should the node stop before, they find nothing to do once more.
async fn finish_idle(app: &App, ids: &[Id]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let mut sql = db::Sql::with(
        "update job set state = 'done', finished_at = $1 where state = 'running' and id in ",
        args![app.now()],
    );
    sql.list(ids.iter().copied());
    let (sql, args) = sql.into_parts();
    app.db.exec_alone(&sql, args).await?;
    Ok(())
}

/// Records a failure, and when the job is tried again.
async fn finish(app: &App, due: &Due, error: Error) -> Result<()> {
    let now = app.now();
    let wait = 1_000_000_i64 << due.attempts.clamp(1, 12);
    let state = if due.attempts >= MAX_ATTEMPTS || !retriable(&error) { "dead" } else { "ready" };
    tracing::warn!(job = %due.kind, %error, attempts = due.attempts, state, "job failed");
    app.db
        .exec_alone(
            "update job set state = $2, run_at = $3, error = $4, finished_at = $5 where id = $1 and state = 'running'",
            args![due.id, state, Ts(now.0 + wait), error.to_string(), now],
        )
        .await?;
    Ok(())
}

fn retriable(error: &Error) -> bool {
    !matches!(error, Error::Invalid(_) | Error::Forbidden(_) | Error::SignIn)
}

/// Gives jobs of dead nodes back; long ones tell of themselves by their progress.
async fn recover(app: &App) -> Result<()> {
    let before = Ts(app.now().0 - LOST_AFTER);
    let mut conn = app.db.read().await?;
    let lost: i64 = conn
        .scalar("select count(*) from job where state = 'running' and started_at < $1", args![before])
        .await?;
    drop(conn);
    if lost > 0 {
        app.db
            .exec_alone(
                "update job set state = 'ready' where state = 'running' and started_at < $1",
                args![before],
            )
            .await?;
    }
    Ok(())
}

/// At start of a single-node server nothing can still be running: what was, is run again.
pub async fn recover_all(app: &App) -> Result<()> {
    app.db.exec_alone("update job set state = 'ready' where state = 'running'", vec![]).await?;
    Ok(())
}

async fn run_schedules(app: &App) -> Result<()> {
    let now = app.now();
    let mut conn = app.db.read().await?;
    let later: Vec<(String,)> = conn.all("select name from schedule where next_at > $1", args![now]).await?;
    drop(conn);
    for schedule in app.registry.schedules.iter().filter(|s| later.iter().all(|(name,)| name != s.name)) {
        let next = Ts(now.0 + schedule.every_secs * 1_000_000);
        // The first node to say so runs it.
        let mine = app
            .db
            .exec_alone(
                "insert into schedule (name, next_at) values ($1, $2) on conflict (name) do update
                 set next_at = excluded.next_at where schedule.next_at <= $3",
                args![schedule.name, next, now],
            )
            .await?;
        if mine > 0
            && let Err(error) = (schedule.run)(Cx::system(app)).await
        {
            tracing::error!(schedule = schedule.name, %error, "schedule");
        }
    }
    Ok(())
}

db::row! {
    /// Progress of a job, for pages that can be left and found again.
    #[derive(Clone, Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
    pub struct JobState {
        /// Which job.
        pub id: Id,
        /// Kind.
        pub kind: String,
        /// `ready`, `running`, `done`, `dead`, `cancelled`
        pub state: String,
        /// Done so far.
        pub done: i64,
        /// Of how many.
        pub total: i64,
        /// Why it failed.
        pub error: Option<String>,
        /// Who started it.
        pub created_by: Option<Id>,
    }
}

/// A job by id.
pub async fn state(conn: &mut db::Conn, id: Id) -> Result<JobState> {
    let sql = format!("select {} from job j where id = $1", JobState::cols("j"));
    Ok(conn.one(&sql, args![id]).await?)
}

/// Records progress, which also tells that the job is alive; false when somebody cancelled the job.
pub async fn progress(app: &App, id: Id, done: usize, total: usize) -> Result<bool> {
    let alive = app
        .db
        .exec_alone(
            "update job set done = $2, total = $3, started_at = $4 where id = $1 and state = 'running'",
            args![id, done, total, app.now()],
        )
        .await?;
    Ok(alive > 0)
}

db::row! {
    /// A piece of background work that is not done, for those who look after the system.
    #[derive(Clone, Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
    pub struct JobRow {
        /// Which job.
        pub id: Id,
        /// Kind.
        pub kind: String,
        /// `ready`, `running`, `dead` (gave up), `cancelled`
        pub state: String,
        /// Times it was tried.
        pub attempts: i64,
        /// When it is tried next, or was to be.
        pub run_at: Ts,
        /// Why the last try failed.
        pub error: Option<String>,
        /// Asked for.
        pub created_at: Ts,
    }
}

/// Jobs that are not done: those that gave up first, then what fails or waits, newest first.
pub async fn open(conn: &mut db::Conn, most: i64) -> Result<Vec<JobRow>> {
    let sql = format!(
        "select {} from job j where j.state <> 'done' order by case j.state when 'dead' then 0 when 'cancelled' then 2 else 1 end,
         j.created_at desc, j.id desc limit $1",
        JobRow::cols("j")
    );
    Ok(conn.all(&sql, args![most]).await?)
}

/// Runs a job that gave up again, from the first try on.
///
/// Errors: `jobs.not_dead`.
pub async fn retry_in(tx: &mut Tx, id: Id) -> Result<JobState> {
    let now = tx.now();
    let job = state(tx, id).await?;
    let again = tx
        .exec(
            "update job set state = 'ready', run_at = $2, attempts = 0, finished_at = null where id = $1 and state = 'dead'",
            args![id, now],
        )
        .await?;
    if again == 0 {
        return Err(Error::Conflict(RuleError::new(
            "jobs.not_dead",
            T("只有已放弃的任务可以重试", "Only work that gave up can be tried again"),
        )));
    }
    tx.log(crate::DocRef::new("job", id, &job.kind), "retried", serde_json::json!({ "error": job.error }));
    state(tx, id).await
}
