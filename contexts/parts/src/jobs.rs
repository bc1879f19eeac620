//! Work started by the clock.

use kernel::{Id, T};
use kit::{Cx, Result, Schedule, begin, format, notify};

use crate::{old_part, perms::OLD_PART_WRITE};

/// All of it.
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        name: "parts.remind_old_parts",
        every_secs: 86_400,
        run: |cx| Box::pin(remind_old_parts(cx)),
    }]
}

/// Once a day, says how many old parts are overdue: to those who owe them, and to those who collect them
/// (PARTS-51, 52).
async fn remind_old_parts(cx: Cx) -> Result<()> {
    let today = format::date_of(&cx, cx.now());
    let mut tx = begin!(&cx, "parts.remind_old_parts", &today);
    let overdue = old_part::store::select_overdue(&mut tx, today).await?;
    let owners: Vec<Id> = overdue.iter().filter_map(|(_, owner, _)| *owner).collect();
    let people = org::api::staff_many(&mut tx, &owners).await?;
    for (_, owner, count) in &overdue {
        let user = people.iter().find(|person| Some(person.id) == *owner).and_then(|person| person.user_id);
        if let Some(user) = user {
            tell(&mut tx, &[user], *count).await?;
        }
    }
    let mut orgs: Vec<Id> = overdue.iter().map(|(org, ..)| *org).collect();
    orgs.dedup();
    for org in orgs {
        let count = overdue.iter().filter(|(of, ..)| *of == org).map(|(.., count)| count).sum();
        let keepers = org::api::users_with(&mut tx, OLD_PART_WRITE.key, org).await?;
        tell(&mut tx, &keepers, count).await?;
    }
    tx.commit(()).await
}

async fn tell(tx: &mut kit::Tx, users: &[Id], count: i64) -> Result<()> {
    let title =
        T("旧件逾期未退：{count} 笔", "Old parts overdue: {count}").told(&[("count", count.to_string())]);
    let detail = T(
        "请尽快退回旧件，逾期将按销售价扣款",
        "Please return them; late ones are charged at the selling price",
    );
    let notice = notify::Notice {
        users,
        title: &title,
        detail: &T::both(detail.0, detail.1),
        href: "/old-parts?view=owed",
        mail: true,
    };
    notify::tell_in(tx, &notice).await
}
