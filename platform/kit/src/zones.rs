//! Which wall clock counts (PLAT-12): every organisation has a time zone, [`OrgNode::time_zone`], given by the one above
//! it when it says nothing else.
//!
//! One answer for the whole product: [`Cx::zone`] is the clock that the caller reads, [`Cx::zone_of`] that of a
//! document's organisation. Pages show times by the viewer's clock; deadlines, days of money and numbers follow the
//! document's. The rules of zones are built into the program, so no machine needs any of its own.

use std::{
    cell::RefCell,
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use kernel::{Id, Ts, Tz, zone_or_home};

use crate::{App, Cx, OrgNode, Result, Tx};

/// What has a wall clock: a zone itself, whoever looks, a command.
pub trait Zoned {
    /// Its zone.
    fn tz(&self) -> Tz;
}

impl Zoned for Tz {
    fn tz(&self) -> Tz {
        self.clone()
    }
}

impl Zoned for Cx {
    fn tz(&self) -> Tz {
        self.zone()
    }
}

impl Zoned for Tx {
    fn tz(&self) -> Tz {
        self.cx().zone()
    }
}

impl<Z: Zoned + ?Sized> Zoned for &Z {
    fn tz(&self) -> Tz {
        (**self).tz()
    }
}

impl<Z: Zoned + ?Sized> Zoned for &mut Z {
    fn tz(&self) -> Tz {
        (**self).tz()
    }
}

impl<Z: Zoned + ?Sized> Zoned for Box<Z> {
    fn tz(&self) -> Tz {
        (**self).tz()
    }
}

/// Zones of organisations in memory.
#[derive(Default)]
pub struct Zones {
    known: RwLock<Arc<Known>>,
}

struct Known {
    /// What this was read from.
    orgs: Arc<Vec<OrgNode>>,
    of: HashMap<Id, Tz>,
    /// That of the organisation at the top.
    company: Tz,
}

impl Default for Known {
    fn default() -> Self {
        Self::read(Arc::default())
    }
}

impl Known {
    fn read(orgs: Arc<Vec<OrgNode>>) -> Self {
        let top = orgs.iter().find(|node| node.parent_id.is_none());
        Self {
            of: orgs.iter().map(|node| (node.id, zone_or_home(&node.time_zone))).collect(),
            company: zone_or_home(top.map_or("", |node| node.time_zone.as_str())),
            orgs,
        }
    }
}

impl Zones {
    fn known(&self) -> Arc<Known> {
        Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The zone of an organisation; the company's for nil and for one that is not known.
    pub fn of(&self, org: Id) -> Tz {
        let known = self.known();
        known.of.get(&org).unwrap_or(&known.company).clone()
    }
}

/// Reads the zones anew when organisations changed; the directory has them in memory.
pub async fn refresh(app: &App) -> Result<()> {
    let orgs = app.directory.orgs(&app.db, app.now()).await?;
    if !Arc::ptr_eq(&orgs, &app.zones.known().orgs) {
        let known = Arc::new(Known::read(orgs));
        *app.zones.known.write().unwrap_or_else(PoisonError::into_inner) = known;
    }
    Ok(())
}

/// The name of a zone as it is stored and read again.
pub fn name(tz: &Tz) -> String {
    tz.iana_name().unwrap_or(kernel::HOME_ZONE).to_string()
}

thread_local! {
    static TYPED_IN: RefCell<Option<Tz>> = const { RefCell::new(None) };
}

/// Reads a form whose times are meant by this wall clock; see [`crate::format::typed_time`].
pub(crate) fn typed_in<O>(tz: Tz, read: impl FnOnce() -> O) -> O {
    let before = TYPED_IN.replace(Some(tz));
    let out = read();
    TYPED_IN.set(before);
    out
}

/// The wall clock of the form that is being read; outside of one the home zone.
pub(crate) fn typed_zone() -> Tz {
    TYPED_IN.with_borrow(Clone::clone).unwrap_or_else(|| zone_or_home(""))
}

/// `YYYY-MM` of a column of instants by a wall clock, on either engine by the same rules.
pub(crate) fn month_sql(engine: db::Engine, expr: &str, tz: &Tz) -> String {
    let offsets = offsets_of(tz);
    let (first, later) = &*offsets;
    let mut shift = first.to_string();
    if !later.is_empty() {
        shift = format!("case when ({expr}) < {} then {first}", later[0].0.0);
        for (index, (_, offset)) in later.iter().enumerate() {
            match later.get(index + 1) {
                Some((end, _)) => shift.push_str(&format!(" when ({expr}) < {} then {offset}", end.0)),
                None => shift.push_str(&format!(" else {offset} end")),
            }
        }
    }
    match engine {
        db::Engine::Sqlite => {
            format!("coalesce(strftime('%Y-%m', ({expr}) / 1000000 + {shift}, 'unixepoch'), '')")
        }
        db::Engine::Postgres => format!(
            "coalesce(to_char(to_timestamp(({expr}) / 1000000 + {shift}) at time zone 'UTC', 'YYYY-MM'), '')"
        ),
    }
}

type Offsets = Arc<(i64, Vec<(Ts, i64)>)>;

fn offsets_of(tz: &Tz) -> Offsets {
    static KNOWN: Mutex<Vec<(String, Offsets)>> = Mutex::new(Vec::new());
    let name = name(tz);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, offsets)) = known.iter().find(|(held, _)| *held == name) {
        return Arc::clone(offsets);
    }
    let offsets = Arc::new(kernel::offsets(tz));
    known.push((name, Arc::clone(&offsets)));
    offsets
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::on_both;

    /// A second before, at and after every change of the clocks, and around the ends of months, local and UTC.
    fn instants(tz: &Tz) -> Vec<Ts> {
        let (_, changes) = kernel::offsets(tz);
        let mut out: Vec<Ts> = changes.iter().map(|(at, _)| *at).collect();
        for year in [1995, 2007, 2018, 2026, 2031] {
            for month in [1, 3, 4, 10, 11] {
                let first = kernel::Date::new(year, month, 1).expect("a date");
                out.extend([Ts::at_local(first, 0, tz), Ts::at_local(first, 0, &Tz::UTC)]);
            }
        }
        out.into_iter().flat_map(|at| [Ts(at.0 - 1_000_000), at, Ts(at.0 + 1_000_000)]).collect()
    }

    #[tokio::test]
    async fn months_in_the_database_are_months_by_the_clock() {
        on_both(async |shop| {
            let mut conn = shop.admin.read().await.expect("a reader");
            for name in kernel::PROBE_ZONES {
                let tz = kernel::zone(name).expect("a zone");
                let month = month_sql(shop.app.db.engine(), "v.at", &tz);
                for at in instants(&tz) {
                    let sql = format!("select {month} from (select cast($1 as bigint) as at) v");
                    let said: String = conn.scalar(&sql, db::args![at]).await.expect("a month");
                    assert_eq!(said, at.date_in(&tz).to_string()[..7], "{name} {at}");
                }
            }
        })
        .await;
    }

    #[test]
    fn what_is_typed_is_read_by_the_clock_of_whoever_typed_it() {
        let tz = |name| kernel::zone(name).expect("a zone");
        let read = |name| {
            typed_in(tz(name), || crate::format::typed_time("2026-07-01T08:30")).expect("a time").to_string()
        };
        assert_eq!(read("Europe/Berlin"), "2026-07-01T06:30:00Z");
        assert_eq!(read("America/Sao_Paulo"), "2026-07-01T11:30:00Z");
        assert_eq!(
            crate::format::typed_time("2026-07-01T08:30").expect("a time").to_string(),
            "2026-07-01T00:30:00Z"
        );
        assert_eq!(
            crate::format::field_time(
                tz("Europe/Berlin"),
                Ts::parse("2026-07-01T06:30:00Z").expect("a time")
            ),
            "2026-07-01T08:30"
        );
    }
}
