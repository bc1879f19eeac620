//! OpenAPI 3.1 from the routes themselves (ADR 0003): what is served is what is described.

use kernel::Lang;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use crate::{
    ProblemJson,
    app::Registry,
    lists::page_schema,
    module::{Access, SchemaOf},
};

/// Moves `$defs` of a schema to the document's components.
fn lift(schema: &schemars::Schema, components: &mut Map<String, Value>) -> Value {
    let mut value = schema.clone().to_value();
    if let Some(object) = value.as_object_mut() {
        object.remove("$schema");
        if let Some(Value::Object(defs)) = object.remove("$defs") {
            for (name, mut def) in defs {
                rewrite(&mut def);
                components.entry(name).or_insert(def);
            }
        }
    }
    rewrite(&mut value);
    value
}

fn rewrite(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get_mut("$ref") {
                *reference = reference.replace("#/$defs/", "#/components/schemas/");
            }
            map.values_mut().for_each(rewrite);
        }
        Value::Array(list) => list.iter_mut().for_each(rewrite),
        _ => {}
    }
}

fn schema_of<X: JsonSchema>() -> schemars::Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<X>()
}

fn schema(registry: &Registry, of: Option<SchemaOf>) -> Option<schemars::Schema> {
    match of? {
        SchemaOf::Type(make) => Some(make()),
        SchemaOf::List(key) => page_schema(registry.lists.get(key)?),
    }
}

/// What programs call an operation: `get_orders_by_id_lines`. Made of method and path alone, so that it stays what it is
/// while the path does.
fn operation_id(method: &str, path: &str) -> String {
    let parts = path.trim_start_matches("/api/v1/").split('/').map(|part| {
        let name = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
        name.map_or_else(|| part.to_string(), |name| format!("by_{}", name.trim_start_matches('*')))
    });
    let words: Vec<String> = [method.to_lowercase()].into_iter().chain(parts).collect();
    words.join("_").replace(|c: char| !c.is_ascii_alphanumeric(), "_")
}

/// The document.
pub fn document(registry: &Registry, lang: Lang) -> Value {
    let mut components = Map::new();
    let problem = lift(&schema_of::<ProblemJson>(), &mut components);
    components.insert("Problem".into(), problem);
    let mut paths: Map<String, Value> = Map::new();
    for route in registry.routes.iter().filter(|route| route.path.starts_with("/api/")) {
        let mut operation = Map::new();
        operation.insert("operationId".into(), json!(operation_id(route.method, &route.path)));
        operation.insert("summary".into(), json!(route.summary.get(lang)));
        operation.insert("tags".into(), json!([route.path.split('/').nth(3).unwrap_or("api")]));
        let parameters: Vec<Value> = route
            .path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .map(|name| json!({"name": name.trim_start_matches('*'), "in": "path", "required": true, "schema": {"type": "string"}}))
            .collect();
        if !parameters.is_empty() {
            operation.insert("parameters".into(), json!(parameters));
        }
        if let Some(input) = schema(registry, route.input) {
            let schema = lift(&input, &mut components);
            operation
                .insert("requestBody".into(), json!({"content": {"application/json": {"schema": schema}}}));
        }
        let output =
            schema(registry, route.output).map_or(json!({}), |output| lift(&output, &mut components));
        operation.insert(
            "responses".into(),
            json!({
                "200": {"description": "OK", "content": {"application/json": {"schema": output}}},
                "default": {"description": "Problem", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}},
            }),
        );
        match route.access {
            Access::Public => drop(operation.insert("security".into(), json!([]))),
            Access::SignedIn => {}
            Access::Perm(perm) => drop(operation.insert("x-permission".into(), json!(perm.key))),
        }
        let entry = paths.entry(route.path.clone()).or_insert_with(|| json!({}));
        if let Some(entry) = entry.as_object_mut() {
            entry.insert(route.method.to_lowercase(), Value::Object(operation));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Aftercare", "version": env!("CARGO_PKG_VERSION"),
            "description": "Every write takes an Idempotency-Key header. Money is in minor units, quantities are in thousandths, instants are RFC 3339."},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    })
}

/// The document for a caller's language.
pub fn openapi_document(cx: &crate::Cx) -> Value {
    document(&cx.app.registry, cx.lang)
}
