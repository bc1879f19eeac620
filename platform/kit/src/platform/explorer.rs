//! The API for people: a list of all operations, and a page that tries one. Everything is served from here: the content
//! policy lets nothing in from other hosts.

use axum::{http::StatusCode, response::Response};
use kernel::T;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use ui::{Btn, Field, Form};

use crate::{
    Cx, Error, Result,
    app::RouteInfo,
    extract::Query,
    module::{Access, SchemaOf},
};

/// Depth to which an example of a body is filled in.
const DEEPEST: usize = 4;

pub async fn api_page(cx: Cx) -> Result<Response> {
    let routes = cx.app.registry.routes.iter().filter(|r| r.path.starts_with("/api/v1"));
    let rows = routes
        .map(|r| {
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("method", r.method)
                .append_pair("path", &r.path)
                .finish();
            let path = if cx.actor.is_some() {
                ui::link(&format!("/api/try?{query}"), &r.path)
            } else {
                ui::mono(&r.path)
            };
            let cells = vec![ui::mono(r.method), path, html! { (r.summary.get(cx.lang)) }];
            ui::Row::new(&r.path, &r.path, cells)
        })
        .collect();
    let heads = [T("方法", "Method"), T("路径", "Path"), T("作用", "What it does")];
    let cols = heads.iter().map(|h| ui::Col::new(h.get(cx.lang))).collect();
    let title = cx.t(TITLE);
    let table = ui::small_table(&ui::Table::new(title, cols, rows));
    let actions = html! { (Btn::link("OpenAPI 3.1", "/api/openapi.json").icon("download")) };
    let main = ui::plain_view(title, actions, table);
    if cx.actor.is_some() { cx.page(title, main).await } else { Ok(cx.bare(title, main, StatusCode::OK)) }
}

const TITLE: T = T("接口文档", "REST API");

/// Which operation.
#[derive(Deserialize)]
pub struct TryQuery {
    #[serde(default)]
    method: String,
    #[serde(default)]
    path: String,
}

/// One operation as a form. It is sent with the session of the person who looks: nobody may more here than elsewhere.
pub async fn try_page(cx: Cx, Query(query): Query<TryQuery>) -> Result<Response> {
    let mut routes = cx.app.registry.routes.iter().filter(|route| route.path.starts_with("/api/v1"));
    let route = routes.find(|r| r.method == query.method && r.path == query.path).ok_or(Error::NotFound)?;
    let title = format!("{} {}", route.method, route.path);
    let crumbs = [(cx.t(TITLE), Some("/api")), (title.as_str(), None)];
    let summary = route.summary.get(cx.lang);
    let body = ui::form_page(cx.lang, &crumbs, &title, summary, form(&cx, route), None);
    cx.page(&title, body).await
}

fn form(cx: &Cx, route: &RouteInfo) -> Markup {
    let names = route.path.split('/').filter(|part| part.starts_with('{'));
    let write = route.method != "GET";
    let needs = match route.access {
        Access::Public => cx.t(T("公开", "public")).to_string(),
        Access::SignedIn => cx.t(T("登录即可", "anybody signed in")).to_string(),
        Access::Perm(perm) => format!("{} · {}", cx.t(perm.label), perm.key),
    };
    Form::post("/api", cx.form_key())
        .attr("data-try", "")
        .attr("data-method", route.method)
        .attr("data-path", &route.path)
        .body(html! {
            (ui::fields(html! {
                @for name in names {
                    (Field::text(name.trim_matches(['{', '}', '*']), name).required().attr("data-try-path", name))
                }
                @if !write { (Field::text("query", cx.t(T("查询参数", "Query"))).hint("limit=20&q=…")) }
                @if write { (Field::area("body", "JSON", 12).value(example(route.input)).full()) }
            }))
            (ui::muted(format!("{} {needs}", cx.t(T("需要：", "Needs:")))))
            @if write { (ui::muted(cx.t(T("会真正执行。", "It is really done.")))) }
            (ui::form_buttons(&[Btn::submit(cx.t(T("发送", "Send")))]))
            (ui::section(cx.t(T("回答", "Answer")), html! {}, html! { pre tabindex="0" aria-live="polite" data-try-answer {} }))
        })
}

/// A body with the fields that must be there; the others are told by the description.
fn example(input: Option<SchemaOf>) -> String {
    let Some(SchemaOf::Type(make)) = input else { return "{}".into() };
    let schema = make();
    let value = fill(schema.as_value(), schema.as_value(), DEEPEST);
    serde_json::to_string_pretty(&value).unwrap_or_default()
}

fn fill(schema: &Value, root: &Value, depth: usize) -> Value {
    if depth == 0 {
        return Value::Null;
    }
    if let Some(reference) = schema["$ref"].as_str() {
        return fill(
            root.pointer(reference.trim_start_matches('#')).unwrap_or(&Value::Null),
            root,
            depth - 1,
        );
    }
    for choice in ["anyOf", "oneOf", "allOf"] {
        if let Some(first) =
            schema[choice].as_array().and_then(|all| all.iter().find(|one| one["type"] != "null"))
        {
            return fill(first, root, depth - 1);
        }
    }
    if let Some(value) = schema.get("const").or_else(|| schema["enum"].get(0)) {
        return value.clone();
    }
    match schema["type"].as_str().or_else(|| schema["type"][0].as_str()).unwrap_or("object") {
        "string" => json!(""),
        "integer" | "number" => json!(0),
        "boolean" => json!(false),
        "array" => json!([fill(&schema["items"], root, depth - 1)]),
        "null" => Value::Null,
        _ => {
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let fields = required.iter().filter_map(Value::as_str);
            let filled =
                fields.map(|name| (name.to_string(), fill(&schema["properties"][name], root, depth - 1)));
            Value::Object(filled.collect::<Map<_, _>>())
        }
    }
}
