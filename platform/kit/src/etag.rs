//! `ETag` and `If-Match` of the API (DESIGN §9), for all documents at once.
//!
//! A document's tag is its version. `If-Match` becomes the `version` that commands take in their bodies, so that it is
//! compared in the command's own transaction and not a moment before.

use axum::{
    body::{Body as HttpBody, Bytes, HttpBody as _},
    http::{HeaderValue, header, request::Parts},
    response::Response,
};
use kernel::{RuleError, T};
use serde::{
    Deserialize, Deserializer as _,
    de::{Error as _, IgnoredAny, MapAccess, Visitor},
};
use serde_json::{Value, json};

use crate::{Cx, Error, Result, module::SchemaOf};

/// Longest answer looked into.
const MOST: u64 = 1 << 20;

/// Tags the answer that is one document with a version.
pub(crate) async fn mark(response: Response) -> Response {
    let json = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    let short = response.body().size_hint().exact().is_some_and(|size| size <= MOST);
    if !json || !short || !response.status().is_success() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // The whole answer is in memory already: this copies nothing.
    let Ok(bytes) = axum::body::to_bytes(body, usize::MAX).await else {
        return Response::from_parts(parts, HttpBody::empty());
    };
    if let Some(tag) = version_of(&bytes).and_then(|n| HeaderValue::from_str(&format!("\"{n}\"")).ok()) {
        parts.headers.insert(header::ETAG, tag);
    }
    Response::from_parts(parts, HttpBody::from(bytes))
}

fn version_of(bytes: &[u8]) -> Option<i64> {
    if bytes.first() != Some(&b'{') {
        return None;
    }
    let mut seek = Seek(None);
    // Reading ends, with an error, as soon as the version is found: it stands in front of all that is long.
    let _ = serde_json::Deserializer::from_slice(bytes).deserialize_map(&mut seek);
    seek.0
}

/// Looks for the version of an answer.
struct Seek(Option<i64>);

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "lowercase")]
enum Key {
    Version,
    #[serde(other)]
    Other,
}

impl<'de> Visitor<'de> for &mut Seek {
    type Value = ();

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("an answer")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<(), A::Error> {
        while let Some(key) = map.next_key()? {
            if matches!(key, Key::Version) {
                self.0 = Some(map.next_value()?);
                return Err(A::Error::custom("found"));
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

/// The body with the version that `If-Match` asks for; without the header the body as it is.
///
/// Errors: `if_match.form`, `if_match.unsupported`.
pub(crate) fn demand(cx: &Cx, parts: &Parts, body: Bytes) -> Result<Bytes> {
    let Some(asked) = parts.headers.get(header::IF_MATCH).filter(|_| cx.req.api) else { return Ok(body) };
    let version = asked.to_str().ok().map(|text| text.trim().trim_start_matches("W/").trim_matches('"'));
    if version == Some("*") {
        return Ok(body);
    }
    let refused = |code: &'static str, text: T| Error::rule(RuleError::new(code, text).field("If-Match"));
    let form =
        T("If-Match 应为 ETag 中的版本号，如 \"3\"", "If-Match takes the version from ETag, such as \"3\"");
    let Some(version) = version.and_then(|text| text.parse::<i64>().ok()) else {
        return Err(refused("if_match.form", form));
    };
    let mut input: Value = if body.is_empty() { json!({}) } else { crate::body::parse_json(&body)? };
    let (true, Value::Object(fields)) = (takes_version(cx, parts), &mut input) else {
        let none =
            T("此操作不按版本检查，请去掉 If-Match", "This command checks no version: leave If-Match out");
        return Err(refused("if_match.unsupported", none));
    };
    fields.insert("version".into(), json!(version));
    Ok(Bytes::from(serde_json::to_vec(&input)?))
}

fn takes_version(cx: &Cx, parts: &Parts) -> bool {
    let path: Vec<&str> = parts.uri.path().split('/').collect();
    let fits = |pattern: &str| {
        let pattern: Vec<&str> = pattern.split('/').collect();
        pattern.len() == path.len()
            && pattern.iter().zip(&path).all(|(p, part)| p.starts_with('{') || p == part)
    };
    let routes = &cx.app.registry.routes;
    let route = routes.iter().find(|route| route.method == parts.method.as_str() && fits(&route.path));
    match route.and_then(|route| route.input) {
        Some(SchemaOf::Type(make)) => {
            make().get("properties").is_some_and(|all| all.get("version").is_some())
        }
        _ => false,
    }
}

/// A version that was asked for by `If-Match` and is not the present one is 412, not 409.
pub(crate) fn failed(parts: &Parts, error: &Error) -> Option<Error> {
    let asked = parts.headers.contains_key(header::IF_MATCH);
    // Contexts put their own name before the word.
    let stale = |code: &str| code == "stale" || code.ends_with(".stale");
    matches!(error, Error::Conflict(rule) if asked && stale(rule.code)).then_some(Error::Precondition)
}

#[cfg(test)]
mod tests {
    use super::version_of;

    #[test]
    fn only_a_document_has_a_version() {
        assert_eq!(version_of(br#"{"id":"x","version":7,"more":[1]}"#), Some(7));
        for none in [&b"[]"[..], b"{}", b"", b"null", br#"{"version":"7"}"#, br#"{"items":[{"version":7}]}"#]
        {
            assert_eq!(version_of(none), None);
        }
    }
}
