//! Raising an order to the next level, by hand and by rule.

use kernel::{Id, Lang, T};
use kit::{
    Cx, Error, Result, Tx,
    notify::{Notice, tell_in},
};
use serde_json::json;

use super::{
    rules::{self, Facts, Limits},
    store,
};
use crate::{
    order::{
        input::Reason,
        job::{Job, answer},
        model::OrderRow,
        out::OrderOut,
        rules::need_reason,
        store as orders,
    },
    perms::ORDER_ASSIGN,
    settings,
};

/// One level up: outlet, branch office, head office (WO-16). The clocks run on as they were promised (WO-44).
///
/// Errors: `orders.top_level` (409), `orders.reason`.
pub async fn escalate(cx: &Cx, id: Id, input: Reason) -> Result<OrderOut> {
    let mut tx = kit::begin!(cx, "orders.escalate", &(id, &input));
    let job = Job::open(&mut tx, id, "escalate", input.version).await?;
    let reason = need_reason(Some(&input.reason))?;
    let row = raise_in(&mut tx, job, &reason).await?;
    let out = answer(&tx, &row, &[]);
    tx.commit(out).await
}

async fn raise_in(tx: &mut Tx, mut job: Job, reason: &str) -> Result<OrderRow> {
    let lang = tx.cx().lang;
    let chain = org::api::chain(tx, job.old.org_id).await?;
    let kinds: Vec<_> = chain.iter().map(|unit| (unit.id, unit.kind)).collect();
    let (level, org) = rules::next(job.old.level, &kinds).map_err(Error::Conflict)?;
    let name = |id: Option<Id>| {
        chain.iter().find(|unit| Some(unit.id) == id).map(|unit| unit.name.clone()).unwrap_or_default()
    };
    let from = Some(job.old.level_org_name.clone()).filter(|n| !n.is_empty());
    let from = from.unwrap_or_else(|| name(Some(job.old.org_id)));
    job.new.level = level;
    (job.new.level_org_id, job.new.level_org_name) = (org, name(org));
    let moved = format!(
        "{} → {}",
        rules::words(job.old.level, &from).get(lang),
        rules::words(level, &job.new.level_org_name).get(lang)
    );
    job.reason = format!("{moved}：{reason}");
    job.detail.push(("levels", json!(moved)));
    let row = job.save(tx).await?;
    tell(tx, &row, reason).await?;
    Ok(row)
}

/// Whose job it is at the new level hears of it.
async fn tell(tx: &mut Tx, row: &OrderRow, reason: &str) -> Result<()> {
    let org = row.level_org_id.unwrap_or(row.org_id);
    let users = org::api::users_at(tx, ORDER_ASSIGN.key, org).await?;
    let level = rules::words(row.level, &row.level_org_name);
    let level = T::both(&level.get(Lang::Zh), &level.get(Lang::En));
    let title = T("{no} 升级到{level}", "{no} was raised to {level}")
        .told(&[("no", row.no.clone()), ("level", level)]);
    let href = format!("/orders/{}", row.id);
    tell_in(tx, &Notice { users: &users, title: &title, detail: reason, href: &href, mail: true }).await
}

async fn limits(cx: &Cx, org: Id) -> Result<Limits> {
    Ok(Limits {
        hours: cx.setting(&settings::LEVEL_HOURS, org).await?,
        repeats: cx.setting(&settings::LEVEL_REPEATS, org).await?,
        hard: cx.setting(&settings::LEVEL_HARD, org).await?,
    })
}

/// Raises what the rules of its organisation say, each order in a transaction of its own.
pub async fn raise_due(cx: Cx) -> Result<()> {
    let now = cx.now();
    let mut conn = cx.read().await?;
    let mut found = Vec::new();
    for org in store::select_orgs(&mut conn).await? {
        let limits = limits(&cx, org).await?;
        found.extend(store::select_candidates(&mut conn, org, &limits, now).await?);
    }
    drop(conn);
    for id in found {
        match raise_one(&cx, id).await {
            // Somebody was faster.
            Ok(()) | Err(Error::Conflict(_) | Error::NotFound) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(())
}

/// Raises one order if its rule still says so.
async fn raise_one(cx: &Cx, id: Id) -> Result<()> {
    let mut tx = kit::begin!(cx, "orders.raise_level", &id);
    let row = orders::lock_order(&mut tx, id).await?;
    let limits = limits(cx, row.org_id).await?;
    let facts = Facts {
        level: row.level,
        state: row.state,
        progress_at: row.progress_at,
        visits: row.reworks + row.repeat_round,
        hard: row.hard,
    };
    let Some(why) = rules::due(&facts, &limits, tx.now()) else { return Ok(()) };
    let job = Job::open(&mut tx, id, "escalate", None).await?;
    raise_in(&mut tx, job, &why.text(cx.lang)).await?;
    tx.commit(()).await
}
