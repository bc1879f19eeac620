//! Appointing substitutes.

use kernel::{Id, RuleError, T};
use kit::{Cx, DocRef, Error, Result, Tx, notify};

use super::{model::*, rules, store};
use crate::{ACTING_WRITE, staff, users};

/// Periods that run or will, within reach.
pub async fn acting(cx: &Cx) -> Result<Vec<ActingOut>> {
    let scope = cx.scope(&ACTING_WRITE)?;
    let mut conn = cx.read().await?;
    let periods = store::open(&mut conn, &scope, cx.now()).await?;
    cx.count(&conn);
    Ok(periods)
}

/// People to choose from.
pub(super) async fn people(cx: &Cx) -> Result<Vec<(Id, String, String)>> {
    let scope = cx.scope(&ACTING_WRITE)?;
    let mut conn = cx.read().await?;
    store::people(&mut conn, &scope).await
}

fn unknown(field: &'static str) -> Error {
    RuleError::new(
        "org.no_staff",
        T("没有这位在职员工，或不在您的管理范围内", "There is no such working person within your reach"),
    )
    .field(field)
    .into()
}

async fn person(tx: &mut Tx, id: Id, field: &'static str) -> Result<staff::model::StaffRow> {
    // The lock keeps two appointments for one person apart.
    match staff::store::lock_staff(tx, id).await {
        Ok(row) if row.active && tx.authorize(&ACTING_WRITE, &row).is_ok() => Ok(row),
        Ok(_) | Err(Error::NotFound) => Err(unknown(field)),
        Err(other) => Err(other),
    }
}

/// Appoints a substitute for a time and tells both.
///
/// Errors: `org.acting_overlap`, `org.no_staff`, `org.more_than_held` for those who appoint themselves.
pub async fn appoint(cx: &Cx, input: NewActing) -> Result<ActingOut> {
    cx.require(&ACTING_WRITE)?;
    let mut tx = kit::begin!(cx, "org.appoint", &input);
    let now = tx.now();
    let (from_at, until_at) = rules::period(&input, now, &cx.zone())?;
    let absent = person(&mut tx, input.absent_id, "absent_id").await?;
    let substitute = person(&mut tx, input.substitute_id, "substitute_id").await?;
    if store::overlapping(&mut tx, absent.id, from_at, until_at).await? > 0 {
        return Err(RuleError::new(
            "org.acting_overlap",
            T("这段时间已有代班人", "Somebody stands in during that time already"),
        )
        .field("from")
        .into());
    }
    if tx.staff() == substitute.id {
        users::not_above_oneself(&mut tx, absent.id).await?;
    }
    let row = ActingOut {
        id: tx.id(),
        version: 1,
        absent_id: absent.id,
        absent_name: absent.name.clone(),
        substitute_id: substitute.id,
        substitute_name: substitute.name.clone(),
        org_id: absent.org_id,
        from_at,
        until_at,
        reason: input.reason.as_deref().map(str::trim).unwrap_or_default().to_string(),
        ended_at: None,
    };
    let by = tx.cx().actor()?.user;
    store::insert(&mut tx, &row, by, now).await?;
    tx.created(DocRef::new("staff", absent.id, &absent.no), &row)?;
    tell(&mut tx, &row).await?;
    tx.forget_actors();
    tx.commit(row).await
}

async fn tell(tx: &mut Tx, row: &ActingOut) -> Result<()> {
    let users = users::store::ids_of_staff(tx, &[row.absent_id, row.substitute_id]).await?;
    let title = T("{one} 代 {other} 当班", "{one} stands in for {other}")
        .told(&[("one", row.substitute_name.clone()), ("other", row.absent_name.clone())]);
    let there = tx.cx().zone_of(row.org_id);
    let detail = format!(
        "{} — {} {}",
        kit::format::full_time(&there, row.from_at),
        kit::format::full_time(&there, row.until_at),
        row.reason
    );
    notify::tell_in(
        tx,
        &notify::Notice { users: &users, title: &title, detail: detail.trim(), href: "/me", mail: true },
    )
    .await
}

/// Ends a period now.
pub async fn end(cx: &Cx, id: Id) -> Result<ActingOut> {
    let mut tx = kit::begin!(cx, "org.end_acting", &id);
    let old = store::acting(&mut tx, id).await?;
    tx.authorize(&ACTING_WRITE, &old)?;
    let now = tx.now();
    if !store::end(&mut tx, id, now).await? {
        return Err(Error::Conflict(RuleError::new(
            "org.acting_ended",
            T("代班已经结束", "It has ended already"),
        )));
    }
    let new = store::acting(&mut tx, id).await?;
    tx.changed(DocRef::new("staff", old.absent_id, ""), &old, &new)?;
    tx.forget_actors();
    tx.commit(new).await
}
