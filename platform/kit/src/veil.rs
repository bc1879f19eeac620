//! What the company made sensitive beside telephone numbers, addresses, costs and wages (ORG-11).
//!
//! Optional kinds ([`Sens::OPTIONAL`]) are switched on by parameters. From then on columns and fields of the API that are
//! called so ([`Sens::keys`]) are hidden by construction: columns when they are declared, answers of the API here, on
//! their way out. What was hidden and comes back with a form or a program is refused here too, so that no shape ever
//! replaces what it stands for.

use std::collections::HashMap;

use axum::{
    body::{Body as HttpBody, Bytes, HttpBody as _},
    http::header,
    response::Response,
};
use kernel::{Id, RuleError, T};
use serde_json::Value;

use crate::{
    App, Cx, Error, Result,
    perm::{Sens, Show, VEIL, mask},
};

/// Optional kinds that are on. Where nobody asked the parameters, all are: forgetting hides too much, never too little.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Veils(u16);

impl Default for Veils {
    fn default() -> Self {
        Self(u16::MAX)
    }
}

impl Veils {
    /// True when a kind is sensitive at all.
    pub fn has(self, kind: Sens) -> bool {
        kind.switch().is_none() || self.0 & (1 << kind as u16) != 0
    }

    /// What the parameters say now; they are in memory.
    pub async fn load(app: &App) -> Self {
        let cx = Cx::system(app);
        let mut on = 0;
        for kind in Sens::OPTIONAL {
            let Some(switch) = kind.switch() else { continue };
            if cx.setting(switch, Id::NIL).await.unwrap_or(true) {
                on |= 1 << *kind as u16;
            }
        }
        Self(on)
    }
}

/// Private characters of Unicode around a marked value: the first says of which kind it is.
const FIRST: u32 = 0xe100;
const END: char = '\u{e1ff}';

/// A value of an optional kind inside a stored line for people, such as the title of a search hit: whoever shows the
/// line passes it through [`shown`].
pub fn marked(kind: Sens, value: &str) -> String {
    if value.is_empty() {
        return String::new();
    }
    let start = char::from_u32(FIRST + kind as u32).unwrap_or(END);
    format!("{start}{value}{END}")
}

/// A line with marked values as this caller may see it.
pub fn shown(cx: &Cx, line: &str) -> String {
    unmarked(line, |kind, value| cx.mask(kind, value))
}

/// A line without marks, for what finds it again.
pub fn bare(line: &str) -> String {
    unmarked(line, |_, value| value.to_string())
}

fn unmarked(line: &str, each: impl Fn(Sens, &str) -> String) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    let start = |c: char| Sens::ALL.iter().copied().find(|kind| FIRST + *kind as u32 == c as u32);
    while let Some((at, kind)) = rest.char_indices().find_map(|(at, c)| start(c).map(|kind| (at, kind))) {
        let after = &rest[at + END.len_utf8()..];
        let (value, tail) = after.split_once(END).unwrap_or((after, ""));
        out.push_str(&rest[..at]);
        out.push_str(&each(kind, value));
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// Optional kinds that this caller doesn't see as they are.
fn hidden(cx: &Cx) -> Vec<Sens> {
    Sens::OPTIONAL.iter().copied().filter(|kind| cx.shows(*kind) != Show::Full).collect()
}

/// An answer of the API without what its caller may not see.
pub(crate) async fn answer(cx: &Cx, response: Response) -> Response {
    let kinds = hidden(cx);
    let json = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    // What has no size is an export, written cell by cell by its list.
    if kinds.is_empty() || !json || response.body().size_hint().exact().is_none() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // The whole answer is in memory already: this copies nothing.
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let Ok(mut value) = serde_json::from_slice::<Value>(&bytes) else {
        return Response::from_parts(parts, HttpBody::from(bytes));
    };
    cover(&mut value, &|key| Sens::of_key(key).filter(|kind| kinds.contains(kind)));
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, HttpBody::from(value.to_string()))
}

/// Stored content, such as what the log keeps of a change, as this caller may see it. It was written for nobody in
/// particular, so its fields are hidden by their names: as [`Sens::of_field`] knows them, and as any list calls a
/// sensitive column; too much rather than too little.
pub struct Content {
    kinds: Vec<Sens>,
    columns: HashMap<&'static str, Vec<Sens>>,
}

impl Content {
    /// For this caller.
    pub fn of(cx: &Cx) -> Self {
        let kinds: Vec<Sens> =
            Sens::ALL.iter().copied().filter(|kind| cx.shows(*kind) != Show::Full).collect();
        let mut columns: HashMap<&'static str, Vec<Sens>> = HashMap::new();
        if !kinds.is_empty() {
            for col in cx.app.registry.lists.values().flat_map(|list| &list.columns) {
                columns.entry(col.key).or_default().extend(col.sens);
            }
        }
        Self { kinds, columns }
    }

    /// JSON as it may be shown.
    pub fn shown(&self, json: &str) -> String {
        if self.kinds.is_empty() {
            return json.to_string();
        }
        let Ok(mut value) = serde_json::from_str::<Value>(json) else { return String::new() };
        cover(&mut value, &|key| {
            let listed = self.columns.get(key).into_iter().flatten().copied();
            Sens::of_field(key).into_iter().chain(listed).find(|kind| self.kinds.contains(kind))
        });
        value.to_string()
    }
}

/// Hides fields, however deep, whose name says of which hidden kind they are.
fn cover(value: &mut Value, of: &dyn Fn(&str) -> Option<Sens>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| cover(item, of)),
        Value::Object(fields) => {
            // An amount beside a price is that price times a quantity.
            let priced = fields.contains_key("price") && of("price") == Some(Sens::Price);
            for (key, field) in fields.iter_mut() {
                if priced && key == "amount" {
                    cover_one(field, Sens::Price, of);
                    continue;
                }
                match of(key) {
                    Some(kind) => cover_one(field, kind, of),
                    None => cover(field, of),
                }
            }
        }
        _ => {}
    }
}

fn cover_one(field: &mut Value, kind: Sens, of: &dyn Fn(&str) -> Option<Sens>) {
    match field {
        Value::String(text) => *text = mask(kind, text),
        Value::Number(_) => *field = Value::Null,
        Value::Array(items) => items.iter_mut().for_each(|item| cover_one(item, kind, of)),
        Value::Object(_) => cover(field, of),
        Value::Null | Value::Bool(_) => {}
    }
}

/// 422 when what is hidden comes back as it was shown: it must not be stored in place of the value.
pub(crate) fn check(cx: &Cx, form: bool, body: &Bytes) -> Result<()> {
    if !holds_veil(form, body) || hidden(cx).is_empty() {
        return Ok(());
    }
    let words = T(
        "有内容处于隐藏状态，不能保存：请先按 Alt+H 显示后再修改；没有查看权限的字段请留给有权限的同事修改",
        "Something is hidden and can't be saved like this: press Alt+H to show it first; what your role doesn't show is for a colleague to change",
    );
    Err(Error::rule(RuleError::new("sensitive.hidden", words)))
}

fn holds_veil(form: bool, body: &Bytes) -> bool {
    let find = |needle: &[u8]| body.windows(needle.len()).any(|part| part.eq_ignore_ascii_case(needle));
    let escaped = |each: &str| VEIL.chars().map(|_| each).collect::<String>();
    if form {
        return find(escaped("%E2%97%8F").as_bytes());
    }
    find(VEIL.as_bytes()) || find(escaped("\\u25cf").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_are_hidden_by_their_name_however_deep() {
        let mut value = json!({
            "no": "SO-1", "customer_name": "张三", "name": "保养", "lines": [{ "price": 1250, "note": "怕狗", "qty": 2 }],
            "customer": { "id": "x", "notes": "" }, "serials": ["SN-2026-0001", ""], "serial": null,
        });
        cover(&mut value, &Sens::of_key);
        let hidden = json!({
            "no": "SO-1", "customer_name": "张●●●", "name": "保养", "lines": [{ "price": null, "note": "●●●", "qty": 2 }],
            "customer": { "id": "x", "notes": "" }, "serials": ["SN-●●●", ""], "serial": null,
        });
        assert_eq!(value, hidden);
        // What is hidden already stays so.
        cover(&mut value, &Sens::of_key);
        assert_eq!(value, hidden);
        let mut value =
            json!({ "customer_name": "张三", "price": 1250, "amount": 2500, "of": { "amount": 1 } });
        cover(&mut value, &|key| Sens::of_key(key).filter(|kind| *kind == Sens::Price));
        assert_eq!(
            value,
            json!({ "customer_name": "张三", "price": null, "amount": null, "of": { "amount": 1 } })
        );
    }

    #[test]
    fn what_was_hidden_is_known_when_it_comes_back() {
        for (form, body, found) in [
            (false, r#"{"name":"张●●●"}"#, true),
            (false, r#"{"name":"张\u25CF\u25cf\u25cf"}"#, true),
            (false, r#"{"name":"张三","note":"●"}"#, false),
            (true, "name=%E5%BC%A0%E2%97%8F%e2%97%8f%E2%97%8F&x=1", true),
            (true, "name=%E5%BC%A0", false),
        ] {
            assert_eq!(holds_veil(form, &Bytes::from_static(body.as_bytes())), found, "{body}");
        }
    }

    #[test]
    fn marks_come_off_and_hide_what_is_between_them() {
        let line = format!("SO-1 {} {}", marked(Sens::Name, "张三"), marked(Sens::Serial, ""));
        assert_eq!(bare(&line), "SO-1 张三 ");
        assert_eq!(unmarked(&line, mask), "SO-1 张●●● ");
        assert_eq!(bare("plain ●●●"), "plain ●●●");
        assert_eq!(bare(&marked(Sens::Note, "x")[..4]), "x");
    }

    #[test]
    fn who_did_not_ask_hides_everything() {
        let all = Veils::default();
        assert!(Sens::ALL.iter().all(|kind| all.has(*kind)));
        let none = Veils(0);
        assert!(Sens::ALL.iter().all(|kind| none.has(*kind) != Sens::OPTIONAL.contains(kind)));
    }
}
