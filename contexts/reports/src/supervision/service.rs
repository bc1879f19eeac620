//! Reading the work of subordinates.

use std::collections::HashMap;

use db::Conn;
use kernel::{Id, RuleError, T, Ts};
use kit::{
    Cx, Error, Result, Scope,
    format::{date_of, start_of},
    hidden::Hidden,
};

use super::{
    model::{Nobody, Overview, Person, PersonDay, Post, Source, SourceItems, Staff, Stuck},
    rules::{self, Counts, Signers},
    store::{self, Asked, Times},
};
use crate::perms::SUPERVISION_READ;

/// Hours asked for at most: a year.
const MOST_HOURS: i64 = 8784;

const SOURCES: &[Source] =
    &[Source::Order, Source::Request, Source::Callback, Source::Document, Source::Task, Source::Approval];

/// Everybody the caller supervises, the caller first in line, with depth in the tree of posts.
struct Team {
    posts: Vec<Post>,
    people: Vec<(Staff, i64)>,
    orgs: Vec<(Id, Option<Id>, String)>,
}

impl Team {
    fn ids(&self) -> Vec<Id> {
        self.people.iter().map(|(person, _)| person.id).collect()
    }

    fn org_ids(&self) -> Vec<Id> {
        let mut ids: Vec<Id> = self.people.iter().map(|(person, _)| person.org_id).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    fn parents(&self) -> Vec<(Id, Option<Id>)> {
        self.orgs.iter().map(|(id, parent, _)| (*id, *parent)).collect()
    }
}

/// The caller's own posts and all below them, whatever the reach; a reach wider than "own" adds its people.
async fn team(cx: &Cx, conn: &mut Conn) -> Result<Team> {
    let scope = cx.scope(&SUPERVISION_READ)?;
    let me = cx.actor()?;
    let selves: Vec<Id> = me.staff.iter().chain(me.acting_for.iter()).copied().collect();
    let posts = store::select_posts(conn).await?;
    let own: Vec<Id> = store::select_staff(conn, &[], &Scope::Owners(selves.clone().into()))
        .await?
        .iter()
        .filter_map(|person| person.post_id)
        .collect();
    // Somebody who sees everything sees the tree from its top.
    let roots: Vec<Id> = match scope {
        Scope::All => posts.iter().filter(|post| post.superior_id.is_none()).map(|post| post.id).collect(),
        _ => own.clone(),
    };
    let tree = rules::below(&posts, &roots);
    let mut below: Vec<Id> = tree.iter().map(|(id, _)| *id).collect();
    // Others on the same post are peers and not subordinates.
    below.retain(|post| matches!(scope, Scope::All) || !own.contains(post));
    let staff = store::select_staff(conn, &below, &scope).await?;
    let place: HashMap<Id, (usize, i64)> =
        tree.iter().enumerate().map(|(place, (id, depth))| (*id, (place, *depth))).collect();
    let of = |person: &Staff| person.post_id.and_then(|post| place.get(&post)).copied();
    let mut people: Vec<(Staff, i64)> = staff
        .into_iter()
        .map(|person| (of(&person).map_or(0, |(_, depth)| depth), person))
        .map(|(d, p)| (p, d))
        .collect();
    people.sort_by_key(|(person, _)| (of(person).map_or(usize::MAX, |(place, _)| place), person.no.clone()));
    Ok(Team { posts, people, orgs: store::select_orgs(conn).await? })
}

fn times(cx: &Cx, now: Ts) -> Times {
    let day = date_of(cx, now);
    // Days of a week are counted from Monday.
    let monday = day.plus_days(-i64::try_from(day.weekday()).unwrap_or(0));
    Times { now, today: start_of(cx, day), week: start_of(cx, monday) }
}

async fn counts(conn: &mut Conn, team: &Team, times: Times, hidden: &[Hidden]) -> Result<Counts> {
    let mut counts = Counts::default();
    let ids = team.ids();
    let asked = Asked { staff: &ids, times, hidden };
    for source in SOURCES {
        counts.put(*source, store::count(conn, *source, &asked).await?);
    }
    let seats = store::select_seats(conn, hidden).await?;
    let staff: Vec<Staff> = team.people.iter().map(|(person, _)| person.clone()).collect();
    let (roles, parents) = (store::select_roles(conn, &ids).await?, team.parents());
    let signers = Signers { posts: &team.posts, parents: &parents, roles: &roles };
    counts.put_seats(&seats, &staff, &signers);
    for source in [Source::Document, Source::Task] {
        let posted = store::select_posted(conn, source, times, hidden).await?;
        counts.put_posted(source, &posted, &staff, &signers);
    }
    Ok(counts)
}

fn person(cx: &Cx, team: &Team, counts: &mut Counts, staff: &Staff, depth: i64) -> Person {
    let (total, mut by) = counts.take(staff.id);
    by.retain(|part| part.work != super::model::Work::default());
    let me = cx.actor.as_ref().and_then(|actor| actor.staff);
    Person {
        id: staff.id,
        no: staff.no.clone(),
        name: staff.name.clone(),
        post: team
            .posts
            .iter()
            .find(|post| Some(post.id) == staff.post_id)
            .map(|post| post.name.clone())
            .unwrap_or_default(),
        org_id: staff.org_id,
        org: team
            .orgs
            .iter()
            .find(|(id, ..)| *id == staff.org_id)
            .map(|(_, _, name)| name.clone())
            .unwrap_or_default(),
        depth,
        me: me == Some(staff.id),
        total,
        by,
    }
}

/// Work of the caller and of everybody below, in the order of the posts (ORG-05, ORG-06). Statements: 16, and those that
/// find what is confidential, whatever the number of people. A confidential document is there for its readers.
pub async fn overview(cx: &Cx) -> Result<Overview> {
    let now = cx.now();
    let mut conn = cx.read().await?;
    let team = team(cx, &mut conn).await?;
    let hidden = kit::hidden::of(cx, &mut conn).await?;
    let mut counts = counts(&mut conn, &team, times(cx, now), &hidden).await?;
    let mut nobody = Nobody::default();
    let orgs = team.org_ids();
    if team.orgs.iter().any(|(id, ..)| !orgs.contains(id)) {
        nobody.orgs.clone_from(&orgs);
    }
    for (source, n) in store::count_nobody(&mut conn, &orgs, now).await? {
        match source.as_str() {
            "order" => nobody.orders = n,
            "request" => nobody.requests = n,
            "document" => nobody.documents = n,
            "task" => nobody.tasks = n,
            _ => nobody.callbacks = n,
        }
    }
    cx.count(&conn);
    let people: Vec<Person> =
        team.people.iter().map(|(staff, depth)| person(cx, &team, &mut counts, staff, *depth)).collect();
    let total = people.iter().fold(super::model::Work::default(), |sum, p| rules::plus(sum, p.total));
    Ok(Overview { total, people, nobody, at: now })
}

/// Work of one person below the caller, piece by piece; 404 for anybody else.
pub async fn person_day(cx: &Cx, id: Id) -> Result<PersonDay> {
    let now = cx.now();
    let mut conn = cx.read().await?;
    let mut team = team(cx, &mut conn).await?;
    team.people.retain(|(person, _)| person.id == id);
    let Some((staff, depth)) = team.people.first().cloned() else { return Err(Error::NotFound) };
    let times = times(cx, now);
    let hidden = kit::hidden::of(cx, &mut conn).await?;
    let mut counts = counts(&mut conn, &team, times, &hidden).await?;
    let (roles, parents) = (store::select_roles(&mut conn, &[id]).await?, team.parents());
    let signers = Signers { posts: &team.posts, parents: &parents, roles: &roles };
    let asked = Asked { staff: &[id], times, hidden: &hidden };
    let mut items = Vec::new();
    for source in SOURCES {
        let mut found = store::select_items(&mut conn, *source, &asked).await?;
        let of_posts = match source {
            Source::Approval => store::select_seat_items(&mut conn, &hidden).await?,
            Source::Document | Source::Task => {
                store::select_posted_items(&mut conn, *source, times, &hidden).await?
            }
            _ => Vec::new(),
        };
        let own =
            of_posts.into_iter().filter(|(org, post, role, _)| signers.waits_for(&staff, post, role, *org));
        found.extend(own.map(|(.., item)| item));
        if !found.is_empty() {
            items.push(SourceItems { source: *source, items: found });
        }
    }
    cx.count(&conn);
    Ok(PersonDay { person: person(cx, &team, &mut counts, &staff, depth), items, at: now })
}

/// Orders of the team without progress for so many hours; as many as the company has set unless said (WO-49).
///
/// Errors: `reports.hours`.
pub async fn stuck(cx: &Cx, hours: Option<i64>) -> Result<(i64, Vec<Stuck>)> {
    let hours = match hours {
        Some(hours) => hours,
        None => cx.setting(&orders::api::STALE_HOURS, cx.actor()?.org).await?,
    };
    if !(1..=MOST_HOURS).contains(&hours) {
        let text = T("请填 1 到 8784 小时", "Say 1 to 8784 hours");
        return Err(RuleError::new("reports.hours", text).field("hours").into());
    }
    let mut conn = cx.read().await?;
    let team = team(cx, &mut conn).await?;
    let before = cx.now().plus_hours(-hours);
    let found = store::select_stuck(&mut conn, &team.ids(), &team.org_ids(), before).await?;
    cx.count(&conn);
    Ok((hours, found))
}
