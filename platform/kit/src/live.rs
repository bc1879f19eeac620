//! The live channel: what is told to people's browsers within a moment (DESIGN §9, CALL-02).
//!
//! A command tells with [`crate::Tx::tell_live`]; the rows are written with it and seen by every node. A node looks for
//! new rows only while somebody listens: at once after its own commands, else twice a second, so that any number of
//! nodes on one PostgreSQL work without a further connection. Rows live two minutes: a browser that reconnects gets
//! what it missed. They hold no personal data; the browser asks for that with its own rights.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    convert::Infallible,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header::ACCEPT},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use db::{Conn, args};
use futures::{Stream, stream};
use kernel::{Id, Ts};
use tokio::sync::{Notify, mpsc};

use crate::{App, Cx, Error, Result};

/// A row of this age is of no use to anybody.
const KEEP_SECS: i64 = 120;
/// What a browser gets that comes anew: what was told while a page was loading.
const RECENT_SECS: i64 = 60;
/// How far back every look goes: clocks of nodes differ, and commits end in another order than they began.
const OVERLAP_SECS: i64 = 30;
/// How often a node looks for what other nodes told, while somebody listens.
const LOOK: Duration = Duration::from_millis(500);
/// A stream ends after this long and the browser comes again: rights and sessions are asked anew.
const LONGEST: Duration = Duration::from_secs(600);
/// Quiet time after which a stream says that it lives, and asks whether its account still does.
const BEAT: Duration = Duration::from_secs(20);
/// Streams of one account; a browser needs one.
const MOST_STREAMS: usize = 20;
/// Messages a slow browser may lag behind; it is let go then and comes again.
const BACKLOG: usize = 64;

db::record! {
    /// Something told to one account.
    #[derive(Clone, Debug)]
    pub struct Told {
        /// Which.
        pub id: Id,
        /// To whom.
        pub user_id: Id,
        /// What kind: `call`, `notice`.
        pub kind: String,
        /// JSON; no personal data.
        pub payload: String,
        /// When.
        pub at: Ts,
    }
}

/// Who listens on this node.
#[derive(Default)]
pub struct Live {
    state: Mutex<State>,
    wake: Arc<Notify>,
}

#[derive(Default)]
struct State {
    next: u64,
    listeners: HashMap<u64, (Id, mpsc::Sender<Told>)>,
    looking: bool,
    closed: bool,
}

impl Live {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A command of this node told something.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    /// Ends all streams and takes no new ones: the server is about to stop.
    pub fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        state.listeners.clear();
        drop(state);
        self.wake.notify_one();
    }

    /// How many streams are open, for the figures.
    pub fn listeners(&self) -> usize {
        self.state().listeners.len()
    }

    /// A new listener; `None` when there are too many of this account, or the server stops. True: nobody looks yet.
    fn join(&self, user: Id) -> Option<(u64, mpsc::Receiver<Told>, bool)> {
        let mut state = self.state();
        let mine = state.listeners.values().filter(|(who, _)| *who == user).count();
        if state.closed || mine >= MOST_STREAMS {
            return None;
        }
        let (to, from) = mpsc::channel(BACKLOG);
        let number = state.next;
        state.next += 1;
        state.listeners.insert(number, (user, to));
        let first = !state.looking;
        state.looking = true;
        Some((number, from, first))
    }

    fn leave(&self, number: u64) {
        self.state().listeners.remove(&number);
        self.wake.notify_one();
    }

    fn give(&self, told: &Told) {
        // A browser that does not keep up is let go: it comes again and gets what it missed.
        self.state()
            .listeners
            .retain(|_, (user, to)| *user != told.user_id || to.try_send(told.clone()).is_ok());
    }

    /// False when nobody listens any more: whoever looked stops.
    fn go_on(&self) -> bool {
        let mut state = self.state();
        state.looking = !state.listeners.is_empty();
        state.looking
    }
}

/// Leaves when the stream is dropped, however it ends.
struct Seat {
    app: App,
    number: u64,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.app.live.leave(self.number);
    }
}

async fn select_since(conn: &mut Conn, user: Option<Id>, since: Ts) -> Result<Vec<Told>> {
    let sql = format!(
        "select {} from live_message m where m.at >= $1{} order by m.at, m.id limit 2000",
        Told::cols("m"),
        if user.is_some() { " and m.user_id = $2" } else { "" }
    );
    let mut values = args![since];
    values.extend(user.into_iter().flat_map(|user| args![user]));
    Ok(conn.all(&sql, values).await?)
}

fn before(now: Ts, secs: i64) -> Ts {
    Ts(now.0 - secs * 1_000_000)
}

/// Looks for new rows as long as somebody listens on this node.
async fn look(app: App) {
    let mut seen: HashMap<Id, Ts> = HashMap::new();
    while app.live.go_on() {
        let since = before(app.now(), OVERLAP_SECS);
        let found = match app.db.read().await {
            Ok(mut conn) => select_since(&mut conn, None, since).await,
            Err(error) => Err(error.into()),
        };
        match found {
            Ok(rows) => {
                for row in rows {
                    if seen.insert(row.id, row.at).is_none() {
                        app.live.give(&row);
                    }
                }
            }
            Err(error) => tracing::error!(%error, "live channel"),
        }
        seen.retain(|_, at| *at >= since);
        tokio::select! {
            () = app.live.wake.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Everything told long ago goes.
pub(crate) async fn tidy(cx: Cx) -> Result<()> {
    let old = before(cx.now(), KEEP_SECS);
    let mut conn = cx.read().await?;
    let stale: i64 = conn
        .scalar("select count(*) from (select 1 from live_message where at < $1 limit 1) m", args![old])
        .await?;
    drop(conn);
    // An idle server must not write every minute.
    if stale > 0 {
        let mut tx = cx.app.db.begin().await?;
        tx.exec("delete from live_message where at < $1", args![old]).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// One stream: what is on its way to a browser.
struct Line {
    cx: Cx,
    _seat: Seat,
    from: mpsc::Receiver<Told>,
    ready: VecDeque<Told>,
    sent: HashSet<Id>,
    ends: tokio::time::Instant,
}

impl Line {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(told) = self.ready.pop_front() {
                // What was told long ago helps nobody, however it comes by.
                let old = told.at < before(self.cx.now(), KEEP_SECS);
                if self.sent.insert(told.id) && !old {
                    return Some(event(&told));
                }
                continue;
            }
            tokio::select! {
                told = self.from.recv() => self.ready.push_back(told?),
                () = tokio::time::sleep(BEAT) => {
                    let user = self.cx.actor.as_ref().map(|actor| actor.user)?;
                    let app = &self.cx.app;
                    // Closed accounts hear nothing more; a database that is busy is no reason to hang up.
                    if matches!(app.directory.by_user(&app.db, user, app.now()).await, Ok(None)) {
                        return None;
                    }
                }
                () = tokio::time::sleep_until(self.ends) => return None,
            }
        }
    }
}

fn event(told: &Told) -> Event {
    // One name for all: the page hands them on by `kind`.
    let payload: serde_json::Value = serde_json::from_str(&told.payload).unwrap_or_default();
    let data = serde_json::json!({ "id": told.id, "kind": told.kind, "at": told.at, "data": payload });
    Event::default().id(told.id.to_string()).data(data.to_string())
}

/// What a browser missed: since the last message it knows, or what was told while its page was loading.
async fn missed(cx: &Cx, user: Id, last: Option<Id>) -> Result<Vec<Told>> {
    let mut conn = cx.read().await?;
    let rows = select_since(&mut conn, Some(user), before(cx.now(), KEEP_SECS)).await?;
    cx.count(&conn);
    if let Some(place) = last.and_then(|last| rows.iter().position(|row| row.id == last)) {
        return Ok(rows.into_iter().skip(place + 1).collect());
    }
    let recent = before(cx.now(), RECENT_SECS);
    Ok(rows.into_iter().filter(|row| row.at >= recent).collect())
}

/// `GET /live`: server-sent events for the caller. 406 to whoever does not ask for events; 429 with too many streams of
/// one account, or while the server stops.
pub(crate) async fn stream(cx: Cx, headers: HeaderMap) -> Result<Response> {
    let user = cx.actor()?.user;
    // An answer without end is only for those who know that it has none.
    let asked = headers.get(ACCEPT).and_then(|kinds| kinds.to_str().ok()).unwrap_or_default();
    if !asked.contains("text/event-stream") {
        return Ok(StatusCode::NOT_ACCEPTABLE.into_response());
    }
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| id.parse().ok());
    // Listening begins before looking back: what is told in between comes twice and is sent once.
    let Some((number, from, first)) = cx.app.live.join(user) else { return Err(Error::TooMany(5)) };
    let seat = Seat { app: Arc::clone(&cx.app), number };
    if first {
        tokio::spawn(look(Arc::clone(&cx.app)));
    }
    let ready = missed(&cx, user, last).await?.into();
    let ends = tokio::time::Instant::now() + LONGEST;
    let line = Line { cx, _seat: seat, from, ready, sent: HashSet::new(), ends };
    let mut response = Sse::new(events(line)).keep_alive(KeepAlive::new().interval(BEAT)).into_response();
    // Proxies that collect answers would hold a ring back.
    let plain = HeaderValue::from_static("no");
    response.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), plain);
    Ok(response)
}

fn events(line: Line) -> impl Stream<Item = std::result::Result<Event, Infallible>> {
    let hello = Event::default().retry(Duration::from_secs(2)).comment("aftercare");
    stream::unfold((line, Some(hello)), |(mut line, hello)| async move {
        let event = match hello {
            Some(hello) => hello,
            None => line.next().await?,
        };
        Some((Ok(event), (line, None)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(user: Id) -> Told {
        Told { id: Id::NIL, user_id: user, kind: "call".into(), payload: "{}".into(), at: Ts(0) }
    }

    #[test]
    fn everybody_hears_their_own_only_and_whoever_lags_is_let_go() {
        let live = Live::default();
        let ids = kernel::IdGen::seeded(1);
        let (a, b) = (ids.next(Ts(0)), ids.next(Ts(1)));
        let (_, mut mine, first) = live.join(a).expect("a seat");
        let (_, mut other, second) = live.join(b).expect("a seat");
        assert!(first && !second, "one look for all");
        live.give(&told(a));
        assert!(mine.try_recv().is_ok() && other.try_recv().is_err());
        for _ in 0..=BACKLOG {
            live.give(&told(b));
        }
        assert_eq!(live.listeners(), 1, "the full one is gone");
        live.close();
        assert!(live.join(a).is_none() && !live.go_on());
    }

    #[test]
    fn streams_of_one_account_are_limited() {
        let live = Live::default();
        let held: Vec<_> = (0..MOST_STREAMS).map(|_| live.join(Id::NIL).expect("a seat")).collect();
        assert!(live.join(Id::NIL).is_none());
        live.leave(held[0].0);
        assert!(live.join(Id::NIL).is_some());
    }
}
