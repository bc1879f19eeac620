//! Who a credential belongs to, kept in memory for a few seconds (DESIGN §10).

mod store;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use db::Db;
use futures::future::BoxFuture;
use kernel::{Id, Ts};
use kit::{Actor, Directory, OrgNode, Result};

use crate::units::rules::Shape;

pub(crate) use store::administers;

/// Microseconds that an actor is believed without asking again: a session ended on another node, or a period of
/// acting that begins, is noticed this late at most.
const BELIEVED: i64 = 10_000_000;

/// Actors kept at once; beyond it the cache starts afresh.
const MOST: usize = 10_000;

/// Microseconds between two notes of when a credential was last used: one write at most in this time.
const SEEN_EVERY: i64 = 600_000_000;

#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Secret(String),
    User(Id),
}

#[derive(Default)]
struct Cache {
    actors: HashMap<Key, (Ts, Arc<Actor>)>,
    shape: Option<(Ts, Arc<Shape>)>,
    orgs: Option<(Ts, Arc<Vec<OrgNode>>)>,
    /// Counts forgetting: what was read before must not be kept after.
    generation: u64,
}

/// The directory of people on a database.
#[derive(Default)]
struct People {
    cache: Mutex<Cache>,
}

/// The directory that the platform asks.
pub fn directory() -> Arc<dyn Directory> {
    Arc::new(People::default())
}

fn fresh(until: Ts, now: Ts) -> bool {
    now < until && until.0 - now.0 <= BELIEVED
}

impl People {
    fn cached(&self, key: &Key, now: Ts) -> (Option<Arc<Actor>>, u64) {
        let cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        let actor =
            cache.actors.get(key).filter(|(until, _)| fresh(*until, now)).map(|(_, actor)| Arc::clone(actor));
        (actor, cache.generation)
    }

    fn keep(&self, key: Key, actor: &Arc<Actor>, until: Ts, generation: u64) {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.generation != generation {
            return;
        }
        if cache.actors.len() >= MOST {
            cache.actors.clear();
        }
        cache.actors.insert(key, (until, Arc::clone(actor)));
    }

    async fn shape(&self, conn: &mut db::Conn, now: Ts) -> Result<Arc<Shape>> {
        let generation = {
            let cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((until, shape)) = &cache.shape
                && fresh(*until, now)
            {
                return Ok(Arc::clone(shape));
            }
            cache.generation
        };
        let shape = Arc::new(crate::units::store::shape(conn).await?);
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.generation == generation {
            cache.shape = Some((Ts(now.0 + BELIEVED), Arc::clone(&shape)));
        }
        Ok(shape)
    }

    async fn find_orgs(&self, db: &Db, now: Ts) -> Result<Arc<Vec<OrgNode>>> {
        let generation = {
            let cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((until, orgs)) = &cache.orgs
                && fresh(*until, now)
            {
                return Ok(Arc::clone(orgs));
            }
            cache.generation
        };
        let mut conn = db.read().await?;
        let orgs = Arc::new(store::orgs(&mut conn).await?);
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.generation == generation {
            cache.orgs = Some((Ts(now.0 + BELIEVED), Arc::clone(&orgs)));
        }
        Ok(orgs)
    }

    async fn find_by_secret(&self, db: &Db, hash: &str, now: Ts) -> Result<Option<Arc<Actor>>> {
        let key = Key::Secret(hash.to_string());
        let (cached, generation) = self.cached(&key, now);
        if cached.is_some() {
            return Ok(cached);
        }
        let mut conn = db.read().await?;
        let Some(credential) = store::credential(&mut conn, hash, now).await? else { return Ok(None) };
        let shape = self.shape(&mut conn, now).await?;
        let Some(mut actor) = store::actor(&mut conn, &shape, credential.user_id, now).await? else {
            return Ok(None);
        };
        drop(conn);
        actor.credential = Some(credential.id);
        actor.token = credential.kind == "token";
        let actor = Arc::new(actor.narrowed(&credential.scope));
        if now.0 - credential.seen_at.0 >= SEEN_EVERY {
            seen(db, credential.id, now).await?;
        }
        let until = credential.expires_at.map_or(i64::MAX, |at| at.0).min(now.0 + BELIEVED);
        self.keep(key, &actor, Ts(until), generation);
        Ok(Some(actor))
    }

    async fn find_by_user(&self, db: &Db, user: Id, now: Ts) -> Result<Option<Arc<Actor>>> {
        let key = Key::User(user);
        let (cached, generation) = self.cached(&key, now);
        if cached.is_some() {
            return Ok(cached);
        }
        let mut conn = db.read().await?;
        let shape = self.shape(&mut conn, now).await?;
        let Some(actor) = store::actor(&mut conn, &shape, user, now).await? else { return Ok(None) };
        let actor = Arc::new(actor);
        self.keep(key, &actor, Ts(now.0 + BELIEVED), generation);
        Ok(Some(actor))
    }
}

/// Notes that a credential is in use.
async fn seen(db: &Db, id: Id, now: Ts) -> Result<()> {
    let mut tx = db.begin().await?;
    store::seen(&mut tx, id, now).await?;
    tx.commit().await?;
    Ok(())
}

impl Directory for People {
    fn by_secret<'a>(
        &'a self,
        db: &'a Db,
        secret_hash: &'a str,
        now: Ts,
    ) -> BoxFuture<'a, Result<Option<Arc<Actor>>>> {
        Box::pin(self.find_by_secret(db, secret_hash, now))
    }

    fn by_user<'a>(&'a self, db: &'a Db, user: Id, now: Ts) -> BoxFuture<'a, Result<Option<Arc<Actor>>>> {
        Box::pin(self.find_by_user(db, user, now))
    }

    fn orgs<'a>(&'a self, db: &'a Db, now: Ts) -> BoxFuture<'a, Result<Arc<Vec<OrgNode>>>> {
        Box::pin(self.find_orgs(db, now))
    }

    fn forget(&self) {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        let generation = cache.generation + 1;
        *cache = Cache { generation, ..Cache::default() };
    }
}
