//! The single SQLite writer with group commit.
//!
//! Commands run one after another on one connection, in a shared outer transaction: the first as the transaction
//! itself, every further one inside a savepoint of its own. When a command finishes and others already wait, it
//! waits for the common COMMIT; the last one in line commits for all. So a burst of commands shares one fsync, a
//! lone command pays for its own, and nobody is told "saved" before it is on disk.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use std::time::Duration;

use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use super::SqliteConn;
use crate::{Error, Result};

/// Most commands that share one COMMIT: bounds how long the first of a burst waits.
const GROUP_LIMIT: usize = 64;

/// How long a finished command waits for the group before it commits for all itself. Only reached when the
/// command it counted on vanished while queueing.
const STRANDED: Duration = Duration::from_millis(20);

pub(crate) struct Writer {
    state: Arc<Mutex<State>>,
    waiting: AtomicUsize,
    /// A COMMIT waits for the disk, so it must not hold up the threads that answer requests.
    durable: bool,
}

struct State {
    conn: SqliteConn,
    /// An outer transaction is open.
    open: bool,
    /// Commands released into it that wait for the COMMIT.
    pending: Vec<oneshot::Sender<Result<(), String>>>,
}

impl State {
    /// Commits the group and tells everyone in it.
    fn flush(&mut self) -> Result<()> {
        if !self.open {
            return Ok(());
        }
        let done = self.conn.control("commit");
        if done.is_err() {
            // Nothing of the group is on disk; leave no half-open transaction behind.
            let _ = self.conn.control("rollback");
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

    /// Undoes one command; when it is alone in the transaction or its savepoint fails, the whole transaction.
    fn undo(&mut self, savepoint: bool) {
        let undone = savepoint
            && self.conn.control("rollback to command").and(self.conn.control("release command")).is_ok();
        if !undone {
            // A savepoint can be gone with the whole transaction (disk full, for example): fail the group.
            let _ = self.conn.control("rollback");
            self.open = false;
            for waiter in self.pending.drain(..) {
                let _ = waiter.send(Err("the transaction was rolled back".into()));
            }
        }
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
    pub(crate) fn new(conn: SqliteConn, durable: bool) -> Arc<Self> {
        let state = State { conn, open: false, pending: Vec::new() };
        Arc::new(Self { state: Arc::new(Mutex::new(state)), waiting: AtomicUsize::new(0), durable })
    }

    /// Waits for the writer and opens a transaction or a savepoint in it. Once the writer is ours nothing is awaited, so a caller that
    /// goes away leaves no transaction behind that nobody knows of.
    pub(crate) async fn begin(self: &Arc<Self>) -> Result<WriterGuard> {
        self.waiting.fetch_add(1, Ordering::AcqRel);
        let queued = Queued(&self.waiting);
        let mut state = Arc::clone(&self.state).lock_owned().await;
        drop(queued);
        // A savepoint costs a copy of every page it touches: only who shares the transaction needs one.
        let savepoint = state.open;
        state.conn.control(if savepoint { "savepoint command" } else { "begin immediate" })?;
        state.open = true;
        Ok(WriterGuard { writer: Arc::clone(self), state: Some(state), savepoint })
    }

    /// Commits for everyone who waits. The blocking thread finishes also when nobody waits for it any longer.
    async fn flush(&self, mut state: OwnedMutexGuard<State>) -> Result<()> {
        if !self.durable {
            return state.flush();
        }
        tokio::task::spawn_blocking(move || state.flush())
            .await
            .map_err(|error| Error::Other(error.to_string()))?
    }

    /// Closes the outer transaction if someone still waits in it.
    async fn rescue(&self) {
        let state = Arc::clone(&self.state).lock_owned().await;
        if !state.pending.is_empty() {
            let _ = self.flush(state).await;
        }
    }
}

/// A committed command that waits for its group. If its caller goes away, it still sees to the COMMIT.
struct Waiting<'a> {
    writer: &'a Arc<Writer>,
    answered: bool,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if !self.answered
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            let writer = Arc::clone(self.writer);
            runtime.spawn(async move { writer.rescue().await });
        }
    }
}

/// The writer, held by one command.
pub(crate) struct WriterGuard {
    writer: Arc<Writer>,
    state: Option<OwnedMutexGuard<State>>,
    /// Inside a savepoint rather than as the transaction itself.
    savepoint: bool,
}

impl WriterGuard {
    pub(crate) fn conn(&mut self) -> &mut SqliteConn {
        &mut self.state.as_mut().expect("the guard holds the writer until it is consumed").conn
    }

    /// Commits. Before the first await the command is part of the group, whole.
    pub(crate) async fn commit(mut self) -> Result<()> {
        let mut state = self.state.take().expect("the guard holds the writer until it is consumed");
        if self.savepoint
            && let Err(error) = state.conn.control("release command")
        {
            self.state = Some(state);
            return Err(error);
        }
        let others_wait = self.writer.waiting.load(Ordering::Acquire) > 0;
        if !others_wait || state.pending.len() + 1 >= GROUP_LIMIT {
            return self.writer.flush(state).await;
        }
        let (send, mut receive) = oneshot::channel();
        state.pending.push(send);
        drop(state);
        let mut waiting = Waiting { writer: &self.writer, answered: false };
        loop {
            match tokio::time::timeout(STRANDED, &mut receive).await {
                Ok(answer) => {
                    waiting.answered = true;
                    let answer = answer.map_err(|_| Error::Other("the group commit was lost".into()))?;
                    return answer.map_err(Error::Other);
                }
                Err(_) => self.writer.rescue().await,
            }
        }
    }
}

impl Drop for WriterGuard {
    /// Undoes a command that was not committed, and closes the outer transaction unless others will.
    fn drop(&mut self) {
        let Some(mut state) = self.state.take() else { return };
        state.undo(self.savepoint);
        if self.writer.waiting.load(Ordering::Acquire) > 0 {
            return;
        }
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) if self.writer.durable && !state.pending.is_empty() => {
                runtime.spawn_blocking(move || state.flush());
            }
            _ => {
                let _ = state.flush();
            }
        }
    }
}
