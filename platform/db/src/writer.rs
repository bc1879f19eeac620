//! The single SQLite writer with group commit.
//!
//! Commands run one after another on one connection, each inside a savepoint of a shared outer transaction.
//! When a command finishes and others already wait, its savepoint is released and it waits for the common
//! COMMIT; the last one in line commits for all. So a burst of commands shares one fsync, a lone command pays
//! for its own, and nobody is told "saved" before it is on disk.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use std::time::Duration;

use sqlx::{Executor, SqliteConnection};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use crate::{Error, Result};

/// Most commands that share one COMMIT: bounds how long the first of a burst waits.
const GROUP_LIMIT: usize = 64;

/// How long a finished command waits for the group before it commits for all itself. Only reached when the
/// command it counted on vanished while queueing.
const STRANDED: Duration = Duration::from_millis(20);

pub(crate) struct Writer {
    state: Arc<Mutex<State>>,
    waiting: AtomicUsize,
}

struct State {
    conn: SqliteConnection,
    /// An outer transaction is open.
    open: bool,
    /// Commands released into it that wait for the COMMIT.
    pending: Vec<oneshot::Sender<Result<(), String>>>,
}

impl State {
    async fn run(&mut self, sql: &'static str) -> Result<()> {
        self.conn.execute(sql).await?;
        Ok(())
    }

    /// Commits the group and tells everyone in it.
    async fn flush(&mut self) -> Result<()> {
        if !self.open {
            return Ok(());
        }
        let done = self.run("COMMIT").await;
        if done.is_err() {
            // Nothing of the group is on disk; leave no half-open transaction behind.
            let _ = self.run("ROLLBACK").await;
        }
        self.open = false;
        let answer = match &done {
            Ok(()) => Ok(()),
            Err(error) => Err(error.to_string()),
        };
        for waiter in self.pending.drain(..) {
            let _ = waiter.send(answer.clone());
        }
        done
    }
}

/// Counts a queueing command for as long as it queues, also when it is cancelled.
struct Queued<'a>(&'a AtomicUsize);

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Writer {
    pub(crate) fn new(conn: SqliteConnection) -> Arc<Self> {
        let state = State { conn, open: false, pending: Vec::new() };
        Arc::new(Self { state: Arc::new(Mutex::new(state)), waiting: AtomicUsize::new(0) })
    }

    /// Waits for the writer and opens a savepoint. Runs in a task of its own: a caller that goes away in the
    /// middle must not leave the connection in a transaction that nobody knows of.
    pub(crate) async fn begin(self: &Arc<Self>) -> Result<WriterGuard> {
        let writer = Arc::clone(self);
        tokio::spawn(async move { writer.begin_here().await })
            .await
            .map_err(|error| Error::Other(error.to_string()))?
    }

    async fn begin_here(self: &Arc<Self>) -> Result<WriterGuard> {
        self.waiting.fetch_add(1, Ordering::AcqRel);
        let queued = Queued(&self.waiting);
        let state = Arc::clone(&self.state).lock_owned().await;
        drop(queued);
        let mut guard = WriterGuard { writer: Arc::clone(self), state: Some(state), live: false };
        let state = guard.state_mut();
        if !state.open {
            state.run("BEGIN IMMEDIATE").await?;
            state.open = true;
        }
        state.run("SAVEPOINT command").await?;
        guard.live = true;
        Ok(guard)
    }

    /// Closes the outer transaction if someone still waits in it.
    async fn rescue(&self) {
        let mut state = self.state.lock().await;
        if !state.pending.is_empty() {
            let _ = state.flush().await;
        }
    }
}

/// The writer, held by one command.
pub(crate) struct WriterGuard {
    writer: Arc<Writer>,
    state: Option<OwnedMutexGuard<State>>,
    /// A savepoint is open.
    live: bool,
}

impl WriterGuard {
    fn state_mut(&mut self) -> &mut State {
        self.state.as_mut().expect("the guard holds the writer until it is consumed")
    }

    pub(crate) fn conn(&mut self) -> &mut SqliteConnection {
        &mut self.state_mut().conn
    }

    /// Commits; also in a task of its own, so that it happens wholly or not at all.
    pub(crate) async fn commit(self) -> Result<()> {
        tokio::spawn(self.commit_here()).await.map_err(|error| Error::Other(error.to_string()))?
    }

    async fn commit_here(mut self) -> Result<()> {
        let others_wait = self.writer.waiting.load(Ordering::Acquire) > 0;
        let state = self.state_mut();
        state.run("RELEASE command").await?;
        self.live = false;
        let state = self.state_mut();
        if !others_wait || state.pending.len() + 1 >= GROUP_LIMIT {
            return state.flush().await;
        }
        let (send, mut receive) = oneshot::channel();
        state.pending.push(send);
        let writer = Arc::clone(&self.writer);
        drop(self.state.take());
        loop {
            match tokio::time::timeout(STRANDED, &mut receive).await {
                Ok(Ok(answer)) => return answer.map_err(Error::Other),
                Ok(Err(_)) => return Err(Error::Other("the group commit was lost".into())),
                Err(_) => writer.rescue().await,
            }
        }
    }

    pub(crate) async fn rollback(mut self) -> Result<()> {
        let state = self.state.take().expect("the guard holds the writer until it is consumed");
        let live = std::mem::take(&mut self.live);
        undo(&self.writer, state, live).await;
        Ok(())
    }
}

/// Undoes one command's savepoint and closes the outer transaction unless others will.
async fn undo(writer: &Writer, mut state: OwnedMutexGuard<State>, live: bool) {
    if live && state.run("ROLLBACK TO command").await.and(state.run("RELEASE command").await).is_err() {
        // The savepoint is gone with the whole transaction (disk full, for example): fail the group.
        let _ = state.run("ROLLBACK").await;
        state.open = false;
        for waiter in state.pending.drain(..) {
            let _ = waiter.send(Err("the transaction was rolled back".into()));
        }
        return;
    }
    if writer.waiting.load(Ordering::Acquire) == 0 {
        let _ = state.flush().await;
    }
}

impl Drop for WriterGuard {
    fn drop(&mut self) {
        let Some(state) = self.state.take() else { return };
        let (writer, live) = (Arc::clone(&self.writer), self.live);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { undo(&writer, state, live).await });
        }
    }
}
