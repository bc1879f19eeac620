//! Reading the van.

use std::sync::Arc;

use kernel::{fold, pinyin_initials};
use kit::{Cx, Result, Scope};
use parts::api::{DepotKind, depots, van_of};

use super::{
    model::{Held, Van},
    store,
};

/// True when a part is found by what was typed: code, name, specification, or first letters of the pinyin.
fn matches(item: &Held, query: &str) -> bool {
    let query = fold(query);
    query.is_empty()
        || [&item.code, &item.name, &item.spec].iter().any(|text| fold(text).contains(&query))
        || pinyin_initials(&item.name).contains(&query)
}

/// The caller's own van. Three statements.
pub async fn van(cx: &Cx, query: &str) -> Result<Van> {
    let actor = cx.actor()?;
    let Some(staff) = actor.staff else {
        return Ok(Van { depot: None, items: Vec::new(), returns: Vec::new() });
    };
    let mut conn = cx.read().await?;
    let Some(depot) = van_of(&mut conn, staff).await? else {
        cx.count(&conn);
        return Ok(Van { depot: None, items: Vec::new(), returns: Vec::new() });
    };
    let mut items = store::select_held(&mut conn, depot.id).await?;
    items.retain(|item| matches(item, query));
    let near = Scope::Orgs(Arc::from([depot.org_id]));
    let mut returns = depots(&mut conn, &near).await?;
    returns.retain(|d| matches!(d.kind, DepotKind::Parts | DepotKind::Outlet));
    cx.count(&conn);
    Ok(Van { depot: Some(depot), items, returns })
}
