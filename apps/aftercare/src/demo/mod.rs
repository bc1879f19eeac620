//! `aftercare demo`: a believable company with some months of history, made from a seed, always the same.
//!
//! It is made through the product's own API with a clock that walks through the months, so every rule, clock,
//! stock movement and audit row of it is real, and `aftercare check` holds afterwards.

mod act;
mod client;
mod customers;
mod extras;
mod forgotten;
mod found;
mod goods;
mod names;
mod oversight;
mod plan;
mod portal;
mod processes;
mod story;
mod workshop;

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use aftercare::{Parts, StartError, build};
use client::{Person, id};
use db::{Db, Options};
use kernel::{FixedClock, IdGen, SystemClock, Ts};
use kit::App;

use crate::cli::Place;
use plan::{Event, Job};

/// Password of every demo account.
pub const PASSWORD: &str = "aftercare-demo";

/// Months of history.
const MONTHS: i64 = 4;

/// A small generator of its own: the same company from the same seed on every machine and version.
pub struct Dice(u64);

impl Dice {
    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        usize::try_from(z % n.max(1) as u64).unwrap_or(0)
    }

    /// True in `percent` of a hundred throws.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of several.
    pub fn pick<'a, X>(&mut self, items: &'a [X]) -> &'a X {
        &items[self.below(items.len())]
    }
}

/// The company while it is being made.
pub struct Company {
    app: App,
    clock: FixedClock,
    dice: Dice,
    orgs: Vec<String>,
    engineers: Vec<Engineer>,
    people: HashMap<&'static str, Person>,
    admin: Person,
    /// The central store.
    depot: String,
    stores: Vec<Store>,
    parts: Vec<String>,
    models: Vec<String>,
    clients: Vec<Client>,
    units: Vec<Unit>,
    jobs: Vec<Job>,
    /// What is planned and has not happened yet.
    pending: VecDeque<Event>,
}

/// An engineer and the van.
struct Engineer {
    id: String,
    org: usize,
    skills: &'static [&'static str],
    van: String,
    person: Person,
    /// Pieces in the van, by part.
    held: Vec<i64>,
    /// End of the last visit planned, microseconds.
    free: i64,
}

/// The store of an outlet.
struct Store {
    id: String,
    org: usize,
    held: Vec<i64>,
}

/// A customer.
struct Client {
    id: String,
    name: &'static str,
    org: usize,
    address: &'static str,
}

/// A machine of a customer.
struct Unit {
    id: String,
    client: usize,
    model: usize,
    /// When it was repaired last, microseconds.
    repaired: i64,
}

/// Fills an empty database.
pub async fn run(place: &Place, orders: usize, seed: u64) -> Result<(), StartError> {
    std::fs::create_dir_all(&place.data)?;
    // Losing a demo that is half made in a power cut loses nothing: it is started again.
    let db = Db::open(&place.url, &Options { durable: false, ..Options::default() }).await?;
    let now = kernel::Clock::now(&SystemClock);
    let clock = FixedClock::new(Ts(now.0 - MONTHS * 30 * DAY));
    let config = place.file.platform(&place.data)?;
    let parts = Parts { config, db, clock: Arc::new(clock.clone()), ids: IdGen::seeded(seed) };
    let (app, router) = build(parts).await?;
    aftercare::first_start(&app).await?;
    let mut conn = app.db.read().await?;
    let customers: i64 = conn.scalar("select count(*) from pub_customer", vec![]).await?;
    drop(conn);
    if customers > 0 {
        return Err("the database is not empty; the demo company needs an empty one".into());
    }
    org::cli::set_password(&app, "admin", PASSWORD).await?;
    let admin = Person::new(&router, &org::cli::new_token(&app, "admin").await?);
    let mut company = Company {
        app,
        clock,
        dice: Dice(seed),
        orgs: Vec::new(),
        engineers: Vec::new(),
        people: HashMap::new(),
        admin,
        depot: String::new(),
        stores: Vec::new(),
        parts: Vec::new(),
        models: Vec::new(),
        clients: Vec::new(),
        units: Vec::new(),
        jobs: Vec::new(),
        pending: VecDeque::new(),
    };
    company.found(&router).await?;
    company.live(orders, now).await?;
    company.close().await
}

/// Microseconds of a day.
pub const DAY: i64 = 86_400_000_000;
/// Microseconds of a minute.
pub const MINUTE: i64 = 60_000_000;

impl Company {
    fn person(&self, role: &'static str) -> &Person {
        self.people.get(role).unwrap_or(&self.admin)
    }

    /// Background work is done, the demo's own tokens are revoked, and every invariant holds.
    async fn close(self) -> Result<(), StartError> {
        kit::jobs::tick(&self.app).await?;
        let broken = aftercare::check(&self.app).await?;
        if let Some(first) = broken.first() {
            return Err(format!("the demo company broke an invariant: {first}").into());
        }
        let mut tx = self.app.db.begin().await?;
        tx.exec(
            "update credential set revoked_at = $1 where kind = 'token' and revoked_at is null",
            db::args![self.app.now()],
        )
        .await?;
        tx.commit().await?;
        self.app.db.close().await;
        println!("demo company made: {} customers, {} units", self.clients.len(), self.units.len());
        println!(
            "sign in as manager, agent, dispatcher, store, callback, auditor, cashier, outlet, e101 … e112 or admin; password {PASSWORD}"
        );
        Ok(())
    }
}
