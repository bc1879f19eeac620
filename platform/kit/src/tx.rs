//! The transaction of one command: data, audit, events, jobs and the stored answer, all or nothing.

use std::{
    ops::{Deref, DerefMut},
    sync::atomic::Ordering,
};

use contracts::Event;
use db::{Conn, Sql, args};
use futures::future::BoxFuture;
use kernel::{Id, Ts};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{
    Cx, DocRef, Error, Result,
    audit::{self, Entry},
    live::Told,
    numbering::Held,
    perm::{Owned, Perm},
    search,
};

/// Says of a write that hit nothing that the command was done before, see [`Sql::must`].
pub(crate) const DONE_BEFORE: &str = "done";

/// Result of opening a command.
pub enum Begun {
    /// Do the work.
    New(Box<Tx>),
    /// It was done before; this is the stored output.
    Done(String),
}

/// A command's transaction. Statements run on it as on a [`Conn`]; dropped without commit, nothing happened.
pub struct Tx {
    inner: db::Tx,
    cx: Cx,
    command: &'static str,
    hash: String,
    now: Ts,
    entries: Vec<Entry>,
    jobs: Vec<NewJob>,
    told: Vec<Told>,
    numbers: Vec<Held>,
    docs: Vec<search::Pending>,
    clocks: Vec<(Id, bool)>,
    forget_actors: bool,
    forget_settings: bool,
    hearing: Option<Id>,
}

/// Where a command stood, see [`Tx::savepoint`].
pub struct Savepoint {
    entries: usize,
    jobs: usize,
    told: usize,
}

/// Background work to be enqueued with the commit.
pub struct NewJob {
    id: Id,
    kind: String,
    lane: &'static str,
    payload: String,
    run_at: Ts,
}

impl Tx {
    pub(crate) fn new(inner: db::Tx, cx: Cx, command: &'static str, hash: String) -> Self {
        let now = cx.now();
        Self {
            inner,
            cx,
            command,
            hash,
            now,
            entries: Vec::new(),
            jobs: Vec::new(),
            told: Vec::new(),
            numbers: Vec::new(),
            docs: Vec::new(),
            clocks: Vec::new(),
            forget_actors: false,
            forget_settings: false,
            hearing: None,
        }
    }

    /// The caller.
    pub fn cx(&self) -> &Cx {
        &self.cx
    }

    /// The instant of the command: the same for everything it writes.
    pub fn now(&self) -> Ts {
        self.now
    }

    /// A new id.
    pub fn id(&self) -> Id {
        self.cx.id()
    }

    /// The person who acts; nil for the system and for accounts without a person.
    pub fn staff(&self) -> Id {
        self.cx.actor.as_ref().and_then(|actor| actor.staff).unwrap_or(Id::NIL)
    }

    /// The run of a process whose document is following it now: the document must not move the run in turn.
    pub fn hearing(&self) -> Option<Id> {
        self.hearing
    }

    /// See [`Tx::hearing`]; returns what held before.
    pub fn set_hearing(&mut self, run: Option<Id>) -> Option<Id> {
        std::mem::replace(&mut self.hearing, run)
    }

    /// 403 without the permission, 404 outside its reach.
    pub fn authorize(&self, perm: &Perm, resource: &impl Owned) -> Result<()> {
        self.cx.authorize(perm, resource)
    }

    /// Records the difference between two states of a document.
    pub fn changed<D: Serialize>(&mut self, doc: DocRef, old: &D, new: &D) -> Result<()> {
        let changes = audit::diff(&serde_json::to_value(old)?, &serde_json::to_value(new)?);
        self.log(doc, "changed", changes);
        Ok(())
    }

    /// Records a new document with its content.
    pub fn created<D: Serialize>(&mut self, doc: DocRef, new: &D) -> Result<()> {
        let value = serde_json::to_value(new)?;
        self.log(doc, "created", value);
        Ok(())
    }

    /// Records anything else that happened to a document.
    pub fn log(&mut self, doc: DocRef, action: &'static str, detail: serde_json::Value) {
        self.entries.push(Entry { doc, action, detail });
    }

    /// Tells subscribers, each in a transaction of its own after this one.
    pub fn emit<E: Event>(&mut self, event: &E) -> Result<()> {
        let Some(subs) = self.cx.app.registry.subs.get(E::NAME) else { return Ok(()) };
        let payload = serde_json::to_string(event)?;
        for name in subs {
            let job = NewJob {
                id: self.cx.id(),
                kind: (*name).to_string(),
                lane: "quick",
                payload: payload.clone(),
                run_at: self.now,
            };
            self.jobs.push(job);
        }
        Ok(())
    }

    /// Enqueues background work; returns its id, under which progress can be followed.
    pub fn enqueue<P: Serialize>(
        &mut self,
        kind: &'static str,
        payload: &P,
        run_at: Option<Ts>,
    ) -> Result<Id> {
        let lane = match self.cx.app.registry.jobs.get(kind).map(|job| job.lane) {
            Some(crate::module::Lane::Slow) => "slow",
            Some(crate::module::Lane::Quick) => "quick",
            None => return Err(Error::Internal(format!("no job kind {kind}"))),
        };
        let id = self.cx.id();
        let payload = serde_json::to_string(payload)?;
        self.jobs.push(NewJob {
            id,
            kind: kind.to_string(),
            lane,
            payload,
            run_at: run_at.unwrap_or(self.now),
        });
        Ok(id)
    }

    /// Tells people's open browsers, with the commit; see [`crate::live`]. `payload` holds no personal data.
    pub fn tell_live<P: Serialize>(&mut self, users: &[Id], kind: &'static str, payload: &P) -> Result<()> {
        let payload = serde_json::to_string(payload)?;
        for user in users {
            let (id, kind, payload) = (self.cx.id(), kind.to_string(), payload.clone());
            self.told.push(Told { id, user_id: *user, kind, payload, at: self.now });
        }
        Ok(())
    }

    /// A number that is a document's once this command is committed.
    pub(crate) fn hold(&mut self, number: Held) {
        self.numbers.push(number);
    }

    /// The search index is written with the commit.
    pub(crate) fn put_doc(&mut self, doc: search::Pending) {
        self.docs.push(doc);
    }

    /// What was to be put there of a document is not.
    pub(crate) fn drop_doc(&mut self, kind: &str, id: Id) {
        self.docs.retain(|doc| (doc.kind, doc.id) != (kind, id));
    }

    /// Remembers that this command starts (or else stops) clocks of a document.
    pub(crate) fn note_clocks(&mut self, doc: Id, starts: bool) {
        self.clocks.push((doc, starts));
    }

    /// True when this command has started (or else stopped) clocks of the document.
    pub(crate) fn has_clocks(&self, doc: Id, starts: bool) -> bool {
        self.clocks.contains(&(doc, starts))
    }

    /// Rights or sessions change: what is cached of actors is forgotten with the commit.
    pub fn forget_actors(&mut self) {
        self.forget_actors = true;
    }

    /// Parameters change: what is cached of them is forgotten with the commit.
    pub fn forget_settings(&mut self) {
        self.forget_settings = true;
    }

    /// A point to which the command can be taken back, for example before each row of an import. Points don't
    /// nest.
    pub async fn savepoint(&mut self) -> Result<Savepoint> {
        // Taking back must not touch what was put into the index before.
        let docs = std::mem::take(&mut self.docs);
        search::write(&mut self.inner, docs).await?;
        self.inner.batch("savepoint part").await?;
        Ok(Savepoint { entries: self.entries.len(), jobs: self.jobs.len(), told: self.told.len() })
    }

    /// Sends the writes that wait, so that what the database refuses belongs to what was done up to here.
    pub async fn settle(&mut self) -> Result<()> {
        Ok(self.inner.settle().await?)
    }

    /// Keeps what was done since the point.
    pub async fn keep(&mut self, _point: Savepoint) -> Result<()> {
        Ok(self.inner.batch("release savepoint part").await?)
    }

    /// Undoes what was done since the point, also on an engine that refuses further statements after an error:
    /// data, audit, events and jobs.
    pub async fn take_back(&mut self, point: Savepoint) -> Result<()> {
        self.inner.forget_later();
        self.inner.batch("rollback to savepoint part; release savepoint part").await?;
        self.entries.truncate(point.entries);
        self.jobs.truncate(point.jobs);
        self.told.truncate(point.told);
        self.docs.clear();
        self.clocks.clear();
        Ok(())
    }

    /// Makes everything permanent and returns the output. Everything or nothing.
    pub async fn commit<O: Serialize>(self: Box<Self>, output: O) -> Result<O> {
        let answer = self.cx.req.idem.as_ref().map(|_| serde_json::to_string(&output)).transpose()?;
        self.close(answer).await?;
        Ok(output)
    }

    /// The commit, compiled once and not for every kind of output; `answer` is what a repeated request is told.
    fn close(mut self: Box<Self>, answer: Option<String>) -> BoxFuture<'static, Result<()>> {
        Box::pin(async move {
            let idle = self.is_idle();
            self.flush(answer).await?;
            let Self { mut inner, cx, jobs, told, numbers, forget_actors, forget_settings, .. } = *self;
            // Also when the commit fails: nobody can say then whether it was done.
            numbers.into_iter().for_each(Held::keep);
            cx.count_more(inner.end().await?);
            if cx.req.job.is_some() && !idle {
                cx.req.job_done.store(true, Ordering::Relaxed);
            }
            if !jobs.is_empty() {
                cx.app.wake.notify_one();
            }
            if !told.is_empty() {
                cx.app.live.wake();
            }
            if forget_actors {
                cx.app.directory.forget();
                // What is done is done: should this fail, the next request reads the clocks anew.
                let _ = crate::zones::refresh(&cx.app).await;
            }
            if forget_settings {
                cx.app.settings.forget();
            }
            Ok(())
        })
    }

    /// A reaction to an event that found nothing to do: its job's row stays its only trace, and whoever runs the jobs
    /// marks that done.
    fn is_idle(&self) -> bool {
        let nothing =
            self.entries.is_empty() && self.jobs.is_empty() && self.told.is_empty() && self.docs.is_empty();
        self.cx.req.job.is_some() && nothing && !self.inner.wrote()
    }

    /// The command's own records, with whatever else waits for the commit.
    async fn flush(&mut self, answer: Option<String>) -> Result<()> {
        if self.is_idle() {
            return Ok(());
        }
        let docs = std::mem::take(&mut self.docs);
        search::write(&mut self.inner, docs).await?;
        self.inner.later(audit::insert(&self.cx, self.command, self.now, &self.entries)?).await?;
        if let Some(jobs) = self.insert_jobs() {
            self.inner.later(jobs).await?;
        }
        if let Some(told) = self.insert_told() {
            self.inner.later(told).await?;
        }
        // What must hit exactly one row; otherwise somebody else has done this already.
        if let Some(job) = self.cx.req.job {
            let sql = Sql::with(
                "update job set state = 'done', finished_at = $2 where id = $1 and state = 'running'",
                args![job, self.now],
            );
            self.inner.later(sql.must(1, DONE_BEFORE)).await?;
        }
        if let (Some(key), Some(actor), Some(answer)) = (&self.cx.req.idem, &self.cx.actor, answer) {
            let sql = Sql::with(
                "insert into idempotency (user_id, idem_key, hash, output, at) values ($1,$2,$3,$4,$5)
                 on conflict (user_id, idem_key) do nothing",
                args![actor.user, key, &self.hash, answer, self.now],
            );
            self.inner.later(sql.must(1, DONE_BEFORE)).await?;
        }
        Ok(())
    }

    fn insert_told(&self) -> Option<Sql> {
        if self.told.is_empty() {
            return None;
        }
        Some(db::insert_many("live_message", Told::NAMES, self.told.iter().map(Told::values).collect()))
    }

    fn insert_jobs(&self) -> Option<Sql> {
        if self.jobs.is_empty() {
            return None;
        }
        let user = self.cx.actor.as_ref().map(|actor| actor.user);
        let names =
            ["id", "kind", "lane", "payload", "state", "run_at", "attempts", "created_by", "created_at"];
        let row = |job: &NewJob| {
            args![job.id, &job.kind, job.lane, &job.payload, "ready", job.run_at, 0, user, self.now]
        };
        Some(db::insert_many("job", &names, self.jobs.iter().map(row).collect()))
    }
}

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.inner
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.inner
    }
}

/// Hash of what a caller asked for.
pub(crate) fn request_hash<I: Serialize>(command: &str, input: &I) -> Result<String> {
    let mut hasher = Sha256::new();
    hasher.update(command.as_bytes());
    hasher.update([0]);
    hasher.update(serde_json::to_vec(input)?);
    Ok(kernel::hex(&hasher.finalize()))
}
