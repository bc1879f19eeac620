//! Saved views and chosen columns: what a person keeps of a list (PLAT-08).

use db::{Conn, Sql, args};
use kernel::{Id, Problems, RuleError, T, Ts};
use serde::{Deserialize, Serialize};

use super::{
    filter::Group,
    query::{self, ListQuery},
    spec::ListSpec,
    summary,
};
use crate::{Cx, DocRef, Error, Result, begin};

/// Views that one person can keep of one list.
const MOST_VIEWS: i64 = 50;

db::row! {
    /// A stored view.
    #[derive(Clone, Debug)]
    pub struct SavedView {
        /// Which.
        pub id: Id,
        /// Key of the list.
        pub list: String,
        /// Whose.
        pub user_id: Id,
        /// Name on its tab.
        pub name: String,
        /// State of the list as a query string.
        pub query: String,
        /// Everybody of the organisation has it.
        pub shared: bool,
        /// That organisation.
        pub org_id: Id,
        /// When saved.
        pub at: Ts,
    }
}

/// A view to be kept.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct NewView {
    /// Name, up to 40 characters.
    pub name: String,
    /// Conditions, see the list's `filter`.
    pub filter: Option<String>,
    /// Search text.
    pub q: Option<String>,
    /// Column key; `-key`: descending.
    pub sort: Option<String>,
    /// Column keys joined by commas.
    pub columns: Option<String>,
    /// Column keys grouped by, joined by commas.
    pub group: Option<String>,
    /// For everybody of the caller's organisation.
    pub shared: bool,
}

/// A view as the API shows it.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ViewOut {
    /// Value of `view` in the list's address.
    pub id: Id,
    /// Name.
    pub name: String,
    /// Conditions.
    pub filter: Option<String>,
    /// Search text.
    pub q: Option<String>,
    /// Order.
    pub sort: Option<String>,
    /// Columns.
    pub columns: Option<String>,
    /// Columns grouped by.
    pub group: Option<String>,
    /// For everybody of the organisation.
    pub shared: bool,
    /// The caller's own: may be deleted.
    pub own: bool,
}

/// Columns to be shown.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Chosen {
    /// Column keys in order.
    pub col: Vec<String>,
    /// `compact`, `normal` or `relaxed`.
    pub density: String,
    /// Back to what the list shows by itself.
    pub reset: Option<String>,
    /// Address to go back to.
    pub back: Option<String>,
}

/// Views of a list that the caller has: own ones, and those shared in the organisation.
pub async fn visible(cx: &Cx, conn: &mut Conn, list: &ListSpec) -> Result<Vec<SavedView>> {
    let actor = cx.actor()?;
    let sql = format!(
        "select {} from saved_view v where v.list = $1 and (v.user_id = $2 or (v.shared = $3 and v.org_id = $4)) order by v.name, v.id",
        SavedView::cols("v")
    );
    Ok(conn.all(&sql, args![list.key, actor.user, true, actor.org]).await?)
}

/// The view without conditions, where a list opens with another one.
pub const EVERYTHING: &str = "all";

/// Puts a tab's or saved view's conditions under what was asked: what the address says itself wins.
///
/// The result names no view any more. Errors: 404 for a view that is gone or not the caller's.
pub async fn resolve(cx: &Cx, conn: &mut Conn, list: &ListSpec, asked: &ListQuery) -> Result<ListQuery> {
    let Some(key) = asked.view.as_deref().filter(|key| *key != EVERYTHING) else {
        return Ok(ListQuery { view: None, ..asked.clone() });
    };
    let stored = match list.presets.iter().find(|preset| preset.key == key) {
        Some(preset) => ListQuery { filter: Some(preset.filter.to_string()), ..ListQuery::default() },
        None => {
            let id: Id = key.parse().map_err(|_| Error::NotFound)?;
            let views = visible(cx, conn, list).await?;
            let view = views.iter().find(|view| view.id == id).ok_or(Error::NotFound)?;
            ListQuery::read(&view.query)?
        }
    };
    Ok(under(&stored, asked))
}

/// The question with a saved view written out, for those who may not see the view: a tab stays a tab.
pub async fn settled(cx: &Cx, conn: &mut Conn, list: &ListSpec, asked: &ListQuery) -> Result<ListQuery> {
    let tab = asked.view.as_deref().is_none_or(|key| list.presets.iter().any(|preset| preset.key == key));
    if tab { Ok(asked.clone()) } else { resolve(cx, conn, list, asked).await }
}

/// `asked` where it speaks, `stored` elsewhere.
pub fn under(stored: &ListQuery, asked: &ListQuery) -> ListQuery {
    let either = |asked: &Option<String>, stored: &Option<String>| asked.clone().or_else(|| stored.clone());
    ListQuery {
        view: None,
        q: either(&asked.q, &stored.q),
        filter: either(&asked.filter, &stored.filter),
        sort: either(&asked.sort, &stored.sort),
        columns: either(&asked.columns, &stored.columns),
        group: either(&asked.group, &stored.group),
        ..asked.clone()
    }
}

fn out(cx: &Cx, view: &SavedView) -> Result<ViewOut> {
    let state = ListQuery::read(&view.query)?;
    Ok(ViewOut {
        id: view.id,
        name: view.name.clone(),
        filter: state.filter,
        q: state.q,
        sort: state.sort,
        columns: state.columns,
        group: state.group,
        shared: view.shared,
        own: cx.actor()?.user == view.user_id,
    })
}

/// The caller's views of a list.
pub async fn all(cx: &Cx, list: &ListSpec) -> Result<Vec<ViewOut>> {
    let mut conn = cx.read().await?;
    let views = visible(cx, &mut conn, list).await?;
    views.iter().map(|view| out(cx, view)).collect()
}

/// A view that can't be shown would be a tab that only gives errors, so it is tried before it is kept.
fn check(cx: &Cx, list: &ListSpec, state: &ListQuery, name: &str) -> Result<()> {
    let mut problems = Problems::new();
    problems.check((1..=40).contains(&name.chars().count()), || {
        RuleError::new("view.name", T("名称应为 1 到 40 个字", "The name must have 1 to 40 characters"))
            .field("name")
    });
    if let Some(group) = problems.take(Group::parse(state.filter.as_deref().unwrap_or_default()))
        && let Err(found) = group.push(cx, list, &mut Sql::default())
    {
        problems.extend(found);
    }
    problems.finish()?;
    summary::columns(cx, list, state.group.as_deref().unwrap_or_default())?;
    query::plan(cx, list, state, false).map(drop)
}

/// Keeps a view.
///
/// Errors: `view.name`, `view.too_many`, and those of conditions and columns.
pub async fn save(cx: &Cx, list: &ListSpec, input: NewView) -> Result<ViewOut> {
    let name = input.name.trim();
    let actor = cx.actor()?;
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let state = ListQuery {
        filter: given(&input.filter),
        q: given(&input.q),
        sort: given(&input.sort),
        columns: given(&input.columns),
        group: given(&input.group),
        ..ListQuery::default()
    };
    check(cx, list, &state, name)?;
    let mut tx = begin!(cx, "lists.save_view", &(list.key, &input));
    let count: i64 = tx
        .scalar(
            "select count(*) from saved_view where list = $1 and user_id = $2",
            args![list.key, actor.user],
        )
        .await?;
    if count >= MOST_VIEWS {
        let full = T("每个列表最多保存 {most} 个视图", "At most {most} views of a list can be kept");
        return Err(RuleError::new("view.too_many", full).arg("most", MOST_VIEWS).field("name").into());
    }
    let view = SavedView {
        id: tx.id(),
        list: list.key.to_string(),
        user_id: actor.user,
        name: name.to_string(),
        query: state.text(),
        shared: input.shared,
        org_id: actor.org,
        at: tx.now(),
    };
    tx.exec(
        "insert into saved_view (id, list, user_id, name, query, shared, org_id, at) values ($1,$2,$3,$4,$5,$6,$7,$8)",
        args![view.id, &view.list, view.user_id, &view.name, &view.query, view.shared, view.org_id, view.at],
    )
    .await?;
    let answer = out(cx, &view)?;
    tx.created(DocRef::new("view", view.id, &view.name), &answer)?;
    tx.commit(answer).await
}

/// Removes a view of the caller's; somebody else's is 404.
pub async fn delete(cx: &Cx, list: &ListSpec, id: Id) -> Result<()> {
    let user = cx.actor()?.user;
    let mut tx = begin!(cx, "lists.delete_view", &(list.key, id));
    let gone = tx
        .exec(
            "delete from saved_view where id = $1 and list = $2 and user_id = $3",
            args![id, list.key, user],
        )
        .await?;
    if gone == 0 {
        return Err(Error::NotFound);
    }
    tx.log(DocRef::new("view", id, ""), "deleted", serde_json::Value::Null);
    tx.commit(()).await
}

/// What a person chose for a list: column keys and density.
pub async fn chosen(cx: &Cx, conn: &mut Conn, list: &ListSpec) -> Result<Option<(String, String)>> {
    let user = cx.actor()?.user;
    Ok(conn
        .opt(
            "select columns, density from list_columns where list = $1 and user_id = $2",
            args![list.key, user],
        )
        .await?)
}

/// Keeps the choice of columns; unknown keys are dropped.
pub async fn choose(cx: &Cx, list: &ListSpec, input: &Chosen) -> Result<()> {
    let user = cx.actor()?.user;
    let known: Vec<&str> = input.col.iter().filter_map(|key| list.column(key)).map(|col| col.key).collect();
    let density =
        Some(input.density.as_str()).filter(|d| matches!(*d, "compact" | "relaxed")).unwrap_or("normal");
    let mut tx = begin!(cx, "lists.choose_columns", &(list.key, input));
    if input.reset.is_some() || known.is_empty() {
        tx.exec("delete from list_columns where list = $1 and user_id = $2", args![list.key, user]).await?;
    } else {
        tx.exec(
            "insert into list_columns (list, user_id, columns, density) values ($1,$2,$3,$4)
             on conflict (list, user_id) do update set columns = excluded.columns, density = excluded.density",
            args![list.key, user, known.join(","), density],
        )
        .await?;
    }
    tx.commit(()).await
}
