//! The API of a list: `GET /api/v1{href}` and what belongs to it, the same for every list.

use axum::{Json, response::Response};
use kernel::Id;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    export::{self, ExportFormat},
    query::{self, ListQuery},
    spec::{Kind, ListSpec},
    summary::{self, SummaryOut},
    views::{self, NewView, ViewOut},
};
use crate::{Cx, Error, Result};

/// The list called `key`, or 404; contexts register each under its own.
pub fn find<'a>(cx: &'a Cx, key: &str) -> Result<&'a ListSpec> {
    cx.app.registry.lists.get(key).or_else(|| super::dynamic::find(key)).ok_or(Error::NotFound)
}

/// The query string of a request.
pub(super) fn query_of(cx: &Cx) -> &str {
    cx.req.uri.split_once('?').map_or("", |(_, query)| query)
}

/// How many rows there are.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CountOut {
    /// Rows, counted up to 10,000.
    pub count: i64,
    /// There are more, or a search has more hits than the 10,000 newest that were looked at.
    pub more: bool,
}

pub async fn list(cx: Cx, key: &'static str) -> Result<Json<Value>> {
    let list = find(&cx, key)?;
    let asked = ListQuery::read(query_of(&cx))?;
    let mut conn = cx.read().await?;
    if views::resolve(&cx, &mut conn, list, &asked).await?.grouped() {
        let summary = summary::summarise(&cx, &mut conn, list, &asked).await?;
        cx.count(&conn);
        return Ok(Json(summary.json()));
    }
    let page = query::fetch(&cx, &mut conn, list, &asked, true).await?;
    cx.count(&conn);
    Ok(Json(page.json()))
}

pub async fn count(cx: Cx, key: &'static str) -> Result<Json<CountOut>> {
    let list = find(&cx, key)?;
    let asked = ListQuery::read(query_of(&cx))?;
    let mut conn = cx.read().await?;
    let count = query::count(&cx, &mut conn, list, &asked).await?;
    Ok(Json(CountOut { count: count.count, more: count.more }))
}

pub async fn export(cx: Cx, key: &'static str) -> Result<Response> {
    let list = find(&cx, key)?;
    let query = query_of(&cx);
    let format = form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "format")
        .map(|(_, value)| value.into_owned());
    let format = ExportFormat::parse(&format.unwrap_or_default())?;
    export::export(&cx, list, &ListQuery::read(query)?, format).await
}

pub async fn views(cx: Cx, key: &'static str) -> Result<Json<Vec<ViewOut>>> {
    let list = find(&cx, key)?;
    views::all(&cx, list).await.map(Json)
}

pub async fn save_view(cx: Cx, key: &'static str, input: NewView) -> Result<Json<ViewOut>> {
    let list = find(&cx, key)?;
    views::save(&cx, list, input).await.map(Json)
}

pub async fn delete_view(cx: Cx, key: &'static str, id: Id) -> Result<Json<()>> {
    let list = find(&cx, key)?;
    views::delete(&cx, list, id).await.map(Json)
}

/// The JSON schema of a page of a list, from its columns.
pub fn page_schema(list: &ListSpec) -> Option<schemars::Schema> {
    let mut properties = serde_json::Map::new();
    properties.insert("id".into(), json!({"type": "string", "format": "uuid"}));
    for col in &list.columns {
        let mut kind = match col.kind {
            Kind::Int | Kind::Priority => json!({"type": ["integer", "null"]}),
            Kind::Money => json!({"type": ["integer", "null"], "x-unit": "minor units"}),
            Kind::Qty => json!({"type": ["integer", "null"], "x-unit": "thousandths"}),
            Kind::Bool => json!({"type": ["boolean", "null"]}),
            Kind::Time | Kind::Due => json!({"type": ["string", "null"], "format": "date-time"}),
            Kind::Date => json!({"type": ["string", "null"], "format": "date"}),
            Kind::Id => json!({"type": ["string", "null"], "format": "uuid"}),
            Kind::Code(options) | Kind::State(options) => {
                let codes: Vec<&str> = options.iter().map(|(code, _)| *code).collect();
                json!({"type": ["string", "null"], "examples": codes})
            }
            Kind::Text | Kind::No | Kind::Person => json!({"type": ["string", "null"]}),
        };
        if let Some(kind) = kind.as_object_mut() {
            kind.insert("description".into(), json!(format!("{} · {}", col.label.0, col.label.1)));
        }
        properties.insert(col.key.into(), kind);
    }
    let mut inline = schemars::generate::SchemaSettings::draft2020_12();
    inline.inline_subschemas = true;
    let grouped =
        inline.into_generator().into_root_schema_for::<SummaryOut>().to_value()["properties"].take();
    let schema = json!({
        "type": "object",
        "description": "Query: view, q, filter (key~op~value;…), sort (key or -key), limit (1…500), columns, after or before (cursor); group (up to three column keys): groups with counts and sums instead of items.",
        "properties": {
            "items": {"type": "array", "items": {"type": "object", "properties": properties, "required": ["id"]}},
            "next": {"type": ["string", "null"], "description": "Cursor for after="},
            "prev": {"type": ["string", "null"], "description": "Cursor for before="},
            "cut": {"type": "boolean", "description": "The search has more than 10,000 hits and only the newest ones were looked at; exports look at all."},
            "groups": grouped["groups"],
            "total": grouped["total"],
            "more": grouped["more"],
        },
        // Rows, or with `group=` groups.
        "anyOf": [{"required": ["items", "next", "prev", "cut"]}, {"required": ["groups", "total", "more"]}],
    });
    schemars::Schema::try_from(schema).ok()
}
